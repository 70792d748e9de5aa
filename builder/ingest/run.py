"""Runs of inline text as a page shows them, and where they stand in its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from builder.ingest.inline import BOLD, BREAK, INLINE, MARKS, PLAIN
from builder.ingest.offsets import Spans
from builder.ingest.questions import ASKS, is_labelled

if TYPE_CHECKING:
    from lxml.etree import _Element

Range = tuple[int, int]  # character offsets into the source

BACK = " \n\t<\u2190\u2039"  # before the first link to the pages above
BADGES = ("Q", "F")  # drawn before a question
_STEPS = frozenset(
    "previous prev next back up zur\u00fcck weiter pr\u00e9c\u00e9dent suivant anterior siguiente "
    "\u524d\u3078 \u6b21\u3078 \u623b\u308b \u4e0a\u4e00\u9875 \u4e0b\u4e00\u9875 "
    "\u4e0a\u4e00\u9801 \u4e0b\u4e00\u9801".split()
)
_ON = re.compile(rf"\W{{0,4}}(?:{'|'.join(sorted(_STEPS - {'up'}))}|up(?=:))", re.IGNORECASE)
_THROUGH = re.compile(  # the first page of a book has no link to the one before
    r"(?:(?:next|previous|prev|up|contents|index|top|home)(?:\s+|$)){2,6}", re.IGNORECASE
)
_MAY_LEAD = re.compile(  # how a text in small letters begins that one of these rules is for
    rf"\W{{0,4}}(?:{'|'.join(sorted(_STEPS))})|contents|edit|home|index|show|top|view"
)
_SOURCE = re.compile(r"(?:view|show|edit) (?:the )?(?:page )?source", re.IGNORECASE)
_ARROWS = f" \n\t<>-\u2190\u2192\u00ab\u00bb\u2039\u203a|[{MARKS}"  # beside "previous"
_WAYS = re.compile(  # "back : Item" tells the type of a property, "| up |" leads nowhere here
    rf"(?:\W*\b(?:{'|'.join(sorted(_STEPS))})(?::|(?=\s*\|)))*\W*", re.IGNORECASE
)
_BEGINNING = 20  # characters, in which the longest of such words ends
_LINKED = 0.5  # share of an entry's letters that are links
_BOLD_QUESTION = re.compile(rf"{BOLD}[^{BOLD}{PLAIN}{BREAK}]+\?\s*{PLAIN}\s*(?:{BREAK}|$)")


@dataclass(slots=True, eq=False)
class Part:
    """A stretch of inline text: before the children of an element, after it, or all of it.

    text: with marks, as the page shows it; said: as it stands in the tree, "" for a mark alone.
    """

    text: str
    element: _Element
    stands: Literal["before", "after", "whole", "begin", "end"]
    said: str = ""


def paragraphs(run: list[Part]) -> Iterator[list[Part]]:
    """The parts of a run between two or more hard breaks."""
    parts: list[Part] = []
    breaks = 0
    for part in run:
        if part.text == BREAK:
            breaks += 1
        elif part.text.strip():
            if breaks > 1 and parts:
                yield parts
                parts = []
            breaks = 0
        parts.append(part)
    yield parts


def entries(parts: list[Part]) -> list[list[Part]]:
    """The parts of a paragraph that holds several questions, each with its answer, by breaks;
    lines that do nothing but ask are one paragraph."""
    found, first = [], 0
    for at, part in enumerate(parts):
        if part.text == BREAK and at > first and _asks(parts[at + 1 : at + 5]):
            found.append(parts[first:at])
            first = at + 1
    found.append(parts[first:])
    answered = any(part.text in (BREAK, BOLD) for entry in found for part in entry)
    return found if answered else [parts]


def _asks(parts: list[Part]) -> bool:
    """Whether marked text begins with "Q:" or with a question in bold."""
    text = "".join(part.text for part in parts).lstrip()
    return is_labelled(text.lstrip(BOLD)) or bool(_BOLD_QUESTION.match(text))


def is_badged(parts: list[Part]) -> bool:
    """Whether a question follows the letter in an element of its own that is drawn before it."""
    first = parts[0].element
    if len(parts) < 2 or parts[0].stands != "before" or parts[0].text.strip() not in BADGES:
        return False
    after = parts[1].element
    return after is first.getnext() and not first.tail and parts[-1].text.strip().endswith(ASKS)


def leads_on(text: str, parts: list[Part]) -> bool:
    """Whether a text is links alone, the first of which says that it leads a step on or back.

    Beside links, words may say where each of them leads: "Previous: Arrays, Up: Types". One that
    leads to the source of the page is such a link too.
    """
    if not _MAY_LEAD.match(text[:_BEGINNING].lower()):  # as a rule
        return False
    if _SOURCE.fullmatch(text):
        return is_linked(parts)
    if _THROUGH.fullmatch(text):
        return holds_link(parts)
    if not _ON.match(text):
        return False
    said = (part.text.strip(_ARROWS).casefold() for part in parts)
    first = next(filter(None, said), "")
    if first not in _STEPS and first.partition(":")[0] not in _STEPS - {first}:
        return False
    beside = [part.text for part in parts if part.text.strip() and not _is_in_link(part)]
    return len(beside) < len(parts) and _WAYS.fullmatch(" ".join(beside)) is not None


def is_linked(parts: list[Part]) -> bool:
    """Whether all of a text is links."""
    return all(_is_in_link(part) for part in parts if part.text.strip())


def mostly_linked(parts: list[Part]) -> bool:
    """Whether half of the letters of a text or more are in links, as in an entry of an index."""
    said = linked = 0
    for part in parts:
        size = len(part.text.strip())
        said += size
        linked += size if size and _is_in_own_link(part) else 0
    return linked > 0 and linked >= _LINKED * said


def begins_linked(parts: list[Part]) -> bool:
    """Whether a text begins with a link, behind a sign that leads back at most."""
    first = next((part for part in parts if part.text.strip(BACK)), None)
    return first is not None and _is_in_own_link(first)


def _is_in_own_link(part: Part) -> bool:
    """Whether a text is in a link that its list item holds: one left open holds all of a page."""
    element = part.element if part.stands != "after" else part.element.getparent()
    while element is not None and element.tag in INLINE:
        if element.tag == "a":
            return True
        element = element.getparent()
    return False


def holds_link(parts: list[Part]) -> bool:
    """Whether some of a text is a link."""
    return any(_is_in_link(part) for part in parts if part.text.strip())


def _is_in_link(part: Part) -> bool:
    element = part.element if part.stands != "after" else part.element.getparent()
    if element is None:
        return False
    return element.tag == "a" or next(element.iterancestors("a"), None) is not None


def said_by(parts: list[Part]) -> str:
    """The text of parts as it stands in the tree."""
    return "".join([part.said for part in parts])


def end_of_line(marked: str) -> int:
    """Where the first line of marked text that says something ends."""
    said = re.search(rf"[^\s{BREAK}{BOLD}{PLAIN}]", marked)
    found = marked.find(BREAK, said.end()) if said else -1
    return len(marked) if found < 0 else found


def end_of_label(marked: str, label: str) -> int:
    """How much of marked text its first letters, those of label, take with the marks on them."""
    wanted = "".join(label.split())
    for at, character in enumerate(marked):
        if not wanted:
            return at + len(PLAIN) if character == PLAIN else at
        if character == wanted[0]:
            wanted = wanted[1:]
    return 0


def range_of(parts: list[Part], spans: Spans, first: int, last: int | None = None) -> Range | None:
    """Where the characters first to last of the marked text of parts stand in the source.

    last: None for all that follow first.
    """
    if not first and last is None:
        said = [part for part in parts if part.text.strip()]  # a break is white space too
        return (_start(said[0], spans), _end(said[-1], spans)) if said else None
    last = sum([len(part.text) for part in parts]) if last is None else last
    at = 0
    begin: tuple[Part, int] | None = None
    ends: tuple[Part, int] | None = None
    for part in parts:
        before, at = at, at + len(part.text)
        inside = part.text[max(0, first - before) : max(0, last - before)]
        if not inside.strip():
            continue
        begin = begin or (part, max(0, first - before))
        ends = part, max(0, at - last)
    if begin is None or ends is None:
        return None
    start, _ = _range(begin[0], spans, after=begin[1])
    _, end = _range(ends[0], spans, before=ends[1])
    return start, end


def _range(part: Part, spans: Spans, *, after: int = 0, before: int = 0) -> Range:
    """Where a part stands, without so many characters of it where no entities are in it."""
    start, end = _start(part, spans), _end(part, spans)
    exact = len(part.text) == end - start
    return (start + after, end - before) if exact else (start, end)


def _start(part: Part, spans: Spans) -> int:
    element, stands = part.element, part.stands
    if stands == "before":
        return spans.inside(element)
    if stands == "after":
        return spans[element].end
    return spans[element].close if stands == "end" else spans.start(element)


def _end(part: Part, spans: Spans) -> int:
    element, stands = part.element, part.stands
    if stands == "before":
        return spans.text_end(element)
    if stands == "after":
        return spans.tail_end(element)
    return spans[element].inside if stands == "begin" else spans[element].end
