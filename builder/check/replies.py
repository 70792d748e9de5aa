"""Checks of what a model writes beyond plain answers: kinds of replies, languages, forms."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from builder.check.facts import CITATION, Facts, flagged, rejected, spoken
from builder.check.refusal import is_refusal, refusing_sentences
from builder.records import Finding, Pair
from builder.text import STOPWORDS, content_stems, fold, sentences, words

OTHER_LANGUAGE = 2  # times as many function words of another language that make it the language
FUNCTION_WORDS = 3  # that a text must hold of a language to be taken for it
AGREES = re.compile(
    r"\W*(?:yes|ja|oui|s\u00ed|s\u00ec|correct|right|stimmt|richtig)\b", re.IGNORECASE
)

_OTHERS: Mapping[str, frozenset[str]] = {
    "fr": frozenset(
        "le la les des du une est dans pour que qui avec sur pas vous votre sont cette ces aux ou "
        "et plus par ne se au nous leur mais comme si".split()
    ),
    "es": frozenset(
        "el los las del una es en para que con por se su como este esta puede sus al y si no "
        "est\u00e1 son cuando tambi\u00e9n desde entre sobre".split()
    ),
    "it": frozenset(
        "il lo gli della delle dei del una \u00e8 nel per che con sono come si alla questo questa "
        "pu\u00f2 anche pi\u00f9 non dal dalla un quando".split()
    ),
    "nl": frozenset(
        "de het een van en is op te dat die voor met zijn niet aan er om ook als bij wordt kan "
        "naar worden deze door u uw of maar wanneer".split()
    ),
    "pt": frozenset(
        "os as da do das dos uma em para que com por se n\u00e3o no na seu sua como mais este esta "
        "pode s\u00e3o ao ou voc\u00ea quando tamb\u00e9m".split()
    ),
}
_FUNCTION: Mapping[str, frozenset[str]] = {**STOPWORDS, **_OTHERS}
_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "ja": re.compile("[\u3040-\u30ff\u4e00-\u9fff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "uk": re.compile("[\u0400-\u04ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "hi": re.compile("[\u0900-\u097f]"),
}
_CODE = re.compile(r"```.*?```|`[^`\n]+`|https?://\S+|\"[^\"\n]{1,120}\"|(?m:^>[^\n]*)", re.DOTALL)

_LABEL = re.compile(
    r"\b(?:near[ _-]miss|false[ _-]premise|two[ _-]part question|out[ _-]of[ _-]scope question"
    r"|underspecified question|unanswerable|not answerable|unbeantwortbar\w*|trick question"
    r"|fangfrage)\b"
    r"|\b(?:is|are|was|were) (?:not|never) (?:mentioned|stated|documented)\b"
    r"|\b(?:not|never|nowhere) (?:mentioned|stated|documented) (?:in|by|here|anywhere)\b"
    r"|\b(?:documentation|documents?|docs|manual|passage|text) (?:do|does|did)(?: not|n't) "
    r"(?:mention|say|state|specify|tell|cover|answer|give|explain)\b"
    r"|\b(?:nicht|nirgends) (?:erw\u00e4hnt|dokumentiert|genannt)\b"
    r"|\b(?:dokumentation|dokumente?|unterlagen|handbuch|passage|text) (?:nicht|nichts|kein\w*) "
    r"(?:erw\u00e4hn\w+|sag\w+|nenn\w+|beschreib\w+|enth\w+)\b"
)
_SOURCE = re.compile(
    r"^(?:according to|based on|as (?:stated|described|mentioned|explained) in) (?:the|this|these) "
    r"(?:\w+ )?(?:documentation|documents?|passages?|text|context|section|page|excerpt|evidence)\b"
    r"|^(?:the|this) (?:documentation|document|passage|text|context|section|excerpt) "
    r"(?:says|states|mentions|describes|explains|notes|tells)\b"
    r"|\b(?:in|from|by|of) (?:the|this) (?:(?:given|provided|above) )?(?:passage|excerpt)\b"
    r"|^(?:laut|gem\u00e4ss|nach) (?:der|dem|den|dieser|diesem) (?:\w+ )?"
    r"(?:dokumentation|dokument\w*|passage|text|kontext|abschnitt|auszug)\b"
    r"|^(?:die|der|das|diese[rs]?) (?:dokumentation|dokument|passage|text|kontext|abschnitt) "
    r"(?:sagt|besagt|erw\u00e4hnt|beschreibt|erkl\u00e4rt|nennt)\b"
)


def behaves(pair: Pair, facts: Facts) -> Finding | None:
    """Reject a reply that does not do what its behaviour says: correct, ask back, or half of each.

    A correction states something of the evidence that the question does not; a question back ends
    in a question mark; a partial answer gives its first sentence and declines in its last.
    """
    fault = ""
    if pair.behaviour == "correct":
        fault = _correct_fault(pair)
    elif pair.behaviour == "ask":
        fault = "" if spoken(pair).rstrip(" \"')`").endswith(("?", "\uff1f")) else "asks nothing"
    elif pair.behaviour == "partial":
        refuses = refusing_sentences(spoken(pair))
        if len(refuses) < 2 or refuses[0]:
            fault = "gives no part of the answer"
        elif not refuses[-1]:
            fault = "declines no part of the question"
    return rejected("reply.behaviour", fault, spans=[pair.answer]) if fault else None


def _correct_fault(pair: Pair) -> str:
    if is_refusal(spoken(pair)):
        return "refuses instead of correcting"
    if AGREES.match(spoken(pair)):
        return "agrees with the premise"
    asked = set(content_stems(pair.question, pair.lang))
    held = {s for e in pair.evidence for s in content_stems(e.quote, pair.lang)} - asked
    if held and not held & set(content_stems(spoken(pair), pair.lang)):
        return "states nothing of its evidence"
    return ""


def label_kept(pair: Pair, facts: Facts) -> Finding | None:
    """Reject a question that says itself that something is missing or wrong."""
    plain = fold(_CODE.sub(" ", pair.question))
    found = _LABEL.search(plain)
    return rejected("question.label", "gives its label away", spans=[found[0]]) if found else None


def source_unnamed(pair: Pair, facts: Facts) -> Finding | None:
    """Reject an answer that speaks of its passage instead of the matter."""
    if pair.behaviour not in {"answer", "correct"}:
        return None
    said = spoken(pair)
    for start, end in sentences(said):
        if found := _SOURCE.search(fold(_CODE.sub(" ", said[start:end]))):
            return rejected("answer.source", "speaks of its source", spans=[found[0]])
    return None


def in_language(pair: Pair, facts: Facts) -> Finding | None:
    """Reject a question or answer in another language than the pair's, told by function words."""
    for name, text in (("question", pair.question), ("answer", spoken(pair))):
        if other := _other_language(text, pair.lang):
            return rejected("answer.language", f"the {name} is in {other}, not in {pair.lang}")
    return None


