"""From the runs of a page to lines in reading order."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from builder.ingest.pdf import cjk, stretched
from builder.ingest.pdf.bidi import logical
from builder.ingest.pdf.page import Box, Run

_SHAPES = (  # shapes, stars, boxes to tick, hands, diamonds, dingbats but quotes and
    # numbers, controls
    (0x25A0, 0x25FF), (0x2605, 0x2606), (0x2610, 0x2612), (0x261A, 0x261F), (0x22C4, 0x22C6),
    (0x2666, 0x2666),
    (0x2701, 0x275A), (0x2761, 0x2767), (0x2794, 0x27BE), (0x7F, 0x9F),
)  # fmt: skip
BULLETS = "\u2022\u2023\u2043\u2219\u00b7\u204c\u2013\u2014\u2217*-" + "".join(
    chr(sign) for first, last in _SHAPES for sign in range(first, last + 1)
)
STAND_IN = "\ufffc"  # the text of a line that keeps the place of a table
DRAWING = "\ufffc\ufffc"  # of one that keeps that of a drawing
_GAP = 0.95  # times the size: a wider gap within a baseline parts two lines
_STRAY_GAP = 0.45  # the same for runs that the content stream shows apart
_OUT = 0.1  # times the size: ideographs farther apart are spaced out
_PADDED = 0.7  # times the size: the most room of a box around code in a sentence
_LIGATURES = frozenset("ff fi fl ffi ffl \ufb00 \ufb01 \ufb02 \ufb03 \ufb04".split())
_QUOTED = "%<>{}[]-$#\\/|="  # what quoted text begins or ends with, beside letters
_CLOSES, _OPENS = ",.;:!?)]\u201d", "([\u201c"
_CELL = 0.3  # times the size: the least gap between words of code whose letters are set apart
_SPREAD = 1.06  # times the width of a letter of code: the distance of those set apart
_MARGIN = 1.0  # points
_BESIDE = 80.0  # points: text nearer than this above and below is the text beside a line
_AT_EDGE = 6.0  # points: three lines that end so near to each other tell the edge
_AT_LEAST = 0.6  # of the width of a column's longest line
_NARROW = 5.0  # points: a smaller gap parts columns only where no other does
_ALONE = 8  # lines of prose: one of so many may stick out of its column
_OVER_ALL = 0.7  # of the width of a page's text: a line so wide goes over its columns
_TWO_COLUMNS = 40  # lines: two columns within one of a page, at least
_COLUMN = 4  # lines of a column at least
_TALL = 0.5  # of the height of the first column
_FIRST, _LAST = 4, 5  # lines: of a first column at least, of a second one that hardly began
_RULED = 4.0  # points: so much farther than text its tables may reach to the left
_LEAST_ROOM, _MOST_ROOM = 0.8, 4.0  # times the size: between these two columns
_TWICE = 1.95, 2.3  # times the width of a column: that of two, with the room between them
_CODE_CROSSES = 0.2  # how much a line of code counts that may stick out of its column
_TITLE = 1.6  # times the size of most lines
_LARGER = 1.25  # times the size of most lines: the least of a title above columns
_ORNAMENT = 2.5  # times the size of words: that of a number as high as several lines
_NUMBER_GAP = 3.0  # times the size: the widest gap between a heading's number and its words
_CODE_SIZE = 0.75  # times the size: the least of code in a title
_REMARK = re.compile(r"(?:^|\s)(?:#|//|--|/\*|\*)")
_STRINGS = "\"'`\u2019"  # what strings begin with, as TeX shows it too
_GOES_ON = ("\u21aa", "\u21b3", "\u2937", "\u02d3\u2192", ",\u2192")  # before the rest of a line
_TO_GO_ON = ("\u2190-", "\u21a9", "\u21b5", "\u23ce")  # signs behind what is not all of a line
_ARROWS = frozenset(sign[0] for sign in _TO_GO_ON)
_HOOKS = frozenset(sign[-1] for sign in _GOES_ON)
_SIGN_GAP = 2.0  # times the size: room before such a sign
_BLANK = 1.5  # columns: more room than that before such a sign is that of a blank
NUMBER = re.compile(r"[-+\u2212\u00b1]?\d+(?:[.,]\d+)*\s?%?")
SECTION = re.compile(r"(?:\d{1,2}|[A-Z])(?:\.\d{1,2})*\.?")


@dataclass(slots=True, eq=False)
class Line:
    """Runs beside each other on one baseline.

    before, after: of code with a sign at its begin or end that it was cut there, what the cut took:
    nothing, a blank, or "?" where that does not show. coded: it goes on a line of code.
    """

    runs: list[Run]
    x0: float = 0.0
    x1: float = 0.0
    y: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    size: float = 0.0
    column: Box = (0.0, 0.0, 0.0, 0.0)
    page: int = 0
    before: str | None = None
    after: str | None = None
    coded: bool = False
    _text: str | None = field(default=None)

    def __post_init__(self) -> None:
        self.x0 = min(run.x0 + cjk.empty_before(run.text) * run.size for run in self.runs)
        self.x1 = max(run.x1 - cjk.empty_after(run.text) * run.size for run in self.runs)
        main = max(self.runs, key=lambda run: (run.size, len(run.text)))
        self.y = main.y
        self.top = min(run.top for run in self.runs)
        self.bottom = max(run.bottom for run in self.runs)
        weights: dict[float, int] = {}
        for run in [run for run in self.runs if not run.font.fixed] or self.runs:
            weights[run.size] = weights.get(run.size, 0) + len(run.text)
        self.size = max(weights, key=lambda size: weights[size])

    @property
    def text(self) -> str:
        """The line as plain text."""
        if self._text is None:
            self._text = logical(
                "".join((" " if blank else "") + run.text for run, blank in spaced(self.runs))
            )
        return self._text

    @property
    def fixed(self) -> bool:
        """Whether all of it is of a fixed-pitch font, or in a remark or a string of code."""
        others = [run for run in self.runs if not run.font.fixed and run.text.strip()]
        return self.coded or not others or (all(map(_is_wide, others)) and _in_code(self.runs))

    @property
    def box(self) -> Box:
        return self.x0, self.top, self.x1, self.bottom

    def counts_anew(self, before: Line) -> bool:
        """Whether the numbers of lines of code begin anew here: it is no code of one block."""
        counts = self.runs[0].count, before.runs[0].count
        below = counts[0] <= counts[1] and abs(self.y - before.y) > 0.4 * self.size
        return all(counts) and below


def spaced(runs: Sequence[Run]) -> Iterator[tuple[Run, bool]]:
    """The runs of a line, and whether a blank parts each from the one before it."""
    before: Run | None = None
    out: bool | None = None
    for run in runs:
        if before is None:
            yield run, False
        else:
            gap = run.x0 - before.x1
            wide = max(run.size, before.size)
            apart = gap > 0.22 * wide or (run.space and gap > 0.08 * wide)
            apart = apart or (before.trails and abs(gap) < 0.08 * wide)
            apart = apart and not (run.close or (gap < _PADDED * wide and _encloses(before, run)))
            spread = gap <= _CELL * wide and (is_spread(run) or is_spread(before))
            meet = apart and cjk.meet(before.text, run.text)
            if meet and out is None:
                out = _is_spaced_out(runs)
            yield run, apart and not spread and not (meet and out)
        before = run


def _encloses(before: Run, run: Run) -> bool:
    """Whether a sign of prose closes or opens code, which may have room around it in its box."""
    if before.font.fixed:
        return not run.font.fixed and run.text[:1] in _CLOSES
    return run.font.fixed and before.text[-1:] in _OPENS


def _is_wide(run: Run) -> bool:
    return 2 * cjk.n_wide(run.text) > len(run.text)


def _in_code(runs: Sequence[Run]) -> bool:
    """Whether what is of no fixed-pitch font stands in remarks and strings of code."""
    code = ""
    for run, blank in spaced(runs):
        if run.font.fixed:
            code += " " * blank + run.text
        elif (
            run.text.strip()
            and not _REMARK.search(code)
            and not any(code.count(quote) % 2 for quote in _STRINGS)
        ):
            return False
    return True


def _is_spaced_out(runs: Sequence[Run]) -> bool:
    """Whether a gap between ideographs tells of no blank: more of a line's runs stand apart."""
    pairs = [
        right.x0 - left.x1 > _OUT * right.size
        for left, right in itertools.pairwise(runs)
        if cjk.meet(left.text, right.text)
    ]
    return sum(pairs) > len(pairs) / 2 + sum(max(0, cjk.n_wide(run.text) - 1) for run in runs)


