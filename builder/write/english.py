"""English: the grammar that headings and tables need, and the families of sentences.

Everything here is a list or a pattern, no tagger: a clause is split at its first finite verb, and
where that is not sure, nothing is written. Answers are whole sentences, verbatim; only the question
is turned ("you" becomes "I", a statement is inverted).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from builder.records import Block, Chunk
from builder.text import content_stems, fold, sentences, words
from builder.write.english_words import (
    AUXILIARIES,
    COUNTABLE,
    DETERMINERS,
    MASS,
    MASS_ENDINGS,
    NOUN_VERBS,
    OPINION,
    PLURALS,
    PREPOSITIONS,
    STATES_OF_MIND,
    VAGUE,
    VERBS,
    WEAK_TASKS,
)
from builder.write.rule import Candidate, Corpus, Grammar, Span, Templates, Wording
from builder.write.structure import (
    Statement,
    Table,
    heading_text,
    is_code,
    noun_of,
    section_answer,
    section_place,
    sections,
    statements,
    tables,
    terms,
)

_CODE = re.compile(r"`[^`]*`")
_TOKEN = re.compile(r"`[^`]*`|[\w'\u2019/.+%-]*\w[%+]?|[^\w\s]")
_VOWELS = "aeiou"


# Forms of words


def third(verb: str) -> str:
    """The third person: write -> writes, try -> tries."""
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def gerund(verb: str) -> str:
    """The -ing form: write -> writing, stop -> stopping."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    if re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]", verb) or verb in _DOUBLED:
        return verb + verb[-1] + "ing"
    return verb + "ing"


_DOUBLED = frozenset("begin commit forget submit permit prefer refer transfer uninstall reset control cancel label model travel".split()) - {"uninstall", "cancel", "label", "model", "travel"}
_THIRD = {third(verb): verb for verb in VERBS}
_GERUND = {gerund(verb): verb for verb in VERBS} | {
    "cancelling": "cancel", "labelling": "label", "labeling": "label", "modelling": "model",
}  # fmt: skip


def is_plural(noun: str) -> bool:
    """Whether a noun looks plural."""
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is", "as")) or noun in (
        "data", "people", "media", "criteria",
    )  # fmt: skip


# Reading clauses


@dataclass(frozen=True, slots=True)
class Clause:
    """subject + adverb + verb + rest of a statement.

    verb: the finite verb as written; base: its base form for "does", "" for an auxiliary.
    """

    subject: str
    adverb: str
    verb: str
    base: str
    rest: str


_RELATIVE = frozenset("that which who whose where whom".split())
_ADVERBS = frozenset("automatically always never only still usually normally typically immediately also".split())
_NOT_SUBJECT_END = PREPOSITIONS | frozenset("and or to not than if when because while as but so".split())
_OBJECT_START = DETERMINERS | frozenset("only up at least that when if whether from to with in on under as for".split())


def tokens(text: str) -> list[Span]:
    """Words, code and signs of a text, as spans."""
    return [match.span() for match in _TOKEN.finditer(text)]


def clause(text: str, *, within: int = 14) -> Clause | None:
    """The statement split at its first finite verb; None when that is not sure."""
    spans = tokens(text)
    said = [text[slice(*span)] for span in spans]
    relative = False
    for at in range(1, min(len(said), within)):
        low = said[at].lower()
        if low in _RELATIVE:
            relative = True
        elif said[at] in ";:()?!":
            return None
        elif base := _finite(said, at):
            if relative or said[at - 1] == ",":
                relative = False
                continue
            return _clause(text, spans, said, at, base)
    return None


def _finite(said: list[str], at: int) -> str:
    """The base form of a finite verb at a place ("=" for an auxiliary), "" when it is none."""
    low, before = said[at].lower(), said[at - 1].lower()
    after = said[at + 1].lower() if at + 1 < len(said) else ""
    if before in _NOT_SUBJECT_END or before == ",":
        return ""
    if low in AUXILIARIES:
        return "="
    if before in DETERMINERS:
        return ""
    if low in _THIRD and not is_plural(before):
        sure = low not in PLURALS or _starts_object(after, said[at + 1] if after else "")
        return _THIRD[low] if sure and after not in AUXILIARIES else ""
    if low in VERBS and (is_plural(before) or before in ("you", "i", "we", "they")):
        sure = low not in NOUN_VERBS or _starts_object(after, said[at + 1] if after else "")
        return low if sure and after not in AUXILIARIES else ""
    return ""


def _starts_object(low: str, word: str) -> bool:
    return low in _OBJECT_START or word[:1] in "`0123456789" or word[:1].isupper()


def _clause(text: str, spans: list[Span], said: list[str], at: int, base: str) -> Clause | None:
    end = at
    while end > 1 and said[end - 1].lower() in _ADVERBS:
        end -= 1
    subject = text[: spans[end - 1][1]]
    adverb = text[spans[end][0] : spans[at][0]].strip() if end < at else ""
    rest = text[spans[at][1] :].strip()
    if subject.count("`") % 2 or len(words(subject)) > 12:
        return None
    return Clause(subject, adverb, said[at], "" if base == "=" else base, rest)


def question(found: Clause, *, rest: str | None = None) -> str:
    """The clause as a yes/no question without its question mark: "does X support Y"."""
    tail = found.rest if rest is None else rest
    verb = found.verb.lower()
    if not found.base and (verb not in ("has", "have") or _is_participle(tail.split(" ")[0])):
        parts = [verb, found.subject, found.adverb, tail]
    elif not found.base:
        parts = ["does" if verb == "has" else "do", found.subject, found.adverb, "have", tail]
    else:
        helper = "do" if found.base == verb else "does"
        parts = [helper, found.subject, found.adverb, found.base, tail]
    return " ".join(part for part in parts if part)


def _is_participle(word: str) -> bool:
    low = word.lower()
    return low.endswith(("ed", "en")) or low in ("been", "set", "run", "read", "sent", "kept", "lost")


# Wording


_YOU = (
    (re.compile(r"\byou are\b", re.I), "I am"),
    (re.compile(r"\byou were\b", re.I), "I was"),
    (re.compile(r"\byou(?:'|\u2019)ve\b", re.I), "I have"),
    (re.compile(r"\byou(?:'|\u2019)re\b", re.I), "I am"),
    (re.compile(r"\byourself\b", re.I), "myself"),
    (re.compile(r"\byours\b", re.I), "mine"),
    (re.compile(r"\byour\b", re.I), "my"),
    (
        re.compile(
            r"\b(for|to|with|of|from|by|on|at|let|lets|allow|allows|help|helps|give|gives|show|shows"
            r"|tell|tells|ask|asks|enable|enables|send|sends|require|requires|force|forces|notify|notifies|warn|warns|prompt|prompts|let's) you\b",
            re.I,
        ),
        r"\1 me",
    ),
    (re.compile(r"\byou\b", re.I), "I"),
)


def first_person(text: str) -> str:
    """The text as its reader would say it: "your" is "my", "you" is "I" or "me"; code is kept."""
    parts = re.split(r"(`[^`]*`)", text)
    for number in range(0, len(parts), 2):
        for pattern, said in _YOU:
            parts[number] = pattern.sub(said, parts[number])
    return "".join(parts)


def opened(text: str, corpus: Corpus) -> str:
    """A sentence's start as it stands inside a sentence: names keep their capital."""
    first = re.match(r"[A-Za-z][\w'\u2019-]*", text)
    if not first or _keeps_capital(first[0], text, corpus):
        return text
    return text[0].lower() + text[1:]


def _keeps_capital(word: str, text: str, corpus: Corpus) -> bool:
    if word == "I" or re.search(r"[A-Z0-9]", word[1:]):
        return True
    after = text[len(word) :]
    if re.match(r" [A-Z][a-z]", after) and word.lower() not in DETERMINERS and word.lower() not in PREPOSITIONS:
        return True
    return word.lower() in corpus.capital or bool(corpus.product and text.startswith(corpus.product))


def sentence_case(title: str, corpus: Corpus) -> str:
    """A Title Case heading in running text: words that are common in lower case lose the capital."""
    parts = title.split(" ")
    long = [part for part in parts[1:] if len(part) > 3 and part[:1].isalpha()]
    if long and 2 * sum(part[:1].isupper() for part in long) <= len(long):
        return title
    for number, word in enumerate(parts):
        plain = re.fullmatch(r"([A-Z][a-z'\u2019-]+)([,;]?)", word)
        following = parts[number + 1] if number + 1 < len(parts) else ""
        if number and parts[number - 1].endswith((".", "?", "!", ":")):
            continue
        if not plain or plain[1].lower() in corpus.capital or plain[1] == corpus.product:
            continue
        if plain[1].lower() in corpus.lower or (number == 0 and not following[:1].isupper()):
            parts[number] = word.lower()
    return " ".join(parts)


# What can stand alone


