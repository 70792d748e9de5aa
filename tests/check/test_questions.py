"""Near-equal questions: the same in other words, or another thing in nearly the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.check import different_question, opening

DIFFERENT = [
    ("What does error E17 mean on the logger?", "What does error E18 mean on the logger?"),
    ("How long are readings kept after 30 days?", "How long are readings kept after 60 days?"),
    ("How many users are in two plans?", "How many users are in three plans?"),
    ("Can I delete a station that is offline?", "Can I delete a station that is not offline?"),
    ("Can I delete a station?", "Can't I delete a station?"),
    ("What does `--from` do in `rillctl export`?", "What does `--to` do in `rillctl export`?"),
    ("What does `-v` do in `rillctl`?", "What does `-V` do in `rillctl`?"),
    ("What does it do in Rill Cloud?", "What does it do in Rill Server?"),
    ("What is the maximum length of a name?", "What is the minimum length of a name?"),
    ("What is the length of a name?", "What is the maximum length of a name?"),
    ("What happens before the alarm is raised?", "What happens after the alarm is raised?"),
    ("Is a login possible with a password?", "Is a login possible without a password?"),
    ("How do I encrypt a backup archive?", "How do I decrypt a backup archive?"),
    ("When is the report about alarms sent?", "Why is the report about alarms sent?"),
    ("How do I add a station to an account?", "How do I add an account to a station?"),
    ("How do I export alarms of a station?", "How do I export users of a station?"),
    ("Can I change the port of the gateway?", "How can I change the port of the gateway?"),
    ("What is meant by 'Station'?", "What is meant by 'Station id'?"),
    ("What does “Save” do?", "What does “Save as” and “Keep” do?"),
    ("Wie lösche ich eine Station?", "Wie lösche ich keine Station?"),
    ("Was geschieht vor dem Alarm in Rill?", "Was geschieht nach dem Alarm in Rill?"),
    ("Wie lange gilt die Frist für Messwerte?", "Wie lange gilt die Frist für Protokolle?"),
]  # fmt: skip
SAME = [
    ("How do I reset the logger?", "How do I reset the logger ?"),
    ("How do I reset the logger?", "how do i reset the Logger?"),
    ("How do I reset the logger?", "How can I reset the logger?"),
    ("How do I reset the logger?", "Could you tell me how I reset the logger?"),
    ("What is the port of the server?", "What's the port of server?"),
    ("What is the max length of a name?", "What is the maximum length of a name?"),
    ("How do I delete a station?", "How do I remove a station?"),
    ("How is the battery of a logger replaced?", "How are the batteries of a logger replaced?"),
    ("In Rill Cloud, how do I reset a password?", "How do I reset a password in Rill Cloud?"),
    ("In what year was it released?", "What year was it released in?"),
    ("What colour has the light?", "What color has the light?"),
    ("What was the port of the gateway?", "What is the port of the gateway?"),
    ("Wie kann ich eine Station löschen?", "Wie kann ich Stationen löschen?"),
    ("What is meant by 'the Station'?", "What is meant by “station”?"),
    ("What is the gateway's port?", "What's the port of the gateway's host?"),
    ("Was bedeutet die rote Anzeige?", "Was bedeutet denn die rote Anzeige?"),
    ("Wie kann ich eine Station löschen?", "Wie kann man eine Station entfernen?"),
]


def lang(question: str) -> str:
    return "de" if question.startswith("W") and not question.startswith("Wh") else "en"


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_questions_for_other_things_are_different(one: str, other: str) -> None:
    assert different_question(one, other, lang(one))
    assert different_question(other, one, lang(one))


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_question_in_other_words_is_not(one: str, other: str) -> None:
    assert not different_question(one, other, lang(one))
    assert not different_question(other, one, lang(one))


@given(
    words=st.lists(st.sampled_from("how do not the Rill E17 3 from to `-v` it".split()), min_size=1)
)
def test_no_question_differs_from_itself(words: list[str]) -> None:
    question = " ".join(words)

    assert not different_question(question, question, "en")


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What's `rillctl`?", "what's rillctl"),
        ("HOW do I reset it?", "how do"),
        ("\u201eAPN\u201c: was ist das?", "apn was"),
        ("Why?", "why"),
    ],
)
def test_openings_are_two_folded_words(question: str, first: str) -> None:
    assert opening(question) == first
