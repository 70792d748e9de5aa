"""Where the blocks of a page stand in its source, and what becomes of all of its visible text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.ingest import html
from builder.ingest.parsed import Piece
from tests.ingest.test_html import BLOCKS, CONTENT, FURNITURE, QUESTIONS, REGIONS

FOLD = '<button aria-expanded="false" aria-controls="p">{q}</button><div id="p" hidden>{a}</div>'
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Levels | Rill</title><style>p > b { color: red }</style></head>
<body><nav><a href="/">Home</a></nav>
<!-- <p>not</p> a > b -->
<main><h1 id=top>Levels</h1>
<p>Press <b>Save</b> &amp; wait, a &lt; b.<br>Then go.
<p title="a > b">An open paragraph
<ul><li>One <i>item</i><ul><li>inner</ul><li>Two</ul>
<div>Lead <p>inner</p> tail</div>
<script>if (a < b) { "<p>" }</script>
<table><caption>Codes</caption><tr><th>A<th>B<tr><td>1<td>2</table>
<div class="highlight-sh notranslate"><pre><span>ls</span> -l &gt; x</pre></div>
<div class="admonition note"><p class="admonition-title">Note</p><p>One.</p><p>Two.</p></div>
<dl><dt>Datum</dt><dd>A <em>height</em>.</dd><dt>Drift<dd>A shift.</dl>
<details><summary>Is it safe?</summary>Yes.</details>
<p><b>Does it float?</b> No.</p>
<figure><img src=a.png><figcaption>A gauge.</figcaption></figure>
</main><footer>Imprint</footer></body></html>"""
SOURCES = {
    "a page": PAGE,
    "a page in XHTML": '<?xml version="1.0"?><h:html xmlns:h="http://www.w3.org/1999/xhtml">'
    "<h:body><h:p>Press <h:b>Save</h:b><h:br/> now.</h:p><h:a id='x'/><h:p>"
    "<![CDATA[a < b]]></h:p></h:body></h:html>",
    "wrong nesting": "<p>a<div>b</div>c</p>d<b><p>x</b>y</p>z<a><div>x</a>y</div>z",
    "end tags of what is empty or written otherwise": "<p>a <br>b</br> c</p><div>d <div/>e</div>f<P>g</P>"
    "<p>h</p ><p>i</P><p>j<!-- k --></p><p title='>'>l</p>",
    "comments and scripts before end tags": "<DIV><P>a <B>b</B></P><!-- </p></div> --></DIV>"
    "<div><p>c <i>d</i></p><script>'</div>'</script></div><p>e</p>",
    "an empty element in XHTML with names that have a prefix": '<?xml version="1.0"?>'
    '<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:body><h:p>a <h:embed>b</h:embed> c</h:p>'
    "<h:p>d</h:p></h:body></h:html>",
    "elements that end where another begins": "<p>a<p>b</p><h2>c</h2><ul><li>d<li>e</li></ul>",
    "elements that end with the one around them": "<div><h2>a</div><p>b</p><div><p>c <b>d</p></div>",
    "a page in XHTML with an empty script": '<html xmlns="http://www.w3.org/1999/xhtml"><head>'
    '<script src="a.js"/><title>b</title></head><body><p>c <a id="d"/>e</p></body></html>',
    "empty elements that the parser would fill": '<p>a <wbr>b <i>c</i></p><p>d <embed src="e"> f</p>',
    **{name: source for name, (source, _) in BLOCKS.items()},
    **{name: markup.format(q="Is it safe, or not?", a="Yes.", n=1) for name, markup in QUESTIONS.items()},
    **{f"{name} beside text": f"<p>Text.</p>{source}" for name, source in FURNITURE.items()},
    **CONTENT,
    **{name: page.format("<h1>Levels</h1><p>It rises.</p>") for name, page in REGIONS.items()},
}  # fmt: skip


