"""What kind of file some bytes are, whatever the file's name says."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from struct import error as StructError

HTML = "text/html"
PLAIN = "text/plain"
ASCIIDOC = "text/asciidoc"
PDF = "application/pdf"
ZIP = "application/zip"
SAVED_PAGE = "multipart/related"  # a web page with all that it shows, RFC 2557
EPUB = "application/epub+zip"
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{_OFFICE}wordprocessingml.document"
PPTX = f"{_OFFICE}presentationml.presentation"
XLSX = f"{_OFFICE}spreadsheetml.sheet"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
ODT, ODP, ODS = (OPEN_DOCUMENT + name for name in ("text", "presentation", "spreadsheet"))
IN_ZIP = frozenset({ZIP, EPUB, DOCX, PPTX, XLSX, ODT, ODP, ODS})
HEAD = 4096  # bytes or characters that tell the kind

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # office files of before 2007, or encrypted ones
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_MAIN_PARTS = {"word/document.xml": DOCX, "ppt/presentation.xml": PPTX, "xl/workbook.xml": XLSX}
_PARTS = (("word/", DOCX), ("ppt/", PPTX), ("xl/", XLSX))
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_OPEN_TYPE = r"application/vnd\.oasis\.opendocument\.[a-z-]{3,30}"
_IN_MANIFEST = re.compile(rf"""media-type=["']({_OPEN_TYPE})["']""")
_FLAT = re.compile(rf"""\s*<office:document\s[^>]*?office:mimetype=["']({_OPEN_TYPE})["']""")
_FLAT_HEAD = 4 * HEAD  # bytes, most of them the names of name spaces
_MANIFEST_BYTES = 1_000_000  # of a manifest that is looked into
_ARCHIVE_HEADER = re.compile(rb"^content-type:\s{0,9}multipart/related\b", re.M)
_MAIL_HEADER = re.compile(rb"^(?:to|received):", re.M)
_TEMPLATE = re.compile(r"<\?(?:php|=)|<%|\{%")
_ADOC_TITLE = re.compile(
    r"\s*(?:(?://.*|:[\w-]+:.*)\n\s*)*(?:= \S|(?P<title>\S.*)\n(?P<line>=+)[ \t]*\n)"
)
# What AsciiDoc alone writes so: block macros, anchors, references, terms, attributes, fences, links
_ADOC_SIGNS = tuple(
    re.compile(sign, re.M)
    for sign in (
        r"^(?:ifdef|ifndef|ifeval|include|endif|image|video)::[^\s\[]*\[[^\]\n]*\]$",
        r"^\[\[[A-Za-z_][^\]\n]*\]\]$",
        r"<<[A-Za-z_][\w.-]*(?:,[^<>\n]+)?>>",
        r"^\S.*[^:\s]::+\n\s*\S",
        r"^\[(?:verse|source|quote|listing|horizontal|abstract|options|cols|role|width"
        r"|NOTE|TIP|IMPORTANT|WARNING|CAUTION)\b[^\]\n]*\]$",
        r"(?:\n\n|\]\n)(?:-{4,}|\.{4,}|\*{4,}|\|={3,})$",
        r"\b(?:(?:link|xref|mailto|https?):[^\s\[\]]+\[[^\]\n]*\]|[a-z]{4,}:[\w.-]+\[\d\])",
        r"\A\s*[\w.-]+\(\d\w?\)\n=+\n+NAME\n-+\n",
    )
)
_ADOC_AS_RST = frozenset((2, 3, 5))  # of these, what reStructuredText may write too
_RST_SIGN = re.compile(r"^\.\. |:[\w-]+:`", re.M)
_RST_LITERAL = re.compile(r"^\S.*::\n\n", re.M)
_ADOC_HEAD = 5 * HEAD  # characters


def is_html(text: str) -> bool:
    """Whether a text begins as a whole page does."""
    return _HTML_START.match(text[:HEAD]) is not None


def is_template(text: str) -> bool:
    """Whether a text makes pages rather than being one."""
    return _TEMPLATE.search(text[:HEAD]) is not None


def is_asciidoc(text: str) -> bool:
    """Whether a plain text has a title of AsciiDoc and two more kinds of its marks."""
    title = _ADOC_TITLE.match(text[:HEAD])
    if not title or (title["line"] and abs(len(title["line"]) - len(title["title"])) > 2):
        return False
    head = text[:_ADOC_HEAD]
    if _RST_SIGN.search(head):
        return False
    found = {at for at, sign in enumerate(_ADOC_SIGNS) if sign.search(head)}
    sure = found - _ADOC_AS_RST if _RST_LITERAL.search(head) else found
    return bool(sure) and len(found) >= 2


def is_binary(head: bytes) -> bool:
    """Whether a file begins as the formats do that only a worker should read."""
    return _start(head).startswith((b"%PDF-", b"PK", OLE2))


def _start(data: bytes) -> bytes:
    return data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")


def by_content(data: bytes) -> str:
    """The media type of bytes that tell it by themselves, "" for others.

    PDF, ZIP and what ZIP holds, saved web pages, flat files of OpenDocument.
    """
    head = _start(data)
    if b"<office:document" in head:
        flat = _FLAT.search(data[:_FLAT_HEAD].decode("utf-8", "replace"))
        return _opened(flat[1]) if flat else ""
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(_ZIP_STARTS):
        return zip_kind(BytesIO(data))
    return SAVED_PAGE if _is_saved_page(head) else ""


def _is_saved_page(head: bytes) -> bool:
    """Whether a file begins with the header of an archive of parts, and is no mail."""
    header = head.replace(b"\r\n", b"\n").partition(b"\n\n")[0].lower()
    return bool(_ARCHIVE_HEADER.search(header)) and not _MAIL_HEADER.search(header)


DAMAGED = (  # what zipfile raises on damaged archives
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
    RuntimeError, StructError,
)  # fmt: skip


def zip_kind(file: Path | BytesIO) -> str:
    """What a ZIP archive is: an office file, a book, an archive; "" when it is damaged."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            told = _told_kind(archive, names)
    except DAMAGED:
        return ""
    if told:
        return told
    folded = {name.replace("\\", "/").casefold() for name in names}
    if any(name.endswith("meta-inf/container.xml") for name in folded) and any(
        name.endswith(".opf") for name in folded
    ):
        return EPUB
    if "[content_types].xml" not in folded:
        return ZIP
    main = [kind for part, kind in _MAIN_PARTS.items() if part in folded]
    loose = [kind for part, kind in _PARTS if any(name.startswith(part) for name in folded)]
    return next(iter(main or loose), ZIP)


def _told_kind(archive: zipfile.ZipFile, names: Sequence[str]) -> str:
    """The kind that a book or an OpenDocument file says it is, "" for what says nothing.

    The member that tells it comes first, but in files that were zipped by hand.
    """
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
        told = archive.read("mimetype").strip().decode("ascii", "replace")
        if told.startswith(OPEN_DOCUMENT):
            return _opened(told)
        if names[0] == "mimetype":
            return told if told == EPUB else ZIP
    if {"content.xml", "META-INF/manifest.xml"} <= set(names):
        if archive.getinfo("META-INF/manifest.xml").file_size > _MANIFEST_BYTES:
            return ""
        manifest = archive.read("META-INF/manifest.xml").decode("utf-8", "replace")
        found = _IN_MANIFEST.search(manifest)
        return _opened(found[1]) if found else ""
    return ""


def _opened(told: str) -> str:
    """The media type of an OpenDocument file; templates and masters are such files too."""
    return re.sub("-(?:template|master|web|flat-xml)$", "", told)
