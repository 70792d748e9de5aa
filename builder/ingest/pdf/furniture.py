"""What a page of a PDF file shows beside its text: running heads and feet, and page numbers.

A row at the edge is one of them where most pages have the same words there. Where the words change
from chapter to chapter, the place tells: rows stand there on many pages, clear of the text, and
this one counts the pages, or is the same a page or two away, or is a title that stands elsewhere.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from builder.ingest.pdf.layout import Line, lines
from builder.ingest.pdf.outline import flat, stands_out
from builder.ingest.pdf.page import Box, Page, Run
from builder.ingest.pdf.tables import framed
from builder.records import Dropped

_Pages = dict[tuple[int, str], set[int]]  # by place and text
Row = tuple[list[Line], bool]  # the lines on one baseline, and whether they are at the foot

_NUMBER = re.compile(r"\W*(?:[^\W\d_]+\W*)?\d{1,4}(?:\s*(?:/|of|von|sur|de)\s*\d{1,4})?\W*")
_ALONE = 2.0  # times the size: a number so far below the text is the page's
_LARGE = 1.1  # times the size of prose: that of a title
_LOW = 0.7  # of a page's height: where such a number may stand
_CLEAR = 1.5  # times the size: how far a page number with words stands from the text at least
_EDGE = 0.16  # of a page's height: where running heads and feet stand
_ROMAN = re.compile(r"[ivxlc]{1,7}", re.I | re.A)  # no dotless "ı" for an "i"
_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_CELLS = 3  # so many lines beside each other may be the head of a table
_MANY = 0.4  # of the pages, which a running head has at least
_FAR = 3  # pages: how far away a running head is the same at least
_EVERYWHERE = 0.8  # of the pages have what is printed over the text of each
_SIGNS = 0.6  # of the pages have a small drawing at one place,
_SIGN = 8.0  # points: lines of it are shorter
_WORD = 3  # letters of a line that tells something
_TURNS = re.compile(  # what Sphinx says in LaTeX, and tables over several pages do
    r"\(?(?:[^\W\d_]+ [\w.]+ ?[-\u2013\u2014] ?)?(?:"
    r"(?:to be )?continue[sd]? (?:on|from) (?:the )?(?:next|following|previous|preceding) page"
    r"|fortsetzung (?:auf der nächsten|(?:von )?der vorherigen) seite"
    r"|suite (?:sur|de) la page (?:suivante|précédente)"
    r"|contin[úu][ea] en la (?:próxima página|página siguiente)|proviene de la página anterior"
    r"|continua (?:nella pagina successiva|dalla pagina precedente|na próxima página)"
    r"|continuação da página anterior|vervolg[td] (?:op volgende|van vorige) pagina"
    r"|次のページに続く|前のページからの続き|续下页|接上页|繼續[上下]一頁"
    r"|다음 페이지에 계속|이전 페이지에서 계속"
    r")\)?"
)
_PARTS = re.compile(r"\s+[|/\u00b7\u2022\u2013\u2014-]\s+")  # "Title | Manual"
_NEAR = 1.2  # times the size: how far a line stands from the head or foot that it parts from text
_BAND = 3.0  # points: heads whose baselines are as near as this have one place
_SECTION = re.compile(r"(?:[^\W\d_]+\s+)?[A-Z\d]{1,3}(?:\.\d+)*[.:]?\s+")
_SECTION_ROW = re.compile(r"(?:\d{1,2}|[A-Z](?=\.\d))(?:\.\d{1,2})*\.?\s+[^\W\d_]{2}")


def take_out(pages: Sequence[Page]) -> list[Dropped]:
    """Take running heads, feet and page numbers out of the pages, and tell what they were."""
    shown = {page.number: lines(page.runs, page.number) for page in pages if page.runs}
    rows = {number: _rows(found) for number, found in shown.items()}
    edges = {page.number: _edge_lines(rows[page.number], page) for page in pages if page.runs}
    heads = _heads_of_tables(rows, edges)
    _take_signs(pages)
    known = _Edges(pages, edges, shown)
    found: list[Dropped] = []
    for page in pages:
        gone: set[int] = set()
        for at, (row, foot) in enumerate(edges.get(page.number, ())):
            named = len(row) >= _CELLS and _masked(_row_text(row)) in heads
            if named or known.in_table(page, at):
                continue  # the head of a table, on every page that it goes over
            if known.is_furniture(page, at) or _turns(row):
                runs = [run for line in row for run in line.runs]
                gone.update(id(run) for run in runs)
                what = f"page {page.number} {'foot' if foot else 'head'}"
                found.append(dropped(what, "running_foot" if foot else "running_head", runs))
            elif over := known.printed_over(row):
                gone.update(map(id, over))
                found.append(dropped(f"page {page.number}", "running_head", over))
        for row in rows.get(page.number, ()):
            runs = [run for line in row for run in line.runs]
            if _turns(row, bracketed=True) and not gone.issuperset(map(id, runs)):
                gone.update(map(id, runs))
                found.append(dropped(f"page {page.number}", "running_foot", runs))
        if page.artifacts:
            marked_out = [r for r in page.runs if id(r) in page.artifacts and id(r) not in gone]
            if marked_out and visible(marked_out) < 0.5 * visible(page.runs):
                gone.update(id(run) for run in marked_out)
                found.append(dropped(f"page {page.number}", "artifact", marked_out))
        if gone:
            _take_rules(page, gone)
            page.runs[:] = [run for run in page.runs if id(run) not in gone]
    return found


def _take_signs(pages: Sequence[Page]) -> None:
    """Take small drawings out that stand just there on most pages, as those that turn slides do.

    They may be drawn upon a table, of which they part no columns.
    """
    seen: Counter[tuple[int, ...]] = Counter()
    for page in pages:
        seen.update({_place(box) for box in [*page.flats, *page.uprights] if _is_sign(box)})
    least = max(_FAR + 1, _SIGNS * len(pages))
    for page in pages:
        for drawn in (page.flats, page.uprights):
            drawn[:] = [b for b in drawn if not (_is_sign(b) and seen[_place(b)] >= least)]


def _is_sign(box: Box) -> bool:
    return max(box[2] - box[0], box[3] - box[1]) < _SIGN


def _place(box: Box) -> tuple[int, ...]:
    return tuple(round(edge) for edge in box)


def _take_rules(page: Page, gone: set[int]) -> None:
    """Take the lines out of a page that part its heads and feet from the text.

    They stand near those, farther from the text, and close no box.
    """
    left = [run for run in page.runs if id(run) not in gone]
    top, bottom = min((r.top for r in left), default=0), max((r.bottom for r in left), default=0)
    heads = [run for run in page.runs if id(run) in gone and run.y < top]
    feet = [run for run in page.runs if id(run) in gone and run.top > bottom]
    head = max((run.y for run in heads), default=-math.inf)
    foot = min((run.top for run in feet), default=math.inf)
    near = _NEAR * max((run.size for run in heads + feet), default=0)
    sides = [(x, y) for box in page.uprights for x in (box[0], box[2]) for y in (box[1], box[3])]

    def parts(rule: Box) -> bool:
        above = 0 < rule[1] - head < min(near, top - rule[3])
        below = 0 < foot - rule[3] < min(near, rule[1] - bottom)
        return (above or below) and not any(
            abs(y - rule[1]) < _BAND and rule[0] - _BAND < x < rule[2] + _BAND for x, y in sides
        )

    page.flats[:] = [rule for rule in page.flats if not parts(rule)]


def _turns(row: Sequence[Line], *, bracketed: bool = False) -> bool:
    """Whether a row says that code or a table goes on over the page: "(continues on next page)".

    bracketed: only in brackets, as it may stand above the notes of a page.
    """
    text = _row_text(row).strip()
    if bracketed and not (text.startswith("(") and text.endswith(")")):
        return False
    return _TURNS.fullmatch(text.casefold()) is not None


def _heads_of_tables(rows: dict[int, list[list[Line]]], edges: dict[int, list[Row]]) -> set[str]:
    """What rows of several cells say that stand in the midst of a page too."""
    at_edge = {id(row) for found in edges.values() for row, _ in found}
    inner = (row for page in rows.values() for row in page if id(row) not in at_edge)
    return {_masked(_row_text(row)) for row in inner if len(row) >= _CELLS}


def _in_table(line: Line, frames: Sequence[Box], page: Page) -> bool:
    """Whether a line at the edge is in a table that goes on to where the text stands."""
    return any(
        top < line.y < bottom
        and left < line.x1
        and line.x0 < right
        and top < (1 - _EDGE) * page.height
        and bottom > _EDGE * page.height
        for left, top, right, bottom in frames
    )


def visible(runs: Sequence[Run]) -> int:
    """How many characters runs show."""
    return sum(len("".join(run.text.split())) for run in runs)


def dropped(what: str, reason: str, runs: Sequence[Run]) -> Dropped:
    """The record of runs that were taken out."""
    text = " ".join(run.text for run in runs)
    return Dropped(what=what, reason=reason, characters=visible(runs), beginning=text[:80])


class _Edges:
    """The rows at the edges of all pages, and which of them are no text."""

    def __init__(
        self, pages: Sequence[Page], edges: dict[int, list[Row]], shown: dict[int, list[Line]]
    ) -> None:
        self._edges = edges
        self._enough = max(2, _MANY * len(edges))
        self._set_inside = _set_inside(shown, edges)
        self._alone = {number for number, found in shown.items() if len(_rows(found)) == 1}
        edges = {number: rows for number, rows in edges.items() if number not in self._alone}
        self._blank = {n for n, rows in edges.items() if len(rows) == len(_rows(shown[n]))}
        self._rows: _Pages = defaultdict(set)
        self._lines: _Pages = defaultdict(set)
        self._exact: defaultdict[tuple[str, float, float], set[int]] = defaultdict(set)
        self._ends: defaultdict[tuple[str, int], Counter[int]] = defaultdict(Counter)
        self._places: Counter[tuple[int, bool]] = Counter()
        self._clear: Counter[tuple[int, bool]] = Counter()
        for number, rows in edges.items():
            for row, _ in rows:
                self._rows[_band(row), _masked(_row_text(row))].add(number)
                self._ends[_end(row)].update([round(row[-1].x1)])
                for line in row:
                    for part in {line.text, *_PARTS.split(line.text)}:
                        self._lines[_band([line]), _masked(part)].add(number)
                    for run in line.runs:
                        self._exact[_exact(run)].add(number)
            self._places.update({(_band(row), foot) for row, foot in rows})
            self._clear.update(
                {
                    (_band(row), foot)
                    for at, (row, foot) in enumerate(rows)
                    if _outermost(rows, at) and _together(rows, foot=foot)
                }
            )
        self._in_tables: _Pages = defaultdict(set)
        for page in pages:
            frames = framed(page)
            for row, _ in edges.get(page.number, ()) if frames else ():
                if _in_table(row[0], frames, page):
                    self._in_tables[_band(row), _masked(_row_text(row))].add(page.number)
        self._usual = _usual_size(run for page in pages for run in page.runs)
        prose = _usual_size(run for page in pages for run in page.runs if not run.font.fixed)
        self._titles = _titles(shown, edges, max(prose, self._usual))
        self._counted = _counted_rows(shown)
        self._steps = Counter(
            (number - page, foot)
            for page, rows in edges.items()
            for at, (row, foot) in enumerate(rows)
            if _outermost(rows, at)
            for number in {n for part in _with_lines(row) for n in _page_numbers(part)}
        )

    def in_table(self, page: Page, at: int) -> bool:
        """Whether a row at the edge is in a table, and most of those that say the same are.

        The box around code that goes on over a page may be drawn over the page's head and foot.
        """
        row, _ = self._edges[page.number][at]
        inside = _alike(self._in_tables, row)
        return page.number in inside and 2 * len(inside) >= len(_alike(self._rows, row))

    def is_furniture(self, page: Page, at: int) -> bool:
        """Whether a row at the edge of a page is no text."""
        rows = self._edges[page.number]
        row, foot = rows[at]
        if len(row) == 1 and _set_as(row[0]) in self._set_inside:
            return False
        if len(_alike(self._rows, row)) >= self._enough:
            return True
        if page.number in self._alone:
            roman = _ROMAN.fullmatch(_row_text(row).strip()) is not None
            counts = roman or self._counts(row, page.number)
            return counts or self._is_lone_head(row, page, foot=foot)
        if self._is_of_blank(row, page, foot=foot):
            return True
        together = _together(rows, foot=foot)
        if row not in together or not all(self._is_small(one, page) for one in together):
            return False
        if len(together) == 1 and self._counts(row, page.number):
            return True
        n_clear = max(self._clear.get((_band(together[0]) + d, foot), 0) for d in (-1, 0, 1))
        if len(self._edges) > 2 and n_clear >= self._enough:
            number = page.number
            if all(
                self._is_head(one, number, foot=foot)
                or (len(together) > 1 and self._counts(one, number))
                for one in together
            ):
                return True
        if len(together) > 1 or not _is_light(row) or not _is_number(row, page.number):
            return False
        n_place = max(self._places.get((_band(row) + d, foot), 0) for d in (-1, 0, 1))
        text = _row_text(row).strip()
        alone = _NUMBER.fullmatch(text) is not None
        counts = alone or _ROMAN.fullmatch(text) is not None
        counts = counts or any(self._steps[n - page.number, foot] > 1 for n in _page_numbers(row))
        if n_place >= self._enough and counts:
            return True  # else text may begin there on other pages
        return len(self._edges) < 3 and (alone or len(row) > 1)

    def _is_of_blank(self, row: Sequence[Line], page: Page, *, foot: bool) -> bool:
        """Whether a row counts the pages, or recurs, on one that has no other rows but such."""
        if page.number not in self._blank or not self._is_small(row, page):
            return False
        counts = any(self._ends_with_number(line, page.number, foot=foot) for line in row)
        return counts or len(_alike(self._rows, row)) > 1

    def printed_over(self, row: Sequence[Line]) -> list[Run]:
        """The words of a row that stand just there on nearly all pages, where others change.

        A browser prints what does not scroll upon every page, be there text or none.
        """
        least = max(_FAR, _EVERYWHERE * len(self._edges))
        every = [run for line in row for run in line.runs]
        over = [run for run in every if len(self._exact.get(_exact(run), ())) >= least]
        worded = any(len(flat(run.text)) >= _WORD for run in over)
        return over if worded and len(over) < len(every) else []

    def _is_lone_head(self, row: Sequence[Line], page: Page, *, foot: bool) -> bool:
        """Whether the only row of a page counts it at the place where heads of others do."""
        n_clear = max(self._clear.get((_band(row) + d, foot), 0) for d in (-1, 0, 1))
        return (
            n_clear >= self._enough
            and self._is_small(row, page)
            and any(self._ends_with_number(line, page.number, foot=foot) for line in row)
        )

    def _is_small(self, row: Sequence[Line], page: Page) -> bool:
        """Whether a row is no larger than the rest of its page or of the file, as headings are."""
        usual = max(self._usual, _usual_size(page.runs))
        return max(line.size for line in row) < 1.1 * usual

    def _counts(self, row: Sequence[Line], page: int) -> bool:
        """Whether a row is nothing but the number of its page, as other pages count."""
        text = _row_text(row).strip()
        number = _NUMBER.fullmatch(text) or _ROMAN.fullmatch(text)
        steps = [n - page for n in _page_numbers(row)]
        known = any(self._steps[step, True] + self._steps[step, False] > _FAR for step in steps)
        return number is not None and known

    def _is_head(self, row: Sequence[Line], page: int, *, foot: bool) -> bool:
        """Whether every line of a row, at a place of running heads, says what such do."""
        if any(line.fixed for line in row):
            return False
        return any(self._ends_with_number(line, page, foot=foot) for line in row) or all(
            self._recurs(line, page)
            or self._names_title(line)
            or self._counts([line], page)
            or self._ends_alike(line)
            or (not foot and self._counts_title_below(line, page))
            for line in row
        )

    def _ends_with_number(self, line: Line, page: int, *, foot: bool) -> bool:
        """Whether a number at the end of a line counts the pages, as on most of them.

        Numbers at the foot tell nothing of a title at the head, such as "2 Overview" on page 2.
        """
        least = max(_FAR, self._enough / 2)
        return any(self._steps[n - page, foot] >= least for n in _page_numbers([line]))

    def _recurs(self, line: Line, page: int) -> bool:
        """Whether a page or two away a line is the same at the same place."""
        if len(flat(line.text)) < _WORD:
            return False
        pages = _alike(self._lines, [line]) - {page}
        return any(abs(other - page) <= _FAR for other in pages)

    def _ends_alike(self, line: Line) -> bool:
        """Whether a line ends with words that heads of enough pages end with, at one place.

        A long title at the left runs into them.
        """
        words, band = _end([line])
        if len(flat(words)) < _WORD:
            return False
        x = round(line.x1)
        pages = sum(
            self._ends[words, band + d][x + dx]
            for d in (-1, 0, 1)
            if (words, band + d) in self._ends
            for dx in (-1, 0, 1)
        )
        return pages >= self._enough

    def _names_title(self, line: Line) -> bool:
        """Whether a line is a title, or "Title | Manual" where most pages have "Manual" there."""
        parts = _PARTS.split(line.text)
        own = [part for part in parts if len(self._alike_lines(line, part)) < self._enough]
        shown = [line.text] if len(parts) == 1 or len(own) != 1 else own
        names = {flat(text) for one in shown for text in (one, _SECTION.sub("", one, 1))} - {""}
        return not self._titles.isdisjoint(names)

    def _counts_title_below(self, line: Line, page: int) -> bool:
        """Whether a page says a line with a number once more below: some titles look like prose."""
        rows = self._counted.get((page, flat(line.text)), ())
        return any(y > line.y + line.size for y in rows)

    def _alike_lines(self, line: Line, text: str) -> set[int]:
        """The pages that have a text alone or between bars at the place of a line."""
        band, masked = _band([line]), _masked(text)
        return max((self._lines.get((band + d, masked), set()) for d in (-1, 0, 1)), key=len)


def _alike(found: _Pages, row: Sequence[Line]) -> set[int]:
    """The pages that have a row with the same text at the same place."""
    text = _masked(_row_text(row))
    return max((found.get((_band(row) + d, text), set()) for d in (-1, 0, 1)), key=len)


def _titles(shown: dict[int, list[Line]], edges: dict[int, list[Row]], usual: float) -> set[str]:
    """The lines, folded, that stand out from the text and are not the outermost of their page."""
    outer = {
        id(run)
        for rows in edges.values()
        for at, (row, _) in enumerate(rows)
        if _outermost(rows, at)
        for line in row
        for run in line.runs
    }
    return {
        flat(line.text)
        for found in shown.values()
        for line in found
        if id(line.runs[0]) not in outer and stands_out(line, usual)
    }


def _set_inside(
    shown: dict[int, list[Line]], edges: dict[int, list[Row]]
) -> set[tuple[object, ...]]:
    """What lines at the edges say that say the same as often in the midst of pages, set alike.

    So do titles, as "Parameters", of which some begin a page.
    """
    outer = {id(run) for rows in edges.values() for row, _ in rows for li in row for run in li.runs}
    seen: tuple[Counter[tuple[object, ...]], ...] = (Counter(), Counter())
    for line in (line for found in shown.values() for line in found):
        if len(_masked(line.text)) > _WORD:
            seen[id(line.runs[0]) in outer][_set_as(line)] += 1
    inner, outermost = seen
    return {look for look, n in outermost.items() if inner[look] >= n}


def _set_as(line: Line) -> tuple[object, ...]:
    """What a line says, its numbers aside, and how it is set."""
    run = line.runs[0]
    return _masked(line.text), round(run.size, 1), run.font.face, run.font.bold, run.font.italic


def _counted_rows(shown: dict[int, list[Line]]) -> dict[tuple[int, str], list[float]]:
    """How high rows of words with a number before them stand, by page and text, folded."""
    found: dict[tuple[int, str], list[float]] = defaultdict(list)
    for page, row_lines in shown.items():
        for row in _rows(row_lines):
            text = _row_text(row)
            if _SECTION_ROW.match(text):
                found[page, flat(text)].append(row[0].y)
    return found


def _with_lines(row: list[Line]) -> list[list[Line]]:
    """A row, and each of its lines as one."""
    return [row, *([line] for line in row)]


def _band(row: Sequence[Line]) -> int:
    """Where on its page a row stands."""
    return round(row[0].y / _BAND)


def _end(row: Sequence[Line]) -> tuple[str, int]:
    """What the last run of a row says, and how high it stands."""
    return row[-1].runs[-1].text, _band(row)


def _exact(run: Run) -> tuple[str, float, float]:
    """What a run shows, and just where."""
    return run.text, round(run.x0, 1), round(run.y, 1)


def _masked(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", text)).casefold()


def _row_text(row: Sequence[Line]) -> str:
    return " ".join(line.text for line in row)


def _rows(shown: Sequence[Line]) -> list[list[Line]]:
    """What stands on each baseline of a page, from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(shown, key=lambda line: (line.y, line.x0)):
        if rows and line.y - rows[-1][0].y < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _edge_lines(rows: Sequence[list[Line]], page: Page) -> list[Row]:
    """The rows of lines near the upper and the lower edge, outermost first; True for the foot.

    Only rows that stand apart from the text are looked at: up to three at each edge.
    """
    if not rows:
        return []
    if len(rows) == 1:
        y = rows[0][0].y / page.height
        return [(rows[0], y > _LOW)] if not _EDGE < y < 1 - _EDGE else []
    heads = [row for row in rows[:3] if row[0].y < _EDGE * page.height]
    feet = [row for row in rows[:-4:-1] if row[0].y > (1 - _EDGE) * page.height]
    first, below = rows[0][0], rows[1][0]
    apart = below.y - first.y > _ALONE * first.size and first.y < (1 - _LOW) * page.height
    prose = _usual_size(run for run in page.runs if not run.font.fixed)
    small = max(line.size for line in rows[0]) < _LARGE * prose and _is_light(rows[0])
    worded = any(map(str.isalpha, _row_text(rows[0]))) and any(_page_numbers(rows[0]))
    if not heads and small and len(rows) > 3 and apart and worded:
        heads = [rows[0]]
    last, above = rows[-1][0], rows[-2][0]
    alone = last.y - above.y > _ALONE * last.size and last.y > _LOW * page.height
    if not feet and len(rows) > 3 and alone and _NUMBER.fullmatch(_row_text(rows[-1])):
        feet = [rows[-1]]
    return [(row, False) for row in heads] + [(row, True) for row in feet]


