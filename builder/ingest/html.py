"""HTML to pieces: find the main part of the page, walk it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.ingest.flatten import flatten
from builder.ingest.furniture import NEVER, Furniture
from builder.ingest.parsed import Parsed
from builder.ingest.walk import Walker, inline_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_TAGS = re.compile(r"<!--.*?-->|<(script|style|svg|template|noscript)\b.*?</\1\s*>|<[^>]*>", re.S | re.I)
_SEPARATORS = re.compile(r"\s+(?:[|\u2013\u2014\u00b7\u2022\u00bb\u00ab-]|::)\s+")
_KEPT = 0.5  # of the source's text must be in the tree, else the page is flattened and read again


def parse(text: str) -> Parsed:
    """The content of a page: furniture and hidden text left out."""
    tree = _tree(text)
    if tree is None:
        return Parsed(pieces=())
    furniture = Furniture(_panels(tree))
    region = main_region(tree, furniture)
    walker = Walker(furniture)
    pieces = walker.walk(region)
    return Parsed(
        pieces=pieces,
        title=_title(tree, walker.first_heading),
        lang=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        notes=walker.notes(),
    )


def parse_fragment(text: str) -> Parsed:
    """All of a piece of HTML that stands for a whole document, such as rendered Markdown."""
    tree = _tree(f"<html><body>{text}</body></html>")
    if tree is None:
        return Parsed(pieces=())
    walker = Walker(Furniture(_panels(tree)))
    return Parsed(pieces=walker.walk(tree), notes=walker.notes())


def _tree(text: str) -> _Element | None:
    tree = _parsed(text)
    source = len("".join(_TAGS.sub(" ", text).split()))
    if tree is None or _length(tree) < _KEPT * source:
        again = _parsed(flatten(text))
        if again is not None and (tree is None or _length(again) > _length(tree)):
            tree = again
    return tree


def _parsed(text: str) -> _Element | None:
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _length(tree: _Element) -> int:
    return sum(len(part) for part in tree.itertext() for part in part.split())  # type: ignore[misc]


def _panels(tree: _Element) -> frozenset[str]:
    found: set[str] = set()
    for element in tree.iter():
        for name in ("aria-controls", "data-target", "data-bs-target"):
            found.update((element.get(name) or "").replace("#", "").split())
        if element.get("data-toggle") or element.get("data-bs-toggle"):
            found.add((element.get("href") or "").lstrip("#"))
    return frozenset(found - {""})


def main_region(tree: _Element, furniture: Furniture) -> _Element:
    """The element that holds the page's content."""
    body = tree.find("body")
    top = tree if body is None else body
    total = _length(top)
    for path in (".//main", ".//*[@role='main']", ".//article", ".//*[@itemprop='articleBody']"):
        found = [e for e in top.iterfind(path) if not furniture.hidden(e)]
        if not found:
            continue
        best = max(found, key=_length)
        if len(found) == 1 or _length(best) > 0.8 * sum(map(_length, found)):
            if _length(best) >= 0.1 * total:
                return best
    return top


def _title(tree: _Element, first_heading: str) -> str:
    headings = [inline_text(e) for e in tree.iter("h1")]
    element = tree.find(".//title")
    told = " ".join("".join(element.itertext()).split()) if element is not None else ""  # type: ignore[arg-type]
    parts = [part for part in _SEPARATORS.split(told) if part.strip()]
    for heading in headings:
        if heading and heading in told:
            return heading
    return parts[0] if parts else first_heading
