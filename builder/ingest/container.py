"""Zip containers (OOXML, EPUB) from strangers: opened with limits, read part by part.

    read(data, "a Word file", walk)   walk(container) -> Parsed, or why the file is Refused
    container.content(name), .xml(name)  one part
    container.rels(name)              what a part of an OOXML package refers to

Nothing is unpacked to disk and no reference leads out of the archive. A part that cannot be read
whole refuses the file: a document is never silently shortened. Only the parts that are read count
against the limits, so that large pictures do no harm.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from struct import unpack_from
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest.kind import DAMAGED
from builder.ingest.parsed import Parsed, Refused

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

MAX_ENTRIES = 10_000
MAX_TOTAL = 512 * 1024 * 1024  # bytes of all parts that are read
MAX_RATIO = 200  # of a part to its compressed form; deflate reaches 1,032, office XML 10 to 50
RATIO_FLOOR = 4 * 1024 * 1024  # bytes up to which a part may be of any ratio

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_FORMATS = {
    "WordDocument": "a Word 97-2003 document: save it as .docx",
    "Workbook": "an Excel 97-2003 workbook: save it as .xlsx",
    "PowerPoint Document": "a PowerPoint 97-2003 presentation: save it as .pptx",
}
_RTF = b"{\\rtf"
_LOCAL_HEADER = 30  # bytes before the name of an entry, APPNOTE 4.3.7
_DIRECTORY_ENTRY = b"PK\x01\x02"
_DIRECTORY_END = b"PK\x05\x06"
_LOCAL_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED = 1  # bit 0 of an entry's flags, APPNOTE 4.4.4
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""")
_ENCODINGS = re.compile(
    rb"utf-?8|utf-?16(?:le|be)?|us-ascii|ascii|iso-8859-\d+|windows-125\d|shift_jis|gb2312|gbk|"
    rb"big5|euc-jp|euc-kr",
    re.I,
)
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")  # namespaces of ISO 29500 Strict
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Relation(NamedTuple):
    """A reference of an OOXML part: kind is the last word of its type ("footnotes")."""

    id: str
    kind: str
    target: str


class Unreadable(Exception):
    """A part cannot be read; `read` turns it into the Refused that it holds."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.refused = Refused(reason, detail)


def read(data: bytes, what: str, walk: Callable[[Container], Parsed]) -> Parsed | Refused:
    """What walk makes of a container, or why it cannot be read. what names the expected file."""
    try:
        return walk(Container(data, what))
    except Unreadable as error:
        return error.refused


class Container:
    """The parts of a zip archive by name. Every method raises Unreadable."""

    def __init__(self, data: bytes, what: str) -> None:
        _check_kind(data, what)
        if data.count(_DIRECTORY_ENTRY) > 2 * MAX_ENTRIES:
            raise Unreadable("zip_bomb", f"the archive has over {MAX_ENTRIES:,} entries")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except DAMAGED as error:
            raise Unreadable("corrupt", f"{what} must be a zip archive: {error}") from error
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES:
            detail = f"the archive has {len(entries):,} entries, over {MAX_ENTRIES:,}"
            raise Unreadable("zip_bomb", detail)
        self._entries = {entry.filename.replace("\\", "/"): entry for entry in entries}
        self._counts = Counter(entry.filename.replace("\\", "/") for entry in entries)
        self._folded = {name.casefold(): name for name in self._entries}
        self._total = 0
        self._read: dict[str, bytes] = {}
        _check_names(self._entries)
        _check_overlap(data, entries)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._folded

    def names(self) -> list[str]:
        """The names of all parts in the order of the archive."""
        return list(self._entries)

    def content(self, name: str) -> bytes:
        """The content of a part; names are told apart as OPC does, without regard to case."""
        name = self._folded.get(name.casefold(), name)
        if name not in self._read:
            self._read[name] = self._unpacked(name)
        return self._read[name]

    def _unpacked(self, name: str) -> bytes:
        entry = self._entries.get(name)
        if entry is None:
            raise Unreadable("corrupt", f"the archive has no part {name}")
        if self._counts[name] > 1:
            raise Unreadable("corrupt", f"the archive has {self._counts[name]} parts {name}")
        if entry.flag_bits & _ENCRYPTED:
            raise Unreadable("encrypted", f"the part {name} is encrypted")
        self._total += entry.file_size
        if self._total > MAX_TOTAL:
            detail = f"the parts hold over {MAX_TOTAL // 2**20} MB ({name} with the others)"
            raise Unreadable("zip_bomb", detail)
        if entry.file_size > max(RATIO_FLOOR, MAX_RATIO * entry.compress_size):
            ratio = entry.file_size // max(1, entry.compress_size)
            detail = f"the part {name} unpacks to {ratio} times its size, over {MAX_RATIO}"
            raise Unreadable("zip_bomb", detail)
        try:
            content = self._zip.read(entry)
        except DAMAGED as error:
            detail = f"the part {name} cannot be unpacked: {error}"
            raise Unreadable("corrupt", detail) from error
        if len(content) != entry.file_size:
            raise Unreadable("corrupt", f"the part {name} ends early")
        return content

    def _checked(self, name: str, *, doctype: bool) -> bytes:
        """A part of XML that declares no entities, nor a DOCTYPE unless that is allowed."""
        content = self.content(name)
        plain = content.replace(b"\0", b"") if b"\0" in content[:4096] else content
        if b"<!ENTITY" in plain or (b"<!DOCTYPE" in plain and not doctype):
            raise Unreadable("doctype", f"the part {name} declares a DOCTYPE")
        declared = _DECLARED.search(plain[:512])
        if declared and not _ENCODINGS.fullmatch(declared[1]):
            detail = f"the part {name} is in the encoding {declared[1].decode('ascii', 'replace')}"
            raise Unreadable("corrupt", detail)
        if b"purl.oclc.org" in content:
            content = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", content)
        return content

    def xml(self, name: str, *, doctype: bool = False) -> _Element:
        """The root of a part of XML. doctype allows one without entities, as old EPUBs have."""
        from lxml import etree

        content = self._checked(name, doctype=doctype)
        try:
            return etree.fromstring(content, _parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            if (root := _with_odd_ids(content)) is not None:
                return root
            raise Unreadable("corrupt", f"the part {name} is no XML: {error}") from error

    def elements(self, name: str, *tags: str) -> Iterator[_Element]:
        """The elements of a large part with one of the tags, each emptied after its turn."""
        from lxml import etree

        content = BytesIO(self._checked(name, doctype=False))
        try:
            for _, element in etree.iterparse(
                content, tag=tags, resolve_entities=False, no_network=True, remove_comments=True
            ):
                yield element
                element.clear(keep_tail=False)
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
        except (etree.XMLSyntaxError, ValueError) as error:
            raise Unreadable("corrupt", f"the part {name} is no XML: {error}") from error

    def optional_xml(self, name: str) -> _Element | None:
        """The root of a part, None when the archive does not have it."""
        return self.xml(name) if name in self else None

    def rels(self, name: str) -> list[Relation]:
        """The references of a part to parts that the archive has; "" asks for the package's."""
        folder, _, file = name.rpartition("/")
        root = self.optional_xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        if root is None:
            return []
        found = []
        for element in root.iter(_RELATION):
            target = resolved(folder, element.get("Target") or "")
            if element.get("TargetMode") != "External" and target in self:
                kind = (element.get("Type") or "").rpartition("/")[2]
                target = self._folded[target.casefold()]
                found.append(Relation(element.get("Id") or "", kind, target))
        return found

    def main(self, fallback: str) -> str:
        """The name of the package's main part."""
        told = (relation.target for relation in self.rels("") if relation.kind == "officeDocument")
        return next(told, fallback)


