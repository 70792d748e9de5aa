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


def test_words_of_style_in_the_name_of_a_font_are_no_part_of_its_face() -> None:
    names = ["NimbusRomanBold", "URWGothicBookOblique", "LMRoman10-Regular", "Lato-Light", "Bold"]
    faces = [Font(name, bold=False, italic=False, fixed=False).face for name in names]

    assert faces == ["NimbusRoman", "URWGothic", "LMRoman", "Lato", "Bold"]
