"""What of reStructuredText ends up in a document, construct by construct."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.ingest import read_bytes
from builder.ingest.parsed import Parsed, Refused
from builder.ingest.rst import parse
from builder.records import Document
from tests.ingest.places import lost
from tests.ingest.reading import paths
from tests.pace import at_most

SAID = "The level of the river rises after rain."


def rst(source: str) -> Document:
    found = read_bytes(source.encode(), path="docs/page.rst", media_type="text/x-rst")
    assert isinstance(found, Document), found
    return found


BLOCKS = {
    "sections": (
        "Top\n===\n\nOne\ntwo.\n\nSub\n---\n\nText.",
        "# Top\n\nOne two.\n\n## Sub\n\nText.",
    ),
    "inline": (
        "*a* **b** ``c d`` `e <u>`_ x\\ :sup:`2` [#]_\n\n.. [#] Foot.",
        "a b `c d` e x²\n\nFoot.",
    ),
    "options that tell of an object": (
        ".. attribute:: a\n   :type: int\n   :value: 3\n\n   Counts.\n\n"
        ".. confval:: b\n   :type: ``str``\n   :default: ``x``\n\n   Names.",
        "- `a: int = 3`: Counts.\n- `b` (type: `str`, default: `x`): Names.",
    ),
    "objects of other domains": (
        ".. cpp:class:: template<typename T> Box\n\n.. http:get:: /users\n\n   All of them.",
        "- `template<typename T> Box`\n- `GET /users`: All of them.",
    ),
    "what only another output shows": (
        ".. only:: latex or man\n\n   No.\n\n.. only:: html\n\n   Yes.\n\n.. only:: draft\n\n   Too.",
        "Yes.\n\nToo.",
    ),
    "cards and buttons": (
        ".. grid:: 2\n\n   .. grid-item-card:: Start\n\n      Begin.\n\n.. button-ref:: x\n\n   Go",
        "Start\n\nBegin.\n\nGo",
    ),
    "roles": (
        "See :ref:`Ports <p>`, :py:func:`~os.path.join`, :class:`!A`, :term:`word`, :new:`x`, :kbd:`Ctrl`.",
        "See Ports, `join()`, `A`, word, x, Ctrl.",
    ),
    "a reference to a label of the file": (
        ".. _here:\n\nPart\n====\n\nSee :ref:`here`.",
        "# Part\n\nSee Part.",
    ),
    "lists": ("- a\n\n  - b\n\n- c\n\n3. x\n4. y", "- a\n  - b\n- c\n3. x\n4. y"),
    "a paragraph and code in an item": (
        "1. Run::\n\n      ls\n\n   More.\n2. Stop",
        "1. Run:\n\n```\nls\n```\n\nMore.\n\n2. Stop",
    ),
    "definitions": (
        "Term\n  Meaning.\nOther : kind\n  More.",
        "- Term: Meaning.\n- Other (kind): More.",
    ),
    "field and option lists": (
        "Text.\n\n:Size: big\n\n-a, --all  Everything.",
        "Text.\n\n- Size: big\n- `-a, --all`: Everything.",
    ),
    "parameters": (
        "Text.\n\n:param int n: How many.\n:type s: str\n:param s: Name.\n:returns: A list.",
        "Text.\n\n- `n` (int): How many.\n- `s` (str): Name.\n- Returns: A list.",
    ),
    "code": (
        ".. code-block:: python\n   :linenos:\n   :caption: a.py\n\n   if x:\n       go()\n\nText::\n\n  a  b",
        "a.py\n\n```python\nif x:\n    go()\n```\n\nText:\n\n```\na  b\n```",
    ),
    "the language of a file": (".. highlight:: c\n\n::\n\n   int x;", "```c\nint x;\n```"),
    "a session": (">>> 1 + 1  # doctest: +SKIP\n2", "```pycon\n>>> 1 + 1\n2\n```"),
    "admonitions": (
        ".. note:: Hot.\n\n   Very.\n\n.. admonition:: Mind\n   :class: x\n\n   That.\n\n.. seealso::\n\n   - Here",
        "Note: Hot.\n\nVery.\n\nMind: That.\n\nSee also:\n\n- Here",
    ),
    "changes": (
        ".. versionadded:: 3.8\n   The flag.\n\n.. deprecated:: 4.0",
        "Added in version 3.8: The flag.\n\nDeprecated since version 4.0.",
    ),
    "an unknown directive": (".. fancy::\n   :x: y\n\n   Text.", "Text."),
    "what is no text": (
        "One.\n\n.. toctree::\n\n   x\n\n.. index:: a\n\n.. image:: x.png\n   :alt: y\n\n.. comment\n\n.. contents::\n\nTwo.",
        "One.\n\nTwo.",
    ),
    "a figure": (".. figure:: x.png\n\n   The level.\n\n   A legend.", "The level.\n\nA legend."),
    "a grid table": (
        "+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+\n| 3     |\n+-------+",
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 3 |",
    ),
    "a simple table": (
        "===  ===\na    b\n===  ===\n1    ``x|y``\n===  ===",
        "| a | b |\n| --- | --- |\n| 1 | `x\\|y` |",
    ),
    "tables from lists and values": (
        ".. list-table:: Ports\n   :header-rows: 1\n\n   * - a\n     - b\n   * - 1\n     - 2\n\n"
        '.. csv-table::\n   :header: "x", "y"\n\n   "1, 2", 3',
        "Ports\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n| x | y |\n| --- | --- |\n| 1, 2 | 3 |",
    ),
    "a glossary": (
        ".. glossary::\n\n   datum\n   zero\n      A height.\n\n   drift\n      A shift.",
        "- datum, zero: A height.\n- drift: A shift.",
    ),
    "an object with little text": (
        ".. function:: open(file)\n\n   Opens it.",
        "- `open(file)`: Opens it.",
    ),
    "options": (".. option:: --all, -a\n\n   Everything.", "- `--all, -a`: Everything."),
    "a quote": ("Text.\n\n   Said.\n\n   -- Someone", "Text.\n\n> Said.\n\n> — Someone"),
    "line blocks": ("| one\n| two", "one\ntwo"),
    "substitutions": (
        "The |x| of |version| runs.\n\n.. |x| replace:: logger",
        "The logger of runs.",
    ),
    "substitutions that stand for raw HTML": (
        "Python |br| :sub:`embedded`\n\n.. |br| raw:: html\n\n   <br>",
        "Python embedded",
    ),
    "cards": (
        ".. card:: Boat\n\n   It\n   ^^^\n   floats.\n\n   +++\n   :ref:`More <a>`",
        "Boat\n\nIt\n\nfloats.\n\nMore",
    ),
    "formulas": ("A :math:`x_1` is\n\n.. math::\n\n   a^2", "A $x_1$ is\n\n$$\na^2\n$$"),
    "fields above everything": (":orphan:\n\nTitle\n=====\n\nText.", "# Title\n\nText."),
}


@pytest.mark.parametrize(("source", "expected"), BLOCKS.values(), ids=BLOCKS.keys())
def test_restructuredtext_reads_as(source: str, expected: str) -> None:
    assert rst(source).text == expected


def test_tabs_are_variants() -> None:
    found = rst(
        ".. tabs::\n\n   .. tab:: Linux\n\n      Run.\n\n   .. tab:: macOS\n\n      Click.\n\nEnd."
    )

    assert [(found.text[b.start : b.end], b.flags) for b in found.blocks] == [
        ("Linux", ("tab=Linux",)),
        ("Run.", ("tab=Linux",)),
        ("macOS", ("tab=macOS",)),
        ("Click.", ("tab=macOS",)),
        ("End.", ()),
    ]


def test_a_fold_is_a_question_over_its_answer() -> None:
    found = rst("Top\n===\n\n.. dropdown:: Is it so?\n\n   Yes.\n\nText.\n")

    assert paths(found) == {"Yes.": ("Is it so?",), "Text.": ()}


def test_object_with_much_text_is_a_section() -> None:
    found = rst(
        f"Top\n===\n\n.. class:: A(x)\n\n   {SAID * 5}\n\n   {SAID * 4}\n\nEnd\n---\n\nText."
    )

    assert found.blocks[2].heading_path == ("Top", "`class A(x)`")
    assert found.blocks[-1].heading_path == ("Top", "End")


def test_nothing_is_included_or_executed() -> None:
    found = parse(
        f"{SAID}\n\n.. include:: /etc/passwd\n\n.. raw:: html\n\n   <b>x</b>\n\n"
        ".. literalinclude:: /etc/passwd\n\n.. csv-table::\n   :file: /etc/passwd"
    )

    assert isinstance(found, Parsed)
    assert [piece.text for piece in found.pieces] == [SAID]
    assert {item.what for item in found.dropped} >= {"include", "raw", "literalinclude"}


def test_errors_become_a_note_and_text_stays(capfd: pytest.CaptureFixture[str]) -> None:
    found = rst("Text *open.\n\n+---+\n| a\n\nEnd `x`__ .")

    assert "docutils found" in found.notes[0]
    assert "Text *open." in found.text
    assert "End x" in found.text
    assert capfd.readouterr() == ("", "")


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.ingest.rst.find_spec", lambda name: None)

    found = parse("Text.")

    assert isinstance(found, Refused)
    assert (found.reason, 'pip install "builder[rst]"' in found.detail) == ("needs_extra", True)


def test_places_lead_back_to_the_text() -> None:
    source = "\n\n".join(source for source, _ in BLOCKS.values())

    assert lost(parse, source, "text/x-rst") == []


HOSTILE = {
    "2,000 nested items": "".join("  " * n + "- x\n\n" for n in range(2000)),
    "2,000 items on a line": "- " * 2000 + "x",
    "500 nested notes": "".join("   " * n + ".. note::\n\n" for n in range(500)),
    "50,000 quotation marks": ">" * 50_000,
    "50,000 brackets": "[" * 50_000,
    "50,000 stars": "*a " * 50_000,
    "50,000 backticks": "`a" * 50_000,
    "a circle of substitutions": "|a|\n\n.. |a| replace:: |b|\n.. |b| replace:: |a|",
    "a line of 1 MB": "word " * 200_000,
    "a table of 200 columns": ("+---" * 200 + "+\n" + "| a " * 200 + "|\n") * 20
    + "+---" * 200
    + "+",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_file_keeps_its_text(source: str) -> None:
    with at_most(900):
        found = rst(f"{SAID}\n\n{source}\n\n{SAID}")

    assert SAID in found.text
    assert sys.getrecursionlimit() < 10_000


MARKS = st.lists(
    st.sampled_from(
        ".. note::|.. x:: y|::|- a|1. b|   c|====|----|``d``|*e|`f|+--+|== ==|:g: h|| i||text|[1]_|..|\t".split(
            "|"
        )
    ),
    max_size=14,
)


@given(lines=MARKS)
def test_any_markup_is_read(lines: list[str]) -> None:
    found = parse("\n".join(lines))

    assert isinstance(found, Parsed)


def test_tables_that_are_too_large_are_kept_as_they_stand() -> None:
    row = "+--" * 200 + "+\n" + "|x " * 200 + "|\n"
    found = rst("Text.\n\n" + row * 150 + "+--" * 200 + "+\n\nEnd.")

    assert [block.kind for block in found.blocks] == ["paragraph", "code", "paragraph"]
    assert found.notes == ("a table of over 20,000 cells was read as it stands",)


def test_text_of_wrong_markup_is_read_as_plain_text() -> None:
    found = rst("Some words here.\n\n" + "```\n" * 5000)

    assert "Some words here." in found.text
    assert found.notes == ("the markup is mostly wrong; it was read as plain text",)


def test_wrong_markup_that_looks_like_no_other_is_read_once() -> None:
    """As plain text it is clearly reStructuredText, which the reader of plain text hands back."""
    found = rst("Some words.\n\n" + ".. note::\n\n" * 90 + "```\n" * 5_000)

    assert found.notes == ("the markup is mostly wrong; it was read as plain text",)


def test_substitutions_that_grow_without_end_stay_as_they_stand() -> None:
    grown = [f".. |{b}| replace:: {f'|{a}| ' * 10}" for a, b in pairwise("abcdefghij")]
    found = rst("\n".join(["Text |j|.", "", ".. |a| replace:: xxxxxxxxxx", *grown]))

    assert found.text.startswith("Text ")
    assert len(found.text) < 50_000


def test_places_in_a_file_with_tabs_are_those_of_the_file() -> None:
    source = "A\tB\n\n.. note::\n\tText.\n\nThe\tend.\n"

    places = [block.place for block in rst(source).blocks]

    slices = [source[place.start : place.end] for place in places if place]
    assert slices == ["A\tB", ".. note::\n\tText.", "The\tend."]


@pytest.mark.parametrize(
    "source",
    [
        ".. |x| replace:: |x|\u2026.. |x| replace:: |x|",
        ".. |x| replace:: |x|\n.. |x| replace:: |x``|",
    ],
    ids=["in a circle", "damaged"],
)
def test_damaged_substitutions_lose_no_text(source: str) -> None:
    found = parse(f"Before.\n\n{source}\nAfter.\n")

    assert isinstance(found, Parsed)
    assert {"Before.", "After."} <= {piece.text for piece in found.pieces}


def test_the_place_of_a_long_signature_holds_all_its_lines() -> None:
    arguments = ", \\\n                 ".join(f"argument_{at}=None" for at in range(9))
    said = "It measures the level of the river, and tells nobody about it. " * 3
    source = f".. class:: Meter(*, {arguments})\n\n   {said}\n\n   {said}\n"

    assert lost(parse, source, "text/x-rst") == []
    assert "`class Meter`" in rst(source).text


def test_the_target_behind_words_in_the_default_role_is_no_text() -> None:
    found = rst("See `the options <rill.Logger.Meta>` and `a <b>`.")

    assert found.text == "See the options and a <b>."


def test_a_rubric_that_asks_heads_its_answer() -> None:
    found = rst(
        "Use\n===\n\nIt is.\n\n.. rubric:: Is it safe?\n\nYes.\n\n.. rubric:: Notes\n\nGo.\n"
    )

    assert paths(found)["Yes."] == ("Is it safe?",)
    assert "Notes" in paths(found)
