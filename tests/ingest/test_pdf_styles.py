"""Styles of real documents: drawn weights and accents, ornaments, numbers alone, framed code."""

from __future__ import annotations

from builder.ingest.pdf.page import Font
from builder.records import Document
from tests.ingest.paper import book, page_of, paragraph, texts, typed, wide


def headings(found: Document) -> list[str]:
    return texts(found, "heading")


def titled(y: int, title: str, font: str = "B", size: float = 10) -> str:
    return typed(72, y, title, font, size) + paragraph(y - 22)


def test_accents_that_are_glyphs_of_their_own_belong_to_the_letters_below_them() -> None:
    dieresis = r"\310"
    found = page_of(
        rf"BT /F 10 Tf 72 760 Td [(Die Bl{dieresis}) 333 (ocke der Pumpe)] TJ ET",
        typed(73.7, 745, dieresis, "F"), typed(72, 743, "Anderung der Pumpe", "F"),
    )  # fmt: skip

    assert texts(found, "paragraph") == ["Die Blöcke der Pumpe", "Änderung der Pumpe"]


def test_circumflexes_and_tildes_over_letters_belong_to_them() -> None:
    caret, tilde = r"\303", r"\304"
    found = page_of(
        rf"BT /F 10 Tf 72 760 Td [(La m{caret}) 450 (eme pompe de S{tilde}) 445 (ao)] TJ ET",
        typed(72, 743, "x ^ y ~ z", "F"),
    )

    assert texts(found, "paragraph") == ["La même pompe de São", "x ^ y ~ z"]


def test_an_accent_that_ends_a_text_object_stands_over_the_first_letter_of_the_next() -> None:
    acute = r"\302"
    found = page_of(typed(72, 760, f"La qualit{acute}", "F"), typed(108, 760, "e de la pompe", "F"))

    assert texts(found, "paragraph") == ["La qualité de la pompe"]


def test_cedillas_behind_their_letters_and_accents_side_by_side_belong_to_theirs() -> None:
    cedilla, acute = r"\313", r"\302"
    found = page_of(
        rf"BT /F 10 Tf 72 760 Td [(gar) -0 (c) 400 ({cedilla}) 0 (on)] TJ ET",
        typed(72, 743, "Ea", "F"), typed(73.7, 745, acute + acute, "F"),
    )  # fmt: skip

    assert "garçon" in found.text
    assert "É" in found.text


def test_accents_that_follow_their_letters_belong_to_them_one_and_all() -> None:
    acute = r"\302"
    found = page_of(
        typed(72, 743, "Ea", "F"), typed(73.7, 745, acute, "F"), typed(78.5, 743, acute, "F"),
    )  # fmt: skip

    assert texts(found, "paragraph") == ["Éá"]


def test_lines_around_letters_make_them_bold_where_most_have_none() -> None:
    def stroked(y: int, text: str) -> str:
        return f"2 Tr {typed(72, y, text, 'F')} 0 Tr "

    some = page_of(stroked(780, "Parts") + paragraph(758), stroked(700, "Care") + paragraph(678))
    every = page_of(stroked(780, "The pump is old.") + stroked(750, "It moves water."))

    assert headings(some) == ["# Parts", "# Care"]
    assert not headings(every)


def test_room_between_ideographs_and_latin_words_is_no_blank_where_blanks_are_glyphs() -> None:
    rows = [
        wide(72, 780 - 20 * n, "水泵把水", "K")
        + typed(114, 780 - 20 * n, "pump", "F")
        + wide(141, 780 - 20 * n, "送到房子", "K")
        for n in range(15)
    ]
    latin = typed(72, 460, "the pump and the well and the house", "F")
    glyphs = "".join(
        wide(72, 440 - 20 * n, "水泵", "K") + typed(92, 440 - 20 * n, " well", "F")
        for n in range(2)
    )

    with_some = page_of(*rows, latin, glyphs).text
    with_none = page_of(*rows, latin).text

    assert with_some.count("水泵把水pump送到房子") == 15 and with_some.count("水泵 well") == 2
    assert with_none.count("水泵把水 pump 送到房子") == 15


