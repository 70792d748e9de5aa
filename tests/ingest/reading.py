"""How the tests of this folder read a text: one call, and a view of what came out."""

from __future__ import annotations

from builder.ingest import read_bytes
from builder.records import Document

SUFFIXES = {"text/html": "html", "text/markdown": "md", "text/plain": "txt"}


def document(source: str | bytes, media_type: str, *, lang: str = "") -> Document:
    """The document in a text; fails when it was skipped."""
    data = source.encode() if isinstance(source, str) else source
    path = f"docs/page.{SUFFIXES[media_type]}"
    found = read_bytes(data, path=path, media_type=media_type, lang=lang)
    assert isinstance(found, Document), found
    return found


def html(source: str) -> Document:
    """A page whose main part is source."""
    return document(f"<html><body><main>{source}</main></body></html>", "text/html")


def markdown(source: str) -> Document:
    """A Markdown file."""
    return document(source, "text/markdown")


def plain(source: str) -> Document:
    """A plain text file."""
    return document(source, "text/plain")


def paths(found: Document) -> dict[str, tuple[str, ...]]:
    """The heading path of every block that is no heading, without the title, by its text."""
    return {
        found.text[block.start : block.end]: block.heading_path[1:]
        for block in found.blocks
        if block.kind != "heading"
    }


def kinds(found: Document) -> list[str]:
    """The kinds of the blocks in order."""
    return [block.kind for block in found.blocks]


def titles(found: Document) -> list[tuple[int, str]]:
    """The level and text of each heading."""
    texts = [found.text[b.start : b.end] for b in found.blocks if b.kind == "heading"]
    return [(len(text) - len(text.lstrip("#")), text.lstrip("# ")) for text in texts]
