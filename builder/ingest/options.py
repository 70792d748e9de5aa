"""What a program says of itself with --help: its usage, and its options in columns.

usage: rill [-h] FILE
  -h, --help            what it means, here or
                        deeper on the next lines
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.ingest.layout import Line, indent_of, is_prose

Lines = list[Line]

FEW = 3  # options in a text, fewer may be anything that begins with a dash
_MAX_TAG = 100  # characters
_NEAR = 5  # blocks, and lines of a block, among which a text shows how its program is called
_OPTION = re.compile(r"\s*-{1,2}[A-Za-z0-9?#@](?![\w-]*-(?:\s|$))")  # no "-rw-r--r--"
_GAP = re.compile(r"(?<=[^\s,]) {2,}(?=\S)|(?<=[>\]]) (?=[A-Z][A-Za-z]* )")
_VALUE = re.compile(r"<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}")
_USAGE = re.compile(r"\s*(?:usage|aufruf|verwendung|syntax|uso|utilisation)\s*:", re.IGNORECASE)
_SIGNS = re.compile(r" -|[\[<({]|\b[A-Z][A-Z\d_]+\b|\.\.\.")  # options, what is to be filled in
_SAID = re.compile(r"\b[^\W\d_]{3,}\b")
_WORD = re.compile(r"[^\W\d_]+")
_JOINS = frozenset("or and oder und ou et to".split())
_NEXT_NAME = re.compile(r"(?:,| or| oder| ou) ?(?=-)")
_COMMAND = re.compile(r"[a-z][\w.-]*(?: [a-z][\w-]*)*(?= [-\[<({]| [A-Z\d_]{2}| \w+\.\.\.|$)")


@dataclass(frozen=True, slots=True)
class Option:
    """tag: "-o, --output FILE"; meaning: its lines, none where nothing is said."""

    tag: str
    meaning: Lines
    origin: Lines

    @property
    def named(self) -> str:
        """The tag with its names as code: "`-o`, `--output FILE`"."""
        return ", ".join(f"`{name.strip()}`" for name in _NEXT_NAME.split(self.tag))


def count(blocks: Sequence[Lines]) -> int:
    """How many lines of a text say what an option means."""
    return sum(_column(block, at) > 0 for block in blocks for at in range(len(block)))


def begin(block: Lines) -> bool:
    """Whether a block begins with an option and what it means."""
    return bool(block) and _column(block, 0) > 0


def read(block: Lines) -> list[Option | Lines]:
    """The options of a block, and the lines around them; [] when it holds none."""
    columns = Counter(filter(None, (_column(block, at) for at in range(len(block)))))
    if not columns:
        return []
    column = max(columns, key=lambda found: (columns[found], -found))
    begins = [at for at, line in enumerate(block) if _begins(line, column)]
    found: list[Option | Lines] = [block[: begins[0]]] if begins[0] else []
    for at, after in zip(begins, [*begins[1:], len(block)], strict=True):
        edge, end = indent_of(block[at]), at + 1
        while end < after and indent_of(block[end]) > edge:
            end += 1
        found.append(_option(block[at:end], column))
        found += [block[end:after]] if end < after else []
    given = [part for part in found if isinstance(part, Option)]
    told = sum(any(map(_SAID.search, option.meaning)) for option in given)
    return found if 2 * told >= len(given) else []


def _begins(line: Line, column: int) -> bool:
    return indent_of(line) < column and _is_tagged(line, column)


def _option(lines: Lines, column: int) -> Option:
    tag, _, said = _cut(lines[0], column)
    meaning = [Line.of(said, lines[0].number)] if said else []
    meaning += lines[1:]
    if meaning and meaning[0].lstrip().startswith("= "):
        meaning[0] = Line.of(meaning[0].lstrip()[2:], meaning[0].number)
    return Option(" ".join(tag.split()), meaning, lines)


def _cut(line: str, column: int = 0) -> tuple[str, int, str]:
    """The tag of a line, where what it means begins, and that; 0 and "" without it.

    column: where it begins on other lines; there a single blank is enough.
    """
    gap = _GAP.search(line, indent_of(line))
    if gap:
        return line[: gap.start()], gap.end(), line[gap.end() :]
    if column and line[column - 1 : column] == " ":
        return line[: column - 1], column, line[column:]
    return line, 0, ""


def _is_tagged(line: str, column: int = 0) -> bool:
    """Whether a line begins with an option: its names and their values, hardly any words."""
    if not _OPTION.match(line):
        return False
    tag, found, _ = _cut(line, column)
    words = _VALUE.sub("", tag).split()[1:]
    plain = [word for word in words if _WORD.fullmatch(word) and word.islower()]
    ends = tag.rstrip().endswith((".", ";", ":")) and not tag.rstrip().endswith("...")
    return len(tag) <= _MAX_TAG and not ends and len(set(plain) - _JOINS) <= (2 if found else 1)


def _column(block: Lines, at: int) -> int:
    """Where the text begins that says what the option of a line means, 0 without one."""
    if not _is_tagged(block[at]):
        return 0
    _, column, _ = _cut(block[at])
    if column or at + 1 == len(block):
        return column
    below = indent_of(block[at + 1])
    deeper = below > indent_of(block[at]) + 1 and not _is_tagged(block[at + 1])
    return below if deeper else 0


def with_usage(blocks: Sequence[Lines]) -> list[Lines]:
    """The blocks; in a help text, what shows how a program is called is one of its own."""
    joined: list[Lines] = []
    for block in blocks:
        label = joined[-1] if joined and len(joined[-1]) == 1 else []
        below = label and block[0].number == label[0].number + 1
        if below and _USAGE.fullmatch(label[0]):
            joined[-1] = [*label, *block]
        else:
            joined.append(block)
    if not command(joined):
        return list(blocks)
    return [part for block in joined for part in _parted(block)]


def _parted(block: Lines) -> Iterator[Lines]:
    at, (first, end) = 0, usage(block)
    while end:
        yield from [block[at:first]] if at < first else []
        yield block[first:end]
        at, (first, end) = end, usage(block, end)
    yield from [block[at:]] if at < len(block) else []


def usage(block: Lines, start: int = 0) -> tuple[int, int]:
    """Which lines of a block show how a program is called: the first, and the one after the last.

    (0, 0) when there are none near the line where to start.
    """
    for at in range(start, min(len(block), start + _NEAR)):
        told = _USAGE.match(block[at])
        if told and not is_prose([Line.of(block[at][told.end() :], block[at].number)]):
            end = at + 1
            while end < len(block) and _goes_on(block[end], block[at]):
                end += 1
            if any(_SIGNS.search(called, told.end()) for called in block[at:end]):
                return at, end
    return 0, 0


def _goes_on(line: Line, first: Line) -> bool:
    return indent_of(line) > indent_of(first) and not _column([line], 0)


def command(blocks: Sequence[Lines]) -> str:
    """The program that a text is the help of ("pip install"), "" when it is no such text."""
    for block in blocks[:_NEAR]:
        first, end = usage(block)
        if end:
            called = " ".join(" ".join(block[first:end]).partition(":")[2].split())
            found = _COMMAND.match(called)
            return found[0] if found else ""
    return ""