def words(piece: Piece) -> str:
    """The letters of a piece without its marker, fence or label."""
    text = re.sub(r"^`{3,}.*", "", piece.text) if piece.kind == "code" else piece.text
    return "".join(re.findall(r"[^\W_]", re.sub(r"^\s*\d+\. ", "", text)))


def assert_slices_say_the_same(source: str) -> None:
    """Every block's slice of the source, parsed alone, gives the block's words again."""
    for piece in html.parse(source).pieces:
        if piece.kind == "end":
            continue
        assert piece.place is not None, piece
        again = html.parse(source[piece.place.start : piece.place.end])

        assert "".join(map(words, again.pieces)) == words(piece), piece


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_slice_of_the_source_gives_the_block_again(source: str) -> None:
    assert_slices_say_the_same(source)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_places_are_the_same_when_the_source_must_be_put_right_first(source: str) -> None:
    first = "<![CDATA[]]>"  # which makes the reader number the tags in the source

    plain = html.parse(source).pieces
    edited = html.parse(first + source).pieces

    assert [piece.text for piece in edited] == [piece.text for piece in plain]
    for one, other in zip(plain, edited, strict=True):
        if one.place is not None and other.place is not None and one.place.start is not None:
            assert other.place.start == one.place.start + len(first)
            assert one.place.end is not None
            assert other.place.end == one.place.end + len(first)


TEXTS = st.sampled_from(
    ["Level", "a &lt; b", "x\ny", " ", "5&nbsp;kg", "Is it?", "<!-- > -->", "ö"]
)
NAMES = st.sampled_from(
    "p div b code li ul ol td tr table h2 blockquote pre dl dt dd br a span details summary".split()
)


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    content = st.lists(inner, max_size=4).map("".join)
    closed = st.tuples(NAMES, content).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>")
    opened = st.tuples(NAMES, content).map(lambda pair: f'<{pair[0]} title="a>b">{pair[1]}')
    return closed | opened


@given(st.recursive(TEXTS, _element, max_leaves=15))
def test_places_follow_one_another_inside_the_source(source: str) -> None:
    found = [piece.place for piece in html.parse(source).pieces if piece.kind != "end"]

    assert all(place is not None and place.start is not None for place in found)
    assert all(0 <= place.start <= place.end <= len(source) for place in found if place)  # type: ignore[operator]  # both are told, see above


PROSE = st.text("abcd .,\n&<>ü", min_size=1, max_size=30).filter(
    lambda text: any(map(str.isalpha, text))
)


@given(
    st.lists(st.tuples(st.sampled_from(("p", "h2", "pre", "div")), PROSE), min_size=1, max_size=8)
)
def test_places_are_exact_for_any_text(blocks: list[tuple[str, str]]) -> None:
    escape = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
    source = "".join(f"<{tag} id='i>'>{text.translate(escape)}</{tag}>" for tag, text in blocks)

    assert_slices_say_the_same(f"<main>{source}</main>")


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_all_visible_text_is_kept_or_dropped_for_a_reason(source: str) -> None:
    found = html.parse(source)

    dropped = sum(part.characters for part in found.dropped)
    assert found.visible is not None
    assert dropped <= found.visible
    assert not [part for part in found.dropped if part.what == "text without a block"]


def test_dropped_regions_are_named_with_their_reason() -> None:
    found = html.parse(
        "<body><nav id=menu>Home</nav><main><p>Text.</p><p hidden>Secret words</p></main>"
        '<div class="bar left">Ad</div></body>'
    )

    told = {(part.what, part.reason, part.characters, part.beginning) for part in found.dropped}
    assert told == {
        ("nav#menu", "furniture", 4, "Home"),
        ("div.bar", "furniture", 2, "Ad"),
        ("p", "hidden", 11, "Secret words"),
    }
    assert found.visible == 22


def test_main_part_that_misses_the_text_is_not_trusted() -> None:
    text = "".join(
        f"<p>Sentence {n} tells how the level of the river rises.</p>" for n in range(40)
    )

    found = html.parse(f"<body><main><p>Loading</p></main><div>{text}</div></body>")

    assert sum("river" in piece.text for piece in found.pieces) == 40
    assert any("low coverage" in note for note in found.notes)


