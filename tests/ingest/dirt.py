"""Dirty files, and what becomes of each: a document with these notes, or skipped for this reason."""

from __future__ import annotations

import io
import json
import os
import random
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.ingest.packages import ODF_NAMES, odf_parts, pptx_parts, rows, shape, xlsx_parts
from tests.ingest.packages import zipped as packed

MAX_BYTES = 32_000_000


class Kept(NamedTuple):
    """A document: words that its text must hold, a part of each note, flags of its blocks."""

    holds: str
    notes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    lacks: str = "\x00"
    lang: str = ""


class Left(NamedTuple):
    """Skipped for a reason."""

    reason: str


def said(name: str) -> str:
    """A sentence that no other file holds."""
    return f"The level of the river {name} rises slowly after rain."


def german(name: str) -> str:
    """A sentence with umlauts and quotation marks that no other file holds."""
    return f"Der Pegel {name} fällt über Nacht, weil das „Wehr“ öffnet – schöne Grüße."


def page(name: str, body: str = "") -> bytes:
    """A whole page."""
    return f"<!DOCTYPE html><html><body><p>{said(name)}</p>{body}</body></html>".encode()


def zipped(members: Mapping[str, bytes], *, store: bool = False) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    method = zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def opened(body: str, kind: str = "text", *, head: str = "", manifest: str = "<m/>") -> bytes:
    """An OpenDocument file with this body."""
    parts = odf_parts(body, kind)
    parts["content.xml"] = head + str(parts["content.xml"])
    return packed(parts | {"META-INF/manifest.xml": manifest})


def flat(body: str, head: str = "") -> bytes:
    """An OpenDocument text in one piece of XML."""
    told = 'office:mimetype="application/vnd.oasis.opendocument.text"'
    return (
        f"{head}<office:document {ODF_NAMES} {told}><office:body><office:text>{body}</office:text>"
        "</office:body></office:document>"
    ).encode()


def docx(text: str, *, head: str = "", more: Mapping[str, bytes] | None = None) -> bytes:
    """A small Word file; head stands before its root element."""
    body = f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    return zipped(
        {
            "[Content_Types].xml": _TYPES.encode(),
            "_rels/.rels": _RELS.encode(),
            "word/document.xml": f'<?xml version="1.0"?>{head}{body}'.encode(),
            **(more or {}),
        }
    )


