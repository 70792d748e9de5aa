"""Tables that are drawn with "+", "-" and "|", as pandoc and database clients write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

BORDER = re.compile(r"\s*\+(?:[-=:]+\+)+\s*$")
_HEAD = re.compile(r"[-:+\s]*=[=:+\s]*$")


def drawn_lines(lines: Sequence[str], at: int) -> int:
    """How many lines from one on draw a table; 0 when none begins there.

    When it has no lower border: below 0, as many lines as were looked at.
    """
    if not BORDER.match(lines[at]):
        return 0
    end = at + 1
    while end < len(lines) and lines[end].lstrip()[:1] in ("|", "+"):
        end += 1
    return end - at if end - at > 2 and BORDER.match(lines[end - 1]) else at - end


def drawn_rows(lines: Sequence[str]) -> list[list[str]] | None:
    """The cells by row, the first of them the header, blank when it is not told.

    A cell over several columns stands in the first of them. None when a border does not run
    through all columns (cells over several rows), or a line is not as wide as the others.
    """
    said = [line.strip() for line in lines]
    bounds = [at for at, mark in enumerate(said[0]) if mark == "+"]
    groups: list[list[list[str]]] = []  # between borders: lines of cells
    n_head = 0
    for line in said:
        if BORDER.match(line):
            n_head = len(groups) if _HEAD.match(line) and not n_head else n_head
            groups.append([])
        elif line[:1] == "|" and line[-1:] == "|" and "+-" not in line and bounds:
            groups[-1].append(_cells(line, bounds))
        else:
            return None
    groups = groups[:-1]
    if not n_head and len(groups) == 2 and len(groups[0]) == 1 and all(row[0] for row in groups[1]):
        return [*groups[0], *groups[1]]  # of a database client: one row to the line
    rows = [_joined(group) for group in groups]
    return [*([] if n_head else [[""] * len(rows[0])]), *rows] if rows and rows[0] else None


def _cells(line: str, bounds: Sequence[int]) -> list[str]:
    """The cells of one line, cut at its bars, or where one stands below a corner."""
    if line.count("|") == len(bounds):  # wide characters move them
        return [cell.strip() for cell in line[1:-1].split("|")]
    cells, start = [""] * (len(bounds) - 1), 0
    for number in range(1, len(bounds)):
        at = bounds[number]
        if line[at : at + 1] == "|" or number == len(bounds) - 1:
            last = at if line[at : at + 1] == "|" else len(line) - 1
            cells[start] = line[bounds[start] + 1 : last].strip()
            start = number
    return cells


def _joined(lines: Sequence[Sequence[str]]) -> list[str]:
    return [" ".join(filter(None, column)) for column in zip(*lines, strict=True)]
