"""Checks of conversations: every turn holds by itself, and the last needs those before it."""

from __future__ import annotations

import re
from dataclasses import replace

from builder.check import form, grounding, refusal, standalone
from builder.check.facts import Facts, rejected
from builder.records import Finding, Pair
from builder.text import content_words, fold

REPEATED = 0.5  # share of the earlier question's words from which on a question brings its own
SHORT = 3  # content words up to which a question says too little to stand alone

_TURN_CHECKS = (
    standalone.self_contained,
    form.question_form,
    grounding.contained,
    grounding.numbers_supported,
    grounding.units_supported,
    grounding.identifiers_supported,
    grounding.urls_supported,
    grounding.claims_supported,
    refusal.refusal_answerable,
)
_GOES_ON = re.compile(
    r"^(?:and|but|or|so|what about|how about|und|aber|oder|was ist mit|wie ist es|wie sieht es)\b"
)
_LEANS = re.compile(
    r"\b(?:it|its|that|this|these|those|they|them|their|there|then|one|ones|same|else|instead"
    r"|afterwards|otherwise|he|she"
    r"|es|er|sie|ihn|ihm|ihr|ihre\w*|sein\w*|das|dies\w*|davon|dazu|daf\u00fcr|damit|daran|darin|darauf"
    r"|dabei|danach|dort|dann|dessen|deren|denen|sonst|stattdessen|auch)\b"
)
_ANY_ARTICLE = re.compile(
    r"\b(?:das|der|die|that|this|these|those|dies\w*|ihr\w*|sein\w*) (?=[^\W\d]\w{2,})"
)


def turns_hold(pair: Pair, facts: Facts) -> Finding | None:
    """Reject a conversation with an earlier turn that would not be accepted by itself."""
    if not pair.history:
        return None
    roles = [turn.role for turn in pair.history]
    if roles != ["user", "assistant"] * (len(roles) // 2):
        return rejected("history.turns", "the turns do not alternate")
    for asked, said in zip(pair.history[::2], pair.history[1::2], strict=True):
        turn = replace(
            pair,
            history=(),
            answerable=True,
            behaviour="answer",
            question=asked.content,
            answer=said.content,
            evidence=(),
        )
        for check in _TURN_CHECKS:
            found = check(turn, facts)
            if found and found.action == "reject":
                return rejected(
                    "history.turns", f"{found.check}: {found.message}", spans=found.spans
                )
    return None


def earlier_turn_needed(pair: Pair, facts: Facts) -> Finding | None:
    """Reject a follow-up that could be asked without the turns before it, or asks the same."""
    if not pair.history:
        return None
    plain = fold(pair.question)
    if any(fold(turn.content) == plain for turn in pair.history if turn.role == "user"):
        return rejected("history.needed", "asks the same again")
    leans = bool(_LEANS.search(_ANY_ARTICLE.sub("", plain)))
    said = set(content_words(pair.question))
    before = set(content_words(pair.history[-2].content))
    if len(said & before) > REPEATED * len(before):
        leans = False  # its "it" is in the question itself
    if leans or _GOES_ON.search(plain) or len(said) <= SHORT:
        return None
    return rejected("history.needed", "can be understood alone", spans=[pair.question])
