"""Chunks that no question should be asked of, each with a reason.

A wrong mark loses a passage, a missed one costs a request: a rule speaks only where nearly all of
a chunk is of one kind, and never of a chunk that explains something in sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple, TypeVar

from builder.records import Block, Chunk
from builder.text import fold, words

_T = TypeVar("_T")

_FEW = 5  # entries that make a list
_HALF = 0.5
_MOST = 0.8  # share of a chunk's entries that a rule must hold for
_TITLES = 0.6  # share of its characters that are headings: some differ from their entry
_SAME = 0.9  # share of its text that makes a chunk the duplicate of another
_SUBSTANTIAL = 120  # characters below which it is none
_SAYS = 12  # characters of a part that says something
_EXPLAINS = 40  # characters of a line that ends as a sentence does and explains something
_TITLE = 70  # characters of a link that names a page, at most
_ASIDE = 0.25  # share of a list's characters that sentences beside it may have
_LITTLE = 200  # characters that they may have at most
_THIRD = 1 / 3
_LONG = 4  # chunks of a document that is no README with a licence at its end
_RIGHTS = 0.7  # share of a chunk that paragraphs with phrases of licences have
_MANY = 50  # chunks that hold the same part and are looked at
_PARTS = re.compile(r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])|\n\s*")

_MARKER = re.compile(r"^\s*(?:[-*+]|\d{1,4}[.)])\s+")
_BARS = re.compile(r"\|(?: -{3,}(?= \|))?")  # what makes a row of a table
_PAGE = re.compile(r"(?:\.{3,}|[\u2026\u00b7]{2,}|(?:\. ){3,})\s*(?:\d{1,4}|[ivxlc]{1,6})\s*$")
_NUMBER = re.compile(r"(?:chapter |section |part |kapitel |abschnitt |teil )?(\d+(?:\.\d+)*)\b")
_SENTENCE = re.compile(r"[.!?\u3002\uff01\uff1f:;]\W*$")
_ADDRESS = re.compile(r"(?:https?|ftp)://\S+|\bwww\.\S+|\S+@\S+\.\w+")
_RELEASE = re.compile(
    r"\d+\.\d+\.\d+|\bv\d|\bversion \d|release|changes|change ?log|history|what.?s new|\d{4}-\d\d"
)
_UPDATE = re.compile(  # of a dependency, and of nothing else
    r"(?:\[[\w ]+\]\s*|[\w(), ]{1,24}:\s*)?"
    r"(?:(?:bump|upgrad|updat|pin)\w*\s+\S.{0,60}|\S+@)"
    r"(?:dependenc(?:y|ies)|\bdeps|\d+\.\d+[\w.+-]*)(?:\s*[(\[].{0,60}[)\]])?\W*",
    re.IGNORECASE,
)
_DATE = (
    r"(?:\d{4}[-./\u5e74]\d{1,2}[-./\u6708]\d{1,2}\u65e5?|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    r"|\d{1,2}[. ]{1,2}[^\W\d_]{3,12}\.?,? \d{4}"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})"
)
_BETWEEN = r"[\s,;:/|()\[\]\uff08\uff09\u2013\u2014-]*(?:(?:vom|am|from|of|on|released|du|le) )?"
_VERSION = re.compile(
    rf"\W*(?:{_DATE}{_BETWEEN})?(?:version\s+|release\s+|v)?\d{{1,4}}\.\d{{1,4}}(?:\.\d{{1,5}})*"
    rf"[\w.+-]{{0,12}}(?:{_BETWEEN}{_DATE})*\W*",
    re.IGNORECASE,
)
_RELEASED = re.compile(rf"\bv\d|version|release|{_DATE}", re.IGNORECASE)
_STOP = re.compile(r"[.!?\u3002\uff01\uff1f]\W*$")
_CONTENTS = re.compile(  # the number and name of a chapter, then what its title may be
    r"(?:(?:chapter|appendix|part|section|kapitel|anhang|teil|abschnitt) \w{1,5}|\d+)?(?:\.\d+)*"
    r"[\s.:-]*"
    r"(?:(?:[\w-]+ ){0,2}(?:table of |overview of )contents|contents|on this page"
    r"|(?:[\w-]+ ){0,2}index|index of [\w ]+|indices and tables|list of (?:figures|tables|examples)"
    r"|inhalt|auf dieser seite|(?:sach|stichwort|namens)register"
    r"|(?:inhalts|stichwort|sach|namens|abbildungs|tabellen)verzeichnis|目次|索引|目录|目錄|차례|목차"
    r"|table des matières|sommaire|índice|contenidos?|conteúdo|indice|sommario|inhoud(?:sopgave)?"
    r"|innehåll|spis treści|содержание|оглавление)",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"(?:table of )?contents:|inhalt(?:sverzeichnis)?:|目次[:：]|目[录錄][:：]", re.I
)
_LEGAL = (  # phrases of licences and notices that stand in no instructions
    "permission is hereby granted",
    "the above copyright notice",
    "without warranty of any kind",
    "without any warranty",
    "without any express or implied warranty",
    "without warranties or conditions of any kind",
    "all rights reserved",
    "permission to use, copy, modify",
    "permission is granted to",
    "permission to copy",
    "everyone is permitted to copy and distribute verbatim copies",
    "this copyright notice",
    "spdx-license-identifier",
    "no part of this",
    "may be reproduced",
    "of their respective owners",
    "isbn",
    "first published",
    "printed in",
    "registered trademark",
    "copyright law",
    "redistribution and use in source and binary forms",
    "provided by the copyright holders",
    'the software is provided "as is"',
    "warranties of merchantability",
    "implied warranty of merchantability",
    "fitness for a particular purpose",
    "licensed under the apache license",
    "unless required by applicable law",
    "gnu general public license",
    "gnu free documentation license",
    "in no event shall",
    "in no event unless required",
    "in no event will",
    "alle rechte vorbehalten",
    "ohne jede gewährleistung",
    "keine gewähr für",
    "haftungsausschluss",
)
_LEGAL_WORDS = (
    *("warrant", "license", "licence", "copyright", "trademark", "liab", "redistribut"),
    *("rechte vorbehalten", "haftung", "lizenz", "gewähr"),
)
_LICENCE = re.compile(  # a heading that names a licence
    r"(?:general public|free documentation|apache|mit|bsd|mozilla public|eclipse public|artistic"
    r"|creative commons\b.*) licen[cs]e(?:,? (?:version )?v?\d[\d.]*)?(?: \(.*)?$"
    r"|terms and conditions (?:for copying|for use, reproduction)",
    re.IGNORECASE,
)


_LEGAL_FILE = re.compile(  # the name of a file or its title that holds a licence
    r"(?:^|[\W_])(?:licen[cs]es?|copying|copyright|eula|notices?|lizenz(?:en|vereinbarung)?)(?:$|[\W_])"
)
_INNER = re.compile(r"(?<=[a-z])(?=[A-Z])")  # where a word of a name like ReadMe begins
_LEGAL_PAGE = re.compile(  # what is told of privacy may be asked about
    r"imprint|impressum|legal(?: notices?| information)?|rechtliche hinweise|disclaimer"
    r"|haftungsausschluss|trademarks?(?: notices?)?|warenzeichen"
)
_LEGAL_SECTION = re.compile(r"licen[cs](?:e|es|ing)(?: information)?|lizenz(?:en)?|copying")
_LEGAL_NAME = re.compile(
    r"\b(?:mit|bsd|isc|apache|gnu|a?gpl|lgpl|mpl|creative commons|public domain)\b|copyright|\u00a9"
    r"|warrant|redistribut|all rights"
)
_LEGAL_LINE = re.compile(
    r"copyright (?:\(c\)|\u00a9|\d{4})|^(?:\u00a9|\(c\))|@license|spdx-license|all rights reserved"
    r"|^licen[cs]e(?:d under|:)|alle rechte vorbehalten"
)
_REMARK = re.compile(r"^[\s*#/;%|-]+", re.MULTILINE)  # before the lines of a comment in code


_PROMPT = re.compile(r"```.*\n\s*[$%>] \S")


class _Line(NamedTuple):
    """A line of a block that is no heading, without list marker."""

    text: str
    block: Block

    @property
    def explains(self) -> bool:
        """Whether it is part of an example or a table, or a sentence."""
        if self.block.kind in ("code", "table", "math"):
            return True
        long = len(self.text.encode("utf-8", "replace")) >= _EXPLAINS  # more a letter in Chinese
        return long and bool(_SENTENCE.search(self.text))


def marked(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks of one document, those that nothing should be written from marked as `unfit`.

    contents: a table of contents, an index, or lines that are headings of the document; links:
    addresses or links and hardly more; legal: a licence, disclaimer or imprint; versions: a list
    of releases that says nothing of them; duplicate: (nearly) the text of an earlier chunk of the
    same document.
    """
    holders: dict[str, list[int]] = {}  # sentence -> the chunks that hold it
    titles = {_MARKER.sub("", title, count=1) for c in chunks for title in _headings(c)}
    licence = _is_licence(chunks)
    found = []
    short: list[Set[str]] = []  # of every chunk, what is too short to be looked for
    for number, chunk in enumerate(chunks):
        lines = _lines(chunk)
        reason = next((name for name, rule in _RULES.items() if rule(chunk, lines)), "")
        if not reason and _names_sections(lines, titles):
            reason = "contents"
        if not reason and licence:
            reason = "legal"
        said = _PARTS.split(chunk.text)
        if not reason and _repeats(said, holders, short):
            reason = "duplicate"
        short.append({part for part in said if len(part) < _SAYS})
        for part in said:
            if len(part) >= _SAYS:
                holders.setdefault(part, []).append(number)
        found.append(replace(chunk, unfit=reason) if reason else chunk)
    for number, (before, chunk, after) in enumerate(zip(found, found[1:], found[2:], strict=False)):
        if not chunk.unfit and _in_licence(before, chunk, after):
            found[number + 1] = replace(chunk, unfit="legal")
    return found


