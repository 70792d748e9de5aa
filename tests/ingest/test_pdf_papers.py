"""Papers of two columns: who wrote them, titles that run in, outlines that contradict their looks."""

from __future__ import annotations

import pytest

from builder.ingest.pdf import bitmap
from builder.ingest.pdf.page import Font, Run
from builder.records import Document
from tests.ingest.paper import book, page_of, paragraph, texts, typed


def headings(found: Document) -> list[str]:
    return texts(found, "heading")


def titled(y: int, title: str, font: str = "B", size: float = 14) -> str:
    """A title with a paragraph below it."""
    return typed(72, y, title, font, size) + paragraph(y - 22)


def column(left: int, y: int, n_lines: int) -> str:
    """Lines of a column of 210 points."""
    return "".join(
        typed(left, y - 12 * n, "The pump moves water from the well to house", "F")
        for n in range(n_lines)
    )


def test_an_outline_that_nests_each_title_below_its_neighbour_tells_no_levels() -> None:
    names = ["Parts", "Rotor", "Blades", "Care", "Oil", "Wells", "Water"]
    found = book(
        "".join(
            titled(800 - 60 * n, name, "B", 14 if name in ("Parts", "Care", "Wells") else 10)
            for n, name in enumerate(names)
        ),
        outline=[(name, 1) for name in names],
        levels=[1, 2, 3, 4, 5, 6, 7],
    )

    assert headings(found) == [
        "# Parts", "## Rotor", "## Blades", "# Care", "## Oil", "# Wells", "## Water",
    ]  # fmt: skip


def test_an_outline_is_contradicted_by_bold_titles_in_plain_ones_of_their_size() -> None:
    names = ["Parts", "Rotor", "Blades", "Care", "Oil", "Wells"]
    found = book(
        "".join(
            titled(800 - 60 * n, name, "B" if name in ("Parts", "Care", "Wells") else "I", 12)
            for n, name in enumerate(names)
        ),
        outline=[(name, 1) for name in names],
        levels=[1, 2, 3, 4, 5, 6],
    )

    assert headings(found) == ["# Parts", "## Rotor", "## Blades", "# Care", "## Oil", "# Wells"]


def nameless(text: str, font: Font, step: float, size: float = 10) -> Run:
    """Text whose letters are all as wide as a step."""
    xs = [72 + step * at for at in range(len(text))]
    return Run(text, xs, xs[-1] + step, 700, 691, 701, size, font, (0, 0, 0), -1, False, 0)


@pytest.mark.parametrize(("size", "bold"), [(10, True), (8, False)])
def test_bitmap_fonts_whose_letters_are_wider_than_those_of_prose_are_bold(
    size: float, bold: bool
) -> None:
    prose, wide = (Font("", bold=False, italic=False, fixed=False) for _ in range(2))
    bitmap.tell_weights(
        [nameless("the pump moves water", prose, 5), nameless("the pump", wide, 0.56 * size, size)]
    )

    assert (prose.bold, wide.bold) == (False, bold)
    assert prose.face != wide.face


def test_nameless_fonts_of_several_sizes_are_a_browsers_and_tell_nothing() -> None:
    prose, wide = (Font("", bold=False, italic=False, fixed=False) for _ in range(2))
    bitmap.tell_weights(
        [
            nameless("the pump moves water", prose, 5),
            nameless("the pump", prose, 7, 14),
            nameless("the pump", wide, 6),
        ]
    )

    assert not wide.bold
    assert prose.face == wide.face == ""


@pytest.mark.parametrize(("regular", "bold"), [("the pump moves water", True), ("it", False)])
def test_medium_is_the_bold_of_a_family_whose_text_is_regular(regular: str, *, bold: bool) -> None:
    plain = Font("Brook-Regular", bold=False, italic=False, fixed=False)
    medium = Font("Brook-Medium", bold=False, italic=False, fixed=False)
    bitmap.tell_medium([nameless(regular, plain, 5), nameless("the pump", medium, 5)])

    assert (plain.bold, medium.bold) == (False, bold)


