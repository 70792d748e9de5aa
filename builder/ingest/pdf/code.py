"""Code from a PDF file: glyphs of fixed-pitch fonts on a grid, and lines that were wrapped to fit.

A maker that wraps long lines leaves no sign of it. Two rows are taken for one line where the
second row's first word had not fitted behind the first, and the first is no whole statement.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median, median_low

from builder.ingest.pdf import cjk
from builder.ingest.pdf.layout import Line, first_word, is_spread
from builder.ingest.pdf.page import Run
from builder.ingest.pdf.page_ends import PageEnds

_BETWEEN = 0.15  # of a column
_MOST_BLANKS = 400
_UNEVEN = 0.02  # of a blank: listings' own hanging indent is that near to six of its blanks
_OFF_LETTERS = 0.04  # of a column
_MOST_OFF, _MOST_EVEN = 0.3, 0.8  # of indented rows: off the grid of letters, on that of blanks
_UNEVEN_STEPS = 0.06  # times a column: how far letters and blanks are from as many widths
_WIDER_STEPS = 1.05, 1.4  # times a column: letters of a wider face
_SAME_STEP = 0.02  # times a column: how far letters of it are from as wide
_NARROW = 0.7  # times a letter: blanks are no narrower
_TYPEWRITER = str.maketrans("\u2019\u2018", "'`")  # TeX shows these signs of code so
_SLACK = 0.3  # columns: punctuation that hangs out makes a column of text seem wider
_NEXT_LINE = 1.5  # times the smallest distance of lines: with a blank one between they are farther
_LINES_APART, _MOSTLY_APART = 1.25, 0.6  # times rows of one line; share of the distances
_WORDS_APART = 1.5  # columns: letters of one word are nearer
_RULE = 16  # columns
_MOST_LINES = 20  # blank ones between two rows
_REACHES = (10, 24)  # columns: what is known for near words tells how far apart others are
_BLANK = 1.45  # columns: glyphs farther apart than this have a blank between them
_AT_WIDE = 0.25  # columns: a gap beside an ideograph is no blank for so much of its own
_RAGGED = 0.85  # of the widest column: one at its place that is so wide is as wide
_ROOM = 12  # columns: a row that leaves more may well have ended
_OVER = 1.05  # times what seems to fit: longer rows show that none are wrapped
_MOST_HANG = 0.6  # of the rows between columns: so many begin at one place
_EVEN_EM = 0.01  # of the size
_NEAR_FULL = 2  # columns: where lines are wrapped, the longest is about as long as fits
_HUNG = 7.0  # points: how far tables hang out of the text; pages of a book differ by more
_CERTAIN = 2  # wrapped lines beyond doubt, after which the doubtful are believed too
_OPENERS, _CLOSERS = "([{", ")]}"
_WHOLE = (";", "{", "}", ")", "]", ",", ":", "\\", "(", "[", "|")  # how whole lines end
_JOINS = re.compile(
    r"(?:\|\||&&|=>|[\w)\]] (?:[-+=|?:<>]|--|//|#)"
    r"|\b(?:await|from|import|return|new|and|or|not|in|of)|^\s*(?:from \S+ )?import [^({]*,)$"
)
_REMARK = re.compile(r"(?:^|\s)(?://|#|--|/\*)\s")
_GOES_ON = re.compile(r"(?:from|as|in|of|and|or|is|not|then|extends|implements|where)\b|[.+?:&|]")
_STATEMENT = re.compile(
    r"[\w.$]+(?:\(|\s+=\s)|\w+ [\w*\[\]]+ ?="
    r"|(?:const|let|var|def|class|function|return|if|for|while|import|export"
    r"|async|public|private|static)\b|//|#|--|/\*|\$ "
)
_UNIT = re.compile(r"(?:\S*[(\[{]\s+)*\S+(?:\s+[)\]}/!?]\S*)*")  # UAX 14, LB13 and LB14
_WITHIN = re.compile(r"\w[-/](?=[^\W\d])|--(?=\w)")  # where a word may be parted: UAX 14, LB25
_BROKEN_WORD = re.compile(r"(?:[\w\)\]]|(?<=-))-$|(?<![\s*/])/$|\w:/+$|//[^\s/]*:$")
_BROKEN_ADDRESS = re.compile(r"://[^\s\"']*[?&=]$")
_ADDRESS_DOT = re.compile(r"://[^\s\"']*\.$")
_DIVIDED = re.compile(r"[^\W\d_]\u2010$")  # a word by the hyphen of prose, which code has none of
_MARK_ALONE = re.compile(r"\s*(?://|#|--)$")  # of a remark
_FRAME = re.compile(r"[-+|=:.~_*\s\u2500-\u257f]{3,}$")  # a line of a table drawn with signs
_LABEL = re.compile(r"\w+:$|//|/\*|--|\*")  # what may stand left of its block; or a remark
_BRANCH = re.compile(r"\s*[|*]\s")  # how lines of a history drawn as a tree begin
_FIELDS = re.compile(r"\S {2,}\S")  # of a table in code
_KEYWORD = re.compile(r"\w+=(?!=)")  # a named argument
_PROMPT = re.compile(r"(?:>>>|\.\.\.)(?: |$)")  # of Python's shell
_CODE_SIGN = re.compile(r"[=({;]")
_CLOSING = (",", ";", ")", "]")  # signs with no blank before them
_MEMBER = re.compile(r"\.[^\W\d]")
_QUOTE_ENDS = re.compile("([\"'`])(?:[,;:)\\]}]|$)")
_QUOTE_OPENS = re.compile("(?:^|[\\s(\\[{=])([\"'`])$")
_LAST_WORD = re.compile(r"[\w)\]][\w.)\]]*\.$")
_FIRST_WORD = re.compile(r"[^\W\d][\w.(]*")
_NAME = re.compile(r"\w_\w|\w\.\w|\(|[a-z][A-Z]")  # in words of code, and in none of prose
_SHOWN = "\u2423"  # a blank that shows


@dataclass(frozen=True, slots=True)
class Width:
    """How many characters fit into a row of code; certain: some rows are wrapped beyond doubt."""

    columns: int
    certain: bool


@dataclass(frozen=True, slots=True)
class Habits:
    """How a document sets its code: what fits into rows by their place, distances by size.

    heights: of blank lines, by size. rests: what rows that go on a line are nearer than, by size,
    where each line is a paragraph that stands apart (word processors do so). blanks: a sign shows
    the blanks at which lines were cut.
    indents: the width of the blanks that rows begin with, by size, where it is not that of letters
    (listings' flexible columns).
    hangs: where rests of lines begin, by size and the distance from the edge of the column.
    """

    widths: dict[tuple[float, ...], Width]
    steps: dict[float, float]
    heights: dict[float, float]
    rests: dict[float, float]
    blanks: bool
    indents: dict[float, float]
    hangs: frozenset[tuple[float, int]]

    def n_blanks(self, size: float, distance: float) -> int:
        """How many blank lines there are between two lines of code so far below each other."""
        step = self.steps.get(round(size, 1), 0.0)
        height = self.heights.get(round(size, 1), step)
        return min(_MOST_LINES, max(0, round((distance - step) / height))) if step else 0


def habits(stretches: Sequence[Sequence[Line]]) -> Habits:
    """The habits that all code of a document tells together."""
    _level(stretches)
    indents = _indents(stretches)
    steps: dict[float, list[float]] = {}
    for lines in stretches:
        rows = _rows(lines, indents)
        near = [b.y - a.y for a, b in itertools.pairwise(rows) if b.y > a.y]
        steps.setdefault(round(lines[0].size, 1), []).extend(near)
    told = [row for lines in stretches for row in _rows(lines, indents) if row.is_cut]
    widths = {} if told else _widths(stretches, indents)
    blanks = any(line.text.endswith(_SHOWN) for lines in stretches for line in lines)
    apart = {size: step for size, seen in steps.items() if (step := _apart(seen))}
    usual = {size: apart.get(size) or _leading(seen) for size, seen in steps.items()}
    heights = {size: _height(seen, usual[size]) for size, seen in steps.items()}
    rests = {size: step / _LINES_APART for size, step in apart.items()}
    return Habits(widths, usual, heights, rests, blanks, indents, _usual_hangs(stretches, indents))


def _height(distances: Sequence[float], step: float) -> float:
    """How high blank lines are, as single ones tell: they may be of another face than code."""
    single = [distance - step for distance in distances if 1.7 * step < distance < 2.7 * step]
    return median(single) if single else step


@dataclass(frozen=True, slots=True)
class _Inset:
    """How far a row stands right of its block, the width of its letters, and what is above it.

    below_full: its first word has no room behind the row above, so that it may be the rest of it.
    """

    width: float
    pitch: float
    below_full: bool

    @property
    def is_off(self) -> bool:
        """Whether it is no whole number of letters."""
        return _aside(self.width / self.pitch) > _OFF_LETTERS


def _indents(stretches: Sequence[Sequence[Line]]) -> dict[float, float]:
    """The width of blanks before rows by size, where most rows begin off the grid of letters."""
    insets: dict[float, list[_Inset]] = {}
    for lines in stretches:
        insets.setdefault(round(lines[0].size, 1), []).extend(_insets(lines))
    widths = {size: _blank_width(found) for size, found in insets.items()}
    return {size: width for size, width in widths.items() if width is not None}


def _insets(lines: Sequence[Line]) -> Iterator[_Inset]:
    left, pitch = min(line.x0 for line in lines), _pitch(lines)
    for above, line in itertools.pairwise(lines):
        if line.y > above.y and line.x0 - left > 0.5 * pitch > 0:
            end = above.x1 + pitch + first_word(line.runs)
            yield _Inset(line.x0 - left, pitch, end > above.column[2])


def _blank_width(insets: Sequence[_Inset]) -> float | None:
    """The width of which the insets hold whole numbers, but for the rests of rows above.

    None where letters tell it, or too few rows. The smallest inset that occurs again holds an even
    number of blanks, rather than an odd one.
    """
    own = [inset for inset in insets if not inset.below_full]
    off = [inset.width for inset in own if inset.is_off]
    seen = Counter(round(width, 1) for width in off)
    again = [width for width in off if seen[round(width, 1)] > 1]
    if not again or len(off) < max(_CERTAIN, _MOST_OFF * len(own)):
        return None
    least, pitch = min(again), median(inset.pitch for inset in own)
    for count in (2, 4, 1, 3, 8):
        if not _NARROW * pitch < least / count < pitch:
            continue
        near = [one.width for one in own if _aside(one.width * count / least) < 2 * _UNEVEN]
        if near and len(near) > _MOST_EVEN * len(own):
            return median(width / round(width * count / least) for width in near)
    return None


def _aside(columns: float) -> float:
    """How far a place is from the next whole column."""
    return abs(columns - round(columns))


def _level(stretches: Sequence[Sequence[Line]]) -> None:
    """Let columns that begin at one place end at one: ragged text does not fill all of them.

    Where no column stands beside another, code that goes on over the end of its own shows that the
    prose near it is short.
    """
    rights: dict[int, float] = {}
    for lines in stretches:
        left, _, right, _ = lines[0].column
        rights[round(left)] = max(rights.get(round(left), 0.0), right)
    for lines in stretches:
        beyond = max(line.x1 for line in lines) > lines[0].column[2] + lines[0].size
        for line in lines:
            left, top, right, bottom = line.column
            widest = rights.get(round(left), right)
            alone = not any(left + line.size < other < widest for other in rights)
            if right - left > _RAGGED * (widest - left) or (beyond and alone):
                line.column = left, top, widest, bottom


def _widths(
    stretches: Sequence[Sequence[Line]], indents: dict[float, float]
) -> dict[tuple[float, ...], Width]:
    """What fits into the rows of a document's code, for every place and size that code has."""
    rows: dict[tuple[float, ...], list[list[_Row]]] = {}
    fitting: dict[tuple[float, ...], int] = {}
    for lines in stretches:
        key = _place(lines)
        rows.setdefault(key, []).append(_rows(lines, indents))
        fitting[key] = max(fitting.get(key, 0), _fitting(lines, rows[key][-1]))
    sure = {
        key: sum(
            len(a.text) > 1 and _sure(a.text, a, b, fitting[key])
            for part in parts
            for a, b in itertools.pairwise(part)
        )
        for key, parts in rows.items()
    }
    certain = sum(sure.values()) >= _CERTAIN
    found: dict[tuple[float, ...], Width] = {}
    for key, parts in rows.items():
        columns = fitting[key]
        longest = max(_breakable(row, columns) for part in parts for row in part)
        near = longest >= columns - _NEAR_FULL or sure[key] >= _CERTAIN
        if near and longest <= columns * _OVER:
            found[key] = Width(max(columns, longest), certain)
    return found


def grid(found: Sequence[Line], known: Habits) -> str:
    """Lines of a fixed-pitch font as text: each glyph in the column that its origin tells.

    Rows that the maker wrapped are one line again.
    """
    width = known.widths.get(_place(found))
    rows = _rows(found, known.indents)
    texts: list[str] = []
    rests = _rests(rows, known.rests.get(round(found[0].size, 1), 0.0))
    hangs = _hangs(rows)
    stops = {stop for size, stop in known.hangs if size == round(found[0].size, 1)}
    inner = 0  # how many brackets are open above the last line
    for at, row in enumerate(rows):
        before = rows[at - 1] if at else None
        blank = known.n_blanks(found[0].size, row.y - before.y) if before is not None else 0
        texts += [""] * blank
        if before is not None and (cut := _cut(before, row)) is not None:
            texts[-1] = _uncut(texts[-1], cut, row.text, known)
        elif before is not None and (
            row.y - before.y < rests
            if rests
            else blank < 1
            and _wrapped(texts[-1], before, row, width, inner, hangs=hangs or row.stop in stops)
        ):
            apart = row.hanging and _parts_signs(texts[-1], row.text.lstrip())
            apart = apart or _fills(before, width)
            if _DIVIDED.search(texts[-1]) and row.text.lstrip()[:1].isalpha():
                texts[-1], apart = texts[-1][:-1], True
            texts[-1] += ("" if apart else _between(texts[-1], row.text)) + row.text.lstrip()
        else:
            inner = max(0, inner + sum(map(_depth, texts[-1]))) if texts else 0
            texts.append(row.text)
    return "\n".join(texts).strip("\n")


def _rests(rows: Sequence[_Row], nearer: float) -> float:
    """What rows of a block that go on a line are nearer than; 0 where most are, as whole lines."""
    near = sum(below.y - above.y < nearer for above, below in itertools.pairwise(rows))
    return nearer if 2 * near < len(rows) else 0.0


def _cut(before: _Row, row: _Row) -> str | None:
    """What was lost between two rows that a sign tells to be one, as Line has it."""
    return row.before if row.before is not None else before.after


def _uncut(line: str, cut: str, text: str, known: Habits) -> str:
    """A line with the rest that a sign tells of."""
    if line.endswith(_SHOWN):
        line, cut = line.removesuffix(_SHOWN), " "
    elif cut == "?":
        inside = line.endswith((".", "/", "-")) and not _REMARK.search(line)
        cut = "" if known.blanks or inside else _between(line, text)
    return line + cut + text.lstrip()


def _between(line: str, text: str) -> str:
    """The blank that a line had lost where it was cut, if it had one there."""
    if _ADDRESS_DOT.search(line) and text[:1].islower():
        return ""
    if _BROKEN_WORD.search(line) or _BROKEN_ADDRESS.search(line) or cjk.meet(line, text):
        return ""
    sign = line[-1:]
    if sign in (":", ",") and not _MARK_ALONE.match(line):
        depths = list(itertools.accumulate(map(_depth, line)))
        uses = [at for at in range(len(line) - 1) if line[at] == sign]
        alike = [at for at in uses if depths[at] == depths[-1]]
        if not alike and _KEYWORD.match(text):
            return " "
        return "" if uses and not any(line[at + 1].isspace() for at in alike or uses) else " "
    return " "


def _fills(row: _Row, width: Width | None) -> bool:
    """Whether all of a row is one word, which is longer than a row: it was cut where that ended."""
    return width is not None and row.columns >= width.columns and " " not in row.text.strip()


def _parts_signs(line: str, text: str) -> bool:
    """Whether a line was cut at a sign that has no blank there: listings, whose rows hang, does."""
    if text[:1] in _CLOSING or line.endswith(("(", "[", "${")) or _MEMBER.match(text):
        return True
    if text.startswith(": ") and "?" not in line:
        return True
    quote = _QUOTE_ENDS.match(text) or _QUOTE_OPENS.search(line)
    if quote is not None and line.count(quote[1]) % 2:
        return True
    word, following = _LAST_WORD.search(line), _FIRST_WORD.match(text)
    if word is None or following is None or _REMARK.search(line):
        return False
    return any(map(_NAME.search, (word[0], following[0])))


def _depth(sign: str) -> int:
    """What a sign adds to the number of open brackets."""
    return (sign in _OPENERS) - (sign in _CLOSERS)


def joined(stretches: Sequence[Sequence[Line]], known: Habits, ends: PageEnds) -> str:
    """Code over several pages or columns."""
    shown = grid(stretches[0], known)
    for before, after in itertools.pairwise(stretches):
        n_blank = ends.n_blank(before, after)
        cut = _cut(_rows(before, known.indents)[-1], _rows(after, known.indents)[0])
        if cut is not None:
            shown = _uncut(shown, cut, grid(after, known), known)
            continue
        deeper = max(0, round(_deeper(after, stretches[0]) / (_pitch(after) or 1.0)))
        rest = re.sub(r"(?m)^(?=.)", " " * min(deeper, 40), grid(after, known))
        shown += "\n" * (1 + n_blank) + rest
    return shown


def _deeper(found: Sequence[Line], first: Sequence[Line]) -> float:
    """How much farther than other code some code stands from the left edge of its column.

    Tables of word processors hang out of the text, and their columns seem to begin with them.
    """
    inset, other = (min(line.x0 for line in lines) for lines in (found, first))
    edges = found[0].column[0] - first[0].column[0]
    return inset - other - (edges if abs(edges) > _HUNG else 0.0)


@dataclass(frozen=True, slots=True)
class _Row:
    """What stands on one baseline.

    hanging: it begins between two columns of the grid; before, after: as of a Line; columns: how
    many it takes, as ideographs take more than one; start: where it begins, stop: how far from the
    edge of its column, in points.
    """

    y: float
    text: str
    hanging: bool
    before: str | None
    after: str | None
    columns: int
    start: float
    stop: int

    @property
    def is_cut(self) -> bool:
        """Whether a sign tells that it is not all of its line."""
        return self.before is not None or self.after is not None


def _rows(found: Sequence[Line], indents: dict[float, float]) -> list[_Row]:
    pitch = _pitch(found)
    blank = indents.get(round(found[0].size, 1))
    left = min(line.x0 for line in found)
    rows: list[list[Line]] = []
    for line in sorted(found, key=lambda line: (line.page, line.y, line.x0)):
        if rows and abs(rows[-1][0].y - line.y) < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_one_row(row, left, pitch, blank) for row in rows]


