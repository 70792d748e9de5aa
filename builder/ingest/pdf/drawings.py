"""What is drawn on a page: lines, boxes, dots and images, by the objects that draw them."""

from __future__ import annotations

import ctypes
import itertools
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isfinite
from typing import Any

from builder.ingest.pdf import pictures, underscores
from builder.ingest.pdf.page import DRAWN, Box, Fill, Run

MAX_OBJECTS = 20_000  # per page: beyond it a page is a drawing, whose lines rule no table
_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5  # kinds of page objects
_DEEP = 6  # forms in forms
_UNMOVED = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)  # the matrix of what is drawn on the page itself
_THIN = 2.5  # points: a filled box no wider is a line
_THICK = 8.0  # points: the bounds of a line that is drawn with a pen are twice as thick as it
_AT_END = 3.0  # points: how near to the end of a line another one begins or goes by
_SEGMENTS = 40  # of a path, by which it is told whether it slants
_ROUNDED = 16.0  # points: a box with round corners is wider and higher
_LOOKED = 400  # paths of a page: more draw no boxes
_CORNERS = 0.25  # of such a box, at most
_LEVEL = 0.1  # of a line's length, how far it may rise
_ACROSS, _UP = 0, 1  # edges of a box: the left one, and the upper one
_STEPS = 5  # lines of a shade, at least
_UPON = 0.05  # points: how near to each other they lie
_WHITE = 255
_DOT = (1.8, 8.0)  # points: how wide a drawn bullet may be
_FEWEST_DOTS = 2  # bullets of a list below each other
_REACH = 2.0  # times the size: how far a drawn bullet stands from its text


@dataclass(slots=True)
class Drawings:
    """What is drawn on a page: level lines, upright ones, dots, bars as short as a letter, images,
    and what may hold them; slanted: lines and curves that are neither, of any size; rounded: boxes
    that are filled or framed, with round corners."""

    flats: list[Box] = field(default_factory=list)
    uprights: list[Box] = field(default_factory=list)
    dots: list[Box] = field(default_factory=list)
    bars: list[Box] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    forms: list[Box] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    slanted: list[Box] = field(default_factory=list)
    rounded: list[Box] = field(default_factory=list)

    def leave_out(self, found: Sequence[Box]) -> None:
        """Forget the lines, dots and fills of pictures: they rule nothing and begin no line."""
        for boxes in (self.flats, self.uprights, self.dots):
            boxes[:] = pictures.outside(boxes, found)
        kept = set(pictures.outside((fill.box for fill in self.fills), found))
        self.fills = [fill for fill in self.fills if fill.box in kept]

    def shows(self, run: Run) -> bool:
        """Whether a picture shows the text that lies unseen upon it."""
        x, y = (run.x0 + run.x1) / 2, (run.top + run.bottom) / 2
        return any(
            left <= x <= right and top <= y <= bottom
            for left, top, right, bottom in itertools.chain(self.images, self.forms)
        )


def drawings(raw: Any, page: Any, turn: Callable[[Box], Box]) -> Drawings:  # page: a pointer
    """What a page draws; turn: from its own coordinates to ours."""
    found = Drawings()
    edges = [ctypes.c_float() for _ in range(4)]
    thick: list[Box] = []
    n_looked = 0
    for shape, kind, placed in _shapes(raw, page):
        if kind == _TEXT or not raw.FPDFPageObj_GetBounds(shape, *edges):
            continue
        left, bottom, right, top = (edge.value for edge in edges)
        box = turn(placed((left, bottom, right, top)))
        width, height = box[2] - box[0], box[3] - box[1]
        if not isfinite(sum(box)):
            continue
        if kind == _PATH and 2 * height < width < underscores.SHORT:
            found.bars.append(box)
        if kind == _PATH and pictures.is_wide(width, height) and _slants(raw, shape):
            found.slanted.append(box)
        if kind == _IMAGE:
            found.images.append(box)
        elif kind == _FORM:
            found.forms.append(box)
        elif kind != _PATH:
            continue
        elif _DOT[0] < width < _DOT[1] and abs(width - height) < 0.2 * width:
            found.dots.append(box)
        elif height <= _THIN and width > 3 * _THIN:
            found.flats.append(box)
        elif width <= _THIN and height > 2 * _THIN:
            found.uprights.append(box)
        elif min(width, height) <= _THICK < max(width, height) and _stroked(raw, shape):
            thick.append(box)
        elif _framed(raw, shape):
            x0, y0, x1, y1 = box
            found.flats += (x0, y0, x1, y0), (x0, y1, x1, y1)
            found.uprights += (x0, y0, x0, y1), (x1, y0, x1, y1)
        elif colour := _filled(raw, shape):
            found.fills.append(Fill(box, colour))
        elif height > _ROUNDED < width and n_looked < _LOOKED:
            n_looked += 1
            if _rounded(raw, shape):
                found.rounded.append(box)
    found.flats += _of_tables(thick, found.flats, found.uprights)
    found.flats = _without_shades(found.flats, _UP)
    found.uprights = _without_shades(found.uprights, _ACROSS)
    return found


