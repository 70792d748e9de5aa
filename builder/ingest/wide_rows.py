"""Rows of Markdown tables with more cells than their head, none of them lost.

GFM ignores what such a row has too much. Mostly a bar in code parts a cell that its author took for
one ("| `a | b` | Either. |"): other dialects (PHP Markdown Extra, Python-Markdown) read it so. What
is still too much belongs to the last cell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

_PREFIX = re.compile(r"[\s>]*")  # of a line in quotes or items
_BAR = re.compile(r"(?<!\\)\|")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\1(?!`)).)*?[^`]\1(?!`)")
_LONG = 4_000  # characters of a row, in which code is not looked for
_HIDDEN = "\ufdd0"  # a bar in code, while a line is cut: no character (Unicode 23.7)


def widened(state: StateCore) -> None:
    """Give the cells of the rows of all tables all that their rows hold (a core rule)."""
    lines = state.src.split("\n")
    row: list[Token] = []
    source = ""
    for token in state.tokens:
        if token.type == "tr_open":
            row, source = [], lines[token.map[0]] if token.map else ""
        elif token.type == "inline" and source:
            row.append(token)
        elif token.type == "tr_close":
            if source and len(_cells(source)) > len(row) > 0:
                _fill(row, source)
            source = ""


def _fill(row: list[Token], source: str) -> None:
    if len(source) < _LONG:
        source = _CODE.sub(lambda code: code[0].replace("|", _HIDDEN), source)
    cells = _cells(source)
    last = len(row) - 1
    cells[last:] = [" | ".join(filter(None, cells[last:]))]
    for token, cell in zip(row, cells, strict=False):
        token.content = cell.replace("\\|", "|").replace(_HIDDEN, "|")


def _cells(source: str) -> list[str]:
    """The cells of a line, parted at bars that no backslash stands before."""
    said = source[_PREFIX.match(source).end() :].strip()  # type: ignore[union-attr]  # "" matches
    cells = [cell.strip() for cell in _BAR.split(said)]
    return cells[said.startswith("|") : len(cells) - said.endswith("|")]
