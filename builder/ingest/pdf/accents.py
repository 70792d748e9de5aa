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
    """Runs without the accents over letters of their neighbours, which get them.

    Such an accent is a run of its own, or the last glyph of one.
    """
    found: list[Run] = []
    left = list(runs)
    for at, run in enumerate(left):
        if run.text[-1] not in _COMBINING:
            found.append(run)
            continue
        alone = len(run.text) == 1
        accent = run if alone else replace(run, text=run.text[-1], xs=run.xs[-1:])
        before = _accented(found[-1], accent) if alone and found else None
        after = _accented(left[at + 1], accent) if not before and at + 1 < len(left) else None
        if before:
            found[-1] = before
        elif after:
            left[at + 1] = after
        if not alone and after:
            run = replace(run, text=run.text[:-1], xs=run.xs[:-1], x1=accent.x0)
        if not alone or not (before or after):
            found.append(run)
    return found


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