_STARTS = re.compile(
    r"(?:this|that|these|those|it|its|they|their|them|he|she|also|then|so|thus|hence|therefore|however"
    r"|instead|otherwise|here|both|neither|either|again|finally|first|firstly|next|second|secondly|but|and|or"
    r"|nor|yet|still|similarly|likewise|additionally|moreover|furthermore|alternatively|such|another"
    r"|afterwards?|meanwhile|as a result|as a consequence|consequently|accordingly|as such|in addition|in this"
    r"|in that|in these|in those|in such|in both|in either|in other words|for example|for instance|for this"
    r"|for these|at this|at that|after that|after this|to this|to that|by this|if so|if not|if this|if that"
    r"|if it|if they|when this|when it|when they|once this|once it|because of this|with this|with that"
    r"|one of|some of|most of|all of|each of|none of|the same|the other|the latter|the former|the second"
    r"|the third|the last|the remaining|the rest|now|note|remember|recall|see|of course|in fact|indeed|e\.g|i\.e"
    r"|unfortunately|fortunately|usually this|there|what|which|who|doing|that's|it's|they're|let's|on the other hand"
    r"|in contrast|by contrast|conversely|more|only then|even|even so|apart from|aside from|other|others|others|nothing|everything|yes|no)\b",
    re.I,
)  # fmt: skip
_OUTSIDE = re.compile(
    r"\b(?:above|below|following|preceding|aforementioned|previously|earlier|section|sections|chapter|listing|figure|fig|appendix"
    r"|see|refer to|described|mentioned|discussed|shown here|as follows|the example|this example|our|ours|we|us|let's"
    r"|i|me|next step|previous step|step \d|as shown|the table|the diagram|the first|the second|the third|the fourth|for example|the screenshot|the latter|the former"
    r"|respectively|here|page|tutorial|guide|documentation|manual|these two|those two|the two|the three"
    r"|the same (?:way|process|procedure|steps?|manner|as|time|thing)|in question|shown in|listed in|given in|the [\w-]+ table|such a|such an|that way|this way|this case|that case|these cases|the rest of)\b",
    re.I,
)  # fmt: skip
_POINTING = re.compile(r"\b(?:this|these|those|such)\b", re.I)
_THAT_NOUN = re.compile(r"\b(?:of|in|on|for|with|to|at|from|by|use|using|after|before|until) that\b", re.I)
_IT = re.compile(r"\b(?:it|its|they|their|them|itself|themselves)\b", re.I)


def standalone(text: str) -> bool:
    """Whether a text can be read without its surroundings."""
    plain = _CODE.sub("`x`", text)
    first = re.match(r"[\s\-*>#]*(?:\d+[.)] )?", plain)
    body = plain[first.end() :] if first else plain
    return not _STARTS.match(body) and not _points_outside(body)


def _points_outside(plain: str) -> bool:
    if _OUTSIDE.search(plain) or _THAT_NOUN.search(plain):
        return True
    for found in _POINTING.finditer(plain):
        noun = re.match(r"\s+([\w-]+)", plain[found.end() :])
        if not noun or noun[1].lower().rstrip("s") not in plain[: found.start()].lower():
            return True
    found_it = _IT.search(plain)
    return bool(found_it and len(words(plain[: found_it.start()])) < 3)


def self_sufficient(sentence: str) -> bool:
    """Whether a sentence may be an answer by itself."""
    return (
        4 <= len(words(sentence)) <= 60
        and sentence[:1] != "("
        and (sentence[0].isupper() or sentence[0] == "`" or sentence[0].isdigit())
        and sentence.endswith((".", ":"))
        and not sentence.endswith(("...", "etc."))
        and sentence.count("(") == sentence.count(")")
        and sentence.count("`") % 2 == 0
        and sentence.count('"') % 2 == 0
        and "\n" not in sentence
        and "!" not in sentence
        and standalone(sentence)
        and not OPINION & set(words(sentence))
    )


_PRONOUNS = re.compile(r"\b(?:it|its|they|them|their|this|that|these|those|he|she|so|such|one|ones|here|there|we|our|us|same)\b", re.I)
_TELLING = re.compile(r"`|\b[A-Z]{2,}|\b[A-Z][a-z]+[A-Z]|(?<=\w )[A-Z][a-z]|\d|\b(?:a|an|no|any|multiple|several|two|three|all|every|each)\b")


def bare_singular(phrase: str) -> bool:
    """Whether a noun phrase lacks its article: "custom environment", "`api` feature"."""
    said = [word for word in re.findall(r"[\w'-]+", _CODE.sub("Code", phrase))]
    if not said or said[0].lower() in DETERMINERS or said[0].lower() in _GERUND or said[0][0].isdigit():
        return False
    head = 0
    while head + 1 < len(said) and said[head + 1].lower() not in _PHRASE_END:
        head += 1
    noun = said[head].lower()
    if said[head][0].isupper() or is_plural(noun) or noun in MASS:
        return False
    return noun in COUNTABLE or not noun.endswith(MASS_ENDINGS)


def vague(text: str) -> bool:
    """Whether a text speaks of "the value", "the new file": a noun that names nothing by itself."""
    spans = tokens(_CODE.sub("Code", text))
    said = [_CODE.sub("Code", text)[slice(*span)] for span in spans]
    return any(
        word.lower() == "the" and _names_nothing(said[at + 1 :]) for at, word in enumerate(said)
    )


def _names_nothing(said: list[str]) -> bool:
    """Whether the words after "the" begin with a vague noun that nothing makes exact."""
    if re.match(r"(?:results?|outcome|effects?|rest|purpose|reason) of the ", " ".join(said[:4]).lower()):
        return True
    phrase: list[str] = []
    for word in said:
        low = word.lower()
        if not word[:1].isalnum() or low in _PHRASE_END or (phrase and low in _THIRD and low not in PLURALS):
            break
        phrase.append(word)
    after = [word.lower() for word in said[len(phrase) : len(phrase) + 2]]
    if len(phrase) > 1 and phrase[-1].lower() in _THIRD and after[:1] and after[0] in DETERMINERS:
        phrase.pop()  # "the server logs the ..."
    while len(phrase) > 1 and phrase[0].lower() in _EMPTY_ADJECTIVES:
        phrase.pop(0)
    if not phrase or len(phrase) > 1 or phrase[0].lower() not in VAGUE | _EMPTY_ADJECTIVES:
        return False
    return not (after[:1] and after[0] in ("of", "for", "that", "which", "where") or "code" in after)


_PHRASE_END = PREPOSITIONS | AUXILIARIES | frozenset("and or but that which who to not be been when if".split())
_EMPTY_ADJECTIVES = frozenset(
    """
    new old given current same other first second last next previous original specified whole entire
    desired appropriate corresponding necessary selected resulting actual final relevant required
    respective correct right chosen newly generated created main real existing latest default standard usual normal typical
    underlying overall particular special
    """.split()
)


def telling(text: str) -> bool:
    """Whether a text names something: code, a name, a number, an indefinite noun."""
    return bool(_TELLING.search(text)) and not _PRONOUNS.search(_CODE.sub("", text))


def subject_name(chunk: Chunk, corpus: Corpus) -> str:
    """What the document is about, as an object of a sentence: "the Rill Logger R2", or ""."""
    place = corpus.places.get(chunk.doc_id, "")
    return place.split(" ", 1)[1] if " " in place else ""


def named(text: str, chunk: Chunk, corpus: Corpus) -> str:
    """The text with "the logger" said in full, in a document about the Rill Logger R2."""
    full, subject = subject_name(chunk, corpus), corpus.subjects.get(chunk.doc_id, "")
    for word in subject.split():
        if word == corpus.product or not word.isalpha() or word.isupper() or subject in text:
            continue
        for found in re.finditer(rf"\b[Tt]he {word.lower()}\b(?!['\u2019-])", _CODE.sub(_blank, text)):
            after = re.match(r"\s*([\w-]*)", text[found.end() :])
            low = after[1].lower() if after else ""
            if low in _PHRASE_END or low == "" or (low in _THIRD and low not in PLURALS):
                return text[: found.start()] + full + text[found.end() :]
    return text


def _blank(found: re.Match[str]) -> str:
    return "`" * len(found[0])


# Tasks: what "How do I" can be asked about


_ADVERBIAL = re.compile(r"\s+(?:at any time|at once|immediately|again|also|as well|instead|too|yourself|manually instead)$")
_NO_TASK = re.compile(r"[:;?!\u2013\u2014\n]|\.\s|\.\.\.|\be\.g\.|\betc\b")


def as_task(text: str, chunk: Chunk, corpus: Corpus) -> str:
    """A verb phrase as a task in the reader's words ("replace the batteries"), or "" when it is none."""
    text = _ADVERBIAL.sub("", text.strip().rstrip(".,"))
    said = text.split()
    if not 2 <= len(said) <= 16 or _NO_TASK.search(_CODE.sub("x", text)):
        return ""
    verb = said[0].lower()
    if verb == "use" and "`" not in text:
        return ""
    if verb not in VERBS or verb in WEAK_TASKS or not _takes_object(verb, said[1:]):
        return ""
    spoken = named(first_person(text), chunk, corpus)
    plain = _CODE.sub("", spoken)
    if vague(spoken) or _PRONOUNS.search(plain) or OPINION & set(words(plain)):
        return ""
    return spoken[0].lower() + spoken[1:]


def _takes_object(verb: str, rest: list[str]) -> bool:
    first = rest[0].strip(",").lower()
    if first in ("and", "or"):
        return len(rest) > 2 and rest[1].lower() in VERBS
    if verb not in NOUN_VERBS:
        return True
    return first in DETERMINERS or first in PREPOSITIONS or rest[0][:1] in "`0123456789" or rest[0][:1].isupper() or first in ("up", "out", "down")


