"""What the layout of a plain text says about its structure."""

from __future__ import annotations

import re

import pytest

from builder.ingest.plain import parse
from tests.ingest.reading import kinds, paths, plain, titles

SENTENCE = "The level of the river rises after a long rain and falls again."

BLOCKS = {
    "wrapped lines are one paragraph": (
        "The level of the river rises\nafter rain, and it falls\nin summer.\n\nNext one.",
        "The level of the river rises after rain, and it falls in summer.\n\nNext one.",
    ),
    "a word hyphenated at the end of a line": (
        "Check the self-\ntest of Vor- und\nNachteile, Ein-\nund Ausgang.",
        "Check the self-test of Vor- und Nachteile, Ein- und Ausgang.",
    ),
    "underlined titles": (
        f"Levels\n======\n\n{SENTENCE}\n\nPorts\n-----\n{SENTENCE}",
        f"# Levels\n\n{SENTENCE}\n\n## Ports\n\n{SENTENCE}",
    ),
    "the head of printed columns": (
        f"Levels\n======\n\n{SENTENCE}\n\nName      Level   Age   Last one\n{'=' * 40}\nnorth     2.50    3     2.49",
        f"# Levels\n\n{SENTENCE}\n\n```\nName      Level   Age   Last one\n{'=' * 40}\nnorth     2.50    3     2.49\n```",
    ),
    "the head of a table right above its first row": (
        f"Levels\n======\n\n{SENTENCE}\n\nMS Name/Address      Level Age\n"
        f"{'=' * 40}\n^* north             2.50    3     2.49",
        f"# Levels\n\n{SENTENCE}\n\n```\nMS Name/Address      Level Age\n"
        f"{'=' * 40}\n^* north             2.50    3     2.49\n```",
    ),
    "titles with a rule above and below": (
        f"======\nLevels\n======\n\n{SENTENCE}\n\nPorts\n=====\n\n{SENTENCE}",
        f"# Levels\n\n{SENTENCE}\n\n## Ports\n\n{SENTENCE}",
    ),
    "titles in capitals": (
        f"RILL LOGGER\nA short guide\n\nPORTS AND CABLES\n\n{SENTENCE}",
        f"# RILL LOGGER\n\nA short guide\n\n## PORTS AND CABLES\n\n{SENTENCE}",
    ),
    "numbered titles": (
        f"1. Ports\n\n{SENTENCE}\n\n1.1 Cables\n\n{SENTENCE}\n\nII. Radio\n\n{SENTENCE}",
        f"## 1. Ports\n\n{SENTENCE}\n\n### 1.1 Cables\n\n{SENTENCE}\n\n## II. Radio\n\n{SENTENCE}",
    ),
    "titles further left than the text": (
        f"Title\n\nNAME\n       {SENTENCE}\n\nNotes\n\n       {SENTENCE}",
        f"# Title\n\n## NAME\n\n{SENTENCE}\n\n## Notes\n\n{SENTENCE}",
    ),
    "bullets of all kinds": ("- one\n* two\n  • deep\n+ three", "- one\n- two\n  - deep\n- three"),
    "numbers of all kinds": (
        "1) one\n2) two\n\n(3) three\n4. four",
        "1. one\n2. two\n3. three\n4. four",
    ),
    "items over several lines": ("- one goes\n  on here\n- two", "- one goes on here\n- two"),
    "a paragraph before a list": ("Take these:\n- one\n- two", "Take these:\n\n- one\n- two"),
    "steps with blank lines, text and commands": (
        "Do this:\n\n1. Stop it with\n\n   $ rill stop\n\n   and wait a while.\n\n2. Start it",
        "Do this:\n\n1. Stop it with\n\n```\n$ rill stop\n```\n\nand wait a while.\n\n2. Start it",
    ),
    "labels above lists": (
        "Changes\n=======\n\nNew\n  * One thing.\nFixed\n  * Another thing\n    is right.",
        "# Changes\n\n## New\n\n- One thing.\n\n## Fixed\n\n- Another thing is right.",
    ),
    "a glossary": (
        "Datum\n    A height that\n    is fixed.\n\nDrift\n    A slow shift.",
        "- Datum: A height that is fixed.\n- Drift: A slow shift.",
    ),
    "a glossary without blank lines": (
        "Datum\n  A height that is fixed.\nDrift\n  A slow shift.\n\nGate\n  A door.",
        "- Datum: A height that is fixed.\n- Drift: A slow shift.\n- Gate: A door.",
    ),
    "options with descriptions": (
        "OPTIONS\n\n  --all\n      Show all of them.\n\n  --quiet\n      Show none of them.",
        "# OPTIONS\n\n- --all: Show all of them.\n- --quiet: Show none of them.",
    ),
    "facts with colons": (
        "Bending radius:  at least 10 cm\nTemperature of the logger: -30 to +60 °C",
        "- Bending radius: at least 10 cm\n- Temperature of the logger: -30 to +60 °C",
    ),
    "facts with dashes": (
        "init    - Create the database\nstatus  - Show the state of\n          the server",
        "- init: Create the database\n- status: Show the state of the server",
    ),
    "a long title over a short rule": (
        f"ver. 1.0.2 (2022) - a long name of the release\n----------\n\n{SENTENCE}\n\n"
        f"ver. 1.0.1 (2021) - another name of a release\n----------\n\n{SENTENCE}",
        f"# ver. 1.0.2 (2022) - a long name of the release\n\n{SENTENCE}\n\n"
        f"# ver. 1.0.1 (2021) - another name of a release\n\n{SENTENCE}",
    ),
    "settings with remarks and braces": (
        f"{SENTENCE}\n\nprotocol imap {{\n  # What to load (all by default).\n  plugins = a b\n\n"
        f"  name = x\n}}\n\n{SENTENCE}",
        f"{SENTENCE}\n\n```\nprotocol imap {{\n  # What to load (all by default).\n  plugins = a b\n\n"
        f"  name = x\n}}\n```\n\n{SENTENCE}",
    ),
    "remarks of settings": (
        "#\n# This block controls the radio\n#\nrate = 5",
        "```\n#\n# This block controls the radio\n#\nrate = 5\n```",
    ),
    "a setting alone": (
        f"{SENTENCE}\n\nradio_rate = 5\n\n{SENTENCE}",
        f"{SENTENCE}\n\n```\nradio_rate = 5\n```\n\n{SENTENCE}",
    ),
    "sentences that name functions": (
        "It is also possible to ask for the level at once, as rill-push\ndoes: the way to it goes by\n"
        "'push.c:main_init()' -> 'push_handle()' ->\n'push.c:push_level()'.",
        "It is also possible to ask for the level at once, as rill-push does: the way to it goes by "
        "'push.c:main_init()' -> 'push_handle()' -> 'push.c:push_level()'.",
    ),
    "items that name functions": (
        "* The logger asks the radio for the time\n  ('radio_time()' ->\n  'clock_get()')\n"
        "* It waits for the answer with 'radio_wait()' and\n  then calls 'clock_set()'",
        "- The logger asks the radio for the time ('radio_time()' -> 'clock_get()')\n"
        "- It waits for the answer with 'radio_wait()' and then calls 'clock_set()'",
    ),
    "a glossary of functions": (
        "start(request):\n  Begins the reading, with the request of the client.\n\nstop():\n"
        "  Ends it. The memory is freed by calling 'pool_free()' for all of it.",
        "- start(request): Begins the reading, with the request of the client.\n"
        "- stop(): Ends it. The memory is freed by calling 'pool_free()' for all of it.",
    ),
    "indented code": (
        f"{SENTENCE}\n\n    if x:\n        go(x)\n\n    stop()",
        f"{SENTENCE}\n\n```\nif x:\n    go(x)\n\nstop()\n```",
    ),
    "indented prose": (f"{SENTENCE}\n\n    {SENTENCE}", f"{SENTENCE}\n\n{SENTENCE}"),
    "commands": ("$ rill stop\n$ rill start", "```\n$ rill stop\n$ rill start\n```"),
    "settings": ("host = x.org\nport = 8420", "```\nhost = x.org\nport = 8420\n```"),
    "header fields": (
        "content-type: text/html\naccept: x",
        "```\ncontent-type: text/html\naccept: x\n```",
    ),
    "columns": (
        "E01   no probe      check it\nE02   too deep      lift it\nE13   no gateway    look up",
        "```\nE01   no probe      check it\nE02   too deep      lift it\nE13   no gateway    look up\n```",
    ),
    "drawings": ("+---+\n| A |--->\n+---+", "```\n+---+\n| A |--->\n+---+\n```"),
    "fences": (
        "```sh\nls\n\ncd x\n```\n\n----\nraw  text\n----",
        "```sh\nls\n\ncd x\n```\n\n```\nraw  text\n```",
    ),
    "quoted mail": ("> It rises\n> slowly.", "> It rises slowly."),
    "an address": (
        f"{SENTENCE * 2}\n\nAquarill GmbH\nKassel",
        f"{SENTENCE * 2}\n\nAquarill GmbH\nKassel",
    ),
    "a paragraph to the line": (
        f"{SENTENCE * 4}\n{SENTENCE * 3}",
        f"{SENTENCE * 4}\n\n{SENTENCE * 3}",
    ),
    "rules, leaders and page numbers go": (
        f"{SENTENCE}\n\n-----------\n\nPorts ........ 12\nRill            [Page 3]\n\n{SENTENCE}",
        f"{SENTENCE}\n\n{SENTENCE}",
    ),
    "year and sum at the begin of a line": (
        "The first logger was sold in\n2021. It had no radio at all.",
        "The first logger was sold in 2021. It had no radio at all.",
    ),
    "Markdown in all but name": (
        "# Rill\n\n## Ports\n\nUse **8420**.\n\n## More\n\n[Guide](x.md)",
        "# Rill\n\n## Ports\n\nUse 8420.\n\n## More\n\nGuide",
    ),
}


