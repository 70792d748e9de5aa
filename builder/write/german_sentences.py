"""German sentences that tell how, what happens, what cannot be done and who may.

German puts the verb where it can be found: last after "wenn" and "um ... zu". So a condition goes
unchanged into "Was passiert, wenn ...?", and a purpose becomes "Wie kann ich ...?". Answers are
whole sentences, verbatim. Statements with other verbs are in `german_statements`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.records import LISTED, Block, Chunk
from builder.text import fold, words
from builder.write import german_words as lists
from builder.write.german_grammar import (
    PRONOUNS,
    accusative_of_genitive,
    gender,
    hidden,
    ich_form,
    is_action,
    is_adjective,
    is_name,
    mine,
    parts_of,
    self_sufficient,
    specific,
    subject,
    task_of_bare,
    task_of_sie,
    task_of_zu,
    tokens,
    vague,
)
from builder.write.reading import CODE, Statement, section_place, statements
from builder.write.rule import Candidate, Corpus, Span, Wording

NUMBER = rf"(?:\d[\d.,]*|{lists.NUMBERS})"
UNIT = r"(?:Sekunde|Minute|Stunde|Tag|Woche|Monat|Jahr|Arbeitstag|Werktag|Kalendertag)(?:e?n|e)?"
_MAX_ANSWER = 150  # words


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that may be an answer.

    plain: its text with code, quotations and brackets hidden, without the full stop; offsets into
           it are offsets into text.
    """

    chunk: Chunk
    corpus: Corpus
    statement: Statement
    text: str
    plain: str

    def part(self, found: re.Match[str], group: str) -> str:
        """What a group of a match in plain is in the text."""
        return self.text[slice(*found.span(group))]


Family = Callable[[Said], Iterator[Candidate]]


def each(chunk: Chunk, corpus: Corpus, families: Sequence[Family]) -> Iterator[Candidate]:
    """What the families propose for the sentences of a chunk that may be answers."""
    for statement in statements(chunk):
        text = chunk.text[slice(*statement.span)]
        if self_sufficient(text):
            said = Said(chunk, corpus, statement, text, hidden(text).rstrip(".:"))
            for family in families:
                yield from family(said)


def candidate(
    said: Said,
    rule: str,
    kind: str,
    template: str,
    slots: Mapping[str, str],
    *,
    fact: bool = False,
    answer: Span | None = None,
) -> Candidate:
    if names_subject(slots, said.chunk, said.corpus):
        slots = {**slots, "place": ""}
    elif "place" not in slots and (place := command_place(said)):
        slots = {**slots, "place": place}
    return Candidate(
        rule=f"sentence.{rule}",
        type=kind,
        template=template,
        slots=slots,
        answer=answer or said.statement.span,
        fact=fact,
    )


def command_place(said: Said) -> str:
    """ "bei `grep`": the command of a manual page, whose sentences never name it."""
    title = said.statement.block.heading_path[0]
    if not re.fullmatch(r"[\w.:-]+\(\d\w*\)", title):
        return ""
    place = section_place(said.statement.block, said.corpus.templates["de"])
    own = CODE.findall(place)
    return "" if any(name in said.text for name in own) else place


def names_subject(slots: Mapping[str, str], chunk: Chunk, corpus: Corpus) -> bool:
    """Whether a question speaks of what its page is about: "den Logger" of the "Rill Logger R2"."""
    names = [name for name in corpus.subjects.get(chunk.doc_id, "").split() if len(name) > 3]
    asked = " ".join(slots.values())
    return any(re.search(rf"\b{re.escape(name)}s?\b", asked) for name in names)


_BARE_NOUN = re.compile(r"(?:den|die|das|der) (?:[a-zäöüß]+ )?([A-ZÄÖÜ][\w-]+)")


def about(said: Said, thing: str, *, longest: int = 0) -> bool:
    """Whether "die Datei" with nothing that makes it exact is what the section is about.

    longest: a noun of at least so many letters is exact enough (0: none is).
    """
    bare = _BARE_NOUN.fullmatch(thing)
    if not bare or (longest and len(bare[1]) >= longest):
        return True
    noun = bare[1].lower()
    heads = words(" ".join(said.statement.block.heading_path))
    return any(len(word) >= 5 and (word[:-2] in noun or noun[:-2] in word) for word in heads)


