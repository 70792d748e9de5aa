"""Terms and what explains them: an entry hangs out of the text that stands, indented, below it.

    --login      Make bash act as if          required
                 it had been invoked              Packages which are needed
                 as a login shell.                for the system to run.

A heading may hang out of its text as well. But text stands at the margin of terms too, as of any
other block, and not at that of such headings. What is marked neither by its face nor by a gap
behind it is a paragraph whose first line hangs, as in a bibliography. The label of a box, "Note"
or "Warning", is neither heading nor text, and is kept like a term.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from builder.ingest.pdf.blocks import Part, body_size, marker_of
from builder.ingest.pdf.layout import Line
from builder.ingest.pdf.outline import LARGER
from builder.ingest.pdf.page import Run
from builder.ingest.pdf.run_in import COUNT, text_of
from builder.ingest.pdf.tables import Table

_GRID = 2.0  # points: lines that begin as near to each other begin at one margin
_LEAST, _MOST = 0.9, 8.0  # times the size: how far the text is indented below its term
_PARAGRAPHS = 3  # that begin and go on at a margin of text
_AGAIN = 2  # entries with one margin and one indent
_TIGHT = 1.75  # times the size: the distance of the text below its term at most
_LONG = 100  # letters of a term
_NOTE = 0.93  # times the size of prose: footnotes are smaller
_BAD_END = (",", ";", ".")

_LABELS = frozenset(
    "note tip hint warning caution important danger attention hinweis anmerkung tipp warnung "
    "achtung vorsicht gefahr wichtig remarque avertissement nota aviso advertencia".split()
)

_Indent = tuple[int, int]  # where a term and its text begin, on the grid


def apart(found: Sequence[Part]) -> list[Part]:
    """Parts with terms in parts of their own, marked as such."""
    prose = [part for part in found if _is_plain(part)]
    margins = _Margins(prose)
    body = body_size(found)
    pairs = itertools.pairwise([*found, None])
    whole = [one for part, after in pairs if part for one in _without_display(part, after, margins)]
    cut = [one for part in whole for one in _cut(part, margins, body)]
    entries = list(_entries(cut, margins, body))
    often = Counter(where for _, where, sure in entries if sure)
    indents = {where for where, n in often.items() if n >= _AGAIN}
    starts = {start for start, _ in indents}
    listed = {id(a) for a, b in itertools.pairwise(cut) if b.kind == "list_item"}
    for part, where, _ in entries:
        if where in indents or (where[0] in starts and id(part) in listed):
            part.term, part.kind = True, "paragraph"
    flowing = _flowing(cut)
    for part in cut:
        part.term = part.term or (_is_plain(part) and is_label(part) and _stands_out(part, body))
    return [one for part in cut for one in _on_one_line(part, indents, flowing)]


def _flowing(cut: Sequence[Part]) -> set[int]:
    """Where terms begin that their text follows on the line, at no place of its own."""
    starts = Counter(
        _grid(term.lines[0].x0)
        for term, text in itertools.pairwise(cut)
        if term.term
        and abs(text.lines[0].y - term.lines[-1].y) < 1
        and _grid(text.lines[0].x0) != _grid(text.lines[-1].x0)
    )
    return {start for start, n in starts.items() if n >= _AGAIN}


def is_label(part: Part) -> bool:
    """Whether a part is the word that stands above or beside a box: "Note", "Warning:"."""
    typed = any(run.font.fixed for line in part.lines for run in line.runs)
    return not typed and text_of(part).rstrip(":! ").casefold() in _LABELS


def _stands_out(part: Part, body: float) -> bool:
    runs = [run for line in part.lines for run in line.runs]
    large = all(run.size > LARGER * body for run in runs)
    return large or all(_stressed(run) or run.font.caps or run.font.italic for run in runs)


def _is_plain(part: Part) -> bool:
    plain = part.kind == "paragraph" and not (part.told or part.figure or part.run_in)
    return plain and bool(part.lines)


class _Margins:
    """Where paragraphs of several lines begin and go on."""

    def __init__(self, prose: Sequence[Part]) -> None:
        self._leftmost: dict[int, int] = {}  # by page
        found: Counter[int] = Counter()
        for part in prose:
            starts = {_grid(line.x0) for line in _firsts(part.lines)}
            if len(part.lines) > 1 and max(starts) - min(starts) <= 1 and not _marked(part.lines):
                found.update(range(min(starts) - 1, max(starts) + 2))
                left = self._leftmost.setdefault(part.page, min(starts))
                self._leftmost[part.page] = min(left, *starts)
        self._starts = {start for start, n in found.items() if n >= _PARAGRAPHS}

    def has(self, line: Line) -> bool:
        """Whether a line stands where text does, or right of some on its page."""
        start = _grid(line.x0)
        return start in self._starts or start > self._leftmost.get(line.page, start)


def _grid(x: float) -> int:
    return round(x / _GRID)


def _firsts(lines: Sequence[Line]) -> list[Line]:
    """The first of the lines on each baseline."""
    return [
        line
        for before, line in itertools.pairwise([None, *lines])
        if line is not None and (before is None or line.y - before.y > 0.4 * line.size)
    ]


def _marked(lines: Sequence[Line]) -> bool:
    """Whether all words are bold, or of a fixed-pitch font, but for some that stand for others."""
    runs = [run for line in lines for run in line.runs]
    return _stressed(runs[0]) and all(map(_goes_with_stressed, runs))


def _stressed(run: Run) -> bool:
    return run.font.bold or run.font.fixed


def _goes_with_stressed(run: Run) -> bool:
    return _stressed(run) or run.font.italic or not any(map(str.isalnum, run.text))


def _indented(x: float, line: Line) -> bool:
    return _LEAST * line.size < x - line.x0 < _MOST * line.size


def _cut(part: Part, margins: _Margins, body: float) -> Iterator[Part]:
    """A part, or the term that it begins with and what explains it."""
    if part.table is not None and not part.told:
        yield from _from_table(part, part.table, margins)
        return
    end = _end_of_term(part, margins) if _is_plain(part) else None
    if end is None or part.lines[0].size > LARGER * body or part.lines[0].size < _NOTE * body:
        yield part
        return
    yield from _parted(part, *end)


def _parted(part: Part, n_lines: int, n_runs: int) -> Iterator[Part]:
    """The term that so many lines of a part are, and runs of the next, and what follows it."""
    first, rest = part.lines[:n_lines], part.lines[n_lines:]
    if n_runs:
        line = rest[0]
        head, tail = Line(line.runs[:n_runs]), Line(line.runs[n_runs:])
        for piece in (head, tail):
            piece.column, piece.page = line.column, line.page
        first, rest = [*first, head], [tail, *rest[1:]]
    yield Part("paragraph", first, part.page, gap=part.gap, term=True)
    yield Part("paragraph", rest, part.page, more=part.more, gap=1.2)


def _on_one_line(
    part: Part, indents: Collection[_Indent], flowing: Collection[int]
) -> Iterator[Part]:
    """A part of one line, whose term and text begin where those of other entries do, in two.

    flowing: where terms begin that their text follows at no place of its own.
    """
    if part.term or not _is_plain(part) or len(_firsts(part.lines)) > 1 or part.more:
        yield part
        return
    runs = [(at, n, run) for at, line in enumerate(part.lines) for n, run in enumerate(line.runs)]
    start = _grid(part.lines[0].x0)
    length = _stressed_first([run for _, _, run in runs])
    if 0 < length < len(runs):
        at, n, run = runs[length]
        last = runs[length - 1][2]
        if last.text.rstrip().endswith(".") and not last.font.fixed:  # a title
            yield part
            return
        if start in flowing or (start, _grid(run.x0)) in indents:
            yield from _parted(part, at, n)
            return
    yield part


def _stressed_first(runs: Sequence[Run]) -> int:
    """How many runs are stressed, those in their brackets too ("LEVEL <S>")."""
    depth = 0
    for at, run in enumerate(runs):
        if not (_stressed(run) if not at else depth > 0 or _goes_with_stressed(run)):
            return at
        depth += sum(run.text.count(c) for c in "<([") - sum(run.text.count(c) for c in ">)]")
    return len(runs)


def _without_display(part: Part, after: Part | None, margins: _Margins) -> Iterator[Part]:
    """A term and the code shown below it, which the text that follows both stands between."""
    lines = part.lines if part.kind == "code" and not part.told else []
    if after is not None and after.kind == "paragraph" and after.lines and len(lines) > 1:
        first, text = lines[0], _firsts(after.lines)
        inner, shown = text[0].x0, min(line.x0 for line in lines[1:])
        hangs = len(text) > 1 and all(abs(line.x0 - inner) < _GRID for line in text)
        between = _indented(inner, first) and shown > inner + _GRID
        if hangs and between and margins.has(first) and len(first.text) <= _LONG:
            yield Part("paragraph", lines[:1], part.page, gap=part.gap, term=True)
            yield Part("code", lines[1:], part.page, more=part.more, gap=1.2)
            return
    yield part


def _from_table(part: Part, table: Table, margins: _Margins) -> Iterator[Part]:
    """A table of two columns without rules, whose left one holds stressed terms only."""
    rows = table.rows
    two = bool(rows) and all(len(row) == 2 and row[0] and row[1] for row in rows)
    if not two or not any(table.column):
        yield part
        return
    left = [line for row in rows for line in row[0]]
    right = [line for row in rows for line in row[1]]
    stressed = _marked(left) and not any(_marked(row[1]) for row in rows)
    if not stressed or not margins.has(left[0]) or not _indented(right[0].x0, left[0]):
        yield part
        return
    for term, text in rows:
        yield Part("paragraph", term, part.page, gap=1.2, term=True)
        yield Part("paragraph", text, part.page, gap=1.2)


def _end_of_term(part: Part, margins: _Margins) -> tuple[int, int] | None:
    """How many lines, and runs of the next, are the term that a part begins with; None for none."""
    first, *further = _firsts(part.lines)
    starts = {_grid(line.x0) for line in further}
    if not further or max(starts) - min(starts) > 1 or not margins.has(first):
        return None
    inner = further[0].x0
    if _marked(further):  # code
        return None
    if not _indented(inner, first) or marker_of(first) or COUNT.match(first.text):
        return None
    beside = part.lines[1]
    if beside.y - first.y < 0.4 * first.size:
        near = abs(beside.x0 - inner) < _GRID
        return (1, 0) if near and not first.text.endswith(_BAD_END[:2]) else None
    n_runs = _stressed_first(first.runs)
    length = sum(len(run.text) for run in first.runs[:n_runs])
    return (0, n_runs) if n_runs < len(first.runs) and 0 < length <= _LONG else None


def _entries(
    found: Sequence[Part], margins: _Margins, body: float
) -> Iterator[tuple[Part, _Indent, bool]]:
    """The parts that may be terms of the part that follows them, and whether its indent is sure."""
    for part, after in itertools.pairwise(found):
        if part.term:
            where = _grid(part.lines[0].x0), _grid(after.lines[-1].x0)
            yield part, where, True
            yield part, where, True  # what was cut is an entry by itself
            continue
        if part.kind not in ("paragraph", "code") or part.told or not after.lines or after.term:
            continue
        first, text = part.lines[0], _firsts(after.lines)
        if not margins.has(first) or not _indented(text[0].x0, first):
            continue
        if not _is_term(part, body) or after.kind not in ("paragraph", "list_item", "code"):
            continue
        starts = {_grid(line.x0) for line in text}
        beside = after.page == part.page and abs(text[0].y - first.y) < 0.4 * first.size
        if beside and max(starts) - min(starts) > 1:
            continue  # a title that its text follows on the line
        close = beside or after.page > part.page or after.gap < _TIGHT
        if close and not _marked(after.lines):
            sure = max(starts) - min(starts) <= 1 and len(text) > 1
            yield part, (_grid(first.x0), min(starts)), sure


def _is_term(part: Part, body: float) -> bool:
    """Whether a part is marked and short, and counts nothing."""
    text = text_of(part)
    size = part.lines[0].size
    good = len(part.lines) <= 2 and len(text) <= _LONG and not part.more
    good = good and _NOTE * body <= size <= LARGER * body and not text.endswith(_BAD_END)
    counted = COUNT.match(text) and any(map(str.isalpha, text))
    return good and _marked(part.lines) and not counted
