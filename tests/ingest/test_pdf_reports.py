"""Reports and manuals as LaTeX sets them plainly: covers, contents, heads, titles that run in."""

from __future__ import annotations

import pytest

from tests.ingest.paper import book, page_of, paragraph, texts, typed, wide
from tests.ingest.test_pdf_books import WORDS, text_page, told
from tests.ingest.test_pdf_levels import run_in


def test_titles_that_begin_pages_are_no_running_heads_where_others_stand_inside() -> None:
    def inside(n: int) -> str:
        shown = [typed(72, 700, f"turn {WORDS[n]}", "B"), typed(72, 660, "Parameters", "B")]
        return shown[0] + paragraph(686) + shown[1] + paragraph(646) + typed(290, 60, str(n), "F")

    def begun(n: int) -> str:
        return typed(72, 790, "Parameters", "B") + paragraph(776) + inside(n)

    found = book(inside(1), begun(2), begun(3), inside(4), inside(5))

    assert found.text.count("Parameters") == 7
    assert told(found, "running_foot") == list("12345")


@pytest.mark.parametrize("left", [272, 262])  # in the title's middle; only inside of the page
def test_an_author_with_an_initial_below_the_title_is_no_heading(left: int) -> None:
    found = page_of(
        typed(216, 790, "The water pump", "B", 22), typed(left, 750, "A. Nobody", "F", 12),
        typed(72, 710, "Parts", "B", 14), paragraph(690),
        typed(72, 640, "Care", "B", 14), paragraph(620),
    )  # fmt: skip

    assert texts(found, "heading") == ["# The water pump", "## Parts", "## Care"]


def test_an_author_with_an_initial_on_a_cover_is_no_heading() -> None:
    cover = typed(216, 600, "The water pump", "B", 22) + typed(262, 400, "A. Nobody", "B", 16)
    chapters = (
        typed(72, 740, f"{n} {word.title()}s", "B", 18) + text_page(n)
        for n, word in enumerate(WORDS[1:5], 1)
    )
    found = book(cover + typed(262, 360, "Nov 24, 2026", "B", 12), "", *chapters)

    assert texts(found, "heading")[:2] == ["# The water pump", "## 1 Wells"]


def test_contents_whose_entries_have_no_leaders_are_left_out() -> None:
    names = ["Pumps of the house", "Wells", "Tanks"]
    listed = "".join(
        typed(72, 700 - 20 * n, f"{n} {name}", "B") + typed(500, 700 - 20 * n, str(n), "B")
        for n, name in enumerate(names, 1)
    )
    sections = "".join(
        typed(72, 600 - 80 * n, f"{n} {name}", "B", 14) + paragraph(580 - 80 * n)
        for n, name in enumerate(names, 1)
    )
    found = book(typed(72, 730, "Contents", "B", 14) + listed + sections, text_page(2))

    assert texts(found, "heading") == [f"# {n} {name}" for n, name in enumerate(names, 1)]
    assert told(found, "contents")[0].startswith("Contents 1 Pumps of the house 1")


def test_rows_that_end_in_numbers_below_a_section_of_examples_stay() -> None:
    rows = [("The well is deep", "30"), ("The tank is high", "20"), ("The lid is wide", "10")]
    shown = "".join(
        typed(72, 700 - 20 * n, name, "F") + typed(500, 700 - 20 * n, number, "F")
        for n, (name, number) in enumerate(rows)
    )
    found = book(typed(72, 730, "Examples", "B", 14) + shown, text_page(2))

    assert "Examples" in found.text
    assert not told(found, "contents")


def test_a_page_that_shows_nothing_but_its_head_and_foot_is_blank() -> None:
    pages = [text_page(n, typed(290, 60, str(n), "F")) for n in range(1, 7)]
    for n in (2, 6):
        pages[n - 1] = typed(400, 800, "The pump manual", "B") + typed(72, 60, f"{n}", "F")

    found = book(typed(290, 60, "ii", "B"), *pages)

    assert "manual" not in found.text and "ii" not in found.text.split()


def test_titles_with_the_room_of_those_above_text_do_not_run_in() -> None:
    def shown(y: int, title: str, room: float) -> str:
        return typed(72, y, title, "B") + "".join(
            typed(72, y - room - 12 * n, f"pump.turn\\({n}\\)") for n in range(2)
        )

    found = page_of(
        typed(72, 800, "Parts", "B", 14), paragraph(775),
        typed(72, 735, "Rotor", "B"), paragraph(715),
        shown(665, "Blades", 20), shown(610, "Shaft", 20),
        run_in(560, "Lid", 97), run_in(520, "Hub", 101), shown(480, "Screw", 17),
        typed(72, 430, "Care", "B", 14), paragraph(405),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# Parts", "## Rotor", "## Blades", "## Shaft", "### Lid", "### Hub", "### Screw", "# Care",
    ]  # fmt: skip