def test_dotted_numbers_of_one_form_are_of_one_level_in_any_outline() -> None:
    names = [
        "1 Pumps",
        "1.0.1 Parts",
        "2 Wells",
        "2.0.1 Rope",
        "2.0.2 Lid",
        "2.0.3 Care",
        "2.0.4 Oil",
    ]
    found = book(
        "".join(
            titled(800 - 60 * n, name, "I" if ".0." in name else "B", 12)
            for n, name in enumerate(names)
        ),
        outline=[(name, 1) for name in names],
        levels=[1, 2, 1, 2, 3, 3, 3],
    )

    assert [text.count("#") for text in headings(found)] == [1, 3, 1, 3, 3, 3, 3]


def test_titles_that_hold_all_their_like_stand_beside_them() -> None:
    names = ["Pumps", "Parts", "Rotor", "Hub", "Wells", "Rope", "Lid", "Care"]
    found = book(
        "".join(
            titled(820 - 60 * n, name, "B", 14 if name in ("Pumps", "Wells") else 10)
            for n, name in enumerate(names)
        ),
        outline=[(name, 1) for name in names],
        levels=[1, 2, 3, 3, 1, 2, 3, 3],
    )

    assert [text.count("#") for text in headings(found)] == [1, 3, 3, 3, 1, 3, 3, 3]


def test_a_title_that_runs_in_never_ends_with_a_dash_before_code() -> None:
    def run_in(y: int, name: str, end: int) -> str:
        code = typed(end + 8, y, f"@{name}", "C")
        text = typed(end + 16 + 6 * len(name) + 6, y, "It turns at one speed, as long as", "F")
        rest = typed(72, y - 13, "the mains has power, and it needs no oil at all.", "F")
        return typed(72, y, f"{name} -", "B") + code + text + rest

    found = page_of(
        typed(72, 780, "Parts", "B", 14), paragraph(755),
        run_in(700, "rotor", 101), run_in(650, "hub", 96),
        typed(72, 600, "Care", "B", 14), paragraph(575),
        outline=[("Parts", 1), ("Care", 1)],
    )  # fmt: skip

    assert headings(found) == ["# Parts", "## rotor - `@rotor`", "## hub - `@hub`", "# Care"]


def test_small_bold_titles_may_stand_in_slanted_ones_of_the_size_of_prose() -> None:
    titles = [
        ("Pumps", "B", 14.0), ("Parts", "B", 10.0), ("Rotor", "I", 10.0), ("Blade", "B", 8.5),
        ("Care", "B", 10.0), ("Oil", "I", 10.0), ("Can", "B", 8.5),
    ]  # fmt: skip
    found = page_of(
        *(titled(820 - 75 * n, name, font, size) for n, (name, font, size) in enumerate(titles))
    )

    assert [text.count("#") for text in headings(found)] == [1, 2, 3, 4, 2, 3, 4]


def test_lines_that_nothing_but_the_next_number_tells_are_titles_too() -> None:
    found = page_of(
        titled(820, "1 Pumps"), titled(760, "1.1 Parts", "F"), titled(700, "1.2 Care", "F"),
        titled(640, "2 Wells"), titled(580, "2.1 Rope", "F"), titled(520, "2.2 Lid", "F"),
    )  # fmt: skip

    assert headings(found) == [
        "# 1 Pumps", "## 1.1 Parts", "## 1.2 Care", "# 2 Wells", "## 2.1 Rope", "## 2.2 Lid",
    ]  # fmt: skip


def test_grey_lines_alone_above_their_text_are_titles() -> None:
    found = page_of(
        titled(800, "Pumps", "B", 14),
        *(f"0.4 g {typed(72, 740 - 70 * n, name, 'F')} 0 g {paragraph(720 - 70 * n)}"
          for n, name in enumerate(("Parts", "Care", "Oil"))),
    )  # fmt: skip

    assert headings(found) == ["# Pumps", "## Parts", "## Care", "## Oil"]


def test_bold_flush_lines_with_an_ornament_are_titles_not_items() -> None:
    def item(y: int, text: str) -> str:
        return typed(90, y, "\\267", "Y") + typed(98, y, text, "F")

    found = book(
        titled(800, "Pumps", "B", 16)
        + "".join(
            typed(72, 730 - 110 * n, f"* {name}", "B") + paragraph(708 - 110 * n)
            + item(675 - 110 * n, "a rotor of steel") + item(660 - 110 * n, "a hub of brass")
            for n, name in enumerate(("Parts", "Care", "Oil"))
        )
    )  # fmt: skip

    assert headings(found) == ["# Pumps", "## * Parts", "## * Care", "## * Oil"]
    assert len(texts(found, "list_item")) == 6


