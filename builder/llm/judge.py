"""Is this reply usable? JSON found in what the model said, and checked against the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

from builder.llm.outcomes import CLASSES
from builder.llm.repair import CUT, TWICE, Found, flaw, objects, parsed
from builder.llm.replies import Outcome, Replies
from builder.llm.request import Reply, Request
from builder.llm.shape import Look, look_of

MAX_NAMES = 200  # characters of names that an explanation repeats


@dataclass(frozen=True, slots=True)
class Judged:
    """What a reply is worth: its object, or the reason and the words why it cannot be used."""

    found: Found | None
    reason: str = ""
    detail: str = ""


def judge(outcome: Outcome, schema: str) -> Outcome:
    """The outcome with its reason set: "", empty, not_json, schema or truncated.

    An outcome that failed for another reason (no reply, a refusal) is returned as it is; what
    failed by its content is judged anew.
    """
    if CLASSES.get(outcome.reason) not in ("ok", "content", "length"):
        return outcome
    judged = judged_text(outcome, schema)
    return replace(outcome, reason=judged.reason, detail=judged.detail)


def standing(outcome: Outcome | None, schema: str, *, retry_failed: bool) -> Outcome | None:
    """A remembered outcome as it is judged now; None when its request is to be sent.

    What was remembered as usable may be none: taken in from elsewhere, or checked less strictly.
    """
    judged = judge(outcome, schema) if outcome else None
    return None if judged and judged.reason and retry_failed else judged


def recalled(replies: Replies, key: str, schema: str, *, retry_failed: bool) -> Outcome | None:
    """What is remembered of a request, as `standing` says; what proves unusable is disowned."""
    outcome = replies.get(key)
    judged = judge(outcome, schema) if outcome else None
    if judged and judged.reason and outcome and not outcome.reason:
        replies.disown(judged)
    return None if judged and judged.reason and retry_failed else judged


def judged_text(outcome: Outcome, schema: str) -> Judged:
    """The object of a reply that keeps to the schema, else what is wrong with the first object.

    Of two different objects that both do nobody can tell which one is meant. What is left of a
    reply that was cut off counts if the schema allows it, some list of it still has an entry, and
    nothing is missing but lists.
    """
    fitting: Found | None = None
    first: Judged | None = None
    for found in objects(outcome.text):
        cut = CUT in found.repairs
        kept = _completed(found, schema) if cut else found
        fault = _fault(kept, schema) if kept else "it is cut off, and no entry of a list is whole"
        if not kept or fault:
            first = first or Judged(None, "not_json" if cut else "schema", fault)
        elif fitting is None:
            fitting = kept
        elif not cut and kept.value != fitting.value:
            return Judged(None, "schema", "two different objects that both fit: one is wanted")
    if fitting:
        return Judged(fitting)
    if outcome.finish_reason == "length":
        return Judged(None, "truncated", "cut off at the output limit")
    if not outcome.text.strip():
        return Judged(None, "empty", "an empty reply")
    return first or Judged(None, "not_json", flaw(outcome.text))


def reply_of(outcome: Outcome, request: Request) -> Reply:
    """The reply of a usable outcome: its text is the JSON alone."""
    value = parsed(outcome.text)
    repairs: tuple[str, ...] = ()
    if value is None:
        found = judged_text(outcome, request.schema).found
        assert found is not None  # noqa: S101  # it was judged usable
        value, repairs = found.value, found.repairs
    return Reply(
        key=request.key,
        text=json.dumps(value, ensure_ascii=True),
        finish_reason=outcome.finish_reason,
        usage=outcome.usage,
        attempts=outcome.attempts,
        repairs=repairs,
    )


class _Error(Protocol):
    validator: str
    validator_value: Any  # of the schema
    instance: Any  # of the reply
    message: str
    absolute_path: Any  # a deque of keys and indexes


class _Validator(Protocol):
    def iter_errors(self, instance: Any) -> Iterator[_Error]: ...  # any JSON


def _completed(found: Found, schema: str) -> Found | None:
    """A reply that was cut, with the lists that it did not come to as empty ones."""
    if not schema or not any(isinstance(value, list) and value for value in found.value.values()):
        return None
    rules = _rules(schema)
    lists: dict[str, list[Any]] = {  # empty ones
        name: []
        for name in rules.get("required", ())
        if rules.get("properties", {}).get(name, {}).get("type") == "array"
    }
    return replace(found, value={**lists, **found.value})


def _fault(found: Found, schema: str) -> str:
    if TWICE in found.repairs:
        return "a name stands twice in one object, with different values"
    if not schema:
        return ""
    look, validator = _validators(schema)
    if look and look(found.value):
        return ""
    error = next(validator.iter_errors(found.value), None)
    if error is None:
        return ""
    where = "/".join(str(step) for step in error.absolute_path) or "the reply"
    return f"{where}: {_explained(error)}"


def _explained(error: _Error) -> str:
    """What is wrong, in words that help a model to mend it; nothing of the reply but names."""
    wanted = error.validator_value
    if error.validator in ("required", "additionalProperties"):
        return error.message[:MAX_NAMES]
    if error.validator == "type":
        return f"must be of type {wanted}"
    if error.validator == "enum":
        return f"must be one of {json.dumps(wanted, ensure_ascii=False)[:MAX_NAMES]}"
    if error.validator in ("minItems", "maxItems"):
        bound = "at least" if error.validator == "minItems" else "at most"
        return f"has {len(error.instance)} entries, must have {bound} {wanted}"
    return f"breaks {error.validator!r} of the schema"


@lru_cache(maxsize=16)
def _rules(schema: str) -> Mapping[str, Any]:  # a JSON Schema
    rules = json.loads(schema)
    return rules if isinstance(rules, dict) else {}


@lru_cache(maxsize=16)
def _validators(schema: str) -> tuple[Look | None, _Validator]:
    """A quick look, if the schema allows one, and the validator that finds the words."""
    from jsonschema import Draft202012Validator

    rules = json.loads(schema)
    return look_of(rules), Draft202012Validator(rules)
