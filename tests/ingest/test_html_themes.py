"""What themes of sites and generators of references do to short pages, titles and terms."""

from __future__ import annotations

import pytest

from tests.ingest.reading import document, html, markdown, paths

SENTENCE = "The level of a river rises after rain."


def page(head: str, body: str) -> str:
    return document(f"<title>{head}</title><body>{body}</body>", "text/html").text


def test_a_short_page_in_a_box_that_is_called_results_of_a_search_is_read() -> None:
    box = "<div id=search-results><div><section><h1>水位</h1><p>雨后水位上升。</p></section></div></div>"

    assert page("水位 - Rill", f"<main>{box}</main>") == "# 水位\n\n雨后水位上升。"


def test_a_long_footer_below_a_short_page_is_none_of_it() -> None:
    rights = "<p>The fonts of this site are licensed under the terms of the OFL.</p>" * 9

    text = page("水位", f"<h1>水位</h1><p>雨后水位上升。</p><footer>{rights}</footer>")

    assert text == "# 水位\n\n雨后水位上升。"


def test_a_link_with_the_name_of_the_site_above_a_title_is_none_of_the_page() -> None:
    link = "<div><a href=..>Rill</a></div>"
    text = f"<h1>Gauge</h1><p>{SENTENCE}</p>"

    assert page("Gauge - Rill", f"<main>{link}{text}</main>") == f"# Gauge\n\n{SENTENCE}"
    assert page("Gauge - Rill", f"<main>{text}{link}</main>").endswith("Rill")


@pytest.mark.parametrize(
    "titles",
    [("a rise", "a <code>rise</code>"), ("a <code>rise</code>", "a rise")],
)
def test_a_title_that_is_said_with_and_without_its_code_is_one(titles: tuple[str, str]) -> None:
    first, second = titles

    found = html(f"<header><h1>{first}</h1></header><h1>{second}</h1><p>{SENTENCE}</p>")

    assert found.text == f"# a `rise`\n\n{SENTENCE}"


def test_a_label_whose_links_were_left_out_is_left_out_with_them() -> None:
    note = "<div role=note><h3>This Page</h3><ul class=nav><li><a href=a.txt>Show it</a></ul></div>"

    assert html(f"<h1>Gauge</h1>{note}<p>{SENTENCE}</p>").text == f"# Gauge\n\n{SENTENCE}"


def test_a_box_with_nothing_below_its_sentence_has_no_colon() -> None:
    box = f"<div class='admonition note'><p class=admonition-title>{SENTENCE}</p></div>"

    assert html(f"<h1>Gauge</h1>{box}").text == f"# Gauge\n\n{SENTENCE}"


def test_a_list_of_contents_in_a_section_named_by_its_heading_is_text() -> None:
    links = "".join(f"<li><a href=#s{n}>Part {n}</a></li>" for n in range(4))
    contents = f"<section id=river-parts><h2>River parts</h2><ul>{links}</ul></section>"
    body = f"<h1>Gauge</h1>{contents}<section id=s1><h2>Part 1</h2><p>{SENTENCE * 9}</p></section>"

    assert "## River parts\n\n- Part 0" in page("Gauge", body)
    assert "Part 0" not in page("Gauge", body.replace("id=river-parts", "id=left"))


def test_a_term_whose_definition_begins_with_a_fold_is_kept() -> None:
    fold = "<details><summary>Expand source code</summary><pre>size = 1</pre></details>"
    terms = f"<dl><dt>size</dt><dd>{fold}<p>How high it is.</p></dd></dl>"

    assert html(f"<h1>Gauge</h1>{terms}").text == (
        "# Gauge\n\n- size:\n\n```\nsize = 1\n```\n\nHow high it is."
    )


def test_the_description_of_a_class_in_the_header_of_its_section_is_read() -> None:
    header = f"<header><h2>Gauge(river)</h2><div class=description>{SENTENCE}</div></header>"
    article = f"<article><h3>Methods</h3><p>{SENTENCE * 9}</p></article>"

    text = page("Class: Gauge", f"<h1>Class: Gauge</h1><section>{header}{article}</section>")

    assert text.startswith(f"# Class: Gauge\n\n## Gauge(river)\n\n{SENTENCE}\n\n### Methods")


