"""Boxes of code below each other: each block of code has its own fill or frame."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from builder.ingest.pdf.layout import Line
from builder.ingest.pdf.page import Box, Page

_ROOM = 3.0  # points: the least between two boxes
_FAR = 60.0  # points: the most
_HIGH = 16.0  # points: a lower fill is that of one line, with no room around it
_LEVEL = 0.3  # times the size: so far above its baseline a line is looked for
_MOST = 8  # gaps between boxes: more are not between two lines


class Boxes:
    """Where one box of a page ends and the next, as wide as it, begins."""

    def __init__(self, page: Page) -> None:
        high = [fill.box for fill in page.fills if fill.box[3] - fill.box[1] >= _HIGH]
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
