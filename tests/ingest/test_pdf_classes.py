"""What more classes and packages of LaTeX do to pages: numbers, boxes, slides, plain titles."""

from __future__ import annotations

from tests.ingest.paper import book, document, page, page_of, paragraph, texts, typed
from tests.ingest.test_pdf_books import text_page, told
from tests.ingest.test_pdf_prints import listing

TITLES = ["Wells and tanks", "Oil of the pump", "Care of the screw", "Valves at home", "Faults"]
LINE = "The pump moves water from the well to the tank, and the"
WHITE, BLACK = "1 g ", "0 g "


def test_numbers_that_begin_anew_begin_another_block_of_code() -> None:
    rows = "pump.start", "pump.turn", "pump.stop"
    found = page_of(paragraph(780), listing(1, 740, *rows), listing(1, 692, *rows))

    assert texts(found, "code") == ["```\npump.start\npump.turn\npump.stop\n```"] * 2


def test_numbers_right_of_the_lines_of_code_are_left_out() -> None:
    rows = ["def turn:", "  rotor.run", "  rotor.stop", "  rotor.oil"]
    code = "".join(
        typed(72, 740 - 12 * n, row, "C", 9) + typed(500, 740 - 12 * n, str(n + 1), "F", 6)
        for n, row in enumerate(rows)
    )
    found = page_of(paragraph(780), code)

    assert texts(found, "code") == ["```\n" + "\n".join(rows) + "\n```"]
    assert told(found, "line_numbers") == ["1 2 3 4"]


def test_counted_lines_between_counted_titles_are_titles_though_they_look_like_prose() -> None:
    found = page_of(
        typed(72, 780, "House", "B", 20), paragraph(760), typed(72, 720, "1 Pumps", "B", 14), paragraph(705),
        typed(72, 660, "1.1 Where they stand", "F"), paragraph(640),
        typed(72, 595, "1.2 What they need", "F"), paragraph(575),
        typed(72, 530, "1.2.1 Oil", "B"), paragraph(510),
        typed(72, 465, "1.2.2 Water", "B"), paragraph(445),
        typed(72, 400, "2 Tanks", "B", 14), paragraph(380),
    )  # fmt: skip

    assert [title.split()[1] for title in texts(found, "heading")] == [
        "House", "1", "1.1", "1.2", "1.2.1", "1.2.2", "2"
    ]  # fmt: skip


def test_a_few_counted_words_with_a_full_stop_are_titles_above_code() -> None:
    words = ["fill.", "turn.", "stop.", "oil."]
    below = "".join(
        typed(72, 700 - 50 * n, f"1.1.{n + 1} {word}", "F")
        + typed(72, 686 - 50 * n, f"pump.{word[:-1]}\\(\\)", "C", 9)
        for n, word in enumerate(words)
    )
    found = page_of(
        typed(72, 780, "1 Pumps", "B", 16), typed(72, 745, "1.1 What they do", "B", 13), below,
        paragraph(480),
        outline=[("Pumps", 796), ("What they do", 758)],
    )  # fmt: skip

    assert texts(found, "heading")[2:] == [f"## 1.1.{n} {word}" for n, word in enumerate(words, 1)]


def test_white_titles_of_boxes_on_slides_stand_below_the_title_of_the_slide() -> None:
    pages = [
        typed(20, 250, title, "F", 16)
        + WHITE + typed(24, 215, f"{n} kinds", "F", 11) + BLACK
        + typed(24, 195, f"The {title.lower()} of the house, as we", "F")
        + WHITE + typed(24, 150, "pump.turn", "C", 11) + BLACK
        + typed(24, 130, f"Cold {title.lower()} and cold houses", "F")
        for n, title in enumerate(TITLES, 2)
    ]  # fmt: skip
    found = book(*pages, outline=[(TITLES[0], 1)], size=(363, 272))

    assert texts(found, "heading")[3:6] == [f"## {TITLES[1]}", "### 3 kinds", "### `pump.turn`"]


