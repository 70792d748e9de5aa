"""reStructuredText to pieces: docutils parses, nothing is executed or included."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from builder.ingest.emit import Emitter, Span, code_span, one_line
from builder.ingest.grid import spread
from builder.ingest.parsed import Parsed, Refused
from builder.records import Dropped

if TYPE_CHECKING:
    from docutils import nodes

MAX_DEPTH = 24  # of indentation steps and of markers in a row, over which they are cut
TAB = 8  # columns
MAX_SUBSTITUTED = 10_000  # characters of a substitution
MAX_CELLS = 20_000  # of one table; docutils takes some 0.2 ms for each
MIN_WRONG, MOST_WRONG = 1000, 0.1  # messages, at least and per line, over which a text is no markup
MAX_APART = 400  # lines from the begin of a field list to any of its fields

_TABLE_MARK = ">>> \ue000"  # makes docutils take the lines below it as they stand
_RULE = re.compile(r"([!-/:-@\[-`{-~])\1*$")
_DOCTEST_FLAG = re.compile(r"[ \t]*#\s*doctest:.+$|^[ \t]*<BLANKLINE>[ \t]*$", re.MULTILINE)
_ONE_LINK = re.compile(
    r"(?::(?:ref|doc|any|numref|std:ref|std:doc):`[^`]+`|`[^`]+`__?|[\w-]+__?|https?://\S+)\W*"
)
_LABEL = re.compile(r"\.\. _([^:]+|`[^`]+`):\s*$")
_TOO_DEEP = re.compile(
    rf"^(\s*(?:(?:[-*+]|#\.|\d+\.)\s+){{{MAX_DEPTH}}})(?:(?:[-*+]|#\.|\d+\.)\s+)+"
)
_MAX_INDENT = 100  # columns
_FIELD = re.compile(r":([^:\s][^:]*):\s+(.*)$")
_PARAMETER = re.compile(
    r"(?:param|parameter|arg|argument|key|keyword|kwarg|raises?|except|exception|var|ivar|cvar)\s+(.+)$"
)
_TYPE = re.compile(r"(?:type|vartype|paramtype|kwtype)\s+(\S+)$")
_UNSAID = frozenset(("meta", "noindex", "no-index", "orphan", "nosearch"))
_FIELD_NAMES = {"return": "Returns", "returns": "Returns", "rtype": "Return type"}
_UNKNOWN_VALUES = ("|version|", "|release|", "|today|")  # that only a Sphinx project knows
_SUPERSCRIPTS = str.maketrans(
    "0123456789+-n",
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207f",
)


def parse(text: str) -> Parsed | Refused:
    """The content of reStructuredText; without docutils it is refused."""
    if find_spec("docutils") is None:
        detail = 'reStructuredText needs docutils: pip install "builder[rst]"'
        return Refused("needs_extra", detail)
    source, notes = _without_large_tables(_shallow(text))
    try:
        tree, n_errors = _parsed(source)
    except (RecursionError, ValueError, _NotMarkup) as error:  # docutils stumbles over some numbers
        from builder.ingest import plain

        found = plain.parse(text, marked=False)
        why = "nested too deeply" if isinstance(error, RecursionError) else "mostly wrong"
        note = f"the markup is {why}; it was read as plain text"
        return Parsed(pieces=found.pieces, notes=(*found.notes, note))
    reader = _Reader(source, text)
    reader.read(tree)
    notes += [f"docutils found {n_errors} errors"] if n_errors else []
    return Parsed(
        pieces=reader.emit.pieces,
        title=reader.fields.get("title", ""),
        lang=reader.fields.get("language", "") or reader.fields.get("lang", ""),
        notes=tuple(notes),
        dropped=tuple(reader.dropped),
    )


def _shallow(text: str) -> str:
    """The text without tabs, and without nesting deeper than docutils can go.

    Every line keeps its number, so that places can be told.
    """
    lines = []
    for line in text.split("\n"):
        line = line.expandtabs(TAB)
        blanks = len(line) - len(line.lstrip())
        if blanks > _MAX_INDENT and line.strip():
            line = " " * _MAX_INDENT + line.lstrip()
        lines.append(_TOO_DEEP.sub(r"\1", line))
    return "\n".join(lines)


def _without_large_tables(source: str) -> tuple[str, list[str]]:
    """The text with drawn tables of too many cells verbatim, since docutils parses every cell."""
    lines, notes = source.split("\n"), list[str]()
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end].strip():
            end += 1
        block = lines[at:end]
        cells = max((_n_columns(line) for line in block if _is_border(line)), default=0)
        if cells * len(block) > MAX_CELLS:
            lines[at] = _TABLE_MARK + lines[at]
            notes.append(f"a table of over {MAX_CELLS:,} cells was read as it stands")
        at = end + 1
    return "\n".join(lines), notes


def _n_columns(border: str) -> int:
    return len(re.findall(r"[-=]+", border))


class _NotMarkup(Exception):
    """Most of a text is markup that docutils cannot read."""


def _parsed(source: str) -> tuple[nodes.document, int]:
    """The tree of a text and the number of errors in it.

    Raises RecursionError when it is nested too deeply, _NotMarkup when most of it is wrong.
    """
    from docutils import frontend, utils
    from docutils.parsers.rst import Parser
    from docutils.transforms.references import Substitutions

    from builder.ingest.sphinx import inliner, register

    register(source)
    settings = frontend.get_default_settings(Parser)
    settings.report_level = settings.halt_level = 5
    settings.warning_stream = False
    settings.file_insertion_enabled = settings.raw_enabled = False
    settings.line_length_limit = 1 << 40
    settings.syntax_highlight = "none"
    settings.tab_width = TAB
    errors: list[int] = []
    most = max(MIN_WRONG, MOST_WRONG * source.count("\n"))

    def observe(message: nodes.system_message) -> None:
        errors.append(message["level"])
        if len(errors) > most:
            raise _NotMarkup

    tree = utils.new_document("text", settings)
    tree.reporter.attach_observer(observe)
    Parser(inliner=inliner(source, _titles(source))).parse(source, tree)
    settings.line_length_limit = MAX_SUBSTITUTED
    try:
        Substitutions(tree).apply()
    except (ValueError, KeyError):  # docutils stumbles over damaged definitions: the rest stays
        errors.append(3)
    return tree, sum(level >= 3 for level in errors)


def _titles(source: str) -> dict[str, str]:
    """The section titles that labels stand right above, by normalised label."""
    from docutils.nodes import fully_normalize_name

    found: dict[str, str] = {}
    waiting: list[str] = []
    lines = [line.strip() for line in source.split("\n")]
    for at, line in enumerate(lines):
        label = _LABEL.match(line)
        if label:
            waiting.append(fully_normalize_name(label[1].strip("`").replace("\\", "")))
        elif line and waiting:
            title = lines[at + 1] if _RULE.match(line) and at + 1 < len(lines) else line
            below = at + 1 + (title is not line)
            if below < len(lines) and _RULE.match(lines[below]):
                plain = re.sub(r"``|\*\*|(?::[\w:]+:)?`([^`<]*?)(?:\s*<[^>]*>)?`", r"\1", title)
                found.update(dict.fromkeys(waiting, plain))
            waiting = []
    return found


@dataclass(frozen=True, slots=True)
class _Lines:
    """Finds raw pieces of a source again.

    lines:        as docutils has read them.
    starts, ends: offsets of the lines in the file, which may hold tabs instead of blanks.
    """

    lines: list[str]
    starts: list[int]
    ends: list[int]
    index: dict[str, list[int]]

    @classmethod
    def of(cls, source: str, text: str) -> _Lines:
        lines = source.split("\n")
        starts, ends, index = list[int](), list[int](), dict[str, list[int]]()
        at = 0
        for number, (line, written) in enumerate(zip(lines, text.split("\n"), strict=True)):
            starts.append(at)
            ends.append(at + len(written.rstrip()))
            at += len(written) + 1
            index.setdefault(line.strip(), []).append(number)
        return cls(lines, starts, ends, index)

    def span(self, first: int, last: int) -> Span:
        """The offsets of whole lines."""
        return self.starts[first], self.ends[last]

    def line_of(self, offset: int) -> int:
        """The line that an offset into the file is in."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def find(self, raw: list[str], near: int, hint: int | None) -> int | None:
        """The line that raw lines begin in (at its end), searched from a line on."""
        if hint is not None:
            for number in (hint, hint - 1, hint + 1, hint - len(raw) + 1, hint - 2, hint + 2):
                if number >= 0 and self._fits(raw, number):
                    return number
        exact = self.index.get(raw[0], [])
        for number in exact[bisect_left(exact, near) :][:50]:
            if self._fits(raw, number):
                return number
        if len(raw) > 1:
            second = self.index.get(raw[1], [])
            for number in second[bisect_left(second, near) :][:50]:
                if self._fits(raw, number - 1):
                    return number - 1
        for number in range(near, min(len(self.lines), near + 60)):
            if self._fits(raw, number):
                return number
        return None

    def begins(self, mark: str, near: int) -> int | None:
        """The next line that begins with a mark, searched from a line on."""
        for number in range(near, min(len(self.lines), near + MAX_APART)):
            if self.lines[number].lstrip().startswith(mark):
                return number
        return None

    def _fits(self, raw: list[str], at: int) -> bool:
        if at < 0 or at + len(raw) > len(self.lines) or raw[0] not in self.lines[at]:
            return False
        return all(line in self.lines[at + n] for n, line in enumerate(raw))


