"""Rows of cells as a GFM pipe table, for the formats that have a grid of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_RAISABLE = re.compile("[0-9+n-]+")
_EXPONENT = re.compile(r"[-+\u2212]?\d{0,9}[./]\d{1,9}")
_RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")


def pipe_table(rows: Sequence[Sequence[str]], n_head: int) -> str:
    """The rows as a table, the first n_head of them joined to its header; "" without any text.

    Short rows are filled up, rows without any text left out. A column without any (pictures) stays,
    as it does in a table of HTML: what stands beside it is counted by it.
    """
    if not any(cell.strip() for row in rows for cell in row):
        return ""
    width = max(map(len, rows))
    grid = [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    head = [
        " ".join(dict.fromkeys(filter(None, column))) for column in zip(*grid[:n_head], strict=True)
    ]
    body = [row for row in grid[n_head:] if any(row)]
    lines = [head or [""] * width, ["---"] * width, *body]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))


def spread(rows: Iterable[Iterable[tuple[str, int, int]]]) -> list[list[str]]:
    """The texts of cells that are (text, rows down, columns across), one in each place it spans."""
    grid: list[list[str]] = []
    carried: dict[int, tuple[int, str]] = {}  # column -> rows still to come, text
    for row in rows:
        cells: list[str] = []
        for text, down, across in row:
            _carry(cells, carried)
            for _ in range(across):
                if down > 1:
                    carried[len(cells)] = (down - 1, text)
                cells.append(text)
        _carry(cells, carried)
        grid.append(cells)
    return grid


def _carry(cells: list[str], carried: dict[int, tuple[int, str]]) -> None:
    while len(cells) in carried:
        left, text = carried.pop(len(cells))
        if left > 1:
            carried[len(cells)] = (left - 1, text)
        cells.append(text)


def raised(text: str) -> str:
    """Numbers set above the line as the characters that show it ("m²"), fractions behind a mark
    ("^(1/2)"); other text as it is."""
    if _RAISABLE.fullmatch(text):
        return text.translate(_RAISED)
    return f"^({text})" if _EXPONENT.fullmatch(text) else text


def code_span(text: str) -> str:
    """Words in as many backticks as they need, blanks at their ends outside."""
    inner = " ".join(text.split())
    if not inner:
        return text
    before = " " if text[0].isspace() else ""
    after = " " if text[-1].isspace() else ""
    fence = "`" * (max(map(len, re.findall("`+", inner)), default=0) + 1)
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{before}{fence}{pad}{inner}{pad}{fence}{after}"
