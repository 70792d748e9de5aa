"""Where the next row of a table without lines between its rows begins."""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from builder.ingest.pdf.layout import NUMBER, first_word
from builder.ingest.pdf.page import Page, Run

FLUSH = 2.5  # points: how far the edges of aligned cells may differ
_NEW_ROW = 1.1  # times the distance of lines inside of a cell
_ROOM = 12.0  # points: the most that is left between columns
_STICK_OUT = 0.25  # of the flush lines: so many may be too wide for their column
_WRONG = 0.2  # of the lines: so many may seem to contradict the distances
_PROSE = 40  # characters: a shorter line may be no prose
_LONG = 0.75  # of a column: a longer line comes near its end
_EVEN = 0.5  # points: how far the ends of flush lines may differ
_BLANK = 0.3  # times the size: a blank between words, at least
_TOUCH = 0.05  # times the size: what stands so near to a word is its end
_GOES_ON = (",", "/", "_", "-", ".", "|", ":")  # how a name ends that others, or its rest, follow
FEW = 3  # rows: fewer are a table only where a line is drawn
Cells = Sequence[Sequence[Run]]  # what stands on one baseline of a table, column by column


def fresh(found: Sequence[Cells], right: float, page: Page) -> list[bool]:
    """For every baseline of a table without rules between its rows whether a row begins there.

    Rows stand farther apart than the lines of a cell, or else a row begins where the first word of
    a cell's line had found room in the line above it. right: where the table ends, 0 if not known.
    """
    if not found:
        return []
    columns = columns_of(found, right, page.width)
    told = _told_by_drawing(found, columns)
    if told is None:
        told = _told_by_distance(found, columns, page)
    if told is None:
        told = [_apart(above, line, columns) for above, line in itertools.pairwise(found)]
        told = _evened(found, told, columns)
    n_heads = len(list(itertools.takewhile(heavy, found)))
    return [at == n_heads or new for at, new in enumerate([True, *told])]


def _told_by_drawing(found: Sequence[Cells], columns: Sequence[_Column]) -> list[bool] | None:
    """For every baseline but the first whether a row begins there, as the order of drawing tells.

    Most makers draw a row cell by cell: the second line of a cell comes before what stands right of
    its first. None where no line tells it, or where what is drawn is not in such an order, as where
    a maker draws columns one by one.
    """
    found = [_without_ends(line) for line in found]
    orders = [[run.order for cell in line for run in cell] for line in found]
    before = list(itertools.accumulate(map(max, orders), max))
    after = list(itertools.accumulate(map(min, orders[::-1]), min))[::-1]
    rows = [[found[0]]]
    told: list[bool] = []
    last = _filled(found[0])[-1]  # the column in which the row ends so far
    for at, line in enumerate(found[1:], 1):
        first, *_ = places = _filled(line)
        told.append(before[at - 1] < after[at] and first < last)
        if told[-1]:
            rows.append([])
            last = first
        rows[-1].append(line)
        last = max(last, places[-1])
    several = [row for row in rows if len(row) > 1 and _goes_back(row)]
    shown = len(several) > 1 or (several and len(rows) >= FEW)
    if not shown or not all(map(_is_by_cell, rows)):
        return None
    wrong = sum(
        _seems_cut(*pair) if new else _seem_apart(*pair, columns)
        for pair, new in zip(itertools.pairwise(found), told, strict=True)
    )
    return told if wrong <= _WRONG * len(told) else None


def _seem_apart(above: Cells, line: Cells, columns: Sequence[_Column]) -> bool:
    """Whether several cells stand in each of two lines, and those of the second had room above."""
    both = [cells for cells in zip(above, line, columns, strict=True) if cells[0] and cells[1]]
    return len(both) > 1 and all(itertools.starmap(_are_cells, both))


def _seems_cut(above: Cells, line: Cells) -> bool:
    """Whether a line goes on with a word or a sentence that the line above it begins."""
    pairs = [
        (max(one, key=lambda run: run.x1).text, min(other, key=lambda run: run.x0))
        for one, other in zip(above, line, strict=True)
        if one and other
    ]
    return any(
        other.text[:1].islower() and not other.font.fixed and len(one.split()) > 1
        for one, other in pairs
    ) and not begins_anew(above, line)


