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


PROSE = """It is assumed that the reader knows the shell of the system and uses it on each day
of the week, as it is used &amp; shown in this text.

To see the clocks of the loggers of a station, run the tool with its name:

    $ rillctl show &lt;station&gt; | sort

12:00:01 rill read 5
12:00:02 rill read 6

- The first is that of the gateway, which is the one that has to be right.
- The second one is the clock of the logger that is read.
"""


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


@pytest.mark.parametrize(
    "page", [WHOLE, SECTIONS, WHOLE.replace("\n", "\r\n"), f"<pre>{PROSE}</pre>"]
)
def test_its_blocks_know_where_they_stand(page: str) -> None:
    for piece in html.parse(page).pieces:
        assert piece.place is not None
        said = html.parse(page[piece.place.start : piece.place.end]).pieces
        letters = "".join(re.findall(r"[^\W_]", "".join(one.text for one in said)))
        assert letters.removesuffix("top") == "".join(re.findall(r"[^\W_]", piece.text))


READ = [
    (
        "paragraph",
        "It is assumed that the reader knows the shell of the system and uses it on each day of the "
        "week, as it is used & shown in this text.",
    ),
    ("paragraph", "To see the clocks of the loggers of a station, run the tool with its name:"),
    ("code", "```\n$ rillctl show <station> | sort\n```"),
    ("code", "```\n12:00:01 rill read 5\n12:00:02 rill read 6\n```"),
    ("list_item", "- The first is that of the gateway, which is the one that has to be right."),
    ("list_item", "- The second one is the clock of the logger that is read."),
]


def test_a_page_of_prose_in_pre_is_read_as_plain_text() -> None:
    titled = f"<h1>Guide</h1><h2>1. Use</h2><pre class=text>{PROSE}</pre>"
    bare = f"<pre>\nCLOCKS OF STATIONS\n\n{PROSE}</pre>"

    found = told(list(html.parse(titled).pieces))
    assert found == [("heading", "Guide"), ("heading", "1. Use"), *READ]
    assert told(list(html.parse(bare).pieces)) == [("heading", "CLOCKS OF STATIONS"), *READ]


@pytest.mark.parametrize(
    "page",
    [
        f"<div class=highlight><pre>{PROSE}</pre></div>",
        f"<pre class=screen>{PROSE}</pre>",
        f"<pre><code>{PROSE}</code></pre>",
        f"<p>{'It is longer than the code that it shows to its reader below. ' * 12}</p><pre>{PROSE}</pre>",
        "<pre>set style data boxes\nplot the data of all columns as lines with points\n</pre>",
    ],
)
def test_a_sample_of_prose_stays_as_it_stands(page: str) -> None:
    assert told(list(html.parse(page).pieces))[-1][0] == "code"