def _one_row(row: Sequence[Line], left: float, pitch: float, blank: float | None) -> _Row:
    """One row. blank: the width of blanks before it, None where that is the pitch."""
    runs = [run for line in row for run in line.runs]
    start = min(run.x0 for run in runs)
    if blank is None:
        hanging = _off_grid(start - left, pitch)
    else:
        hanging = start - left > 1.5 * blank and _aside((start - left) / blank) > _UNEVEN
    if blank is None and not hanging:
        text = _row(runs, left, pitch)
    else:
        n_blanks = round((start - left) / (blank or pitch))
        text = " " * min(n_blanks, _MOST_BLANKS) + _row(runs, start, pitch)
    end = max(run.x1 for run in runs)
    columns = round((end - left) / pitch) if cjk.n_wide(text) and pitch else len(text)
    stop = round(start - row[0].column[0])
    before, after = row[0].before, row[-1].after
    return _Row(row[0].y, text, hanging, before, after, columns, start, stop)


def _place(found: Sequence[Line]) -> tuple[float, ...]:
    """Where code stands and how large it is, as far as it decides how much fits into a row."""
    column = found[0].column
    left = min(line.x0 for line in found)
    return round(left - column[0]), round(column[2] - column[0], -1), round(_pitch(found), 1)


def _fitting(found: Sequence[Line], rows: Sequence[_Row]) -> int:
    """The columns that fit: with as much room on the right as on the left, where that is enough."""
    pitch = _pitch(found)
    left, column = min(line.x0 for line in found), found[0].column
    if not pitch:
        return 0
    wide = int((column[2] - left) / pitch - _SLACK)
    inset = int((column[2] - left - max(0.0, left - column[0])) / pitch - _SLACK)
    return inset if max(_breakable(row, inset) for row in rows) <= inset else wide


