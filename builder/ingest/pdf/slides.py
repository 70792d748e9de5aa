"""Slides: each has a title, which outlines do not list, and some only show which part begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from builder.ingest.pdf import furniture
from builder.ingest.pdf.blocks import Part, body_size
from builder.ingest.pdf.layout import Line, lines
from builder.ingest.pdf.looks import LOOK, made, style_of
from builder.ingest.pdf.outline import LARGER, MAX_LEVEL, flat
from builder.ingest.pdf.page import Entry, Page, Run
from builder.records import Dropped

_MOST = 0.5  # of the pages begin with a title set alike,
_FEWEST = 5  # on so many at least
_LINES = 2  # of such a title
_LISTED = 3  # parts that a page shows, at least,
_MOSTLY = 0.6  # of its letters, but for those of its title
_TITLES = ("paragraph", "heading")  # set like a listed one, it may be told by that
_LARGER = 0.5  # points: a section than the title of a slide
_ABOVE = 9.0  # times the size: the room above what begins a page
_NEARLY = 0.7  # of the letters of a title
_LONG = 200  # letters: longer ones are not compared letter by letter
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


def with_sections(found: list[Part], outline: Sequence[Entry], wide: Collection[int]) -> list[Part]:
    """Parts of a deck, with the sections that its outline lists and no slide names.

    Each stands above the title of the slide that it leads to, set a little larger than that.
    """
    tops = _titles(found, wide)
    entries: dict[int, list[Entry]] = {}
    for entry in outline:
        if entry.page in tops and flat(entry.title):
            entries.setdefault(entry.page, []).append(entry)
    said: dict[int, list[str]] = {}
    for part in found:
        said.setdefault(part.page, []).append("".join(flat(line.text) for line in part.lines))
    made_of: list[Part] = []
    for part in found:
        for entry in entries.pop(part.page, [])[:MAX_LEVEL]:
            title = flat(entry.title)
            around = range(entry.page - 1, entry.page + 2)
            shown = any(title in text for page in around for text in said.get(page, ()))
            if not (shown or any(_is_nearly(tops[page], title) for page in around if page in tops)):
                made_of.append(_section(entry, tops[entry.page]))
        made_of.append(part)
    return made_of


def _tops(found: Sequence[Part]) -> dict[int, Part]:
    """What pages begin with; of two at one place the last, above which a section was put."""
    tops: dict[int, Part] = {}
    for part in found:
        if part.lines:
            top = tops.setdefault(part.page, part).lines[0]
            first = part.lines[0]
            if first.y < top.y or (first.y, first.x0) == (top.y, top.x0):
                tops[part.page] = part
    return tops


def _is_nearly(top: Part, title: str) -> bool:
    """Whether the title of a slide says nearly what a section does."""
    text = "".join(flat(line.text) for line in top.lines)
    if max(len(text), len(title)) > _LONG:
        return text == title
    return SequenceMatcher(None, text, title, autojunk=False).ratio() > _NEARLY


def _section(entry: Entry, top: Part) -> Part:
    """The title of a section where that of its first slide stands."""
    run = top.lines[0].runs[0]
    size = max(one.size for line in top.lines for one in line.runs) + _LARGER
    xs = [run.x0] * len(entry.title)
    said = replace(run, text=entry.title, xs=xs, size=size, space=False)
    line = Line([said], column=top.lines[0].column, page=top.page)
    return Part("paragraph", [line], top.page, gap=_ABOVE)


def _titles(found: Sequence[Part], wide: Collection[int]) -> dict[int, Part]:
    """The titles of slides by their pages: what most of them begin with, set alike."""
    tops = _tops(found)
    looks = Counter(
        style_of(top)._replace(form="", face="") for page, top in tops.items() if page in wide
    )
    look, n_alike = looks.most_common(1)[0] if looks else (None, 0)
    least = LARGER * body_size(found)
    if n_alike < max(_FEWEST, _MOST * len(tops)) or look is None or look.size < least:
        return {}
    return {page: top for page, top in tops.items() if style_of(top)[:LOOK] == look[:LOOK]}


def unite(found: list[Part], wide: Collection[int]) -> list[Dropped]:
    """Take off what counts slides of one title: "Tanks I", and all of "Tanks II" that goes on.

    wide: the pages that are wider than high. Where one does, a lone "I" is such a number too. What
    stands on the slides that go on may belong to a title below theirs.
    """
    tops: dict[int, Part] = {}
    for part in found:
        if part.page in wide and part.lines and part.kind == "heading":
            top = tops.setdefault(part.page, part)
            if part.lines[0].y == top.lines[0].y:  # it stands below a section that no slide names
                tops[part.page] = part
    told = {page: _title_and_number(part) for page, part in tops.items()}
    going = {
        page for page, (title, n) in told.items() if n and told.get(page + 1) == (title, n + 1)
    }
    looks = {style_of(tops[page])[:LOOK] for page in going}
    again: dict[int, Part] = {}
    for page, part in tops.items():
        if page - 1 in going:
            again[id(part)] = part
        elif page in going or (told[page][1] == 1 and style_of(part)[:LOOK] in looks):
            _cut_number(part)
    found[:] = [part for part in found if id(part) not in again]
    return [
        furniture.dropped(
            f"page {part.page}", "continued", [r for ln in part.lines for r in ln.runs]
        )
        for part in again.values()
    ]


def ends(found: Sequence[Part], wide: Collection[int]) -> dict[int, float]:
    """How low the lowest line of all slides ends, by the pages that are wider than high."""
    bottoms = [line.bottom for part in found if part.page in wide for line in part.lines]
    return dict.fromkeys(wide, max(bottoms, default=0.0))


def _runs_of(part: Part) -> list[Run]:
    return [run for line in part.lines for run in line.runs]


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
    tops = _tops(found)
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