class _Reader:
    """Walks a document tree of docutils and tells an Emitter what it holds."""

    def __init__(self, source: str, text: str) -> None:
        self.emit = Emitter()
        self.fields: dict[str, str] = {}
        self.dropped: list[Dropped] = []
        self._text = text
        self._lines = _Lines.of(source, text)
        self._at = 0  # the line that reading has come to
        self._depth = 0  # of sections
        self._language = ""

    def read(self, tree: nodes.document) -> None:
        """Reads the whole document."""
        from docutils import nodes

        children = list(tree.children)
        while children and isinstance(children[0], (nodes.comment, nodes.target)):
            children.pop(0)
        if len(children) > 1 and isinstance(children[0], nodes.field_list):
            self._metadata(children.pop(0))
        for child in children:
            self._node(child)

    def _metadata(self, fields: nodes.Node) -> None:
        for field in fields.children:
            name, body = (part.astext() for part in field.children)
            self.fields[name.lower()] = one_line(body)

    def _node(self, node: nodes.Node) -> None:
        reader = _NODES.get(type(node).__name__)
        if reader is not None:
            reader(self, node)
        elif node.children and not _is_text(node):
            self._children(node)

    def _children(self, node: nodes.Node) -> None:
        for child in node.children:
            self._node(child)

    # Places

    def _find(self, raw: str, node: nodes.Node | None = None) -> Span | None:
        """Where raw source stands; reading goes on from there."""
        lines = [line.strip() for line in raw.strip("\n").split("\n")]
        lines = lines if any(lines) else []
        if not lines:
            return None
        line = getattr(node, "line", None)
        first = self._lines.find(lines, self._at, line - 1 if line else None)
        if first is None:
            return None
        self._at = first
        return self._span(first, first + len(lines) - 1, lines[0])

    def _span(self, first: int, last: int, begins: str = "") -> Span:
        start, end = self._lines.span(first, last)
        at = self._text.find(begins, start, self._lines.ends[first]) if begins else start
        if self._text[start:at].strip():  # behind a marker: without it
            start = max(start, at)
        return start, end

    def _directive(self, node: nodes.Element) -> Span | None:
        """The lines of a directive that was noted on its node."""
        first, last = node.get("first"), node.get("last")
        if not first or last > len(self._lines.lines):
            return None
        first, last = first - 1, last - 1
        while last > first and not self._lines.lines[last].strip():
            last -= 1
        self._at = max(self._at, first)
        return self._lines.span(first, last)

    def _first_line(self, node: nodes.Element) -> Span | None:
        return self._whole_line(self._directive(node))

    def _marker(self, node: nodes.Node) -> Span | None:
        """The line that the item of a node's first text begins on."""
        raw = next((str(getattr(found, "rawsource", "")) for found in _texts(node)), "")
        lines = [line.strip() for line in raw.split("\n") if line.strip()]
        if not lines:
            return None
        line = next((found.line for found in _texts(node) if found.line), None)
        first = self._lines.find(lines[:1], self._at, line - 1 if line else None)
        return self._lines.span(first, first) if first is not None else None

    # Sections

    def _section(self, node: nodes.Element) -> None:
        self._depth += 1
        self._children(node)
        self._depth -= 1

    def _title(self, node: nodes.Element) -> None:
        section = node.parent
        span = self._title_span(node)
        anchor = next(iter(section.get("ids", ())), "") if section is not None else ""
        self.emit.heading(inline(node), max(1, self._depth), span, anchor=anchor)

    def _title_span(self, node: nodes.Element) -> Span | None:
        raw = str(node.rawsource or node.astext()).strip()
        found = self._lines.find([raw], self._at, node.line - 1 if node.line else None)
        if found is None:
            return None
        lines, self._at = self._lines.lines, found
        first = found - 1 if found and _RULE.match(lines[found - 1].strip() or "x") else found
        if first < found and (found < 1 or lines[first].strip() == ""):
            first = found
        last = found + 1 if found + 1 < len(lines) else found
        if first < found and lines[first].strip()[:1] != lines[last].strip()[:1]:
            first = found
        return self._lines.span(first, last)

    # Text

    def _paragraph(self, node: nodes.Element) -> None:
        text = one_line(inline(node))
        span = self._find(str(node.rawsource), node)
        bold = _whole_bold(node)
        if bold and text.endswith("?") and len(text) <= 250 and self.emit.depth == 1:
            self.emit.question(text, span)
        else:
            link = _ONE_LINK.fullmatch(str(node.rawsource)) is not None
            self.emit.paragraph(text, span, link=link)
        if span is not None:
            self._at = bisect_left(self._lines.starts, span[1])

    def _line_block(self, node: nodes.Element) -> None:
        texts = [inline(line) for line in node.findall(_of("line"))]
        if node.parent is not None and type(node.parent).__name__ == "line_block":
            return
        raws = [_raw(line) for line in node.findall(_of("line")) if _raw(line)]
        spans = [span for raw in raws if (span := self._find(raw))]
        span = None
        if spans:
            first = bisect_left(self._lines.starts, spans[0][0] + 1) - 1
            last = bisect_left(self._lines.starts, spans[-1][1]) - 1
            span = self._lines.span(first, last)
        self.emit.paragraph("\n".join(filter(None, texts)), span)

    def _literal(self, node: nodes.Element) -> None:
        code = node.astext()
        placed = bool(node.get("directive"))
        span = self._directive(node) if placed else self._literal_span(node, code)
        language = node.get("language", "")
        if not language and "code" in node.get("classes", ()):
            language = next((name for name in node["classes"] if name != "code"), "")
        language = language or ("" if node.get("directive") else self._language)
        language = "" if language in ("none", "text", "default") else language
        if ">>> " in code:
            code = _DOCTEST_FLAG.sub("", code)
        self.emit.code(code, language, span)

    def _literal_span(self, node: nodes.Element, code: str) -> Span | None:
        """The place of an indented block together with the "::" that announces it."""
        raw = [line.rstrip() for line in str(node.rawsource or code).strip("\n").split("\n")]
        first = self._lines.find([line.strip() for line in raw], self._at, None)
        if first is None:
            return None
        start, end = self._lines.span(first, first + len(raw) - 1)
        self._at = first
        above = first - 1
        while above >= 0 and not self._lines.lines[above].strip():
            above -= 1
        line = self._lines.lines[above].rstrip() if above >= 0 else ""
        if line.endswith("::"):
            start = self._lines.ends[above] - 2
        return start, end

    def _doctest(self, node: nodes.Element) -> None:
        code, span = node.astext(), self._find(str(node.rawsource), node)
        if code.startswith(_TABLE_MARK):
            self.emit.code(code.removeprefix(_TABLE_MARK), "", span)
        else:
            self.emit.code(_DOCTEST_FLAG.sub("", code), "pycon", span)

    def _math(self, node: nodes.Element) -> None:
        self.emit.math(node.astext(), self._directive(node))

    def _caption(self, node: nodes.Element) -> None:
        self.emit.caption(inline(node), self._find(str(node.rawsource), node))

    # Lists

    def _list(self, node: nodes.Element) -> None:
        ordered = type(node).__name__ == "enumerated_list"
        number = int(node.get("start", 1))
        self.emit.open_list()
        for item in node.children:
            if type(item).__name__ != "list_item":
                continue
            self.emit.item(f"{number}." if ordered else "-", self._marker(item))
            self._children(item)
            number += 1
        self.emit.close()

    def _definitions(self, node: nodes.Element) -> None:
        entries = [entry for entry in node.children if type(entry).__name__.endswith("list_item")]
        asked = sum(_term(entry).endswith("?") for entry in entries)
        if entries and asked >= 0.5 * len(entries):
            self._questions(entries)
            return
        self.emit.open_list()
        for entry in entries:
            self._define(_term(entry), entry)
        self.emit.close()

    def _questions(self, entries: list[nodes.Node]) -> None:
        for entry in entries:
            raw = next((str(part.rawsource) for part in entry.children if part.rawsource), "")  # type: ignore[attr-defined]  # elements have it
            level = self.emit.question(_term(entry), self._find(raw))
            for part in entry.children:
                if type(part).__name__ == "definition":
                    self._children(part)
            self.emit.end(level)

    def _define(self, term: str, entry: nodes.Node) -> None:
        raw = next((_raw(part) for part in entry.children if getattr(part, "rawsource", "")), "")
        span = self._find(raw.split("\n")[0]) if raw else None
        self.emit.entry(term, self._whole_line(span))
        for part in entry.children:
            if type(part).__name__ in ("definition", "description", "field_body"):
                self._children(part)
        self.emit.settle()

    def _whole_line(self, span: Span | None) -> Span | None:
        if span is None:
            return None
        line = bisect_left(self._lines.starts, span[0] + 1) - 1
        return self._lines.span(line, line)

    def _options(self, node: nodes.Element) -> None:
        self.emit.open_list()
        for entry in node.children:
            names = ", ".join(option.astext() for option in entry.children[0].children)
            line = getattr(entry.children[0], "line", None)
            span = self._find(names.split(",")[0]) if not line else None
            self.emit.entry(code_span(names), self._whole_line(span))
            self._children(entry.children[1])
            self.emit.settle()
        self.emit.close()

    def _fields(self, node: nodes.Element) -> None:
        self.emit.open_list()
        types = {
            match[1]: field
            for field in node.children
            if (match := _TYPE.match(field.children[0].astext()))
        }
        begun = self._at
        for field in node.children:
            name, body = field.children[0], field.children[1]
            told = name.astext()
            if _TYPE.match(told) or told in _UNSAID:
                continue
            parameter = _PARAMETER.match(told)
            shown = _FIELD_NAMES.get(told, inline(name))
            span = self._head_line(f":{_raw(name)}:")
            if parameter:
                *kind, named = parameter[1].split()
                typed = types.get(named)
                told_type = one_line(_cell(typed.children[1])) if typed else " ".join(kind)
                shown = code_span(named) + (f" ({told_type})" if told_type else "")
            written = len(self.emit.pieces)
            self.emit.entry(shown, span)
            self._children(body)
            self.emit.settle()
            if parameter and typed is not None:
                self._cover(written, typed, begun)
        self.emit.close()

    def _head_line(self, mark: str) -> Span | None:
        """The next line that begins with a mark; reading goes on from there."""
        found = self._lines.begins(mark, self._at)
        if found is None:
            return None
        self._at = found
        return self._lines.span(found, found)

    def _cover(self, number: int, typed: nodes.Node, begun: int) -> None:
        """Makes the place of a parameter's piece hold the field that tells its type, too."""
        found = self._lines.begins(f":{_raw(typed.children[0])}:", begun)
        place = self.emit.pieces[number].place if number < len(self.emit.pieces) else None
        if found is None or place is None or place.start is None or place.end is None:
            return
        raw = max(1, len(_raw(typed.children[1]).split("\n")))
        start, end = self._lines.span(found, min(found + raw - 1, len(self._lines.lines) - 1))
        place = replace(place, start=min(place.start, start), end=max(place.end, end))
        self.emit.pieces[number] = replace(self.emit.pieces[number], place=place)

    # Boxes

    def _quote(self, node: nodes.Element) -> None:
        kinds = {type(child).__name__ for child in node.children}
        if not kinds & {"paragraph", "line_block", "attribution"}:
            self._children(node)
            return
        self.emit.open_quote()
        self._children(node)
        self.emit.close()

    def _attribution(self, node: nodes.Element) -> None:
        self.emit.paragraph(f"\u2014 {inline(node)}", self._find(str(node.rawsource), node))

    def _footnote(self, node: nodes.Element) -> None:
        from docutils import nodes as kinds

        label = next((child for child in node.children if isinstance(child, kinds.label)), None)
        cited = isinstance(node, kinds.citation) and label is not None
        rest = [child for child in node.children if child is not label]
        if cited and label is not None:
            self.emit.open_list()
            self.emit.entry(f"[{label.astext()}]", self._head_line(f".. [{label.astext()}]"))
        for child in rest:
            self._node(child)
        if cited:
            self.emit.close()

    def _made(self, node: nodes.Element) -> None:
        """A block that one of our directives has made."""
        kind = node.get("made", "")
        if kind == "note":
            self._note(node)
        elif kind == "tab":
            self.emit.open_tab(node["label"])
            self.emit.paragraph(node["label"], self._first_line(node))
            self._children(node)
            self.emit.close()
        elif kind == "fold":
            level = self.emit.question(node["label"], self._first_line(node))
            self._children(node)
            self.emit.end(level)
        elif kind == "object":
            self._object(node)
        elif kind == "language":
            language = node["language"].split()[:1]
            self._language = language[0] if language else ""
        elif kind == "figure":
            self._figure(node)
        elif kind == "off":
            text = "".join(node["text"].split())
            beginning = one_line(node["text"])[:80]
            self.dropped.append(
                Dropped(what=node["what"], reason="off", characters=len(text), beginning=beginning)
            )
        else:
            self._children(node)

    def _note(self, node: nodes.Element) -> None:
        span = self._directive(node)
        if node.get("alone"):
            self.emit.paragraph(f"{node['label']}.", span)
            return
        self.emit.open_note(node["label"], self._whole_line(span))
        self._children(node)
        self.emit.close()

    def _figure(self, node: nodes.Element) -> None:
        first = True
        for child in node.children:
            if first and type(child).__name__ == "paragraph":
                self._caption(child)  # type: ignore[arg-type]  # paragraphs are elements
                first = False
            elif type(child).__name__ != "comment":
                self._node(child)

    def _object(self, node: nodes.Element) -> None:
        """A described object: a definition when little is said of it, else a section."""
        span = self._directive(node)
        head = self._head(node, span)
        terms = ", ".join(map(code_span, node["signatures"]))
        told = f" ({node['told']})" if node.get("told") else ""
        body = [child for child in node.children if type(child).__name__ != "comment"]
        rich = sum(len(child.astext()) for child in body) > 300 and len(body) > 1
        nested = any(
            getattr(child, "attributes", {}).get("made") == "object"
            for child in node.findall(_of("block"))
            if child is not node
        )
        if not (rich or nested):
            self.emit.open_list()
            self.emit.entry(terms + told, head)
            self._children(node)
            self.emit.close()
            return
        outer = self.emit.level
        name = node["signatures"][0]
        short = name.partition("(")[0] if len(terms) > 120 and "(" in name else ""
        title = self._name(short, head) if short else head
        level = self.emit.question(code_span(short) if short else terms, title)
        if short or told:
            self.emit.paragraph(terms + told, head)
        self.emit.level = level
        self._children(node)
        self.emit.level = outer
        self.emit.end(level)

    def _head(self, node: nodes.Element, span: Span | None) -> Span | None:
        """The lines of the signatures alone, which may go on below."""
        if span is None:
            return None
        first = node["first"] - 1
        below = self._lines.lines[first].rstrip().endswith("::")  # they begin on the next line
        last = min(first + node["height"] - 1 + below, len(self._lines.lines) - 1)
        return self._lines.span(first, last)

    def _name(self, name: str, head: Span | None) -> Span | None:
        """The begin of a signature up to the name it describes."""
        at = self._text.find(name.rpartition(" ")[2], *head) if head else -1
        return (head[0], at + len(name.rpartition(" ")[2])) if head and at >= 0 else head

    # Tables

    def _table(self, node: nodes.Element) -> None:
        span = self._directive(node) or self._drawn(node)
        title = next((child for child in node.children if type(child).__name__ == "title"), None)
        if title is not None:
            self.emit.caption(inline(title), self._find(str(title.rawsource)))  # type: ignore[attr-defined]  # elements have it
        rows: list[list[str]] = []
        header_rows = 0
        for part in node.findall(lambda found: type(found).__name__ in ("thead", "tbody")):
            grid = spread(_placed(row) for row in part.children)
            header_rows += len(grid) if type(part).__name__ == "thead" else 0
            rows += grid
        if rows:
            self.emit.table(rows, header_rows, span)
        if span is not None:
            self._at = bisect_left(self._lines.starts, span[1])

    def _drawn(self, node: nodes.Element) -> Span | None:
        """The lines of a table that is drawn with rules."""
        first = (node.line or self._at + 1) - 1
        lines = self._lines.lines
        first = min(first, len(lines) - 1)
        while first > 0 and lines[first - 1].strip() and not _is_border(lines[first]):
            first -= 1
        while first < len(lines) and not _is_border(lines[first]):
            first += 1
        if first >= len(lines):
            return None
        last = _grid_end(lines, first) if lines[first].strip()[0] == "+" else _end(lines, first)
        return self._lines.span(first, last)

    def _system(self, node: nodes.Element) -> None:
        """What docutils could not read stays as it stands."""
        if int(node.get("level", 0)) < 3:
            return
        for child in node.children:
            if type(child).__name__ == "literal_block":
                raw = str(child.astext())
                if not re.match(r"\s*\.\.\s", raw) or raw.count("\n") > 1:
                    self.emit.code(raw, "", self._find(raw))


