"""Where a document may be cut, and what each cut costs.

A unit is a stretch that is never cut: blocks that belong together (a heading and what follows it,
a list item and what is nested in it, a lead-in and its code, a question and its answer) as long as
they fit. What does not fit is opened: code and tables at lines, prose at sentences, a sentence at
words, and a word longer than the budget between characters.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from zlib import crc32

from builder.records import LISTED, Document
from builder.text import Span, last_sentence_end, sentences
from builder.tokens import Encoded

_PROSE = frozenset(("paragraph", "quote", "admonition"))  # opened at sentences for a better fill
_LINED = frozenset(("code", "table", "math"))
_BODIES = _PROSE | LISTED | _LINED | {"caption"}
_ATTACHED = _LINED | {"caption"}
_LEADS_IN = _PROSE | LISTED  # what code right after it belongs to

_LONG = 0.4  # share of the budget from which a paragraph may be cut at sentences
_MIDDLING = 0.15  # the same of one that may be cut in two, where a sentence ends
_MIDDLE = 0.6  # share of its characters before which that sentence ends
_LED = 0.5  # share of the budget that code and the paragraph above it may have as one unit
_BRIEF = 1 / 8  # share of the budget of a sentence that stays with any code below it
_TINY = 1 / 24  # share of the budget below which neighbours are one unit
_BELOW = 1 / 4  # share of the budget that an opened block needs below its headings
_FEWEST = 12  # tokens that it needs, but never more than half
_STEPS = 12  # parts of the budget that an opened block is cut into
_GIANT = 8  # budgets of prose in one block from which not every sentence is looked for
_NEARBY = 160  # characters in which the end of one is looked for first
_NEAR = 8  # tokens by which an estimate may be wrong

_HEADING_COST = (0.0, -2.0, -1.2, -0.6, -0.2, 0.3, 0.5)  # a cut before a heading, by level
_DEEPEST = len(_HEADING_COST) - 1
_BEFORE_BLOCK, _IN_LIST = 1.0, 1.6
_IN_ANSWER = 8.0  # the text under a heading that is a question
_AFTER_LEAD_IN = 12.0  # "... as follows:" parted from what follows
_BEFORE_CODE = 4.0  # code parted from the paragraph above it
_IN_BLOCK, _IN_ROW, _IN_SENTENCE = 7.0, 20.0, 60.0
_AFTER_HEADING = 1000.0  # a heading parted from its text

_CHANCES = [1.5 * number / 1023 for number in range(1024)]  # what the words behind a cut may add
_SAID = 32  # characters of them
_ASKING = frozenset("?\uff1f")
_LEADING = frozenset(":\uff1a")

_LINES = 8  # lines that are compared for a cut
_BACK = 40  # characters to go back for a better cut in a word
_SPACE = re.compile(r"\s")
_TEXT = re.compile(r"\S")
_BREAK = re.compile(r"\s(?=\S)|(?<=[、，；：。！？])(?=\S)")
_CLAUSE = re.compile(r"[\t、，；：。！？]")
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]")


@dataclass(slots=True)
class Units:
    """Stretches that are never cut, in order, as columns: a list of objects would cost more to
    make, and the garbage collector more to walk, than all the rest.

    starts, ends: characters; firsts, lasts: blocks; low: tokens before the start; cuts: the cost
    of a cut before each unit; inside: the numbers of the units that start inside a block.
    """

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)
    low: list[int] = field(default_factory=list)
    cuts: list[float] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.starts)

    def add(self, start: int, end: int, first: int, last: int) -> None:
        """Add a unit; the other columns are made when all are known."""
        self.starts.append(start)
        self.ends.append(end)
        self.firsts.append(first)
        self.lasts.append(last)


def units_of(document: Document, encoded: Encoded, room: int) -> Units:
    """The units of one document. room: tokens that a unit may have."""
    return _Finder(document, encoded, room).found()


class _Finder:
    """Glues what belongs together and opens what is too large."""

    def __init__(self, document: Document, encoded: Encoded, room: int) -> None:
        self.units = Units()
        self.inner: list[float] = []  # the costs of the cuts inside blocks
        self.text = text = document.text
        self.blocks = blocks = document.blocks
        self.encoded = encoded
        self.room = room
        self.kinds = kinds = [block.kind for block in blocks]
        self.levels = levels = [block.level for block in blocks]
        self.starts = [block.start for block in blocks]
        self.ends = ends = [block.end for block in blocks]
        self.nested: dict[int, int] = {}  # the last item nested in one, where it was asked for
        self.led: dict[int, int] = {}  # the end of what a block leads in to, where it was asked for
        self.run = 0  # the end of the headings in a row that were looked at last
        self.tokens = encoded.before([*self.starts, len(text)])
        self.finals = finals = [text[end - 1] for end in ends]
        self.asking = [
            k
            for k, kind in enumerate(kinds)
            if kind == "heading" and (finals[k] in _ASKING or "question" in blocks[k].flags)
        ]
        self.following = [*kinds[1:], ""]
        self.tied = [  # whether a block may belong to the one after it
            final in _LEADING
            or following in _ATTACHED
            or (following in LISTED and kind in LISTED and deeper > level)
            for kind, final, level, following, deeper in zip(
                kinds, finals, levels, self.following, [*levels[1:], 0], strict=True
            )
        ]

    def found(self) -> Units:
        """All units, in order."""
        at, count, tokens, kinds = 0, len(self.blocks), self.tokens, self.kinds
        starts, ends, tied, following = self.starts, self.ends, self.tied, self.following
        sure = self.room - _NEAR
        tiny, middling = max(4, int(self.room * _TINY)), self.room * _MIDDLING
        asking, units = self.asking, self.units
        add_start, add_end = units.starts.append, units.ends.append
        add_first, add_last = units.firsts.append, units.lasts.append
        while at < count:
            body = at
            if kinds[at] == "heading":
                body = at + 1 if following[at] in _BODIES else min(self._body(at), count - 1)
            if tokens[body + 1] - tokens[at] > sure and not self._fits(at, body):
                at = self._oversize(at, body)
                continue
            last = self._answer(at, body) if body > at and asking else -1
            if last < 0:
                last = self._together(at, body) if tied[body] else body
                if last == body and tied[body] and (led := self._led_by_its_end(body)):
                    last = led
                    self._at_sentences(at, body, last)
                    at = last + 1
                    continue
                if tokens[last + 1] - tokens[at] < tiny:
                    last = self._small(at, last, tokens[at] + tiny)
                if (
                    kinds[body] in _PROSE
                    and tokens[body + 1] - tokens[body] > middling
                    and self._opened(at, body, last)
                ):
                    at = last + 1
                    continue
            add_start(starts[at])
            add_end(ends[last])
            add_first(at)
            add_last(last)
            at = last + 1
        units.cuts = self._costs()
        units.low = [tokens[first] for first in units.firsts]
        inner = self.encoded.before([units.starts[number] for number in units.inside])
        for number, before in zip(units.inside, inner, strict=True):
            units.low[number] = before
        return units

    def _fits(self, first: int, last: int) -> bool:
        about = self.tokens[last + 1] - self.tokens[first]
        if about + _NEAR <= self.room or about - _NEAR > self.room:
            return about <= self.room
        return self.encoded.count(self.starts[first], self.ends[last]) <= self.room

    def _body(self, at: int) -> int:
        """The first block from here that is no heading."""
        if at >= self.run:
            kinds, count = self.kinds, len(self.kinds)
            self.run = at
            while self.run < count and kinds[self.run] == "heading":
                self.run += 1
        return self.run

    def _answer(self, at: int, body: int) -> int:
        """The last block of the answer to a question that starts here, -1 if it does not fit.

        Of questions right under each other, the first whose answer fits.
        """
        kinds, levels, tokens, count = self.kinds, self.levels, self.tokens, len(self.blocks)
        limit = tokens[at] + self.room + _NEAR
        for place in range(bisect_left(self.asking, at), len(self.asking)):
            asked = last = self.asking[place]
            if asked >= body:
                break
            while last + 1 < count and tokens[last + 1] <= limit:
                if kinds[last + 1] == "heading" and levels[last + 1] <= levels[asked]:
                    break
                last += 1
            while last > body and kinds[last] == "heading":
                last -= 1  # a section without text
            if last >= body and self._fits(at, last):
                return last
        return -1

    def _together(self, at: int, body: int) -> int:
        """The last block that must not be parted from a body, as far as it fits.

        A nested item goes to what it leads in to where that does not fit with the whole list.
        """
        kinds, tokens, last = self.kinds, self.tokens, body
        if kinds[body] in LISTED:
            last = self._item_end(at, body)
        following = self.following[last]
        if following == "caption" and kinds[body] in _LINED:
            wanted = last + 1
        elif self._leads(last):
            wanted = self.led.get(last) or self._led(last)
            if last == body and tokens[wanted + 1] - tokens[at] > self.room + _NEAR:
                return last  # as of lead-ins in a row
            if last > body and not self._fits(at, wanted):
                return self._before_lead_in(body, last, wanted)
        elif following in _LINED:
            near = self.tokens[last + 2] - self.tokens[at] <= self.room * _LED
            near = near or self.tokens[last + 1] - self.tokens[last] <= self.room * _BRIEF
            beside = near and following == "code" and kinds[last] in _LEADS_IN
            wanted = last + 1 if beside or kinds[body] == "caption" else last
        else:
            return last
        return wanted if self._fits(at, wanted) else last

    def _leads(self, number: int) -> bool:
        """Whether a block announces what follows it."""
        return self.finals[number] in _LEADING and self.following[number] not in ("", "heading")

    def _led(self, lead: int) -> int:
        """The last block of what a block leads in to: all of an item, and what that leads in to.

        An item that only stands before the next of its list announces it to nobody else.
        """
        kinds, way, last = self.kinds, [], lead
        while last not in self.led:
            way.append(last)
            last += 1
            if kinds[last] in LISTED:
                last = self._item_end(last, last)
            among = kinds[last] in LISTED and self.following[last] in LISTED
            if among or not self._leads(last):
                break
        else:
            last = self.led[last]
        self.led.update(dict.fromkeys(way, last))
        return last

    def _before_lead_in(self, body: int, last: int, wanted: int) -> int:
        """The block before the largest nested item that fits with what its end leads in to."""
        for number in range(body + 1, last + 1):
            if self.nested[number] == last and self._fits(number, wanted):
                return number - 1
        return last

    def _led_by_its_end(self, body: int) -> int:
        """What the last of several sentences leads in to, or the code after it; 0 if that does not
        fit with it."""
        if self.kinds[body] not in _PROSE:
            return 0
        led = body + 1
        if self._leads(body):
            led = self.led[body]  # it was asked for
        elif self.following[body] != "code":
            return 0
        if self.tokens[led + 1] - self.tokens[body + 1] > self.room:
            return 0
        *before, (start, _) = _sentences(self.text, self.starts[body], self.ends[body])
        fits = bool(before) and self.encoded.count(start, self.ends[led]) <= self.room
        return led if fits else 0

    def _item_end(self, at: int, body: int) -> int:
        """The last item nested in this one; the item itself if they do not fit together."""
        if body not in self.nested:
            self._nest(body)
        last = self.nested[body]
        return last if self._fits(at, last) else body

    def _nest(self, first: int) -> None:
        """Find the last item nested in this one and in all of its list that follow."""
        kinds, levels, nested = self.kinds, self.levels, self.nested
        stop = first
        while stop < len(kinds) and kinds[stop] in LISTED:
            stop += 1
        for at in range(stop - 1, first - 1, -1):
            last, level = at, levels[at]
            while last + 1 < stop and levels[last + 1] > level:
                last = nested[last + 1]
            nested[at] = last

    def _small(self, at: int, last: int, limit: int) -> int:
        """Take in what follows as long as all is only a few tokens.

        But no lead-in without what it leads in to.
        """
        tokens, kinds, tied = self.tokens, self.kinds, self.tied
        count, sure = len(kinds), tokens[at] + self.room - _NEAR
        while last + 1 < count and tokens[last + 1] < limit and kinds[last + 1] != "heading":
            further = last + 1
            if tied[further]:
                further = self._together(further, further)
                if self._leads(further) and self.finals[further + 1] not in _LEADING:
                    break
            if tokens[further + 1] > sure and not self._fits(at, further):
                break
            last = further
        return last

    def _opened(self, at: int, body: int, last: int) -> bool:
        """Cut a paragraph at its sentences if it is long, else in two where it answers nothing."""
        if self.tokens[body + 1] - self.tokens[body] > self.room * _LONG:
            self._at_sentences(at, body, last)
            return True
        path = self.blocks[body].heading_path
        if self.kinds[body] != "paragraph" or (path and path[-1][-1:] in _ASKING):
            return False
        start, end = self.starts[body], self.ends[body]
        middle = start + int((end - start) * _MIDDLE)
        stop = last_sentence_end(self.text, start, middle, reach=_NEARBY)
        after = _TEXT.search(self.text, stop, end) if stop else None
        if not after:
            return False
        self.units.add(self.starts[at], stop, at, body)
        self._add_inside(after.start(), self.ends[last], body, last, _IN_BLOCK)
        return True

    def _at_sentences(self, at: int, body: int, last: int) -> None:
        """A paragraph that fits; its last sentence stays with what it leads in to.

        One that is not long is opened only before that sentence.
        """
        spans = _sentences(self.text, self.starts[body], self.ends[body])
        if self.tokens[body + 1] - self.tokens[body] <= self.room * _LONG:
            spans = [(spans[0][0], spans[-2][1]), spans[-1]]
        for number, (start, end) in enumerate(spans):
            final = number == len(spans) - 1
            stop, to = (self.ends[last], last) if final else (end, body)
            if number:
                self._add_inside(start, stop, body, to, _IN_BLOCK)
            else:
                self.units.add(self.starts[at], stop, at, to)

    def _add_inside(self, start: int, end: int, first: int, last: int, cut: float) -> None:
        self.units.inside.append(len(self.units))
        self.inner.append(cut)
        self.units.add(start, end, first, last)

    def _oversize(self, at: int, body: int) -> int:
        """Open the block that does not fit together with the headings above it."""
        body = min(body, len(self.kinds) - 1)
        add = self.units.add
        if body > at and self._fits(at, body):
            add(self.starts[at], self.ends[body], at, body)
            return body + 1
        above = self.tokens[body] - self.tokens[at]
        below = max(int(self.room * _BELOW), min(self.room // 2, _FEWEST))
        if above > self.room - below:
            last = at
            few = self.tokens[at] + 2 * self.room * _TINY
            while last + 1 < body and self.tokens[last + 2] <= few:
                last += 1
            if self._fits(at, last):
                add(self.starts[at], self.ends[last], at, last)
                return last + 1
            body, above = at, 0
        first = max(self.room - above - 4, 8)
        cap = max(first, self.room // 2 - 4)
        for number, (low, high, inner) in enumerate(self._pieces(body, first, cap)):
            if number:
                self._add_inside(low, high, body, body, inner)
            else:
                add(self.starts[at], high, at, body)
        return self._with_led(body) + 1

    def _with_led(self, body: int) -> int:
        """Let the last part of an opened block stay with what it leads in to, if both fit."""
        units = self.units
        if not self._leads(body):
            return body
        led = self._led(body)
        if self.encoded.count(units.starts[-1], self.ends[led]) > self.room:
            return body
        units.ends[-1], units.lasts[-1] = self.ends[led], led
        return led

    def _pieces(self, body: int, first: int, cap: int) -> Iterator[tuple[int, int, float]]:
        """Parts of a block that have at most about cap tokens, with the cost of a cut before.

        first: tokens of the first of them, which stands below headings.
        """
        start, end, kind = self.starts[body], self.ends[body], self.kinds[body]
        if kind in _LINED:
            parts = self._lines(start, end, kind, cap)
        elif self.tokens[body + 1] - self.tokens[body] > _GIANT * self.room:
            yield from self._words(start, end, cap, 0.0, said=True)
            return
        else:
            parts = [(low, high, _IN_BLOCK) for low, high in _sentences(self.text, start, end)]
        bounds = self.encoded.before([place for low, high, _ in parts for place in (low, high)])
        for number, (low, high, cost) in enumerate(parts):
            most = cap if number else first
            if bounds[2 * number + 1] - bounds[2 * number] + 2 <= most:
                yield low, high, cost
            else:
                yield from self._words(low, high, most, cost)

    def _lines(self, start: int, end: int, kind: str, cap: int) -> list[tuple[int, int, float]]:
        """Runs of whole lines, several to a budget, each cut where it is cheapest nearby."""
        text = self.text
        lengths = [len(line) + 1 for line in text[start:end].split("\n")]
        keep = 3 if kind == "table" else 2  # the header rows, or the fence, and a line after it
        begins = list(accumulate(lengths, initial=start))[keep : -1 if kind == "table" else -2]
        base, *tokens = self.encoded.before([start, *begins])
        step = max(1, cap // _STEPS)
        chosen: list[tuple[int, float]] = [(start, 0.0)]
        at = 0
        while at < len(begins):
            after = bisect_left(tokens, base + (tokens[at] - base) // step * step + step, at + 1)
            near = begins[at : min(after, at + _LINES)]
            price = self._row_cost if kind == "table" else self._line_cost
            cost, place = min((price(place), place) for place in near)
            chosen.append((place, cost))
            at = after
        stops = [place for place, _ in chosen[1:]] + [end]
        found = []
        for (low, cost), high in zip(chosen, stops, strict=True):
            stop = low + len(text[low:high].rstrip())
            if stop > low:
                found.append((low, stop, cost))
        return found

    def _row_cost(self, place: int) -> float:
        """A cut in a table is dearer before a row that goes on with the one above it: its first
        cell is empty."""
        return _IN_ROW if self.text.startswith("|  |", place) else _IN_BLOCK

    def _line_cost(self, place: int) -> float:
        """A cut in code is cheaper after an empty line, and before one that is not indented."""
        text = self.text
        empty = text[place - 2] == "\n"
        outer = not text[place].isspace() and text[place] not in ")]}"
        return _IN_BLOCK - 3.0 * (empty and outer) - 1.0 * outer - 0.5 * empty

    def _words(
        self, start: int, end: int, cap: int, cost: float, *, said: bool = False
    ) -> Iterator[tuple[int, int, float]]:
        """Runs of whole words; a word of more than cap tokens is cut between characters.

        said: the stretch has sentences, and the last that ends in a run ends it.
        """
        text, encoded = self.text, self.encoded
        base, total = encoded.before((start, end))
        parts = 6  # of the budget
        step = max(2, cap // parts)
        aims = encoded.positions(range(base + step, total + (parts + 1) * step, step))
        number = 0
        while start < end:
            while number < len(aims) - parts and aims[number] <= start:
                number += 1
            if said and number < len(aims) - parts and _nearer(start, aims[number : number + 2]):
                number += 1
            aim, limit = aims[number], min(end, max(start + 1, aims[number + parts - 1]))
            if aim >= end:
                yield start, end, cost
                return
            following, stop = _IN_BLOCK, said and last_sentence_end(text, start, aim, reach=_NEARBY)
            if not stop:
                following = _IN_SENTENCE
                stop = _last_break(text, start, min(aim, limit)) or _next_break(text, aim, limit)
            if not stop:
                stop = limit if limit == end else _between_characters(text, start, limit)
            if part := text[start:stop].rstrip():  # not only the blanks before a long word
                yield start, start + len(part), cost
                cost = following
            after = _TEXT.search(text, stop, end)
            start = after.start() if after else end

    def _costs(self) -> list[float]:
        """Of a cut before each unit: by what it parts, and a little by the words that follow.

        The latter has no meaning: it makes one of equally good cuts the better one wherever the
        text stands, so that the cuts behind an edit soon fall where they were.
        """
        blocks, kinds, levels, finals = self.blocks, self.kinds, self.levels, self.finals
        text, starts = self.text, self.starts
        found: list[float] = []
        above: tuple[str, ...] | None = None
        for at in self.units.firsts:
            kind, before = kinds[at], kinds[at - 1]
            if before == "heading":
                bare = kind == "heading" and levels[at] <= levels[at - 1]
                found.append(_AFTER_HEADING / 2 if bare else _AFTER_HEADING)
                continue
            if kind == "heading":
                cost = _HEADING_COST[min(levels[at], _DEEPEST)]
            elif finals[at - 1] in _LEADING or before == "caption":
                cost = _AFTER_LEAD_IN
            else:
                if (path := blocks[at].heading_path) is not above:
                    above, asks = path, bool(path) and path[-1][-1:] in _ASKING
                if asks:
                    cost = _IN_ANSWER
                elif kind == "code" and before in _LEADS_IN:
                    cost = _BEFORE_CODE
                elif before in LISTED:
                    cost = _IN_LIST
                    if kind in LISTED:
                        cost += 0.4 * min(levels[at] - 1, 3)
                else:
                    cost = _BEFORE_BLOCK
            place = starts[at]
            words = text[place : place + _SAID].encode("utf-8", "replace")
            found.append(cost + _CHANCES[crc32(words) & 1023])
        if found:
            found[0] = 0.0
        for number, cost in zip(self.units.inside, self.inner, strict=True):
            found[number] = cost
        return found


def opening_of(document: Document, number: int, start: int) -> str:
    """What makes a stretch readable that starts inside a block: its fence, its table's header."""
    block, text = document.blocks[number], document.text
    if block.kind not in _LINED or (block.kind == "table" and text[start - 1] != "\n"):
        return ""
    at = block.start
    for _ in range(2 if block.kind == "table" else 1):
        at = text.find("\n", at, start) + 1
        if not at:
            return ""
    return text[block.start : at]


