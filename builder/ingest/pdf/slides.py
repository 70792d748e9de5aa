"""Slides: each has a title, which outlines do not list, and some only show which part begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from builder.ingest.pdf import furniture
from builder.ingest.pdf.blocks import Part, body_size
from builder.ingest.pdf.layout import Line, lines
from builder.ingest.pdf.looks import LOOK, made, style_of
from builder.ingest.pdf.outline import LARGER, flat
from builder.ingest.pdf.page import Entry, Page
from builder.records import Dropped

_MOST = 0.5  # of the pages begin with a title set alike,
_FEWEST = 5  # on so many at least
_LINES = 2  # of such a title
_LISTED = 3  # parts that a page shows, at least,
_MOSTLY = 0.6  # of its letters, but for those of its title
_TITLES = ("paragraph", "heading")  # set like a listed one, it may be told by that
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_COUNTED = re.compile(r"\W*(?:\d+|[ivx]+)?\W*", re.IGNORECASE)


def take_out_ways(pages: Sequence[Page], outline: Sequence[Entry]) -> list[Dropped]:
    """Take the lists of parts off slides, but for the part that begins there."""
    parts = {flat(entry.title): entry.page for entry in outline if entry.level == 1}
    found: list[Dropped] = []
    for page in pages:
        if len(parts) < _LISTED or page.width <= page.height or not page.runs:
            continue
        shown = _lists(lines(page.runs, page.number), parts)
        gone = {id(run) for line, at in shown if at != page.number for run in line.runs}
        if gone:
            runs = [run for run in page.runs if id(run) in gone]
            found.append(furniture.dropped(f"page {page.number}", "contents", runs))
            page.runs[:] = [run for run in page.runs if id(run) not in gone]
    return found


def _lists(found: Sequence[Line], parts: dict[str, int]) -> list[tuple[Line, int]]:
    """The lines of a slide that shows the parts and hardly more, with the page of each; its title
    and numbers have none."""
    pages = {id(line): page for line in found if (page := _part(line, parts))}
    if len(pages) < _LISTED:
        return []
    top = min(found, key=lambda line: line.y)
    marks = [line for line in found if id(line) not in pages and _COUNTED.fullmatch(line.text)]
    rest = [line for line in found if id(line) not in pages and line is not top]
    of_parts = sum(len(flat(line.text)) for line in found if id(line) in pages)
    left = sum(len(flat(line.text)) for line in rest)
    if of_parts < _MOSTLY * (of_parts + left):
        return []
    beside = {
        id(mark): pages[id(line)]
        for mark in marks
        for line in found
        if id(line) in pages and abs(line.y - mark.y) < line.size
    }
    told = pages | beside
    return [(line, told.get(id(line), 0)) for line in found if line is top or id(line) in told]


def _part(line: Line, parts: dict[str, int]) -> int:
    """The page of the part that a line names, 0 for any other line."""
    said = flat(line.text)
    return parts.get(said, 0) or parts.get(said.lstrip("0123456789"), 0)


def unite(found: Sequence[Part], wide: Collection[int]) -> None:
    """Take the numbers off titles of slides that go on over several: "Tanks I", "Tanks II".

    wide: the pages that are wider than high. Where one does, a lone "I" is such a number too.
    """
    tops: dict[int, Part] = {}
    for part in found:
        if part.page in wide and part.lines and part.kind == "heading":
            tops.setdefault(part.page, part)
    told = {page: _title_and_number(part) for page, part in tops.items()}
    going = {
        page for page, (title, n) in told.items() if n and told.get(page + 1) == (title, n + 1)
    }
    looks = {style_of(tops[page])[:LOOK] for page in going}
    for page, part in tops.items():
        goes_on = page in going or page - 1 in going
        if goes_on or (told[page][1] == 1 and style_of(part)[:LOOK] in looks):
            _cut_number(part)


def _title_and_number(part: Part) -> tuple[str, int]:
    """A title, folded, and the small roman number at its end; 0 where it has none."""
    words = " ".join(line.text for line in part.lines).split()
    number = words[-1].casefold() if len(words) > 1 else ""
    return (flat(" ".join(words[:-1])), _ROMAN.index(number)) if number in _ROMAN[1:] else ("", 0)


def _cut_number(part: Part) -> None:
    """Take the last word off a title."""
    *rest, last = part.lines
    *runs, run = last.runs
    words = run.text.split()
    if len(words) > 1:
        runs.append(run.cut(len(run.text.rstrip()) - len(words[-1]))[0])
    made_of = Line(runs, column=last.column, page=last.page) if runs else None
    part.lines = [*rest, made_of] if made_of else rest


def with_titles(found: Sequence[Part], matched: Sequence[Part]) -> Sequence[Part]:
    """The headings that the outline lists, and those below them that pages begin with.

    They are set alike at one height of most pages, and larger than prose.
    """
    body = body_size(found)
    tops: dict[int, Part] = {}
    for part in found:
        if part.lines and (part.page not in tops or part.lines[0].y < tops[part.page].lines[0].y):
            tops[part.page] = part
    shown = {
        number: (style_of(top), round(top.lines[0].y / top.lines[0].size))
        for number, top in tops.items()
        if top.table is None and style_of(top).size > LARGER * body and len(top.lines) <= _LINES
    }
    look, n_alike = Counter(shown.values()).most_common(1)[0] if shown else (None, 0)
    if n_alike < max(_FEWEST, _MOST * len(tops)):
        return matched
    level = max((part.level for part in matched), default=0) + 1
    listed = {id(part) for part in matched}
    for number, top in tops.items():
        if shown.get(number) == look and id(top) not in listed and top.kind in _TITLES:
            made(top, level)
            listed.add(id(top))
    return [part for part in found if id(part) in listed]
