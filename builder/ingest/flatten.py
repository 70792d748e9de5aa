"""Markup nested deeper than a tree parser goes, made shallow; and how much text a page shows.

Both read the source from left to right once, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.ingest.clean import size

MAX_DEPTH = 100
MAX_TAG = 2000  # characters; of a longer tag only the name is kept
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_UNSEEN = frozenset("script style svg template noscript".split())


_MARKUP = re.compile(
    r"<(?:!--(?:[^-]++|-(?!->))*+(?:-->)?"
    rf"|(?i:(?=[nst])({'|'.join(sorted(_UNSEEN))}))(?:[\s/][^>]*+)?>(?:[^<]++|<(?!/(?i:\1)))*+"
    r"|(?:[A-Za-z/!?]|[^\W\d_])[^>]*+>)"
)


def visible_length(source: str) -> int:
    """The characters of text between the tags of a page, blanks and scripts not counted."""
    end = source.rfind(">") + 1  # what follows holds no tag
    behind = size(source[end:])
    if behind and source.rfind("<!--", 0, end) > source.rfind("-->", 0, end):
        behind = 0  # in a comment that is never closed
    return size(_MARKUP.sub(" ", source[:end])) + behind


def flatten(source: str) -> str:
    """The same page with tags below a depth of 100 left out."""
    parts: list[str] = []
    depth = 0
    for name, text in _tokens(source):
        if not name:
            parts.append(text.replace("<", "&lt;"))
        elif name.startswith("/"):
            parts.append(text if depth <= MAX_DEPTH else " ")
            depth = max(0, depth - 1)
        else:
            depth += name not in _VOID and not text.endswith("/>")
            short = text if len(text) <= MAX_TAG else f"<{name}>"
            parts.append(short if depth <= MAX_DEPTH else " ")
    return "".join(parts)


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    """Text as ("", words) and tags as (name, tag), "/" before the name of an end tag.

    Comments, scripts and styles are left out; what is never closed is text.
    """
    lower = source.lower()
    at = 0
    while at < len(source):
        start = source.find("<", at)
        start = len(source) if start < 0 else start
        if start > at:
            yield "", source[at:start]
        after = source[start + 1 : start + 2]
        if source.startswith("<!--", start):
            end = source.find("-->", start)
            at = len(source) if end < 0 else end + 3
            continue
        end = source.find(">", start)
        if end < 0:
            yield "", source[start:]
            return
        if not (after.isalpha() or after in "/!?"):
            yield "", "<"
            at = start + 1
            continue
        at = end + 1
        name = _name(source, start, end)
        if name in _UNSEEN:
            close = lower.find(f"</{name}", at)
            at = len(source) if close < 0 else close
        elif name:
            yield name, source[start:at]


def _name(source: str, start: int, end: int) -> str:
    """The lower-case name of the tag at start, "" for a declaration."""
    words = source[start + 1 : min(end, start + 60)].split(None, 1)
    name = words[0].lower() if words else ""
    closing = "/" if name.startswith("/") else ""
    name = name.strip("/").split("/")[0]
    return closing + name if name.isalnum() or "-" in name else ""
