"""What generators of sites wrap around a text: each shape by itself."""

from __future__ import annotations

import pytest

from tests.ingest.reading import document, html, paths

SENTENCE = "The level of a river rises after rain."


def read(body: str) -> str:
    return document(f"<html><body>{body}</body></html>", "text/html").text


@pytest.mark.parametrize(
    ("above", "main"),
    [
        (
            f"<h1>Gauge</h1><section><header><h2>Level</h2><p>{SENTENCE}</p></header>",
            "<article><h2>Uses</h2><p>{}</p></article></section>",
        ),
        (
            f"<div><div><h1>Gauge</h1><p>{SENTENCE}</p></div></div>",
            "<main><h2>Uses</h2><p>{}</p></main>",
        ),
    ],
    ids=["the header of a section", "a box with the only title"],
)
def test_what_begins_a_text_above_its_main_part_is_read(above: str, main: str) -> None:
    text = read(f"<div>{above}{main.format('Ships need it to pass. ' * 9)}</div>")

    assert text.startswith("# Gauge\n\n")
    assert f"{SENTENCE}\n\n## Uses\n\nShips" in text


def test_the_header_of_a_site_above_a_main_part_is_none_of_it() -> None:
    header = "<header><h1>Rill</h1><p>All about rivers. Always.</p></header>"

    text = read(f"{header}<main><h1>Gauge</h1><p>{SENTENCE}</p></main>")

    assert text == f"# Gauge\n\n{SENTENCE}"


def test_a_table_below_the_text_of_a_cell_stands_below_its_table() -> None:
    inner = "<table><tr><th>Name</th><th>Use</th></tr><tr><td>low</td><td>Mark.</td></tr></table>"
    rows = f"<tr><td>a</td><td>First.</td></tr><tr><td>b</td><td><p>Second.</p><h6>Parts</h6>{inner}</td></tr>"

    found = html(
        f"<h1>Gauge</h1><table><thead><tr><th>Key</th><th>Means</th></tr></thead>{rows}</table>"
    )

    assert found.text == (
        "# Gauge\n\n| Key | Means |\n| --- | --- |\n| a | First. |\n| b | Second. |\n\n"
        "###### Parts\n\n| Name | Use |\n| --- | --- |\n| low | Mark. |"
    )


@pytest.mark.parametrize(
    "branch",
    [
        "<li><details open><summary><i>{}</i></summary>{}</details></li>",
        "<li><button>{}</button>{}</li>",
    ],
)
def test_a_drawn_tree_is_a_list(branch: str) -> None:
    inner = branch.format("parts", "<ul><li>wheel.c</li></ul>")

    found = html(
        f"<h1>Files</h1><ul>{branch.format('src', f'<ul>{inner}</ul>')}<li>LICENSE</li></ul>"
    )

    assert found.text == "# Files\n\n- src\n  - parts\n    - wheel.c\n- LICENSE"


def test_headings_in_what_a_button_opens_stand_below_its_title() -> None:
    fold = (
        "<div><div><button aria-expanded=true>{0} the gauge</button></div>"
        "<div><h3>Result</h3><p>{0}.</p></div></div>"
    )

    found = html(f"<h1>Calls</h1><h2>Gauge</h2>{fold.format('Read')}{fold.format('Close')}")

    assert paths(found) == {
        "Read.": ("Gauge", "Read the gauge", "Result"),
        "Close.": ("Gauge", "Close the gauge", "Result"),
    }


def test_a_button_that_tells_what_is_asked_of_a_server_is_text() -> None:
    button = "<button><b>get</b><span>/gauges/{id}</span></button><button><b>Copy</b></button>"

    assert html(f"<h1>Gauge</h1><p>It tells.</p>{button}").text == (
        "# Gauge\n\nIt tells.\n\nget /gauges/{id}"
    )


def test_a_tool_without_words_takes_no_heading_with_it() -> None:
    tool = "<div class='copy-to-clipboard'><button></button></div>"

    assert html(f"<h1>Calls</h1><h2>Read</h2>{tool}<h2>Close</h2><p>It ends.</p>").text == (
        "# Calls\n\n## Read\n\n## Close\n\nIt ends."
    )


