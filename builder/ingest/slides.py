"""The slides of a deck as pieces: titles as headings, bodies as lists, notes below.

A slide is read from the top left, columns under heads of their own one by one. Where no placeholder
is a title (decks that programs write), the line at the top in the largest type is. Hidden slides,
dates, footers and slide numbers are left out and counted.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from builder.ingest.grid import code_span
from builder.ingest.parsed import Parsed, Piece, fenced, has_several_tops
from builder.ingest.story import length
from builder.records import Dropped, Place

if TYPE_CHECKING:
    from lxml.etree import _Element

PLAIN_SIZE = 1800.0  # hundredths of a point, of text that nothing tells the size of
_TITLES = frozenset(("title", "ctrTitle"))
_MARGINS = frozenset(("dt", "ftr", "sldNum", "hdr"))
_REPEATED = 0.5  # share of the slides on which a short free text is a footer
_FEW = 4  # slides, below which nothing counts as repeated
_SHORT = 80  # characters of a footer
_SAME_HEIGHT = 300_000  # EMU (a third of an inch)
_LARGER = 1.15  # times the size of all other text on a slide, from which a line is its title
_FEW_LINES = 3  # on the slide that begins a deck: its title, what is below it, who wrote it

Kind = Literal["title", "section", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Something on a slide.

    role:     of its placeholder (as in ECMA-376 Part 1, 19.7.10), "" without one.
    place:    top and left in EMU, of the group and then of the shape in it.
    words:    on one line; n_lines: its paragraphs with text; listed: the first has a marker.
    size:     of its largest type, in hundredths of a point.
    bullets:  whether paragraphs of a level have one by default.
    is_text:  not a picture, a table or the like.
    inferred: a title by its looks.
    """

    element: _Element
    role: str
    place: tuple[float, ...]
    words: str
    n_lines: int
    bold: bool
    listed: bool
    size: float
    bullets: tuple[bool, ...] = ()
    is_text: bool = True
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph of a shape. marker: of a list item, "" of a plain paragraph."""

    text: str
    raw: str
    level: int
    marker: str
    mono: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """told: the type of its layout. element: what its notes are found by, where part is not."""

    number: int
    part: str
    hidden: bool
    shapes: Sequence[Shape]
    told: str = ""
    element: _Element | None = None


class Deck(ABC):
    """Reads slides to pieces. What their format says is asked of lines, content and notes."""

    def __init__(self, slides: Sequence[Slide]) -> None:
        self._repeated = _repeated_texts(slides)
        self._slides = [_with_title(slide, self._repeated) for slide in slides]
        self._kinds = [_kind(slide) for slide in self._slides]
        if len(slides) > 1 and self._kinds[0] == "section" and slides[0].told != "secHead":
            self._kinds[0] = "title"  # a title alone, with slides to follow
        self._in_section = 0
        self._langs: Counter[str] = Counter()
        self._dropped: list[Dropped] = []
        self._kept = 0

    @abstractmethod
    def lines(self, shape: Shape) -> Iterator[Line]:
        """The paragraphs of a shape."""

    @abstractmethod
    def content(self, shape: Shape, slide: Slide) -> Sequence[Piece]:
        """The pieces of a shape that is no title."""

    @abstractmethod
    def notes(self, slide: Slide) -> Sequence[Piece]:
        """The speaker's notes of a slide."""

    def parsed(self, title: str) -> Parsed:
        """All slides, under the title that the file's properties tell."""
        pieces = [
            piece
            for slide, kind in zip(self._slides, self._kinds, strict=True)
            for piece in self._slide(slide, kind)
        ]
        dropped = tuple(self._dropped)
        return Parsed(
            pieces=pieces,
            title=title,
            by_name=has_several_tops(pieces),
            lang=next((name for name, _ in self._langs.most_common(1) if name), ""),
            notes=tuple(f"{region.what}: left out ({region.reason})" for region in dropped),
            visible=self._kept + sum(region.characters for region in dropped),
            dropped=dropped,
        )

    def keep(self, text: str, lang: str | None = None) -> None:
        """Count words that are read. lang: what they are marked with, if they may be."""
        self._kept += length(text)
        if lang is not None:
            self._langs[lang] += len(text)

    def leave_out(self, what: str, reason: str, texts: Sequence[str]) -> None:
        """Note what is not read."""
        text = " ".join(filter(None, texts))
        if text:
            self._dropped.append(
                Dropped(what=what, reason=reason, characters=length(text), beginning=text[:80])
            )

    def _slide(self, slide: Slide, kind: Kind) -> list[Piece]:
        """The pieces of one slide: its title, its body in reading order, its notes.

        One without a title goes on with the slide before: pandoc parts slides so at a table.
        """
        if slide.hidden:
            words = [shape.words for shape in slide.shapes]
            self.leave_out(f"slide {slide.number}", "hidden", words)
            return []
        place = Place(slide=slide.number)
        pieces: list[Piece] = []
        for shape in _in_order(slide.shapes):
            if shape.role in _MARGINS or (not shape.role and shape.words in self._repeated):
                self.leave_out(shape.role or "footer", "running_head", [shape.words])
            elif shape.role in _TITLES:
                pieces += self._title(shape, kind)
            else:
                pieces += self.content(shape, slide)
        pieces = [replace(piece, place=place) for piece in pieces]
        pieces += [replace(p, place=place, flags=("notes",)) for p in self.notes(slide)]
        return [piece for piece in pieces if piece.text]

    def _title(self, shape: Shape, kind: Kind) -> list[Piece]:
        text = " ".join(line.text for line in self.lines(shape) if line.text)
        text = " ".join(text.split())
        if not text:
            return []
        titled = self._kinds[0] == "title"
        if kind == "title":
            level = 1
        elif kind == "section":
            level = self._in_section = 1 + titled
        else:
            level = 1 + (self._in_section or titled)
        flags = ("inferred",) if shape.inferred else ()
        return [Piece("heading", text, level=level, flags=flags)]


