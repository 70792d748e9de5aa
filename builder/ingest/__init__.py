"""Reading: files of many formats become Documents of canonical Markdown.

sources(roots)  which files, in a fixed order
read(source)    one file -> Document, or Skipped with the reason
read_all(found) all of them, in parallel, in their order; a duplicate is Skipped
TEXT_READERS    one reader per media type of text: decoded text -> Parsed
READERS         one reader per other media type: bytes -> Parsed, or Refused with the reason
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

from builder.config import IngestSettings
from builder.engine import Local, Lost
from builder.ingest import (
    adapters,
    archive,
    asciidoc,
    docx,
    epub,
    html,
    kind,
    markdown,
    mht,
    notebook,
    odf,
    odp,
    ods,
    pdf,
    plain,
    pptx,
    rst,
    sheets,
)
from builder.ingest.decode import decode, is_empty
from builder.ingest.parsed import Parsed, Piece, Refused, document, with_repaired
from builder.ingest.sources import MEDIA_TYPES, RUN, Source, sources
from builder.records import Document, Skipped

__all__ = [
    "FAILURES",
    "MEDIA_TYPES",
    "READERS",
    "RUN",
    "TEXT_READERS",
    "Parsed",
    "Piece",
    "Reader",
    "Refused",
    "Source",
    "TextReader",
    "read",
    "read_all",
    "read_bytes",
    "reader",
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
_QUICK = TEXT_READERS.keys() - {"text/x-rst"}
READERS: dict[str, Reader] = {
    "application/pdf": pdf.parse,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": docx.parse,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": pptx.parse,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": sheets.parse_xlsx,
    kind.ODT: odf.parse,
    kind.ODP: odp.parse,
    kind.ODS: ods.parse,
    "application/epub+zip": epub.parse,
    kind.SAVED_PAGE: mht.parse,
}

FAILURES = frozenset({"crashed", "timeout", "memory"})  # reasons that are no property of the file
SMALL_BYTES = 64 * 1024  # a text that is read in this process when there are few: made to be slow,
# it takes seconds (four times the size: a minute). reStructuredText always goes to a worker.
_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
_POINTER_BYTES = 1024  # a pointer has fewer, says its specification
FEW_BYTES = 3 * 1024 * 1024  # of all files: about what is read in the time a worker starts


def read(source: Source, *, lang: str = "") -> Document | Skipped:
    """The document in a file, or why there is none. lang overrides the detected language."""
    return reader(lang)(source)


def reader(lang: str = "", readers: tuple[str, ...] = ()) -> Callable[[Source], Document | Skipped]:
    """The function that reads one source; it keeps the archive that it read last open.

    readers: as [ingest] reader. Raises SettingsError when one of them is not known.
    """
    members = archive.Members()
    chosen = adapters.chosen(readers)

    def read_one(source: Source) -> Document | Skipped:
        data = _bytes_of(source, members)
        if isinstance(data, Refused):
            return Skipped(path=source.path, reason=data.reason, detail=data.detail)
        return _document(data, source, lang, chosen(source.path))

    return read_one


def read_all(
    found: Iterable[Source | Skipped], settings: IngestSettings
) -> Iterator[Document | Skipped]:
    """What is read of every source, in their order; of equal documents the first is kept.

    Works in parallel, each file within settings.timeout_s, which a large PDF file has more of,
    and settings.memory_mb. Raises SettingsError when a reader is not known, BuilderError when no
    worker can be started.
    """
    items = list(found)
    files = [item for item in items if isinstance(item, Source)]
    adapters.chosen(settings.reader)
    engine = Local(
        workers=settings.workers, timeout_s=settings.timeout_s, memory_mb=settings.memory_mb
    )
    few = engine.workers == 1 or sum(file.size for file in files) <= FEW_BYTES
    own = tuple(name for name in settings.reader if not name.endswith("builtin"))

    def here(source: Source) -> bool:
        return few and not own and source.size <= SMALL_BYTES and _is_plain_text(source)

    def limit_s(source: Source) -> float:
        if not source.path.casefold().endswith(".pdf"):
            return settings.timeout_s
        recognise = any(told.endswith(adapters.OCR) for told in settings.reader)
        return pdf.seconds(source.size, settings.timeout_s, recognise=recognise)

    reading = settings.lang, settings.reader
    results = engine.map(reader, reading, files, here=here, limit_s=limit_s)
    known = _Known()
    for item in items:
        got: Document | Skipped | Lost = item if isinstance(item, Skipped) else next(results)
        if isinstance(got, Lost) and isinstance(item, Source):
            yield Skipped(path=item.path, reason=got.reason, detail=got.detail)
        elif isinstance(got, Document):
            yield known.checked(got)
        elif isinstance(got, Skipped):
            yield got


def read_bytes(data: bytes, *, path: str, media_type: str, lang: str = "") -> Document | Skipped:
    """The document in the bytes of a file, or why there is none; content wins over media_type."""
    return _document(data, Source(path, Path(path), media_type), lang, None)


class _Known:
    """The documents so far, by their bytes and by their words."""

    def __init__(self) -> None:
        self._by_bytes: dict[str, str] = {}
        self._by_words: dict[bytes, str] = {}

    def checked(self, document: Document) -> Document | Skipped:
        """The document, or that it is a duplicate of an earlier one."""
        words = _words_hash(document)
        same = self._by_bytes.get(document.sha256)
        alike = same or self._by_words.get(words)
        if alike:
            detail = f"the same {'bytes' if same else 'text'} as {alike}, which is kept"
            return Skipped(path=document.path, reason="duplicate", detail=detail)
        self._by_bytes[document.sha256] = self._by_words[words] = document.path
        return document


def _words_hash(document: Document) -> bytes:
    """Equal for texts that differ in case, white space and punctuation only; code counts whole."""
    digest = blake2b(digest_size=16)
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if block.kind != "code":
            text = "".join(filter(str.isalnum, text.casefold()))
        digest.update(text.encode() + (b"\n" if block.kind == "code" else b""))
    return digest.digest()


def _is_plain_text(source: Source) -> bool:
    """Whether a file is text by its name and by its first bytes."""
    if source.members or source.media_type not in _QUICK:
        return False
    try:
        with source.file.open("rb") as stream:
            return not kind.is_binary(stream.read(64))
    except OSError:
        return True  # it is no longer there, which its reading will tell


def _bytes_of(source: Source, members: archive.Members) -> bytes | Refused:
    if source.members:
        return members.read(source.file, source.members)
    try:
        return source.file.read_bytes()
    except OSError as error:
        return Refused("unreadable", f"the file cannot be read: {error.strerror}")


def _document(data: bytes, source: Source, lang: str, adapter: Reader | None) -> Document | Skipped:
    parsed: Parsed | Refused
    if is_empty(data):
        return Skipped(path=source.path, reason="empty", detail="the file holds no text")
    if len(data) < _POINTER_BYTES and data.startswith(_POINTER) and b"\noid " in data:
        detail = "this is a pointer of Git LFS: fetch the file itself with git lfs pull"
        return Skipped(path=source.path, reason="lfs_pointer", detail=detail)
    notes: tuple[str, ...] = ()
    media_type = kind.by_content(data) or source.media_type
    if adapter is not None:
        parsed = adapter(data)
    elif media_type.startswith(kind.OPEN_DOCUMENT) and media_type not in READERS:
        what = media_type.removeprefix(kind.OPEN_DOCUMENT)
        parsed = Refused("unknown_format", f"this is an OpenDocument {what}: save it as .pdf")
    elif media_type in READERS and not _is_text_after_all(data, media_type):
        parsed = READERS[media_type](data)
    else:
        decoded = decode(data)
        if isinstance(decoded, Refused):
            return Skipped(path=source.path, reason=decoded.reason, detail=decoded.detail)
        notes = decoded.notes
        media_type = _text_type(decoded.text, media_type)
        target = html.redirect(decoded.text) if media_type == kind.HTML else ""
        if target:
            return Skipped(path=source.path, reason="redirect", detail=f"it only leads to {target}")
        parsed = _parsed(decoded.text, media_type)
        if isinstance(parsed, Parsed):
            parsed = with_repaired(parsed, decoded.repaired)
    if isinstance(parsed, Refused):
        return Skipped(path=source.path, reason=parsed.reason, detail=parsed.detail)
    if media_type != source.media_type:
        notes = (f"read as {media_type}, which it is, and not as its name says", *notes)
    found = document(
        archive.tidied(parsed, source.export),
        data=data,
        path=source.path,
        media_type=media_type,
        lang=lang,
        notes=notes,
    )
    if found is None:
        return Skipped(path=source.path, reason="no_text", detail="no text is left after parsing")
    return found


def _is_text_after_all(data: bytes, media_type: str) -> bool:
    """Whether a file that should be binary (PDF, office) is text, a page most likely."""
    if kind.by_content(data) or data.startswith(kind.OLE2):
        return False
    return not isinstance(decode(data), Refused)


def _text_type(text: str, media_type: str) -> str:
    if kind.is_html(text):
        return kind.HTML
    if media_type == kind.PLAIN and kind.is_asciidoc(text):
        return kind.ASCIIDOC
    return media_type if media_type in TEXT_READERS or media_type not in READERS else kind.PLAIN


def _parsed(text: str, media_type: str) -> Parsed | Refused:
    if media_type not in TEXT_READERS:
        return Refused("unknown_format", f"there is no reader for {media_type or 'this file'}")
    return TEXT_READERS[media_type](text)
