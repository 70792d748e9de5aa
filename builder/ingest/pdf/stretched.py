"""Titles that are justified over the whole column: their words stand far apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder.ingest.pdf.layout import Line
    from builder.ingest.pdf.page import Font

_PROSE = 25  # letters of a line that tells the edges of its column
_FEWEST = 3  # such lines
_EVEN = 0.1  # of the widest room between words, and in points
_BELOW = 3.0  # times the size: what stands nearer below tells whether words head columns
_NEXT = 16  # rows behind one
_INDENT = 2.5  # times the size: paragraphs begin so far from the edge at most


def joined(found: list[Line]) -> list[Line]:
    """Lines with the words of titles joined that stand apart, all over the width of a column.

    What stands above or below all else on the page is its head or foot.
    """
    rows = _rows(found)
    if not any(len(row) > 1 and _face(row) for row in rows):
        return found
    prose = [line for line in found if len(line.text) >= _PROSE]
    lefts, rights = (Counter(round(x) for x in xs) for xs in
                     ([line.x0 for line in prose], [line.x1 for line in prose]))  # fmt: skip
    ends = min(line.y for line in found), max(line.y for line in found)
    made: list[Line] = []
    for at, words in enumerate(rows):
        over = len(words) > 1 and words[0].y not in ends and _at_edge(words[-1].x1, rights)
        over = over and (_at_edge(words[0].x0, lefts) or _hangs(made, words[0]))
        face = _face(words) if over else None
        if face and _is_even(words) and not _heads_columns(words, face, rows[at + 1 : at + _NEXT]):
            line = type(words[0])([run for word in words for run in word.runs])
            line.page = words[0].page
            made.append(line)
        else:
            made += words
    return made


def _rows(found: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand beside each other and are written one after the other."""
    rows: list[list[Line]] = []
    for line in found:
        if rows and _goes_on(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _face(row: Sequence[Line]) -> Font | None:
    """The bold or slanted font that all words of a row have but code, None without such a one."""
    fonts = {
        id(run.font): run.font for line in row for run in line.runs if not run.font.fixed
    }  # fmt: skip
    font = next(iter(fonts.values()), None)
    return font if len(fonts) == 1 and font and (font.bold or font.italic) else None


def _goes_on(before: Line, line: Line) -> bool:
    return abs(line.y - before.y) < 0.1 * line.size and line.x0 > before.x1


def _hangs(made: Sequence[Line], line: Line) -> bool:
    """Whether a line begins where the words of a title with a number do, right above it."""
    if not made or not 0 < line.y - made[-1].y < _BELOW * line.size:
        return False
    runs = made[-1].runs[:2]
    return len(runs) > 1 and runs[0].text[:1].isdigit() and abs(runs[1].x0 - line.x0) < 1


def _at_edge(x: float, edges: Counter[int]) -> bool:
    near = sum(edges[round(x) + off] for off in (-1, 0, 1))
    return near >= _FEWEST


def _is_even(words: Sequence[Line]) -> bool:
    """Whether the room between words is the same, but for that behind a number."""
    rooms = [after.x0 - word.x1 for word, after in pairwise(words)]
    if len(rooms) > 1 and any(letter.isdigit() for letter in words[0].text[:1]):
        rooms = rooms[1:]
    return max(rooms) - min(rooms) <= _EVEN * max(rooms) + _EVEN


def _heads_columns(words: Sequence[Line], face: Font, below: Sequence[Sequence[Line]]) -> bool:
    """Whether something set otherwise stands right below words that the column does not begin."""
    first, last = words[0], words[-1]
    return any(
        first.y < row[0].y < first.y + _BELOW * first.size
        and not _hangs([first], row[0])
        and any(first.x0 + _INDENT * first.size < line.x0 < last.x1 for line in row)
        and _face(row) is not face
        for row in below
    )
