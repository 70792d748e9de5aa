"""Document -> chunks: exact token budgets, cut where a reader would cut.

The document is encoded once. Its blocks become units that are never cut (units.py); the size of
any run of units is then a subtraction, exact to the token. Dynamic programming over the gaps
between units finds the cuts of least total cost: a cut is cheap before a heading, dear inside a
list or table, and ruinous between a heading and its text; unfilled chunks cost a little. Because
the cost is a sum over chunks, an edit moves few cuts beside it. `gate.py` marks the chunks that
nothing should be written from.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from itertools import pairwise, repeat
from math import inf
from operator import attrgetter
from typing import NamedTuple, TypeVar

from builder.chunk.gate import marked
from builder.chunk.overlap import Repeats
from builder.chunk.units import Units, fitting, opening_of, units_of
from builder.collector import collector_paused
from builder.records import Block, Chunk, Document, framed, id_of
from builder.tokens import Encoded, encoded

__all__ = ["chunk", "joined", "marked", "path_line"]

Sizer = Callable[[str], int]  # text -> number of tokens
Span = tuple[int, int]
_T = TypeVar("_T")

_FILL = 12.0  # weight of the unused share of the budget beyond the slack, squared
_SLACK = 0.05  # unused share of the budget that costs nothing
_CHUNK = 8.0  # cost of one more chunk
_SMALL = 30.0  # cost of a chunk below min_tokens
_LENT = 20.0  # cost of a chunk that takes the room of its overlap
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


@collector_paused()
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
    Of the budget half is left for the text: where path and overlap ask for more, the overlap is
    shorter.
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
    units = units_of(document, text, room)
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

    low, high: tokens before the start and the end of each unit; openings: of the units that start
    inside a block; limits: how far a chunk that starts with a unit may go, as `high`, so that what
    is asked for is left for its overlap; furthest: how far without one.
    """

    def __init__(self, document: Document, text: Encoded, units: Units, rules: _Rules) -> None:
        self.document, self.text, self.units, self.rules = document, text, units, rules
        self.low = units.low
        self.high = text.before(units.ends)
        self.openings = {k: opening for k in units.inside if (opening := self._opening(k))}
        self.repeats = Repeats(document, text) if rules.overlap else None
        free = rules.max_tokens - 1  # for a token that the end of a unit cuts
        self.limits = self.furthest = [low + free for low in self.low]
        if rules.overlap:
            asked, first = rules.overlap, self.low[0]
            self.limits = [free + max(low - asked, first) for low in self.low]
        half = rules.max_tokens // 2 - 1  # is for the text, whatever else is asked for
        for k in range(len(units)) if rules.count_path else self.openings:
            extra = self._extra(k)
            least = self.low[k] + min(half, free - extra)
            self.limits[k] = max(self.limits[k] - extra, least)
            self.furthest[k] = max(self.low[k] + free - extra, least)

    def _opening(self, number: int) -> str:
        """What a stretch inside a block is read with, where it and the path leave half."""
        units, rules = self.units, self.rules
        opening = opening_of(self.document, units.firsts[number], units.starts[number])
        if not opening:
            return ""
        path = rules.path_tokens(self.document.blocks[units.firsts[number]].heading_path)
        most = min(rules.max_tokens // 4, rules.max_tokens // 2 - path)
        return opening if rules.tokens(opening) <= most else ""

    def _extra(self, number: int) -> int:
        """What counts beside the text: the path, and the opening with what it may tie up."""
        opening, rules = self.openings.get(number, ""), self.rules
        if not opening and not rules.count_path:
            return 0
        path = self.document.blocks[self.units.firsts[number]].heading_path
        return rules.path_tokens(path) + (rules.tokens(opening) + _DOUBT if opening else 0)

    def _begin(self, first: int, stop: int, spare: int = _DOUBT) -> int:
        """Where the overlap of a chunk begins that leaves about so many tokens free."""
        return self._begins([(first, stop)], spare)[0]

    def _begins(self, plan: Sequence[Span], spare: int = _DOUBT) -> list[int]:
        starts, low, high = self.units.starts, self.low, self.high
        if not self.repeats:
            return [starts[first] for first, _ in plan]
        free = self.rules.max_tokens - 1 - spare
        rooms = [
            free - self._extra(first) - high[stop - 1] + low[first] if first else 0
            for first, stop in plan
        ]
        wanted = [
            (starts[first], low[first], room) for (first, _), room in zip(plan, rooms, strict=True)
        ]
        return self.repeats.begins(wanted, self.rules.overlap)

    def cuts(self, plan: Sequence[Span]) -> list[_Cut | None]:
        """The planned chunks with their exact sizes, None for one that is too large."""
        starts, ends = self.units.starts, self.units.ends
        begins = self._begins(plan)
        low, low_sync = self.text.heads(begins)
        high, high_sync = self.text.tails([ends[stop - 1] for _, stop in plan])
        found = []
        for k, (first, stop) in enumerate(plan):
            opening, size = self._opening_before(first, begins[k]), high[k] - low[k]
            if low_sync[k] > high_sync[k] or (opening and low_sync[k] > begins[k]):
                cut = self._counted(first, stop, begins[k])
            else:
                size += self.rules.tokens(opening)  # it ends with the line: see Encoded
                cut = self._cut(first, stop, begins[k], opening, size)
            if cut is None and begins[k] < starts[first]:
                cut = self._counted(first, stop, self._begin(first, stop, 4 * _DOUBT))
                cut = cut or self._counted(first, stop, starts[first])
            found.append(cut)
        return found

    def _opening_before(self, first: int, begin: int) -> str:
        """None is needed where the overlap has it."""
        opening = self.openings.get(first, "")
        inside = opening and begin >= self.document.blocks[self.units.firsts[first]].start
        return opening if inside else ""

    def _counted(self, first: int, stop: int, begin: int) -> _Cut | None:
        """A planned chunk that is encoded anew, None if it is too large."""
        opening = self._opening_before(first, begin)
        text = self.document.text[begin : self.units.ends[stop - 1]]
        return self._cut(first, stop, begin, opening, self.rules.size(opening + text))

    def _cut(self, first: int, stop: int, begin: int, opening: str, size: int) -> _Cut | None:
        units = self.units
        start, end = units.starts[first], units.ends[stop - 1]
        above, last = units.firsts[first], units.lasts[stop - 1]
        if size + self._path_tokens(above, last) > self.rules.max_tokens:
            return None
        return _Cut(start, end, above, last, begin, opening, size)

    def _path_tokens(self, first: int, last: int) -> int:
        if not self.rules.count_path:
            return 0
        blocks = self.document.blocks[first : last + 1]
        return self.rules.path_tokens(_common_path(block.heading_path for block in blocks))

    def forced(self, number: int) -> Iterator[_Cut]:
        """One unit as chunks that fit: without overlap, without opening, in parts at last."""
        units, size, blocks = self.units, self.rules.size, self.document.blocks
        start, end = units.starts[number], units.ends[number]
        first, last = units.firsts[number], units.lasts[number]
        got = self._counted(number, number + 1, self._begin(number, number + 1))
        got = got or self._counted(number, number + 1, start)
        if not got:
            tokens = size(self.document.text[start:end])
            got = self._cut(number, number + 1, start, "", tokens)
        if got:
            yield got
            return
        budget = self.rules.max_tokens - self._path_tokens(first, last)
        for low, high, tokens in fitting(self.text, start, end, budget, size):
            own = [
                k for k in range(first, last + 1) if blocks[k].start < high and blocks[k].end > low
            ]
            yield _Cut(low, high, own[0], own[-1], low, "", tokens)


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
    """The cheapest way to cut."""
    at, choice = 0, _choices(layout, forbidden)
    while at < len(choice):
        yield at, choice[at]
        at = choice[at]


def _choices(layout: _Layout, forbidden: Mapping[int, Sequence[int]]) -> list[int]:
    """Where the best chunk ends that starts with each unit, by dynamic programming from the end.

    A chunk that is full enough costs nothing but its cut, so the least of those is a plain
    minimum; of the others only those are looked at that would be cheaper if they were full.
    forbidden: ends, by unit, of chunks that turned out too large.
    """
    count, budget = len(layout.units), layout.rules.max_tokens
    costs, high, limits = layout.units.cuts, layout.high, layout.limits
    low, furthest = layout.low, layout.furthest
    slack = int(_SLACK * budget)
    least_tokens = min(layout.rules.min_tokens, budget // 2)
    weight = _FILL / budget**2
    best, choice = [0.0] * (count + 1), [0] * count  # best: from a unit to the end, with its cut
    least, held, ended = inf, 0, 0  # what best[first + 1 : enough + 1] has, and up to where
    enough = stop = count  # the longest chunk that leaves more free than the slack, that fits
    for first in range(count - 1, -1, -1):
        limit = limits[first]
        while stop < count and high[stop] <= limit:
            stop += 1
        while stop > first + 1 and high[stop - 1] > limit:
            stop -= 1
        limit -= slack
        while enough < stop and high[enough] < limit:
            enough += 1
        while enough > stop or (enough > first and high[enough - 1] >= limit):
            enough -= 1
        shut = [(number, best[number]) for number in forbidden.get(first, ())] if forbidden else ()
        for number, _ in shut:
            best[number] = inf
        lowest, at = (best[stop], stop) if enough < stop else (inf, -1)
        if stop - enough > 1:
            lowest, at = _least(best, enough + 1, stop + 1)
        if enough > first:
            if held > enough or enough > ended:
                least, held = _least(best, first + 1, enough + 1)
            elif best[first + 1] <= least:
                least, held = best[first + 1], first + 1
            if least <= lowest:
                small = low[first] + least_tokens
                for number in range(enough, first, -1):
                    filled = high[number - 1]
                    unused = limit - filled
                    price = weight * unused * unused
                    if least + price > lowest:
                        break  # and the others are emptier still
                    way = best[number] + price + (_SMALL if filled < small else 0.0)
                    if way <= lowest:
                        lowest, at = way, number
        ended = 0 if shut or enough == first else enough
        if limits is not furthest:
            further = bisect_right(high, furthest[first], stop)
            lent, where = _least(best, stop + 1, further + 1) if further > stop else (inf, -1)
            if lent + _LENT < lowest:
                lowest, at = lent + _LENT, where
        for number, rest in shut:
            best[number] = rest
        best[first] = lowest + costs[first] + _CHUNK
        choice[first] = at
    return choice


def _least(values: Sequence[float], low: int, high: int) -> tuple[float, int]:
    """The least of values[low:high] and where it stands first."""
    window = values[low:high]
    least = min(window)
    return least, low + window.index(least)


def _records(document: Document, cuts: Sequence[_Cut]) -> list[Chunk]:
    text, blocks = document.text, document.blocks
    paths = _paths(document, cuts)
    texts = [text[cut.start : cut.end] for cut in cuts]
    begins = {path: framed("chunk", document.id, *path) for path in set(paths)}
    seen: dict[str, int] = {}  # the ids of first ones, and how many are the same
    ids = []
    for path, said in zip(paths, texts, strict=True):
        own = id_of(begins[path] + framed(said, "1"))
        seen[own] = count = seen.get(own, 0) + 1
        ids.append(own if count == 1 else id_of(begins[path] + framed(said, str(count))))
    columns = {
        "id": ids,
        "doc_id": repeat(document.id),
        "path": repeat(document.path),
        "lang": repeat(document.lang),
        "text": texts,
        "start": [cut.start for cut in cuts],
        "end": [cut.end for cut in cuts],
        "heading_path": paths,
        "n_tokens": [cut.n_tokens for cut in cuts],
        "make_blocks": repeat(partial(_blocks_of, blocks, {cut.start: cut for cut in cuts})),
        "overlap": [text[cut.overlap : cut.start] for cut in cuts],
        "opening": [cut.opening for cut in cuts],
        "previous": ["", *ids],
        "next": [*ids[1:], ""],
        "unfit": repeat(""),
    }
    return _filled(Chunk, len(cuts), columns)


def _paths(document: Document, cuts: Sequence[_Cut]) -> list[tuple[str, ...]]:
    """What the blocks of each chunk stand under, else the document's title."""
    above = [block.heading_path for block in document.blocks]
    changes = [k for k, (path, below) in enumerate(pairwise(above), 1) if path is not below]
    found = []
    for cut in cuts:
        low = bisect_right(changes, cut.first)
        high = bisect_right(changes, cut.last, low)
        own = [above[cut.first], *[above[k] for k in changes[low:high]]]
        found.append(_common_path(own) or (document.title or document.path,))
    return found


def _blocks_of(
    blocks: Sequence[Block], cuts: Mapping[int, _Cut], chunk: Chunk
) -> tuple[Block, ...]:
    """The blocks of a chunk, with offsets into its text. cuts: by where they start."""
    cut = cuts[chunk.start]
    own, low, high = blocks[cut.first : cut.last + 1], cut.start, cut.end
    starts = [block.start - low for block in own]
    ends = [block.end - low for block in own]
    parted = [block.partial for block in own]
    if starts[0] < 0:
        starts[0], parted[0] = 0, True
    if own[-1].end > high:
        ends[-1], parted[-1] = high - low, True
    columns: dict[str, Iterable[object]] = {
        field.name: map(attrgetter(field.name), own) for field in fields(Block)
    }
    columns |= {"start": starts, "end": ends, "partial": parted}
    return tuple(_filled(Block, len(own), columns))


def _filled(cls: type[_T], count: int, columns: Mapping[str, Iterable[object]]) -> list[_T]:
    """So many records, filled field by field: a quarter of the time of their constructors."""
    made = [object.__new__(cls) for _ in range(count)]
    for name, values in columns.items():
        deque(map(getattr(cls, name).__set__, made, values), 0)  # a value for all is endless
    return made


def _common_path(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """What all paths begin with; that of the headings that all of some blocks stand under."""
    distinct = set(paths)
    if len(distinct) == 1:
        return distinct.pop()
    low, high = min(distinct), max(distinct)  # what these share, those between them do
    same = 0
    for one, other in zip(low, high, strict=False):
        if one != other:
            break
        same += 1
    return low[:same]