def _in_licence(before: Chunk, chunk: Chunk, after: Chunk) -> bool:
    """Whether a chunk stands between two parts of a licence, below the heading that names it."""
    if before.unfit != "legal" or after.unfit != "legal":
        return False
    shared = set(before.heading_path) & set(after.heading_path)
    return any(title in shared and _LICENCE.search(fold(title)) for title in chunk.heading_path)


def _is_licence(chunks: Sequence[Chunk]) -> bool:
    """Whether a whole document is a licence: a third of it or more speaks of rights, with phrases
    of licences, and its file, title or first lines name one; or most of a longer one, with many."""
    spoken = sum(_legal_words(chunk.text) >= 2 for chunk in chunks)
    if not chunks or spoken < _THIRD * len(chunks):
        return False
    texts = [fold(chunk.text) for chunk in chunks]
    held = sum(any(phrase in text for text in texts) for phrase in _LEGAL)
    if len(chunks) >= _LONG and held >= _FEW and spoken >= _TITLES * len(chunks):
        return True
    first = chunks[0]
    names = [_INNER.sub(" ", PurePosixPath(first.path).stem), *first.heading_path[:1]]
    named = any(_LEGAL_FILE.search(fold(name)) for name in names)
    begin = (fold(line) for line in first.text[:300].split("\n") if len(line) < 80)
    return held >= 2 and (named or any(map(_LICENCE.search, begin)))


