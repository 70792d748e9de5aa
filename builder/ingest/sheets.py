"""Workbooks and CSV files to pieces, values as they are shown."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest.cell_formats import BUILT_IN, shown
from builder.ingest.cell_regions import Box, Sheet, left_out, workbook
from builder.ingest.column_names import LONG, Table, goes_on, header_rows
from builder.ingest.container import Container, Unreadable, read
from builder.ingest.docx_items import one_line
from builder.ingest.grid import pipe_table, raised
from builder.ingest.parsed import Parsed, Piece, Refused
from builder.ingest.story import length
from builder.records import Dropped, Place

if TYPE_CHECKING:
    from lxml.etree import _Element

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SEPARATORS = (";", "\t", ",", "|")
_SAMPLE = 200  # rows that a dialect is judged by
_MAX_OPEN = 10  # quotes without an end that are looked for in a file
_FEW_LINES = 5  # of one cell, that a table stands beside


def parse_xlsx(data: bytes) -> Parsed | Refused:
    """The sheets of a workbook as tables."""
    return read(data, "an Excel workbook", _workbook)


def parse_csv(text: str) -> Parsed | Refused:
    """A CSV or TSV file as a table, one per block of rows between blank lines."""
    separator = _separator(text)
    try:
        rows = list(_csv_rows(text, separator))
    except csv.Error as error:
        return Refused("corrupt", f"the file is no CSV: {error}")
    pieces: list[Piece] = []
    groups = _groups(rows)
    in_table = any(not all(_is_line(row.cells) for row in group) for group in groups)
    for group in groups:
        pieces += _csv_pieces(group, beside_table=in_table)
    return Parsed(pieces=pieces, visible=sum(length(cell) for row in rows for cell in row.cells))


class _CsvRow(NamedTuple):
    cells: list[str]
    start: int  # character offsets of the lines that the row takes
    end: int


def _separator(text: str) -> str:
    """The character that parts the first rows into equally many cells, as most do."""
    told = re.match(r"\ufeff?sep=(.)\r?\n", text, re.I)
    if told:
        return told[1]
    sample = text[:100_000]
    scores: list[tuple[float, int, str]] = []
    for rank, separator in enumerate(_SEPARATORS):
        try:
            rows = [
                row for row, _ in zip(_csv_rows(sample, separator), range(_SAMPLE), strict=False)
            ]
        except csv.Error:
            continue
        widths = Counter(len(row.cells) for row in rows if row.cells)
        if widths:
            width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
            scores.append((count / widths.total() if width > 1 else 0.0, -rank, separator))
    best = max(scores, default=(0.0, 0, ","))
    return best[2] if best[0] > 0 else ","


def _csv_rows(text: str, separator: str) -> Iterator[_CsvRow]:
    """The rows with their offsets; a blank line gives a row without cells."""
    lines = text.splitlines(keepends=True) if "\r" in text else re.findall(r"[^\n]*\n|[^\n]+", text)
    ends = [0]
    for line in lines:
        ends.append(ends[-1] + len(line))
    first = int(bool(re.match(r"\ufeff?sep=.\r?\n", text, re.I)))
    limit = csv.field_size_limit(2**31 - 1)
    try:
        n_open = 0
        while first < len(lines):
            for row, at, end in _read_rows(lines, first, separator):
                is_open = end == len(lines) and end > at + 1 and n_open < _MAX_OPEN
                is_open = is_open and _never_closes(lines[at:end], separator)
                first = at + 1 if is_open else end
                said = lines[at].split(separator) if is_open else row
                cells = [cell.strip() for cell in said]
                yield _CsvRow(cells if any(cells) else [], ends[at], ends[first])
                if is_open:  # its quote is a letter: the rows below are none of its cell
                    n_open += 1
                    break
    finally:
        csv.field_size_limit(limit)


def _never_closes(lines: Sequence[str], separator: str) -> bool:
    """Whether the last of some rows is within quotes at its end."""
    try:
        reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
        deque(reader, maxlen=0)
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _read_rows(
    lines: Sequence[str], first: int, separator: str
) -> Iterator[tuple[list[str], int, int]]:
    """The rows from a line on, with their first line and the line behind their last."""
    reader = csv.reader(islice(lines, first, None), delimiter=separator, skipinitialspace=True)
    at = first
    for row in reader:
        yield row, at, first + reader.line_num
        at = first + reader.line_num


def _groups(rows: Sequence[_CsvRow]) -> list[list[_CsvRow]]:
    """The rows between blank lines; a table goes on below a single one."""
    groups: list[list[_CsvRow]] = []
    table = Table([], 0)
    for n_blank, block in _blocks(rows):
        cells = [row.cells for row in block]
        if n_blank == 1 and goes_on(table, cells):
            groups[-1] += block
            continue
        groups.append(block)
        cells = cells[_n_titles(cells) :]
        table = Table(cells, 0 if _is_line(cells[-1]) else header_rows(cells))
    return groups


def _blocks(rows: Sequence[_CsvRow]) -> Iterator[tuple[int, list[_CsvRow]]]:
    """The rows between blank lines, and how many of these are above them."""
    n_blank = 0
    for blank, block in groupby(rows, lambda row: not row.cells):
        if blank:
            n_blank = sum(1 for _ in block)
        else:
            yield n_blank, list(block)


def _n_titles(cells: Sequence[Sequence[str]]) -> int:
    """How many lines of one cell are above the rows of a table."""
    if all(map(_is_line, cells)):
        return 0
    return next(at for at, row in enumerate(cells) if not _is_line(row))


def _is_line(row: Sequence[str]) -> bool:
    return sum(map(bool, row)) == 1


def _csv_pieces(rows: list[_CsvRow], *, beside_table: bool) -> Iterator[Piece]:
    """A block of rows: title lines, then the table.

    beside_table: whether the file holds a table, so that a few lines of one cell are text.
    """
    n_titles = _n_titles([row.cells for row in rows])
    for row in rows[:n_titles]:
        yield Piece("paragraph", next(filter(None, row.cells)), place=_span([row]))
    rows = rows[n_titles:]
    width = max(sum(map(bool, row.cells)) for row in rows)
    few = len(rows) <= (_FEW_LINES if beside_table else 1)
    if width == 1 and (few or any(len(row.cells[0]) > LONG for row in rows)):
        for row in rows:
            yield Piece("paragraph", one_line(" ".join(row.cells)), place=_span([row]))
        return
    used = max(at + 1 for row in rows for at, cell in enumerate(row.cells) if cell)
    cells = [row.cells[:used] for row in rows]
    n_head = header_rows(cells)
    table = pipe_table(cells, n_head)
    if table:
        yield Piece("table", table, header_rows=n_head, place=_span(rows))


def _span(rows: Sequence[_CsvRow]) -> Place:
    return Place(start=rows[0].start, end=rows[-1].end)


class _Styles(NamedTuple):
    """Number format and emphasis by the number of a cell style."""

    codes: list[str]
    strong: list[bool]


def _workbook(container: Container) -> Parsed:
    main = container.main("xl/workbook.xml")
    if main not in container or not main.startswith("xl/"):
        raise Unreadable("unknown_format", "the archive holds no Excel workbook")
    if main.endswith(".bin"):
        raise Unreadable("unknown_format", "this is a binary Excel workbook: save it as .xlsx")
    root = container.xml(main)
    rels = container.rels(main)
    parts = {relation.kind: relation.target for relation in rels}
    targets = {relation.id: relation.target for relation in rels}
    reader = _Cells(
        strings=list(_strings(container, parts.get("sharedStrings", ""))),
        styles=_styles(container.optional_xml(parts.get("styles", ""))),
        from_1904=_is_true(root.find(f"{_S}workbookPr"), "date1904"),
    )
    listed = list(root.iter(f"{_S}sheet"))
    core = container.optional_xml("docProps/core.xml")
    return workbook(
        (_sheet(container, reader, element, targets) for element in listed),
        n_sheets=len(listed),
        title=(core.findtext(_DC_TITLE) if core is not None else "") or "",
    )


def _sheet(
    container: Container, reader: _Cells, element: _Element, targets: Mapping[str, str]
) -> Sheet:
    """The sheet that an entry of the workbook's list refers to."""
    name = element.get("name") or ""
    part = targets.get(element.get(f"{_R}id") or "", "")
    if not part:
        raise Unreadable("corrupt", f"the workbook lists the sheet {name!r}, which is missing")
    if "/worksheets/" not in part:  # a sheet that is all chart
        return Sheet(name, dropped=list(_charts(container, part, name)))
    sheet = reader.sheet(container, part, name)
    sheet.dropped += _left_out(container, part, name)
    sheet.is_hidden = element.get("state") in ("hidden", "veryHidden")
    sheet.boxes += _text_boxes(container, part)
    return sheet


