"""Tables and code of PDF files: what is one row, one cell, one line, where little is drawn."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.ingest.pdf import tables
from builder.ingest.pdf.page import Page
from builder.ingest.pdf.pdfium import Pdf
from builder.records import Document
from tests.ingest.paper import book, document, page, page_of, paragraph, texts, typed, written

Row = Sequence[str]


def table(*rows: Row) -> str:
    """A table as Markdown has it, the first row its head."""
    shown = ["| " + " | ".join(row) + " |" for row in rows]
    shown.insert(1, "| " + " | ".join(["---"] * len(rows[0])) + " |")
    return "\n".join(" ".join(line.split()) if "---" in line else line for line in shown)


def set_in(xs: Sequence[int], y: int, cells: Row, font: str = "F", size: float = 10) -> str:
    """One line of a table: what stands in each column, "" for nothing."""
    return "".join(typed(x, y, cell, font, size) for x, cell in zip(xs, cells, strict=True) if cell)


def ruled(left: int, right: int, *ys: int) -> str:
    return "".join(f"{left} {y} m {right} {y} l S " for y in ys)


def box(left: int, bottom: int, right: int, top: int) -> str:
    """The four borders of a cell, each a line of its own."""
    return ruled(left, right, bottom, top) + "".join(
        f"{x} {bottom} m {x} {top} l S " for x in (left, right)
    )


def test_rows_whose_first_cell_is_empty_are_rows_between_three_lines() -> None:
    xs = (76, 150, 230, 280)
    rows = [
        ("system", "", "X", "what the machine is"),
        ("", "maker", "X", "of the board"),
        ("", "model", "", "as the maker names it"),
    ]
    found = page_of(
        paragraph(775), ruled(72, 400, 740, 722, 680), set_in(xs, 727, ("Call", "Result", "BSD", "Note")),
        *(set_in(xs, 709 - 12 * n, row) for n, row in enumerate(rows)),
    )  # fmt: skip

    assert texts(found, "table") == [table(("Call", "Result", "BSD", "Note"), *rows)]


WRAPPED = [
    ("Rotor", "It turns the water as fast as", "12"),
    ("", "the mains allows, but no faster.", ""),
    ("Lid", "It covers the motor.", "7"),
    ("Hub", "It holds all of the blades, and", "4"),
    ("", "the lid.", ""),
]
UNWRAPPED = [
    ("Rotor", "It turns the water as fast as the mains allows, but no faster.", "12"),
    ("Lid", "It covers the motor.", "7"),
    ("Hub", "It holds all of the blades, and the lid.", "4"),
]


def test_lines_of_cells_as_far_apart_as_rows_go_to_their_row() -> None:
    xs, head = (74, 150, 320), ("Part", "What it does", "Price")
    found = page_of(
        paragraph(775), set_in(xs, 736, head, "B"),
        *(set_in(xs, 724 - 12 * n, line) for n, line in enumerate(WRAPPED)),
    )  # fmt: skip

    assert texts(found, "table") == [table(head, *UNWRAPPED)]


def test_cells_centred_beside_higher_ones_are_in_one_row_with_them() -> None:
    xs, head = (74, 150, 320), ("Part", "What it does", "Price")
    found = page_of(
        paragraph(775), set_in(xs, 736, head, "B"),
        set_in(xs, 716, ("", "It turns the water as fast as", "")),
        set_in(xs, 710, ("Rotor", "", "12")),
        set_in(xs, 704, ("", "the mains allows, but no faster.", "")),
        set_in(xs, 688, ("Lid", "It covers the motor.", "7")),
        set_in(xs, 672, ("", "It holds all of the blades, and", "")),
        set_in(xs, 666, ("Hub", "", "4")),
        set_in(xs, 660, ("", "the lid.", "")),
    )  # fmt: skip

    assert texts(found, "table") == [table(head, *UNWRAPPED)]


def test_an_entry_above_or_beside_what_it_means_begins_a_row() -> None:
    xs = (74, 132)
    found = page_of(
        paragraph(775), set_in(xs, 736, ("tanks", "for the names of tanks")),
        set_in(xs, 715, ("wells", "for the names of wells")),
        set_in(xs, 694, ("all-stations", "")), set_in(xs, 681, ("", "for the names of stations")),
        set_in(xs, 660, ("pumps", "for the names of pumps")),
    )  # fmt: skip

    assert texts(found, "table") == [
        table(
            ("tanks", "for the names of tanks"), ("wells", "for the names of wells"),
            ("all-stations", "for the names of stations"), ("pumps", "for the names of pumps"),
        )
    ]  # fmt: skip


def test_whole_sentences_that_fill_their_cells_are_rows_of_their_own() -> None:
    xs = (76, 180, 240)
    rows = [
        ("destination", "string", "The folder for the copies that are made."),
        ("files", "list", "What is copied into the folder, a list."),
    ]
    found = page_of(
        paragraph(775), ruled(72, 430, 740, 722, 686), set_in(xs, 727, ("Name", "Kind", "Use")),
        *(set_in(xs, 709 - 12 * n, row) for n, row in enumerate(rows)),
    )  # fmt: skip

    assert texts(found, "table") == [table(("Name", "Kind", "Use"), *rows)]


def test_a_head_whose_cells_stand_on_its_lower_edge_is_one_row() -> None:
    xs = (74, 140, 200, 260)
    found = page_of(
        paragraph(775),
        set_in(xs, 736, ("Name of", "Pressure", "", ""), "B"),
        set_in(xs, 724, ("the part", "in bar", "Least", "Most"), "B"),
        *(set_in(xs, 706 - 16 * n, row) for n, row in enumerate(
            [("rotor", "12", "3", "40"), ("hub", "7", "1", "12"), ("lid", "2", "1", "4")]
        )),
    )  # fmt: skip

    assert texts(found, "table")[0].split("\n")[0] == (
        "| Name of the part | Pressure in bar | Least | Most |"
    )


def lines_of(n: int, y: int = 700) -> str:
    text = "The pump moves water from the well to the house, and stops"
    return "".join(typed(72, y - 13 * at, text, "F") for at in range(n))


HEAD = ("Part", "What it does", "Price", "Stock")


def long_table(y: int, rows: Sequence[Row]) -> str:
    xs = (74, 150, 330, 400)
    shown = set_in(xs, y, HEAD, "B") + ruled(72, 440, y - 5)
    return shown + "".join(set_in(xs, y - 20 - 16 * n, row) for n, row in enumerate(rows))


def test_a_table_over_pages_keeps_its_head_once_and_all_of_its_rows() -> None:
    rows = [(f"part {n}", f"It is the number {n} of all", str(n), "") for n in range(60)]
    found = book(
        lines_of(20, 780) + long_table(500, rows[:20]),
        long_table(790, rows[20:40]),
        long_table(790, rows[40:50]) + lines_of(9, 500),
    )

    assert texts(found, "table") == [table(HEAD, *rows[:50])]
    assert not found.dropped


def test_a_row_that_goes_on_over_the_page_is_one_row() -> None:
    xs, head = (74, 150, 300), ("Part", "What it does", "Price")
    before, after = WRAPPED[:4], WRAPPED[4:]
    found = book(
        lines_of(40, 790)
        + set_in(xs, 160, head, "B")
        + "".join(set_in(xs, 148 - 12 * n, line) for n, line in enumerate(before)),
        set_in(xs, 780, head, "B")
        + "".join(set_in(xs, 768 - 12 * n, line) for n, line in enumerate(after))
        + set_in(xs, 756, ("Ring", "It keeps the water in.", "2"))
        + lines_of(9, 700),
    )

    assert texts(found, "table") == [
        table(head, *UNWRAPPED, ("Ring", "It keeps the water in.", "2"))
    ]


def test_a_row_that_begins_a_page_with_full_cells_above_it_is_a_row_of_its_own() -> None:
    xs, head = (74, 150, 190), ("Name", "Kind", "Use")
    before = (
        "destination",
        "list",
        "The folders of the copies that are made, told with their names.",
    )
    after = ("alternative", "string", "Another of them, for the case that the first ones are full.")
    found = book(
        lines_of(40, 790) + set_in(xs, 160, head, "B") + set_in(xs, 148, ("x", "flag", "No use."))
        + set_in(xs, 136, before),
        set_in(xs, 780, head, "B") + set_in(xs, 768, after) + set_in(xs, 756, ("y", "flag", "None."))
        + lines_of(9, 700),
    )  # fmt: skip

    assert texts(found, "table") == [
        table(head, ("x", "flag", "No use."), before, after, ("y", "flag", "None."))
    ]


def grid(xs: Sequence[int], ys: Sequence[int]) -> str:
    return ruled(xs[0], xs[-1], *ys) + "".join(f"{x} {ys[0]} m {x} {ys[-1]} l S " for x in xs)


def test_rows_between_which_no_line_is_drawn_are_rows_in_a_frame_too() -> None:
    xs, at = (60, 160, 240, 420), (64, 164, 244)
    rows = [
        ("Brook", "12", "for gardens, and for fields of all"),
        ("", "", "kinds that are near"),
        ("River", "120", "for houses"),
        ("Lake", "1200", "for villages"),
    ]
    found = page_of(
        grid(xs, (740, 720, 660)), set_in(at, 726, ("Name", "Price", "Use")),
        *(set_in(at, 708 - 12 * n, row) for n, row in enumerate(rows)),
    )  # fmt: skip

    brook = ("Brook", "12", "for gardens, and for fields of all kinds that are near")
    assert texts(found, "table") == [table(("Name", "Price", "Use"), brook, *rows[2:])]


def test_a_lowered_letter_stays_with_its_word_in_rows_that_no_line_parts() -> None:
    rows = [("a", "first"), ("b", "second"), ("d", "last")]
    found = page_of(
        grid((72, 150, 300), (740, 720, 640)), set_in((76, 154), 727, ("Sign", "Meaning")),
        *(set_in((76, 154), 707 - 12 * n, row) for n, row in enumerate(rows)),
        set_in((76, 154), 671, ("c", "speed u")), typed(191, 669, "s", "F", 7),
        typed(198, 671, "of a shock", "F"),
    )  # fmt: skip

    assert "| c | speed us of a shock |" in texts(found, "table")[0]


def test_a_column_that_a_page_leaves_empty_is_a_column() -> None:
    xs, at = (60, 160, 240, 300), (64, 164, 244)
    found = page_of(
        grid(xs, (740, 720, 700, 680)),
        *(set_in(at, y, row) for y, row in zip(
            (726, 706, 686), (("Rotor", "", "12"), ("Hub", "", "7"), ("Lid", "", "4")), strict=True
        )),
    )  # fmt: skip

    assert texts(found, "table") == [table(("Rotor", "", "12"), ("Hub", "", "7"), ("Lid", "", "4"))]


def test_words_that_stick_out_of_their_cell_on_both_sides_stay_in_it() -> None:
    xs = (60, 160, 200, 260)
    found = page_of(
        grid(xs, (740, 720, 700, 680)),
        set_in((64, 164, 204), 726, ("Part", "Mark", "Price")),
        set_in((64, 148, 204), 706, ("Rotor", "manufacturer", "12")),
        set_in((64, 164, 204), 686, ("Hub", "none", "7")),
    )

    assert "| Rotor | manufacturer | 12 |" in texts(found, "table")[0]


def test_what_stands_in_merged_cells_is_in_all_that_they_go_over() -> None:
    cells = [
        (60, 700, 160, 740, "Plan"), (160, 720, 320, 740, "Price"),
        (160, 700, 240, 720, "month"), (240, 700, 320, 720, "year"),
        (60, 660, 160, 700, "Brook"), (160, 680, 240, 700, "1"), (240, 680, 320, 700, "10"),
        (160, 660, 320, 680, "free"),
        (60, 640, 160, 660, "Lake"), (160, 640, 240, 660, "2"), (240, 640, 320, 660, "20"),
    ]  # fmt: skip
    found = page_of(
        *(box(left, bottom, right, top) + typed(left + 4, (bottom + top) // 2 - 3, text, "F")
          for left, bottom, right, top, text in cells)
    )  # fmt: skip

    assert texts(found, "table") == [
        table(
            ("Plan", "Price month", "Price year"),
            ("Brook", "1", "10"),
            ("Brook", "free", "free"),
            ("Lake", "2", "20"),
        )
    ]


def test_pieces_of_a_table_in_two_columns_are_one_table() -> None:
    head = ("Part", "Price")
    rows = [(f"part {n}", str(100 + n)) for n in range(8)]
    left, right = (60, 160, 260), (320, 420, 520)
    shown = ""
    for (x, middle, end), piece in ((left, rows[:4]), (right, rows[4:])):
        ys = [780 - 20 * n for n in range(6)]
        shown += grid((x, middle, end), ys)
        for y, row in zip(ys, [head, *piece], strict=False):
            shown += set_in((x + 4, middle + 4), y - 14, row)

    assert texts(page_of(shown), "table") == [table(head, *rows)]


def test_words_that_a_narrow_cell_cuts_are_whole_again_where_others_are_beyond_doubt() -> None:
    xs = (60, 160, 200, 260)
    cut = [("memory", "memor", "y"), ("battery", "batter", "y"), ("vendor", "vendo", "r")]
    shown = typed(72, 790, "The memory of it, and its battery too, are on the board.", "F")
    shown += grid(xs, tuple(750 - 30 * n for n in range(5)))
    shown += set_in((64, 164, 204), 736, ("Part", "Mark", "Price"))
    for n, (_, one, other) in enumerate(cut):
        end = 198 - {"memor": 33, "batter": 28, "vendo": 30}[one]
        shown += typed(64, 706 - 30 * n, str(n), "F") + typed(end, 706 - 30 * n, one, "F")
        shown += typed(end, 695 - 30 * n, other, "F") + typed(204, 706 - 30 * n, "x", "F")

    rows = texts(page_of(shown), "table")[0].split("\n")[2:]
    assert [row.split(" | ")[1] for row in rows] == [whole for whole, *_ in cut]


Cell = tuple[int, int, str, int]  # row, x, text, columns


def tagged(*cells: Cell, again: int = 0, second: int = 99, heads: bool = False) -> Document:
    """A tagged table; an empty cell has nothing on the page.

    again: how far to the right the first row is printed once more. second: the first row of the
    second page. heads: the first row is told to be the head.
    """
    rows = sorted({row for row, *_ in cells})
    first = 10 + len(rows)
    kids: dict[int, list[int]] = {row: [] for row in rows}
    shown = ["", ""]
    owners: list[list[int]] = [[], []]
    elements: list[str] = []
    for row, x, text, wide in cells:
        page, number = int(row >= second), first + len(elements)
        content: list[int] = []
        for place in ([(x, 700), (x + again, 760)] if again and not row else [(x, 700)])[
            : 2 * len(text)
        ]:
            content.append(len(owners[page]))
            owners[page].append(number)
            letters = typed(place[0], place[1] - 20 * row, text, "F")
            shown[page] += f"/TD << /MCID {content[-1]} >> BDC {letters} EMC "
        kids[row].append(number)
        span = f"/A << /O /Table /ColSpan {wide} >>" if wide > 1 else ""
        held = f"/Pg {4 + page} 0 R /K {content}".replace(",", "") if content else ""
        kind = "TH" if heads and not row else "TD"
        elements.append(
            f"<< /Type /StructElem /S /{kind} /P {10 + rows.index(row)} 0 R {held} {span} >>"
        )

    def refs(numbers: Sequence[int]) -> str:
        return " ".join(f"{number} 0 R" for number in numbers)

    after = first + len(elements)
    return document(
        written(
            "<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 7 0 R /MarkInfo << /Marked true >> >>",
            "<< /Type /Pages /Kids [4 0 R 5 0 R] /Count 2 >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *[
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {after + page} 0 R "
                f"/StructParents {page} /Resources << /Font << /F 3 0 R >> >> >>"
                for page in (0, 1)
            ],
            f"<< /Nums [0 [{refs(owners[0])}] 1 [{refs(owners[1])}]] >>",
            "<< /Type /StructTreeRoot /K 8 0 R /ParentTree 6 0 R >>",
            f"<< /Type /StructElem /S /Table /P 7 0 R /K [{refs(range(10, first))}] >>",
            "null",
            *[f"<< /Type /StructElem /S /TR /P 8 0 R /K [{refs(kids[row])}] >>" for row in rows],
            *elements,
            *[f"<< /Length {len(text)} >>\nstream\n{text}\nendstream" for text in shown],
        )
    )


def test_empty_cells_and_merged_ones_of_a_tagged_table_keep_their_place() -> None:
    found = tagged(
        (0, 72, "Part", 1), (0, 150, "Least", 1), (0, 230, "Most", 1),
        (1, 72, "Rotor", 1), (1, 150, "", 1), (1, 230, "12", 1),
        (2, 72, "Hub", 1), (2, 170, "not measured", 2),
    )  # fmt: skip

    assert texts(found, "table") == [
        "|  |  |  |\n| --- | --- | --- |\n| Part | Least | Most |\n| Rotor |  | 12 |\n"
        "| Hub | not measured | not measured |"
    ]


def test_cells_of_a_tagged_table_that_tells_no_empty_ones_go_to_their_columns() -> None:
    found = tagged(
        (0, 72, "Part", 1), (0, 150, "Least", 1), (0, 230, "Most", 1),
        (1, 72, "Rotor", 1), (1, 236, "12", 1),
        (2, 152, "3", 1), (2, 232, "14", 1),
    )  # fmt: skip

    assert texts(found, "table")[0].split("\n")[3:] == ["| Rotor |  | 12 |", "|  | 3 | 14 |"]


def test_a_cell_that_is_told_twice_makes_no_column() -> None:
    found = tagged(
        (0, 72, "Part", 1), (0, 150, "Least", 1), (0, 230, "", 1), (1, 72, "Rotor", 1),
        (1, 150, "12", 1), (2, 72, "Hub", 1), (2, 150, "7", 1), heads=True,
    )  # fmt: skip

    assert texts(found, "table") == [table(("Part", "Least"), ("Rotor", "12"), ("Hub", "7"))]


def test_a_head_that_is_printed_above_two_columns_counts_once() -> None:
    found = tagged(
        (0, 72, "Part", 1), (0, 150, "Least", 1), (1, 72, "Rotor", 1), (1, 150, "12", 1),
        again=250, heads=True,
    )  # fmt: skip

    assert texts(found, "table") == [table(("Part", "Least"), ("Rotor", "12"))]


def test_rows_of_a_tagged_table_on_the_next_page_are_rows_of_it() -> None:
    found = tagged(
        (0, 72, "Part", 1), (0, 150, "What it does", 1), (1, 72, "Rotor", 1), (1, 150, "It turns.", 1),
        (2, 90, "Hub", 1), (2, 150, "It holds all of the blades.", 1), second=2, heads=True,
    )  # fmt: skip

    assert texts(found, "table") == [
        table(
            ("Part", "What it does"), ("Rotor", "It turns."), ("Hub", "It holds all of the blades.")
        )
    ]


def coded(rows: Sequence[str], y: int, step: int = 12) -> str:
    escaped = [row.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for row in rows]
    return "".join(typed(72, y - step * n, row) for n, row in enumerate(escaped) if row)


def test_code_blocks_that_follow_each_other_are_told_by_the_room_between_them() -> None:
    first, second = ["$ pump --list", "one", "", "two"], ["pump.start()", "pump.stop()"]
    found = page_of(paragraph(775), coded(first, 730), coded(second, 730 - 36 - 21))

    assert texts(found, "code") == [
        "```\n" + "\n".join(lines) + "\n```" for lines in (first, second)
    ]


def flush(y: int, n_letters: int) -> str:
    """Lines of prose as wide as so many letters of code."""
    width = 6 * n_letters
    return "".join(
        typed(72, y - 13 * n, "Water is moved", "F") + typed(72 + width - 30, y - 13 * n, "house", "F")
        for n in range(4)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            [
                ">>> print(table(rows, headers, form='grid'))",
                "+--------+-------+",
                "| item   |   qty |",
            ],
            [
                ">>> print(table(rows, headers, form='grid'))",
                "+--------+-------+",
                "| item   |   qty |",
            ],
        ),
        (
            ["... ['spam', 41.999, 'and eggs', 12],", "['more of it']])", ">>> print(rows)"],
            ["... ['spam', 41.999, 'and eggs', 12], ['more of it']])", ">>> print(rows)"],
        ),
        (
            [
                "start(function() {",
                "    address = connect(certificates)",
                "reply(address,body)",
                "})",
            ],
            ["start(function() {", "    address = connect(certificates) reply(address,body)", "})"],
        ),
        (
            ["#TYPE          ZONE     GATEWAY    PROTO", "openvpn:7777   net      192.0.2.1  tcp"],
            ["#TYPE          ZONE     GATEWAY    PROTO", "openvpn:7777   net      192.0.2.1  tcp"],
        ),
        (
            ["print(table([[1,2,3],[11,22,33]],", "order='center', alignment='left'))", "x = 1"],
            ["print(table([[1,2,3],[11,22,33]], order='center', alignment='left'))", "x = 1"],
        ),
        (
            ["|  * first valve of the new pump, as wide as it is", "|  * second valve", "*  | lid"],
            ["|  * first valve of the new pump, as wide as it is", "|  * second valve", "*  | lid"],
        ),
        (
            [
                '<pumps of="the new house" and="its old well">',
                '  <pump at="1" on="no" of="it"',
                'day="2017-07-13T09:42:28">',
            ],
            [
                '<pumps of="the new house" and="its old well">',
                '  <pump at="1" on="no" of="it" day="2017-07-13T09:42:28">',
            ],
        ),
    ],
    ids=[
        "drawn table",
        "Python's shell",
        "left of its block",
        "fields",
        "named argument",
        "tree",
        "no break before figures",
    ],
)
def test_rows_of_code_are_joined_by_what_they_say(rows: list[str], lines: list[str]) -> None:
    width = max(map(len, rows))
    full = ("send(" + "abc, " * 20)[: width - 1].rstrip(" ,") + ","
    sure = [full, "more)"] * 2  # beyond doubt, so that the doubtful is believed
    found = page_of(flush(780, width), coded([*rows, *sure], 690))

    whole = [*lines, f"{full} more)", f"{full} more)"]
    assert texts(found, "code") == ["```\n" + "\n".join(whole) + "\n```"]


def between_rules(xs: Sequence[int], right: int, head: Row, *rows: Row) -> str:
    """A table with three level lines, one line of text to a row."""
    y = 727 - 18 - 10 * len(rows)
    return (
        paragraph(775)
        + ruled(xs[0] - 4, right, 740, 722, y + 5)
        + set_in(xs, 727, head, size=8)
        + "".join(set_in(xs, 709 - 10 * n, row, size=8) for n, row in enumerate(rows))
    )


def test_words_too_wide_for_their_column_are_laid_upon_the_next() -> None:
    xs, head = (76, 130, 200), ("Variable", "Default", "Description")
    rows = [
        ("PUMP_CLEAN", "no", "Whether to clean."),
        ("PUMP_CLEAN_HOOKS_AFTER", "yes", "Whether hooks go."),
        ("PUMP_LOCATION", "dist", "Where it stands."),
        ("PUMP_HOOKS", "no", "Whether hooks work."),
        ("PUMP_HOOK_ENABLE_EACH", "yes", "One of them."),
    ]
    found = page_of(between_rules(xs, 330, head, *rows))

    assert texts(found, "table") == [table(head, *rows)]


def test_cells_in_one_text_object_that_steps_back_are_cells() -> None:
    def line(y: int, first: str, second: str, third: str) -> str:
        """All cells in one object: it goes on, or back, to where the next cell begins."""
        wide = {"A": 667, "B": 667, "C": 722, "D": 722, "_": 556, "e": 556, "n": 556, "o": 556}
        gone = sum(wide[letter] for letter in first)
        then = sum(wide[letter] for letter in second)
        back, on = gone - 54 / 8 * 1000, then - 70 / 8 * 1000
        return f"BT /F 8 Tf 76 {y} Td [({first}) {back:.0f} ({second}) {on:.0f} ({third})] TJ ET "

    rows = [
        ("AB", "no", "one"),
        ("ABCD_ABCD_AB", "ne", "no"),
        ("CD", "en", "neon"),
        ("AC", "ne", "en"),
    ]
    found = page_of(
        paragraph(775), ruled(72, 330, 740, 722, 672),
        set_in((76, 130, 200), 727, ("Name", "Use", "Note"), size=8),
        *(line(709 - 10 * n, *row) for n, row in enumerate(rows)),
    )  # fmt: skip

    assert texts(found, "table") == [table(("Name", "Use", "Note"), *rows)]


def test_what_goes_on_a_word_too_wide_for_its_column_stays_with_it() -> None:
    xs = (76, 130, 200)
    found = page_of(
        paragraph(775), ruled(72, 330, 740, 722, 672),
        set_in(xs, 727, ("Name", "Use", "Note"), size=8),
        set_in(xs, 709, ("pump", "to fill", "Old.")), set_in(xs, 699, ("tank", "to hold", "Older.")),
        typed(76, 689, "PUMP_DRAIN_W", "C", 10), typed(148, 689, ":", "C", 10), typed(200, 689, "New.", "F"),
        set_in(xs, 679, ("lid", "to close", "Oldest.")),
    )  # fmt: skip

    assert texts(found, "table")[0].split("\n")[4] == "| `PUMP_DRAIN_W:` |  | New. |"


def test_rows_that_only_happen_to_have_no_room_are_rows_beside_an_empty_cell() -> None:
    xs, head = (76, 150, 230), ("Component", "Readiness", "Notes")
    rows = [
        ("CredentialStore", "Ready", ""),
        ("BatchDefinition", "Partially ready", "Known as splitters"),
        ("Action", "Ready", ""),
        ("ValidationNotes", "Not ready", ""),
        ("Checkpoint", "Not ready", ""),
        ("Data Documents", "Not ready", "Known as renderers"),
    ]
    found = page_of(between_rules(xs, 320, head, *rows))

    assert texts(found, "table") == [table(head, *rows)]


def justified(x: int, y: int, text: str, n_letters: int = 16) -> str:
    """A line of code as wide as n_letters, by the room between its words."""
    room = (n_letters - len(text)) * 4.8 / text.count(" ")
    return f"BT /C 8 Tf {room:.3f} Tw {x} {y} Td ({text}) Tj 0 Tw ET "


def test_a_line_that_reaches_the_end_of_a_justified_cell_goes_on_below() -> None:
    """The first column had room for the word below, but its maker broke the line before it."""
    xs = (76, 150)
    found = page_of(
        paragraph(775), ruled(72, 234, 740, 722, 632), set_in(xs, 727, ("Part", "Use"), size=8),
        typed(76, 709, "Rotor", "F", 8), justified(150, 709, "turn the water"),
        typed(76, 699, "or hub", "F", 8), justified(150, 699, "as fast as it"),
        typed(76, 689, "of it", "F", 8), justified(150, 689, "can go, and not"),
        typed(150, 679, "faster", "C", 8),
        typed(76, 669, "Lid", "F", 8), typed(150, 669, "close it", "C", 8),
        typed(76, 659, "Tank", "F", 8), justified(150, 659, "hold all of it"),
        typed(150, 649, "as long", "C", 8),
        typed(76, 639, "Tap", "F", 8), typed(150, 639, "open it", "C", 8),
    )  # fmt: skip

    rows = texts(found, "table")[0].split("\n")[2:]
    assert [row.split("|")[1].strip() for row in rows] == [
        "Rotor or hub of it", "Lid", "Tank", "Tap",
    ]  # fmt: skip


def test_columns_are_as_wide_as_the_cells_that_fit() -> None:
    """What is too wide for its column does not tell where the others' lines had to end."""
    xs = (76, 150, 230)
    lines = [
        ("Google with", "google:", "three"),
        ("all of it", "", ""),
        ("Mistral-large-and-more", "mistral:", "large"),
        ("Groq", "groq:", "llama"),
        ("Azure with", "azure:", "five"),
        ("its service", "", ""),
    ]
    found = page_of(
        paragraph(775), ruled(72, 300, 740, 722, 654),
        set_in(xs, 727, ("Provider", "Prefix", "Example"), "F", 8),
        *(set_in(xs, 709 - 10 * n, row, "C", 8) for n, row in enumerate(lines)),
    )  # fmt: skip

    assert [row.split("|")[1].strip() for row in texts(found, "table")[0].split("\n")[2:]] == [
        "`Google with all of it`", "`Mistral-large-and-more`", "`Groq`", "`Azure with its service`",
    ]  # fmt: skip


