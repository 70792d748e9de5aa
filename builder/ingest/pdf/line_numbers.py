"""The numbers that a typesetter puts before lines of code, which are no part of it.

They stand below each other, count on by one, and are set unlike the code at their right, or left
of them where nothing else follows. What stands where such numbers do, beside a single line of code,
is one as well. Where they begin anew another block of code does.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence

from builder.ingest.pdf.furniture import dropped
from builder.ingest.pdf.page import Page, Run
from builder.records import Dropped

_FEW = 3  # numbers that follow each other, at least once in a document
_DIGITS = 4
_CODED = 0.5  # of the numbers have code at their right; the lines of the others are empty
_BESIDE = 4.0  # times the size: how far the code begins from one of the numbers at most
_FAR = 16.0  # the same, where it is indented
_TOUCHING = 0.5  # times the size: what stands so near is one number
_SMALL = 0.9  # times the size of the code


def take_out(pages: Sequence[Page]) -> list[Dropped]:
    """Take the numbers of lines of code out of the pages, and tell what they were."""
    columns = [(page, list(_columns(page.runs))) for page in pages]
    if not any(found for _, found in columns):
        return []
    shown = {page.number: _rows(page.runs) for page, found in columns if found}
    chains: list[tuple[Page, list[Run]]] = []
    edges = set()
    for page, found in columns:
        for chain in itertools.chain.from_iterable(map(_chains, found)):
            rows = shown[page.number]
            rooms = [room for run in chain if (room := _room(run, rows) or _before(run, rows))]
            if len(rooms) < _CODED * len(chain) or not _are_near(chain, rooms, rows):
                continue
            chains.append((page, chain))
            if len(chain) >= _FEW and min(rooms) < _BESIDE * chain[0].size:
                edges.add(_edge(chain[0]))
    gone: dict[int, list[Run]] = defaultdict(list)
    for page, chain in chains:
        if _edge(chain[0]) in edges:
            gone[page.number] += chain
    for page in pages:
        taken = {id(run) for run in gone.get(page.number, ())}
        if taken:
            _tell(gone[page.number], shown[page.number])
            page.runs[:] = [run for run in page.runs if id(run) not in taken]
    return [dropped(f"page {number}", "line_numbers", runs) for number, runs in gone.items()]


def _columns(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Numbers that end at one place, and stand in no sentence: "(Section 2)"."""
    edges: dict[int, list[Run]] = defaultdict(list)
    starts = {(round(run.y), round(run.x0)) for run in runs}
    for run in runs:
        if len(run.text) <= _DIGITS and run.text.isdecimal():
            y, x1 = round(run.y), round(run.x1)
            if starts.isdisjoint({(y, x1), (y, x1 + 1)}):
                edges[x1].append(run)
    yield from edges.values()


def _edge(run: Run) -> tuple[object, ...]:
    """Where a number ends, and how it is set."""
    return round(run.x1), round(run.size, 1), run.font.name, run.colour


def _rows(runs: Sequence[Run]) -> dict[int, list[Run]]:
    """What stands on each baseline of a page that has code on it."""
    found: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        found[round(run.y)].append(run)
    return {y: row for y, row in found.items() if any(run.font.fixed for run in row)}


def _chains(column: Sequence[Run]) -> Iterator[list[Run]]:
    """Numbers below each other that count on by one."""
    chain: list[Run] = []
    for run in sorted(column, key=lambda one: one.y):
        if chain and int(run.text) != int(chain[-1].text) + 1:
            yield chain
            chain = []
        chain.append(run)
    if chain:
        yield chain


def _room(number: Run, rows: dict[int, list[Run]]) -> float:
    """How far the code begins that is set unlike the number before it; 0 where none does.

    Nothing stands between the two, no code right before the number, and nothing that it is a part
    of: "1.2" of a section in two runs.
    """
    level = _level(number, rows)
    for run in level:
        reach = run.size if run.font.fixed else _TOUCHING * run.size
        if run.x0 < number.x0 and -_TOUCHING * run.size < number.x0 - run.x1 < reach:
            return 0.0
    right = sorted((run for run in level if run.x0 > number.x1), key=lambda run: run.x0)
    if not right or not right[0].font.fixed or _is_of_title(number, right[0]):
        return 0.0
    near = [
        run for at, run in enumerate(right) if not at or run.x0 - number.x0 < _BESIDE * run.size
    ]
    unlike = any(_set(run) != _set(number) for run in near if run.font.fixed)
    room = right[0].x0 - number.x0
    return room if unlike and room < _FAR * number.size else 0.0


def _are_near(chain: Sequence[Run], rooms: Sequence[float], rows: dict[int, list[Run]]) -> bool:
    """Whether code is near one of the numbers, or they are small: others count indented lines."""
    small = any(
        run.font.fixed and number.size < _SMALL * run.size
        for number in chain
        for run in _level(number, rows)
    )
    return small or min(rooms) < _BESIDE * chain[0].size


def _is_of_title(number: Run, code: Run) -> bool:
    """Whether a number is bold and no smaller than the code that it stands before, which is not."""
    return number.font.bold and not code.font.bold and number.size >= _SMALL * code.size


def _before(number: Run, rows: dict[int, list[Run]]) -> float:
    """How far a number hangs right of a line of code, where it ends one; 0 where it does not.

    It is smaller than the code and set unlike it, and nothing else stands on the line.
    """
    level = [run for run in _level(number, rows) if run is not number]
    if not level or not all(run.font.fixed and run.x1 < number.x0 for run in level):
        return 0.0
    last = max(level, key=lambda run: run.x1)
    unlike = _set(last) != _set(number) and number.size < _SMALL * last.size
    return number.size if unlike else 0.0


def _level(number: Run, rows: dict[int, list[Run]]) -> list[Run]:
    """What stands on the baseline of a number."""
    y = round(number.y)
    return [run for near in (y - 1, y, y + 1) for run in rows.get(near, ())]


def _tell(numbers: Sequence[Run], rows: dict[int, list[Run]]) -> None:
    """Note the numbers at the code that they count, which those nearest to it tell."""
    for number in sorted(numbers, key=lambda run: run.x0):
        level = [run for run in _level(number, rows) if run.font.fixed]
        right = [run for run in level if run.x0 > number.x1]
        for run in right or [run for run in level if not run.count]:
            run.count = int(number.text)


def _set(run: Run) -> tuple[object, ...]:
    """How a run is set; fonts of pictures have no name."""
    return run.font.name, run.font.fixed, run.colour
