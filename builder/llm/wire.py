"""The form of a request on the wire, and what a server may refuse of it.

Servers differ in what they understand: a reply schema, the name of the output limit, a temperature,
a system message. The form is found by what the server answers and never enters a request's key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from builder.config import ModelSettings
from builder.llm.request import Message, Request

_STRUCTURE = re.compile(r"response_format|json_schema|json_object|structured|grammar|guided", re.I)
_SYSTEM = re.compile(r"\bsystem\b.{0,20}\b(?:role|message|prompt)|\brole\b.{0,40}\bsystem\b", re.I)

Structure = Literal["json_schema", "json_object", ""]
_STRUCTURES: Mapping[str, Structure] = {
    "json_schema": "json_schema",
    "json_object": "json_object",
    "text": "",
}

_Body = dict[str, Any]  # the JSON of the protocol


@dataclass(frozen=True, slots=True)
class Wire:
    """Which parts of the protocol are used towards one server.

    found: False when `structure` was set by hand, and stays as it is.
    """

    structure: Structure = "json_schema"
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    system: bool = True
    found: bool = True

    @classmethod
    def of(cls, settings: ModelSettings) -> Wire:
        """The form to begin with."""
        if settings.structure == "auto":
            return cls()
        return cls(structure=_STRUCTURES[settings.structure], found=False)

    def body(
        self, request: Request, model: str, *, more: tuple[Message, ...] = (), factor: int = 1
    ) -> _Body:
        """The request in this form.

        more: messages behind the request's own. factor: of the output limit.
        """
        messages = (*request.messages, *more)
        if not self.system:
            messages = _merged(messages)
        body: _Body = {
            "model": model,
            "messages": [{"role": said.role, "content": said.content} for said in messages],
            self.limit: request.params.max_tokens * factor,
        }
        if self.temperature:
            body["temperature"] = request.params.temperature
        if request.schema and self.structure == "json_schema":
            body["response_format"] = _json_schema(request.schema)
        if request.schema and self.structure == "json_object":
            body["response_format"] = {"type": "json_object"}
        if request.params.extra:
            body.update(json.loads(request.params.extra))
        return body

    def without(self, refused: str) -> Wire | None:
        """The form without the part that the server's words name; None when they name none."""
        if "max_completion_tokens" in refused and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if names_structure(refused) and self.structure and self.found:
            weaker: Structure = "json_object" if self.structure == "json_schema" else ""
            return replace(self, structure=weaker)
        if "temperature" in refused and self.temperature:
            return replace(self, temperature=False)
        if _SYSTEM.search(refused) and self.system:
            return replace(self, system=False)
        return None


def names_structure(refused: str) -> bool:
    """Do a server's words name what holds replies to a form?"""
    return bool(_STRUCTURE.search(refused))


def _merged(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The messages with the system's words at the head of the user's first."""
    rules = [said.content for said in messages if said.role == "system"]
    others = [said for said in messages if said.role != "system"]
    first = Message(role="user", content="\n\n".join([*rules, others[0].content]))
    return (first, *others[1:])


@lru_cache(maxsize=16)
def _json_schema(schema: str) -> _Body:
    return {
        "type": "json_schema",
        "json_schema": {"name": "reply", "strict": True, "schema": json.loads(schema)},
    }
