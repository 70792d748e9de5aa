"""The numbers of the lines of a whole document, as drafts and standards have them in a margin.

They count on down a page, by one or as far as every fifth line, and nothing but they stands beside
the text. What tells them from a table's column of numbers is the text: its lines go on from one to
the next, so that many begin with a small letter. Or they are smaller than all text, left of which
they stand, count on from each page to the next, and the lines beside them begin at several places.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from builder.ingest.pdf.furniture import dropped
from builder.ingest.pdf.page import Page, Run
from builder.records import Dropped

_DIGITS = 5
_FEWEST = 5  # numbers of a page
_FEWEST_IN_ALL = 20
_SIDES = 8  # of a page that are looked at: more are a table
_COUNT_ON = 0.9  # of the numbers of a page
_STEPS = (1, 2, 5, 10)
_PAGES = 0.5  # of those with text have numbers
_SMALL = 0.25  # of the lines beside numbers begin with a small letter
_LEVEL = 0.6  # times the size: how far a number stands from the baseline of its line
_STARTS = 3  # places where lines begin
_SMALLER = 0.9  # times the size of the text
_ASTRAY = 2  # runs of a page that stand where the numbers do, as its head may


def take_out(pages: Sequence[Page]) -> list[Dropped]:
    """Take the numbers in the margins out of the pages, and tell what they were."""
    found = {page.number: numbers for page in pages if (numbers := _numbers(page.runs))}
    n_text = sum(bool(page.runs) for page in pages)
    numbered = [page for page in pages if page.number in found]
    beside = [line for page in numbered for line in _beside(page.runs, found[page.number])]
    n_small = sum(line.text.lstrip()[:1].islower() for line in beside)
    n_all = sum(map(len, found.values()))
    if len(found) < _PAGES * n_text or n_all < _FEWEST_IN_ALL:
        return []
    if n_small < _SMALL * len(beside) and not _count_through(numbered, found):
        return []
    for page in numbered:
        gone = {id(run) for run in found[page.number]}
        page.runs[:] = [run for run in page.runs if id(run) not in gone]
    return [dropped(f"page {number}", "line_numbers", runs) for number, runs in found.items()]


def _count_through(pages: Sequence[Page], found: dict[int, list[Run]]) -> bool:
    """Whether small numbers left of all text count on over several pages.

    The lines beside them begin at several places, as no rows of a table do.
    """
    last = 0
    starts: set[int] = set()
    for page in pages:
        numbers = sorted(found[page.number], key=lambda run: run.y)
        if last and int(numbers[0].text) != last + 1:
            return False
        last = int(numbers[-1].text)
        taken = {id(run) for run in numbers}
        right = max(run.x1 for run in numbers)
        texts = [run for run in page.runs if id(run) not in taken]
        beside = list(_beside(page.runs, numbers))
        starts |= {round(run.x0) for run in beside}
        large = sum(run.size * _SMALLER > numbers[0].size for run in beside)
        if large < _COUNT_ON * len(beside) or min((run.x0 for run in texts), default=0.0) <= right:
            return False
    return len(pages) > 1 and len(starts) >= _STARTS


def _numbers(runs: Sequence[Run]) -> list[Run]:
    """The numbers of a page that count on below each other, in a margin or between columns."""
    digits = [run for run in runs if len(run.text) <= _DIGITS and run.text.isdecimal()]
    if len(digits) < _FEWEST:
        return []
    at = {id(run) for run in digits}
    others = [run for run in runs if id(run) not in at]
    counted = itertools.islice(filter(_counting, _sides(digits)), _SIDES)
    sides = [side for side in counted if not _is_crossed(side, others)]
    return [run for side in sides for run in side] if len(others) > _ASTRAY else []


def _sides(digits: Sequence[Run]) -> Iterator[list[Run]]:
    """Numbers that stand below each other: the rooms that they take overlap."""
    side: list[Run] = []
    end = 0.0
    for run in sorted(digits, key=lambda one: one.x0):
        if side and run.x0 > end:
            yield side
            side = []
        end = max(end, run.x1) if side else run.x1
        side.append(run)
    if side:
        yield side


def _is_crossed(side: Sequence[Run], others: Sequence[Run]) -> bool:
    """Whether text stands where the numbers do, too."""
    left, right = min(run.x0 for run in side), max(run.x1 for run in side)
    return sum(run.x0 < right and run.x1 > left for run in others) > _ASTRAY


def _counting(side: Sequence[Run]) -> bool:
    """Whether numbers count on from the top to the foot of a page."""
    down = sorted(side, key=lambda run: run.y)
    steps = Counter(int(b.text) - int(a.text) for a, b in itertools.pairwise(down))
    step, n = max(steps.items(), key=lambda item: item[1], default=(0, 0))
    return len(down) >= _FEWEST and step in _STEPS and n >= _COUNT_ON * (len(down) - 1)


def _beside(runs: Sequence[Run], numbers: Sequence[Run]) -> Iterator[Run]:
    """What the lines beside numbers begin with."""
    taken = {id(run) for run in numbers}
    others = sorted((run for run in runs if id(run) not in taken), key=lambda run: run.y)
    heights = [run.y for run in others]
    for number in numbers:
        near = _LEVEL * number.size
        first, last = (
            bisect_left(heights, number.y - near), bisect_right(heights, number.y + near),
        )  # fmt: skip
        if first < last:
            yield min(others[first:last], key=lambda run: run.x0)
