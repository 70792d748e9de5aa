"""Text that is written from right to left: from its order on paper to the order of reading.

A simple inverse of the Unicode Bidirectional Algorithm (UAX 9) for one line: the line is turned
round, words and numbers that are written from left to right are turned back.
"""

from __future__ import annotations

import re

_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_RTL = re.compile(rf"[{_RIGHT}]")
_LTR = re.compile(rf"[^\W\d_{_RIGHT}]")
_RTL_WORD, _LTR_WORD = re.compile(rf"[{_RIGHT}]+"), re.compile(rf"[^\W\d_{_RIGHT}]+")
_WORD = rf"[^\W{_RIGHT}](?:[^\s{_RIGHT}()\[\]]*[^\W{_RIGHT}])?%?"
_TURNED_BACK = re.compile(rf"{_WORD}(?: {_WORD})*")
_RTL_RUN = re.compile(rf"[{_RIGHT}](?:[^{_RIGHT}\w]*[{_RIGHT}])*")
_MIRROR = str.maketrans("()[]{}<>\u00ab\u00bb", ")(][}{><\u00bb\u00ab")
_OPEN, _CLOSE = "([{\u00ab", ")]}\u00bb"
_ALEF = "\u0622\u0623\u0625\u0627"


def is_rtl(text: str) -> bool:
    """Whether any letter of a text is of a script that is written from right to left."""
    return _RTL.search(text) is not None


def by_place(text: str, lefts: list[float]) -> list[int]:
    """The places of letters in text, from left to right on paper.

    Lam and alef that are one glyph stand like all letters that are read from right to left.
    """
    order = sorted(range(len(text)), key=lambda at: (lefts[at], at))
    for at in range(len(order) - 1):
        one, other = order[at], order[at + 1]
        if lefts[one] == lefts[other] and text[one] == "\u0644" and text[other] in _ALEF:
            order[at], order[at + 1] = other, one
    return order


def logical(text: str) -> str:
    """A line in the order of reading, given in the order from left to right on paper."""
    n_right, n_left = len(_RTL_WORD.findall(text)), len(_LTR_WORD.findall(text))
    if not n_right:
        return text
    if n_left > 2 * n_right:
        return _RTL_RUN.sub(lambda found: found[0][::-1], text)
    turned = _TURNED_BACK.sub(lambda found: _left_part(found[0]), text[::-1])
    mirrored = turned.translate(_MIRROR)
    return mirrored if _paired(mirrored) > _paired(turned) else turned


def _left_part(text: str) -> str:
    """What is written from left to right, turned back; numbers alone keep their places."""
    if _LTR.search(text):
        return text[::-1]
    return " ".join(word[::-1] for word in text.split(" "))


def _paired(text: str) -> int:
    """How many brackets open before they close, less those that close before they open."""
    open_ = score = 0
    for letter in text:
        if letter in _OPEN:
            open_ += 1
        elif letter in _CLOSE:
            score += 1 if open_ else -1
            open_ -= bool(open_)
    return score - open_