def test_the_title_of_a_sidebar_that_is_text_is_kept() -> None:
    sidebar = (
        "<aside class=sidebar><p class=sidebar-title>Rain</p><p>It falls in spring.</p></aside>"
    )

    assert html(f"<h1>Gauge</h1>{sidebar}<p>It rises.</p>").text == (
        "# Gauge\n\nRain\n\nIt falls in spring.\n\nIt rises."
    )


def test_a_line_with_a_mark_that_leads_to_the_box_around_both_is_its_heading() -> None:
    box = (
        "<section id={0}><input type=checkbox id=s-{0}><div class=attr>class <b>{0}</b>"
        "<label for=s-{0}><span>View Source</span></label></div><a class=headerlink href='#{0}'></a>{1}"
    )
    inner = box.format("Gauge.read", "<p>Reads it.</p><h6>Returns</h6><p>A level.</p></section>")
    outer = box.format("Gauge", f"<p>A gauge.</p>{inner}</section>")

    found = html(f"<h1>rill</h1>{outer}{box.format('Rain', '<p>Falls.</p></section>')}")

    assert paths(found) == {
        "A gauge.": ("class Gauge",),
        "Reads it.": ("class Gauge", "class Gauge.read"),
        "A level.": ("class Gauge", "class Gauge.read", "Returns"),
        "Falls.": ("class Rain",),
    }


def test_a_long_signature_with_a_mark_stands_below_its_name() -> None:
    signature = f"def read({', '.join(f'number_{at}: int' for at in range(12))})"
    box = f"<div id=read><div>{signature}</div><a class=headerlink href='#read'></a><p>Reads.</p></div>"

    assert html(f"<h1>rill</h1>{box}").text == f"# rill\n\n## def read\n\n{signature}\n\nReads."


def test_who_wrote_an_article_and_when_is_none_of_it() -> None:
    byline = (
        "<div><time>5 May</time> · One minute</div><div><b>Jo May</b><small>Editor</small></div>"
    )
    article = "<article><header><h1>Gauge</h1><p>In short</p>{}</header><p>It rises.</p></article>"

    assert html(article.format(byline)).text == "# Gauge\n\nIn short\n\nIt rises."
    assert "Jo May" in html(article.format("<div><b>Jo May</b></div>")).text


def test_news_above_the_title_of_a_page_are_none_of_it() -> None:
    news = "<div class='top-banner'>Rill 3 is out. <a href=/news>Read more</a></div>"

    assert html(f"{news}<div><h1>Gauge</h1></div><p>It rises.</p>").text == "# Gauge\n\nIt rises."


def test_a_heading_that_is_the_label_of_a_fold_stays_one_in_a_box_called_a_note() -> None:
    fold = "<details class='alert alert-info'><summary><h3>Rain</h3></summary><p>It falls.</p></details>"

    assert paths(html(f"<h1>Gauge</h1>{fold}")) == {"It falls.": ("Rain",)}


def test_blanks_that_hold_empty_lines_open_are_no_code() -> None:
    lines = "<span>a = 1</span>\n<span> </span>\n<span>b = 2</span>"

    assert html(f"<h1>Gauge</h1><pre><code>{lines}</code></pre>").text.endswith(
        "a = 1\n\nb = 2\n```"
    )
    assert html("<h1>Gauge</h1><pre>a\n \nb</pre>").text.endswith("a\n \nb\n```")


def test_links_side_by_side_in_a_box_are_words_of_their_own() -> None:
    links = "<div><a href=/a><b>Levels</b></a><a href=/b><b>Rain</b></a></div>"

    assert html(f"<h1>Gauge</h1><p>It rises.</p>{links}").text.endswith("Levels Rain")


@pytest.mark.parametrize("prompt", ["[12]:", "[ ]:", "In [3]:"])
def test_the_number_of_a_cell_set_as_code_is_no_code(prompt: str) -> None:
    cell = f"<div><div class=prompt><pre>{prompt}</pre></div><div><pre>a[1]: int</pre></div></div>"

    assert html(f"<h1>Gauge</h1>{cell}").text == "# Gauge\n\n```\na[1]: int\n```"


