"""English grammar for questions: forms of words, clauses, what can stand alone, tasks.

No tagger: a clause is split at its first finite verb by word lists, and where that is not sure the
answer is None, "" or the careful one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from builder.records import Chunk
from builder.text import words
from builder.write.english_words import (
    AUXILIARIES,
    COUNTABLE,
    DETERMINERS,
    EMPTY_ADJECTIVES,
    MASS,
    MASS_ENDINGS,
    NOUN_VERBS,
    OPINION,
    PHRASE_END,
    PLURALS,
    POINTS_OUTSIDE,
    PREPOSITIONS,
    STARTS_OUTSIDE,
    VAGUE,
    VERBS,
    WEAK_TASKS,
)
from builder.write.rule import Corpus, Span, Wording

CODE = re.compile(r"`[^`]*`")
_TOKEN = re.compile(r"`[^`]*`|[\w'\u2019/.+%-]*\w[%+]?|[^\w\s]")


def blanked(text: str) -> str:
    """The text with code made of backticks only: same length, nothing to find inside."""
    return CODE.sub(lambda found: "`" * len(found[0]), text)


def tokens(text: str) -> list[Span]:
    """Words, code and signs of a text, as spans."""
    return [match.span() for match in _TOKEN.finditer(text)]


# Forms of words


_DOUBLED = frozenset(
    "begin commit forget submit permit prefer refer transfer reset control".split()
)


def third(verb: str) -> str:
    """The third person: write -> writes, try -> tries."""
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    if re.search(r"[^aeiou]y$", verb):
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


THIRD = {third(verb): verb for verb in VERBS}
GERUND = {gerund(verb): verb for verb in VERBS} | {
    "cancelling": "cancel", "labelling": "label", "labeling": "label", "modelling": "model",
}  # fmt: skip


def is_plural(noun: str) -> bool:
    """Whether a noun looks plural."""
    if noun in ("data", "people", "media", "criteria"):
        return True
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is", "as", "'s", "\u2019s"))


def is_participle(word: str) -> bool:
    """Whether a word looks like the past participle of a verb."""
    low = word.lower()
    return low.endswith(("ed", "en")) or low in (
        "been",
        "set",
        "run",
        "read",
        "sent",
        "kept",
        "lost",
    )


# Clauses


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


_AUXILIARY = "="
_RELATIVE = frozenset("that which who whose where whom".split())
_ADVERBS = frozenset(
    "automatically always never only still usually normally typically immediately also".split()
)
_NOT_SUBJECT_END = PREPOSITIONS | frozenset(
    "and or to not than if when because while as but so ,".split()
)
_OBJECT_START = DETERMINERS | frozenset(
    "only up at least that when if whether from to with in on under as for it them itself".split()
)


def clause(text: str, *, within: int = 14) -> Clause | None:
    """The statement split at its first finite verb; None when that is not sure.

    The verb of a relative clause in the subject is passed over.
    """
    spans = tokens(text)
    said = [text[slice(*span)] for span in spans]
    relative = False
    for at in range(1, min(len(said), within)):
        if said[at].lower() in _RELATIVE:
            relative = True
        elif said[at] in ";:()?!":
            return None
        elif base := _finite(said, at):
            if not relative:
                return _clause(text, spans, at, base)
            relative = False
    return None


def _finite(said: list[str], at: int) -> str:
    """The base form of a finite verb at a place ("=" for an auxiliary), "" when it is none."""
    low, before = said[at].lower(), said[at - 1].lower()
    after = said[at + 1] if at + 1 < len(said) else ""
    if before in _NOT_SUBJECT_END:
        return ""
    if low in AUXILIARIES:
        return _AUXILIARY
    if before in DETERMINERS or after.lower() in AUXILIARIES:
        return ""
    if low in THIRD and not is_plural(before):
        return THIRD[low] if low not in PLURALS or starts_object(after) else ""
    several = is_plural(before) and (before not in THIRD or before in PLURALS)  # not "includes"
    if low in VERBS and (several or before in ("you", "i", "we", "they")):
        return low if low not in NOUN_VERBS or starts_object(after) else ""
    return ""


def starts_object(word: str) -> bool:
    """Whether a word may begin what a verb acts on."""
    return word.lower() in _OBJECT_START or bool(re.match(r"[`\dA-Z]", word))


def _clause(text: str, spans: list[Span], at: int, base: str) -> Clause | None:
    end = at
    while end > 1 and text[slice(*spans[end - 1])].lower() in _ADVERBS:
        end -= 1
    subject = text[: spans[end - 1][1]]
    if subject.count("`") % 2 or len(words(subject)) > 12:
        return None
    return Clause(
        subject=subject,
        adverb=text[spans[end][0] : spans[at][0]].strip() if end < at else "",
        verb=text[slice(*spans[at])],
        base="" if base == _AUXILIARY else base,
        rest=text[spans[at][1] :].strip(),
    )


def question(found: Clause) -> str:
    """The clause as a yes/no question without its question mark: "does X support Y"."""
    verb = found.verb.lower()
    if found.base:
        helper = "do" if found.base == verb else "does"
        parts = [helper, found.subject, found.adverb, found.base, found.rest]
    elif verb in ("has", "have") and not is_participle(found.rest.split(" ")[0]):
        helper = "does" if verb == "has" else "do"
        parts = [helper, found.subject, found.adverb, "have", found.rest]
    else:
        parts = [verb, found.subject, found.adverb, found.rest]
    return " ".join(part for part in parts if part)


# Noun phrases


def _phrase(said: list[str]) -> int:
    """The index of the head noun of the phrase that begins a list of words."""
    head = 0
    while head + 1 < len(said) and said[head + 1].lower() not in PHRASE_END:
        head += 1
    return head


def bare_singular(phrase: str) -> bool:
    """Whether a noun phrase lacks its article: "custom environment", "`api` feature"."""
    said = re.findall(r"[\w'-]+", CODE.sub("Code", phrase))
    if not said or said[0].lower() in DETERMINERS or said[0].lower() in GERUND:
        return False
    head = said[_phrase(said)]
    noun = head.lower()
    if said[0][0].isdigit() or head[0].isupper() or is_plural(noun) or noun in MASS:
        return False
    return noun in COUNTABLE or not noun.endswith(MASS_ENDINGS)


def agrees(subject: str, verb: str) -> bool:
    """Whether a subject and is/are/was/were agree in number, as far as one can tell."""
    said = re.findall(r"[\w'`-]+", CODE.sub("Code", subject))
    plural_verb = verb in ("are", "were")
    if " and " in subject or not said:
        return plural_verb or bool(re.match(r"(?:an?|each|every) ", subject, re.I))
    head = said[_phrase(said)]
    if head[:1].isupper() or "-" in head or head.lower() in ("data", "media"):
        return True
    single = said[0].lower() in ("a", "an", "each", "every")
    return (is_plural(head.lower()) and not single) == plural_verb


_RESULT_OF = re.compile(
    r"(?:results?|outcome|effects?|rest|purpose|reason) of (?:the|[a-z]+ing) ", re.I
)


def vague(text: str) -> bool:
    """Whether a text speaks of "the value", "the new file": a noun that names nothing by itself."""
    plain = CODE.sub("Code", text)
    said = [plain[slice(*span)] for span in tokens(plain)]
    return any(
        word.lower() == "the" and _names_nothing(said[at + 1 :]) for at, word in enumerate(said)
    )


def _names_nothing(said: list[str]) -> bool:
    """Whether the words after "the" begin with a vague noun that nothing makes exact."""
    if _RESULT_OF.match(" ".join(said[:4])):
        return True
    phrase = _words_of_phrase(said)
    after = [word.lower() for word in said[len(phrase) : len(phrase) + 2]]
    if len(phrase) > 1 and phrase[-1] in THIRD and after and after[0] in DETERMINERS:
        phrase.pop()  # "the server logs the ..."
    while len(phrase) > 1 and phrase[0] in EMPTY_ADJECTIVES:
        phrase.pop(0)
    if len(phrase) != 1 or phrase[0] not in VAGUE | EMPTY_ADJECTIVES:
        return False
    told = after and after[0] in ("of", "for", "that", "which", "where")
    return not told and "code" not in after


def _words_of_phrase(said: list[str]) -> list[str]:
    phrase: list[str] = []
    for word in said:
        low = word.lower()
        verb = phrase and low in THIRD and low not in PLURALS
        if not word[:1].isalnum() or low in PHRASE_END or verb:
            break
        phrase.append(low)
    return phrase


# Wording


_YOU = (
    (re.compile(r"\byou are\b", re.I), "I am"),
    (re.compile(r"\byou were\b", re.I), "I was"),
    (re.compile(r"\byou['\u2019]ve\b", re.I), "I have"),
    (re.compile(r"\byou['\u2019]re\b", re.I), "I am"),
    (re.compile(r"\byourself\b", re.I), "myself"),
    (re.compile(r"\byours\b", re.I), "mine"),
    (re.compile(r"\byour\b", re.I), "my"),
    (
        re.compile(
            r"\b(for|to|with|of|from|by|on|at|(?:let|allow|help|give|show|tell|ask|enable|send"
            r"|require|force|warn|prompt)s?|notify|notifies) you\b",
            re.I,
        ),
        r"\1 me",
    ),
    (
        re.compile(r"\byou(?= (?:from|to) [a-z])", re.I),
        "me",
    ),  # "prevents you from", "forces you to"
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
    low = word.lower()
    if word == "I" or re.search(r"[A-Z0-9]", word[1:]):
        return True
    if (
        re.match(r" [A-Z](?:[a-z]|[A-Z]+ [A-Z])", text[len(word) :])
        and low not in DETERMINERS | PREPOSITIONS
    ):
        return True
    return low in corpus.capital or bool(corpus.product and text.startswith(corpus.product))


_NEVER_NAMES = (
    PREPOSITIONS | AUXILIARIES | frozenset("up down out off over back gets be been being".split())
)


def sentence_case(title: str, corpus: Corpus) -> str:
    """A Title Case heading in running text: what is common in lower case loses its capital."""
    first, *others = title.split(" ")
    parts = [first, *(one.lower() if one.lower() in _NEVER_NAMES else one for one in others)]
    title = " ".join(parts)
    long = [part for part in parts[1:] if len(part) > 3 and part[:1].isalpha()]
    if long and 2 * sum(part[:1].isupper() for part in long) <= len(long):
        return title
    for number, word in enumerate(parts):
        plain = re.fullmatch(r"([A-Z][a-z'\u2019-]+)[,;]?", word)
        after_stop = number and parts[number - 1].endswith((".", "?", "!", ":"))
        if not plain or after_stop:
            continue
        low = plain[1].lower()
        small = number and re.fullmatch(r"[a-z]+-[a-z-]+", low)  # "Multi-line"
        starts = number == 0 and not " ".join(parts[1:2])[:1].isupper()
        known = small or starts or low in corpus.lower or low.removesuffix("s") in corpus.lower
        if known and low not in corpus.capital and plain[1] != corpus.product:
            parts[number] = word.lower()
    return " ".join(parts)


def subject_name(chunk: Chunk, corpus: Corpus) -> str:
    """What the document is about, as an object of a sentence: "the Rill Logger R2", or ""."""
    place = corpus.places.get(chunk.doc_id, "")
    return place.partition(" ")[2]


def named(text: str, chunk: Chunk, corpus: Corpus) -> str:
    """The text with "the logger" said in full, in a document about the Rill Logger R2."""
    full, subject = subject_name(chunk, corpus), corpus.subjects.get(chunk.doc_id, "")
    if not full or subject in text:
        return text
    parts = subject.split()
    for word in parts[-1:] if chunk.doc_id in corpus.parts else parts:
        if word == corpus.product or not word.isalpha() or word.isupper():
            continue
        pattern = rf"\b[Tt]he {word.lower()}\b(?!['\u2019-])"
        for found in re.finditer(pattern, blanked(text)):
            after = re.match(r"\s*([\w-]*)", text[found.end() :])
            if _ends_phrase(after[1].lower() if after else ""):
                return text[: found.start()] + full + text[found.end() :]
    return text


def _ends_phrase(low: str) -> bool:
    return not low or low in PHRASE_END or (low in THIRD and low not in PLURALS)


# What can stand alone


_STARTS = re.compile(rf"(?:{STARTS_OUTSIDE})\b", re.I)
_OUTSIDE = re.compile(rf"\b(?:{POINTS_OUTSIDE})\b", re.I)
_POINTING = re.compile(r"\b(?:this|these|those|such)\b(?P<noun>\s+[\w-]+)?", re.I)
_THAT_NOUN = re.compile(
    r"\b(?:of|in|on|for|with|to|at|from|by|use|using|after|before|until) that\b", re.I
)
_IT = re.compile(r"\b(?:it|its|they|their|them|itself|themselves)\b", re.I)
_PRONOUN = re.compile(
    r"\b(?:it|its|this|these|those|they|their|them|he|she|we|our|us|here|there|such)\b", re.I
)
_TELLING = re.compile(
    r"`|\b[A-Z]{2,}|\b[A-Z][a-z]+[A-Z]|(?<=\w )[A-Z][a-z]|\d"
    r"|\b(?:a|an|no|any|multiple|several|two|three|all|every|each)\b"
)


def has_pronoun(text: str) -> bool:
    """Whether a text outside its code speaks of "it", "these", "there"."""
    return bool(_PRONOUN.search(CODE.sub("x", text)))


def telling(text: str) -> bool:
    """Whether a text names something: code, a name, a number, an indefinite noun."""
    return bool(_TELLING.search(text))


def standalone(text: str) -> bool:
    """Whether a sentence can be read without its surroundings."""
    plain = CODE.sub("`x`", text)
    return not _STARTS.match(plain) and not points_outside(plain)


def points_outside(text: str) -> bool:
    """Whether a sentence speaks of what stands elsewhere: "the following", "this value"."""
    plain = CODE.sub("`x`", text)
    if _OUTSIDE.search(plain) or _THAT_NOUN.search(plain):
        return True
    for found in _POINTING.finditer(plain):
        noun = (found["noun"] or "").strip().lower().rstrip("s")
        if not noun or noun not in plain[: found.start()].lower():
            return True
    pronoun = _IT.search(plain)
    return bool(pronoun and len(words(plain[: pronoun.start()])) < 3)


def self_sufficient(sentence: str) -> bool:
    """Whether a sentence may be an answer by itself."""
    return (
        4 <= len(words(sentence)) <= 60
        and bool(re.match(r"[A-Z`\d]", sentence))
        and sentence.endswith((".", ":"))
        and not sentence.endswith(("...", "etc.", "eg.", "e.g.", "i.e."))
        and sentence.count("(") == sentence.count(")")
        and sentence.count("`") % 2 == 0
        and sentence.count('"') % 2 == 0
        and not re.search(r"[\n!]", sentence)
        and standalone(sentence)
        and not OPINION & set(words(sentence))
    )


# Tasks: what "How do I" can be asked about


_ADVERBIAL = re.compile(r"\s+(?:at any time|at once|immediately|yourself)$")
_NO_TASK = re.compile(r", [\w ]*or not\b|[:;?!\u2013\u2014\n]|\.\s|\.\.\.|\be\.g\.|\betc\b")
_TASK_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|he|she|so|such|ones?|here|there|we|our|us"
    r"|same)\b",
    re.I,
)


def as_task(text: str, chunk: Chunk, corpus: Corpus) -> str:
    """A verb phrase as a task in the reader's words ("replace the batteries"), else ""."""
    text = _ADVERBIAL.sub("", text.strip().rstrip(".,"))
    said = text.split()
    if not 2 <= len(said) <= 16 or _NO_TASK.search(CODE.sub("x", text)):
        return ""
    verb = said[0].lower()
    if verb not in VERBS or verb in WEAK_TASKS or not takes_object(verb, said[1:]):
        return ""
    if verb == "use" and "`" not in text:
        return ""
    spoken = named(first_person(text), chunk, corpus)
    plain = CODE.sub("", spoken)
    if vague(spoken) or _TASK_PRONOUN.search(plain) or OPINION & set(words(plain)):
        return ""
    return spoken[0].lower() + spoken[1:]


