"""Document -> chunks: exact token budgets, cut where a reader would cut.

The document is encoded once. Its blocks become units that are never cut (units.py); the size of
any run of units is then a subtraction, exact to the token. Dynamic programming over the gaps
between units finds the cuts of least total cost: a cut is cheap before a heading, dear inside a
list or table, and ruinous between a heading and its text; unfilled chunks cost a little. Because
the cost is a sum over chunks, an edit moves few cuts beside it. `gate.py` marks the chunks that
nothing should be written from.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from itertools import repeat
from math import inf
from operator import attrgetter
from typing import NamedTuple

from builder.chunk.gate import marked
from builder.chunk.overlap import Repeats
from builder.chunk.units import Unit, Units, fitting, opening_of
from builder.records import Block, Chunk, Document, make_id, postpone
from builder.tokens import Encoded, encoded

__all__ = ["chunk", "joined", "marked", "path_line"]

Sizer = Callable[[str], int]  # text -> number of tokens
Span = tuple[int, int]

_FILL = 12.0  # weight of the unused share of the budget beyond that slack, squared
_SLACK = 0.15  # unused share of the budget that costs nothing
_CHUNK = 1.5  # cost of one more chunk
_SMALL = 6.0  # cost of a chunk below min_tokens
_DOUBT = 2  # tokens kept free where sizes are estimates
_DENSE = 16  # most characters of a token on average: longer texts are not counted as one
_ROUNDS = 6  # plans that are made anew because a chunk was too large


def joined(chunk: Chunk) -> str:
    """All of a chunk as a reader sees it: its opening, its overlap and its text, as they are.

    n_tokens is the size of this.
    """
    return chunk.opening + chunk.overlap + chunk.text


def path_line(heading_path: Sequence[str]) -> str:
    """The heading path as one line, as it is counted with count_path."""
    return " > ".join(heading_path) + "\n\n"


def chunk(
    document: Document,
    *,
    size: Sizer,
    max_tokens: int,
    min_tokens: int = 32,
    overlap: float = 0.0,
    count_path: bool = False,
) -> list[Chunk]:
    """Cut a document into chunks of at most max_tokens tokens, in order.

    Every character that is not white space between blocks is in exactly one text, verbatim.
    size:       of tokens.sizer, else slower.
    min_tokens: chunks are not made smaller than this where anything else is possible.
    overlap:    share of max_tokens, 0 to 0.5: so much of the text before is repeated, from the
                sentence or line that is nearest; less where the text would not fit otherwise.
    count_path: the heading path as path_line counts too; one longer than half of max_tokens
                counts as half.
    """
    if not document.blocks:
        return []
    text = encoded(size, document.text)
    rules = _Rules(size, max_tokens, min_tokens, round(overlap * max_tokens), count_path)
    room = max_tokens
    if count_path:
        room -= max(rules.path_tokens(block.heading_path) for block in document.blocks)
    start, end, last = document.blocks[0].start, document.blocks[-1].end, len(document.blocks) - 1
    if len(document.text) < _DENSE * room and (tokens := text.count(start, end)) <= room:
        return _records(document, [_Cut(start, end, 0, last, start, "", tokens)])
    units = list(Units(document, text, room).found())
    return _records(document, _cuts(_Layout(document, text, units, rules)))


@dataclass(slots=True)
class _Rules:
    size: Sizer
    max_tokens: int
    min_tokens: int
    overlap: int  # tokens
    count_path: bool
    _paths: dict[tuple[str, ...], int] = field(default_factory=dict)
    _openings: dict[str, int] = field(default_factory=dict)

    def tokens(self, opening: str) -> int:
        """The size of an opening, which comes again and again."""
        if opening not in self._openings:
            self._openings[opening] = self.size(opening)
        return self._openings[opening]

    def path_tokens(self, path: tuple[str, ...]) -> int:
        """The most tokens that this path or one of the paths above it takes."""
        if not self.count_path or not path:
            return 0
        if path not in self._paths:
            own = min(self.size(path_line(path)), self.max_tokens // 2)
            self._paths[path] = max(own, self.path_tokens(path[:-1]))
        return self._paths[path]


class _Cut(NamedTuple):
    """A chunk as it was planned: characters, blocks, what stands before it, its exact size."""

    start: int
    end: int
    first: int
    last: int
    overlap: int  # where the overlap starts
    opening: str
    n_tokens: int


class _Layout:
    """The units of a document with the sizes that a plan needs, which may be a token too large.

    low, high: tokens before the start and the end of each unit; limits: how far a chunk that
    starts with it may go, as `high`, so that what is asked for is left for its overlap.
    """

    def __init__(
        self, document: Document, text: Encoded, units: Sequence[Unit], rules: _Rules
    ) -> None:
        self.document, self.text, self.units, self.rules = document, text, units, rules
        blocks = document.blocks
        self.low = text.before([unit[0] for unit in units])
        self.high = text.before([unit[1] for unit in units])
        self.openings = [
            self._opening(unit) if unit[0] > blocks[unit[2]].start else "" for unit in units
        ]
        self.repeats = Repeats(document, text) if rules.overlap else None
        free = rules.max_tokens - 1  # for a token that the end of a unit cuts
        self.limits = [low + free for low in self.low]
        if rules.overlap:
            asked, first = rules.overlap, self.low[0]
            self.limits = [free + max(low - asked, first) for low in self.low]
        if rules.count_path or any(self.openings):
            self.limits = [limit - self._extra(k) for k, limit in enumerate(self.limits)]

    def _opening(self, unit: Unit) -> str:
        opening = opening_of(self.document, unit)
        return opening if self.rules.tokens(opening) <= self.rules.max_tokens // 4 else ""

    def _extra(self, number: int) -> int:
        """What counts beside the text: the path, and the opening with what it may tie up."""
        opening, rules = self.openings[number], self.rules
        if not opening and not rules.count_path:
            return 0
        path = self.document.blocks[self.units[number].first].heading_path
        return rules.path_tokens(path) + (rules.tokens(opening) + _DOUBT if opening else 0)

    def _begin(self, first: int, stop: int, spare: int = _DOUBT) -> int:
        """Where the overlap of a chunk begins that leaves about so many tokens free."""
        unit = self.units[first]
        if not self.repeats or not first:
            return unit.start
        room = self.rules.max_tokens - self._extra(first) - self.high[stop - 1] + self.low[first]
        return self.repeats.begin(unit.start, self.rules.overlap, room - 1 - spare)

    def cuts(self, plan: Sequence[Span]) -> list[_Cut | None]:
        """The planned chunks with their exact sizes, None for one that is too large."""
        begins = [self._begin(first, stop) for first, stop in plan]
        low, low_sync = self.text.heads(begins)
        high, high_sync = self.text.tails([self.units[stop - 1].end for _, stop in plan])
        found = []
        for k, (first, stop) in enumerate(plan):
            opening, size = self._opening_before(first, begins[k]), high[k] - low[k]
            if low_sync[k] > high_sync[k] or (opening and low_sync[k] > begins[k]):
                cut = self._counted(first, stop, begins[k])
            else:
                size += self.rules.tokens(opening)  # it ends with the line: see Encoded
                cut = self._cut(first, stop, begins[k], opening, size)
            if cut is None and begins[k] < self.units[first].start:
                cut = self._counted(first, stop, self._begin(first, stop, 4 * _DOUBT))
                cut = cut or self._counted(first, stop, self.units[first].start)
            found.append(cut)
        return found

    def _opening_before(self, first: int, begin: int) -> str:
        """None is needed where the overlap has it."""
        inside = begin >= self.document.blocks[self.units[first].first].start
        return self.openings[first] if inside else ""

    def _counted(self, first: int, stop: int, begin: int) -> _Cut | None:
        """A planned chunk that is encoded anew, None if it is too large."""
        opening = self._opening_before(first, begin)
        text = self.document.text[begin : self.units[stop - 1].end]
        return self._cut(first, stop, begin, opening, self.rules.size(opening + text))

    def _cut(self, first: int, stop: int, begin: int, opening: str, size: int) -> _Cut | None:
        one, other = self.units[first], self.units[stop - 1]
        if size + self._path_tokens(one.first, other.last) > self.rules.max_tokens:
            return None
        return _Cut(one.start, other.end, one.first, other.last, begin, opening, size)

    def _path_tokens(self, first: int, last: int) -> int:
        if not self.rules.count_path:
            return 0
        return self.rules.path_tokens(_common_path(self.document.blocks[first : last + 1]))

    def forced(self, number: int) -> Iterator[_Cut]:
        """One unit as chunks that fit: without overlap, without opening, in parts at last."""
        unit, size = self.units[number], self.rules.size
        got = self._counted(number, number + 1, self._begin(number, number + 1))
        got = got or self._counted(number, number + 1, unit.start)
        if not got:
            tokens = size(self.document.text[unit.start : unit.end])
            got = self._cut(number, number + 1, unit.start, "", tokens)
        if got:
            yield got
            return
        budget = self.rules.max_tokens - self._path_tokens(unit.first, unit.last)
        for start, end, tokens in fitting(self.text, unit.start, unit.end, budget, size):
            own = [
                k
                for k in range(unit.first, unit.last + 1)
                if self.document.blocks[k].start < end and self.document.blocks[k].end > start
            ]
            yield _Cut(start, end, own[0], own[-1], start, "", tokens)


def _cuts(layout: _Layout) -> list[_Cut]:
    """The cheapest chunks, every one verified to fit."""
    forbidden: dict[int, list[int]] = {}
    for more in range(_ROUNDS, -1, -1):
        found: list[_Cut] = []
        again = False
        plan = list(_plan(layout, forbidden))
        for (first, stop), cut in zip(plan, layout.cuts(plan), strict=True):
            if cut:
                found.append(cut)
            elif stop - first > 1 and more:
                forbidden.setdefault(first, []).append(stop)
                again = True
            else:
                for number in range(first, stop):
                    found += layout.forced(number)
        if not again:
            break
    return found


def _plan(layout: _Layout, forbidden: Mapping[int, Sequence[int]]) -> Iterator[Span]:
    """The cheapest way to cut, by dynamic programming from the end to the start.

    A chunk that is full enough costs nothing but its cut, so the least of those is a plain
    minimum; of the others only those are looked at that would be cheaper if they were full.
    forbidden: ends, by unit, of chunks that turned out too large.
    """
    count, budget = len(layout.units), layout.rules.max_tokens
    costs, high, limits = [unit.cut for unit in layout.units], layout.high, layout.limits
    slack = int(_SLACK * budget)
    small = budget - slack - min(layout.rules.min_tokens, budget // 2)  # unused beyond the slack
    weight = _FILL / budget**2
    best = [0.0] * (count + 1)  # of all from a unit to the end, the cut before it included
    choice = [0] * (count + 1)
    for first in range(count - 1, -1, -1):
        enough = limits[first] - slack
        last = max(first + 1, bisect_right(high, limits[first], first))
        rests = best[first + 1 : last + 1]
        for stop in forbidden.get(first, ()):
            rests[stop - first - 1] = inf
        few = bisect_left(high, enough, first, last) - first
        full = rests[few:]
        lowest = min(full, default=inf)
        at = few + full.index(lowest) if full else -1
        if few and (least := min(rests[:few])) <= lowest:
            for number in range(few - 1, -1, -1):
                unused = enough - high[first + number]
                price = weight * unused * unused
                if least + price > lowest:
                    break  # and the others are emptier still
                way = rests[number] + price + (_SMALL if unused > small else 0.0)
                if way <= lowest:
                    lowest, at = way, number
        best[first] = lowest + costs[first] + _CHUNK
        choice[first] = first + 1 + at
    at = 0
    while at < count:
        yield at, choice[at]
        at = choice[at]


def _records(document: Document, cuts: Sequence[_Cut]) -> list[Chunk]:
    text, blocks = document.text, document.blocks
    paths = [
        _common_path(blocks[cut.first : cut.last + 1]) or (document.title or document.path,)
        for cut in cuts
    ]
    texts = [text[cut.start : cut.end] for cut in cuts]
    seen: dict[str, int] = {}  # the ids of first ones, and how many are the same
    ids = []
    for path, said in zip(paths, texts, strict=True):
        own = make_id("chunk", document.id, *path, said, "1")
        seen[own] = count = seen.get(own, 0) + 1
        again = count > 1
        ids.append(make_id("chunk", document.id, *path, said, str(count)) if again else own)
    return [
        postpone(
            Chunk(
                id=ids[number],
                doc_id=document.id,
                path=document.path,
                lang=document.lang,
                text=texts[number],
                start=cut.start,
                end=cut.end,
                heading_path=paths[number],
                n_tokens=cut.n_tokens,
                blocks=(),
                overlap=text[cut.overlap : cut.start],
                opening=cut.opening,
                previous=ids[number - 1] if number else "",
                next=ids[number + 1] if number + 1 < len(ids) else "",
            ),
            partial(_blocks_of, blocks, cut),
        )
        for number, cut in enumerate(cuts)
    ]


def _blocks_of(blocks: Sequence[Block], cut: _Cut) -> tuple[Block, ...]:
    """The blocks of a cut, with offsets into its text."""
    own, low, high = blocks[cut.first : cut.last + 1], cut.start, cut.end
    starts = [block.start - low for block in own]
    ends = [block.end - low for block in own]
    parted = [block.partial for block in own]
    if starts[0] < 0:
        starts[0], parted[0] = 0, True
    if own[-1].end > high:
        ends[-1], parted[-1] = high - low, True
    return tuple(_moved(own, {"start": starts, "end": ends, "partial": parted}))


_FIELDS = tuple((field.name, getattr(Block, field.name).__set__) for field in fields(Block))


def _moved(sources: Sequence[Block], changed: dict[str, Sequence[object]]) -> list[Block]:
    """Copies of blocks with some fields changed.

    Filling them field by field takes a quarter of the time of dataclasses.replace.
    """
    made = list(map(object.__new__, repeat(Block, len(sources))))
    for name, put in _FIELDS:
        values = changed.get(name) or map(attrgetter(name), sources)
        deque(map(put, made, values), maxlen=0)
    return made


def _common_path(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The headings that all blocks stand under, outermost first."""
    paths = {block.heading_path for block in blocks}
    shared = paths.pop()
    for path in paths:
        at = 0
        for one, other in zip(shared, path, strict=False):
            if one != other:
                break
            at += 1
        shared = shared[:at]
    return shared
