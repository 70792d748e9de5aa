"""What tools print that no look of ours has: title blocks, code with numbers, tags with gaps."""

from __future__ import annotations

import re

import pytest

from builder.ingest.pdf import font_names, line_numbers
from builder.ingest.pdf.code import grid, habits
from builder.ingest.pdf.layout import Line
from builder.ingest.pdf.page import Font, Page, Run
from builder.ingest.pdf.pdfium import Pdf
from builder.records import Document
from tests.ingest.paper import (
    Element,
    book,
    document,
    page_of,
    paragraph,
    structured,
    tagged,
    texts,
    typed,
    written,
)


def headings(found: Document) -> list[str]:
    return texts(found, "heading")


def middle(y: int, text: str, font: str, size: float, width: float) -> str:
    """A line in the middle of a column from 72 to 326; width: of its text, in points."""
    return typed(round(199 - width / 2), y, text, font, size)


@pytest.mark.parametrize("font", ["B", "F"])
def test_entries_that_tags_tell_are_contents_without_leaders(font: str) -> None:
    entries = [
        ("TOCI", typed(72, 740 - 14 * n, title, font) + typed(500, 740 - 14 * n, "1", font))
        for n, title in enumerate(["The pump", "Parts", "Care"])
    ]
    found = tagged(
        ("H1", typed(72, 770, "Contents", "B", 16)), *entries,
        ("H1", typed(72, 660, "The pump", "B", 16)), ("P", paragraph(640)),
        ("H2", typed(72, 590, "Parts", "B", 13)), ("P", paragraph(570)),
        ("H2", typed(72, 520, "Care", "B", 13)), ("P", paragraph(500)),
    )  # fmt: skip

    assert headings(found) == ["# The pump", "## Parts", "## Care"]
    assert [item.reason for item in found.dropped] == ["contents"]


def test_an_address_behind_a_link_that_is_in_no_element_belongs_to_its_item() -> None:
    address = "\\(https://pump.example/a/manual/of/many/words\\)"
    items = [
        part
        for y in range(740, 600, -20)
        for part in (
            ("LI", typed(72, y, f"Manual {y}", "F")),
            ("", typed(127, y, address, "F")),
        )
    ]
    found = tagged(("H1", typed(72, 780, "The pump", "B", 12)), *items)

    assert headings(found) == ["# The pump"]
    shown = "(https://pump.example/a/manual/of/many/words)"
    assert texts(found, "list_item")[0] == f"- Manual 740 {shown}"
    assert len(texts(found, "list_item")) == 7


WIDTHS = {"Parts": 37, "Care": 35, "Oil": 20, "Water": 43, "Air": 20}  # in points, at 16


def test_titles_in_the_middle_are_one_style_on_pages_of_short_lines_too() -> None:
    def page(*titles: str, wide: bool) -> str:
        shown = ""
        for n, title in enumerate(titles):
            y = 780 - 80 * n
            shown += middle(y, title, "F", 16, WIDTHS[title])
            shown += paragraph(y - 25) if wide else typed(72, y - 25, "It is dry.", "F")
        return shown

    found = book(
        page("Parts", "Care", wide=True), page("Oil", "Water", wide=False), page("Air", wide=True)
    )

    assert headings(found) == ["# Parts", "# Care", "# Oil", "# Water", "# Air"]


SECTIONS = (
    typed(72, 700, "1 Parts", "B", 12), paragraph(675),
    typed(72, 630, "2 Care", "B", 12), paragraph(605),
)  # fmt: skip
LISTED = [("Parts", 1), ("Care", 1)]


@pytest.mark.parametrize(
    "title",
    [typed(72, 780, "The pump", "B", 12), typed(172, 780, "THE PUMP", "B", 10)],
    ids=["set like the sections", "smaller, in the middle"],
)
def test_a_title_that_is_no_larger_than_sections_stands_above_them(title: str) -> None:
    found = page_of(title, paragraph(755), *SECTIONS, outline=LISTED)

    assert [text.casefold() for text in headings(found)] == [
        "# the pump",
        "## 1 parts",
        "## 2 care",
    ]


def test_a_bold_line_above_the_only_listed_title_is_no_title() -> None:
    found = page_of(
        typed(72, 780, "Pump works", "B", 12), paragraph(755),
        typed(72, 700, "The pump", "B", 12), paragraph(675), outline=[("The pump", 700)],
    )  # fmt: skip

    assert headings(found)[-1] == "# The pump"


def test_levels_below_an_outline_of_one_level_follow_their_sizes() -> None:
    found = page_of(
        typed(72, 800, "Parts", "B", 20), paragraph(775),
        typed(72, 730, "Rotor", "B", 16), paragraph(705),
        typed(72, 660, "Blades", "B", 13), paragraph(635),
        typed(72, 590, "Hub", "B", 16), paragraph(565),
        typed(72, 510, "Care", "B", 20), paragraph(485),
        outline=[("Parts", 1), ("Care", 1)],
    )  # fmt: skip

    assert headings(found) == ["# Parts", "## Rotor", "### Blades", "## Hub", "# Care"]


def test_text_that_is_larger_than_the_listed_headings_is_no_title() -> None:
    found = page_of(
        paragraph(780), typed(72, 730, "I. PARTS", "B", 9), paragraph(710),
        typed(72, 660, "II. CARE", "B", 9), paragraph(640),
        outline=[("PARTS", 739), ("CARE", 669)],
    )  # fmt: skip

    assert headings(found) == ["# I. PARTS", "# II. CARE"]


def test_the_largest_words_of_a_cover_are_the_title_above_listed_chapters() -> None:
    found = book(
        typed(300, 700, "The pump", "B", 20) + typed(400, 670, "Release 3.8", "I", 14),
        typed(72, 740, "Parts", "B", 24) + paragraph(700),
        typed(72, 740, "Care", "B", 24) + paragraph(700),
        outline=[("Parts", 2), ("Care", 3)],
    )

    assert headings(found) == ["# The pump", "## Parts", "## Care"]


def test_who_wrote_it_is_no_heading_below_the_title() -> None:
    found = page_of(
        middle(800, "The pump", "F", 20, 90), middle(770, "Ann Rotor", "F", 12, 54),
        typed(72, 730, "Parts", "B", 14), paragraph(705),
        typed(72, 650, "Care", "B", 14), paragraph(625),
    )  # fmt: skip

    assert headings(found) == ["# The pump", "## Parts", "## Care"]


def test_two_titles_at_one_left_edge_and_as_wide_as_each_other_are_both_titles() -> None:
    found = page_of(
        typed(72, 800, "Logging", "B", 16), typed(72, 770, "Logging it", "B", 12), paragraph(745),
        typed(72, 690, "Care", "B", 14), paragraph(665), typed(72, 610, "Oil", "B", 14),
        paragraph(585),
    )  # fmt: skip

    assert headings(found)[:2] == ["# Logging", "### Logging it"]


def test_the_first_title_without_number_stands_above_those_that_have_one() -> None:
    titles = [("1 Parts", 740), ("1.1 Rotor", 680), ("1.2 Blades", 620), ("2 Care", 560)]
    found = page_of(
        typed(72, 800, "The pump", "B"), paragraph(782),
        *(typed(72, y, title, "B") + paragraph(y - 18) for title, y in titles),
    )  # fmt: skip

    assert headings(found) == [
        "# The pump", "## 1 Parts", "### 1.1 Rotor", "### 1.2 Blades", "## 2 Care",
    ]  # fmt: skip


