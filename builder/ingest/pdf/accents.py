"""Letters that are set as two glyphs: a letter, and an accent over or below it.

TeX sets them so in its first fonts (OT1), an accent for a capital as a text object of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder.ingest.pdf.page import Run

_COMBINING = {
    "`": "\u0300", "\u00b4": "\u0301", "^": "\u0302", "~": "\u0303", "\u00af": "\u0304",
    "\u02d8": "\u0306", "\u02d9": "\u0307", "\u00a8": "\u0308", "\u02da": "\u030a",
    "\u02dd": "\u030b", "\u02c7": "\u030c", "\u00b8": "\u0327",
}  # fmt: skip
_DOTLESS = {"\u0131": "i", "\u0237": "j"}
_MOST = 20  # accents in a run of their own
_LONGEST = 1_000  # letters: no line of a page has more
_RAISED = 0.6  # times the size: how far an accent stands above where it does over small letters


def composed(text: str, kept: list[int], places: Sequence[float]) -> tuple[str, list[int]]:
    """A text with accents and the letters that they are shown with in one.

    An accent stands before its letter, or a cedilla behind it; the one's box lies over the other's.
    kept: the glyph of each letter. places: the edges of every glyph's box, from its left.
    """
    if _COMBINING.keys().isdisjoint(text):
        return text, kept
    letters, indexes = list(text), list(kept)
    for at in reversed(range(len(letters))):
        if letters[at] not in _COMBINING:
            continue
        for base in (at + 1, at - 1):
            whole = _over(letters, indexes, at, base, places)
            if whole:
                index = indexes[base]
                first, last = min(at, base), max(at, base)
                letters[first : last + 1], indexes[first : last + 1] = [whole], [index]
                break
    return "".join(letters), indexes


def _over(
    letters: Sequence[str], indexes: Sequence[int], at: int, base: int, places: Sequence[float]
) -> str:
    """The letter at a place with the accent that stands over it, empty where it does not."""
    if not 0 <= base < len(letters):
        return ""
    accent, letter = 4 * indexes[at], 4 * indexes[base]
    middle = (places[accent] + places[accent + 2]) / 2
    inside = places[letter] <= middle <= places[letter + 2]
    return _whole(letters[at], letters[base]) if inside else ""


def joined(runs: list[Run]) -> list[Run]:
    """Runs without the accents over letters of their neighbours, which get them.

    Such accents are a run of their own, or one is the last glyph of a run.
    """
    found: list[Run] = []
    left = list(runs)
    for at, run in enumerate(left):
        if run.text[-1] not in _COMBINING:
            found.append(run)
            continue
        alone = len(run.text) <= _MOST and _COMBINING.keys() >= set(run.text)
        gone: set[int] = set()
        for glyph in range(len(run.text)) if alone else (len(run.text) - 1,):
            accent = _glyph(run, glyph)
            before = _accented(found[-1], accent) if alone and found else None
            after = _accented(left[at + 1], accent) if at + 1 < len(left) else None
            if before:
                found[-1] = before
            elif after:
                left[at + 1] = after
            if before or after:
                gone.add(glyph)
        rest = [glyph for glyph in range(len(run.text)) if glyph not in gone]
        if rest:
            found.append(_part(run, rest) if gone else run)
    return found


def _glyph(run: Run, at: int) -> Run:
    """One glyph of a run, as wide as its last one."""
    x = run.xs[at]
    return replace(run, text=run.text[at], xs=[x], x1=x + run.x1 - run.xs[-1])


def _part(run: Run, glyphs: Sequence[int]) -> Run:
    """Some glyphs of a run."""
    last = glyphs[-1] + 1
    return replace(
        run,
        text="".join(run.text[at] for at in glyphs),
        xs=[run.xs[at] for at in glyphs],
        x1=run.xs[last] if last < len(run.xs) else run.x1,
    )


def _accented(run: Run, accent: Run) -> Run | None:
    """A run with an accent over one of its letters; None where it stands over none."""
    if len(run.text) > _LONGEST or not -0.1 * run.size <= run.y - accent.y <= _RAISED * run.size:
        return None
    middle = (accent.x0 + accent.x1) / 2
    ends = [*run.xs[1:], run.x1]
    for at, (left, right) in enumerate(zip(run.xs, ends, strict=True)):
        whole = _whole(accent.text, run.text[at]) if left <= middle <= right else ""
        if whole:
            return replace(run, text=run.text[:at] + whole + run.text[at + 1 :])
    return None


def _whole(accent: str, letter: str) -> str:
    """An accent and a letter in one; empty where there is no such letter."""
    mark = _COMBINING.get(accent)
    if mark is None:
        return ""
    whole = unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + mark)
    return whole if len(whole) == 1 else ""
