"""What Markdown dialects add, written as plain Markdown and HTML, line by line.

Admonitions and tabs of MkDocs, MyST, Docusaurus, GitHub and GitBook; definition lists; shortcodes,
JSX, include directives, attribute lists, footnote marks. Code is left alone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from html import escape
from itertools import chain

from builder.ingest import components
from builder.ingest.drawn import drawn_lines, drawn_rows, ruled_lines, ruled_rows
from builder.ingest.furniture import ADMONITIONS, CHANGES
from builder.ingest.marks import CALL, attributes, is_tex, without_heading_marks, without_marks
from builder.ingest.questions import asks

MAX_INDENT = 40  # columns; what is deeper would be dropped by the parser
MAX_NAMES = 50  # lines of an import
MAX_FORMULA = 100  # lines
MAX_MODULE = 400  # lines of an export
MAX_REMARK = 20  # lines of a comment that begins behind words
MAX_DEPTH = 20  # of containers inside each other
MAX_SCANNED = 1_000_000  # lines in which ends of blocks are looked for in vain, per document
MAX_BRACKETS = 20_000  # in a document, over which those of no link and no tag are escaped

_NO_LINK = re.compile(r"(?<!\\)\[(?![^\[\]\n]{0,300}\](?:\(|\[|:))")
_NO_TAG = re.compile(r"<(?![A-Za-z/!?][^<>]{0,2000}>)")
_FENCE = re.compile(r"((?:\s|>|[-*+]\s|\d+[.)]\s)*)(`{3,}|~{3,})\s*([^`\n]*)$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")
_BOX = re.compile(r"( *)(!!!|\?\?\?\+?)\s+([\w-]+(?:\s+[\w-]+)*)?\s*(?:\"(.*)\")?\s*$")
_TAB = re.compile(r"( *)===[+!]?\s+\"(.+)\"\s*$")
_COLON = re.compile(r"( *)(:{3,})\s*(.*?)\s*$")
_COLON_HEAD = re.compile(
    r"\{?\s*\.?([\w-]+)[^}\s\[]*\}?\s*(?:\[(.*)\]|(?:\{[^}]*\})?\s*\"?([^\"]*)\"?)"
)
_BRACED = re.compile(r"\w[\w-]*\{([^{}]*)\}\s*(.*)")  # a container with attributes
_GENERATED = re.compile(r"[\w-]+(?:\.\w+)+(?:\s.*)?")  # ":::" with an object to be documented
_SLASHES = re.compile(r"( *)/{3,}\s*(?:([\w-]+)\s*(?:\|\s*(.*?))?)?\s*$")
_ALERT = re.compile(r"((?: *>)+ ?)\s*\\?\[!(\w+)(?:\s*\|[^\]]*)?\\?\][+-]?\s*(.*)$")
_NO_TERM = re.compile(r"[-*+](?:\s|$)|[-*=+]+\s*$")  # a bullet or a rule
_DEFINITION = re.compile(r":[ ]{1,3}(?=\S)")
_DIRECTIVE = re.compile(r"\{([\w:.-]+)\}\s*(.*)$")
_OPTION_VALUE = re.compile(r"^\s*:?(header(?:-rows)?):[ \t]*(.*)$", re.MULTILINE)
_CAPTION = re.compile(r"\s*:?caption:\s+(\S.*)$")
_CELL_OPTION = re.compile(r"\s*(?:#|//|--|%%?)\|(?:\s|$)")  # of Quarto, before the code of a cell
_CELL_CAPTION = re.compile(r"\s*\S{1,3}\s+(?:fig|tbl)-cap:\s*(\S.*)$")
_YAML = "---"  # before and after options
_OPTION = re.compile(r"\s*:[\w-]+:(?:\s|$)")
_REFERENCE = re.compile(r"^ {0,3}\[([^\]\n]+)\]:", re.MULTILINE)
_DROPPED_LINE = re.compile(
    r"\s*(?:\{\*.*\*\}|-+8<-+.*|;-+8<-+.*|\{!.*!\}|\{\{\s*#\w+ .*\}\}|\{/\*.*\*/\}"
    r"|\{%\s*(?:data|include|link)\b[^{}]*%\}|@\[code[^\]]*\]\(.*\)|\[!(?:INCLUDE|ref|button)\b.*"
    r"|\[[^\]]*\]\([^()]*\s':include[^()]*\)|>\s*\[!(?:div|VIDEO)\b.*\]|::include\{.*\}"
    r"|<-{2,}>|<<<\s*(?:@|\.{1,2})/.*|\[TOC\]|\[\[_?TOC_?\]\]|\{::.*\}|\{:[^}]*\}|\([\w.:-]+\)=|\*\[[^\]]+\]:.*"
    r"|(?://|#|/\*|<!--)\s*highlight-(?:start|end|next-line)\b.*)\s*",
    re.IGNORECASE,
)
_DROPPED_CODE = re.compile(  # what a site puts in for it, or takes out, in a fence too
    r"\s*(?:\{\*.*\*\}|-+8<-+.*|\{!.*!\}|\{\{\s*#\w+ .*\}\}"
    r"|(?://|#|/\*|<!--|\{/\*)\s*highlight-(?:start|end|next-line)\b.*)\s*"
)
_CODE_NAMES = ("title", "filename", "tab")  # attributes that a site shows above code
_CODE_LABEL = re.compile(r"\S\s+\[([^\[\]]+)\]\s*(?:\{[^{}]*\}\s*)?$")  # of VitePress: "js [a.js]"
_CODE_FILE = re.compile(r"[\w+#-]+\s+((?:[\w.@-]+/)*[\w@-][\w.@-]*\.[A-Za-z]\w{0,9})")
_ENVIRONMENT = re.compile(
    r"\\begin\{((?:align|equation|gather|multline|eqnarray|alignat|flalign)\*?)\}"
)
_EQUATION_NAME = re.compile(r"(?<=\$\$)\s*(?:\{#[^{}]*\}|\([\w:.-]+\))\s*$")
_OPENED = re.compile(r"\$\$|\\\\?\[")
_INCLUDE_CALL = re.compile(r"\s*\{%-?\s*include\s+(?:[\w-]*/)*(\w+)[\w.-]*\s([^{}]*)%\}\s*$")
_ESCAPED_CALL = re.compile(r"^(\s*);(?=;*-+8<-)")
_INCLUDED = re.compile(r"\s*(?:\{%\s*include\b[^{}]*%\}|@\[code[^\]]*\]\(.*\))\s*")
_NOTED = re.compile(r" {0,3}\[\^[^\]\n]+\]:")
_NOTE_INDENT = 4  # blanks before the further blocks of a footnote
_FOOTNOTE = re.compile(r"^ {0,3}\[\^[^\]\s]+\]:\s*")
_TASK = re.compile(r"^(\s*(?:[-*+]|\d{1,9}[.)])\s+)\[[ xX]\]\s+")
_TOO_DEEP = re.compile(rf"^(?: {{{MAX_INDENT},}}|[ >]*>[ >]{{{MAX_INDENT},}})")
_MODULE = re.compile(
    r"import\s+(?:[\w*{}\s,$]+\s+from\s+)?['\"][^'\"]+['\"];?\s*$"
    r"|export\s+(?:const|let|var|default|function|async|type)\b.*"
)
_OPEN_IMPORT = re.compile(r"import\s+(?:type\s+)?(?:[\w$]+\s*,\s*)?\{[\w\s,$]*$")
_END_OF_IMPORT = re.compile(r"[\w\s,$]*\}\s*from\s+['\"][^'\"]+['\"];?\s*$")
_MARKDOWN_TAG = re.compile(
    r"(\s*<[a-z]\w*\b[^<>]*?)(?<!\s)\s+markdown(?:=\"[^\"]*\"|='[^']*'|=\w+)?([^<>]*>)\s*$"
)
_CLOSING_TAG = re.compile(r"\s*</(?:figure|div|section|details)>\s*$")
_COMPONENT_START = re.compile(r"\s*<[A-Z][\w.]*(?:\s|$)")
_COMPONENT = re.compile(
    r"(\s*)<(/?)([A-Z][\w.]*)"
    r"((?:\s+[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}))?"
    r"|\s*\{\.\.\.[^{}]*\})*)\s*(/?)>"
)
_COMPONENT_TAG = re.compile(r"</?[A-Z][\w.]*[^<>]*>")

_CODE_DIRECTIVES = frozenset(
    "code-block code sourcecode code-cell literalinclude parsed-literal prompt console".split()
)
_TABLES = frozenset(("list-table", "csv-table"))
_DROPPED_DIRECTIVES = frozenset(
    "toctree image figure include contents raw bibliography autodoc autoclass automodule "
    "autofunction eval-rst mermaid plot index".split()
)
_PROSE = re.compile(  # directives of MyST whose content is Markdown, not code of that language
    r"(?:grid|card|button|exercise|solution|tab)(?:-(?!set-code)[\w-]+)?|prf:[\w-]+|margin|sidebar"
    r"|topic|only|epigraph|highlights|pull-quote|aside|container|compound|div|table|rubric|centered"
)
_OBJECT = re.compile(r"(?:py|c|cpp|js|rst|std|http):[\w-]+")
_UNTITLED = re.compile(r"(?:only|solution|button|container|div)\b.*")  # their argument is a name
_CARD_PART = re.compile(r"(?:\^{3}|\+{3})\s*")
_LABELS = frozenset("title label header heading question summary name".split())
_NAMED_BY = _LABELS | frozenset(("path", "query", "body"))  # what a box with a text is about
_FIELDS = frozenset(("path", "query", "body", "header", "name"))  # of an interface, with a type
_TABS = frozenset(("tab-item", "tabitem", "tab"))
_FOLD = re.compile(
    r"(?:accordion|collaps|expand|details|dropdown|disclosure|spoiler|toggle|fold(?!er)|faq|question)"
    r"(?!.*(?:group|list|root|s$))"
)
_FOLD_LABEL = frozenset(("title", "label", "header", "heading", "question", "summary"))
_CODE_CALLS = frozenset(("highlight", "codeblock", "code", "mermaid", "plantuml"))
_NAMELESS = frozenset(("highlight", "codeblock", "code"))  # of which the language is told
_MATH_CALLS = frozenset(("katex", "math", "latex"))
_CODE_GROUP = re.compile(r"code-?(?:group|tabs|blocks)")
_TITLED_FENCE = re.compile(r"(\s*(?:`{3,}|~{3,})\s*[\w+#-]+)\s+([^\s{}=\[\]`][^{}=\[\]`]*)$")
_CODE_TAG = re.compile(r"code(?:block|snippet)?$")
_COMMENTS = frozenset(("comment",))
_TEMPLATE = re.compile(r"\s*\{`(.*?)`\}\s*$", re.DOTALL)
_OUTPUT = re.compile(r"\{\{\s*(?:[\w.]+\(.*\)|[\w.'\"/-]+(?:\s*\|\s*\w+.*)|/\*.*\*/)\s*\}\}")
_PARAGRAPH_BOX = re.compile(r"([!?])>\s+(\S.*)$")
_FOLDED_NOTE = re.compile(r" {0,3}>\s*\[!\w+\][+-]?\s+(\S.*)$")
_AT_TAB = re.compile(r"@tab(?::\w+)?\s+(.+?)(?:#[\w-]+)?\s*$")
_PLUS_TAB = re.compile(r"\+\+\+(?:\s+(\S.*?))?\s*$")
_LINKED_TAB = re.compile(r"#{1,6}\s+\[([^\]]+)\]\(#tabs?/[^()]*\)\s*$")
_BARE_BOX = re.compile(r"!!!\s*([\w-]*)\s*(.*?)\s*$")
_TABLE_CAPTION = re.compile(r"(?:[Tt]able)?: +(\S.*)$")  # of pandoc
_PANEL = re.compile(r"==[=-]\s*([^\s\"=].*?)\s*$")
_SELF_CLOSED = re.compile(r"\s*:{3}\s*([\w-]+)(?:\s[^:].*)?:{3}\s*$")
_ANNOTATION = re.compile(r"\s*(?://|#|<!--|/\*|--|;)\s*\[!code [^\]]*\]\s*(?:-->|\*/)?\s*$")
_INLINE_COMMENT = re.compile(r"(?<!\S)%%[^%]+%%(?!\w)\s?")
_DIRECTIVE_LINE = re.compile(r"^ *(?:`{3,}|~{3,}|:{3,})\{[\w:-]+\}", re.MULTILINE)
_HARD_SPACE = re.compile(r"^(#{1,6})\u00a0\s*")
_END_OF_JSX = "*/}"  # of a comment
_LEVEL = re.compile(r" {0,3}(#{1,6})\s")
_HEADING = re.compile(r" {0,3}#{1,6}\s+(\S.*)$")
_TOC = re.compile(r"\{:\s*toc\b")
_SETTING = re.compile(r" {4}[\w-]+:\s+\S+$")
_PATH = re.compile(r"\S*[./]\S*|\d[\d ]*|:?gutter.*")
_BOX_CALLS = ADMONITIONS | frozenset(("alert", "hint", "callout", "admonition", "notice", "aside"))


class Line(str):
    """A line that knows the lines of the source that it comes from."""

    __slots__ = ("first", "last")
    first: int
    last: int

    @classmethod
    def of(cls, text: str, first: int, last: int) -> Line:
        """Text with its origin."""
        made = cls(text)
        made.first, made.last = first, last
        return made


def _as(text: str, line: str) -> str:
    """A changed line with the origin of the line before the change."""
    return Line.of(text, line.first, line.last) if isinstance(line, Line) else text


def expand(lines: Sequence[str]) -> list[Line]:
    """The lines of a document with every dialect's construct as plain Markdown or HTML."""
    text = "\n".join(lines)
    known = {name.casefold() for name in _REFERENCE.findall(text)}
    if text.count("[") + text.count("<") > MAX_BRACKETS:
        # each one that is never closed costs the parser a look at all the text after it
        text = _NO_TAG.sub("&lt;", _NO_LINK.sub(r"\\[", text))
        lines = text.split("\n")
    numbered = [Line.of(line, number, number) for number, line in enumerate(lines)]
    return list(_Expander(_uncommented(numbered, text), known).lines())


