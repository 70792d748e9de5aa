"""A saved web page (.mht, .mhtml) to pieces: the page that an archive of MIME parts is about.

Browsers save pages so with all that they show, Word and Confluence whole documents, also under the
name .doc (RFC 2557). Pages that stand in frames of the page are left out and counted.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect
from typing import TYPE_CHECKING

from builder.ingest import html
from builder.ingest.decode import Decoded, decode
from builder.ingest.parsed import Parsed, Piece, Refused, with_repaired
from builder.records import Dropped, Place

if TYPE_CHECKING:
    from email.message import Message

_PAGES = ("text/html", "application/xhtml+xml")
_FIRST = 80  # characters of a page that are shown


def parse(data: bytes) -> Parsed | Refused:
    """The content of a saved page."""
    try:
        archive = message_from_bytes(data)
    except RecursionError:
        return Refused("too_deep", "parts are inside of each other a thousand levels deep")
    found = _pages(archive)
    if not found:
        return Refused("no_text", "the web archive holds no page")
    page, *frames = found
    decoded = _decoded(page)
    if isinstance(decoded, Refused):
        return decoded
    parsed = with_repaired(html.parse(decoded.text), decoded.repaired)
    notes = (*decoded.notes, *parsed.notes)
    if any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in archive.defects):
        notes = ("the archive ends before its last part does", *notes)
    return replace(
        parsed,
        pieces=[_in_part(piece, _name(page)) for piece in parsed.pieces],
        notes=notes,
        dropped=(*parsed.dropped, *map(_left_out, frames)),
    )


def page(data: bytes) -> str:
    """The HTML of a saved page, "" when it holds none."""
    try:
        found = _pages(message_from_bytes(data))
    except RecursionError:
        return ""
    decoded = _decoded(found[0]) if found else None
    return decoded.text if isinstance(decoded, Decoded) else ""


def _pages(archive: Message) -> list[Message]:
    """The parts that are HTML, first the one that the archive is about (RFC 2387 §3.2)."""
    found = [part for part in archive.walk() if part.get_content_type() in _PAGES]
    start = archive.get_param("start")
    return sorted(found, key=lambda part: part.get("Content-ID") != start) if start else found


def _decoded(part: Message) -> Decoded | Refused:
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    with suppress(LookupError, UnicodeError):  # when it is not what it is told to be
        data = data.decode(part.get_content_charset() or "utf-8").encode()
    return decode(data)


def _name(part: Message) -> str:
    return str(part.get("Content-Location") or part.get("Content-ID") or "page").strip()


def _in_part(piece: Piece, name: str) -> Piece:
    return replace(piece, place=replace(piece.place or Place(), part=name))


def _left_out(part: Message) -> Dropped:
    decoded = _decoded(part)
    text = decoded.text if isinstance(decoded, Decoded) else ""
    said = " ".join(piece.text for piece in html.parse(text).pieces) if text else ""
    return Dropped(
        what=f"frame {_name(part)}",
        reason="frame",
        characters=len("".join(said.split())),
        beginning=" ".join(said.split())[:_FIRST],
    )