def _breakable(row: _Row, columns: int) -> int:
    """The length of a row, 0 of one that is too long because nothing in it can be parted."""
    unit = _UNIT.match(row.text.lstrip())
    fits = row.columns <= columns or unit is None or len(unit[0]) < columns
    return row.columns if fits else 0


def _wrapped(
    line: str, before: _Row, row: _Row, width: Width | None, inner: int, *, hangs: bool
) -> bool:
    """Whether a row is the rest of the line that ends with the row before it.

    inner: how many brackets are open above that line. hangs: rests of lines stand off the grid.
    """
    inner += sum(map(_depth, line))
    if not row.text.strip() or not before.text.strip():
        return False
    if _FRAME.match(row.text) or _PROMPT.match(row.text) or _is_rule(line, row.text):
        return False
    if _BRANCH.match(line) and _BRANCH.match(row.text):
        return False
    if line.endswith(">") and row.text.lstrip().startswith("<"):
        return False
    if row.hanging and hangs:
        return True
    if width is None:
        return False
    if inner > 0 and _outside(line, row.text) and _full(before, row.text, width.columns, 0.0):
        return True
    return _sure(line, before, row, width.columns) or (
        width.certain and _likely(line, before, row.text, width.columns)
    )


def _hangs(rows: Sequence[_Row]) -> bool:
    """Whether rows between two columns go on a line: none would have had room behind the last row.

    Else they begin at a stop of a tabulator.
    """
    longest = max(row.columns for row in rows)
    return all(
        _full(above, row.text.lstrip(), longest, 0.0)
        for above, row in itertools.pairwise(rows)
        if row.hanging
    )


