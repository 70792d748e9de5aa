"""Plain text to pieces: headings, lists, glossaries, code and paragraphs by their layout.

A block is a run of lines without a blank one between them. A block becomes what it clearly is;
in doubt it becomes a paragraph, or code where joining its lines would destroy it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise, zip_longest

from builder.ingest import manual, options
from builder.ingest.layout import (
    BULLET,
    DASHED,
    KEY_VALUE,
    LONGEST_MARK,
    RULE,
    Line,
    LinePlaces,
    blocks,
    entries,
    indent_of,
    is_columns,
    is_entry,
    is_list,
    is_prose,
    joined,
    leads_to_page,
    looks_verbatim,
)
from builder.ingest.parsed import Parsed, Piece, fenced
from builder.records import BlockKind

Lines = list[Line]

_BEFORE_TITLE = 3  # pieces above a title in the middle of the page
_FAR = 8  # columns: the least that it stands right of other text
_OFF_CENTRE = 0.25  # of the width
_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*([\w+#-]*)\s*$|(-{4,}|\.{4,})$")
_NUMBERED = re.compile(
    r"(?:(?:Chapter|Section|Appendix|Kapitel|Abschnitt|Anhang)\s+)?"
    r"((?:\d{1,2}|[IVXL]{2,5}(?=\.)|[A-Z])(?:\.\d{1,3}){0,4})[.):]?\s+(?=\S)"
)
_IDENTIFIER = re.compile(r"[a-z][\w.-]*|[\w-]*[-_.][\w.-]*|[A-Z]+")
_QUESTION = re.compile(r"(?:Q|F|Question|Frage)\s?\d*\s?[:.)]\s*(?=\S)")
_NUMBERED_QUESTION = re.compile(r"(\(?\d{1,3}(?:\.\d{1,3}){0,4}[.):]{0,2})\s+\S.*[?\uff1f]$")
_NUMBERED_TITLE = re.compile(r"\d{1,3}[.)]\s+[^\W_]")
_ANSWER = re.compile(r"(?:A|Answer|Antwort)\s?\d*\s?[:.)]\s+(?=\S)")
_MARKDOWN = re.compile(r"^(?:#{2,6} \S|```\w*$|\[[^\]]+\]\(\S+\)|[-*] \[[^\]]+\]\(\S+\))", re.M)
_DIRECTIVE = re.compile(r"^[ \t]*\.\. (?:[\w:-]+::|_[^:\n]+:)|(?<!:):[a-z][a-z:]*:`[^`\n]+`", re.M)
_ALONE = re.compile(r"^\.\. (?:[a-z][\w:-]+::(?:[ \t]|$)|_[^:\n]+:(?:[ \t]|$))", re.M)
_RULED_TITLE = re.compile(r"\s*(?:([=~#*^+-])\1{2,}\n)?\S.*\n([=~#*^+-])\2{2,}\n")
_LITERAL = re.compile(r"\S ?::[ \t]*\n[ \t]*\n[ \t]+\S")
_RST_MARK = re.compile(r"``[^`\n]+``|`[^`\n]+ <[^>\n]+>`_")
_TITLE = re.compile(r"# \S.*\n")
_SUBTITLE = re.compile(r"(?:\A|\n\n)#{2,6} \S[^\n]*[^#\s](?=\n)")
_SPAN = re.compile(r"(?<!`)`[^`\n]+`(?![`_])|\]\([^\s()]+\)")

MAX_HEADING = 80  # characters
_COLUMNS = re.compile(r"\S {2,}\S+(?: \S+)* {2,}\S")  # the head of printed columns, no title
MIN_RULE = 8  # characters of a rule that is one under a longer title
FEWEST_QUESTIONS = 2  # with numbers, that make them headings
_LABEL = re.compile(r"[A-Z][A-Z]+(?: [A-Z]+){0,2}:")  # "RETURN VALUE:", above what it is for
_FEWEST_LABELS = 2  # labels that a text has again and again
MIN_TITLES = 3  # of Markdown that make a text without its first title Markdown
MAX_QUESTION = 250
MAX_BLOCK = 400  # lines of a block that tell whether it begins with a heading


def parse(text: str, *, marked: bool = True) -> Parsed:
    """The content of a plain text file; what is Markdown or clearly reStructuredText is read so.

    marked: whether it may be one of them, for a reader of theirs that gave up.
    """
    if marked and _looks_like_markdown(text):
        from builder.ingest import markdown

        return markdown.parse(text)
    if marked and _looks_like_rst(text):
        from builder.ingest import rst

        found = rst.parse(text)
        if isinstance(found, Parsed):
            return found
    if (page := manual.parse(text)) is not None:
        return page
    written = text.split("\n")
    expanded = text.expandtabs(8).split("\n")
    lines = [Line.of(line.rstrip(), number) for number, line in enumerate(expanded)]
    lines = [line for line in lines if not leads_to_page(line)]
    read = _Reader(lines, written)
    return Parsed(pieces=read.pieces, title=f"`{read.program}`" if read.program else "")


def _looks_like_markdown(text: str) -> bool:
    """Whether a text is clearly Markdown: a title with others or links, or several with codes."""
    if _TITLE.match(text.lstrip()) and len(_MARKDOWN.findall(text)) > 1:
        return True
    head = text[:50_000]
    titles = len(_SUBTITLE.findall(head))
    hashed = sum(line.startswith("#") for line in head.split("\n"))
    written = titles >= MIN_TITLES and len(_SPAN.findall(head)) >= MIN_TITLES
    return written and hashed <= 1.2 * titles  # in settings most lines with "#" are remarks


def _looks_like_rst(text: str) -> bool:
    """Whether a text is clearly reStructuredText: directives, targets, roles, and not just one.

    Beside one of them, a "::" above indented lines is another; below a ruled title one is enough.
    """
    head = text[:50_000]
    if _RULED_TITLE.match(head) and _ALONE.search(head):
        return True
    marks = _DIRECTIVE.findall(head)
    marks += _LITERAL.findall(head) if marks else []
    return len(marks) >= 3 and len(marks) + len(_RST_MARK.findall(head)) >= 0.01 * head.count("\n")


class _OpenCode:
    """The lines of a code block that further blocks may belong to."""

    def __init__(self, first: Line) -> None:
        self.first = self.last = first
        self.lines: list[str] = []
        self.parts = 0  # blocks that it was joined from
        self.braces = 0  # opened and not closed

    def add(self, lines: Sequence[str], last: Line) -> None:
        """Further lines, of which last is the last one in the source."""
        self.lines.extend(lines)
        self.last = last
        self.parts += 1
        self.braces += sum(line.count("{") - line.count("}") for line in lines)


class _Reader:
    """Reads the blocks of one text in order; what a block is may depend on the ones before."""

    def __init__(self, lines: Lines, written: Sequence[str]) -> None:
        self.pieces: list[Piece] = []
        self._places = LinePlaces(written)
        found = list(blocks(lines, _FENCE))
        self._labels = _labels(found)
        self._blocks = options.with_usage(_cut_at(self._labels, found) if self._labels else found)
        self._margin = _margin(self._blocks)
        self._width = min(100, max(map(len, lines), default=0))
        self._has_options = options.count(self._blocks) >= options.FEW
        self.program = options.command(self._blocks)
        self._terms = sum(is_entry(block) for block in self._blocks)
        self._questions = sum(_asks(block[0]) for block in self._blocks)
        self._numbered = sum(map(_asks_by_number, self._blocks))
        self._rules = Counter(block[1] for block in self._blocks if _is_ruled(block))
        self._styles: list[tuple[str, bool]] = []
        self._level = 1
        self._items: list[int] = []  # text columns of the open list items, outermost first
        self._number = 0  # of the last item at the margin
        self._code_open: _OpenCode | None = None  # while it is the last piece
        for at, block in enumerate(self._blocks):
            self._block(block, self._blocks[at + 1] if at + 1 < len(self._blocks) else [])
        self._end_code()

    def _block(self, block: Lines, following: Lines) -> None:
        block = self._without_headings(block, following)
        if block and not any(read(self, block) for read in _KINDS):
            self._paragraph(block)

    def _add(
        self,
        kind: BlockKind,
        text: str,
        level: int,
        origin: Sequence[Line],
        flags: tuple[str, ...] = (),
    ) -> None:
        """Adds a piece that the lines of origin have given."""
        self._end_code()
        place = self._places.of(origin)
        self.pieces.append(Piece(kind, text, level, flags=flags, place=place))

    # Headings

    def _without_headings(self, block: Lines, following: Lines) -> Lines:
        at = 0
        while at < len(block):
            head = block[at : at + MAX_BLOCK]
            taken = self._question(head) or self._underlined(head) or self._counted(head)
            taken = taken or self._over_options(head, following) or self._titled(head, following)
            if not taken:
                break
            at += taken
        return block[at:]

    def _question(self, block: Lines) -> int:
        """How many lines of a question with its label the block begins with."""
        if not _QUESTION.match(block[0].strip()):
            return 0
        for count in range(1, min(4, len(block)) + 1):
            text = _QUESTION.sub("", joined(block[:count]), count=1)
            if text.endswith("?") and len(text) <= MAX_QUESTION:
                if count < len(block) and not _ANSWER.match(block[count].strip()):
                    continue  # another sentence of the question follows
                level = min(6, self._level + 1)
                self._add("heading", text, level, block[:count], flags=("question",))
                self._items = []
                return count
        return 0

    def _counted(self, block: Lines) -> int:
        """1 when the block begins with a question that has a number, as others do, else 0."""
        if self._numbered < FEWEST_QUESTIONS or not _asks_by_number(block):
            return 0
        text = " ".join(block[0].split())
        number = text.split(maxsplit=1)[0].strip("().:")
        self._heading(text, min(6, 2 + number.count(".")), block[:1])
        return 1

    def _underlined(self, block: Lines) -> int:
        """How many lines of an underlined heading the block begins with."""
        over = bool(RULE.match(block[0])) and len(block) > 2 and bool(RULE.match(block[2]))
        at = 1 if over else 0
        if len(block) < at + 2 or not RULE.match(block[at + 1]) or RULE.match(block[at]):
            return 1 if RULE.match(block[0]) and not _may_open(block) else 0
        text, rule = block[at].strip(), block[at + 1].strip()
        listed = BULLET.match(block[at]) and not _NUMBERED_TITLE.match(text)
        if len(text) > 100 or listed or _COLUMNS.search(text):
            return 0
        if any(_COLUMNS.search(line.strip()) for line in block[at + 2 : at + 3]):
            return 0  # a table's head: its first row stands right below the rule
        again = len(rule) >= MIN_RULE or self._rules[block[at + 1]] > 1
        if len(rule) < 0.5 * len(text) and (not again or text[-1] in ".,;:!\u2026"):
            return 0
        style = (rule[0], over)
        if not self._styles and len(self.pieces) > 2:
            self._styles.append(("", False))  # the title is none of the underlined lines
        if style not in self._styles:
            self._styles.append(style)
        self._heading(text, min(6, self._styles.index(style) + 1), block[: at + 2])
        return at + 2

    def _over_options(self, block: Lines, following: Lines) -> int:
        """1 when the first line of the block is the label of options ("Output:"), else 0."""
        text = block[0].strip()
        if not self._has_options or not text.endswith(":") or len(text) > MAX_HEADING:
            return 0
        inside = len(block) > 1 and indent_of(block[1]) > indent_of(block[0])
        alone = inside or len(block) == 1
        if not options.begin(block[1:]) and not (alone and options.begin(following)):
            return 0
        self._heading(text[:-1], 2, block[:1])
        return 1

    def _titled(self, block: Lines, following: Lines) -> int:
        """1 when the first line of the block is a heading, else 0."""
        text = block[0].strip()
        if following and self._is_centred(block):
            self._heading(text, 1, block[:1])
            return 1
        if not self._could_be_heading(block[0]):
            return 0
        alone = len(block) == 1
        numbered = _NUMBERED.match(text)
        if not self.pieces and (text.isupper() or (alone and following and not numbered)):
            self._heading(text, 1, block[:1])
        elif alone and numbered and self._is_numbered_heading(block[0], following):
            self._heading(text, min(6, 2 + numbered[1].count(".")), block[:1])
        elif text.isupper() and (alone or len(text.split()) > 1) and not numbered and following:
            self._heading(text, 2, block[:1])
        elif (self._questions > 1 and _asks(text)) or (not alone and _is_label(block)):
            self._add("heading", text, min(6, self._level + 1), block[:1])
            self._items = []
        elif self._stands_out(block, following) or (not alone and block[0] in self._labels):
            self._heading(text, 2, block[:1])
        else:
            return 0
        return 1

    def _is_centred(self, block: Lines) -> bool:
        """Whether a line by itself near the begin of the text stands in the middle of the page."""
        line = block[0].rstrip()
        if len(block) > 1 or len(self.pieces) > _BEFORE_TITLE or not line.strip()[:1].isupper():
            return False
        left, right = indent_of(line) - self._margin, self._width - len(line)
        if left < _FAR or abs(left - right) > _OFF_CENTRE * self._width:
            return False
        headed = any(piece.kind == "heading" for piece in self.pieces)
        return not headed and line[-1] not in ".,;:" and not is_columns([line.strip()] * 2)

    def _could_be_heading(self, line: str) -> bool:
        text = line.strip()
        if indent_of(line) > self._margin or len(text) > MAX_HEADING or is_columns([line, line]):
            return False
        if self.program and (not self.pieces or options.usage([Line.of(line, 0)])[1]):
            return False
        if sum(map(str.isalpha, text)) < 3 or looks_verbatim([line]):
            return False
        if text.isupper():
            named = "_" in text and indent_of(line) > 0  # a macro below its label
            return not named and text[-1] != ","
        return not text.endswith((".", ",", ";", ":", "\\", "{"))

    def _is_numbered_heading(self, line: str, following: Lines) -> bool:
        text = line.strip()
        numbered = _NUMBERED.match(text)
        if numbered is None or not following or text[-1].isdigit():
            return False
        number, name = numbered[1], text[numbered.end() :]
        dotted = text[numbered.end(1)] in ".):"
        if self._goes_on_counting(number, name) or not (
            name[0].isupper() or ("." in number and dotted)
        ):
            return False
        if "." in number or not number[0].isdigit():
            return len(number) > 1 or dotted
        below = max(indent_of(line), self._margin)
        return text.isupper() or (
            not BULLET.match(following[0]) and indent_of(following[0]) <= below
        )

    def _goes_on_counting(self, number: str, name: str) -> bool:
        """Whether a number is that of the next list item rather than of a heading."""
        counted = bool(self._number) and number == str(self._number + 1)
        return counted and not name.isupper()

    def _stands_out(self, block: Lines, following: Lines) -> bool:
        """Whether a line stands further left than all running text, right above some of it."""
        indent, below = indent_of(block[0]), block[1:] or following
        if indent >= self._margin or not below or indent_of(below[0]) < self._margin:
            return False
        return len(block) == 1 or (block[0].isupper() and len(block[0].strip()) > 3)

    def _heading(self, text: str, level: int, origin: Sequence[Line]) -> None:
        self._level = level
        self._items = []
        self._number = 0
        self._add("heading", text, level, origin)

    # Other kinds of blocks: each reader says whether the block was one of its kind.

    def _fenced(self, block: Lines) -> bool:
        match = _FENCE.match(block[0])
        if not match or len(block) < 3 or block[-1].strip() != (match[1] or match[3]):
            return False
        self._code(block[1:-1], match[2] or "", block)
        return True

    def _usage(self, block: Lines) -> bool:
        if not self.program or options.usage(block) != (0, len(block)):
            return False
        self._code(block, "", block)
        return True

    def _options(self, block: Lines) -> bool:
        """Options with what they mean; the lines between them are read as if they stood alone."""
        parts = options.read(block) if self._has_options else []
        if not parts:
            return False
        for part, after in zip_longest(parts, parts[1:]):
            if isinstance(part, options.Option):
                said = f"- {part.named}: {joined(part.meaning)}" if part.meaning else ""
                self._add("definition", said or f"- {part.named}", 1, part.origin)
            elif isinstance(after, options.Option) and part[-1].endswith(":"):
                self._around(part[:-1])
                self._without_headings(part[-1:], after.origin)
            else:
                self._around(part)
        columns = [indent_of(part.origin[-1]) for part in parts if isinstance(part, options.Option)]
        self._items = columns[-1:]
        return True

    def _around(self, block: Lines) -> None:
        """Lines beside options."""
        if block and not any(read(self, block) for read in _BESIDE_OPTIONS):
            self._paragraph(block)

    def _quoted(self, block: Lines) -> bool:
        if not all(line.lstrip().startswith(">") for line in block) or looks_verbatim(block):
            return False
        text = joined([line.lstrip("> ") for line in block])
        if text:
            self._add("quote", f"> {text}", 0, block)
        return True

    def _answer(self, block: Lines) -> bool:
        """The answer below a labelled question; its further paragraphs stand at its column."""
        answer = _ANSWER.match(block[0].strip())
        if not answer or not self.pieces or self.pieces[-1].kind != "heading":
            return False
        first = Line.of(block[0].strip()[answer.end() :], block[0].number)
        self._paragraph([first, *block[1:]])
        self._items = [indent_of(block[0]) + answer.end()]
        return True

    def _list(self, block: Lines) -> bool:
        first = next((at for at, line in enumerate(block) if BULLET.match(line)), None)
        if first is None or looks_verbatim(block):
            return False
        if first and not (block[first - 1].endswith(":") or is_list(block[first:])):
            return False
        if first:
            self._paragraph(block[:first])
        self._list_items(block[first:])
        return True

    def _list_items(self, block: Lines) -> None:
        held: Lines = []
        level, marker, start = 1, "-", 0
        for line in block:
            match = BULLET.match(line)
            if match and (not held or len(match[1]) <= start or self._is_inner(match)):
                self._item(held, level, marker)
                start = len(match[1])
                while self._items and start < self._items[-1]:
                    self._items.pop()
                self._items.append(match.end())
                level = len(self._items)
                digits = re.search(r"\d+", match[2])
                marker = f"{digits[0]}." if digits else "-"
                held = [Line.of(line[match.end() :], line.number)]
                self._number = int(digits[0]) if digits and level == 1 else self._number
            elif not (len(held) == 1 and RULE.match(line)):  # a rule below the item's title
                held.append(line)
        self._item(held, level, marker)

    def _is_inner(self, match: re.Match[str]) -> bool:
        """Whether a bullet inside an item's text begins an inner list."""
        return bool(self._items) and len(match[1]) >= self._items[-1] - 1

    def _item(self, held: Lines, level: int, marker: str) -> None:
        if held:
            text = "  " * (level - 1) + f"{marker} {joined(held)}"
            self._add("list_item", text, level, held)

    def _in_item(self, block: Lines) -> bool:
        """A further paragraph of a list item stands at the column of the item's text."""
        indent = indent_of(block[0])
        if not self._items or indent <= self._margin:
            self._items = []
            return False
        if min(abs(indent - column) for column in self._items) > 1:
            return False
        if looks_verbatim(block) or is_columns(block):
            self._code(block, "", block)
        else:
            self._paragraph(block)
        return True

    def _glossary(self, block: Lines) -> bool:
        if self._terms < 2 or not is_entry(block):
            return False
        if any(is_columns(definition) for _, definition in entries(block)):
            return False
        for term, definition in entries(block):
            self._defined(term.rstrip(":"), definition, [term, *definition])
        return True

    def _pairs(self, block: Lines) -> bool:
        """Lines of "key: value" or "name - meaning"; deeper lines go on with the value."""
        base = indent_of(block[0])
        groups: list[Lines] = []
        for line in block:
            if indent_of(line) > base + 1 and groups:
                groups[-1].append(line)
            else:
                groups.append([line])
        for pattern in (KEY_VALUE, DASHED):
            found = [match for group in groups if (match := pattern.match(group[0].strip()))]
            if len(found) == len(groups) > 1 and not _is_data(
                [match[1] for match in found], pattern
            ):
                for group, match in zip(groups, found, strict=True):
                    self._defined(match[1], [match[2], *group[1:]], group)
                return True
        return False

    def _defined(self, term: str, definition: Sequence[str], origin: Lines) -> None:
        self._add("definition", f"- {term}: {joined(definition)}", 1, origin)

    def _verbatim(self, block: Lines) -> bool:
        indented = all(indent_of(line) >= self._margin + 3 for line in block)
        goes_on = self._in_braces() and block[0][:1] in " }" and not is_prose(block)
        if (
            goes_on
            or looks_verbatim(block)
            or is_columns(block)
            or (indented and not is_prose(block))
        ):
            self._code(block, "", block)
            return True
        return False

    def _in_braces(self) -> bool:
        """Whether the last piece is code that has opened a brace and not closed it."""
        return self._code_open is not None and self._code_open.braces > 0

    def _code(self, block: Lines, lang: str, origin: Lines) -> None:
        """Adds a code block; one that only a blank line parts from the last is joined to it."""
        inside = self._in_braces()
        cut = 0 if inside else min((indent_of(line) for line in block if line), default=0)
        body: list[str] = [line[cut:] for line in block]
        if not any(line.strip() for line in body):
            return
        if self._code_open and not lang and (cut or inside):
            self._code_open.add(["", *body], origin[-1])
            return
        self._add("code", fenced("\n".join(body), lang), 0, origin)
        if not lang:
            self._code_open = _OpenCode(origin[0])
            self._code_open.add(body, origin[-1])

    def _end_code(self) -> None:
        """Puts the code block that other blocks were joined to in the place of its beginning."""
        code, self._code_open = self._code_open, None
        if code and code.parts > 1:
            self.pieces.pop()
            self._add("code", fenced("\n".join(code.lines)), 0, [code.first, code.last])

    def _paragraph(self, block: Lines) -> None:
        if sum(map(len, block)) > 130 * len(block) and len(block) > 1:  # a paragraph to the line
            for line in block:
                self._add("paragraph", line.strip(), 0, [line])
            return
        ragged = len(block) > 1 and max(map(len, block)) < 0.6 * self._width
        text = "\n".join(line.strip() for line in block) if ragged else joined(block)
        self._add("paragraph", text, 0, block)


