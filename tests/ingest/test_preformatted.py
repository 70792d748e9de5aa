"""Manual pages that an HTML page shows in its `pre`."""

from __future__ import annotations

import re

import pytest

from builder.ingest import html
from builder.ingest.parsed import Piece

WHOLE = """<html><head><title>Rill manual - rillctl(8)</title></head><body><pre>
RILLCTL(8)                                                          RILLCTL(8)

<b>NAME</b>
       rillctl - set the clock &amp; the zone of a logger

<b>SYNOPSIS</b>
       <b>rillctl</b> [<b>-n</b>] &lt;<i>file</i>

<b>DESCRIPTION</b>
       The   <a href="rill.8.html"><b>rill</b>(8)</a>  daemon  keeps the clock of each logger
       right. Values &gt; 9 seconds are logged &#8212; others are not.

       <b>-n</b>, <b>--dry-run</b>
              Print what would be done, and do &lt;nothing&gt; of it to any
              of the loggers.

       To set the zone:

              rillctl zone=&lt;UTC&gt;
                | tee log

<b>SEE ALSO</b>
       rill(8), the daemon

                                                                    RILLCTL(8)
</pre></body></html>"""
SECTIONS = re.sub(
    r"\n<b>([A-Z ]+)</b>\n",
    r'</pre>\n<h2><a id="\1" href="#\1"></a>\1 &nbsp; <a href="#top"><i>top</i></a></h2><pre>\n',
    WHOLE.replace("<body>", "<body><h1>rillctl(8) page</h1><p>Printed in June, for you.</p>"),
)


def told(pieces: list[Piece]) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in pieces if piece.kind != "end"]


MANUAL = [
    ("heading", "NAME"),
    ("paragraph", "rillctl - set the clock & the zone of a logger"),
    ("heading", "SYNOPSIS"),
    ("code", "```\nrillctl [-n] <file\n```"),
    ("heading", "DESCRIPTION"),
    (
        "paragraph",
        "The rill(8) daemon keeps the clock of each logger right. Values > 9 seconds are logged "
        "\u2014 others are not.",
    ),
    (
        "definition",
        "- `-n`, `--dry-run`: Print what would be done, and do <nothing> of it to any of the "
        "loggers.",
    ),
    ("paragraph", "To set the zone:"),
    ("code", "```\nrillctl zone=<UTC>\n  | tee log\n```"),
    ("heading", "SEE ALSO"),
    ("paragraph", "rill(8), the daemon"),
]


def test_a_manual_page_in_one_block_is_read_as_one() -> None:
    found = html.parse(WHOLE)

    assert told(list(found.pieces)) == MANUAL
    assert found.title == "rillctl(8)"


def test_a_manual_page_in_a_block_for_each_section_is_read_as_one() -> None:
    found = html.parse(SECTIONS)

    above = [("heading", "rillctl(8) page"), ("paragraph", "Printed in June, for you.")]
    assert told(list(found.pieces)) == [*above, *MANUAL]
    anchors = [piece.anchor for piece in found.pieces if piece.level == 2]
    assert anchors == ["NAME", "SYNOPSIS", "DESCRIPTION", "SEE ALSO"]


@pytest.mark.parametrize("page", [WHOLE, SECTIONS, WHOLE.replace("\n", "\r\n")])
def test_its_blocks_know_where_they_stand(page: str) -> None:
    for piece in html.parse(page).pieces:
        assert piece.place is not None
        said = html.parse(page[piece.place.start : piece.place.end]).pieces
        letters = "".join(re.findall(r"[^\W_]", "".join(one.text for one in said)))
        assert letters.removesuffix("top") == "".join(re.findall(r"[^\W_]", piece.text))


def test_other_text_in_a_pre_stays_code() -> None:
    page = WHOLE.replace("<b>NAME</b>", "<b>CAST</b>").replace("rillctl - set", "rillctl sets")

    assert [kind for kind, _ in told(list(html.parse(page).pieces))] == ["code"]
