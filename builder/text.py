"""Words, numbers, identifiers, sentences and quotes: the one place that reads text.

All functions are pure and know nothing of records. Text is canonical Markdown as ingest writes it:
identifiers stand in `backticks`, emphasis and link targets are gone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from math import log

Span = tuple[int, int]

_WHOLE = re.compile(r"-?\d{1,6}")
_QUOTES = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u2033": '"',
        "\u00ab": '"', "\u00bb": '"', "\u2010": "-", "\u2011": "-", "\u2012": "-",
        "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00ad": None, "\u200b": None, "\ufeff": None,
    }
)  # fmt: skip

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?|_+", re.UNICODE)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

_NUMBER = re.compile(r"(?<![\w.,])[-+]?\d+(?:[.,\u202f\u00a0' ]\d{3})*(?:[.,]\d+)?(?![\w])(?!\.\d)")
_LIST_MARKER = re.compile(r"(?m)^\s*(?:\d{1,3}[.)]|[-*+\u2022])\s+|\[\d{1,3}\]")
_UNIT = re.compile(
    r"(?<![\w.,])([-+]?\d+(?:[.,]\d+)*)\s?"
    r"(%|\u00b0C|\u00b0F|\u00b0|k?V|m?A(?:h)?|k?W(?:h)?|[kMG]?Hz|[kKMGT]i?[Bb]|[munp\u00b5]?m|km|cm|mm|kg|g|l|bar|dBm?|dpi|px"
    r"|ms|s|sec|seconds?|Sekunden?|min|minutes?|Minuten?|h|hours?|Stunden?|d|days?|Tagen?|weeks?|Wochen?"
    r"|months?|Monaten?|years?|Jahren?|percent|Prozent|EUR|USD|\u20ac|\$|bytes?|rows?|tokens?)(?![\w])"
)

_BACKTICK = re.compile(r"(`+)(.+?)\1", re.DOTALL)
_IDENTIFIER = re.compile(
    r"https?://[^\s<>\"'`)\]]+"  # URLs
    r"|(?<![\w-])--?[A-Za-z][\w-]*[\w]"  # flags
    r"|(?<![\w/.])(?:~|\.{1,2})?/[\w.{}:-]+(?:/[\w.{}:*-]*)*"  # paths
    r"|\b[A-Za-z]\w*(?:\.[A-Za-z_]\w*)+(?:\(\))?"  # dotted names and file names
    r"|\b[A-Za-z]\w*_\w+\b"  # snake_case
    r"|\b[a-z]+[A-Z]\w*\b|\b[A-Z][a-z]+[A-Z]\w*\b"  # camelCase, PascalCase
    r"|\b[A-Z]{1,8}-?\d+[A-Z0-9]*\b"  # E17, RFC-123
    r"|\b[A-Za-z]\w*\(\)"  # call()
    r"|\bv?\d+\.\d+(?:\.\d+)+\b"  # versions
)

_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|vs|cf|approx|resp|incl|excl|mr|mrs|ms|dr|prof|st|jr|sr|"
    r"z\.\s?b|d\.\s?h|u\.\s?a|o\.\s?\u00e4|bzw|ca|ggf|evtl|inkl|exkl|vgl|sog|bspw|zzgl|abzgl|"
    r"i\.\s?d\.\s?r|z\.\s?t|u\.\s?u|v\.\s?a|mind)\.$",
    re.IGNORECASE,
)
_BEFORE_DIGIT = re.compile(
    r"\b(?:no|nos|nr|fig|sec|ch|vol|pp?|abs|art|s|kap|abb|tab|tel)\.$", re.IGNORECASE
)
_SENTENCE_END = re.compile(  # it begins with one class of characters, so the search is fast
    r"[.!?\u3002\uff01\uff1f]"
    r"(?:(?<=[.!?])(?![.!?])[\"'\u201d\u2019)\]]*(?=\s+(\S))|(?<=[\u3002\uff01\uff1f])[\u3002\uff01\uff1f]*)"
)
_SHORT = frozenset(  # what _ABBREVIATION and _BEFORE_DIGIT know as one word
    """
    vs cf approx resp incl excl mr mrs ms dr prof st jr sr bzw ca ggf evtl inkl exkl vgl sog bspw
    zzgl abzgl mind no nos nr fig sec ch vol p pp abs art s kap abb tab tel
    """.split()
)
_NEXT_LETTER = re.compile(r"\s?[A-Za-zÄÖÜ]\.")
_NEARBY = 24  # characters before a place in which the end of a sentence may matter to it
_TRIED = 6  # ends of sentences that are none, behind which no other is looked for
_EMPTY_LINE = re.compile(r"\n\s*\n")
_LONGEST_FENCE = 20  # backticks
_ORDINAL = re.compile(r"(?:^|\s)\d{1,3}\.$")
_AFTER_ORDINAL = re.compile(
    r"\s+(?:Jan|Feb|März|Apr|Mai|Juni|Juli|Aug|Sep|Okt|Nov|Dez|Quartal|Tag|Monat|Jahr|Schritt)"
)

STOPWORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        """
        a about above after again all also am an and any are as at be because been before
        being below between both but by can cannot could did do does doing down during
        each few for from further had has have having he her here hers him his how i if in
        into is it its itself just me might more most must my no nor not now of off on
        once one only or other our out over own same shall she should so some such than
        that the their them then there these they this those through to too under until up
        upon us use used uses using very via was we were what when where whether which
        while who whom why will with within without would you your yours 's 't don't
        doesn't isn't aren't can't won't didn't wasn't it's
        """.split()
    ),
    "de": frozenset(
        """
        aber alle allem allen aller alles als also am an ander andere anderen auch auf aus
        bei beim bin bis bist da damit dann das dass dein deine dem den denn der des dich
        die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem
        einen einer eines er es etwas euch für gegen hat hatte habe haben hier hinter ich
        ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem ins ist ja jede jedem jeden
        jeder jedes kann kannst können keine keinem keinen mein meine meinem meinen meiner
        mich mir mit muss müssen nach nicht noch nun nur ob oder ohne sein seine seinem
        seinen sehr sich sie sind so soll sollen sollte sonst um und uns unter vom von vor
        war waren warum was weil welche welchem welchen welcher welches wenn werden wer
        wie wieder wir wird wirst wo wofür womit worin wurde wurden zu zum zur zwar
        zwischen über
        """.split()
    ),
}
_ALL_STOPWORDS = frozenset().union(*STOPWORDS.values())

_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "en": tuple("ingly edly ation ings ies ing ied ers es ed er ly s e".split()),
    "de": tuple("ungen enden ende ung ern est end en em er es te e n s t".split()),
}


def plain(text: str, *, lines: bool = False) -> str:
    """Text of documents for a terminal: what could steer it is made visible (`\\x1b`).

    White space becomes blanks; with lines=True the line ends stay.
    """
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or (lines and c == "\n") else " " if c.isspace() else repr(c)[1:-1]
        for c in text
    )


def whole_number(text: str | None, default: int = 0) -> int:
    """The number that six decimal digits or fewer write ("-3"), default for anything else."""
    return int(text) if text and _WHOLE.fullmatch(text) else default


def fold(text: str) -> str:
    """Text for comparing: NFKC, plain quotes and dashes, white space to one blank, case folded."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold().split())


