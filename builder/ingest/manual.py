"""Formatted manual pages to pieces: what `man` shows, kept as plain text.

Their macros leave structure in the columns: sections at the left edge, subsections between it and
the text, tags ("-o FILE") at the column of the text they stand in, what they mean deeper.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise, takewhile

from builder.ingest.layout import (
    BULLET,
    GAP,
    RULE,
    Line,
    LinePlaces,
    indent_of,
    is_columns,
    is_prose,
    joined,
    looks_verbatim,
)
from builder.ingest.parsed import Parsed, Piece, fenced
from builder.records import BlockKind, Dropped

Lines = list[Line]

_BEGINNING = 8_000  # characters of a text, and
_HEAD_LINES = 12  # lines of it, in which a page names itself
_SECTIONS = 3  # that a page without a running head must have
_MAX_TAG = 90  # characters
_MAX_TAGS = 4  # lines of tags above one meaning
_MAX_BLOCK = 2_000  # lines of a block that may hold tags
_WIDE = 60  # characters from which a line is one of running text

_WORD = re.compile(r"(?<![\w-])\w+(?![\w-])")
_BEGUN = re.compile(r"(?<![\w-])(\w*[^\W\d_])-$")
_REST = re.compile(r"\s*([^\W\d_]\w+)(?![\w-])")
_LONG_WORD = 4  # letters
_MANY_WORDS = 200  # of a page which has parts of compounds as words of their own
_RUNNING = re.compile(r"(?:.* )?\S+\(\d[a-z]{0,5}\)$", re.IGNORECASE)
_NAMED = re.compile(r"(?P<names>\S+(?:, \S+)*) (?:--?|\u2013|\u2014|\\-) \S")
_OPTION = re.compile(r"[-+/]\S")
_CODE = re.compile(r"[a-z][\w-]*(?: [A-Z][A-Z\d_-]*)*|.*[_/.=<>\[\]{}()$*?:|\\].*|[A-Z][A-Z\d_]*")
_SHOWN = re.compile(r"[a-z][\w-]*(?: (?:[\[<{][^\[\]<>{}]*[\]>}]|[A-Z][A-Z\d_-]*))+")
_SENTENCE_END = re.compile(r"(?<![.\s])[.!]$")


def parse(text: str) -> Parsed | None:
    """The pieces of a formatted manual page; None when the text is no such page."""
    if not may_begin(text):
        return None  # as nearly every text is
    lines = [Line.of(line.rstrip(), at) for at, line in enumerate(text.expandtabs(8).split("\n"))]
    written = [line for line in lines if line]
    named = _named(written)
    if not named:
        return None
    head = written[0] if _is_running(written[0]) else ""
    foot = written[-1] if _is_running(written[-1]) or _is_foot(written[-1], lines) else ""
    running = {" ".join(line.split()) for line in (head, foot) if line}
    kept = [Line.of("", line.number) if _is_around(line, running) else line for line in lines]
    dropped = [line for line, left in zip(lines, kept, strict=True) if line and not left]
    return Parsed(
        pieces=_Reader(_undivided(kept), text.split("\n"), _names(named)).pieces,
        title=_title(head, _names(named)),
        dropped=tuple(
            Dropped(
                what="page line",
                reason="furniture",
                characters=len("".join(line.split())),
                beginning=" ".join(line.split())[:80],
            )
            for line in dropped
        ),
    )


def _undivided(lines: Lines) -> Lines:
    """The lines with words whole that were divided at their ends ("pat-", "tern").

    Those that the page has whole elsewhere, as one or as several. On a long page that divides such
    ones, also those of which it has neither part as a word: others may be written with a hyphen.
    """
    found = {at: parts for at, parts in enumerate(map(_divided, lines, lines[1:])) if parts}
    counts = Counter(word for line in lines for word in _WORD.findall(line.casefold()))
    counts.subtract(rest.casefold() for _, rest in found.values())
    words = {word for word, count in counts.items() if count > 0}
    told = {at for at, parts in found.items() if _is_whole("".join(parts).casefold(), words)}
    if told and len(words) >= _MANY_WORDS:
        told |= {
            at
            for at, parts in found.items()
            if parts[1].islower() and words.isdisjoint(map(str.casefold, parts))
        }
    whole = list(lines)
    for at in sorted(told):
        before, _, last = whole[at].rpartition(" ")
        if before.strip():
            after = lines[at + 1]
            begin = len(after) - len(after.lstrip())
            whole[at] = Line.of(before.rstrip(), whole[at].number)
            whole[at + 1] = Line.of(f"{after[:begin]}{last[:-1]}{after[begin:]}", after.number)
    return whole


def _divided(line: str, after: str) -> tuple[str, str] | None:
    """The end of a line before a hyphen and the word that begins the next one."""
    begun, rest = _BEGUN.search(line), _REST.match(after)
    return (begun[1], rest[1]) if begun and rest else None


def _is_whole(word: str, words: Set[str]) -> bool:
    """Whether a word is among others, as one or as several."""
    forms = (word, f"{word}s", word.removesuffix("s"))
    return len(word) >= _LONG_WORD and not words.isdisjoint(forms)


def may_begin(text: str) -> bool:
    """Whether a text, or the beginning of one, looks as manual pages begin."""
    beginning = [line for line in text[:_BEGINNING].expandtabs(8).split("\n") if line.strip()]
    return bool(_named([Line.of(line.rstrip(), 0) for line in beginning], sure=False))


def _named(written: Sequence[Line], *, sure: bool = True) -> str:
    """The text of the section that names the page, "" in a text that has none.

    sure: False when only the beginning of the text is known.
    """
    edges = [at for at, line in enumerate(written[:_HEAD_LINES]) if indent_of(line) == 0]
    for at in edges:
        below = list(takewhile(indent_of, written[at + 1 : at + 1 + _HEAD_LINES]))
        said = joined(below)
        if below and _NAMED.match(said) and len(written[at].split()) <= 3:
            above = all(_is_running(line) or RULE.match(line) for line in written[:at])
            return said if above and (at or not sure or _has_sections(written)) else ""
    return ""


def _has_sections(written: Sequence[Line]) -> bool:
    """Whether all lines at the left edge are titles in capitals, and several are."""
    edge = [line for line in written if indent_of(line) == 0]
    return len(edge) >= _SECTIONS and sum(line.isupper() for line in edge) >= len(edge) - 1


def _names(named: str) -> list[str]:
    found = _NAMED.match(named)
    return found["names"].split(", ") if found else []


def _title(head: str, names: Sequence[str]) -> str:
    """ "tar(1)": the name as the page itself writes it, with the section of its running head."""
    said = re.search(r"(\S+)(\(\d[a-z]{0,5}\))$", head, re.IGNORECASE)
    if not said:
        return names[0]
    told, twice = said[1], head.startswith(f"{said[1]}{said[2]} ")
    own = [name for name in names if name.casefold() == told.casefold()]
    if not own and twice and (len(names) > 1 or not told.isupper()):
        own = [told.lower() if told.isupper() else told]
    return f"{(own or names)[0]}{said[2].lower()}"


def _is_running(line: str) -> bool:
    """Whether a line is set in columns, or overprinted for want of room, and ends in "name(8)"."""
    set_apart = "   " in line or " " not in line
    return indent_of(line) == 0 and set_apart and bool(_RUNNING.match(line))


def _is_foot(line: str, lines: Sequence[str]) -> bool:
    """Whether the last line is one of a page's foot: parted from the text and set in columns."""
    above = len(lines) - 1
    while above and lines[above] is not line:
        above -= 1
    parted = above > 1 and not lines[above - 1]
    return parted and (bool(_RUNNING.match(line)) or len(re.findall(r"\S {3,}(?=\S)", line)) > 1)


