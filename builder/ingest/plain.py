"""Plain text to pieces: headings, lists, glossaries, code and paragraphs by their layout.

A block is a run of lines without a blank one between them. A block becomes what it clearly is;
in doubt it becomes a paragraph, or code where joining its lines would destroy it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from builder.ingest.parsed import Parsed, Piece, fenced

Lines = list[str]

_RULE = re.compile(r"\s*([=\-~^*#\"'`+_.:])\1{2,}\s*$")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*([\w+#-]*)\s*$|(-{4,}|\.{4,})$")
_NUMBERED = re.compile(
    r"(?:(?:Chapter|Section|Appendix|Kapitel|Abschnitt|Anhang)\s+)?((?:\d{1,2}|[A-Z])(?:\.\d{1,3}){0,4})[.):]?\s+(?=\S)"
)
_BULLET = re.compile(
    r"(\s*)([-*+\u2022\u2013\u25cf\u25e6\u25aa\u2023]|\d{1,3}[.)]|\(\d{1,3}\)|[a-z]\))(\s+)(?=\S)"
)
_KEY_VALUE = re.compile(r"([^\s:][^:]{0,60}?)\s*:\s+(\S.*)$")
_IDENTIFIER = re.compile(r"[a-z][\w.-]*|[\w-]*[-_.][\w.-]*|[A-Z]+")
_GAP = re.compile(r"(?<=[^\s.!?:]) {2,}(?=\S)|(?<=[.!?:]) {3,}(?=\S)")
_CONTENTS = re.compile(r".*(?:\.\s?){4,}\s*\d+\s*$|.*\[Page \d+\]$")
_QUESTION = re.compile(r"(?:Q|F|Question|Frage)\s?\d*\s?[:.)]\s*(?=\S)")
_ANSWER = re.compile(r"(?:A|Answer|Antwort)\s?\d*\s?[:.)]\s+(?=\S)")
_DRAWN = re.compile(r"\s*(?:[|+][-=+|]|\|.*\|$|[\u2500-\u257f])")
_PROMPT = re.compile(r"\s*(?:\$|>>>|#!|C:\\)\S*\s*\S")
_HANGING = re.compile(r"(?:and|or|und|oder|bzw|sowie|to|bis)\b")

MAX_HEADING = 80  # characters
MAX_TERM = 60  # characters


def parse(text: str) -> Parsed:
    """The content of a plain text file."""
    lines = [line.rstrip() for line in text.expandtabs(8).split("\n")]
    lines = [line for line in lines if not _CONTENTS.match(line)]
    return Parsed(pieces=_Reader(lines).pieces)


class _Reader:
    """Reads the blocks of one text in order; what a block is may depend on the ones before."""

    def __init__(self, lines: Lines) -> None:
        self.pieces: list[Piece] = []
        self._blocks = [part for block in _blocks(lines) for part in _parts(block)]
        self._margin = _margin(self._blocks)
        self._width = max([40, *sorted(map(len, lines))[: int(0.95 * len(lines)) or None]])
        self._terms = sum(_is_entry(block) for block in self._blocks)
        self._questions = sum(_asks(block[0]) for block in self._blocks)
        self._styles: list[tuple[str, bool]] = []
        self._level = 1
        self._items: list[int] = []  # text columns of the open list items, outermost first
        for number, block in enumerate(self._blocks):
            following = self._blocks[number + 1] if number + 1 < len(self._blocks) else []
            self._block(block, following)

    def _block(self, block: Lines, following: Lines) -> None:
        block = self._without_headings(block, following)
        if not block:
            return
        for read in _KINDS:
            if read(self, block):
                return
        self._paragraphs(block)

    # Headings

    def _without_headings(self, block: Lines, following: Lines) -> Lines:
        while block:
            taken = self._underlined(block) or self._titled(block, following)
            if not taken:
                break
            block = block[taken:]
        return block

    def _underlined(self, block: Lines) -> int:
        """How many lines of an underlined heading the block begins with."""
        over = bool(_RULE.match(block[0])) and len(block) > 2 and bool(_RULE.match(block[2]))
        at = 1 if over else 0
        if len(block) < at + 2 or not _RULE.match(block[at + 1]) or _RULE.match(block[at]):
            return 1 if _RULE.match(block[0]) and not _FENCE.match(block[0]) else 0
        text, rule = block[at].strip(), block[at + 1].strip()
        if len(text) > 100 or len(rule) < 0.5 * len(text) or _BULLET.match(block[at]):
            return 0
        style = (rule[0], over)
        if style not in self._styles:
            self._styles.append(style)
        self._heading(text, min(6, self._styles.index(style) + 1))
        return at + 2

    def _titled(self, block: Lines, following: Lines) -> int:
        line, text = block[0], block[0].strip()
        if not self._could_be_heading(line):
            return 0
        alone = len(block) == 1
        numbered = _NUMBERED.match(text)
        if not self.pieces and (text.isupper() or (alone and following and not numbered)):
            self._heading(text, 1)
            return 1
        if alone and numbered and self._is_numbered_heading(text, following):
            self._heading(text, min(6, 2 + numbered[1].count(".")))
            return 1
        if text.isupper() and (alone or len(text.split()) > 1) and not numbered and following:
            self._heading(text, 2)
            return 1
        if self._asks_here(line):
            self.pieces.append(Piece("heading", _QUESTION.sub("", text), min(6, self._level + 1)))
            self._items = []
            return 1
        label = not alone and len(text.split()) <= 4 and text[:1].isupper()
        if label and all(_BULLET.match(other) or other[:1] == " " for other in block[1:]):
            if _BULLET.match(block[1]):
                self.pieces.append(Piece("heading", text, min(6, self._level + 1)))
                self._items = []
                return 1
        if (
            alone
            and _indent(line) < self._margin
            and following
            and _indent(following[0]) > _indent(line)
        ):
            self._heading(text, 2)
            return 1
        return 0

    def _could_be_heading(self, line: str) -> bool:
        text = line.strip()
        if _indent(line) > self._margin or len(text) > MAX_HEADING or _GAP.search(text):
            return False
        if sum(map(str.isalpha, text)) < 3 or _PROMPT.match(text) or _DRAWN.match(text):
            return False
        return (
            not text.endswith((".", ",", ";", ":", "\\", "{", ")"))
            or text.isupper()
            or text.endswith(")")
        )

    def _is_numbered_heading(self, text: str, following: Lines) -> bool:
        numbered = _NUMBERED.match(text)
        if (
            numbered is None
            or not following
            or text[-1].isdigit()
            or not text[numbered.end()].isupper()
        ):
            return False
        if "." in numbered[1] or not numbered[1][0].isdigit():
            return len(numbered[1]) > 1 or text[numbered.end(1)] in ".):"
        return text.isupper() or not (
            _BULLET.match(following[0]) and _NUMBERED.match(following[0].strip())
        )

    def _asks_here(self, line: str) -> bool:
        return _asks(line) and (self._questions > 1 or bool(_QUESTION.match(line.strip())))

    def _heading(self, text: str, level: int) -> None:
        self._level = level
        self._items = []
        self.pieces.append(Piece("heading", text, level))

    # Blocks

    def _fenced(self, block: Lines) -> bool:
        match = _FENCE.match(block[0])
        if not match or len(block) < 3 or block[-1].strip() != (match[1] or match[3]):
            return False
        self._code(block[1:-1], match[2] or "")
        return True

    def _list(self, block: Lines) -> bool:
        first = next((number for number, line in enumerate(block) if _BULLET.match(line)), None)
        if first is None:
            return False
        if first and not (block[first - 1].endswith(":") or _is_list(block[first:])):
            return False
        if first == 0 and len(block) == 1 and not self._items and not _is_item_alone(block[0]):
            return False
        if first:
            self._paragraphs(block[:first])
        self._list_items(block[first:])
        return True

    def _list_items(self, block: Lines) -> None:
        held: Lines = []
        level, marker = 1, "-"
        for line in block:
            match = _BULLET.match(line)
            if match and (
                not held or _indent(line) < self._items[-1] or len(match[1]) == _indent(held[0])
            ):
                self._item(held, level, marker)
                while self._items and len(match[1]) < self._items[-1]:
                    self._items.pop()
                self._items.append(match.end())
                level = len(self._items)
                digits = re.search(r"\d+", match[2])
                marker, held = f"{digits[0]}." if digits else "-", [line[match.end() :]]
            else:
                held.append(line)
        self._item(held, level, marker)

    def _item(self, held: Lines, level: int, marker: str) -> None:
        if held:
            text = "  " * (level - 1) + f"{marker} {_joined(held)}"
            self.pieces.append(Piece("list_item", text, level))

    def _in_item(self, block: Lines) -> bool:
        """A further paragraph of a list item stands at the column of the item's text."""
        indent = _indent(block[0])
        if not self._items or indent <= self._margin:
            self._items = []
            return False
        if min(abs(indent - column) for column in self._items) > 1 or _is_columns(block):
            return False
        self._paragraphs(block)
        return True

    def _glossary(self, block: Lines) -> bool:
        if self._terms < 2 or not _is_entry(block):
            return False
        for term, definition in _entries(block):
            self.pieces.append(
                Piece("list_item", f"- {term.rstrip(':')}: {_joined(definition)}", 1)
            )
        return True

    def _key_values(self, block: Lines) -> bool:
        base = _indent(block[0])
        entries: list[Lines] = []
        for line in block:
            if _indent(line) > base + 1 and entries:
                entries[-1].append(line)
            else:
                entries.append([line])
        found = [_KEY_VALUE.match(entry[0].strip()) for entry in entries]
        if len(entries) < 2 or not all(found):
            return False
        keys = [match[1] for match in found if match]
        if all(_IDENTIFIER.fullmatch(key) for key in keys) or any(
            len(key.split()) > 8 for key in keys
        ):
            return False
        for entry, match in zip(entries, found, strict=True):
            value = _joined([match[2], *entry[1:]]) if match else ""
            self.pieces.append(Piece("list_item", f"- {match[1] if match else ''}: {value}", 1))
        return True

    def _quoted(self, block: Lines) -> bool:
        if not all(line.lstrip().startswith(">") for line in block) or _PROMPT.match(block[0]):
            return False
        text = _joined([line.lstrip().lstrip("> ") for line in block])
        if text:
            self.pieces.append(Piece("quote", f"> {text}"))
        return True

    def _verbatim(self, block: Lines) -> bool:
        drawn = sum(bool(_DRAWN.match(line)) for line in block) >= 0.5 * len(block)
        prompts = all(_PROMPT.match(line) or _indent(line) > self._margin + 1 for line in block)
        indented = all(_indent(line) >= self._margin + 3 for line in block)
        if not (drawn or prompts or _is_columns(block) or _is_settings(block)):
            if not indented or _is_prose(block):
                return False
        self._code(block, "")
        return True

    def _code(self, block: Lines, lang: str) -> None:
        last = self.pieces[-1] if self.pieces else None
        cut = min((_indent(line) for line in block if line), default=0)
        body = [line[cut:] for line in block]
        if (
            last
            and last.kind == "code"
            and not lang
            and last.text.startswith("```\n")
            and _indent(block[0])
        ):
            body = [*last.text.split("\n")[1:-1], "", *body]
            self.pieces.pop()
        if any(line.strip() for line in body):
            self.pieces.append(Piece("code", fenced("\n".join(body))))

    def _paragraphs(self, block: Lines) -> None:
        if all(_RULE.match(line) for line in block):
            return
        text_lines = block
        if self.pieces and self.pieces[-1].kind == "heading":
            answer = _ANSWER.match(block[0].strip())
            if answer:
                text_lines = [block[0].strip()[answer.end() :], *block[1:]]
        if len(block) > 1 and sum(map(len, block)) > 130 * len(block):
            for line in text_lines:
                self.pieces.append(Piece("paragraph", line.strip()))
            return
        self.pieces.append(Piece("paragraph", _joined(text_lines, self._width)))


