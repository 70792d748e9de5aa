"""Tables without lines whose cells are drawn one after the other."""

from __future__ import annotations

import time
from collections.abc import Sequence

from builder.ingest.pdf import cell_by_cell
from builder.ingest.pdf.page import Font, Page, Run
from builder.ingest.pdf.pdfium import Pdf
from tests.ingest.paper import page, page_of, paragraph, texts, typed

FACE = Font("Face", bold=False, italic=False, fixed=False)
ROWS = [
    (["Tank and", "cistern"], ["water"], ["ten"], ["Full when the", "bell rings"]),
    (["Well"], ["water"], ["two"], ["Dry in summer"]),
    (["Old pump", "house"], ["iron"], ["one"], ["Stands at the", "end of the", "garden"]),
]


def cells(y: float, places: Sequence[float], rows: Sequence[Sequence[Sequence[str]]]) -> str:
    """Rows of cells, each drawn whole before the next."""
    drawn = ""
    for row in rows:
        for x, cell in zip(places, row, strict=True):
            drawn += "".join(typed(x, y - 12 * at, text, "F") for at, text in enumerate(cell))
        y -= 12 * max(map(len, row))
    return drawn


def test_heads_as_near_as_words_are_cells_of_their_columns() -> None:
    heads = "".join(
        typed(x, 732, text, "F")
        for x, text in zip(
            (72, 150, 218, 274),
            ("Name of part", "What it holds", "How many", "Remarks"),
            strict=True,
        )
    )
    found = page_of(paragraph(780), heads, cells(720, [72, 150, 218, 274], ROWS), paragraph(600))

    assert texts(found, "table") == [
        "| Name of part | What it holds | How many | Remarks |\n| --- | --- | --- | --- |\n"
        "| Tank and cistern | water | ten | Full when the bell rings |\n"
        "| Well | water | two | Dry in summer |\n"
        "| Old pump house | iron | one | Stands at the end of the garden |"
    ]


def test_terms_beside_what_explains_them_are_no_table() -> None:
    rows = [
        (["pump", "pumps"], ["moves the water of the well", "up to the tank"]),
        (["tank", "tanks"], ["holds the water that the", "pump moves"]),
        (["valve", "valves"], ["lets the water out", "of the tank"]),
    ]
    pdf = Pdf(page(paragraph(780), cells(720, [72, 190], rows), paragraph(600)), "")
    made = next(pdf.pages())
    pdf.close()

    assert isinstance(made, Page)
    assert list(cell_by_cell.found(made.runs)) == []


def test_columns_of_text_are_no_table() -> None:
    line = "The pump moves water from the well to a"
    column = [line] * 14
    found = page_of(cells(760, [72, 300], [(column, column)]))

    assert texts(found, "table") == []


def test_many_cells_that_are_gone_back_up_from_take_no_longer_each() -> None:
    def run(x: float, y: float, order: int) -> Run:
        return Run(
            text="ab", xs=[x, x + 5], x1=x + 10, y=y, top=y - 8, bottom=y + 2, size=10, font=FACE,
            colour=(0, 0, 0), tag=-1, space=True, order=order,
        )  # fmt: skip

    def seconds(count: int) -> float:
        places = ((0, 0), (0, 12), (30, 0))
        runs = [
            run(72 + x + at * 0.01, 40 * at + y, 3 * at + n)
            for at in range(count)
            for n, (x, y) in enumerate(places)
        ]
        began = time.process_time()
        list(cell_by_cell.found(runs))
        return time.process_time() - began

    assert seconds(20_000) < 8 * max(seconds(5_000), 0.05)
