"""Questions and answers in the markup of help centres, page builders and component libraries."""

from __future__ import annotations

import json

import pytest

from tests.ingest.reading import document, html, kinds, paths

PAIRS = {
    "How do I mount it?": "Hang it on a hook.",
    "Does it float in the sea?": "No, it sinks.",
    "Cleaning and care": "Wipe it with a cloth.",
}

# The frame, then what stands in it for every question: {q} is it, {a} its answer, {n} a number.
MARKUPS = {
    "bold lines of which most ask": "{}|<p><strong><span>{q}</span></strong></p><p>{a}</p>",
    "what opens a fold behind its title": "{}|<div class=x-item><div role=button aria-expanded=false aria-controls=p{n}>"
    "<a href=#>{q}</a><a href=#><span>Expand</span></a></div><div id=p{n}><p>{a}</p></div></div>",
    "what a control expands": "{}|<div class=expand-container><div class=expand-control><span>{q}</span></div>"
    "<div class=expand-content><p>{a}</p></div></div>",
    "bold questions that are called so": "{}|<div><strong class='x-question'>{q}</strong><p>{a}</p></div>",
    "items that begin with a title in bold": "<ol>{}</ol>|<li><strong>{q}</strong><p>{a}</p></li>",
    "boxes of one name of which most ask": "{}|<span class='block-question'>{q}</span><p>{a}</p>",
    "a title and a content in an accordion": "<div class='ui accordion'>{}</div>"
    "|<div class='title'><i class='dropdown icon'></i>{q}</div><div class='content'><p>{a}</p></div>",
    "panels inside of what is called a row of tabs": "<div role=tablist>{}</div>"
    "|<h3 role=tab aria-controls=p{n}>{q}</h3>"
    "<div id=p{n} role=tabpanel style='display: none'><p>{a}</p></div>",
    "an answer called navigation": "{}|<div role=button aria-expanded=false aria-controls=p{n}>{q}</div>"
    "<nav id=p{n}><p>{a}</p></nav>",
    "an answer that only a script shows": "{}|<div><button>{q}</button>"
    "<div x-show=open style='display: none'><p>{a}</p></div></div>",
    "a text called navigation that leads nowhere": "{}|<div class='x-dropdown-toggle toggle'>{q}</div>"
    "<nav class=x-list><p>{a}</p></nav>",
    "hidden text below headings": "{}<p></p>|<h3 class=trigger>{q}</h3>"
    "<div style='display:none'><p>{a}</p></div>",
    "hidden text below terms": "<dl>{}</dl>|<dt>{q}</dt><dd style='display:none'>{a}</dd>",
    "hidden text in items": "<ul>{}</ul>|<li><h4>{q}</h4><div class=hidden><p>{a}</p></div></li>",
    "hidden text below paragraphs that are clicked": "{}|<p><a onclick='show({n})'>{q}</a></p>"
    "<div style='display:none'><p>{a}</p></div>",
    "hidden regions below headings with buttons": "{}|<h3><button aria-expanded=false>{q}</button></h3>"
    "<div role=region hidden><p>{a}</p></div>",
    "a box with a script for clicks": "{}|<div class=head onclick='toggle({n})'>{q}</div>"
    "<div class=text style='display:none'><p>{a}</p></div>",
    "a button with what it does in its heading": "{}|<h3><button aria-expanded=false>"
    "<span>{q}</span><span class='visually-hidden'>, </span><span><span>Show</span></span>"
    "</button></h3><div hidden=until-found><p>{a}</p></div>",
    "a heading that says the question again": "{}|<button aria-expanded=false aria-controls=p{n}>{q}"
    "</button><div id=p{n} class=collapse><h2><a id=a{n}></a>{q}</h2><p>{a}</p></div>",
    "questions with a Q and answers with an A": "{}|<dl><dt><span>Q</span><p>{q}</p></dt>"
    "<dd><span>A</span><div><p>{a}</p></div></dd></dl>",
    "labels of check boxes of which most ask": "{}|<div><input type=checkbox id=x{n}>"
    "<label for=x{n}>{q}</label><div><p>{a}</p></div></div>",
    "labels of radio buttons of which most ask": "{}|<div><input type=radio name=x id=x{n}>"
    "<label for=x{n}>{q}</label><div><p>{a}</p></div></div>",
    "hidden text below links that lead nowhere": "<ul>{}</ul>|<li><a href='#none' class=tit>{q}</a>"
    "<div style='display:none'><p>{a}</p></div></li>",
    "a mark that unfolds what is below the title beside it": "{}|<div class=x-toggle-block><div>"
    "<div role=button aria-expanded=true aria-label=Close><svg></svg></div><div>"
    "<div><div>{q}</div></div><div>{a}</div></div></div></div>",
    "a title in an attribute": "{}|<x-details summary='{q}'><p>{a}</p></x-details>",
    "a table with labels": "<table>{}</table>|<tr><td><p><b>Q:</b></p></td><td><p>{q}</p></td></tr>"
    "<tr><td><p><b>A:</b></p></td><td><p>{a}</p></td></tr>",
}


