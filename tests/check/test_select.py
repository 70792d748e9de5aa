"""Selection: the shares hold, nothing goes silently, and the set stays as broad as it can."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.check import QUOTAS, Deficit, opening, select
from builder.config import CheckSettings, TargetSettings
from builder.records import Finding, Pair, Split, Turn, Verdict
from tests.check.world import accepted, answered, refused

OPEN = CheckSettings(max_opening_share=1.0)
WORDS = (
    "gauge pump valve hose sieve float lamp cable hinge frame motor panel clamp spring wheel"
).split()


def good(
    n: int,
    *,
    first: str = "",
    split: Split = "train",
    chunk: str = "",
    document: str = "",
    rule: str = "table.description",
) -> Pair:
    start = first or f"{WORDS[n % len(WORDS)]}{n % 7} {WORDS[n % 11]}{n % 13}"
    return answered(
        f"{start} number {n} of the plant?",
        name=f"{split}{n:04}",
        split=split,
        rule=rule,
        chunk=chunk or f"chunk {n}",
        title=f"{document or n % 5} > Section",
    )


def chosen(
    pairs: list[Pair],
    target: TargetSettings | None = None,
    checks: CheckSettings = OPEN,
    seed: int = 0,
) -> tuple[list[Pair], Counter[str], list[Deficit]]:
    """What is kept, how many each quota left out, and what is missing."""
    verdicts, deficits = select(
        pairs, accepted(pairs), target=target or TargetSettings(), settings=checks, seed=seed
    )
    kept = {v.pair_id for v in verdicts if v.status == "accepted"}
    surplus = Counter(v.findings[-1].check for v in verdicts if v.status == "surplus")
    assert [v.pair_id for v in verdicts] == [pair.id for pair in pairs]
    assert len(kept) + surplus.total() == len(pairs)
    assert set(surplus) <= set(QUOTAS)
    assert all(deficit.reason for deficit in deficits)
    told = [replace(deficit, reason="") for deficit in deficits]
    return [pair for pair in pairs if pair.id in kept], surplus, told


def share(pairs: list[Pair], split: Split) -> float:
    mine = [pair for pair in pairs if pair.split == split]
    return sum(not pair.answerable for pair in mine) / len(mine)


def mixed(n_yes: int, n_no: int, *, split: Split = "train", first: str = "") -> list[Pair]:
    yes = [good(n, split=split, first=first) for n in range(n_yes)]
    kinds = ("missing_gold", "near_context", "evidence_removed")
    no = [refused(yes[n % n_yes], kinds[(n % n_yes + n // n_yes) % 3]) for n in range(n_no)]
    return yes + no


@settings(max_examples=40)
@given(
    n_yes=st.integers(1, 60),
    n_no=st.integers(0, 60),
    unanswerable=st.sampled_from([0.0, 0.1, 0.25, 0.35, 0.5, 0.9]),
)
def test_the_share_holds_to_the_nearest_row(n_yes: int, n_no: int, unanswerable: float) -> None:
    n_no = min(n_no, 2 * n_yes)
    pairs = mixed(n_yes, n_no)

    kept, _, deficits = chosen(pairs, TargetSettings(unanswerable=unanswerable))

    if unanswerable and not n_no:
        assert kept == pairs
        assert bool(deficits) == (unanswerable * n_yes > 1)
        return
    n_kept_no = sum(not pair.answerable for pair in kept)
    n_kept_yes = len(kept) - n_kept_no
    assert n_kept_yes == n_yes or n_kept_no == n_no
    assert right(n_kept_yes, n_kept_no, unanswerable)
    assert n_kept_yes == n_yes or not right(n_kept_yes + 1, n_kept_no, unanswerable)
    assert n_kept_no == n_no or not right(n_kept_yes, n_kept_no + 1, unanswerable)


def right(n_yes: int, n_no: int, unanswerable: float) -> bool:
    """Whether a share is off by no more than half a row."""
    if not unanswerable:
        return n_no == 0
    return abs(n_no - unanswerable * (n_yes + n_no)) <= 0.5 + 1e-6


def test_each_split_has_its_own_share() -> None:
    pairs = mixed(60, 40) + mixed(20, 20, split="eval") + mixed(10, 2, split="validation")

    kept, surplus, deficits = chosen(pairs)

    assert share(kept, "train") == pytest.approx(0.25, abs=0.01)
    assert share(kept, "eval") == pytest.approx(0.35, abs=0.02)
    assert share(kept, "validation") == pytest.approx(0.35, abs=0.07)
    assert set(surplus) == {"select.unanswerable"}
    assert deficits == []


def test_surplus_unanswerables_leave_the_kinds_in_balance() -> None:
    yes = [good(n) for n in range(60)]
    no = [refused(pair, "missing_gold") for pair in yes[:40]]
    no += [refused(pair, "near_context") for pair in yes[40:55]]
    no += [refused(pair, "evidence_removed") for pair in yes[55:]]

    kept, _, _ = chosen(yes + no)

    assert Counter(p.kind for p in kept if p.kind) == {
        "missing_gold": 8, "near_context": 7, "evidence_removed": 5
    }  # fmt: skip


def test_surplus_answerables_come_from_what_there_is_most_of() -> None:
    common = [good(n, chunk="crowded") for n in range(30)]
    rare = [good(100 + n, rule="procedure.steps", document="rare") for n in range(10)]
    needed = good(200, chunk="crowded")
    no = [refused(needed), *(refused(pair) for pair in rare[:5])]

    kept, _, _ = chosen([*common, *rare, needed, *no])

    assert sum(pair.answerable for pair in kept) == 20
    assert {pair.id for pair in [*rare, needed]} <= {pair.id for pair in kept}


def test_no_chunk_loses_its_only_pair_while_another_has_more() -> None:
    yes = [good(n, chunk=f"chunk {n % 10}", document=f"doc {n % 4}") for n in range(30)]
    yes += [good(100 + n, rule="table.value", document=f"sole {n}") for n in range(8)]

    kept, _, _ = chosen([*yes, *(refused(pair) for pair in yes[:6])])

    answers = [pair for pair in kept if pair.answerable]
    assert len(answers) == 20
    assert {pair.passages[0].chunk_id for pair in answers} == {p.passages[0].chunk_id for p in yes}


def test_at_most_two_unanswerables_of_one_twin() -> None:
    yes = [good(n) for n in range(20)]
    kinds = ("missing_gold", "near_context", "evidence_removed", "absent_row")

    kept, surplus, _ = chosen([*yes, *(refused(yes[0], kind) for kind in kinds), refused(yes[1])])

    assert surplus["select.twin"] == 2
    assert max(Counter(pair.twin for pair in kept if pair.twin).values()) <= 2


def test_no_opening_takes_more_than_its_share_and_the_labels_stay_in_balance() -> None:
    pairs = mixed(90, 30, first="What is") + mixed(60, 20, split="eval", first="")
    pairs += [good(500 + n) for n in range(60)]

    kept, surplus, deficits = chosen(pairs, checks=CheckSettings())

    commonest = Counter(opening(pair.question) for pair in kept).most_common(1)[0]
    assert commonest[0] == "what is"
    assert commonest[1] <= 0.2 * len(kept)
    assert commonest[1] > 0.15 * len(kept)
    assert share(kept, "train") == pytest.approx(0.25, abs=0.01)
    assert surplus["select.opening"] > 0
    assert deficits == []


def test_openings_of_other_languages_are_other_openings() -> None:
    pairs = [good(n, first="In Rill") for n in range(4)]
    pairs += [replace(good(50 + n, first="In Rill"), lang="de") for n in range(4)]
    pairs += [good(100 + n) for n in range(12)]

    _, surplus, _ = chosen(pairs, TargetSettings(unanswerable=0), CheckSettings())

    assert surplus.total() == 0


def test_small_sets_keep_three_of_an_opening() -> None:
    pairs = [good(n, first="What is") for n in range(5)] + [good(10), good(11), good(13), good(14)]

    kept, surplus, deficits = chosen(pairs, TargetSettings(unanswerable=0), CheckSettings())

    assert surplus == {"select.opening": 2}
    assert len(kept) == 7
    assert deficits == []


def test_too_few_openings_are_a_deficit_not_the_end_of_the_set() -> None:
    pairs = [good(n, first="What is") for n in range(50)] + [
        good(100 + n, first="How do") for n in range(50)
    ]

    kept, _, deficits = chosen(pairs, TargetSettings(unanswerable=0), CheckSettings())

    assert len(kept) == 100
    assert deficits == [Deficit(what="check.max_opening_share", asked=0.2, got=0.5)]


def test_a_limit_of_pairs_holds_over_all_splits_with_their_shares() -> None:
    pairs = mixed(90, 30) + mixed(40, 20, split="eval")

    kept, surplus, deficits = chosen(pairs, TargetSettings(pairs=60))

    assert all(len(chosen(pairs, TargetSettings(pairs=n))[0]) == n for n in range(20, 170, 13))
    assert len(kept) == 60
    assert surplus["select.pairs"] > 0
    assert share(kept, "train") == pytest.approx(0.25, abs=0.02)
    assert share(kept, "eval") == pytest.approx(0.35, abs=0.03)
    assert deficits == []


def test_what_cannot_be_met_is_a_deficit() -> None:
    pairs = [good(n) for n in range(40)]

    kept, _, deficits = chosen(pairs, TargetSettings(pairs=100))

    assert kept == pairs
    assert deficits == [
        Deficit(what="target.unanswerable in train", asked=0.25, got=0.0),
        Deficit(what="target.pairs", asked=100, got=40),
    ]


def test_rejected_pairs_are_neither_counted_nor_touched() -> None:
    pairs = mixed(30, 10)
    verdicts = [*accepted(pairs)]
    verdicts[0] = Verdict(pair_id=verdicts[0].pair_id, status="rejected")

    after, _ = select(pairs, verdicts, target=TargetSettings(), settings=OPEN, seed=0)

    assert after[0] == verdicts[0]
    assert sum(v.status == "accepted" for v in after) == 39


def test_the_order_of_the_pairs_does_not_matter_but_the_seed_does() -> None:
    pairs = mixed(80, 60) + mixed(30, 5, split="eval", first="What is")
    first = {pair.id for pair in chosen(pairs, TargetSettings(pairs=90), CheckSettings())[0]}
    shuffled = random.Random(5).sample(pairs, len(pairs))

    again = {pair.id for pair in chosen(shuffled, TargetSettings(pairs=90), CheckSettings())[0]}
    other = {pair.id for pair in chosen(pairs, TargetSettings(pairs=90), CheckSettings(), 7)[0]}

    assert first == again
    assert first != other


@pytest.mark.parametrize(
    ("setting", "of"),
    [
        ("types", lambda pair: pair.type == "factual"),
        ("languages", lambda pair: pair.lang == "de"),
        ("splits", lambda pair: pair.split == "eval"),
    ],
)
def test_no_type_language_or_split_is_over_its_share(
    setting: str, of: Callable[[Pair], bool]
) -> None:
    name = {"types": "factual", "languages": "de", "splits": "eval"}[setting]
    share: dict[str, Any] = {setting: (f"{name}=0.25",)}  # a setting by its name
    target = TargetSettings(unanswerable=0, unanswerable_eval=0, **share)
    half = [
        replace(good(n), type="other", lang="en", split="train") if n % 2
        else replace(good(n), type="factual", lang="de", split="eval")
        for n in range(60)
    ]  # fmt: skip

    kept, surplus, deficits = chosen(half, target)

    assert sum(map(of, kept)) == 10
    assert len(kept) == 40
    assert surplus == {"select.share": 20}
    assert deficits == []


def test_shares_of_kinds_are_of_the_unanswerable_rows() -> None:
    pairs = mixed(60, 20)
    kinds = Counter(pair.kind for pair in pairs if pair.kind)
    name = max(sorted(kinds), key=lambda kind: kinds[kind])

    kept, surplus, _ = chosen(
        pairs, TargetSettings(unanswerable=0.25, kinds=(f"{name}=0.2", "near_miss=0.5"))
    )

    left = Counter(pair.kind for pair in kept if pair.kind)
    assert left[name] <= 0.2 * left.total() + 1
    assert surplus["select.share"] >= 1


def test_rows_with_an_earlier_turn_are_at_most_their_share() -> None:
    turns = (Turn(role="user", content="What?"), Turn(role="assistant", content="That."))
    pairs = [replace(good(n), history=turns if n % 3 == 0 else ()) for n in range(60)]
    target = TargetSettings(unanswerable=0, multi_turn=0.1)

    kept, surplus, deficits = chosen(pairs, target)

    assert sum(bool(pair.history) for pair in kept) == 4
    assert surplus == {"select.multi_turn": 16}
    assert deficits == []


def test_a_share_that_is_missed_tells_what_became_of_its_pairs() -> None:
    pairs = mixed(40, 0)
    verdicts = accepted(pairs)
    finding = Finding(check="grounding.number", action="reject", message="4")
    verdicts[0] = Verdict(pair_id=pairs[0].id, status="rejected", findings=(finding,))
    target = TargetSettings(unanswerable=0, types=("numeric=0.5",), pairs=100)

    _, deficits = select(pairs, verdicts, target=target, settings=OPEN, seed=0)

    reasons = {deficit.what: deficit.reason for deficit in deficits}
    assert reasons["target.types numeric"] == "0 written, 0 rejected, 0 surplus"
    assert reasons["target.pairs"] == (
        "40 written, 1 rejected, 0 surplus; most often by grounding.number (1)"
    )


@pytest.mark.parametrize("most", [60, 75, 90])
def test_no_pair_is_missing_where_a_smaller_set_bears_fewer_of_an_opening(most: int) -> None:
    often = [good(n, first="What is") for n in range(40)]
    pairs = [*often, *(good(n) for n in range(40, 160))]
    checks = CheckSettings(max_opening_share=0.2)

    kept, surplus, deficits = chosen(pairs, TargetSettings(pairs=most, unanswerable=0), checks)

    assert len(kept) == most
    assert surplus["select.pairs"] > 0
    assert deficits == []
    assert sum(pair.question.startswith("What is") for pair in kept) <= 0.2 * most