def _is_around(line: Line, running: set[str]) -> bool:
    """Whether a line is a running head or foot, or a rule that is only drawn."""
    return bool(line) and (" ".join(line.split()) in running or bool(RULE.match(line)))


class _Reader:
    """Reads a page's blocks in order. names: what the page is about, for its synopsis."""

    def __init__(self, lines: Lines, written: Sequence[str], names: Sequence[str]) -> None:
        self.pieces: list[Piece] = []
        self._places = LinePlaces(written)
        self._names = names
        self._columns: list[int] = []  # of the text of the open items, outermost first
        self._shown: Lines = []  # the lines of the last piece, when it is code
        self._n_sections = 0
        self._shows_use = False
        self._margin = _margin(lines)
        for block in _blocks(lines):
            self._block(block)

    def _add(self, kind: BlockKind, text: str, level: int, origin: Sequence[Line]) -> None:
        self.pieces.append(Piece(kind, text, level, place=self._places.of(origin)))

    def _block(self, block: Lines) -> None:
        while block and indent_of(block[0]) < self._margin:
            self._heading(block[0], block[1:])
            block = block[1:]
        if not block:
            return
        first = indent_of(block[0])
        while self._columns and first < self._columns[-1]:
            self._columns.pop()
        if self._shows_use:
            self._code(block)
        elif BULLET.match(block[0]) and not _OPTION.match(block[0].strip()):
            self._bullets(block)
        elif not self._tagged(block):
            self._text(block)

    def _heading(self, line: Line, below: Lines) -> None:
        self._columns = []
        edge = indent_of(line) == 0
        self._n_sections += edge
        self._add("heading", " ".join(line.split()), 2 if edge else 3, [line])
        # the section behind the name shows how the thing is used: not by its title, which has
        # a word in every language
        self._shows_use = edge and self._n_sections == 2 and bool(below) and self._is_use(below)

    def _is_use(self, block: Lines) -> bool:
        first = joined(block[:1]).split(" ")[0]
        return first in self._names or first.startswith("#") or not is_prose(block)

    # Blocks: each reader says what a run of lines is.

    def _bullets(self, block: Lines) -> None:
        first, held = indent_of(block[0]), Lines()
        for line in block:
            if held and BULLET.match(line) and indent_of(line) == first:
                self._item(held)
                held = []
            held.append(line)
        self._item(held)

    def _item(self, held: Lines) -> None:
        found = BULLET.match(held[0])
        if found is None:
            return
        digits = re.search(r"\d+", found[2])
        marker = f"{digits[0]}." if digits else "-"
        text = joined([Line.of(held[0][found.end() :], held[0].number), *held[1:]])
        while self._columns and self._columns[-1] > indent_of(held[0]):
            self._columns.pop()
        depth = len(self._columns)
        self._add("list_item", f"{'  ' * depth}{marker} {text}", depth + 1, held)
        self._columns.append(found.end())

    def _tagged(self, block: Lines) -> bool:
        """Tags with what they mean; False for a block that begins with none."""
        entries = list(_entries(block))
        if not entries:
            return False
        for tags, meaning, column, origin in entries:
            first = indent_of(origin[0])
            while self._columns and self._columns[-1] > first:
                self._columns.pop()
            depth = len(self._columns)
            named = ", ".join(_marked(tag) for tag in tags)
            text = f"{'  ' * depth}- {named}: {joined(meaning)}"
            self._add("definition", text, depth + 1, origin)
            self._columns.append(column)
        return True

    def _text(self, block: Lines) -> None:
        column = self._columns[-1] if self._columns else self._margin
        deeper = indent_of(block[0]) > column
        shown = looks_verbatim(block) or ((deeper or is_columns(block)) and not is_prose(block))
        if shown:
            self._code(block)
        else:
            self._add("paragraph", joined(block), 0, block)

    def _code(self, block: Lines) -> None:
        """Adds code; code that only a blank line parts from the last is joined to it."""
        origin = block
        if self._shown and self.pieces[-1].kind == "code":
            origin = [*self._shown, Line.of("", block[0].number - 1), *block]
            self.pieces.pop()
        self._shown = origin
        cut = min(indent_of(line) for line in origin if line)
        self._add("code", fenced("\n".join(line[cut:] for line in origin)), 0, origin)