@pytest.mark.parametrize("markup", MARKUPS.values(), ids=MARKUPS.keys())
def test_every_answer_stands_under_its_own_question(markup: str) -> None:
    outer, _, inner = markup.partition("|")
    items = "".join(inner.format(q=q, a=a, n=n) for n, (q, a) in enumerate(PAIRS.items()))

    found = html(f"<h1>Probes</h1><h2>Use</h2>{outer.replace('{}', items)}")

    assert paths(found) == {a: ("Use", q) for q, a in PAIRS.items()}


GROUPS = {
    "boxes of their own": "<div><div class=item><div class=faq-question>{}</div>"
    "<div class=answer><p>{}</p></div></div><div class='item open'><div class=faq-question>{}</div>"
    "<div class=answer><p>{}</p></div></div></div>",
    "bold lines in boxes": "<div><div><strong>{}</strong><p>{}</p></div>"
    "<div><p><strong>{}</strong></p><p>{}</p></div></div>",
    "microdata": "<div><p itemprop=name>{}</p><div itemprop=text>{}</div></div>"
    "<div><p itemprop=name>{}</p><div itemprop=text>{}</div></div>",
    "headings with buttons in one box": "<div><h3><button aria-expanded=false>{}</button></h3>"
    "<div hidden><p>{}</p></div><h3><button aria-expanded=false>{}</button></h3>"
    "<div hidden><p>{}</p></div></div>",
    "items with buttons": "<ul><li><h3><button aria-expanded=false>{}</button></h3>"
    "<div role=region><p>{}</p></div></li><li><h3><button aria-expanded=false>{}</button></h3>"
    "<div role=region><p>{}</p></div></li></ul>",
    "panels of their maker's own": "<x-group><x-panel><x-head role=button aria-expanded=false "
    "class=panel-title>{}</x-head><div><p>{}</p></div></x-panel><x-panel><x-head role=button "
    "aria-expanded=false class=panel-title>{}</x-head><div><p>{}</p></div></x-panel></x-group>",
    "rows": "<table><tr class=question><td colspan=2>{}</td></tr><tr><td></td><td><p>{}</p></td></tr>"
    "<tr class=question><td colspan=2>{}</td></tr><tr><td></td><td><p>{}</p></td></tr></table>",
    "headings in sections": "<section><h3>{}</h3><p>{}</p></section>"
    "<section><h3>{}</h3><p>{}</p></section>",
}


@pytest.mark.parametrize("markup", GROUPS.values(), ids=GROUPS.keys())
def test_what_stands_below_the_box_of_questions_is_no_answer(markup: str) -> None:
    asked = markup.format("Does it float?", "No.", "Does it sink?", "Yes.")
    if "itemprop" in markup:
        asked = asked.replace("<div><p", "<div itemscope itemtype=schema.org/Question><p")

    found = html(f"<h1>Probes</h1><h2>Use</h2>{asked}<div><p>Ask us by mail.</p></div>")

    assert paths(found) == {
        "No.": ("Use", "Does it float?"),
        "Yes.": ("Use", "Does it sink?"),
        "Ask us by mail.": ("Use",),
    }


