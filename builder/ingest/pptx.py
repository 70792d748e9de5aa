"""A presentation to pieces, read from its XML: titles as headings, bodies as lists, notes below.

A slide is read from the top left, columns under heads of their own one by one. Where no placeholder
is a title (decks that programs write), the line at the top in the largest type is. Hidden slides,
dates, footers and slide numbers are left out and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from builder.ingest import charts
from builder.ingest.container import Container, Unreadable, read
from builder.ingest.docx_items import TYPED_BULLET
from builder.ingest.docx_styles import is_fixed
from builder.ingest.grid import code_span, pipe_table, raised
from builder.ingest.omath import M, linear
from builder.ingest.parsed import Parsed, Piece, Refused, fenced, has_several_tops
from builder.records import Dropped, Place

if TYPE_CHECKING:
    from lxml.etree import _Element

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_SHAPES = tuple(_P + name for name in ("sp", "graphicFrame", "cxnSp", "pic"))
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_TITLES = frozenset(("title", "ctrTitle"))
_MARGINS = frozenset(("dt", "ftr", "sldNum", "hdr"))
_MADE_UP = re.compile(r"(?:powerpoint[- ]?)?(?:presentation|präsentation|présentation)\s*\d*", re.I)
_REPEATED = 0.5  # share of the slides on which a short free text is a footer
_FEW = 4  # slides, below which nothing counts as repeated
_SHORT = 80  # characters of a footer
_LEVELS = 8  # of a body, from the outermost
_SAME_HEIGHT = 300_000  # EMU (a third of an inch)
_PLAIN_SIZE = 1800.0  # hundredths of a point, of text that nothing tells the size of
_LARGER = 1.15  # times the size of all other text on a slide, from which a line is its title
_FEW_LINES = 3  # on the slide that begins a deck: its title, what is below it, who wrote it


def parse(data: bytes) -> Parsed | Refused:
    """The content of a presentation."""
    return read(data, "a PowerPoint presentation", _parsed)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Something on a slide. role: of its placeholder ("title", "body", ...), "" without one."""

    element: _Element
    role: str
    place: tuple[float, ...]  # top and left in EMU, of the group and then of the shape in it
    bullets: tuple[bool, ...]  # whether paragraphs of a level have one by default
    inferred: bool = False  # a title by its looks


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph of a shape. marker: of a list item, "" of a plain paragraph."""

    text: str
    raw: str
    level: int
    marker: str
    mono: bool


@dataclass(slots=True)
class _Slide:
    number: int
    part: str
    hidden: bool
    shapes: list[_Shape]
    told: str  # the type of its layout
    kind: Literal["title", "section", ""]


def _parsed(container: Container) -> Parsed:
    main = container.main("ppt/presentation.xml")
    if main not in container or not main.startswith("ppt/"):
        raise Unreadable("unknown_format", "the archive holds no PowerPoint presentation")
    targets = {relation.id: relation.target for relation in container.rels(main)}
    listed = [
        targets.get(element.get(f"{_R}id") or "", "")
        for element in container.xml(main).iter(f"{_P}sldId")
    ]
    if "" in listed:
        raise Unreadable("corrupt", f"slide {listed.index('') + 1} is missing")
    slides = [_slide(container, part, number) for number, part in enumerate(listed, 1)]
    repeated = _repeated_texts(slides)
    slides = [_with_title(slide, repeated) for slide in slides]
    if len(slides) > 1 and slides[0].kind == "section" and slides[0].told != "secHead":
        slides[0] = replace(slides[0], kind="title")  # a title alone, with slides to follow
    walk = _Walk(container, slides, repeated)
    pieces = [piece for slide in slides for piece in walk.slide(slide)]
    core = container.optional_xml("docProps/core.xml")
    title = " ".join(((core.findtext(_DC_TITLE) if core is not None else "") or "").split())
    return Parsed(
        pieces=pieces,
        title="" if _MADE_UP.fullmatch(title) else title,
        by_name=has_several_tops(pieces),
        lang=walk.lang(),
        notes=tuple(f"{region.what}: left out ({region.reason})" for region in walk.dropped),
        visible=walk.kept + sum(region.characters for region in walk.dropped),
        dropped=tuple(walk.dropped),
    )


def _slide(container: Container, part: str, number: int) -> _Slide:
    root = container.xml(part)
    name = _related(container, part, "slideLayout")
    layout = container.xml(name) if name else None
    above = _related(container, name, "slideMaster") if name else ""
    master = container.xml(above) if above else None
    tree = root.find(f"{_P}cSld/{_P}spTree")
    if tree is None:
        raise Unreadable("corrupt", f"the part {part} is no slide")
    shapes = list(_shapes(tree, layout, list(_list_styles(master))))
    told = (layout.get("type") or "") if layout is not None else ""
    hidden = root.get("show") in ("0", "false")
    return _Slide(number, part, hidden, shapes, told, _kind(told, number, shapes))


def _related(container: Container, part: str, kind: str) -> str:
    """The part that a part refers to as a kind, "" without one."""
    found = (relation.target for relation in container.rels(part) if relation.kind == kind)
    return next(found, "")


def _list_styles(master: _Element | None) -> Iterator[_Element]:
    """The list styles that all bodies have: that of the master's own body, then of its texts."""
    for shape in master.iter(f"{_P}sp") if master is not None else ():
        place = next(shape.iter(f"{_P}ph"), None)
        if place is not None and place.get("type") == "body":
            yield from shape.iterfind(f"{_P}txBody/{_A}lstStyle")
    if master is not None:
        yield from master.iterfind(f"{_P}txStyles/{_P}bodyStyle")