def test_titles_that_a_section_repeats_are_below_those_between_them() -> None:
    shown = "".join(
        typed(72, 730 - 110 * n, f"pump.{word}", "B") + paragraph(710 - 110 * n)
        + typed(72, 675 - 110 * n, "Parameters", "B") + typed(72, 655 - 110 * n, f"The {word}.", "F")
        for n, word in enumerate(WORDS[1:4])
    )  # fmt: skip
    found = page_of(typed(72, 780, "Functions", "B", 14), paragraph(762), shown)

    assert texts(found, "heading") == [
        "# Functions", *(f"{level} {name}" for word in WORDS[1:4]
                         for level, name in (("##", f"pump.{word}"), ("###", "Parameters"))),
    ]  # fmt: skip


def test_titles_that_several_sections_have_once_each_stay_beside_others() -> None:
    shown = "".join(
        typed(72, 780 - 150 * n, f"The {word}", "B", 14) + paragraph(760 - 150 * n)
        + typed(72, 725 - 150 * n, f"Its {WORDS[n]}", "B") + paragraph(705 - 150 * n)
        + typed(72, 670 - 150 * n, "Notes", "B") + paragraph(650 - 150 * n)
        for n, word in enumerate(WORDS[4:8])
    )  # fmt: skip
    found = page_of(shown)

    assert [text.split()[0] for text in texts(found, "heading")] == ["#", "##", "##"] * 4


def test_latin_words_that_are_larger_than_the_ideographs_beside_them_are_no_titles() -> None:
    def mixed(y: int, *words: str) -> str:
        shown, x = "", 72.0
        for word in words:
            if word.isascii():
                shown += typed(x, y, word, "T", 10)
                x += 6.2 * len(word)
            else:
                shown += wide(x, y, word, "K", 8.4)
                x += 8.4 * len(word) + 3
        return shown

    text = "".join(
        mixed(740 - 60 * n, "水泵把水从井里", "pump", "送到房子里，井干了它就会自己停止，")
        + mixed(727 - 60 * n, "由", "Northern Water and Electricity", "驱动它")
        + mixed(714 - 60 * n, "井干了", "pump", "就会自己停止不用人管。")
        for n in range(4)
    )
    found = page_of(text)

    assert texts(found, "heading") == []
    assert len(texts(found, "paragraph")) == 4


def test_code_as_large_as_that_in_prose_is_no_larger_title() -> None:
    found = page_of(
        typed(72, 780, "Parts", "B", 14), *(
            typed(72, y, "Call ", "F", 9) + typed(96, y, "turn", "C", 10)
            + typed(124, y, "where the well is dry or the tank is full of water", "F", 9)
            for y in (760, 700)
        ),
        typed(72, 735, "export PUMP=1", "C", 10),
        typed(72, 660, "Care", "B", 14), paragraph(640),
    )  # fmt: skip

    assert texts(found, "heading") == ["# Parts", "# Care"]
    assert texts(found, "code") == ["```\nexport PUMP=1\n```"]


def test_the_number_of_a_release_behind_that_of_its_section_is_a_title() -> None:
    shown = "".join(
        typed(72, 740 - 60 * n, f"1.{n + 1} 0.{9 - n}.0", "B") + paragraph(720 - 60 * n)
        for n in range(3)
    )
    found = page_of(typed(72, 790, "1 Releases", "B", 14), paragraph(770), shown)

    assert texts(found, "heading") == [
        "# 1 Releases",
        "## 1.1 0.9.0",
        "## 1.2 0.8.0",
        "## 1.3 0.7.0",
    ]


@pytest.mark.parametrize(("name", "behind", "titles"), [("D", 12, 4), ("B", 12, 2)])
def test_names_of_code_with_a_colon_run_in_where_room_is_behind_as_letters_are_high(
    name: str, behind: int, titles: int
) -> None:
    def option(y: int) -> str:
        return typed(72, y, "rotor", name) + run_in(y, "", 105 + behind) + typed(102, y, ":", "B")

    found = page_of(
        typed(72, 800, "Parts", "B", 14), paragraph(775), paragraph(730),
        option(680), paragraph(647), option(597),
        typed(72, 530, "Care", "B", 14), paragraph(505),
    )  # fmt: skip

    assert len(texts(found, "heading")) == titles