@pytest.mark.parametrize(
    "asked",
    [
        "<div><div><b>{}</b> +</div><div>{}</div><div><b>{}</b> +</div><div>{}</div></div>",
        "<div class=head><h3>{}</h3></div><div><p>{}</p></div>"
        "<div class=head><h3>{}</h3></div><div><p>{}</p></div>",
        "<h3>{}</h3><p>{}</p><h3>{}</h3><p>{}</p>",
    ],
)
def test_an_answer_beside_the_box_of_its_question_stands_under_it(asked: str) -> None:
    found = html(f"<h1>Probes</h1>{asked.format('Does it float?', 'No.', 'Does it sink?', 'Yes.')}")

    assert paths(found)["No."] == ("Does it float?",)
    assert paths(found)["Yes."] == ("Does it sink?",)


@pytest.mark.parametrize("number", ["", "<td>{n}</td>"], ids=["", "numbered"])
def test_text_below_a_table_of_questions_is_none_of_its_last_answer(number: str) -> None:
    pairs = {"Does it float?": "No.", "Does it sink?": "Yes."}
    rows = "".join(
        f"<tr>{number.format(n=n)}<td>{q}</td><td><p>{a}</p><pre>get {n}</pre></td></tr>"
        for n, (q, a) in enumerate(pairs.items(), 1)
    )
    head = f"<tr>{'<th>No.</th>' if number else ''}<th>Question</th><th>Answer</th></tr>"

    found = html(f"<h1>Probes</h1><table>{head}{rows}</table><p>They are round.</p>")

    assert paths(found) == {
        "No.": ("Does it float?",),
        "```\nget 1\n```": ("Does it float?",),
        "Yes.": ("Does it sink?",),
        "```\nget 2\n```": ("Does it sink?",),
        "They are round.": (),
    }


@pytest.mark.parametrize(
    ("q", "a"),
    [
        ("问：{}", "答：{}"),
        ("問題 1：{}", "回答：{}"),
        ("Q1．{}", "A1．{}"),
        ("질문: {}", "답변: {}"),
        ("Pregunta: {}", "Respuesta: {}"),
        ("Question : {}", "Réponse : {}"),
        ("Вопрос: {}", "Ответ: {}"),
    ],
)
def test_labels_of_questions_and_answers_are_known_in_several_languages(q: str, a: str) -> None:
    asked = q.format("Ça va?")

    found = html(f"<h1>Probes</h1><p>{asked}</p><p>{a.format('Oui.')}</p>")

    assert paths(found) == {"Oui.": ("Ça va?",)}


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("자주 묻는 질문", "배송비는 얼마인가요?"),
        ("常见问题", "可以退款吗?"),
        ("Preguntas frecuentes", "¿Cuánto cuesta el envío?"),
    ],
)
def test_lone_questions_are_headings_in_the_languages_of_their_pages(
    title: str, question: str
) -> None:
    found = html(f"<h1>{title}</h1><p>{question}</p><p>10 ¥.</p>")

    assert paths(found) == {"10 ¥.": (question,)}


def test_a_question_below_a_declaration_says_what_it_is_for() -> None:
    asked = ["Should names be quoted?", "May it rain?", "Does the level rise?"]
    entries = "".join(
        f"<h3>get{n}</h3><pre>boolean get{n}()</pre><div>{text}</div><dl><dt>Returns:<dd>yes</dl>"
        for n, text in enumerate(asked)
    )

    found = html(f"<h1>Gauge</h1>{entries}")

    assert [block.kind for block in found.blocks].count("heading") == 1 + len(asked)
    assert all(f"\n\n{text}\n\n- Returns: yes" in found.text for text in asked)


def test_the_only_answer_of_a_question_is_kept_though_hidden() -> None:
    boxes = "<div class=question>Is it so?</div><div class=reply style='display:none'>Yes.</div>"

    assert paths(html(f"<h1>Probes</h1>{boxes}")) == {"Yes.": ("Is it so?",)}
    assert paths(html("<h1>Probes</h1><h2>Is it so?</h2><div hidden>Yes.</div>")) == {
        "Yes.": ("Is it so?",)
    }


