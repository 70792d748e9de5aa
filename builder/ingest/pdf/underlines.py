"""Letters with a line drawn below them: what makers underline, as titles or links."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from builder.ingest.pdf.page import Box, Run

_MAX_RULES = 2000  # on a page: more are a drawing
_MAX_RUNS = 20_000
_BELOW = 0.35  # times the size: so far below the baseline a line is looked for
_ABOVE = 0.05  # times the size: so far above it
_WORDS = 1.5  # times the size: words of one line are nearer to each other
_OVER = 2.0  # points: how far a line may go on beyond its words
_HALF = 0.5  # of the width of words: letters that hang down may interrupt the line
_MOST = 25  # rules below one line of words


def tell(runs: Sequence[Run], flats: Sequence[Box]) -> None:
    """Tell the runs that are underlined: a line is drawn below them, but not beyond their words."""
    if not flats or len(flats) > _MAX_RULES or len(runs) > _MAX_RUNS:
        return
    lines = sorted(flats, key=lambda box: box[1])
    tops = [box[1] for box in lines]
    for words in _stretches(runs):
        y, size = words[0].y, words[0].size
        low = bisect_left(tops, y - _ABOVE * size)
        high = bisect_left(tops, y + _BELOW * size)
        left, right = words[0].x0 - _OVER, max(run.x1 for run in words) + _OVER
        near = [
            box for box in lines[low : min(high, low + _MOST)] if box[2] > left < right > box[0]
        ]
        if not near or any(box[0] < left or box[2] > right for box in near):
            continue
        for run in words:
            covered = sum(max(0.0, min(run.x1, box[2]) - max(run.x0, box[0])) for box in near)
            run.underlined = covered > _HALF * (run.x1 - run.x0)


def _stretches(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Runs of one baseline that follow each other as words do."""
    found: list[Run] = []
    for run in sorted(runs, key=lambda run: (round(run.y), run.x0)):
        if found and (
            abs(run.y - found[-1].y) > 1 or run.x0 - found[-1].x1 > _WORDS * found[-1].size
        ):
            yield found
            found = []
        found.append(run)
    if found:
        yield found
