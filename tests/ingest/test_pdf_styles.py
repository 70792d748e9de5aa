"""Styles of real documents: drawn weights and accents, ornaments, numbers alone, framed code."""

from __future__ import annotations

from builder.ingest.pdf.page import Font
from builder.records import Document
from tests.ingest.paper import page_of, paragraph, texts, typed, wide


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
    assert [text.count("pump =") for text in texts(found, "code")] == [8, 0]


def test_words_of_style_in_the_name_of_a_font_are_no_part_of_its_face() -> None:
    names = ["NimbusRomanBold", "URWGothicBookOblique", "LMRoman10-Regular", "Lato-Light", "Bold"]
    faces = [Font(name, bold=False, italic=False, fixed=False).face for name in names]

    assert faces == ["NimbusRoman", "URWGothic", "LMRoman", "Lato", "Bold"]
