"""Books: chapters in reading order, nested as the table of contents has them."""

from __future__ import annotations

import pytest

from builder.ingest.epub import parse
from builder.ingest.parsed import Refused
from builder.records import Document
from tests.ingest.packages import FIXTURES, document, epub_parts, page, texts, zipped


def book(
    chapters: dict[str, str], *, nav: str = "", spine: tuple[str, ...] = (), title: str = "Book"
) -> Document:
    """The document in a book of these chapters."""
    return document(zipped(epub_parts(chapters, nav=nav, spine=spine, title=title)), "epub")


def test_chapters_stand_in_the_order_of_the_spine() -> None:
    found = book(
        {"b.xhtml": "<h1>Two</h1><p>Second.</p>", "a.xhtml": "<h1>One</h1><p>First.</p>"},
        spine=("a.xhtml", "b.xhtml"),
    )

    assert texts(found) == ["# One", "First.", "# Two", "Second."]
    assert found.title == "Book"
    assert found.blocks[-1].heading_path == ("Book", "Two")
    place = found.blocks[-1].place
    assert place is not None and place.part == "OEBPS/b.xhtml"


def test_a_page_that_the_reading_order_leaves_out_is_told() -> None:
    found = book({"a.xhtml": "<p>First.</p>", "b.xhtml": "<p>Second.</p>"}, spine=("a.xhtml",))

    assert texts(found) == ["First."]
    assert [note.partition(":")[0] for note in found.notes] == ["OEBPS/b.xhtml"]


def test_a_page_that_was_cut_is_told() -> None:
    parts = epub_parts({"a.xhtml": "<p>First.</p>", "b.xhtml": "<p>Second.</p><p>Third.</p>"})
    parts["OEBPS/b.xhtml"] = str(parts["OEBPS/b.xhtml"]).partition("<p>Third")[0]

    found = document(zipped(parts), "epub")

    assert texts(found) == ["First.", "Second."]
    assert [note.partition(":")[0] for note in found.notes] == ["OEBPS/b.xhtml"]


def test_names_with_blanks_and_umlauts_are_found() -> None:
    parts = epub_parts({"a.xhtml": "<p>The text.</p>"})
    parts["OEBPS/Größe 1.xhtml"] = parts.pop("OEBPS/a.xhtml")
    package = str(parts["OEBPS/content.opf"])
    parts["OEBPS/content.opf"] = package.replace(
        'href="a.xhtml"', 'href="Gr%C3%B6%C3%9Fe%201.xhtml"'
    )

    assert texts(document(zipped(parts), "epub")) == ["The text."]


def test_chapters_without_headings_get_those_of_the_contents() -> None:
    nav = '<ol><li><a href="a.xhtml">Start</a></li><li><a href="b.xhtml">Use</a></li></ol>'

    found = book({"a.xhtml": "<p>First.</p>", "b.xhtml": "<p>Second.</p>"}, nav=nav)

    assert texts(found) == ["# Start", "First.", "# Use", "Second."]
    assert found.blocks[0].flags == ("inferred",)


def test_a_name_of_the_contents_that_lines_say_is_not_told_twice() -> None:
    chapters = {"a.xhtml": "<p><b>CHAPTER 1</b></p><p>The Boat</p><p>It floats.</p>"}
    nav = '<ol><li><a href="a.xhtml">Chapter 1. The boat</a></li></ol>'

    assert texts(book(chapters, nav=nav)) == ["# Chapter 1. The boat", "It floats."]


def test_marks_that_lead_to_notes_are_no_text() -> None:
    mark = '<a epub:type="noteref" href="#n1">1</a>'
    note = '<aside epub:type="footnote" id="n1">Well.</aside>'

    assert texts(book({"a.xhtml": f"<p>It floats{mark}.</p>{note}"})) == ["It floats.", "Well."]


