"""Tables on a page that lines are drawn for, and the cells of any table."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from builder.ingest.pdf import bands, cell_by_cell, centred, row_starts
from builder.ingest.pdf.layout import Line, Vocabulary, lines, prose
from builder.ingest.pdf.page import Box, Page, Run

NEAR = 3.0  # points: lines closer than this are one
_SAME_LINE = 1.0  # points: upright lines farther apart are not pieces of one
AT_COLUMN = 1.5  # points: a run that begins so near to a column's edge begins its cell
HEAD_LINES = 6  # times the size: no head is higher
_SAME_END = 1.0  # points: how far the ends of cells that end below each other may differ
_UPON = 0.9  # times the size: a line of a head stands no higher above what is below it
_GUTTER = 6.0  # points: a gap through all lines that parts columns
_CLEAR = 0.45  # times the size: what parts columns is wider
_LAID_UPON = 0.1  # times the size: what begins so far before the end of a word is of another cell
_END_OF_DOUBLE = 4.0  # points: double rules are drawn as boxes that are less high
_DOUBLE = 8.0  # points: lines so near to each other rule nothing
_WHOLE = 0.8  # of a table's height: how far the rules beside an empty column reach
_CERTAIN = 2  # words cut beyond doubt, after which the doubtful are believed too
_HALF = 0.5  # of a cell's side: as much of its border must be drawn
_APART = 1.5  # times the size: words of one cell are nearer to each other
_NEXT = 0.9  # the same where columns of numbers may be narrow
_PARAGRAPHS = 3.0  # times the size: so are its lines
_STRAY = 0.1  # of a column's cells: so many lines of others may go on over it
_HEAVIER = 1.3  # times the rules between rows: so is the one below the head
_LIGHTER = 0.8  # of the first rule of a table: those within it are thinner
_WORD_AT = 0.3  # points: so near to a column's edge a word begins a cell
_EXACT = 0.08  # points: a letter that begins a cell stands no farther from the column's edge
_TITLE = 1.1  # times the size of cells: what is above them and larger is none
_TOUCH = 0.1  # times the size: pieces of one word are nearer to each other
_OVER = 0.8  # times the size: the most between a head without borders and the table
_MOST_WIDE = 0.6  # of the rules: the rest of a cell is no wider
_UNDER = 0.3  # times the size: a line right below words is no farther from their baseline
_MIDDLE = 0.3  # times the size: so far above the baseline the middle of small letters is
_SAME_STEP = 1.1  # times the distance of two lines of a cell
_LEADING = 1.45  # times the size: that distance, where it is not known
_FAR_BELOW = 200.0  # points: no row is higher
_MAX_RULES = 4000
_LINES_OF_TEXT = 12  # that fill a column of a page
_MANY_FULL = 0.4  # of its lines
_SHARED = 0.75  # of them: so many of a cell's lines at least stand beside those of another


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
        joints = _joints(xs, ys, uprights, rest)
        ys = sorted([*ys, *(box[1] for box in joints)])
        flats = [*flats, *joints]
        xs, ys = _with_open_sides(xs, ys, flats, uprights, rest)
        box = (xs[0] - 1, ys[0] - 1, xs[-1] + 1, ys[-1] + 1)
        inside = [run for run in rest if _within(run, box)]
        if len(xs) < 3 or len(ys) < 3 or not inside:
            continue
        rows: list[list[list[Run]]] = [[[] for _ in xs[1:]] for _ in ys[1:]]
        starts = Counter(x for x, _ in {(round(run.x0), round(run.x1)) for run in inside})
        for run in inside:
            at = run.x0 + 1 if starts[round(run.x0)] >= row_starts.FEW else (run.x0 + run.x1) / 2
            across = min(max(0, sum(x <= at for x in xs) - 1), len(xs) - 2)
            down = min(max(0, sum(y <= run.y - 0.3 * run.size for y in ys) - 1), len(ys) - 2)
            rows[down][across].append(run)
        few = len(rows) <= row_starts.FEW
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
        if head := _head_over(xs, ys[0], rest):
            cells, n_heads = [[lines(cell, page.number) for cell in head], *cells], 1
            inside += [run for cell in head for run in cell]
            box = (box[0], min(run.top for cell in head for run in cell), *box[2:])
        tables.append(Table(_without_gaps(cells, xs, uprights), box, n_heads, page.number))
        ids = {id(run) for run in inside}
        rest = [run for run in rest if id(run) not in ids]
    for group in bands.of_tables(page.fills):
        for part in _rows_apart(group, rest):
            table, rest = _upon_bands(part, rest, page)
            tables += [table] if table else []
    in_middle, rest = _centred(page, rest, [table.box for table in tables])
    tables += in_middle
    for rules in _level_rules(page, [table.box for table in tables]):
        table, rest = _between_rules(rules, rest, page)
        tables += [table] if table else []
    by_cell = [_of_rows(one.rows, one.box, page) for one in cell_by_cell.found(rest)]
    taken = {id(run) for table in by_cell for run in _runs_in(table)}
    return [*tables, *by_cell], [run for run in rest if id(run) not in taken]


def _joints(
    xs: Sequence[float], ys: Sequence[float], uprights: Sequence[Box], runs: Sequence[Run]
) -> list[Box]:
    """Where no level line is drawn and yet all upright ones end, and go on: they are drawn by row.

    None where a piece of them is hardly as high as a line of text, and none in a head. What stands
    in one cell alone goes on with the row above.
    """
    pieces: dict[float, list[Box]] = {x: [] for x in xs}
    for box in sorted(uprights, key=lambda box: box[1]):
        pieces[min(xs, key=lambda x: abs(x - (box[0] + box[2]) / 2))].append(box)
    if len(xs) < row_starts.FEW or any(box[3] - box[1] < _DOUBLE for box in uprights):
        return []
    ends = [
        [
            (one[3] + other[1]) / 2
            for one, other in itertools.pairwise(held)
            if -NEAR < other[1] - one[3] < _SAME_LINE
        ]
        for held in pieces.values()
    ]
    head = ys[1] if len(ys) > row_starts.FEW - 1 else ys[0]
    found = [
        y
        for y in ends[0]
        if y > head
        and all(any(abs(y - end) < _SAME_LINE for end in column) for column in ends[1:])
        and not any(abs(y - stop) <= NEAR for stop in ys)
    ]
    lows = sorted([*found, *ys])
    rows: dict[float, set[int]] = {y: set() for y in found}
    for run in runs if found else ():
        low = bisect_right(lows, run.y - 0.3 * run.size) - 1
        if low >= 0 and lows[low] in rows and xs[0] - 1 < run.x0 < xs[-1]:
            rows[lows[low]].add(bisect_right(xs, run.x0 + 1))
    return [(xs[0], y, xs[-1], y) for y, filled in rows.items() if len(filled) > 1]


def _head_over(xs: Sequence[float], top: float, rest: Sequence[Run]) -> list[list[Run]] | None:
    """The cells of a bold head that has no borders right above those of its table, or None.

    All columns have one but the first, which may have none.
    """
    above = [run for run in rest if xs[0] - NEAR < run.x0 < xs[-1] and run.y < top + 1]
    cells: list[list[Run]] = [[] for _ in xs[1:]]
    for line in reversed(row_starts.runs_by_line(above)):
        held = [max(0, sum(x - 1 <= run.x0 for x in xs[:-1]) - 1) for run in line]
        near = top - max(run.bottom for run in line) < _OVER * line[0].size
        within = all(run.x1 < xs[at + 1] + 1 for run, at in zip(line, held, strict=True))
        if not (near and within and row_starts.heavy([line])):
            break
        for run, at in reversed(list(zip(line, held, strict=True))):
            cells[at].insert(0, run)
        top = min(run.top for run in line)
    if len(cells) < 2 or not all(cells[1:]):
        return None
    shown = [run for cell in cells for run in cell]
    middle = (min(run.x0 for run in shown) + max(run.x1 for run in shown)) / 2
    titled = sum(map(bool, cells)) == 1 and abs(middle - (xs[0] + xs[-1]) / 2) < NEAR
    return None if titled else cells  # a title in the middle is no head of the last column


def _with_open_sides(
    xs: list[float],
    ys: list[float],
    flats: Sequence[Box],
    uprights: Sequence[Box],
    runs: Sequence[Run],
) -> tuple[list[float], list[float]]:
    """Where columns and rows begin and end: rules go on where no other closes the table.

    No words reach over the columns then, and no gap parts those of a column.
    """
    levels = [[rule for rule in flats if abs((rule[1] + rule[3]) / 2 - y) <= NEAR] for y in ys]
    left = median(min(rule[0] for rule in level) for level in levels)
    right = median(max(rule[2] for rule in level) for level in levels)
    stops = _with_ends(xs, left, right)
    if stops == xs:
        return xs, ys
    rows = _with_ends(ys, min(box[1] for box in uprights), max(box[3] for box in uprights))
    box = (stops[0] - 1, rows[0] - 1, stops[-1] + 1, rows[-1] + 1)
    inside = [run for run in runs if _within(run, box)]
    columns = [
        [run for run in inside if low - 1 < run.x0 and run.x1 < high + 1]
        for low, high in itertools.pairwise(stops)
    ]
    whole = sum(map(len, columns)) == len(inside)
    nearly = _is_nearly_column if len(rows) > row_starts.FEW + 1 else _is_whole_column
    whole = whole and all(map(nearly, columns))
    return (stops, rows) if whole else (xs, ys)


def _with_ends(stops: list[float], low: float, high: float) -> list[float]:
    """Stops with what lies well outside of them."""
    return [
        *([low] if stops[0] - low > _DOUBLE else []),
        *stops,
        *([high] if high - stops[-1] > _DOUBLE else []),
    ]


def _is_column(held: Sequence[Run], most: float = _APART) -> bool:
    """Whether no wide gap parts the words of any line."""
    return all(
        run.x0 - one.x1 < most * run.size
        for line in row_starts.runs_by_line(held)
        for one, run in itertools.pairwise(sorted(line, key=lambda run: run.x0))
    )


def _is_whole_column(held: Sequence[Run]) -> bool:
    """Whether no line of a column has a wide gap."""
    return _is_column(held, _NEXT)


def _is_nearly_column(held: Sequence[Run]) -> bool:
    """Whether hardly a line has a wide gap, as code may; where columns are joined many have."""
    found = row_starts.runs_by_line(held)
    return sum(not _is_column(line, _NEXT) for line in found) <= _STRAY * len(found)


def _split(row: list[list[Run]], right: float, page: Page) -> list[list[list[Run]]]:
    """The rows between two level lines, where lines are drawn around groups of rows only."""
    columns = {id(run): at for at, cell in enumerate(row) for run in cell}
    found: list[list[list[Run]]] = []
    for line in row_starts.runs_by_line([run for cell in row for run in cell]):
        found.append([[] for _ in row])
        for run in sorted(line, key=lambda run: run.order):  # a lowered letter with its word
            found[-1][columns[id(run)]].append(run)
    counted = any(
        row_starts.are_numbers(*cells)
        for above, line in itertools.pairwise(found)
        for cells in zip(above, line, strict=True)
    )
    n_filled = sum(bool(line[0]) and _is_filled(line) for line in found)
    if n_filled < row_starts.FEW and not counted:
        return [row]
    rows: list[list[list[Run]]] = []
    for cells, new in zip(found, row_starts.fresh(found, right, page), strict=True):
        if new:
            rows.append(cells)
        else:
            rows[-1] = [one + other for one, other in zip(rows[-1], cells, strict=True)]
    whole = (len(rows) >= row_starts.FEW or counted) and all(map(_is_filled, rows))
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
    return _is_column(held) and all(
        line[0].y - above[0].y < _PARAGRAPHS * line[0].size
        for above, line in itertools.pairwise(row_starts.runs_by_line(held))
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
    weight: float  # points: how thick it is drawn


def _centred(page: Page, rest: list[Run], taken: Sequence[Box]) -> tuple[list[Table], list[Run]]:
    """The tables with cells in the middle of their columns, and the runs outside of them."""
    uncut = [rule for rule in _rules(page, taken) if not rule.cuts]
    tables = [_of_rows(one.rows, one.box, page) for one in centred.found(uncut, rest, page)]
    ids = {id(run) for table in tables for run in _runs_in(table)}
    return tables, [run for run in rest if id(run) not in ids]


def _of_rows(rows: Sequence[Sequence[Sequence[Run]]], box: Box, page: Page) -> Table:
    """A table with a head of one row."""
    return Table(
        [[_lines_of(cell, page.number) for cell in row] for row in rows], box, 1, page.number
    )


def _runs_in(table: Table) -> Iterator[Run]:
    return (run for row in table.rows for cell in row for line in cell for run in line.runs)


def _rules(page: Page, taken: Sequence[Box]) -> list[_Rule]:
    """The level lines outside of the tables that are found, from the top."""
    rules: list[_Rule] = []
    for flat in sorted(page.flats, key=lambda flat: (round(flat[1]), flat[0])):
        last = rules[-1] if rules else None
        if any(box[0] <= flat[0] + NEAR and box[1] - NEAR <= flat[1] <= box[3] for box in taken):
            continue
        if last is not None and _closes_double(last, flat):
            continue
        level = last is not None and abs(last.y - flat[1]) < NEAR
        if last is not None and level and last.left - NEAR < flat[0] < last.right + NEAR:
            if flat[0] > last.left + NEAR and flat[2] > last.right:
                last.cuts.append(flat[0])
            last.right = max(last.right, flat[2])
        else:
            rules.append(_Rule(flat[0], flat[2], flat[1], [], flat[3] - flat[1]))
    lines_ = row_starts.runs_by_line(page.runs) if any(rule.cuts for rule in rules) else []
    return [rule for rule in rules if not (rule.cuts and _underlines(rule, lines_))]


def _closes_double(rule: _Rule, flat: Box) -> bool:
    """Whether a line, or a piece of one, is the second of a double rule."""
    within = rule.left - NEAR < flat[0] and flat[2] < rule.right + NEAR
    return within and NEAR <= flat[1] - rule.y < _END_OF_DOUBLE


def _underlines(rule: _Rule, lines_: Sequence[Sequence[Run]]) -> bool:
    """Whether a rule in pieces is drawn right below words, and is as long as they are."""
    at = bisect_left(lines_, rule.y, key=lambda line: line[0].y)
    for line in lines_[max(0, at - 2) : at]:
        held = [run for run in line if rule.left - NEAR < run.x0 and run.x1 < rule.right + NEAR]
        if (
            held
            and rule.y - max(run.y for run in held) < _UNDER * held[0].size
            and abs(min(run.x0 for run in held) - rule.left) < _UNDER * held[0].size  # a blank
            and abs(max(run.x1 for run in held) - rule.right) < AT_COLUMN
            and _is_column(held, _NEXT)
        ):
            return True
    return False


def _level_rules(page: Page, taken: Sequence[Box]) -> list[list[_Rule]]:
    """Level lines of one width below each other that no upright lines cross, by table."""
    groups: list[list[_Rule]] = []
    for rule in _rules(page, taken):
        for group in groups:
            if abs(group[-1].left - rule.left) < NEAR and abs(group[-1].right - rule.right) < NEAR:
                group.append(rule)
                break
        else:
            groups.append([rule])
    found: list[list[_Rule]] = []
    for group in groups:  # without cuts a rule closes a table when a head could begin at the next
        if all(rule.cuts for rule in group):
            found += [part for part in _alike(group, page.runs) if len(part) > 1]
            continue
        found += _tables_of(group, page.runs)
    return found


def _tables_of(group: Sequence[_Rule], runs: Sequence[Run]) -> list[list[_Rule]]:
    """Rules without cuts by table: above and below the head, below the table, and more of its rows.

    Between two tables nothing stands that looks like rows, or a rule as heavy as the first and
    heavier than those between them has closed the first table.
    """
    found: list[list[_Rule]] = []
    at = 0
    while at + 2 < len(group):
        above, below, last = group[at : at + 3]
        if _is_code(above, below, runs) or _is_code(below, last, runs):
            at += 1
            continue
        if _holds_title(above, below, runs):
            at += 1
            continue
        end = at + 3
        while (
            end < len(group)
            and not _is_closed(group[at:end])
            and _are_rows(group[end - 1], group[end], runs)
        ):
            end += 1
        found.append(list(group[at:end]))
        at = end
    return found


def _is_closed(rules: Sequence[_Rule]) -> bool:
    """Whether the last of a table's rules is drawn as the first is, and not as the inner ones."""
    first, *inner, last = (rule.weight for rule in rules)
    return abs(first - last) < _EXACT and max(inner) < _LIGHTER * first