_NUMBERED = re.compile(r"^(?:(?:step )?\d+(?:\.\d+)*[.):]?|[A-Z]\.|[IVX]+\.)\s+", re.I)


def task(heading: str, corpus: Corpus, chunk: Chunk) -> Wording | None:
    """The task that a heading names, as a "procedure" wording."""
    text = sentence_case(_NUMBERED.sub("", heading), corpus)
    how = re.match(r"how (?:to|do i|can i|do you|can you) ", text, re.I)
    text = text[how.end() :] if how else text
    first, _, rest = text.partition(" ")
    if first.lower() in _GERUND and rest and not how:
        text = f"{_GERUND[first.lower()]} {rest}"
        if not _object_like(rest):
            return None
    goal = _object(text)
    if bare_singular(goal) or (not goal and " " not in text.strip().partition(" ")[2]):
        return None
    found = as_task(text, chunk, corpus)
    return Wording("procedure", {"task": found}) if found else None


def _object(task_text: str) -> str:
    """What stands behind the verb of a task, without its particle: "up the server" -> "the server"."""
    said = task_text.split()[1:]
    while said and said[0].lower() in _PARTICLES:
        said.pop(0)
    return " ".join(said) if said and said[0].lower() not in PREPOSITIONS else ""


_PARTICLES = frozenset("up down out off on in back over again and or".split()) | VERBS - NOUN_VERBS


def _object_like(rest: str) -> bool:
    first = rest.split()[0].lower()
    return first not in AUXILIARIES and first not in ("and", "or") or rest.split()[-1] not in ("and",)


_HOW_TO = re.compile(r"(how|when|where|why|what) to (?=[a-z])", re.I)
_WH = re.compile(r"(how|why|what|when|where|which [\w-]+|who) (.+)", re.I)
_HELPERS = {"how": "how do I", "when": "when should I", "where": "where can I", "why": "why should I"}


def heading(heading: str, corpus: Corpus, chunk: Chunk) -> Wording | None:
    """The question that a heading without a question mark stands for."""
    text = sentence_case(_NUMBERED.sub("", heading), corpus)
    if _NO_TASK.search(text) or not 3 <= len(text.split()) <= 12:
        return None
    asked = _asked_by(text, corpus)
    if not asked:
        return None
    asked = named(first_person(asked), chunk, corpus)
    if vague(asked) or _PRONOUNS.search(_CODE.sub("", asked)) or len(words(asked)) < 4:
        return None
    return Wording("ask", {"question": asked, **_elsewhere(asked, corpus)})


def _asked_by(text: str, corpus: Corpus) -> str:
    if found := _HOW_TO.match(text):
        rest = text[found.end() :]
        word = found[1].lower()
        if len(rest.split()) < 2:
            return ""
        if word == "what":
            return f"what should I {rest}" if rest.lower().startswith("do ") else ""
        verb = rest.split()[0].lower()
        return f"{_HELPERS[word]} {rest}" if verb in VERBS and verb not in WEAK_TASKS and word != "how" else ""
    found = _WH.fullmatch(text)
    if not found:
        return ""
    word, rest = found[1].lower(), found[2]
    if word.startswith(("what", "which", "who")) and _subject_question(word, rest):
        return f"{word} {rest}"
    said = clause(opened(rest, corpus))
    if not said or word.startswith("which"):
        return ""
    return f"{word} {question(said)}"


def _subject_question(word: str, rest: str) -> bool:
    """Whether the question word is the subject: "what shortens the battery life"."""
    verb, _, tail = rest.partition(" ")
    return verb.lower() in _THIRD and bool(tail) and clause(rest) is None


def _elsewhere(asked: str, corpus: Corpus) -> dict[str, str]:
    """{"place": ""} when a question names enough by itself: code or a proper name."""
    plain = _CODE.sub("", asked)
    exact = any(not re.fullmatch(r"`[a-z]{1,12}`|`\d+`", code) for code in _CODE.findall(asked))
    if exact or re.search(r"\b(?:whether|if)\b.* ", plain) and asked.startswith("find") or re.search(r"(?<=\w )[A-Z][a-z]+ ?[A-Z\d]|\b[A-Z]+\d+\b", plain):
        return {"place": ""}
    return {}


_ASKS_NOTHING = re.compile(r"\b(?:this|these|those|here|next|else|such|above|below)\b|^(?:\w+ ){1,3}(?:it|that|they|them)\b", re.I)


def asks(asked: str) -> bool:
    """Whether a question heading says what it is about."""
    plain = _CODE.sub("Code", asked)
    return len(words(asked)) >= 4 and not _ASKS_NOTHING.search(plain) and not vague(asked)


def shape(description: str) -> str:
    """What a description is: "does" (a verb phrase), "states" (a sentence) or "is" (a noun phrase)."""
    said = description.split()
    first = said[0].strip(",").lower() if said else ""
    verb = _THIRD.get(first, first)
    if re.match(r"(?:do not|don't|does not|never|always|also|only) [a-z]+", description, re.I) and len(said) > 2:
        verb = first = [word for word in said[1:3] if word.lower() != "not"][0].lower()
        said = said[1:]
        if _THIRD.get(verb, verb) in VERBS:
            return "does"
    if verb in VERBS and len(said) > 1:
        doubtful = first in PLURALS or verb in NOUN_VERBS
        if not doubtful or _surely_object(said[1]):
            return "does"
    return "states" if clause(description) is not None else "is"


_STEP = re.compile(
    r"(?:\(?optional(?:ly)?\)?:? |(?:first|then|next|finally|now),? |please "
    r"|(?:on|in|if|from|to|under|when|for|using|with|at|once|after|before) [^.:]*?, (?:then |you (?:can|must|should) )?)?"
    r"(?P<verb>[a-z]+)\b",
    re.I,
)


def step(text: str) -> bool:
    """Whether a list item tells to do something."""
    found = _STEP.match(text)
    return bool(found and found["verb"].lower() in VERBS | {"go", "wait", "make", "note", "repeat"})


def _surely_object(word: str) -> bool:
    return word.lower() in DETERMINERS or word[:1] in "`0123456789" or (
        word[:1].isupper() or is_plural(word.lower())
    )  # fmt: skip


