"""The structure tree of a tagged PDF file, as far as it stands on a page."""

from __future__ import annotations

import ctypes
from typing import Any

from builder.ingest.pdf.page import ABSENT, Tag
from builder.ingest.pdf.raw import string

MAX_DEPTH = 60  # of the structure tree
MAX_SPAN = 100  # rows or columns of a table that one cell goes over
_CELLS = ("TD", "TH")


def tags(raw: Any, page: Any) -> list[Tag]:  # a pdfium pointer
    """The elements of the tree that stand on a page; [] of a file without tags."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return []
    try:
        n = int(raw.FPDF_StructTree_CountChildren(tree))
        kids = [raw.FPDF_StructTree_GetChildAtIndex(tree, at) for at in range(max(0, n))]
        return [_tag(raw, kid, 0) for kid in kids if kid]
    finally:
        raw.FPDF_StructTree_Close(tree)


def _tag(raw: Any, element: Any, depth: int) -> Tag:  # a pdfium pointer
    tag = Tag(string(raw.FPDF_StructElement_GetType, element))
    if depth > MAX_DEPTH:
        return tag
    n = int(raw.FPDF_StructElement_CountChildren(element))
    for at in range(max(0, n)):
        kid = raw.FPDF_StructElement_GetChildAtIndex(element, at)
        if kid:
            below = _tag(raw, kid, depth + 1)
            if below.kind in _CELLS:
                below.span = _number(raw, kid, b"RowSpan"), _number(raw, kid, b"ColSpan")
            if below.kids or below.kind in _CELLS:
                tag.kids.append(below)
            continue
        content = int(raw.FPDF_StructElement_GetChildMarkedContentID(element, at))
        if content >= 0:
            tag.kids.append(content)
        elif tag.kind == "TR":
            tag.kids.append(Tag(ABSENT))
    if not n:
        content = int(raw.FPDF_StructElement_GetMarkedContentID(element))
        tag.kids += [content] if content >= 0 else []
    return tag


def _number(raw: Any, element: Any, name: bytes) -> int:  # element: a pdfium pointer
    """A number that the attributes of an element tell, 1 where they do not."""
    for at in range(max(0, int(raw.FPDF_StructElement_GetAttributeCount(element)))):
        attributes = raw.FPDF_StructElement_GetAttributeAtIndex(element, at)
        value = raw.FPDF_StructElement_Attr_GetValue(attributes, name)
        number = ctypes.c_float()
        if value and raw.FPDF_StructElement_Attr_GetNumberValue(value, number):
            return min(MAX_SPAN, max(1, int(number.value)))
    return 1


def is_artifact(raw: Any, owner: int) -> bool:
    """Whether a text object is marked as page furniture."""
    handle = ctypes.cast(owner, raw.FPDF_PAGEOBJECT)
    for at in range(max(0, int(raw.FPDFPageObj_CountMarks(handle)))):
        mark = raw.FPDFPageObj_GetMark(handle, at)
        name = (ctypes.c_ushort * 64)()
        size = ctypes.c_ulong()
        raw.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), size)
        if bytes(name)[: size.value].decode("utf-16-le", "replace").startswith("Artifact"):
            return True
    return False
