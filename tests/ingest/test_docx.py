"""Word files: what a reader of the printed document would see, as blocks."""

from __future__ import annotations

import pytest

from builder.ingest.docx import parse
from builder.ingest.parsed import Parsed
from builder.records import Document
from tests.ingest.packages import (
    CHART,
    FIXTURES,
    chart_part,
    document,
    docx,
    docx_parts,
    relations,
    texts,
    zipped,
)
from tests.ingest.reading import paths


def p(text: str, style: str = "", properties: str = "", run: str = "") -> str:
    """A paragraph of one run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    look = f"<w:rPr>{run}</w:rPr>" if run else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr><w:r>{look}{t(text)}</w:r></w:p>"


def t(text: str) -> str:
    """The text of a run."""
    return f'<w:t xml:space="preserve">{text}</w:t>'


def r(text: str) -> str:
    """A plain run."""
    return f"<w:r>{t(text)}</w:r>"


def style(
    name: str, properties: str = "", base: str = "", run: str = "", kind: str = "paragraph"
) -> str:
    """A style whose id is its name without blanks."""
    above = f'<w:basedOn w:val="{base}"/>' if base else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/>{above}'
        f"<w:pPr>{properties}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def read(body: str, **parts: str) -> Document:
    """The document with this body."""
    return document(docx(body, **parts), "docx")


COURIER = '<w:rFonts w:ascii="Courier New"/>'
BOLD = "<w:b/>"


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("heading 1", 1),
        ("Heading 3", 3),
        ("Überschrift 2", 2),
        ("Titre 1", 1),
        ("Título 2", 2),
        ("Kop 4", 4),
        ("Заголовок 1", 1),
        ("見出し 2", 2),
    ],
)
def test_headings_are_told_by_style_names_of_many_languages(name: str, level: int) -> None:
    found = read(p("Start", name.replace(" ", "")) + p("Some text."), styles=style(name))

    assert texts(found, "heading") == ["#" * level + " Start"]


def test_headings_are_told_by_outline_level_and_by_base_style() -> None:
    styles = (
        style("Abschnitt", '<w:outlineLvl w:val="1"/>')
        + style("heading 1")
        + style("House Chapter", base="heading1")
        + style("Fake Heading", '<w:outlineLvl w:val="9"/>', base="heading1")
    )
    body = (
        p("A", "HouseChapter")
        + p("B", "Abschnitt")
        + p("no heading at all", "FakeHeading")
        + p("C", properties='<w:outlineLvl w:val="2"/>')
        + p("text")
    )

    found = read(body, styles=styles)

    assert texts(found, "heading") == ["# A", "## B", "### C"]
    assert found.blocks[-1].heading_path == ("A", "B", "C")


def test_styles_that_are_based_on_each_other_do_not_hang() -> None:
    styles = style("One", base="Two") + style("Two", base="One")

    assert texts(read(p("text", "One"), styles=styles)) == ["text"]


def test_bold_lines_are_headings_where_no_style_tells_any() -> None:
    body = p("Setup", run=BOLD) + p("Install the pump first, then the valve.")

    found = read(body)

    assert texts(found) == ["# Setup", "Install the pump first, then the valve."]
    assert found.blocks[0].flags == ("inferred",)


def test_a_bold_line_that_leads_to_a_list_is_no_heading() -> None:
    body = p("Setup", run=BOLD) + p("Text that is long enough to be the body of it.")

    found = read(body + p("Bring these:", run=BOLD) + item("a valve", 2), numbering=NUMBERING)

    assert texts(found, "heading") == ["# Setup"]


def test_bold_lines_that_only_lead_to_other_places_are_no_headings() -> None:
    entry = p("How is the pump set up?", run=BOLD)
    linked = entry.replace("<w:r>", '<w:hyperlink w:anchor="setup"><w:r>')
    linked = linked.replace("</w:r></w:p>", "</w:r></w:hyperlink></w:p>")
    text = p("Install the pump first, then the valve.")

    found = read(linked + text + entry + text)

    assert texts(found)[::2] == ["How is the pump set up?", "# How is the pump set up?"]


def test_larger_bold_lines_stand_above_smaller_ones() -> None:
    body = (
        p("Handbook", run='<w:b/><w:sz w:val="40"/>')
        + p("Text that is long enough to be the body of it.", run='<w:sz w:val="22"/>')
        + p("Setup", run='<w:b/><w:sz w:val="28"/>')
        + p("More text that is long enough to be the body.", run='<w:sz w:val="22"/>')
    )

    assert texts(read(body), "heading") == ["# Handbook", "## Setup"]


def test_bold_lines_stay_text_where_styles_tell_headings_but_questions_do_not() -> None:
    body = (
        p("FAQ", "heading1")
        + p("Note well", run=BOLD)
        + p("Can I return it?", run=BOLD)
        + p("Yes, within 14 days.")
    )

    found = read(body, styles=style("heading 1"))

    assert texts(found) == ["# FAQ", "Note well", "## Can I return it?", "Yes, within 14 days."]
    assert found.blocks[2].flags == ("inferred", "question")


def test_a_title_stands_above_all_headings() -> None:
    body = p("Manual", "Title") + p("One", "heading1") + p("a") + p("Two", "heading1") + p("b")

    found = read(body, styles=style("Title") + style("heading 1"))

    assert found.title == "Manual"
    assert [block.heading_path for block in found.blocks][-1] == ("Manual", "Two")


def test_an_outline_level_of_the_default_style_makes_no_heading_of_other_styles() -> None:
    normal = style("Normal", '<w:outlineLvl w:val="2"/>').replace(
        "<w:style ", '<w:style w:default="1" '
    )
    styles = normal + style("Para 1", base="Normal") + style("heading 1", base="Normal")

    found = read(p("Setup", "heading1") + p("Press the button", "Para1"), styles=styles)

    assert texts(found) == ["# Setup", "Press the button"]


def test_what_is_based_on_the_title_is_a_line_below_it_and_no_heading() -> None:
    large = '<w:sz w:val="40"/>'
    styles = style("Title", run=large) + style("heading 1")
    styles += style("Author", base="Title") + style("Subtitle", run=large)
    body = p("Manual", "Title") + p("For pumps", "Subtitle") + p("Jo", "Author")

    found = read(body + p("Setup", "heading1") + p("text"), styles=styles)

    assert texts(found) == ["# Manual", "For pumps", "Jo", "## Setup", "text"]
    assert found.blocks[-1].heading_path == ("Manual", "Setup")


@pytest.mark.parametrize("name", ["heading 1", "Title"])
def test_one_of_several_parts_does_not_name_the_document(name: str) -> None:
    parts = "".join(p(part, name.replace(" ", "")) + p("Some text.") for part in ("Tea", "Milk"))

    found = read(parts, styles=style(name))

    assert found.title == "file"
    assert found.blocks[-1].heading_path == ("file", "Milk")


def test_a_first_heading_without_text_names_the_document() -> None:
    body = p("Drinks", "heading1") + p("Tea", "heading1") + p("hot") + p("Milk", "heading1")

    assert read(body + p("cold"), styles=style("heading 1")).title == "Drinks"


def test_headings_of_all_six_levels_stay_apart_below_a_title() -> None:
    styles = style("Title") + "".join(style(f"heading {level}") for level in range(1, 7))
    headings = "".join(p(f"Level {level}", f"heading{level}") for level in range(1, 7))

    found = read(p("Manual", "Title") + p("Preface.") + headings + p("text"), styles=styles)

    assert found.title == "Manual"
    assert found.blocks[-1].heading_path == ("Manual", *(f"Level {level}" for level in range(1, 7)))


NUMBERING = """
<w:abstractNum w:abstractNumId="0">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
 <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
 <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val=" "/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="0"/>
 <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
