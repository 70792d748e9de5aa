"""Rows of tables that are told by their colour: every other one, or the head, lies upon a fill."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.ingest.pdf.page import Box, Fill

_SAME = 3.0  # points: edges closer than this are one
_LEVEL = 1.0  # points: how far the fills of one row may stand apart upwards
_LOW = 6.0  # points: a fill that is lower is no row


@dataclass(slots=True)
class Band:
    """The fill of one row; cuts: where its pieces meet, one piece for each cell."""

    box: Box
    colours: frozenset[tuple[int, ...]]
    cuts: list[float]

    def follows(self, other: Band) -> bool:
        """Whether a band is as wide as another, and cut as that is."""
        if abs(self.box[0] - other.box[0]) > _SAME or abs(self.box[2] - other.box[2]) > _SAME:
            return False
        return len(self.cuts) == len(other.cuts) and all(
            abs(one - two) < _SAME for one, two in zip(self.cuts, other.cuts, strict=True)
        )

    def touches(self, above: Band) -> bool:
        """Whether nothing is between a band and one above it."""
        return self.box[1] - above.box[3] < _SAME


def of_tables(fills: Sequence[Fill]) -> Iterator[list[Band]]:
    """The bands that may be rows of one table, from top to bottom: two or more.

    Lines of code may lie upon one fill each: of bands without cuts those that touch differ.
    """
    groups: list[list[Band]] = []
    for band in sorted(_bands(fills), key=lambda band: band.box[1]):
        for group in groups:
            if band.follows(group[-1]):
                group.append(band)
                break
        else:
            groups.append([band])
    for group in groups:
        alike = any(
            not after.cuts and after.touches(band) and after.colours == band.colours
            for band, after in itertools.pairwise(group)
        )
        if len(group) > 1 and not alike:
            yield group


def _bands(fills: Sequence[Fill]) -> Iterator[Band]:
    """Fills that stand beside each other and are equally high, each row of them one band."""
    row: list[Fill] = []
    placed = {tuple(round(edge) for edge in fill.box): fill for fill in fills}  # some are twice
    for fill in sorted(placed.values(), key=lambda fill: (round(fill.box[1]), fill.box[0])):
        left, top, _, bottom = fill.box
        if bottom - top < _LOW:
            continue
        if row and not (
            abs(row[-1].box[1] - top) < _LEVEL
            and abs(row[-1].box[3] - bottom) < _LEVEL
            and abs(row[-1].box[2] - left) < _SAME
        ):
            yield _band(row)
            row = []
        row.append(fill)
    if row:
        yield _band(row)


def _band(row: Sequence[Fill]) -> Band:
    left, top, *_ = row[0].box
    _, _, right, bottom = row[-1].box
    colours = frozenset(fill.colour for fill in row)
    return Band((left, top, right, bottom), colours, [fill.box[0] for fill in row[1:]])
