"""What browsers and word processors print: titles between code and tables, double rules, boxes."""

from __future__ import annotations

from builder.records import Document
from tests.ingest.paper import book, page_of, paragraph, texts, typed


def headings(found: Document) -> list[str]:
    return texts(found, "heading")


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
