"""Chunks: exact budgets, verbatim text, cuts where a reader would cut, stable ids."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.chunk import chunk, joined
from builder.records import Document
from builder.store import by_id
from builder.tokens import sizer
from tests.documents import Part, document, documents

SIZE = sizer("o200k_base")


@settings(deadline=None, max_examples=150)
@given(page=documents(), max_tokens=st.integers(16, 90))
def test_chunks_fit_and_cover_the_document_verbatim(page: Document, max_tokens: int) -> None:
    chunks = chunk(page, size=SIZE, max_tokens=max_tokens)

    assert all(c.n_tokens == SIZE(joined(c)) <= max_tokens for c in chunks)
    assert all(page.text[c.start : c.end] == c.text for c in chunks)
    assert all(a.end <= b.start for a, b in itertools.pairwise(chunks))
    assert "".join("".join(c.text for c in chunks).split()) == "".join(page.text.split())
    assert all(c.heading_path for c in chunks)
    by_id(chunks)


@settings(deadline=None, max_examples=100)
@given(page=documents(), max_tokens=st.integers(16, 90))
def test_the_blocks_of_a_chunk_lie_where_it_says(page: Document, max_tokens: int) -> None:
    for c in chunk(page, size=SIZE, max_tokens=max_tokens):
        covered = "".join(c.text[b.start : b.end] for b in c.blocks)

        assert "".join(covered.split()) == "".join(c.text.split())
        for b in c.blocks:
            assert b.partial or any(
                page.text[o.start : o.end] == c.text[b.start : b.end] for o in page.blocks
            )


def test_a_heading_stays_with_its_text() -> None:
    parts: list[Part] = []
    for n in range(12):
        parts += [("heading", f"## Part {n}"), ("paragraph", f"Text {n} of this part is here.")]
    page = document(parts)

    chunks = chunk(page, size=SIZE, max_tokens=40)

    assert len(chunks) > 2
    assert all(c.text.startswith("## Part") for c in chunks)
    assert not any(c.text.rstrip().splitlines()[-1].startswith("#") for c in chunks)


def test_a_question_heading_stays_with_its_whole_answer() -> None:
    parts: list[Part] = []
    for n in range(6):
        parts.append(("heading", f"## Does {n} work?"))
        parts += [("paragraph", f"Sentence {part} says more of the answer.") for part in range(3)]
    page = document(parts)

    chunks = chunk(page, size=SIZE, max_tokens=90)

    assert len(chunks) > 2
    for c in chunks:
        assert c.text.count("?") * 3 == c.text.count("Sentence")


def test_small_documents_are_one_chunk_with_the_title_as_path() -> None:
    page = document([("paragraph", "One."), ("heading", "## More"), ("paragraph", "Two.")])

    (only,) = chunk(page, size=SIZE, max_tokens=64)

    assert only.heading_path == ("Page",)
    assert only.text == page.text


def test_one_section_gives_the_full_heading_path() -> None:
    page = document([("heading", "## Billing"), ("heading", "### Refunds"), ("paragraph", "Ask.")])

    (only,) = chunk(page, size=SIZE, max_tokens=64)

    assert only.heading_path == ("Page", "Billing")


def test_editing_a_sentence_changes_the_id_of_its_chunk_only() -> None:
    parts: list[Part] = []
    for n in range(30):
        said = f"The valve of station {n} opens at level {n}. It closes at night."
        parts += [("heading", f"## Section {n}"), ("paragraph", said)]
    edited = list(parts)
    edited[31] = ("paragraph", "The valve of station 15 opens by hand. It closes at night.")

    before = {c.id for c in chunk(document(parts), size=SIZE, max_tokens=128)}
    after = {c.id for c in chunk(document(edited), size=SIZE, max_tokens=128)}

    assert len(before) > 5
    assert len(before - after) == len(after - before) == 1


def test_equal_texts_in_one_document_have_different_ids() -> None:
    page = document([("paragraph", "The same words again. " * 4)] * 6)

    chunks = chunk(page, size=SIZE, max_tokens=24)

    assert len(by_id(chunks)) == len(chunks) > 5


@pytest.mark.parametrize(
    "text",
    [
        "x" * 20_000,
        "数" * 5_000,
        "\u0301" * 3_000,
        "a " * 9_000,
        "<|endoftext|>" * 900,
        "🙂" * 3_000,
    ],
)
def test_text_without_cut_points_still_fits(text: str) -> None:
    page = document([("paragraph", text.strip())])

    chunks = chunk(page, size=SIZE, max_tokens=64)

    assert all(SIZE(c.text) <= 64 for c in chunks)
    assert "".join(c.text for c in chunks).replace(" ", "") == text.replace(" ", "")
