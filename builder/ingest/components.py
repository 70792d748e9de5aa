"""Where the components and shortcodes of Markdown dialects begin and end, over lines.

Tags of JSX (`<Note title="x">`) and calls of templates (`{{< note >}}`, `{% note %}`) hold Markdown
between a line that opens them and one that closes them. Code is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MAX_LINES = 4_000  # of an opening tag that holds a table
_FEW_LINES = 200  # of most others
MAX_DATA = 100_000  # characters of it in which rows of a table are looked for

_TAG_START = re.compile(r"(\s*)<([A-Z][\w.]*)(?=[\s/>{]|$)")
_PLAIN_START = re.compile(r"\s*<[a-z][\w-]*(?=\s|$)")
_VALUE = re.compile(r"\s+[\w:-]+=\{(?:[^{}]|\{[^{}]*\})*\}")
_CALL_START = re.compile(
    r"(\s*)(?:\{\{([<%])\s*([A-Za-z][\w./-]*)((?:[^{}]|\{[^{}]*\}){0,1000}?)\s*[>%]\}\}"
    r"|\{%-?\s*([A-Za-z]\w*)((?:[^{}]|\{[^{}]*\}){0,1000}?)-?%\})"
)
_FENCE = re.compile(r"(?:\s|>|[-*+]\s|\d+[.)]\s)*(`{3,}|~{3,})")
_QUOTES = "\"'`"
_NAME = "name"  # of the column for objects that are values of a name
_SENTENCE = 3  # words
_STRING = r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`"
_TOKEN = re.compile(
    rf"(?P<name>(?:[A-Za-z_$][\w$]*|{_STRING})(?=\s*:))|(?P<value>{_STRING}|true|false|-?\d[\d.]*)"
    r"|[{}\[\]]",
    re.DOTALL,
)


class Block(NamedTuple):
    """An opening tag or call and what stands inside of it.

    body: line numbers from and to (without the last) of the whole lines inside; first, last: what
    stands inside on the line that opens and on the one that closes; next: the line after it.
    """

    indent: str
    name: str
    written: str
    first: str
    body: tuple[int, int]
    last: str
    next: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands inside: a tag that closes itself."""
        return self.body == (self.next, self.next) and not self.first


def tag_at(lines: Sequence[str], at: int) -> Block | None:
    """The component that a line opens, with all up to its end; an empty body when it has none.

    None when no tag begins the line, when it is never closed, or when text follows its end.
    """
    start = _TAG_START.match(lines[at])
    if not start:
        return None
    opening, end = "", -1
    for n_lines in (_FEW_LINES, MAX_LINES):
        opening = "\n".join(lines[at : at + n_lines])
        end = _end_of_tag(opening, start.end())
        if end >= 0:
            break
    if end < 0:
        return None
    written = opening[start.end() : end]
    below = at + opening.count("\n", 0, end) + 1
    rest = opening[end + 1 :].partition("\n")[0]
    if written.endswith("/"):
        found = Block(start[1], start[2], written[:-1], "", (below, below), "", below)
        return None if rest.strip() else found
    name = re.escape(start[2])
    return _closed(
        lines,
        Block(start[1], start[2], written, rest, (below, below), "", below),
        re.compile(rf"<{name}(?=[\s>{{]|$)|</{name}\s*>"),
        "</",
    )


def plain_tag_at(lines: Sequence[str], at: int) -> tuple[str, int] | None:
    """A tag of HTML over several lines, without its values in braces, and how many lines it takes.

    None when it has none such, or does not end in a few lines.
    """
    start = _PLAIN_START.match(lines[at])
    if not start:
        return None
    opening = "\n".join(lines[at : at + _FEW_LINES])
    end = _end_of_tag(opening, start.end())
    if end < 0 or "={" not in opening[:end] or "\n" not in opening[:end]:
        return None
    rest = opening[end:].partition("\n")[0]
    tag = " ".join(_VALUE.sub("", opening[:end]).split())
    return start[0][: -len(start[0].lstrip())] + tag + rest, opening.count("\n", 0, end) + 1


