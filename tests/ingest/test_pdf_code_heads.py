"""Titles of nothing but code that their text follows on the line, and what only looks like them."""

from __future__ import annotations

import pytest

from builder.ingest.pdf import terms
from builder.ingest.pdf.blocks import Part
from builder.ingest.pdf.layout import Line
from builder.ingest.pdf.page import Font, Run
from tests.ingest.paper import page_of, paragraph, texts, typed

NAMES = ["pump.limit", "pump.oil", "pump.valve"]


def coded(y: int, name: str, text: str, room: float = 0, left: int = 72, font: str = "C") -> str:
    """Code with text behind it, and a second row at the margin."""
    return (
        typed(left, y, name, font)
        + typed(left + 6 * len(name) + room, y, text, "F")
        + typed(72, y - 13, "as long as the mains has power.", "F")
    )


PLAIN = [paragraph(765 - 30 * n) for n in range(5)]
REST = [paragraph(450 - 30 * n) for n in range(5)]


def indented(y: int) -> str:
    """A paragraph whose first row is indented."""
    return typed(84, y, "The pump moves water from the well to the house, and it", "F") + typed(
        72, y - 13, "stops by itself when the well is dry or the tank is full.", "F"
    )


def test_code_with_a_full_stop_is_a_title_above_the_sentence_behind_it() -> None:
    found = page_of(
        typed(72, 790, "Pump", "B", 16), paragraph(760),
        *(coded(720 - 40 * n, name, ". How much it may turn") for n, name in enumerate(NAMES)),
        paragraph(580),
    )  # fmt: skip

    assert texts(found, "heading") == ["# Pump", *(f"## `{name}`." for name in NAMES)]
    assert "How much it may turn as long as" in found.text


def test_a_title_of_code_follows_a_short_row_of_the_paragraph_above_it() -> None:
    rows = [
        coded(720, "pump.limit", ". How much it may turn"),
        coded(694, "pump.oil", ". Which oil it needs"),
        coded(640, "pump.valve", ". Where the valve is"),
    ]
    found = page_of(typed(72, 790, "Pump", "B", 16), paragraph(760), *rows, paragraph(590))

    assert texts(found, "heading") == ["# Pump", *(f"## `{name}`." for name in NAMES)]


def test_code_with_a_full_stop_right_above_code_is_a_title_like_those_with_text() -> None:
    found = page_of(
        typed(72, 790, "Pump", "B", 16), paragraph(760),
        *(coded(720 - 40 * n, name, ". How much it may turn") for n, name in enumerate(NAMES)),
        typed(72, 590, "pump.lid") + typed(120, 590, ".", "F"), typed(72, 570, "pump.lid = 1", "C", 8),
        paragraph(530),
    )  # fmt: skip

    assert texts(found, "heading")[-1] == "## `pump.lid`."
    assert texts(found, "code") == ["```\npump.lid = 1\n```"]


def test_code_with_room_above_and_behind_it_is_a_title() -> None:
    found = page_of(
        typed(72, 790, "Pump", "B", 16), *PLAIN,
        *(coded(595 - 50 * n, name, "settings.pump", 8) for n, name in enumerate(NAMES)), *REST,
    )  # fmt: skip

    assert texts(found, "heading") == ["# Pump", *(f"## `{name}`" for name in NAMES)]


@pytest.mark.parametrize("said", ["turns at one speed", "{", "= 3"])
def test_code_that_a_sentence_or_a_sign_follows_is_no_title(said: str) -> None:
    found = page_of(
        typed(72, 790, "Pump", "B", 16), *PLAIN,
        *(coded(595 - 50 * n, name, said, 8) for n, name in enumerate(NAMES)), *REST,
    )  # fmt: skip

    assert texts(found, "heading") == ["# Pump"]


def test_marked_words_behind_code_are_of_one_title_with_it() -> None:
    shown = "".join(
        typed(72, 595 - 50 * n, name) + typed(80 + 6 * len(name), 595 - 50 * n, "(Number)", "I")
        + typed(72, 578 - 50 * n, "It turns as long as the mains has power.", "F")
        for n, name in enumerate(NAMES)
    )  # fmt: skip
    found = page_of(typed(72, 790, "Pump", "B", 16), *PLAIN, shown, *REST)

    assert [f"`{name}`" for name in NAMES if f"`{name}` (Number)" not in found.text] == []


@pytest.mark.parametrize("right", [False, True])
def test_code_left_of_texts_that_begin_at_one_place_is_a_label(*, right: bool) -> None:
    shown = "".join(
        typed(142 - 6 * len(name) if right else 72, 595 - 50 * n, name) + typed(150, 595 - 50 * n, "What it is set to", "F")
        + typed(72, 582 - 50 * n, "as long as the mains has power.", "F")
        for n, name in enumerate(NAMES)
    )  # fmt: skip
    found = page_of(typed(72, 790, "Pump", "B", 16), *PLAIN, shown, *REST)

    assert texts(found, "heading") == ["# Pump"]


