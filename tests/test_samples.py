"""What a build shows of the answers that it made."""

from __future__ import annotations

import pytest

from builder.cli import _shortened


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("The pump stops.", "The pump stops."),
        ("pump " * 99, "pump " * 60 + "..."),
        ("\u6c34" * 400, "\u6c34" * 300 + " ..."),
    ],
    ids=["short", "between words", "no blanks"],
)
def test_a_long_answer_is_cut_where_a_word_ends(answer: str, shown: str) -> None:
    assert _shortened(answer) == shown
