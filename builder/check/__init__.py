"""Checks: every Pair gets a Verdict, first on its own, then as one of a set; then quotas select.

    check_pairs -> check_set -> select        probes (what betrays the label)

A check is a plain function with its line in CHECKS and its row in docs/checks.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from builder.check import form, grounding, refusal, replies, safety, standalone, turns
from builder.check.facts import Check, Facts, Weights, weights_of
from builder.check.probes import Probe, probes
from builder.check.questions import different_question, opening
from builder.check.refusal import is_refusal
from builder.check.select import QUOTAS, Deficit, select
from builder.check.sets import SET_CHECKS, check_set, leaking_questions
from builder.config import CheckSettings
from builder.errors import SettingsError
from builder.records import Chunk, Pair, Verdict

__all__ = [
    "CHECKS",
    "QUOTAS",
    "SET_CHECKS",
    "Check",
    "Deficit",
    "Facts",
    "Probe",
    "Weights",
    "check_pair",
    "check_pairs",
    "check_set",
    "different_question",
    "is_refusal",
    "known_checks",
    "leaking_questions",
    "opening",
    "probes",
    "select",
    "weights_of",
]

CHECKS: dict[str, Check] = {
    "schema": form.schema,
    "evidence.quote": grounding.evidence_quote,
    "grounding.containment": grounding.contained,
    "grounding.number": grounding.numbers_supported,
    "grounding.unit": grounding.units_supported,
    "grounding.identifier": grounding.identifiers_supported,
    "grounding.url": grounding.urls_supported,
    "grounding.claim": grounding.claims_supported,
    "grounding.both": grounding.both_needed,
    "refusal.answerable": refusal.refusal_answerable,
    "refusal.unanswerable": refusal.refusal_unanswerable,
    "reply.behaviour": replies.behaves,
    "question.self_contained": standalone.self_contained,
    "question.form": form.question_form,
    "question.label": replies.label_kept,
    "answer.length": form.answer_length,
    "answer.source": replies.source_unnamed,
    "answer.language": replies.in_language,
    "answer.mode": replies.in_mode,
    "history.turns": turns.turns_hold,
    "history.needed": turns.earlier_turn_needed,
    "control_tokens": safety.control_tokens,
    "secrets": safety.secrets,
    "injection": safety.injection,
    "unanswerable.evidence": grounding.evidence_absent,
}


def known_checks(settings: CheckSettings) -> dict[str, Check]:
    """The checks that run. Raises SettingsError when `off` names one that there is not."""
    known = [*CHECKS, *SET_CHECKS]
    for name in settings.off:
        if name not in known:
            close = get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(known)}."
            raise SettingsError(f"[check] off: there is no check {name!r}", hint)
    return {name: check for name, check in CHECKS.items() if name not in settings.off}


def check_pairs(
    pairs: Iterable[Pair],
    *,
    chunks: Iterable[Chunk],
    settings: CheckSettings,
    twins: Mapping[str, Pair] | None = None,
) -> Iterator[Verdict]:
    """A verdict per pair, in order: rejected when one check rejects, with the findings of all.

    chunks: all chunks of the run, for the weights of words.
    twins:  id -> answerable pair, for the checks of unanswerable ones; without it the pairs
            themselves are searched, and held in memory for that.
    """
    running = known_checks(settings)
    if twins is None:
        pairs = list(pairs)
        twins = {pair.id: pair for pair in pairs if pair.answerable}
    facts = Facts(settings=settings, weights=weights_of(chunks), pair_of=twins.get)
    for pair in pairs:
        yield check_pair(pair, facts, running)


def check_pair(pair: Pair, facts: Facts, running: Mapping[str, Check] = CHECKS) -> Verdict:
    """The verdict on one pair by itself."""
    found = tuple(finding for check in running.values() if (finding := check(pair, facts)))
    rejects = any(finding.action == "reject" for finding in found)
    return Verdict(pair_id=pair.id, status="rejected" if rejects else "accepted", findings=found)
