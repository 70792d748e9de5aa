"""Slides in PDF files: their titles, and those that only show the parts."""

from __future__ import annotations

from builder.ingest.pdf import slides
from builder.ingest.pdf.page import DRAWN, Entry, Page, Run
from builder.records import Document
from tests.ingest.paper import book, texts, typed

PARTS = ["Wells", "Pumps", "Tanks"]


def slide(title: str, *lines: str) -> str:
    return typed(20, 250, title, "F", 14) + "".join(
        typed(40, 200 - 20 * n, line, "F") for n, line in enumerate(lines)
    )


def deck() -> Document:
    """Two slides in each of three parts, behind one that shows all parts with their numbers."""
    pages: list[str] = []
    outline: list[tuple[str, int]] = []
    for part in PARTS:
        outline.append((part, len(pages) + 1))
        numbers = "".join(typed(28, 200 - 20 * n, f"{n + 1}", "F", 7) for n in range(3))
        pages.append(slide("Outline", *PARTS) + numbers)
        pages += [
            slide(f"{part} {n}", f"The {part.lower()} of the house are deep and cold,", "they say.")
            for n in range(2)
        ]
    return book(*pages, outline=outline, size=(363, 272))


def test_titles_of_slides_stand_below_the_parts_that_the_outline_lists() -> None:
    assert texts(deck(), "heading") == [
        title
        for number, part in enumerate(PARTS, 1)
        for title in (f"# {number} {part}", f"## {part} 0", f"## {part} 1")
    ]


def test_a_slide_that_shows_the_parts_says_only_which_one_begins() -> None:
    found = deck()

    assert found.text.count("Tanks") == 3
    assert [(region.what, region.reason) for region in found.dropped] == [
        (f"page {number}", "contents") for number in (1, 4, 7)
    ]


def test_a_slide_of_nothing_but_blanks_shows_no_parts() -> None:
    black = (0, 0, 0)
    blank = Run(
        "\u2003", [20.0], 30.0, 20.0, 10.0, 20.0, 10.0, DRAWN, black, -1, space=False, order=0
    )
    page = Page(1, 363.0, 272.0, [blank], [], [], [], True, [], [], 0.0, [], set())
    outline = [Entry(1, part, 1) for part in PARTS]

    assert slides.take_out_ways([page], outline) == []


def shaded(title: str, words: str, shade: str = "") -> str:
    """A page with a bar of the parts at its top, and text that begins behind the title or not."""
    parts = ((9, "Wells"), (150, "Pumps"), (300, "Care"))
    bar = "".join(typed(x, 262, name, "F", 6) for x, name in parts)
    text = typed(34 if len(words) > 20 else 9, 180, words, "F", 11)
    return shade + bar + typed(9, 236, title, "F", 14) + text


def test_steps_from_one_colour_to_another_rule_no_table_and_text_that_moves_no_level() -> None:
    steps = "".join(f"0 {y / 2} 363 1.5 re f " for y in range(440, 543))
    steps += "".join(f"{x / 2} 60 1.5 5000 re f " for x in range(680, 690))
    names = ["Wells", "Ropes", "Rotors", "Blades", "Lid", "Oil"]
    found = book(
        *(shaded(name, f"All the {name} are old.", steps) for name in names),
        size=(363, 272),
    )

    assert not texts(found, "table")
    assert texts(found, "heading") == [f"# {name}" for name in names]
    assert sum(one.reason == "running_head" for one in found.dropped) == len(names)