_KINDS: tuple[Callable[[_Reader, Lines], bool], ...] = (
    _Reader._fenced,
    _Reader._quoted,
    _Reader._list,
    _Reader._in_item,
    _Reader._glossary,
    _Reader._key_values,
    _Reader._verbatim,
)


def _blocks(lines: Sequence[str]) -> Iterator[Lines]:
    """Runs of non-blank lines; what stands between two fences is one block."""
    block: Lines = []
    at = 0
    while at < len(lines):
        line = lines[at]
        end = _fence_end(lines, at) if not block or not line.strip() or _FENCE.match(line) else 0
        if end:
            if block and not (
                _RULE.match(line) and len(block) == 1 and not line.startswith(("`", "~~~"))
            ):
                yield block
                block = []
            if not block:
                yield list(lines[at : end + 1])
                at = end + 1
                continue
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
        at += 1
    if block:
        yield block


def _parts(block: Lines) -> Iterator[Lines]:
    """A block cut where a list in it ends: at a line that stands further left than its bullets."""
    part: Lines = []
    bullets = -1
    for line in block:
        if bullets > _indent(line) and not _BULLET.match(line):
            yield part
            part, bullets = [], -1
        if _BULLET.match(line) and (bullets < 0 or _indent(line) < bullets):
            bullets = _indent(line)
        part.append(line)
    if part:
        yield part