@pytest.mark.parametrize(
    ("wrapped", "said"),
    [
        ("今日は\n<a href=x>明日</a>\n<b>昨日</b>、\n水", "今日は明日昨日、水"),
        ("水\nriver\n<code>水</code>\n水", "水 river `水` 水"),
        ("물은\n흐른다", "물은 흐른다"),
    ],
    ids=["wide characters", "others beside them", "Korean has blanks"],
)
def test_the_end_of_a_line_in_the_source_is_no_blank_where_a_script_has_none(
    wrapped: str, said: str
) -> None:
    assert html(f"<p>{wrapped}</p>").text == said
    assert html(f"<h1>{wrapped}</h1>").text == f"# {said}"


def test_the_end_of_a_line_in_markdown_is_no_blank_where_a_script_has_none() -> None:
    assert markdown("今日は\n[明日](x)\nriver\n水").text == "今日は明日 river 水"


def test_headings_that_lead_to_headings_of_their_words_are_contents() -> None:
    names = ("Rise", "Fall", "Flow")
    contents = "".join(f"<h2><a href=#{name}>{name}</a></h2>" for name in names)
    parts = "".join(f"<h2 id={name}>{name}</h2><p>{SENTENCE}</p>" for name in names)

    assert html(f"<h1>Gauge</h1>{contents}{parts}").text.count("## Rise") == 1
    assert html(f"<h1>Gauge</h1>{contents}<hr>{parts.replace('id=', 'x=')}").text.count("Rise") == 2


def test_an_index_with_the_titles_of_the_parts_above_links_into_them_is_left_out() -> None:
    index = (
        "<section><h3>Methods</h3><div><a href=#get>get</a> <a href=#set>set</a></div></section>"
    )
    methods = f"<h2>Methods</h2><h3 id=get>get</h3><p>{SENTENCE}</p>"

    text = html(
        f"<h1>Gauge</h1><details><summary><h5>Index</h5></summary>{index}</details>{methods}"
    ).text

    assert text == f"# Gauge\n\n## Methods\n\n### get\n\n{SENTENCE}"
    also = "<h3>See also</h3><p><a href=#b>b</a></p>"
    kept = html(f"<h2 id=a>a</h2>{also}<h2>c</h2>{also}<h2 id=b>b</h2><p>{SENTENCE}</p>").text
    assert kept.count("### See also\n\nb") == 2


def test_signatures_that_begin_the_parts_of_a_reference_are_headings_above_their_text() -> None:
    def part(name: str) -> str:
        advice = "<span class=advice>click to toggle source</span>"
        line = f"<div class=method-heading><span>{name}(key)</span> {advice}</div>"
        return f"<div id=m-{name} class=method>{line}<div><p>{SENTENCE}</p><h2>Notes</h2>{name}</div></div>"

    found = html(
        f"<h1>Gauge</h1><p>A class.</p><h3>Methods</h3>{part('get')}{part('set')}<p>End.</p>"
    )

    assert "#### get(key)\n\nThe level" in found.text
    told = paths(found)
    assert told["get"] == ("Methods", "get(key)", "Notes")
    assert told["set"] == ("Methods", "set(key)", "Notes")
    assert told["End."] == ("Methods",)


def test_boxes_called_headers_that_no_link_leads_to_are_text() -> None:
    box = f"<div class=card><div class=card-header>Rivers</div><p>{SENTENCE}</p></div>"

    assert "#" not in html(f"<h1>Gauge</h1><h2>One</h2>{box}{box}").text.partition("One")[2]


