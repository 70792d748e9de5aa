"""A quick look whether JSON keeps to a schema: a yes is certain, a no is for a real validator.

A validator that is built once still needs about 80 us for a reply of three pairs, this look 5 us.
Most replies are good, and only the others need the validator's words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Look = Callable[[Any], bool]  # at any JSON

_TYPES: Mapping[str, Look] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}
_SILENT = frozenset({"$schema", "$id", "title", "description", "default", "examples"})


def look_of(schema: Any) -> Look | None:  # a JSON Schema
    """The look for a schema, None for one with rules that it does not know."""
    if schema is True:
        return lambda _: True
    if not isinstance(schema, dict):
        return None
    kind = schema.get("type")
    if kind == "object":
        return _of_object(schema)
    if kind == "array":
        return _of_array(schema)
    if kind == "string" and "enum" in schema:
        return _of_enum(schema)
    if not isinstance(kind, str) or not schema.keys() <= {"type"} | _SILENT:
        return None
    return _TYPES.get(kind)


def _of_object(schema: Mapping[str, Any]) -> Look | None:
    rules = {"type", "properties", "required", "additionalProperties"}
    others = schema.get("additionalProperties", True)
    if not schema.keys() <= rules | _SILENT or not isinstance(others, bool):
        return None
    fields = {name: look_of(rule) for name, rule in schema.get("properties", {}).items()}
    looks = {name: look for name, look in fields.items() if look}
    if len(looks) < len(fields):
        return None
    required = frozenset(schema.get("required", ()))

    def look(value: Any) -> bool:  # any JSON
        if not isinstance(value, dict) or not required <= value.keys():
            return False
        for name, entry in value.items():
            inner = looks.get(name)
            if not (inner(entry) if inner else others):
                return False
        return True

    return look


def _of_array(schema: Mapping[str, Any]) -> Look | None:
    if not schema.keys() <= {"type", "items", "minItems", "maxItems"} | _SILENT:
        return None
    inner = look_of(schema.get("items", True))
    least, most = schema.get("minItems", 0), schema.get("maxItems", float("inf"))
    if inner is None:
        return None

    def look(value: Any) -> bool:  # any JSON
        return isinstance(value, list) and least <= len(value) <= most and all(map(inner, value))

    return look


def _of_enum(schema: Mapping[str, Any]) -> Look | None:
    words = schema["enum"]
    if schema.keys() - {"type", "enum"} - _SILENT or not isinstance(words, list):
        return None
    allowed = frozenset(word for word in words if isinstance(word, str))
    return lambda value: isinstance(value, str) and value in allowed