def fitting(
    encoded: Encoded, start: int, end: int, budget: int, size: Callable[[str], int]
) -> Iterator[tuple[int, int, int]]:
    """Parts of a stretch that each fit, with their sizes, cut anywhere between characters.

    None is blank. A single character that has more tokens than the budget stays whole.
    """
    text = encoded.text
    while start < end:
        share = 1.0
        while True:
            aim = encoded.position(encoded.before((start,))[0] + int(budget * share))
            stop = end if aim >= end else _between_characters(text, start, max(aim, start + 1))
            tokens = size(text[start:stop])
            if tokens <= budget or stop == start + 1:
                break
            share *= 0.9
        if not text[start:stop].isspace():
            yield start, stop, tokens
        found = _TEXT.search(text, stop, end)
        start = found.start() if found else end


def _sentences(text: str, start: int, end: int) -> list[Span]:
    """The sentences of a block; with its markup, and each up to its last character."""
    spans = [(start + low, start + high) for low, high in sentences(text[start:end])]
    if not spans:
        return [(start, end)]
    spans[0] = (start, spans[0][1])
    return spans


def _nearer(start: int, aims: Sequence[int]) -> bool:
    """Whether the first aim is so near to the start that the second is the better one."""
    return 2 * (aims[0] - start) < aims[1] - aims[0]


