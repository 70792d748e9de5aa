"""A Word file to pieces, read from its XML.

What a reader of the printed document sees, with accepted changes: insertions stay, deletions go.
Tables of contents, running heads, comments and hidden text are left out and counted. A footnote
becomes a paragraph after the block that refers to it: in parentheses it would part the sentence,
and it may hold several paragraphs or code. Markers of footnotes and numbers of headings, which Word
makes up when it shows the file, are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from builder.ingest import charts, docx_items, docx_tables
from builder.ingest.container import Container, Unreadable, read
from builder.ingest.docx_items import Item
from builder.ingest.docx_styles import Kind, Look, Numbering, Styles, W, is_on, value
from builder.ingest.docx_tables import Cell, Row
from builder.ingest.omath import M, linear
from builder.ingest.parsed import Parsed, Refused, has_several_tops
from builder.ingest.story import Span, Story, length, told_title
from builder.records import Place

if TYPE_CHECKING:
    from lxml.etree import _Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CORE = "docProps/core.xml"
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"

_NO_CONTENT = frozenset(
    W + name
    for name in "pPr rPr tblPr tblGrid trPr tcPr sectPr sdtPr sdtEndPr instrText delInstrText rt "
    "bookmarkStart bookmarkEnd proofErr annotationRef footnoteRef endnoteRef separator "
    "continuationSeparator commentReference rubyPr".split()
)
_DELETED = (f"{W}del", f"{W}moveFrom")
_LEFT_OUT_FIELDS = frozenset(
    ("toc", "index", "toa", "page", "pageref", "numpages", "sectionpages", "bidioutline")
)
_LISTS = frozenset(("toc", "index", "toa"))
_GREEK = dict(zip("abgdezhqiklmnxoprstufcyw", "αβγδεζηθικλμνξοπρστυφχψω", strict=True))
_SYMBOL_FONT = {
    **_GREEK, "D": "Δ", "G": "Γ", "L": "Λ", "P": "Π", "S": "Σ", "W": "Ω", "F": "Φ", "Q": "Θ",
    "Y": "Ψ", "X": "Ξ", "\xb3": "≥", "\xa3": "≤", "\xb9": "≠", "\xb1": "±", "\xb4": "×",
    "\xb8": "÷", "\xae": "→", "\xac": "←", "\xad": "↑", "\xaf": "↓", "\xab": "↔", "\xa5": "∞",
    "\xb7": "•", "\xb0": "°", "\xd7": "⋅", "\xde": "⇒", "\xdb": "⇔", "\xbb": "≈", "\xce": "∈",
    "\xd6": "√", "\xe5": "∑", "\xf2": "∫", "\xb2": "″", "\xa2": "′", "\xbc": "…", "-": "−",
}  # fmt: skip
_DINGBATS = {
    "\xfc": "✓", "\xfb": "✗", "\xfe": "☑", "\xfd": "☒", "\xa8": "□", "\xe0": "→", "\xdf": "←",
    "\xe1": "↑", "\xe2": "↓", "\xf0": "→", "\xef": "←", "\xe8": "→", "\xa7": "▪", "\xd8": "➢",
    "n": "■", "l": "●", "q": "❑", "v": "❖", "J": "☺", "L": "☹", "!": "✏", "(": "☎", "*": "✉",
    "o": "□", "x": "☒",
}  # fmt: skip
_MORE_DINGBATS = {
    "O": "✗", "P": "✓", "Q": "☒", "R": "☑", "S": "☒", "T": "☒", "\xa3": "☐", "*": "□", "\x97": "●",
}  # fmt: skip
_WEB_DINGBATS = {"a": "✓", "c": "□", "g": "■", "n": "●", "r": "✗"}
_FONTS = {
    "symbol": _SYMBOL_FONT, "wingdings 2": _MORE_DINGBATS, "webdings": _WEB_DINGBATS,
}  # fmt: skip
_BREAKS = {
    f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}ptab": "\t",
    f"{W}noBreakHyphen": "-", f"{W}softHyphen": "",
}  # fmt: skip


def parse(data: bytes) -> Parsed | Refused:
    """The content of a Word file."""
    return read(data, "a Word file", _parsed)


def _parsed(container: Container) -> Parsed:
    main = container.main("word/document.xml")
    if main not in container:
        raise Unreadable("unknown_format", "the archive holds no Word document")
    root = container.xml(main)
    if root.find(f"{W}body") is None:
        raise Unreadable("corrupt", f"the part {main} has no body")
    walk = _Walk(container, main)
    items = walk.story(root, main)
    walk.leave_out_margins()
    pieces = docx_items.pieces(items, walk.styles.plain.size)
    return Parsed(
        pieces=pieces,
        title=docx_items.title(items) or told_title(_core_title(container)),
        by_name=has_several_tops(pieces),
        lang=walk.lang(),
        notes=walk.notes(),
        visible=walk.visible(),
        dropped=walk.dropped(),
    )


@dataclass(slots=True, eq=False)
class _Field:
    """A field that is open. shown: its code is over, what follows is its result."""

    name: str
    shown: bool = False


@dataclass(slots=True)
class _Words:
    """What the runs of one paragraph give, and what comes after it."""

    spans: list[Span] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)


class _Walk(Story):
    """Reads the stories of a document (body, notes, text boxes) into items."""

    def __init__(self, container: Container, main: str) -> None:
        super().__init__()
        self._container = container
        self._rels = container.rels(main)
        parts = {relation.kind: relation.target for relation in self._rels}
        numbering = container.optional_xml(parts.get("numbering", ""))
        self.numbering = Numbering(numbering)
        self.styles = Styles(
            container.optional_xml(parts.get("styles", "")),
            container.optional_xml(parts.get("fontTable", "")),
            self.numbering,
        )
        self._parts = parts
        self._notes = {
            kind: _notes_by_id(container.optional_xml(parts.get(f"{kind}s", "")))
            for kind in ("footnote", "endnote")
        }
        self._asked: list[tuple[str, str]] = []
        self._told: set[tuple[str, str]] = set()
        self._in_note = False
        self._fields: list[_Field] = []
        self._events: dict[_Element, tuple[str, _Field]] = {}
        self._carried: list[Span] = []
        self._unknown_symbols = 0

    def story(self, root: _Element, part: str) -> list[Item]:
        """The items of one story, with those of its notes and text boxes after the block that
        refers to them."""
        outer = self._fields, self._carried
        self._fields, self._carried = [], []
        self._events.update(_field_events(root))
        items = list(self._blocks(root, part))
        if self._carried:
            items.append(self._item(Kind("body"), _Words(self._carried), part))
        self._fields, self._carried = outer
        return items

    def _blocks(self, root: _Element, part: str) -> Iterator[Item]:
        """The blocks below an element; wrappers that are no blocks are looked through."""
        stack = list(reversed(root))
        while stack:
            element = stack.pop()
            if element.tag == f"{W}p":
                yield from self._paragraph(element, part)
            elif element.tag == f"{W}tbl":
                yield from self._table(element, part)
            elif element.tag in _DELETED:
                self._leave_out(element, "tracked deletion", "deleted")
            elif element.tag == f"{W}sdt" and _is_contents(element):
                self._leave_out(element, "table of contents", "contents")
            elif _is_placeholder(element):
                self._leave_out(element, "placeholder", "placeholder")
            elif element.tag == f"{W}altChunk":
                yield from self._foreign(element, part)
            elif element.tag == f"{_MC}AlternateContent":
                stack.extend(reversed(_chosen(element)))
            elif element.tag == f"{M}oMathPara" or element.tag == f"{M}oMath":
                words = _Words()
                self._formula(element, words)
                yield from self._formulas(words, part)
            elif element.tag not in _NO_CONTENT:
                stack.extend(reversed(element))

    def _paragraph(self, element: _Element, part: str) -> Iterator[Item]:
        properties = element.find(f"{W}pPr")
        kind = self.styles.paragraph(properties)
        words = self._words(element, kind.style)
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            self._carried = words.spans  # its end was deleted: it goes on in the next paragraph
        elif _is_drop_cap(properties):
            plain = self.styles.plain
            self._carried = [Span(span.text.strip(), plain) for span in words.spans]
        elif words.spans or not words.formulas:
            item = self._item(kind, words, part, properties)
            is_entry = item.kind == "paragraph" and _only_leads_on(element)
            yield replace(item, bold=False, size=0) if is_entry else item
        yield from self._formulas(words, part)
        yield from self._after(words, part)

    def _formulas(self, words: _Words, part: str) -> Iterator[Item]:
        for formula in words.formulas:
            yield Item(kind="math", part=part, text=f"$$\n{formula}\n$$")

    def _after(self, words: _Words, part: str) -> Iterator[Item]:
        """What hangs on a paragraph: its text boxes, then its notes."""
        for box in words.boxes:
            around = self.level
            items = docx_items.boxed(self.story(box, part), around)
            self.level = around if items and items[-1].kind == "end" else self.level
            yield from items
        self._asked += words.notes
        if self._in_note:
            return
        while self._asked:  # a note may refer to further ones
            kind, name = self._asked.pop(0)
            yield from self._note(kind, name)

    def _note(self, kind: str, name: str) -> Iterator[Item]:
        """A footnote or endnote, where it is first referred to."""
        note = self._notes[kind].get(name)
        if note is None:
            raise Unreadable("corrupt", f"the {kind} {name} that the text refers to is missing")
        if (kind, name) in self._told:
            return
        self._told.add((kind, name))
        self._in_note = True
        for item in self.story(note, self._parts[f"{kind}s"]):
            yield replace(item, flags=(*item.flags, kind))
        self._in_note = False

    def _words(self, element: _Element, style: str) -> _Words:
        """The runs of a paragraph, in order, looking through links, insertions and the like."""
        words = _Words(spans=self._carried)
        self._carried = []
        stack = list(reversed(element))
        while stack:
            child = stack.pop()
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, style, words)
            elif tag in _DELETED:
                self._leave_out(child, "tracked deletion", "deleted")
            elif tag == f"{M}oMathPara":
                self._formula(child, words)
            elif tag == f"{M}oMath":
                self._add(words, linear(child), self.styles.run(style, None))
            elif tag == f"{W}fldSimple" and _field_name(child.get(f"{W}instr")) in _LEFT_OUT_FIELDS:
                self._leave_out(child, "page reference", "page_reference")
            elif _is_placeholder(child):
                self._leave_out(child, "placeholder", "placeholder")
            elif tag == f"{_MC}AlternateContent":
                stack.extend(reversed(_chosen(child)))
            elif tag not in _NO_CONTENT:
                stack.extend(reversed(child))
        return words

    def _formula(self, element: _Element, words: _Words) -> None:
        formulas = [element] if element.tag == f"{M}oMath" else element.findall(f"{M}oMath")
        for formula in formulas:
            text = " ".join(linear(formula).split())
            self.kept += length(text)
            words.formulas.append(text)

    def _run(self, run: _Element, style: str, words: _Words) -> None:
        look = self.styles.run(style, run.find(f"{W}rPr"))
        if self.styles.plain.mono:  # a document set in Courier: that says nothing of its words
            look = replace(look, mono=False)
        stack = list(reversed(run))
        while stack:
            child = stack.pop()
            tag = child.tag
            if tag == f"{W}t":
                self._add(words, self._in_font(child.text or "", run), look)
            elif tag in _BREAKS:
                page = tag == f"{W}br" and child.get(f"{W}type") in ("page", "column")
                self._add(words, " " if page else _BREAKS[str(tag)], look)
            elif tag == f"{W}sym":
                self._add(words, self._symbol(child), look)
            elif tag == f"{W}fldChar":
                shown = _form_value(child)
                if shown:
                    self._add(words, shown, look)
                self._turn(child)
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                kind = str(tag).removeprefix(W).removesuffix("Reference")
                words.notes.append((kind, child.get(f"{W}id") or ""))
            elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
                words.boxes += self._boxes(child)
            elif tag == f"{_MC}AlternateContent":
                stack.extend(reversed(_chosen(child)))
            elif tag not in _NO_CONTENT and tag != f"{W}delText":
                stack.extend(reversed(child))

    def _add(self, words: _Words, text: str, look: Look) -> None:
        """Text into a paragraph, unless a field or hidden type leaves it out."""
        kinds = {above.name for above in self._fields}
        if any(not above.shown for above in self._fields):
            return  # between the code of a field and its result
        if kinds & _LISTS:
            self.lose("table of contents", "contents", text)
        elif kinds & _LEFT_OUT_FIELDS:
            self.lose("page reference", "page_reference", text)
        else:
            self.say(words.spans, text, look)

    def _turn(self, mark: _Element) -> None:
        """Enter a field, its result, or leave it."""
        event, which = self._events.get(mark, ("", None))
        if which is None:
            return
        if event == "begin":
            self._fields.append(which)
        elif event == "separate":
            which.shown = True
        elif which in self._fields:
            del self._fields[self._fields.index(which) :]

    def _in_font(self, text: str, run: _Element) -> str:
        """Characters of the private area that symbol fonts are set with, as what they show."""
        if not any("\uf000" <= character <= "\uf0ff" for character in text):
            return text
        fonts = run.find(f"{W}rPr/{W}rFonts")
        name = (fonts.get(f"{W}ascii") or "") if fonts is not None else ""
        return "".join(self._shown(character, name) for character in text)

    def _symbol(self, element: _Element) -> str:
        code = element.get(f"{W}char") or ""
        if not re.fullmatch("[0-9A-Fa-f]{2,5}", code):
            return ""
        number = int(code, 16)
        number = number + 0xF000 if number < 0x100 else number
        return self._shown(chr(number), element.get(f"{W}font") or "")

    def _shown(self, character: str, font: str) -> str:
        if not "\uf000" <= character <= "\uf0ff":
            return character
        plain = chr(ord(character) - 0xF000)
        table = _FONTS.get(font.casefold(), _DINGBATS)
        shown = table.get(plain, plain if table is _SYMBOL_FONT and plain.isascii() else "")
        self._unknown_symbols += not shown
        return shown

    def _boxes(self, drawing: _Element) -> list[_Element]:
        """The text boxes and diagrams in a drawing, each once."""
        found: list[_Element] = []
        stack = [drawing]
        while stack:
            element = stack.pop()
            if element.tag == f"{W}txbxContent":
                found.append(element)
            elif element.tag == f"{_DIAGRAM}relIds":
                found += self._diagram(element)
            elif element.tag in charts.CHARTS:
                found += self._chart(element)
            elif element.tag == f"{_MC}AlternateContent":
                stack.extend(reversed(_chosen(element)))
            else:
                stack.extend(reversed(element))
        return found

    def _diagram(self, element: _Element) -> list[_Element]:
        """The texts of a SmartArt diagram as paragraphs of their own."""
        from lxml import etree

        wanted = element.get(f"{_R}dm")
        name = next((relation.target for relation in self._rels if relation.id == wanted), "")
        root = self._container.optional_xml(name)
        box = etree.Element(f"{W}txbxContent")
        for point in root.iter(f"{_DIAGRAM}pt") if root is not None else ():
            for paragraph in point.iter(f"{_A}p"):
                _write(box, "".join(text.text or "" for text in paragraph.iter(f"{_A}t")))
        return [box]

    def _chart(self, element: _Element) -> list[_Element]:
        """The figures of a chart as a table of their own, below its title."""
        from lxml import etree

        wanted = element.get(f"{_R}id")
        name = next((relation.target for relation in self._rels if relation.id == wanted), "")
        title, rows = charts.read(self._container.optional_xml(name))
        box = etree.Element(f"{W}txbxContent")
        _write(box, title)
        table = etree.SubElement(box, f"{W}tbl")
        for row in rows:
            line = etree.SubElement(table, f"{W}tr")
            if row is rows[0]:
                etree.SubElement(etree.SubElement(line, f"{W}trPr"), f"{W}tblHeader")
            for cell in row:
                _write(etree.SubElement(line, f"{W}tc"), cell)
        return [box]

    def _item(
        self, kind: Kind, words: _Words, part: str, properties: _Element | None = None
    ) -> Item:
        """The item that a paragraph is by its style, numbering and looks."""
        return self.item(
            kind,
            words.spans,
            part,
            marker=self._marker(kind),
            gap=self.styles.has_gap(properties, kind.style),
            fixed=self._is_fixed(kind, words.spans, properties),
        )

    def _marker(self, kind: Kind) -> str:
        """The marker of a list item, "" for any other paragraph. Counts on."""
        return (self.numbering.item(kind.num, kind.ilvl) or "") if kind.num else ""

    def _is_fixed(
        self, kind: Kind, spans: Sequence[Span], properties: _Element | None
    ) -> bool | None:
        """Whether a paragraph without words is set in a fixed-pitch font; None tells by its words.

        False in a document that is all set in one.
        """
        if self.styles.plain.mono:
            return False
        if any(span.text.strip() for span in spans):
            return None
        mark = properties.find(f"{W}rPr") if properties is not None else None
        return self.styles.run(kind.style, mark).mono

    def _table(self, table: _Element, part: str) -> Iterator[Item]:
        rows = [self._row(row, part) for row in self._rows(table)]
        styled = self.styles.is_header_style(value(table.find(f"{W}tblPr"), "tblStyle"))
        n_head = docx_tables.header_rows(rows, styled=styled and _first_row_told(table))
        yield from self.table(rows, docx_tables.grid(rows), n_head, part)

    def _row(self, row: _Element, part: str) -> Row:
        properties = row.find(f"{W}trPr")
        cells = [_told_cell(cell, self._cell(cell, part)) for cell in _children(row, "tc")]
        return Row(
            cells,
            repeated=is_on(properties.find(f"{W}tblHeader")) if properties is not None else False,
            before=docx_tables.n_cells(value(properties, "gridBefore"), 0),
        )

    def _cell(self, cell: _Element, part: str) -> list[Item]:
        """The blocks of a cell of a table; one that is a content control may be a placeholder."""
        for above in cell.iterancestors(f"{W}tr", f"{W}sdt"):
            if above.tag == f"{W}tr":
                break
            if _is_placeholder(above):
                self._leave_out(cell, "placeholder", "placeholder")
                return []
        return list(self._blocks(cell, part))

    def _rows(self, table: _Element) -> Iterator[_Element]:
        for row in _children(table, "tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                self._leave_out(row, "tracked deletion", "deleted")
            else:
                yield row

    def _leave_out(self, element: _Element, what: str, reason: str) -> None:
        """Note the text below an element as dropped; fields that begin or end in it still do."""
        texts = []
        for child in element.iter(f"{W}t", f"{W}delText", f"{W}fldChar", f"{W}p"):
            if child.tag == f"{W}fldChar":
                self._turn(child)
            else:
                texts.append(child.text or " ")
        self.lose(what, reason, "".join(texts))

    def _foreign(self, element: _Element, part: str) -> Iterator[Item]:
        """A document of another format that is embedded as a whole (ECMA-376 Part 1, 17.17.2)."""
        wanted = element.get(f"{_R}id")
        name = next((relation.target for relation in self._rels if relation.id == wanted), "")
        page = _embedded_page(self._container.content(name), name) if name else ""
        if not page:
            self.lose(f"embedded document {name}".strip(), "unsupported", "[not read]")
            return
        from builder.ingest import html

        for piece in html.parse(page).pieces:
            self.kept += length(piece.text)
            yield Item(kind="piece", part=part, piece=replace(piece, place=Place(part=name)))

    def leave_out_margins(self) -> None:
        """Count the running heads and feet, the comments, and all that was left out so far."""
        for relation in self._rels:
            if relation.kind in ("header", "footer"):
                self._leave_out(self._container.xml(relation.target), relation.kind, "running_head")
            elif relation.kind == "comments":
                for comment in self._container.xml(relation.target).iter(f"{W}comment"):
                    self._leave_out(comment, "comment", "comment")

    def notes(self) -> tuple[str, ...]:
        """What was left out, one note per kind."""
        if not self._unknown_symbols:
            return super().notes()
        unknown = f"{self._unknown_symbols} characters of unknown symbol fonts left out"
        return tuple(sorted((*super().notes(), unknown)))


def _write(box: _Element, text: str) -> None:
    """Add a paragraph of one run."""
    from lxml import etree

    run = etree.SubElement(etree.SubElement(box, f"{W}p"), f"{W}r")
    etree.SubElement(run, f"{W}t").text = text


def _chosen(element: _Element) -> list[_Element]:
    """The one branch of mc:AlternateContent that is read: the first choice that holds any text."""
    branches = element.findall(f"{_MC}Choice") + element.findall(f"{_MC}Fallback")
    for branch in branches:
        if any(text.text for text in branch.iter(f"{W}t", f"{M}t", f"{_A}t")):
            return list(branch)
    return list(branches[0]) if branches else []


def _children(element: _Element, name: str) -> Iterator[_Element]:
    """The rows of a table or cells of a row, looking through content controls and the like."""
    stack = list(reversed(element))
    while stack:
        child = stack.pop()
        if child.tag == W + name:
            yield child
        elif child.tag not in _NO_CONTENT and child.tag not in (f"{W}tbl", f"{W}p", *_DELETED):
            stack.extend(reversed(child))


def _told_cell(cell: _Element, items: list[Item]) -> Cell:
    """A cell with what its properties tell of its place and looks."""
    properties = cell.find(f"{W}tcPr")
    merge = properties.find(f"{W}vMerge") if properties is not None else None
    shade = properties.find(f"{W}shd") if properties is not None else None
    fill = (shade.get(f"{W}fill") or "auto").casefold() if shade is not None else "auto"
    return Cell(
        items,
        shaded=fill not in ("auto", "ffffff", "white"),
        across=docx_tables.n_cells(value(properties, "gridSpan"), 1),
        goes_on=merge is not None and merge.get(f"{W}val") != "restart",
    )


def _first_row_told(table: _Element) -> bool:
    """Whether a table asks its style for a special first row."""
    looks = table.find(f"{W}tblPr/{W}tblLook")
    if looks is None:
        return False
    told = looks.get(f"{W}firstRow")
    if told is not None:
        return told in ("1", "true", "on")
    bits = looks.get(f"{W}val") or ""
    return bool(re.fullmatch("[0-9A-Fa-f]{4}", bits)) and bool(int(bits, 16) & 0x20)


def _is_contents(element: _Element) -> bool:
    gallery = value(element.find(f"{W}sdtPr/{W}docPartObj"), "docPartGallery")
    return gallery in ("Table of Contents", "Table of Figures")


def _only_leads_on(paragraph: _Element) -> bool:
    """Whether all of a paragraph is links to other places of its document."""
    links = [link for link in paragraph.iter(f"{W}hyperlink") if link.get(f"{W}anchor")]
    if not links:
        return False
    linked = "".join(mark.text or "" for link in links for mark in link.iter(f"{W}t"))
    said = "".join(mark.text or "" for mark in paragraph.iter(f"{W}t"))
    return bool(linked.strip()) and linked.split() == said.split()


def _is_drop_cap(properties: _Element | None) -> bool:
    """Whether a paragraph is the large first letter of the next one."""
    frame = properties.find(f"{W}framePr") if properties is not None else None
    return frame is not None and frame.get(f"{W}dropCap") in ("drop", "margin")


def _is_placeholder(element: _Element) -> bool:
    """Whether an element is a content control that nothing was entered in."""
    shown = element.find(f"{W}sdtPr/{W}showingPlcHdr") if element.tag == f"{W}sdt" else None
    return is_on(shown)


def _field_name(code: str | None) -> str:
    words = (code or "").split(None, 1)
    return words[0].casefold() if words else ""


def _form_value(mark: _Element) -> str:
    """What the field of a form shows that has no result: a box, or the choice from a list."""
    box, choice = mark.find(f"{W}ffData/{W}checkBox"), mark.find(f"{W}ffData/{W}ddList")
    if box is not None:
        state = box.find(f"{W}checked")
        return "☒" if is_on(box.find(f"{W}default") if state is None else state) else "☐"
    if choice is None:
        return ""
    entries = [entry.get(f"{W}val") or "" for entry in choice.findall(f"{W}listEntry")]
    told = value(choice, "result") or value(choice, "default") or "0"
    return entries[int(told)] if told.isdecimal() and int(told) < len(entries) else ""


def _field_events(root: _Element) -> dict[_Element, tuple[str, _Field]]:
    """What each mark of a field does; marks without their other end do nothing."""
    events: dict[_Element, tuple[str, _Field]] = {}
    open_: list[tuple[list[_Element], list[str]]] = []
    for element in root.iter(f"{W}fldChar", f"{W}instrText"):
        if _is_aside(element, root):
            continue
        kind = element.get(f"{W}fldCharType")
        if element.tag == f"{W}instrText":
            if open_:
                open_[-1][1].append(element.text or "")
        elif kind == "begin":
            open_.append(([element], []))
        elif open_:
            open_[-1][0].append(element)
            if kind == "end":
                marks, code = open_.pop()
                which = _Field(_field_name("".join(code)))
                for mark in marks:
                    events[mark] = (mark.get(f"{W}fldCharType") or "", which)
    return events


def _is_aside(element: _Element, root: _Element) -> bool:
    """Whether an element is in a part of its story that is not read, or read as a story itself."""
    for above in element.iterancestors():
        if above is root:
            return False
        if above.tag in (f"{_MC}Fallback", f"{W}txbxContent", *_DELETED):
            return True
    return False


def _notes_by_id(root: _Element | None) -> dict[str, _Element]:
    if root is None:
        return {}
    return {
        note.get(f"{W}id") or "": note for note in root if note.get(f"{W}type") in (None, "normal")
    }


def _embedded_page(data: bytes, name: str) -> str:
    """The HTML of an embedded page or web archive, "" for any other format."""
    if name.casefold().endswith((".htm", ".html", ".xhtml")):
        return data.decode("utf-8", "replace")
    if not name.casefold().endswith((".mht", ".mhtml")):
        return ""
    from builder.ingest import mht

    return mht.page(data)


def _core_title(container: Container) -> str | None:
    root = container.optional_xml(_CORE)
    return root.findtext(_DC_TITLE) if root is not None else None
