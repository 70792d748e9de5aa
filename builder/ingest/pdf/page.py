"""What stands on the page of a PDF file: runs of glyphs, ruling lines, images and tags.

Coordinates are points from the upper left corner of the page as it is read (its rotation undone);
y of a run is its baseline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

ABSENT = ""  # the kind of a child of a table's row with nothing on this page
_STYLE_WORDS = re.compile(
    r"(?<=[a-z0-9])(?:Regular|Book|Medium|Semi|Demi|Bold|Black|Heavy|Light|Italic|Oblique)+$"
)
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(slots=True, eq=False)
class Font:
    """A font of a page.

    fixed:  all its letters are equally wide.
    drawn:  its letters show; those that were recognised lie unseen upon a picture of a page, in
            whatever font the program had.
    beside: the face that it stands in for where that one has no letters.
    stroked: it is bold by a line around its letters alone.
    weighed: it is bold by how thick the file says its stems are alone.
    signs: it is one of TeX's fonts of signs.
    small: its small letters are capitals, as high as each other.
    """

    name: str
    bold: bool
    italic: bool
    fixed: bool
    drawn: bool = True
    beside: str = ""
    stroked: bool = False
    weighed: bool = False
    signs: bool = False
    small: bool = False

    @property
    def face(self) -> str:
        """The name without the design size that TeX puts into it, and without the style."""
        if self.beside:
            return self.beside
        return _STYLE_WORDS.sub("", self.name.partition("-")[0]).rstrip("0123456789")

    @property
    def caps(self) -> bool:
        """Whether it is a font of small capitals."""
        name = self.name.casefold()
        return self.small or "caps" in name or "csc" in name


DRAWN = Font("", bold=False, italic=False, fixed=False)  # of what is no glyph of a font


@dataclass(slots=True, eq=False)
class Run:
    """Glyphs of one font on one baseline, as one text object shows them.

    xs:    origin of every glyph; text[i] stands at xs[i].
    space: a blank precedes the run on its line; blank: as a glyph, not only as a gap; close: the
           gap before it is none of a blank; trails: it ends in a blank, which x1 takes in;
           tracked: its letters are set apart.
    tag:   marked content id, -1 without one.
    owner: address of the text object, valid while the page is open; frame: its box and origin in
            the page's own coordinates.
    figure: the number of the drawing that it is in, 0 for what stands on the page itself.
    underlined: a line is drawn below it, as far as its words go.
    count: the number that its line of code had in the margin, 0 where none showed.
    """

    text: str
    xs: list[float]
    x1: float
    y: float
    top: float
    bottom: float
    size: float
    font: Font
    colour: tuple[int, int, int]
    tag: int
    space: bool
    order: int
    owner: int = 0
    frame: tuple[float, ...] = ()
    blank: bool = False
    close: bool = False
    tracked: bool = False
    figure: int = 0
    trails: bool = False
    underlined: bool = False
    count: int = 0

    @property
    def x0(self) -> float:
        return self.xs[0]

    def cut(self, at: int) -> tuple[Run, Run]:
        """The run in two; blanks at the cut are left out."""
        head = self.text[:at].rstrip()
        skip = len(self.text) - len(self.text[at:].lstrip())
        return (
            replace(self, text=head, xs=self.xs[: len(head)], x1=self.xs[len(head)], trails=False),
            replace(self, text=self.text[skip:], xs=self.xs[skip:], space=True),
        )


@dataclass(slots=True, eq=False)
class Tag:
    """An element of the structure tree, as far as it stands on one page.

    span: the rows and columns that a cell of a table goes over.
    """

    kind: str
    kids: list[Tag | int] = field(default_factory=list)
    span: tuple[int, int] = (1, 1)


@dataclass(slots=True, frozen=True)
class Fill:
    """A box of one colour: red, green, blue and how far it covers what is below, 0 to 255."""

    box: Box
    colour: tuple[int, ...]


@dataclass(slots=True, eq=False)
class Page:
    """One page; number is 1-based. flats, uprights: ruling lines, as thin boxes.

    turned: text that is written askew. hidden: text that no reader of the page sees. garbled: all
    of a page that is not legible: its fonts do not tell which letters they show. rounded: boxes
    with round corners.
    """

    number: int
    width: float
    height: float
    runs: list[Run]
    turned: list[Run]
    hidden: list[Run]
    garbled: list[Run]
    legible: bool
    flats: list[Box]
    uprights: list[Box]
    image_share: float
    tags: list[Tag]
    artifacts: set[int]
    fills: list[Fill] = field(default_factory=list)
    rounded: list[Box] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class Picture:
    """A page as pixels, one byte of grey for each."""

    width: int
    height: int
    grey: bytes


@dataclass(slots=True, frozen=True)
class Entry:
    """An entry of the outline; level is 1-based, page 1-based or 0 when it leads nowhere.

    x, y: the upper left corner of what it leads to; None where the file does not tell.
    """

    level: int
    title: str
    page: int
    x: float | None = None
    y: float | None = None


def ids(tags: Sequence[Tag]) -> Iterator[int]:
    """The marked content of elements and of all below them."""
    for tag in tags:
        for kid in tag.kids:
            if isinstance(kid, int):
                yield kid
            else:
                yield from ids([kid])
