"""Checks that need the whole set: duplicates, conflicts, leaks between splits, lost twins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from builder.check.facts import rejected
from builder.check.questions import different_question, same_words
from builder.config import CheckSettings
from builder.errors import IntegrityError
from builder.records import Finding, Pair, Split, Verdict
from builder.similar import near_duplicates
from builder.text import content_stems, fold

SPLITS: tuple[Split, ...] = (
    "eval",
    "validation",
    "train",
)  # the first keeps a question, the last loses it
SAME_ANSWER = 0.6  # share of the words of the shorter answer that the longer one holds

Neighbours = Mapping[str, Collection[str]]  # question -> questions that ask the same, itself too


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The set under check.

    pairs: by id, in the order of their ids. state: the verdicts so far; checks write into it.
    near:  which questions ask the same.
    """

    pairs: Mapping[str, Pair]
    state: dict[str, Verdict]
    near: Neighbours

    def accepted(self, split: Split | None = None) -> list[Pair]:
        """The pairs that nothing has rejected, the better first: more evidence, then smaller id."""
        found = [
            pair
            for pair in self.pairs.values()
            if self.state[pair.id].status == "accepted" and split in (None, pair.split)
        ]
        return sorted(found, key=lambda pair: (-len(pair.evidence), pair.id))

    def stands(self, pair: Pair) -> bool:
        """Whether a pair is accepted so far, and its twin too."""
        ids = [pair.id, pair.twin] if pair.twin in self.state else [pair.id]
        return all(self.state[pair_id].status == "accepted" for pair_id in ids if pair_id)

    def reject(self, pair_id: str, finding: Finding) -> None:
        """Add a finding; a second one of the same check is not kept."""
        verdict = self.state[pair_id]
        if all(known.check != finding.check for known in verdict.findings):
            findings = (*verdict.findings, finding)
            self.state[pair_id] = replace(verdict, status="rejected", findings=findings)


SetCheck = Callable[[Whole], None]


def conflicts(whole: Whole) -> None:
    """Reject pairs that ask the same over the same gold and answer differently.

    Neither is kept: a question with two answers is one that nobody can answer rightly.
    """
    for one, other in _same(whole):
        if _contradict(one, other):
            whole.reject(one.id, rejected("set.conflict", f"{other.id} answers differently"))
            whole.reject(other.id, rejected("set.conflict", f"{one.id} answers differently"))


def duplicates(whole: Whole) -> None:
    """Reject all but the best of the pairs that ask the same, over the same gold or answer."""
    for one, other in _same(whole):
        if whole.stands(one) and not _contradict(one, other):
            whole.reject(other.id, rejected("set.duplicate", f"asks the same as {one.id}"))


def leaks(whole: Whole) -> None:
    """Reject from train (from validation, against eval) what another split asks too."""
    asked: dict[str, str] = {}
    for split in SPLITS:
        mine = whole.accepted(split)
        for pair in mine:
            others = (asked[near] for near in sorted(whole.near[asked_in(pair)]) if near in asked)
            if other := next(others, None):
                whole.reject(pair.id, rejected("set.leak", f"another split asks it: {other}"))
        asked |= {asked_in(pair): pair.id for pair in mine if whole.stands(pair)}


def lost_twins(whole: Whole) -> None:
    """Reject unanswerable pairs whose answerable twin is rejected, or was never made."""
    for pair in whole.accepted():
        if pair.twin is None:
            continue
        twin = whole.state.get(pair.twin)
        if twin is None or twin.status == "rejected":
            what = "rejected" if twin else "not in the set"
            whole.reject(pair.id, rejected("set.twin", f"its twin {pair.twin} is {what}"))


SET_CHECKS: dict[str, SetCheck] = {
    "set.conflict": conflicts,
    "set.duplicate": duplicates,
    "set.leak": leaks,
    "set.twin": lost_twins,
}