def _is_code(above: _Rule, below: _Rule, runs: Sequence[Run]) -> bool:
    """Whether two rules have nothing but code between them, whose first line has no cells."""
    box = (above.left, above.y, above.right, below.y)
    inside = [run for run in runs if _within(run, box)]
    return (
        bool(inside)
        and all(run.font.fixed for run in inside)
        and _is_column(row_starts.runs_by_line(inside)[0], _NEXT)
    )


def _holds_title(above: _Rule, below: _Rule, runs: Sequence[Run]) -> bool:
    """Whether a title stands between two rules, above what may be the head of a table."""
    box = (above.left, above.y, above.right, below.y)
    found = row_starts.runs_by_line([run for run in runs if _within(run, box)])
    if len(found) < 2 or not _is_column(found[0], _NEXT):
        return False
    least = min(run.size for run in found[0])
    return least > _TITLE * max(run.size for line in found[1:] for run in line)


def _are_rows(above: _Rule, below: _Rule, runs: Sequence[Run]) -> bool:
    """Whether the first line between two rules has cells, and all others too or are narrow."""
    box = (above.left, above.y, above.right, below.y)
    found = row_starts.runs_by_line([run for run in runs if _within(run, box)])
    most = _MOST_WIDE * (above.right - above.left)
    return bool(found) and not any(
        _is_column(line, _NEXT)
        and (at == 0 or max(run.x1 for run in line) - min(run.x0 for run in line) > most)
        for at, line in enumerate(found)
    )