def test_text_in_a_table_and_in_none_of_its_cells_is_read() -> None:
    lost = f"<section><p>It rises.</p><p>{'It falls. ' * 20}</p></section>"
    found = html.parse(f"<h1>A</h1><table><tr><th>Key</th></tr><tr><td>a</td></tr>{lost}</table>")

    assert [piece.kind for piece in found.pieces] == ["heading", "table", "paragraph", "paragraph"]
    assert found.pieces[2].text == "It rises."
    assert not found.dropped


def test_page_of_which_little_is_kept_is_flagged() -> None:
    links = "".join(f"<li><a href=/{n}>Page number {n} of them</a></li>" for n in range(9))
    page = "<body><nav><ul>{}</ul></nav><main><p>The level of the river rises.</p></main></body>"

    flagged = html.parse(page.format(links))
    trusted = html.parse(page.format("<li><a href=/>Home</a></li>"))

    assert flagged.notes == ("low coverage: 13 % of the visible text was kept",)
    assert trusted.notes == ()


def test_page_whose_text_a_tag_swallows_is_flagged() -> None:
    text = "<p>The level of the river rises slowly after rain.</p>" * 20

    found = html.parse(f"<title>Levels<body><h1>Levels</h1>{text}")

    assert found.notes[0].startswith("low coverage: the parser found ")


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><h1>A</h1></body>{}</html>",
        "<html><body><h1>A</h1></body></html>{}",
        "<html><body></body>{}</html>",
        "<body><h1>A</h1><![CDATA[{}",
        "<body><h1>A</h1><p>B</button<![CDATA[></p>{}",
    ],
)
def test_text_behind_a_premature_end_is_read(page: str) -> None:
    source = page.format("<p>The level rises.</p> Then <b>it</b> falls.")

    found = html.parse(source)

    said = " ".join(piece.text for piece in found.pieces)
    assert "The level rises." in said
    assert "Then it falls." in said
    for piece in found.pieces:
        assert piece.place is not None
        assert piece.place.start is not None
        assert piece.text.split()[0] in source[piece.place.start : piece.place.end]


def test_short_main_part_is_trusted_beside_a_longer_sidebar() -> None:
    links = "".join(f"<li><a href=/{n}>Page number {n} of them</a></li>" for n in range(80))

    found = html.parse(f"<body><div><ul>{links}</ul></div><main><p>Text.</p></main></body>")

    assert [piece.text for piece in found.pieces] == ["Text."]


def flags(source: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(piece.text, piece.flags) for piece in html.parse(source).pieces if piece.kind != "end"]


def test_variants_in_tabs_are_marked() -> None:
    source = (
        '<main><p>Run:</p><div><div role="tablist"><button role="tab">Linux</button><button role="tab">macOS'
        '</button></div><div role="tabpanel"><pre>apt</pre></div><div role="tabpanel" hidden><pre>brew</pre>'
        "</div></div><p>Done.</p></main>"
    )

    assert flags(source) == [
        ("Run:", ()),
        ("Linux", ("tab=Linux",)),
        ("```\napt\n```", ("tab=Linux",)),
        ("macOS", ("tab=macOS",)),
        ("```\nbrew\n```", ("tab=macOS",)),
        ("Done.", ()),
    ]


def test_headings_made_of_questions_are_marked() -> None:
    source = "<h1>Probes</h1><details><summary>Is it safe?</summary>Yes.</details><p><b>Why not?</b></p><p>So.</p>"

    assert flags(f"<main>{source}</main>") == [
        ("Probes", ()),
        ("Is it safe?", ("question",)),
        ("Yes.", ()),
        ("Why not?", ("question", "inferred")),
        ("So.", ()),
    ]


ANCHORS = {
    "of its own": '<h2 id="ports">Ports</h2>',
    "of its section": '<section id="ports"><h2>Ports</h2></section>',
    "of a name in it": '<h2><a name="ports"></a>Ports</h2>',
}