# Sentences


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence that can be an answer by itself."""

    text: str
    statement: Statement
    chunk: Chunk
    corpus: Corpus

    @property
    def body(self) -> str:
        """The sentence without its full stop."""
        return self.text.rstrip(".:")


def _said(chunk: Chunk, corpus: Corpus) -> Iterator[_Said]:
    for statement in statements(chunk):
        text = chunk.text[slice(*statement.span)]
        if self_sufficient(text):
            yield _Said(text, statement, chunk, corpus)


def _candidate(
    said: _Said,
    rule: str,
    kind: str,
    template: str,
    slots: dict[str, str],
    *,
    answer: Span | None = None,
    fact: bool = False,
) -> Candidate:
    asked = " ".join(slots.values())
    if "place" not in slots and rule != "definition":
        templates = said.corpus.templates[said.chunk.lang]
        place = section_place(said.statement.block, templates, "with")
        if place and not any(code in asked for code in _CODE.findall(place)):
            slots = {**slots, "place": place}
    if "place" not in slots:
        slots = {**slots, **_elsewhere(asked, said.corpus)}
    return Candidate(
        rule=f"sentence.{rule}",
        type=kind,
        template=template,
        slots=slots,
        answer=answer or said.statement.span,
        fact=fact,
    )


_LABEL = re.compile(r"(?:[A-Z][\w-]* )+(?=(?:button|tab|control|option|field|box|dialog|slider|menu|list|icon|checkbox|item|entry|window|panel|tool)s?\b)")


def on_topic(text: str, said: _Said) -> bool:
    """Whether a text speaks of what its section is about, or names code or a proper name.

    A sentence about something that no heading names is an aside or an example.
    """
    if any(not re.fullmatch(r"`(?:[a-z]{1,3}|\d+|<[^`]*>)`", code) for code in _CODE.findall(text)):
        return True
    plain = _LABEL.sub(" ", _CODE.sub(" ", text))
    if re.search(r"\b[A-Z]{2,}\b|\b[A-Z]\w*[A-Z0-9]\w*|(?<=[a-z] )[A-Z][a-z]+", plain.replace(said.corpus.product or "\0", "")):
        return True
    titles = " ".join(said.statement.block.heading_path)
    own = set(content_stems(plain.replace(said.corpus.product or "\0", "")))
    return bool(own & set(content_stems(titles.replace(said.corpus.product or "\0", ""))))


def _ask(said: _Said, rule: str, kind: str, asked: str, *, fact: bool = False) -> Iterator[Candidate]:
    """A candidate for a question that is complete but for "?" and place."""
    spoken = named(first_person(asked), said.chunk, said.corpus)
    plain = _CODE.sub("x", spoken)
    if vague(spoken) or not 3 <= len(words(spoken)) <= 24 or _ASKED_BADLY.search(plain):
        return
    if not on_topic(spoken, said):
        return
    yield _candidate(said, rule, kind, "ask", {"question": spoken}, fact=fact)


_ASKED_BADLY = re.compile(r"[;:\u2013\u2014()\"]|\b(?:yet|certain|various|currently|necessarily|actually|just|e\.g|for example|this|these|those|therefore|thus|however|that is)\b", re.I)
_PRONOUN_SUBJECT = re.compile(r"(?:it|this|that|these|those|they|he|she|we|i|there|one|some|others?|both|each|all|any|none|nothing|everything|what|which|who|here|such)\b(?! [a-z`])", re.I)
_ANY_PRONOUN = re.compile(r"\b(?:it|its|this|these|those|they|their|them|he|she|we|our|here|there|such)\b", re.I)


def _agrees(subject: str, verb: str) -> bool:
    """Whether a subject and is/are/was/were agree in number, as far as one can tell."""
    said = re.findall(r"[\w'`-]+", _CODE.sub("Code", subject))
    if " and " in subject or not said:
        return verb in ("are", "were") or bool(re.match(r"(?:an?|each|every) ", subject, re.I))
    head = 0
    while head + 1 < len(said) and said[head + 1].lower() not in _PHRASE_END:
        head += 1
    if said[head][:1].isupper() or "-" in said[head]:
        return True
    plural = is_plural(said[head].lower()) and said[0].lower() not in ("a", "an", "each", "every")
    return plural == (verb in ("are", "were")) or said[head].lower() in ("data", "media")


_BAD_STARTS = frozenset("some many certain several various other few often usually sometimes normally generally typically currently while although though since because unlike whereas until".split())


def _good_subject(subject: str, *, longest: int = 8) -> bool:
    """Whether a subject names something: no pronoun, no vague noun, no clause, not too long."""
    plain = _CODE.sub("Code", subject)
    first = (words(plain) or [""])[0]
    return (
        0 < len(words(plain)) <= longest
        and first not in _BAD_STARTS
        and first not in ("each", "every", "always", "never", "only", "not", "as", "similar", "typical", "most")
        and first not in PREPOSITIONS
        and not (first in VERBS and first not in NOUN_VERBS)
        and not bare_singular(subject)
        and not _ANY_PRONOUN.search(plain)
        and not _PRONOUN_SUBJECT.match(plain)
        and not vague(subject)
        and plain.lower() not in VAGUE
        and not re.search(r"[,;:()\u2013\u2014\"!?]|\b(?:that|which|who|if|when|because|but|also|now|then|just|first|however)\b", plain, re.I)
    )


_AND_VERB = re.compile(r",? and (?:then |also |is |are |has |have |was |were |can |cannot |will |does |do |must |never |(?P<verb>[a-z]+) )")
_TAIL = re.compile(
    r"\s*(?:[;:(\u2013\u2014]|, (?:because|so|as|since|and|but|which|even|not|unless|except|or|while|whereas"
    r"|for example|only|such|where|including|due|therefore|thus|instead|though|although|by default|regardless|e\.g)\b"
    r"| because | so that | since | although | even if | even though | whereas | but | in order to | as long as |, ).*$",
    re.S,
)


def _short(text: str) -> str:
    """The main part of a clause: what follows a semicolon, a reason or an aside is cut."""
    masked = _CODE.sub(_blank, text)
    found = _TAIL.search(masked)
    text = text[: found.start()] if found else text
    for second in _AND_VERB.finditer(_CODE.sub(_blank, text)):
        verb = second["verb"]
        after = text[second.end() :].split(" ")[0]
        if verb is None or (verb in _THIRD and (verb not in PLURALS or _starts_object(after.lower(), after))):
            text = text[: second.start()]
            break
    return text.strip().rstrip(".,")


# "To X, do Y", "If you want to X, do Y", "You can X by Y"

_TO = re.compile(r"(?:In order to|To) (?P<task>[a-z][^,]+(?:, (?:[\w-]+ )*(?:and|or) [^,]+)?), (?P<main>.+)", re.S)
_WANT = re.compile(
    r"(?:If|When|Whenever|Should) you(?: only| also| just)? (?:want|need|wish|would like|have|intend|plan)(?: to)? "
    r"(?P<task>[a-z][^,]+), (?P<main>.+)",
    re.S,
)
_INSTRUCTS = re.compile(
    r"(?:(?:first|simply|just|always|either|then|please) )?"
    r"(?:you (?:can|must|should|need to|have to|may|could|will need to|only need to|would)\b|(?P<verb>[a-z]+(?:-[a-z]+)?) (?P<next>\S+))"
)
_DOES_NOT_INSTRUCT = frozenset("proceed see read refer contact consider note check look consult visit keep remember be please try make ensure".split())


def _instructs(main: str) -> bool:
    """Whether a main clause tells what to do: an imperative, "you can", "you must"."""
    found = _INSTRUCTS.match(main)
    if not found:
        return False
    verb = found["verb"]
    if verb is None:
        return not re.match(r"you (?:\w+ )+?(?:to )?(?:have|be|proceed|take a look|see|read|refer|contact|consider)\b", main)
    following = found["next"]
    if main.startswith("take a look"):
        return False
    if verb == "check" or verb == "make" or verb == "read":
        return following in ("the", "a", "an") or following.startswith("`")
    if verb not in VERBS or verb in _DOES_NOT_INSTRUCT:
        return False
    return _takes_object(verb, main.split()[main.split().index(verb) + 1 :])


def _to_do(said: _Said) -> Iterator[Candidate]:
    for rule, pattern in (("to", _TO), ("want", _WANT)):
        found = pattern.fullmatch(said.text)
        if not found or not _instructs(found["main"]) or _VAGUE_WAY.search(found["main"]):
            continue
        done = as_task(found["task"], said.chunk, said.corpus)
        answer = _with_lead(said)
        if done and answer and on_topic(done, said):
            yield _candidate(said, rule, "procedural", "how", {"task": done}, answer=answer)


def _with_lead(said: _Said) -> Span | None:
    """The sentence, with the code or the list that its colon announces, or the code right behind."""
    lead = said.statement.lead
    if not said.text.endswith(":"):
        if not said.statement.last:
            return _with_next(said)
        if lead is None or lead.kind != "code" or lead.partial:
            return said.statement.span
        end = lead.end
        whole = len(words(said.chunk.text[said.statement.span[0] : end])) <= 150
        return (said.statement.span[0], end) if whole and _code_is_whole(said.chunk.text[lead.start : end]) else None
    if lead is None or lead.partial or lead.kind not in ("code", "list_item"):
        return None
    start, end = said.statement.span[0], lead.end
    if lead.kind == "list_item":
        end = _end_of_list(said.chunk, lead, said.corpus)
    if end < 0 or len(words(said.chunk.text[start:end])) > 150:
        return None
    if not _code_is_whole(said.chunk.text[lead.start : end]):
        return None
    return start, end


_GOES_ON = re.compile(r"(?:Then|Next|After that|Afterwards|Finally|Now|And then|After this|Once (?:this is )?done)\b,? ")


def _with_next(said: _Said) -> Span | None:
    """An instruction with the sentences of its block that go on with it ("Then click Save.")."""
    start, end = said.statement.span
    text = said.chunk.text
    for low, high in sentences(text[end : said.statement.block.end]):
        following = text[end + low : end + high]
        if not _GOES_ON.match(following):
            break
        if following.endswith(":") or _points_outside(_CODE.sub("`x`", following)):
            return None
        stop = end + high
        return (start, stop) if len(words(text[start:stop])) <= 150 else None
    return start, end


def _end_of_list(chunk: Chunk, first: Block, corpus: Corpus) -> int:
    """The end of the list that begins with a block; -1 when it may go on in the next chunk."""
    blocks = [block for block in chunk.blocks if block.start >= first.start]
    run = []
    for block in blocks:
        if block.kind not in ("list_item", "code"):
            break
        if block.partial:
            return -1
        run.append(block)
    while run and run[-1].kind == "code" and run[-1].start > first.start and len(run) > 1 and run[-2].kind == "code":
        run.pop()
    if len(run) == len(blocks) and chunk.id in corpus.cut:
        return -1
    return run[-1].end if len([b for b in run if b.kind == "list_item"]) > 1 else -1


def _code_is_whole(text: str) -> bool:
    """Code that shows something: no include directive, no lone placeholder."""
    return not re.search(r"\{[!%{]|--8<--|^\s*\.\.\. *$|literalinclude|:::", text, re.M)


_CAN_BY = re.compile(
    r"(?:(?P<front>(?:In|With|On|From) [^,]{3,40}), )?[Yy]ou can (?:either |easily )?(?P<task>[a-z].+?)"
    r" (?:by (?P<gerund>[a-z]+ing) |using |through |via |with (?=`|the `|the (?!default|same)[\w-]+ (?:command|option|flag|setting|button|key)))(?P<way>.+)",
    re.S,
)


def _can_by(said: _Said) -> Iterator[Candidate]:
    found = _CAN_BY.fullmatch(said.text)
    if found and said.text.endswith("."):
        done = as_task(found["task"], said.chunk, said.corpus)
        answer = _with_lead(said)
        if done and answer and on_topic(done, said) and not _VAGUE_WAY.search(found["way"]) and (not found["gerund"] or found["gerund"] in _GERUND):
            yield _candidate(said, "can_by", "procedural", "how", {"task": done}, answer=answer)


_VAGUE_WAY = re.compile(r"\bthe (?:[a-z]+ )?(?:button|icon|link|tab|menu|dialog|tool|option|key|buttons|icons)\b(?! (?:`|[\"\u201c]|of|in|for|at|on|next))|\b(?:ones?|it)\b(?! |$)|\bon one\b")
_PASSIVE_BY = re.compile(
    r"(?P<subject>.+?) can (?:only )?be (?!found|seen|read|downloaded|used|obtained)(?P<verb>\w+(?:ed|en|t|d|n|un)) "
    r"(?P<way>(?:by [a-z]+ing|with `|with an? |with the |using |through |via |under |in the |in `|over ).+)",
    re.S,
)


def _passive_by(said: _Said) -> Iterator[Candidate]:
    found = _PASSIVE_BY.fullmatch(said.body)
    if found and clause(found["subject"] + " x") is None and _good_subject(found["subject"]) and not _VAGUE_WAY.search(found["way"]):
        subject = opened(found["subject"], said.corpus)
        yield from _ask(said, "can_by", "procedural", f"how can {subject} be {found['verb']}")


# What cannot be done, what holds by default, limits


_CANNOT = re.compile(r"You (?:cannot|can't|can not|can\u2019t|must not|mustn't) (?P<task>.+)", re.S)


def _cannot(said: _Said) -> Iterator[Candidate]:
    found = _CANNOT.fullmatch(said.body)
    if found:
        done = as_task(_short(found["task"]), said.chunk, said.corpus)
        if done:
            yield _candidate(said, "cannot", "factual", "ask", {"question": f"can I {done}"})
        return
    split = clause(said.body)
    if split is None or not _good_subject(split.subject):
        return
    if not _own_subject(split.subject, said):
        return
    subject = opened(split.subject, said.corpus)
    rest = _short(split.rest)
    if split.verb in ("cannot", "can't", "can\u2019t") and rest:
        yield from _ask(said, "cannot", "factual", f"can {subject} {rest}")
    elif split.verb in ("can", "must") and rest.startswith("not ") and not rest.startswith("not only"):
        yield from _ask(said, "cannot", "factual", f"can {subject} {rest[4:].removeprefix('only ')}")
    elif split.verb in ("does", "do") and rest.startswith("not ") and not _EMPTY_VERB.match(rest):
        yield from _ask(said, "yes_no", "factual", f"{split.verb} {subject} {rest[4:]}")
    elif split.verb in ("is", "are") and re.match(r"not (?:possible|supported|allowed|available|required|necessary|needed|included|deleted|counted|stored|part|reversible|covered|encrypted)\b", rest):
        yield from _ask(said, "yes_no", "factual", f"{split.verb} {subject} {rest[4:]}")
    elif split.base == "support" and len(words(rest)) <= 12 and not re.match(r", (?!so|but|which)", split.rest[len(rest) :]):
        helper = "do" if split.verb == split.base else "does"
        yield from _ask(said, "yes_no", "factual", f"{helper} {subject} {split.base} {rest}")


def _own_subject(subject: str, said: _Said) -> bool:
    """Whether a subject that is a name is one that the documents are about."""
    if "`" in subject or not re.fullmatch(r"[A-Z]\w*(?: [A-Z\d][\w.]*)*", subject) or subject.lower() in said.corpus.lower:
        return True
    known = (said.corpus.product, said.corpus.subjects.get(said.chunk.doc_id, ""), *said.statement.block.heading_path)
    return any(subject in name for name in known) or subject.split()[0] == said.corpus.product


_EMPTY_VERB = re.compile(r"not (?:\w+ly )?(?:need|have|want|like|mean|matter|know|care|make|seem|exist|do|get|look|try|tend)\b")
_BY_DEFAULT = re.compile(r"By default, (?P<main>.+)", re.S)


def _by_default(said: _Said) -> Iterator[Candidate]:
    found = _BY_DEFAULT.fullmatch(said.body)
    split = clause(found["main"]) if found else None
    if split is None or not _good_subject(split.subject):
        return
    rest = _short(split.rest)
    if split.verb in ("is", "are") and re.match(r"(?:not )?(?:\w+ed|set|on|off|kept|shown|hidden|active)\b", rest) and not re.match(r"(?:set|limited|equal)", rest):
        asked = f"{split.verb} {opened(split.subject, said.corpus)} {rest.removeprefix('not ')} by default"
        yield from _ask(said, "by_default", "factual", asked)


_VALUE = r"(?:[-\u2212]?\d|`|\"|(?:about |around |up to |at least |at most |approximately )?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b)"
_LIMIT = re.compile(
    r"The (?P<what>(?:maximum|minimum|default|largest|smallest|longest|shortest|highest|lowest|recommended|rated|usual"
    r"|typical|total|initial|expected|minimal|maximal|greatest) [^,;:]+?) (?P<verb>is|are) (?P<value>.+)",
    re.S,
)
_OF = re.compile(r"The (?P<what>[a-z][\w -]*? (?:of|for) [^,;:]+?) (?P<verb>is|are) (?P<value>.+)", re.S)
_LIMITED = re.compile(r"(?P<subject>.+?) (?P<verb>is|are) limited to (?P<value>.+)", re.S)
_DEFAULTS = re.compile(r"(?P<subject>[^,;]+?) defaults to (?P<value>.+)", re.S)


def _limit(said: _Said) -> Iterator[Candidate]:
    for pattern in (_LIMIT, _OF):
        found = pattern.fullmatch(said.body)
        if not found:
            continue
        what = found["what"]
        if _head_is_vague(what) or not re.match(_VALUE, found["value"]) or clause(f"The {what}") is not None:
            continue
        if pattern is _OF and not re.match(r"[\w -]+ (?:of|for) (?:an?|the|`|[A-Z])", what):
            continue
        yield from _ask(said, "limit", "factual", f"what {found['verb']} the {what}", fact=True)
        return
    found = _LIMITED.fullmatch(said.body)
    if found and re.search(r"\d|`", found["value"]) and _good_subject(found["subject"]) and not re.search(r"\b(?:min|max|limit|allow)", found["subject"]) and clause(found["subject"] + " x") is None:
        subject = opened(found["subject"], said.corpus)
        yield from _ask(said, "limit", "factual", f"what {found['verb']} {subject} limited to", fact=True)
    found = _DEFAULTS.fullmatch(said.body)
    if found and "`" in found["subject"] and _good_subject(found["subject"]) and not re.search(r"\b(?:is|are|and)\b", found["subject"]):
        subject = opened(found["subject"], said.corpus)
        yield from _ask(said, "limit", "factual", f"what does {subject} default to", fact=True)


def _head_is_vague(what: str) -> bool:
    """"maximum value": an adjective and a noun that name nothing."""
    said = what.split()
    return len(said) <= 2


# How many, how long, how often, where, who


_NUMBER = r"(?:\d[\d.,\u202f]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|sixty)"
_TIME = r"(?:milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|nights?)"
_ABOUT = r"(?:about |around |roughly |approximately |up to |at most |at least |less than |more than |only |between )?"
_UNITS = frozenset(
    """
    ms s sec second seconds minute minutes hour hours day days week weeks month months year years
    percent % kb mb gb tb kib mib gib bytes byte bit bits mm cm m km metre metres meter meters mv v
    ma a mah w kw hz khz mhz ghz kg g nm bar degrees eur usd mbar characters db dbm
    """.split()
)
_UP_TO = re.compile(
    rf"(?P<subject>.+?) (?P<verb>can (?:\w+ )?[a-z]+|may [a-z]+|[a-z]+s) (?:up to|at most|no more than|a maximum of|exactly|at least) "
    rf"(?P<n>{_NUMBER}) (?P<noun>(?:[a-z-]+ )?[a-z-]+s)\b(?P<rest>.*)",
    re.S,
)


def _how_many(said: _Said) -> Iterator[Candidate]:
    found = _UP_TO.fullmatch(said.body)
    if not found or not _good_subject(found["subject"]) or found["noun"].split()[-1] in _UNITS:
        return
    subject, verb = opened(found["subject"], said.corpus), found["verb"]
    rest = _short(found["rest"])
    if re.match(r"\s*(?:of|to|and|or|at least|\d|long|old|wide|high|deep)\b", rest):
        return
    if verb.startswith(("can ", "may ")):
        helper, _, base = verb.partition(" ")
    elif verb in _THIRD:
        helper, base = "does", _THIRD[verb]
    else:
        return
    yield from _ask(said, "how_many", "factual", f"how many {found['noun']} {helper} {subject} {base} {rest.strip()}".strip(), fact=True)


_HOW_LONG = (
    (re.compile(rf"(?P<s>.+?) (?P<v>is|are|stays|stay|remains|remain) valid for {_ABOUT}{_NUMBER} {_TIME}\b.*", re.S), "how long {be} {s} valid"),
    (re.compile(rf"(?P<s>.+?) expires? (?:after|in) {_ABOUT}{_NUMBER} {_TIME}\b.*", re.S), "when {do} {s} expire"),
    (re.compile(rf"(?P<s>.+?) takes? {_ABOUT}{_NUMBER} {_TIME}\b.*", re.S), "how long {do} {s} take"),
    (re.compile(rf"(?P<s>.+?) lasts? (?:for )?{_ABOUT}{_NUMBER} {_TIME}\b.*", re.S), "how long {do} {s} last"),
    (re.compile(rf"(?P<s>.+?) (?P<v>is|are) (?P<p>kept|stored|retained|cached|available|locked|valid) for {_ABOUT}{_NUMBER} {_TIME}\b.*", re.S), "how long {v} {s} {p}"),
    (re.compile(rf"(?P<s>.+?) (?P<k>keeps|stores|retains|caches|holds) (?P<o>[^,;]+?) for {_ABOUT}{_NUMBER} {_TIME}\b.*", re.S), "how long does {s} {k} {o}"),
    (re.compile(rf"(?P<s>.+?) (?P<v>is|are) (?P<p>\w+ed|sent|run|taken|written|read) (?:every {_NUMBER} {_TIME}|once (?:a|per|every) \w+|daily|hourly|weekly|monthly|every (?:day|hour|minute|night|week|month))\b.*", re.S), "how often {v} {s} {p}"),
)  # fmt: skip
_KEEPS = {"keeps": "keep", "stores": "store", "retains": "retain", "caches": "cache", "holds": "hold"}


def _how_long(said: _Said) -> Iterator[Candidate]:
    for pattern, form in _HOW_LONG:
        found = pattern.fullmatch(said.body)
        if not found:
            continue
        subject = re.sub(r"^By default, ", "", found["s"])
        if not _good_subject(subject):
            continue
        plural = is_plural(words(subject)[-1]) if words(subject) else False
        parts = {name: part or "" for name, part in found.groupdict().items()}
        parts |= {"s": opened(subject, said.corpus), "be": "are" if plural else "is", "do": "do" if plural else "does"}
        if "k" in parts:
            parts["k"] = _KEEPS[parts["k"]]
        yield from _ask(said, "how_long", "factual", form.format_map(parts), fact=True)
        return


_OFTEN = re.compile(
    rf"(?P<s>.+?) (?P<verb>[a-z]+s) (?P<o>[^,;]*?) ?(?:every (?:{_NUMBER} {_TIME}|day|hour|minute|night|week|month|second)|once (?:a|per|every) (?:day|hour|minute|week|month|second|year))\b.*",
    re.S,
)


def _how_often(said: _Said) -> Iterator[Candidate]:
    found = _OFTEN.fullmatch(re.sub(r"^By default, ", "", said.body))
    if found and re.search(r"\b(?:when|if|and|it|they|again)\b", found["o"]):
        return
    if found and found["verb"] in _THIRD and _good_subject(found["s"]) and not is_plural(words(found["s"])[-1]):
        asked = f"how often does {opened(found['s'], said.corpus)} {_THIRD[found['verb']]} {found['o']}".strip()
        yield from _ask(said, "how_long", "factual", asked, fact=True)


_WHERE = re.compile(
    r"(?P<s>.+?) (?P<v>is|are) (?:always |only |also |usually )?(?P<p>stored|kept|located|saved|written|recorded|logged|defined|set|installed|placed|found|configured|listed|shown|displayed|printed) "
    r"(?:only )?(?:in|under|at|to|on|inside|by default in) (?P<place>.+)",
    re.S,
)
_IS_PLACE = re.compile(r"^(?:the )?(?:file |directory |folder |table |section |database )?`[^`]*[/.\[_][^`]*`|^(?:the|a|an) (?:[\w-]+ ){0,3}(?:file|directory|folder|database|menu|journal|log|store|server|disk|tab|list|page|table|registry|keychain|dialog|settings|lid|housing|holder)\b")


def _where(said: _Said) -> Iterator[Candidate]:
    found = _WHERE.fullmatch(re.sub(r"^By default, ", "", said.body))
    if found and _IS_PLACE.search(found["place"]) and _good_list_subject(found["s"]) and _agrees(found["s"], found["v"]):
        yield from _ask(said, "where", "factual", f"where {found['v']} {opened(found['s'], said.corpus)} {found['p']}", fact=True)


def _good_list_subject(subject: str) -> bool:
    return _good_subject(subject.replace(",", ""), longest=12)


_WHO = re.compile(r"Only (?P<who>[^,;]+?) (?P<v>can|may) (?P<task>.+)", re.S)


def _who(said: _Said) -> Iterator[Candidate]:
    found = _WHO.fullmatch(said.body)
    if found and re.match(r"(?:an? |the )?(?:[\w-]+ ){0,2}(?:owners?|users?|admins?|administrators?|managers?|members?|operators?|roots?|accounts?|people|customers?|developers?)\b", found["who"]):
        done = as_task(_short(found["task"]), said.chunk, said.corpus)
        if done:
            yield from _ask(said, "who", "factual", f"who can {done}", fact=True)


# What something is, is for, and since when


_IS_A = re.compile(r"(?P<subject>.+?) is (?P<article>an?|the) (?P<what>.+)", re.S)
_NOT_A_KIND = re.compile(r"(?:way|place|thing|good|great|common|list|set of|example|lot|bit|problem|mistake|reason|result|first|second|third|last|same|only|best|one|case|matter|must|better|new|normal|subject|prerequisite|possibility|difference|requirement|few|number|recommended|default|preferred|most|easiest|simplest|next|main)\b")


def _definition(said: _Said) -> Iterator[Candidate]:
    found = _IS_A.fullmatch(said.body)
    if not found or _NOT_A_KIND.match(found["what"]) or len(words(found["what"])) < 5:
        return
    subject = found["subject"]
    plain = re.sub(r"^(?:An?|The) ", "", subject)
    named_well = "`" in subject or plain[:1].isupper() or " of " in subject
    if subject.startswith("The ") and not named_well:
        return
    if not subject.startswith(("A ", "An ", "The ")) and len(words(subject)) == 1 and found["article"] == "the":
        if subject != said.corpus.product:
            return
    if not _good_subject(subject, longest=6) or re.search(r"\b(?:to|by|with|for|in|on|at|from|how|why|not|never)\b|\d", _CODE.sub("x", plain)) or plain.split()[0].lower() in _GERUND or plain.split()[0].lower().endswith("ed"):
        return
    if re.match(r"(?:one|chief|first|another|part|much|all)\b", plain, re.I) or re.search(r"\b(?:worth|among|noting|called|named|known)\b", plain):
        return
    if re.search(r"\b(?:relatively|rapidly|very|mature|popular|famous|generic)\b", found["what"][:60]):
        return
    if re.search(r"\b(?:case|example|way|thing|problem|alternative|approach|solution|idea|word|kind|sort|type)$", subject, re.I):
        return
    if re.match(r"(?:an? |the )?(?:next|previous|other|first|same|result|goal|idea|reason|purpose|difference|problem|advantage|default)\b", subject, re.I):
        return
    if subject.startswith("The ") and " of " in subject and found["article"] == "the":
        return
    asked = opened(subject, said.corpus)
    if not _is_topic(plain, said):
        return
    own = _proper(plain, said.corpus) or subject in (said.corpus.product, said.corpus.subjects.get(said.chunk.doc_id))
    slots = {"key": asked, "place": ""} if own else {"key": asked}
    yield _candidate(said, "definition", "conceptual", "definition", slots)


def _is_topic(name: str, said: _Said) -> bool:
    """Whether the section or the page is about a name: a heading or several sentences speak of it."""
    low = name.lower()
    titles = " ".join(said.statement.block.heading_path).lower()
    return low in titles or said.chunk.text.lower().count(low) > 2


def _proper(name: str, corpus: Corpus) -> bool:
    return "`" in name or any(word[:1].isupper() and word.lower() not in corpus.lower for word in name.split())


_LETS = re.compile(r"(?P<s>.+?) (?:lets you|allows you to|enables you to|helps you to|helps you) (?P<task>[a-z].+)", re.S)
_USED = re.compile(r"(?P<s>.+?) (?P<v>is|are) (?:mainly |only |typically |usually )?used (?:to|for|as) (?P<for>.+)", re.S)
_SERVES = re.compile(r"(?P<s>.+?) (?:serves|serve) (?:to|as) (?P<for>.+)", re.S)


def _purpose(said: _Said) -> Iterator[Candidate]:
    found = _LETS.fullmatch(re.sub(r" (?:already|also|then) (?=lets|allows|enables)", " ", said.body))
    subjects = (said.corpus.product, said.corpus.subjects.get(said.chunk.doc_id, ""))
    if found and _good_subject(found["s"], longest=6) and found["s"] not in subjects and not re.search(r"\d\.\d", found["s"]):
        subject = named(opened(found["s"], said.corpus), said.chunk, said.corpus)
        if not on_topic(subject, said):
            return
        yield _candidate(said, "lets", "conceptual", "lets", {"key": subject})
        return
    found = _USED.fullmatch(said.body)
    if found and _good_subject(found["s"], longest=6) and len(words(found["for"])) >= 3 and _agrees(found["s"], found["v"]):
        yield from _ask(said, "used", "conceptual", f"what {found['v']} {opened(found['s'], said.corpus)} used for")


_VERSIONED = re.compile(
    r"(?P<s>.+?) (?P<v>was|were|has been|have been) (?P<p>added|introduced|removed|deprecated|renamed|replaced) (?:in|with|since|as of) (?:the )?(?:[A-Z][\w.]* )?(?:version |release |v)?(?P<n>\d+(?:\.\d+)+).*",
    re.S,
)


def _version(said: _Said) -> Iterator[Candidate]:
    found = _VERSIONED.fullmatch(said.body)
    if found and _good_subject(found["s"]):
        verb = "were" if found["v"] in ("were", "have been") else "was"
        yield from _ask(said, "version", "factual", f"in which version {verb} {opened(found['s'], said.corpus)} {found['p']}", fact=True)


_UNLIKE = re.compile(r"(?:Unlike|In contrast to|Compared to|Compared with) (?P<other>[^,]+), (?P<main>.+)", re.S)


def _contrast(said: _Said) -> Iterator[Candidate]:
    found = _UNLIKE.fullmatch(said.body)
    split = clause(found["main"]) if found else None
    if found and split and _good_subject(split.subject, longest=6) and _good_subject(found["other"], longest=7):
        one, other = opened(split.subject, said.corpus), found["other"]
        one = named(one, said.chunk, said.corpus)
        if re.search(r"\b(?:any|other|previous|others|most|many|all)\b", other):
            return
        do = "does" if split.verb in ("is", "has", "does", "was") or split.base and split.verb != split.base else "do"
        do = "do" if split.verb in ("are", "have", "do", "were") or is_plural(one.split()[-1].lower()) else do
        slots = {"one": one, "other": other, "do": do}
        if " and " in other:
            del slots["other"]  # "between X and Y and Z" cannot be read
            slots["others"] = other
        yield _candidate(said, "contrast", "comparison", "contrast", slots)


# Conditions and reasons


_IF = re.compile(
    r"(?P<conjunction>If|When|Whenever|Once|As soon as) (?P<condition>[^,`(]*(?:(?:`[^`]*`|\([^)]*\))[^,`(]*)*), (?:then )?(?P<main>.+)", re.S
)
_MAIN_IF = re.compile(r"(?P<main>[^,;]+?) (?P<conjunction>when|whenever|once|as soon as) (?P<condition>[^;]+)", re.S)
_MIND = re.compile(rf"\b(?:{'|'.join(STATES_OF_MIND)})\b", re.I)
_UNREAL = re.compile(r"\b(?:had|were|would|could|might)\b")


def _condition_named(text: str, said: _Said) -> str:
    """A condition in the reader's words when it says what it is about, else ""."""
    split = clause(text)
    if split is None or not 4 <= len(words(text)) <= 22:
        return ""
    spoken = named(first_person(opened(text, said.corpus)), said.chunk, said.corpus)
    plain = _CODE.sub("x", spoken)
    if vague(spoken) or _ANY_PRONOUN.search(plain) or _UNREAL.search(plain) or _MIND.search(plain):
        return ""
    if re.search(r"\b(?:I (?:want|need|like|do not|don't|have|use|choose|prefer|see|are|am)|just|that|another|one|same|other|both)\b", plain) and "`" not in spoken:
        return ""
    if re.search(r"[;:\u2013\u2014]|\b(?:do|or not|e\.g|again|as well|too|instead|otherwise|already|still|anyway)\b", plain):
        return ""
    if not telling(spoken) and not said.corpus.places.get(said.chunk.doc_id):
        return ""
    if words(split.subject)[0] in ("a", "an") and len(words(split.subject)) == 2 and words(split.subject)[1] in VAGUE and "`" not in spoken and not said.corpus.places.get(said.chunk.doc_id):
        return ""
    return spoken