def _filled(line: Cells) -> list[int]:
    """The columns of a line that hold anything."""
    return [at for at, cell in enumerate(line) if cell]


def _without_ends(line: Cells) -> Cells:
    """A line without what begins cells as the end of what is too wide for the one before."""
    kept = [list(cell) for cell in line]
    for at, (one, other) in enumerate(itertools.pairwise(line), 1):
        if one and other and other[0].order == one[-1].order + 1:
            n_ends = abs(other[0].x0 - one[-1].x1) < _TOUCH * other[0].size
            kept[at] = list(other[n_ends:])
    return kept


def _goes_back(row: Sequence[Cells]) -> bool:
    """Whether a line of a cell is drawn before what stands right of a line above it."""
    return any(
        below[at][0].order < above[other][0].order
        for above, below in itertools.pairwise(row)
        for at in _filled(below)
        for other in _filled(above)
        if other > at
    )


def _is_by_cell(row: Sequence[Cells]) -> bool:
    """Whether the lines of a row are drawn cell by cell, and each cell from its first line on."""
    drawn = sorted(
        (run.order, at, down)
        for down, line in enumerate(row)
        for at, cell in enumerate(line)
        for run in cell
    )
    return all(one[1:] <= other[1:] for one, other in itertools.pairwise(drawn))


def _evened(found: Sequence[Cells], told: Sequence[bool], columns: Sequence[_Column]) -> list[bool]:
    """Where rows begin, with those that only happened to have no room at the end of all cells.

    Cells that were wrapped have seldom as many lines as that of the first column, and not all of
    those begin as what is new does. Where no line of a whole table lacks a cell, the first column
    is enough to tell it.
    """
    shown = list(told)
    full = len(found) >= FEW and all(all(line) for line in found)
    starts = [0, *(at for at, new in enumerate(told, 1) if new), len(found)]
    for start, end in itertools.pairwise(starts):
        row = list(itertools.takewhile(lambda line: line[0] and any(line[1:]), found[start:end]))
        wrapped = any(
            _reaches(cells, column)
            for cells, column in zip(zip(*row, strict=True), columns, strict=False)
        )
        common = sum(all(cells) for cells in zip(*row, strict=True))
        telling = [line[:1] for line in row] if full else row
        anew = all(begins_anew(*pair) for pair in itertools.pairwise(telling))
        if len(row) > 1 and common > 1 and anew and not wrapped:
            shown[start : start + len(row) - 1] = [True] * (len(row) - 1)
    return shown


def _reaches(cells: Sequence[Sequence[Run]], column: _Column) -> bool:
    """Whether all lines of a justified cell but the last reach its end."""
    return column.flush and all(
        bool(cell) and abs(max(run.x1 for run in cell) - column.right) < _EVEN
        for cell in cells[:-1]
    )


def begins_anew(above: Cells, line: Cells) -> bool:
    """Whether a cell begins behind a whole sentence, or all begin with capitals, digits or code."""
    pairs = [
        (max(one, key=lambda run: run.x1), min(other, key=lambda run: run.x0))
        for one, other in zip(above, line, strict=True)
        if one and other
    ]
    if any(
        last.text.endswith((".", "!", "?")) and not first.text[:1].islower()
        for last, first in pairs
    ):
        return True
    return all(first.font.fixed or not first.text[:1].islower() for _, first in pairs)


