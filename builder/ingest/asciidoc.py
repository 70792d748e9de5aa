"""AsciiDoc to pieces, read line by line; nothing is included, fetched or executed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from builder.ingest.asciidoc_inline import FOOTNOTE, Inline, is_link, substitutions
from builder.ingest.asciidoc_tables import Cell, cells, columns, grid, lead
from builder.ingest.emit import Emitter, Span, code_span, one_line
from builder.ingest.parsed import Parsed, unclosed_comment
from builder.records import Dropped

MAX_DEPTH = 30  # of blocks inside each other
MAX_LIST_DEPTH = 40

_TITLE = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*?)(?:[ \t]+\1)?$")
_RULES = "=-~^+"
_ATTRIBUTE = re.compile(r":(!?[\w][\w-]*!?):(?:[ \t]+(.*))?$")
_CONDITION = re.compile(r"(ifn?def|ifeval|endif)::([^\[]*)\[(.*)\]\s*$")
_BLOCK_ATTRIBUTES = re.compile(r"\[(?:[\w#.%\"',*{+:^|][^\n]*)?\]$")
_ANCHOR = re.compile(r"\[\[([\w:][^\[\],]*)(?:,\s*([^\[\]]*))?\]\]$")
_BLOCK_TITLE = re.compile(r"\.(?![\s.])(.+)$")
_DELIMITER = re.compile(
    r"(?:-{4,}|={4,}|\*{4,}|_{4,}|\.{4,}|\+{4,}|--|~{4,}|`{3,}[^`]*|[|,:!]={3,})$"
)
_BREAK = re.compile(r"(?:'{3,}|<{3,}|-{3}|\*{3}|- - -|\* \* \*)$")
_MACRO = re.compile(r"(?=.*\]$)([a-z][\w-]*)::(\S*?)\[(.*)\]$")
_ADMONITION = re.compile(r"(NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+(.*)$")
_LABELS = frozenset(("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"))
_BULLET = re.compile(r"[ \t]*(\*{1,40}|-|\u2022)[ \t]+(.*)$")
_NUMBER = re.compile(r"[ \t]*(\.{1,40}|\d{1,9}\.|[a-zA-Z]\.|[ivxIVX]{1,8}\))[ \t]+(.*)$")
_CALLOUT = re.compile(r"<(\d{1,3}|\.)>[ \t]+(.*)$")
_TERM = re.compile(r"[ \t]*((?:(?!//)\S|\S.{0,500}?\S))(:{2,4}|;;)(?:[ \t]+(.*))?$")
_SPACED_TERM = re.compile(r"[ \t]*((?!//)\S(?:.{0,500}?\S)?)[ \t]+(:{2,4})()$")
_CHECK = re.compile(r"\[[ xX*]\][ \t]+")
_CALLOUT_MARK = re.compile(
    r"[ \t]*(?://|#|--|;;|%)?[ \t]*(?:<!--(?:\d+|\.)-->|<(?:\d{1,3}|\.)>)"
    r"(?:[ \t]*(?:<!--(?:\d+|\.)-->|<(?:\d{1,3}|\.)>))*[ \t]*$"
)
_AUTHOR = re.compile(r"[^\W\d_][\w.'-]*(?: [^\W\d_][\w.'-]*){0,3}(?: <[^<>]+>)?(?:;.*)?$")
_REVISION = re.compile(r"v?\d[\w.]*(?:,.*)?$|[^,]*,\s*\d{4}.*$|\{.*\}.*$")
_ALONE = "//"
_ATTRIBUTION = re.compile(r"--[ \t]+(\S.*)$")

Numbered = tuple[int, str]  # a line with its number in the source


@dataclass
class _Meta:
    """What block attribute lines and a title have said about the next block."""

    first: int | None = None
    style: str = ""
    title: str = ""
    title_line: int = 0
    anchor: str = ""
    positional: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    options: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)


def parse(text: str) -> Parsed:
    """The content of AsciiDoc."""
    reader = _Reader(text)
    reader.read()
    dropped = tuple(
        Dropped(
            what=line.partition("::")[0], reason="off", characters=len(line), beginning=line[:80]
        )
        for line in reader.left_out
    )
    if reader.unread.strip():
        dropped += (unclosed_comment(reader.unread),)
    return Parsed(
        pieces=reader.emit.pieces,
        title=reader.title,
        lang=reader.attributes.get("lang", ""),
        notes=(),
        dropped=dropped,
    )


class _Reader:
    """Reads one file. Lines keep their numbers, so that every block knows its place."""

    def __init__(self, text: str) -> None:
        self.emit = Emitter()
        self.attributes: dict[str, str] = dict.fromkeys(
            ("asciidoctor", "backend", "backend-html5", "basebackend-html", "doctype-article"), ""
        )
        self.left_out: list[str] = []
        self.unread = ""  # what follows the begin of a comment that nothing ends
        self.title = ""
        self._stacked: list[tuple[str, int]] = []  # terms and their lines that have no text yet
        self._text = text
        self._source = text.split("\n")
        self._starts: list[int] = []
        at = 0
        for line in self._source:
            self._starts.append(at)
            at += len(line) + 1
        self.inline = Inline(self.attributes, _anchored_titles(self._source))
        self._depth = 0
        self._callouts = 0

    def read(self) -> None:
        """Reads the whole file."""
        lines = self._header(
            [(n, line.rstrip().expandtabs(4)) for n, line in enumerate(self._source)]
        )
        self._blocks(list(self._included(lines)))

    # Lines

    def _header(self, lines: list[Numbered]) -> list[Numbered]:
        """Takes the document's title with author, revision and attributes below it."""
        at = 0
        while at < len(lines) and (
            not lines[at][1]
            or lines[at][1].startswith("//")
            or self._attribute(lines[at][1])
            or _BLOCK_ATTRIBUTES.match(lines[at][1])
            or _ANCHOR.match(lines[at][1])
        ):
            at += 1
        if at >= len(lines):
            return lines
        match = re.match(r"[=#][ \t]+(\S.*)$", lines[at][1])
        ruled = at + 1 < len(lines) and _is_rule(lines[at][1], lines[at + 1][1]) == 1
        if not match and not ruled:
            return lines
        number, last = lines[at][0], lines[at][0] + ruled
        self.inline.old = ruled
        end = at + 1 + ruled
        if end < len(lines) and _AUTHOR.match(lines[end][1]):
            end += 1
            if end < len(lines) and _REVISION.match(lines[end][1]):
                end += 1
        while end < len(lines) and lines[end][1]:
            if not (self._attribute(lines[end][1]) or lines[end][1].startswith("//")):
                break
            end += 1
        self.title = one_line(self.inline.text(match[1] if match else lines[at][1]))
        self.emit.heading(self.title, 1, self._span(number, last))
        return lines[end:]

    def _included(self, lines: Sequence[Numbered]) -> Iterator[Numbered]:
        """The lines that are to be read: comments, false conditions and includes left out."""
        open_conditions: list[bool] = []
        comment = verbatim = before = ""
        begun = 0
        seen = dict(self.attributes)
        for at, (number, line) in enumerate(lines):
            if verbatim and not _CONDITION.match(line) and not line.startswith("include::"):
                if all(open_conditions):
                    verbatim = "" if line == verbatim else verbatim
                    before = ""
                    yield number, line
                continue
            if comment:
                comment = "" if line == comment else comment
                continue
            condition = _CONDITION.match(line)
            if condition:
                kind, names, content = condition.groups()
                if kind == "endif":
                    if open_conditions:
                        open_conditions.pop()
                    continue
                holds = _holds(kind, names, content, seen)
                if content and kind != "ifeval":
                    if holds and all(open_conditions):
                        yield number, content
                else:
                    open_conditions.append(holds)
                continue
            if not all(open_conditions):
                continue
            if re.match(r"/{4,}$", line):
                comment, begun = line, at + 1
            elif line.startswith("include::"):
                self.left_out.append(line)
            elif line.startswith("//") and not line.startswith("///"):
                if not before and not (at + 1 < len(lines) and lines[at + 1][1]):
                    yield number, _ALONE  # where it ends a list
                continue
            else:
                entry = _ATTRIBUTE.match(line)
                if entry:
                    name = entry[1].strip("!").lower()
                    if "!" in entry[1]:
                        seen.pop(name, None)
                    else:
                        seen[name] = entry[2] or ""
                sourced = line == "--" and before.startswith(("[source", "[listing", "[,"))
                if sourced or re.match(r"(?:-{4,}|\.{4,}|\+{4,}|`{3,}[^`]*)$", line):
                    verbatim = "```" if line[0] == "`" else line
                    if _is_rule(before, line):
                        verbatim = ""
                before = line
                yield number, line
        if comment:
            self.unread = "\n".join(line for _, line in lines[begun:])

    def _attribute(self, line: str) -> bool:
        """Whether a line sets an attribute; sets it."""
        match = _ATTRIBUTE.match(line)
        if not match:
            return False
        name = match[1].strip("!").lower()
        if "!" in match[1]:
            self.attributes.pop(name, None)
        else:
            self.attributes[name] = self.inline.filled((match[2] or "").removesuffix(" \\"))
        return True

    def _span(self, first: int, last: int) -> Span:
        return self._starts[first], self._starts[last] + len(self._source[last].rstrip())

    # Blocks

    def _blocks(self, lines: list[Numbered], *, top: bool = True) -> None:
        """Reads lines as a run of blocks."""
        self._depth += 1
        at = 0
        while at < len(lines):
            at = self._block(lines, at, top=top)
        self._depth -= 1

    def _block(self, lines: list[Numbered], at: int, *, top: bool = True) -> int:
        """Reads one block with the attributes above it; returns the line after it."""
        meta = _Meta()
        while at < len(lines):
            number, line = lines[at]
            if not line or line == _ALONE:
                at += 1
            elif self._attribute(line):
                at += 1
                while at < len(lines) and lines[at - 1][1].endswith(" \\"):
                    at += 1
            elif self._described(meta, number, line):
                at += 1
            else:
                return self._described_block(lines, at, meta, top=top)
        self._titled(meta)  # of a block that does not come
        return at

    def _described(self, meta: _Meta, number: int, line: str) -> bool:
        """Whether a line tells about the next block; remembers it."""
        anchor, title = _ANCHOR.match(line), _BLOCK_TITLE.match(line)
        if anchor:
            meta.anchor = anchor[1]
        elif title and not _NUMBER.match(line):
            meta.title, meta.title_line = title[1], number
        elif _BLOCK_ATTRIBUTES.match(line) and not line.startswith("[["):
            _read_attributes(self.inline.filled(line[1:-1]), meta)
        else:
            return False
        meta.first = number if meta.first is None else meta.first
        return True

    def _described_block(self, lines: list[Numbered], at: int, meta: _Meta, *, top: bool) -> int:
        number, line = lines[at]
        below = lines[at + 1][1] if at + 1 < len(lines) else ""
        titled = _TITLE.match(line)
        ruled = (
            _is_rule(line, below)
            if not titled and lines[at][0] + 1 == (lines[at + 1][0] if at + 1 < len(lines) else -1)
            else 0
        )
        if titled and (top or meta.style in ("discrete", "float")):
            self._heading(titled[2], len(titled[1]), number, number, meta)
            return at + 1
        if ruled and (top or meta.style in ("discrete", "float")):
            self._heading(line, ruled, number, number + 1, meta)
            return at + 2
        if _DELIMITER.match(line) and self._depth < MAX_DEPTH:
            return self._delimited(lines, at, meta)
        if _BREAK.match(line):
            return at + 1
        if self._macro(line, number, meta):
            return at + 1
        if self._marker(line) is not None and meta.style not in (
            "source",
            "listing",
            "literal",
            "verse",
        ):
            self._titled(meta)
            return self._list(lines, at, meta)
        return self._paragraph(lines, at, meta)

    def _heading(self, text: str, level: int, first: int, last: int, meta: _Meta) -> None:
        offset = self.attributes.get("leveloffset", "0")
        if re.fullmatch(r"[+-]?\d", offset):
            level += int(offset)
        found = re.search(r"\[\[([\w:.-]+)\]\]", text)
        shown = one_line(self.inline.text(text))
        anchor = meta.anchor or (found[1] if found else _auto_id(shown))
        span = self._span(first, last)
        if meta.style in ("discrete", "float") and self.emit.depth > 1:
            self.emit.paragraph(shown, span)
        else:
            self.emit.heading(shown, max(1, level), span, anchor=anchor)
        self._say_footnotes(span)

    def _titled(self, meta: _Meta) -> None:
        """Says the title of a block before it."""
        if meta.title:
            span = self._span(meta.title_line, meta.title_line)
            self.emit.caption(self.inline.text(meta.title), span)
            meta.title = ""

    def _macro(self, line: str, number: int, meta: _Meta) -> bool:
        match = _MACRO.match(line)
        if not match:
            return False
        if meta.title:
            self._titled(meta)
        if match[1] in ("stem", "latexmath", "asciimath"):
            self.emit.math(match[3], self._span(number, number))
        elif match[1] not in ("image", "toc", "video", "audio"):
            self.left_out.append(line)
        return True

    def _delimited(self, lines: list[Numbered], at: int, meta: _Meta) -> int:
        """A block between two equal lines."""
        number, mark = lines[at]
        closing = "```" if mark.startswith("```") else mark
        end = next((n for n in range(at + 1, len(lines)) if lines[n][1] == closing), len(lines))
        body = lines[at + 1 : end]
        last = lines[min(end, len(lines) - 1)][0]
        first = number if meta.first is None else min(meta.first, number)
        if meta.title:
            after = [meta.title_line + 1, number]
            first = min(after) if meta.first == meta.title_line else first
        self._enclosed(mark, body, meta, self._span(first, last))
        return end + 1

    def _enclosed(self, mark: str, body: list[Numbered], meta: _Meta, span: Span) -> None:
        kind, style = mark[:1] if mark != "--" else "open", meta.style
        if mark[1:3] == "==" and kind in "|,:!":
            self._table(mark[0], body, meta, span)
        elif style in ("stem", "latexmath", "asciimath") and kind in ("+", "open"):
            self._titled(meta)
            self.emit.math("\n".join(line for _, line in body), span)
        elif kind == "+" or style == "comment":
            text = "\n".join(line for _, line in body)
            self.left_out.append("passthrough::" + one_line(text)[:80])
        elif style in ("source", "listing", "literal") or (
            kind in "-.`" and style not in ("verse", "quote")
        ):
            self._titled(meta)
            self._code(body, self._language(mark, meta), span, meta.named.get("subs", ""))
        elif style.upper() in _LABELS:
            self._admonition(style.upper(), meta, body, span)
        elif style == "verse":
            self._titled(meta)
            self._verse(body, meta, span)
        elif kind == "_" or style == "quote":
            self._titled(meta)
            self.emit.open_quote()
            self._blocks(body, top=False)
            self._attribution(meta, span)
            self.emit.close()
        elif style == "tabs" and kind in "=open":
            self._titled(meta)
            self._tabs(body)
        elif "collapsible" in meta.options and meta.title and self.emit.depth == 1:
            shown = one_line(self.inline.text(meta.title))
            level = self.emit.question(shown, self._span(meta.title_line, meta.title_line))
            self._blocks(body, top=False)
            self.emit.end(level)
        else:
            self._titled(meta)
            self._blocks(body, top=False)

    def _tabs(self, body: list[Numbered]) -> None:
        """The variants that the terms of a list name, each with all that stands below its term."""
        labels: list[tuple[str, int]] = []
        inside: list[list[Numbered]] = [[]]
        mark = ""  # of the block that is open
        for number, line in body:
            told = self._marker(line) if not mark else None
            if told and told[0] == "::":
                labels.append((told[1], number))
                inside.append([(number, told[2])])
                continue
            if _DELIMITER.match(line):
                mark = "" if line == mark else mark or line
            inside[-1].append((number, "" if line == "+" and not mark else line))
        self._blocks(inside[0], top=False)
        for (label, number), held in zip(labels, inside[1:], strict=True):
            shown = one_line(self.inline.text(label))
            self.emit.open_tab(shown)
            self.emit.paragraph(shown, self._span(number, number))
            self._blocks(held, top=False)
            self.emit.close()

    def _language(self, mark: str, meta: _Meta) -> str:
        if mark.startswith("```"):
            return mark[3:].strip().split(",")[0]
        named = meta.named.get("language", "")
        told = named or (meta.positional[0] if meta.positional else "")
        if not told and meta.style == "source":
            told = self.attributes.get("source-language", "")
        return told if re.fullmatch(r"[\w+#.-]+", told) and meta.style in ("source", "") else ""

    def _code(self, body: Sequence[Numbered], language: str, span: Span, subs: str = "") -> None:
        raw = [self._source[number].rstrip() if text else "" for number, text in body]
        raw = [line for line in raw if not line.startswith("include::")]
        shown = [_CALLOUT_MARK.sub("", line) if line.endswith(">") else line for line in raw]
        named = substitutions(subs)
        shown = [self.inline.verbatim(line, named) for line in shown] if subs else shown
        shown = [re.sub(r"^\\(?=include::|ifdef::|ifndef::|endif::)", "", line) for line in shown]
        while shown and not shown[0]:
            shown.pop(0)
        self.emit.code("\n".join(shown), language, span)

    def _admonition(self, label: str, meta: _Meta, body: list[Numbered], span: Span) -> None:
        shown = self.inline.text(meta.title) if meta.title else label.capitalize()
        first = span[0]
        head = (first, first + len(self._source[self._line_of(first)]))
        self.emit.open_note(shown, head)
        self._blocks(body, top=False)
        self.emit.close()

    def _line_of(self, offset: int) -> int:
        from bisect import bisect_right

        return bisect_right(self._starts, offset) - 1

    def _verse(self, body: Sequence[Numbered], meta: _Meta, span: Span) -> None:
        text = "\n".join(self.inline.text(line) for _, line in body)
        self.emit.open_quote()
        self.emit.paragraph(text, span)
        self._attribution(meta, span)
        self.emit.close()

    def _attribution(self, meta: _Meta, span: Span) -> None:
        names = [name for name in meta.positional[:2] if name]
        names = names or [
            meta.named[key] for key in ("attribution", "citetitle") if key in meta.named
        ]
        if names:
            self.emit.paragraph("\u2014 " + self.inline.text(", ".join(names)), span)

    # Paragraphs

    def _paragraph(self, lines: list[Numbered], at: int, meta: _Meta) -> int:
        first = at
        literal = lines[at][1][:1] == " "
        while at < len(lines) and lines[at][1]:
            line = lines[at][1]
            if at > first and self._interrupts(line):
                break
            at += 1
        held = lines[first:at]
        at = max(at, first + 1)
        held = held or lines[first:at]
        begin = held[0][0]
        if meta.first is not None and meta.title == "" and meta.style:
            begin = min(begin, meta.first)
        span = self._span(begin, held[-1][0])
        if meta.style in ("source", "listing", "literal") or (
            literal and meta.style in ("", "literal")
        ):
            self._titled(meta)
            raw = [self._source[number].rstrip() for number, _ in held]
            cut = min(len(line) - len(line.lstrip()) for line in raw)  # a tab counts as one
            code = "\n".join(line[cut:] for line in raw)
            self.emit.code(code, self._language("", meta), span)
        else:
            self._prose(held, meta, span)
        return at

    def _interrupts(self, line: str) -> bool:
        """Whether a line ends the paragraph above it."""
        return bool(
            (_DELIMITER.match(line) and line != "--" and not line.startswith("~"))
            or line == "--"
            or (_BLOCK_ATTRIBUTES.match(line) and _looks_like_attributes(line))
            or _ANCHOR.match(line)
        )

    def _prose(self, held: list[Numbered], meta: _Meta, span: Span) -> None:
        style, text = meta.style, "\n".join(line.lstrip() for _, line in held)
        told = _ADMONITION.match(text.split("\n")[0])
        if style in ("stem", "latexmath", "asciimath"):
            self.emit.math(text, span)
        elif style in ("pass", "comment"):
            self.left_out.append("passthrough::" + one_line(text)[:80])
        elif told or style.upper() in _LABELS:
            label = told[1] if told else style.upper()
            text = text[told.end(1) + 1 :].lstrip() if told else text
            shown = self.inline.text(meta.title) if meta.title else label.capitalize()
            self.emit.open_note(shown, None)
            self._say(text, span)
            self.emit.close()
        elif style == "verse":
            self._titled(meta)
            self._verse(held, meta, span)
        else:
            self._titled(meta)
            signed = (
                _ATTRIBUTION.match(held[-1][1]) if len(held) > 1 and text.startswith('"') else None
            )
            quoted = style == "quote" or signed or text.startswith("> ")
            if quoted:
                self.emit.open_quote()
                text = re.sub(r"^> ?", "", text, flags=re.MULTILINE)
            self._say(text, span, hard="hardbreaks" in meta.options)
            if quoted:
                self._attribution(meta, span)
                self.emit.close()

    def _say(self, text: str, span: Span, *, hard: bool = False) -> None:
        if hard or "hardbreaks-option" in self.attributes or "hardbreaks" in self.attributes:
            text = text.replace("\n", " +\n")
        said = self.inline.text(text)
        bold = re.fullmatch(r"\*{1,2}([^*]+\?)\*{1,2}", text.strip())
        if bold and self.emit.depth == 1 and len(said) <= 250:
            self.emit.question(said, span)
        else:
            self.emit.paragraph(said, span, link=is_link(text))
        self._say_footnotes(span)

    def _say_footnotes(self, span: Span) -> None:
        """Says the footnotes of a block after it, each with its own place in the block."""
        notes, self.inline.footnotes = self.inline.footnotes, []
        told = FOOTNOTE.finditer(self._text, *span) if notes else iter(())
        places = (match.span() for match in told if match[2].strip())
        for note in notes:
            self.emit.paragraph(note, next(places, span))

    # Lists

    def _marker(self, line: str) -> tuple[str, str, str] | None:
        """The kind of a list item's marker, its term or number, and the text behind it."""
        bullet = _BULLET.match(line)
        if bullet:
            return bullet[1], "", bullet[2]
        number = _NUMBER.match(line)
        if number:
            told = number[1]
            kind = told if told.startswith(".") else re.sub(r"\w+", "1", told)
            return kind, told, number[2]
        callout = _CALLOUT.match(line)
        if callout:
            return "<1>", callout[1], callout[2]
        term = _TERM.match(line) or _SPACED_TERM.match(line)
        if term and not _MACRO.match(line) and not line.startswith("//"):
            return term[2], term[1], term[3] or ""
        return None

    def _list(self, lines: list[Numbered], at: int, meta: _Meta) -> int:
        """Reads a list with everything inside it; returns the line after it."""
        open_kinds: list[str] = []
        counts: list[int] = []
        asked: list[int] = []  # levels of the question headings that are open
        numbered = meta.named.get("start", "1")
        start = int(numbered) if re.fullmatch(r"\d{1,6}", numbered) else 1
        begun = at
        while at < len(lines):
            told = self._marker(lines[at][1])
            if told is None:
                break
            kind, name, text = told
            if kind in open_kinds:
                while open_kinds[-1] != kind:
                    open_kinds.pop()
                    counts.pop()
                    self.emit.close()
                counts[-1] += 1
            elif len(open_kinds) < MAX_LIST_DEPTH:
                open_kinds.append(kind)
                counts.append(start if at == begun else 1)
                self.emit.open_list()
            at = self._item(lines, at, (kind, name, text), counts[-1], asked, meta)
            at = self._after_item(lines, at, open_kinds)
        for _ in open_kinds:
            self.emit.close()
        for level in asked[-1:]:
            self.emit.end(level)
        return at

    def _item(
        self,
        lines: list[Numbered],
        at: int,
        told: tuple[str, str, str],
        count: int,
        asked: list[int],
        meta: _Meta,
    ) -> int:
        """Reads the marker and text of an item."""
        kind, name, text = told
        number = lines[at][0]
        term = kind[0] in ":;"
        last = at
        held = [text] if text else []
        at += 1
        if term and not text:
            ahead = at
            while ahead < len(lines) and not lines[ahead][1]:
                ahead += 1
            following = self._marker(lines[ahead][1]) if ahead < len(lines) else None
            if following and following[0] == kind:  # that term shares its definition with this one
                self._stacked.append((name, number))
                return at
            if ahead < len(lines) and self._continues_term(lines[ahead][1]):
                at = ahead
        while at < len(lines) and lines[at][1] and lines[at][1] != "+":
            line = lines[at][1]
            if self._marker(line) is not None or self._interrupts(line) or _BLOCK_TITLE.match(line):
                break
            held.append(line.strip())
            last = at
            at += 1
        span = self._span(number, lines[last][0])
        if term:
            self._term(name, number, meta, asked)
        elif kind in ("*", "-", "\u2022") or kind[0] == "*":
            self.emit.item("-", span)
        else:
            digits = re.match(r"\d+", name)
            self.emit.item(f"{digits[0] if digits else count}.", span)
        text = "\n".join(held)
        text = _CHECK.sub("", text, count=1) if kind[0] in "*-" else text
        if text:
            self._say(text, span)
        return at

    def _term(self, name: str, number: int, meta: _Meta, asked: list[int]) -> None:
        terms, self._stacked = [*self._stacked, (name, number)], []
        shown = ", ".join(one_line(self.inline.text(term)) for term, _ in terms)
        span = self._span(terms[0][1], number)
        if meta.style == "qanda" or (
            shown.endswith("?") and len(shown.split()) > 2 and self.emit.depth == 1
        ):
            self.emit.settle()
            asked.append(self.emit.question(shown, span))
            return
        self.emit.entry(shown, span)

    def _continues_term(self, line: str) -> bool:
        """Whether a line behind blank ones is still the definition of the term above."""
        if self._marker(line) is not None or _TITLE.match(line) or line in ("+", _ALONE):
            return False
        return not (self._interrupts(line) or _BLOCK_TITLE.match(line) or _MACRO.match(line))

    def _after_item(self, lines: list[Numbered], at: int, open_kinds: list[str]) -> int:
        """Reads what is attached to an item; returns the line that the list goes on or ends at."""
        while at < len(lines):
            ahead = at
            while ahead < len(lines) and not lines[ahead][1]:
                ahead += 1
            if ahead >= len(lines):
                return ahead
            line = lines[ahead][1]
            if line == "+":
                at = self._attached(lines, ahead + 1)
            elif self._marker(line) is not None:
                return ahead
            elif ahead > at and line.startswith(" "):
                at = self._paragraph(lines, ahead, _Meta())
            elif (
                ahead == at
                and (_DELIMITER.match(line) or _is_attribute_line(line))
                and open_kinds[-1][0] in ":;"
            ):
                at = self._attached(lines, ahead)
            elif (below := self._list_below(lines, ahead)) and not (
                (told := self._marker(lines[below][1])) and told[0] in open_kinds
            ):
                return below  # a list of another kind, inside of this one
            else:
                return at if ahead == at else ahead
        return at

    def _list_below(self, lines: list[Numbered], at: int) -> int:
        """The line of the list right below attributes; 0 when there are none or no list is."""
        first = at
        while at < len(lines) and _is_attribute_line(lines[at][1]):
            at += 1
        listed = first < at < len(lines) and self._marker(lines[at][1]) is not None
        return at if listed else 0

    def _attached(self, lines: list[Numbered], at: int) -> int:
        """Reads the one block that a "+" binds to an item."""
        if at >= len(lines) or not lines[at][1]:
            return at
        if self._depth >= MAX_DEPTH:
            return self._paragraph(lines, at, _Meta())
        end = at
        while end < len(lines) and _is_attribute_line(lines[end][1]):
            end += 1
        if end < len(lines) and not _DELIMITER.match(lines[end][1]):
            stop = end + 1
            listed = self._marker(lines[end][1]) is not None
            while stop < len(lines) and lines[stop][1] and lines[stop][1] != "+":
                if not listed and self._marker(lines[stop][1]) is not None:
                    break  # the next item
                stop += 1
            self._depth += 1
            self._blocks(lines[at:stop], top=False)
            self._depth -= 1
            return stop
        self._depth += 1
        found = self._block(lines, at, top=False)
        self._depth -= 1
        return found

    # Tables

    def _table(self, mark: str, body: list[Numbered], meta: _Meta, span: Span) -> None:
        self._titled(meta)
        lines = [line for _, line in body if line != _ALONE]
        form = meta.named.get("format", {",": "csv", ":": "dsv"}.get(mark, "psv"))
        width, styles = columns(meta.named.get("cols", ""))
        separator = meta.named.get("separator", "!" if mark == "!" else "|")
        if form in ("csv", "tsv", "dsv"):
            told = {"csv": ",", "tsv": "\t", "dsv": ":"}[form]
            delimiter = meta.named.get("separator", told)[:1] or told
            rows = [
                [Cell(cell.strip()) for cell in row]
                for row in csv.reader(lines, delimiter=delimiter)
                if row
            ]
        else:
            before = lead(lines, separator[:1] or "|")
            if before:
                self.emit.paragraph(self.inline.text(before), span)
            found = list(cells(lines, separator[:1] or "|"))
            first = found[0].line if found else 0
            if not width:
                width = sum(cell.across * cell.copies for cell in found if cell.line == first) or 1
            rows = grid(found, width)
        if not rows:
            return
        header = self._has_header(lines, meta)
        texts = [
            [
                self._cell(cell, styles[n] if n < len(styles) and not (header and at == 0) else "")
                for n, cell in enumerate(row)
            ]
            for at, row in enumerate(rows)
        ]
        self.emit.table(texts, int(header), span)
        self._say_footnotes(span)

    def _has_header(self, lines: list[str], meta: _Meta) -> bool:
        if "header" in meta.options:
            return True
        if "noheader" in meta.options or not lines or not lines[0]:
            return False
        return len(lines) > 2 and not lines[1] and any(lines[2:])

    def _cell(self, cell: Cell, style: str) -> str:
        style = cell.style or style
        text = cell.text.strip()
        if style == "l" and text:
            return code_span(text)
        if style == "m" and text:
            said = self.inline.text(text).replace("`", "")
            return " ".join(code_span(line) for line in said.split("\n") if line.strip())
        if style == "a" and self._depth < MAX_DEPTH:
            return self._flat(text)
        parts = [one_line(self.inline.text(part)) for part in re.split(r"\n[ \t]*\n", text)]
        return " ".join(parts)

    def _flat(self, text: str) -> str:
        """The blocks of a cell on one line; list items with ";" between them."""
        if not re.search(
            r"^[ \t]*(?:[*.-]+[ \t]|\[|```|-{4}|\w+::|\|===|!===|={4})|::|^NOTE|^TIP|^WARN",
            text,
            re.M,
        ):
            return " ".join(
                one_line(self.inline.text(part)) for part in re.split(r"\n[ \t]*\n", text)
            )
        inner = _Reader(text)
        inner.attributes.update(self.attributes)
        inner._depth = self._depth + 1
        inner._blocks(
            list(inner._included([(n, line.rstrip()) for n, line in enumerate(inner._source)]))
        )
        said = ""
        before = ""
        for piece in inner.emit.pieces:
            shown = piece.text
            if piece.kind in ("list_item", "definition"):
                shown = re.sub(r"^\s*(?:-|\d+\.) ", "", shown)
            elif piece.kind == "code":
                shown = code_span(shown.split("\n", 1)[1].rpartition("\n")[0])
            elif piece.kind == "table":
                shown = " ".join(word for word in shown.replace("---", "").split() if word != "|")
            gap = "; " if before == piece.kind == "list_item" else " "
            said += (gap if said else "") + shown
            before = piece.kind
        return one_line(said)


