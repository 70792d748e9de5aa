"""What is left of a passage without its evidence reads like a page, and holds nothing of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.compose.cut import cut_evidence
from builder.records import BlockKind, Chunk
from tests.compose.world import Parts, chunk

FILLER = (
    "The logger measures the level of the water and sends it to the gateway over the radio. "
    "The gateway passes all readings on to the server, which draws a curve for every station. "
    "Operators look at the curve on the web page of their workspace and export what they need."
)
CODES = ["| E01 | No probe. |", "| E02 | Too much pressure. |", "| E03 | Water inside. |"]
TABLE = "\n".join(["| Code | Meaning |", "| --- | --- |", *CODES])
TITLE: tuple[BlockKind, str] = ("heading", "# Readings")


def page(*parts: tuple[BlockKind, str]) -> Chunk:
    return chunk("docs/a.md", [TITLE, ("paragraph", FILLER), *parts])


def cut(source: Chunk, quote: str) -> str | None:
    start = source.text.index(quote)
    found = cut_evidence(source, [(start, start + len(quote))])
    return found[0] if found else None


def removed(source: Chunk, quote: str) -> str | None:
    """What was cut, all pieces together."""
    start = source.text.index(quote)
    found = cut_evidence(source, [(start, start + len(quote))])
    return "".join(source.text[a:b] for a, b in found[1]) if found else None


@pytest.mark.parametrize("row", CODES)
def test_a_row_goes_and_the_table_stays_whole(row: str) -> None:
    rest = cut(page(("paragraph", "Look it up:"), ("table", TABLE)), row.split(" | ")[1])

    left = [line for line in TABLE.split("\n") if line != row]
    assert rest is not None
    assert rest.endswith("Look it up:\n\n" + "\n".join(left))


def test_a_table_of_two_rows_is_not_cut() -> None:
    assert cut(page(("table", "\n".join(TABLE.split("\n")[:-1]))), "No probe.") is None


def test_the_header_of_a_table_is_not_cut() -> None:
    assert cut(page(("table", TABLE)), "Meaning") is None


def test_an_item_goes_with_what_is_nested_in_it() -> None:
    items: Parts = [
        ("list_item", "- `listen`: the address."),
        ("list_item", "- `keep`: how long."),
        ("list_item", "  - never: for ever."),
        ("list_item", "- `port`: the port."),
    ]

    assert removed(page(*items), "how long") == "- `keep`: how long.\n  - never: for ever.\n"
    assert removed(page(*items), "the port") == "\n- `port`: the port."


def test_a_step_of_a_procedure_is_not_cut() -> None:
    steps: Parts = [("list_item", f"{n}. Press button {n}.") for n in (1, 2, 3, 4)]

    assert cut(page(*steps), "Press button 2.") is None


def test_an_item_that_goes_on_in_code_is_not_cut() -> None:
    items: Parts = [
        ("list_item", "- One."),
        ("list_item", "- Two."),
        ("list_item", "- Three."),
        ("code", "```\nx\n```"),
    ]

    assert cut(page(*items), "Three.") is None


def test_sentences_go_with_those_that_lean_on_them() -> None:
    text = "Alarms are kept for a year. They cannot be deleted before. Owners may export them."

    assert removed(page(("paragraph", text)), "kept for a year") == (
        "Alarms are kept for a year. They cannot be deleted before. "
    )


def test_sentences_that_lean_on_others_in_their_midst_go_too() -> None:
    text = (
        "Alarms are kept for a year. Who needs them should therefore export them. Owners may do so."
    )
    german = "Alarme bleiben ein Jahr. Legen Sie deshalb eine Sicherung an. Fertig."

    assert removed(page(("paragraph", text)), "for a year") == (
        "Alarms are kept for a year. Who needs them should therefore export them. "
    )
    assert removed(page(("paragraph", german)), "ein Jahr") == (
        "Alarme bleiben ein Jahr. Legen Sie deshalb eine Sicherung an. "
    )


def test_a_sentence_in_the_middle_leaves_single_blanks() -> None:
    text = "Alarms need a rule. Rules have a level. Levels are metres."

    rest = cut(page(("paragraph", text)), "Rules have a level.")

    assert rest is not None
    assert rest.endswith("Alarms need a rule. Levels are metres.")


def test_a_paragraph_goes_with_the_heading_that_stands_over_nothing_else() -> None:
    parts: Parts = [
        ("heading", "## Limits"),
        ("paragraph", "A rule has at most 20 recipients."),
        ("heading", "## Costs"),
        ("paragraph", "Rules are free."),
    ]

    rest = cut(page(*parts), "20 recipients")

    assert rest is not None
    assert "Limits" not in rest
    assert rest.endswith("workspace and export what they need.\n\n## Costs\n\nRules are free.")
    assert cut(page(*parts), "free") == page(*parts[:2]).text


@pytest.mark.parametrize(
    "parts",
    [
        [("paragraph", "Restart it as follows:"), ("code", "```\nrestart\n```")],
        [("paragraph", "Restart it with one command."), ("code", "```\nrestart\n```")],
        [("paragraph", "Restart it."), ("paragraph", "This takes a minute.")],
        [("heading", "## Restart it")],
        [("code", "```\nRestart it\n```")],
    ],
)
def test_what_others_lean_on_is_not_cut(parts: Parts) -> None:
    assert cut(page(*parts), "Restart it") is None


def test_a_passage_of_which_little_would_be_left_is_not_cut() -> None:
    small = chunk("docs/a.md", [TITLE, ("paragraph", "One is short. Two is short too.")])

    assert cut(small, "One is short.") is None


def test_a_passage_that_is_mostly_evidence_is_not_cut() -> None:
    long = " ".join(f"Word{n} follows." for n in range(60))

    assert cut(page(("paragraph", "A short one."), ("paragraph", long)), long) is None


def test_a_whole_note_goes() -> None:
    note: Parts = [("admonition", "Note: Keep it dry. Water harms it."), ("paragraph", "Done.")]

    assert removed(page(*note), "Keep it dry") == "Note: Keep it dry. Water harms it.\n\n"


_PARTS: st.SearchStrategy[tuple[BlockKind, str]] = st.sampled_from(
    [
        ("heading", "## Limits"),
        ("paragraph", "Alarms need a rule. Rules have a level."),
        ("paragraph", "Look at this list:"),
        ("list_item", "- One thing."),
        ("list_item", "  - A part of it."),
        ("list_item", "1. A step."),
        ("table", TABLE),
        ("code", "```\nx = 1\n```"),
        ("admonition", "Note: Keep it dry."),
        ("quote", "> Said."),
    ]
)


@given(
    parts=st.lists(_PARTS, max_size=8),
    spans=st.lists(st.tuples(st.integers(0, 600), st.integers(1, 80)), min_size=1, max_size=3),
)
def test_whatever_is_cut_the_rest_is_the_text_without_the_cuts(
    parts: Parts, spans: list[tuple[int, int]]
) -> None:
    source = page(*parts)
    evidence = [
        (start, min(start + length, len(source.text)))
        for start, length in spans
        if start < len(source.text)
    ]

    found = cut_evidence(source, evidence)

    if found is None:
        return
    rest, cuts = found
    kept, at = "", 0
    for start, end in cuts:
        assert at <= start < end <= len(source.text)
        kept += source.text[at:start]
        at = end
    assert rest == kept + source.text[at:]
    assert rest == rest.strip()
    assert "\n\n\n" not in rest
    for start, end in evidence:
        inside = range(start, end)
        assert all(
            source.text[n].isspace() or any(low <= n < high for low, high in cuts) for n in inside
        )