def words(text: str) -> list[str]:
    """The words of text in order, folded; a CJK character is a word of its own."""
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()):
        found.extend(_CJK.findall(word) if _CJK.search(word) else [word])
    return found


def content_words(text: str) -> list[str]:
    """The words that are no function words of English or German."""
    return [word for word in words(text) if word not in _ALL_STOPWORDS]


@lru_cache(maxsize=65536)
def stem(word: str, lang: str = "en") -> str:
    """A folded word without its commonest endings; only for comparing words of one language.

    Keeps at least four letters, never touches words with digits.
    """
    if len(word) < 5 or not word.isalpha():
        return word
    for suffix in _SUFFIXES.get(lang, ()):
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


def content_stems(text: str, lang: str = "en") -> list[str]:
    """The stems of the content words of text, in order."""
    return [stem(word, lang) for word in content_words(text)]


def numbers(text: str) -> set[str]:
    """The numbers stated in text, normalised ("1,000" and "1 000" are "1000", "0,5" is "0.5").

    List markers ("1. ", "[2]") are no numbers; digits inside names (E17, v2) are none either.
    """
    return {normal_number(found) for found in _NUMBER.findall(_LIST_MARKER.sub(" ", text))}


def normal_number(written: str) -> str:
    """One number as plain digits with a decimal point; thousands separators removed."""
    digits = re.sub(r"[\u202f\u00a0' ]", "", written.lstrip("+"))
    grouped = re.fullmatch(r"-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:[.,]\d+)?", digits)
    if grouped:
        digits = digits.replace(grouped[1], "", digits.count(grouped[1]))
    digits = digits.replace(",", ".")
    return digits.rstrip("0").rstrip(".") if re.fullmatch(r"-?\d+\.\d+", digits) else digits