def test_a_title_of_words_and_code_stays_among_those_of_code_whose_letters_it_counts_on() -> None:
    def coded(y: int, letter: str, words: str = "") -> str:
        shown = typed(72, y, f"{letter}.", "B") + typed(90, y, f"pump.{letter.lower()}", "C")
        return shown + (typed(132, y, words, "B") if words else "") + paragraph(y - 22)

    names = ["Parts", "pump.a", "pump.b or pump", "pump.c", "Care", "Oil", "Wells"]
    found = book(
        titled(800, "I. Parts", "B", 10) + coded(740, "A") + coded(680, "B", "or pump")
        + coded(620, "C") + titled(560, "II. Care", "B", 10) + titled(500, "III. Oil", "B", 10)
        + titled(440, "IV. Wells", "B", 10),
        outline=[(name, 1) for name in names],
        levels=[1, 2, 2, 2, 1, 1, 1],
    )  # fmt: skip

    assert [title.split()[0] for title in headings(found)] == ["#", "##", "##", "##", "#", "#", "#"]


def test_bold_titles_behind_a_number_that_is_not_are_whole() -> None:
    def section(y: int, number: str, *title: str) -> str:
        rows = "".join(typed(86, y - 12 * n, row, "B") for n, row in enumerate(title))
        return typed(72, y, number, "F") + rows + paragraph(y - 12 * len(title) - 10)

    found = page_of(
        section(780, "1.", "Pumps"),
        section(700, "2.", "Pumps that move the water of a well to the houses of a far", "village"),
        section(600, "3.", "Care"),
    )

    assert headings(found)[1].endswith("of a far village")


def test_an_item_whose_first_line_is_bold_is_whole() -> None:
    found = page_of(
        paragraph(780),
        typed(72, 740, "3.", "F")
        + typed(86, 740, "Persons who need more of the water than all the", "B"),
        typed(86, 728, "others do: these are those with a garden or with animals.", "F"),
    )

    assert texts(found, "list_item") == [
        "3. Persons who need more of the water than all the others do: these are those with a garden or "
        "with animals."
    ]


def test_code_behind_a_number_that_is_set_like_those_of_titles_is_one() -> None:
    def section(y: int, title: str) -> str:
        return title + paragraph(y - 22)

    found = page_of(
        section(780, typed(72, 780, "1. Parts", "B")),
        section(700, typed(72, 700, "2.", "B") + typed(86, 700, "pump.start", "C")),
        section(620, typed(72, 620, "3. Care", "B")),
        section(540, typed(72, 540, "4. Wells", "B")),
    )

    assert headings(found) == ["# 1. Parts", "# 2. `pump.start`", "# 3. Care", "# 4. Wells"]


def test_one_title_in_a_smaller_one_stays_where_the_outline_puts_it() -> None:
    names, sizes = ["Parts", "Rotor", "Care", "Oil"], [14, 10, 12, 12]
    found = book(
        "".join(
            titled(800 - 60 * n, name, "B", size)
            for n, (name, size) in enumerate(zip(names, sizes, strict=True))
        ),
        outline=[(name, 1) for name in names],
        levels=[1, 2, 3, 1],
    )

    assert headings(found) == ["# Parts", "## Rotor", "### Care", "# Oil"]


@pytest.mark.parametrize("last", [1, 4])
def test_large_titles_that_go_ever_deeper_and_stop_are_beside_each_other(last: int) -> None:
    names, sizes = ["Parts", "Rotor", "Blades", "Care", "Oil", "Wells"], [14, 14, 14, 14, 10, 14]
    found = book(
        "".join(
            titled(800 - 60 * n, name, "B", size)
            for n, (name, size) in enumerate(zip(names, sizes, strict=True))
        ),
        outline=[(name, 1) for name in names],
        levels=[1, 2, 3, 4, 5, last],
    )

    assert headings(found) == ["# Parts", "# Rotor", "# Blades", "# Care", "## Oil", "# Wells"]


def test_titles_that_are_all_set_alike_stay_as_deep_as_the_outline_puts_them() -> None:
    names, levels = ["Parts", "Rotor", "Blades", "Care", "Oil"], [1, 2, 3, 4, 4]
    found = book(
        "".join(titled(800 - 60 * n, name) for n, name in enumerate(names)),
        outline=[(name, 1) for name in names],
        levels=levels,
    )

    assert [title.partition(" ")[0] for title in headings(found)] == ["#" * n for n in levels]


