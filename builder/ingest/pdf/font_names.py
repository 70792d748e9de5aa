"""Names for fonts that a file draws by itself (Type 3), from what it tells of them.

pdfium knows a font by its own name, which these lack. Browsers, which draw fonts with PostScript
outlines so, write it into a descriptor beside the font (PDF 1.7, 9.8). It is added as an
incremental update (7.5.6): the file as it was, and behind it these fonts once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEAD = re.compile(rb"(\d+)\s+(\d+)\s+\Z")
_TYPE = re.compile(rb"/Subtype\s*/Type3\b")
_DESCRIPTOR = re.compile(rb"/FontDescriptor\s+(\d+\s+\d+)\s+R\b")
_NAME = re.compile(rb"/FontName\s*/([^\s/<>()\[\]{}%]+)")
_WEIGHT = re.compile(rb"/FontWeight\s+(\d+)")
_SLANT = re.compile(rb"/ItalicAngle\s+-?0*[1-9]")
_TRAILER = re.compile(rb"trailer\s*<<(.*)>>\s*startxref\s+(\d+)\s+%%EOF\s*\Z", re.DOTALL)
_OF_OTHERS = re.compile(rb"/(?:Prev|XRefStm)\s+\d+")  # where older tables stand
_BOLD = 600
_TAIL = 4096  # bytes that hold the trailer
_LONGEST = 1 << 16  # bytes of such an object before its key
_HEAD_BYTES = 32  # that hold the numbers of an object


def told(data: bytes) -> bytes:
    """A file in which drawn fonts have names; the file itself where it tells none."""
    if b"/Type3" not in data:
        return data
    tail = data[-_TAIL:]
    trailer = _TRAILER.search(tail, max(0, tail.rfind(b"trailer")))
    if trailer is None or data[int(trailer[2]) :][:4] != b"xref":
        return data
    names = {number: _name(body) for number, body in objects(data, b"/FontName")}
    fonts: dict[bytes, bytes] = {}
    for number, body in objects(data, b"/Type3"):
        described = _DESCRIPTOR.search(body)
        name = names.get(b" ".join(described[1].split())) if described else None
        if name and _TYPE.search(body) and b"/BaseFont" not in body:
            fonts[number] = body.replace(b"<<", b"<</BaseFont /" + name + b" ", 1)
    return _updated(data, fonts, trailer[1], int(trailer[2])) if fonts else data


def objects(data: bytes, key: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The objects of a file that hold a key and no stream: their two numbers and what they are."""
    at, end = data.find(key), 0
    while at >= 0 and end >= 0:
        begin, end = data.rfind(b"obj", max(0, at - _LONGEST), at), data.find(b"endobj", at)
        head = _HEAD.search(data[max(0, begin - _HEAD_BYTES) : max(0, begin)])
        if head and end >= 0 and b"stream" not in data[begin:end]:
            yield head[1] + b" " + head[2], data[begin + 3 : end]
        at = data.find(key, end)


def _name(descriptor: bytes) -> bytes:
    """The name of a font with the style that it may not tell; empty where there is none."""
    found = _NAME.search(descriptor)
    if found is None:
        return b""
    name, weight = found[1], _WEIGHT.search(descriptor)
    if weight and int(weight[1]) >= _BOLD and not re.search(rb"(?i)bold|black|heavy|demi", name):
        name += b"-Bold"
    if _SLANT.search(descriptor) and not re.search(rb"(?i)ital|oblique|slant", name):
        name += b"-Italic"
    return name


def _updated(data: bytes, objects: dict[bytes, bytes], trailer: bytes, before: int) -> bytes:
    """A file with newer objects behind it. before: the place of its last table of objects."""
    added = [b"\n"]
    length = len(data) + 1
    table = [b"xref\n"]
    for numbers, body in objects.items():
        number, generation = numbers.split()
        table.append(b"%d 1\n%010d %05d n \n" % (int(number), length, int(generation)))
        added.append(numbers + b" obj" + body + b"endobj\n")
        length += len(added[-1])
    rest = _OF_OTHERS.sub(b"", trailer) + b"/Prev %d" % before
    end = b"trailer\n<<" + rest + b">>\nstartxref\n%d\n%%%%EOF\n" % length
    return b"".join([data, *added, *table, end])