def _last_break(text: str, start: int, stop: int) -> int:
    """Where the last word before stop ends; 0 without one."""
    at = max(text.rfind(" ", start + 1, stop), text.rfind("\n", start + 1, stop))
    if at > 0:
        return at
    found = [match.end() for match in _CLAUSE.finditer(text, start + 1, stop)]
    return found[-1] if found and found[-1] < stop else 0


def _next_break(text: str, start: int, limit: int) -> int:
    """Where the word at start ends; 0 when it does not before limit."""
    found = _SPACE.search(text, start, limit)
    return found.start() if found else 0


def _between_characters(text: str, start: int, stop: int) -> int:
    """The last position up to stop that parts no character from its marks, and no Latin word."""
    low = max(start + 1, stop - _BACK)
    window = text[low - 1 : stop + 1]
    if window.isascii() and window.isalnum():
        return stop
    whole = [at for at in range(stop, low, -1) if not _joined(text, at)]
    for at in whole:
        if not (text[at - 1].isalnum() and text[at].isalnum()):
            return at
        if _CJK.match(text[at - 1]) or _CJK.match(text[at]):
            return at
    return whole[0] if whole else stop


def _joined(text: str, at: int) -> bool:
    """Whether a reader sees the characters around a position as one."""
    return (
        unicodedata.category(text[at])[0] == "M"
        or text[at] in "\u200d\ufe0f"
        or text[at - 1] == "\u200d"
        or "\U0001f3fb" <= text[at] <= "\U0001f3ff"
    )