def test_what_a_button_in_a_box_of_its_own_shows_is_kept() -> None:
    item = (
        "<div class=item><div><div class=x role=button aria-expanded=false><div>{} it</div>"
        "<i class=icons>arrow_down</i></div><div style='display:none'><p>{}.</p></div></div></div>"
    )
    items = "".join(item.format(*pair) for pair in (("Hang", "On a hook"), ("Dry", "In the sun")))

    text = html(f"<h1>Probes</h1>{items}").text

    assert "Hang it\n\nOn a hook." in text
    assert "Dry it\n\nIn the sun." in text


@pytest.mark.parametrize(
    "hidden",
    [
        "<h2>Is it so?</h2><div hidden>A draft.</div><p>Yes.</p>",
        "<h2>Is it so?</h2><div class=modal style='display:none'>A draft.</div>",
        "<h2>Notes</h2><div hidden>A draft.</div><h2>Use</h2>",
        "<p>Is it so?</p><div hidden>A draft.</div>",
        "<p>One.</p><div hidden>A draft.</div><p>Two.</p><div hidden>A draft.</div>",
    ],
)
def test_hidden_text_is_left_out_where_it_answers_nothing(hidden: str) -> None:
    assert "draft" not in html(f"<h1>Probes</h1><p>They float.</p>{hidden}").text


def test_what_an_item_that_can_be_expanded_hides_is_its_answer() -> None:
    item = "<li role=treeitem aria-expanded=false><span>{q}</span><div style='display:none'><p>{a}</p></div></li>"
    pairs = {"Is it so now?": "Yes.", "Is it on by now?": "No."}
    items = "".join(item.format(q=q, a=a) for q, a in pairs.items())

    assert paths(html(f"<h1>Probes</h1><ul>{items}</ul>")) == {a: (q,) for q, a in pairs.items()}


TABS = {
    "links to boxes called tabs": "<ul><li><a href='#tabs-1'>Linux</a></li><li><a href='#tabs-2'>macOS</a></li></ul>"
    "<div id=tabs-1><p>One.</p></div><div id=tabs-2><p>Two.</p></div>",
    "attributes": "<ul><li data-tab=t1>Linux</li><li data-tab=t2>macOS</li></ul>"
    "<div class=tab-panel id=t1><p>One.</p></div>"
    "<div class=tab-panel id=t2 style='display:none'><p>Two.</p></div>",
    "scripts": "<div><button onclick=\"show(event, 'L')\">Linux</button>"
    "<button onclick=\"show(event, 'M')\">macOS</button></div>"
    "<div class=tabcontent id=L><p>One.</p></div>"
    "<div class=tabcontent id=M style='display:none'><p>Two.</p></div>",
    "links beside a box of panels": "<ul><li><a href='#p1'>Linux</a></li><li><a href='#p2'>macOS</a></li></ul>"
    "<div class=tabs-content><div id=p1><p>One.</p></div><div id=p2><p>Two.</p></div></div>",
    "radio buttons": "<input type=radio id=r1><label for=r1>Linux</label><input type=radio id=r2>"
    "<label for=r2>macOS</label><div><p>One.</p></div><div><p>Two.</p></div>",
}


@pytest.mark.parametrize("markup", TABS.values(), ids=TABS.keys())
def test_panels_of_tabs_are_variants_with_their_labels(markup: str) -> None:
    found = html(f"<h1>Install</h1><div>{markup}</div><p>Go on.</p>")
    told = [(found.text[block.start : block.end], block.flags) for block in found.blocks[1:]]

    assert told == [
        ("Linux", ("tab=Linux",)),
        ("One.", ("tab=Linux",)),
        ("macOS", ("tab=macOS",)),
        ("Two.", ("tab=macOS",)),
        ("Go on.", ()),
    ]


def test_panels_that_begin_with_their_labels_are_sections() -> None:
    tabs = "<ul><li><a href='#a'>Linux</a></li><li><a href='#b'>macOS</a></li></ul>"
    panels = "<div id=a><h3>Linux</h3><p>One.</p></div><div id=b><h3>macOS</h3><p>Two.</p></div>"

    found = html(f"<h1>Install</h1><div class=tabs>{tabs}{panels}</div>")

    assert paths(found) == {"One.": ("Linux",), "Two.": ("macOS",)}


def test_questions_end_with_the_mark_of_their_language() -> None:
    found = html("<h1>Help</h1><p><b>返金はできますか？</b></p><p>可能です。</p>")

    assert paths(found) == {"可能です。": ("返金はできますか？",)}


