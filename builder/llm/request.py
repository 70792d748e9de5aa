"""What is asked of a model and what comes back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from builder.config import ModelSettings
from builder.llm.access import label_of
from builder.records import make_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """How the model samples; max_tokens bounds the reply."""

    temperature: float
    max_tokens: int


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
    """Tokens as the server counted them; 0 where it did not say."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


NO_USAGE = Usage()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply that is valid JSON of the request's schema.

    text:     the JSON alone, without fences or prose around it.
    attempts: requests that were sent for it, failed ones included.
    """

    key: str
    text: str
    finish_reason: str
    usage: Usage
    attempts: int


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
    params = Params(temperature=model.temperature, max_tokens=model.max_output_tokens)
    said = [part for message in messages for part in (message.role, message.content)]
    numbers = json.dumps([params.temperature, params.max_tokens, sample])
    key = make_id("request", model.name, label_of(model), numbers, schema, *said)
    return Request(
        key=key, messages=messages, schema=schema, params=params, chunk_id=chunk_id, sample=sample
    )
