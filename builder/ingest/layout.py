"""What the lines of a plain text look like: blocks, bullets, columns, sentences, code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from builder.records import Place
from builder.text import STOPWORDS

RULE = re.compile(r"\s*([=\-~^*#\"'`+_.:])\1{2,}\s*$")
BULLET = re.compile(
    r"(\s*)([-*+\u2022\u2013\u25cf\u25e6\u25aa\u2023]|\d{1,3}[.)]|\(\d{1,3}\)|[a-z]\))(\s+)(?=\S)"
)
KEY_VALUE = re.compile(r"([^\s:][^:]{0,60}?)\s*:\s+(\S.*)$")
DASHED = re.compile(r"(\S(?:.{0,40}?\S)?)\s+(?:--?|\u2013)\s+(\S.*)$")
MAX_TERM = 60  # characters
MAX_FENCED = 400  # lines
LISTING = 4  # characters of the rule around one
LONGEST_MARK = 5  # characters of a fence, as a rule
FEW_WORDS = 8  # under which function words tell nothing

GAP = re.compile(r"(?<=[^\s.!?:]) {2,}(?=\S)|(?<=[.!?:]) {3,}(?=\S)")
_DRAWN = re.compile(r"\s*(?:[|+][-=+|]|\|.*\|$|[\u2500-\u257f])")
_PROMPT = re.compile(
    r"\s*(?:[\w@~:/.-]{0,30}\$ \S|# ?[a-z./]|>>> |\.\.\. ?|#!|C:\\|@@ |--- /|\+\+\+ )"
)
_LOGGED = re.compile(r"\s*\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d\b")  # when a line was told
_SETTING = re.compile(
    r"\s*(?:\[[\w. -]+\]|[\w.\[\]\"-]+\s*=\s*\S.*|[a-z_][\w.-]*:(?:\s+\S.*)?|[#;].*)$"
)
_CODE_MARKS = re.compile(
    r"[{};]\s*$|\$\(|->|==|&&|\|\||=>|\w\(\)|^\s*</?\w[\w:.-]*(?:[\s/][^>]*)?>",
    re.MULTILINE,
)
_ASSIGNED = re.compile(r"\s*[A-Za-z_][\w.-]*\s*=\s*\S+$")
_BRACED = re.compile(r"[{};]\s*$")
_REMARK = re.compile(r"\s*(?:#|//|/\*|--\s|;)")
_WORD = re.compile(
    r"[\"'(\u201e\u201c]*[^\W_]+(?:[-'/\u2019.][^\W_]+)*[\"')\u201d\u201c]*[.,;:!?]*[\"')\u201d\u201c]*"
)
_HYPHENATED = re.compile(r"[^\W\d_]-$")
_DIVIDED = re.compile(r"[^\W\d_]\u2010$")
_HANGING = re.compile(r"(?:and|or|und|oder|bzw|sowie|to|bis)\b")
_COMMON = frozenset().union(*STOPWORDS.values())


class Line(str):
    """A line that knows its number in the source."""

    __slots__ = ("number",)
    number: int

    @classmethod
    def of(cls, text: str, number: int) -> Line:
        """Text with the number of the line that it stands on."""
        made = cls(text)
        made.number = number
        return made


class LinePlaces:
    """Where the lines of a source stand in it."""

    def __init__(self, written: Sequence[str]) -> None:
        ends = accumulate(len(line) + 1 for line in written)
        self._starts = [0, *ends]
        self._lengths = [len(line.rstrip()) for line in written]

    def of(self, origin: Sequence[Line]) -> Place:
        """The place of a run of lines, without white space at its end."""
        start, last = self._starts[origin[0].number], origin[-1].number
        return Place(start=start, end=max(start, self._starts[last] + self._lengths[last]))


def indent_of(line: str) -> int:
    """The number of blanks at the begin of a line."""
    return len(line) - len(line.lstrip())


def blocks(lines: Sequence[Line], fence: re.Pattern[str]) -> Iterator[list[Line]]:
    """Runs of lines that belong together: no blank line inside, but whole fenced blocks."""
    block: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        end = _fence_end(lines, at, fence) if line else 0
        if end:
            yield from _parts(block)
            block = []
            yield list(lines[at : end + 1])
            at = end
        elif line.strip():
            block.append(line)
        else:
            yield from _parts(block)
            block = []
        at += 1
    yield from _parts(block)


def _fence_end(lines: Sequence[str], at: int, fence: re.Pattern[str]) -> int:
    """Where the fenced block that begins at a line ends, 0 when none begins there."""
    match = fence.match(lines[at])
    if not match:
        return 0
    mark, ruled = match[1] or match[3], bool(match[3])
    above = lines[at - 1].strip() if at else ""
    leads = above.startswith((".", "[")) or above.endswith((":", "+"))
    if ruled and above and not (leads and _opens_listing(lines, at)):
        return 0  # the rule under a heading
    if mark[0] == "~" and len(mark) >= LISTING and _is_as_long(mark, above):
        return 0  # so is this
    for number in range(at + 1, min(len(lines), at + MAX_FENCED)):
        if lines[number].strip() == mark:
            return 0 if ruled and number == at + 1 else number
        if ruled and RULE.match(lines[number]):
            return 0
    return 0


def _is_as_long(rule: str, above: str) -> bool:
    """Whether a rule may be one under the line above it: about as long, or too long for a mark."""
    least = LONGEST_MARK if len(rule) > LONGEST_MARK else len(above) - 2
    return bool(above) and max(least, 0.5 * len(above)) <= len(rule) <= len(above) + LISTING


def _parts(block: list[Line]) -> Iterator[list[Line]]:
    """A block cut where a list in it ends, and behind a line that only announces the rest."""
    if len(block) > 2 and block[0].endswith(":") and _announces(block):
        yield block[:1]
        block = block[1:]
    part: list[Line] = []
    bullets = -1
    for line in block:
        bullet = BULLET.match(line)
        if bullets > indent_of(line) and not bullet:
            yield part
            part, bullets = [], -1
        if bullet and (bullets < 0 or indent_of(line) < bullets):
            bullets = indent_of(line)
        part.append(line)
    if part:
        yield part


def _announces(block: Sequence[Line]) -> bool:
    """Whether everything below the first line is indented and no running text."""
    base, rest = indent_of(block[0]), block[1:]
    if any(indent_of(line) <= base for line in rest) or BULLET.match(rest[0]):
        return False
    pairs = all(DASHED.match(line.strip()) for line in rest)
    return pairs or is_entry(rest) or looks_verbatim(rest) or is_columns(rest) or not is_prose(rest)


def joined(lines: Sequence[str]) -> str:
    """The lines as one; a word that was hyphenated at the end of a line is put together.

    U+2010 is the mark that only typesetting programs put where they have divided a word.
    """
    parts: list[str] = []
    for line in lines:
        words = " ".join(line.split())
        if parts and _DIVIDED.search(parts[-1][-2:]) and words[:1].isalpha():
            parts[-1] = parts[-1][:-1]
            parts.append(words)
            continue
        split = bool(parts) and bool(_HYPHENATED.search(parts[-1][-2:])) and words[:1].islower()
        if parts and not (split and not _HANGING.match(words)):
            parts.append(" ")
        parts.append(words)
    return "".join(parts)


def leads_to_page(line: str) -> bool:
    """Whether a line is an entry of a table of contents ("Ports ..... 12") or a page number."""
    rest = line.rstrip()
    if rest.endswith("]"):
        return bool(re.search(r"\[Page \d+\]$", rest))
    digits = rest.rstrip("0123456789")
    return digits != rest and digits.replace(" ", "").endswith("....")


def is_list(block: Sequence[str]) -> bool:
    """Whether a block holds at least two bullets."""
    return sum(bool(BULLET.match(line)) for line in block) >= 2


def is_entry(block: Sequence[Line]) -> bool:
    """Whether a block is a term with its indented definition, or several of them."""
    base = indent_of(block[0])
    if len(block) < 2 or indent_of(block[1]) < base + 2 or BULLET.match(block[1]):
        return False
    for term, definition in entries(block):
        if len(term) > MAX_TERM or BULLET.match(term) or not definition:
            return False
        if term.endswith((".", ",", ";", "!", "?", "{", "(", "\\", "=")) or RULE.match(
            definition[0]
        ):
            return False
        if not is_prose(definition):
            return False
    return True


def entries(block: Sequence[Line]) -> Iterator[tuple[Line, list[Line]]]:
    """The terms of a glossary block with the lines of their definitions, in order."""
    base = indent_of(block[0])
    term, held = block[0], list[Line]()
    for number, line in enumerate(block):
        if indent_of(line) > base:
            held.append(line)
            continue
        if number:
            yield term, held
        term, held = Line.of(line.strip(), line.number), []
    yield term, held


def _is_told(definition: Sequence[str]) -> bool:
    """Whether lines are language: they end like a sentence or have function words."""
    text = joined(definition)
    return text.endswith((".", "!", "?")) or any(
        word.strip(".,;:()").casefold() in _COMMON for word in text.split()
    )


def _opens_listing(lines: Sequence[str], at: int) -> bool:
    """Whether a rule below a line opens a listing of AsciiDoc: of four, with code right below."""
    fits = len(lines[at].strip()) == LISTING and abs(len(lines[at - 1].strip()) - LISTING) > 1
    return fits and at + 1 < len(lines) and bool(lines[at + 1].strip())


def tells(block: Sequence[str]) -> bool:
    """Whether lines are language even though they name code: a fifth are function words."""
    ended = block[-1].rstrip().endswith((".", "!", "?", ":")) or BULLET.match(block[0])
    if not ended or any(
        line.endswith(("{", "}", ";")) or _REMARK.match(line) or _PROMPT.match(line)
        for line in block
    ):
        return False
    words = [word.strip(".,;:()'\"").casefold() for word in joined(block).split()]
    return len(words) >= FEW_WORDS and sum(word in _COMMON for word in words) >= 0.2 * len(words)


def is_prose(block: Sequence[str]) -> bool:
    """Whether lines read as sentences: words of natural form, no marks of code."""
    if tells(block):
        return True
    text = joined(block)
    words = text.split()
    plain = sum(bool(_WORD.fullmatch(word)) for word in words)
    if plain < 0.75 * len(words) or _CODE_MARKS.search("\n".join(block)):
        return False
    if len(words) < 3 or not _is_told(block):
        return text.endswith((".", "!", "?"))
    return text[-1] in ".!?:)" or len(words) > 12 or text[0].isupper()


def looks_verbatim(block: Sequence[str]) -> bool:
    """Whether lines only make sense as they stand: drawings, commands, settings, code."""
    if sum(bool(_DRAWN.match(line)) for line in block) >= 0.5 * len(block):
        return True
    marks = "".join("".join(block).split())
    if len(block) > 2 and sum(map(str.isalnum, marks)) < 0.5 * len(marks):
        return True
    base = indent_of(block[0])
    if _PROMPT.match(block[0]) and all(
        _PROMPT.match(line) or indent_of(line) > base or len(block) > 2 for line in block
    ):
        return not is_prose(block)
    if len(block) == 1 and _ASSIGNED.match(block[0]):
        return True
    if len(block) > 1 and all(map(_LOGGED.match, block)):
        return True
    if len(block) > 1 and all(_SETTING.match(line) or _BRACED.search(line) for line in block):
        return True
    marked = sum(bool(_CODE_MARKS.search(_without_end(line))) for line in block)
    return marked > 0.5 * len(block) and not tells(block)


def _without_end(line: str) -> str:
    """A line without the semicolon that ends an item of a list, as it ends a line of code."""
    listed = line.endswith(";") and BULLET.match(line) is not None
    return line[:-1] if listed else line


def is_columns(block: Sequence[str]) -> bool:
    """Whether most lines have a gap of blanks that ends in the same column."""
    if len(block) < 2:
        return False
    found = Counter(match.end() for line in block for match in GAP.finditer(line.rstrip()))
    return bool(found) and found.most_common(1)[0][1] >= max(2, 0.5 * len(block))