def test_what_a_page_tells_machines_is_a_question_heads_what_follows_it() -> None:
    told = {
        "@type": "FAQPage",
        "mainEntity": [
            {"@type": "Question", "name": q, "acceptedAnswer": {"@type": "Answer", "text": a}}
            for q, a in PAIRS.items()
        ],
    }
    rows = "".join(f"<div><div class=x>{q}</div><div>{a}</div></div>" for q, a in PAIRS.items())
    script = f'<script type="application/ld+json">{json.dumps(told)}</script>'

    found = html(f"<h1>Probes</h1><h2>Use</h2>{rows}{script}")

    assert paths(found) == {a: ("Use", q) for q, a in PAIRS.items()}


def test_rows_of_numbered_questions_keep_the_blocks_of_their_answers() -> None:
    row = (
        "<tr><td><p><b>1.{n}.</b></p></td><td><p>{q}</p></td></tr>"
        "<tr><td></td><td><p>{a}</p><pre>run {n}</pre></td></tr>"
    )
    rows = "".join(row.format(n=n, q=f"What is part {n}?", a=f"Part {n} is it.") for n in (1, 2))
    title = "<tr><td colspan=2><h3>Parts</h3></td></tr>"

    found = html(f"<h1>FAQ</h1><table>{title}{rows}</table>")

    assert paths(found) == {
        "Part 1 is it.": ("Parts", "What is part 1?"),
        "```\nrun 1\n```": ("Parts", "What is part 1?"),
        "Part 2 is it.": ("Parts", "What is part 2?"),
        "```\nrun 2\n```": ("Parts", "What is part 2?"),
    }


def test_a_table_of_numbers_and_texts_stays_a_table() -> None:
    rows = "".join(f"<tr><td>{n}.</td><td>Is it part {n}?</td></tr>" for n in (1, 2, 3))

    assert kinds(html(f"<h1>Parts</h1><table>{rows}</table>")) == ["heading", "table"]


def test_bold_lines_that_rarely_ask_are_text() -> None:
    bold = ("Note", "Mind the gap", "Is it safe?", "Parts")
    body = "".join(f"<p><b>{line}</b></p><p>Words.</p>" for line in bold)

    assert kinds(html(f"<h1>Probes</h1><h2>Use</h2>{body}")).count("heading") == 3


@pytest.mark.parametrize(
    "hidden",
    [
        "<button>Copy code</button><div hidden>Copied!</div>",
        "<div><button>More of it</button><div hidden role=menu>Rename</div></div>" * 2,
        "<div><button>Share it</button><div hidden><a href=/a>Mail</a></div></div>" * 2,
        "<div><button>i</button><div hidden>A tip.</div></div>" * 2,
    ],
)
def test_what_a_tool_shows_stays_out(hidden: str) -> None:
    assert html(f"<h1>Probes</h1><p>Words.</p>{hidden}").text == "# Probes\n\nWords."


def test_the_button_that_opens_all_answers_is_no_question() -> None:
    fold = "<button class=accordion>Is it so?</button><div>Yes.</div>"

    found = html(f"<h1>Probes</h1><button class=accordion>Show all sections</button>{fold}")

    assert "Show all" not in found.text


def test_a_row_of_links_called_navigation_is_none_of_the_text() -> None:
    menu = "<div role=button aria-expanded=false aria-controls=m>Our shop</div><nav id=m><a href=/a>Ropes</a></nav>"

    assert "Ropes" not in html(f"<h1>Probes</h1><p>Words.</p>{menu}").text


def test_a_list_of_links_to_the_questions_of_its_own_page_goes() -> None:
    top = "<dl><dt>1. <a href='faq.html#q1'>Is it safe to use?</a></dt><dt>2. <a href='faq.html#q2'>Is it on by now?</a></dt></dl>"
    body = "".join(
        f"<h3><a name=q{n}></a>{q}</h3><p>Yes, {n}.</p>"
        for n, q in ((1, "Is it safe to use?"), (2, "Is it on by now?"))
    )

    assert kinds(html(f"<h1>FAQ</h1>{top}{body}")) == ["heading"] + ["heading", "paragraph"] * 2
    told = top.replace("?<", ".<")
    assert "1. Is it safe" in html(f"<h1>FAQ</h1>{told}{body}").text
    other = top.replace("#q2", "#x")
    assert "1. Is it safe" in html(f"<h1>FAQ</h1>{other}{body}").text


