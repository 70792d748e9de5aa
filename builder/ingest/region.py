"""The part of a page that holds its content, and what must be put right before walking it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from builder.ingest.account import UNSEEN
from builder.ingest.furniture import (
    HEADINGS,
    Furniture,
    has_word,
    holds_panels,
    is_announcement,
    is_related,
    names_tip,
)
from builder.ingest.inline import content, content_size, line
from builder.ingest.questions import MAX_QUESTION, asks

if TYPE_CHECKING:
    from lxml.etree import _Element

    from builder.ingest.offsets import Spans

LABEL = "label"  # why a row of tabs is left out: its words stand at the panels
_LINKS = 4  # links that a block must hold before it counts as navigation
_SENTENCE = 3  # words, at least
_BESIDE_LINKS = 4  # words of a sentence that are no links, more of which make it a text
_SWITCH = 40  # characters beside the links of a choice of languages, at most
_WORDS = 3  # of the name of a part of a page
_QUOTED = re.compile(r"['\"]([\w.-]{1,80})['\"]")
_FOR_LINKS = frozenset(("div", "p", "section"))
_TWICE = 2
_FEWEST_LINKED = 3  # headings that lead to headings, which make a list of contents
_OF_TYPES = re.compile(r"\s(?:::|=>)\s")
_NEAR_BEGIN = 2  # links of a line, one of which may be what it defines
_DENSITY = 0.8  # share of a block's text inside links, over which it is navigation
_BLOCKS = ("ul", "ol", "td", "div", "p", "section", "aside", "center", "table")
_LOWER = tuple(tag for tag in HEADINGS if tag != "h1")
_SEVERAL_TOPS = 3
_BESIDE_NUMBERS = 20  # characters beside links that count: "Go to chapter:"
_MOST_NUMBERS = 500
_FLOW = frozenset((*HEADINGS, "p", "pre", "section"))
_AFTER = 20  # elements behind a list of contents among which the text is looked for
_PARAGRAPHS = ("p", "li", "dd", "td", "pre")
_ABOVE = 500  # blocks among which those are looked for that stand before a title
_NEWS = frozenset(("banner", "announcement"))  # above the title of a page
_ARROWS = " \n\t\u00bb\u203a>/\u2192"  # between the links of a trail
_BEHIND = 2  # elements behind a title, which may tell when it was written
_BYLINE = 150  # characters of a line that tells the author and the date of an article
_ENOUGH = 200  # characters of text that must be left when navigation is taken out


def text_length(element: _Element, total: int | None = None) -> int:
    """The characters of text below an element, blanks, scripts and styles not counted.

    total: the size of all its content.
    """
    total = content_size(element) if total is None else total
    if len(element):
        unseen = element.iterdescendants("script", "style", "svg", "template", "noscript")
        total -= sum(content_size(found) for found in unseen)
    return total


_WANTED = frozenset(
    "id role for itemprop hreflang rel aria-controls data-target data-bs-target data-toggle "
    "data-bs-toggle style onmouseover".split()
)


_NEXT_TO = frozenset("next prev previous up".split())  # of `rel`, HTML 4 and 5
_PANEL = ".//*[@role='tabpanel']"
_OPENING = ("aria-controls", "data-bs-target", "data-target")
_TAB_NAME = re.compile(r"(?<![a-z])tabs?(?![a-z])|tab-?(?:content|pane|panel)s?\b", re.IGNORECASE)
STEPS = frozenset(  # as what a link is called that leads on
    "prev,previous,next,previous page,next page,previous article,next article,"
    "zur\u00fcck,weiter,vorherige seite,n\u00e4chste seite".split(",")
)
_STEPS = _NEXT_TO | frozenset("first last start begin end contents toc index glossary top".split())


class Attributes:
    """The elements of a tree by some attributes that they have, found in one pass.

    elements: in the order of the tree, all that may have an attribute.
    """

    def __init__(self, elements: Iterable[_Element]) -> None:
        self._having: dict[str, list[_Element]] = {}
        for element in elements:
            names = element.keys()
            if not _WANTED.isdisjoint(names):
                for name in _WANTED.intersection(map(str, names)):
                    self._having.setdefault(name, []).append(element)

    def having(self, attribute: str, values: Container[str] | None = None) -> list[_Element]:
        """The elements that have an attribute (and one of the values), in order."""
        found = self._having.get(attribute, [])
        if values is None:
            return found
        return [element for element in found if element.get(attribute) in values]


def main_region(tree: _Element, told: Attributes, furniture: Furniture) -> _Element:
    """The element that holds the page's content: told by the markup, else the whole body."""
    body = next(tree.iterchildren("body"), None)
    top = tree if body is None or not _says_something(body) else body
    for parts in (top.iterdescendants("main"), told.having("role", ("main",))):
        found = [part for part in parts if part is not top and not furniture.hidden(part)]
        best = max(found, key=text_length) if len(found) > 1 else next(iter(found), None)
        if best is not None and _says_something(best):
            return best
    for parts in (top.iterdescendants("article"), told.having("itemprop", ("articleBody",))):
        found = [part for part in parts if part is not top and not furniture.hidden(part)]
        if not found:
            continue
        lengths = {part: text_length(part) for part in tree.iter(*_PARAGRAPHS)}
        held = {
            part: sum(map(lengths.__getitem__, part.iter(*_PARAGRAPHS))) for part in (top, *found)
        }
        best = max(found, key=held.__getitem__)
        if held[best] > 0.6 * held[top]:
            return best
    return top


