"""How the parts of a PDF file are set, and which of them look like headings."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from builder.ingest.pdf import cjk
from builder.ingest.pdf.blocks import Part, body_size, fits
from builder.ingest.pdf.layout import Line
from builder.ingest.pdf.outline import LARGER, MAX_LEVEL
from builder.ingest.pdf.page import Box, Run
from builder.ingest.pdf.run_in import (
    BARE_LABEL,
    BRACKETED,
    COUNT,
    MAX_CHARS,
    text_of,
    usual_face,
)

_APART = 1.5  # times the size: the distance to the baseline above
_FLUSH = 0.15  # times the size
_FEW_LINED = 0.1  # of the letters of underlined lines
_COLOURED = 40  # of 255, between the strongest and the weakest of red, green and blue
_LIGHT = 230  # of 255: the least of what is white
_MOSTLY = 0.6  # of the letters set like a heading are in what could be headings
_MAX_INSET = 3.0  # times the size
_ROWS, _ROWS_BOLD = 3, 5  # of a heading at most; in narrow columns they are short
_CELLS = 2.5  # times the size: words farther apart are those of cells
_SOME = 3  # lines of prose with the next number, or in one colour, that are believed to be titles
_NEARLY_ALL = 0.8  # of the bold parts are such lines, of whatever length the others are
_PARTLY = 0.25  # the same for letters larger than prose
SAME = 0.3  # points: sizes that differ by less are one
_STEP = r"(?:\d{1,2}|[a-wyzA-Z]|[IVXL]{2,6})"  # "1.x" is a version
NUMBERED = re.compile(
    rf"((?:\d{{1,2}}|[A-Z]|[IVXL]{{2,6}}(?=\.\S))(?:\.{_STEP})*)"
    r"(?:\.|(?:(?<=\.\w)|(?<=\.\w\w))\))?\s+(?![A-Z](?:\s[A-Z])*$)\S"  # letters set apart
)
_CLEARLY_LARGER = 1.12  # times the size of prose, of a title that is set like it
_LONG = 60  # letters of a sentence that is no title
_CLEARLY = 0.9  # times the room above: the most below a heading that nothing else tells
_HARDLY = 1.15  # times the room above: the most below one, as where code in text takes more room,
_AS_FAR = 1.07  # and below one with code, which may be an example
_LEADING = 1.2  # times the size: the usual distance of lines
_WIDER = 1.2  # times a title: the least width of a column that it does not tell by itself
WORDED = re.compile(r"(?:chapter|part|appendix|kapitel|teil|anhang|chapitre|annexe)\s+\w+", re.I)
_SPELLED = (
    "one two three four five six seven eight nine ten eleven twelve",
    "eins zwei drei vier f\u00fcnf sechs sieben acht neun zehn elf zw\u00f6lf",
)
_VALUES = {word: n for words in _SPELLED for n, word in enumerate(words.split(), 1)}
COUNTING = re.compile(  # a chapter's number alone, above its title
    rf"{'|'.join(_VALUES)}|\d{{1,2}}|[IVX]{{1,5}}", re.IGNORECASE
)
_OF_ANOTHER = 2  # steps of the number of a section of a chapter
_FEW_WORDS = 5  # with the number, in a title that may end with a full stop
_PROMPT = re.compile(  # of a shell, before what is typed; what C is told to read
    r"`?(?:[$%>] |[A-Z]:\\[^>]*>)\S|`?#\s*include\s*[<\"]"
)
_CAPTION = re.compile(
    r"(?:table|figure|fig\.|listing|tabelle|abbildung|abb\.|tableau|tabla|figura)\s+"
    r"(?:[A-Z]\.)?\d+(?:[.-]\d+)*(?:[.:]?\s+(?=[^a-z\s])|[:.]\s+\S)"
    r"|[\u8868\u56fe\u56f3\u5716]\s*\d+(?:[.-]\d+)*\s*[:\uff1a\s]\s*\S"
    r"|(?:example|procedure|beispiel|prozedur|exemple|ejemplo|esempio)\s+\w+[.-]\d+[.:]\s+\S",
    re.IGNORECASE,
)
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2})+\s+")
_VERSION = re.compile(  # as of a release: "2.4.0", "[1.4] - 2025-03-02"
    r"\[?\d+(?:\.\d+){2,3}\]?(?:\W{1,3}\d{4}-\d\d-\d\d\W?)?"
    r"|\[?\d+\.\d+\]?\W{1,3}\d{4}-\d\d-\d\d\W?"
)
_MAIL = re.compile(r"\w@\w[\w.-]*\.\w")
_UNEVEN = 8.0  # points: how far the middle of a title may be from that of its column, times two
_INITIALS = 3  # letters: so many capitals stand together at most, on the average
_SMALL_CAPITALS = (0.65, 0.9)  # times the size of capitals
LOOK = 6  # the fields of a style but for the number's form and the face


class Style(NamedTuple):
    """How most letters of a part are set.

    caps: in small capitals, or letters set apart. lined: nothing but a line below them tells them
    from prose. form: of the number before them where that is bracketed: "1)", "a)".
    """

    size: float
    bold: bool
    italic: bool
    colour: tuple[int, int, int]
    caps: bool = False
    lined: bool = False
    form: str = ""
    face: str = ""


@dataclass(slots=True, eq=False)
class Hit:
    """A heading before its level is known.

    depth:  that its number tells, 0 without one.
    code:   it is nothing but code. run_in: its text goes on in the same line.
    inset:  it is indented like the first line of a paragraph.
    text:   a paragraph follows it that could have begun on its line. opens: another title does.
    room:   points below it, but for those that the line below needs; None where nothing follows.
    """

    part: Part
    style: Style
    depth: int
    code: bool
    run_in: bool
    inset: bool = False
    text: bool = False
    opens: bool = False
    room: float | None = None
    level: int = 0


def is_centred(part: Part, found: Sequence[Part]) -> bool:
    """Whether a part stands in the middle of its page and fills no line of it."""
    shown = [other for other in found if other.page == part.page and other.lines]
    boxes = [other.box for other in shown if other.kind != "code"] or [part.box]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    column = part.lines[0].column
    if column[2] - column[0] > _WIDER * (part.box[2] - part.box[0]):
        left, right = column[0], column[2]  # wide code may stick out of it
    before, after = part.box[0] - left, right - part.box[2]
    return min(before, after) > 0.05 * (right - left) and abs(before - after) < 8


def is_caption(part: Part) -> bool:
    """Whether a paragraph is a numbered line below or above a table or figure."""
    if part.kind != "paragraph" or part.more or len(part.lines) > _ROWS:
        return False
    left, _, right, _ = part.lines[-1].column
    ends = part.lines[-1].x1 < right - 0.1 * (right - left)
    text = text_of(part)
    named = _CAPTION.match(text) or BARE_LABEL.fullmatch(text)
    return ends and len(text) <= MAX_CHARS and named is not None


def made(part: Part, level: int) -> None:
    part.kind, part.level, part.marker = "heading", min(MAX_LEVEL, level), ""


def letters_of(part: Part) -> Iterator[Run]:
    """The runs that tell how a part is set: those of prose, or code where there is no prose."""
    runs = [run for line in part.lines for run in line.runs if run.text.strip()]
    if len(runs) > 1 and COUNT.fullmatch(runs[0].text.strip()):
        runs = runs[1:]
    prose = [run for run in runs if not run.font.fixed and any(map(str.isalnum, run.text))]
    return iter(prose or runs)


def is_capitals(text: str) -> bool:
    """Whether all letters of a text are capitals; most scripts have none."""
    return text.isupper() and all(map(str.isupper, filter(str.isalpha, text)))


def _small_capitals(part: Part) -> float:
    """The size of the capitals of a part in small capitals; 0 where it is set otherwise."""
    runs = [run for run in letters_of(part) if any(map(str.isalpha, run.text))]
    sizes = sorted({round(run.size, 1) for run in runs})
    if len(sizes) != 2 or len({run.font.name for run in runs}) > 1:
        return 0.0
    small, large = sizes
    n_small = sum(len(run.text) for run in runs if round(run.size, 1) == small)
    n_large = sum(len(run.text) for run in runs) - n_small
    n_initials = sum(round(run.size, 1) == large for run in runs)
    initials = round(runs[0].size, 1) == large and n_small >= n_large
    initials = initials and n_large <= _INITIALS * n_initials
    initials = initials or all(is_capitals(run.text) for run in runs)
    alike = _SMALL_CAPITALS[0] < small / large < _SMALL_CAPITALS[1]
    return large if initials and alike else 0.0


def _capital_sizes(parts: Iterable[tuple[Part, Style]]) -> dict[tuple[str, float], float]:
    """How large the capitals of faces of small capitals are, by face and size of the others."""
    sizes: dict[tuple[str, float], float] = {}
    for part, style in parts:
        small = min((round(run.size, 1) for run in letters_of(part)), default=style.size)
        if style.caps and small < style.size:
            sizes[style.face, small] = style.size
    return sizes


def _style_of_run(run: Run) -> Style:
    font = run.font
    return Style(round(run.size, 1), font.bold, font.italic, run.colour, font.caps, face=font.face)


def style_of(part: Part) -> Style:
    """How a part is set."""
    weights: Counter[Style] = Counter()
    capitals = _small_capitals(part)
    for run in letters_of(part):
        font = run.font
        size = capitals or round(run.size, 1)
        caps = font.caps or bool(capitals) or (run.tracked and not font.fixed)
        style = Style(size, font.bold, font.italic, run.colour, caps, face=font.face)
        weights[style] += len(run.text)
    bracketed = BRACKETED.match(text_of(part))
    form = ("1)" if bracketed[1] else "a)") if bracketed else ""
    return weights.most_common(1)[0][0]._replace(form=form)


def as_heading(part: Part) -> Style:
    """How a part is set as a whole."""
    italic = all(run.font.italic for run in letters_of(part))
    return style_of(part)._replace(bold=all_bold(part), italic=italic)


def form_of(text: str) -> str:
    """What the number before a text looks like: "A.", "a)", "1)", "1.1"; "" without one."""
    counted = COUNT.match(text) or NUMBERED.match(text)
    if counted is None:
        return ""
    number = counted[0].split()[0]
    number = re.sub(r"[A-Z]+", "A", re.sub(r"\d+", "1", number))
    return re.sub(r"[a-z]", "a", number)


def all_code(part: Part) -> bool:
    return all(line.fixed for line in part.lines)


def _of_code(part: Part) -> bool:
    """Whether all words of a part are code, a number before them and signs aside."""
    runs = list(letters_of(part))
    words = [run for run in runs if any(map(str.isalnum, run.text))]
    return all(run.font.fixed for run in words or runs)


def _has_code(part: Part) -> bool:
    return any(run.font.fixed for line in part.lines for run in line.runs)


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
    if part.term or part.figure:
        return False
    text = text_of(part)
    if _PROMPT.match(text) and all_code(part):
        return False
    rows = 1 + sum(b.y - a.y > 1 for a, b in itertools.pairwise(part.lines))
    if cjk.width(text) > MAX_CHARS or rows > _ROWS_BOLD:
        return False
    versions = text, _SECTION.sub("", text, count=1)
    if not any(map(str.isalpha, text)) and not any(map(_VERSION.fullmatch, versions)):
        return False
    if len(text) == 1 and text.islower():  # what is to be put in, above what it stands for
        return False
    if (rows > _ROWS and not all_bold(part)) or _CAPTION.match(text) or BARE_LABEL.fullmatch(text):
        return False
    if text.startswith("\u27e8") and text.endswith("\u27e9"):
        return False  # what stands for something, or a guard of TeX's docstrip
    if part.kind == "list_item" and not (NUMBERED.match(text) or COUNT.match(text)):
        return False
    if part.kind == "code":
        return len(part.lines) == 1 or (len(part.lines) == 2 and len(text) < MAX_CHARS / 2)
    beside = [a for a, b in itertools.pairwise(part.lines) if b.y - a.y < 1]
    if beside and not _together(part):
        return False  # cells beside each other
    if not part.lines[0].runs[0].font.drawn and (text[0].islower() or text[-1] in ".,;:-"):
        return False  # sizes of recognised lines differ by chance
    if part.run_in:
        return True
    text = cjk.half_width(text).rstrip()
    long = cjk.width(text) > _LONG and not _is_counted_below(part)
    return not (text.endswith((",", ";")) or (text.endswith((".", ":")) and long))


def _is_counted_below(part: Part) -> bool:
    """Whether a part has the number of a section of another, and is bold or slanted."""
    marked = all(run.font.bold or run.font.italic for run in letters_of(part))
    return marked and len(number_of(text_of(part))) > 1


def _together(part: Part) -> bool:
    """Whether no words of a part are so far apart as those of two cells."""
    return all(
        abs(b.y - a.y) > 1 or b.x0 - a.x1 < _CELLS * a.size
        for a, b in itertools.pairwise(part.lines)
    )


class Looks:
    """What is usual in a document, and what stands out from it."""

    def __init__(self, found: Sequence[Part]) -> None:
        self._found = found
        self.body = body_size(found)
        codes = _code_sizes(found, ("paragraph", "list_item", "quote"))
        self._in_prose = codes.most_common(1)[0][0] if codes else 0.0  # code there
        codes = codes or _code_sizes(found, ("code",))
        self.code = codes.most_common(1)[0][0] if codes else self.body
        self._colour = _usual_colour(found)
        self._face = usual_face(found)
        self._code_face = usual_face(found, fixed=True)
        self._code_colour = _usual_colour([part for part in found if part.kind == "code"])
        self._places = {id(part): at for at, part in enumerate(found)}
        letters: Counter[Style] = Counter()
        short: Counter[Style] = Counter()
        self._alone: Counter[Style] = Counter()
        self._lines: Counter[Style] = Counter()  # that could be titles and have room above them
        n_parts: Counter[Style] = Counter()
        styles = {at: style_of(part) for at, part in enumerate(found) if part.lines}
        self._capitals = _capital_sizes((found[at], style) for at, style in styles.items())
        self._small = {style for style in styles.values() if style.caps}
        self._linked = _linked(found)
        self._styles = {at: self._with_capitals(style, found[at]) for at, style in styles.items()}
        self._possible = [_could_be(part) for part in found]
        self._labels = self._repeated()
        self._texts: dict[tuple[int, Box], list[tuple[float, float]]] = {}  # height and left edge
        for part in found:
            if part.kind == "paragraph" and len(part.lines) > 1 and not part.term:
                first = part.lines[0]
                row = first.y, min(line.x0 for line in part.lines)
                self._texts.setdefault((part.page, first.column), []).append(row)
        for at, style in self._styles.items():
            begun = found[at].kind == "list_item" and style.bold and not all_bold(found[at])
            if found[at].term or begun:  # an item that bold words begin tells nothing of titles
                continue
            length = sum(len(run.text) for run in letters_of(found[at]))
            n_parts[style] += 1
            letters[style] += length
            short[style] += length if found[at].kind == "heading" or self._possible[at] else 0
            self._alone[style] += self._possible[at] and self._leads(at)
            self._lines[style] += self._possible[at] and found[at].gap > _APART
        self._prose = {
            style
            for style, n in letters.items()
            if short[style] < (_MOSTLY if style.size <= LARGER * self.body else _PARTLY) * n
            and not (style.bold and self._alone[style] >= max(_SOME, _NEARLY_ALL * n_parts[style]))
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
            and style not in self._prose and not all_code(self._found[at])
        ]  # fmt: skip

    def hits(self) -> list[Hit]:
        """The headings, by looks alone."""
        found: list[Hit] = []
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
                elif at - 1 in styles and self._counts_on(at):
                    styles[at] = styles[at - 1]
        for at in self._counted_on(styles):
            styles[at] = self._with_capitals(as_heading(self._found[at]), self._found[at])
        known = Counter((style, form_of(text_of(self._found[at]))) for at, style in styles.items())
        for at, part in enumerate(self._found):
            style = styles.get(at) or (self._possible[at] and _counted_like(part, known)) or None
            if style is not None:
                first = part.lines[0]
                run_in = _runs_in(self._found, at)
                style = _as_its_stop(part, style) if part.run_in else style
                inset = 0.5 < (first.x0 - first.column[0]) / first.size < _MAX_INSET
                depth = depth_of(text_of(part))
                after = self._found[at + 1] if at + 1 < len(self._found) else None
                inset = inset and self._text_left_of(first)
                opens = at + 1 in styles
                text = after is not None and after.kind == "paragraph" and not opens
                text = text and after is not None and fits(part.lines[-1], after.lines[0])
                code = all_code(part)
                room = _room(part, after)
                found.append(Hit(part, style, depth, code, run_in, inset, text, opens, room))
        return found

    def _counts_on(self, at: int) -> bool:
        """Whether a part is set like the one right above it, and has the next number."""
        one, other = self._found[at - 1], self._found[at]
        numbers = number_of(text_of(one)), number_of(text_of(other))
        return self._styles[at] == self._styles.get(at - 1) and all(numbers) and follows(*numbers)

    def _counted_on(self, titles: Mapping[int, Style]) -> list[int]:
        """Lines set like prose whose dotted numbers go on with those of titles.

        Some do, or those of titles would not follow each other without it.
        """
        found: list[int] = []
        bridges: list[int] = []
        chain: list[int] = []  # of those since the last title that has a number
        title: tuple[int, ...] = ()  # its number
        last: tuple[int, ...] = ()
        for at, part in enumerate(self._found):
            titled = at in titles or part.kind == "heading"
            text = text_of(part) if titled or self._possible[at] else ""
            number = number_of(text) or (_spelled(text) if titled else ())
            if titled and number:
                if follows(last, number) and not follows(title, number):
                    bridges += chain
                title, last, chain = number, number, []
            elif not titled and self._counts(part, text, number) and follows(last, number):
                chain.append(at)
                found.append(at)
                last = number
        return found if len(found) >= _SOME else bridges

    def _counts(self, part: Part, text: str, number: Sequence[int]) -> bool:
        """Whether a line stands apart, has the number of a section of another, and is no text."""
        if len(number) < _OF_ANOTHER or part.gap <= _APART:
            return False
        level = abs(part.lines[0].y - part.lines[-1].y) < 1
        few = len(number) > _OF_ANOTHER and len(text.split()) <= _FEW_WORDS
        return level and (few or not _sentence(part))

    def _text_left_of(self, line: Line) -> bool:
        """Whether the paragraph of several lines below a line, or last above it, is left of it.

        So it is where its column has none; a higher title may stand left as well. Others in the
        column tell nothing: boxes around sections are inside of the text above them.
        """
        texts = self._texts.get((line.page, line.column), [])
        below = [left for y, left in texts if y > line.y]
        near = below[0] if below else texts[-1][1] if texts else -math.inf
        return near < line.x0 - 0.5 * line.size

    def mixed_words(self) -> set[str]:
        """The words that are not written in capitals only, folded."""
        texts = (line.text for part in self._found for line in part.lines if not line.fixed)
        words = (word for text in texts for word in text.split() if word.isalpha())
        return {word.casefold() for word in words if not word.isupper()}

    def least_larger(self, style: Style, faces: set[str]) -> float:
        """The size that a title is larger than: that of prose, or more where it is set like it.

        faces: those of other titles.
        """
        marked = style.bold or style.italic or style.colour != self._colour
        marked = marked or style.face in faces - {self._face}
        return (LARGER if marked else _CLEARLY_LARGER) * self.body

    def is_titular(self, style: Style) -> bool:
        """Whether a style is bold and of a face that larger titles have, but no prose."""
        return style.bold and style.face in self._titles

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
        style, bold, run_in = self._styles[at], all_bold(part), _runs_in(self._found, at)
        usual = max(self.body, self._in_prose) if part.kind == "code" else self.body
        larger = style.size > LARGER * usual and style.size > usual + 0.6
        small = style.caps or (bold and self._alone[style] > 1)
        if style.size < (_SMALL_CAPITALS[0] if small else 0.75) * self.body:
            return None
        if style in self._prose and not run_in and not _counted_in_middle(part):
            return None
        if not larger and not run_in and not self._marked_out(at, bold):
            return None
        return self._with_capitals(as_heading(part), part)

    def _with_capitals(self, style: Style, part: Part) -> Style:
        """A style as large as its capitals, if it is one of small capitals that shows none.

        What shows nothing but capitals is in small capitals where others like it are.
        """
        style = style._replace(lined=self._is_lined(style, part))
        small = style._replace(caps=True)
        if small in self._small and is_capitals(text_of(part)):
            return small
        size = self._capitals.get((style.face, style.size), style.size)
        return style._replace(size=size) if style.caps else style

    def _is_lined(self, style: Style, part: Part) -> bool:
        """Whether all of a part is underlined, which no words within prose are, and no larger."""
        plain = not (style.bold or style.italic) and style.size <= LARGER * self.body
        return plain and style.colour not in self._linked and all_lined(part)

    def _marked_out(self, at: int, bold: bool) -> bool:
        """Whether a part as large as prose stands apart from it and looks unlike it."""
        part, style = self._found[at], self._styles[at]
        coloured = self._is_coloured(style) and uniform(part)
        apart = part.gap > _APART or (coloured and (bold or style.italic))
        apart = apart or (at > 0 and self._found[at - 1].kind in ("heading", "table"))
        plain = part.kind != "code" and not (part.kind == "list_item" and _of_code(part))
        odd = style.italic or style.caps or style.lined or (style.face != self._face and plain)
        own = part.kind == "code" and style.face != self._code_face and not style.form
        odd = odd or (own and _is_flush(part))
        odd = odd or self._in_grey(at)
        counted = COUNT.match(text_of(part)) or NUMBERED.match(text_of(part))
        dotted = re.match(r"\d{1,2}\.\d", text_of(part)) is not None
        apart = apart or (dotted and bold and at > 0 and _bold_title(self._found[at - 1]))
        alone = self._leads(at) and self._alone[style] > (counted is None)
        alone = alone or (self._ends_column(at) and self._alone[style] > 1)
        alone = alone or (self._mostly_lead(style) and not _has_code(part))
        titular = style.face in self._titles and part.gap > _APART and part.kind != "code"
        leaning = odd and (alone or dotted or titular)
        if part.kind == "code":
            coloured = coloured and style.colour in self._colours - {self._code_colour}
        middle = _counted_in_middle(part)
        stands_out = bold or coloured or middle or (leaning and uniform(part))
        if not (apart and stands_out and at + 1 < len(self._found)):
            return False
        if not counted and not part.run_in and self._displayed(at):
            return False
        listed = part.kind == "list_item" and not (bold or middle or (leaning and uniform(part)))
        sentence = _sentence(part) and not ((leaning or bold) and dotted)
        return not (listed or sentence or _address(text_of(part), bold))

    def _is_coloured(self, style: Style) -> bool:
        """Whether letters have a colour that is no grey, or are light upon something dark."""
        strong = max(style.colour) - min(style.colour) > _COLOURED
        return style.colour != self._colour and (strong or self.is_light(style))

    def is_light(self, style: Style) -> bool:
        """Whether letters are white, or nearly, and prose is dark; but no label, as "Listing"."""
        light = min(style.colour) >= _LIGHT and max(self._colour) < _LIGHT / 2
        return light and style not in self._labels

    def _repeated(self) -> set[Style]:
        """The light styles most of whose lines say the same, at least three times."""
        said: dict[Style, Counter[str]] = {}
        for at, style in self._styles.items():
            if self._possible[at] and min(style.colour) >= _LIGHT:
                said.setdefault(style, Counter())[text_of(self._found[at])] += 1
        return {
            style
            for style, texts in said.items()
            if max(texts.values()) >= max(_SOME, _MOSTLY * texts.total())
        }

    def _in_grey(self, at: int) -> bool:
        """Whether a part begins its column in a colour of its own, as others above text do."""
        part, style = self._found[at], self._styles[at]
        text = text_of(part)
        return (
            style.colour != self._colour and style not in self._labels
            and _is_flush(part) and self._alone[style] >= _SOME
            and text[0].isalnum() and not text.endswith(":") and not _of_code(part)
        )  # fmt: skip

    def _displayed(self, at: int) -> bool:
        """Whether a part is shown inside of the text around it, indented far and not centred."""
        part = self._found[at]
        around = [other for other in self._found[max(0, at - 1) : at + 2] if other is not part]
        inner = part.lines[0].x0 - _MAX_INSET * part.lines[0].size
        return not in_middle(part) and all(
            other.kind == "paragraph" and min(line.x0 for line in other.lines) < inner
            for other in around
        )

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
        style = self._with_capitals(as_heading(part), part)
        marked = style.bold or style.italic or style.caps or style.lined
        marked = marked or style.colour in self._colours
        good = marked and uniform(part) and not _sentence(part) and style not in self._prose
        return style if good else style._replace(size=0)

    def _ends_column(self, at: int) -> bool:
        """Whether a part stands apart at the foot of a page or column, with more behind it."""
        part, after = self._found[at], self._found[at + 1] if at + 1 < len(self._found) else None
        if after is None or not after.lines or part.gap <= _APART:
            return False
        return after.page > part.page or after.lines[0].y < part.lines[0].y - part.lines[0].size

    def _mostly_lead(self, style: Style) -> bool:
        """Whether nearly all lines of a style stand nearer to what follows, or in its middle.

        Code above or below changes the distance of some.
        """
        n_leading = self._alone[style]
        return n_leading >= _SOME and n_leading >= _MOSTLY * self._lines[style]

    def _leads(self, at: int) -> bool:
        """Whether a part stands nearer to what follows than to what is above it."""
        part = self._found[at]
        after = self._found[at + 1] if at + 1 < len(self._found) else None
        if after is None or after.page != part.page or not part.lines:
            return False
        size = part.lines[0].size
        below = (after.lines[0].y if after.lines else after.box[1] + size) - part.lines[-1].y
        most = _AS_FAR if _has_code(part) else _HARDLY
        return 0 < below < most * part.gap * size and part.gap > _APART


def _room(part: Part, after: Part | None) -> float | None:
    """How much room is below a title, but for what the line below needs by itself."""
    if after is None or not after.lines or not part.lines or after.page != part.page:
        return None
    steps = [b.y - a.y for a, b in itertools.pairwise(after.lines) if b.y - a.y > 1]
    need = min([_LEADING * after.lines[0].size, *steps])
    below = after.lines[0].y - part.lines[-1].y
    return below - need if below > 1 else None


def _as_its_stop(part: Part, style: Style) -> Style:
    """A style with weight and slant of the full stop of prose that ends a title of code.

    Fonts of code may have none of their own.
    """
    runs = [run for line in part.lines for run in line.runs]
    stop = runs[-1]
    coded = len(runs) > 1 and all(run.font.fixed for run in runs[:-1]) and not stop.font.fixed
    if not coded or stop.text.strip() != "." or not (stop.font.bold or stop.font.italic):
        return style
    return style._replace(bold=stop.font.bold, italic=stop.font.italic)


def _counted_like(part: Part, known: Counter[tuple[Style, str]]) -> Style | None:
    """The style of a part that is set and counted like some of the headings; else None.

    Of code with a number before it the number tells.
    """
    form = form_of(text_of(part))
    if not form or not uniform(part):
        return None
    number = part.lines[0].runs[0]
    counts = COUNT.fullmatch(number.text.strip()) or number.text.strip().isdigit()
    if counts and not number.font.fixed and _of_code(part):
        style = _style_of_run(number)
    else:
        style = as_heading(part)
    marked = style.bold or style.italic or style.caps
    return style if marked and known[style, form] > 1 else None


def all_lined(part: Part) -> bool:
    return all(map(_is_line_lined, part.lines))


def _is_line_lined(line: Line) -> bool:
    return all(run.underlined for run in line.runs if run.text.strip())


def _linked(found: Sequence[Part]) -> set[tuple[int, int, int]]:
    """The colours in which not only whole lines are underlined, but words within others or items.

    Of few such letters the lines may be those of something else.
    """
    whole: Counter[tuple[int, int, int]] = Counter()
    within: Counter[tuple[int, int, int]] = Counter()
    for part in found:
        for line in part.lines:
            listed = part.kind == "list_item" or not _is_line_lined(line)
            letters = within if listed else whole
            for run in line.runs:
                letters[run.colour] += len(run.text) * run.underlined
    return {colour for colour, n in within.items() if n > _FEW_LINED * whole[colour]}


def all_bold(part: Part) -> bool:
    return all(run.font.bold for run in letters_of(part))


def _bold_title(part: Part) -> bool:
    """Whether a part is bold, with a number: a title that another may follow closely."""
    return bool(part.lines) and all_bold(part) and NUMBERED.match(text_of(part)) is not None


def _runs_in(found: Sequence[Part], at: int) -> bool:
    """Whether a part is bold and the next begins on the same line."""
    part, after = found[at], found[at + 1] if at + 1 < len(found) else None
    if after is None or not after.lines or len(part.lines) > 3 or part.page != after.page:
        return False
    first, last = after.lines[0], part.lines[-1]
    if part.run_in:
        return True
    return abs(first.y - last.y) < 1 and first.x0 > last.x1 and all_bold(part)


def uniform(part: Part) -> bool:
    return len({(run.colour, run.font.italic) for run in letters_of(part)}) == 1


def _is_flush(part: Part) -> bool:
    """Whether a part begins where its column does, letters that are set apart aside."""
    first = part.lines[0]
    return abs(first.x0 - first.column[0]) < _FLUSH * first.size


def _sentence(part: Part) -> bool:
    text = cjk.half_width(text_of(part)).rstrip()
    length = cjk.width(text)
    return text.endswith(".") or (text.endswith(":") and length > 30) or length > 110


def _address(text: str, bold: bool) -> bool:
    """Whether a text is an address, or, if it is not bold, what is left of one on another line."""
    rest = (
        not bold and " " not in text and (text.count("/") > 1 or text.count(")") > text.count("("))
    )
    return rest or "://" in text or _MAIL.search(text) is not None


def _usual_colour(found: Sequence[Part]) -> tuple[int, int, int]:
    weights: Counter[tuple[int, int, int]] = Counter()
    for part in found:
        for line in part.lines:
            for run in line.runs:
                weights[run.colour] += len(run.text)
    return weights.most_common(1)[0][0] if weights else (0, 0, 0)


def _counted_in_middle(part: Part) -> bool:
    """Whether a part with a number stands apart in the middle of its column.

    An item of a list may fill a column of short lines just so.
    """
    text = text_of(part)
    counted = COUNT.match(text) or NUMBERED.match(text)
    if counted is None or part.gap <= _APART or not in_middle(part):
        return False
    item = part.kind == "list_item" and text[0].isdigit() and not text.isupper()
    return not item or style_of(part).caps


def in_middle(part: Part) -> bool:
    """Whether all lines of a part stand in the middle of their column, and fill none."""
    return all(
        (line.x0 - line.column[0]) > line.size
        and abs((line.x0 - line.column[0]) - (line.column[2] - line.x1)) < _UNEVEN
        for line in part.lines
    )


def number_of(text: str) -> tuple[int, ...]:
    """The number before a text by its steps; empty where it has none, or one with letters."""
    match = NUMBERED.match(text)
    steps = match[1].split(".") if match else []
    return tuple(map(int, steps)) if all(map(str.isdigit, steps)) else ()


def _spelled(text: str) -> tuple[int, ...]:
    """The number of a chapter that a heading names: "Chapter 2", "Two"."""
    word = text.split()[-1] if WORDED.fullmatch(text) else text
    if not COUNTING.fullmatch(word):
        return ()
    value = int(word) if word.isdecimal() else _VALUES.get(word.casefold(), 0)
    return (value,) if value else ()


def follows(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Whether a number comes next: behind 1.2 it is 1.2.1, 1.3 or 2."""
    depth = len(after)
    if not depth or depth > len(before) + 1 or after[:-1] != before[: depth - 1]:
        return False
    return after[-1] == (before[depth - 1] if depth <= len(before) else 0) + 1


def depth_of(text: str) -> int:
    """The depth that a heading's number tells, 0 without one."""
    match = NUMBERED.match(text)
    if match:
        return match[1].count(".") + 1
    return 1 if WORDED.match(text) else 0