@pytest.mark.parametrize(
    "foot",
    [
        "<p><a href='#top'>[Top]</a></p>",
        "<div class='article-meta'><a href=/p>Nora Quist</a><ul><li>10 months ago</li></ul></div>",
        "<section class='comments'><h2>Comments</h2><p>Please sign in to comment.</p></section>",
        "<div class='Footer-root'><ul><li><a href=/i>Imprint</a></li></ul></div>",
        "<div><p>Probes</p><p>Author</p><p>Jo</p><p>Posted on</p><p>January 2, 2026</p></div>",
        "<section class='articleFoot'><p>Still need help? <a>Contact us</a></p></section>",
    ],
)
def test_what_surrounds_an_article_is_none_of_it(foot: str) -> None:
    assert html(f"<h1>Probes</h1><p>Words.</p>{foot}").text == "# Probes\n\nWords."


def test_the_address_that_ends_a_page_is_none_of_its_text() -> None:
    page = "<html><body><h1>Probes</h1>{}<p>Words.</p>{}</body></html>"
    address = "<address>Kept by <a href='mailto:a@example.org'>Al</a>.</address>"

    assert "Kept" not in document(page.format("", address), "text/html").text
    assert "Kept" in document(page.format(address, ""), "text/html").text


def test_the_letters_of_an_index_ask_nothing() -> None:
    entry = "<dt><a name={0}>{0}</a></dt><dd>{0}uartz</dd>"

    found = html(f"<h1>Classes</h1><dl>{''.join(map(entry.format, 'PQR'))}</dl>")

    assert found.text == "# Classes\n\n- P: Puartz\n- Q: Quartz\n- R: Ruartz"


def test_a_short_question_in_a_paragraph_of_an_item_heads_its_answer() -> None:
    item = "<li><p><em>{}</em></p><p>{}</p></li>"
    found = html(
        "<ol>" + item.format("Why so?", "It is.") + item.format("And how?", "So.") + "</ol>"
    )

    assert paths(found) == {"It is.": ("Why so?",), "So.": ("And how?",)}


def test_the_number_of_a_bold_question_is_none_of_it() -> None:
    found = html("<p><b>Q1. How do I mount it?</b></p><p>Hang it.</p>")

    assert paths(found) == {"Hang it.": ("How do I mount it?",)}


def test_a_vote_on_a_page_of_questions_asks_nothing() -> None:
    found = html(
        "<h1>FAQ</h1><p>How do I mount it?</p><p>Hang it.</p><p>Was this article useful?</p>"
    )

    assert paths(found) == {"Hang it.": ("How do I mount it?",)}


def test_tabs_side_by_side_have_the_labels_of_their_own_row() -> None:
    group = (
        "<div role=tablist><button role=tab>{0}</button><button role=tab>{1}</button></div>"
        "<div><div role=tabpanel><p>In {0}.</p></div><div role=tabpanel><p>In {1}.</p></div></div>"
    )

    found = html(f"<h1>Use</h1>{group.format('C', 'D')}{group.format('Linux', 'macOS')}")

    flags = {found.text[block.start : block.end]: block.flags for block in found.blocks}
    assert [flags[f"In {name}."] for name in ("C", "D", "Linux", "macOS")] == [
        (f"tab={name}",) for name in ("C", "D", "Linux", "macOS")
    ]


def test_the_only_panel_that_a_page_holds_has_the_label_of_its_tab() -> None:
    row = "<div role=tablist>{}</div>"
    tabs = "<a role=tab id=t{0} aria-controls=p{0}>{1}</a>"
    panel = "<div role=tabpanel id=p2 aria-labelledby=t2><p>Two.</p></div>"

    own = html(f"<h1>Use</h1>{row.format(tabs.format(1, 'C') + tabs.format(2, 'D'))}{panel}")
    shared = html(f"<h1>Use</h1>{row.format(2 * tabs.format(2, 'All'))}{panel}")

    assert own.text == "# Use\n\nD\n\nTwo."
    assert own.blocks[-1].flags == ("tab=D",)
    assert shared.text == "# Use\n\nTwo."  # each tab shows another part of it


