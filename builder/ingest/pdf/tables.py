"""Tables on a page: ruled ones by their lines, others by the alignment of their cells."""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from builder.ingest.pdf.layout import Line, Vocabulary, lines, prose, spaced
from builder.ingest.pdf.page import Box, Page, Run

_NEAR = 3.0  # points: lines closer than this are one
_AT_COLUMN = 1.5  # points: a run that begins so near to a column's edge begins its cell
_FLUSH = 2.5  # points: how far the edges of aligned cells may differ
_NEW_ROW = 1.1  # times the distance of lines inside of a cell
_TITLE_GAP = 1.8  # times the size: the most between a title and the text that it runs into
_SAME_CELL = 1.35  # times the size: lines of one cell are no farther apart
_HEAD_LINES = 6  # times the size: no head is higher
_UPON = 0.9  # times the size: a line of a head stands no higher above what is below it
_GUTTER = 6.0  # points: a gap through all lines that parts columns
_ROOM = 12.0  # points: the most that is left between columns
_STICK_OUT = 0.25  # of the flush lines: so many may be too wide for their column
_WRONG = 0.2  # of the lines: so many may seem to contradict the distances
_CLEAR = 0.45  # times the size: what parts columns is wider
_DOUBLE = 8.0  # points: lines so near to each other rule nothing
_PROSE = 40  # characters: a shorter line may be no prose
_WHOLE = 0.8  # of a table's height: how far the rules beside an empty column reach
_LONG = 0.75  # of a column: a longer line comes near its end
_CERTAIN = 2  # words cut beyond doubt, after which the doubtful are believed too
_HALF = 0.5  # of a cell's side: as much of its border must be drawn
_APART = 1.5  # times the size: words of one cell are nearer to each other
_PARAGRAPHS = 3.0  # times the size: so are its lines
_EVEN = 0.5  # points: how far the ends of flush lines may differ
_BLANK = 0.3  # times the size: a blank between words, at least
_FEW = 3  # rows: fewer are a table only where a line is drawn
_MAX_RULES = 4000


Place = tuple[int, int]


@dataclass(slots=True, eq=False)
class Table:
    """Cells as lines of text, row by row; header_rows as far as rules or tags tell."""

    rows: list[list[list[Line]]]
    box: Box
    header_rows: int
    page: int
    column: Box = (0.0, 0.0, 0.0, 0.0)


def ruled(page: Page) -> tuple[list[Table], list[Run]]:
    """The tables that rules draw, and the runs that are in none of them."""
    if len(page.flats) + len(page.uprights) > _MAX_RULES:
        return [], page.runs
    tables: list[Table] = []
    rest = page.runs
    for flats, uprights in _frames(page):
        ys = _stops([(box[1] + box[3]) / 2 for box in flats])
        xs = _stops([(box[0] + box[2]) / 2 for box in uprights])
        box = (xs[0] - 1, ys[0] - 1, xs[-1] + 1, ys[-1] + 1)
        inside = [run for run in rest if _within(run, box)]
        if len(xs) < 3 or len(ys) < 3 or not inside:
            continue
        rows: list[list[list[Run]]] = [[[] for _ in xs[1:]] for _ in ys[1:]]
        starts = Counter(x for x, _ in {(round(run.x0), round(run.x1)) for run in inside})
        for run in inside:
            at = run.x0 + 1 if starts[round(run.x0)] >= _FEW else (run.x0 + run.x1) / 2
            across = min(max(0, sum(x <= at for x in xs) - 1), len(xs) - 2)
            down = min(max(0, sum(y <= run.y - 0.3 * run.size for y in ys) - 1), len(ys) - 2)
            rows[down][across].append(run)
        few = len(rows) <= _FEW
        split = [part for row in rows for part in _split(row, xs[-1], page)] if few else rows
        if len(split) > len(rows):
            rows, n_heads = split, 1
        else:
            rows, n_heads = _spread(rows, _borders(uprights, xs, ys), _borders(flats, ys, xs))
        cells = [[lines(cell, page.number) for cell in row] for row in rows if any(row)]
        if len(cells) < 2 or sum(bool(cell) for row in cells for cell in row) < 3:
            continue
        if all(line.fixed for row in cells for cell in row for line in cell) and len(cells) < 3:
            continue
        tables.append(Table(_without_gaps(cells, xs, uprights), box, n_heads, page.number))
        ids = {id(run) for run in inside}
        rest = [run for run in rest if id(run) not in ids]
    for rules in _level_rules(page, [table.box for table in tables]):
        table, rest = _between_rules(rules, rest, page)
        tables += [table] if table else []
    return tables, rest


def _split(row: list[list[Run]], right: float, page: Page) -> list[list[list[Run]]]:
    """The rows between two level lines, where lines are drawn around groups of rows only."""
    columns = {id(run): at for at, cell in enumerate(row) for run in cell}
    found: list[list[list[Run]]] = []
    for line in _runs_by_line([run for cell in row for run in cell]):
        found.append([[] for _ in row])
        for run in line:
            found[-1][columns[id(run)]].append(run)
    if sum(bool(line[0]) and _is_filled(line) for line in found) < _FEW:
        return [row]
    rows: list[list[list[Run]]] = []
    for cells, new in zip(found, _fresh(found, right, page), strict=True):
        if new:
            rows.append(cells)
        else:
            rows[-1] = [one + other for one, other in zip(rows[-1], cells, strict=True)]
    whole = len(rows) >= _FEW and all(map(_is_filled, rows))
    return rows if whole else [row]


