"""Boxes of code: each block has its own fill or frame, and what fits into it is known."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from builder.ingest.pdf.layout import Line
from builder.ingest.pdf.page import Box, Page
from builder.ingest.pdf.tables import framed

_ROOM = 3.0  # points: the least between two boxes
_FAR = 60.0  # points: the most
_HIGH = 16.0  # points: a lower fill is that of one line, with no room around it
_LEVEL = 0.3  # times the size: so far above its baseline a line is looked for
_NEAR = 1.0  # points: letters reach no farther over the edges of their box
_PADDED = 3.0  # times the size: the most between the left edge of a box and its code
_WIDE = 16.0  # the least width of a box that is none of a drawing
_TALL = 6.0  # the most below and above it
_MANY = 400  # boxes on a page: more are no blocks of code
_MOST = 8  # gaps between boxes: more are not between two lines


class Boxes:
    """Where one box of a page ends and the next, as wide as it, begins."""

    def __init__(self, page: Page) -> None:
        drawn = {fill.box for fill in page.fills} | set(page.rounded)
        high = [box for box in drawn if box[3] - box[1] >= _HIGH]
        self._gaps = sorted([*_between(high), *_between(page.flats)])
        self._tops = [gap[0] for gap in self._gaps]

    def part(self, above: Line, line: Line) -> bool:
        """Whether a line of code stands in another box than the line above it."""
        if not (above.fixed and line.fixed):
            return False
        at = bisect_left(self._tops, above.y - _LEVEL * above.size)
        return any(
            bottom <= line.y - _LEVEL * line.size
            and left <= min(above.x0, line.x0)
            and max(above.x1, line.x1) <= right
            for _, left, right, bottom in self._gaps[at : at + _MOST]
        )


def tell_columns(stretches: Sequence[Sequence[Line]], page: Page) -> None:
    """Let code that stands in a box of its own have that for its column: prose may be ragged.

    A box that is just as wide as its code, and less than the column, tells not what would fit.
    """
    if not stretches:
        return
    if max(len(page.flats), len(page.uprights), len(page.fills), len(page.rounded)) > _MANY:
        return
    drawn = {fill.box for fill in page.fills} | {*framed(page), *page.rounded}
    for lines in stretches:
        around = [box for box in drawn if _holds(box, lines)]
        if around:
            left, _, right, _ = min(around, key=lambda box: box[2] - box[0])
            room = right - max(line.x1 for line in lines)
            filled = abs(room - min(line.x0 for line in lines) + left) < _NEAR
            if filled and right < lines[0].column[2] - lines[0].size:
                continue
            for line in lines:
                line.column = (left, line.column[1], right, line.column[3])


def _holds(box: Box, lines: Sequence[Line]) -> bool:
    """Whether a box is drawn around code, with some room between them."""
    left, top, right, bottom = box
    first, size = min(line.x0 for line in lines), lines[0].size
    upper, lower = min(line.top for line in lines), max(line.bottom for line in lines)
    return (
        right - left > _WIDE * size
        and left - _NEAR < first < left + _PADDED * size
        and max(line.x1 for line in lines) < right + _NEAR
        and top - _NEAR < upper < top + _TALL * size
        and bottom - _TALL * size < lower < bottom + _NEAR
    )


def _between(boxes: Sequence[Box]) -> list[Box]:
    """The gaps between boxes of one width that follow each other: top, left, right, bottom."""
    alike: dict[tuple[int, int], list[Box]] = defaultdict(list)
    for box in sorted(boxes, key=lambda box: box[1]):
        alike[round(box[0]), round(box[2])].append(box)
    gaps: list[Box] = []
    for column in alike.values():
        for above, below in itertools.pairwise(column):
            if _ROOM <= below[1] - above[3] <= _FAR:
                gaps.append((above[3], above[0], above[2], below[1]))
    return gaps