def is_spread(run: Run) -> bool:
    """Whether the letters of code are set apart: their cells are wider than those of their font."""
    if not run.font.fixed or len(run.xs) < 2:
        return False
    steps = [
        right - left
        for (one, left), (other, right) in itertools.pairwise(zip(run.text, run.xs, strict=True))
        if not (one.isspace() or other.isspace())
    ]
    return sum(steps) > _SPREAD * len(steps) * (run.x1 - run.xs[-1])


def first_word(runs: Sequence[Run]) -> float:
    """How wide the first word of a line is, in however many faces."""
    end = runs[0].x0
    for run, blank in spaced(runs):
        if blank:
            break
        length = len(run.text.partition(" ")[0])
        end = run.xs[length] if length < len(run.xs) else run.x1
        if length < len(run.text):
            break
    return end - runs[0].x0


def unbroken(runs: Sequence[Run]) -> float:
    """How wide that is at the beginning of a line which no line end parts: a word, an ideograph."""
    first = runs[0]
    n_first = cjk.n_first(first.text)
    if not n_first:
        return first_word(runs)
    return (first.xs[n_first] if n_first < len(first.xs) else first.x1) - first.x0


def lines(runs: Sequence[Run], page: int) -> list[Line]:
    """The lines of a page in the order of its content stream."""
    groups: list[list[Run]] = []
    for run in runs:
        if not run.text.strip():
            continue
        if groups and _continues(groups[-1], run):
            groups[-1].append(run)
        else:
            groups.append([run])
    merged = _merged([_line(group, page) for group in groups], page)
    return [_without_signs(line) for line in stretched.joined(merged)]


