"""A page without the elements that only colour the words of its code.

A page of documentation may hold a thousand of them, half of all its elements, and none says more
than its text does: without them the page is parsed, placed and looked over in far less time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from builder.ingest.furniture import has_word, names_tip
from builder.ingest.inline import names_number

_COLOURED = re.compile(r'<span(?: class="([^"<>&]*)")?>([^<]*)</span>')
_LINES = frozenset(("line", "loc"))  # of class names
_NO_CODE = re.compile(r"<(?!/?(?:a|b|code|em|font|i|span|strong)[\s>])")
_HALF_ESCAPE = re.compile(r"&#?\w*<")  # which might become a whole one with what follows the tag


class Uncoloured(NamedTuple):
    """A source without the elements that colour code.

    blocks: where those of code begin, as far as they can be seen without a parser.
    ends, shifts: where the code ends that is shorter now, and by how much what follows was moved.
    """

    text: str
    blocks: list[int]
    ends: list[int]
    shifts: list[int]

    def before(self, offset: int) -> int:
        """Where in the source with colours stands what is at an offset here."""
        return offset + self.shifts[bisect_right(self.ends, offset)]


def uncoloured(source: str) -> Uncoloured | None:
    """A source without the elements that colour code, None where it has none."""
    parts: list[str] = []
    blocks: list[int] = []
    ends: list[int] = []
    shifts = [0]
    copied = 0
    for at, start, end in _blocks(source):
        blocks.append(at - shifts[-1])
        plain = _without_colours(source[start:end])
        if plain:
            parts += source[copied:start], plain
            copied = end
            shifts.append(shifts[-1] + end - start - len(plain))
            ends.append(end - shifts[-1])
    parts.append(source[copied:])
    return Uncoloured("".join(parts), blocks, ends, shifts) if ends else None


def _blocks(source: str) -> Iterator[tuple[int, int, int]]:
    """Where blocks of code begin, and from where to where they go; one around another is empty."""
    at, end = source.find("<pre"), 0
    while at >= 0:
        end = end if end > at else source.find("</pre", at)
        if end < 0:
            return
        inner = source.find("<pre", at + 4, end)
        if source[at + 4] in "> \n\t":
            yield at, *(_inside(source, at, end) if inner < 0 else (at, at))
        at = inner if inner > 0 else source.find("<pre", end)


def _inside(source: str, at: int, end: int) -> tuple[int, int]:
    """From where to where a block of code goes; if a `code` stands in it, that."""
    code = source.find("<code", at, end)
    inside = source.find(">", at if code < 0 else code, end) + 1
    close = end if code < 0 else source.rfind("</code", at, end)
    return inside, max(inside, close)


def _without_colours(code: str) -> str:
    """Code without elements that hold nothing but text and are called nothing, "" if it has none.

    Nor where more stands in it than is in code. An empty line that such an element holds open is
    told by it, and so are the numbers of lines.
    """
    parts = _COLOURED.split(code)
    if len(parts) == 1 or not all(map(_says_nothing, set(parts[1::3]))):
        return ""
    del parts[1::3]
    plain = "".join(parts)
    if "\n \n" in plain or _HALF_ESCAPE.search(code):
        return ""
    n_tags = plain.count("<")
    return plain if not n_tags or _is_code(plain, n_tags) else ""


def _is_code(plain: str, n_tags: int) -> bool:
    """Whether only elements that may stand in code are in it, and each has an end."""
    return n_tags == 2 * plain.count("</") and _NO_CODE.search(plain) is None


@lru_cache(maxsize=1024)
def _says_nothing(label: str | None) -> bool:
    """Whether a class names no line of code, no number of one and no tip."""
    return not label or not (names_number(label) or has_word(label, _LINES) or names_tip(label))