@pytest.mark.parametrize(("source", "expected"), BLOCKS.values(), ids=BLOCKS.keys())
def test_plain_text_reads_as(source: str, expected: str) -> None:
    assert plain(source).text == expected


def test_labelled_questions_head_their_answers() -> None:
    found = plain(
        "Rill FAQ\n========\n\nQ: I have a logger. Where\n   do I hang it?\n\nA: On a hook.\n\n   Not on the floor.\n\n"
        "Q: Is it wet?\nA: Yes.\n"
    )

    assert paths(found) == {
        "On a hook.": ("I have a logger. Where do I hang it?",),
        "Not on the floor.": ("I have a logger. Where do I hang it?",),
        "Yes.": ("Is it wet?",),
    }


def test_lone_question_lines_head_their_answers_where_there_are_several() -> None:
    found = plain("FAQ\n===\n\nIs it a logger?\n\nYes.\n\nIs it a gateway?\nNo, it is not.\n")

    assert paths(found) == {"Yes.": ("Is it a logger?",), "No, it is not.": ("Is it a gateway?",)}


def test_title_is_the_first_line_or_the_file_name() -> None:
    assert plain(f"Levels of rivers\n\n{SENTENCE}").title == "Levels of rivers"
    assert plain(SENTENCE).title == "page"
    assert (
        plain(f"{SENTENCE}\n\n{SENTENCE}\n\n{SENTENCE}\n\nPorts\n=====\n\n{SENTENCE}").title
        == "page"
    )


