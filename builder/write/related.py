"""Pairs of chunks that speak of the same thing, for questions that need both."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from builder.records import Chunk, make_id
from builder.similar import Bm25
from builder.text import content_stems, fold, identifiers

LOOKED_AT = 12  # nearest chunks that are tried as a partner
RARE = 0.05  # share of the chunks that a telling word may stand in, or ...
FEW = 3  # ... so many chunks
SHARED_WORDS = 2  # telling words that two chunks must share when no identifier is shared
ALIKE = 0.7  # share of common stems from which two chunks are copies rather than partners
WEIGHT_OF_NAME = 3  # a shared identifier counts as so many shared words

Couple = tuple[Chunk, Chunk]


def related(
    chunks: Sequence[Chunk], splits: Mapping[str, str], *, share: float, seed: int
) -> list[Couple]:
    """About share x len(chunks) couples of one split and language, none twice.

    The first of a couple is drawn by seed, the second is what it shares most with: identifiers, or
    words that few chunks have, among its nearest by BM25. splits: chunk id -> split; a chunk
    without one has no partner.
    """
    places: dict[tuple[str, str], list[Chunk]] = defaultdict(list)
    for chunk in chunks:
        if chunk.id in splits:
            places[splits[chunk.id], chunk.lang].append(chunk)
    found: list[Couple] = []
    for place in sorted(places):
        wanted = round(share * len(places[place]))
        seen: set[frozenset[str]] = set()
        for couple in _couples(places[place], seed) if wanted else ():
            ids = frozenset(chunk.id for chunk in couple)
            if ids not in seen:
                seen.add(ids)
                found.append(couple)
            if len(seen) >= wanted:
                break
    return found


def _couples(chunks: Sequence[Chunk], seed: int) -> Iterator[Couple]:
    """Couples by the hash of their first chunk: best partners of all first, then second best."""
    by_id = {chunk.id: chunk for chunk in chunks}
    lang = chunks[0].lang
    texts = {chunk.id: f"{' '.join(chunk.heading_path)}\n{chunk.text}" for chunk in chunks}
    stems = {chunk_id: frozenset(content_stems(text, lang)) for chunk_id, text in texts.items()}
    number = Counter(stem for found in stems.values() for stem in found)
    rare = {stem for stem, n in number.items() if n <= max(FEW, RARE * len(chunks))}
    index = Bm25(texts, lang=lang)
    drawn = sorted(by_id, key=lambda chunk_id: make_id(str(seed), chunk_id, "couple"))

    @cache
    def partners(chunk_id: str) -> list[str]:
        nearest = [near for near, _ in index.nearest(texts[chunk_id], LOOKED_AT + 1)]
        scored = [
            (_shared(by_id[chunk_id], by_id[near], stems, rare), -place, near)
            for place, near in enumerate(nearest)
            if near != chunk_id
        ]
        return [near for score, _, near in sorted(scored, reverse=True) if score >= SHARED_WORDS]

    for turn in range(2):
        for chunk_id in drawn:
            if len(partners(chunk_id)) > turn:
                yield by_id[chunk_id], by_id[partners(chunk_id)[turn]]


def _shared(one: Chunk, other: Chunk, stems: Mapping[str, frozenset[str]], rare: set[str]) -> int:
    """How much two chunks share; 0 for copies."""
    common = stems[one.id] & stems[other.id]
    smaller = min(len(stems[one.id]), len(stems[other.id]))
    if len(common) >= ALIKE * max(1, smaller):
        return 0
    names = _names(one.text) & _names(other.text)
    return WEIGHT_OF_NAME * len(names) + len(common & rare)


@lru_cache(maxsize=4096)
def _names(text: str) -> frozenset[str]:
    return frozenset(fold(name) for name in identifiers(text) if len(name) > 2)