def _raw(node: nodes.Node) -> str:
    """The source of a node, where docutils has kept it."""
    return str(getattr(node, "rawsource", ""))


def _is_border(line: str) -> bool:
    text = line.strip()
    return bool(re.fullmatch(r"\+[-=+]{2,}\+|={2,}(?: +={2,})*|=+", text)) and len(text) > 1


def _grid_end(lines: list[str], first: int) -> int:
    """The last line of a table drawn with "+" and "|"."""
    last = first
    for number in range(first + 1, len(lines)):
        if lines[number].strip()[:1] not in ("+", "|"):
            break
        last = number if _is_border(lines[number]) else last
    return last


def _end(lines: list[str], first: int) -> int:
    """The last line of a table ruled with "=": a third rule, or a second above a blank line."""
    last, found = first, 0
    for number in range(first + 1, len(lines)):
        if _is_border(lines[number]):
            last, found = number, found + 1
            after = lines[number + 1].strip() if number + 1 < len(lines) else ""
            if found == 2 or not after:
                break
    return last


def _placed(row: nodes.Node) -> Iterator[tuple[str, int, int]]:
    """The cells of a row with the rows and columns that they span."""
    for entry in row.children:
        down, across = entry.get("morerows", 0) + 1, entry.get("morecols", 0) + 1  # type: ignore[attr-defined]  # entries are elements
        yield _cell(entry), down, across


