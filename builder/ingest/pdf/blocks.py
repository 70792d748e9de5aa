"""Lines and tags of a page to parts: headings told by tags, paragraphs, lists, code, tables."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median, median_low

from builder.ingest.pdf import cjk, pictures
from builder.ingest.pdf.beside import narrowed
from builder.ingest.pdf.code_boxes import Boxes, tell_columns
from builder.ingest.pdf.layout import (
    BULLETS,
    DRAWING,
    SECTION,
    STAND_IN,
    Line,
    in_order,
    lines,
    unbroken,
)
from builder.ingest.pdf.page import ABSENT, Box, Page, Run, Tag, ids
from builder.ingest.pdf.tables import Table, expanded, ruled
from builder.ingest.pdf.unruled import unruled
from builder.ingest.pdf.wide_remarks import tell_rests
from builder.records import BlockKind

Emphasis = tuple[bool, bool, bool]  # bold, italic, small capitals
_PRIVATE = r"\ue000-\uf8ff"
_BULLET = re.compile(  # one of full width leaves no room for a blank
    rf"(?:[{re.escape(BULLETS)}{_PRIVATE}]|o(?=\s|$))(?:\s+|$)|\u2022(?=\S)"
)
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)](?:\s+|$)")
_LABEL = re.compile(r"\(\w{1,5}\)|\d{1,3}(?:\.\d{1,3})+[.)]?")
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s+\D")
_DASHES = ("-", "\u2013", "\u2014", "*")
_OFF_BEAT = 0.12  # of a line
_LOWEST = 0.7  # times the lines of code: blank ones of prose among them
_CODE_GAP = 3.3  # lines: two blank ones of code, and a little
_LOOSE = 2.0  # times the size: lines of code that are farther apart than this tell no distance
_TIGHT = 1.5  # times the size: lines of one block of code are nearer
_NEW_BLOCK = 1.3  # lines: what is nearer is of one block, whatever its distance
_SMALL_CODE = 0.75  # times the size of prose: code inside of it is larger
_NEW_LOOK = 1.3  # times the usual distance: a line of code so far below and set otherwise is new
_WRAPPED = 2.0  # times the size: how far below a line another goes on with it
_SHORT_LABEL = 25  # letters: half of the lines of a drawing are no longer
_PIECES = 4  # lines beside each other that a title may be in
_DECLARED = 0.6  # times the size: the least room between a title and code that it does not hold
_INTERRUPTS = 1.5  # times the size: how near a rule ends to the words that interrupt it
_STICKS_OUT = 0.25  # times the size: how far typesetters let a dash hang out of the margin
_OUTDENT = 0.9  # times the size: how far a line stands left of the text that it does not go on
_CENTRED = 4.0  # points: how near the middles of centred lines are, times two
_TRANSPARENT = frozenset(
    (
        "NonStruct Span Link Em Strong Quote Reference BibEntry Annot Ruby Warichu Private Lbl Sub "
        "Code"
    ).split()
)
_NOTES = frozenset(("Note", "FENote"))
_RUNNING = _NOTES | {"P", "Formula"}
_HEADING = re.compile(r"H([1-6])$")
_COUNTER = re.compile(r"\(?(?:\w{1,4}[.)])*(?:\w{1,4}[.):]?|[.)])")


@dataclass(slots=True, eq=False)
class Part:
    """A block in the making.

    lines:  its lines, told apart by stretch: one for every page or column that it runs over.
    level:  of a heading or list item; 0 for a heading whose level is not told.
    marker: of a list item, as canonical text has it.
    told:   tags say what it is. note: it is a footnote.
    run_in: the part that follows begins on its last line. term: that part explains it.
    figure: it is what a drawing says.
    """

    kind: BlockKind
    lines: list[Line]
    page: int
    level: int = 0
    marker: str = ""
    table: Table | None = None
    told: bool = False
    note: bool = False
    run_in: bool = False
    term: bool = False
    figure: bool = False
    more: list[list[Line]] = field(default_factory=list)
    gap: float = 0.0  # to what stands above, in times of its own size

    @property
    def all_lines(self) -> list[Line]:
        return [*self.lines, *(line for stretch in self.more for line in stretch)]

    @property
    def box(self) -> Box:
        if self.table is not None:
            return self.table.box
        boxes = [line.box for line in self.lines]
        return (
            min(box[0] for box in boxes), min(box[1] for box in boxes),
            max(box[2] for box in boxes), max(box[3] for box in boxes),
        )  # fmt: skip


def parts(page: Page) -> list[Part]:
    """The parts of a page in reading order, by its tags if they cover it, else by its looks."""
    tagged = _tagged(page) if page.tags else None
    found = by_looks(page, page.runs) if tagged is None else tagged
    tell_columns([part.lines for part in found if part.kind == "code" and part.lines], page)
    return found


def by_looks(page: Page, runs: Sequence[Run]) -> list[Part]:
    """The parts of a page that geometry tells."""
    framed, rest = ruled(page) if runs is page.runs else ([], list(runs))
    drawings, rest = _drawings(rest, page.number)
    stand_ins = [(_stand_in(table), table) for table in framed]
    labels = [(_place(drawing), drawing) for drawing in drawings]
    every = [*lines(rest, page.number), *(line for line, _ in [*stand_ins, *labels])]
    ordered = narrowed(
        in_order(sorted(every, key=lambda line: min(run.order for run in line.runs)))
    )
    framed_at = {id(line): table for line, table in stand_ins}
    drawn_at = {id(line): drawing for line, drawing in labels}
    prose, boxes = _prose_step(ordered), Boxes(page)
    found: list[Part] = []
    pending: list[Line] = []
    for item in unruled(ordered, page):
        table = item if isinstance(item, Table) else framed_at.get(id(item))
        drawing = drawn_at.get(id(item))
        if (
            table is None
            and drawing is None
            and isinstance(item, Line)
            and not _labels_frame(item, page)
        ):
            pending.append(item)
            continue
        found += from_lines(pending, prose, boxes)
        pending = []
        if table is not None:
            found.append(Part("table", [], page.number, table=table))
        elif drawing is not None and isinstance(item, Line):
            for line in drawing:
                line.column = item.column
            found.append(Part("paragraph", drawing, page.number, figure=True))
        elif isinstance(item, Line):
            found.append(Part("caption", [item], page.number))
    return found + from_lines(pending, prose, boxes)


def _labels_frame(line: Line, page: Page) -> bool:
    """Whether a line interrupts a level rule, as the label of a frame does."""
    middle, near = (line.top + line.bottom) / 2, _INTERRUPTS * line.size
    rules = [(x0, x1) for x0, top, x1, bottom in page.flats
             if top - 0.3 * line.size < middle < bottom + 0.3 * line.size]  # fmt: skip
    left = any(0 <= line.x0 - x1 < near for _, x1 in rules)
    return left and any(0 <= x0 - line.x1 < near for x0, _ in rules)


def _drawings(runs: Sequence[Run], page: int) -> tuple[list[list[Line]], list[Run]]:
    """The labels of each drawing from top to bottom, and the runs that are in none.

    What a drawing holds is text like any other where most of its lines are long, or code.
    """
    held: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        held[run.figure].append(run)
    rest = held.pop(0, [])
    found: list[list[Line]] = []
    for inner in held.values():
        made = sorted(lines(inner, page), key=lambda line: (line.y, line.x0))
        short = made and median(len(line.text) for line in made) <= _SHORT_LABEL
        if short and not pictures.is_code([line.runs for line in made]):
            found.append(made)
        else:
            rest += inner
    return found, sorted(rest, key=lambda run: run.order)


def _place(drawing: Sequence[Line]) -> Line:
    """A line that keeps a drawing's place among the others."""
    lefts, tops, rights, bottoms = zip(*(line.box for line in drawing), strict=True)
    box = min(lefts), min(tops), max(rights), max(bottoms)
    return _keeping(DRAWING, drawing[0].runs[0], box, drawing[0].page)