def test_markdown_without_a_title_of_its_own_is_read_as_such() -> None:
    entry = "### Fixed\n* `push`:\n  - it waits\n"

    found = plain(f"Changes\n=======\n\n{entry}\n{entry}\n{entry}\n")

    assert found.text.startswith("# Changes\n\n### Fixed\n\n- `push`:\n  - it waits\n")


def test_remarks_of_settings_are_no_markdown() -> None:
    found = plain(
        "## Radio\n## of the `logger`\nrate = 5\n\n## Clock\n## of the `logger`\nzone = 1\n"
    )

    assert set(kinds(found)) == {"code"}


def test_prose_stays_prose() -> None:
    source = (
        "The logger measures the level. It has been sold since 2021. Two cells\n"
        "power it for 5 years, and it sends its readings by radio to a gateway.\n\n"
        "A gateway receives 200 loggers: it stands on a roof, and needs no line\n"
        "of sight. Prices are 9 EUR - or 19 EUR for the larger plan.\n"
    )

    assert kinds(plain(source)) == ["paragraph", "paragraph"]


@pytest.mark.parametrize("source", [source for source, _ in BLOCKS.values()], ids=BLOCKS.keys())
def test_places_hold_the_words_of_the_text(source: str) -> None:
    for piece in parse(source).pieces:
        assert piece.place is not None
        cut = source[piece.place.start : piece.place.end]
        assert letters(piece.text) in letters(cut)