def test_a_chapter_keeps_a_title_that_a_theme_could_have_set() -> None:
    nav = '<ol><li><a href="a.xhtml">Next steps</a></li><li><a href="b.xhtml">See Use</a></li></ol>'
    more = "<h2>Learn more</h2><p>The pump is explained in its handbook.</p>"
    pages = {
        "a.xhtml": f"<section><h1>Next steps</h1><section>{more}</section></section>",
        "b.xhtml": "<h2>Unpack</h2><p>Second.</p>",
    }

    assert texts(book(pages, nav=nav), "heading") == ["# Next steps", "## Learn more", "## Unpack"]


def test_chapters_that_all_begin_with_h1_nest_as_the_contents_do() -> None:
    nav = '<ol><li><a href="a.xhtml">Part</a><ol><li><a href="b.xhtml">Chapter</a></li></ol></li></ol>'

    found = book(
        {
            "a.xhtml": "<h1>Part</h1><p>First.</p>",
            "b.xhtml": "<h1>Chapter</h1><h2>In</h2><p>Second.</p>",
        },
        nav=nav,
    )

    assert found.blocks[-1].heading_path == ("Book", "Part", "Chapter", "In")


def test_sections_of_one_page_nest_as_the_contents_do() -> None:
    nav = (
        '<ol><li><a href="a.xhtml">Manual</a><ol><li><a href="a.xhtml#b">About</a></li>'
        '<li><a href="c.xhtml">Use</a></li></ol></li></ol>'
    )

    found = book(
        {
            "a.xhtml": '<h1>Manual</h1><h1 id="b">About</h1><p>First.</p><h2>In</h2><p>Second.</p>',
            "c.xhtml": "<h1>Use</h1><p>Third.</p>",
        },
        nav=nav,
    )

    paths = [block.heading_path for block in found.blocks if block.kind == "paragraph"]
    assert paths == [
        ("Book", "Manual", "About"),
        ("Book", "Manual", "About", "In"),
        ("Book", "Manual", "Use"),
    ]


def test_lines_that_only_the_contents_call_sections_are_headings() -> None:
    nav = (
        '<ol><li><a href="a.xhtml">Spring</a><ol><li><a href="a.xhtml#b">From the egg</a></li>'
        '<li><a href="a.xhtml#c">Twice</a></li></ol></li></ol>'
    )
    lines = ("Spring", "It comes.", "From the Egg", "It hatches.", "Twice", "Or", "Twice")

    found = book({"a.xhtml": "".join(f"<p>{line}</p>" for line in lines)}, nav=nav)

    assert texts(found) == [
        "# Spring", "It comes.", "## From the Egg", "It hatches.", "Twice", "Or", "Twice",
    ]  # fmt: skip


def test_sections_of_one_name_nest_each_where_the_contents_have_it() -> None:
    nav = (
        '<ol><li><a href="a.xhtml">Manual</a><ol><li><a href="a.xhtml#a">Start</a></li>'
        '<li><a href="a.xhtml#b">Use</a></li><li><a href="a.xhtml#c">Parts</a><ol><li><a href="a.xhtml#d">Use</a></li></ol></li>'
        "</ol></li></ol>"
    )
    page = (
        '<h1>Manual</h1><h2 id="a">Start</h2><h2 id="b">Use</h2><p>One.</p><h3>More</h3><p>Two.</p>'
        '<h2 id="c">Parts</h2><h3 id="d">Use</h3><p>Three.</p>'
    )

    found = book({"a.xhtml": page}, nav=nav)

    paths = [block.heading_path for block in found.blocks if block.kind == "paragraph"]
    assert paths == [("Manual", "Use"), ("Manual", "Use", "More"), ("Manual", "Parts", "Use")]


def test_a_book_whose_contents_cannot_be_read_is_read_without_them() -> None:
    parts = epub_parts({"a.xhtml": "<h1>Part</h1><p>Text.</p>"}, nav="<ol><li></ol>")

    found = document(zipped(parts), "epub")

    assert found.blocks[-1].heading_path == ("Part",)
    assert any("nav.xhtml is no XML" in note for note in found.notes)