def _outermost(rows: Sequence[Row], at: int) -> bool:
    return at == 0 or rows[at][1] != rows[at - 1][1]


def _stands_clear(rows: Sequence[Row], at: int) -> bool:
    """Whether a row at the edge is farther from the text than lines of it are from each other."""
    row, foot = rows[at]
    if at + 1 == len(rows) or rows[at + 1][1] != foot:
        return True
    return abs(rows[at + 1][0][0].y - row[0].y) > _CLEAR * row[0].size


def _together(rows: Sequence[Row], *, foot: bool) -> list[list[Line]]:
    """The outermost row at an edge, with the next one where a long head has two lines.

    None when they do not stand clear of the text.
    """
    here = [at for at, (_, low) in enumerate(rows) if low == foot]
    for n in (1, 2):
        if len(here) >= n and _stands_clear(rows, here[n - 1]):
            return [rows[at][0] for at in here[:n]]
    return []


def _usual_size(runs: Iterable[Run]) -> float:
    """A size that three quarters of the letters do not exceed; code may be smaller than prose."""
    weights: Counter[float] = Counter()
    for run in runs:
        weights[run.size] += len(run.text)
    seen, total = 0, sum(weights.values())
    for size in sorted(weights):
        seen += weights[size]
        if seen > 0.75 * total:
            return size
    return 0.0


