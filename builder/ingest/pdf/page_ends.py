"""Blank lines of code where a page ends: they show only by the room that they leave."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from builder.ingest.pdf.layout import Line

_OFF_BEAT = 0.12  # of a line
_ROOM = 0.95  # of a line: the least that shows that a line would have had room
_MOST = 2  # lines: so many are told
_SAME_START = 2  # pages that code goes on at one height at, at least, so that it tells the inset
_DRAWN = re.compile(r"[|+\u2500-\u257f]")  # how lines of a drawn table begin
Stretches = Sequence[Sequence[Line]]  # the lines of one block of code, page by page


@dataclass(frozen=True, slots=True)
class PageEnds:
    """Where the text of pages begins and ends, at most, and how code goes on there, in points.

    steps, heights: from one line of code to the next, and of a blank line, by size.
    insets: how much lower than other text code goes on: its box has room at the head of a page.
    filled: most code that goes on leaves no room for a line at the foot of a page.
    """

    top: float
    bottom: float
    steps: dict[float, float]
    heights: dict[float, float]
    insets: dict[float, float] = field(default_factory=dict)
    filled: bool = False

    def n_blank(self, before: Sequence[Line], after: Sequence[Line]) -> int:
        """How many blank lines are between two parts of code, at the end of a page.

        Those that begin a page had no more room at the end of the one before. Lines that one more
        would have found room below are followed by one that does not show.
        """
        size = round(before[0].size, 1)
        step = self.steps.get(size, 0.0)
        drawn = _DRAWN.match(before[-1].text) and _DRAWN.match(after[0].text)
        if not step or drawn:
            return 0
        above, below = self._room(before, after)
        moved = len(after) <= _MOST  # lest one line stand alone: that leaves room for more
        if abs(below - round(below)) < _OFF_BEAT and 1 <= round(below) <= _MOST:
            return min(_MOST, int(above + _OFF_BEAT) * (not moved) + round(below))
        if moved:
            return 0
        if self.filled and abs(below) < _OFF_BEAT and _ROOM <= above < _MOST:
            return 1
        height = self.heights.get(size, step)
        n_lines = above * height / step if abs(height - step) < _OFF_BEAT * step else 0.0
        return int(abs(n_lines - round(n_lines)) < _OFF_BEAT and 1 <= round(n_lines) <= _MOST)

    def _room(self, before: Sequence[Line], after: Sequence[Line]) -> tuple[float, float]:
        """How many blank lines would fit below a part of code, and above the next."""
        size = round(before[0].size, 1)
        height = self.heights.get(size) or self.steps.get(size) or 1.0
        inset = self.insets.get(size, 0.0)
        above = self.bottom - inset - max(line.bottom for line in before)
        return above / height, (min(line.top for line in after) - self.top - inset) / height


def told(
    codes: Sequence[Stretches],
    edges: tuple[float, float],
    steps: dict[float, float],
    heights: dict[float, float],
) -> PageEnds:
    """What all code of a document tells; edges: where the text of pages begins and ends."""
    pairs = [pair for stretches in codes for pair in itertools.pairwise(stretches)]
    starts: dict[float, list[float]] = {}
    for before, after in pairs:
        size = round(before[0].size, 1)
        starts.setdefault(size, []).append(min(line.top for line in after) - edges[0])
    insets = {size: _inset(found, heights.get(size, 0.0)) for size, found in starts.items()}
    made = PageEnds(*edges, steps, heights, insets)
    n_open = sum(made._room(*pair)[0] >= _ROOM for pair in pairs)
    return PageEnds(*edges, steps, heights, insets, 2 * n_open <= len(pairs) > 1)


def _inset(starts: Sequence[float], height: float) -> float:
    """How much lower than other text code goes on, when no blank line is there; 0 if not known."""
    least = min(starts)
    alike = sum(start - least < _OFF_BEAT * height for start in starts)
    whole = height > 0 and abs(least / height - round(least / height)) < _OFF_BEAT
    return least if alike >= _SAME_START + (whole and least > _OFF_BEAT * height) else 0.0