def takes_object(verb: str, rest: list[str]) -> bool:
    """Whether a word at the start of a phrase is a verb there, not a noun ("release notes")."""
    first = rest[0].strip(",").lower()
    if first in ("and", "or"):
        return len(rest) > 2 and rest[1].lower() in VERBS
    if verb not in NOUN_VERBS:
        return True
    return (
        first in DETERMINERS | PREPOSITIONS | {"up", "out", "down"}
        or re.match(r"[`\dA-Z]", rest[0]) is not None
    )


_NUMBERED = re.compile(r"^(?:(?:step )?\d+(?:\.\d+)*[.):]?|[A-Z]\.|[IVX]+\.)\s+", re.I)
_HOW_DO = re.compile(r"how (?:to|do i|can i|do you|can you) ", re.I)
_PARTICLES = frozenset("up down out off on in back over again and or".split()) | VERBS - NOUN_VERBS


def task(heading: str, corpus: Corpus, chunk: Chunk) -> Wording | None:
    """The task that a heading names ("Replace the batteries", "Installing X", "How to ...")."""
    text = sentence_case(_NUMBERED.sub("", heading), corpus)
    how = _HOW_DO.match(text)
    text = text[how.end() :] if how else text
    first, _, rest = text.partition(" ")
    if rest.lower().startswith("of ") and not how:
        return None  # "Dump of reserved tasks": a thing
    if rest.endswith("]"):
        return None  # "Check the type of names [name-type]": the tool does that, and reports it
    if first.lower() in GERUND and rest and not how:
        text = f"{GERUND[first.lower()]} {rest}"
    goal = _object(text)
    if re.match(r"(?:other|another|more|further|additional|the (?:other|rest))\b", goal, re.I):
        return None  # "Handling Other Errors": than those above
    if bare_singular(goal) or (not goal and len(text.split()) < 3):
        return None
    if text.split()[1:2] == ["with"] and text.split()[0].lower() not in _WITH:
        return None  # "Generating with `build`": what?
    found = as_task(text, chunk, corpus)
    return Wording("procedure", {"task": found}) if found else None


