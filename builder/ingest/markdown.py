"""Markdown to pieces: rendered as HTML by markdown-it-py, then walked like any page."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable, MutableMapping, Sequence
from functools import cache, partial
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from builder.ingest import html
from builder.ingest.dialects import Line, expand
from builder.ingest.furniture import NEVER, Furniture
from builder.ingest.inline import BLOCKS, INLINE, line
from builder.ingest.parsed import Parsed, Piece, unclosed_comment
from builder.ingest.placed import PLACE, PlacedWalker
from builder.ingest.questions import is_faq
from builder.ingest.wide_rows import widened

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

_FRONT = re.compile(
    r"\A(?:---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)|"
    r"\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|\Z))",
    re.DOTALL,
)
_JSON_FRONT = re.compile(
    r"\A(?:---[ \t]*json[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)|;;;[ \t]*\n(.*?)\n;;;[ \t]*(?:\n|\Z)"
    r"|(\{[ \t]*\n.*?\n\})[ \t]*(?:\n|\Z))",
    re.DOTALL,
)
_TITLE_LINES = re.compile(r"\A%[ \t]+(\S.*)\n(?:%.*\n|[ \t]+\S.*\n){0,5}(?=\s*\n)")
_METADATA = re.compile(
    r"\A((?=(?:.*\n){0,9}?[Tt]itle:)(?:[A-Za-z][\w -]{0,30}:[ \t]+\S.*\n){2,20})\s*\n"
)
_FENCED = re.compile(r"( *)(`{3,}|~{3,})(.*)$")
_FIELD = re.compile(
    r"^([\w-]+)[ \t]*[:=][ \t]*(?:[>|][+-]?[ \t]*\n[ \t]+)?(.*?)[ \t]*$", re.MULTILINE
)
_TAG = re.compile(r"</?([A-Za-z][\w.:-]*)((?:\"[^\"]*\"|'[^']*'|[^<>\"']){0,500})>")
_TAG_NAME = re.compile(r"<(/?)([A-Za-z]\w*)")
_BOXES = BLOCKS - {"hr", "col"}
_CLOSING = re.compile(r"</([A-Za-z][\w.:-]*)")
_FOOT = re.compile(
    r"(?:Version:? v?\d[\w.]*"
    r"|(?:This page was |Page )?Last (?:modified|updated|edited|changed|reviewed)\b.{0,60}"
    r"|(?:Zuletzt|Letzte) (?:ge\u00e4ndert|aktualisiert|\u00c4nderung|Aktualisierung).{0,60}"
    r"|Stand: .{0,40})$",
    re.IGNORECASE,
)
_PLACED = frozenset(
    ("paragraph_open", "heading_open", "fence", "code_block", "table_open", "html_block")
)
_PLACED_TAGS = frozenset(
    "p div pre table dl dt dd ul ol li details summary h1 h2 h3 h4 h5 h6 blockquote "
    "section figure figcaption center".split()
)
_BARE = re.compile(  # lines of text between tags of blocks
    r"((?:<(?:center|details|div|section)\b[^<>]*>|</summary>)[ \t]*\n)((?:[ \t]*[^<\s].*\n)+)"
    rf"(?=\s*(?:</?(?:{'|'.join(sorted(_PLACED_TAGS))})\b|\Z))",
    re.IGNORECASE,
)
_TEX = re.compile(
    r"\$\$(?![\s$]*\$)(?:[^$\\]|\\.){1,5000}\$\$"
    r"|\$(?![\s$]|\{\w+\})(?:[^$\\\n`]|\\.){1,1000}(?<![\s\\])\$(?![\w${])",
    re.DOTALL,
)
_FIRST_CJK = "\u1100"
_CJK = re.compile(  # letters and marks of scripts that are written without blanks
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"
    "\U00020000-\U0003ffff]"
)
_KNOWN = (
    INLINE
    | NEVER
    | frozenset(
        "address article aside blockquote body caption center col colgroup dd details dialog "
        "dir div dl "
        "dt fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hgroup hr "
        "html iframe "
        "legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul "
        "wbr".split()
    )
)


def parse(text: str) -> Parsed:
    """The content of a Markdown file; every piece has its place in text."""
    fields, body = _front_matter(text)
    skipped = text.count("\n", 0, len(text) - len(body))
    lines = expand(_spaced(body))
    page, unread = _rendered(lines, skipped)
    title = fields.get("title", "")
    pieces, notes = _walked(page, text, title)
    return Parsed(
        pieces=_without_foot(pieces),
        title=title,
        lang=fields.get("lang") or fields.get("language") or fields.get("locale") or "",
        notes=notes,
        dropped=(unclosed_comment(unread),) if unread else (),
    )


def _spaced(body: str) -> list[str]:
    """The lines of a text with tabs as blanks, but for those of fenced code."""
    lines = body.split("\n")
    if "\t" not in body:
        return lines
    mark, indent = "", 0
    for number, text in enumerate(lines):
        fence = _FENCED.match(text)
        if not mark and fence and "`" not in fence[3]:
            mark, indent = fence[2], len(fence[1])
        elif fence and fence[2].startswith(mark) and not fence[3].strip():
            mark = ""
        elif mark and not text[:indent].strip(" "):
            continue
        lines[number] = text.expandtabs(4)
    return lines


def _rendered(lines: Sequence[Line], skipped: int) -> tuple[str, str]:
    """The page, its elements with the lines of the source that they come from.

    With what follows the begin of a comment that nothing ends.
    """
    source = "\n".join(lines)
    origins = [(line.first + skipped, line.last + skipped) for line in lines]
    closed = frozenset(_CLOSING.findall(source))
    env: dict[str, Any] = {"closed": closed, "origins": origins}  # markdown-it's own type
    tokens = _renderer().parse(source, env)
    unread = ""
    for token in tokens:
        if token.type == "html_block" and token.content.lstrip().startswith("<!--"):
            unread = "" if "-->" in token.content else token.content.lstrip()[4:].strip()
        if token.map and token.type in _PLACED and token.map[0] < len(origins):
            token.attrSet(PLACE, _lines_of(origins, *token.map))
        if token.type.startswith("paragraph_"):
            token.hidden = False
    return str(_renderer().renderer.render(tokens, _renderer().options, env)), unread


def _lines_of(origins: Sequence[tuple[int, int]], first: int, end: int) -> str:
    held = origins[first : max(end, first + 1)] or origins[-1:]
    return f"{min(low for low, _ in held)}:{max(high for _, high in held)}"


def _walked(page: str, text: str, title: str) -> tuple[list[Piece], tuple[str, ...]]:
    tree = html._tree(f"<html><body>{page}</body></html>")
    if tree is None:
        return [], ()
    panels = html._panels(tree)
    first = tree.find(".//h1")
    faq = is_faq(title) or (first is not None and is_faq(line(first)))
    walker = PlacedWalker(text, Furniture(panels), panels, faq=faq)
    return walker.walk(tree), walker.notes()


def _without_foot(pieces: list[Piece]) -> list[Piece]:
    """The pieces, a last line on the page itself ("Last modified ...") below no section."""
    last = pieces[-1] if pieces else None
    if last is None or last.kind != "paragraph" or not _FOOT.match(last.text):
        return pieces
    return [*pieces[:-1], Piece("end", "", 2), last]


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """The plain fields of a head in YAML, TOML or JSON, and the text after it."""
    found = _JSON_FRONT.match(text)
    told = _json(next(filter(None, found.groups()), "")) if found else None
    if found and told is not None:
        return told, text[found.end() :]
    if titled := _TITLE_LINES.match(text):
        return {"title": titled[1].strip()}, text[titled.end() :]
    match = _FRONT.match(text) or _METADATA.match(text)
    written = next(filter(None, match.groups()), "") if match else ""
    fields = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(written)}
    return (fields, text[match.end() :]) if match and fields else ({}, text)


def _json(written: str) -> dict[str, str] | None:
    """The texts by name in a JSON object, None when it is none."""
    try:
        told: object = json.loads(written)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    return {str(name).lower(): value for name, value in told.items() if isinstance(value, str)}


@cache
def _renderer() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline.emphasis import tokenize

    made = MarkdownIt("commonmark", {"html": True, "maxNesting": 100}).enable(
        ["table", "strikethrough"]
    )
    made.core.ruler.after("block", "wide_rows", widened)
    made.core.ruler.after("inline", "open_boxes", _without_open_boxes)
    made.inline.ruler.before("escape", "formula", _formula)
    made.inline.ruler.at("emphasis", partial(_emphasis, tokenize))
    made.add_render_rule("html_inline", _raw)
    made.add_render_rule("html_block", _raw)
    made.add_render_rule("fence", _code)
    made.add_render_rule("code_block", _code)
    return made


def _without_open_boxes(state: StateCore) -> None:
    """Takes the tags of boxes out of headings and cells that do not hold the whole box.

    All that follows would stand inside of them.
    """
    for before, token in pairwise(state.tokens):
        if before.type not in ("heading_open", "td_open", "th_open") or not token.children:
            continue
        opened: list[Token] = []
        for child in token.children:
            tag = _TAG_NAME.match(child.content) if child.type == "html_inline" else None
            if tag is None or tag[2].lower() not in _BOXES:
                continue
            if not tag[1]:
                opened.append(child)
            elif opened:
                opened.pop()
            else:
                child.content = ""
        for child in opened:
            child.content = ""


def _formula(state: StateInline, silent: bool) -> bool:
    """TeX between dollars, in which no backslash, star or underscore is Markdown's."""
    before = state.src[state.pos - 1 : state.pos]
    found = None if before and before in "\\$" else _TEX.match(state.src, state.pos)
    if not found or "](" in found[0] or (before.isalnum() and found[0][:2] != "$$"):
        return False
    if not silent:
        state.push("text", "", 0).content = found[0]
    state.pos = found.end()
    return True