def pdf(operations: str, *, resources: str = "") -> bytes:
    """A PDF file of one page."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources "
        f"<< /Font << /F1 5 0 R >> {resources} >> >>",
        f"<< /Length {len(operations)} >>\nstream\n{operations}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    out += "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")


def text_pdf(name: str) -> bytes:
    """A PDF file with one line of text."""
    return pdf(f"BT /F1 12 Tf 72 700 Td ({said(name)}) Tj ET")


SCAN = "q 500 0 0 700 40 60 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x01\x80\xff\x20 EI Q"
NOISE = random.Random(5).randbytes(20_000)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def workbook(*sheets: str, names: tuple[str, ...] = ()) -> bytes:
    """A workbook of these sheets."""
    return packed(xlsx_parts(*sheets, names=names))


def notebook(*cells: dict[str, object]) -> bytes:
    """A notebook of these cells."""
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def compound(*names: str) -> bytes:
    """An OLE2 file with streams of these names."""
    entries = (name.encode("utf-16-le").ljust(64, b"\0") + bytes(64) for name in names)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"".join(entries)


DIRT: dict[str, tuple[Callable[[str], bytes], Kept | Left]] = {
    # encodings
    "bom.md": (lambda n: b"\xef\xbb\xbf# Head\n\n" + said(n).encode(), Kept("# Head")),
    "bom-twice.md": (lambda n: b"\xef\xbb\xbf\xef\xbb\xbf# Head\n\n" + said(n).encode(), Kept("# Head", ("1 byte order marks removed",))),
    "utf16le.txt": (lambda n: b"\xff\xfe" + german(n).encode("utf-16-le"), Kept("„Wehr“")),
    "utf16be-no-mark.txt": (lambda n: german(n).encode("utf-16-be"), Kept("„Wehr“")),
    "utf16-odd.txt": (lambda n: german(n).encode("utf-16") + b"x", Kept("„Wehr“", ("1 character could not be decoded",))),
    "utf32.txt": (lambda n: german(n).encode("utf-32"), Kept("„Wehr“")),
    "cp1252.txt": (lambda n: german(n).encode("cp1252"), Kept("„Wehr“ öffnet – schöne", ("read as cp1252",))),
    "cp1252-no-declaration.html": (lambda n: f"<p>{german(n)}</p>".encode("cp1252"), Kept("„Wehr“", ("read as cp1252",))),
    "latin1-declared-is-utf8.html": (lambda n: b'<meta charset="iso-8859-1">' + f"<p>{german(n)}</p>".encode(), Kept("„Wehr“")),
    "utf8-declared-is-cp1252.html": (lambda n: b'<meta charset="utf-8">' + f"<p>{german(n)}</p>".encode("cp1252"), Kept("„Wehr“", ("read as cp1252",))),
    "shiftjis-declared.html": (lambda n: b'<meta charset="shift_jis">' + f"<p>川の水位は雨の後に上昇します {n}。</p>".encode("shift_jis"), Kept("川の水位", ("read as shift_jis",))),
    "koi8-in-xml.html": (lambda n: b'<?xml version="1.0" encoding="koi8-r"?><html><p>' + f"Уровень {n}".encode("koi8-r") + b"</p></html>", Kept("Уровень", ("read as koi8-r",))),
    "unknown-charset.html": (lambda n: b'<meta charset="x-none">' + f"<p>{german(n)}</p>".encode(), Kept("„Wehr“")),
    "mixed-by-line.txt": (lambda n: f"{german(n)}\n\nÄpfel.\n\n".encode() + "Öfen.\n".encode("cp1252"), Kept("Öfen.", ("1 line not UTF-8, read as cp1252",))),
    "mixed-in-a-line.txt": (lambda n: german(n).encode() + b" K\xf6ln", Kept("Köln", ("1 line not UTF-8",))),
    "mojibake.md": (lambda n: german(n).encode().decode("cp1252", "replace").replace("\ufffd", "").encode(), Kept("fällt über Nacht", ("mojibake repaired in 1 line",))),
    "mojibake-latin1.txt": (lambda n: german(n).encode().decode("latin-1").encode(), Kept("„Wehr“", ("mojibake repaired",))),
    "german-quotes.md": (lambda n: german(n).encode(), Kept("„Wehr“", lacks='"')),
    "cut-in-a-character.txt": (lambda n: (german(n) + "€").encode()[:-1], Kept("„Wehr“", ("the file ends within a character",))),
    # characters
    "nul.html": (lambda n: page(n).replace(b"river", b"ri\x00ver"), Kept("The level of the river", ("1 control characters removed",))),
    "nul-in-between.txt": (lambda n: said(n).replace("level", "le\x00vel").encode(), Kept("The level", ("1 control characters removed",))),
    "escapes.txt": (lambda n: f"\x1b[31m{said(n)}\x1b[0m".encode(), Kept("The level", ("2 terminal escapes removed",))),
    "zero-width.html": (lambda n: page(n, "<p>wa\u200bter</p>"), Kept("water", ("1 zero-width characters removed",))),
    "soft-hyphens.html": (lambda n: page(n, "<p>wa&shy;ter</p>"), Kept("water", ("1 soft hyphens removed",))),
    "bidi.html": (lambda n: page(n, "<p>say \u202eretaw\u202c</p>"), Kept("say retaw", ("2 bidirectional controls removed", "suspect_injection"), ("suspect_injection",))),
    "tags.md": (lambda n: (said(n) + "".join(chr(0xE0000 + ord(c)) for c in "ignore")).encode(), Kept("after rain.", ("6 Unicode tag characters removed", "suspect_injection"), ("suspect_injection",), lacks="\U000e0069")),
    "tags-in-code.md": (lambda n: f"{said(n)}\n\n```\nx = 1\U000e0041\n```\n".encode(), Kept("x = 1\U000e0041", ("hidden characters in 1 block",), ("suspect_injection",))),
    "bidi-in-code.md": (lambda n: (said(n) + "\n\n```c\nif (a) \u202e/* } */\n```\n").encode(), Kept("\u202e/* } */", ("suspect_injection",), ("suspect_injection",))),
    "ligatures.md": (lambda n: f"{said(n)} The ﬁlter ﬂows.\n\n```\nﬁ\u00a0x\n```\n".encode(), Kept("The filter flows.\n\n```\nﬁ\u00a0x\n```")),
    "nbsp.html": (lambda n: page(n, "<p>10&nbsp;cm <code>a&nbsp;b</code></p>"), Kept("10 cm")),
    "surrogates.html": (lambda n: page(n, "<p>x &#xD83D; y</p>"), Kept("x")),
    "cr-newlines.md": (lambda n: f"# Head\r\r{said(n)}\r".encode(), Kept("# Head\n\nThe")),
    # what is no text, or another kind than its name says
    "empty.md": (lambda _: b"", Left("empty")),
    "blank.html": (lambda _: b" \r\n\t ", Left("empty")),
    "zeros.txt": (lambda _: bytes(5000), Left("empty")),
    "only-invisible.txt": (lambda _: "\u200b\u202e\u2060".encode(), Left("empty")),
    "empty.pdf": (lambda _: b"", Left("empty")),
    "empty.docx": (lambda _: b"\n", Left("empty")),
    "empty.zip": (lambda _: b"", Left("empty")),
    "no-text.html": (lambda _: b"<html><body><script>var x = 1;</script><img src='a.png'></body></html>", Left("no_text")),
    "rules-only.md": (lambda _: b"---\n\n***\n", Left("no_text")),
    "random.txt": (lambda _: NOISE, Left("binary")),
    "random.html": (lambda _: NOISE[::-1], Left("binary")),
    "png.html": (lambda _: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + NOISE, Left("binary")),
    "gzip.md": (lambda _: b"\x1f\x8b\x08\x00" + NOISE, Left("binary")),
    "rtf.txt": (lambda n: b"{\\rtf1 " + said(n).encode() + b"}", Left("binary")),
    "old-word.txt": (lambda _: OLE, Left("binary")),
    "program.txt": (lambda _: b"\x7fELF" + NOISE, Left("binary")),
    "page-named.pdf": (lambda n: page(n), Kept("The level", ("read as text/html",))),
    "page-named.txt": (lambda n: page(n), Kept("The level", ("read as text/html",), lacks="<p>")),
    "page-named.md": (lambda n: b"\xef\xbb\xbf\n" + page(n), Kept("The level", ("read as text/html",), lacks="<p>")),
    "page-named.docx": (lambda n: page(n), Kept("The level", ("read as text/html",))),
    "page-named.zip": (lambda n: page(n), Kept("The level")),
    "page-without-suffix": (lambda n: page(n), Kept("The level")),
    "page.aspx": (lambda n: page(n), Kept("The level")),
    "template.php": (lambda n: b"<!DOCTYPE html><html><?php echo 1; ?>" + said(n).encode(), Left("unknown_format")),
    "text-without-suffix": (lambda n: said(n).encode(), Left("unknown_format")),
    "text-named.pdf": (lambda n: said(n).encode(), Kept("The level", ("read as text/plain",))),
    "pdf-named.html": (lambda n: text_pdf(n), Kept("The level", ("read as application/pdf",))),
    "pdf-without-suffix": (lambda n: text_pdf(n), Kept("The level")),
    "docx-named.zip": (lambda n: docx(said(n)), Kept("The level")),
    "docx-named.txt": (lambda n: docx(said(n)), Kept("The level", ("read as application/vnd",))),
    "docx-without-suffix": (lambda n: docx(said(n)), Kept("The level")),
    "zip-named.docx": (lambda n: zipped({"a.md": said(n).encode()}), Kept("The level")),
    "package.jar": (lambda n: zipped({"README.md": said(n).encode()}), Left("unknown_format")),
    # damaged and hostile
    "cut.html": (lambda n: page(n, "<table><tr><td>a")[:-14], Kept("The level")),
    "cut.zip": (lambda n: zipped({"a.md": said(n).encode()})[:-30], Left("corrupt")),
    "cut.docx": (lambda n: docx(said(n))[:-100], Left("truncated")),
    "cut.pdf": (lambda n: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Cat", Left("corrupt")),
    "garbage.pdf": (lambda _: b"%PDF-1.4\n" + NOISE, Left("corrupt")),
    "scan.pdf": (lambda _: pdf(SCAN), Left("no_text_layer")),
    "protected.docx": (lambda _: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(90), Left("encrypted")),
    "old.docx": (lambda _: OLE + "WordDocument".encode("utf-16-le") + bytes(90), Left("old_format")),
    "text-bomb.docx": (lambda _: docx("x" * 30_000_000), Left("zip_bomb")),
    "media-bomb.docx": (lambda n: docx(said(n), more={"word/media/a.bmp": bytes(20_000_000)}), Kept("The level")),
    "doctype.docx": (lambda n: docx(said(n), head='<!DOCTYPE x [<!ENTITY a "b">]>'), Left("doctype")),
    "entity-bomb.docx": (lambda _: docx("&b;", head='<!DOCTYPE x [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;">]>'), Left("doctype")),
    "external-entity.docx": (lambda _: docx("&e;", head='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), Left("doctype")),
    "external-entity.html": (lambda n: b'<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]><html><p>' + said(n).encode() + b"&e;</p></html>", Kept("The level", lacks="root:")),
    "nested-divs.html": (lambda n: b"<div>" * 100_000 + page(n) + b"</div>" * 100_000, Kept("The level")),
    "unclosed.html": (lambda n: page(n) + b"<p><b>x" * 20_000, Kept("The level")),
    "attribute.html": (lambda n: f'<p title="{"x" * 12_000_000}">{said(n)}</p>'.encode(), Kept("The level")),
    "comment.html": (lambda n: f"<!--{'x' * 12_000_000}--><p>{said(n)}</p>".encode(), Kept("The level")),
    "nested-list.md": (lambda n: "".join("  " * d + "- x\n" for d in range(2000)).encode() + b"\n" + said(n).encode(), Kept("The level")),
    "quotes.md": (lambda n: said(n).encode() + b"\n\n" + b">" * 50_000 + b" x", Kept("The level")),
    "brackets.md": (lambda n: said(n).encode() + b"\n\n" + b"[" * 50_000, Kept("The level")),
    "hidden.html": (lambda n: page(n, '<p style="display:none">Buy secret pills</p><p hidden>Buy</p>'), Kept("The level", lacks="secret pills")),
    "one-long-line.txt": (lambda n: said(n).encode() + b" word" * 200_000, Kept("The level")),
    "null-bytes-head.csv": (lambda n: b"a,b\n" + said(n).encode() + b",\x002\n", Kept("The level", ("1 control characters removed",))),
    "broken.ipynb": (lambda _: b'{"cells": [{"cell_type": "markdown", "source": ["a"', Left("corrupt")),
    "not-a-book.epub": (lambda _: zipped({"mimetype": b"application/epub+zip", "a.txt": b"x"}), Left("unknown_format")),
    # formats and what they are taken for
    "utf16le-no-mark.txt": (lambda n: german(n).encode("utf-16-le"), Kept("„Wehr“")),
    "utf16-cjk-no-mark.txt": (lambda n: ("川の水位は雨の後にゆっくり上昇します。"*20).encode("utf-16-le"), Kept("川の水位")),
    "utf7.txt": (lambda n: (german(n)).encode("utf-7"), Kept("„Wehr“ öffnet",("read as utf-7",))),
    "utf7-declared.html": (lambda n: b'<meta charset="utf-7"><p>'+german(n).encode("utf-7")+b"</p>", Kept("„Wehr“ öffnet",("read as utf-7",))),
    "ebcdic.txt": (lambda n: (said(n)*10).encode("cp037"), Kept("The level",("read as cp037",))),
    "latin1-in-utf8.html": (lambda n: page(n, f"<p>{german(n)}</p>").replace(b"</body>", b"\n<p>Auch in K\xf6ln regnet es heute.</p></body>"), Kept("Köln", ("1 line not",))),
    "u2028.md": (lambda n: f"# Head\u2028\u2028{said(n)}\u2029".encode(), Kept("# Head\n\nThe")),
    "mixed-newlines.md": (lambda n: f"# Head\r\n\r{said(n)}\n\r\n- a\r- b\r\n".encode(), Kept("- a\n- b")),
    "pdf-named.md": (lambda n: text_pdf(n), Kept("The level",("read as application/pdf",))),
    "docx-named.html": (lambda n: docx(said(n)), Kept("The level")),
    "xlsx-named.csv": (lambda n: workbook(rows("Name|"+said(n),"a|b")), Kept("The level")),
    "doc-named.docx": (lambda n: compound("Root Entry","WordDocument"), Left("old_format")),
    "protected.xlsx": (lambda n: compound("Root Entry","EncryptionInfo","EncryptedPackage"), Left("encrypted")),
    "no-opf.epub": (lambda n: zipped({"mimetype":b"application/epub+zip","META-INF/container.xml":b'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="x.opf"/></rootfiles></container>',"a.xhtml":page(n)}), Left("unknown_format")),
    "v3.ipynb": (lambda n: json.dumps({"nbformat":3,"nbformat_minor":0,"metadata":{},"worksheets":[{"cells":[{"cell_type":"heading","level":1,"source":["Head"]},{"cell_type":"markdown","source":said(n)}, {"cell_type":"code","input":["x=1"],"outputs":[{"output_type":"pyout","text":["1"]}]}]}]}).encode(), Kept("# Head\n\nThe level")),
    "huge-output.ipynb": (lambda n: notebook({"cell_type":"markdown","metadata":{},"source":said(n)}, {"cell_type":"code","metadata":{},"execution_count":1,"source":"f()","outputs":[{"output_type":"stream","name":"stdout","text":"0123456789\n"*2_000_000}]}), Kept("The level")),
    "image-output.ipynb": (lambda n: notebook({"cell_type":"markdown","metadata":{},"source":said(n)}, {"cell_type":"code","metadata":{},"execution_count":1,"source":"f()","outputs":[{"output_type":"display_data","metadata":{},"data":{"image/png":"A" * 12_000_000}}]}), Kept("The level", lacks="AAAA")),
    "list.ipynb": (lambda n: b'[1, 2, {"cells": 3}]', Left("corrupt")),
    "null-cells.ipynb": (lambda n: b'{"cells": [null, 5, {"cell_type": "markdown"}, {"cell_type":"markdown","source":null}], "nbformat": 4}', Left("no_text")),
    "unbalanced.csv": (lambda n: b'name,depth\n"open,3\n'+said(n).encode()+b',4\nb,5\n', Kept("The level")),
    "one-column.csv": (lambda n: b"name\n"+said(n).encode()+b"\nx\n", Kept("The level")),
    "wide.csv": (lambda n: said(n).encode()+b","*100_000+b"\n"+b"x,"*100_000, Kept("The level")),
    "formulas.xlsx": (lambda n: workbook(f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{said(n)}</t></is></c><c r="B1"><f>SUM(C1:C9)</f></c></row></sheetData>'), Kept("=SUM(C1:C9)")),
    "unknown-type.xlsx": (lambda n: workbook(f'<sheetData><row r="1"><c r="A1" t="odd"><is><t>{said(n)}</t></is></c><c r="B1" t="odd"><v>7</v></c></row></sheetData>'), Kept("The level")),
    "merged.xlsx": (lambda n: workbook(rows("Head|","a|b")+'<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A1:XFD1048576"/></mergeCells>'), Kept("Head")),
    "hidden-only.xlsx": (lambda n: workbook(rows("a|b"),names=("!Secret",)), Left("no_text")),
    "hidden-slide.pptx": (lambda n: packed(pptx_parts(shape("Shown"),"!"+shape("Not shown"))), Kept("Shown")),
    "rtf-named.md": (lambda n: b"{\\rtf1 "+said(n).encode()+b"}", Left("binary")),
    "letter.odt": (lambda n: opened(f"<text:p>{said(n)}</text:p>"), Kept("The level")),
    "odt-named.docx": (lambda n: opened(f"<text:p>{said(n)}</text:p>"), Kept("The level")),
    "odt-named.md": (lambda n: opened(f"<text:p>{said(n)}</text:p>"), Kept("The level", ("read as application/vnd.oasis",))),
    "no-content.odt": (lambda n: zipped({"mimetype":b"application/vnd.oasis.opendocument.text","a.xml":b"<x>"+said(n).encode()+b"</x>"},store=True), Left("unknown_format")),
    "no-body.odt": (lambda n: zipped({"mimetype":b"application/vnd.oasis.opendocument.text","content.xml":b"<x>"+said(n).encode()+b"</x>"},store=True), Left("corrupt")),
    "cut.odt": (lambda n: opened(f"<text:p>{said(n)}</text:p>")[:-100], Left("truncated")),
    "protected.odt": (lambda n: opened(f"<text:p>{said(n)}</text:p>", manifest="<m><encryption-data/></m>"), Left("encrypted")),
    "doctype.odt": (lambda n: opened(f"<text:p>{said(n)}&b;</text:p>", head='<!DOCTYPE x [<!ENTITY b "c">]>'), Left("doctype")),
    "external-entity.ods": (lambda _: opened("<table:table>&e;</table:table>", "spreadsheet", head='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), Left("doctype")),
    "text-bomb.odt": (lambda _: opened("<text:p>" + "x" * 30_000_000 + "</text:p>"), Left("zip_bomb")),
    "blanks.odt": (lambda n: opened(f"<text:p>{said(n)}" + '<text:s text:c="999999999"/>' * 50 + "</text:p>"), Kept("The level")),
    "repeated.ods": (lambda n: opened(f'<table:table><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>{said(n)[:30]}</text:p></table:table-cell></table:table-row></table:table>', "spreadsheet"), Kept("The level", ("repeated rows",))),
    "spanned.odt": (lambda n: opened(f'<table:table><table:table-row><table:table-cell table:number-columns-spanned="999999999" table:number-rows-spanned="999999999"><text:p>{said(n)}</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>'), Kept("The level")),
    "deep-frames.odt": (lambda n: opened(f"<text:p>{said(n)}</text:p>" + "<draw:g>" * 200 + "<text:p>inmost words</text:p>" + "</draw:g>" * 200), Kept("The level", ("text box left out",), lacks="inmost")),
    "too-deep.odt": (lambda n: opened("<text:section>" * 5_000 + f"<text:p>{said(n)}</text:p>" + "</text:section>" * 5_000), Left("corrupt")),
    "flat.fodt": (lambda n: flat(f"<text:p>{said(n)}</text:p>"), Kept("The level")),
    "flat-cut.fodt": (lambda n: flat(f"<text:p>{said(n)}</text:p>")[:-40], Left("corrupt")),
    "flat-doctype.fodt": (lambda n: flat(f"<text:p>{said(n)}&b;</text:p>", '<!DOCTYPE x [<!ENTITY b "c">]>'), Left("doctype")),
    "flat-named.xml.txt": (lambda n: flat(f"<text:p>{said(n)}</text:p>"), Kept("The level", ("read as application/vnd.oasis",))),
    "page-named.odt": (lambda n: page(n), Kept("The level", ("read as text/html",))),
    "drawing.odg": (lambda n: opened(f"<draw:page>{said(n)}</draw:page>", "graphics"), Left("unknown_format")),
    "json.html": (lambda n: json.dumps({"a":said(n)}).encode(), Kept("The level")),
    "xml.html": (lambda n: f'<?xml version="1.0"?><feed><entry><title>T</title><summary>{said(n)}</summary></entry></feed>'.encode(), Kept("The level")),
    "svg.html": (lambda n: f'<svg xmlns="http://www.w3.org/2000/svg"><text>{said(n)}</text></svg>'.encode(), Left("no_text")),
    "whitespace.md": (lambda n: " \n\u00a0\u2003\n\u3000\t".encode(), Left("empty")),
    "front-matter-only.md": (lambda n: b"---\ntitle: A\ntags: [a]\n---\n", Left("no_text")),
    "comments-only.html": (lambda n: b"<!-- one --><!-- two words here -->", Left("no_text")),
    "comments-only.md": (lambda n: b"<!-- one two three -->\n\n[//]: # (comment)\n", Left("no_text")),
    "comments-only.rst": (lambda n: b".. one two three\n\n.. more\n   words\n", Left("no_text")),
    "script-only.html": (lambda n: b"<script>document.write('x')</script><noscript></noscript>", Left("no_text")),
    "frameset.html": (lambda n: b"<html><head><title>T</title></head><frameset cols='20%,80%'><frame src='a.html'><frame src='b.html'><noframes><p>"+said(n).encode()+b"</p></noframes></frameset></html>", Left("no_text")),
    "moved.html": (lambda n: b"<html><head><title>Moved</title><META HTTP-EQUIV=Refresh CONTENT='0; URL=new.html'></head><body><p>See <a href=new.html>here</a>.</p></body></html>", Left("redirect")),
    "noscript.html": (lambda n: b"<html><head><noscript><meta http-equiv='refresh' content='0; url=noscript.html'></noscript></head><body><p>"+said(n).encode()+b"</p></body></html>", Kept("The level of the river")),
    "frames-only.html": (lambda n: b"<html><head><title>T</title></head><frameset cols='20%,80%'><frame src='a.html'><frame src='b.html'></frameset></html>", Left("no_text")),
    "meta-lies.html": (lambda n: b'<meta charset="utf-16"><p>'+german(n).encode()+b"</p>", Kept("„Wehr“")),
    "data-image.html": (lambda n: page(n, f'<img src="data:image/png;base64,{"A" * 12_000_000}">'), Kept("The level", lacks="AAAA")),
    "data-image.md": (lambda n: f'{said(n)}\n\n![x](data:image/png;base64,{"A" * 12_000_000})\n'.encode(), Kept("The level", lacks="AAAA")),
    "data-image-ref.md": (lambda n: f'{said(n)} ![x][p]\n\n[p]: data:image/png;base64,{"A" * 12_000_000}\n'.encode(), Kept("The level", lacks="AAAA")),
    "deep-list.rst": (lambda n: said(n).encode()+b"\n\n"+"".join("  "*d+"- x\n\n" for d in range(1000)).encode(), Kept("The level")),
    "deep-quote.rst": (lambda n: said(n).encode()+b"\n\n"+"".join(" "*d+"x\n\n" for d in range(1000)).encode(), Kept("The level")),
    "stars.md": (lambda n: said(n).encode()+b"\n\n"+b"*"*100_000+b" a **"*5000, Kept("The level")),
    "backticks.md": (lambda n: said(n).encode()+b"\n\n"+b" ".join(b"`"*k for k in range(1,600)), Kept("The level")),
    "bars.md": (lambda n: said(n).encode()+b"\n\n"+b"|"*50_000+b"\n"+b"|-"*25_000+b"|\n"+b"|"*50_000, Kept("The level")),
    "open-brackets.md": (lambda n: said(n).encode()+b"\n\n"+b"[a](<b"*20_000, Kept("The level")),
    "entities.md": (lambda n: said(n).encode()+b"\n\n"+b"&"*50_000+b"&#x110000; &#0;", Kept("The level")),
    "references.md": (lambda n: f"{said(n)} [r99999]\n\n".encode()+"".join(f"[r{k}]: http://x/{k}\n" for k in range(100_000)).encode(), Kept("The level")),
    "stars.rst": (lambda n: said(n).encode()+b"\n\n"+b"*a `b |c "*8000, Kept("The level")),
    "include.rst": (lambda n: said(n).encode()+b"\n\n.. include:: /etc/passwd\n\n.. raw:: html\n   :file: /etc/passwd\n\n.. csv-table::\n   :file: /etc/passwd\n", Kept("The level", lacks="root:")),
    "include.adoc": (lambda n: said(n).encode()+b"\n\ninclude::/etc/passwd[]\n\n----\ninclude::/etc/passwd[]\n----\n", Kept("The level", lacks="root:")),
    "before-the-bar.adoc": (lambda n: b"|===\n"+said(n).encode()+b"\n|a |b\n|1 |2\n|===\n", Kept("The level")),
    "attribute-bomb.adoc": (lambda n: said(n).encode()+b"\n\n:a: xxxxxxxxxx\n"+b"".join(b":%c: {%c}{%c}{%c}{%c}{%c}{%c}{%c}{%c}{%c}{%c}\n"%((c,)+(c-1,)*10) for c in range(98,118))+b"\n{t}\n", Kept("The level")),
    "substitution-bomb.rst": (lambda n: said(n).encode()+b"\n\n|t|\n\n"+b".. |a| replace:: xxxxxxxxxx\n"+b"".join(b".. |%c| replace:: |%c| |%c| |%c| |%c| |%c| |%c| |%c| |%c| |%c| |%c|\n"%((c,)+(c-1,)*10) for c in range(98,118)), Kept("The level")),
    "letter.rtf": (lambda n: b"{\\rtf1 " + said(n).encode() + b"}", Left("unknown_format")),
    "large-table.rst": (lambda n: said(n).encode() + b"\n\n" + (b"+--" * 200 + b"+\n" + b"|x " * 200 + b"|\n") * 150 + b"+--" * 200 + b"+\n", Kept("The level", ("a table of over 20,000 cells",))),
}  # fmt: skip


def lay_out(root: Path) -> dict[str, Kept | Left]:
    """Write every dirty file below root; the expected outcome of each by its path."""
    root.mkdir()
    expected: dict[str, Kept | Left] = {}
    for name, (make, outcome) in DIRT.items():
        (root / name).write_bytes(make(name.replace(".", " ")))
        expected[f"docs/{name}"] = outcome
    inside = expected.pop("docs/zip-named.docx")
    expected["docs/zip-named.docx/a.md"] = inside
    return expected | _specials(root)


def _specials(root: Path) -> dict[str, Kept | Left]:
    """Dirt that is no matter of bytes."""
    with (root / "huge.html").open("wb") as stream:
        stream.truncate(200_000_000)
    (root / "loop").symlink_to(root)
    (root / "itself.md").symlink_to(root / "itself.md")
    (root / "nowhere.md").symlink_to(root / "not-there.md")
    (root / "out.md").symlink_to("/etc/passwd")
    (root / "away").symlink_to("/etc")
    os.mkfifo(root / "pipe.md")
    (root / "two\nlines.md").write_text(said("two lines"), encoding="utf-8")
    (root / os.fsdecode(b"gr\xfcn.md")).write_text(said("latin name"), encoding="utf-8")
    (root / "locked.md").write_text(said("locked"), encoding="utf-8")
    (root / "locked.md").chmod(0)
    (root / "sealed").mkdir(mode=0)
    twin = said("twins").encode()
    (root / "twin-1.md").write_bytes(twin)
    (root / "twin-2.md").write_bytes(twin)
    (root / "twin-3.html").write_bytes(b"<p>" + twin.upper().replace(b" ", b"\n ") + b"!</p>")
    mighty = os.geteuid() == 0  # nothing is locked to root
    return {
        "docs/huge.html": Left("too_large"),
        "docs/loop": Left("link_loop"),
        "docs/itself.md": Left("broken_link"),
        "docs/nowhere.md": Left("broken_link"),
        "docs/out.md": Left("link_outside"),
        "docs/away": Left("link_outside"),
        "docs/pipe.md": Left("not_a_file"),
        "docs/two\ufffdlines.md": Kept("The level"),
        "docs/gr\ufffdn.md": Kept("The level"),
        "docs/locked.md": Kept("The level") if mighty else Left("unreadable"),
        **({} if mighty else {"docs/sealed": Left("unreadable")}),
        "docs/twin-1.md": Kept("The level"),
        "docs/twin-2.md": Left("duplicate"),
        "docs/twin-3.html": Left("duplicate"),
    }