def test_titles_without_number_stand_between_the_title_and_counted_ones() -> None:
    found = page_of(
        middle(800, "The pump", "F", 20, 90),
        typed(72, 760, "Parts", "F", 13), paragraph(740),
        typed(72, 700, "1.1 Rotor", "B"), paragraph(682),
        typed(72, 642, "1.2 Blades", "B"), paragraph(624),
        typed(72, 584, "1.3 Lids", "B"), paragraph(566),
        typed(72, 520, "Care", "F", 13), paragraph(500),
    )  # fmt: skip

    assert headings(found) == [
        "# The pump", "## Parts", "### 1.1 Rotor", "### 1.2 Blades", "### 1.3 Lids", "## Care",
    ]  # fmt: skip


def test_numbers_that_a_few_low_titles_bring_along_do_not_raise_them() -> None:
    names = ["1 Parts", "1.1 Rotor", "1.2 Blades", "1.3 Lids", "1. Open it", "2. Close it", "2 Care",
             "2.1 Oil", "2.2 Air", "2.3 Water", "2.4 Heat", "2.5 Cold"]  # fmt: skip
    sizes = [14, 12, 12, 12, 10, 10, 14, 12, 12, 12, 12, 12]
    found = page_of(
        *(
            typed(72, 800 - 62 * n, name, "B", size) + paragraph(778 - 62 * n)
            for n, (name, size) in enumerate(zip(names, sizes, strict=True))
        )
    )

    levels = [text.partition(" ")[0] for text in headings(found)]
    assert levels == ["#", "##", "##", "##", "###", "###", "#", "##", "##", "##", "##", "##"]


def test_a_version_is_no_number_of_a_title() -> None:
    found = page_of(
        typed(72, 810, "The pump", "B", 18), paragraph(785),
        typed(72, 740, "0.x pumps", "B", 14), paragraph(715),
        typed(72, 670, "1.x pumps", "B", 14), paragraph(645),
        typed(72, 600, "2.x pumps", "B", 14), paragraph(575),
    )  # fmt: skip

    assert headings(found) == ["# The pump", "## 0.x pumps", "## 1.x pumps", "## 2.x pumps"]


def test_slanted_titles_may_be_a_little_larger_than_those_above_them() -> None:
    items = [
        ("B", 18, "The pump"), ("B", 16, "Parts"), ("B", 12, "Rotor"), ("I", 13.3, "Hub"),
        ("I", 13.3, "Lid"), ("B", 12, "Blades"), ("I", 13.3, "Edge"), ("B", 16, "Care"),
        ("B", 12, "Oil"), ("I", 13.3, "Grade"),
    ]  # fmt: skip
    found = page_of(
        *(typed(72, 810 - 78 * n, title, font, size) + paragraph(788 - 78 * n)
          for n, (font, size, title) in enumerate(items))
    )  # fmt: skip

    assert headings(found) == [
        "# The pump", "## Parts", "### Rotor", "#### Hub", "#### Lid", "### Blades", "#### Edge",
        "## Care", "### Oil", "#### Grade",
    ]  # fmt: skip


def test_bold_titles_that_recur_may_be_much_smaller_than_the_text_below_them() -> None:
    def text(y: int) -> str:
        return typed(72, y, "The pump moves water from the well", "F", 15) + typed(
            72, y - 20, "to the house, and it stops by itself.", "F", 15
        )

    found = page_of(
        typed(72, 800, "Parts", "I", 19), text(765),
        typed(72, 705, "Rotor", "B", 10.5), text(670), typed(72, 610, "Hub", "B", 10.5), text(575),
        typed(72, 505, "Care", "I", 19), text(470), typed(72, 410, "Oil", "B", 10.5), text(375),
    )  # fmt: skip

    assert headings(found) == ["# Parts", "## Rotor", "## Hub", "# Care", "## Oil"]


@pytest.mark.parametrize("rest", ["pump/manual/of/the/rotor", "rotor-manual.md\\)"])
def test_the_rest_of_a_coloured_address_is_no_title(rest: str) -> None:
    found = page_of(
        typed(72, 800, "Parts", "B", 14), paragraph(775),
        "0 0 0.8 rg " + typed(90, 735, "manual of the rotor", "F", 9)
        + typed(90, 710, rest, "F", 9) + "0 g ",
        paragraph(680), typed(72, 630, "Care", "B", 14), paragraph(605),
    )  # fmt: skip

    assert f"# {rest}" not in "\n".join(headings(found)).replace(")", "\\)")


def test_counted_code_that_its_text_follows_on_the_line_is_a_title() -> None:
    def option(y: int, number: str, name: str) -> str:
        dot = 92 + 6 * len(name)
        return (
            typed(72, y, number, "F") + typed(92, y, name, "C") + typed(dot, y, ".", "B")
            + typed(dot + 8, y, "It takes a word that is the name of a well, and", "F")
            + typed(72, y - 13, "no other word, or none at all.", "F")
        )  # fmt: skip

    found = page_of(
        typed(72, 800, "1. Parts", "B", 14), paragraph(775),
        option(730, "1.1.", "rotor"), option(690, "1.2.", "blades"),
        typed(72, 650, "2. Care", "B", 14), paragraph(625), option(580, "2.1.", "oil"),
    )  # fmt: skip

    assert headings(found) == [
        "# 1. Parts", "## 1.1. `rotor`.", "## 1.2. `blades`.", "# 2. Care", "## 2.1. `oil`.",
    ]  # fmt: skip


def test_code_nearer_to_the_title_than_to_the_text_behind_it_ends_the_title() -> None:
    found = page_of(
        typed(72, 800, "1. Parts", "B", 14), paragraph(775),
        typed(72, 730, "1.1.", "F"), typed(92, 730, "Care of", "B"), typed(130, 730, "rotor", "C"),
        typed(168, 730, "It turns at one speed, as long as the mains", "F"),
        typed(72, 717, "has power, and needs no oil.", "F"),
    )  # fmt: skip

    assert headings(found) == ["# 1. Parts", "## 1.1. Care of `rotor`"]


def test_a_closed_title_before_code_is_like_those_that_run_into_their_text() -> None:
    def closed(y: int, title: str, behind: int) -> str:
        return (
            typed(72, y, f"{title}.", "I")
            + typed(behind, y, "It turns at one speed, as long as the mains", "F")
            + typed(72, y - 13, "has power, and needs no oil.", "F")
        )

    found = page_of(
        typed(72, 800, "Parts", "B", 14), paragraph(775),
        closed(720, "Rotor", 107), closed(670, "Blades", 112), closed(620, "Lid", 94),
        typed(72, 570, "Hub.", "I"), typed(72, 556, "pump.hub", "C", 8),
        typed(72, 520, "Care", "B", 14), paragraph(495),
    )  # fmt: skip

    assert headings(found) == [
        "# Parts", "## Rotor.", "## Blades.", "## Lid.", "## Hub.", "# Care",
    ]  # fmt: skip


def listing(first: int, top: int, *code: str, number: str = "F") -> str:
    """Lines of code with their numbers before them."""
    return "".join(
        typed(66, top - 12 * n, str(first + n), number, 6) + typed(78, top - 12 * n, line, "C", 9)
        for n, line in enumerate(code)
    )