def _alike(group: Sequence[_Rule], runs: Sequence[Run]) -> list[list[_Rule]]:
    """Rules that are cut at the same places, as far as what is between them keeps to the cuts.

    One that is heavier than those before and after it stands below the head of the next table.
    """
    parts: list[list[_Rule]] = [[group[0]]]
    for above, rule, next_ in zip(group, group[1:], [*group[2:], None], strict=False):
        begins = next_ is not None and rule.weight > _HEAVIER * max(above.weight, next_.weight)
        same = len(above.cuts) == len(rule.cuts) and all(
            abs(one - other) < NEAR for one, other in zip(above.cuts, rule.cuts, strict=True)
        )
        box = (rule.left, above.y, rule.right, rule.y)
        inside = [run for run in runs if _within(run, box)]
        over = [
            run
            for run in inside
            if any(run.x0 < cut - NEAR < run.x1 - 2 * NEAR for cut in rule.cuts)
        ]
        few = len(over) <= 0.2 * len(inside)
        if same and few and not begins and not _goes_past(above, rule, runs):
            parts[-1].append(rule)
        else:
            parts.append([rule])
    return parts


def _goes_past(above: _Rule, below: _Rule, runs: Sequence[Run]) -> bool:
    """Whether words between two rules go on beyond the ends of these: they are text, no cells."""
    left, right = above.left - NEAR, above.right + NEAR
    held = [run for run in runs if above.y < run.y - _MIDDLE * run.size < below.y]
    return any(
        _is_column(line, _NEXT)
        and any(left < run.x0 and run.x1 < right for run in line)
        and any(run.x1 < left or run.x0 > right for run in line)
        for line in row_starts.runs_by_line(held)
    )


