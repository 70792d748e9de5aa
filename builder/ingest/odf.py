"""An OpenDocument text (.odt, .ott, .fodt) to pieces, read from its XML.

As the reader of Word files does: with accepted changes, without tables of contents, running heads,
comments and hidden text, which are counted; notes and text boxes after the block that refers to
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from builder.ingest import docx_items, docx_tables, odf_chart, odf_inline, odf_package, odf_tables
from builder.ingest.docx_items import Item
from builder.ingest.docx_styles import Kind
from builder.ingest.docx_tables import MAX_SPAN, Cell, Row
from builder.ingest.odf_package import (
    CONTENT,
    DRAW,
    MATH,
    OFFICE,
    STYLE,
    TABLE,
    TEXT,
    Package,
)  # fmt: skip
from builder.ingest.odf_styles import Lists, OpenList, Styles
from builder.ingest.parsed import Parsed, Refused, has_several_tops
from builder.ingest.story import Span, Story
from builder.text import whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

_FRAME_LEVELS = 20  # of frames in frames that are looked into
_INDEXES = frozenset(
    TEXT + name
    for name in "table-of-content illustration-index table-index object-index user-index "
    "alphabetical-index".split()
)
_NO_CONTENT = frozenset(
    TEXT + name
    for name in "sequence-decls variable-decls user-field-decls dde-connection-decls "
    "alphabetical-index-auto-mark-file index-title-template bibliography-source section-source "
    "soft-page-break".split()
) | {f"{OFFICE}forms", f"{OFFICE}scripts", f"{OFFICE}change-info", f"{OFFICE}event-listeners"}
_MARGINS = {f"{STYLE}header": "header", f"{STYLE}footer": "footer"}


def parse(data: bytes) -> Parsed | Refused:
    """The content of an OpenDocument text."""
    return odf_package.read(data, "an OpenDocument text", _parsed)


def _parsed(package: Package) -> Parsed:
    walk = _Walk(package)
    items = list(walk.blocks(package.body("text")))
    walk.leave_out_margins()
    pieces = docx_items.pieces(items, walk.styles.plain.size)
    return Parsed(
        pieces=pieces,
        title=docx_items.title(items) or package.title(),
        by_name=has_several_tops(pieces),
        lang=walk.lang(),
        notes=walk.notes(),
        visible=walk.visible(),
        dropped=walk.dropped(),
    )


@dataclass(slots=True)
class _Words:
    """What the runs of one paragraph give, and what comes after it."""

    spans: list[Span] = field(default_factory=list)
    notes: list[_Element] = field(default_factory=list)
    frames: list[_Element] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)


class _Walk(Story):
    """Reads the blocks of a text into items."""

    def __init__(self, package: Package) -> None:
        super().__init__()
        self.styles = Styles(*package.roots())
        self._package = package
        self._part = "office:text" if package.is_flat else CONTENT
        self._lists = Lists(self.styles)
        self._depth = 0
        self._n_repeated = odf_tables.MAX_REPEATED

    def blocks(
        self, root: _Element, marker: str = "", list_: OpenList | None = None
    ) -> Iterator[Item]:
        """The blocks below an element; wrappers that are no blocks are looked through.

        marker: that the first paragraph of the item of a list shows.
        """
        stack = list(reversed(root))
        while stack:
            element = stack.pop()
            tag = str(element.tag)
            if tag in (f"{TEXT}p", f"{TEXT}h"):
                yield from self._paragraph(element, marker, list_)
                marker = ""
            elif tag == f"{TEXT}list":
                yield from self._list(element, list_)
                marker = ""
            elif tag == f"{TEXT}numbered-paragraph":
                yield from self._numbered(element)
            elif tag == f"{TABLE}table":
                yield from self._table(element)
                marker = ""
            elif tag.startswith(DRAW):
                yield from self._frame(element)
            elif not self._left_out(element):
                stack.extend(reversed(element))

    def _left_out(self, element: _Element) -> bool:
        """Whether nothing of an element is read; words of it are counted."""
        tag = str(element.tag)
        if tag == f"{TEXT}tracked-changes":
            for deletion in element.iter(f"{TEXT}deletion"):
                self.lose("tracked deletion", "deleted", odf_inline.said(deletion))
        elif tag in _INDEXES:
            for body in element.iterchildren(f"{TEXT}index-body"):
                self.lose("table of contents", "contents", odf_inline.said(body))
        elif tag == f"{TEXT}section" and self._is_hidden(element):
            self.lose("hidden section", "hidden", odf_inline.said(element))
        elif tag == f"{OFFICE}annotation":
            self.lose("comment", "comment", odf_inline.said(element))
        else:
            return tag in _NO_CONTENT
        return True

    def _is_hidden(self, section: _Element) -> bool:
        told = section.get(f"{TEXT}display")
        if told == "condition":
            return section.get(f"{TEXT}is-hidden") == "true"
        name = section.get(f"{TEXT}style-name") or ""
        return told == "none" or self.styles.is_hidden("section", name)

    def _paragraph(
        self, element: _Element, marker: str = "", list_: OpenList | None = None
    ) -> Iterator[Item]:
        style = element.get(f"{TEXT}style-name") or ""
        words, hidden = self._words(element, style)
        if hidden:
            said = "".join(span.text for span in words.spans)
            self.lose("hidden text", "hidden", said, counted=True)
            return
        kind = self._kind(element, style, list_)
        if kind.role == "heading" and odf_inline.is_listed(element):
            said = "".join(span.text for span in words.spans)
            self.lose("table of contents", "contents", said, counted=True)
            return
        alone = bool(words.formulas) and not any(
            span.text.strip() and span.text not in words.formulas for span in words.spans
        )
        if alone and kind.role != "heading" and not marker:
            for text in words.formulas:
                yield Item(kind="math", part=self._part, text=f"$$\n{text.strip('$')}\n$$")
        else:
            shown = "" if self.styles.is_unnumbered(style) else marker
            gap = self.styles.has_gap(style)
            fixed = self._is_fixed(style, words.spans)
            item = self.item(kind, words.spans, self._part, marker=shown, gap=gap, fixed=fixed)
            is_entry = item.kind == "paragraph" and odf_inline.only_leads_on(element)
            yield replace(item, bold=False, size=0) if is_entry else item
        for frame in words.frames:
            yield from self._frame(frame)
        for note in words.notes:
            yield from self._note(note)

    def _kind(self, element: _Element, style: str, list_: OpenList | None) -> Kind:
        """What a paragraph is by its style, its outline level and the list that it stands in."""
        kind = self.styles.paragraph(style)
        if element.tag == f"{TEXT}h" and kind.role in ("body", "heading"):
            level = whole_number(element.get(f"{TEXT}outline-level"), kind.level or 1)
            kind = kind._replace(role="heading", level=max(1, level))
        elif kind.role in ("body", "title", "byline") and odf_inline.is_counted(element):
            kind = kind._replace(role="caption")
        if list_ is None:
            return kind._replace(num="")
        left = self._lists.left(list_)
        return kind._replace(num=list_.style, depth=list_.at, indent=True, left=left)

    def _words(self, element: _Element, style: str) -> tuple[_Words, bool]:
        """The words of a paragraph, and whether it is hidden as a whole."""
        words, hidden = _Words(), False
        for run in odf_inline.runs(
            element, lambda spans: self.styles.look(style, spans), self._package.embedded
        ):
            look = replace(run.look, mono=False) if self.styles.plain.mono else run.look
            if run.kind in ("text", "formula"):
                self.say(words.spans, run.text, look)
                words.formulas += [run.text] if run.kind == "formula" and run.text else []
            elif run.kind == "note" and run.element is not None:
                words.notes.append(run.element)
            elif run.kind == "frame" and run.element is not None:
                words.frames.append(run.element)
            elif run.kind == "hidden":
                hidden = True
            elif run.text:
                self.lose(*run.lost, run.text)
        return words, hidden

    def _is_fixed(self, style: str, spans: Sequence[Span]) -> bool | None:
        """Whether a paragraph without words is set in a fixed-pitch font; None tells by its words.

        False in a document that is all set in one.
        """
        if self.styles.plain.mono:
            return False
        return None if any(span.text.strip() for span in spans) else self.styles.look(style).mono

    def _note(self, note: _Element) -> Iterator[Item]:
        """A footnote or endnote."""
        flag = "endnote" if note.get(f"{TEXT}note-class") == "endnote" else "footnote"
        for body in note.iterchildren(f"{TEXT}note-body"):
            for item in self.blocks(body):
                yield replace(item, flags=(*item.flags, flag))

    def _list(self, element: _Element, above: OpenList | None) -> Iterator[Item]:
        first = next(element.iter(f"{TEXT}p"), None)
        style = (first.get(f"{TEXT}style-name") or "") if first is not None else ""
        list_ = self._lists.enter(element, above, self.styles.paragraph(style).num)
        for item, marker in self._lists.items(element, list_):
            for block in self.blocks(item, marker, list_):
                yield block
                list_.said = True

    def _numbered(self, element: _Element) -> Iterator[Item]:
        """A paragraph that is the item of a list without standing in one."""
        list_, marker = self._lists.numbered(element)
        yield from self.blocks(element, marker, list_)

    def _frame(self, element: _Element) -> Iterator[Item]:
        """What stands in a frame, a shape or a group of them."""
        if element.tag == f"{DRAW}frame":
            root = self._package.embedded(element)
            if root is not None:
                yield from self._object(root)
                return
        if self._depth >= _FRAME_LEVELS:
            self.lose("text box", "too_deep", odf_inline.said(element))
            return
        self._depth += 1
        around = self.level
        items = docx_items.boxed(list(self.blocks(element)), around)
        self.level = around if items and items[-1].kind == "end" else self.level
        self._depth -= 1
        yield from items

    def _object(self, root: _Element) -> Iterator[Item]:
        """A formula on a line of its own, a chart as the table of its figures."""
        if root.tag == f"{MATH}math":
            text = odf_inline.formula(root)
            self.say([], text, self.styles.plain)
            if text:
                yield Item(kind="math", part=self._part, text=f"$$\n{text.strip('$')}\n$$")
            return
        chart = odf_chart.read(root)
        if chart is None:
            self.lose("embedded document", "unsupported", "[not read]")
            return
        self.say([], chart.title + "".join(map("".join, chart.rows)), self.styles.plain)
        yield Item(kind="caption" if chart.title else "blank", part=self._part, text=chart.title)
        text = odf_chart.table(chart)
        if text:
            yield Item(kind="table", part=self._part, text=text, header_rows=1)

    def _table(self, table: _Element) -> Iterator[Item]:
        rows: list[Row] = []
        places: list[list[tuple[str, int, int]]] = []
        for row, repeated in odf_tables.table_rows(table):
            cells, spans = self._cells(row)
            n_times = self._times(row, "rows-repeated", cells)
            rows += [Row(cells, repeated=repeated)] * n_times
            places += [spans] * n_times
        styled = table.get(f"{TABLE}use-first-row-styles") == "true"
        n_head = docx_tables.header_rows(rows, styled=styled)
        yield from self.table(rows, odf_tables.grid(places), n_head, self._part)

    def _cells(self, row: _Element) -> tuple[list[Cell], list[tuple[str, int, int]]]:
        """The cells of a row, and their texts with how far they reach down and across."""
        cells: list[Cell] = []
        spans: list[tuple[str, int, int]] = []
        for element in row.iterchildren(f"{TABLE}covered-table-cell"):
            self.lose("cell below another", "hidden", odf_inline.said(element))
        for element, down, across in odf_tables.cells(row):
            items = list(self.blocks(element))
            style = element.get(f"{TABLE}style-name") or ""
            cell = Cell(items, shaded=self.styles.is_shaded(style), across=across)
            n_times = self._times(element, "columns-repeated", [cell])
            cells += [cell] * n_times
            spans += [(docx_items.cell_text(items), down, across)] * n_times
        return cells, spans

    def _times(self, element: _Element, what: str, cells: Sequence[Cell]) -> int:
        """How many times a cell or row stands in its table, within bounds."""
        told = odf_tables.count(element, what)
        times = max(1, min(told, MAX_SPAN, self._n_repeated // max(1, len(cells))))
        self._n_repeated -= (times - 1) * len(cells)
        said = any(item.kind != "blank" for cell in cells for item in cell.items)
        if said and times < told:
            self.lose(f"{told - times} repeated cells or rows", "repeated", "[not read]")
        return times

    def leave_out_margins(self) -> None:
        """Count the running heads and feet."""
        styles = self._package.styles
        for page in styles.iter(f"{STYLE}master-page") if styles is not None else ():
            for element in page.iterchildren(*_MARGINS):
                self.lose(_MARGINS[str(element.tag)], "running_head", odf_inline.said(element))
