"""Search and near-duplicates: exact, deterministic, quiet."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.similar import Bm25, Measure, near_duplicate_texts, near_duplicates
from builder.text import fold, words
from tests.pace import at_most

PAGES = {
    "backup": "`rillctl backup` writes all measurements and settings into one archive.",
    "restore": "`rillctl restore` reads an archive and replaces the settings of the server.",
    "battery": "Replace both cells of the logger with new ones of the same brand.",
    "prices": "The Basic plan costs 9 EUR per month and includes five loggers.",
}


def test_the_page_that_speaks_of_the_question_comes_first() -> None:
    index = Bm25(PAGES, lang="en")

    assert index.nearest("How do I replace the cells of a logger?", 2)[0][0] == "battery"
    assert [found for found, _ in index.nearest("archive with settings", 5)] == [
        "backup",
        "restore",
    ]


def test_search_finds_inflected_words_of_the_language() -> None:
    index = Bm25({"a": "Die Einstellungen werden gesichert.", "b": "Der Akku ist leer."}, lang="de")

    assert [found for found, _ in index.nearest("Einstellung sichern", 5)] == ["a"]


def test_search_stays_among_the_pages_that_were_allowed() -> None:
    index = Bm25(PAGES, lang="en")

    assert [found for found, _ in index.nearest("archive", 5, among={"restore", "unknown"})] == [
        "restore"
    ]
    assert index.nearest("archive", 5, among=()) == []


@pytest.mark.parametrize("query", ["", "???", "the and of", "zeppelin"])
def test_a_query_that_no_page_shares_a_word_with_finds_nothing(query: str) -> None:
    assert Bm25(PAGES, lang="en").nearest(query, 3) == []
    assert Bm25({}, lang="en").nearest(query, 3) == []
    assert Bm25({"a": "the"}, lang="en").nearest(query, 3) == []


def test_equal_pages_come_in_the_order_of_their_ids() -> None:
    copies = {f"page{n}": PAGES["backup"] for n in random.Random(3).sample(range(20), 20)}
    index = Bm25(copies | {"other": PAGES["prices"]}, lang="en")

    found = index.nearest("backup archive", 20)

    assert [text_id for text_id, _ in found] == sorted(copies)
    assert len({score for _, score in found}) == 1


def test_search_is_quiet_and_equal_in_every_process() -> None:
    code = (
        "from builder.similar import Bm25\n"
        "texts = {str(n): ' '.join(f'w{n * k % 97}' for k in range(1, 40)) for n in range(60)}\n"
        "print(Bm25(texts, lang='en').nearest(' '.join(f'w{n}' for n in range(30)), 20))\n"
    )

    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        )
        for seed in ("1", "2")
    ]

    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stdout.count("\n") == 1
    assert [run.stderr for run in runs] == ["", ""]


Found = list[tuple[str, str, float]]
short_texts = st.dictionaries(
    st.sampled_from([f"q{n}" for n in range(12)]),
    st.text(alphabet="abAB ß1\u201c?", max_size=14)
    | st.sampled_from(["What does E17 mean?", "What does E18 mean?", "what does  E17 mean"]),
)
long_texts = st.dictionaries(
    st.sampled_from([f"c{n}" for n in range(8)]),
    st.lists(st.sampled_from(["eins", "two", "3", "four"]), max_size=14).map(" ".join),
)
thresholds = st.sampled_from([0.05, 0.25, 1 / 3, 0.5, 0.6, 2 / 3, 0.8, 0.9, 1.0])


def brute_force(sets: dict[str, set[object]], threshold: float, measure: Measure) -> Found:
    found: Found = []
    for a, b in combinations(sorted(sets), 2):
        if sets[a] and sets[b]:
            whole = len(sets[a] | sets[b])
            if measure == "containment":
                whole = min(len(sets[a]), len(sets[b]))
            score = len(sets[a] & sets[b]) / whole
            if score >= threshold:
                found.append((a, b, score))
    return found


@given(texts=short_texts, threshold=thresholds)
def test_near_duplicate_questions_are_those_of_a_comparison_of_all_with_all(
    texts: dict[str, str], threshold: float
) -> None:
    sets: dict[str, set[object]] = {}
    for text_id, text in texts.items():
        plain = fold(text)
        sets[text_id] = {plain[n : n + 4] for n in range(max(1, len(plain) - 3)) if plain}

    assert near_duplicates(texts, threshold) == brute_force(sets, threshold, "jaccard")


@given(texts=long_texts, threshold=thresholds, measure=st.sampled_from(["jaccard", "containment"]))
def test_near_duplicate_chunks_are_those_of_a_comparison_of_all_with_all(
    texts: dict[str, str], threshold: float, measure: Measure
) -> None:
    sets: dict[str, set[object]] = {}
    for text_id, text in texts.items():
        found = words(text)
        sets[text_id] = {tuple(found[n : n + 5]) for n in range(max(1, len(found) - 4)) if found}

    assert near_duplicate_texts(texts, threshold, measure=measure) == brute_force(
        sets, threshold, measure
    )


def test_a_page_taken_over_into_a_longer_one_is_found_by_containment_only() -> None:
    page = " ".join(f"word{n}" for n in range(40))
    texts = {"page": page, "longer": page + " " + " ".join(f"more{n}" for n in range(200))}

    assert near_duplicate_texts(texts, 0.6) == [("longer", "page", 1.0)]
    assert near_duplicate_texts(texts, 0.6, measure="jaccard") == []


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.01])
def test_a_threshold_that_means_nothing_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        near_duplicates({"a": "one", "b": "two"}, threshold)


def test_ten_thousand_questions_are_compared_in_little_time() -> None:
    chance = random.Random(5)
    nouns = [
        "".join(chance.choices("abcdefghilmnoprstu", k=chance.randint(3, 9))) for _ in range(900)
    ]
    forms = ["What does the `--{}` flag of `{} {}` do?", "How do I {} the {} in {}?"]
    texts = {
        f"q{n}": chance.choice(forms).format(*chance.choices(nouns, k=3)) for n in range(10_000)
    }

    with at_most(600):  # measured: 60
        near_duplicates(texts, 0.8)
