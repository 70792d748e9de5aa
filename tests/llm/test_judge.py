"""What counts as a usable reply."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.llm.judge import judge, judged_text
from builder.llm.repair import objects
from builder.llm.replies import Outcome

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"pairs": {"type": "array", "items": {"type": "string"}}},
        "required": ["pairs"],
        "additionalProperties": False,
    }
)
PAIRS = {"pairs": ["`a` {b}", 'say "c" ```d```']}
WRITTEN = json.dumps(PAIRS)


@pytest.mark.parametrize(
    "text",
    [
        WRITTEN,
        f"\ufeff \n{WRITTEN}\n",
        f"```json\n{WRITTEN}\n```",
        f"```\n{WRITTEN}\n```\nI hope this helps!",
        f"Here is the {{object}} you wanted:\n\n{WRITTEN}\n\nShall I write more?",
        f'<think>\nThe user wants {{"pairs": []}}.\n</think>\n\n{WRITTEN}',
        f"Sure. ```json\n{json.dumps(PAIRS, indent=2)}\n```",
        f"{WRITTEN}</s>",
    ],
)
def test_json_is_found_whatever_stands_around_it(text: str) -> None:
    found = judged_text(Outcome(key="k", reason="", text=text), SCHEMA).found

    assert found is not None
    assert found.value == PAIRS
    assert judge(Outcome(key="k", reason="", text=text), SCHEMA).reason == ""


@pytest.mark.parametrize(
    ("text", "finish_reason", "reason"),
    [
        ("", "stop", "empty"),
        ("I cannot do that.", "stop", "not_json"),
        ('["a"]', "stop", "not_json"),
        ('{"pairs": ["a",, "b"]}', "stop", "not_json"),
        ('{"pairs": [{"inner": "whole"}, {"inner": "cu', "stop", "not_json"),
        ('{"pairs": ["a', "length", "truncated"),
        ("", "length", "truncated"),
        ('{"pairs": "a"}', "stop", "schema"),
        ('{"pairs": ["a", 5]}', "stop", "schema"),
        ('{"pairs": [], "more": 1}', "stop", "schema"),
        ("{}", "stop", "schema"),
        ("[" * 100_000, "stop", "not_json"),
        ('{"a":' * 100_000, "stop", "not_json"),
        ('{"pairs": ' + "9" * 10_000 + "}", "stop", "not_json"),
        ('{"pairs": ["a"]}', "length", ""),
    ],
)
def test_reply_that_cannot_be_used_has_its_class(
    text: str, finish_reason: str, reason: str
) -> None:
    judged = judge(Outcome(key="k", reason="", text=text, finish_reason=finish_reason), SCHEMA)

    assert judged.reason == reason
    assert bool(judged.detail) == bool(reason)
    assert judged.text == text


def test_failure_of_another_kind_stays_what_it_was() -> None:
    refused = Outcome(key="k", reason="refusal", detail="No.", text=WRITTEN)

    assert judge(refused, SCHEMA) == refused


@given(pairs=st.lists(st.text()), before=st.text("abc \n{}`"), after=st.text())
def test_nothing_is_guessed(pairs: list[str], before: str, after: str) -> None:
    found = [one.value for one in objects(before + json.dumps({"pairs": pairs}) + after)]

    assert not found or found[0] in ({"pairs": pairs}, {})


@given(st.text('{}[]":,a\\n`` \n'))
def test_any_text_is_judged(text: str) -> None:
    assert judge(Outcome(key="k", reason="", text=text), SCHEMA).reason in {
        "",
        "empty",
        "not_json",
        "schema",
    }
