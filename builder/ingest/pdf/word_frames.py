"""Frames around code or keys in a line, as themes draw them: they rule no table."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from builder.ingest.pdf.page import Box, Fill, Run

_MAX_RULES = 2000  # on a page: more are a drawing
_HIGH = 2.3  # times the size: the most between the two level sides
_PADDED = 0.8  # times the size: the most between a side and its words
_UNEVEN = 0.5  # times the size: how far that may differ on both sides, one of which may be open
_ONE_LINE = 0.5  # times the size: baselines of one line are nearer
_PARTED = 1.2  # times the size: words of one frame are nearer to each other
_TOUCHING = 2.0  # points: a rule so near to a corner is one of the cell beside it
_MOSTLY = 0.5  # of the letters: what is not of one width may be signs that the font lacks
_MOST = 500  # runs that stand on one height
_NEAR = 1.0  # points


class _Words:
    """The text of a page, by how high it stands."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = sorted(runs, key=lambda run: run.y)
        self._ys = [run.y for run in self._runs]

    def within(self, box: Box) -> list[Run]:
        """What stands between the level sides of a box, and partly between the others."""
        low, high = bisect_left(self._ys, box[1]), bisect_right(self._ys, box[3])
        near = self._runs[low : min(high, low + _MOST)]
        return [run for run in near if box[0] + _NEAR < run.x1 and run.x0 < box[2] - _NEAR]


def left_out(
    flats: Sequence[Box], uprights: Sequence[Box], fills: Sequence[Fill], runs: Sequence[Run]
) -> tuple[list[Box], list[Box], list[Fill]]:
    """Level and upright rules, and fills, without those of frames around words of a line."""
    frames = _frames(flats, uprights, runs) if len(flats) + len(uprights) <= _MAX_RULES else []
    if not frames:
        return list(flats), list(uprights), list(fills)
    sides = _Index(frames)
    return (
        [box for box in flats if not sides.hold(box)],
        [box for box in uprights if not sides.hold(box)],
        [fill for fill in fills if not sides.hold(fill.box)],
    )


class _Index:
    """Boxes by their upper sides."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._boxes = sorted(boxes, key=lambda box: box[1])
        self._tops = [box[1] for box in self._boxes]
        self._highest = max(box[3] - box[1] for box in boxes)

    def hold(self, one: Box) -> bool:
        """Whether one lies in a box, or on its sides."""
        low = bisect_left(self._tops, one[1] - self._highest - _NEAR)
        high = bisect_right(self._tops, one[1] + _NEAR)
        return any(
            box[0] - _NEAR <= one[0]
            and one[2] <= box[2] + _NEAR
            and box[1] - _NEAR <= one[1]
            and one[3] <= box[3] + _NEAR
            for box in self._boxes[low:high]
        )


def _frames(flats: Sequence[Box], uprights: Sequence[Box], runs: Sequence[Run]) -> list[Box]:
    """The frames around words, as boxes.

    Cells of a table touch each other or share a rule, and those of a column are as wide as each
    other, however much is in them.
    """
    alike: dict[tuple[int, int], list[Box]] = defaultdict(list)
    for flat in set(flats):
        alike[round(flat[0]), round(flat[2])].append(flat)
    words = _Words(runs)
    found: list[Box] = []
    for column in alike.values():
        column.sort(key=lambda flat: flat[1])
        boxes = [(one[0], one[1], one[2], other[3]) for one, other in itertools.pairwise(column)]
        held = [(box, words.within(box)) for box in boxes]
        full = [(box, inside) for box, inside in held if inside and _holds(box, inside)]
        shared = any(one[3] >= other[1] for (one, _), (other, _) in itertools.pairwise(full))
        if not shared and all(_hugs(box, inside) for box, inside in full):
            found += [box for box, _ in full]
    return _alone(found, flats, uprights) if found else []


def _holds(box: Box, inside: Sequence[Run]) -> bool:
    """Whether a box is as high as a line and nothing goes over its sides."""
    size = max(run.size for run in inside)
    return box[3] - box[1] < _HIGH * size and all(
        box[0] - _NEAR < run.x0 and run.x1 < box[2] + _NEAR for run in inside
    )


def _hugs(box: Box, inside: Sequence[Run]) -> bool:
    """Whether words of one line fill all of a box, and are code."""
    words = sorted(inside, key=lambda run: run.x0)
    size = max(run.size for run in words)
    left, right = words[0].x0 - box[0], box[2] - words[-1].x1
    ys = [run.y for run in words]
    coded = sum(len(run.text) for run in words if run.font.fixed)
    return (
        coded > _MOSTLY * sum(len(run.text) for run in words)
        and max(left, right) < _PADDED * size
        and abs(left - right) < _UNEVEN * size
        and max(ys) - min(ys) < _ONE_LINE * size
        and all(other.x0 - one.x1 < _PARTED * size for one, other in itertools.pairwise(words))
    )


def _alone(boxes: Sequence[Box], flats: Sequence[Box], uprights: Sequence[Box]) -> list[Box]:
    """The boxes that have an upright side, and that no rule touches or leads on from."""
    ends = [(x, flat[1]) for flat in flats for x in (flat[0], flat[2])]
    ends += [(side[0], y) for side in uprights for y in (side[1], side[3])]
    ends.sort()
    xs = [x for x, _ in ends]
    sides = sorted(uprights)
    lefts = [side[0] for side in sides]
    found: list[Box] = []
    for box in boxes:
        touched = framed = False
        for x in (box[0], box[2]):
            low, high = bisect_left(xs, x - _TOUCHING), bisect_right(xs, x + _TOUCHING)
            touched = touched or any(
                not (box[0] - _NEAR < at < box[2] + _NEAR) and box[1] - _NEAR < y < box[3] + _NEAR
                for at, y in ends[low:high]
            )
            low, high = bisect_left(lefts, x - _NEAR), bisect_right(lefts, x + _NEAR)
            for side in sides[low:high]:
                inner = box[1] - _NEAR <= side[1] and side[3] <= box[3] + _NEAR
                crossing = side[1] < box[3] - _NEAR and side[3] > box[1] + _NEAR
                framed = framed or (inner and crossing)
                touched = touched or (crossing and not inner)
        if framed and not touched:
            found.append(box)
    return found