def test_a_title_that_skips_a_level_is_beside_those_below_it_that_are_set_alike() -> None:
    names = ["Parts", "Rotor", "Blades", "Lids", "Care", "Oil", "Water"]
    sizes = [16, 11, 11, 11, 16, 13, 13]
    found = book(
        "".join(
            titled(800 - 60 * n, name, "B", size)
            for n, (name, size) in enumerate(zip(names, sizes, strict=True))
        ),
        outline=[(name, 1) for name in names],
        levels=[1, 2, 3, 3, 1, 2, 2],
    )

    assert headings(found)[1:4] == ["### Rotor", "### Blades", "### Lids"]
    assert headings(found)[4:] == ["# Care", "## Oil", "## Water"]


def run_in(y: int, title: str) -> str:
    """A bold title that its text follows on the line."""
    return typed(72, y, title, "B") + typed(
        77 + 5.1 * len(title), y, "It turns at one speed and moves the water.", "F"
    )


def test_titles_that_run_in_are_below_others_that_the_outline_puts_beside_them() -> None:
    found = book(
        titled(800, "Parts", "B", 16) + titled(740, "Rotor", "B", 13)
        + run_in(680, "Blades.") + run_in(650, "Lids."),
        outline=[(name, 1) for name in ("Parts", "Rotor", "Blades", "Lids")],
        levels=[1, 2, 2, 2],
    )  # fmt: skip

    assert headings(found) == ["# Parts", "## Rotor", "### Blades.", "### Lids."]


def test_a_listed_title_is_met_on_a_page_that_its_entry_does_not_lead_to() -> None:
    found = book(
        titled(800, "Parts"), paragraph(800), paragraph(800), titled(800, "Care", "B", 12),
        outline=[("Parts", 1), ("Care", 1)], levels=[1, 2],
    )  # fmt: skip

    assert headings(found) == ["# Parts", "## Care"]


def test_the_number_left_of_a_listed_title_belongs_to_it_though_it_is_a_little_lower() -> None:
    content = typed(140, 760, "II.", "B", 11.9) + typed(175, 760, "Care", "B", 12)
    found = page_of(
        typed(72, 800, "Parts", "B", 12), paragraph(782), content, paragraph(740), paragraph(700),
        outline=[("Parts", 812), ("Care", 772)],
    )  # fmt: skip

    assert headings(found) == ["# Parts", "# II. Care"]


def two_columns(*front: str) -> str:
    """A page whose front stands above two columns with titles."""
    left = typed(72, 700, "Parts", "B", 12) + column(72, 680, 20)
    right = column(320, 700, 8) + typed(320, 580, "Care", "B", 12) + column(320, 560, 10)
    return " ".join(front) + left + right


def test_names_beside_each_other_below_the_title_are_no_headings() -> None:
    names = typed(190, 752, "Ann Rotor", "F", 12) + typed(340, 752, "Bo Blade", "F", 12)
    found = book(two_columns(typed(255, 780, "The pump", "F", 18), names))

    assert headings(found) == ["# The pump", "## Parts", "## Care"]


def test_a_name_with_a_raised_mark_below_the_title_is_no_heading() -> None:
    name = typed(72, 752, "Ann Rotor", "F", 13) + typed(132, 757, "1", "F", 8)
    place = typed(72, 739, "1", "F", 6) + typed(77, 735, "Institute of wells", "F", 9)
    found = book(two_columns(typed(72, 780, "The pump", "F", 18), name, place))

    assert headings(found) == ["# The pump", "## Parts", "## Care"]


def test_a_name_in_the_middle_may_begin_where_a_short_title_does() -> None:
    name = typed(277, 752, "Ann Oar", "F", 11)
    found = book(two_columns(typed(276, 780, "Pump", "F", 17), name))

    assert headings(found) == ["# Pump", "## Parts", "## Care"]


@pytest.mark.parametrize("small", ["", "Draft of May"])
def test_a_title_in_the_middle_may_be_as_large_as_the_listed_ones_and_not_bold(small: str) -> None:
    found = page_of(
        typed(72, 820, small, "F", 7), typed(172, 800, "The pump", "F", 13),
        titled(760, "Parts", "B", 13), titled(700, "Care", "B", 13),
        outline=[("Parts", 772), ("Care", 712)],
    )  # fmt: skip

    assert headings(found) == ["# The pump", "## Parts", "## Care"]