def _kind(slide: Slide) -> Kind:
    """What a slide is by its layout; where that says nothing, by what stands on it."""
    roles = {shape.role for shape in slide.shapes if shape.words} - _MARGINS
    if slide.number == 1 and roles and (slide.told == "title" or roles & {"ctrTitle", "subTitle"}):
        return "title"
    if slide.told == "secHead":
        return "section"
    pictures = any(not shape.is_text for shape in slide.shapes)
    bare = bool(roles) and roles <= _TITLES and not pictures
    return "section" if bare else ""


def _in_order(shapes: Sequence[Shape]) -> list[Shape]:
    """Titles first, then from the top left; what starts about equally high goes left to right."""
    titles = [shape for shape in shapes if shape.role in _TITLES]
    rest = sorted(
        (shape for shape in shapes if shape.role not in _TITLES), key=lambda shape: shape.place
    )
    bands: list[list[Shape]] = []
    for shape in rest:
        if not bands or shape.place[0] - bands[-1][0].place[0] > _SAME_HEIGHT:
            bands.append([])
        bands[-1].append(shape)
    ordered = titles
    bands.reverse()
    while bands:
        band = sorted(bands.pop(), key=_across)
        below = sorted(bands[-1], key=_across) if bands else []
        if _are_columns(band, below):
            bands.pop()
            band = [shape for column in zip(band, below, strict=True) for shape in column]
        ordered += band
    return ordered


def _across(shape: Shape) -> tuple[float, ...]:
    top, left, *inside = shape.place
    return (left, top, *inside)


def _are_columns(heads: Sequence[Shape], below: Sequence[Shape]) -> bool:
    """Whether placeholders of one line each, or bold lines, stand over others: heads of columns."""
    placeholders = all(shape.role for shape in (*heads, *below))
    bold = all(head.bold for head in heads) and not any(shape.bold for shape in below)
    return (
        len(heads) == len(below) > 1
        and (placeholders or bold)
        and all(head.n_lines == 1 for head in heads)
        and all(
            abs(head.place[1] - body.place[1]) <= _SAME_HEIGHT
            for head, body in zip(heads, below, strict=True)
        )
    )


def _with_title(slide: Slide, repeated: frozenset[str]) -> Slide:
    """The slide; where it has no title, the line at its top is one if it is set the largest."""
    said = [
        shape
        for shape in _in_order(slide.shapes)
        if shape.role not in _MARGINS and shape.words and shape.words not in repeated
    ]
    if not said or said[0].role or any(shape.role in _TITLES for shape in said):
        return slide
    first, *others = said
    others_size = max((shape.size for shape in others), default=PLAIN_SIZE)
    if first.n_lines > 1 or len(first.words) > _SHORT or first.listed:
        return slide
    if first.size < _LARGER * max(others_size, PLAIN_SIZE if not others else 0):
        return slide
    few = len(said) <= _FEW_LINES and all(shape.n_lines == 1 for shape in said)
    begins = slide.number == 1 and few and bool(others)
    title = replace(first, role="ctrTitle" if begins else "title", inferred=True)
    return replace(slide, shapes=[title if shape is first else shape for shape in slide.shapes])


def _repeated_texts(slides: Sequence[Slide]) -> frozenset[str]:
    """Short free texts that stand on most slides: the footers of decks without placeholders."""
    if len(slides) < _FEW:
        return frozenset()
    found = Counter(
        text
        for slide in slides
        for text in {shape.words for shape in slide.shapes if not shape.role}
    )
    return frozenset(
        text
        for text, count in found.items()
        if text and len(text) <= _SHORT and count >= _REPEATED * len(slides)
    )


def as_pieces(lines: Sequence[Line]) -> Iterator[Piece]:
    """The paragraphs of a shape as list items, code and paragraphs."""
    open_: list[int] = []
    for line in _with_joined_code(lines):
        if _is_code(line):
            yield Piece("code", fenced(line.raw))
            continue
        if not line.marker:
            open_ = open_ if line.level else []
            yield Piece("paragraph", line.text)
            continue
        while open_ and open_[-1] >= line.level:
            open_.pop()
        open_.append(line.level)
        text = " ".join(line.text.split())
        yield Piece("list_item", f"{'  ' * (len(open_) - 1)}{line.marker} {text}", len(open_))


def _with_joined_code(lines: Sequence[Line]) -> list[Line]:
    """Lines of code that follow each other as one, blank ones among them included.

    A paragraph of several lines stays alone.
    """
    joined: list[Line] = []
    alone = any(line.mono and "\n" in line.raw for line in lines)
    blank = 0
    for line in lines:
        last = joined[-1] if joined else None
        if not line.raw.strip():
            blank += 1
            continue
        if last and _is_code(last) and _is_code(line) and not alone:
            joined[-1] = replace(last, raw=last.raw + "\n" * (blank + 1) + line.raw)
        else:
            joined.append(line)
        blank = 0
    return joined


def _is_code(line: Line) -> bool:
    return line.mono and not line.marker


def inline(spans: Sequence[tuple[str, bool]]) -> str:
    """A paragraph on one line per hard break, monospaced words in backticks."""
    parts: list[str] = []
    code = ""
    for text, mono in [*spans, ("", False)]:
        if mono and "\n" not in text:
            code += text
            continue
        parts += [code_span(code)] if code else []
        parts.append(text)
        code = ""
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
