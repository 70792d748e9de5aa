"""Is this reply usable? JSON found in what the model said, and checked against the schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol

from builder.llm.replies import Outcome
from builder.llm.request import Reply, Request

# Failures of content, judged anew from the remembered text; every other reason stays as it is.
CONTENT = frozenset({"", "not_json", "schema", "truncated"})

_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_START = re.compile(r'\{\s*["}]')
_FENCE = re.compile(r"```[ \t]*\w*[ \t]*\n(.*?)\n[ \t]*```", re.DOTALL)


class _Validator(Protocol):
    def iter_errors(self, instance: Any) -> Iterator[Any]: ...  # any JSON; jsonschema's errors


def judge(outcome: Outcome, schema: str) -> Outcome:
    """The outcome with its reason set: "", not_json, schema or truncated.

    An outcome that failed for another reason (no reply, a refusal) is returned as it is.
    """
    if outcome.reason not in CONTENT:
        return outcome
    reason, detail = _fault(outcome, schema)
    return replace(outcome, reason=reason, detail=detail)


def reply_of(outcome: Outcome, request: Request) -> Reply:
    """The reply of a usable outcome: its text is the JSON alone."""
    return Reply(
        key=request.key,
        text=json.dumps(find_object(outcome.text), ensure_ascii=True),
        finish_reason=outcome.finish_reason,
        usage=outcome.usage,
        attempts=outcome.attempts,
    )


def find_object(text: str) -> Mapping[str, Any] | None:  # whatever JSON the model wrote
    """The JSON object that text holds: alone, fenced, or with prose or a thought around it.

    Nothing is guessed: an object that does not parse as it stands is none.
    """
    said = _THOUGHT.sub("", text.lstrip("\ufeff"))
    for candidate in (said, *_FENCE.findall(said)):
        found = _parsed(candidate.strip())
        if found is not None:
            return found
    return _object_in_prose(said)


def _fault(outcome: Outcome, schema: str) -> tuple[str, str]:
    found = find_object(outcome.text)
    if found is None and outcome.finish_reason == "length":
        return "truncated", f"cut off after {outcome.usage.completion_tokens} tokens"
    if found is None:
        return "not_json", "an empty reply" if not outcome.text.strip() else "no JSON object in it"
    error = next(_validator(schema).iter_errors(found), None) if schema else None
    if error is None:
        return "", ""
    if outcome.finish_reason == "length":
        return "truncated", f"cut off after {outcome.usage.completion_tokens} tokens"
    where = "/".join(str(step) for step in error.absolute_path) or "the reply"
    return "schema", f"{where}: breaks {error.validator!r} of the schema"


def _parsed(text: str) -> Mapping[str, Any] | None:  # as find_object
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _object_in_prose(text: str) -> Mapping[str, Any] | None:  # as find_object
    start = _START.search(text)
    if not start:
        return None
    try:
        found, _end = json.JSONDecoder(strict=False).raw_decode(text, start.start())
    except (ValueError, RecursionError):  # cut off: an object inside it is not the reply
        return None
    return found if isinstance(found, dict) else None


@lru_cache(maxsize=16)
def _validator(schema: str) -> _Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(schema))