def _uncommented(lines: list[Line], text: str) -> list[Line]:
    """Lines without the comments of Obsidian, kramdown, MDX and MyST; one of a comment is empty."""
    single = _DIRECTIVE_LINE.search(text) is not None
    if not (single or "%%" in text or "{::comment" in text or "{/*" in text):
        return lines
    last = {
        end: max((number for number, line in enumerate(lines) if end in line), default=-1)
        for end in ("%%", "{:/", _END_OF_JSX)
    }
    kept: list[Line] = []
    fence, until, inside = "", "", False
    for number, line in enumerate(lines):
        mark = None if until else _FENCE.match(line)
        said = str(line)
        if until:
            said = line.partition(until)[2] if until == _END_OF_JSX else ""
            until = "" if until in line else until
            if inside and not said:
                continue  # the words before the comment go on behind it
        elif fence or mark:
            fence = _fence_after(fence, mark)
        elif single and re.match(r"%(?:\s|$)", line):
            said = ""
        elif (end := _comment_end(line)) and last[end] > number:
            until, said, inside = end, "", False
        elif (begin := _open_comment(line)) >= 0 and any(
            _END_OF_JSX in below for below in lines[number + 1 : number + 1 + MAX_REMARK]
        ):
            until, said, inside = _END_OF_JSX, line[:begin], True
        elif "%%" in line and "`" not in line:
            said = _INLINE_COMMENT.sub("", line)
        kept.append(Line.of(said, line.first, line.last))
    return kept


