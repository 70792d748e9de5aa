"""Office files and books from strangers: bombs, damage and locks end with a reason, not a crash."""

from __future__ import annotations

import random
import struct
import zipfile
from io import BytesIO

import pytest

from builder.ingest import docx, epub, odf, odp, ods, pptx, sheets
from builder.ingest.parsed import Parsed, Refused
from builder.records import Document, Skipped
from tests.ingest.packages import (
    docx_parts,
    epub_parts,
    odf_parts,
    pptx_parts,
    relations,
    result,
    rows,
    shape,
    xlsx_parts,
    zipped,
)

PARAGRAPH = "<w:p><w:r><w:t>The pump moves water.</w:t></w:r></w:p>"
FILES = {
    "docx": docx_parts(PARAGRAPH * 3),
    "pptx": pptx_parts(shape("Pump", role="title") + shape("moves water", role="body")),
    "xlsx": xlsx_parts(rows("Name|Value", "pump|3")),
    "epub": epub_parts({"a.xhtml": "<h1>Pump</h1><p>The pump moves water.</p>"}),
    "odt": odf_parts("<text:p>The pump moves water.</text:p>"),
    "odp": odf_parts(
        "<draw:page><draw:frame><draw:text-box><text:p>The pump moves water.</text:p>"
        "</draw:text-box></draw:frame></draw:page>",
        "presentation",
    ),
    "ods": odf_parts(
        '<table:table table:name="Pumps"><table:table-row><table:table-cell>'
        "<text:p>The pump moves water.</text:p></table:table-cell></table:table-row></table:table>",
        "spreadsheet",
    ),
}
MAIN = {
    "docx": "word/document.xml",
    "pptx": "ppt/slides/slide1.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
    "epub": "OEBPS/content.opf",
    "odt": "content.xml",
    "odp": "content.xml",
    "ods": "content.xml",
}
READERS = {
    "docx": docx.parse,
    "pptx": pptx.parse,
    "xlsx": sheets.parse_xlsx,
    "epub": epub.parse,
    "odt": odf.parse,
    "odp": odp.parse,
    "ods": ods.parse,
}
each_format = pytest.mark.parametrize("suffix", list(FILES))


def refused(data: bytes, suffix: str) -> tuple[str, str]:
    """Why a file is refused."""
    found = READERS[suffix](data)
    assert isinstance(found, Refused), found
    return found.reason, found.detail


@each_format
def test_a_sound_file_is_read(suffix: str) -> None:
    assert isinstance(result(zipped(FILES[suffix]), suffix), Document)


@each_format
def test_a_file_that_was_cut_off_is_called_so(suffix: str) -> None:
    assert refused(zipped(FILES[suffix])[:-200], suffix)[0] == "truncated"


def test_files_of_other_office_formats_are_told_what_to_do() -> None:
    parts = xlsx_parts("") | {"_rels/.rels": relations(officeDocument="xl/workbook.bin")}
    parts["xl/workbook.bin"] = b"\x83\x01"

    assert refused(b"{\\rtf1 text}", "docx") == (
        "unknown_format",
        "this is a Rich Text document: save it as .docx",
    )
    assert refused(zipped(parts), "xlsx") == (
        "unknown_format",
        "this is a binary Excel workbook: save it as .xlsx",
    )


def test_a_bomb_of_text_is_refused_before_it_is_unpacked() -> None:
    parts = docx_parts("<w:p><w:r><w:t>" + "A" * 30_000_000 + "</w:t></w:r></w:p>")

    reason, detail = refused(zipped(parts), "docx")

    assert reason == "zip_bomb"
    assert "word/document.xml" in detail


def test_parts_that_are_large_together_are_refused() -> None:
    data = zipped(FILES["docx"])
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/document.xml"))
    claimed = bytearray(data)
    claimed[at + 24 : at + 28] = struct.pack("<I", 600 * 1024 * 1024)

    assert refused(bytes(claimed), "docx")[0] == "zip_bomb"


def test_large_pictures_do_no_harm() -> None:
    parts = FILES["docx"] | {"word/media/image1.bmp": b"\0" * 50_000_000}

    assert isinstance(result(zipped(parts), "docx"), Document)


def test_very_many_entries_are_refused() -> None:
    parts = FILES["docx"] | {f"word/media/{number}": b"" for number in range(10_001)}

    reason, detail = refused(zipped(parts), "docx")

    assert reason == "zip_bomb"
    assert "10,000" in detail


def test_entries_that_share_their_bytes_are_refused() -> None:
    data = bytearray(zipped(FILES["docx"]))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 1)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]

    assert refused(bytes(data), "docx")[0] in ("zip_bomb", "corrupt")


@each_format
def test_entities_are_refused(suffix: str) -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>"
    parts = dict(FILES[suffix])
    parts[MAIN[suffix]] = bomb + str(parts[MAIN[suffix]])

    assert refused(zipped(parts), suffix)[0] == "doctype"


def test_a_file_outside_is_never_read() -> None:
    parts = dict(FILES["docx"])
    parts[MAIN["docx"]] = "<!DOCTYPE x SYSTEM 'file:///etc/hostname'>" + str(parts[MAIN["docx"]])

    assert refused(zipped(parts), "docx")[0] == "doctype"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_doctype_in_another_encoding_is_refused(encoding: str) -> None:
    parts = dict(FILES["docx"])
    text = "<!DOCTYPE x [<!ENTITY a 'ha'>]>" + str(parts[MAIN["docx"]])
    parts[MAIN["docx"]] = text.encode(encoding)

    assert refused(zipped(parts), "docx")[0] == "doctype"


