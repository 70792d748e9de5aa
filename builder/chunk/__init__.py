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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise, repeat
from math import inf
from operator import attrgetter
from typing import NamedTuple

from builder.chunk.gate import marked
from builder.chunk.units import Unit, Units, fitting, opening_of, sentence_starts, word_start
from builder.records import Block, Chunk, Document, make_id
from builder.tokens import Encoded, encoded

__all__ = ["chunk", "joined", "marked", "path_line"]

Sizer = Callable[[str], int]  # text -> number of tokens
Span = tuple[int, int]

_FILL = 8.0  # weight of the unused share of the budget beyond that slack, squared
_SLACK = 0.2  # unused share of the budget that costs nothing
_CHUNK = 2.5  # cost of one more chunk
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

    low, high: tokens before the start and the end of each unit; begins: where a chunk that starts
    with it starts when its overlap is counted; limits: how far such a chunk may go, as `high`.
    """

    def __init__(
        self, document: Document, text: Encoded, units: Sequence[Unit], rules: _Rules
    ) -> None:
        self.document, self.text, self.units, self.rules = document, text, units, rules
        self.begins = starts = [unit[0] for unit in units]
        self.low = text.before(starts)
        self.high = text.before([unit[1] for unit in units])
        blocks = document.blocks
        self.openings = [
            self._opening(unit) if unit[0] > blocks[unit[2]].start else "" for unit in units
        ]
        before = self.low
        if rules.overlap:
            self.begins = self._overlaps(starts)
            before = text.before(self.begins)
        free = rules.max_tokens - 1  # for a token that the end of a unit cuts
        self.limits = [low + free for low in before]
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

    def _overlaps(self, starts: Sequence[int]) -> list[int]:
        """Where the text that is repeated before each unit begins."""
        rules, text = self.rules, self.text
        places = sentence_starts(self.document, text, rules.overlap)
        tokens = text.before(places)
        found = []
        for number, unit in enumerate(self.units):
            free = rules.max_tokens - self._extra(number) - (self.high[number] - self.low[number])
            asked = min(rules.overlap, free - 2 * _DOUBT)
            at = self._nearest(places, tokens, number, asked, free - _DOUBT) if asked > 0 else -1
            found.append(starts[number] if at < 0 else at)
            if 0 <= at < self.document.blocks[unit.first].start:
                self.openings[number] = ""
        return found

    def _nearest(
        self, places: Sequence[int], tokens: Sequence[int], number: int, asked: int, free: int
    ) -> int:
        """The place of those that is nearest to asked tokens before a unit, -1 without one.

        Where that is off by more than half, the start of the word there.
        """
        start, at = self.units[number].start, self.low[number]
        near = bisect_left(tokens, at - asked)
        off, place = min(
            (
                (abs(at - tokens[k] - asked), places[k])
                for k in (near - 1, near, near + 1)
                if 0 <= k < len(places) and places[k] < start and at - tokens[k] <= free
            ),
            default=(asked, -1),
        )
        if off <= asked / 2 or at <= asked:
            return place
        word = word_start(self.text.text, self.text.position(at - asked), start)
        return word if word < start else place

    def cuts(self, plan: Sequence[Span]) -> list[_Cut | None]:
        """The planned chunks with their exact sizes, None for one that is too large."""
        units, text = self.units, self.document.text
        begins = [self.begins[first] for first, _ in plan]
        ends = [units[stop - 1].end for _, stop in plan]
        low, low_sync = self.text.heads(begins)
        high, high_sync = self.text.tails(ends)
        found = []
        for k, (first, stop) in enumerate(plan):
            opening, size = self.openings[first], high[k] - low[k]
            if low_sync[k] > high_sync[k] or (opening and low_sync[k] > begins[k]):
                size = self.rules.size(opening + text[begins[k] : ends[k]])
            elif opening:
                size += self.rules.tokens(opening)  # it ends with the line: see Encoded
            found.append(self._cut(first, stop - 1, begins[k], opening, size))
        return found

    def _cut(self, first: int, last: int, begin: int, opening: str, size: int) -> _Cut | None:
        one, other = self.units[first], self.units[last]
        if size + self._path_tokens(one.first, other.last) > self.rules.max_tokens:
            return None
        return _Cut(one.start, other.end, one.first, other.last, begin, opening, size)

    def _path_tokens(self, first: int, last: int) -> int:
        if not self.rules.count_path:
            return 0
        blocks = self.document.blocks[first : last + 1]
        return self.rules.path_tokens(_common_path([block.heading_path for block in blocks]))

    def forced(self, number: int) -> Iterator[_Cut]:
        """One unit as chunks that fit: without overlap, without opening, in parts at last."""
        unit, text, size = self.units[number], self.document.text, self.rules.size
        opening = self.openings[number]
        ways = ((self.begins[number], opening), (unit.start, opening), (unit.start, ""))
        for begin, before in ways:
            tokens = size(before + text[begin : unit.end])
            got = self._cut(number, number, begin, before, tokens)
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
    forbidden: set[Span] = set()
    for more in range(_ROUNDS, -1, -1):
        found: list[_Cut] = []
        wrong = []
        plan = list(_plan(layout, forbidden))
        for (first, stop), cut in zip(plan, layout.cuts(plan), strict=True):
            if cut:
                found.append(cut)
            elif stop - first > 1 and more:
                wrong.append((first, stop))
            else:
                for number in range(first, stop):
                    found += layout.forced(number)
        if not wrong:
            break
        forbidden.update(wrong)
    return found


def _plan(layout: _Layout, forbidden: set[Span]) -> Iterator[Span]:
    """The cheapest way to cut, by dynamic programming from the end to the start."""
    count, budget = len(layout.units), layout.rules.max_tokens
    costs, high, limits = [unit.cut for unit in layout.units], layout.high, layout.limits
    slack = int(_SLACK * budget)
    small = budget - slack - min(layout.rules.min_tokens, budget // 2)  # unused beyond the slack
    weight = _FILL / budget**2
    best = [0.0] * (count + 1)  # of all from a unit to the end, the cut before it included
    choice = [0] * (count + 1)
    for first in range(count - 1, -1, -1):
        slacked = limits[first] - slack
        last = max(first + 1, bisect_right(high, limits[first], first))
        ways = [
            rest
            if (unused := slacked - top) <= 0
            else rest + weight * unused * unused + (_SMALL if unused > small else 0.0)
            for top, rest in zip(high[first:last], best[first + 1 : last + 1], strict=True)
        ]
        if forbidden:
            ways[1:] = [
                inf if (first, stop) in forbidden else way
                for stop, way in enumerate(ways[1:], first + 2)
            ]
        lowest = min(ways)
        best[first] = lowest + costs[first] + _CHUNK
        choice[first] = first + 1 + ways.index(lowest)
    at = 0
    while at < count:
        yield at, choice[at]
        at = choice[at]


def _records(document: Document, cuts: Sequence[_Cut]) -> list[Chunk]:
    text, blocks = document.text, document.blocks
    paths = [
        _common_path([block.heading_path for block in blocks[cut.first : cut.last + 1]])
        or (document.title or document.path,)
        for cut in cuts
    ]
    texts = [text[cut.start : cut.end] for cut in cuts]
    seen: dict[tuple[tuple[str, ...], str], int] = {}
    ids = []
    for same in zip(paths, texts, strict=True):
        seen[same] = seen.get(same, 0) + 1
        ids.append(make_id("chunk", document.id, *same[0], same[1], str(seen[same])))
    inside = _blocks_of(blocks, cuts)
    return [
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
            blocks=inside[number],
            overlap=text[cut.overlap : cut.start],
            opening=cut.opening,
            previous=ids[number - 1] if number else "",
            next=ids[number + 1] if number + 1 < len(ids) else "",
        )
        for number, cut in enumerate(cuts)
    ]


_FIELDS = tuple((field.name, getattr(Block, field.name).__set__) for field in fields(Block))


def _blocks_of(blocks: Sequence[Block], cuts: Sequence[_Cut]) -> list[tuple[Block, ...]]:
    """The blocks of every cut, with offsets into its text."""
    sources: list[Block] = []
    starts: list[int] = []
    ends: list[int] = []
    partial: list[bool] = []
    stops: list[int] = []
    for cut in cuts:
        own = blocks[cut.first : cut.last + 1]
        low, high = cut.start, cut.end
        sources += own
        starts += [block.start - low for block in own]
        ends += [block.end - low for block in own]
        partial += [block.partial for block in own]
        if own[0].start < low:
            starts[-len(own)], partial[-len(own)] = 0, True
        if own[-1].end > high:
            ends[-1], partial[-1] = high - low, True
        stops.append(len(sources))
    kept = stops[0] if starts[0] == blocks[0].start and not any(partial[: stops[0]]) else 0
    moved = sources[:kept] + _moved(
        sources[kept:], {"start": starts[kept:], "end": ends[kept:], "partial": partial[kept:]}
    )
    return [tuple(moved[low:high]) for low, high in pairwise((0, *stops))]


def _moved(sources: Sequence[Block], changed: dict[str, Sequence[object]]) -> list[Block]:
    """Copies of blocks with some fields changed.

    A document has thousands; filling them field by field takes a quarter of the time of
    dataclasses.replace, which was a fifth of all of chunking.
    """
    made = list(map(object.__new__, repeat(Block, len(sources))))
    for name, put in _FIELDS:
        values = changed.get(name) or map(attrgetter(name), sources)
        deque(map(put, made, values), maxlen=0)
    return made


def _common_path(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The headings that all paths share, outermost first."""
    different = set(paths)
    if len(different) == 1:
        return paths[0]
    shared: list[str] = []
    for level in zip(*different, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return tuple(shared)
