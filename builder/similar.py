"""How alike texts are: BM25 search over chunks, and near-duplicate joins over questions and chunks.

Everything here is exact and deterministic: no signatures, no sampling, ties broken by id.
"""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal

from builder.text import content_stems, fold, words

if TYPE_CHECKING:
    import numpy as np
    from bm25s import BM25
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

Measure = Literal["jaccard", "containment"]
Match = tuple[str, str, float]  # two ids, the smaller first, and how alike they are

GRAM_CHARACTERS = 4
SHINGLE_WORDS = 5
_ROUNDING = 1e-9


class Bm25:
    """A search index over texts of one language (BM25 as Lucene computes it; Robertson 2009)."""

    def __init__(self, texts: Mapping[str, str], *, lang: str) -> None:
        self._lang = lang
        self._ids = sorted(texts)
        self._numbers = {text_id: number for number, text_id in enumerate(self._ids)}
        stems = [content_stems(texts[text_id], lang) for text_id in self._ids]
        vocabulary = {stem: n for n, stem in enumerate(sorted(set().union(*stems)))}
        self._vocabulary = vocabulary
        self._index = _index([[vocabulary[stem] for stem in found] for found in stems], vocabulary)

    def nearest(
        self, query: str, k: int, *, among: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The k best texts for query as (id, score), best first, ties by id.

        Every distinct stem of the query counts once. Texts that share no stem with it are left
        out. among: the ids to choose from (unknown ones are ignored); None for all.
        """
        import numpy as np

        known = {stem for stem in content_stems(query, self._lang) if stem in self._vocabulary}
        if not known or self._index is None or k <= 0:
            return []
        scores = self._index.get_scores(sorted(self._vocabulary[stem] for stem in known))
        found = np.flatnonzero(scores)
        if among is not None:
            wanted = [self._numbers[text_id] for text_id in among if text_id in self._numbers]
            found = np.intersect1d(found, np.asarray(wanted, dtype=np.int64))
        best = found[np.lexsort((found, -scores[found]))][:k]
        return [(self._ids[number], float(scores[number])) for number in best]


def near_duplicates(texts: Mapping[str, str], threshold: float) -> list[Match]:
    """All pairs of texts whose sets of character 4-grams have a Jaccard of at least threshold.

    For questions and other short texts. Texts are folded first; a text of fewer than four
    characters is one gram, an empty one is like nothing. Sorted by ids.
    """
    codes = {text_id: [ord(character) for character in fold(texts[text_id])] for text_id in texts}
    return _alike(codes, GRAM_CHARACTERS, threshold, "jaccard")


def near_duplicate_texts(
    texts: Mapping[str, str], threshold: float, *, measure: Measure = "containment"
) -> list[Match]:
    """All pairs of texts whose sets of word 5-grams are alike by at least threshold.

    For chunks and documents. containment: shared shingles over those of the smaller text, which
    also finds a page that was taken over into a longer one. jaccard: shared shingles over all
    shingles of both. A text of fewer than five words is one shingle, an empty one is like nothing.
    Equal texts are compared once, but all their pairs are listed. Sorted by ids.
    """
    numbers: dict[str, int] = {}
    codes = {
        text_id: [numbers.setdefault(word, len(numbers) + 1) for word in words(texts[text_id])]
        for text_id in sorted(texts)
    }
    return _alike(codes, SHINGLE_WORDS, threshold, measure)


def _index(corpus: list[list[int]], vocabulary: Mapping[str, int]) -> BM25 | None:
    if not vocabulary:
        return None
    from bm25s import BM25

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells every step at DEBUG
    index = BM25(method="lucene", dtype="float64", backend="numpy")
    index.index((corpus, dict(vocabulary)), create_empty_token=False, show_progress=False)
    return index


def _alike(
    codes: Mapping[str, Sequence[int]], width: int, threshold: float, measure: Measure
) -> list[Match]:
    if not 0.0 < threshold <= 1.0:
        raise ValueError(f"threshold {threshold} is not in (0, 1]")
    equal: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for text_id in sorted(codes):
        if codes[text_id]:
            equal[tuple(codes[text_id])].append(text_id)
    groups = list(equal.values())
    sets = _sets(list(equal), width)
    found: list[Match] = [
        (first, second, 1.0)
        for group in groups
        for n, first in enumerate(group)
        for second in group[n + 1 :]
    ]
    for small, large, score in _joined(sets, threshold, measure):
        found.extend(
            (min(first, second), max(first, second), score)
            for first in groups[small]
            for second in groups[large]
        )
    return sorted(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Set:
    """The distinct grams of one text, as ranks from the rarest to the commonest.

    shared: ranks of the grams that another text has too; alone: the number of the others.
    """

    number: int
    shared: tuple[int, ...]
    alone: int

    @property
    def size(self) -> int:
        return len(self.shared) + self.alone

    def prefix(self, threshold: float) -> tuple[int, ...]:
        """The rarest grams, of which a set that holds threshold of this one must have one."""
        length = self.size - ceil(threshold * self.size - _ROUNDING) + 1
        return self.shared[: max(0, length - self.alone)]


def _sets(sequences: Sequence[Sequence[int]], width: int) -> list[_Set]:
    if not sequences:
        return []
    import numpy as np

    owners, grams = _grams(sequences, width)
    limit = int(grams.max()) + 1
    keys = np.sort(owners * limit + grams)  # np.unique without its order is several times slower
    owners, grams = np.divmod(keys[np.append(True, keys[1:] != keys[:-1])], limit)
    frequency = np.bincount(grams)
    order = np.lexsort((np.arange(len(frequency)), frequency))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    sizes = np.bincount(owners, minlength=len(sequences))
    kept = frequency[grams] > 1
    owners, ranks = owners[kept], rank[grams[kept]]
    by_owner = np.lexsort((ranks, owners))
    ends = np.cumsum(np.bincount(owners, minlength=len(sequences)))
    parts = np.split(ranks[by_owner], ends[:-1])
    return [
        _Set(number=number, shared=tuple(part.tolist()), alone=int(size) - len(part))
        for number, (part, size) in enumerate(zip(parts, sizes, strict=True))
    ]


def _grams(sequences: Sequence[Sequence[int]], width: int) -> tuple[Integers, Integers]:
    """Every window of width codes as (number of its sequence, number of the gram), without hashing.

    A sequence shorter than width is filled up with 0, which is no code.
    """
    import numpy as np

    lengths = np.array([max(width, len(sequence)) for sequence in sequences], dtype=np.int64)
    flat = np.zeros(int(lengths.sum()), dtype=np.int64)
    ends = np.cumsum(lengths)
    for sequence, start in zip(sequences, ends - lengths, strict=True):
        flat[start : start + len(sequence)] = sequence
    grams = np.unique(flat, return_inverse=True)[1].astype(np.int64)
    letters = grams
    for step in range(1, width):
        wider = grams[:-1] * (int(letters.max()) + 1) + letters[step:]
        grams = np.unique(wider, return_inverse=True)[1].astype(np.int64)
    owners = np.repeat(np.arange(len(sequences), dtype=np.int64), lengths)
    whole = owners[: len(grams)] == owners[width - 1 :]
    return owners[: len(grams)][whole], grams[whole]


def _joined(
    sets: Iterable[_Set], threshold: float, measure: Measure
) -> Iterator[tuple[int, int, float]]:
    """The prefix-filter join (Chaudhuri 2006, Bayardo 2007): small to large, each pair once."""
    postings: dict[int, list[_Set]] = defaultdict(list)
    ordered = sorted(sets, key=lambda entry: (entry.size, entry.number), reverse=True)
    for entry in ordered:  # everything in the index is at least as large
        prefix = entry.prefix(threshold)
        mine = set(entry.shared)
        for other in _candidates(entry, prefix, postings, threshold, measure):
            overlap = sum(map(mine.__contains__, other.shared))
            whole = entry.size + other.size - overlap if measure == "jaccard" else entry.size
            if overlap / whole >= threshold:
                yield entry.number, other.number, overlap / whole
        for gram in prefix if measure == "jaccard" else entry.shared:
            postings[gram].append(entry)


def _candidates(
    entry: _Set,
    prefix: Sequence[int],
    postings: Mapping[int, list[_Set]],
    threshold: float,
    measure: Measure,
) -> Iterable[_Set]:
    limit = entry.size / threshold + _ROUNDING if measure == "jaccard" else float("inf")
    found: dict[int, _Set] = {}
    for gram in prefix:
        held = postings.get(gram, [])
        first = bisect_left(held, -limit, key=lambda other: -other.size)
        for other in held[first:]:
            found[other.number] = other
    return found.values()