def _between_rules(
    rules: Sequence[_Rule], rest: list[Run], page: Page
) -> tuple[Table | None, list[Run]]:
    """The table that level rules draw, and the runs outside of it.

    Rules with cuts stand below every row, but for three of which nothing stands upon the first;
    others stand above the head, below it and below the table.
    """
    cut = bool(rules[0].cuts)
    left, right = rules[0].left - NEAR, rules[0].right + NEAR
    sides = {box for box in page.uprights if cut and _is_side(box, rules[0])}
    framed_ = any(abs(box[1] - rules[0].y) < NEAR for box in sides)
    top = rules[0].y if framed_ else _head_top(rules[0], rest)
    if not cut and not _are_heads(rules, top, rest):
        top = rules[0].y
    box = (left, top, right, rules[-1].y + 1)
    inner = (left, top, rules[0].right - NEAR, box[3])
    inside = [run for run in rest if _within(run, box) or _begins_in(run, inner)]
    if cut and top >= rules[0].y - 1 and not framed_:
        inside += _below_last(rules, inside, rest)
        box = (*box[:3], max([box[3], *(run.bottom for run in inside)]))
    parting = [rule for rule in page.uprights if rule not in sides and _parts_cells(rule, box)]
    if parting or not inside:
        return None, rest
    found = row_starts.runs_by_line(inside)
    stops = [rules[0].left, *rules[0].cuts] if cut else _by_ends(_stops_of(found), found)
    below = rules[1] if top >= rules[0].y - 1 else rules[0]
    if len(stops) < 2 or (not cut and below.y - top > HEAD_LINES * inside[0].size):
        return None, rest
    cut_up = [_cut_at(row, stops) for row in found]
    cells = [_in_columns(row, stops) for row in cut_up]
    words = [run for row in cut_up for run in row if " " in run.text.strip()]
    over = sum(run.x0 < stop - NEAR and run.x1 > stop + NEAR for run in words for stop in stops)
    filled = cells[:1] if not cut and _is_closed(rules) else cells[1:]
    if len(cells) < 2 or not any(map(_is_filled, filled)) or over > 0.1 * len(cells):
        return None, rest
    if cut and len(rules) < row_starts.FEW and top >= rules[0].y - 1:
        return None, rest
    if not cut and _are_columns_of_text(cells):
        return None, rest
    open_ = (
        not cut
        or len(rules) < row_starts.FEW
        or (len(rules) == row_starts.FEW and top >= rules[0].y - 1)
    )
    n_heads = sum(row_starts.baseline(line) <= below.y for line in cells)
    rows = _joined_rows(cells, n_heads, rules, page, open_=open_)
    if len(rows) < 2:
        return None, rest
    kept = [[_lines_of(cell, page.number) for cell in row] for row in rows]
    ids = {id(run) for run in inside}
    drawn = (rules[0].left, top, rules[0].right, box[3])  # columns may be near to each other
    return Table(kept, drawn, 1, page.number), [run for run in rest if id(run) not in ids]


def _joined_rows(
    cells: Sequence[list[list[Run]]],
    n_heads: int,
    rules: Sequence[_Rule],
    page: Page,
    *,
    open_: bool,
) -> list[list[list[Run]]]:
    """Lines of cells to rows, of which n_heads are those of the head.

    open_: rows begin without a rule above them, too.
    """
    fresh = [True] * n_heads + row_starts.fresh(cells[n_heads:], rules[0].right, page)
    rows: list[list[list[Run]]] = []
    for at, line in enumerate(cells):
        last = row_starts.baseline(cells[at - 1]) if at else 0.0
        parted = any(last <= rule.y < row_starts.baseline(line) for rule in rules)
        parted = parted or (
            at > 0 and len(rows) == 1 and row_starts.heavy(rows[0]) and not row_starts.heavy(line)
        )
        if not rows or parted or (open_ and at >= n_heads and fresh[at]):
            rows.append(line)
        else:
            rows[-1] = [one + other for one, other in zip(rows[-1], line, strict=True)]
    return rows


