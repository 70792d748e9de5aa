"""The cells of AsciiDoc tables and how they lie in rows and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_SPAN = 100
MAX_COPIES = 100

_SPEC = re.compile(
    r"(?:(\d{1,4})?(?:\.(\d{1,4}))?([*+]))?(?:[<^>](?:\.[<^>])?|\.[<^>])?([adehlmsv])?$"
)
_COLUMN = re.compile(r"(?:(\d{1,4})\*)?[<^>.\d%~]*([adehlmsv])?")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. line: which line of the table it begins on."""

    text: str
    across: int = 1
    down: int = 1
    copies: int = 1
    style: str = ""
    line: int = 0


def columns(written: str) -> tuple[int, list[str]]:
    """How many columns "1,2a,3*m" tells of, and the style letter of each; 0 when it is empty."""
    if re.fullmatch(r"\d{1,3}", written.strip()):
        return int(written), []
    styles: list[str] = []
    for part in re.split(r"[,;]", written) if written else ():
        match = _COLUMN.match(part.strip())
        copies = min(MAX_SPAN, int(match[1])) if match and match[1] else 1
        styles += [(match[2] or "") if match else ""] * copies
    return len(styles), styles


def lead(lines: Sequence[str], separator: str) -> str:
    """The text before the first separator, which is of no cell."""
    mark = re.compile(r"(?<!\\)" + re.escape(separator))
    found: list[str] = []
    for line in lines:
        match = mark.search(line)
        if match is None:
            found.append(line)
            continue
        before = line[: match.start()]
        spec = re.search(r"\S*$", before)
        found.append(before[: spec.start()] if spec and _SPEC.match(spec[0]) else before)
        break
    return "\n".join(found).strip()


def cells(lines: Sequence[str], separator: str) -> Iterator[Cell]:
    """The cells of separated values: each begins behind a separator with its specification."""
    mark = re.compile(r"(?<!\\)" + re.escape(separator))
    spec, line_of, held = "", 0, None
    for number, line in enumerate(lines):
        at = 0
        for match in mark.finditer(line):
            before = line[at : match.start()]
            word = re.search(r"(?<=\s)\S*$" if at else r"(?:^|(?<=\s))\S*$", before)
            told = word[0] if word and _SPEC.match(word[0]) else ""
            text = before[: len(before) - len(told)]
            if held is not None:
                yield _cell(f"{held}{text}", spec, line_of, separator)
            held, spec, line_of, at = "", told, number, match.end()
        if held is not None:
            held += line[at:] + "\n"
    if held is not None:
        yield _cell(held, spec, line_of, separator)


def _cell(text: str, spec: str, line: int, separator: str) -> Cell:
    match = _SPEC.match(spec)
    text = text.replace(f"\\{separator}", separator)
    if match is None:
        return Cell(text, line=line)
    number, down, kind, style = match.groups()
    if kind == "*":
        return Cell(text, copies=min(MAX_COPIES, int(number or 1)), style=style or "", line=line)
    across = min(MAX_SPAN, int(number or 1)) if kind else 1
    rows = min(MAX_SPAN, int(down or 1)) if kind else 1
    return Cell(text, across=max(1, across), down=max(1, rows), style=style or "", line=line)


def grid(found: Sequence[Cell], width: int) -> list[list[Cell]]:
    """The cells in rows of a width; one that spans rows or columns stands in each of them."""
    width = min(width, 1000)
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    carried: dict[int, tuple[int, Cell]] = {}
    for cell in (one for one in found for _ in range(one.copies)):
        _carry(row, carried, width)
        if len(row) >= width:
            rows.append(row)
            row = []
            _carry(row, carried, width)
        for _ in range(min(cell.across, max(1, width - len(row)))):
            if cell.down > 1:
                carried[len(row)] = (cell.down - 1, cell)
            row.append(cell)
        if len(row) >= width:
            rows.append(row)
            row = []
    _carry(row, carried, width)
    if row:
        rows.append(row)
    return rows


def _carry(row: list[Cell], carried: dict[int, tuple[int, Cell]], width: int) -> None:
    while len(row) in carried and len(row) < width:
        left, cell = carried.pop(len(row))
        if left > 1:
            carried[len(row)] = (left - 1, cell)
        row.append(cell)