def resolved(folder: str, target: str) -> str:
    """The name of the part that a reference from within a folder means."""
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))


def _parser(*, recover: bool = False) -> XMLParser:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True, recover=recover,
    )  # fmt: skip


def _with_odd_ids(content: bytes) -> _Element | None:
    """The root of XML of which nothing is wrong but names in xml:id, which are no error of form."""
    from lxml import etree

    parser = _parser(recover=True)
    try:
        root: _Element | None = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    odd = all(error.type_name == "DTD_XMLID_VALUE" for error in parser.error_log)
    return root if odd else None


def _check_kind(data: bytes, what: str) -> None:
    """Refuses what is no zip archive at all, with the reason that helps."""
    if not data:
        raise Unreadable("empty", "the file is empty")
    if data.lstrip().startswith(_RTF):
        raise Unreadable("unknown_format", "this is a Rich Text document: save it as .docx")
    if data.startswith(_LOCAL_SIGNATURE) and _DIRECTORY_END not in data:
        raise Unreadable("truncated", "the file ends before the list of its parts")
    if not data.startswith(_OLE2):
        return
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unreadable("encrypted", "the file is protected by a password")
    for stream, meaning in _OLD_FORMATS.items():
        if stream.encode("utf-16-le") in data:
            raise Unreadable("old_format", f"this is {meaning}")
    raise Unreadable("old_format", f"this is an OLE2 file of before 2007, not {what}")


def _check_names(names: dict[str, zipfile.ZipInfo]) -> None:
    for name in names:
        if name.startswith("/") or ".." in name.split("/") or re.match("[A-Za-z]:", name):
            raise Unreadable("corrupt", f"the archive names a file outside of it: {name[:80]!r}")


def _check_overlap(data: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """Refuses entries that share bytes: a bomb may unpack the same bytes many times."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        start = entry.header_offset
        inside = 0 <= start <= len(data) - _LOCAL_HEADER
        if not inside or data[start : start + 4] != _LOCAL_SIGNATURE:
            raise Unreadable(
                "corrupt", f"the part {entry.filename[:80]!r} is not where it should be"
            )
        if start < end:
            raise Unreadable("zip_bomb", f"the part {entry.filename[:80]!r} overlaps another")
        name, extra = unpack_from("<HH", data, start + 26)
        end = start + _LOCAL_HEADER + name + extra + entry.compress_size
