"""Chunks that no question should be asked of, each with a reason.

A wrong mark loses a passage, a missed one costs a request: a rule speaks only where nearly all of
a chunk is of one kind, and never of a chunk that explains something in sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from typing import TypeVar

from builder.records import Chunk
from builder.text import fold, words

_T = TypeVar("_T")

_FEW = 5  # entries that make a list
_HALF = 0.5
_MOST = 0.8  # share of a chunk's entries that a rule must hold for
_TITLES = 0.6  # share of its characters that are headings: some differ from their entry
_SAME = 0.9  # share of its text that makes a chunk the duplicate of another
_SUBSTANTIAL = 120  # characters below which it is none
_SAYS = 12  # characters of a part that says something
_MANY = 50  # chunks that hold the same part and are looked at
_PARTS = re.compile(r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])|\n\s*")

_MARKER = re.compile(r"\s*(?:[-*+]|\d{1,4}[.)])\s+")
_BARS = re.compile(r"\|(?: -{3,}(?= \|))?")  # what makes a row of a table
_PAGE = re.compile(r"(?:\.{3,}|[\u2026\u00b7]{2,}|(?:\. ){3,})\s*(?:\d{1,4}|[ivxlc]{1,6})\s*$")
_NUMBER = re.compile(r"(?:chapter |section |part |kapitel |abschnitt |teil )?(\d+(?:\.\d+)*)\b")
_SENTENCE = re.compile(r"[.!?\u3002\uff01\uff1f:;]\W*$")
_ADDRESS = re.compile(r"(?:https?|ftp)://\S+|\bwww\.\S+|\S+@\S+\.\w+")
_VERSION = re.compile(
    r"(?:version\s+|release\s+|v)?\d{1,4}\.\d{1,4}(?:\.\d{1,5})*[\w.+-]{0,12}"
    r"(?:\s*[-\u2013,(]?\s*"
    r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./ ]\S{1,10}[./ ]\d{4}|\w+ \d{1,2}, \d{4}))?\)?\W*",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?\u3002\uff01\uff1f]\W*$")
_CONTENTS = re.compile(  # the number and name of a chapter, then what its title may be
    r"(?:(?:chapter|appendix|part|section|kapitel|anhang|teil|abschnitt) \w{1,5}|\d+)?(?:\.\d+)*"
    r"[\s.:-]*"
    r"(?:(?:[\w-]+ ){0,2}(?:table of |overview of )contents|contents|on this page"
    r"|(?:[\w-]+ ){0,2}index|index of [\w ]+|list of (?:figures|tables|examples)"
    r"|inhalt|auf dieser seite|(?:sach|stichwort|namens)register"
    r"|(?:inhalts|stichwort|sach|namens|abbildungs|tabellen)verzeichnis|目次|索引|目录|目錄)",
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
_LEGAL_WORD = re.compile(
    r"(?i)warrant|licen[sc]e|copyright|liab|redistribut|rechte vorbehalten|haftung|lizenz|gewähr"
)
_LICENCE = re.compile(  # a heading that names a licence
    r"(?:general public|free documentation|apache|mit|bsd|mozilla public|eclipse public|artistic"
    r"|creative commons\b.*) licen[cs]e(?:,? (?:version )?v?\d[\d.]*)?(?: \(.*)?$"
    r"|terms and conditions (?:for copying|for use, reproduction)",
    re.IGNORECASE,
)


def marked(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks of one document, those that nothing should be written from marked as `unfit`.

    contents: a table of contents, an index, or lines that are headings of the document; links:
    addresses and hardly more; legal: a licence or disclaimer; versions: a list of releases that
    says nothing of them; duplicate: (nearly) the text of an earlier chunk of the same document.
    """
    holders: dict[str, list[int]] = {}  # sentence -> the chunks that hold it
    titles = {_MARKER.sub("", title, count=1) for c in chunks for title in _headings(c)}
    found = []
    for number, chunk in enumerate(chunks):
        lines = _lines(chunk)
        reason = next((name for name, rule in _RULES.items() if rule(chunk, lines)), "")
        if not reason and _names_sections(lines, titles):
            reason = "contents"
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


