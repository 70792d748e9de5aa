"""What of AsciiDoc ends up in a document, construct by construct."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.ingest import read_bytes
from builder.ingest.asciidoc import parse
from builder.records import Document
from tests.ingest.places import lost
from tests.ingest.reading import paths
from tests.pace import at_most

SAID = "The level of the river rises after rain."


def asciidoc(source: str) -> Document:
    found = read_bytes(source.encode(), path="docs/page.adoc", media_type="text/asciidoc")
    assert isinstance(found, Document), found
    return found


BLOCKS = {
    "substitutions that code asks for": (
        ':v: 1.2\n\n[source,xml,subs="attributes+"]\n----\n<v>{v}</v> {none} *x*\n----\n\n'
        '[source,sh,subs="+quotes,+macros"]\n----\n*ls* a_b_c xref:a#b[++c d++]\n----\n\n'
        '[source,c,subs="-specialchars,macros+"]\n----\n#include &lt;a.h&gt; // <1>\n----\n\n'
        "----\n{v} *x* &lt;\n----",
        "```xml\n<v>1.2</v> {none} *x*\n```\n\n```sh\nls a_b_c c d\n```\n\n"
        "```c\n#include <a.h>\n```\n\n```\n{v} *x* &lt;\n```",
    ),
    "marks in the title that a reference shows": (
        "See <<here>> and `xref:x[++f()++]`.\n\n[#here]\n== Do _it_ *now*",
        "See Do it now and `f()`.\n\n## Do it now",
    ),
    "titles": (
        "= Top\nAn Author <a@b.c>\nv1.0, 2020\n:x: y\n\nText.\n\n== Part\n\nMore.",
        "# Top\n\nText.\n\n## Part\n\nMore.",
    ),
    "titles with rules": (
        "Top\n===\n\nPart\n----\n\nText 'it' +code+.",
        "# Top\n\n## Part\n\nText it `code`.",
    ),
    "inline": (
        "*a* _b_ `c` #d# x^2^ **e**f link:u[g] https://x.org[h] <<p,q>> kbd:[Ctrl] menu:File[Save] image:i.png[] (C)",
        "a b `c` d x² ef g h q Ctrl File › Save ©",
    ),
    "what is escaped or passed": ("+*a*+ pass:c[<b>] \\*c* `+{d}+`", "*a* <b> *c* `{d}`"),
    "tags that are passed on are marks": (
        'pass:[<p align="center">] Read pass:[<b>this</b>] +++<u>now</u>+++, x pass:[<] y. pass:[</p>]',
        "Read this now, x < y.",
    ),
    "a blank before the marks of a term": (
        "+time+ _t_ ::\n  The offset.\n`level` ::\n  Of the clock.\n\nf :: Int",
        "- time t: The offset.\n- `level`: Of the clock.\n\nf :: Int",
    ),
    "cells of code are read and keep their lines": (
        '[cols="1m,1l"]\n|===\n| <<x,/set>> +\n  /add `b` | <<x,y>>\n|===',
        "|  |  |\n| --- | --- |\n| `/set` `/add b` | `<<x,y>>` |",
    ),
    "two lines that open blocks are no title": (
        "____\n--\nSaid by others.\n--\n____\n\n== Part\n\nText.",
        "> Said by others.\n\n## Part\n\nText.",
    ),
    "attributes": (
        ":name: logger\n\nThe {name} {unknown} C{plus}{plus}.",
        "The logger {unknown} C++.",
    ),
    "footnotes": ("Text.footnote:[Said *elsewhere*.]\n\nEnd.", "Text.\n\nSaid elsewhere.\n\nEnd."),
    "references": (
        "[[p]]\n== Ports\n\nSee <<p>> and <<_ports>>.",
        "## Ports\n\nSee Ports and Ports.",
    ),
    "hard breaks": ("one +\ntwo\nthree", "one\ntwo three"),
    "lists": ("* a\n** b\n* c\n\n. x\n.. y\n. z", "- a\n  - b\n- c\n  1. x\n    1. y\n  2. z"),
    "an item with more": (
        "* a\n+\nMore.\n+\n----\nls\n----\n* b",
        "- a\n\nMore.\n\n```\nls\n```\n\n- b",
    ),
    "checklists": ("* [x] done\n* [ ] open", "- done\n- open"),
    "definitions": (
        "Datum:: A height.\nDrift::\n  A slow\n  shift.",
        "- Datum: A height.\n- Drift: A slow shift.",
    ),
    "questions": (
        "[qanda]\nIs it wet?:: Yes.\nIs it deep?:: No.",
        "## Is it wet?\n\nYes.\n\n## Is it deep?\n\nNo.",
    ),
    "code": (
        ".a.py\n[source,python]\n----\nif x:\n    go() # <1>\n----\n<1> Goes.",
        "a.py\n\n```python\nif x:\n    go()\n```\n\n1. Goes.",
    ),
    "other code": (
        "....\na  b\n....\n\n```sh\nls\n```\n\n literal\n  text",
        "```\na  b\n```\n\n```sh\nls\n```\n\n```\nliteral\n text\n```",
    ),
    "code keeps comments and markup": (
        "----\n// *a* {b}\n:x: y\n|===\n----",
        "```\n// *a* {b}\n:x: y\n|===\n```",
    ),
    "admonitions": (
        "NOTE: Hot.\n\n[WARNING]\n.Mind\n====\nThat.\n\n* a\n====",
        "Note: Hot.\n\nMind: That.\n\n- a",
    ),
    "a quote": ("[quote,Someone]\n____\nSaid.\n____", "> Said.\n\n> — Someone"),
    "examples and sidebars": (
        ".One\n====\nText.\n====\n\n****\nMore.\n****",
        "One\n\nText.\n\nMore.",
    ),
    "a table": (
        ".Ports\n|===\n|a |b\n\n|1\n|`x`\n\n2+|3\n|===",
        "Ports\n\n| a | b |\n| --- | --- |\n| 1 | `x` |\n| 3 | 3 |",
    ),
    "tables with columns and formats": (
        '[%header,cols="1,2a",format=psv]\n|===\n|a|b\n|1\n|* x\n* y\n|===\n\n[%header]\n,===\na,b\n"1, 2",3\n,===',
        "| a | b |\n| --- | --- |\n| 1 | x; y |\n\n| a | b |\n| --- | --- |\n| 1, 2 | 3 |",
    ),
    "conditions": (
        ":x:\n\nifdef::x[]\nA one.\n\nendif::[]\nifndef::x[A two.]\nifdef::y[]\nA three.\nendif::[]\nEnd.",
        "A one.\n\nEnd.",
    ),
    "comments": ("One.\n// hidden\n\n////\nHidden.\n////\n\nTwo.", "One.\n\nTwo."),
    "formulas of TeX": (
        "The latexmath:[\\frac{a}{b}].",
        "The $\\frac{a}{b}$.",
    ),
    "formulas": ("stem:[x^2] is\n\n[stem]\n++++\na_1\n++++", "x^2 is\n\n$$\na_1\n$$"),
    "what is no text": ("One.\n\nimage::x.png[]\n\ntoc::[]\n\n'''\n\n<<<\n\nTwo.", "One.\n\nTwo."),
}


@pytest.mark.parametrize(("source", "expected"), BLOCKS.values(), ids=BLOCKS.keys())
def test_asciidoc_reads_as(source: str, expected: str) -> None:
    assert asciidoc(source).text == expected


def test_tabs_are_variants() -> None:
    found = asciidoc(
        "[tabs]\n====\nJava::\n+\n[source,java]\n----\na::b\n----\n+\nMore.\nKotlin:: Less.\n====\n\nEnd."
    )

    assert [(found.text[b.start : b.end], b.flags) for b in found.blocks] == [
        ("Java", ("tab=Java",)),
        ("```java\na::b\n```", ("tab=Java",)),
        ("More.", ("tab=Java",)),
        ("Kotlin", ("tab=Kotlin",)),
        ("Less.", ("tab=Kotlin",)),
        ("End.", ()),
    ]


def test_nothing_is_included() -> None:
    found = parse(f"{SAID}\n\ninclude::/etc/passwd[]\n\n++++\n<b>x</b>\n++++")

    assert [piece.text for piece in found.pieces] == [SAID]
    assert [item.what for item in found.dropped] == ["include", "passthrough"]


def test_places_lead_back_to_the_text() -> None:
    alone = (
        "titles",
        "titles with rules",
        "attributes",
        "substitutions that code asks for",
        "marks in the title that a reference shows",
        "footnotes",
        "references",
        "a quote",
        "conditions",
        "questions",
    )
    source = "\n\n".join(source for name, (source, _) in BLOCKS.items() if name not in alone)

    assert lost(parse, source, "text/asciidoc") == []


HOSTILE = {
    "2,000 nested items": "".join("*" * (n + 1) + " x\n" for n in range(2000)),
    "500 nested blocks": "".join("=" * (n + 4) + "\n" for n in range(500)),
    "50,000 brackets": "x " + "[" * 50_000,
    "50,000 stars": "*a " * 50_000,
    "50,000 backticks": "`a" * 50_000,
    "50,000 angles": "x" + "<<" * 50_000,
    "a block that never ends": "----\n" + "x\n" * 50_000,
    "a table of 20,000 rows": "|===\n" + "|a|b\n" * 20_000,
    "attributes that grow": ":b: xxxx\n"
    + "".join(
        f":{'bcdefghijklmnop'[n + 1]}: {{{'bcdefghijklmnop'[n]}}}" * 8 + "\n" for n in range(13)
    )
    + "\n{o}",
    "a line of 1 MB": "word " * 200_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_file_keeps_its_text(source: str) -> None:
    with at_most(600):
        found = asciidoc(f"{SAID}\n\n{source}")

    assert SAID in found.text


MARKS = st.lists(
    st.sampled_from(["== T", "----", "====", "|===", "|a", "* a", "** b", "+", "a:: b", "[x]", ".t", "", "text", "NOTE: n",
                     "`c` *d", "ifdef::x[]", "endif::[]", "--", "<1> c", "[[a]]", ":x: y", " lit", "____"]),
    max_size=16,
)  # fmt: skip


@given(lines=MARKS)
def test_any_markup_is_read(lines: list[str]) -> None:
    found = parse("\n".join(lines))

    assert all(piece.text for piece in found.pieces if piece.kind != "end")


def test_nothing_of_a_comment_is_read_behind_a_listing() -> None:
    found = asciidoc("Run:\n\n----\nls\n----\n\n////\nnot read\n////\n\nEnd.")

    assert found.text == "Run:\n\n```\nls\n```\n\nEnd."


def test_text_before_the_first_bar_of_a_table_is_kept() -> None:
    found = asciidoc("|===\nLead words\n|a |b\n\n|1 |2\n|===")

    assert found.text == "Lead words\n\n|  |  |\n| --- | --- |\n| a | b |\n| 1 | 2 |"


def test_comment_between_blank_lines_ends_a_list() -> None:
    found = asciidoc("* one\n** two\n\n//-\n\n* three")

    assert [(block.level, block.marker) for block in found.blocks] == [(1, "-"), (2, "-"), (1, "-")]


def test_footnotes_and_attributions_have_places() -> None:
    source = "Text.footnote:[Told below.]\n\n[quote,A proverb]\n____\nStill waters.\n____"

    assert lost(parse, source, "text/asciidoc") == []


def test_terms_that_share_a_definition_are_one_entry() -> None:
    source = "-a::\n--annotate::\n  Make a tag.\n\nx::\n\ny:: Both.\n\nz::\n"
    found = asciidoc(source)

    assert [found.text[b.start : b.end] for b in found.blocks] == [
        "- -a, --annotate: Make a tag.", "- x, y: Both.", "- z",
    ]  # fmt: skip
    assert lost(parse, source, "text/asciidoc") == []


_MANUAL = """git-tag(1)
==========

