"""Which parts of a PDF file are headings, and of which level: tags, then outline, then fonts.

Levels by fonts come from the numbers that most headings have ("2.1"), else from the rank of their
styles: larger before smaller, bold before regular, and what is met first before what comes later.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from builder.ingest.pdf.blocks import Part, body_size, fits
from builder.ingest.pdf.layout import Line
from builder.ingest.pdf.outline import LARGER, MAX_LEVEL, by_outline
from builder.ingest.pdf.page import Entry, Run
from builder.ingest.pdf.run_in import (
    BRACKETED,
    COUNT,
    MAX_CHARS,
    apart,
    emphasis,
    text_of,
    usual_face,
)

_APART = 1.5  # times the size: the distance to the baseline above
_COLOURED = 40  # of 255, between the strongest and the weakest of red, green and blue
_HANGING = 0.5  # times the size: how far titles hang out of the text at least
_MOSTLY = 0.6  # of the letters set like a heading are in what could be headings
_MAX_INSET = 3.0  # times the size
_ROWS, _ROWS_BOLD = 3, 5  # of a heading at most; in narrow columns they are short
_ONE_TITLE = 1.35  # times the size: the distance of the lines of a title
_CELLS = 2.5  # times the size: words farther apart are those of cells
_SURE = 2  # headings that no longer skip a level
_CAPITALS = 1.5  # times the size of capitals: letters as high as they are
_NEARLY = 1.1  # times the size: letters of another face may look as large
_PARTLY = 0.25  # the same for letters larger than prose
_SAME = 0.3  # points: sizes that differ by less are one
_STEP = r"(?:\d{1,2}|[a-zA-Z]|[IVXL]{2,6})"
_NUMBERED = re.compile(
    rf"((?:\d{{1,2}}|[A-Z]|[IVXL]{{2,6}}(?=\.\S))(?:\.{_STEP})*)"
    r"(?:\.|(?:(?<=\.\w)|(?<=\.\w\w))\))?\s+\S"
)
_LETTERED = re.compile(r"([A-Z]+)[.)]\s")
_CLEARLY = 0.9  # times the room above: the most below a heading that nothing else tells
_WIDER = 1.2  # times a title: the least width of a column that it does not tell by itself
_ORDERLY = 0.8  # of the numbers of headings follow from those before them
_WORDED = re.compile(r"(?:chapter|part|appendix|kapitel|teil|anhang|chapitre|annexe)\s+\w+", re.I)


_INDENTED, _CENTRED, _UPPER, _INWARD = " ", "  ", "A", "<"  # the form of titles unlike others
_UNEVEN = 8.0  # points: how far the middle of a title may be from that of its column, times two
_INITIALS = 3  # letters: so many capitals stand together at most, on the average
_SMALL_CAPITALS = (0.65, 0.9)  # times the size of capitals
_LOOK = 5  # the fields of a style but for the number's form and the face


class Style(NamedTuple):
    """How most letters of a part are set.

    caps: in small capitals. form: of the number before them where that is bracketed: "1)", "a)".
    """

    size: float
    bold: bool
    italic: bool
    colour: tuple[int, int, int]
    caps: bool = False
    form: str = ""
    face: str = ""


@dataclass(slots=True, eq=False)
class _Hit:
    """A heading before its level is known.

    depth:  that its number tells, 0 without one.
    code:   it is nothing but code. run_in: its text goes on in the same line.
    inset:  it is indented like the first line of a paragraph.
    text:   a paragraph follows it that could have begun on its line. opens: another title does.
    """

    part: Part
    style: Style
    depth: int
    code: bool
    run_in: bool
    inset: bool = False
    text: bool = False
    opens: bool = False
    level: int = 0


def mark(found: list[Part], outline: Sequence[Entry]) -> list[Part]:
    """Parts with their headings told; a heading in several parts becomes one."""
    told = [part for part in found if part.kind == "heading"]
    if not told:
        found = apart(_whole_titles(found))
    if len(told) >= 2 or (told and not outline):
        _levels_told(told)
        _title_above(found, told)
        return found
    if outline:
        found, matched = by_outline(found, outline)
        if len(matched) >= max(1, 0.5 * len(outline)):
            _more_by_style(found, matched)
            return _filled(found)
    _by_fonts(found)
    return _filled(found)


def _whole_titles(found: Sequence[Part]) -> list[Part]:
    """Parts with titles whole again that were taken apart where one of their lines begins."""
    body = body_size(found)
    kept: list[Part] = []
    for part in found:
        before = kept[-1] if kept else None
        if before is not None and _one_title(before, part, body):
            before.lines = before.lines + part.lines
        else:
            kept.append(part)
    return kept


def _one_title(part: Part, after: Part, body: float) -> bool:
    """Whether the lines of two parts follow each other like those of a title, and look alike."""
    parts = (part, after)
    if any(p.kind != "paragraph" or p.told or p.more or _all_code(p) for p in parts):
        return False
    close = after.page == part.page and after.lines[0].y > part.lines[-1].y
    if not close or after.gap > _ONE_TITLE or after.lines[0].column != part.lines[-1].column:
        return False
    looks = {
        (round(run.size, 1), emphasis(run), run.font.face, run.colour)
        for p in parts
        for line in p.lines
        for run in line.runs
        if not run.font.fixed
    }
    run = part.lines[0].runs[0]
    marked = any(emphasis(run)) or run.size > LARGER * body
    length = len(text_of(part)) + len(text_of(after))
    return len(looks) == 1 and marked and length <= MAX_CHARS


def _filled(found: Sequence[Part]) -> list[Part]:
    return [part for part in found if part.lines or part.table is not None]


def _levels_told(told: Sequence[Part]) -> None:
    unknown = [part for part in told if not part.level]
    sizes = sorted({round(part.lines[0].size, 1) for part in unknown}, reverse=True)
    for part in unknown:
        part.level = min(MAX_LEVEL, sizes.index(round(part.lines[0].size, 1)) + 1)


# by the outline ------------------------------------------------------------------------------


def _more_by_style(found: Sequence[Part], matched: Sequence[Part]) -> None:
    """Headings that the outline does not list: a title above all, and those below its entries.

    Only what is set like a listed heading, larger than prose, or runs into its text is believed.
    """
    looks = _Looks(found)
    _title_above(found, matched)
    levels: dict[Style, int] = {}
    counted: dict[Style, bool] = {}
    for part in matched:
        style = _style(part)
        levels.setdefault(style, part.level)
        counted[style] = counted.get(style, True) and _depth(text_of(part)) > 0
    smallest = min(style.size for style in levels)
    lowest = max(part.level for part in matched)
    deepest = max(_depth(text_of(part)) for part in matched)
    hits = [hit for hit in looks.hits() if hit.part.kind != "heading"]
    _forms(hits)
    fresh: dict[Style, int] = {}
    small = [hit for hit in hits if hit.run_in or hit.style.size <= LARGER * looks.body]
    often = Counter(hit.style for hit in small if looks.belongs_below(hit.part))
    listed = {style[:_LOOK] for style in levels}
    lone = [
        hit for hit in small
        if not hit.run_in and hit.style not in levels and often[hit.style] > 1 and not hit.code
    ]  # fmt: skip
    between = [
        hit for hit in hits
        if hit not in small and hit.style not in levels
        and 1.12 * looks.body < hit.style.size < smallest
    ]  # fmt: skip
    numbered = [
        _told(hit, lowest, deepest) for hit in hits if hit not in small or hit.style in levels
    ]
    floor = max([lowest + bool(between), *numbered])
    for style in dict.fromkeys(hit.style for hit in lone):
        fresh[style] = floor + 1 + len(fresh)
    run_in = [
        hit for hit in small
        if hit.run_in or (hit.style.bold and hit.style[:_LOOK] in listed)
    ]  # fmt: skip
    below = _below(run_in)
    for hit in hits:
        style = hit.style
        twin = _shared(style, 0.0, lone, looks.body) if hit.code and not hit.run_in else None
        if 0 < deepest < hit.depth:
            level = _told(hit, lowest, deepest)
        elif hit in run_in:
            level = floor + 1 + len(fresh) + below[_kind(hit)]
        elif hit in lone or twin is not None:
            level = fresh[twin or style]
        elif style in levels and hit not in small:
            level = levels[style] if hit.depth or not counted[style] else floor + 1
        elif hit in between:
            level = lowest + 1
        else:
            continue
        _made(hit.part, level)


def _told(hit: _Hit, lowest: int, deepest: int) -> int:
    """The level that the number of a heading tells below the deepest number that is listed."""
    return lowest + (hit.depth - deepest if 0 < deepest < hit.depth else 0)


def _title_above(found: Sequence[Part], matched: Sequence[Part]) -> None:
    """Make the title of the document its highest heading where outline or tags leave it out.

    It is larger than every listed heading, or as large, bold and centred over the first page.
    """
    largest = max(_style(part).size for part in matched)
    for at, part in enumerate(found):
        if part is matched[0] or part.page > 1:
            return
        text = text_of(part)
        short = part.kind == "paragraph" and any(map(str.isalpha, text)) and len(text) <= MAX_CHARS
        size = _style(part).size if short else 0.0
        first = at == 0 and size > largest - _SAME and _bold(part) and _is_centred(part, found)
        if size > largest + _SAME or first:
            if min(other.level for other in matched) == 1:
                for other in matched:
                    other.level = min(MAX_LEVEL, other.level + 1)
            _made(part, 1)
            return


def _is_centred(part: Part, found: Sequence[Part]) -> bool:
    """Whether a part stands in the middle of its page and fills no line of it."""
    boxes = [other.box for other in found if other.page == part.page and other.lines]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    column = part.lines[0].column
    if column[2] - column[0] > _WIDER * (part.box[2] - part.box[0]):
        left, right = column[0], column[2]  # wide code may stick out of it
    before, after = part.box[0] - left, right - part.box[2]
    return min(before, after) > 0.05 * (right - left) and abs(before - after) < 8


def _made(part: Part, level: int) -> None:
    part.kind, part.level, part.marker = "heading", min(MAX_LEVEL, level), ""


# by fonts ------------------------------------------------------------------------------------


def _letters(part: Part) -> Iterator[Run]:
    """The runs that tell how a part is set: those of prose, or code where there is no prose."""
    runs = [run for line in part.lines for run in line.runs if run.text.strip()]
    if len(runs) > 1 and COUNT.fullmatch(runs[0].text.strip()):
        runs = runs[1:]
    prose = [run for run in runs if not run.font.fixed and any(map(str.isalnum, run.text))]
    return iter(prose or runs)


def _small_capitals(part: Part) -> float:
    """The size of the capitals of a part in small capitals; 0 where it is set otherwise."""
    runs = [run for run in _letters(part) if any(map(str.isalpha, run.text))]
    sizes = sorted({round(run.size, 1) for run in runs})
    if len(sizes) != 2 or len({run.font.name for run in runs}) > 1:
        return 0.0
    small, large = sizes
    n_small = sum(len(run.text) for run in runs if round(run.size, 1) == small)
    n_large = sum(len(run.text) for run in runs) - n_small
    n_initials = sum(round(run.size, 1) == large for run in runs)
    initials = round(runs[0].size, 1) == large and n_small >= n_large
    initials = initials and n_large <= _INITIALS * n_initials
    initials = initials or all(run.text == run.text.upper() for run in runs)
    alike = _SMALL_CAPITALS[0] < small / large < _SMALL_CAPITALS[1]
    return large if initials and alike else 0.0


def _capital_sizes(parts: Iterable[tuple[Part, Style]]) -> dict[tuple[str, float], float]:
    """How large the capitals of faces of small capitals are, by face and size of the others."""
    sizes: dict[tuple[str, float], float] = {}
    for part, style in parts:
        small = min((round(run.size, 1) for run in _letters(part)), default=style.size)
        if style.caps and small < style.size:
            sizes[style.face, small] = style.size
    return sizes


def _style(part: Part) -> Style:
    """How a part is set."""
    weights: Counter[Style] = Counter()
    capitals = _small_capitals(part)
    for run in _letters(part):
        font = run.font
        size = capitals or round(run.size, 1)
        caps = font.caps or bool(capitals)
        style = Style(size, font.bold, font.italic, run.colour, caps, face=font.face)
        weights[style] += len(run.text)
    bracketed = BRACKETED.match(text_of(part))
    form = ("1)" if bracketed[1] else "a)") if bracketed else ""
    return weights.most_common(1)[0][0]._replace(form=form)


def _as_heading(part: Part) -> Style:
    """How a part is set as a whole."""
    italic = all(run.font.italic for run in _letters(part))
    return _style(part)._replace(bold=_bold(part), italic=italic)


def _form(text: str) -> str:
    """What the number before a text looks like: "A.", "a)", "1)", "1.1"; "" without one."""
    counted = COUNT.match(text) or _NUMBERED.match(text)
    if counted is None:
        return ""
    number = counted[0].split()[0]
    number = re.sub(r"[A-Z]+", "A", re.sub(r"\d+", "1", number))
    return re.sub(r"[a-z]", "a", number)


def _all_code(part: Part) -> bool:
    return all(line.fixed for line in part.lines)


def _code_sizes(found: Sequence[Part], kinds: tuple[str, ...]) -> Counter[float]:
    """The sizes that code is set in, inside of prose too."""
    weights: Counter[float] = Counter()
    for part in found:
        for line in part.lines if part.kind in kinds else ():
            for run in line.runs:
                if run.font.fixed:
                    weights[round(run.size, 1)] += len(run.text)
    return weights


def _could_be(part: Part) -> bool:
    """Whether a part may be a heading by its form."""
    if part.kind not in ("paragraph", "list_item", "code") or not part.lines or part.more:
        return False
    text = text_of(part)
    rows = 1 + sum(b.y - a.y > 1 for a, b in itertools.pairwise(part.lines))
    if len(text) > MAX_CHARS or rows > _ROWS_BOLD or not any(map(str.isalpha, text)):
        return False
    if rows > _ROWS and not _bold(part):
        return False
    if part.kind == "list_item" and not (_NUMBERED.match(text) or COUNT.match(text)):
        return False
    if part.kind == "code":
        return len(part.lines) == 1 or (len(part.lines) == 2 and len(text) < MAX_CHARS / 2)
    beside = [a for a, b in itertools.pairwise(part.lines) if b.y - a.y < 1]
    if beside and not _together(part):
        return False  # cells beside each other
    if part.run_in:
        return True
    return not text.rstrip().endswith((",", ";")) and not (
        text.rstrip().endswith((".", ":")) and len(text) > 60
    )


def _together(part: Part) -> bool:
    """Whether no words of a part are so far apart as those of two cells."""
    return all(
        abs(b.y - a.y) > 1 or b.x0 - a.x1 < _CELLS * a.size
        for a, b in itertools.pairwise(part.lines)
    )


class _Looks:
    """What is usual in a document, and what stands out from it."""

    def __init__(self, found: Sequence[Part]) -> None:
        self._found = found
        self.body = body_size(found)
        codes = _code_sizes(found, ("paragraph", "list_item", "quote"))
        codes = codes or _code_sizes(found, ("code",))
        self.code = codes.most_common(1)[0][0] if codes else self.body
        self._colour = _usual_colour(found)
        self._face = usual_face(found)
        self._places = {id(part): at for at, part in enumerate(found)}
        letters: Counter[Style] = Counter()
        short: Counter[Style] = Counter()
        self._alone: Counter[Style] = Counter()
        styles = {at: _style(part) for at, part in enumerate(found) if part.lines}
        self._capitals = _capital_sizes((found[at], style) for at, style in styles.items())
        self._styles = {at: self._with_capitals(style) for at, style in styles.items()}
        self._possible = [_could_be(part) for part in found]
        for at, style in self._styles.items():
            length = sum(len(run.text) for run in _letters(found[at]))
            letters[style] += length
            short[style] += length if found[at].kind == "heading" or self._possible[at] else 0
            self._alone[style] += self._possible[at] and self._leads(at)
        self._prose = {
            style
            for style, n in letters.items()
            if short[style] < (_MOSTLY if style.size <= LARGER * self.body else _PARTLY) * n
        }

        large = self._large()
        self._titles = {style.face for style in large} - {self._face}
        self._titles -= {style.face for style in self._prose}
        self._colours = {style.colour for style in large} - {self._colour}

    def _large(self) -> list[Style]:
        """How that is set which is no code, larger than prose, and short."""
        return [
            style
            for at, style in self._styles.items()
            if (self._possible[at] or self._found[at].kind == "heading")
            and style.size > LARGER * self.body
            and style not in self._prose and not _all_code(self._found[at])
        ]  # fmt: skip

    def hits(self) -> list[_Hit]:
        """The headings, by looks alone."""
        found: list[_Hit] = []
        styles = {
            at: style
            for at in range(len(self._found))
            if self._possible[at] and (style := self._heading_style(at))
        }
        looks = Counter(styles.values())
        for at in range(1, len(self._found)):
            if at not in styles and self._possible[at] and self._beside_title(at, styles):
                style = self._marked_style(at)
                if looks[style] > 1:
                    styles[at] = style
        known = Counter((style, _form(text_of(self._found[at]))) for at, style in styles.items())
        for at, part in enumerate(self._found):
            style = styles.get(at) or (self._possible[at] and _counted_like(part, known)) or None
            if style is not None:
                first = part.lines[0]
                run_in = _runs_in(self._found, at)
                inset = 0.5 < (first.x0 - first.column[0]) / first.size < _MAX_INSET
                depth = _depth(text_of(part))
                after = self._found[at + 1] if at + 1 < len(self._found) else None
                opens = at + 1 in styles
                text = after is not None and after.kind == "paragraph" and not opens
                text = text and after is not None and fits(part.lines[-1], after.lines[0])
                code = _all_code(part)
                found.append(_Hit(part, style, depth, code, run_in, inset, text, opens))
        return found

    def small_words(self) -> set[str]:
        """The words that are written without a capital."""
        texts = (line.text for part in self._found for line in part.lines if not line.fixed)
        return {word for text in texts for word in text.split() if word.islower()}

    def belongs_below(self, part: Part) -> bool:
        """Whether a part follows a heading, or has clearly more room above it than below."""
        at = self._places[id(part)]
        if at and self._found[at - 1].kind == "heading":
            return True
        after = self._found[at + 1] if at + 1 < len(self._found) else None
        if after is None or not after.lines or after.page != part.page:
            return False
        below = after.lines[0].y - part.lines[-1].y
        return 0 < below < _CLEARLY * part.gap * part.lines[0].size

    def _heading_style(self, at: int) -> Style | None:
        """How the heading at this place is set; None when the part looks like none."""
        part = self._found[at]
        style, bold, run_in = self._styles[at], _bold(part), _runs_in(self._found, at)
        larger = style.size > LARGER * self.body and style.size > self.body + 0.6
        if style.size < (_SMALL_CAPITALS[0] if style.caps else 0.75) * self.body:
            return None
        if style in self._prose and not run_in and not _counted_in_middle(part):
            return None
        if not larger and not run_in and not self._marked_out(at, bold):
            return None
        return self._with_capitals(_as_heading(part))

    def _with_capitals(self, style: Style) -> Style:
        """A style as large as its capitals, if it is one of small capitals that shows none."""
        size = self._capitals.get((style.face, style.size), style.size)
        return style._replace(size=size) if style.caps else style

    def _marked_out(self, at: int, bold: bool) -> bool:
        """Whether a part as large as prose stands apart from it and looks unlike it."""
        part, style = self._found[at], self._styles[at]
        strongest, weakest = max(style.colour), min(style.colour)
        coloured = style.colour != self._colour and strongest - weakest > _COLOURED and _whole(part)
        apart = part.gap > _APART or (coloured and (bold or style.italic))
        apart = apart or (at > 0 and self._found[at - 1].kind in ("heading", "table"))
        odd = style.italic or style.caps or (style.face != self._face and part.kind != "code")
        counted = COUNT.match(text_of(part)) or _NUMBERED.match(text_of(part))
        dotted = re.match(r"\d{1,2}\.\d", text_of(part)) is not None
        apart = apart or (dotted and bold and at > 0 and _bold_title(self._found[at - 1]))
        alone = self._leads(at) and self._alone[style] > (counted is None)
        titular = style.face in self._titles and part.gap > _APART and part.kind != "code"
        leaning = odd and (alone or dotted or titular)
        coloured = coloured and (part.kind != "code" or style.colour in self._colours)
        middle = _counted_in_middle(part)
        stands_out = bold or coloured or middle or (leaning and _whole(part))
        if not (apart and stands_out and at + 1 < len(self._found)):
            return False
        listed = part.kind == "list_item" and not (bold or middle or (leaning and _whole(part)))
        sentence = _sentence(part) and not (leaning and dotted)
        return not (listed or sentence or "://" in text_of(part))

    def _beside_title(self, at: int, titles: Mapping[int, Style]) -> bool:
        """Whether a part follows a title, or is apart from what is above it and no text follows."""
        if at - 1 in titles:
            return True
        part = self._found[at]
        after = self._found[at + 1] if at + 1 < len(self._found) else None
        textless = at + 1 in titles or (after is not None and after.kind == "code")
        return textless and part.gap > _APART and part.kind != "code"

    def _marked_style(self, at: int) -> Style:
        """How a part is set that may be a title; nothing where it is not marked out as a whole."""
        part = self._found[at]
        style = self._with_capitals(_as_heading(part))
        marked = style.bold or style.italic or style.caps or style.colour in self._colours
        good = marked and _whole(part) and not _sentence(part) and style not in self._prose
        return style if good else style._replace(size=0)

    def _leads(self, at: int) -> bool:
        """Whether a part stands nearer to what follows than to what is above it."""
        part = self._found[at]
        after = self._found[at + 1] if at + 1 < len(self._found) else None
        if after is None or after.page != part.page or not part.lines:
            return False
        size = part.lines[0].size
        below = (after.lines[0].y if after.lines else after.box[1] + size) - part.lines[-1].y
        return 0 < below < 1.05 * part.gap * size and part.gap > _APART


def _counted_like(part: Part, known: Counter[tuple[Style, str]]) -> Style | None:
    """The style of a part that is set and counted like some of the headings; else None."""
    form = _form(text_of(part))
    if not form or not _whole(part):
        return None
    style = _as_heading(part)
    marked = style.bold or style.italic or style.caps
    return style if marked and known[style, form] > 1 else None


def _bold(part: Part) -> bool:
    return all(run.font.bold for run in _letters(part))


def _bold_title(part: Part) -> bool:
    """Whether a part is bold, with a number: a title that another may follow closely."""
    return bool(part.lines) and _bold(part) and _NUMBERED.match(text_of(part)) is not None


def _runs_in(found: Sequence[Part], at: int) -> bool:
    """Whether a part is bold and the next begins on the same line."""
    part, after = found[at], found[at + 1] if at + 1 < len(found) else None
    if after is None or not after.lines or len(part.lines) > 3 or part.page != after.page:
        return False
    first, last = after.lines[0], part.lines[-1]
    if part.run_in:
        return True
    return abs(first.y - last.y) < 1 and first.x0 > last.x1 and _bold(part)


def _whole(part: Part) -> bool:
    return len({(run.colour, run.font.italic) for run in _letters(part)}) == 1


def _sentence(part: Part) -> bool:
    text = text_of(part).rstrip()
    return text.endswith(".") or (text.endswith(":") and len(text) > 30) or len(text) > 110


def _usual_colour(found: Sequence[Part]) -> tuple[int, int, int]:
    weights: Counter[tuple[int, int, int]] = Counter()
    for part in found:
        for line in part.lines:
            for run in line.runs:
                weights[run.colour] += len(run.text)
    return weights.most_common(1)[0][0] if weights else (0, 0, 0)


def _by_fonts(found: list[Part]) -> None:
    """Headings by size, weight and colour; their levels by their numbers, or rank of style."""
    looks = _Looks(found)
    hits = _with_words(looks.hits())
    roman = _forms(hits)
    plain = [hit for hit in hits if hit.depth > 1 or not (hit.code or hit.run_in)]
    scale = _likelier(_code_scale(hits, looks), hits, plain)
    scaled: list[_Hit] = []
    for hit in hits:
        lone = hit.code and hit not in plain
        style = _shared(hit.style, scale, plain, looks.body) if lone else None
        if style is not None and not hit.run_in:
            hit.style = style
            scaled.append(hit)
    _hung(plain, found)
    _placed(plain)
    _capitals(plain, looks)
    ranked = [*plain, *scaled]
    ranks = _ranks([hit for hit in hits if hit in ranked], looks.body)
    titled = bool(plain) and plain[0].part is found[0] and _is_centred(found[0], found)
    if not _by_numbers(plain, ranks, looks.body, titled=titled, sure=roman):
        for hit in plain:
            hit.level = 0 if hit.run_in else ranks[hit.style]
    for hit in scaled:
        same = [other.level for other in plain if other.style == hit.style and other.level]
        hit.level = min(same, default=ranks[hit.style])
    _rest(hits)
    for hit in hits:
        _made(hit.part, hit.level)


def _placed(hits: Sequence[_Hit]) -> None:
    """Tell titles apart that are set like others, but in the middle, or indented like text."""
    middle = {id(hit) for hit in hits if _in_middle(hit.part)}
    flush = {hit.style for hit in hits if not hit.inset and id(hit) not in middle}
    for hit in hits:
        if hit.style in flush and not hit.style.form and (hit.inset or id(hit) in middle):
            hit.style = hit.style._replace(form=_CENTRED if id(hit) in middle else _INDENTED)


def _hung(hits: Sequence[_Hit], found: Sequence[Part]) -> None:
    """Tell titles apart that are set alike, but hang out of the text more or less far."""
    titles = {id(hit.part) for hit in hits}
    text: dict[int, float] = {}  # where text begins, by page
    hangs: dict[int, float] = {}
    for part in reversed(found):
        if id(part) in titles and part.page in text:
            hangs[id(part)] = (text[part.page] - part.lines[0].x0) / part.lines[0].size
        elif part.kind == "paragraph" and part.lines and id(part) not in titles:
            text[part.page] = min(line.x0 for line in part.lines)
    if sum(hang > _HANGING for hang in hangs.values()) <= _MOSTLY * len(hits):
        return
    by_style: dict[Style, list[_Hit]] = {}
    for hit in hits:
        by_style.setdefault(hit.style, []).append(hit)
    for style, alike in by_style.items():
        usual = Counter(round(hangs[id(hit.part)]) for hit in alike if id(hit.part) in hangs)
        steps = sorted((step for step, n in usual.items() if n > 1), reverse=True)
        for hit in alike if len(steps) > 1 else ():
            hang = hangs.get(id(hit.part), usual.most_common(1)[0][0])
            step = min(steps, key=lambda one: abs(one - hang))
            hit.style = style._replace(form=style.form + _INWARD * steps.index(step))


def _capitals(hits: Sequence[_Hit], looks: _Looks) -> None:
    """Tell titles in capitals from others that are set like them.

    Words of them stand in the text in small letters, so they are no abbreviations, and half of them
    are of several words or open others: a "NAME" or "SYNOPSIS" may stand beside mixed titles.
    """
    upper = {id(hit): words for hit in hits if (words := _in_capitals(hit.part))}
    mixed = {hit.style for hit in hits if id(hit) not in upper and not hit.code}
    of_style: dict[Style, list[_Hit]] = {}
    for hit in hits:
        if id(hit) in upper and hit.style in mixed:
            of_style.setdefault(hit.style, []).append(hit)
    known = looks.small_words() if of_style else set()
    for style, found in of_style.items():
        alike = [hit for hit in hits if hit.style == style]
        opening = {id(a) for a, b in itertools.pairwise(alike) if id(b) not in upper}
        told = [
            not known.isdisjoint(words) and (len(words) > 1 or id(hit) in opening)
            for hit, words in ((hit, upper[id(hit)]) for hit in found)
        ]
        if sum(told) >= 0.5 * len(told):
            for hit in found:
                hit.style = style._replace(form=style.form + _UPPER)


def _in_capitals(part: Part) -> list[str]:
    """The words of a title that is set in capitals, folded; none where it is not."""
    prose = ([run for run in line.runs if not run.font.fixed] for line in part.lines)
    text = " ".join(Line(runs).text for runs in prose if runs)
    return re.findall(r"[^\W\d_]{3,}", text.casefold()) if text.isupper() else []


def _counted_in_middle(part: Part) -> bool:
    """Whether a part with a number stands apart in the middle of its column."""
    counted = COUNT.match(text_of(part)) or _NUMBERED.match(text_of(part))
    return counted is not None and part.gap > _APART and _in_middle(part)


def _in_middle(part: Part) -> bool:
    """Whether all lines of a part stand in the middle of their column, and fill none."""
    return all(
        (line.x0 - line.column[0]) > line.size
        and abs((line.x0 - line.column[0]) - (line.column[2] - line.x1)) < _UNEVEN
        for line in part.lines
    )


def _forms(hits: Sequence[_Hit]) -> bool:
    """Tell titles that would run into their text if code did not follow; True for roman numbers.

    Such a title is set like those that run in and like no other, or has a number of their form.
    In a document whose highest numbers are roman, "A." is below "I.", "1)" below it, then "a)".
    """
    forms = {hit.style.form for hit in hits if hit.run_in} - {""}
    looks = {(_kind(hit), hit.style.size) for hit in hits if hit.run_in}
    counted = {(_kind(hit), hit.style.size) for hit in hits if hit.depth and not hit.run_in}
    shown = Counter((_kind(hit), hit.style.size) for hit in hits if hit.text and not hit.run_in)
    often = Counter((_kind(hit), hit.style.size) for hit in hits if hit.run_in)
    for hit, after in itertools.zip_longest(hits, hits[1:]):
        look = (_kind(hit), hit.style.size)
        textless = not hit.text and often[look] > shown[look]
        if after is not None and hit.opens and after.run_in:
            textless = textless and look != (_kind(after), after.style.size)
        like = look in looks and (hit.inset or textless or (look in counted and not hit.depth))
        like = like and not _in_middle(hit.part)
        hit.run_in = hit.run_in or hit.style.form in forms or like
    return _by_roman(hits)


def _by_roman(hits: Sequence[_Hit]) -> bool:
    """Depths where the first number is "I."; False when it is another."""
    n_roman = 0
    depths = {"1)": 3, "a)": 4}
    found: list[tuple[_Hit, int]] = []
    for hit in hits:
        match = _LETTERED.match(text_of(hit.part))
        reach = (1, 2, 3) if match and len(match[1]) > 1 and n_roman else (1,)
        step = next((n for n in reach if match and match[1] == _roman(n_roman + n)), 0)
        n_roman += step
        if match and not n_roman:
            return False
        if match:
            found.append((hit, 1 if step else 2))
        else:
            found.append((hit, depths.get(hit.style.form, hit.depth)))
    if n_roman:
        for hit, depth in found:
            hit.depth = depth
    return n_roman > 0


def _roman(number: int) -> str:
    """A number below 90 as it is written before sections."""
    tens, units = divmod(number, 10)
    high = "X" * tens if tens < 4 else "XL" if tens == 4 else "L" + "X" * (tens - 5)
    return high + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[units]


def _with_words(hits: Sequence[_Hit]) -> list[_Hit]:
    """Hits with "Chapter 1" taken into the heading that stands below it."""
    kept: list[_Hit] = []
    for hit in hits:
        before = kept[-1] if kept else None
        if (
            before is not None
            and _WORDED.fullmatch(text_of(before.part).strip())
            and hit.part.page == before.part.page
            and 0 < hit.part.lines[0].y - before.part.lines[-1].y < 4 * hit.style.size
        ):
            hit.part.lines = before.part.lines + hit.part.lines
            hit.part.gap = before.part.gap
            hit.depth = 1
            before.part.lines = []
            kept.pop()
        kept.append(hit)
    return kept


def _code_scale(hits: Sequence[_Hit], looks: _Looks) -> float:
    """How much larger prose is than code in one heading; 0 when code there has a size of its own.

    Makers either shrink code to a share of the text around it, or set all code alike.
    """
    for hit in hits:
        codes = [r.size for line in hit.part.lines for r in line.runs if r.font.fixed]
        mixed = codes and not hit.code and hit.style.size > 1.15 * looks.body
        if mixed and max(codes) <= looks.code + _SAME:
            return 0.0
    sizes = {round(hit.style.size, 1) for hit in hits if hit.code}
    own = sizes and abs(max(sizes) - looks.code) <= _SAME
    if own and looks.code < looks.body - _SAME:
        return 0.0
    return looks.body / looks.code


def _likelier(scale: float, hits: Sequence[_Hit], plain: Sequence[_Hit]) -> float:
    """The scale, or 1 where more headings of code are as large as one of prose without it."""
    sizes = {hit.style.size for hit in hits if hit.code and not hit.run_in}
    fitting = {
        one: sum(bool(_as_large(size * one, plain)) for size in sizes) for one in (scale, 1.0)
    }
    return 1.0 if scale and fitting[1.0] > fitting[scale] else scale


def _as_large(size: float, plain: Sequence[_Hit]) -> list[Style]:
    return [hit.style for hit in plain if abs(hit.style.size - size) < 0.04 * size]


def _shared(style: Style, scale: float, plain: Sequence[_Hit], body: float) -> Style | None:
    """The style of prose for a heading of nothing but code; None where nothing tells it.

    Where code has a size of its own, weight, slant and colour tell a style that is slanted or no
    larger than prose.
    """
    if scale:
        return _nearest(style, scale, plain)
    marks = style.bold, style.italic, style.colour
    styles = {hit.style for hit in plain}
    alike = [other for other in styles if (other.bold, other.italic, other.colour) == marks]
    one = alike[0] if len(alike) == 1 else None
    return one if one is not None and (one.italic or one.size <= LARGER * body) else None


def _nearest(style: Style, scale: float, plain: Sequence[_Hit]) -> Style:
    """The style of prose that a heading of nothing but code shares, or one of its own."""
    size = style.size * scale
    near = _as_large(size, plain)
    if not near:
        return style._replace(size=round(size, 1))
    return min(near, key=lambda one: (one[1:_LOOK] != style[1:_LOOK], abs(one.size - size)))


def _ranks(hits: Sequence[_Hit], body: float) -> dict[Style, int]:
    """Levels by size, then weight, then order of appearance.

    Among those no larger than prose the weight that is met first goes before the other.
    """
    first: dict[Style, int] = {}
    for at, hit in enumerate(hits):
        first.setdefault(hit.style, at)
    sizes = sorted({style.size for style in first}, reverse=True)
    steps: dict[float, int] = {}
    for at, size in enumerate(sizes):
        same = at and sizes[at - 1] - size < _SAME
        steps[size] = steps[sizes[at - 1]] if same else at
    by_look: dict[tuple[object, ...], int] = {}
    ranks: dict[Style, int] = {}
    heavy = {style: style.bold or style.caps for style in first}

    small = [style for style in first if style.size <= LARGER * body]
    begun = {weight: min(first[one] for one in small if heavy[one] == weight)
             for weight in {heavy[one] for one in small}}  # fmt: skip

    def rank(style: Style) -> tuple[object, ...]:
        tail = steps[style.size], not heavy[style], first[style]
        return (1, begun[heavy[style]], *tail) if style in small else (0, 0, *tail)

    for style in sorted(first, key=rank):
        look = (steps[style.size], *style[1:])
        ranks[style] = by_look.setdefault(look, len(by_look) + 1)
    return _nested(hits, ranks)


def _nested(hits: Sequence[_Hit], ranks: dict[Style, int]) -> dict[Style, int]:
    """Ranks with neighbours changed over where that makes fewer headings skip a level.

    A heading is seldom two levels below the one before it. So the rank of two looks that their size
    does not tell, being the same or that of two faces, is told by which of them opens the other.
    """
    looks = {rank: style for style, rank in reversed(ranks.items())}
    mixed = {
        ranks[hit.style]
        for hit in hits
        if not (hit.code or hit.style.caps or _in_capitals(hit.part))
    }
    order = sorted(looks)
    sequence = [ranks[hit.style] for hit in hits]
    n_skips = _skips(sequence, order)
    for _ in order:
        turned = [
            [*order[:at], lower, upper, *order[at + 2 :]]
            for at, (upper, lower) in enumerate(itertools.pairwise(order))
            if _comparable(looks[upper], looks[lower])
            or (lower not in mixed and looks[upper].size < _CAPITALS * looks[lower].size)
        ]
        best = min(turned, key=lambda one: _skips(sequence, one), default=order)
        fewer = _skips(sequence, best)
        if n_skips - fewer < _SURE or n_skips < 2 * fewer:
            break
        order, n_skips = best, fewer
    places = {rank: place for place, rank in enumerate(order, 1)}
    return {style: places[rank] for style, rank in ranks.items()}


def _skips(sequence: Sequence[int], order: Sequence[int]) -> int:
    """How many headings are more than one level below the one before them."""
    places = [order.index(rank) for rank in sequence]
    return sum(after > before + 1 for before, after in itertools.pairwise([-1, *places]))


def _comparable(one: Style, other: Style) -> bool:
    """Whether nothing but their order tells which of two looks is the higher."""
    if abs(one.size - other.size) < _SAME:
        return True
    near = max(one.size, other.size) < _NEARLY * min(one.size, other.size)
    return near and one.face != other.face


def _by_numbers(
    plain: Sequence[_Hit], ranks: dict[Style, int], body: float, *, titled: bool, sure: bool
) -> bool:
    """Levels from the numbers of headings; False when too few have one or they contradict."""
    counted = [hit for hit in plain if hit.depth]
    if len(counted) < 3 or len(counted) < 0.5 * len(plain):
        return False
    depths: dict[Style, int] = {}
    for style in sorted({hit.style for hit in counted}, key=lambda one: ranks[one]):
        told = Counter(hit.depth for hit in counted if hit.style == style)
        depths[style] = told.most_common(1)[0][0]
    in_rank = list(depths.values())
    if in_rank != sorted(in_rank) and not (sure or _in_sequence(counted)):
        return False
    highest = min(ranks[style] for style in depths)
    titled = titled and not plain[0].depth
    above = titled or ranks[plain[0].style] < highest
    deepest = max(depths.values())
    for hit in plain:
        if titled and hit is plain[0]:
            hit.level = 1
        elif hit.depth:
            hit.level = hit.depth + above
        elif hit.style in depths and hit.style.size > LARGER * body:
            hit.level = depths[hit.style] + above
        elif ranks[hit.style] < highest:
            hit.level = 1
        else:
            higher = [d for style, d in depths.items() if ranks[style] <= ranks[hit.style]]
            hit.level = max(higher, default=deepest) + 1 + above
    return True


def _in_sequence(counted: Sequence[_Hit]) -> bool:
    """Whether nearly all numbers follow from the one before: 1.2, then 1.2.1, 1.3 or 2."""
    numbers = [_NUMBERED.match(text_of(hit.part)) for hit in counted]
    split = [found[1].split(".") for found in numbers if found]
    if not all(part.isdigit() for parts in split for part in parts):
        return False
    wholes = [tuple(map(int, parts)) for parts in split]
    right = sum(
        (after[:-1] == before[: len(after) - 1] and len(after) <= len(before) + 1)
        and after[-1] == (before[len(after) - 1] if len(after) <= len(before) else 0) + 1
        for before, after in itertools.pairwise(wholes)
    )
    return right >= _ORDERLY * (len(wholes) - 1)


def _rest(hits: Sequence[_Hit]) -> None:
    """Levels of headings that their style does not tell: nothing but code, or run in.

    Code alone is beside the last such heading that is still open, else below the one before it.
    """
    lowest = max((hit.level for hit in hits), default=0)
    below = _below([hit for hit in hits if hit.run_in and not hit.level])
    open_: list[_Hit] = []
    for hit in hits:
        if not hit.level and hit.run_in:
            hit.level = lowest + 1 + below[_kind(hit)]
        elif not hit.level:
            beside = [other.level for other in open_ if other.code]
            hit.level = beside[-1] if beside else (open_[-1].level + 1 if open_ else 1)
        hit.level = min(MAX_LEVEL, max(1, hit.level))
        while open_ and open_[-1].level >= hit.level:
            open_.pop()
        open_.append(hit)


def _kind(hit: _Hit) -> tuple[object, ...]:
    """What tells the levels of titles that run into their text apart."""
    style = hit.style
    return hit.inset, style.bold, style.italic, style.caps, style.form


def _below(hits: Sequence[_Hit]) -> dict[tuple[object, ...], int]:
    """How far below the first the kinds of titles are that run into their text."""
    return {kind: at for at, kind in enumerate(dict.fromkeys(map(_kind, hits)))}


def _depth(text: str) -> int:
    """The depth that a heading's number tells, 0 without one."""
    match = _NUMBERED.match(text)
    if match:
        return match[1].count(".") + 1
    return 1 if _WORDED.match(text) else 0