CENTRED = (
    typed(110, 736, "Kind", "B")
    + typed(208, 736, "What goes in", "B")
    + typed(330, 736, "Output", "B")
    + typed(430, 736, "Notes", "B")
    + typed(160, 716, "mode, template:", "C")
    + typed(72, 709, "jinja", "C")
    + typed(330, 709, "text", "F")
    + typed(400, 709, "It is always a text.", "F")
    + typed(160, 703, "three dots", "C")
    + typed(160, 668, "mode, value", "C")
    + typed(330, 673, "parsed", "F")
    + typed(330, 661, "value", "F")
    + typed(72, 667, "json", "C")
    + typed(400, 679, "If the value is no text", "F")
    + typed(400, 667, "yet, it is given back", "F")
    + typed(400, 655, "as it is.", "F")
)


def test_cells_in_the_middle_of_rows_and_columns_below_bold_heads_are_a_table() -> None:
    found = page_of(paragraph(775), CENTRED, paragraph(630))

    assert texts(found, "table") == [
        table(
            ("Kind", "What goes in", "Output", "Notes"),
            ("`jinja`", "`mode, template: three dots`", "text", "It is always a text."),
            (
                "`json`", "`mode, value`", "parsed value",
                "If the value is no text yet, it is given back as it is.",
            ),
        )
    ]  # fmt: skip
    assert len(texts(found, "paragraph")) == 2


