"""PDF files written by hand, of text in places, for tests of how they are read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from builder.ingest import read_bytes
from builder.records import BlockKind, Document


def document(data: bytes) -> Document:
    found = read_bytes(data, path="docs/manual.pdf", media_type="application/pdf")
    assert isinstance(found, Document), found
    return found


def texts(found: Document, kind: BlockKind) -> list[str]:
    shown = [found.text[block.start : block.end] for block in found.blocks if block.kind == kind]
    return [re.sub(r"\A```\w+", "```", text).replace("\u2212", "-") for text in shown]


def written(*objects: str) -> bytes:
    """A PDF file of objects 1, 2, ... with a right cross-reference table; 1 is the catalog."""
    out = b"%PDF-1.7\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n".encode()
    return out + f"startxref\n{start}\n%%EOF\n".encode()


def typed(x: float, y: float, text: str, font: str = "C", size: float = 10) -> str:
    return f"BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET "


def wide(x: float, y: float, text: str, font: str = "H", size: float = 10, apart: float = 0) -> str:
    """Text in a font of full-width letters; apart: how far each is set from the next."""
    return f"BT /{font} {size} Tf {apart} Tc {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET "


def _of_full_width(name: str, *, fixed: bool) -> str:
    """A font whose letters are full-width, but for the Latin ones; codes are UTF-16."""
    described = (
        f"/FontDescriptor << /Type /FontDescriptor /FontName /{name} /Flags {4 + fixed} /StemV 80 "
        "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /FontBBox [0 -120 1000 880] >>"
    )
    return (
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /UniGB-UTF16-H "
        f"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /{name} /DW 1000 "
        f"/W [1 95 500] /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> "
        f"{described} >>] >>"
    )


FULL_WIDTH = (
    f"/H {_of_full_width('SimSun', fixed=True)} /K {_of_full_width('KaiTi', fixed=False)} "
    f"/M {_of_full_width('SongMono', fixed=True)} "
)


def _signs(letters: int) -> str:
    """The fonts of signs; letters: the object with what these are."""
    return " ".join(
        f"/{key} << /Type /Font /Subtype /Type1 /BaseFont /{face} /FirstChar 97 /LastChar 102 "
        f"/Widths [600 600 600 600 600 300] /ToUnicode {letters} 0 R >>"
        for key, face in {"Z": "Times-Roman", "V": "Courier"}.items()
    )


_LETTERS = (
    "/CMapName /Signs def 1 begincodespacerange <00> <ff> endcodespacerange "
    "6 beginbfchar <61> <2190> <62> <21aa> <63> <2423> <64> <201d> <65> <0027> <66> <037e> endbfchar"
)


def page_of(*lines: str, outline: Sequence[tuple[str, int]] = ()) -> Document:
    """What is read of such a page."""
    return document(page(*lines, outline=outline))


def page(*lines: str, outline: Sequence[tuple[str, int]] = ()) -> bytes:
    """A page with an outline of one level: titles, with the height that each leads to or 1.

    Its fonts: /F Helvetica, /B bold, /I italic, /S named like small capitals, /T Times, /U bold,
    /C Courier, /D bold, /O slanted; of full-width letters /H SimSun and /M SongMono, which say that
    they are fixed-pitch fonts, and /K KaiTi; of signs around code /Z, whose a is an arrow to the
    left, b one with a hook to the right, and /V of fixed pitch, whose c is a blank that shows,
    whose d is a quotation mark to the right and whose f is the question mark of Greek.
    """
    content = " ".join(lines)
    count = len(outline)
    items = [
        f"<< /Title ({title}) /Parent 8 0 R /Dest [5 0 R {f'/XYZ 72 {y} null' if y > 1 else '/Fit'}] "
        + (f"/Next {10 + n} 0 R " if n + 1 < count else "")
        + ">>"
        for n, (title, y) in enumerate(outline)
    ]
    marks = "/Outlines 8 0 R" if outline else ""
    return written(
        f"<< /Type /Catalog /Pages 2 0 R {marks} >>",
        "<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F 3 0 R /B 6 0 R /C 7 0 R /I << /Type /Font /Subtype /Type1 "
        "/BaseFont /Helvetica-Oblique >> /S << /Type /Font /Subtype /Type1 /BaseFont "
        "/LMRomanCaps10-Regular >> /T << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >> "
        "/D << /Type /Font /Subtype /Type1 /BaseFont /Courier-Bold >> "
        "/O << /Type /Font /Subtype /Type1 /BaseFont /Courier-Oblique >> "
        f"{FULL_WIDTH} {_signs(9 + count)} "
        "/U << /Type /Font /Subtype /Type1 /BaseFont /Times-Bold >> >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        f"<< /First 9 0 R /Last {8 + count} 0 R /Count {count} >>",
        *items,
        f"<< /Length {len(_LETTERS)} >>\nstream\n{_LETTERS}\nendstream",
    )


def paragraph(y: int) -> str:
    return typed(72, y, "The pump moves water from the well to the house, and it", "F") + typed(
        72, y - 13, "stops by itself when the well is dry or the tank is full.", "F"
    )


Element = tuple[str, list["Element | str"]]  # a tag, and what is in it: elements, what draws it


def tagged(*blocks: tuple[str, str]) -> Document:
    """A page of tagged blocks, each its tag and what draws it; without a tag it is in no element."""
    elements: list[Element | str] = [(tag, [drawn]) if tag else drawn for tag, drawn in blocks]
    return structured(*elements)


def structured(*elements: Element | str) -> Document:
    """A page with a structure tree; what draws in none of its elements is given alone."""
    drawn: list[str] = []
    owners: list[int] = []  # the object of the element that has a marked content
    nodes: dict[int, str] = {}  # objects of elements

    def add(element: Element, parent: int) -> int:
        tag, inner = element
        number = 9 + len(nodes)
        nodes[number] = ""
        kids = []
        for kid in inner:
            if isinstance(kid, str):
                kids.append(str(len(owners)))
                drawn.append(f"/{tag} <</MCID {len(owners)}>> BDC {kid} EMC")
                owners.append(number)
            else:
                kids.append(f"{add(kid, number)} 0 R")
        nodes[number] = (
            f"<< /Type /StructElem /S /{tag} /P {parent} 0 R /Pg 5 0 R /K [{' '.join(kids)}] >>"
        )
        return number

    tops = []
    for element in elements:
        if isinstance(element, str):
            drawn.append(element)
        else:
            tops.append(f"{add(element, 7)} 0 R")
    content = " ".join(drawn)
    held = " ".join(f"{number} 0 R" for number in owners)
    return document(
        written(
            "<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 7 0 R /MarkInfo << /Marked true >> >>",
            "<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /StructParents 0 "
            "/Resources << /Font << /F 3 0 R /B 6 0 R "
            "/C << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >> >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
            f"<< /Type /StructTreeRoot /K [{' '.join(tops)}] /ParentTree 8 0 R >>",
            f"<< /Nums [0 [{held}]] >>",
            *nodes.values(),
        )
    )


def book(
    *pages: str,
    outline: Sequence[tuple[str, int]] = (),
    levels: Sequence[int] = (),
    size: tuple[int, int] = (595, 842),
) -> Document:
    """Pages of content, with an outline: titles, with the page that each leads to.

    levels: of these titles, 1 if none are told. size: width and height of the pages, points.
    Fonts as in page_of; /Y is Symbol, and /W is no bold one, though its stems are as wide as those of one;
    the name of /X, with such stems, does not tell.
    """
    faces = {
        "F": "Helvetica", "B": "Helvetica-Bold", "I": "Helvetica-Oblique", "T": "Times-Roman",
        "U": "Times-Bold", "C": "Courier", "D": "Courier-Bold", "Y": "Symbol",
    }  # fmt: skip
    wide = (
        "/FontDescriptor << /Type /FontDescriptor /FontName /Brook-Roman /Flags 34 /StemV 139 "
        "/ItalicAngle 0 /Ascent 700 /Descent -200 /CapHeight 700 /FontBBox [0 -200 1000 900] >> "
        f"/FirstChar 32 /LastChar 126 /Widths [{' 500' * 95}]"
    )
    fonts = " ".join(
        f"/{key} << /Type /Font /Subtype /Type1 /BaseFont /{face} >>" for key, face in faces.items()
    )
    for key, face in {"W": "Brook-Roman", "X": "Brook"}.items():
        named = wide.replace("Brook-Roman", face)
        named = named.replace(" 500 500 500", " 500 400 600") if key == "X" else named
        fonts += f" /{key} << /Type /Font /Subtype /Type1 /BaseFont /{face} {named} >>"
    n_pages, count = len(pages), len(outline)
    depths = [*levels] or [1] * count
    kids = " ".join(f"{3 + 2 * at} 0 R" for at in range(n_pages))
    root = 3 + 2 * n_pages
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {f'/Outlines {root} 0 R' if outline else ''} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {n_pages} >>",
    ]
    for at, content in enumerate(pages):
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] "
            f"/Contents {4 + 2 * at} 0 R "
            f"/Resources << /Font << {fonts} >> >> >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    objects.append(f"<< /First {root + 1} 0 R /Last {root + count} 0 R /Count {count} >>")
    for n, (title, page) in enumerate(outline):
        behind = range(n + 1, count)
        above = next((m for m in behind if depths[m] < depths[n]), count)
        following = next((m for m in behind if m < above and depths[m] == depths[n]), None)
        child = n + 1 < count and depths[n + 1] > depths[n]
        links = f"/Next {root + following + 1} 0 R " if following is not None else ""
        links += f"/First {root + n + 2} 0 R /Last {root + above} 0 R " if child else ""
        dest = f"/Dest [{1 + 2 * page} 0 R /Fit]"
        objects.append(f"<< /Title ({title}) /Parent {root} 0 R {dest} {links}>>")
    return document(written(*objects))