def _condition(said: _Said) -> Iterator[Candidate]:
    found = _IF.fullmatch(said.body)
    if not found or not said.text.endswith("."):
        return
    condition = _condition_named(found["condition"], said)
    if not condition or not on_topic(condition, said):
        return
    main, conjunction = found["main"], found["conjunction"].lower()
    slots = {"condition": condition, "conjunction": conjunction, "Conjunction": found["conjunction"]}
    split = clause(opened(main, said.corpus))
    if re.match(r"(?:it|its|they|their)\b", main) and not re.match(r"(?:an?|the) ", condition):
        return
    if not _instructs(main) and split is not None and _consequence(split, main):
        sign = _SIGN.search(condition) and _STATIVE.search(f"{split.verb} {split.rest}")
        template = "sign" if sign and conjunction in ("if", "when") else "condition"
        yield _candidate(said, "condition", "conceptual", template, slots)


def _instruction(said: _Said) -> Iterator[Candidate]:
    """"If A, do B." asks what to do."""
    found = _IF.fullmatch(said.body)
    condition = _condition_named(found["condition"], said) if found else ""
    if found and condition and _instructs(found["main"]):
        slots = {"condition": condition, "conjunction": found["conjunction"].lower()}
        slots["Conjunction"] = found["conjunction"]
        yield _candidate(said, "instruction", "troubleshooting", "instruction", slots)


