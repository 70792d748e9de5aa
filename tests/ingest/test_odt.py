"""OpenDocument texts: what a reader of the printed document would see, as blocks."""

from __future__ import annotations

from zipfile import ZIP_STORED

import pytest

from builder.records import Document, Skipped
from tests.ingest.packages import (
    ODF_NAMES,
    document,
    odf_parts,
    odf_style,
    result,
    texts,
    zipped,
)
from tests.ingest.reading import paths

BOLD = 'fo:font-weight="bold"'
COURIER = "fo:font-family=\"'Courier New'\""
BODY = "The pump moves water from the well to the tank, and stops by itself."


def p(text: str, style: str = "") -> str:
    """A paragraph."""
    named = f' text:style-name="{style}"' if style else ""
    return f"<text:p{named}>{text}</text:p>"


def h(text: str, level: int) -> str:
    """A heading."""
    return f'<text:h text:outline-level="{level}">{text}</text:h>'


def items(*inner: str, style: str = "L", told: str = "") -> str:
    """A list of items."""
    each = "".join(f"<text:list-item>{one}</text:list-item>" for one in inner)
    return f'<text:list text:style-name="{style}" {told}>{each}</text:list>'


def levels(name: str, *formats: str) -> str:
    """A list style: for each level the format of its numbers, or its bullet."""
    found = ""
    for at, told in enumerate(formats, 1):
        kind, attribute = (
            ("number", "style:num-format") if told.isalnum() else ("bullet", "text:bullet-char")
        )
        found += (
            f'<text:list-level-style-{kind} text:level="{at}" {attribute}="{told}">'
            f'<style:list-level-properties text:space-before="{at}cm"/>'
            f"</text:list-level-style-{kind}>"
        )
    return f'<text:list-style style:name="{name}">{found}</text:list-style>'


NUMBERS = levels("L", "1", "a", "1") + levels("B", "•", "•")


def read(body: str, own: str = NUMBERS, **parts: str) -> Document:
    """The document with this body."""
    return document(zipped(odf_parts(body, own=own, **parts)), "odt")


def row(*cells: str) -> str:
    """A row of cells; one that begins with "<table" is taken as it is."""
    each = (
        cell if cell.startswith("<table") else f"<table:table-cell>{p(cell)}</table:table-cell>"
        for cell in cells
    )
    return f"<table:table-row>{''.join(each)}</table:table-row>"


def table(*rows: str, head: str = "") -> str:
    """A table, the head repeated on each page."""
    repeated = f"<table:table-header-rows>{head}</table:table-header-rows>" if head else ""
    return f"<table:table>{repeated}{''.join(rows)}</table:table>"


def test_headings_are_told_by_outline_level_and_by_style() -> None:
    styles = (
        odf_style("Heading 1")
        + odf_style("Überschrift 2")
        + odf_style("House Chapter", parent="Heading_20_1")
        + odf_style("Abschnitt", told='style:default-outline-level="3"')
        + odf_style("No Heading", parent="Heading_20_1", told='style:default-outline-level=""')
    )
    own = odf_style("P1", parent="House_20_Chapter")
    body = (
        p("A", "P1") + p("B", "Überschrift_20_2") + p("C", "Abschnitt") + p(BODY)
        + h("D", 2) + p("no heading at all", "No_20_Heading")
    )  # fmt: skip

    found = read(body, own=own, styles=styles)

    assert texts(found, "heading") == ["# A", "## B", "### C", "## D"]
    assert paths(found)["no heading at all"] == ("D",)


def test_styles_that_are_based_on_each_other_do_not_hang() -> None:
    styles = odf_style("One", parent="Two") + odf_style("Two", parent="One")

    assert texts(read(p("text", "One"), styles=styles)) == ["text"]


def test_bold_lines_are_headings_where_no_style_tells_any() -> None:
    found = read(p("Setup", "P1") + p(BODY), own=odf_style("P1", words=BOLD))

    assert texts(found) == ["# Setup", BODY]
    assert found.blocks[0].flags == ("inferred",)


def test_bold_lines_that_only_lead_to_other_places_are_no_headings() -> None:
    entry = '<text:a xlink:href="#setup">Setup of the pump</text:a>'
    body = p(entry, "P1") + p(BODY) + p("Setup", "P1") + p(BODY + " Twice.")

    found = read(body, own=odf_style("P1", words=BOLD))

    assert texts(found, "heading") == ["# Setup"]


