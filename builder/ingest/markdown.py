"""Markdown to pieces: rendered as HTML by markdown-it-py, then walked like any page."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from builder.ingest import html
from builder.ingest.dialects import expand
from builder.ingest.furniture import NEVER
from builder.ingest.inline import INLINE
from builder.ingest.parsed import Parsed

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

_FRONT = re.compile(
    r"\A(?:---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)|"
    r"\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|\Z))",
    re.DOTALL,
)
_FIELD = re.compile(
    r"^([\w-]+)[ \t]*[:=][ \t]*(?:[>|][+-]?[ \t]*\n[ \t]+)?(.*?)[ \t]*$", re.MULTILINE
)
_TAG = re.compile(r"</?([A-Za-z][\w.:-]*)((?:\"[^\"]*\"|'[^']*'|[^<>\"']){0,500})>")
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
    """The content of a Markdown file."""
    fields, body = _front_matter(text)
    source = "\n".join(expand(body.expandtabs(4).split("\n")))
    page = _renderer().render(source, {"source": source})
    title = fields.get("title", "")
    parsed = html.parse_fragment(page, title)
    return Parsed(
        pieces=parsed.pieces,
        title=title,
        lang=fields.get("lang") or fields.get("language") or fields.get("locale") or "",
        notes=parsed.notes,
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """The plain fields of a YAML or TOML head, and the text after it."""
    match = _FRONT.match(text)
    written = (match[1] or match[2] or "") if match else ""
    fields = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(written)}
    return (fields, text[match.end() :]) if match and fields else ({}, text)


@cache
def _renderer() -> MarkdownIt:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": True, "maxNesting": 100}).enable(
        ["table", "strikethrough"]
    )
    made.add_render_rule("html_inline", _raw)
    made.add_render_rule("html_block", _raw)
    return made


def _raw(
    renderer: object,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],  # markdown-it's own signature
) -> str:
    """Raw HTML as it is, but "<host>" and other placeholders as text."""
    source: str = env["source"]

    def shown(match: re.Match[str]) -> str:
        name, attributes = match[1], match[2]
        known = name.lower() in _KNOWN or "=" in attributes or attributes.rstrip().endswith("/")
        return match[0] if known or f"</{name}" in source else escape(match[0])

    return _TAG.sub(shown, tokens[at].content)
