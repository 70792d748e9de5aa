"""A row is unanswerable only when no passage of it could be read as an answer."""

from __future__ import annotations

import pytest

from builder.compose.absence import (
    answer_absent,
    coverage,
    holds_answer,
    is_treated,
    is_yes_no,
    mentions,
)
from builder.records import Passage
from tests.compose.world import passage, weights

TEXTS = [
    "The gateway keeps readings for 30 days while it is offline.",
    "The logger sends its readings to the gateway every hour.",
    "Replace both cells with new ones of the same brand.",
    "The backup archive holds measurements, settings and users.",
    "A webhook gets an event when an alarm is raised.",
    "The price of a plan depends on the number of loggers.",
    "Error codes are shown by the light on the housing.",
    "The server listens on port 8420 for the web interface.",
]
WEIGHTS = weights(*TEXTS)
QUESTION = "How long does the gateway keep readings while it is offline?"
ANSWER = "The gateway keeps readings for 30 days while it is offline."


def reason(
    question: str,
    answer: str,
    *passages: Passage,
    key: str = "",
    fact: bool = False,
    broad: bool = False,
    siblings: tuple[str, ...] = (),
) -> str | None:
    return answer_absent(
        question,
        answer,
        passages,
        weights=WEIGHTS,
        key=key,
        fact=fact,
        broad=broad,
        siblings=siblings,
    )


def test_a_passage_on_another_matter_holds_no_answer() -> None:
    other = passage("Replace both cells of the logger with new ones of the same brand.")

    assert reason(QUESTION, ANSWER, other) is None


@pytest.mark.parametrize(
    ("rule", "question", "answer", "text"),
    [
        (
            "answer_string",
            "How do I change the cells?",
            "Replace both cells with new ones of the same brand.",
            "Care. Replace both cells with new ones of the same brand. Close the lid.",
        ),
        (
            "answer_string",
            "What must be done before winter?",
            "Lower the probe to a depth that is free of frost all winter, or take it out of the "
            "well and store it dry.",
            "Lower the probe to a depth that is free of frost all winter, or drain the shaft.",
        ),
        (
            "answer_string",
            "Which port does the web interface use?",
            "8420",
            "Open port 8420 in the firewall so that the web interface can be reached.",
        ),
        (
            "sentence_answer",
            QUESTION,
            ANSWER,
            "Readings stay in the offline gateway for 30 days, then the oldest are lost.",
        ),
        (
            "sentence_under_heading",
            "What is the retention of readings in the gateway?",
            "Readings are deleted after 30 days.",
            "## Retention of readings\n\nThe oldest ones are deleted.",
        ),
        (
            "restated",
            "Why was my account closed?",
            "Five wrong passwords in a row lock an account.",
            "Whoever enters wrong passwords five times in a row is locked out.",
        ),
        (
            "context",
            "What does a backup archive of the server hold?",
            "It holds measurements, settings and users.",
            "A backup is one file.\n\nMeasurements come first.\n\nThen settings are written.\n\n"
            "At the end there are users.\n\nThe archive of the server is never opened.",
        ),
        (
            "identifiers",
            "Where are the logs of the service?",
            "In `/srv/rill`.",
            "The directory `/srv/rill` belongs to root.",
        ),
        (
            "identifiers",
            "Which settings must be present before the first start?",
            "Fill in `public_url`, `database` and `workers` by hand, then start the service as "
            "described in the chapter on systemd units for administrators of large networks.",
            "Set `public_url` first.\n\nThen `workers` can be raised.",
        ),
        (
            "identifier_defined",
            "Is there a way to save bandwidth?",
            "To save upload bandwidth, use `--upload-rate` with a number; downloads can be slowed "
            "down by a pipe through another program such as `pv` between the two commands.",
            "Flags\n\n- `--upload-rate RATE`: kilobytes per second.",
        ),
        (
            "numbers",
            "How many readings does the gateway keep?",
            "30, unless storms, floods or frost damage its housing",
            "The gateway can hold 30 of them.",
        ),
        (
            "sentence_question",
            "What price does a plan with forty loggers have?",
            "It costs 90 EUR.",
            "The price of plans with forty loggers is found in the shop.",
        ),
        (
            "half_question",
            "Does a webhook get an event after a reboot of the machine?",
            "No, reboots are silent.",
            "A webhook gets an event for each change.",
        ),
        (
            "heading",
            "What is shown by the light on the housing?",
            "It flashes the number of the fault.",
            "## The light on the housing",
        ),
    ],
)
def test_a_passage_that_may_answer_is_refused(
    rule: str, question: str, answer: str, text: str
) -> None:
    assert reason(question, answer, passage(text)) == rule


def test_the_answer_in_other_words_of_one_sentence_is_found() -> None:
    said_otherwise = passage("An offline gateway stores its readings for up to 30 days.")

    assert reason(QUESTION, ANSWER, said_otherwise) is not None


def test_one_of_several_passages_is_enough_to_refuse() -> None:
    good = passage("Replace both cells of the logger with new ones of the same brand.")
    bad = passage("Readings stay in the offline gateway for 30 days, then the oldest are lost.")

    assert reason(QUESTION, ANSWER, good, bad) == "sentence_answer"


def test_a_number_by_chance_is_no_answer() -> None:
    other = passage("A webhook is tried again for 30 seconds.")

    assert reason("How many days are readings kept?", "30", other) is None


def test_a_section_is_only_asked_for_facts_of_its_own_page() -> None:
    sibling = passage("Replace both cells with new ones of the same brand.", chunk_id="next")

    assert reason(QUESTION, ANSWER, sibling, siblings=("next",)) == "sibling"
    assert reason(QUESTION, ANSWER, sibling, siblings=("next",), fact=True) is None


