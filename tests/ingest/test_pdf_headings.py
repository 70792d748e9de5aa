"""Which lines of a PDF file are read as headings, and of which level."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from builder.ingest.pdf.outline import is_same
from tests.ingest.paper import document, page_of, paragraph, tagged, texts, typed, wide, written


def test_a_title_that_the_outline_leaves_out_stands_above_its_entries() -> None:
    found = page_of(
        typed(72, 780, "The pump", "B", 20), paragraph(740),
        typed(72, 700, "Parts", "B", 14), paragraph(675),
        typed(72, 630, "Care", "B", 14), paragraph(605),
        outline=[("Parts", 1), ("Care", 1)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# The pump", "## Parts", "## Care"]


@pytest.mark.parametrize(("size", "level"), [(20, "##"), (14, "#")])
def test_a_title_that_the_outline_lists_beside_its_parts_stands_above_them(
    size: int, level: str
) -> None:
    found = page_of(
        typed(72, 780, "The pump", "B", size), paragraph(740),
        typed(72, 700, "Parts", "B", 14), paragraph(675),
        typed(72, 630, "Care", "B", 14), paragraph(605),
        outline=[("The pump", 780), ("Parts", 700), ("Care", 630)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# The pump", f"{level} Parts", f"{level} Care"]


def test_a_heading_that_its_text_follows_on_the_line_is_below_the_listed_ones() -> None:
    found = page_of(
        typed(72, 760, "Parts", "B", 14), paragraph(735),
        typed(72, 690, "Rotor", "B"), typed(111, 690, "It turns at one speed, as long as the", "F"),
        typed(72, 677, "mains has power, and it needs no oil at all.", "F"),
        typed(72, 640, "Care", "B", 14), paragraph(615),
        outline=[("Parts", 1), ("Care", 1)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# Parts", "## Rotor", "# Care"]
    assert "It turns at one speed" in texts(found, "paragraph")[1]


def test_headings_of_body_size_rank_by_their_numbers() -> None:
    found = page_of(
        typed(72, 780, "1 Parts", "B", 14), paragraph(755),
        typed(72, 715, "1.1 Rotor", "B", 12), paragraph(690),
        typed(72, 650, "1.1.1 Blades", "B"), paragraph(630),
        typed(72, 590, "2 Care", "B", 14), paragraph(565),
    )  # fmt: skip

    assert texts(found, "heading") == ["# 1 Parts", "## 1.1 Rotor", "### 1.1.1 Blades", "# 2 Care"]


def test_titles_that_run_into_their_text_are_told_by_their_numbers() -> None:
    found = page_of(
        typed(250, 780, "I. Parts", "S"), paragraph(760),
        typed(72, 720, "A. The rotor", "I"), paragraph(700),
        typed(82, 674, r"1\) Blades:", "I"), typed(132, 674, "They are made of steel and are", "F"),
        typed(72, 661, "screwed to the hub.", "F"),
        typed(82, 648, r"2\) Hub:", "I"), typed(121, 648, "It is cast, and it is as wide as", "F"),
        typed(72, 635, "the shaft allows.", "F"),
        typed(250, 600, "II. Care", "S"), paragraph(580),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# I. Parts", "## A. The rotor", "### 1) Blades:", "### 2) Hub:", "# II. Care",
    ]  # fmt: skip
    assert "They are made of steel and are" in " ".join(texts(found, "paragraph"))


def test_titles_of_the_outline_are_met_in_the_paragraphs_they_begin() -> None:
    found = page_of(
        typed(72, 780, "1. Parts", "B", 14), paragraph(755),
        typed(72, 715, "Blades.", "I"), typed(112, 715, "They are made of steel and are", "F"),
        typed(72, 702, "screwed to the hub.", "F"),
        outline=[("Parts", 1), ("Blades", 1)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# 1. Parts", "# Blades."]


def test_stressed_words_that_begin_a_paragraph_or_an_item_are_no_heading() -> None:
    stressed = "".join(
        typed(72, 700 - 40 * n, "Note", "B") + typed(98, 700 - 40 * n, "that the well is deep.", "F")
        + typed(72, 687 - 40 * n, "The pump does not mind the depth of a well.", "F")
        for n in range(3)
    )  # fmt: skip
    listed = "".join(
        typed(72, 560 - 14 * n, f"{n}.", "F") + typed(86, 560 - 14 * n, "Blades", "B")
        + typed(124, 560 - 14 * n, "are made of steel.", "F")
        for n in range(1, 4)
    )  # fmt: skip
    found = page_of(
        typed(72, 780, "Parts", "B", 14), paragraph(755), paragraph(727), stressed, listed
    )

    assert texts(found, "heading") == ["# Parts"]


def test_titles_as_large_as_prose_are_told_by_the_face_of_larger_ones() -> None:
    found = page_of(
        typed(72, 780, "Parts", "T", 16), paragraph(755),
        typed(72, 712, "Rotor", "T"), paragraph(690),
        typed(72, 650, "Care", "T", 16), paragraph(625),
    )  # fmt: skip

    assert texts(found, "heading") == ["# Parts", "## Rotor", "# Care"]


def test_a_title_as_wide_as_its_page_is_parted_from_the_code_below_it() -> None:
    title = "A title that is wider than all of the code"
    code = [typed(72, 735 - 12 * n, text, "C") for n, text in enumerate(("a = 1", "b = 22", "c"))]
    found = page_of(typed(72, 750, title, "B", 12), *code)

    assert texts(found, "heading") == [f"# {title}"]
    assert texts(found, "code") == ["```\na = 1\nb = 22\nc\n```"]


def test_a_title_of_the_outline_is_met_where_its_entry_leads() -> None:
    found = page_of(
        typed(72, 790, "Contents", "B", 14),
        typed(72, 770, "Rotor", "F"), typed(72, 750, "Blades", "F"),
        typed(72, 712, "Rotor", "F"), paragraph(690),
        typed(72, 650, "Blades", "F"), paragraph(625),
        outline=[("Contents", 804), ("Rotor", 724), ("Blades", 662)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# Contents", "# Rotor", "# Blades"]
    assert [text.split()[0] for text in texts(found, "paragraph")] == [
        "Rotor", "Blades", "The", "The",
    ]  # fmt: skip


def test_a_listed_title_in_plain_letters_is_cut_from_the_text_behind_it() -> None:
    found = page_of(
        typed(72, 780, "Parts", "B", 14), paragraph(755),
        typed(72, 720, "The blades. They are made of steel and are", "F"),
        typed(72, 707, "screwed to the hub.", "F"),
        outline=[("Parts", 794), ("The blades", 732)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# Parts", "# The blades."]
    assert "They are made of steel and are screwed to the hub." in found.text


def test_a_listed_title_is_met_though_the_outline_cannot_show_all_of_it() -> None:
    found = page_of(
        typed(72, 780, "Pumps below H2O and other fluids", "B"), paragraph(755),
        typed(72, 700, "Care", "B"), paragraph(675),
        outline=[("Pumps below and other fluids", 792), ("Care", 712)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# Pumps below H2O and other fluids", "# Care"]


def test_a_word_of_a_listed_title_does_not_stand_for_the_title() -> None:
    found = page_of(
        typed(72, 780, "Transports", "B", 20), paragraph(750),
        typed(72, 700, "v7 Transports", "B", 14), paragraph(675),
        typed(72, 630, "Care", "B", 14), paragraph(605),
        outline=[("v7 Transports", 716), ("Care", 646)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# Transports", "## v7 Transports", "## Care"]


def test_a_title_that_the_tags_leave_out_stands_above_their_headings() -> None:
    title = ("P", typed(72, 780, "The pump", "B", 24))
    text = ("P", typed(72, 755, "It moves water from the well to the house.", "F"))
    parts = [("H2", typed(72, y, name, "B", 16)) for y, name in ((720, "Rotor"), (640, "Care"))]

    found = tagged(title, text, parts[0], text, parts[1], text)

    assert texts(found, "heading") == ["# The pump", "## Rotor", "## Care"]


def test_a_title_over_two_lines_is_one_though_its_second_is_indented() -> None:
    found = page_of(
        typed(72, 780, "Parts", "B", 14), paragraph(755),
        typed(72, 715, "1.1 How the rotor is", "I"), typed(172, 715, "taken out of Jet", "I"),
        typed(92, 703, "Pumps", "I"), paragraph(680),
        typed(72, 640, "1.2 Care", "I"), paragraph(620),
    )  # fmt: skip

    assert texts(found, "heading")[1:] == [
        "## 1.1 How the rotor is taken out of Jet Pumps", "## 1.2 Care",
    ]  # fmt: skip


def test_a_counted_title_without_room_is_one_like_those_with_room() -> None:
    found = page_of(
        typed(250, 790, "I. Parts", "S"), typed(72, 770, "A. The rotor", "I"), paragraph(750),
        typed(72, 710, "B. The hub", "I"), paragraph(690),
        typed(72, 662, "C. The shaft", "I"), paragraph(648),
        typed(250, 600, "II. Care", "S"), paragraph(580),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# I. Parts", "## A. The rotor", "## B. The hub", "## C. The shaft", "# II. Care",
    ]  # fmt: skip


def test_a_lettered_title_above_the_first_roman_number_is_below_such() -> None:
    found = page_of(
        typed(72, 800, "Pumps", "B", 16), paragraph(780),
        typed(72, 740, "A. What they do", "I"), paragraph(720),
        typed(180, 680, "I. PARTS", "S"), paragraph(660),
        typed(72, 620, "A. The rotor", "I"), paragraph(600),
        typed(180, 560, "II. CARE", "S"), paragraph(540),
    )  # fmt: skip

    assert [title.split()[:2] for title in texts(found, "heading")[1:]] == [
        ["###", "A."], ["##", "I."], ["###", "A."], ["##", "II."],
    ]  # fmt: skip


def test_the_title_of_the_document_runs_into_no_text_though_it_is_set_like_those_that_do() -> None:
    def closed(y: int, title: str, behind: int) -> str:
        return (
            typed(72, y, title, "B")
            + typed(behind, y, "It turns as long as the mains", "F")
            + (typed(72, y - 13, "has power.", "F"))
        )

    found = page_of(
        typed(240, 800, "THE PUMP", "B"), typed(250, 770, "1. Parts", "S"), paragraph(745),
        closed(705, "1.1. Rotor.", 136), closed(670, "1.2. Hub.", 128), closed(635, "1.3. Lid.", 122),
        typed(250, 600, "2. Care", "S"), paragraph(575),
    )  # fmt: skip

    assert texts(found, "heading")[:3] == ["# THE PUMP", "## 1. Parts", "### 1.1. Rotor."]


def test_titles_under_roman_numbers_of_several_steps_have_their_depth() -> None:
    found = page_of(
        typed(180, 790, "I. Parts", "F"), paragraph(765),
        typed(72, 725, "I.A. Rotor", "I"), paragraph(705),
        typed(72, 665, "I.A.1. Blades", "I"), paragraph(645),
        typed(72, 605, "I.B. Hub", "I"), paragraph(585),
        typed(180, 545, "II. Care", "F"), paragraph(520),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# I. Parts", "## I.A. Rotor", "### I.A.1. Blades", "## I.B. Hub", "# II. Care",
    ]  # fmt: skip


def test_an_indented_title_is_below_those_that_are_set_like_it() -> None:
    found = page_of(
        typed(72, 790, "Parts", "B", 14), paragraph(765),
        typed(72, 725, "Rotor", "B"), paragraph(705),
        typed(88, 665, "Blades", "B"), paragraph(645),
        typed(72, 605, "Hub", "B"), paragraph(585),
    )  # fmt: skip

    assert texts(found, "heading") == ["# Parts", "## Rotor", "### Blades", "## Hub"]


def test_the_first_title_is_not_above_others_for_being_right_of_them() -> None:
    found = page_of(
        typed(82, 790, "Parts", "B", 14), paragraph(765),
        typed(72, 725, "Rotor", "B", 14), paragraph(705),
        typed(72, 665, "Hub", "B", 14), paragraph(645),
    )  # fmt: skip

    assert texts(found, "heading") == ["# Parts", "# Rotor", "# Hub"]


_WIDTHS = {"R": 0.722, "C": 0.722, "r": 0.389, "c": 0.556}  # of Helvetica-Bold, times the size


def capitals(x: int, y: int, first: str, rest: str, size: int) -> str:
    """A word in capitals and smaller ones behind them."""
    behind = round(x + _WIDTHS[first] * size)
    return typed(x, y, first, "B", size) + typed(behind, y, rest, "B", size - 3)


@pytest.mark.parametrize("shown", [str.upper, str.lower], ids=["as-capitals", "as-small-letters"])
def test_small_capitals_are_as_large_as_their_capitals(shown: Callable[[str], str]) -> None:
    found = page_of(
        typed(72, 790, "The pump", "B", 20), paragraph(765),
        capitals(72, 725, shown("R"), shown("OTOR"), 14), paragraph(705),
        typed(72, 665, "Blades", "B", 12), paragraph(645),
        capitals(72, 605, shown("C"), shown("ARE"), 14), paragraph(585),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# The pump", f"## {shown('ROTOR')}", "### Blades", f"## {shown('CARE')}",
    ]  # fmt: skip


def test_numbers_of_several_steps_may_end_in_a_bracket() -> None:
    found = page_of(
        typed(180, 790, r"I\) Parts", "F"), paragraph(765),
        typed(72, 725, r"I.A\) Rotor", "I"), paragraph(705),
        typed(72, 665, r"I.A.1\) Blades", "I"), paragraph(645),
        typed(180, 605, r"II\) Care", "F"), paragraph(580),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# I) Parts", "## I.A) Rotor", "### I.A.1) Blades", "# II) Care",
    ]  # fmt: skip


def test_of_titles_no_larger_than_prose_the_weight_met_first_is_above_the_other() -> None:
    found = page_of(
        typed(72, 790, "The pump", "B", 16), paragraph(765),
        typed(72, 725, "Parts", "B", 9), paragraph(705),
        "0 0 1 rg " + typed(72, 665, "Blades", "F") + "0 g", paragraph(645),
        typed(72, 605, "Care", "B", 9), paragraph(585),
    )  # fmt: skip

    assert texts(found, "heading") == ["# The pump", "## Parts", "### Blades", "## Care"]


def test_a_heading_below_a_table_is_no_row_of_it() -> None:
    rows = [("Part", "Price"), ("Rotor", "12"), ("Hub", "7"), ("Shaft", "9")]
    table = "".join(
        typed(72, 700 - 20 * n, one, "F") + typed(200, 700 - 20 * n, other, "F")
        for n, (one, other) in enumerate(rows)
    )
    found = page_of(
        typed(72, 790, "The pump", "B", 16), paragraph(765), table,
        typed(72, 610, "Care", "B", 11), typed(72, 597, "a = 1", "C"), typed(72, 585, "b = 2", "C"),
    )  # fmt: skip

    assert texts(found, "heading")[1:] == ["## Care"]
    assert texts(found, "table")[0].endswith("| Shaft | 9 |")
    assert texts(found, "code") == ["```\na = 1\nb = 2\n```"]


def test_a_bold_title_is_parted_from_wide_code_right_below_it() -> None:
    rows = ["const pump = new Pump(address, timeout)", "pump.start()"]
    code = [
        typed(72, 737 - 10 * n, row.replace("(", r"\(").replace(")", r"\)"), "C", 7)
        for n, row in enumerate(rows)
    ]
    found = page_of(typed(72, 750, "1.1 How it starts", "B"), *code)

    assert texts(found, "heading") == ["# 1.1 How it starts"]
    assert texts(found, "code") == ["```\n" + "\n".join(rows) + "\n```"]


@pytest.mark.parametrize("sign", "\u25c6\u25c7\u25b2\u2605")
def test_shapes_and_stars_before_lines_make_them_items(sign: str) -> None:
    found = page_of(
        paragraph(775),
        *(
            wide(72, 700 - 14 * n, sign) + typed(90, 700 - 14 * n, f"It stops at step {n}", "F")
            for n in range(3)
        ),
    )

    assert texts(found, "list_item") == [f"- It stops at step {n}" for n in range(3)]


def test_a_line_left_of_the_bullet_above_it_is_no_part_of_the_item() -> None:
    found = page_of(
        typed(72, 790, "Parts", "B", 14), paragraph(765),
        typed(90, 730, "- the rotor", "F"), typed(72, 718, "All else is bought.", "F"),
    )  # fmt: skip

    assert texts(found, "list_item") == ["- the rotor"]


def test_a_title_in_the_middle_does_not_run_in_though_others_set_like_it_do() -> None:
    def run_in(y: int, title: str, behind: int) -> str:
        return typed(72, y, title, "B") + typed(behind, y, "It turns at one speed, as long as", "F")

    found = page_of(
        typed(175, 800, "THE PUMP", "B"), paragraph(780),
        typed(183, 740, "1. Parts", "S"), paragraph(720),
        run_in(680, "1.1. Rotor.", 136), typed(72, 667, "the mains has power.", "F"),
        typed(72, 640, "1.2. Blades", "B"), paragraph(620),
        typed(183, 580, "2. Care", "S"), paragraph(560),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# THE PUMP", "## 1. Parts", "### 1.1. Rotor.", "### 1.2. Blades", "## 2. Care",
    ]  # fmt: skip


def test_a_sentence_that_begins_like_an_entry_stays_whole() -> None:
    found = page_of(
        typed(72, 700, "Installing on Linux", "B", 14),
        typed(72, 680, "Install the pump now, or later when the well is dry.", "F"),
        outline=[("Install", 714)],
    )  # fmt: skip

    assert texts(found, "paragraph") == ["Install the pump now, or later when the well is dry."]


def test_an_outline_of_more_levels_than_headings_have_ends_at_the_sixth() -> None:
    depth = 8
    content = " ".join(
        typed(72, 800 - 60 * n, f"Part {n}", "B", 14) + paragraph(775 - 60 * n)
        for n in range(depth)
    )
    items = [
        f"<< /Title (Part {n}) /Parent {8 + n - 1} 0 R /Dest [5 0 R /XYZ 72 {814 - 60 * n} null] "
        + (f"/First {9 + n} 0 R /Last {9 + n} 0 R /Count 1 " if n + 1 < depth else "")
        + ">>"
        for n in range(depth)
    ]
    found = document(
        written(
            "<< /Type /Catalog /Pages 2 0 R /Outlines 7 0 R >>",
            "<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            "/Resources << /Font << /F 3 0 R /B 6 0 R >> >> >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
            "<< /First 8 0 R /Last 8 0 R /Count 1 >>",
            *items,
        )
    )

    levels = [block.level for block in found.blocks if block.kind == "heading"]
    assert levels == [1, 2, 3, 4, 5, 6, 6, 6]


def test_a_table_above_the_first_title_of_the_outline_has_no_look() -> None:
    found = page_of(
        *(f"{x} {y} 80 14 re S " for x in (72, 152) for y in (700, 714, 728)),
        *(typed(x + 4, y + 4, f"cell {x + y}", "F") for x in (72, 152) for y in (700, 714, 728)),
        typed(72, 640, "The water pump", "B", 18), paragraph(610),
        typed(72, 560, "Parts", "B", 14), paragraph(540),
        outline=[("Parts", 575)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# The water pump", "## Parts"]
    assert len(texts(found, "table")) == 1


def test_slanted_titles_hardly_larger_than_prose_are_below_listed_ones_and_those_of_code_too() -> (
    None
):
    found = page_of(
        typed(72, 780, "Parts", "I", 14), paragraph(755),
        typed(72, 715, "Rotor", "I", 11), paragraph(690),
        typed(72, 650, "rotor.turn\\(\\)", "C", 11), paragraph(625),
        typed(72, 585, "Lid", "I", 11), paragraph(560),
        typed(72, 520, "Care", "I", 14), paragraph(495),
        outline=[("Parts", 1), ("Care", 1)],
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# Parts",
        "## Rotor",
        "## `rotor.turn()`",
        "## Lid",
        "# Care",
    ]


def test_titles_right_below_each_other_whose_numbers_follow_are_two() -> None:
    def counted(y: int, number: str, title: str) -> str:
        return typed(72, y, number, "F", 10) + typed(90, y, title, "F", 10)

    found = page_of(
        paragraph(780), counted(745, "3", "THE ROTOR AND ITS CASE"), counted(731, "4", "THE LID"),
        paragraph(708),
    )  # fmt: skip

    assert [line for line in found.text.split("\n") if "THE" in line] == [
        "3 THE ROTOR AND ITS CASE", "4 THE LID",
    ]  # fmt: skip


def test_titles_right_below_each_other_with_a_list_below_them_are_no_table() -> None:
    def counted(y: int, number: str, title: str) -> str:
        return typed(72, y, number, "F", 10) + typed(88.5, y, title, "F", 10)

    items = ["The rotor turns the water", "The lid closes it", "The hub holds all of the blades"]
    listed = [
        typed(94, 715 - 12 * n, "\\267", "I") + typed(104, 715 - 12 * n, item, "F")
        for n, item in enumerate(items)
    ]
    found = page_of(
        paragraph(785), counted(745, "1", "SETTINGS"), counted(730, "2", "PARTS OF THE PUMP"),
        *listed, "72 686 m 160 686 l S", typed(72, 676, "1 As sold.", "F", 7),
    )  # fmt: skip

    assert not texts(found, "table")
    assert texts(found, "list_item") == [f"- {item}" for item in items]


def test_a_title_right_below_another_is_one_if_its_number_follows_and_it_is_set_alike() -> None:
    def counted(y: int, number: str, title: str) -> str:
        return typed(72, y, number, "T", 10) + typed(90, y, title, "T", 10)

    found = page_of(
        paragraph(810), counted(775, "1", "THE ROTOR"), paragraph(757),
        counted(722, "2", "THE HUB"), paragraph(704), counted(670, "3", "THE LID"), counted(656, "4", "THE CASE"), paragraph(638),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# 1 THE ROTOR",
        "# 2 THE HUB",
        "# 3 THE LID",
        "# 4 THE CASE",
    ]


def test_a_command_behind_its_prompt_is_no_title_however_bold() -> None:
    found = page_of(
        *(
            paragraph(775 - 60 * n) + typed(90, 740 - 60 * n, f"% mkdir /home/step{n}", "D", 12)
            for n in range(4)
        ),
        paragraph(500),
    )

    assert not texts(found, "heading")
    assert len(texts(found, "code")) == 4


def test_one_side_of_a_formula_is_no_title() -> None:
    def formula(y: int) -> str:
        side = typed(72, y, "u", "I") + typed(77.6, y - 2, "t", "I", 7)
        return side + typed(87, y, "= Du + f\\(u, p\\)", "F")

    parts = [paragraph(y) + formula(y - 73) for y in (780, 680, 580, 480)]
    found = page_of(*parts, paragraph(380))

    assert "heading" not in {block.kind for block in found.blocks}


def test_a_number_before_a_title_of_code_and_words_belongs_to_it() -> None:
    def option(y: int, number: str, names: tuple[str, str]) -> str:
        return (
            typed(72, y, number, "B", 12) + typed(116, y, names[0], "C", 12)
            + typed(160, y, "/", "B", 12) + typed(164, y, names[1], "C", 12)
        )  # fmt: skip

    found = page_of(
        option(780, "12.21", ("--wait", "-W")), paragraph(750),
        option(690, "12.22", ("--stop", "-S")), paragraph(660),
    )  # fmt: skip

    assert [text.lstrip("# ") for text in texts(found, "heading")] == [
        "12.21 `--wait`/`-W`", "12.22 `--stop`/`-S`",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "same"),
    [("\u7b2c2\u7ae0pumps", True), ("\u7b2c\u5341\u4e8c\u7bc0pumps", True), ("\u9644\u5f55apumps", True),
     ("chapter2pumps", True), ("\u7b2cpumps", False), ("\u4e8c\u7ae0pumps", False)],
)  # fmt: skip
def test_numbers_of_chapters_before_a_title_of_the_outline(text: str, *, same: bool) -> None:
    assert is_same(text, "pumps") is same
