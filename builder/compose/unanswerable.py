"""The makers of unanswerable rows: each turns an answerable row into one without an answer.

A maker gets the case (draft, its answerable row, the library) and returns the question and passages
of the new row, verified, or None where it cannot be made true.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from builder.compose.absence import answer_absent, coverage, is_yes_no, telling
from builder.compose.answers import plain_words
from builder.compose.cut import cut_evidence
from builder.compose.library import Library, Shelf
from builder.compose.swap import (
    Other,
    asked_elsewhere,
    difference,
    drawn,
    in_row,
    rows_elsewhere,
    shape,
)
from builder.records import Chunk, Draft, Pair, Passage, make_id

NARROW_TYPE = "factual"  # questions of other types are broad, unless they ask for one fact
NEAR_FLOOR = 0.5  # least BM25 score of a near context, as a share of the best one's
NEAR_COVERAGE = 0.4  # least share of the question that the nearest context speaks of
TOPIC_COVERAGE = 0.25  # the same for one of the passages that are left without the gold one
LOOKED_AT = 40  # nearest chunks that are tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a maker works from.

    pair:     the answerable row.
    near:     its nearest chunks, best first.
    siblings: see `Library.siblings`.
    """

    draft: Draft
    pair: Pair
    near: tuple[str, ...]
    siblings: frozenset[str]
    library: Library
    seed: str

    @property
    def shelf(self) -> Shelf:
        return self.library.shelf_of(self.draft)

    @property
    def gold(self) -> Chunk:
        return self.library.chunks[self.draft.chunk_ids[0]]

    @property
    def broad(self) -> bool:
        """Whether a text on the same matter would answer the question in part."""
        return self.draft.type != NARROW_TYPE and not self.draft.fact

    @property
    def size(self) -> int:
        """The number of passages, the same as in the answerable row."""
        return len(self.pair.passages)

    def absent(self, passages: Sequence[Passage]) -> bool:
        """Whether no passage answers the draft's question."""
        draft = self.draft
        reason = answer_absent(
            draft.question,
            plain_words(draft.answer, self.pair.mode),
            passages,
            weights=self.library.weights_of(draft),
            key=draft.key,
            fact=draft.fact,
            broad=self.broad,
            siblings=self.siblings,
        )
        return reason is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The question and passages of an unanswerable row; key: what the question now asks about."""

    question: str
    passages: tuple[Passage, ...]
    key: str
    edit: tuple[str, str] | None = None


Maker = Callable[[Case], Made | None]


def near_context(case: Case) -> Made | None:
    """The question over the chunks that are most like it, without its own."""
    found = case.shelf.index.nearest(telling(case.draft.question), LOOKED_AT)
    own = set(case.draft.chunk_ids)
    others = [(chunk_id, score) for chunk_id, score in found if chunk_id not in own]
    if not others:
        return None
    floor = NEAR_FLOOR * others[0][1]
    near = [chunk_id for chunk_id, score in others if score >= floor]
    passages = _filled(case, (), [*near, *case.near], case.size)
    nearest = passages[:1]
    if not _on_topic(case, nearest, NEAR_COVERAGE) or nearest[0].chunk_id not in near:
        return None
    return _same_question(case, passages)


def missing_gold(case: Case) -> Made | None:
    """The answerable row without its gold passage, filled up with the next distractor."""
    passages = _filled(case, (), case.near, case.size)
    if not _on_topic(case, passages, TOPIC_COVERAGE):
        return None
    return _same_question(case, passages)


def evidence_removed(case: Case) -> Made | None:
    """The answerable row with the evidence cut out of the gold passage.

    Not for broad questions, nor for yes or no: what is left of the page often decides those.
    """
    draft = case.draft
    if len(draft.chunk_ids) != 1 or case.broad or is_yes_no(draft.question):
        return None
    cut = cut_evidence(case.gold, [(e.start, e.end) for e in draft.evidence])
    if cut is None:
        return None
    whole = case.library.passage(case.gold.id)
    reduced = replace(whole, role="reduced", text=cut[0], cuts=cut[1])
    if not case.absent([reduced]):
        return None
    passages = _filled(case, (reduced,), case.near, case.size)
    return _same_question(case, passages) if passages else None


def entity_swap(case: Case) -> Made | None:
    """The answerable row, asked about another thing of the same noun that it does not speak of."""
    if shape(case.draft.key) == "number":
        return None
    return _swapped(case, asked_elsewhere(case.draft, case.shelf))


def absent_row(case: Case) -> Made | None:
    """The answerable row, asked for a row or item that its table or list does not have."""
    draft, shelf = case.draft, case.shelf
    if not draft.fact or not in_row(draft, case.gold) or shape(draft.key) == "number":
        return None
    return _swapped(case, rows_elsewhere(draft, shelf)) or _swapped(
        case, asked_elsewhere(draft, shelf)
    )


def number_swap(case: Case) -> Made | None:
    """The answerable row, asked about another number of the same noun (a status code, a port).

    Only a bare number that is itself the key: such a number is a name. A number in a condition is
    left alone, since 48 hours are also more than 24.
    """
    if shape(case.draft.key) != "number" or not case.draft.noun:
        return None
    return _swapped(case, asked_elsewhere(case.draft, case.shelf))


UNANSWERABLE: Mapping[str, Maker] = {
    "near_context": near_context,
    "missing_gold": missing_gold,
    "evidence_removed": evidence_removed,
    "entity_swap": entity_swap,
    "absent_row": absent_row,
    "number_swap": number_swap,
}
EDITS = frozenset({"entity_swap", "absent_row", "number_swap"})  # kinds that change the question


def _same_question(case: Case, passages: tuple[Passage, ...]) -> Made:
    return Made(question=case.draft.question, passages=passages, key=case.draft.key)


def _swapped(case: Case, others: Iterable[Other]) -> Made | None:
    other = drawn(others, case.draft, case.pair.passages, seed=case.seed)
    if other is None:
        return None
    return Made(
        question=other.question,
        passages=case.pair.passages,
        key=other.key,
        edit=difference(case.draft.question, other.question),
    )


def _on_topic(case: Case, passages: Sequence[Passage], least: float) -> bool:
    """Whether a passage speaks of least that share of the question, its key left aside."""
    draft = case.draft
    matter = draft.question.replace(draft.key, " ") if draft.key else draft.question
    weights = case.library.weights_of(draft)
    return any(coverage(matter, passage, weights=weights) >= least for passage in passages)


def _filled(
    case: Case, fixed: tuple[Passage, ...], candidates: Iterable[str], size: int
) -> tuple[Passage, ...]:
    """fixed and the first candidates without an answer, size passages; () if there are too few."""
    passages = list(fixed)
    for chunk_id in unlike(candidates, case.draft.chunk_ids, case.library):
        if len(passages) == size:
            break
        passage = case.library.passage(chunk_id)
        if case.absent([passage]):
            passages.append(passage)
    return tuple(passages) if len(passages) == size else ()


def unlike(candidates: Iterable[str], gold: Collection[str], library: Library) -> Iterator[str]:
    """The candidates that are no copies of the gold, nor of one that was let through before."""
    barred = set(gold).union(*(library.copies(chunk_id) for chunk_id in gold))
    for chunk_id in candidates:
        if chunk_id not in barred:
            yield chunk_id
            barred |= {chunk_id} | library.copies(chunk_id)


def in_order(passages: Sequence[Passage], seed: str, purpose: str) -> tuple[Passage, ...]:
    """The passages in an order drawn by seed."""
    shuffled = list(passages)
    random.Random(make_id(seed, purpose, "order")).shuffle(shuffled)
    return tuple(shuffled)
