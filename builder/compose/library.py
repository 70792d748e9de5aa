"""The chunks as a row may use them: who may stand beside whom, and what is attested where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from builder.compose.absence import Weights
from builder.records import Assignment, Chunk, Draft, Passage, Split
from builder.similar import Bm25, near_duplicate_texts

COPY = 0.5  # containment of word 5-grams from which two chunks never stand in one row
SECTION_DEPTH = 2  # headings that siblings share: the document's title and its section
TITLE = " > "


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Something that a draft asks about by name.

    rule, question: those of the draft.
    """

    text: str
    noun: str
    rule: str
    question: str
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
    def by_document(self) -> Mapping[str, tuple[Chunk, ...]]:
        """The chunks of every document of the shelf, by document id."""
        found: dict[str, list[Chunk]] = defaultdict(list)
        for chunk in self.chunks.values():
            found[chunk.doc_id].append(chunk)
        return {doc_id: tuple(parts) for doc_id, parts in found.items()}

    @cached_property
    def keys_like(self) -> Mapping[tuple[str, str], tuple[Key, ...]]:
        """The keys by noun and rule."""
        found: dict[tuple[str, str], list[Key]] = defaultdict(list)
        for key in self.keys:
            found[key.noun, key.rule].append(key)
        return {kind: tuple(keys) for kind, keys in found.items()}


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
        self._corpus: dict[str, Bm25] = {}
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
        """The other chunks of the draft's own section, and those before and after its chunk.

        A chunk that holds several sections belongs to each of them.
        """
        found: set[str] = set()
        for chunk_id in draft.chunk_ids:
            own = self.chunks[chunk_id]
            document = self._documents[own.doc_id]
            at = document.index(own)
            found.update(part.id for part in document[max(0, at - 1) : at + 2])
            found.update(part.id for part in document if _same_section(part, own))
        return frozenset(found.difference(draft.chunk_ids))

    def nearest_of_all(self, draft: Draft, query: str, number: int) -> list[str]:
        """The chunks of any split nearest to query, best first, in the draft's chunk's language."""
        lang = self.chunks[draft.chunk_ids[0]].lang
        if lang not in self._corpus:
            texts = {c.id: _searched(c) for c in self.chunks.values() if c.lang == lang}
            self._corpus[lang] = Bm25(texts, lang=lang)
        return [chunk_id for chunk_id, _ in self._corpus[lang].nearest(query, number)]

    def passage(self, chunk_id: str, *, gold: bool = False) -> Passage:
        chunk = self.chunks[chunk_id]
        return Passage(
            chunk_id=chunk_id,
            role="gold" if gold else "distractor",
            title=TITLE.join(chunk.heading_path),
            text=chunk.text,
            opening=chunk.opening,
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
                        question=draft.question,
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
    def _documents(self) -> dict[str, list[Chunk]]:
        found: dict[str, list[Chunk]] = defaultdict(list)
        for chunk in sorted(self.chunks.values(), key=lambda chunk: chunk.start):
            found[chunk.doc_id].append(chunk)
        return found


def _same_section(one: Chunk, other: Chunk) -> bool:
    depth = min(SECTION_DEPTH, len(one.heading_path), len(other.heading_path))
    return one.heading_path[:depth] == other.heading_path[:depth]


def _searched(chunk: Chunk) -> str:
    return f"{TITLE.join(chunk.heading_path)}\n{chunk.text}"