_WITH = frozenset(
    "agree begin collaborate combine communicate comply connect continue cope deal end experiment"
    " help integrate interact interoperate match play proceed register start sync work".split()
)


def _object(task_text: str) -> str:
    """What stands behind a verb and its particle: "set up the server" -> "the server"."""
    said = task_text.split()[1:]
    while said and said[0].lower() in _PARTICLES:
        said.pop(0)
    return " ".join(said) if said and said[0].lower() not in PREPOSITIONS else ""


# Headings


_TO = re.compile(r"(?P<word>when|where|why|what) to (?P<rest>(?P<verb>[a-z]+) .+)", re.I)
_WH = re.compile(r"(?P<word>how|why|what|when|where|who) (?P<rest>.+)", re.I)
_HELPERS = {"when": "when should I", "where": "where can I", "why": "why should I"}


def told(heading: str, corpus: Corpus, chunk: Chunk) -> Wording | None:
    """The question behind a heading without a question mark ("How settings are applied")."""
    text = sentence_case(_NUMBERED.sub("", heading), corpus)
    if _NO_TASK.search(text) or not 3 <= len(text.split()) <= 12:
        return None
    asked = named(first_person(_question_of(text, corpus)), chunk, corpus)
    if len(words(asked)) < 4 or vague(asked) or _TASK_PRONOUN.search(CODE.sub("", asked)):
        return None
    return Wording("ask", {"question": asked, **names_enough(asked)})


