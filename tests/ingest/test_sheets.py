"""Workbooks and CSV files: the tables of a sheet, with the values that its cells show."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from builder.ingest.cell_formats import shown
from builder.ingest.parsed import Parsed
from builder.ingest.sheets import parse_csv
from builder.records import Document, Place
from tests.ingest.packages import FIXTURES, document, relations, rows, texts, xlsx_parts, zipped


def book(*sheets: str, names: tuple[str, ...] = (), **parts: str) -> Document:
    """The document in a workbook."""
    return document(zipped(xlsx_parts(*sheets, names=names, **parts)), "xlsx")


def csv(text: str) -> Document:
    """The document in a CSV file."""
    return document(text.encode(), "csv")


@pytest.mark.parametrize(
    ("number", "code", "seen"),
    [
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (12, "General", "12"),
        (1e20, "General", "1E+20"),
        (0.25, "0%", "25%"),
        (0.075, "0.0%", "7.5%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234.5, '#,##0.00 "€"', "1,234.50 €"),
        (1234.5, "#,##0.00\\ [$€-407]", "1,234.50 €"),
        (-3, "0;[Red](0)", "(3)"),
        (0, '0;-0;"none"', "none"),
        (-1.5, "0.0", "-1.5"),
        (7, "000", "007"),
        (0.5, "#.00", ".50"),
        (0, '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)', "-"),
        (0, "#,###", ""),
        (2.5, "0.##", "2.5"),
        (1234567, "#,##0,", "1,235"),
        (12345, "0.00E+00", "1.23E+04"),
        (45352, "dd.mm.yyyy", "01.03.2024"),
        (45352, "yyyy-mm-dd", "2024-03-01"),
        (45352, "[$-407]d. mmmm yyyy", "1. März 2024"),
        (45352, "d-mmm-yy", "1-Mar-24"),
        (45352.75, "yyyy-mm-dd hh:mm", "2024-03-01 18:00"),
        (45352.75, "h:mm AM/PM", "6:00 PM"),
        (1.5, "[h]:mm", "36:00"),
        (0.000738, "mm:ss", "01:04"),
        (60, "yyyy-mm-dd", "1900-02-28"),
        (1, "yyyy-mm-dd", "1900-01-01"),
        (5, "[<10]0.0;[>=10]0", "5.0"),
        (15, "[<10]0.0;[>=10]0", "15"),
        (5, "@", "5"),
        (5, '"Stufe "0', "Stufe 5"),
    ],
)
def test_numbers_are_shown_as_their_format_says(number: float, code: str, seen: str) -> None:
    assert shown(number, code) == seen


def test_dates_of_old_macs_count_from_1904() -> None:
    assert shown(0, "yyyy-mm-dd", from_1904=True) == "1904-01-01"


@given(number=st.floats(allow_nan=False, allow_infinity=False, width=32), code=st.text(max_size=12))
def test_any_format_shows_something_without_an_error(number: float, code: str) -> None:
    assert isinstance(shown(number, code), str)


def test_a_sheet_is_a_table_under_its_name() -> None:
    found = book(rows("Name|Value", "pump|3", "valve||"), names=("Parts",))

    assert texts(found) == [
        "## Parts",
        "| Name | Value |\n| --- | --- |\n| pump | 3 |\n| valve |  |",
    ]
    place = found.blocks[1].place
    assert place is not None
    assert (place.sheet, place.cells) == ("Parts", "A1:B3")
    assert found.blocks[1].header_rows == 1
    assert found.title == "file"
    assert found.blocks[1].heading_path == ("file", "Parts")


def test_the_only_sheet_with_a_made_up_name_is_no_heading() -> None:
    assert texts(book(rows("Name|Value", "pump|3"), names=("Tabelle1",)), "heading") == []


def test_tables_of_one_sheet_are_told_apart() -> None:
    sheet = rows(
        "Prices 2024", "", "Name|Price||Code|Text", "a|1||E1|x", "b|2||E2|y", "", "k|v", "c|3"
    )

    found = book(sheet)

    assert texts(found) == [
        "Prices 2024",
        "| Name | Price |\n| --- | --- |\n| a | 1 |\n| b | 2 |",
        "| Code | Text |\n| --- | --- |\n| E1 | x |\n| E2 | y |",
        "| k | v |\n| --- | --- |\n| c | 3 |",
    ]


@pytest.mark.parametrize(
    ("names", "values"),
    [
        ("Country,2019,2020", "Peru,1,2\nChile,3,4"),
        ("Size,10 mm,20 mm", "bolt,yes,no\nnut,no,yes"),
        ("Key,Labels,Labels", "A-1,web,bug\nA-2,web,"),
        ("Item,,,Total", "tea,1,2,3\nmilk,4,5,9"),
        (f"Name,{'How satisfied are you with what we did ' * 3}last year?", "Ann,Very\nBob,Not"),
        (f"Name,{'Describe in a word what we did for you ' * 3}last year.", "Ann,Tea\nBob,Not"),
    ],
)
def test_columns_are_named_by_numbers_questions_and_names_with_gaps(
    names: str, values: str
) -> None:
    found = csv(f"{names}\n{values}\n")

    assert found.blocks[0].header_rows == 1
    assert found.text.split("\n")[0] == "| " + " | ".join(names.split(",")) + " |"


@pytest.mark.parametrize(
    "values",
    [
        "Peru,2019,2020\nChile,2021,2022",
        "Ann,3,5\nBob,4,6",
        "Ann,yes,yes\nBob,no,yes",
        "Ann,,,Rome\nBob,,tea,Oslo",
        "2024-01-02,Ann,tea\n2024-01-03,Bob,milk",
        f"Ann,{'She said that it was good and that she will come again. ' * 2}\n"
        f"Bob,{'He said that it was bad and that he will not come again. ' * 2}",
    ],
)
def test_values_name_no_columns(values: str) -> None:
    assert csv(f"{values}\n").blocks[0].header_rows == 0


def test_names_with_gaps_above_others_are_two_rows_of_names() -> None:
    found = csv("Sum of sales,Column labels,,\nRow labels,2023,2024,Total\nNorth,1,2,3\n")

    assert found.text.split("\n")[0] == (
        "| Sum of sales Row labels | Column labels 2023 | 2024 | Total |"
    )


def test_a_table_goes_on_below_a_blank_row() -> None:
    people = ("Name|Town|Age", "Ann|Rome|31", "Bob|Oslo|22", "", "Carl|Bonn|44", "", "Dora|Lima|9")
    lines = ("Name,Town,Age", "Ann,Rome,31", "Bob,Oslo,22", ",,", "Carl,Bonn,44", "", "Dora,Lima,9")
    short = ("Name,Town,Age", "Ann,Rome,31", "", "Bob,Oslo", "Carl,Bonn,44")
    table = "\n".join(f"| {line} |".replace(",", " | ") for line in lines if line.strip(","))
    head, _, body = table.partition("\n")
    expected = f"{head}\n| --- | --- | --- |\n{body}"

    assert texts(book(rows(*people))) == [expected]
    assert texts(csv("\n".join(lines) + "\n")) == [expected]
    assert len(texts(csv("\n".join(short) + "\n"))) == 1


def test_a_table_with_names_of_its_own_does_not_go_on() -> None:
    found = csv("Name,Age\nAnn,31\n\nName,Age\nBob,22\n\nItem,Price\ntea,2\n\n\ncake,3\n")
    wider = rows("Name|Town", "Ann|Rome", "", "Item|Kind|Size", "tea|hot|big")

    assert len(texts(book(wider))) == 2
    assert [text.split("\n")[0] for text in texts(found)] == [
        "| Name | Age |",
        "| Name | Age |",
        "| Item | Price |",
        "|  |  |",
    ]


STRONG = '<fonts><font/><font><b/></font></fonts><cellXfs><xf/><xf fontId="1"/></cellXfs>'


def strong(sheet: str, *cells: str) -> str:
    """The sheet with these cells bold; blank ones are left of others."""
    for cell in cells:
        if f'r="{cell}"' not in sheet:
            right = f'<c r="{chr(ord(cell[0]) + 1)}{cell[1:]}"'
            sheet = sheet.replace(right, f'<c r="{cell}"/>{right}')
        sheet = sheet.replace(f'r="{cell}"', f'r="{cell}" s="1"')
    return sheet


def test_a_blank_column_under_names_that_run_on_is_a_space_in_the_table() -> None:
    sheet = rows("Task|Owner||Due", "a|Ann||May", "b|Bob||June")

    assert len(texts(book(strong(sheet, "A1", "B1", "D1"), styles=STRONG))) == 2
    assert texts(book(strong(sheet, "A1", "B1", "C1", "D1"), styles=STRONG)) == [
        "| Task | Owner | Due |\n| --- | --- | --- |\n| a | Ann | May |\n| b | Bob | June |"
    ]


@pytest.mark.parametrize("merged", ["", '<mergeCells><mergeCell ref="A2:C2"/></mergeCells>'])
def test_a_section_below_the_names_of_columns_is_no_name(merged: str) -> None:
    sheet = strong(rows("Item|Unit|Price", "Fruit", "apple|kg|2"), "A1", "B1", "C1", "A2")

    found = book(sheet + merged, styles=STRONG)

    assert found.blocks[0].header_rows == 1
    assert found.text.startswith("| Item | Unit | Price |")


def test_characters_that_excel_escapes_and_raised_numbers_are_what_is_shown() -> None:
    strings = (
        "<si><t>one_x000D_\ntwo_x005F_x0041_</t></si><si><r><t>m</t></r><r><rPr>"
        '<vertAlign val="superscript"/></rPr><t>2</t></r></si>'
    )
    cells = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'

    found = book(f'<sheetData><row r="1">{cells}</row></sheetData>', sharedStrings=strings)

    assert "| one two_x0041_ | m² |" in found.text


def test_a_title_right_above_a_table_and_a_note_below_are_paragraphs() -> None:
    note = "All prices are net and valid until the end of the year in which they are given."

    found = book(rows("Prices", "Name|Price", "a|1", note))

    assert [block.kind for block in found.blocks] == ["paragraph", "table", "paragraph"]


def test_lines_of_text_are_paragraphs() -> None:
    found = book(rows("This workbook tells the prices.", "It is updated each month."))

    assert texts(found) == ["This workbook tells the prices.", "It is updated each month."]


def test_numbers_above_numbers_are_no_header() -> None:
    found = book(rows("1|2", "3|4"))

    assert texts(found) == ["|  |  |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |"]
    assert found.blocks[0].header_rows == 0


def test_merged_header_cells_stand_over_all_their_columns() -> None:
    styles = (
        '<fonts><font/><font><b/></font></fonts><cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs>'
    )
    sheet = rows("Year|2023|", "Quarter|Q1|Q2", "a|1|2")
    sheet = sheet.replace('r="A1"', 'r="A1" s="1"').replace('r="A2"', 'r="A2" s="1"')
    sheet = sheet.replace('r="B1"', 'r="B1" s="1"').replace('r="B2"', 'r="B2" s="1"')
    sheet = sheet.replace('r="C2"', 'r="C2" s="1"')
    merged = '<mergeCells><mergeCell ref="B1:C1"/></mergeCells>'

    found = book(sheet + merged, styles=styles)

    assert found.text.startswith("| Year Quarter | 2023 Q1 | 2023 Q2 |")
    assert found.blocks[0].header_rows == 2


def test_hidden_sheets_rows_and_columns_are_dropped_and_counted() -> None:
    sheet = rows("Name|Value|Cost", "pump|3|9", "secret|4|9").replace(
        '<row r="3">', '<row r="3" hidden="1">'
    )
    columns = '<cols><col min="3" max="3" hidden="1"/></cols>'

    found = book(columns + sheet, rows("more secrets"), names=("Parts", "!Hidden"))

    assert "secret" not in found.text
    assert "Cost" not in found.text
    assert [(region.reason, region.characters) for region in found.dropped] == [
        ("hidden", 13),
        ("hidden", 11),
    ]
    assert found.visible is not None and found.visible == 13 + 11 + len("NameValuepump3")


def test_hidden_rows_and_columns_inside_of_a_table_do_not_part_it() -> None:
    sheet = rows("Name|Why|Value|Unit", "pump|x|3|m", "valve|x|4|m", "seal|x|5|m", "belt|x|6|m")
    for number in ("3", "4"):  # as a filter hides them
        sheet = sheet.replace(f'<row r="{number}">', f'<row r="{number}" hidden="1">')
    columns = '<cols><col min="2" max="2" hidden="1"/></cols>'
    merged = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'

    found = book(columns + sheet + merged)

    assert found.text.endswith(
        "| Name | Value | Unit |\n| --- | --- | --- |\n| pump | 3 | m |\n| belt | 6 | m |"
    )
    assert found.blocks[-1].place == Place(sheet="Sheet1", cells="A1:D5")


def test_shared_strings_formulas_truth_and_errors_are_what_is_shown() -> None:
    cells = (
        '<c r="A1" t="s"><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1" t="b"><v>1</v></c>'
        '<c r="D1" t="e"><v>#DIV/0!</v></c><c r="E1"><f>A1*2</f></c>'
    )
    strings = "<si><r><t>ri</t></r><r><t>ch</t></r><rPh><t>no</t></rPh></si>"

    found = book(f'<sheetData><row r="1">{cells}</row></sheetData>', sharedStrings=strings)

    assert "| rich | 2 | TRUE | #DIV/0! | =A1*2 |" in found.text


def test_cells_far_apart_are_no_giant_table() -> None:
    cells = "".join(
        f'<row r="{n}"><c r="{chr(64 + n)}{n}"><v>{n}</v></c></row>' for n in range(1, 27)
    )
    far = '<row r="1048576"><c r="XFD1048576"><v>9</v></c></row>'

    found = book(
        f"<sheetData>{cells}{far}</sheetData>"
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    )

    assert len(found.text) < 5000
    assert "9" in found.text


def test_a_missing_string_is_corrupt_rather_than_an_empty_cell() -> None:
    from builder.ingest.parsed import Refused
    from builder.ingest.sheets import parse_xlsx

    sheet = '<sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row></sheetData>'
    found = parse_xlsx(zipped(xlsx_parts(sheet, sharedStrings="<si><t>x</t></si>")))

    assert isinstance(found, Refused)
    assert found.reason == "corrupt"


@pytest.mark.parametrize("maker", ["openpyxl", "libreoffice"])
def test_workbooks_of_known_makers_give_their_cells_back(maker: str) -> None:
    found = document((FIXTURES / "xlsx" / f"{maker}.xlsx").read_bytes(), "xlsx")

    assert found.text == (FIXTURES / "xlsx" / "expected.md").read_text().rstrip("\n")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_of_a_csv_file_is_found(separator: str) -> None:
    lines = (("Name", "Price", "Text"), ("pump", "1.50", "a"), ("valve", "2.75", "b"))

    found = csv("\n".join(separator.join(line) for line in lines))

    assert found.text.split("\n") == [
        "| Name | Price | Text |",
        "| --- | --- | --- |",
        "| pump | 1.50 | a |",
        "| valve | 2.75 | b |",
    ]


def test_decimal_commas_quotes_and_lines_in_cells_are_kept() -> None:
    found = csv('Name;Preis\n"Ventil ""A""";1,50\n"zwei\nZeilen";"a;b | c"\n')

    assert found.text.split("\n")[2:] == [
        '| Ventil "A" | 1,50 |',
        "| zwei Zeilen | a;b \\| c |",
    ]


