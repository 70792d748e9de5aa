"""Where the elements of an HTML tree stand in its source.

`started` lists the start tags of a source, and `aligned` gives the elements of a tree their numbers
in that list by their order, which in nearly all pages is the same. `Spans` tells where elements
stand; it looks for the end tags of those that it is asked for, a tenth of a page's, among what the
tree says of them. Where that is not enough, `scanned` pairs all tags of the source. Where the order
is another one, or the source must be put right first, the tree is made of what `stamped` gives: the
number of each start tag is written into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest.uncoloured import Uncoloured
from builder.records import Place

if TYPE_CHECKING:
    from lxml.etree import _Element

STAMP = "data-start-tag"

_VOID = frozenset(
    "area base basefont br col embed frame hr img input isindex keygen link meta param source "
    "track wbr".split()
)
_NOT_VOID = frozenset("embed keygen source track wbr".split())  # for the parser, without "/>"
_RAW = frozenset("script style title textarea xmp iframe noembed noframes plaintext".split())
# An end tag closes nothing beyond an open element of higher rank (as libxml2 has it).
_RANKS = {
    "div": 150, "td": 160, "th": 160, "tr": 170, "thead": 180, "tbody": 180, "tfoot": 180,
    "table": 190, "head": 200, "body": 200, "html": 220,
}  # fmt: skip
_USUAL_RANK = 100
_CLOSED_BY_P = frozenset("b big i s small strike tt u p h1 h2 h3 h4 h5 h6".split())
_IMPLIED = frozenset(("html", "head", "body"))  # in every tree, with or without tags for them
_FAR = 200  # open elements among which an end tag looks for its start
_COMMENT = r"!--(?:-?>|.*?(?:--!?>|\Z))"
_DATA = r"!\[CDATA(?P<data>\[)"
_ATTRIBUTES = r"[^<>=]*+(?:=\s*+(?:\"[^\"]*+\"|'[^']*+'|)[^<>=]*+)*+>"
_ENDED = r"(?<!/>)([^<]*+)(</(?!(?i:body|html))\1\s*+>)"
_TOKEN = re.compile(  # most elements hold nothing but text: one match is all of such an element
    rf"<(?:([A-Za-z][^\s/><]*+){_ATTRIBUTES}(?:{_ENDED})?+"
    rf"|(/[A-Za-z][^\s/><]*+){_ATTRIBUTES}|{_COMMENT}|{_DATA})",
    re.DOTALL,
)
_START = re.compile(
    rf"<(?!/[^bBhH])(?:([A-Za-z][^\s/><]*+){_ATTRIBUTES}|(/(?i:br|body|html)(?![^\s/>]))"
    rf"|{_COMMENT}|{_DATA})",
    re.DOTALL,
)
_END = re.compile(rf"<(?:/([A-Za-z][^\s/><]*+){_ATTRIBUTES}|{_COMMENT})", re.DOTALL)
_NO_USUAL_START = _RAW | {name.upper() for name in _RAW} | {None}
_NAME = re.compile(r"<[^\s/><]*")
_PAGE = frozenset(("body", "html"))
_PAGE_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_PAGE_TAIL = re.compile(
    r"(?:\s++|</(?:body|html)\s*>|<!--.*?-->|<script\b[^<>]*>.*?</script\s*>)*+",
    re.IGNORECASE | re.DOTALL,
)
_PREFIX = re.compile(r"xmlns:([A-Za-z][\w-]*)\s*=\s*[\"']http://www\.w3\.org/1999/xhtml[\"']")
_XHTML = re.compile(r"\s*<\?xml\b|[^>]*xmlns\s*=\s*[\"']http://www\.w3\.org/1999/xhtml", re.I)


class Tags(NamedTuple):
    """The start tags of a source: their names, their matches, and those of their end tags by
    number.

    The match of an element that holds only text goes to its end; the end tag of an empty element is
    its start tag; an element that is not closed has none.
    Offsets are taken from a match when they are asked for: most never are.
    edits: what must be put right before HTML has a tree for it: from, to, by what.
    """

    name: list[str]
    opening: list[re.Match[str]]
    closing: dict[int, re.Match[str]]
    edits: list[tuple[int, int, str]]
    length: int

    def start(self, number: int) -> int:
        """Where a start tag begins."""
        return self.opening[number].start()

    def begin_at(self, name: str, places: list[int]) -> bool:
        """Whether the start tags of a name begin at these places, and no others do."""
        numbers = [number for number, other in enumerate(self.name) if other == name]
        return list(map(self.start, numbers)) == places

    def places(self, number: int) -> tuple[int, int, int, int]:
        """Where a start tag begins and ends, and its end tag, -1 and -1 when there is none."""
        opening, closing = self.opening[number], self.closing.get(number)
        start, end = opening.span()
        close = opening.start(3)
        inside = end if close < 0 else opening.start(2)
        if closing is opening:
            return start, inside, inside, inside
        if closing is not None:
            return start, inside, *closing.span()
        return start, inside, close, -1 if close < 0 else end


def started(source: str) -> Tags | None:
    """The start tags of a source that needs no edits but of them, without their end tags.

    None for others. Takes a third of the time of `scanned`.
    """
    tags = Tags([], [], {}, [], len(source))
    at = 0
    while at < len(source):
        after = _start(source, at, tags)
        if after is None:
            return None
        at = after
    if _is_xml(source) and (_PREFIX.search(source[:5000]) or _has_empty(source, tags)):
        return None
    names = set(tags.name)
    if not all(map(str.islower, names)):
        tags.name[:] = map(str.lower, tags.name)
        names = set(tags.name)
    if "body" not in names and _has_text_behind(source):
        return None
    if not _NOT_VOID.isdisjoint(names):
        starts = zip(tags.name, tags.opening, strict=True)
        ends = [opening.end() - 1 for name, opening in starts if name in _NOT_VOID]
        tags.edits.extend((end, end, "/") for end in ends if source[end - 1] != "/")
    return tags


def _start(source: str, at: int, tags: Tags) -> int | None:
    """Reads start tags up to the next script or the like; returns where to go on, None when the
    source needs edits.
    """
    names, openings = tags.name, tags.opening
    for match in _START.finditer(source, at):
        name = match[1]
        if name in _NO_USUAL_START:
            if name is not None:
                names.append(name)
                openings.append(match)
                return _after_raw(source, name, match.end())
            if match["data"] or (match[2] and not _PAGE_TAIL.fullmatch(source, match.start())):
                return None
            continue
        names.append(name)
        openings.append(match)
    return len(source)


def _has_empty(source: str, tags: Tags) -> bool:
    """Whether an element of XHTML has no end tag though it needs one in HTML."""
    starts = zip(tags.name, tags.opening, strict=True)
    return any(source[tag.end() - 2] == "/" and name not in _VOID for name, tag in starts)


def _is_xml(source: str) -> bool:
    return bool(_XHTML.match(source[:2000])) or "xmlns:" in source[:2000]


def scanned(source: str) -> Tags:
    """The tags of a source.

    CDATA sections, empty elements that the parser would take for others, and in XHTML prefixed
    names and all empty elements, are edits.
    """
    xml = _is_xml(source)
    prefixes = tuple(f"{name}:" for name in _PREFIX.findall(source[:5000])) if xml else ()
    tags = Tags([], [], {}, [], len(source))
    at = 0
    opened = _Opened([], [], source.rfind("]]>"))
    while at < len(source):
        at = _scan(source, at, tags, opened, xml=xml, prefixes=prefixes)
    _open_to_the_end(source, tags)
    return tags


def _open_to_the_end(source: str, tags: Tags) -> None:
    """Edits the end tags of body and html out where text follows them.

    Browsers show it in the body (HTML Standard 13.2.6.4.19); the parser would drop it.
    """
    closed = [at for at, name in enumerate(tags.name) if name in _PAGE and at in tags.closing]
    ends = [tags.closing[at].end() for at in closed]
    usual = not ends or _PAGE_TAIL.fullmatch(source, min(ends))
    if usual and ("body" in tags.name or not _has_text_behind(source)):
        return
    for at in closed:
        del tags.closing[at]
    tags.edits.extend((found.start(), found.end(), "") for found in _PAGE_END.finditer(source))
    tags.edits.sort()


def _has_text_behind(source: str) -> bool:
    """Whether anything stands behind what looks like the end of a page."""
    told = _PAGE_END.search(source)
    return told is not None and not _PAGE_TAIL.fullmatch(source, told.end())


class _Opened(NamedTuple):
    """The elements that are open: their end tags ("/div") and numbers.

    data_ends: where the last CDATA section ends, -1 for none.
    """

    missing: list[str]
    numbers: list[int]
    data_ends: int


def _scan(
    source: str, at: int, tags: Tags, opened: _Opened, *, xml: bool, prefixes: tuple[str, ...]
) -> int:
    """Reads tags up to the next script, CDATA or the like; returns where to go on.

    One loop with nothing called for the usual tag: pages have a thousand of them.
    """
    names, openings, closings, edits, _ = tags
    missing, numbers, _ = opened
    for match in _TOKEN.finditer(source, at):
        name, close, end = match.group(1, 3, 4)
        if end is not None:
            if prefixes:
                end = _without_prefix(end, match.start(4), prefixes, edits)
            if missing and missing[-1] == end:  # most are for the element opened last
                missing.pop()
                closings[numbers.pop()] = match
            elif (number := _closed(end.lower(), opened)) >= 0:
                closings[number] = match
            continue
        if name is None:
            start, inside = match.span()
            last = (
                source.find("]]>", inside) if match["data"] and inside <= opened.data_ends else -1
            )
            if last < 0:  # a comment, or what HTML takes for one
                continue
            edits.append((start, last + 3, escape(source[inside:last], quote=False)))
            return last + 3
        if prefixes:
            name = _without_prefix(name, match.start(1), prefixes, edits)
            if close is not None:
                _without_prefix(close[1:], match.start(3) + 1, prefixes, edits)
        name = name.lower()
        number = len(names)
        names.append(name)
        openings.append(match)
        if name in _VOID:
            closings[number] = match
            inside = match.start(2) if close is not None else match.end()
            if name in _NOT_VOID and source[inside - 2] != "/":
                edits.append((inside - 1, inside - 1, "/"))
            continue
        inside = match.end()
        if close is None and source[inside - 2] == "/":
            closings[number] = match
            if xml:
                edits.append((inside - 2, inside, f"></{name}>"))
            continue
        if name == "p":
            while missing and missing[-1][1:] in _CLOSED_BY_P:
                missing.pop()
                numbers.pop()
        if close is not None:
            continue
        missing.append("/" + name)
        numbers.append(number)
        if name in _RAW:
            return _after_raw(source, name, inside)
    return len(source)


def _without_prefix(
    name: str, at: int, prefixes: tuple[str, ...], edits: list[tuple[int, int, str]]
) -> str:
    closing = "/" * (name[0] == "/")
    if not name.startswith(prefixes, len(closing)):
        return name
    prefix, _, name = name[len(closing) :].partition(":")
    edits.append((at + len(closing), at + len(closing) + len(prefix) + 1, ""))
    return closing + name


def _closed(name: str, opened: _Opened) -> int:
    """The number of the innermost element that an end tag may close, -1 when there is none.

    Those inside are no longer open then.
    """
    rank = _RANKS.get(name[1:], _USUAL_RANK)
    for back in range(1, min(len(opened.missing), _FAR) + 1):
        other = opened.missing[-back]
        if other == name:
            number = opened.numbers[-back]
            del opened.missing[-back:], opened.numbers[-back:]
            return number
        if _RANKS.get(other[1:], _USUAL_RANK) > rank:
            break
    return -1


def _after_raw(source: str, name: str, at: int) -> int:
    """Where the end tag of an element stands whose content holds no tags."""
    found = re.compile(f"</{name}", re.I).search(source, at)
    return found.start() if found else len(source)


def aligned(elements: list[_Element], tags: Tags) -> dict[_Element, int] | None:
    """The numbers of a tree's elements among the tags; None when their order is another one."""
    names = tags.name
    found = [element.tag for element in elements]
    if found == names:  # the last one first, as they are freed faster
        return dict(zip(reversed(elements), reversed(range(len(names))), strict=True))
    numbers: dict[_Element, int] = {}
    at, n_names = 0, len(names)
    for element, name in zip(elements, found, strict=True):
        if at < n_names and name == names[at]:
            numbers[element] = at
            at += 1
        elif name not in _IMPLIED:
            return None
    return dict(reversed(numbers.items())) if at == n_names else None