def test_a_tab_that_asks_heads_what_it_shows() -> None:
    tabs = "".join(f"<button role=tab>{q}</button>" for q in ("Is it so?", "Is it on?"))
    panels = "".join(f"<div role=tabpanel><p>{a}</p></div>" for a in ("Yes.", "No."))

    found = html(f"<h1>Use</h1><div role=tablist>{tabs}</div>{panels}<p>Go on.</p>")

    assert paths(found) == {"Yes.": ("Is it so?",), "No.": ("Is it on?",), "Go on.": ()}


def test_boxes_with_questions_for_titles_answer_them() -> None:
    box = "<div class='admonition {}'><p class=admonition-title>{}</p><p>{}</p></div>"
    two = box.format("tip", "Is it so?", "Yes.") + box.format("tip", "Is it on?", "No.")

    assert paths(html(f"<h1>Use</h1>{two}<p>Go on.</p>")) == {
        "Yes.": ("Is it so?",),
        "No.": ("Is it on?",),
        "Go on.": (),
    }
    called = html(f"<h1>Use</h1>{box.format('question', 'Is it so?', 'Yes.')}")
    assert paths(called) == {"Yes.": ("Is it so?",)}
    one = html(f"<h1>Use</h1>{box.format('tip', 'Did you know?', 'It is.')}")
    assert one.text == "# Use\n\nDid you know?: It is."


def test_answers_in_what_is_called_a_menu_are_kept_where_they_say_sentences() -> None:
    fold = "<div class=accordion-item><div class=accordion-toggle>{}</div><nav>{}</nav></div>"
    asked = {
        "Is it so now?": "<p>Yes.</p><pre>go</pre>",
        "Is it on by now?": "<p>See <i>log</i>.</p>",
    }

    found = html("<h1>Use</h1>" + "".join(fold.format(q, a) for q, a in asked.items()))

    assert paths(found) == {
        "Yes.": ("Is it so now?",),
        "```\ngo\n```": ("Is it so now?",),
        "See log.": ("Is it on by now?",),
    }


def test_the_word_that_a_font_draws_as_an_icon_is_no_text() -> None:
    header = "<div class=collapsible-header><i class='material-icons'>expand_more</i>{}</div>"
    fold = f"<li>{header}<div class=collapsible-body><p>{{}}</p></div></li>"
    folds = fold.format("Is it so now?", "Yes.") + fold.format("Is it on by now?", "No.")
    icon = "<span class='material-symbols-outlined'>info</span>"

    found = html(f"<h1>Use</h1><p>{icon} Go <i>on</i>.</p><ul class=collapsible>{folds}</ul>")

    assert paths(found) == {
        "Go on.": (),
        "Yes.": ("Is it so now?",),
        "No.": ("Is it on by now?",),
    }


def test_labels_of_questions_and_answers_in_a_list_of_terms() -> None:
    pair = "<dt>Q<span>:</span></dt><dd><p>{}</p></dd><dt>A<span>:</span></dt><dd>{}</dd>"
    pairs = pair.format("Is it so?", "<p>Yes.</p><ul><li>Now</li></ul>") + pair.format(
        "Is it on?", "No."
    )

    found = html(f"<h1>Use</h1><dl>{pairs}</dl><p>Go on.</p>")

    assert paths(found) == {
        "Yes.": ("Is it so?",),
        "- Now": ("Is it so?",),
        "No.": ("Is it on?",),
        "Go on.": (),
    }


@pytest.mark.parametrize("shown", ["hidden", "style='display:none'", ""])
def test_answers_that_follow_all_questions_stand_under_their_own(shown: str) -> None:
    asked = "".join(
        f"<button aria-expanded=false aria-controls=p{n}>{q}</button>" for n, q in enumerate(PAIRS)
    )
    said = "".join(
        f"<div id=p{n} {shown}><p>{a}</p><ul><li>Item {n}</li></ul></div>"
        for n, a in enumerate(PAIRS.values())
    )

    found = html(f"<h1>Help</h1><div>{asked}</div><div>{said}</div><p>That is all.</p>")

    assert paths(found) == {
        **{answer: (question,) for question, answer in PAIRS.items()},
        **{f"- Item {n}": (question,) for n, question in enumerate(PAIRS)},
        "That is all.": (),
    }
    assert [found.text.count(question) for question in PAIRS] == [1, 1, 1]


