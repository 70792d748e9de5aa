"""Text that an HTML page shows in its `pre`, as a terminal would: manual pages, and prose."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest import manual, plain, shapes
from builder.ingest.account import shown_size
from builder.ingest.clean import size, unescape
from builder.ingest.furniture import has_word
from builder.ingest.inline import code_language, content, line
from builder.ingest.layout import tells
from builder.ingest.offsets import Spans
from builder.ingest.parsed import Piece
from builder.records import Place

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST = 0.5  # share of a region's text that must stand in its `pre`
_PROSE = 0.5  # share of the text of a `pre` in blocks of sentences, of which it is no code
_FIRST = 6  # of them that tell how a page begins
_SECTIONS = ("h2", "h3", "h4")
_CODE = frozenset(  # words of class names
    "code console example fragment highlight listing lisp literal output program programlisting"
    " prettyprint screen shell smallexample snippet source sourcecode syntax terminal"
    " verbatim".split()
)
_ESCAPE = re.compile(r"&(?:#\d+|#[xX][\da-fA-F]+|\w+);?|\r\n")


class Preformatted(NamedTuple):
    """What is read of the `pre` of a page. read: pieces by the element that shows them.

    title: what a manual page is called, "" for other text.
    """

    title: str
    read: dict[_Element, list[Piece]]


def preformatted(region: _Element, shown: int, spans: Spans, source: str) -> Preformatted | None:
    """The text of a region most of which stands in `pre` and is no code, None for other regions.

    shown: the size of its text; spans: where the elements stand in source.
    """
    found = list(region.iter("pre"))
    needed = _MOST * shown
    if not found or sum(len(content(pre)) for pre in found) < needed:  # as a rule
        return None
    outer = [pre for pre in found if next(pre.iterancestors("pre"), None) is None]
    if sum(map(shown_size, outer)) < needed:
        return None
    manual_page = _manual_in(region, spans, source)
    if manual_page is not None:
        return manual_page
    prose = [pre for pre in outer if _is_prose(pre)]
    if not prose or sum(map(shown_size, prose)) < needed:
        return None
    headed = next(region.iter("h1", *_SECTIONS), None) is not None
    return Preformatted("", {pre: _prose_in(pre, spans, source, headed=headed) for pre in prose})


def _manual_in(region: _Element, spans: Spans, source: str) -> Preformatted | None:
    """The manual page that a region is, in one `pre` or in one for each section."""
    shown = [
        element
        for element in region.iter("pre", *_SECTIONS)
        if next(element.iterancestors("pre"), None) is None
    ]
    if not manual.may_begin("\n".join(map(_words, shown[:_FIRST]))):
        return None
    text = _Text(spans, source)
    for element in shown:
        if element.tag == "pre":
            text.add(element)
        else:
            text.add_title(element)
    page = manual.parse(text.whole)
    if page is None:
        return None
    pieces = [replace(piece, place=text.place(piece.place)) for piece in page.pieces]
    return Preformatted(page.title, _by_element(pieces, shown, spans))


def _is_prose(pre: _Element) -> bool:
    """Whether a `pre` that is called no code holds sentences, for the most part."""
    around = pre.getparent()
    named = (pre.get("class"), None if around is None else around.get("class"))
    if any(has_word(name, _CODE) for name in named if name):
        return False
    if code_language(pre) or next(pre.iter("code"), None) is not None:
        return False
    said = content(pre)
    blocks = (block.strip("\n") for block in re.split(r"\n\s*\n", said) if block.strip())
    told = sum(size(block) for block in blocks if tells(block.split("\n")))
    return told >= _PROSE * size(said)


def _prose_in(pre: _Element, spans: Spans, source: str, *, headed: bool) -> list[Piece]:
    """The pieces of a `pre` of prose. headed: by elements of the page, not by lines of it."""
    text = _Text(spans, source)
    text.add(pre)
    pieces = plain.parse(text.whole, marked=False).pieces
    return [
        replace(piece, place=text.place(piece.place))
        if not headed or piece.kind != "heading" or "question" in piece.flags
        else replace(piece, kind="paragraph", level=0, place=text.place(piece.place))
        for piece in pieces
    ]


def _by_element(
    pieces: Iterable[Piece], shown: Sequence[_Element], spans: Spans
) -> dict[_Element, list[Piece]]:
    """The pieces of each of the elements that follow each other, by where they begin."""
    found: dict[_Element, list[Piece]] = {element: [] for element in shown}
    starts = [spans.start(element) for element in shown]
    for piece in pieces:
        start = piece.place.start if piece.place else None
        number = bisect_right(starts, starts[0] if start is None else start)
        element = shown[max(0, number - 1)]
        if element.tag != "pre":
            piece = replace(piece, anchor=shapes.anchor(element))
        found[element].append(piece)
    return found


def _words(shown: _Element) -> str:
    """What a `pre` says, or the title of a section; a link away from it is none of its words."""
    if shown.tag == "pre":
        return content(shown)
    away = [link for link in shown.iter("a") if link.getprevious() is not None]
    return line(shown, away) or line(shown)


class _Stretch(NamedTuple):
    """Characters of the text from the offset at on, which stand from start to end in the source."""

    at: int
    start: int
    end: int
    exact: bool  # character by character


class _Text:
    """The text of several elements, with the places of its characters in the source."""

    def __init__(self, spans: Spans, source: str) -> None:
        self._spans = spans
        self._source = source
        self._parts: list[str] = []
        self._length = 0
        self._stretches: list[_Stretch] = []

    @property
    def whole(self) -> str:
        return "".join(self._parts)

    def add(self, pre: _Element) -> None:
        """Appends all text of an element, but for a line break that it begins with."""
        from lxml.etree import iterwalk

        spans = self._spans
        for event, element in iterwalk(pre, events=("start", "end")):
            if event == "start" and (text := element.text):
                begun = spans.inside(element)
                if element is pre and text[0] == "\n":
                    text, begun = text[1:], self._source.find("\n", begun) + 1
                self._add(text, begun, spans.text_end(element))
            elif event == "end" and element is not pre and element.tail:
                self._add(element.tail, spans[element].end, spans.tail_end(element))

    def add_title(self, heading: _Element) -> None:
        """Appends the title of a section on a line of its own."""
        span = self._spans[heading]
        self._add(f"\n{_words(heading)}\n", span.start, span.end)

    def _add(self, text: str, start: int, end: int) -> None:
        """Appends text that stands from start to end, in stretches where it is escaped."""
        written = self._source[start:end]
        found, at, before = [], self._length, 0
        for escape in _ESCAPE.finditer(written):
            here, after = escape.span()
            found.append(_Stretch(at, start + before, start + here, exact=True))
            at += here - before
            found.append(_Stretch(at, start + here, start + after, exact=False))
            at += len(unescape(escape[0])) if escape[0] != "\r\n" else 1
            before = after
        found.append(_Stretch(at, start + before, end, exact=True))
        if at + len(written) - before != self._length + len(text):
            found = [_Stretch(self._length, start, end, exact=False)]
        self._stretches += found
        self._parts.append(text)
        self._length += len(text)

    def place(self, place: Place | None) -> Place | None:
        """Where a stretch of the text stands in the source."""
        if place is None or place.start is None or place.end is None:
            return None
        start, _ = self._at(place.start)
        _, end = self._at(max(place.start, place.end - 1))
        return Place(start=start, end=end)

    def _at(self, offset: int) -> tuple[int, int]:
        """Where the character at an offset begins and ends in the source."""
        number = bisect_right(self._stretches, offset, key=lambda stretch: stretch.at) - 1
        at, start, end, exact = self._stretches[max(0, number)]
        return (start + offset - at, start + offset - at + 1) if exact else (start, end)
