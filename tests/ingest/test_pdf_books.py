"""What books show beside their text, and how they explain terms."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from builder.ingest.pdf import furniture
from builder.records import Document
from tests.ingest.paper import book, page_of, paragraph, texts, typed

WORDS = "pump well tank valve rotor hub shaft blade screw gauge".split()
LINE = "The {} moves water from the well to the house, and it stops"


def text_page(number: int, *more: str) -> str:
    """A page of text that is like no other, and what else stands on it."""
    rows = range(700, 300, -40)
    shown = (typed(72, y, LINE.format(f"{WORDS[number - 1]} {y}"), "F") for y in rows)
    return " ".join([*shown, *more])


def told(found: Document, reason: str) -> list[str]:
    return [item.beginning for item in found.dropped if item.reason == reason]


def test_running_heads_that_change_with_the_chapter_are_left_out() -> None:
    heads = ["Parts", "Parts", "Care", "Care", "Care", "Care"]
    found = book(
        *(
            text_page(n, typed(72, 800, f"{n}", "B"), typed(300, 800, f"Chapter {head}", "B"))
            for n, head in enumerate(heads, 1)
        )
    )

    assert "Chapter" not in found.text
    assert "Chapter Parts" in told(found, "running_head")[0]
    assert len(told(found, "running_head")) == 6


def test_the_head_of_a_chapter_of_one_page_is_left_out_where_it_names_its_title() -> None:
    heads = ["Parts", "Parts", "Parts", "Oil", "Care", "Care", "Care"]
    begun = {heads.index(head) for head in heads}
    pages = [
        text_page(
            at + 1,
            typed(300, 800, head, "I"),
            *([typed(72, 740, head, "B", 16)] if at in begun else []),
        )
        for at, head in enumerate(heads)
    ]
    found = book(*pages)

    assert texts(found, "heading") == ["# Parts", "# Oil", "# Care"]
    assert told(found, "running_head") == heads


def test_a_long_title_in_a_head_runs_into_what_all_heads_end_with() -> None:
    heads = ["Parts", "Use", "A title that is so long", "Care", "Oil", "Rust"]
    pages = [
        text_page(
            at + 1,
            typed(72, 800, head, "I") + typed(168, 800, "Chapter 1 Pumps", "I"),
            typed(72, 740, head.replace("so ", "as "), "B", 16),
        )
        for at, head in enumerate(heads)
    ]
    found = book(*pages)

    assert told(found, "running_head") == [f"{head} Chapter 1 Pumps" for head in heads]


def test_the_head_of_a_page_may_name_its_title_beside_that_of_the_book() -> None:
    heads = ["Parts", "Oil", "Care", "Wells", "Rotor"]
    found = book(
        *(
            text_page(n, typed(300, 800, f"{head} | Manual", "F"), typed(72, 740, head, "B", 16))
            for n, head in enumerate(heads, 1)
        )
    )

    assert texts(found, "heading") == [f"# {head}" for head in heads]
    assert told(found, "running_head") == [f"{head} | Manual" for head in heads]


def test_a_title_at_the_head_of_every_page_is_no_running_head() -> None:
    slides = [f"{word.title()} and tank" for word in WORDS[:5]]
    found = book(
        *(text_page(n, typed(72, 760, title, "B", 20)) for n, title in enumerate(slides, 1))
    )

    assert texts(found, "heading") == [f"# {title}" for title in slides]


def test_a_counted_title_on_the_page_of_its_number_is_no_running_head() -> None:
    titles = ["Parts", "2 Care of the tank", "Oil", "Faults", "Valves"]
    found = book(
        *(
            text_page(n, typed(72, 760, title, "B"), typed(300, 40, str(n), "F"))
            for n, title in enumerate(titles, 1)
        )
    )

    assert "2 Care of the tank" in found.text
    assert told(found, "running_head") == []
    assert told(found, "running_foot") == ["1", "2", "3", "4", "5"]


def test_rows_of_code_that_recur_at_the_edge_of_pages_stay() -> None:
    ends = ["Use oil.", "});", "});", "Stop it.", "Fill it.", "Dry it."]
    found = book(
        *(
            text_page(n, typed(72, 60, end.replace(")", r"\)"), "C" if end[0] == "}" else "F"))
            for n, end in enumerate(ends, 1)
        )
    )

    assert found.text.count("});") == 2
    assert told(found, "running_foot") == []


def test_heavy_roman_page_numbers_are_left_out() -> None:
    numbers = ["i", "ii", "iii", "iv", "v", "vi"]
    found = book(
        *(text_page(n, typed(290, 60, number, "B")) for n, number in enumerate(numbers, 1))
    )

    assert texts(found, "heading") == []
    assert told(found, "running_foot") == numbers


def test_a_letter_without_its_dot_is_no_roman_number() -> None:
    rows: list[list[Any]] = [[SimpleNamespace(text=text)] for text in ("ix", "\u0131")]

    assert [list(furniture._page_numbers(row)) for row in rows] == [[9], []]


def test_the_head_of_a_page_with_nothing_else_is_left_out() -> None:
    def head(n: int) -> str:
        return typed(72, 800, "Pump manual", "F") + typed(480, 800, f"{n} / 6", "F")

    found = book(*(text_page(n, head(n)) if n in (1, 2, 5, 6) else head(n) for n in range(1, 7)))

    assert "manual" not in found.text
    assert len(told(found, "running_head")) == 6


def test_roman_numbers_beside_a_title_are_left_out_with_it() -> None:
    numbers = ["ii", "iii", "iv", "v", "vi", *(f"{n} / 12" for n in range(1, 13))]
    words = [*WORDS, *(word.upper() for word in WORDS)]
    pages = [
        typed(72, 740, f"Of {word} and tank", "F") + paragraph(700) + paragraph(660)
        + typed(72, 800, "Pump manual", "F") + typed(480, 800, number, "F")
        for word, number in zip(words, numbers, strict=False)
    ]  # fmt: skip

    found = book("", *pages)

    assert "manual" not in found.text
    assert "Pump manual ii" in told(found, "running_head")[0]


def test_code_goes_on_over_what_tells_that_it_does() -> None:
    below = "\\(continues on next page\\)"
    found = book(
        paragraph(740) + typed(72, 120, "pump --start", "C") + typed(400, 104, below, "F", 8),
        typed(390, 780, "\\(Fortsetzung der vorherigen Seite\\)", "F", 8)
        + typed(72, 764, "pump --stop", "C") + paragraph(730),
    )  # fmt: skip

    assert texts(found, "code") == ["```\npump --start\npump --stop\n```"]
    assert "page" not in found.text and "Seite" not in found.text
    assert len([*told(found, "running_foot"), *told(found, "running_head")]) == 2


@pytest.mark.parametrize(
    "said",
    ["Continue on the next page.", "Considerations for continuous integration", "Test suites page"],
)
def test_what_is_said_of_pages_and_of_going_on_is_text(said: str) -> None:
    found = book(text_page(1, typed(72, 120, said, "F")), text_page(2))

    assert said in found.text


@pytest.mark.parametrize(
    "said",
    [
        "\\(continues on next page\\)",
        "continued from previous page",
        "Table 2.1 - continued from previous page",
        "suite sur la page suivante",
    ],
)
def test_what_tells_that_a_table_goes_on_is_no_text(said: str) -> None:
    assert "page" not in book(text_page(1, typed(72, 120, said, "F")), text_page(2)).text


def led(entries: Sequence[tuple[str, int]], top: int = 720) -> list[str]:
    """Entries with leaders before their page, one below the other."""
    return [
        part
        for at, (title, page) in enumerate(entries)
        for part in (
            typed(72, top - 14 * at, title, "F"),
            typed(260, top - 14 * at, ". . . . . . . . . . . . . . .", "F"),
            typed(500, top - 14 * at, str(page), "F"),
        )
    ]


def test_a_list_of_contents_is_left_out_and_told() -> None:
    entries = [("1.1 Parts", 2), ("1.2 Oil", 3), ("1.3 Care", 4)]
    found = book(
        " ".join([
            typed(72, 760, "Contents", "B", 16),
            typed(72, 740, "1 The pump", "B"), typed(500, 740, "2", "B"), *led(entries),
        ]),
        *(
            text_page(n, typed(72, 740, title, "B", 14))
            for n, (title, _) in enumerate(entries, 1)
        ),
    )  # fmt: skip

    assert texts(found, "heading") == ["## 1.1 Parts", "## 1.2 Oil", "## 1.3 Care"]
    assert texts(found, "table") == []
    assert told(found, "contents")[0].startswith("Contents 1 The pump 2 1.1 Parts")


def test_rows_that_count_on_over_an_ellipsis_are_no_list_of_contents() -> None:
    rows = [("MM", "01, 02 ... 11, 12"), ("DD", "01, 02 ... 30, 31"), ("HH", "00, 01 ... 22, 23"),
            ("mm", "00, 01 ... 58, 59")]  # fmt: skip
    found = book(
        "".join(
            typed(72, 760 - 16 * n, name, "F") + typed(200, 760 - 16 * n, shown, "F")
            for n, (name, shown) in enumerate(rows)
        ),
        text_page(1),
    )

    assert told(found, "contents") == []
    assert "30, 31" in found.text


def test_a_list_of_prices_is_no_list_of_contents() -> None:
    found = book(
        " ".join([typed(72, 760, "Prices", "B", 16), *led([("Oil", 9), ("Rotor", 250), ("Hub", 80)])]),
        text_page(1),
    )  # fmt: skip

    assert told(found, "contents") == []
    assert all(word in found.text for word in ("Oil", "Rotor", "Hub", "250"))


def test_an_index_is_left_out_from_its_title_on() -> None:
    entries = ["blade, 3", "gauge, 1, 4", "hub, 2-3", "oil, see care", "rotor, 4"]
    index = [typed(72, 720 - 14 * at, entry, "F") for at, entry in enumerate(entries)]
    found = book(
        text_page(1),
        text_page(2, typed(72, 200, "It holds 2, 3, 4", "F")),
        " ".join([typed(72, 760, "Index", "B", 16), *index]),
    )

    assert "gauge, 1" not in found.text
    assert "It holds 2, 3, 4" in found.text
    assert told(found, "contents") == ["Index " + " ".join(entries)]


def test_words_that_are_moved_apart_instead_of_blanks_are_words() -> None:
    moved = "BT /F 10 Tf 107.6 700 Td 2.9 Tc (yr) Tj ET BT 0 Tc /F 10 Tf 118.8 700 Td (emaining oil) Tj ET"
    spaced = "BT /B 14 Tf 4 Tc 72 740 Td (PUMP) Tj 0 Tc ET"
    found = page_of(spaced, typed(72, 700, "keep an", "F"), moved, paragraph(680))

    assert "keep any remaining oil" in found.text
    assert texts(found, "heading") == ["# PUMP"]


def test_a_face_whose_name_tells_its_weight_is_not_bold_by_its_stems() -> None:
    found = book(
        " ".join([
            typed(72, 760, "Care", "B", 16), paragraph(730), paragraph(690),
            typed(72, 650, "Stop the pump first", "W"), paragraph(630), paragraph(590),
        ])
    )  # fmt: skip

    assert texts(found, "heading") == ["# Care"]


@pytest.mark.parametrize("caption", ["Table 2.1: The parts", "Figure 3. The rotor", "Abb. 1: Hub"])
def test_a_numbered_caption_is_no_heading(caption: str) -> None:
    found = page_of(
        typed(72, 780, "Parts", "B", 16), paragraph(750),
        typed(72, 700, caption, "B"), paragraph(670), paragraph(630),
    )  # fmt: skip

    assert texts(found, "heading") == ["# Parts"]
    assert texts(found, "caption") == [caption]


def test_a_sentence_about_a_table_is_no_caption() -> None:
    found = page_of(typed(72, 700, "Table 2 shows the parts.", "F"), paragraph(660))

    assert texts(found, "caption") == []


def test_the_words_that_count_a_chapter_belong_to_its_title() -> None:
    found = book(
        " ".join([
            typed(480, 780, "CHAPTER", "B"), typed(490, 755, "ONE", "B", 14),
            typed(440, 700, "THE PUMP", "B", 14), paragraph(660),
        ]),
        " ".join([typed(72, 780, "Care", "B", 14), paragraph(750)]),
        outline=[("The pump", 1), ("Care", 2)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# CHAPTER ONE THE PUMP", "# Care"]


def entry(y: int, term: str, *, font: str = "B", beside: bool = False) -> list[str]:
    """A term and two lines that explain it, indented."""
    top = y if beside else y - 12
    return [
        typed(72, y, term, font),
        typed(130, top, f"Tells what the {WORDS[y % 10]} does while the tank is being filled, and", "F"),
        typed(130, top - 12, "when it is to be stopped by hand.", "F"),
    ]  # fmt: skip


@pytest.mark.parametrize("beside", [True, False])
@pytest.mark.parametrize("font", ["B", "C"])
def test_a_term_and_what_stands_indented_below_it_are_a_definition(
    font: str, *, beside: bool
) -> None:
    found = page_of(
        typed(72, 790, "Options", "B", 16), paragraph(760), paragraph(720), paragraph(680),
        *entry(640, "start", font=font, beside=beside), *entry(596, "stop", font=font, beside=beside),
        *entry(552, "drain", font=font, beside=beside),
    )  # fmt: skip

    shown = [text.replace("`", "") for text in texts(found, "definition")]
    assert [text.partition(": Tells what")[0] for text in shown] == ["- start", "- stop", "- drain"]
    assert all(text.endswith("stopped by hand.") for text in shown)
    assert texts(found, "heading") == ["# Options"]


@pytest.mark.parametrize(
    ("cut", "rest", "shown"), [("Enhan", "ces", "Enhances"), ("apt", "get", "apt-get")]
)
def test_code_in_prose_is_divided_where_the_book_has_the_word_whole(
    cut: str, rest: str, shown: str
) -> None:
    divided = typed(72, 700, "The pump moves water from the well to the house as ", "F")
    found = page_of(
        typed(72, 780, "This is what the field Enhances says, and what the pump does in it", "F"),
        typed(72, 767, "when the well is dry.", "F"),
        divided + typed(318, 700, f"{cut}-", "C"),
        typed(72, 687, rest, "C") + typed(112, 687, "too.", "F"),
    )  # fmt: skip

    assert found.text.endswith(f"the house as `{shown}` too.")


def test_a_term_of_code_is_no_label_of_a_box() -> None:
    found = page_of(
        typed(72, 790, "Options", "B", 16), paragraph(760), paragraph(720), paragraph(680),
        *entry(640, "extra", font="C"), *entry(596, "important", font="C"), *entry(552, "note", font="C"),
    )  # fmt: skip

    terms = [text.partition(": Tells")[0] for text in texts(found, "definition")]
    assert terms == ["- `extra`", "- `important`", "- `note`"]


def test_entries_of_one_line_are_definitions_like_those_of_more() -> None:
    found = page_of(
        paragraph(760), paragraph(720), paragraph(680),
        *entry(640, "start", beside=True), *entry(610, "stop", beside=True),
        typed(72, 580, "drain", "B"), typed(130, 580, "Lets all water out.", "F"),
        typed(72, 567, "fill", "B"), typed(130, 567, "Lets water in.", "F"),
    )  # fmt: skip

    assert texts(found, "definition")[2:] == [
        "- drain: Lets all water out.",
        "- fill: Lets water in.",
    ]


def hanging(y: int, term: str, width: int) -> list[str]:
    return [
        typed(72, y, term, "B"),
        typed(72 + width, y, "shows what the tank still holds, and for how many hours it will", "F"),
        typed(97, y - 12, "be enough for the house.", "F"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("font", "above", "name"),
    [
        ("C", "-f format", "`-f format`, `--extra`"),
        ("C", "rill FILE,", "`rill FILE, --extra`"),
        ("B", "Fill or", "Fill or --extra"),
    ],
)
def test_names_in_code_above_each_other_are_those_of_one_thing(
    font: str, above: str, name: str
) -> None:
    found = page_of(
        typed(72, 790, "Options", "B", 16), paragraph(760), paragraph(720), paragraph(690),
        *entry(640, "start", font=font), typed(72, 596, above, font),
        *entry(584, "--extra", font=font), *entry(540, "drain", font=font),
    )  # fmt: skip

    assert f"- {name}: Tells what" in found.text


def test_bold_words_whose_paragraph_hangs_below_them_are_terms() -> None:
    found = page_of(
        paragraph(760), paragraph(720), paragraph(680),
        *hanging(640, "Left pane", 50), *hanging(610, "The right pane", 78),
    )  # fmt: skip

    assert [text.partition(": shows")[0] for text in texts(found, "definition")] == [
        "- Left pane", "- The right pane",
    ]  # fmt: skip


def test_what_stands_in_the_brackets_of_a_term_belongs_to_it() -> None:
    found = page_of(
        paragraph(760), paragraph(720), paragraph(680),
        *hanging(640, "Left pane", 50), *hanging(610, "The right pane", 78),
        typed(72, 580, "Drain <", "B"), typed(112, 580, "S", "F"), typed(119, 580, ">", "B"),
        typed(130, 580, "lets all water out.", "F"),
    )  # fmt: skip

    assert texts(found, "definition")[2:] == ["- Drain < S>: lets all water out."]


def test_headings_that_hang_out_of_their_text_are_no_terms() -> None:
    def section(y: int, title: str) -> list[str]:
        lines = [LINE.format("pump"), LINE.format("valve"), "by itself when the tank is full."]
        rows = [typed(110, y - 14 - 12 * at, line, "F") for at, line in enumerate(lines)]
        return [typed(72, y, title, "B"), *rows]

    found = page_of(*section(780, "Parts"), *section(700, "Oil"), *section(620, "Care"))

    assert texts(found, "heading") == ["# Parts", "# Oil", "# Care"]
    assert texts(found, "definition") == []


def test_titles_are_of_one_level_on_pages_with_and_without_a_higher_one() -> None:
    def section(y: int, title: str) -> list[str]:
        return [
            typed(86, y, title, "B"), typed(108, y - 14, LINE.format(title.lower()), "F"),
            typed(108, y - 26, "by itself when the tank is full.", "F"),
        ]  # fmt: skip

    found = book(
        " ".join([typed(72, 790, "PARTS", "B", 11), *section(760, "Rotor"), *section(700, "Hub")]),
        " ".join([*section(760, "Blade"), *section(700, "Shaft")]),
        " ".join([typed(72, 790, "CARE", "B", 11), *section(760, "Oil"), *section(700, "Water")]),
    )

    assert texts(found, "heading") == [
        "# PARTS", "## Rotor", "## Hub", "## Blade", "## Shaft", "# CARE", "## Oil", "## Water",
    ]  # fmt: skip


def test_paragraphs_of_one_line_are_parted() -> None:
    found = page_of(
        typed(72, 780, LINE.format("pump"), "F"), typed(72, 768, "when the well is dry.", "F"),
        typed(87, 756, "The valve shuts.", "F"), typed(87, 744, "An alarm tells that it does so, and", "F"),
        typed(72, 732, "the gauge shows the level of the tank at that moment, and the time.", "F"),
    )  # fmt: skip

    assert texts(found, "paragraph")[1:] == [
        "The valve shuts.",
        "An alarm tells that it does so, and the gauge shows the level of the tank at that moment, "
        "and the time.",
    ]


def test_the_label_in_the_rule_around_code_is_no_line_of_it() -> None:
    rules = "70 643 190 0.6 re f 306 643 214 0.6 re f 70 600 450 0.6 re f "
    found = page_of(
        paragraph(700), rules, typed(264, 640, "Example", "C"),
        typed(80, 626, "pump --start", "C"), typed(80, 614, "pump --stop", "C"), paragraph(580),
    )  # fmt: skip

    assert texts(found, "code") == ["```\npump --start\npump --stop\n```"]
    assert texts(found, "caption") == ["`Example`"]


@pytest.mark.parametrize("label", ["Note", "Warning:", "Achtung!"])
def test_the_label_of_a_box_is_no_heading(label: str) -> None:
    found = page_of(
        typed(72, 780, "Parts", "B", 16), paragraph(750),
        typed(72, 700, label, "B", 12), paragraph(680), paragraph(630),
    )  # fmt: skip

    assert texts(found, "heading") == ["# Parts"]
    assert texts(found, "admonition")[0].startswith(f"{label.rstrip(':')}: The pump moves")


def test_a_cover_has_one_title_and_the_words_above_chapters_are_in_theirs() -> None:
    def chapter(number: str, title: str) -> str:
        return " ".join([
            typed(480, 780, "CHAPTER", "B"), typed(490, 755, number, "B", 14),
            typed(440, 710, title, "B", 14), paragraph(660), paragraph(620),
        ])  # fmt: skip

    cover = [typed(200, 600, "The pump", "B", 24), typed(200, 560, "Release 2.1", "B", 18),
             typed(200, 520, "Its makers", "B", 15)]  # fmt: skip
    found = book(
        " ".join(cover), chapter("ONE", "PARTS"), chapter("TWO", "OIL"), chapter("THREE", "CARE"),
        *map(text_page, range(1, 9)),
    )  # fmt: skip

    assert texts(found, "heading") == [
        "# The pump", "## CHAPTER ONE PARTS", "## CHAPTER TWO OIL", "## CHAPTER THREE CARE",
    ]  # fmt: skip


def test_the_first_of_several_parts_is_no_title_of_the_book() -> None:
    parts = ["Part I Use", "Part II Reference"]
    found = book(*(text_page(n, typed(72, 740, part, "B", 20)) for n, part in enumerate(parts, 1)))

    assert found.title == "manual"
    assert found.blocks[-1].heading_path == ("manual", "Part II Reference")


def test_the_title_on_a_cover_stands_above_larger_ones_of_chapters() -> None:
    def chapter(n: int, title: str) -> str:
        return text_page(n, typed(72, 760, title, "B", 24))

    cover = typed(227, 560, "The pump manual", "F", 18) + typed(274, 520, "Jane Doe", "F", 12)
    found = book(cover, chapter(2, "Parts"), chapter(3, "Care"), chapter(4, "Wells"))

    assert texts(found, "heading") == ["# The pump manual", "## Parts", "## Care", "## Wells"]


def test_a_chapter_alone_on_the_first_page_is_no_cover() -> None:
    def chapter(n: int, title: str) -> str:
        return typed(72, 600, f"Chapter {n}", "B", 20) + typed(72, 565, title, "B", 24)

    found = book(chapter(1, "Parts"), text_page(2), *(
        text_page(n, typed(72, 760, f"{n}.1 Care", "B", 14)) for n in (3, 4)
    ), chapter(2, "Wells"))  # fmt: skip

    assert texts(found, "heading")[0] == "# Chapter 1 Parts"
    assert texts(found, "heading")[-1] == "# Chapter 2 Wells"


def test_a_printed_manual_page_is_called_what_it_describes() -> None:
    found = book(
        " ".join([
            typed(72, 780, "NAME", "B", 12), typed(72, 760, "pump", "F"),
            typed(102, 760, "-", "Y"), typed(112, 760, "move water", "F"),
            typed(72, 720, "SYNOPSIS", "B", 12), paragraph(700), paragraph(660),
        ])
    )  # fmt: skip

    assert found.title == "pump"