def test_contents_of_old_books_nest_too() -> None:
    parts = epub_parts({"a.xhtml": "<h1>Part</h1><p>x</p>", "b.xhtml": "<h1>Chapter</h1><p>y</p>"})
    package = str(parts["OEBPS/content.opf"])
    entry = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>'
    parts["OEBPS/content.opf"] = package.replace("</manifest>", entry)

    def point(label: str, name: str, inner: str = "") -> str:
        return (
            f"<navPoint><navLabel><text>{label}</text></navLabel>"
            f'<content src="{name}"/>{inner}</navPoint>'
        )

    parts["OEBPS/toc.ncx"] = (
        '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "ncx-2005-1.dtd">'
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>'
        + point("Part", "a.xhtml", point("Chapter", "b.xhtml#top"))
        + "</navMap></ncx>"
    )

    assert document(zipped(parts), "epub").blocks[-1].heading_path == ("Book", "Part", "Chapter")


def test_the_book_has_its_title_and_not_that_of_its_only_part() -> None:
    chapters = {"a.xhtml": "<h1>Rivers</h1><p>x</p>", "b.xhtml": "<h2>Rise</h2><p>y</p>"}

    assert book(chapters, title="The Land").title == "The Land"
    assert book(chapters, title="Rivers: a handbook").title == "Rivers"
    assert book({"a.xhtml": chapters["a.xhtml"]}, title="export-17").title == "Rivers"


def test_a_page_that_is_a_picture_is_no_page_of_which_text_is_missing() -> None:
    assert book({"c.xhtml": '<img src="c.jpg" alt="Cover"/>', "a.xhtml": "<p>x</p>"}).notes == ()


def test_the_table_of_contents_and_pages_of_links_are_dropped_and_counted() -> None:
    links = "".join(f'<p><a href="a.xhtml#{n}">Entry {n}</a></p>' for n in range(12))
    nav = '<ol><li><a href="a.xhtml">One</a></li></ol>'
    chapters = {"index.xhtml": links, "a.xhtml": "<h1>One</h1><p>Text.</p>", "nav.xhtml": nav}

    found = book(chapters, nav=nav)

    assert texts(found) == ["# One", "Text."]
    assert {region.what: region.reason for region in found.dropped} == {
        "OEBPS/index.xhtml": "contents",
        "OEBPS/nav.xhtml": "contents",
    }


def test_a_page_of_links_to_elsewhere_is_text_of_a_book() -> None:
    links = "".join(f'<p><a href="https://rill.org/{n}">River {n}</a></p>' for n in range(12))

    found = book({"a.xhtml": f"<h1>Users</h1>{links}"})

    assert texts(found)[:2] == ["# Users", "River 0"]


def encryption(target: str, method: str) -> str:
    """The list of encrypted files."""
    return (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
        'xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
        f'<e:EncryptionMethod Algorithm="{method}"/><e:CipherData><e:CipherReference URI="{target}"/>'
        "</e:CipherData></e:EncryptedData></encryption>"
    )


def test_a_protected_book_is_refused_but_embedded_fonts_may_be_locked() -> None:
    parts = epub_parts({"a.xhtml": "<p>Text.</p>"})
    locked = parts | {
        "META-INF/encryption.xml": encryption(
            "OEBPS/a.xhtml", "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
        )
    }
    fonts = parts | {
        "META-INF/encryption.xml": encryption("OEBPS/f.otf", "http://www.idpf.org/2008/embedding")
    }

    found = parse(zipped(locked))

    assert isinstance(found, Refused)
    assert found.reason == "encrypted"
    assert isinstance(document(zipped(fonts), "epub"), Document)


def test_a_missing_chapter_is_corrupt() -> None:
    parts = epub_parts({"a.xhtml": "<p>Text.</p>", "b.xhtml": "<p>More.</p>"})
    del parts["OEBPS/b.xhtml"]

    found = parse(zipped(parts))

    assert isinstance(found, Refused)
    assert found.reason == "corrupt"


