"""Code that blank lines of another height part: word processors set them as high as prose."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from statistics import median

from builder.ingest.pdf.blocks import Part
from builder.ingest.pdf.layout import Line

_MOST = 2  # blank lines between the parts of a program (PEP 8)
_NEAR = 0.06  # of a line: so exact their number is
_LOWEST = 0.7  # times the lines of code: those of prose are no nearer
_SAME_SIZE = 0.3  # points
_HIGHER, _HIGHEST = 1.05, 1.7  # times the lines of code: blank ones of another face
_OFTEN = 4  # rooms between parts of code
_MOSTLY = 0.8  # of them
_REMARK = re.compile(r"\s*(?://|#|--|/\*)")
_FEW = 3  # distances that tell how far lines of prose stand below each other


def joined(found: Sequence[Part], tagged: Collection[int]) -> list[Part]:
    """Parts of a document with code whole again that a blank line or two had parted.

    The room is a line of code and just one or two lines of the document's prose, or of the room
    that recurs between such parts. tagged: the pages whose structure tree tells what is one block.
    """
    steps = {kind: _steps(found, kind) for kind in ("code", "paragraph")}
    beats = {size: median(seen) for size, seen in steps["code"].items()}
    prose = [step for seen in steps["paragraph"].values() if len(seen) >= _FEW for step in seen]
    heights = [*([median(prose)] if prose else []), *_recurring(found, beats)]
    made: list[Part] = []
    for part in found:
        before = made[-1] if made else None
        beat = beats.get(round(part.lines[0].size, 1), 0.0) if part.lines else 0.0
        if (
            before is not None
            and beat
            and part.page not in tagged
            and before.kind == part.kind == "code"
            and any(_goes_on(before.lines, part.lines, beat, height) for height in heights)
        ):
            before.lines.extend(part.lines)
        else:
            made.append(part)
    return made


def _recurring(found: Sequence[Part], beats: dict[float, float]) -> list[float]:
    """The height of blank lines that no prose is as high as, from the room between parts of code.

    Most of the rooms are one or two of it, and it is more than a line of code.
    """
    rooms = [
        (part.lines[0].y - before.lines[-1].y - beat, beat)
        for before, part in itertools.pairwise(found)
        if before.kind == part.kind == "code"
        and before.lines[-1].column == part.lines[0].column
        and (beat := beats.get(round(part.lines[0].size, 1), 0.0))
    ]
    single = [room for room, beat in rooms if _HIGHER * beat < room < _HIGHEST * beat]
    if len(single) < _OFTEN:
        return []
    height = median(single)
    n_whole = sum(_n_blanks(room, height) > 0 for room, _ in rooms)
    return [height] if n_whole > _MOSTLY * len(rooms) else []


def _n_blanks(room: float, height: float) -> int:
    """How many blank lines a room is as high as; 0 where it is no whole number, or many."""
    n = room / height
    return round(n) if 1 <= round(n) <= _MOST and abs(n - round(n)) < _NEAR else 0


def _steps(found: Sequence[Part], kind: str) -> dict[float, list[float]]:
    """How far lines of a kind of part stand below each other, by size."""
    steps: dict[float, list[float]] = {}
    for part in found:
        if part.kind == kind:
            for before, line in itertools.pairwise(part.lines):
                step = line.y - before.y
                if before.column == line.column and 0.8 * line.size < step < 2 * line.size:
                    steps.setdefault(round(line.size, 1), []).append(step)
    return steps


def _goes_on(above: Sequence[Line], below: Sequence[Line], beat: float, height: float) -> bool:
    """Whether code goes on below one or two blank lines of a height.

    A lone line that is bold, or slanted and left of what is above it, is none of its lines, if it
    is no remark.
    """
    last, first = above[-1], below[0]
    if last.column != first.column or abs(last.size - first.size) > _SAME_SIZE:
        return False
    if first.counts_anew(last):
        return False
    runs = [run for run in first.runs if run.text.strip()]
    bold = all(run.font.bold for run in runs) and not all(run.font.bold for run in last.runs)
    slanted = all(run.font.italic for run in runs) and _REMARK.match(first.text) is None
    if (bold and len(below) == 1) or (slanted and first.x0 < min(line.x0 for line in above) - 1):
        return False
    return height > _LOWEST * beat and _n_blanks(first.y - last.y - beat, height) > 0