def _holds(kind: str, names: str, content: str, attributes: dict[str, str]) -> bool:
    """Whether a condition is true."""
    if kind == "ifeval":
        match = re.fullmatch(r"(.+?)(==|!=|<=|>=|<|>)(.+)", content)
        if not match:
            return False
        left, right = (_value(part, attributes) for part in (match[1], match[3]))
        return {
            "==": left == right, "!=": left != right, "<": left < right, ">": left > right,
            "<=": left <= right, ">=": left >= right,
        }[match[2]]  # fmt: skip
    wanted = [name.strip().lower() for name in re.split(r"[,+]", names)]
    known = [name in attributes for name in wanted]
    if kind == "ifdef":
        return all(known) if "+" in names else any(known)
    return not (any(known) if "," in names else all(known))


def _value(written: str, attributes: dict[str, str]) -> str:
    text = re.sub(r"\{([\w-]+)\}", lambda match: attributes.get(match[1].lower(), ""), written)
    return text.strip().strip("\"'")


def _is_rule(title: str, rule: str) -> int:
    """The level of a title that a rule stands under, 0 for none."""
    if len(rule) < 2 or not title or rule[0] not in _RULES or rule.strip(rule[0]):
        return 0
    if abs(len(title) - len(rule)) > 2 or not re.search(r"[^\W_]", title) or title[0] in " [.":
        return 0
    return _RULES.index(rule[0]) + 1


