"""Saved web pages: archives of MIME parts, the first of them the page (RFC 2557)."""

from __future__ import annotations

from pathlib import Path
from quopri import encodestring

from builder.ingest import Refused, Source, mht, read_bytes, sources
from builder.ingest.kind import SAVED_PAGE
from builder.records import Document, Skipped

PAGE = "<html><body><h1>Boats</h1><p>Größe = 4 m.</p></body></html>"
HEADER = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="cut"\r\n'


def saved(*parts: tuple[str, bytes], header: bytes = HEADER) -> bytes:
    """An archive of quoted-printable parts, each with its own headers."""
    written = b""
    for headers, content in parts:
        encoding = b"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        written += b"\r\n--cut\r\n" + headers.encode() + encoding + encodestring(content)
    return header + written + b"\r\n--cut--\r\n"


def read(data: bytes, path: str = "docs/boats.mht") -> Document | Skipped:
    return read_bytes(data, path=path, media_type=SAVED_PAGE)


def test_the_page_is_read_and_its_frames_are_counted() -> None:
    page = ("Content-Type: text/html; charset=windows-1252", PAGE.encode("cp1252"))
    frame = ("Content-Type: text/html\r\nContent-Location: https://a/", b"<p>Buy a boat</p>")

    found = read(saved(page, frame))

    assert isinstance(found, Document)
    assert found.text == "# Boats\n\nGröße = 4 m."
    assert [(d.what, d.reason, d.characters) for d in found.dropped] == [
        ("frame https://a/", "frame", 8)
    ]
    assert [PAGE[b.place.start : b.place.end] for b in found.blocks if b.place] == [
        "<h1>Boats</h1>", "Größe = 4 m.",
    ]  # fmt: skip


def test_the_part_that_the_archive_names_is_the_page() -> None:
    header = HEADER.replace(b"related;", b'related; start="<2>";')
    menu = ("Content-Type: text/html\r\nContent-ID: <1>", b"<p>Menu</p>")
    page = ("Content-Type: text/html\r\nContent-ID: <2>", PAGE.encode())

    found = read(saved(menu, page, header=header))

    assert isinstance(found, Document)
    assert found.title == "Boats"


def test_a_saved_page_is_told_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "boats.doc").write_bytes(saved(("Content-Type: text/html", PAGE.encode())))
    (tmp_path / "mail.eml").write_bytes(
        saved(("Content-Type: text/html", PAGE.encode()), header=b"To: Ann\r\n" + HEADER)
    )

    found = list(sources([tmp_path], include=[], exclude=[], max_bytes=10**6))

    assert [item.media_type for item in found if isinstance(item, Source)] == [SAVED_PAGE]
    assert [item.detail for item in found if isinstance(item, Skipped)] == [
        "there is no reader for .eml: save the message as .html"
    ]


def test_archives_that_hold_no_page_are_refused() -> None:
    nested = b"".join(
        b"Content-Type: multipart/related; boundary=%d\n\n--%d\n" % (n, n) for n in range(3000)
    )
    refused = [mht.parse(data) for data in (saved(("Content-Type: image/png", b"x")), nested)]

    assert [one.reason for one in refused if isinstance(one, Refused)] == ["no_text", "too_deep"]


def test_a_cut_archive_says_so() -> None:
    whole = saved(("Content-Type: text/html", PAGE.encode()))

    found = read(whole.removesuffix(b"--cut--\r\n"))

    assert isinstance(found, Document)
    assert found.notes == ("the archive ends before its last part does",)
