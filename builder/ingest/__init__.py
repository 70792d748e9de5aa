"""Reading: files of several formats become Documents of canonical Markdown.

sources(roots)  which files, in a fixed order
read(source)    one file -> Document, or Skipped with the reason
READERS         one reader per media type: text -> Parsed
"""

from __future__ import annotations

import re
from collections.abc import Callable

from builder.ingest import html, markdown, plain
from builder.ingest.decode import Refused, decode
from builder.ingest.parsed import Parsed, Piece, document
from builder.ingest.sources import MEDIA_TYPES, Source, sources
from builder.records import Document, Skipped

__all__ = [
    "MEDIA_TYPES",
    "READERS",
    "Parsed",
    "Piece",
    "Reader",
    "Source",
    "read",
    "read_bytes",
    "sources",
]

Reader = Callable[[str], Parsed]

READERS: dict[str, Reader] = {
    "text/html": html.parse,
    "text/markdown": markdown.parse,
    "text/plain": plain.parse,
}

_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)


def read(source: Source, *, lang: str = "") -> Document | Skipped:
    """The document in a file, or why there is none. lang overrides the detected language."""
    try:
        data = source.file.read_bytes()
    except OSError as error:
        detail = f"the file cannot be read: {error.strerror}"
        return Skipped(path=source.path, reason="unreadable", detail=detail)
    return read_bytes(data, path=source.path, media_type=source.media_type, lang=lang)


def read_bytes(data: bytes, *, path: str, media_type: str, lang: str = "") -> Document | Skipped:
    """The document in the bytes of a file, or why there is none."""
    decoded = decode(data)
    if isinstance(decoded, Refused):
        return Skipped(path=path, reason=decoded.reason, detail=decoded.detail)
    text, notes = decoded
    if _HTML_START.match(text[:4096]):
        media_type = "text/html"
    reader = READERS.get(media_type)
    if reader is None:
        detail = f"there is no reader for {media_type}"
        return Skipped(path=path, reason="unknown_format", detail=detail)
    found = document(
        reader(text), data=data, path=path, media_type=media_type, lang=lang, notes=notes
    )
    if found is None:
        return Skipped(path=path, reason="no_text", detail="no text is left after parsing")
    return found