NO_CLASS = re.compile(
    r"(?:ein|eine|der|die|das) (?:\w+e[rsn]? )?(?:Möglichkeit|Problem|Vorteil|Nachteil|Grund|Fall"
    r"|Fehler|Teil|Unterschied|Voraussetzung|Ursache|Thema|Frage|Aufgabe|Ziel|Fakt|Tatsache|Weg"
    r"|Lösung|Schritt|Folge|Idee|Hilfe|Wahl|Standard|Zeit|Anzahl|Name|einzige\w*"
    r"|gleiche\w*|selbe\w*"
    r"|erste\w*|zweite\w*|dritte\w*|vierte\w*|fünfte\w*|letzte\w*|beste\w*|wichtigste\w*"
    r"|einfachste\w*|Sache|Kunst|Muss|Pflicht|Nutzung"
    r"|Verwendung|Ergebnis|Vorgabe|Alternative|Beispiel|häufigste\w*|meiste\w*|größte\w*"
    r"|kleinste\w*|gute\w*|andere\w*"
    r"|nächste\w*|richtige\w*|neue\w*|Regel|Reihe|Menge|Liste)\b"
)


def is_term(text: str) -> bool:
    """Whether a subject is one term: no preposition, no "und"."""
    joined = lists.PREPOSITIONS | {"und", "oder", "sowie", "des", "der"}
    said = tokens(text)
    if said[0] in ("Der", "Die", "Das") and len(said) > 1 and is_adjective(said[1]):
        return False
    return not any(token in joined for token in said[1:]) and not NO_CLASS.match(f"der {said[-1]}")


# How to: "Um X zu V, ...", "Wenn Sie X V möchten, ...", "Sie können X V, indem ...", "So V Sie X:"


_UM = re.compile(r"Um (?P<clause>[^,]+), (?P<main>.+)")
_WISH = re.compile(
    r"(?:Wenn|Falls) (?:Sie|du) (?P<clause>[^,]+ [a-zäöüß]+n) (?:möchten|wollen|möchtest|willst), "
    r"(?:so |dann )?(?P<main>.+)"
)
_INDEM = re.compile(
    r"(?:Sie können|Du kannst) (?P<clause>[^,]+ [a-zäöüß]+n), indem (?:Sie|du) (?:[^ ]+ "
    r"){2,}[a-zäöüß]+n"
)
_ZUM = re.compile(
    r"Zum (?P<noun>[A-ZÄÖÜ][a-zäöüß]+n) (?P<thing>(?:der|des|eines|einer|von) [^,]*?) "
    r"(?P<main>[a-zäöüß]+n Sie\b.+)"
)
_IMPERATIVE = re.compile(r"(?P<verb>[a-zäöüß]+n) Sie\b")
_MODAL = re.compile(
    r"(?:können|müssen|sollten) Sie\b|(?:kannst|musst|solltest) du\b|(?:kann|muss|sollte) man\b"
)
_NEED = re.compile(
    r"(?:benötigen|brauchen) Sie\b|(?:benötigst|brauchst) du\b"
    r"|(?:wird|werden|ist|sind) [^,]*(?:benötigt|erforderlich|nötig|notwendig)$"
)
_NO_INSTRUCTION = frozenset(
    """
    lesen sehen beachten bedenken wenden kontaktieren konsultieren fragen schauen haben sind finden
    erhalten bekommen benötigen brauchen informieren achten denken vergessen machen wissen empfehlen
    genügen lernen versuchen probieren experimentieren gehen stehen befinden sollten werden
    """.split()
)
_ENDS_VAGUE = re.compile(
    r"\b(?:den|die|das|der|dem) (?:Befehl|Option|Funktion|Schaltfläche|Symbol|Werkzeug|Dialog"
    r"|Einstellung|Assistenten|Methode|Feld|Markierfeld|Kontrollkästchen|Register|Menü|Liste|Taste"
    r"|Kontextmenü|Listenfeld|Auswahlfeld|Eingabefeld|Textfeld|Knopf|Parameter|Variable|Schalter)"
    r"(?: [a-zäöüß]+)?$|^(?:verwenden|benutzen|nutzen|wählen) Sie (?:nur )?[A-ZÄÖÜ][a-zäöüß]+$"
)
_GOES_ON = re.compile(
    r"[A-ZÄÖÜ][a-zäöüß]+n Sie\b|(?:Dann|Danach|Anschließend|Nun|Jetzt|Daraufhin|Zuletzt"
    r"|Abschließend)\b"
)
_BEGINS = re.compile(r"\b(?:zunächst|zuerst|erst einmal|als erstes)\b", re.I)
_OUTSIDE_ANSWER = re.compile(r"\b(?:siehe|oben|Abschnitt|Kapitel|Abbildung|folgende[nrsm]?)\b")