def _emphasis(
    tokenize: Callable[[StateInline, bool], bool], state: StateInline, silent: bool
) -> bool:
    """Stars as marks, also between CJK letters and signs ("**(a)**는").

    CommonMark leaves those as text, as beside a sign it expects a blank, which such scripts lack.
    """
    first = state.pos
    mark = state.src[first]
    if mark != "*":
        return mark == "_" and tokenize(state, silent)
    if not tokenize(state, silent):
        return False
    before, after = state.src[first - 1 : first], state.src[state.pos : state.pos + 1]
    if max(before, after) < _FIRST_CJK:
        return True  # the usual case
    if not (_CJK.match(before) or _CJK.match(after)):
        return True
    for delimiter in state.delimiters[first - state.pos :]:
        delimiter.open = delimiter.open or not (after.isspace() or not after)
        delimiter.close = delimiter.close or not (before.isspace() or not before)
    return True


def _code(
    renderer: object,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],  # markdown-it's own signature
) -> str:
    """A code block, with its place."""
    token = tokens[at]
    language = token.info.split()[0] if token.info.split() else ""
    named = f' class="language-{escape(language, quote=True)}"' if language else ""
    place = f' {PLACE}="{token.attrGet(PLACE)}"' if token.attrGet(PLACE) else ""
    return f"<pre{place}><code{named}>{escape(token.content)}</code></pre>\n"