def _is_light(row: Sequence[Line]) -> bool:
    """Whether a row is not heavy, as headings are."""
    heavy = all(run.font.bold for line in row for run in line.runs)
    return not heavy and not any(map(_counted_title, row))


def _counted_title(line: Line) -> bool:
    """Whether a line is bold, with a number and words: a heading beside another column's text."""
    bold = all(run.font.bold for run in line.runs)
    return bold and any(map(str.isdigit, line.text)) and any(map(str.isalpha, line.text))


def _page_numbers(row: Sequence[Line]) -> Iterator[int]:
    """The numbers at the ends of a row that may be that of its page."""
    words = _row_text(row).split()
    for word in dict.fromkeys((words[0], words[-1]) if words else ()):
        if word.isascii() and word.isdigit() and len(word) < 5:
            yield int(word)
        elif len(words) == 1 and _ROMAN.fullmatch(word):
            digits = [_DIGITS[letter] for letter in word.casefold()]
            following = [*digits[1:], 0]
            yield sum(-a if a < b else a for a, b in zip(digits, following, strict=True))


def _is_number(row: Sequence[Line], page: int) -> bool:
    """Whether a row at the edge holds a page number, alone or at its one end."""
    text = _row_text(row).strip()
    words = text.split()
    if not words or len(text) > 100:
        return False
    if _NUMBER.fullmatch(text):
        return True
    if _ROMAN.fullmatch(text):
        return True
    apart = len(row) > 1 or len(words) <= 8
    return apart and any(abs(number - page) <= 30 for number in _page_numbers(row))
