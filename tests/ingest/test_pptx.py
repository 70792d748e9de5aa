"""Presentations: titles over their slides' bodies, in reading order, with the notes below."""

from __future__ import annotations

import pytest

from builder.records import Document
from tests.ingest.packages import (
    CHART,
    FIXTURES,
    NAMESPACES,
    chart_part,
    document,
    pptx_parts,
    relations,
    shape,
    texts,
    zipped,
)


def deck(*slides: str, layouts: tuple[str, ...] = (), **notes: str) -> Document:
    """The document in a deck of these slides."""
    return document(zipped(pptx_parts(*slides, layouts=layouts, **notes)), "pptx")


def title(text: str) -> str:
    """The title of a slide."""
    return shape(text, role="title")


def line(text: str, properties: str = "", run: str = "") -> str:
    """A paragraph in XML."""
    return f"<a:p><a:pPr>{properties}</a:pPr><a:r><a:rPr>{run}</a:rPr><a:t>{text}</a:t></a:r></a:p>"


COURIER = '<a:latin typeface="Courier New"/>'


def test_a_title_stands_over_its_bullets() -> None:
    found = deck(
        title("Pump") + shape("moves water", "1:slowly", "lasts long", role="body", index="1")
    )

    assert texts(found) == ["# Pump", "- moves water", "  - slowly", "- lasts long"]
    assert [block.level for block in found.blocks] == [1, 1, 2, 1]
    place = found.blocks[1].place
    assert place is not None and place.slide == 1


def test_a_deck_without_a_title_slide_has_the_name_of_its_file() -> None:
    found = deck(title("Tea") + shape("hot", role="body"), title("Milk") + shape("cold"))

    assert found.title == "file"
    assert found.blocks[-1].heading_path == ("file", "Milk")


def test_raised_numbers_and_code_of_a_slide() -> None:
    high = '<a:r><a:rPr baseline="30000"/><a:t>2</a:t></a:r>'
    low = '<a:r><a:rPr baseline="-25000"/><a:t>2</a:t></a:r>'
    words = f"<a:p><a:r><a:t>5 m</a:t></a:r>{high}<a:r><a:t> of CO</a:t></a:r>{low}</a:p>"
    code = line("x = 1", run='<a:latin typeface="Monaco"/>')

    found = deck(title("Air") + shape(words) + shape(code, at=(9, 9)))

    assert texts(found)[1:] == ["5 m² of CO2", "```\nx = 1\n```"]


def test_bodies_have_no_bullets_where_the_master_has_none() -> None:
    body = shape("plain", line("marked", "<a:buChar/>"), "• typed", role="body")
    parts = pptx_parts(title("T") + body, layouts=("obj",))
    style = "<a:lvl1pPr><a:buNone/></a:lvl1pPr>"
    parts["ppt/slideLayouts/_rels/l1.xml.rels"] = relations(slideMaster="../m1.xml")
    parts["ppt/m1.xml"] = (
        f"<p:sldMaster {NAMESPACES}><p:txStyles><p:bodyStyle>{style}</p:bodyStyle></p:txStyles>"
        "</p:sldMaster>"
    )

    assert texts(document(zipped(parts), "pptx"))[1:] == ["plain", "- marked", "- typed"]


def test_slides_stand_under_their_section_and_the_title_of_the_deck() -> None:
    found = deck(
        shape("Pumps", role="ctrTitle"),
        title("Use"),
        title("Start") + shape("Press the button.", role="body"),
        layouts=("title", "secHead", "obj"),
    )

    assert found.blocks[-1].heading_path == ("Pumps", "Use", "Start")


def test_a_deck_without_layouts_tells_sections_by_their_bare_slides() -> None:
    found = deck(
        shape("Pumps", role="title") + shape("A talk", role="subTitle"),
        title("Use"),
        title("Start") + shape("Press the button.", role="body"),
    )

    assert found.blocks[-1].heading_path == ("Pumps", "Use", "Start")


def test_numbers_and_paragraphs_are_told_from_bullets() -> None:
    body = shape(
        line("first", '<a:buAutoNum type="arabicPeriod"/>'),
        line("second", '<a:buAutoNum type="arabicPeriod"/>'),
        line("no bullet", "<a:buNone/>"),
        role="body",
    )

    found = deck(title("T") + body + shape("free text", at=(9, 9)))

    assert texts(found)[1:] == ["1. first", "2. second", "no bullet", "free text"]


def test_free_shapes_are_read_from_the_top_left() -> None:
    shapes = (
        shape("right", at=(1000000, 6000000))
        + shape("below", at=(4000000, 100))
        + shape("left", at=(1100000, 100))
        + title("T")
    )

    assert texts(deck(shapes)) == ["# T", "left", "right", "below"]


