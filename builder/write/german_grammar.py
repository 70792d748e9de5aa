"""How German words and clauses change when a statement becomes a question.

Lists and patterns, no tagger. Every function says None (or "") where a form is not sure: a question
that is not written costs nothing, a wrong article costs the pair.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from builder.text import fold, words
from builder.write import german_words as lists
from builder.write.rule import Corpus

_TOKEN = re.compile(r"`[^`]*`|\u201e[^\u201c]*\u201c|\"[^\"]*\"|\w[\w/.+%°*@-]*\w|\w|[^\w\s]")
_HIDDEN = re.compile(
    r"`[^`\n]*`|\u201e[^\u201c\n]*\u201c|\"[^\"\n]*\"|\u00bb[^\u00ab\n]*\u00ab|\([^()\n]*\)"
)
_ADJECTIVE = re.compile(r"[a-zäöüß][a-zäöüß-]*(?:e|en|er|es|em)")


def tokens(text: str) -> list[str]:
    """Words, code, quoted names and signs of a text."""
    return _TOKEN.findall(text)


def hidden(text: str) -> str:
    """The text with code, quotations and brackets filled by "x": same length, no commas inside."""
    return _HIDDEN.sub(lambda found: found[0][0] + "x" * (len(found[0]) - 2) + found[0][-1], text)


def is_name(token: str) -> bool:
    """Whether a token is code, quoted, or written like a noun or name."""
    return token[:1] in '`\u201e"' or token[:1].isupper() or token[:1].isdigit()


def is_adjective(token: str) -> bool:
    """Whether a token in lower case looks like an inflected adjective."""
    return bool(_ADJECTIVE.fullmatch(token)) and token not in lists.NO_ADJECTIVES


# Verbs


def prefix_of(verb: str) -> str | None:
    """The prefix that parts from an infinitive, "" when none does, None when that is not sure."""
    if verb in lists.WHOLE_VERBS:
        return ""
    for prefix in lists.PREFIXES:
        if verb.startswith(prefix) and _is_verb(verb[len(prefix) :]):
            return prefix
    unsure = any(verb.startswith(p) and _is_verb(verb[len(p) :]) for p in lists.UNSURE_PREFIXES)
    if verb in lists.PARTED:
        return next(p for p in lists.UNSURE_PREFIXES if verb.startswith(p))
    return None if unsure and verb not in lists.UNPARTED else ""


def _is_verb(stem: str) -> bool:
    return (
        len(stem) >= 4 and stem.endswith("n") and bool(re.match(r"[^aeiouäöü]*[aeiouäöüy]", stem))
    )


def ich_form(verb: str) -> str:
    """The first person of an infinitive without prefix: prüfen -> prüfe, wechseln -> wechsle."""
    if verb in lists.IRREGULAR_ICH:
        return lists.IRREGULAR_ICH[verb]
    if verb.endswith("eln"):
        return verb[:-3] + "le"
    return verb[:-1] + ("e" if verb.endswith("ern") else "")


# Nouns


def gender(noun: str) -> str:
    """ "m", "f" or "n" of a singular noun by its last part, "p" of a plural, "" when not known."""
    low = noun.rsplit("-", 1)[-1].lower()
    found = _listed_gender(noun.lower()) or _listed_gender(low)
    if found:
        return found
    if is_plural(low):
        return "p"
    for sign, ending in _GENDER_ENDINGS:
        if ending.search(low):
            return sign
    return ""


_GENDER_ENDINGS = (
    ("f", re.compile(r"(?:ung|heit|keit|schaft|ion|tät|ik|enz|anz)$")),
    ("n", re.compile(r"(?:ment|chen|lein|ium)$")),
    ("m", re.compile(r"(?:ismus|ling)$")),
)
_NO_UMLAUT = str.maketrans("äöü", "aou")


def is_listed(noun: str) -> bool:
    """Whether a noun is known whole, not only by its last part."""
    return noun.lower() in lists.MASCULINE | lists.FEMININE | lists.NEUTER


def _listed_gender(low: str) -> str:
    for at in (0, *range(2, max(2, len(low) - 2))):
        part = low[at:]
        for sign, heads in (("m", lists.MASCULINE), ("f", lists.FEMININE), ("n", lists.NEUTER)):
            if part in heads:
                return sign
    return ""


def is_plural(low: str) -> bool:
    """Whether a noun in lower case is a known singular with a plural's ending."""
    if low.endswith(("ungen", "heiten", "keiten", "schaften", "ionen", "täten")):
        return True
    for ending in ("en", "n", "er", "e", "s", ""):
        base = low.removesuffix(ending)
        plain = base.translate(_NO_UMLAUT)
        if len(base) < 3:
            continue
        if (base != low and _listed_gender(base)) or (plain != base and _listed_gender(plain)):
            return True
    return False


