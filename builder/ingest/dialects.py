"""What Markdown dialects add, written as plain Markdown and HTML, line by line.

Admonitions and tabs of MkDocs, MyST, Docusaurus, GitHub and GitBook; definition lists; shortcodes,
JSX, include directives, attribute lists, footnote marks. Code is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from builder.ingest.furniture import ADMONITIONS

_FENCE = re.compile(r"((?:\s|>|[-*+]\s|\d+[.)]\s)*)(`{3,}|~{3,})\s*([^`\n]*)$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")
_BOX = re.compile(r"( *)(!!!|\?\?\?\+?)\s+([\w-]+(?:\s+[\w-]+)*)?\s*(?:\"(.*)\")?\s*$")
_TAB = re.compile(r"( *)===[+!]?\s+\"(.+)\"\s*$")
_COLON = re.compile(r"( *)(:{3,})\s*(.*?)\s*$")
_BLOCK = re.compile(r"( *)/{3,}\s*(?:([\w-]+)\s*(?:\|\s*(.*?))?)?\s*$")
_ALERT = re.compile(r"((?: *>)+ ?)\s*\[!(\w+)\][+-]?\s*(.*)$")
_DEFINITION = re.compile(r":[ ]{1,3}(?=\S)")
_DIRECTIVE = re.compile(r"\{([\w:.-]+)\}\s*(.*)$")
_OPTION = re.compile(r"\s*:[\w-]+:(?:\s|$)")
_REFERENCE = re.compile(r"^ {0,3}\[([^\]\n]+)\]:", re.MULTILINE)
_UNRESOLVED = re.compile(r"\[([^\[\]]{1,500})\]\[([^\[\]]{0,500})\]")

_DROPPED_LINE = re.compile(
    r"\s*(?:\{\*.*\*\}|-+8<-+.*|;-+8<-+.*|\{!.*!\}|\{\{\s*#\w+ .*\}\}|\{/\*.*\*/\}"  # includes, notes
    r"|\[TOC\]|\[\[_TOC_\]\]|\{::.*\}|\{:[^}]*\}|\([\w.:-]+\)=|\*\[[^\]]+\]:.*)\s*",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"^ {0,3}\[\^[^\]\s]+\]:\s*")
_TASK = re.compile(r"^(\s*(?:[-*+]|\d{1,9}[.)])\s+)\[[ xX]\]\s+")
_MODULE = re.compile(
    r"import\s+(?:[\w*{}\s,$]+\s+from\s+)?['\"][^'\"]+['\"];?\s*$"
    r"|export\s+(?:const|let|var|default|function|async|type)\b.*"
)
_MARKDOWN_TAG = re.compile(
    r"(\s*<[a-z]\w*\b[^<>]*?)\s+markdown(?:=\"[^\"]*\"|='[^']*'|=\w+)?([^<>]*>)\s*$"
)
_COMPONENT_START = re.compile(r"\s*<[A-Z][\w.]*(?:\s|$)")
_COMPONENT = re.compile(
    r"(\s*)<(/?)([A-Z][\w.]*)"
    r"((?:\s+[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}))?|\s*\{\.\.\.[^{}]*\})*)\s*(/?)>"
)
_ATTRIBUTE = re.compile(r"\b(\w+)=(?:\"([^\"]*)\"|'([^']*)'|\{\s*[\"'`](.*?)[\"'`]\s*\})")
_CALL = re.compile(
    r"\{\{[<%]\s*(/?)\s*([\w./-]*)([^{}]{0,500}?)/?\s*[>%]\}\}|\{%-?\s*(\w+)([^{}]{0,500}?)-?%\}"
)

_CODE_SPAN = re.compile(r"(\{[\w:.-]+\})?(?<!`)(`+)(?!`)(.+?)(?<!`)\2(?!`)")
_IMAGE = re.compile(
    r"!\[[^\]\n]{0,500}\]\((?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)(?:\{[^{}\n]{0,500}\})?"
)
_HIGHLIGHTED = re.compile(r"^#!\w+ ")
_MARKED_LIST = re.compile(
    r"(?:^|(?<=[)\]}>\s*_]))\{:?[ \t]*[#.][\w:.-]+(?:[ \t]+[^{}\n]{0,500})?\}"
    r"|(?:^|(?<=[)\]]))\{:?[ \t]*[\w-]+=[^{}\n]{0,500}\}|\{:[ \t]*[^{}\n]{0,500}\}"
)
_NOTE = re.compile(r"\{/\*[^{}\n]{0,1000}?\*/\}")
_ICON = re.compile(
    r":(?:material|octicons?|fontawesome|simple|fa|fas|fab|mdi)-[\w-]{1,80}:(?:\{[^{}]{0,200}\})?\s?"
)
_KEYS = re.compile(r"\+\+([a-z0-9-]+(?:\+[a-z0-9-]+)*)\+\+")
_HIGHLIGHT = re.compile(r"==(?=\S)([^=\n]{1,500})(?<=\S)==")
_WIKI = re.compile(r"\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,100}\]")
_MAX_INDENT = 40  # columns; what is deeper would be dropped by the parser
_TOO_DEEP = re.compile(rf"^(?: {{{_MAX_INDENT},}}|[ >]*>[ >]{{{_MAX_INDENT},}})")
_MAX_DEPTH = 20  # of containers inside each other

_WORD_ROLES = frozenset("ref doc term numref any abbr kbd guilabel menuselection sub sup".split())
_CODE_DIRECTIVES = frozenset(
    "code-block code sourcecode code-cell literalinclude parsed-literal prompt console".split()
)
_DROPPED_DIRECTIVES = frozenset(
    "toctree image figure include contents raw bibliography autodoc autoclass automodule autofunction "
    "eval-rst mermaid plot index only".split()
)
_LABEL_WORDS = frozenset("title label header heading question summary name".split())
_BOX_SHORTCODES = frozenset(("alert", "hint", "callout", "admonition", "notice", "aside"))


def expand(lines: Sequence[str]) -> list[str]:
    """The lines of a document with every dialect's construct as plain Markdown or HTML."""
    known = {name.casefold() for name in _REFERENCE.findall("\n".join(lines))}
    return list(_Expander(lines, known).lines())