def _stand_in(table: Table) -> Line:
    """A line that keeps a ruled table's place among the others."""
    run = next(line.runs[0] for row in table.rows for cell in row for line in cell)
    return _keeping(STAND_IN, run, table.box, table.page)


def _keeping(text: str, run: Run, box: Box, page: int) -> Line:
    """A line as large as a box, in the order of a run that is in it.

    A drawing is read after the text beside it.
    """
    left, top, right, bottom = box
    y = bottom if text == DRAWING else (top + bottom) / 2
    made = Run(
        text=text, xs=[left] * len(text), x1=right, y=y, top=top, bottom=bottom,
        size=run.size, font=run.font, colour=run.colour, tag=-1, space=False, order=run.order,
    )  # fmt: skip
    return Line([made], page=page)


def from_lines(found: Sequence[Line], prose: float = 0.0, boxes: Boxes | None = None) -> list[Part]:
    """Lines in reading order to paragraphs, list items, code and candidates for headings.

    prose: how far lines of prose stand below each other on the page. boxes: those of its code.
    """
    made: list[Part] = []
    current: list[Line] = []
    found = _with_declarations(found)
    tell_rests(found)
    leading = usual_leading(found)
    beats, prose = _beats(found), prose or _prose_step(found)
    for at, line in enumerate(found):
        before = found[at - 1] if at else None
        after = found[at + 1] if at + 1 < len(found) else None
        if before is not None and (
            line.counts_anew(before)
            or _next_code(before, line, beats, prose)
            or (boxes is not None and boxes.part(before, line))
            or _parts_from(before, line, current, leading, after)
        ):
            made += _part(current)
            current = []
        current.append(line)
    made += _part(current)
    _gaps(made)
    return made


@dataclass(frozen=True, slots=True)
class _Beats:
    """The distance of lines of code, and how much more is above one with ideographs in it."""

    plain: float
    taller: float


def _beats(found: Sequence[Line]) -> dict[float, _Beats]:
    """The distances of lines of code by their size."""
    steps: dict[float, tuple[list[float], list[float]]] = {}
    for before, line in itertools.pairwise(found):
        if before.fixed and line.fixed and 0.8 * line.size < line.y - before.y < 2 * line.size:
            kinds = steps.setdefault(round(line.size, 1), ([], []))
            kinds[_is_wide(line)].append(line.y - before.y)
    return {
        size: _Beats(
            median(plain or wide), max(0.0, median(wide) - median(plain)) if plain and wide else 0.0
        )
        for size, (plain, wide) in steps.items()
    }


def _is_wide(line: Line) -> bool:
    return any(cjk.n_wide(run.text) for run in line.runs)


def _is_whole(n: float) -> bool:
    """Whether a number is about 1, 2 or the like."""
    return n > 0.5 and abs(n - round(n)) < _OFF_BEAT / 2