_SIGN = re.compile(r"\b(?:shows?|reports?|displays?|prints?|appears?|blinks?|flashes|lights?|ends with|fails with|answers with|reason is|code is|says)\b")
_STATIVE = re.compile(r"^(?:is|are|was|were|has|have|cannot|does not|do not|belongs?|means?|lies?|contains?|points?|lacks?)\b")


def _consequence(split: Clause, main: str) -> bool:
    """Whether a main clause says what happens (not what one may, should or must do)."""
    plain = main.lower()
    first = plain.split()[0]
    if first in VERBS and not is_plural(split.subject.split()[-1].lower()) and len(split.subject.split()) < 3:
        return False
    imperative = _IMPERATIVE.match(plain)
    return (
        _verb_free(first) and not (imperative and imperative["verb"] in VERBS) and
        split.verb.lower() not in ("should", "must", "may", "might", "could", "would", "can")
        and not plain.startswith(("you ", "there ", "make sure", "we ", "this ", "that ", "please"))
        and not re.match(r"(?:\w+ ){1,6}(?:is|are) (?:recommended|possible|necessary|required|important|useful|best|likely)\b", plain)
        and len(words(main)) >= 3
    )


def _verb_free(first: str) -> bool:
    """Whether a main clause does not begin with an imperative."""
    return first not in VERBS or first in NOUN_VERBS


