"""Tables whose cells stand in the middle of their columns, below a head that a rule is under."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from builder.ingest.pdf import row_starts
from builder.ingest.pdf.page import Box, Page, Run

_CLEAR = 0.45  # times the size: what parts columns is wider
_UPON = 0.9  # times the size: the most between a head and the rule below it
_MAX_SIDES = 30  # where rules begin and end on a page: so many are looked at
_MAX_RUNS = 500  # in a line of a head
_HEAD_LINES = 4  # of a head, at most
_SAME_CELL = 1.45  # times the size: the most from one line of a head to the next
_ROW = 2.5  # times the size: the most from one row to the next
_MIDDLE = 1.0  # points: how far the middle of a cell may stand from that of its column
_ADDED = 0.5  # points: the same for every column that edges are told from
_INSET = 1.0  # points: the least between a head and the edge of its column
_LIGHTER = 0.8  # of the weight of the rule below the head: those that are thinner part rows
_CAPS = (0.0, 0.5, 0.75)  # of the weight of a rule: so far may it be drawn beyond its ends
_HANGING = ".,:;-\u2010"
Cells = list[list[Run]]


class Rule(Protocol):
    """A level line."""

    left: float
    right: float
    y: float
    weight: float


@dataclass(slots=True)
class Columns:
    """Where the columns of a table end, from its left side on, and the middle of each."""

    edges: list[float]
    middles: list[float]

    def of(self, line: Sequence[Run]) -> Cells | None:
        """The cells of a line, None where one stands in the middle of no column."""
        cells: Cells = [[] for _ in self.middles]
        for piece in _pieces(line):
            middle = (piece[0].x0 + piece[-1].x1) / 2
            at = min(range(len(cells)), key=lambda n: abs(self.middles[n] - middle))
            low = (piece[0].x0 + _hung(piece[-1])) / 2
            if not low - _MIDDLE <= self.middles[at] <= middle + _MIDDLE:
                # a word of a justified line, at most
                at = sum(edge < middle for edge in self.edges[1:-1])
                if piece[0].x0 < self.edges[at] - 1 or piece[-1].x1 > self.edges[at + 1] + 1:
                    return None
            cells[at] += piece
        return cells if all(map(self._is_centred, cells, self.middles)) else None

    @staticmethod
    def _is_centred(cell: Sequence[Run], middle: float) -> bool:
        if not cell:
            return True
        left, last = min(run.x0 for run in cell), max(cell, key=lambda run: run.x1)
        low, high = (left + _hung(last)) / 2, (left + last.x1) / 2
        return low - _MIDDLE <= middle <= high + _MIDDLE


def _hung(last: Run) -> float:
    """Where a line ends without the sign that may hang out of it, as some makers let it."""
    return last.xs[-1] if last.text[-1] in _HANGING else last.x1


@dataclass(slots=True)
class Found:
    """The rows of a table, the first of them its head, and the box that it stands in."""

    rows: list[Cells]
    box: Box


def found(rules: Sequence[Rule], runs: Sequence[Run], page: Page) -> Iterator[Found]:
    """The tables that have a head upon one of the rules; rules: from top to bottom."""
    held: dict[tuple[int, int], list[list[Run]]] = {}  # the lines above and below a rule
    closed: list[Box] = []
    for at, rule in enumerate(rules):
        if any(box[0] - 3 < rule.left < box[2] and box[1] < rule.y < box[3] for box in closed):
            continue
        side = round(rule.left), round(rule.right)
        if side not in held:
            if len(held) == _MAX_SIDES:
                break
            held[side] = row_starts.runs_by_line(_within(runs, rule))
        lines_ = held[side]
        n_above = bisect_right(lines_, rule.y + 1, key=lambda line: line[0].y)
        head = _head(rule, lines_[max(0, n_above - _HEAD_LINES - 1) : n_above])
        if head is None:
            continue
        over = [other for other in rules[:at] if _is_as_wide(other, rule)]
        if over and _is_row(over[-1], lines_[:n_above], head[1]):
            continue
        inner = [other for other in rules[at + 1 :] if _is_as_wide(other, rule)]
        table = _table(head[0], rule, inner, lines_[n_above:], page)
        if table is not None:
            box = _box(rule, over, head[1], *table)
            closed.append(box)
            yield Found([head[1], *table[0]], box)


def _box(
    rule: Rule, over: Sequence[Rule], heads: Cells, rows: Sequence[Cells], bottom: float
) -> Box:
    """Where a table stands, with the rule above its head; over: those above that under it."""
    shown = [run for cell in heads for run in cell]
    top = min(run.top for run in shown)
    if over and top - over[-1].y < shown[0].size:
        top = over[-1].y
    low = max(run.bottom for cell in rows[-1] for run in cell)
    return rule.left, top - 1, rule.right, max(bottom, low) + 1


def _within(runs: Sequence[Run], rule: Rule) -> list[Run]:
    """The runs that stand above or below a rule, in part at least."""
    return [run for run in runs if run.x1 > rule.left and run.x0 < rule.right]


def _is_as_wide(rule: Rule, other: Rule) -> bool:
    return abs(rule.left - other.left) < 3 and abs(rule.right - other.right) < 3


def _is_row(over: Rule, above: Sequence[Sequence[Run]], heads: Cells) -> bool:
    """Whether what stands below a rule is a row like that upon it, and no head."""
    first = min((run for cell in heads for run in cell), key=lambda run: run.y)
    upon = [line for line in above if line[0].y < over.y + 1]
    return (
        bool(upon)
        and first.y - over.y < _ROW * first.size
        and over.y - upon[-1][0].y < _UPON * first.size
        and len(_pieces(upon[-1])) > 1
    )


def _pieces(line: Sequence[Run]) -> list[list[Run]]:
    """The runs of a line that follow upon each other as they are drawn and as they stand."""
    pieces: list[list[Run]] = []
    for run in sorted(line, key=lambda run: run.order):
        gap = run.x0 - pieces[-1][-1].x1 if pieces else 0.0
        if pieces and -0.1 * run.size < gap < _CLEAR * run.size:
            pieces[-1].append(run)
        else:
            pieces.append([run])
    return pieces


def _head(rule: Rule, above: Sequence[Sequence[Run]]) -> tuple[Columns, Cells] | None:
    """The columns that the lines right upon a rule tell, and the cells of the head."""
    low, taken = rule.y, list[Run]()
    for line in above[: -_HEAD_LINES - 1 : -1]:
        size = line[0].size
        near = low - max(run.y for run in line) < (_SAME_CELL if taken else _UPON) * size
        if not near or len(line) > _MAX_RUNS:
            break
        low = line[0].y
        taken = [*line, *taken]
        lines_ = row_starts.runs_by_line(taken)
        columns = _columns(rule, [piece for one in lines_ for piece in _pieces(one)])
        parts = [columns.of(one) for one in lines_] if columns else []
        whole = [part for part in parts if part is not None]
        if columns and len(whole) == len(parts):
            return columns, [
                [run for part in whole for run in part[at]] for at in range(len(columns.middles))
            ]
    return None


def _columns(rule: Rule, pieces: Sequence[Sequence[Run]]) -> Columns | None:
    """The columns whose middles are those of pieces: their edges end where the rule does."""
    middles: list[float] = []
    for middle in sorted((piece[0].x0 + piece[-1].x1) / 2 for piece in pieces):
        if not middles or middle - middles[-1] > 2 * _MIDDLE:
            middles.append(middle)
    for part in _CAPS:
        cap = part * rule.weight
        edges = [rule.left + cap]
        for middle in middles:
            edges.append(2 * middle - edges[-1])
        if abs(edges[-1] - rule.right + cap) <= _ADDED * len(middles):
            break
    else:
        return None
    if len(middles) < 2:
        return None
    for piece in pieces:
        at = sum(edge < (piece[0].x0 + piece[-1].x1) / 2 for edge in edges[1:-1])
        if piece[0].x0 < edges[at] + _INSET or piece[-1].x1 > edges[at + 1] - _INSET:
            return None
    return Columns(edges, middles)


def _table(
    columns: Columns,
    rule: Rule,
    inner: Sequence[Rule],
    below: Sequence[Sequence[Run]],
    page: Page,
) -> tuple[list[Cells], float] | None:
    """The rows below a head, and where they end: rules part them, or else their distance does."""
    parts: list[list[Cells]] = []
    bottom, at = rule.y, 0
    for other in inner:
        end = at
        while end < len(below) and below[end][0].y < other.y + 1:
            end += 1
        part = _rows_of(columns, bottom, below[at:end])
        if not part or len(part) < end - at:
            break
        parts.append(part)
        bottom, at = other.y, end
    if len(parts) > 1 or (parts and inner[0].weight < _LIGHTER * rule.weight):
        return [_joined(part) for part in parts], bottom
    part = parts[0] if parts else _rows_of(columns, bottom, below)
    if not part:
        return None
    rows: list[Cells] = []
    for cells, new in zip(part, row_starts.fresh(part, rule.right, page), strict=True):
        if new:
            rows.append(cells)
        else:
            rows[-1] = _joined([rows[-1], cells])
    return rows, max(bottom, row_starts.baseline(part[-1]))


def _rows_of(columns: Columns, top: float, below: Sequence[Sequence[Run]]) -> list[Cells]:
    """The lines right below a place that are those of cells, as far as they go; or none."""
    found: list[Cells] = []
    for line in below:
        cells = columns.of(line)
        if cells is None or line[0].y - top > _ROW * line[0].size:
            break
        if not found and sum(map(bool, cells)) < 2:
            break
        found.append(cells)
        top = line[0].y
    return found


def _joined(lines: Sequence[Cells]) -> Cells:
    """The cells of a row from those of its lines."""
    return [[run for cell in column for run in cell] for column in zip(*lines, strict=True)]
