"""The rows and cells of a table in an OpenDocument file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from builder.ingest.docx_tables import MAX_SPAN
from builder.ingest.grid import spread
from builder.ingest.odf_package import TABLE

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_REPEATED = 200_000  # cells of a file that stand for repeated ones
_MAX_GRID = 1_000_000  # places of a table that cells are repeated in
_MAX_DOWN = 10_000  # rows that a cell may span
_DIGITS = 10  # from which a number is no count
_ROWS = frozenset(TABLE + name for name in "table-header-rows table-rows table-row-group".split())


def table_rows(table: _Element) -> Iterator[tuple[_Element, bool]]:
    """The rows of a table, and whether they are repeated on each page."""
    stack = [(child, False) for child in reversed(table)]
    while stack:
        element, repeated = stack.pop()
        if element.tag == f"{TABLE}table-row":
            yield element, repeated
        elif element.tag in _ROWS:
            repeated = repeated or element.tag == f"{TABLE}table-header-rows"
            stack += [(child, repeated) for child in reversed(element)]


def count(element: _Element, what: str) -> int:
    """A number of rows or columns ("rows-repeated"), one unless it is told."""
    told = element.get(f"{TABLE}number-{what}") or ""
    return max(1, int(told)) if told.isdecimal() and len(told) < _DIGITS else 1


def cells(row: _Element) -> Iterator[tuple[_Element, int, int]]:
    """The cells of a row that no other covers, and how far each reaches down and across."""
    for cell in row.iterchildren(f"{TABLE}table-cell"):
        down, across = count(cell, "rows-spanned"), count(cell, "columns-spanned")
        yield cell, min(down, _MAX_DOWN), min(across, MAX_SPAN)


def grid(rows: Sequence[Sequence[tuple[str, int, int]]]) -> list[list[str]]:
    """The texts of cells that are (text, rows down, columns across), one in each place it spans.

    In a table that would grow too large so, each stands once.
    """
    n_places = sum(
        across * min(down, len(rows) - at) for at, row in enumerate(rows) for _, down, across in row
    )
    if n_places > _MAX_GRID:
        return [[text for text, _, _ in row] for row in rows]
    return spread(rows)
