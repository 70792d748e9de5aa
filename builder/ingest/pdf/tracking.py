"""Words whose letters are set apart, as in titles: pdfium puts blanks between the letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest.pdf import cjk

if TYPE_CHECKING:
    from builder.ingest.pdf.page import Run

_LEAST, _MOST = 0.06, 0.27  # times the size: the room between letters that are set apart
_MOST_IN_CODE = 0.35  # the same of a fixed-pitch font, whose blanks are wide
_ALIKE = 0.1  # times the size: how far kerning may take that room from the usual one
_MOSTLY = 0.8  # of the pairs of letters
_WORD = 0.15  # times the size: so much more room is that of a blank
_FEWEST = 3  # pairs of letters
_LEVEL = 0.1  # points: baselines of one line


class _Gap(NamedTuple):
    """The room before a letter: which one of which run.

    blank: a glyph of a blank is there. letters: it parts two letters, no signs or figures.
    """

    run: Run
    at: int
    room: float
    blank: bool
    letters: bool


def close_up(runs: Sequence[Run], rights: Mapping[int, Sequence[float]]) -> None:
    """Take the blanks out that only tell of room between letters.

    rights: where each glyph of a run ends, by the run's identity; runs without are left alone. A
    blank that pdfium made takes no room: it stands where the letter after it does.
    """
    usual: dict[tuple[int, float], float] = {}  # room by font and size
    rest: list[list[_Gap]] = []
    for chain in _chains(runs, rights):
        gaps = [gap for gap in _gaps(chain, rights) if not gap.blank]
        room = _room(gaps)
        for run in chain if room else ():
            run.tracked = not (run.font.fixed or cjk.n_wide(run.text))
        if not any(map(_is_parted, gaps)):
            continue
        if not room:
            rest.append(gaps)
            continue
        usual.update(((id(run.font), run.size), room) for run in chain)
        _close(gaps, room)
    for gaps in rest:  # of a few letters, or figures
        room = usual.get((id(gaps[0].run.font), gaps[0].run.size), 0.0)
        if room:
            _close(gaps, room)


def _room(gaps: Sequence[_Gap]) -> float:
    """How far the letters of a chain are set apart, 0 where they are not."""
    rooms = [gap.room for gap in gaps if gap.letters]
    if len(rooms) < _FEWEST:
        return 0.0
    usual, size = median(rooms), max(gap.run.size for gap in gaps)
    most = _MOST_IN_CODE if gaps[0].run.font.fixed else _MOST
    inside = [room for room in rooms if room <= usual + _WORD * size]
    near = sum(abs(room - usual) <= _ALIKE * size for room in inside)
    told = _LEAST * size <= usual <= most * size and near >= _MOSTLY * len(inside)
    return usual if told else 0.0


def _chains(runs: Sequence[Run], rights: Mapping[int, Sequence[float]]) -> Iterator[list[Run]]:
    """Runs of one face behind each other, none with letters that touch."""
    chain: list[Run] = []
    for run in runs:
        apart = id(run) in rights and _is_apart(run, rights[id(run)])
        if chain and not (apart and _follows(chain[-1], run)):
            yield chain
            chain = []
        if apart:
            chain.append(run)
    if chain:
        yield chain


def _is_apart(run: Run, ends: Sequence[float]) -> bool:
    """Whether no more than a few letters of a run touch the next one."""
    pairs = [gap for gap in _within(run, ends) if not gap.blank]
    touching = sum(gap.room < _LEAST / 2 * run.size for gap in pairs)
    return touching <= (1 - _MOSTLY) * len(pairs)


def _follows(before: Run, run: Run) -> bool:
    level = abs(run.frame[-1] - before.frame[-1]) < _LEVEL
    alike = run.font is before.font and run.colour == before.colour
    return level and alike and run.x0 - before.frame[2] > -_LEAST * run.size


def _within(run: Run, ends: Sequence[float]) -> list[_Gap]:
    """The room between each two letters of a run."""
    shown = [at for at, letter in enumerate(run.text) if letter != " "]
    return [
        _Gap(
            run,
            after,
            run.xs[after] - ends[before],
            any(run.xs[at + 1] - run.xs[at] > 0.01 for at in range(before + 1, after)),
            run.text[before].isalpha() and run.text[after].isalpha(),
        )
        for before, after in pairwise(shown)
    ]


def _gaps(chain: Sequence[Run], rights: Mapping[int, Sequence[float]]) -> Iterator[_Gap]:
    """The room between each two letters of a chain of runs."""
    before: Run | None = None
    for run in chain:
        if before is not None:
            letters = before.text[-1].isalpha() and run.text[0].isalpha()
            yield _Gap(run, 0, run.x0 - before.frame[2], run.blank, letters)
        yield from _within(run, rights[id(run)])
        before = run


def _is_parted(gap: _Gap) -> bool:
    """Whether a blank is told where no glyph is one."""
    return gap.run.space if gap.at == 0 else gap.run.text[gap.at - 1] == " "


def _close(gaps: Sequence[_Gap], usual: float) -> None:
    """Take out the blanks before letters that are as far from the one before them as usual."""
    inside: dict[int, tuple[Run, set[int]]] = {}
    for gap in gaps:
        if abs(gap.room - usual) > _ALIKE * gap.run.size:
            continue
        if gap.at == 0:
            gap.run.space, gap.run.close = False, True
        elif gap.run.text[gap.at - 1] == " ":
            inside.setdefault(id(gap.run), (gap.run, set()))[1].add(gap.at - 1)
    for run, out in inside.values():
        run.xs = [x for at, x in enumerate(run.xs) if at not in out]
        run.text = "".join(letter for at, letter in enumerate(run.text) if at not in out)
