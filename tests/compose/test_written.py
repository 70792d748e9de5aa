"""Rows that only a model's drafts give: forms of answers, conversations, two gold passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.compose import compose
from builder.compose.answers import dressed, json_refusal
from builder.config import RowSettings, TargetSettings
from builder.records import AnswerMode, Chunk, Draft, Evidence, Failure, Origin, Pair, Turn
from tests.compose.world import REFUSALS, assigned, chunk, draft, size

KEPT = "The logger stores readings for thirty days."
SENT = "After a restart the logger sends its readings within an hour."
PLAN = "The Brook plan keeps the history of the logger for a year."
PROSE = (
    "Operators look at the station list every morning and compare the newest values with those of "
    "the neighbours. A strange value is marked by hand, and a note tells the colleagues why it was "
    "marked. Marked values stay visible in the curve but are left out of the monthly means."
)
LOGGER = chunk(
    "logger.md",
    [("heading", "## Memory"), ("paragraph", KEPT), ("paragraph", PROSE), ("paragraph", SENT)],
    title="Logger",
)
PLANS = chunk("plans.md", [("paragraph", PLAN)], title="Plans")
OTHERS = [
    chunk(f"{n}.md", [("paragraph", text)], title=f"Page {n}")
    for n, text in enumerate(
        (
            "An observer can read all stations but change none of them.",
            "Invoices are sent by mail on the first working day of the month.",
            "Clean the probe with warm water twice a year and let it dry.",
            "The level sensor measures the water every five minutes.",
        )
    )
]
TURNS = (
    Turn(role="user", content="How long does the logger store readings?"),
    Turn(role="assistant", content=KEPT),
)


def made(
    drafts: Sequence[Draft], *, answers: AnswerMode = "plain", chunks: Sequence[Chunk] = ()
) -> tuple[list[Pair], list[Failure]]:
    every = [*(chunks or (LOGGER, PLANS)), *OTHERS]
    items = list(
        compose(
            drafts,
            {c.id: c for c in every},
            assigned(every),
            seed=3,
            rows=RowSettings(),
            target=TargetSettings(unanswerable=0.7, unanswerable_eval=0.7),
            size_row=size,
            refusals=REFUSALS,
            answers=answers,
        )
    )
    pairs = [item for item in items if isinstance(item, Pair)]
    return pairs, [item for item in items if isinstance(item, Failure)]


def over_two(answer: str) -> Draft:
    one = draft(LOGGER, "How long are the readings of the logger kept in all?", KEPT)
    more = Evidence(passage=1, start=0, end=len(PLAN), quote=PLAN)
    ids = (LOGGER.id, PLANS.id)
    return replace(one, chunk_ids=ids, answer=answer, evidence=(*one.evidence, more))


def test_a_row_over_two_chunks_has_both_and_its_quotes_where_they_stand() -> None:
    pairs, failures = made([over_two(f"{KEPT} {PLAN}")])
    row = next(pair for pair in pairs if pair.answerable)

    assert failures == []
    assert {p.chunk_id for p in row.passages if p.role == "gold"} == {LOGGER.id, PLANS.id}
    assert {row.passages[e.passage].text[e.start : e.end] for e in row.evidence} == {KEPT, PLAN}


def test_each_sentence_cites_the_passage_that_it_comes_from() -> None:
    pairs, _ = made([over_two(f"{KEPT} {PLAN}")], answers="citations")
    row = next(pair for pair in pairs if pair.answerable)
    number = {part.chunk_id: n + 1 for n, part in enumerate(row.passages)}

    assert row.answer == (f"{KEPT[:-1]} [{number[LOGGER.id]}]. {PLAN[:-1]} [{number[PLANS.id]}].")
    assert all("[" not in pair.answer for pair in pairs if not pair.answerable)


@pytest.mark.parametrize(
    ("answer", "cited"),
    [
        ("Two ways:\n\n- one\n- two.", "Two ways:\n\n- one [1]\n- two [1]."),
        ("1. Stop it.\n2. Wait.", "1. Stop it [1].\n2. Wait [1]."),
        ("Run it:\n\n```\na = 1.\n```", "Run it [1]:\n\n```\na = 1.\n```"),
        ("```\na = 1.\n```", "```\na = 1.\n```\n\n[1]"),
        ("Open Menu > Plan. Wait.", "Open Menu > Plan [1]. Wait [1]."),
        ("Is it \"on\"? Then wait.", "Is it \"on\" [1]? Then wait [1]."),
    ],
)  # fmt: skip
def test_citations_stand_at_the_end_of_sentences_and_items(answer: str, cited: str) -> None:
    (pair, *_), _ = made([draft(LOGGER, "How long are readings stored?", KEPT)])
    at = next(n for n, part in enumerate(pair.passages) if part.role == "gold")
    row = replace(pair, mode="citations")

    assert dressed(answer, row) == cited.replace("[1]", f"[{at + 1}]")


@given(
    parts=st.lists(
        st.sampled_from(
            ("The logger waits. ", "Is it on? ", "- one\n", "2. two\n", "Run:\n", "\n", "x",
             "```\na[1] = 2.\n```\n", "| a | b |\n", "z. B. so. ", "`[2]` ", "Größe 3,5 m! ")
        ),
        min_size=1,
    )
)  # fmt: skip
def test_an_answer_is_what_it_was_without_its_citations(parts: list[str]) -> None:
    answer = "".join(parts).strip() or "x"
    row = Pair(
        id="p", draft_id="d", type="factual", answerable=True, kind=None, behaviour="answer",
        lang="en", split="train", question="What is it?", answer="", passages=(),
        evidence=(Evidence(passage=2, start=0, end=4, quote="The logger waits for two hours."),),
        origin=Origin(writer="llm", rule="factual"), mode="citations",
    )  # fmt: skip

    said = dressed(answer, row)

    assert said.replace(" [3]", "").removesuffix("\n\n[3]") == answer
    assert "[3]" in said


def test_quotes_and_refusals_in_other_forms() -> None:
    asked = draft(LOGGER, "How long are readings stored?", KEPT)
    quoted, _ = made([asked], answers="quotes")
    in_json, _ = made([replace(asked, answer='{"days": 30}')], answers="json")

    assert quoted[0].answer == f"{KEPT}\n\n> {KEPT}"
    assert in_json[0].answer == '{"days": 30}'
    refused = [pair.answer for pair in in_json if not pair.answerable]
    assert refused
    assert all(answer.startswith('{"unanswerable": "') for answer in refused)
    assert json_refusal(refused[0]) == refused[0]


def follow_up() -> Draft:
    asked = draft(LOGGER, "And when does it send them after a restart?", SENT, fact=True)
    return replace(asked, type="follow_up", history=TURNS)


def test_a_follow_up_becomes_unanswerable_only_by_losing_its_own_evidence() -> None:
    pairs, failures = made([follow_up()])

    assert failures == []
    assert [pair.kind for pair in pairs] == [None, "evidence_removed"]
    refused = pairs[1]
    assert refused.history == TURNS
    reduced = next(part for part in refused.passages if part.role == "reduced")
    assert SENT not in reduced.text
    assert KEPT in reduced.text


def test_earlier_replies_cite_too() -> None:
    pairs, _ = made([follow_up()], answers="citations")

    for pair in pairs:
        at = next(n for n, part in enumerate(pair.passages) if part.chunk_id == LOGGER.id)
        assert pair.history[1].content == f"{KEPT[:-1]} [{at + 1}]."


def test_a_question_in_another_language_gets_no_unanswerable_twin() -> None:
    asked = draft(LOGGER, "Wie lange speichert der Logger Messwerte?", KEPT)
    pairs, failures = made([replace(asked, lang="de", answer="Dreißig Tage lang.")])

    assert failures == []
    assert [(pair.lang, pair.context_lang, pair.kind) for pair in pairs] == [("de", "en", None)]


def test_a_reply_in_another_language_cannot_be_verified() -> None:
    asked = replace(
        draft(LOGGER, "Warum speichert der Logger Messwerte sechzig Tage?", KEPT),
        lang="de",
        kind="false_premise",
        behaviour="correct",
        origin=Origin(writer="llm", rule="false_premise"),
    )

    pairs, failures = made([asked])

    assert pairs == []
    assert [failure.reason for failure in failures] == ["unverifiable"]
