"""Levels of headings in PDF files whose sizes tell little: what opens what, capitals, places."""

from __future__ import annotations

from collections.abc import Sequence

from tests.ingest.paper import book, page_of, paragraph, texts, typed


def flow(*items: str, top: int = 820) -> str:
    """Titles such as "B14 Parts" from top to bottom, and paragraphs where an item is "P"."""
    shown, y = "", top
    for item in items:
        if item == "P":
            shown += paragraph(y - 20)
            y -= 33
        else:
            look, _, text = item.partition(" ")
            y -= 26
            shown += typed(72, y, text, look[0], float(look[1:]))
    return shown


def test_a_larger_face_below_a_smaller_one_is_told_by_what_opens_it() -> None:
    found = page_of(
        flow(
            "B20 The pump", "B16 Parts", "B13 Inner ones", "T14 Rotor", "P", "T14 Blades", "P",
            "B13 Outer ones", "T14 Hub", "P", "B16 Care", "B13 Each year", "T14 Oil", "P",
        )
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# The pump", "## Parts", "### Inner ones", "#### Rotor", "#### Blades",
        "### Outer ones", "#### Hub", "## Care", "### Each year", "#### Oil",
    ]  # fmt: skip


def test_capitals_are_as_high_as_larger_letters_of_titles_below_them() -> None:
    found = page_of(
        flow(
            "B20 The pump", "B14 Parts", "B9 INSIDE", "B11 Rotor", "P", "B11 Blades", "P",
            "B14 Care", "B9 EACH YEAR", "B11 Oil", "P", "B14 Faults", "B9 NO WATER", "B11 Dry well",
            "P",
        )
    )  # fmt: skip

    assert texts(found, "heading")[1:5] == ["## Parts", "### INSIDE", "#### Rotor", "#### Blades"]


def test_titles_in_capitals_stand_above_others_that_are_set_like_them() -> None:
    found = page_of(
        flow(
            "B14 The pump", "B10 MOVING WATER", "P", "B10 Rotor", "P", "B10 Blades", "P",
            "B10 THE TANK", "P", "B10 Lid", "P",
        )
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# The pump", "## MOVING WATER", "### Rotor", "### Blades", "## THE TANK", "### Lid",
    ]  # fmt: skip


def test_lone_words_in_capitals_stand_above_others_where_nothing_else_opens_these() -> None:
    found = page_of(
        flow(
            "B14 The pump", "B10 WATER", "P", "B10 PARTS", "B10 Rotor", "P", "B10 Blades", "P",
            "B10 CARE", "P", "B10 FAQ", "B10 Lid", "P", "B10 Hub", "P",
        )
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# The pump", "## WATER", "## PARTS", "### Rotor", "### Blades", "## CARE", "## FAQ",
        "### Lid", "### Hub",
    ]  # fmt: skip


def test_lone_words_and_abbreviations_in_capitals_stand_beside_mixed_titles() -> None:
    found = page_of(
        flow(
            "B14 The pump", "B10 WELL", "P", "B10 TANK", "P", "B10 HOUSE", "P", "B10 Moving it", "P",
            "B10 USB", "P", "B10 Blades", "P",
        )
    )  # fmt: skip

    assert {text.partition(" ")[0] for text in texts(found, "heading")[1:]} == {"##"}


def test_numbered_titles_close_to_each_other_are_not_one() -> None:
    found = page_of(
        typed(72, 780, "1 Parts", "B", 12), paragraph(755),
        typed(72, 715, "1.1 Rotor", "B", 12), typed(72, 698, "1.1.1 Blades", "B", 12),
        paragraph(675), typed(72, 630, "2 Care", "B", 12), paragraph(605),
    )  # fmt: skip

    assert texts(found, "heading") == ["# 1 Parts", "## 1.1 Rotor", "### 1.1.1 Blades", "# 2 Care"]


def test_a_number_far_from_the_code_of_its_title_belongs_to_it() -> None:
    found = page_of(
        typed(72, 780, "1 Parts", "B", 12), paragraph(755),
        typed(72, 715, "1.1 Rotor", "B", 12), paragraph(695),
        typed(72, 650, "1.2", "B", 12), typed(120, 650, "pump.speed", "D", 11), paragraph(630),
        typed(72, 585, "2 Care", "B", 12), paragraph(560),
    )  # fmt: skip

    assert texts(found, "heading")[2] == "## 1.2 `pump.speed`"


