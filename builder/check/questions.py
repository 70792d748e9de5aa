"""Whether two questions with nearly the same letters ask for the same thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from builder.check.patterns import without_short_forms
from builder.text import STOPWORDS, fold, normal_number, stem

_BACKTICKED = re.compile(r"`([^`]+)`")
_QUOTED = re.compile(r"(?<!\w)[\"'](\w[^\"'`]*)[\"'](?!\w)")  # in folded text
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|(?<![\w-])--?[a-z][\w-]*|[^\W_]+(?:[._/:-][^\W_]+)*|_+"
)  # a CJK character; flags, dotted and hyphenated names whole
_OPENING_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_NAME = re.compile(r"(?<![.?!:] )(?<!^)\b[A-Z][\w-]*")
_NEGATIONS = frozenset(
    "not no never none without nor neither non cannot except nicht kein keine keinen keinem keiner "
    "keines nie niemals ohne weder ausser 不 没 沒 无 無 未".split()
)
_NUMERALS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve hundred thousand million once "
    "twice first second third zwei drei vier fünf sechs sieben acht neun zehn elf zwölf hundert "
    "tausend einmal zweimal erste ersten zweite zweiten dritte dritten".split()
)
_ASKED_FOR = {
    "en": ("when", "where", "who whom whose", "why", "how", "what which", "many much", "long",
           "often"),
    "de": ("wann", "wo wohin woher", "wer wem wen wessen", "warum wieso weshalb", "wie",
           "viel viele", "was welche welcher welches welchen welchem", "lange", "oft"),
}  # fmt: skip
_INTERROGATIVES = {
    lang: {word: group for group in groups for word in group.split()}
    for lang, groups in _ASKED_FOR.items()
}
_OPPOSITES = {
    frozenset(pair.split("/"))
    for pair in (
        "before/after during/after before/during in/outside inside/outside above/below over/under "
        "with/without from/to in/out on/off up/down into/out more/less most/least always/never "
        "all/none all/some any/all and/or only/also vor/nach vor/während nach/während "
        "über/unter mit/ohne von/zu an/aus ein/aus auf/ab hinauf/hinunter mehr/weniger "
        "immer/nie alle/keine und/oder nur/auch ab/bis seit/bis"
    ).split()
}  # fmt: skip
_REVERSING = ("un", "in", "im", "ir", "il", "dis", "de", "non", "mis", "re", "anti", "ent", "miss")
_QUALIFIERS = frozenset(
    "least most only minimum maximum min max default first last next previous new old semi anti "
    "vice pre post half mindestens höchstens nur standard erste letzte nächste vorige neu alt "
    "minimal maximal refuse fail".split()
)  # words that change a question even where the other has nothing in their place
_POLITE = frozenset(
    "please tell explain know exactly actually currently say describe want like would let "
    "wonder bitte sagen erklären wissen genau eigentlich gerade möchte mal denn kannst könntest "
    "können".split()
)
_EMPTY = (STOPWORDS["en"] | STOPWORDS["de"] | _POLITE) - _NEGATIONS
_SYNONYMS = {
    word: group
    for group, words in enumerate(
        (
            "purpose function role", "delete remove erase", "show display view",
            "start launch begin", "stop halt quit end", "change modify edit alter adjust",
            "configure setup", "create add make", "fix solve resolve repair",
            "get obtain receive retrieve fetch", "error problem issue fault",
            "allowed permitted possible", "maximum max largest highest greatest",
            "minimum min smallest lowest", "find locate", "need require necessary",
            "choose select pick", "happen occur", "buy purchase", "kind type sort",
            "place location", "way method", "meaning mean means meant stand", "big large",
            "löschen entfernen", "anzeigen zeigen", "ändern anpassen bearbeiten",
            "einrichten konfigurieren", "beheben lösen", "bekommen erhalten",
            "benötigen benötigt brauchen braucht nötig", "erstellen anlegen",
            "bedeuten bedeutet heisst heissen", "wählen auswählen", "passiert geschieht",
        )
    )
    for word in words.split()
}  # fmt: skip


def different_question(a: str, b: str, lang: str) -> bool:
    """Whether two near-equal questions ask for different things.

    They do when they differ in a number, a negation, a name, an identifier, what they quote, an
    interrogative, an opposite, or in a content word that is no other form or synonym of its
    counterpart; also when the same words stand in another order ("from A to B"). Politeness and
    small words do not count.
    """
    if _differ(_code(a), _code(b)) or _differ(_quoted(a), _quoted(b)):
        return True
    ours, theirs = _tokens(a), _tokens(b)
    removed, added = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
    if not removed and not added:
        return _reordered(ours, theirs)
    gone, come = _unmatched(removed.elements(), added.elements(), lang)
    return (
        _changed_fact(removed, added, lang)
        or bool(gone and come)
        or not _names(a, b).union(_QUALIFIERS).isdisjoint((*gone, *come))
    )


def same_words(a: str, b: str, lang: str) -> bool:
    """Whether two questions have the same content words, in any order and form."""
    return _unmatched(_tokens(a), _tokens(b), lang) == ([], [])


def _differ(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(ours and theirs and ours != theirs)


def _code(text: str) -> frozenset[str]:
    return frozenset(found.strip() for found in _BACKTICKED.findall(text))


def _quoted(text: str) -> frozenset[str]:
    """What stands in quotation marks, without its small words."""
    told = (_tokens(found) for found in _QUOTED.findall(fold(text)))
    return frozenset(" ".join(token for token in said if token not in _EMPTY) for said in told)


def _tokens(question: str) -> list[str]:
    plain = without_short_forms(fold(question.replace("`", " ")))
    return [normal_number(t) if t[0].isdigit() else t for t in _TOKEN.findall(plain)]


def _changed_fact(removed: Counter[str], added: Counter[str], lang: str) -> bool:
    both = [*removed, *added]
    if any(_is_number(token) or _is_identifier(token) for token in both):
        return True
    if _count(removed, _NEGATIONS) != _count(added, _NEGATIONS):
        return True
    asked = _INTERROGATIVES.get(lang, _INTERROGATIVES["en"])
    if {asked[t] for t in removed if t in asked} != {asked[t] for t in added if t in asked}:
        return True
    return any(_opposite(one, other) for one in removed for other in added)


def _opposite(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return frozenset((one, other)) in _OPPOSITES or long in {
        prefix + short for prefix in _REVERSING
    }


def _count(tokens: Counter[str], wanted: frozenset[str]) -> int:
    return sum(n for token, n in tokens.items() if token in wanted)


def _is_number(token: str) -> bool:
    return token in _NUMERALS or any(character.isdigit() for character in token)


def _is_identifier(token: str) -> bool:
    return token.startswith("-") or any(mark in token for mark in "._/:")


def _names(a: str, b: str) -> set[str]:
    """The capitalised words inside both questions, folded; in German every noun is one."""
    return {fold(name) for text in (a, b) for name in _NAME.findall(text.replace("`", ""))}


def _unmatched(a: Iterable[str], b: Iterable[str], lang: str) -> tuple[list[str], list[str]]:
    """The content words of each that have no other form or synonym in the other."""
    gone = [token for token in a if token not in _EMPTY]
    come = [token for token in b if token not in _EMPTY]
    for token in list(gone):
        match = next((other for other in come if _same_word(token, other, lang)), None)
        if match is not None:
            gone.remove(token)
            come.remove(match)
    return gone, come


def _same_word(a: str, b: str, lang: str) -> bool:
    if a.replace("-", "") == b.replace("-", "") or _stem(a, lang) == _stem(b, lang):
        return True
    return _SYNONYMS.get(a, -1) == _SYNONYMS.get(b, -2)


def _stem(word: str, lang: str) -> str:
    """The stem of a word in its American spelling and singular."""
    word = word.replace("our", "or").replace("ise", "ize").replace("isa", "iza")
    word = stem(re.sub(r"ie[sd]$", "y", word), lang)
    return stem(word, lang)  # "Stationen", "Station" -> "Statio"


def _reordered(ours: list[str], theirs: list[str]) -> bool:
    """Whether the same words stand in another order than by a moved clause."""
    one = [token for token in ours if token not in _EMPTY]
    other = [token for token in theirs if token not in _EMPTY]
    turns = (one[at:] + one[:at] for at in range(max(1, len(one))))
    return all(turn != other for turn in turns)


def opening(question: str) -> str:
    """The first two words of a question, folded: what the quota of openings counts."""
    return " ".join(_OPENING_WORD.findall(fold(question))[:2])