def test_bold_words_beside_each_other_above_text_are_no_heads_of_a_table() -> None:
    found = page_of(
        typed(72, 736, "Pumps", "B"),
        typed(300, 736, "Release 2", "B"),
        paragraph(716),
        paragraph(680),
    )

    assert not texts(found, "table")


def test_a_line_that_stands_upon_a_cell_of_the_head_begins_the_head() -> None:
    xs, head = (74, 150, 320), ("Part", "What it does", "Specs")
    rows = [(f"part {n}", "It turns the water.", "Yes") for n in range(4)]
    found = page_of(
        paragraph(775), typed(320, 748, "Usable in", "B"), set_in(xs, 736, head, "B"),
        *(set_in(xs, 720 - 16 * n, line) for n, line in enumerate(rows)),
    )  # fmt: skip

    assert texts(found, "table") == [table(("Part", "What it does", "Usable in Specs"), *rows)]


def test_numbers_below_each_other_are_rows_whatever_the_distances_say() -> None:
    xs, head = (76, 200, 260), ("Pump", "litres", "bar")
    rows = [
        ("CR 3", "34.2", "5.9"),
        ("CR 5 (long)", "36.1", "15.1"),
        ("CR 10", "37.8", "18.5"),
        ("Ours", "36.2", "25.2"),
    ]
    ys = (709, 697, 685, 665)
    drawn = [*(set_in(xs, y, row) for y, row in zip(ys, rows, strict=True)), set_in(xs, 727, head)]
    lines = ruled(72, 300, 740, 720, 679, 660)
    upright = "".join(f"190 {y} m 190 {y + n} l S " for y, n in ((720, 20), (679, 41), (660, 19)))

    for found in (
        page_of(paragraph(775), lines, *drawn),
        page_of(paragraph(775), lines, upright, *drawn),
    ):
        assert texts(found, "table") == [table(head, *rows)]