def _cell(entry: nodes.Node) -> str:
    """The text of a table cell on one line: its blocks after each other, items with ";"."""
    parts: list[str] = []
    for child in entry.children:
        name = type(child).__name__
        if name.endswith("_list"):
            parts.append("; ".join(_cell(item) for item in child.children))
        elif name in ("paragraph", "line", "title", "term", "caption", "field_name"):
            parts.append(inline(child))
        elif name in ("literal_block", "doctest_block"):
            parts.append(code_span(child.astext()))
        elif name not in ("comment", "system_message", "target", "image"):
            parts.append(_cell(child) if not _is_text(child) else child.astext())
    return " ".join(filter(None, parts))


def _texts(node: nodes.Node) -> list[nodes.Element]:
    """The text-holding elements at the begin of a node, the first one only."""
    found = node
    while found.children:
        first = found.children[0]
        if type(first).__name__ in ("paragraph", "term", "literal_block", "field_name"):
            return [first]  # type: ignore[list-item]  # text stands in elements
        found = first
    return []


def _term(entry: nodes.Node) -> str:
    """The terms of an entry with their classifiers."""
    terms: list[str] = []
    for part in entry.children:
        if type(part).__name__ == "term":
            terms.append(inline(part))
        elif type(part).__name__ == "classifier" and terms:
            terms[-1] += f" ({inline(part)})"
    return ", ".join(terms)