def dative(text: str) -> str | None:
    """A subject ("der Ausfallpuffer") in the dative; None when the form is not sure."""
    if re.fullmatch(r"`[^`]*`", text):
        return text
    article, _, noun = text.partition(" ")
    if article not in _DATIVE or not re.fullmatch(r"[A-ZÄÖÜ][\w-]*", noun):
        return None
    if fold(noun) in lists.WEAK_MASCULINES or (article == "die" and is_plural(fold(noun))):
        return None
    if article in ("der", "das", "ein") and re.search(r"(?:e|ent|ant|ist|at|ende|te)$", noun):
        return None
    return f"{_DATIVE[article]} {noun}"


_DATIVE = {"der": "dem", "das": "dem", "die": "der", "ein": "einem", "eine": "einer"}


def accusative(text: str) -> str | None:
    """A singular subject in the accusative; None when the form is not sure."""
    if text.split(" ")[0] in ("die", "das", "eine") or re.fullmatch(r"`[^`]*`", text):
        return text
    if text.startswith("der ") and text.count(" ") == 1 and dative(text):
        return f"den {text[4:]}"
    return None


def accusative_of_genitive(text: str) -> str | None:
    """ "eines neuen Rahmens im Text" as the object of a verb: "einen neuen Rahmen im Text"."""
    found = re.match(r"(der|des|eines|einer) ((?:[a-zäöüß]+en )?)([A-ZÄÖÜ][\w-]*)(?= |$)(.*)", text)
    if not found or text.count(" und "):
        return None
    article, adjective, noun, rest = found.groups()
    if article in ("der", "einer"):
        if article == "der" and adjective:
            return None
        adjective = adjective.replace("en ", "e ") if article == "einer" else adjective
        return f"{ {'der': 'die', 'einer': 'eine'}[article] } {adjective}{noun}{rest}"
    for ending in ("s", "es"):
        base = noun.removesuffix(ending)
        sort = gender(base) if base != noun else ""
        if sort in ("m", "n") and base not in ("", noun):
            new = article == "eines"
            if sort == "n":
                adjective = adjective.replace("en ", "es " if new else "e ")
            return f"{_ARTICLE[sort][new]} {adjective}{base}{rest}"
    return None


_ARTICLE = {"m": ("den", "einen"), "f": ("die", "eine"), "n": ("das", "ein")}


def with_article(noun_phrase: str, sort: str, *, new: bool) -> str:
    """A singular noun of a gender as an object: "Tarif" is "den Tarif" or "einen Tarif"."""
    return f"{_ARTICLE[sort][new]} {noun_phrase}"


def is_action(noun: str) -> bool:
    """Whether a capitalised word is an infinitive used as a noun ("Löschen")."""
    low = noun.lower()
    if low in lists.ACTIONS or low.endswith("ieren"):
        return True
    if is_plural(low) or low in lists.WEAK_TASKS or not low.endswith("n"):
        return False
    return bool(re.match(r"(?:be|er|ent|ver|zer)[a-zäöüß]{4,}", low) or prefix_of(low))


def mine(text: str) -> str:
    """ "Ihre Datei" as its reader says it: "meine Datei"."""
    return re.sub(r"\b(?:Ihr|[Dd]ein)(e[nmrs]?)?\b", lambda own: "mein" + (own[1] or ""), text)


