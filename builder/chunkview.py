"""What `builder chunk` shows: documents with their chunks, cuts and what was left out.

Pure rendering, three ways: lines for a terminal, one plain object per document for programs, and
one HTML page without scripts or outside files that shows every source with the cuts drawn in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from builder.records import Chunk, Document, Skipped, to_json
from builder.text import plain

_SHOWN = 72  # characters of a chunk's beginning on the terminal
_DROPS = 8  # regions left out that the terminal names; the others are counted

_NAMES = {"admonition": "an admonition", "math": "a formula", "code": "code"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A document and its chunks in order; max_tokens: what they were allowed."""

    document: Document
    chunks: tuple[Chunk, ...]
    max_tokens: int

    @property
    def tokens(self) -> int:
        """Tokens of all chunks, overlap and openings counted."""
        return sum(chunk.n_tokens for chunk in self.chunks)

    @property
    def fill(self) -> float:
        """The mean share of the budget that the chunks use, 0 to 1."""
        return self.tokens / (len(self.chunks) * self.max_tokens) if self.chunks else 0.0


def cut_before(document: Document, chunk: Chunk) -> str:
    """Where the cut before a chunk runs: "before a heading", "inside a table", ..."""
    if not chunk.previous:
        return "start"
    at = bisect_right(document.blocks, chunk.start, key=lambda block: block.start) - 1
    block = document.blocks[max(at, 0)]
    name = _NAMES.get(block.kind, f"a {block.kind.replace('_', ' ')}")
    return f"inside {name}" if block.start < chunk.start else f"before {name}"


def lines(cuts: Sequence[Cut], skipped: Sequence[Skipped] = ()) -> Iterator[str]:
    """The lines that a terminal shows; nothing in them can steer it."""
    for cut in cuts:
        document = cut.document
        yield f"{plain(document.path)}  {plain(document.title)}  [{plain(document.lang)}]"
        yield f"  {_sum(cut)}"
        for number, chunk in enumerate(cut.chunks, 1):
            yield f"  {number:>4}  {_facts(document, chunk)}"
            yield f"        {plain(' > '.join(chunk.heading_path))}"
            yield f"        {_beginning(chunk.text)}"
        yield from (f"  note: {plain(note)}" for note in document.notes)
        yield from _drops(document)
        yield ""
    for item in skipped:
        yield f"skipped {plain(item.path)}: {plain(item.reason)}  {plain(item.detail)}".rstrip()
    tokens = sum(cut.tokens for cut in cuts)
    chunks = sum(len(cut.chunks) for cut in cuts)
    yield (
        f"{_counted(len(cuts), 'document')}, {_counted(chunks, 'chunk')}, {tokens:,} tokens,"
        f" {_counted(len(skipped), 'file')} skipped"
    )


def _counted(number: int, name: str) -> str:
    return f"{number:,} {name}" + "s" * (number != 1)


def _sum(cut: Cut) -> str:
    unfit = sum(bool(chunk.unfit) for chunk in cut.chunks)
    left = f", {unfit} left out of writing" if unfit else ""
    return f"{_counted(len(cut.chunks), 'chunk')}, {cut.tokens:,} tokens, {cut.fill:.0%} full{left}"


def _facts(document: Document, chunk: Chunk) -> str:
    kinds = ", ".join(dict.fromkeys(block.kind.replace("_", " ") for block in chunk.blocks))
    facts = [
        f"{chunk.n_tokens} tokens",
        f"{chunk.start}-{chunk.end}",
        cut_before(document, chunk),
        kinds,
    ]
    if chunk.overlap:
        facts.append(f"{len(chunk.overlap)} characters repeated")
    if chunk.opening:
        facts.append("opening repeated")
    if chunk.unfit:
        facts.append(f"LEFT OUT: {plain(chunk.unfit)}")
    return " | ".join(facts)


def _beginning(text: str) -> str:
    said = " ".join(plain(text[: 2 * _SHOWN]).split())
    return said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "\u2026"


def _drops(document: Document) -> Iterator[str]:
    for drop in document.dropped[:_DROPS]:
        said = f': "{_beginning(drop.beginning)}"' if drop.beginning else ""
        yield f"  dropped {plain(drop.what)} ({plain(drop.reason)}, {drop.characters:,}){said}"
    if len(document.dropped) > _DROPS:
        rest = document.dropped[_DROPS:]
        total = sum(drop.characters for drop in rest)
        yield f"  dropped {len(rest)} more regions ({total:,} characters)"


