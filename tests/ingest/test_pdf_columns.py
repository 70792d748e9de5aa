"""Pages of several columns: text and code of one after the other, whatever sticks out of it."""

from __future__ import annotations

from tests.ingest.paper import page_of, texts, typed

WORDS = ("turn", "fill", "clean", "open", "close", "lift", "drain", "move", "heat", "cool")


def told(left: int, n: int, name: str, *, wide: str = "") -> str:
    """A column: a title, lines of prose, one of them wide, and lines of code below them."""
    found = typed(left, 780, f"The {name}", "B", 14)
    for at in range(n):
        text = wide if wide and at == 2 else f"{WORDS[at % 10]} the {name} by hand {at}"
        found += typed(left, 760 - 12 * at, text, "F", 9)
    for at in range(12):
        found += typed(left, 740 - 12 * n - 9 * at, f"{name}.{WORDS[at % 10]}({at})", "C", 7)
    return found


def code_of(name: str) -> str:
    return "\n".join(["```", *(f"{name}.{WORDS[at % 10]}({at})" for at in range(12)), "```"])


def test_three_columns_of_ragged_lines_are_read_one_after_the_other() -> None:
    found = page_of(told(60, 14, "pump"), told(230, 20, "well"), told(400, 17, "tank"))

    assert [text.lstrip("# ") for text in texts(found, "heading")] == [
        "The pump", "The well", "The tank",
    ]  # fmt: skip
    assert texts(found, "code") == [code_of("pump"), code_of("well"), code_of("tank")]


def test_a_line_that_ends_right_before_the_next_column_does_not_move_its_edge() -> None:
    wide = "fill the pump with water from the cold well now"  # just before the next column
    right = typed(245, 780, "The tank", "B", 14)
    for at in range(30):
        right += typed(245 + 12 * (at % 5 > 0), 760 - 12 * at, f"{at}. {WORDS[at % 10]} it", "F", 9)
    found = page_of(told(59, 20, "pump", wide=wide), right)

    assert texts(found, "code") == [code_of("pump")]
    assert found.text.index("pump.cool(9)") < found.text.index("The tank")


def test_few_lines_beside_each_other_in_a_column_are_no_columns_of_it() -> None:
    """Whatever the order in which they are written: cells, or the pieces of a formula."""

    def written(left: int, n: int, name: str) -> str:
        return "".join(
            typed(left, 760 - 12 * at, f"{WORDS[at % 10]} the {name} by hand {at}", "F", 9)
            for at in range(n)
        )

    found = page_of(written(60, 44, "pump"), written(240, 8, "well"), written(400, 8, "tank"))

    assert len(texts(found, "table")) == 1


def column(left: int, name: str) -> str:
    """A title and a few lines of prose, ragged."""
    ends = "by hand, or let it be", "", "now", "by day"
    return typed(left, 780, f"The {name}", "B", 12) + "".join(
        typed(left, 760 - 12 * at, f"{WORDS[at]} the {name} {ends[at % 4]}", "F") for at in range(9)
    )


def test_prose_beside_code_in_tiny_letters_begins_a_column() -> None:
    code = "".join(typed(72, 640 - 6 * at, f"pump.{WORDS[at % 10]}", "C", 5) for at in range(40))
    found = page_of(column(72, "pump"), code, column(320, "well"))

    assert [text.lstrip("# ") for text in texts(found, "heading")] == ["The pump", "The well"]
    assert not texts(found, "table")


def test_three_columns_of_few_lines_are_no_table() -> None:
    found = page_of(column(60, "pump"), column(240, "well"), column(420, "tank"))

    assert [text.lstrip("# ") for text in texts(found, "heading")] == [
        "The pump", "The well", "The tank",
    ]  # fmt: skip
    assert not texts(found, "table")


def test_a_title_of_code_that_reaches_the_next_column_takes_no_code_from_there() -> None:
    left = column(60, "pump") + typed(60, 630, "pump.turned_by_hand_or_by_the_mains_twice")
    left += "".join(typed(60, 610 - 12 * at, f"{WORDS[at]} it by hand", "F") for at in range(9))
    code = "".join(typed(310, 640 - 5 * at, f"tank.{WORDS[at]}", "C", 5) for at in range(8))
    found = page_of(left, column(310, "tank"), code)

    assert "```\n" + "\n".join(f"tank.{WORDS[at]}" for at in range(8)) + "\n```" in texts(
        found, "code"
    )


def test_a_title_above_the_middle_column_stands_above_all_of_them() -> None:
    found = page_of(
        typed(245, 815, "Of water", "B", 20),
        told(60, 14, "pump"), told(230, 20, "well"), told(400, 17, "tank"),
    )  # fmt: skip

    assert found.text.startswith("# Of water\n")
