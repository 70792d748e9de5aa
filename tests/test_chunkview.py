"""What `builder chunk` shows of documents and their chunks."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

from lxml import html

from builder.chunk import chunk, marked
from builder.chunkview import Cut, cut_before, lines, objects, page
from builder.records import Document, Dropped, Skipped
from builder.tokens import sizer
from tests.documents import Part, document

SIZE = sizer("o200k_base")
SKIPPED = (Skipped(path="docs/x<y>.pdf", reason="encrypted", detail="needs \x1b[31ma password"),)


def _guide() -> Document:
    rows = "\n".join(f"| E{n} | The pump of station {n} stands still. |" for n in range(40))
    parts: list[Part] = [("heading", "## Billing & <b>refunds</b>")]
    parts += [("paragraph", f"Sentence {n} tells more of the bill. " * 3) for n in range(6)]
    parts += [("heading", "## Codes"), ("table", f"| Code | Meaning |\n| --- | --- |\n{rows}")]
    parts += [("heading", "## Links")]
    parts += [("list_item", f"- https://example.org/page/{n}") for n in range(9)]
    return replace(
        document(parts),
        notes=("mojibake repaired in 2 lines",),
        dropped=(Dropped(what="nav<a>", reason="furniture", characters=12, beginning="<i>Home"),),
    )


def _cut(page_: Document, overlap: float = 0.0) -> Cut:
    chunks = chunk(page_, size=SIZE, max_tokens=128, overlap=overlap)
    return Cut(document=page_, chunks=tuple(marked(chunks)), max_tokens=128)


def test_the_terminal_shows_every_chunk_with_path_count_and_cut_and_what_was_left_out() -> None:
    cut = _cut(_guide())

    shown = "\n".join(lines([cut], SKIPPED))

    for one in cut.chunks:
        assert f"{one.n_tokens} tokens | {one.start}-{one.end}" in shown
    assert "Page > Codes" in shown
    assert "inside a table" in shown
    assert "before a heading" in shown
    assert "opening repeated" in shown
    assert "LEFT OUT: links" in shown
    assert "dropped nav<a> (furniture, 12)" in shown
    assert "note: mojibake repaired" in shown
    assert "skipped docs/x<y>.pdf: encrypted" in shown
    assert f"1 document, {len(cut.chunks)} chunks" in shown


def test_no_document_can_steer_the_terminal() -> None:
    bad = document([("paragraph", "Red \x1b[31m and \u202egnp.exe text")], title="T\x1b]0;x\x07")

    shown = "\n".join(lines([_cut(bad)], SKIPPED))

    assert all(character.isprintable() or character == "\n" for character in shown)
    assert "\\x1b[31m" in shown


def test_programs_get_one_object_per_document_that_joins_with_the_run() -> None:
    cut = _cut(_guide(), overlap=0.2)

    told, skipped = map(json.loads, map(json.dumps, objects([cut], SKIPPED)))

    assert [c["id"] for c in told["chunks"]] == [c.id for c in cut.chunks]
    assert sum(c["n_tokens"] for c in told["chunks"]) == told["tokens"]
    assert told["chunks"][0]["cut"] == "start"
    assert told["dropped"][0]["reason"] == "furniture"
    assert skipped == {
        "kind": "skipped",
        "path": "docs/x<y>.pdf",
        "reason": "encrypted",
        "detail": "needs \x1b[31ma password",
    }


def test_the_page_shows_the_whole_source_and_runs_nothing_of_it() -> None:
    evil = "<script>alert(1)</script> \" onmouseover='x' </pre><img src=x onerror=y> & more."
    source = document(
        [("heading", f"## {evil}"), *[("paragraph", f"{n} {evil}") for n in range(9)]]
    )

    shown = page([_cut(source, overlap=0.2), _cut(_guide())], SKIPPED)

    elements = [e for e in html.document_fromstring(shown).iter() if isinstance(e.tag, str)]
    names = {str(name) for e in elements for name in e.attrib}
    assert not {str(e.tag) for e in elements} & {"script", "img", "link", "iframe"}
    assert not {name for name in names if name.startswith("on") or name == "src"}
    assert all(str(e.attrib["href"]).startswith("#") for e in elements if "href" in e.attrib)
    section = re.sub(r'<span class="again">.*?</span>', "", shown.split("<section ")[1], flags=re.S)
    text = unescape("".join(re.findall("<pre>(.*?)</pre>", section, flags=re.S)))
    assert "".join(text.split()) == "".join(source.text.split())


def test_every_line_of_a_page_runs_the_way_of_its_own_script() -> None:
    shown = page([_cut(document([("paragraph", "\u0648\u0627\u062d\u062f.")]))])

    style = shown.partition("<style>")[2].partition("</style>")[0]
    rule = style.partition(".chunk pre{")[2].partition("}")[0]
    assert "unicode-bidi:plaintext" in rule


def test_one_document_is_one() -> None:
    one = _cut(document([("paragraph", "The pump runs.")]))

    assert "1 document, 1 chunk, " in list(lines([one], SKIPPED))[-1]
    assert list(lines([one], SKIPPED))[-1].endswith("1 file skipped")
    assert "2 documents, 2 chunks, " in list(lines([one, one]))[-1]


def test_the_page_is_small_and_whole() -> None:
    shown = page([])

    assert len(shown) < 3_000
    assert shown.count("<main>") == shown.count("</main>") == 1
    assert not re.search(r"https?:", shown)


def test_a_cut_is_named_after_what_it_parts() -> None:
    code = "```sh\n" + "\n".join(f"rillctl set level {n}" for n in range(60)) + "\n```"
    long = " ".join(f"Sentence number {n} of a long paragraph." for n in range(40))
    cut = _cut(document([("code", code), ("paragraph", long)]))

    named = [cut_before(cut.document, one) for one in cut.chunks]

    assert named[0] == "start"
    assert {"inside code", "inside a paragraph"} <= set(named)