def stamped(source: str, tags: Tags) -> str:
    """The source with its edits made and every start tag numbered."""
    edits = list(tags.edits)
    for number, opening in enumerate(tags.opening):
        start = opening.start()
        named = _NAME.match(source, start)
        at = named.end() if named else start
        edits.append((at, at, f' {STAMP}="{number}"'))
    return _edited(source, sorted(edits))


def edited(source: str, tags: Tags) -> str:
    """The source with its edits made; they leave the start tags and their order as they are."""
    return _edited(source, sorted(tags.edits)) if tags.edits else source


def _edited(source: str, edits: list[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    copied = 0
    for start, end, text in edits:
        parts += source[copied:start], text
        copied = end
    parts.append(source[copied:])
    return "".join(parts)


class Span(NamedTuple):
    """An element in the source: its tags included from start to end, its content inside to close.

    All are character offsets.
    """

    start: int
    inside: int
    close: int
    end: int


class Spans:
    """The spans of all elements of a tree.

    numbers: of elements among the tags, see `aligned`; without them the elements are stamped.
    source:  of tags that were only `started`.
    shorter: what the tags are of, where that is not the whole file.
    """

    def __init__(
        self,
        tree: _Element,
        tags: Tags,
        numbers: dict[_Element, int] | None = None,
        source: str = "",
        shorter: Uncoloured | None = None,
    ) -> None:
        self._of: dict[_Element, Span] = {}
        self._ends: dict[int, tuple[int, int, int]] = {}  # end tags by number, see `_last_in`
        self._tree = tree
        self._tags = tags
        self._source = source
        self._shorter = shorter
        self._numbers = _stamps(tree) if numbers is None else numbers
        self._in_order = numbers is not None
        if not source:
            self._of[tree] = self._span(tree, 0, tags.length)

    def __getitem__(self, element: _Element) -> Span:
        found = self._of.get(element)
        if found is None:  # most of a page is never asked for
            found = self._ended(element) or self._alone(element) or self._below_known(element)
            self._of[element] = found
        return found

    def elements(self) -> Iterator[_Element]:
        """All elements that have a tag in the source, in their order, told without a walk if known.

        Not for a tree that was changed.
        """
        return reversed(self._numbers) if self._in_order else self._tree.iter()

    def pin(self, element: _Element, *, as_: _Element | None = None) -> None:
        """Finds where an element and all in it stand, before it is moved in the tree.

        as_: of a new element, the one where it stands.
        """
        if as_ is not None:
            self._of[element] = self[as_]
            return
        for inner in element.iter():
            self._of[inner] = self[inner]

    def place(self, start: int, end: int) -> Place:
        """Where in the file stands what begins and ends at these places; its end is no earlier."""
        if self._shorter is not None:
            start, end = self._shorter.before(start), self._shorter.before(end)
        return Place(start=start, end=end if end > start else start)

    def start(self, element: _Element) -> int:
        """Where an element starts."""
        if self._in_order:
            number = self._numbers.get(element)
            if number is not None:
                return self._tags.start(number)
        return self[element].start

    def inside(self, element: _Element) -> int:
        """Where the content of an element starts."""
        number = self._numbers.get(element) if self._source else None
        return self[element].inside if number is None else self._tags.opening[number].end()

    def text_end(self, element: _Element) -> int:
        """Where the text before the first child of an element ends."""
        return self.start(element[0]) if len(element) else self[element].close

    def tail_end(self, element: _Element) -> int:
        """Where the text after an element ends."""
        following = element.getnext()
        if following is not None:
            return self.start(following)
        parent = element.getparent()
        return self[element].end if parent is None else self[parent].close

    def _ended(self, element: _Element) -> Span | None:
        """The span of an element in a tree of tags that were `started`.

        None where it does not end as in the tree, from where on the tags are all `scanned`.
        """
        if not self._source:
            return None
        number = self._numbers.get(element)
        if number is not None:
            start, inside = self._tags.opening[number].span()
            if self._is_empty(number, inside):
                return Span(start, inside, inside, inside)
            alone = not len(element)
            if alone and (end := self._end_tag(self._tags.name[number], inside, inside)):
                return Span(start, inside, *end)
            found = self._ends.get(number) or self._find_end(element)
            if found is not None:
                return Span(start, inside, found[0], found[1])
        self._scan()
        return None

    def _is_empty(self, number: int, inside: int) -> bool:
        return self._tags.name[number] in _VOID or self._source[inside - 2] == "/"

    def _find_end(self, element: _Element) -> tuple[int, int, int] | None:
        """Finds the end tags of an element, of the last one in it, of the last in that, and so on.

        They stand between the last start tag in it and the next one. None where others do.
        """
        numbers, names = self._numbers, self._tags.name
        ended, begin, limit = self._last_in(element)
        while ended is not None and (number := numbers.get(ended)) is not None:
            found = self._end_tag(names[number], begin, limit)
            if found is None:
                return None
            begin = found[1]
            self._ends[number] = told = (*found, limit)
            if ended is element:
                return told
            ended = ended.getparent()
        return None

    def _end_tag(self, name: str, begin: int, limit: int) -> tuple[int, int] | None:
        """Where the next end tag between two places stands; None when it has another name.

        Right behind text alone it may also stand behind the second of them.
        """
        tag, start = f"</{name}>", self._source.find("<", begin)
        if self._source.startswith(tag, start):  # the usual case
            return start, start + len(tag)
        for end in _END.finditer(self._source, begin, limit):
            if end[1] is not None:
                return end.span() if end[1].lower() == name else None
        return None

    def _last_in(self, element: _Element) -> tuple[_Element | None, int, int]:
        """What ends first behind the last start tag in an element, and from where to where that is.

        What is known to end is passed over.
        """
        numbers, openings, limit = self._numbers, self._tags.opening, self._tags.length
        inner, known = element, None
        while known is None and len(inner):
            inner = inner[-1]
            known = self._ends.get(numbers.get(inner, -1))
        if known is not None:
            return inner.getparent(), known[1], known[2]
        last = numbers.get(inner)
        if last is None:
            return None, limit, limit
        begin = openings[last].end()
        if last + 1 < len(openings):
            limit = openings[last + 1].start()
        return (inner.getparent() if self._is_empty(last, begin) else inner), begin, limit

    def _scan(self) -> None:
        """Makes all tags known."""
        tags = scanned(self._source)
        if tags.name == self._tags.name:
            self._tags = tags
        self._source = ""
        self._of[self._tree] = self._span(self._tree, 0, tags.length)

    def _alone(self, element: _Element) -> Span | None:
        """The span of an element in a tree whose order is that of the tags.

        It ends with its end tag, else where the next element starts or the one around it ends.
        """
        numbers = self._numbers
        number = numbers.get(element) if self._in_order else None
        if number is None:
            return None
        following = element.getnext()
        if following is None:
            parent = element.getparent()
            if parent is None:
                return None
            above = self._of.get(parent)
            if above is None:
                return None  # the ones above come first, and there may be thousands
            high = above.close
        else:
            after = numbers.get(following)
            if after is None:
                return None
            high = self._tags.opening[after].start()
        start, inside, close, end = self._tags.places(number)
        if inside <= close <= end <= high:  # the usual case
            return Span(start, inside, close, end)
        inside = min(inside, high)
        if end < 0 or close > high:
            return Span(start, inside, high, high)
        return Span(start, inside, max(close, inside), min(max(end, inside), high))

    def _below_known(self, element: _Element) -> Span:
        unknown = [element]
        above = element.getparent()
        while above is not None and above not in self._of:
            unknown.append(above)
            above = above.getparent()
        for inner in reversed(unknown):
            span = self._alone(inner)
            parent = inner.getparent()
            if span is not None:
                self._of[inner] = span
            elif parent is not None and inner not in self._of:
                self._children(parent)
        return self._of[element]

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
        """Where an element starts, else where its first numbered descendant does."""
        for inner in element.iter():
            number = self._numbers.get(inner)
            if number is not None:
                return self._tags.start(number)
        return None

    def _span(self, element: _Element, low: int, high: int) -> Span:
        """The span of an element that lies between low and high."""
        number = self._numbers.get(element)
        if number is None:
            return Span(low, low, high, high)
        start, inside, close, end = self._tags.places(number)
        start = min(max(start, low), high)
        inside = min(max(inside, start), high)
        if end < 0 or close > high:
            return Span(start, inside, high, high)
        return Span(start, inside, max(close, inside), min(max(end, inside), high))


def _stamps(tree: _Element) -> dict[_Element, int]:
    found: dict[_Element, int] = {}
    for element in tree.iter():
        told = element.get(STAMP)
        if told is not None and told.isdigit():
            found[element] = int(told)
    return found
