"""Looks that few makers have: letters set apart, titles over the whole column, and the like."""

from __future__ import annotations

import pytest

from builder.ingest.pdf import row_starts
from builder.ingest.pdf.page import Page
from builder.ingest.pdf.pdfium import Pdf
from tests.ingest.paper import page, page_of, paragraph, texts, typed


@pytest.mark.parametrize("room", [110, 160, 240])
def test_letters_that_are_set_apart_make_one_word(room: int) -> None:
    letters = f" {-room} ".join(f"({letter})" for letter in "Keep the Fetcher")
    title = f"BT /B 12 Tf 72 740 Td [{letters}] TJ ET "
    found = page_of(title, paragraph(712))

    assert texts(found, "heading") == ["# Keep the Fetcher"]


def test_single_letters_with_blanks_between_them_stay_words() -> None:
    found = page_of(
        paragraph(740),
        typed(72, 714, "Turn a b c d e f off, and", "F"),
        *(typed(181 + 9 * at, 714, letter, "F") for at, letter in enumerate("uvwxyz")),
    )

    assert "Turn a b c d e f off, and u v w x y z" in found.text


def test_titles_over_the_whole_column_are_titles() -> None:
    line = "The pump moves water from the well to the tank, and the"
    rows = "".join(typed(72, y, line, "F") for y in (780, 700, 688, 676, 664))
    places = ((72, "Keep"), (189.8, "the"), (298.2, "water"))  # up to 324.3, with even room
    title = "".join(typed(x, 740, word, "B") for x, word in places)
    found = page_of(title, rows)

    assert texts(found, "heading") == ["# Keep the water"]


def test_words_above_columns_are_no_title() -> None:
    line = "The pump moves water from the well to the tank, and the"
    rows = "".join(typed(72, y, line, "F") for y in (640, 628, 616, 604))
    places = ((72, "Part"), (298.2, "water"))
    head = "".join(typed(x, 740, word, "B") for x, word in places)
    cells = "".join(typed(x, y, "valve", "F") for y in (728, 716) for x in (72, 301))
    found = page_of(head, cells, rows)

    assert "Part water" not in "".join(texts(found, "heading"))


def test_a_word_is_divided_at_the_hyphen_it_contains_when_its_rest_has_one() -> None:
    found = page_of(
        typed(72, 740, "The tank is filled by water that comes in year-", "F"),
        typed(72, 728, "by-year amounts, and by rain, which is in all of the year.", "F"),
    )

    assert "in year-by-year amounts" in found.text


def test_a_bold_number_far_from_code_belongs_to_the_bold_words_behind_it() -> None:
    found = page_of(
        paragraph(780),
        typed(72, 740, "A.", "B", 11), typed(100, 740, "valve", "C", 11), typed(138, 740, "for water", "B", 11),
        paragraph(714),
    )  # fmt: skip

    assert [text.lstrip("# ") for text in texts(found, "heading")] == ["A. `valve` for water"]


def test_a_first_cell_that_comes_again_below_lines_without_it_begins_a_row() -> None:
    lines = [
        ("Name", "On", "What it does"),
        ("PUMP_ONE", "no", "moves all of the water into the"), ("", "", "tank that is beside the old well"),
        ("PUMP_TWO", "no", "moves the rest of the water that"), ("", "", "is in the well as the tank is full"),
        ("PUMP_ALL", "no", "moves the water that no one is"), ("", "", "drinking"),
    ]  # fmt: skip
    heights = [730, *(714 - 11 * at for at in range(6))]
    drawn = [
        [typed(x, y, text, "F") for x, text in zip((72, 180, 230), line, strict=True) if text]
        for line, y in zip(lines, heights, strict=True)
    ]
    pdf = Pdf(page(*(cell for line in drawn for cell in line)), "")
    made = next(pdf.pages())
    assert isinstance(made, Page)
    runs = iter(made.runs)
    found = [[[next(runs)] if text else [] for text in line] for line in lines]
    told = row_starts.fresh(found, 383, made)
    pdf.close()

    assert told == [True, True, False, True, False, True, False]


@pytest.mark.parametrize(
    ("name", "bold"), [("SFBBX10", True), ("SFBSR10", True), ("CMBRSL8", False), ("SFBMR10", False)]
)
def test_bold_faces_of_computer_modern_bright_are_told_by_their_names(
    name: str, bold: bool
) -> None:
    data = page(typed(72, 700, "The pump", "B")).replace(
        b"Helvetica-Bold", f"ABCDEF+{name}".encode()
    )
    pdf = Pdf(data, "")
    made = next(pdf.pages())
    assert isinstance(made, Page)
    pdf.close()

    assert [run.font.bold for run in made.runs] == [bold]