def _whole_bold(node: nodes.Element) -> bool:
    kinds = [type(child).__name__ for child in node.children if child.astext().strip()]
    return kinds == ["strong"]


def _is_text(node: nodes.Node) -> bool:
    return type(node).__name__ == "Text"


def _of(name: str) -> Callable[[nodes.Node], bool]:
    return lambda node: type(node).__name__ == name


def inline(node: nodes.Node) -> str:
    """The text of an element: code in backticks, marks and footnote numbers gone."""
    parts: list[str] = []
    for child in node.children:
        name = type(child).__name__
        if name == "Text":
            parts.append(child.astext())
        elif name == "literal":
            parts.append(code_span(child.astext()))
        elif name == "math":
            parts.append(f"${child.astext().strip()}$")
        elif name == "footnote_reference":
            parts[-1:] = [part.rstrip(" ") for part in parts[-1:]]
        elif name in ("image", "system_message", "raw", "target") and not (
            name == "target" and child.children
        ):
            continue
        elif name == "superscript":
            text = child.astext()
            digits = all(character in "0123456789+-n" for character in text)
            parts.append(text.translate(_SUPERSCRIPTS) if digits else text)
        elif name == "problematic" and child.astext() in _UNKNOWN_VALUES:
            continue
        elif name == "citation_reference":
            parts.append(f"[{child.astext()}]")
        else:
            parts.append(inline(child))
    return "".join(parts)


