"""Checks of what an answer states against the passages and quotes it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from builder.check.facts import Facts, flagged, rejected, spoken
from builder.check.form import WITHOUT_GOLD
from builder.records import Evidence, Finding, Pair
from builder.text import (
    containment,
    content_stems,
    content_words,
    fold,
    normal_number,
    numbers,
    sentences,
    urls,
)

SHORTEST_QUOTE = 20  # characters, unless the quote is a whole cell, item, line or sentence
CLAIM = 0.3  # share of a sentence of an answer that its passages must hold
CLAIM_STEMS = 4  # a sentence of fewer stems is not judged
TWO = 2  # gold passages
ALONE = 0.9  # share of question and answer in one of two passages that answers alone
DISTINCT_WORDS = 4  # content words from which on an answer found in a passage is no accident

_STEP = re.compile(r"(?mi)\b(?:step|schritt|option|method|way|example|beispiel)\s+\d{1,2}\b")
_DIGITS = re.compile(r"\d+(?:[.,\u202f\u00a0' ]\d{3})*(?:[.,]\d+)?")
_MARKER = re.compile(r"\s*(?:#{1,6}|[-*+\u2022>]|\d{1,3}[.)])")

_SPELLED = {
    "0": "zero null", "0.5": "half halb", "2": "two twice second zwei zweimal",
    "1": "one once first ein eins eine einen einem einer einmal", "3": "three third drei dreimal",
    "4": "four vier", "5": "five fünf", "6": "six sechs", "7": "seven sieben",
    "8": "eight acht", "9": "nine neun", "10": "ten zehn", "11": "eleven elf",
    "12": "twelve dozen zwölf", "20": "twenty zwanzig", "30": "thirty dreissig",
    "60": "sixty sechzig", "100": "hundred hundert", "1000": "thousand tausend",
}  # fmt: skip
_NUMERAL = {word: number for number, words in _SPELLED.items() for word in words.split()}

_UNITS = {
    "ms": "ms millisecond milliseconds millisekunde millisekunden",
    "s": "s sec secs second seconds sek sekunde sekunden",
    "min": "min mins minute minutes minuten",
    "h": "h hr hrs hour hours std stunde stunden",
    "day": "d day days tag tage tagen",
    "week": "week weeks woche wochen",
    "month": "month months monat monate monaten",
    "year": "year years jahr jahre jahren",
    "%": "% percent prozent", "\u00b0C": "\u00b0c", "\u00b0F": "\u00b0f",
    "mm": "mm millimeter millimeters millimetre millimetres", "cm": "cm",
    "m": "meter meters metre metres metern", "mile": "mile miles meilen",
    "km": "km kilometers kilometres kilometer kilometern", "foot": "ft feet foot",
    "inch": "inch inches zoll", "mg": "mg", "g": "g gram grams gramm", "kg": "kg",
    "v": "v volt volts", "mv": "mv", "a": "ampere amperes amp amps", "ma": "ma", "mah": "mah",
    "ah": "ah", "w": "w watt watts", "kw": "kw", "kwh": "kwh", "wh": "wh",
    "hz": "hz", "khz": "khz", "mhz": "mhz", "ghz": "ghz", "bit": "bit bits",
    "byte": "byte bytes", "kb": "kb kib kilobyte kilobytes", "mb": "mb mib megabyte megabytes",
    "gb": "gb gib gigabyte gigabytes", "tb": "tb tib terabyte terabytes",
    "eur": "eur euro euros \u20ac", "usd": "usd dollar dollars $", "cent": "cent cents",
    "thousand": "thousand tausend", "million": "million millions millionen",
    "billion": "billion billions milliarde milliarden",
}  # fmt: skip
_UNIT_OF = {spelling: unit for unit, spellings in _UNITS.items() for spelling in spellings.split()}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


_QUANTITY = re.compile(
    rf"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)*|{_any_of(_NUMERAL)})[ \u00a0\u202f-]?"
    rf"(?:(?!\d)\w+ )??(?P<unit>{_any_of(_UNIT_OF)})(?!\w)"
)

_BACKTICKED = re.compile(r"(?<!`)`([^`\n]{1,500})`(?!`)")
_FENCED = re.compile(r"(?ms)^ *(```+|~~~+)[^\n]*\n(.*?)^ *\1 *$")
_CODE_SHAPED = re.compile(
    r"(?<![\w-])--[A-Za-z][\w-]*\w"  # long flags
    r"|(?:(?<![\w-])--?)?\b[A-Za-z]\w*_\w+\b"  # snake_case, also as an option: -mpv_flags
    r"|(?:(?<![\w-])-)?\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\(\)"  # calls, and Erlang's -file()
    r"|\bv?\d+\.\d+\.\d+(?:[.-]\w+)*\b"  # versions
    r"|(?<![\w/.:])/[\w{}:-]+(?:/[\w.{}:-]+)+"  # paths
    r"|(?<![\w-])[A-Z]{1,4}-?\d{2,}\b"  # codes such as E17, RFC-793
)


_LONGEST_WORD = 80  # characters
_URL = re.compile(r"https?://[^\s<>\"'`)\]]+")
_WITHIN_WORD = re.compile(r"\w\w|-\w|\w-\w")


def evidence_quote(pair: Pair, facts: Facts) -> Finding | None:
    """Reject evidence that is not, character for character, where it says it is, or is a scrap."""
    for evidence in pair.evidence:
        if fault := _evidence_fault(pair, evidence):
            return rejected("evidence.quote", fault, spans=[evidence.quote])
    return None


def _evidence_fault(pair: Pair, evidence: Evidence) -> str:
    if not 0 <= evidence.passage < len(pair.passages):
        return f"there is no passage {evidence.passage}"
    text = pair.passages[evidence.passage].text
    if not 0 <= evidence.start < evidence.end <= len(text):
        return f"offsets {evidence.start} to {evidence.end} are not in the passage"
    if text[evidence.start : evidence.end] != evidence.quote:
        return "the quote does not stand at its offsets"
    if len(evidence.quote.strip()) < SHORTEST_QUOTE and not _is_whole(text, evidence):
        return f"a scrap of {len(evidence.quote.strip())} characters"
    return ""


def _is_whole(text: str, evidence: Evidence) -> bool:
    """Whether a quote is all of a table cell, list item, definition, line or sentence."""
    before = text[: evidence.start].rpartition("\n")[2].rstrip(" `*_\"'")
    after = text[evidence.end :].partition("\n")[0].strip(" `*_\"'")
    opened = not before or before.endswith(("|", ":", "=", ".", "!", "?")) or _is_marker(before)
    closed = after in {"", ".", ";", ","} or after.startswith(("|", "."))
    ends = evidence.quote.rstrip().endswith((".", "!", "?"))
    return opened and (closed or ends)


def _is_marker(text: str) -> bool:
    return _MARKER.fullmatch(text) is not None


def claims_supported(pair: Pair, facts: Facts) -> Finding | None:
    """Reject an answer with a sentence that its gold passages hold next to nothing of.

    A sentence that the passages hold and the evidence does not is flagged; of a model, which was
    asked for the quotes of all that it states, it is rejected.
    """
    if not _states(pair) or pair.context_lang:
        return None
    weights = facts.weights_of(pair.lang)
    whole = set(content_stems(f"{_context(pair)}\n{pair.question}", pair.lang))
    quoted = {s for e in pair.evidence for s in content_stems(e.quote, pair.lang)}
    titles = " ".join(passage.title for passage in pair.passages)
    quoted |= set(content_stems(f"{titles}\n{pair.question}", pair.lang))
    foreign: list[tuple[float, str]] = []
    loose: list[tuple[float, str]] = []
    for claim in _claims(pair):
        stems = content_stems(claim, pair.lang)
        if len(set(stems)) < CLAIM_STEMS:
            continue
        share = containment(stems, whole, weights)
        if share < CLAIM:
            foreign.append((share, claim))
        elif pair.evidence and containment(stems, quoted, weights) < CLAIM:
            loose.append((share, claim))
    if foreign:
        score, claim = min(foreign)
        return rejected(
            "grounding.claim", "a foreign sentence", score=round(score, 3), threshold=CLAIM,
            spans=[claim],
        )  # fmt: skip
    if not loose:
        return None
    tell = rejected if pair.origin.writer == "llm" else flagged
    return tell("grounding.claim", "not in the evidence", spans=[min(loose)[1]])


def _claims(pair: Pair) -> list[str]:
    """The sentences and list items of an answer; of a partial one, without its last."""
    text = _FENCED.sub("\n\n", spoken(pair))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("|")]
    said = [line[start:end] for line in lines for start, end in sentences(line)]
    return said[:-1] if pair.behaviour == "partial" else said


def both_needed(pair: Pair, facts: Facts) -> Finding | None:
    """Reject a question over two gold passages that one of them answers alone."""
    gold = [number for number, part in enumerate(pair.passages) if part.role == "gold"]
    if len(gold) < TWO or not pair.answerable:
        return None
    without = [number for number in gold if all(e.passage != number for e in pair.evidence)]
    if without:
        return rejected("grounding.both", f"no evidence from passage {without[0] + 1}")
    if pair.context_lang:
        return None
    asked = f"{pair.question}\n{spoken(pair)}"
    stems, weights = content_stems(asked, pair.lang), facts.weights_of(pair.lang)
    for number in gold:
        part = pair.passages[number]
        text = f"{part.title}\n{part.text}"
        share = containment(stems, content_stems(text, pair.lang), weights)
        if share >= ALONE and not _missing(sorted(numbers(asked)), text):
            return rejected(
                "grounding.both",
                f"passage {number + 1} alone answers it",
                score=round(share, 3),
                threshold=ALONE,
            )
    return None


def _states(pair: Pair) -> bool:
    return pair.behaviour in {"answer", "partial", "correct"}


def _context(pair: Pair) -> str:
    """What an answer may state: its gold passages with their titles, or all if none is gold."""
    gold = [passage for passage in pair.passages if passage.role == "gold"] or pair.passages
    return "\n\n".join(part for passage in gold for part in (passage.title, passage.text))


def contained(pair: Pair, facts: Facts) -> Finding | None:
    """Reject an answer (of a partial one: what it states) in other words than its passages."""
    if not _states(pair) or pair.context_lang:
        return None
    said = " ".join(_claims(pair)) if pair.behaviour == "partial" else ""
    score = containment(
        content_stems(said or spoken(pair), pair.lang),
        content_stems(_context(pair), pair.lang),
        facts.weights_of(pair.lang),
    )
    least = facts.settings.containment
    if score >= least:
        return None
    return rejected(
        "grounding.containment", "foreign words", score=round(score, 3), threshold=least
    )


def numbers_supported(pair: Pair, facts: Facts) -> Finding | None:
    """Reject an answer that states a number which neither passages nor question do."""
    if not _states(pair):
        return None
    stated = sorted(numbers(_STEP.sub(" ", spoken(pair))))
    if not stated:
        return None
    if missing := _missing(stated, _context(pair) + "\n" + pair.question):
        return rejected("grounding.number", "not in the passages", spans=missing)
    quotes = "\n".join(evidence.quote for evidence in pair.evidence)
    if quotes and (missing := _missing(stated, quotes + "\n" + pair.question)):
        return flagged("grounding.number", "not in the evidence", spans=missing)
    return None


def _missing(stated: list[str], text: str) -> list[str]:
    held = _numbers_in(text)
    return [number for number in stated if number not in held and number.lstrip("-") not in held]


def _numbers_in(text: str) -> set[str]:
    """Every number of a text, also inside names, in spelled form and as parts of groups."""
    found = numbers(text) | {normal_number(digits) for digits in _DIGITS.findall(text)}
    found.update(re.findall(r"\d+", text))
    return found | {_NUMERAL[word] for word in fold(text).split() if word in _NUMERAL}


def units_supported(pair: Pair, facts: Facts) -> Finding | None:
    """Reject an answer that gives a number of the passages another unit than they do."""
    if not _states(pair):
        return None
    held = _units_in(_context(pair) + "\n" + pair.question)
    wrong = [
        f"{number} {unit}"
        for number, units in _units_in(spoken(pair)).items()
        for unit in units
        if number in held and unit not in held[number]
    ]
    return rejected("grounding.unit", "the passages have another", spans=wrong) if wrong else None


def _units_in(text: str) -> dict[str, set[str]]:
    """Number -> the units it has in a text ("2 GB", "two-week", "9 working days")."""
    found: dict[str, set[str]] = {}
    for match in _QUANTITY.finditer(fold(text)):
        number = _NUMERAL.get(match["number"]) or normal_number(match["number"])
        found.setdefault(number, set()).add(_UNIT_OF[match["unit"]])
    return found


def identifiers_supported(pair: Pair, facts: Facts) -> Finding | None:
    """Reject an answer with code that neither passages nor question have, letter for letter.

    Code whose words are all there, but not in that order, is flagged: somebody put it together.
    """
    if not _states(pair):
        return None
    held = " ".join((_context(pair) + "\n" + pair.question).split())
    missing = [
        name
        for name, word in _code_in(spoken(pair)).items()
        if not _holds(held, name) and not _holds(held, word)
    ]
    if not missing:
        return None
    foreign = [name for name in missing if not all(_holds(held, part) for part in _parts(name))]
    if foreign:
        return rejected("grounding.identifier", "not in the passages", spans=foreign)
    return flagged("grounding.identifier", "put together from the passages", spans=missing)


def _code_in(answer: str) -> dict[str, str]:
    """Code in backticks, the lines of code blocks and what has the shape of code, in order.

    With each the word that it ends, as "5.0.9" ends "pump-5.0.9".
    """
    lines = [line for block in _FENCED.finditer(answer) for line in block[2].splitlines()]
    prose = _FENCED.sub(" ", answer)
    quoted = _BACKTICKED.findall(prose)
    rest = _BACKTICKED.sub(" ", _URL.sub(" ", prose))
    found = {name: name for part in (*quoted, *lines) if (name := " ".join(part.split()))}
    for match in _CODE_SHAPED.finditer(rest):
        before = re.search(r"[\w-]*$", rest[max(0, match.start() - _LONGEST_WORD) : match.start()])
        found.setdefault(match[0], (before[0] if before else "") + match[0])
    return found


def _parts(code: str) -> list[str]:
    return [part for part in re.split(r"[\s=,;|]+", code) if any(map(str.isalnum, part))]


def _holds(text: str, name: str) -> bool:
    """Whether a text has a name that is no part of a longer one."""
    start = text.find(name)
    while start >= 0:
        around = (text[start - 1 : start] + name[0], name[-1] + text[start + len(name) :][:1])
        if not any(_WITHIN_WORD.fullmatch(border) for border in around):
            return True
        start = text.find(name, start + 1)
    return False


def urls_supported(pair: Pair, facts: Facts) -> Finding | None:
    """Reject an answer with an address that neither context nor question has."""
    held = _context(pair) + "\n" + pair.question
    missing = [url for url in sorted(urls(spoken(pair))) if url not in held]
    return rejected("grounding.url", "not in the passages", spans=missing) if missing else None


def evidence_absent(pair: Pair, facts: Facts) -> Finding | None:
    """Reject an unanswerable pair whose passages still hold the evidence of its twin."""
    if pair.kind not in WITHOUT_GOLD or pair.twin is None:
        return None
    twin = facts.pair_of(pair.twin)
    if twin is None:
        return rejected("unanswerable.evidence", f"its twin {pair.twin} is not in the set")
    texts = [fold(passage.text) for passage in pair.passages]
    held = [e.quote for e in twin.evidence if any(fold(e.quote) in text for text in texts)]
    if held:
        return rejected("unanswerable.evidence", "a passage holds the evidence", spans=held)
    answer = fold(twin.answer).rstrip(".")
    if len(content_words(answer)) >= DISTINCT_WORDS and any(answer in text for text in texts):
        return rejected("unanswerable.evidence", "a passage holds the answer", spans=[twin.answer])
    return None