def quantities(text: str) -> set[tuple[str, str]]:
    """Numbers with their units, as (normalised number, unit as written)."""
    return {(normal_number(number), unit) for number, unit in _UNIT.findall(text)}


def identifiers(text: str) -> list[str]:
    """What is written as code or looks like it, in order of appearance, without repeats.

    Words in backticks, URLs, flags, paths, dotted, snake_case and camelCase names, codes such as
    E17, versions of three parts.
    """
    found: dict[str, None] = {}
    for match in _BACKTICK.finditer(text):
        found.setdefault(match[2].strip(), None)
    for match in _IDENTIFIER.finditer(_BACKTICK.sub(" ", text)):
        found.setdefault(match[0].rstrip(".,;:"), None)
    return [name for name in found if name]


def urls(text: str) -> set[str]:
    """The http(s) addresses in text."""
    return {found.rstrip(".,;:") for found in re.findall(r"https?://[^\s<>\"'`)\]]+", text)}


def names(text: str) -> list[str]:
    """Capitalised runs of words inside sentences ("Rill Server"), in order, without repeats.

    Useful for English; in German every noun is capitalised, so callers must not rely on it there.
    """
    found: dict[str, None] = {}
    for start, end in sentences(text):
        for match in re.finditer(
            r"(?<=[\w,;:)] )(?:[A-Z][\w-]*)(?: [A-Z0-9][\w-]*)*", text[start:end]
        ):
            found.setdefault(match[0], None)
    return list(found)


def sentences(text: str) -> list[Span]:
    """The sentences of prose as (start, end) offsets, without the white space around them.

    Line breaks of two or more end a sentence; abbreviations (English, German), ordinals, decimal
    points and points inside backticks do not.
    """
    spans: list[Span] = []
    for start, end in _paragraphs(text):
        spans.extend(_sentences_of(text, start, end))
    return spans


def sentence_starts(text: str, low: int, high: int) -> Iterator[int]:
    """Where `sentences` begin from low to high, the first of all apart, in the time of that part.

    Of what is before it only the code is looked at.
    """
    first = _skip_space(text, 0, len(text))
    for start, end in _paragraphs(text):
        if start > high:
            return
        if end < low:
            continue
        for begin, _ in _sentences_of(text, start, end, since=low - _NEARBY):
            if begin > high:
                return
            if begin >= low and begin > first:
                yield begin