def test_a_counted_title_right_below_another_is_no_row_of_a_table() -> None:
    def counted(y: int, number: str, title: str, size: int) -> str:
        return typed(72, y, number, "F", size) + typed(100, y, title, "F", size)

    found = page_of(
        counted(800, "1", "Pumps", 14), paragraph(770), paragraph(740),
        counted(690, "2", "Wells", 14), counted(665, "2.1", "The rope", 12), paragraph(640),
    )  # fmt: skip

    assert headings(found) == ["# 1 Pumps", "# 2 Wells", "## 2.1 The rope"]
    assert not texts(found, "table")


def test_frames_around_code_in_two_columns_are_no_table() -> None:
    def framed(x: int, y: int, name: str) -> str:
        box = f"{x - 3} {y - 40} {x + 216} {y + 10}"
        left, low, right, high = map(int, box.split())
        lines = [(left + 3, at, right - 3, at) for at in (low, high)]
        lines += [(left, low, left, high), (right, low, right, high)]
        drawn = "".join(f"{a} {b} m {c} {d} l S " for a, b, c, d in lines)
        return drawn + "".join(typed(x, y - 12 * n, f"{name} = {n}", "C", 8) for n in range(4))

    def column(x: int, top: int, name: str) -> str:
        text = "".join(
            typed(x, 800 - 13 * n, "The pump moves water from the well, and it", "F")
            for n in range(20)
        )
        return text + framed(x, top, name) + framed(x, top - 70, name)

    found = page_of(column(72, 520, "pump"), column(296, 490, "well"))

    assert not texts(found, "table")
    assert [text.count("pump =") for text in texts(found, "code")] == [4, 4, 0, 0]  # one per frame


def test_words_of_style_in_the_name_of_a_font_are_no_part_of_its_face() -> None:
    names = ["NimbusRomanBold", "URWGothicBookOblique", "LMRoman10-Regular", "Lato-Light", "Bold"]
    faces = [Font(name, bold=False, italic=False, fixed=False).face for name in names]

    assert faces == ["NimbusRoman", "URWGothic", "LMRoman", "Lato", "Bold"]


def test_numbered_lines_of_chinese_tables_and_figures_are_captions() -> None:
    found = page_of(
        *(wide(72, 780 - 60 * n, text, "K") + paragraph(750 - 60 * n)
          for n, text in enumerate(("表7-1：水泵的历史", "图 2 井的深度", "表面的水")))
    )  # fmt: skip

    assert texts(found, "caption") == ["表7-1：水泵的历史", "图 2 井的深度"]


def test_code_of_single_letters_keeps_the_blanks_that_are_only_moves() -> None:
    rows = [r"(0) -600 (0) -600 (-1) -600 (2)", r"({) -600 (c) -600 (d) -600 (})"]
    moved = [rf"BT /C 10 Tf 72 {700 - 12 * n} Td [{row}] TJ ET" for n, row in enumerate(rows)]

    assert texts(page_of(paragraph(740), *moved), "code") == ["```\n0 0 -1 2\n{ c d }\n```"]


def test_a_sign_of_another_font_stands_behind_the_blank_before_its_gap() -> None:
    words = "BT /F 10 Tf 72 700 Td [(a ) -2058 (than b, and the pump is old.)] TJ ET"
    found = page_of(words, typed(80.34, 700, "less", "I"))

    assert texts(found, "paragraph") == ["a less than b, and the pump is old."]


def test_letters_too_small_to_see_end_no_reading() -> None:
    assert "water" in page_of(typed(72, 743, "water is here " * 40, "C", 0.01)).text


def test_thousands_of_accents_upon_one_line_cost_little() -> None:
    acute = r"\302"
    upon = "".join(typed(72 + 0.006 * at, 743.001, acute, "F", 0.01) for at in range(5_000))

    assert "EEE" in page_of(typed(72, 743, "E" * 20_000, "F", 0.01), upon).text
