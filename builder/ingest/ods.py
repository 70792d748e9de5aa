"""An OpenDocument spreadsheet (.ods, .ots, .fods) to pieces, values as they are shown.

Every cell keeps the text that its program last showed, so that no format has to be applied. Rows
and columns that stand for many (a sheet is filled up to its millionth row) are bounded.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING

from builder.ingest import odf_inline, odf_package
from builder.ingest.cell_regions import Box, Sheet, left_out, workbook
from builder.ingest.container import Unreadable
from builder.ingest.grid import raised
from builder.ingest.inline import content
from builder.ingest.odf_package import (
    CHART,
    CONFIG,
    CONTENT,
    DRAW,
    OFFICE,
    STYLE,
    TABLE,
    TEXT,
    Package,
)  # fmt: skip
from builder.ingest.odf_styles import Styles
from builder.ingest.odf_tables import MAX_REPEATED, count
from builder.ingest.parsed import Parsed, Refused
from builder.text import whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

_CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
_READ = tuple(
    f"{TABLE}{name}" for name in "table-column table-row shapes table database-range".split()
)
_WHOLE = f"{OFFICE}spreadsheet"
_HIDDEN = ("collapse", "filter")
_CELL = r"\.\$?([A-Z]{1,3})\$?(\d{1,7})"
_SHEET = r"\$?('(?:[^']|'')*'|[^.:']*)"
_RANGE = re.compile(f"{_SHEET}{_CELL}:{_SHEET}{_CELL}")
_REFERENCE = re.compile(r"\[([^\[\]]*)\]")
_VALUES = ("string-value", "date-value", "time-value", "boolean-value", "value")


def parse(data: bytes) -> Parsed | Refused:
    """The sheets of an OpenDocument spreadsheet."""
    return odf_package.read(data, "an OpenDocument spreadsheet", _parsed)


def _parsed(package: Package) -> Parsed:
    reader = _Reader(package)
    sheets = reader.sheets()
    return workbook(sheets, n_sheets=len(sheets), title=package.title())


class _Reader:
    """Reads the sheets of a file, element by element."""

    def __init__(self, package: Package) -> None:
        self._package = package
        own = package.styles
        self._styles = Styles(*([] if own is None or package.is_flat else [own]))
        self._frozen = dict(_frozen_rows(package.settings))
        self._n_repeated = MAX_REPEATED
        self._sheets: list[Sheet] = []
        self._by_name: dict[str, Sheet] = {}
        self._table: _Element | None = None
        self._columns: list[tuple[int, bool, str]] = []  # last one of each kind, hidden, its style
        self._row = 0
        self._in_row: list[tuple[int, str]] = []  # filled cells by their columns
        self._strong = cache(
            lambda name: self._styles.is_bold(name) or self._styles.is_shaded(name)
        )

    def sheets(self) -> list[Sheet]:
        """All sheets in their order, hidden ones included."""
        whole = False
        tags = (f"{STYLE}style", f"{STYLE}default-style", *_READ, _WHOLE)
        for element in self._package.container.elements(CONTENT, *tags):
            tag = element.tag
            if tag in (f"{STYLE}style", f"{STYLE}default-style"):
                self._styles.add(deepcopy(element))
            elif tag == _WHOLE:
                whole = True
            elif tag == f"{TABLE}database-range":
                self._database(element)
            elif next(element.iterancestors(f"{DRAW}object"), None) is None:
                self._part(element, str(tag).removeprefix(TABLE))
        if not whole:
            raise Unreadable("corrupt", f"the part {CONTENT} holds no spreadsheet")
        return self._sheets

    def _part(self, element: _Element, name: str) -> None:
        """A column, a row, the shapes or the end of a sheet."""
        table = element if name == "table" else next(element.iterancestors(f"{TABLE}table"), None)
        if table is None:
            return
        sheet = self._sheet(table)
        if name == "table-column":
            last = self._columns[-1][0] if self._columns else 0
            hidden = element.get(f"{TABLE}visibility") in _HIDDEN
            style = element.get(f"{TABLE}default-cell-style-name") or ""
            self._columns.append((last + count(element, "columns-repeated"), hidden, style))
            if hidden:
                sheet.columns.add(last + 1, self._columns[-1][0])
        elif name == "table-row":
            self._read_row(element, sheet)
        elif name == "shapes":
            self._drawn(element, sheet)

    def _sheet(self, table: _Element) -> Sheet:
        """The sheet of a table, begun with its first element."""
        if table is not self._table:
            self._table, self._columns, self._row = table, [], 0
            sheet = Sheet(table.get(f"{TABLE}name") or "")
            sheet.frozen = self._frozen.get(sheet.name, 0)
            sheet.is_hidden = self._styles.is_hidden("table", table.get(f"{TABLE}style-name") or "")
            self._sheets.append(sheet)
            self._by_name.setdefault(sheet.name, sheet)
        return self._sheets[-1]

    def _read_row(self, row: _Element, sheet: Sheet) -> None:
        """The cells of a row, in each row that it stands for."""
        first = self._row + 1
        n_rows = count(row, "rows-repeated")
        self._row += n_rows
        self._in_row = []
        hidden = row.get(f"{TABLE}visibility") in _HIDDEN
        if hidden:
            sheet.rows.add(first, self._row)
        column = 1
        for cell in row.iterchildren(*_CELLS):
            n_columns = count(cell, "columns-repeated")
            self._read_cell(cell, sheet, (first, column), n_columns, hidden=hidden)
            column += n_columns
        if next(row.iterancestors(f"{TABLE}table-header-rows"), None) is not None:
            sheet.frozen = sheet.frozen or first
        if n_rows > 1 and self._in_row:
            self._repeat_row(sheet, self._in_row, first, n_rows)

    def _repeat_row(
        self, sheet: Sheet, cells: list[tuple[int, str]], first: int, n_rows: int
    ) -> None:
        """Write a row that holds text into the rows below it that it stands for."""
        times = min(n_rows - 1, self._n_repeated // len(cells))
        self._n_repeated -= times * len(cells)
        for row in range(first + 1, first + 1 + times):
            for at, text in cells:
                sheet.cells[row, at] = text
        if times < n_rows - 1:
            what = f"{n_rows - 1 - times} repeated rows of sheet {sheet.name}"
            sheet.dropped.append(left_out(what, [text for _, text in cells], "repeated"))

    def _read_cell(
        self, cell: _Element, sheet: Sheet, at: tuple[int, int], n_columns: int, *, hidden: bool
    ) -> None:
        row, column = at
        text = self._text(cell)
        self._drawn(cell, sheet)
        own = cell.get(f"{TABLE}style-name") or self._default_style(cell, column)
        strong = bool(own) and self._strong(own)
        if not text.strip():
            if strong and (row, column - 1) in sheet.strong:
                sheet.gaps.add(at)
            return
        if hidden or cell.tag == _CELLS[1] or self._told_column(column)[1]:
            sheet.hidden.append(text)
            return
        times = min(n_columns, self._n_repeated + 1)
        self._n_repeated -= times - 1
        for number in range(column, column + times):
            sheet.cells[row, number] = text
            self._in_row.append((number, text))
            if strong:
                sheet.strong.add((row, number))
        if times < n_columns:
            what = f"{n_columns - times} repeated cells of sheet {sheet.name}"
            sheet.dropped.append(left_out(what, [text], "repeated"))
        across, down = (count(cell, f"{side}-spanned") for side in ("columns", "rows"))
        if across > 1 or down > 1:
            sheet.merged.append(Box(row, column, row + down - 1, column + across - 1))

    def _default_style(self, cell: _Element, column: int) -> str:
        row = cell.getparent()
        told = row.get(f"{TABLE}default-cell-style-name") if row is not None else None
        return told or self._told_column(column)[2]

    def _told_column(self, column: int) -> tuple[int, bool, str]:
        at = bisect_left(self._columns, column, key=itemgetter(0))
        return self._columns[at] if at < len(self._columns) else (column, False, "")

    def _text(self, cell: _Element) -> str:
        """What a cell shows; a formula that was never computed shows itself."""
        paragraphs = list(cell.iterchildren(f"{TEXT}p"))
        if paragraphs:
            return "\n".join(map(self._paragraph, paragraphs))
        for name in _VALUES:
            value = cell.get(OFFICE + name)
            if value is not None:
                return value
        return _formula(cell.get(f"{TABLE}formula") or "")

    def _paragraph(self, paragraph: _Element) -> str:
        if not len(paragraph):
            return " ".join((paragraph.text or "").split())
        found = odf_inline.runs(
            paragraph, lambda words: self._styles.look("", words), self._package.embedded
        )
        return "".join(
            raised(run.text) if run.look.raised else run.text
            for run in found
            if run.kind in ("text", "formula")
        )

    def _drawn(self, element: _Element, sheet: Sheet) -> None:
        """The comments, text boxes and charts in a cell or on a sheet."""
        for child in element:
            if child.tag == f"{OFFICE}annotation":
                sheet.dropped.append(
                    left_out("comments", [odf_inline.said(child).strip()], "comment")
                )
            elif str(child.tag).startswith(DRAW):
                for frame in child.iter(f"{DRAW}frame"):
                    self._chart(frame, sheet)
                sheet.boxes += map(odf_inline.said, child.iter(f"{TEXT}p"))

    def _chart(self, frame: _Element, sheet: Sheet) -> None:
        """The words of a chart; its numbers stand in cells."""
        root = self._package.embedded(frame)
        if root is not None and next(root.iter(f"{CHART}chart"), None) is not None:
            titles = [content(title) for title in root.iter(f"{CHART}title")]
            sheet.dropped.append(left_out(f"chart on sheet {sheet.name}", titles, "chart"))

    def _database(self, element: _Element) -> None:
        """A range that the file defines as a table."""
        found = _RANGE.fullmatch(element.get(f"{TABLE}target-range-address") or "")
        if found is None:
            return
        name, left, top, _, right, bottom = found.groups()
        name = name.strip("'").replace("''", "'")
        box = Box(int(top), _column(left), int(bottom), _column(right))
        n_head = int(element.get(f"{TABLE}contains-header") != "false")
        sheet = self._by_name.get(name)
        if sheet is not None and (box, n_head) not in sheet.tables[-1:]:
            sheet.tables.append((box, n_head))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _formula(told: str) -> str:
    """A formula as a program shows it: "of:=SUM([.A1:.A9])" is "=SUM(A1:A9)"."""
    formula = told[told.find("=") :] if "=" in told else ""
    return _REFERENCE.sub(lambda found: found[1].replace(":.", ":").removeprefix("."), formula)


def _frozen_rows(settings: _Element | None) -> Iterator[tuple[str, int]]:
    """How many rows of each sheet stay in view, by its name."""
    for entry in settings.iter(f"{CONFIG}config-item-map-entry") if settings is not None else ():
        told = {
            item.get(f"{CONFIG}name"): item.text or ""
            for item in entry.iterchildren(f"{CONFIG}config-item")
        }
        if told.get("VerticalSplitMode") == "2":
            name = entry.get(f"{CONFIG}name") or ""
            yield name, whole_number(told.get("VerticalSplitPosition"))
