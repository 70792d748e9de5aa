"""Books whose tags tell nothing, read by the looks that their style sheets give.

LibreOffice writes every paragraph of a book as `p` and every run of words as `span`, with classes
that its style sheet sets in type: its headings, code and inline code are told by nothing else. So
they are read as the paragraphs of a Word file without styles are.

    told_by_looks(pages)         whether no page of a book has a tag for what its paragraphs are
    pieces(pages, sheets)        the blocks of such a book
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from builder.ingest import html
from builder.ingest.docx_items import Item, one_line, typed_item
from builder.ingest.docx_items import pieces as as_pieces
from builder.ingest.docx_styles import is_fixed
from builder.ingest.grid import code_span
from builder.ingest.parsed import Piece
from builder.records import Place

if TYPE_CHECKING:
    from lxml.etree import _Element

_X = "{http://www.w3.org/1999/xhtml}"
_TELLING = [
    _X + name
    for name in "h1 h2 h3 h4 h5 h6 pre code tt samp kbd ul ol dl blockquote section".split()
]
_BOXES = frozenset(_X + name for name in ("body", "div", "article", "main"))
_RULE = re.compile(r"\.([\w-]+)\s*\{([^{}]*)\}")
_SIZE = re.compile(r"([\d.]+)\s*(pt|px)")
_HALF_POINTS = {"pt": 2.0, "px": 1.5}
_ALL = 0.95  # share of a book in fixed-pitch type, from which the type tells no code
_BODY_SIZE = 24.0  # half-points: "medium", where nothing tells a size


@dataclass(frozen=True, slots=True)
class _Look:
    """What a class says of words; None where it says nothing. gap: room below a paragraph."""

    bold: bool | None = None
    fixed: bool | None = None
    size: float | None = None
    gap: bool = False

    def over(self, below: _Look) -> _Look:
        """This look laid over that of the element around it."""
        return _Look(
            below.bold if self.bold is None else self.bold,
            below.fixed if self.fixed is None else self.fixed,
            self.size or below.size,
            self.gap,
        )


def told_by_looks(pages: Iterable[_Element]) -> bool:
    """Whether only classes tell what a paragraph is: no page has a heading, a list or code."""
    classed = False
    for page in pages:
        if next(page.iter(*_TELLING), None) is not None:
            return False
        classed = classed or any(p.get("class") for p in page.iter(f"{_X}p"))
    return classed


def pieces(pages: Sequence[tuple[str, _Element]], sheets: str) -> list[Piece]:
    """The blocks of pages (each with its name in the book), by the rules of the style sheets."""
    looks = {name: _look(rules) for name, rules in _RULE.findall(sheets)}
    items = [item for name, page in pages for item in _items(page, name, looks)]
    fixed = sum(len(item.raw) for item in items if item.kind == "code")
    if _ALL * sum(len(item.raw) for item in items) < fixed:
        items = [_as_text(item) for item in items]  # set in Courier: that says nothing of its words
    return as_pieces(items, _BODY_SIZE)


def _as_text(item: Item) -> Item:
    return replace(item, kind="paragraph", text=one_line(item.raw)) if item.kind == "code" else item


def _look(rules: str) -> _Look:
    told = {
        name.strip(): value.strip().casefold()
        for name, _, value in (rule.partition(":") for rule in rules.split(";"))
    }
    weight, family = told.get("font-weight"), told.get("font-family")
    size = _SIZE.match(told.get("font-size", ""))
    margins = told.get("margin", "").split()
    below = told.get("margin-bottom") or "".join(margins[2:3] or margins[:1])
    return _Look(
        bold=None if weight is None else weight in ("bold", "bolder", "700", "800", "900"),
        fixed=None if family is None else is_fixed(family),
        size=float(size[1]) * _HALF_POINTS[size[2]] if size else None,
        gap=bool(re.search("[1-9]", below)),
    )


def _items(page: _Element, part: str, looks: Mapping[str, _Look]) -> Iterator[Item]:
    """The paragraphs of a page, and what else stands on it as the HTML reader reads it."""
    stack = [page.find(f"{_X}body")]
    while stack:
        element = stack.pop()
        if element is None or not isinstance(element.tag, str):
            continue
        if element.tag == f"{_X}p":
            yield _paragraph(element, part, looks)
        elif element.tag in _BOXES and not (element.text or "").strip():
            stack.extend(reversed(element))
        else:
            for piece in html.parse_fragment(_written(element, looks)).pieces:
                yield Item(kind="piece", part=part, piece=replace(piece, place=Place(part=part)))


def _paragraph(element: _Element, part: str, looks: Mapping[str, _Look]) -> Item:
    runs = list(_runs(element, _Look(size=_BODY_SIZE), looks))
    raw = "".join(text for text, _ in runs).replace("\xa0", " ")
    said = [look for text, look in runs if text.strip()]
    item = Item(
        kind="paragraph",
        part=part,
        text=_inline(runs),
        raw=raw,
        bold=bool(said) and all(look.bold for look in said),
        size=max((look.size or 0 for look in said), default=0),
        gap=_of(element, looks).gap,
    )
    if not said:
        return replace(item, kind="blank", raw="")
    return replace(item, kind="code") if all(look.fixed for look in said) else typed_item(item)


def _of(element: _Element, looks: Mapping[str, _Look]) -> _Look:
    look = _Look()
    for name in (element.get("class") or "").split():
        look = looks.get(name, _Look()).over(look)
    return look


def _runs(
    element: _Element, around: _Look, looks: Mapping[str, _Look]
) -> Iterator[tuple[str, _Look]]:
    """The texts in an element, each with how it looks; line breaks are texts of their own."""
    look = _of(element, looks).over(around)
    if element.text:
        yield element.text, look
    for child in element:
        if child.tag == f"{_X}br":
            yield "\n", look
        elif isinstance(child.tag, str):
            yield from _runs(child, look, looks)
        if child.tail:
            yield child.tail, look


def _inline(runs: Sequence[tuple[str, _Look]]) -> str:
    """A paragraph with its fixed-pitch words in backticks, one line per break."""
    parts: list[str] = []
    code = ""
    for text, look in [*runs, ("", _Look())]:
        if look.fixed and text != "\n":
            code += text
            continue
        parts += [code_span(code)] if code else []
        parts.append(text)
        code = ""
    return "\n".join(filter(None, map(one_line, "".join(parts).split("\n"))))


def _written(element: _Element, looks: Mapping[str, _Look]) -> str:
    """A table or the like as HTML, with its fixed-pitch words as `code`."""
    from lxml import etree

    for span in element.iter(f"{_X}span"):
        if _of(span, looks).fixed:
            span.tag = f"{_X}code"
    return etree.tostring(element, encoding="unicode", method="xml", with_tail=False)