def test_numbers_before_the_lines_of_code_are_left_out_and_told() -> None:
    found = book(
        paragraph(780) + listing(1, 740, "def turn:", "  rotor.run", "  rotor.stop"),
        typed(72, 780, "It also needs oil, once in a year or so:", "F")
        + listing(1, 740, "rotor.oil"),
    )

    assert texts(found, "code") == [
        "```\ndef turn:\n  rotor.run\n  rotor.stop\n```",
        "```\nrotor.oil\n```",
    ]
    assert [item.beginning for item in found.dropped] == ["1 2 3", "1"]


def test_numbers_before_code_go_though_neither_font_has_a_name() -> None:
    def run(text: str, x: float, y: float, *, fixed: bool) -> Run:
        letters = [x + 5 * at for at in range(len(text))]
        font = Font("", bold=False, italic=False, fixed=fixed)
        return Run(
            text, letters, letters[-1] + 5, y, y - 8, y + 2, 9, font, (0, 0, 0), -1, False, 0
        )

    rows = ["def turn:", "  rotor.run", "  rotor.stop"]
    runs = [run(str(at), 66, 700 + 12 * at, fixed=False) for at in (1, 2, 3)]
    runs += [run(row, 78, 712 + 12 * at, fixed=True) for at, row in enumerate(rows)]
    page = Page(1, 595, 842, runs, [], [], [], True, [], [], 0.0, [], set())
    dropped = line_numbers.take_out([page])

    assert [one.beginning for one in dropped] == ["1 2 3"]
    assert [one.text for one in page.runs] == rows


def test_numbers_of_lines_go_where_the_code_beside_them_is_indented_far() -> None:
    def numbered(first: int, y: int, *rows: str) -> str:
        return "".join(
            typed(61 - 4 * len(str(first + at)), y - 12 * at, str(first + at), "F", 6)
            + typed(72 + 5.4 * (len(row) - len(row.lstrip())), y - 12 * at, row.lstrip(), "C", 9)
            for at, row in enumerate(rows)
        )

    inner = ["         turn.rotor", "         stop.rotor", "            turn.hub"]
    found = book(
        paragraph(780) + numbered(1, 740, "pump.start", "   turn.hub", "pump.stop", *inner),
        paragraph(780) + numbered(7, 740, *inner),
    )

    shown = [line.strip() for line in texts(found, "code")[-1].split("\n")]
    assert shown[-4:-1] == [row.strip() for row in inner]
    gone = [one.beginning for one in found.dropped if one.reason == "line_numbers"]
    assert gone == ["1 2 3 4 5 6", "7 8 9"]


def test_numbers_in_code_that_are_set_like_it_stay() -> None:
    rows = "".join(
        typed(72, 740 - 12 * n, str(n + 1), "C", 9) + typed(84, 740 - 12 * n, word, "C", 9)
        for n, word in enumerate(["pump", "rotor", "hub"])
    )
    found = page_of(paragraph(780), rows)

    assert texts(found, "code") == ["```\n1 pump\n2 rotor\n3 hub\n```"]
    assert found.dropped == ()


def in_cells(y: int, row: str, cell: float = 5.76) -> str:
    """Code whose words and signs fill cells of so many points, where their font's are of 4.8.

    The room is spread evenly between the letters of a word, and before and behind it.
    """
    shown, due = "", 0.0  # due: room in points that no letter has taken yet
    for token in re.findall(r"\w+| |[^\w ]+", row):
        if token == " ":
            due += cell
            continue
        room = (cell - 4.8) * len(token) / (len(token) + 1)
        due += room
        for letter in token:
            sign = f"\\{letter}" if letter in "()" else letter
            shown += f"{-due / 8 * 1000:.0f} ({sign}) "
            due = room
    return f"BT /C 8 Tf 72 {y} Td [{shown}] TJ ET "


def test_code_whose_letters_are_set_apart_has_blanks_between_its_words_only() -> None:
    rows = [
        "const rotor = turn(pump);", "if (rotor.runs) {", "  rotor.oil(well, true);", "}",
        "stop(all.wells);",
    ]  # fmt: skip
    found = page_of(paragraph(780), *(in_cells(740 - 12 * n, row) for n, row in enumerate(rows)))

    assert texts(found, "code") == ["```\n" + "\n".join(rows) + "\n```"]


def test_signs_set_apart_from_words_in_wide_cells_have_no_blank_before_them() -> None:
    rows = [
        '<oil well="/profile" method="post" to="multiparts/forms-data">',
        '  <well at="/deep/dug">', "</oil>",
    ]  # fmt: skip
    found = page_of(
        paragraph(780), *(in_cells(740 - 12 * n, row, 6.1) for n, row in enumerate(rows))
    )

    assert texts(found, "code") == ["```\n" + "\n".join(rows) + "\n```"]


def test_upright_quotes_of_another_font_are_signs_of_the_code_they_stand_in() -> None:
    def quoted(y: int, before: str, word: str, after: str) -> str:
        shown, x = "", 72
        for text, font in ((before, "C"), ("'", "T"), (word, "C"), ("'", "T"), (after, "C")):
            shown += typed(x, y, text, font)
            x += 6 * len(text)
        return shown

    found = page_of(
        paragraph(780),
        quoted(740, "pump.turn[", "rotor", "]"), quoted(728, "pump.stop[", "all", "]"),
    )  # fmt: skip

    assert texts(found, "code") == ["```\npump.turn['rotor']\npump.stop['all']\n```"]


def test_an_item_that_fills_a_column_of_short_lines_is_no_title_in_its_middle() -> None:
    found = page_of(
        typed(72, 800, "Parts", "B", 14), typed(72, 775, "It has these parts, in this order:", "F"),
        typed(92, 750, "1. The rotor in its case", "F"), typed(72, 728, "rotor.turn", "C", 8),
        typed(92, 700, "2. The blades of steel", "F"), typed(72, 678, "blades.turn", "C", 8),
    )  # fmt: skip

    assert headings(found) == ["# Parts"]


def column(x: int, y: int, *lines: str) -> str:
    return "".join(typed(x, y - 13 * n, line, "F") for n, line in enumerate(lines))


FIRST_COLUMN = (
    "The pump moves water from the well to the house,",
    "and it stops by itself when the well is dry, or",
    "when the tank is full. It starts again as soon as",
    "a tap is opened, unless the mains has failed.",
)


def test_a_second_column_of_one_title_is_read_after_the_first() -> None:
    found = page_of(
        typed(72, 780, "Pumps and their use", "B", 14),
        column(72, 760, *FIRST_COLUMN),
        typed(320, 780, "What is drained", "B", 14),
    )

    assert texts(found, "heading") == ["# Pumps and their use", "# What is drained"]
    assert found.text.index("unless the mains") < found.text.index("What is drained")


def test_a_second_column_of_a_table_below_its_title_is_read_after_the_first() -> None:
    rows = [("rotor", "12"), ("hub", "7"), ("lid", "2")]
    rules = "".join(f"316 {y} m 520 {y} l S " for y in (772, 754, 706))
    cells = "".join(
        typed(x, 760 - 16 * n, cell, "F")
        for n, row in enumerate([("Part", "Price"), *rows])
        for x, cell in zip((320, 440), row, strict=True)
    )
    found = page_of(
        typed(72, 790, "Pumps and their use", "B", 14),
        column(72, 770, *FIRST_COLUMN),
        typed(320, 790, "What it costs", "B", 14),
        rules,
        cells,
    )

    kinds = [block.kind for block in found.blocks]
    assert kinds == ["heading", "paragraph", "heading", "table"]