@pytest.mark.parametrize("levels", [(740, 726, 712, 698, 684), (726, 712, 698)])
def test_tables_whose_sides_no_line_closes_have_their_first_and_last_cells(
    levels: tuple[int, ...],
) -> None:
    head, rows = (
        ("", "litres", "bar"),
        [("Rotor", "6", "21.0"), ("Lid", "4", "22.8"), ("Hub", "8", "18.7")],
    )
    xs = (80, 170, 230)
    found = page_of(
        paragraph(775), ruled(72, 280, *levels),
        *(f"{x} {y} m {x} {y + 13} l S " for x in (160, 220) for y in (726, 712, 698, 684)),
        *(set_in(xs, 730 - 14 * n, row) for n, row in enumerate([head, *rows])),
    )  # fmt: skip

    assert texts(found, "table") == [table(head, *rows)]


def test_a_ruled_table_between_words_in_columns_is_not_lost() -> None:
    grid = [("6", "21.0"), ("4", "22.8"), ("8", "18.7")]
    found = page_of(
        paragraph(775),
        *(box(x, y, x + 50, y + 14) for x in (160, 210) for y in (726, 712, 698)),
        *(set_in((165, 215), 730 - 14 * n, row) for n, row in enumerate(grid)),
        *(set_in((80, 320), 730 - 14 * n, row) for n, row in enumerate([("Rotor", "left"), ("Lid", "right"), ("Hub", "left")])),
    )  # fmt: skip

    assert table(*grid) in texts(found, "table")
    assert all(word in found.text for word in ("Rotor", "Lid", "Hub", "right"))


