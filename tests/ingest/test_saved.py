"""Pages that word processors have saved as HTML."""

from __future__ import annotations

import pytest

from builder.ingest import html
from tests.ingest.reading import document

WORD = """<html><head><meta name=Generator content="Microsoft Word 15 (filtered)"><style>
<!-- p.MsoNormal, li.MsoNormal {margin:0cm; font-family:"Calibri",sans-serif;}
p.SourceCode, li.SourceCode {mso-style-name:"Source Code"; font-family:Consolas;}
span.VerbatimChar {mso-style-name:"Verbatim Char"; font-family:Consolas;} -->
</style></head><body lang=EN-US><div class=WordSection1>
<p class=MsoTitle>The Rill Guide</p>
<h1>Install</h1>
<p class=MsoNormal>Run this:</p>
<p class=SourceCode>pip install rill</p>
<p class=SourceCode><span class=VerbatimChar>&nbsp; rill --run</span></p>
<p class=SourceCode>&nbsp;</p>
<p class=SourceCode>rill --stop</p>
<p class=MsoNormal>Then:</p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt'><span
style='font-family:Symbol'>\u00b7<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span>Set
the <span class=VerbatimChar>zone</span></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt'><span
style='font-family:"Courier New"'>o<span style='font:7.0pt "Times New Roman"'>&nbsp; </span></span>Inner</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt'>2.<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span>Start it</p>
<p class=MsoNormal>See <a href="https://a.example/">the site</a>.</p>
<ul><li><a href="https://b.example/">Download</a></li></ul>
</div></body></html>"""
GOOGLE = """<html><head><style type="text/css">.c1{font-size:11pt;font-family:"Courier New"}
.c2{font-family:"Arial"}</style></head><body class="c8">
<p class="c7 title"><span class="c2">The Rill Guide</span></p><h1 class="c4"><span>Install</span></h1>
<p class="c3"><span class="c2">Run this:</span></p>
<p class="c3"><span class="c1">pip install rill</span></p>
<p class="c3"><span class="c1">&nbsp; rill --run</span></p>
<p class="c3"><span class="c1"></span></p>
<p class="c3"><span class="c1">rill --stop</span></p>
<p class="c3"><span class="c2">Then:</span></p>
<ul class="c5 lst-kix_a-0 start"><li><span>Set the </span><span class="c1">zone</span></li></ul>
<ul class="c5 lst-kix_a-1 start"><li><span>Inner</span></li></ul>
<ol class="c5 lst-kix_b-0" start="2"><li><span>Start it</span></li></ol>
<p>See <a href="https://a.example/">the site</a>.</p>
<ul class="lst-kix_c-0"><li><a href="https://b.example/">Download</a></li></ul></body></html>"""
OFFICE = """<html><!--This file was converted to xhtml by LibreOffice--><head>
<style>.Code_20_Text {font-family:'Liberation Mono'}</style></head><body>
<p class="title">The Rill Guide</p><h1>Install</h1><p>Run this:</p>
<p class="P2"><span class="Code_20_Text">pip install rill<br/>\u00a0 rill --run<br/><br/>rill --stop</span></p>
<p>Then:</p><ul><li><p><span style="display:block;float:left;">\uf0b7</span>Set the <span>zone</span></p><ul>
<li><p><span style="display:block;float:left;">oo</span>Inner</p></li></ul></li></ul><ol><li><p><span
style="display:block;float:left;">2.</span>Start it</p></li></ol><p>See the site.</p>
<ul><li><p><a href="https://b.example/">Download</a></p></li></ul></body></html>"""
SAID = [
    "The Rill Guide", "Install", "Run this:",
    "```\npip install rill\n  rill --run\n\nrill --stop\n```",
    "Then:", "- Set the zone", "  - Inner", "2. Start it", "See the site.", "- Download",
]  # fmt: skip


@pytest.mark.parametrize("page", [WORD, GOOGLE, OFFICE], ids=["Word", "Google Docs", "LibreOffice"])
def test_titles_lists_and_code_are_told_by_styles(page: str) -> None:
    found = html.parse(page)

    assert [piece.text for piece in found.pieces if piece.kind != "end"] == SAID
    assert found.title == "The Rill Guide"
    places = [piece.place for piece in found.pieces if piece.kind == "list_item"]
    told = [page[place.start : place.end] for place in places if place is not None]
    assert all(word in part for word, part in zip(("zone", "Inner", "Start"), told, strict=False))


def test_a_page_that_is_all_in_a_typewriters_face_is_no_code() -> None:
    style = "<style>.a{font-family:Courier}</style>"
    page = f"{style}<p class=a>It rises</p><p class=a>It falls</p><p>So.</p>"

    assert {piece.kind for piece in html.parse(page).pieces} == {"paragraph"}


def test_sentences_in_a_typewriters_face_are_no_code() -> None:
    style = "<style>.a{font-family:'IBM Plex Mono'}</style>"
    said = "This is the guide to the logger, and it tells how to set the clock of the station."
    page = f"{style}<p class=a>{said}</p><p>One.</p><p>Two.</p>"

    assert {piece.kind for piece in html.parse(page).pieces} == {"paragraph"}


def test_boxes_whose_class_has_a_typewriters_face_are_code() -> None:
    style = "<style>DIV.Text {font-family: Times} DIV.Sample {font-family: 'Courier New'}</style>"
    sample = "<div class=Sample>if dry then<br>&nbsp;&nbsp;stop;<br><b>end</b>&nbsp;if;</div>"
    text = "<div class=Text>A pump lifts water from a well.</div>" * 3
    pages = [
        document(f"<html><head>{style}</head><body><h1>Pumps</h1>{body}</body></html>", "text/html")
        for body in (text + sample + text, sample * 9)
    ]

    assert "```\nif dry then\n  stop;\nend if;\n```" in pages[0].text
    assert "```" not in pages[1].text
