"""Whether passages hold no answer to a question: the checks that make an unanswerable label true.

All checks are lexical and lean to caution: what might be an answer is one. They run from the
plainest to the widest; the name of the first that objects is the reason. Shares are idf-weighted
shares of stems (`builder.text.containment`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from builder.records import Passage
from builder.text import (
    content_words,
    fold,
    identifiers,
    numbers,
    sentences,
    stem,
)

ANSWER_OPENING = 60  # characters of the answer that must not occur
STRING_STEMS = 3  # an answer of fewer stems is no evidence by itself when its string occurs
SENTENCE_QUESTION = 0.75  # share of the question in one sentence
SENTENCE_WITH_ANSWER = 0.3  # the same in a sentence that also holds ...
SENTENCE_ANSWER = 0.25  # ... this share of the answer's new words
UNDER_HEADING = 0.6  # share of the question in a sentence and its headings, with that answer share
RESTATED_STEMS, RESTATED = 3, 0.6  # an answer of that many new words, stated to that share
CONTEXT_QUESTION, CONTEXT_ANSWER = 0.6, 0.5  # shares in a passage as a whole
SHORT_ANSWER = 12  # words up to which an answer's numbers and identifiers are the answer
NEAR_VALUE = 0.25  # share of the question in a sentence that holds the value of a short answer
IDENTIFIERS = 0.5  # share of the answer's identifiers
HALF = 0.5, 0.6  # shares of a question without a key in one sentence, and with its headings
HEADING = 0.6  # share of the question in one heading
BROAD_HEADING = 0.15  # share of a broad question in the headings of a passage
ATTRIBUTE, THING = 0.75, 0.5  # shares of an attribute and its thing in one sentence
WITH_STRING = 0.5  # share of the question beside the answer's string in a distractor
SHORTEST_PART = 4  # letters of a part of a German compound
COPY_STEMS, COPY = 4, 0.8  # evidence of that many stems, found to that share in one sentence

Stems = frozenset[str]

_HEADING_LINE = re.compile(r"(#{1,6}) (.+)")
_ARGUMENTS = re.compile(r"(?<=\w\w\w)[(\[{=<]")
_MARKER = re.compile(r"\s*(?:[-*+]|\d+[.)]|>) +|\s*\|")
_RULE_LINE = re.compile(r"[\s|:=-]*")
_YES_NO = re.compile(
    r"(?:(?:in|on|with|for|at|under) [^,?]{1,60}, )?"
    r"(?:is|are|do|does|did|can|could|will|would|has|have|must|may|should|need"
    r"|ist|sind|kann|können|darf|dürfen|wird|werden|hat|haben|muss|müssen|gibt|soll|sollte|lässt"
    r"|braucht|brauche|funktioniert|unterstützt)\b",
    re.IGNORECASE,
)
_ASKING = frozenset(
    "mean means meaning explain describe define definition term called stand exactly tell purpose "
    "happen happens many much long often work works kind way ways step steps possible come came "
    "across effect need needs appear appears see found please understand control controls exact "
    "difference differ differs different "
    "wozu weshalb weswegen wieso woran wodurch woher wohin bedeutet bedeuten bedeutung erkläre "
    "erklären beschreiben definiert begriff genau zweck aufgabe weg passiert geschieht viel viele "
    "lange oft funktioniert funktionieren dient dienen heißt steht stehen schritt schritte möglich "
    "möglichkeit gibt tun machen macht bewirkt verwendet verwende benutzt benötigt gemeint "
    "versteht unterschied unterscheidet unterscheiden".split()
)  # words of questions that their answers do not repeat
_DISTINCTIVE = re.compile(r".*[\W_\d].*|.*[a-z][A-Z].*")


class Weights:
    """The stems of one language, and how much each tells (idf over texts; unknown ones tell most).

    A German compound counts as its parts, where both are words of the texts, so that
    "Batteriewechsel" is found in "Batterien wechseln".
    """

    def __init__(self, texts: Iterable[str], *, lang: str) -> None:
        self.lang = lang
        found = [set(content_words(text)) for text in texts]
        self._vocabulary = {stem(word, lang) for said in found for word in said}
        self._stems: dict[str, tuple[str, ...]] = {}
        seen = Counter(one for said in found for one in self._of_words(said))
        self._idf = {one: _whole_idf(n, len(found)) for one, n in seen.items()}
        self._rarest = max(self._idf.values(), default=1)

    def stems(self, text: str) -> Stems:
        return self._of_words(content_words(text))

    def mass(self, stems: Iterable[str]) -> int:
        return sum(self._idf.get(one, self._rarest) for one in stems)

    def _of_words(self, said: Iterable[str]) -> Stems:
        return frozenset(one for word in said for one in self._of_word(word))

    def _of_word(self, word: str) -> tuple[str, ...]:
        if word not in self._stems:
            parts = self._parts(word) if self.lang == "de" else ()
            self._stems[word] = parts or (_root(stem(word, self.lang), self.lang),)
        return self._stems[word]

    def _parts(self, word: str) -> tuple[str, ...]:
        """The two words of a compound, the most even split first; () for other words."""
        cuts = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1) if word.isalpha() else ()
        for cut in sorted(cuts, key=lambda cut: abs(2 * cut - len(word))):
            right = stem(word[cut:], self.lang)
            for link in ("", "s", "n", "en", "es", "er"):
                left = stem(word[:cut].removesuffix(link), self.lang)
                if {left, right} <= self._vocabulary and len(left) >= SHORTEST_PART:
                    return left, right
        return ()


def _whole_idf(n: int, total: int) -> int:
    """The idf of a stem in n of total texts, as an integer: sums do not depend on their order."""
    return round(1_000_000 * log(1 + (total - n + 0.5) / (n + 0.5)))


def _root(word: str, lang: str) -> str:
    """The stem of a short English word, which `builder.text.stem` leaves alone.

    "urls", "adding" and "running" meet "url", "add" and "run".
    """
    if lang != "en":
        return word
    if len(word) == 4 and word.endswith("s") and word[2] not in "sui":
        word = word[:-1]
    elif (len(word) == 6 and word.endswith("ing")) or (len(word) == 5 and word.endswith("ed")):
        word = word[:3]
    doubled = len(word) > 2 and word[-1] == word[-2] and word[-1] in "bdgmnprt"
    return word[:-1] if doubled else word


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
        reading = _read(passage.title, passage.text, weights)
        reason = _by_answer(asked, reading) or _by_question(
            asked, reading, key=fold(key), broad=broad
        )
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
    reading = _read(passage.title, passage.text, weights)
    if asked.folded in reading.folded and asked.question.share_in(reading.stems) >= WITH_STRING:
        return True
    quotes = [_Part(weights.stems(quote), weights) for quote in evidence]
    return any(
        quote.share_in(unit.stems) >= COPY
        for quote in quotes
        if len(quote.stems) >= COPY_STEMS
        for unit in reading.units
    )


def mentions(passage: Passage, key: str) -> bool:
    """Whether a passage speaks of key at all: as it is written, with its words spaced, or without
    its arguments ("call(a, b)", "name=value")."""
    text = f" {_loose(f'{passage.title} {passage.text}')} "
    spellings = {_loose(key), _loose(_ARGUMENTS.split(key)[0])} - {""}
    return any(f" {wanted} " in text for wanted in spellings)


def telling(question: str) -> str:
    """The words of a question that say what it is about, without those that only ask."""
    return " ".join(word for word in content_words(question) if word not in _ASKING) or question


def is_yes_no(question: str) -> bool:
    """Whether a question asks for yes or no (English, German)."""
    return bool(_YES_NO.match(question.strip()))


def coverage(question: str, passage: Passage, *, weights: Weights) -> float:
    """The share of the question that a passage as a whole speaks of, 0 to 1."""
    asked = _asked(question, "", weights)
    return asked.question.share_in(_read(passage.title, passage.text, weights).stems)


def shares(text: str, passage: Passage, *, weights: Weights) -> Iterator[tuple[float, str]]:
    """How much of a text each sentence, row or item of a passage holds, 0 to 1, with its words."""
    wanted = _asked(text, "", weights).question
    for unit in _read(passage.title, passage.text, weights).units:
        yield wanted.share_in(unit.stems), unit.text


def is_treated(
    question: str, attribute: str, thing: str, passage: Passage, *, weights: Weights
) -> bool:
    """Whether a passage may say something of an attribute of a thing (either may be "").

    For questions that were written without an answer: a sentence covers the question, or speaks of
    the attribute where the thing is the matter.
    """
    asked = _asked(question, "", weights)
    attribute_of = _Part(weights.stems(attribute), weights)
    matter = _Part(weights.stems(thing), weights)
    limit = HALF[0] if asked.yes_no else SENTENCE_QUESTION
    for unit in _read(passage.title, passage.text, weights).units:
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
        share = asked.new.share_in(unit.stems)
        if share >= RESTATED and len(asked.new.stems) >= RESTATED_STEMS:
            return "restated"
        if share < SENTENCE_ANSWER:
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


def _by_question(asked: _Asked, reading: _Reading, *, key: str, broad: bool) -> str | None:
    """Reasons that show a place where the question is treated."""
    alone, under = HALF
    for unit in reading.units:
        share = asked.question.share_in(unit.stems)
        if share >= SENTENCE_QUESTION:
            return "sentence_question"
        if not key and (
            share >= alone or asked.question.share_in(unit.stems | unit.above) >= under
        ):
            return "half_question"
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
    held = [name for name in asked.names if _last_part(name) in reading.folded]
    if len(asked.names) > 1 and len(held) > IDENTIFIERS * len(asked.names):
        return "identifiers"
    for unit in reading.units:
        if any(_defines(unit.text, name) for name in held if _DISTINCTIVE.fullmatch(name)):
            return "identifier_defined"
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


def _last_part(name: str) -> str:
    """The file of a path, which a page may name without its folders; else the name itself."""
    last = name.rstrip("/").rsplit("/", 1)[-1]
    return last if name.startswith(("/", "~", ".")) and len(last) > 3 else name


def _defines(unit: str, key: str) -> bool:
    """Whether a row, item or sentence (folded) begins with the key, as definitions do.

    A line that begins with a flag explains it, whatever follows.
    """
    after = r"(?![\w-])" if key.startswith("-") else r"(?![\w-])[`\"')]*\s*(?:[|:=,-]|$)"
    return bool(re.match(rf"[`\"'(|\s]*{re.escape(key)}{after}", unit))


@lru_cache(maxsize=4096)
def _asked(question: str, answer: str, weights: Weights) -> _Asked:
    stems = weights.stems(telling(question))
    known = {fold(name) for name in identifiers(question)}
    return _Asked(
        question=_Part(stems, weights),
        new=_Part(weights.stems(answer) - stems, weights),
        folded=_plain(answer),
        values=frozenset(numbers(answer) - numbers(question)),
        names=tuple(_plain(n) for n in identifiers(answer) if fold(n) not in known),
        short=len(content_words(answer)) <= SHORT_ANSWER,
        yes_no=is_yes_no(question),
    )


@lru_cache(maxsize=8192)
def _read(title: str, text: str, weights: Weights) -> _Reading:
    top = [weights.stems(part) for part in title.split(" > ")]
    units: list[_Unit] = []
    headings = list(top)
    open_headings: list[tuple[int, Stems]] = []
    above: Stems = frozenset().union(*top)
    for line in text.split("\n"):
        heading = _HEADING_LINE.match(line)
        if heading:
            stems = weights.stems(heading[2])
            headings.append(stems)
            level = len(heading[1])
            open_headings = [entry for entry in open_headings if entry[0] < level]
            open_headings.append((level, stems))
            above = frozenset().union(*top, *(entry[1] for entry in open_headings))
            continue
        units += [_Unit(_plain(said), weights.stems(said), above) for said in _said(line)]
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
