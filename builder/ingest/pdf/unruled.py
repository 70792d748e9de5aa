"""Tables without lines: what stands in columns, told by the alignment of its cells."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence

from builder.ingest.pdf import row_starts
from builder.ingest.pdf.layout import BULLETS, DRAWING, SECTION, STAND_IN, Line
from builder.ingest.pdf.page import Box, Page, Run
from builder.ingest.pdf.tables import AT_COLUMN, HEAD_LINES, NEAR, Table, runs_of

_TITLE_GAP = 1.8  # times the size: the most between a title and the text that it runs into
_FAR, _BETWEEN = 3.0, 0.4  # times the size: the most and the least between two such rows
_ROOM = 0.5  # times the size: at least so much parts columns below such heads
_SAME_SIZE = 1.15  # times the size of the heads: nothing in the table is larger
_WHOLE = 0.8  # of the rows: so many have a first cell and another
_HANGS = 0.4  # times the size: the least that the rest of an item stands right of its bullet
_ITEMS = 2  # of each of the lists that stand beside each other, at least
_CODE_SIZE = 0.7  # times the size of words: blocks of code may be as small, cells of a row are not
_LEVEL = 0.4  # times the size: so far the baselines of cells may be apart
_SAME_CELL = 1.35  # times the size: lines of one cell are no farther apart


def unruled(ordered: Sequence[Line], page: Page) -> list[Line | Table]:
    """Lines in reading order with the runs of them that stand in columns made tables.

    What keeps the place of a ruled table is in none of them.
    """
    found: list[Line | Table] = []
    for keeps_place, grouped in itertools.groupby(ordered, _keeps_place):
        group = list(grouped)
        found += group if keeps_place else _with_tables(group, page)
    return found


def _keeps_place(line: Line) -> bool:
    return line.runs[0].text in (STAND_IN, DRAWING)


def _with_tables(ordered: Sequence[Line], page: Page) -> list[Line | Table]:
    """The same where no ruled table is."""
    found: list[Line | Table] = []
    at = 0
    while at < len(ordered):
        end, stops, group = _table_from(ordered, at)
        if end > at and _are_titles(group):
            found += ordered[at:end]
            at = end
            continue
        if end > at and (lists := _lists_beside(group, stops)):
            found += lists
            bottom = max(line.bottom for line in lists)
            at = next((n for n in range(at, end) if ordered[n].y > bottom), end)
            continue
        if end > at:
            head = _head_above(found, group, stops, page)
            table = _aligned([*head, *group], stops, page)
            if table is not None:
                found[len(found) - len(head) :] = [table]
                at = end
                continue
        under = _under_heads(ordered, at) if end == at else None
        if under is not None:
            found.append(under[0])
            at = under[1]
            continue
        found.append(ordered[at])
        at += 1
    return found


def _are_titles(group: Sequence[Line]) -> bool:
    """Whether rows are titles below each other with their numbers: each "2.1" behind a "2"."""
    numbers = [row[0].text.rstrip(".") for row in _baselines(group)]
    nested = [after.startswith(before + ".") for before, after in itertools.pairwise(numbers)]
    return bool(nested) and all(nested) and all(map(SECTION.fullmatch, numbers))


def _lists_beside(group: Sequence[Line], stops: Sequence[float]) -> list[Line]:
    """The lines of lists that stand beside each other or beside prose, one after the other.

    Each has its head with it. They end where a line is neither an item nor the rest of one.
    """
    columns: list[list[Line]] = [[] for _ in stops]
    items: list[list[Line]] = [[] for _ in stops]
    for line in group:
        at = max(sum(stop < line.x0 + NEAR for stop in stops), 1) - 1
        if _is_item(line):
            items[at].append(line)
        elif items[at] and line.x0 < items[at][-1].x0 + _HANGS * line.size:
            break
        columns[at].append(line)
    listed = [len(found) >= _ITEMS for found in items]
    if not any(listed) or not all(
        known or _runs_on(column) for known, column in zip(listed, columns, strict=True)
    ):
        return []
    lefts = [min(line.x0 for line in column) for column in columns]
    for column, left, right in zip(columns, lefts, [*lefts[1:], math.inf], strict=True):
        for line in column:
            _, top, end, bottom = line.column
            line.column = (left, top, min(right, end), bottom)
    return [line for column in columns for line in column]


def _runs_on(column: Sequence[Line]) -> bool:
    """Whether the lines of a column are those of prose: most go on in the midst of a sentence."""
    n_within = sum(line.text[:1].islower() for line in column[1:])
    return len(column) > _ITEMS and 2 * n_within >= len(column) - 1


def _is_item(line: Line) -> bool:
    return line.text[:1] in BULLETS and line.text[1:2].isspace()


def _head_above(
    found: Sequence[Line | Table], group: Sequence[Line], stops: Sequence[float], page: Page
) -> list[Line]:
    """The lines right above a table that begin its head, whose other cells stand lower.

    One line alone stands flush upon a cell that is not the first; weight or a rule tells the head.
    """
    first = group[0]
    spans = [
        (stop, stops[at + 1] if at + 1 < len(stops) else math.inf) for at, stop in enumerate(stops)
    ]
    head: list[Line] = []
    for line in reversed(found):
        if (
            not isinstance(line, Line)
            or line.column != first.column
            or not 0 < first.y - line.y < HEAD_LINES * line.size / 2
            or (head or group)[0].y - line.y > _SAME_CELL * line.size
            or _all_bold(line) != _all_bold(first)
            or not any(low - NEAR < line.x0 and line.x1 < high for low, high in spans)
        ):
            break
        head.insert(0, line)
    if not head or len(_row_at(head, 0)) > 1:
        return head
    cells = _row_at(group, 0)
    upon = any(abs(cell.x0 - head[0].x0) < row_starts.FLUSH for cell in cells[1:])
    low, size = cells[0].y, cells[0].size
    set_off = all(map(_all_bold, cells)) or any(
        low < rule[1] < low + _SAME_CELL * size and rule[0] < head[0].x1 and rule[2] > head[0].x0
        for rule in page.flats
    )
    return head if upon and set_off else []


def _baselines(group: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in group:
        if rows and _beside(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _beside(one: Line, other: Line) -> bool:
    """Whether two lines stand on one baseline; smaller code may stand higher than words."""
    small, large = sorted((one, other), key=lambda line: line.size)
    size = large.size if small.fixed and not large.fixed else small.size
    return abs(one.y - other.y) <= _LEVEL * size


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
        if _is_block_of_code(row, first):
            break
        placed = _placed(row, spans)
        if placed is None:
            break
        if len(row) == 1 and placed == [0] and _widest_right(row[0], spans):
            break
        if _is_item(row[0]) and SECTION.fullmatch(first[0].text):  # below titles with numbers
            break
        if SECTION.fullmatch(row[0].text) and _is_title(row) and _is_list(rows):  # below a list
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


def _is_block_of_code(row: Sequence[Line], first: Sequence[Line]) -> bool:
    """Whether a row is nothing but code that is far smaller than the words above it."""
    size = min(line.size for line in first)
    small = all(line.fixed and line.size < _CODE_SIZE * size for line in row)
    return small and not any(line.fixed for line in first)


def _under_heads(ordered: Sequence[Line], at: int) -> tuple[Table, int] | None:
    """A table below bold heads whose cells are aligned with nothing, and where it ends.

    Cells may stand in the middle of their row and their column: gaps through the whole table part
    columns, and rows.
    """
    heads = _row_at(ordered, at)
    if len(heads) < 2 or not all(map(_all_bold, heads)) or SECTION.fullmatch(heads[0].text):
        return None
    rows = [[[line] for line in heads], *_rows_under(heads, ordered[at + len(heads) :])]
    every = [line for row in rows for cell in row for line in cell]
    whole = [row for row in rows if row[0] and sum(map(bool, row)) > 1]
    columns = [[line for cell in column for line in cell] for column in zip(*rows, strict=True)]
    room = min(
        min(line.x0 for line in right) - max(line.x1 for line in left)
        for left, right in itertools.pairwise(columns)
    )
    few = len(rows) < row_starts.FEW or len(whole) < _WHOLE * len(rows)
    if few or room < _ROOM * heads[0].size:
        return None
    box = (
        min(line.x0 for line in every), min(line.top for line in every),
        max(line.x1 for line in every), max(line.bottom for line in every),
    )  # fmt: skip
    return Table(rows, box, 1, heads[0].page, heads[0].column), at + len(every)


def _rows_under(heads: Sequence[Line], below: Sequence[Line]) -> list[list[list[Line]]]:
    """The rows below heads: lines that stand in one column each, parted where no line is."""
    spans = [(line.x0, line.x1) for line in heads]
    rows: list[list[list[Line]]] = []
    bottom = max(line.bottom for line in heads)
    for line in below:
        column, gap = _column_of(line, spans), line.top - bottom
        if (
            column is None
            or gap > _FAR * line.size
            or line.column != heads[0].column
            or line.size > _SAME_SIZE * heads[0].size
            or (_all_bold(line) and gap > 0)
        ):
            break
        if not rows or gap > _BETWEEN * line.size:
            rows.append([[] for _ in heads])
        rows[-1][column].append(line)
        spans[column] = min(spans[column][0], line.x0), max(spans[column][1], line.x1)
        bottom = max(bottom, line.bottom)
    while rows and sum(map(bool, rows[-1])) < 2:  # the text after the table
        rows.pop()
    return rows


def _column_of(line: Line, spans: Sequence[tuple[float, float]]) -> int | None:
    """The column that a line stands in or nearest to, None when it goes over several."""
    hits = [at for at, (low, high) in enumerate(spans) if line.x0 < high and line.x1 > low]
    if not hits:
        hits = [min(range(len(spans)), key=lambda at: _apart(line, spans[at]))]
    return hits[0] if len(hits) == 1 else None


def _apart(line: Line, span: tuple[float, float]) -> float:
    return max(span[0] - line.x1, line.x0 - span[1])


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


def _is_title(row: Sequence[Line]) -> bool:
    """Whether a row is a number and a title that is bold."""
    return len(row) == 2 and all(map(_all_bold, row))


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
        < row_starts.FLUSH
        for line, column in zip(row, placed, strict=True)
    )


def _cut(line: Line, spans: Sequence[tuple[float, float]]) -> list[Line]:
    """A line cut where its words begin just at a column."""
    pieces: list[list[Run]] = [[]]
    for run in line.runs:
        if pieces[-1] and any(abs(run.x0 - low) < AT_COLUMN for low, _ in spans[1:]):
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
        and _beside(ordered[end], ordered[at])
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
    short = sum(len(row) > 1 for row in baselines) < row_starts.FEW
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
    cells = [runs_of(row) for row in found]
    told = row_starts.fresh(cells, right, page)
    for at, (above, line) in enumerate(itertools.pairwise(cells), 1):
        last, top = row_starts.baseline(above), min(run.top for cell in line for run in cell)
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
    top, bottom = group[0].top - HEAD_LINES, group[-1].bottom + HEAD_LINES
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
