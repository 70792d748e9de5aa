"""One way to ask a model: any server of the OpenAI protocol, every reply remembered.

- `request_for`: messages, schema and parameters become a Request with its key.
- `ask`: requests in, (request, reply or failure) out, in order, committed before yielded.
- `ask_batch`: the same by the server's Batch API; `ask_online`: `ask` beside batches under way.
- `looked_at`: what became of those; `has_batches`: whether there are any.
- `Replies`: the file of remembered replies; `standing`: which of them need not be asked again.
- `price_of`, `Limit`: what a model costs, and what a run may spend; `account`: what it has spent.
- `api_key_for`: the key that a server may see; `host_of`: which server that is.
"""

from builder.llm.access import api_key_for, endpoints_of, host_of, label_of
from builder.llm.batch import ask_batch, ask_online, has_batches, looked_at, under_way
from builder.llm.bill import account, last_attempt, measured, paid, spent, used
from builder.llm.budget import Limit, Spent, prompt_tokens
from builder.llm.crew import Progress, ask
from builder.llm.judge import standing
from builder.llm.outcomes import Attempt, Budget
from builder.llm.prices import Price, price_at, price_of
from builder.llm.replies import Outcome, Replies
from builder.llm.request import Message, Params, Reply, Request, Usage, request_for

__all__ = [
    "Attempt",
    "Budget",
    "Limit",
    "Message",
    "Outcome",
    "Params",
    "Price",
    "Progress",
    "Replies",
    "Reply",
    "Request",
    "Spent",
    "Usage",
    "account",
    "api_key_for",
    "ask",
    "ask_batch",
    "ask_online",
    "endpoints_of",
    "has_batches",
    "host_of",
    "label_of",
    "last_attempt",
    "looked_at",
    "measured",
    "paid",
    "price_at",
    "price_of",
    "prompt_tokens",
    "request_for",
    "spent",
    "standing",
    "under_way",
    "used",
]