def test_the_rows_around_a_manual_page_that_print_would_have_are_none_of_it() -> None:
    head = "<table><tr><td>rise(1)</td><td>User Commands</td><td>rise(1)</td></tr></table>"
    foot = "<table><tr><td>2024-01-02</td><td>rill 4</td></tr></table>"
    text = f"<h1>NAME</h1><p>rise - tell the level</p><h1>NOTES</h1><p>{SENTENCE}</p>"

    assert page("rise(1)", f"{head}{text}{foot}").endswith(SENTENCE)
    assert page("rise(1)", f"{head}{text}{foot}").startswith("# NAME")
    assert "rill 4" in page("rise(1)", f"{text}{foot}")
    assert "User Commands" in page("fall(1)", f"{head}{text}")


def test_the_footer_of_printed_pages_in_a_saved_text_is_none_of_it() -> None:
    head = "<meta name=generator content='LibreOffice 7'><style>p { font-family: serif }</style>"
    footer = "<div title=footer><p>4</p></div>"

    text = document(
        f"<html><head>{head}</head><body><h1>Gauge</h1><p>{SENTENCE}</p>{footer}</body></html>",
        "text/html",
    ).text

    assert text == f"# Gauge\n\n{SENTENCE}"


def test_what_is_shown_while_a_pointer_rests_on_a_link_is_none_of_the_text() -> None:
    link = "<a href=#b onMouseOver=\"show(event, 'tip')\" onMouseOut=\"hide('tip')\">get</a>"
    body = f"<h1>Gauge</h1><p>Call {link}.</p><div id=tip><p>{SENTENCE}</p></div>"

    assert html(body).text == "# Gauge\n\nCall get."
    assert SENTENCE in html(body.replace("onMouseOut", "onClick")).text


def test_a_link_to_the_source_of_a_page_is_none_of_its_text() -> None:
    text = f"<h1>Gauge</h1><p>{SENTENCE}</p>"

    assert html(f"{text}<a href=a.txt>View page source</a>").text == f"# Gauge\n\n{SENTENCE}"
    assert "View source" in html(f"{text}<p>View source</p>").text


WAY = "<ul><li><a href=#rain>Rain</a></li><li><a href=#ice>Ice</a></li></ul>"
PARTS = f"<h2 id=rain>Rain</h2><p>{SENTENCE}</p><h2 id=ice>Ice</h2><p>{SENTENCE}</p>"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (
            "<a href=x>Gauge<span> <span class=sr-only>(opens a new window)</span></span></a>",
            "Gauge",
        ),
        ("<span class=visually-hidden>Level: </span>4 m", "4 m"),
        ("<i class='icon icon-check'></i><span class=sr-only>Yes</span>", "Yes"),
    ],
)
def test_words_for_ears_in_a_cell_are_left_out_beside_others(cell: str, said: str) -> None:
    found = html(f"<table><tr><th>What<th>How<tr><td>One<td>{cell}</table>")

    assert found.text == f"| What | How |\n| --- | --- |\n| One | {said} |"


def test_a_title_that_holds_what_parts_page_and_site_is_one() -> None:
    above = "<header><a href=/edit>Edit</a><h1>Rill - the gauge</h1></header>"
    body = f"<div>{above}<article><ul><li>Fast<li>Small</ul><p>{SENTENCE}</p></article></div>"
    boxed = f"<div class=post-title>Rill - the gauge</div><article>{PARTS}</article>"

    assert page("Rill - the gauge \u00b7 Tern", body).startswith("# Rill - the gauge\n\n- Fast")
    found = document(f"<title>Rill - the gauge | Tern</title><body>{boxed}</body>", "text/html")
    assert {block.heading_path[0] for block in found.blocks} == {"Rill - the gauge"}


def test_a_list_of_contents_behind_a_paragraph_of_a_text_without_a_title_is_its_own() -> None:
    title = "<div id=top class=article-meta><h1>Rivers</h1></div>"
    body = f"<article>{title}<p>{SENTENCE}</p>{WAY}{PARTS}</article>"

    assert "- Rain\n- Ice" in page("Rivers", body)
    assert "- Rain" not in page("Rivers", body.replace(f"<p>{SENTENCE}</p>{WAY}", WAY))