def _borders(rules: Sequence[Box], at: Sequence[float], along: Sequence[float]) -> set[Place]:
    """Which borders of cells are drawn: the stop that each is at, and the cell along it.

    rules: uprights, with the stops of columns and rows, or level ones, with those of rows first.
    """
    upright = bool(rules) and rules[0][3] - rules[0][1] > rules[0][2] - rules[0][0]
    drawn: dict[Place, float] = defaultdict(float)
    for left, top, right, bottom in rules:
        middle, low, high = (
            ((left + right) / 2, top, bottom) if upright else ((top + bottom) / 2, left, right)
        )
        stop = min(range(len(at)), key=lambda n: abs(at[n] - middle))
        for cell in range(max(0, bisect_right(along, low) - 1), len(along) - 1):
            if along[cell] > high:
                break
            drawn[stop, cell] += min(high, along[cell + 1]) - max(low, along[cell])
    return {
        (stop, cell)
        for (stop, cell), length in drawn.items()
        if length > _HALF * (along[cell + 1] - along[cell])
    }


def _spread(
    rows: list[list[list[Run]]], uprights: set[Place], flats: set[Place]
) -> tuple[list[list[list[Run]]], int]:
    """Rows with what stands in a merged cell in all the cells that it goes over; rows of the head.

    A cell is merged with the next where no border is drawn between them. Lines that leave a row or
    a column without a cell of its own, as of two tables that overlap, tell of no merged cells.
    """
    n_rows, n_columns = len(rows), len(rows[0])
    spans: dict[Place, tuple[int, int]] = {}  # the upper left cell, with the rows and columns
    taken: set[Place] = set()
    for down, across in itertools.product(range(n_rows), range(n_columns)):
        if (down, across) in taken:
            continue
        end = across + 1
        while end < n_columns and (end, down) not in uprights and (down, end) not in taken:
            end += 1
        low = down + 1
        while low < n_rows and not any((low, at) in flats for at in range(across, end)):
            if any((at, low) in uprights for at in range(across + 1, end)):
                break
            low += 1
        spans[down, across] = low - down, end - across
        taken.update(itertools.product(range(down, low), range(across, end)))
    whole_rows = {down for (down, _), (high, _) in spans.items() if high == 1}
    whole_columns = {
        across
        for (down, across), (_, wide) in spans.items()
        if wide == 1 and {(across, down), (across + 1, down)} <= uprights
    }
    if len(whole_rows) < n_rows or len(whole_columns) < n_columns:
        return rows, 1
    shown = [list(row) for row in rows]
    for (down, across), (high, wide) in spans.items():
        places = list(itertools.product(range(down, down + high), range(across, across + wide)))
        held = [run for y, x in places for run in rows[y][x]]
        if _is_block(held):
            for y, x in places:
                shown[y][x] = held
    heads = [span for (down, _), span in spans.items() if down == 0]
    grouped = any(wide > 1 for _, wide in heads) and any(wide == 1 for _, wide in heads)
    n_heads = max(high for high, _ in heads) if grouped else 1
    return shown, min(n_heads, n_rows - 1)


def _is_block(held: Sequence[Run]) -> bool:
    """Whether runs are the lines of one text: no wide gap is in them or between them."""
    found = _runs_by_line(held)
    for row in found:
        ordered = sorted(row, key=lambda run: run.x0)
        if any(run.x0 - one.x1 > _APART * run.size for one, run in itertools.pairwise(ordered)):
            return False
    return all(
        line[0].y - above[0].y < _PARAGRAPHS * line[0].size
        for above, line in itertools.pairwise(found)
    )


def framed(page: Page) -> list[Box]:
    """Where the tables stand that are ruled on all sides."""
    boxes: list[Box] = []
    if page.uprights and len(page.flats) + len(page.uprights) <= _MAX_RULES:
        for flats, uprights in _frames(page):
            ys = [y for box in [*flats, *uprights] for y in (box[1], box[3])]
            xs = [x for box in [*flats, *uprights] for x in (box[0], box[2])]
            boxes.append((min(xs), min(ys), max(xs), max(ys)))
    return boxes


@dataclass(slots=True)
class _Rule:
    """A level line over a whole table; cuts: where its pieces meet, one piece for each cell."""

    left: float
    right: float
    y: float
    cuts: list[float]


def _level_rules(page: Page, taken: Sequence[Box]) -> list[list[_Rule]]:
    """Level lines of one width below each other that no upright lines cross, by table."""
    rules: list[_Rule] = []
    for flat in sorted(page.flats, key=lambda flat: (round(flat[1]), flat[0])):
        last = rules[-1] if rules else None
        if any(box[0] <= flat[0] + _NEAR and box[1] - _NEAR <= flat[1] <= box[3] for box in taken):
            continue
        if last is not None and abs(last.y - flat[1]) < _NEAR and flat[0] - last.right < _NEAR:
            if flat[0] > last.left + _NEAR and flat[2] > last.right:
                last.cuts.append(flat[0])
            last.right = max(last.right, flat[2])
        else:
            rules.append(_Rule(flat[0], flat[2], flat[1], []))
    groups: list[list[_Rule]] = []
    for rule in rules:
        for group in groups:
            if (
                abs(group[-1].left - rule.left) < _NEAR
                and abs(group[-1].right - rule.right) < _NEAR
            ):
                group.append(rule)
                break
        else:
            groups.append([rule])
    found: list[list[_Rule]] = []
    for group in groups:  # without cuts a rule closes a table when a head could begin at the next
        if all(rule.cuts for rule in group):
            found += [part for part in _alike(group, page.runs) if len(part) > 1]
            continue
        found += [group[at : at + 3] for at in range(0, len(group) - 2, 3)]
    return found