def test_columns_under_heads_of_their_own_are_read_one_by_one() -> None:
    top, below, left, right = 1000000, 2000000, 100, 6000000
    columns = (
        shape("Old", role="body", index="1", at=(top, left))
        + shape("slow", "loud", role="obj", index="2", at=(below, left))
        + shape("New", role="body", index="3", at=(top, right))
        + shape("fast", role="obj", index="4", at=(below, right))
    )

    assert texts(deck(title("T") + columns))[1:] == ["- Old", "- slow", "- loud", "- New", "- fast"]


def test_bold_lines_in_boxes_head_the_boxes_below_them() -> None:
    top, below, left, right = 1000000, 2000000, 100, 6000000
    columns = (
        shape(line("Pros", run="!"), at=(top, left))
        + shape(line("Cons", run="!"), at=(top, right))
        + shape("fast", "cheap", at=(below, left))
        + shape("loud", at=(below, right))
    ).replace("<a:rPr>!</a:rPr>", '<a:rPr b="1"/>')

    assert texts(deck(title("T") + columns))[1:] == ["Pros", "fast", "cheap", "Cons", "loud"]


def sized(text: str, size: int, top: int) -> str:
    """A free shape of one line. size: in hundredths of a point."""
    run = f'<a:r><a:rPr sz="{size}"/><a:t>{text}</a:t></a:r>'
    return shape(f"<a:p>{run}</a:p>", at=(top, 100))


def test_the_largest_line_at_the_top_is_the_title_of_a_slide_without_one() -> None:
    found = deck(
        sized("Pumps", 4000, 100) + sized("A talk", 2000, 1000000),
        sized("Use", 2800, 100) + sized("Press the button.", 1800, 1000000),
        sized("Remark", 1800, 100) + sized("No line stands out.", 1800, 1000000),
        sized("Below", 1800, 100) + sized("12 %", 6000, 1000000),
    )

    assert texts(found, "heading") == ["# Pumps", "## Use"]
    assert found.title == "Pumps"
    assert found.blocks[0].flags == ("inferred",)
    assert texts(found)[4:] == ["Remark", "No line stands out.", "Below", "12 %"]


def test_code_keeps_its_lines() -> None:
    body = shape(
        line("def f():", "<a:buNone/>", COURIER),
        line("", "<a:buNone/>"),
        line("    return 1", "<a:buNone/>", COURIER),
        f"<a:p><a:r><a:t>Call </a:t></a:r><a:r><a:rPr>{COURIER}</a:rPr><a:t>f()</a:t></a:r></a:p>",
        role="body",
    )

    assert texts(deck(title("T") + body))[1:] == [
        "```\ndef f():\n\n    return 1\n```",
        "- Call `f()`",
    ]


