"""What classes and packages of LaTeX do to pages: heads with rules, titles in odd letters."""

from __future__ import annotations

import zlib

import pytest

from builder.ingest.pdf.fonts import Fonts
from builder.ingest.pdf.ligatures import Ligatures
from builder.ingest.pdf.page import Font
from tests.ingest.paper import book, document, page_of, paragraph, texts, typed, wide, written
from tests.ingest.test_pdf_books import WORDS, text_page, told

TITLES = ["Wells and tanks", "Oil of the pump", "Care of the screw", "Valves at home", "Faults"]
LINE = "The pump moves water from the well to the tank, and the"


def rule(y: float, right: float = 500) -> str:
    """A line over the page."""
    return f"72 {y} m {right} {y} l S "


def spaced_out(x: float, y: float, text: str, size: float = 10) -> str:
    """Text whose letters are set apart."""
    return f"BT /F {size} Tf 2 Tc {x} {y} Td ({text}) Tj 0 Tc ET "


def code(y: int) -> str:
    """Much code, smaller than prose."""
    line = "pump.fill(tank, well, valve, rotor, shaft, blade, screw, gauge, house, water, oil)"
    return "".join(typed(72, y - 8 * n, f"{line} {y} {n}", "C", 6) for n in range(40))


def test_titles_at_the_head_are_kept_where_a_list_in_a_book_of_code_names_them() -> None:
    listed = "".join(typed(72, 700 - 14 * n, title, "F") for n, title in enumerate(TITLES))
    pages = [
        typed(72, 790, f"{n} {title}", "B") + typed(72, 740, f"{WORDS[n]}: {LINE}", "F") + code(600)
        for n, title in enumerate(TITLES, 1)
    ]
    found = book(typed(72, 760, LINE, "F") + listed + code(600), *pages)

    assert told(found, "running_head") == []
    assert all(f"{n} {title}" in found.text for n, title in enumerate(TITLES, 1))


def test_a_head_is_left_out_that_says_the_counted_title_of_its_page() -> None:
    pages = [
        typed(300, 800, f"1.{n}. {title}", "F") + typed(72, 760, f"1.{n} {title}", "F")
        + text_page(n)
        for n, title in enumerate(TITLES, 1)
    ]  # fmt: skip
    found = book(*pages)

    assert told(found, "running_head") == [f"1.{n}. {t}" for n, t in enumerate(TITLES, 1)]
    assert found.text.count("1.2 Oil of the pump") == 1


def test_the_line_below_a_running_head_is_none_of_a_table() -> None:
    rows = [("Part", "Made of"), ("tank", "steel"), ("valve", "brass"), ("screw", "iron")]
    cells = "".join(
        typed(x, 680 - 14 * n - 4 * bool(n), cell, "F")
        for n, row in enumerate(rows)
        for x, cell in zip((72, 300), row, strict=True)
    )
    table = rule(692) + cells + rule(676) + rule(630)
    pages = [
        typed(400, 800, "Pumps", "F") + rule(795) + typed(72, 730, f"1.{n} {word} of it", "F")
        + table + "".join(typed(72, y, f"{LINE} {word} {y}.", "F") for y in range(600, 360, -30))
        for n, word in enumerate(WORDS[:4], 1)
    ]  # fmt: skip
    found = book(*pages)

    assert len(told(found, "running_head")) == 4
    assert texts(found, "table")[0].split("\n")[0] == "| Part | Made of |"


@pytest.mark.parametrize("outline", [(), (("Keep the pump", 1), ("Care", 2))])
def test_the_number_alone_above_a_title_is_in_it(outline: tuple[tuple[str, int], ...]) -> None:
    found = book(
        typed(420, 780, "Three", "I", 20) + typed(300, 740, "Keep the pump", "F", 20)
        + paragraph(700),
        typed(72, 780, "Care", "B", 14) + paragraph(750),
        outline=outline,
    )  # fmt: skip

    assert texts(found, "heading")[0] == "# Three Keep the pump"