def test_a_note_above_the_title_that_leads_below_is_none_of_the_text() -> None:
    note = "<div class='admonition note'><p>Note</p><p><a href='#end'>Go to the end</a> for code.</p></div>"

    assert html(f"{note}<section><h1>Gauge</h1><p>It rises.</p></section>").text == (
        "# Gauge\n\nIt rises."
    )


def test_what_is_called_the_title_of_code_inside_of_it_is_none_of_the_code() -> None:
    code = "<pre><span class=idlHeader><a href='#i'>IDL</a></span><code>int a;\nint b;</code></pre>"

    assert html(f"<h1>Gauge</h1>{code}").text == "# Gauge\n\n```\nint a;\nint b;\n```"


def test_the_levels_of_headings_in_what_a_button_opens_stay_apart() -> None:
    fold = "<div><button aria-expanded=true>Read the gauge</button></div><div>{}</div>"
    inner = "<h2>Result</h2><h3>Errors</h3><p>None.</p>"

    found = html(f"<h1>Calls</h1><h2>Gauge</h2><div>{fold.format(inner)}</div>")

    assert paths(found) == {"None.": ("Gauge", "Read the gauge", "Result", "Errors")}


def test_a_button_with_the_title_of_its_page_opens_none_of_the_text() -> None:
    button = "<header><button aria-expanded=false>Level gauge</button></header>"
    main = f"<main>{button}<div><h1>Level gauge</h1><h2>Use</h2><p>It rises.</p></div></main>"

    found = document(f"<title>Level gauge</title><body>{main}</body>", "text/html")

    assert found.text == "# Level gauge\n\n## Use\n\nIt rises."


def test_links_that_say_that_they_lead_to_the_next_page_are_none_of_the_text() -> None:
    links = "".join(
        f"<a href=/{way}><div><p>Rain</p></div><p>{way} Page</p></a>"
        for way in ("Previous", "Next")
    )

    assert html(f"<h1>Gauge</h1><p>It rises.</p><div>{links}</div>").text == "# Gauge\n\nIt rises."


def test_contents_by_hand_beside_their_headings_are_text() -> None:
    listed = "<ul><li><a href='#a'>A</a><ul><li><a href='#b'>B</a></li><li><a href='#c'>C</a></li></ul></li></ul>"
    sections = "<h2 id=a>A</h2><p>It rises.</p>"

    assert "- B" in html(f"<h1>Gauge</h1><p>It tells.</p>{listed}{sections}").text
    assert "- B" not in html(f"<h1>Gauge</h1><p>It tells.</p><div>{listed}</div>{sections}").text


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "<tr><td>int level</td><td>(</td><td></td><td>)</td><td>const</td></tr>",
            "int level () const",
        ),
        (
            "<tr><td>int rise</td><td>(</td><td>Gauge *</td><td><em>gauge</em>, </td></tr>"
            "<tr><td></td><td></td><td>int</td><td><em>by</em> = <code>size(1)</code></td></tr>"
            "<tr><td></td><td>)</td><td></td><td></td></tr>",
            "int rise (Gauge * gauge, int by = size(1))",
        ),
        (
            "<tr><td><code>int <b>rise</b>(</code></td><td>gauge, by<code>)</code>;</td></tr>",
            "int rise(gauge, by);",
        ),
        ("<tr><td>rise (feet)</td><td>fall (feet)</td></tr>", ""),
        ("<tr><td>a sign</td><td>(</td><td>and</td><td>no end</td></tr>", ""),
    ],
)
def test_a_signature_that_is_set_in_cells_is_code(rows: str, said: str) -> None:
    text = html(f"<h1>Gauge</h1><table>{rows}</table>").text

    assert text == f"# Gauge\n\n```\n{said}\n```" if said else "```" not in text


def test_parameters_of_a_long_signature_stand_in_lines_of_their_own() -> None:
    names = [f"the_gauge_of_the_river_number_{n}" for n in range(4)]
    cells = "".join(f"<tr><td></td><td></td><td>{name},</td></tr>" for name in names[1:-1])
    first = f"<tr><td>rise</td><td>(</td><td>{names[0]},</td></tr>"

    text = html(
        f"<h1>G</h1><table>{first}{cells}<tr><td></td><td></td><td>{names[-1]} )</td></tr></table>"
    ).text

    assert text == "# G\n\n```\nrise ({},\n    {},\n    {},\n    {})\n```".format(*names)