def test_headings_that_only_say_others_are_contents() -> None:
    listed = [
        h(f'<text:bookmark-ref text:ref-name="{name}">{name}</text:bookmark-ref>', 1)
        for name in ("Setup", "Use")
    ]
    found = read(p("").join(listed) + h("Setup", 1) + p(BODY) + listed[1] + p(BODY + " Twice."))

    assert texts(found) == ["# Setup", BODY, "# Use", BODY + " Twice."]
    assert [lost.what for lost in found.dropped] == ["table of contents"]


def test_the_title_is_that_of_its_style_or_of_the_properties() -> None:
    meta = "<office:meta><dc:title>Pump manual</dc:title></office:meta>"
    titled = p("Rill", "Title") + h("Setup", 1) + p(BODY)

    assert read(p(BODY), meta=meta).title == "Pump manual"
    assert read(titled, styles=odf_style("Title"), meta=meta).title == "Rill"


def test_white_space_is_that_of_the_elements() -> None:
    body = p("a\n   b<text:s/> c<text:tab/>d<text:line-break/>e")

    assert texts(read(body)) == ["a b c d\ne"]


def test_code_keeps_its_blanks_and_stands_together() -> None:
    styles = odf_style("Preformatted Text")
    own = odf_style("P1", parent="Preformatted_20_Text") + odf_style("P2", words=COURIER)
    body = (
        p(BODY) + p("def f():", "P1") + p("", "Preformatted_20_Text")
        + p('<text:s text:c="4"/>return <text:s/>1', "P1") + p(BODY) + p("rillctl start", "P2")
    )  # fmt: skip

    found = read(body, own=own, styles=styles)

    assert texts(found, "code") == [
        "```\ndef f():\n\n    return  1\n```",
        "```\nrillctl start\n```",
    ]


def test_words_in_a_fixed_font_are_code_but_for_letters_within_a_word() -> None:
    own = odf_style("T1", "text", words='style:font-name="Any Face"')
    face = '<style:font-face style:name="Any Face" style:font-pitch="fixed"/>'
    source = odf_style("Source Text", "text")
    body = p(
        'Call <text:span text:style-name="T1">rillctl</text:span> or '
        '<text:span text:style-name="Source_20_Text">wehr</text:span>, '
        'erkl<text:span text:style-name="T1">ä</text:span>ren'
    )
    parts = odf_parts(body, own=own, styles=source)
    parts["content.xml"] = str(parts["content.xml"]).replace(
        "<office:automatic", f"<office:font-face-decls>{face}</office:font-face-decls><office:automatic", 1
    )  # fmt: skip

    found = document(zipped(parts), "odt")

    assert texts(found) == ["Call `rillctl` or `wehr`, erklären"]


def test_lists_keep_their_depth_and_markers() -> None:
    inner = items(p("deep"), p("deeper down"))
    body = items(p("one") + p("more of one"), p("two") + inner, p("three")) + items(
        p("dot"), style="B"
    )

    assert texts(read(body)) == [
        "1. one", "more of one", "2. two", "  1. deep", "  2. deeper down", "3. three", "- dot",
    ]  # fmt: skip


def test_numbers_go_on_start_anew_and_start_where_they_are_told() -> None:
    body = (
        items(p("one"), p("two"))
        + p("Between.")
        + items(p("three"), told='text:continue-numbering="true"')
        + items(p("one again"), told='xml:id="x"')
        + items(p("other"), style="B")
        + items(p("two again"), told='text:continue-list="x"')
        + '<text:list text:style-name="L"><text:list-item text:start-value="7">'
        + p("seven")
        + "</text:list-item></text:list>"
    )

    assert texts(read(body), "list_item") == [
        "1. one", "2. two", "3. three", "1. one again", "- other", "2. two again", "7. seven",
    ]  # fmt: skip


def test_an_item_that_only_holds_a_list_counts_nothing() -> None:
    body = items(p("one"), p("two") + items(p("a"))) + items(
        items(p("b")), p("three"), told='text:continue-numbering="true"'
    )

    assert texts(read(body)) == ["1. one", "2. two", "  1. a", "  2. b", "3. three"]


