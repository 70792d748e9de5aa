"""What a row without an answer replies: varied, grammatical, and never untrue."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from builder.compose import load_refusals
from builder.compose.refusals import refusal, sole_identifier
from builder.errors import SettingsError
from builder.prompts import Prompts
from tests.compose.world import REFUSALS


def replies(
    question: str, *, lang: str = "en", key: str = "", noun: str = "", mentioned: bool = False
) -> Counter[str]:
    """What many draws give."""
    return Counter(
        refusal(
            question,
            REFUSALS[lang],
            random.Random(seed),
            key=key,
            noun=noun,
            mentioned=mentioned,
        )
        for seed in range(400)
    )


@pytest.mark.parametrize("lang", ["en", "de"])
def test_every_language_has_enough_wordings(lang: str) -> None:
    pool = REFUSALS[lang]
    naming = [*pool.absent, *pool.open, *pool.clause]

    assert len(set(pool.generic)) >= 12
    assert len(set(naming)) >= 8
    assert len({len(reply.split()) for reply in pool.generic}) >= 5


@pytest.mark.parametrize(
    ("lang", "question", "key", "noun", "named"),
    [
        ("en", "What does error code E17 mean on the R2?", "E17", "error code", "error code E17"),
        ("en", "What does the `--x` flag do?", "--x", "flag", "the `--x` flag"),
        ("en", 'Can you define the term "Role" here?', "Role", "term", 'the term "Role"'),
        ("de", "Was ist mit „Drift“ gemeint?", "Drift", "term", "„Drift“"),
        ("de", "Wozu dient die Einstellung `keep`?", "keep", "Einstellung", "`keep`"),
    ],
)
def test_half_of_the_replies_name_what_is_missing_as_the_question_does(
    lang: str, question: str, key: str, noun: str, named: str
) -> None:
    found = replies(question, lang=lang, key=key, noun=noun)

    share = sum(n for reply, n in found.items() if named.lower() in reply.lower()) / 400
    assert 0.3 < share < 0.7
    assert sum(n for reply, n in found.items() if reply in REFUSALS[lang].generic) > 120


@pytest.mark.parametrize(
    ("lang", "question", "clause"),
    [
        ("en", "How do I reset my password?", "how to reset your password"),
        ("en", "Is there a way to reset a token?", "how to reset a token"),
        ("en", "What happens when I remove it?", "what happens when you remove it"),
        ("en", "What does `rill` let me do?", "what `rill` would let you do"),
        ("en", "What is the `x` field used for in Rill?", "what the `x` field is used for in Rill"),
        ("en", "What is the default page size?", "what the default page size is"),
        ("en", "What does `x` do in Rill?", "what `x` does in Rill"),
        ("de", "Wie kann ich den Akku ersetzen?", "wie man den Akku ersetzen kann"),
        ("de", "Wozu dient `keep`?", "wozu `keep` dient"),
        ("de", "Was passiert, wenn der Akku leer ist?", "was passiert, wenn der Akku leer ist"),
    ],
)
def test_a_question_becomes_an_indirect_one(lang: str, question: str, clause: str) -> None:
    assert any(clause in reply for reply in replies(question, lang=lang))


@pytest.mark.parametrize(
    ("lang", "question"),
    [
        ("en", "What is an export limited to?"),
        ("en", "What is the memory limited to?"),
        ("en", "Which plan do I need?"),
        ("de", "Was geschieht, wenn ich einen Befehl eingebe?"),
        ("de", "Wie kann ich mich anmelden?"),
    ],
)
def test_a_question_that_makes_no_good_clause_gets_a_generic_reply(
    lang: str, question: str
) -> None:
    assert set(replies(question, lang=lang)) <= set(REFUSALS[lang].generic)


@pytest.mark.parametrize(("lang", "key"), [("en", "E17"), ("de", "E17")])
def test_what_a_passage_speaks_of_is_never_called_unmentioned(lang: str, key: str) -> None:
    pool = REFUSALS[lang]
    question = {"en": "How old is E17?", "de": "Wie alt ist E17?"}[lang]
    claims = {form.replace("{topic}", key) for form in pool.absent}

    assert claims & set(replies(question, lang=lang, key=key))
    assert not claims & set(replies(question, lang=lang, key=key, mentioned=True))


def test_a_plain_word_is_no_topic() -> None:
    found = replies("Which colour does the site have?", key="site", noun="")

    assert set(found) <= set(REFUSALS["en"].generic)


def test_the_only_code_of_a_question_is_its_topic() -> None:
    assert sole_identifier("Can port `8421` pass?") == "8421"
    assert sole_identifier("Does `a_b` set `c_d`?") == ""
    assert sole_identifier("How often should the R2 measure?") == ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("generic = []", "absent"),
        ('generic = ["No."]\nabsent = ["No {topic}."]\nopen = ["What?"]', "lacks"),
        ('generic = ["No {topic}."]', "holds"),
    ],
)
def test_a_pool_that_is_not_in_shape_is_named(tmp_path: Path, content: str, message: str) -> None:
    folder = tmp_path / "prompts" / "refusals"
    folder.mkdir(parents=True)
    (folder / "en.toml").write_text(content, encoding="utf-8")

    with pytest.raises(SettingsError, match=r"refusals/en\.toml") as caught:
        load_refusals(Prompts.find(tmp_path))

    assert message in caught.value.message


def test_a_pool_of_ones_own_adds_a_language(tmp_path: Path) -> None:
    folder = tmp_path / "prompts" / "refusals"
    folder.mkdir(parents=True)
    packaged = Prompts.find(None).text("refusals/en.toml")
    (folder / "fr.toml").write_text(packaged, encoding="utf-8")

    assert set(load_refusals(Prompts.find(tmp_path))) == {"de", "en", "fr"}
