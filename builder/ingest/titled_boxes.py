"""Titles of the parts of a page that has no headings for them.

Boxes that are called titles, lines in bold that the page's list of contents leads to, and lines of
a class of their own that count the sections.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING

from builder.ingest.furniture import HEADINGS, NEVER, admonition_kind, has_word
from builder.ingest.inline import BLOCKS, content, has_blocks
from builder.ingest.questions import asks

if TYPE_CHECKING:
    from lxml.etree import _Element

_TITLES = frozenset(("title", "heading", "headline"))
_CALLED = _TITLES | {"header"}
_OTHERS = frozenset(  # what else has a title, which is none of a part of the page
    "abstract admonition callout caption code example figure file image listing modal note"
    " procedure sub subtitle table tip toc topic warning".split()
)
_PARTS = frozenset(("div", "section", "article", "li", "header"))
_FEWEST = 2  # boxes of one name on a page
_LONGEST = 120  # characters
_NEAR = 100  # elements around a title among which its part and its like are looked for
_LOOKS = 500  # elements and texts behind a title, in which its words are looked for
_MOST_NAMES = 10  # rows of names above one text
_NO_WORDS = NEVER | {"pre", "table"}
_FEWEST_LED = 3  # lines in bold that links of one page lead to, which make them its contents
_LONGEST_LED = 250
_MOST_CALLS = 8  # words of links to one place that are looked at
_BETWEEN = 5  # inline elements between a line in bold and its paragraph, and in that
_NO_TITLE_ABOVE = frozenset(("li", "dt", "dd", "td", "th", "caption", "figcaption", "label"))
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})+\.?\s(?=\s*\S)")
_DRAWN = frozenset(("table", "figure", "img", "svg"))


def titles_in_boxes(region: _Element) -> dict[_Element, int]:
    """The boxes of a page that are called titles and begin one of its parts, with their levels.

    None of a page with more headings than its title. The levels are those of parts in parts; where
    no part stands in another one, those of the names, in the order in which they come.
    """
    if len(list(islice(region.iter(*HEADINGS), 2))) > 1:
        return {}
    found = [box for box in region.iter("div", "p") if _is_title(box)]
    count = Counter(box.get("class") for box in found)
    named = [box for box in found if count[box.get("class")] >= _FEWEST]
    parts = {box: part for box in named if (part := _part_of(box, region)) is not None}
    inner = set(parts.values())
    depth = {
        box: sum(above in inner for above in islice(part.iterancestors(), _NEAR))
        for box, part in parts.items()
    }
    if not any(depth.values()):
        names: dict[str | None, int] = {}
        depth = {box: names.setdefault(box.get("class"), len(names)) for box in parts}
    least = min(depth.values(), default=0)
    return {box: min(6, 2 + depth[box] - least) for box in parts}


def titles_of_contents(region: _Element, found: Iterable[_Element]) -> dict[_Element, int]:
    """The paragraphs all in bold that links of the page lead to by their words, with their levels.

    Each stands one level below the heading before it. None where fewer than three are led to.
    found: all that is bold in the region.
    """
    first: dict[_Element, _Element] = {}  # what is bold in a box and says something
    for bold in found:
        box = _around(bold)
        if box is not None and box not in first and content(bold).strip():
            first[box] = bold
    lines = {box: names for box, bold in first.items() if (names := _names_of_line(box, bold))}
    if len(lines) < _FEWEST_LED:
        return {}
    called: dict[str, set[str]] = {name: set() for names in lines.values() for name in names}
    for link in region.getroottree().getroot().iter("a"):
        name = (link.get("href") or "").partition("#")[2]
        if name in called and len(called[name]) < _MOST_CALLS:
            called[name].add(_words(link))
    led = {
        box
        for box, names in lines.items()
        if any(call and call in _words(box) for name in names for call in called[name])
    }
    if len(led) < _FEWEST_LED:
        return {}
    levels, level = {}, 1
    for element in region.iter("p", "div", *HEADINGS):
        level = HEADINGS.get(str(element.tag), level)
        if element in led:
            levels[element] = min(6, level + 1)
    return levels


def titles_of_targets(region: _Element) -> dict[_Element, tuple[int, _Element]]:
    """The boxes called titles that begin the parts of a page which links lead to.

    As the signatures in a reference do. With their levels, one below the heading or the part they
    stand in, and their parts. None where fewer than two of a name have a text behind them.
    A table of nothing but names that links lead to is such a title too, as qdoc sets them.
    """
    parts = {box: part for box in region.iter("div") if (part := _target_of(box)) is not None}
    told = Counter(box.get("class") for box in parts if any(map(_has_words, _behind(box))))
    parts = {box: part for box, part in parts.items() if told[box.get("class")] >= _FEWEST}
    parts |= _entries(region)
    if not parts:
        return {}
    levels: dict[_Element, int] = {}
    found, level = {}, 1
    for element in region.iter("div", *HEADINGS):
        box = parts.get(element, element)
        around = (levels[one] for one in islice(box.iterancestors(), _NEAR) if one in levels)
        if element in parts:
            levels[box] = min(6, next(around, level) + 1)
            found[element] = levels[box], box
        elif element.tag in HEADINGS and next(around, 0) == 0:
            level = HEADINGS[str(element.tag)]
    return found


def _target_of(box: _Element) -> _Element | None:
    """The part of a page that links lead to and a box begins which is called its title, if any."""
    label, part = box.get("class"), box.getparent()
    if not label or part is None or part.tag not in _PARTS or not has_word(label, _CALLED):
        return None
    marks = list(box.itersiblings(preceding=True))
    if any(mark.tag != "a" for mark in marks) or _is_said_before(box):
        return None
    if not (part.get("id") or any(mark.get("id") or mark.get("name") for mark in marks)):
        return None
    if has_word(f"{part.get('class') or ''} {label}", _OTHERS) or has_blocks(box):
        return None
    said = _words(box)
    linked = any(_words(link) == said for link in box.iter("a"))
    return part if 0 < len(said) <= _LONGEST_LED and not linked else None


def _entries(region: _Element) -> dict[_Element, _Element]:
    """The boxes that begin entries with a table of names which links lead to, with those."""
    rows = {
        table: list(islice(table.iter("tr"), _MOST_NAMES + 1)) for table in region.iter("table")
    }
    named = {table: found for table, found in rows.items() if found and all(map(_is_name, found))}
    if not named:
        return {}
    links = region.getroottree().getroot().iter("a")
    led = {(link.get("href") or "").partition("#")[2] for link in links}
    found = {}
    for table, names in named.items():
        led_to = len(names) <= _MOST_NAMES and all(not led.isdisjoint(_marks(row)) for row in names)
        box = _box_of(table) if led_to else None
        part = box.getparent() if box is not None else None
        if box is not None and part is not None:
            found[box] = part
    return found


def _is_name(row: _Element) -> bool:
    """Whether a row is a line in one cell, and a place that links may lead to."""
    cells = [cell for cell in row if content(cell).strip()]
    if len(cells) != 1 or not any(_marks(row)) or not 0 < len(_words(row)) <= _LONGEST_LED:
        return False
    blocks = list(islice((one for one in cells[0].iterdescendants() if one.tag in BLOCKS), 2))
    return all(one.tag in ("p", "div") for one in blocks) and len(blocks) < 2


def _marks(row: _Element) -> list[str]:
    """What links call a row by."""
    marks = (row, *islice(row.iter("a"), _BETWEEN))
    return [name for mark in marks for name in (mark.get("id"), mark.get("name")) if name]


def _box_of(table: _Element) -> _Element | None:
    """The box that begins its part with a table and says no more than that."""
    box, said = table, _words(table)
    while (above := box.getparent()) is not None and above.tag == "div" and _words(above) == said:
        box = above
    behind = any(map(_has_words, islice(_behind(box), _NEAR)))
    return box if box.tag == "div" and behind and not _is_said_before(box) else None


def titles_by_numbers(region: _Element) -> dict[_Element, int]:
    """The paragraphs that count the sections of a page (9.1, 9.1.1, 9.2), with their levels.

    All of a class are such lines, and their numbers rise. The first ones stand one level below the
    heading above them. None where fewer than two are.
    """
    numbers: dict[_Element, tuple[int, ...]] = {}
    others: set[str] = set()  # classes of other paragraphs
    for box in region.iter("p"):
        if label := box.get("class"):
            number = _section_number(box) if label not in others else ()
            if number:
                numbers[box] = number
            else:
                others.add(label)
    counted = {box: number for box, number in numbers.items() if box.get("class") not in others}
    rises = all(one < other for one, other in pairwise(counted.values()))
    if len(counted) < _FEWEST or not rises:
        return {}
    first = next(iter(counted))
    level = 0
    for element in takewhile(lambda one: one is not first, region.iter("p", *HEADINGS)):
        level = HEADINGS.get(str(element.tag), level)
    least = min(map(len, counted.values()))
    return {box: min(6, level + 1 + len(number) - least) for box, number in counted.items()}


def _section_number(box: _Element) -> tuple[int, ...]:
    """The number of two parts or more that a line begins with which is no sentence, or ()."""
    said = next((str(text) for text in box.itertext() if text.strip()), "").lstrip()
    number = _NUMBER.match(said) if said[:1].isdigit() else None
    if number is None or has_blocks(box):
        return ()
    words = _words(box)
    linked = any(_words(link) == words for link in box.iter("a"))
    if linked or len(words) > _LONGEST or words[-1] in ".,;:":
        return ()
    return tuple(map(int, number[0].rstrip(". ").split(".")))


def _around(bold: _Element) -> _Element | None:
    """The paragraph around something bold, with not much else in it."""
    around = islice(bold.iterancestors(), _BETWEEN)
    box = next((one for one in around if one.tag in ("p", "div")), None)
    return box if box is not None and len(box) <= _BETWEEN else None


def _names_of_line(box: _Element, bold: _Element) -> list[str]:
    """The names by which links reach a paragraph that is all in bold, [] for any other."""
    before = box.getprevious()
    marks = [box, *box.iter("a")] + ([before] if before is not None and before.tag == "a" else [])
    names = [name for mark in marks for name in (mark.get("id"), mark.get("name")) if name]
    if not names:  # as a rule
        return []
    above, said = box.getparent(), _words(bold)
    if len(said) > _LONGEST_LED or _words(box) != said or has_blocks(box):
        return []
    if above is None or above.tag in _NO_TITLE_ABOVE or _heads_drawn(box):
        return []
    return names


def _heads_drawn(box: _Element) -> bool:
    """Whether a line is the caption of the table or picture right below it."""
    below = next((one for one in islice(box.itersiblings("*"), _NEAR) if one.tag != "br"), None)
    return below is not None and below.tag in _DRAWN


def _words(element: _Element) -> str:
    return " ".join(content(element).split())


def _is_title(box: _Element) -> bool:
    """Whether a box is called a title and holds no more than one line of few words."""
    label = box.get("class")
    if not label or not has_word(label, _TITLES):
        return False
    parent = box.getparent()
    around = parent.get("class") or "" if parent is not None else ""
    if has_word(f"{around} {label}", _OTHERS) or has_blocks(box):
        return False
    said = " ".join(content(box).split())
    if any(" ".join(content(link).split()) == said for link in box.iter("a")):
        return False  # an entry of a list of contents, or of parts that stand elsewhere
    return 0 < len(said) <= _LONGEST and (said[-1] not in ".:,;" or asks(said))


def _part_of(title: _Element, region: _Element) -> _Element | None:
    """The part of a page that begins with a title and says more, None when it begins none.

    Of titles in a row with the text below each, what holds the title stands for its part.
    """
    inner = title
    for above in title.iterancestors():
        begins = above is not region and above.tag in _PARTS and not _is_said_before(inner)
        behind = any(map(_has_words, _behind(inner)))
        if not begins:
            return inner if behind else None
        if admonition_kind(above.get("class") or ""):
            return None
        if behind or any(content(one).strip() for one in inner.itersiblings()):
            alike = islice(inner.itersiblings(str(inner.tag)), _NEAR)
            flat = any(one.get("class") == inner.get("class") for one in alike)
            return None if not behind else inner if flat else above
        inner = above
    return None


def _is_said_before(element: _Element) -> bool:
    """Whether its parent says more before an element than a number."""
    parent = element.getparent()
    if parent is not None and _is_word(parent.text):
        return True
    before = element.itersiblings(preceding=True)
    return any(_is_word(content(one)) or _is_word(one.tail) for one in before)


def _is_word(text: str | None) -> bool:
    return bool(text and text.strip(" \n\t\r.0123456789"))


def _behind(element: _Element) -> Iterator[_Element | str]:
    """What stands behind an element in its parent: text and elements."""
    yield element.tail or ""
    for after in element.itersiblings():
        yield after
        yield after.tail or ""


def _has_words(part: _Element | str) -> bool:
    """Whether something says more than code and tables do, the titles of which are captions.

    What is too large to be looked through does.
    """
    stack = [part]
    for _ in range(_LOOKS):
        if not stack:
            return False
        top = stack.pop()
        if isinstance(top, str):
            if top.strip():
                return True
        elif top.tag not in _NO_WORDS:
            stack.append(top.text or "")
            for one in top:
                stack += one, one.tail or ""
    return True