def test_a_separator_that_the_file_names_itself_counts() -> None:
    assert "| a | b,c |" in csv("sep=;\nx;y\na;b,c\n").text


def test_blank_lines_part_tables_and_a_lone_line_is_a_title() -> None:
    found = csv("Prices\nName,Price,,\npump,3,,\n\nCode,Text\nE1,leak\n")

    assert [block.kind for block in found.blocks] == ["paragraph", "table", "table"]


def test_text_that_is_no_table_loses_no_word() -> None:
    text = "Hello, this is a letter.\n\nIt has lines, but no cells, and it ends here, now.\n"

    found = csv(text)

    assert [word for word in text.replace(",", "").split() if word not in found.text] == []


def test_a_quote_without_an_end_is_a_letter_of_its_line() -> None:
    found = csv('id,size\n1,"4 m\n2,5 m\n3,6 m')

    assert texts(found) == ['| id | size |\n| --- | --- |\n| 1 | "4 m |\n| 2 | 5 m |\n| 3 | 6 m |']


def test_lines_of_one_cell_beside_a_table_are_text() -> None:
    found = csv("Sales report,,\nQ1 2020,,\n,,\nRegion,Jan,Feb\nNorth,1,2\n")

    assert texts(found, "paragraph") == ["Sales report", "Q1 2020"]
    assert len(texts(found, "table")) == 1