def _without_signs(line: Line) -> Line:
    """A line of code without the arrows that tell that it goes on, or is the rest of a line."""
    runs, before, after = line.runs, None, None
    for n in (2, 1):
        if len(runs) > n and _said(runs[:n]) in _GOES_ON:
            room = runs[n].x0 - runs[n - 1].x1
            before, runs = " " if room >= _cell(runs[n]) else "?", runs[n:]
        if len(runs) > n and _said(runs[-n:]) in _TO_GO_ON:
            room = runs[-n].x0 - runs[-n - 1].x1
            after, runs = " " if room > _BLANK * _cell(runs[-n - 1]) else "", runs[:-n]
    if before is after is None or not all(run.font.fixed for run in runs):
        return line
    made = _line(runs, line.page)
    made.before, made.after = before, after
    return made


def _said(runs: Sequence[Run]) -> str:
    return "".join(run.text.strip() for run in runs)


def _cell(run: Run) -> float:
    """The width of a column of code."""
    return run.xs[1] - run.xs[0] if len(run.xs) > 1 else run.x1 - run.x0


def _line(runs: Sequence[Run], page: int) -> Line:
    line = Line(sorted(runs, key=lambda run: run.x0))
    line.page = page
    return line


def _continues(group: Sequence[Run], run: Run) -> bool:
    last = group[-1]
    size = max(last.size, run.size)
    gap = run.x0 - last.x1
    wide = _SIGN_GAP if _is_sign(last, run) else _GAP
    return _level(last, run) and -0.6 * size < gap < wide * size


def _is_sign(last: Run, run: Run) -> bool:
    """Whether one of two runs is code, and the other may be a sign that code was cut there."""
    behind = last.font.fixed and run.text in _ARROWS
    return behind or (run.font.fixed and last.text[-1:] in _HOOKS)


def _level(one: Run, other: Run) -> bool:
    """Whether two runs stand on one line; a smaller one may be raised or lowered."""
    big, small = (one, other) if one.size >= other.size else (other, one)
    slack = 0.25 * big.size if small.size > 0.85 * big.size else 0.55 * big.size
    if big.size > _ORNAMENT * small.size and big.text.isdecimal():
        return False  # the number of a chapter, beside its title
    return abs(one.y - other.y) <= slack