def _comment_end(line: str) -> str:
    """What ends the comment that a line begins for several lines, "" when it begins none."""
    bare = line.strip()
    if bare.startswith("{::comment}"):
        return "{:/"
    if bare.startswith("{/*") and "*/" not in bare:
        return _END_OF_JSX
    return "%%" if bare.startswith("%%") and "%%" not in bare[2:] else ""


def _open_comment(line: str) -> int:
    """Where a comment of MDX begins behind the words of a line that it does not end on, or -1."""
    begin = line.rfind("{/*") if "`" not in line else -1
    return begin if begin >= 0 and "*/" not in line[begin:] else -1


class _Expander:
    """Rewrites the lines of one container. references: the link names the document defines."""

    def __init__(
        self,
        lines: Sequence[Line],
        references: AbstractSet[str],
        depth: int = 0,
        scanned: list[int] | None = None,
    ) -> None:
        self._scanned = [0] if scanned is None else scanned  # of the whole document
        self._lines = lines
        self._references = references
        self._depth = depth
        self._at = 0
        self._closers: list[str] = []  # end tags of the ":::" containers that are open
        self._in_list = False
        self._open_tabs = 0  # JSX tags and shortcodes
        self._after_table = -1  # where the paragraph begins that stands behind a table

    def lines(self) -> Iterator[Line]:
        """All lines, rewritten."""
        end = self._lines[-1].last if self._lines else 0
        while self._at < len(self._lines):
            here = self._lines[self._at]
            for line in self._next():
                yield line if isinstance(line, Line) else Line.of(line, here.first, here.last)
        while self._closers:
            for text in ("", self._closers.pop(), ""):
                yield Line.of(text, end, end)

    def _next(self) -> Iterator[str]:
        line = self._lines[self._at]
        fence, box, tab = _FENCE.match(line), _BOX.match(line), _TAB.match(line)
        if fence:
            return self._fence(fence)
        if box:
            return self._box(box)
        if tab:
            return self._tab(tab)
        if self._definition_follows():
            return self._definitions()
        held = self._held(line) or self._sectioned(line)
        if held is not None:
            return held
        self._at += 1
        return self._line(line)

    def _inner(self, lines: Sequence[Line]) -> Iterator[Line]:
        if self._depth >= MAX_DEPTH:
            return iter(lines)
        return _Expander(lines, self._references, self._depth + 1, self._scanned).lines()

    # Constructs of several lines

    def _fence(self, fence: re.Match[str]) -> Iterator[str]:
        prefix, mark, info = fence[1], fence[2], fence[3]
        opening = self._lines[self._at]
        body = self._fenced_lines(mark)
        directive = _DIRECTIVE.match(info)
        name = directive[1].lower() if directive else ""
        if directive and name in ADMONITIONS and not prefix.strip():
            inner = [_cut(line, len(prefix)) for line in _without_options(body)]
            yield from _boxed(prefix, name, directive[2], self._inner(inner))
            return
        if directive and name in _TABLES and not prefix.strip():
            yield from _captioned(prefix, _as(directive[2], opening))
            yield from _table(prefix, name, body)
            return
        if directive and not prefix.strip():
            inner = [_cut(line, len(prefix)) for line in _without_options(body)]
            said = self._directive(prefix, name, _as(directive[2], opening), inner)
            if said is not None:
                yield from said
                return
        if info.startswith("{="):
            return  # for one format of output
        if info.strip() == "math" and not prefix.strip():
            yield from _displayed(prefix, body)
            return
        kept = [_unannotated(line) for line in body if not _DROPPED_CODE.fullmatch(line)]
        filled = [line for line in kept if line.strip()]
        only_included = len(filled) == 1 and _INCLUDED.fullmatch(filled[0]) and not info
        if name in _DROPPED_DIRECTIVES or (body and (not filled or only_included)):
            return
        if directive and name in _CODE_DIRECTIVES:
            if caption := next(filter(None, map(_CAPTION.match, _options(kept))), None):
                yield from _captioned(prefix, _as(caption[1], caption.string))
            kept, info = _without_options(kept), directive[2]
        if info[:1] == "{" and (n_options := _cell_options(kept)):
            if caption := next(filter(None, map(_CELL_CAPTION.match, kept[:n_options])), None):
                yield from _captioned(prefix, _as(caption[1], caption.string))
            kept = kept[n_options:]
        told = attributes(info)
        label = _CODE_LABEL.search(info) or (
            None if directive else _CODE_FILE.fullmatch(info.strip())
        )
        named = next((told[key] for key in _CODE_NAMES if key in told), label[1] if label else "")
        if not prefix.strip() and named:
            shown = _plain(named)
            yield from ("", f'{prefix}<p data-caption="1">{shown}</p>', "")
        language = re.match(r"\{?[\s.]*([\w+#-]+)", info)
        yield f"{prefix}{mark}{language[1] if language else ''}"
        yield from kept
        last = self._lines[self._at - 1]
        yield _as((" " * len(prefix) if _ITEM.match(prefix) else prefix) + mark, last)

    def _directive(
        self, indent: str, name: str, argument: str, inner: list[Line]
    ) -> Iterator[str] | None:
        """What a directive of MyST says in words: a caption, a fold, a change, a formula."""
        while inner and not inner[0].strip():
            inner.pop(0)
        if name == "figure":
            end = next((at for at, line in enumerate(inner) if not line.strip()), len(inner))
            words = " ".join(map(str.strip, inner[:end]))
            caption = _captioned(indent, _reaching(words, inner[0], inner[end - 1]) if end else "")
            return self._wrapped(indent, caption, inner[end:], "")
        if name in ("dropdown", "details") and argument:
            return self._wrapped(indent, _folded(indent, argument), inner, "</details>")
        if name in CHANGES:
            version, _, said = argument.partition(" ")
            below = inner.pop(0) if inner and not said else argument
            said = said or (below if below is not argument else "")
            head = f"{indent}{CHANGES[name]} {version}" + (f": {said.strip()}" if said else "")
            return self._wrapped(indent, iter(("", _reaching(head, argument, below))), inner, "")
        if name == "math":
            return _displayed(indent, inner)
        if name == "glossary":
            return self._glossary(indent, inner)
        if _OBJECT.fullmatch(name):
            opened = ("", f"{indent}<dl><dt>", "", _as(f"{indent}`{argument}`", argument), "")
            inside = iter((*opened, f"{indent}</dt><dd>", ""))
            return self._wrapped(indent, inside, inner, "</dd></dl>")
        return self._container(indent, name, argument, inner) if _PROSE.fullmatch(name) else None

    def _container(self, indent: str, name: str, argument: str, inner: list[Line]) -> Iterator[str]:
        """The content of a directive that is Markdown, below the title that it may have."""
        if name == "only" and "html" not in argument:
            return iter(("",))
        if name == "tab-item" and argument:
            head = (_as(line, argument) for line in _variant(indent, argument))
            return self._wrapped(indent, head, inner, "</div>")
        if name.startswith(("card", "grid")):
            inner = [
                Line.of("", line.first, line.last) if _CARD_PART.fullmatch(line) else line
                for line in inner
            ]
        if name == "table":
            return self._wrapped(indent, _captioned(indent, argument), inner, "")
        titled = argument and not (_UNTITLED.match(name) or _PATH.fullmatch(argument))
        shown = _as(indent + without_marks(argument, self._references), argument)
        return self._wrapped(indent, iter(("", shown, "") if titled else ("",)), inner, "")

    def _glossary(self, indent: str, inner: list[Line]) -> Iterator[str]:
        """Terms, each with the indented lines below it."""
        yield from ("", f"{indent}<dl>")
        at = 0
        while at < len(inner):
            term, end = inner[at], at + 1
            while end < len(inner) and not (inner[end].strip() and inner[end][:1] != " "):
                end += 1
            if term.strip():
                said = _as(indent + without_marks(term, self._references), term)
                head = iter((f"{indent}<dt>", "", said, "", f"{indent}</dt><dd>", ""))
                below = [
                    _cut(line, components.dedented(inner[at + 1 : end]))
                    for line in inner[at + 1 : end]
                ]
                yield from self._wrapped(indent, head, below, "</dd>")
            at = end
        yield from (f"{indent}</dl>", "")

    def _fenced_lines(self, mark: str) -> list[Line]:
        """Takes the lines inside a fence, and the fence that ends it."""
        closing = re.compile(rf"[\s>]*{re.escape(mark[0])}{{{len(mark)},}}\s*$")
        first = self._at + 1
        for number in range(first, len(self._lines)):
            if closing.match(self._lines[number]):
                self._at = number + 1
                return list(self._lines[first:number])
        self._at = len(self._lines)
        return list(self._lines[first:])

    def _indented(self, indent: int) -> list[Line]:
        """Takes the lines below the current one that are indented at least as far."""
        first = end = self._at + 1
        for number in range(first, len(self._lines)):
            line = self._lines[number]
            if line.strip() and len(line) - len(line.lstrip()) < indent:
                break
            if line.strip():
                end = number + 1
        self._at = end
        return [_cut(line, indent) for line in self._lines[first:end]]

    def _box(self, match: re.Match[str]) -> Iterator[str]:
        indent, mark, words, title = match[1], match[2], match[3] or "note", match[4]
        body = list(self._inner(self._indented(len(indent) + 4)))
        kind = words.split()[0].lower()
        if mark != "!!!" and title and title.rstrip().endswith("?"):
            yield from ("", f"{indent}<details><summary>{_plain(title)}</summary>", "")
            yield from (_as(indent + line, line) for line in body)
            yield from ("", f"{indent}</details>", "")
        else:
            yield from _boxed(indent, kind, kind if title is None else title, body)

    def _tab(self, match: re.Match[str]) -> Iterator[str]:
        indent = match[1]
        body = list(self._inner(self._indented(len(indent) + 4)))
        yield from _variant(indent, without_marks(match[2], self._references))
        yield from (_as(indent + line, line) for line in body)
        yield from ("", f"{indent}</div>", "")

    def _definition_follows(self) -> bool:
        """Whether the current line is a term, with a definition at most one blank line away."""
        line = self._lines[self._at]
        if not line.strip() or line[0] in " #>|<:" or _NO_TERM.match(line):
            return False
        if self._in_list and self._lines[self._at - 1].strip():
            return False  # a lazy line of the item above
        rest = self._lines[self._at + 1 : self._at + 3]
        if rest and not rest[0].strip():
            rest = rest[1:]
        return bool(rest) and bool(_DEFINITION.match(rest[0]))

    def _definitions(self) -> Iterator[str]:
        yield from ("", "<dl>")
        while self._at < len(self._lines) and self._definition_follows():
            line = self._lines[self._at]
            term = _as(without_marks(line, self._references), line)
            yield from ("<dt>", "", term, "", "</dt>")
            self._at += 1
            while self._at < len(self._lines) and self._skip_to_definition():
                line = self._lines[self._at]
                first = Line.of(_DEFINITION.sub("", line), line.first, line.last)
                width = max(4, len(line) - len(first)) if line[1:4].isspace() else 2
                yield from ("<dd>", "", *self._inner([first, *self._continued(width)]), "", "</dd>")
            while self._at < len(self._lines) and not self._lines[self._at].strip():
                self._at += 1
        yield from ("</dl>", "")

    def _skip_to_definition(self) -> bool:
        """Whether a definition comes next, at most one blank line away; goes to it."""
        at = self._at + (0 if self._lines[self._at].strip() else 1)
        if at < len(self._lines) and _DEFINITION.match(self._lines[at]):
            self._at = at
            return True
        return False

    def _continued(self, width: int) -> list[Line]:
        """Takes the further lines of a definition: indented ones, and text right below it.

        width: of the indentation that the definition itself has.
        """
        body = [_cut(line, width - 2) for line in self._indented(2)]
        while self._at < len(self._lines) and (not body or body[-1].strip()):
            line = self._lines[self._at]
            if not line.strip() or _DEFINITION.match(line) or line[0] in "#-*<":
                break
            body.append(line)
            self._at += 1
        return [
            Line.of(line.strip(), line.first, line.last)
            if len(line) - len(line.lstrip()) < 4
            else line
            for line in body
        ]

    # Components and shortcodes around other lines

    def _held(self, line: Line) -> Iterator[str] | None:
        """What a component, a shortcode or a folded quotation holds; None for other lines."""
        bare = line.lstrip()
        if bare[:2] in ("{{", "{%"):
            block = self._found(components.call_at)
            return None if block is None else self._call(block)
        if bare[:1] == "<" and bare[1:2].isupper():
            block = self._found(components.tag_at)
            if block is None:
                return None
            return self._empty(block) if block.is_empty else self._tag(block)
        if (
            bare[:1] == "<"
            and ">" not in bare
            and (tag := components.plain_tag_at(self._lines, self._at))
        ):
            first, self._at = line, self._at + tag[1]
            return iter((_reaching(tag[0], first, self._lines[self._at - 1]),))
        if bare[:3] == ":::" and (opened := _SELF_CLOSED.match(line)):
            end = self._next_line(rf"\s*:::\s*{opened[1]}-end\s*:::")
            if end is not None:
                body = self._taken(end)
                cut = components.dedented(body)
                return self._wrapped("", iter(("",)), [_cut(each, cut) for each in body], "")
        if bare[:2] == "[^" and not self._in_list and (noted := _FOOTNOTE.match(line)):
            return self._footnote(line, noted.end())
        if bare[:1] == "+" and self._scanned[0] < MAX_SCANNED:
            n_lines = drawn_lines(self._lines, self._at)
            self._scanned[0] += abs(n_lines)
            if n_lines > 0:
                return self._drawn(n_lines)
        below = self._lines[self._at + 1] if self._at + 1 < len(self._lines) else ""
        if (bare[:2] == "--" or below.lstrip()[:2] == "--") and self._begins_paragraph():
            n_lines = ruled_lines(self._lines, self._at)
            if n_lines:
                return self._ruled(n_lines)
        if bare[:2] in ("$$", "\\[", "\\b", "\\\\") and (self._in_list or line[:4] != "    "):
            return self._formula(bare)
        if bare[:1] == ">" and (note := _FOLDED_NOTE.match(line)) and asks(note[1]):
            return self._folded_note(note[1])
        return None

    def _drawn(self, n_lines: int) -> Iterator[str]:
        """A table drawn with "+" and "|"; one that cannot be told as rows stays as it looks."""
        body = list(self._lines[self._at : self._at + n_lines])
        self._at += n_lines
        indent = body[0][: len(body[0]) - len(body[0].lstrip())]
        rows, whole = drawn_rows(body), _reaching("", body[0], body[-1])
        if rows is None:
            return _fenced(indent, "", "\n".join(_cut(line, len(indent)) for line in body), body)
        said = [[without_marks(cell, self._references) for cell in row] for row in rows]
        return (_as(line, whole) for line in _pipe_table(indent, said))

    def _begins_paragraph(self) -> bool:
        return not self._at or not self._lines[self._at - 1].strip()

    def _ruled(self, n_lines: int) -> Iterator[str]:
        """A table with dashes below its head and blanks between its columns."""
        body = self._lines[self._at : self._at + n_lines]
        self._at += n_lines
        blanks = not self._lines[self._at].strip() if self._at < len(self._lines) else 0
        self._after_table = self._at + blanks
        indent = body[0][: components.dedented(body)] if self._in_list else ""
        whole = _reaching("", body[0], body[-1])
        rows = [[without_marks(cell, self._references) for cell in row] for row in ruled_rows(body)]
        return (_as(line, whole) for line in _pipe_table(indent, rows))

    def _formula(self, bare: str) -> Iterator[str] | None:
        """A formula that stands by itself, as one line: none of it begins a list or a heading."""
        if self._scanned[0] > MAX_SCANNED:
            return None
        first, environment, opened = self._at, _ENVIRONMENT.match(bare), _OPENED.match(bare)
        if not (environment or opened):
            return None
        begins = opened[0] if opened else ""
        ends = f"\\end{{{environment[1]}}}" if environment else begins.replace("[", "]")
        for at in range(first, min(first + MAX_FORMULA, len(self._lines))):
            said = _EQUATION_NAME.sub("", self._lines[at]).strip()
            if _FENCE.match(said):
                return None
            self._scanned[0] += 1
            if said.endswith(ends) and not (at == first and len(said) < 2 * len(ends)):
                break
        else:
            return None
        body = self._lines[first : at + 1]
        formula = _one_formula(body)
        if opened:
            formula = formula.removeprefix(begins).removesuffix(ends)
        if "[" in begins and bare.strip() != begins and not (all(body) and is_tex(formula)):
            return None  # brackets that are only escaped
        self._at = at + 1
        indent = " " * (len(body[0]) - len(bare)) if self._in_list else ""
        return iter(("", _reaching(f"{indent}$${formula}$$", body[0], body[-1]), ""))

    def _found(
        self, find: Callable[[Sequence[str], int], components.Block | None]
    ) -> components.Block | None:
        if self._scanned[0] > MAX_SCANNED:
            return None
        block = find(self._lines, self._at)
        self._scanned[0] += len(self._lines) - self._at if block is None else 0
        return block

    def _footnote(self, line: Line, start: int) -> Iterator[str] | None:
        """A note with the indented blocks that belong to it; None when it has none such."""
        at = self._at
        body = self._indented(_NOTE_INDENT)
        if not body:
            self._at = at
            return None
        said = line[start:].strip()
        first = [Line.of(said, line.first, line.last)] if said else []
        return chain(self._inner([*first, *body]), ("",))

    def _body_of(self, block: components.Block) -> list[Line]:
        """Takes all lines inside of a block, without their common indentation."""
        here, first = self._lines[self._at], self._lines[self._at]
        whole = list(self._lines[block.body[0] : block.body[1]])
        cut = components.dedented(whole)
        body = [_cut(line, cut) for line in whole]
        if block.first.strip():
            body.insert(0, Line.of(block.first.strip(), first.first, here.last))
        if block.last.strip():
            end = self._lines[block.next - 1]
            body.append(Line.of(block.last.strip(), end.first, end.last))
        self._at = block.next
        return body

    def _indent_of(self, block: components.Block) -> str:
        return block.indent if self._in_list else ""

    def _empty(self, block: components.Block) -> Iterator[str]:
        """A component without content: its title, or the code that is all of it."""
        first = self._lines[self._at]
        self._at = block.next
        last = self._lines[block.next - 1]
        if rows := components.rows_in(block.written):
            whole = Line.of("", first.first, last.last)
            return (_as(line, whole) for line in _pipe_table(self._indent_of(block), rows))
        told = attributes(block.written)
        label = next((told[key] for key in told if key in _LABELS), "")
        label = "" if block.name.lower().endswith("icon") else label
        said = ("", *_about(self._indent_of(block), label, told))
        return (_reaching(line, first, last) for line in said)

    def _tag(self, block: components.Block) -> Iterator[str]:
        """A component with its content: a box, one of several variants, a fold, code, or no more
        than its text."""
        told, kind = attributes(block.written), block.name.rpartition(".")[2].lower()
        label = _named(told)
        indent, body = self._indent_of(block), self._body_of(block)
        if _CODE_GROUP.fullmatch(kind):
            body = list(map(_with_title, body))
        if _CODE_TAG.match(kind) and (code := _TEMPLATE.match("\n".join(body))):
            return _fenced(indent, told.get("language", told.get("lang", "")), code[1], body)
        if kind in ADMONITIONS:
            named = told.get("type", kind).lower()
            return _boxed(indent, named, label, self._inner(body))
        if kind in _TABS and (label or "value" in told):
            return self._wrapped(indent, _variant(indent, label or told["value"]), body, "</div>")
        if _FOLD.search(kind) and label:
            return self._wrapped(indent, _folded(indent, label), body, "</details>")
        return self._wrapped(indent, iter(("", *_about(indent, label, told))), body, "")

    def _call(self, block: components.Block) -> Iterator[str]:
        """A shortcode with its content, as `_tag`."""
        told, kind = attributes(block.written), block.name.lower()
        quoted = re.search(r"\"([^\"]+)\"", re.sub(r"[\w-]+=\s*\"[^\"]*\"", "", block.written))
        label = next((told[key] for key in told if key in _FOLD_LABEL), quoted[1] if quoted else "")
        indent, body = self._indent_of(block), self._body_of(block)
        if kind in _COMMENTS:
            return iter(("",))
        said = next((line for line in body if line.strip()), "")
        if kind in _CODE_CALLS and not _FENCE.match(said):
            words = re.findall(r"[\w+#-]+", re.sub(r"^\s*lang:", "", block.written))
            words = words if kind in _NAMELESS else [kind]
            return _fenced(indent, words[0] if words else "", "\n".join(body), body)
        if kind in _MATH_CALLS:
            return _displayed(indent, body)
        if kind in _BOX_CALLS:
            return _boxed(indent, _kind_of(kind, block.written), label, self._inner(body))
        if kind in _TABS and label:
            if told.get("lang") and not _FENCE.match(said):
                drawn = _fenced(indent, told["lang"], "\n".join(body), body)
                return chain(_variant(indent, label), drawn, (f"{indent}</div>", ""))
            return self._wrapped(indent, _variant(indent, label), body, "</div>")
        if _FOLD.search(kind) and label:
            return self._wrapped(indent, _folded(indent, label), body, "</details>")
        titled = kind in _CODE_CALLS and "title" in told
        head = (f'{indent}<p data-caption="1">{_plain(told["title"])}</p>', "") if titled else ()
        return self._wrapped(indent, iter(("", *head)), body, "")

    def _wrapped(
        self, indent: str, head: Iterator[str], body: list[Line], end: str
    ) -> Iterator[str]:
        yield from head
        yield from (_as(indent + line, line) for line in self._inner(body))
        yield from ("", f"{indent}{end}", "") if end else ("",)

    def _folded_note(self, title: str) -> Iterator[str]:
        """A question as the title of a quoted note, with the lines of the quotation below it."""
        body = []
        self._at += 1
        while self._at < len(self._lines) and self._lines[self._at].lstrip().startswith(">"):
            line = self._lines[self._at]
            body.append(_as(re.sub(r"^\s*> ?", "", line), line))
            self._at += 1
        lines = [line for line in body if isinstance(line, Line)]
        return self._wrapped("", _folded("", title), lines, "</details>")

    # Lines that begin a part of several, up to the next such line

    def _sectioned(self, line: Line) -> Iterator[str] | None:
        """A box, a fold or tabs between lines of the same mark, None when there are none."""
        below = self._lines[self._at + 1] if self._at + 1 < len(self._lines) else "    "
        if line[:3] == "!!!" and (box := _BARE_BOX.match(line)) and below[:4] != "    ":
            end = self._next_line(r"!!!\s*$")
            if end is not None:
                body = self._taken(end)
                return _boxed("", box[1].lower() or "note", box[2] or box[1], self._inner(body))
        if line[:2] == "==" and (panel := _PANEL.match(line)):
            end = self._next_line(r"===\s*$")
            if end is not None:
                return self._wrapped("", _folded("", panel[1]), self._taken(end), "</details>")
        if line[:3] == "+++" and (tab := _PLUS_TAB.match(line)) and tab[1]:
            return self._tabs(_PLUS_TAB)
        if line[:4] == "@tab" and _AT_TAB.match(line):
            return self._tabs(_AT_TAB)
        if line[:1] == "#" and _LINKED_TAB.match(line):
            return self._tabs(_LINKED_TAB)
        return None

    def _next_line(self, pattern: str, first: int | None = None) -> int | None:
        """Where the next line of a kind is, outside of code. first: where to look from."""
        if self._scanned[0] > MAX_SCANNED:
            return None
        wanted, fence = re.compile(pattern), ""
        for number in range(self._at + 1 if first is None else first, len(self._lines)):
            line = self._lines[number]
            mark = _FENCE.match(line)
            if fence or mark:
                fence = _fence_after(fence, mark)
            elif wanted.match(line):
                return number
        self._scanned[0] += len(self._lines) - self._at
        return None

    def _taken(self, end: int) -> list[Line]:
        """Takes the lines between the current one and another, and that one."""
        body = list(self._lines[self._at + 1 : end])
        self._at = end + 1
        return body

    def _tabs(self, begins: re.Pattern[str]) -> Iterator[str]:
        """Variants that begin with a line each, up to the mark that ends the last."""
        ends = {
            _PLUS_TAB: r"\+\+\+",
            _AT_TAB: r"@tab|:::",
            _LINKED_TAB: r"#{1,6} \[|(?:---|\*\*\*)\s*$",
        }
        while self._at < len(self._lines) and (found := begins.match(self._lines[self._at])):
            if not found[1]:
                self._at += 1  # the mark behind the last
                break
            end = self._next_line(ends[begins])
            end = len(self._lines) if end is None else end
            title, body = self._lines[self._at], list(self._lines[self._at + 1 : end])
            self._at = end
            head = (_as(line, title) for line in _variant("", found[1]))
            yield from self._wrapped("", head, body, "</div>")
        if begins is _LINKED_TAB and self._at < len(self._lines):
            self._at += self._lines[self._at].startswith(("---", "***"))

    # Constructs of one line

    def _line(self, line: str) -> Iterator[str]:
        if _ITEM.match(line):
            if self._at < len(self._lines) and _TOC.match(self._lines[self._at]):
                yield ""
                return
            self._in_list = True
        elif line.strip() and not line.startswith(" "):
            self._in_list = False
        bare = line.lstrip()
        code = line.startswith("    ") and not self._in_list and not bare.startswith(("<", ":::"))
        if code or not bare:
            yield line
            return
        line = _TOO_DEEP.sub(lambda deep: deep[0][:MAX_INDENT], line)
        colon, slashes, alert = _COLON.match(line), _SLASHES.match(line), _ALERT.match(line)
        if colon and _SELF_CLOSED.match(line):
            if line.rstrip(": ").endswith("-end"):
                yield ""
            yield ""
        elif colon:
            yield from self._colon(colon[1], colon[3])
        elif slashes and (slashes[2] or self._closers):
            while self._at < len(self._lines) and _SETTING.match(self._lines[self._at]):
                self._at += 1
            yield from self._colon(slashes[1], f"{slashes[2] or ''} {slashes[3] or ''}".strip())
        elif alert:
            prefix, kind, title = alert.groups()
            yield f'{prefix}<p class="admonition-title">{_plain(title or kind.capitalize())}</p>'
            yield prefix.rstrip()
        elif note := _PARAGRAPH_BOX.match(line):
            kind = "important" if note[1] == "!" else "tip"
            yield from _boxed("", kind, "", (_as(without_marks(note[2], self._references), line),))
        elif (
            bare[0] in ":Tt" and (caption := _TABLE_CAPTION.match(line)) and self._is_beside_table()
        ):
            yield from self._table_caption(caption[1])
        elif literal := _TEMPLATE.match(line):
            yield literal[1]
        elif (call := _INCLUDE_CALL.match(line)) and (said := attributes(call[2]).get("content")):
            yield from _boxed("", _kind_of(call[1], ""), "", (_as(said, line),))
        elif _DROPPED_LINE.fullmatch(line) or _OUTPUT.fullmatch(bare):
            yield ""
        elif _MODULE.match(line) or self._opens_import(line):
            self._skip_module()
            yield ""
        else:
            yield from self._markup(line)

    def _colon(self, indent: str, rest: str) -> Iterator[str]:
        """A line of ":::" that begins or ends a container."""
        if not rest or rest.partition(" ")[0].endswith("-end"):
            yield from ("", indent + (self._closers.pop() if self._closers else ""), "")
            return
        if _GENERATED.fullmatch(rest):
            self._at -= 1
            self._indented(len(indent) + 1)
            yield ""
            return
        first = self._at
        while self._at < len(self._lines) and _OPTION.match(self._lines[self._at]):
            self._at += 1
        match = _COLON_HEAD.match(rest)
        kind, title = (match[1].lower(), match[2] or match[3] or "") if match else ("", rest)
        if (braced := _BRACED.match(rest)) and not (match and match[2]):
            title = attributes(braced[1]).get("title", braced[2])
        if kind == "panel-tabset":
            yield from self._headed_tabs(indent)
            return
        if kind.startswith("callout-"):
            kind = kind.removeprefix("callout-")
            title = attributes(rest).get("title", "") or self._heading_below()
        if kind in _TABLES and (end := self._next_line(r"\s*:{3,}\s*$", self._at)) is not None:
            body = list(self._lines[first:end])
            self._at = end + 1
            yield from _table(indent, kind, body)
            return
        if kind in _CODE_CALLS and (end := self._next_line(r"\s*:{3,}\s*$", first)) is not None:
            drawn = [line for line in self._lines[self._at : end] if not _FENCE.match(line)]
            self._at = end + 1
            yield from _fenced(indent, kind, "\n".join(drawn), drawn)
            return
        if kind in ADMONITIONS:
            self._closers.append("</div>")
            yield from _head(indent, kind, title)
        elif kind in ("details", "dropdown") and title:
            self._closers.append("</details>")
            yield from ("", f"{indent}<details><summary>{_plain(title)}</summary>", "")
        elif kind in _TABS and title:
            self._closers.append("</div>")
            yield from _variant(indent, title)
        else:
            self._closers.append("</div>")
            yield from ("", f"{indent}<div>", "")
            if kind not in _DROPPED_DIRECTIVES and not _PATH.fullmatch(title) and "=" not in title:
                yield from (indent + title, "")

    def _headed_tabs(self, indent: str) -> Iterator[str]:
        """A container of variants with a heading each."""
        body, fence, depth = [], "", 1
        while self._at < len(self._lines) and depth:
            line, mark = self._lines[self._at], _FENCE.match(self._lines[self._at])
            colon = None if fence or mark else _COLON.match(line)
            fence = _fence_after(fence, mark)
            if colon and not _SELF_CLOSED.match(line):
                depth += 1 if colon[3] else -1
            body.append(line)
            self._at += 1
        body = body if depth else body[:-1]
        levels = [found[1] for found in map(_LEVEL.match, body) if found]
        first = next((at for at, line in enumerate(body) if _LEVEL.match(line)), len(body))
        yield from self._inner(body[:first])
        while first < len(body):
            label, end = body[first], first + 1
            while end < len(body) and (_level_of(body[end]) != len(levels[0])):
                end += 1
            words = without_marks(without_heading_marks(label.lstrip(" #")), self._references)
            head = (_as(line, label) for line in _variant(indent, words))
            yield from self._wrapped(indent, head, body[first + 1 : end], "</div>")
            first = end

    def _heading_below(self) -> str:
        """Takes the heading that is the next line to say something; returns its words, if any."""
        at = self._at
        while at < len(self._lines) and not self._lines[at].strip():
            at += 1
        found = _HEADING.match(self._lines[at]) if at < len(self._lines) else None
        if not found:
            return ""
        self._at = at + 1
        return without_heading_marks(found[1])

    def _skip_module(self) -> None:
        """Goes behind an import or export of MDX that covers several lines."""
        opened = _opened(self._lines[self._at - 1])
        blank, last = None, min(self._at + MAX_MODULE, len(self._lines))
        for at in range(self._at, last):
            if opened <= 0:
                break
            blank = at if blank is None and not self._lines[at].strip() else blank
            opened += _opened(self._lines[at])
            self._at = at + 1
        if opened > 0 and blank is not None:
            self._at = blank  # its brackets do not say where it ends

    def _opens_import(self, line: str) -> bool:
        """Whether a line begins an import of MDX that ends on one of the next lines."""
        below = self._lines[self._at : self._at + MAX_NAMES] if _OPEN_IMPORT.match(line) else ()
        return any(map(_END_OF_IMPORT.match, below))

    def _markup(self, line: str) -> Iterator[str]:
        tagged = _MARKDOWN_TAG.match(line)
        if tagged:
            yield from (tagged[1] + tagged[2], "")
            return
        if _COMPONENT_START.match(line) and ">" not in line:
            line = self._gathered(line)
        component, call = _COMPONENT.match(line), CALL.fullmatch(line.strip())
        if component:
            yield from self._component(component, line[component.end() :])
        elif call:
            yield from self._called(line[: len(line) - len(line.lstrip())], call)
        else:
            if _CLOSING_TAG.match(line):
                yield ""
            if line[:1] == "#":
                spaced = _HARD_SPACE.sub(r"\1 ", line)  # typed with the Option key held
                line = _as(without_heading_marks(spaced), line)
            yield without_marks(_TASK.sub(r"\1", _FOOTNOTE.sub("", line)), self._references)
            if (
                _NOTED.match(line)
                and self._at < len(self._lines)
                and self._lines[self._at][:1] == "["
            ):
                yield ""  # another note, or the target of a link: no more of this one

    def _gathered(self, line: str) -> str:
        """A tag whose attributes stand on lines of their own, as one line."""
        below = self._lines[self._at : self._at + 20]
        for number, text in enumerate(below, 1):
            if not text.strip():
                break
            if ">" in text:
                self._at += number
                return " ".join([line, *map(str.strip, below[:number])])
        return line

    def _component(self, match: re.Match[str], rest: str) -> Iterator[str]:
        """A JSX tag: admonitions become such, titles and labels stay, the tag itself goes."""
        indent, closing, name, written, alone = match.groups()
        told = attributes(written)
        kind, label = name.lower(), next((told[key] for key in told if key in _NAMED_BY), "")
        rest = without_marks(_COMPONENT_TAG.sub("", rest), self._references).strip()
        if rest and not label and kind not in ADMONITIONS:
            yield indent + rest
            return
        yield ""
        if kind in ADMONITIONS and closing:
            yield f"{indent}</div>"
        elif kind in ADMONITIONS and not alone:
            yield from _head(indent, told.get("type", kind).lower(), label)
        elif kind in _TABS and closing and self._open_tabs:
            self._open_tabs -= 1
            yield f"{indent}</div>"
        elif kind in _TABS and label and not alone and not closing:
            self._open_tabs += 1
            yield from _variant(indent, label)
        elif (named := label and _named(told)) and not closing:
            yield f"{indent}**{named}**" if named.endswith("?") else indent + named
        yield from ("", indent + rest, "") if rest else ("",)

    def _is_beside_table(self) -> bool:
        """Whether the paragraph that the last line begins stands by itself, next to a table."""
        at = self._at - 1
        if at and self._lines[at - 1].strip():
            return False
        above = next((line for line in reversed(self._lines[:at][-3:]) if line.strip()), "")
        end = at
        while end < len(self._lines) and self._lines[end].strip():
            end += 1
        begins = end + 1 < len(self._lines) and (
            self._lines[end + 1].lstrip()[:1] in ("|", "+") or ruled_lines(self._lines, end + 1) > 0
        )
        return begins or self._after_table == at or above.lstrip()[:1] in ("|", "+")

    def _table_caption(self, said: str) -> Iterator[str]:
        """A caption of pandoc, with the further lines of its paragraph."""
        first, last = self._at - 1, self._at
        while last < len(self._lines) and self._lines[last].strip():
            last += 1
        self._at = last
        body = self._lines[first:last]
        words = without_marks(" ".join((said, *map(str.strip, body[1:]))), self._references)
        return _captioned("", _reaching(words, body[0], body[-1]))

    def _called(self, indent: str, match: re.Match[str]) -> Iterator[str]:
        """A shortcode on a line of its own."""
        name, written = (match[2] or match[4] or "").lower(), match[3] or match[5] or ""
        told = attributes(written)
        bare = name.removeprefix("/").removeprefix("end")
        ends = bool(match[1]) or name != bare
        if bare in _BOX_CALLS and ends:
            yield from ("", f"{indent}</div>", "")
        elif bare in _BOX_CALLS:
            yield from _head(indent, _kind_of(bare, written), told.get("title", ""))
        elif bare == "tab" and ends and self._open_tabs:
            self._open_tabs -= 1
            yield from ("", f"{indent}</div>", "")
        elif bare == "tab" and not ends:
            quoted = re.match(r"\s*\"([^\"]+)\"", written)
            label = next((told[key] for key in told if key in _LABELS), quoted[1] if quoted else "")
            if label:
                self._open_tabs += 1
                yield from _variant(indent, label)
        elif "caption" in told:
            yield from _captioned(indent, told["caption"])
        else:
            yield told.get("text", "")