def _kind(told: str, number: int, shapes: Sequence[_Shape]) -> Literal["title", "section", ""]:
    """What a slide is by its layout; where that says nothing, by what stands on it."""
    roles = {shape.role for shape in shapes if _words(shape.element)} - _MARGINS
    if number == 1 and roles and (told == "title" or roles & {"ctrTitle", "subTitle"}):
        return "title"
    if told == "secHead":
        return "section"
    pictures = any(shape.element.tag != f"{_P}sp" for shape in shapes)
    bare = bool(roles) and roles <= _TITLES and not pictures
    return "section" if bare else ""


def _shapes(
    tree: _Element, layout: _Element | None, base: Sequence[_Element] = ()
) -> Iterator[_Shape]:
    """The shapes of a slide, those of groups and of the first alternative included.

    base: the list styles of bodies, below those of the layout.
    """
    stack: list[tuple[_Element, tuple[float, ...]]] = [(child, ()) for child in reversed(tree)]
    while stack:
        element, group = stack.pop()
        if element.tag in _SHAPES:
            yield _shape(element, layout, base, group)
        elif element.tag == f"{_P}grpSp":
            group = group or _position(element) or (0.0, 0.0)
            stack += [(child, group) for child in reversed(element)]
        elif element.tag == f"{_MC}AlternateContent":
            stack += [(child, group) for child in reversed(_chosen(element))]


def _chosen(element: _Element) -> list[_Element]:
    branches = element.findall(f"{_MC}Choice") + element.findall(f"{_MC}Fallback")
    for branch in branches:
        if any(text.text for text in branch.iter(f"{_A}t", f"{M}t")):
            return list(branch)
    return list(branches[0]) if branches else []


def _shape(
    element: _Element,
    layout: _Element | None,
    base: Sequence[_Element],
    group: tuple[float, ...],
) -> _Shape:
    place = next(element.iter(f"{_P}ph"), None)
    if place is None:
        return _Shape(element, "", _place(group, _position(element) or (0.0, 0.0)), ())
    role, index = place.get("type") or "body", place.get("idx") or ""
    above = _placeholder(layout, role, index)
    at = _position(element) or (_position(above) if above is not None else None) or (0.0, 0.0)
    bullets: tuple[bool, ...] = ()
    if role in ("body", "obj"):
        shapes = [element] if above is None else [element, above]
        own = [style for shape in shapes for style in shape.findall(f"{_P}txBody/{_A}lstStyle")]
        bullets = tuple(_has_bullet([*own, *base], level) for level in range(_LEVELS + 1))
    return _Shape(element, role, _place(group, at), bullets)