def _merged(found: list[Line], page: int) -> list[Line]:
    """Neighbouring lines on one baseline that the stream shows apart, joined."""
    order = {id(line): at for at, line in enumerate(found)}
    by_height = sorted(found, key=lambda line: (line.y, line.x0))
    gone: set[int] = set()
    for at, line in enumerate(by_height):
        if id(line) in gone:
            continue
        for other in by_height[at + 1 : at + 40]:
            if other.y - line.y > 0.6 * max(line.size, other.size):
                break
            if id(other) in gone or not _beside(line, other):
                continue
            first = min(order[id(line)], order[id(other)])
            joined = _line([*line.runs, *other.runs], page)
            gone.add(id(other))
            line.runs = joined.runs
            line.__post_init__()
            line._text = None
            order[id(line)] = first
    left = [line for line in found if id(line) not in gone]
    return sorted(left, key=lambda line: order[id(line)])


def _beside(one: Line, other: Line) -> bool:
    left, right = (one, other) if one.x0 <= other.x0 else (other, one)
    gap = right.x0 - left.x1
    size = max(one.size, other.size)
    wide = _NUMBER_GAP if _numbers(left, right) else _STRAY_GAP
    if _said(left.runs) in _GOES_ON and right.fixed:
        wide = max(wide, _SIGN_GAP)
    elif left.fixed and not right.fixed and left.size < _CODE_SIZE * right.size:
        return False  # code that sticks out of its column, up to a title in the next
    elif left.fixed and right.fixed and min(left.size, right.size) < _CODE_SIZE * size:
        return False  # or a title of code, up to code
    return _level(left.runs[-1], right.runs[0]) and -0.6 * size < gap < wide * size


def _numbers(left: Line, right: Line) -> bool:
    """Whether one line is the number of the heading that the other is."""
    one, other = left.runs[0], right.runs[0]
    words = next((run for run in right.runs if not run.font.fixed), other)
    marked = (
        other.font.bold
        or (one.font.bold and words.font.bold)
        or ((other.font.italic or other.font.caps) and not right.fixed)
    )
    alike = one.font.name == other.font.name or "." in left.text
    least = _CODE_SIZE if right.fixed and one.font.bold else 1.0
    return (
        marked
        and (alike or one.font.bold)
        and least * one.size - 0.1 < other.size < one.size + 0.1
        and SECTION.fullmatch(left.text) is not None
    )


def in_order(found: Sequence[Line]) -> list[Line]:
    """Lines in reading order: columns one after the other, between what spans them."""
    ordered: list[Line] = []
    for group in _columns(list(found), 0):
        if not group:
            continue
        prose = [line for line in group if not _is_all_fixed(line) and line.text != STAND_IN]
        left, right = min(line.x0 for line in group), _right_edge(prose or group)
        top, bottom = min(line.top for line in group), max(line.bottom for line in group)
        for line in group:
            line.column = (left, top, right, bottom)
        ordered += _downwards(group)
    return ordered


def _is_all_fixed(line: Line) -> bool:
    return all(run.font.fixed for run in line.runs)


def _right_edge(group: Sequence[Line]) -> float:
    """Where lines end on the right, but for the one or two that stick out."""
    ends = sorted((line.x1 for line in group), reverse=True)
    left = min(line.x0 for line in group)
    near = (x for x, other in zip(ends, ends[2:], strict=False) if x - other < _AT_EDGE)
    edge = next(near, ends[0])
    return edge if edge - left > _AT_LEAST * (ends[0] - left) else ends[0]


def _downwards(group: Sequence[Line]) -> list[Line]:
    """Lines from top to bottom, those of one baseline from left to right."""
    ordered: list[Line] = []
    row: list[Line] = []
    for line in sorted(group, key=lambda line: (line.y, line.x0)):
        if row and line.y - row[0].y > 0.4 * min(line.size, row[0].size):
            ordered += sorted(row, key=lambda line: line.x0)
            row = []
        row.append(line)
    return ordered + sorted(row, key=lambda line: line.x0)


