"""The filled cells of sheets as pieces: one table per region of cells.

A region is a block of filled cells between blank rows and columns, or a table that the workbook
defines. Words that stand alone above a table (its title) and long notes below are paragraphs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from builder.ingest.column_names import LONG, Table, goes_on, header_rows
from builder.ingest.docx_items import one_line
from builder.ingest.grid import pipe_table
from builder.ingest.parsed import Parsed, Piece
from builder.ingest.story import length
from builder.records import Dropped, Place

MAX_MERGED = 2_000  # cells that one merged value is repeated in
MAX_REPEATED = 200_000  # cells of a sheet that hold repeated values
MAX_TABLES = 200  # of a sheet, as the workbook defines them
SPARSE = 20  # cells of a region per filled one, above which it is no table
MAX_HEAD = 3  # header rows

_GENERIC = re.compile(r"(?:sheet|tabelle|table|feuil(?:le)?|hoja|foglio|blad|ark|лист)\s*\d*", re.I)

Cell = tuple[int, int]  # row and column, from 1


class Unseen:
    """The numbers of hidden rows, or of hidden columns: their neighbours are shown side by side."""

    def __init__(self) -> None:
        self._first: list[int] = []
        self._last: list[int] = []
        self._before = [0]  # hidden numbers before each range, and before what would follow

    def add(self, first: int, last: int) -> None:
        """Numbers from first to last; those come in their order."""
        first = max(first, self._last[-1] + 1 if self._last else 1)
        if first > last:
            return
        if self._last and self._last[-1] == first - 1:
            self._last[-1] = last
        else:
            self._first.append(first)
            self._last.append(last)
            self._before.append(0)
        self._before[-1] = self._before[-2] + last - self._first[-1] + 1

    def __bool__(self) -> bool:
        return bool(self._first)

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self._first, number)
        return at > 0 and number <= self._last[at - 1]

    def before(self, number: int) -> int:
        """How many hidden ones come before a number."""
        at = bisect_right(self._first, number)
        return self._before[at] - max(0, self._last[at - 1] + 1 - number if at else 0)


@dataclass(slots=True)
class Sheet:
    """The filled cells of a sheet by (row, column), 1-based.

    strong: bold or filled ones; gaps: blank ones right of these that look the same.
    hidden: texts of hidden rows and columns, which are rows and columns; boxes: paragraphs of
    text boxes.
    tables: those that the workbook defines, each with its number of header rows; frozen: rows.
    """

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    strong: set[tuple[int, int]] = field(default_factory=set)
    gaps: set[tuple[int, int]] = field(default_factory=set)
    hidden: list[str] = field(default_factory=list)
    merged: list[Box] = field(default_factory=list)
    tables: list[tuple[Box, int]] = field(default_factory=list)
    frozen: int = 0
    boxes: list[str] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    is_hidden: bool = False
    rows: Unseen = field(default_factory=Unseen)
    columns: Unseen = field(default_factory=Unseen)


class Box(NamedTuple):
    top: int
    left: int
    bottom: int
    right: int


def workbook(sheets: Iterable[Sheet], *, n_sheets: int, title: str) -> Parsed:
    """The sheets of a workbook, each under its name."""
    pieces: list[Piece] = []
    dropped: list[Dropped] = []
    kept = 0
    for sheet in sheets:
        dropped += sheet.dropped
        if sheet.is_hidden:
            dropped.append(left_out(f"sheet {sheet.name}", sheet.cells.values()))
            continue
        if sheet.hidden:
            dropped.append(left_out(f"rows and columns of sheet {sheet.name}", sheet.hidden))
        place = Place(sheet=sheet.name)
        boxes = [Piece("paragraph", text, place=place) for text in map(one_line, sheet.boxes)]
        found = [*_regions(sheet), *(box for box in boxes if box.text)]
        if found and not (n_sheets == 1 and _GENERIC.fullmatch(sheet.name)):
            pieces.append(Piece("heading", one_line(sheet.name), level=2, place=place))
        pieces += found
        kept += sum(map(length, sheet.cells.values())) + sum(length(box.text) for box in boxes)
    return Parsed(
        pieces=pieces,
        title=one_line(title),
        by_name=True,
        visible=kept + sum(region.characters for region in dropped),
        dropped=tuple(dropped),
        notes=tuple(f"{region.what}: left out ({region.reason})" for region in dropped),
    )


def left_out(what: str, texts: Iterable[str], reason: str = "hidden") -> Dropped:
    """A region of a workbook that is not read."""
    text = " ".join(texts)
    return Dropped(what=what, reason=reason, characters=length(text), beginning=text[:80])


def _name(box: Box) -> str:
    first, last = (f"{_letters(c)}{r}" for r, c in ((box.top, box.left), (box.bottom, box.right)))
    return first if first == last else f"{first}:{last}"


def _letters(column: int) -> str:
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _regions(sheet: Sheet) -> Iterator[Piece]:
    """The tables and paragraphs of a sheet, from the top left on."""
    filled = dict(sheet.cells)
    repeated = 0
    for box in sheet.merged:
        if repeated < MAX_REPEATED:
            repeated += _fill(sheet, filled, box)
    free = set(filled)
    found: list[tuple[set[Cell], int | None]] = []
    for box, n_head in sheet.tables[:MAX_TABLES]:
        inside = {at for at in free if _is_in(at, box)}
        if len(inside) > 1:
            found.append((inside, n_head))
            free -= inside
    found += [(island, None) for island in _as_shown(sheet, filled, free)]
    for cells, told in sorted(found, key=lambda item: min(item[0])):
        yield from _region(sheet, filled, cells, told)


def _fill(sheet: Sheet, filled: dict[Cell, str], box: Box) -> int:
    """Repeats a merged value in all cells that it spans and that are shown; says in how many."""
    text = filled.get((box.top, box.left))
    size = (box.bottom - box.top + 1) * (box.right - box.left + 1)
    if text is None or size > MAX_MERGED:
        return 0
    columns = [at for at in range(box.left, box.right + 1) if at not in sheet.columns]
    for row in range(box.top, box.bottom + 1):
        if row not in sheet.rows:
            for column in columns:
                filled.setdefault((row, column), text)
    return size


def _is_in(at: Cell, box: Box) -> bool:
    return box.top <= at[0] <= box.bottom and box.left <= at[1] <= box.right


def _as_shown(sheet: Sheet, filled: Mapping[Cell, str], free: set[Cell]) -> list[set[Cell]]:
    """The blocks of cells; hidden rows and columns (those that a filter hides) part none."""
    if not (sheet.rows or sheet.columns):
        return _joined(sheet, filled, _islands(sheet, free))

    def shown(cell: Cell) -> Cell:
        row, column = cell
        return row - sheet.rows.before(row), column - sheet.columns.before(column)

    tight = Sheet(
        sheet.name,
        cells={shown(cell): text for cell, text in sheet.cells.items()},
        strong={shown(cell) for cell in sheet.strong},
        gaps={
            shown(at) for at in sheet.gaps if at[0] not in sheet.rows and at[1] not in sheet.columns
        },
        frozen=sheet.frozen - sheet.rows.before(sheet.frozen + 1),
    )
    back = {shown(cell): cell for cell in filled}
    moved = {at: filled[cell] for at, cell in back.items()}
    islands = _islands(tight, {shown(cell) for cell in free})
    return [{back[at] for at in island} for island in _joined(tight, moved, islands)]


def _islands(sheet: Sheet, cells: set[Cell]) -> list[set[Cell]]:
    """The blocks of cells that blank rows and columns part, cut in turns until none is left.

    A blank column parts nothing where the strong row above it runs on over it.
    """
    found: list[set[Cell]] = []
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
    cells: Sequence[Cell], axis: int, bridged: frozenset[int] = frozenset()
) -> list[list[Cell]]:
    """The cells parted where a whole row (axis 0) or column (1) is blank, but for bridged ones."""
    parts: list[list[Cell]] = []
    before = -1
    for cell in sorted(cells, key=lambda cell: cell[axis]):
        parted = cell[axis] > before + 1
        if not parts or (parted and not (cell[axis] == before + 2 and before + 1 in bridged)):
            parts.append([])
        parts[-1].append(cell)
        before = cell[axis]
    return parts


def _bridged(sheet: Sheet, cells: Sequence[Cell]) -> frozenset[int]:
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
    sheet: Sheet, filled: Mapping[Cell, str], islands: Sequence[set[Cell]]
) -> list[set[Cell]]:
    """The islands; where a table goes on below a single blank row, both as one."""
    found: list[set[Cell]] = []
    tables: list[Table] = []
    ends: dict[Cell, int] = {}  # last row and first column -> number of the island
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


def _table_of(sheet: Sheet, rows: Mapping[int, Mapping[int, str]]) -> Table:
    """The table of an island below its title lines; one without names where a note ends it."""
    numbers = sorted(rows)
    while len(numbers) > 1 and _is_lone(rows[numbers[0]]):
        numbers.pop(0)
    if _is_lone(rows[numbers[-1]]):
        return Table([], 0)
    grid = _grid(rows, numbers)
    return Table(grid, _n_head(sheet, grid, numbers, rows))


def _rows(filled: Mapping[Cell, str], cells: Iterable[Cell]) -> dict[int, dict[int, str]]:
    rows: dict[int, dict[int, str]] = {}
    for row, column in sorted(cells):
        rows.setdefault(row, {})[column] = filled[row, column]
    return rows


def _grid(rows: Mapping[int, Mapping[int, str]], numbers: Sequence[int]) -> list[list[str]]:
    """The rows as lists of equal length, columns without any text left out."""
    columns = sorted({column for number in numbers for column in rows[number]})
    return [[rows[number].get(column, "") for column in columns] for number in numbers]


def _region(
    sheet: Sheet, filled: Mapping[Cell, str], cells: set[Cell], told: int | None
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


def _bounds(rows: Mapping[int, Mapping[int, str]], numbers: Sequence[int]) -> Box:
    columns = [column for number in numbers for column in rows[number]]
    return Box(numbers[0], min(columns), numbers[-1], max(columns))


def _lone(sheet: Sheet, rows: Mapping[int, Mapping[int, str]], number: int) -> Piece:
    """A row as a paragraph, each value once."""
    text = ", ".join(map(one_line, dict.fromkeys(rows[number].values())))
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
    sheet: Sheet,
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


def _is_strong(sheet: Sheet, rows: Mapping[int, Mapping[int, str]], number: int) -> bool:
    """Whether all cells of a row that hold a value themselves are bold or filled."""
    return all((number, column) in sheet.strong for column in _own(sheet, rows, number))


def _own(sheet: Sheet, rows: Mapping[int, Mapping[int, str]], number: int) -> list[int]:
    """The columns of a row whose cells hold a value themselves, not by a merge."""
    return [column for column in rows[number] if (number, column) in sheet.cells]
