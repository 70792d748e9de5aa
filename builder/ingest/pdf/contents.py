"""Lists of contents and indexes at the ends of a book: rows that end in numbers of pages.

The outline, or the headings themselves, tell more than a list of contents does, and none of its
rows is a sentence: both are taken out of the text.

An entry of contents has leaders before its page, or ends where such entries do; where the leaders
are no text of the page, tags may tell that it is one. A list of them is
believed where its titles stand again in the text, or where its pages or its words are in order.
A name of contents right above a smaller or counted title has none: makers leave a list out that no
one updated, and all that follows would be below it.
The entries of an index have their pages behind a comma; it is believed below its title only.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from builder.ingest.pdf import furniture
from builder.ingest.pdf.layout import Line, in_order, lines
from builder.ingest.pdf.outline import flat
from builder.ingest.pdf.page import Page, Tag, ids
from builder.records import Dropped
from builder.text import whole_number

_PAGES = r"(?:\d{1,4}|[ivxlc]{1,7})"
_LEADERS = re.compile(r"(?:[.\u2026\u00b7_]\s?){3}")
_LED = re.compile(rf"(.*?)(?:[.\u2026\u00b7_]\s?){{3,}}\s*({_PAGES})(?:, {_PAGES})*\W*")
_COUNTS_ON = re.compile(r"\d,?\s*(?:(?<!\.)\.{3}(?!\.)|\u2026)\s*\d")  # "1, 2 ... 12"
_ENDED = re.compile(r"(.*\w.*?)\s+(\d{1,4})")
_INDEXED = re.compile(r".*\w.*,\s*\d{1,4}(?:[-\u2013]\d{1,4})?\W*|(?:\d{1,4}[,\s-]*)+")
_NAME = re.compile(
    r"(?:(?:table of |list of )?(?:contents|figures|tables|examples)|inhalt|inhaltsverzeichnis"
    r"|(?:tabellen|abbildungs)verzeichnis|sommaire|table des matières|índice(?: general)?|contenido"
    r"|indice|sumário|inhoud(?:sopgave)?|spis treści|obsah|содержание|оглавление|目次|目录|目錄)",
    re.IGNORECASE,
)
_OF_PARTS = re.compile(r"(?:figures|tables|examples)", re.IGNORECASE)  # may be a section
_INDEX = re.compile(
    r"(?:[A-Z\d]{1,2}[.:]?\s+)?(?:(?:[\w-]+ ){0,3}index|index of [\w ]+"
    r"|(?:sach|stichwort|namen)(?:s?register|s?verzeichnis)|register|índice alfabético|索引)",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"(?:[.\u2026\u00b7_] ?){3}|index|register|verzeichnis|alfab\u00e9tico|\u7d22\u5f15",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(?:1|I)(?:\.\d{1,2})*\.?\s")
_CHAPTER = re.compile(r"(?:chapter|appendix|kapitel|anhang|chapitre|annexe)\s+\w+", re.IGNORECASE)
_EDGE = 2.0  # points: the pages of entries end as near to each other as this
_FEW, _MANY = 3, 8  # entries: the least of a list; and where nothing but their order tells it
_KNOWN = 0.5  # of the titles of a list stand again in the text
_ORDERLY = 0.85  # of its neighbours are in order
_BETWEEN = 2  # rows that a title may run over before its entry ends
_CLOSE = 1.6  # times the size: the distance of such rows
_TITULAR = 1.15  # times the size of most prose of a page: names of empty lists, and what follows
_LARGER = 0.5  # points
_OF_INDEX = 0.3  # of the rows of a page of an index
_LAST = 0.5  # of the pages: an index begins behind


@dataclass(slots=True, eq=False)
class _Row:
    """The lines of one column beside each other; title and page are those of an entry."""

    lines: list[Line]
    text: str
    title: str = ""
    page: int = 0
    led: bool = False

    @property
    def x1(self) -> float:
        return max(line.x1 for line in self.lines)


def take_out(pages: Sequence[Page]) -> list[Dropped]:
    """Take lists of contents and indexes out of the pages, and tell what they were."""
    listed: dict[int, list[_Row]] = {}
    if any(map(_may_list, pages)):
        listed = _listed({page.number: _rows(page) for page in pages if page.runs})
    for page in pages:
        if not listed.get(page.number):
            listed[page.number] = _without_entries(page)
    found: list[Dropped] = []
    for page in pages:
        gone = [
            run for row in listed.get(page.number, []) for line in row.lines for run in line.runs
        ]
        if gone:
            found.append(furniture.dropped(f"page {page.number}", "contents", gone))
            ids = {id(run) for run in gone}
            page.runs[:] = [run for run in page.runs if id(run) not in ids]
    return found


def _listed(rows: dict[int, list[_Row]]) -> dict[int, list[_Row]]:
    """The rows of lists of contents and of indexes, by page."""
    listed = _contents(rows)
    for number, index in _index(rows).items():
        listed[number] = list(dict.fromkeys([*listed.get(number, []), *index]))
    return listed


def _may_list(page: Page) -> bool:
    """Whether a page shows leaders, or a word that titles of indexes hold: to lose no time."""
    if any(True for _ in _entries(page.tags)):
        return True
    text = " ".join(run.text for run in page.runs)
    return _HINT.search(text) is not None or any(
        _NAME.fullmatch(run.text.strip()) for run in page.runs
    )


def _entries(tags: Iterable[Tag | int]) -> Iterator[Tag]:
    """The elements that tags call entries of contents."""
    for tag in tags:
        if isinstance(tag, Tag):
            if tag.kind == "TOCI":
                yield tag
            else:
                yield from _entries(tag.kids)


def _rows(page: Page) -> list[_Row]:
    """The rows of a page in reading order."""
    told = set(ids(list(_entries(page.tags))))
    grouped: list[list[Line]] = []
    for line in in_order(lines(page.runs, page.number)):
        before = grouped[-1][-1] if grouped else None
        if before is not None and abs(before.y - line.y) < 0.4 * line.size and line.x0 > before.x0:
            grouped[-1].append(line)
        else:
            grouped.append([line])
    return [_row(group, told) for group in grouped]


def _row(group: list[Line], told: set[int]) -> _Row:
    """The entry that a row is, if it is one. told: the marked content of entries by tags."""
    row = _Row(group, " ".join(line.text for line in group))
    led = _LED.fullmatch(row.text) if _LEADERS.search(row.text) else None
    if led and led[1].strip() and not _COUNTS_ON.search(row.text):
        row.led, row.title = True, flat(led[1])
        row.page = whole_number(led[2])
    elif row.text[-1:].isdigit() and (ended := _ENDED.fullmatch(row.text)):
        row.title, row.page = flat(ended[1]), int(ended[2])
        row.led = told.issuperset(run.tag for line in row.lines for run in line.runs)
    return row


def _lead(found: Sequence[_Row]) -> None:
    """Take rows below the name of a list for entries that have no leaders.

    Their pages stand apart from their titles, below each other, and never count down.
    """
    names = [at for at, row in enumerate(found) if _NAME.fullmatch(row.text.strip())]
    for begin, end in itertools.pairwise([*names, len(found)]):
        above: _Row | None = None
        n_open = 0
        for row in found[begin + 1 : end]:
            n_open = 0 if row.page else n_open + 1
            if n_open > _BETWEEN or (above is None and n_open):
                break
            if row.page and above is not None and not _goes_on(above, row):
                break
            if row.page:
                row.led, above = row.led or _is_apart(row), row


def _is_apart(row: _Row) -> bool:
    """Whether the last word of a row is farther from the others than words are."""
    runs = [run for line in row.lines for run in line.runs if run.text.strip()]
    return len(runs) > 1 and runs[-1].x0 - runs[-2].x1 > runs[-1].size


def _goes_on(above: _Row, row: _Row) -> bool:
    """Whether an entry may follow another, by its page and where that stands."""
    return row.page >= above.page and abs(row.x1 - above.x1) <= _EDGE


def _contents(rows: dict[int, list[_Row]]) -> dict[int, list[_Row]]:
    """The rows of lists of contents, by page."""
    for found in rows.values():
        _lead(found)
    titles = {
        flat(form)
        for found in rows.values()
        for row in found
        if not row.led
        for form in (row.text, re.sub(r"^[\w.]+\s+", "", row.text))
    }
    listed: dict[int, list[_Row]] = {}
    for number, found in rows.items():
        stretches = list(_stretches(found))
        names = [
            first > 0 and _NAME.fullmatch(found[first - 1].text.strip()) is not None
            for first, _ in stretches
        ]
        sure = any(
            _believed([row for row in found[first : last + 1] if row.led], titles, named=named)
            for (first, last), named in zip(stretches, names, strict=True)
        )
        listed[number] = []
        for (first, last), named in zip(stretches, names, strict=True):
            if sure or (first == 0 and listed.get(number - 1)):
                listed[number] += found[first - named : last + 1]
    return listed


def _stretches(found: Sequence[_Row]) -> Iterator[tuple[int, int]]:
    """Where rows of entries begin and end, with those rows between them that go with them."""
    first = last = -1
    for at, row in enumerate(found):
        if not row.led:
            continue
        if last >= 0 and _go_with(found[last : at + 1]):
            last = at
            continue
        if first >= 0:
            yield first, _extended(found, last, 1)
        first, last = _extended(found, at, -1), at
    if first >= 0:
        yield first, _extended(found, last, 1)


def _extended(found: Sequence[_Row], at: int, step: int) -> int:
    """The farthest of the rows on one side that end where an entry ends."""
    edge = found[at].x1
    while 0 <= at + step < len(found):
        row = found[at + step]
        if row.led or not row.page or abs(row.x1 - edge) > _EDGE:
            break
        at += step
    return at


def _go_with(found: Sequence[_Row]) -> bool:
    """Whether the rows between two entries are entries too, or titles that run over rows."""
    n_open = 0
    for row, after in itertools.pairwise(found[1:]):
        if row.page and abs(row.x1 - found[0].x1) <= _EDGE:
            n_open = 0
            continue
        one, other = row.lines[0], after.lines[0]
        n_open += 1
        if n_open > _BETWEEN or other.y - one.y > _CLOSE * one.size:
            return False
    return True


def _believed(entries: Sequence[_Row], titles: set[str], *, named: bool) -> bool:
    """Whether entries are those of a list of contents or an index, not of prices.

    named: its name stands above them, as "Contents".
    """
    if len(entries) < (1 if named else _FEW):
        return False
    known = sum(
        row.title in titles or re.sub(r"^[\divx]+", "", row.title) in titles for row in entries
    )
    if known >= _KNOWN * len(entries):
        return True
    pairs = list(itertools.pairwise(entries))
    counted = sum(a.page <= b.page for a, b in pairs)
    sorted_ = sum(a.title <= b.title for a, b in pairs)
    return len(entries) >= _MANY and max(counted, sorted_) >= _ORDERLY * len(pairs)


def _without_entries(page: Page) -> list[_Row]:
    """The names of lists of contents that hold nothing: a title below them follows.

    It is smaller, or counted, as the titles of a document are that has a name of its own above all.
    """
    least = _TITULAR * statistics.median(
        [run.size for run in page.runs if not run.font.fixed] or [0.0]
    )
    large = " ".join(run.text for run in page.runs if run.size > least)
    if not _NAME.search(large):
        return []
    rows = _rows(page)
    sizes = [row.lines[0].size for row in rows]
    return [
        row
        for row, after, size, below, next_ in zip(
            rows, rows[1:], sizes, sizes[1:], sizes[2:], strict=False
        )
        if _NAME.fullmatch(row.text.strip())
        and not _OF_PARTS.fullmatch(row.text.strip())
        and below > max(least, next_ + _LARGER)
        and (_COUNTED.match(after.text) or size > below + _LARGER)
    ]


def _index(rows: dict[int, list[_Row]]) -> dict[int, list[_Row]]:
    """The rows of indexes, by page: from their title to where their entries end."""
    found: dict[int, list[_Row]] = {}
    for number, page in rows.items():
        if number <= _LAST * max(rows):
            continue
        if number - 1 in found:
            begin = 0
        else:
            named = (at for at, row in enumerate(page) if _INDEX.fullmatch(row.text.strip()))
            begin = next(named, len(page))
            if 0 < begin < len(page) and _CHAPTER.fullmatch(page[begin - 1].text.strip()):
                begin -= 1
        entries = page[begin:]
        n = sum(_INDEXED.fullmatch(row.text) is not None for row in entries)
        if n >= (1 if begin == 0 else _FEW) and n >= _OF_INDEX * len(entries):
            found[number] = entries
    return found
