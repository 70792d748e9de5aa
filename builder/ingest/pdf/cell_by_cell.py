"""Tables without lines whose cells are drawn one after the other, wrapped lines and all.

Below the last line of a cell the maker goes back up, to the first line of the next one: prose never
does. So columns are told even where their heads stand no farther from each other than words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.ingest.pdf import row_starts
from builder.ingest.pdf.page import Box, Run

_AT = 1.0  # points: so near to the edge of a column its cells begin
_LEVEL, _SMALL = 0.4, 0.55  # times the size: how far words of a line, and smaller ones, may be off
_SAME_CELL = 1.8  # times the size: the most from one line of a cell to the next
_NEW_ROW = 3.2  # times the size: the most from one row to the next
_BACK = 0.5  # times the size: so much before the end of a run the next may begin
_MOST_LINES = 15  # of a cell whose end is gone back from
_MOST_COLUMNS = 20
_TWO = 2  # columns, which need a head
_TWICE = 2  # rows in which it is gone back up, at least
_MANY = 0.5  # of the rows: so many begin a cell at a column that no jump tells
Cells = list[list[Run]]


@dataclass(slots=True)
class Found:
    """The rows of a table, and the box that it stands in."""

    rows: list[Cells]
    box: Box


@dataclass(slots=True)
class _Line:
    """Runs that are drawn one after the other on one baseline, from left to right."""

    runs: list[Run]

    @property
    def x0(self) -> float:
        return self.runs[0].x0

    @property
    def x1(self) -> float:
        return max(run.x1 for run in self.runs)

    @property
    def y(self) -> float:
        return max(self.runs, key=lambda run: run.size).y

    @property
    def size(self) -> float:
        return max(run.size for run in self.runs)


def found(runs: Sequence[Run]) -> Iterator[Found]:
    """The tables that the order of drawing tells."""
    lines_ = _drawn_lines(sorted(runs, key=lambda run: run.order))
    done = 0  # lines before it are in a table, or in none
    for at in range(1, len(lines_)):
        if at <= done or _block_above(lines_, at, done) is None:
            continue
        table = _table(lines_, at, done)
        if table is None:
            continue
        first, done, stops = table
        made = _made(lines_[first:done], stops) if stops else None
        if made is not None:
            yield made


def _drawn_lines(runs: Sequence[Run]) -> list[_Line]:
    lines_: list[_Line] = []
    for run in runs:
        last = lines_[-1].runs[-1] if lines_ else None
        if last is not None and _is_level(last, run) and run.x0 > last.x1 - _BACK * run.size:
            lines_[-1].runs.append(run)
        else:
            lines_.append(_Line([run]))
    return lines_


def _is_level(one: Run, other: Run) -> bool:
    slack = _LEVEL if abs(one.size - other.size) < 0.15 * one.size else _SMALL
    return abs(one.y - other.y) <= slack * max(one.size, other.size)


def _block_above(lines_: Sequence[_Line], at: int, done: int) -> tuple[int, float] | None:
    """The first line of the cell from whose end a line goes back up, and where the cell begins.

    None where the line does not go back up to the height of that first line, and right of the cell.
    """
    line, left = lines_[at], lines_[at - 1].x0
    if line.y >= lines_[at - 1].y - _LEVEL * line.size:
        return None
    right = lines_[at - 1].x1
    for first in range(at - 2, max(done, at - _MOST_LINES) - 1, -1):
        above, below = lines_[first], lines_[first + 1]
        begun = [at for at, run in enumerate(above.runs) if abs(run.x0 - left) <= _AT]
        near = _LEVEL * line.size < below.y - above.y < _SAME_CELL * line.size
        right = max(right, above.x1)
        if not begun or not near:
            return None
        if abs(above.y - line.y) <= _LEVEL * line.size:
            return (first, left) if line.x0 > right + _AT else None
        if begun[0] > 0:  # the cells before it are of one line each
            return None
    return None


def _table(lines_: Sequence[_Line], at: int, done: int) -> tuple[int, int, list[float]] | None:
    """The first line of a table that is gone back up in at a line, the one behind it, its columns.

    None where hardly a row tells that it is one; no columns where they are too many.
    """
    block = _block_above(lines_, at, done)
    if block is None:
        return None
    first, left = block
    stops = _with([], lines_[first].x0, left, lines_[at].x0)
    tops = [lines_[first].y]  # of the rows in which it is gone back up
    end, low = at + 1, lines_[at - 1].y
    while end < len(lines_):
        line, above = lines_[end], lines_[end - 1]
        if line.y < above.y - _LEVEL * line.size:
            back = _block_above(lines_, end, first)
            if back is None or len(stops) > _MOST_COLUMNS:
                break
            if abs(lines_[back[0]].y - tops[-1]) > _LEVEL * line.size:
                tops.append(lines_[back[0]].y)
            stops = _with(stops, back[1], line.x0)
        else:
            stops = _with(stops, line.x0) if _is_rest(above, line) else stops
            if line.y - low > _NEW_ROW * line.size or _cells(line, stops) is None:
                break
        low = max(low, line.y)
        end += 1
    if len(stops) > _MOST_COLUMNS:
        return first, end, []
    if len(tops) < _TWICE:
        return None
    end = _without_rest(lines_, first, end, stops)
    return _with_rows_above(lines_, first, done, stops), end, stops


def _is_rest(above: _Line, line: _Line) -> bool:
    """Whether a line stands below a word of the one above that is not its first."""
    near = _LEVEL * line.size < line.y - above.y < _SAME_CELL * line.size
    return near and any(abs(run.x0 - line.x0) <= _AT for run in above.runs[1:])


def _with(stops: Sequence[float], *added: float) -> list[float]:
    """Where columns begin, with others."""
    kept = list(stops)
    for x in added:
        if not any(abs(x - stop) <= 2 * _AT for stop in kept):
            kept.append(x)
    return sorted(kept)


def _cells(line: _Line, stops: Sequence[float]) -> Cells | None:
    """The cells of a line, None where it begins at no column or goes on over one."""
    cells: Cells = [[] for _ in stops]
    at = -1
    for run in line.runs:
        begun = bisect_right(stops, run.x0 + _AT) - 1
        if begun > at and abs(run.x0 - stops[begun]) <= _AT:
            at = begun
        if at < 0 or (at + 1 < len(stops) and run.x1 > stops[at + 1] + _AT):
            return None
        cells[at].append(run)
    return cells


def _columns(line: _Line, stops: Sequence[float]) -> list[int]:
    """The columns in which a line has cells."""
    return [at for at, cell in enumerate(_cells(line, stops) or []) if cell]


def _without_rest(lines_: Sequence[_Line], first: int, end: int, stops: Sequence[float]) -> int:
    """Where a table ends, without the lines in its first column that have nothing beside them."""
    last = end
    while last > first + 1 and _columns(lines_[last - 1], stops) == [0]:
        last -= 1
    return last


def _with_rows_above(lines_: Sequence[_Line], first: int, done: int, stops: Sequence[float]) -> int:
    """The first line of a table with the rows above that no line is gone back up in."""
    kept = first
    for at in range(first - 1, done - 1, -1):
        line, below = lines_[at], lines_[at + 1]
        gap = below.y - line.y
        if not _LEVEL * line.size < gap < _NEW_ROW * line.size:
            break
        columns = _columns(line, stops)
        if not columns or columns == [0]:
            break
        if columns[0] == 0:
            kept = at
    return kept


def _made(lines_: Sequence[_Line], stops: Sequence[float]) -> Found | None:
    """The table of lines, None where one of them goes over the columns after all."""
    rows = _rows(lines_, stops)
    added = _more_stops(lines_, stops, rows) if rows else []
    rows = _rows(lines_, _with(stops, *added)) if added else rows
    runs = [run for line in lines_ for run in line.runs]
    if all(run.font.fixed for run in runs) or len(rows) < row_starts.FEW:
        return None
    if len(rows[0]) == _TWO and not (row_starts.heavy(rows[0]) and not row_starts.heavy(rows[1])):
        return None  # as terms have, and what explains them
    box = (
        min(run.x0 for run in runs), min(run.top for run in runs),
        max(run.x1 for run in runs), max(run.bottom for run in runs),
    )  # fmt: skip
    return Found(rows, box)


def _rows(lines_: Sequence[_Line], stops: Sequence[float]) -> list[Cells]:
    """The rows of a table, none where a line goes over its columns: one goes back to the left."""
    rows: list[Cells] = []
    last = 0  # the column in which the line above ends
    for above, line in zip([None, *lines_], lines_, strict=False):
        cells = _cells(line, stops)
        if cells is None:
            return []
        columns = [at for at, cell in enumerate(cells) if cell]
        below = above is not None and line.y > above.y + _LEVEL * line.size
        if above is None or (below and columns[0] < last):
            rows.append([[] for _ in stops])
        for at in columns:
            rows[-1][at] += cells[at]
        last = columns[-1]
    return rows


def _more_stops(
    lines_: Sequence[_Line], stops: Sequence[float], rows: Sequence[Cells]
) -> list[float]:
    """Where columns begin that no line is gone back up to: all lines that reach them begin there.

    The first line, which has the heads, is one of them.
    """
    found_: list[float] = []
    for run in lines_[0].runs[1:_MOST_COLUMNS]:
        x = run.x0
        if any(abs(x - stop) <= 2 * _AT for stop in stops):
            continue
        if any(_goes_over(*pair, x) for pair in zip(lines_, [*lines_[1:], None], strict=True)):
            continue
        n_begun = sum(any(abs(run.x0 - x) <= _AT for cell in row for run in cell) for row in rows)
        if n_begun >= max(_TWICE, _MANY * len(rows)):
            found_.append(x)
    return found_


def _goes_over(line: _Line, below: _Line | None, x: float) -> bool:
    """Whether a line goes on over a place; below: the line that is drawn next."""
    reaches = line.x0 < x - _AT and line.x1 > x + _AT
    if not reaches:
        return False
    if not any(abs(run.x0 - x) <= _AT for run in line.runs):
        return any(run.x0 < x - _AT and run.x1 > x + _AT for run in line.runs)
    if below is None or not line.y + _LEVEL * line.size < below.y:
        return False
    left = max((run.x0 for run in line.runs if abs(run.x0 - below.x0) <= _AT), default=x)
    return line.x0 < left < x - _AT and below.y - line.y < _SAME_CELL * line.size