"""


def item(text: str, num: int, level: int = 0) -> str:
    """A list item."""
    return p(
        text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'
    )


def test_every_level_that_a_list_defines_anew_counts() -> None:
    numbered = "".join(
        f'<w:lvl w:ilvl="{at}"><w:numFmt w:val="decimal"/><w:lvlText w:val="%{at + 1}."/></w:lvl>'
        for at in range(2)
    )
    bullets = "".join(
        f'<w:lvlOverride w:ilvl="{at}"><w:lvl w:ilvl="{at}"><w:numFmt w:val="bullet"/>'
        '<w:lvlText w:val="•"/></w:lvl></w:lvlOverride>'
        for at in range(2)
    )
    lists = (
        f'<w:abstractNum w:abstractNumId="0">{numbered}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/>{bullets}</w:num>'
    )

    assert texts(read(item("a", 1) + item("b", 1, 1), numbering=lists)) == ["- a", "  - b"]


def test_items_that_are_set_further_in_are_deeper() -> None:
    def set_in(left: int) -> str:
        return f'<w:pPr><w:ind w:left="{left}"/></w:pPr>'

    levels = [
        f'<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/>{set_in(left)}</w:lvl>'
        for left in (360, 720)
    ]
    lists = "".join(
        f'<w:abstractNum w:abstractNumId="{at}">{level}</w:abstractNum>'
        for at, level in enumerate(levels)
    )
    lists += "".join(
        f'<w:num w:numId="{at + 1}"><w:abstractNumId w:val="{at}"/></w:num>' for at in range(2)
    )
    typed = "".join(
        p(f"•\t{text}", properties=f'<w:ind w:left="{left}"/>')
        for text, left in (("c", 360), ("d", 720), ("e", 400))
    )

    found = read(item("a", 1) + item("b", 2) + p("between") + typed, numbering=lists)

    assert found.text.split("\n") == ["- a", "  - b", "", "between", "", "- c", "  - d", "- e"]


def test_lists_are_numbered_as_word_numbers_them() -> None:
    body = (
        item("a", 1) + item("b", 1) + item("b one", 1, 1) + item("b two", 1, 1) + item("goes on", 3)
        + item("c", 1) + item("c one", 1, 1) + p("between") + item("d", 1) + p("new") + item("again", 4)
        + item("point", 2)
    )  # fmt: skip

    found = read(body, numbering=NUMBERING)

    assert found.text.split("\n") == [
        "1. a", "2. b", "  1. b one", "  2. b two", "", "goes on", "", "3. c", "  1. c one", "",
        "between", "", "4. d", "", "new", "", "1. again", "- point",
    ]  # fmt: skip


def test_list_styles_nest_by_the_number_in_their_name() -> None:
    numbered = '<w:numPr><w:numId w:val="2"/></w:numPr>'
    styles = style("List Bullet", numbered) + style("Aufzählungszeichen 2", numbered)

    found = read(
        p("a", "ListBullet") + p("b", "Aufzählungszeichen2") + p("c", "ListBullet"),
        styles=styles,
        numbering=NUMBERING,
    )

    assert found.text == "- a\n  - b\n- c"


def test_list_items_by_style_and_by_typed_bullets() -> None:
    styles = style("List Bullet", '<w:numPr><w:numId w:val="2"/></w:numPr>')

    found = read(
        p("styled", "ListBullet") + p("• typed") + p("3)\tcounted"),
        styles=styles,
        numbering=NUMBERING,
    )

    assert texts(found, "list_item") == ["- styled", "- typed", "3. counted"]


@pytest.mark.parametrize(
    "name",
    ["Source Code", "SourceCode", "Preformatted Text", "HTML Vorformatiert", "Quelltext", "Code"],
)
def test_code_by_style_keeps_blanks_and_lines(name: str) -> None:
    lines = ("def f():", "    return 1", "", "# end\tx")
    body = "".join(p(line, name.replace(" ", "")) for line in lines)

    found = read(p("Run:") + body + p("Done."), styles=style(name))

    assert texts(found) == ["Run:", "```\ndef f():\n    return 1\n\n# end\tx\n```", "Done."]


def test_monospaced_paragraphs_are_code_and_monospaced_words_inline_code() -> None:
    body = (
        p("a = 1", run=COURIER)
        + p("  b = 2", run=COURIER)
        + f"<w:p>{r('Set ')}<w:r><w:rPr>{COURIER}</w:rPr>{t('--flag')}</w:r>{r(' to on.')}</w:p>"
    )

    assert texts(read(body)) == ["```\na = 1\n  b = 2\n```", "Set `--flag` to on."]


def test_blanks_of_code_that_do_not_break_are_blanks() -> None:
    body = p("if a:", run=COURIER) + p("\xa0 \xa0 b = 2", run=COURIER)

    assert texts(read(body)) == ["```\nif a:\n    b = 2\n```"]


def test_an_empty_line_between_lines_of_code_belongs_to_them() -> None:
    body = p("a = 1", run=COURIER) + "<w:p/>" + p("b = 2", run=COURIER)

    assert texts(read(body)) == ["```\na = 1\n\nb = 2\n```"]


def test_a_document_set_in_courier_is_no_code() -> None:
    styles = f"<w:docDefaults><w:rPrDefault><w:rPr>{COURIER}</w:rPr></w:rPrDefault></w:docDefaults>"

    assert texts(read(p("Dear customer"), styles=styles)) == ["Dear customer"]


def test_paragraphs_with_breaks_are_code_blocks_of_their_own() -> None:
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="SourceCode"/></w:pPr><w:r>{t(a)}<w:br/>{t(b)}</w:r></w:p>'
        for a, b in (("a", "b"), ("c", "d"))
    )

    assert texts(read(body, styles=style("Source Code"))) == ["```\na\nb\n```", "```\nc\nd\n```"]


def test_a_gap_ends_a_block_of_close_lines() -> None:
    close = '<w:spacing w:after="0"/>'
    far = '<w:spacing w:after="283"/>'
    body = "".join(
        p(text, "PreformattedText", gap)
        for text, gap in (("a", close), ("b", far), ("c", close), ("d", far))
    )

    found = read(body, styles=style("Preformatted Text"))

    assert texts(found) == ["```\na\nb\n```", "```\nc\nd\n```"]


def test_one_line_blocks_stay_apart_where_others_have_their_breaks_inside() -> None:
    whole = (
        f"<w:p><w:r><w:rPr>{COURIER}</w:rPr>{t('npm install')}<w:br/>{t('npm start')}</w:r></w:p>"
    )
    one, two = p("npm install box", run=COURIER), p("const box = open();", run=COURIER)
    begins, inside = p("if (box) {", run=COURIER), p("  open(box)", run=COURIER)

    apart = read(p("Words before the code.") + whole + p("x") + one + two + p("y") + two + one)
    lines = read(
        p("Words before the code.") + whole + p("x") + begins + inside + p("y") + one + two
    )

    assert texts(apart, "code") == [
        "```\nnpm install\nnpm start\n```", "```\nnpm install box\n```",
        "```\nconst box = open();\n```", "```\nconst box = open();\n```",
        "```\nnpm install box\n```",
    ]  # fmt: skip
    assert texts(lines, "code")[1] == "```\nif (box) {\n  open(box)\n```"


def cell(*content: str, properties: str = "") -> str:
    """A cell of a table."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(content)}</w:tc>"