def _alike(group: Sequence[_Rule], runs: Sequence[Run]) -> list[list[_Rule]]:
    """Rules that are cut at the same places, as far as what is between them keeps to the cuts."""
    parts: list[list[_Rule]] = [[group[0]]]
    for above, rule in itertools.pairwise(group):
        same = len(above.cuts) == len(rule.cuts) and all(
            abs(one - other) < _NEAR for one, other in zip(above.cuts, rule.cuts, strict=True)
        )
        box = (rule.left, above.y, rule.right, rule.y)
        inside = [run for run in runs if _within(run, box)]
        over = [
            run
            for run in inside
            if any(run.x0 < cut - _NEAR < run.x1 - 2 * _NEAR for cut in rule.cuts)
        ]
        if same and len(over) <= 0.2 * len(inside):
            parts[-1].append(rule)
        else:
            parts.append([rule])
    return parts


def _between_rules(
    rules: Sequence[_Rule], rest: list[Run], page: Page
) -> tuple[Table | None, list[Run]]:
    """The table that level rules draw, and the runs outside of it.

    Rules with cuts stand below every row, but for three of which nothing stands upon the first;
    others stand above the head, below it and below the table.
    """
    cut = bool(rules[0].cuts)
    left, right = rules[0].left - _NEAR, rules[0].right + _NEAR
    top = _head_top(rules[0], rest) if cut else rules[0].y
    box = (left, top, right, rules[-1].y + 1)
    inside = [run for run in rest if _within(run, box)]
    if any(_within_box(rule, box) for rule in page.uprights) or not inside:
        return None, rest
    found = _runs_by_line(inside)
    stops = [rules[0].left, *rules[0].cuts] if cut else _stops_of(found)
    if len(stops) < 2 or (not cut and rules[1].y - top > _HEAD_LINES * inside[0].size):
        return None, rest
    cells = [_in_columns(row, stops) for row in found]
    words = [run for run in inside if " " in run.text.strip()]
    over = sum(run.x0 < stop - _NEAR and run.x1 > stop + _NEAR for run in words for stop in stops)
    if len(cells) < 2 or not any(map(_is_filled, cells[1:])) or over > 0.1 * len(cells):
        return None, rest
    if cut and len(rules) < _FEW and top >= rules[0].y - 1:
        return None, rest
    open_ = not cut or len(rules) < _FEW or (len(rules) == _FEW and top >= rules[0].y - 1)
    below = rules[1] if top >= rules[0].y - 1 else rules[0]
    n_heads = sum(_baseline(line) <= below.y for line in cells)
    fresh = [True] * n_heads + _fresh(cells[n_heads:], rules[0].right, page)
    rows: list[list[list[Run]]] = []
    for at, line in enumerate(cells):
        last = _baseline(cells[at - 1]) if at else 0.0
        parted = any(last <= rule.y < _baseline(line) for rule in rules)
        parted = parted or (at > 0 and len(rows) == 1 and _heavy(rows[0]) and not _heavy(line))
        if not rows or parted or (open_ and at >= n_heads and fresh[at]):
            rows.append(line)
        else:
            rows[-1] = [one + other for one, other in zip(rows[-1], line, strict=True)]
    if len(rows) < 2:
        return None, rest
    kept = [[_lines_of(cell, page.number) for cell in row] for row in rows]
    ids = {id(run) for run in inside}
    return Table(kept, box, 1, page.number), [run for run in rest if id(run) not in ids]


Cells = Sequence[Sequence[Run]]  # what stands on one baseline of a table, column by column


def _fresh(found: Sequence[Cells], right: float, page: Page) -> list[bool]:
    """For every baseline of a table without rules between its rows whether a row begins there.

    Rows stand farther apart than the lines of a cell, or else a row begins where the first word of
    a cell's line had found room in the line above it. right: where the table ends, 0 if not known.
    """
    if not found:
        return []
    columns = _columns(found, right, page.width)
    told = _told_by_distance(found, columns, page)
    if told is None:
        told = [_apart(above, line, columns) for above, line in itertools.pairwise(found)]
        told = _evened(found, told, columns)
    return [True, *told]


def _evened(found: Sequence[Cells], told: Sequence[bool], columns: Sequence[_Column]) -> list[bool]:
    """Where rows begin, with those that only happened to have no room at the end of all cells.

    Cells that were wrapped have seldom as many lines as all their neighbours, and none of those
    begins as what is new does.
    """
    shown = list(told)
    starts = [0, *(at for at, new in enumerate(told, 1) if new), len(found)]
    for start, end in itertools.pairwise(starts):
        row = found[start:end]
        filled = {tuple(map(bool, line)) for line in row}
        even = len(filled) == 1 and sum(*filled) > 1
        flush = any(column.flush for column, cell in zip(columns, row[0], strict=True) if cell)
        if even and not flush and all(_begins_anew(*pair) for pair in itertools.pairwise(row)):
            shown[start : end - 1] = [True] * (end - start - 1)
    return shown