# What names something


PRONOUNS = re.compile(
    r"\b(?:er|es|sie|ihn|ihm|ihr|ihnen|ihre[nmrs]?|dies|diese[nrsm]?|jene[nrsm]?|dessen|deren|denen"
    r"|seine?[nrsm]?|damit|dabei|dazu|davon|darin|darauf|dafür|dadurch|daran|darüber|darum|daraus"
    r"|dagegen|davor|danach|hier|dort|da|so|solche?[nrsm]?|wir|uns|ich|mich|mir|du|dich|dir|aber"
    r"|jedoch|allerdings|also|auch|hierzu|hierfür|hierbei|beide[nrsm]?|andere[nrsm]?|weitere[nrsm]?"
    r"|letztere[nrsm]?|erstere[nrsm]?|nun|dann|ebenfalls|zusätzlich|außerdem|trotzdem|dennoch"
    r"|stattdessen|welche[nrsm]?|folgende[nrsm]?|obige[nrsm]?|entsprechende[nmrs]?|jeweilige[nmrs]?"
    r"|genannte[nmrs]?|betreffende[nmrs]?|gleiche[nmrs]?|selbe[nmrs]?)\b"
)
_DEFINITE = frozenset("der die das den dem des im am zum zur vom beim ins ans".split())
_EXACT = frozenset("des eines einer von vom für zum zur mit".split())


def vague(text: str, nouns: frozenset[str] = lists.VAGUE) -> bool:
    """Whether a text speaks of "der Wert", "die Datei": a noun that names nothing by itself."""
    said = tokens(re.sub(r"(`[^`]*` .*)\b(\d+)\b", r"\1`\2`", text))  # "`tool` mit dem Code 3"
    return any(
        token.lower() in _DEFINITE and _names_nothing(said[at + 1 :], nouns)
        for at, token in enumerate(said)
    )


def _names_nothing(said: list[str], nouns: frozenset[str]) -> bool:
    at = 0
    while at < len(said) and not is_name(said[at]):
        if said[at] in lists.CONTEXTUAL:
            return True
        if not is_adjective(said[at]):
            return False
        at += 1
    if at >= len(said) or not _is_among(fold(said[at]), nouns):
        return False
    return not _made_exact(said[at + 1 :])


def _made_exact(after: list[str]) -> bool:
    """Whether the words after a vague noun make it exact: a name, "der Zelle", "auf Port `80`"."""
    if not after:
        return False
    if after[0].isdigit():
        return False
    if after[0] in _EXACT or is_name(after[0]):
        return True
    if after[0] == "der":
        return len(after) > 1 and is_name(after[1])
    return after[0] in lists.PREPOSITIONS and any(map(_exact, after[1:4]))


def _is_among(noun: str, nouns: frozenset[str]) -> bool:
    if "/" in noun:
        return all(_is_among(part, nouns) for part in noun.split("/"))
    return noun in nouns or noun.removesuffix("s") in nouns or noun.removesuffix("es") in nouns


_INDEFINITE = re.compile(r"k?eine?[nmrs]?|mehrere[nr]?|alle[nr]?|jede[nmrs]?|zwei|drei")


def _exact(token: str) -> bool:
    """Whether a token names one thing: code, a quoted name, a number, an abbreviation."""
    if token[:1] in '\u201e"':
        return fold(token.strip('\u201e\u201c"')) not in lists.VAGUE | _LABELS
    return token[:1] == "`" or bool(re.search(r"\d|.[A-ZÄÖÜ]", token))


_LABELS = frozenset(
    "standard allgemein ohne keine keiner automatisch ja nein ok alle neu aus ein".split()
)


