"""What stands on the page of a PDF file: runs of glyphs, ruling lines, images and tags.

The one place that talks to pdfium. Coordinates are points from the upper left corner of the page
as it is read (its rotation undone); y of a run is its baseline.
"""

from __future__ import annotations

import ctypes
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from math import atan2, hypot, isfinite, pi
from statistics import median
from typing import Any, NamedTuple

from builder.ingest.pdf import accents, cjk, font_names, pictures, tracking, underscores
from builder.ingest.pdf.bidi import by_place, is_rtl

MAX_OBJECTS = 20_000  # per page: beyond it a page is a drawing, whose lines rule no table
MAX_DEPTH = 60  # of the structure tree
MAX_OUTLINE = 20_000
MAX_SPAN = 100  # rows or columns of a table that one cell goes over
ABSENT = ""  # the kind of a child of a table's row with nothing on this page
_CELLS = ("TD", "TH")
_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5  # kinds of page objects
_DEEP = 6  # forms in forms
_UNMOVED = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)  # the matrix of what is drawn on the page itself
_UNSEEN = 3  # a way to show text: fill no letter and draw none
_STROKED = 2  # how text is drawn: filled, and with a line around its letters
_THIN = 2.5  # points: a filled box no wider is a line
_SEGMENTS = 40  # of a path, by which it is told whether it slants
_LEVEL = 0.1  # of a line's length, how far it may rise
_WHITE = 255
_DOT = (1.8, 8.0)  # points: how wide a drawn bullet may be
_FEWEST_DOTS = 2  # bullets of a list below each other
_BLANK, _ASCII = 0x20, 0x80
_LEANING = 0.1  # of their height: letters that are slanted though their font is upright
_SLANT = 0.06  # quarter turns: text written more askew is no line of the page's text
_ODD = 4
_NOWHERE = 5  # what a damaged file puts at no place of the page
_BLANKS = (0x20, 0xA0)
_NO_SIGN = (0x20, 0xA0, 0x0A, 0x0D, 0x09, 0x02)  # blanks, ends of lines, hyphens at them
_GARBLED, _ENOUGH = 0.3, 20  # of the glyphs of a page, and glyphs: they tell nothing
_DPI, _MAX_SIDE = 300, 5000  # of a picture of a page: dots per inch, pixels
_UPON = 0.5  # times the size: a word that steps back so far is laid upon another
_LETTERS_LAID = 2  # letters: of a word that is, at least
_BACK = 0.2  # times the size: letters that step back so far are not in the order of the paper
_PIECE = 6  # letters of a piece of a word, at most
_UNDONE = 0.05  # times the size: no two words stand so near to each other
_WORDS_APART = 0.2  # times the size: so wide a gap between two letters of a word is a blank
_WIDE = 0.6  # times the size: a wider gap inside of a text object parts two runs
_ALIKE = 0.02  # times the size: how far glyphs of one line may differ in height
_ROOT = 0x221A
_ABOVE, _BELOW, _AXIS = 0.15, 0.5, 0.25  # times the size: of the ink of a root; TeX's axis
_ORIGIN_EDGE = (0, 3, 2, 1, 0, 0)  # of its box (left, top, right, bottom) by angle
_SIGNS = {
    0x2C6: 0x5E, 0x2DC: 0x7E,  # accents above nothing are ^ and ~, which TeX shows so
    **{0x1B + n: 0xFB00 + n for n in range(5)},  # ligatures of TeX's bitmap fonts: ff, fi, fl ...
    0x10: 0x201C, 0x11: 0x201D, 0x12: 0x201E, 0x13: 0xAB, 0x14: 0xBB,  # their quotes, and
    0x15: 0x2013, 0x16: 0x2014,  # their dashes
    0x37E: 0x3B, 0x1FEF: 0x60, 0x387: 0xB7, 0x212A: 0x4B,  # other names of the same signs, by which
    0x212B: 0xC5, 0x2126: 0x3A9,  # fonts of several scripts tell them: ; ` \u00b7 K \u00c5 \u03a9
}  # fmt: skip
_OF_MATHEMATICS = re.compile(
    r"^(?:cm[bs]*sy|lm(?:math)?sy(?:mbols)?|[pt]xsy|mtsy)\d*", re.IGNORECASE
)
_SYMBOLS = dict(  # what TeX's fonts of signs have where others have small letters
    zip(
        map(ord, "bcdefghijknoptuvwxyz"),
        "\u230a\u230b\u2308\u2309{}\u27e8\u27e9|\u2016\\\u2240\u221a\u2294\u2293\u2291\u2292\u00a7\u2020\u2021",
        strict=True,
    )
)
_CLOSING, _OPENING = ",.;:!?)]", "([{"  # what a blank may follow, or stand before
_BOLD = re.compile(  # by words, or as TeX and URW call it
    r"bold|black|heavy|semib|demi|-bx|-medi(?!um)|^(?:cmb(?!r(?:sl)?\d)|cmssbx|cmmib|lmbx"
    r"|(?:sf|ec|la)(?:b[xli]|rb|sx|so|xi)\d|(?:sfb|eb)(?:bx|s[ro])\d)"
)
_NOT_BOLD = re.compile(r"[-,](?:roman|regular|regu|ital?|italic|oblique|light)$")
_STYLE_WORDS = re.compile(
    r"(?<=[a-z0-9])(?:Regular|Book|Medium|Semi|Demi|Bold|Black|Heavy|Light|Italic|Oblique)+$"
)
_FIXED = re.compile(r"mono|courier|consol|typewriter|cmtt|lmtt|ectt|sftt")
_WIDE_IN_CODE, _WIDE_IN_OTHERS = 0.5, 0.05  # of the letters of a fixed-pitch font: by its name
_HYPHENS = "\x02\xad"  # how pdfium tells the hyphen of a word divided at the line's end

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
        return "caps" in name or "csc" in name


