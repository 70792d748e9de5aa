"""Blank lines of code that are as high as those of prose, and code that prose tells no width of."""

from __future__ import annotations

import pytest

from tests.ingest.paper import book, page_of, texts, typed

LETTERS = str.maketrans("0123456789", "aebodnpuhg")
PROSE, CODE = 16.3, 12.8  # points: how far lines stand below each other


def prose(y: float, n: int = 4) -> str:
    """Lines of prose as wide as 68 letters of code."""
    return "".join(typed(72, y - PROSE * at, " ".join(["1234567"] * 10), "F") for at in range(n))


def told(y: float, n: int, first: int) -> str:
    """Lines of prose that none of another page recur in; first: tells the words of the first."""
    words = [str(first + at).translate(LETTERS) for at in range(n)]
    return "".join(
        typed(
            72, y - PROSE * at, f"The pump {word} moves water to the house of {word} and back", "F"
        )
        for at, word in enumerate(words)
    )


def coded(y: float, *rows: str) -> str:
    """Rows of code; a blank one is as high as a line of prose."""
    drawn = ""
    for row in rows:
        escaped = row.replace("(", r"\(").replace(")", r"\)")
        drawn += typed(72, y, escaped) if row else ""
        y -= CODE if row else PROSE
    return drawn


def test_blank_lines_as_high_as_those_of_prose_part_no_code() -> None:
    rows = ["import pump", "", "", "def start(tank):", "    pump.move(tank)", "", "start(1)"]
    found = page_of(prose(780), coded(690, *rows), prose(560))

    assert texts(found, "code") == ["```\n" + "\n".join(rows) + "\n```"]


def test_code_as_far_below_other_code_as_nothing_tells_is_another_block() -> None:
    found = page_of(
        prose(780), coded(690, "import pump", "pump.start()"), coded(655, "import tank", "tank.fill()")
    )  # fmt: skip

    assert texts(found, "code") == [
        "```\nimport pump\npump.start()\n```", "```\nimport tank\ntank.fill()\n```",
    ]  # fmt: skip


@pytest.mark.parametrize("blank", [1, 2])
def test_blank_lines_that_begin_a_page_are_told_by_the_room_for_them(blank: int) -> None:
    first = [told(780, 4, 123), coded(690, "import pump", "", "pump.start()", "pump.stop()")]
    foot = coded(98, "import tank", "tank.fill()")
    y = 780 - PROSE * blank
    found = book(
        " ".join([*first, told(600, 30, 345), foot]),
        coded(y, "tank.empty()", "tank.close()", "tank.lock()") + told(600, 9, 456),
        told(780, 44, 567),
    )

    assert texts(found, "code")[-1] == (
        "```\nimport tank\ntank.fill()\n" + "\n" * blank
        + "tank.empty()\ntank.close()\ntank.lock()\n```"
    )  # fmt: skip


def test_code_beyond_the_end_of_short_prose_is_as_wide_as_that_of_other_pages() -> None:
    full = ("send(" + "abc, " * 20)[:67].rstrip(" ,") + ","
    cut = coded(690, full, "more)", full, "more)")
    short = typed(72, 700, "The pump is stopped like this:", "F") + coded(
        680, full, "more)", "stop()"
    )
    found = book(prose(780) + cut, short)

    assert texts(found, "code") == [
        f"```\n{full} more)\n{full} more)\n```", f"```\n{full} more)\nstop()\n```",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            ["url =", '"http://' + "pump/" * 11 + "first", '.html"', "stop()"],
            ['url = "http://' + "pump/" * 11 + 'first.html"', "stop()"],
        ),
        (
            ["from pump.motor.drives import Rotor, Hub, WaterLevelSensor,", "TankSensor", "stop()"],
            ["from pump.motor.drives import Rotor, Hub, WaterLevelSensor, TankSensor", "stop()"],
        ),
        (
            ["size = 4;   // how many tanks there are that hold water of the well a", "int n=10;"],
            ["size = 4;   // how many tanks there are that hold water of the well a", "int n=10;"],
        ),
        (["/" + "*" * 66 + "/", "state_t", "stop()"], ["/" + "*" * 66 + "/", "state_t", "stop()"]),
    ],
    ids=["word longer than a row", "import", "declaration", "rule of signs"],
)
def test_rows_of_code_are_cut_where_their_maker_had_no_room(
    rows: list[str], lines: list[str]
) -> None:
    full = ("send(" + "abc, " * 20)[:67].rstrip(" ,") + ","
    found = page_of(prose(780), coded(690, *rows, full, "more)", full, "more)"))

    whole = [*lines, f"{full} more)", f"{full} more)"]
    assert texts(found, "code") == ["```\n" + "\n".join(whole) + "\n```"]