def test_tables_are_read_with_their_header_and_merged_cells() -> None:
    def row(*cells: str) -> str:
        return f"<a:tr>{''.join(cells)}</a:tr>"

    def cell(text: str, attributes: str = "") -> str:
        return f"<a:tc{attributes}><a:txBody>{line(text)}</a:txBody></a:tc>"

    table = (
        '<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/>'
        + row(cell("Name"), cell("Value", ' gridSpan="2"'), cell("", ' hMerge="1"'), cell(""))
        + row(cell("a", ' rowSpan="2"'), cell("1"), cell("x | y"), cell(""))
        + row(cell("", ' vMerge="1"'), cell("2"), cell("z"), cell(""))
        + "</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )

    found = deck(title("T") + table)

    assert texts(found, "table") == [
        "| Name | Value | Value |  |\n| --- | --- | --- | --- |\n| a | 1 | x \\| y |  |\n| a | 2 | z |  |"
    ]
    assert found.blocks[1].header_rows == 1


def test_a_chart_is_a_table_of_its_figures() -> None:
    frame = f"<p:graphicFrame><a:graphic><a:graphicData>{CHART}</a:graphicData></a:graphic></p:graphicFrame>"
    parts = pptx_parts(title("Sales") + frame)
    parts["ppt/slides/_rels/slide1.xml.rels"] = relations(chart="../charts/c1.xml")
    parts["ppt/charts/c1.xml"] = chart_part(
        "Share", ("Q1", "Q2"), ("Pumps", ("0.25", "0.3")), ("Valves", ("0.75",))
    )

    assert texts(document(zipped(parts), "pptx")) == [
        "# Sales",
        "Share",
        "|  | Pumps | Valves |\n| --- | --- | --- |\n| Q1 | 25% | 75% |\n| Q2 | 30% |  |",
    ]


def test_charts_of_newer_kinds_are_tables_too() -> None:
    space = "http://schemas.microsoft.com/office/drawing/2014/chartex"
    frame = (
        "<p:graphicFrame><a:graphic><a:graphicData>"
        f'<cx:chart xmlns:cx="{space}" r:id="chart"/></a:graphicData></a:graphic></p:graphicFrame>'
    )
    parts = pptx_parts(title("Sales") + frame)
    parts["ppt/slides/_rels/slide1.xml.rels"] = relations(chart="../charts/c1.xml")
    names, groups = (
        "<cx:lvl>"
        + "".join(f'<cx:pt idx="{at}">{text}</cx:pt>' for at, text in enumerate(told))
        + "</cx:lvl>"
        for told in (("rent", "food"), ("home",))
    )
    values = (
        '<cx:lvl formatCode="0%"><cx:pt idx="0">0.5</cx:pt><cx:pt idx="1">0.25</cx:pt></cx:lvl>'
    )
    parts["ppt/charts/c1.xml"] = (
        f'<cx:chartSpace xmlns:cx="{space}"><cx:chartData><cx:data id="0"><cx:strDim type="cat">'
        f'{names}{groups}</cx:strDim><cx:numDim type="val">{values}</cx:numDim></cx:data>'
        "</cx:chartData><cx:chart><cx:title><cx:tx><cx:txData><cx:v>Costs</cx:v></cx:txData></cx:tx>"
        "</cx:title><cx:plotArea><cx:plotAreaRegion><cx:series><cx:tx><cx:txData><cx:v>Share</cx:v>"
        '</cx:txData></cx:tx><cx:dataId val="0"/></cx:series></cx:plotAreaRegion></cx:plotArea>'
        "</cx:chart></cx:chartSpace>"
    )

    assert texts(document(zipped(parts), "pptx"))[1:] == [
        "Costs",
        "|  | Share |\n| --- | --- |\n| home, rent | 50% |\n| food | 25% |",
    ]


def test_a_value_of_a_chart_beyond_all_numbers_stays_as_it_is() -> None:
    endless = "9" * 300 + "e99"
    frame = f"<p:graphicFrame><a:graphic><a:graphicData>{CHART}</a:graphicData></a:graphic></p:graphicFrame>"
    parts = pptx_parts(title("Sales") + frame)
    parts["ppt/slides/_rels/slide1.xml.rels"] = relations(chart="../charts/c1.xml")
    parts["ppt/charts/c1.xml"] = chart_part("Share", ("Q1",), ("Pumps", (endless,)))

    assert endless in texts(document(zipped(parts), "pptx"))[-1]


def test_notes_follow_their_slide_and_say_so() -> None:
    found = deck(
        title("Pump") + shape("moves", role="body"), notes1=shape("Speak up.", role="body")
    )

    assert texts(found) == ["# Pump", "- moves", "Speak up."]
    assert found.blocks[2].flags == ("notes",)
    assert found.blocks[2].heading_path == ("Pump",)


def test_hidden_slides_and_margins_are_dropped_and_counted() -> None:
    found = deck(
        title("Pump") + shape("ACME 2024", role="ftr") + shape("No 1", role="sldNum"),
        "!" + title("Secret"),
    )

    assert texts(found) == ["# Pump"]
    assert [(region.reason, region.characters) for region in found.dropped] == [
        ("running_head", 8),
        ("running_head", 3),
        ("hidden", 6),
    ]
    assert found.visible == 4 + 8 + 3 + 6


def test_a_footer_that_is_a_plain_shape_on_most_slides_is_dropped() -> None:
    slides = [title(f"Slide {n}") + shape("ACME confidential", at=(9, 9)) for n in range(5)]

    found = deck(*slides)

    assert "ACME" not in found.text
    assert len(found.dropped) == 5


def test_shapes_in_groups_and_one_of_two_alternatives_are_read() -> None:
    group = f"<p:grpSp><p:grpSpPr/>{shape('in a group')}</p:grpSp>"
    choice = (
        f"<mc:AlternateContent><mc:Choice>{shape('new')}</mc:Choice>"
        f"<mc:Fallback>{shape('new')}</mc:Fallback></mc:AlternateContent>"
    )

    assert texts(deck(title("T") + group + choice)) == ["# T", "in a group", "new"]


@pytest.mark.parametrize("maker", ["pandoc", "libreoffice"])
def test_decks_of_known_makers_give_their_source_back(maker: str) -> None:
    found = document((FIXTURES / "pptx" / f"{maker}.pptx").read_bytes(), "pptx")

    assert found.text == (FIXTURES / "pptx" / "expected.md").read_text().rstrip("\n")