def test_white_labels_of_boxes_that_all_say_the_same_are_no_titles() -> None:
    boxes = "".join(
        WHITE + typed(72, 720 - 90 * n, "Listing", "F", 10) + BLACK
        + typed(72, 704 - 90 * n, f"pump.{name}\\(water, oil, tank\\)", "C", 9)
        + paragraph(680 - 90 * n)
        for n, name in enumerate(["fill", "turn", "stop", "oil"])
    )  # fmt: skip
    found = page_of(typed(72, 780, "Pumps", "B", 16), paragraph(760), boxes)

    assert texts(found, "heading") == ["# Pumps"]


def test_slides_that_go_on_have_one_title_without_their_numbers() -> None:
    titles = ["Wells I", "Pumps I", "Pumps II", "Pumps III", "Tanks I", "House IV"]
    pages = [
        typed(20, 250, title, "F", 16) + typed(24, 200, f"{n} pumps of a cold house", "F")
        for n, title in enumerate(titles, 2)
    ]
    slides = book(*pages, size=(363, 272))
    paper = book(*pages, size=(363, 572))

    shown = ["Wells", "Pumps", "Tanks", "House IV"]
    assert texts(slides, "heading") == [f"# {title}" for title in shown]
    assert told(slides, "continued") == ["Pumps II", "Pumps III"]
    assert texts(paper, "heading") == [f"# {title}" for title in titles]


def test_heads_far_below_the_edge_are_left_out_where_they_count_the_pages() -> None:
    pages = [
        typed(72, 705, "Chapter 1. Pumps", "F") + typed(480, 705, str(n), "F")
        + "".join(typed(72, y, f"{LINE} {y} of {n}.", "F") for y in range(670, 300, -30))
        for n in range(1, 7)
    ]  # fmt: skip
    found = book(*pages)

    assert told(found, "running_head") == [f"Chapter 1. Pumps {n}" for n in range(1, 7)]


def test_large_numbers_far_below_the_edge_count_chapters() -> None:
    pages = [
        typed(72, 690, f"Chapter {n}", "B", 20) + typed(72, 640, f"{title}", "B", 20)
        + "".join(typed(72, y, f"{LINE} {y} of {n}.", "F") for y in range(600, 300, -30))
        for n, title in enumerate(TITLES, 1)
    ]  # fmt: skip

    assert told(book(*pages), "running_head") == []


def test_the_title_may_stand_on_the_first_page_that_says_something() -> None:
    foot = typed(250, 30, "Brook Press", "F", 8)
    pages = [
        text_page(n, typed(72, 740, title, "B", 14), foot) for n, title in enumerate(TITLES, 1)
    ]
    pages[0] = typed(200, 790, "The pump", "B", 20) + pages[0]
    found = book(foot, *pages, outline=[(title, n) for n, title in enumerate(TITLES, 2)])

    assert texts(found, "heading")[:2] == ["# The pump", f"## {TITLES[0]}"]


def test_slanted_code_above_text_is_a_title_though_the_outline_leaves_it_out() -> None:
    names = ["pump.fill", "pump.turn", "pump.stop"]
    below = "".join(
        typed(72, 720 - 70 * n, name, "O", 9) + paragraph(704 - 70 * n)
        for n, name in enumerate(names)
    )
    found = page_of(
        typed(72, 780, "Pumps", "B", 16), paragraph(760), below,
        typed(72, 500, "Tanks", "B", 16), paragraph(480),
        outline=[("Pumps", 796), ("Tanks", 516)],
    )  # fmt: skip

    assert texts(found, "heading")[1:4] == [f"## `{name}`" for name in names]


def test_code_of_another_face_than_the_rest_is_a_title() -> None:
    parts = "".join(
        typed(72, 720 - 120 * n, name, "W", 9)
        + paragraph(704 - 120 * n)
        + typed(72, 670 - 120 * n, f"pump.{name}\\(water, oil, tank, house, well\\)", "C", 9)
        for n, name in enumerate(["fill", "turn", "stop"])
    )
    found = book(typed(72, 780, "Pumps", "B", 16) + paragraph(760) + parts + paragraph(340))

    assert texts(found, "heading") == ["# Pumps", "## `fill`", "## `turn`", "## `stop`"]


