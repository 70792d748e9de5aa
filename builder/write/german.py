"""German: headings as questions, and all that the embedded writer needs of the language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.records import Chunk
from builder.text import fold, words
from builder.write import german_sentences, german_statements
from builder.write import german_words as lists
from builder.write.german_grammar import (
    PRONOUNS,
    Task,
    gender,
    hidden,
    is_action,
    is_adjective,
    is_listed,
    is_name,
    parts_of,
    specific,
    task_of_bare,
    task_of_sie,
    tokens,
    with_article,
)
from builder.write.german_sentences import each, names_subject, of_action, so_leads
from builder.write.rule import Candidate, Corpus, Grammar, Wording

_SO_HEADING = re.compile(r"So (?P<verb>[a-zäöüß]+n) (?:Sie|du) (?P<rest>[^,:?!]+):?")
_NOUN_HEADING = re.compile(
    r"(?P<noun>[A-ZÄÖÜ][a-zäöüß]+n) (?P<thing>(?:der|des|eines|einer|von) .+)"
)
_W_HEADING = re.compile(
    r"(?P<w>Wo|Wann|Warum|Wie|Was|Wer|Wofür|Womit|Worauf|Welche[rsnm]?(?: [A-ZÄÖÜ][\w-]+)?) "
    r"(?P<rest>.+) (?P<verb>[a-zäöüß]+)"
)


def task(title: str, corpus: Corpus, chunk: Chunk) -> Wording | None:
    """A heading over numbered steps as a question."""
    wording = _task(_without_number(title))
    if wording and names_subject(wording.slots, chunk, corpus):
        return Wording(wording.template, {**wording.slots, "place": ""})
    return wording


def _task(title: str) -> Wording | None:
    found = _SO_HEADING.fullmatch(hidden(title))
    if found:
        told = task_of_sie(found["verb"], title[slice(*found.span("rest"))])
        return Wording("howto.steps", told.slots()) if told else None
    found = _NOUN_HEADING.fullmatch(hidden(title))
    if found and is_action(found["noun"]) and not re.search(r" [a-zäöüß]+n$", title):
        return of_action(found["noun"], title[slice(*found.span("thing"))], "howto.steps")
    told = _heading_task(title)
    return Wording("howto.steps", told.slots()) if told else None


_USING = frozenset("verwenden nutzen benutzen einsetzen anwenden gebrauchen".split())


_ORDER = re.compile(
    r"\b(?:[A-ZÄÖÜ]?[a-zäöüß]+n Sie|Sie (?:können|müssen|sollten|brauchen)"
    r"|(?:[Kk]önnen|[Mm]üssen|[Ss]ollten) Sie)\b"
)


def orders(sentence: str) -> bool:
    """Whether a sentence of running text tells its reader to do something."""
    return bool(_ORDER.search(sentence)) and not sentence.startswith(("Wenn ", "Falls "))


def _without_number(title: str) -> str:
    return re.sub(r"^(?:(?:\d+|[A-Z])(?:\.\d+)*\.? |Schritt \d+:? )", "", title).strip()


def _heading_task(title: str) -> Task | None:
    """A heading such as "Neuen Benutzer anlegen" as "einen neuen Benutzer anlegen"."""
    said = title.split(" ")
    first, verb = said[0], said[-1]
    if len(said) < 2 or not re.fullmatch(r"[a-zäöüß]+n", verb):
        return None
    if verb in lists.WEAK_TASKS | _USING or re.search(r"[,;:?!\u2013]", hidden(title)):
        return None
    thing = " ".join(said[:-1])
    if first.lower() in lists.ARTICLES:
        return task_of_bare(f"{thing[0].lower()}{thing[1:]} {verb}")
    named = _with_article(thing, verb)
    return parts_of(named, verb) if named and not PRONOUNS.search(hidden(named)) else None


def _with_article(thing: str, verb: str) -> str | None:
    """The object of a heading as it is spoken of: "Tarif" is "den Tarif"; None when not sure."""
    said = thing.split(" ")
    first = said[0]
    if first[:1] in "`\u201e":
        return thing
    described = re.search(r"(?:e|en|er|es)$", first) and not is_listed(first)
    if described and len(said) > 1 and is_name(said[1]):
        return _with_adjective(thing, first, gender(said[1]))
    if re.search(r"\b(?:und|oder)\b", thing):
        return None
    sort = gender(first)
    if sort == "p" or fold(first) in lists.MASS:
        return thing
    if sort not in ("m", "f", "n"):
        return None
    exact = len(said) > 1 and said[1] in ("des", "der", "eines", "einer", "von", "für")
    new = not exact and (verb in lists.CREATING or fold(first) in lists.VAGUE)
    return with_article(thing, sort, new=new)


def _with_adjective(thing: str, adjective: str, sort: str) -> str | None:
    small = thing[0].lower() + thing[1:]
    if not is_adjective(adjective.lower()):
        return None
    if sort == "p" and adjective.endswith("e"):
        return small
    endings = {"m": "en", "f": "e", "n": "es"}
    if sort in endings and adjective.endswith(endings[sort]):
        return with_article(small, sort, new=True)
    return None


def heading(title: str, corpus: Corpus, chunk: Chunk) -> Wording | None:
    """A heading that is a question without its question mark: "Wo die Daten liegen"."""
    title = _without_number(title)
    found = _W_HEADING.fullmatch(hidden(title))
    if not found or PRONOUNS.search(hidden(title)) or re.search(r"[,:;]", hidden(title)):
        return None
    rest = title[slice(*found.span("rest"))]
    verb = re.fullmatch(r"ist|sind|wird|hat|kann|[a-zäöüß]{3,}(?:t|en)", found["verb"])
    if not verb or "Sie" in rest.split() or not (specific(rest) or title.startswith("Welche")):
        return None
    return Wording(
        "heading.wh", {"w": title[slice(*found.span("w"))], "verb": verb[0], "rest": rest}
    )


_POINTS_AWAY = re.compile(
    r"\b(?:dies|diese[nrsm]?|das (?:hier|alles)|hier|wir|uns|unsere?\w?|dabei|dazu|damit"
    r"|davon|dafür"
    r"|darauf)\b|^(?:was ist das|wie geht das|noch|haben sie|weitere|alles|und|oder|aber|fragen)\b",
    re.I,
)


def asks(question: str) -> bool:
    """Whether a question heading says what it is about."""
    named = any(is_name(token) and fold(token) != "sie" for token in tokens(question)[1:])
    return (
        len(words(question)) >= 4
        and named
        and not _POINTS_AWAY.search(question)
        and not re.match(r"(?!Welche)[A-ZÄÖÜ][a-zäöüß]+e[rs]? [A-ZÄÖÜ]|.*!", question)
    )


def shape(description: str) -> str:
    """What a description is: "does" ("Schaltet den Funk ab") or "is" ("Anzahl der Tage")."""
    first = description.split(" ")[0].rstrip(",")
    verb = re.fullmatch(r"[A-ZÄÖÜ][a-zäöüß]+t", first) and " " in description
    return "does" if verb and not gender(first) and first.lower() not in lists.NO_NOUNS else "is"


_STEP = re.compile(r"[a-zäöüß]n Sie\b|[a-zäöüß]{3,}n\.?$|\bSie\b")


def step(text: str) -> bool:
    """Whether a list item tells to do something."""
    first = re.match(r"\w+", text)
    return bool(_STEP.search(text)) or bool(first and first[0].lower() in lists.DU_IMPERATIVES)


def _sentences(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    families = (*german_sentences.FAMILIES, *german_statements.FAMILIES)
    yield from each(chunk, corpus, families)


def _broad_sentences(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    yield from each(chunk, corpus, german_sentences.BROAD)


GRAMMAR = Grammar(
    task=task,
    heading=heading,
    asks=asks,
    shape=shape,
    step=step,
    orders=orders,
    strict=(so_leads, _sentences),
    broad=(_broad_sentences,),
)