def _prose_step(found: Sequence[Line]) -> float:
    """The usual distance of two lines of prose; 0 where there are none."""
    steps = sorted(
        line.y - before.y for before, line in itertools.pairwise(found)
        if not (before.fixed or line.fixed) and abs(line.size - before.size) < 0.3
        and 0.8 * line.size < line.y - before.y < 2 * line.size
    )  # fmt: skip
    return steps[len(steps) // 4] if steps else 0.0


def _next_code(before: Line, line: Line, beats: dict[float, _Beats], prose: float) -> bool:
    """Whether a line of code begins a block of its own: it is no whole number of lines below.

    Blank lines may be of another face, and each a little higher or lower than those of code, or as
    high as those of prose.
    """
    known = beats.get(round(line.size, 1))
    if not (before.fixed and line.fixed and known) or abs(before.size - line.size) > 0.3:
        return False
    beat = known.plain
    if prose > _LOWEST * beat and _is_whole((line.y - before.y - beat) / prose):
        return False
    for more in {0.0, known.taller if _is_wide(line) else 0.0}:
        n_beats = (line.y - before.y - more) / beat
        off = abs(n_beats - round(n_beats))
        if n_beats <= _NEW_BLOCK or off <= _OFF_BEAT * max(1, round(n_beats) - 1):
            return False
    return True


def usual_leading(found: Sequence[Line]) -> float:
    """The usual distance of baselines in times of the size.

    Where most lines are paragraphs of their own, those below full lines of prose tell it.
    """
    steps: list[float] = []
    full: list[float] = []
    for before, line in itertools.pairwise(found):
        near = 0.8 * line.size < line.y - before.y < 2 * line.size
        if near and abs(line.size - before.size) < 0.3 and len(before.text) > 30:
            steps.append((line.y - before.y) / before.size)
            if not line.fixed and not fits(before, line):
                full.append(steps[-1])
    if not steps:
        return 1.25
    usual = sorted(steps)[len(steps) // 4]
    return min(usual, sorted(full)[len(full) // 2]) if full else usual


def _gaps(made: Sequence[Part]) -> None:
    for before, part in itertools.pairwise(made):
        if before.lines and part.lines and part.lines[0].y > before.lines[-1].y:
            part.gap = (part.lines[0].y - before.lines[-1].y) / part.lines[0].size
    for part in made:
        part.gap = part.gap or 9.0


def marker_of(line: Line) -> str:
    """The list marker that a line begins with, or ""."""
    text = line.text
    match = _BULLET.match(text) or _NUMBER.match(text)
    if not match or (line.runs[0].font.fixed and len(line.runs[0].text) > 1):
        return ""
    found = match[0].strip()
    if found in "-*\u2013\u2014" and len(text) > len(match[0]) and text[len(match[0])].isdigit():
        return ""
    return found


def _parts_from(
    before: Line, line: Line, current: Sequence[Line], leading: float, after: Line | None
) -> bool:
    """Whether a new part begins with line; after: the line that follows it."""
    size = max(before.size, line.size)
    if line.column[:2] != before.column[:2] or line.y < before.y - 0.4 * size:
        return True
    if abs(line.y - before.y) < 0.4 * size:  # the same baseline: a wide gap inside of a line
        if len(current) > 5 or _lists(current[0], line, after):
            return False
        return _is_run_in(current, line) or _is_declared(current, line)
    step = (line.y - before.y) / size
    if before.fixed and line.fixed and abs(before.size - line.size) < 0.3:
        return _parts_code(before, line, current, leading, after)
    if abs(before.size - line.size) > 0.08 * size and (
        not (before.fixed or line.fixed) or _is_counted_code(current)
    ):
        return True
    if step > max(leading * 1.3, leading + 0.22):
        return True
    if marker_of(line) and _fresh(before, line, current):
        return True
    if _next_title(current, line) or (step > 1.1 * leading and _ends_title(current, line)):
        return True
    if before.fixed != line.fixed:
        return _code_edge(before, line, current, after)
    if all(_face(before, words=words) != _face(line, words=words) for words in (False, True)):
        return True
    if (
        len(current) < 3
        and fits(before, line)
        and (_unlike(before, line) or (_said(before) and line.runs[0].font.bold))
    ):
        return True
    if _is_outdented(current, line) or _is_below_term(current, line):
        return True
    if _said(before) and _counts(line) and _of_other_face(before, line):
        return True
    first = current[0]
    if _BULLET.match(first.text) and line.x0 < first.x0 - 0.6 * size:
        return True
    if marker_of(first) and not _titled(first):
        outside = line.x0 < text_start(first) - 0.6 * size and len(current) > 1
        flush = abs(before.x0 - line.x0) < 1 and not (_said(before) and fits(before, line))
        return outside and not flush
    indent = line.x0 - line.column[0]
    level = [item.x0 for item in current if abs(item.y - before.y) < 0.4 * size]
    usual = min(level) - line.column[0]
    begins = line.text[:1].isupper() or not line.text[:1].isalpha()
    short = before.x1 < line.column[2] - 0.25 * (line.column[2] - line.column[0])
    if 0.7 * size < indent - usual < 4 * size and (len(current) > 1 or fits(before, line)):
        return begins
    if len(current) == 1:
        both_indented = indent > 0.7 * size and abs(line.x0 - before.x0) < 1 and not _heavy(line)
        return begins and fits(before, line) and (_said(before) or (short and both_indented))
    return _said(before) and begins and short


def _is_outdented(current: Sequence[Line], line: Line) -> bool:
    """Whether a line stands left of the further lines of the part, or of one that is short."""
    before = current[-1]
    if abs((before.x0 + before.x1) - (line.x0 + line.x1)) < _CENTRED:
        return False
    further = [item for item in current if item.y - current[0].y > 0.4 * item.size]
    if not further and len(current) > 1 and _said(before) and _alike(current[0], line):
        return True
    left = min((item.x0 for item in further), default=before.x0)
    ended = len(further) > 1 or (_said(before) and fits(before, line))
    return line.x0 < left - _OUTDENT * line.size and ended


def _alike(first: Line, line: Line) -> bool:
    """Whether two lines begin at one margin with words that stand out in the same way."""
    one, other = first.runs[0].font, line.runs[0].font
    marked = one.bold or one.fixed
    return marked and one.name == other.name and abs(first.x0 - line.x0) < 1


def _lists(term: Line, text: Line, after: Line | None) -> bool:
    """Whether another term follows one, and its text begins below that of the first."""
    if after is None or not _alike(term, after):
        return False
    return any(abs(run.x0 - text.x0) < 1 for run in after.runs)


def _is_below_term(current: Sequence[Line], line: Line) -> bool:
    """Whether a line is indented below a short one that begins the part and is marked out."""
    first = current[0]
    font = first.runs[0].font
    if len(current) > 1 or marker_of(first) or not (font.bold or font.italic or font.fixed):
        return False
    if line.x0 < first.x0 + _OUTDENT * line.size:
        return False
    short = first.x1 < first.column[2] - 0.25 * (first.column[2] - first.column[0])
    return short and abs((first.x0 + first.x1) - (line.x0 + line.x1)) > _CENTRED


def _next_title(current: Sequence[Line], line: Line) -> bool:
    """Whether a line is a bold title with a number such as "1.2" below another bold one.

    Or the next number, as far from its title as that above.
    """
    counted = SECTION.fullmatch(line.text) and SECTION.fullmatch(current[0].text)
    if counted and len(current) > 1 and not any(item.fixed for item in current):
        one, other = ([int(n) for n in text.rstrip(".").split(".") if n.isdigit()]
                      for text in (current[0].text, line.text))  # fmt: skip
        next_ = [*one[:-1], *(n + 1 for n in one[-1:])]
        return bool(one) and other in ([*one, 1], next_) and abs(line.x0 - current[0].x0) < 1
    numbers = _SECTION.match(current[0].text), _SECTION.match(line.text)
    return all(numbers) and "." in line.text[:3] and all(map(_heavy, [*current, line]))


def _parts_code(
    before: Line, line: Line, current: Sequence[Line], leading: float, after: Line | None
) -> bool:
    """Whether another block of code begins with a line of code below one; after: the line below."""
    size = max(before.size, line.size)
    step = (line.y - before.y) / size
    differs = _look(before) != _look(line) and step > _NEW_LOOK * leading
    alone = _heavy(line) and not any(map(_heavy, current)) and not (after and after.fixed)
    alone = alone or _outdented(current, line)
    own = min(_code_steps(current, line, after), default=0.0) / size
    own = own if own < _LOOSE else 0.0
    titled = len(current) == 1 and _heavy(before) and not _heavy(line)
    titled = titled and min(_code_steps(current, line, after), default=size) < line.y - before.y
    parts_ = (differs and alone) or ((differs or titled) and _off_beat(current, line, after))
    return parts_ or (step > _CODE_GAP * max(1.0, leading / 1.2, own))


def _counts(line: Line) -> bool:
    """Whether a line begins with a number such as "1.2", as a title may."""
    return _SECTION.match(f"{line.text} x") is not None and "." in line.text[:3]


def _is_counted_title(line: Line) -> bool:
    """Whether words, or a name of code, stand behind a number such as "1.2"."""
    return _counts(line) and not line.fixed and re.search(r"[^\W\d]", line.text) is not None


def _is_counted_code(current: Sequence[Line]) -> bool:
    """Whether a part is a number such as "1.2" and code as large behind it: a title."""
    if len(current) != 2 or current[0].fixed or not current[1].fixed:
        return False
    number, code = current
    level = abs(number.y - code.y) < 0.4 * code.size and abs(number.size - code.size) < 0.3
    return level and SECTION.fullmatch(number.text) is not None


def _ends_title(current: Sequence[Line], line: Line) -> bool:
    """Whether a counted title that is marked out as a whole has text of another look below.

    It is bold, slanted or in small capitals.
    """
    looks = {emphasis(run) for item in current for run in item.runs}
    if len(current) > 1 or len(looks) > 1 or not any(*looks) or not marker_of(current[0]):
        return False
    return not any(any(emphasis(run)) for run in line.runs)


def emphasis(run: Run) -> Emphasis:
    """How a run is marked out from text around it."""
    return run.font.bold, run.font.italic, run.font.caps


def _is_run_in(current: Sequence[Line], line: Line) -> bool:
    """Whether the bold beginning of a paragraph is a heading that its text follows on one line."""
    before = current[-1]
    gap = (line.x0 - before.x1) / before.size
    bold = all(run.font.bold for item in current for run in item.runs)
    plain = not line.runs[0].font.bold and (not line.fixed or _is_counted_title(current[0]))
    closed = before.text[-1:].isalnum() or before.text[-1:] in ".)]?!"
    number = len(current) == 1 and SECTION.fullmatch(before.text.strip()) is not None
    return bold and plain and 0.8 < gap < 1.8 and closed and not number


def _is_declared(current: Sequence[Line], line: Line) -> bool:
    """Whether a counted bold title has plain code behind it, as what it names is declared.

    Code that belongs to the words of a title has no more room before it than they have.
    """
    runs = [run for item in current for run in item.runs]
    if not line.fixed or line.runs[0].font.bold or len(runs) < 2:
        return False
    number = runs[0].text.strip()
    if "." not in number or SECTION.fullmatch(number) is None or current[0].fixed:
        return False
    moved = line.x0 == current[0].x0
    far = line.x0 - current[-1].x1 > _DECLARED * line.size
    worded = any(not run.font.fixed for run in runs[1:])
    bold = all(run.font.bold for run in runs if any(map(str.isalnum, run.text)))
    return (moved or far) and worded and bold


def _with_declarations(found: Sequence[Line]) -> list[Line]:
    """Lines, with the code behind counted titles in lines of its own, at the begin of the title.

    Its further lines are set in from there.
    """
    made: list[Line] = []
    row: list[Line] = []
    shift = 0.0
    for line in itertools.chain.from_iterable(map(_without_declaration, found)):
        if not row or line.page != row[0].page or abs(line.y - row[0].y) > 1:
            row, shift = [], 0.0
        elif not shift and len(row) < _PIECES and _is_declared(row, line):
            shift = line.x0 - row[0].x0
        made.append(_moved(line, shift) if shift else line)
        row.append(line)
    return made


def _moved(line: Line, shift: float) -> Line:
    """A line that begins farther to the left."""
    runs = [replace(run, xs=[x - shift for x in run.xs], x1=run.x1 - shift) for run in line.runs]
    made = Line(runs, page=line.page)
    made.column = line.column
    return made


def _without_declaration(line: Line) -> list[Line]:
    """A line cut where code begins that its counted title does not hold."""
    for at in range(2, len(line.runs)):
        if not line.runs[at].font.fixed or line.runs[at].font.bold:
            continue
        pieces = [Line(line.runs[:at], page=line.page), Line(line.runs[at:], page=line.page)]
        if not _is_declared(pieces[:1], pieces[1]):
            break
        for piece in pieces:
            piece.column = line.column
        return pieces
    return [line]


def _fresh(before: Line, line: Line, current: Sequence[Line]) -> bool:
    """Whether a line that looks like it begins with a marker really begins an item."""
    first = current[0]
    if marker_of(line) in _DASHES and marker_of(first):  # a dash may stand in a sentence
        near = abs(line.x0 - _hang(current)) < _STICKS_OUT * line.size
        return not (near and not fits(before, line))
    if marker_of(line) in _DASHES and before.text[-1:].isalpha() and abs(line.x0 - before.x0) < 1:
        return not line.text[1:].lstrip()[:1].islower()
    if _BULLET.match(line.text):
        return True
    if not marker_of(first):  # a number may stand in a sentence
        full = not fits(before, line) and before.text[-1:].isalnum()
        return not (full and abs(line.x0 - line.column[0]) < 1 and line.x0 <= before.x0 + 1)
    if line.x0 < text_start(first) - 0.3 * line.size:
        return True
    return fits(before, line) or line.x0 > max(_hang(current), text_start(first)) + 0.6 * line.size


def fits(before: Line, line: Line) -> bool:
    """Whether the first word of a line had found room at the end of the line before it."""
    # code may be broken between any two letters; of a line of it the first run is what is coloured
    first = unbroken(line.runs[:1] if line.fixed else line.runs)
    return before.x1 + first + 0.5 * line.size < before.column[2]


def text_start(line: Line) -> float:
    """Where the text of a list item begins, behind its marker."""
    length = len(marker_of(line))
    seen = 0
    for run in line.runs:
        for letter, x in zip(run.text, run.xs, strict=True):
            if seen >= length and letter not in " \u00a0":
                return x
            seen += letter not in " \u00a0"
    return line.x1


def _heavy(line: Line) -> bool:
    return all(run.font.bold for run in line.runs)


def _leans(line: Line) -> bool:
    return all(run.font.italic for run in line.runs)


def _code_steps(current: Sequence[Line], line: Line, after: Line | None) -> list[float]:
    """How far lines of code around a gap are below each other."""
    steps = [b.y - a.y for a, b in itertools.pairwise(current[-4:]) if b.y > a.y + 1]
    if after is not None and after.fixed and after.y > line.y + 1:
        steps.append(after.y - line.y)
    return steps


def _off_beat(current: Sequence[Line], line: Line, after: Line | None) -> bool:
    """Whether a line of code is no whole number of lines below the code before it."""
    steps = _code_steps(current, line, after)
    if not steps:
        return False
    beats = (line.y - current[-1].y) / min(steps)
    return abs(beats - round(beats)) > _OFF_BEAT * max(1.0, beats)


def _outdented(current: Sequence[Line], line: Line) -> bool:
    """Whether a line of code is slanted as a whole, left of all the code above it."""
    slanted = all(run.font.italic for run in line.runs)
    return slanted and line.x0 < min(item.x0 for item in current) - line.size


def _look(line: Line) -> tuple[float, bool, bool, tuple[int, int, int]] | None:
    """How a line is set as a whole: size, bold, italic, colour; None when it is mixed."""
    looks = {
        (round(run.size * 2) / 2, run.font.bold, run.font.italic, run.colour)
        for run in line.runs
        if run.text.strip()
    }
    return looks.pop() if len(looks) == 1 else None


def _titled(line: Line) -> bool:
    """Whether a line begins with a numbered title, set as a whole unlike prose."""
    run = line.runs[0]
    marked = run.font.bold or run.font.italic or run.font.caps
    return marked and len(run.text) > len(marker_of(line)) + 1


def _unlike(before: Line, line: Line) -> bool:
    """Whether a line is set otherwise than the one before it, or in another face."""
    return _look(before) != _look(line) or _of_other_face(before, line)


def _of_other_face(before: Line, line: Line) -> bool:
    faces = {run.font.face for run in before.runs if not run.font.fixed}
    return bool(faces) and faces.isdisjoint(run.font.face for run in line.runs)


def _said(line: Line) -> bool:
    """Whether a sentence ends with a line."""
    return cjk.half_width(line.text).rstrip().endswith((".", ":", "?", "!"))


def _face(line: Line, *, words: bool) -> tuple[bool, bool]:
    """Whether all of a line is bold, and coloured unlike black. words: signs and numbers aside."""
    runs = [run for run in line.runs if run.text.strip() and not run.font.fixed]
    if words:
        runs = [run for run in runs if any(map(str.isalpha, run.text))] or runs
    return (
        bool(runs) and all(run.font.bold for run in runs),
        bool(runs)
        and all(max(run.colour) - min(run.colour) > 60 for run in runs)
        and len(runs) == 1
        and runs[0].colour == line.runs[0].colour
        and len(line.runs) == 1
        and line.size > 11.5,
    )


def _code_edge(before: Line, line: Line, current: Sequence[Line], after: Line | None) -> bool:
    """Whether code begins or ends here, or a line of prose just holds nothing but code."""
    step = (line.y - before.y) / max(before.size, line.size)
    filled = not fits(before, line)
    if line.fixed:
        alike = 0.7 < line.size / before.size < 1.1 and before.runs[0].font.bold
        if alike and filled and _heavy(line):
            return False
        if (_heavy(before) and not _heavy(line)) or line.size < _SMALL_CODE * before.size:
            return True
        if len(current) == 1 and _leans(before) and not _leans(line):
            return True
        if after is not None and after.fixed and after.y > line.y and fits(line, after):
            return True  # a line that ends where more had fitted is one of code
        return not (filled and abs(line.x0 - _hang(current)) < 2 and step < 1.75)
    if all(item.fixed for item in current):
        joins = len(current) == 1 and filled and line.text[:1].islower()
        return not (joins and abs(line.x0 - before.x0) < 2)
    return False


def _hang(current: Sequence[Line]) -> float:
    """Where the further lines of the part begin; words far apart on one height are one of them."""
    first, last = current[0], current[-1]
    level = [item for item in current if abs(item.y - last.y) < 0.4 * last.size]
    if first in level and marker_of(first):
        return text_start(first)
    return min(item.x0 for item in level)


def _part(current: Sequence[Line]) -> Iterator[Part]:
    if not current:
        return
    first = current[0]
    if all(line.fixed for line in current):
        yield Part("code", list(current), first.page)
    elif marker := marker_of(first):
        kept = _kept(marker)
        if not first.text[len(marker) :].strip() and len(current) == 1:
            kept = marker
        yield Part("list_item", list(current), first.page, level=1, marker=kept)
    else:
        yield Part("paragraph", list(current), first.page)


def _kept(marker: str) -> str:
    """What stands before a list item: its number or letter, behind a dash where other texts may
    name it as it is: "(a)", "2.1"."""
    if _LABEL.fullmatch(marker):
        return f"- {marker}"
    return marker if marker[:-1].isalnum() and marker[-1:] in ".)" else "-"


def _tagged(page: Page) -> list[Part] | None:
    """The parts that the structure tree tells; None when it leaves out much of the page."""
    _adopt(page)
    by_tag: dict[int, list[Run]] = {}
    for run in page.runs:
        by_tag.setdefault(run.tag, []).append(run)
    used: set[int] = set()
    found: list[Part] = []
    reader = _TagReader(page, by_tag, used, found)
    for tag in page.tags:
        reader.element(tag)
    reader.flush()
    left = [
        run for run in page.runs
        if run.tag not in used and id(run) not in page.artifacts and run.text.strip()
    ]  # fmt: skip
    n_all = sum(len(run.text) for run in page.runs if id(run) not in page.artifacts)
    if n_all and sum(len(run.text) for run in left) > 0.2 * n_all:
        return None
    found = _by_line(found)
    _gaps(found)
    _in_page_columns(found, page)
    return found + (by_looks(page, left) if left else [])


def _by_line(found: Sequence[Part]) -> list[Part]:
    """Parts with code whose lines are paragraphs by their tags made blocks.

    Where two lines are as near as those of one block, tags tell lines. A blank line has no tag.
    """
    pairs = [
        (one, other)
        for one, other in itertools.pairwise(found)
        if one.kind == other.kind == "code" and not one.more and len(other.lines) == 1
    ]
    steps = [other.lines[0].y - one.lines[-1].y for one, other in pairs]
    beats = _beats([line for one, other in pairs for line in (one.lines[-1], other.lines[0])])
    joins = {
        id(other)
        for (one, other), step in zip(pairs, steps, strict=True)
        if (known := beats.get(round(other.lines[0].size, 1)))
        and known.plain < _TIGHT * other.lines[0].size
        and 0 < step < _CODE_GAP * (known.plain + known.taller)
        and not _next_code(one.lines[-1], other.lines[0], beats, 0.0)
    }
    made: list[Part] = []
    for part in found:
        if id(part) in joins:
            made[-1].lines.extend(part.lines)
        else:
            made.append(part)
    return made


def _adopt(page: Page) -> None:
    """Give words outside of the structure tree that stand on a line of tagged ones their element.

    A stylesheet may print the address of a link behind it, or a number before a heading, which is
    part of no element.
    """
    known = set(ids(page.tags))
    before: Run | None = None
    added = False
    for run in page.runs:
        if run.tag in known or id(run) in page.artifacts:
            before, added = run, False
        elif run.text.strip():
            added = before is not None and before.tag in known and _goes_on(before, run, added)
            if before is not None and added:
                run.tag = before.tag
            before = run
    for after, run in itertools.pairwise(reversed(page.runs)):
        unknown = run.tag not in known and id(run) not in page.artifacts
        if unknown and after.tag in known and _is_counter(run, after):
            run.tag = after.tag


def _is_counter(run: Run, after: Run) -> bool:
    """Whether a run is the number right before another on its line, or a part of it."""
    alike = run.font is after.font and abs(run.size - after.size) < 0.3
    beside = abs(run.y - after.y) < 0.2 * run.size and -0.1 < (after.x0 - run.x1) / run.size < 1
    return alike and beside and _COUNTER.fullmatch(run.text.strip()) is not None


def _goes_on(before: Run, run: Run, wrapped: bool) -> bool:
    """Whether a run stands right behind another; wrapped, or in brackets: or in the line below."""
    down, size = run.y - before.y, max(run.size, before.size)
    if abs(down) < 0.2 * size:
        return -0.2 * size < run.x0 - before.x1 < size
    opens = wrapped or run.text.lstrip().startswith("(")
    return opens and abs(run.size - before.size) < 0.3 and 0 < down < _WRAPPED * size


def _in_page_columns(found: Sequence[Part], page: Page) -> None:
    """Tell the lines of code how wide the column of the page is that they stand in."""
    if not any(part.kind == "code" for part in found):
        return
    columns = {line.column for line in in_order(lines(page.runs, page.number))}
    for part in found:
        if part.kind == "code":
            for stretch in [part.lines, *part.more]:
                left, top, _, bottom = _columned(stretch)[0].column
                around = [box for box in columns if box[0] < left + 1 and box[2] > left + 1] or [
                    stretch[0].column
                ]
                box = max(around, key=lambda box: (box[0], box[2]))
                for line in stretch:
                    line.column = (box[0], top, box[2], bottom)


@dataclass(slots=True)
class _TagReader:
    """Walks a structure tree and gathers the runs of its elements."""

    page: Page
    by_tag: dict[int, list[Run]]
    used: set[int]
    found: list[Part]
    pending: list[Run] = field(default_factory=list)
    kind: BlockKind = "paragraph"
    level: int = 0
    depth: int = 0
    label: str = ""
    fresh: bool = False
    within: int = 0  # how many elements of running text are open
    items: int = 0  # how many list items are open
    notes: list[Part] = field(default_factory=list)  # those of the text that is being gathered

    def element(self, tag: Tag) -> None:
        """Read one element with all below it."""
        heading = _HEADING.match(tag.kind)
        if heading or tag.kind in ("H", "Title"):
            self._block(tag, "heading", int(heading[1]) if heading else tag.kind == "Title" or 0)
        elif tag.kind == "Table":
            self.flush()
            self._table(tag)
        elif tag.kind == "L":
            self.flush()
            self.depth += 1
            self._kids(tag)
            self.flush()
            self.depth -= 1
            self.fresh = False
        elif tag.kind in ("LI", "TOCI"):
            self.flush()
            self.label, self.fresh = "", True
            self.items += 1
            self._kids(tag)
            self.items -= 1
            self.flush()
        elif tag.kind == "Lbl" and self.fresh:
            self.label = " ".join(line.text for line in lines(self._take(tag), self.page.number))
        elif tag.kind == "Caption":
            self._block(tag, "caption", 0)
        elif tag.kind in ("BlockQuote",):
            self.flush()
            before, self.kind = self.kind, "quote"
            self.within += _is_running(tag)
            self._kids(tag)
            self.within -= _is_running(tag)
            self.flush()
            self.kind = before
        elif tag.kind == "Code":
            self._code(tag)
        elif tag.kind in _TRANSPARENT or (tag.kind == "Formula" and self.within):
            self._kids(tag)
        elif tag.kind in _NOTES and self.within:
            self._note(tag)
        else:
            self.flush()
            self.within += _is_running(tag)
            self._kids(tag)
            self.within -= _is_running(tag)
            self.flush()

    def _note(self, tag: Tag) -> None:
        """A note in the midst of running text, which is read below it."""
        around, self.pending = self.pending, []
        n_before = len(self.found)
        self._kids(tag)
        self.flush()
        self.notes += self.found[n_before:]
        del self.found[n_before:]
        self.pending = around

    def _code(self, tag: Tag) -> None:
        """Code as words of a paragraph, or as a block of its own."""
        runs = self._take(tag)
        inline = self.within > 0 or (self.items > 0 and (bool(self.pending) or self.fresh))
        made = lines(runs, self.page.number)
        if inline and self.items and len(made) > 1 and all(line.fixed for line in made):
            inline = bool(self.pending) and made[0].y - self.pending[-1].y < 0.5 * made[0].size
        if not inline:
            self.flush()
        self.pending += runs
        if not inline:
            self.flush()

    def _kids(self, tag: Tag) -> None:
        for kid in tag.kids:
            if isinstance(kid, int):
                self.used.add(kid)
                self.pending += self.by_tag.get(kid, ())
            else:
                self.element(kid)

    def _take(self, tag: Tag) -> list[Run]:
        """All runs below an element."""
        runs: list[Run] = []
        for kid in tag.kids:
            if isinstance(kid, int):
                self.used.add(kid)
                runs += self.by_tag.get(kid, ())
            else:
                runs += self._take(kid)
        return runs

    def _block(self, tag: Tag, kind: BlockKind, level: int) -> None:
        self.flush()
        made = lines(self._take(tag), self.page.number)
        if made:
            self.found.append(
                Part(kind, _columned(in_order(made)), self.page.number, level=level, told=True)
            )

    def flush(self) -> None:
        """End the paragraph or list item that is being gathered."""
        runs, self.pending = self.pending, []
        made = _columned(lines(runs, self.page.number))
        if not made:
            self._add([])
            return
        if all(line.fixed for line in made) and (len(made) > 1 or not self.fresh):
            first, *more = _stretches(made)
            part = Part("code", first, self.page.number, told=True, more=more)
        elif self.fresh:
            marker = self.label.strip() or marker_of(made[0])
            number = re.fullmatch(r"(\w{1,5})[.)]?", marker)
            counts = number is not None and not _BULLET.match(f"{marker} ")
            kept = f"{number[1]}." if number and counts else _kept(marker)
            part = Part(
                "list_item",
                made,
                self.page.number,
                level=max(1, self.depth),
                marker=kept,
                told=True,
            )
            self.fresh = False
        elif not (self.within or self.items) and self.kind == "paragraph" and len(made) > 1:
            self._add(by_looks(self.page, runs))  # of boxes that no tag calls a paragraph
            return
        else:
            part = Part(self.kind, made, self.page.number, told=True)
        self._add([part])

    def _add(self, parts: Sequence[Part]) -> None:
        self.found += parts
        self.found += self.notes
        self.notes = []

    def _table(self, tag: Tag) -> None:
        """A table, and what is in it but in none of its rows, such as a caption.

        One of a single cell is a box around other blocks.
        """
        every_cell = [cell for row in _rows(tag) for cell in row.kids]
        if len(every_cell) == 1 and isinstance(every_cell[0], Tag):
            self._kids(tag)
            self.flush()
            return
        in_rows: set[int] = set()
        found: list[list[tuple[list[Line], tuple[int, int]]]] = []
        heads: list[bool] = []
        told = [[cell for cell in kid.kids if isinstance(cell, Tag)] for kid in _rows(tag)]
        shown = [[cell for cell in cells if cell.kind != ABSENT] for cells in told]
        width = max([median_low(map(len, told)), *map(len, shown)]) if told else 0
        for whole, present in zip(told, shown, strict=True):
            cells = whole if len(whole) <= width else present  # a cell cut by a page is told twice
            runs = [self._take(cell) for cell in cells]
            in_rows.update(id(run) for cell in runs for run in cell)
            taken = [_once(lines(cell, self.page.number)) for cell in runs]
            if any(taken):
                row = [_columned(in_order(cell)) for cell in taken]
                found.append(list(zip(row, (cell.span for cell in cells), strict=True)))
                heads.append(bool(present) and all(cell.kind == "TH" for cell in present))
        rows = expanded(found)
        beside = [run for run in self._take(tag) if id(run) not in in_rows]
        captions = by_looks(self.page, beside) if beside else []
        for part in captions:
            part.kind, part.told = "caption", True
        if not rows:
            self.found += captions
            return
        every = [line for row in rows for cell in row for line in cell]
        box = (
            min(line.x0 for line in every), min(line.top for line in every),
            max(line.x1 for line in every), max(line.bottom for line in every),
        )  # fmt: skip
        n_heads = next((at for at, head in enumerate(heads) if not head), len(heads))
        table = Table(rows, box, n_heads, self.page.number)
        made = Part("table", [], self.page.number, table=table, told=True)
        above = [part for part in captions if part.lines and part.lines[0].y < box[1]]
        below = [part for part in captions if part not in above]
        self.found += [*above, made, *below]


def _once(found: list[Line]) -> list[Line]:
    """The lines of a cell without their repetition, as at the head of another column."""
    half = len(found) // 2
    texts = [line.text for line in found]
    return found[:half] if texts[:half] == texts[half:] and _stretches(found)[1:] else found


def _is_running(tag: Tag) -> bool:
    """Whether an element holds words of its own, not only blocks."""
    return tag.kind in _RUNNING or any(
        isinstance(kid, Tag) and kid.kind == "Span" for kid in tag.kids
    )


def _stretches(found: Sequence[Line]) -> list[list[Line]]:
    """Lines cut where they go on at the top of another column."""
    cut: list[list[Line]] = [[]]
    for line in found:
        if cut[-1] and line.y < cut[-1][-1].y - line.size:
            cut.append([])
        cut[-1].append(line)
    return cut


def _rows(tag: Tag) -> Iterator[Tag]:
    for kid in tag.kids:
        if isinstance(kid, Tag):
            if kid.kind == "TR":
                yield kid
            elif kid.kind != "Table":
                yield from _rows(kid)


def _columned(found: list[Line]) -> list[Line]:
    """Lines with the column that they fill together."""
    if found:
        column = (
            min(line.x0 for line in found), min(line.top for line in found),
            max(line.x1 for line in found), max(line.bottom for line in found),
        )  # fmt: skip
        for line in found:
            line.column = column
    return found


def body_size(found: Sequence[Part]) -> float:
    """The size that most of the prose is set in."""
    weights: dict[float, int] = {}
    for part in found:
        if part.kind != "code":
            for line in part.all_lines:
                size = round(line.size, 1)
                weights[size] = weights.get(size, 0) + len(line.text)
    if not weights:
        return median([line.size for part in found for line in part.all_lines] or [10.0])
    return max(weights, key=lambda size: (weights[size], -size))
