"""Cutting the evidence out of a passage so that the rest still reads like a page.

What goes: the table row, the list item with what is nested in it, the whole admonition or quote, or
the sentences of a paragraph, together with sentences that only make sense after them. What cannot
be cut cleanly (a step of a numbered list, a code block, a heading) is not cut at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from builder.records import LISTED, Block, Chunk
from builder.text import sentences, words

Span = tuple[int, int]

KEPT_WORDS = 40  # what must be left of a passage ...
KEPT_SHARE = 0.4  # ... and what share of its words
KEPT_ROWS = 2  # rows of a table and items of a list that must be left

_ORDERED = re.compile(r"\s*\d+[.)] ")
_LEADS_IN = re.compile(r":\s*$")
_DANGLING = re.compile(
    r"(?:[-*] )?(?:this|that|these|those|it|its|they|their|then|there|so|such|otherwise|however"
    r"|also|instead|therefore|thus|hence|in this case|in that case|in addition|afterwards|both"
    r"|the same|if so|if not|for example|for instance|but|and|or|as a result|after that|until then"
    r"|else|dies|diese[rsmn]?|das|er|sie|es|dann|damit|dadurch|dabei|dazu|dafür|davon|danach|daher"
    r"|deshalb|sonst|andernfalls|jedoch|aber|auch|außerdem|zudem|solche|in diesem fall|beide"
    r"|zum beispiel|und|oder|statt\w*|hier|ebenso|anschließend|bis dahin)\b"
    r"|(?:\S+ ){1,3}(?:darum|deswegen|dafür|dazu|dabei|dadurch|jedoch|however|instead|then)\b"
    r"|.*\b(?:therefore|thus|hence|consequently|deshalb|daher|demnach|folglich|somit)\b",
    re.IGNORECASE,
)


def cut_evidence(chunk: Chunk, evidence: Sequence[Span]) -> tuple[str, tuple[Span, ...]] | None:
    """The text of the chunk without the evidence, and what was cut; None where it cannot be cut.

    The cuts are offsets into chunk.text, in order, and include the white space that goes with
    them: the text without the cuts is what is returned.
    """
    found: list[Span] = []
    for number, block in enumerate(chunk.blocks):
        held = [(low, high) for low, high in evidence if block.start < high and low < block.end]
        if held:
            start, end = min(held)[0], max(high for _, high in held)
            span = _part(chunk, number, max(start, block.start), min(end, block.end))
            if span is None:
                return None
            found.append(span)
    cuts = _merged(chunk.text, found)
    rest = _without(chunk.text, cuts)
    before, after = len(words(chunk.text)), len(words(rest))
    if not cuts or after < KEPT_WORDS or after < KEPT_SHARE * before:
        return None
    return rest, cuts


def _part(chunk: Chunk, number: int, start: int, end: int) -> Span | None:
    block = chunk.blocks[number]
    if block.kind == "table":
        return _rows(chunk.text, block, start, end)
    if block.kind in LISTED:
        return _item(chunk, number)
    if block.kind == "paragraph":
        return _sentences(chunk, number, start, end)
    if block.kind in ("admonition", "quote"):
        return _block(chunk, number)
    return None


def _rows(text: str, block: Block, start: int, end: int) -> Span | None:
    """Whole rows with their line breaks; never the header, and never most of a table."""
    lines: list[Span] = []
    at = block.start
    for line in text[block.start : block.end].split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    head = 2 if len(lines) > 1 and re.fullmatch(r"[|: -]+", text[slice(*lines[1])]) else 0
    gone = [n for n, (low, high) in enumerate(lines) if low < end and start < high]
    if not gone or gone[0] < head or len(lines) - head - len(gone) < KEPT_ROWS:
        return None
    low, high = lines[gone[0]][0], lines[gone[-1]][1]
    return (low, high + 1) if gone[-1] + 1 < len(lines) else (low - 1, high)


def _item(chunk: Chunk, number: int) -> Span | None:
    blocks, block = chunk.blocks, chunk.blocks[number]
    last = number
    while last + 1 < len(blocks) and _nested(blocks[last + 1], block):
        last += 1
    following = blocks[last + 1] if last + 1 < len(blocks) else None
    numbered = _ORDERED.match(chunk.text, block.start)
    if (numbered and following is not None and following.kind in LISTED) or (
        following is not None and following.kind in ("code", "table", "quote")
    ):
        return None
    items = [
        other
        for other in _neighbours(blocks, number)
        if other.level == block.level and not number <= blocks.index(other) <= last
    ]
    if len(items) < KEPT_ROWS or (following is None and block.partial):
        return None
    return _span_of_blocks(chunk, number, last)


def _nested(block: Block, item: Block) -> bool:
    return block.kind in LISTED and block.level > item.level


def _neighbours(blocks: Sequence[Block], number: int) -> list[Block]:
    """The items of the list that block number belongs to."""
    first = last = number
    while first > 0 and blocks[first - 1].kind in LISTED:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].kind in LISTED:
        last += 1
    return list(blocks[first : last + 1])


def _sentences(chunk: Chunk, number: int, start: int, end: int) -> Span | None:
    block = chunk.blocks[number]
    text = chunk.text[block.start : block.end]
    spans = [(block.start + low, block.start + high) for low, high in sentences(text)]
    gone = [n for n, (low, high) in enumerate(spans) if low < end and start < high]
    if not gone:
        return None
    first, last = gone[0], gone[-1]
    while last + 1 < len(spans) and _DANGLING.match(chunk.text[slice(*spans[last + 1])]):
        last += 1
    if _LEADS_IN.search(chunk.text[slice(*spans[last])]):
        return None
    if last == len(spans) - 1 and _dangles_after(chunk, number):
        return None
    if first == 0 and last == len(spans) - 1:
        return _block(chunk, number)
    if last + 1 < len(spans):
        return spans[first][0], spans[last + 1][0]
    return spans[first - 1][1], spans[last][1]


def _dangles_after(chunk: Chunk, number: int) -> bool:
    """Whether the next block goes on where block number ended."""
    if number + 1 == len(chunk.blocks):
        return chunk.blocks[number].partial
    following = chunk.blocks[number + 1]
    if following.kind in ("code", *LISTED, "table", "quote"):
        return True
    return bool(_DANGLING.match(chunk.text[following.start : following.end]))


def _block(chunk: Chunk, number: int) -> Span | None:
    """A whole block; with the headings above it when nothing would be left under them."""
    blocks = chunk.blocks
    if number and _LEADS_IN.search(chunk.text[blocks[number - 1].start : blocks[number - 1].end]):
        return None
    if _dangles_after(chunk, number):
        return None
    first = number
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    while (
        first > 0
        and blocks[first - 1].kind == "heading"
        and (
            following is None
            or (following.kind == "heading" and following.level <= blocks[first - 1].level)
        )
    ):
        first -= 1
    return _span_of_blocks(chunk, first, number)


def _span_of_blocks(chunk: Chunk, first: int, last: int) -> Span:
    """Blocks first to last with the white space after them, or before them at the end."""
    if last + 1 < len(chunk.blocks):
        return chunk.blocks[first].start, chunk.blocks[last + 1].start
    before = chunk.blocks[first - 1].end if first else 0
    return before, chunk.blocks[last].end


def _merged(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, joined where they touch; one at the end takes the white space before."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    if merged and merged[-1][1] == len(text):
        merged[-1] = len(text[: merged[-1][0]].rstrip()), len(text)
    return tuple(merged)


def _without(text: str, cuts: Sequence[Span]) -> str:
    kept, at = [], 0
    for start, end in cuts:
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]])