def _says_something(element: _Element) -> bool:
    """Whether text stands below an element, found where the first of it is."""
    for found in element.iter():
        if found.text and found.tag not in UNSEEN and found.text.strip():
            return True
        if found is not element and found.tail and found.tail.strip():
            return True
    return False


def furniture_of(body: _Element, total: int, title: _Element | None = None) -> dict[_Element, str]:
    """The page headers and blocks of links in a body that has no main part, with the reason.

    total: the size of all its content. title: what says the title and is no heading.
    """
    total = text_length(body, total)
    dropped: dict[_Element, str] = {}
    inside: set[_Element] = set()  # the blocks in those
    headers = list(body.iter("header"))
    named = Counter(header.get("class") for header in headers)
    for header in headers:
        trail = next(header.iter("nav"), None)
        leads = trail is not None and not _ends_with_title(trail, header)
        if leads or not _heads_text(header, named):
            dropped[header] = "furniture"
            inside.update(header.iter(*_BLOCKS))
    sizes = _Sizes()
    around = {title, *title.iterancestors()} if title is not None else set()
    linkable = _has_linkable_sections(body)
    begun = False  # the text of a page whose sections can be linked to
    for block in body.iter(*HEADINGS, *_BLOCKS) if _has_links(body, sizes) else ():
        if block.tag in HEADINGS:
            begun = linkable
        elif (
            len(block)
            and block not in inside
            and block not in around
            and (_is_navigation(block, sizes) or _is_jump_bar(block))
        ):
            inside.update(block.iter(*_BLOCKS))
            if not (_belongs_to_text(block) or (begun and _is_list(block))):
                dropped[block] = "furniture"
    left = total - sum(map(text_length, dropped))
    return dropped if left >= min(_ENOUGH, 0.3 * total) else {}


def _ends_with_title(trail: _Element, header: _Element) -> bool:
    """Whether links in a header lead to its page: they end with the last words of its title."""
    title = next(header.iter("h1"), None)
    last = trail[-1] if len(trail) else None
    said = (last.tail or "").strip(_ARROWS) if last is not None else ""
    named = " ".join(content(title).split()) if title is not None else ""
    return bool(said) and re.search(rf"(?<!\w){re.escape(said)}\Z", named) is not None


def _heads_text(header: _Element, named: Mapping[str | None, int]) -> bool:
    """Whether a header holds a title, or is that of one of several parts of the text.

    named: how many headers there are of each class.
    """
    if next(header.iter("h1", "h2"), None) is not None:
        return True
    if next(header.iterancestors("article", "section"), None) is not None:
        return next(header.iter(*HEADINGS), None) is not None
    name = header.get("class")
    return bool(name) and named[name] > 1


