"""Probes find what betrays the label, and find nothing where nothing does."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from builder.check import Probe, probes
from builder.records import Pair
from tests.check.world import answered, passage, refused


def rows(n: int, *, leak: str = "", seed: int = 1) -> list[Pair]:
    """n answerable pairs and one unanswerable for every third, alike but for the leak."""
    chance = random.Random(seed)
    words = [f"word{number}" for number in range(400)]
    found: list[Pair] = []
    for number in range(n):
        others = [
            passage("x" * chance.randint(100, 900), role="distractor", chunk=f"{number} {k}")
            for k in range(chance.randint(0, 4))
        ]
        question = f"What about {' '.join(chance.choices(words, k=6))}?"
        pair = replace(answered(name=f"{number:05}", others=others), question=question)
        found.append(pair)
        if number % 3 == 0:
            wrong = refused(pair, passages=[*pair.passages[:-1], *pair.passages[-1:]])
            if leak == "question":
                wrong = replace(wrong, question=question.replace("What", "Perhaps what"))
            if leak == "shape":
                wrong = replace(wrong, passages=pair.passages[: max(1, len(pair.passages) - 2)])
            found.append(wrong)
    return found


def measured(pairs: list[Pair]) -> dict[str, Probe]:
    return {probe.name: probe for probe in probes(pairs)}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_clean_set_passes(seed: int) -> None:
    found = measured(rows(900, seed=seed))

    assert found["question"].balanced_accuracy == pytest.approx(0.5, abs=0.03)
    assert found["shape"].balanced_accuracy < 0.56
    assert all(probe.passed and probe.limit == 0.60 for probe in found.values())
    assert {(probe.n, probe.unanswerable) for probe in found.values()} == {(1200, 300)}


def test_words_that_only_unanswerable_questions_have_are_found_and_named() -> None:
    found = measured(rows(600, leak="question"))

    assert found["question"].balanced_accuracy > 0.95
    assert not found["question"].passed
    assert "perhaps" in found["question"].telling


def test_shorter_contexts_of_unanswerable_rows_are_found() -> None:
    found = measured(rows(900, leak="shape"))

    assert found["shape"].balanced_accuracy > 0.62
    assert not found["shape"].passed
    assert found["question"].passed


def test_few_rows_are_not_judged() -> None:
    few = rows(12)

    assert probes(few) == []
    assert probes([]) == []
    assert probes([pair for pair in rows(60) if pair.answerable]) == []


def test_a_small_set_is_not_failed_by_chance() -> None:
    lucky = Probe(name="shape", n=30, unanswerable=8, balanced_accuracy=0.63, low=0.45, high=0.81)

    assert lucky.passed
    assert not replace(lucky, low=0.55).passed


def test_the_order_of_the_pairs_does_not_matter() -> None:
    pairs = rows(200, leak="shape")

    assert probes(pairs) == probes(random.Random(2).sample(pairs, len(pairs)))
