"""Markdown to pieces: dialects are turned into plain Markdown and HTML, then walked as HTML.

CommonMark with tables is parsed by markdown-it-py; front matter, admonitions, tabs, shortcodes,
JSX and include directives are handled here, line by line, before that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from builder.ingest import html
from builder.ingest.furniture import ADMONITIONS
from builder.ingest.parsed import Parsed

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_FENCE = re.compile(r"( *)(`{3,}|~{3,})\s*([^`\n]*)$")
_FRONT = re.compile(r"\A(?:---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)|\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|\Z))", re.S)
_FIELD = re.compile(r"^([\w-]+)\s*[:=]\s*(.*?)\s*$", re.M)
_MKDOCS = re.compile(r"( *)(?:!!!|\?\?\?\+?)\s+([\w -]*?)\s*(?:\"(.*)\")?\s*$")
_TAB = re.compile(r"( *)===[+!]?\s+\"(.+)\"\s*$")
_COLON = re.compile(r"( *):{3,}\s*(.*?)\s*$")
_ALERT = re.compile(r"((?: *>)+ ?)\s*\[!(\w+)\][+-]?\s*(.*)$")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_INCLUDE = re.compile(r"\s*(?:\{\*.*\*\}|-+8<-+.*|;-+8<-+.*|\{!.*!\}|\{\{\s*#\w+ .*\}\}|\[TOC\]|\[\[_TOC_\]\]|\{:\s*toc\s*\}|\([\w.:-]+\)=|\{:[^}]*\})\s*")
_ABBREVIATION = re.compile(r"\*\[[^\]]+\]:")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\s]+\]:\s*")
_SHORTCODE = re.compile(r"\{\{[<%]\s*(/?)\s*([\w.-]*)(.*?)[>%]\}\}|\{%-?\s*(\w+)(.*?)-?%\}")
_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*(?:[#.][\w:.-]+|[\w-]+=(?:\"[^\"]*\"|'[^']*'|[^\s}]+))(?:[ \t]+[^}\n]*)?\}")
_JSX = re.compile(r"^(\s*)<(/?)([A-Z][\w.]*)\b((?:[^<>{}\"']|\"[^\"]*\"|'[^']*'|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})*)>", re.S)
_JSX_TITLE = re.compile(r"\b(?:title|label|header|question|summary)=(?:\"([^\"]*)\"|'([^']*)'|\{['\"`](.*?)['\"`]\})")
_MODULE = re.compile(r"(?:import\s+(?:[\w*{}\s,]+\s+from\s+)?['\"][^'\"]+['\"];?|export\s+(?:const|let|default|function|async)\b.*)\s*$")
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_CARRIED = frozenset(("code-block", "code", "sourcecode", "code-cell", "literalinclude", "parsed-literal", "prompt"))
_DROPPED = frozenset(
    "toctree image figure include contents raw bibliography autodoc autoclass automodule autofunction eval-rst mermaid".split()
)


def parse(text: str) -> Parsed:
    """The content of a Markdown file."""
    fields, body = _front_matter(text)
    lines = list(_expanded(body.expandtabs(4).split("\n") if "\t" in body else body.split("\n")))
    page = _parser().render("\n".join(lines))
    parsed = html.parse_fragment(page, fields.get("title", ""))
    return Parsed(
        pieces=parsed.pieces,
        title=fields.get("title", ""),
        lang=fields.get("lang") or fields.get("language") or fields.get("locale") or "",
        notes=parsed.notes,
    )


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    match = _FRONT.match(text)
    if not match:
        return {}, text
    written = match[1] or match[2] or ""
    fields = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(written)}
    return fields, text[match.end() :]


def _expanded(lines: Sequence[str]) -> Iterator[str]:
    """The lines with every dialect's construct written as plain Markdown or HTML."""
    at = 0
    while at < len(lines):
        line = lines[at]
        fence = _FENCE.match(line)
        if fence:
            end = _fence_end(lines, at, fence[2])
            yield from _fenced(lines[at:end], fence)
            at = end
            continue
        opened = _MKDOCS.match(line) or _TAB.match(line)
        if opened:
            end = _indented_end(lines, at + 1, len(opened[1]) + 4)
            body = [inner[len(opened[1]) + 4 :] for inner in lines[at + 1 : end]]
            yield from _container(line, opened, list(_expanded(body)))
            at = end
            continue
        yield from _line(line)
        at += 1


def _fence_end(lines: Sequence[str], at: int, mark: str) -> int:
    closing = re.compile(rf"\s*{re.escape(mark[0])}{{{len(mark)},}}\s*$")
    for number in range(at + 1, len(lines)):
        if closing.match(lines[number]):
            return number + 1
    return len(lines)


def _indented_end(lines: Sequence[str], at: int, indent: int) -> int:
    end = at
    for number in range(at, len(lines)):
        line = lines[number]
        if not line.strip():
            continue
        if len(line) - len(line.lstrip()) < indent:
            break
        end = number + 1
    return end


