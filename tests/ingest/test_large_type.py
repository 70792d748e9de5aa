"""Pages without headings, whose titles are told by the size of their letters alone."""

from __future__ import annotations

import pytest

from builder.records import Document
from tests.ingest.reading import document, html, titles

_TEXT = "<p>The wheel turns once a second, night and day, and is oiled in spring.</p>"


def _page(title: str, body: str) -> Document:
    return document(f"<html><head><title>{title}</title><body>{body}</body></html>", "text/html")


@pytest.mark.parametrize(
    ("large", "less"),
    [
        ("<p><font size=5>{}</font><br></p>", "<p><br><font size='+1'><b>{}</b></font></p>"),
        ("<center><font size='+3'>{}</font></center>", "<p><b><font size=4>{}</font></b></p>"),
        ("<div style='font-size: 24pt'>{}</div>", "<p><span style='font-size:150%'>{}</span></p>"),
        ("<p><big><big>{}</big></big></p>", "<p><big>{}</big></p>"),
        ("<font size=6>{}</font><br>", "<br><font size=4>{}</font><br>"),
        (
            "<table><tr><td style='font-size:x-large'>{}<td> </tr></table>",
            "<table width=490><tr><td bgcolor=blue><font size='+1'><b>{}</b></font></tr></table>",
        ),
    ],
    ids=["font", "relative", "style", "big", "between breaks", "frames"],
)
def test_lines_larger_than_the_text_are_titles(large: str, less: str) -> None:
    parts = "".join(less.format(name) + _TEXT for name in ("The wheel", "The rim"))
    page = _page("Of clocks", f"{large.format('Clocks and wheels')}{_TEXT}{parts}")

    assert titles(page) == [(1, "Clocks and wheels"), (2, "The wheel"), (2, "The rim")]
    assert page.blocks[-1].heading_path == ("Clocks and wheels", "The rim")


def test_bold_lines_in_coloured_cells_are_titles_below_larger_ones() -> None:
    def framed(said: str, size: str = "") -> str:
        inner = f"<font color=white{size}><b>{said}</b></font>"
        return f"<table><tr><td></tr><tr><td bgcolor=blue>{inner}</tr></table>{_TEXT}"

    parts = framed("Wheels", " size=4") + framed("Spokes") + framed("Rims") + framed("Clocks")

    assert titles(_page("Of it", _TEXT + parts)) == [
        (1, "Wheels"), (2, "Spokes"), (2, "Rims"), (2, "Clocks"),
    ]  # fmt: skip


def test_one_large_line_is_a_title_where_the_page_is_called_so() -> None:
    line = "<p><font size=5>Clocks</font></p>"

    assert titles(_page("Clocks", f"{_TEXT}{line}{_TEXT}")) == [(1, "Clocks")]
    assert titles(html(f"{line}{_TEXT}")) == [(1, "Clocks")]
    assert titles(_page("Wheels", f"{_TEXT}{line}{_TEXT}")) == []


@pytest.mark.parametrize(
    "line",
    [
        "<p><font size=5>Never turn the wheel by hand.</font></p>",
        "<p><font size=5>Wheel</font> turns the rim.</p>",
        "<p><a href=a><font size=5>Wheels</font></a></p>",
        "<ul><li><font size=5>Wheels</font></ul>",
        "<table><tr><td><font size=5>Wheels</font><td>12</tr><tr><td>Rims<td>3</tr></table>",
        "<p><font size=2>Wheels</font></p>",
        "<p><font size=5>99 %</font></p>",
        "<p>All <br><font size=5>Wheels</font> turn</p>",
    ],
    ids=["sentence", "first word", "link", "item", "cell", "small", "number", "in a line"],
)
def test_other_large_letters_are_no_titles(line: str) -> None:
    assert titles(_page("Clocks", f"{_TEXT}{line}{_TEXT}{line}{_TEXT}")) == []


def test_a_page_with_headings_needs_no_sizes() -> None:
    line = "<p><font size=5>Wheels</font></p>"
    page = html(f"<h1>Clocks</h1>{_TEXT}<h2>Rims</h2>{_TEXT}{line}{_TEXT}{line}{_TEXT}")

    assert titles(page) == [(1, "Clocks"), (2, "Rims")]


@pytest.mark.parametrize("size", ["1.2.3em", "..px", ".5.em", f"{'9' * 5_000}px", "1e99pt", "-3px"])
def test_sizes_that_are_none_are_those_of_the_text_around(size: str) -> None:
    line = f"<p style='font-size: {size}'>Wheels</p>"

    assert "Wheels" in _page("Clocks", f"{_TEXT}{line}{_TEXT}{line}{_TEXT}").text