def _margin(lines: Sequence[Line]) -> int:
    """The column of running text: that of most lines which stand right below a section's title."""
    below = Counter(
        indent_of(after)
        for line, after in pairwise(lines)
        if line and after and indent_of(line) == 0 < indent_of(after)
    )
    deep = {column: count for column, count in below.items() if column > 3}
    return max(deep, key=lambda column: (deep[column], -column), default=7)


def _blocks(lines: Sequence[Line]) -> Iterator[Lines]:
    block: Lines = []
    for line in lines:
        if line:
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


_Entry = tuple[list[str], Lines, int, Lines]  # tags, meaning, its column, all the lines


def _entries(block: Lines) -> Iterator[_Entry]:
    """The tags of a block with what they mean; none unless all of the block is such entries."""
    if len(block) > _MAX_BLOCK:
        return
    found: list[_Entry] = []
    first, at = indent_of(block[0]), 0
    while at < len(block):
        entry = _entry(block[at:], first)
        if entry is None:
            return
        found.append(entry)
        at += len(entry[3])
    yield from found


def _entry(rest: Lines, first: int) -> _Entry | None:
    if indent_of(rest[0]) != first:
        return None
    own = list(takewhile(lambda line: indent_of(line) == first, rest))
    below = list(takewhile(lambda line: indent_of(line) > first, rest[len(own) :]))
    beside = _beside(rest, first)
    if beside is not None:
        return beside
    if not below or len(own) > _MAX_TAGS or not all(map(_is_tag, own)):
        return None
    if not (_OPTION.match(own[-1].strip()) or is_prose(below)):
        return None
    tags = [" ".join(line.split()) for line in own]
    if _SHOWN.fullmatch(" ".join(tags)):
        tags = [" ".join(tags)]  # one that goes on in the next line
    return tags, below, min(map(indent_of, below)), [*own, *below]