def test_an_encoding_that_hides_markup_is_refused() -> None:
    parts = dict(FILES["docx"])
    parts[MAIN["docx"]] = '<?xml version="1.0" encoding="UTF-7"?>' + str(parts[MAIN["docx"]])

    assert refused(zipped(parts), "docx")[0] == "corrupt"


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "a/../../b", "C:/x", "..\\evil"])
def test_names_that_lead_out_of_the_archive_are_refused(name: str) -> None:
    reason, detail = refused(zipped(FILES["docx"] | {name: b"x"}), "docx")

    assert reason == "corrupt"
    assert "outside" in detail


@each_format
def test_an_encrypted_part_is_told(suffix: str) -> None:
    data = bytearray(zipped(FILES[suffix]))
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1

    assert refused(bytes(data), suffix)[0] == "encrypted"


@each_format
def test_a_password_is_told(suffix: str) -> None:
    ole2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)

    assert refused(ole2 + "EncryptedPackage".encode("utf-16-le"), suffix) == (
        "encrypted",
        "the file is protected by a password",
    )


@pytest.mark.parametrize(
    ("stream", "suffix", "told"),
    [
        ("WordDocument", "docx", ".docx"),
        ("Workbook", "xlsx", ".xlsx"),
        ("PowerPoint Document", "pptx", ".pptx"),
    ],
)
def test_files_of_before_2007_are_told(stream: str, suffix: str, told: str) -> None:
    ole2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le")

    reason, detail = refused(ole2, suffix)

    assert reason == "old_format"
    assert told in detail


@each_format
def test_another_archive_under_this_name_is_told(suffix: str) -> None:
    assert refused(zipped({"readme.txt": "hello"}), suffix)[0] == "unknown_format"
    assert refused(b"no archive at all", suffix)[0] == "corrupt"
    assert refused(b"", suffix)[0] == "empty"


def test_an_archive_in_an_archive_is_not_opened() -> None:
    inner = zipped(FILES["docx"] | {"bomb.bin": b"\0" * 20_000_000})
    parts = FILES["docx"] | {"word/embeddings/inner.docx": inner}

    assert isinstance(result(zipped(parts), "docx"), Document)


def test_two_parts_of_one_name_are_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        for name, content in FILES["docx"].items():
            archive.writestr(name, content)
        archive.writestr(MAIN["docx"], "<w/>")

    assert refused(out.getvalue(), "docx")[0] == "corrupt"


@each_format
def test_a_file_cut_short_is_never_half_a_document(suffix: str) -> None:
    data = zipped(FILES[suffix])

    for tenth in range(1, 11):
        cut = data[: len(data) * tenth // 11]
        assert isinstance(READERS[suffix](cut), Refused)


@each_format
def test_a_damaged_part_is_corrupt(suffix: str) -> None:
    data = bytearray(zipped(FILES[suffix], method=zipfile.ZIP_STORED))
    at = data.index(str(FILES[suffix][MAIN[suffix]]).encode()[-40:])
    data[at + 5] ^= 1

    assert refused(bytes(data), suffix)[0] == "corrupt"


@each_format
def test_a_part_that_is_no_xml_is_corrupt(suffix: str) -> None:
    parts = FILES[suffix] | {MAIN[suffix]: str(FILES[suffix][MAIN[suffix]])[:-20]}

    assert refused(zipped(parts), suffix)[0] == "corrupt"


def test_nesting_without_end_is_corrupt() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 5000 + PARAGRAPH + "</w:tc></w:tr></w:tbl>" * 5000

    assert refused(zipped(docx_parts(deep)), "docx")[0] == "corrupt"


def test_nesting_as_deep_as_xml_goes_is_read() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 80 + PARAGRAPH + "</w:tc></w:tr></w:tbl>" * 80
    boxes = "<w:p><w:r><w:pict><w:txbxContent>" * 55
    closed = "</w:txbxContent></w:pict></w:r></w:p>" * 55
    lists = "<w:sdt><w:sdtContent>" * 120 + PARAGRAPH + "</w:sdtContent></w:sdt>" * 120

    for body in (deep, boxes + PARAGRAPH + closed, lists):
        found = result(zipped(docx_parts(body)), "docx")
        assert isinstance(found, Document)
        assert "The pump moves water." in found.text


@each_format
def test_random_damage_never_raises_nor_empties_silently(suffix: str) -> None:
    chance = random.Random(f"damage {suffix}")
    sound = zipped(FILES[suffix])
    stored = zipped(FILES[suffix], method=zipfile.ZIP_STORED)

    for _ in range(200):
        data = bytearray(chance.choice((sound, stored)))
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(data))
            how = chance.random()
            if how < 0.6:
                data[at] = chance.randrange(256)
            elif how < 0.8:
                del data[at : at + chance.randint(1, 40)]
            else:
                data[at:at] = chance.randbytes(chance.randint(1, 40))
        parsed = READERS[suffix](bytes(data))
        found = result(bytes(data), suffix)

        assert isinstance(parsed, Parsed | Refused)
        assert isinstance(found, Document) or (isinstance(found, Skipped) and found.reason)


@each_format
def test_random_damage_of_the_xml_never_raises(suffix: str) -> None:
    chance = random.Random(f"markup {suffix}")

    for _ in range(200):
        parts = dict(FILES[suffix])
        name = chance.choice([name for name in parts if name.endswith(("xml", "rels", "opf"))])
        text = str(parts[name])
        words = text.replace("<", " <").replace('"', ' " ').split(" ")
        at = chance.randrange(len(words))
        words[at] = chance.choice(["", "-1", "99999999999", "x", "<w:p/>", '"', words[at] * 2])
        parts[name] = " ".join(words).replace(" <", "<").replace(' " ', '"')

        assert isinstance(READERS[suffix](zipped(parts)), Parsed | Refused)