def test_a_value_beside_few_lines_is_no_column() -> None:
    """It does not begin as high as the others do."""
    found = page_of(
        column(72, 780, *FIRST_COLUMN, "Price of all of these parts without the tank:"),
        typed(320, 728, "12 marks", "F"),
        column(72, 715, "It is paid at once."),
    )

    assert "the tank: 12 marks" in found.text.replace("\n", " ")


def test_two_blank_lines_of_another_face_stand_in_one_block_of_code() -> None:
    lines = [
        (700, "import pump"),
        (659, "def fill(tank):"),
        (646, "    pump.start()"),
        (633, "    return tank"),
    ]
    found = page_of(
        paragraph(775), *(typed(72, y, text) for y, text in lines), paragraph(600),
    )  # fmt: skip

    assert texts(found, "code") == [
        "```\nimport pump\n\n\ndef fill(tank):\n    pump.start()\n    return tank\n```"
    ]


def test_lines_of_code_that_tags_call_paragraphs_are_one_block() -> None:
    lines = [
        (700, "import pump"),
        (688, "import tank"),
        (664, "pump.start()"),
        (652, "tank.fill()"),
    ]
    found = tagged(
        ("P", paragraph(775)),
        *(("P", typed(72, y, text)) for y, text in lines),
        ("P", paragraph(600)),
    )

    assert texts(found, "code") == [
        "```\nimport pump\nimport tank\n\npump.start()\ntank.fill()\n```"
    ]


def test_blocks_of_one_line_of_code_that_tags_tell_stay_apart() -> None:
    found = tagged(
        ("P", paragraph(775)),
        ("P", typed(72, 700, "import pump")),
        ("P", typed(72, 676, "import tank")),
        ("P", paragraph(640)),
    )

    assert texts(found, "code") == ["```\nimport pump\n```", "```\nimport tank\n```"]


def test_numbers_that_no_element_has_belong_to_the_titles_behind_them() -> None:
    """A stylesheet counts the headings: its numbers are no content, and stand in no element."""
    found = tagged(
        ("", typed(72, 770, "1", "B", 16)),
        ("", typed(81, 770, ".", "B", 16)),
        ("H1", typed(90, 770, "The pump", "B", 16)),
        ("P", paragraph(740)),
        ("", typed(72, 700, "1.1", "B", 13)),
        ("H2", typed(95, 700, "Its parts", "B", 13)),
        ("P", paragraph(680)),
    )

    assert headings(found) == ["# 1. The pump", "## 1.1 Its parts"]
    assert len(texts(found, "paragraph")) == 2


def spelled(x: float, y: float, text: str, font: str = "C", step: float = 3.64) -> str:
    """Text as some makers write it: every letter by itself, a little wider than its font says."""
    return "".join(
        typed(round(x + at * step, 2), y, {"(": "\\(", ")": "\\)"}.get(letter, letter), font, 6)
        for at, letter in enumerate(text)
        if letter != " "
    )


def test_letters_that_are_each_shown_by_themselves_make_words_and_code() -> None:
    code = [
        "void bar(int x, int y = spam);   // not wrapped with the compact default arguments",
        "                                 // of a private default value that is long",
        "void foo();",
    ]
    found = page_of(
        typed(72, 770, "The pump", "B", 16), paragraph(745), paragraph(715),
        *(spelled(72, 690 - 7 * n, line) for n, line in enumerate(code)),
        paragraph(650), paragraph(620),
    )  # fmt: skip

    assert texts(found, "code") == ["```\n" + "\n".join(code) + "\n```"]


def test_the_box_around_code_that_goes_on_over_a_page_takes_in_no_running_head() -> None:
    head, foot = typed(260, 812, "Pump manual", "F", 8), typed(72, 30, "2.1 Care", "F", 8)
    box = "72 20 450 810 re S "
    pages = [head + foot + paragraph(745) + paragraph(700) + paragraph(300) for _ in range(5)]
    pages[2] = box + head + foot + typed(80, 745, "pump --start", "C") + typed(80, 730, "end", "C")

    found = book(*pages)

    assert "manual" not in found.text and "2.1" not in found.text
    assert {item.reason for item in found.dropped} == {"running_head", "running_foot"}


def test_a_tagged_table_of_one_cell_is_a_box_around_what_it_holds() -> None:
    code = ["def turn:", "  rotor.run", "  rotor.stop"]
    lines: list[Element | str] = [
        ("P", [typed(78, 700 - 12 * n, line, "C", 9)]) for n, line in enumerate(code)
    ]
    found = structured(
        ("P", [paragraph(760)]), ("Table", [("TR", [("TD", lines)])]),
        ("Table", [("TR", [("TD", [("P", [typed(78, 640, "Stop it before you open it.", "F")])])])]),
    )  # fmt: skip

    assert texts(found, "code") == ["```\n" + "\n".join(code) + "\n```"]
    assert texts(found, "paragraph")[1:] == ["Stop it before you open it."]
    assert not texts(found, "table")


def test_a_caption_inside_of_a_tagged_table_stands_above_it() -> None:
    def row(y: int, *words: str) -> Element:
        return "TR", [("TD", [typed(72 + 120 * n, y, word, "F")]) for n, word in enumerate(words)]

    found = structured(
        ("H1", [typed(72, 770, "Limits", "B", 16)]), ("P", [paragraph(745)]),
        ("Table", [
            ("Caption", [typed(72, 700, "Table 1: Limits by plan", "F")]),
            row(680, "Plan", "Limit"), row(665, "Free", "10"), row(650, "Pro", "500"),
        ]),
        ("P", [paragraph(620)]),
    )  # fmt: skip

    assert [block.kind for block in found.blocks] == [
        "heading", "paragraph", "caption", "table", "paragraph",
    ]  # fmt: skip
    assert texts(found, "caption") == ["Table 1: Limits by plan"]


def test_formulas_and_notes_in_a_tagged_sentence_do_not_end_it() -> None:
    found = structured(
        ("H1", [typed(72, 770, "Wells", "B", 16)]),
        ("P", [
            typed(72, 740, "With the content", "F"), ("Formula", [typed(155, 740, "q", "F")]),
            typed(165, 740, "of a well", "F"),
            ("Note", [typed(72, 60, "1 A well is a hole.", "F", 8)]),
            typed(212, 740, "the pump is told when to stop.", "F"),
        ]),
        ("P", [paragraph(700)]),
    )  # fmt: skip

    first, note, _ = texts(found, "paragraph")
    assert first == "With the content q of a well the pump is told when to stop."
    assert note == "1 A well is a hole."


def test_a_note_in_a_paragraph_of_its_own_is_kept_at_the_end_of_a_page_too() -> None:
    found = structured(
        ("H1", [typed(72, 770, "Wells", "B", 16)]), ("P", [paragraph(740)]),
        ("P", [("Note", [typed(72, 60, "1 A well is a hole.", "F", 8)])]),
    )  # fmt: skip

    assert texts(found, "paragraph")[-1] == "1 A well is a hole."


