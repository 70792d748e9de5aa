"""One way to ask a model: any server of the OpenAI protocol, every reply remembered.

- `request_for`: messages, schema and parameters become a Request with its key.
- `ask`: requests in, (request, reply or failure) out, in order, committed before yielded.
- `Replies`: the file of remembered replies.
- `api_key_for`: the key that a server may see; `host_of`: which server that is.
"""

from builder.llm.access import api_key_for, endpoints_of, host_of, label_of
from builder.llm.crew import Progress, ask
from builder.llm.outcomes import Attempt, Budget
from builder.llm.replies import Outcome, Replies
from builder.llm.request import Message, Params, Reply, Request, Usage, request_for

__all__ = [
    "Attempt",
    "Budget",
    "Message",
    "Outcome",
    "Params",
    "Progress",
    "Replies",
    "Reply",
    "Request",
    "Usage",
    "api_key_for",
    "ask",
    "endpoints_of",
    "host_of",
    "label_of",
    "request_for",
]