_BESIDE_OPTIONS: tuple[Callable[[_Reader, Lines], bool], ...] = (
    _Reader._quoted,
    _Reader._answer,
    _Reader._list,
    _Reader._in_item,
    _Reader._glossary,
    _Reader._pairs,
    _Reader._verbatim,
)
_KINDS = (_Reader._fenced, _Reader._usage, _Reader._options, *_BESIDE_OPTIONS)


def _margin(found: Sequence[Lines]) -> int:
    """The indentation of running text: that of most long lines, if it is small."""
    indents = Counter(indent_of(line) for block in found for line in block if len(line) > 50)
    least = min((indent_of(block[0]) for block in found), default=0)
    if not indents:
        return least
    common, count = indents.most_common(1)[0]
    if common > 8 or count < 0.5 * indents.total() or indents[least] > 0.2 * indents.total():
        return least
    return common


def _asks(line: str) -> bool:
    """Whether a line is one whole question."""
    text = line.strip()
    whole = text.endswith("?") and ". " not in text and len(text) <= 200
    return whole and text[:1].isupper() and len(text.split()) > 2


def _may_open(block: Lines) -> bool:
    """Whether a rule is a fence: one of code that it closes too, or no longer than most are."""
    match = _FENCE.match(block[0])
    if not match or not match[1] or len(match[1]) <= LONGEST_MARK:
        return bool(match)
    return block[-1].strip() == match[1]


