"""Which language a document is written in: by script, else by counting function words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from builder.text import STOPWORDS

MIN_HITS = 8  # function words that a text must hold before counting beats what it declares
MIN_LETTERS = 20

_SCRIPTS = {
    "ja": "[\u3040-\u30ff]",
    "zh": "[\u4e00-\u9fff\u3400-\u4dbf]",
    "ko": "[\uac00-\ud7af\u1100-\u11ff]",
    "el": "[\u0370-\u03ff]",
    "he": "[\u0590-\u05ff]",
    "ar": "[\u0600-\u06ff]",
    "th": "[\u0e00-\u0e7f]",
    "hi": "[\u0900-\u097f]",
    "cyrillic": "[\u0400-\u04ff]",
}
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_SCRIPT_RULES = {name: re.compile(rule) for name, rule in _SCRIPTS.items()}

_OTHERS = {
    "fr": "le la les des du une est dans pour que qui avec sur pas vous votre sont cette "
    "ces aux ou et "
    "plus être par ne se au nous leur mais comme si lorsque",
    "es": "el los las del una es en para que con por se su como más este esta puede sus al o y si "
    "no está son cuando también desde entre sobre",
    "it": "il lo gli della delle dei del una è nel per che con sono come si alla questo questa può "
    "anche più non dal dalla e le un quando essere",
    "nl": "de het een van en is op te dat die voor met zijn niet aan er om ook als bij "
    "wordt kan naar "
    "worden deze door u uw of maar wanneer",
    "pt": "o os as da do das dos uma é em para que com por se não no na seu sua como mais "
    "este esta "
    "pode são ao ou e você quando também",
    "pl": "i w na z do się nie że jest to dla przez oraz po od jak lub są może być tego "
    "który która",
    "cs": "a v na je se z do pro že s k o za by jako nebo jsou aby při tak které který může",
    "sv": "och i att det som en på är av för med till den har inte om ett kan eller från när",
    "da": "og i at det som en på er af for med til den har ikke om et kan eller fra når de",
    "tr": "ve bir bu için ile da de olarak daha çok olan en gibi veya ne kadar değil var",
}
LEAST_SHARE = 0.03  # of all words that must be function words; prose has 15 % and more
_FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    **STOPWORDS,
    **{name: frozenset(listed.split()) for name, listed in _OTHERS.items()},
}


def language(prose: str, declared: str = "") -> str:
    """The two-letter code of the language of prose, "und" when it cannot be told.

    declared: what the page says of itself ("de-AT"); it decides where the text is too short.
    """
    hint = declared.strip().replace("_", "-").partition("-")[0].casefold()
    hint = hint if re.fullmatch("[a-z]{2}", hint) else ""
    prose = prose[:200_000]
    script = _script(prose, hint)
    if script:
        return script
    words = Counter(_WORD.findall(prose.casefold()))
    found = {  # single letters are function words somewhere, and names and variables everywhere
        name: sum(words[word] for word in listed if len(word) > 1)
        for name, listed in _FUNCTION_WORDS.items()
    }
    best, other = sorted(found, key=lambda name: -found[name])[:2]
    hits, runner_up = found[best], found[other]
    if hits < LEAST_SHARE * words.total():
        return hint or "und"  # an index or a list of names
    if hits >= MIN_HITS and hits >= 1.3 * runner_up:
        return best
    return hint or (best if hits >= 3 and hits >= 1.5 * runner_up else "und")


def _script(prose: str, hint: str) -> str:
    letters = sum(map(str.isalpha, prose))
    if letters < MIN_LETTERS:
        return ""
    counts = {name: len(rule.findall(prose)) for name, rule in _SCRIPT_RULES.items()}
    if counts["ja"] > 0.05 * letters:
        return "ja"
    name, count = max(counts.items(), key=lambda item: item[1])
    if count < 0.3 * letters:
        return ""
    if name == "cyrillic":
        return hint or ("uk" if re.search("[іїєґ]", prose) else "ru")
    return name if not (name == "ar" and hint in ("fa", "ur")) else hint
