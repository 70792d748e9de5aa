"""Words, numbers, identifiers, sentences and quotes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.text import (
    containment,
    find_quote,
    fold,
    identifiers,
    is_turned,
    last_sentence_end,
    names,
    numbers,
    quantities,
    sentence_starts,
    sentences,
    stem,
    urls,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("See e.g. the guide. Then go.", ["See e.g. the guide.", "Then go."]),
        ("Das gilt z. B. für Pumpen. Ende.", ["Das gilt z. B. für Pumpen.", "Ende."]),
        ("Am 1. März gilt es. Danach nicht.", ["Am 1. März gilt es.", "Danach nicht."]),
        ("Wait 5 min. Then press.", ["Wait 5 min.", "Then press."]),
        ("It is 3.5 m. Use `a. B`. Done.", ["It is 3.5 m.", "Use `a. B`.", "Done."]),
        ("No. 5 is first. It wins.", ["No. 5 is first.", "It wins."]),
        ("First part\n\nsecond part", ["First part", "second part"]),
        ("Version 3.2.1 runs. OK.", ["Version 3.2.1 runs.", "OK."]),
        ("最初の文。次の文。", ["最初の文。", "次の文。"]),
        ("It reads (see Fig. 3). Stop", ["It reads (see Fig. 3).", "Stop"]),
        ("Pumps, valves etc. open. Wait", ["Pumps, valves etc. open.", "Wait"]),
        ('Why...? He said "Go." Then left.', ["Why...?", 'He said "Go."', "Then left."]),
        ("Use ``a. `B. C``. Next", ["Use ``a. `B. C``.", "Next"]),
        ("An open ` tick. Next", ["An open ` tick.", "Next"]),
        ("1. First comes this. 2. Then", ["1. First comes this.", "2. Then"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@pytest.mark.parametrize(
    "text",
    ["." * 300_000, "`" * 300_000, "`a ``b. " * 30_000, "." + " " * 300_000, ". " * 100_000],
)
def test_sentences_of_hostile_text_end(text: str) -> None:
    spans = sentences(text)

    assert sum(end - start for start, end in spans) == len(text) - sum(map(str.isspace, text)) + (
        sum(text[start:end].count(" ") for start, end in spans)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three is cut h", "One. Two!"),
        ("One. Two e.g. three is cut h", "One."),
        ("One. Use `a. B` in the rest", "One."),
        ("最初の文。次の文。三番目", "最初の文。次の文。"),
        ("No end here at all", ""),
        ("One. Two " + "e.g. i.e. vs. " + "is cut h", "One."),
        ("One. Two " + "e.g. i.e. vs. " * 2 + "is cut h", ""),  # no text, and dear to look through
    ],
)
def test_the_last_end_of_a_sentence_is_found_from_behind(text: str, expected: str) -> None:
    assert text[: last_sentence_end(text, 0, len(text), reach=8)] == expected


@given(text=st.text(max_size=300))
def test_sentences_cover_all_but_white_space(text: str) -> None:
    spans = sentences(text)

    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


_PARTS = ["a", "B", ". ", "z. B. ", "3. ", "?", '" ', "`", "``", "\n\n", "\u3002", "No. ", "5", " "]


@given(
    parts=st.lists(st.sampled_from(_PARTS), max_size=60),
    low=st.integers(0, 99),
    more=st.integers(0, 99),
)
def test_sentences_begin_in_a_part_where_they_begin_in_all(
    parts: list[str], low: int, more: int
) -> None:
    text = "".join(parts)

    found = list(sentence_starts(text, low, low + more))

    assert found == [start for start, _ in sentences(text)[1:] if low <= start <= low + more]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,000 rows and 0,5 m", {"1000", "0.5"}),
        ("1.000,50 EUR", {"1000.5"}),
        ("1. First\n2. Second", set()),
        ("E17 and v2 are names", set()),
        ("from 10 to 60", {"10", "60"}),
        ("2.50 is 2.5", {"2.5"}),
        ("see [3]", set()),
        ("version 3.2.1", set()),
    ],
)
def test_numbers_are_read_and_normalised(text: str, expected: set[str]) -> None:
    assert numbers(text) == expected


def test_quantities_keep_the_unit() -> None:
    assert quantities("Wait 30 s, then 5 MB at 3.6 V.") == {("30", "s"), ("5", "MB"), ("3.6", "V")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Set `max depth` now", ["max depth"]),
        ("use --dry-run or -v", ["--dry-run"]),
        ("edit /etc/rill/rill.toml", ["/etc/rill/rill.toml"]),
        ("call poll_interval and getItem", ["poll_interval", "getItem"]),
        ("error E17 and G05", ["E17", "G05"]),
        ("see https://a.example/b?c=1.", ["https://a.example/b?c=1"]),
        ("a plain sentence", []),
    ],
)
def test_identifiers_are_what_looks_like_code(text: str, expected: list[str]) -> None:
    assert [name for name in identifiers(text) if name != "-v"] == expected


def test_names_are_capitalised_inside_sentences() -> None:
    assert names("The Rill Server sends it. When Gateway G1 fails, wait.") == [
        "Rill Server",
        "Gateway G1",
    ]


def test_urls_lose_the_full_stop() -> None:
    assert urls("Go to http://a.example/x, or https://b.example.") == {
        "http://a.example/x",
        "https://b.example",
    }


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("a b", "xx a b yy", "a b"),
        ("a b", "xx a\n  b yy", "a\n  b"),
        ('say "no"', "they say \u201cno\u201d loudly", "say \u201cno\u201d"),
        ("ﬁle", "the file", "file"),
        ("don't", "we don\u2019t know", "don\u2019t"),
    ],
)
def test_a_quote_is_found_through_quotes_and_white_space(quote: str, text: str, found: str) -> None:
    span = find_quote(quote, text)

    assert span is not None
    assert text[span[0] : span[1]] == found


@pytest.mark.parametrize(
    ("quote", "text"), [("", "abc"), ("  ", "abc"), ("abd", "abc"), ("A", "a")]
)
def test_what_is_not_there_is_no_quote(quote: str, text: str) -> None:
    assert find_quote(quote, text) is None


@given(text=st.text(min_size=1, max_size=200), data=st.data())
def test_every_slice_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]

    span = find_quote(quote, text)

    assert (
        span is None if not quote.strip() else span is not None and text[span[0] : span[1]] == quote
    )


def test_folding_ignores_case_quotes_and_white_space() -> None:
    assert fold("\u201eGröße\u201c  \n A\u00a0B") == fold('"GRÖSSE" a b')


def test_words_split_cjk_by_character() -> None:
    assert words("Don't use 数据 x_1") == ["don't", "use", "数", "据", "x", "_", "1"]


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [("batteries", "battery", "en"), ("settings", "setting", "en"), ("Messungen", "Messung", "de")],
)
def test_stems_bring_forms_of_a_word_together(one: str, other: str, lang: str) -> None:
    shared = stem(one.casefold(), lang)[:5]

    assert stem(other.casefold(), lang).startswith(shared)


def test_containment_weighs_rare_words() -> None:
    weight = {"common": 0.1, "rare": 5.0}

    assert containment(["common", "rare"], ["rare"], weight) > 0.9
    assert containment(["common", "rare"], ["common"], weight) < 0.1
    assert containment([], ["x"], weight) == 1.0


@pytest.mark.parametrize(
    ("term", "turned"),
    [
        ("Directory, working", True),
        ("Kante, gerichtete", True),
        ("Widows and Orphans", False),
        ("Ulm, Neu-Ulm", False),
        ("", False),
    ],
)
def test_a_term_turned_round_for_the_alphabet_is_told(term: str, turned: bool) -> None:
    assert is_turned(term) is turned
