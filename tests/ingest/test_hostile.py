"""Files made to break a reader: no crash, no endless run, and never silently empty."""

from __future__ import annotations

import pytest

from builder.ingest import read_bytes
from builder.records import Document, Skipped
from tests.pace import at_most

WORDS = "The level of the river rises slowly after rain."
LOOPS = 600  # far more than any of these takes, far less than a quadratic reader

PAGES = {
    "1,000 nested divs": "<div>" * 1000 + f"<p>{WORDS}</p>" + "</div>" * 1000,
    "100,000 nested divs": "<div>" * 100_000 + f"<p>{WORDS}</p>" + "</div>" * 100_000,
    "100,000 divs never closed": "<div>" * 100_000 + f"<p>{WORDS}",
    "20,000 nested lists": "<ul><li>" * 20_000 + WORDS,
    "20,000 nested inline elements": "<b><i>" * 20_000 + WORDS,
    "3,000 nested folds": "<details><summary>So?</summary>" * 3000 + f"<p>{WORDS}",
    "20,000 nested tables": "<table><tr><td>" * 20_000 + WORDS,
    "20,000 nested quotations": "<blockquote>" * 20_000 + WORDS,
    "20,000 open paragraphs": f"<p><b>{WORDS}" + "<p><b>x" * 20_000,
    "a 12 MB attribute": f'<p title="{"x" * 12_000_000}">{WORDS}</p>',
    "a 12 MB comment": f"<!--{'x' * 12_000_000}--><p>{WORDS}</p>",
    "a tag that never ends": f"<p>{WORDS}</p><div class='" + "x" * 100_000,
    "a script that never ends": f"<p>{WORDS}</p><script>" + "x < y;" * 10_000,
    "a comment that never ends": f"<p>{WORDS}</p><!--" + "x" * 100_000,
    "angle brackets": f"<p>{WORDS}</p>" + "<" * 50_000,
    "huge spans": f'<table><tr><th>{WORDS}</th></tr><tr><td colspan="9999999" rowspan="9999999">x</td></tr></table>',
    "many spans": "<table>"
    + '<tr><td colspan="100" rowspan="100">x</td></tr>' * 300
    + f"</table>{WORDS}",
    "a style sheet without rules": f"<style>{'a ' * 100_000}</style><p>{WORDS}</p>",
    "remarks in a style sheet": f"<style>{'/* ' * 50_000}</style><p>{WORDS}</p>",
    "300 nested tables with heads": "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>" * 300
    + WORDS,
    "5,000 names with links to them in a line": f"<p>{WORDS}</p><div><p>"
    + '<a id="x">y</a><a href="#x">#</a>' * 5_000
    + "</p><p>x</p></div>",
    "5,000 titles in boxes in each other": f"<p>{WORDS}</p>"
    + "<div class=s><div class=title>Oak</div><pre>x</pre>" * 5_000,
    "10,000 headings": f"<p>{WORDS}</p>" + "<h2>x</h2>" * 10_000,
    "20,000 headings in a box of a section": f"<section><h2>x</h2><p>{WORDS}</p><div>"
    + "<h3>x</h3><p></p>" * 20_000
    + "</div></section>",
    "20,000 words in bold in a line": f'<p>{WORDS}</p><p id="x"><span>'
    + "<b>x</b> " * 20_000
    + "</span></p>",
    "10,000 items with titles": f"<p>{WORDS}</p><ul>"
    + "<li><b>Oak wheel</b><p>x</p></li>" * 10_000
    + "</ul>",
    "10,000 things to click": f"<p>{WORDS}</p>"
    + "".join(f"<i onclick=f({n}) class=a{n}>Oak</i><i hidden>x</i>" for n in range(10_000)),
    "10,000 buttons over hidden text": f"<p>{WORDS}</p>"
    + "".join(f"<button class=a{n}>See {n}</button><p hidden>x</p>" for n in range(10_000)),
    "NULs": "\x00".join(f"<p>{WORDS}</p>"),
    "frameset": f"<html><frameset><noframes><p>{WORDS}</p></noframes></frameset><p>{WORDS}</p></html>",
    "two bodies": f"<html><body></body><body><p>{WORDS}</p></body></html>",
    "text only": WORDS,
    "an XML head": f'<?xml version="1.0" encoding="iso-8859-1"?><html><p>{WORDS}</p></html>',
    "an unknown element": f"<docs-page><docs-text>{WORDS}</docs-text></docs-page>",
    "a hidden body": f"<html><body><main><p>{WORDS}</p></main></body></html>",
    "an empty main part": f"<main></main><p>{WORDS}</p>",
    "everything in a footer": f"<footer><div><p>{WORDS * 20}</p></div></footer>",
}


@pytest.mark.parametrize("source", PAGES.values(), ids=PAGES.keys())
def test_hostile_page_keeps_its_text(source: str) -> None:
    with at_most(LOOPS):
        found = read_bytes(source.encode(), path="page.html", media_type="text/html")

    assert isinstance(found, Document), found
    assert WORDS in found.text