def _usual_hangs(
    stretches: Sequence[Sequence[Line]], indents: dict[float, float]
) -> frozenset[tuple[float, int]]:
    """Where rests of lines begin: half of the rows there had no room behind the row above.

    It is one place for most rows of a size, and whole times the size from the edge of the code, as
    styles tell the indent of rests. Some makers break lines where a word had found room.
    """
    seen: dict[tuple[float, int], list[bool]] = {}
    counts: Counter[float] = Counter()
    whole: set[tuple[float, int]] = set()
    for lines in stretches:
        rows, left = _rows(lines, indents), min(line.x0 for line in lines)
        longest, size = max(row.columns for row in rows), lines[0].size
        for above, row in itertools.pairwise(rows):
            if row.hanging:
                place = round(size, 1), row.stop
                counts[place[0]] += 1
                seen.setdefault(place, []).append(_full(above, row.text.lstrip(), longest, 0.0))
                if _aside((row.start - left) / size) < _EVEN_EM:
                    whole.add(place)
    return frozenset(
        place
        for place, full in seen.items()
        if place in whole
        and len(full) >= max(_CERTAIN, _MOST_HANG * counts[place[0]])
        and 2 * sum(full) >= len(full)
    )


def _is_rule(line: str, text: str) -> bool:
    """Whether a long line of signs alone stands above words: it rules them off."""
    signs = line.strip()
    return (
        len(signs) >= _RULE and not re.search(r"\w", signs) and re.search(r"\w", text) is not None
    )