def _fence_end(lines: Sequence[str], at: int) -> int:
    match = _FENCE.match(lines[at])
    if not match:
        return 0
    mark = match[1] or match[3]
    if match[3] and at and lines[at - 1].strip() and len(lines[at - 1].strip()) <= 1.5 * len(mark):
        return 0  # the rule under a heading
    for number in range(at + 1, min(len(lines), at + 400)):
        if lines[number].strip() == mark:
            return 0 if match[3] and number <= at + 1 else number
        if match[3] and _RULE.match(lines[number]):
            return 0
    return 0


def _margin(blocks: Sequence[Lines]) -> int:
    """The indentation of running text: what most lines that begin a block have, if it is small."""
    found = Counter(_indent(line) for block in blocks for line in block if len(line) > 50)
    if not found:
        return 0
    common, count = found.most_common(1)[0]
    least = min(_indent(block[0]) for block in blocks)
    if common > 8 or count < 0.5 * found.total() or found[least] > 0.2 * found.total():
        return least
    return common


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _joined(lines: Sequence[str], width: int = 0) -> str:
    """The lines as one; a line that ends long before the width ends for good."""
    text = ""
    before = ""
    for line in lines:
        word = line.strip()
        if text:
            early = width and len(before) + len(word.split(" ", 1)[0]) + 24 < width
            if early and not before.rstrip().endswith("-"):
                text += "\n"
            elif not (
                re.search(r"[^\W\d_]-$", text) and word[:1].islower() and not _HANGING.match(word)
            ):
                text += " "
        text += " ".join(word.split())
        before = line
    return text


