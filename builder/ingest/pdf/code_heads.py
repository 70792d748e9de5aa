"""Titles of nothing but code that their text follows on the line: "`limit`. How much is read".

Code may begin a sentence too, which then goes on in small letters. Of a title there is a full stop
behind the code where no sentence can be over; or more room behind and above it than elsewhere; or
it begins at the margin, where paragraphs are indented, and a new sentence follows it.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Literal, NamedTuple

from builder.ingest.pdf.blocks import Part, emphasis
from builder.ingest.pdf.layout import Line
from builder.ingest.pdf.page import Run
from builder.ingest.pdf.run_in import cut_at, usual_gaps
from builder.records import BlockKind

_LONG = 80  # letters of such a title
_BEHIND = 0.42  # times the size: the least room behind it,
_WIDER = 1.3  # times the widest gap between the words behind it
_BLANK = 0.15  # times the size: the least gap between two words
_SHORT = 1.5  # times the size: the least room behind the last row of a paragraph
_INDENT = 0.8  # times the size: how far the first line of a paragraph is indented at least
_MOSTLY = 0.6  # of the paragraphs
_OF_ROW = 8  # lines on one baseline that are looked at
_ROW = 1.2  # times the size: the distance of rows
_ABOVE = 0.3  # times the size: how much more room is above it than above a paragraph
_WEIGHTS = {"closed": 3, "wide": 3, "flush": 2}  # how much each sign tells,
_SURE = 6  # and how much titles that are set alike must tell together
_ENDS = (".", "!", "?", ":", ";", "\u3002")  # of what may stand above a title

_WORD = re.compile(r"[^\W\d_]{2}")

_Sign = Literal["closed", "wide", "flush"]
_Look = tuple[float, str, tuple[int, int, int]]  # size, font and colour


class _Head(NamedTuple):
    """Code that begins a part: what tells that it is a title, and how many runs of the row it is.

    inside: letters of the next run that belong to it, a full stop.
    """

    sign: _Sign
    n_runs: int
    inside: int


def apart(found: Sequence[Part]) -> list[Part]:
    """Parts with such titles in parts of their own."""
    usual, indented = usual_gaps(found), _indents(found)
    looks = _looks(found, usual, indented=indented)
    if not looks:
        return list(found)
    cut: list[Part] = []
    before: Part | None = None
    for whole in found:
        for part in _split(whole, looks, indented=indented):
            above = _Above(before, usual, indented) if part is whole else _INNER[indented]
            head = _head(part, above)
            hangs = head is not None and head.sign != "closed" and _hangs(part)
            if head is not None and _look(part) in looks and not hangs:
                cut += cut_at(part, *_end(part, head))
            else:
                part.run_in = part.run_in or (_closes(part) and _look(part) in looks)
                cut.append(part)
            before = part
    return cut


def _looks(
    found: Sequence[Part], usual: Mapping[BlockKind, float], *, indented: bool
) -> set[_Look]:
    """How such titles are set; entries of lists, and labels, may begin with code as well."""
    sure: Counter[_Look] = Counter()
    texts: dict[_Look, dict[int, int]] = defaultdict(dict)  # where they begin, by the code's width
    for at, part in enumerate(found):
        head = _head(part, _Above(found[at - 1] if at else None, usual, indented))
        if head is None:
            continue
        look, row = _look(part), _row(part)
        followed = _begins_in_code(found[at + 1]) if at + 1 < len(found) else True
        entry = _hangs(part) or (followed and not _has_more(part))
        sure[look] += -_WEIGHTS[head.sign] if entry else _WEIGHTS[head.sign]
        if head.sign == "wide":
            code, text = row[head.n_runs - 1 : head.n_runs + 1]
            texts[look][round(code.x1 - row[0].x0)] = round(text.x0)
    return {
        look for look, weight in sure.items() if weight >= _SURE and not _is_column(texts[look])
    }


def _is_column(texts: Mapping[int, int]) -> bool:
    """Whether texts begin at one place behind code of any length, which is a label beside them."""
    usual = max(Counter(texts.values()).values(), default=0)
    return usual > 1 and 2 * usual > len(texts)


def _indents(found: Sequence[Part]) -> bool:
    """Whether paragraphs are indented that stand below text or code, and so below no title."""
    insets = [
        part.lines[0].x0 - part.lines[0].column[0] > _INDENT * part.lines[0].size
        for before, part in itertools.pairwise(found)
        if part.kind == "paragraph" and part.lines and not part.lines[0].runs[0].font.fixed
        and before.kind in ("paragraph", "code") and _is_over(before)
    ]  # fmt: skip
    return sum(insets) > _MOSTLY * len(insets)


def _split(part: Part, looks: Collection[_Look], *, indented: bool) -> list[Part]:
    """A part cut where a row begins with such a title behind one that ends before its column."""
    if not _could_begin(part) or not _has_more(part):
        return [part]
    starts = [0]
    for at, (line, after) in enumerate(itertools.pairwise(part.lines), 1):
        short = line.x1 < line.column[2] - _SHORT * line.size and after.y - line.y > 1
        if short and after.runs[0].font.fixed and line.text.rstrip().endswith(_ENDS):
            rest = Part("paragraph", part.lines[at : at + _OF_ROW], part.page)
            if _look(rest) in looks and _head(rest, _INNER[indented]) is not None:
                starts.append(at)
    if len(starts) == 1:
        return [part]
    pieces = [part.lines[a:b] for a, b in itertools.pairwise([*starts, len(part.lines)])]
    rest_ = [Part("paragraph", lines, part.page, note=part.note, gap=_ROW) for lines in pieces[1:]]
    rest_[-1].more, part.more = part.more, []
    part.lines = pieces[0]
    return [part, *rest_]


def _closes(part: Part) -> bool:
    """Whether a part is nothing but such a title with its full stop, as code follows it."""
    if not _could_begin(part) or _has_more(part):
        return False
    *code, stop = _row(part)
    return bool(code) and all(run.font.fixed for run in code) and stop.text.strip() == "."


def _begins_in_code(part: Part) -> bool:
    return part.kind != "code" and bool(part.lines) and part.lines[0].runs[0].font.fixed


def _has_more(part: Part) -> bool:
    """Whether a part has several rows."""
    return part.lines[-1].y - part.lines[0].y > 1


def _look(part: Part) -> _Look:
    run = part.lines[0].runs[0]
    return round(run.size, 1), run.font.name, run.colour


def _could_begin(part: Part) -> bool:
    """Whether a part is a paragraph whose first words may be a title."""
    plain = part.kind == "paragraph" and not (part.told or part.figure or part.term)
    return plain and bool(part.lines)


class _Above(NamedTuple):
    """What stands above a part, if anything does.

    usual: how much room is above paragraphs, by what is above. indented: paragraphs are. inner: the
    part is a row of a paragraph, behind the end of another.
    """

    part: Part | None
    usual: Mapping[BlockKind, float]
    indented: bool
    inner: bool = False

    def is_apart(self, part: Part) -> bool:
        """Whether there is more room above a part than is usual."""
        usual = self.usual.get(self.part.kind) if self.part is not None else None
        return usual is not None and part.gap > usual + _ABOVE

    def outdents(self, part: Part) -> bool:
        """Whether a part begins at the margin though it is no text right below a title."""
        flush = self.indented and abs(part.lines[0].x0 - part.lines[0].column[0]) < 1
        return flush and (self.inner or (self.part is not None and _is_over(self.part)))


_INNER = {told: _Above(None, {}, told, inner=True) for told in (False, True)}


def _head(part: Part, above: _Above) -> _Head | None:
    """The title that a part begins with; None without one."""
    if not _could_begin(part) or not part.lines[0].runs[0].font.fixed:
        return None
    row = _row(part)
    n_code = next((at for at, run in enumerate(row) if not run.font.fixed), len(row))
    code = row[:n_code]
    said = "".join(run.text for run in code)
    if n_code == len(row) or len(said) > _LONG or not any(map(str.isalpha, said)):
        return None
    after = row[n_code]
    behind = after.x0 - code[-1].x1
    if after.text.startswith(".") and not after.space and behind < after.size / 4:
        return _closed(row, n_code)
    wide = behind > max(_BEHIND * after.size, _WIDER * _widest(row[n_code:]))
    if any(emphasis(after)) or after.tracked:  # words of the title
        return None
    if wide and above.is_apart(part) and _is_text(row[n_code:]):
        return _Head("wide", n_code, 0)
    return _Head("flush", n_code, 0) if after.text[:1].isupper() and above.outdents(part) else None


def _row(part: Part) -> list[Run]:
    """The runs on the first baseline of a part."""
    y = part.lines[0].y
    rows = itertools.takewhile(lambda line: abs(line.y - y) < 1, part.lines)
    return [run for line in rows for run in line.runs]


def _hangs(part: Part) -> bool:
    """Whether a part goes on right of where it begins, as an entry of a list does."""
    first = part.lines[0]
    rest = [line.x0 for line in part.lines if line.y - first.y > 1]
    return bool(rest) and min(rest) > first.x0 + 1


def _closed(row: Sequence[Run], n_code: int) -> _Head | None:
    """A title whose full stop is the next run, or begins it; a sentence follows, or more code."""
    stop, behind = row[n_code], row[n_code + 1 : n_code + 2]
    rest = stop.text[1:]
    if rest:
        return _Head("closed", n_code, 1) if rest[0].isspace() and _opens(rest.strip()) else None
    after = behind[0] if behind else None
    if after is None or not (after.space or after.x0 - stop.x1 > _BLANK * after.size):
        return None
    unlike = after.font.fixed or after.font.name != stop.font.name
    return _Head("closed", n_code + 1, 0) if unlike or _opens(after.text) else None


def _is_text(runs: Sequence[Run]) -> bool:
    """Whether words begin that do not go on with a sentence in small letters."""
    words = runs[0].text.split()
    if not words or _WORD.search(words[0]) is None:
        return False
    return len(words) < 2 or not all(word.isalpha() and word.islower() for word in words[:2])


def _opens(text: str) -> bool:
    """Whether a text may begin a sentence."""
    return bool(text) and not text[0].islower()


def _widest(runs: Sequence[Run]) -> float:
    """The widest gap between runs."""
    return max((after.x0 - run.x1 for run, after in itertools.pairwise(runs)), default=0.0)


def _is_over(part: Part) -> bool:
    """Whether a part is no title, and no sentence of it goes on behind it."""
    if part.kind in ("code", "list_item") or part.table is not None:
        return True
    rows = len({round(line.y) for line in part.lines})
    return rows > 1 and part.lines[-1].text.rstrip().endswith(_ENDS)


def _end(part: Part, head: _Head) -> tuple[int, int]:
    """Where a title ends, in lines and runs; a run that it ends in is made two."""
    left = head.n_runs
    for at, line in enumerate(part.lines):
        if left < len(line.runs) or (left == len(line.runs) and not head.inside):
            if head.inside:
                runs = [
                    *line.runs[:left],
                    *line.runs[left].cut(head.inside),
                    *line.runs[left + 1 :],
                ]
                part.lines[at] = Line(runs, column=line.column, page=line.page)
                left += 1
            return at, left
        left -= len(line.runs)
    return len(part.lines) - 1, len(part.lines[-1].runs)