@settings(deadline=None)
@given(
    st.integers(2, 5), st.integers(2, 6), st.sets(st.integers(0, 70), max_size=20), st.booleans(),
    st.booleans(), st.sets(st.tuples(st.integers(0, 5), st.sampled_from((20, 40, 430)))),
)  # fmt: skip
def test_no_word_in_or_beside_a_table_is_lost_whichever_of_its_borders_are_drawn(
    n_columns: int, n_rows: int, missing: set[int], left: bool, right: bool,
    beside: set[tuple[int, int]],
) -> None:  # fmt: skip
    xs = [100 + 62 * at for at in range(n_columns + 1)]
    ys = [700 - 15 * at for at in range(n_rows + 1)]
    borders = [(x, y, x + 62, y) for y in ys for x in xs[:-1]]
    borders += [
        (x, y - 15, x, y)
        for x in xs
        if (left or x > xs[0]) and (right or x < xs[-1])
        for y in ys[:-1]
    ]
    drawn = [line for at, line in enumerate(borders) if at not in missing]
    places = [(x + 6, y - 11) for x in xs[:-1] for y in ys[:-1]] + [
        (x, 689 - 15 * row) for row, x in beside
    ]
    words = [f"{chr(97 + n // 26)}{chr(97 + n % 26)}zq" for n in range(len(places))]
    found = page_of(
        paragraph(800),
        *(f"{x0} {y0} m {x1} {y1} l S " for x0, y0, x1, y1 in drawn),
        *(typed(x, y, word, "F", 9) for word, (x, y) in zip(words, places, strict=True)),
        paragraph(560),
    )  # fmt: skip

    assert [word for word in words if word not in found.text] == []
    assert "\ufffc" not in found.text


def test_words_that_a_justified_cell_sets_apart_are_no_column() -> None:
    xs = [76, 160]
    found = page_of(
        paragraph(800), ruled(72, 250, 750, 724, 640),
        set_in(xs, 740, ["Part", "What"]), typed(222, 740, "does", "F"), set_in(xs, 728, ["", "it"]),
        set_in(xs, 712, ["Rotor", "turns"]), set_in(xs, 698, ["Hub", "holds"]),
        set_in(xs, 684, ["Well", "This"]), typed(228.7, 684, "is it", "F"), set_in(xs, 672, ["", "too"]),
        set_in(xs, 656, ["Lid", "closes"]),
    )  # fmt: skip

    assert texts(found, "table") == [
        "| Part | What does it |\n| --- | --- |\n| Rotor | turns |\n| Hub | holds |\n"
        "| Well | This is it too |\n| Lid | closes |"
    ]


def test_a_narrow_second_line_of_a_cell_does_not_end_a_table_of_level_lines() -> None:
    xs = [76, 160, 240]
    found = page_of(
        paragraph(800), ruled(72, 330, 750, 730, 710, 690, 658),
        set_in(xs, 737, ["Part", "Kind", "What it does"]),
        set_in(xs, 717, ["Rotor", "steel", "turns"]), set_in(xs, 697, ["Hub", "steel", "holds"]),
        set_in(xs, 677, ["Lid", "tin", "closes the"]), set_in(xs, 665, ["", "", "pump"]),
    )  # fmt: skip

    assert texts(found, "table") == [
        "| Part | Kind | What it does |\n| --- | --- | --- |\n| Rotor | steel | turns |\n"
        "| Hub | steel | holds |\n| Lid | tin | closes the pump |"
    ]