_HOW_TO = re.compile(r"how to (?=[a-z])", re.IGNORECASE)


def spoken(heading: str, corpus: Corpus) -> str:
    """A question heading as a reader would ask it."""
    asked = _HOW_TO.sub("How do I ", sentence_case(heading, corpus), count=1)
    found = _WHICH_TO.fullmatch(asked)
    if found and found["verb"].lower() in VERBS:
        return f"{found['which']} should I {found['verb']}{found['rest']}"
    return asked


_WHICH_TO = re.compile(  # "Which branch to use?"
    r"(?P<which>(?:which|what|where|when)(?: [a-z][\w-]*){0,3}) to (?P<verb>[a-z]+)(?P<rest>.*\?)",
    re.IGNORECASE,
)


_WHAT_IS_DONE = re.compile(  # "What data is stored" asks for the data, "What data is used for" not
    r"[a-z]+ (?:is|are|was|were) (?:being|[a-z]+ed|kept|set|sent|shown|done|made|built)\b"
    r"(?!.* (?:for|in|by|as|to|with|from|of|on)$).*",
    re.S,
)


_NOT = re.compile(r"not\b", re.IGNORECASE)
_GOES_ON = re.compile(r",|\b(?:I|you|we|they|there)\b")  # "When I save I get an error": no question


