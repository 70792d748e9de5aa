"""Checks that need the whole set: duplicates, leaks between splits, conflicts, rejected twins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from builder.check.facts import rejected
from builder.config import CheckSettings
from builder.records import Finding, Pair, Verdict
from builder.similar import near_duplicates
from builder.text import fold, identifiers, numbers

SET_CHECKS: dict[str, str] = {
    "set.leak": "a question that another split asks too",
    "set.duplicate": "the same question with the same answer",
    "set.conflict": "the same question over the same gold with another answer",
    "set.twin": "an unanswerable pair without its answerable twin",
}
_NEGATION = re.compile(
    r"\b(?:not|no|never|without|nor|cannot|nicht|kein\w*|nie|niemals|ohne)\b|n['\u2019]t\b", re.IGNORECASE
)


def check_set(
    pairs: Sequence[Pair], verdicts: Sequence[Verdict], *, settings: CheckSettings, seed: int
) -> list[Verdict]:
    """The verdicts, in their order, after duplicates, leaks, conflicts and lost twins are rejected."""
    state = {verdict.pair_id: verdict for verdict in verdicts}
    by_id = {pair.id: pair for pair in pairs}
    accepted = [pair for pair in pairs if state[pair.id].status == "accepted"]
    close = _same_questions(accepted, settings)
    for a, b in close:
        one, other = sorted((by_id[a], by_id[b]), key=_rank)
        if state[a].status == "rejected" or state[b].status == "rejected":
            continue
        if one.split != other.split:
            loser = other if other.split == "train" else one
            _reject(state, loser.id, rejected("set.leak", "asked in another split"))
        elif one.answerable == other.answerable and one.twin != other.id and other.twin != one.id:
            if not one.answerable and one.twin == other.twin:
                continue
            _reject(state, other.id, rejected("set.duplicate", f"the same as {one.id}"))
    for pair in pairs:
        if pair.twin and (pair.twin not in state or state[pair.twin].status == "rejected"):
            _reject(state, pair.id, rejected("set.twin", f"its twin {pair.twin} is rejected"))
    return [state[verdict.pair_id] for verdict in verdicts]


def different_question(a: str, b: str, lang: str) -> bool:
    """Whether two near-equal questions ask for different things."""
    return (
        numbers(a) != numbers(b)
        or {fold(i) for i in identifiers(a)} != {fold(i) for i in identifiers(b)}
        or len(_NEGATION.findall(a)) != len(_NEGATION.findall(b))
    )


def leaking_questions(pairs: Sequence[Pair], settings: CheckSettings) -> list[tuple[str, str]]:
    """The pairs of ids whose questions are the same though their splits are not, sorted."""
    split = {pair.id: pair.split for pair in pairs}
    return [(a, b) for a, b in _same_questions(pairs, settings) if split[a] != split[b]]


def _same_questions(pairs: Sequence[Pair], settings: CheckSettings) -> list[tuple[str, str]]:
    asked = {pair.id: pair for pair in pairs}
    close = near_duplicates({i: p.question for i, p in asked.items()}, settings.near_duplicate)
    return [
        (a, b)
        for a, b, _ in close
        if not different_question(asked[a].question, asked[b].question, asked[a].lang)
    ]


def _rank(pair: Pair) -> tuple[int, str]:
    return -len(pair.evidence), pair.id


def _reject(state: dict[str, Verdict], pair_id: str, finding: Finding) -> None:
    verdict = state[pair_id]
    state[pair_id] = replace(verdict, status="rejected", findings=(*verdict.findings, finding))
