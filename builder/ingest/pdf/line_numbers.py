"""The numbers that a typesetter puts before lines of code, which are no part of it.

They stand below each other, count on by one, and are set unlike the code at their right. What
stands where such numbers do, beside a single line of code, is one as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from builder.ingest.pdf.furniture import dropped
from builder.ingest.pdf.page import Page, Run
from builder.records import Dropped

_FEW = 3  # numbers that follow each other, at least once in a document
_DIGITS = 4
_CODED = 0.5  # of the numbers have code at their right; the lines of the others are empty
_BESIDE = 4.0  # times the size: how far the code begins from its number at most


def take_out(pages: Sequence[Page]) -> list[Dropped]:
    """Take the numbers of lines of code out of the pages, and tell what they were."""
    columns = [(page, list(_columns(page.runs))) for page in pages]
    if not any(found for _, found in columns):
        return []
    shown = {page.number: _code(page.runs) for page, found in columns if found}
    chains = [
        (page, chain)
        for page, found in columns
        for column in found
        for chain in _chains(column)
        if _beside(chain, shown[page.number])
    ]
    edges = {_edge(chain[0]) for _, chain in chains if len(chain) >= _FEW}
    gone: dict[int, list[Run]] = defaultdict(list)
    for page, chain in chains:
        if _edge(chain[0]) in edges:
            gone[page.number] += chain
    for page in pages:
        taken = {id(run) for run in gone.get(page.number, ())}
        if taken:
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


def _code(runs: Sequence[Run]) -> dict[int, list[Run]]:
    """Code by its baseline."""
    found: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        if run.font.fixed:
            found[round(run.y)].append(run)
    return found


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


def _beside(chain: Sequence[Run], code: dict[int, list[Run]]) -> bool:
    """Whether code stands beside most of the numbers."""
    return sum(_counts(run, code) for run in chain) >= _CODED * len(chain)


def _counts(number: Run, code: dict[int, list[Run]]) -> bool:
    """Whether a number stands before code that is set otherwise, and behind none."""
    level = [
        run
        for y in range(round(number.y) - 1, round(number.y) + 2)
        for run in code.get(y, ())
        if abs(run.x0 - number.x0) < _BESIDE * run.size or 0 <= number.x0 - run.x1 < run.size
    ]
    behind = any(run.x0 < number.x0 for run in level)
    return not behind and any(run.x0 > number.x1 and _set(run) != _set(number) for run in level)


def _set(run: Run) -> tuple[object, ...]:
    """How a run is set; fonts of pictures have no name."""
    return run.font.name, run.font.fixed, run.colour
