"""What programs say of themselves with --help, kept as text files: usage and options."""

from __future__ import annotations

import pytest

from builder.ingest import read_bytes
from builder.records import Document

ARGPARSE = """\
usage: rill export [-h] [-o FILE]
                   station [station ...]

Writes readings to a file.

positional arguments:
  station               the stations, by their names

options:
  -h, --help            show this help message and exit
  -o FILE, --output FILE
                        where the readings go; without it they are
                        printed (default: None)

limits:
  How much is written.

  --first-of-all=COUNT  stop after so many readings
  --since DAY           leave out what is older
"""
CLAP = """\
Writes readings to a file

Usage: rill export [OPTIONS] <STATION>...

Options:
  -o, --output <FILE>
          Where the readings go

          [env: RILL_OUTPUT=]

      --no-header
          Leave out the names of the columns

  -q, --quiet
          Print nothing
"""
GNU = """\
Rill 2.1, a keeper of readings.
Usage: rill [OPTION]... STATION
  -a, --all                  write hidden stations too
      --block-size=SIZE      write so many at a time; see below
  -d, --directory <where to> Write into a directory
Exit status:
  -V,  --version             print the version
  -1                         one station to the line
"""


def blocks(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The title of a plain text, and its blocks with their kinds."""
    found = read_bytes(text.encode(), path="help.txt", media_type="text/plain")
    assert isinstance(found, Document)
    return found.title, [(b.kind, found.text[b.start : b.end]) for b in found.blocks]


def test_sections_head_their_options() -> None:
    title, found = blocks(ARGPARSE)

    assert title == "`rill export`"
    usage, _, _ = ARGPARSE.partition("\n\n")
    assert found[0] == ("code", f"```\n{usage}\n```")
    assert ("heading", "## options") in found
    assert found[found.index(("heading", "## limits")) + 1 :] == [
        ("paragraph", "How much is written."),
        ("definition", "- `--first-of-all=COUNT`: stop after so many readings"),
        ("definition", "- `--since DAY`: leave out what is older"),
    ]
    assert found[found.index(("heading", "## options")) + 2] == (
        "definition",
        "- `-o FILE`, `--output FILE`: where the readings go; without it they are printed "
        "(default: None)",
    )


def test_what_an_option_means_may_stand_below_it() -> None:
    title, found = blocks(CLAP)

    assert title == "`rill export`"
    assert [text for kind, text in found if kind == "definition"] == [
        "- `-o`, `--output <FILE>`: Where the readings go",
        "- `--no-header`: Leave out the names of the columns",
        "- `-q`, `--quiet`: Print nothing",
    ]
    assert "[env: RILL_OUTPUT=]" in [text.strip() for _, text in found]


def test_columns_need_no_blank_line_around_them() -> None:
    title, found = blocks(GNU)

    assert title == "`rill`"
    assert found == [
        ("paragraph", "Rill 2.1, a keeper of readings."),
        ("code", "```\nUsage: rill [OPTION]... STATION\n```"),
        ("definition", "- `-a`, `--all`: write hidden stations too"),
        ("definition", "- `--block-size=SIZE`: write so many at a time; see below"),
        ("definition", "- `-d`, `--directory <where to>`: Write into a directory"),
        ("heading", "## Exit status"),
        ("definition", "- `-V`, `--version`: print the version"),
        ("definition", "- `-1`: one station to the line"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Start it like this:\n\n    docker run \\\n      -v /a:/b \\\n      -p 80:80 \\\n      --name x\n",
        "The files:\n\n  -rw-r--r--  1 ann users  84 Dec  4 config\n"
        "  -rw-r--r--  1 ann users  58 Dec  4 stations\n  -rw-r--r--  1 ann users  50 Dec  4 log\n",
        "Changes\n\n-Fixed a fault in the export\n of stations\n-Made the start faster\n"
        "-Left out what nobody needs\n",
        "The drawing:\n\n  A   B   --soft   A  B\n          --mixed  A  D\n          --hard   D  D\n",
    ],
)
def test_other_lines_that_begin_with_a_dash_are_no_options(text: str) -> None:
    _, found = blocks(text)

    assert not [said for kind, said in found if kind == "definition"]


def test_a_text_about_usage_is_no_help_text() -> None:
    title, found = blocks(
        "Notes\n\nUsage: the pump is started by hand, and stopped by the switch.\n"
    )

    assert title == "Notes"
    assert [kind for kind, _ in found] == ["heading", "paragraph"]
