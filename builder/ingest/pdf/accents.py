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
    "`": "\u0300", "\u00b4": "\u0301", "\u02c6": "\u0302", "\u02dc": "\u0303", "\u00af": "\u0304",
    "\u02d8": "\u0306", "\u02d9": "\u0307", "\u00a8": "\u0308", "\u02da": "\u030a",
    "\u02dd": "\u030b", "\u02c7": "\u030c", "\u00b8": "\u0327",
}  # fmt: skip
_DOTLESS = {"\u0131": "i", "\u0237": "j"}
_RAISED = 0.6  # times the size: how far an accent stands above where it does over small letters


def composed(text: str, kept: list[int], places: Sequence[float]) -> tuple[str, list[int]]:
    """A text with accents and the letters behind them in one, where their boxes lie over another.

    kept: the glyph of each letter. places: the edges of every glyph's box, from its left.
    """
    if _COMBINING.keys().isdisjoint(text):
        return text, kept
    letters, indexes = list(text), list(kept)
    for at in reversed(range(len(letters) - 1)):
        accent, base = 4 * indexes[at], 4 * indexes[at + 1]
        if places[base] <= (places[accent] + places[accent + 2]) / 2 <= places[base + 2]:
            whole = _whole(letters[at], letters[at + 1])
            if whole:
                letters[at : at + 2], indexes[at : at + 2] = [whole], [indexes[at + 1]]
    return "".join(letters), indexes


def joined(runs: list[Run]) -> list[Run]:
    """Runs without those of nothing but an accent over a letter of a neighbour, which gets it."""
    gone: set[int] = set()
    found = list(runs)
    for at, run in enumerate(runs):
        if run.text not in _COMBINING:
            continue
        for beside in (at - 1, at + 1):
            with_accent = _accented(found[beside], run) if 0 <= beside < len(found) else None
            if with_accent is not None:
                found[beside] = with_accent
                gone.add(at)
                break
    return [run for at, run in enumerate(found) if at not in gone]


def _accented(run: Run, accent: Run) -> Run | None:
    """A run with an accent over one of its letters; None where it stands over none."""
    if not -0.1 * run.size <= run.y - accent.y <= _RAISED * run.size:
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