def _raw(
    renderer: object,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],  # markdown-it's own signature
) -> str:
    """Raw HTML as it is, but "<host>" and other placeholders as text."""
    token = tokens[at]
    content = token.content
    closed: frozenset[str] = env["closed"]
    lines = _TagLines(content)

    def shown(match: re.Match[str]) -> str:
        name, attributes = match[1], match[2]
        known = name.lower() in _KNOWN or "=" in attributes or attributes.rstrip().endswith("/")
        if not (known or name in closed):
            return escape(match[0])
        if token.map and name.lower() in _PLACED_TAGS and not match[0].startswith("</"):
            first, end = lines.of(match)
            place = _lines_of(env["origins"], token.map[0] + first, token.map[0] + end)
            return f'<{name} {PLACE}="{place}"{match[0][1 + len(name) :]}'
        return match[0]

    page = _TAG.sub(shown, content)
    if token.map and ">\n" in page and "<pre" not in page:
        page = _with_bare_lines(page, env["origins"], token.map[0])
    if token.map and page.startswith("&lt;"):
        return f'<p {PLACE}="{_lines_of(env["origins"], *token.map)}">{page}</p>'
    return page


def _with_bare_lines(page: str, origins: Sequence[tuple[int, int]], first: int) -> str:
    """Raw HTML, with a place of its own for text that stands right in a box or a fold."""

    def placed(match: re.Match[str]) -> str:
        begin = first + page.count("\n", 0, match.start(2))
        place = _lines_of(origins, begin, begin + match[2].count("\n"))
        return f'{match[1]}<p {PLACE}="{place}">{match[2]}</p>\n'

    return _BARE.sub(placed, page)


class _TagLines:
    """Finds the lines of the elements in raw HTML, from a tag to the one that ends it."""

    def __init__(self, content: str) -> None:
        self._breaks = [match.start() for match in re.finditer("\n", content)]
        self._ends: dict[str, list[int]] = {}
        for match in _CLOSING.finditer(content):
            self._ends.setdefault(match[1], []).append(match.start())

    def of(self, match: re.Match[str]) -> tuple[int, int]:
        """The first line of the element that a tag begins, and the line after its last."""
        name = "summary" if match[1].lower() == "details" else match[1]
        ends = self._ends.get(name, [])
        at = bisect_left(ends, match.end())
        first = bisect_left(self._breaks, match.start())
        last = bisect_left(self._breaks, ends[at]) if at < len(ends) else first
        return first, last + 1