def row(*cells: str, header: bool = False) -> str:
    """A row of a table."""
    told = "<w:trPr><w:tblHeader/></w:trPr>" if header else ""
    return f"<w:tr>{told}{''.join(cells)}</w:tr>"


def test_tables_stand_in_place_with_merged_cells_and_code() -> None:
    table = (
        row(cell(p("Name")), cell(p("Values"), properties='<w:gridSpan w:val="2"/>'), header=True)
        + row(
            cell(p("a"), properties='<w:vMerge w:val="restart"/>'),
            cell(p("1 | 2")),
            cell(p("x", run=COURIER)),
        )
        + row(cell(p(""), properties="<w:vMerge/>"), cell(p("3"), p("4")), cell(p("")))
    )

    found = read(p("before") + f"<w:tbl>{table}</w:tbl>" + p("after"))

    assert texts(found) == [
        "before",
        "| Name | Values | Values |\n| --- | --- | --- |\n| a | 1 \\| 2 | `x` |\n| a | 3 4 |  |",
        "after",
    ]
    assert found.blocks[1].header_rows == 1


def test_a_first_row_is_a_header_only_when_it_stands_out() -> None:
    bold = row(cell(p("K", run=BOLD)), cell(p("V", run=BOLD))) + row(cell(p("a")), cell(p("b")))
    plain = row(cell(p("K")), cell(p("V"))) + row(cell(p("a")), cell(p("b")))

    found = read(f"<w:tbl>{bold}</w:tbl>{p('x')}<w:tbl>{plain}</w:tbl>")

    assert [block.header_rows for block in found.blocks] == [1, 0, 0]


