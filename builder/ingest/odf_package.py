"""OpenDocument files (ISO/IEC 26300), zipped or flat: their parts, with the guards of all archives.

read(data, what, walk)  what walk makes of a package, or why the file is refused
Package.content, .styles, .meta, .settings  the roots of its parts
Package.embedded(frame)  the root of an object that stands in the file: a formula, a chart
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from builder.ingest.container import Container, Unreadable
from builder.ingest.parsed import Parsed, Refused
from builder.ingest.story import told_title

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, STYLE, TEXT, TABLE, DRAW, PRESENTATION, CONFIG, CHART, META = (
    f"{{{_NAMES}{name}:1.0}}"
    for name in "office style text table drawing presentation config chart meta".split()
)
FO = f"{{{_NAMES}xsl-fo-compatible:1.0}}"
SVG = f"{{{_NAMES}svg-compatible:1.0}}"
LOEXT = f"{{{_NAMES.replace(':tc', ':experimental').replace('oasis:', 'documentfoundation:')}}}"
DC = "{http://purl.org/dc/elements/1.1/}"
XLINK = "{http://www.w3.org/1999/xlink}"
MATH = "{http://www.w3.org/1998/Math/MathML}"

CONTENT = "content.xml"
_PARTS = frozenset((CONTENT, "styles.xml", "meta.xml", "settings.xml"))
_MANIFEST = "META-INF/manifest.xml"
_PICTURE = re.compile(rb"<office:binary-data>[^<]*</office:binary-data>")
_OBJECTS = (f"{OFFICE}document", f"{OFFICE}document-content", f"{MATH}math")
_LENGTH = re.compile(r"(-?\d{1,6}(?:\.\d{1,9})?)(cm|mm|in|pt|pc|px)")
_TWIPS = {"cm": 1440 / 2.54, "mm": 1440 / 25.4, "in": 1440, "pt": 20, "pc": 240, "px": 15}


def read(data: bytes, what: str, walk: Callable[[Package], Parsed]) -> Parsed | Refused:
    """What walk makes of a package, or why it cannot be read. what names the expected file."""
    try:
        return walk(Package(data, what))
    except Unreadable as error:
        return error.refused


class _Flat(Container):
    """A file of XML that is all parts in one."""

    def __init__(self, data: bytes) -> None:
        self._data = _PICTURE.sub(b"", data)

    def __contains__(self, name: str) -> bool:
        return name in _PARTS

    def content(self, name: str) -> bytes:
        """The file, whichever part is asked for."""
        if name not in _PARTS:
            raise Unreadable("corrupt", f"a flat file has no part {name}")
        return self._data


class Package:
    """The parts of an OpenDocument file. Every method raises Unreadable."""

    def __init__(self, data: bytes, what: str) -> None:
        self.is_flat = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        self.container = _Flat(data) if self.is_flat else Container(data, what)
        if CONTENT not in self.container:
            raise Unreadable("unknown_format", "the archive holds no OpenDocument file")
        encrypted = (
            not self.is_flat
            and _MANIFEST in self.container
            and b"encryption-data" in self.container.content(_MANIFEST)
        )
        if encrypted:
            raise Unreadable("encrypted", "the file is protected by a password")
        self._objects: dict[str, _Element] = {}

    @cached_property
    def content(self) -> _Element:
        """The root of what the file says."""
        return self.container.xml(CONTENT)

    @cached_property
    def styles(self) -> _Element | None:
        """The root of its named styles and its page layouts."""
        return self._root("styles.xml")

    @cached_property
    def settings(self) -> _Element | None:
        """The root of how a program last showed it."""
        return self._root("settings.xml")

    def roots(self) -> list[_Element]:
        """The roots that hold styles, the nearest first."""
        same = self.styles is None or self.is_flat
        return [self.content] if same or self.styles is None else [self.content, self.styles]

    def title(self) -> str:
        """The title in its properties, unless a program made it up."""
        root = self._root("meta.xml")
        meta = root.find(f"{OFFICE}meta") if root is not None else None
        return told_title(meta.findtext(f"{DC}title")) if meta is not None else ""

    def body(self, name: str) -> _Element:
        """The element that holds the text, the slides ..., by its name."""
        found = self.content.find(f"{OFFICE}body/{OFFICE}{name}")
        if found is None:
            raise Unreadable("corrupt", f"the part {CONTENT} holds no {name}")
        return found

    def embedded(self, frame: _Element) -> _Element | None:
        """The root of the object in a frame, None for a picture."""
        for element in frame.iterchildren(f"{DRAW}object"):
            own = next(element.iterchildren(*_OBJECTS), None)
            if own is not None:
                return own
            name = posixpath.normpath(element.get(f"{XLINK}href") or "")
            part = posixpath.join(name, CONTENT)
            if name in (".", "") or self.is_flat or part not in self.container:
                continue
            if part not in self._objects:
                self._objects[part] = self.container.xml(part, doctype=True)
            return self._objects[part]
        return None

    def _root(self, name: str) -> _Element | None:
        return self.content if self.is_flat else self.container.optional_xml(name)


def twips(length: str | None) -> float | None:
    """A length in twentieths of a point, None for what is none."""
    found = _LENGTH.fullmatch(length or "")
    return float(found[1]) * _TWIPS[found[2]] if found else None
