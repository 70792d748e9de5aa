"""The tables of a Word or OpenDocument text, once their cells are read.

header_rows(rows, styled)  how many rows name the columns
arranged(rows, n_head)     the blocks of a table that is no data but a layout
grid(rows)                 the texts of a table's cells, merged ones repeated
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from builder.ingest.docx_items import Item, cell_text
from builder.text import whole_number

MAX_SPAN = 100  # columns of one cell
MAX_HEAD = 2  # header rows that only their looks tell

_LABEL = re.compile(r"[A-Z]?\d*(?:\.\d+)*[.)]?")  # the number of a heading in a cell of its own


class Cell(NamedTuple):
    """The blocks of a cell. across: columns that it spans; goes_on: it is that above it."""

    items: list[Item]
    shaded: bool = False
    across: int = 1
    goes_on: bool = False


class Row(NamedTuple):
    """repeated: on each page, as names of columns are; before: cells that it leaves blank."""

    cells: list[Cell]
    repeated: bool = False
    before: int = 0


class Arranged(NamedTuple):
    """The blocks of a layout, and what is left out of it: the numbers of its lines of code."""

    items: list[Item]
    numbers: str = ""


def header_rows(rows: Sequence[Row], *, styled: bool) -> int:
    """How many rows are headers: repeated on each page, else first rows that stand out.

    styled: whether the style of the table sets its first row apart.
    """
    count = _n_repeated(rows)
    if count or len(rows) < 2:
        return count if count < len(rows) else 0
    if styled:
        return 1
    while (
        count < len(rows) and _stands_out(rows[count]) and not (count and _is_section(rows, count))
    ):
        count += 1
    return count if count <= MAX_HEAD and count < len(rows) else 0


def _n_repeated(rows: Sequence[Row]) -> int:
    """How many rows at the top are repeated on each page."""
    told = [row.repeated for row in rows]
    return told.index(False) if False in told else len(told)


def _is_section(rows: Sequence[Row], at: int) -> bool:
    """Whether a row is one cell, below a row of several."""
    return len(rows[at].cells) == 1 < len(rows[at - 1].cells)


def arranged(rows: Sequence[Row], n_head: int) -> Arranged | None:
    """The blocks of a table that only arranges them, None for one of data."""
    filled = [cell.items for row in rows for cell in row.cells if _said(cell.items)]
    if _only_arranges(rows, filled, n_head) or _has_code_alone(rows, filled):
        return Arranged([item for items in filled for item in items])
    if not _n_repeated(rows) and 2 * sum(map(_is_part, filled)) >= len(filled) > 0:
        return Arranged([item for items in filled for item in items])
    return _below_headings(rows) or _numbered_code(rows) or _titled_code(rows)


def _said(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.kind != "blank"]


def _only_arranges(rows: Sequence[Row], filled: Sequence[Sequence[Item]], n_head: int) -> bool:
    """Whether a table is a frame around one cell, or a layout of tables, and no data.

    A single line in a grid with a header, or of several rows and columns, is data: pictures fill
    the other cells.
    """
    nested = sum(any(item.kind == "table" for item in items) for items in filled)
    if nested and 2 * nested >= len(filled):
        return True
    if len(filled) != 1:
        return False
    is_grid = len(rows) > 1 and (n_head > 0 or _width(rows) > 1)
    return not is_grid or [item.kind for item in _said(filled[0])] != ["paragraph"]


def _has_code_alone(rows: Sequence[Row], filled: Sequence[Sequence[Item]]) -> bool:
    """Whether a table of one column holds lines of code, which a cell of a table would join."""
    return _width(rows) == 1 and any(map(_has_lines, filled))


def _has_lines(items: Sequence[Item]) -> bool:
    """Whether a cell holds more than one line of code."""
    return sum(1 + item.raw.count("\n") for item in items if item.kind == "code") > 1


def _is_code(items: Sequence[Item]) -> bool:
    return all(item.kind == "code" for item in _said(items))


def _is_part(items: Sequence[Item]) -> bool:
    """Whether a cell holds a heading with text below it."""
    kinds = [item.kind for item in _said(items)]
    return any(
        one in ("heading", "title") and two not in ("heading", "title")
        for one, two in pairwise(kinds)
    )


def _below_headings(rows: Sequence[Row]) -> Arranged | None:
    """The blocks of a table whose rows are headings, their numbers beside them, or text below."""
    if _n_repeated(rows) or _width(rows) > 2:
        return None
    heads = [_heading(row) for row in rows]
    width = _width(rows)
    filled = [sum(bool(_said(cell.items)) for cell in row.cells) for row in rows]
    data = any(count > 1 and not head for count, head in zip(filled, heads, strict=True))
    if data or heads[-1:] != [None] or not any(heads[width - 1 :]):
        return None
    found: list[Item] = []
    for head, row in zip(heads, rows, strict=True):
        found += [head] if head else [item for cell in row.cells for item in cell.items]
    return Arranged(found)


def _heading(row: Row) -> Item | None:
    """The heading that a row is, if it holds nothing else but its number."""
    said = [item for cell in row.cells for item in _said(cell.items)]
    if not said or said[-1].kind != "heading":
        return None
    if not all(_LABEL.fullmatch(item.text) for item in said[:-1]):
        return None
    return replace(said[-1], text=" ".join(item.text for item in said))


def _numbered_code(rows: Sequence[Row]) -> Arranged | None:
    """The code of a table that numbers its lines in a column of their own."""
    if any(len(row.cells) != 2 for row in rows):
        return None
    numbers = [line for row in rows for item in row.cells[0].items for line in item.raw.split()]
    code = [item for row in rows for item in row.cells[1].items]
    counted = all(map(str.isdecimal, numbers)) and len(numbers) > 1
    if not (counted and _has_lines(code) and _is_code(code)):
        return None
    counts = [whole_number(number) for number in numbers]
    return (
        Arranged(code, " ".join(numbers))
        if counts == list(range(counts[0], counts[-1] + 1))
        else None
    )


def _titled_code(rows: Sequence[Row]) -> Arranged | None:
    """The code of a table of one row of it below a row of titles: each title over its own."""
    if len(rows) != 2 or len(rows[0].cells) != len(rows[1].cells):
        return None
    titles, bodies = ([cell.items for cell in row.cells] for row in rows)
    plain = all([item.kind for item in _said(items)] == ["paragraph"] for items in titles)
    if not (plain and all(map(_is_code, bodies)) and any(map(_has_lines, bodies))):
        return None
    return Arranged(
        [item for pair in zip(titles, bodies, strict=True) for items in pair for item in items]
    )


def grid(rows: Sequence[Row]) -> list[list[str]]:
    """The cells' texts; a cell that spans rows or columns stands in each of them."""
    found: list[list[str]] = []
    for row in rows:
        texts = [""] * row.before
        for cell in row.cells:
            text = cell_text(cell.items)
            if cell.goes_on and found:
                text = found[-1][len(texts)] if len(texts) < len(found[-1]) else text
            texts += [text] * cell.across
        found.append(texts)
    return found


def n_cells(told: str, default: int) -> int:
    """How many cells an attribute tells, within bounds."""
    return max(0, min(whole_number(told, default), MAX_SPAN))


def _width(rows: Sequence[Row]) -> int:
    return max((len(row.cells) for row in rows), default=0)


def _stands_out(row: Row) -> bool:
    """Whether all cells of a row are bold or shaded, and at least one holds text."""
    filled = [said for cell in row.cells if (said := _said(cell.items))]
    if len(filled) < max(1, len(row.cells) - 1):
        return False
    if all(item.bold for said in filled for item in said):
        return True
    return all(cell.shaded for cell in row.cells)
