"""Reports and manuals as LaTeX sets them plainly: covers, contents, heads, titles that run in."""

from __future__ import annotations

from tests.ingest.paper import page_of, paragraph, texts, typed
from tests.ingest.test_pdf_books import told


def test_bold_words_of_code_may_be_wider_than_others_and_move_what_follows() -> None:
    rows = [
        ("from", "pump.house import Rotor"),
        ("import", "valve"),
        ("while", "pump.turns\\(\\):"),
    ]
    shown = "".join(
        typed(72, 700 - 12 * n, word, "D", 9.3)
        + typed(72 + 5.58 * len(word) + 4.8, 700 - 12 * n, rest, size=8)
        for n, (word, rest) in enumerate(rows)
    )
    found = page_of(paragraph(760), shown)

    assert texts(found, "code") == [
        "```\nfrom pump.house import Rotor\nimport valve\nwhile pump.turns():\n```"
    ]


def test_blanks_in_strings_may_be_wider_than_letters() -> None:
    words = ["turn\\(", '"The', "pump", "of", "the", "house", "on", "the", 'hill"\\)']
    shown, x = "", 72.0
    for word in words:
        shown += typed(x, 700, word, size=8)
        x += 4.8 * len(word.replace("\\", "")) + 6.3
    found = page_of(paragraph(760), shown, typed(72, 688, "stop\\(\\)", size=8))

    assert texts(found, "code") == ['```\nturn( "The pump of the house on the hill")\nstop()\n```']


def test_numbers_of_lines_stay_out_where_most_lines_are_indented() -> None:
    rows = ["def turn\\(\\):", *(f"pump.turn\\({n}\\)" for n in range(6))]
    shown = "".join(
        typed(72, 700 - 12 * n, str(n + 1), "F") + typed(90 + 48 * (n > 0), 700 - 12 * n, row)
        for n, row in enumerate(rows)
    )
    found = page_of(paragraph(760), shown)

    body = "\n".join(f"        pump.turn({n})" for n in range(6))
    assert texts(found, "code") == [f"```\ndef turn():\n{body}\n```"]
    assert told(found, "line_numbers")
