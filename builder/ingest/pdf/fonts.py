"""The fonts of a file: their looks by name and flags, their pitch by what they show."""

from __future__ import annotations

import ctypes
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from builder.ingest.pdf import cjk
from builder.ingest.pdf.page import Font, Run
from builder.ingest.pdf.raw import prototype

_UNSEEN = 3  # a way to show text: fill no letter and draw none
_STROKED = 2  # how text is drawn: filled, and with a line around its letters
_OF_MATHEMATICS = re.compile(
    r"^(?:cm[bs]*sy|lm(?:math)?sy(?:mbols)?|[pt]xsy|mtsy)\d*", re.IGNORECASE
)
_BOLD = re.compile(  # by words, or as TeX and URW call it
    r"bold|black|heavy|semib|demi|-bx|-medi(?!um)|^(?:cmb(?!r(?:sl)?\d)|cmssbx|cmmib|lmbx"
    r"|(?:sf|ec|la)(?:b[xli]|rb|sx|so|xi)\d|(?:sfb|eb)(?:bx|s[ro])\d)"
)
_NOT_BOLD = re.compile(r"[-,](?:roman|regular|regu|ital?|italic|oblique|light)$")
_FIXED = re.compile(r"mono|courier|consol|typewriter|cmtt|lmtt|ectt|sftt")
_WIDE_IN_CODE, _WIDE_IN_OTHERS = 0.5, 0.05  # of the letters of a fixed-pitch font: by its name
_KERNED = 0.12  # of an advance: how far letters of a fixed-pitch font may be kerned
_AS_WIDE = 0.02  # of a letter
_QUOTES = frozenset("'\"`\u2018\u2019")  # TeX takes upright ones from another font
_FIGURES = frozenset("0123456789")  # and those of code in some families
_AT_CODE = 0.8  # of the quotes of a font, at least, if it is one of code
_TOUCHING = 0.2  # times the size: how near a sign of code stands to the letters of it
_LETTERS = 24  # of a font, whose widths are enough to tell its pitch
_HIGH, _LOW = frozenset("bdfhkl"), frozenset("aceomnrsuvwxz")  # small letters
_AS_HIGH = 1.1  # times low ones: the height of high ones that are small capitals
_TOLD = 2  # letters of either kind whose heights tell
_SLIM, _BROAD = frozenset("fijlrtI"), frozenset("mwMW")
_Top = Callable[[int], float]