def test_lists_without_a_marker_are_paragraphs() -> None:
    own = levels("L", " ") + odf_style(
        "P1", inner='<style:paragraph-properties text:enable-numbering="false"/>'
    )

    found = read(items(p("one")) + items(p("two", "P1"), style="B"), own=own + NUMBERS)

    assert texts(found, "paragraph") == ["one", "two"]


def test_tables_stand_in_their_place_with_header_merged_and_repeated_cells() -> None:
    wide = f'<table:table-cell table:number-columns-spanned="2">{p("wide")}</table:table-cell>'
    tall = f'<table:table-cell table:number-rows-spanned="2">{p("tall")}</table:table-cell>'
    same = f'<table:table-cell table:number-columns-repeated="2">{p("x")}</table:table-cell>'
    covered = "<table:covered-table-cell/>"
    body = table(
        row(tall, wide, covered), row(covered, "b", "c"), row(same, "z"), head=row("A", "B", "C")
    )

    found = read(p("Before.") + body + p("After."))

    assert texts(found) == [
        "Before.",
        "| A | B | C |\n| --- | --- | --- |\n| tall | wide | wide |\n| tall | b | c |\n| x | x | z |",
        "After.",
    ]
    assert found.blocks[1].header_rows == 1


def test_repeated_cells_are_bounded_and_told() -> None:
    many = 'table:number-columns-repeated="999999"'
    body = table(
        f"<table:table-row><table:table-cell {many}>{p('x')}</table:table-cell></table:table-row>",
        f'<table:table-row table:number-rows-repeated="999999"><table:table-cell {many}/>'
        "</table:table-row>",
    )

    found = read(body)

    assert 10 < found.text.count("x") <= 100
    assert any("repeated cells" in note for note in found.notes)


def test_cells_that_span_more_than_a_table_can_hold_stand_once() -> None:
    far = 'table:number-columns-spanned="99" table:number-rows-spanned="9999"'
    body = table(
        row(*[f"<table:table-cell {far}>{p('x')}</table:table-cell>"] * 200), *[row("y")] * 200
    )

    assert texts(read(body))[0].count("| x") == 200


def test_notes_and_text_boxes_follow_the_block_that_refers_to_them() -> None:
    note = (
        "<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation>"
        f"<text:note-body>{p('Said below.')}</text:note-body></text:note>"
    )
    box = f"<draw:frame><draw:text-box>{p('In a box.')}</draw:text-box></draw:frame>"
    shape = f"<draw:g><draw:custom-shape>{p('On a shape.')}</draw:custom-shape></draw:g>"

    found = read(p(f"A{note} b.{box}") + shape + p("After."))

    assert texts(found) == ["A b.", "In a box.", "Said below.", "On a shape.", "After."]
    assert found.blocks[2].flags == ("footnote",)


def test_captions_quotes_and_definitions_are_told_by_their_styles() -> None:
    styles = (
        odf_style("Caption") + odf_style("Illustration", parent="Caption")
        + odf_style("Quotations") + odf_style("List Heading") + odf_style("List Contents")
    )  # fmt: skip
    body = (
        p("Figure 1: the weir", "Illustration") + p("As said.", "Quotations")
        + p("Weir", "List_20_Heading") + p("It holds water.", "List_20_Contents")
    )  # fmt: skip

    found = read(body, styles=styles)

    assert [block.kind for block in found.blocks] == ["caption", "quote", "definition"]
    assert texts(found, "definition") == ["- Weir: It holds water."]


def test_a_label_with_a_counted_number_is_a_caption_whatever_its_looks() -> None:
    number = '<text:sequence text:name="Figure">3</text:sequence>'
    own = odf_style("P1", words=BOLD)
    box = f"<draw:frame><draw:text-box>{p(f'Figure {number}: a box')}</draw:text-box></draw:frame>"
    body = p(f"Figure {number}: the weir", "P1") + p(BODY + box) + p(f"({number})")

    found = read(body, own=own)

    assert [block.kind for block in found.blocks] == [
        "caption", "paragraph", "caption", "paragraph",
    ]  # fmt: skip