def _below_last(rules: Sequence[_Rule], inside: Sequence[Run], rest: Sequence[Run]) -> list[Run]:
    """The last row of a table whose rules stand above every row, as far from the last of them.

    inside: what stands between the rules; its first cells begin where those of the row do.
    """
    last = rules[-1]
    rows = [
        row_starts.runs_by_line([run for run in inside if above.y < run.y < below.y])
        for above, below in itertools.pairwise(rules)
    ]
    if len(rules) < row_starts.FEW or not all(rows):
        return []
    pad = max(row[0][0].top - rule.y for row, rule in zip(rows, rules, strict=False))
    steps = [below[0].y - above[0].y for row in rows for above, below in itertools.pairwise(row)]
    box = (last.left - NEAR, last.y, last.right, last.y + _FAR_BELOW)
    lower = row_starts.runs_by_line([run for run in rest if _within(run, box)])
    row = _row_beside(lower, last.y, [last.left, *last.cuts], pad, max(steps, default=0.0))
    found = [run for line in row for run in line]
    if not found or min(run.top for run in found) - last.y > pad + 1:
        return []
    alike = min(run.x0 for run in found) - min(run.x0 for run in inside)
    return found if abs(alike) <= AT_COLUMN else []


def _are_columns_of_text(cells: Sequence[Sequence[Sequence[Run]]]) -> bool:
    """Whether what stands below level rules is the text of a page in columns, not a table.

    Many lines fill each column from edge to edge, and those of one column stand on other heights
    than those of the next: lines of cells begin at the height of their row.
    """
    shared = sum(all(row) for row in cells)
    for at in range(len(cells[0])):
        held = [row[at] for row in cells if row[at]]
        ends = [(min(run.x0 for run in cell), max(run.x1 for run in cell)) for cell in held]
        usual = Counter((round(left), round(right)) for left, right in ends).most_common(1)
        (left, right), _ = usual[0] if usual else ((0, 0), 0)
        n_full = sum(abs(x0 - left) <= 1 and abs(x1 - right) <= 1 for x0, x1 in ends)
        if n_full < max(_LINES_OF_TEXT, _MANY_FULL * len(held)) or shared > _SHARED * len(held):
            return False
    return True


def _rows_apart(group: Sequence[bands.Band], runs: Sequence[Run]) -> list[list[bands.Band]]:
    """Bands by table: between two of one table stands a row, or nothing."""
    parts: list[list[bands.Band]] = [[group[0]]]
    for above, band in itertools.pairwise(group):
        left, top, right, bottom = above.box
        upon = [run for run in runs if _within(run, above.box)]
        pad = max(0.0, min((run.top for run in upon), default=top) - top)
        between = row_starts.runs_by_line(
            [run for run in runs if _within(run, (left, bottom, right, band.box[1]))]
        )
        room = (left, bottom, right, band.box[1])
        if _are_cards(above, band, between) or _is_row(between, room, band, pad):
            parts[-1].append(band)
        else:
            parts.append([band])
    return [part for part in parts if len(part) > 1]


def _are_cards(above: bands.Band, band: bands.Band, between: Sequence[Sequence[Run]]) -> bool:
    """Whether two bands touch, or rows of the same cells are set apart by a little room."""
    near = band.box[1] - above.box[3] < min(_DOUBLE, band.box[3] - band.box[1])
    return band.touches(above) or bool(near and band.cuts and not between)


def _is_row(lines_: Sequence[Sequence[Run]], box: Box, band: bands.Band, pad: float) -> bool:
    """Whether lines between two bands fill the box as a row does: none goes over several cells."""
    if not lines_:
        return False
    top = min(run.top for line in lines_ for run in line)
    bottom = max(run.bottom for line in lines_ for run in line)
    room = _UPON * lines_[0][0].size + pad
    if top - box[1] > room or box[3] - bottom > room:
        return False
    if band.cuts:
        return not any(_lies_over(line, band.cuts) for line in lines_)
    wide = _MOST_WIDE * (box[2] - box[0])
    return any(not _is_column(line, _NEXT) for line in lines_) and not any(
        _is_column(line, _NEXT) and line[-1].x1 - line[0].x0 > wide for line in lines_
    )


def _upon_bands(
    group: Sequence[bands.Band], rest: list[Run], page: Page
) -> tuple[Table | None, list[Run]]:
    """The table whose rows lie upon bands and between them, and the runs outside of it."""
    left, top, right, _ = group[0].box
    box = (left - NEAR, top, right + NEAR, group[-1].box[3])
    found = row_starts.runs_by_line([run for run in rest if _within(run, box)])
    inside = [run for line in found for run in line]
    if not inside or all(run.font.fixed for run in inside):
        return None, rest
    if not group[0].cuts and not _are_rows_upon(group, inside):
        return None, rest
    stops = [left, *group[0].cuts] if group[0].cuts else _gutters(found)
    if len(stops) < 2 or sum(_lies_over(line, stops) for line in found) > _STRAY * len(found):
        return None, rest
    edges = [y for band in group for y in (band.box[1], band.box[3])]
    every, edges = _beside_bands(found, edges, stops, rest)
    rows = [row for row in _rows_at(edges, every, stops) if any(row)]
    if len(rows) < 2 or 2 * sum(map(_is_filled, rows)) < len(rows):
        return None, rest
    kept = [[_lines_of(cell, page.number) for cell in row] for row in rows]
    runs = [run for line in every for run in line]
    taken = set(map(id, runs))
    box = (left, min(run.top for run in runs), right, max(run.bottom for run in runs))
    return Table(kept, box, 1, page.number), [run for run in rest if id(run) not in taken]


def _are_rows_upon(group: Sequence[bands.Band], runs: Sequence[Run]) -> bool:
    """Whether bands hold words of several cells each, rather than code or prose."""
    held = [[run for run in runs if _within(run, band.box)] for band in group]
    apart = [
        any(not _is_column(line, _NEXT) for line in row_starts.runs_by_line(found))
        for found in held
    ]
    coded = [all(run.font.fixed for run in found) for found in held]
    return sum(apart) >= _WHOLE * len(group) and not any(coded)


