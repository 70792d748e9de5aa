"""Chunks that no question should be asked of, each with a reason.

A wrong mark loses a passage, a missed one costs a request: a rule speaks only where nearly all of
a chunk is of one kind, and never of a chunk that explains something in sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from builder.records import Chunk
from builder.text import fold, words

_FEW = 5  # entries that make a list
_MOST = 0.8  # share of a chunk's entries that a rule must hold for
_SAME = 0.9  # share of its text that makes a chunk the duplicate of another
_SUBSTANTIAL = 120  # characters below which it is none
_SAYS = 12  # characters of a part that says something
_MANY = 50  # chunks that hold the same part and are looked at
_PARTS = re.compile(r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])|\n\s*")

_ENTRY = frozenset(("list_item", "definition"))
_MARKER = re.compile(r"\s*(?:[-*+]|\d{1,4}[.)])\s+")
_PAGE = re.compile(r"(?:\.{3,}|[\u2026\u00b7]{2,}|(?:\. ){3,})\s*(?:\d{1,4}|[ivxlc]{1,6})\s*$")
_NUMBERED = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,4}\.?\s+\S")
_SENTENCE = re.compile(r"[.!?\u3002\uff01\uff1f:;]\W*$")
_ADDRESS = re.compile(r"(?:https?|ftp)://\S+|\bwww\.\S+|\S+@\S+\.\w+")
_VERSION = re.compile(
    r"(?:version\s+|release\s+|v)?\d{1,4}\.\d{1,4}(?:\.\d{1,5})*[\w.+-]{0,12}"
    r"(?:\s*[-\u2013,(]?\s*"
    r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./ ]\S{1,10}[./ ]\d{4}|\w+ \d{1,2}, \d{4}))?\)?\W*",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"(?:table of )?contents|on this page|index|overview of contents|inhalt(?:sverzeichnis)?|"
    r"stichwortverzeichnis|auf dieser seite|目次|目录|目錄",
    re.IGNORECASE,
)
_LEGAL = (  # phrases of licences and notices that stand in no instructions
    "permission is hereby granted",
    "the above copyright notice",
    "without warranty of any kind",
    "without any warranty",
    "all rights reserved",
    "redistribution and use in source and binary forms",
    "provided by the copyright holders",
    'the software is provided "as is"',
    "warranties of merchantability",
    "implied warranty of merchantability",
    "fitness for a particular purpose",
    "licensed under the apache license",
    "gnu general public license",
    "gnu free documentation license",
    "in no event shall",
    "in no event unless required",
    "alle rechte vorbehalten",
    "ohne jede gewährleistung",
    "keine gewähr für",
    "haftungsausschluss",
)
_LEGAL_WORD = re.compile(r"(?i)warrant|licen[sc]e|copyright|liab|rechte vorbehalten|haftung")


def marked(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks of one document, those that nothing should be written from marked as `unfit`.

    contents: a table of contents or an index; links: addresses and hardly more; legal: a licence
    or disclaimer; versions: a list of releases that says nothing of them; duplicate: (nearly) the
    text of an earlier chunk of the same document.
    """
    holders: dict[str, list[int]] = {}  # sentence -> the chunks that hold it
    found = []
    for number, chunk in enumerate(chunks):
        lines = _lines(chunk)
        reason = next((name for name, rule in _RULES.items() if rule(chunk, lines)), "")
        said = [part for part in _PARTS.split(chunk.text) if len(part) >= _SAYS]
        if not reason and _repeats(said, holders):
            reason = "duplicate"
        for part in said:
            holders.setdefault(part, []).append(number)
        found.append(replace(chunk, unfit=reason) if reason else chunk)
    return found


def _repeats(said: Sequence[str], holders: Mapping[str, Sequence[int]]) -> bool:
    """Whether one earlier chunk holds nearly all of these sentences, by their length."""
    shared: dict[int, int] = {}
    for part in said:
        for other in dict.fromkeys(holders.get(part, ())[:_MANY]):
            shared[other] = shared.get(other, 0) + len(part)
    total = sum(map(len, said))
    return total >= _SUBSTANTIAL and max(shared.values(), default=0) >= _SAME * total


def _contents(chunk: Chunk, lines: Sequence[str]) -> bool:
    """Lines that end in page numbers; or under such a heading, entries without a sentence."""
    if len(lines) >= _FEW and _most(lines, _MOST, lambda line: bool(_PAGE.search(line))):
        return True
    if not _CONTENTS.fullmatch(fold(_heading(chunk))) or len(lines) < _FEW:
        return False
    if any(block.kind not in _ENTRY and block.kind != "heading" for block in chunk.blocks):
        return False
    return _most(lines, 0.9, lambda entry: len(entry) < 100 and not _SENTENCE.search(entry))


def _links(chunk: Chunk, lines: Sequence[str]) -> bool:
    """Entries that are addresses and hardly more."""
    if len(lines) < _FEW or any(b.kind in ("code", "table", "definition") for b in chunk.blocks):
        return False

    def bare(line: str) -> bool:
        rest = _ADDRESS.sub("", line)
        return rest != line and len(words(rest)) <= 4

    return _most(lines, _MOST, bare)


def _legal(chunk: Chunk, _lines: Sequence[str]) -> bool:
    """Three phrases of licences or more, in blocks that are most of the chunk."""
    if not _LEGAL_WORD.search(chunk.text) or any(b.kind in ("code", "table") for b in chunk.blocks):
        return False
    held: set[str] = set()
    size = 0
    for block in chunk.blocks:
        text = fold(chunk.text[block.start : block.end])
        phrases = {phrase for phrase in _LEGAL if phrase in text}
        held |= phrases
        size += len(text) if phrases else 0
    return len(held) >= 3 and size >= 0.6 * len(chunk.text)


def _versions(chunk: Chunk, lines: Sequence[str]) -> bool:
    """Numbers and dates of releases without a word on what changed."""
    titles = [chunk.text[b.start : b.end].lstrip("# ") for b in chunk.blocks if b.kind == "heading"]
    said = [*lines, *titles]
    return len(said) > _FEW and _most(said, 0.9, lambda line: bool(_VERSION.fullmatch(line)))


_RULES: dict[str, Callable[[Chunk, Sequence[str]], bool]] = {
    "contents": _contents,
    "links": _links,
    "legal": _legal,
    "versions": _versions,
}


def _lines(chunk: Chunk) -> list[str]:
    """The lines of a chunk that are no headings, without list markers."""
    return [
        line
        for block in chunk.blocks
        if block.kind != "heading"
        for text in chunk.text[block.start : block.end].split("\n")
        if (line := _MARKER.sub("", text, count=1).strip())
    ]


def _heading(chunk: Chunk) -> str:
    """The heading over the first block of the chunk that is none."""
    path = next((b.heading_path for b in chunk.blocks if b.kind != "heading"), chunk.heading_path)
    return path[-1] if path else ""


def _most(lines: Sequence[str], share: float, holds: Callable[[str], bool]) -> bool:
    """Whether so large a share of the lines is as asked; stops when it cannot be."""
    spare = int(len(lines) * (1 - share) + 1e-9)
    for line in lines:
        if not holds(line):
            spare -= 1
            if spare < 0:
                return False
    return True