def _how_to(said: Said) -> Iterator[Candidate]:
    for rule, pattern, reading in (
        ("to", _UM, task_of_zu),
        ("want", _WISH, task_of_bare),
        ("can_by", _INDEM, task_of_bare),
    ):
        found = pattern.fullmatch(said.plain)
        task = reading(said.part(found, "clause")) if found else None
        if found and task and about(said, task.thing):
            main = found["main"] if rule != "can_by" else "können Sie"
            answer = instruction(said, main)
            if answer:
                yield candidate(said, rule, "procedural", "howto", task.slots(), answer=answer)


_IMPERATIVE_UM = re.compile(
    r"(?P<main>(?!Wenn )[A-ZÄÖÜ][a-zäöüß]+n Sie\b[^;]+), um (?P<clause>[^,;]+)"
)
_WHERE = (
    r"[Dd]ialog|[Mm]enü|leiste|[Dd]atei|[Vv]erzeichnis|[Ee]instellungen|[Ss]eite"
    r"|[Aa]nsicht|>|\u2192|`x"
    r"| \u2013 |[Kk]onfiguration"
)
_MEANS = re.compile(
    r"(?:Mit|Mithilfe|Über|Durch) (?P<means>[^,;:]+?) (?:können Sie|kannst du) (?P<clause>[^,;:]+)"
)
_PLACE = re.compile(
    rf"(?:In|Im|Unter|Auf) (?P<means>[^,;:]*(?:{_WHERE})[^,;:]*?) (?:können Sie|kannst du) "
    rf"(?P<clause>[^,;:]+)"
)
_OBJECT_BY = re.compile(
    r"(?:Sie können|Du kannst) (?P<thing>(?:den|die|das|einen|eine|ein|alle|`x*`) "
    r"[^,;:]*?|[A-ZÄÖÜ]\w+) "
    r"(?P<by>(?:über|per|mithilfe|mit Hilfe|durch|unter|im Menü|in der Datei|mit dem Befehl"
    r"|mit dem Kommando|mit der Option|mit der Taste\w*|mit) [^,;:]+?) (?P<verb>[a-zäöüß]+n)"
)


def _other_ways(said: Said) -> Iterator[Candidate]:
    """ "V Sie X, um Y zu V", "Mit X können Sie Y V", "Sie können Y über X V"."""
    if not said.text.endswith("."):
        return
    found = _IMPERATIVE_UM.fullmatch(said.plain)
    task = task_of_zu(said.part(found, "clause")) if found else None
    if found and task and about(said, task.thing):
        main = found["main"][0].lower() + found["main"][1:]
        exact = len(words(main)) >= 5 or re.search(rf"{_WHERE}|[A-Z]\w*[-+]\w", main)
        if exact and _instructs(main) and not (_ENDS_VAGUE.search(main) or PRONOUNS.search(main)):
            yield candidate(said, "to", "procedural", "howto", task.slots())
    for pattern, template in ((_MEANS, "howto.means"), (_PLACE, "howto.where")):
        found = pattern.fullmatch(said.plain)
        task = task_of_bare(said.part(found, "clause")) if found else None
        if found and re.fullmatch(r"`[^`./]*`", said.part(found, "means")):  # the product itself
            continue
        if found and task and _sound_means(said.part(found, "means")) and about(said, task.thing):
            yield candidate(said, "can_by", "procedural", template, task.slots())
    found = _OBJECT_BY.fullmatch(said.plain)
    if found and _sound_means(said.part(found, "by")) and is_term(found["thing"]):
        task = task_of_bare(f"{said.part(found, 'thing')} {found['verb']}")
        if task and about(said, task.thing):
            yield candidate(said, "can_by", "procedural", "howto", task.slots())


def _sound_means(means: str) -> bool:
    exact = specific(means) or re.search(_WHERE, hidden(means))
    return bool(exact) and not PRONOUNS.search(hidden(means)) and not vague(means)