def letters(text: str) -> str:
    """The letters and digits of a text, without list numbers and the language of code."""
    text = re.sub(r"^\s*(?:```\w*|\(?\d{1,2}[.)])", "", text, flags=re.MULTILINE)
    return "".join(filter(str.isalnum, text.lower()))


def test_clear_restructuredtext_is_read_as_such() -> None:
    found = plain("Top\n===\n\n.. _here:\n\n.. note:: Hot.\n\nSee :ref:`here` and :doc:`x`.\n")

    assert found.text == "# Top\n\nNote: Hot.\n\nSee here and x."


def test_restructuredtext_is_told_by_the_code_that_it_announces() -> None:
    page = "Top\n===\n\n.. contents:: All\n\nFor a day: ::\n\n  rate = day\n\nFor an hour::\n\n  rate = hour\n"

    assert plain(page).text == (
        "# Top\n\nFor a day:\n\n```\nrate = day\n```\n\nFor an hour:\n\n```\nrate = hour\n```"
    )


@pytest.mark.parametrize("above", ["Usage:", "C++", ".NET"])
def test_a_rule_under_a_heading_opens_no_listing(above: str) -> None:
    rule = "-" * len(above)
    below = above[::-1].replace(":", "s")

    found = plain(f"{above}\n{rule}\n\nRun it once.\n\n{below}\n{rule}\n\nIt may fail.\n")

    assert "```" not in found.text


def test_items_that_end_with_semicolons_are_items() -> None:
    found = plain("It holds:\n\n  * two pumps;\n\n  * a well;\n\n(1) one lid;\n(2) one rotor.\n")

    assert found.text == "It holds:\n\n- two pumps;\n- a well;\n1. one lid;\n2. one rotor."


def test_an_address_in_angles_is_no_tag() -> None:
    found = plain("This was written by:\n\n<ann@rill.example>\n\nThat was it.\n")

    assert "```" not in found.text


def test_a_session_with_many_common_words_is_code() -> None:
    code = ">>> with open('x') as f:\n...     for line in f:\n...         print(line, end='')"

    assert code in plain(f"Do this as root, with care.\n\n{code}\n\nThat was all of it.\n").text


def test_an_open_brace_takes_no_sentences() -> None:
    sentences = "  Options follow.\n\n  See RFC 9110, HTTP Semantics.\n"

    found = plain(f'Set it like this:\n\n    open = "{{"\n\n{sentences}')

    assert found.text.endswith("```\n\nOptions follow.\n\nSee RFC 9110, HTTP Semantics.")


def test_numbered_questions_with_their_answers_on_the_next_line_are_headings() -> None:
    found = plain("Use of it\n\n1.1  Can I use it?\nYes, you may.\n\n1.2  Can I sell it?\nNo.\n")
    listed = plain("Quiz\n====\n\nAnswer all:\n\n1. Is it red?\n2. Is it blue?\n3. Is it new?\n")

    assert paths(found) == {"Yes, you may.": ("1.1 Can I use it?",), "No.": ("1.2 Can I sell it?",)}
    assert kinds(listed)[-3:] == ["list_item"] * 3