def test_code_at_the_margin_of_indented_paragraphs_is_a_title_before_a_sentence() -> None:
    named = "".join(
        coded(690 - 80 * n, name, "How much it may turn", 3) + indented(660 - 80 * n)
        for n, name in enumerate(NAMES)
    )
    found = page_of(typed(72, 790, "Pump", "B", 16), paragraph(765), indented(735), named)

    assert texts(found, "heading") == ["# Pump", *(f"## `{name}`" for name in NAMES)]


def test_code_that_its_text_hangs_from_is_no_title() -> None:
    entries = "".join(
        typed(72, 690 - 40 * n, name) + typed(140, 690 - 40 * n, "How much it may turn in one", "F")
        + typed(100, 677 - 40 * n, "hour, as long as the mains has power.", "F")
        for n, name in enumerate(NAMES)
    )  # fmt: skip
    found = page_of(typed(72, 790, "Pump", "B", 16), paragraph(765), indented(735), entries)

    assert texts(found, "heading") == ["# Pump"]


def test_weight_of_the_full_stop_tells_the_level_of_a_title_of_code() -> None:
    def titled(y: int, name: str, stop: str) -> str:
        end = 72 + 6 * len(name)
        return (
            typed(72, y, name, "C") + typed(end, y, ".", stop) + typed(end + 8, y, "It turns", "F")
        )

    named = [
        titled(720, "pump.rotor", "B"), titled(680, "pump.hub", "I"), titled(640, "pump.lid", "B"),
        titled(600, "pump.oil", "I"), titled(560, "pump.well", "B"), titled(520, "pump.tank", "I"),
    ]  # fmt: skip
    below = "".join(typed(72, 707 - 40 * n, "as long as it has power.", "F") for n in range(6))
    found = page_of(typed(72, 790, "Pump", "B", 16), paragraph(765), *named, below, paragraph(470))

    assert [title.partition(" ")[0] for title in texts(found, "heading")] == [
        "#", *["##", "###"] * 3
    ]  # fmt: skip


def test_code_with_a_full_stop_is_a_title_though_its_rows_go_on_indented() -> None:
    rows = "".join(coded(720 - 40 * n, name, ". How much it may") for n, name in enumerate(NAMES))
    last = typed(72, 590, "pump.lid") + typed(120, 590, f". Where it is, {'a' * 50}", "F")
    found = page_of(
        typed(72, 790, "Pump", "B", 16), paragraph(760), rows, last,
        typed(84, 578, "Files that belong to it.", "F"), paragraph(530),
    )  # fmt: skip

    assert texts(found, "heading")[-1] == "## `pump.lid`."


def test_bold_numbers_before_titles_of_code_count_no_lines() -> None:
    titles = "".join(
        typed(72, 720 - 60 * n, str(n + 1), "B", 12) + typed(92, 720 - 60 * n, name, "C", 12)
        + paragraph(695 - 60 * n)
        for n, name in enumerate(NAMES)
    )  # fmt: skip
    found = page_of(typed(72, 790, "Pump", "B", 20), paragraph(760), titles)

    assert [text.split()[1] for text in texts(found, "heading")] == ["Pump", "1", "2", "3"]


@pytest.mark.parametrize(("words", "n_parts"), [("Rotor care", 2), ("Rotor care.", 1)])
def test_bold_words_with_a_full_stop_are_no_term_though_they_begin_where_terms_do(
    words: str, n_parts: int
) -> None:
    runs = []
    for x, text, bold in ((72, words, True), (140, "It needs oil.", False)):
        font = Font("Brook", bold=bold, italic=False, fixed=False)
        xs = [x + 5.0 * n for n in range(len(text))]
        runs.append(Run(text, xs, xs[-1] + 5, 700, 691, 701, 10, font, (0, 0, 0), -1, True, 0))
    part = Part("paragraph", [Line(runs)], 1)

    assert len(list(terms._on_one_line(part, (), {36}))) == n_parts


@pytest.mark.parametrize(("room", "n_titles"), [(13, 3), (10, 0)])
def test_a_bold_line_farther_above_plain_code_than_its_lines_is_no_line_of_it(
    room: int, n_titles: int
) -> None:
    shown = "".join(
        typed(72, 720 - 130 * n, name, "D", 8)
        + "".join(
            typed(72, 720 - 130 * n - room - 10 * at, line, "C", 8)
            for at, line in enumerate(("type = turn", "limit = 12", "lid = shut"))
        )
        + paragraph(650 - 130 * n)
        for n, name in enumerate(NAMES)
    )
    found = page_of(typed(72, 790, "Pump", "B", 16), paragraph(760), shown)

    assert len(texts(found, "heading")) == 1 + n_titles
    assert len(texts(found, "code")) == len(NAMES)
