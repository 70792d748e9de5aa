"""The chunks as a row may use them: who may stand beside whom, and what is attested where."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from builder.compose.absence import Weights
from builder.records import Assignment, Chunk, Draft, Passage, Split
from builder.similar import Bm25, near_duplicate_texts
from builder.text import fold

COPY = 0.5  # containment of word 5-grams from which two chunks never stand in one row
SECTION_DEPTH = 2  # headings that siblings share: the document's title and its section
TITLE = " > "


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Something that documents ask about by name, and the chunk that attests it."""

    text: str
    noun: str
    rule: str
    chunk_id: str


@dataclass(frozen=True)
class Shelf:
    """The usable chunks of one split and language."""

    chunks: Mapping[str, Chunk]
    lang: str
    keys: tuple[Key, ...]

    @cached_property
    def index(self) -> Bm25:
        return Bm25({chunk.id: _searched(chunk) for chunk in self.chunks.values()}, lang=self.lang)

    @cached_property
    def attested(self) -> Mapping[str, tuple[str, ...]]:
        """Noun (folded, one word) -> names in backticks that stand beside it in the text, sorted."""
        found: dict[str, set[str]] = defaultdict(set)
        for chunk in self.chunks.values():
            for name, noun in named_things(chunk.text):
                found[noun].add(name)
        return {noun: tuple(sorted(names)) for noun, names in found.items()}

    @cached_property
    def first_cells(self) -> Mapping[str, tuple[str, ...]]:
        """Header (folded) of the first column of tables -> its cells over all tables, sorted."""
        found: dict[str, set[str]] = defaultdict(set)
        for chunk in self.chunks.values():
            for header, cells in first_columns(chunk):
                found[header].update(cells)
        return {header: tuple(sorted(cells)) for header, cells in found.items()}


class Library:
    """All usable chunks, by split and language."""

    def __init__(
        self,
        chunks: Mapping[str, Chunk],
        assignments: Mapping[str, Assignment],
        drafts: Sequence[Draft],
    ) -> None:
        self.chunks = {
            chunk_id: chunks[chunk_id]
            for chunk_id in sorted(chunks)
            if chunk_id in assignments and assignments[chunk_id].use
        }
        self._splits = {chunk_id: assignments[chunk_id].split for chunk_id in self.chunks}
        self._shelves = self._filled(drafts)
        self._copies: dict[str, set[str]] = defaultdict(set)
        for first, second, _ in near_duplicate_texts(
            {chunk.id: chunk.text for chunk in self.chunks.values()}, COPY
        ):
            self._copies[first].add(second)
            self._copies[second].add(first)

    def split_of(self, draft: Draft) -> Split:
        return self._splits[draft.chunk_ids[0]]

    def shelf_of(self, draft: Draft) -> Shelf:
        return self._shelves[self.split_of(draft), self.chunks[draft.chunk_ids[0]].lang]

    def weights_of(self, draft: Draft) -> Weights:
        """What the stems of the language of its chunk tell, over the chunks of all splits."""
        return self._weights[self.chunks[draft.chunk_ids[0]].lang]

    def copies(self, chunk_id: str) -> set[str]:
        """The chunks that hold much of the same text."""
        return self._copies[chunk_id]

    def siblings(self, draft: Draft) -> frozenset[str]:
        """The other chunks of the section of the document that the draft was made from."""
        own = {self._section(chunk_id) for chunk_id in draft.chunk_ids}
        return self._by_section(own) - frozenset(draft.chunk_ids)

    def passage(self, chunk_id: str, *, gold: bool = False) -> Passage:
        chunk = self.chunks[chunk_id]
        return Passage(
            chunk_id=chunk_id,
            role="gold" if gold else "distractor",
            title=TITLE.join(chunk.heading_path),
            text=chunk.text,
        )

    def _filled(self, drafts: Sequence[Draft]) -> dict[tuple[Split, str], Shelf]:
        chunks: dict[tuple[Split, str], dict[str, Chunk]] = defaultdict(dict)
        for chunk in self.chunks.values():
            chunks[self._splits[chunk.id], chunk.lang][chunk.id] = chunk
        keys: dict[tuple[Split, str], list[Key]] = defaultdict(list)
        for draft in drafts:
            if draft.key and draft.kind is None and draft.chunk_ids[0] in self.chunks:
                place = self._splits[draft.chunk_ids[0]], self.chunks[draft.chunk_ids[0]].lang
                keys[place].append(
                    Key(
                        text=draft.key,
                        noun=draft.noun,
                        rule=draft.origin.rule,
                        chunk_id=draft.chunk_ids[0],
                    )
                )
        return {
            place: Shelf(chunks=found, lang=place[1], keys=tuple(keys[place]))
            for place, found in chunks.items()
        }

    @cached_property
    def _weights(self) -> dict[str, Weights]:
        texts: dict[str, list[str]] = defaultdict(list)
        for chunk in self.chunks.values():
            texts[chunk.lang].append(_searched(chunk))
        return {lang: Weights(found, lang=lang) for lang, found in texts.items()}

    @cached_property
    def _sections(self) -> dict[tuple[str, ...], frozenset[str]]:
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for chunk_id in self.chunks:
            found[self._section(chunk_id)].add(chunk_id)
        return {section: frozenset(ids) for section, ids in found.items()}

    def _section(self, chunk_id: str) -> tuple[str, ...]:
        chunk = self.chunks[chunk_id]
        return (chunk.doc_id, *chunk.heading_path[:SECTION_DEPTH])

    def _by_section(self, sections: set[tuple[str, ...]]) -> frozenset[str]:
        return frozenset().union(*(self._sections[section] for section in sections))


def first_columns(chunk: Chunk) -> Iterator[tuple[str, list[str]]]:
    """The tables of a chunk as (folded header, cells) of their first columns, without backticks."""
    for block in chunk.blocks:
        lines = chunk.text[block.start : block.end].split("\n") if block.kind == "table" else []
        if len(lines) > 2 and re.fullmatch(r"[|: -]+", lines[1]):
            header, *cells = [first_cell(line) for line in (lines[0], *lines[2:])]
            if header:
                yield fold(header), [cell for cell in cells if cell]


def first_cell(line: str) -> str:
    return re.split(r"(?<!\\)\|", line.strip().removeprefix("|"))[0].strip().strip("`")


def named_things(text: str) -> Iterator[tuple[str, str]]:
    """Names in backticks with the word before and the word after them, folded."""
    for match in re.finditer(r"(?:([^\W\d_]+) )?`([^`\n]+)`(?: ([^\W\d_]+))?", text):
        for noun in (match[1], match[3]):
            if noun:
                yield match[2], fold(noun)


def _searched(chunk: Chunk) -> str:
    return f"{TITLE.join(chunk.heading_path)}\n{chunk.text}"