def _fenced(lines: Sequence[str], fence: re.Match[str]) -> Iterator[str]:
    indent, mark, info = fence.groups()
    body = list(lines[1:-1]) if len(lines) > 1 and lines[-1].strip().startswith(mark) else list(lines[1:])
    directive = re.match(r"\{([\w:-]+)\}\s*(.*)", info)
    name = directive[1].lower() if directive else ""
    if directive and name in ADMONITIONS:
        inner = [line for line in _without_options(body)]
        yield from _box(indent, name, directive[2], list(_expanded([_dedent(line, indent) for line in inner])))
        return
    if directive and name in _DROPPED:
        return
    kept = [line for line in body if not _INCLUDE.fullmatch(line)]
    if body and not any(line.strip() for line in kept):
        return
    if directive and name in _CARRIED:
        kept = _without_options(kept)
        info = directive[2]
    found = re.match(r"\{?\.?\s*([\w+#-]+)", info)
    yield f"{indent}{mark}{found[1] if found else ''}"
    yield from kept
    yield f"{indent}{mark}"


def _without_options(body: Sequence[str]) -> list[str]:
    kept = list(body)
    while kept and re.match(r"\s*:[\w-]+:", kept[0]):
        kept.pop(0)
    return kept


def _dedent(line: str, indent: str) -> str:
    return line[len(indent) :] if line.startswith(indent) else line.lstrip()


def _container(line: str, opened: re.Match[str], body: list[str]) -> Iterator[str]:
    indent = opened[1]
    if opened.re is _TAB:
        yield from ("", f"{indent}{opened[2]}", "")
        yield from (indent + inner for inner in body)
        yield ""
        return
    kind = (opened[2] or "note").split()[0] if (opened[2] or "note").split() else "note"
    title = opened[3]
    yield from _box(indent, kind, kind.capitalize() if title is None else title, body)


def _box(indent: str, kind: str, title: str, body: Sequence[str]) -> Iterator[str]:
    title = title or kind.capitalize()
    yield ""
    yield f'{indent}<div class="admonition {escape(kind.lower())}">'
    yield f'{indent}<p class="admonition-title">{escape(re.sub("[`*_]", "", title))}</p>'
    yield ""
    yield from (indent + inner for inner in body)
    yield ""
    yield f"{indent}</div>"
    yield ""


def _line(line: str) -> Iterator[str]:
    if not line.strip():
        yield line
        return
    colon = _COLON.match(line)
    if colon:
        yield from _colon(colon[1], colon[2])
        return
    alert = _ALERT.match(line)
    if alert:
        prefix, kind, title = alert.groups()
        yield f'{prefix}<p class="admonition-title">{escape(title or kind.capitalize())}</p>'
        yield prefix.rstrip()
        return
    if _INCLUDE.fullmatch(line) or _ABBREVIATION.match(line) or _MODULE.fullmatch(line):
        yield ""
        return
    if line.startswith("    ") and not line.lstrip().startswith(("-", "*", "+", "<")):
        yield line
        return
    jsx = _JSX.match(line)
    if jsx:
        yield from _component(line, jsx)
        return
    yield _inline(_FOOTNOTE.sub("", line))


def _colon(indent: str, rest: str) -> Iterator[str]:
    if not rest:
        yield from ("", f"{indent}</div>", "")
        return
    match = re.match(r"\{?\s*\.?([\w-]+)[^}\s]*\}?\s*(?:\[(.*)\]|\{[^}]*\}|\"?([^\"]*)\"?)?", rest)
    kind = match[1].lower() if match else "note"
    title = (match[2] or match[3] or "") if match else ""
    yield ""
    if kind in ADMONITIONS:
        yield f'{indent}<div class="admonition {kind}">'
        yield f'{indent}<p class="admonition-title">{escape(title or kind.capitalize())}</p>'
    elif kind == "details":
        yield f"{indent}<div><p><strong>{escape(title)}</strong></p>"
    else:
        yield f"{indent}<div>"
    yield ""


def _component(line: str, match: re.Match[str]) -> Iterator[str]:
    indent, closing, name, attributes = match.groups()
    rest = line[match.end() :]
    alone = attributes.rstrip().endswith("/")
    kind = name.lower()
    title = next((a or b or c for a, b, c in _JSX_TITLE.findall(attributes)), "")
    yield ""
    if kind in ADMONITIONS or kind in ("admonition", "callout"):
        found = re.search(r"\btype=[\"'](\w+)[\"']", attributes)
        kind = found[1].lower() if found else kind
        if closing:
            yield f"{indent}</div>"
        elif not alone:
            yield f'{indent}<div class="admonition {kind}">'
            yield f'{indent}<p class="admonition-title">{escape(title or kind.capitalize())}</p>'
    elif title and not closing:
        yield f"{indent}**{title}**"
    yield ""
    if rest.strip():
        yield indent + _inline(re.sub(r"</?[A-Z][\w.]*[^<>]*>", "", rest))
        yield ""


def _inline(line: str) -> str:
    parts: list[str] = []
    at = 0
    for match in _CODE_SPAN.finditer(line):
        parts += _prose(line[at : match.start()]), match[0]
        at = match.end()
    parts.append(_prose(line[at:]))
    return "".join(parts)


def _prose(text: str) -> str:
    text = re.sub(r"\[\^[^\]\s]+\]", "", text)
    if "{" in text:
        text = _SHORTCODE.sub("", text)
        text = _ATTRIBUTES.sub("", text)
    return text
