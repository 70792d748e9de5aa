"""Records that are made by the hundred cost little, and are equal by what they say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.records import Block, Place


def made() -> Block:
    return Block(kind="code", start=3, end=9, code_lang="sh", place=Place(start=30, end=41))


@pytest.mark.parametrize("often", [Block, Place])
def test_no_field_of_what_is_made_often_is_set_by_a_call_of_its_own(often: type) -> None:
    # as in a frozen dataclass, which takes three times as long to make
    assert "__setattr__" not in vars(often)


def test_blocks_that_say_the_same_are_one_in_a_set() -> None:
    assert {made(), made(), replace(made())} == {made()} != {replace(made(), start=4)}
