"""The promise that every reader keeps: exact offsets, whole coverage, headings above every block."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.ingest import MEDIA_TYPES, Source, read, read_bytes, sources
from builder.records import Block, Document, Skipped, from_json, make_id, to_json
from tests.ingest.reading import document, html, markdown

RAW_DOCS = Path(__file__).parents[2] / "raw_docs"

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
HTML_BITS = st.sampled_from(
    [
        *"<p> </p> <div> </div> <ul> <ol> <li> </li> </ul> </ol> <h1> </h1> <h2> </h2> <h3> <pre> </pre> <code> "
        "</code> <table> <tr> <td> <th> </table> <dl> <dt> <dd> </dl> <details> <summary> </summary> </details> "
        "<b> </b> <br> <blockquote> </blockquote> <aside> </aside> <a> </a> <sup> <button> </button> "
        "&nbsp; &#0; &#xD800; &shy; Why? Note: | ` ``` # - 1. > *".split(),
        '<div class="note">',
        '<p class="title">',
        '<dl class="x">',
        '<td colspan="3" rowspan="2">',
        "\n",
        " ",
    ]
)
MARKDOWN_BITS = st.sampled_from(
    ["# ", "## ", "- ", "1. ", "> ", "```\n", "~~~", "!!! note\n", "    ", ":::tip\n", ":::\n", "| a | b |\n",
     "| - | - |\n", "`", "**", "Why?", "\n", "\n\n", "[^1]", "[a](b)", "<b>", "<details>", "<!--", "-->",
     "{{< x >}}", "{% y %}", "{.c}", "---\n", "===\n", ": x\n", "=== \"T\"\n", "<Tab a={1}>", "&amp;", "\\", "  "]
)  # fmt: skip
PLAIN_BITS = st.sampled_from(
    ["Title\n=====\n", "TITLE\n", "1. Part\n", "- item\n", "  more\n", "    code\n", "term\n  text\n", "\n",
     "\n\n", "Key: value\n", "a  b  c\n", "Q: Why?\n", "A: So.\n", "----\n", "> said\n", "$ ls\n", "| x |\n", "\t"]
)  # fmt: skip


def soup(bits: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(bits | WORDS, max_size=40).map("".join)


def check(found: Document) -> None:
    """Fails unless the blocks of a document keep the promise."""
    text, at = found.text, 0
    for block in found.blocks:
        piece = text[block.start : block.end]
        assert not text[at : block.start].strip(), "text outside of blocks"
        assert piece.strip(), "a block without text"
        assert piece == piece.rstrip()
        assert block.heading_path[0] == found.title
        assert all(name.strip() and "\n" not in name for name in block.heading_path)
        check_form(block, piece)
        at = block.end
    assert at == len(text)
    text.encode("utf-8")
    assert from_json(Document, to_json(found)) == found


def check_form(block: Block, piece: str) -> None:
    """Fails unless a block is written as its kind is."""
    lines = piece.split("\n")
    if block.kind == "heading":
        assert piece.startswith("#" * block.level + " ")
        assert block.heading_path[-1] in (piece[block.level + 1 :], block.heading_path[0])
        assert len(lines) == 1
    elif block.kind == "list_item":
        assert re.match("  " * (block.level - 1) + r"(?:-|-?\d+\.)(?: |$)", piece), piece
        assert len(lines) == 1
    elif block.kind == "code":
        fence = re.match("`{3,}", piece)
        assert fence
        assert lines[-1] == fence[0]
        assert all(line != fence[0] for line in lines[1:-1])
    elif block.kind == "table":
        assert re.fullmatch(r"\| (?:--- \| )*--- \|", lines[1])
        columns = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
        assert len(columns) == 1
    elif block.kind == "quote":
        assert all(line.startswith(">") for line in lines)


@settings(max_examples=150)
@given(source=soup(HTML_BITS))
def test_any_page_keeps_the_promise(source: str) -> None:
    found = read_bytes(source.encode(), path="a/b.html", media_type="text/html")

    if isinstance(found, Document):
        check(found)


@settings(max_examples=150)
@given(source=soup(MARKDOWN_BITS))
def test_any_markdown_keeps_the_promise(source: str) -> None:
    found = read_bytes(source.encode(), path="a/b.md", media_type="text/markdown")

    if isinstance(found, Document):
        check(found)


@settings(max_examples=150)
@given(source=soup(PLAIN_BITS))
def test_any_plain_text_keeps_the_promise(source: str) -> None:
    found = read_bytes(source.encode(), path="a/b.txt", media_type="text/plain")

    if isinstance(found, Document):
        check(found)


@settings(max_examples=100)
@given(data=st.binary(max_size=300), media_type=st.sampled_from(["text/html", "text/plain"]))
def test_any_bytes_are_read_or_refused(data: bytes, media_type: str) -> None:
    found = read_bytes(data, path="a/b.c", media_type=media_type)

    if isinstance(found, Document):
        check(found)
    else:
        assert found.reason
        assert found.detail


@settings(max_examples=60)
@given(words=st.lists(st.text("abcdefghij", min_size=2, max_size=8), min_size=1, max_size=60))
def test_no_word_of_plain_text_is_lost(words: list[str]) -> None:
    found = document(" ".join(words) + ".", "text/plain")

    assert found.text.replace("\n", " ").rstrip(".").split(" ") == words


@pytest.mark.parametrize("kind", ["html", "md", "txt"])
def test_sample_documentation_keeps_the_promise(kind: str) -> None:
    listed = list(sources([RAW_DOCS], include=[f"*.{kind}"], exclude=(), max_bytes=10**7))
    read_ones = [read(item) for item in listed if isinstance(item, Source)]
    found = [item for item in read_ones if isinstance(item, Document)]

    assert found
    for item in found:
        check(item)
        assert item.lang in ("en", "de")
        assert item.lang == ("de" if "/de/" in item.path else "en")


def test_sample_documentation_is_the_same_on_every_reading() -> None:
    first, second = (
        [read(item) if isinstance(item, Source) else item
         for item in sources([RAW_DOCS], include=(), exclude=(), max_bytes=10**7)]
        for _ in range(2)
    )  # fmt: skip

    assert first == second


def test_awkward_files_of_the_sample_are_skipped_with_a_reason() -> None:
    listed = sources([RAW_DOCS], include=(), exclude=(), max_bytes=10**7)
    read_ones = [read(item) if isinstance(item, Source) else item for item in listed]

    reasons = {item.reason for item in read_ones if isinstance(item, Skipped)}

    assert {"empty", "binary"} <= reasons


def test_id_comes_from_the_path_and_not_from_the_text() -> None:
    one = read_bytes(b"# One\n\nText.", path="a/x.md", media_type="text/markdown")
    two = read_bytes(b"# Two\n\nOther.", path="a/x.md", media_type="text/markdown")
    other = read_bytes(b"# One\n\nText.", path="b/x.md", media_type="text/markdown")

    assert isinstance(one, Document)
    assert isinstance(two, Document)
    assert isinstance(other, Document)
    assert one.id == two.id == make_id("document", "a/x.md")
    assert other.id != one.id


def test_heading_paths_follow_the_levels() -> None:
    found = markdown("# T\n\n## A\n\n#### A1\n\na\n\n### A2\n\nb\n\n## B\n\nc")

    assert [block.heading_path for block in found.blocks] == [
        ("T",), ("T", "A"), ("T", "A", "A1"), ("T", "A", "A1"), ("T", "A", "A2"), ("T", "A", "A2"),
        ("T", "B"), ("T", "B"),
    ]  # fmt: skip


def test_markdown_and_its_page_read_alike() -> None:
    source = (
        "# Levels\n\nText with `code`.\n\n1. one\n2. two\n   - deep\n\n```sh\nls  -l\n```\n\n"
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n> said\n"
    )
    page = (
        "<h1>Levels</h1><p>Text with <code>code</code>.</p><ol><li>one</li><li>two<ul><li>deep</li></ul></li>"
        '</ol><pre><code class="language-sh">ls  -l</code></pre><table><tr><th>a</th><th>b</th></tr><tr>'
        "<td>1</td><td>2</td></tr></table><blockquote>said</blockquote>"
    )

    assert markdown(source).text == html(page).text
    assert placeless(markdown(source)) == placeless(html(page))


def placeless(found: Document) -> list[Block]:
    """Blocks without their places in the source, which differ."""
    return [replace(block, place=None) for block in found.blocks]


def test_heading_of_the_contents_is_not_the_title_of_a_book() -> None:
    chapters = "# 1 Ports\n\nPlug it in.\n\n# 2 Radio\n\nSwitch it on.\n"

    assert markdown(f"# Contents\n\n- Ports\n\n{chapters}").title == "page"
    assert markdown(f"# The logger\n\n# Inhaltsverzeichnis\n\n{chapters}").title == "The logger"


def test_operators_named_in_a_list_are_text_and_rules_are_none() -> None:
    assert markdown("# T\n\n- `+`\n- `?|`\n\n—\n\n***\n").text == "# T\n\n- `+`\n- `?|`"


def test_manual_page_is_called_by_what_it_is_about() -> None:
    found = markdown("# NAME\n\nrill, rilld - measures levels\n\n# OPTIONS\n\nNone.\n")

    assert found.title == "rill, rilld"
    assert found.blocks[-1].heading_path == ("rill, rilld", "OPTIONS")


def test_file_without_title_and_suffix_is_called_by_its_name() -> None:
    found = read_bytes(b"Plug it in, and wait.", path="docs/READ_ME", media_type="text/plain")

    assert isinstance(found, Document)
    assert found.title == "READ ME"


def test_the_first_of_several_sections_below_a_sentence_is_no_title() -> None:
    sections = "# Rain\n\nIt rises.\n\n# Drought\n\nIt falls.\n"

    told = read_bytes(
        f"The gauge tells how high a river stands.\n\n{sections}".encode(),
        path="docs/gauge.md",
        media_type="text/markdown",
    )
    named = read_bytes(sections.encode(), path="docs/gauge.md", media_type="text/markdown")

    assert isinstance(told, Document)
    assert isinstance(named, Document)
    assert (told.title, named.title) == ("gauge", "Rain")
    assert told.blocks[-1].heading_path == ("gauge", "Drought")


LINKS = {
    ".html": """<h1>Pumps</h1><p>Words that say what the pumps are and do.</p><ul>
