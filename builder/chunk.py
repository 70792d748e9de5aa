"""Document -> chunks: exact token budgets, cut where a reader would cut.

A document becomes atoms (blocks; where a block is too large: lines, sentences, words). Dynamic
programming over the gaps between atoms finds the cuts of least total cost: a cut is cheap before a
heading, dear inside a list or table, and ruinous between a heading and its text; unfilled chunks
cost a little. Because the cost is a sum over chunks, an edit moves few cuts beside it. Sizes are
first estimated by adding up atoms, then counted exactly on the chosen chunks; a chunk that turns
out over budget is forbidden and the plan is made anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from builder.records import Block, Chunk, Document, make_id
from builder.text import sentences

Sizer = Callable[[str], int]  # text -> number of tokens
Span = tuple[int, int]

_FILL = 2.5  # weight of unused budget, squared
_CHUNK = 0.6  # cost of one more chunk
_AFTER_HEADING = 1000.0  # a heading parted from its text
_IN_LIST, _IN_BLOCK, _IN_SENTENCE = 1.6, 7.0, 60.0
_AFTER_LEAD_IN = 12.0  # "... as follows:" parted from what follows
_IN_ANSWER = 8.0  # the text under a heading that is a question
_HEADING_COST = (0.0, 0.0, 0.1, 0.35, 0.5, 0.6, 0.6)  # a cut before a heading, by level


@dataclass(frozen=True, slots=True)
class _Atom:
    """A piece that is never cut: its offsets, its block, the cost of a cut before it."""

    start: int
    end: int
    block: int
    cut: float
    size: int


def chunk(document: Document, *, size: Sizer, max_tokens: int) -> list[Chunk]:
    """Cut a document into chunks of at most max_tokens tokens, in order.

    Every character that is not white space between blocks is in exactly one chunk, verbatim.
    """
    atoms = _atoms(document, size=size, max_tokens=max_tokens)
    return _records(document, _cuts(document.text, atoms, size, max_tokens), atoms, size)


def _atoms(document: Document, *, size: Sizer, max_tokens: int) -> list[_Atom]:
    atoms: list[_Atom] = []
    for number, block in enumerate(document.blocks):
        before = document.blocks[number - 1] if number else None
        cut = _cost_before(document.text, before, block)
        tokens = size(document.text[block.start : block.end])
        if tokens <= max_tokens:
            atoms.append(_Atom(block.start, block.end, number, cut, tokens))
            continue
        for start, end, inner in _pieces(document.text, block, size, max_tokens):
            first = start == block.start
            tokens = size(document.text[start:end])
            atoms.append(_Atom(start, end, number, cut if first else inner, tokens))
    return atoms


def _cost_before(text: str, before: Block | None, block: Block) -> float:
    if before is None:
        return 0.0
    if before.kind == "heading":
        return _AFTER_HEADING
    if block.kind == "heading":
        return _HEADING_COST[min(block.level, len(_HEADING_COST) - 1)]
    if text[before.start : before.end].rstrip().endswith(":"):
        return _AFTER_LEAD_IN
    if block.heading_path and block.heading_path[-1].endswith("?"):
        return _IN_ANSWER
    if block.kind == before.kind == "list_item":
        return _IN_LIST + 0.4 * min(block.level - 1, 3)
    if before.kind == "list_item":
        return _IN_LIST
    return 1.0


def _pieces(
    text: str, block: Block, size: Sizer, max_tokens: int
) -> Iterator[tuple[int, int, float]]:
    """Parts of a block that each fit: lines of code and tables, sentences, else words."""
    spans = _lines(text, block) if block.kind in ("code", "table") else _sentences(text, block)
    for start, end in spans:
        if size(text[start:end]) <= max_tokens:
            yield start, end, _IN_BLOCK
            continue
        for low, high in _word_runs(text, start, end, size, max_tokens):
            yield low, high, _IN_BLOCK if low == start else _IN_SENTENCE


def _lines(text: str, block: Block) -> list[Span]:
    spans = [match.span() for match in re.finditer(r"[^\n]+", text[block.start : block.end])]
    return [(block.start + low, block.start + high) for low, high in spans]


def _sentences(text: str, block: Block) -> list[Span]:
    found = sentences(text[block.start : block.end])
    spans = [(block.start + low, block.start + high) for low, high in found]
    starts = [block.start, *(low for low, _ in spans[1:])]
    return list(zip(starts, [high for _, high in spans], strict=True))


def _word_runs(text: str, start: int, end: int, size: Sizer, max_tokens: int) -> Iterator[Span]:
    """Runs of whole words that fill the budget; a word that does not fit is cut by characters."""
    while start < end:
        stop = _fitting(text, start, end, size, max_tokens)
        if stop < end:
            blank = max(text.rfind(" ", start + 1, stop), text.rfind("\n", start + 1, stop))
            stop = blank if blank > start else stop
        yield start, stop
        start = stop
        while start < end and text[start].isspace():
            start += 1


def _fitting(text: str, start: int, end: int, size: Sizer, max_tokens: int) -> int:
    """The largest stop for which text[start:stop] fits, by doubling and halving."""
    low, step = start + 1, max(1, max_tokens)
    while low + step < end and size(text[start : low + step]) <= max_tokens:
        low += step
        step *= 2
    high = min(end, low + step)
    if size(text[start:high]) <= max_tokens:
        return high
    while low < high - 1:
        middle = (low + high) // 2
        if size(text[start:middle]) <= max_tokens:
            low = middle
        else:
            high = middle
    return low


def _cuts(text: str, atoms: Sequence[_Atom], size: Sizer, max_tokens: int) -> list[Span]:
    """The chunks as (first, last + 1) atom numbers; every one verified to fit."""
    forbidden: set[Span] = set()
    fits: set[Span] = set()
    while True:
        plan = _plan(atoms, max_tokens, forbidden)
        wrong = {
            span
            for span in plan
            if span not in fits
            and span[1] - span[0] > 1
            and size(text[atoms[span[0]].start : atoms[span[1] - 1].end]) > max_tokens
        }
        if not wrong:
            return plan
        fits.update(set(plan) - wrong)
        forbidden |= wrong


def _plan(atoms: Sequence[_Atom], max_tokens: int, forbidden: set[Span]) -> list[Span]:
    """The cheapest way to cut, by dynamic programming from the end to the start."""
    count = len(atoms)
    best = [0.0] * (count + 1)
    choice = [count] * (count + 1)
    for first in range(count - 1, -1, -1):
        best[first], choice[first] = float("inf"), first + 1
        total = 0
        for last in range(first, count):
            total += atoms[last].size + (last > first)  # one token for the blank lines between
            if total > max_tokens and last > first:
                break
            if (first, last + 1) in forbidden:
                continue
            after = atoms[last + 1].cut if last + 1 < count else 0.0
            cost = after + _CHUNK + _FILL * (1 - min(1, total / max_tokens)) ** 2 + best[last + 1]
            if cost < best[first]:
                best[first], choice[first] = cost, last + 1
    plan: list[Span] = []
    at = 0
    while at < count:
        plan.append((at, choice[at]))
        at = choice[at]
    return plan


def _records(
    document: Document, plan: Sequence[Span], atoms: Sequence[_Atom], size: Sizer
) -> list[Chunk]:
    chunks: list[Chunk] = []
    seen: dict[tuple[tuple[str, ...], str], int] = {}
    for first, stop in plan:
        start, end = atoms[first].start, atoms[stop - 1].end
        text = document.text[start:end]
        own = document.blocks[atoms[first].block : atoms[stop - 1].block + 1]
        blocks = _within(own, start, end)
        path = _common_path([block.heading_path for block in blocks]) or (document.title,)
        same = (path, text)
        seen[same] = seen.get(same, 0) + 1
        chunks.append(
            Chunk(
                id=make_id("chunk", document.id, *path, text, str(seen[same])),
                doc_id=document.id,
                path=document.path,
                lang=document.lang,
                text=text,
                start=start,
                end=end,
                heading_path=path,
                n_tokens=size(text),
                blocks=blocks,
            )
        )
    return chunks


def _within(blocks: Sequence[Block], start: int, end: int) -> tuple[Block, ...]:
    return tuple(
        replace(
            block,
            start=max(block.start, start) - start,
            end=min(block.end, end) - start,
            partial=block.start < start or block.end > end,
        )
        for block in blocks
    )


def _common_path(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The headings that all paths share, outermost first."""
    shared: list[str] = []
    for level in zip(*paths, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return tuple(shared)