def _nothing(reader: _Reader, node: nodes.Element) -> None:
    """Leaves a node out."""


# Any: a node class of docutils, each with attributes of its own
_NODES: dict[str, Callable[[_Reader, Any], None]] = {
    "section": _Reader._section,
    "title": _Reader._title,
    "subtitle": _Reader._title,
    "paragraph": _Reader._paragraph,
    "line_block": _Reader._line_block,
    "literal_block": _Reader._literal,
    "doctest_block": _Reader._doctest,
    "math_block": _Reader._math,
    "caption": _Reader._caption,
    "rubric": _Reader._paragraph,
    "bullet_list": _Reader._list,
    "enumerated_list": _Reader._list,
    "definition_list": _Reader._definitions,
    "option_list": _Reader._options,
    "field_list": _Reader._fields,
    "block_quote": _Reader._quote,
    "attribution": _Reader._attribution,
    "footnote": _Reader._footnote,
    "citation": _Reader._footnote,
    "block": _Reader._made,
    "table": _Reader._table,
    "system_message": _Reader._system,
    "comment": _nothing,
    "target": _nothing,
    "transition": _nothing,
    "substitution_definition": _nothing,
    "image": _nothing,
    "raw": _nothing,
    "pending": _nothing,
    "meta": _nothing,
    "decoration": _nothing,
}
