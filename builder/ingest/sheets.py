"""Workbooks and CSV files to pieces: one table per region of cells, values as they are shown.

A region is a block of filled cells between blank rows and columns, or a table that the workbook
defines. Words that stand alone above a table (its title) and long notes below are paragraphs.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest.cell_formats import BUILT_IN, shown
from builder.ingest.column_names import LONG, Table, goes_on, header_rows
from builder.ingest.container import Container, Unreadable, read
from builder.ingest.grid import pipe_table, raised
from builder.ingest.parsed import Parsed, Piece, Refused
from builder.records import Dropped, Place

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_MERGED = 2_000  # cells that one merged value is repeated in
MAX_REPEATED = 200_000  # cells of a sheet that hold repeated values
MAX_TABLES = 200  # of a sheet, as the workbook defines them
SPARSE = 20  # cells of a region per filled one, above which it is no table
MAX_HEAD = 3  # header rows

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_GENERIC = re.compile(r"(?:sheet|tabelle|table|feuil(?:le)?|hoja|foglio|blad|ark|лист)\s*\d*", re.I)
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
    return Parsed(pieces=pieces, visible=sum(_length(cell) for row in rows for cell in row.cells))


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
            yield Piece("paragraph", _one_line(" ".join(row.cells)), place=_span([row]))
        return
    used = max(at + 1 for row in rows for at, cell in enumerate(row.cells) if cell)
    cells = [row.cells[:used] for row in rows]
    n_head = header_rows(cells)
    table = pipe_table(cells, n_head)
    if table:
        yield Piece("table", table, header_rows=n_head, place=_span(rows))


def _span(rows: Sequence[_CsvRow]) -> Place:
    return Place(start=rows[0].start, end=rows[-1].end)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _length(text: str) -> int:
    return len("".join(text.split()))


@dataclass(slots=True)
class _Sheet:
    """The filled cells of a sheet by (row, column), 1-based.

    strong: bold or filled ones; gaps: blank ones right of these that look the same.
    """

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    strong: set[tuple[int, int]] = field(default_factory=set)
    gaps: set[tuple[int, int]] = field(default_factory=set)
    hidden: list[str] = field(default_factory=list)
    merged: list[_Box] = field(default_factory=list)
    tables: list[tuple[_Box, int]] = field(default_factory=list)
    frozen: int = 0


class _Box(NamedTuple):
    top: int
    left: int
    bottom: int
    right: int


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
    pieces: list[Piece] = []
    dropped: list[Dropped] = []
    listed = list(root.iter(f"{_S}sheet"))
    for element in listed:
        part = targets.get(element.get(f"{_R}id") or "", "")
        if not part:
            name = element.get("name")
            raise Unreadable("corrupt", f"the workbook lists the sheet {name!r}, which is missing")
        if "/worksheets/" not in part:  # a sheet that is all chart
            dropped += _charts(container, part, element.get("name") or "")
            continue
        sheet = reader.sheet(container, part, element.get("name") or "")
        dropped += _left_out(container, part, sheet.name)
        if element.get("state") in ("hidden", "veryHidden"):
            dropped.append(_dropped(f"sheet {sheet.name}", sheet.cells.values()))
            continue
        if sheet.hidden:
            dropped.append(_dropped(f"rows and columns of sheet {sheet.name}", sheet.hidden))
        boxes = list(_text_boxes(container, part, sheet.name))
        reader.kept += sum(_length(box.text) for box in boxes)
        found = [*_regions(sheet), *boxes]
        if found and not (len(listed) == 1 and _GENERIC.fullmatch(sheet.name)):
            place = Place(sheet=sheet.name)
            pieces.append(Piece("heading", _one_line(sheet.name), level=2, place=place))
        pieces += found
        reader.kept += sum(map(_length, sheet.cells.values()))
    core = container.optional_xml("docProps/core.xml")
    return Parsed(
        pieces=pieces,
        title=_one_line((core.findtext(_DC_TITLE) if core is not None else "") or ""),
        by_name=True,
        visible=reader.kept + sum(region.characters for region in dropped),
        dropped=tuple(dropped),
        notes=tuple(f"{region.what}: left out ({region.reason})" for region in dropped),
    )


def _dropped(what: str, texts: Iterable[str], reason: str = "hidden") -> Dropped:
    text = " ".join(texts)
    return Dropped(what=what, reason=reason, characters=_length(text), beginning=text[:80])


def _left_out(container: Container, part: str, name: str) -> list[Dropped]:
    """The comments and charts of a sheet."""
    found = []
    for relation in container.rels(part):
        if relation.kind == "comments":
            texts = [text.text or "" for text in container.xml(relation.target).iter(f"{_S}t")]
            found.append(_dropped("comments", texts, "comment"))
    return [*found, *_charts(container, part, name)]


def _charts(container: Container, part: str, name: str) -> Iterator[Dropped]:
    """The words of the charts on a sheet; their numbers stand in cells."""
    for drawing in _related(container, part, "drawing"):
        for chart in _related(container, drawing, "chart"):
            texts = [text.text or "" for text in container.xml(chart).iter(f"{_A}t")]
            yield _dropped(f"chart on sheet {name}", texts, "chart")


def _text_boxes(container: Container, part: str, name: str) -> Iterator[Piece]:
    """The text boxes and labelled shapes of a sheet, a paragraph for each of theirs."""
    for drawing in _related(container, part, "drawing"):
        for shape in container.xml(drawing).iter(f"{_XDR}sp"):
            for paragraph in shape.iter(f"{_A}p"):
                text = _one_line("".join(run.text or "" for run in paragraph.iter(f"{_A}t")))
                if text:
                    yield Piece("paragraph", text, place=Place(sheet=name))


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
        self.kept = 0

    def sheet(self, container: Container, part: str, name: str) -> _Sheet:
        """All filled cells that are not in hidden rows or columns."""
        sheet = _Sheet(name)
        hidden_columns: list[tuple[int, int]] = []
        last = 0
        tags = [_S + tag for tag in ("row", "col", "mergeCell", "autoFilter", "pane")]
        tags.append(f"{_S}worksheet")
        whole = False
        for element in container.elements(part, *tags):
            if element.tag == f"{_S}row":
                last = _int(element.get("r")) or last + 1
                self._row(element, last, sheet, hidden_columns)
            elif element.tag == f"{_S}col" and _is_true(element, "hidden"):
                hidden_columns.append((_int(element.get("min")), _int(element.get("max"))))
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

    def _row(
        self, row: _Element, number: int, sheet: _Sheet, hidden: Sequence[tuple[int, int]]
    ) -> None:
        gone = _is_true(row, "hidden")
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
            if gone or any(first <= column <= last for first, last in hidden):
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


def _boxes(text: str | None) -> list[_Box]:
    """The ranges in a list such as "A1:C9 E1"."""
    found = []
    for part in (text or "").split():
        first, _, last = part.partition(":")
        begin, end = _reference(first), _reference(last or first)
        if begin and end and begin <= end:
            found.append(_Box(*begin, *end))
    return found


def _name(box: _Box) -> str:
    first, last = (f"{_letters(c)}{r}" for r, c in ((box.top, box.left), (box.bottom, box.right)))
    return first if first == last else f"{first}:{last}"


def _letters(column: int) -> str:
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


_Cell = tuple[int, int]


def _regions(sheet: _Sheet) -> Iterator[Piece]:
    """The tables and paragraphs of a sheet, from the top left on."""
    filled = dict(sheet.cells)
    repeated = 0
    for box in sheet.merged:
        if repeated < MAX_REPEATED:
            repeated += _fill(filled, box)
    free = set(filled)
    found: list[tuple[set[_Cell], int | None]] = []
    for box, n_head in sheet.tables[:MAX_TABLES]:
        inside = {at for at in free if _is_in(at, box)}
        if len(inside) > 1:
            found.append((inside, n_head))
            free -= inside
    found += [(island, None) for island in _joined(sheet, filled, _islands(sheet, free))]
    for cells, told in sorted(found, key=lambda item: min(item[0])):
        yield from _region(sheet, filled, cells, told)


def _fill(filled: dict[_Cell, str], box: _Box) -> int:
    """Repeats a merged value in all cells that it spans, and says in how many."""
    text = filled.get((box.top, box.left))
    size = (box.bottom - box.top + 1) * (box.right - box.left + 1)
    if text is None or size > MAX_MERGED:
        return 0
    for row in range(box.top, box.bottom + 1):
        for column in range(box.left, box.right + 1):
            filled.setdefault((row, column), text)
    return size


def _is_in(at: _Cell, box: _Box) -> bool:
    return box.top <= at[0] <= box.bottom and box.left <= at[1] <= box.right


def _islands(sheet: _Sheet, cells: set[_Cell]) -> list[set[_Cell]]:
    """The blocks of cells that blank rows and columns part, cut in turns until none is left.

    A blank column parts nothing where the strong row above it runs on over it.
    """
    found: list[set[_Cell]] = []
    pending = [(sorted(cells), True, False)]
    while pending:
        group, by_row, whole = pending.pop()
        if not group:
            continue
        parts = _cut(group, 0) if by_row else _cut(group, 1, bridged=_bridged(sheet, group))
        if len(parts) == 1 and whole:
            found.append(set(group))
        else:
            pending += [(part, not by_row, len(parts) == 1) for part in parts]
    return found


def _cut(
    cells: Sequence[_Cell], axis: int, bridged: frozenset[int] = frozenset()
) -> list[list[_Cell]]:
    """The cells parted where a whole row (axis 0) or column (1) is blank, but for bridged ones."""
    parts: list[list[_Cell]] = []
    before = -1
    for cell in sorted(cells, key=lambda cell: cell[axis]):
        parted = cell[axis] > before + 1
        if not parts or (parted and not (cell[axis] == before + 2 and before + 1 in bridged)):
            parts.append([])
        parts[-1].append(cell)
        before = cell[axis]
    return parts


def _bridged(sheet: _Sheet, cells: Sequence[_Cell]) -> frozenset[int]:
    """The columns at whose top a strong row runs on over a blank cell, and only there."""
    top = min(cells)[0]
    return frozenset(
        column + 1
        for row, column in cells
        if row < top + MAX_HEAD
        and {(row, column), (row, column + 2)} <= sheet.strong
        and (row, column + 1) in sheet.gaps
        and (row + 1, column + 1) not in sheet.gaps
    )


def _joined(
    sheet: _Sheet, filled: Mapping[_Cell, str], islands: Sequence[set[_Cell]]
) -> list[set[_Cell]]:
    """The islands; where a table goes on below a single blank row, both as one."""
    found: list[set[_Cell]] = []
    tables: list[Table] = []
    ends: dict[_Cell, int] = {}  # last row and first column -> number of the island
    for island in sorted(islands, key=min):
        rows = _rows(filled, island)
        box = _bounds(rows, sorted(rows))
        at = ends.pop((box.top - 2, box.left), len(found))
        grid = _grid(rows, sorted(rows))
        if at < len(found) and not _is_strong(sheet, rows, box.top) and goes_on(tables[at], grid):
            found[at] |= island
        else:
            at = len(found)
            found.append(island)
            tables.append(_table_of(sheet, rows))
        ends[box.bottom, box.left] = at
    return found


def _table_of(sheet: _Sheet, rows: Mapping[int, Mapping[int, str]]) -> Table:
    """The table of an island below its title lines; one without names where a note ends it."""
    numbers = sorted(rows)
    while len(numbers) > 1 and _is_lone(rows[numbers[0]]):
        numbers.pop(0)
    if _is_lone(rows[numbers[-1]]):
        return Table([], 0)
    grid = _grid(rows, numbers)
    return Table(grid, _n_head(sheet, grid, numbers, rows))


def _rows(filled: Mapping[_Cell, str], cells: Iterable[_Cell]) -> dict[int, dict[int, str]]:
    rows: dict[int, dict[int, str]] = {}
    for row, column in sorted(cells):
        rows.setdefault(row, {})[column] = filled[row, column]
    return rows


def _grid(rows: Mapping[int, Mapping[int, str]], numbers: Sequence[int]) -> list[list[str]]:
    """The rows as lists of equal length, columns without any text left out."""
    columns = sorted({column for number in numbers for column in rows[number]})
    return [[rows[number].get(column, "") for column in columns] for number in numbers]


def _region(
    sheet: _Sheet, filled: Mapping[_Cell, str], cells: set[_Cell], told: int | None
) -> Iterator[Piece]:
    """One region: its title lines, its table, its notes."""
    rows = _rows(filled, cells)
    numbers = sorted(rows)
    wide = max(len(set(row.values())) for row in rows.values())
    if told is None and wide > 1:
        while _is_lone(rows[numbers[0]]) and len(numbers) > 1:
            yield _lone(sheet, rows, numbers.pop(0))
    notes: list[int] = []
    while told is None and wide > 1 and len(numbers) > 2 and _is_note(rows[numbers[-1]]):
        notes.insert(0, numbers.pop())
    box = _bounds(rows, numbers)
    area = (box.bottom - box.top + 1) * (box.right - box.left + 1)
    n_filled = sum(len(rows[number]) for number in numbers)
    if _is_prose(rows, numbers, told) or area > 1000 + SPARSE * n_filled:
        for number in numbers:
            yield _lone(sheet, rows, number)
    else:
        grid = _grid(rows, numbers)
        n_head = _n_head(sheet, grid, numbers, rows) if told is None else min(told, len(grid) - 1)
        table = pipe_table(grid, n_head)
        if table:
            place = Place(sheet=sheet.name, cells=_name(box))
            yield Piece("table", table, header_rows=n_head, place=place)
    for number in notes:
        yield _lone(sheet, rows, number)


def _bounds(rows: Mapping[int, Mapping[int, str]], numbers: Sequence[int]) -> _Box:
    columns = [column for number in numbers for column in rows[number]]
    return _Box(numbers[0], min(columns), numbers[-1], max(columns))


def _lone(sheet: _Sheet, rows: Mapping[int, Mapping[int, str]], number: int) -> Piece:
    """A row as a paragraph, each value once."""
    text = ", ".join(map(_one_line, dict.fromkeys(rows[number].values())))
    cells = _name(_bounds(rows, [number]))
    return Piece("paragraph", text, place=Place(sheet=sheet.name, cells=cells))


def _is_lone(row: Mapping[int, str]) -> bool:
    """Whether a row holds a single value, in however many cells."""
    return len(set(row.values())) == 1


def _is_note(row: Mapping[int, str]) -> bool:
    return _is_lone(row) and len(next(iter(row.values()))) > LONG


def _is_prose(
    rows: Mapping[int, Mapping[int, str]], numbers: Sequence[int], told: int | None
) -> bool:
    """Whether a region of one column (or value) is lines of text rather than a table."""
    if told is not None or any(len(set(rows[number].values())) > 1 for number in numbers):
        return False
    texts = [next(iter(rows[number].values())) for number in numbers]
    return len(texts) < 3 or any(len(text) > LONG or text.endswith(".") for text in texts)


def _n_head(
    sheet: _Sheet,
    grid: Sequence[Sequence[str]],
    numbers: Sequence[int],
    rows: Mapping[int, Mapping[int, str]],
) -> int:
    """How many rows name the columns: bold or filled ones, frozen ones, else a row of words."""
    strong, first = 0, _bounds(rows, numbers).left
    for number in numbers[:-1]:
        if not _is_strong(sheet, rows, number):
            break
        if strong and _is_lone(rows[number]) and first in rows[number]:
            break  # the name of a section
        strong += 1
    if 0 < strong <= MAX_HEAD:
        return strong
    frozen = sum(number <= sheet.frozen for number in numbers)
    if 0 < frozen <= MAX_HEAD and frozen < len(numbers):
        return frozen
    return header_rows(grid)


def _is_strong(sheet: _Sheet, rows: Mapping[int, Mapping[int, str]], number: int) -> bool:
    """Whether all cells of a row that hold a value themselves are bold or filled."""
    return all((number, column) in sheet.strong for column in _own(sheet, rows, number))


def _own(sheet: _Sheet, rows: Mapping[int, Mapping[int, str]], number: int) -> list[int]:
    """The columns of a row whose cells hold a value themselves, not by a merge."""
    return [column for column in rows[number] if (number, column) in sheet.cells]