def _begins_anew(above: Cells, line: Cells) -> bool:
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
    others is of their row: cells may be centred upon each other.
    """
    steps: list[tuple[int, int, float]] = []  # from one line of a column to the next
    for column in zip(*found, strict=True):
        filled = [at for at, cell in enumerate(column) if cell]
        steps += [
            (one, other, _baseline([column[other]]) - _baseline([column[one]]))
            for one, other in itertools.pairwise(filled)
        ]
    size = median(run.size for line in found for cell in line for run in cell)
    least = min((step for *_, step in steps if step > 0.8 * size), default=0.0)
    if not any(step > _NEW_ROW * least for *_, step in steps):
        return [True] * (len(found) - 1) if least > _NEW_ROW * _leading(page, size) > 0 else None
    within: set[int] = set()
    for one, other, step in steps:
        if step <= _NEW_ROW * least:
            within.update(range(one + 1, other + 1))
    told = [at not in within for at in range(1, len(found))]
    wrong = sum(
        bool(one) and bool(other) and _had_room(one, other, column)
        for at, new in enumerate(told, 1)
        if not new
        for one, other, column in zip(found[at - 1], found[at], columns, strict=True)
    )
    starts = [0, *(at for at, new in enumerate(told, 1) if new), len(found)]
    for start, end in itertools.pairwise(starts):
        filled_in = [any(column) for column in zip(*found[start:end], strict=True)]
        wrong += sum(filled_in) == 1 and not filled_in[0]
    return told if any(told) and wrong <= _WRONG * len(told) else None


def _leading(page: Page, size: float) -> float:
    """The least distance of lines of prose of a size on a page, 0 where there is none."""
    prose_ = [run for run in page.runs if abs(run.size - size) < 0.3 and len(run.text) > _PROSE]
    lines_ = sorted((round(run.x0), run.y) for run in prose_)
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


def _columns(found: Sequence[Cells], right: float, paper: float) -> list[_Column]:
    """How wide the columns are, as far as it shows: up to the next, but for the usual room.

    Lines that leave the page are wrapped nowhere.
    """
    lefts: list[float] = []
    ends: list[float] = []
    for cells in zip(*found, strict=True):
        filled = [cell for cell in cells if cell]
        lefts.append(min((run.x0 for cell in filled for run in cell), default=0.0))
        ends.append(max((run.x1 for cell in filled for run in cell), default=0.0))
    gaps = [left - end for left, end in zip(lefts[1:], ends, strict=False) if end and left > end]
    room = min(_ROOM, median(gaps)) if gaps else _ROOM  # what is too wide may leave no gap
    edges = [max(end, left - room) for end, left in zip(ends, lefts[1:], strict=False)]
    edges.append(max(ends[-1], right))
    columns: list[_Column] = []
    for cells, left, edge in zip(zip(*found, strict=True), lefts, edges, strict=True):
        flush = _flush_edge([cell for cell in cells if cell], left)
        columns.append(_Column(left, flush or (edge if edge < paper else math.inf), flush > 0))
    return columns


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
        if n_flush >= max(_FEW, n_best + 1, n_long) and n_beyond < _STICK_OUT * n_flush:
            best, n_best = x, n_flush
    return best


def _has_blank(cell: Sequence[Run]) -> bool:
    """Whether there are several words, so that room could be made between them."""
    return len(cell) > 1 or " " in cell[0].text


def _apart(above: Cells, line: Cells, columns: Sequence[_Column]) -> bool:
    """Whether no line of a cell can be the rest of the cell above it."""
    filled = [at for at, cell in enumerate(line) if cell]
    if len(filled) == 1 and filled[0] > 0 and above[filled[0]]:
        return _heavy(above) and not _heavy(line)  # else a cell of several paragraphs
    if any(not above[at] for at in filled):
        return True
    if _heavy(above) and not _heavy(line):
        return True
    return any(_had_room(above[at], line[at], columns[at]) for at in filled)


def _had_room(above: Sequence[Run], line: Sequence[Run], column: _Column) -> bool:
    """Whether the word that begins a cell's line had found room in the line above it."""
    before, after = (sorted(cell, key=lambda run: run.x0) for cell in (above, line))
    if re.search(r"\w[-\u2010]$", before[-1].text) and after[0].text[:1].isalpha():
        return False
    if column.flush and _has_blank(above):
        return before[-1].x1 < column.right - _FLUSH
    filled = before[-1].x1 - before[0].x0 + _BLANK * after[0].size
    return filled + _first_word(after) < column.right - column.left


def _first_word(runs: Sequence[Run]) -> float:
    """How wide the first word of a line is, in however many faces."""
    end = runs[0].x0
    for run, blank in spaced(runs):
        if blank:
            break
        n_letters = len(run.text.partition(" ")[0])
        end = run.xs[n_letters] if n_letters < len(run.xs) else run.x1
        if n_letters < len(run.text):
            break
    return end - runs[0].x0


def _heavy(cells: Sequence[Sequence[Run]]) -> bool:
    return all(run.font.bold for cell in cells for run in cell)


