"""Where the titles stand that the outline of a PDF file lists.

An entry tells a title, and most often a place: a page and a height on it. Of the lines that hold
the title, that one counts which is nearest to the place. Without a place, what is set larger or
heavier than prose goes first, then what stands behind the entry before.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from builder.ingest.pdf.blocks import Part, body_size, emphasis
from builder.ingest.pdf.layout import Line
from builder.ingest.pdf.page import Entry, Run
from builder.records import BlockKind

MAX_LEVEL = 6
LARGER = 1.07  # times the body's size
_ABOVE, _BELOW = 1.0, 4.0  # times the size: how far a title stands from where its entry leads
_BESIDE = 12.0  # points: the same to the left and right of the column
_N_LINES = 12  # of a title at most; a line with wide gaps counts as several
_NUMERALS = "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u767e"
_NUMBER = re.compile(
    r"(?:chapter|section|part|appendix|kapitel|abschnitt|teil|anhang|chapitre|annexe)?"
    r"(?:[\divxa-h]{1,6}|[a-z])"
    # and of Chinese and Japanese
    rf"|\u7b2c[\d{_NUMERALS}]{{1,4}}[\u7ae0\u7bc0\u8282\u90e8\u7bc7\u7de8\u7f16]"
    r"|(?:\u4ed8\u9332|\u9644\u5f55|\u9644\u9304)(?:[a-z]|\d{1,2})"
)
_OF_NUMBER = 10  # letters of such a number, at most
_ALIKE = 0.8  # of the letters of a title, where the outline cannot show all of them
_LETTERS = ("Lu", "Ll", "Lt", "Lo", "Nd", "Nl", "No")
_APART = 1.5  # times the size: the distance of a title from a line above it
_SAME = 0.3  # points: sizes that differ by less are one
_BEHIND = 1.2  # times the size: the distance of text from the title that it follows
_LETTERS_OF_START = 4
_BLANK = 0.15  # times the size: the least gap between two words


class _Place(NamedTuple):
    """A line of a part."""

    part: int
    at: int
    line: Line


@dataclass(frozen=True, slots=True)
class _Hit:
    """A title: its first and its last line by their places, and where it ends in the last one.

    end: the number of runs and of letters of the next run; None at the end of the line.
    """

    first: int
    last: int
    end: tuple[int, int] | None = None


def flat(text: str) -> str:
    """Letters and digits only, whatever marks and ligatures are written with them."""
    text = text.casefold()
    if not text.isascii():
        text = "".join(
            letter
            for letter in unicodedata.normalize("NFKC", text)
            if unicodedata.category(letter) in _LETTERS
        )
    return re.sub(r"[\W_]+", "", text)


def stands_out(line: Line, body: float) -> bool:
    """Whether the first words of a line are set larger or heavier than prose."""
    return line.runs[0].font.bold or line.runs[0].size > LARGER * body


def by_outline(found: list[Part], outline: Sequence[Entry]) -> tuple[list[Part], list[Part]]:
    """All parts, with those that the outline lists in parts of their own, and these alone."""
    search = _Search(found, outline)
    met = {at: hit for at, entry in enumerate(outline) if (hit := search.hit(entry))}
    for at, entry in enumerate(outline):
        if at not in met and (hit := search.elsewhere(entry)):
            met[at] = hit
    hits = {hit.first: (hit, outline[at]) for at, hit in sorted(met.items())}
    return _cut(found, search.places, hits)


class _Search:
    """The lines of a document, and which of them are taken for titles already."""

    def __init__(self, found: Sequence[Part], outline: Sequence[Entry]) -> None:
        self._listed = {flat(entry.title) for entry in outline}
        self.places = [
            _Place(number, at, line)
            for number, part in enumerate(found)
            for at, line in enumerate(part.lines)
        ]
        body = body_size(found)
        self._found = found
        self._flats = [flat(place.line.text) for place in self.places]
        self._stands_out = [
            stands_out(place.line, body) and found[place.part].marker != "-"
            for place in self.places
        ]
        self._pages: dict[int, list[int]] = defaultdict(list)
        for index, place in enumerate(self.places):
            self._pages[place.line.page].append(index)
        self._starts: dict[str, list[int]] = defaultdict(list)
        for index, text in enumerate(self._flats):
            if self._stands_out[index]:
                self._starts[_start(text)].append(index)
        self._taken: set[int] = set()
        self._last = -1

    def hit(self, entry: Entry) -> _Hit | None:
        """The title that an entry names."""
        wanted = flat(entry.title)
        if not wanted:
            return None
        pages = range(entry.page - 1, entry.page + 2) if entry.page else sorted(self._pages)
        indexes = [index for page in pages for index in self._pages.get(page, ())]
        hits = [hit for index in indexes if (hit := self._title(index, wanted, entry))]
        best = min(hits, key=lambda hit: self._rank(hit, entry), default=None)
        if best is None or not (self._near(best.first, entry) or self._stands_out[best.first]):
            best = self._alike(entry, wanted) or best
        if best is not None:
            best = self._with_number(best, hits)
            self._taken.update(range(best.first, best.last + 1))
            self._last = best.first
        return best

    def elsewhere(self, entry: Entry) -> _Hit | None:
        """The title that an entry names, on a page that it does not lead to."""
        wanted = flat(entry.title)
        hits = [
            hit for index in (self._starts[_start(wanted)] if wanted else ())
            if (hit := self._title(index, wanted, entry)) and hit.end is None
        ]  # fmt: skip
        if hits:
            self._taken.update(range(hits[0].first, hits[0].last + 1))
        return hits[0] if hits else None

    def _with_number(self, best: _Hit, hits: Sequence[_Hit]) -> _Hit:
        """A title with the number that stands left of it on its line."""
        line = self.places[best.first].line
        wider = [
            hit for hit in hits
            if hit.first < best.first and hit.last == best.last and hit.end == best.end
            and abs(self.places[hit.first].line.y - line.y) < 1
        ]  # fmt: skip
        return min(wider, key=lambda hit: hit.first, default=best)

    def _rank(self, hit: _Hit, entry: Entry) -> tuple[object, ...]:
        """What makes one place of a title better than another, most telling first."""
        near = self._near(hit.first, entry)
        whole = hit.end is None
        distance = abs(self._distance(hit.first, entry)) if near else 0.0
        if near:
            return 0, self._aside(hit.first, entry), not whole, distance, hit.first
        strong = self._stands_out[hit.first]
        page = self.places[hit.first].line.page != entry.page
        return 1, not strong, page, hit.first <= self._last, not whole, hit.first

    def _distance(self, index: int, entry: Entry) -> float:
        line = self.places[index].line
        return line.top - (entry.y or 0.0)

    def _near(self, index: int, entry: Entry) -> bool:
        """Whether a line stands where an entry leads to."""
        line = self.places[index].line
        if entry.y is None or line.page != entry.page:
            return False
        return -_ABOVE * line.size <= self._distance(index, entry) <= _BELOW * line.size

    def _aside(self, index: int, entry: Entry) -> int:
        """How far from where an entry leads the column of a line is: its begin, it, another."""
        left, _, right, _ = self.places[index].line.column
        if entry.x is None or not left - _BESIDE <= entry.x <= right + _BESIDE:
            return 2
        return int(entry.x > left + _BESIDE)

    def _title(self, first: int, wanted: str, entry: Entry) -> _Hit | None:
        """The title that begins with a line, if it does."""
        near = self._near(first, entry)
        if not near and not self._alone(first, entry):
            return None
        text = ""
        for last in range(first, min(first + _N_LINES, len(self.places))):
            if last in self._taken or not self._goes_on(first, last):
                return None
            before, text = len(text), text + self._flats[last]
            if is_same(text, wanted):
                return _Hit(first, self._with_signs(last))
            if len(text) > len(wanted) and (length := _begins(text, wanted)):
                end = _end(self.places[last].line, length - before)
                line = self.places[last].line
                if end and (_unlike(line, end) or (near and _is_run_in(line, end))):
                    return _Hit(first, last, end)
                return None
            if len(text) > len(wanted) + _OF_NUMBER:
                return None
        return None

    def _with_signs(self, last: int) -> int:
        """The last line of a title, with the signs of another face that end it on its baseline."""
        place = self.places[last]
        for after in range(last + 1, min(last + _N_LINES, len(self.places))):
            other = self.places[after]
            beside = other.part == place.part and abs(other.line.y - place.line.y) < 1
            if not beside or self._flats[after]:
                break
            last = after
        return last

    def _alone(self, first: int, entry: Entry) -> bool:
        """Whether a line begins a part or stands apart; on another page it must stand out too."""
        place = self.places[first]
        if entry.page and place.line.page != entry.page and not self._stands_out[first]:
            return False
        if not place.at:
            return True
        line, before = place.line, self.places[first - 1].line
        return line.y - before.y > _APART * line.size or abs(line.size - before.size) > _SAME

    def _goes_on(self, first: int, last: int) -> bool:
        """Whether a line may belong to the title that begins with another."""
        if last == first:
            return bool(self._flats[first])
        start, before, place = (self.places[at] for at in (first, last - 1, last))
        if place.line.page != start.line.page or place.part - start.part > 2:
            return False
        return self._found[place.part].table is None and before.line.y <= place.line.y + 1

    def _alike(self, entry: Entry, wanted: str) -> _Hit | None:
        """Lines that stand out where an entry leads to, and say nearly what it does."""
        best: tuple[float, _Hit] | None = None
        for first in self._pages.get(entry.page, ()):
            if first in self._taken or not self._near(first, entry) or not self._stands_out[first]:
                continue
            text = ""
            for last in range(first, min(first + _N_LINES, len(self.places))):
                if last in self._taken or not self._goes_on(first, last):
                    break
                text += self._flats[last]
                if text in self._listed:
                    continue
                ratio = SequenceMatcher(None, text, wanted, autojunk=False).ratio()
                if ratio >= _ALIKE and (best is None or ratio > best[0]):
                    best = ratio, _Hit(first, last)
        return best[1] if best else None


def _start(text: str) -> str:
    """The first letters of a title, a number before them aside."""
    return text.lstrip("0123456789")[:_LETTERS_OF_START]


def is_same(text: str, wanted: str) -> bool:
    """Whether words are a title, with or without a number before it."""
    if text == wanted:
        return True
    rest = text[: len(text) - len(wanted)] if text.endswith(wanted) else None
    if rest is None and wanted.endswith(text) and len(text) > 3:
        rest = wanted[: len(wanted) - len(text)]
    return rest is not None and _NUMBER.fullmatch(rest) is not None


def _begins(text: str, wanted: str) -> int:
    """The length of a title, with its number, that begins a text; 0 when none does."""
    at = text.find(wanted)
    if at == 0 or (0 < at <= _OF_NUMBER and _NUMBER.fullmatch(text[:at])):
        return at + len(wanted)
    return 0


def _end(line: Line, length: int) -> tuple[int, int] | None:
    """Where so many letters of a line end, if a word ends there: runs, and letters of the next."""
    seen = 0
    for number, run in enumerate(line.runs):
        for at, letter in enumerate(run.text):
            if seen >= length:
                if at and letter.isspace():
                    return number, at
                if not at and number and _is_apart(line.runs[number - 1], run):
                    return number, 0
                if flat(letter):
                    return None
            seen += len(flat(letter))
    return None


def _is_apart(before: Run, run: Run) -> bool:
    """Whether a new word begins with a run."""
    wide = run.space or run.x0 - before.x1 > _BLANK * run.size
    return wide or before.font.name != run.font.name


def _unlike(line: Line, end: tuple[int, int]) -> bool:
    """Whether the words before a place on a line are marked out and set unlike those behind it."""
    number, at = end
    before, after = line.runs[number - 1], line.runs[number]
    return at == 0 and any(emphasis(before)) and before.font.name != after.font.name


def _is_run_in(line: Line, end: tuple[int, int]) -> bool:
    """Whether words that begin a line are parted from the rest by their face or a full stop."""
    number, at = end
    said = line.runs[number].text[:at] if at else line.runs[number - 1].text
    changes = not at and line.runs[number - 1].font.name != line.runs[number].font.name
    return changes or said.rstrip().endswith((".", ":"))


def _cut(
    found: Sequence[Part], places: Sequence[_Place], hits: dict[int, tuple[_Hit, Entry]]
) -> tuple[list[Part], list[Part]]:
    """Parts with titles in parts of their own, and the titles."""
    titles: dict[int, Part] = {}
    owned: dict[int, list[Line]] = {}  # what is left of the lines of titles
    for hit, entry in hits.values():
        lines = [places[at].line for at in range(hit.first, hit.last + 1)]
        owned.update((at, []) for at in range(hit.first, hit.last + 1))
        if hit.end is not None:
            lines[-1], tail = _parted(lines[-1], hit.end)
            owned[hit.last] = [tail]
        page = lines[0].page
        run_in = hit.end is not None or found[places[hit.first].part].run_in
        level = min(MAX_LEVEL, entry.level)
        titles[hit.first] = Part("heading", lines, page, level=level, run_in=run_in)
    cut: list[Part] = []
    index = 0
    for part in found:
        lines, more = part.lines, part.more
        rest = _Rest(part)
        for at, line in enumerate(lines):
            if index in titles:
                rest.close()
                titles[index].gap = (line.y - lines[at - 1].y) / line.size if at else part.gap
                rest.pieces.append(titles[index])
            rest.lines += owned.get(index, [line])
            index += 1
        if more and not rest.lines and lines:
            rest.lines, more = more[0], more[1:]
        rest.close()
        if rest.pieces and rest.pieces[-1].kind != "heading":
            rest.pieces[-1].more = more
        cut += rest.pieces if lines else [part]
    return cut, list(titles.values())


class _Rest:
    """What is left of a part between its titles; the first piece is the part itself."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self.pieces: list[Part] = []
        self.lines: list[Line] = []

    def close(self) -> None:
        """End a piece where a title or the part ends."""
        part, lines = self._part, self.lines
        self.lines = []
        if not lines:
            return
        if not self.pieces:
            part.lines, part.more = lines, []
            self.pieces.append(part)
            return
        kind: BlockKind = "code" if part.kind == "code" else "paragraph"
        self.pieces.append(Part(kind, lines, part.page, note=part.note, gap=_BEHIND))


def _parted(line: Line, end: tuple[int, int]) -> tuple[Line, Line]:
    """A line cut behind so many runs and so many letters of the next."""
    number, at = end
    before, after = line.runs[:number], line.runs[number:]
    if at:
        head, tail = after[0].cut(at)
        before, after = [*before, head], [tail, *after[1:]]
    pieces = Line(before), Line(after)
    for piece in pieces:
        piece.column, piece.page = line.column, line.page
    return pieces
