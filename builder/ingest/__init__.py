"""Reading: files of many formats become Documents of canonical Markdown.

sources(roots)  which files, in a fixed order
read(source)    one file -> Document, or Skipped with the reason
TEXT_READERS    one reader per media type of text: decoded text -> Parsed
READERS         one reader per other media type: bytes -> Parsed, or Refused with the reason
"""

from __future__ import annotations

import re
from collections.abc import Callable

from builder.ingest import (
    asciidoc,
    docx,
    epub,
    html,
    markdown,
    notebook,
    pdf,
    plain,
    pptx,
    rst,
    sheets,
)
from builder.ingest.decode import decode
from builder.ingest.parsed import Parsed, Piece, Refused, document
from builder.ingest.sources import MEDIA_TYPES, Source, sources
from builder.records import Document, Skipped

__all__ = [
    "MEDIA_TYPES",
    "READERS",
    "TEXT_READERS",
    "Parsed",
    "Piece",
    "Reader",
    "Refused",
    "Source",
    "TextReader",
    "read",
    "read_bytes",
    "sources",
]

TextReader = Callable[[str], Parsed | Refused]
Reader = Callable[[bytes], Parsed | Refused]

TEXT_READERS: dict[str, TextReader] = {
    "text/html": html.parse,
    "text/markdown": markdown.parse,
    "text/plain": plain.parse,
    "text/x-rst": rst.parse,
    "text/asciidoc": asciidoc.parse,
    "text/csv": sheets.parse_csv,
    "text/tab-separated-values": sheets.parse_csv,
    "application/x-ipynb+json": notebook.parse,
}
READERS: dict[str, Reader] = {
    "application/pdf": pdf.parse,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": docx.parse,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": pptx.parse,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": sheets.parse_xlsx,
    "application/epub+zip": epub.parse,
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
    parsed: Parsed | Refused
    notes: tuple[str, ...] = ()
    if media_type in READERS:
        parsed = READERS[media_type](data)
    else:
        decoded = decode(data)
        if isinstance(decoded, Refused):
            return Skipped(path=path, reason=decoded.reason, detail=decoded.detail)
        text, notes = decoded
        if _HTML_START.match(text[:4096]):
            media_type = "text/html"
        reader = TEXT_READERS.get(media_type)
        if reader is None:
            detail = f"there is no reader for {media_type}"
            return Skipped(path=path, reason="unknown_format", detail=detail)
        parsed = reader(text)
    if isinstance(parsed, Refused):
        return Skipped(path=path, reason=parsed.reason, detail=parsed.detail)
    found = document(parsed, data=data, path=path, media_type=media_type, lang=lang, notes=notes)
    if found is None:
        return Skipped(path=path, reason="no_text", detail="no text is left after parsing")
    return found
