"""Remarks of code in ideographs, of no fixed-pitch font, where they go on in the next row."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from builder.ingest.pdf import cjk
from builder.ingest.pdf.layout import Line

_REMARK = re.compile(r"(?:^|\s)(?://|#|/\*)")
_STEP = 1.8  # times the size: rows of code are no farther apart
_EDGE = 1.0  # points


def tell_rests(found: Sequence[Line]) -> None:
    """Tell the lines that go on a remark in ideographs above them: they are code like that.

    Such a line begins at the left edge of the code, in the font of the remark, with what found no
    room behind it.
    """
    left = 0.0  # of the code above
    for above, line in itertools.pairwise(found):
        if not above.fixed:
            left = line.x0
            continue
        left = min(left, above.x0) if left else above.x0
        line.coded = not line.fixed and abs(line.x0 - left) < _EDGE and _goes_on(above, line)


def _goes_on(above: Line, line: Line) -> bool:
    """Whether a line is the rest of the remark that ends the line above it."""
    text = line.text
    remark = _REMARK.search(above.text) is not None or above.coded
    if not cjk.n_first(text) or not remark or line.page != above.page:
        return False
    others = [run for run in line.runs if not run.font.fixed and run.text.strip()]
    faces = {run.font.face for run in above.runs if cjk.n_wide(run.text)}
    alike = all(2 * cjk.n_wide(run.text) > len(run.text) for run in others)
    alike = alike and {run.font.face for run in others} <= faces
    near = 0 < line.y - above.y < _STEP * line.size
    return alike and near and above.x1 + _first(line) > above.column[2] - line.size


def _first(line: Line) -> float:
    """How wide the beginning of a line is that cannot be parted."""
    n_first = cjk.n_first(line.text)
    if not cjk.n_first(line.text[n_first:]):
        n_first = len(line.text.split(" ")[0])
    return (line.x1 - line.x0) * cjk.width(line.text[:n_first]) / cjk.width(line.text)