def specific(text: str) -> bool:
    """Whether a text names something: code, a number, a long noun, two nouns, "ein ..."."""
    said = tokens(text)
    if any(_exact(token) for token in said):
        return True
    nouns = [t for t in said if t[:1].isupper() and not _is_among(fold(t), lists.VAGUE)]
    if len(set(nouns)) >= 2 or any(len(noun) >= 9 for noun in nouns):
        return True
    return bool(nouns) and any(_INDEFINITE.fullmatch(token) for token in said)


# Subjects


_SUBJECT_START = frozenset("der die das ein eine jeder jede jedes alle kein keine".split())
_NO_SUBJECT_END = re.compile(r"(?:lich|isch|weise|falls|mals|wärts|bar|haft|los|end|ends|tens)$")


def opened(text: str, corpus: Corpus) -> str | None:
    """The start of a sentence as it stands inside one; None when its capital may belong or not."""
    said = tokens(text)
    if not said:
        return None
    first = said[0]
    counted = re.fullmatch(lists.NUMBERS, first.lower())
    if counted or first.lower() in _SUBJECT_START | lists.ARTICLES | lists.PREPOSITIONS:
        return text[0].lower() + text[1:]
    if not first[:1].isupper() or re.search(r"[A-ZÄÖÜ0-9-]", first[1:]):
        return text
    if corpus.product and text.startswith(corpus.product):
        return text
    following = said[1] if len(said) > 1 else ""
    if following[:1].isupper() and re.search(r"(?:e|er|es|en)$", first) and not gender(first):
        return text[0].lower() + text[1:] if first.lower() in corpus.lower else None
    return text


def subject(text: str, corpus: Corpus, *, most: int = 9) -> str | None:
    """The words before the verb as a subject inside a sentence; None when they may be none."""
    said = tokens(text)
    if not 1 <= len(said) <= most or not _starts_subject(said) or not is_name(said[-1]):
        return None
    if not all(_in_subject(token) for token in said[1:]) or PRONOUNS.search(hidden(text)):
        return None
    if vague(text) or re.search(r"\b(?:Ihr\w*|[Dd]ein\w*|Beispiel\w*)\b", text):
        return None
    if len(said) == 2 and _is_among(fold(said[0]), lists.VAGUE) and said[1].isdigit():
        return None
    if len(said) == 1 and not _names_by_itself(said[0], corpus):
        return None
    return opened(text, corpus)


def _names_by_itself(word: str, corpus: Corpus) -> bool:
    """Whether a first word that stands alone is a noun or name, not an adverb."""
    if fold(word) in lists.VAGUE:
        return False
    looks = word[:1] in "`\u201e" or bool(re.search(r".[A-ZÄÖÜ0-9-]", word))
    return looks or bool(gender(word)) or word.lower() in corpus.capital


def _starts_subject(said: list[str]) -> bool:
    low = said[0].lower()
    if low in _SUBJECT_START:
        return len(said) > 1
    if said[0][:1] in "`\u201e":
        return True
    named = said[0][:1].isupper() and low not in lists.NO_NOUNS
    return named and not _NO_SUBJECT_END.search(low)


def _in_subject(token: str) -> bool:
    low = token.lower()
    if is_name(token):
        return low not in ("sie", "ihnen", "ihr", "du") and low not in _SUBJECT_START
    closed = lists.ARTICLES | lists.PREPOSITIONS | {"und", "oder", "sowie", "/", "(", ")"}
    return low in closed or (is_adjective(token) and low != "meisten")