def test_blank_lines_of_a_height_that_recurs_part_no_code() -> None:
    """They are as high as no line of prose, and higher than those of code."""
    rows = [
        "a = 1",
        "",
        "b = 2",
        "c = 3",
        "",
        "",
        "d = 4",
        "e = 5",
        "",
        "f = 6",
        "",
        "g = 7",
        "",
        "h = 8",
    ]
    found = page_of(
        *(typed(72, 780 - 19 * n, "1234567 " * 10, "F") for n in range(4)), coded(680, *rows)
    )

    assert texts(found, "code") == ["```\n" + "\n".join(rows) + "\n```"]


def apart(y: float, *lines: str) -> str:
    """Lines that are paragraphs, 18 points below each other; the rows of one are 12 points."""
    drawn = ""
    for line in lines:
        for at, row in enumerate(line.split("|")):
            escaped = row.replace("(", r"\(").replace(")", r"\)")
            drawn += typed(72, y, escaped) if row else ""
            y -= 12 if at < line.count("|") else 18
    return drawn


def test_lines_of_code_that_are_paragraphs_are_no_farther_apart_than_lines() -> None:
    lines = (
        "class Pump {", "public:", "       Pump(int n)|{}", "", "       void start();",
        "       void stop(int after, int wait,|int left);", "", "};", "Pump first(1);", "Pump(2);",
        "first.start();", "first.stop(1);", "first.stop(2);",
    )  # fmt: skip
    found = page_of(prose(780), apart(690, *lines), prose(420))

    shown = "\n".join(line.replace("|", " ") for line in lines)
    assert texts(found, "code") == [f"```\n{shown}\n```"]


def test_lines_that_all_stand_near_are_whole_where_others_are_paragraphs() -> None:
    far = apart(700, "send(1)|+ 2", "send(2)", "send(3)", "send(4)", "send(5)", "send(6)")
    near = "".join(typed(72, 440 - 12 * at, f"stop\\({at}\\)") for at in range(3))
    found = page_of(prose(780), far, prose(540), near)

    assert texts(found, "code")[-1] == "```\nstop(0)\nstop(1)\nstop(2)\n```"


def going_on(drop: float, n_rows: int, *, feet: tuple[float, float] = (98, 98)) -> list[str]:
    """The blocks of code of two that go on over pages; drop: how much lower than prose they do.

    n_rows: how many blank lines begin the second page; feet: where the last rows of pages begin.
    """
    open_ = [told(780, 4, 123), coded(690, "import pump", "", "pump.start()", "pump.stop()")]
    found = book(
        " ".join([*open_, told(600, 28, 345), coded(feet[0], "import tank", "tank.fill()")]),
        coded(780 - drop, "tank.empty()", "tank.close()", "tank.lock()") + told(600, 28, 456)
        + coded(feet[1], "import well", "well.fill()"),
        coded(780 - drop - PROSE * n_rows, "well.empty()", "well.close()", "well.lock()")
        + told(600, 9, 567),
        told(780, 44, 678), coded(780 - drop, "a") + told(700, 20, 789) + coded(98, "b", "c"),
        coded(780 - drop, "d()", "e()", "f()") + told(600, 28, 890),
    )  # fmt: skip
    return texts(found, "code")


def test_code_goes_on_lower_than_prose_where_its_box_has_room() -> None:
    found = going_on(PROSE * 0.6, 1)

    assert "```\nimport tank\ntank.fill()\ntank.empty()\ntank.close()\ntank.lock()\n```" in found
    assert "```\nimport well\nwell.fill()\n\nwell.empty()\nwell.close()\nwell.lock()\n```" in found


def test_room_for_a_line_at_the_foot_of_a_page_is_that_of_a_blank_one() -> None:
    found = going_on(0, 0, feet=(98, 98 + 1.3 * PROSE))

    assert "```\nimport tank\ntank.fill()\ntank.empty()\ntank.close()\ntank.lock()\n```" in found
    assert "```\nimport well\nwell.fill()\n\nwell.empty()\nwell.close()\nwell.lock()\n```" in found


def test_a_slanted_remark_left_of_what_is_above_it_is_a_line_of_its_code() -> None:
    found = page_of(
        prose(780),
        typed(96, 690, "pump.move(tank)"),
        typed(72, 690 - CODE - PROSE, "# Starts it.", "O"),
        typed(72, 690 - 2 * CODE - PROSE, "start(1)"),
        prose(560),
    )

    assert texts(found, "code") == ["```\n    pump.move(tank)\n\n# Starts it.\nstart(1)\n```"]


def test_code_goes_on_at_its_place_on_a_page_where_a_table_hangs_out_of_the_text() -> None:
    first = told(780, 42, 123) + coded(88, "def start(tank):", "    pump.move(tank)")
    table = typed(66, 600, "Valve", "F") + typed(200, 600, "wide", "F")
    second = typed(96, 780, "tank.fill(1)") + typed(96, 780 - CODE, "tank.move(2)")
    found = book(first, second + told(740, 4, 870) + table)

    code = ["def start(tank):", "    pump.move(tank)", "    tank.fill(1)", "    tank.move(2)"]
    assert texts(found, "code") == ["```\n" + "\n".join(code) + "\n```"]