def links_above(region: _Element) -> dict[_Element, str]:
    """The blocks of links in a main part that stand before its title, with the reason."""
    title = next(region.iter("h1"), None)
    around = set() if title is None else set(title.iterancestors())
    dropped: dict[_Element, str] = {}
    inside: set[_Element] = set()
    sizes = _Sizes()
    found = region.iter(*HEADINGS, *_BLOCKS, "header") if title is not None else iter(())
    for block in islice(found, _ABOVE):
        if block.tag in HEADINGS and block not in inside:
            break
        if len(block) and block not in around and block not in inside:
            named = block.tag == "header" and 0 < _linked(block, sizes) == text_length(block)
            # a header of links alone names the site
            if named or _is_news(block) or _is_navigation(block, sizes):
                dropped[block] = "furniture"
                inside.update(block.iter(*_BLOCKS))
    return dropped


def _is_news(block: _Element) -> bool:
    """Whether a block before a title is called news, or leads on below: "Go to the end for ..."."""
    if text_length(block) > _BYLINE:
        return False
    if has_word(block.get("class") or "", _NEWS):
        return True
    links = [link.get("href") or "" for link in block.iter("a") if content(link).strip()]
    return bool(links) and all(link.startswith("#") for link in links)


def contents_again(region: _Element) -> dict[_Element, str]:
    """The headings of a list of contents, which a page says again above its sections.

    Headings that are links to those, three or more; or such above boxes of links to what stands
    below those.
    """
    headings = list(region.iter(*HEADINGS))
    said = [" ".join(content(heading).split()) for heading in headings]
    count = Counter(said)
    if len(count) == len(said):
        return {}
    linked: list[_Element] = []
    above: dict[_Element, str] = {}
    targets = _Targets(region)
    last = dict(zip(said, headings, strict=True))
    for heading, words in zip(headings, said, strict=True):
        again = last[words]
        if count[words] == 1 or again is heading or not words:
            continue
        if (name := _leads_down(heading)) and targets.is_at(name, again):
            linked.append(heading)
            continue
        box = heading.getnext() if count[words] == _TWICE and not is_related(words) else None
        headed = box is None or next(box.iter(*HEADINGS), None) is not None
        name = "" if box is None or headed or box.tag not in _FOR_LINKS else _leads_down(box)
        if box is not None and name and targets.is_behind(name, again):
            above.update({heading: "furniture", box: "furniture"})
    return above | (dict.fromkeys(linked, "furniture") if len(linked) >= _FEWEST_LINKED else {})


class _Targets:
    """Where the links into a region lead, found when it is asked for first."""

    def __init__(self, region: _Element) -> None:
        self._region = region
        self._at: dict[str, tuple[int, _Element]] = {}
        self._numbers: dict[_Element, int] = {}

    def _look(self) -> None:
        for number, element in enumerate(self._region.iter()):
            if element.tag in HEADINGS:
                self._numbers[element] = number
            if name := element.get("id") or (element.tag == "a" and element.get("name")):
                self._at.setdefault(str(name), (number, element))

    def is_at(self, name: str, heading: _Element) -> bool:
        """Whether a name is that of a heading, of a box that it begins or of a mark in it."""
        target = self._find(name)
        if target is None or (target[1].tag == "a" and target[1].get("href")):
            return False
        parent = heading.getparent()
        near = (heading, parent, heading.getprevious())
        return target[1] in near or target[1].getparent() is heading

    def is_behind(self, name: str, heading: _Element) -> bool:
        """Whether a name is that of what stands behind a heading."""
        target = self._find(name)
        return target is not None and target[0] > self._numbers[heading]

    def _find(self, name: str) -> tuple[int, _Element] | None:
        if not self._numbers:
            self._look()
        return self._at.get(name)


def _leads_down(box: _Element) -> str:
    """Where the first link of a box leads that says nothing but links into its page, else ""."""
    leads_to = [(link, link.get("href") or "") for link in box.iter("a") if link.get("href")]
    if not leads_to or not all(name.startswith("#") for _, name in leads_to):
        return ""
    linked = sum(sum(map(str.isalnum, content(link))) for link, _ in leads_to)
    whole = sum(map(str.isalnum, content(box)))
    return leads_to[0][1][1:] if 0 < linked == whole else ""