def _full(before: _Row, text: str, columns: int, least: float = 0.5) -> bool:
    """Whether the first words of a row that cannot be parted had found no room before it.

    least: how much of the width the row before must fill.
    """
    unit = _UNIT.match(text)
    if unit is None:
        return False
    cut = _WITHIN.search(unit[0]) if len(unit[0]) < columns else None  # else cut anywhere
    length = cut.end() if cut else len(unit[0])
    if n_first := cjk.n_first(text):
        length = 2 * n_first
    return before.columns >= max(least * columns, columns - 1 - length)


def _sure(line: str, before: _Row, row: _Row, columns: int) -> bool:
    """Whether a full row and the next are one line beyond doubt: it goes on at the left edge."""
    text = row.text
    alone = _MARK_ALONE.match(line) is not None and not _STATEMENT.match(text)
    least = 0.0 if alone or _JOINS.search(line) else 0.5  # what must go on may end anywhere
    if not _full(before, text, columns, least) or text[:1] == " ":
        return False
    if line.endswith(("{", "[", "(")):
        return False
    open_ = _is_open(line) or (_PROMPT.match(line) is not None and line.endswith(","))
    if text[0] in _CLOSERS:
        return open_
    return (
        open_
        or alone
        or line.count('"') % 2 == 1
        or _JOINS.search(line) is not None
        or (_REMARK.search(line) is not None and _is_prose(text))
        or (line.startswith(" ") and not line.endswith(_WHOLE) and not text.startswith("#"))
        or _BROKEN_WORD.search(line) is not None
    )