def check_set(
    pairs: Sequence[Pair], verdicts: Sequence[Verdict], *, settings: CheckSettings, seed: int
) -> list[Verdict]:
    """The verdicts in their order, with what only the whole set shows.

    seed: of the run; nothing here is left to chance. Raises IntegrityError when pairs and verdicts
    are not one to one.
    """
    whole = Whole(
        pairs={pair.id: pair for pair in sorted(pairs, key=lambda pair: pair.id)},
        state={verdict.pair_id: verdict for verdict in verdicts},
        near=_neighbours(pairs, settings),
    )
    if (
        not len(pairs) == len(whole.pairs) == len(verdicts)
        or whole.pairs.keys() != whole.state.keys()
    ):
        raise IntegrityError("pairs and verdicts are not one to one", "Build again with --fresh.")
    before: dict[str, Verdict] = {}
    while before != whole.state:  # a rejected twin may free nothing, but take others with it
        before = dict(whole.state)
        for name, check in SET_CHECKS.items():
            if name not in settings.off:
                check(whole)
    return [whole.state[verdict.pair_id] for verdict in verdicts]


def leaking_questions(pairs: Sequence[Pair], settings: CheckSettings) -> list[tuple[str, str]]:
    """The pairs of ids whose questions are the same though their splits are not, sorted."""
    asked = _by_question(pairs)
    return sorted(
        (one.id, other.id)
        for question, near in _neighbours(pairs, settings).items()
        for one in asked[question]
        for twin in near
        for other in asked[twin]
        if one.id < other.id and one.split != other.split
    )


def asked_in(pair: Pair) -> str:
    """What a pair asks: its question, after those of the turns before it."""
    said = [turn.content for turn in pair.history if turn.role == "user"]
    return " ".join([*said, pair.question])


def _by_question(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    asked: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        asked[asked_in(pair)].append(pair)
    return asked


def _neighbours(pairs: Sequence[Pair], settings: CheckSettings) -> dict[str, set[str]]:
    """Question -> the questions that are near-equal to it and do not ask for something else."""
    lang = {asked_in(pair): pair.lang for pair in pairs}
    near = {question: {question} for question in lang}
    for a, b, _ in near_duplicates(
        {question: question for question in lang}, settings.near_duplicate
    ):
        if not different_question(a, b, lang[a]):
            near[a].add(b)
            near[b].add(a)
    return near


def _same(whole: Whole) -> list[tuple[Pair, Pair]]:
    """The accepted pairs of one split and label that ask the same, as (better, worse).

    For the same reading: of the same gold, or with the same answer; unanswerable pairs of one twin
    only if their passages are the same too.
    """
    found = []
    for split in SPLITS:
        accepted = whole.accepted(split)
        asked = _by_question(accepted)
        place = {pair.id: number for number, pair in enumerate(accepted)}
        for one in accepted:
            others = (other for near in whole.near[asked_in(one)] for other in asked.get(near, ()))
            worse = [other for other in others if place[other.id] > place[one.id]]
            found += [
                (one, other)
                for other in sorted(worse, key=lambda pair: place[pair.id])
                if _comparable(one, other, whole)
            ]
    return found


def _comparable(one: Pair, other: Pair, whole: Whole) -> bool:
    if one.answerable != other.answerable:
        return False
    if one.twin is not None and one.twin == other.twin:
        return _contexts(one) == _contexts(other)
    return bool(_gold(one, whole) & _gold(other, whole)) or _plain(one.answer) == _plain(
        other.answer
    )


def _contexts(pair: Pair) -> set[tuple[str, str]]:
    return {(passage.chunk_id, passage.text) for passage in pair.passages}


def _gold(pair: Pair, whole: Whole) -> set[str]:
    """The chunks a pair is about: its gold, or that of its twin."""
    source = whole.pairs.get(pair.twin, pair) if pair.twin else pair
    return {p.chunk_id for p in source.passages if p.role in {"gold", "reduced"}}


def _contradict(one: Pair, other: Pair) -> bool:
    return (
        one.answerable
        and not _agree(one, other)
        and same_words(asked_in(one), asked_in(other), one.lang)
    )


def _agree(one: Pair, other: Pair) -> bool:
    """Whether two pairs give the same answer, as far as words and evidence show."""
    if not one.answerable or _plain(one.answer) == _plain(other.answer) or _overlap(one, other):
        return True
    words, others = (
        set(content_stems(one.answer, one.lang)),
        set(content_stems(other.answer, one.lang)),
    )
    return len(words & others) >= SAME_ANSWER * max(1, min(len(words), len(others)))


def _plain(answer: str) -> str:
    return fold(answer).rstrip(".! ")


def _overlap(one: Pair, other: Pair) -> bool:
    return any(
        one.passages[a.passage].chunk_id == other.passages[b.passage].chunk_id
        and a.start < b.end
        and b.start < a.end
        for a in one.evidence
        for b in other.evidence
    )