def test_small_capitals_without_a_capital_are_as_large_as_those_with_one() -> None:
    def capitals(y: int, first: str, rest: str) -> str:
        return typed(72, y, first, "S", 14) + typed(81, y, rest, "S", 10)

    found = page_of(
        typed(72, 800, "The pump", "B", 20), paragraph(775),
        capitals(740, "R", "OTOR"), paragraph(720),
        typed(72, 680, "Blades", "B", 12), paragraph(655),
        typed(72, 615, "start", "S", 10), paragraph(595),
        capitals(555, "C", "ARE"), paragraph(535),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# The pump", "## ROTOR", "### Blades", "## start", "## CARE",
    ]  # fmt: skip


def test_titles_that_hang_out_of_the_text_rank_by_how_far() -> None:
    def text(y: int) -> str:
        return typed(160, y, "The pump moves water from the well to the house.", "F")

    titles = [(72, "Parts"), (112, "Rotor"), (112, "Blades"), (72, "Care"), (112, "Oil")]
    found = page_of(
        typed(72, 790, "The pump", "B", 14), text(770),
        *(typed(x, 740 - 44 * n, name, "B") + text(722 - 44 * n)
          for n, (x, name) in enumerate(titles)),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# The pump", "## Parts", "### Rotor", "### Blades", "## Care", "### Oil",
    ]  # fmt: skip


def coded(prose: str, code: str) -> Sequence[str]:
    """The headings of a page whose third level is set in one look, code in it in another."""
    inline = typed(72, 768, "Turn it by", "F") + typed(124, 768, "pump.start", "C", 8)
    return texts(
        page_of(
            typed(72, 800, "The pump", "B", 20), inline,
            flow("B14 Parts", "P", f"{prose} Rotor", "P", f"{code} pump.speed", "P",
                 f"{code} pump.power", "P", f"{prose} Blades", "P", "B14 Care", "P", top=760),
        ), "heading",
    )  # fmt: skip


def test_code_alone_is_a_title_like_those_of_its_weight_and_slant() -> None:
    assert coded("I10", "O8") == [
        "# The pump", "## Parts", "### Rotor", "### `pump.speed`", "### `pump.power`",
        "### Blades", "## Care",
    ]  # fmt: skip


def test_code_right_below_the_title_is_no_title_of_the_lowest_level() -> None:
    inline = typed(72, 768, "Turn it by", "F") + typed(124, 768, "pump.start", "C", 8)
    found = page_of(
        typed(72, 800, "The pump", "B", 20), inline,
        flow("O8 pump.speed", "P", "B14 Limits", "P", "I10 Example", "P", "O8 pump.power", "P",
             "B14 Limits", "P", "I10 Example", "P", top=760),
    )  # fmt: skip

    assert texts(found, "heading")[1] == "## `pump.speed`"


def test_code_smaller_than_all_other_code_is_that_of_a_small_title() -> None:
    assert coded("B9.5", "D7.6")[2:5] == ["### Rotor", "### `pump.speed`", "### `pump.power`"]


def test_letters_of_a_fixed_width_that_are_kerned_are_code() -> None:
    moved = " ".join(
        f"({letter}) {25 if n % 2 else -25}" for n, letter in enumerate("PUMPSPEEDTURN")
    )
    found = page_of(
        typed(72, 700, "Set the value", "F"), f"BT /C 10 Tf 140 700 Td [{moved}] TJ ET ",
        typed(225, 700, "to the turns that you need.", "F"),
    )  # fmt: skip

    assert texts(found, "paragraph") == [
        "Set the value `PUMPSPEEDTURN` to the turns that you need."
    ]


def test_a_title_right_below_another_is_one_like_those_with_room() -> None:
    found = page_of(
        typed(72, 790, "Parts", "B", 14), paragraph(765),
        typed(72, 725, "Rotor", "I"), paragraph(709), typed(72, 670, "Blades", "I"), paragraph(654),
        typed(72, 610, "Care", "B", 14), typed(72, 596, "Oil", "I"), paragraph(580),
    )  # fmt: skip

    assert texts(found, "heading")[-2:] == ["# Care", "## Oil"]


def test_a_title_in_italics_has_more_room_before_code_than_above_it() -> None:
    found = page_of(
        typed(72, 790, "Parts", "B", 14), paragraph(765),
        typed(72, 725, "Rotor", "I"), paragraph(709), typed(72, 670, "Blades", "I"), paragraph(654),
        typed(72, 616, "Hub", "I"), typed(90, 586, "pump.hub", "C", 8), paragraph(556),
    )  # fmt: skip

    assert texts(found, "heading")[-1] == "## Hub"