def _beside(rest: Lines, first: int) -> _Entry | None:
    """An entry whose meaning begins on the line of its tag: "-l     produce a listing"."""
    line = rest[0]
    gap = GAP.search(line, first)
    if gap is None or not _is_tag(line[: gap.start()]):
        return None
    column = gap.end()
    below = list(takewhile(lambda other: indent_of(other) == column, rest[1:]))
    after = rest[1 + len(below) : 2 + len(below)]
    if after and indent_of(after[0]) != first:
        return None
    tag = " ".join(line[: gap.start()].split())
    meaning = [Line.of(line[column:], line.number), *below]
    alone = not below and (GAP.search(line, column) or not _OPTION.match(tag))
    if alone and not (is_prose(meaning) and len(tag.split()) == 1):
        return None
    return [tag], meaning, column, [line, *below]


def _is_tag(line: str) -> bool:
    text = " ".join(line.split())
    shows = _OPTION.match(text) or _SHOWN.fullmatch(text)
    wide = len(text) > _MAX_TAG or (len(text) > _WIDE and not shows)
    asks = text.endswith("?") and text.count("?") % 2 == 1  # "?arg ...?" may be left out
    return not (wide or asks or _SENTENCE_END.search(text)) and text[-1:] not in ",;"


def _marked(tag: str) -> str:
    """A tag with its names in backticks where they are no words: "`-o`, `--output FILE`"."""
    if "`" in tag:
        return tag
    parts = re.split(r"(?:,| or| oder| ou) (?=[-+/])", tag)
    if len(parts) == 1 and not _OPTION.match(tag):
        parts = tag.split(", ") if all(map(_CODE.fullmatch, tag.split(", "))) else [tag]
    return ", ".join(f"`{part}`" if _is_code(part) else part for part in parts)


def _is_code(tag: str) -> bool:
    return bool(_OPTION.match(tag) or _CODE.fullmatch(tag)) and any(map(str.isalnum, tag))