def test_a_blank_parts_the_number_of_a_chapter_from_its_title() -> None:
    number, title, text = (
        "\u7b2c\u4e8c\u7ae0",
        "\u6cf5\u548c\u4e95",
        "\u6cf5\u628a\u6c34\u6253\u5230\u5c4b\u91cc",
    )
    found = page_of(wide(72, 740, number, "K", 16), wide(140, 740, title, "K", 16),
                    wide(72, 700, text * 5), wide(72, 684, text * 3))  # fmt: skip

    assert texts(found, "heading") == [f"# {number} {title}"]


@pytest.mark.parametrize(("high", "small"), [(0.46, True), (0.68, False)])
def test_small_letters_of_one_height_are_small_capitals(high: float, small: bool) -> None:
    font = Font("Garamond-Regular", bold=False, italic=False, fixed=False)
    fonts = Fonts.__new__(Fonts)
    fonts._heights, fonts._measured = {id(font): {}}, set()
    letters = [(at, ord(letter)) for at, letter in enumerate("held back")]
    tops = {letter: high if letter in "hldbk" else 0.45 for letter in "held back"}
    fonts.learn_heights(font, letters, lambda at: tops["held back"[at]])

    assert font.caps is small


def test_figures_of_another_font_in_code_are_code() -> None:
    found = page_of(
        paragraph(740),
        typed(72, 700, "fill\\(tank, ", "C"), typed(138, 700, "8000", "I", 10.79), typed(162, 700, "\\)", "C"),
        typed(72, 688, "stop\\(pump, ", "C"), typed(138, 688, "3500", "I", 10.79), typed(162, 688, "\\)", "C"),
        paragraph(660),
    )  # fmt: skip

    assert texts(found, "code") == ["```\nfill(tank, 8000)\nstop(pump, 3500)\n```"]


def test_the_number_of_a_page_of_code_is_prose() -> None:
    rows = "".join(typed(72, y, "fill(tank, rotor, shaft)", "C") for y in (760, 748, 736))
    found = book(
        paragraph(740) + typed(300, 500, "8", "F"), rows + typed(216, 736, "7", "F", 10.79)
    )

    assert "`pump`" not in found.text
    assert "The pump moves water" in found.text


def test_lines_whose_letters_are_set_apart_are_titles() -> None:
    found = page_of(
        spaced_out(72, 780, "Keep the oil", 9), paragraph(760),
        spaced_out(72, 716, "Fill the tank", 9), paragraph(696),
        spaced_out(72, 652, "Stop the pump and all of the other engines in the house", 9),
        spaced_out(72, 640, "and the well", 9), paragraph(620),
    )  # fmt: skip

    assert [text.lstrip("# ") for text in texts(found, "heading")] == [
        "Keep the oil",
        "Fill the tank",
        "Stop the pump and all of the other engines in the house and the well",
    ]


def test_counted_titles_that_end_like_sentences_are_titles() -> None:
    long = "How to fill the tank and the well with rain of the last winter."
    found = page_of(
        typed(72, 790, "1 Pumps", "B", 14), paragraph(765),
        typed(72, 725, "1.1 Wells", "B", 12), paragraph(703),
        typed(72, 660, f"1.1.1 {long}", "I"), typed(72, 640, "fill(tank)", "C"), typed(72, 628, "stop(pump)", "C"),
        typed(72, 596, f"1.1.2 {long}", "I"), typed(72, 576, "fill(well)", "C"), typed(72, 564, "stop(pump)", "C"),
        paragraph(530),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# 1 Pumps", "## 1.1 Wells", f"### 1.1.1 {long}", f"### 1.1.2 {long}",
    ]  # fmt: skip


