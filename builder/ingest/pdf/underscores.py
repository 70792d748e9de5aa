"""Underscores that are drawn: in its first fonts (OT1) TeX has none, and sets short rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder.ingest.pdf.page import Box, Run

SHORT = 12.0  # points: no underscore is wider
_WIDTH = (0.2, 0.6)  # times the size: how wide one is,
_THICK = 0.12  # how thick,
_BELOW = (-0.05, 0.07)  # how far its lower edge stands below the line of the letters,
_TOUCHING = 0.15  # and how near it stands to the letter before or behind it
_OVER = 1.0  # times the size: what stands this near above or below makes a bar that of a fraction
_MOST = 2_000  # on a page, and fewer
_STEPS = 20_000_000  # where there are so many pairs of bars and runs
_IN_NAME = re.compile(r"[A-Za-z0-9_]")


def with_drawn(runs: Sequence[Run], bars: Sequence[Box]) -> list[Run]:
    """Runs, and one for each bar on their line that stands beside a letter, over and under none.

    An underline, in pieces as wide as blanks, stands lower.
    """
    found = list(runs)
    level: dict[int, list[Run]] = defaultdict(list)
    for run in found if bars else ():
        level[round(run.y)].append(run)
    several = sorted(set(bars))[: min(_MOST, _STEPS // (len(found) + 1))]
    for bar in (*several, *reversed(several)):  # of two, the first may stand beside the second only
        lines = range(round(bar[3] - SHORT), round(bar[3] + SHORT))
        near = [run for y in lines for run in level.get(y, ())]
        if any(_is_over(run, bar) for run in near):
            continue
        near = [run for run in near if _fits(run, bar)]
        before = next((run for run in near if _touches(run.x1, bar[0], run.size)), None)
        after = next((run for run in near if _touches(bar[2], run.x0, run.size)), None)
        beside = before or after
        named = before is not None and _IN_NAME.match(before.text[-1:])
        named = named or (after is not None and _IN_NAME.match(after.text))
        if beside is not None and named:
            made = replace(beside, text="_", xs=[bar[0]], x1=bar[2], blank=False)
            made.space = before is None and beside.space
            if after is not None:
                after.space = False
            found.insert(found.index(beside) + (before is not None), made)
            level[round(made.y)].append(made)
    return found


def _is_over(run: Run, bar: Box) -> bool:
    """Whether a run stands over a bar or under it: it is underlined, or a part of a fraction."""
    middle = (bar[0] + bar[2]) / 2
    return run.x0 < middle < run.x1 and abs(run.y - bar[3]) < _OVER * run.size


def _fits(run: Run, bar: Box) -> bool:
    """Whether a bar is as an underscore in the size of a run, on its line."""
    size = run.size
    fits = _WIDTH[0] * size < bar[2] - bar[0] < _WIDTH[1] * size and bar[3] - bar[1] < _THICK * size
    return fits and _BELOW[0] * size < bar[3] - run.y < _BELOW[1] * size


def _touches(one: float, other: float, size: float) -> bool:
    return abs(one - other) < _TOUCHING * size