def test_code_in_parentheses_that_had_no_room_is_the_rest_of_a_title() -> None:
    found = page_of(
        typed(72, 790, "Starting and stopping pumps", "B", 14),
        typed(72, 770, r"\(", "B", 14) + typed(77, 770, "start/stop", "D", 11)
        + typed(143, 770, r"\)", "B", 14),
        paragraph(750), paragraph(720),
    )  # fmt: skip

    assert texts(found, "heading") == ["# Starting and stopping pumps (`start/stop`)"]


def test_a_slanted_line_left_of_the_code_above_it_is_no_line_of_it() -> None:
    code = "".join(
        typed(72, 790 - 18 * n, "The pump moves water to the house.", "F") for n in range(2)
    )
    found = page_of(
        code, typed(110, 750, "pump.start", "C"),
        typed(72, 728, "pump.speed", "O"), paragraph(706),
        typed(110, 670, "pump.speed = 2", "C"), typed(72, 648, "pump.stop", "O"), paragraph(626),
    )  # fmt: skip

    assert texts(found, "heading") == ["# `pump.speed`", "# `pump.stop`"]


def test_lines_that_are_paragraphs_of_their_own_do_not_hide_how_close_lines_are() -> None:
    lines = [
        "The pump moves water from wells",
        "It stops by itself when there is none in them",
        "The rotor turns at one speed only, no oil",
        "is needed at all, nor grease, if it is of steel",
        "A filter keeps the sand out of it",
    ]
    lone = "".join(typed(72, 780 - 19 * n, line, "F") for n, line in enumerate(lines))
    found = page_of(
        lone, typed(72, 679, "It is made for clear water only, and for wells no deeper", "F"),
        typed(72, 666, "than seven metres.", "F"),
    )  # fmt: skip

    assert texts(found, "paragraph")[:-1] == lines


def run_in(
    y: int, title: str, behind: int, rest: str = "has power, and needs no oil.", font: str = "B"
) -> str:
    """A bold title with its text on the same line and below it."""
    return (
        typed(72, y, title, font)
        + typed(behind, y, "It turns at one speed, as long as the mains", "F")
        + typed(72, y - 13, rest, "F")
    )


def test_a_title_that_code_follows_is_like_those_that_run_into_their_text() -> None:
    found = page_of(
        typed(72, 800, "Parts", "B", 14), paragraph(775),
        run_in(735, "Rotor", 111), run_in(695, "Blades", 115), run_in(655, "Lid", 97),
        typed(72, 615, "Hub", "B"), typed(72, 595, "pump.hub", "C", 8),
        typed(72, 560, "Care", "B", 14), paragraph(535),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# Parts", "## Rotor", "## Blades", "## Lid", "## Hub", "# Care",
    ]  # fmt: skip


def test_a_title_above_another_does_not_run_in_like_those_of_another_face() -> None:
    found = page_of(
        typed(72, 800, "The pump", "B"), typed(72, 776, "Parts", "I"), paragraph(758),
        run_in(715, "Rotor", 111, font="U"), run_in(675, "Blades", 115, font="U"),
        run_in(635, "Lid", 97, font="U"), typed(72, 592, "Care", "I"), paragraph(574),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# The pump", "## Parts", "### Rotor", "### Blades", "### Lid", "## Care",
    ]  # fmt: skip


def test_a_title_with_text_below_it_is_above_those_that_run_into_theirs() -> None:
    found = page_of(
        typed(72, 800, "Parts", "B", 14), paragraph(775),
        typed(72, 735, "Inner ones", "B"), paragraph(715),
        run_in(675, "Rotor", 111), run_in(635, "Blades", 115), run_in(595, "Lid", 97),
        typed(72, 555, "Care", "B", 14), paragraph(530),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# Parts", "## Inner ones", "### Rotor", "### Blades", "### Lid", "# Care",
    ]  # fmt: skip


def test_a_coloured_title_right_below_another_is_one_like_those_with_room() -> None:
    def red(y: int, title: str, size: int = 10) -> str:
        return "0.6 0 0 rg " + typed(72, y, title, "F", size) + "0 g "

    found = page_of(
        red(790, "Parts", 14), paragraph(765),
        red(725, "Rotor"), paragraph(709), red(670, "Blades"), paragraph(654),
        red(610, "Care", 14), red(596, "Oil"), paragraph(580),
    )  # fmt: skip

    assert texts(found, "heading")[-2:] == ["# Care", "## Oil"]


def test_bold_titles_with_text_on_their_lines_are_no_table() -> None:
    titles = (run_in(775 - 40 * n, f"Rotor {n}", 117, "do.") for n in range(4))
    found = page_of(typed(72, 800, "Parts", "B", 14), *titles)

    assert not texts(found, "table")


# below an outline ----------------------------------------------------------------------------

LISTED = [("Parts", 1), ("Care", 1)]


