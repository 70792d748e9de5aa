"""Ligatures that a font's encoding calls by their parts: "f_i", "f_f_i", "t_t".

pdfium knows "fi", but no names made of parts (Adobe's glyph list specification, 2), and tells the
code instead, which says nothing: each family of fonts has an order of its own. Encodings stand in
the file as they are or in streams of objects (PDF 1.7, 7.5.7 and 9.6.6).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from builder.ingest.pdf.font_names import objects

_STREAM = re.compile(rb"/ObjStm\b[^>]{0,400}>>\s{0,4}stream\r?\n")
_PACKED, _UNPACKED = 1 << 20, 1 << 24  # bytes of a stream of objects, at most
_IN_ALL = 1 << 26  # bytes of all that are unpacked, and a fourth of those that are looked at
_HEAD = re.compile(rb"[\d\s]{0,65536}")
_DIGITS = re.compile(rb"\d{1,9}")
_DIFFERENCES = re.compile(rb"/Differences\s*\[([^\]]*)\]")
_ITEM = re.compile(rb"(\d+)|/([^\s/\[\]]+)")
_PARTS = re.compile(rb"[A-Za-z](?:_[A-Za-z])+")
_BASE = re.compile(rb"/BaseFont\s*/([^\s/<>()\[\]{}%]+)")
_ENCODING = re.compile(rb"/Encoding\s+(\d+)\s+\d+\s+R\b")
_KNOWN = {"ff": 0xFB00, "fi": 0xFB01, "fl": 0xFB02, "ffi": 0xFB03, "ffl": 0xFB04}
_OWN = 0x10F000  # private codes of the others
Table = dict[int, int]  # from the code of a glyph to that of a ligature


class Ligatures:
    """The ligatures of a file's fonts; it is looked into when they are asked for first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._found: dict[str, Table] | None = None
        self._others: dict[str, int] = {}
        self._letters: dict[int, str] = {}

    def of(self, font: str) -> Table:
        """The ligatures of a font by its name, without the mark of a part of it."""
        if self._found is None:
            self._found = self._read()
        return self._found.get(font, {})

    def apart(self, text: str, kept: list[int]) -> tuple[str, list[int]]:
        """A text with the letters of those that have no code; kept: a number for each letter."""
        if not self._others or max(map(ord, text), default=0) < _OWN:
            return text, kept
        shown = [self._letters.get(ord(letter), letter) for letter in text]
        numbers = [n for n, letters in zip(kept, shown, strict=True) for _ in letters]
        return "".join(shown), numbers

    def _read(self) -> dict[str, Table]:
        encodings: dict[bytes, Table] = {}
        for number, body in _all(self._data, b"/Differences"):
            if table := self._table(body):
                encodings[number] = table
        found: dict[str, Table] = {}
        for _, body in _all(self._data, b"/BaseFont") if encodings else ():
            name, encoding = _BASE.search(body), _ENCODING.search(body)
            if name:
                table = encodings.get(encoding[1], {}) if encoding else self._table(body)
                found.setdefault(name[1].decode("latin-1").split("+", 1)[-1], {}).update(table)
        return found

    def _table(self, body: bytes) -> Table:
        """What the differences of an encoding say of ligatures."""
        differences = _DIFFERENCES.search(body)
        table: Table = {}
        code = 0
        for number, name in _ITEM.findall(differences[1]) if differences else ():
            if number:
                code = int(number[:4])
                continue
            if _PARTS.fullmatch(name):
                table[code] = self._code(name.decode().replace("_", ""))
            code += 1
        return table

    def _code(self, letters: str) -> int:
        if letters in _KNOWN:
            return _KNOWN[letters]
        code = self._others.setdefault(letters, _OWN + len(self._others))
        self._letters[code] = letters
        return code


def _all(data: bytes, key: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The number and the text of each object that holds a key, in streams of objects too."""
    for numbers, body in objects(data, key):
        yield numbers.split()[0], body
    left, looked = _IN_ALL, 0
    for head in _STREAM.finditer(data):
        most = head.end() + _PACKED
        end = data.find(b"endstream", head.end(), most)
        packed = memoryview(data)[head.end() : end if end >= 0 else most]
        looked += len(packed)
        if left <= 0 or looked > 4 * _IN_ALL:
            return
        try:
            text = zlib.decompressobj().decompress(packed, _UNPACKED)
        except zlib.error:
            continue  # encrypted, or packed otherwise
        left -= len(text)
        if key in text:
            yield from _of_stream(text, key)


def _of_stream(text: bytes, key: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The objects of an unpacked stream that hold a key: numbers and places come first."""
    begun = _HEAD.match(text)
    first = begun.end() if begun else 0
    head = _DIGITS.findall(text, 0, first)
    places = [*map(int, head[1::2]), len(text) - first]
    for number, place, end in zip(head[::2], places, places[1:], strict=False):
        if place <= end and key in (body := text[first + place : first + end]):
            yield number, body