def test_boxes_that_no_tag_calls_a_paragraph_are_parted_by_their_looks() -> None:
    boxes: list[Element | str] = [
        ("NonStruct", [typed(72, y, text, font, 10)])
        for y, text, font in [
            (740, "Members", "B"), (722, "How many people may belong to a place.", "F"),
            (690, "Storage", "B"), (672, "How much space all files may take.", "F"),
        ]
    ]  # fmt: skip
    found = structured(("H1", [typed(72, 770, "Limits", "B", 16)]), ("Sect", boxes))

    assert texts(found, "paragraph") == [
        "Members", "How many people may belong to a place.",
        "Storage", "How much space all files may take.",
    ]  # fmt: skip


def test_running_heads_of_two_lines_are_left_out() -> None:
    heads = ["Compiling"] * 5 + ["Configuring the pump,"] * 3 + ["Appendix"] * 3
    pages = [
        typed(250, 800, head, "F", 9)
        + (typed(240, 788, "the monitor of the well", "F", 9) if "," in head else "")
        + typed(300, 40, str(n), "F", 9)
        + paragraph(740) + paragraph(700) + paragraph(660)
        for n, head in enumerate(heads, 1)
    ]  # fmt: skip

    assert "monitor" not in book(*pages).text


def test_a_title_of_two_lines_behind_a_large_number_is_one() -> None:
    found = page_of(
        typed(120, 720, "4", "B", 52) + typed(175, 720, "Building and Linking with", "B", 22),
        typed(120, 688, "Libraries", "B", 22), paragraph(640), paragraph(600), paragraph(560),
    )  # fmt: skip

    assert headings(found) == ["# 4 Building and Linking with Libraries"]


def test_counted_examples_are_captions_and_no_headings() -> None:
    found = book(
        typed(72, 770, "Scripts", "B", 16) + paragraph(745) + typed(72, 710, "Calls", "B", 13)
        + paragraph(690) + typed(72, 650, "Example 3.1. timer.stp", "B") + paragraph(630),
        typed(72, 770, "Events", "B", 13) + paragraph(745)
        + typed(72, 710, "Example 3.2. wildcard.stp", "B") + paragraph(690),
    )  # fmt: skip

    assert headings(found) == ["# Scripts", "## Calls", "## Events"]
    assert texts(found, "caption") == ["Example 3.1. timer.stp", "Example 3.2. wildcard.stp"]


def test_labels_in_brackets_are_kept_as_other_clauses_name_them() -> None:
    found = page_of(
        typed(72, 770, "Terms", "B", 16), paragraph(745),
        typed(72, 700, "\\(1\\)", "F"), typed(90, 700, "The buyer pays in advance.", "F"),
        typed(72, 680, "\\(2\\)", "F"), typed(90, 680, "The seller sends the goods.", "F"),
    )  # fmt: skip

    assert texts(found, "list_item") == [
        "- (1) The buyer pays in advance.", "- (2) The seller sends the goods.",
    ]  # fmt: skip


def test_counted_paragraphs_whose_lines_all_begin_at_the_margin_are_whole() -> None:
    lines = [
        "The supplier keeps records of all that was delivered for at least six years and",
        "shows them to the customer within a time that both of them find to be right, if",
        "the customer bears the cost of the copies that are made of them for this reason.",
    ]
    found = page_of(
        typed(72, 770, "Terms", "B", 16), paragraph(745),
        *(
            typed(72, 700 - 60 * n - 13 * at, (f"{n + 1}. " if not at else "") + line, "F")
            for n in range(2) for at, line in enumerate(lines)
        ),
    )  # fmt: skip

    assert texts(found, "list_item") == [f"{n}. {' '.join(lines)}" for n in (1, 2)]


def test_counted_items_below_counted_ones_are_items() -> None:
    items = [(80, "1. Keep the rooms clean."), (105, "1. Sweep the stairs."),
             (105, "2. Clean the windows."), (80, "2. Report damage.")]  # fmt: skip
    found = page_of(
        typed(72, 770, "Duties", "B", 16), paragraph(745),
        *(typed(x, 700 - 15 * n, text, "F") for n, (x, text) in enumerate(items)),
    )  # fmt: skip

    assert found.text.endswith(
        "1. Keep the rooms clean.\n  1. Sweep the stairs.\n  2. Clean the windows.\n2. Report damage."
    )


def test_who_wrote_it_is_no_heading_above_listed_ones_and_back_matter_is_one_of_them() -> None:
    found = page_of(
        middle(780, "On Schedules", "B", 20, 130), middle(750, "Anna Author", "F", 12, 66),
        middle(730, "May 2026", "F", 12, 52), paragraph(700),
        typed(72, 650, "1 Parts", "B", 14), paragraph(630),
        typed(72, 590, "2 Care", "B", 14), paragraph(570),
        typed(72, 530, "Acknowledgments", "B", 14), paragraph(510),
        typed(72, 470, "References", "B", 14), paragraph(450),
        outline=[("1 Parts", 664), ("2 Care", 604)],
    )  # fmt: skip

    assert headings(found) == [
        "# On Schedules", "## 1 Parts", "## 2 Care", "## Acknowledgments", "## References",
    ]  # fmt: skip


def test_the_further_lines_of_an_entry_stay_with_it_whatever_they_begin_with() -> None:
    found = page_of(
        typed(72, 770, "References", "B", 16),
        typed(72, 740, "[1] R. Graham. Bounds on timing anomalies and related problems in the", "F"),
        typed(90, 727, "theory of schedules. Journal on Applied Mathematics, with no room here,", "F"),
        typed(90, 714, "17(2):416-429, 1969.", "F"),
        typed(72, 690, "[2] A. Allahverdi. The third survey on the problems of schedules that all", "F"),
        typed(90, 677, "have setup times. European Journal, 246:345-378.", "F"),
        paragraph(640),
    )  # fmt: skip

    first, second, _ = texts(found, "paragraph")
    assert first.endswith("17(2):416-429, 1969.") and second.startswith("[2] A. Allahverdi.")


def test_rows_of_a_table_without_missing_cells_begin_as_their_first_cells_do() -> None:
    rows = [("Phase", "Services"), ("Pilot", "checkout and cart"), ("Core", "all of tier one"),
            ("Rest", "batch jobs")]  # fmt: skip
    rules = "".join(f"72 {y} 126 .8 re f " for y in (715, 698, 648))
    found = page_of(
        typed(72, 770, "Costs", "B", 16), paragraph(745), rules,
        *(
            typed(x, 703 - 12 * n - (6 if n else 0), cell, "F")
            for n, row in enumerate(rows) for x, cell in zip((76, 115), row, strict=True)
        ),
        paragraph(620),
    )  # fmt: skip

    assert texts(found, "table") == [
        "| Phase | Services |\n| --- | --- |\n| Pilot | checkout and cart |\n"
        "| Core | all of tier one |\n| Rest | batch jobs |"
    ]


def test_numbers_that_end_below_each_other_are_one_column() -> None:
    rows = [("Region", "2023", "2024"), ("North", "120", "131"), ("South", "98", "88"),
            ("West", "45", "52")]  # fmt: skip
    rules = "".join(f"72 {y} 130 .8 re f " for y in (715, 698, 648))
    cells = [
        typed(round(76 if not n else 100 + 40 * n - 5.56 * len(cell), 2), 703 - 12 * at - (6 if at else 0), cell, "F")
        for at, row in enumerate(rows) for n, cell in enumerate(row)
    ]  # fmt: skip
    found = page_of(typed(72, 770, "Costs", "B", 16), paragraph(745), rules, *cells, paragraph(620))

    assert texts(found, "table") == [
        "| Region | 2023 | 2024 |\n| --- | --- | --- |\n| North | 120 | 131 |\n"
        "| South | 98 | 88 |\n| West | 45 | 52 |"
    ]


