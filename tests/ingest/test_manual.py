"""What a formatted manual page, kept as plain text, is read into."""

from __future__ import annotations

import re

import pytest

from builder.ingest.manual import parse
from tests.ingest.reading import kinds, paths, plain

PAGE = """RILLCTL(8)                Rill Station Tools               RILLCTL(8)



NAME
       rillctl, rillctld - talk to a Rill logger

SYNOPSIS
       rillctl [OPTION]... COMMAND

       rillctld [-v] [--port=NUMBER]

DESCRIPTION
       rillctl  reads  what  a  logger  has  stored  and sets its clock.  It is the opera‐
       tor's tool for all stations of one network.

   Rights
       Only members of the group rill may run it.

OPTIONS
       -h, --help
              Show summary of options

       -v     Be  more  verbose.  Given twice, each packet is shown as it
              comes in.

              The packets are shown in hexadecimal.

       --format FORM
              How values are printed.  FORM is one of

              short  One line for each value.

              long   One block for each value, with its station and unit.

       -q     be quiet.

COMMANDS
       read-values STATION COUNT
              Read the last COUNT values of a station:

                  $ rillctl read-values Ulm 3
                  12.4 cm

                  $ rillctl read-values Ulm 1

       set-alarm  STATION  [high,low]  [daily,hourly,always]  [quiet,loud]
       LEVEL SECONDS
              Set the alarm of a station.

       sync-clock ?station ...?
              Set the clocks of the given stations.

       The exit code is zero, if all went well.  Otherwise it is:

       •   1, if a station did not answer within
           ten seconds;

       •   2, if the port is in use.

Rill 4.2                       2024-03-02                   RILLCTL(8)
"""


def test_sections_tags_and_code_of_a_manual_page_are_told_by_their_columns() -> None:
    found = plain(PAGE)

    assert found.title == "rillctl(8)"
    assert found.text == (
        "## NAME\n\nrillctl, rillctld - talk to a Rill logger\n\n"
        "## SYNOPSIS\n\n```\nrillctl [OPTION]... COMMAND\n\nrillctld [-v] [--port=NUMBER]\n```\n\n"
        "## DESCRIPTION\n\nrillctl reads what a logger has stored and sets its clock. It is the "
        "operator's tool for all stations of one network.\n\n"
        "### Rights\n\nOnly members of the group rill may run it.\n\n"
        "## OPTIONS\n\n- `-h`, `--help`: Show summary of options\n"
        "- `-v`: Be more verbose. Given twice, each packet is shown as it comes in.\n\n"
        "The packets are shown in hexadecimal.\n\n"
        "- `--format FORM`: How values are printed. FORM is one of\n"
        "  - `short`: One line for each value.\n"
        "  - `long`: One block for each value, with its station and unit.\n"
        "- `-q`: be quiet.\n\n"
        "## COMMANDS\n\n- `read-values STATION COUNT`: Read the last COUNT values of a station:\n\n"
        "```\n$ rillctl read-values Ulm 3\n12.4 cm\n\n$ rillctl read-values Ulm 1\n```\n\n"
        "- `set-alarm STATION [high,low] [daily,hourly,always] [quiet,loud] LEVEL SECONDS`: "
        "Set the alarm of a station.\n"
        "- `sync-clock ?station ...?`: Set the clocks of the given stations.\n\n"
        "The exit code is zero, if all went well. Otherwise it is:\n\n"
        "- 1, if a station did not answer within ten seconds;\n- 2, if the port is in use."
    )


def test_the_running_head_and_foot_are_told_as_left_out() -> None:
    dropped = plain(PAGE).dropped

    assert [part.beginning for part in dropped] == [
        "RILLCTL(8) Rill Station Tools RILLCTL(8)",
        "Rill 4.2 2024-03-02 RILLCTL(8)",
    ]


def test_the_place_of_a_block_is_its_lines() -> None:
    found = plain(PAGE)
    rights = next(b for b in found.blocks if "members of" in found.text[b.start : b.end])

    assert rights.place is not None
    assert PAGE[rights.place.start : rights.place.end].strip().startswith("Only members")
    assert paths(found)["Only members of the group rill may run it."] == ("DESCRIPTION", "Rights")


