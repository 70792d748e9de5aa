"""Who goes to train and who to eval, decided before anything is written.

Units (documents; for a language with few documents: their top-level sections) that hold
near-duplicate text are joined to groups by union-find. Per language, groups in the order of
hash(seed, smallest path) fill eval, then validation; the rest is train. So a new document moves
only its own group and the one at the boundary. A group counts as a third of its language at most.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from builder.config import SplitSettings
from builder.records import Assignment, Chunk, Pair, Split, make_id
from builder.similar import Match, near_duplicate_texts
from builder.text import fold, words

FEW_GROUPS = 5  # fewer groups of one language than this: its documents are split at sections
BOILERPLATE = 5  # a text in this many documents joins nothing and enters no row
NEAR = 0.6  # containment of word 5-grams that makes two chunks near-duplicates
SAME = 0.9  # and that which leaves the smaller of two documents' chunks out of writing
THIRD = 3
SECTION = " # "  # between path and section in the name of a unit that is a section
SUBSTANTIAL = 25  # words that a chunk needs to join two documents


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitResult:
    """The assignments in the order of the chunks, and what a reader must know of them."""

    assignments: tuple[Assignment, ...]
    notes: tuple[str, ...]


def split(
    chunks: Sequence[Chunk],
    *,
    settings: SplitSettings,
    seed: int,
    pinned: Mapping[str, Split] | None = None,
) -> SplitResult:
    """Assign every chunk to a split. pinned: unit -> split of an earlier run, kept as it was."""
    matches = _near_pairs(chunks)
    near = [(one, other) for one, other, _ in matches]
    boilerplate = _boilerplate(chunks, near)
    repeated = _repeated([c for c in chunks if not c.unfit and c.id not in boilerplate], matches)
    unused = {c.id: c.unfit for c in chunks if c.unfit}
    unused |= dict.fromkeys(repeated, "duplicate") | dict.fromkeys(boilerplate, "boilerplate")
    by_document = {chunk.id: chunk.path for chunk in chunks}
    groups = _groups(chunks, by_document, near, boilerplate)
    unit_of, notes = dict(by_document), []
    for lang, few in sorted(_few(chunks, groups, by_document).items()):
        sections = {c.id: _section(c) for c in chunks if c.lang == lang}
        unit_of.update(sections)
        notes.append(
            f"{lang}: only {few} independent document{'s' * (few != 1)}, "
            "so they were split at their top-level sections"
        )
    if notes:
        groups = _groups(chunks, unit_of, near, boilerplate)
    written = [chunk for chunk in chunks if chunk.id not in unused]
    chosen = _fill(chunks, written, unit_of, groups, settings, seed, pinned or {})
    return SplitResult(
        assignments=tuple(
            Assignment(
                chunk_id=chunk.id,
                doc_id=chunk.doc_id,
                group=groups[unit_of[chunk.id]],
                split=chosen[groups[unit_of[chunk.id]]],
                use=chunk.id not in unused,
                reason=unused.get(chunk.id, ""),
            )
            for chunk in chunks
        ),
        notes=tuple(notes),
    )


def leakage(pairs: Sequence[Pair], assignments: Mapping[str, Assignment]) -> dict[str, int]:
    """What the splits share: every figure must be 0.

    groups, documents (but for those that were split at their sections, which `split` notes),
    passages (chunk ids) and contexts (equal folded text of a passage).
    """
    used = [(pair, assignments[part.chunk_id]) for pair in pairs for part in pair.passages]
    return {
        "groups": _shared((a.group, p.split) for p, a in used),
        "documents": _shared((a.doc_id, p.split) for p, a in used if SECTION not in a.group),
        "passages": _shared((part.chunk_id, p.split) for p in pairs for part in p.passages),
        "contexts": _shared((fold(part.text), p.split) for p in pairs for part in p.passages),
    }


def _shared(seen: Iterable[tuple[str, Split]]) -> int:
    splits: dict[str, set[Split]] = defaultdict(set)
    for key, name in seen:
        splits[key].add(name)
    return sum(len(names) > 1 for names in splits.values())


def _near_pairs(chunks: Sequence[Chunk]) -> list[Match]:
    texts = {c.id: c.text for c in chunks if len(words(c.text)) >= SUBSTANTIAL}
    return near_duplicate_texts(texts, NEAR)


def _repeated(chunks: Sequence[Chunk], matches: Sequence[Match]) -> set[str]:
    """Chunks whose text (nearly) stands in one of another document that is written from.

    A manual as HTML and as PDF is asked about once: the longer of two is kept, else the first.
    """
    document = {chunk.id: chunk.doc_id for chunk in chunks}
    beside: dict[str, list[str]] = defaultdict(list)
    for one, other, alike in matches:
        known = one in document and other in document
        if known and alike >= SAME and document[one] != document[other]:
            beside[one].append(other)
            beside[other].append(one)
    found: set[str] = set()
    kept: set[str] = set()
    for chunk in sorted(chunks, key=lambda chunk: (-len(chunk.text), chunk.path, chunk.id)):
        (kept if kept.isdisjoint(beside[chunk.id]) else found).add(chunk.id)
    return found


def _boilerplate(chunks: Sequence[Chunk], near: Sequence[tuple[str, str]]) -> set[str]:
    """Chunks whose text stands in BOILERPLATE or more documents."""
    document = {chunk.id: chunk.doc_id for chunk in chunks}
    found: dict[str, set[str]] = defaultdict(set)
    same: dict[str, list[str]] = defaultdict(list)
    for chunk in chunks:
        same[fold(chunk.text)].append(chunk.id)
    for ids in same.values():
        for one in ids:
            found[one] |= {document[other] for other in ids}
    for a, b in near:
        found[a].add(document[b])
        found[b].add(document[a])
    return {one for one, documents in found.items() if len(documents) >= BOILERPLATE}


def _groups(
    chunks: Sequence[Chunk],
    unit_of: Mapping[str, str],
    near: Sequence[tuple[str, str]],
    boilerplate: set[str],
) -> dict[str, str]:
    """Unit -> its group, which is the smallest unit of the group."""
    parent = {unit: unit for unit in set(unit_of.values())}

    def root(unit: str) -> str:
        while parent[unit] != unit:
            parent[unit] = parent[parent[unit]]
            unit = parent[unit]
        return unit

    def join(one: str, other: str) -> None:
        low, high = sorted((root(one), root(other)))
        parent[high] = low

    for a, b in near:
        if a not in boilerplate and b not in boilerplate:
            join(unit_of[a], unit_of[b])
    same: dict[str, str] = {}
    for chunk in chunks:
        if chunk.id not in boilerplate:
            join(unit_of[chunk.id], unit_of[same.setdefault(fold(chunk.text), chunk.id)])
    return {unit: root(unit) for unit in parent}


def _few(
    chunks: Sequence[Chunk], groups: Mapping[str, str], unit_of: Mapping[str, str]
) -> dict[str, int]:
    found: dict[str, set[str]] = defaultdict(set)
    for chunk in chunks:
        found[chunk.lang].add(groups[unit_of[chunk.id]])
    return {lang: len(names) for lang, names in found.items() if len(names) < FEW_GROUPS}


def _section(chunk: Chunk) -> str:
    """The top-level section a chunk begins in, as a unit of its own."""
    path = chunk.blocks[0].heading_path if chunk.blocks else chunk.heading_path
    return f"{chunk.path}{SECTION}{' > '.join(path[:2])}"


def _fill(
    chunks: Sequence[Chunk],
    written: Sequence[Chunk],
    unit_of: Mapping[str, str],
    groups: Mapping[str, str],
    settings: SplitSettings,
    seed: int,
    pinned: Mapping[str, Split],
) -> dict[str, Split]:
    """Group -> split. written: the chunks that are written from, which fill the shares."""
    size: Counter[str] = Counter(dict.fromkeys(groups.values(), 0))
    size.update(groups[unit_of[chunk.id]] for chunk in written)
    langs: dict[str, set[str]] = defaultdict(set)
    for chunk in chunks:
        langs[groups[unit_of[chunk.id]]].add(chunk.lang)
    chosen = _pinned_groups(groups, pinned)
    for lang in sorted({min(found) for found in langs.values()}):
        own = sorted(
            (g for g in size if min(langs[g]) == lang),
            key=lambda g: (make_id(str(seed), g, "split"), g),
        )
        most = _most([size[g] for g in own])
        total = sum(min(size[g], most) for g in own)
        for name, share in (("eval", settings.eval), ("validation", settings.validation)):
            _take(own, chosen, size, name, share * total)
    return {group: chosen.get(group, "train") for group in size}


def _most(sizes: Sequence[int]) -> float:
    """How much a group counts at most: as a third of all.

    So the others need not give to eval what is the share of one document, such as a long
    changelog, that stays in train as a whole.
    """
    if len(sizes) < THIRD:
        return max(sizes, default=0)
    ordered = sorted(sizes, reverse=True)
    capped = (sum(ordered[larger:]) / (THIRD - larger) for larger in range(THIRD))
    return next(most for most, size in zip(capped, ordered, strict=False) if size <= most)


def _pinned_groups(groups: Mapping[str, str], pinned: Mapping[str, Split]) -> dict[str, Split]:
    """A group stays where an earlier run had it; eval wins where it was in several."""
    order: dict[Split, int] = {"eval": 0, "validation": 1, "train": 2}
    found: dict[str, Split] = {}
    for unit, group in groups.items():
        for known in (unit, group):
            if known in pinned:
                found[group] = min(found.get(group, "train"), pinned[known], key=order.__getitem__)
    return found


def _take(
    own: Sequence[str], chosen: dict[str, Split], size: Counter[str], name: str, quota: float
) -> None:
    """Give groups to a split until its quota is met; one that overshoots badly is passed over."""
    held = sum(size[group] for group in own if chosen.get(group) == name)
    free = [group for group in own if group not in chosen]
    for group in free:
        if len(free) == 1 or held >= quota:
            return
        if held + size[group] <= quota or held + size[group] - quota < quota - held:
            chosen[group] = "eval" if name == "eval" else "validation"
            held += size[group]
