"""Glyphs as a text object shows them, made into words: codes, and places on paper.

places: left, top, right and bottom edge of every glyph of the page, one after the other, in the
page's own coordinates (upwards).
"""

from __future__ import annotations

import ctypes
import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import itemgetter
from statistics import median
from typing import TYPE_CHECKING, Any

from builder.ingest.pdf import cjk

if TYPE_CHECKING:
    from builder.ingest.pdf.page import Run

_BLANK, _ASCII = 0x20, 0x80
_NO_SIGN = (0x20, 0xA0, 0x0A, 0x0D, 0x09, 0x02)  # blanks, ends of lines, hyphens at them
_TEXT = 1  # pdfium's kind of text objects
_MAX_OBJECTS = 100_000  # of a page: the others are not looked at
_ENOUGH = 20  # glyphs of a page: fewer tell nothing
_UPON = 0.5  # times the size: a word that steps back so far is laid upon another
_LETTERS_LAID = 2  # letters: of a word that is, at least
_BACK = 0.2  # times the size: letters that step back so far are not in the order of the paper
_UNDONE = 0.05  # times the size: no two words stand so near to each other
_WORDS_APART = 0.2  # times the size: so wide a gap between two letters of a word is a blank
_WIDE = 0.6  # times the size: a wider gap inside of a text object parts two runs
_LEVEL, _WORD = 0.3, 0.65  # times the height: how far words of a line are apart, down and on
_ALIKE = 0.02  # times the size: how far glyphs of one line may differ in height
_CLOSING, _OPENING = ",.;:!?)]", "([{"  # what a blank may follow, or stand before
_HYPHENS = "\x02\xad"  # how pdfium tells the hyphen of a word divided at the line's end
_CELL = 1.6  # times the width of a letter of code: the next but one begins farther away
_SPREAD = 1.06  # times the width of a letter: the usual distance of letters that are set apart


def share_lost(letters: Sequence[int]) -> float:
    """The share of codes that are no letters: control codes, private ones, signs for unknown."""
    seen = Counter(letters)
    shown = len(letters) - sum(seen[code] for code in _NO_SIGN)
    lost = sum(n for code, n in seen.items() if _is_lost(code))
    return lost / shown if shown >= _ENOUGH else 0.0


def _is_lost(code: int) -> bool:
    return (code < 0x20 and code not in _NO_SIGN) or 0xE000 <= code < 0xF900 or code == 0xFFFD


def blanks(
    letters: Sequence[int],
    owners: Sequence[int | None],
    places: Sequence[float],
    lone: Collection[tuple[float, float]],
) -> Iterator[bool]:
    """Of every blank between two Latin letters whether it is a glyph.

    Not of the room between two cells of a table, two columns or two lines: no blank stands there.
    lone: where blanks begin that are text objects of their own.
    """
    told = {(round(x), round(y)) for x, y in lone}
    for at in range(1, len(letters) - 1):
        if letters[at] == _BLANK and all(
            code < _ASCII and chr(code).isalpha() for code in (letters[at - 1], letters[at + 1])
        ):
            x, y = round(places[4 * at]), round(places[4 * at + 1])
            near = itertools.product((x - 1, x, x + 1), (y - 1, y, y + 1))
            if owners[at] is not None or not told.isdisjoint(near):
                yield True
            elif _word_apart(places[4 * at - 4 : 4 * at], places[4 * at + 4 : 4 * at + 8]):
                yield False


def lone_blanks(
    raw: Any, page: Any, known: Collection[int | None]
) -> Iterator[tuple[float, float]]:
    """Where the text objects of a page begin that hold nothing but blanks.

    raw, page: pdfium and its pointer. known: the text objects with letters; pdfium tells no others.
    """
    empty = [ctypes.c_float() for _ in range(4)]
    left, bottom, right, top = empty
    for at in range(min(_MAX_OBJECTS, int(raw.FPDFPage_CountObjects(page)))):
        shape = raw.FPDFPage_GetObject(page, at)
        if int(raw.FPDFPageObj_GetType(shape)) != _TEXT:
            continue
        if ctypes.cast(shape, ctypes.c_void_p).value in known:
            continue
        told = raw.FPDFPageObj_GetBounds(shape, *empty)
        if told and left.value == right.value and bottom.value == top.value:
            yield left.value, bottom.value


def tell_blanks(runs: Sequence[Run], lone: Iterable[tuple[float, float]]) -> None:
    """Tell the runs right of blanks that stand in text objects of their own."""
    lines: dict[int, list[tuple[float, Run]]] = {}
    for run in runs:
        lines.setdefault(round(run.frame[5]), []).append((run.frame[0], run))
    for line in lines.values():
        line.sort(key=itemgetter(0))
    for x, y in lone:
        line = lines.get(round(y), [])
        at = bisect_left(line, x - _ALIKE, key=itemgetter(0))
        if at < len(line) and line[at][0] - x < line[at][1].size:
            line[at][1].blank = True


def _word_apart(one: Sequence[float], two: Sequence[float]) -> bool:
    """Whether two glyphs, of which the boxes are given, are as near as words of a line."""
    (_, bottom, right, top), (left, other, _, _) = one, two
    high = abs(top - bottom)
    return abs(other - bottom) < _LEVEL * high and left - right < _WORD * high