def test_labels_behind_each_other_are_words_of_their_own() -> None:
    labels = "<div><span class=mlabel>inline</span><span class=mlabel>static</span></div>"
    tokens = "<p><span class=k>in</span><span class=k>line</span></p>"

    assert html(f"<h1>G</h1>{labels}{tokens}").text == "# G\n\ninline static\n\ninline"


def test_a_link_on_to_more_of_a_text_and_marks_of_headings_are_none_of_it() -> None:
    marks = "<h2><span><a href='#rise'>\u25c6\xa0</a></span>rise()</h2><p>It rises.</p><h2>Fall <a href='#top'>[*]</a></h2>"

    found = html(
        f"<h1>Gauge</h1><p>It tells. <a href='#more'>More...</a></p>{marks}<p>It falls.</p>"
    )

    assert found.text == "# Gauge\n\nIt tells.\n\n## rise()\n\nIt rises.\n\n## Fall\n\nIt falls."


@pytest.mark.parametrize(
    ("head", "box"),
    [
        ("Level and rain", "Level and rain"),
        ("Rill: Level and rain", "Level and rain"),
        ("Rill: Member List", "Gauge Member List"),
    ],
)
def test_a_box_called_title_that_the_head_names_stands_above_all_headings(
    head: str, box: str
) -> None:
    page = f"<title>{head}</title><body><div class=page_title>{box}</div><h1>1. Rise</h1><p>Rain.</p></body>"

    assert document(page, "text/html").text == f"# {box}\n\n## 1. Rise\n\nRain."


def test_a_column_with_the_parts_of_a_site_above_a_title_is_none_of_the_page() -> None:
    parts = "Parts<br>" + "<br>".join(f"<a href={n}.html>Part {n}</a>" for n in range(3))
    column = f"<tr><td>{parts}</td></tr><tr><td>More<br><a href=http://x.org>Wiki</a></td></tr>"
    table = f"<table>{column}</table>"

    assert html(f"{table}<h1>Gauge</h1><p>It rises.</p>").text == "# Gauge\n\nIt rises."
    assert "Part 1" in html(f"<h1>Gauge</h1>{table}<p>It rises.</p>").text
    assert (
        "Part 1" in html(f"{table.replace('More', 'It tells the level of a river')}<h1>G</h1>").text
    )


def test_lines_on_the_rights_in_a_page_below_whose_it_is_are_none_of_the_text() -> None:
    owner = "\u00a9 2020 Rill Ltd. What others gave is theirs."
    rights = "The text is licensed under the terms of the FDL.<br>Rill is a trademark of Rill Ltd."

    assert (
        read(f"<h1>Gauge</h1><p>{SENTENCE}</p><p>{owner}<br>{rights}</p>")
        == f"# Gauge\n\n{SENTENCE}"
    )
    assert rights[:20] in read(f"<h1>Gauge</h1><p>{SENTENCE}</p><p>{rights}</p>")


def test_long_words_behind_brackets_in_cells_are_looked_at_once() -> None:
    cells = f"<tr><td>rise</td><td>(</td><td>)</td><td>{'level' * 9}.</td></tr>"

    assert "```" not in html(f"<h1>Gauge</h1><table>{cells}</table>").text


def test_from_what_files_a_page_was_made_is_none_of_its_text() -> None:
    made = "<hr>The documentation for this class was generated from the following file:<ul><li>a.h</li></ul>"

    assert read(f"<h1>Gauge</h1><p>{SENTENCE}</p>{made}") == f"# Gauge\n\n{SENTENCE}"


def test_code_of_several_lines_in_the_rows_of_a_table_is_read_as_it_is_set() -> None:
    rows = "".join(
        f"<tr><td><pre><code>{one}</code></pre></td></tr>" for one in ("r = 1\n\nok", "s")
    )

    told = read(f"<h1>Gauge</h1><p>{SENTENCE}</p><table>{rows}</table>")

    assert told == f"# Gauge\n\n{SENTENCE}\n\n```\nr = 1\n\nok\n```\n\n```\ns\n```"