def test_a_bold_head_without_borders_belongs_to_the_ruled_table_right_below() -> None:
    xs = [76, 160, 240]
    found = page_of(
        paragraph(800), set_in(xs, 762, ["Part", "What it is", "What"], "B"),
        set_in(xs, 750, ["", "made of", "it does"], "B"), grid([72, 156, 236, 330], [744, 724, 704]),
        set_in(xs, 731, ["Rotor", "steel", "turns"], "F"), set_in(xs, 711, ["Hub", "tin", "holds"], "F"),
    )  # fmt: skip

    assert texts(found, "table") == [
        "| Part | What it is made of | What it does |\n| --- | --- | --- |\n"
        "| Rotor | steel | turns |\n| Hub | tin | holds |"
    ]


def test_words_right_of_a_table_at_its_edge_are_no_head_of_it() -> None:
    xs = [76, 160, 240]
    found = page_of(
        paragraph(800), set_in(xs, 750, ["Part", "Made of", "What"], "B"), typed(329.5, 750, "1", "B"),
        grid([72, 156, 236, 330], [744, 724, 704]),
        set_in(xs, 731, ["Rotor", "steel", "turns"], "F"), set_in(xs, 711, ["Hub", "tin", "holds"], "F"),
    )  # fmt: skip

    assert "Part Made of What 1\n\n| Rotor | steel | turns |" in found.text


def filled(left: int, bottom: int, right: int, top: int, grey: float = 0.9) -> str:
    return f"{grey} g {left} {bottom} {right - left} {top - bottom} re f 0 g "


