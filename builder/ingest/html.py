"""HTML to pieces: find the main part of the page, walk it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.ingest.flatten import flatten, visible_length
from builder.ingest.furniture import Furniture, is_related
from builder.ingest.inline import content, line
from builder.ingest.parsed import Parsed, Piece
from builder.ingest.questions import is_faq
from builder.ingest.region import clear_body, label_tabs, main_region, text_length
from builder.ingest.walk import Walker

if TYPE_CHECKING:
    from lxml.etree import _Element

_SEPARATORS = re.compile(r"\s+(?:[|\u2013\u2014\u00b7\u2022\u00bb\u00ab-]|::)\s+")
_KEPT = 0.5  # share of the source's tags and text that a tree must hold to be trusted


def parse(text: str) -> Parsed:
    """The content of a page: furniture and hidden text left out."""
    tree = _tree(text)
    if tree is None:
        return Parsed(pieces=())
    panels = _panels(tree)
    furniture = Furniture(panels)
    label_tabs(tree)
    region = main_region(tree, furniture)
    bare = region.tag in ("body", "html")
    if bare:
        clear_body(region)
    title = _title(tree)
    walker = Walker(furniture, panels, faq=is_faq(title))
    pieces = _without_empty_lists(walker.walk(region))
    return Parsed(
        pieces=_without_banner(pieces) if bare else pieces,
        title=title,
        lang=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        notes=walker.notes(),
    )


def parse_fragment(text: str, title: str = "") -> Parsed:
    """All of a piece of HTML that stands for a whole document, such as rendered Markdown."""
    tree = _tree(f"<html><body>{text}</body></html>")
    if tree is None:
        return Parsed(pieces=())
    panels = _panels(tree)
    first = tree.find(".//h1")
    faq = is_faq(title) or (first is not None and is_faq(line(first)))
    walker = Walker(Furniture(panels), panels, faq=faq)
    return Parsed(pieces=walker.walk(tree), notes=walker.notes())


def _tree(text: str) -> _Element | None:
    """The tree of a page; markup too deep for the parser is made shallow and read again."""
    tree = _parsed(text)
    if tree is not None:
        if 2 * sum(1 for _ in tree.iter()) >= _KEPT * text.count("<"):
            return tree
        if text_length(tree) >= _KEPT * visible_length(text):
            return tree
    again = _parsed(flatten(text))
    if tree is None or again is None or text_length(again) < text_length(tree):
        return again if tree is None else tree
    return again


def _parsed(text: str) -> _Element | None:
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _panels(tree: _Element) -> dict[str, _Element]:
    """The elements that buttons and tabs of the page show, by id."""
    names: set[str] = set()
    for element in tree.iter():
        for name in ("aria-controls", "data-target", "data-bs-target"):
            value = element.get(name)
            if value:
                names.update(value.replace("#", "").split())
        if element.get("data-toggle") or element.get("data-bs-toggle"):
            names.add((element.get("href") or "").lstrip("#"))
    if not names:
        return {}
    return {element.get("id", ""): element for element in tree.iter() if element.get("id") in names}


def _without_empty_lists(pieces: list[Piece]) -> list[Piece]:
    """Pieces without headings such as "On this page" whose links were left out."""
    following = [*pieces[1:], Piece("heading", "")]
    return [
        piece
        for piece, after in zip(pieces, following, strict=False)
        if not (piece.kind == after.kind == "heading" and is_related(piece.text))
    ]


def _without_banner(pieces: list[Piece]) -> list[Piece]:
    """Pieces without the slogans and labels above the first heading of a page with no main."""
    first = next((at for at, piece in enumerate(pieces) if piece.kind == "heading"), 0)
    return pieces if any(map(_is_content, pieces[:first])) else pieces[first:]


def _is_content(piece: Piece) -> bool:
    if piece.kind in ("code", "table", "admonition", "quote") or len(piece.text) > 80:
        return True
    longest = max(len(words.split()) for words in piece.text.split("\n"))
    return longest > 5 and piece.text.endswith((".", ":", "!", "?"))


def _title(tree: _Element) -> str:
    """The title that the page's head tells, without the site's name."""
    element = tree.find(".//title")
    told = " ".join(content(element).split()) if element is not None else ""
    parts = [part.strip() for part in _SEPARATORS.split(told) if part.strip()]
    headings = [text for text in map(line, tree.iter("h1")) if text]
    return next((part for part in parts if part in headings), (parts or headings or [""])[0])