class _Expander:
    """Rewrites the lines of one container. references: the link names that the document defines."""

    def __init__(self, lines: Sequence[str], references: set[str], depth: int = 0) -> None:
        self._lines = lines
        self._references = references
        self._depth = depth
        self._at = 0
        self._closers: list[str] = []  # end tags of the ":::" containers that are open
        self._in_list = False

    def lines(self) -> Iterator[str]:
        """All lines, rewritten."""
        while self._at < len(self._lines):
            yield from self._next()
        while self._closers:
            yield from ("", self._closers.pop(), "")

    def _next(self) -> Iterator[str]:
        line = self._lines[self._at]
        fence = _FENCE.match(line)
        if fence:
            return self._fence(fence)
        box = _BOX.match(line)
        if box:
            return self._box(box)
        tab = _TAB.match(line)
        if tab:
            return self._tab(tab)
        if _DEFINITION.match(line) is None and self._definition_follows():
            return self._definitions()
        self._at += 1
        return self._line(line)

    def _inner(self, lines: Sequence[str]) -> Iterator[str]:
        if self._depth >= _MAX_DEPTH:
            return iter(lines)
        return _Expander(lines, self._references, self._depth + 1).lines()

    # Constructs of several lines

    def _fence(self, fence: re.Match[str]) -> Iterator[str]:
        prefix, mark, info = fence[1], fence[2], fence[3]
        body, end = self._fenced_lines(mark)
        self._at = end
        directive = _DIRECTIVE.match(info)
        name = directive[1].lower() if directive else ""
        if directive and name in ADMONITIONS and not prefix.strip():
            inner = [_cut(line, len(prefix)) for line in _without_options(body)]
            yield from _boxed(prefix, name, directive[2], self._inner(inner))
            return
        if name in _DROPPED_DIRECTIVES or (directive and name.startswith("tab-set")):
            return
        kept = [line for line in body if not _DROPPED_LINE.fullmatch(line)]
        if body and not any(line.strip() for line in kept):
            return
        if directive and name in _CODE_DIRECTIVES:
            kept, info = _without_options(kept), directive[2]
        language = re.match(r"\{?[\s.]*([\w+#-]+)", info)
        yield f"{prefix}{mark}{language[1] if language else ''}"
        yield from kept
        yield (" " * len(prefix) if _ITEM.match(prefix) else prefix) + mark

    def _fenced_lines(self, mark: str) -> tuple[list[str], int]:
        closing = re.compile(rf"[\s>]*{re.escape(mark[0])}{{{len(mark)},}}\s*$")
        for number in range(self._at + 1, len(self._lines)):
            if closing.match(self._lines[number]):
                return list(self._lines[self._at + 1 : number]), number + 1
        return list(self._lines[self._at + 1 :]), len(self._lines)

    def _indented(self, indent: int) -> list[str]:
        """Takes the lines below the current one that are indented at least as far."""
        end = self._at + 1
        for number in range(self._at + 1, len(self._lines)):
            line = self._lines[number]
            if line.strip() and len(line) - len(line.lstrip()) < indent:
                break
            if line.strip():
                end = number + 1
        body = [_cut(line, indent) for line in self._lines[self._at + 1 : end]]
        self._at = end
        return body

    def _box(self, match: re.Match[str]) -> Iterator[str]:
        indent, mark, words, title = match[1], match[2], match[3] or "note", match[4]
        body = list(self._inner(self._indented(len(indent) + 4)))
        kind = words.split()[0].lower()
        if mark != "!!!" and title and title.rstrip().endswith("?"):
            yield from ("", f"{indent}<details><summary>{_plain(title)}</summary>", "")
            yield from (indent + line for line in body)
            yield from ("", f"{indent}</details>", "")
        else:
            yield from _boxed(indent, kind, kind.capitalize() if title is None else title, body)

    def _tab(self, match: re.Match[str]) -> Iterator[str]:
        indent = match[1]
        body = list(self._inner(self._indented(len(indent) + 4)))
        yield from ("", indent + match[2], "")
        yield from (indent + line for line in body)
        yield ""

    def _definition_follows(self) -> bool:
        line = self._lines[self._at]
        if not line.strip() or line[0] in " #>|<-*+:" or self._in_list:
            return False
        rest = self._lines[self._at + 1 : self._at + 3]
        if rest and not rest[0].strip():
            rest = rest[1:]
        return bool(rest) and bool(_DEFINITION.match(rest[0]))

    def _definitions(self) -> Iterator[str]:
        yield from ("", "<dl>")
        while self._at < len(self._lines) and self._definition_follows():
            yield from ("<dt>", "", _inline(self._lines[self._at], self._references), "", "</dt>")
            self._at += 1
            while self._at < len(self._lines) and self._skip_to_definition():
                first = _DEFINITION.sub("", self._lines[self._at])
                body = [first, *self._continued()]
                yield from ("<dd>", "", *self._inner(body), "", "</dd>")
            self._skip_blank()
        yield from ("</dl>", "")

    def _skip_to_definition(self) -> bool:
        """Whether a definition comes next, at most one blank line away; goes to it."""
        at = self._at + (0 if self._lines[self._at].strip() else 1)
        if at < len(self._lines) and _DEFINITION.match(self._lines[at]):
            self._at = at
            return True
        return False

    def _continued(self) -> list[str]:
        """Takes the further lines of a definition: indented ones, and text right below it."""
        body = self._indented(2)
        while self._at < len(self._lines) and not any(not line.strip() for line in body[-1:]):
            line = self._lines[self._at]
            if not line.strip() or _DEFINITION.match(line) or line.startswith(("#", "-", "*", "<")):
                break
            body.append(line)
            self._at += 1
        return [line.strip() if len(line) - len(line.lstrip()) < 4 else line for line in body]

    def _skip_blank(self) -> None:
        while self._at < len(self._lines) and not self._lines[self._at].strip():
            self._at += 1

    # Constructs of one line

    def _line(self, line: str) -> Iterator[str]:
        if not line.strip():
            yield line
            return
        indented = line.startswith("    ")
        if _ITEM.match(line):
            self._in_list = True
        elif not line.startswith(" "):
            self._in_list = False
        if indented and not self._in_list and not line.lstrip().startswith(("<", ":::")):
            yield line  # indented code
            return
        line = _TOO_DEEP.sub(lambda deep: deep[0][:_MAX_INDENT], line)
        colon, block, alert = _COLON.match(line), _BLOCK.match(line), _ALERT.match(line)
        if colon:
            yield from self._colon(colon[1], colon[3])
        elif block and (block[2] or self._closers):
            yield from self._colon(block[1], f"{block[2] or ''} {block[3] or ''}".strip())
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
        if not rest:
            yield from ("", indent + (self._closers.pop() if self._closers else ""), "")
            return
        if re.fullmatch(r"[\w-]+(?:\.\w+)+(?:\s.*)?", rest):  # an object whose docs are generated
            self._at -= 1
            self._indented(len(indent) + 1)
            yield ""
            return
        match = re.match(
            r"\{?\s*\.?([\w-]+)[^}\s\[]*\}?\s*(?:\[(.*)\]|(?:\{[^}]*\})?\s*\"?([^\"]*)\"?)", rest
        )
        kind, title = (match[1].lower(), match[2] or match[3] or "") if match else ("", rest)
        while self._at < len(self._lines) and _OPTION.match(self._lines[self._at]):
            self._at += 1
        yield from self._open(indent, kind, title)

    def _open(self, indent: str, kind: str, title: str) -> Iterator[str]:
        """Begins a container that a later line ends."""
        if kind in ADMONITIONS:
            self._closers.append("</div>")
            yield from _head(indent, kind, title)
        elif kind in ("details", "dropdown") and title:
            self._closers.append("</details>")
            yield from ("", f"{indent}<details><summary>{_plain(title)}</summary>", "")
        else:
            self._closers.append("</div>")
            yield from ("", f"{indent}<div>", "", indent + title, "")

    def _skip_module(self) -> None:
        """Goes behind an import or export of MDX that covers several lines."""
        opened = self._lines[self._at - 1].count("{") - self._lines[self._at - 1].count("}")
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
        component = _COMPONENT.match(line)
        if component:
            yield from self._component(component, line[component.end() :])
            return
        call = _CALL.fullmatch(line.strip())
        if call:
            yield from self._call(line[: len(line) - len(line.lstrip())], call)
            return
        line = _TASK.sub(r"\1", _FOOTNOTE.sub("", line))
        if re.match(r"\s*</(?:figure|div|section|details)>\s*$", line):
            yield ""
        yield _inline(line, self._references)

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
        attributes = {key: a or b or c for key, a, b, c in _ATTRIBUTE.findall(written)}
        kind = name.lower()
        label = next((attributes[key] for key in attributes if key in _LABEL_WORDS), "")
        yield ""
        if kind in ADMONITIONS:
            kind = attributes.get("type", kind).lower()
            if not alone:
                yield from ((f"{indent}</div>",) if closing else _head(indent, kind, label))
        elif label and not closing:
            yield f"{indent}**{label}**" if label.endswith("?") else indent + label
        yield ""
        if rest.strip():
            yield indent + _inline(re.sub(r"</?[A-Z][\w.]*[^<>]*>", "", rest), self._references)
            yield ""

    def _call(self, indent: str, match: re.Match[str]) -> Iterator[str]:
        """A shortcode on a line of its own."""
        name = (match[2] or match[4] or "").lower()
        attributes = {
            key: a or b or c for key, a, b, c in _ATTRIBUTE.findall(match[3] or match[5] or "")
        }
        closing = bool(match[1]) or name.startswith("end")
        bare = name.removeprefix("end")
        if bare in ADMONITIONS or bare in _BOX_SHORTCODES:
            kind = next(
                (attributes[k] for k in ("style", "type", "color", "class") if k in attributes),
                bare,
            )
            words = [word for word in re.findall(r"\w+", kind.lower()) if word in ADMONITIONS]
            if closing:
                yield from ("", f"{indent}</div>", "")
            else:
                yield from _head(
                    indent, words[-1] if words else "note", attributes.get("title", "")
                )
            return
        label = next((attributes[key] for key in attributes if key in _LABEL_WORDS), "")
        quoted = re.match(r"\s*\"([^\"]+)\"", match[3] or "")
        if bare == "tab" and not closing:
            label = label or (quoted[1] if quoted else "")
            yield from ("", indent + label, "")
        else:
            yield attributes.get("text", "")


