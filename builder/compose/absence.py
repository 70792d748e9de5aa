"""Whether passages hold no answer to a question: the checks that make an unanswerable label true.

All checks are lexical and lean to caution: what might be an answer is one. They run from the
plainest to the widest; the name of the first that objects is the reason. Shares are idf-weighted
shares of stems (`builder.text.containment`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from builder.records import Passage
from builder.text import (
    content_stems,
    content_words,
    fold,
    identifiers,
    idf,
    numbers,
    sentences,
    stem,
)

ANSWER_OPENING = 60  # characters of the answer that must not occur
STRING_STEMS = 3  # an answer of fewer stems is no evidence by itself when its string occurs
SENTENCE_QUESTION = 0.75  # share of the question in one sentence
SENTENCE_WITH_ANSWER = 0.35  # the same in a sentence that also holds ...
SENTENCE_ANSWER = 0.25  # ... this share of the answer's new words
UNDER_HEADING = 0.6  # share of the question in a sentence and its headings, with that answer share
CONTEXT_QUESTION, CONTEXT_ANSWER = 0.6, 0.5  # shares in a passage as a whole
SHORT_ANSWER = 12  # words up to which an answer's numbers and identifiers are the answer
NEAR_VALUE = 0.25  # share of the question in a sentence that holds the value of a short answer
IDENTIFIERS = 0.5  # share of the answer's identifiers
YES_NO_SENTENCE = 0.5  # share of a yes/no question in one sentence
HEADING = 0.6  # share of the question in one heading
BROAD_HEADING = 0.15  # share of a broad question in the headings of a passage
ATTRIBUTE, THING = 0.75, 0.5  # shares of an attribute and its thing in one sentence
WITH_STRING = 0.5  # share of the question beside the answer's string in a distractor
COPY_STEMS, COPY = 4, 0.8  # evidence of that many stems, found to that share in one sentence

Stems = frozenset[str]

_HEADING_LINE = re.compile(r"#{1,6} (.+)")
_MARKER = re.compile(r"\s*(?:[-*+]|\d+[.)]|>) +|\s*\|")
_RULE_LINE = re.compile(r"[\s|:=-]*")
_YES_NO = re.compile(
    r"(?:is|are|do|does|did|can|could|will|would|has|have|must|may|should|need"
    r"|ist|sind|kann|k\u00f6nnen|darf|d\u00fcrfen|wird|werden|hat|haben|muss|m\u00fcssen|gibt|soll|sollte|l\u00e4sst"
    r"|braucht|brauche|funktioniert|unterst\u00fctzt)\b",
    re.IGNORECASE,
)
_ASKING = frozenset(
    "mean means meaning explain describe purpose happen happens many much long often work works kind "
    "bedeutet bedeuten bedeutung erkl\u00e4ren beschreiben zweck passiert geschieht viel viele lange oft "
    "funktioniert dient hei\u00dft".split()
)  # words of questions that their answers do not repeat
_DISTINCTIVE = re.compile(r".*[\W_\d].*|.*[a-z][A-Z].*")


class Weights:
    """How much the stems of one language tell, by idf over its texts; unknown ones tell most."""

    def __init__(self, texts: Iterable[str], *, lang: str) -> None:
        self.lang = lang
        self._idf = idf(texts, lambda _: lang)
        self._rarest = max(self._idf.values(), default=1.0)

    def mass(self, stems: Iterable[str]) -> float:
        return sum(self._idf.get(stem, self._rarest) for stem in stems)


class _Part:
    """Stems to be looked for, weighed once."""

    def __init__(self, stems: Stems, weights: Weights) -> None:
        self.stems = stems
        self._weights = weights
        self._whole = weights.mass(stems)

    def share_in(self, held: Stems) -> float:
        """The share of these stems that held has, 0 to 1; 0 when there are none."""
        return self._weights.mass(self.stems & held) / self._whole if self._whole else 0.0


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, table row, list item or line of code, and the headings it stands under."""

    text: str
    stems: Stems
    above: Stems