def test_a_table_of_one_cell_is_a_frame_around_its_blocks() -> None:
    found = read(f"<w:tbl>{row(cell(p('A note.'), p('x = 1', run=COURIER)))}</w:tbl>")

    assert texts(found) == ["A note.", "```\nx = 1\n```"]


def test_two_bold_rows_are_both_headers_but_a_section_is_none() -> None:
    names = row(cell(p("K", run=BOLD)), cell(p("V", run=BOLD)))
    wide = row(cell(p("Prices", run=BOLD), properties='<w:gridSpan w:val="2"/>'))
    data = row(cell(p("a")), cell(p("b")))

    heads = [
        read(f"<w:tbl>{head}{data}</w:tbl>").blocks[0] for head in (wide + names, names + wide)
    ]

    assert [block.header_rows for block in heads] == [2, 1]


CODE = (p("if x:", run=COURIER), p("  y()", run=COURIER))


def test_code_below_titles_in_a_table_keeps_its_lines() -> None:
    one = row(cell(p("Request"))) + row(cell(*CODE))
    two = row(cell(p("Python")), cell(p("Java"))) + row(cell(*CODE), cell(p("y();", run=COURIER)))

    found = read(p("Words before the code.") + f"<w:tbl>{one}</w:tbl><w:tbl>{two}</w:tbl>")

    code = "```\nif x:\n  y()\n```"
    assert texts(found)[1:] == ["Request", code, "Python", code, "Java", "```\ny();\n```"]


def test_numbers_of_lines_beside_code_are_left_out() -> None:
    numbers = (p("1", run=COURIER), p("2", run=COURIER))
    lines = "".join(row(cell(n), cell(c)) for n, c in zip(numbers, CODE, strict=True))

    for table in (row(cell(*numbers), cell(*CODE)), lines):
        found = read(p("Words before the code.") + f"<w:tbl>{table}</w:tbl>")

        assert texts(found, "code") == ["```\nif x:\n  y()\n```"]
        assert [part.reason for part in found.dropped] == ["line_numbers"]


def test_a_table_that_arranges_parts_keeps_their_headings() -> None:
    left = cell(p("Work", "heading2"), p("At sea."), p("School", "heading2"), p("On land."))
    beside = f"<w:tbl>{row(left, cell(p('Skills', 'heading2'), p('Knots.')))}</w:tbl>"
    below = row(cell(p("1.1")), cell(p("Scope", "heading2"))) + row(cell(p("")), cell(p("All.")))
    below += row(cell(p("1.2")), cell(p("Roles", "heading2"))) + row(cell(p("")), cell(p("One.")))

    found = read(beside + f"<w:tbl>{below}</w:tbl>", styles=style("heading 2"))

    headings = ["## Work", "## School", "## Skills", "## 1.1 Scope", "## 1.2 Roles"]
    assert texts(found, "heading") == headings
    assert texts(found, "paragraph") == ["At sea.", "On land.", "Knots.", "All.", "One."]