def bylines(region: _Element) -> dict[_Element, str]:
    """What stands by a title with a date: who wrote an article, and when.

    In the header that holds the title, or right behind a title of the page without a header.
    """
    if not _is_dated(region):
        return {}
    found: dict[_Element, str] = {}
    for header in region.iter("header"):
        title = next(header.iter("h1", "h2"), None)
        if title is None or not _is_dated(header):
            continue
        around = {title, *title.iterancestors()}
        inside = [part for part in header.iter() if part in around and part is not header]
        behind = [one for part in inside for one in part.itersiblings()]
        above = [one for part in inside for one in part.itersiblings(preceding=True)]
        found.update(dict.fromkeys(filter(_is_byline, behind), "furniture"))
        found.update(dict.fromkeys(filter(_is_dated, filter(_is_byline, above)), "furniture"))
    title = next(region.iter("h1"), None)
    if title is not None:
        after = islice(title.itersiblings(), _BEHIND)
        found.update((one, "furniture") for one in after if _is_dated(one) and _is_byline(one))
    return found


def _is_dated(box: _Element) -> bool:
    return next(box.iter("time"), None) is not None


def _is_byline(box: _Element) -> bool:
    """Whether a box in the header of an article is short, no paragraph without a date in it."""
    told = _is_dated(box) or next(box.iter("p", *HEADINGS), None) is None
    return told and text_length(box) <= _BYLINE and not _has_sentence(box)


def languages(told: Attributes) -> dict[_Element, str]:
    """The rows of links to the same page in other languages."""
    rows: dict[_Element, str] = {}
    links = told.having("hreflang")
    for row in {_row_of(link): None for link in links if link.tag == "a"}:
        if row is None or row.tag in ("body", "main", "article"):
            continue
        links = list(row.iter("a"))
        others = sum(not link.get("hreflang") for link in links)  # the page's own, at most
        if len(links) > 1 and others <= 1:
            rest = text_length(row) - sum(map(text_length, links))
            if rest < _SWITCH:
                rows[row] = "furniture"
    return rows


def _row_of(link: _Element) -> _Element | None:
    """What a link stands in; where it is all of an item, its list."""
    box = link.getparent()
    if box is None or box.tag != "li" or content(box).strip() != content(link).strip():
        return box
    return box.getparent()


def tips(told: Attributes) -> dict[_Element, str]:
    """The boxes that scripts of a link show while a pointer rests on it, and hide again."""
    called: set[str] = set()
    for link in told.having("onmouseover"):
        shown, hidden = (
            _QUOTED.findall(link.get(event) or "") for event in ("onmouseover", "onmouseout")
        )
        called.update(set(shown).intersection(hidden))
    boxes = told.having("id", called) if called else []
    return {box: "hidden" for box in boxes if box.tag == "div"}


_MAY_TIP = ("annottext", "tooltip", "popup-")  # in the source of a page that has any


def hide_tips(tree: _Element, text: str) -> None:
    """Take out of lines of text and code what their style shows while a pointer is on a word.

    The type of a name (Haddock, Twoslash), the long form of a word: as dialogs they are no text.
    """
    if not any(name in text for name in _MAY_TIP):
        return
    for tip in list(tree.iter("span", "code")):
        label = tip.get("class")
        if label and names_tip(label) and _stands_beside_word(tip):
            tip.tag = "dialog"


def _stands_beside_word(tip: _Element) -> bool:
    word = tip.getparent()
    return word is not None and content_size(word) > content_size(tip)


_LAST_LINKS = 60  # of a text, and
_WAYS = 4  # links at the end of a text among which those are that lead on
_BOXES_OF_WAYS = 3  # around such a link
_ROWS_OF_WAYS = 3  # of a table that leads through a book


def steps(told: Attributes) -> dict[_Element, str]:
    """The rows of links that step through a book: to the page before, the next, the one above."""
    rows: dict[_Element, str] = {}
    for row in {
        link.getparent(): None for link in told.having("rel", _NEXT_TO) if link.get("href")
    }:
        if row is None or row.tag in ("body", "main", "article"):
            continue
        links = [link for link in row.iter("a") if link.get("href") and not _is_inner(link)]
        if not all(link.get("rel") in _STEPS for link in links):
            continue
        if row.tag == "td" and (table := _table_of_links(row)) is not None:
            rows[table] = "furniture"
            continue
        linked = {inner for link in links for inner in link.iterdescendants()}
        rest = [inner.tail for inner in row.iterdescendants() if inner not in linked]
        if all(map(_is_label, [row.text, *rest])):
            rows[row] = "furniture"
    return rows


