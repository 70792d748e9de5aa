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
}
CUT = {"cut_in_the_third_pair": 2, "cut_behind_a_comma": 2, "cut_in_a_fence": 2}
REJECTED = {
    "five_instead_of_three": ("schema", "pairs: has 5 entries, must have at most 3"),
    "two_instead_of_three": ("schema", "pairs: has 2 entries, must have at least 3"),
    "answer_missing": ("schema", "pairs/1: 'answer' is a required property"),
    "answer_is_a_list": ("schema", "pairs/2/answer: must be of type string"),
    "evidence_is_a_text": ("schema", "pairs/2/evidence: must be of type array"),
    "wrapped_in_another_object": ("schema", "the reply: 'pairs' is a required property"),
    "schema_repeated": ("schema", "the reply: 'pairs' is a required property"),
    "cut_in_the_first_pair": ("not_json", "no JSON object in it"),
    "template_of_the_prompt": ("not_json", "pairs: has 1 entries, must have at least 3"),
    "list_instead_of_object": ("schema", "the reply: 'pairs' is a required property"),
    "single_quotes": ("not_json", "no JSON object in it"),
    "quotes_not_escaped": ("not_json", "no JSON object in it"),
    "two_commas": ("not_json", "no JSON object in it"),
    "apology": ("not_json", "no JSON object in it"),
    "thought_without_end": ("not_json", "no JSON object in it"),
    "empty": ("empty", "an empty reply"),
    "blank": ("empty", "an empty reply"),
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
