"""Rows of tables that places alone do not tell: cells in the middle, order of drawing, rules."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from tests.ingest.paper import page_of, paragraph, texts, typed

EDGES = (72, 172, 292, 372)
HEADS = ("Part", "Use", "Made by")


def rows_of(shown: str) -> list[list[str]]:
    """The cells of a Markdown table, without its head."""
    return [
        [cell.strip(" `") for cell in row.strip("|").split("|")] for row in shown.split("\n")[2:]
    ]


def in_the_middle(y: int, *cells: str) -> str:
    """A line whose cells stand in the middle of columns, in letters of one width."""
    return "".join(
        typed((left + right) / 2 - 2.4 * len(cell), y, cell, "C", 8)
        for cell, (left, right) in zip(cells, itertools.pairwise(EDGES), strict=True)
        if cell
    )


def level(y: int, weight: float = 0.5) -> str:
    return f"{weight} w {EDGES[0]} {y} m {EDGES[-1]} {y} l S "


def by_cell(xs: Sequence[int], y: int, *cells: Sequence[str]) -> str:
    """A row of cells drawn one after the other, each with all of its lines."""
    return "".join(
        typed(x, y - 10 * at, line, "F", 8)
        for x, cell in zip(xs, cells, strict=True)
        for at, line in enumerate(cell)
    )


def test_thin_rules_below_cells_in_the_middle_part_rows() -> None:
    found = page_of(
        paragraph(800), in_the_middle(727, *HEADS), level(722, 1.2),
        in_the_middle(712, "Rotor", "turns", "Ash"),
        in_the_middle(702, "", "the water", ""), level(698),
        in_the_middle(688, "upper lid of the pump", "closes it", "Elm"), level(684),
        in_the_middle(674, "Hub", "holds it", "Oak"), level(670), paragraph(640),
    )  # fmt: skip

    (shown,) = texts(found, "table")
    assert shown.split("\n")[0] == "| " + " | ".join(f"`{head}`" for head in HEADS) + " |"
    assert rows_of(shown) == [
        ["Rotor", "turns the water", "Ash"],
        ["upper lid of the pump", "closes it", "Elm"],
        ["Hub", "holds it", "Oak"],
    ]


def test_cells_in_the_middle_below_one_rule_are_rows_as_they_have_room() -> None:
    found = page_of(
        paragraph(800), in_the_middle(727, *HEADS), level(722),
        in_the_middle(710, "Rotor", "it turns all of the", "Ash"),
        in_the_middle(700, "", "water", ""),
        in_the_middle(684, "Hub", "", "Oak"),
        in_the_middle(668, "Lid", "it closes", ""), paragraph(630),
    )  # fmt: skip

    (shown,) = texts(found, "table")
    assert rows_of(shown) == [
        ["Rotor", "it turns all of the water", "Ash"], ["Hub", "", "Oak"], ["Lid", "it closes", ""],
    ]  # fmt: skip


def test_prose_upon_a_rule_is_no_head() -> None:
    found = page_of(
        typed(72, 727, "The pump", "F"), typed(330, 727, "page 7", "F"), level(722), paragraph(706)
    )

    assert not texts(found, "table")


def test_lines_of_a_cell_that_are_drawn_before_what_is_beside_it_are_of_one_row() -> None:
    xs = (76, 120, 172)
    rows = [
        (["Rotor of", "Steel"], ["Turns all", "Water"], ["Ash", "And Elm"]),
        (["Hub of", "Brass"], ["Holds all", "Blades"], ["Oak", "And Yew"]),
        (["Lid"], ["Closes"], ["Elm"]),
    ]
    found = page_of(
        paragraph(800), *(f"72 {y} m 372 {y} l S " for y in (740, 722, 656)),
        by_cell(xs, 727, *([head] for head in HEADS)),
        *(by_cell(xs, 710 - 20 * at, *row) for at, row in enumerate(rows)),
    )  # fmt: skip

    (shown,) = texts(found, "table")
    assert rows_of(shown) == [[" ".join(cell) for cell in row] for row in rows]


def test_columns_that_are_drawn_one_by_one_tell_no_rows() -> None:
    xs = (76, 150, 280)
    rows = [("Rotor", "Turns", "Ash"), ("Hub", "Holds", "Oak"), ("Lid", "Closes", "Elm")]
    found = page_of(
        paragraph(800), *(f"72 {y} m 372 {y} l S " for y in (740, 722, 676)),
        by_cell(xs, 727, *([head] for head in HEADS)), by_cell(xs, 710, *zip(*rows, strict=True)),
    )  # fmt: skip

    (shown,) = texts(found, "table")
    assert rows_of(shown) == [list(row) for row in rows]


def test_upright_rules_that_are_drawn_row_by_row_part_rows() -> None:
    xs = (76, 180)
    rows = [(["Rotor"], ["it turns the", "water"]), (["Hub"], ["it holds the", "blades"])]
    pieces = ((740, 722), (722.4, 696), (696.4, 670))
    found = page_of(
        paragraph(800), *(f"72 {y} m 372 {y} l S " for y in (740, 722, 670)),
        *(f"{x} {top} m {x} {low} l S " for top, low in pieces for x in (72, 172, 372)),
        by_cell(xs, 728, ["Part"], ["Use"]),
        *(by_cell(xs, 710 - 26 * at, *row) for at, row in enumerate(rows)),
    )  # fmt: skip

    (shown,) = texts(found, "table")
    assert rows_of(shown) == [["Rotor", "it turns the water"], ["Hub", "it holds the blades"]]