def _told_by_distance(
    found: Sequence[Cells], columns: Sequence[_Column], page: Page
) -> list[bool] | None:
    """For every baseline but the first whether a row begins there, as the room between rows tells.

    None where lines of cells are as far from each other as rows. A line that stands beside two
    others is of their row: cells may be centred upon each other. Where lines of different columns
    are nearer than any of one, they are of a row: an entry, and below it what it means.
    """
    steps: list[tuple[int, int, float]] = []  # from one line of a column to the next
    for column in zip(*found, strict=True):
        filled = [at for at, cell in enumerate(column) if cell]
        steps += [
            (one, other, baseline([column[other]]) - baseline([column[one]]))
            for one, other in itertools.pairwise(filled)
        ]
    size = median(run.size for line in found for cell in line for run in cell)
    least = min((step for *_, step in steps if step > 0.8 * size), default=0.0)
    gaps = [baseline(line) - baseline(above) for above, line in itertools.pairwise(found)]
    tight = min((gap for gap in gaps if gap > size), default=0.0)  # half a line is less
    if least > _NEW_ROW * tight > 0:
        return [gap > _NEW_ROW * tight for gap in gaps]
    if not any(step > _NEW_ROW * least for *_, step in steps):
        return [True] * len(gaps) if least > _NEW_ROW * _leading(page, size) > 0 else None
    within: set[int] = set()
    for one, other, step in steps:
        if step <= _NEW_ROW * least:
            within.update(range(one + 1, other + 1))
    told = [at not in within for at in range(1, len(found))]
    wrong = sum(
        bool(one) and bool(other) and _are_cells(one, other, column)
        for at, new in enumerate(told, 1)
        if not new
        for one, other, column in zip(found[at - 1], found[at], columns, strict=True)
    )
    starts = [0, *(at for at, new in enumerate(told, 1) if new), len(found)]
    for start, end in itertools.pairwise(starts):
        filled_in = [any(column) for column in zip(*found[start:end], strict=True)]
        wrong += sum(filled_in) == 1 and not filled_in[0]
    n_resumed = sum(_n_resumed(found[at:end]) for at, end in itertools.pairwise(starts))
    wrong += n_resumed if n_resumed > 1 else 0  # one may be a letter above its line
    return told if any(told) and wrong <= _WRONG * len(told) else None


def _n_resumed(row: Sequence[Cells]) -> int:
    """How often the first cell of a row seems to go on after lines without it, beside others."""
    pairs = itertools.pairwise(row if row[0][0] else ())
    return sum(not above[0] and bool(line[0]) and any(line[1:]) for above, line in pairs)


def _are_cells(above: Sequence[Run], line: Sequence[Run], column: _Column) -> bool:
    """Whether two lines are hardly of one cell: the second begins in no way that it had to."""
    return are_numbers(above, line) or _repeats(above, line) or had_room(above, line, column)