def test_a_way_through_a_book_in_a_table_may_name_steps_that_lead_nowhere() -> None:
    ways = "<a href=n>next</a> | <a href=p>previous</a> | up | <a href=i>index</a>"
    bar = f"<table><tr><td><div>{ways} | <a href=http://a.example>Rill's site</a></div></table>"

    assert read(f"{bar}<h1>Gauge</h1><p>{SENTENCE}</p>") == f"# Gauge\n\n{SENTENCE}"


def test_a_method_that_nothing_is_told_of_stays_above_the_bar_of_its_page() -> None:
    listed = "<ul><li><h4>int {}()</h4><p></p></li></ul>"
    bar = "<div class=bottomNav><ul><li><a href=a>Overview</a><li><a href=b>Index</a></ul></div>"
    page = f"<h1>Class Gauge</h1><p>{SENTENCE}</p><div><ul><li><h3>Methods</h3><ul><li>{{}}</ul></ul></div>"

    told = read(page.format(listed.format("rise") + listed.format("fall")) + bar)

    assert told.endswith("int rise()\n\n#### int fall()")


def test_headers_beside_tables_and_code_are_the_titles_of_those() -> None:
    named = "<tr><th>Name</th><th>Told</th></tr><tr><td>level</td><td>in metres</td></tr>"
    rows = (
        "<tr><th>SYNOPSIS</th><td><pre>rise(level);\nfall();</pre></td></tr>",
        f"<tr><th>ARGUMENTS</th><td><table>{named}</table></td></tr>",
    )
    listed = rows[1].replace("ARGUMENTS", "<p>ARGUMENTS</p><pre>x</pre>")

    told = read(f"<h1>Gauge</h1><p>{SENTENCE}</p><table>{''.join(rows)}</table><p>It falls.</p>")
    other = read(f"<h1>Gauge</h1><p>{SENTENCE}</p><table>{rows[0]}{listed}</table>")

    assert "\n\n## SYNOPSIS\n\n```\nrise" in told
    assert "\n\n## ARGUMENTS\n\n| Name | Told |" in told
    assert "## " not in other


def test_what_follows_titles_beside_tables_is_none_of_theirs() -> None:
    rows = "".join(f"<tr><th>{one}</th><td><pre>{one};\nend;</pre></td></tr>" for one in ("A", "B"))
    page = html(f"<h1>Gauge</h1><p>{SENTENCE}</p><table>{rows}</table><p>It falls.</p>")

    assert page.blocks[-1].heading_path == ("Gauge",)
    assert page.blocks[-2].heading_path == ("Gauge", "B")


def test_numbers_of_footnotes_head_nothing() -> None:
    note = "<h5><a id=F{0} href=#D{0}>({0})</a></h5><p>It is told of {0} rivers.</p>"
    page = f"<h1>Gauge</h1><p>{SENTENCE}</p><div class=footnote><h4>Footnotes</h4>{{}}</div>"

    told = read(page.format(note.format(1) + note.format(2)))

    assert told.endswith("#### Footnotes\n\nIt is told of 1 rivers.\n\nIt is told of 2 rivers.")
    assert "##### (1)" in read(page.format(note.format(1).replace("href=#D1", "")))


def test_titles_of_a_site_that_are_links_in_a_row_above_the_text_are_none_of_a_page() -> None:
    cell = '<td><a href="{}"><h2>{}</h2></a></td>'.format
    links = ["main.html", "manual.html", "library.html", "faq.html", "http://rill.example/"]
    row = "".join(cell(link, f"Part {at}") for at, link in enumerate(links))
    page = f"<div><table><tr>{{}}</tr></table></div><div><h1>Gauge</h1><p>{SENTENCE}</p></div>"

    assert read(page.format(row)) == f"# Gauge\n\n{SENTENCE}"
    assert "## Part 1" in read(page.format(row.replace("</td>", f"<p>{SENTENCE}</p></td>")))


def test_a_row_without_cells_in_a_table_with_headers_is_read() -> None:
    rows = "<tr></tr><tr><th>A</th><td>one</td></tr><tr><th>B</th><td>two</td></tr>"

    assert "| A | one |" in read(f"<h1>Gauge</h1><p>{SENTENCE}</p><table>{rows}</table>")


