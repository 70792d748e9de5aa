"""Sizes of letters whose font counts in dots of a printer, as old files of TeX's bitmaps do.

The size that such a file tells is that of a dot: a tenth of a point. How high the ink of its
letters is tells the true one: letters without ascenders are nearly alike in all of TeX's faces.
"""

from __future__ import annotations

from collections.abc import Iterable

from builder.ingest.pdf.page import Font

LEAST = 1.0  # points: nothing is printed in letters smaller than that
_HEIGHTS = {  # of their ink, in times of the size
    **dict.fromkeys("mnruvwxz", 0.431),
    **dict.fromkeys("aceos", 0.453),
}
_CAPITALS = dict.fromkeys("ABDEFHIKLMNPRTXZbdhkl", 0.683)  # for words without any of those


class Dots:
    """The true sizes of fonts, in times of those that the file tells."""

    def __init__(self) -> None:
        self._times: dict[int, float] = {}  # by font

    def size(self, font: Font, told: float, letters: Iterable[tuple[str, float]]) -> float:
        """The size of letters in points; as it is told where none of them tells more.

        told: in points. letters: those that are shown, with the height of their ink in points, 0 of
        what is not drawn.
        """
        if id(font) not in self._times:
            shown = list(letters)
            for known in (_HEIGHTS, _CAPITALS):
                found = [high / known[one] for one, high in shown if one in known and high > 0]
                if found:
                    self._times[id(font)] = sorted(found)[len(found) // 2] / told
                    break
        return told * self._times.get(id(font), max(self._times.values(), default=1.0))
