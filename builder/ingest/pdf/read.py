"""A whole PDF file: its pages to parts, furniture out, parts over pages joined, pieces."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from builder.ingest.parsed import Parsed, Piece, Refused, fenced
from builder.ingest.pdf import headings, ocr
from builder.ingest.pdf.blocks import Part, body_size, marker_of, parts, text_start
from builder.ingest.pdf.code import habits, joined
from builder.ingest.pdf.layout import Line, Vocabulary, lines, prose
from builder.ingest.pdf.page import Box, Page, Pdf, PdfError, Run
from builder.ingest.pdf.tables import Table, framed, markdown, resumed, texts
from builder.records import Dropped, Place

SCANNED_SHARE = 0.5  # of a page that images cover
SCANNED_CHARACTERS = 20
_TAIL = 4096  # bytes at the end in which "startxref" or "%%EOF" must stand
_PASSWORD, _SECURITY = 4, 5
_NOTE = 0.93  # times the size of prose: footnotes are smaller
_MARK = re.compile(r"\[?\d{1,3}\]?|[*\u2020\u2021]")
_NUMBER = re.compile(r"\W*(?:[^\W\d_]+\W*)?\d{1,4}(?:\s*(?:/|of|von|sur|de)\s*\d{1,4})?\W*")
_ALONE = 2.0  # times the size: a number so far below the text is the page's
_LOW = 0.7  # of a page's height: where such a number may stand
_CLEAR = 1.5  # times the size: how far a page number with words stands from the text at least
_EDGE = 0.16  # of a page's height: where running heads and feet stand
_SENTENCE_END = re.compile(r"[.!?:\u3002\uff01\uff1f][\"'\u201d\u2019)\]]*`?$")
_INDENTS = 100  # points: columns that begin nearer to each other have one margin
_CELLS = 3  # so many lines beside each other may be the head of a table
_SAME_PLACE = 6.0  # points: how far the pieces of a table over two pages may differ
_ROMAN = re.compile(r"[ivxlc]{1,7}", re.I)


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
        if page.image_share >= SCANNED_SHARE and n_characters < SCANNED_CHARACTERS:
            scanned.append(page.number)
        pages.append(page)
    if not pages:
        return Refused("corrupt", "the file is damaged: none of its pages can be read")
    seen = _recognised(pdf, pages, scanned) if recognise else frozenset()
    scanned = [number for number in scanned if number not in seen]
    texted = [page for page in pages if page.runs]
    if scanned and all(page.number in scanned for page in texted):
        hint = "" if recognise else '; reader = ["pdf=ocr"] in [ingest] reads them by tesseract'
        return Refused("no_text_layer", f"all {len(scanned)} pages with content are images{hint}")
    visible = sum(_visible(page.runs) + _visible(page.turned) for page in pages)
    dropped = _furniture(pages)
    for page in pages:
        if page.turned:
            dropped += _dropped(f"page {page.number}", "rotated", page.turned)
    outline = pdf.outline()
    found = [part for page in pages for part in parts(page)]
    pages.clear()
    found = _continued(headings.mark(found, outline))
    known = Vocabulary([line.text for part in found for line in part.all_lines])
    notes = _notes(pdf, password, unread, scanned)
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
    pdf: Pdf, password: str, unread: Sequence[int], scanned: Sequence[int]
) -> tuple[str, ...]:
    notes: list[str] = []
    if pdf.restricted and not password:
        notes.append("the file is encrypted with an owner password only: it was read")
    for numbers, what in ((unread, "cannot be read"), (scanned, "only an image without text")):
        if numbers:
            shown = ", ".join(map(str, numbers[:10])) + (", ..." if len(numbers) > 10 else "")
            notes.append(f"page{'s' * (len(numbers) > 1)} {shown}: {what}")
    return tuple(notes)


def _visible(runs: Sequence[Run]) -> int:
    return sum(len("".join(run.text.split())) for run in runs)


def _dropped(what: str, reason: str, runs: Sequence[Run]) -> list[Dropped]:
    text = " ".join(run.text for run in runs)
    return [Dropped(what=what, reason=reason, characters=_visible(runs), beginning=text[:80])]


def _masked(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", text)).casefold()


def _furniture(pages: Sequence[Page]) -> list[Dropped]:
    """Take running heads, feet and page numbers out of the pages, and tell what they were."""
    edges: dict[int, list[tuple[list[Line], bool]]] = {}
    inner: set[str] = set()
    for page in pages:
        if page.runs:
            rows = _rows(page)
            edges[page.number] = _edge_lines(rows, page)
            at_edge = {id(row) for row, _ in edges[page.number]}
            cells = (row for row in rows if len(row) >= _CELLS and id(row) not in at_edge)
            inner.update(_masked(_row_text(row)) for row in cells)
    same: dict[tuple[int, str], set[int]] = defaultdict(set)
    places: Counter[tuple[int, bool]] = Counter()
    for number, found in edges.items():
        for row, _ in found:
            same[round(row[0].y / 3), _masked(_row_text(row))].add(number)
        places.update({(round(row[0].y / 3), foot) for row, foot in found})
    enough = max(2, 0.4 * len(edges))
    dropped: list[Dropped] = []
    for page in pages:
        gone: set[int] = set()
        frames = framed(page)
        for at, (row, foot) in enumerate(edges.get(page.number, ())):
            y, text = round(row[0].y / 3), _masked(_row_text(row))
            n_same = max(len(same.get((y + d, text), ())) for d in (-1, 0, 1))
            n_place = max(places.get((y + d, foot), 0) for d in (-1, 0, 1))
            outermost = at == 0 or foot != edges[page.number][at - 1][1]
            numbered = outermost and _is_quiet(row, page) and _is_number(row, page.number)
            numbered = numbered and _stands_clear(edges[page.number], at)
            apart = len(row) > 1 or _NUMBER.fullmatch(_row_text(row).strip()) is not None
            alone = len(edges) < 3 and apart
            if _in_table(row[0], frames, page) or (len(row) >= _CELLS and text in inner):
                continue  # the head of a table, on every page that it goes over
            if n_same >= enough or (numbered and (n_place >= enough or alone)):
                runs = [run for line in row for run in line.runs]
                gone.update(id(run) for run in runs)
                what = f"page {page.number} {'foot' if foot else 'head'}"
                dropped += _dropped(what, "running_foot" if foot else "running_head", runs)
        if page.artifacts:
            marked_out = [r for r in page.runs if id(r) in page.artifacts and id(r) not in gone]
            if marked_out and _visible(marked_out) < 0.5 * _visible(page.runs):
                gone.update(id(run) for run in marked_out)
                dropped += _dropped(f"page {page.number}", "artifact", marked_out)
        if gone:
            page.runs[:] = [run for run in page.runs if id(run) not in gone]
    return dropped


def _in_table(line: Line, frames: Sequence[Box], page: Page) -> bool:
    """Whether a line at the edge is in a table that goes on to where the text stands."""
    return any(
        top < line.y < bottom
        and left < line.x1
        and line.x0 < right
        and top < (1 - _EDGE) * page.height
        and bottom > _EDGE * page.height
        for left, top, right, bottom in frames
    )


def _row_text(row: Sequence[Line]) -> str:
    return " ".join(line.text for line in row)


def _rows(page: Page) -> list[list[Line]]:
    """What stands on each baseline, from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines(page.runs, page.number), key=lambda line: (line.y, line.x0)):
        if rows and line.y - rows[-1][0].y < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _edge_lines(rows: Sequence[list[Line]], page: Page) -> list[tuple[list[Line], bool]]:
    """The rows of lines near the upper and the lower edge, outermost first; True for the foot.

    Only rows that stand apart from the text are looked at: up to two at each edge.
    """
    if len(rows) < 2:
        return []
    heads = [row for row in rows[:3] if row[0].y < _EDGE * page.height]
    feet = [row for row in rows[:-4:-1] if row[0].y > (1 - _EDGE) * page.height]
    last, above = rows[-1][0], rows[-2][0]
    alone = last.y - above.y > _ALONE * last.size and last.y > _LOW * page.height
    if not feet and len(rows) > 3 and alone and _NUMBER.fullmatch(_row_text(rows[-1])):
        feet = [rows[-1]]
    return [(row, False) for row in heads] + [(row, True) for row in feet]


