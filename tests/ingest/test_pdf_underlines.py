"""Titles that nothing but a line below them tells from the text, and links, which are none."""

from __future__ import annotations

from tests.ingest.paper import page_of, paragraph, texts, typed


def lined(x: int, y: int, text: str, width: float) -> str:
    """Underlined text; width: of it, in points."""
    return typed(x, y, text, "F") + f"0.5 w {x} {y - 1.5} m {x + width} {y - 1.5} l S "


WIDTHS = {"Rotor": 25, "Hub": 18, "Oil": 13}  # in points, at 10


def titled(*titles: str, more: str = "") -> list[str]:
    found = page_of(
        typed(72, 800, "The pump", "B", 16), paragraph(775),
        *(lined(72, 720 - 70 * n, title, WIDTHS[title]) + paragraph(700 - 70 * n)
          for n, title in enumerate(titles)),
        more,
    )  # fmt: skip
    return texts(found, "heading")


def test_underlined_lines_above_text_are_titles() -> None:
    assert titled("Rotor", "Hub", "Oil") == ["# The pump", "## Rotor", "## Hub", "## Oil"]


def test_lines_that_are_underlined_like_words_of_the_text_are_links() -> None:
    link = typed(72, 400, "The pump needs", "F") + lined(145, 400, "water from a well", 78)
    link += typed(230, 400, "and it stops by itself.", "F")

    assert titled("Rotor", "Hub", "Oil", more=link) == ["# The pump"]


def test_a_rule_over_all_of_the_text_is_no_underline() -> None:
    rule = "".join(f"72 {y - 1.5} m 400 {y - 1.5} l S " for y in (720, 650, 580))
    rows = "".join(
        typed(72, 720 - 70 * n, title, "F") + paragraph(700 - 70 * n)
        for n, title in enumerate(WIDTHS)
    )
    found = page_of(typed(72, 800, "The pump", "B", 16), paragraph(775), rule, rows)

    assert texts(found, "heading") == ["# The pump"]
