"""A page of rendered Markdown read with the lines that its elements come from.

Elements carry PLACE ("first:last", lines of the source) and TAB (the label of a variant); the
pieces that they give get them as place and flag.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from builder.ingest import shapes
from builder.ingest.furniture import Furniture
from builder.ingest.gather import OpenTab
from builder.ingest.inline import line
from builder.ingest.parsed import Piece
from builder.ingest.walk import Walker
from builder.records import BlockKind, Place

if TYPE_CHECKING:
    from lxml.etree import _Element

PLACE = "data-source-lines"
TAB = "data-tab-label"
CAPTION = "data-caption"

_QUESTION_END = re.compile(r"\?\s*(?:\*\*|__|</b>|</strong>)[ \t]*\n?")


class PlacedWalker(Walker):
    """Walks as any page is walked, and notes where every piece stands in the source."""

    _always_closes = True

    def __init__(
        self, source: str, furniture: Furniture, panels: Mapping[str, _Element], *, faq: bool
    ) -> None:
        super().__init__(furniture, panels, faq=faq)
        self._source = source
        self._lines = source.split("\n")
        self._starts = [0]
        for text in self._lines:
            self._starts.append(self._starts[-1] + len(text) + 1)
        self._lines_now: tuple[int, int] | None = None  # first and last line of what is being read
        self._label_line: int | None = None  # of an admonition whose label is not said yet
        self._term_line: int | None = None
        self._tabs: list[OpenTab] = []
        self._caption: _Element | None = None
        self._stamped = 0

    def _without_number(self) -> None:
        """A number above a heading is text here: nothing draws one."""

    def _enter(self, element: _Element):  # type: ignore[no-untyped-def]  # as the walker's own
        lines = _span(element)
        if lines is not None:
            self._flush()
            self._lines_now = lines
            if _is_labelled(element):
                self._label_line = lines[0]
        if element.tag in ("ul", "ol") and not self._lists:
            _without_targets(element)
        if element.tag == "blockquote":
            self._flush()
            self._label_line = _alert_line(element)
        if element.tag == "dt":
            self._flush()
            inner = next((found for found in map(_span, element.iterdescendants()) if found), None)
            self._term_line = inner[0] if inner else None
        if element.get(CAPTION) or element.tag == "figcaption":
            self._flush()
            self._caption = element
        label = element.get(TAB)
        if label:
            self._flush()
            self._tabs.append(OpenTab(element, label, len(self.pieces)))
        leave = super()._enter(element)
        self._stamp()
        return leave

    def _close(self, element: _Element) -> None:
        super()._close(element)
        if element is self._caption:
            self._flush()
            self._caption = None
        self._stamp()
        if self._tabs and self._tabs[-1].panel is element:
            self._flush()
            inside = self.pieces[self._tabs.pop().first :]
            if levels := [piece.level for piece in inside if piece.kind == "heading"]:
                self.pieces.append(Piece("end", "", min(levels)))

    def _flush(self) -> None:
        super()._flush()
        self._stamp()

    def _heading(self, element: _Element) -> None:
        if self._quotes <= 0:
            super()._heading(element)
            return
        self._flush()  # the title of a quotation heads nothing behind it
        if text := line(element):
            self._emit("quote", f"> {text}")

    def _leads_about(self, element: _Element) -> bool:
        return False  # no theme has added it: the author lists what belongs to the text

    def _take_back(self) -> None:
        super()._take_back()
        self._stamped = min(self._stamped, len(self.pieces))

    def _emit_item(self, text: str) -> None:
        defines = bool(self._definitions) and self._marker.endswith(": ")
        super()._emit_item(text)
        if defines and self.pieces[-1].kind == "list_item":
            self.pieces[-1] = replace(self.pieces[-1], kind="definition")

    def _stamp(self) -> None:
        """Places the pieces that have come since the last time."""
        fresh = range(self._stamped, len(self.pieces))
        self._stamped = len(self.pieces)
        for at in fresh:
            piece = self.pieces[at]
            if piece.kind == "end":
                continue
            flags = piece.flags + tuple(f"tab={tab.label}" for tab in self._tabs)
            captioned = self._caption is not None and piece.kind == "paragraph"
            kind: BlockKind | Literal["end"] = "caption" if captioned else piece.kind
            self.pieces[at] = replace(piece, kind=kind, flags=flags, place=self._place(piece))
        self._part(fresh)

    def _place(self, piece: Piece) -> Place | None:
        if self._lines_now is None:
            return None
        first, last = self._lines_now
        if piece.kind == "admonition" and self._label_line is not None:
            first, self._label_line = min(first, self._label_line), None
        if piece.kind == "definition" and self._term_line is not None:
            first, self._term_line = min(first, self._term_line), None
        last = min(last, len(self._lines) - 1)
        while last > first and not self._lines[last].strip(" \t>"):
            last -= 1
        return Place(start=self._starts[first], end=self._starts[last] + len(self._lines[last]))

    def _part(self, fresh: range) -> None:
        """A bold question and its answer in one paragraph each get their own part of it."""
        if len(fresh) != 2:
            return
        question, answer = (self.pieces[at] for at in fresh)
        place = question.place
        if question.kind != "heading" or place is None or place != answer.place:
            return
        if place.start is None or place.end is None:
            return
        end = _QUESTION_END.search(self._source, place.start, place.end)
        if end:
            self.pieces[fresh[0]] = replace(question, place=Place(start=place.start, end=end.end()))
            self.pieces[fresh[1]] = replace(answer, place=Place(start=end.end(), end=place.end))


def _without_targets(listed: _Element) -> None:
    """Makes links of a list lead nowhere, so that it is no table of contents that a theme made."""
    for link in listed.iter("a"):
        above = link.getparent()
        if above is not None and above.tag != "sup" and link.get("href"):
            link.set("href", "")


def _span(element: _Element) -> tuple[int, int] | None:
    told = element.get(PLACE)
    if not told:
        return None
    first, _, last = told.partition(":")
    return (int(first), int(last)) if first.isdigit() and last.isdigit() else None


def _is_labelled(element: _Element) -> bool:
    """Whether an element is an admonition made of a construct with a line of its own."""
    return "admonition" in (element.get("class") or "").split()


def _alert_line(element: _Element) -> int | None:
    """The line of the label that a quotation begins with."""
    first = next(iter(element), None)
    if first is None:
        return None
    titled = "admonition-title" in (first.get("class") or "")
    if not titled and shapes.label_in_quote(element) is None:
        return None
    lines = _span(first)
    return lines[0] if lines else None
