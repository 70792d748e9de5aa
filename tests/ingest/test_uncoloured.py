"""Pages are read without the elements that colour their code, and none can tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.ingest import html
from builder.ingest.parsed import Parsed, Piece
from builder.ingest.uncoloured import uncoloured
from tests.pace import at_most

WORDS = '<span class="k">open</span> <span>gate</span><span class="p">(</span>2)'
PAGE = "<html><body><h1>Gates</h1><p>Say:</p>{}<p>Then &amp; there.</p></body></html>"
LEFT = {
    "numbers of lines": '<pre><span class="lineno">1 </span><span class="k">open</span></pre>',
    "lines": '<pre><span class="line">open</span>\n<span class="line">shut</span></pre>',
    "names": '<pre><span id="a">open</span> <span class="k" style="x">shut</span></pre>',
    "an empty line held open": "<pre><span>open</span>\n<span> </span>\n<span>shut</span></pre>",
    "half an escape": "<pre><span>a &am</span>p; b</pre>",
    "a heading": "<pre><span>open</span><h2>Gates</h2></pre>",
    "text that is no markup": "<pre><span>open</span><textarea><span>b</span></textarea></pre>",
    "code in a line": "<p><code><span>open</span></code></p>",
    "code that does not end": "<pre><span>open</span>",
}


def coloured(source: str) -> Parsed:
    """What is read of a page as it stands."""
    placed = html._placed_tree(source)
    assert placed is not None
    return html._read_page(source, *placed, authored=False)


@pytest.mark.parametrize(
    "code",
    [
        f"<pre>{WORDS}</pre>",
        f'<div class="highlight"><pre><code class="language-sh">{WORDS}\n</code></pre></div>',
        f'<pre><span class="filename">a.sh</span><code>{WORDS}</code></pre>',
        f"<pre>Open <pre>{WORDS}</pre></pre>",
        f"<pre>{WORDS}</pre><p>And:</p><pre><a id='x'></a>{WORDS}</pre>",
        f"<table><tr><td><pre>{WORDS}</pre></td><td>{WORDS}</td></tr></table>",
    ],
)
def test_code_reads_and_stands_the_same_without_its_colours(code: str) -> None:
    source = PAGE.format(code)

    found = uncoloured(source)

    assert found is not None
    assert len(found.text) < len(source)
    assert html._read_uncoloured(source, authored=False) == coloured(source)


def test_the_places_behind_code_are_those_of_the_file() -> None:
    source = PAGE.format(f"<pre>{WORDS}</pre>")

    pieces = html.parse(source).pieces

    assert [cut(source, piece) for piece in pieces[2:]] == [
        f"<pre>{WORDS}</pre>",
        "Then &amp; there.",
    ]


def cut(source: str, piece: Piece) -> str:
    assert piece.place is not None
    return source[piece.place.start : piece.place.end]


@pytest.mark.parametrize("name", LEFT)
def test_what_more_is_told_by_is_left_as_it_is(name: str) -> None:
    assert uncoloured(PAGE.format(LEFT[name])) is None


@pytest.mark.parametrize(
    "more",
    [
        "<!-- <pre><span>not</span></pre> -->",
        "<script>x = '<pre><span>not</span></pre>'</script>",
        "<textarea><pre><span>not</span></pre></textarea>",
        "<PRE>{}</PRE>".format("<span>open</span>"),
    ],
)
def test_a_page_is_read_whole_where_its_code_is_not_surely_seen(more: str) -> None:
    source = PAGE.format(f"<pre>{WORDS}</pre>{more}")

    assert html._read_uncoloured(source, authored=False) is None
    assert html.parse(source).pieces == coloured(source).pieces


@given(
    st.lists(
        st.sampled_from(
            [
                "<pre>", "</pre>", "<code>", "</code>", "<span>", '<span class="k">', "</span>",
                '<span class="ln">', "a", " ", "\n", "&lt;", "&", "<p>b</p>", "<br>", "<!--", "-->",
                "<b>", "</b>", "<script>", "</script>", "<table><tr><td>", "</td></tr></table>",
            ]
        ),
        max_size=25,
    )
)  # fmt: skip
def test_any_page_reads_the_same_without_its_colours(parts: list[str]) -> None:
    source = PAGE.format(f"<pre>{WORDS}</pre>" + "".join(parts))

    found = html._read_uncoloured(source, authored=False)

    assert found is None or found == coloured(source)


@pytest.mark.parametrize("part", ["<pre>", "<pre><code>", "<pre></pre>", "<prefix>", "<span>a"])
def test_many_blocks_that_do_not_end_well_take_no_time(part: str) -> None:
    with at_most(150):
        uncoloured("<pre><span>a</span></pre>" + 100_000 * part + 100_000 * "</pre>")
