"""The part of a page that holds its content, and what must be put right before walking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.ingest.furniture import Furniture
from builder.ingest.inline import content, line

if TYPE_CHECKING:
    from lxml.etree import _Element

_LINKS = 4  # links that a block must hold before it counts as navigation
_DENSITY = 0.8  # share of a block's text inside links, over which it is navigation
_ENOUGH = 200  # characters of text that must be left when navigation is taken out


def text_length(element: _Element) -> int:
    """The characters of text below an element, blanks, scripts and styles not counted."""
    unseen = sum(
        len("".join(content(found).split()))
        for found in element.iterdescendants("script", "style", "svg", "template", "noscript")
    )
    return len("".join(content(element).split())) - unseen


def main_region(tree: _Element, furniture: Furniture) -> _Element:
    """The element that holds the page's content: told by the markup, else the whole body."""
    body = tree.find("body")
    top = tree if body is None or not text_length(body) else body
    for path in (".//main", ".//*[@role='main']"):
        found = [element for element in top.iterfind(path) if not furniture.hidden(element)]
        best = max(found, key=text_length, default=None)
        if best is not None and text_length(best):
            return best
    for path in (".//article", ".//*[@itemprop='articleBody']"):
        found = [element for element in top.iterfind(path) if not furniture.hidden(element)]
        best = max(found, key=_paragraphs, default=None)
        if best is not None and _paragraphs(best) > 0.6 * _paragraphs(top):
            return best
    return top


def _paragraphs(element: _Element) -> int:
    return sum(text_length(found) for found in element.iter("p", "li", "dd", "td", "pre"))


def clear_body(body: _Element) -> None:
    """Takes page headers and blocks of links out of a body that has no main part."""
    total = text_length(body)
    dropped: dict[_Element, None] = {}
    for header in list(body.iter("header")):
        if (
            next(header.iter("h1", "h2"), None) is None
            or next(header.iter("nav"), None) is not None
        ):
            dropped[header] = None
    for block in body.iter("ul", "ol", "td", "div", "p", "section", "aside", "center", "table"):
        if not any(above in dropped for above in block.iterancestors()) and _is_navigation(block):
            dropped[block] = None
    if total - sum(map(text_length, dropped)) >= min(_ENOUGH, 0.3 * total):
        for block in dropped:
            remove(block)


def _is_navigation(block: _Element) -> bool:
    links = list(block.iter("a"))
    if len(links) < _LINKS or next(block.iter("h1"), None) is not None:
        return False
    linked = sum(len("".join(content(link).split())) for link in links)
    return linked > _DENSITY * text_length(block)


def remove(element: _Element) -> None:
    """Takes an element out of its tree; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def label_tabs(tree: _Element) -> None:
    """Writes each tab's label into its panel and takes the row of tabs away."""
    for row in list(tree.iterfind(".//*[@role='tablist']")):
        _label(row, list(row.iterfind(".//*[@role='tab']")), _tab_panels(row))
    parents = {label.getparent(): None for label in tree.iterfind(".//label[@for]")}
    for row in (parent for parent in parents if parent is not None):
        labels = [child for child in row if child.tag == "label"]
        if len(labels) < 2 or any(child.tag not in ("label", "input") for child in row):
            continue
        following = row.getnext()
        if following is not None:
            _label(row, labels, list(following))


def _tab_panels(row: _Element) -> list[_Element]:
    for _, above in zip(range(3), row.iterancestors(), strict=False):
        panels = list(above.iterfind(".//*[@role='tabpanel']"))
        if panels:
            return panels
    return []


def _label(row: _Element, tabs: list[_Element], panels: list[_Element]) -> None:
    from lxml import etree

    if len(tabs) != len(panels):
        return
    for tab, panel in zip(tabs, panels, strict=True):
        label = etree.Element("p")
        label.text, label.tail = line(tab), panel.text
        panel.text = None
        panel.insert(0, label)
    remove(row)