def _left_out(container: Container, part: str, name: str) -> list[Dropped]:
    """The comments and charts of a sheet."""
    found = []
    for relation in container.rels(part):
        if relation.kind == "comments":
            texts = [text.text or "" for text in container.xml(relation.target).iter(f"{_S}t")]
            found.append(left_out("comments", texts, "comment"))
    return [*found, *_charts(container, part, name)]


def _charts(container: Container, part: str, name: str) -> Iterator[Dropped]:
    """The words of the charts on a sheet; their numbers stand in cells."""
    for drawing in _related(container, part, "drawing"):
        for chart in _related(container, drawing, "chart"):
            texts = [text.text or "" for text in container.xml(chart).iter(f"{_A}t")]
            yield left_out(f"chart on sheet {name}", texts, "chart")


def _text_boxes(container: Container, part: str) -> Iterator[str]:
    """The text boxes and labelled shapes of a sheet, a paragraph for each of theirs."""
    for drawing in _related(container, part, "drawing"):
        for shape in container.xml(drawing).iter(f"{_XDR}sp"):
            for paragraph in shape.iter(f"{_A}p"):
                yield "".join(run.text or "" for run in paragraph.iter(f"{_A}t"))


def _related(container: Container, part: str, kind: str) -> list[str]:
    """The parts that a part refers to as a kind, those that are there."""
    found = [relation.target for relation in container.rels(part) if relation.kind == kind]
    return [target for target in found if target in container]


