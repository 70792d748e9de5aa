"""Weights that fonts tell only beside others.

Fonts of bitmaps, as TeX makes them, have no name, and each is a face of one size. Nothing tells
their weight but how wide they are: bold letters are wider than those of prose. Fonts of other
makers that have no name show several sizes each. What is called medium is the text of one family,
and the bold of another, whose text is regular.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from builder.ingest.pdf.page import Font, Run

_BOLD = 1.07  # times the widths of prose
_AS_LARGE = 0.87  # times the size of prose: letters of smaller fonts are wider by themselves
_LETTERS = 4  # that two fonts share
_MEDIUM, _REGULAR = "Medium", "Regular"

_Widths = dict[str, list[float]]  # of letters, in times of the size


def tell_weights(runs: Iterable[Run]) -> None:
    """Name the nameless fonts of a document by their number, and find the bold ones."""
    fonts: dict[int, Font] = {}
    widths: dict[int, _Widths] = defaultdict(lambda: defaultdict(list))
    sizes: dict[int, set[float]] = defaultdict(set)
    weights: Counter[int] = Counter()
    n_named = 0  # letters of prose
    for run in runs:
        if run.font.name or not run.font.drawn or not run.text:
            n_named += len(run.text) * (not run.font.fixed)
            continue
        key = id(run.font)
        fonts[key] = run.font
        sizes[key].add(round(run.size, 1))
        weights[key] += len(run.text) * (not run.font.fixed)
        for letter, left, right in zip(run.text, run.xs, run.xs[1:], strict=False):
            if letter.isascii() and letter.isalpha() and right > left:
                widths[key][letter].append((right - left) / run.size)
    if not fonts or any(len(seen) > 1 for seen in sizes.values()):
        return
    prose, n_letters = weights.most_common(1)[0]
    if n_letters <= n_named:
        return
    for number, (key, font) in enumerate(fonts.items()):
        font.beside = font.beside or f"#{number}"
        if not font.fixed and max(sizes[key]) > _AS_LARGE * max(sizes[prose]):
            font.bold = _ratio(widths[key], widths[prose]) > _BOLD


def tell_medium(runs: Iterable[Run]) -> None:
    """Make medium fonts bold whose family is shown in its regular weight for the most part."""
    weights: Counter[tuple[str, str]] = Counter()  # by family and weight
    medium: dict[int, tuple[str, Font]] = {}
    for run in runs:
        family, _, weight = run.font.name.rpartition("-")
        weights[family, weight] += len(run.text)
        if weight == _MEDIUM:
            medium[id(run.font)] = family, run.font
    for family, font in medium.values():
        font.bold = font.bold or weights[family, _REGULAR] > weights[family, _MEDIUM]


def believe_strokes(runs: Sequence[Run]) -> None:
    """Take for no weight what most letters of a document have.

    That is lines around letters, and thick stems of fonts whose names tell nothing: Ghostscript
    makes up how thick they are.
    """
    n_letters = sum(len(run.text) for run in runs)
    if 2 * sum(len(run.text) for run in runs if run.font.stroked) > n_letters:
        for run in runs:
            run.font.bold = run.font.bold and not run.font.stroked
    prose = [run for run in runs if not run.font.fixed]
    if 2 * sum(len(run.text) for run in prose if run.font.weighed) > sum(
        len(run.text) for run in prose
    ):
        for run in runs:
            run.font.bold = run.font.bold and not run.font.weighed


def _ratio(font: _Widths, prose: _Widths) -> float:
    """How much wider the letters of a font are than the same ones of another."""
    shared = [median(seen) / median(prose[letter]) for letter, seen in font.items()
              if letter in prose]  # fmt: skip
    return median(shared) if len(shared) >= _LETTERS else 1.0