def test_a_broad_question_is_not_asked_under_a_heading_of_its_matter() -> None:
    question = "How do I move a webhook of an alarm to another server?"
    page = passage("Nothing is said here.", title="Alarm events")

    assert reason(question, "Export it and import it there.", page, broad=True) == "broad_heading"
    assert reason(question, "Export it and import it there.", page) is None


def test_only_a_question_about_a_key_meets_sentences_that_speak_of_half_of_it() -> None:
    page = passage("A webhook is for another server.")
    question = "How do I move a webhook of an alarm to another server?"

    assert reason(question, "Export it and import it there.", page) == "half_question"
    assert reason(question, "Export it and import it there.", page, key="E17") is None


def test_the_file_of_a_path_is_enough() -> None:
    page = passage("Enter the path in `rill.toml`.")

    assert (
        reason("Where are the settings?", "In `/usr/local/share/conf/rill.toml`.", page)
        == "identifiers"
    )


@pytest.mark.parametrize(
    "text",
    [
        "| Code | Meaning |\n| --- | --- |\n| `E17` | The lid is open. |",
        "- `E17`: the lid is open.",
        "E17: the lid is open.",
    ],
)
def test_a_row_or_item_that_explains_the_key_is_an_answer(text: str) -> None:
    said = "What does E17 mean when the light of the housing flashes twice?"
    answer = "A firmware update failed."

    assert reason(said, answer, passage(text), key="E17", fact=True) == "key_defined"
    assert reason(said, answer, passage(text), key="E1", fact=True) is None
    assert reason(said, answer, passage("Do not mind E17 at all."), key="E17", fact=True) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Can I use it offline?", True),
        ("Is the port open?", True),
        ("Kann ich den Server umziehen?", True),
        ("Wird der Alarm gelöscht?", True),
        ("On Rill Server, does the port stay open?", True),
        ("In the app, which port is open?", False),
        ("Canvas size, which one?", False),
        ("What can I do offline?", False),
        ("Was wird gelöscht?", False),
    ],
)
def test_yes_no_questions_are_known_by_their_first_word(question: str, expected: bool) -> None:
    assert is_yes_no(question) is expected


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("Use `--dry-run` first.", "--dry-run", True),
        ("This is a dry run.", "--dry-run", True),
        ("Code E17 is shown.", "e17", True),
        ("Code E170 is shown.", "E17", False),
        ("The max_upload_mb setting.", "max_upload", True),
        ("Set `timeout` to 5.", "timeout(ms, retry)", True),
        ("Nothing of it.", "--force", False),
        ("Nothing of it.", "", False),
    ],
)
def test_a_passage_speaks_of_a_key_in_any_spelling(text: str, key: str, expected: bool) -> None:
    assert mentions(passage(text), key) is expected


def test_a_key_in_the_title_counts_as_spoken_of() -> None:
    assert mentions(passage("Text.", title="CLI > rillctl backup"), "rillctl backup")


class TestDistractorsOfAnAnswerableRow:
    def holds(self, text: str, evidence: str = ANSWER) -> bool:
        return holds_answer(QUESTION, "30 days", [evidence], passage(text), weights=WEIGHTS)

    def test_the_answer_with_half_of_the_question_is_an_answer(self) -> None:
        assert self.holds("An offline gateway holds readings 30 days.")

    def test_the_answer_on_another_matter_is_none(self) -> None:
        assert not self.holds("Invoices are due within 30 days.")

    def test_a_near_copy_of_the_evidence_is_an_answer(self) -> None:
        copied = "While it is offline, the gateway keeps readings for 30 whole days."

        assert self.holds(copied)
        assert not self.holds("The gateway keeps its name.")


def test_a_near_miss_is_treated_where_its_attribute_is_stated_of_the_thing() -> None:
    question = "What is the maximum cable length of the gateway?"

    def treated(text: str, title: str = "Handbook") -> bool:
        return is_treated(
            question, "maximum cable length", "gateway", passage(text, title=title), weights=WEIGHTS
        )

    assert treated("The maximum cable length is 3 m.", title="The gateway")
    assert treated("A gateway has a maximum cable length.")
    assert not treated("The cable of the gateway is black.")
    assert not treated("The maximum length of a message is 160 characters.")


def test_how_much_of_a_question_a_passage_speaks_of() -> None:
    nothing = coverage(QUESTION, passage("Replace both cells."), weights=WEIGHTS)
    everything = coverage(QUESTION, passage(QUESTION), weights=WEIGHTS)

    assert (nothing, everything) == (0.0, 1.0)


def test_a_german_compound_is_found_in_its_parts() -> None:
    german = weights(
        "Die Batterien wechseln.", "Der Wechsel der Batterie.", "Das Gateway sendet.", lang="de"
    )
    page = passage("## Batterien wechseln\n\nDeckel ab.", title="Wartung")

    found = answer_absent(
        "Was ist beim Batteriewechsel zu tun?", "Beide Zellen tauschen.", [page], weights=german
    )

    assert found == "half_question"


def test_german_answers_are_found_in_other_forms_of_their_words() -> None:
    german = weights(
        "Das Gateway speichert Messwerte.", "Der Akku wird getauscht.", "Ein Alarm.", lang="de"
    )
    said = passage("Messwerte speichern die Gateways 30 Tage lang, wenn die Verbindung fehlt.")

    found = answer_absent(
        "Wie lange speichert das Gateway Messwerte ohne Verbindung?",
        "30 Tage lang",
        [said],
        weights=german,
    )

    assert found is not None
