"""German statements whose verb tells what to ask: purpose, amount, duration, place, definition.

A statement is asked about when its verb is one of those below and every word before it is known to
belong to a subject (`german_grammar.subject`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.text import fold, words
from builder.write import german_words as lists
from builder.write.german_grammar import (
    PRONOUNS,
    accusative,
    dative,
    gender,
    hidden,
    specific,
    subject,
    tokens,
    vague,
)
from builder.write.german_sentences import (
    NO_CLASS,
    NUMBER,
    UNIT,
    Family,
    Said,
    about,
    candidate,
    is_term,
)
from builder.write.rule import Candidate

# Statements with a known verb: purpose, amount, duration, place ...


@dataclass(frozen=True, slots=True)
class _Frame:
    """A pattern of statements and the templates that ask for it.

    pattern: over the whole hidden sentence; its group "subject" is checked, the others become
             slots verbatim; without "verb", the verb is the word after the subject.
    """

    rule: str
    type: str
    template: str
    pattern: re.Pattern[str]
    fact: bool


def _frame(rule: str, kind: str, template: str, pattern: str, *, fact: bool = False) -> _Frame:
    return _Frame(rule, kind, template, re.compile(pattern), fact)


_S = r"(?P<subject>[^,;:]+?)"
_ON = (
    r"(?P<rest>aktiviert|deaktiviert|eingeschaltet|ausgeschaltet|aktiv|inaktiv|abgeschaltet"
    r"|ausgeblendet|eingeblendet|installiert|gesperrt|verborgen|erlaubt|verboten)"
)
_ABOUT = (
    r"(?:standardmäßig |etwa |rund |ca\. |circa |ungefähr |maximal |höchstens |mindestens "
    r"|bis zu )?"
)
_USED = r"(?:verwendet|benutzt|genutzt|eingesetzt|benötigt|gebraucht)"
_STORED = (
    r"(?P<done>gespeichert|abgelegt|hinterlegt|angezeigt|aufgelistet|festgelegt|definiert"
    r"|konfiguriert|verwaltet|eingetragen|protokolliert)"
)
_LASTING = (
    r"(?P<rest>gültig|aktiv|erhalten|gespeichert|verfügbar|sichtbar|bestehen|offen|gesperrt|lesbar"
    r"|eingeschaltet|wach)"
)
_REGULAR = (
    rf"(?:alle {NUMBER}(?: bis {NUMBER})? {UNIT}|täglich|wöchentlich|monatlich|jährlich"
    r"|einmal (?:im|pro|am) \w+)"
)
_KIND = (
    r"(?:Befehl|Option|Funktion|Methode|Parameter|Schalter|Einstellung|Datei|Variable|Attribut"
    r"|Eigenschaft|Feld|Paket|Programm|Werkzeug|Skript|Dienst|Modul|Klasse|Operator|Kommando"
    r"|Endpunkt|Dialog|Symbolleiste|Menü|Schaltfläche|Plugin|Adapter"
    r"|Umgebungsvariable|Umgebungsvariable|Konfigurationsdatei|Anweisung|Direktive"
    r"|Assistent|Ansicht)"
)
_CONTAINS = (
    r"(?P<verb>bestimmt|bestimmen|steuert|steuern|regelt|regeln"
    r"|beschreibt|beschreiben|definiert|definieren|beeinflusst|beeinflussen|berechnet|berechnen)"
)
_HOLDER = (
    r"(?:[A-ZÄÖÜ]\w*)?(?:[Dd]atei|[Vv]erzeichnis|[Oo]rdner|[Pp]aket|[Aa]rchiv|[Pp]rotokoll|[Ll]iste"
    r"|[Tt]abelle|[Bb]ericht|[Mm]enü|[Ll]eiste|[Dd]ialog|[Ff]eld|[Ll]og|[Oo]bjekt"
    r"|[Vv]ariable|[Rr]ückgabe"
    r"|[Aa]ntwort|[Rr]echnung|[Tt]arif|[Ll]izenz|[Ee]-Mail|[Nn]achricht|[Dd]atensatz|[Ee]intrag)"
)
_AT = r"(?:in|im|unter|auf|am|an|neben|über|hinter|bei|beim|rechts|links|oben|unten|innerhalb)"
_FRAMES = (
    _frame(
        "purpose", "conceptual", "purpose",
        rf"{_S} (?P<verb>dient|dienen) (?:dazu, .+|(?:zum|zur|als|der) .+)",
    ),
    _frame(
        "purpose", "conceptual", "purpose.used",
        rf"{_S} (?P<verb>wird|werden) (?:dazu |dafür )?{_USED}, um .+",
    ),
    _frame(
        "purpose", "conceptual", "purpose.used",
        rf"{_S} (?P<verb>wird|werden) (?:zum|zur|für) [^,]+ {_USED}",
    ),
    _frame(
        "lets", "conceptual", "purpose.lets",
        rf"{_S} (?P<verb>ermöglicht|erlaubt|gestattet)(?: es)?(?: Ihnen)?, .+ zu .+",
    ),
    _frame(
        "verb", "conceptual", "stands",
        rf"{_S} (?P<verb>steht|stehen) für .+",
    ),
    _frame(
        "verb", "factual", "consists",
        rf"{_S} (?P<verb>besteht|bestehen) aus "
        r"(?!(?:\d+|zwei|drei|vier|fünf|sechs|sieben|acht|mehreren|vielen|einigen|verschiedenen)"
        r" (?:[a-zäöüß]+ )?\S+$).+",
    ),
    _frame(
        "verb", "factual", "depends",
        rf"{_S} (?P<verb>hängt|hängen) (?:davon ab, .+|von .+ ab)",
    ),
    _frame(
        "verb", "factual", "based",
        rf"{_S} (?P<verb>basiert|basieren|beruht|beruhen) auf .+",
    ),
    _frame(
        "verb", "factual", "refers",
        rf"{_S} (?P<verb>bezieht|beziehen) sich auf .+",
    ),
    _frame(
        "verb", "factual", "follows",
        rf"{_S} (?P<verb>richtet|richten) sich (?:nach .+|danach, .+)",
    ),
    _frame(
        "verb", "factual", "responsible",
        rf"{_S} (?P<verb>ist|sind) (?:für .+ (?:zuständig|verantwortlich)|(?:zuständig"
        r"|verantwortlich) für .+|dafür (?:zuständig|verantwortlich), .+)",
    ),
    _frame(
        "verb", "factual", "sets",
        rf"{_S} (?P<verb>legt|legen) fest, .+",
    ),
    _frame(
        "verb", "factual", "tells",
        rf"{_S} (?P<verb>gibt|geben) an, .+",
    ),
    _frame(
        "verb", "conceptual", "means",
        rf"{_S} (?P<verb>bedeutet|bedeuten)(?:, dass)? .+",
    ),
    _frame(
        "verb", "factual", "suited",
        rf"{_S} (?P<verb>eignet|eignen) sich (?:\w+ )?(?:für|zum|zur) .+",
    ),
    _frame(
        "contrast", "comparison", "differs",
        rf"{_S} (?P<verb>unterscheidet|unterscheiden) sich (?:\w+ )?(?P<other>von [^,]+?)(?: "
        r"durch .+| in .+|, .+)",
    ),
    _frame(
        "where", "factual", "where",
        rf"{_S} (?P<verb>befindet|befinden) sich (?:standardmäßig )?(?P<at>{_AT} .+)",
        fact=True,
    ),
    _frame(
        "where", "factual", "where.lies",
        rf"{_S} (?P<verb>liegt|liegen|steht|stehen) (?:standardmäßig )?(?P<at>(?:in|im|unter"
        r"|auf) (?:der Datei|dem Verzeichnis|Verzeichnis|Ordner|dem Ordner|`)[^,;]*)",
        fact=True,
    ),
    _frame(
        "where", "factual", "where.done",
        rf"{_S} (?P<verb>wird|werden) (?:standardmäßig |immer )?(?P<at>(?:in|im|unter|auf) "
        rf"[^,;]+) {_STORED}",
        fact=True,
    ),
    _frame(
        "does", "factual", "does.what",
        rf"{_S} {_CONTAINS} (?!Sie\b)\S+ \S+ .+",
    ),
    _frame(
        "does", "factual", "does.what",
        rf"(?P<subject>(?:Der|Die|Das|Jeder|Jede|Jedes|Ein|Eine) {_HOLDER}(?: [^,;:]*?)?) "
        r"(?P<verb>enthält|umfasst) \S+ \S+ .+",
    ),
    _frame(
        "does", "factual", "does",
        rf"(?P<subject>(?:Der|Die|Das) (?:\w+e )?{_KIND} (?:`x*`|\u201ex*\u201c|\"x*\""
        r"|\u00bbx*\u00ab)) (?!(?:ist|hat|darf|kann|muss|soll|wird|befindet|steht|liegt"
        r"|heißt|gilt|existiert|scheint)\b)(?P<verb>[a-zäöüß]+t) \S+ .+",
    ),
    _frame(
        "limit", "factual", "amount",
        rf"{_S} (?P<verb>beträgt|betragen) {_ABOUT}{NUMBER}\b(?!.*(?:\u20ac|EUR|Euro)).*",
        fact=True,
    ),
    _frame(
        "limit", "factual", "limit",
        rf"{_S} (?P<verb>ist|sind) (?:standardmäßig )?auf [^,;]*\d[^,;]* (?P<done>begrenzt"
        r"|beschränkt|limitiert|eingestellt|festgelegt|gesetzt|voreingestellt)(?:, .+)?",
        fact=True,
    ),
    _frame(
        "cost", "factual", "costs",
        rf"{_S} (?P<verb>kostet|kosten) {_ABOUT}{NUMBER}\b.*",
        fact=True,
    ),
    _frame(
        "how_long", "factual", "lasts",
        rf"{_S} (?P<verb>dauert|dauern|hält|halten) [^,;]*?{NUMBER} {UNIT}\b.*",
        fact=True,
    ),
    _frame(
        "how_long", "factual", "time.after",
        rf"{_S} (?P<verb>wird|werden) (?:spätestens |frühestens |automatisch )?nach "
        rf"{_ABOUT}\d+ (?P<unit>{UNIT}) (?P<rest>[^,;]+[tn])(?:, .+)?",
        fact=True,
    ),
    _frame(
        "how_long", "factual", "time.remains",
        rf"{_S} (?P<verb>bleibt|bleiben|ist|sind|gilt|gelten) (?P<before>[^,;:]*?)(?:noch "
        rf")?{_ABOUT}{NUMBER} {UNIT}(?: lang)? {_LASTING}",
        fact=True,
    ),
    _frame(
        "how_long", "factual", "time.default",
        rf"Standardmäßig (?P<verb>ist|sind|bleibt|bleiben) {_S} {NUMBER} {UNIT}(?: lang)? "
        rf"{_LASTING}",
        fact=True,
    ),
    _frame(
        "how_often", "factual", "time.often",
        rf"{_S} (?P<verb>wird|werden|muss|müssen|sollte|sollten) (?:spätestens |mindestens "
        rf")?{_REGULAR} (?P<rest>[^,;]+)",
        fact=True,
    ),
    _frame(
        "by_default", "factual", "default",
        rf"{_S} (?P<verb>ist|sind) standardmäßig {_ON}",
        fact=True,
    ),
    _frame(
        "by_default", "factual", "default",
        rf"Standardmäßig (?P<verb>ist|sind) {_S} {_ON}",
        fact=True,
    ),
)  # fmt: skip


def _framed(said: Said) -> Iterator[Candidate]:
    if not said.text.endswith("."):
        return
    for frame in _FRAMES:
        found = frame.pattern.fullmatch(said.plain)
        if found and frame.type == "factual" and _NOT_PLAIN.search(said.plain):
            return
        slots = _slots(said, found) if found else None
        longest = 0 if frame.rule == "where" else 13
        if slots is not None and about(said, slots["subject"], longest=longest):
            template = frame.template + _measure(frame.template, said.plain)
            yield candidate(said, frame.rule, frame.type, template, slots, fact=frame.fact)
            return


_NOT_PLAIN = re.compile(
    r"\b(?:nicht|keine?\w*|auch|ebenfalls|außerdem|zudem|ebenso|normalerweise|manchmal|meist\w*|oft"
    r"|teilweise|gelegentlich|beispielsweise|zum Beispiel|z\. ?B|üblicherweise|weitere\w*)\b"
)


def _slots(said: Said, found: re.Match[str], *, most: int = 9) -> dict[str, str] | None:
    """The groups of a match as slots, with the forms that agree with its subject."""
    named = subject(said.part(found, "subject"), said.corpus, most=most)
    if (
        named is None
        or _CONTAINER.match(named)
        or not specific(named)
        or named.removesuffix(" 2") == said.corpus.product
    ):
        return None
    slots = {name: said.part(found, name) for name, part in found.groupdict().items() if part}
    if slots["verb"] in _ONE and _is_plural_subject(named):
        return None
    if "before" in slots:
        slots["rest"] = " ".join(f"{slots['before']} {slots['rest']}".split())
    asked = " ".join(slots.get(name, "") for name in ("rest", "other"))
    if "at" in slots and (not specific(slots["at"]) or vague(slots["at"])):
        return None
    if PRONOUNS.search(hidden(asked)) or vague(asked) or re.search(r"\bSie\b", asked):
        return None
    many = slots["verb"] not in _ONE and not slots["verb"].endswith("t")
    slots |= {"subject": named} | {one: plural if many else one for one, plural in _AGREEING}
    if not many and (form := dative(named)):
        slots["dative"] = form
    if not many and (form := accusative(named)):
        slots["accusative"] = form
    return slots


# "der Bereich Auftreten": part of a window that only the page shows; "die in X bestimmte Datei"
_CONTAINER = re.compile(
    r"(?:der|die|das) (?:(?:Bereich|Karteiseite|Karteikarte|Registerkarte|Register|Reiter"
    r"|Gruppe|Feld"
    r"|Spalte|Eintrag|Abschnitt|Knopf|Teil)\b|(?:in|im|unter|bei|von|durch|mit|zu|auf|für)\b)"
)


def _is_plural_subject(named: str) -> bool:
    """Whether a subject without article is a plural ("allgemeine Leitlinien für ...")."""
    noun = next((token for token in tokens(named) if token[:1].isupper()), "")
    start = named.split(" ")[0]
    return (
        start not in lists.ARTICLES
        and start not in ("jeder", "jede", "jedes")
        and gender(noun) == "p"
    )


_ONE = frozenset(
    """
    ist wird dient steht besteht hängt basiert beruht bezieht richtet legt gibt bedeutet eignet kann
    unterscheidet befindet liegt beträgt kostet dauert hält bleibt gilt muss sollte ermöglicht
    erlaubt gestattet enthält umfasst bestimmt steuert regelt beschreibt definiert beeinflusst
    berechnet
    """.split()
)
_AGREEING = (("ist", "sind"), ("wird", "werden"), ("hat", "haben"), ("dient", "dienen"))
_SIZE = re.compile(
    r"\d ?(?:km|m|cm|mm|Meter|Kilometer|Zentimeter|Millimeter|[kKMGT]i?B|Bytes?|Pixel)\b"
)


def _measure(template: str, plain: str) -> str:
    """The variant of a template that fits the unit of an amount."""
    if template != "amount":
        return ""
    if re.search(r"[Ww]ert\b", plain):
        return ".value"
    if re.search(rf"\b{UNIT}\b", plain):
        return ".time"
    return ".size" if _SIZE.search(plain) else ""


# Definitions, contrast, reasons


_IS = re.compile(
    rf"{_S} (?P<verb>ist(?= ein| der| die| das)|sind(?= die)) (?P<what>(?:ein|eine|der|die|das) .+)"
)
_UNDER = re.compile(r"Unter (?P<subject>[^,;:]+?) versteht man .+")
_EXPLAINED = re.compile(
    r", (?:(?:mit|in|an|auf|aus|bei|für|über|durch|von|zu|unter) )?(?:der|die|das|dem|den"
    r"|deren|dessen"
    r"|welche[rsnm]?|wo)\b| (?:zum|zur|für|von|vom|mit|des|der|zwischen|aus|in|im) "
)


def _definition(said: Said) -> Iterator[Candidate]:
    found = _IS.fullmatch(said.plain)
    if found and said.text.endswith(".") and _defines(found["what"]) and is_term(found["subject"]):
        slots = _slots(said, found, most=4)
        if slots is not None:
            yield candidate(said, "definition", "conceptual", "definition", slots)
    found = _UNDER.fullmatch(said.plain)
    if found and not PRONOUNS.search(found["subject"]) and not vague(found["subject"]):
        slots = {"dative": said.part(found, "subject")}
        yield candidate(said, "definition", "conceptual", "definition.under", slots)


def _defines(what: str) -> bool:
    return len(words(what)) >= 6 and not NO_CLASS.match(what) and bool(_EXPLAINED.search(what))


_UNLIKE = re.compile(
    r"(?:Im Gegensatz zu|Im Unterschied zu) (?P<other>[^,;:]+?) "
    r"(?P<verb>[a-zäöüß]+t|ist|sind|wird|kann|[a-zäöüß]+en) "
    r"(?P<subject>(?:(?:der|die|das) )?[A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]*)*|`x*`) (?![A-ZÄÖÜ]).+"
)
_WHY = re.compile(
    rf"{_S} (?P<verb>darf|dürfen|sollte|sollten|muss|müssen|kann|können|lässt sich|lassen sich) "
    r"(?P<rest>[^,;:]+ [a-zäöüß]+n), (?:weil|denn|da) .+"
)


def _contrast(said: Said) -> Iterator[Candidate]:
    found = _UNLIKE.fullmatch(said.plain)
    if not found or vague(found["other"]) or PRONOUNS.search(found["other"]):
        return
    named = said.part(found, "subject")
    if any(map(gender, named.split(" ")[1:])) and not named.startswith(("der ", "die ", "das ")):
        return
    known = specific(found["other"]) or not gender(found["other"])
    if not known or fold(named.split(" ")[-1]) in lists.VAGUE | {"sie", "man"}:
        return
    many = re.search(r"(?:en|sind)$", found["verb"])
    slots = {"subject": named, "other": said.part(found, "other")}
    slots["unterscheidet"] = "unterscheiden" if many else "unterscheidet"
    yield candidate(said, "contrast", "comparison", "contrast", slots)


def _why(said: Said) -> Iterator[Candidate]:
    found = _WHY.fullmatch(said.plain)
    if not found or PRONOUNS.search(found["rest"]) or vague(found["rest"]):
        return
    named = subject(said.part(found, "subject"), said.corpus)
    rest = said.part(found, "rest")
    if named is None or not specific(f"{named} {rest}") or re.search(r"\b(?:Sie|man)\b", rest):
        return
    slots = {"subject": named, "verb": found["verb"], "rest": rest}
    yield candidate(said, "because", "conceptual", "why", slots)


FAMILIES: Sequence[Family] = (_framed, _contrast, _definition, _why)