_PASSIVE_BY = re.compile(
    r"(?P<subject>[^,;:]+?) (?P<verb>kann|können|lässt sich|lassen sich) (?P<by>(?:einfach |auch )?"
    r"(?:über|per|mithilfe|mit Hilfe|mittels|durch|unter|im Menü|in der Datei|mit) [^,;:]+?) "
    r"(?P<done>[a-zäöüß]+(?:t|n) werden|[a-zäöüß]+n)"
)


def _passive_by(said: Said) -> Iterator[Candidate]:
    found = _PASSIVE_BY.fullmatch(said.plain)
    if not found or not said.text.endswith(".") or "nicht" in said.plain:
        return
    passive = found["done"].endswith(" werden")
    if re.search(r"[a-zäöüß]+(?:t|n) und ", found["by"]):  # "mit `a` erstellt und mit `b` ..."
        return
    if passive == found["verb"].startswith("l") or not _sound_means(said.part(found, "by")):
        return
    named = subject(said.part(found, "subject"), said.corpus)
    if named is None or not specific(named) or not about(said, named):
        return
    slots = {"subject": named, "verb": found["verb"], "rest": found["done"]}
    yield candidate(said, "can_by", "procedural", "howto.passive", slots)


def _need(said: Said) -> Iterator[Candidate]:
    found = _UM.fullmatch(said.plain)
    if found and _NEED.match(found["main"]) and not PRONOUNS.search(found["main"]):
        task = task_of_zu(said.part(found, "clause").removesuffix(" zu können"))
        if task and task.zu and said.text.endswith("."):
            yield candidate(said, "need", "factual", "need", task.slots())


def _zum(said: Said) -> Iterator[Candidate]:
    found = _ZUM.fullmatch(said.plain)
    if not found or found["noun"].lower() in lists.WEAK_TASKS:
        return
    wording = of_action(found["noun"], said.part(found, "thing"), "howto")
    answer = instruction(said, found["main"]) if wording else None
    if wording and answer:
        template, slots = wording.template, wording.slots
        yield candidate(said, "to_noun", "procedural", template, slots, answer=answer)


def of_action(noun: str, thing: str, template: str) -> Wording | None:
    """ "Löschen", "einer Zelle im Text" -> how to "eine Zelle im Text löschen"."""
    if not is_action(noun) or len(words(thing)) > 9 or PRONOUNS.search(hidden(thing)):
        return None
    if vague(thing, lists.VAGUE_OBJECTS) or not specific(f"{noun} {thing}"):
        return None
    told = accusative_of_genitive(thing)
    if told and noun.lower() not in lists.WEAK_TASKS:
        return Wording(template, parts_of(told, noun.lower()).slots())
    return Wording("howto.noun", {"action": f"{noun} {thing}"})


def instruction(said: Said, main: str) -> Span | None:
    """The whole instruction that begins with a sentence: following steps, list or code included."""
    if (
        not _instructs(main)
        or _ENDS_VAGUE.search(main)
        or re.search(r"\b(?:erneut|wieder|auch|ebenfalls|alternativ)\b", main)
    ):
        return None
    start, end = said.statement.span
    if said.text.endswith(":"):
        return _with_lead(said.chunk, said.statement, said.corpus)
    if _BEGINS.search(main):
        return None
    for statement in statements(said.chunk):
        if statement.block != said.statement.block or statement.span[0] < end:
            continue
        text = said.chunk.text[slice(*statement.span)]
        if not _GOES_ON.match(text):
            break
        if text.endswith(":") or _OUTSIDE_ANSWER.search(text):
            return None
        end = statement.span[1]
    return (start, end) if len(words(said.chunk.text[start:end])) <= _MAX_ANSWER else None


_ONLY_LABEL = re.compile(r"(?:klicken|tippen|drücken|doppelklicken) Sie (?:dazu |dann )?auf [^,]*")
_LOCATED = re.compile(rf"\b(?:in|im|unter|am|rechts|links|oben)\b|{_WHERE}")


def _instructs(main: str) -> bool:
    imperative = _IMPERATIVE.match(main)
    if imperative:
        if _ONLY_LABEL.fullmatch(main) and not _LOCATED.search(main):
            return False
        return imperative["verb"] not in _NO_INSTRUCTION
    if _MODAL.match(main):
        return not re.search(
            r"\b(?:sehen|lesen|beachten|wissen|kontaktieren|achten|sein|haben)$", main
        )
    first = main.split(" ")[0]
    return first in lists.DU_IMPERATIVES and not re.search(r"\b(?:Sie|wir)\b", main)


