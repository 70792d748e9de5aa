"""What only the whole set shows: repeated questions, contradictions, leaks, lost twins."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from builder.check import check_set, leaking_questions
from builder.config import CheckSettings
from builder.errors import IntegrityError
from builder.records import Evidence, Pair, Split, Turn, Verdict
from tests.check.world import ANSWER, GATEWAY, QUESTION, accepted, answered, refused, rejected_by

SAME = "How long does the gateway keep the readings while it is offline?"
SETTINGS = CheckSettings()


def test_of_equal_questions_the_one_with_more_evidence_stays() -> None:
    one = answered(name="a")
    better = answered(SAME, name="b")
    cell = Evidence(passage=0, start=0, end=9, quote="## Memory")
    better = replace(better, evidence=(*better.evidence, cell))

    assert rejected_by([one, better]) == {"a": "set.duplicate"}
    assert rejected_by([one, answered(SAME, name="b")]) == {"b": "set.duplicate"}


def test_the_same_question_over_another_gold_with_another_answer_is_no_duplicate() -> None:
    text = "The logger is built otherwise.\n\nThe logger keeps readings for a year, offline or not."
    other = answered(answer="For a year.", text=text, name="b")

    assert rejected_by([answered(name="a"), other]) == {}


def test_the_same_answer_makes_a_duplicate_over_any_gold() -> None:
    other = answered(SAME, text=f"An older page. {ANSWER}", name="b")

    assert rejected_by([answered(name="a"), other]) == {"b": "set.duplicate"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What does error E17 on the gateway mean?", "What does error E18 on the gateway mean?"),
        ("May a gateway stay outside in winter?", "May a gateway not stay outside in winter?"),
        ("What does `--from` do in `rillctl export`?", "What does `--to` do in `rillctl export`?"),
    ],
)  # fmt: skip
def test_questions_that_differ_in_what_counts_both_stay(one: str, other: str) -> None:
    assert rejected_by([answered(one, name="a"), answered(other, name="b")]) == {}


def test_twins_are_no_duplicates_but_copies_of_a_row_are() -> None:
    twin = answered(name="a")
    missing, near = refused(twin, name="b"), refused(twin, "near_context", name="c")
    copy = replace(missing, id="d")

    assert rejected_by([twin, missing, near]) == {}
    assert rejected_by([twin, missing, near, copy]) == {"d": "set.duplicate"}


def test_two_twins_swapped_to_the_same_question_are_duplicates() -> None:
    text = "Codes: E17 is a fault of the pump, E18 one of the hose."
    one = answered("What does E17 of the pump mean?", "E17 is a fault", text=text, name="a")
    two = answered("What does E18 of the pump mean?", "E18 one of the hose", text=text, name="b")
    asked = "What does E42 of the pump mean?"
    swaps = [
        refused(one, "entity_swap", question=asked, edit=("E17", "E42"),
                passages=one.passages, name="c"),
        refused(two, "entity_swap", question=asked, edit=("E18", "E42"),
                passages=two.passages, name="d"),
    ]  # fmt: skip

    assert rejected_by([one, two, *swaps]) == {"d": "set.duplicate"}


def test_a_question_with_two_answers_is_rejected_both_times() -> None:
    power = "Power: 12 V, 2 GB of memory"
    one, other = answered(name="a"), answered(SAME, power, name="b")

    assert rejected_by([one, other]) == {"a": "set.conflict", "b": "set.conflict"}


def test_the_same_answer_in_other_words_is_no_contradiction() -> None:
    words = answered(
        SAME, "While offline, the gateway keeps readings for 30 days.", quote="30", name="b"
    )

    assert rejected_by([answered(name="a"), words]) == {"b": "set.duplicate"}


def test_train_loses_what_eval_asks_whatever_the_label() -> None:
    train = answered(name="a")
    held = answered(SAME, text="Another page. " + GATEWAY, split="eval", name="z")
    unasked = refused(
        held, name="y", question="How long does the gateway keep readings while offline?"
    )
    validation = answered(text="A third page. " + GATEWAY, split="validation", name="v")

    assert rejected_by([train, held]) == {"a": "set.leak"}
    assert rejected_by([train, replace(held, answer="no"), unasked])["a"] == "set.leak"
    assert rejected_by([train, validation, held]) == {"a": "set.leak", "v": "set.leak"}


def test_no_leak_is_left_to_count() -> None:
    pairs = [
        answered(question, text=f"Page {n}. {GATEWAY}", split=split, name=f"{split}{n}")
        for n, question in enumerate(
            [QUESTION, SAME, "What is the port of the gateway's web interface?"]
        )
        for split in ("train", "eval", "validation")
    ]

    before = leaking_questions(pairs, SETTINGS)
    gone = rejected_by(pairs)

    assert ("eval0", "train1") in before
    assert leaking_questions([pair for pair in pairs if pair.id not in gone], SETTINGS) == []
    assert {pair.split for pair in pairs if pair.id not in gone} == {"eval"}


def test_a_different_question_in_another_split_is_no_leak() -> None:
    train = answered("What does error code E17 on the gateway mean?", name="a")
    held = answered("What does error code E18 on the gateway mean?", split="eval", name="b")

    assert leaking_questions([train, held], SETTINGS) == []
    assert rejected_by([train, held]) == {}


def test_a_rejected_twin_takes_its_unanswerables_with_it() -> None:
    twin, spare = answered(name="a"), answered("What is the port of the gateway?", "8420", name="b")
    pairs = [twin, spare, refused(twin, name="c"), refused(spare, name="d")]
    verdicts = [replace(v, status="rejected") if v.pair_id == "a" else v for v in accepted(pairs)]

    after = check_set(pairs, verdicts, settings=SETTINGS, seed=0)

    assert [v.status for v in after] == ["rejected", "accepted", "rejected", "accepted"]
    assert after[2].findings[0].check == "set.twin"
    assert rejected_by([refused(twin, name="c")]) == {"c": "set.twin"}


def test_a_duplicate_takes_its_unanswerables_with_it() -> None:
    one, other = answered(name="a"), answered(SAME, name="b")
    pairs = [one, other, refused(one, name="c"), refused(other, "near_context", name="d")]

    assert rejected_by(pairs) == {"b": "set.duplicate", "d": "set.duplicate"}
    assert rejected_by([*pairs[:2], replace(pairs[2], id="x"), pairs[3]]) == {
        "b": "set.duplicate", "d": "set.twin"
    }  # fmt: skip


def test_set_checks_can_be_switched_off() -> None:
    pairs = [answered(name="a"), answered(SAME, name="b")]

    assert rejected_by(pairs, CheckSettings(off=("set.duplicate",))) == {}
    assert rejected_by(pairs, CheckSettings(near_duplicate=1.0)) == {}


def test_the_order_of_the_pairs_does_not_matter() -> None:
    pairs: list[Pair] = []
    for n in range(40):
        pair = answered(
            f"{QUESTION[:-1]} in room {n // 4}?", text=f"Page {n // 3}. {GATEWAY}",
            split="eval" if n % 7 == 0 else "train", name=f"{n:02}",
        )  # fmt: skip
        pairs += [pair, refused(pair, name=f"{n:02}u")]
    first = rejected_by(pairs)

    random.Random(3).shuffle(pairs)

    assert first == rejected_by(pairs)
    assert {"set.duplicate", "set.leak"} <= set(first.values())


def test_verdicts_that_are_not_of_the_pairs_are_refused() -> None:
    with pytest.raises(IntegrityError):
        check_set(
            [answered()], [Verdict(pair_id="x", status="accepted")], settings=SETTINGS, seed=0
        )


def test_the_same_follow_up_in_two_conversations_is_no_duplicate() -> None:
    def after(question: str, split: Split) -> Pair:
        turns = (Turn(role="user", content=question), Turn(role="assistant", content=ANSWER))
        return replace(answered("And for how long?", name=question, split=split), history=turns)

    one = after("Does the gateway keep readings while it is offline?", "train")
    other = after("Which probes does the weather station have?", "eval")
    again = replace(one, id="again", draft_id="again")

    assert rejected_by([one, other]) == {}
    assert list(rejected_by([one, again]).values()) == ["set.duplicate"]
    assert list(rejected_by([one, replace(again, split="eval")]).values()) == ["set.leak"]
