"""Signs that a font of their own shows: bullets that are letters, and the signs of code."""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence

from builder.ingest.pdf.layout import Line, lines
from builder.ingest.pdf.page import Page, Run

_FEWEST = 3  # so many lines begin with a letter that is a bullet
_SIGNS_OF_ONE_FONT = 3  # lists in lists have bullets of their own
_FAR = 4.0  # times the size: the most between a bullet and its text
_LEAST_GAP = 0.2  # the same, the least
_BULLET = "\u2022"
_MINUS = "\u2212"
_OPTION = re.compile(rf"(?:^|[\s\[(|])({_MINUS}{_MINUS})[a-zA-Z]{{2}}")
_BEFORE_LETTER = re.compile(rf"{_MINUS}(?={_MINUS}?[^\W\d_])|(?<=[^\W\d_]){_MINUS}$")
_OF_CODE = {"\u2217": "*", "\u2212": "-", "\u223c": "~"} | {sign: sign for sign in "<>|{}\\*"}
_AROUND = frozenset("<>")  # what an address may stand between
_WORD = re.compile(r"[^\W\d_]{3}")
_AS_TYPED = str.maketrans(_OF_CODE)
_SIGNS = 3  # that stand together at most
_TOUCHING = 0.15  # times the size: so near is what stands in the next cell of code
_BLANK, _NEXT = 0.4, 0.9  # the same: a blank between code is no narrower, and no wider
_SAME_LEVEL = 0.05  # the same: how far the baselines of one line may differ
_APART = 1.5  # the same: what stands farther off is of another cell of a table


def tell_bullets(pages: Sequence[Page]) -> None:
    """Make bullets of the letters that a font of pictures shows in front of lines.

    Some makers do not tell what such a font shows, only its codes: "q" for a box, "o" for a ring.
    Nothing but a few letters is in its face, each by itself at the begin of a line.
    """
    shown: dict[str, list[Run]] = defaultdict(list)
    for page in pages:
        for run in page.runs:
            if run.font.name and run.text.strip():
                shown[run.font.face].append(run)
    faces = {
        face
        for face, runs in shown.items()
        if len(runs) >= _FEWEST
        and len({run.text for run in runs}) <= min(_SIGNS_OF_ONE_FONT, len(runs) // _FEWEST)
        and all(len(run.text) == 1 and run.text.isalpha() for run in runs)
    }
    if not faces:
        return
    begins = {
        id(before) for page in pages for before in _before_text(page) if before.font.face in faces
    }
    for face in faces:
        if all(id(run) in begins for run in shown[face]):
            for run in shown[face]:
                run.text = _BULLET


def tell_hyphens(pages: Sequence[Page]) -> None:
    """Make hyphens of the minus signs with which printers of manual pages write options.

    "--all" with two of them tells such a text; they are meant only right before a letter.
    """
    if not any(_OPTION.search(run.text) for page in pages for run in page.runs):
        return
    for page in pages:
        for run in page.runs:
            if _MINUS in run.text:
                run.text = _BEFORE_LETTER.sub("-", run.text)


def _before_text(page: Page) -> list[Run]:
    """The runs of a page that begin a line, with text behind them and none right before them."""
    found = lines(page.runs, page.number)
    levels: dict[int, list[Line]] = defaultdict(list)
    for line in sorted(found, key=lambda line: line.x0):
        levels[round(line.y)].append(line)
    first: list[Run] = []
    for line in found:
        run = line.runs[0]
        if len(run.text) != 1:
            continue
        behind, before = line.runs[1:2], -math.inf
        for level in range(round(run.y) - 2, round(run.y) + 3):
            row = levels[level]
            at = bisect_right(row, run.x0, key=lambda other: other.x0)
            before = max(
                [before, *(other.x1 for other in row[max(0, at - 2) : at] if other is not line)]
            )
            behind += [other.runs[0] for other in row[at : at + 1]] * (len(line.runs) == 1)
        gaps = [_gap(run, after) for after in behind]
        alone = run.x0 - before > run.size
        if alone and any(_LEAST_GAP < gap < _FAR for gap in gaps):
            first.append(run)
    return first


def join_code(runs: Sequence[Run]) -> None:
    """Take the signs of mathematics between code, and touching it, for code.

    TeX has no "<" in some fonts, and makers of manuals set a star as the one of mathematics. What
    is compared in a formula stands apart by less than a blank of code. The brackets around an
    address are of the font of prose.
    """
    prose = {run.font.name for run in runs if _WORD.search(run.text)}
    ordered = sorted(runs, key=lambda run: (run.y, run.x0))
    for _, row in itertools.groupby(ordered, _level(ordered)):
        beside = sorted(row, key=lambda run: run.x0)
        for at, run in enumerate(beside):
            if run.font.fixed or not _OF_CODE.keys() >= set(run.text) or len(run.text) > _SIGNS:
                continue
            if run.font.name in prose and not _AROUND.isdisjoint(run.text):
                continue
            near = [
                (gap, other)
                for left, right, other in (
                    *((one, run, one) for one in beside[max(0, at - 1) : at]),
                    *((run, one, one) for one in beside[at + 1 : at + 2]),
                )
                if -_TOUCHING < (gap := _gap(left, right)) < _APART
            ]
            coded = bool(near) and all(one.font.fixed and gap < _NEXT for gap, one in near)
            touches = any(gap < _TOUCHING for gap, _ in near)
            if coded and (touches or (len(near) > 1 and all(gap > _BLANK for gap, _ in near))):
                run.text, run.font = run.text.translate(_AS_TYPED), near[-1][1].font


def _level(runs: Sequence[Run]) -> Callable[[Run], int]:
    """What is one for all runs on a baseline; runs: by height."""
    levels: dict[int, int] = {}
    level = 0
    for before, run in zip([None, *runs], runs, strict=False):
        level += before is not None and run.y - before.y > _SAME_LEVEL * run.size
        levels[id(run)] = level
    return lambda run: levels[id(run)]


def _gap(left: Run, right: Run) -> float:
    """The room between two runs of one line, in times of their size."""
    return (right.x0 - left.x1) / max(left.size, right.size)
