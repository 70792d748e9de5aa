"""German: sentences and headings, and the questions that are asked of them (or none)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.chunk import chunk
from builder.ingest import read_bytes
from builder.prompts import Prompts
from builder.records import Chunk, Document, Draft
from builder.text import words
from builder.write import german
from builder.write.extractive import parse_templates, write
from builder.write.german_grammar import (
    accusative,
    accusative_of_genitive,
    dative,
    gender,
    ich_form,
    mine,
    prefix_of,
    self_sufficient,
    task_of_zu,
)
from builder.write.rule import Candidate, Corpus, Wording

TEMPLATES = parse_templates(Prompts.find(None).text("extractive/de.toml"))
CORPUS = Corpus(templates={"de": TEMPLATES}, grammars={"de": german.GRAMMAR})


def chunks_of(markdown: str, *, path: str = "handbuch/seite.md") -> list[Chunk]:
    """The chunks of a German Markdown page."""
    found = read_bytes(markdown.encode(), path=path, media_type="text/markdown", lang="de")
    assert isinstance(found, Document)
    return chunk(found, size=lambda text: len(words(text)), max_tokens=400)


def candidates(markdown: str, *, broad: bool = False) -> Iterator[Candidate]:
    """What the German rules propose for a page."""
    for part in chunks_of(markdown):
        for rule in german.GRAMMAR.strict + (german.GRAMMAR.broad if broad else ()):
            yield from rule(part, CORPUS)


def wordings(template: str, slots: dict[str, str]) -> list[str]:
    """All questions that the templates make of a candidate, without a place."""
    found = []
    for form in TEMPLATES.forms[template]:
        if set(re.findall(r"\{(\w+)\}", form)) - {"place"} <= slots.keys():
            text = re.sub(
                r"\{(\w+)\}",
                lambda slot: {"place": ""}.get(slot[1]) or slots.get(slot[1], ""),
                form,
            )
            text = re.sub(r" (?=[?,.])", "", re.sub(r" {2,}", " ", text)).strip()
            found.append(text[0].upper() + text[1:])
    return found


def asked(markdown: str, *, broad: bool = False) -> list[str]:
    """All questions, in all wordings, of a page."""
    return [
        question
        for candidate in candidates(markdown, broad=broad)
        for question in wordings(candidate.template, dict(candidate.slots))
    ]


# Sentences that ask


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        # "um ... zu": the infinitive, parted verbs, the familiar form
        (
            "Um die Funkverbindung am Einbauort zu prüfen, starten Sie in der App den Funktest.",
            "Wie kann ich die Funkverbindung am Einbauort prüfen?",
        ),
        (
            "Um einen längeren Zeitraum abzurufen, setzen Sie `aggregate` auf `hour`.",
            "Wie rufe ich einen längeren Zeitraum ab?",
        ),
        (
            "Um in einen höheren Tarif zu wechseln, öffnen Sie Einstellungen > Tarif.",
            "Wie wechsle ich in einen höheren Tarif?",
        ),
        (
            "Um eine Datenbank anzulegen und zu sichern, rufen Sie `dbtool init` auf.",
            "Was muss ich tun, um eine Datenbank anzulegen und zu sichern?",
        ),
        (
            "Um Ihre Rechnungsadresse im Kundenkonto zu ändern, öffnen Sie die Seite Konto.",
            "Wie ändere ich meine Rechnungsadresse im Kundenkonto?",
        ),
        (
            "Um einen Container neu zu starten, führe `docker restart web` aus.",
            "Wie kann ich einen Container neu starten?",
        ),
        (
            "Wählen Sie Ansicht > Feldnamen, um zwischen Feldnamen und Feldinhalten umzuschalten.",
            "Wie gehe ich vor, um zwischen Feldnamen und Feldinhalten umzuschalten?",
        ),
        (
            "Um einen Serienbrief zu erstellen, benötigen Sie eine Adressdatenbank mit Feldern.",
            "Was brauche ich, um einen Serienbrief zu erstellen?",
        ),
        # wishes and means
        (
            "Wenn Sie einen Bericht als PDF speichern möchten, klicken Sie im Menü auf Export.",
            "Wie speichere ich einen Bericht als PDF?",
        ),
        (
            "Sie können eine Symbolleiste verschieben, indem Sie den Griff an ihrem Rand ziehen.",
            "Wie kann ich eine Symbolleiste verschieben?",
        ),
        (
            "Mit dem Befehl `dbtool vacuum` können Sie gelöschte Kundenkonten endgültig entfernen.",
            "Womit kann ich gelöschte Kundenkonten endgültig entfernen?",
        ),
        (
            "Im Dialog Druckoptionen können Sie die Auflösung eines Druckers festlegen.",
            "Wo kann ich die Auflösung eines Druckers festlegen?",
        ),
        (
            "Gelöschte Datensätze können über das Menü Extras wiederhergestellt werden.",
            "",  # an adjective in front, or the name of something: not sure
        ),
        (
            "Die Größe des Quadrates lässt sich über das Menü Werkzeuge einstellen.",
            "Wie lässt sich die Größe des Quadrates einstellen?",
        ),
        (
            "Zum Löschen einer Pivot-Tabelle drücken Sie im Kontextmenü auf Entfernen.",
            "Wie lösche ich eine Pivot-Tabelle?",
        ),
        # conditions
        (
            "Wenn die Batterieladung unter 15 Prozent fällt, meldet der Logger den Code E06.",
            "Was passiert, wenn die Batterieladung unter 15 Prozent fällt?",
        ),
        (
            "Wenn ein Benutzer fünfmal ein falsches Passwort eingibt, sperrt Rill das Konto.",
            "Was geschieht, wenn ein Benutzer fünfmal ein falsches Passwort eingibt?",
        ),
        (
            "Falls Sie ein Textdokument im HTML-Format speichern, werden Grafiken eingebettet.",
            "Was passiert, wenn ich ein Textdokument im HTML-Format speichere?",
        ),
        (
            "Wenn `dbtool` mit dem Code 3 endet, ist die Datenbank nicht erreichbar.",
            "Was bedeutet es, wenn `dbtool` mit dem Code 3 endet?",
        ),
        (
            "Wenn ein Brunnenrohr im Freien steht, muss der Deckel mindestens 20 cm hoch sein.",
            "Was ist zu beachten, wenn ein Brunnenrohr im Freien steht?",
        ),
        # not possible, not allowed, who may
        (
            "Sie können eine ausgestellte Rechnung nicht mehr ändern.",
            "Kann ich eine ausgestellte Rechnung noch ändern?",
        ),
        (
            "Das Sondenkabel darf nicht gekürzt werden, denn darin verläuft die Kapillare.",
            "Darf das Sondenkabel gekürzt werden?",
        ),
        (
            "Die Verschlüsselung auf Port `8421` lässt sich nicht abschalten.",
            "Lässt sich die Verschlüsselung auf Port `8421` abschalten?",
        ),
        (
            "Es ist nicht möglich, neue NTFS-Partitionen zu erstellen.",
            "Ist es möglich, neue NTFS-Partitionen zu erstellen?",
        ),
        (
            "Alarmregeln können nur Benutzer mit der Rolle manager anlegen.",
            "Wer kann Alarmregeln anlegen?",
        ),
        (
            "Nur Administratoren dürfen eine Messstelle endgültig löschen.",
            "Wer darf eine Messstelle endgültig löschen?",
        ),
        # statements with a known verb
        (
            "Der Magnetschlüssel dient dazu, den Transportmodus zu beenden.",
            "Wozu dient der Magnetschlüssel?",
        ),
        (
            "Der Datenspeicher wird verwendet, um Bilder zwischenzuspeichern.",
            "Wofür wird der Datenspeicher verwendet?",
        ),
        (
            "Der Speicher des Loggers ist auf 120.000 Messwerte begrenzt.",
            "Worauf ist der Speicher des Loggers begrenzt?",
        ),
        (
            "Der Standardwert von `retention_days` beträgt 30.",
            "Wie hoch ist der Standardwert von `retention_days`?",
        ),
        (
            "Zwölf Logger im Tarif Stream kosten 108 EUR netto im Monat.",
            "Wie viel kosten zwölf Logger im Tarif Stream?",
        ),
        (
            "Die Jahreslizenz für Schulen kostet 90 EUR.",
            "Wie viel kostet die Jahreslizenz für Schulen?",
        ),
        (
            "Der Link zum Herunterladen bleibt sieben Tage gültig.",
            "Wie lange bleibt der Link zum Herunterladen gültig?",
        ),
        (
            "Gelöschte Organisationen sowie Zugriffsprotokolle der Rill Cloud werden entfernt.",
            "",
        ),
        (
            "Zugriffsprotokolle der Rill Cloud werden nach 14 Tagen gelöscht.",
            "Nach wie vielen Tagen werden Zugriffsprotokolle der Rill Cloud gelöscht?",
        ),
        (
            "Standardmäßig ist der Ereignismodus ausgeschaltet.",
            "Ist der Ereignismodus standardmäßig ausgeschaltet?",
        ),
        (
            "Alle Einstellungen des Rill Servers stehen in der Datei `/etc/rill/rill.toml`.",
            "Wo stehen alle Einstellungen des Rill Servers?",
        ),
        (
            "Der Befehl `git fetch` lädt neue Objekte aus einem anderen Repository.",
            "Was macht der Befehl `git fetch`?",
        ),
        (
            "Die Sonde P10 unterscheidet sich von der Sonde P40 durch ihren Messbereich.",
            "Wie unterscheidet sich die Sonde P10 von der Sonde P40?",
        ),
        (
            "Im Gegensatz zu Brook enthält River eine zugesicherte Verfügbarkeit.",
            "Wie unterscheidet sich River von Brook?",
        ),
        # definitions and reasons
        (
            "Der Ausfallpuffer ist der Speicher des Gateways, der Messwerte 30 Tage aufbewahrt.",
            "Was versteht man unter dem Ausfallpuffer?",
        ),
        (
            "Eine Ganglinie ist die Kurve, die den Wasserstand über der Zeit zeigt.",
            "Was ist mit einer Ganglinie gemeint?",
        ),
        (
            "Lithiumzellen dürfen nicht geladen werden, weil sie sich dabei stark erhitzen.",
            "Warum dürfen Lithiumzellen nicht geladen werden?",
        ),
    ],
)
def test_a_sentence_is_asked_about(sentence: str, question: str) -> None:
    questions = asked(sentence)

    assert question in questions if question else not questions


# Sentences that must not ask; most were read in real documentation


@pytest.mark.parametrize(
    "sentence",
    [
        # hangs on what was said before
        "Dies ist der Speicher des Gateways, der Messwerte bis zu 30 Tage aufbewahrt.",
        "Dazu dient der Magnetschlüssel, der den Transportmodus des Loggers beendet.",
        "Er dient dazu, den Transportmodus des Loggers zu beenden.",
        "Um diese Datei zu öffnen, klicken Sie im Menü auf Datei und dann auf Öffnen.",
        "Um die Tabelle wie oben beschrieben zu drucken, öffnen Sie das Menü Datei.",
        "Um einen Bericht zu drucken, lesen Sie Abschnitt 4.2 und drücken Sie Strg+P.",
        "Wenn sie eingeschaltet ist, blinkt die LED des Loggers alle zehn Sekunden.",
        "Der Speicher ist im folgenden Kapitel auf 120 Messwerte begrenzt.",
        "Um die Sprachausgabe zu aktivieren, können Sie jetzt die Taste S drücken.",
        # a noun that names nothing
        "Um die Datei zu speichern, klicken Sie im Menü auf Datei und dann auf Speichern.",
        "Wenn der Wert leer ist, wird die Zeile in der Ausgabe übersprungen.",
        "Wenn ein Feld mehrere Feldelemente enthält, wird der Pfeil blau dargestellt.",
        "Der Wert dient dazu, die Anzahl der Zeilen zu begrenzen.",
        "Der Standardwert beträgt 15 Minuten.",
        "Die Übertragung dauert etwa sechs Minuten.",
        "Der Code 5 bedeutet, dass die Einstellung ungültig ist.",
        "Um die Geschwindigkeit zu vermindern, verwenden Sie die Feststelltaste mit 5.",
        "Das Git-Repository befindet sich in `/etc/.git/`.",
        # no instruction, a weak one, or half of one
        "Um die Funkverbindung am Einbauort zu verstehen, lesen Sie das Handbuch.",
        "Um Fehler zu vermeiden, prüfen Sie alle Kabel des Gateways vor der Montage.",
        "Um eine Pivot-Tabelle zu löschen, haben Sie mehrere Möglichkeiten zur Auswahl.",
        "Zum Erstellen eines Szenarios wählen Sie zunächst alle Zellen mit Daten aus.",
        "Klicken Sie auf Hinzufügen, um eine Erweiterung hinzuzufügen.",
        "Aktivieren Sie das Markierfeld, um die Namen von Objekten zu exportieren.",
        "Um eine Tabelle zu drucken, klicken Sie auf OK.",
        "Um sich einen Überblick zu verschaffen, öffnen Sie das Menü Ansicht > Karte.",
        "Um nicht jedes Mal ein Passwort einzugeben, hinterlegen Sie einen Schlüssel.",
        # a state of mind, a possibility, an instruction: nothing "happens"
        "Wenn Sie sich für die Technik interessieren, öffnet das Menü Hilfe ein Fenster.",
        "Wenn Sie beim Ziehen die Taste Umschalt drücken, können Sie eine Kopie anlegen.",
        "Wenn Sie auf OK klicken, wird der Dialog geschlossen und die Datei gespeichert.",
        "Wenn Sie die Maustaste loslassen, werden die Zellen ausgefüllt.",
        # the first word is no subject
        "Heutzutage sind die Produktzyklen kurz geworden.",
        "Geeignet ist eine Stelle mit ruhiger Strömung.",
        "Zusätzlich wird ein Protokoll verwendet, um Fehler zu finden.",
        "Den Standardwert von `x` beträgt 5 Minuten.",
        "Ein wesentlicher Unterschied ist die Art, wie Partitionen gespeichert werden.",
        "Abstich Der Abstich ist der senkrechte Abstand von der Messmarke zum Spiegel.",
        # opinions, parts of answers, negations
        "Die Schnellmaske ist ein sehr hilfreiches Mittel, das bei der Auswahl hilft.",
        "Die Diagnosedatei enthält auch die letzten 500 Messwerte.",
        "Das Hochkomma wird in der Zelle nicht angezeigt.",
        "Lithiumzellen dürfen nicht geladen, geöffnet oder kurzgeschlossen werden.",
        "Sie können nicht ein Poster bearbeiten und gleichzeitig eine Antwort erwarten.",
        "Allgemeine Leitlinien für Pakete beschreibt übliche Richtlinien für Pakete.",
        "Im Unterschied zu Rechnern benötigen LTSP Diskless Stationen keine Anmeldung.",
        "Um eine Formel einzugeben, können Sie auch das Pluszeichen im Ziffernblock drücken.",
        "Wenn ein Upgrade von Version 3.11 ansteht, wird empfohlen, `app-cli` zu verwenden.",
        # a part of a window, an example, a second purpose, a placeholder
        "Der Bereich Auftreten ermöglicht es Ihnen, das Ende einer Buchung festzulegen.",
        "Zeile 2 bestimmt den Bereich der Distribution, in die das Paket gehört.",
        "Das Beispielbild enthält vier Ebenen auf einer großen Zeichenfläche.",
        "Der augenblickliche Marktwert zum Zeitpunkt des Verkaufs beträgt 600.000,- €.",
        "Wenn Sie zwei Tasten drücken, können Sie Klebetasten ausschalten, um Text einzugeben.",
        "Sie können eine Benachrichtigung anzeigen, indem Sie darauf klicken.",
        "Das Paket `dput` scheint mehr Funktionen als `dupload` zu enthalten.",
        # what icons and keys left behind
        "Um eine Zelle mit der Tastatur zu markieren, drücken Sie +Umschalt und ziehen.",
    ],
)
def test_a_sentence_that_would_ask_badly_asks_nothing(sentence: str) -> None:
    assert asked(f"# Allgemeines\n\n{sentence}") == []


def test_what_something_consists_of_is_more_than_their_number() -> None:
    page = "# Der Rill Logger\n\nDer Rill Logger besteht aus {0}."

    assert asked(page.format("einem Gehäuse und drei Sonden"))
    assert asked(page.format("drei Modulen, die man einzeln tauscht"))
    for parts in ("drei Modulen", "mehreren austauschbaren Modulen", "vielen einzelnen Modulen"):
        assert not asked(page.format(parts))


def test_an_instruction_is_answered_with_all_its_steps() -> None:
    page = (
        "# Leuchten\n\nUm eine Leuchte am Gateway zu sperren, öffnen Sie das Menü Gateway > LED. "
        "Wählen Sie danach die Nummer aus. Die Leuchte bleibt dunkel."
    )
    (part,) = chunks_of(page)

    (found,) = candidates(page)

    assert part.text[slice(*found.answer)].endswith("Wählen Sie danach die Nummer aus.")


def test_a_lead_in_is_answered_with_its_code_or_list() -> None:
    page = (
        "# Konten\n\nUm ein gesperrtes Konto sofort freizugeben, setzen Sie das Passwort neu:\n\n"
        "```bash\nrillctl user reset-password anna\n```\n\n"
        "So verlegen Sie die Sicherung auf ein Netzlaufwerk:\n\n"
        "1. Tragen Sie den Pfad ein.\n2. Starten Sie den Dienst neu.\n"
    )
    (part,) = chunks_of(page)

    answers = [part.text[slice(*each.answer)] for each in candidates(page)]

    assert sorted(
        answer.rstrip("`\n").endswith(("Dienst neu.", "reset-password anna")) for answer in answers
    ) == [True, True]
    assert "Wie verlege ich die Sicherung auf ein Netzlaufwerk?" in asked(page)


def test_a_definite_noun_is_asked_about_in_its_own_section_only() -> None:
    sentence = (
        "Um die Diagnosedatei zu erzeugen, öffnen Sie in der App die Seite Diagnose > Bericht."
    )

    assert asked(f"# Diagnosedatei erzeugen\n\n{sentence}")
    assert not asked(f"# Kundendienst\n\n{sentence}")


def test_a_word_for_settings_alone_is_not_asked_about() -> None:
    sentence = "{} bestimmt den höchsten Wert, der beim Start des Loggers eingestellt werden kann."

    assert asked(f"# PollLimit-Direktive\n\n{sentence.format('Die Direktive `PollLimit`')}")
    assert not asked(f"# PollLimit-Direktive\n\n{sentence.format('Die Direktive')}")


def test_what_to_do_about_a_fault_is_asked_in_broad_mode_only() -> None:
    page = "Wenn alle Logger eines Gateways verstummen, prüfen Sie den Netzanschluss am Gateway."

    assert not asked(page)
    assert "Was soll ich tun, wenn alle Logger eines Gateways verstummen?" in asked(
        page, broad=True
    )


# Headings


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Batterien wechseln", "Wie kann ich Batterien wechseln?"),
        ("Tarif wechseln", "Wie wechsle ich den Tarif?"),
        ("Sonde reinigen", "Wie reinige ich die Sonde?"),
        (
            "Messintervall einstellen",
            "Welche Schritte sind nötig, um das Messintervall einzustellen?",
        ),
        ("3.2. Neuen Benutzer anlegen", "Wie lege ich einen neuen Benutzer an?"),
        ("Neues Projekt erstellen", "Wie erstelle ich ein neues Projekt?"),
        (
            "Tabelle über die Symbolleiste einfügen",
            "Wie füge ich eine Tabelle über die Symbolleiste ein?",
        ),
        ("Titel eines Dokuments ändern", "Wie ändere ich den Titel eines Dokuments?"),
        ("So fordern Sie eine Auskunft an", "Wie fordere ich eine Auskunft an?"),
        ("Löschen einer Zelle", "Wie lösche ich eine Zelle?"),
        ("Hinzufügen eines neuen Rahmens", "Wie füge ich einen neuen Rahmen hinzu?"),
        ("Einrichten von Webhooks", "Wie funktioniert das Einrichten von Webhooks?"),
        ("Datei umbenennen", "Wie benenne ich eine Datei um?"),
        ("Springende Tasten aktivieren", "Wie aktiviere ich springende Tasten?"),
        ("Logger und Sonde einbauen", ""),
        ("Eigene Funktion verwenden", ""),
        (
            "Summen von Tabellenzellen berechnen",
            "Wie kann ich Summen von Tabellenzellen berechnen?",
        ),
        ("Drolf wechseln", ""),  # no gender known
        ("Voraussetzungen", ""),
        ("Was ist neu", ""),
    ],
)
def test_a_task_heading_becomes_a_question(title: str, question: str) -> None:
    wording = german.task(title, CORPUS, chunks_of("# Seite\n\nText.")[0])

    questions = wordings(wording.template, dict(wording.slots)) if wording else []
    assert question in questions if question else not questions


@pytest.mark.parametrize(
    ("title", "question"),
    [
        (
            "Wo die Zugriffsprotokolle der Nutzer liegen",
            "Wo liegen die Zugriffsprotokolle der Nutzer?",
        ),
        ("Welche Daten verarbeitet werden", "Welche Daten werden verarbeitet?"),
        ("Wie der Ausfallpuffer funktioniert", "Wie funktioniert der Ausfallpuffer?"),
        ("Was Sie wissen sollten", ""),
        ("Wie es weitergeht", ""),
        ("Was der Befehl tut", ""),
    ],
)
def test_a_clause_heading_becomes_a_question(title: str, question: str) -> None:
    wording = german.heading(title, CORPUS, chunks_of("# Seite\n\nText.")[0])

    questions = (
        wordings(wording.template, dict(wording.slots)) if isinstance(wording, Wording) else []
    )
    assert question in questions if question else not questions


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        ("Wie lange halten die Batterien des Loggers?", True),
        ("Kann ich vorhandene Logger weiterverwenden?", True),
        ("Was ist das?", False),
        ("Wie geht das?", False),
        ("Noch Fragen?", False),
        ("Fehlende Information für die Farbkorrektur?", False),
        ("Welche Datei enthält die Einstellungen?", True),
        ("Haben Sie weitere Fragen zur API?", False),
        ("Wozu dient diese Einstellung im Menü?", False),
        ("Der Drucker meldet den Fehler E3!?", False),
    ],
)
def test_a_question_heading_must_say_what_it_is_about(heading: str, says: bool) -> None:
    assert german.asks(heading) is says


# Forms


@pytest.mark.parametrize(
    ("verb", "prefix", "ich"),
    [
        ("prüfen", "", "prüfe"),
        ("abrufen", "ab", "rufe"),
        ("wechseln", "", "wechsle"),
        ("ändern", "", "ändere"),
        ("einrichten", "ein", "richte"),
        ("überprüfen", "", "überprüfe"),
        ("umbenennen", "um", "benenne"),
        ("analysieren", "", "analysiere"),
        ("zurücksetzen", "zurück", "setze"),
        ("öffnen", "", "öffne"),
    ],
)
def test_verbs_part_where_they_should(verb: str, prefix: str, ich: str) -> None:
    assert prefix_of(verb) == prefix
    assert ich_form(verb.removeprefix(prefix)) == ich


def test_a_verb_that_may_part_or_not_is_left_alone() -> None:
    assert prefix_of("umfahren") is None


@pytest.mark.parametrize(
    ("noun", "sort"),
    [
        ("Tarif", "m"), ("Störungscode", "m"), ("Fußnote", "f"), ("Verbindung", "f"),
        ("Messintervall", "n"), ("Batterien", "p"), ("Einstellungen", "p"), ("Räume", "p"),
        ("API-Token", "n"), ("Zwirbel", ""),
    ],
)  # fmt: skip
def test_genders(noun: str, sort: str) -> None:
    assert gender(noun) == sort


def test_cases() -> None:
    assert dative("der Ausfallpuffer") == "dem Ausfallpuffer"
    assert dative("die Ganglinie") == "der Ganglinie"
    assert dative("der Kunde") is None
    assert dative("die Batterien") is None
    assert accusative("der Magnetschlüssel") == "den Magnetschlüssel"
    assert (
        accusative_of_genitive("eines neuen Szenarios im Dokument")
        == "ein neues Szenario im Dokument"
    )
    assert accusative_of_genitive("der Zelle") == "die Zelle"
    assert mine("Ihre Daten in Ihrem Konto") == "meine Daten in meinem Konto"


@given(
    thing=st.sampled_from(
        ["einen Bericht", "die Batterien des Loggers", "alle Messwerte", "`rill.toml`"]
    ),
    verb=st.sampled_from(["prüfen", "abrufen", "einrichten", "umbenennen", "ändern", "hinzufügen"]),
)
def test_a_task_says_the_same_in_all_its_forms(thing: str, verb: str) -> None:
    prefix = prefix_of(verb) or ""
    stem = verb.removeprefix(prefix)
    zu = f"{prefix}zu{stem}" if prefix else f"zu {verb}"

    task = task_of_zu(f"{thing} {zu}")

    assert task is not None
    assert (task.bare, task.zu, task.thing) == (f"{thing} {verb}", f"{thing} {zu}", thing)
    assert task.rest == f"{thing} {prefix}".strip()


@given(st.text(max_size=200))
def test_no_text_breaks_the_rules(text: str) -> None:
    if text.strip():
        self_sufficient(text.strip())
        german.asks(text)
        german.shape(text)
        german.step(text)
        german.task(text, CORPUS, chunks_of("# Seite\n\nText.")[0])
        german.heading(text, CORPUS, chunks_of("# Seite\n\nText.")[0])


# The writer on a German page


PAGE = """# Wartung des Nordlicht Hub

