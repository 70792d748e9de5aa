"""Checks of the form of a pair: its fields, its question, the length of its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

from builder.check.facts import Facts, rejected, spoken
from builder.records import Behaviour, Finding, Pair, Role, Split
from builder.text import fold, words

BEHAVIOURS = frozenset(get_args(Behaviour))
ROLES = frozenset(get_args(Role))
SPLITS = frozenset(get_args(Split))
WITHOUT_GOLD = frozenset({"near_context", "missing_gold", "evidence_removed"})
EDITED = frozenset({"entity_swap", "absent_row", "number_swap"})
LONGEST_QUESTION = 2_000  # characters; a field beyond these is damage, not wordiness
LONGEST_ANSWER = 20_000
SHORTEST_QUESTION = 3  # words
SHORTEST_FOLLOW_UP = 2  # "And Pro?"

_MARKUP = (
    re.compile(r"^\s*(?:#{1,6}\s|[-*+\u2022]\s|\d{1,3}[.)]\s|>\s|\|)"),
    re.compile(r"```|~~~"),
    re.compile(r"\*\*[^*\s][^*]*\*\*"),
    re.compile(r"!?\[[^\]\n]*\]\([^)\s]*\)"),
    re.compile(
        r"</?(?:a|b|br|code|div|em|h[1-6]|i|img|li|ol|p|pre|span|strong|table|td|th|tr|ul)\b[^>]*>"
    ),
    re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d+|#x[0-9a-fA-F]+);"),
    re.compile(r"(?<![\w/{$])\{\{?\s*\w+\s*\}?\}(?![\w/}])"),
    re.compile("[\n\r\t\ufffd\x00]"),
)
_CODE = re.compile(r"`[^`\n]+`")
_SIGN = re.compile(r"[{}\[\]|\\^~]")
MOST_SIGNS = 2  # brackets and the like outside code; more is the noise of a broken model


def schema(pair: Pair, facts: Facts) -> Finding | None:
    """Reject a pair whose fields contradict each other or are empty, untrimmed or endless."""
    faults = [*_field_faults(pair), *_role_faults(pair)]
    return rejected("schema", "; ".join(faults)) if faults else None


def _field_faults(pair: Pair) -> list[str]:
    faults = []
    for name in ("id", "draft_id", "type", "lang", "question", "answer"):
        value = getattr(pair, name)
        if not value.strip():
            faults.append(f"{name} is empty")
        elif value != value.strip():
            faults.append(f"{name} has white space around it")
    if len(pair.question) > LONGEST_QUESTION:
        faults.append(f"question has {len(pair.question)} characters")
    if len(pair.answer) > LONGEST_ANSWER:
        faults.append(f"answer has {len(pair.answer)} characters")
    if pair.behaviour not in BEHAVIOURS:
        faults.append(f"unknown behaviour {pair.behaviour!r}")
    if pair.split not in SPLITS:
        faults.append(f"unknown split {pair.split!r}")
    if unknown := sorted({p.role for p in pair.passages} - ROLES):
        faults.append(f"unknown role {unknown[0]!r}")
    return faults


def _role_faults(pair: Pair) -> list[str]:
    roles = [passage.role for passage in pair.passages]
    faults = [] if roles else ["no passages"]
    if len({passage.chunk_id for passage in pair.passages}) < len(roles):
        faults.append("a chunk stands twice in the passages")
    if any(bool(passage.cuts) != (passage.role == "reduced") for passage in pair.passages):
        faults.append("a reduced passage without cuts, or cuts in another")
    return faults + (_answerable_faults if pair.answerable else _unanswerable_faults)(pair, roles)


def _answerable_faults(pair: Pair, roles: Sequence[Role]) -> list[str]:
    faults = []
    if pair.kind is not None:
        faults.append(f"answerable, but of kind {pair.kind!r}")
    if pair.behaviour == "refuse":
        faults.append("answerable, but behaviour is 'refuse'")
    if "gold" not in roles:
        faults.append("answerable, but no gold passage")
    if not pair.evidence:
        faults.append("answerable, but no evidence")
    if pair.twin is not None:
        faults.append("answerable, but has a twin")
    if any(roles[e.passage : e.passage + 1] != ["gold"] for e in pair.evidence):
        faults.append("evidence outside the gold passages")
    return faults


def _unanswerable_faults(pair: Pair, roles: Sequence[Role]) -> list[str]:
    faults = []
    if pair.kind is None:
        faults.append("unanswerable, but of no kind")
    if pair.behaviour == "answer":
        faults.append("unanswerable, but behaviour is 'answer'")
    if pair.behaviour in {"correct", "partial", "ask"} and not pair.evidence:
        faults.append(f"behaviour is {pair.behaviour!r}, but no evidence")
    if any(roles[e.passage : e.passage + 1] != ["gold"] for e in pair.evidence):
        faults.append("evidence outside the gold passages")
    if pair.behaviour == "refuse" and pair.evidence:
        faults.append("refuses, but has evidence")
    if pair.kind in WITHOUT_GOLD and "gold" in roles:
        faults.append(f"{pair.kind}, but has a gold passage")
    if (pair.kind == "evidence_removed") != ("reduced" in roles):
        faults.append("evidence_removed and reduced passages go together")
    if pair.kind in WITHOUT_GOLD | EDITED and pair.twin is None:
        faults.append(f"{pair.kind}, but no twin")
    if pair.kind in EDITED and (pair.edit is None or pair.edit[1] not in pair.question):
        faults.append(f"{pair.kind}, but the question does not hold its edit")
    return faults


def question_form(pair: Pair, facts: Facts) -> Finding | None:
    """Reject a question that is too short or long, holds no letter or markup, or is the answer."""
    n_words, most = len(words(pair.question)), facts.settings.max_question_words
    if n_words > most:
        return rejected("question.form", "too many words", score=n_words, threshold=most)
    least = SHORTEST_FOLLOW_UP if pair.history else SHORTEST_QUESTION
    if n_words < least:
        return rejected("question.form", "too few words", score=n_words, threshold=least)
    if not any(character.isalpha() for character in pair.question):
        return rejected("question.form", "no letter in it")
    prose = _CODE.sub("`code`", pair.question)
    for pattern in _MARKUP:
        if found := pattern.search(prose):
            return rejected("question.form", "leftover markup", spans=[found[0]])
    if len(signs := _SIGN.findall(prose)) > MOST_SIGNS:
        return rejected(
            "question.form",
            "more signs than a question has",
            score=len(signs),
            threshold=MOST_SIGNS,
        )
    if fold(pair.question).rstrip("?.! ") == fold(pair.answer).rstrip("?.! "):
        return rejected("question.form", "the answer repeats the question")
    return None


def answer_length(pair: Pair, facts: Facts) -> Finding | None:
    """Reject an endless answer."""
    n_words, most = len(words(spoken(pair))), facts.settings.max_answer_words
    if n_words > most:
        return rejected("answer.length", "too many words", score=n_words, threshold=most)
    return None