def ways(region: _Element) -> dict[_Element, str]:
    """The last links of a text before which stands no more than "Previous" or "Next"."""
    found: dict[_Element, str] = {}
    last = list(region.iter("a"))[-_LAST_LINKS:]  # those of contents beside the text among them
    onward = (link for link in reversed(last) if not (link.get("href") or "#").startswith("#"))
    for link in reversed(list(islice(onward, _WAYS))):
        for box in (link, *_only_around(link)):
            before = box.getprevious()
            if before is not None and _names_way(before) and not (box.tail or "").strip():
                found.update({before: "furniture", box: "furniture"})
    return found


def _only_around(link: _Element) -> Iterator[_Element]:
    """The boxes around a link that say nothing else."""
    said = content(link).split()
    around = islice(link.iterancestors(), _BOXES_OF_WAYS)
    return takewhile(lambda box: content(box).split() == said, around)


def _names_way(label: _Element) -> bool:
    """Whether an element says no more than where the link behind it leads, as a title of it."""
    said = content(label).strip(" \n:\u2190\u2192")
    named = said[:1].isupper() and said.casefold() in STEPS and label.tag not in HEADINGS
    return named and not (label.tail or "").strip(" \n:") and label.tag != "td"


def _table_of_links(cell: _Element) -> _Element | None:
    """The small table around a cell that says nothing but links, as a way through a book does."""
    table = next(cell.iterancestors("table"), None)
    if table is None or len(list(table.iter("tr"))) > _ROWS_OF_WAYS:
        return None
    beside = sum(map(str.isalpha, content(table)))
    for link in table.iter("a"):
        beside -= sum(map(str.isalpha, content(link)))
    return table if beside <= 0 else None


def _is_inner(link: _Element) -> bool:
    """Whether a link was written inside of another one, which a parser ends before it."""
    outer = link.getprevious()
    return (
        outer is not None
        and outer.tag == "a"
        and outer.get("rel") in _STEPS
        and not content(outer)
        and not outer.tail
    )


def _is_label(text: str | None) -> bool:
    """Whether a text beside links is no more than marks, or what the next one is: "Up:"."""
    said = (text or "").strip()
    return said.endswith(":") or not any(map(str.isalpha, said))


def leads_inside(link: _Element) -> bool:
    """Whether an `a` is a link, no target of one, and names no other host: as navigation does."""
    leads_to = link.get("href")
    return leads_to is not None and "://" not in leads_to


class _Leads(dict["_Element", bool]):
    """Whether links lead inside of their site; each is asked once, though blocks hold others."""

    def __missing__(self, link: _Element) -> bool:
        self[link] = leads = leads_inside(link)
        return leads


