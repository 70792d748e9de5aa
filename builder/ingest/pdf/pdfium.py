"""PDF files as pdfium reads them: their pages one by one, the outline, pictures of pages."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from math import atan2, hypot, isfinite, pi
from typing import Any, NamedTuple

from builder.ingest.pdf import (
    accents,
    cjk,
    dots,
    font_names,
    glyphs,
    structure,
    tracking,
    underlines,
    underscores,
    word_frames,
)
from builder.ingest.pdf.bidi import by_place, is_rtl
from builder.ingest.pdf.drawings import drawings, tell_figures, with_bullets
from builder.ingest.pdf.fonts import Fonts
from builder.ingest.pdf.ligatures import Ligatures
from builder.ingest.pdf.page import Box, Entry, Font, Page, Picture, Run, ids
from builder.ingest.pdf.raw import library, prototype, string
from builder.ingest.pdf.tex_codes import TexCodes

MAX_OUTLINE = 20_000
_LEANING = 0.1  # of their height: letters that are slanted though their font is upright
_SLANT = 0.06  # quarter turns: text written more askew is no line of the page's text
_ODD = 4
_NOWHERE = 5  # what a damaged file puts at no place of the page
_BLANKS = (0x20, 0xA0)
_ASCII = 0x80
_GARBLED = 0.3  # of the glyphs of a page: they tell nothing
_DPI, _MAX_SIDE = 300, 5000  # of a picture of a page: dots per inch, pixels
_PIECE = 6  # letters of a piece of a word, at most
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
_UNNAMED = frozenset(range(0x1B, 0x20))  # codes of glyphs, told for letters where none are known
_SYMBOLS = dict(  # what TeX's fonts of signs have where others have small letters
    zip(
        map(ord, "bcdefghijknoptuvwxyz"),
        "\u230a\u230b\u2308\u2309{}\u27e8\u27e9|\u2016\\\u2240\u221a\u2294\u2293\u2291\u2292\u00a7\u2020\u2021",
        strict=True,
    )
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


class Pdf:
    """An open PDF file. Raises PdfError when it cannot be opened."""

    def __init__(self, data: bytes, password: str) -> None:
        self._raw: Any = library()
        data = font_names.told(data)
        self._data = data
        key = password.encode() if password else None
        self._document = self._raw.FPDF_LoadMemDocument64(data, len(data), key)
        if not self._document:
            raise PdfError(int(self._raw.FPDF_GetLastError()))
        self.n_pages = int(self._raw.FPDF_GetPageCount(self._document))
        self.restricted = int(self._raw.FPDF_GetSecurityHandlerRevision(self._document)) >= 0
        address, number = ctypes.c_void_p, ctypes.c_int
        self._box = prototype(self._raw.FPDFText_GetLooseCharBox, address, number, address)
        self._object = prototype(self._raw.FPDFText_GetTextObject, address, number, gives=address)
        self._unicode = prototype(self._raw.FPDFText_GetUnicode, address, number)
        self._fill = prototype(self._raw.FPDFText_GetFillColor, address, number, *[address] * 4)
        self._tag_of = prototype(self._raw.FPDFPageObj_GetMarkedContentID, address)
        self._rgba = (ctypes.c_uint * 4)()
        self._fonts = Fonts(self._raw)
        self._codes = TexCodes()
        self._dots = dots.Dots()
        self._ligatures = Ligatures(data)
        self._blanks: Counter[bool] = Counter()  # between Latin words: as glyphs or only as gaps
        self._turns: dict[int, Callable[[Box], Box]] = {}
        self._rights: dict[int, list[float]] = {}  # where glyphs of a page's level runs end

    def close(self) -> None:
        self._raw.FPDF_CloseDocument(self._document)

    def title(self) -> str:
        return string(self._raw.FPDF_GetMetaText, self._document, b"Title")

    def lang(self) -> str:
        """The declared language ("de-DE"), or ""."""
        try:
            return string(self._raw.FPDFCatalog_GetLanguage, self._document)
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
            title = " ".join(string(raw.FPDFBookmark_GetTitle, mark).split())
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
        drawn = drawings(raw, handle, turn)
        hidden = [run for run in upright if not (run.font.drawn or drawn.shows(run))]
        ids_hidden = {id(run) for run in hidden}
        upright = [run for run in upright if id(run) not in ids_hidden]
        left, top, right, bottom = turn((bounds.left, bounds.bottom, bounds.right, bounds.top))
        width, height = right - left, bottom - top
        tags = structure.tags(raw, handle)
        tagged = set(ids(tags))
        artifacts = (
            {
                id(run)
                for run in upright
                if run.tag not in tagged and structure.is_artifact(raw, run.owner)
            }
            if tags
            else set()
        )
        upright = underscores.with_drawn(upright, drawn.bars)
        tell_figures(raw, handle, upright, drawn, width * height)
        if not tags:
            upright = with_bullets(upright, drawn.dots)
        covered = sum(max(x1 - x0, 0) * max(y1 - y0, 0) for x0, y0, x1, y1 in drawn.images)
        share = covered / max(width * height, 1.0)
        flats, uprights, fills = word_frames.left_out(
            drawn.flats, drawn.uprights, drawn.fills, upright
        )
        legible = lost <= _GARBLED
        told, garbled = (upright, []) if legible else ([], upright)
        underlines.tell(told, flats)
        return Page(number, width, height, told, others, hidden, garbled, legible, flats, uprights,
                    share, tags, artifacts, fills, drawn.rounded)  # fmt: skip

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
            owners = [owner(address, i) for i in range(n)]
            for i in range(n):
                box(address, i, base + 16 * i)
            places = list(boxes)
            if not _UNNAMED.isdisjoint(letters):
                letters = self._with_ligatures(letters, owners)
            letters = self._codes.signs(letters, self._fonts.nameless(owners), places)
            lost = glyphs.share_lost(letters)
            if not _SIGNS.keys().isdisjoint(letters):
                letters = [_SIGNS.get(code, code) for code in letters]
            wide = max(letters, default=0) >= cjk.FIRST
            found: list[tuple[int, Run]] = []
            self._rights.clear()
            space = blank = False
            for start, end, shown in self._objects(text, places, owners):
                if shown is None:
                    space = True
                    continue
                made = self._run(shown, letters, places, start, end)
                if shown.angle == 0:
                    codes = zip(range(start, end), letters[start:end], strict=True)
                    self._fonts.learn_heights(shown.font, codes, partial(self._top, text, shown))
                blank = blank or letters[start] in _BLANKS
                for at, (_, run) in enumerate(made):
                    run.space = run.space or (at == 0 and (space or blank))
                    run.blank = at == 0 and blank
                    run.order = len(found) + at
                found += made
                space = not made
                blank = letters[end - 1] in _BLANKS
            if wide:
                lone = list(glyphs.lone_blanks(raw, handle, {*owners}))
                self._blanks.update(glyphs.blanks(letters, owners, places, lone))
                glyphs.tell_blanks([run for angle, run in found if angle == 0], lone)
        finally:
            raw.FPDFText_ClosePage(text)
        tracking.close_up([run for _, run in found], self._rights)
        self._fonts.judge([run for angle, run in found if angle != _NOWHERE])
        return found, lost

    def _with_ligatures(self, letters: list[int], owners: list[int | None]) -> list[int]:
        """Codes of glyphs with those of ligatures that pdfium knows no letters for."""
        tables = {one: self._ligatures.of(self._fonts.name(one)) for one in {*owners} if one}
        return [
            tables[one].get(code, code) if one else code
            for code, one in zip(letters, owners, strict=True)
        ]

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
            if 0 < shown.size < dots.LEAST and not shown.font.name:
                letters = self._inked(text, start, end)
                shown = shown._replace(size=self._dots.size(shown.font, shown.size, letters))
            alone = end == start + 1 and shown.angle == 0
            while alone and end < n and (following := owners[end]) is not None:
                if end + 1 < n and owners[end + 1] == following:
                    break
                if not glyphs.goes_on(places, end, shown.size) or not self._alike(
                    shown, text, end, following
                ):
                    break
                end += 1
            yield start, end, shown
            start = end

    def _inked(self, text: Any, start: int, end: int) -> Iterator[tuple[str, float]]:
        """Letters of ASCII (text: a pdfium pointer) with the height of their ink."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        for at in range(start, end):
            code = self._unicode(ctypes.cast(text, ctypes.c_void_p), at)
            boxed = self._raw.FPDFText_GetCharBox(text, at, left, right, bottom, top)
            if boxed and code < _ASCII:
                yield chr(code), top.value - bottom.value

    def _alike(self, shown: _Shown, text: Any, at: int, owner: int) -> bool:
        """Whether a glyph is shown in the same font and colour, and for the same tag."""
        return (
            self._fonts.of(owner, leans=shown.leans) is shown.font
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
            font=self._fonts.of(owner, leans=slant > _LEANING),
            size=round(float(size), 4),
            angle=angle,
            origin=(x.value, y.value),
            colour=self._colour(text, at),
            tag=self._tag_of(owner),
            leans=slant > _LEANING,
        )

    def _top(self, text: Any, shown: _Shown, at: int) -> float:  # text: a pdfium pointer
        """How high the ink of a glyph stands above its baseline."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        self._raw.FPDFText_GetCharBox(text, at, left, right, bottom, top)
        return (top.value - shown.origin[1]) / (shown.size or 1.0)

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
        text, kept = self._ligatures.apart(*glyphs.characters(letters, start, end))
        text, kept = accents.composed(text, kept, places)
        if not text or not size:
            return []
        if font.signs:
            text = text.translate(_SYMBOLS)
        if not text.isascii():
            text, kept = cjk.closed_up(text, kept)
        lefts = [places[4 * i] for i in kept]
        if angle == 0 and (is_rtl(text) or glyphs.is_out_of_order(lefts, size)):
            order = by_place(text, lefts)
            text, kept = "".join(text[at] for at in order), [kept[at] for at in order]
        runs: list[tuple[int, Run]] = []
        self._fonts.learn_widths(font, text, kept, places, size)
        for first, last in glyphs.stretches(kept, places, size) if angle == 0 else [(0, len(kept))]:
            while first < last and text[first] in " \u00a0":
                first += 1
            if first == last:
                continue
            letters_here, indexes = text[first:last], kept[first:last]
            short = last - first <= _PIECE and angle == 0 and not font.italic
            if short and letters_here.count(" ") == 1 and not is_rtl(text):
                letters_here, indexes = glyphs.without_undone(letters_here, indexes, places, size)
            letters_here, indexes = glyphs.with_blanks(letters_here, indexes, places, size)
            if font.fixed and " " in letters_here:
                letters_here, indexes = glyphs.in_cells(letters_here, indexes, places)
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
                frame=(*glyphs.around(indexes, places), *shown.origin),
                trails=letters_here[-1] in " \u00a0",
            )
            del run.xs[len(run.text) :]
            if run.text:
                placed = isfinite(sum(run.xs) + sum(run.frame))
                if placed and angle == 0:
                    self._rights[id(run)] = [places[4 * i + 2] for i in indexes]
                runs.append((angle if placed else _NOWHERE, run))
        return runs


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