def _head_top(rule: _Rule, rest: Sequence[Run]) -> float:
    """Where the row begins that stands upon the first rule."""
    above = sorted(
        (run for run in rest if rule.left - _NEAR < run.x0 < rule.right and run.y <= rule.y + 1),
        key=lambda run: -run.y,
    )
    top, heavy = rule.y, False
    for run in above:
        if top - run.bottom > _UPON * run.size or (heavy and not run.font.bold):
            break
        top, heavy = min(top, run.top), run.font.bold
    return top - 1


def _stops_of(found: Sequence[Sequence[Run]]) -> list[float]:
    """Where columns begin: what many lines begin at, and what a gap through all of them parts."""
    starts = sorted(run.x0 for row in found for run in row)
    begun = [[run.x0 for run in row] for row in found]
    full = [row for row in begun if min(row) - starts[0] < _AT_COLUMN]
    parted = [_behind_gaps(row) for row in found]
    stops: list[float] = []
    for x in starts:
        n_lines, n_full, n_parted = (
            sum(any(abs(start - x) < _AT_COLUMN for start in row) for row in rows)
            for rows in (begun, full, parted)
        )
        common = n_lines >= 0.5 * len(found) or (n_full >= 0.8 * len(full) and n_full > 2)
        headed = any(abs(start - x) < _AT_COLUMN for start in parted[0])
        if n_lines > 1 and common and (n_parted > 1 or headed):
            stops += [] if stops and x - stops[-1] <= 2 * _NEAR else [x]
    reach = 0.0
    for run in sorted((run for row in found for run in row), key=lambda run: run.x0):
        if reach and run.x0 - reach > _GUTTER:
            near = any(abs(run.x0 - stop) <= 2 * _NEAR for stop in stops)
            stops += [] if near else [run.x0]
        reach = max(reach, run.x1)
    return sorted({min(starts), *(stop for stop in stops if stop > min(starts) + 2 * _NEAR)})


def _behind_gaps(row: Sequence[Run]) -> list[float]:
    """Where the runs of a line begin that are farther from those before them than words are."""
    ordered = sorted(row, key=lambda run: run.x0)
    behind = [
        run.x0 for one, run in itertools.pairwise(ordered) if run.x0 - one.x1 > _CLEAR * run.size
    ]
    return [ordered[0].x0, *behind]


def _within_box(rule: Box, box: Box) -> bool:
    return box[0] <= rule[0] <= box[2] and box[1] <= rule[1] <= box[3]


def _is_filled(cells: Sequence[Sequence[Run]]) -> bool:
    return sum(map(bool, cells)) > 1


def _baseline(cells: Sequence[Sequence[Run]]) -> float:
    """The baseline of a row of cells."""
    return max(run.y for cell in cells for run in cell)


def _runs_by_line(runs: Sequence[Run]) -> list[list[Run]]:
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.y):
        if rows and run.y - rows[-1][0].y < 0.4 * run.size:
            rows[-1].append(run)
        else:
            rows.append([run])
    return rows


def _in_columns(row: Sequence[Run], stops: Sequence[float]) -> list[list[Run]]:
    cells: list[list[Run]] = [[] for _ in stops]
    for run in sorted(row, key=lambda run: run.order):
        column = max((at for at, stop in enumerate(stops) if stop <= run.x0 + _NEAR), default=0)
        cells[column].append(run)
    return cells


def _lines_of(cell: Sequence[Run], page: int) -> list[Line]:
    """The lines of a cell, however far its justified words stand apart."""
    made = [Line(sorted(row, key=lambda run: run.x0)) for row in _runs_by_line(cell)]
    for line in made:
        line.page = page
    return made


def _without_gaps(
    rows: list[list[list[Line]]], xs: Sequence[float], uprights: Sequence[Box]
) -> list[list[list[Line]]]:
    """Rows without the empty columns that no cells are: between double rules, or beside a table."""
    high = max(box[3] for box in uprights) - min(box[1] for box in uprights)
    drawn = [sum(b[3] - b[1] for b in uprights if abs((b[0] + b[2]) / 2 - x) < _NEAR) for x in xs]
    whole = [length > _WHOLE * high for length in drawn]
    kept = [
        at
        for at, (left, right) in enumerate(itertools.pairwise(xs))
        if any(row[at] for row in rows) or (right - left > _DOUBLE and whole[at] and whole[at + 1])
    ]
    return [[row[at] for at in kept] for row in rows]


