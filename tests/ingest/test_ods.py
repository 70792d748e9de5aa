"""OpenDocument spreadsheets: the tables of a sheet, with the values that its cells show."""

from __future__ import annotations

from builder.records import Document
from tests.ingest.packages import document, odf_parts, odf_style, texts, zipped


def cell(text: str, told: str = "") -> str:
    """A cell of one paragraph, or an empty one."""
    said = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {told}>{said}</table:table-cell>"


def row(*cells: str, told: str = "") -> str:
    """A row; what is no XML yet is the text of a cell."""
    each = (one if one.startswith("<") else cell(one) for one in cells)
    return f"<table:table-row {told}>{''.join(each)}</table:table-row>"


def sheet(name: str, *rows: str, style: str = "") -> str:
    """A sheet."""
    told = f'table:name="{name}" table:style-name="{style}"'
    return f"<table:table {told}>{''.join(rows)}</table:table>"


def read(*sheets: str, own: str = "", **parts: str) -> Document:
    """The document in a spreadsheet."""
    return document(zipped(odf_parts("".join(sheets), "spreadsheet", own=own, **parts)), "ods")


PLAIN = (row("Name", "Depth"), row("a", "3"), row("b", "4"))
SHOWN = "| Name | Depth |\n| --- | --- |\n| a | 3 |\n| b | 4 |"


def test_sheets_have_their_names_and_cells_what_they_show() -> None:
    money = cell("3,50 €", 'office:value-type="currency" office:value="3.5"')

    found = read(sheet("Pumps", row("Name", "Price"), row("a", money)), sheet("Tanks", *PLAIN))

    assert texts(found) == [
        "## Pumps", "| Name | Price |\n| --- | --- |\n| a | 3,50 € |", "## Tanks", SHOWN,
    ]  # fmt: skip
    place = found.blocks[1].place
    assert place is not None
    assert (place.sheet, place.cells) == ("Pumps", "A1:B2")


def test_values_without_a_text_and_formulas_without_a_value_are_shown() -> None:
    value = '<table:table-cell office:value-type="float" office:value="7"/>'
    formula = '<table:table-cell table:formula="of:=SUM([.A1:.A9];[$Tanks.B2])"/>'

    found = read(sheet("Sheet1", row("a", value), row("b", formula)))

    assert "7" in found.text
    assert "=SUM(A1:A9;$Tanks.B2)" in found.text


def test_repeated_and_merged_cells_fill_their_places() -> None:
    wide = cell("w", 'table:number-columns-spanned="2"') + "<table:covered-table-cell/>"
    same = cell("x", 'table:number-columns-repeated="2"')
    gap = '<table:table-cell table:number-columns-repeated="1000"/>'

    found = read(
        sheet("Sheet1", row("Name", "A", "B"), row("one", wide, gap),
              row("two", same, told='table:number-rows-repeated="2"'),
              row(gap, told='table:number-rows-repeated="1048572"'))
    )  # fmt: skip

    assert texts(found) == [
        "| Name | A | B |\n| --- | --- | --- |\n| one | w | w |\n| two | x | x |\n| two | x | x |"
    ]


def test_a_million_repeated_rows_are_bounded_and_told() -> None:
    many = 'table:number-columns-repeated="16384"'

    found = read(
        sheet("Sheet1", *PLAIN, row(cell("x", many), told='table:number-rows-repeated="1048576"'))
    )

    assert found.text.count("x") <= 220_000
    assert any("repeated rows of sheet Sheet1" in note for note in found.notes)


def test_hidden_sheets_rows_and_columns_and_comments_are_left_out() -> None:
    own = (
        '<style:style style:name="H" style:family="table"><style:table-properties '
        'table:display="false"/></style:style>'
    )
    column = (
        '<table:table-column/><table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>'
    )
    comment = (
        "<office:annotation><dc:creator>Ann</dc:creator><text:p>why</text:p></office:annotation>"
    )
    noted = f"<table:table-cell><text:p>b</text:p>{comment}</table:table-cell>"

    found = read(
        sheet("Sheet1", column, row("a", "b", "c", "gone"), row("a", noted, "c"),
              row("unseen", told='table:visibility="collapse"')),
        sheet("Secret", *PLAIN, style="H"), own=own,
    )  # fmt: skip

    assert "gone" not in found.text
    assert "unseen" not in found.text
    assert [(part.reason, part.beginning) for part in found.dropped] == [
        ("comment", "why"), ("hidden", "gone unseen"), ("hidden", "Name Depth a 3 b 4"),
    ]  # fmt: skip


def test_bold_rows_are_headers_and_ranges_are_tables() -> None:
    own = odf_style("B", "table-cell", words='fo:font-weight="bold"')
    bold = 'table:style-name="B"'
    ranges = (
        "<table:database-ranges><table:database-range table:target-range-address="
        "\"$'My sheet'.$A$1:.$B$2\"/></table:database-ranges>"
    )
    # two tables without a blank row between them, which the range parts
    found = read(
        sheet("My sheet", row("x", "y"), row("1", "2"), row(cell("5", bold), cell("6", bold)),
              row("7", "8"), row("9", "10")),
        ranges, own=own,
    )  # fmt: skip

    assert texts(found, "table") == [
        "| x | y |\n| --- | --- |\n| 1 | 2 |",
        "| 5 | 6 |\n| --- | --- |\n| 7 | 8 |\n| 9 | 10 |",
    ]


def test_text_boxes_are_paragraphs_and_charts_are_listed() -> None:
    shapes = (
        "<table:shapes><draw:frame><draw:text-box><text:p>Mind the pump.</text:p></draw:text-box>"
        '</draw:frame><draw:frame><draw:object xlink:href="./Object 1"/></draw:frame></table:shapes>'
    )
    chart = "<chart:chart><chart:title><text:p>Rain</text:p></chart:title></chart:chart>"
    parts = odf_parts(sheet("Sheet1", shapes, *PLAIN), "spreadsheet")
    content = str(parts["content.xml"])
    names = content[content.index("xmlns") : content.index(">")]
    parts["Object 1/content.xml"] = (
        f"<office:document-content {names}>{chart}</office:document-content>"
    )

    found = document(zipped(parts), "ods")

    assert texts(found) == [SHOWN, "Mind the pump."]
    assert [(part.what, part.beginning) for part in found.dropped] == [
        ("chart on sheet Sheet1", "Rain")
    ]


def test_frozen_rows_name_the_columns() -> None:
    item = "<config:config-item config:name={}>2</config:config-item>"
    settings = (
        "<office:settings><config:config-item-map-named><config:config-item-map-entry "
        'config:name="Sheet1">'
        + item.format('"VerticalSplitMode"')
        + item.format('"VerticalSplitPosition"')
        + "</config:config-item-map-entry></config:config-item-map-named></office:settings>"
    )

    found = read(sheet("Sheet1", row("1", "2"), row("3", "4"), *PLAIN), settings=settings)

    assert found.blocks[0].header_rows == 2
