"""Whether two questions with nearly the same letters ask for the same thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from builder.text import STOPWORDS, fold, normal_number, stem

_BACKTICKED = re.compile(r"`([^`]+)`")
_TOKEN = re.compile(
    r"(?<![\w-])--?[a-z][\w-]*|[^\W_]+(?:[._/:-][^\W_]+)*|_+", re.IGNORECASE
)  # flags, dotted and hyphenated names stay whole
_OPENING_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_NAME = re.compile(r"(?<![.?!:] )(?<!^)\b[A-Z][\w-]*")
_NEGATIONS = frozenset(
    "not no never none without nor neither non cannot except nicht kein keine keinen keinem "
    "keiner keines nie "
    "niemals ohne weder ausser".split()
)
_NUMERALS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve hundred thousand million once "
    "twice first second third zwei drei vier f\u00fcnf sechs sieben acht neun zehn elf zw\u00f6lf "
    "hundert tausend einmal "
    "zweimal erste ersten zweite zweiten dritte dritten".split()
)
_INTERROGATIVES = {
    word: group
    for group, words in enumerate(
        ("when wann", "where wo", "who whom whose wer wem wen wessen", "why warum wieso weshalb",
         "many much viel viele", "long lange", "often oft", "wohin", "woher")
    )
    for word in words.split()
}  # fmt: skip
_OPPOSITES = {
    frozenset(pair.split("/"))
    for pair in (
        "before/after during/after before/during in/outside inside/outside above/below over/under "
        "with/without from/to in/out on/off up/down into/out more/less most/least always/never "
        "all/none all/some any/all and/or only/also vor/nach vor/w\u00e4hrend nach/w\u00e4hrend "
        "\u00fcber/unter mit/ohne von/zu an/aus ein/aus auf/ab hinauf/hinunter mehr/weniger "
        "immer/nie alle/keine und/oder nur/auch ab/bis seit/bis"
    ).split()
}  # fmt: skip
_REVERSING = ("un", "in", "im", "ir", "il", "dis", "de", "non", "mis", "re", "anti", "ent", "miss")
_QUALIFIERS = frozenset(
    "least most only minimum maximum min max default first last next previous new old semi anti "
    "vice pre post half mindestens h\u00f6chstens nur standard erste letzte n\u00e4chste vorige "
    "neu alt minimal "
    "maximal refuse fail".split()
)  # words that change a question even where the other has nothing in their place
_EMPTY = (
    STOPWORDS["en"] | STOPWORDS["de"]
    | frozenset(
        "please tell explain know exactly actually currently say describe want like would let's "
        "wonder bitte sagen erkl\u00e4ren wissen genau eigentlich gerade m\u00f6chte mal denn "
        "kannst "
        "k\u00f6nntest k\u00f6nnen".split()
    )
) - _NEGATIONS  # fmt: skip
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
            "l\u00f6schen entfernen", "anzeigen zeigen", "\u00e4ndern anpassen bearbeiten",
            "einrichten konfigurieren", "beheben l\u00f6sen", "bekommen erhalten",
            "ben\u00f6tigen ben\u00f6tigt brauchen braucht n\u00f6tig", "erstellen anlegen",
            "bedeuten bedeutet heisst heissen", "w\u00e4hlen ausw\u00e4hlen", "passiert geschieht",
        )
    )
    for word in words.split()
}  # fmt: skip


def different_question(a: str, b: str, lang: str) -> bool:
    """Whether two near-equal questions ask for different things.

    They do when they differ in a number, a negation, a name, an identifier, an interrogative, an
    opposite, or in a content word that is no other form or synonym of its counterpart; also when
    the same words stand in another order ("from A to B"). Politeness and small words do not count.
    """
    if _code(a) != _code(b) and _code(a) and _code(b):
        return True
    ours, theirs = _tokens(a), _tokens(b)
    removed, added = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
    if not removed and not added:
        return _reordered(ours, theirs)
    return (
        _changed_fact(removed, added)
        or _changed_name(a, b, removed, added)
        or _changed_content(*_unmatched(removed.elements(), added.elements(), lang))
    )


def same_words(a: str, b: str, lang: str) -> bool:
    """Whether two questions have the same content words, in any order and form."""
    return _unmatched(_tokens(a), _tokens(b), lang) == ([], [])


def _code(text: str) -> frozenset[str]:
    return frozenset(found.strip() for found in _BACKTICKED.findall(text))


def _tokens(question: str) -> list[str]:
    plain = (
        fold(question.replace("`", " ")).replace("can't", "can not").replace("cannot", "can not")
    )
    plain = re.sub(r"n't\b", " not", plain).replace("won't", "will not")
    plain = re.sub(r"'s\b", "", plain)
    return [normal_number(t) if t[0].isdigit() else t for t in _TOKEN.findall(plain)]


def _changed_fact(removed: Counter[str], added: Counter[str]) -> bool:
    both = [*removed, *added]
    if any(_is_number(token) or _is_identifier(token) for token in both):
        return True
    if _count(removed, _NEGATIONS) != _count(added, _NEGATIONS):
        return True
    if {_INTERROGATIVES.get(t) for t in removed} != {_INTERROGATIVES.get(t) for t in added}:
        asked = [t for t in both if t in _INTERROGATIVES]
        if asked:
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


def _changed_name(a: str, b: str, removed: Counter[str], added: Counter[str]) -> bool:
    """Whether a name stands in one question only; needs both to have capitals at all."""
    names = {fold(name) for text in (a, b) for name in _NAME.findall(text.replace("`", ""))}
    return any(token in names and token not in _EMPTY for token in (*removed, *added))


def _changed_content(gone: list[str], come: list[str]) -> bool:
    return bool(gone and come) or any(token in _QUALIFIERS for token in (*gone, *come))


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
    return stem(re.sub(r"ie[sd]$", "y", word), lang)


def _reordered(ours: list[str], theirs: list[str]) -> bool:
    """Whether the same words stand in another order than by a moved clause."""
    one = [token for token in ours if token not in _EMPTY]
    other = [token for token in theirs if token not in _EMPTY]
    turns = (one[at:] + one[:at] for at in range(max(1, len(one))))
    return all(turn != other for turn in turns)


def opening(question: str) -> str:
    """The first two words of a question, folded: what the quota of openings counts."""
    return " ".join(_OPENING_WORD.findall(fold(question))[:2])