def test_text_between_level_rules_without_columns_is_text() -> None:
    rules = "".join(f"72 {y} 300 .8 re f " for y in (765, 735, 690))
    found = page_of(rules, typed(72, 750, "Note", "B"), paragraph(715), paragraph(640))

    assert not texts(found, "table") and found.text.count("The pump moves water") == 2


def test_lists_beside_each_other_have_their_heads_and_end_before_the_text_below() -> None:
    content = typed(72, 770, "Compare", "B", 16) + paragraph(745)
    for x, name in ((72, "left"), (320, "right")):
        content += typed(x, 700, f"The {name} part", "B")
        for n in range(3):
            content += typed(x, 680 - 15 * n, f"- {name} point {n}", "F")
    below = "Teams that upgrade should read the notes of every last version in between, because"
    content += typed(72, 620, below, "F") + typed(72, 607, "defaults were changed by some.", "F")

    found = page_of(content)

    assert texts(found, "list_item") == [
        f"- {name} point {n}" for name in ("left", "right") for n in range(3)
    ]
    assert texts(found, "paragraph")[-1] == f"{below} defaults were changed by some."


def test_a_list_beside_prose_is_read_before_it() -> None:
    prose = ["The pump moves water from", "the well to the house, and", "it stops by itself when the",
             "well is dry or all is full."]  # fmt: skip
    found = page_of(
        typed(72, 770, "Pump", "B", 16), paragraph(745),
        *(typed(72, 700 - 14 * n, f"- feature {n} of it", "F") for n in range(4)),
        *(typed(300, 700 - 14 * n, text, "F") for n, text in enumerate(prose)),
    )  # fmt: skip

    assert texts(found, "list_item") == [f"- feature {n} of it" for n in range(4)]
    assert " ".join(prose) in found.text


def test_versions_and_their_dates_are_headings_of_a_list_of_changes() -> None:
    content = typed(72, 780, "Changes", "B", 20)
    for n, version in enumerate(["[1.4.0] - 2025-03-02", "1.3.1", "1.3.0"]):
        y = 740 - 200 * n
        content += typed(72, y, version, "B", 15) + paragraph(y - 25)
        content += typed(72, y - 70, "Added", "B", 12) + paragraph(y - 90)

    assert headings(page_of(content)) == [
        "# Changes", "## [1.4.0] - 2025-03-02", "### Added", "## 1.3.1", "### Added", "## 1.3.0",
        "### Added",
    ]  # fmt: skip


def test_signs_of_prose_stand_right_beside_code_that_has_room_around_it() -> None:
    found = page_of(
        typed(72, 770, "Calls", "B", 16), paragraph(745),
        typed(72, 715, "Call", "F"), typed(95, 715, "run", "C"), typed(116, 715, ", then \\(", "F"),
        typed(151, 715, "stop", "C"), typed(178, 715, "\\) and no other.", "F"),
    )  # fmt: skip

    assert found.text.endswith("Call `run`, then (`stop`) and no other.")


def test_items_that_bold_words_begin_make_no_bold_title_prose() -> None:
    content = typed(72, 780, "Accounts", "B", 18) + paragraph(755)
    for n in range(2):
        y = 700 - 200 * n
        content += typed(72, y, f"How to do thing {n}", "B") + paragraph(y - 16)
        for at, name in enumerate(["Owners can do everything", "Members can look at it"]):
            content += typed(72, y - 55 - 16 * at, "-", "F") + typed(
                84, y - 55 - 16 * at, name, "B"
            )
            content += typed(215, y - 55 - 16 * at, "with it", "F")

    assert headings(page_of(content)) == [
        "# Accounts", "## How to do thing 0", "## How to do thing 1",
    ]  # fmt: skip


def test_signs_before_the_rest_of_a_line_of_code_join_it_to_its_line() -> None:
    found = page_of(
        paragraph(780),
        typed(72, 740, "pump --level low", "C") + typed(168, 740, "c", "V"),
        typed(74, 728, "b", "Z", 4) + typed(80, 728, "--log /var/log/pump.", "C"),
        typed(74, 716, "b", "Z", 4) + typed(80, 716, "$NAME", "C"),
        typed(72, 704, "pump one,", "C"),
        typed(74, 692, "b", "Z", 4) + typed(86, 692, "two", "C"),
        paragraph(660),
    )  # fmt: skip

    shown = "pump --level low --log /var/log/pump.$NAME\npump one, two"
    assert texts(found, "code") == [f"```\n{shown}\n```"]


def test_signs_behind_a_line_of_code_join_the_next_to_it() -> None:
    def sign(x: int, y: int) -> str:
        return typed(x, y, "a", "Z") + typed(x + 10, y, "-", "F")

    found = page_of(
        paragraph(780),
        typed(72, 740, "pump --level low", "C") + sign(180, 740),
        typed(72, 728, "--log /var/log/pump.", "C") + sign(197, 728),
        typed(72, 716, "log", "C"), typed(72, 704, "pump two", "C"),
        paragraph(660),
    )  # fmt: skip

    shown = "pump --level low --log /var/log/pump.log\npump two"
    assert texts(found, "code") == [f"```\n{shown}\n```"]


def test_titles_in_a_box_are_as_high_as_those_of_the_next_page() -> None:
    def boxed(y: int, title: str) -> str:
        rows = ("The pump moves water from the well to", "the house, and it stops by itself.")
        text = "".join(typed(84, y - 22 - 13 * n, row, "F") for n, row in enumerate(rows))
        return typed(84, y, title, "B", 14) + text

    found = book(
        typed(72, 800, "Pumps", "B", 20) + paragraph(775) + boxed(720, "Parts"),
        boxed(780, "Care") + boxed(700, "Oil"),
    )

    assert headings(found) == ["# Pumps", "## Parts", "## Care", "## Oil"]


def test_blank_lines_as_high_as_those_of_prose_stand_in_one_block_of_code() -> None:
    lines = [(700, "pump = 1"), (690, "tank = 2"), (667, "fill(tank)"), (657, "stop(pump)")]
    text = "".join(
        typed(
            72, 790 - 13 * n, "The pump moves water from the well to the house, and it stops", "F"
        )
        for n in range(4)
    )
    found = page_of(text, *(typed(72, y, line, "C", 8) for y, line in lines))

    assert texts(found, "code") == ["```\npump = 1\ntank = 2\n\nfill(tank)\nstop(pump)\n```"]


def test_rows_that_were_wrapped_more_closely_add_no_blank_lines() -> None:
    steps = [12, 12, 9, 12, 12, 9, 12, 12, 24, 12, 36, 12]
    heights = [760 - sum(steps[:n]) for n in range(len(steps) + 1)]
    found = page_of(*(typed(72, y, f"step({n})", "C", 8) for n, y in enumerate(heights)))

    assert texts(found, "code")[0].count("\n\n") == 2
    assert "step(8)\n\nstep(9)\nstep(10)\n\n\nstep(11)" in texts(found, "code")[0]


def test_quotation_marks_of_code_that_tex_shows_alike_are_straight() -> None:
    found = page_of(
        paragraph(780), typed(72, 740, "echo ", "C") + typed(102, 740, "dbd", "V"),
        typed(72, 728, "inch", "C") + typed(102, 728, "d", "V"), paragraph(700),
    )  # fmt: skip

    assert texts(found, "code") == ['```\necho "\u21aa"\ninch \u201d\n```']