DRAWN = Font("", bold=False, italic=False, fixed=False)  # of what is no glyph of a font
_KERNED = 0.12  # of an advance: how far letters of a fixed-pitch font may be kerned
_CELL = 1.6  # times the width of a letter of code: the next but one begins farther away
_AS_WIDE = 0.02  # of a letter
_QUOTES = frozenset("'\"`\u2018\u2019")  # TeX takes upright ones from another font
_AT_CODE = 0.8  # of the quotes of a font, at least, if it is one of code
_TOUCHING = 0.2  # times the size: how near a sign of code stands to the letters of it
_SPREAD = 1.06  # times the width of a letter: the usual distance of letters that are set apart
_LETTERS = 24  # of a font, whose widths are enough to tell its pitch
_SLIM, _BROAD = frozenset("fijlrtI"), frozenset("mwMW")
_REACH = 2.0  # times the size: how far a drawn bullet stands from its text


@dataclass(slots=True, eq=False)
class Run:
    """Glyphs of one font on one baseline, as one text object shows them.

    xs:    origin of every glyph; text[i] stands at xs[i].
    space: a blank precedes the run on its line; blank: as a glyph, not only as a gap; close: the
           gap before it is none of a blank.
    tag:   marked content id, -1 without one.
    owner: address of the text object, valid while the page is open; frame: its box and origin in
            the page's own coordinates.
    figure: the number of the drawing that it is in, 0 for what stands on the page itself.
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
    figure: int = 0

    @property
    def x0(self) -> float:
        return self.xs[0]

    def cut(self, at: int) -> tuple[Run, Run]:
        """The run in two; blanks at the cut are left out."""
        head = self.text[:at].rstrip()
        skip = len(self.text) - len(self.text[at:].lstrip())
        return (
            replace(self, text=head, xs=self.xs[: len(head)], x1=self.xs[len(head)]),
            replace(self, text=self.text[skip:], xs=self.xs[skip:], space=True),
        )


class _Shown(NamedTuple):
    """How a text object shows its glyphs.

    owner: its address; angle: in quarter turns. leans: its letters are slanted by its matrix.
    """

    owner: int
    font: Font
    size: float
    angle: int
    origin: tuple[float, float]
    colour: tuple[int, int, int]
    tag: int
    leans: bool


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
    of a page that is not legible: its fonts do not tell which letters they show.
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


@dataclass(slots=True)
class _Drawings:
    """What is drawn on a page: level lines, upright ones, dots, bars as short as a letter, images,
    and what may hold them; slanted: lines and curves that are neither, of any size."""

    flats: list[Box] = field(default_factory=list)
    uprights: list[Box] = field(default_factory=list)
    dots: list[Box] = field(default_factory=list)
    bars: list[Box] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    forms: list[Box] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    slanted: list[Box] = field(default_factory=list)

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


class Pdf:
    """An open PDF file. Raises PdfError when it cannot be opened."""

    def __init__(self, data: bytes, password: str) -> None:
        self._raw: Any = _library()
        data = font_names.told(data)
        self._data = data
        key = password.encode() if password else None
        self._document = self._raw.FPDF_LoadMemDocument64(data, len(data), key)
        if not self._document:
            raise PdfError(int(self._raw.FPDF_GetLastError()))
        self.n_pages = int(self._raw.FPDF_GetPageCount(self._document))
        self.restricted = int(self._raw.FPDF_GetSecurityHandlerRevision(self._document)) >= 0
        address, number = ctypes.c_void_p, ctypes.c_int
        self._box = _prototype(self._raw.FPDFText_GetLooseCharBox, address, number, address)
        self._object = _prototype(self._raw.FPDFText_GetTextObject, address, number, gives=address)
        self._unicode = _prototype(self._raw.FPDFText_GetUnicode, address, number)
        self._fill = _prototype(self._raw.FPDFText_GetFillColor, address, number, *[address] * 4)
        self._font_of = _prototype(self._raw.FPDFTextObj_GetFont, address, gives=address)
        self._mode_of = _prototype(self._raw.FPDFTextObj_GetTextRenderMode, address)
        self._tag_of = _prototype(self._raw.FPDFPageObj_GetMarkedContentID, address)
        self._rgba = (ctypes.c_uint * 4)()
        self._fonts: dict[tuple[int, bool, bool, bool], Font] = {}  # by address
        self._widths: dict[int, dict[str, float]] = defaultdict(dict)  # of letters, by font
        self._blanks: Counter[bool] = Counter()  # between Latin words: as glyphs or only as gaps
        self._n_letters: Counter[int] = Counter()  # by font
        self._n_wide: Counter[int] = Counter()  # those of full width among them
        self._n_quotes: Counter[int] = Counter()  # runs of nothing but quotes, by font
        self._n_touching: Counter[int] = Counter()  # those of them that stand at code
        self._of_quotes: set[int] = set()  # those of code that show nothing but its quotes
        self._turns: dict[int, Callable[[Box], Box]] = {}
        self._rights: dict[int, list[float]] = {}  # where glyphs of a page's level runs end

    def close(self) -> None:
        self._raw.FPDF_CloseDocument(self._document)

    def title(self) -> str:
        return self._string(self._raw.FPDF_GetMetaText, self._document, b"Title")

    def lang(self) -> str:
        """The declared language ("de-DE"), or ""."""
        try:
            return self._string(self._raw.FPDFCatalog_GetLanguage, self._document)
        except AttributeError:  # an older pdfium does not tell
            return ""

    def outline(self) -> list[Entry]:
        """The bookmarks in order; where on a page they lead to is known of pages read before."""
        found: list[Entry] = []
        seen: set[int] = set()
        raw = self._raw
        stack = [(raw.FPDFBookmark_GetFirstChild(self._document, None), 1)]
        while stack and len(found) < MAX_OUTLINE:
            mark, level = stack.pop()
            address = ctypes.cast(mark, ctypes.c_void_p).value if mark else None
            if address is None or address in seen:
                continue
            seen.add(address)
            dest = raw.FPDFBookmark_GetDest(self._document, mark)
            if not dest:
                action = raw.FPDFBookmark_GetAction(mark)
                dest = raw.FPDFAction_GetDest(self._document, action) if action else None
            page = int(raw.FPDFDest_GetDestPageIndex(self._document, dest)) + 1 if dest else 0
            title = " ".join(self._string(raw.FPDFBookmark_GetTitle, mark).split())
            found.append(Entry(level, title, page, *self._target(dest, page)))
            stack.append((raw.FPDFBookmark_GetNextSibling(self._document, mark), level))
            if level < 20:
                stack.append((raw.FPDFBookmark_GetFirstChild(self._document, mark), level + 1))
        return found

    def _target(self, dest: Any, page: int) -> tuple[float | None, float | None]:
        """Where on its page a destination (a pdfium pointer) lies."""
        turn = self._turns.get(page)
        if not dest or turn is None:
            return None, None
        has_x, has_y, has_zoom = (ctypes.c_int() for _ in range(3))
        x, y, zoom = (ctypes.c_float() for _ in range(3))
        told = self._raw.FPDFDest_GetLocationInPage(dest, has_x, has_y, has_zoom, x, y, zoom)
        if not told or not has_x.value or not has_y.value:
            return None, None
        left, top, *_ = turn((x.value, y.value, x.value, y.value))
        return left, top

    def pages(self) -> Iterator[Page | int]:
        """Every page in turn; the number alone of one that cannot be loaded."""
        for at in range(self.n_pages):
            handle = self._raw.FPDF_LoadPage(self._document, at)
            if not handle:
                yield at + 1
                continue
            try:
                yield self._page(handle, at + 1)
            finally:
                self._raw.FPDF_ClosePage(handle)

    @property
    def writes_blanks(self) -> bool:
        """Whether the pages read so far that hold ideographs show blanks as glyphs."""
        return self._blanks[True] > self._blanks[False]

    def picture(self, number: int) -> Picture | None:
        """A page as it is printed, None when it cannot be drawn."""
        raw = self._raw
        handle = raw.FPDF_LoadPage(self._document, number - 1)
        if not handle:
            return None
        try:
            wide, high = raw.FPDF_GetPageWidthF(handle), raw.FPDF_GetPageHeightF(handle)
            scale = min(_DPI / 72, _MAX_SIDE / max(wide, high, 1.0))
            width, height = max(1, int(wide * scale)), max(1, int(high * scale))
            bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_Gray, None, 0)
            if not bitmap:
                return None
            try:
                raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
                raw.FPDF_RenderPageBitmap(bitmap, handle, 0, 0, width, height, 0, raw.FPDF_ANNOT)
                stride = int(raw.FPDFBitmap_GetStride(bitmap))
                data = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), stride * height)
            finally:
                raw.FPDFBitmap_Destroy(bitmap)
        finally:
            raw.FPDF_ClosePage(handle)
        rows = (data[at * stride : at * stride + width] for at in range(height))
        return Picture(width, height, b"".join(rows))

    def _page(self, handle: Any, number: int) -> Page:  # handle: a pdfium pointer
        raw = self._raw
        bounds = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(handle, bounds)
        quarter = int(raw.FPDFPage_GetRotation(handle)) % 4
        runs, lost = self._runs(handle)
        texts: Counter[int] = Counter()
        for angle, run in runs:
            if angle != _NOWHERE:
                texts[angle] += len(run.text)
        reading = texts.most_common(1)[0][0] if texts else (4 - quarter) % 4
        turn = self._turns[number] = _turner(bounds, reading)
        upright = accents.joined([_turned(run, turn) for angle, run in runs if angle == reading])
        others = [run for angle, run in runs if angle != reading]
        drawn = self._drawings(handle, turn)
        hidden = [run for run in upright if not (run.font.drawn or drawn.shows(run))]
        ids_hidden = {id(run) for run in hidden}
        upright = [run for run in upright if id(run) not in ids_hidden]
        left, top, right, bottom = turn((bounds.left, bounds.bottom, bounds.right, bounds.top))
        width, height = right - left, bottom - top
        tags = self._tags(handle)
        tagged = set(ids(tags))
        artifacts = (
            {id(run) for run in upright if run.tag not in tagged and self._artifact(run.owner)}
            if tags
            else set()
        )
        upright = underscores.with_drawn(upright, drawn.bars)
        self._tell_figures(handle, upright, drawn, width * height)
        if not tags:
            upright = _with_bullets(upright, drawn.dots)
        covered = sum(max(x1 - x0, 0) * max(y1 - y0, 0) for x0, y0, x1, y1 in drawn.images)
        share = covered / max(width * height, 1.0)
        rules = drawn.flats, drawn.uprights
        legible = lost <= _GARBLED
        told, garbled = (upright, []) if legible else ([], upright)
        return Page(number, width, height, told, others, hidden, garbled, legible, *rules, share,
                    tags, artifacts, drawn.fills)  # fmt: skip

    def _runs(self, handle: Any) -> tuple[list[tuple[int, Run]], float]:  # handle: a pointer
        """The glyphs of a page by text object, each with the quarter turn it is written in.

        With it the share of glyphs that are no letters: what they show is not known.
        """
        raw = self._raw
        text = raw.FPDFText_LoadPage(handle)
        if not text:
            return [], 0.0
        try:
            n = max(0, int(raw.FPDFText_CountChars(text)))
            address = ctypes.cast(text, ctypes.c_void_p)
            boxes = (ctypes.c_float * (4 * n))()  # left, top, right, bottom, upwards
            base, unicode, box, owner = (
                ctypes.addressof(boxes),
                self._unicode,
                self._box,
                self._object,
            )
            letters = [unicode(address, i) for i in range(n)]
            lost = _lost(letters)
            if not _SIGNS.keys().isdisjoint(letters):
                letters = [_SIGNS.get(code, code) for code in letters]
            owners = [owner(address, i) for i in range(n)]
            for i in range(n):
                box(address, i, base + 16 * i)
            found: list[tuple[int, Run]] = []
            self._rights.clear()
            space = blank = False
            places = list(boxes)
            for start, end, shown in self._objects(text, places, owners):
                if shown is None:
                    space = True
                    continue
                made = self._run(shown, letters, places, start, end)
                blank = blank or letters[start] in _BLANKS
                for at, (_, run) in enumerate(made):
                    run.space = run.space or (at == 0 and (space or blank))
                    run.blank = at == 0 and blank
                    run.order = len(found) + at
                found += made
                space = not made
                blank = letters[end - 1] in _BLANKS
            if max(letters, default=0) >= cjk.FIRST:
                self._blanks.update(_blanks(letters, owners))
        finally:
            raw.FPDFText_ClosePage(text)
        tracking.close_up([run for _, run in found], self._rights)
        self._judge([run for angle, run in found if angle != _NOWHERE])
        return found, lost

    def _objects(
        self, text: Any, places: list[float], owners: list[int | None]
    ) -> Iterator[tuple[int, int, _Shown | None]]:  # text: a pdfium pointer
        """Where the glyphs of each text object begin and end, and how it shows them.

        Those of one glyph each that follow one another count as one: some makers, such as
        wkhtmltopdf, write every letter by itself. None is shown by no object: pdfium's own blanks.
        """
        start, n = 0, len(owners)
        while start < n:
            owner, end = owners[start], start + 1
            while end < n and owners[end] == owner:
                end += 1
            if owner is None:
                yield start, end, None
                start = end
                continue
            shown = self._shown(text, start, owner)
            alone = end == start + 1 and shown.angle == 0
            while alone and end < n and (following := owners[end]) is not None:
                if end + 1 < n and owners[end + 1] == following:
                    break
                if not _goes_on(places, end, shown.size) or not self._alike(
                    shown, text, end, following
                ):
                    break
                end += 1
            yield start, end, shown
            start = end

    def _alike(self, shown: _Shown, text: Any, at: int, owner: int) -> bool:
        """Whether a glyph is shown in the same font and colour, and for the same tag."""
        return (
            self._font(owner, leans=shown.leans) is shown.font
            and self._colour(text, at) == shown.colour
            and self._tag_of(owner) == shown.tag
        )

    def _shown(self, text: Any, at: int, owner: int) -> _Shown:  # text: a pdfium pointer
        """How the text object shows its glyphs that the glyph of this number belongs to."""
        raw = self._raw
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(text, at, matrix)
        height, slant = _proportions(matrix.a, matrix.b, matrix.c, matrix.d)
        size = raw.FPDFText_GetFontSize(text, at) * (height or 1.0)
        turns = atan2(matrix.b, matrix.a) / (pi / 2)
        if not isfinite(turns + size):
            angle = _NOWHERE
        else:
            angle = round(turns) % 4 if abs(turns - round(turns)) < _SLANT else _ODD
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        if angle == 0 and self._unicode(ctypes.cast(text, ctypes.c_void_p), at) == _ROOT:
            y.value = self._level(text, at, y.value, size)
        return _Shown(
            owner=owner,
            font=self._font(owner, leans=slant > _LEANING),
            size=round(float(size), 4),
            angle=angle,
            origin=(x.value, y.value),
            colour=self._colour(text, at),
            tag=self._tag_of(owner),
            leans=slant > _LEANING,
        )

    def _level(self, text: Any, at: int, origin: float, size: float) -> float:  # text: a pointer
        """The baseline of the sign of a root, which hangs below its origin in TeX's fonts.

        It is as high above the axis of a formula as below it.
        """
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        self._raw.FPDFText_GetCharBox(text, at, left, right, bottom, top)
        hangs = top.value < origin + _ABOVE * size and bottom.value < origin - _BELOW * size
        return (top.value + bottom.value) / 2 - _AXIS * size if hangs else origin

    def _colour(self, text: Any, at: int) -> tuple[int, int, int]:  # text: a pdfium pointer
        rgba = ctypes.addressof(self._rgba)
        self._fill(text, at, rgba, rgba + 4, rgba + 8, rgba + 12)
        red, green, blue, _ = self._rgba
        return red, green, blue

    def _run(
        self, shown: _Shown, letters: list[int], places: list[float], start: int, end: int
    ) -> list[tuple[int, Run]]:
        size, angle, font = shown.size, shown.angle, shown.font
        text, kept = accents.composed(*_characters(letters, start, end), places)
        if not text or not size:
            return []
        if font.signs:
            text = text.translate(_SYMBOLS)
        if not text.isascii():
            text, kept = cjk.closed_up(text, kept)
        lefts = [places[4 * i] for i in kept]
        if angle == 0 and (is_rtl(text) or _is_out_of_order(lefts, size)):
            order = by_place(text, lefts)
            text, kept = "".join(text[at] for at in order), [kept[at] for at in order]
        runs: list[tuple[int, Run]] = []
        self._learn_widths(font, text, kept, places, size)
        for first, last in _stretches(kept, places, size) if angle == 0 else [(0, len(kept))]:
            while first < last and text[first] in " \u00a0":
                first += 1
            if first == last:
                continue
            letters_here, indexes = text[first:last], kept[first:last]
            short = last - first <= _PIECE and angle == 0 and not font.italic
            if short and letters_here.count(" ") == 1 and not is_rtl(text):
                letters_here, indexes = _without_undone(letters_here, indexes, places, size)
            letters_here, indexes = _with_blanks(letters_here, indexes, places, size)
            if font.fixed and " " in letters_here:
                letters_here, indexes = _in_cells(letters_here, indexes, places)
            run = Run(
                text=letters_here.rstrip(" \u00a0"),
                xs=[places[4 * i + _ORIGIN_EDGE[angle]] for i in indexes],
                x1=0.0,
                y=0.0,
                top=0.0,
                bottom=0.0,
                size=size,
                font=font,
                colour=shown.colour,
                tag=shown.tag,
                space=bool(runs),
                order=0,
                owner=shown.owner,
                frame=(*_around(indexes, places), *shown.origin),
            )
            del run.xs[len(run.text) :]
            if run.text:
                placed = isfinite(sum(run.xs) + sum(run.frame))
                if placed and angle == 0:
                    self._rights[id(run)] = [places[4 * i + 2] for i in indexes]
                runs.append((angle if placed else _NOWHERE, run))
        return runs

    def _learn_widths(
        self, font: Font, text: str, kept: list[int], places: list[float], size: float
    ) -> None:
        """Note how wide the letters of a fixed-pitch font are, until there are enough of them."""
        widths = self._widths[id(font)]
        if not font.fixed or len(widths) >= _LETTERS:
            return
        for letter, i in zip(text, kept, strict=True):
            if letter.isascii() and letter.isalpha():
                widths[letter] = (places[4 * i + 2] - places[4 * i]) / size

    def _font(self, owner: int, *, leans: bool) -> Font:
        address, mode = self._font_of(owner) or 0, self._mode_of(owner)
        drawn, stroked = mode != _UNSEEN, mode == _STROKED
        key = address, drawn, stroked, leans
        if key in self._fonts:
            return self._fonts[key]
        raw = self._raw
        handle = ctypes.cast(address, raw.FPDF_FONT)
        buffer = ctypes.create_string_buffer(256)
        raw.FPDFFont_GetBaseFontName(handle, buffer, 256)
        name = buffer.value.decode("utf-8", "replace").split("+", 1)[-1]
        flags = int(raw.FPDFFont_GetFlags(handle))
        slant = ctypes.c_int()
        raw.FPDFFont_GetItalicAngle(handle, slant)
        low = name.lower()
        heavy = _BOLD.search(low) is not None
        told = heavy or _NOT_BOLD.search(low) is not None
        bold = heavy if told else int(raw.FPDFFont_GetWeight(handle)) >= 600
        italic = any(word in low for word in ("italic", "oblique", "slanted")) or slant.value != 0
        italic = italic or leans
        fixed = bool(flags & 1) or _FIXED.search(low) is not None
        found = Font(name, bold or stroked, italic, fixed and drawn, drawn)
        found.stroked, found.weighed = stroked and not bold, bold and not heavy
        found.signs = _OF_MATHEMATICS.match(name) is not None
        self._fonts[key] = found
        return found

    def _judge(self, runs: list[Run]) -> None:
        """Tell fixed-pitch fonts by their letters' advances, which flags and names often hide."""
        steps: dict[int, list[tuple[str, float]]] = defaultdict(list)
        fonts: dict[int, Font] = {}
        for run in runs:
            fonts[id(run.font)] = run.font
            seen = steps[id(run.font)]
            if len(seen) < 600:
                following = zip(run.text, run.text[1:], run.xs, run.xs[1:], strict=False)
                seen.extend(
                    (letter, abs(right - left) / run.size)
                    for letter, after, left, right in following
                    if letter.isascii() and letter.isalpha() and after not in " \u00a0"
                )
        for key, seen in steps.items():
            if len({letter for letter, _ in seen}) >= 6:
                seen_steps = sorted(step for _, step in seen)
                middle = seen_steps[len(seen) // 2]
                widths = [step / (middle or 1.0) for step in seen_steps]
                off = [abs(n - max(1, round(n))) for n in widths]
                same, near = (sum(n <= most for n in off) for most in (0.04, _KERNED))
                enough = 0.6 if fonts[key].fixed else 0.9  # words laid over others tell nothing
                kerned = fonts[key].fixed and near >= 0.9 * len(seen)
                even = fonts[key].fixed and _even(self._widths[key])
                fonts[key].fixed = kerned or even or same >= enough * len(seen)
        for run in runs:
            self._n_letters[id(run.font)] += len(run.text)
            self._n_wide[id(run.font)] += cjk.n_wide(run.text)
        for key, font in fonts.items():  # full-width letters are equally wide in prose too
            most = _WIDE_IN_CODE if _FIXED.search(font.name.lower()) else _WIDE_IN_OTHERS
            font.fixed = (
                font.fixed and font.drawn and self._n_wide[key] <= most * self._n_letters[key]
            )
        self._judge_signs(runs)

    def _judge_signs(self, runs: Sequence[Run]) -> None:
        """Tell fonts that show nothing on a page but the quotes of code.

        They touch its letters, or stand on its lines and take as much room; and most of what they
        showed so far did, lest an apostrophe of prose be taken for code.
        """
        quotes = [run for run in runs if run.text[0] in _QUOTES and _QUOTES.issuperset(run.text)]
        with_others = {id(run.font) for run in runs if not _QUOTES.issuperset(run.text)}
        fonts = {id(run.font): run.font for run in quotes if not run.font.fixed}
        fonts |= {key: font for run in runs if (key := id(font := run.font)) in self._of_quotes}
        self._n_quotes.update(id(run.font) for run in quotes if id(run.font) in fonts)
        for before, run in itertools.pairwise(runs) if fonts else ():
            sign, code = (run, before) if id(run.font) in fonts else (before, run)
            if id(sign.font) not in fonts or not code.font.fixed or id(code.font) in fonts:
                continue
            level = abs(before.frame[-1] - run.frame[-1]) < 1
            near = abs(run.xs[0] - before.frame[2]) < _TOUCHING * run.size
            alike = near or abs(_advance(sign) - _advance(code)) < _AS_WIDE * _advance(code)
            self._n_touching[id(sign.font)] += level and alike and abs(sign.size - code.size) < 1
        for key, font in fonts.items():
            mostly = self._n_touching[key] >= _AT_CODE * self._n_quotes[key]
            if mostly and key not in with_others:
                font.fixed = True
                self._of_quotes.add(key)
            elif not mostly and key in self._of_quotes:
                font.fixed = False
                self._of_quotes.discard(key)

    def _drawings(self, page: Any, turn: Callable[[Box], Box]) -> _Drawings:  # page: a pointer
        raw = self._raw
        found = _Drawings()
        edges = [ctypes.c_float() for _ in range(4)]
        for shape, kind, placed in self._shapes(page):
            if kind == _TEXT or not raw.FPDFPageObj_GetBounds(shape, *edges):
                continue
            left, bottom, right, top = (edge.value for edge in edges)
            box = turn(placed((left, bottom, right, top)))
            width, height = box[2] - box[0], box[3] - box[1]
            if not isfinite(sum(box)):
                continue
            if kind == _PATH and 2 * height < width < underscores.SHORT:
                found.bars.append(box)
            if kind == _PATH and pictures.is_wide(width, height) and self._slants(shape):
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
            elif self._framed(shape):
                x0, y0, x1, y1 = box
                found.flats += (x0, y0, x1, y0), (x0, y1, x1, y1)
                found.uprights += (x0, y0, x0, y1), (x1, y0, x1, y1)
            elif colour := self._filled(shape):
                found.fills.append(Fill(box, colour))
        return found

    def _tell_figures(self, page: Any, runs: list[Run], drawn: _Drawings, area: float) -> None:
        """Tell each run the drawing that it is in; lines of drawings are no others' any more."""
        forms = self._figures(page)
        for run in runs:
            run.figure = forms.get(run.owner, 0)
            run.owner = 0
        others = (*drawn.flats, *drawn.uprights, *drawn.dots, *(fill.box for fill in drawn.fills))
        found = pictures.find(drawn.slanted, others, runs, area)
        drawn.leave_out(found)
        for number, picture in enumerate(found, 1 + max(forms.values(), default=0)):
            for run in pictures.labels(picture, runs):
                run.figure = run.figure or number

    def _figures(self, page: Any) -> dict[int, int]:  # page: a pdfium pointer
        """The drawing that each text object in one is in: forms of a page with text of its own."""
        raw = self._raw
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

    def _shapes(self, page: Any) -> Iterator[tuple[Any, int, Callable[[Box], Box]]]:  # pointers
        """The objects of a page with their kinds, and how their boxes lie on it.

        Those of forms too where no text is on the page but in forms: it is made of other pages.
        """
        raw = self._raw
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

    def _filled(self, shape: Any) -> tuple[int, ...]:  # a path object
        """The colour of a rectangle that is filled with one, () where it shows none."""
        raw = self._raw
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(shape, fill, stroke)
        colour = [ctypes.c_uint() for _ in range(4)]
        if not fill.value or raw.FPDFPath_CountSegments(shape) not in (4, 5):
            return ()
        raw.FPDFPageObj_GetFillColor(shape, *colour)
        found = tuple(int(part.value) for part in colour)
        return () if found[3] == 0 or min(found[:3]) == _WHITE else found

    def _slants(self, shape: Any) -> bool:  # a path object
        """Whether most of a path is neither level nor upright: no frame, however round."""
        raw = self._raw
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
        return slanted > straight

    def _framed(self, shape: Any) -> bool:  # a path object
        """Whether a path is a rectangle with a stroke."""
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw = self._raw
        raw.FPDFPath_GetDrawMode(shape, fill, stroke)
        return bool(stroke.value) and raw.FPDFPath_CountSegments(shape) in (4, 5)

    def _tags(self, page: Any) -> list[Tag]:  # a pdfium pointer
        raw = self._raw
        tree = raw.FPDF_StructTree_GetForPage(page)
        if not tree:
            return []
        try:
            n = int(raw.FPDF_StructTree_CountChildren(tree))
            kids = [raw.FPDF_StructTree_GetChildAtIndex(tree, at) for at in range(max(0, n))]
            return [self._tag(kid, 0) for kid in kids if kid]
        finally:
            raw.FPDF_StructTree_Close(tree)

    def _tag(self, element: Any, depth: int) -> Tag:  # a pdfium pointer
        raw = self._raw
        tag = Tag(self._string(raw.FPDF_StructElement_GetType, element))
        if depth > MAX_DEPTH:
            return tag
        n = int(raw.FPDF_StructElement_CountChildren(element))
        for at in range(max(0, n)):
            kid = raw.FPDF_StructElement_GetChildAtIndex(element, at)
            if kid:
                below = self._tag(kid, depth + 1)
                if below.kind in _CELLS:
                    below.span = self._number(kid, b"RowSpan"), self._number(kid, b"ColSpan")
                if below.kids or below.kind in _CELLS:
                    tag.kids.append(below)
                continue
            content = int(raw.FPDF_StructElement_GetChildMarkedContentID(element, at))
            if content >= 0:
                tag.kids.append(content)
            elif tag.kind == "TR":
                tag.kids.append(Tag(ABSENT))
        if not n:
            content = int(raw.FPDF_StructElement_GetMarkedContentID(element))
            tag.kids += [content] if content >= 0 else []
        return tag

    def _number(self, element: Any, name: bytes) -> int:  # element: a pdfium pointer
        """A number that the attributes of an element tell, 1 where they do not."""
        raw = self._raw
        for at in range(max(0, int(raw.FPDF_StructElement_GetAttributeCount(element)))):
            attributes = raw.FPDF_StructElement_GetAttributeAtIndex(element, at)
            value = raw.FPDF_StructElement_Attr_GetValue(attributes, name)
            number = ctypes.c_float()
            if value and raw.FPDF_StructElement_Attr_GetNumberValue(value, number):
                return min(MAX_SPAN, max(1, int(number.value)))
        return 1

    def _artifact(self, owner: int) -> bool:
        """Whether a text object is marked as page furniture."""
        raw = self._raw
        handle = ctypes.cast(owner, raw.FPDF_PAGEOBJECT)
        for at in range(max(0, int(raw.FPDFPageObj_CountMarks(handle)))):
            mark = raw.FPDFPageObj_GetMark(handle, at)
            name = (ctypes.c_ushort * 64)()
            size = ctypes.c_ulong()
            raw.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), size)
            if bytes(name)[: size.value].decode("utf-16-le", "replace").startswith("Artifact"):
                return True
        return False

    def _string(self, function: Any, *args: Any) -> str:  # a pdfium getter of UTF-16 text
        length = int(function(*args, None, 0))
        if length <= 2:
            return ""
        units = (ctypes.c_ushort * (length // 2 + 1))()
        pointer = ctypes.cast(units, function.argtypes[len(args)])
        function(*args, pointer, length)
        return bytes(units)[: length - 2].decode("utf-16-le", "replace").split("\0", 1)[0]


class PdfError(Exception):
    """pdfium cannot open a file; code is its own (3: format, 4: password, 5: security)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"pdfium error {code}")
        self.code = code


def _proportions(a: float, b: float, c: float, d: float) -> tuple[float, float]:
    """How high a text matrix makes letters, and how far it slants them, in times of that."""
    width = hypot(a, b)
    height = abs(a * d - b * c) / width if width else hypot(c, d)
    return height, abs(a * c + b * d) / (width * height) if width and height else 0.0


def _library() -> Any:  # the raw functions of pdfium: no types exist for them
    import_module("pypdfium2")  # initialises the library
    return import_module("pypdfium2.raw")


def _prototype(function: Any, *given: Any, gives: Any = ctypes.c_int) -> Any:  # ctypes
    """A pdfium function that takes plain addresses: called once per glyph, it must cost little."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(gives, *given)(address or 0)


def _lost(letters: Sequence[int]) -> float:
    """The share of codes that are no letters: control codes, private ones, signs for unknown."""
    seen = Counter(letters)
    shown = len(letters) - sum(seen[code] for code in _NO_SIGN)
    lost = sum(n for code, n in seen.items() if _is_lost(code))
    return lost / shown if shown >= _ENOUGH else 0.0


def _blanks(letters: Sequence[int], owners: Sequence[int | None]) -> Iterator[bool]:
    """Of every blank between two Latin letters whether it is a glyph."""
    for at in range(1, len(letters) - 1):
        if letters[at] == _BLANK and all(
            code < _ASCII and chr(code).isalpha() for code in (letters[at - 1], letters[at + 1])
        ):
            yield owners[at] is not None


def _is_lost(code: int) -> bool:
    return (code < 0x20 and code not in _NO_SIGN) or 0xE000 <= code < 0xF900 or code == 0xFFFD


def _characters(letters: list[int], start: int, end: int) -> tuple[str, list[int]]:
    """The text of glyphs start to end, surrogate halves joined, and the index of each character."""
    text: list[str] = []
    kept: list[int] = []
    at = start
    while at < end:
        code = letters[at] & 0x1FFFFF
        if 0xD800 <= code < 0xDC00 and at + 1 < end and 0xDC00 <= letters[at + 1] < 0xE000:
            text.append(chr(0x10000 + ((code - 0xD800) << 10) + (letters[at + 1] - 0xDC00)))
            kept.append(at)
            at += 2
            continue
        letter = "-" if chr(min(code, 0x10FFFF)) in _HYPHENS else chr(min(code, 0x10FFFF))
        if (code >= 0x20 and not 0xD800 <= code < 0xE000) or letter == "-":
            text.append(letter)
            kept.append(at)
        at += 1
    while text and text[-1] in " \u00a0":
        text.pop()
        kept.pop()
    skip = next((i for i, letter in enumerate(text) if letter not in " \u00a0"), len(text))
    return "".join(text[skip:]), kept[skip:]


def _goes_on(places: list[float], at: int, size: float) -> bool:
    """Whether a glyph stands right behind the one before it and is as high."""
    _, top, right, bottom, left, next_top, _, next_bottom = places[4 * at - 4 : 4 * at + 4]
    return (
        abs(left - right) < _WORDS_APART * size
        and abs(next_top - top) < _ALIKE * size
        and abs(next_bottom - bottom) < _ALIKE * size
    )


def _is_out_of_order(lefts: list[float], size: float) -> bool:
    """Whether glyphs step back on paper, other than from one word to another laid upon it."""
    back = [at for at in range(1, len(lefts)) if lefts[at - 1] > lefts[at] + _BACK * size]
    bounds = [0, *back, len(lefts)]
    return bool(back) and (
        any(lefts[at - 1] < lefts[at] + _UPON * size for at in back)
        or any(end - start < _LETTERS_LAID for start, end in itertools.pairwise(bounds))
    )


def _stretches(kept: list[int], places: list[float], size: float) -> list[tuple[int, int]]:
    """Where glyphs of one text object stand together: some makers show a whole table row in one."""
    cuts = [
        0,
        *(
            at
            for at in range(1, len(kept))
            if places[4 * kept[at]] - places[4 * kept[at - 1] + 2] > _WIDE * size
            or places[4 * kept[at]] < places[4 * kept[at - 1]] - _UPON * size
        ),
    ]
    return list(zip(cuts, [*cuts[1:], len(kept)], strict=True))


def _without_undone(
    text: str, kept: list[int], places: list[float], size: float
) -> tuple[str, list[int]]:
    """A piece of a word without the blank that the next letter is moved back over.

    Ghostscript writes kerned letters so.
    """
    undone = {
        at
        for at in range(1, len(text) - 1)
        if text[at] == " "
        and places[4 * kept[at + 1]] - places[4 * kept[at - 1] + 2] < _UNDONE * size
        and places[4 * kept[at + 1]] < (places[4 * kept[at]] + places[4 * kept[at] + 2]) / 2
    }
    left = [at for at in range(len(text)) if at not in undone]
    return "".join(text[at] for at in left), [kept[at] for at in left]


def _with_blanks(
    text: str, kept: list[int], places: list[float], size: float
) -> tuple[str, list[int]]:
    """A run with the blanks that its maker left out between words, moving on instead.

    Where most letters stand apart, they are spaced out, not words. A blank stands where the letter
    after it does.
    """
    apart = [
        places[4 * after] - places[4 * before + 2] > _WORDS_APART * size
        for before, after in itertools.pairwise(kept)
    ]
    if not any(apart) or sum(apart) > max(2, len(apart) / 2):
        return text, kept
    shown, indexes = [text[0]], [kept[0]]
    for at, wide in enumerate(apart, 1):
        opens = text[at].isalnum() or text[at] in _OPENING
        parts = opens and (text[at - 1].isalnum() or text[at - 1] in _CLOSING)
        if wide and parts and not cjk.meet(text[at - 1], text[at]):
            shown.append(" ")
            indexes.append(kept[at])
        shown.append(text[at])
        indexes.append(kept[at])
    return "".join(shown), indexes


def _around(indexes: list[int], places: list[float]) -> tuple[float, float, float, float]:
    """The box around some characters: the outermost of all their edges."""
    return (
        min(places[4 * i] for i in indexes),
        min(places[4 * i + 3] for i in indexes),
        max(places[4 * i + 2] for i in indexes),
        max(places[4 * i + 1] for i in indexes),
    )


def _advance(run: Run) -> float:
    """The room that each letter of a run takes; that of a single one is that of its ink."""
    if len(run.xs) > 1:
        return (run.xs[-1] - run.xs[0]) / (len(run.xs) - 1)
    return (run.frame[2] - run.xs[0]) / len(run.text)


def _even(widths: dict[str, float]) -> bool:
    """Whether narrow and wide letters take the same room, however far apart they are set."""
    shown = widths.values()
    both = not _SLIM.isdisjoint(widths) and not _BROAD.isdisjoint(widths)
    return both and max(shown) - min(shown) < _KERNED * max(shown)


def _in_cells(text: str, kept: list[int], places: list[float]) -> tuple[str, list[int]]:
    """Code without the blanks that no cell of its own stands for: its letters are set apart.

    A typesetter may give every letter of code a wider cell than its font does.
    """
    stays = [
        letter != " "
        or not 0 < at < len(kept) - 1
        or places[4 * kept[at + 1]] - places[4 * kept[at - 1]]
        > _CELL * (places[4 * kept[at - 1] + 2] - places[4 * kept[at - 1]])
        for at, letter in enumerate(text)
    ]
    if all(stays):
        return text, kept
    steps = [
        places[4 * after] - places[4 * before]
        for before, after in itertools.pairwise(kept)
        if places[4 * after] > places[4 * before]
    ]
    wide = places[4 * kept[0] + 2] - places[4 * kept[0]]
    if not steps or median(steps) < _SPREAD * wide:
        return text, kept
    shown = itertools.compress(text, stays)
    return "".join(shown), list(itertools.compress(kept, stays))


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


def _turner(bounds: Any, quarter: int) -> Callable[[Box], Box]:  # bounds: a pdfium rectangle
    """From the page's own coordinates (upwards) to ours, for text written at a quarter turn."""
    left, bottom, right, top = bounds.left, bounds.bottom, bounds.right, bounds.top

    def turn(box: Box) -> Box:
        x0, y0, x1, y1 = box
        if quarter == 0:
            return x0 - left, top - y1, x1 - left, top - y0
        if quarter == 1:
            return y0 - bottom, x0 - left, y1 - bottom, x1 - left
        if quarter == 2:
            return right - x1, y0 - bottom, right - x0, y1 - bottom
        return top - y1, right - x1, top - y0, right - x0

    return turn


def _turned(run: Run, turn: Callable[[Box], Box]) -> Run:
    """A run in our coordinates."""
    left, bottom, right, top, x, y = run.frame
    run.xs = [turn((at, at, at, at))[0] for at in run.xs]
    run.x1 = turn((left, bottom, right, top))[2]
    run.top, run.bottom = turn((left, bottom, right, top))[1::2]
    run.y = turn((x, y, x, y))[1]
    return run


def _with_bullets(runs: list[Run], dots: list[Box]) -> list[Run]:
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


def ids(tags: Sequence[Tag]) -> Iterator[int]:
    """The marked content of elements and of all below them."""
    for tag in tags:
        for kid in tag.kids:
            if isinstance(kid, int):
                yield kid
            else:
                yield from ids([kid])