def _question_of(text: str, corpus: Corpus) -> str:
    if found := _TO.fullmatch(text):
        word, verb = found["word"].lower(), found["verb"].lower()
        if word == "what":
            return f"what should I {found['rest']}" if verb == "do" else ""
        usable = verb in VERBS and verb not in WEAK_TASKS
        return f"{_HELPERS[word]} {found['rest']}" if usable else ""
    found = _WH.fullmatch(text)
    if not found:
        return ""
    word, rest = found["word"].lower(), found["rest"]
    first, _, tail = rest.partition(" ")
    if word in ("what", "who") and first.lower() in THIRD and tail and clause(rest) is None:
        return f"{word} {rest}"  # "what shortens the battery life"
    said = clause(opened(rest, corpus))
    if said and word == "when" and _GOES_ON.search(said.rest):
        return ""
    if (
        said
        and word == "what"
        and _WHAT_IS_DONE.fullmatch(f"{said.subject} {said.verb} {said.rest}")
    ):
        return f"what {said.subject} {said.verb} {said.rest}"
    denied = said and _NOT.match(said.rest)  # "What it does not do", "What it is not"
    return f"{word} {question(said)}" if said and not (denied and word == "what") else ""


_WEAK_CODE = re.compile(
    r"`[a-z]{1,12}`|`[-+]?[\d.]+[A-Za-z]?`|`(?:NULL|TRUE|FALSE|None|True|False)`"
)
_PROPER = re.compile(r"(?<=\w )[A-Z][a-z]+ ?[A-Z\d]|\b[A-Z]+\d+\b")