def _other_language(text: str, lang: str) -> str:
    """The language that a text is in instead of lang; "" when it is not clearly another."""
    prose = _CODE.sub(" ", text)
    letters = sum(map(str.isalpha, prose))
    if lang in _SCRIPTS:
        own = len(_SCRIPTS[lang].findall(prose))
        return "another script" if letters >= 20 and own < 0.2 * letters else ""
    if lang not in _FUNCTION:
        return ""
    said = words(prose)
    counts = {name: sum(word in listed for word in said) for name, listed in _FUNCTION.items()}
    best = max(sorted(counts), key=lambda name: counts[name])
    clear = counts[best] >= FUNCTION_WORDS and counts[best] >= OTHER_LANGUAGE * counts[lang] + 1
    return best if best != lang and clear else ""


def in_mode(pair: Pair, facts: Facts) -> Finding | None:
    """Reject an answer that has not the form of its mode (see Pair.mode)."""
    if pair.mode == "plain":
        stray = _stray_citation(pair)
        return (
            flagged("answer.mode", "cites nothing that is there", spans=[stray]) if stray else None
        )
    faults = {"citations": _citation_fault, "quotes": _quotes_fault, "json": _json_fault}
    fault = faults[pair.mode](pair)
    return rejected("answer.mode", fault) if fault else None


def _stray_citation(pair: Pair) -> str:
    held = "\n".join([pair.question, *(passage.text for passage in pair.passages)])
    code = _CODE.sub(" ", pair.answer)
    stray = [mark for mark in CITATION.findall(code) if mark.strip() not in held]
    return stray[0].strip() if stray else ""


def _citation_fault(pair: Pair) -> str:
    said = _CODE.sub(" ", pair.answer)
    marks = [int(re.sub(r"\D", "", found)) for found in CITATION.findall(said)]
    gold = {number + 1 for number, part in enumerate(pair.passages) if part.role == "gold"}
    if pair.behaviour in {"refuse", "ask"}:
        return "cites, but states nothing" if marks and pair.behaviour == "refuse" else ""
    if not marks:
        return "cites nothing"
    wrong = sorted(set(marks) - gold)
    return f"cites [{wrong[0]}], which holds none of its evidence" if wrong else ""


def _quotes_fault(pair: Pair) -> str:
    if pair.behaviour == "refuse":
        return ""
    missing = [e for e in pair.evidence if e.quote.replace("\n", "\n> ") not in pair.answer]
    return "a quote of its evidence is not in it" if missing or not pair.evidence else ""


def _json_fault(pair: Pair) -> str:
    try:
        found = json.loads(pair.answer)
    except ValueError:
        return "not JSON"
    if not isinstance(found, dict):
        return "not a JSON object"
    refused = set(found) == {"unanswerable"}
    return "" if refused == (pair.behaviour == "refuse") else "a refusal for an answer, or back"