def _rows_at(
    edges: Sequence[float], lines_: Sequence[Sequence[Run]], stops: Sequence[float]
) -> list[list[list[Run]]]:
    """The cells of lines, row by row: above the first edge, between two, and below the last."""
    rows: list[list[list[Run]]] = []
    for low, high in itertools.pairwise([-math.inf, *edges, math.inf]):
        held = [line for line in lines_ if low <= line[0].y - _MIDDLE * line[0].size < high]
        cells = [_in_columns(_cut_at(line, stops), stops) for line in held]
        rows.append([[run for line in cells for run in line[at]] for at in range(len(stops))])
    return rows


def _beside_bands(
    found: Sequence[list[Run]],
    edges: Sequence[float],
    stops: Sequence[float],
    rest: Sequence[Run],
) -> tuple[list[list[Run]], list[float]]:
    """The lines of a table with the rows above its first band and below its last; edges of rows.

    A head that is repeated on a page may stand above a row without a band.
    """
    pad = max(0.0, min(run.top for line in found for run in line) - edges[0])
    steps = [
        below[0].y - above[0].y
        for row in _rows_at(edges, found, stops)
        for cell in row
        for above, below in itertools.pairwise(row_starts.runs_by_line(cell))
    ]
    right = max(run.x1 for line in found for run in line)
    beside = row_starts.runs_by_line([run for run in rest if stops[0] - NEAR <= run.x0 < right])
    step = median(steps) if steps else 0.0
    largest = _TITLE * max(run.size for line in found for run in line)
    upper = list(
        itertools.takewhile(
            lambda line: max(run.size for run in line) < largest and not _flows_over(line, stops),
            (line for line in beside[::-1] if line[0].y < edges[0] + 1),
        )
    )
    lower = [line for line in beside if line[0].y > edges[-1]]
    first = _row_beside(upper, edges[0], stops, pad, step)
    edge = min((run.top for line in first for run in line), default=0.0) - pad
    head = _row_beside(upper[len(first) :], edge, stops, pad, step) if first else []
    if not all(row_starts.heavy([line]) for line in head) or row_starts.heavy(first):
        head = []
    foot = _row_beside(lower, edges[-1], stops, pad, step)
    return [*head[::-1], *first[::-1], *found, *foot], [*([edge] if head else []), *edges]


def _gutters(found: Sequence[Sequence[Run]]) -> list[float]:
    """Where columns begin whose rows are known: as gaps through all lines tell, or what begins."""
    first = min(run.x0 for line in found for run in line)
    gaps = [first, *_behind_all(found)]
    stops = _by_ends(_stops_of(found), found)
    return gaps if len(gaps) >= len(stops) else stops


def _row_beside(
    lines_: Sequence[list[Run]], edge: float, stops: Sequence[float], pad: float, step: float
) -> list[list[Run]]:
    """The lines of a row without a band that stands right above an edge, or right below it.

    lines_: from the edge on. pad: the room between an edge and its row; step: from one line of a
    cell to the next, 0 if not known.
    """
    found: list[list[Run]] = []
    for line in lines_:
        size = line[0].size
        if found:
            above, below = sorted((line, found[-1]), key=lambda one: one[0].y)
            gap = min(run.y for run in below) - max(run.y for run in above)
            near = gap < _SAME_STEP * (step or _LEADING * size)
            near = near and row_starts.heavy([line]) <= row_starts.heavy([found[0]])
        else:
            top, bottom = min(run.top for run in line), max(run.bottom for run in line)
            near = max(edge - bottom, top - edge) < pad + _UPON * size
        if not near or _lies_over(line, stops):
            break
        found.append(line)
    columns = {at for line in found for at, cell in enumerate(_in_columns(line, stops)) if cell}
    return found if len(columns) > 1 else []


def _lies_over(line: Sequence[Run], stops: Sequence[float]) -> bool:
    """Whether the words of a line go on over the begin of a column; one word may be too wide."""
    ordered = sorted(line, key=lambda run: run.x0)
    for before, run in zip([None, *ordered], ordered, strict=False):
        within = before is not None and run.x0 - before.x1 < _CLEAR * run.size
        words = within or " " in run.text.strip()
        if words and any(run.x0 < stop - NEAR and run.x1 > stop + NEAR for stop in stops):
            return True
    return False


def _flows_over(line: Sequence[Run], stops: Sequence[float]) -> bool:
    """Whether words that follow each other as in a sentence meet where a column begins."""
    ordered = sorted(line, key=lambda run: run.x0)
    return any(
        one.x0 < stop - NEAR and run.x1 > stop + NEAR
        for one, run in itertools.pairwise(ordered)
        if run.x0 - one.x1 < _TOUCH * run.size
        for stop in stops
    )


def _are_heads(rules: Sequence[_Rule], top: float, runs: Sequence[Run]) -> bool:
    """Whether what stands upon the first of level rules is a row of what is below them."""
    left, right = rules[0].left - NEAR, rules[0].right
    upon = row_starts.runs_by_line(
        [run for run in runs if _within(run, (left, top, right, rules[0].y))]
    )
    below = [run for run in runs if _within(run, (left, rules[0].y, right, rules[-1].y))]
    if not upon or not below or any(_is_column(line, _NEXT) for line in upon):
        return False
    stops = _by_ends(_stops_of(row_starts.runs_by_line(below)), row_starts.runs_by_line(below))
    begins = {min(range(len(stops)), key=lambda at: abs(stops[at] - x)): x
              for line in upon for x in _behind_gaps(line)}  # fmt: skip
    return len(begins) == len(stops) > 1 and all(
        abs(stops[at] - x) <= AT_COLUMN for at, x in begins.items()
    )