def _boxed(indent: str, kind: str, title: str, body: Iterator[str] | list[str]) -> Iterator[str]:
    yield from _head(indent, kind, title)
    yield from (indent + line for line in body)
    yield from ("", f"{indent}</div>", "")


def _head(indent: str, kind: str, title: str) -> Iterator[str]:
    """The begin of an admonition, with its label."""
    label = _plain(title or kind.capitalize())
    yield from ("", f'{indent}<div class="admonition {escape(kind)}">')
    yield from (f'{indent}<p class="admonition-title">{label}</p>', "")


def _plain(title: str) -> str:
    return escape(re.sub(r"[`*]", "", title.strip().strip("\"'")))


def _cut(line: str, indent: int) -> str:
    """A line without its first blanks, at most indent of them."""
    return line[min(indent, len(line) - len(line.lstrip())) :]


def _without_options(body: Sequence[str]) -> list[str]:
    """The body of a directive without the ":name: value" lines at its head."""
    kept = list(body)
    while kept and _OPTION.match(kept[0]):
        kept.pop(0)
    return kept


def _inline(line: str, references: set[str]) -> str:
    """A line with the dialects' inline marks resolved, outside of `code`."""
    parts: list[str] = []
    at = 0
    for match in _CODE_SPAN.finditer(line):
        parts += _prose(line[at : match.start()], references), _role(match)
        at = match.end()
    return "".join([*parts, _prose(line[at:], references)])


