"""Codes of nameless fonts, as TeX's fonts of bitmaps show them."""

from __future__ import annotations

import pytest

from builder.ingest.pdf.tex_codes import TexCodes

FONT = 7


def shown(text: str, widths: dict[str, float] | None = None, codes: TexCodes | None = None) -> str:
    """What one font shows: blanks are no glyphs of it, and every glyph is behind the one before."""
    places: list[float] = []
    x = 0.0
    for letter in text:
        wide = (widths or {}).get(letter, 5.0 if letter in "ilt" else 8.0)
        places += [x, 0.0, x + wide, 10.0]
        x += wide
    fonts = [0 if letter in " \r\n" else FONT for letter in text]
    made = (codes or TexCodes()).signs([ord(letter) for letter in text], fonts, places)
    return "".join(map(chr, made))


def laid(text: str) -> str:
    """What a font shows whose accents are laid over the letters behind them."""
    places: list[float] = []
    x = 0.0
    for letter in text:
        over = letter < " " or letter in "^\x7f"
        places += [x + 1, 0.0, x + 5, 10.0] if over else [x, 0.0, x + 6, 10.0]
        x += 0 if over else 6
    made = TexCodes().signs([ord(letter) for letter in text],
                            [0 if letter == " " else FONT for letter in text], places)  # fmt: skip
    return "".join(map(chr, made))


def test_the_first_encoding_is_told_by_its_ligatures() -> None:
    text = 'The \x0cle o\x0bers \\e\x0ecient" coffee { and shu\x0fes | > < Gro\x19e'
    expected = "The \ufb01le o\ufb00ers \u201ce\ufb03cient\u201d coffee \u2013 and shu\ufb04es"

    assert shown(text) == expected + " \u2014 \u00bf \u00a1 Gro\u00dfe"


def test_the_later_encoding_is_told_by_its_ligatures_and_quotes() -> None:
    text = "\x10The \x1cle\x11 o\x1bers Gr\xf6\xffe \x15 \xf7uvre, \xbeque"

    assert shown(text) == "\u201cThe \ufb01le\u201d o\ufb00ers Größe \u2013 \u0153uvre, ¿que"


def test_accents_over_letters_tell_the_first_encoding() -> None:
    assert laid("l\x13et\x13e No\x7fel") == "l\u00b4et\u00b4e No\u00a8el"


def test_code_keeps_its_braces_and_backslashes() -> None:
    even = dict.fromkeys("abcdefghijklmnopqrstuvwxyz", 6.0)

    assert shown("over { \\n stop } \x0c gr\x7fun", even) == "over { \\n stop } \x0c gr\u00a8un"


@pytest.mark.parametrize("text", ["x\x0b + \x0c y q\x0e", "The pump stops, and the well is dry."])
def test_formulas_and_plain_words_tell_no_encoding(text: str) -> None:
    assert shown(text) == text


def test_what_a_page_told_holds_for_the_next() -> None:
    codes = TexCodes()
    shown("The \x0cle o\x0bers water", codes=codes)

    assert shown("pump { well", codes=codes) == "pump \u2013 well"


def test_ends_of_lines_and_hyphens_at_them_stay() -> None:
    assert (
        shown("The \x1cle o\x1bers water in wells\x02\r\nthere")
        == "The \ufb01le o\ufb00ers water in wells\x02\r\nthere"
    )