def _names_sections(lines: Sequence[str], titles: Set[str]) -> bool:
    """Whether some lines are headings of the document, and no more is said beside them."""
    named = [len(line) for line in lines if line in titles]
    return len(named) >= _FEW and sum(named) >= _TITLES * sum(map(len, lines))


def _contents(chunk: Chunk, lines: Sequence[str]) -> bool:
    """Lines that end in page numbers or start with the numbers of the sections below the heading;
    or entries without a sentence under the title of a list of contents or an index."""
    path = _path(chunk)
    titled = any(_CONTENTS.fullmatch(fold(title)) for title in path[1:])
    rows = [line for line in lines if "|" not in line]
    rows += [row for line in lines if "|" in line and (row := _BARS.sub(" ", line).strip())]
    paged = _HALF if titled else _MOST  # in the contents of a book some leaders stand apart
    if len(rows) >= _FEW and _most(rows, paged, lambda row: bool(_PAGE.search(row))):
        return True
    if len(lines) >= _FEW and _most(_numbered(chunk), _MOST, bool):
        return True
    if not titled and not (path and _CONTENTS.fullmatch(fold(path[0]))):
        return False
    if any(block.kind in ("code", "table", "math") for block in chunk.blocks):
        return False
    headings = _headings(chunk)
    if not titled and len(path) > 1 and len(headings) < len(lines):
        return False  # a page that is called "Index" holds what it likes; an index, mere headings
    entries = [*headings, *lines]
    return len(entries) >= _FEW and _most(
        entries, 0.9, lambda entry: len(entry) < 300 and not _STOP.search(entry)
    )


def _numbered(chunk: Chunk) -> list[bool]:
    """Of every line, whether it starts with a number below that of its heading, and says no more
    than a title."""
    found = []
    for block in chunk.blocks:
        if block.kind != "heading":
            own = _NUMBER.match(fold(block.heading_path[-1])) if block.heading_path else None
            below = f"{own[1]}." if own else "-"
            for line in chunk.text[block.start : block.end].split("\n"):
                said = _MARKER.sub("", line, count=1)
                found.append(said.startswith(below) and not _STOP.search(said))
    return found


def _links(chunk: Chunk, lines: Sequence[str]) -> bool:
    """Entries that are addresses and hardly more."""
    if len(lines) < _FEW or any(b.kind in ("code", "table", "definition") for b in chunk.blocks):
        return False

    def bare(line: str) -> bool:
        rest = _ADDRESS.sub("", line)
        return rest != line and len(words(rest)) <= 4

    return _most(lines, _MOST, bare)


def _legal(chunk: Chunk, _lines: Sequence[str]) -> bool:
    """Three phrases of licences or more, in blocks that are most of the chunk; or the text of
    a licence that a heading names."""
    terms = len(_LEGAL_WORD.findall(chunk.text))
    if terms >= 2 and any(_LICENCE.search(fold(title)) for title in _path(chunk)):
        return True
    if not terms or any(block.kind in ("code", "table") for block in chunk.blocks):
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
    said = [*lines, *_headings(chunk)]
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


def _headings(chunk: Chunk) -> list[str]:
    return [chunk.text[b.start : b.end].lstrip("# ") for b in chunk.blocks if b.kind == "heading"]


def _path(chunk: Chunk) -> tuple[str, ...]:
    """The headings over the first block of the chunk that is none."""
    return next((b.heading_path for b in chunk.blocks if b.kind != "heading"), chunk.heading_path)


def _most(lines: Sequence[_T], share: float, holds: Callable[[_T], bool]) -> bool:
    """Whether so large a share of the lines is as asked; stops when it cannot be."""
    spare = int(len(lines) * (1 - share) + 1e-9)
    for line in lines:
        if not holds(line):
            spare -= 1
            if spare < 0:
                return False
    return True
