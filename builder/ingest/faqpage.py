"""Questions and answers that a page tells machines (schema.org FAQPage as JSON-LD) but not readers.

Format: https://schema.org/FAQPage, https://www.w3.org/TR/json-ld11/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest.offsets import Span, Spans
from builder.ingest.parsed import Parsed, Piece
from builder.records import Place

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEVEL = 2
_KNOWN_BY = 40  # letters by which an answer is found on the page
_MAX_DEPTH = 8


class Answer(NamedTuple):
    """A question with its answer in HTML, and where both stand in the source."""

    question: str
    answer: str
    asked_at: Place
    said_at: Place


def answers_in(tree: _Element, spans: Spans, source: str) -> list[Answer]:
    """The questions that the scripts of a page tell."""
    found: list[Answer] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().casefold() != "application/ld+json":
            continue
        try:
            told: object = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        span = spans[script]
        for question, answer in _questions(told):
            found.append(
                Answer(
                    question,
                    answer,
                    spans.place(*_range(source, question, span)),
                    spans.place(*_range(source, answer, span)),
                )
            )
    return found


def with_answers(
    pieces: list[Piece], answers: Sequence[Answer], read: Callable[[str], Parsed]
) -> list[Piece]:
    """Pieces with the questions that they lack: over their answers, else at the end with them."""
    if not answers:
        return pieces
    page = _Asked(pieces)
    for entry in answers:
        inner = [piece for piece in read(entry.answer).pieces if piece.kind != "end"]
        page.add(entry, [replace(piece, place=entry.said_at) for piece in inner])
    return page.pieces


class _Asked:
    """The pieces of a page while questions are added, with the letters of each."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = list(pieces)
        self._texts = [_letters(piece.text) for piece in pieces]
        self._whole = "".join(self._texts)

    def add(self, entry: Answer, inner: list[Piece]) -> None:
        """A question over its answer: over that of the page, else with inner at the end."""
        asked = _letters(entry.question)
        said = _letters("".join(piece.text for piece in inner))[:_KNOWN_BY]
        if not asked:
            return
        if asked in self._whole:
            if asked in self._texts:
                at = self._texts.index(asked)
                self._raise(at)
                if said and said not in self._whole and self._lacks_answer(at):
                    self._insert(at + 1, inner)
            return
        heading = Piece(
            "heading", entry.question, _LEVEL, flags=("question",), place=entry.asked_at
        )
        at = self._begin(said) if said and said in self._whole else -1
        if at >= 0:
            self._insert(at, [heading])
        elif inner:
            self._insert(len(self.pieces), [heading, *inner])

    def _begin(self, said: str) -> int:
        """The first piece of those that begin with an answer, -1 if none do."""
        for at, text in enumerate(self._texts):
            if text.startswith(said) or (
                text
                and said.startswith(text)
                and "".join(self._texts[at : at + _KNOWN_BY]).startswith(said)
            ):
                return at
        return -1

    def _insert(self, at: int, pieces: list[Piece]) -> None:
        texts = [_letters(piece.text) for piece in pieces]
        self.pieces[at:at] = pieces
        self._texts[at:at] = texts
        self._whole = "".join((self._whole, *texts))

    def _lacks_answer(self, at: int) -> bool:
        """Whether another heading, none below it, follows a heading that is alone so called."""
        if self.pieces[at].kind != "heading" or self._whole.count(self._texts[at]) > 1:
            return False
        after = self.pieces[at + 1] if at + 1 < len(self.pieces) else Piece("end", "")
        if after.kind == "heading":
            return after.level <= self.pieces[at].level
        return after.kind == "end"

    def _raise(self, at: int) -> None:
        """Makes the paragraph that is a question, with its answer below, a heading."""
        pieces = self.pieces
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        if after is None or after.kind in ("heading", "end") or pieces[at].kind != "paragraph":
            return
        above = next(
            (piece for piece in reversed(pieces[:at]) if piece.kind in ("heading", "end")), None
        )
        level = _LEVEL if above is None else above.level
        if above is not None and above.kind == "heading" and "question" not in above.flags:
            level += 1
        flags = (*pieces[at].flags, "question")
        pieces[at] = replace(
            pieces[at], kind="heading", level=max(_LEVEL, min(6, level)), flags=flags
        )


def _questions(told: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """The questions inside a JSON-LD value, at any depth that people write."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(told, list):
        for item in told:
            yield from _questions(item, depth + 1)
    if not isinstance(told, dict):
        return
    if _is_a(told, "Question"):
        question = " ".join(_text(told.get("name") or told.get("text")).split())
        answer = told.get("acceptedAnswer") or told.get("suggestedAnswer")
        first = answer[0] if isinstance(answer, list) and answer else answer
        said = _text(first.get("text")) if isinstance(first, dict) else ""
        if question and said:
            yield re.sub(r"<[^<>]*>", "", question), said
        return
    for key in ("@graph", "mainEntity", "hasPart"):
        yield from _questions(told.get(key), depth + 1)


def _is_a(told: dict[str, object], name: str) -> bool:
    kind = told.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(item, str) and item.rpartition("/")[2] == name for item in kinds)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text)).casefold()


def _range(source: str, text: str, span: Span) -> tuple[int, int]:
    """Where a text stands in a script, the whole script when it is written otherwise there."""
    for written in (text, json.dumps(text, ensure_ascii=False)[1:-1], json.dumps(text)[1:-1]):
        at = source.find(written, span.inside, span.close)
        if at >= 0:
            return at, at + len(written)
    return span.inside, span.close
