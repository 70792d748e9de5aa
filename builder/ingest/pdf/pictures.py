"""Pictures that are drawn right on a page, with words in them: graphs, plots, diagrams, scores.

Their words are labels, and their lines rule no table. A picture that is a file of its own (a form)
is told by that; this one by lines and curves that no table, frame or letter is made of.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from statistics import median
from typing import TYPE_CHECKING

from builder.ingest.pdf import cjk

if TYPE_CHECKING:
    from builder.ingest.pdf.page import Box, Run

_SHORT_LABEL = 25  # letters: half of the labels of a picture are no longer
_LEAST = (2.0, 3.5)  # points: a slanted line is no narrower, and no shorter
_FEWEST = 3  # slanted lines or curves
_TOUCHING = 1.0  # points: what is drawn this near to each other is one thing
_SPREAD = 0.1  # of a picture, the part over which its slanted lines are spread, at least
_MOST_OF_PAGE = 0.6
_A_BACKGROUND = 0.4  # of a page, and more, that one shape covers
_APART = 0.5  # times the size: words that stand no further apart are one label
_LOWEST = 1.2  # times the size of its letters
_THICK = 3.0  # points: a level line is no thicker
_WIDE = 0.9  # of a box's width: lines that part the rows of a table in it
_FEWEST_ROWS = 3  # with words in them, so that signs in them make no picture of a table
_MOST_THINGS = 150  # apart on one page: more are letters that are drawn as curves
_MOST_LINES = 3_000
_NEAR = 20.0  # points: what is drawn this near to a picture, and holds labels, is of it
_LONGEST_LABEL = 60  # letters
_OFF = 0.15  # of a letter of code: how far it may stand from its cell
_ON_GRID = 0.7  # of the lines of code
_STEPS = 8  # of looking for what touches what was found


def find(slanted: Sequence[Box], others: Iterable[Box], runs: Sequence[Run], area: float
         ) -> list[Box]:  # fmt: skip
    """The boxes of the pictures among what is drawn on a page of an area (square points).

    slanted: the boxes of lines and curves that are not level or upright; others: of all else.
    """
    if len(slanted) < _FEWEST or not runs:
        return []
    things = _joined(sorted(set(slanted)), _MOST_THINGS)
    others = {box for box in others if _area(box) < _A_BACKGROUND * area}
    if len(things) > _MOST_THINGS or len(others) > _MOST_LINES:
        return []
    whole = _grown(things, others)
    held: dict[Box, list[Box]] = defaultdict(list)
    for box in slanted:
        held[next(one for one in whole if _touch(one, box))].append(box)
    found = [box for box in whole if _is_picture(box, held[box], runs, area)]
    found = [box for box in found if not _has_rows(box, others, labels(box, runs))]
    if not found:
        return []
    apart = [box for box in others if not any(_touch(one, box) for one in whole)]
    boxes = [box for box in _joined(sorted(apart), _MOST_THINGS) if _is_box(box)]
    return _gathered(found, [*(box for box in whole if box not in found), *boxes], runs, area)


def is_wide(width: float, height: float) -> bool:
    """Whether a path is wide and high enough to be one of a picture."""
    return min(width, height) >= _LEAST[0] and max(width, height) >= _LEAST[1]


def outside(boxes: Iterable[Box], pictures: Sequence[Box]) -> list[Box]:
    """The boxes that are in none of the pictures."""
    return [box for box in boxes if not any(_holds(picture, box) for picture in pictures)]


def labels(picture: Box, runs: Iterable[Run]) -> list[Run]:
    """The runs on lines that stand in a picture, if only with their feet."""
    return [run for line in _lines_in(picture, runs) for run in line]


def _lines_in(picture: Box, runs: Iterable[Run]) -> list[list[Run]]:
    """What stands on one line, no further apart than words, with its middle in a picture."""
    left, top, right, bottom = picture
    level = [run for run in runs if run.top < bottom and run.bottom > top]
    found: list[list[Run]] = []
    for run in sorted(level, key=lambda run: (round(run.y), run.x0)):
        last = found[-1][-1] if found else None
        if last and round(last.y) == round(run.y) and run.x0 - last.x1 < _APART * run.size:
            found[-1].append(run)
        else:
            found.append([run])
    return [line for line in found if left <= (line[0].x0 + line[-1].x1) / 2 <= right]


def _is_picture(box: Box, slanted: Sequence[Box], runs: Sequence[Run], area: float) -> bool:
    """Whether a box holds slanted lines all over, and words that are labels."""
    if len(slanted) < _FEWEST or _area(box) > _MOST_OF_PAGE * area:
        return False
    if _area(_around(slanted)) < _SPREAD * _area(box):  # a sign beside the words in a frame
        return False
    found = _lines_in(box, runs)
    if not found or box[3] - box[1] < _LOWEST * max(line[0].size for line in found):
        return False
    widths = (sum(cjk.width(run.text) for run in line) for line in found)
    return median(widths) <= _SHORT_LABEL and not is_code(found)


def is_code(lines: Sequence[Sequence[Run]]) -> bool:
    """Whether words are code on a grid, and not labels that a drawing program sets so."""
    if not all(run.font.fixed for run in chain(*lines)):
        return False
    left = min(line[0].x0 for line in lines)
    first = (line[0] for line in lines)
    cells = [(run.x0 - left) * len(run.text) / (run.x1 - run.x0 or 1.0) for run in first]
    return sum(abs(cell - round(cell)) < _OFF for cell in cells) >= _ON_GRID * len(cells)


def _is_box(box: Box) -> bool:
    """Whether a thing is more than a line."""
    return min(box[2] - box[0], box[3] - box[1]) > _THICK


def _gathered(
    found: list[Box], things: Sequence[Box], runs: Sequence[Run], area: float
) -> list[Box]:
    """Pictures with the things near to them, as long as what they hold is labels."""
    left = list(things)
    for _ in range(_STEPS):
        near = [box for box in left if any(_touch(one, box, _NEAR) for one in found)]
        left = [box for box in left if box not in near]
        for box in near:
            beside = next(one for one in found if _touch(one, box, _NEAR))
            whole = _around((beside, box))
            if _area(whole) <= _MOST_OF_PAGE * area and _are_labels(_lines_in(whole, runs)):
                found = _joined([whole, *(one for one in found if one != beside)], len(found))
        if not near:
            break
    return found


def _are_labels(lines: Sequence[Sequence[Run]]) -> bool:
    """Whether most lines are short, and none is one of a paragraph."""
    widths = [sum(cjk.width(run.text) for run in line) for line in lines]
    return not widths or (
        median(widths) <= _SHORT_LABEL and max(widths) <= _LONGEST_LABEL and not is_code(lines)
    )


def _has_rows(box: Box, others: Iterable[Box], words: Sequence[Run]) -> bool:
    """Whether level lines all over a box part its words into rows, as those of a table do.

    Those of a stave stand nearer to each other than lines of text.
    """
    wide = [line for line in others if line[2] - line[0] >= _WIDE * (box[2] - box[0])]
    levels = sorted({line[1] for line in wide if line[3] - line[1] < _THICK})
    below = {bisect(levels, run.y): run.size for run in words}
    rows = [at for at in below if 0 < at < len(levels) and levels[at] - levels[at - 1] > below[at]]
    return len(rows) >= _FEWEST_ROWS


def _joined(boxes: Iterable[Box], most: int) -> list[Box]:
    """Boxes around those that touch, none of which touches another one; or one more than most."""
    found: list[Box] = []
    for box in boxes:
        while touching := [one for one in found if _touch(one, box)]:
            found = [one for one in found if not _touch(one, box)]
            box = _around([*touching, box])
        found.append(box)
        if len(found) > most:
            break
    return found


def _grown(things: list[Box], others: Iterable[Box]) -> list[Box]:
    """Things with the other lines that touch them, and what these touch."""
    left = list(others)
    for _ in range(_STEPS):
        touching = [box for box in left if any(_touch(one, box) for one in things)]
        if not touching:
            break
        taken = set(touching)
        left = [box for box in left if box not in taken]
        things = _joined([*things, *touching], len(things))
    return things


def _touch(one: Box, other: Box, gap: float = _TOUCHING) -> bool:
    return (
        one[0] - gap <= other[2]
        and other[0] - gap <= one[2]
        and one[1] - gap <= other[3]
        and other[1] - gap <= one[3]
    )


def _holds(picture: Box, box: Box) -> bool:
    return (
        picture[0] <= box[0]
        and picture[1] <= box[1]
        and box[2] <= picture[2]
        and box[3] <= picture[3]
    )


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
