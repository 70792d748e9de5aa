"""A question may speak of texts and tables of the product, but not point at one before its eyes."""

from __future__ import annotations

import pytest

from tests.check.world import answered, checks, flags

POINTING = {
    "en": """
        According to the text above, what is the port?
        What does the passage say about refunds?
        Which values are shown in the table above?
        Based on the provided context, how is E17 fixed?
        What does this section describe?
        Which of the following settings is required?
        What is the port mentioned in the document?
        What two options does the author recommend?
        What is the purpose of the code snippet below?
        Which port is given in the excerpt?
        What limits are mentioned?
        What is shown in Figure 2?
        According to document 2, what is the limit?
        From the passage, what can be inferred about alarms?
    """,
    "de": """
        Laut dem Text, welcher Port wird verwendet?
        Welche Werte stehen in der obigen Tabelle?
        Was wird in diesem Abschnitt beschrieben?
        Welche der folgenden Einstellungen ist Pflicht?
        Was sagt der Text über Erstattungen?
        Welcher Port wird im Dokument genannt?
        Was bedeutet der oben genannte Fehler?
        Gemäß dem vorliegenden Kontext, wie lange werden Daten aufbewahrt?
        Was zeigt Abbildung 2?
        Nach dem Abschnitt: Welche Rolle braucht man?
    """,
    "es": "Según el texto, ¿cuál es el puerto?\n¿Qué valores muestra la tabla anterior?",
    "fr": "Selon le document, quel est le port ?\nQue décrit la section ci-dessus ?",
}
STANDING = {
    "en": """
        What can I enter in the text field?
        How do I delete a page in the wiki?
        What does the `[server]` section of `rilld.toml` contain?
        How do I change the table below the map?
        How do I search for text in a document?
        Which documents do I need for an invoice?
        What does the context menu of a station offer?
        How do I go to the previous page of results?
        What happens on the following day?
        According to which time zone are readings stored?
        Is data encrypted based on the plan?
        Which table holds the readings?
        What does it mean if the light is red?
    """,
    "de": """
        Wie suche ich nach einem Dokument?
        Wie füge ich einen Text in den Bericht ein?
        In welchem Abschnitt der Datei `rilld.toml` steht der Port?
        Was kostet der Tarif im folgenden Monat?
        Welche Seite öffnet sich nach dem Anmelden?
        Wofür wird das Teil „Etikettenkarte“ verwendet?
        Wie lange wird ein Dokument aufbewahrt?
    """,
}


def lines(questions: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (lang, line.strip())
        for lang, text in questions.items()
        for line in text.strip().splitlines()
    ]


@pytest.mark.parametrize(("lang", "question"), lines(POINTING))
def test_questions_that_point_at_a_text_are_rejected(lang: str, question: str) -> None:
    assert "question.self_contained" in checks(answered(question, lang=lang))


@pytest.mark.parametrize(("lang", "question"), lines(STANDING))
def test_questions_about_texts_of_the_product_are_not(lang: str, question: str) -> None:
    pair = answered(question, lang=lang)

    assert "question.self_contained" not in checks(pair) + flags(pair)


@pytest.mark.parametrize(
    ("lang", "question"),
    [("en", "How do I fix this error?"), ("en", "What does it do?"), ("de", "Was macht es?")],
)
def test_an_open_this_or_it_is_flagged(lang: str, question: str) -> None:
    assert "question.self_contained" in flags(answered(question, lang=lang))
