"""Wrong replies as small models write them: mended without guessing, or rejected by class.

corpus/ holds the replies; three pairs were asked for.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.llm.judge import judge, judged_text
from builder.llm.repair import objects
from builder.llm.replies import Outcome

CORPUS = Path(__file__).parent / "corpus"
_PAIR = {
    "type": "object",
    "properties": {
        "question": {"type": "string"},
        "answer": {"type": "string"},
        "evidence": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["question", "answer", "evidence"],
    "additionalProperties": False,
}


def schema(least: int, most: int) -> str:
    """The schema of so many pairs."""
    pairs = {"type": "array", "items": _PAIR, "minItems": least, "maxItems": most}
    return json.dumps({"type": "object", "properties": {"pairs": pairs}, "required": ["pairs"]})


THREE, AT_MOST_THREE = schema(3, 3), schema(0, 3)

MENDED: dict[str, tuple[str, ...]] = {
    "fenced": ("fence",),
    "fence_without_newline": ("fence",),
    "prose_before_and_after": ("prose",),
    "trailing_commas": ("comma",),
    "dollar_escaped": ("escape",),
    "underscore_and_apostrophe_escaped": ("escape",),
    "pattern_and_path_not_doubled": ("escape",),
    "fence_prose_comma_and_escape": ("fence", "prose", "escape", "comma"),
    "thought_before": (),
    "line_breaks_in_strings": (),
    "end_tokens": ("prose",),
    "example_first": ("prose",),
    "byte_order_mark": (),
    "channels": ("prose",),
    "entities_in_strings": (),
    "fence_then_same_again": ("fence",),
    "heading_before": ("prose",),
    "object_in_a_list": ("prose",),
    "repeated_until_the_limit": ("prose",),
    "same_value_twice": (),
    "slash_escaped": (),
    "thought_opened_by_the_prompt": (),
    "thought_with_a_draft": (),
    "tilde_fence": ("prose",),
}
CUT = {
    "cut_in_the_third_pair": 2,
    "cut_behind_a_comma": 2,
    "cut_in_a_fence": 2,
    "cut_after_prose": 2,
    "cut_in_an_escape": 2,
}
REJECTED = {
    "five_instead_of_three": ("schema", "pairs: has 5 entries, must have at most 3"),
    "two_instead_of_three": ("schema", "pairs: has 2 entries, must have at least 3"),
    "answer_missing": ("schema", "pairs/1: 'answer' is a required property"),
    "answer_is_a_list": ("schema", "pairs/2/answer: must be of type string"),
    "evidence_is_a_text": ("schema", "pairs/2/evidence: must be of type array"),
    "wrapped_in_another_object": ("schema", "the reply: 'pairs' is a required property"),
    "schema_repeated": ("schema", "the reply: 'pairs' is a required property"),
    "cut_in_the_first_pair": (
        "not_json",
        "no valid JSON: Expecting property name enclosed in double quotes"
        " (line 1, column 72 of it)",
    ),
    "template_of_the_prompt": ("not_json", "pairs: has 1 entries, must have at least 3"),
    "list_instead_of_object": ("schema", "the reply: 'pairs' is a required property"),
    "single_quotes": ("not_json", "no JSON object in it"),
    "quotes_not_escaped": (
        "not_json",
        "no valid JSON: Expecting ',' delimiter (line 1, column 37 of it)",
    ),
    "two_commas": ("not_json", "no valid JSON: Expecting value (line 1, column 147 of it)"),
    "apology": ("not_json", "no JSON object in it"),
    "thought_without_end": ("not_json", "no JSON object in it"),
    "empty": ("empty", "an empty reply"),
    "blank": ("empty", "an empty reply"),
    "colon_missing": (
        "not_json",
        "no valid JSON: Expecting ':' delimiter (line 1, column 208 of it)",
    ),
    "comments": ("not_json", "no valid JSON: Expecting value (line 2, column 13 of it)"),
    "dots_for_the_rest": (
        "not_json",
        "no valid JSON: Expecting value (line 1, column 285 of it)",
    ),
    "entities_for_quotes": ("not_json", "no JSON object in it"),
    "item_instead_of_list": ("schema", "pairs: must be of type array"),
    "keys_of_its_own": ("schema", "pairs/0: 'question' is a required property"),
    "keys_without_quotes": ("not_json", "no JSON object in it"),
    "list_as_text": ("schema", "pairs: must be of type array"),
    "more_keys": (
        "schema",
        "pairs/0: Additional properties are not allowed ('confidence' was unexpected)",
    ),
    "name_twice": ("schema", "a name stands twice in one object, with different values"),
    "not_a_number": ("not_json", "no valid JSON: NaN is no number there"),
    "null_as_answer": ("schema", "pairs/0/answer: must be of type string"),
    "number_as_answer": ("schema", "pairs/0/answer: must be of type string"),
    "object_as_text": ("not_json", "no JSON object in it"),
    "one_object_for_each_pair": ("schema", "pairs: has 1 entries, must have at least 3"),
    "one_pair_a_line": ("schema", "the reply: 'pairs' is a required property"),
    "pair_alone": ("schema", "the reply: 'pairs' is a required property"),
    "pairs_twice": ("schema", "a name stands twice in one object, with different values"),
    "python_literal": ("not_json", "no JSON object in it"),
    "python_names": (
        "not_json",
        "no valid JSON: Expecting value (line 1, column 440 of it)",
    ),
    "refused_in_json": ("schema", "the reply: 'pairs' is a required property"),
    "smart_quotes": ("not_json", "no JSON object in it"),
    "tool_call": ("schema", "the reply: 'pairs' is a required property"),
    "two_objects_that_fit": ("schema", "two different objects that both fit: one is wanted"),
    "xml": ("not_json", "no JSON object in it"),
    "yaml": ("not_json", "no JSON object in it"),
}


def reply(name: str, finish_reason: str = "stop") -> Outcome:
    """A reply of the corpus, as it came."""
    text = (CORPUS / f"{name}.txt").read_text(encoding="utf-8")
    return Outcome(key="k", reason="", text=text, finish_reason=finish_reason)


def test_every_reply_of_the_corpus_has_its_expectation() -> None:
    assert {file.stem for file in CORPUS.iterdir()} == {*MENDED, *CUT, *REJECTED}


@pytest.mark.parametrize("name", MENDED)
def test_what_has_one_reading_is_mended_and_said(name: str) -> None:
    judged = judged_text(reply(name), THREE)

    assert judged.reason == ""
    assert judged.found is not None
    assert judged.found.repairs == MENDED[name]
    assert len(judged.found.value["pairs"]) == 3


@pytest.mark.parametrize(
    "name",
    [
        "fenced",
        "end_tokens",
        "example_first",
        "thought_before",
        "thought_with_a_draft",
        "thought_opened_by_the_prompt",
        "channels",
        "byte_order_mark",
        "heading_before",
        "tilde_fence",
        "fence_then_same_again",
        "object_in_a_list",
        "same_value_twice",
        "repeated_until_the_limit",
    ],
)
def test_what_was_said_around_an_object_changes_nothing_in_it(name: str) -> None:
    found = judged_text(reply(name), THREE).found

    assert found is not None
    assert [pair["answer"] for pair in found.value["pairs"]] == [
        "It lasts 90 days.",
        "It listens on port 8883.",
        "Holding the red button for ten seconds.",
    ]


def test_one_of_several_objects_is_never_picked_by_chance() -> None:
    for name in ("two_objects_that_fit", "one_object_for_each_pair"):
        assert judge(reply(name), AT_MOST_THREE).reason == "schema", name


@pytest.mark.parametrize("name", CUT)
def test_complete_pairs_of_a_cut_reply_are_kept_and_said(name: str) -> None:
    judged = judged_text(reply(name), AT_MOST_THREE)

    assert judged.found is not None
    assert "cut" in judged.found.repairs
    assert len(judged.found.value["pairs"]) == CUT[name]
    assert judge(reply(name), THREE).reason in ("schema", "not_json")
    assert judge(reply(name, "length"), THREE).reason == "truncated"


@pytest.mark.parametrize("name", REJECTED)
def test_what_has_several_readings_is_rejected_by_its_class(name: str) -> None:
    judged = judge(reply(name), THREE)

    assert (judged.reason, judged.detail) == REJECTED[name]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("dollar_escaped", "It costs $5 per month."),
        ("underscore_and_apostrophe_escaped", "It's the largest upload."),
        ("pattern_and_path_not_doubled", "Those of \\d+ in C:\\Users."),
    ],
)
def test_escape_that_json_does_not_know_is_read_as_it_was_meant(name: str, answer: str) -> None:
    found = judged_text(reply(name), THREE).found

    assert found is not None
    assert found.value["pairs"][0]["answer"] == answer


_JSON: st.SearchStrategy[Any] = st.recursive(  # any JSON value
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(value=st.dictionaries(st.text(min_size=1), _JSON, min_size=1), spaced=st.booleans())
def test_a_good_object_is_never_changed(value: dict[str, Any], spaced: bool) -> None:
    text = json.dumps(value, indent=1 if spaced else None)

    assert [found.value for found in objects(text)] == [value]
    (again,) = objects(f"Here: {text} So.")
    assert (again.value, again.repairs) == (value, ("prose",))


@given(items=st.lists(st.dictionaries(st.text(), st.integers()), min_size=1), data=st.data())
def test_a_cut_keeps_a_beginning_of_the_list_and_nothing_else(
    items: list[dict[str, int]], data: st.DataObject
) -> None:
    text = json.dumps({"pairs": items})
    cut = text[: data.draw(st.integers(0, len(text) - 1))]

    for found in objects(cut):
        assert found.value["pairs"] == items[: len(found.value["pairs"])]
        assert "cut" in found.repairs


@given(st.text('{}[]":,\\a1 \n`'))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert all(isinstance(found.value, dict) for found in objects(text))
