"""Rows: the right passages, within the budget, of one split, and nothing that betrays the label."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.compose.mixture import MIXTURE, Offer, chosen, wanted
from builder.errors import IntegrityError
from builder.records import Evidence, Pair, Split, make_id
from tests.compose.world import assigned, chunk, composed, draft, handbook, size

ROOT = Path(__file__).parents[2]
CHUNKS, DRAFTS = handbook(45)
EVAL: dict[str, Split] = {c.path: "eval" for c in CHUNKS[::3]}
BY_ID = {c.id: c for c in CHUNKS}


@cache
def rows(*, seed: int = 0, max_tokens: int = 2048, share: float = 0.3) -> tuple[Pair, ...]:
    pairs, failures = composed(
        DRAFTS,
        CHUNKS,
        assignments=assigned(CHUNKS, EVAL),
        seed=seed,
        max_tokens=max_tokens,
        share=share,
    )
    assert failures == []
    return tuple(pairs)


@given(seed=st.integers(0, 10_000), max_tokens=st.integers(700, 2500))
@settings(max_examples=3)
def test_every_row_is_sound(seed: int, max_tokens: int) -> None:
    pairs = rows(seed=seed, max_tokens=max_tokens)

    assert len({pair.id for pair in pairs}) == len(pairs)
    answers = {pair.id: pair for pair in pairs if pair.answerable}
    for pair in pairs:
        assert size(pair) <= max_tokens
        assert 1 <= len(pair.passages) <= 5
        assert len({part.chunk_id for part in pair.passages}) == len(pair.passages)
        assert {EVAL.get(BY_ID[part.chunk_id].path, "train") for part in pair.passages} == {
            pair.split
        }
        assert pair.id == make_id("pair", pair.draft_id, pair.kind or "answerable")
        for evidence in pair.evidence:
            passage = pair.passages[evidence.passage]
            assert passage.role == "gold"
            assert passage.text[evidence.start : evidence.end] == evidence.quote
        if pair.answerable:
            assert [part.role for part in pair.passages].count("gold") == 1
            assert pair.evidence
        else:
            assert pair.evidence == ()
            assert pair.behaviour == "refuse"
            twin = answers[str(pair.twin)]
            assert twin.draft_id == pair.draft_id
            if pair.edit is None:
                assert pair.question == twin.question
                texts = [part.text for part in pair.passages]
                assert not any(e.quote in text for e in twin.evidence for text in texts)
                assert not any(twin.answer in text for text in texts)
            else:
                new = re.compile(rf"\b{re.escape(pair.edit[1].strip('`?.'))}\b", re.IGNORECASE)
                assert not any(new.search(part.text) for part in pair.passages)


def test_the_same_input_gives_the_same_rows_and_another_seed_others() -> None:
    assert rows(seed=3) == rows.__wrapped__(seed=3)
    assert rows(seed=3) != rows(seed=4)


def test_rows_are_equal_in_every_process() -> None:
    code = (
        "from tests.compose.test_compose import rows\n"
        "from builder.records import to_json\n"
        "import json; print(json.dumps([to_json(pair) for pair in rows(seed=1)]))\n"
    )

    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        )
        for seed in ("1", "2")
    ]

    assert runs[0].stdout == runs[1].stdout
    assert [run.stderr for run in runs] == ["", ""]


def test_at_most_two_unanswerables_of_different_kinds_share_a_twin() -> None:
    kinds: dict[str | None, list[str | None]] = {}
    for pair in rows(share=0.7):
        if not pair.answerable:
            kinds.setdefault(pair.twin, []).append(pair.kind)

    assert max(len(found) for found in kinds.values()) == 2
    assert all(len(set(found)) == len(found) for found in kinds.values())


def test_every_kind_is_made_at_about_its_share_and_half_as_many_again_as_asked_for() -> None:
    pairs = rows(share=0.25)
    answerable = sum(pair.answerable for pair in pairs)
    counts = Counter(pair.kind for pair in pairs if not pair.answerable)
    whole = sum(counts.values())

    assert 1.3 * answerable / 3 <= whole <= 1.5 * answerable / 3 + 1
    for kind in set(MIXTURE) - {"number_swap"}:
        assert counts[kind] / whole == pytest.approx(MIXTURE[kind], abs=0.08), kind


def test_refusals_vary_and_half_of_them_name_what_is_missing() -> None:
    replies = Counter(pair.answer for pair in rows(share=0.5) if not pair.answerable)
    naming = sum(n for reply, n in replies.items() if "`" in reply or "error code" in reply)

    assert max(replies.values()) < 0.15 * sum(replies.values())
    assert 0.25 < naming / sum(replies.values()) < 0.6


def test_the_order_of_passages_does_not_tell_which_holds_the_answer() -> None:
    places = Counter(
        pair.evidence[0].passage
        for seed in range(4)
        for pair in rows(seed=seed)
        if pair.answerable and len(pair.passages) == 5
    )

    assert set(places) == {0, 1, 2, 3, 4}
    assert max(places.values()) < 0.35 * sum(places.values())


# What a row looks like must not tell whether it can be answered.

SHAPES: dict[str, Callable[[Pair], float]] = {
    "passages": lambda pair: len(pair.passages),
    "all characters": lambda pair: sum(len(part.text) for part in pair.passages),
    "longest passage": lambda pair: max(len(part.text) for part in pair.passages),
    "shortest passage": lambda pair: min(len(part.text) for part in pair.passages),
    "mean passage": lambda pair: sum(len(p.text) for p in pair.passages) / len(pair.passages),
    "first passage": lambda pair: len(pair.passages[0].text),
    "last passage": lambda pair: len(pair.passages[-1].text),
    "question": lambda pair: len(pair.question),
    "titles": lambda pair: sum(len(part.title) for part in pair.passages),
}


def best_balanced_accuracy(pairs: Sequence[Pair], measure: Callable[[Pair], float]) -> float:
    """Of the best threshold for telling answerable rows by one measure, in either direction."""
    yes = [measure(pair) for pair in pairs if pair.answerable]
    no = [measure(pair) for pair in pairs if not pair.answerable]
    best = 0.5
    for limit in sorted({*yes, *no}):
        above = sum(value >= limit for value in yes) / len(yes)
        below = sum(value < limit for value in no) / len(no)
        best = max(best, (above + below) / 2, 1 - (above + below) / 2)
    return best


@pytest.mark.parametrize("measure", SHAPES)
def test_no_threshold_on_the_shape_of_a_row_tells_its_label(measure: str) -> None:
    pairs = [pair for seed in range(3) for pair in rows(seed=seed)]

    assert best_balanced_accuracy(pairs, SHAPES[measure]) <= 0.6


class TestDistractors:
    PAGE = chunk("a.md", [("paragraph", "A backup of the server is kept for thirty nights.")])
    ASKED = draft(PAGE, "How long is a backup of the server kept?", "for thirty nights")

    def beside(self, text: str, **more: object) -> set[str]:
        """The texts that stand beside the gold page over many seeds."""
        other = chunk("b.md", [("paragraph", text)])
        filler = chunk("c.md", [("paragraph", "A server needs a backup of its keys.")])
        chunks = [self.PAGE, other, filler]
        unused = [other.id] if more.get("unused") else []
        found: set[str] = set()
        for seed in range(10):
            pairs, _ = composed(
                [self.ASKED], chunks, assignments=assigned(chunks, unused=unused), seed=seed
            )
            (answerable,) = [pair for pair in pairs if pair.answerable]
            found |= {part.text for part in answerable.passages if part.role == "distractor"}
        return found

    def test_are_like_the_question(self) -> None:
        text = "The server writes a backup at night."

        assert self.beside(text) == {text, "A server needs a backup of its keys."}

    def test_never_hold_the_answer_to_the_question(self) -> None:
        text = "Kept for thirty nights is also the backup of a test server."

        assert text not in self.beside(text)

    def test_may_hold_its_words_on_another_matter(self) -> None:
        text = "The server of the shop keeps baskets for thirty nights."

        assert text in self.beside(text)

    @pytest.mark.parametrize("more", [" And so on.", " It is warm. The sky is blue in May."])
    def test_never_copy_the_gold_page(self, more: str) -> None:
        copied = "A backup of the server is kept for" + more

        assert copied not in self.beside(copied)

    def test_are_never_boilerplate(self) -> None:
        text = "The server writes a backup at night."

        assert text not in self.beside(text, unused=True)


def test_a_row_that_does_not_fit_with_its_gold_alone_is_a_failure() -> None:
    long = chunk("a.md", [("paragraph", "One fact. " + "Many words follow here. " * 60)])

    pairs, failures = composed(
        [draft(long, "What is the fact?", "One fact.")], [long], max_tokens=100
    )

    assert pairs == []
    assert [(failure.reason, failure.failed) for failure in failures] == [("too_long", True)]


def test_distractors_go_until_the_row_fits() -> None:
    pages = [
        chunk(f"{n}.md", [("paragraph", " ".join(f"pump{k}" for k in range(60 * n, 60 * n + 80)))])
        for n in range(6)
    ]
    asked = draft(pages[0], "What comes before pump70?", "pump69")

    counts = {
        len(pair.passages)
        for seed in range(12)
        for pair in composed([asked], pages, seed=seed, max_tokens=200)[0]
    }

    assert max(counts) == 2


def test_a_draft_of_a_chunk_that_enters_no_row_is_left_out_with_a_reason() -> None:
    page = chunk("a.md", [("paragraph", "A fact.")])

    pairs, failures = composed(
        [draft(page, "What?", "A fact.")], [page], assignments=assigned([page], unused=[page.id])
    )

    assert pairs == []
    assert [(failure.reason, failure.failed) for failure in failures] == [("unused_chunk", False)]


def test_evidence_that_is_not_in_its_chunk_stops_the_build() -> None:
    page = chunk("a.md", [("paragraph", "A fact.")])
    wrong = (Evidence(passage=0, start=1, end=4, quote="A f"),)

    with pytest.raises(IntegrityError, match="evidence"):
        composed([replace(draft(page, "What?", "A fact."), evidence=wrong)], [page])


def test_a_draft_of_two_chunks_keeps_both_and_its_evidence_in_each() -> None:
    pages = [chunk(f"{n}.md", [("paragraph", f"Fact {n} is that {n} holds.")]) for n in range(5)]
    first = draft(pages[0], "What holds?", "Fact 0", evidence="Fact 0")
    second = draft(pages[1], "What holds?", "Fact 1", evidence="Fact 1").evidence[0]
    both = replace(
        first,
        chunk_ids=(pages[0].id, pages[1].id),
        evidence=(*first.evidence, replace(second, passage=1)),
    )

    for seed in range(6):
        (pair, *_), _ = composed([both], pages, seed=seed)
        quotes = [pair.passages[e.passage].text[e.start : e.end] for e in pair.evidence]
        assert quotes == ["Fact 0", "Fact 1"]
        assert [part.role for part in pair.passages].count("gold") == 2


def test_the_title_of_a_passage_is_its_heading_path() -> None:
    page = chunk("a.md", [("paragraph", "A fact.")], title="Handbook", section="Facts")

    (pair,), _ = composed([draft(page, "What is true?", "A fact.")], [page])

    assert [part.title for part in pair.passages] == ["Handbook > Facts"]


class TestMixture:
    def test_more_is_made_than_the_share_needs(self) -> None:
        assert wanted(300, 0.25) == 150
        assert wanted(0, 0.25) == wanted(100, 0.0) == 0

    def test_scarce_kinds_are_taken_first_and_others_fill_up(self) -> None:
        offers = [offer(n, "missing_gold") for n in range(100)]
        offers += [offer(n, "absent_row") for n in range(5)]

        found = chosen(offers, 40, rules={"r": 100}, seed="0")

        assert Counter(kind for _, kind in found) == {"missing_gold": 35, "absent_row": 5}

    def test_one_edited_question_over_one_page_is_asked_once(self) -> None:
        offers = [offer(n, "entity_swap", text="same") for n in range(9)]

        assert len(chosen(offers, 9, rules={"r": 9}, seed="0")) == 1

    def test_the_rules_that_wrote_the_questions_keep_their_shares(self) -> None:
        offers = [offer(n, "missing_gold", rule="often") for n in range(100)]
        offers += [offer(n, kind, rule="ready") for n in range(100, 200) for kind in MIXTURE]

        found = chosen(offers, 100, rules={"often": 100, "ready": 100}, seed="0")

        ready = sum(int(draft_id) >= 100 for draft_id, _ in found)
        assert len(found) == 100
        assert ready <= 68

    @given(number=st.integers(0, 60), chance=st.randoms(use_true_random=False))
    def test_never_more_than_asked_for_nor_two_edits_of_one_draft(
        self, number: int, chance: Random
    ) -> None:
        offers = [
            offer(n, kind, text=f"{n}{kind}")
            for n in range(20)
            for kind in MIXTURE
            if chance.random() < 0.5
        ]

        found = chosen(offers, number, rules={"r": 20}, seed="1")

        assert len(found) <= number
        assert {(o.draft_id, o.kind) for o in offers} >= found
        edits = [d for d, kind in found if kind in ("entity_swap", "absent_row", "number_swap")]
        assert len(edits) == len(set(edits))


def offer(number: int, kind: str, *, rule: str = "r", text: str = "") -> Offer:
    return Offer(draft_id=str(number), rule=rule, kind=kind, text=text or f"{number} {kind}")
