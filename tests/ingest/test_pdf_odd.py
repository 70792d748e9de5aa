"""Looks that few makers have: letters set apart, titles over the whole column, and the like."""

from __future__ import annotations

import pytest

from tests.ingest.paper import page_of, paragraph, texts, typed


@pytest.mark.parametrize("room", [110, 160, 240])
def test_letters_that_are_set_apart_make_one_word(room: int) -> None:
    letters = f" {-room} ".join(f"({letter})" for letter in "Keep the Fetcher")
    title = f"BT /B 12 Tf 72 740 Td [{letters}] TJ ET "
    found = page_of(title, paragraph(712))

    assert texts(found, "heading") == ["# Keep the Fetcher"]


def test_single_letters_with_blanks_between_them_stay_words() -> None:
    found = page_of(
        paragraph(740),
        typed(72, 714, "Turn a b c d e f off, and", "F"),
        *(typed(181 + 9 * at, 714, letter, "F") for at, letter in enumerate("uvwxyz")),
    )

    assert "Turn a b c d e f off, and u v w x y z" in found.text
