"""Documents all lines of which are numbered in a margin."""

from __future__ import annotations

import pytest

from tests.ingest.paper import book, typed

WORDS = "the pump moves water out of a deep tank into every house".split()
STEP = 14  # points: how far lines stand below each other


def lines(first: int, n: int, *, capital: bool = False) -> list[str]:
    """Lines of as many words, none like another; they go on from one to the next."""
    found = []
    for at in range(first, first + n):
        words = [WORDS[(at * 7 + k * (1 + at % 5)) % len(WORDS)] for k in range(9)]
        found.append(" ".join([*words[:4], "abcdefghij"[at % 10] * 3, *words[4:]]))
    return [line.capitalize() for line in found] if capital else found


def page(shown: list[str], numbers: dict[int, int], x: float = 40) -> str:
    """Lines with the numbers that stand beside some of them, which end at one place."""
    drawn = [typed(100, 760 - STEP * at, line, "F") for at, line in enumerate(shown)]
    drawn += [
        typed(x - 6 * len(str(number)), 760 - STEP * at, str(number), "F", 8)
        for at, number in numbers.items()
    ]
    return "".join(drawn)


@pytest.mark.parametrize("x", [60, 560])
@pytest.mark.parametrize("step", [1, 5])
def test_numbers_of_lines_in_a_margin_are_left_out(x: float, step: int) -> None:
    pages = []
    for at in range(3):
        counted = {row: at * 40 + row + 1 for row in range(40) if (at * 40 + row + 1) % step == 0}
        pages.append(page(lines(at * 40, 40), counted, x))
    found = book(*pages)

    assert found.text.split() == " ".join(lines(0, 120)).split()
    assert {part.reason for part in found.dropped} == {"line_numbers"}
    assert sum(part.characters for part in found.dropped) == sum(
        len(str(number)) for number in range(1, 121) if number % step == 0
    )


@pytest.mark.parametrize(
    "numbers",
    [
        {row: row + 1 for row in range(0, 40, 3)},  # they count on by three
        {row: 1 + row * row % 41 for row in range(40)},  # they do not count on
        {0: 1, 1: 2, 2: 3},  # few
    ],
)
def test_other_numbers_in_a_margin_stay(numbers: dict[int, int]) -> None:
    found = book(*[page(lines(at * 40, 40), numbers, 60) for at in range(3)])

    assert not [part for part in found.dropped if part.reason == "line_numbers"]


def test_numbers_of_the_rows_of_a_table_stay() -> None:
    pages = [
        page(lines(at * 40, 40, capital=True), {row: at * 40 + row + 1 for row in range(40)}, 90)
        for at in range(3)
    ]
    found = book(*pages)

    assert not [part for part in found.dropped if part.reason == "line_numbers"]


def test_small_numbers_left_of_all_text_go_where_lines_begin_at_several_places() -> None:
    pages = []
    for at in range(3):
        shown = lines(at * 40, 40, capital=True)
        drawn = [
            typed(100 + 20 * (n % 3), 760 - STEP * n, line, "F") for n, line in enumerate(shown)
        ]
        drawn += [typed(60, 760 - STEP * n, str(at * 40 + n + 1), "F", 6) for n in range(40)]
        pages.append("".join(drawn))
    found = book(*pages)

    assert {part.reason for part in found.dropped} == {"line_numbers"}
    assert found.text.split()[0] == lines(0, 1, capital=True)[0].split()[0]
