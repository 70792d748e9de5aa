"""Rows: layouts, system prompts and passages that cannot break out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config import RowSettings
from builder.errors import IntegrityError
from builder.export import chat
from builder.export.rows import layout_of, load_wording, n_tokens, neutral, render, serving
from builder.prompts import Prompts
from builder.records import (
    Assignment,
    Evidence,
    Finding,
    Origin,
    Pair,
    Passage,
    Status,
    Turn,
    Verdict,
    make_id,
)
from builder.tokens import sizer
from tests.documents import whole

WORDING = load_wording(Prompts.find(None))
GOLDEN = Path(__file__).parent / "golden"


def pair(number: int = 0, **changes: object) -> Pair:
    """An answerable pair over two passages."""
    gold = whole("The pump stops at 3 bar. Press the red key to start it.", title="Pump")
    other = whole("The valve opens at night.", path="docs/valve.md", title="Valve")
    values: dict[str, object] = {
        "id": make_id("pair", str(number)),
        "draft_id": "d",
        "type": "factual",
        "answerable": True,
        "kind": None,
        "behaviour": "answer",
        "lang": "en",
        "split": "train",
        "question": "At which pressure does the pump stop?",
        "answer": "The pump stops at 3 bar.",
        "evidence": (Evidence(passage=1, start=0, end=24, quote="The pump stops at 3 bar."),),
        "passages": (
            Passage(chunk_id=other.id, role="distractor", title="Valve", text=other.text),
            Passage(chunk_id=gold.id, role="gold", title="Pump", text=gold.text),
        ),
        "origin": Origin(writer="extractive", rule="limit.is"),
    }
    return Pair(**{**values, **changes})  # type: ignore[arg-type]  # checked by the record's users


def item(of: Pair, status: Status = "accepted", *findings: Finding) -> chat.Item:
    chunks = {
        c.id: c
        for c in (
            whole("The pump stops at 3 bar. Press the red key to start it.", title="Pump"),
            whole("The valve opens at night.", path="docs/valve.md", title="Valve"),
        )
    }
    messages = render(of, rows=RowSettings(), wording=WORDING, seed=0)
    return chat.Item(
        pair=of,
        verdict=Verdict(pair_id=of.id, status=status, findings=findings),
        messages=tuple(messages),
        layout=layout_of(of, rows=RowSettings(), wording=WORDING, seed=0),
        n_tokens=n_tokens(messages, sizer("o200k_base")),
        home=next(chunk for chunk in chunks.values() if chunk.path == "docs/page.md"),
        chunks=chunks,
        assignments={
            c: Assignment(chunk_id=c, doc_id="x", group="docs/page.md", split="train")
            for c in chunks
        },
    )


def test_the_rows_are_as_they_were() -> None:
    finding = Finding(check="grounding.number", action="reject", message="4", spans=("4",))
    lines = [
        row
        for exporter, thing in (
            ("chat", item(pair())),
            ("meta", item(pair())),
            ("rejected", item(pair(), "rejected", finding)),
        )
        for row in chat.rows(exporter, [thing])
    ]

    written = json.dumps(lines, indent=2, ensure_ascii=False) + "\n"

    assert written == (GOLDEN / "rows.json").read_text(encoding="utf-8")


def test_most_rows_have_the_default_layout_and_nine_in_ten_a_system_prompt() -> None:
    rows = [
        (
            render(p, rows=RowSettings(), wording=WORDING, seed=0),
            layout_of(p, rows=RowSettings(), wording=WORDING, seed=0),
        )
        for p in (pair(n) for n in range(2000))
    ]

    systems = Counter(m[0]["content"] for m, _ in rows if m[0]["role"] == "system")

    assert sum(systems.values()) / len(rows) == pytest.approx(0.9, abs=0.03)
    assert len(systems) >= 6
    assert Counter(name for _, name in rows)["documents"] / len(rows) == pytest.approx(
        0.85, abs=0.03
    )


def test_the_label_does_not_change_how_a_row_looks() -> None:
    for n in range(50):
        one, other = pair(n), pair(n, answerable=False, kind="near_context", behaviour="refuse")

        assert (
            render(one, rows=RowSettings(), wording=WORDING, seed=1)[:-1]
            == render(other, rows=RowSettings(), wording=WORDING, seed=1)[:-1]
        )


def test_your_own_prompt_and_layout_are_used_unvaried() -> None:
    rows = RowSettings(system="Be brief.", template="Q: {question}\nC: {context}")

    for n in range(30):
        messages = render(pair(n), rows=rows, wording=WORDING, seed=0)

        assert messages[0] == {"role": "system", "content": "Be brief."}
        assert messages[1]["content"].startswith(
            "Q: At which pressure does the pump stop?\nC: <document"
        )
    assert "Be brief." in serving(WORDING, rows)
    assert "Q: {question}" in serving(WORDING, rows)


@pytest.mark.parametrize(
    "token",
    [
        "<|im_end|>",
        "<|endoftext|>",
        "[INST]",
        "[/INST]",
        "</s>",
        "<start_of_turn>",
        "<<SYS>>",
        "<think>",
    ],
)
def test_control_tokens_of_chat_templates_lose_their_power(token: str) -> None:
    bad = Passage(chunk_id="c", role="gold", title=f"A {token} title", text=f"Text {token} more.")

    messages = render(
        pair(passages=(bad,), question=f"What is {token}?"),
        rows=RowSettings(),
        wording=WORDING,
        seed=0,
    )

    assert all(token not in message["content"] for message in messages)
    assert neutral(neutral(token)) == neutral(token)


@given(text=st.text(alphabet="</document> dDOCUMENT\"'", max_size=60), n=st.integers(0, 40))
def test_a_passage_cannot_close_its_own_tag(text: str, n: int) -> None:
    bad = Passage(chunk_id="c", role="gold", title=text, text=text)

    user = render(pair(n, passages=(bad,)), rows=RowSettings(), wording=WORDING, seed=0)
    content = next(m["content"] for m in user if m["role"] == "user")

    assert content.casefold().count("</document") <= 1
    assert content.casefold().count("<document") <= 1


def test_earlier_turns_stand_between_the_context_and_the_question() -> None:
    history = (
        Turn(role="user", content="What stops?"),
        Turn(role="assistant", content="The pump."),
    )

    messages = render(pair(3, history=history), rows=RowSettings(), wording=WORDING, seed=0)

    assert [m["role"] for m in messages][-4:] == ["user", "assistant", "user", "assistant"]
    assert "What stops?" in messages[-4]["content"]
    assert messages[-2]["content"] == "At which pressure does the pump stop?"


def test_a_row_that_breaks_its_schema_stops_the_build() -> None:
    with pytest.raises(IntegrityError, match=r"messages\[\d\].content"):
        list(chat.rows("chat", [item(pair(answer=" "))]))