def _is_attribute_line(line: str) -> bool:
    return bool(
        (_BLOCK_ATTRIBUTES.match(line) and _looks_like_attributes(line))
        or _ANCHOR.match(line)
        or (_BLOCK_TITLE.match(line) and not _NUMBER.match(line))
    )


def _looks_like_attributes(line: str) -> bool:
    """Whether brackets on a line of their own are attributes rather than words."""
    return bool(
        re.match(r"\[(?:[\w-]*[#.%][\w.#%-]+|[\w-]+(?:,.*)?|[\w.-]+=.*|\"[^\"]*\".*|,.*|)\]$", line)
    ) or ("=" in line or "%" in line or line.startswith("[.") or line.startswith("[#"))


_NAMED = re.compile(r"\s*([\w-]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([^,]*))[\s,]*")
_POSITIONAL = re.compile(r"\s*(?:\"([^\"]*)\"|([^,]*))\s*(?:,|$)")


def _read_attributes(written: str, meta: _Meta) -> None:
    """Reads "source%linenums,ruby,title=..."."""
    at, place = 0, 0
    while at < len(written) and place < 50:
        named = _NAMED.match(written, at)
        if named:
            name, value = named[1], named[2] or named[3] or (named[4] or "").strip()
            if name in ("options", "opts"):
                meta.options.update(re.split(r"[,\s]+", value))
            meta.named[name] = value
            meta.anchor = value if name == "id" else meta.anchor
            at = max(named.end(), at + 1)
            continue
        plain = _POSITIONAL.match(written, at)
        if plain is None:
            return
        word = (plain[1] or plain[2] or "").strip()
        if place == 0:
            _read_style(word, meta)
        else:
            meta.positional.append(word)
        place += 1
        at = max(plain.end(), at + 1)