def _without_shades(lines: Sequence[Box], way: int) -> list[Box]:
    """Lines without those that lie upon each other as steps from one colour to another.

    way: the edge of a box by which lines beside each other differ.
    """
    alike: dict[tuple[int, int], list[Box]] = defaultdict(list)
    for box in set(lines):
        alike[round(box[1 - way]), round(box[3 - way])].append(box)
    shades: set[Box] = set()
    for row in alike.values():
        row.sort(key=lambda box: box[way])
        first = 0
        for at in range(1, len(row) + 1):
            if at < len(row) and row[at][way] <= row[at - 1][way + 2] + _UPON:
                continue
            if at - first >= _STEPS and row[at - 1][way + 2] - row[first][way] > _THIN:
                shades.update(row[first:at])
            first = at
    return [box for box in lines if box not in shades]


def _shapes(raw: Any, page: Any) -> Iterator[tuple[Any, int, Callable[[Box], Box]]]:  # pointers
    """The objects of a page with their kinds, and how their boxes lie on it.

    Those of forms too where no text is on the page but in forms: it is made of other pages.
    """
    n_objects = min(MAX_OBJECTS, int(raw.FPDFPage_CountObjects(page)))
    shapes = [raw.FPDFPage_GetObject(page, at) for at in range(n_objects)]
    kinds = [int(raw.FPDFPageObj_GetType(shape)) for shape in shapes]
    left: list[tuple[Any, int, tuple[float, ...]]] = [
        (shape, 0, _UNMOVED) for shape in reversed(shapes)
    ]
    n_left = MAX_OBJECTS
    while left and n_left:
        shape, depth, matrix = left.pop()
        n_left -= 1
        kind = int(raw.FPDFPageObj_GetType(shape))
        yield shape, kind, partial(_placed, matrix)
        if kind == _FORM and _TEXT not in kinds and depth < _DEEP:
            own = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(shape, own)
            inner = _combined((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
            n_inner = min(n_left - len(left), int(raw.FPDFFormObj_CountObjects(shape)))
            left += [
                (raw.FPDFFormObj_GetObject(shape, at), depth + 1, inner)
                for at in reversed(range(max(0, n_inner)))
            ]


def _figures(raw: Any, page: Any) -> dict[int, int]:  # page: a pdfium pointer
    """The drawing that each text object in one is in: forms of a page with text of its own."""
    n_objects = min(MAX_OBJECTS, int(raw.FPDFPage_CountObjects(page)))
    shapes = [raw.FPDFPage_GetObject(page, at) for at in range(n_objects)]
    kinds = [int(raw.FPDFPageObj_GetType(shape)) for shape in shapes]
    if _TEXT not in kinds or _FORM not in kinds:
        return {}
    forms = [shape for shape, kind in zip(shapes, kinds, strict=True) if kind == _FORM]
    left = [(shape, number, 0) for number, shape in enumerate(forms, 1)]
    found: dict[int, int] = {}
    n_left = MAX_OBJECTS
    while left and n_left:
        shape, number, depth = left.pop()
        n_left -= 1
        kind = int(raw.FPDFPageObj_GetType(shape))
        if kind == _TEXT:
            found[ctypes.cast(shape, ctypes.c_void_p).value or 0] = number
        elif kind == _FORM and depth < _DEEP:
            n_inner = min(n_left - len(left), int(raw.FPDFFormObj_CountObjects(shape)))
            left += [
                (raw.FPDFFormObj_GetObject(shape, at), number, depth + 1)
                for at in range(max(0, n_inner))
            ]
    return found


def _filled(raw: Any, shape: Any) -> tuple[int, ...]:  # a path object
    """The colour of a rectangle that is filled with one, () where it shows none."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(shape, fill, stroke)
    colour = [ctypes.c_uint() for _ in range(4)]
    if not fill.value or raw.FPDFPath_CountSegments(shape) not in (4, 5):
        return ()
    raw.FPDFPageObj_GetFillColor(shape, *colour)
    found = tuple(int(part.value) for part in colour)
    return () if found[3] == 0 or min(found[:3]) == _WHITE else found


def _slants(raw: Any, shape: Any) -> bool:  # a path object
    """Whether most of a path is neither level nor upright: no frame, however round."""
    straight, slanted = _ways(raw, shape)
    return slanted > straight


def _rounded(raw: Any, shape: Any) -> bool:  # a path object
    """Whether a path that shows is a box with round corners."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(shape, fill, stroke)
    if not (fill.value or stroke.value) or raw.FPDFPath_CountSegments(shape) > _SEGMENTS:
        return False
    straight, slanted = _ways(raw, shape)
    return 0 < slanted < _CORNERS * (straight + slanted)


def _ways(raw: Any, shape: Any) -> tuple[float, float]:  # a path object
    """How far a path goes level or upright, and how far askew or in curves."""
    x, y = ctypes.c_float(), ctypes.c_float()
    at: tuple[float, float] = (0.0, 0.0)
    straight = slanted = 0.0
    for n in range(min(_SEGMENTS, int(raw.FPDFPath_CountSegments(shape)))):
        segment = raw.FPDFPath_GetPathSegment(shape, n)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        across, down = abs(x.value - at[0]), abs(y.value - at[1])
        kind = int(raw.FPDFPathSegment_GetType(segment))
        if kind == raw.FPDF_SEGMENT_LINETO and min(across, down) < _LEVEL * max(across, down):
            straight += across + down
        elif kind != raw.FPDF_SEGMENT_MOVETO:
            slanted += across + down
        at = x.value, y.value
    return straight, slanted


def _stroked(raw: Any, shape: Any) -> bool:  # a path object
    """Whether a path is one line that a pen draws."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(shape, fill, stroke)
    return bool(stroke.value) and raw.FPDFPath_CountSegments(shape) == 2


def _of_tables(thick: Sequence[Box], flats: Sequence[Box], uprights: Sequence[Box]) -> list[Box]:
    """The level ones of thick lines that rule a table.

    They are drawn cell by cell, and a thin one elsewhere is as long at the same place; or they have
    an upright line at both ends: those are as thin as they are drawn then.
    """
    lefts = sorted((box[0], box[1], box[3]) for box in uprights)
    spans = {(round(box[0] / _AT_END), round(box[2] / _AT_END)) for box in flats}
    level = Counter(round(box[1]) for box in thick)
    found: list[Box] = []
    for left, top, right, bottom in thick:
        y, inner = (top + bottom) / 2, (bottom - top) / 4
        ends = (
            lefts[bisect_left(lefts, (x - _AT_END,)) : bisect_left(lefts, (x + _AT_END,))]
            for x in (left, right)
        )
        drawn = (left + inner, top, right - inner, bottom)
        near = [{int(x // _AT_END), int(x // _AT_END) + 1} for x in (drawn[0], drawn[2])]
        like = level[round(top)] > 1 and any(
            (one, two) in spans for one in near[0] for two in near[1]
        )
        if right - left <= _THICK:
            continue
        if like:
            found.append(drawn)
        elif all(any(low - _AT_END < y < high + _AT_END for _, low, high in sides)
                 for sides in ends):  # fmt: skip
            found.append((left, top + inner, right, bottom - inner))
    return found


def _framed(raw: Any, shape: Any) -> bool:  # a path object
    """Whether a path is a rectangle with a stroke."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(shape, fill, stroke)
    return bool(stroke.value) and raw.FPDFPath_CountSegments(shape) in (4, 5)


def _combined(first: tuple[float, ...], then: tuple[float, ...]) -> tuple[float, ...]:
    """The matrix that does what two do one after the other."""
    a, b, c, d, e, f = first
    k, l_, m, n, x, y = then
    return (
        a * k + b * m, a * l_ + b * n, c * k + d * m, c * l_ + d * n,
        e * k + f * m + x, e * l_ + f * n + y,
    )  # fmt: skip


def _placed(matrix: tuple[float, ...], box: Box) -> Box:
    """A box that a matrix moves, scales or turns."""
    if matrix == _UNMOVED:
        return box
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in box[::2] for y in box[1::2]]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def tell_figures(raw: Any, page: Any, runs: list[Run], drawn: Drawings, area: float) -> None:
    """Tell each run the drawing that it is in; lines of drawings are no others' any more."""
    forms = _figures(raw, page)
    for run in runs:
        run.figure = forms.get(run.owner, 0)
        run.owner = 0
    others = (*drawn.flats, *drawn.uprights, *drawn.dots, *(fill.box for fill in drawn.fills))
    found = pictures.find(drawn.slanted, others, runs, area)
    drawn.leave_out(found)
    for number, picture in enumerate(found, 1 + max(forms.values(), default=0)):
        for run in pictures.labels(picture, runs):
            run.figure = run.figure or number


def with_bullets(runs: list[Run], dots: list[Box]) -> list[Run]:
    """Runs with a bullet before each line that a dot is drawn in front of."""
    before: dict[int, Run] = {}
    lefts = Counter(round(dot[0]) for dot in dots)
    for dot in dots:
        middle = (dot[1] + dot[3]) / 2
        level = [run for run in runs if run.top < middle < run.bottom]
        near = [run for run in level if 0 < run.x0 - dot[2] < _REACH * run.size]
        first = min(near, key=lambda run: run.x0, default=None)
        if first is None or id(first) in before:
            continue
        if first is not min(level, key=lambda run: run.x0):  # in another column, not in a line
            alike = sum(lefts[round(dot[0] + off)] for off in (-1, 0, 1))
            apart = dot[0] - _REACH * first.size
            if alike < _FEWEST_DOTS or any(apart < run.x1 <= dot[0] for run in level):
                continue
        before[id(first)] = Run(
            text="\u2022",
            xs=[dot[0]],
            x1=dot[2],
            y=first.y,
            top=dot[1],
            bottom=dot[3],
            size=first.size,
            font=DRAWN,
            colour=first.colour,
            tag=-1,
            space=first.space,
            order=first.order,
        )
        first.space = True
    return [shown for run in runs for shown in (before.get(id(run)), run) if shown is not None]