@pytest.mark.parametrize(
    "bar",
    [
        "[<a href=2.html>\u6b21\u3078</a>] [<a href=1.html#toc>\u76ee\u6b21</a>]",
        "<a href=1.html>\u4e0a\u4e00\u9875</a> | <a href=3.html>\u4e0b\u4e00\u9875</a>",
    ],
)
def test_ways_through_a_book_in_japanese_and_chinese_are_left_out(bar: str) -> None:
    text = f"<h1>Gauge</h1><p>{SENTENCE}</p>"

    assert read(f"<p>{bar}</p><hr>{text}<hr><p>{bar}</p>") == f"# Gauge\n\n{SENTENCE}"


def test_a_title_in_a_box_is_told_behind_the_name_of_a_site_with_a_dash_in_it() -> None:
    head = "<head><title>Rill - the level library: Level Gauges</title></head>"
    title = "<div class=header><div class=title>Level Gauges</div></div>"

    told = document(f"<html>{head}<body>{title}<p>{SENTENCE}</p></body></html>", "text/html").text

    assert told == f"# Level Gauges\n\n{SENTENCE}"


@pytest.mark.parametrize(
    ("title", "cell", "code"),
    [
        ("RILL_MAX", "#define RILL_MAX&#160;&#160;0x42", "#define RILL_MAX 0x42"),
        ("levels", "char ** levels", "char ** levels"),
        ("Gauge", "typedef struct { int level; } Gauge", "typedef struct { int level; } Gauge"),
        ("Gauge", "The Gauge of a river", ""),
        ("level", "The level is told in metres.", ""),
        ("levels of a river", "int levels of a river", ""),
    ],
)
def test_a_cell_below_a_name_that_declares_it_is_code(title: str, cell: str, code: str) -> None:
    table = f"<table class=memname><tr><td class=memname>{cell}</td></tr></table>"

    told = read(f"<h1>Rill</h1><h2>{title}</h2><div>{table}</div><p>{SENTENCE}</p>")

    assert (f"## {title}\n\n```\n{code}\n```\n\n{SENTENCE}" in told) is bool(code)
    assert code or "```" not in told


def test_a_column_of_links_some_of_which_leave_the_site_stands_beside_a_text() -> None:
    inside = "".join(f"<li><a href={at}.html>Part {at}</a></li>" for at in range(4))
    outside = "".join(f"<li><a href=http://{at}.example>Friend {at}</a></li>" for at in range(6))
    column = f"<td><b>Menu</b><ul>{inside}</ul><b>Friends</b><ul>{outside}</ul></td>"
    text = f"<td><h1>Gauge</h1>{f'<p>{SENTENCE}</p>' * 4}</td>"

    assert read(f"<table><tr>{column}{text}</tr></table>").startswith("# Gauge")
    assert "Friend 1" in read(f"<table><tr>{text}</tr><tr>{column}</tr></table>")


def test_terms_of_a_list_that_defines_none_are_items() -> None:
    terms = "<dl><dt><a href=a.html>rise</a> \u2014 tells when it rises</dt><dt>fall</dt></dl>"

    told = read(f"<h1>Gauge</h1><p>{SENTENCE}</p>{terms}<dl><dt>a</dt><dt>b</dt><dd>Two.</dd></dl>")

    assert told.endswith("\n\n- rise \u2014 tells when it rises\n- fall\n- a, b: Two.")


def test_a_list_of_links_in_a_box_that_a_sentence_announces_is_text() -> None:
    links = "".join(
        f"<li><p><a href={at}.html>Chapter {at}, Levels</a></p></li>" for at in range(5)
    )
    listed = f"<div class=itemizedlist><ul class=itemizedlist>{links}</ul></div>"
    page = f"<h1>Gauge</h1><p>{SENTENCE}</p><p>O que se conta nesta parte{{}}</p>{listed}<p>{SENTENCE}</p>"

    assert "- Chapter 4, Levels" in read(page.format(":"))
    assert "Chapter 4" not in read(page.format(""))


def test_ways_to_other_chapters_in_a_list_are_none_of_the_text() -> None:
    ways = "<ul><li><a href=1.html>Previous Chapter</a><li><a href=3.html>Next Chapter</a></ul>"

    assert read(f"<h1>Gauge</h1><p>{SENTENCE}</p><hr>{ways}") == f"# Gauge\n\n{SENTENCE}"