def test_titles_set_like_the_one_that_the_outline_hangs_them_below_stand_beside_it() -> None:
    pages = [
        typed(72, 740, title, "B", 20 if n == 1 else 12) + text_page(n)
        for n, title in enumerate(TITLES, 1)
    ]
    listed = [(title, n) for n, title in enumerate(TITLES, 1)]
    found = book(*pages, outline=listed, levels=[1, 2, 3, 3, 3])

    assert [title.split()[0] for title in texts(found, "heading")] == ["#", *["###"] * 4]


def test_a_large_title_in_the_middle_begins_no_column() -> None:
    short = [f"well {n} of it" for n in range(12)]
    left = "".join(typed(60, 700 - 14 * n, text, "F") for n, text in enumerate(short))
    right = "".join(
        typed(310, 700 - 14 * n, f"cold water of the deep well number {n}", "F") for n in range(30)
    )
    found = page_of(typed(200, 760, "Pump and house", "B", 22), left, right)

    assert found.text.startswith("# Pump and house\n\nwell 0")


def test_the_number_of_a_chapter_right_of_its_title_stands_before_it() -> None:
    pages = [
        typed(300, 640, title, "B", 16) + typed(480, 660, str(n), "I", 60)
        + "".join(typed(72, y, f"{LINE} {y} of {n}.", "F") for y in range(560, 300, -30))
        for n, title in enumerate(TITLES, 1)
    ]  # fmt: skip
    found = book(*pages, outline=[(title, n) for n, title in enumerate(TITLES, 1)])

    assert texts(found, "heading") == [f"# {n} {title}" for n, title in enumerate(TITLES, 1)]


def test_signs_of_another_face_behind_a_listed_title_belong_to_it() -> None:
    found = page_of(
        typed(72, 780, "1 Who turns it", "B"), typed(154, 780, "=[]", "C"), paragraph(750),
        typed(72, 700, "2 Who stops it", "B"), paragraph(680),
        outline=[("Who turns it=[]", 796), ("Who stops it", 716)],
    )  # fmt: skip

    assert texts(found, "heading") == ["# 1 Who turns it `=[]`", "# 2 Who stops it"]


def test_the_number_of_a_section_in_two_runs_is_none_of_a_line_of_code() -> None:
    sections = "".join(
        typed(72, y, "1.", "B") + typed(80.5, y, str(at), "B") + typed(96, y, f"turn_{name}", "D")
        + paragraph(y - 24)
        for at, (y, name) in enumerate(((740, "pump"), (640, "tap"), (540, "hand")), 2)
    )  # fmt: skip

    assert texts(page_of(sections), "heading") == [
        "## 1.2 `turn_pump`",
        "## 1.3 `turn_tap`",
        "## 1.4 `turn_hand`",
    ]


def test_a_title_is_looked_for_where_the_column_begins_that_its_entry_leads_to() -> None:
    said = "The pump lifts water up to tank {} of the house"
    left = "".join(typed(72, y, said.format(y), "F") for y in range(503, 760, 13))
    left = left.replace(said.format(633), "Installing")
    right = typed(300, 632, "3", "B") + typed(314, 632, "Installing", "B")
    right += typed(300, 532, "4", "B") + typed(314, 532, "Care of it", "B")
    right += "".join(
        typed(300, y, "It is set upon the well with four bolts, each", "F")
        for y in (*range(552, 620, 13), *range(656, 760, 13), 508)
    )
    made = page(left, right, outline=[("Installing", 643), ("Care of it", 540)])
    for y in (643, 540):
        made = made.replace(b"/XYZ 72 %d null" % y, b"/XYZ 292 %d  0 " % y)

    assert texts(document(made), "heading") == ["# 3 Installing", "# 4 Care of it"]