def _within(run: Run, box: Box) -> bool:
    x, y = (run.x0 + run.x1) / 2, run.y - 0.3 * run.size
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _stops(values: Sequence[float]) -> list[float]:
    """Values without those that are near another."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _frames(page: Page) -> list[tuple[list[Box], list[Box]]]:
    """Groups of level and upright rules that touch each other."""
    boxes = [(box, True) for box in page.flats] + [(box, False) for box in page.uprights]
    boxes.sort(key=lambda item: item[0][1])
    parent = list(range(len(boxes)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    open_: list[int] = []
    for at, (box, _) in enumerate(boxes):
        open_ = [other for other in open_ if boxes[other][0][3] + _NEAR >= box[1]]
        for other in open_:
            one = boxes[other][0]
            if one[0] - _NEAR <= box[2] and box[0] - _NEAR <= one[2]:
                parent[root(other)] = root(at)
        open_.append(at)
    groups: dict[int, tuple[list[Box], list[Box]]] = {}
    for at, (box, flat) in enumerate(boxes):
        groups.setdefault(root(at), ([], []))[0 if flat else 1].append(box)
    return [(flats, uprights) for flats, uprights in groups.values() if flats and uprights]


def unruled(ordered: Sequence[Line], page: Page) -> list[Line | Table]:
    """Lines in reading order with the runs of them that stand in columns made tables."""
    found: list[Line | Table] = []
    at = 0
    while at < len(ordered):
        end, stops, group = _table_from(ordered, at)
        if end > at:
            head = _head_above(found, group, stops)
            table = _aligned([*head, *group], stops, page)
            if table is not None:
                found[len(found) - len(head) :] = [table]
                at = end
                continue
        found.append(ordered[at])
        at += 1
    return found


def _head_above(
    found: Sequence[Line | Table], group: Sequence[Line], stops: Sequence[float]
) -> list[Line]:
    """The lines right above a table that begin its head, whose other cells stand lower."""
    first = group[0]
    spans = [
        (stop, stops[at + 1] if at + 1 < len(stops) else math.inf) for at, stop in enumerate(stops)
    ]
    head: list[Line] = []
    for line in reversed(found):
        if (
            not isinstance(line, Line)
            or line.column != first.column
            or not 0 < first.y - line.y < _HEAD_LINES * line.size / 2
            or (head or group)[0].y - line.y > _SAME_CELL * line.size
            or _all_bold(line) != _all_bold(first)
            or not any(low - _NEAR < line.x0 and line.x1 < high for low, high in spans)
        ):
            break
        head.insert(0, line)
    return head if head and len(_row_at(head, 0)) > 1 else []


def _baselines(group: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in group:
        if rows and abs(rows[-1][0].y - line.y) <= 0.4 * min(line.size, rows[-1][0].size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _table_from(ordered: Sequence[Line], at: int) -> tuple[int, list[float], list[Line]]:
    """How far a table goes that begins at a line, where its columns begin, and its cells' lines."""
    first = _row_at(ordered, at)
    if len(first) < 2 or all(line.fixed for line in first) or _is_mark(first[0]):
        return at, [], []
    below = _row_at(ordered, at + len(first)) if at + len(first) < len(ordered) else []
    if len(below) == 1 and _is_titled(first, below[0]):
        return at, [], []
    rows = [first]
    spans = [(line.x0, line.x1) for line in first]
    end = at + len(first)
    n_full = n_rows = 1
    second: list[Line] = []
    y, size = first[0].y, first[0].size
    while end < len(ordered):
        plain = _row_at(ordered, end)
        row = [cell for line in plain for cell in _cut(line, spans)]
        gap = row[0].y - y
        if not 0 < gap < 3.2 * max(size, row[0].size) or row[0].column != first[0].column:
            break
        if row[0].size > 1.15 * size and len(row) == 1:
            break
        placed = _placed(row, spans)
        if placed is None:
            break
        if len(row) == 1 and placed == [0] and _widest_right(row[0], spans):
            break
        for line, column in zip(row, placed, strict=True):
            low, high = spans[column]
            spans[column] = (min(low, line.x0), max(high, line.x1))
        n_full += len(row) > 1 and (_in_line(row, placed, first) or _in_line(row, placed, second))
        second = second or (row if len(row) == len(first) else [])
        n_rows += len(row) > 1
        end += len(plain)
        rows.append(row)
        y = row[0].y
    if n_full < 2 or n_full < 0.6 * n_rows:
        return at, [], []
    last = max(n for n, row in enumerate(rows) if len(row) > 1 or row[0].x0 > spans[0][1])
    while last + 1 < len(rows) and _goes_on(rows[last][0], rows[last + 1][0]):
        last += 1
    end -= len(rows) - last - 1
    rows = rows[: last + 1]
    return end, [span[0] for span in spans], [line for row in rows for line in row]


def _is_titled(row: Sequence[Line], after: Line) -> bool:
    """Whether a bold title runs into a paragraph that goes on below the title."""
    if len(row) != 2 or not _all_bold(row[0]) or _all_bold(row[1]):
        return False
    below = 0 < after.y - row[0].y < _SAME_CELL * row[0].size and after.column == row[0].column
    flush = abs(after.x0 - row[0].x0) < 1 and not _all_bold(after)
    return below and flush and row[1].x0 - row[0].x1 < _TITLE_GAP * row[0].size


def _is_mark(line: Line) -> bool:
    """Whether a line is nothing but the bullet of a list item."""
    text = line.text.strip()
    return len(text) == 1 and not text.isalnum()


def _goes_on(above: Line, line: Line) -> bool:
    """Whether a line in the first column is the rest of the cell that ends above it."""
    return line.y - above.y < _SAME_CELL * line.size and _all_bold(line) == _all_bold(above)


def _all_bold(line: Line) -> bool:
    return all(run.font.bold for run in line.runs)


def _in_line(row: Sequence[Line], placed: Sequence[int], first: Sequence[Line]) -> bool:
    """Whether the cells of a row stand flush with those of the first: left, right or centred.

    A head may be centred over cells that are not: then it is the second row that tells.
    """
    return bool(first) and all(
        min(
            abs(line.x0 - first[column].x0),
            abs(line.x1 - first[column].x1),
            abs(line.x0 + line.x1 - first[column].x0 - first[column].x1) / 2,
        )
        < _FLUSH
        for line, column in zip(row, placed, strict=True)
    )


