"""An OpenDocument presentation (.odp, .otp, .fodp) to pieces; slides.py tells in which order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from builder.ingest import odf_chart, odf_inline, odf_package, slides
from builder.ingest.docx_items import TYPED_BULLET, one_line
from builder.ingest.docx_styles import Look
from builder.ingest.grid import pipe_table, raised
from builder.ingest.odf_package import (
    DRAW,
    MATH,
    OFFICE,
    PRESENTATION,
    SVG,
    TABLE,
    TEXT,
    Package,
    twips,
)
from builder.ingest.odf_styles import Lists, OpenList, Styles
from builder.ingest.odf_tables import cells, grid, table_rows
from builder.ingest.parsed import Parsed, Piece, Refused
from builder.ingest.slides import PLAIN_SIZE, Deck, Line, Shape, Slide, as_pieces

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROLES = {
    "title": "title", "subtitle": "subTitle", "outline": "body", "header": "hdr", "footer": "ftr",
    "date-time": "dt", "page-number": "sldNum", "notes": "notes",
}  # fmt: skip
_EMPTY = f"{PRESENTATION}placeholder"  # what says so shows only what belongs there
_GROUPS = (f"{DRAW}g", f"{DRAW}a")
_TRANSLATED = re.compile(r"translate\s*\(\s*([-\d.]+[a-z]{2})[\s,]+([-\d.]+[a-z]{2})\s*\)")
_EMU = 635  # in a twentieth of a point
_HUNDREDTHS = 50  # of a point, in half a point


def parse(data: bytes) -> Parsed | Refused:
    """The content of an OpenDocument presentation."""
    return odf_package.read(data, "an OpenDocument presentation", _parsed)


def _parsed(package: Package) -> Parsed:
    styles = Styles(*package.roots())
    pages = package.body("presentation").iterchildren(f"{DRAW}page")
    read = [_slide(page, number, styles) for number, page in enumerate(pages, 1)]
    return _Deck(package, styles, read).parsed(package.title())


def _slide(page: _Element, number: int, styles: Styles) -> Slide:
    hidden = styles.is_hidden("drawing-page", page.get(f"{DRAW}style-name") or "")
    shapes = [_shape(element, place, styles) for element, place in _shapes(page)]
    said = [shape for shape in shapes if shape.words]
    if len(said) == 1 and said[0].role == "subTitle" and said[0].n_lines == 1:
        shapes = [replace(said[0], role="title")]  # a layout with words in its middle alone
    return Slide(number=number, part="", hidden=hidden, shapes=shapes, element=page)


def _shapes(page: _Element) -> Iterator[tuple[_Element, tuple[float, ...]]]:
    """The shapes of a page, those of groups included, and where each stands."""
    stack: list[tuple[_Element, tuple[float, ...]]] = [(child, ()) for child in reversed(page)]
    while stack:
        element, group = stack.pop()
        if element.tag in _GROUPS:
            inside = (shape for shape in element.iterdescendants() if shape.get(f"{SVG}x"))
            group = group or min(map(_position, inside), default=(0.0, 0.0))
            stack += [(child, group) for child in reversed(element)]
        elif (
            str(element.tag).startswith(DRAW)
            and element.get(f"{PRESENTATION}placeholder") != "true"
        ):
            at = _position(element)
            yield element, (*group, *at) if group else (*at, 0.0, 0.0)


def _position(element: _Element) -> tuple[float, float]:
    """Top and left of a shape in EMU."""
    moved = _TRANSLATED.search(element.get(f"{DRAW}transform") or "")
    left, top = moved.groups() if moved else (element.get(f"{SVG}x"), element.get(f"{SVG}y"))
    return (twips(top) or 0) * _EMU, (twips(left) or 0) * _EMU


def _shape(element: _Element, place: tuple[float, ...], styles: Styles) -> Shape:
    paragraphs = [p for p in element.iter(f"{TEXT}p", f"{TEXT}h") if odf_inline.said(p).strip()]
    looks = [look for p in paragraphs for look in _looks(p, element, styles)]
    listed = any(True for p in paragraphs[:1] for _ in p.iterancestors(f"{TEXT}list"))
    text = element.find(f"{DRAW}text-box") is not None or element.tag != f"{DRAW}frame"
    return Shape(
        element=element,
        role=_ROLES.get(element.get(f"{PRESENTATION}class") or "", ""),
        place=place,
        words=one_line(" ".join(map(odf_inline.said, paragraphs))),
        n_lines=len(paragraphs),
        bold=bool(looks) and all(look.bold for look in looks),
        listed=listed,
        size=max((look.size for look in looks), default=0) * _HUNDREDTHS or PLAIN_SIZE,
        is_text=text,
    )


def _around(shape: _Element) -> tuple[str, str]:
    """Family and name of the style of a shape."""
    told = shape.get(f"{PRESENTATION}style-name")
    return ("presentation", told) if told else ("graphic", shape.get(f"{DRAW}style-name") or "")


def _looks(paragraph: _Element, shape: _Element, styles: Styles) -> Iterator[Look]:
    """The looks of the words of a paragraph."""
    style, around = paragraph.get(f"{TEXT}style-name") or "", _around(shape)
    for run in odf_inline.runs(
        paragraph, lambda spans: styles.look(style, spans, around), lambda _: None
    ):
        if run.kind == "text" and run.text.strip():
            yield run.look


class _Deck(Deck):
    def __init__(self, package: Package, styles: Styles, slides: Sequence[Slide]) -> None:
        super().__init__(slides)
        self._package, self._styles = package, styles

    def lines(self, shape: Shape) -> Iterator[Line]:
        """The paragraphs of a shape."""
        return self._lines(shape.element, shape.element, Lists(self._styles), None, "")

    def content(self, shape: Shape, slide: Slide) -> Sequence[Piece]:
        """The pieces of a shape that is no title."""
        table = next(shape.element.iterchildren(f"{TABLE}table"), None)
        if table is not None:
            return self._table(table, shape)
        root = self._package.embedded(shape.element)
        if root is not None:
            return self._object(root)
        return list(as_pieces(list(self.lines(shape))))

    def notes(self, slide: Slide) -> Sequence[Piece]:
        """The speaker's notes of a slide."""
        pieces: list[Piece] = []
        notes = slide.element.find(f"{PRESENTATION}notes") if slide.element is not None else None
        for element, place in _shapes(notes) if notes is not None else ():
            shape = _shape(element, place, self._styles)
            if shape.role == "notes":
                pieces += as_pieces(list(self.lines(shape)))
        return pieces

    def _lines(
        self, root: _Element, shape: _Element, lists: Lists, list_: OpenList | None, marker: str
    ) -> Iterator[Line]:
        """The paragraphs below an element; the first shows the marker of its item."""
        for element in root:
            if element.tag in (f"{TEXT}p", f"{TEXT}h"):
                yield self._line(element, shape, list_.at - 1 if list_ else 0, marker)
                marker = ""
            elif element.tag == f"{TEXT}list":
                inner = lists.enter(element, list_)
                for item, told in lists.items(element, inner):
                    for line in self._lines(item, shape, lists, inner, told):
                        yield line
                        inner.said = True
            elif element.tag != f"{OFFICE}annotation":
                yield from self._lines(element, shape, lists, None, "")

    def _line(self, paragraph: _Element, shape: _Element, level: int, marker: str) -> Line:
        style, around = paragraph.get(f"{TEXT}style-name") or "", _around(shape)
        spans: list[tuple[str, bool]] = []
        for run in odf_inline.runs(
            paragraph,
            lambda words: self._styles.look(style, words, around),
            self._package.embedded,
        ):
            if run.kind in ("text", "formula") and not run.look.hidden:
                self.keep(run.text, run.look.lang)
                spans.append((raised(run.text) if run.look.raised else run.text, run.look.mono))
            elif run.lost[0]:
                self.leave_out(*run.lost, [run.text.strip()])
            elif run.element is not None:
                said = odf_inline.said(run.element).strip()
                self.leave_out("frame in a line", "unsupported", [said])
        raw = "".join(text for text, _ in spans)
        mono = all(fixed for text, fixed in spans if text.strip())
        marker = "" if not raw.strip() or self._styles.is_unnumbered(style) else marker
        text = slides.inline(spans)
        if marker in ("", "-") and not mono and TYPED_BULLET.match(raw.lstrip()):
            marker, text = "-", text[1:].lstrip()
        return Line(text=text, raw=raw.strip("\n"), level=level, marker=marker, mono=mono)

    def _object(self, root: _Element) -> list[Piece]:
        """A formula; a chart as the table of its figures."""
        if root.tag == f"{MATH}math":
            text = odf_inline.formula(root)
            self.keep(text)
            return [Piece("math", f"$$\n{text.strip('$')}\n$$" if text else "")]
        chart = odf_chart.read(root)
        if chart is None:
            self.leave_out("embedded document", "unsupported", ["[not read]"])
            return []
        self.keep(chart.title + "".join(map("".join, chart.rows)))
        table = Piece("table", odf_chart.table(chart), header_rows=1)
        return [Piece("caption", chart.title), table]

    def _table(self, table: _Element, shape: Shape) -> list[Piece]:
        rows = [
            [(self._cell(cell, shape), down, across) for cell, down, across in cells(row)]
            for row, _ in table_rows(table)
        ]
        told = table.get(f"{TABLE}use-first-row-styles") == "true"
        repeated = sum(repeated for _, repeated in table_rows(table))
        n_head = repeated or int(told or self._stands_out(table, shape))
        n_head = n_head if n_head < len(rows) else 0
        return [Piece("table", pipe_table(grid(rows), n_head), header_rows=n_head)]

    def _cell(self, cell: _Element, shape: Shape) -> str:
        lines = self._lines(cell, shape.element, Lists(self._styles), None, "")
        return " ".join(line.text for line in lines if line.text)

    def _stands_out(self, table: _Element, shape: Shape) -> bool:
        """Whether the first row of a table has a colour or type that those below it have not.

        Every other row may have a colour of its own.
        """
        rows = [row for row, _ in islice(table_rows(table), 3)]
        first, *others = map(partial(self._row_look, shape), rows) if rows else [(False, set())]
        return bool(others) and first not in others and (first[0] or len(first[1]) == 1)

    def _row_look(self, shape: Shape, row: _Element) -> tuple[bool, set[str]]:
        """Whether all words of a row are bold, and the colours of its cells."""
        own = row.get(f"{TABLE}default-cell-style-name") or ""
        named = [cell.get(f"{TABLE}style-name") or own for cell, _, _ in cells(row)]
        looks = [
            look
            for paragraph in row.iter(f"{TEXT}p")
            for look in _looks(paragraph, shape.element, self._styles)
        ]
        bold = bool(looks) and all(look.bold for look in looks)
        bold = bold or all(map(self._styles.is_bold, named))
        return bold, {self._styles.fill(name) for name in named}
