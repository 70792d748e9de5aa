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


def test_sections_that_only_the_outline_names_stand_above_their_slides() -> None:
    titles = ["Deep wells", "Cold wells", "Wide tanks", "Old tanks", "Lids of tanks", "Oil"]
    found = book(
        *(slide(title, f"All of the house needs {title.lower()}.") for title in titles),
        outline=[("Water", 1), ("Store", 3), ("Oil", 6)],
        size=(363, 272),
    )

    assert texts(found, "heading") == [
        "# Water", "## Deep wells", "## Cold wells", "# Store", "## Wide tanks", "## Old tanks",
        "## Lids of tanks", "# Oil",
    ]  # fmt: skip


def test_a_page_that_is_no_slide_gets_no_section_of_the_outline() -> None:
    titles = ["Deep wells", "Cold wells", "Wide tanks", "Old tanks", "Lids of tanks", "Oil"]
    pages = (slide(title, f"All of the house needs {title.lower()}.") for title in titles)
    found = book(*pages, outline=[("Water", 1), ("Store", 3), ("Oil", 6)], size=(363, 572))

    assert "Water" not in found.text


def test_code_on_a_slide_with_room_below_it_ends_there() -> None:
    def shown(*lines: str) -> str:
        return "".join(typed(30, 200 - 12 * n, line, "C") for n, line in enumerate(lines))

    pages = [
        typed(20, 250, f"Pumps {number}", "F", 14) + shown(*(f"turn({n})" for n in range(least)))
        for number, least in (("I", 3), ("II", 15), ("III", 2))
    ]
    first = slide("Wells", *(f"The wells of the house are deep and cold ({n})." for n in "abcdef"))
    found = book(first, *pages, size=(363, 272))

    assert [code.count("turn") for code in texts(found, "code")] == [3, 17]


def test_small_drawings_on_every_slide_part_no_columns_of_a_table() -> None:
    signs = "".join(f"{x} 190 m {x} 196 l S {x} 190 m {x + 5} 190 l S " for x in (236, 250, 264))
    grid = "".join(f"40 {y} m 340 {y} l S " for y in (160, 180, 200, 220))
    grid += "".join(f"{x} 160 m {x} 220 l S " for x in (40, 120, 340))
    cells = "".join(
        typed(46, y, f"-{letter}", "F") + typed(126, y, f"Turns the {what} as fast as it can", "F")
        for y, letter, what in ((206, "p", "pump"), (186, "r", "rotor"), (166, "l", "lid"))
    )
    pages = [typed(20, 250, f"Pump {n}", "F", 14) + signs for n in "ABCDEF"]
    found = book(*pages[:5], pages[5] + grid + cells, size=(363, 272))

    assert texts(found, "table") == [
        "| -p | Turns the pump as fast as it can |\n| --- | --- |\n"
        "| -r | Turns the rotor as fast as it can |\n| -l | Turns the lid as fast as it can |"
    ]