def _head_top(rule: _Rule, rest: Sequence[Run]) -> float:
    """Where the row begins that stands upon the first rule."""
    above = sorted(
        (run for run in rest if rule.left - NEAR < run.x0 < rule.right and run.y <= rule.y + 1),
        key=lambda run: -run.y,
    )
    level = (run.size for run in above if above[0].y - run.y < _OVER * run.size)
    largest = _TITLE * max(level, default=0.0)
    top, heavy = rule.y, False
    for run in above:
        if top - run.bottom > _UPON * run.size or (heavy and not run.font.bold):
            break
        if run.size > largest:
            break
        top, heavy = min(top, run.top), run.font.bold
    return top - 1


def _stops_of(found: Sequence[Sequence[Run]]) -> list[float]:
    """Where columns begin: what many lines begin at, and what a gap through all of them parts.

    What begins behind a gap in the first line and in others begins a column if hardly a line goes
    on over it: cells that are wrapped leave most of a table's lines to one column.
    """
    begun = sorted((run.x0, line) for line, row in enumerate(found) for run in row)
    parted = sorted((x, line) for line, row in enumerate(found) for x in _behind_gaps(row))
    first = begun[0][0]
    full = {line for x, line in begun if x - first < AT_COLUMN}
    stops: list[float] = []
    for x, _ in begun:
        if stops and x - stops[-1] <= 2 * NEAR:
            continue
        lines_, behind = _begun_at(begun, x), _begun_at(parted, x)
        n_full = len(lines_ & full)
        common = len(lines_) >= 0.5 * len(found) or (n_full >= 0.8 * len(full) and n_full > 2)
        if 0 in behind and not common and len(behind) > row_starts.FEW:
            n_over = sum(_goes_over(row, x, [first, *stops]) for row in found)
            common = n_over <= _STRAY * len(behind)
        if len(lines_) > 1 and common and (len(behind) > 1 or 0 in behind):
            stops.append(x)
    gaps = [x for x in _behind_all(found) if not any(abs(x - stop) <= 2 * NEAR for stop in stops)]
    every = sorted([*stops, *gaps, math.inf])
    for x in gaps:
        end = next(stop for stop in every if stop > x)
        held = {line for start, line in begun if x - NEAR < start < end - NEAR}
        if (len(held) > 1 or 0 in held) and not _are_words(found, stops, x, end):
            stops.append(x)
    return sorted({first, *(stop for stop in stops if stop > first + 2 * NEAR)})


def _are_words(
    found: Sequence[Sequence[Run]], stops: Sequence[float], x: float, end: float
) -> bool:
    """Whether what begins at x is the rest of justified cells of the column before it.

    It stands in lines that are as long, with the rest of their cells below, and is no number where
    cells of other columns go on there too; or in the first alone, and ends with a hyphen there, or
    all lines of the column stand in the middle of both.
    """
    left = max((stop for stop in stops if stop < x), default=0.0)
    cells = [[run for run in row if left - NEAR < run.x0 < end - NEAR] for row in found]
    held = [at for at, cell in enumerate(cells) if any(run.x0 > x - NEAR for run in cell)]
    first = min(run.x0 for row in found for run in row)
    if not all(any(run.x0 < x - NEAR for run in cells[at]) for at in held):
        return False
    ends = [max(run.x1 for run in cells[at]) for at in held]
    wrapped = all(at + 1 < len(found) and at + 1 not in held and cells[at + 1] for at in held)
    alone = wrapped and all(run.x0 > left - NEAR for at in held for run in found[at + 1])
    words = wrapped and len(held) > 1 and 0 not in held
    words = words and all(
        run.text[:1].isalpha() for at in held for run in cells[at] if run.x0 > x - NEAR
    )
    if (alone or words) and left > first + NEAR and max(ends) - min(ends) < _SAME_END:
        return True
    middles = [min(run.x0 for run in cell) + max(run.x1 for run in cell) for cell in cells if cell]
    centred = len(middles) > row_starts.FEW and max(middles) - min(middles) < 2 * NEAR
    last = max(cells[held[0]], key=lambda run: run.x1)
    return held == [0] and (centred or last.text.endswith(("-", "\u2010")))


def _behind_all(found: Sequence[Sequence[Run]]) -> Iterator[float]:
    """Where something begins behind a wide gap through all lines."""
    reach = 0.0
    for run in sorted((run for row in found for run in row), key=lambda run: run.x0):
        if reach and run.x0 - reach > _GUTTER:
            yield run.x0
        reach = max(reach, run.x1)


def _by_ends(stops: Sequence[float], found: Sequence[Sequence[Run]]) -> list[float]:
    """Where columns begin, without those that only shorter cells of one begin at: numbers, and
    others, may end below each other."""
    kept = [stops[0]]
    for stop, following in itertools.pairwise([*stops[1:], math.inf]):
        both = [
            [run for run in row if kept[-1] - NEAR <= run.x0 < following - NEAR] for row in found
        ]
        begins = any(run.x0 < stop - NEAR for row in both for run in row)
        ends = [run.x1 for row in both for run in row]
        alike = max(ends, default=0.0) - min(ends, default=0.0) < _SAME_END
        if not begins or not alike or any(len(row) > 1 for row in both):
            kept.append(stop)
    return kept


def _begun_at(starts: Sequence[tuple[float, int]], x: float) -> set[int]:
    """The lines that have a start near x; starts: where and in which line, in order."""
    low = bisect_left(starts, (x - AT_COLUMN, len(starts)))
    return {line for _, line in starts[low : bisect_left(starts, (x + AT_COLUMN, -1))]}


def _inner(run: Run) -> list[float]:
    """Where the words of a run begin, but for the first."""
    return [x for x, before in zip(run.xs[1:], run.text, strict=False) if before.isspace()]


def _goes_over(row: Sequence[Run], x: float, stops: Sequence[float]) -> bool:
    """Whether a line goes on over a place where none of its words begins.

    A word that begins a cell may be too wide for it.
    """
    crosses = any(
        run.x0 < x - NEAR
        and run.x1 > x + NEAR
        and (" " in run.text or all(abs(run.x0 - stop) > AT_COLUMN for stop in stops))
        for run in row
    )
    begins = any(
        abs(run.x0 - x) <= AT_COLUMN or any(abs(start - x) <= _WORD_AT for start in _inner(run))
        for run in row
    )
    return crosses and not begins