@pytest.mark.parametrize("source", ANCHORS.values(), ids=ANCHORS.keys())
def test_heading_has_the_anchor(source: str) -> None:
    assert [piece.anchor for piece in html.parse(f"<main>{source}</main>").pieces] == ["ports"]


KINDS = {
    "definition": "<dl><dt>Datum</dt><dd>A height.</dd></dl>",
    "caption": "<figure><img><figcaption>A gauge.</figcaption></figure>",
    "math": r"<div class='math'>\[a^2\]</div>",
}


@pytest.mark.parametrize(("kind", "source"), KINDS.items(), ids=KINDS.keys())
def test_block_is_a(kind: str, source: str) -> None:
    assert [piece.kind for piece in html.parse(f"<main>{source}</main>").pieces] == [kind]


TEX = "<annotation encoding='application/x-tex'>a^2</annotation>"
FORMULAS = {
    "KaTeX": f"<span class='katex'><span class='katex-mathml'><math><semantics><mi>a</mi>{TEX}</semantics>"
    "</math></span><span class='katex-html' aria-hidden='true'>a2</span></span>",
    "MathJax 2": '<script type="math/tex">a^2</script>',
    "MathML": f"<math><semantics><msup><mi>a</mi><mn>2</mn></msup>{TEX}</semantics></math>",
}


@pytest.mark.parametrize("source", FORMULAS.values(), ids=FORMULAS.keys())
def test_formula_is_its_tex_once(source: str) -> None:
    found = html.parse(f"<main><p>So {source} is.</p></main>").pieces

    assert [piece.text for piece in found] == ["So $a^2$ is."]


def test_rows_of_headers_are_counted() -> None:
    rows = "<thead><tr><th>A<th>B<tr><th>a<th>b</thead><tr><td>1<td>2"

    assert [piece.header_rows for piece in html.parse(f"<table>{rows}</table>").pieces] == [2]


FEET = [
    "Version 3.8",
    "Rill 2.1",
    "Last modified: 3 May 2025",
    "Copyright 2025 Rill GmbH",
    "© Rill",
    "© Copyright 2010-2023 Ada Rill, 2015 Berta Brook, 2018 Carl Creek and the Rill Collective "
    "(see the file AUTHORS). Made with Mill.",
]


@pytest.mark.parametrize("foot", FEET)
def test_line_at_the_foot_of_a_page_is_no_part_of_its_last_answer(foot: str) -> None:
    if foot == "Rill 2.1":
        foot = "Rill version 2.1"
    found = html.parse(f"<body><h1>FAQ</h1><h2>Is it?</h2><p>Yes.</p><div>{foot}</div></body>")

    assert [piece.text for piece in found.pieces] == ["FAQ", "Is it?", "Yes."]


FAQ = """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "FAQPage",
"mainEntity": [{"@type": "Question", "name": "Is it safe?", "acceptedAnswer": {"@type": "Answer",
"text": "<p>Yes, it is safe.</p>"}}]}</script>"""


def test_answers_for_machines_are_read_where_the_page_lacks_them() -> None:
    found = html.parse(f"<main><h1>Probes</h1><p>All about probes.</p></main>{FAQ}").pieces

    assert [piece.text for piece in found] == [
        "Probes", "All about probes.", "Is it safe?", "Yes, it is safe.",
    ]  # fmt: skip


@pytest.mark.parametrize("shown", ["<h2>Is it safe?</h2>", ""])
def test_answers_for_machines_are_never_read_twice(shown: str) -> None:
    found = html.parse(f"<main><h1>Probes</h1>{shown}<p>Yes, it is safe.</p></main>{FAQ}").pieces

    assert [(piece.kind, piece.text) for piece in found] == [
        ("heading", "Probes"), ("heading", "Is it safe?"), ("paragraph", "Yes, it is safe."),
    ]  # fmt: skip