def test_headings_as_names_or_sections_leave_a_table_one_of_data() -> None:
    names = row(cell(p("K", "heading2")), cell(p("V", "heading2")))
    section = row(cell(p("Fruit", "heading2"), properties='<w:gridSpan w:val="2"/>'))
    data = row(cell(p("a")), cell(p("b")))

    for table in (names + data, data + section + data):
        found = read(f"<w:tbl>{table}</w:tbl>", styles=style("heading 2"))

        assert [block.kind for block in found.blocks] == ["table"]


def test_code_in_two_frames_is_two_blocks() -> None:
    frames = [
        f"<w:tbl>{row(cell(p('if x:', run=COURIER), p('  y()', run=COURIER)))}</w:tbl>",
        f"<w:tbl>{row(cell(p('z()', run=COURIER)))}</w:tbl>",
    ]

    found = read(p("Words before the code.") + "".join(frames))

    assert texts(found, "code") == ["```\nif x:\n  y()\n```", "```\nz()\n```"]


def test_a_column_of_pictures_keeps_its_place_in_the_table() -> None:
    picture = "<w:p><w:r><w:drawing/></w:r></w:p>"
    data = row(cell(p("Name")), cell(p("Sign")), header=True) + row(cell(p("stop")), cell(picture))
    people = row(cell(picture), cell(picture), header=True) + row(cell(p("Ann")), cell(picture))
    hint = row(cell(picture), cell(p("Mind the gap.")))

    found = read("".join(f"<w:tbl>{rows}</w:tbl>{p('x')}" for rows in (data, people, hint)))

    assert texts(found) == [
        "| Name | Sign |\n| --- | --- |\n| stop |  |", "x",
        "|  |  |\n| --- | --- |\n| Ann |  |", "x",
        "Mind the gap.", "x",
    ]  # fmt: skip


def test_a_table_in_a_cell_is_told_in_the_cell() -> None:
    inner = f"<w:tbl>{row(cell(p('i')), cell(p('j')))}</w:tbl>"
    table = row(cell(p("a")), cell(p("b"))) + row(cell(p("c")), cell(inner + p("")))

    assert "| c | i, j |" in read(f"<w:tbl>{table}</w:tbl>").text


def test_a_chart_is_a_table_of_its_figures() -> None:
    parts = docx_parts(f"<w:p>{r('See the chart.')}<w:r><w:drawing>{CHART}</w:drawing></w:r></w:p>")
    parts["word/_rels/document.xml.rels"] = relations(chart="charts/c1.xml")
    parts["word/charts/c1.xml"] = chart_part("Share", ("Q1", "Q2"), ("Pumps", ("0.25", "0.3")))

    found = document(zipped(parts), "docx")

    assert texts(found) == [
        "See the chart.",
        "Share",
        "|  | Pumps |\n| --- | --- |\n| Q1 | 25% |\n| Q2 | 30% |",
    ]
    assert found.blocks[2].header_rows == 1


def test_tracked_changes_are_read_as_accepted() -> None:
    body = (
        f"<w:p>{r('Keep ')}<w:ins>{r('new ')}</w:ins><w:del><w:r><w:delText>old words</w:delText></w:r></w:del>"
        f"<w:moveFrom>{r('moved')}</w:moveFrom><w:moveTo>{r('here')}</w:moveTo></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{r('One ')}</w:p><w:p>{r('line.')}</w:p>"
    )

    found = read(body)

    assert texts(found) == ["Keep new here", "One line."]
    assert [(region.reason, region.characters) for region in found.dropped] == [("deleted", 13)]


def test_notes_follow_the_block_that_refers_to_them() -> None:
    body = (
        f'<w:p>{r("See")}<w:r><w:footnoteReference w:id="2"/></w:r>{r(" there.")}</w:p>{p("Next.")}'
    )
    notes = (
        f'<w:footnote w:id="0" w:type="separator">{p("-")}</w:footnote>'
        f'<w:footnote w:id="2">{p(" The note.")}</w:footnote><w:footnote w:id="3">{p("unused")}</w:footnote>'
    )

    found = read(body, footnotes=notes)

    assert texts(found) == ["See there.", "The note.", "Next."]
    assert found.blocks[1].flags == ("footnote",)
    assert found.blocks[1].place is not None and found.blocks[1].place.part == "word/footnotes.xml"


def test_notes_that_refer_to_each_other_are_told_once() -> None:
    def note(name: int, other: int) -> str:
        reference = f'<w:r><w:footnoteReference w:id="{other}"/></w:r>'
        return f'<w:footnote w:id="{name}"><w:p>{r(f"note {name}")}{reference}</w:p></w:footnote>'

    chain = "".join(note(name, name + 1) for name in range(1, 2000)) + note(2000, 1)
    body = f'<w:p>{r("Text.")}<w:r><w:footnoteReference w:id="1"/></w:r></w:p>'

    found = texts(read(body, footnotes=chain))

    assert found[:3] == ["Text.", "note 1", "note 2"]
    assert len(found) == 2001


