"""The quick look at a reply: it never says yes where the validator says no."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from builder.config import WriteSettings
from builder.llm.shape import look_of
from builder.prompts import Prompts
from builder.write.llm_menu import Menu

Json = Any  # any JSON

NAMES = st.sampled_from(["a", "b", "c"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2), st.floats(allow_nan=False), NAMES, st.just("")
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner), max_leaves=6
)
TYPES = ["string", "integer", "number", "boolean", "null", "object", "array"]


def _schemas(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.one_of(
        st.fixed_dictionaries(
            {"type": st.just("object")},
            optional={
                "properties": st.dictionaries(NAMES, inner),
                "required": st.lists(NAMES, unique=True),
                "additionalProperties": st.booleans(),
                "title": NAMES,
                "maxProperties": st.integers(0, 2),
            },
        ),
        st.fixed_dictionaries(
            {"type": st.just("array")},
            optional={
                "items": inner,
                "minItems": st.integers(0, 2),
                "maxItems": st.integers(0, 2),
                "uniqueItems": st.booleans(),
            },
        ),
    )


SCHEMAS = st.recursive(
    st.one_of(
        st.booleans(),
        st.fixed_dictionaries({}, optional={"type": st.sampled_from(TYPES)}),
        st.fixed_dictionaries(
            {"type": st.just("string")},
            optional={"enum": st.lists(SCALARS, min_size=1), "maxLength": st.integers(0, 1)},
        ),
        st.fixed_dictionaries({"enum": st.lists(SCALARS, min_size=1)}),
    ),
    _schemas,
    max_leaves=5,
)


@given(schema=SCHEMAS, value=VALUES)
def test_a_yes_is_what_the_validator_says_too(schema: Json, value: Json) -> None:
    look = look_of(schema)

    if look and look(value):
        assert Draft202012Validator(schema).is_valid(value)


def test_the_writers_own_schema_needs_the_validator_only_for_bad_replies() -> None:
    schema = json.loads(Menu.read(Prompts.find(None), WriteSettings(), "").schema)
    look = look_of(schema)
    pair = {"type": "factual", "evidence": ["A."], "question": "Q?", "answer": "A."}
    good = {"pairs": [pair, pair], "unanswerable": [], "skipped": []}

    assert look
    assert look(good)
    assert not look({**good, "pairs": [{**pair, "type": "factoid"}]})
    assert not look({**good, "pairs": [{**pair, "evidence": "A."}]})
    assert not look({"pairs": [pair], "unanswerable": []})


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"type": "string", "pattern": "x"}}},
        {"type": ["string", "null"]},
        {"anyOf": [{"type": "string"}]},
        {"type": "array", "items": False},
    ],
)
def test_a_rule_that_it_does_not_know_is_left_to_the_validator(schema: Json) -> None:
    assert look_of(schema) is None


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer"}, True),
        ({"type": "number"}, False),
        ({"type": "object", "required": ["a"]}, {"b": 1}),
        ({"type": "object", "additionalProperties": False}, {"b": 1}),
        ({"type": "array", "minItems": 1}, []),
        ({"type": "array", "items": {"type": "integer"}}, [1, True]),
        ({"type": "string", "enum": ["a"]}, "b"),
    ],
)
def test_what_breaks_a_rule_gets_no_yes(schema: Json, value: Json) -> None:
    look = look_of(schema)

    assert look is not None
    assert not look(value)
    assert not Draft202012Validator(schema).is_valid(value)