def names_enough(asked: str) -> dict[str, str]:
    """{"place": ""} for a question that names code or a proper name, and needs no "in PRODUCT"."""
    exact = any(not _WEAK_CODE.fullmatch(code) for code in CODE.findall(asked))
    finding_out = re.match(r"find out (?:whether|if)\b", asked)
    return {"place": ""} if exact or finding_out or _PROPER.search(CODE.sub("", asked)) else {}


_ASKS_NOTHING = re.compile(
    r"\b(?:this|these|those|here|next|else|such|above|below|going on|behind the scenes|NOT)\b"
    r"|^(?:\w+ ){1,3}(?:it|that|they|them)\b"
    r"|^why (?:the|an?|my|your|our|some|all|every)\b"  # it tells why, and asks nothing
    r"|^(?:\.\.|\u2026|[-\u2013\u2014] )"  # "... without LaTeX?"
    r"|^(?:would|are) you\b|^do you (?:want|need|like|wish)\b"  # asked by the page
    r"|^(?:liked|stuck|ready|need|want|looking|interested|curious|wondering|tired|confused)\b",
    re.I,
)


def asks(asked: str) -> bool:
    """Whether a question heading says what it is about."""
    plain = CODE.sub("Code", asked)
    return len(words(asked)) >= 4 and not _ASKS_NOTHING.search(plain) and not vague(asked)


# Descriptions and steps


_DO_NOT = re.compile(r"(?:do not|don't|does not|never|always|also|only) (?P<verb>[a-z]+) ", re.I)


def shape(description: str) -> str:
    """What a description is: "does" (a verb phrase), "states" (a sentence), "is" (a noun)."""
    negated = _DO_NOT.match(description)
    if negated and THIRD.get(negated["verb"].lower(), negated["verb"].lower()) in VERBS:
        return "does"
    said = description.split()
    first = said[0].strip(",").lower() if said else ""
    verb = THIRD.get(first, first)
    if verb in VERBS and len(said) > 1:
        doubtful = first in PLURALS or verb in NOUN_VERBS
        if not doubtful or _surely_object(said[1]):
            return "does"
    return "states" if clause(description) is not None else "is"


def _surely_object(word: str) -> bool:
    low = word.lower()
    return low in DETERMINERS or is_plural(low) or re.match(r"[`\dA-Z]", word) is not None


_STEP = re.compile(
    r"(?:\(?optional(?:ly)?\)?:? |(?:first|then|next|finally|now),? |please "
    r"|(?:on|in|if|from|to|under|when|for|using|with|at|once|after|before) [^.:]*?, "
    r"(?:then |you (?:can|must|should) )?)?(?P<verb>[a-z]+)\b",
    re.I,
)


def step(text: str) -> bool:
    """Whether a list item tells to do something."""
    found = _STEP.match(text)
    return bool(found and found["verb"].lower() in VERBS | {"go", "wait", "make", "note"})