def test_chapters_are_below_the_parts_that_are_counted_too() -> None:
    def chapter(n: int, word: str) -> str:
        return typed(72, 760, f"Chapter {n} {word}", "B", 16) + text_page(n)

    found = book(
        typed(200, 500, "Part I Pumps", "B", 24), chapter(1, "Rotors"), chapter(2, "Lids"),
        typed(200, 500, "Part II Wells", "B", 24), chapter(3, "Depth"), chapter(4, "Rings"),
    )  # fmt: skip

    assert [text.split()[0] for text in texts(found, "heading")] == ["#", "##", "##"] * 2


def test_the_number_of_a_chapter_may_stand_far_above_its_title() -> None:
    pages = [text_page(n) for n in range(1, 10)]
    for n, word in enumerate(WORDS[:3]):
        title = typed(400, 800, f"KAPITEL {n + 1}", "B", 14) + typed(
            72, 728, f"Die {word}s", "B", 14
        )
        pages[3 * n] = title + pages[3 * n]
    found = book(*pages)

    assert texts(found, "heading") == [
        f"# KAPITEL {n} Die {w}s" for n, w in enumerate(WORDS[:3], 1)
    ]


def test_the_title_alone_on_a_cover_is_above_larger_ones_and_some_set_like_it() -> None:
    def chapter(n: int, name: str) -> str:
        return typed(72, 780, f"{n} {name}", "B", 22) + paragraph(750) + text_page(n)

    care = typed(72, 780, "Care of the pump", "B", 18) + text_page(5)
    found = book(
        typed(250, 500, "The pump", "B", 18), "", chapter(1, "Rotors"), care, chapter(2, "Lids")
    )

    assert texts(found, "heading") == [
        "# The pump", "## 1 Rotors", "### Care of the pump", "## 2 Lids",
    ]  # fmt: skip


def test_small_labels_before_the_first_listed_title_are_none() -> None:
    cover = typed(200, 600, "The water pump", "B", 22)
    made = "".join(
        typed(72, y, label, "B", 10) + paragraph(y - 20)
        for y, label in ((780, "COLLABORATORS"), (720, "REVISION HISTORY"))
    )
    sections = (
        typed(72, 780, f"{n} {word.title()}s", "B", 14) + text_page(n)
        for n, word in enumerate(WORDS[:3], 1)
    )
    outline = [(f"{word.title()}s", n) for n, word in enumerate(WORDS[:3], 3)]
    found = book(cover, made, *sections, outline=outline)

    assert texts(found, "heading") == ["# The water pump", "## 1 Pumps", "## 2 Wells", "## 3 Tanks"]


def test_bold_words_of_code_may_be_wider_than_others_and_move_what_follows() -> None:
    rows = [
        ("from", "pump.house import Rotor"),
        ("import", "valve"),
        ("while", "pump.turns\\(\\):"),
    ]
    shown = "".join(
        typed(72, 700 - 12 * n, word, "D", 9.3)
        + typed(72 + 5.58 * len(word) + 4.8, 700 - 12 * n, rest, size=8)
        for n, (word, rest) in enumerate(rows)
    )
    found = page_of(paragraph(760), shown)

    assert texts(found, "code") == [
        "```\nfrom pump.house import Rotor\nimport valve\nwhile pump.turns():\n```"
    ]


def test_blanks_in_strings_may_be_wider_than_letters() -> None:
    words = ["turn\\(", '"The', "pump", "of", "the", "house", "on", "the", 'hill"\\)']
    shown, x = "", 72.0
    for word in words:
        shown += typed(x, 700, word, size=8)
        x += 4.8 * len(word.replace("\\", "")) + 6.3
    found = page_of(paragraph(760), shown, typed(72, 688, "stop\\(\\)", size=8))

    assert texts(found, "code") == ['```\nturn( "The pump of the house on the hill")\nstop()\n```']


def test_numbers_of_lines_stay_out_where_most_lines_are_indented() -> None:
    rows = ["def turn\\(\\):", *(f"pump.turn\\({n}\\)" for n in range(6))]
    shown = "".join(
        typed(72, 700 - 12 * n, str(n + 1), "F") + typed(90 + 48 * (n > 0), 700 - 12 * n, row)
        for n, row in enumerate(rows)
    )
    found = page_of(paragraph(760), shown)

    body = "\n".join(f"        pump.turn({n})" for n in range(6))
    assert texts(found, "code") == [f"```\ndef turn():\n{body}\n```"]
    assert told(found, "line_numbers")