@dataclass(frozen=True, slots=True)
class _Reading:
    """A passage as the checks see it."""

    folded: str
    units: tuple[_Unit, ...]
    headings: tuple[Stems, ...]
    stems: Stems


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question and its answer as stems; new: what the answer adds to the question."""

    question: _Part
    new: _Part
    folded: str
    values: frozenset[str]
    names: tuple[str, ...]
    short: bool
    yes_no: bool


def answer_absent(
    question: str,
    answer: str,
    passages: Sequence[Passage],
    *,
    weights: Weights,
    key: str = "",
    fact: bool = False,
    broad: bool = False,
    siblings: Collection[str] = (),
) -> str | None:
    """Why the passages might answer the question, or None when nothing says so.

    answer:   the right answer, which none of the passages may give in other words either.
    weights:  of the language of the passages.
    key:      see Draft.key. fact: see Draft.fact.
    broad:    a question of how or why, which a text on the same matter answers in part.
    siblings: ids of the chunks of the answer's own section: only a fact may be asked over them.
    """
    asked = _asked(question, answer, weights)
    for passage in passages:
        if not fact and passage.chunk_id in siblings:
            return "sibling"
        reading = _read(passage.title, passage.text, weights.lang)
        reason = _by_answer(asked, reading) or _by_question(asked, reading, fold(key), broad)
        if reason:
            return reason
    return None


def holds_answer(
    question: str, answer: str, evidence: Sequence[str], passage: Passage, *, weights: Weights
) -> bool:
    """Whether a distractor of an answerable row could be taken for its gold passage.

    It could when it has the answer's string together with half of the question, or a near copy of
    the evidence.
    """
    asked = _asked(question, answer, weights)
    reading = _read(passage.title, passage.text, weights.lang)
    if asked.folded in reading.folded and asked.question.share_in(reading.stems) >= WITH_STRING:
        return True
    quotes = [_Part(frozenset(content_stems(quote, weights.lang)), weights) for quote in evidence]
    return any(
        quote.share_in(unit.stems) >= COPY
        for quote in quotes
        if len(quote.stems) >= COPY_STEMS
        for unit in reading.units
    )


def mentions(passage: Passage, key: str) -> bool:
    """Whether a passage speaks of key at all: as it is written, or with its words spaced."""
    wanted = _loose(key)
    return bool(wanted) and f" {wanted} " in f" {_loose(f'{passage.title} {passage.text}')} "


def is_yes_no(question: str) -> bool:
    """Whether a question asks for yes or no (English, German)."""
    return bool(_YES_NO.match(question.strip()))


def coverage(question: str, passage: Passage, *, weights: Weights) -> float:
    """The share of the question that a passage as a whole speaks of, 0 to 1."""
    asked = _asked(question, "", weights)
    return asked.question.share_in(_read(passage.title, passage.text, weights.lang).stems)


def is_treated(
    question: str, attribute: str, thing: str, passage: Passage, *, weights: Weights
) -> bool:
    """Whether a passage may say something of an attribute of a thing (either may be "").

    For questions that were written without an answer: a sentence covers the question, or speaks of
    the attribute where the thing is the matter.
    """
    asked = _asked(question, "", weights)
    attribute_of = _Part(frozenset(content_stems(attribute, weights.lang)), weights)
    matter = _Part(frozenset(content_stems(thing, weights.lang)), weights)
    limit = YES_NO_SENTENCE if asked.yes_no else SENTENCE_QUESTION
    for unit in _read(passage.title, passage.text, weights.lang).units:
        if asked.question.share_in(unit.stems) >= limit:
            return True
        if attribute_of.share_in(unit.stems) >= ATTRIBUTE and (
            not thing or matter.share_in(unit.stems | unit.above) >= THING
        ):
            return True
    return False


def _by_answer(asked: _Asked, reading: _Reading) -> str | None:
    """Reasons that show a part of the answer."""
    if _has_string(asked, reading):
        return "answer_string"
    for unit in reading.units:
        if asked.new.share_in(unit.stems) < SENTENCE_ANSWER:
            continue
        if asked.question.share_in(unit.stems) >= SENTENCE_WITH_ANSWER:
            return "sentence_answer"
        if asked.question.share_in(unit.stems | unit.above) >= UNDER_HEADING:
            return "sentence_under_heading"
    if (
        asked.new.share_in(reading.stems) > CONTEXT_ANSWER
        and asked.question.share_in(reading.stems) > CONTEXT_QUESTION
    ):
        return "context"
    return _has_values(asked, reading)


def _by_question(asked: _Asked, reading: _Reading, key: str, broad: bool) -> str | None:
    """Reasons that show a place where the question is treated."""
    limit = YES_NO_SENTENCE if asked.yes_no else SENTENCE_QUESTION
    for unit in reading.units:
        if asked.question.share_in(unit.stems) >= limit:
            return "yes_no" if asked.yes_no else "sentence_question"
        if key and _defines(unit.text, key):
            return "key_defined"
    if any(asked.question.share_in(heading) > HEADING for heading in reading.headings):
        return "heading"
    titled: Stems = frozenset().union(*reading.headings)
    if broad and asked.question.share_in(titled) > BROAD_HEADING:
        return "broad_heading"
    return None


def _has_string(asked: _Asked, reading: _Reading) -> bool:
    opening = asked.folded[:ANSWER_OPENING]
    if not opening or opening not in reading.folded:
        return False
    return len(asked.new.stems) >= STRING_STEMS or any(
        opening in unit.text and asked.question.share_in(unit.stems) >= NEAR_VALUE
        for unit in reading.units
    )


def _has_values(asked: _Asked, reading: _Reading) -> str | None:
    """The identifiers of any answer, the numbers of a short one."""
    held = [name for name in asked.names if name in reading.folded]
    if len(asked.names) > 1 and len(held) > IDENTIFIERS * len(asked.names):
        return "identifiers"
    if not asked.short:
        return None
    if any(_DISTINCTIVE.fullmatch(name) and len(name) > 3 for name in held):
        return "identifiers"
    for unit in reading.units:
        if asked.question.share_in(unit.stems) < NEAR_VALUE:
            continue
        if any(name in unit.text for name in asked.names):
            return "identifiers"
        if asked.values and asked.values <= numbers(unit.text):
            return "numbers"
    return None


def _defines(unit: str, key: str) -> bool:
    """Whether a row, item or sentence (folded) begins with the key, as definitions do."""
    return bool(re.match(rf"[`\"'(|\s]*{re.escape(key)}(?![\w-])[`\"')]*\s*(?:[|:=,-]|$)", unit))


@lru_cache(maxsize=4096)
def _asked(question: str, answer: str, weights: Weights) -> _Asked:
    stems = frozenset(
        stem(word, weights.lang) for word in content_words(question) if word not in _ASKING
    ) or frozenset(content_stems(question, weights.lang))
    known = {fold(name) for name in identifiers(question)}
    return _Asked(
        question=_Part(stems, weights),
        new=_Part(frozenset(content_stems(answer, weights.lang)) - stems, weights),
        folded=_plain(answer),
        values=frozenset(numbers(answer) - numbers(question)),
        names=tuple(_plain(n) for n in identifiers(answer) if fold(n) not in known),
        short=len(content_words(answer)) <= SHORT_ANSWER,
        yes_no=is_yes_no(question),
    )


@lru_cache(maxsize=8192)
def _read(title: str, text: str, lang: str) -> _Reading:
    top = [frozenset(content_stems(part, lang)) for part in title.split(" > ")]
    units: list[_Unit] = []
    headings = list(top)
    above = frozenset().union(*top)
    for line in text.split("\n"):
        heading = _HEADING_LINE.match(line)
        if heading:
            stems = frozenset(content_stems(heading[1], lang))
            headings.append(stems)
            above = frozenset().union(*top, stems)
            continue
        units += [
            _Unit(_plain(said), frozenset(content_stems(said, lang)), above) for said in _said(line)
        ]
    stems = frozenset().union(*headings, *(unit.stems for unit in units))
    return _Reading(_plain(text), tuple(units), tuple(headings), stems)


def _said(line: str) -> Iterator[str]:
    if not line.strip() or _RULE_LINE.fullmatch(line):
        return
    if line.lstrip().startswith("|"):
        yield _MARKER.sub("", line, count=1)
        return
    marker = _MARKER.match(line)
    body = line[marker.end() :] if marker else line
    for start, end in sentences(body):
        yield body[start:end]


def _plain(text: str) -> str:
    return fold(text.replace("`", ""))


@lru_cache(maxsize=8192)
def _loose(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))

