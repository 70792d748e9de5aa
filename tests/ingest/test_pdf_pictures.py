"""Words in a picture that is drawn right on the page: labels, no tables, lists or headings."""

from __future__ import annotations

import pytest

from builder.ingest.pdf.pictures import find
from tests.ingest.paper import page_of, paragraph, texts, typed

_NODES = {(100, 640): "start", (220, 640): "wait", (100, 560): "read", (220, 560): "write"}
_ARROWS = ("160 655 m 220 655 l S ", "130 640 m 250 590 l S ", "160 575 m 220 575 l S ")
_HEADS = "".join(
    f"{x} {y} m {x - 6} {y + 4} l {x - 6} {y - 4} l f " for x, y in ((220, 655), (220, 575))
)


def frames(*places: tuple[int, int]) -> str:
    return "".join(f"{x} {y} 60 30 re S " for x, y in places)


def graph(font: str = "B") -> str:
    """Four boxes with a word each, joined by arrows; a fifth hangs on a slanted line."""
    words = "".join(typed(x + 8, y + 10, word, font) for (x, y), word in _NODES.items())
    return frames(*_NODES) + "".join(_ARROWS) + _HEADS + words


def test_the_words_of_a_graph_are_its_labels() -> None:
    found = page_of(paragraph(775), graph(), paragraph(520))

    assert "start wait read write" in texts(found, "paragraph")
    assert not texts(found, "table")
    assert len(texts(found, "heading")) <= 1  # of the document, none of a label


def test_labels_in_a_fixed_pitch_font_are_no_code() -> None:
    places = zip(_NODES.items(), (8, 11.5, 10, 6.5), strict=True)
    words = "".join(typed(x + off, y + 10, word, "C") for ((x, y), word), off in places)
    drawn = frames(*_NODES) + "".join(_ARROWS) + _HEADS
    found = page_of(paragraph(775), drawn, words, paragraph(520))

    assert "`start wait read write`" in texts(found, "paragraph")
    assert not texts(found, "code")


def test_boxes_and_words_near_to_a_picture_are_of_it() -> None:
    lone = frames((300, 600)) + typed(308, 610, "stop", "B") + typed(292, 660, "why", "B")
    far = frames((480, 600)) + typed(488, 610, "Note", "F")
    found = texts(page_of(paragraph(775), graph(), lone, far, paragraph(520)), "paragraph")

    assert "why start wait stop read write" in found
    assert "Note" in found


def test_dots_where_lines_of_a_graph_meet_are_no_bullets() -> None:
    dots = "".join(
        f"{x} {y} m {x + 2} {y + 2} l {x + 4} {y} l {x + 2} {y - 2} l f " for x, y in _NODES
    )
    found = page_of(paragraph(775), graph("F"), dots, paragraph(520))

    assert not texts(found, "list_item")


@pytest.mark.parametrize("low", [True, False])  # those that touch a line, too
def test_a_table_with_ticks_that_are_drawn_is_a_table(*, low: bool) -> None:
    rules = "".join(f"72 {y} m 300 {y} l S " for y in (700, 680, 660, 640))
    rules += "".join(f"{x} 640 m {x} 700 l S " for x in (72, 150, 300))
    ticks = "".join(f"{x} {y} m {x + 3} {y - 3} l {x + 8} {y + 5} l S "
                    for x in (90, 110) for y in (686, 666, 643 if low else 646))  # fmt: skip
    words = "".join(
        typed(160, 686 - 20 * n, word, "F") for n, word in enumerate(("Pump", "Lid", "Rotor"))
    )
    names = "".join(typed(122, 686 - 20 * n, word, "F") for n, word in enumerate(("a", "b", "c")))
    found = page_of(paragraph(775), rules, ticks, names, words)

    assert texts(found, "table")


def test_prose_in_a_frame_with_a_sign_beside_it_is_prose() -> None:
    sign = "80 690 m 90 705 l 100 690 l S 84 693 m 90 702 l S 90 702 m 96 693 l S "
    line = "Never open the lid while the rotor of the pump turns."
    found = page_of(
        "72 660 300 50 re S 72 690 m 80 690 l S ", sign, typed(110, 690, line, "F"), paragraph(520)
    )

    assert texts(found, "paragraph")[0] == line


def test_nothing_is_a_picture_where_little_slants_or_too_much() -> None:
    few = [(10.0, 10.0, 20.0, 20.0)] * 2
    many = [(10.0 * n, 10.0 * n, 10.0 * n + 5, 10.0 * n + 5) for n in range(2_000)]

    assert find(few, [], [], 480_000.0) == find(many, [], [], 480_000.0) == []