def test_changes_are_accepted_and_what_is_hidden_is_left_out() -> None:
    own = odf_style("S1", "section", inner='<style:section-properties text:display="none"/>')
    own += odf_style("T1", "text", words='text:display="none"')
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info>"
        f"<dc:creator>Ann</dc:creator></office:change-info>{p('gone')}</text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        + p('Kept <text:change-start text:change-id="a"/>and new<text:change-end/>.')
        + f'<text:section text:style-name="S1">{p("section")}</text:section>'
        + f'<text:section text:display="none">{p("section two")}</text:section>'
        + p('<text:hidden-paragraph text:is-hidden="true"/>paragraph')
        + p('Seen <text:span text:style-name="T1">unseen</text:span>here.')
    )

    found = read(body, own=own)

    assert texts(found) == ["Kept and new.", "Seen here."]
    assert {(part.what, part.beginning) for part in found.dropped} == {
        ("tracked deletion", "gone"),
        ("hidden section", "section section two"),
        ("hidden text", "paragraphunseen"),
    }
    assert found.visible == sum(part.characters for part in found.dropped) + 20


def test_contents_comments_placeholders_and_margins_are_left_out() -> None:
    body = (
        "<text:table-of-content><text:table-of-content-source/><text:index-body>"
        f"{p('Setup 1')}</text:index-body></text:table-of-content>"
        + p(
            "Ask<office:annotation><dc:creator>Ann</dc:creator>"
            + p("Why?")
            + "</office:annotation> on page <text:page-number>3</text:page-number>: "
            "<text:placeholder>Name</text:placeholder><text:date>1 May</text:date>"
        )
        + f"<text:bibliography><text:index-body>{p('Knuth 1984')}</text:index-body></text:bibliography>"
    )
    margins = f'<style:master-page style:name="a"><style:header>{p("Rill")}</style:header></style:master-page>'

    found = read(body, margins=margins)

    assert texts(found) == ["Ask on page : 1 May", "Knuth 1984"]
    assert {part.reason for part in found.dropped} == {
        "contents", "comment", "page_reference", "placeholder", "running_head",
    }  # fmt: skip


def test_formulas_are_read_from_their_objects() -> None:
    fraction = "<math:mfrac><math:mi>a</math:mi><math:mi>b</math:mi></math:mfrac>"
    power = "<math:msup><math:mi>x</math:mi><math:mn>2</math:mn></math:msup>"
    noted = (
        f"<math:semantics><math:mrow>{power}</math:mrow>"
        '<math:annotation encoding="StarMath 5.0">x^2</math:annotation></math:semantics>'
    )
    tex = f'{power}<math:annotation encoding="application/x-tex">x^{{2}}</math:annotation>'
    frame = '<draw:frame><draw:object xlink:href="./Object {}"/><draw:image/></draw:frame>'
    parts = odf_parts(
        p(f"Half is {frame.format(1)}and so on.") + p(frame.format(2)) + p(frame.format(3))
    )
    for number, inner in enumerate((fraction, noted, tex), 1):
        parts[f"Object {number}/content.xml"] = f"<math:math {ODF_NAMES}>{inner}</math:math>"

    assert texts(document(zipped(parts), "odt")) == [
        "Half is a/b and so on.", "$$\nx^2\n$$", "$$\nx^{2}\n$$",
    ]  # fmt: skip


def test_a_formula_as_deep_as_xml_goes_is_read() -> None:
    deep = "<math:msub>" * 230 + "<math:mi>x</math:mi>" + "</math:msub>" * 230
    parts = odf_parts(p('<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'))
    parts["Object 1/content.xml"] = f"<math:math {ODF_NAMES}>{deep}</math:math>"

    assert texts(document(zipped(parts), "odt")) == ["$$\nx\n$$"]


def test_a_chart_is_the_table_of_its_figures() -> None:
    chart = (
        f"<chart:chart><chart:title>{p('Rain')}</chart:title><table:table><table:table-rows>"
        + row("", "mm") + row("May", "3") + "</table:table-rows></table:table></chart:chart>"
    )  # fmt: skip
    parts = odf_parts(p('<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'))
    parts["Object 1/content.xml"] = (
        f"<office:document-content {ODF_NAMES}><office:body><office:chart>{chart}</office:chart>"
        "</office:body></office:document-content>"
    )

    found = document(zipped(parts), "odt")

    assert texts(found) == ["Rain", "|  | mm |\n| --- | --- |\n| May | 3 |"]