def _cut(line: Line, spans: Sequence[tuple[float, float]]) -> list[Line]:
    """A line cut where its words begin just at a column."""
    pieces: list[list[Run]] = [[]]
    for run in line.runs:
        if pieces[-1] and any(abs(run.x0 - low) < _AT_COLUMN for low, _ in spans[1:]):
            pieces.append([])
        pieces[-1].append(run)
    if len(pieces) == 1:
        return [line]
    cut = [Line(piece) for piece in pieces]
    for part in cut:
        part.column, part.page = line.column, line.page
    return cut


def _widest_right(line: Line, spans: Sequence[tuple[float, float]]) -> bool:
    return line.x1 > spans[1][0] - 2


def _row_at(ordered: Sequence[Line], at: int) -> list[Line]:
    """The lines from at on that stand on one baseline, from left to right."""
    end = at + 1
    while (
        end < len(ordered)
        and abs(ordered[end].y - ordered[at].y) <= 0.4 * min(ordered[end].size, ordered[at].size)
        and ordered[end].x0 > ordered[end - 1].x1
        and ordered[end].column == ordered[at].column
    ):
        end += 1
    return list(ordered[at:end])


def _placed(row: Sequence[Line], spans: list[tuple[float, float]]) -> list[int] | None:
    """The column of every line of a row; None when one lies over two columns."""
    found: list[int] = []
    for line in row:
        hits = [at for at, (low, high) in enumerate(spans) if line.x0 < high and line.x1 > low]
        if not hits:
            near = min(range(len(spans)), key=lambda at: abs(spans[at][0] - line.x0))
            if abs(spans[near][0] - line.x0) > 30:
                return None
            hits = [near]
        if len(hits) > 1 or (found and hits[0] <= found[-1]):
            return None
        if hits[0] + 1 < len(spans) and line.x1 > spans[hits[0] + 1][0] - 1:
            return None
        found.append(hits[0])
    return found


def _aligned(group: Sequence[Line], stops: list[float], page: Page) -> Table | None:
    """The table of lines whose columns begin at stops."""
    baselines = _baselines(group)
    if _is_list(baselines) or all(len(row) == 1 for row in baselines):
        return None
    short = sum(len(row) > 1 for row in baselines) < _FEW
    if short and not _is_headed(baselines) and not _rules_at(group, page):
        return None
    found: list[list[list[Line]]] = []
    for baseline in baselines:
        cells: list[list[Line]] = [[] for _ in stops]
        for line in baseline:
            column = max((i for i, stop in enumerate(stops) if stop <= line.x0 + 3), default=0)
            cells[column].append(line)
        found.append(cells)
    rows: list[list[list[Line]]] = []
    for cells, new in zip(found, _fresh_lines(found, page), strict=True):
        if new:
            rows.append(cells)
        else:
            for column, cell in enumerate(cells):
                rows[-1][column].extend(cell)
    if len(rows) < 2:
        return None
    box = (
        min(line.x0 for line in group), min(line.top for line in group),
        max(line.x1 for line in group), max(line.bottom for line in group),
    )  # fmt: skip
    return Table(rows, box, 1 if _headed(rows, box, page) else 0, page.number, group[0].column)


def _fresh_lines(found: Sequence[Sequence[Sequence[Line]]], page: Page) -> list[bool]:
    """The same for lines; rules above or below them tell how wide the table is."""
    group = [line for row in found for cell in row for line in cell]
    rules = _rules_at(group, page)
    right = max((rule[2] for rule in rules), default=0.0)
    cells = [_runs(row) for row in found]
    told = _fresh(cells, right, page)
    for at, (above, line) in enumerate(itertools.pairwise(cells), 1):
        last, top = _baseline(above), min(run.top for cell in line for run in cell)
        told[at] = told[at] or any(last < rule[1] < max(top, last + 1) + 1 for rule in rules)
    return told


def _is_list(baselines: Sequence[Sequence[Line]]) -> bool:
    """Whether the first column holds nothing but markers of list items."""
    first = [row[0].text.strip() for row in baselines if len(row) > 1]
    return all(len(text) <= 1 and not text.isalnum() for text in first) or (
        all(re.fullmatch(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)]", text) for text in first)
    )


def _is_headed(baselines: Sequence[Sequence[Line]]) -> bool:
    """Whether all of the first row is bold, and nothing of the second."""
    bold = [[_all_bold(line) for line in row] for row in baselines[:2]]
    return len(bold) > 1 and all(bold[0]) and not any(bold[1])


def _rules_at(group: Sequence[Line], page: Page) -> list[Box]:
    """The level lines that are drawn from above the first of some lines to below the last."""
    top, bottom = group[0].top - _HEAD_LINES, group[-1].bottom + _HEAD_LINES
    left, right = min(line.x0 for line in group), max(line.x1 for line in group)
    return [
        rule for rule in page.flats if top < rule[1] < bottom and rule[0] < right and rule[2] > left
    ]


def _headed(rows: Sequence[Sequence[Sequence[Line]]], box: Box, page: Page) -> bool:
    """Whether the first row is set off: by weight, or by a rule below it."""
    heads = [run for cell in rows[0] for line in cell for run in line.runs]
    below = [run for row in rows[1:] for cell in row for line in cell for run in line.runs]
    if heads and all(run.font.bold for run in heads) and not all(run.font.bold for run in below):
        return True
    low = max((run.y for run in heads), default=0.0)
    high = min((run.top for run in below), default=0.0)
    wide = 0.5 * (box[2] - box[0])
    return any(
        low - 2 <= (rule[1] + rule[3]) / 2 <= high + 4 and rule[2] - rule[0] > wide * 0.3
        for rule in page.flats
        if rule[0] < box[2] and rule[2] > box[0]
    ) or all(len(" ".join(line.text for line in cell)) > 0 for cell in rows[0])


