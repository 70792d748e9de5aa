"""Tables that are drawn with "+", "-" and "|", as pandoc and database clients write them.

drawn_lines(lines, at), drawn_rows(lines)  with a border around every cell
ruled_lines(lines, at), ruled_rows(lines)  with dashes below the head and blanks between columns
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

BORDER = re.compile(r"\s*\+(?:[-=:]+\+)+\s*$")
_HEAD = re.compile(r"[-:+\s]*=[=:+\s]*$")
_RULES = re.compile(r" *-{2,}(?: +-{2,})+ *$")  # below the names of columns, a run for each
_RULE = re.compile(r" *-{5,} *$")  # above and below a table whose rows take several lines
_RUN = re.compile("-+")
MAX_HEAD = 8  # lines of the names of columns
MAX_RULED = 2_000  # lines of a table


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


def ruled_lines(lines: Sequence[str], at: int) -> int:
    """How many lines from one on are a table with dashes below its head; 0 when none begins there.

    Three forms (https://pandoc.org/MANUAL.html#tables): a line of names above the dashes and rows
    of a line up to an empty one; the same without names between two lines of dashes; rows of
    several lines, parted by empty ones, between rules.
    """
    rules = _rules_at(lines, at)
    if rules is None or not "".join(lines[rules + 1 : rules + 2]).strip():
        return 0
    last = min(len(lines), at + MAX_RULED)
    closed = rules != at + 1 or _RULE.match(lines[at]) is not None
    end = next((n for n in range(rules + 1, last) if _ends(lines[n], closed=closed)), last)
    if closed and end == last:
        return 0
    body = lines[rules + 1 : end]
    end += closed
    starts = [run.start() for run in _RUN.finditer(lines[rules])]
    filled = any(sum(map(bool, _between(line, starts))) > 1 for line in body)
    return end - at if filled and all(_is_parted(line, starts) for line in lines[at:end]) else 0


def _ends(line: str, *, closed: bool) -> bool:
    """Whether a line ends a table that a rule closes, or one up to an empty line."""
    return _is_rule(line) if closed else not line.strip()


def _is_rule(line: str) -> bool:
    return bool(_RULE.match(line) or _RULES.match(line))


def _rules_at(lines: Sequence[str], at: int) -> int | None:
    """Where the dashes below the head of a table are that begins with a line, None without one."""
    if _RULES.match(lines[at]):
        return at
    below = lines[at + 1 : at + 2]
    if below and lines[at].strip() and not _RULE.match(lines[at]) and _RULES.match(below[0]):
        return at + 1
    if not _RULE.match(lines[at]) or not below or not below[0].strip():
        return None
    for number in range(at + 2, min(len(lines), at + 2 + MAX_HEAD)):
        if _RULES.match(lines[number]):
            same = len(lines[number].rstrip()) <= len(lines[at].rstrip())
            return number if same else None
        if not lines[number].strip():
            return None
    return None


def _is_parted(line: str, starts: Sequence[int]) -> bool:
    """Whether a line is a rule, or blank before every column that it reaches."""
    if _RULE.match(line):
        return True
    return all(line[start - 1 : start].isspace() or len(line) < start for start in starts[1:])


def ruled_rows(lines: Sequence[str]) -> list[list[str]]:
    """The cells of such a table by row, the first of them the header, blank when it is not told."""
    rules = next(at for at, line in enumerate(lines) if _RULES.match(line))
    starts = [run.start() for run in _RUN.finditer(lines[rules])]
    head = [_between(line, starts) for line in lines[:rules] if not _RULE.match(line)]
    body = [line for line in lines[rules + 1 :] if not _is_rule(line)]
    several = any(not line.strip() for line in body)
    groups: list[list[list[str]]] = [[]]
    for line in body:
        if not line.strip():
            groups.append([])
        elif several:
            groups[-1].append(_between(line, starts))
        else:
            groups.append([_between(line, starts)])
    rows = [_joined(group) for group in groups if group]
    return [_joined(head) if head else [""] * len(starts), *rows]


def _between(line: str, starts: Sequence[int]) -> list[str]:
    """The words of a line by column; the first column begins with the line."""
    bounds = [0, *starts[1:], len(line)]
    return [line[first:last].strip() for first, last in pairwise(bounds)]