def _leading(page: Page, size: float) -> float:
    """The least distance of lines of prose of a size on a page, 0 where there is none."""
    found: dict[float, list[Run]] = {}  # by baseline
    for run in page.runs:
        if abs(run.size - size) < 0.3:
            found.setdefault(round(run.y, 1), []).append(run)
    lines_ = sorted(
        (round(min(run.x0 for run in line)), line[0].y)
        for runs in found.values()
        for line in (runs, *([run] for run in runs[1:]))  # a second column begins with a run
        if sum(len(run.text) for run in line) > _PROSE
    )
    steps = [
        below - y
        for (x, y), (left, below) in itertools.pairwise(lines_)
        if left == x and 0.8 * size < below - y < 2 * size
    ]
    return min(steps, default=0.0)


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a column of a table begins and ends; flush: its wrapped lines all reach the end."""

    left: float
    right: float
    flush: bool


def columns_of(found: Sequence[Cells], right: float, paper: float) -> list[_Column]:
    """How wide the columns are, as far as it shows: up to the next, but for the usual room.

    Lines that leave the page are wrapped nowhere.
    """
    filled = [[cell for cell in cells if cell] for cells in zip(*found, strict=True)]
    lefts = [min((run.x0 for cell in column for run in cell), default=right) for column in filled]
    bounds = [*lefts[1:], right]
    ends = [_end(column, bound) for column, bound in zip(filled, bounds, strict=True)]
    gaps = [left - end for left, end in zip(lefts[1:], ends, strict=False) if end and left > end]
    room = min(_ROOM, median(gaps)) if gaps else _ROOM  # what is too wide may leave no gap
    edges = [max(end, left - room) for end, left in zip(ends, lefts[1:], strict=False)]
    edges.append(max(ends[-1], right))
    columns: list[_Column] = []
    for cells, left, edge in zip(zip(*found, strict=True), lefts, edges, strict=True):
        flush = _flush_edge([cell for cell in cells if cell], left)
        columns.append(_Column(left, flush or (edge if edge < paper else math.inf), flush > 0))
    return columns


def _end(cells: Sequence[Sequence[Run]], bound: float) -> float:
    """Where the widest cell of a column ends, but for those too wide for it; 0 without any."""
    ends = [max(run.x1 for run in cell) for cell in cells]
    return max((end for end in ends if end <= bound), default=max(ends, default=0.0))


def _flush_edge(cells: Sequence[Sequence[Run]], left: float) -> float:
    """Where the lines of a justified column end, 0 for any other.

    Lines of several words end there, few come near it, and hardly any goes beyond it.
    """
    words = [cell for cell in cells if _has_blank(cell)]
    shown = {" ".join(run.text for run in cell): max(run.x1 for run in cell) for cell in words}
    ends = sorted(shown.values())
    best, n_best = 0.0, 0
    for x in ends:
        first, behind = bisect_left(ends, x - _EVEN), bisect_right(ends, x + _EVEN)
        n_flush, n_beyond = behind - first, len(ends) - behind
        n_long = first - bisect_right(ends, left + _LONG * (x - left))
        if n_flush >= max(FEW, n_best + 1, n_long) and n_beyond < _STICK_OUT * n_flush:
            best, n_best = x, n_flush
    lengths = {len(text) for text, end in shown.items() if abs(end - best) <= _EVEN}
    return best if len(lengths) > 1 else 0.0  # else they are only alike


def _has_blank(cell: Sequence[Run]) -> bool:
    """Whether there are several words, so that room could be made between them."""
    return len(cell) > 1 or " " in cell[0].text


def _apart(above: Cells, line: Cells, columns: Sequence[_Column]) -> bool:
    """Whether no line of a cell can be the rest of the cell above it."""
    filled = [at for at, cell in enumerate(line) if cell]
    if len(filled) == 1 and filled[0] > 0 and above[filled[0]]:
        return heavy(above) and not heavy(line)  # else a cell of several paragraphs
    if any(not above[at] for at in filled):
        return True
    if heavy(above) and not heavy(line):
        return True
    if any(are_numbers(above[at], line[at]) for at in filled):
        return True
    if any(_repeats(above[at], line[at]) for at in filled):
        return True
    beside = len(filled) > 1 or not any(above[1:])  # else it may be the rest of a long name
    if beside and _is_next_name(above[0], line[0], columns[0]):
        return True
    if any(_has_blank(above[at]) and _reaches([above[at], line[at]], columns[at]) for at in filled):
        return False  # the end of a cell is there by chance only
    return any(had_room(above[at], line[at], columns[at]) for at in filled)


def _is_next_name(above: Sequence[Run], line: Sequence[Run], column: _Column) -> bool:
    """Whether a name of code stands below another that is whole: neither cut nor one of several."""
    if len(above) != 1 or len(line) != 1 or above[0].text.rstrip().endswith(_GOES_ON):
        return False
    names = all(run.font.fixed and not _has_blank([run]) for run in (*above, *line))
    return names and above[0].x1 + above[0].size < column.right


def _repeats(above: Sequence[Run], line: Sequence[Run]) -> bool:
    """Whether the same words stand in both lines: a cell does not say them twice."""
    one, other = ([run.text for run in cell] for cell in (above, line))
    return one == other and any(map(str.isalnum, "".join(one)))


def are_numbers(above: Sequence[Run], line: Sequence[Run]) -> bool:
    """Whether one number stands below another: neither is the rest of the other."""
    return all(len(cell) == 1 and NUMBER.fullmatch(cell[0].text) for cell in (above, line))


def had_room(above: Sequence[Run], line: Sequence[Run], column: _Column) -> bool:
    """Whether the word that begins a cell's line had found room in the line above it."""
    before, after = (sorted(cell, key=lambda run: run.x0) for cell in (above, line))
    if re.search(r"\w[-\u2010]$", before[-1].text) and after[0].text[:1].isalpha():
        return False
    if column.flush and _has_blank(above):
        return before[-1].x1 < column.right - FLUSH
    filled = before[-1].x1 - before[0].x0 + _BLANK * after[0].size
    return filled + first_word(after) < column.right - column.left


def heavy(cells: Sequence[Sequence[Run]]) -> bool:
    """Whether all that cells hold is bold."""
    return all(run.font.bold for cell in cells for run in cell)


def baseline(cells: Sequence[Sequence[Run]]) -> float:
    """The baseline of a row of cells."""
    return max(run.y for cell in cells for run in cell)


def runs_by_line(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs by the baselines that they stand on, from the top; lowered letters with their line."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.y):
        if rows and run.y - rows[-1][0].y < 0.4 * run.size:
            rows[-1].append(run)
        else:
            rows.append([run])
    return rows
