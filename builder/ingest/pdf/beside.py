"""Text that is set beside a figure: for so many lines, its column ends where the figure begins."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from builder.ingest.pdf.layout import STAND_IN, Line

_FEWEST = 3  # lines that end at one place
_NEAR = 1.0  # points
_PLACES = 3  # of a column, at which most lines end
_MOSTLY = 0.5  # of the lines beside a figure end there, as those of justified text do
_LEAST = 0.25  # of the column: what is left for the text
_SHORT = 1.0  # times the size: a line that ends so far before the others may end a paragraph
_LEVEL = 0.4  # times the size: lines on one baseline are no farther apart
_CAPTION = re.compile(  # of a figure, as English, German, French, Spanish, ... have it
    r"(?:fig(?:ur[ea]?|\.)|abbildung|abb\.|[\u56fe\u56f3\u5716])\s*\d", re.IGNORECASE
)


def narrowed(ordered: Sequence[Line]) -> list[Line]:
    """The lines of a page in reading order, those beside figures with columns of their own.

    The captions of the figures come behind the last paragraph that ends beside them, or before.
    """
    columns = itertools.groupby(ordered, key=lambda line: line.column)
    return [line for _, group in columns for line in _in_column(list(group))]


def _in_column(found: list[Line]) -> list[Line]:
    captions = [line for line in found if _CAPTION.match(line.text)]
    if not any(line.x0 - line.column[0] > _LEAST * _width(line) for line in captions):
        return found
    for start, end, edge in _stretches(found):
        stretch = found[start:end]
        text = [line for line in stretch if line.x0 < edge]
        aside = [line for line in stretch if line.x0 >= edge]
        left, top, right, bottom = text[0].column
        x0 = min(line.x0 for line in aside)
        for line in stretch:
            line.column = (left, top, edge, bottom) if line.x0 < edge else (x0, top, right, bottom)
        short = [at for at, line in enumerate(text, 1) if line.x1 < edge - _SHORT * line.size]
        cut = short[-1] if short else 0
        found[start:end] = [*text[:cut], *aside, *text[cut:]]
    return found


def _stretches(found: Sequence[Line]) -> Iterator[tuple[int, int, float]]:
    """From which line to which text ends at one place, with the caption of a figure behind it."""
    left, _, right, _ = found[0].column
    ends = Counter(round(line.x1) for line in found if line.text != STAND_IN)
    taken: set[int] = set()
    for place, n in ends.most_common(_PLACES):
        if n < _FEWEST or not _LEAST < (place - left) / max(right - left, 1.0) < 1 - _LEAST:
            continue
        for start, end in _runs(
            [at not in taken and _fits(one, place) for at, one in enumerate(found)]
        ):
            first = next((at for at in range(start, end) if _ends_at(found[at], place)), end)
            if _is_beside(found[first:end], place):
                taken.update(range(first, end))
                edge = max(line.x1 for line in found[first:end] if _ends_at(line, place))
                yield first, end, edge


def _runs(true: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """From where to where all are true."""
    at = 0
    for value, same in itertools.groupby(true):
        start, at = at, at + len(list(same))
        if value:
            yield start, at


def _is_beside(stretch: Sequence[Line], place: float) -> bool:
    """Whether lines are justified text that ends at a place, and a caption behind that."""
    text = [line for line in stretch if line.x0 < place]
    aside = [line for line in stretch if line.x0 >= place]
    full = sum(_ends_at(line, place) for line in text)
    rows = itertools.pairwise(text)
    return (
        full >= max(_FEWEST, _MOSTLY * len(text))
        and len(aside) < len(text)
        and any(_CAPTION.match(line.text) for line in aside)
        and not any(abs(below.y - above.y) < _LEVEL * below.size for above, below in rows)
    )


def _ends_at(line: Line, place: float) -> bool:
    return abs(line.x1 - place) < _NEAR


def _fits(line: Line, place: float) -> bool:
    """Whether a line of prose stands on one side of a place."""
    aside = line.x1 < place + _NEAR or line.x0 > place
    return aside and line.text != STAND_IN and not line.fixed


def _width(line: Line) -> float:
    return line.column[2] - line.column[0]