def test_a_release_at_the_right_edge_below_the_title_is_no_heading_above_short_text() -> None:
    found = page_of(
        typed(198, 800, "The pump", "B", 24), typed(248, 770, "Release 3.8", "I", 12),
        typed(72, 700, "1 Parts", "B", 14), typed(72, 680, "It turns and moves the water.", "F"),
        typed(72, 640, "2 Care", "B", 14), typed(72, 620, "It is oiled.", "F"),
        typed(72, 570, "3 Oil", "B", 14), typed(72, 550, "It is not made of water.", "F"),
    )  # fmt: skip

    assert not any("Release" in title for title in headings(found))


def test_a_title_beside_a_line_of_the_other_column_is_no_name() -> None:
    left = typed(72, 780, "The pump", "B", 18) + typed(72, 756, "Logging", "B", 13)
    left += column(72, 736, 20) + typed(72, 480, "Parts", "B", 11) + column(72, 462, 5)
    right = column(320, 780, 3) + typed(320, 720, "Care", "B", 11) + column(320, 702, 10)

    assert headings(book(left + right)) == ["# The pump", "## Logging", "### Parts", "### Care"]


def test_an_address_for_mail_is_no_heading() -> None:
    mail = typed(220, 740, "E-mail: ann@pump.example", "B", 10)
    found = book(two_columns(typed(255, 780, "The pump", "B", 18), mail))

    assert headings(found)[0] == "# The pump"
    assert not any("mail" in title for title in headings(found))


def test_a_title_is_in_the_middle_of_its_page_though_code_sticks_out_of_a_column() -> None:
    left = typed(72, 740, "1 Parts", "B", 14) + column(72, 715, 20)
    right = typed(320, 740, "1.1 Rotor", "B", 14) + column(320, 715, 5)
    right += typed(320, 640, "turn --left --fast " * 3, "C") + column(320, 620, 5)
    right += typed(320, 540, "1.2 Blades", "B", 14) + column(320, 515, 5)

    assert headings(book(typed(270, 790, "The pump", "F", 14) + left + right)) == [
        "# The pump", "## 1 Parts", "### 1.1 Rotor", "### 1.2 Blades",
    ]  # fmt: skip


def test_a_bold_title_with_a_number_of_several_steps_may_end_in_a_full_stop() -> None:
    found = page_of(
        titled(800, "2 Parts"), typed(72, 740, "2.1 Rotor.", "B"), typed(84, 722, "- It turns.", "F"),
        typed(72, 690, "2.2 Blades.", "B"), typed(84, 672, "- They move.", "F"), titled(640, "3 Care"),
    )  # fmt: skip

    assert headings(found) == ["# 2 Parts", "## 2.1 Rotor.", "## 2.2 Blades.", "# 3 Care"]


def test_german_nouns_in_capitals_are_no_abbreviations() -> None:
    found = page_of(
        titled(800, "PUMPEN"), titled(740, "Rotor"), titled(680, "Deckel"), titled(620, "BRUNNEN"),
        titled(560, "Wasser"), typed(72, 500, "Alle Pumpen stehen auf den Brunnen.", "F"),
    )  # fmt: skip

    levels = [title.partition(" ")[0] for title in headings(found)]
    assert levels == ["#", "##", "##", "#", "##"]


def test_plain_figures_and_letters_stand_below_roman_numbers_and_capitals() -> None:
    names = ["I. Parts", "A. Rotor", "1. Blades", "a. Edge", "2. Lids", "B. Well", "II. Care"]
    found = page_of(
        *(
            typed(72 if name[0] in "12a" else 260, 800 - 60 * n, name, "I", 10)
            + paragraph(780 - 60 * n)
            for n, name in enumerate(names)
        )
    )

    levels = [title.partition(" ")[0] for title in headings(found)]
    assert levels == ["#", "##", "###", "####", "###", "##", "#"]


def test_items_of_code_with_room_around_them_are_no_titles() -> None:
    found = page_of(
        titled(800, "1 Parts"), titled(740, "1.1 Rotor", "B", 12), titled(680, "1.2 Lids", "B", 12),
        *(
            typed(78, 620 - 64 * n, f"{n + 1}.", "F") + typed(92, 620 - 64 * n, "turn:", "C")
            + typed(72, 595 - 64 * n, "This turns the rotor of the pump to the left side of it.", "F")
            for n in range(3)
        ),
    )  # fmt: skip

    assert headings(found) == ["# 1 Parts", "## 1.1 Rotor", "## 1.2 Lids"]


