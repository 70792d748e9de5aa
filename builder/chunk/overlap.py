"""Where the overlap of a chunk begins: so many tokens of the text before are repeated."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from builder.records import Document
from builder.text import sentence_starts
from builder.tokens import Encoded

_NEAR = 0.1  # share of what was asked that an overlap may be longer or shorter
_FAR = 0.5  # the same where nothing is nearer
_BACK = 400  # characters of a long block that are read before the stretch, for its sentences
_CLOSE = 40  # characters from the end of a sentence to the begin of the next, at most
_FENCE = 80  # characters that the last line of a fence has at most
_LINED = frozenset(("code", "table", "math"))

Wanted = tuple[int, int, int]  # a start, the tokens before it, the room for the overlap

_END = re.compile(r"[.!?\u3002\uff01\uff1f]|\n\s*\n")
_LINE = re.compile(r"\n(?=\S)")
_INDENTED = re.compile(r"\n(?=[ \t]+\S)")
_CLAUSE = re.compile(  # or the cell of a row
    r"(?<=[,;:|\u2013\u2014])\s+(?=\S)|(?<=[\u3001\uff0c\uff1b\uff1a])(?=\S)"
)
_WORD = re.compile(  # of Japanese where kanji or katakana follow hiragana, of Chinese behind a 的
    r"\s(?=\S)|(?<=[\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f])(?=\S)"
    r"|(?<=[\u3041-\u309f])(?=[\u30a1-\u30fa\u4e00-\u9fff])|(?<=\u7684)(?=[\u4e00-\u9fff])"
)


class Repeats:
    """The places of one document at which an overlap may begin."""

    def __init__(self, document: Document, encoded: Encoded) -> None:
        self.text = document.text
        self.encoded = encoded
        self.kinds = [block.kind for block in document.blocks]
        self.starts = [block.start for block in document.blocks]
        self.ends = [block.end for block in document.blocks]

    def begins(self, wanted: Sequence[Wanted], asked: int) -> list[int]:
        """Where the text before each start that is repeated begins; start itself if none is.

        It has about `asked` tokens, and at most `room`. The best place within a tenth of that is a
        block, a line or a sentence, then an indented line, then a clause or a cell, then a word;
        without any of them a line or sentence that is farther off; a word so far off at last.
        """
        found = [start for start, _, _ in wanted]
        near = max(int(_NEAR * asked), 1)
        some, tokens = [], list[int]()
        for number, (start, at, room) in enumerate(wanted):
            if (own := min(asked, room)) > 0:
                some.append((number, start, at, own))
                most = min(room, int(own * (1 + _FAR)))
                least = max(own - near, 0)  # with little room, near may be more
                tokens += (at - most, at - min(room, own + near), at - own, at - least)
        places = self.encoded.positions(tokens) if tokens else []
        for k, (number, start, at, own) in enumerate(some):
            found[number] = self._begin(start, at, own, *places[4 * k : 4 * k + 4])
        return found

    def _begin(
        self, start: int, at: int, asked: int, far: int, long: int, aim: int, short: int
    ) -> int:
        """Where it begins for one start; far, long, aim, short: the places of so many tokens."""
        found = _nearest(self._places(long, min(short, start - 1), far, start), long, aim, short)
        if found is None:
            found = self._inside(long, aim, short, start)
        if found is None:
            places = self._places(far, start - 1, far, start)
            half = self.encoded.position(at - int(asked * (1 - _FAR)))
            found = _nearest(places, far, aim, half)
            if found is None:
                found = _nearest(places, far, aim, start - 1) or self._inside(far, aim, half, start)
        if found is None:
            return start
        assert found <= start  # noqa: S101  # else the tokens of the chunk are counted from there
        return found

    def _inside(self, low: int, aim: int, high: int, start: int) -> int | None:
        """The best place between low and high in a sentence, a row or a block of code.

        In no row of the table that goes on at start: its header stands right before the overlap,
        where the first cell is expected.
        """
        number = max(bisect_right(self.starts, start - 1) - 1, 0)
        if self.kinds[number] == "table" and start < self.ends[number]:
            high = min(high, self.starts[number])
        if high < low:
            return None
        for pattern in (_INDENTED, _CLAUSE, _WORD):
            places = [at for at in self._after(pattern, low, high) if not self._ends_fence(at)]
            found = _nearest(places, low, aim, high)
            if found is not None:
                return found
        return None

    def _ends_fence(self, at: int) -> bool:
        """Whether only the end of a fence is left of the block here."""
        number = max(bisect_right(self.starts, at) - 1, 0)
        fenced = self.kinds[number] in _LINED and self.kinds[number] != "table"
        return fenced and self._closes(at, self.ends[number])

    def _closes(self, at: int, end: int) -> bool:
        """Whether only the last line of a block is left."""
        return at < end <= at + _FENCE and "\n" not in self.text[at:end]

    def _places(self, first: int, last: int, low: int, stop: int) -> list[int]:
        """Where blocks start, but not below a heading; where lines of code and sentences do.

        Of the blocks that reach from first to last; what they say is read from low to stop.
        """
        text, kinds, starts = self.text, self.kinds, self.starts
        found: list[int] = []
        number = max(bisect_right(starts, first) - 1, 0)
        while number < len(starts) and starts[number] <= last:
            start, end = starts[number], self.ends[number]
            if start >= low and not (number and kinds[number - 1] == "heading"):
                found.append(start)
            if kinds[number] in _LINED:
                lines = self._after(_LINE, max(start, low), min(end, stop))
                fenced = kinds[number] != "table"
                found += [at for at in lines if not (fenced and self._closes(at, end))]
            elif kinds[number] != "heading" and _END.search(text, max(start, first - _CLOSE), last):
                begin = max(start, low - _BACK)
                said = sentence_starts(text[begin : min(end, stop)], first - begin, last - begin)
                found += [begin + at for at in said]
            number += 1
        return found

    def _after(self, pattern: re.Pattern[str], low: int, stop: int) -> list[int]:
        return [match.end() for match in pattern.finditer(self.text, max(low - 1, 0), stop + 1)]


def _nearest(places: Iterable[int], low: int, aim: int, high: int) -> int | None:
    """The place between low and high that is nearest to aim."""
    held = [at for at in places if low <= at <= high]
    return min(held, key=lambda at: abs(at - aim)) if held else None