FILES = {
    "2,000 nested items": "".join("  " * n + "- x\n" for n in range(2000)) + f"\n{WORDS}",
    "50,000 quotation marks": f"{WORDS}\n\n" + ">" * 50_000 + " x",
    "50,000 brackets": f"{WORDS}\n\n" + "[" * 50_000,
    "50,000 images": f"{WORDS}\n\n" + "![" * 50_000,
    "50,000 backticks": f"{WORDS}\n\n" + "`a" * 50_000,
    "50,000 stars": f"{WORDS}\n\n" + "*a" * 50_000,
    "50,000 braces": f"{WORDS}\n\n" + "{% " * 50_000,
    "50,000 shortcodes": f"{WORDS}\n\n" + "{{< " * 50_000,
    "a shortcode of blanks": f"{WORDS}\n\n{{{{<" + " " * 2_000,
    "a tag of blanks": f"{WORDS}\n\n<a " + "\t" * 20_000,
    "macros of brackets": f"{WORDS}\n\nimage::" + "[" * 50_000,
    "100,000 colons": f"{WORDS}\n\n" + ":" * 100_000,
    "a number of no character": f"{WORDS} &#" + "1" * 6_000,
    "50,000 colons": f"{WORDS}\n\n" + ":material-" * 50_000,
    "20,000 open containers": f"{WORDS}\n\n" + ":::note\n" * 20_000,
    "500 nested boxes": f"{WORDS}\n\n" + "".join("    " * n + "!!! note\n" for n in range(500)),
    "a fence that never ends": f"{WORDS}\n\n```\n" + "x\n" * 50_000,
    "a table of 5,000 columns": f"{WORDS}\n\n|" + "a|" * 5000 + "\n|" + "-|" * 5000,
    "a component that never ends": f"{WORDS}\n\n<Card\n" + "a={{b\n" * 20_000,
    "equals": f"{WORDS}\n\n" + "=" * 100_000 + "\n" + "==x" * 20_000,
    "one long line": f"{WORDS} " + "word " * 400_000,
    "100,000 lines without a blank one": f"{WORDS}\n" * 100_000,
    "leaders": f"{WORDS}\n\n" + "." * 300_000,
    "colons": f"{WORDS}\n\n" + "a: " * 50_000,
    "30,000 indented blocks": f"{WORDS}\n\n" + "    run --fast\n    go\n\n" * 30_000,
    "30,000 blocks in a brace": f"{WORDS}\n\nzone {{\n\n" + "  a {\n\n  b }\n\n" * 30_000,
    "300,000 open tags": f"{WORDS}\n\n" + "<" * 300_000,
    "wide lines of blanks": f"{WORDS}\n\n" + (" " * 2000 + "x\n") * 500,
    "references": "".join(f"[a{n}]: x\n" for n in range(20_000)) + f"\n{WORDS}",
}


@pytest.mark.parametrize("source", FILES.values(), ids=FILES.keys())
@pytest.mark.parametrize("media_type", ["text/markdown", "text/plain", "text/asciidoc"])
def test_hostile_file_keeps_its_text(source: str, media_type: str) -> None:
    with at_most(LOOPS):
        found = read_bytes(source.encode(), path="page.md", media_type=media_type)

    assert isinstance(found, Document), found
    assert WORDS in found.text


NUMBERS = ["\u00b2", "9" * 5000, "-1", "1e9", "\u0663"]  # of which int() takes not all


@pytest.mark.parametrize("number", NUMBERS, ids=["raised", "long", "negative", "power", "Arabic"])
@pytest.mark.parametrize(
    ("source", "media_type"),
    [
        ("<table><tr><td colspan={0}>a<td rowspan={0}>b</table><p>{1}</p>", "text/html"),
        ("<ol start={0}><li value={0}>a</ol><i role=heading aria-level={0}>b</i>{1}", "text/html"),
        ("<div>{0}</div><div>x</div><pre>{0}</pre><pre>x</pre><p>{1}</p>", "text/html"),
        (".. list-table::\n   :header-rows: {0}\n\n   * - a\n   * - b\n\n{1}\n", "text/x-rst"),
        ("{1}\n\n{0}. a\n#. b\n", "text/x-rst"),
        ("{1}\n\n|===\n{0}+|c\n.{0}+|d\n{0}*|e\n|===\n", "text/asciidoc"),
        ("{1}\n\n{0}. a\n\n```{{code-block}} c\n:lineno-start: {0}\nx\n```\n", "text/markdown"),
        ("{1}\n\n  {0}.{0} a\n\n{0}) b\n", "text/plain"),
    ],
)
def test_numbers_that_are_none_break_nothing(source: str, media_type: str, number: str) -> None:
    data = source.format(number, WORDS).encode()
    found = read_bytes(data, path="page", media_type=media_type)

    assert isinstance(found, Document), found
    assert WORDS in found.text


@pytest.mark.parametrize("media_type", ["text/html", "text/markdown", "text/plain"])
@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\xff\xfe", b"\x00\x01\x02" * 900, b"<", b"#", b"---"]
)
def test_nothing_to_read_is_said(data: bytes, media_type: str) -> None:
    found = read_bytes(data, path="page", media_type=media_type)

    assert isinstance(found, Skipped)
    assert found.reason in ("empty", "binary", "no_text")


def test_unknown_media_type_is_said() -> None:
    found = read_bytes(b"Text", path="page.xyz", media_type="image/x")

    assert isinstance(found, Skipped)
    assert found.reason == "unknown_format"