def test_a_title_that_fills_its_column_is_at_the_left_like_others_that_are_set_like_it() -> None:
    wide = "The rotor, and how it is turned by two men"
    left = typed(161, 800, "Parts", "B", 10) + column(72, 780, 4)
    left += typed(72, 710, "Blades", "B", 10) + column(72, 690, 4)
    left += typed(72, 620, wide, "B", 10) + typed(72, 608, "or by one", "B", 10)
    left += column(72, 588, 4) + typed(162, 520, "Care", "B", 10) + column(72, 500, 4)
    right = column(320, 800, 20) + typed(320, 530, "Oil", "B", 10) + column(320, 510, 4)

    levels = [title.partition(" ")[0] for title in headings(book(left + right))]
    assert levels == ["#", "##", "##", "#", "##"]


@pytest.mark.parametrize("room", [6, 3])
def test_short_bold_lines_with_a_full_stop_are_titles_where_others_run_in(room: float) -> None:
    names = ["Rotor.", "Blades.", "Lids."]
    content = "".join(
        typed(72, 760 - 60 * n, name, "B")
        + typed(72 + 5.1 * len(name) + (room if n == 1 else 6), 760 - 60 * n, "It turns well", "T")
        + typed(72, 748 - 60 * n, "and moves the water from the well to the house, all day.", "T")
        for n, name in enumerate(names)
    )
    found = page_of(
        typed(72, 800, "Parts", "B", 14), content,
        typed(72, 580, "Oil.", "B"), typed(90, 560, "- Once a year.", "T"),
    )  # fmt: skip

    assert headings(found) == ["# Parts", "## Rotor.", "## Blades.", "## Lids.", "## Oil."]


def test_lone_bold_lines_with_a_full_stop_are_titles_if_many_are_set_alike() -> None:
    names = ["Rotor.", "Blades.", "Lids.", "Oil.", "Water."]
    found = page_of(
        titled(800, "Parts"),
        *(
            typed(72, 740 - 50 * n, name, "B") + typed(84, 722 - 50 * n, "turn --left", "C")
            for n, name in enumerate(names)
        ),
    )

    assert headings(found) == ["# Parts", *(f"## {name}" for name in names)]


def test_one_title_below_the_outline_is_told_by_the_face_of_titles() -> None:
    found = page_of(
        typed(72, 800, "Parts", "B", 14), typed(72, 780, "It turns and moves the water.", "T"),
        typed(72, 740, "Care", "B", 14), typed(72, 720, "Oil it, or it will stand still.", "T"),
        typed(72, 690, "Water", "B", 10), typed(72, 674, "Let it run dry before the frost.", "T"),
        typed(72, 640, "Wells", "B", 14), typed(72, 620, "A well gives water to the pump.", "T"),
        outline=[("Parts", 812), ("Care", 752), ("Wells", 652)],
    )  # fmt: skip

    assert headings(found) == ["# Parts", "# Care", "## Water", "# Wells"]


def test_roman_numbers_are_the_highest_though_few_titles_with_them_are_set_alike() -> None:
    names = ["I. Parts", *(f"{letter}. Rotor" for letter in "ABCDEF"), "II. Care", "III. Oil"]
    found = page_of(
        *(
            typed(72, 810 - 60 * n, name, "I" if "II" in name else "B") + paragraph(792 - 60 * n)
            for n, name in enumerate(names)
        )
    )

    levels = [title.partition(" ")[0] for title in headings(found)]
    assert levels == ["#", *["##"] * 6, "#", "#"]


def test_a_slanted_title_as_wide_as_its_column_is_parted_from_the_code_below_it() -> None:
    found = page_of(
        typed(72, 800, "Parts", "B", 14), typed(72, 780, "Turn the rotor to the left side", "I"),
        typed(72, 767, "turn --left --fast --again", "C", 8), typed(72, 757, "stop", "C", 8),
        typed(72, 730, "Turn it", "I"), typed(72, 717, "turn", "C", 8),
    )  # fmt: skip

    assert headings(found) == ["# Parts", "## Turn the rotor to the left side", "## Turn it"]


def test_letters_much_smaller_than_the_line_above_them_are_a_block_of_code() -> None:
    found = page_of(
        paragraph(800), typed(72, 774, "It is turned to the left side, as shown, by the words of", "F"),
        typed(72, 761, "turn --left", "C", 7), paragraph(740),
    )  # fmt: skip

    assert texts(found, "code") == ["```\nturn --left\n```"]


