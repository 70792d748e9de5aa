"""Refusals are told from answers, also from answers that deny something."""

from __future__ import annotations

import pytest

from builder.check import is_refusal
from builder.prompts import Prompts

TOPICS = {
    "en": (
        "`buffer.days`",
        "error code E17",
        'the "APN (v. 2)" setting',
        '"LED blinks, not blue"',
        "`/boot/initrd.img-version-name[-featureset]-flavour-of-the-kernel`",
    ),
    "de": (
        "`buffer.days`",
        "Fehlercode E17",
        "\u201eAPN (v. 2)\u201c",
        "\u201eLED blinkt nicht, blau\u201c",
        "`/boot/initrd.img-version-name[-featureset]-flavour-of-the-kernel`",
    ),
}
CLAUSES = {
    "en": ("how to replace the battery", "what happens when it does not answer for 24 hours"),
    "de": ("wie man die Batterie wechseln kann", "was passiert, wenn sie nicht antwortet"),
}


def pool() -> list[str]:
    """Every refusal that prompts/refusals can give, with a few topics."""
    prompts = Prompts.find(None)
    found = []
    for name in prompts.names("refusals"):
        data = prompts.toml(name)
        lang = data["lang"]
        found += data["generic"]
        for kind, fillings in (("absent", TOPICS), ("open", TOPICS), ("clause", CLAUSES)):
            found += [t.replace("{topic}", topic) for t in data[kind] for topic in fillings[lang]]
    return found


def test_every_refusal_that_a_row_can_have_is_told() -> None:
    replies = pool()

    assert len(replies) > 100
    assert [reply for reply in replies if not is_refusal(reply)] == []


@pytest.mark.parametrize(
    "answer",
    [
        "I do not know.",
        "I'm sorry, but I don\u2019t have that information.",
        "Unfortunately, the passages don't state how long it takes.",
        "The given passages do not name the default port.",
        "If you mean the radio, the documents do not say how far it reaches.",
        "Wenn Sie den Funk meinen, geht das aus den Dokumenten nicht hervor.",
        "If `rill.yaml` is not set, then I cannot answer this from the documents.",
        "When I search the documents, I find many ports, but not the one you ask for.",
        "Unless I overlooked it, the documents do not mention this.",
        "Nothing in the documents answers this.",
        "The documents do not say when it starts.",
        "I can't tell if it is supported.",
        "The documents are silent when it comes to ports.",
        "I cannot answer this when no context is given.",
        "Dazu finde ich nichts, falls Sie den Funk meinen.",
        "None of the passages mentions `--force`.",
        "There's no information about refunds in the context.",
        "That isn't covered by the documentation provided.",
        "The question cannot be answered from the documents.",
        "The context is insufficient to answer this: there is not enough information.",
        "The supplied text makes no mention of refunds.",
        "E99 is not listed in the documents.",
        "Based on the documents, I can't say. Please ask the support.",
        "Das geht aus den Dokumenten nicht hervor.",
        "Dazu liegen mir keine Informationen vor.",
        "Der Kontext lässt offen, ob das geht.",
        "In den Dokumenten wird nicht angegeben, wie lange das dauert.",
        "Das weiß ich leider nicht.",
        "Die Dokumente nennen `x.y` nicht.",
        "Keine der Passagen erwähnt `--force`.",
        "Los documentos no mencionan eso.",
        "No hay información sobre E99 en el texto.",
        "Les documents ne le précisent pas.",
        "Je ne trouve pas cette information dans les documents.",
    ],
)
def test_refusals_in_other_words_are_told(answer: str) -> None:
    assert is_refusal(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "No, the feature is not supported on Windows.",
        "The flag cannot be combined with `--force`.",
        "Information about the job is not kept after 24 hours.",
        "There is no limit on the number of tags.",
        "Unknown keys are ignored and no error is raised.",
        "The station does not answer while the gateway is offline.",
        "You cannot merge two accounts.",
        "You cannot install documentation directly from source packages with current versions.",
        "the name was not resolved yet; this source is not visible in the sources reports.",
        "If the port is not specified, 8420 is used.",
        "It sets the zone. If no statement is provided, `rill` asks the server for one.",
        "Yes, if the document does not mention a value, 8420 is used.",
        "- If the document does not mention a value then 8420 is used.",
        "If rill.yaml is not mentioned in the document, the defaults are used.",
        "When no instructions are given, the logger sleeps.",
        "Wenn keine Angaben vorliegen, schläft der Logger.",
        "Use it to add a module whose name may not appear in the source.",
        "Port 8420 is used if no information about the port is given.",
        "The default applies when nothing is said in the documentation.",
        "Es gilt 8420, wenn keine Angaben zum Port vorliegen.",
        'The page shows "No data found".',
        "It means that the `documents do not contain` any reading.",
        "The document does not contain macros.",
        "Nein, die Option wird nicht unterstützt.",
        "Der Dienst speichert keine Angaben über den Nutzer.",
        "Der Beruhigungsschacht gehört auf die Seite, wo sich kein Treibgut sammelt.",
        "Ist kein Port angegeben, gilt 8420.",
        "No, no se puede cambiar el nombre.",
        "Le port ne change pas.",
        "The gateway keeps them for 30 days. It then deletes them. The documents do not say why.",
    ],
)
def test_answers_that_deny_something_are_no_refusals(answer: str) -> None:
    assert not is_refusal(answer)