def _strings(container: Container, part: str) -> Iterator[str]:
    if part in container:
        for element in container.elements(part, f"{_S}si"):
            yield _rich(element)


def _rich(element: _Element) -> str:
    """The text of a string with or without runs, readings of Japanese words left out."""
    parts = [_unescaped(element.findtext(f"{_S}t") or "")]
    for run in element.findall(f"{_S}r"):
        text = _unescaped(run.findtext(f"{_S}t") or "")
        height = run.find(f"{_S}rPr/{_S}vertAlign")
        high = height is not None and height.get("val") == "superscript"
        parts.append(raised(text) if high else text)
    return "".join(parts)


def _unescaped(text: str) -> str:
    """The text with what Excel writes as _xHHHH_, such as ends of lines (ECMA-376, 22.9.2.19)."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(escaped: re.Match[str]) -> str:
    code = int(escaped[1], 16)
    return escaped[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def _styles(root: _Element | None) -> _Styles:
    """What each cell style shows, and whether it is bold or filled."""
    if root is None:
        return _Styles([], [])
    own = {
        element.get("numFmtId") or "": element.get("formatCode") or ""
        for element in root.iter(f"{_S}numFmt")
    }
    fonts, fills = root.find(f"{_S}fonts"), root.find(f"{_S}fills")
    bold = [
        any(mark.get("val") not in ("0", "false") for mark in font.findall(f"{_S}b"))
        for font in (fonts if fonts is not None else ())
    ]
    filled = [
        fill.find(f"{_S}patternFill[@patternType='solid']") is not None
        for fill in (fills if fills is not None else ())
    ]
    codes, strong = [], []
    formats = root.find(f"{_S}cellXfs")
    for style in formats if formats is not None else ():
        number = style.get("numFmtId") or "0"
        codes.append(own.get(number) or BUILT_IN.get(_int(number), "General"))
        strong.append(
            _at(bold, _int(style.get("fontId"))) or _at(filled, _int(style.get("fillId")))
        )
    return _Styles(codes, strong)


def _at(flags: Sequence[bool], at: int) -> bool:
    return at < len(flags) and flags[at]


def _int(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _is_true(element: _Element | None, name: str) -> bool:
    return element is not None and element.get(name) in ("1", "true", "on")


class _Cells:
    """Reads sheets with the strings and styles of their workbook."""

    def __init__(self, *, strings: Sequence[str], styles: _Styles, from_1904: bool) -> None:
        self._strings, self._styles, self._from_1904 = strings, styles, from_1904

    def sheet(self, container: Container, part: str, name: str) -> Sheet:
        """All filled cells that are not in hidden rows or columns."""
        sheet = Sheet(name)
        last = 0
        tags = [_S + tag for tag in ("row", "col", "mergeCell", "autoFilter", "pane")]
        tags.append(f"{_S}worksheet")
        whole = False
        for element in container.elements(part, *tags):
            if element.tag == f"{_S}row":
                last = _int(element.get("r")) or last + 1
                self._row(element, last, sheet)
            elif element.tag == f"{_S}col" and _is_true(element, "hidden"):
                sheet.columns.add(_int(element.get("min")), _int(element.get("max")))
            elif element.tag == f"{_S}pane" and (element.get("state") or "").startswith("frozen"):
                sheet.frozen = _int(element.get("ySplit"))
            elif element.tag == f"{_S}worksheet":
                whole = True
            elif element.tag == f"{_S}mergeCell":
                sheet.merged += _boxes(element.get("ref"))
            elif element.tag == f"{_S}autoFilter":
                sheet.tables += [(box, 1) for box in _boxes(element.get("ref"))]
        if not whole:
            raise Unreadable("corrupt", f"the part {part} is no sheet")
        for relation in container.rels(part):
            if relation.kind == "table":
                root = container.xml(relation.target)
                n_head = _int(root.get("headerRowCount") or "1")
                sheet.tables += [(box, n_head) for box in _boxes(root.get("ref"))]
        return sheet

    def _row(self, row: _Element, number: int, sheet: Sheet) -> None:
        gone = _is_true(row, "hidden")
        if gone:
            sheet.rows.add(number, number)
        column = 0
        for cell in row.iterchildren(f"{_S}c"):
            at = _reference(cell.get("r"))
            column = at[1] if at else column + 1
            text = self._text(cell)
            strong = _at(self._styles.strong, _int(cell.get("s")))
            if not text.strip():
                if strong and (number, column - 1) in sheet.strong:
                    sheet.gaps.add((number, column))
                continue
            if gone or column in sheet.columns:
                sheet.hidden.append(text)
                continue
            sheet.cells[number, column] = text
            if strong:
                sheet.strong.add((number, column))

    def _text(self, cell: _Element) -> str:
        """What a cell shows; a formula that was never computed shows itself."""
        kind = cell.get("t") or "n"
        value = cell.findtext(f"{_S}v")
        inline = cell.find(f"{_S}is")
        if kind == "inlineStr" or (inline is not None and not value):
            return _rich(inline) if inline is not None else ""
        if not value:
            formula = cell.findtext(f"{_S}f")
            never = value is None or kind == "n"  # not computed, rather than an empty string
            return f"={formula}" if formula and never else ""
        if kind == "s":
            number = _int(value)
            if not value.strip().isdecimal() or number >= len(self._strings):
                raise Unreadable(
                    "corrupt", f"a cell refers to the string {value}, which is missing"
                )
            return self._strings[number]
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        if kind in ("str", "e", "d"):
            return _unescaped(value)
        return self._shown(value.strip(), _int(cell.get("s")))

    def _shown(self, value: str, style: int) -> str:
        codes = self._styles.codes
        try:
            number = float(value)
        except ValueError:
            return value
        if number != number or abs(number) > 1e300:
            return value
        code = codes[style] if style < len(codes) else "General"
        return shown(number, code, from_1904=self._from_1904) if code else value


def _reference(text: str | None) -> tuple[int, int] | None:
    """Row and column of "C12", 1-based."""
    match = _REFERENCE.fullmatch(text or "")
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return int(match[2]), column


def _boxes(text: str | None) -> list[Box]:
    """The ranges in a list such as "A1:C9 E1"."""
    found = []
    for part in (text or "").split():
        first, _, last = part.partition(":")
        begin, end = _reference(first), _reference(last or first)
        if begin and end and begin <= end:
            found.append(Box(*begin, *end))
    return found