def drawn_font(described: int, names: str) -> str:
    """A font that the file draws itself, of object 6; described: its descriptor, if it has one."""
    procs = " ".join(f"/{name} 6 0 R" for name in names)
    differences = " ".join(f"{ord(name)} /{name}" for name in names)
    widths = " ".join("600" for _ in range(26))
    return (
        "<< /Type /Font /Subtype /Type3 /FontMatrix [.001 0 0 .001 0 0] /FontBBox [0 0 600 700] "
        f"/FirstChar 97 /LastChar 122 /Widths [{widths}] /CharProcs << {procs} >> "
        f"/Encoding << /Type /Encoding /Differences [{differences}] >> "
        f"/FontDescriptor {described} 0 R /Resources << >> >>"
    )


def test_fonts_that_a_browser_draws_have_the_names_that_it_tells_beside_them() -> None:
    rows = [(780, "B", "care"), (755, "F", "stop"), (690, "B", "parts"), (665, "F", "start")]
    content = " ".join(typed(72, y, text, font) for y, font, text in rows)
    glyph = "600 0 0 0 600 700 d1 0 0 400 700 re f"
    letters = "abcdefghijklmnopqrstuvwxyz"

    data = written(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        drawn_font(7, letters),
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F 3 0 R /B 8 0 R >> >> >>",
        f"<< /Length {len(glyph)} >>\nstream\n{glyph}\nendstream",
        "<< /Type /FontDescriptor /FontName /AAAAAA+Inter /FontWeight 400 /ItalicAngle 0 >>",
        drawn_font(9, letters),
        "<< /Type /FontDescriptor /FontName /AAAAAB+Inter /FontWeight 700 /ItalicAngle -9.5 >>",
    )
    pages = [page for page in Pdf(data, "").pages() if isinstance(page, Page)]
    fonts = {run.text: run.font for page in pages for run in page.runs}

    assert [fonts[text].name for _, _, text in rows] == ["Inter-Bold-Italic", "Inter"] * 2
    assert fonts["care"].bold and fonts["care"].italic and fonts["care"].face == "Inter"
    assert font_names.told(data[:-300]) == data[:-300]


def test_letters_that_a_matrix_slants_are_italic_and_as_large_as_upright_ones() -> None:
    def slanted(y: int, text: str) -> str:
        return f"BT /C 10 Tf 1 0 .33 1 72 {y} Tm ({text}) Tj ET "

    found = page_of(
        paragraph(780),
        typed(72, 740, "def fill\\(\\):", "C"), slanted(728, "    # until it is full"),
        typed(72, 716, "    pump\\(\\)", "C"), slanted(704, "# then"), typed(72, 692, "stop\\(\\)", "C"),
    )  # fmt: skip

    shown = "def fill():\n    # until it is full\n    pump()\n# then\nstop()"
    assert texts(found, "code") == [f"```\n{shown}\n```"]


def test_blank_lines_as_high_as_those_of_prose_may_be_lower_than_code() -> None:
    lines = [(700, "pump = 1"), (685, "tank = 2"), (658, "fill(tank)"), (643, "stop(pump)")]
    words = "The pump moves water from the well to the house, and it stops"
    text = "".join(typed(72, 790 - 12 * n, words, "F") for n in range(4))
    found = page_of(text, *(typed(72, y, line, "C", 11) for y, line in lines))

    assert texts(found, "code") == ["```\npump = 1\ntank = 2\n\nfill(tank)\nstop(pump)\n```"]


def inset(*rows: tuple[float, str]) -> list[str]:
    """Rows of 10 points, whose letters are 6 points wide, so many points right of the margin."""
    shown = [(right, re.sub(r"([()])", r"\\\1", text)) for right, text in rows]
    return [typed(72 + right, 740 - 12 * n, text, "C") for n, (right, text) in enumerate(shown)]


def test_rows_of_code_that_narrower_blanks_indent_are_no_hanging_rest_of_others() -> None:
    found = page_of(
        paragraph(780),
        *inset(
            (0, "turn({"), (10.8, "rotor: {"), (21.6, "oil: well,"), (32.4, "hub: [all],"),
            (10.8, "},"), (0, "});"),
        ),
    )  # fmt: skip

    assert texts(found, "code") == [
        "```\nturn({\n  rotor: {\n    oil: well,\n      hub: [all],\n  },\n});\n```"
    ]


def test_rows_at_a_stop_of_a_tabulator_are_lines_of_their_own() -> None:
    names = [(72, "NAMES"), (86, "well = letter."), (86, "deep_well = well {well} 'D'."),
             (72, "SIGNS"), (86, "end = '.'.")]  # fmt: skip
    blocks = names, [(72, "SIGNS"), (83, "pump = 'pump'."), (83, "...")]
    shown = (
        typed(x, 700 - 200 * at - 12 * n, line)
        for at, block in enumerate(blocks)
        for n, (x, line) in enumerate(block)
    )
    found = page_of(paragraph(780), *shown, paragraph(550))

    assert [[row.strip() for row in text.split("\n")[1:-1]] for text in texts(found, "code")] == [
        [line for _, line in block] for block in blocks
    ]


def test_a_row_that_hangs_goes_on_without_a_blank_where_signs_have_none() -> None:
    found = page_of(
        paragraph(780),
        *inset(
            (0, "pump.turn(rotor.withAllOfItsBlades"), (20, ", all.wells);"),
            (0, "pump.stop(hub, rotor, blades, oil, '"), (20, "well');"),
            (0, "pump.clean(oil, rotor, blades, lid."), (20, "filterOf(rotor));"),
        ),
    )  # fmt: skip

    assert texts(found, "code") == [
        "```\npump.turn(rotor.withAllOfItsBlades, all.wells);\n"
        "pump.stop(hub, rotor, blades, oil, 'well');\n"
        "pump.clean(oil, rotor, blades, lid.filterOf(rotor));\n```"
    ]


def test_blanks_behind_long_words_that_are_set_apart_are_counted_by_the_gap() -> None:
    rows = ["of(it, as, we, do, so, is, thisRotorThatTurnsAllWells, wells, an, oil, hub, lid);",
            "if (thisRotorThatTurnsAllWells == thePumpThatHasNone) turn(it, of, an, oil, lid);",
            "do(thisRotorThatTurnsAllWells + thePumpThatHasNone + thePumpThatHasTwo, if, hub);"]  # fmt: skip
    found = page_of(paragraph(780), *(in_cells(740 - 12 * n, row) for n, row in enumerate(rows)))

    assert texts(found, "code") == ["```\n" + "\n".join(rows) + "\n```"]


def test_quotes_of_another_font_that_are_as_wide_as_code_are_code_apart_from_its_letters() -> None:
    found = page_of(
        paragraph(780),
        typed(72, 740, "turn[well, rotor]"), typed(72, 728, "ee", "Z"), typed(90, 728, "+ of"),
        typed(72, 716, "stop[well]"),
    )  # fmt: skip

    assert texts(found, "code") == ["```\nturn[well, rotor]\n'' + of\nstop[well]\n```"]