def test_the_language_is_that_of_the_styles() -> None:
    words = 'fo:language="de" fo:country="DE"'
    styles = f'<style:default-style style:family="paragraph"><style:text-properties {words}/></style:default-style>'

    assert read(p("Pumpe 3"), styles=styles).lang == "de"


def test_blocks_name_their_part() -> None:
    place = read(p(BODY)).blocks[0].place

    assert place is not None
    assert place.part == "content.xml"


def test_a_flat_file_is_read_whatever_its_name() -> None:
    flat = (
        f'<?xml version="1.0"?><office:document {ODF_NAMES} '
        'office:mimetype="application/vnd.oasis.opendocument.text">'
        f"<office:styles>{odf_style('Heading 1')}</office:styles><office:body><office:text>"
        f"{p('Setup', 'Heading_20_1')}{p(BODY)}<draw:frame><draw:image><office:binary-data>"
        f"{'AAAA' * 3_000_000}</office:binary-data></draw:image></draw:frame>"
        "</office:text></office:body></office:document>"
    ).encode()

    for suffix in ("fodt", "odt", "txt"):
        assert texts(document(flat, suffix)) == ["# Setup", BODY]


@pytest.mark.parametrize(
    ("kind", "first"), [("text-template", "mimetype"), ("text", "content.xml"), ("text-master", "")]
)
def test_templates_and_archives_in_any_order_are_read(kind: str, first: str) -> None:
    parts = odf_parts(p(BODY)) | {"mimetype": f"application/vnd.oasis.opendocument.{kind}"}
    ordered = {name: parts[name] for name in sorted(parts, key=lambda name: name != first)}
    if not first:  # only the manifest tells
        del ordered["mimetype"]
        told = f'media-type="application/vnd.oasis.opendocument.{kind}"'
        ordered["META-INF/manifest.xml"] = f"<manifest {told}/>"

    assert texts(document(zipped(ordered), "odt")) == [BODY]


def test_a_drawing_is_told_what_to_do() -> None:
    parts = odf_parts(p(BODY)) | {"mimetype": "application/vnd.oasis.opendocument.graphics"}

    found = result(zipped(parts), "odt")

    assert isinstance(found, Skipped)
    assert (found.reason, found.detail) == (
        "unknown_format", "this is an OpenDocument graphics: save it as .pdf",
    )  # fmt: skip


def test_a_password_is_told() -> None:
    parts = odf_parts(p(BODY)) | {
        "META-INF/manifest.xml": "<m:encryption-data xmlns:m='x'/>",
        "content.xml": b"\x93\x01\x02",
    }

    found = result(zipped(parts), "odt")

    assert isinstance(found, Skipped)
    assert found.reason == "encrypted"


def test_no_reference_leads_out_of_the_archive() -> None:
    for href in ("../../etc/passwd", "/etc/passwd", "http://example.org/x", ".", ""):
        body = p(BODY + f'<draw:frame><draw:object xlink:href="{href}"/></draw:frame>')

        assert texts(read(body)) == [BODY]


def test_a_hundred_thousand_of_anything_take_no_long_time() -> None:
    spans = '<text:span text:style-name="T1">a</text:span>' * 50_000
    frames = "<draw:frame><draw:text-box/></draw:frame>" * 50_000
    lists = items(p("x")) * 20_000
    cells = row(*["<table:table-cell table:number-columns-repeated='99'/>"] * 1000) * 20

    parts = odf_parts(p(spans) + p("b" + frames) + lists + table(cells), own=NUMBERS)
    found = document(zipped(parts, method=ZIP_STORED), "odt")

    assert found.text.startswith("aaa")


def test_ids_that_are_no_names_are_no_damage() -> None:
    found = document(zipped(odf_parts(f'<text:p xml:id="a#1">{BODY}</text:p>')), ".odt")
    damaged = result(zipped(odf_parts(f'<text:p xml:id="a#1">{BODY}<text:p>')), ".odt")

    assert texts(found) == [BODY]
    assert isinstance(damaged, Skipped) and damaged.reason == "corrupt"
