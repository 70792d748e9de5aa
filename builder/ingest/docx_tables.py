"""The tables of a Word file, once their cells are read.

header_rows(table, rows, styled)  how many rows name the columns
arranged(rows, n_head)            the blocks of a table that is no data but a layout
grid(rows)                        the texts of a table's cells, merged ones repeated
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest.docx_items import Item, cell_text
from builder.ingest.docx_styles import W, is_on, value
from builder.text import whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_SPAN = 100  # columns of one cell
MAX_HEAD = 2  # header rows that only their looks tell

_LABEL = re.compile(r"[A-Z]?\d*(?:\.\d+)*[.)]?")  # the number of a heading in a cell of its own

Row = tuple["_Element", list[tuple["_Element", list[Item]]]]


class Arranged(NamedTuple):
    """The blocks of a layout, and what is left out of it: the numbers of its lines of code."""

    items: list[Item]
    numbers: str = ""


def header_rows(table: _Element, rows: Sequence[Row], *, styled: bool) -> int:
    """How many rows are headers: repeated on each page, else first rows that stand out.

    styled: whether the style of the table sets a first row apart.
    """
    count = _n_repeated(rows)
    if count or len(rows) < 2:
        return count if count < len(rows) else 0
    if styled and _first_row_told(table.find(f"{W}tblPr/{W}tblLook")):
        return 1
    while (
        count < len(rows) and _stands_out(rows[count]) and not (count and _is_section(rows, count))
    ):
        count += 1
    return count if count <= MAX_HEAD and count < len(rows) else 0


def _n_repeated(rows: Sequence[Row]) -> int:
    """How many rows at the top are repeated on each page."""
    told = [is_on(row.find(f"{W}trPr/{W}tblHeader")) for row, _ in rows]
    return told.index(False) if False in told else len(told)


def _is_section(rows: Sequence[Row], at: int) -> bool:
    """Whether a row is one cell, below a row of several."""
    return len(rows[at][1]) == 1 < len(rows[at - 1][1])


def arranged(rows: Sequence[Row], n_head: int) -> Arranged | None:
    """The blocks of a table that only arranges them, None for one of data."""
    filled = [items for _, cells in rows for _, items in cells if _said(items)]
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
    is_grid = len(rows) > 1 and (n_head > 0 or max(len(cells) for _, cells in rows) > 1)
    return not is_grid or [item.kind for item in _said(filled[0])] != ["paragraph"]


def _has_code_alone(rows: Sequence[Row], filled: Sequence[Sequence[Item]]) -> bool:
    """Whether a table of one column holds lines of code, which a cell of a table would join."""
    return max((len(cells) for _, cells in rows), default=0) == 1 and any(map(_has_lines, filled))


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
    if _n_repeated(rows) or max((len(cells) for _, cells in rows), default=0) > 2:
        return None
    heads = [_heading(cells) for _, cells in rows]
    width = max((len(cells) for _, cells in rows), default=0)
    filled = [sum(bool(_said(items)) for _, items in cells) for _, cells in rows]
    data = any(count > 1 and not head for count, head in zip(filled, heads, strict=True))
    if data or heads[-1:] != [None] or not any(heads[width - 1 :]):
        return None
    found: list[Item] = []
    for head, (_, cells) in zip(heads, rows, strict=True):
        found += [head] if head else [item for _, items in cells for item in items]
    return Arranged(found)


def _heading(cells: Sequence[tuple[_Element, list[Item]]]) -> Item | None:
    """The heading that a row is, if it holds nothing else but its number."""
    said = [item for _, items in cells for item in _said(items)]
    if not said or said[-1].kind != "heading":
        return None
    if not all(_LABEL.fullmatch(item.text) for item in said[:-1]):
        return None
    return replace(said[-1], text=" ".join(item.text for item in said))


def _numbered_code(rows: Sequence[Row]) -> Arranged | None:
    """The code of a table that numbers its lines in a column of their own."""
    if any(len(cells) != 2 for _, cells in rows):
        return None
    numbers = [line for _, cells in rows for item in cells[0][1] for line in item.raw.split()]
    code = [item for _, cells in rows for item in cells[1][1]]
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
    if len(rows) != 2 or len(rows[0][1]) != len(rows[1][1]):
        return None
    titles, bodies = ([items for _, items in cells] for _, cells in rows)
    plain = all([item.kind for item in _said(items)] == ["paragraph"] for items in titles)
    if not (plain and all(map(_is_code, bodies)) and any(map(_has_lines, bodies))):
        return None
    return Arranged(
        [item for pair in zip(titles, bodies, strict=True) for items in pair for item in items]
    )


def grid(rows: Sequence[Row]) -> list[list[str]]:
    """The cells' texts; a cell that spans rows or columns stands in each of them."""
    found: list[list[str]] = []
    for row, cells in rows:
        texts = [""] * _count(value(row.find(f"{W}trPr"), "gridBefore"), 0)
        for cell, items in cells:
            properties = cell.find(f"{W}tcPr")
            text = cell_text(items)
            merge = properties.find(f"{W}vMerge") if properties is not None else None
            if merge is not None and merge.get(f"{W}val") != "restart" and found:
                text = found[-1][len(texts)] if len(texts) < len(found[-1]) else text
            texts += [text] * _count(value(properties, "gridSpan"), 1)
        found.append(texts)
    return found


def _count(told: str, default: int) -> int:
    return max(0, min(whole_number(told, default), MAX_SPAN))


def _first_row_told(looks: _Element | None) -> bool:
    """Whether a table asks its style for a special first row."""
    if looks is None:
        return False
    told = looks.get(f"{W}firstRow")
    if told is not None:
        return told in ("1", "true", "on")
    bits = looks.get(f"{W}val") or ""
    return bool(re.fullmatch("[0-9A-Fa-f]{4}", bits)) and bool(int(bits, 16) & 0x20)


def _stands_out(row: Row) -> bool:
    """Whether all cells of a row are bold or shaded, and at least one holds text."""
    said = [(cell, item) for cell, items in row[1] for item in items if item.kind != "blank"]
    if len({id(cell) for cell, _ in said}) < max(1, len(row[1]) - 1):
        return False
    if all(item.bold for _, item in said):
        return True
    return all(_is_shaded(cell) for cell, _ in row[1])


def _is_shaded(cell: _Element) -> bool:
    shade = cell.find(f"{W}tcPr/{W}shd")
    fill = (shade.get(f"{W}fill") or "auto").casefold() if shade is not None else "auto"
    return fill not in ("auto", "ffffff", "white")