def last_sentence_end(text: str, start: int, stop: int, *, reach: int) -> int:
    """The last place before stop where a sentence ends, and another begins; 0 without one.

    start: where the first of them begins. reach: characters that are looked at first; all up to
    start are only where those have none. Where the last of them are all abbreviations, the rest
    is not looked at: a text of nothing else would take more time than to encode it.
    """
    low, left = stop, _TRIED
    for far in (reach // 4, reach, stop):
        if low == start:
            break
        known, low = low, max(start, stop - far)
        for match in reversed(list(_SENTENCE_END.finditer(text, low, stop))):
            if match.start() >= known:
                continue
            if _goes_on(text, start, match.end()):
                left -= 1
                if not left:
                    return 0
                continue
            if text.count("`", start, match.start()) % 2 == 0:
                return match.end()
    return 0


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for match in _EMPTY_LINE.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _sentences_of(text: str, start: int, end: int, *, since: int = 0) -> Iterator[Span]:
    """since: from where on the ends of sentences are looked for."""
    code = _code_spans(text, start, end)
    low, high = next(code, (end, end))
    begin = _skip_space(text, start, end)
    for match in _SENTENCE_END.finditer(text, max(begin, since), end):
        at, stop = match.span()
        while high <= at:
            low, high = next(code, (end, end + 1))
        if low <= at or _goes_on(text, begin, stop):
            continue
        yield begin, stop
        begin = match.start(1) if match[1] else _skip_space(text, stop, end)
    if begin < end:
        yield begin, begin + len(text[begin:end].rstrip())


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _code_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """What _BACKTICK finds, in linear time: a fence that is not closed is looked for once."""
    open_for_good = _LONGEST_FENCE + 1  # the least length of a fence that closes nowhere below
    find = text.find
    at = find("`", start, end)
    while at >= 0:
        run = at + 1
        while run < end and text[run] == "`":
            run += 1
        length = run - at
        if length >= open_for_good:
            length = open_for_good - 1
        while length:
            stop = find("`" * length, at + length + 1, end)
            if stop >= 0:
                run = stop + length
                yield at, run
                break
            open_for_good = length
            length -= 1
        at = find("`", run, end)


def _goes_on(text: str, begin: int, stop: int) -> bool:
    """Whether a sentence that seems to end does not."""
    rest = text[stop : stop + 16]
    following = rest.lstrip()[:1]
    if following.islower():
        return True
    if text[stop - 1] != ".":
        return False
    begins = max(begin, stop - 12)
    word = text[max(begins, text.rfind(" ", begins, stop) + 1) : stop - 1]
    if len(word) > 1 and word.isalpha() and word.lower() not in _SHORT:
        return False
    said, final = text[begins:stop], text[stop - 2]
    if final.isdigit():
        return bool(_ORDINAL.search(said)) and (
            stop - begin < 5 or bool(_AFTER_ORDINAL.match(rest))
        )
    if not final.isalpha() or len(said) < 2:
        return False
    if following.isdigit() and _BEFORE_DIGIT.search(said):
        return True
    alone = final.isascii() and not (said[-3:-2].isalnum() or said[-3:-2] == "_")
    if alone and (final.isupper() or _NEXT_LETTER.match(rest)):
        return True  # the latter between the letters of "z. B.", "i. e."
    return bool(_ABBREVIATION.search(said))


def find_quote(quote: str, text: str, *, start: int = 0) -> Span | None:
    """Where quote stands in text: exactly, else after folding NFKC, quotes and white space.

    Returns offsets into text itself; the slice may differ from quote in white space and quote
    marks only. None when it is not there: then it is no evidence.
    """
    if not quote.strip():
        return None
    at = text.find(quote, start)
    if at >= 0:
        return at, at + len(quote)
    folded, origin = _folded_with_origin(text[start:])
    wanted = _fold_case_kept(quote).strip()
    at = folded.find(wanted)
    if at < 0 or not wanted:
        return None
    return start + origin[at][0], start + origin[at + len(wanted) - 1][1]


def _fold_case_kept(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).split())


def _folded_with_origin(text: str) -> tuple[str, list[Span]]:
    folded: list[str] = []
    origin: list[Span] = []
    for at, character in enumerate(text):
        for piece in unicodedata.normalize("NFKC", character).translate(_QUOTES):
            if piece.isspace():
                if folded and folded[-1] == " ":
                    continue
                piece = " "
            folded.append(piece)
            origin.append((at, at + 1))
    return "".join(folded), origin


def idf(texts: Iterable[str], lang_of: Callable[[int], str] | None = None) -> dict[str, float]:
    """Inverse document frequency of every content stem over texts: log(1 + (N - n + .5)/(n + .5)).

    lang_of gives the language of text number i (for stemming). Source: Robertson and Zaragoza 2009.
    """
    seen: dict[str, int] = {}
    total = 0
    for position, text in enumerate(texts):
        total += 1
        lang = lang_of(position) if lang_of else "en"
        for found in set(content_stems(text, lang)):
            seen[found] = seen.get(found, 0) + 1
    return {word: log(1 + (total - n + 0.5) / (n + 0.5)) for word, n in seen.items()}


def containment(part: Iterable[str], whole: Iterable[str], weight: Mapping[str, float]) -> float:
    """The idf-weighted share of the distinct stems of part that whole holds, 0 to 1.

    An empty part gives 1. A stem that weight does not know counts as the rarest one.
    """
    rarest = max(weight.values(), default=1.0)
    wanted, held = set(part), set(whole)
    mass = sum(weight.get(word, rarest) for word in wanted)
    if not mass:
        return 1.0
    return sum(weight.get(word, rarest) for word in wanted & held) / mass


_TURNED = re.compile(r"[^,]+, [a-z\u00e4\u00f6\u00fc][\w -]*")


def is_turned(term: str) -> bool:
    """Whether a term is turned round for its place in an alphabet ("Directory, working").

    Nobody asks for it in these words.
    """
    return bool(_TURNED.fullmatch(term))