<li><a href="a">The first pump</a><li>see <a href="b">b</a> for how a pump starts
<li>Level: <a href="c">of a station</a></ul><a href="d"><ul><li>A pump below an open link</ul>""",
    ".md": """# Pumps\n\n- [The first pump](a)\n- see [b](b) for how a pump starts
- Level: [of a station](c)\n""",
    ".rst": """Pumps\n=====\n\n* `The first pump <a>`_\n* see `b <b>`_ for how a pump starts
* :ref:`of a station <c>`\n""",
    ".adoc": """= Pumps\n\n* link:a[The first pump]\n* see link:b[b] for how a pump starts
* <<c,of a station>>\n""",
}


@pytest.mark.parametrize("suffix", LINKS)
def test_items_that_are_links_are_told(suffix: str) -> None:
    found = read_bytes(LINKS[suffix].encode(), path=f"page{suffix}", media_type=MEDIA_TYPES[suffix])
    assert isinstance(found, Document)
    told = [block.flags for block in found.blocks if block.kind == "list_item"]

    assert told[:3] == [("link",), (), ("link",)]
    assert set(told[3:]) <= {()}


def test_paragraphs_that_are_links_are_told() -> None:
    found = html(
        '<p><a href="a">First</a><br><a href="b">Second</a></p><p>See <a href="c">C</a>.</p>'
    )

    assert [block.flags for block in found.blocks] == [("link",), ()]