def _cut_at(row: Sequence[Run], stops: Sequence[float]) -> list[Run]:
    """The runs of a line, cut where columns begin in them: at a word, or just at a letter."""
    found: list[Run] = []
    for run in row:
        rest = run
        for stop in stops:
            at = _letter_at(rest, stop) if rest.x0 < stop - NEAR and rest.x1 > stop else 0
            if at:
                before, rest = rest.cut(at)
                found.append(before)
        found.append(rest)
    return found


def _letter_at(run: Run, x: float) -> int:
    """Which letter of a run begins a cell at x: that of a word, or one laid over others; or 0."""
    for at in range(1, len(run.text)):
        off = abs(run.xs[at] - x)
        if off > _WORD_AT or run.text[at].isspace():
            continue
        if run.text[at - 1].isspace() or (off < _EXACT and _is_out_of_step(run, at)):
            return at
    return 0


def _is_out_of_step(run: Run, at: int) -> bool:
    """Whether a letter does not follow upon the one before it as others follow upon its like."""
    steps = [right - left for left, right in itertools.pairwise(run.xs)]
    others = [
        step
        for place, step in enumerate(steps, 1)
        if place != at and (run.font.fixed or run.text[place - 1] == run.text[at - 1])
    ]
    return bool(others) and all(abs(step - steps[at - 1]) > _EXACT for step in others)


def _behind_gaps(row: Sequence[Run]) -> list[float]:
    """Where runs of a line begin that are farther from those before than words, or upon them."""
    ordered = sorted(row, key=lambda run: run.x0)
    behind = [
        run.x0
        for one, run in itertools.pairwise(ordered)
        if run.x0 - one.x1 > _CLEAR * run.size or run.x0 < one.x1 - _LAID_UPON * run.size
    ]
    return [ordered[0].x0, *behind]


def _parts_cells(rule: Box, box: Box) -> bool:
    """Whether an upright rule begins in a box, and is more than the end of a double level one."""
    if rule[3] - rule[1] < _END_OF_DOUBLE:
        return False
    return box[0] <= rule[0] <= box[2] and box[1] <= rule[1] <= box[3]


def _is_side(upright: Box, rule: _Rule) -> bool:
    """Whether an upright rule stands at the left or the right end of a level one."""
    return abs(upright[0] - rule.left) < NEAR or abs(upright[2] - rule.right) < NEAR


def _is_filled(cells: Sequence[Sequence[Run]]) -> bool:
    return sum(map(bool, cells)) > 1


def _in_columns(row: Sequence[Run], stops: Sequence[float]) -> list[list[Run]]:
    """The runs of a line by their columns; what goes on a word stays with it."""
    columns: dict[int, int] = {}
    ordered = sorted(row, key=lambda run: run.x0)
    for before, run in zip([None, *ordered], ordered, strict=False):
        column = max((at for at, stop in enumerate(stops) if stop <= run.x0 + NEAR), default=0)
        goes_on = before is not None and abs(run.x0 - before.x1) < _EXACT
        if before is not None and goes_on and abs(run.x0 - stops[column]) > AT_COLUMN:
            column = columns[id(before)]
        columns[id(run)] = column
    cells: list[list[Run]] = [[] for _ in stops]
    for run in sorted(row, key=lambda run: run.order):
        cells[columns[id(run)]].append(run)
    return cells


def _lines_of(cell: Sequence[Run], page: int) -> list[Line]:
    """The lines of a cell, however far its justified words stand apart."""
    made = [Line(sorted(row, key=lambda run: run.x0)) for row in row_starts.runs_by_line(cell)]
    for line in made:
        line.page = page
    return made


def _without_gaps(
    rows: list[list[list[Line]]], xs: Sequence[float], uprights: Sequence[Box]
) -> list[list[list[Line]]]:
    """Rows without the empty columns that no cells are: between double rules, or beside a table."""
    high = max(box[3] for box in uprights) - min(box[1] for box in uprights)
    drawn = [sum(b[3] - b[1] for b in uprights if abs((b[0] + b[2]) / 2 - x) < NEAR) for x in xs]
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


def _begins_in(run: Run, box: Box) -> bool:
    """Whether a run begins in a box, and may go on beyond it: it had no room."""
    return box[0] <= run.x0 <= box[2] and box[1] <= run.y - 0.3 * run.size <= box[3]


def _stops(values: Sequence[float]) -> list[float]:
    """Values without those that are near another."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > NEAR:
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
    for at, (box, flat) in enumerate(boxes):
        open_ = [other for other in open_ if boxes[other][0][3] + NEAR >= box[1]]
        for other in open_:
            one, as_flat = boxes[other]
            near = NEAR if flat or as_flat else _SAME_LINE  # frames may stand close side by side
            if one[0] - near <= box[2] and box[0] - near <= one[2]:
                parent[root(other)] = root(at)
        open_.append(at)
    groups: dict[int, tuple[list[Box], list[Box]]] = {}
    for at, (box, flat) in enumerate(boxes):
        groups.setdefault(root(at), ([], []))[0 if flat else 1].append(box)
    return [(flats, uprights) for flats, uprights in groups.values() if flats and uprights]


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
    if all(row) and all(len(cell) < 2 for cells in rows for cell in cells):
        return False  # all of its cells would be the first that needed a second line
    low = max(line.y for cell in last for line in cell)
    columns = row_starts.columns_of([runs_of(cells) for cells in [*rows, row]], 0.0, math.inf)
    above = runs_of([line for line in cell if low - line.y < 0.4 * line.size] for cell in last)
    below = runs_of([line for line in cell if line.y - cell[0].y < 0.4 * line.size] for cell in row)
    for ends, begins, column in zip(above, below, columns, strict=True):
        if begins and (not ends or row_starts.had_room(ends, begins, column)):
            return False
    if sum(map(bool, below)) > 1 and row_starts.begins_anew(above, below):
        return False
    return any(row)


def runs_of(cells: Iterable[Sequence[Line]]) -> list[list[Run]]:
    """The runs of cells, cell by cell."""
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