def test_answers_that_only_the_head_tells_stand_under_the_questions_of_the_page() -> None:
    told = [
        {
            "@type": "Question",
            "name": q,
            "acceptedAnswer": {"@type": "Answer", "text": f"<p>{a}</p>"},
        }
        for q, a in PAIRS.items()
    ]
    script = json.dumps({"@type": "FAQPage", "mainEntity": told})
    first, second, third = PAIRS
    shown = f"<h2>{first}</h2><h2>{second}</h2><p>It does not.</p><h2>{third}</h2>"

    found = html(f"<h1>Help</h1>{shown}<script type=application/ld+json>{script}</script>")

    assert paths(found) == {
        PAIRS[first]: (first,),
        "It does not.": (second,),  # the page says it in its own words
        PAIRS[third]: (third,),
    }


def test_lists_in_answers_of_listed_questions_begin_at_the_first_depth() -> None:
    asked = "".join(
        f"<li>{q}<ul><li>{a}</li><li>Or not.</li></ul></li>"
        for q, a in (("Is it so now?", "Yes."), ("Is it on by now?", "No."))
    )

    found = html(f"<h1>Help</h1><ul>{asked}</ul>")

    items = [block for block in found.blocks if block.kind == "list_item"]
    assert [(item.level, item.heading_path[-1]) for item in items] == [
        (1, "Is it so now?"), (1, "Is it so now?"),
        (1, "Is it on by now?"), (1, "Is it on by now?"),
    ]  # fmt: skip


def test_marks_around_the_title_of_a_fold_and_letters_in_boxes_are_none_of_the_question() -> None:
    folds = "".join(
        f"<details><summary><div><span>0{n}</span><span>{q}</span><button>+</button></div>"
        f"</summary><p>{a}</p></details>"
        for n, (q, a) in enumerate((("Is it so now?", "Yes."), ("Is it on by now?", "No.")))
    )
    row = "<div><span>{}</span><div>{}</div></div>"
    rows = row.format("Q", "Who is it?") + row.format("A", "<p>Me.</p><ul><li>And you</li></ul>")

    found = html(f"<h1>Use</h1>{folds}<h2>More of it</h2>{rows}")

    assert paths(found) == {
        "Yes.": ("Is it so now?",),
        "No.": ("Is it on by now?",),
        "Me.": ("More of it", "Who is it?"),
        "- And you": ("More of it", "Who is it?"),
    }


def test_labelled_questions_in_preformatted_text_below_a_heading_are_headings() -> None:
    text = "Q: Is it so now?\nA: Yes, it is so by now.\n\nQ: Is it on by now?\nA: No, not yet.\n"

    found = html(f"<h1>Use</h1><h2>Asked</h2><pre>{text}</pre>")

    assert paths(found) == {
        "Yes, it is so by now.": ("Asked", "Is it so now?"),
        "No, not yet.": ("Asked", "Is it on by now?"),
    }


def test_a_single_fold_ends_with_its_box_and_macros_for_information_are_notes() -> None:
    fold = (
        "<div class=expand-container><div class=expand-control><span>What if it fails?</span></div>"
        "<div class=expand-content><p>Call us.</p></div></div>"
    )
    macro = (
        "<div class='x-information-macro x-information-macro-{}'><p class=title>Mind it</p>"
        "<span class=x-information-macro-icon></span>"
        "<div class=x-information-macro-body><p>Go slow.</p></div></div>"
    )

    found = html(f"<h1>Use</h1>{fold}<p>Go on.</p>{macro.format('warning')}")
    told = html(f"<h1>Use</h1>{macro.format('information')}<p>Go on.</p>")

    assert paths(found) == {
        "Call us.": ("What if it fails?",),
        "Go on.": (),
        "Mind it: Go slow.": (),
    }
    assert kinds(found)[-1] == "admonition"
    assert kinds(told) == ["heading", "admonition", "paragraph"]