def call_at(lines: Sequence[str], at: int) -> Block | None:
    """The shortcode or template tag that a line opens, with all up to the one that ends it."""
    start = _CALL_START.match(lines[at])
    if not start:
        return None
    name = start[3] or start[5]
    written = start[4] or start[6] or ""
    opened = Block(start[1], name, written, lines[at][start.end() :], (at + 1, at + 1), "", at + 1)
    word = re.escape(name)
    if start[3]:
        ends = re.compile(rf"\{{\{{[<%]\s*(?:/\s*)?{word}(?![\w./-])[^{{}}]*[>%]\}}\}}")
        return None if written.endswith("/") else _closed(lines, opened, ends, "/")
    bare = "|end" if written.startswith("(") else ""
    ends = re.compile(rf"\{{%-?\s*(?:(?:end|/\s*)?{word}{bare})\b[^{{}}]*%\}}")
    return _closed(lines, opened, ends, "end")


def rows_in(written: str) -> list[list[str]]:
    """The table that the attributes of a component tell as objects, its names of columns first.

    Every object with two texts or more is a row; [] when no text is as long as a sentence.
    """
    start = written.find("={")
    if start < 0 or len(written) > MAX_DATA:
        return []
    found = list(_objects(written[start + 1 :]))
    if not any(len(text.split()) >= _SENTENCE for texts in found for text in texts.values()):
        return []
    names = list(dict.fromkeys(name for texts in found for name in texts))
    return [names, *([texts.get(name, "") for name in names] for texts in found)]


def _objects(script: str) -> Iterator[dict[str, str]]:
    """The objects of JavaScript with two texts or more, outer ones first, by the names of these."""
    open_objects: list[tuple[dict[str, str], str]] = []  # with the name that waits for its value
    found: list[dict[str, str]] = []
    name = ""
    for token in _TOKEN.finditer(script):
        text = token[0]
        if text == "{":
            open_objects.append(({} if not name else {_NAME: name}, name))
            found.append(open_objects[-1][0])
            name = ""
        elif text == "}" and open_objects:
            open_objects.pop()
            name = ""
        elif token["name"]:
            name = token["name"].strip("\"'")
        elif token["value"] and name:
            if open_objects:
                open_objects[-1][0][name] = _unquoted(token["value"])
            name = ""
        elif text in "[]":
            name = ""
    return (texts for texts in found if len(texts) >= 2)


def _unquoted(value: str) -> str:
    if value[0] not in _QUOTES:
        return value
    if "<" in value and "`" not in value[1:-1]:
        value = value.replace("<", "&lt;")  # a type, no tag
    return re.sub(r"\\(.)", lambda match: {"n": " ", "t": " "}.get(match[1], match[1]), value[1:-1])


def dedented(lines: Sequence[str]) -> int:
    """By how many blanks all lines that say something are indented."""
    return min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)


def _end_of_tag(text: str, start: int) -> int:
    """Where the ">" of a tag stands, strings and braces left alone; -1 when it has none."""
    depth, quote = 0, ""
    for at in range(start, len(text)):
        character = text[at]
        if quote:
            quote = "" if character == quote else quote
        elif character in _QUOTES:
            quote = character
        elif character in "{}":
            depth += 1 if character == "{" else -1
        elif character == ">" and not depth and text[at - 1] != "=":
            return at
        elif character == "<" and not depth:
            return -1
    return -1


def _closed(
    lines: Sequence[str], opened: Block, marks: re.Pattern[str], closing: str
) -> Block | None:
    """An opened block with its end; None when it has none, or when text follows it."""
    depth, fence = 1, ""
    number, text = opened.next - 1, opened.first
    while True:
        mark = _FENCE.match(text)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        else:
            for found in marks.finditer(text):
                ends = _is_end(found[0], closing)
                depth += -1 if ends else 1
                if depth:
                    continue
                if text[found.end() :].strip():
                    return None
                if number < opened.next:
                    return opened._replace(first=text[: found.start()])
                body = opened.next, number
                return opened._replace(body=body, last=text[: found.start()], next=number + 1)
        number += 1
        if number >= len(lines):
            return None
        text = lines[number]


def _is_end(mark: str, closing: str) -> bool:
    if closing == "/":
        return bool(re.match(r"\{\{[<%]\s*/", mark))
    if closing == "end":
        return bool(re.match(r"\{%-?\s*(?:end|/)", mark))
    return mark.startswith(closing)