_IMPERATIVE = re.compile(r"(?:then |just |simply |first |please )?(?P<verb>[a-z]+) (?:the|a|an|your|whether|if|that|for|all|any|`|it|this|out)\b")


def _condition_last(said: _Said) -> Iterator[Candidate]:
    """"B when A." asks what happens when A."""
    found = _MAIN_IF.fullmatch(said.body)
    if not found or not said.text.endswith(".") or _EMBEDS.search(found["main"].strip()):
        return
    split = clause(found["main"])
    condition = _condition_named(_short(found["condition"]), said)
    if not condition or not on_topic(condition, said) or split is None or not _good_subject(split.subject) or not split.base or _instructs(opened(found["main"], said.corpus)):
        return
    conjunction = found["conjunction"].lower()
    slots = {"condition": condition, "conjunction": conjunction, "Conjunction": conjunction.capitalize()}
    yield _candidate(said, "condition", "conceptual", "condition", slots)


# A main clause before "when" that makes it a question ("tells when"), a limit ("only when") or a reservation.
_EMBEDS = re.compile(
    r"\b(?:only|even|except|than|as|and|or|not|unlike|successful|possible|useful|necessary|required|works?|applies|apply|holds?|helps?|valid)$"
    r"|\b(?:check|checks|see|sees|whether|decides?|states?|says?|tells?|shows?|defines?|determines?|knows?|specif(?:y|ies)|indicates?|counts?|prefers?|expects?|assumes?|requires?)\b",
    re.I,
)


_BECAUSE = re.compile(r"(?P<main>[^;:]+?),? because (?P<reason>.+)", re.S)


def _because(said: _Said) -> Iterator[Candidate]:
    found = _BECAUSE.fullmatch(said.body)
    if not found or _ANY_PRONOUN.search(_CODE.sub("x", found["main"])) or len(words(found["reason"])) < 4:
        return
    main = found["main"]
    if main.split()[0] in ("If", "When", "To", "Because", "Only", "In", "On", "For", "Do", "Use", "By", "With") or "," in main:
        return
    split = clause(main)
    if split is not None and _good_subject(split.subject) and len(words(main)) <= 16 and not re.search(r"\b(?:may|might|should|probably|not only)\b", main):
        asked = question(Clause(opened(split.subject, said.corpus), split.adverb, split.verb, split.base, split.rest.rstrip(",")))
        yield from _ask(said, "because", "conceptual", f"why {asked}")


_STRICT = (
    _can_by, _passive_by, _cannot, _by_default, _limit, _how_many, _how_long, _how_often,
    _where, _who, _definition, _purpose, _version, _contrast, _condition, _condition_last,
)
_BROAD = (_instruction, _because)  # fmt: skip