class Fonts:
    """The fonts of an open file, as far as its pages are read. raw: the functions of pdfium."""

    def __init__(self, raw: Any) -> None:
        address = ctypes.c_void_p
        self._raw = raw
        self._font_of = prototype(raw.FPDFTextObj_GetFont, address, gives=address)
        self._mode_of = prototype(raw.FPDFTextObj_GetTextRenderMode, address)
        self._fonts: dict[tuple[int, bool, bool, bool], Font] = {}  # by address
        self._widths: dict[int, dict[str, float]] = defaultdict(dict)  # of letters, by font
        self._heights: dict[int, dict[str, float]] = defaultdict(dict)  # of letters, by font
        self._measured: set[int] = set()  # fonts whose heights are known
        self._n_letters: Counter[int] = Counter()  # by font
        self._n_wide: Counter[int] = Counter()  # those of full width among them
        self._n_quotes: Counter[int] = Counter()  # runs of nothing but quotes, by font
        self._n_touching: Counter[int] = Counter()  # those of them that stand at code
        self._wordy: set[int] = set()  # fonts that have shown letters
        self._of_quotes: set[int] = set()  # those of code that show nothing but its quotes

    def of(self, owner: int, *, leans: bool) -> Font:
        """The font of a text object, by its address; leans: its letters are slanted by hand."""
        address, mode = self._font_of(owner) or 0, self._mode_of(owner)
        drawn, stroked = mode != _UNSEEN, mode == _STROKED
        key = address, drawn, stroked, leans
        if key in self._fonts:
            return self._fonts[key]
        raw = self._raw
        handle = ctypes.cast(address, raw.FPDF_FONT)
        name = self.name(owner)
        flags = int(raw.FPDFFont_GetFlags(handle))
        slant = ctypes.c_int()
        raw.FPDFFont_GetItalicAngle(handle, slant)
        low = name.lower()
        heavy = _BOLD.search(low) is not None
        told = heavy or _NOT_BOLD.search(low) is not None
        bold = heavy if told else int(raw.FPDFFont_GetWeight(handle)) >= 600
        italic = any(word in low for word in ("italic", "oblique", "slanted")) or slant.value != 0
        italic = italic or leans
        fixed = bool(flags & 1) or _FIXED.search(low) is not None
        found = Font(name, bold or stroked, italic, fixed and drawn, drawn)
        found.stroked, found.weighed = stroked and not bold, bold and not heavy
        found.signs = _OF_MATHEMATICS.match(name) is not None
        self._fonts[key] = found
        return found

    def nameless(self, owners: Sequence[int | None]) -> list[int]:
        """Of each glyph's text object the font, where it has no name; 0 where it has one."""
        known: dict[int | None, int] = {None: 0}
        for owner in set(owners) - {None}:
            known[owner] = 0 if self.of(owner or 0, leans=False).name else self._font_of(owner) or 0
        return [known[owner] for owner in owners]

    def name(self, owner: int) -> str:
        """The name of the font of a text object, by its address, without the mark of a part."""
        handle = ctypes.cast(self._font_of(owner) or 0, self._raw.FPDF_FONT)
        buffer = ctypes.create_string_buffer(256)
        self._raw.FPDFFont_GetBaseFontName(handle, buffer, 256)
        return buffer.value.decode("utf-8", "replace").split("+", 1)[-1]

    def learn_widths(
        self, font: Font, text: str, kept: list[int], places: list[float], size: float
    ) -> None:
        """Note how wide the letters of a fixed-pitch font are, until there are enough of them."""
        widths = self._widths[id(font)]
        if not font.fixed or len(widths) >= _LETTERS:
            return
        for letter, i in zip(text, kept, strict=True):
            if letter.isascii() and letter.isalpha():
                widths[letter] = (places[4 * i + 2] - places[4 * i]) / size

    def learn_heights(self, font: Font, letters: Iterable[tuple[int, int]], top: _Top) -> None:
        """Tell small capitals by how high some letters of a font are.

        letters: numbers and codes of glyphs of it; top: how high a glyph stands above its line.
        """
        key = id(font)
        if font.fixed or key in self._measured:
            return
        heights = self._heights[key]
        for at, code in letters:
            letter = chr(code)
            if letter not in heights and (letter in _HIGH or letter in _LOW):
                heights[letter] = top(at)
        high, low = (
            sorted(heights[one] for one in kind & heights.keys()) for kind in (_HIGH, _LOW)
        )
        if min(len(high), len(low)) >= _TOLD:
            self._measured.add(key)
            font.small = 0 < high[-1] < _AS_HIGH * low[0]

    def judge(self, runs: list[Run]) -> None:
        """Tell fixed-pitch fonts by their letters' advances, which flags and names often hide."""
        steps: dict[int, list[tuple[str, float]]] = defaultdict(list)
        fonts: dict[int, Font] = {}
        for run in runs:
            fonts[id(run.font)] = run.font
            seen = steps[id(run.font)]
            if len(seen) < 600:
                following = zip(run.text, run.text[1:], run.xs, run.xs[1:], strict=False)
                seen.extend(
                    (letter, abs(right - left) / run.size)
                    for letter, after, left, right in following
                    if letter.isascii() and letter.isalpha() and after not in " \u00a0"
                )
        for key, seen in steps.items():
            if len({letter for letter, _ in seen}) >= 6:
                seen_steps = sorted(step for _, step in seen)
                middle = seen_steps[len(seen) // 2]
                widths = [step / (middle or 1.0) for step in seen_steps]
                off = [abs(n - max(1, round(n))) for n in widths]
                same, near = (sum(n <= most for n in off) for most in (0.04, _KERNED))
                enough = 0.6 if fonts[key].fixed else 0.9  # words laid over others tell nothing
                kerned = fonts[key].fixed and near >= 0.9 * len(seen)
                even = fonts[key].fixed and _even(self._widths[key])
                fonts[key].fixed = kerned or even or same >= enough * len(seen)
        for run in runs:
            self._n_letters[id(run.font)] += len(run.text)
            self._n_wide[id(run.font)] += cjk.n_wide(run.text)
        for key, font in fonts.items():  # full-width letters are equally wide in prose too
            most = _WIDE_IN_CODE if _FIXED.search(font.name.lower()) else _WIDE_IN_OTHERS
            font.fixed = (
                font.fixed and font.drawn and self._n_wide[key] <= most * self._n_letters[key]
            )
        self._judge_signs(runs)

    def _judge_signs(self, runs: Sequence[Run]) -> None:
        """Tell fonts that show nothing on a page but the quotes of code, or nothing but figures.

        They touch its letters, or stand on its lines and take as much room; and most of what they
        showed so far did, lest an apostrophe of prose be taken for code.
        """
        self._wordy.update(id(run.font) for run in runs if any(map(str.isalpha, run.text)))
        signs = [run for run in runs if self._is_of_signs(run)]
        known = set(map(id, signs))
        with_others = {id(run.font) for run in runs if id(run) not in known}
        fonts = {id(run.font): run.font for run in signs if not run.font.fixed}
        fonts |= {key: font for run in runs if (key := id(font := run.font)) in self._of_quotes}
        self._n_quotes.update(id(run.font) for run in signs if id(run.font) in fonts)
        for before, run in itertools.pairwise(runs) if fonts else ():
            sign, code = (run, before) if id(run.font) in fonts else (before, run)
            if id(sign.font) not in fonts or not code.font.fixed or id(code.font) in fonts:
                continue
            level = abs(before.frame[-1] - run.frame[-1]) < 1
            near = abs(run.xs[0] - before.frame[2]) < _TOUCHING * run.size
            alike = abs(_advance(sign) - _advance(code)) < _AS_WIDE * _advance(code)
            alike = (alike or near) if sign.text[0] not in _FIGURES else (alike and near)
            self._n_touching[id(sign.font)] += level and alike and abs(sign.size - code.size) < 1
        for key, font in fonts.items():
            mostly = self._n_touching[key] >= _AT_CODE * self._n_quotes[key]
            if mostly and key not in with_others:
                font.fixed = True
                self._of_quotes.add(key)
            elif not mostly and key in self._of_quotes:
                font.fixed = False
                self._of_quotes.discard(key)

    def _is_of_signs(self, run: Run) -> bool:
        """Whether a run is nothing but quotes, or figures of a font that has shown no letters."""
        if run.text[0] in _QUOTES:
            return _QUOTES.issuperset(run.text)
        wordy = id(run.font) in self._wordy
        return run.text[0] in _FIGURES and not wordy and _FIGURES.issuperset(run.text)


def _even(widths: dict[str, float]) -> bool:
    """Whether narrow and wide letters take the same room, however far apart they are set."""
    shown = widths.values()
    both = not _SLIM.isdisjoint(widths) and not _BROAD.isdisjoint(widths)
    return both and max(shown) - min(shown) < _KERNED * max(shown)


def _advance(run: Run) -> float:
    """The room that each letter of a run takes; that of a single one is that of its ink."""
    if len(run.xs) > 1:
        return (run.xs[-1] - run.xs[0]) / (len(run.xs) - 1)
    return (run.frame[2] - run.xs[0]) / len(run.text)
