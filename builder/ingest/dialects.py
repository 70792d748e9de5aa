"""What Markdown dialects add, written as plain Markdown and HTML, line by line.

Admonitions and tabs of MkDocs, MyST, Docusaurus, GitHub and GitBook; definition lists; shortcodes,
JSX, include directives, attribute lists, footnote marks. Code is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from html import escape

from builder.ingest.furniture import ADMONITIONS
from builder.ingest.marks import CALL, attributes, without_marks

MAX_INDENT = 40  # columns; what is deeper would be dropped by the parser
MAX_DEPTH = 20  # of containers inside each other
MAX_BRACKETS = 20_000  # in a document, over which those of no link and no tag are escaped

_NO_LINK = re.compile(r"\[(?![^\[\]\n]{0,300}\](?:\(|\[|:))")
_NO_TAG = re.compile(r"<(?![A-Za-z/!?][^<>]{0,2000}>)")
_FENCE = re.compile(r"((?:\s|>|[-*+]\s|\d+[.)]\s)*)(`{3,}|~{3,})\s*([^`\n]*)$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")
_BOX = re.compile(r"( *)(!!!|\?\?\?\+?)\s+([\w-]+(?:\s+[\w-]+)*)?\s*(?:\"(.*)\")?\s*$")
_TAB = re.compile(r"( *)===[+!]?\s+\"(.+)\"\s*$")
_COLON = re.compile(r"( *)(:{3,})\s*(.*?)\s*$")
_COLON_HEAD = re.compile(
    r"\{?\s*\.?([\w-]+)[^}\s\[]*\}?\s*(?:\[(.*)\]|(?:\{[^}]*\})?\s*\"?([^\"]*)\"?)"
)
_GENERATED = re.compile(r"[\w-]+(?:\.\w+)+(?:\s.*)?")  # ":::" with an object to be documented
_SLASHES = re.compile(r"( *)/{3,}\s*(?:([\w-]+)\s*(?:\|\s*(.*?))?)?\s*$")
_ALERT = re.compile(r"((?: *>)+ ?)\s*\[!(\w+)\][+-]?\s*(.*)$")
_NO_TERM = re.compile(r"[-*+](?:\s|$)|[-*=+]+\s*$")  # a bullet or a rule
_DEFINITION = re.compile(r":[ ]{1,3}(?=\S)")
_DIRECTIVE = re.compile(r"\{([\w:.-]+)\}\s*(.*)$")
_OPTION = re.compile(r"\s*:[\w-]+:(?:\s|$)")
_REFERENCE = re.compile(r"^ {0,3}\[([^\]\n]+)\]:", re.MULTILINE)
_DROPPED_LINE = re.compile(
    r"\s*(?:\{\*.*\*\}|-+8<-+.*|;-+8<-+.*|\{!.*!\}|\{\{\s*#\w+ .*\}\}|\{/\*.*\*/\}"
    r"|\[TOC\]|\[\[_TOC_\]\]|\{::.*\}|\{:[^}]*\}|\([\w.:-]+\)=|\*\[[^\]]+\]:.*"
    r"|(?://|#|/\*|<!--)\s*highlight-(?:start|end|next-line)\b.*)\s*",
    re.IGNORECASE,
)
_NOTED = re.compile(r" {0,3}\[\^[^\]\n]+\]:")
_FOOTNOTE = re.compile(r"^ {0,3}\[\^[^\]\s]+\]:\s*")
_TASK = re.compile(r"^(\s*(?:[-*+]|\d{1,9}[.)])\s+)\[[ xX]\]\s+")
_TOO_DEEP = re.compile(rf"^(?: {{{MAX_INDENT},}}|[ >]*>[ >]{{{MAX_INDENT},}})")
_MODULE = re.compile(
    r"import\s+(?:[\w*{}\s,$]+\s+from\s+)?['\"][^'\"]+['\"];?\s*$"
    r"|export\s+(?:const|let|var|default|function|async|type)\b.*"
)
_MARKDOWN_TAG = re.compile(
    r"(\s*<[a-z]\w*\b[^<>]*?)\s+markdown(?:=\"[^\"]*\"|='[^']*'|=\w+)?([^<>]*>)\s*$"
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
_DROPPED_DIRECTIVES = frozenset(
    "toctree image figure include contents raw bibliography autodoc autoclass automodule "
    "autofunction eval-rst mermaid plot index only tab-set".split()
)
_LABELS = frozenset("title label header heading question summary name".split())
_TABS = frozenset(("tab-item", "tabitem", "tab"))
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
    return list(_Expander(numbered, known).lines())


class _Expander:
    """Rewrites the lines of one container. references: the link names the document defines."""

    def __init__(self, lines: Sequence[Line], references: AbstractSet[str], depth: int = 0) -> None:
        self._lines = lines
        self._references = references
        self._depth = depth
        self._at = 0
        self._closers: list[str] = []  # end tags of the ":::" containers that are open
        self._in_list = False
        self._open_tabs = 0  # JSX tags and shortcodes

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
        self._at += 1
        return self._line(line)

    def _inner(self, lines: Sequence[Line]) -> Iterator[Line]:
        if self._depth >= MAX_DEPTH:
            return iter(lines)
        return _Expander(lines, self._references, self._depth + 1).lines()

    # Constructs of several lines

    def _fence(self, fence: re.Match[str]) -> Iterator[str]:
        prefix, mark, info = fence[1], fence[2], fence[3]
        body = self._fenced_lines(mark)
        directive = _DIRECTIVE.match(info)
        name = directive[1].lower() if directive else ""
        if directive and name in ADMONITIONS and not prefix.strip():
            inner = [_cut(line, len(prefix)) for line in _without_options(body)]
            yield from _boxed(prefix, name, directive[2], self._inner(inner))
            return
        kept = [line for line in body if not _DROPPED_LINE.fullmatch(line)]
        if name in _DROPPED_DIRECTIVES or (body and not any(map(str.strip, kept))):
            return
        if directive and name in _CODE_DIRECTIVES:
            kept, info = _without_options(kept), directive[2]
        told = attributes(info)
        if not prefix.strip() and ("title" in told or "tab" in told):
            shown = _plain(told.get("title", told.get("tab", "")))
            yield from ("", f'{prefix}<p data-caption="1">{shown}</p>', "")
        language = re.match(r"\{?[\s.]*([\w+#-]+)", info)
        yield f"{prefix}{mark}{language[1] if language else ''}"
        yield from kept
        last = self._lines[self._at - 1]
        yield _as((" " * len(prefix) if _ITEM.match(prefix) else prefix) + mark, last)

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
        yield from _variant(indent, match[2])
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
                yield from ("<dd>", "", *self._inner([first, *self._continued()]), "", "</dd>")
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

    def _continued(self) -> list[Line]:
        """Takes the further lines of a definition: indented ones, and text right below it."""
        body = self._indented(2)
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

    # Constructs of one line

    def _line(self, line: str) -> Iterator[str]:
        if _ITEM.match(line):
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
        if colon:
            yield from self._colon(colon[1], colon[3])
        elif slashes and (slashes[2] or self._closers):
            yield from self._colon(slashes[1], f"{slashes[2] or ''} {slashes[3] or ''}".strip())
        elif alert:
            prefix, kind, title = alert.groups()
            yield f'{prefix}<p class="admonition-title">{_plain(title or kind.capitalize())}</p>'
            yield prefix.rstrip()
        elif _DROPPED_LINE.fullmatch(line):
            yield ""
        elif _MODULE.match(line):
            self._skip_module()
            yield ""
        else:
            yield from self._markup(line)

    def _colon(self, indent: str, rest: str) -> Iterator[str]:
        """A line of ":::" that begins or ends a container."""
        if not rest:
            yield from ("", indent + (self._closers.pop() if self._closers else ""), "")
            return
        if _GENERATED.fullmatch(rest):
            self._at -= 1
            self._indented(len(indent) + 1)
            yield ""
            return
        while self._at < len(self._lines) and _OPTION.match(self._lines[self._at]):
            self._at += 1
        match = _COLON_HEAD.match(rest)
        kind, title = (match[1].lower(), match[2] or match[3] or "") if match else ("", rest)
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
            yield from ("", f"{indent}<div>", "", indent + title, "")

    def _skip_module(self) -> None:
        """Goes behind an import or export of MDX that covers several lines."""
        first = self._lines[self._at - 1]
        opened = first.count("{") - first.count("}")
        while opened > 0 and self._at < len(self._lines) and self._lines[self._at].strip():
            opened += self._lines[self._at].count("{") - self._lines[self._at].count("}")
            self._at += 1

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
            yield without_marks(_TASK.sub(r"\1", _FOOTNOTE.sub("", line)), self._references)
            if (
                _NOTED.match(line)
                and self._at < len(self._lines)
                and self._lines[self._at][:1] == "["
            ):
                yield ""  # another note, or the target of a link: no more of this one

    def _gathered(self, line: str) -> str:
        """A tag whose attributes stand on lines of their own, as one line."""
        end = self._at
        while end < len(self._lines) and end < self._at + 20 and self._lines[end].strip():
            line += " " + self._lines[end].strip()
            end += 1
            if ">" in self._lines[end - 1]:
                self._at = end
                break
        return line

    def _component(self, match: re.Match[str], rest: str) -> Iterator[str]:
        """A JSX tag: admonitions become such, titles and labels stay, the tag itself goes."""
        indent, closing, name, written, alone = match.groups()
        told = attributes(written)
        kind, label = name.lower(), next((told[key] for key in told if key in _LABELS), "")
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
        elif label and not closing:
            yield f"{indent}**{label}**" if label.endswith("?") else indent + label
        yield from ("", indent + rest, "") if rest else ("",)

    def _called(self, indent: str, match: re.Match[str]) -> Iterator[str]:
        """A shortcode on a line of its own."""
        name, written = (match[2] or match[4] or "").lower(), match[3] or match[5] or ""
        told = attributes(written)
        bare = name.removeprefix("end")
        ends = bool(match[1]) or name != bare
        if bare in _BOX_CALLS and ends:
            yield from ("", f"{indent}</div>", "")
        elif bare in _BOX_CALLS:
            named = (told[key] for key in ("style", "type", "color", "class") if key in told)
            words = re.findall(r"\w+", next(named, bare).lower())
            kinds = [word for word in words if word in ADMONITIONS]
            yield from _head(indent, kinds[-1] if kinds else "note", told.get("title", ""))
        elif bare == "tab" and ends and self._open_tabs:
            self._open_tabs -= 1
            yield from ("", f"{indent}</div>", "")
        elif bare == "tab" and not ends:
            quoted = re.match(r"\s*\"([^\"]+)\"", written)
            label = next((told[key] for key in told if key in _LABELS), quoted[1] if quoted else "")
            if label:
                self._open_tabs += 1
                yield from _variant(indent, label)
        else:
            yield told.get("text", "")


def _boxed(indent: str, kind: str, title: str, body: Iterable[str]) -> Iterator[str]:
    yield from _head(indent, kind, title)
    yield from (_as(indent + line, line) for line in body)
    yield from ("", f"{indent}</div>", "")


def _head(indent: str, kind: str, title: str) -> Iterator[str]:
    """The begin of an admonition, with its label."""
    yield from ("", f'{indent}<div class="admonition {escape(kind)}">')
    yield from (f'{indent}<p class="admonition-title">{_plain(title or kind)}</p>', "")


def _plain(title: str) -> str:
    return escape(re.sub(r"[`*]", "", title.strip().strip("\"'")))


def _variant(indent: str, label: str) -> Iterator[str]:
    """The begin of one variant of several, with its label."""
    shown = escape(label.strip(), quote=True)
    yield from ("", f'{indent}<div data-tab-label="{shown}">', "", indent + label, "")


def _cut(line: Line, indent: int) -> Line:
    """A line without its first blanks, at most indent of them."""
    kept = line[min(indent, len(line) - len(line.lstrip())) :]
    return Line.of(kept, line.first, line.last)


def _without_options(body: Sequence[Line]) -> list[Line]:
    """The body of a directive without the ":name: value" lines at its head."""
    kept = list(body)
    while kept and _OPTION.match(kept[0]):
        kept.pop(0)
    return kept