## Batterie wechseln

1. Schalten Sie den Hub aus.
2. Öffnen Sie die Klappe an der Rückseite.
3. Setzen Sie die neue Batterie ein.

## Fehlercodes

| Fehlercode | Bedeutung | Abhilfe |
| --- | --- | --- |
| E17 | Die Netzfrequenz liegt außerhalb des Bereichs | Netzanschluss von Fachleuten prüfen lassen |
| E23 | Der Wechselrichter antwortet nicht | Kommunikationskabel auf Schäden prüfen |

## Einstellungen

| Einstellung | Standardwert | Bedeutung |
| --- | --- | --- |
| `poll_interval` | `30` | Abstand der Abfragen in Sekunden |
| `export_limit` | `70` | Höchste Einspeisung in Prozent der Nennleistung |

## Wie lange hält die Batterie des Hub?

Die Batterie des Hub hält bei täglicher Nutzung etwa zehn Jahre.

## Glossar

- Inselmodus: Betrieb des Hauses ohne öffentliches Netz, gespeist aus der Batterie.
- Einspeisung: Strom, der vom Haus in das öffentliche Netz fließt.
"""


def drafts() -> list[Draft]:
    found = write(
        chunks_of(PAGE),
        templates={"de": TEMPLATES},
        rules="strict",
        seed=1,
        product="Nordlicht Hub",
        max_per_chunk=50,
    )
    return [each for each in found if isinstance(each, Draft)]


def test_a_german_page_gives_german_questions_of_many_kinds() -> None:
    found = drafts()

    kinds = {each.origin.rule for each in found}
    assert {"procedure.steps", "heading.question", "table.description", "list.term"} <= kinds
    assert all(each.lang == "de" and each.question.endswith(("?", ".")) for each in found)
    assert any("E17" in each.question for each in found)
    assert not any("{" in each.question for each in found)


def test_every_template_is_filled_by_words_that_exist() -> None:
    known = {
        "place", "task", "zu", "ich", "rest", "laesst", "action", "clause", "agent", "question",
        "may", "plural", "verb", "subject", "ist", "hat", "wird", "dient", "dative", "accusative",
        "other",
        "unterscheidet", "unit", "done", "key", "thing", "command", "quoted", "noun", "w",
        "code", "at",
    }  # fmt: skip

    for name, forms in TEMPLATES.forms.items():
        for form in forms:
            assert set(re.findall(r"\{(\w+)\}", form)) <= known, name


def test_a_sentence_of_a_manual_page_is_asked_with_its_command() -> None:
    sentence = "Falls LESSBINFMT nicht gesetzt ist, wird das Attribut normal angenommen."
    page = f"# rillctl(8)\n\n## BESCHREIBUNG\n\n{sentence}\n"

    assert [found.slots.get("place") for found in candidates(page)] == ["bei `rillctl`"]
    assert [found.slots.get("place") for found in candidates(page.replace("(8)", ""))] == [None]


def test_two_deeds_in_one_lead_are_no_task() -> None:
    page = (
        "# Wartung\n\nSo zeigen Sie alle Messwerte und setzen den Zähler an:\n\n"
        "```\nrillctl start\n```\n"
    )

    assert list(candidates(page)) == []
    assert len(list(candidates(page.replace(" und setzen den Zähler", "")))) == 1
