"""Frames that are drawn around words of a line, as around code or the keys of a keyboard."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from builder.ingest.pdf import word_frames
from builder.ingest.pdf.page import Box, Font, Run
from tests.ingest.paper import page_of, paragraph, texts, typed


def framed(x: int, y: int, text: str, *, rest: str = "") -> str:
    """Code with a frame around it, and what follows it."""
    width = 6 * len(text)
    box = f"{x - 4} {y - 4} {width + 8} 14 re S "
    return box + typed(x, y, text) + (typed(x + width + 4, y, rest, "F") if rest else "")


def grid(xs: Sequence[int], ys: Sequence[int]) -> str:
    """The borders of a table, drawn cell by cell."""
    return "".join(
        f"{left} {low} {right - left} {high - low} re S "
        for left, right in itertools.pairwise(xs)
        for high, low in itertools.pairwise(ys)
    )


def test_frames_around_words_part_no_cells() -> None:
    found = page_of(
        paragraph(780),
        grid((72, 160, 420), (750, 728, 706, 684)),
        typed(78, 734, "Name", "B") + typed(166, 734, "Meaning", "B"),
        framed(82, 712, "pump") + typed(166, 712, "Either", "F")
        + framed(200, 712, "on", rest=", or") + framed(240, 712, "off", rest=" by hand."),
        framed(82, 690, "well") + typed(166, 690, "The name of a well, or", "F")
        + framed(276, 690, "none", rest="."),
    )  # fmt: skip

    assert texts(found, "table") == [
        "| Name | Meaning |\n| --- | --- |\n| `pump` | Either `on`, or `off` by hand. |\n"
        "| `well` | The name of a well, or `none`. |"
    ]


def test_items_that_begin_with_framed_code_are_no_table() -> None:
    words = [("good", "The pump runs."), ("broken", "The pump stands."), ("dry", "No water.")]
    found = page_of(
        paragraph(780),
        *(typed(74, 740 - 20 * n, "\\267", "F") + framed(90, 740 - 20 * n, word, rest=f": {text}")
          for n, (word, text) in enumerate(words)),
        paragraph(660),
    )  # fmt: skip

    assert texts(found, "table") == []
    assert texts(found, "list_item") == [f"- `{word}`: {text}" for word, text in words]


def test_cells_with_a_frame_each_are_cells_though_words_fill_some() -> None:
    ys = (750, 734)
    rows = [("Part", "What it does"), ("hub", "It holds the rotor")]
    cells = "".join(
        f"{left} {y - 14} {width} 14 re S " for y in ys for left, width in ((72, 30), (104, 90))
    )
    found = page_of(
        paragraph(780), cells,
        *(typed(x, y - 10, cell, "F")
          for y, row in zip(ys, rows, strict=True) for x, cell in zip((76, 108), row, strict=True)),
    )  # fmt: skip

    assert texts(found, "table") == [
        "| Part | What it does |\n| --- | --- |\n| hub | It holds the rotor |"
    ]


def test_frames_around_all_lines_of_a_column_are_told_though_they_are_as_wide_as_each_other() -> (
    None
):
    font = Font("Mono", bold=False, italic=False, fixed=True)
    frames: list[Box] = [(10.0, 12.0 * n, 40.0, 12.0 * n + 10) for n in range(500)]
    flats = [side for x0, y0, x1, y1 in frames for side in ((x0, y0, x1, y0), (x0, y1, x1, y1))]
    uprights = [side for x0, y0, x1, y1 in frames for side in ((x0, y0, x0, y1), (x1, y0, x1, y1))]
    runs = [
        Run("code", [12, 19, 26, 33], 38, y1 - 2, y0 + 1, y1, 10, font, (0, 0, 0), -1, True, 0)
        for _, y0, _, y1 in frames
    ]  # fmt: skip
    kept = word_frames.left_out(flats, uprights, [], runs)

    assert kept == ([], [], [])