def _kind_of(name: str, written: str) -> str:
    """The kind of a box that a shortcode opens: by its attributes, its words, its own name."""
    told = attributes(written)
    named = [told[key] for key in ("style", "type", "color", "class") if key in told]
    bare = re.sub(r"[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|\S+)|\"[^\"]*\"", " ", written)
    words = re.findall(r"\w+", " ".join((*named, bare, name)).lower())
    return next((word for word in words if word in ADMONITIONS), "note")


def _table(indent: str, name: str, body: Sequence[Line]) -> Iterator[str]:
    """The table of a directive that writes it as a list of lists, or as comma-separated values."""
    options = dict(_OPTION_VALUE.findall("\n".join(body)))
    inner = [str(line) for line in _without_options(body)]
    rows = (
        _rows_of_lists(inner)
        if name == "list-table"
        else list(csv.reader(filter(str.strip, inner)))
    )
    if options.get("header"):
        rows.insert(0, next(csv.reader([options["header"]])))
    elif not options.get("header-rows", "0").strip().rstrip("0"):
        rows.insert(0, [])
    whole = Line.of("", body[0].first, body[-1].last) if body else ""
    yield from (_as(line, whole) for line in _pipe_table(indent, rows))


def _pipe_table(indent: str, rows: list[list[str]]) -> Iterator[str]:
    """Rows of Markdown, the first of them the header, as the lines of a table."""
    width = max(map(len, rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    yield ""
    for row in [*rows[:1], ["---"] * width, *rows[1:]] if width else []:
        cells = (" ".join(cell.split()).replace("|", "\\|") for cell in row)
        yield f"{indent}| {' | '.join(cells)} |"
    yield ""


def _rows_of_lists(lines: Sequence[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    for line in lines:
        cell = re.match(r"\s*([*-])\s+-(?:\s+(.*))?$", line)
        more = None if cell else re.match(r"\s+-(?:\s+(.*))?$", line)
        if cell:
            rows.append([cell[2] or ""])
        elif more and rows:
            rows[-1].append(more[1] or "")
        elif rows and rows[-1]:
            rows[-1][-1] += f" {line.strip()}"
    return rows


def _fence_after(fence: str, mark: re.Match[str] | None) -> str:
    """The mark of the fence that is open behind a line, "" when none is."""
    if mark is None:
        return fence
    if not fence:
        return mark[2]
    return "" if mark[2].startswith(fence) and not mark[3] else fence


def _named(told: Mapping[str, str]) -> str:
    """What a box is about by its attributes: a title, or a field of an interface with its type."""
    label = next((told[key] for key in told if key in _NAMED_BY), "")
    field = "type" in told and any(key in told for key in _FIELDS)
    return f"{label} ({told['type']})" if field else label


def _with_title(line: Line) -> Line:
    """A line with the words behind the language of a fence as its title ("```bash npm")."""
    found = _TITLED_FENCE.match(line)
    if not found:
        return line
    return Line.of(f'{found[1]} title="{found[2].strip()}"', line.first, line.last)


def _about(indent: str, label: str, told: Mapping[str, str]) -> Iterator[str]:
    """What a component says by its attributes: its title, what it shows, a caption."""
    title, about = label.strip(), told.get("description", "").strip()
    if title and about and not asks(title):
        title, about = f"{title}{'' if title[-1] in '.:!' else ':'} {about}", ""
    shown = f"**{title}**" if asks(title) else _plain(title)
    for said in filter(None, (shown, _plain(about))):
        yield from (indent + said, "")
    if "caption" in told:
        yield from (f'{indent}<p data-caption="1">{_plain(told["caption"])}</p>', "")


def _folded(indent: str, title: str) -> Iterator[str]:
    """The begin of a fold, with its title."""
    yield from ("", f"{indent}<details><summary>{_plain(title)}</summary>", "")


def _fenced(indent: str, language: str, code: str, lines: Sequence[Line]) -> Iterator[str]:
    """Code that a component or shortcode holds, on the lines that it comes from."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code)), 0)
    whole = Line.of("", lines[0].first, lines[-1].last) if lines else ""
    yield ""
    yield _as(f"{indent}{fence}{language}", whole)
    yield from (_as(indent + line, whole) for line in code.strip("\n").split("\n"))
    yield from (_as(indent + fence, whole), "")


def _boxed(indent: str, kind: str, title: str, body: Iterable[str]) -> Iterator[str]:
    yield from _head(indent, kind, title)
    yield from (_as(indent + line, line) for line in body)
    yield from ("", f"{indent}</div>", "")


def _head(indent: str, kind: str, title: str) -> Iterator[str]:
    """The begin of an admonition, with its label."""
    yield from ("", f'{indent}<div class="admonition {escape(kind)}">')
    yield from (f'{indent}<p class="admonition-title">{_plain(title or kind)}</p>', "")


def _unannotated(line: Line) -> Line:
    """A line of code without what tells a site how to draw it (`// [!code focus]`).

    A call to put in a snippet that is not to be followed (";--8<--") stands as it would be written.
    """
    if "8<" in line:
        return Line.of(_ESCAPED_CALL.sub(r"\1", line), line.first, line.last)
    if "[!code" not in line:
        return line
    return Line.of(_ANNOTATION.sub("", line), line.first, line.last)


def _displayed(indent: str, body: Sequence[Line]) -> Iterator[str]:
    """A formula on a line of its own."""
    formula = _one_formula(body)
    return iter(("", _reaching(f"{indent}$${formula}$$", body[0], body[-1]), "") if formula else ())


def _one_formula(body: Iterable[str]) -> str:
    """Lines of TeX as one, without remarks, so that none of them begins a list or a heading."""
    lines = (re.sub(r"(?<!\\)%.*", "", line) for line in body)
    return " ".join(filter(None, (_EQUATION_NAME.sub("", line).strip() for line in lines)))


def _level_of(line: str) -> int:
    found = _LEVEL.match(line)
    return len(found[1]) if found else 0


def _opened(line: str) -> int:
    """How many brackets a line of JavaScript opens, less those that it closes."""
    return sum(map(line.count, "{([")) - sum(map(line.count, "})]"))


def _plain(title: str) -> str:
    return escape(re.sub(r"[`*]", "", title.strip().strip("\"'")))


def _captioned(indent: str, title: str) -> Iterator[str]:
    """The title of a figure or a table, if it has one."""
    if title:
        yield from ("", _as(f'{indent}<p data-caption="1">{_plain(title)}</p>', title), "")


def _reaching(text: str, first: str, last: str) -> str:
    """Text that comes from the lines of the source between two of them."""
    if isinstance(first, Line) and isinstance(last, Line):
        return Line.of(text, first.first, last.last)
    return text


def _variant(indent: str, label: str) -> Iterator[str]:
    """The begin of one variant of several, with its label."""
    shown = escape(label.strip(), quote=True)
    yield from ("", f'{indent}<div data-tab-label="{shown}">', "", indent + label, "")


def _cut(line: Line, indent: int) -> Line:
    """A line without its first blanks, at most indent of them."""
    kept = line[min(indent, len(line) - len(line.lstrip())) :]
    return Line.of(kept, line.first, line.last)


def _cell_options(body: Sequence[Line]) -> int:
    """How many lines at the head of a cell of Quarto are options."""
    return next((at for at, line in enumerate(body) if not _CELL_OPTION.match(line)), len(body))


def _options(body: Sequence[Line]) -> list[Line]:
    """The ":name: value" lines at the head of a directive's body, or those of YAML there."""
    return list(body[: len(body) - len(_without_options(body))])


def _without_options(body: Sequence[Line]) -> list[Line]:
    """The body of a directive without the options at its head."""
    kept = list(body)
    if kept and kept[0].strip() == _YAML:
        ends = (at for at, line in enumerate(kept[1:], 1) if line.strip() == _YAML)
        return kept[next(ends, -1) + 1 :]
    while kept and _OPTION.match(kept[0]):
        kept.pop(0)
    return kept