def _with_lead(chunk: Chunk, statement: Statement, corpus: Corpus) -> Span | None:
    """A sentence that ends with a colon, with the code or the list after it."""
    lead = statement.lead
    if lead is None or lead.partial or lead.kind not in ("code", *LISTED):
        return None
    run = [lead] if lead.kind == "code" else list(_run(chunk, lead))
    if any(block.partial for block in run):
        return None
    if lead.kind in LISTED and run[-1] is chunk.blocks[-1] and chunk.id in corpus.cut:
        return None
    start, end = statement.span[0], run[-1].end
    text = chunk.text[start:end]
    return (start, end) if len(words(text)) <= _MAX_ANSWER and not text.endswith(":") else None


def _run(chunk: Chunk, first: Block) -> Iterator[Block]:
    """A list from its first item to its last, with the code between its items."""
    for block in chunk.blocks:
        if block.start >= first.start:
            if block.kind not in ("code", *LISTED):
                return
            yield block


_SO = re.compile(r"So (?P<verb>[a-zäöüß]+n) (?:Sie|du) (?P<rest>(?:(?! und [a-z]+en )[^,:?!])+):")


def so_leads(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """ "So verlegen Sie die Sicherung:" with the steps under it."""
    for statement in statements(chunk):
        text = chunk.text[slice(*statement.span)]
        found = _SO.fullmatch(hidden(text))
        task = task_of_sie(found["verb"], text[slice(*found.span("rest"))]) if found else None
        answer = _with_lead(chunk, statement, corpus) if task else None
        if task and answer:
            yield Candidate(
                rule="sentence.so",
                type="procedural",
                template="howto.steps",
                slots=task.slots(),
                answer=answer,
            )


# Conditions: "Wenn X V, V2 Y"


_WENN = re.compile(
    r"(?:Wenn|Falls|Sobald) (?P<clause>[^,]+), (?:so |dann )?(?P<verb>[a-zäöüß]+) (?P<main>.+)"
)
_FINITE = re.compile(r"hat|haben|kann|soll|darf|muss|wird|[a-zäöüß]{3,}(?:t|en|ern|eln)|ist|sind")
_NO_VERBS = frozenset(
    """
    mit nicht seit jetzt damit somit soweit sofort erst dort fast meist weit fest oft zuletzt
    zunächst bereit bekannt jeweils den denen dessen deren aber sondern oder und wobei indem
    sowie anstatt
    """.split()
)
_MUST = frozenset("muss müssen darf dürfen sollte sollten".split())
_STATE = frozenset("ist sind liegt fehlt bedeutet".split())
_SIGNAL = re.compile(
    r"\b(?:blinkt|leuchtet|erscheint|meldet|anzeigt|endet|zurückgibt|ausgibt|flackert|piept|hat)$"
)
_NO_EVENT = frozenset(
    """
    können könnten möchten haben hat gibt genügt reicht empfiehlt lohnt hilft bietet stehen steht
    kann könnte würde würden wäre wären dürfte hätte gilt gelten entspricht handelt braucht spricht
    heißt besteht
    """.split()
)
_STATE_OF_MIND = re.compile(
    r"\b(?:möchte\w*|will|wollen|willst|sicher|neugierig|interessier\w*|vertraut"
    r"|wünsch\w*|brauch\w*"
    r"|benötig\w*|nötig|notwendig|erforderlich|gewünscht|verfügbar|wäre\w*|würde\w*|hätte\w*|mal"
    r"|könnte\w*|sollte\w*|zufrieden|fertig|lieber|meinen|glauben|denken|vorhaben|beabsichtig\w*"
    r"|planen|bevorzug\w*|nur|jemand|man|möglich|nutzen|verwenden|versuchen|arbeiten)\b"
)


def _condition(said: Said) -> Iterator[Candidate]:
    found = _WENN.fullmatch(said.plain)
    if not found or not _FINITE.fullmatch(found["verb"]) or found["verb"] in _NO_VERBS:
        return
    template = _consequence(found["verb"], found["main"], found["clause"])
    clause = _condition_named(said.part(found, "clause")) if template else None
    if clause and said.text.endswith(".") and _closed(said, clause, found["main"]):
        slots = {"clause": clause}
        agent = _agent(found["verb"], said.part(found, "main"))
        if agent:
            slots["agent"] = agent
        yield candidate(said, "condition", "conceptual", template, slots)


def _closed(said: Said, clause: str, main: str) -> bool:
    """Whether condition and consequence speak of nothing that only the page has introduced."""
    nouns = [token for token in tokens(hidden(clause))[1:] if token[:1].isupper()]
    alone = re.match(r"(?:der|die|das) [A-ZÄÖÜ]", clause) and len(nouns) == 1
    if alone and not re.search(r"[\d`\u201e\"]", clause) and not about(said, f"die {nouns[0]}"):
        return False
    effect = re.match(
        r"(?:der|die|das) (?:[a-zäöüß]+ )?([A-ZÄÖÜ]\w+)(?! [A-ZÄÖÜ`\u201e\"]| des| der| von)", main
    )
    if not effect or fold(effect[1]) not in lists.VAGUE | _DOMAIN:
        return True
    return effect[1].lower()[:5] in clause.lower() or about(said, f"die {effect[1]}")


_DOMAIN = frozenset("bericht buchung rechnung konto".split())


def _condition_named(clause: str) -> str | None:
    """A condition as its reader says it, when it names its thing; else None."""
    plain = hidden(clause)
    last = plain.split(" ")[-1]
    if not 3 <= len(words(clause)) <= 22 or re.search(r"[;:\u2013]", plain):
        return None
    if not re.fullmatch(r"[a-zäöüß]*(?:t|n|ird|ar|uss|ann|arf|ind)", last):
        return None
    if _STATE_OF_MIND.search(plain):
        return None
    if _EXAMPLE.search(plain) or (_VAGUE_START.match(plain) and _starts_vague(clause)):
        return None
    spoken = _as_ich(clause) if re.match(r"(?:Sie|du)\b", clause) else clause
    if spoken is None or re.search(r"\b(?:Sie|Ihnen|Ihr\w*|[Dd]u|dir|dich|dein\w*)\b", spoken):
        return None
    if _HANDLING.search(spoken) and len(words(spoken)) < 8:
        return None
    named = hidden(re.sub(r"^ich\b", "", spoken))
    if PRONOUNS.search(named) or vague(spoken) or not specific(spoken):
        return None
    return spoken


_EXAMPLE = re.compile(r"\b(?:beispielsweise|zum Beispiel|z\. ?B|etwa|eventuell|vielleicht|OK)\b")
_VAGUE_START = re.compile(r"(?:ein|eine|der|die|das) [A-ZÄÖÜ]")
_HANDLING = re.compile(
    r"\b(?:klicke|doppelklicke|drücke|loslasse|tippe|ziehe|bewege|gedrückt halte)$"
)


def _starts_vague(clause: str) -> bool:
    """Whether a condition begins with "ein Feld", "eine Datei": its thing names nothing."""
    said = tokens(clause)
    after = said[2] if len(said) > 2 else ""
    exact = is_name(after) or after in ("des", "der", "von", "vom", "mit", "für", "aus")
    return fold(said[1]) in lists.VAGUE - _PERSONS and not exact


_PERSONS = frozenset("benutzer nutzer anwender".split())


def _as_ich(clause: str) -> str | None:
    """ "Sie die Taste drücken" -> "ich die Taste drücke"; None when two verbs may agree."""
    body = mine(re.sub(r"^(?:Sie|du) ", "", clause))
    thing, _, verb = body.rpartition(" ")
    if (
        clause.startswith("du ")
        or not thing
        or re.search(r"[a-zäöüß]n (?:und|oder) ", hidden(thing))
    ):
        return None
    if verb in lists.IRREGULAR_ICH:
        return f"ich {thing} {lists.IRREGULAR_ICH[verb]}"
    if not re.fullmatch(r"[a-zäöüß]+n", verb) or thing.endswith(" zu"):
        return None
    return f"ich {thing} {ich_form(verb)}"


def _consequence(verb: str, main: str, clause: str) -> str:
    """The template that asks for a main clause, "" when none does."""
    if main.split(" ")[0] in ("man", "ihr", "es") or re.search(
        r"\b(?:Sie|Ihnen|du|dir|dich|wir|ich)\b", main
    ):
        return ""
    if verb in _MUST:
        return "condition.must"
    if verb in ("kann", "können") and re.search(r"\bnicht\b", main):
        return "condition.event"
    if verb in _STATE:
        return "condition.state" if _SIGNAL.search(clause) else ""
    unsaid = r"\bempfohlen\b|\b(?:empfehlenswert|möglich|sinnvoll|nötig|erforderlich|verwendet)$"
    return "" if verb in _NO_EVENT or re.search(unsaid, main) else "condition.event"


_AGENT = re.compile(r"der [A-ZÄÖÜ][\w-]+(?: [A-Z][\w-]*)*(?= [a-zäöüß`\u201e\"\d])")
_AGENT_VERBS = frozenset(
    """
    meldet antwortet sperrt startet schaltet liefert zeigt speichert sendet löscht verwendet
    wiederholt behält ersetzt öffnet schließt bricht versucht wechselt erstellt erzeugt lädt lehnt
    ignoriert benutzt fragt prüft überschreibt fügt setzt sucht beendet blockiert verschickt
    """.split()
)


def _agent(verb: str, main: str) -> str:
    """The one who acts in a main clause: "der Logger", "" when that is not sure."""
    found = _AGENT.match(main)
    if not found or verb not in _AGENT_VERBS:
        return ""
    noun = found[0].removeprefix("der ")
    sure = gender(noun.split(" ")[-1]) in ("m", "") or gender(noun.split(" ")[0]) == "m"
    return found[0] if sure and fold(noun) not in lists.VAGUE else ""


_FAULT = re.compile(
    r"\b(?:nicht|kein\w*|\w*[Ff]ehler\w*|fehlt|fehlen|fehlschl\w+|scheiter\w+|blinkt|leuchtet"
    r"|verstumm\w+|ausfäll\w+|abstürz\w+|meldet|erscheint|abbricht|hängt|beschädigt|defekt|verloren"
    r"|blockiert|abgelehnt|abgewiesen|schwankt|voll|leer)\b"
)


def _advice(said: Said) -> Iterator[Candidate]:
    """ "Wenn X ausfällt, prüfen Sie Y": what to do about a fault."""
    found = _WENN.fullmatch(said.plain)
    if (
        not found
        or not _FAULT.search(found["clause"])
        or re.match(r"(?:Sie|du)\b", found["clause"])
    ):
        return
    clause = _condition_named(said.part(found, "clause"))
    answer = instruction(said, f"{found['verb']} {found['main']}") if clause else None
    if clause and answer:
        slots = {"clause": clause}
        kind = "troubleshooting"
        yield candidate(said, "instruction", kind, "condition.do", slots, answer=answer)


# Yes or no, and who: "Sie können X nicht V", "X darf nicht V werden", "Nur Y kann X V"


_AFTER = (
    r"(?:; .+|, (?:weil|denn|da|sondern|wenn|um|ohne|damit|außer|bis|bevor|falls|sofern|solange)"
    r"\b.+)?"
)
_SIE_NOT = re.compile(
    rf"(?:Sie|Du) (?P<verb>können|dürfen|kannst|darfst) (?P<rest>[^,;]+?){_AFTER}"
)
_SUBJECT_NOT = re.compile(
    r"(?P<subject>[^,;:]+?) (?P<verb>kann|können|darf|dürfen|lässt sich|lassen sich) "
    rf"(?P<rest>[^,;:]*?\bnicht\b[^,;:]*?){_AFTER}"
)
_IMPOSSIBLE = re.compile(r"Es ist nicht möglich, (?P<clause>[^,]+)")
_PARTLY_NOT = re.compile(
    r"\bnicht (?:nur|immer|unbedingt|sofort|mehr als|ganz|alle|jede\w*|so)\b|\b(?:auch"
    r"|noch|gar) nicht\b"
)


def _cannot(said: Said) -> Iterator[Candidate]:
    found = _SIE_NOT.fullmatch(said.plain)
    rest = _affirmed(mine(said.part(found, "rest"))) if found else None
    if found and rest and _sound_rest(rest):
        slots = {"may": "Kann ich" if found["verb"].startswith("k") else "Darf ich", "rest": rest}
        yield candidate(said, "cannot", "factual", "yesno.ich", slots)
    question = _impossible(said) or _subject_not(said)
    if question:
        yield candidate(said, "cannot", "factual", "yesno", {"question": question})


def _affirmed(rest: str) -> str | None:
    """The words of a negated clause without the negation; None when it is not a plain one."""
    if len(re.findall(r"\bnicht\b", rest)) != 1 or _PARTLY_NOT.search(rest):
        return None
    rest = re.sub(r"\bnicht mehr\b", "noch", rest)
    return " ".join(re.sub(r"\bnicht\b", "", rest).split())


def _sound_rest(rest: str) -> bool:
    return (
        bool(re.search(r" [a-zäöüß]+n$", rest))
        and not PRONOUNS.search(hidden(rest))
        and not re.search(r"\b(?:Sie|Ihnen|sich|daher|deshalb|nur|direkt|wieder)\b|n und ", rest)
        and not vague(rest)
        and specific(rest)
    )


def _impossible(said: Said) -> str | None:
    found = _IMPOSSIBLE.fullmatch(said.plain)
    task = task_of_zu(said.part(found, "clause")) if found else None
    return f"Ist es möglich, {task.zu}" if task else None


def _subject_not(said: Said) -> str | None:
    found = _SUBJECT_NOT.fullmatch(said.plain)
    if not found:
        return None
    named = subject(said.part(found, "subject"), said.corpus)
    rest = _affirmed(said.part(found, "rest"))
    if named is None or not rest or not specific(named) or vague(rest):
        return None
    if not re.search(r"(?:^| )[a-zäöüß]+n$", rest) or PRONOUNS.search(hidden(rest)):
        return None
    if re.search(r"\b(?:Sie|man|nur|sein|daher|deshalb)\b|\bund\b", rest):
        return None
    return f"{found['verb'].capitalize()} {named} {rest}"


_PERSON = re.compile(
    r"(?:nutzer|wender|glieder|mitglied|itzer|toren|tor|walter|person|personen|leiter|inhaber|owner"
    r"|admins?|kunden?|rolle|redakteure?)(?:s|n)?\b",
    re.I,
)
_ONLY = re.compile(
    r"(?:Nur|Ausschließlich) (?P<who>[^,;:]+?) (?P<verb>kann|können|darf|dürfen) "
    rf"(?P<rest>[^,;:]+ [a-zäöüß]+n){_AFTER}"
)
_ONLY_LATE = re.compile(
    r"(?P<subject>[^,;:]+?) (?P<verb>kann|können|darf|dürfen) (?P<place>(?:in|im|auf|am) "
    r"[^,;:]+? )?"
    r"(?:nur|ausschließlich) (?P<who>[^,;:]*?) (?P<inf>[a-zäöüß]+n)" + _AFTER
)


def _who(said: Said) -> Iterator[Candidate]:
    asked = _only(said) or _only_late(said)
    if asked:
        yield candidate(said, "who", "factual", "who", {"question": asked}, fact=True)


def _only(said: Said) -> str | None:
    found = _ONLY.fullmatch(said.plain)
    rest = mine(said.part(found, "rest")) if found else ""
    if not found or not _PERSON.search(found["who"]) or "nicht" in rest or not _sound_rest(rest):
        return None
    return f"{_singular(found['verb'])} {rest}"


def _only_late(said: Said) -> str | None:
    found = _ONLY_LATE.fullmatch(said.plain)
    if not found or not _PERSON.search(found["who"]):
        return None
    thing = _fronted(said.part(found, "subject"), said.corpus)
    if thing is None or not re.match(r"(?:ein|eine|der|die|[A-ZÄÖÜ])", found["who"]):
        return None
    return f"{_singular(found['verb'])} {thing} {found['place'] or ''}{found['inf']}"


def _fronted(text: str, corpus: Corpus) -> str | None:
    """An object in front: "Alarmregeln", "Die Zahlungsart"; None when it may be another case."""
    if re.match(r"(?:Den|Einen) ", text):
        small = text[0].lower() + text[1:]
        return small if specific(small) and not vague(small) else None
    found = subject(text, corpus)
    if not found or found.startswith(("der ", "ein ")) or not specific(found):
        return None
    return found


def _singular(verb: str) -> str:
    return {"können": "kann", "dürfen": "darf"}.get(verb, verb)


FAMILIES: Sequence[Family] = (
    _how_to,
    _other_ways,
    _passive_by,
    _need,
    _zum,
    _who,
    _cannot,
    _condition,
)
BROAD: Sequence[Family] = (_advice,)