@pytest.mark.parametrize(
    ("head", "name", "title"),
    [
        ("TAR(1)        GNU TAR Manual        TAR(1)", "tar - an archiver", "tar(1)"),
        ("LUAC5.4(1)    General Commands      LUAC5.4(1)", "luac - Lua compiler", "luac(1)"),
        (
            "tclvars(3tcl)    Tcl Commands    tclvars(3tcl)",
            "argc, argv - variables",
            "tclvars(3tcl)",
        ),
        ("A-LONG-NAME.Sa-long-namA-LONG-NAME(8)", "a-long-name - runs long", "a-long-name(8)"),
        ("", "ssh_config \u2014 OpenSSH client configuration file", "ssh_config"),
    ],
)
def test_a_manual_page_is_called_as_it_calls_itself(head: str, name: str, title: str) -> None:
    page = f"{head}\n\nNAME\n     {name}\n\nDESCRIPTION\n     It does so.\n\nFILES\n     None.\n"

    assert plain(page).title == title


@pytest.mark.parametrize(
    "text",
    [
        "NAME\n    Rill Logger\n\nPRICE\n    400 EUR\n\nSTOCK\n    3\n",
        "Notes\n\n    rill - a river\n\nMore notes follow here.\n",
        "The manual is rill(1)\n\nName\n  rill - a river\n\nA sentence at the left edge.\n",
        "rill - a river\n",
    ],
)
def test_other_texts_are_no_manual_pages(text: str) -> None:
    assert parse(text) is None


def test_a_page_of_one_endless_block_is_read_in_time() -> None:
    lines = "".join(f"       tag{at}\n              What it means.\n" for at in range(20_000))
    found = plain(f"X(1)     M     X(1)\n\nNAME\n       x - y z\n\nLIST\n{lines}")

    assert kinds(found) == ["heading", "paragraph", "heading", "paragraph"]


def test_a_word_divided_at_the_end_of_a_line_is_whole_where_the_page_has_it_whole() -> None:
    page = PAGE.replace(
        "       Only members of the group rill may run it.",
        "       Only members of the group rill may run it, in an emer-\n"
        "       gency too. An emergency is rare and calls for a read-\n"
        "       only group, or for a mem-\n"
        "       ber; a member is trusted, as `rill_members` tells (rill_mem-\n"
        "       bers).",
    )

    found = parse(page)
    assert found is not None
    said = [piece.text for piece in found.pieces if "emergency is rare" in piece.text]
    assert said == [
        "Only members of the group rill may run it, in an emergency too. An emergency is rare and "
        "calls for a read-only group, or for a member; a member is trusted, as `rill_members` tells "
        "(rill_members)."
    ]


def test_a_long_page_that_divides_words_has_those_whole_of_which_it_has_no_part() -> None:
    many = " ".join(
        f"{one}{two}{three}o" for one in "bdfgk" for two in "aeiou" for three in "lmnprstv"
    )
    told = (
        "It tells levels; the level of a river is told in an emer-\n"
        "       gency. Formats are many: the for-\n"
        "       mat of a level is a non-\n"
        "       level one in Urbana-\n"
        "       Champaign. An hour is an emergency."
    )

    long, short = (
        "\n\n".join(piece.text for piece in found.pieces)
        for words in (many, "")
        if (
            found := parse(
                PAGE.replace(
                    "Only members",
                    f"{told} {words}\n\n       An incon-\n       venient one. Only members",
                )
            )
        )
    )

    assert "in an emergency. Formats are many: the format of" in long
    assert "non-level one" in long
    assert "UrbanaChampaign" not in long
    assert "An inconvenient one" in long
    assert "An incon-venient one" in short


def test_words_that_a_typewriter_struck_twice_are_words() -> None:
    bold = re.sub(r"(?m)(?<=^)[A-Z].*", lambda found: re.sub(r"(\S)", "\\1\b\\1", found[0]), PAGE)
    struck = re.sub(r"\b(?:FORM|STATION)\b", lambda f: re.sub("(.)", "_\b\\1", f[0]), bold)

    assert struck.count("\b") > 0.05 * len(PAGE)
    assert plain(struck).text == plain(PAGE).text
    assert plain("An \bodd s\btep back.").text == "An odd step back."