@given(
    st.lists(
        st.lists(st.text('abc 1,"\n', min_size=1, max_size=8), min_size=2, max_size=4),
        min_size=1,
        max_size=6,
    )
)
def test_the_place_of_a_csv_table_parses_to_the_same_table(cells: list[list[str]]) -> None:
    import csv as standard
    from io import StringIO

    # Blank rows are in no place, and a semicolon in a cell may part cells: "1,;" as "1," and none.
    assume(all("".join(row).strip() for row in cells))
    out = StringIO()
    standard.writer(out, lineterminator="\n").writerows(cells)
    text = out.getvalue()
    parsed = parse_csv(text)

    assert isinstance(parsed, Parsed)
    for piece in parsed.pieces:
        assert piece.place is not None and piece.place.start is not None
        again = parse_csv(text[piece.place.start : piece.place.end])
        assert isinstance(again, Parsed)
        if len(parsed.pieces) == 1:
            assert [one.text for one in again.pieces] == [piece.text]


@given(st.text(max_size=200))
def test_any_text_is_read_as_csv_without_an_error(text: str) -> None:
    parse_csv(text)


def test_text_of_a_cell_of_unknown_type_is_kept() -> None:
    cell = '<c r="A1" t="odd"><is><t>Level of the river</t></is></c>'
    found = book(f'<sheetData><row r="1">{cell}</row></sheetData>')

    assert "Level of the river" in found.text


_DRAW = (
    'xmlns:x="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


def test_text_boxes_are_read_and_charts_are_told() -> None:
    parts = xlsx_parts(rows("Name|Value", "pump|3"), names=("Parts",))
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(drawing="../drawings/d1.xml")
    parts["xl/drawings/d1.xml"] = (
        f"<x:wsDr {_DRAW}><x:sp><x:txBody><a:p><a:r><a:t>Mind the</a:t></a:r>"
        "<a:r><a:t> valve.</a:t></a:r></a:p></x:txBody></x:sp></x:wsDr>"
    )
    parts["xl/drawings/_rels/d1.xml.rels"] = relations(chart="../charts/c1.xml")
    parts["xl/charts/c1.xml"] = f"<x:chart {_DRAW}><a:t>Levels by day</a:t></x:chart>"

    found = document(zipped(parts), "xlsx")

    assert texts(found)[-1] == "Mind the valve."
    assert [(part.reason, part.beginning) for part in found.dropped] == [("chart", "Levels by day")]