def test_who_owns_a_post_and_may_print_it_is_told_below_and_is_none_of_it() -> None:
    owned = (
        "<div class=article-copyright-info><ul><li><b>Title:</b> Rivers<li><b>Author:</b> Jo"
        "<li><b>Licence:</b> This work is licensed under CC BY 4.0.</ul></div>"
    )

    assert page("Rivers", f"<h1>Rivers</h1><p>{SENTENCE}</p>{owned}") == f"# Rivers\n\n{SENTENCE}"


def test_names_of_other_posts_below_a_line_that_announces_them_are_none_of_a_post() -> None:
    links = "".join(f"<a href=/{n}><p>River {n}</p></a>" for n in range(3))
    text = f"<h1>Rivers</h1><p>{SENTENCE}</p>"

    others = page("Rivers", f"{text}<div><span>Recent posts</span><div>{links}</div></div>")
    under = page("Rivers", f"{text}<h2>Flow</h2><div><span>Recent posts</span>{links}</div>")

    assert others == f"# Rivers\n\n{SENTENCE}"
    assert under.endswith("River 2")


@pytest.mark.parametrize(
    ("title", "drawn", "code"),
    [
        (
            "rise",
            "<span class=r><a href=T>T</a></span>&nbsp;<span class=n>rise</span><wbr>"
            "<span class=p>(Gauge&nbsp;gauge,\n int&nbsp;level)</span>",
            "T rise(Gauge gauge,\n int level)",
        ),
        (
            "Class Gauge",
            "<span class=m>public class </span><span class=n>Gauge</span>",
            "public class Gauge",
        ),
    ],
)
def test_a_declaration_drawn_in_parts_below_its_name_is_code(
    title: str, drawn: str, code: str
) -> None:
    declared = f"<div class=declared>{drawn}</div><p>{SENTENCE}</p>"
    names = "<div>rill.Weir</div><dl><dt>Since<dd>2.1</dl>"

    for above in ("", names):
        assert f"```\n{code}\n```" in html(f"<h1>{title}</h1>{above}{declared}").text


@pytest.mark.parametrize(
    "drawn",
    [
        "<span class=a>Rivers</span> » <span class=b>rise</span>",
        "<span class=a>Added</span> <span class=b>2024</span>",
        "<span class=a>by</span> <span class=b>the rise</span>",
    ],
)
def test_labels_below_a_title_are_no_declaration(drawn: str) -> None:
    assert "```" not in html(f"<h1>rise</h1><div>{drawn}</div><p>{SENTENCE}</p>").text


def test_a_title_in_a_box_with_labels_and_the_groups_of_its_page_is_its_heading() -> None:
    labels = "<span class=mlabels><span class=mlabel>abstract</span></span>"
    groups = "<div class=ingroups><a href=g.html>Gauges</a></div>"
    title = f"<div class=title>Rill Class Reference{labels}{groups}</div>"

    text = page("Weir: Rill Class Reference", f"{title}<div><p>{SENTENCE}</p></div>")

    assert text == f"# Rill Class Reference\n\nabstract\n\nGauges\n\n{SENTENCE}"


def test_a_table_of_one_row_above_the_title_is_the_header_of_the_site() -> None:
    banner = "<table><tr><td>Rill is free,<br>as its water is.<td><a href=/>rill.org</a></table>"
    heading = "<h1>Gauge</h1>"

    assert page("Gauge", f"{banner}{heading}<p>{SENTENCE}</p>") == f"# Gauge\n\n{SENTENCE}"
    assert "as its water is" in page("Gauge", f"{heading}{banner}<p>{SENTENCE}</p>")


def test_lines_below_a_title_that_lead_back_are_none_of_the_page() -> None:
    lines = "<div>From rill.org</div><div>&lt; <a href=..>Rivers</a> | <a href=.>Gauges</a></div>"

    assert page("Gauge - rill.org", f"<h1>Gauge</h1>{lines}<p>{SENTENCE}</p>") == (
        f"# Gauge\n\n{SENTENCE}"
    )
    kept = (
        f"<h1>Gauge</h1><p>From springs</p><p>&lt;<a href=r.h>rain.h</a>&gt;</p><p>{SENTENCE}</p>"
    )
    assert "From springs\n\n<rain.h>" in page("Gauge - rill.org", kept)