def _asks(line: str) -> bool:
    text = line.strip()
    return (
        text.endswith("?")
        and len(text) <= 200
        and text[:1].isupper()
        and len(text.split()) > 2
        and (". " not in text)
    )


def _is_list(block: Lines) -> bool:
    return sum(bool(_BULLET.match(line)) for line in block) >= 2


def _is_item_alone(line: str) -> bool:
    """A single line that begins like an item, and not like "- John" or "1. Title" by chance."""
    match = _BULLET.match(line)
    return match is not None and len(match[3]) <= 4


def _is_entry(block: Lines) -> bool:
    """Whether a block is a term with its indented definition, or several of them."""
    base = _indent(block[0])
    if len(block) < 2 or _indent(block[1]) < base + 2 or _BULLET.match(block[1]):
        return False
    terms = [line for line in block if _indent(line) <= base]
    if any(len(line.strip()) > MAX_TERM or _BULLET.match(line) for line in terms):
        return False
    if any(
        line.rstrip().endswith((".", ",", ";", "!", "?", "{", "(", "\\", "=")) for line in terms
    ):
        return False
    body = [line.strip() for line in block if _indent(line) > base]
    return (
        not _RULE.match(body[0])
        and _is_prose(body)
        and all(_defines(block, line) for line in terms)
    )


def _defines(block: Lines, term: str) -> bool:
    at = block.index(term)
    return at + 1 < len(block) and _indent(block[at + 1]) > _indent(term)


def _entries(block: Lines) -> Iterator[tuple[str, Lines]]:
    base = _indent(block[0])
    term, held = "", list[str]()
    for line in block:
        if _indent(line) <= base:
            if held:
                yield term, held
            term, held = line.strip(), []
        else:
            held.append(line)
    if held:
        yield term, held


def _is_prose(block: Sequence[str]) -> bool:
    """Whether lines read as sentences: mostly letters, words of natural length, no code marks."""
    text = " ".join(line.strip() for line in block)
    words = text.split()
    plain = sum(
        1
        for word in words
        if re.fullmatch(
            r"[\"'(\u201e\u201c]?[^\W_]+(?:[-'/][^\W_]+)*[\"')\u201d\u201c]?[.,;:!?]*", word
        )
    )
    if len(words) < 3 or plain < 0.75 * len(words) or re.search(r"[{}]|;$|\$ |->|==|&&", text):
        return False
    return text[-1] in ".!?:)" or len(words) > 12 or text[0].isupper()


def _is_settings(block: Sequence[str]) -> bool:
    """Lines such as "name = value", "key: value" or "[section]", which only make sense line by line."""
    setting = re.compile(
        r"\s*(?:\[[\w. -]+\]|[\w.\[\]\"-]+\s*=\s*\S.*|[a-z_][\w.-]*:(?:\s+\S.*)?|[#;].*)$"
    )
    return len(block) > 1 and all(setting.match(line) for line in block)


def _is_columns(block: Sequence[str]) -> bool:
    """Whether most lines have a gap of blanks that ends in the same column."""
    if len(block) < 2:
        return False
    columns = Counter(
        match.end() for line in block for match in _GAP.finditer(line.rstrip()) if match.end() > 3
    )
    if not columns:
        return False
    return columns.most_common(1)[0][1] >= max(2, 0.5 * len(block))
