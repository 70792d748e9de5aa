"""Which language a document is written in: by script, else by counting function words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set
from math import inf

from builder.ingest.clean import beyond_ascii
from builder.ingest.identify import classify
from builder.text import STOPWORDS

MIN_HITS = 8  # function words that a text must hold before counting beats what it declares
MIN_LETTERS = 20
FEWEST_WORDS, FEW_WORDS = 6, 40
CLEAR, SURE = 1.2, 4.0  # lead of a language that is taken, and of one that needs no second opinion
LIST_BIAS = 0.75  # how far the length of a list is made up for; measured, see docs/benchmarks.md

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
_AROUND = ".,;:!?()[]{}<>\"'*_|-/\\\u2013\u2014\u00ab\u00bb\u201c\u201d\u201e\u2018\u2019"
_SMALL, _DIFFERENT = 0.5, 15  # share of words in small letters, and how many different ones
_NAMED = re.compile(r"\w[_.()/\\=<>@]+\w|\(\)|^\W*[A-Z][A-Z\d]+\W*$")  # words of code
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_PARTED = bytes(  # of ASCII, small letters for large ones, and a blank for what parts words
    byte if byte > 127 else ord(chr(byte).lower()) if chr(byte).isalpha() or byte == 39 else 32
    for byte in range(256)
)
_SCRIPT = re.compile(f"[{''.join(rule.strip('[]') for rule in _SCRIPTS.values())}]+")
_SCRIPT_RULES = {name: re.compile(rule) for name, rule in _SCRIPTS.items()}

_OTHERS = {
    "fr": (
        "le la les de du des un une et ou où est sont être dans pour que qui quand avec sur "
        "sans pas ne ni plus par au aux ce cet cette ces il elle ils on nous vous leur leurs "
        "son sa ses votre vos mais comme si lorsque peut doit sera soit aussi tout tous toute "
        "même entre après avant lors afin chaque aucun aucune d'un d'une n'est cela dont depuis "
        "très"
    ),
    "es": (
        "el la los las de del un una unos unas es son ser está están y o u en para que con por "
        "se su sus al lo le les como más pero si no sin sobre este esta estos estas esto ese "
        "esa cuando también desde entre hasta puede pueden debe cada cual donde usted fue ha "
        "han hay muy ya todo todos según qué así"
    ),
    "it": (
        "il lo gli la le di del dello della dei delle un uno una è sono essere che chi nel "
        "nella nei nelle per con su sul sulla da dal dalla al alla alle ai non si se come "
        "questo questa questi quello anche più ma quando può possono deve ogni viene oppure ed "
        "ad senza tra fra dopo prima dove molto tutti tutte suo sua cui"
    ),
    "nl": (
        "de het een en of van in is op te dat die voor met zijn niet aan er om ook als bij "
        "wordt worden kan kunnen naar door deze dit u uw je maar wanneer geen moet nog over tot "
        "uit wel dan daar hier al meer elke indien zou welke"
    ),
    "pt": (
        "os as um uma uns umas de da do das dos em no na nos nas para que com por pelo pela se "
        "não ao à às sua seu suas seus como mais mas este esta esse essa isto isso pode podem "
        "deve são ser está ou e você quando também até entre cada qual onde foi já muito todos "
        "sem sobre nenhum"
    ),
    "pl": (
        "i w we na z ze do się nie że jest są to ta te ten tego tej dla przez przy oraz lub "
        "albo po od za jak jako ale aby by być może można które który która których jeśli gdy "
        "tylko tym także już jego ich tak bez nad pod czy został będzie każdy"
    ),
    "cs": (
        "je jsou v ve na se si z ze do pro že s k ke o za po u od by být jako nebo ale aby i "
        "při tak které který která jejich jeho pokud také může jen ještě už však než mezi bude "
        "byl tento tato toto této tohoto každý není pouze pak"
    ),
    "sv": (
        "och i att det som en ett är på av för med till den de har inte om kan från eller när "
        "vid ska så men var du denna detta dessa alla under mellan efter utan också mot där "
        "bara vilket måste inga ingen sig finns blir över"
    ),
    "da": (
        "og i at det som en et er på af for med til den de har ikke om kan fra eller når ved "
        "skal så men hvis denne dette disse alle under mellem efter uden også mod hvor kun "
        "hvilket må ingen sig findes bliver være over vil der du blev hver"
    ),
    "no": (
        "og i at det som en et er på av for med til den de har ikke om kan fra eller når ved "
        "skal så men hvis denne dette disse alle under mellom etter uten også mot hvor bare "
        "hvilket må ingen seg finnes blir være over vil der du ble hver"
    ),
    "fi": (
        "ja on ei se että tai jos kun ovat joka jotka tämä tämän tässä ole oli myös kuin niin "
        "mutta voi voidaan sekä vain jossa jonka kaikki mukaan sen sitä ne joita kuten vielä "
        "jälkeen ennen ilman mitä siitä siihen eivät olla ollut tulee käyttää"
    ),
    "hu": (
        "a az és vagy ha hogy nem is egy ez ezt azt meg már csak van volt lesz minden mint de "
        "ki el be le fel kell lehet amely amelyek ami akkor nincs azonban után előtt között "
        "szerint által illetve még ezek ennek annak ilyen olyan kívül"
    ),
    "ro": (
        "și în la de pe cu nu sau este sunt un o unei unui pentru din dacă care ca să se mai fi "
        "fost prin după al ale cel cea acest această acestei aceste când toate dar fără între "
        "până poate trebuie fiecare doar lui lor ce vor"
    ),
    "tr": (
        "ve bir bu için ile da de olarak daha çok olan en gibi veya ya ne kadar değil var yok "
        "her eğer ise ancak ama sonra önce üzerinde şekilde tarafından göre kullanılır olduğu "
        "olması bunu şu diğer tüm yeni hem"
    ),
}
LEAST_SHARE = 0.03  # of all words that must be function words; prose has 15 % and more
_FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    **{
        name: frozenset(word for word in listed if len(word) > 1)
        for name, listed in STOPWORDS.items()
    },
    **{
        name: frozenset(word for word in listed.split() if len(word) > 1)
        for name, listed in _OTHERS.items()
    },
}  # single letters are function words somewhere, and names and variables everywhere
_RATES = {  # share of the words of manual pages that a list holds: lists differ in length
    "en": 0.41, "de": 0.42, "fr": 0.32, "es": 0.32, "it": 0.22, "nl": 0.36, "pt": 0.22, "pl":
    0.15, "cs": 0.14, "sv": 0.30, "da": 0.35, "no": 0.32, "fi": 0.13, "hu": 0.10, "ro": 0.29,
    "tr": 0.13,
}  # fmt: skip


_SHARED = Counter(word for listed in _FUNCTION_WORDS.values() for word in listed)
_WEIGHTS = {  # of a word: little where many languages have it, or where the list is long
    word: {
        name: n_lists**-0.5 / _RATES[name] ** LIST_BIAS
        for name, listed in _FUNCTION_WORDS.items()
        if word in listed
    }
    for word, n_lists in _SHARED.items()
}


def language(prose: str, declared: str = "") -> str:
    """The two-letter code of the language of prose, "und" when it cannot be told.

    declared: what the page says of itself ("de-AT"); it decides where the text is too short.
    Where function words leave a doubt, py3langid is asked if it is installed.
    """
    hint = declared.strip().replace("_", "-").partition("-")[0].casefold()
    hint = hint if re.fullmatch("[a-z]{2}", hint) else ""
    prose = prose[:200_000]
    script = _script(prose, hint)
    if script:
        return script
    words = _words(prose)
    best, hits, lead = _by_words(words)
    if words.total() >= FEW_WORDS and hits < LEAST_SHARE * words.total():
        return hint or "und"  # an index or a list of names
    if hits >= MIN_HITS and lead >= SURE:
        return best
    if hits < MIN_HITS:
        prose = " ".join(word for word in prose.split() if not _NAMED.search(word))
        words = _words(prose)
        best, hits, lead = _by_words(words)
    guess = _guessed(prose) if words.total() >= (FEW_WORDS if hint else FEWEST_WORDS) else ""
    if guess:
        listed = _FUNCTION_WORDS.get(guess)
        if _is_prose(prose, words) if listed is None else _counted(words, words.keys() & listed):
            return guess
    least = MIN_HITS if hint or guess not in {"", *_FUNCTION_WORDS} else 3
    clear = lead >= CLEAR and hits >= max(least, LEAST_SHARE * words.total())
    return best if clear else hint or "und"


def _is_prose(text: str, words: Counter[str]) -> bool:
    """Whether a text has words enough for a guess that no list of function words can bear out.

    Half of them or more are plain words in small letters, and these are not always the same: as
    none are in lists of the names of packages and macros.
    """
    if words.total() < FEW_WORDS:
        return False
    parts = [part.strip(_AROUND) for part in text.split()]
    small = [part for part in parts if _is_small(part)]
    n_parts = sum(map(bool, parts))
    return len(small) >= _SMALL * n_parts and len(set(small)) >= _DIFFERENT


def _is_small(word: str) -> bool:
    """Whether a word has no capital letters, as none of a script without them has, and no dots."""
    return word[:1].isalpha() and word == word.lower() and not _NAMED.search(word)


def _words(prose: str) -> Counter[str]:
    """The words of a text in lower case: what blanks part, first, and of that the rarer ones."""
    plain = prose.encode("utf-8", "surrogatepass").translate(_PARTED)
    words = Counter(plain.decode("utf-8", "surrogatepass").split())
    if plain.isascii() and b"'" not in plain:
        return words
    for mixed in [word for word in words if not (word.isascii() and word.isalpha())]:
        count = words.pop(mixed)
        for word in _WORD.findall(mixed.casefold()):
            words[word] += count
    return words


def _by_words(words: Counter[str]) -> tuple[str, int, float]:
    """The language whose function words are most, how many, and its lead over the next one.

    The lead is a ratio of those words that only one of the two has.
    """
    found = dict.fromkeys(_FUNCTION_WORDS, 0.0)
    known = words.keys() & _WEIGHTS.keys()
    for word in sorted(known):
        count = words[word]
        for name, weight in _WEIGHTS[word].items():
            found[name] += count * weight
    best, other = sorted(found, key=lambda name: (-found[name], name))[:2]
    one, two = _FUNCTION_WORDS[best], _FUNCTION_WORDS[other]
    fair = (_RATES[best] / _RATES[other]) ** LIST_BIAS
    of_best = known & one
    of_one, of_two = _counted(words, of_best), _counted(words, known & two)
    if len(of_best) < 2:  # one part of a name, again and again
        return best, min(of_one, 1), 0.0
    shared = _counted(words, of_best & two)
    own, others = of_one - shared, fair * (of_two - shared)
    lead = (own - 1) / others if others else inf if own else 0.0
    return best, of_one, lead


def _counted(words: Counter[str], some: Set[str]) -> int:
    """How often some of the words are said."""
    return sum(map(words.__getitem__, some))


def _guessed(prose: str) -> str:
    """What py3langid says, "" when it is not installed or says no language of ours."""
    try:
        name = classify(prose[:20_000])
    except ImportError:
        return ""
    name = {"nb": "no", "nn": "no"}.get(name, name)
    return name if len(name) == 2 else ""


def _script(prose: str, hint: str) -> str:
    beyond = "" if prose.isascii() else "".join(_SCRIPT.findall(beyond_ascii(prose)))
    counts = {name: len(rule.findall(beyond)) for name, rule in _SCRIPT_RULES.items() if beyond}
    if not any(counts.values()):
        return ""
    letters = sum(map(str.isalpha, prose))
    if letters < MIN_LETTERS:
        return ""
    if counts["ja"] > 0.05 * letters:
        return "ja"
    name, count = max(counts.items(), key=lambda item: item[1])
    if count < 0.3 * letters:
        return ""
    if name == "cyrillic":
        return hint or ("uk" if re.search("[іїєґ]", prose) else "ru")
    return name if not (name == "ar" and hint in ("fa", "ur")) else hint
