"""Which rows of a grid of cells name its columns, told by the words themselves.

header_rows(rows)      how many rows at the top name the columns
goes_on(table, below)  whether rows below a blank one belong to the same table
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

LONG = 60  # characters of a cell that is a sentence rather than a value
MAX_NAME = 400  # characters of the name of a column: the question of a form
_SAMPLE = 200  # rows that tell what a column holds

_NUMBER = re.compile(r"[-+]?[\d.,\u00a0' ]*\d(?:[eE][-+]?\d+)?\s*(?:%|€|\$|[a-zA-Z]{1,3})?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}(?:[ T]\d.*)?")

Grid = Sequence[Sequence[str]]


def header_rows(rows: Grid) -> int:
    """How many rows at the top name the columns: two where names with gaps stand over others."""
    if sum(not name for name in rows[0]) > 1 and _is_header(rows[1:]) and all(rows[1]):
        return 2
    return int(_is_header(rows))


class Table(NamedTuple):
    """The rows of a table, of which the first n_head name its columns."""

    rows: Grid
    n_head: int


def goes_on(table: Table, below: Grid) -> bool:
    """Whether rows below a blank one hold what the rows of a table hold, column by column.

    Names of columns of another table mostly stand over values of another kind than their own, so
    that they do not fit.
    """
    body = table.rows[table.n_head :]
    if not (table.n_head and body) or below[0] in table.rows[: table.n_head]:
        return False
    columns, more = _columns(body), _columns(below)
    shared = [at for at in range(min(len(columns), len(more))) if columns[at] and more[at]]
    first = [*below[0], *[""] * (len(more) - len(below[0]))]
    wider = any(more[max(map(len, table.rows[:_SAMPLE])) :])
    if wider or len(shared) < 2 or len(set(filter(None, first))) < 2:
        return False
    for at in shared:
        kind = _usual(columns[at])
        if kind != _usual(more[at]):
            return False
        if kind != "word" and first[at] and _usual([first[at]]) != kind:
            return False
    return True


def _is_header(rows: Grid) -> bool:
    """Whether the first row names the columns over at least one more row.

    Names are words, or numbers unlike those below them (years). What speaks against it: names that
    are also values, and gaps where nothing below tells names from values.
    """
    if len(rows) < 2:
        return False
    first, columns = rows[0], _columns(rows[1:], len(rows[0]))
    names = Counter(filter(None, first))
    n_blank = sum(not name for name in first)
    if not names or not all(map(_may_name, first, columns)):
        return False
    if first[0] and not any(_kind(name) == "word" for name in names):
        return False
    if n_blank > 1 and not (2 * n_blank <= len(first) and _differs(first, columns)):
        return False
    repeated = {name for name, count in names.items() if count > 1}
    return not repeated or (
        len(rows) > 2 and not any(cell in repeated for column in columns for cell in column)
    )


def _columns(rows: Grid, width: int = 0) -> list[list[str]]:
    """The filled cells of each column, as far as they are looked at."""
    width = max([width, *map(len, rows[:_SAMPLE])])
    return [[row[at] for row in rows[:_SAMPLE] if at < len(row) and row[at]] for at in range(width)]


def _may_name(name: str, column: Sequence[str]) -> bool:
    """Whether a cell may be the name of a column with these values; a blank one may."""
    kind = _kind(name)
    if kind == "word":
        return len(name) <= LONG or (len(name) <= MAX_NAME and _is_question(name, column))
    if not column:
        return kind != "number"
    alike = ("number", "year") if kind == "number" else (kind,)
    return not any(_kind(cell) in alike for cell in column)


def _is_question(name: str, column: Sequence[str]) -> bool:
    """Whether a long name is a question of a form: what stands below it is none, or is short."""
    if name.endswith("?"):
        return not any(cell.endswith("?") for cell in column)
    return bool(column) and all(2 * len(cell) <= len(name) for cell in column)


def _differs(first: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Whether a word stands over a column that holds none."""
    return any(
        name and column and _kind(name) == "word" and all(_kind(cell) != "word" for cell in column)
        for name, column in zip(first, columns, strict=False)
    )


def _usual(cells: Sequence[str]) -> str:
    """The kind of most cells of a column; a year is a number among others."""
    kinds = Counter("number" if (kind := _kind(cell)) == "year" else kind for cell in cells)
    return kinds.most_common(1)[0][0]


def _kind(cell: str) -> str:
    if _DATE.fullmatch(cell):
        return "date"
    if _YEAR.fullmatch(cell):
        return "year"
    return "number" if _NUMBER.fullmatch(cell) else "word"