def test_a_dash_that_hangs_out_of_the_margin_begins_no_item() -> None:
    first = "tank: what the pump fills with water of the well, which is as old as the"
    found = page_of(
        paragraph(760),
        typed(82, 700, "\\267", "F"), typed(92, 700, f"{first} house is", "F"),
        typed(90.4, 688, "- as some say - and cold.", "F"),
        typed(82, 676, "\\267", "F"), typed(92, 676, "well: the one behind the house, with stairs that go down to it.", "F"),
        paragraph(640),
    )  # fmt: skip

    assert len(texts(found, "list_item")) == 2


def test_titles_of_slides_set_like_the_listed_one_stand_below_it() -> None:
    pages = [
        typed(20, 250, title, "F", 14) + typed(40, 200, f"The {title.lower()} of the house,", "F")
        for title in TITLES
    ]
    found = book(*pages, outline=[(TITLES[0], 1)], size=(363, 272))

    assert texts(found, "heading") == [f"# {TITLES[0]}", *(f"## {title}" for title in TITLES[1:])]


def _with_parts(packed: bool) -> bytes:
    """A file whose font calls two glyphs by their parts; packed: its encoding is in a stream."""
    shown = "Only 100 of the letters \\033lled the \\034le and \\035ed."
    differences = "<< /Type /Encoding /Differences [27 /f_i /f_i /t_t] >>"
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Brook {} >>".format("/Encoding 6 0 R")
    content = " ".join(typed(72, 700 - 14 * n, shown, "F") for n in range(4))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        font,
    ]
    if not packed:
        return written(*objects, differences)
    inner = f"6 0 {differences}".encode()
    stream = zlib.compress(inner)
    head = b"7 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length %d /Filter /FlateDecode >>\nstream\n"
    return written(*objects, differences) + head % len(stream) + stream + b"\nendstream\nendobj\n"


@pytest.mark.parametrize("packed", [False, True])
def test_ligatures_are_told_by_the_names_of_their_parts(packed: bool) -> None:
    data = _with_parts(packed)
    if packed:
        data = data.replace(b"[27 /f_i /f_i /t_t]", b"[27 /one /one /two]", 1)
        assert Ligatures(data).of("Brook")[27] == 0xFB01
    else:
        assert "filled the file and tted" in document(data).text


def test_streams_of_objects_that_are_damaged_tell_no_ligatures() -> None:
    heads = b"<< /Type /ObjStm /N 1 >>\nstream\n" * 20_000
    wrong = b"<< /Type /ObjStm >>\nstream\n" + zlib.compress(b"5 9999 6 2 /Differences [27 /f_i]")

    assert Ligatures(heads).of("Brook") == {}
    assert Ligatures(wrong).of("Brook") == {}


def test_a_bullet_of_full_width_needs_no_blank() -> None:
    found = page_of(
        paragraph(760),
        typed(82, 700, "\\267", "F"), typed(85.5, 700, "tank.cls for the tank of the house", "F"),
        typed(82, 686, "\\267", "F"), typed(85.5, 686, "well.cls for the well of the house", "F"),
        paragraph(660),
    )  # fmt: skip

    assert texts(found, "list_item") == [
        "- tank.cls for the tank of the house", "- well.cls for the well of the house",
    ]  # fmt: skip


def test_a_short_list_of_contents_below_its_name_is_left_out() -> None:
    led = " . . . . . . . . . . . . ."
    rows = [("1 Pumps", "2"), (f"1.1 Wells{led}", "2"), (f"1.2 Tanks{led}", "2"), ("Index", "3")]
    listed = "".join(
        typed(72, 720 - 14 * n, row, "F") + typed(400, 720 - 14 * n, page, "F")
        for n, (row, page) in enumerate(rows)
    )
    found = book(
        typed(72, 760, "Contents", "B", 20) + listed,
        typed(72, 780, "1 Pumps", "B", 16) + paragraph(750) + typed(72, 700, "1.1 Wells", "B", 13)
        + paragraph(680) + typed(72, 640, "1.2 Tanks", "B", 13) + paragraph(620),
    )  # fmt: skip

    assert "Contents" not in found.text
    assert found.text.count("Wells") == 1
