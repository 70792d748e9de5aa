"""Text that is set beside a figure, in a column of its own for so many lines."""

from __future__ import annotations

import itertools

from tests.ingest.paper import page_of, texts, typed

_SHORT = "the pump moves cold water out of every".split()
_LONG = [*_SHORT, *"deep tank into a house at the end of this long road".split()]


def rows(words: list[str], n: int) -> list[str]:
    """Lines of the same words in another order: they are as wide as each other."""
    shifts = itertools.islice(itertools.count(1, 3), n)
    return [" ".join([*words[at % len(words) :], *words[: at % len(words)]]) for at in shifts]


def drawn(y: float, lines: list[str]) -> str:
    return "".join(typed(72, y - 12 * at, line, "F") for at, line in enumerate(lines))


def test_text_beside_a_figure_is_one_paragraph_and_its_caption_stands_behind() -> None:
    first = [*rows(_SHORT, 6), "the tank is full."]
    second = rows(_SHORT, 4)
    below = [*rows(_LONG, 3), "and no more."]
    found = page_of(
        drawn(780, first),
        typed(350, 742, "Figure 2: A pump", "F"),
        drawn(680, second),
        drawn(632, below),
        drawn(560, rows(_LONG, 6)),
    )

    shown = texts(found, "paragraph") + texts(found, "caption")
    assert " ".join(first) in shown
    assert " ".join(second + below) in shown
    assert "Figure 2: A pump" in shown
    assert found.text.index("Figure 2") > found.text.index("tank is full")


def test_words_beside_text_that_are_no_caption_stay_where_they_are() -> None:
    first = rows(_SHORT, 6)
    found = page_of(
        drawn(780, first), typed(350, 756, "Two pumps", "F"), drawn(560, rows(_LONG, 6))
    )

    assert found.text.index("Two pumps") < found.text.index(first[-1])