def _place(group: tuple[float, ...], at: tuple[float, ...]) -> tuple[float, ...]:
    """The place that a shape is sorted by: that of its group, then its own in it."""
    return (*group, *at) if group else (*at, 0.0, 0.0)


def _has_bullet(styles: Sequence[_Element], level: int) -> bool:
    """Whether a level of a body has a bullet by the first of its list styles that tells."""
    for listed in styles:
        style = listed.find(f"{_A}lvl{level + 1}pPr")
        if style is None:
            continue
        if style.find(f"{_A}buNone") is not None:
            return False
        if style.find(f"{_A}buChar") is not None or style.find(f"{_A}buAutoNum") is not None:
            return True
    return True


def _position(element: _Element) -> tuple[float, float] | None:
    """Top and left of a shape."""
    offset = next(element.iter(f"{_A}off"), None)
    if offset is None:
        return None
    try:
        return float(offset.get("y") or 0), float(offset.get("x") or 0)
    except ValueError:
        return None


def _placeholder(layout: _Element | None, role: str, index: str) -> _Element | None:
    """The placeholder of the layout that one of a slide fills."""
    for shape in layout.iter(f"{_P}sp") if layout is not None else ():
        place = next(shape.iter(f"{_P}ph"), None)
        if place is None:
            continue
        same = (place.get("type") or "body") == role
        if (place.get("idx") or "") == index and (index or same):
            return shape
    return None


def _in_order(shapes: Sequence[_Shape]) -> list[_Shape]:
    """Titles first, then from the top left; what starts about equally high goes left to right."""
    titles = [shape for shape in shapes if shape.role in _TITLES]
    rest = sorted(
        (shape for shape in shapes if shape.role not in _TITLES), key=lambda shape: shape.place
    )
    bands: list[list[_Shape]] = []
    for shape in rest:
        if not bands or shape.place[0] - bands[-1][0].place[0] > _SAME_HEIGHT:
            bands.append([])
        bands[-1].append(shape)
    ordered = titles
    while bands:
        band = sorted(bands.pop(0), key=_across)
        below = sorted(bands[0], key=_across) if bands else []
        if _are_columns(band, below):
            del bands[0]
            band = [shape for column in zip(band, below, strict=True) for shape in column]
        ordered += band
    return ordered


def _are_columns(heads: Sequence[_Shape], below: Sequence[_Shape]) -> bool:
    """Whether placeholders of one line each, or bold lines, stand over others: heads of columns."""
    placeholders = all(shape.role for shape in (*heads, *below))
    return (
        len(heads) == len(below) > 1
        and (placeholders or (all(map(_is_bold, heads)) and not any(map(_is_bold, below))))
        and all(sum(1 for _ in _said(head)) == 1 for head in heads)
        and all(
            abs(head.place[1] - body.place[1]) <= _SAME_HEIGHT
            for head, body in zip(heads, below, strict=True)
        )
    )


def _is_bold(shape: _Shape) -> bool:
    """Whether all words of a shape are set bold."""
    runs = [run for run in shape.element.iter(f"{_A}r") if _words(run)]
    looks = [run.find(f"{_A}rPr") for run in runs]
    return bool(looks) and all(look is not None and look.get("b") == "1" for look in looks)


def _said(shape: _Shape) -> Iterator[_Element]:
    """The paragraphs of a shape that hold text."""
    return (paragraph for paragraph in shape.element.iter(f"{_A}p") if _words(paragraph))