def test_a_missing_note_is_corrupt() -> None:
    from builder.ingest.parsed import Refused

    found = parse(docx('<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'))

    assert isinstance(found, Refused)
    assert found.reason == "corrupt"


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('In the box.')}</w:txbxContent>"
    body = (
        f"<w:p>{r('Text.')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}"
        f"</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )

    assert texts(read(body)) == ["Text.", "In the box."]


def boxed(content: str) -> str:
    """A paragraph with a text box."""
    return f"<w:p><w:r><w:pict><w:txbxContent>{content}</w:txbxContent></w:pict></w:r></w:p>"


def test_a_heading_in_a_text_box_heads_the_box_unless_it_is_alone() -> None:
    tip = boxed(p("Tip", "heading1") + p("Wax it."))
    body = (
        p("Boats", "heading1") + tip + p("They float.") + boxed(p("Oars", "heading1")) + p("Two.")
    )

    found = read(body, styles=style("heading 1"))

    assert paths(found) == {
        "Wax it.": ("Boats", "Tip"),
        "They float.": ("Boats",),
        "Two.": ("Oars",),
    }


def test_lines_set_with_tabs_are_a_table() -> None:
    rows = p("Ann\t\t4 m") + p("Bea\t\t7 m")

    found = read(p("Boat\tLength", run=BOLD) + rows + p("A\tB\tC"))

    assert texts(found, "table") == [
        "| Boat | Length |\n| --- | --- |\n| Ann | 4 m |\n| Bea | 7 m |"
    ]
    assert texts(found, "paragraph") == ["A B C"]


def test_typed_hyphens_and_numbers_make_a_list_where_they_go_on() -> None:
    found = read(
        p("- oars")
        + p("- rope")
        + p("1) tie")
        + p("2) row")
        + p("So:")
        + p("- alone")
        + p("5. May.")
    )

    assert texts(found, "list_item") == ["- oars", "- rope", "1. tie", "2. row"]
    assert texts(found, "paragraph") == ["So:", "- alone", "5. May."]


def field(kind: str) -> str:
    """A mark of a field."""
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(text: str) -> str:
    """The code of a field."""
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def test_fields_show_their_results_but_contents_are_dropped() -> None:
    body = (
        f"<w:p>{field('begin')}{code(' TOC ')}{field('separate')}{r('Setup 3')}</w:p>"
        f"<w:p>{r('Usage 4')}{field('end')}</w:p>"
        f"<w:p>{r('See ')}{field('begin')}{code('HYPERLINK x')}{field('separate')}{r('the page')}{field('end')}"
        f'<w:fldSimple w:instr=" PAGE ">{r("7")}</w:fldSimple>.</w:p>'
    )

    found = read(body)

    assert texts(found) == ["See the page"]
    assert {region.reason: region.characters for region in found.dropped} == {
        "contents": 12,
        "page_reference": 1,
    }


def test_a_field_without_its_end_swallows_nothing() -> None:
    body = f"<w:p>{field('begin')}{code(' TOC ')}{field('separate')}{r('Kept.')}</w:p>{p('Also kept.')}"

    assert texts(read(body)) == ["Kept.", "Also kept."]


def test_contents_by_style_and_by_control_are_dropped() -> None:
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
        f"</w:sdtPr><w:sdtContent>{p('Setup 3')}</w:sdtContent></w:sdt>"
    )

    found = read(control + p("Usage 4", "Verzeichnis1") + p("Text."), styles=style("Verzeichnis 1"))

    assert texts(found) == ["Text."]
    assert sum(region.characters for region in found.dropped) == 12


def test_content_controls_are_looked_through() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{p('Block.')}</w:sdtContent></w:sdt>"
        f"<w:p>{r('In')}<w:sdt><w:sdtContent>{r('line')}</w:sdtContent></w:sdt></w:p>"
        f"<w:p>{r('A')}<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('click here')}"
        "</w:sdtContent></w:sdt></w:p>"
    )

    assert texts(read(body)) == ["Block.", "Inline", "A"]


def test_hidden_text_comments_and_margins_are_dropped_and_counted() -> None:
    body = p("secret", run="<w:vanish/>") + p("Shown.", run='<w:vanish w:val="0"/>')

    found = read(
        body, header1=p("Running head"), footer1=p("Page foot"),
        comments=f'<w:comment w:id="1">{p("Really?")}</w:comment>',
    )  # fmt: skip

    assert texts(found) == ["Shown."]
    assert {region.what: (region.reason, region.characters) for region in found.dropped} == {
        "hidden text": ("hidden", 6),
        "header": ("running_head", 11),
        "footer": ("running_head", 8),
        "comment": ("comment", 7),
    }
    assert found.visible == 6 + 6 + 11 + 8 + 7