def test_titles_are_in_the_middle_of_a_column_whose_lines_are_short() -> None:
    left = typed(159.5, 800, "Parts", "B", 11) + column(72, 780, 6)
    left += typed(72, 690, "Blades", "B", 11) + column(72, 670, 6)
    right = typed(320, 800, "Rotor", "B", 11) + typed(320, 782, "It turns, and then it stops.", "F")
    right += typed(409, 740, "Care", "B", 11) + typed(320, 722, "It is oiled by two of them.", "F")

    assert headings(book(left + right)) == ["# Parts", "## Blades", "## Rotor", "# Care"]


def test_a_title_of_bold_code_with_a_full_stop_runs_into_its_text() -> None:
    found = page_of(
        typed(72, 800, "Parts", "B", 14), run_in(770, "Rotor."), run_in(730, "Blades."),
        typed(72, 690, "turn", "D") + typed(96, 690, ".", "B")
        + typed(104, 690, "It turns at one speed and moves the water.", "F"),
        run_in(650, "Lids."),
    )  # fmt: skip

    assert "## `turn`." in headings(found)


def test_code_in_a_title_with_a_bracketed_number_that_no_text_follows() -> None:
    found = page_of(
        typed(72, 800, "I. Parts", "B", 14), typed(72, 770, "A. Rotor", "I", 12), paragraph(750),
        typed(72, 724, "1\\)", "I") + typed(86, 724, "turn()", "O") + typed(123, 724, ":", "I"),
        typed(84, 710, "- It turns.", "F"), typed(72, 670, "II. Care", "B", 14), paragraph(650),
    )  # fmt: skip

    assert "### 1) `turn()`:" in headings(found)


def test_a_counted_title_as_wide_as_its_column_is_parted_from_the_text_below_it() -> None:
    text = column(72, 700, 8).replace("Td (The pump moves", "Td (turn() moves")
    found = page_of(
        typed(72, 800, "A. Rotor", "I"), column(72, 780, 5), typed(72, 714, "B.", "I")
        + typed(84, 714, "The water of the well that is moved here", "I"), text,
    )  # fmt: skip

    assert headings(found)[1:] == ["# B. The water of the well that is moved here"]


def test_a_title_at_the_foot_of_a_column_is_one_like_those_above_their_text() -> None:
    left = typed(72, 800, "Parts", "B", 14) + column(72, 780, 5)
    left += typed(72, 700, "Rotor", "I") + column(72, 682, 5) + typed(72, 600, "Blades", "I")
    left += column(72, 582, 5) + typed(72, 500, "Lids", "I")
    right = column(320, 800, 20) + typed(320, 520, "Oil", "I") + column(320, 502, 4)

    assert headings(book(left + right)) == ["# Parts", "## Rotor", "## Blades", "## Lids", "## Oil"]


LEFT = """The pump moves the water from the well
to the house and to the stable as well
and it stops by itself when the well is
dry or when the tank on the roof is full
so that nobody has to watch it at night""".split("\n")
RIGHT = """whatever the mill and the wind may do
the miller opens the valve by hand and
the smith keeps a second pump for days
on which the first one has to be taken
apart and cleaned before the frost is in""".split("\n")


