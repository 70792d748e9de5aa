"""English word forms, clauses and headings, by table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.write.english_grammar import (
    GERUND,
    THIRD,
    agrees,
    asks,
    bare_singular,
    clause,
    first_person,
    is_plural,
    opened,
    question,
    sentence_case,
    shape,
    standalone,
    step,
    task,
    told,
    vague,
)
from builder.write.english_words import VERBS
from builder.write.rule import Corpus
from tests.write.world import chunks_of

CORPUS = Corpus(
    product="Rill",
    lower=frozenset("installing the server settings apply how a variable is local".split()),
    capital=frozenset(["rill", "postgres", "prometheus"]),
)
(CHUNK,) = chunks_of("# Handbook\n\nText of the handbook.\n")


@pytest.mark.parametrize(
    ("third", "base"),
    [("writes", "write"), ("tries", "try"), ("caches", "cache"), ("fixes", "fix"), ("goes", "")],
)
def test_third_persons_are_known(third: str, base: str) -> None:
    assert THIRD.get(third, "") == base


@pytest.mark.parametrize(
    ("gerund", "base"),
    [("writing", "write"), ("stopping", "stop"), ("tying", "tie"), ("cancelling", "cancel")],
)
def test_gerunds_are_known(gerund: str, base: str) -> None:
    assert GERUND[gerund] == base


@given(st.sampled_from(sorted(VERBS)))
def test_every_verb_is_found_again_by_its_third_person(verb: str) -> None:
    assert verb in THIRD.values()


@pytest.mark.parametrize(
    ("statement", "asked"),
    [
        ("Rill Server does not support clusters", "does Rill Server not support clusters"),
        ("The logger list shows all loggers", "does The logger list show all loggers"),
        ("Gateways keep all readings", "do Gateways keep all readings"),
        ("A logger has no uplink", "does A logger have no uplink"),
        ("The index has been rebuilt", "has The index been rebuilt"),
        ("Alarm rules are evaluated twice", "are Alarm rules evaluated twice"),
        ("The server automatically renews it", "does The server automatically renew it"),
        ("A key that opens archives is kept", "is A key that opens archives kept"),
    ],
)
def test_a_statement_is_turned_into_a_question(statement: str, asked: str) -> None:
    split = clause(statement)

    assert split is not None
    assert question(split) == asked


@pytest.mark.parametrize("text", ["the backup settings in detail", "nothing here", "x; y is z"])
def test_a_text_without_a_sure_verb_is_no_clause(text: str) -> None:
    assert clause(text) is None


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("the value is empty", True),
        ("the value of `x` is empty", False),
        ("the new file is missing", True),
        ("the session key is missing", False),
        ("the setting `x` is on", False),
        ("the result of the conversion is kept", True),
        ("a file is missing", False),
    ],
)
def test_a_noun_that_names_nothing_is_seen(text: str, nothing: bool) -> None:
    assert vague(text) is nothing


@pytest.mark.parametrize(
    ("phrase", "lacks"),
    [
        ("custom environment", True),
        ("`api` feature", True),
        ("HTTP header size", True),
        ("the environment", False),
        ("environments", False),
        ("single sign-on", False),
        ("air pressure", False),
        ("Prometheus", False),
        ("archiving a station", False),
    ],
)
def test_a_missing_article_is_seen(phrase: str, lacks: bool) -> None:
    assert bare_singular(phrase) is lacks


@pytest.mark.parametrize(
    ("subject", "verb", "fits"),
    [
        ("a collection of files", "are", False),
        ("updates to a ref", "is", False),
        ("sign-ins and deletions", "are", True),
        ("the list of files", "is", True),
    ],
)
def test_subject_and_verb_agree(subject: str, verb: str, fits: bool) -> None:
    assert agrees(subject, verb) is fits


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("you are behind your proxy", "I am behind my proxy"),
        ("the app lets you edit it", "the app lets me edit it"),
        ("run `your-tool` yourself", "run `your-tool` myself"),
        ("the network prevents you from reading it", "the network prevents me from reading it"),
        ("the server forces you to wait", "the server forces me to wait"),
    ],
)
def test_the_reader_speaks_of_himself(text: str, spoken: str) -> None:
    assert first_person(text) == spoken


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("The server stops", "the server stops"),
        ("Prometheus reads it", "Prometheus reads it"),
        ("HTTP is used", "HTTP is used"),
        ("Design Rule Checking is fast", "Design Rule Checking is fast"),
        ("`x` is set", "`x` is set"),
    ],
)
def test_names_keep_their_capital_inside_a_question(text: str, inside: str) -> None:
    assert opened(text, CORPUS) == inside


def test_title_case_becomes_sentence_case_and_names_stay() -> None:
    assert sentence_case("Installing The Rill Server", CORPUS) == "installing the Rill server"
    assert sentence_case("What is a hydrograph?", CORPUS) == "What is a hydrograph?"
    assert sentence_case("When Levels May Be Read", replace(CORPUS, capital=frozenset(["be"]))) == (
        "When Levels may be Read"
    )


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ("Rejects gateways that are unknown.", "does"),
        ("Return the newest reading.", "does"),
        ("Do not show tags.", "does"),
        ("Port on which the server listens.", "is"),
        ("Number of workers.", "is"),
        ("The clock is not set.", "states"),
    ],
)
def test_descriptions_are_told_apart(description: str, kind: str) -> None:
    assert shape(description) == kind


@pytest.mark.parametrize(
    ("text", "is_step"),
    [
        ("Loosen the lid.", True),
        ("On the server, run `rillctl doctor`.", True),
        ("The first value is passed on.", False),
        ("If one value is given, it is used.", False),
    ],
)
def test_steps_tell_to_do_something(text: str, is_step: bool) -> None:
    assert step(text) is is_step


@pytest.mark.parametrize(
    ("heading", "asked"),
    [
        ("Replace the batteries", "replace the batteries"),
        ("Installing a gateway on Debian", "install a gateway on Debian"),
        ("How to restore a backup", "restore a backup"),
        ("3. Connect Prometheus", "connect Prometheus"),
        ("Encrypt your archives", "encrypt my archives"),
        ("Release notes", ""),
        ("Pin properties", ""),
        ("Breaking changes", ""),
        ("Understanding alarms", ""),
        ("Implement hook", ""),
        ("Setting up", ""),
        ("Restore it", ""),
        ("Create the file", ""),
        ("Check of reserved gateways", ""),
        ("Check the type of gateways", "check the type of gateways"),
        ("Check the type of gateways [gateway-type]", ""),
        ("Generating with `rill.build`", ""),
        ("Working with `rill.build`", "work with `rill.build`"),
    ],
)
def test_headings_name_tasks(heading: str, asked: str) -> None:
    wording = task(heading, CORPUS, CHUNK)

    assert (wording.slots["task"] if wording else "") == asked


@pytest.mark.parametrize(
    ("heading", "asked"),
    [
        ("How settings are applied", "how are settings applied"),
        ("What an archive contains", "what does an archive contain"),
        ("What shortens the battery life", "what shortens the battery life"),
        ("When to replace the probe", "when should I replace the probe"),
        ("What to do when a gateway is lost", "what should I do when a gateway is lost"),
        ("What Rill Server Is Not", ""),
        ("How it works", ""),
        ("Where to start", ""),
        ("Alarm rules", ""),
    ],
)
def test_headings_stand_for_questions(heading: str, asked: str) -> None:
    wording = told(heading, CORPUS, CHUNK)

    assert (wording.slots["question"] if wording else "") == asked


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        ("Can I use the logger without a server?", True),
        ("What is it?", False),
        ("How does this work?", False),
        ("What next?", False),
        ("Why the level of the well suddenly drops?", False),
        ("Why does the level of the well drop?", True),
    ],
)
def test_question_headings_say_what_they_are_about(heading: str, says: bool) -> None:
    assert asks(heading) is says


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("A reading below the threshold raises an alarm.", True),
        ("See the table below for all codes.", False),
        ("It is kept for a day.", False),
        ("The following codes exist.", False),
        ("The gateway repeats a delivery until the server confirms it.", True),
        ("Alternatively, open the app.", False),
    ],
)
def test_sentences_that_hang_on_others_are_seen(sentence: str, stands: bool) -> None:
    assert standalone(sentence) is stands


@pytest.mark.parametrize(("noun", "plural"), [("files", True), ("status", False), ("data", True)])
def test_plurals_are_seen(noun: str, plural: bool) -> None:
    assert is_plural(noun) is plural