@pytest.mark.parametrize("maker", ["pandoc-3", "pandoc-2"])
def test_books_of_known_makers_give_their_source_back(maker: str) -> None:
    found = document((FIXTURES / "epub" / f"{maker}.epub").read_bytes(), "epub")
    written = (FIXTURES / "docx" / "handbuch.md").read_bytes().replace(b"\t", b"    ")
    source = document(written, "md")  # pandoc writes a tab as four blanks

    kept = [block for block in found.blocks if block.heading_path[-1] != "Das Buch"]
    assert [(b.kind, found.text[b.start : b.end], b.heading_path[-1]) for b in kept] == [
        (b.kind, source.text[b.start : b.end], b.heading_path[-1]) for b in source.blocks
    ]


def test_the_place_of_a_block_leads_to_it_in_its_page() -> None:
    body = "<h1>Pump</h1><p>The <b>pump</b> moves water.</p><ul><li>one</li></ul>"
    text = page(body)

    found = book({"a.xhtml": body})

    for block in found.blocks:
        assert block.place is not None
        if block.place.start is not None:
            first = found.text[block.start : block.end].lstrip("#- ").split()[0]
            assert first in text[block.place.start : block.place.end]


def test_lists_of_links_are_text_of_a_book() -> None:
    links = '<ul><li><a href="a.xhtml">One</a></li><li><a href="#b">Two</a></li></ul>'
    body = f"<h1>Rill</h1><p>Text of the page.</p><h2>Related</h2>{links}"

    found = document(zipped(epub_parts({"a.xhtml": body})), "epub")

    assert found.text.endswith("## Related\n\n- One\n- Two")


SHEET = """
.para0 { margin: 0.1in 0px 0.05in 0px; }  .para1 { margin: 0.0000in 0px 0.0000in 0px; }
.span0 { font-family: 'Serif'; font-size: 24.0000pt; font-weight: bold; }  .span1 { }
.span2 { font-family: 'Serif'; font-size: 18.0000pt; font-weight: bold; }
.span3 { font-family: 'Consolas'; font-size: 10.0000pt; }
.span4 { font-family: 'Consolas'; font-size: 14.0000pt; font-weight: bold; }
"""


def looked(*pages: str) -> Document:
    """A book as LibreOffice writes it, with nothing but classes."""
    parts = epub_parts({f"s{at}.xhtml": page for at, page in enumerate(pages)}, title="Pumps")
    package = str(parts["OEBPS/content.opf"])
    sheet = '<item id="css" href="a.css" media-type="text/css"/></manifest>'
    parts["OEBPS/content.opf"] = package.replace("</manifest>", sheet)
    return document(zipped({**parts, "OEBPS/a.css": SHEET}), "epub")


def span(look: int, text: str, space: int = 0) -> str:
    """A paragraph of one run."""
    return f'<p class="para{space}"><span class="span{look}">{text}</span></p>'


def test_a_book_without_tags_is_read_by_its_looks() -> None:
    found = looked(
        span(0, "Use") + span(1, "The pump moves water all day long."),
        span(2, "Start")
        + '<p class="para0"><span class="span1">Call </span><span class="span3">start()</span></p>'
        + span(3, "if dry:", 1) + '<p class="para1"> </p>' + span(3, "  stop()", 1)
        + span(1, "It goes on until it is told to stop.")
        + span(4, "stop(now)") + span(1, "Stops the pump at once."),
        f'<table><tr><td>{span(3, "now")}</td><td>{span(1, "at once")}</td></tr></table>',
    )  # fmt: skip

    assert texts(found) == [
        "# Use", "The pump moves water all day long.",
        "## Start", "Call `start()`", "```\nif dry:\n\n  stop()\n```",
        "It goes on until it is told to stop.",
        "### `stop(now)`", "Stops the pump at once.",
        "|  |  |\n| --- | --- |\n| `now` | at once |",
    ]  # fmt: skip
    assert found.title == "Use"
    place = found.blocks[2].place
    assert place is not None and place.part == "OEBPS/s1.xhtml"


def test_a_book_in_fixed_type_throughout_is_no_code() -> None:
    said = "The pump moves water all day long. " * 9

    found = looked(span(0, "Use") + span(1, "Written by hand.") + span(3, said) + span(3, said))

    assert not texts(found, "code")
