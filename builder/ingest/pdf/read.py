"""A whole PDF file: its pages to parts, furniture out, parts over pages joined, pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from builder.ingest.parsed import Parsed, Piece, Refused, fenced
from builder.ingest.pdf import (
    bitmap,
    blank_lines,
    cjk,
    contents,
    furniture,
    headings,
    line_numbers,
    margin_numbers,
    ocr,
    page_ends,
    signs,
    slides,
)
from builder.ingest.pdf.blocks import Part, body_size, marker_of, parts, text_start
from builder.ingest.pdf.code import habits, joined
from builder.ingest.pdf.layout import Line, Vocabulary, prose
from builder.ingest.pdf.page import Page, Run
from builder.ingest.pdf.pdfium import Pdf, PdfError
from builder.ingest.pdf.tables import Table, markdown, resumed, texts
from builder.ingest.pdf.terms import is_label
from builder.records import Dropped, Place

SCANNED_SHARE = 0.5  # of a page that images cover
SCANNED_CHARACTERS = 20
_TAIL = 4096  # bytes at the end in which "startxref" or "%%EOF" must stand
_PASSWORD, _SECURITY = 4, 5
_NOTE = 0.93  # times the size of prose: footnotes are smaller
_RAISED = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079"  # figures that are raised by themselves
_MARK = re.compile(rf"\[?\d{{1,3}}\]?|[{_RAISED}]{{1,3}}|[*\u2020\u2021]")
_SENTENCE_END = re.compile(r"[.!?:\u3002\uff01\uff1f][\"'\u201d\u2019)\]]*`?$")
_INDENTS = 100  # points: columns that begin nearer to each other have one margin
_ROOM = 3.0  # times the size: more lines of code had fitted
_SAME_PLACE = 6.0  # points: how far the pieces of a table over two pages may differ


def read(data: bytes, password: str = "", recognise: bool = False) -> Parsed | Refused:
    """The content of a PDF file, read in this process. recognise: words on pages of images too."""
    try:
        pdf = Pdf(data, password)
    except PdfError as error:
        if error.code in (_PASSWORD, _SECURITY):
            return Refused("encrypted", "the file asks for a password that was not given")
        return Refused("corrupt", "the file is damaged: it cannot be opened as PDF")
    try:
        if not pdf.n_pages:
            return Refused("corrupt", "the file is damaged: it has no pages")
        tail = data[-_TAIL:]
        if b"%%EOF" not in tail and b"startxref" not in tail:
            return Refused("corrupt", "the file is cut off: its end is missing")
        return _read(pdf, password, recognise)
    finally:
        pdf.close()


def _read(pdf: Pdf, password: str, recognise: bool) -> Parsed | Refused:
    pages: list[Page] = []
    unread: list[int] = []
    scanned: list[int] = []
    for page in pdf.pages():
        if isinstance(page, int):
            unread.append(page)
            continue
        n_characters = sum(len(run.text) for run in [*page.runs, *page.turned])
        image = page.image_share >= SCANNED_SHARE and n_characters < SCANNED_CHARACTERS
        if image or not page.legible:
            scanned.append(page.number)
        pages.append(page)
    if not pages:
        return Refused("corrupt", "the file is damaged: none of its pages can be read")
    seen = _recognised(pdf, pages, scanned) if recognise else frozenset()
    scanned = [number for number in scanned if number not in seen]
    texted = [page for page in pages if page.runs]
    if scanned and all(page.number in scanned for page in texted):
        return _without_text(pages, scanned, recognise)
    visible = sum(furniture.visible(runs) for page in pages for runs in _every(page))
    outline = pdf.outline()
    dropped = [*slides.take_out_ways(pages, outline), *_left_out(pages, seen)]
    bitmap.believe_strokes([run for page in pages for run in page.runs])
    bitmap.tell_weights(run for page in pages for run in page.runs)
    bitmap.tell_medium(run for page in pages for run in page.runs)
    cjk.unite_sizes(pages)
    cjk.unite_faces(pages)
    signs.tell_bullets(pages)
    signs.tell_hyphens(pages)
    for page in pages:
        signs.join_code(page.runs)
    if pdf.writes_blanks:
        cjk.close_up(pages)
    tagged = {page.number for page in pages if page.tags}
    found = blank_lines.joined([part for page in pages for part in parts(page)], tagged)
    wide = {page.number for page in pages if page.width > page.height}
    garbled = [page.number for page in pages if not page.legible and page.number in scanned]
    pages.clear()
    found = headings.mark(found, outline, wide)
    dropped += slides.unite(found, wide)
    found = _continued(found, slides.ends(found, wide))
    known = Vocabulary([line.text for part in found for line in part.all_lines])
    notes = _notes(pdf, password, unread, scanned, garbled)
    if seen:
        notes += (f"words on {len(seen)} pages of images were recognised by {ocr.PROGRAM}",)
    return Parsed(
        pieces=tuple(_flagged(_pieces(found, known), seen)),
        title=pdf.title(),
        lang=pdf.lang()[:2].lower(),
        notes=notes,
        visible=visible,
        dropped=tuple(dropped),
    )


def _every(page: Page) -> tuple[list[Run], ...]:
    return page.runs, page.turned, page.hidden, page.garbled


def _left_out(pages: Sequence[Page], seen: frozenset[int]) -> list[Dropped]:
    """What is taken out of pages, or never was in their text. seen: pages that were recognised."""
    dropped = margin_numbers.take_out(pages)
    dropped += [*furniture.take_out(pages), *contents.take_out(pages)]
    dropped += line_numbers.take_out(pages)
    for page in pages:
        garbled = [] if page.number in seen else page.garbled
        reasons = (("rotated", page.turned), ("hidden", page.hidden), ("garbled", garbled))
        dropped += [
            furniture.dropped(f"page {page.number}", reason, runs)
            for reason, runs in reasons
            if runs
        ]
    return dropped


def _without_text(pages: Sequence[Page], scanned: Sequence[int], recognise: bool) -> Refused:
    """Why no page has text that can be read."""
    n_garbled = sum(not page.legible for page in pages)
    why = f"all {len(scanned)} pages with content are images"
    if n_garbled:
        why = (
            f"the fonts of {n_garbled} of {len(scanned)} pages do not tell which letters they show"
        )
    hint = "" if recognise else '; reader = ["pdf=ocr"] in [ingest] reads them by tesseract'
    return Refused("no_text_layer", why + hint)


def _recognised(pdf: Pdf, pages: Sequence[Page], scanned: Sequence[int]) -> frozenset[int]:
    """The numbers of the pages of images that now have words."""
    found: set[int] = set()
    for page in pages:
        picture = pdf.picture(page.number) if page.number in scanned else None
        if picture is not None and ocr.recognise(page, picture):
            found.add(page.number)
    return frozenset(found)


def _flagged(pieces: Iterable[Piece], seen: frozenset[int]) -> Iterator[Piece]:
    """Pieces, with those that were recognised told."""
    for piece in pieces:
        on_image = piece.place is not None and piece.place.page in seen
        yield replace(piece, flags=(*piece.flags, "ocr")) if on_image else piece


def _notes(
    pdf: Pdf, password: str, unread: Sequence[int], scanned: Sequence[int], garbled: Sequence[int]
) -> tuple[str, ...]:
    notes: list[str] = []
    if pdf.restricted and not password:
        notes.append("the file is encrypted with an owner password only: it was read")
    images = [number for number in scanned if number not in garbled]
    for numbers, what in (
        (unread, "cannot be read"),
        (images, "only an image without text"),
        (garbled, "its fonts do not tell which letters they show"),
    ):
        if numbers:
            shown = ", ".join(map(str, numbers[:10])) + (", ..." if len(numbers) > 10 else "")
            notes.append(f"page{'s' * (len(numbers) > 1)} {shown}: {what}")
    return tuple(notes)


def _continued(found: Sequence[Part], ends: Mapping[int, float]) -> list[Part]:
    """Parts that go on over a page or column, joined; footnotes between the two stay behind.

    ends: how low slides are filled at most, by page.
    """
    body = body_size(found)
    joined: list[Part] = []
    for part in found:
        if _is_note(part, body):
            part.note = True
            joined.append(part)
            continue
        before = next((other for other in reversed(joined) if not other.note), None)
        if before is None or not _goes_on(before, part, ends):
            joined.append(part)
        elif part.table is not None and before.table is not None:
            rows = part.table.rows
            if rows and before.table.rows and _cells(rows[0]) == _cells(before.table.rows[0]):
                rows = rows[1:]
            if rows and resumed(before.table.rows, rows[0]):
                last, rest = before.table.rows.pop(), rows[0]
                before.table.rows.append([a + b for a, b in zip(last, rest, strict=True)])
                rows = rows[1:]
            before.table.rows.extend(rows)
        else:
            before.more += [part.lines, *part.more]
    return joined


def _is_note(part: Part, body: float) -> bool:
    """Whether a part is a footnote: smaller than prose, begun by a mark of its own."""
    if part.kind not in ("paragraph", "list_item") or not part.lines:
        return False
    first = part.lines[0]
    if first.size > _NOTE * body or len(first.runs) < 2:
        return False
    mark, text = first.runs[:2]
    raised = mark.size < 0.85 * text.size or text.x0 - mark.x1 > 0.3 * text.size
    raised = raised or re.match(f"[{_RAISED}]", mark.text) is not None
    return raised and _MARK.fullmatch(mark.text) is not None


def _cells(row: Sequence[Sequence[Line]]) -> list[str]:
    return [" ".join(line.text for line in cell) for cell in row]


def _goes_on(before: Part, part: Part, ends: Mapping[int, float]) -> bool:
    """Whether a part is the rest of the one before it, cut by the end of a page or column.

    Code on a slide with room below it ends there.
    """
    if part.table is not None or before.table is not None:
        return (
            part.table is not None
            and before.table is not None
            and len(part.table.rows[0]) == len(before.table.rows[0])
            and (_moved(before.table, part.table) or _is_rest(before, part))
        )
    last, first = before.all_lines[-1], part.lines[0]
    moved = first.page > last.page or (first.page == last.page and first.y < last.y - last.size)
    if not moved or not _as_large(last, first):
        return False
    if before.kind == part.kind == "code":
        room = ends.get(last.page, last.bottom) - last.bottom > _ROOM * last.size
        return not (room or first.counts_anew(last))
    if (
        before.term
        or part.term
        or before.figure
        or part.figure
        or part.kind != "paragraph"
        or before.kind not in ("paragraph", "list_item", "quote")
    ):
        return False
    text, following = last.text.rstrip(), first.text
    if _SENTENCE_END.search(text):
        return False
    return following[:1].islower() or last.x1 > last.column[2] - 0.2 * (
        last.column[2] - last.column[0]
    )


def _is_rest(before: Part, part: Part) -> bool:
    """Whether tags tell a head of a table, and none of what follows in a new place."""
    if part.table is None or before.table is None or not (part.told and before.told):
        return False
    headed = before.table.header_rows > 0 and part.table.header_rows == 0
    return headed and part.page - before.page == 1


def _moved(before: Table, table: Table) -> bool:
    """Whether a table stands where one goes on: on the next page, or in the next column."""
    (left, top, right, _), box = before.box, table.box
    if table.page > before.page:
        same_left = abs(box[0] - left) < _SAME_PLACE or abs(_left(table) - _left(before)) < 1
        return same_left or abs(box[2] - box[0] - right + left) < _SAME_PLACE
    beside = box[0] > right and box[1] < top + _SAME_PLACE
    return beside and abs(box[2] - box[0] - right + left) < _SAME_PLACE


def _left(table: Table) -> float:
    """Where the first cells of a table begin."""
    return min((line.x0 for row in table.rows for line in row[0]), default=0.0)


def _as_large(one: Line, other: Line) -> bool:
    """Whether two lines are of one size; ideographs tell, Latin words beside them may be larger."""
    wide = [[run.size for run in line.runs if cjk.n_wide(run.text)] for line in (one, other)]
    every = [[run.size for run in line.runs] for line in (one, other)]
    largest = [max(sizes) for sizes in (wide if all(wide) else every)]
    return abs(largest[0] - largest[1]) <= 0.3


def _ends(code: str) -> bool:
    """Whether a line of code does not go on in the next one."""
    return code[-1:] not in ("", *",-/\\=|") and all(
        code.count(begin) == code.count(end) for begin, end in ("()", "[]", "{}")
    )


def _names(term: Sequence[Line], known: Vocabulary) -> str:
    """A term as prose; lines of nothing but code are names of one thing, unless one goes on."""
    typed = all(run.font.fixed for line in term for run in line.runs if run.text.strip())
    said = [line.text.strip() for line in term] if typed and len(term) > 1 else [""]
    whole = all(map(_ends, said))
    level = len({round(line.x0) for line in term}) == 1
    if not (typed and whole and level):
        return prose(term, known)
    return ", ".join(prose([line], known) for line in term)


def _pieces(found: Sequence[Part], known: Vocabulary) -> Iterator[Piece]:
    depths = _Depths(found)
    codes = [_stretches(part) for part in found if part.kind == "code"]
    known_code = habits([stretch for stretches in codes for stretch in stretches])
    every = [line for part in found for line in part.all_lines]
    edges = (
        min((line.top for line in every), default=0.0),
        max((line.bottom for line in every), default=0.0),
    )
    ends = page_ends.told(codes, edges, known_code.steps, known_code.heights)
    for term, part in _explained(found):
        place = Place(page=part.page, bbox=_rounded(part.box) if part.lines or part.table else None)
        if term is not None or part.term:
            text = prose(part.all_lines, known)
            if term is not None:
                text = text.removeprefix(": ")
            name = f"{_names(term.all_lines, known).rstrip(':')}: " if term is not None else ""
            if is_label(term or part):
                yield Piece("admonition", f"{name}{text}", place=place)
            else:
                yield Piece("definition", f"- {name}{text}", level=1, place=place)
        elif part.table is not None:
            rows = texts(part.table, known)
            n_heads = part.table.header_rows
            yield Piece("table", markdown(rows, n_heads), header_rows=n_heads, place=place)
        elif part.kind == "code":
            code = joined(_stretches(part), known_code, ends)
            yield Piece("code", fenced(code), place=place)
        elif part.kind == "heading":
            flags = () if part.told else ("inferred",)
            text = prose(part.all_lines, known)
            yield Piece("heading", text, level=max(1, part.level), flags=flags, place=place)
        elif part.note:
            mark = part.lines[0].runs[0].text
            text = prose(part.all_lines, known).removeprefix(mark).lstrip()
            yield Piece("paragraph", f"{mark} {text}", flags=("footnote",), place=place)
        elif part.kind == "list_item":
            level = part.level if part.told else depths.of(part)
            text = _item(part, known)
            blank = "  " * (level - 1)
            yield Piece("list_item", f"{blank}{part.marker} {text}", level=level, place=place)
        else:
            text = prose(part.all_lines, known)
            shown = f"> {text}" if part.kind == "quote" else text
            yield Piece(part.kind, shown, place=place)
        if part.kind != "list_item":
            depths.forget(part)


def _explained(found: Sequence[Part]) -> Iterator[tuple[Part | None, Part]]:
    """Parts, a term with the paragraph that explains it."""
    term: Part | None = None
    for part in found:
        before, term = term, part if part.term else None
        if before is not None and (part.kind != "paragraph" or part.term or part.note):
            yield None, before
            before = None
        if term is None:
            yield before, part
    if term is not None:
        yield None, term


def _rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (round(edge, 1) for edge in box)
    return left, top, right, bottom


def _stretches(part: Part) -> list[list[Line]]:
    """The code of a part, one stretch for every page or column that it runs over."""
    return [stretch for stretch in [part.lines, *part.more] if stretch]


def _item(part: Part, known: Vocabulary) -> str:
    """The text of a list item without its marker."""
    text = prose(part.all_lines, known)
    shown = marker_of(part.lines[0])
    if shown:  # a bullet of a fixed-pitch font looks like code
        text = text.removeprefix(f"`{shown}`").removeprefix(shown)
    return text.lstrip()


class _Depths:
    """The depth of list items by where their text begins."""

    def __init__(self, found: Sequence[Part]) -> None:
        self._starts: list[float] = []
        self._lefts = sorted({line.column[0] for part in found for line in part.lines[:1]})

    def _from_margin(self, x: float, line: Line) -> float:
        """The distance from the text's left margin, also where a column holds a list only."""
        column = line.column[0]
        return x - next((left for left in self._lefts if column - left < _INDENTS), column)

    def of(self, part: Part) -> int:
        first = part.lines[0]
        x = text_start(first)
        if len(part.lines) > 1 and abs(part.lines[1].y - first.y) < 0.4 * first.size:
            x = min(x, part.lines[1].x0) if x > first.x0 + 1 and x != first.x1 else part.lines[1].x0
        x = self._from_margin(x, first)
        slack = 0.5 * first.size
        while self._starts and self._starts[-1] > x + slack:
            self._starts.pop()
        if not self._starts or x > self._starts[-1] + slack:
            self._starts.append(x)
        return len(self._starts)

    def forget(self, part: Part) -> None:
        """A part between items: a list ends unless the part is indented like an item's text."""
        if part.kind == "heading" or part.table is not None or not part.lines:
            self._starts = []
            return
        x = self._from_margin(part.lines[0].x0, part.lines[0])
        while self._starts and self._starts[-1] > x + 2:
            self._starts.pop()