def _outside(line: str, text: str) -> bool:
    """Whether a row stands left of a block that no row has closed, as no line of it does."""
    return line[:1] == " " and text[0] not in (" ", "#", *_CLOSERS) and not _LABEL.match(text)


def _is_open(line: str) -> bool:
    """Whether a bracket of a line is not closed, and more than the bracket has followed."""
    if sum(line.count(sign) for sign in "([") > sum(line.count(sign) for sign in ")]"):
        return True
    inner = line.rstrip().rstrip("{")
    return inner.count("{") > inner.count("}") and line.rstrip() == inner


def _is_prose(text: str) -> bool:
    """Whether a row may be the rest of a remark: a word in small letters or an address."""
    if _STATEMENT.match(text) and _CODE_SIGN.search(text):
        return False
    return re.match(r"[a-z]+[.,]?(?:\s|$)|\(?https?://", text) is not None


def _likely(line: str, before: _Row, text: str, columns: int) -> bool:
    """Whether a full row is rather cut than ended, in a document where rows are cut."""
    if not _full(before, text, columns) or text[:1] in (" ", *_CLOSERS):
        return False
    if _GOES_ON.match(text):
        return True
    if _STATEMENT.match(text) or (_FIELDS.search(line) and _FIELDS.search(text)):
        return False
    if _REMARK.search(line):
        return not _PROMPT.match(line) and not line.endswith(("*/", "."))
    return before.columns >= columns - _ROOM and not before.text.endswith(_WHOLE)