def _columns(found: list[Line], depth: int) -> list[list[Line]]:
    """Groups of lines that are read one after the other."""
    gutter = _gutter(found) if depth < 4 and len(found) >= 8 else None
    if gutter is None and depth < 4:
        gutter = _between_tables(found) or _before_last(found)
    if gutter is None:
        parts = _below_figure(found) if depth == 0 else None
        return (
            [group for part in parts for group in _columns(part, depth + 1)] if parts else [found]
        )
    groups: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    spanning: list[Line] = []

    def close() -> None:
        nonlocal left, right, spanning
        if spanning:
            groups.append(spanning)
        for side, other in ((left, right), (right, left)):
            if side:
                # fewer may be the pieces of a formula
                if len(side) >= _TWO_COLUMNS or _is_twice_as_wide(side, other):
                    side.sort(key=lambda line: written[id(line)])
                groups.extend(_columns(side, depth + 1))
        left, right, spanning = [], [], []

    written = {id(line): at for at, line in enumerate(found)}
    sticking, over = _sticking(found, gutter), _over_all(found, gutter)
    for line in sorted(found, key=lambda line: (line.y, line.x0)):
        if id(line) in over or (id(line) not in sticking and _spans(line, gutter, found)):
            if left or right:
                close()
            spanning.append(line)
        else:
            (left if line.x0 < gutter - _MARGIN else right).append(line)
    close()
    return groups