class _Sizes(dict["_Element", int]):
    """The sizes of the texts of elements, each counted when it is asked for first.

    leads: of the links among them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.leads = _Leads()

    def __missing__(self, element: _Element) -> int:
        self[element] = counted = content_size(element)
        return counted


def _is_navigation(block: _Element, sizes: _Sizes) -> bool:
    """Whether a block is nothing but links; what most others have is looked for first."""
    if (
        not _has_links(block, sizes)
        or next(block.iter("h1"), None) is not None
        or _has_sentence(block)
    ):
        return False
    if _defines(block):
        return False
    linked, whole = _linked(block, sizes), text_length(block)
    if linked > _DENSITY * whole or (whole - linked <= _BESIDE_NUMBERS and _counts(block, sizes)):
        return True
    if block.tag == "td" and _stands_beside(block, whole):
        links = (link for link in block.iter("a") if link.get("href") is not None)
        return sum(map(sizes.__getitem__, links)) > _DENSITY * whole
    return 2 * linked > whole and _is_of_linked_titles(block, whole)


def _stands_beside(cell: _Element, whole: int) -> bool:
    """Whether a cell of so many characters is a column beside a text, in a table of one row."""
    row = cell.getparent()
    if row is None or row.getnext() is not None or row.getprevious() is not None:
        return False
    return any(text_length(other) > whole for other in row.iterchildren("td") if other is not cell)


def _is_of_linked_titles(block: _Element, whole: int) -> bool:
    """Whether a block is nothing but titles that are links, as the head of a site may be."""
    titles = list(block.iter(*HEADINGS))
    if len(titles) < _LINKS or sum(map(text_length, titles)) < whole:
        return False
    return all(next(title.iterancestors("a"), None) is not None for title in titles)


def _counts(block: _Element, sizes: _Sizes) -> bool:
    """Whether links count from one on, as those to the chapters of a book do."""
    said = (
        content(link).strip()
        for link in islice(filter(sizes.leads.__getitem__, block.iter("a")), _MOST_NUMBERS)
    )
    numbers = [text for text in said if text.isdecimal()]
    return len(numbers) >= _LINKS and numbers == list(map(str, range(1, len(numbers) + 1)))


def _defines(block: _Element) -> bool:
    """Whether a line of links is a signature: it has a sign of types, or names what they are of.

    Such a name is a place that links lead to.
    """
    if block.tag in ("p", "td") and _OF_TYPES.search(content(block)):
        return True
    for target in islice(block.iter("a"), _NEAR_BEGIN) if block.tag in ("div", "p", "td") else ():
        if target.get("id") and not target.get("href") and content(target).strip():
            return True
    return False


def _is_jump_bar(block: _Element) -> bool:
    """Whether a block names the parts of its page in boxes, with links to those that it has."""
    if block.tag != "div" or len(block) < _LINKS or (block.text or "").strip():
        return False
    if any(box.tag != "div" for box in block):
        return False
    leads_to = [link.get("href") or "" for link in block.iter("a")]
    if 2 * len(leads_to) < len(block) or not all(link.startswith("#") for link in leads_to):
        return False
    if any((box.tail or "").strip() for box in block):
        return False
    return all(0 < len(content(box).split()) <= _WORDS for box in block)


def _has_links(block: _Element, sizes: _Sizes) -> bool:
    """Whether a block holds enough links to count as navigation."""
    found = filter(sizes.leads.__getitem__, block.iter("a"))
    return next(islice(found, _LINKS - 1, None), None) is not None


def _linked(block: _Element, sizes: _Sizes) -> int:
    """The size of the text of the links in a block."""
    return sum(map(sizes.__getitem__, filter(sizes.leads.__getitem__, block.iter("a"))))


def _belongs_to_text(block: _Element) -> bool:
    """Whether a block of links is a list that a sentence or a heading announces, or a table.

    Such a heading can be linked to; a table has a header.
    """
    heads = next(block.iter(*HEADINGS), block.getprevious())
    if heads is not None and heads.tag in HEADINGS and (heads.get("id") or _is_named_by(heads)):
        return True
    tables = list(block.iter("table"))
    if len(tables) == 1 and sum(1 for _ in block.iter("th")) > 1:
        return text_length(tables[0]) > _DENSITY * text_length(block)
    before = block.getprevious()
    if block.tag == "div" and len(block) == 1 and not (block.text or "").strip():
        block = block[0]  # as DocBook boxes lists
    if block.tag in ("ul", "ol") and is_in_flow(block) and _jumps(block):
        return True
    said = block[0] if len(block) == 1 and block[0].tag == "p" else block
    if said.tag == "p":  # "Example files: one.js, two.js"
        return (said.text or "").rstrip().endswith(":") or _is_listed_below(said, before)
    if block.tag not in ("ul", "ol", "table") or before is None or before.tag != "p":
        return False
    return is_announcement(f"{content(before)}{before.tail or ''}")


def _is_listed_below(names: _Element, caption: _Element | None) -> bool:
    """Whether links with commas between them stand below a line that is no sentence."""
    if caption is None or caption.tag != "p" or next(caption.iter("a"), None) is not None:
        return False
    between = [(link.tail or "").strip() for link in names.iterchildren("a")][:-1]
    return set(between) == {","} and content(caption).rstrip()[-1:].isalnum()


def _is_named_by(heading: _Element) -> bool:
    """Whether the box that a heading begins has its words for an id, as generators make them."""
    box = heading.getparent()
    name = (box.get("id") or "") if box is not None and box[0] is heading else ""
    return bool(name) and [*_letters(name)] == [*_letters(content(heading))]


def _letters(text: str) -> Iterator[str]:
    return filter(str.isalnum, text.casefold())


def is_in_flow(listed: _Element) -> bool:
    """Whether a list without a name stands in a box in which text follows it."""
    if listed.get("id") or listed.get("class"):
        return False
    return any(one.tag in _FLOW for one in islice(listed.itersiblings(), _AFTER))


def _jumps(listed: _Element) -> bool:
    """Whether all links of a list lead into its own page."""
    return all((link.get("href") or "#").startswith("#") for link in listed.iter("a"))


def _has_linkable_sections(body: _Element) -> bool:
    """Whether most headings below the title can be linked to, as those of a generator can."""
    tops, lower = list(body.iter("h1")), list(body.iter(*_LOWER))
    headings = lower if len(tops) < _SEVERAL_TOPS else [*tops, *lower]  # several are sections
    return sum(heading.get("id") is not None for heading in headings) > len(headings) / 2


def _is_list(block: _Element) -> bool:
    """Whether a block holds one list and nothing else."""
    listed = next(block.iter("ul", "ol"), None)
    return listed is not None and text_length(listed) == text_length(block)


def _has_sentence(block: _Element) -> bool:
    """Whether a paragraph of a block is a sentence, as none of navigation is.

    One with links has several words beside them.
    """
    for paragraph in block.iterdescendants("p"):
        words = content(paragraph).split()
        if len(words) < _SENTENCE or words[-1][-1] not in ".!?":
            continue
        linked = sum(len(content(link).split()) for link in paragraph.iter("a"))
        if not linked or len(words) - linked > _BESIDE_LINKS:
            return True
    return False


def tab_labels(told: Attributes) -> tuple[dict[_Element, _Element], dict[_Element, str]]:
    """The panels of tabs with the elements that label them, and the rows of tabs to leave out."""
    panels: dict[_Element, _Element] = {}
    rows: dict[_Element, str] = {}
    for row in told.having("role", ("tablist",)):
        if holds_panels(row):
            continue
        shown = _shown_by(row, list(row.iterfind(".//*[@role='tab']")))
        if shown:
            panels.update(shown)
            rows[row] = LABEL
    parents = {label.getparent(): None for label in told.having("for") if label.tag == "label"}
    for row in (parent for parent in parents if parent is not None):
        labels = [child for child in row if child.tag == "label"]
        following = row.getnext()
        if len(labels) < 2 or any(child.tag not in ("label", "input") for child in row):
            _label_between(row, labels, panels, rows)
        elif following is not None:
            _label(row, labels, list(following), panels, rows)
    for parent, found in _called_tabs(told).items():
        for row in _rows_above(parent, found[0]):
            if row in rows or panels.keys() & set(found):
                break
            tabs = [tab for tab in map(_leading_to(row), found) if tab is not None]
            if len(set(tabs)) == len(found) and not any(map(_says_again, found, tabs)):
                _label(row, tabs, found, panels, rows)
    return panels, rows


def _called_tabs(told: Attributes) -> dict[_Element, list[_Element]]:
    """The boxes with an id that are called tabs, or stand in what is, two or more in one place."""
    groups: dict[_Element, list[_Element]] = {}
    for box in told.having("id"):
        parent = box.getparent()
        if box.tag not in ("div", "section") or parent is None:
            continue
        if _is_called_tab(box) or _is_called_tab(parent):
            groups.setdefault(parent, []).append(box)
    return {parent: found for parent, found in groups.items() if len(found) > 1}


def _is_called_tab(element: _Element) -> bool:
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return "tab" in named.lower() and bool(_TAB_NAME.search(named))


def _rows_above(parent: _Element, first: _Element) -> list[_Element]:
    """Where the labels of panels may stand: right before them or before what holds them."""
    return [row for row in (first.getprevious(), parent.getprevious()) if row is not None]


def _leading_to(row: _Element) -> Callable[[_Element], _Element | None]:
    """What finds the element in a row that names a panel: by a link, an attribute or a script."""
    named = [(element, list(map(str, element.values()))) for element in row.iter()]

    def found(panel: _Element) -> _Element | None:
        name = panel.get("id") or ""
        ways = (name, f"#{name}")
        quoted = re.compile(rf"['\"]#?{re.escape(name)}['\"]")
        for element, values in named:
            if any(value in ways or quoted.search(value) for value in values):
                return element if content(element).strip() else None
        return None

    return found


def _says_again(panel: _Element, tab: _Element) -> bool:
    """Whether a panel begins with a heading that is its label."""
    heading = next(panel.iter(*HEADINGS), None)
    return heading is not None and content(heading).split() == content(tab).split()


def _label_between(
    row: _Element,
    labels: list[_Element],
    panels: dict[_Element, _Element],
    rows: dict[_Element, str],
) -> None:
    """Tabs whose radio button, label and panel follow one another, or all labels the panels."""
    others = [child for child in row if child.tag not in ("label", "input")]
    chosen = all(found.get("type") == "radio" for found in row.iterchildren("input"))
    behind = bool(labels and others) and row.index(labels[-1]) < row.index(others[0])
    if chosen and behind and 1 < len(labels) == len(others):
        panels.update(zip(others, labels, strict=True))
        rows.update(dict.fromkeys(labels, LABEL))
        return
    for label in labels:
        before, panel = label.getprevious(), label.getnext()
        if before is None or panel is None or before.get("type") != "radio":
            continue
        if panel.tag not in ("label", "input") and before.get("id") == label.get("for"):
            panels[panel] = label
            rows[label] = LABEL


def _shown_by(row: _Element, tabs: list[_Element]) -> dict[_Element, _Element]:
    """The panels that a row of tabs shows, right behind it or in a box around it, with their tabs.

    Where there are more or fewer panels than tabs, ids tell which belong together.
    """
    following = row.getnext()
    behind = [] if following is None else list(following.iterfind(_PANEL))
    if behind and len(behind) == len(tabs):
        return dict(zip(behind, tabs, strict=True))
    found = (list(above.iterfind(_PANEL)) for above in islice(row.iterancestors(), 3))
    panels = next(filter(None, found), [])
    if len(panels) == len(tabs):
        return dict(zip(panels, tabs, strict=True))
    opened = {tab.get("aria-controls"): tab for tab in tabs}
    if len(opened) < len(tabs) and len(opened.keys() - {None}) == 1:
        return {}  # one panel for all, of which each tab shows another part
    named = {tab.get("id"): tab for tab in tabs}
    told = ((panel, opened.get(panel.get("id"))) for panel in panels if panel.get("id"))
    labelled = ((panel, named.get(panel.get("aria-labelledby"))) for panel in panels)
    pairs = (*told, *((panel, tab) for panel, tab in labelled if panel.get("aria-labelledby")))
    return {panel: tab for panel, tab in pairs if tab is not None}


def questions_apart(
    told: Attributes, panels: Mapping[str, _Element], spans: Spans
) -> dict[_Element, _Element]:
    """The panels that stand away from the questions which open them, with these.

    Away: another question or its panel stands between, as where all answers follow all questions.
    Of those with the same tag and class two at least ask, and most do.
    """
    openers = (one for name in _OPENING for one in told.having(name) if one.get("role") != "tab")
    opened: dict[_Element, _Element] = {}
    for opener in dict.fromkeys(openers):
        names = (opener.get(name, "").lstrip("#") for name in _OPENING)
        panel = next((panels[name] for name in names if name in panels), None)
        if panel is not None:
            opened.setdefault(panel, opener)
    starts = sorted(map(spans.start, (*opened, *opened.values())))
    alike: dict[tuple[object, str | None], dict[_Element, _Element]] = {}
    for panel, opener in opened.items():
        before = bisect_right(starts, spans.start(opener))
        if bisect_left(starts, spans.start(panel)) > before:
            alike.setdefault((opener.tag, opener.get("class")), {})[panel] = opener
    return {
        panel: opener for some in alike.values() if _ask(some) for panel, opener in some.items()
    }


def _ask(opened: Mapping[_Element, _Element]) -> bool:
    """Whether most of the elements that open panels are questions, two at least."""
    texts = [line(opener) for opener in opened.values()]
    asking = sum(map(asks, texts))
    return asking > 1 and 2 * asking >= len(texts) and max(map(len, texts)) <= MAX_QUESTION


def _label(
    row: _Element,
    tabs: list[_Element],
    found: list[_Element],
    panels: dict[_Element, _Element],
    rows: dict[_Element, str],
) -> None:
    if tabs and len(tabs) == len(found):
        panels.update(zip(found, tabs, strict=True))
        rows[row] = LABEL