def objects(cuts: Sequence[Cut], skipped: Sequence[Skipped] = ()) -> Iterator[dict[str, Any]]:
    """One plain object per document (kind "document") and per file that gave none ("skipped")."""
    for cut in cuts:
        document = cut.document
        yield {
            "kind": "document",
            "id": document.id,
            "path": document.path,
            "title": document.title,
            "lang": document.lang,
            "media_type": document.media_type,
            "max_tokens": cut.max_tokens,
            "tokens": cut.tokens,
            "fill": round(cut.fill, 4),
            "visible": document.visible,
            "notes": list(document.notes),
            "dropped": [to_json(drop) for drop in document.dropped],
            "chunks": [
                to_json(chunk) | {"cut": cut_before(document, chunk)} for chunk in cut.chunks
            ],
        }
    for item in skipped:
        yield {"kind": "skipped", **to_json(item)}


def page(cuts: Sequence[Cut], skipped: Sequence[Skipped] = ()) -> str:
    """All as one HTML page; every word of a document is escaped."""
    parts = [_HEAD]
    if len(cuts) > 1:
        items = "".join(
            f'<li><a href="#d{number}">{_safe(cut.document.path)}</a> {_sum(cut)}</li>'
            for number, cut in enumerate(cuts)
        )
        parts.append(f"<nav><ul>{items}</ul></nav>")
    for number, cut in enumerate(cuts):
        parts += _document(cut, number)
    if skipped:
        items = "".join(
            f"<li><b>{_safe(item.path)}</b> {_safe(item.reason)} {_safe(item.detail)}</li>"
            for item in skipped
        )
        parts.append(f"<h2>Skipped</h2><ul>{items}</ul>")
    return "\n".join([*parts, "</main></body></html>", ""])


def _document(cut: Cut, number: int) -> Iterator[str]:
    document = cut.document
    yield f'<section id="d{number}"><h2>{_safe(document.title)}</h2>'
    yield f"<p>{_safe(document.path)} [{_safe(document.lang)}] {_sum(cut)}</p>"
    for position, chunk in enumerate(cut.chunks, 1):
        left_out = " unfit" if chunk.unfit else ""
        yield f'<article class="chunk{left_out}"><header><b>{position}</b>'
        yield f" {_safe(_facts(document, chunk))}<br>{_safe(' > '.join(chunk.heading_path))}"
        yield f'<meter max="{cut.max_tokens}" value="{chunk.n_tokens}"></meter></header>'
        repeated = chunk.opening + chunk.overlap
        again = f'<span class="again">{_safe(repeated)}</span>' if repeated else ""
        yield f"<pre>{again}{_safe(chunk.text)}</pre></article>"
    left = [f"<li>{_safe(note)}</li>" for note in document.notes]
    left += [
        f"<li><b>{_safe(drop.what)}</b> {_safe(drop.reason)}, {drop.characters:,} characters: "
        f"{_safe(drop.beginning)}</li>"
        for drop in document.dropped
    ]
    if left:
        yield f"<details><summary>Notes and regions left out ({len(left)})</summary>"
        yield f"<ul>{''.join(left)}</ul></details>"
    yield "</section>"


def _safe(text: str) -> str:
    """Text of a document for HTML; what could change the order of the words is made visible."""
    return escape(plain(text, lines=True))


_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>Chunks</title><style>
:root{color-scheme:light dark;--line:#c33;--soft:#8886}
body{font:15px/1.45 system-ui,sans-serif;margin:0}main{max-width:60rem;margin:auto;padding:1rem}
h2{margin:2rem 0 0}p{margin:.2rem 0 1rem}nav ul,details ul{padding-left:1.2rem}
.chunk header{border-top:2px dashed var(--line);font-size:13px;padding:.3rem 0;color:#777}
.chunk header b{color:var(--line);font-size:16px}
.chunk header meter{float:right;width:8rem}
.chunk pre{font:13px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;
unicode-bidi:plaintext;margin:0 0 .6rem;padding:.5rem;background:#8881;
border-left:3px solid var(--soft)}
.again{opacity:.55;background:#fc03}.unfit pre{opacity:.45;text-decoration:line-through #8888}
</style></head><body><main><h1>Chunks</h1>"""
