"""What files of many makers show: pages laid upon pages, bullets that are letters, declarations."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from builder.ingest.pdf.dots import Dots
from builder.ingest.pdf.page import Font
from builder.records import Document
from tests.ingest.paper import book, document, page_of, paragraph, texts, typed, written
from tests.ingest.test_pdf_books import text_page, told

_FONTS = (
    "<< /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> "
    "/B << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >> "
    "/C << /Type /Font /Subtype /Type1 /BaseFont /Courier >> "
    "/G << /Type /Font /Subtype /Type1 /BaseFont /Pictures /FirstChar 97 /LastChar 122 "
    f"/Widths [{' 500' * 26}] >> >>"
)


def laid(*inner: str, own: str = "") -> Document:
    """A page with other pages upon it, half as large, beside each other. own: what is on itself."""
    forms = [
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font {_FONTS} >> "
        f"/Length {len(content)} >>\nstream\n{content}\nendstream"
        for content in inner
    ]
    names = " ".join(f"/P{at} {5 + at} 0 R" for at in range(len(forms)))
    content = own + " ".join(
        f"q 0.5 0 0 0.5 {300 * at} 200 cm /P{at} Do Q" for at in range(len(forms))
    )
    return document(
        written(
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            f"/Resources << /Font {_FONTS} /XObject << {names} >> >> >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
            *forms,
        )
    )


def open_table(rows: Sequence[tuple[str, str]], top: int = 700, middle: int = 180) -> str:
    """A table with rules between its rows and columns, and none around it."""
    drawn = f"72 {top} m 400 {top} l S "
    for at, (name, text) in enumerate(rows):
        y = top - 30 * at
        drawn += typed(76, y - 18, name, "F") + typed(middle + 6, y - 18, text, "F")
        drawn += f"{middle} {y} m {middle} {y - 30} l S "
        drawn += f"72 {y - 30} m 400 {y - 30} l S " if at + 1 < len(rows) else ""
    return drawn


PARTS = [("valve", "opens and closes"), ("hub", "turns the wheel"), ("seal", "keeps it dry")]
CARE = [("filter", "clean it weekly"), ("oil", "change it yearly"), ("belt", "tighten it")]


def test_tables_of_pages_that_are_laid_upon_a_page_are_read() -> None:
    names = " ".join(typed(76, y, name, "F") for y, name in ((676, "valve"), (636, "hub")))
    said = [(682, "opens the way"), (670, "to the tank"), (642, "turns what"), (630, "hangs on it")]
    words = " ".join(typed(186, y, text, "F") for y, text in said)
    rules = "".join(f"72 {y} m 400 {y} l S " for y in (700, 660)) + "180 700 m 180 620 l S "
    found = laid(rules + names + words, open_table(CARE, middle=200))

    assert "| valve | opens the way to the tank |" in found.text
    assert "| hub | turns what hangs on it |" in found.text
    assert "| filter | clean it weekly |" in found.text


def test_a_title_in_the_middle_above_an_open_table_is_no_head_of_it() -> None:
    found = page_of(typed(222, 706, "Parts", "B"), open_table(PARTS))

    assert "Parts" in found.text
    assert texts(found, "table")[0].startswith("| valve | opens and closes |")


def test_a_wide_blank_in_a_cell_of_an_open_table_joins_no_columns() -> None:
    rows = [("a" * n, "moves it") for n in range(1, 13)]
    spaced = typed(76, 682, "a", "F") + typed(100, 682, "b", "F")
    found = page_of(open_table(rows, 700), spaced)

    assert texts(found, "table")[0].count("\n") == 12


def test_letters_of_a_font_of_pictures_in_front_of_lines_are_bullets() -> None:
    shown = ["opens the valve", "turns the hub", "closes the seal", "stops the wheel"]
    rows = [
        typed(72, 700 - 14 * at, "q", "G") + typed(90, 700 - 14 * at, text, "F")
        for at, text in enumerate(shown)
    ]
    found = laid(" ".join(rows))

    assert texts(found, "list_item") == [f"- {text}" for text in shown]


def test_bullets_of_word_processors_are_no_terms() -> None:
    shown = ["opens the valve", "turns the hub", "closes the seal"]
    rows = [
        typed(72, 700 - 14 * at, "o", "C") + typed(90, 700 - 14 * at, text, "F")
        for at, text in enumerate(shown)
    ]
    found = page_of(*rows)

    assert texts(found, "list_item") == [f"- {text}" for text in shown]


def test_letters_of_a_face_that_shows_words_too_are_no_bullets() -> None:
    rows = [
        typed(72, 700 - 14 * at, "q", "G") + typed(90, 700 - 14 * at, "is a load", "F")
        for at in range(4)
    ]
    found = laid(" ".join([*rows, typed(72, 600, "queue", "G")]))

    assert "q" in found.text
    assert not texts(found, "list_item")


def test_a_letter_of_a_font_of_pictures_between_words_is_no_bullet() -> None:
    rows = [
        typed(72, 700 - 14 * at, "the pump", "F")
        + typed(120, 700 - 14 * at, "O", "F", 13)
        + typed(121.5, 700 - 14 * at, "r", "G")
        + typed(131, 700 - 14 * at, "the house", "F")
        for at in range(4)
    ]
    found = laid(" ".join(rows))

    assert "\u2022" not in found.text


def test_the_only_row_of_a_page_is_its_running_head_where_it_counts_it() -> None:
    pages = [
        text_page(n, typed(72, 800, f"{n}   CARE OF PUMPS", "F")) if n != 4 else
        typed(72, 800, "4   PARTS IN STORE", "F")
        for n in range(1, 9)
    ]  # fmt: skip
    found = book(*pages)

    assert "PARTS IN STORE" not in found.text
    assert len(told(found, "running_head")) == 8


def test_code_behind_a_counted_title_is_no_part_of_it() -> None:
    found = page_of(
        typed(72, 700, "2.1.3", "B"),
        typed(106, 700, "open\\(\\)", "B"),
        typed(146, 700, "int pump_open \\(", "C", 8),
        typed(134, 688, "int valve,", "C", 8),
        typed(134, 676, "char name \\)", "C", 8),
        typed(72, 650, "Opens a valve of the pump.", "F"),
    )

    assert texts(found, "heading") == ["# 2.1.3 open()"]
    assert texts(found, "code") == [
        "```\nint pump_open (\n             int valve,\n             char name )\n```"
    ]


def test_code_among_the_words_of_a_counted_title_stays_in_it() -> None:
    found = page_of(
        typed(72, 700, "2.1", "B"),
        typed(96, 700, "Using", "B"),
        typed(129, 700, "pump_open", "C"),
        typed(72, 670, "It opens a valve of the pump.", "F"),
    )

    assert texts(found, "heading") == ["# 2.1 Using `pump_open`"]


def test_signs_of_mathematics_that_touch_code_are_code() -> None:
    found = page_of(
        typed(72, 700, "Give it a", "F"),
        typed(116, 700, "char", "C"),
        typed(146, 700, "*", "T"),
        typed(151, 700, "name", "C"),
        typed(72, 687, "or leave it out, and the pump has none that shows.", "F"),
    )

    assert "`char *name`" in found.text


def test_brackets_of_prose_around_an_address_are_no_code() -> None:
    found = page_of(
        typed(72, 700, "Write to", "F"),
        typed(116, 700, "<", "F"),
        typed(121.84, 700, "pump@wells.org", "C"),
        typed(205.84, 700, ">", "F"),
    )

    assert found.text == "Write to <`pump@wells.org`>"


def test_what_a_file_of_c_includes_is_no_title() -> None:
    shown = [
        typed(72, 780, "Pumps", "B", 16),
        typed(72, 740, "#include <pump.h>", "D", 12),
        typed(72, 710, "The pump moves water from the well to the house.", "F"),
    ]
    found = page_of(*shown)

    assert texts(found, "heading") == ["# Pumps"]


def test_the_label_of_a_caption_alone_is_no_title() -> None:
    shown = [
        typed(72, 780 - 90 * n, f"{title}", "B", 12)
        + typed(72, 760 - 90 * n, "The pump moves water from the well to the house.", "F")
        for n, title in enumerate(["Parts", "Table 20", "Care", "Figure 3."])
    ]
    found = page_of(*shown)

    assert texts(found, "heading") == ["# Parts", "# Care"]


def test_a_colon_before_what_explains_a_term_is_not_told_twice() -> None:
    rows = ["start", "stop", "drain"]
    found = page_of(
        typed(72, 790, "Options", "B", 16), paragraph(760), paragraph(720), paragraph(680),
        *(
            typed(72, 640 - 44 * at, name, "C")
            + typed(130, 640 - 44 * at, ": tells what the pump does when it is on", "F")
            + typed(130, 627 - 44 * at, "and when it is off.", "F")
            for at, name in enumerate(rows)
        ),
    )  # fmt: skip

    shown = [text.partition(" tells")[0] for text in texts(found, "definition")]
    assert shown == [f"- `{name}`:" for name in rows]


def test_text_in_columns_between_rules_is_no_table() -> None:
    def column(left: int, first: float, step: float, n_lines: int) -> str:
        words = "the pump moves water from a well"
        return " ".join(
            f"BT /F 10 Tf {(200 - 142) / 31:.3f} Tc {left} {first - step * at} Td ({words}) Tj ET"
            for at in range(n_lines)
        )

    rules = "".join(f"72 {y} m 520 {y} l S " for y in (780, 740, 60))
    title = typed(72, 755, "How pumps are cared for", "B", 16)
    found = page_of(rules, title, column(72, 720, 13, 46), column(310, 715, 12.4, 46))

    assert not texts(found, "table")
    assert found.text.count("the pump moves") == 92


def test_labels_of_a_drawing_beside_code_are_one_paragraph() -> None:
    code = ["begin plot", "  title pumps", "  data wells", "  line red", "  marker dot", "end plot"]
    shown = "".join(
        typed(72, 700 - 12 * at, line.replace("  ", "\\040\\040"), "C")
        for at, line in enumerate(code)
    )
    axis = " ".join(typed(440, 1000 - 24 * at, f"{50 - 10 * at}", "F", 16) for at in range(6))
    found = laid(axis, typed(40, 1100, "Wells", "B", 40), own=shown)

    assert texts(found, "code") == ["```\n" + "\n".join(code) + "\n```"]
    assert "50 40 30 20 10 0" in texts(found, "paragraph")
    assert not texts(found, "heading")


def run_in(y: int, head: str, rest: str, apart: int) -> str:
    """A bold head, its text on the same line, and another line below."""
    return (
        typed(72, y, head, "B")
        + typed(72 + apart, y, rest, "F")
        + typed(72, y - 13, "the house, and stops by itself when the well is dry.", "F")
    )


def test_bold_words_that_their_sentence_goes_on_behind_are_no_title() -> None:
    lone = "moves water from the well to"
    found = page_of(
        typed(72, 790, "Pumps", "B", 16),
        run_in(760, "The pump", lone, 51),
        run_in(710, "A small motor", lone, 75),
        run_in(660, "The valve", lone, 51),
    )

    assert texts(found, "heading") == ["# Pumps"]
    assert "The pump moves water" in found.text


def test_a_bracket_behind_a_gap_that_is_no_blank_is_a_word_of_its_own() -> None:
    apart = "BT /F 10 Tf 2.6 Tc 92.24 700 Td (l[) Tj 0 Tc ET "
    found = page_of(typed(72, 700, "leve", "F"), apart, typed(99.9, 700, "0] is used.", "F"))

    assert found.text == "level [0] is used."


def _with_roots(content: str) -> Document:
    """What is read of a page on which the letter a of the font /R is a root that hangs down."""
    shape = "833 0 0 -960 833 40 d1 0 -960 833 1000 re f"
    letters = (
        "1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <61> <221a> endbfchar"
    )
    return document(
        written(
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources "
            "<< /Font << /R 5 0 R /F << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >> >> "
            ">> >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
            "<< /Type /Font /Subtype /Type3 /FontBBox [0 -960 833 40] /FirstChar 97 /LastChar 97 "
            "/FontMatrix [.001 0 0 .001 0 0] /CharProcs << /root 6 0 R >> /Resources << >> "
            "/Encoding << /Type /Encoding /Differences [97 /root] >> /Widths [833] "
            "/ToUnicode 7 0 R >>",
            f"<< /Length {len(shape)} >>\nstream\n{shape}\nendstream",
            f"<< /Length {len(letters)} >>\nstream\n{letters}\nendstream",
        )
    )


def test_a_root_that_hangs_below_its_place_stands_on_the_line_beside_it() -> None:
    found = _with_roots(
        typed(72, 712, "The pump moves as much water as the square of its speed tells;", "F")
        + typed(72, 700, "it needs", "F")
        + typed(110, 707.1, "a", "R")
        + typed(118.5, 700, "x, and no more.", "F")
    )

    assert "tells; it needs \u221ax, and no more." in found.text


def test_letters_of_fonts_of_signs_are_the_signs() -> None:
    said = "The pump has these options, of which each may be left out:"
    content = typed(72, 740, said, "F") + "".join(
        typed(x, 727, text, font)
        for x, text, font in (
            (72, "{", "C"), (78, "h", "M"), (82, "options", "I"), (115, "i", "M"),
            (120, "} are told before it runs.", "C"),
        )
    )  # fmt: skip
    faces = {"F": "Helvetica", "I": "Helvetica-Oblique", "C": "Courier", "M": "ABCDEF+CMSY10"}
    fonts = " ".join(
        f"/{key} << /Type /Font /Subtype /Type1 /BaseFont /{face} >>" for key, face in faces.items()
    )
    found = document(
        written(
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            f"/Resources << /Font << {fonts} >> >> >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        )
    )

    assert "\u27e8options\u27e9" in found.text


def _with_minus(*lines: str) -> str:
    """The text of a page in a font whose hyphen is a minus sign, as groff's is."""
    font = (
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
        "/Encoding << /Type /Encoding /Differences [45 /minus] >> >>"
    )
    content = " ".join(typed(72, 700 - 30 * at, line, "F") for at, line in enumerate(lines))
    return document(
        written(
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            f"/Resources << /Font << /F {font} >> >> >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        )
    ).text


def test_options_that_a_printer_writes_with_minus_signs_have_hyphens() -> None:
    told = _with_minus("Use pump --all or -n 3 to read-write it.", "The level is 3 - 5 at most.")
    formula = _with_minus("The level x-y is -a of the well.", "It is as low as n-1 there.")

    assert "Use pump --all or -n 3 to read-write it." in told
    assert "3 \u2212 5" in told
    assert "x\u2212y is \u2212a" in formula


def test_a_small_letter_alone_is_no_title() -> None:
    lines = [paragraph(700), typed(72, 660, "n", "B", 12), paragraph(640)]
    lines += [typed(72, 600, "Pump", "B", 12), paragraph(580)]

    assert texts(page_of(*lines), "heading") == ["# Pump"]


def _in_dots(content: str) -> Document:
    """What is read of a page whose font counts in dots, eight to a point, its letters 45 wide."""
    letters = "adenors"
    procs = " ".join(f"/{one} {7 if one == 'd' else 6} 0 R" for one in letters)
    codes = " ".join(f"{ord(one)} /{one}" for one in letters)
    glyphs = [f"45 0 3 0 42 {high} d1 3 0 39 {high} re f" for high in (39, 63)]
    return document(
        written(
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            "/Resources << /Font << /T 5 0 R >> >> >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
            "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 45 63] /FirstChar 97 /LastChar 115 "
            f"/FontMatrix [1 0 0 1 0 0] /CharProcs << {procs} >> /Resources << >> /Encoding "
            f"<< /Type /Encoding /Differences [{codes}] >> /Widths [{'45 ' * 19}] >>",
            *(f"<< /Length {len(one)} >>\nstream\n{one}\nendstream" for one in glyphs),
        )
    )


def test_letters_of_a_font_that_counts_in_dots_are_as_large_as_their_ink() -> None:
    words = (("no", 600), ("des", 692), ("ar", 855), ("e", 947), ("seen", 1020))
    rows = (f"({word}) {x} {y}" for y in (5000, 4888, 4776) for word, x in words)
    shown = " ".join(
        f"BT /T 1 Tf {x} {y} Td {word} Tj ET" for word, x, y in (row.split() for row in rows)
    )

    found = _in_dots(f".12 0 0 .12 0 0 cm {shown}")

    assert found.text == "nodes are seen nodes are seen nodes are seen"


def test_letters_that_are_not_drawn_tell_no_size() -> None:
    font = Font("", False, False, False, True)

    assert Dots().size(font, 0.12, [("e", 0.0), ("n", 0.0)]) == 0.12
    assert Dots().size(font, 0.12, [("e", 0.0), ("E", 6.83)]) == pytest.approx(10)
