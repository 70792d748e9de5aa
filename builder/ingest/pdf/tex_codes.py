"""Codes of TeX's fonts of bitmaps: such a font names no glyph, so that pdfium tells bare codes.

There are two encodings for text: OT1, TeX's first, and T1. Which one a font has is told by the
codes of the ligatures and quotation marks among its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence


def _from(first: int, signs: str) -> dict[int, int]:
    """The codes of signs that follow one another."""
    return {at: ord(sign) for at, sign in enumerate(signs, first)}


_LIGATURES = "\ufb00\ufb01\ufb02\ufb03\ufb04"  # ff, fi, fl, ffi, ffl
_OT1 = _from(0x10, "ıȷ`´ˇ˘¯˚¸ßæœøÆŒØ") | {0x7F: 0xA8}
_OT1_OF_PROSE = _OT1 | _from(0x0B, _LIGATURES) | {
    0x22: 0x201D, 0x3C: 0xA1, 0x3E: 0xBF, 0x5C: 0x201C, 0x5F: 0x2D9, 0x7B: 0x2013, 0x7C: 0x2014,
    0x7D: 0x2DD,
}  # fmt: skip
_T1 = (
    _from(0x03, "~¨˝˚ˇ˘¯˙¸˛‚‹›“”„«»–—")
    | _from(0x19, "ıȷ" + _LIGATURES)
    | _from(0xA0, "ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£")
    | {0xD7: 0x152, 0xF7: 0x153, 0xFF: 0xDF}
)
_ONLY_OT1 = frozenset((0x0B, 0x0C, 0x0E, 0x0F, 0x7F))  # the others may be ends of lines
_ONLY_T1 = frozenset((0x10, 0x11, 0x15, 0x16, *range(0x1B, 0x20)))
_ACCENTS = range(0x12, 0x19)  # of OT1: each is laid over the letter behind it
_IN_WORDS = _ONLY_OT1 | _ONLY_T1 | {*_ACCENTS, 0x5E, 0x7E}
_WORD = 4  # letters
_MOSTLY = 0.5  # of the letters of a font stand in words, as those of formulas do not
_EVEN = 0.1  # of the widest letter: how far the widths of a fixed-pitch font differ


class TexCodes:
    """The encodings of a file's nameless fonts, as far as its pages are read."""

    def __init__(self) -> None:
        self._tables: dict[int, dict[int, int]] = {}  # by font

    def signs(
        self, codes: Sequence[int], fonts: Sequence[int], places: Sequence[float]
    ) -> list[int]:
        """The codes of a page's glyphs, those of such fonts as Unicode has them.

        fonts: the nameless font of each glyph, 0 for any other. places: the left, top, right and
        bottom edge of every glyph.
        """
        glyphs: dict[int, list[int]] = defaultdict(list)
        for at, font in enumerate(fonts):
            if font:
                glyphs[font].append(at)
        found = list(codes)
        for font, here in glyphs.items():
            table = self._tables.get(font) or _table(codes, here, places)
            self._tables[font] = table
            for at in here if table else ():
                found[at] = table.get(codes[at], codes[at])
        return found


def _table(codes: Sequence[int], here: Sequence[int], places: Sequence[float]) -> dict[int, int]:
    """What the codes of a font stand for, empty where its glyphs on a page do not tell."""
    first = sum(
        codes[at] in _ONLY_OT1 or (codes[at] in _ACCENTS and _is_laid(at, places)) for at in here
    )
    later = sum(codes[at] in _ONLY_T1 for at in here)
    if first == later or not _has_words(codes, here):
        return {}
    if later > first:
        return _T1
    return _OT1 if _is_even(codes, here, places) else _OT1_OF_PROSE


def _is_laid(at: int, places: Sequence[float]) -> bool:
    """Whether the middle of a glyph is over or below the next one."""
    if 4 * at + 8 > len(places):
        return False
    left, _, right, _, next_left, _, next_right, _ = places[4 * at : 4 * at + 8]
    return next_left <= (left + right) / 2 <= next_right


def _has_words(codes: Sequence[int], here: Sequence[int]) -> bool:
    """Whether most letters of a font stand in words."""
    lengths = [0]
    before = -1
    for at in here:
        is_letter = codes[at] in _IN_WORDS or chr(codes[at]).isalpha()
        if at != before + 1 or not is_letter:
            lengths.append(0)
        lengths[-1] += is_letter
        before = at
    return sum(n for n in lengths if n >= _WORD) > _MOSTLY * sum(lengths)


def _is_even(codes: Sequence[int], here: Sequence[int], places: Sequence[float]) -> bool:
    """Whether all letters are equally wide."""
    widths = [
        places[4 * at + 2] - places[4 * at]
        for at in here
        if codes[at] < 0x80 and chr(codes[at]).isalpha()
    ]
    return bool(widths) and max(widths) - min(widths) < _EVEN * max(widths)