def _with_title(slide: _Slide, repeated: frozenset[str]) -> _Slide:
    """The slide; where it has no title, the line at its top is one if it is set the largest."""
    said = [
        shape
        for shape in _in_order(slide.shapes)
        if shape.role not in _MARGINS and (words := _words(shape.element)) and words not in repeated
    ]
    if not said or said[0].role or any(shape.role in _TITLES for shape in said):
        return slide
    first, *others = said
    lines = list(_said(first))
    others_size = max((_size(shape.element) for shape in others), default=_PLAIN_SIZE)
    if len(lines) > 1 or len(_words(first.element)) > _SHORT or _is_listed(lines[0]):
        return slide
    if _size(first.element) < _LARGER * max(others_size, _PLAIN_SIZE if not others else 0):
        return slide
    few = len(said) <= _FEW_LINES and all(sum(1 for _ in _said(shape)) == 1 for shape in said)
    begins = slide.number == 1 and few and bool(others)
    title = replace(first, role="ctrTitle" if begins else "title", inferred=True)
    shapes = [title if shape is first else shape for shape in slide.shapes]
    return replace(slide, shapes=shapes, kind=_kind(slide.told, slide.number, shapes))


def _is_listed(paragraph: _Element) -> bool:
    return next(paragraph.iter(f"{_A}buChar", f"{_A}buAutoNum"), None) is not None


def _size(element: _Element) -> float:
    """The largest type in a shape, in hundredths of a point."""
    told = [run.get("sz") or "" for run in element.iter(f"{_A}rPr", f"{_A}defRPr") if run.get("sz")]
    return max((float(size) for size in told if size.isdecimal()), default=_PLAIN_SIZE)


def _across(shape: _Shape) -> tuple[float, ...]:
    top, left, *inside = shape.place
    return (left, top, *inside)


def _repeated_texts(slides: Sequence[_Slide]) -> frozenset[str]:
    """Short free texts that stand on most slides: the footers of decks without placeholders."""
    if len(slides) < _FEW:
        return frozenset()
    found = Counter(
        text
        for slide in slides
        for text in {_words(shape.element) for shape in slide.shapes if not shape.role}
    )
    return frozenset(
        text
        for text, count in found.items()
        if text and len(text) <= _SHORT and count >= _REPEATED * len(slides)
    )


def _words(element: _Element) -> str:
    return " ".join(" ".join(text.text or "" for text in element.iter(f"{_A}t")).split())


def _length(text: str) -> int:
    return len("".join(text.split()))


def _stands_out(table: _Element) -> bool:
    """Whether the first row of a table is bold or filled and the second is not."""
    first, second = table.findall(f"{_A}tr")[:2]
    colours = _colours(first), _colours(second)
    if all(len(found) == 1 for found in colours) and colours[0] != colours[1]:
        return True
    return _is_strong(first) and not _is_strong(second)


def _colours(row: _Element) -> set[str]:
    """The colours that the words of a row are set in."""
    return {
        colour.get("val") or ""
        for run in row.iter(f"{_A}r")
        for colour in run.findall(f"{_A}rPr/{_A}solidFill/*")
    }


def _is_strong(row: _Element) -> bool:
    runs = [run for run in row.iter(f"{_A}rPr") if run.getparent() is not None]
    if runs and all(run.get("b") in ("1", "true") for run in runs):
        return True
    cells = row.findall(f"{_A}tc/{_A}tcPr")
    return bool(cells) and all(cell.find(f"{_A}solidFill") is not None for cell in cells)


def _is_mono(properties: _Element | None) -> bool:
    font = properties.find(f"{_A}latin") if properties is not None else None
    return font is not None and is_fixed(font.get("typeface") or "")


def _is_raised(properties: _Element | None) -> bool:
    """Whether a run is set above the line (a:rPr, baseline in thousandths of a percent)."""
    told = (properties.get("baseline") or "") if properties is not None else ""
    return bool(told.strip("0%")) and not told.startswith("-")


def _inline(spans: Sequence[tuple[str, bool]]) -> str:
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


