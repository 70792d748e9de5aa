"""What is asked of a model and what comes back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from builder.config import ModelSettings
from builder.llm.access import extra_of, label_of
from builder.records import make_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """How the model samples; max_tokens bounds the reply.

    extra: more fields of the request's body as a JSON object, "" for none.
    """

    temperature: float
    max_tokens: int
    extra: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a model. Use `request_for`, which makes the key.

    key:    hash of everything that decides the reply; never of the wire format.
    schema: JSON Schema of the reply as JSON text, properties in the order to be written.
    sample: number of the attempt at the same messages, from 0.
    """

    key: str
    messages: tuple[Message, ...]
    schema: str
    params: Params
    chunk_id: str
    sample: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens as the server counted them; 0 where it did not say.

    cached_tokens: those of the prompt that it had read before; part of prompt_tokens.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
        )


NO_USAGE = Usage()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply that is valid JSON of the request's schema.

    text:     the JSON alone, without fences or prose around it.
    usage:    over all attempts.
    attempts: requests that were sent for it, failed ones included.
    repairs:  what was mended in the model's words, as codes of repair.py.
    """

    key: str
    text: str
    finish_reason: str
    usage: Usage
    attempts: int
    repairs: tuple[str, ...] = ()


def request_for(
    messages: tuple[Message, ...],
    *,
    schema: str,
    chunk_id: str,
    model: ModelSettings,
    sample: int = 0,
) -> Request:
    """The request with its key: equal for equal model, endpoint label, messages, schema,
    parameters and sample, on every machine."""
    extra = json.dumps(extra_of(model), sort_keys=True) if model.body else ""
    params = Params(temperature=model.temperature, max_tokens=model.max_output_tokens, extra=extra)
    said = [part for message in messages for part in (message.role, message.content)]
    numbers = json.dumps(
        [params.temperature, params.max_tokens, sample, *([extra] if extra else [])]
    )
    key = make_id("request", model.name, label_of(model), numbers, schema, *said)
    return Request(
        key=key, messages=messages, schema=schema, params=params, chunk_id=chunk_id, sample=sample
    )