def _asks_by_number(block: Lines) -> bool:
    """Whether a block is a question with a number, and lines below it that are no list."""
    if len(block) < 2 or not _NUMBERED_QUESTION.match(block[0].strip()):
        return False
    below = block[1]
    return indent_of(below) <= indent_of(block[0]) and not (
        BULLET.match(below) or RULE.match(below) or _NUMBERED_QUESTION.match(below)
    )


def _is_ruled(block: Lines) -> bool:
    """Whether the first line of a block has a rule below it."""
    return len(block) > 1 and bool(RULE.match(block[1])) and not RULE.match(block[0])


def _labels(found: Sequence[Lines]) -> set[str]:
    """The labels in capitals above indented lines that a text has again and again."""
    told = Counter(
        str(line)
        for block in found
        for line, below in pairwise(block)
        if line[-1:] == ":" and _LABEL.fullmatch(line) and below[:1] in " \t"
    )
    again = {label for label, n in told.items() if n > 1}
    return again if len(again) >= _FEWEST_LABELS else set()


def _cut_at(labels: set[str], found: Sequence[Lines]) -> list[Lines]:
    """Blocks cut before the lines that are labels."""
    cut: list[Lines] = []
    for block in found:
        edges = [0, *(at for at in range(1, len(block)) if block[at] in labels), len(block)]
        cut += [block[first:end] for first, end in pairwise(edges)]
    return cut


def _is_label(block: Lines) -> bool:
    """Whether the first line labels the bullets below it ("Fixed")."""
    text = block[0].strip()
    below = block[1:]
    return (
        len(text.split()) <= 4
        and text[:1].isupper()
        and bool(BULLET.match(below[0]))
        and all(BULLET.match(line) or line[:1] == " " for line in below)
    )


def _is_data(keys: Sequence[str], pattern: re.Pattern[str]) -> bool:
    """Whether keys are those of a header or settings file rather than of a list of facts."""
    if any(len(key.split()) > 8 for key in keys):
        return True
    return pattern is KEY_VALUE and all(_IDENTIFIER.fullmatch(key) for key in keys)
