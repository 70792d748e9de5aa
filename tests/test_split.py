"""The split: decided by group before anything is written; nothing shared between the sides."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from builder.config import SplitSettings
from builder.records import Assignment, Chunk, Origin, Pair, Passage, Split
from builder.split import leakage, split
from tests.documents import whole

NOUNS = "valve pump filter sensor cable battery antenna fuse pipe probe clock motor relay".split()


def _pages(count: int, *, lang: str = "en", each: int = 2) -> list[Chunk]:
    return [
        whole(
            f"Page {n} part {part}: " + " ".join(f"{noun}{n}{part} turns {noun}" for noun in NOUNS),
            path=f"docs/{lang}/page{n:02}.md",
            lang=lang,
            title=f"Page {n}",
        )
        for n in range(count)
        for part in range(each)
    ]


def _history(count: int) -> list[Chunk]:
    return [
        whole(
            f"Release {n} " + " ".join(f"{noun}{n}x mended" for noun in NOUNS), path="docs/news.md"
        )
        for n in range(count)
    ]


def _by_path(chunks: list[Chunk], assignments: tuple[Assignment, ...]) -> dict[str, Split]:
    return {c.path: a.split for c, a in zip(chunks, assignments, strict=True)}


def test_each_language_gets_its_share_and_documents_stay_whole() -> None:
    chunks = _pages(40) + _pages(20, lang="de")

    result = split(chunks, settings=SplitSettings(eval=0.2, validation=0.1), seed=0)

    for lang, total in (("en", 80), ("de", 40)):
        own = [a.split for c, a in zip(chunks, result.assignments, strict=True) if c.lang == lang]
        assert Counter(own)["eval"] == pytest.approx(0.2 * total, abs=2)
        assert Counter(own)["validation"] == pytest.approx(0.1 * total, abs=2)
    splits_of: dict[str, set[str]] = {}
    for c, a in zip(chunks, result.assignments, strict=True):
        splits_of.setdefault(c.path, set()).add(a.split)
    assert all(len(found) == 1 for found in splits_of.values())
    assert not result.notes


def test_one_long_document_does_not_send_the_others_to_eval() -> None:
    chunks = _history(400) + _pages(50)

    result = split(chunks, settings=SplitSettings(eval=0.2), seed=0)

    splits = _by_path(chunks, result.assignments)
    assert splits.pop("docs/news.md") == "train"
    assert 0.2 <= Counter(splits.values())["eval"] / 50 <= 0.35


def test_chunks_that_are_not_written_from_take_no_share_of_eval() -> None:
    lists = [replace(chunk, unfit="links") for chunk in _history(400)]
    pages = _pages(40)

    result = split(lists + pages, settings=SplitSettings(eval=0.2), seed=0)

    used = [a.split for a in result.assignments if a.use]
    assert Counter(used)["eval"] == pytest.approx(0.2 * len(pages), abs=2)


def test_near_duplicate_pages_are_one_group() -> None:
    chunks = _pages(30)
    copy = whole(chunks[0].text + " One more word.", path="docs/copy.md")

    result = split([*chunks, copy], settings=SplitSettings(), seed=3)

    by_path = {a.chunk_id: a for a in result.assignments}
    assert by_path[copy.id].group == by_path[chunks[0].id].group
    assert by_path[copy.id].split == by_path[chunks[0].id].split


def test_what_stands_in_a_longer_chunk_of_another_document_is_not_written_from_twice() -> None:
    chunks = _pages(12)
    longer = whole(chunks[0].text + " One more word.", path="docs/copy.md")
    same = whole(chunks[2].text, path="docs/same.md")
    legal = replace(whole(chunks[4].text + " All rights.", path="docs/legal.md"), unfit="legal")

    result = split([*chunks, longer, same, legal], settings=SplitSettings(), seed=3)

    unused = {a.chunk_id: a.reason for a in result.assignments if not a.use}
    assert unused == {chunks[0].id: "duplicate", same.id: "duplicate", legal.id: "legal"}


def test_text_repeated_in_many_documents_joins_nothing_and_is_not_used() -> None:
    legal = "All rights reserved by the maker of this page, " * 8
    chunks = [*_pages(12), *(whole(legal, path=f"docs/en/page{n:02}.md") for n in range(12))]

    result = split(chunks, settings=SplitSettings(), seed=0)

    assert len({a.group for a in result.assignments}) == 12
    assert [a.use for a in result.assignments] == [True] * 24 + [False] * 12
    assert {a.reason for a in result.assignments if not a.use} == {"boilerplate"}


def test_a_new_document_moves_nobody_but_at_the_boundary() -> None:
    chunks = _pages(40)
    more = whole("A new page " + " ".join(f"{noun}x" for noun in NOUNS * 2), path="docs/en/new.md")

    before = _by_path(chunks, split(chunks, settings=SplitSettings(), seed=1).assignments)
    grown = [*chunks, more]
    after = _by_path(grown, split(grown, settings=SplitSettings(), seed=1).assignments)

    assert sum(before[path] != after[path] for path in before) <= 1


def test_an_earlier_split_is_kept() -> None:
    chunks = _pages(20)
    first = split(chunks, settings=SplitSettings(), seed=1)
    pinned = {a.group: a.split for a in first.assignments}

    again = split(chunks, settings=SplitSettings(), seed=99, pinned=pinned)

    assert _by_path(chunks, again.assignments) == _by_path(chunks, first.assignments)


def test_few_documents_are_split_at_sections_and_it_is_said() -> None:
    chunks = [
        whole(
            f"Part {n}: " + " ".join(f"{noun}{n} {noun}" for noun in NOUNS),
            path="docs/only.md",
            title=f"S{n}",
        )
        for n in range(10)
    ]

    result = split(chunks, settings=SplitSettings(), seed=0)

    assert Counter(a.split for a in result.assignments) == {"train": 8, "eval": 2}
    assert "1 independent document," in result.notes[0]


def test_the_split_does_not_depend_on_the_order_of_the_chunks() -> None:
    chunks = _pages(25)

    one = split(chunks, settings=SplitSettings(), seed=5)
    other = split(chunks[::-1], settings=SplitSettings(), seed=5)

    assert {a.chunk_id: a for a in one.assignments} == {a.chunk_id: a for a in other.assignments}


def _pair(chunk: Chunk, split_name: Split, question: str) -> Pair:
    return Pair(
        id=question,
        draft_id="d",
        type="factual",
        answerable=True,
        kind=None,
        behaviour="answer",
        lang="en",
        split=split_name,
        question=question,
        answer="a",
        evidence=(),
        passages=(Passage(chunk_id=chunk.id, role="gold", title="t", text=chunk.text),),
        origin=Origin(writer="extractive", rule="x"),
    )


def test_leakage_counts_what_two_splits_share() -> None:
    one, other = _pages(2, each=1)
    same = {
        c.id: Assignment(chunk_id=c.id, doc_id=c.doc_id, group=c.path, split="train")
        for c in (one, other)
    }
    clean = [
        _pair(one, "train", "How is the valve opened?"),
        _pair(other, "eval", "What is a pump?"),
    ]
    leaking = [*clean, _pair(one, "eval", "How is the valve opened??")]

    assert set(leakage(clean, same).values()) == {0}
    assert leakage(leaking, same) == {
        "groups": 1,
        "documents": 1,
        "passages": 1,
        "contexts": 1,
    }