def _role(match: re.Match[str]) -> str:
    """A code span; with a MyST role before it the words that the role shows."""
    role, mark, text = match[1], match[2], match[3]
    if not role:
        return mark + _HIGHLIGHTED.sub("", text) + mark
    shown = re.sub(r"\s*<[^<>]*>$", "", text).lstrip("~!")
    return shown if role.strip("{}") in _WORD_ROLES else f"{mark}{shown}{mark}"


def _prose(text: str, references: set[str]) -> str:
    if "[" in text:
        text = _IMAGE.sub("", _FOOTNOTE_MARK.sub("", text))
        text = _WIKI.sub(lambda match: match[2] or match[1], text)
        text = _UNRESOLVED.sub(lambda match: _resolved(match, references), text)
    if "{" in text:
        text = _CALL.sub(_called, text)
        text = _NOTE.sub("", text)
        text = _MARKED_LIST.sub("", text)
    if ":" in text:
        text = _ICON.sub("", text)
    if "==" in text:
        text = _HIGHLIGHT.sub(r"\1", text)
    if "++" in text:
        text = _KEYS.sub(lambda m: "+".join(key.capitalize() for key in m[1].split("+")), text)
    return text


def _called(match: re.Match[str]) -> str:
    """A shortcode inside a line: its text, if it shows any."""
    attributes = {
        key: a or b or c for key, a, b, c in _ATTRIBUTE.findall(match[3] or match[5] or "")
    }
    return attributes.get("text", "")


def _resolved(match: re.Match[str], references: set[str]) -> str:
    """A link by name, as its words when the document does not define the name."""
    name = (match[2] or match[1]).casefold()
    return match[0] if name in references else match[1]