def test_special_characters_are_what_they_show() -> None:
    body = (
        f"<w:p><w:r>{t('a')}<w:noBreakHyphen/>{t('b c')}<w:softHyphen/>{t('d')}<w:tab/>{t('e')}<w:br/>{t('f')}"
        '<w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>'
        f'<w:r>{t(" m")}</w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>{t("2")}</w:r></w:p>'
    )

    assert texts(read(body)) == ["a-b cd e\nfα→ m²"]


def test_formulas_are_read_as_text() -> None:
    fraction = (
        "<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    )
    body = (
        f"<w:p>{r('Mean ')}<m:oMath>{fraction}</m:oMath>{r('.')}</w:p>"
        f"<w:p><m:oMathPara><m:oMath>{fraction}</m:oMath></m:oMathPara></w:p>"
    )

    found = read(body)

    assert texts(found) == ["Mean (a+b)/2.", "$$\n(a+b)/2\n$$"]
    assert found.blocks[1].kind == "math"


def test_quotes_captions_and_definitions_have_their_kinds() -> None:
    styles = "".join(map(style, ("Zitat", "Beschriftung", "Definition Term", "Definition")))
    body = (
        p("Said he.", "Zitat") + p("Figure 1: A pump", "Beschriftung")
        + p("Pump", "DefinitionTerm") + p("Moves water.", "Definition")
    )  # fmt: skip

    found = read(body, styles=styles)

    assert [(block.kind, found.text[block.start : block.end]) for block in found.blocks] == [
        ("quote", "> Said he."),
        ("caption", "Figure 1: A pump"),
        ("definition", "- Pump: Moves water."),
    ]


def test_embedded_pages_are_read() -> None:
    from tests.ingest.packages import docx_parts, relations, zipped

    parts = docx_parts('<w:p/><w:altChunk r:id="aFChunk"/>')
    parts["word/_rels/document.xml.rels"] = relations(aFChunk="chunk.html")
    parts["word/chunk.html"] = (
        "<html><body><h1>Inside</h1><p>The text of the page.</p></body></html>"
    )

    assert "The text of the page." in document(zipped(parts), "docx").text


def test_strict_files_are_read_like_others() -> None:
    from tests.ingest.packages import docx_parts, zipped

    parts = {
        name: str(content)
        .replace("schemas.openxmlformats.org/wordprocessingml/2006/main", "purl.oclc.org/ooxml/wordprocessingml/main")
        .replace("schemas.openxmlformats.org/officeDocument/2006/relationships", "purl.oclc.org/ooxml/officeDocument/relationships")
        for name, content in docx_parts(p("Strict text."), styles=style("heading 1")).items()
    }  # fmt: skip

    assert texts(document(zipped(parts), "docx")) == ["Strict text."]


def test_a_drop_cap_belongs_to_the_paragraph_that_follows() -> None:
    frame = '<w:framePr w:dropCap="drop" w:lines="3"/>'
    body = p("O", properties=frame, run='<w:sz w:val="96"/>') + p("nce upon a time")

    assert texts(read(p("Story", "heading1") + body, styles=style("heading 1"))) == [
        "# Story",
        "Once upon a time",
    ]


@pytest.mark.parametrize(
    "font", ["Monaco", "Cousine", "Hack", "Hack Nerd Font", "Iosevka Term", "MesloLGS NF"]
)
def test_fixed_pitch_fonts_are_known_by_name(font: str) -> None:
    look = f'<w:rFonts w:ascii="{font}"/>'

    found = read(p("Words before the code.") + p("x = 1", run=look))

    assert [block.kind for block in found.blocks] == ["paragraph", "code"]


def test_a_script_font_of_monotype_is_no_code() -> None:
    found = read(p("Words.") + p("Yours, Ann", run='<w:rFonts w:ascii="Monotype Corsiva"/>'))

    assert texts(found) == ["Words.", "Yours, Ann"]


def test_placeholders_of_whole_paragraphs_and_cells_are_left_out() -> None:
    def control(content: str) -> str:
        told = "<w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
        return f"<w:sdt>{told}<w:sdtContent>{content}</w:sdtContent></w:sdt>"

    table = row(cell(p("Town")), control(cell(p("Enter a town")))) + row(
        cell(p("Code")), cell(p("PE"))
    )

    found = read(control(p("Enter a name")) + f"<w:tbl>{table}</w:tbl>")

    assert texts(found) == ["|  |  |\n| --- | --- |\n| Town |  |\n| Code | PE |"]
    assert [part.reason for part in found.dropped] == ["placeholder"]


def test_boxes_and_choices_of_forms_are_what_is_shown() -> None:
    def mark(data: str) -> str:
        return (
            f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'
            "<w:r><w:instrText> FORM </w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    on = mark('<w:checkBox><w:default w:val="1"/></w:checkBox>')
    off = mark('<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>')
    entries = '<w:listEntry w:val="hot"/><w:listEntry w:val="cold"/>'
    choice = mark(f'<w:ddList><w:result w:val="1"/>{entries}</w:ddList>')
    body = (
        f"<w:p>{on}{r(' tea ')}{off}{r(' milk ')}{choice}"
        '<w:r><w:t xml:space="preserve"> </w:t>'
        '<w:sym w:font="Wingdings 2" w:char="F052"/><w:sym w:font="Wingdings 2" w:char="F0A3"/>'
        '<w:sym w:font="Wingdings 2" w:char="F050"/></w:r></w:p>'
    )

    assert texts(read(body)) == ["☒ tea ☐ milk cold ☑☐✓"]


def test_inserted_parts_of_formulas_stay() -> None:
    def part(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    formula = f"{part('a=')}<w:del>{part('b')}</w:del><w:ins>{part('c')}</w:ins>"

    assert texts(read(f"<w:p>{r('So ')}<m:oMath>{formula}</m:oMath></w:p>")) == ["So a=c"]


def test_the_language_is_the_one_that_most_text_is_marked_with() -> None:
    parsed = parse(docx(p("Guten Tag", run='<w:lang w:val="de-DE"/>')))

    assert isinstance(parsed, Parsed)
    assert parsed.lang == "de-DE"


@pytest.mark.parametrize("name", ["pandoc", "libreoffice", "libreoffice-de", "web"])
def test_files_of_known_makers_give_their_source_back(name: str) -> None:
    folder = FIXTURES / "docx"
    found = document((folder / f"{name}.docx").read_bytes(), "docx")
    written = (folder / "handbuch.md").read_bytes().replace(b"\t", b"    ")  # as the makers do
    source = document(written, "md")

    assert blocks(found) == blocks(source)


def blocks(found: Document) -> list[tuple[str, str, tuple[str, ...]]]:
    """Kind, text and path of the blocks."""
    return [
        (block.kind, found.text[block.start : block.end], block.heading_path)
        for block in found.blocks
    ]


@pytest.mark.parametrize("number", ["\u00b2", "9" * 5000, "-1"], ids=["raised", "long", "negative"])
def test_levels_and_starts_that_are_no_numbers_break_nothing(number: str) -> None:
    told = f'<w:outlineLvl w:val="{number}"/>'
    counted = f'<w:numPr><w:ilvl w:val="{number}"/><w:numId w:val="1"/></w:numPr>'
    levels = (
        f'<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="{number}"><w:start w:val="{number}"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        f'<w:startOverride w:val="{number}"/></w:lvlOverride></w:num>'
    )
    found = read(p("It turns.", properties=told) + p("It stops.", "S", counted),
                 numbering=levels, styles=style("S", told + counted))  # fmt: skip

    assert "It turns." in found.text
    assert "It stops." in found.text


def test_a_line_that_begins_with_nought_stands_beside_any_other() -> None:
    found = read(p("0. Nothing is set.") + p("Plain text."))

    assert texts(found) == ["0. Nothing is set.", "Plain text."]


def test_letters_of_another_face_inside_a_word_are_no_code() -> None:
    mono = f"<w:r><w:rPr>{COURIER}</w:rPr>{t('ä')}</w:r>"

    found = read(f"<w:p>{r('erkl')}{mono}{r('ren')}</w:p>" + p("Plain text."))

    assert texts(found)[0] == "erklären"


def test_numbers_above_the_line_are_read_as_one() -> None:
    def up(text: str) -> str:
        return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>{t(text)}</w:r>'

    body = (
        f"<w:p>{r('T')}{up('-')}{up('0')}{up('.25')}{r(' W/cm')}{up('-2')}{r(' by x')}{up('1/2')}"
    )

    found = read(body + f"{r(', the 1')}{up('st')}</w:p>")

    assert texts(found) == ["T^(-0.25) W/cm⁻² by x^(1/2), the 1st"]


def test_labelled_questions_and_bold_ones_in_lists_head_their_answers() -> None:
    found = read(
        p("Help", "heading1")
        + p("Q:  Who pays?")
        + p("A:\tWe do.")
        + p("Q:\tWho signs?")
        + p("A:\tThe buyer.")
        + p("More help", "heading2")
        + p("1.\tDoes it float?", run=BOLD)
        + p("No.")
        + p("•\tDeep water")
        + p("2.\tIs it loud?", run=BOLD)
        + p("•\tCold air"),
        styles=style("heading 1") + style("heading 2"),
    )

    assert paths(found) == {
        "We do.": ("Who pays?",),
        "The buyer.": ("Who signs?",),
        "No.": ("More help", "Does it float?"),
        "- Deep water": ("More help", "Does it float?"),
        "- Cold air": ("More help", "Is it loud?"),
    }