def expanded(
    rows: Sequence[Sequence[tuple[list[Line], tuple[int, int]]]],
) -> list[list[list[Line]]]:
    """Rows of cells, each told over how many rows and columns it goes: it stands in all of them.

    All rows are equally long.
    """
    grid: list[list[list[Line]]] = []
    hanging: dict[tuple[int, int], list[Line]] = {}
    for down, row in enumerate(rows):
        shown: list[list[Line]] = []
        for found, (n_rows, n_columns) in [*row, ([], (1, 0))]:
            while (down, len(shown)) in hanging:
                shown.append(hanging.pop((down, len(shown))))
            for _ in range(n_columns):
                hanging.update({(down + n, len(shown)): found for n in range(1, n_rows)})
                shown.append(found)
        grid.append(shown)
    width = max((len(row) for row in grid), default=0)
    if any(len(row) < width for row in grid):
        grid = _by_place(grid, width)
    return [[*row, *([] for _ in range(width - len(row)))] for row in grid]


def _by_place(grid: list[list[list[Line]]], width: int) -> list[list[list[Line]]]:
    """Rows whose empty cells are not told, with each cell in the column that it stands in."""
    alone = [[sum(other is cell for other in row) == 1 for cell in row] for row in grid]
    found = sorted(
        _extent(cell)
        for row, singles in zip(grid, alone, strict=True)
        for cell, single in zip(row, singles, strict=True)
        if cell and single
    )
    columns: list[tuple[float, float]] = []
    for left, right in found:
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(right, columns[-1][1])
        else:
            columns.append((left, right))
    if len(columns) != width:
        return grid
    placed: list[list[list[Line]]] = []
    for row, singles in zip(grid, alone, strict=True):
        cells: list[list[Line]] = []
        for cell, single in zip(row, singles, strict=True):
            if cell and single and len(row) < width:
                column = max(at for at in range(width) if columns[at][0] <= _extent(cell)[0])
                cells += [[] for _ in range(column - len(cells))]
            cells.append(cell)
        placed.append(cells if len(cells) <= width else row)
    return placed


def _extent(cell: Sequence[Line]) -> tuple[float, float]:
    return min(line.x0 for line in cell), max(line.x1 for line in cell)


def resumed(rows: Sequence[list[list[Line]]], row: Sequence[Sequence[Line]]) -> bool:
    """Whether a row at the head of a page is the rest of the last of the rows before it.

    What a cell goes on with had found no room in its last line, which no other line is below, and
    does not begin as what is new does.
    """
    last = rows[-1]
    low = max(line.y for cell in last for line in cell)
    columns = _columns([_runs(cells) for cells in [*rows, row]], 0.0, math.inf)
    above = _runs([line for line in cell if low - line.y < 0.4 * line.size] for cell in last)
    below = _runs([line for line in cell if line.y - cell[0].y < 0.4 * line.size] for cell in row)
    for ends, begins, column in zip(above, below, columns, strict=True):
        if begins and (not ends or _had_room(ends, begins, column)):
            return False
    if sum(map(bool, below)) > 1 and _begins_anew(above, below):
        return False
    return any(row)


def _runs(cells: Iterable[Sequence[Line]]) -> list[list[Run]]:
    return [[run for line in cell for run in line.runs] for cell in cells]


def markdown(rows: Sequence[Sequence[str]], header_rows: int) -> str:
    """Cells as a GFM table; without a header row its first line is empty, of several it is all."""
    width = max(len(row) for row in rows)
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    if header_rows > 1:
        heads = zip(*filled[:header_rows], strict=True)
        head = [" ".join(dict.fromkeys(cell for cell in column if cell)) for column in heads]
        filled[:header_rows] = [head]
    shown = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in filled]
    if not header_rows:
        shown.insert(0, "| " + " | ".join([""] * width) + " |")
    shown.insert(1, "| " + " | ".join(["---"] * width) + " |")
    return "\n".join(" ".join(line.split()) if "---" in line else line for line in shown)


def texts(table: Table, known: Vocabulary) -> list[list[str]]:
    """The cells of a table as text."""
    width = max(len(row) for row in table.rows)
    edges = [
        max(
            (line.x1 for row in table.rows for cell in row[at : at + 1] for line in cell),
            default=0.0,
        )
        for at in range(width)
    ]
    pairs = [
        (before, line, edge)
        for row in table.rows
        for cell, edge in zip(row, edges, strict=False)
        for before, line in itertools.pairwise(cell)
    ]
    n_cut = sum(known.cut(*pair) for pair in pairs)
    n_divided = sum(before.text.endswith(("-", "\u2010")) for before, *_ in pairs)
    cutting = n_cut >= max(_CERTAIN, n_divided)
    alone = (cell[0].text for row in table.rows for cell in row if len(cell) == 1)
    whole = frozenset(" ".join(alone).casefold().split()) if cutting else None
    return [
        [prose(cell, known, edge, whole) for cell, edge in zip(row, edges, strict=False)]
        for row in table.rows
    ]


__all__ = ["Table", "expanded", "framed", "markdown", "resumed", "ruled", "texts", "unruled"]