def test_an_apostrophe_of_a_font_of_its_own_is_none_of_code_for_one_that_stands_at_code() -> None:
    quote = "\\251"  # an upright one
    first = typed(72, 700, "The pump don", "F") + typed(136.5, 700, quote, "T")
    first += typed(138.5, 700, "t stop by itself.", "F")
    code = typed(72, 700, "turn[") + typed(102, 700, quote, "T") + typed(108, 700, "well]")
    pages = paragraph(780) + first, paragraph(780) + code + typed(72, 688, "stop[well]")
    shown = (
        "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << {} >> >>".format(
            " ".join(f"/{key} {at} 0 R" for at, key in enumerate("FTC", 7))
        )
    )
    found = document(
        written(
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
            *(f"<< {shown} /Contents {at} 0 R >>" for at in (5, 6)),
            *(f"<< /Length {len(page)} >>\nstream\n{page}\nendstream" for page in pages),
            *(
                f"<< /Type /Font /Subtype /Type1 /BaseFont /{face} >>"
                for face in ("Helvetica", "Times-Roman", "Courier")
            ),
        )
    )

    assert "The pump don't stop by itself." in found.text


def test_a_semicolon_that_its_font_calls_a_question_mark_of_greek_is_one() -> None:
    found = page_of(
        paragraph(780), typed(72, 740, "turn well"), typed(126, 740, "f", "V"),
        typed(72, 728, "stop well"),
    )  # fmt: skip

    assert texts(found, "code") == ["```\nturn well;\nstop well\n```"]


def test_a_sign_that_a_row_goes_on_may_be_drawn_after_all_of_the_rows() -> None:
    rows = ["--turn       turns", "rotor and", "hub", "--stop       stops"]
    shown = [typed(72 if "-" in row else 166, 740 - 12 * n, row) for n, row in enumerate(rows)]
    hooks = [typed(148, 740 - 12 * n, "b", "Z", 7) for n in (1, 2)]
    found = page_of(paragraph(780), *shown[:3], *hooks, shown[3])

    assert texts(found, "code") == [
        "```\n--turn       turns rotor and hub\n--stop       stops\n```"
    ]


def test_blanks_before_rows_are_told_by_those_that_are_not_the_rest_of_full_ones() -> None:
    found = page_of(
        paragraph(780),
        *inset(
            (0, "turn({"), (9, "rotor: well,"), (18, "hub: all,"), (9, "oil: none,"),
            (9, "blades: of.the.rotor.or.of.all.wells"), (29, ".first(),"), (0, "});"),
        ),
    )  # fmt: skip

    assert texts(found, "code") == [
        "```\nturn({\n  rotor: well,\n    hub: all,\n  oil: none,\n"
        "  blades: of.the.rotor.or.of.all.wells.first(),\n});\n```"
    ]


def hung(y: float, *rows: tuple[float, str]) -> str:
    """Rows of code of 8 points, so many points right of the margin."""
    shown = [(right, re.sub(r"([()])", r"\\\1", text)) for right, text in rows]
    return "".join(typed(72 + x, y - 12 * n, text, size=8) for n, (x, text) in enumerate(shown))


def test_rests_that_hang_where_others_do_are_rests_behind_short_rows_too() -> None:
    full = "pump.turn(rotor.withAllOfItsBlades, the.hub.of.all.wells,"
    found = page_of(
        paragraph(780),
        hung(740, (0, full), (40, "rotor.withoutBlades)"), (0, "pump.stop(all.wells)")),
        paragraph(690),
        hung(650, (0, "pump.run(oil,"), (40, "well) // this is the rest of it"), (0, "end()")),
    )

    assert texts(found, "code") == [
        f"```\n{full} rotor.withoutBlades)\npump.stop(all.wells)\n```",
        "```\npump.run(oil, well) // this is the rest of it\nend()\n```",
    ]


def test_words_of_code_that_the_hyphen_of_prose_divides_are_whole_again() -> None:
    font = Font("Mono", bold=False, italic=False, fixed=True)
    rows = [(72.0, "pump.turn(rotor.with_all_of_its.blades, the.hub.of.all.wells.with\u2010"),
            (112.0, "oil, pump)"), (72.0, "pump.stop(all.wells)")]  # fmt: skip
    lines = [
        Line([
            Run(
                text=text, xs=[x + 4.8 * n for n in range(len(text))], x1=x + 4.8 * len(text),
                y=100.0 + 12 * at, top=92.0 + 12 * at, bottom=102.0 + 12 * at, size=8.0, font=font,
                colour=(0, 0, 0), tag=-1, space=True, order=at,
            )
        ])
        for at, (x, text) in enumerate(rows)
    ]  # fmt: skip

    assert grid(lines, habits([lines])) == (
        "pump.turn(rotor.with_all_of_its.blades, the.hub.of.all.wells.withoil, pump)\n"
        "pump.stop(all.wells)"
    )


def test_addresses_in_code_are_whole_where_they_are_parted_at_a_dot() -> None:
    full = 'url = "https://pump.example.com/of/the/old/well/beside/the/tank/house.'
    rows = [(0.0, full), (0.0, 'html"'), (0.0, "pump.stop(all.wells)")]
    found = page_of(prose_of(780, 71), *inset(*rows), *inset_at(640, *rows))

    assert texts(found, "code") == [f'```\n{full}html"\npump.stop(all.wells)\n```'] * 2


def test_an_address_goes_on_a_remark_that_it_had_no_room_in() -> None:
    remark = "# the pump of the old well is told about in all of the lists"
    address = "(https://pump.example.com/wells)"
    rows = [(0.0, remark), (0.0, address), (0.0, "pump.stop(all.wells)")]
    found = page_of(prose_of(780, 71), *inset(*rows), *inset_at(640, *rows))

    assert texts(found, "code") == [f"```\n{remark} {address}\npump.stop(all.wells)\n```"] * 2


def prose_of(y: float, columns: int) -> str:
    """A line of prose that is as wide as so many letters of code."""
    return typed(72, y, "n" * 20, "F") + typed(72 + 6 * columns - 5.56, y, "n", "F")


def inset_at(y: float, *rows: tuple[float, str]) -> list[str]:
    """The same rows at another height."""
    return [
        row.replace(f" {740 - 12 * n} Td", f" {y - 12 * n} Td")
        for n, row in enumerate(inset(*rows))
    ]


def test_titles_with_numbers_right_below_a_list_are_none_of_its_rows() -> None:
    found = page_of(
        paragraph(780),
        *(typed(90, y, f"{at}.", "F") + typed(110, y, name, "F")
          for at, (y, name) in enumerate(((750, "Valves"), (736, "Pumps"), (722, "Tanks")), 1)),
        typed(72, 690, "1.1", "B", 12) + typed(110, 690, "Valves of the pump", "B", 12),
        typed(72, 672, "1.1.1", "B", 12) + typed(110, 672, "Kinds", "B", 12),
        paragraph(650),
    )  # fmt: skip

    assert texts(found, "table") == []
    assert texts(found, "list_item") == ["1. Valves", "2. Pumps", "3. Tanks"]


def test_the_name_of_contents_that_no_one_filled_is_no_title_of_all_that_follows() -> None:
    found = page_of(
        typed(72, 780, "Table of Contents", "B", 18),
        typed(72, 740, "Pumps", "B", 16),
        paragraph(710),
    )

    assert texts(found, "heading") == ["# Pumps"]


def test_contents_with_text_below_them_stay_a_title() -> None:
    found = page_of(typed(72, 780, "Contents", "B", 18), paragraph(750), paragraph(726))

    assert texts(found, "heading") == ["# Contents"]
