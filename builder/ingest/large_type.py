"""Titles of a page that has no headings: lines of their own in letters larger than its text.

Or all in bold in a coloured cell above the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, cast

from lxml.etree import XPath

from builder.ingest.furniture import HEADINGS, NEVER
from builder.ingest.inline import BLOCKS, content, has_blocks

if TYPE_CHECKING:
    from lxml.etree import _Element

_SIZED = XPath(
    "descendant::font[@size] | descendant::big | descendant::*[contains(@style, 'font-size')]"
    "| descendant::td[@bgcolor]//b | descendant::td[@bgcolor]//strong"
)
_PIXELS = (10.0, 13.0, 16.0, 18.0, 24.0, 32.0, 48.0)  # of the sizes 1 to 7 (HTML, 15.3.4)
_STYLE = re.compile(
    r"font-size\s*:\s*(?:(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})\s*(px|pt|em|rem|%)|([a-z-]+))",
    re.IGNORECASE,
)
_UNITS = {"px": 1.0, "pt": 4 / 3, "rem": 16.0}
_NAMED = {
    **{"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0},
    **{"x-large": 24.0, "xx-large": 32.0, "xxx-large": 48.0},
}
_STEP = 1.2  # times: "larger", and the least that the letters of a title are larger by
_LARGER = 1.1
_LONGEST = 120  # characters
_FEWEST = 2  # lines
_AROUND = frozenset(("p", "div", "td", "center", "font", "b", "strong", "big", "span", "u", "i"))
_NO_TITLE_IN = frozenset(("li", "dt", "dd", "th", "caption", "a", "pre", "code", "button", "label"))
_DEEP = 50  # elements around a line that are looked at
_BOLD = ("b", "strong")
_BREAKS = BLOCKS | {"br"}


class _Line(NamedTuple):
    """What may be a title: the line, what says nothing else around it, and the size of it.

    framed: all of it is bold in a coloured cell.
    """

    said: str
    element: _Element
    pixels: float
    framed: bool


def titles_in_type(region: _Element, said: str, names: Container[str]) -> dict[_Element, int]:
    """The lines of a page without headings that are set as its titles, with their levels.

    The largest one is on the first level; several of a size are on the second, as are those below
    the page's one heading. One line alone is a title where the page begins with it or is called so.
    said: the text of the region. names: what the page's head calls it.
    """
    headings = list(islice(region.iter(*HEADINGS), 2))
    sized = cast("list[_Element]", _SIZED(region)) if len(headings) < 2 else []
    if not sized:
        return {}
    sizes: Counter[float] = Counter()
    pixels = dict(_sizes(region, sizes))
    body = max(sizes, key=sizes.__getitem__, default=0.0)
    lines = (line for one in sized if (line := _line(one, region, pixels)) is not None)
    enough = (body, _LARGER * body)
    found = {line.element: line for line in lines if line.pixels >= enough[not line.framed]}
    begin = " ".join(said[: 4 * _LONGEST].split())
    told = list(found.values())
    if len(told) < _FEWEST:
        told = [line for line in told if line.said in names or begin.startswith(line.said)]
    ranks = sorted({line.pixels for line in told}, reverse=True)
    several = sum(line.pixels == max(ranks) for line in told) > 1
    least = 2 if headings or several else 1
    return {line.element: min(6, least + ranks.index(line.pixels)) for line in told}


def _line(one: _Element, region: _Element, pixels: Mapping[_Element, float]) -> _Line | None:
    """What is set in a size of its own, with what is around it and says nothing else.

    None where it is no line of few words by itself that may be a title.
    """
    said = _words(one)
    if not said[:1].isalnum() or said[-1] in ".,:;" or has_blocks(one):
        return None
    if not any(map(str.isalpha, said)):
        return None
    top, above = one, one.getparent()
    while above is not None and above is not region and above.tag in _AROUND:
        if _words(above) != said:
            break
        top, above = above, above.getparent()
    if any(around.tag in _NO_TITLE_IN for around in (one, *islice(one.iterancestors(), _DEEP))):
        return None
    if not (_is_alone_in_row(top) if top.tag == "td" else top.tag in BLOCKS or _is_apart(top)):
        return None
    inside = (part for part in one.iter() if part in pixels and (part.text or "").strip())
    size = min(map(pixels.__getitem__, inside), default=pixels[one])
    return _Line(said, top, size, one.tag in _BOLD and top.get("bgcolor") is not None)


def _words(element: _Element) -> str:
    """What an element says, "" where that is more than a title."""
    texts = list(islice(element.itertext(), _LONGEST + 1))
    if len(texts) > _LONGEST or sum(map(len, texts)) > 4 * _LONGEST:
        return ""
    said = " ".join(content(element).split())
    return said if len(said) <= _LONGEST else ""


def _is_alone_in_row(cell: _Element) -> bool:
    row = cell.getparent()
    others = [one for one in row if one is not cell] if row is not None else []
    return not any(content(one).strip() for one in others)


def _is_apart(line: _Element) -> bool:
    """Whether something inline stands between breaks, blocks or the ends of its parent."""
    parent, before = line.getparent(), line.getprevious()
    while before is not None and before.tag not in _BREAKS and not content(before).strip():
        if (before.tail or "").strip():
            return False
        before = before.getprevious()
    lead = before.tail if before is not None else parent.text if parent is not None else None
    after = line.getnext()
    begins = not (lead or "").strip() and (before is None or before.tag in _BREAKS)
    ends = not (line.tail or "").strip() and (after is None or after.tag in _BREAKS)
    return begins and ends and (before is not None or parent is None or parent.tag in BLOCKS)


def _sizes(region: _Element, sizes: Counter[float]) -> Iterator[tuple[_Element, float]]:
    """The elements of a region with the size of their letters; counts the letters by their size."""
    stack = [(region, _PIXELS[2])]
    while stack:
        element, outer = stack.pop()
        own = _size_of(element, outer)
        yield element, own
        if element.text:
            sizes[own] += len(element.text.strip())
        for child in element:
            if child.tail:
                sizes[own] += len(child.tail.strip())
            if isinstance(child.tag, str) and child.tag not in NEVER:
                stack.append((child, own))


def _size_of(element: _Element, outer: float) -> float:
    told = (element.get("size") or "").strip() if element.tag == "font" else ""
    if number := re.fullmatch(r"([+-]?)(\d)", told):
        sign, step = number[1], int(number[2])
        size = step if not sign else 3 + (step if sign == "+" else -step)
        return _PIXELS[min(7, max(1, size)) - 1]
    if element.tag in ("big", "small"):
        return outer * _STEP if element.tag == "big" else outer / _STEP
    style = _STYLE.search(element.get("style") or "")
    if style is None:
        return outer
    if style[3]:
        larger = {"larger": outer * _STEP, "smaller": outer / _STEP}
        return _NAMED.get(style[3].lower()) or larger.get(style[3].lower(), outer)
    value, unit = float(style[1]), style[2].lower()
    return value * (_UNITS.get(unit) or (outer if unit == "em" else outer / 100)) or outer