def _marker(
    properties: _Element | None, counts: dict[int, int], level: int, *, listed: bool
) -> str:
    """The marker of a paragraph: its number, counted on, "-" for a bullet, "" for none."""
    for deeper in [at for at in counts if at > level]:
        del counts[deeper]
    number = properties.find(f"{_A}buAutoNum") if properties is not None else None
    if number is not None:
        start = number.get("startAt") or "1"
        first = int(start) if start.isdecimal() else 1
        counts[level] = counts.get(level, first - 1) + 1
        return f"{counts[level]}."
    counts.pop(level, None)
    if properties is not None:
        if properties.find(f"{_A}buNone") is not None:
            return ""
        if properties.find(f"{_A}buChar") is not None or properties.find(f"{_A}buBlip") is not None:
            return "-"
    return "-" if listed else ""


def _as_pieces(lines: Sequence[_Line]) -> Iterator[Piece]:
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


def _with_joined_code(lines: Sequence[_Line]) -> list[_Line]:
    """Lines of code that follow each other as one, blank ones among them included.

    A paragraph of several lines stays alone.
    """
    joined: list[_Line] = []
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


def _is_code(line: _Line) -> bool:
    return line.mono and not line.marker


class _Walk:
    def __init__(
        self, container: Container, slides: Sequence[_Slide], repeated: frozenset[str]
    ) -> None:
        self._container = container
        self._repeated = repeated
        self._titled = bool(slides) and slides[0].kind == "title"
        self._in_section = 0
        self._langs: Counter[str] = Counter()
        self.kept = 0
        self.dropped: list[Dropped] = []

    def slide(self, slide: _Slide) -> list[Piece]:
        """The pieces of one slide: its title, its body in reading order, its notes.

        One without a title goes on with the slide before: pandoc parts slides so at a table.
        """
        if slide.hidden:
            self._leave_out(f"slide {slide.number}", "hidden", [s.element for s in slide.shapes])
            return []
        place = Place(slide=slide.number)
        pieces: list[Piece] = []
        for shape in _in_order(slide.shapes):
            if shape.role in _MARGINS or (
                not shape.role and _words(shape.element) in self._repeated
            ):
                self._leave_out(f"{shape.role or 'footer'}", "running_head", [shape.element])
            elif shape.role in _TITLES:
                pieces += self._title(shape, slide)
            else:
                pieces += self._content(shape, slide.part)
        pieces = [replace(piece, place=place) for piece in pieces]
        pieces += [replace(p, place=place, flags=("notes",)) for p in self._notes(slide.part)]
        return [piece for piece in pieces if piece.text]

    def lang(self) -> str:
        """The language that most of the text is marked with."""
        return next((name for name, _ in self._langs.most_common(1) if name), "")

    def _title(self, shape: _Shape, slide: _Slide) -> list[Piece]:
        text = " ".join(line.text for line in self._lines(shape.element) if line.text)
        text = " ".join(text.split())
        if not text:
            return []
        if slide.kind == "title":
            level = 1
        elif slide.kind == "section":
            level = self._in_section = 1 + self._titled
        else:
            level = 1 + (self._in_section or self._titled)
        flags = ("inferred",) if shape.inferred else ()
        return [Piece("heading", text, level=level, flags=flags)]

    def _content(self, shape: _Shape, part: str) -> list[Piece]:
        table = next(shape.element.iter(f"{_A}tbl"), None)
        if table is not None:
            return self._table(table)
        diagram = next(shape.element.iter(f"{_DIAGRAM}relIds"), None)
        if diagram is not None:
            return self._diagram(diagram, part)
        chart = next(shape.element.iter(*charts.CHARTS), None)
        if chart is not None:
            return self._chart(chart, part)
        return list(_as_pieces(list(self._lines(shape.element, shape.bullets))))

    def _diagram(self, element: _Element, part: str) -> list[Piece]:
        """The texts of a SmartArt diagram as a list."""
        wanted = element.get(f"{_R}dm")
        found = (r.target for r in self._container.rels(part) if r.id == wanted)
        root = self._container.optional_xml(next(found, ""))
        pieces = []
        for paragraph in root.iter(f"{_A}p") if root is not None else ():
            text = " ".join("".join(t.text or "" for t in paragraph.iter(f"{_A}t")).split())
            self.kept += _length(text)
            pieces.append(Piece("list_item", f"- {text}" if text else "", level=1))
        return pieces

    def _chart(self, element: _Element, part: str) -> list[Piece]:
        """The figures of a chart as a table, its title as a caption."""
        wanted = element.get(f"{_R}id")
        found = (r.target for r in self._container.rels(part) if r.id == wanted)
        title, rows = charts.read(self._container.optional_xml(next(found, "")))
        self.kept += _length(title + "".join(cell for row in rows for cell in row))
        return [Piece("caption", title), Piece("table", pipe_table(rows, 1), header_rows=1)]

    def _table(self, table: _Element) -> list[Piece]:
        rows: list[list[str]] = []
        for row in table.iterchildren(f"{_A}tr"):
            cells: list[str] = []
            for cell in row.iterchildren(f"{_A}tc"):
                text = " ".join(line.text for line in self._lines(cell) if line.text)
                if cell.get("hMerge") in ("1", "true") and cells:
                    text = cells[-1]
                elif cell.get("vMerge") in ("1", "true") and rows and len(cells) < len(rows[-1]):
                    text = rows[-1][len(cells)]
                cells.append(text)
            rows.append(cells)
        properties = table.find(f"{_A}tblPr")
        told = properties is not None and properties.get("firstRow") in ("1", "true")
        n_head = int(len(rows) > 1 and (told or _stands_out(table)))
        return [Piece("table", pipe_table(rows, n_head), header_rows=n_head)]

    def _notes(self, part: str) -> list[Piece]:
        """The speaker's notes of a slide."""
        pieces: list[Piece] = []
        for relation in self._container.rels(part):
            if relation.kind != "notesSlide":
                continue
            tree = self._container.xml(relation.target).find(f"{_P}cSld/{_P}spTree")
            for shape in _shapes(tree, None) if tree is not None else ():
                if shape.role == "body":
                    pieces += _as_pieces(list(self._lines(shape.element)))
        return pieces

    def _lines(self, element: _Element, bullets: Sequence[bool] = ()) -> Iterator[_Line]:
        """The paragraphs of a shape. bullets: whether each level has one unless told otherwise."""
        counts: dict[int, int] = {}
        for paragraph in element.iter(f"{_A}p"):
            properties = paragraph.find(f"{_A}pPr")
            told = (properties.get("lvl") or "0") if properties is not None else "0"
            level = min(int(told), _LEVELS) if told.isdecimal() else 0
            spans = list(self._spans(paragraph))
            raw = "".join(text for text, _ in spans)
            mono = all(fixed for text, fixed in spans if text.strip())
            listed = bullets[level] if level < len(bullets) else False
            marker = _marker(properties, counts, level, listed=listed) if raw.strip() else ""
            text = _inline(spans)
            if marker in ("", "-") and not mono and TYPED_BULLET.match(raw.lstrip()):
                marker, text = "-", text[1:].lstrip()
            yield _Line(text, raw.strip("\n"), level, marker, mono)

    def _spans(self, paragraph: _Element) -> Iterator[tuple[str, bool]]:
        """The runs of a paragraph: text, and whether it is monospaced."""
        for run in paragraph.iter(f"{_A}r", f"{_A}br", f"{_A}fld", f"{M}oMath"):
            if run.tag == f"{_A}br":
                text = "\n"
            elif run.tag == f"{M}oMath":
                text = linear(run)
            elif next(run.iterancestors(f"{M}oMath"), None) is not None:
                continue
            else:
                text = (run.findtext(f"{_A}t") or "").replace("\x0b", "\n").replace("_x000B_", "\n")
            properties = run.find(f"{_A}rPr")
            if _is_raised(properties):
                text = raised(text)
            if properties is not None:
                self._langs[properties.get("lang") or ""] += len(text)
            self.kept += _length(text)
            yield text, _is_mono(properties)

    def _leave_out(self, what: str, reason: str, elements: Sequence[_Element]) -> None:
        text = " ".join(filter(None, map(_words, elements)))
        if text:
            self.dropped.append(
                Dropped(what=what, reason=reason, characters=_length(text), beginning=text[:80])
            )