def _sentence_rules(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    for said in _said(chunk, corpus):
        yield from _to_do(said)
        if said.text.endswith("."):
            for family in _STRICT:
                yield from family(said)


def _broad_rules(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    for said in _said(chunk, corpus):
        if said.text.endswith("."):
            for family in _BROAD:
                yield from family(said)


# Tables and lists that need grammar: symptoms, quantities, and rows asked from their description


_PROBLEMS = re.compile(r"\b(?:troubleshoot\w*|problems?|faults?|errors?|issues?|symptoms?|fails?|failed|implausible|wrong|not|no|cannot|missing|rejected)\b", re.I)


def _problem(text: str, chunk: Chunk, corpus: Corpus) -> str:
    """A symptom that is a clause, in the reader's words ("all pages are slow"), else ""."""
    text = re.sub(r"\s*\([A-Z]+\d+\)", "", text.strip().rstrip("."))
    split = clause(text)
    if split is None or not 3 <= len(words(text)) <= 16 or "\\|" in text:
        return ""
    if bare_singular(split.subject) or not _agrees(split.subject, split.verb) and split.verb in ("is", "are"):
        return ""
    spoken = named(first_person(opened(text, corpus)), chunk, corpus)
    plain = _CODE.sub("x", spoken)
    if _ANY_PRONOUN.search(plain) or re.search(r"[;:!?\u2013\u2014]|\b(?:this|that|which)\b", plain):
        return ""
    return "" if vague(spoken) and not corpus.places.get(chunk.doc_id) else spoken


def _symptom_rows(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """Rows of symptom tables: what to do if, and the likely cause."""
    templates = corpus.templates[chunk.lang]
    for table in tables(chunk):
        noun = noun_of(table.header[0], table.block, templates)
        if noun is None or noun.kind != "symptom":
            continue
        for row, line in zip(table.rows, table.lines, strict=True):
            condition = _problem(chunk.text[slice(*row[0])], chunk, corpus)
            for title, cell in zip(table.header[1:], row[1:], strict=True):
                kind = templates.columns.get(fold(title), "")
                if condition and kind in ("action", "cause") and len(words(chunk.text[slice(*cell)])) >= 3:
                    yield Candidate(
                        rule=f"table.{kind}",
                        type="troubleshooting",
                        template="symptom" if kind == "action" else "symptom.cause",
                        slots={"condition": condition},
                        answer=cell,
                        evidence=line,
                        fact=True,
                    )


def _symptom_terms(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """"The level follows the weather: The vent tube is kinked ..." in a list of problems."""
    for block, key, description in terms(chunk):
        if is_code(key) or not any(_PROBLEMS.search(title) for title in block.heading_path):
            continue
        condition = _problem(key, chunk, corpus)
        if condition and len(words(chunk.text[slice(*description)])) >= 6:
            yield Candidate(
                rule="list.symptom",
                type="troubleshooting",
                template="symptom",
                slots={"condition": condition},
                answer=description,
                evidence=(block.start, block.end),
                fact=True,
            )


_REMEDY = re.compile(r"\b(?:remedy|solution|cause|fix|reason|run|check|add|set|restart|replace|hold|test|register|make sure|verify|raise|use|open|install|update|delete|move)\b", re.I)


def _problem_headings(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A heading that is a problem ("Backups fail") in a page about problems, with all its text."""
    for section in sections(chunk, corpus):
        if section.heading is None:
            continue
        text = heading_text(chunk.text, section.heading)
        above = section.heading.heading_path[:-1]
        if text.endswith("?") or not any(_PROBLEMS.search(title) for title in above):
            continue
        condition = _problem(sentence_case(text, corpus), chunk, corpus)
        answer = section_answer(chunk, section, corpus) if condition else None
        if answer and _REMEDY.search(chunk.text[slice(*answer)]) and "| --- |" not in chunk.text[slice(*answer)]:
            yield Candidate(
                rule="heading.clause",
                type="troubleshooting",
                template="symptom",
                slots={"condition": condition},
                answer=answer,
            )


def _quantities(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """Rows of data sheets: "Operating temperature | -30 to +60"."""
    templates = corpus.templates[chunk.lang]
    subject = subject_name(chunk, corpus)
    for table in tables(chunk):
        noun = noun_of(table.header[0], table.block, templates) if len(table.header) == 2 else None
        if noun is None or noun.kind not in ("quantity", "field") or not subject:
            continue
        if templates.columns.get(fold(table.header[1])) != "value.quantity":
            continue
        for row, line in zip(table.rows, table.lines, strict=True):
            key = _quantity(chunk.text[slice(*row[0])], corpus)
            if key and chunk.text[slice(*row[1])]:
                plural = is_plural(key.split()[-1])
                yield Candidate(
                    rule="table.value",
                    type="factual",
                    template="quantity",
                    slots={
                        "key": key,
                        "be": "are" if plural else "is",
                        "of": f"of {_of_what(table.block, subject, corpus)}",
                    },
                    answer=row[1],
                    evidence=line,
                    key=key,
                    noun="quantity",
                    fact=True,
                )


def _of_what(block: Block, subject: str, corpus: Corpus) -> str:
    """The subject of a data sheet: a heading that names another product part wins."""
    own = block.heading_path[-1] if block.heading_path else ""
    named_there = re.search(r"[A-Z][\w-]*(?: [A-Z][\w-]*)* [A-Z]+\d+\b", own)
    return f"the {named_there[0]}" if named_there and named_there[0] not in subject else subject


def _quantity(cell: str, corpus: Corpus) -> str:
    if not 1 <= len(words(cell)) <= 5 or re.search(r"[`|:;?]", cell):
        return ""
    return opened(re.sub(r"\s*\([^)]*\)$", "", cell), corpus)


_SETS = re.compile(r"(?:number|time|address|port|path|directory|folder|name|maximum|minimum|largest|smallest|longest|shortest|greatest|lowest|highest|age|amount|format|interval|distance|size|level|language|location|list|type|encryption|compression|treatment|duration|file|password|token|url|key)\b(?= (?:of|for|in|on|at|that|which|to|from|under|between|after|used|with|from)\b|[\w ]*\b(?:of|for|that)\b)", re.I)


def _inverse_rows(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A row asked from its description: "Which setting rejects gateways that ...?"."""
    templates = corpus.templates[chunk.lang]
    for table in tables(chunk):
        noun = noun_of(table.header[0], table.block, templates)
        column = _description_column(table, templates)
        if noun is None or column is None or noun.kind not in ("setting", "field", "command", "metric", "endpoint"):
            continue
        for row, line in zip(table.rows, table.lines, strict=True):
            key = chunk.text[slice(*row[0])]
            asked = _inverse(chunk.text[slice(*row[column])], noun.kind, corpus)
            if asked and is_code(key):
                place = section_place(table.block, templates)
                slots = {"noun": noun.noun, "clause": asked, **({"place": place} if place else {})}
                yield Candidate(
                    rule="table.inverse",
                    type="factual",
                    template="inverse",
                    slots=slots,
                    answer=row[0],
                    evidence=line,
                    fact=True,
                )


def _description_column(table: Table, templates: Templates) -> int | None:
    kinds = [templates.columns.get(fold(title), "") for title in table.header]
    return kinds.index("description") if kinds.count("description") == 1 else None


def _inverse(description: str, kind: str, corpus: Corpus) -> str:
    """The description as a predicate: "rejects gateways ...", "defines the number of ..."."""
    text = _short_description(description)
    if not 4 <= len(words(text)) <= 18 or "`" in text and kind == "endpoint":
        return ""
    plain = _CODE.sub("x", text)
    if _ANY_PRONOUN.search(plain) or re.search(r"[:;()\u2013\u2014\"!?]|\.\s", plain):
        return ""
    first = text.split()[0]
    if shape(text) == "does":
        low = first.lower()
        verb = low if low in _THIRD else third(low)
        return f"{verb} {text.split(' ', 1)[1]}"
    if kind == "setting" and _SETS.match(text):
        return f"defines the {first.lower()} {text.split(' ', 1)[1]}"
    return ""


def _short_description(description: str) -> str:
    """The first part of a description: what follows a semicolon or a default is cut."""
    masked = _CODE.sub(_blank, description)
    found = re.search(r";|\s\(|\. |, (?:or|and|which|by default|e\.g)\b", masked)
    return (description[: found.start()] if found else description).strip().rstrip(".,")


def _commands(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A heading that is a command, with the sentence under it that says what it does."""
    for section in sections(chunk, corpus):
        if section.heading is None or not section.blocks or section.blocks[0].kind != "paragraph":
            continue
        code = re.fullmatch(r"(?:The )?`([a-z][\w-]*(?: [a-z][\w-]*)*)`(?: command)?", heading_text(chunk.text, section.heading))
        block = section.blocks[0]
        spans = sentences(chunk.text[block.start : block.end])
        if not code or not spans or " " not in code[1] and "-" not in code[1]:
            continue
        span = block.start, block.start + spans[0][1]
        said = chunk.text[slice(*span)]
        if shape(said) == "does" and len(words(said)) >= 4 and said.endswith("."):
            yield Candidate(
                rule="command.page",
                type="factual",
                template="command",
                slots={"key": f"`{code[1]}`", "place": ""},
                answer=span,
                key=code[1],
                noun="command",
                fact=True,
            )


GRAMMAR = Grammar(
    task=task, heading=heading, asks=asks, spoken=sentence_case, shape=shape, step=step, strict=(
        _symptom_rows, _symptom_terms, _problem_headings, _quantities, _inverse_rows, _commands,
        _sentence_rules,
    ),
    broad=(_broad_rules,),
)