def test_columns_below_a_figure_over_both_of_them_are_columns() -> None:
    labels = [(72 + 67 * (at % 7) + 9 * (at // 7), 790 - 14 * (at // 7)) for at in range(70)]
    caption = (
        "Figure 1. The pump, the well, the house, the stable and the mill, with all of the pipes"
    )
    found = page_of(
        *(typed(x, y, f"label {at} is wide", "F", 9) for at, (x, y) in enumerate(labels)),
        typed(72, 630, caption + " between them", "F"),
        *(
            typed(x, 600 - 12 * at, line, "F")
            for at, pair in enumerate(zip(LEFT, RIGHT, strict=True))
            for x, line in zip((72, 300), pair, strict=True)
        ),
    )

    assert " ".join([*LEFT, *RIGHT]) in " ".join(found.text.split())


def test_the_upper_levels_of_an_outline_count_though_its_lowest_names_no_titles() -> None:
    titles = ["Parts", "Rotor", "Care"]
    calls = [f"turn/{n}" for n in range(5)]
    shown = "".join(titled(780 - 70 * n, title) for n, title in enumerate(titles))

    found = book(
        shown + titled(570, "Oil", size=12),
        outline=[(name, 1) for name in (*titles, *calls)],
        levels=[1, 1, 1, *(2 for _ in calls)],
    )

    assert headings(found) == ["# Parts", "# Rotor", "# Care", "## Oil"]


def test_small_titles_that_begin_a_document_are_as_deep_as_their_like_in_a_large_one() -> None:
    names, sizes = ["Parts", "Rotor", "Blades", "Care", "Oil"], [12, 12, 12, 16, 12]
    found = book(
        "".join(
            titled(800 - 60 * n, name, "B", size)
            for n, (name, size) in enumerate(zip(names, sizes, strict=True))
        ),
        outline=[(name, 1) for name in names],
        levels=[1, 1, 1, 1, 2],
    )

    assert headings(found) == ["## Parts", "## Rotor", "## Blades", "# Care", "## Oil"]


def test_code_that_reaches_the_next_column_does_not_take_the_number_of_a_title_there() -> None:
    code = "".join(
        typed(72, 680 - 9 * n, text, "C", 8)
        for n, text in enumerate(
            ["turn[", "  rotor, the.well, the.hub, all.pumps, of.the.house", "]"]
        )
    )
    title = typed(316, 671, "1.2", "B", 12) + typed(350, 671, "Parts of the pump", "B", 12)
    found = page_of(
        column(72, 780, 8), code, column(72, 640, 8),
        column(316, 780, 8), title, column(316, 640, 8),
    )  # fmt: skip

    assert texts(found, "code") == [
        "```\nturn[\n  rotor, the.well, the.hub, all.pumps, of.the.house\n]\n```"
    ]
    assert headings(found) == ["# 1.2 Parts of the pump"]


def test_a_title_of_code_behind_its_number_ends_above_smaller_text_close_below() -> None:
    def section(y: int, number: str, name: str) -> str:
        title = typed(72, y, number, "F", 12) + typed(102, y, name, "C", 12)
        return title + typed(72, y - 18, "Default:", "F") + paragraph(y - 30)

    found = page_of(
        titled(800, "1 Parts", "B", 16), section(700, "1.1", "pump.start"),
        section(600, "1.2", "pump.stop"), section(500, "1.3", "pump.turn"),
    )  # fmt: skip

    assert headings(found) == [
        "# 1 Parts", "## 1.1 `pump.start`", "## 1.2 `pump.stop`", "## 1.3 `pump.turn`",
    ]  # fmt: skip


def test_numbers_in_sentences_beside_code_are_no_numbers_of_its_lines() -> None:
    found = page_of(
        paragraph(775),
        *(
            typed(72, 700 - 14 * n, "Section", "F")
            + f"0 0 1 rg {typed(112, 700 - 14 * n, str(n + 2), 'F')} 0 g "
            + typed(117.6, 700 - 14 * n, "]", "F")
            + typed(140, 700 - 14 * n, "run")
            for n in range(4)
        ),
    )

    assert [word in found.text for word in ("2]", "3]", "4]", "5]")] == [True] * 4


def bar(x: float, y: float, width: float = 3) -> str:
    return f"{x} {y} {width} .4 re f "


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        (typed(76, 700, "glp") + bar(94.3, 700) + typed(97.6, 700, "add"), "glp_add"),
        (bar(76, 700) + bar(79.6, 700) + typed(83, 700, "init"), "__init"),
        (typed(76, 700, "end") + bar(94.3, 700), "end_"),
        (typed(76, 700, "glp") + bar(94.3, 698.6) + typed(97.6, 700, "add"), "glp add"),
        (typed(76, 700, "<") + bar(82.3, 700) + typed(85.6, 700, ">"), "< >"),
        (
            typed(76, 700, "one") + bar(94.3, 700) + typed(97.6, 700, "two")
            + typed(94.3, 703, "n", size=4),
            "one",
        ),
    ],
    ids=["within", "two", "last", "underlined", "in brackets", "fraction"],
)  # fmt: skip
def test_a_short_rule_beside_a_letter_on_its_line_is_an_underscore(drawn: str, text: str) -> None:
    found = page_of(paragraph(775), drawn)

    assert text in found.text
    assert ("_" in text) == ("_" in found.text)


def test_upright_quotes_around_words_of_prose_are_no_code() -> None:
    y = 740
    found = page_of(
        paragraph(775), typed(72, y, "All times, of a", "F"), typed(146, y, '"'),
        typed(152, y, "week", "F"), typed(174, y, '"'), typed(183, y, "or with", "F"),
        typed(218, y, "&&"), typed(233, y, "between, are read.", "F"),
    )  # fmt: skip

    assert 'of a "week" or with `&&` between' in found.text


def test_thick_stems_that_most_letters_have_make_nothing_bold() -> None:
    text = "The pump moves water from the well to the house in"
    found = book(
        typed(72, 700, text, "X") + typed(72, 688, "thick", "I") + typed(104, 688, text[:42], "X")
        + typed(72, 676, text, "X") + typed(72, 664, "the night.", "X")
    )  # fmt: skip

    assert len(texts(found, "paragraph")) == 1


def test_a_dash_that_begins_a_flush_line_within_a_sentence_begins_no_item() -> None:
    found = page_of(
        typed(72, 775, "The pump has rules that have not been set out", "F"),
        typed(72, 762, "- but have guided it - since it was built for this very house.", "F"),
        typed(72, 749, "They tell it when to stop, and when to go on.", "F"),
    )

    assert [block.kind for block in found.blocks] == ["paragraph"]


def test_a_blank_that_a_kerned_letter_is_moved_back_over_parts_no_word() -> None:
    undone = (
        "BT /F 14 Tf 72 700 Td (D) Tj -3.7 Tw 10.11 0 Td (ev e) Tj 0 Tw 22.9 0 Td (lop it) Tj ET "
    )

    assert "Develop it" in page_of(paragraph(775), undone).text


def test_a_ligature_of_another_font_is_a_part_of_its_word() -> None:
    found = page_of(
        paragraph(775), typed(72, 740, "The header", "F"), typed(130, 740, "fi"),
        typed(142.2, 740, "le must be read.", "F"),
    )  # fmt: skip

    assert "The header file must" in found.text


def test_a_column_of_a_table_beside_short_lines_is_read_after_them() -> None:
    """Written last, and as high as the first column, though far from its short lines."""
    items = "".join(
        typed(80, 760 - 20 * n, f"part {n} of the old water pump", "F") for n in range(14)
    )
    rules = "".join(f"300 {y} m 520 {y} l S " for y in (750, 730, 470))
    rows = "".join(
        typed(304, y, "field", "F") + typed(400, y, "what it is for", "F")
        for y in (736, *range(712, 470, -20))
    )
    found = page_of(
        typed(72, 785, "Reference", "B", 14), items,
        typed(300, 785, "Fields", "B", 12), rules, rows,
    )  # fmt: skip

    assert texts(found, "heading") == ["# Reference", "## Fields"]
    assert found.text.index("Fields") > found.text.index("part 13 of")


def test_code_may_begin_the_text_that_a_counted_title_runs_into() -> None:
    def entry(y: int, number: str, name: str) -> str:
        return (
            typed(72, y, number, "B") + typed(102, y, name, "D")
            + typed(102 + 6 * len(name) + 10, y, "POST", "C")
            + typed(72, y - 12, "to the well, and it stops when it is full of the water.", "F")
        )  # fmt: skip

    names = ["Opening", "Closing", "Cleaning"]
    found = page_of(
        *(entry(780 - 60 * n, f"1.4.{n + 1}", name) for n, name in enumerate(names)),
    )

    assert [text.lstrip("# ") for text in texts(found, "heading")] == [
        f"1.4.{n + 1} `{name}`" for n, name in enumerate(names)
    ]


def test_a_number_below_that_of_a_full_title_begins_a_title_of_its_own() -> None:
    def counted(y: float, number: str, title: str) -> str:
        return typed(72, y, f"{number}   {title}", "B")

    full = "THE PUMP, AND EVERY PART THAT MOVES IT"
    found = page_of(
        counted(780, "1", full), counted(763.7, "1.1", "Parts"), paragraph(740),
        counted(700, "1.2", "Care"), paragraph(678), counted(640, "2", "THE TANK"), paragraph(618),
    )  # fmt: skip

    assert texts(found, "heading") == [
        f"# 1 {full}", "## 1.1 Parts", "## 1.2 Care", "# 2 THE TANK",
    ]  # fmt: skip