def test_labels_in_capitals_above_indented_lines_are_headings_where_they_recur() -> None:
    entry = (
        "NAME:\n        {0}_level\nMACRO:\n      {0}_LEVEL\nDESCRIPTION:\n"
        "  Tells the level of the well, and\n  how fast it rises.\n\n"
    )

    found = plain("The level of wells\n\n" + "".join(map(entry.format, "ABC"))).text

    told = "## DESCRIPTION:\n\nTells the level of the well, and how fast it rises."
    assert found.count(told) == 3
    assert f"## MACRO:\n\n```\nB_LEVEL\n```\n\n{told}" in found


def test_lines_of_a_list_in_capitals_are_no_titles() -> None:
    found = plain("Kinds of wells\n\nDEEP WELLS, WIDE WELLS,\n\nOLD WELLS\n\nare all read.\n")

    assert "# DEEP" not in found.text


def test_numbered_titles_with_a_rule_below_are_headings() -> None:
    text = "It runs on.\n\n"
    found = plain(
        f"Clock\n=====\n\n{text}1. WHAT IS IT?\n--------------\n\n{text}2. Use\n------\n{text}"
    )

    assert [line for line in found.text.split("\n") if line.startswith("#")] == [
        "# Clock",
        "## 1. WHAT IS IT?",
        "## 2. Use",
    ]


def test_short_rules_that_come_again_are_those_of_headings() -> None:
    found = plain(
        "clock\n\n0.2.13 (2021-01-29)\n======\n- Run.\n\n0.2.12 (2018-06-19)\n======\n- Go.\n"
    )

    assert kinds(found) == ["heading", "heading", "list_item", "heading", "list_item"]


def test_a_line_of_tildes_below_a_title_opens_no_code() -> None:
    chapters = "".join(
        f"{title}\n{'~' * len(title)}\nThe {title} runs on and on.\n\n"
        for title in ("clock", "wheel")
    )
    item = " * Changes of it since then:\n ~~~~~~~~~~~~~~~~~~~~\n RUN   NEW.\n\n"
    code = "Run it:\n\n~~~~\nmake it\nrun it\n~~~~\n"

    assert "code" not in kinds(plain(f"News\n\n{chapters}{item}{item}"))
    assert "~" not in plain(f"News\n\n{chapters}{item}{item}").text
    assert "code" in kinds(plain(f"News of it\n\n{chapters}{code}"))


def test_a_short_text_of_restructuredtext_is_read_so() -> None:
    found = plain("====\nNews\n====\n\nSee the `advice`_.\n\n.. _advice: https://x.org/\n")

    assert found.text == "# News\n\nSee the advice."


_MEMO = (
    "   A pump lifts water from a well, and a tank holds it until somebody\n   opens the tap.\n\n"
)


@pytest.mark.parametrize(
    "above", ["", "Wells Group                                       J. Example\n\n"]
)
def test_a_line_in_the_middle_of_the_page_above_the_text_is_its_title(above: str) -> None:
    title = f"{' ' * 22}A Memo of Wells and Pumps\n\n"
    text = plain(f"{above}{title}1. Pumps\n\n{_MEMO * 3}2. Wells\n\n{_MEMO * 3}")

    assert titles(text) == [(1, "A Memo of Wells and Pumps"), (2, "1. Pumps"), (2, "2. Wells")]


@pytest.mark.parametrize(
    "line",
    [f"{' ' * 56}12 April 2026", f"{' ' * 22}It lifts water from a well.", "     make pump --all"],
    ids=["at the right", "a sentence", "indented a little"],
)
def test_other_lines_far_from_the_margin_are_no_titles(line: str) -> None:
    assert titles(plain(f"{line}\n\n1. Pumps\n\n{_MEMO * 3}2. Wells\n\n{_MEMO * 3}"))[0][0] == 2