def _off_grid(inset: float, pitch: float) -> bool:
    """Whether a line begins between two columns, as only the hanging rest of a long line does."""
    return inset > 1.5 * pitch > 0 and _aside(inset / pitch) > _BETWEEN


def _leading(steps: Sequence[float]) -> float:
    """The usual distance of two lines: that of most that are near; rows of one may be nearer."""
    if not steps:
        return 0.0
    ordered = sorted(steps)
    least = ordered[len(ordered) // 10] if len(ordered) > 10 else ordered[0]
    return median_low(step for step in ordered if step < _NEXT_LINE * least)


def _apart(steps: Sequence[float]) -> float:
    """The distance of most lines, where fewer are nearer, as rows of one line are; else 0."""
    near = _leading(steps)
    apart = [step for step in steps if _LINES_APART * near < step < 2 * near]
    return median_low(apart) if len(apart) > _MOSTLY_APART * len(steps) else 0.0


def _row(runs: Sequence[Run], left: float, pitch: float) -> str:
    cells: list[str] = []
    before, start, wide = left, 0, False
    in_turn = sorted(runs, key=lambda run: run.x0)
    for above, run, after in zip([None, *in_turn], in_turn, [*in_turn[1:], None], strict=False):
        if above is not None and _off_by(above, run, pitch):
            column = len(cells) + max(1, round((run.x0 - before) / pitch) - 1)
            left, start = run.x0 - (column - start) * pitch, start
        own, first = _own_pitch(run, after, pitch), round((run.x0 - left) / (pitch or 1.0))
        for at, (letter, x) in enumerate(zip(run.text, run.xs, strict=True)):
            if letter in " \u00a0":
                continue  # the origins of the others tell where blanks are
            was_wide, wide = wide, cjk.n_wide(letter) > 0
            column = start + round((x - left) / pitch) if pitch else len(cells)
            column = start + first + at if own else column
            if cells and pitch and wide != was_wide:  # the grid begins again
                blanks = round((x - before) / pitch - 1 - _AT_WIDE) or int(at == 0 and run.blank)
                left, start = x, len(cells) + max(0, min(blanks, _MOST_BLANKS))
                column = start
            elif cells and pitch and x - before > _BLANK * pitch:
                column = max(column, len(cells) + 1)
            cells += " " * min(max(0, column - len(cells)), _MOST_BLANKS)
            cells.append(letter)
            before = x
            if wide:
                left, start = x + run.size, len(cells)
                before = left - pitch
        left += len(run.text) * (own - pitch) if own else 0.0
    row = "".join(cells)
    if '"' not in row and "\u201c" not in row and row.count("\u201d") % 2 == 0:
        row = row.replace("\u201d", '"')  # TeX shows both quotation marks so
    return row if "'" in row else row.translate(_TYPEWRITER)


def _own_pitch(run: Run, after: Run | None, pitch: float) -> float:
    """The width of a word's letters where they are wider than others, and move what follows; or 0.

    Bold letters may be, where no grid is kept: whole blanks of the others are behind them.
    """
    steps = [right - left for left, right in itertools.pairwise(run.xs)]
    if after is None or not steps or not pitch or cjk.n_wide(run.text):
        return 0.0
    own = median(steps)
    even = max(steps) - min(steps) < 2 * _UNEVEN_STEPS * pitch
    if not even or not _WIDER_STEPS[0] * pitch < own < _WIDER_STEPS[1] * pitch:
        return 0.0
    blanks = (after.x0 - run.xs[-1] - own) / pitch
    return own if blanks > -_UNEVEN_STEPS and _aside(blanks) < _UNEVEN_STEPS else 0.0


def _off_by(above: Run, run: Run, pitch: float) -> bool:
    """Whether the blank between two words is no whole column, though their letters are one each.

    Blanks in strings may be those of prose: then no grid is kept behind them.
    """
    if len(above.xs) == len(run.xs) == 1:
        return False
    for one in (above, run):
        steps = [right - left for left, right in itertools.pairwise(one.xs)]
        if not pitch or (steps and abs(median(steps) - pitch) > _SAME_STEP * pitch):
            return False
    gap = (run.x0 - above.xs[-1]) / pitch - 1
    return 1 - _OFF_LETTERS < gap < 2 - _OFF_LETTERS and _aside(gap) > _OFF_LETTERS


def _pitch(found: Sequence[Line]) -> float:
    """The width of a column."""
    steps = [
        right - left
        for line in found
        for run in line.runs
        for (letter, after), (left, right) in zip(
            itertools.pairwise(run.text), itertools.pairwise(run.xs), strict=True
        )
        if right > left and not cjk.n_wide(letter) and " " not in (letter, after)
    ]
    if steps:
        usual = median(steps)
        words = [is_spread(run) for line in found for run in line.runs if len(run.text) > 1]
        return _cell(found, usual) if 2 * sum(words) > len(words) else usual
    last = [run.x1 - run.xs[-1] for line in found for run in line.runs]
    return median(last) if last else 0.0


def _cell(found: Sequence[Line], step: float) -> float:
    """The width of a column where the letters of a word stand closer than words do.

    step: the usual distance of letters. A word stands in the middle of as many columns as it has
    letters, so that the middles of words tell the width.
    """
    rows = [
        list(_words([run for line in row for run in line.runs], step))
        for _, row in itertools.groupby(found, key=lambda line: round(line.y))
    ]
    for reach in _REACHES:
        step = _between_middles(rows, step, reach) or step
    return step


def _between_middles(rows: Sequence[Sequence[_Word]], step: float, reach: int) -> float:
    """The width of a column by words no more columns apart than reach, or by the longest word."""
    wide = n_columns = 0.0
    for one, other in itertools.chain.from_iterable(map(itertools.pairwise, rows)):
        apart, halves = other.middle - one.middle, (one.n_letters + other.n_letters) / 2
        if halves * step < apart < reach * step:
            wide += apart
            n_columns += halves + max(1, round(apart / step - halves))
    if n_columns:
        return wide / n_columns
    longest = max(itertools.chain(*rows), key=lambda word: word.n_letters, default=None)
    if longest is None or longest.n_letters < reach:
        return 0.0
    return longest.width / (longest.n_letters - 1)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of code: the middle between the origins of its first letter and its last."""

    middle: float
    width: float
    n_letters: int


def _words(runs: Sequence[Run], step: float) -> Iterator[_Word]:
    """The words of a row."""
    letters = [
        x
        for run in sorted(runs, key=lambda run: run.x0)
        for letter, x in zip(run.text, run.xs, strict=True)
        if letter not in " \u00a0"
    ]
    first = 0
    for at, x in enumerate(letters, 1):
        if at == len(letters) or letters[at] - x > _WORDS_APART * step:
            yield _Word((letters[first] + x) / 2, x - letters[first], at - first)
            first = at