def _is_twice_as_wide(side: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether lines may be two columns of a page whose third is another one, equally wide."""
    if min(len(side), len(other)) < _FIRST:
        return False
    width, single = (_right(lines) - min(line.x0 for line in lines) for lines in (side, other))
    return _TWICE[0] * single < width < _TWICE[1] * single


def _below_figure(found: Sequence[Line]) -> tuple[list[Line], list[Line]] | None:
    """A page in two where columns begin below the last line that goes over all of it, or None.

    Above it is a figure over both columns, whose labels leave no room between them.
    """
    left = min((line.x0 for line in found), default=0.0)
    right = max((line.x1 for line in found), default=0.0)
    wide = [line for line in found if line.x1 - line.x0 > _OVER_ALL * (right - left)]
    if not wide:
        return None
    edge = max(line.bottom for line in wide)
    above = [line for line in found if line.y < edge]
    below = [line for line in found if line.y >= edge]
    gutter = _gutter(below) if len(below) >= 2 * _COLUMN else None
    if gutter is None:
        return None
    sides = (
        [line for line in below if line.x1 < gutter],
        [line for line in below if line.x0 > gutter],
    )
    return (above, below) if all(map(_is_filled, sides)) else None


def _between_tables(found: Sequence[Line]) -> float | None:
    """The middle between two tables beside each other, None when there are none."""
    tables = sorted((line for line in found if line.text == STAND_IN), key=lambda line: line.x0)
    for one, other in itertools.combinations(tables, 2):
        if one.x1 < other.x0 and min(one.bottom, other.bottom) > max(one.top, other.top):
            return (one.x1 + other.x0) / 2
    return None


def _before_last(found: Sequence[Line]) -> float | None:
    """Where a second column of a few lines begins, None when the page has none.

    It is written last, as high as the first, beside lines that reach up to it: near to them, or
    over much of their height with a ruled table, beside lines that may all be short.
    """
    stream = sorted(found, key=lambda line: line.runs[0].order)
    for at in range(len(stream) - 1, max(_FIRST, len(stream) - _LAST) - 1, -1):
        last = stream[at:]
        left = min(line.x0 + _RULED * (line.text == STAND_IN) for line in last)
        top = min(line.top for line in last)
        size = median(line.size for line in found)
        beside = [line for line in stream[:at] if line.bottom > top + 1]
        over = [line for line in stream[:at] if line.bottom <= top + 1 and line.x1 < left]
        end = max((line.x1 for line in beside), default=left)
        width = end - min(line.x0 for line in found)
        height = max(line.bottom for line in last) - top
        tall = height > _TALL * (max(line.bottom for line in found) - top)
        ruled = tall and any(line.text == STAND_IN for line in last)
        if (
            len(beside) >= _FIRST
            and len(over) <= 1
            and _LEAST_ROOM * size < left - end
            and (left - end < _MOST_ROOM * size or ruled)
            and width > _AT_LEAST * (max(line.x1 for line in found) - left)
        ):
            return (end + left) / 2
    return None


def _spans(line: Line, gutter: float, found: Sequence[Line]) -> bool:
    """Whether a line runs over both columns, rather than sticking out of its own."""
    if not (line.x0 < gutter - _MARGIN and line.x1 > gutter + _MARGIN):
        return False
    return not any(
        other.x0 >= gutter - _MARGIN and other.top < line.bottom - 1 and other.bottom > line.top + 1
        for other in found
    )


def _over_all(found: Sequence[Line], gutter: float) -> set[int]:
    """The ids of lines of a title right of a gutter that stands above all columns.

    It is larger than most lines, and written before those left of the gutter.
    """
    large = _LARGER * median(line.size for line in found)
    left = [line for line in found if line.x0 < gutter - _MARGIN]
    begun = min((line.runs[0].order for line in left), default=0)
    titles: set[int] = set()
    downwards = sorted(found, key=lambda line: line.top)
    for line, after in itertools.pairwise(downwards):
        above = line.x0 >= gutter - _MARGIN and line.bottom <= after.top + _MARGIN
        if not above or line.size < large or line.runs[0].order > begun:
            break
        titles.add(id(line))
    return titles


def _sticking(found: Sequence[Line], gutter: float) -> set[int]:
    """The ids of lines that are too wide for the left column, by what is written around them.

    They stand between lines of the left column, or end it, and the right one is written after.
    """
    ids: set[int] = set()
    stream = sorted(found, key=lambda line: line.runs[0].order)
    left: Line | None = None
    wide: list[Line] = []
    for line in stream:
        if line.x1 <= gutter + _MARGIN:
            if left is not None and all(_near(left, item, line) for item in wide):
                ids.update(id(item) for item in wide)
            left, wide = line, []
        elif line.x0 >= gutter - _MARGIN:
            if left is not None and all(_ends(left, item, line) for item in wide):
                ids.update(id(item) for item in wide)
            left, wide = None, []
        else:
            wide.append(line)
    return ids


def _near(above: Line, line: Line, below: Line) -> bool:
    """Whether a line stands where the text between two others goes on."""
    return above.y < line.y < below.y and below.y - above.y < _BESIDE


def _ends(above: Line, line: Line, following: Line) -> bool:
    """Whether a line goes on below another, and what follows begins higher up."""
    return 0 < line.y - above.y < _BESIDE and following.y < above.y


def _gutter(found: Sequence[Line]) -> float | None:
    """The x of a gap between two columns of text, None when there is none."""
    low, high = min(line.x0 for line in found), max(line.x1 for line in found)
    starts = sorted(line.x0 for line in found)
    best: tuple[bool, float, float, float] | None = None
    sizes = [line.size for line in found if not line.fixed] or [line.size for line in found]
    large = _TITLE * median(sizes)  # begins no column; code may be far smaller than prose
    for x in sorted({round(line.x0, 0) for line in found if line.size < large}):
        at = x - 4.0
        if not low + 0.15 * (high - low) < at < low + 0.85 * (high - low):
            continue
        if len(starts) - bisect_left(starts, x - 3) < 4:
            continue
        left = [line for line in found if line.x1 <= at + 2]
        right = [line for line in found if line.x0 >= at - 2]
        crossing = sum(
            _CODE_CROSSES if line.fixed else 1.0
            for line in found
            if line.x0 < at - 2 and line.x1 > at + 2
        )
        if min(len(left), len(right)) < 4 or crossing > 0.35 * min(len(left), len(right)):
            continue
        if not _in_turn(left, right, found):
            continue
        prose = [line for line in left if not line.fixed] or left
        edges = max(line.x1 for line in prose), min(line.x0 for line in right)
        gap = edges[1] - edges[0]
        ends = sorted(line.x1 for line in prose)[: -1 if len(prose) > _ALONE else None]
        narrow = edges[1] - ends[-1] < _NARROW
        rank = (narrow, crossing, -gap, sum(edges) / 2)
        if best is None or rank[:3] < best[:3]:
            best = rank
    return best[3] if best else None


def _in_turn(left: Sequence[Line], right: Sequence[Line], found: Sequence[Line]) -> bool:
    """Whether two sides are columns of text, not the cells of a table.

    In a file that is written column by column the sides follow each other as wholes; in one that
    is written line by line both must look like filled lines.
    """
    overlap = min(max(line.bottom for line in left), max(line.bottom for line in right)) - max(
        min(line.top for line in left), min(line.top for line in right)
    )
    if overlap < 4 * median(line.size for line in found):
        return False
    on_right, on_either = _Lines(right), _Lines([*left, *right])
    sides = [line in on_right for line in found if line in on_either]
    changes = sum(one != other for one, other in itertools.pairwise(sides))
    if changes <= 3 + 0.1 * min(len(left), len(right)):
        return True
    return _is_filled(left) and _is_filled(right)


def _is_filled(side: Sequence[Line]) -> bool:
    """Whether most lines of a column are prose that fills it."""
    width = _right(side) - min(line.x0 for line in side)
    return (
        median(line.x1 - line.x0 for line in side) > 0.85 * width
        and median(len(line.text) for line in side) >= 25
    )


def _right(side: Sequence[Line]) -> float:
    return max(line.x1 for line in side)


class _Lines:
    """A quick look whether a line is one of these."""

    def __init__(self, found: Sequence[Line]) -> None:
        self._ids = {id(line) for line in found}

    def __contains__(self, line: Line) -> bool:
        return id(line) in self._ids


def prose(
    found: Sequence[Line],
    known: Vocabulary,
    edge: float | None = None,
    whole: frozenset[str] | None = None,
) -> str:
    """Lines as one paragraph: words divided at line ends joined, code in backticks.

    edge: where a narrow cell ends on the right; a word too long for it is cut there.
    whole: words that are not cut, None where none is cut without doubt.
    """
    text = ""
    before: Line | None = None
    for line in found:
        part = marked(line.runs)
        cut = (
            before is not None
            and edge is not None
            and (
                known.cut(before, line, edge)
                or (whole is not None and known.seems_cut(before, line, edge, whole))
            )
        )
        before = line
        if not text:
            text = part
        elif cut:
            text = text + part if not text.endswith("`") else text[:-1] + part.removeprefix("`")
        elif text.endswith("-`") and part.startswith("`"):
            text = text[: -2 if known.divided(text[:-2], part[1:]) else -1] + part[1:]
        elif text.endswith(("-", "\u2010")) and len(text) > 1 and text[-2].isalnum():
            text = known.join(text, part)
        elif known.korean.cut(text, part) or (cjk.meet(text, part) and not cjk.counts(text)):
            text += part
        else:
            text += " " + part
    text = re.sub(r"(?<=[\w.,;:()=/'\"\-\]\[{}$<>])` `(?=[\w.(\-\[{$<\"'])", " ", text)
    return re.sub(r"\s+", " ", text).strip()


def marked(runs: Sequence[Run]) -> str:
    """The text of runs with fixed-pitch words in backticks and footnote marks left out."""
    text = ""
    code = False
    told = list(spaced(runs))
    for at, (run, blank) in enumerate(told):
        shown = run.text
        if _is_mark(runs, at):
            continue
        fixed = run.font.fixed and "`" not in shown and not _is_sign_of_prose(told, at)
        if code and not fixed:
            text += "`"
        text += " " if blank else ""
        if fixed and not code:
            text += "`"
        text += shown
        code = fixed
    text += "`" if code else ""
    return logical(re.sub(r"`(\s*)`", r"\1", text))


def _is_sign_of_prose(told: Sequence[tuple[Run, bool]], at: int) -> bool:
    """Whether a run is quotes, pluses or a ligature of a word of prose, whose font may lack them.

    told: the runs of a line, and whether a blank stands before each.
    """
    run, blank = told[at]
    if set(run.text) - {'"', "+"} and run.text not in _LIGATURES:
        return False
    before = [told[at - 1][0]] if at and not blank else []
    after = [other for other, apart in told[at + 1 : at + 2] if not apart]
    if any(other.font.fixed for other in before + after):
        return False
    ends = [other.text[-1:] for other in before] + [other.text[:1] for other in after]
    return any(end.isalnum() or (end and end in _QUOTED) for end in ends)


def _is_mark(runs: Sequence[Run], at: int) -> bool:
    """Whether a run is a raised number behind a word: the mark of a footnote."""
    run = runs[at]
    if at == 0 or not re.fullmatch(r"\[?\d{1,3}\]?|[*\u2020\u2021]", run.text):
        return False
    before = runs[at - 1]
    raised = run.size < 0.82 * before.size and before.y - run.y > 0.15 * before.size
    return raised and re.search(r"[^\W\d_]{3}[^\w\s]*$", before.text) is not None


class Vocabulary:
    """The words of a document as they stand inside its lines: how divided words are joined."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._words: set[str] = set()
        self._hyphened: set[str] = set()
        for text in texts:
            words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*-?", text)
            for at, word in enumerate(words):
                last = at == len(words) - 1 and text.rstrip().endswith("-")
                if last or word.endswith("-"):
                    continue
                if "-" in word:
                    self._hyphened.add(word.casefold())
                    pairs = word.casefold().split("-")
                    self._hyphened.update("-".join(pairs[i : i + 2]) for i in range(len(pairs) - 1))
                elif at:
                    self._words.add(word.casefold())
        self.korean = cjk.Korean(texts)

    def seems_cut(self, before: Line, line: Line, edge: float, whole: frozenset[str]) -> bool:
        """Whether the end of a cell's line may cut a word: no letter more had found room.

        Neither of the parts is a word that the text has elsewhere.
        """
        one, two = before.text.strip(), line.text.strip().partition(" ")[0]
        parts = {one.casefold(), two.casefold().rstrip(".,;:")}
        if (
            not one.isalpha()
            or not two[:1].islower()
            or parts & self._words
            or one.casefold() in whole
        ):
            return False
        first = line.runs[0]
        letter = (first.xs[1] if len(first.xs) > 1 else first.x1) - first.x0
        return before.x1 + letter > edge

    def cut(self, before: Line, line: Line, edge: float) -> bool:
        """Whether the end of a cell's line cuts a word that was too long for the cell."""
        one, two = before.text.strip(), line.text.strip().partition(" ")[0]
        if not one or not two or before.x1 < edge - 0.75 * before.size or not one[-1].isalnum():
            return False
        one = one.rpartition(" ")[2]
        if before.text.strip() != one or not two[0].isalnum():
            return False
        if NUMBER.fullmatch(one) and NUMBER.fullmatch(two):
            return False
        known = (one + two).casefold().rstrip(".,;:") in self._words
        return known or re.search(r"[_./]|[a-z][A-Z]", one + two) is not None

    def divided(self, text: str, following: str) -> bool:
        """Whether text and what follows its hyphen are one word, which the document has whole."""
        head, tail = re.search(r"[^\W\d_]+$", text), re.match(r"[^\W\d_]+", following)
        if not head or not tail:
            return False
        one, two = head[0].casefold(), tail[0].casefold()
        return one + two in self._words and f"{one}-{two}" not in self._hyphened

    def join(self, text: str, following: str) -> str:
        """text, whose last word ends with a hyphen, and the line that follows it."""
        head = re.search(r"([^\W\d_]+)[-\u2010]$", text)
        tail = re.match(r"[^\W\d_]+", following)
        if not head or not tail:
            return text + following
        one, two = head[1].casefold(), tail[0].casefold()
        if tail[0][:1].isupper():
            keep = one + two not in self._words
        elif one + two in self._words:
            keep = f"{one}-{two}" in self._hyphened
        elif f"{one}-{two}" in self._hyphened:
            keep = True
        else:
            keep = one in self._words and two in self._words and min(len(one), len(two)) > 3
            keep = keep or re.search(r"-[^\W\d_]+-$", text) is not None
            known = one in self._words and two in self._words
            keep = keep or (known and re.match(r"[^\W\d_]+-[^\W\d_]", following) is not None)
        if two in ("und", "oder", "bzw") and one + two not in self._words:
            return f"{text} {following}"
        return text + following if keep else text[:-1] + following
