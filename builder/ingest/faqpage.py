"""Questions and answers that a page tells machines (schema.org FAQPage as JSON-LD) but not readers.

Format: https://schema.org/FAQPage, https://www.w3.org/TR/json-ld11/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest.offsets import Spans
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
                    _place(source, question, span.inside, span.close),
                    _place(source, answer, span.inside, span.close),
                )
            )
    return found


def with_answers(
    pieces: list[Piece], answers: Sequence[Answer], read: Callable[[str], Parsed]
) -> list[Piece]:
    """Pieces with the questions that they lack: over their answers, else at the end with them."""
    if not answers:
        return pieces
    found = list(pieces)
    for entry in answers:
        texts = [_letters(piece.text) for piece in found]
        asked = _letters(entry.question)
        if not asked or any(asked in text for text in texts):
            _raise(found, texts, asked)
            continue
        inner = [piece for piece in read(entry.answer).pieces if piece.kind != "end"]
        begin = _letters("".join(piece.text for piece in inner))[:_KNOWN_BY]
        at = next((at for at, text in enumerate(texts) if begin and text.startswith(begin)), None)
        heading = Piece(
            "heading", entry.question, _LEVEL, flags=("question",), place=entry.asked_at
        )
        if at is not None:
            found.insert(at, heading)
        elif inner:
            found.append(heading)
            found += [replace(piece, place=entry.said_at) for piece in inner]
    return found


def _raise(pieces: list[Piece], texts: Sequence[str], asked: str) -> None:
    """Makes the paragraph that is a question, with its answer below, a heading."""
    at = texts.index(asked) if asked in texts else len(texts)
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
    pieces[at] = replace(pieces[at], kind="heading", level=max(_LEVEL, min(6, level)), flags=flags)


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


def _place(source: str, text: str, start: int, end: int) -> Place:
    """Where a text stands in a script, the whole script when it is written otherwise there."""
    for written in (text, json.dumps(text, ensure_ascii=False)[1:-1], json.dumps(text)[1:-1]):
        at = source.find(written, start, end)
        if at >= 0:
            return Place(start=at, end=at + len(written))
    return Place(start=start, end=end)