def below(*items: str) -> Sequence[str]:
    """The headings of a page whose outline lists "Parts" and "Care" only."""
    return texts(page_of(flow(*items), outline=LISTED), "heading")


def test_titles_as_large_as_prose_are_below_numbered_ones_that_no_outline_lists() -> None:
    assert below(
        "B14 1 Parts",
        "P",
        "B12 1.1 Rotor",
        "P",
        "B10 Blades",
        "P",
        "B10 Hub",
        "P",
        "B14 2 Care",
        "P",
    ) == ["# 1 Parts", "## 1.1 Rotor", "### Blades", "### Hub", "# 2 Care"]


def test_many_titles_without_number_are_below_listed_ones_that_all_have_one() -> None:
    assert below(
        "B14 1 Parts", "P", "B14 Rotor", "P", "B14 Hub", "P", "B14 Lid", "P", "B14 2 Care", "P"
    ) == ["# 1 Parts", "## Rotor", "## Hub", "## Lid", "# 2 Care"]  # fmt: skip


def test_few_titles_without_number_are_beside_listed_ones_that_all_have_one() -> None:
    assert below("B14 1 Parts", "P", "B14 2 Care", "P", "B14 Our thanks", "P") == [
        "# 1 Parts", "# 2 Care", "# Our thanks",
    ]  # fmt: skip
    assert below("B14 1 Parts", "P", "B14 What to do", "P", "B14 2 Care", "P", "B14 What to do", "P") == [
        "# 1 Parts", "## What to do", "# 2 Care", "## What to do",
    ]  # fmt: skip


def test_titles_right_below_listed_ones_need_no_room_above_them() -> None:
    found = page_of(
        typed(72, 790, "Parts", "T", 14), typed(72, 774, "Rotor", "T"), paragraph(758),
        typed(72, 700, "Care", "T", 14), typed(72, 684, "Oil", "T"), paragraph(668),
        outline=LISTED,
    )  # fmt: skip

    assert texts(found, "heading") == ["# Parts", "## Rotor", "# Care", "## Oil"]


def test_code_alone_is_a_title_below_listed_ones_where_others_look_like_it() -> None:
    assert below(
        "B14 Parts", "P", "I10 Rotor", "P", "I10 Hub", "P", "O9 pump.speed", "P", "O9 pump.power", "P",
        "B14 Care", "P",
    ) == ["# Parts", "## Rotor", "## Hub", "## `pump.speed`", "## `pump.power`", "# Care"]  # fmt: skip


# over pages ----------------------------------------------------------------------------------


def test_the_foot_of_a_page_with_one_line_is_no_heading() -> None:
    full = flow("B14 Parts", "P", "B14 Care", "P", "B14 Faults", "P")
    feet = [typed(480, 40, f"Page {number}", "B", 12) for number in (1, 2, 3)]
    found = book(full + feet[0], full + feet[1], typed(72, 760, "The end of it.", "F") + feet[2])

    assert not [text for text in texts(found, "heading") if "Page" in text]


def test_titles_above_counted_ones_leave_room_for_the_levels_that_no_number_has() -> None:
    found = page_of(
        flow(
            "B18 The pump", "B14 Section 1 - Parts", "P", "B11 1.1 Rotor", "P", "B11 1.2 Blades", "P",
            "B14 Section 2 - Care", "P", "B11 2.1 Oil", "P",
        )
    )  # fmt: skip

    assert texts(found, "heading")[:4] == [
        "# The pump", "## Section 1 - Parts", "### 1.1 Rotor", "### 1.2 Blades",
    ]  # fmt: skip
    assert "## Section 2 - Care" in texts(found, "heading")


def test_few_titles_whose_numbers_follow_are_above_those_that_go_on_counting() -> None:
    found = book(
        flow(
            "B14 The pump", "I11 1. Parts", "P",
            *(item for n in range(1, 8) for item in (f"B11 1.{n}. Part {chr(64 + n)}", "P")),
            top=830,
        ),
        flow(
            "I11 2. Care", "P",
            *(item for n in range(1, 5) for item in (f"B11 2.{n}. Care {chr(64 + n)}", "P")),
            "B11 2.6. What is left", "P",
        ),
    )  # fmt: skip
    levels = {text.lstrip("# "): text.count("#") for text in texts(found, "heading")}

    assert levels["1. Parts"] == levels["2. Care"] == levels["1.1. Part A"] - 1


