"""What browsers and word processors print: titles between code and tables, double rules, boxes."""

from __future__ import annotations

import itertools

import pytest

from builder.records import Document
from tests.ingest.paper import book, page_of, paragraph, texts, typed


def headings(found: Document) -> list[str]:
    return texts(found, "heading")


def pieces(y: float, *edges: float, high: float = 0.75) -> str:
    """A level rule drawn cell by cell."""
    drawn = (f"{left} {y} {right - left} {high} re f " for left, right in itertools.pairwise(edges))
    return "".join(drawn)


def cells(y: float, *row: str, xs: tuple[int, ...] = (204, 284), size: int = 9) -> str:
    """A row of cells; the head is bold."""
    font = "B" if row[0] == "Part" else "F"
    return "".join(typed(x, y, text, font, size) for x, text in zip(xs, row, strict=True))


def test_what_does_not_scroll_is_left_out_of_the_text_that_it_is_printed_upon() -> None:
    words = ["well", "house", "tank", "roof"]
    pages = [
        paragraph(700)
        + typed(72, 60, f"Water goes to the {word}", "F")
        + typed(400, 60, "House handbook", "F", 8)
        for word in words
    ]
    found = book(*pages)

    assert "handbook" not in found.text
    assert all(f"Water goes to the {word}" in found.text for word in words)


def test_slanted_titles_may_be_as_far_from_what_follows_as_from_what_is_above() -> None:
    found = page_of(
        typed(72, 790, "The pump", "B", 16), paragraph(765),
        typed(72, 728, "Parts", "I"), paragraph(701),
        typed(72, 664, "Care", "I"), paragraph(638),
        typed(72, 601, "Oil", "I"), paragraph(575),
    )  # fmt: skip

    assert headings(found) == ["# The pump", "## Parts", "## Care", "## Oil"]


def test_code_changes_the_room_around_some_of_the_slanted_titles() -> None:
    found = page_of(
        typed(72, 790, "The pump", "B", 16), paragraph(765),
        typed(72, 725, "Parts", "I"), paragraph(702),
        typed(72, 665, "Care", "I"), paragraph(642),
        typed(72, 605, "Hub", "I"), paragraph(582), typed(72, 550, "pump.start", "C"),
        typed(72, 529, "Oil", "I"), paragraph(503),
    )  # fmt: skip

    assert headings(found) == ["# The pump", "## Parts", "## Care", "## Hub", "## Oil"]


def test_bold_lines_are_titles_though_one_of_them_is_a_long_sentence() -> None:
    long = [
        "Note that the pump is never started while the well is dry, since the rotor is cooled by",
        "the water that it moves, and that the hub is oiled before each start of the year, for oil",
        "goes with the water that the pump moves out of the well",
    ]
    found = page_of(
        typed(72, 790, "The pump", "B", 16), paragraph(765),
        typed(72, 720, "Parts", "B"), paragraph(700),
        typed(72, 660, "Care", "B"), paragraph(640),
        *(typed(72, 600 - 13 * n, line, "B") for n, line in enumerate(long)), paragraph(550),
        typed(72, 510, "Oil", "B"), paragraph(490), typed(72, 450, "Hub", "B"), paragraph(430),
    )  # fmt: skip

    assert [title for title in headings(found) if "Note" not in title] == [
        "# The pump", "## Parts", "## Care", "## Oil", "## Hub",
    ]  # fmt: skip


def test_titles_in_boxes_are_alike_whether_text_stands_left_of_them_or_not() -> None:
    quoted = paragraph(725).replace("72 ", "84 ")
    found = page_of(
        typed(72, 790, "The pump", "B", 18),
        typed(80, 750, "Parts", "B", 13), quoted,
        typed(80, 680, "Care", "B", 13), paragraph(655),
        typed(80, 610, "Oil", "B", 13), paragraph(585),
    )  # fmt: skip

    assert headings(found) == ["# The pump", "## Parts", "## Care", "## Oil"]


def test_an_abbreviation_is_in_small_capitals_where_other_titles_are() -> None:
    def small(y: int, first: str, rest: str) -> str:
        return typed(72, y, first, "T", 12) + typed(80, y, rest, "T", 9.6)

    found = page_of(
        typed(72, 790, "The pump", "B", 18), paragraph(765),
        small(725, "R", "OTOR"), paragraph(703), small(665, "C", "ARE"), paragraph(643),
        typed(72, 605, "API", "T", 12), paragraph(583), small(545, "H", "UB"), paragraph(523),
    )  # fmt: skip

    assert {title.split()[0] for title in headings(found)[1:]} == {"##"}
    assert "## API" in headings(found)


def test_letters_of_a_title_that_are_set_apart_are_no_number() -> None:
    found = page_of(
        typed(72, 790, "L S H", "F", 15), paragraph(765),
        typed(72, 720, "1 Parts", "B", 12), paragraph(700),
        typed(72, 660, "1.1 Rotor", "B", 11), paragraph(640),
        typed(72, 600, "2 Care", "B", 12), paragraph(580),
    )  # fmt: skip

    assert headings(found) == ["# L S H", "## 1 Parts", "### 1.1 Rotor", "## 2 Care"]


def test_a_counted_title_above_text_is_no_page_number_where_no_page_has_one() -> None:
    lines = (
        typed(72, 780, f"Water of the {word} goes on to the tank below the roof", "F")
        + paragraph(767) + paragraph(700)
        for word in ("well", "house", "roof", "barn")
    )  # fmt: skip
    title = typed(72, 780, "2 Care", "F", 10.8) + paragraph(755) + paragraph(690)
    found = book(*lines, title)

    assert "2 Care" in found.text