def _stands_clear(rows: Sequence[tuple[list[Line], bool]], at: int) -> bool:
    """Whether a row at the edge is farther from the text than lines of it are from each other."""
    row, foot = rows[at]
    if at + 1 == len(rows) or rows[at + 1][1] != foot:
        return True
    return abs(rows[at + 1][0][0].y - row[0].y) > _CLEAR * row[0].size


def _is_quiet(row: Sequence[Line], page: Page) -> bool:
    """Whether a row is neither larger nor heavier than the rest of its page, as headings are."""
    sizes = sorted(run.size for run in page.runs for _ in run.text)
    usual = sizes[len(sizes) * 3 // 4]  # code may be smaller than prose
    runs = [run for line in row for run in line.runs]
    heavy = all(run.font.bold for run in runs) or any(map(_counted_title, row))
    return max(run.size for run in runs) < 1.1 * usual and not heavy


def _counted_title(line: Line) -> bool:
    """Whether a line is bold, with a number and words: a heading beside another column's text."""
    bold = all(run.font.bold for run in line.runs)
    return bold and any(map(str.isdigit, line.text)) and any(map(str.isalpha, line.text))


def _is_number(row: Sequence[Line], page: int) -> bool:
    """Whether a row at the edge holds a page number, alone or at its one end."""
    text = _row_text(row).strip()
    words = text.split()
    if not words or len(text) > 100:
        return False
    if _NUMBER.fullmatch(text):
        return True
    if _ROMAN.fullmatch(text):
        return True
    ends = [word for word in (words[0], words[-1]) if word.isdigit() and len(word) < 5]
    apart = len(row) > 1 or len(words) <= 8
    return bool(ends) and apart and any(abs(int(word) - page) <= 30 for word in ends)


def _continued(found: Sequence[Part]) -> list[Part]:
    """Parts that go on over a page or column, joined; footnotes between the two stay behind."""
    body = body_size(found)
    joined: list[Part] = []
    for part in found:
        if _is_note(part, body):
            part.note = True
            joined.append(part)
            continue
        before = next((other for other in reversed(joined) if not other.note), None)
        if before is None or not _goes_on(before, part):
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
    return raised and _MARK.fullmatch(mark.text) is not None


def _cells(row: Sequence[Sequence[Line]]) -> list[str]:
    return [" ".join(line.text for line in cell) for cell in row]


def _goes_on(before: Part, part: Part) -> bool:
    """Whether a part is the rest of the one before it, cut by the end of a page or column."""
    if part.table is not None or before.table is not None:
        return (
            part.table is not None
            and before.table is not None
            and len(part.table.rows[0]) == len(before.table.rows[0])
            and (_moved(before.table, part.table) or _is_rest(before, part))
        )
    last, first = before.all_lines[-1], part.lines[0]
    moved = first.page > last.page or (first.page == last.page and first.y < last.y - last.size)
    if not moved or abs(_largest(last) - _largest(first)) > 0.3:
        return False
    if before.kind == part.kind == "code":
        return True
    if part.kind != "paragraph" or before.kind not in ("paragraph", "list_item", "quote"):
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
        return abs(box[0] - left) < _SAME_PLACE or abs(box[2] - box[0] - right + left) < _SAME_PLACE
    beside = box[0] > right and box[1] < top + _SAME_PLACE
    return beside and abs(box[2] - box[0] - right + left) < _SAME_PLACE


def _largest(line: Line) -> float:
    return max(run.size for run in line.runs)


def _pieces(found: Sequence[Part], known: Vocabulary) -> Iterator[Piece]:
    depths = _Depths(found)
    codes = [stretch for part in found if part.kind == "code" for stretch in _stretches(part)]
    known_code = habits(codes)
    every = [line for part in found for line in part.all_lines]
    edges = (
        min((line.top for line in every), default=0.0),
        max((line.bottom for line in every), default=0.0),
    )
    for part in found:
        place = Place(page=part.page, bbox=_rounded(part.box) if part.lines or part.table else None)
        if part.table is not None:
            rows = texts(part.table, known)
            n_heads = part.table.header_rows
            yield Piece("table", markdown(rows, n_heads), header_rows=n_heads, place=place)
        elif part.kind == "code":
            code = joined(_stretches(part), known_code, edges)
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