def test_titles_without_numbers_are_below_those_of_their_size_that_all_have_one() -> None:
    found = page_of(
        flow(
            "B10 1 THE PUMP", "P", "I10 1.1 Parts", "U10 Rotor", "P", "U10 Blades", "P", "U10 Hub",
            "P", "I10 1.2 Care", "U10 Oil", "P", "U10 Seals", "P", "U10 Belts", "P",
        )
    )  # fmt: skip

    assert texts(found, "heading")[:4] == [
        "# 1 THE PUMP",
        "## 1.1 Parts",
        "### Rotor",
        "### Blades",
    ]


def test_an_abbreviation_is_set_like_other_titles_and_not_like_the_one_in_capitals() -> None:
    titles = [
        ("B", "THE PUMP FOR ALL"), ("B", "Parts of it"), ("I", "Rotor"), ("I", "Hub"),
        ("B", "PSI"), ("I", "Rotor"), ("I", "Hub"), ("B", "GPM"), ("I", "Oil"), ("I", "Water"),
    ]  # fmt: skip
    found = page_of(
        *(typed(72, 810 - 76 * n, title, font, 12) + paragraph(788 - 76 * n)
          for n, (font, title) in enumerate(titles)),
        typed(72, 40, "It is for all of them, and the pump stands still.", "F"),
    )  # fmt: skip

    assert [text for text in texts(found, "heading") if "###" not in text] == [
        "# THE PUMP FOR ALL", "## Parts of it", "## PSI", "## GPM",
    ]  # fmt: skip


def test_steps_that_a_text_counts_by_itself_are_below_its_sections() -> None:
    found = page_of(
        flow(
            "B20 1 The pump", "P", "B16 1.1 Parts", "P", "B16 1.2 Use", "P", "B13 1. Fill it", "P",
            "I13 Now and then", "P", "B13 2. Turn it", "P", "B13 3. Stop it", "P", "B13 4. Dry it",
            "P",
        )
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# 1 The pump", "## 1.1 Parts", "## 1.2 Use", "### 1. Fill it", "#### Now and then",
        "### 2. Turn it", "### 3. Stop it", "### 4. Dry it",
    ]  # fmt: skip


def begun(y: int, name: str, left: int) -> str:
    """A title that its text follows, and below it a paragraph that begins at the left or not."""
    return (
        typed(90, y, name, "B") + typed(129, y, "It takes what the well holds and the tank", "F")
        + typed(left, y - 30, "It is turned by hand, as a wheel in the", "F")
        + typed(left, y - 42, "house can be, or by the water itself.", "F")
    )  # fmt: skip


def test_titles_that_run_in_and_begin_at_one_place_are_on_one_level() -> None:
    places = {"Rotor": 72, "Blade": 110, "Shaft": 72, "Cover": 110, "Wheel": 72}
    found = page_of(
        typed(72, 800, "1 Parts", "B", 14), paragraph(780),
        *(begun(740 - 60 * n, name, left) for n, (name, left) in enumerate(places.items())),
        typed(72, 400, "2 Care", "B", 14), paragraph(380),
        outline=[("Parts", 814), ("Care", 414)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# 1 Parts", *(f"## {name}" for name in places), "# 2 Care"]


def test_titles_of_code_are_beside_unlisted_ones_marked_alike_as_code_in_prose_is_smaller() -> None:
    items = (
        "B16 Parts", "P", "I12 The rotor of it", "P", "O10.2 turn\\(pump\\)", "P",
        "O10.2 stop\\(pump\\)", "P", "I12 The hub of it", "P", "B16 Care", "P",
    )  # fmt: skip
    code = typed(72, 60, "Call ", "F") + typed(97, 60, "stop\\(pump\\)", "C", 8.5)
    more = typed(160, 60, "where the well is dry or the tank is full of water", "F")
    found = page_of(flow(*items), code + more, outline=[("Parts", 1), ("Care", 1)])

    assert texts(found, "heading") == [
        "# Parts", "## The rotor of it", "## `turn(pump)`", "## `stop(pump)`", "## The hub of it",
        "# Care",
    ]  # fmt: skip


def test_a_title_right_above_another_set_as_large_is_the_higher_one() -> None:
    first = typed(72, 790, "The pump", "B", 18) + typed(72, 760, "How it came", "B", 13)
    opened = typed(72, 700, "Its parts", "U", 13) + typed(72, 680, "The rotor", "B", 13)
    small = typed(72, 620, "Of steel", "B", 11) + typed(72, 570, "The lid", "B", 13)
    found = page_of(
        first, paragraph(740), opened, paragraph(660), small, paragraph(600), paragraph(550),
        typed(72, 520, "Of brass", "B", 11), paragraph(500), paragraph(470),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# The pump", "### How it came", "## Its parts", "### The rotor", "#### Of steel",
        "### The lid", "#### Of brass",
    ]  # fmt: skip