def test_names_with_commas_below_a_caption_are_no_bar_of_links() -> None:
    names = ", ".join(f"<a href=Gauge.html#v{n}>level{n}</a>" for n in range(5))

    def read(above: str) -> str:
        body = f"<h1>Gauge</h1><p>{SENTENCE}</p><div>{above}<p>{names}</p></div>"
        return page("Gauge", f"{body}<p>{SENTENCE}</p>")

    assert "Least definition\n\nlevel0, level1" in read("<p>Least definition</p>")
    assert "level1" not in read(f"<p>{SENTENCE}</p>")
    assert "level1" not in read("").replace("Gauge.html", "")


@pytest.mark.parametrize("said", ["<p>{}</p>", "<h3>Use</h3><ul><li>{}</ul>"])
def test_a_bar_of_links_goes_though_a_short_page_says_less(said: str) -> None:
    links = "".join(f"<td><a href={n}.html>Gauge {n}</a> (2024)" for n in range(99))
    bar = f"<div class=t-navbar><table><tr>{links}</table></div>"

    text = page("Gauge", f"<h1>Gauge</h1>{bar}{said.format(SENTENCE)}")

    assert text.endswith(SENTENCE)
    assert "Gauge 7" not in text
    assert "Gauge 7" in page("Gauge", f"<h1>Gauge</h1>{bar}")


@pytest.mark.parametrize(
    "contents",
    [
        "<a href=#a>Source</a><br><a href=#b>Flood</a><br><a href=#c>Mouth</a><br>",
        "<h2>Summary</h2><div><a href=#a>Source</a></div><div><a href=#b>Floods</a></div>"
        "<div><a href=#c>Mouth</a></div>",
    ],
)
def test_lines_of_links_that_say_the_headings_below_are_contents(contents: str) -> None:
    names = ["1. Source", "2. Flood", "3. Mouth"]
    sections = "".join(f"<h2>{name}</h2><p>{SENTENCE}</p>" for name in names)
    parts = "".join(f"\n\n## {name}\n\n{SENTENCE}" for name in names)

    assert page("Rill", f"<h1>Rill</h1>{contents}{sections}") == f"# Rill{parts}"
    assert "Mouth" in page("Rill", f"<h1>Rill</h1>{contents}<p>{SENTENCE}</p>")


def test_a_heading_stays_above_its_sections_when_their_contents_go() -> None:
    links = "".join(f"<div><a href=#{n}>Part {n}.</a></div>" for n in "abc")
    sections = "".join(f"<h3>Part {n}</h3><p>{SENTENCE}</p>" for n in "abc")

    text = page("Rill", f"<h1>Rill</h1><p>{SENTENCE}</p><h2>Guide</h2>{links}{sections}")

    assert "## Guide\n\n### Part a\n\n" in text


def test_a_heading_stays_though_only_its_own_mark_stands_below_it() -> None:
    mark = "<span class=permalink><a href=/i.html#a><img src=m.png alt=Permalink></a></span>"
    entries = (
        f"<li><h4>trait Flood</h4>{mark}</li><li><h4>trait Rise</h4>{mark}<p>{SENTENCE}</p></li>"
    )

    text = page("Rill", f"<h1>Rill</h1><ol>{entries}</ol>")

    assert text == f"# Rill\n\n#### trait Flood\n\n#### trait Rise\n\n{SENTENCE}"


def test_short_forms_of_the_texts_behind_them_are_said_once() -> None:
    said = [f"{SENTENCE[:-1]} on day {n}." for n in range(3)]
    members = [
        f"<h2>rise{n}</h2><p>{short}</p><div><p>{short} Then it falls.</p></div>"
        for n, short in enumerate(said)
    ]
    again = f"<h1>Rill</h1>{f'<p>{SENTENCE}</p>' * 9}"

    assert html("".join(members)).text.count(SENTENCE[:-1]) == len(said)
    assert html("".join(members[:2])).text.count(SENTENCE[:-1]) == 2 * len(said[:2])
    assert html(again).text.count(SENTENCE) == 9