_WIDTHS = {  # of the letters of Helvetica that are not as wide as an "a", times the size
    **dict.fromkeys("ijl", 0.222), **dict.fromkeys("ft,. ", 0.278), "r": 0.333,
    **dict.fromkeys("cksvxyz", 0.5), "A": 0.667, "w": 0.722, "m": 0.833,
}  # fmt: skip
TEXT = [
    "A pump of the old kind moves water out of the well, as long as it is not dry,",
    "and it stops by itself. Another pump of the same kind moves it on to the roof",
    "and to the tank below it, where it is kept until someone in the house needs it",
]


def width(text: str) -> float:
    return 10 * sum(_WIDTHS.get(letter, 0.556) for letter in text)


def test_text_between_two_tables_of_one_width_is_in_neither() -> None:
    def table(y: int) -> str:
        rows = [("Part", "Made of"), ("Rotor", "steel"), ("Hub", "brass")]
        shown = (cells(y - 15 * n, *row) for n, row in enumerate(rows))
        rules = (pieces(y + d, 200, 280, 360) for d in (12, -4, -36))
        return "".join([*shown, *rules])

    words: list[str] = []
    for n, line in enumerate(TEXT):
        x = 72.0
        for word in line.split():
            words.append(typed(x, 600 - 13 * n, word, "F"))
            x += width(f"{word} ")
    found = page_of(table(700), *words, table(500))

    assert [text.count("\n") for text in texts(found, "table")] == [3, 3]
    assert "moves water out of the well" in found.text


def test_ends_of_double_rules_part_no_cells() -> None:
    def double(y: int) -> str:
        sides = [(x, y, x, y + 3) for x in (200.0, 280.0, 281.5, 360.0)]
        sides += [(x, at, x + 81.5, at) for x in (200.0, 280.0) for at in (y, y + 3)]
        return "0.5 w " + "".join(f"{a} {b} m {c} {d} l S " for a, b, c, d in sides)

    rows = [("Part", "Made of"), ("Rotor", "steel"), ("Hub", "brass"), ("Shaft", "iron")]
    shown = (cells(700 - 18 * n, *row) for n, row in enumerate(rows))
    found = page_of(
        paragraph(780), double(712), pieces(694, 200, 280, 360, high=1.1), *shown, double(636),
        paragraph(600),
    )  # fmt: skip

    assert texts(found, "table") == [
        "| Part | Made of |\n| --- | --- |\n| Rotor | steel |\n| Hub | brass |\n| Shaft | iron |"
    ]


def test_rules_of_tables_beside_each_other_are_not_one() -> None:
    def table(left: int, y: float, head: str) -> str:
        rows = [("Part", head), *(("Rotor", "steel"), ("Hub", "brass"), ("Oil", "none"))]
        xs = left + 4, left + 84
        shown = (cells(y - 15 * n, *row, xs=xs, size=8) for n, row in enumerate(rows))
        rules = (pieces(y - 4 - 15 * n, left, left + 80, left + 160) for n in range(len(rows)))
        return "".join([*shown, *rules])

    tables = table(60, 699.65, "Made of") + table(320, 699.85, "From")
    found = page_of(paragraph(780), tables, paragraph(560))

    rows = "| Rotor | steel |\n| Hub | brass |\n| Oil | none |"
    assert "".join(texts(found, "table")).count(rows) == 2


@pytest.mark.parametrize("boxed", [False, True])
def test_a_title_right_above_a_table_is_none_of_its_rows(*, boxed: bool) -> None:
    rows = [("Part", "Made of"), ("Rotor", "steel"), ("Hub", "brass"), ("Shaft", "iron")]
    shown = (cells(700 - 15 * n, *row, xs=(76, 156), size=7) for n, row in enumerate(rows))
    rules = (pieces(696 - 15 * n, 72, 152, 232) for n in range(len(rows)))
    above = pieces(740, 72, 232) if boxed else ""  # as below what stands there
    found = page_of(
        typed(72, 790, "The pump", "B", 18), paragraph(765), above,
        typed(76, 712, "Materials", "B", 12), *shown, *rules, paragraph(620),
    )  # fmt: skip

    assert headings(found) == ["# The pump", "## Materials"]
    assert texts(found, "table")[0].startswith("| Part | Made of |")


def test_a_title_and_text_right_above_bands_of_colour_are_no_rows() -> None:
    def band(y: int) -> str:
        return f"0.9 g 72 {y - 5} 80 15 re f 152 {y - 5} 80 15 re f 0 g "

    rows = [("Part", "Made of"), ("Rotor", "steel"), ("Hub", "brass"), ("Shaft", "iron")]
    shown = "".join(
        (band(700 - 15 * n) if n % 2 == 0 else "") + cells(700 - 15 * n, *row, xs=(76, 156))
        for n, row in enumerate(rows)
    )
    title = typed(76, 734, "What the rotor", "B", 14) + typed(183, 734, "is made of", "B", 14)
    before = "it is moved by wha"
    text = typed(152.5 - width(before), 717, before, "F") + typed(152.5, 717, "tever runs:", "T")
    found = page_of(paragraph(780), title, text, shown, paragraph(600))

    assert texts(found, "table")[0].startswith("| Part | Made of |")
    assert headings(found) == ["# What the rotor is made of"]