def test_an_outline_leaves_out_what_counts_its_titles() -> None:
    found = page_of(
        typed(72, 780, "Section 1 - Parts", "F"), paragraph(760),
        typed(72, 720, "Section 12 - Care", "F"), paragraph(700),
        outline=[("Parts", 792), ("Care", 732)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# Section 1 - Parts", "# Section 12 - Care"]


def test_a_line_of_nothing_but_code_ends_an_item_whose_words_a_look_set_apart() -> None:
    item = (
        typed(72, 700, "\\267", "F") + typed(84, 700, "pump.state", "C") + typed(190, 700, "from", "F")
        + typed(250, 700, "pump.run\\(...\\)", "C") + typed(343, 700, "or", "F")
        + typed(84, 688, "pump.run_all\\(...\\)", "C")
    )  # fmt: skip
    found = page_of(paragraph(760), item, paragraph(660), paragraph(620))

    assert texts(found, "list_item") == [
        "- `pump.state` from `pump.run(...)` or `pump.run_all(...)`"
    ]


def test_code_in_boxes_below_each_other_is_a_block_for_each_box() -> None:
    boxes = "0.9 g 66 676 400 34 re f 66 640 400 24 re f 0 g "
    rules = "".join(f"66 {y} m 466 {y} l S " for y in (560, 526, 514, 490))
    found = page_of(
        paragraph(740), boxes, rules,
        typed(72, 696, "start(pump)"), typed(72, 684, "stop(pump)"), typed(72, 648, "pump stopped"),
        paragraph(610),
        typed(72, 546, "fill(tank)"), typed(72, 534, "drain(tank)"), typed(72, 498, "tank empty"),
    )  # fmt: skip

    blocks = ["start(pump)\nstop(pump)", "pump stopped", "fill(tank)\ndrain(tank)", "tank empty"]
    assert texts(found, "code") == [f"```\n{block}\n```" for block in blocks]


def test_code_in_one_box_is_one_block_whatever_lies_below_its_lines() -> None:
    marks = "0.8 g 66 689 400 11 re f 66 665 400 11 re f 0 g "
    found = page_of(
        paragraph(740), "0.9 g 66 640 400 70 re f 0 g ", marks,
        *(typed(72, 692 - 12 * at, f"start(pump, {at})") for at in range(4)),
    )  # fmt: skip

    assert len(texts(found, "code")) == 1


def rounded(left: int, bottom: int, right: int, top: int) -> str:
    """A box with round corners."""
    x0, y0, x1, y1, r = left, bottom, right, top, 4
    return (
        f"{x0 + r} {y0} m {x1 - r} {y0} l {x1} {y0} {x1} {y0} {x1} {y0 + r} c "
        f"{x1} {y1 - r} l {x1} {y1} {x1} {y1} {x1 - r} {y1} c "
        f"{x0 + r} {y1} l {x0} {y1} {x0} {y1} {x0} {y1 - r} c "
        f"{x0} {y0 + r} l {x0} {y0} {x0} {y0} {x0 + r} {y0} c s "
    )


def test_code_in_boxes_with_round_corners_is_a_block_for_each_box() -> None:
    found = page_of(
        paragraph(740), rounded(66, 676, 466, 710), rounded(66, 640, 466, 664),
        typed(72, 696, "start(pump)"), typed(72, 684, "stop(pump)"), typed(72, 648, "pump stopped"),
    )  # fmt: skip

    assert texts(found, "code") == ["```\nstart(pump)\nstop(pump)\n```", "```\npump stopped\n```"]


@pytest.mark.parametrize("right", [318, 210], ids=["as wide as the page", "as wide as its code"])
def test_what_fits_into_a_box_tells_which_rows_go_on_beside_ragged_prose(right: int) -> None:
    rows = {
        318: [r"start\(pump_one, pump_two, pump_three,", r"pump_four\)"],
        210: [r"fill\(tank, lid\)", "go"],
    }
    blocks = "".join(
        f"0.9 g 66 {y - 16} {right - 66} 30 re f 0 g "
        + "".join(typed(72, y - 12 * at, row) for at, row in enumerate(rows[right]))
        for y in (700, 640)
    )
    wide = paragraph(560) if right == 210 else ""
    found = page_of(typed(72, 740, "Water goes to the", "F"), blocks, wide)

    whole = {318: "start(pump_one, pump_two, pump_three, pump_four)", 210: "fill(tank, lid)\ngo"}
    assert texts(found, "code") == [f"```\n{whole[right]}\n```"] * 2


def test_rows_in_a_narrow_box_of_a_drawing_are_rows() -> None:
    wrapped = [r"start\(pump_one, pump_two, pump_three,", r"pump_four\)"]
    boxes = "".join(f"0.9 g 66 {y - 16} 252 30 re f 0 g " for y in (700, 640))
    code = "".join(typed(72, y - 12 * at, wrapped[at]) for y in (700, 640) for at in (0, 1))
    small = (
        "0.9 g 66 504 110 30 re f 0 g "
        + typed(78, 520, "Pump one with")
        + typed(72, 508, "valve and lid")
    )
    found = page_of(
        typed(72, 740, "Water goes to the", "F"),
        boxes,
        code,
        typed(72, 570, "It has these parts", "F"),
        small,
    )

    assert texts(found, "code")[-1] == "```\n Pump one with\nvalve and lid\n```"