def characters(letters: list[int], start: int, end: int) -> tuple[str, list[int]]:
    """The text of glyphs start to end, surrogate halves joined, and the index of each character."""
    text: list[str] = []
    kept: list[int] = []
    at = start
    while at < end:
        code = letters[at] & 0x1FFFFF
        if 0xD800 <= code < 0xDC00 and at + 1 < end and 0xDC00 <= letters[at + 1] < 0xE000:
            text.append(chr(0x10000 + ((code - 0xD800) << 10) + (letters[at + 1] - 0xDC00)))
            kept.append(at)
            at += 2
            continue
        letter = "-" if chr(min(code, 0x10FFFF)) in _HYPHENS else chr(min(code, 0x10FFFF))
        if (code >= 0x20 and not 0xD800 <= code < 0xE000) or letter == "-":
            text.append(letter)
            kept.append(at)
        at += 1
    while text and text[-1] in " \u00a0":
        text.pop()
        kept.pop()
    skip = next((i for i, letter in enumerate(text) if letter not in " \u00a0"), len(text))
    return "".join(text[skip:]), kept[skip:]


def goes_on(places: list[float], at: int, size: float) -> bool:
    """Whether a glyph stands right behind the one before it and is as high."""
    _, top, right, bottom, left, next_top, _, next_bottom = places[4 * at - 4 : 4 * at + 4]
    return (
        abs(left - right) < _WORDS_APART * size
        and abs(next_top - top) < _ALIKE * size
        and abs(next_bottom - bottom) < _ALIKE * size
    )


def is_out_of_order(lefts: list[float], size: float) -> bool:
    """Whether glyphs step back on paper, other than from one word to another laid upon it."""
    back = [at for at in range(1, len(lefts)) if lefts[at - 1] > lefts[at] + _BACK * size]
    bounds = [0, *back, len(lefts)]
    return bool(back) and (
        any(lefts[at - 1] < lefts[at] + _UPON * size for at in back)
        or any(end - start < _LETTERS_LAID for start, end in itertools.pairwise(bounds))
    )


def stretches(kept: list[int], places: list[float], size: float) -> list[tuple[int, int]]:
    """Where glyphs of one text object stand together: some makers show a whole table row in one."""
    cuts = [
        0,
        *(
            at
            for at in range(1, len(kept))
            if places[4 * kept[at]] - places[4 * kept[at - 1] + 2] > _WIDE * size
            or places[4 * kept[at]] < places[4 * kept[at - 1]] - _UPON * size
        ),
    ]
    return list(zip(cuts, [*cuts[1:], len(kept)], strict=True))


def without_undone(
    text: str, kept: list[int], places: list[float], size: float
) -> tuple[str, list[int]]:
    """A piece of a word without the blank that the next letter is moved back over.

    Ghostscript writes kerned letters so.
    """
    undone = {
        at
        for at in range(1, len(text) - 1)
        if text[at] == " "
        and places[4 * kept[at + 1]] - places[4 * kept[at - 1] + 2] < _UNDONE * size
        and places[4 * kept[at + 1]] < (places[4 * kept[at]] + places[4 * kept[at] + 2]) / 2
    }
    left = [at for at in range(len(text)) if at not in undone]
    return "".join(text[at] for at in left), [kept[at] for at in left]


def with_blanks(
    text: str, kept: list[int], places: list[float], size: float
) -> tuple[str, list[int]]:
    """A run with the blanks that its maker left out between words, moving on instead.

    Where most letters stand apart, they are spaced out, not words. A blank stands where the letter
    after it does.
    """
    apart = [
        places[4 * after] - places[4 * before + 2] > _WORDS_APART * size
        for before, after in itertools.pairwise(kept)
    ]
    if not any(apart) or sum(apart) > max(2, len(apart) / 2):
        return text, kept
    shown, indexes = [text[0]], [kept[0]]
    for at, wide in enumerate(apart, 1):
        opens = text[at].isalnum() or text[at] in _OPENING
        parts = opens and (text[at - 1].isalnum() or text[at - 1] in _CLOSING)
        if wide and parts and not cjk.meet(text[at - 1], text[at]):
            shown.append(" ")
            indexes.append(kept[at])
        shown.append(text[at])
        indexes.append(kept[at])
    return "".join(shown), indexes


def in_cells(text: str, kept: list[int], places: list[float]) -> tuple[str, list[int]]:
    """Code without the blanks that no cell of its own stands for: its letters are set apart.

    A typesetter may give every letter of code a wider cell than its font does.
    """
    stays = [
        letter != " "
        or not 0 < at < len(kept) - 1
        or places[4 * kept[at + 1]] - places[4 * kept[at - 1]]
        > _CELL * (places[4 * kept[at - 1] + 2] - places[4 * kept[at - 1]])
        for at, letter in enumerate(text)
    ]
    if all(stays):
        return text, kept
    steps = [
        places[4 * after] - places[4 * before]
        for before, after in itertools.pairwise(kept)
        if places[4 * after] > places[4 * before]
    ]
    wide = places[4 * kept[0] + 2] - places[4 * kept[0]]
    if not steps or median(steps) < _SPREAD * wide:
        return text, kept
    shown = itertools.compress(text, stays)
    return "".join(shown), list(itertools.compress(kept, stays))


def around(indexes: list[int], places: list[float]) -> tuple[float, float, float, float]:
    """The box around some characters: the outermost of all their edges."""
    return (
        min(places[4 * i] for i in indexes),
        min(places[4 * i + 3] for i in indexes),
        max(places[4 * i + 2] for i in indexes),
        max(places[4 * i + 1] for i in indexes),
    )