def _repeats(
    said: Sequence[str], holders: Mapping[str, Sequence[int]], short: Sequence[Set[str]]
) -> bool:
    """Whether one earlier chunk holds nearly all of these sentences and lines, by their length."""
    shared: dict[int, int] = {}
    for part in said:
        for other in dict.fromkeys(holders.get(part, ())[:_MANY]):
            shared[other] = shared.get(other, 0) + len(part)
    if not shared:
        return False
    most = max(shared, key=shared.__getitem__)
    same = shared[most] + sum(len(part) for part in said if part in short[most])
    return shared[most] >= _SUBSTANTIAL and same >= _SAME * sum(map(len, said))


def _names_sections(lines: Sequence[_Line], titles: Set[str]) -> bool:
    """Whether some lines are headings of the document, and hardly more is said beside them."""
    named = [len(line.text) for line in lines if line.text in titles]
    total = sum(len(line.text) for line in lines)
    if len(named) < _FEW or sum(named) < _TITLES * total:
        return False
    beside = [line for line in lines if line.explains and line.text not in titles]
    if any(line.block.kind in ("code", "table", "math") for line in beside):
        return False
    return _are_aside(beside, lines)


def _contents(chunk: Chunk, lines: Sequence[_Line]) -> bool:
    """Lines that end in page numbers or start with the numbers of the sections below the heading;
    or entries without a sentence under the title of a list of contents or an index."""
    path = _path(chunk)
    titled = any(_CONTENTS.fullmatch(fold(title)) for title in path[1:])
    rows = [text for text, _ in lines if "|" not in text]
    rows += [row for text, _ in lines if "|" in text and (row := _BARS.sub(" ", text).strip())]
    paged = _HALF if titled else _MOST  # in the contents of a book some leaders stand apart
    if len(rows) >= _FEW and _most(rows, paged, lambda row: bool(_PAGE.search(row))):
        return True
    if len(lines) >= _FEW and _most(_numbered(chunk), _MOST, bool):
        return True
    announced = any(_ANNOUNCED.fullmatch(text) for text, _ in lines[:2])
    if not titled and not announced and not (path and _CONTENTS.fullmatch(fold(path[0]))):
        return False
    if any(block.kind in ("code", "table", "math") for block in chunk.blocks):
        return False
    headings = _headings(chunk)
    if not titled and not announced and len(path) > 1 and len(headings) < len(lines):
        return False  # a page that is called "Index" holds what it likes; an index, mere headings
    entries = [*headings, *(text for text, _ in lines)]
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
            for line in chunk.text[block.start : block.end].split("\n"):
                said = _MARKER.sub("", line, count=1)
                below = own is not None and said.startswith(f"{own[1]}.")
                found.append(below and not _STOP.search(said))
    return found


