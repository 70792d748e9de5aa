"""A PowerPoint presentation to pieces, read from its XML; slides.py tells in which order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from builder.ingest import charts, slides
from builder.ingest.container import Container, Unreadable, read
from builder.ingest.docx_items import TYPED_BULLET
from builder.ingest.docx_styles import is_fixed
from builder.ingest.grid import pipe_table, raised
from builder.ingest.omath import M, linear
from builder.ingest.parsed import Parsed, Piece, Refused
from builder.ingest.slides import PLAIN_SIZE, Deck, Line, Shape, Slide, as_pieces

if TYPE_CHECKING:
    from lxml.etree import _Element

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_SHAPES = tuple(_P + name for name in ("sp", "graphicFrame", "cxnSp", "pic"))
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_MADE_UP = re.compile(r"(?:powerpoint[- ]?)?(?:presentation|präsentation|présentation)\s*\d*", re.I)
_LEVELS = 8  # of a body, from the outermost


def parse(data: bytes) -> Parsed | Refused:
    """The content of a presentation."""
    return read(data, "a PowerPoint presentation", _parsed)


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
    deck = _Deck(container, [_slide(container, part, at) for at, part in enumerate(listed, 1)])
    core = container.optional_xml("docProps/core.xml")
    title = " ".join(((core.findtext(_DC_TITLE) if core is not None else "") or "").split())
    return deck.parsed("" if _MADE_UP.fullmatch(title) else title)


def _slide(container: Container, part: str, number: int) -> Slide:
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
    return Slide(number=number, part=part, hidden=hidden, shapes=shapes, told=told)


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


def _shapes(
    tree: _Element, layout: _Element | None, base: Sequence[_Element] = ()
) -> Iterator[Shape]:
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
) -> Shape:
    place = next(element.iter(f"{_P}ph"), None)
    if place is None:
        return _told(element, "", _place(group, _position(element) or (0.0, 0.0)))
    role, index = place.get("type") or "body", place.get("idx") or ""
    above = _placeholder(layout, role, index)
    at = _position(element) or (_position(above) if above is not None else None) or (0.0, 0.0)
    bullets: tuple[bool, ...] = ()
    if role in ("body", "obj"):
        shapes = [element] if above is None else [element, above]
        own = [style for shape in shapes for style in shape.findall(f"{_P}txBody/{_A}lstStyle")]
        bullets = tuple(_has_bullet([*own, *base], level) for level in range(_LEVELS + 1))
    return _told(element, role, _place(group, at), bullets)


def _told(
    element: _Element, role: str, place: tuple[float, ...], bullets: tuple[bool, ...] = ()
) -> Shape:
    said = [paragraph for paragraph in element.iter(f"{_A}p") if _words(paragraph)]
    return Shape(
        element=element,
        role=role,
        place=place,
        words=_words(element),
        n_lines=len(said),
        bold=_is_bold(element),
        listed=bool(said) and _is_listed(said[0]),
        size=_size(element),
        bullets=bullets,
        is_text=element.tag == f"{_P}sp",
    )


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


def _is_bold(element: _Element) -> bool:
    """Whether all words of a shape are set bold."""
    runs = [run for run in element.iter(f"{_A}r") if _words(run)]
    looks = [run.find(f"{_A}rPr") for run in runs]
    return bool(looks) and all(look is not None and look.get("b") == "1" for look in looks)


def _is_listed(paragraph: _Element) -> bool:
    return next(paragraph.iter(f"{_A}buChar", f"{_A}buAutoNum"), None) is not None


def _size(element: _Element) -> float:
    """The largest type in a shape, in hundredths of a point."""
    told = [run.get("sz") or "" for run in element.iter(f"{_A}rPr", f"{_A}defRPr") if run.get("sz")]
    return max((float(size) for size in told if size.isdecimal()), default=PLAIN_SIZE)


def _words(element: _Element) -> str:
    return " ".join(" ".join(text.text or "" for text in element.iter(f"{_A}t")).split())


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


class _Deck(Deck):
    def __init__(self, container: Container, slides: Sequence[Slide]) -> None:
        super().__init__(slides)
        self._container = container

    def lines(self, shape: Shape) -> Iterator[Line]:
        """The paragraphs of a shape."""
        return self._lines(shape.element, shape.bullets)

    def content(self, shape: Shape, slide: Slide) -> Sequence[Piece]:
        """The pieces of a shape that is no title."""
        table = next(shape.element.iter(f"{_A}tbl"), None)
        if table is not None:
            return self._table(table)
        diagram = next(shape.element.iter(f"{_DIAGRAM}relIds"), None)
        if diagram is not None:
            return self._diagram(diagram, slide.part)
        chart = next(shape.element.iter(*charts.CHARTS), None)
        if chart is not None:
            return self._chart(chart, slide.part)
        return list(as_pieces(list(self.lines(shape))))

    def _diagram(self, element: _Element, part: str) -> list[Piece]:
        """The texts of a SmartArt diagram as a list."""
        wanted = element.get(f"{_R}dm")
        found = (r.target for r in self._container.rels(part) if r.id == wanted)
        root = self._container.optional_xml(next(found, ""))
        pieces = []
        for paragraph in root.iter(f"{_A}p") if root is not None else ():
            text = " ".join("".join(t.text or "" for t in paragraph.iter(f"{_A}t")).split())
            self.keep(text)
            pieces.append(Piece("list_item", f"- {text}" if text else "", level=1))
        return pieces

    def _chart(self, element: _Element, part: str) -> list[Piece]:
        """The figures of a chart as a table, its title as a caption."""
        wanted = element.get(f"{_R}id")
        found = (r.target for r in self._container.rels(part) if r.id == wanted)
        title, rows = charts.read(self._container.optional_xml(next(found, "")))
        self.keep(title + "".join(cell for row in rows for cell in row))
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

    def notes(self, slide: Slide) -> Sequence[Piece]:
        """The speaker's notes of a slide."""
        pieces: list[Piece] = []
        for relation in self._container.rels(slide.part):
            if relation.kind != "notesSlide":
                continue
            tree = self._container.xml(relation.target).find(f"{_P}cSld/{_P}spTree")
            for shape in _shapes(tree, None) if tree is not None else ():
                if shape.role == "body":
                    pieces += as_pieces(list(self._lines(shape.element)))
        return pieces

    def _lines(self, element: _Element, bullets: Sequence[bool] = ()) -> Iterator[Line]:
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
            text = slides.inline(spans)
            if marker in ("", "-") and not mono and TYPED_BULLET.match(raw.lstrip()):
                marker, text = "-", text[1:].lstrip()
            yield Line(text=text, raw=raw.strip("\n"), level=level, marker=marker, mono=mono)

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
            self.keep(text, None if properties is None else properties.get("lang") or "")
            yield text, _is_mono(properties)