def banded(*rows: tuple[int, Row], cuts: Sequence[int] = ()) -> Document:
    """Rows of so many lines, every other one upon a fill, a piece of it for each cell.

    What stands in the third column is wrapped into as many lines, the others in their middle.
    """
    xs, y, drawn = (78, 150, 190), 740, ""
    for at, (n_lines, (first, second, third)) in enumerate(rows):
        edges = [72, *cuts, 300]
        if at % 2 == 0:
            for left, right in itertools.pairwise(edges):
                drawn += filled(left, y - 12 * n_lines - 4, right, y - 3)
        drawn += set_in(xs, y - 6 - 6 * n_lines, (first, second, ""))
        words = third.split()
        per_line = -(-len(words) // n_lines)
        for n in range(n_lines):
            line = " ".join(words[n * per_line : (n + 1) * per_line])
            drawn += typed(190, y - 12 - 12 * n, line, "F")
        y -= 12 * n_lines + 1
    return page_of(paragraph(790), drawn, paragraph(y - 24))


BANDED = [
    (1, ("Part", "n", "Use")), (3, ("rotor", "2", "it turns and stops when the well is dry")),
    (1, ("lid", "1", "keeps the rain out")), (2, ("hub", "1", "blades sit on it but it needs no oil")),
    (1, ("case", "1", "of steel")),
]  # fmt: skip


@pytest.mark.parametrize("cuts", [(), (140, 180)])
@pytest.mark.parametrize("n_rows", [4, 5])
def test_rows_upon_bands_of_colour_and_between_them_are_those_of_a_table(
    cuts: Sequence[int], n_rows: int
) -> None:
    found = banded(*BANDED[:n_rows], cuts=cuts)

    assert texts(found, "table") == [table(*(row for _, row in BANDED[:n_rows]))]
    assert len(texts(found, "paragraph")) == 2


def test_rows_upon_boxes_with_room_between_them_are_those_of_one_table() -> None:
    rows = [
        ("rotor", "turns when wind blows"),
        ("hub", "holds all blades"),
        ("lid", "keeps the rain"),
    ]
    drawn = ""
    for at, (name, use) in enumerate(rows):
        low = 704 - 41 * at
        first, _, second = use.rpartition(" ")
        drawn += filled(72, low, 150, low + 36) + filled(150, low, 300, low + 36)
        drawn += typed(78, low + 14, name, "F")  # in the middle of its box
        drawn += typed(156, low + 20, first, "F") + typed(156, low + 8, second, "F")
    found = page_of(paragraph(790), drawn, paragraph(590))

    assert texts(found, "table") == [table(*rows)]


def test_boxes_of_colour_as_wide_as_each_other_draw_no_table_around_prose() -> None:
    found = page_of(
        filled(66, 725, 400, 760), paragraph(750), paragraph(700),
        filled(66, 625, 400, 660), paragraph(650), paragraph(600),
    )  # fmt: skip

    assert not texts(found, "table")
    assert len(texts(found, "paragraph")) == 4


def test_a_head_above_a_row_without_a_band_is_a_row_of_its_own() -> None:
    xs = (78, 190)
    found = page_of(
        set_in(xs, 780, ("Part", "Use"), "B"), set_in(xs, 767, ("rotor", "turns the water")),
        filled(72, 738, 180, 763), filled(180, 738, 300, 763), set_in(xs, 754, ("lid", "keeps rain")),
        typed(190, 742, "out of it", "F"), set_in(xs, 729, ("hub", "holds the blades")),
        filled(72, 713, 180, 725), filled(180, 713, 300, 725), set_in(xs, 716, ("case", "of steel")),
    )  # fmt: skip

    assert texts(found, "table") == [
        table(("Part", "Use"), ("rotor", "turns the water"), ("lid", "keeps rain out of it"),
              ("hub", "holds the blades"), ("case", "of steel"))
    ]  # fmt: skip


def test_a_head_upon_the_first_of_level_rules_below_every_row_is_that_of_the_table() -> None:
    xs = (76, 160, 260)
    rows = [("rotor", "turns", "two of steel"), ("lid", "closes", "one"), ("hub", "holds", "one")]
    found = page_of(
        paragraph(790), set_in(xs, 740, ("Part", "Does", "There are")),
        "".join(set_in(xs, 718 - 22 * n, row) for n, row in enumerate(rows)),
        ruled(72, 400, 734, 712, 690, 668), paragraph(640),
    )  # fmt: skip

    assert texts(found, "table") == [table(("Part", "Does", "There are"), *rows)]
    assert len(texts(found, "paragraph")) == 2


def test_a_line_of_prose_upon_the_first_of_level_rules_is_no_head() -> None:
    xs = (76, 160, 260)
    found = page_of(
        typed(76, 740, "Table 1. The parts of the pump, and how many", "F"),
        set_in(xs, 718, ("Part", "Does", "There are")), set_in(xs, 696, ("lid", "closes", "one")),
        set_in(xs, 680, ("hub", "holds", "one")), ruled(72, 400, 734, 712, 668),
    )  # fmt: skip

    assert texts(found, "table")[0].startswith("| Part | Does | There are |")


def test_boxes_around_code_with_a_counted_title_between_them_are_no_table() -> None:
    def coded(y: int) -> str:
        return filled(66, y - 20, 400, y + 12) + "".join(
            typed(72, y - 12 * n, word, "C", 9) + typed(150, y - 12 * n, "= turn", "C", 9)
            for n, word in enumerate(("rotor", "hub"))
        )

    found = page_of(
        paragraph(790), coded(750), typed(72, 718, "2", "B"), typed(100, 718, "The lid", "B"), coded(696),
        paragraph(650),
    )  # fmt: skip

    assert not texts(found, "table")
    assert len(texts(found, "code")) == 2


def test_a_rule_as_heavy_as_the_first_closes_its_table() -> None:
    """The number of the title below and its words stand apart like cells."""
    xs = [76, 160]

    def drawn(top: int) -> str:
        heavy = "".join(f"1 w 72 {y} m 240 {y} l S " for y in (top, top - 56))
        return heavy + f"0.5 w 72 {top - 18} m 240 {top - 18} l S 1 w "

    found = page_of(
        paragraph(800),
        drawn(760), set_in(xs, 748, ["Part", "Use"]),
        set_in(xs, 728, ["Rotor", "turns"]), set_in(xs, 712, ["Hub", "holds"]),
        typed(72, 676, "1.2", "B", 12), typed(112, 676, "Tanks", "B", 12),
        drawn(650), set_in(xs, 638, ["Tank", "Size"]),
        set_in(xs, 618, ["old", "small"]), set_in(xs, 602, ["new", "large"]),
    )  # fmt: skip

    assert texts(found, "heading") == ["# 1.2 Tanks"]
    assert [text.split("\n")[0] for text in texts(found, "table")] == [
        "| Part | Use |", "| Tank | Size |",
    ]  # fmt: skip


def test_words_that_justified_cells_set_apart_are_no_column_beside_wrapped_ones() -> None:
    xs = [76, 160]
    found = page_of(
        paragraph(800), ruled(72, 290, 750, 730, 640),
        set_in(xs, 737, ["If you need", "Use"]),
        set_in(xs, 716, ["the last word of", "`answer`"]), set_in(xs, 704, ["it", ""]),
        set_in(xs, 688, ["what is left and", "list"]), typed(268.3, 688, "and", "F"),
        set_in(xs, 676, ["how to go on", "state"]),
        set_in(xs, 660, ["all that it said", "said"]), typed(271.1, 660, "the", "F"),
        set_in(xs, 648, ["to itself", "results"]),
    )  # fmt: skip

    assert texts(found, "table")[0].split("\n")[0] == "| If you need | Use |"


def test_the_same_words_below_themselves_and_a_name_below_another_are_rows() -> None:
    """The last cell of the first row happens to be as wide as its justified column."""
    xs = (76, 150, 200)
    found = page_of(
        paragraph(775), ruled(72, 288, 740, 722, 612),
        set_in(xs, 727, ("Field", "Must", "Use"), "F", 8),
        set_in(xs, 709, ("name", "yes", ""), "C", 8), justified(200, 709, "the only name"),
        set_in(xs, 699, ("source", "yes", ""), "C", 8), justified(200, 699, "where the data"),
        justified(200, 689, "comes in from"), typed(200, 679, "at night", "C", 8),
        set_in(xs, 669, ("timestamp_", "no", "column"), "C", 8),
        set_in(xs, 659, ("tank", "never", ""), "C", 8), justified(200, 659, "to hold water"),
        set_in(xs, 649, ("lid", "no", ""), "C", 8), justified(200, 649, "closes it for"),
        typed(200, 639, "good", "C", 8),
    )  # fmt: skip

    rows = texts(found, "table")[0].split("\n")[2:]
    assert [row.split("|")[1].strip(" `") for row in rows] == [
        "name", "source", "timestamp_", "tank", "lid",
    ]  # fmt: skip


def test_a_table_that_is_closed_by_its_rules_may_have_empty_columns() -> None:
    xs = [76, 160]
    heavy = "".join(f"1 w 72 {y} m 240 {y} l S " for y in (760, 704))
    found = page_of(
        paragraph(800), heavy, "0.5 w 72 742 m 240 742 l S 1 w ",
        set_in(xs, 748, ["Part", "Ready"]), set_in(xs, 728, ["Rotor", ""]),
        set_in(xs, 712, ["Hub", ""]),
    )  # fmt: skip

    assert texts(found, "table") == [
        "| Part | Ready |\n| --- | --- |\n| Rotor |  |\n| Hub |  |"
    ]  # fmt: skip


def test_a_bold_head_is_no_part_of_the_first_row_whatever_the_distances_say() -> None:
    """Cells of small letters stand higher than others, so some lines are nearer than most."""
    xs = (76, 260)
    rows = [("what it says", "answer()"), ("what it was told and", "told()"), ("how", "")]
    rows += [("all that is left of", "left()"), ("it", ""), ("the end of it", "end()")]
    drawn = "".join(
        typed(76, 700 - 13.8 * n, one, "F")
        + (typed(260, 701.5 - 13.8 * n, other, "C", 8) if other else "")
        for n, (one, other) in enumerate(rows)
    )
    found = page_of(paragraph(775), set_in(xs, 714, ("If you need", "Use"), "B"), drawn)

    assert texts(found, "table")[0].split("\n")[0] == "| If you need | Use |"


def test_whole_names_of_code_below_each_other_are_rows() -> None:
    """There is no room for two of them in a line, and the other cells happen to fill theirs."""
    xs = (76, 200)
    names = ["online_store_server", "offline_store_server", "registry_server"]
    drawn = "".join(
        typed(76, 709 - 10 * n, name, "C", 8) + justified(200, 709 - 10 * n, "for the stores")
        for n, name in enumerate(names)
    )
    drawn += justified(200, 679, "of all of them") + typed(200, 669, "there", "C", 8)
    found = page_of(
        paragraph(775), ruled(72, 288, 740, 722, 660),
        set_in(xs, 727, ("Name", "Use"), "F", 8), drawn,
    )  # fmt: skip

    rows = texts(found, "table")[0].split("\n")[2:]
    assert [row.split("|")[1].strip(" `") for row in rows] == names


def test_cells_of_smaller_code_stand_beside_larger_words_of_their_row() -> None:
    rows = (("pump_one", "no", "moves the water"), ("pump_two", "no", "stops by itself"), ("tank", "yes", "is full"))  # fmt: skip
    heads = typed(72, 730, "Name", "B", 12) + typed(200, 730, "On", "B", 12)
    heads += typed(280, 730, "What it does", "B", 12)
    cells = "".join(
        typed(72, y + 4.5, code, "C") + typed(200, y, on, "F", 12) + typed(280, y, words, "F", 12)
        for y, (code, on, words) in zip((712, 694, 676), rows, strict=True)
    )
    found = page_of(paragraph(790), heads, cells, paragraph(630))

    assert texts(found, "table") == [
        "| Name | On | What it does |\n| --- | --- | --- |\n"
        "| `pump_one` | no | moves the water |\n| `pump_two` | no | stops by itself |\n"
        "| `tank` | yes | is full |"
    ]


def test_signs_that_hang_out_of_centred_cells_leave_them_in_the_middle_of_their_columns() -> None:
    def at(middle: float, y: float, text: str, font: str = "T") -> str:
        end = text.rstrip(".-")
        return typed(middle - 2.5 * len(end), y, text, font)

    rows = [("nnnn-", "nnnnnnnnnnnnnnn."), ("nnnnnn", "nnnnnn"), ("nnnnnnn.", "nnnnnnnnnnn-")]
    cells = "".join(
        at(122, 712 - 24 * n, first) + at(272, 712 - 24 * n, second)
        for n, (first, second) in enumerate(rows)
    )
    rules = "1 w 72 728 m 372 728 l S .4 w "
    rules += "".join(f"72 {704 - 24 * n} m 372 {704 - 24 * n} l S " for n in range(3))
    found = page_of(
        paragraph(790), at(122, 734, "nnnn"), at(272, 734, "nnnnnn"), rules, cells, paragraph(600)
    )

    assert texts(found, "table") == [table(("nnnn", "nnnnnn"), *rows)]


def test_the_last_row_below_rules_that_stand_above_every_row_is_one() -> None:
    rows = [("Part", "Made of"), ("Tank", "steel"), ("Pump", "iron"), ("Valve", "brass")]
    rules = "".join(
        f"72 {y} m 180 {y} l S 180 {y} m 300 {y} l S " for y in range(740, 739 - 24 * 3, -24)
    )
    cells = "".join(set_in((80, 188), 725 - 24 * n, row) for n, row in enumerate(rows))
    found = page_of(paragraph(790), rules, cells, paragraph(600))

    assert texts(found, "table") == [table(*rows)]


def test_prose_below_rules_that_stand_below_every_row_is_no_row() -> None:
    rows = [("Part", "Made of"), ("Tank", "steel"), ("Pump", "iron")]
    rules = "".join(
        f"72 {y} m 180 {y} l S 180 {y} m 300 {y} l S " for y in range(740, 739 - 24 * 3, -24)
    )
    cells = "".join(set_in((80, 188), 725 - 24 * n, row) for n, row in enumerate(rows))
    found = page_of(paragraph(790), rules, cells, typed(80, 653, "The pump moves water.", "F"))

    assert texts(found, "table") == [table(*rows)]


def test_a_title_and_its_text_above_tiny_code_and_its_remarks_are_no_table() -> None:
    rows = "{", "  name: pump,", "  size: 3,", "}"
    code = "".join(typed(72, 680 - 6 * n, row, "C", 5) for n, row in enumerate(rows))
    remarks = typed(200, 674, "# what it is called", "C", 5) + typed(200, 668, "# in feet", "C", 5)
    found = page_of(
        paragraph(760), typed(72, 700, "Screws that fit", "F"), typed(190, 700, "Sizes", "F"),
        code, remarks, paragraph(600),
    )  # fmt: skip

    assert not texts(found, "table")
    assert [len(text.split("\n")) for text in texts(found, "code")] == [6]


def test_code_between_rules_is_no_row_of_a_table() -> None:
    code = typed(72, 728, "pump = Pump{}") + typed(72, 716, "start") + typed(150, 716, "pump")
    more = typed(72, 616, "pump.stop{}") + typed(72, 604, "tank = Tank{}")
    title = typed(72, 690, "Tanks", "B") + typed(150, 690, "and wells", "B")
    words = typed(72, 670, "The pump", "F") + typed(118, 670, "runs", "F")
    found = page_of(
        paragraph(790), ruled(72, 300, 740, 708, 628, 596), code, title, words, more, paragraph(560)
    )

    assert texts(found, "table") == []
    assert len(texts(found, "code")) == 2


def test_lines_below_the_words_of_titles_rule_no_table() -> None:
    def title(y: int, name: str, end: float) -> str:
        line = typed(72, y, "Part", "B") + typed(96.5, y, "1 -", "B") + typed(114, y, name, "B")
        return line + f"72 {y - 3} m 94 {y - 3} l S 94 {y - 3} m {end} {y - 3} l S "

    words = typed(72, 724, "Each", "F") + typed(96.5, 724, "moves water.", "F")
    found = page_of(
        paragraph(790),
        title(740, "Pumps", 147.3),
        words,
        title(704, "Pumps", 147.3),
        paragraph(640),
    )

    assert texts(found, "table") == []


def under_cells(xs: Sequence[int], *ys: int, pen: float = 0.5) -> str:
    """Level lines that are drawn cell by cell."""
    return f"{pen} w " + "".join(
        f"{left} {y} m {right} {y} l S " for y in ys for left, right in itertools.pairwise(xs)
    )


def test_a_frame_around_a_table_parts_none_of_its_columns() -> None:
    xs, at, ys = (72, 160, 230, 420), (78, 166, 236), (750, 728, 694, 672)
    sides = "".join(
        f"{x} {low} m {x} {high} l S " for high, low in itertools.pairwise(ys) for x in (72, 420)
    )
    drawn = page(
        typed(78, 765, "All of the settings are told here.", "F"),
        under_cells(xs, *ys), sides,
        set_in(at, 735, ("Name", "Type", "Use"), "B"),
        set_in(at, 713, ("", "", "It is the zone of daily reports,")),
        set_in(at, 701, ("", "", "and of no others.")),
        set_in(at, 679, ("file", "path", "What it reads first.")),
        paragraph(640),
    )  # fmt: skip

    only = next(one for one in Pdf(drawn, "").pages() if isinstance(one, Page))
    (found,), rest = tables.ruled(only)

    assert [[" ".join(line.text for line in cell) for cell in row] for row in found.rows] == [
        ["Name", "Type", "Use"],
        ["", "", "It is the zone of daily reports, and of no others."],
        ["file", "path", "What it reads first."],
    ]
    assert rest[0].text == "All of the settings are told here."


def test_a_line_of_a_thick_pen_is_a_rule() -> None:
    xs, ys = (72, 160, 420), (750, 728, 706, 684)
    sides = "0.5 w " + "".join(f"{x} {ys[-1]} m {x} {ys[0]} l S " for x in xs)
    found = page_of(
        paragraph(790),
        under_cells(xs, 750, 706, 684), under_cells(xs, 728, pen=2), sides,
        *(set_in((78, 166), y - 15, row)
          for y, row in zip(ys, (("Part", "Use"), ("hub", "It turns."), ("lid", "It shuts.")),
                            strict=False)),
    )  # fmt: skip

    assert texts(found, "table") == [
        table(("Part", "Use"), ("hub", "It turns."), ("lid", "It shuts."))
    ]


def test_a_heavy_rule_below_a_head_begins_the_next_table() -> None:
    def drawn(top: int, *shown: Row) -> str:
        cells = "".join(set_in((78, 246), top - 24 * n, row) for n, row in enumerate(shown))
        below = [top - 7 - 24 * n for n in range(len(shown))]
        return (
            cells
            + under_cells((72, 240, 420), *below[1:])
            + under_cells((72, 240, 420), below[0], pen=2)
        )

    first = [("Part", "Made of"), ("hub", "steel"), ("lid", "brass"), ("rotor", "iron")]
    then = [("Sign", "Means"), ("red", "stop"), ("blue", "oil"), ("green", "go")]
    found = page_of(
        paragraph(790), drawn(740, *first), typed(78, 628, "The signs of it:", "F"),
        drawn(604, *then), paragraph(480),
    )  # fmt: skip

    assert texts(found, "table") == [table(*first), table(*then)]


def test_a_row_below_rows_of_one_line_is_new_on_the_next_page_though_its_cells_are_full() -> None:
    xs, head = (74, 120, 190), ("No.", "Begun", "Runs on")
    rows = [("1.0.0", "2018-03-06", "v6, v8"), ("2.0.0", "2019-02-25", "v6, v8"),
            ("3.0.0", "2020-07-07", "v8, v10"), ("4.0.0", "2022-06-08", "v8, v12")]  # fmt: skip

    def drawn(top: int, *shown: Row) -> str:
        ys = [top - 20 * n for n in range(len(shown) + 1)]
        edges = ruled(70, 256, *ys) + "".join(
            f"{x} {ys[-1]} m {x} {top} l S " for x in (70, 116, 186, 256)
        )
        return edges + "".join(set_in(xs, y - 14, row) for y, row in zip(ys, shown, strict=False))

    found = book(lines_of(30, 790) + drawn(160, head, *rows[:3]), drawn(790, head, *rows[3:]))

    assert texts(found, "table") == [table(head, *rows)]