def _read_style(word: str, meta: _Meta) -> None:
    """Reads "style#id.role%option"."""
    if not re.fullmatch(r"[\w#.%:-]*", word):
        return
    head = re.match(r"[\w-]*", word)
    meta.style = head[0] if head else ""
    for mark, name in re.findall(r"([#.%])([\w:-]+)", word):
        if mark == "#":
            meta.anchor = name
        else:
            (meta.options if mark == "%" else meta.roles).add(name)


def _auto_id(title: str) -> str:
    return "_" + re.sub(r"_+", "_", re.sub(r"\W+", "_", title.casefold())).strip("_")


def _anchored_titles(lines: Sequence[str]) -> dict[str, str]:
    """The titles of sections and blocks by the anchors above or in them."""
    found: dict[str, str] = {}
    waiting: list[str] = []
    for at, raw in enumerate(lines):
        line = raw.rstrip()
        anchor = re.match(
            r"\[\[([\w:][^\[\],]*)(?:,\s*([^\[\]]*))?\]\]$|\[(?:[\w-]*)#([\w:.-]+)[^\[\]]*\]$", line
        )
        if anchor:
            waiting.append(anchor[1] or anchor[3])
            if anchor[2]:
                found[waiting.pop()] = anchor[2]
            continue
        below = lines[at + 1].rstrip() if at + 1 < len(lines) else ""
        title = _TITLE.match(line)
        shown = title[2] if title else line if _is_rule(line, below) else ""
        block_title = _BLOCK_TITLE.match(line) if waiting else None
        if shown or block_title:
            plain = re.sub(
                r"\[\[[^\[\]]*\]\]|[`*]", "", shown or (block_title[1] if block_title else "")
            ).strip()
            inner = re.search(r"\[\[([\w:.-]+)\]\]", shown)
            names = [*waiting, _auto_id(plain), plain, *([inner[1]] if inner else [])]
            for name in names:
                found.setdefault(name, plain)
            waiting = []
        elif line and not _BLOCK_ATTRIBUTES.match(line):
            waiting = []
    return found