OPTIONS
-------
-a::
--annotate::
	Make an unsigned, annotated tag object

See <<CONFIGURATION,the configuration>>.
"""


def test_asciidoc_is_known_in_a_text_file() -> None:
    found = read_bytes(_MANUAL.encode(), path="git-tag.txt", media_type="text/plain")

    assert isinstance(found, Document)
    assert found.media_type == "text/asciidoc"
    assert "- -a, --annotate: Make an unsigned, annotated tag object" in found.text
    assert "See the configuration." in found.text


@pytest.mark.parametrize(
    "text",
    [
        "git-tag(1)\n==========\n\nNAME\n----\ngit-tag - Tags\n\n[verse]\n'git tag' <name>\n",
        "Tags\n====\n\nSee linkgit:git-log[1].\n\n-a::\n\n\tAnnotate it.\n",
    ],
)
def test_manuals_are_asciidoc_though_their_terms_end_as_literal_blocks_begin(text: str) -> None:
    found = read_bytes(text.encode(), path="git-tag.txt", media_type="text/plain")

    assert isinstance(found, Document)
    assert found.media_type == "text/asciidoc"


@pytest.mark.parametrize(
    "text",
    [
        "Notes\n=====\n\nterm::\n\n    a literal block of reStructuredText\n\nSee <<this>>.\n",
        "Notes\n=====\n\n.. note:: x\n\n----\n\nSee <<this>>.\n",
        "Release notes\n=============\n\n----\n\nSpeed:\n  faster\n",
        "A list without a title::\n  text\n\nSee <<this>>.\n",
    ],
)
def test_other_plain_text_stays_plain(text: str) -> None:
    found = read_bytes(text.encode(), path="notes.txt", media_type="text/plain")

    assert isinstance(found, Document)
    assert found.media_type == "text/plain"


def test_a_reference_shows_a_title_with_its_attributes() -> None:
    found = asciidoc(":product: Pump\n\n[[use]]\n== Use {product}\n\nSee <<use>> and xref:use[].\n")

    assert "See Use Pump and Use Pump." in found.text


def test_a_reference_to_another_file_without_words_shows_its_page() -> None:
    found = asciidoc(
        "See xref:costs.adoc[] and <<use/start#sec,>> and xref:a.adoc[the rest] or <<gone>>."
    )

    assert found.text.endswith("See costs.html and use/start.html and the rest or [gone].")


def test_an_attached_paragraph_ends_where_the_next_item_begins() -> None:
    found = asciidoc(
        "== Use\n\n[qanda]\nIs it safe?::\nYes.\n+\nIt has a fuse.\nIs it loud?::\nNo.\n"
    )

    assert paths(found) == {
        "Yes.": ("Is it safe?",),
        "It has a fuse.": ("Is it safe?",),
        "No.": ("Is it loud?",),
    }


def test_a_list_ends_where_attributes_begin_one_of_its_kind() -> None:
    asked = "[qanda]\nIs it safe?::\nYes.\n"

    found = asciidoc(f"== Use\n\n{asked}\n[horizontal]\nCPU:: 4\nRAM:: 8 GB\n")

    assert paths(found) == {"Yes.": ("Is it safe?",), "- CPU: 4": (), "- RAM: 8 GB": ()}
    inner = asciidoc("== Use\n\n. One\n\n[square]\n* inner\n\n. Two\n")
    assert list(paths(inner)) == ["1. One", "  - inner", "2. Two"]


def test_the_title_of_a_fold_heads_what_is_in_it() -> None:
    found = asciidoc("== Use\n\n.Is it safe?\n[%collapsible]\n====\nYes.\n====\n\nGo on.\n")

    assert paths(found) == {"Yes.": ("Is it safe?",), "Go on.": ()}


def test_a_comment_that_nothing_ends_is_told() -> None:
    found = asciidoc(f"= Rill\n\n{SAID}\n\n////\nlater\n\n== Flood\n")

    assert [(one.what, one.beginning) for one in found.dropped] == [
        ("unclosed comment", "later == Flood")
    ]
    assert not asciidoc(f"= Rill\n\n{SAID}\n\n////\nlater\n////\n").dropped
