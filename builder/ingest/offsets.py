"""Where the elements of an HTML tree stand in its source.

`stamped` writes the number of each start tag into the source before a tree parser reads it;
`Spans` finds the elements again by these numbers.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

STAMP = "data-start-tag"

_VOID = frozenset(
    "area base basefont br col embed frame hr img input isindex keygen link meta param source "
    "track wbr".split()
)
_RAW = frozenset("script style title textarea xmp iframe noembed noframes plaintext".split())
# An end tag closes nothing beyond an open element of higher rank (as libxml2 has it).
_RANKS = {
    "div": 150, "td": 160, "th": 160, "tr": 170, "thead": 180, "tbody": 180, "tfoot": 180,
    "table": 190, "head": 200, "body": 200, "html": 220,
}  # fmt: skip
_USUAL_RANK = 100
_CLOSED_BY_P = frozenset("b big i s small strike tt u p h1 h2 h3 h4 h5 h6".split())
_FAR = 200  # open elements among which an end tag looks for its start
_TOKEN = re.compile(
    r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|!\[CDATA\[(?P<data>.*?)(?:\]\]>|\Z)"
    r"|(?P<end>/?)(?P<name>[A-Za-z][^\s/><]*+)"
    r"(?:[^<>=]|=\s*+(?:\"[^\"]*+\"|'[^']*+')|=)*+>)",
    re.DOTALL,
)
_PREFIX = re.compile(r"xmlns:([A-Za-z][\w-]*)\s*=\s*[\"']http://www\.w3\.org/1999/xhtml[\"']")
_XHTML = re.compile(r"\s*<\?xml\b|[^>]*xmlns\s*=\s*[\"']http://www\.w3\.org/1999/xhtml", re.I)


class Tags(NamedTuple):
    """The start tags of a source: offsets of their begin and end, and of their end tags.

    An element whose end tag is left out has -1 for both of the latter.
    """

    start: list[int]
    inside: list[int]
    close: list[int]
    end: list[int]
    length: int


def stamped(source: str) -> tuple[str, Tags]:
    """The source with every start tag numbered, and where these tags stand.

    CDATA sections, and in XHTML prefixed names and empty elements, become what HTML has for them.
    """
    xml = bool(_XHTML.match(source[:2000])) or "xmlns:" in source[:2000]
    prefixes = tuple(f"{name}:" for name in _PREFIX.findall(source[:5000])) if xml else ()
    tags = Tags([], [], [], [], len(source))
    parts: list[str] = []
    opened: list[tuple[str, int]] = []
    at = copied = 0
    while match := _TOKEN.search(source, at):
        at = match.end()
        name = match["name"]
        if name is None:
            if match["data"] is not None:
                parts += source[copied : match.start()], escape(match["data"], quote=False)
                copied = at
            continue
        named = match.end("name")
        if prefixes and name.startswith(prefixes):
            parts.append(source[copied : match.start("name")])
            copied = named - len(name.partition(":")[2])
            name = name.partition(":")[2]
        name = name.lower()
        if match["end"]:
            _close(tags, opened, name, match.start(), at)
            continue
        number = len(tags.start)
        parts += source[copied:named], f' {STAMP}="{number}"'
        copied = named
        tags.start.append(match.start())
        tags.inside.append(at)
        empty = name in _VOID or source[at - 2] == "/"
        tags.close.append(at if empty else -1)
        tags.end.append(at if empty else -1)
        if empty and xml and name not in _VOID:
            parts += source[copied : at - 2], f"></{name}>"
            copied = at
        elif not empty:
            while name == "p" and opened and opened[-1][0] in _CLOSED_BY_P:
                opened.pop()
            opened.append((name, number))
            if name in _RAW:
                at = _after_raw(source, name, at)
    parts.append(source[copied:])
    return "".join(parts), tags


def _close(tags: Tags, opened: list[tuple[str, int]], name: str, start: int, end: int) -> None:
    rank = _RANKS.get(name, _USUAL_RANK)
    for back in range(1, min(len(opened), _FAR) + 1):
        other, number = opened[-back]
        if other == name:
            tags.close[number], tags.end[number] = start, end
            del opened[-back:]
            return
        if _RANKS.get(other, _USUAL_RANK) > rank:
            return


def _after_raw(source: str, name: str, at: int) -> int:
    """Where the end tag of an element stands whose content holds no tags."""
    found = re.compile(f"</{name}", re.I).search(source, at)
    return found.start() if found else len(source)


class Span(NamedTuple):
    """An element in the source: its tags included from start to end, its content inside to close.

    All are character offsets.
    """

    start: int
    inside: int
    close: int
    end: int


class Spans:
    """The spans of all elements of a tree."""

    def __init__(self, tree: _Element, tags: Tags) -> None:
        self._of: dict[_Element, Span] = {}
        self._tags = tags
        self._of[tree] = self._span(tree, 0, tags.length)

    def __getitem__(self, element: _Element) -> Span:
        found = self._of.get(element)
        if found is None:  # most of a page is never asked for
            unknown: list[_Element] = []
            for above in element.iterancestors():
                unknown.append(above)
                if above in self._of:
                    break
            for parent in reversed(unknown):
                self._children(parent)
            found = self._of[element]
        return found

    def after(self, element: _Element) -> tuple[int, int]:
        """From where to where the text after an element stands."""
        start = self[element].end
        following = element.getnext()
        if following is not None:
            return start, self[following].start
        parent = element.getparent()
        return start, start if parent is None else self[parent].close

    def before_children(self, element: _Element) -> tuple[int, int]:
        """From where to where the text before the first child of an element stands."""
        span = self[element]
        return span.inside, self[element[0]].start if len(element) else span.close

    def _children(self, parent: _Element) -> None:
        _, low, high, _ = self._of[parent]
        children = list(parent)
        starts = [self._start(child) for child in children]
        limit = high
        for at in range(len(children) - 1, -1, -1):  # where the next one starts, at the latest
            told = starts[at]
            if told is None or told > limit:
                starts[at] = limit
            limit = starts[at] or 0
        for at, child in enumerate(children):
            end = starts[at + 1] if at + 1 < len(children) else high
            span = self._span(child, low, max(low, high if end is None else end))
            self._of[child] = span
            low = span.end

    def _start(self, element: _Element) -> int | None:
        """Where an element starts, else where its first marked descendant does."""
        for inner in element.iter():
            told = inner.get(STAMP)
            if told is not None:
                return self._tags.start[int(told)]
        return None

    def _span(self, element: _Element, low: int, high: int) -> Span:
        """The span of an element that lies between low and high."""
        told = element.get(STAMP)
        if told is None:
            return Span(low, low, high, high)
        number = int(told)
        start = min(max(self._tags.start[number], low), high)
        inside = min(max(self._tags.inside[number], start), high)
        close, end = self._tags.close[number], self._tags.end[number]
        if end < 0 or close > high:
            return Span(start, inside, high, high)
        return Span(start, inside, max(close, inside), min(max(end, inside), high))