def _links(chunk: Chunk, lines: Sequence[_Line]) -> bool:
    """Entries that are links or addresses and hardly more, with few words beside them."""
    if len(lines) < _FEW or any(b.kind in ("code", "table", "definition") for b in chunk.blocks):
        return False

    def bare(line: _Line) -> bool:
        if "link" in line.block.flags:
            return len(line.text) <= _TITLE and not line.explains
        rest = _ADDRESS.sub("", line.text)
        return rest != line.text and len(words(rest)) <= 4

    if not _most(lines, _MOST, bare):
        return False
    if any(_RELEASE.search(fold(title)) for title in (*_path(chunk), *_headings(chunk))):
        return False  # what has changed may be a link to the change
    return _are_aside([line for line in lines if line.explains and not bare(line)], lines)


def _are_aside(few: Sequence[_Line], lines: Sequence[_Line]) -> bool:
    """Whether some lines say little beside all lines of a chunk."""
    size = sum(len(line.text) for line in few)
    return size <= min(_ASIDE * sum(len(line.text) for line in lines), _LITTLE)


def _legal(chunk: Chunk, lines: Sequence[_Line]) -> bool:
    """Phrases of licences in most of the chunk; or the text of one that a heading names; or what
    stands under the heading of an imprint."""
    path = [fold(title) for title in _path(chunk)]
    terms = _legal_words(chunk.text)
    if terms >= 2 and any(_LICENCE.search(title) for title in path):
        return True
    if any(_LEGAL_PAGE.fullmatch(fold(title)) for title in chunk.heading_path):
        return not any(line.block.kind in ("code", "table") for line in lines)
    if not terms:
        return False
    if any(_LEGAL_SECTION.fullmatch(fold(title)) for title in chunk.heading_path[1:]):
        named = _LEGAL_NAME.search(fold(chunk.text)) is not None
        if named and not any(line.block.kind in ("code", "table") for line in lines):
            return True
    if len(lines) >= 2 and _most(lines, _MOST, lambda line: _is_legal_line(line.text)):
        return True
    return _speaks_of_rights(chunk)


def _legal_words(text: str) -> int:
    lowered = text.lower()
    return sum(map(lowered.count, _LEGAL_WORDS))


def _is_legal_line(line: str) -> bool:
    return _LEGAL_LINE.search(fold(line)) is not None


def _speaks_of_rights(chunk: Chunk) -> bool:
    """Three phrases of licences or more, in paragraphs that are most of the chunk."""
    held: set[str] = set()
    size = total = 0
    for block in chunk.blocks:
        text = chunk.text[block.start : block.end]
        if block.kind != "code":
            parts = [text]
        elif _PROMPT.match(text):
            return False  # a session that shows a file
        else:
            parts = _REMARK.sub("", text).split("\n\n")
        for part in parts:
            said = fold(part)
            phrases = {phrase for phrase in _LEGAL if phrase in said}
            held |= phrases
            total += len(said)
            size += len(said) if phrases else 0
    return len(held) >= 3 and size >= _RIGHTS * total


def _versions(chunk: Chunk, lines: Sequence[_Line]) -> bool:
    """Numbers and dates of releases without a word on what changed but in other packages."""
    above = [None, *(line.block for line in lines)]
    rows = [
        row
        for line, before in zip(lines, above, strict=False)
        if (line.block.kind != "table" or line.block is before)  # no header of a table
        and (row := _BARS.sub(" ", line.text).strip())
    ]
    releases = [title for title in _headings(chunk) if _VERSION.fullmatch(title)]
    said = [*rows, *releases]
    if len(said) < _FEW or not (releases or any(map(_VERSION.fullmatch, rows))):
        return False
    if not any(map(_RELEASED.search, [*said, *_path(chunk)])):
        return False  # as they may be numbers of anything
    return _most(said, 0.9, lambda line: bool(_VERSION.fullmatch(line) or _UPDATE.fullmatch(line)))


_RULES: dict[str, Callable[[Chunk, Sequence[_Line]], bool]] = {
    "contents": _contents,
    "links": _links,
    "legal": _legal,
    "versions": _versions,
}


def _lines(chunk: Chunk) -> list[_Line]:
    """The lines of a chunk that are no headings, without list markers."""
    return [
        _Line(line, block)
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
