"""A model that says what it used, counted as OpenAI's recipe counts, and that sums up the bill.

    meter = Meter(good_model)
    with serve(meter) as endpoint:
        ...
        assert meter.cost(PRICE) < 0.01

The counting is tiktoken's, and no word of it is shared with the program that is tested.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from builder.tokens import get_encoding
from tests.endpoint import Answer, Reply, Seen

AROUND = 3  # tokens of the protocol around each message, and again before the reply


class Meter:
    """Answers as another model does; counts what it was sent and what it said."""

    def __init__(self, reply: Reply, *, cached: int = 0) -> None:
        self.requests = self.prompt_tokens = self.output_tokens = self.cached_tokens = 0
        self.unbilled = 0  # answers without a completion
        self._reply = reply
        self._cached = cached
        self._encoding = get_encoding("o200k_base")
        self._lock = Lock()

    def __call__(self, seen: Seen) -> Answer:
        answer = self._reply(seen)
        prompt = AROUND + sum(
            AROUND + self._count(said["role"]) + self._count(said["content"])
            for said in seen.body["messages"]
        )
        with self._lock:
            self.requests += 1
            if answer.status != 200 or not isinstance(answer.body, dict):
                self.unbilled += 1
                return answer
            output = self._count(answer.body["choices"][0]["message"]["content"] or "")
            cached = min(self._cached, prompt) if self.requests > 1 else 0
            self.prompt_tokens += prompt
            self.output_tokens += output
            self.cached_tokens += cached
        usage = {
            "prompt_tokens": prompt,
            "completion_tokens": output,
            "total_tokens": prompt + output,
            "prompt_tokens_details": {"cached_tokens": cached},
        }
        return replace(answer, body={**answer.body, "usage": usage})

    def cost(self, input_: float, cached_input: float, output: float) -> float:
        """What it has asked for all of it, at prices per million tokens."""
        fresh = self.prompt_tokens - self.cached_tokens
        return (
            fresh * input_ + self.cached_tokens * cached_input + self.output_tokens * output
        ) / 1e6

    def _count(self, text: str) -> int:
        return len(self._encoding.encode_ordinary(text))