# Tasks


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: "einen Wert abrufen", "einen Wert abzurufen", "rufe" + "einen Wert ab".

    thing:   what it is done to, without the verb.
    zu, ich: "" when the parts of the verb are not sure.
    """

    thing: str
    bare: str
    zu: str
    ich: str
    rest: str

    def slots(self) -> dict[str, str]:
        """What templates may use of it."""
        found = {"task": self.bare}
        if self.zu:
            found["zu"] = self.zu
        if self.ich and len(words(self.rest)) <= 9:
            found |= {"ich": f"{self.ich} ich", "rest": self.rest}
        if re.match(r"(?:eine|das) [A-ZÄÖÜ]", self.bare) and " und " not in self.bare:
            found["laesst"] = self.bare
        return found


_ZU = re.compile(r"(?:\bzu ([a-zäöüß]+n)|\b([a-zäöüß]+)zu([a-zäöüß]{2,}n))(?=$| und | oder )")


def task_of_zu(clause: str) -> Task | None:
    """The task of "einen Wert abzurufen", with "Ihr" turned to "mein"; None when it is none."""
    clause = mine(clause)
    prefixes = {*lists.PREFIXES, *lists.UNSURE_PREFIXES}
    found = [match for match in _ZU.finditer(clause) if match[1] or match[2] in prefixes]
    if not found or found[-1].end() != len(clause) or len(found) > 2:
        return None
    bare = clause
    for match in reversed(found):
        verb = match[1] or match[2] + match[3]
        if verb in lists.WEAK_TASKS or re.match(
            rf"(?:{'|'.join(lists.PREFIXES)})zu\w", match[1] or ""
        ):
            return None
        bare = bare[: match.start()] + verb + bare[match.end() :]
    last = found[-1]
    first = found[0]
    verb = first[1] or first[2] + first[3]
    if not _sound_task(clause[: first.start()].strip(), verb):
        return None
    if len(found) > 1:
        between = clause[found[0].end() : last.start()].strip()
        return Task(bare, bare, clause, "", "") if between in ("und", "oder") else None
    rest = f"{clause[: last.start()].strip()} {_apart(last[2] or '')}".strip()
    thing = clause[: last.start()].strip()
    return Task(thing, bare, clause, ich_form(last[1] or last[3]), rest)


def task_of_bare(text: str) -> Task | None:
    """The task of "einen Wert abrufen"; None when it is none."""
    text = mine(text)
    thing, _, verb = text.rpartition(" ")
    if verb in lists.WEAK_TASKS or not re.fullmatch(r"[a-zäöüß]+n", verb):
        return None
    if not _sound_task(thing, verb):
        return None
    return parts_of(thing, verb)


def parts_of(thing: str, verb: str) -> Task:
    """The task in its forms, from what is done and the infinitive."""
    thing = mine(thing)
    prefix = prefix_of(verb)
    if prefix is None or re.search(r"[a-zäöüß]n (?:und|oder)(?: |$)", hidden(thing)):
        return Task(thing, f"{thing} {verb}", "", "", "")
    stem = verb[len(prefix) :]
    zu = f"{prefix}zu{stem}" if prefix else f"zu {verb}"
    rest = f"{thing} {_apart(prefix)}".strip()
    return Task(thing, f"{thing} {verb}", f"{thing} {zu}", ich_form(stem), rest)


def _apart(prefix: str) -> str:
    """A prefix as it stands at the end of a clause: "stelle ... wieder her"."""
    return "wieder her" if prefix == "wiederher" else prefix


def task_of_sie(verb: str, rest: str) -> Task | None:
    """The task of "rufen Sie einen Wert ab" (verb, rest); None when it is none."""
    rest = mine(rest)
    thing, _, prefix = rest.rpartition(" ")
    if prefix not in lists.PREFIXES or not thing:
        thing, prefix = rest, ""
    if prefix + verb in lists.WEAK_TASKS or not _sound_task(thing, prefix + verb):
        return None
    zu = f"{prefix}zu{verb}" if prefix else f"zu {verb}"
    return Task(thing, f"{thing} {prefix}{verb}", f"{thing} {zu}", ich_form(verb), rest)


_NOT_IN_TASK = re.compile(
    r"\b(?:Sie|Ihnen|sich|dich|dir|du|nicht|keine?[nmrs]?|nur|dass|ob|nie|niemals|gewünschte[nmrs]?"
    r"|besser|zunächst|überhaupt|wirklich|ausgewählte[nmrs]?|markierte[nmrs]?|gerade|erneut|dorthin"
    r"|dahin|daher|wieder|gleichzeitig|jedes Mal|jemand\w*|etwas|alles|meisten"
    r"|einige[nr]?|mehr|weniger|möglichst|bestimmte[nmrs]?"
    r"|beispielsweise|zum Beispiel|etwa|sowohl)\b"
)
_QUANTITIES = frozenset(
    "alle mehrere zwei drei vier jede jeden jedes meine meinen mein meinem meiner".split()
)


def _sound_task(thing: str, verb: str) -> bool:
    """Whether the words before the verb say what is done to what, to somebody who knows nothing."""
    said = tokens(thing)
    if not said or len(said) > 16 or re.search(r"[,;:\u2013?!]", hidden(thing)):
        return False
    if _NOT_IN_TASK.search(thing) or PRONOUNS.search(hidden(thing)):
        return False
    first = said[0]
    known = is_name(first) or first in lists.ARTICLES | _QUANTITIES
    if first in lists.PREPOSITIONS:
        known = verb in lists.GOING
    if not known and not (is_adjective(first) and len(said) > 1 and is_name(said[1])):
        return False
    if re.fullmatch(r"(?:den|die|das) [A-ZÄÖÜ][a-zäöüß]+", thing) and not _tells(said[1]):
        return False
    return not vague(thing, lists.VAGUE_OBJECTS) and specific(thing)


def _tells(noun: str) -> bool:
    """Whether "der" and a noun alone say enough: a long noun that is no quality or action."""
    return len(noun) >= 10 and not re.search(r"(?:keit|heit|stärke|struktur|schritt)$", noun)


# What can stand alone


_STARTS = re.compile(
    r"(?:dies\w*|das (?:ist|sind|wird|kann|bedeutet|heißt|gilt|hat|geht|führt|liegt|macht|betrifft"
    r"|sollte|muss|funktioniert|gleiche|selbe)|er|es(?! ist nicht möglich)|ihr\w{0,2}|jene\w*"
    r"|sie(?! (?:können|dürfen|müssen|sollten|haben|benötigen|brauchen))|solche?\w*|deren|dessen|so"
    r"|(?:da|hier|wo)(?:mit|bei|zu|für|durch|gegen|her|raus|von|vor|nach|rin|rauf|rüber)"
    r"|da|dort|hier"
    r"|daraufhin|dann|deshalb|deswegen|demnach|somit|folglich|also|auch|außerdem|zudem|ferner"
    r"|zusätzlich|weiterhin|jedoch|allerdings|trotzdem|dennoch|stattdessen|andernfalls|ansonsten"
    r"|sonst|ebenso|ebenfalls|genauso|gleichzeitig|anschließend|zunächst|zuerst|zuletzt|schließlich"
    r"|abschließend|nun|jetzt|und|oder|aber|denn|doch|sondern|bzw|beide\w*|alternativ|erst|hingegen"
    r"|umgekehrt|etwa|beispielsweise|zum beispiel|weitere\w*|andere\w*|letztere\w*|erstere\w*|alles"
    r"|nichts|nein|ja|hinweis|achtung|warnung|tipp|dasselbe|dieselbe\w*|derselbe|gleiches"
    r"|ähnlich\w*"
    r"|analog|entsprechend|angenommen|beachten sie|bedenken sie|stellen sie sich|nehmen wir|einer"
    r"|eines|nur (?:so|dann)|im (?:gegenzug|ersten|zweiten|letzten)|wie (?:bereits|schon"
    r"|gesagt|oben)"
    r"|(?:in|mit|bei|für|auf|von|zu|nach|an|aus|durch|wegen|unter|über) (?:diese|solch|beide)\w*"
    r"|(?:einige|eine|einer|eins) davon|(?:der|die|das) (?:erste|zweite|dritte|letzte|andere)\w*"
    r"|in gleicher weise|auf die gleiche|in (?:jedem fall|allen fällen|der regel))\b",
    re.I,
)
_OUTSIDE = re.compile(
    r"\b(?:siehe|vgl|folgende[nrsm]?|folgendermaßen|nachfolgend\w*|nachstehend\w*|vorstehend\w*"
    r"|vorherig\w*|vorhergehend\w*|vorangegangen\w*|vorangehend\w*|obige[nrsm]?|untenstehend\w*"
    r"|obenstehend\w*|erstgenannt\w*|letztgenannt\w*|o\.g|s\. ?o|s\. ?u|wie oben|weiter "
    r"(?:unten|oben)"
    r"|(?:oben|hier|bereits|schon|eben|zuvor|vorhin|später|unten) (?:genannt|beschrieben|erwähnt"
    r"|gezeigt|angegeben|aufgeführt|erklärt|erläutert|abgebildet|dargestellt|beschriebene)\w*"
    r"|im (?:folgenden|nächsten|nachfolgenden)|wie folgt|abschnitts?|abschnitten|kapitels?|kapiteln"
    r"|abbildung(?:en)?|abb|listing|anhang [A-Z]|beispiel(?:s|en|e)?|dieses handbuchs?"
    r"|diese[rns]? (?:seiten?|dokuments?|anleitung|dokumentation|tutorials?|hilfe)"
    r"|nächste[nrs]? (?:schritt|seite)|vorige[nrs]?|letztere[nrsm]?|erstere[nrsm]?|derartige?\w*"
    r"|solche?[nrsm]?|wir|uns|unser\w{0,2}|ich|mich|mir|mein\w{0,2}|besagte\w*|genannte[nrsm]?"
    r"|gezeigte[nrsm]?|beiden|einerseits|andererseits|hierzu|hierfür|hierbei|hiermit|hierdurch"
    r"|(?:sehen|lesen) sie|auf diese (?:weise|art)|an dieser stelle|zu diesem zweck|diesbezüglich"
    r"|aus diesem grund|dementsprechend|dasselbe|derselben?|dieselben?|demselben|denselben|hier"
    r"|im gegensatz dazu|in diese[mr] \w+|bekanntlich|erwähnt\w*|jetzt|nun|soeben|dies)\b",
    re.I,
)
_THIS = re.compile(r"\b(?:diese[nrsm]?|jene[nrsm]?)\b", re.I)
_PAIRS = ("()", "[]", "\u201e\u201c", "\u00bb\u00ab")


def standalone(text: str) -> bool:
    """Whether a sentence can be read without its surroundings."""
    plain = re.sub(r"`[^`\n]*`", "`x`", text)
    if _STARTS.match(plain) or _OUTSIDE.search(plain):
        return False
    for this in _THIS.finditer(plain):
        noun = re.match(r"(?:\s+[a-zäöüß]\w+)*\s+([A-ZÄÖÜ][\w-]+)", plain[this.end() :])
        if not noun or noun[1].lower()[:5] not in plain[: this.start()].lower():
            return False
    return True


_HOLE = re.compile(  # what an icon or a key left behind: "drücken Sie +A", "mit und ohne"
    r"\s[.,;]|(?:^|\s)\+[A-ZÄÖÜ]|\b(?:mit|auf|über|von|zu|in|Sie) (?:und|oder|\u2013)\s"
    r"|\u2013 \u2013"
)
_PRAISE = re.compile(
    r"\b(?:hilfreich|nützlich|wichtig|sinnvoll|praktisch|bequem|interessant|mächtig|komfortabel)\w*"
)


def self_sufficient(sentence: str) -> bool:
    """Whether a sentence may be an answer by itself."""
    return (
        4 <= len(words(sentence)) <= 60
        and (sentence[0].isupper() or sentence[0] in "`\u201e" or sentence[0].isdigit())
        and sentence.endswith((".", ":"))
        and not sentence.endswith(("...", "usw.", "etc.", "z. B.", "z.B."))
        and all(sentence.count(pair[0]) == sentence.count(pair[1]) for pair in _PAIRS)
        and sentence.count("`") % 2 == 0
        and sentence.count('"') % 2 == 0
        and not re.search(r"[\n!?\u2026]", sentence)
        and not _HOLE.search(sentence)
        and standalone(sentence)
        and not lists.OPINION & set(words(sentence))
        and not _PRAISE.search(sentence)
    )
