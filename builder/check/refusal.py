"""Whether an answer refuses ("the documents do not say"), and whether it should.

A refusal speaks of the one who answers ("I do not know") or of the sources ("the context does not
mention it"). An answer that only denies ("No, it is not supported on Windows") does not refuse.
Rules for English and German, simpler ones for Spanish and French; all are tried on every answer,
because a model may refuse in another language than it was asked in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.check.facts import Facts, flagged, rejected, spoken
from builder.check.patterns import any_of, without_short_forms
from builder.records import Finding, Pair
from builder.text import fold, sentences

OPENING = 2  # a refusal says so in its first sentences

_QUOTED = re.compile(
    r"`[^`]+`|\"[^\"\n]{1,120}\"|\u201e[^\u201c\u201d\n]{1,120}[\u201c\u201d]|\u201c[^\u201d\n]{1,120}\u201d"
)

_QUOTE = 8  # characters of something quoted, as the patterns count them
_LONG_QUOTE = re.compile("x" * (_QUOTE + 1) + "+")

_PARTS = {
    "source": r"(?:documents?|documentation|docs|contexts?|passages?|texts?|excerpts?|sources?"
    r"|materials?|pages?|sections?|articles?|guides?|manuals?|handbooks?|snippets?|extracts?"
    r"|paragraphs?|references?)",
    "det": r"(?:(?:the|these|those|this|my|your|any|all|provided|given|supplied|available|above"
    r"|retrieved|attached|quoted|of) ){0,4}",
    # sources that are no things of a product ("the document does not contain macros")
    "sources": r"(?:documents|documentation|docs|contexts?|passages?|excerpts?|sources|materials?"
    r"|snippets?|extracts?|(?:given|provided|supplied|available|retrieved|quoted|attached) \w+)",
    "topic": r"(?:information|mention|details?|answers?|indications?|statements?|guidance"
    r"|figures?|descriptions?|explanations?|word|instructions?|knowledge|references?|data"
    r"|specifics?)",
    "tell": r"(?:mention|say|state|specify|tell|answer|cover|address|discuss|describe|explain"
    r"|indicate|disclose|reveal|clarify|document|touch|go into|speak|deal|settle|help|talk)",
    "hold": r"(?:contain|include|provide|give|list|have|hold|offer|show|define|name|supply|report)",
    "told": r"(?:mentioned|stated|specified|covered|provided|found|given|described|documented"
    r"|listed|addressed|discussed|contained|answered|explained|said)",
    "de_source": r"(?:dokument\w*|unterlagen|kontext\w*|text(?:e[ns]?|s)?|textstellen?"
    r"|text\w*ausz\w+|passagen?|abschnitt\w*|abs(?:atz|ätze)\w*|ausz(?:ug|üge)\w*|quellen?"
    r"|(?:diese[rn]?|den|vorliegenden) seiten?|materiali?\w*|handb(?:uch|ücher)\w*|artikeln?"
    r"|ausschnitt\w*|textstück\w*|stellen|anleitung\w*|angaben)",
    "de_sources": r"(?:dokumentation\w*|dokumenten?|unterlagen|kontext\w*|passagen?|ausz(?:ug"
    r"|üge)\w*|quellen|material\w*|ausschnitt\w*|(?:gegebenen?|vorliegenden?|bereitgestellten?) "
    r"\w+)",
    "de_topic": r"(?:angaben?|information\w*|antwort\w*|auskunft|auskünfte|hinweise?|aussagen?"
    r"|einzelheiten|details|erwähnung|aufschluss|näheres)",
    "de_no": r"(?:nicht|nichts|kein\w*|nirgends|nirgendwo)",
    "de_tell": r"(?:nenn\w+|erwähn\w+|beantworte\w+|sag\w+|beschreib\w+|verr[aä]t\w*|äusser\w+"
    r"|liefer\w+|erkl[aä]r\w+|erl[aä]uter\w+|behandel\w+|geht|gehen|gibt|geben|macht|machen|hilft"
    r"|helfen)",
    "de_hold": r"(?:enth[aä]lt\w*|führ\w+|biet\w+|ha(?:t|ben)|list\w+|zeig\w+)",
}  # fmt: skip

_PATTERNS = (
    # English, one who answers
    r"\bi (?:do|can|could|am|was|have|did|would|will) (?:\w+ ){0,2}?not (?:\w+ ){0,3}?(?:have"
    r"|know|find|found|answer|provide|confirm|say|tell|determine|explain|advise|locate|see|give"
    r"|aware|sure|certain|able|help|do that|offer|given|told|derive|infer|identify|conclude"
    r"|verify|comment|speak)\b",
    r"\bi am(?: \w+)? (?:unable|unaware)\b",
    r"\bi (?:have|found|find|see|can find|could find|can see|know) (?:no|nothing|none)\b",
    r"\b(?:can|could) not (?:\w+ )?(?:tell|answer|say|find|determine|infer|derive"
    r"|confirm)\b.{0,50}\b(?:from|in|with|based on|using) (?:\w+ ){0,3}?{source}\b",
    r"\bnot possible to (?:tell|say|answer|determine|infer|know)\b",
    # English, the sources
    r"\b{source}(?: \w+){0,4}? (?:do|does|did|will|can|could) (?:\w+ )?not(?: \w+)? {tell}\b",
    r"\b{sources}(?: \w+){0,4}? (?:do|does|did|will|can|could) (?:\w+ )?not(?: \w+)? {hold}\b",
    r"\b{source}(?: \w+){0,4}? (?:do|does|did) not(?: \w+)? {hold} (?:\w+ ){0,4}?{topic}\b",
    r"\b(?:none|neither|nothing|no part|nowhere|not one) (?:of|in|within|among) {det}{source}\b",
    r"\b(?:no|neither) (?:\w+ )?{source} (?:here )?(?:{tell}s?|{hold}s?|gives?|states?)\b",
    r"\bnot (?:\w+ ){0,2}?{told}(?:(?! when | if | and ).){1,40}\b{source}\b",
    r"\bnot (?!visible )(?:\w+ ){0,2}?(?:defined|included|named|part|present|available|in)\b"
    r"(?:(?! when | if | and ).){1,40}\b{sources}\b",
    r"\b(?:is|are|was|were) not (?:\w+ )?(?:mentioned|stated|discussed|covered|addressed)(?: here"
    r"| there| anywhere| at all)?[.!]?$",
    r"\b(?:is|are|was|were) not (?:\w+ )?{told} (?:here|there)[.!]?$",
    r"\bnot (?:appear|occur|show up|come up|follow|feature|figure)\b.{0,20}\b"
    r"(?!source\b){source}\b",
    r"\b(?:missing|absent|left out|omitted) (?:from|of|in) (?:\w+ ){0,3}?{source}\b",
    r"\bnot (?:something|anything)(?: that)? (?:the |these |those |i )",
    r"\bnot answerable\b|\bnot answered\b",
    r"\b(?:unclear|vain|unknown) (?:from|in) (?:\w+ ){0,3}?{source}\b|\bin {source} in vain\b",
    r"\bnot among\b.{0,40}\b{source}\b|\b{source}\b.{0,60}\b(?:but|though) (?:not|nothing)\b",
    r"\bi .{0,60}\b{source} (?:and|but) (?:\w+ )?(?:found|saw|see|find) (?:no|nothing|none)\b",
    r"\b(?:beyond|outside|not within) (?:\w+ ){0,5}?{source}\b",
    r"\bthere (?:is|are|was|were) (?:\w+ )?(?:no|not any|not enough|nothing)(?: \w+){0,2}? "
    r"{topic} (?:about|on|regarding|as to|concerning|in|of|available|given|here|for|to|that|which"
    r"|how)\b",
    r"\b(?:is|are|was|were) (?:nothing|no \w+) .{0,60}?\b(?:in|among|within) {det}{source}\b",
    r"\b{source}(?: \w+){0,4}? (?:has|have|contains?|includes?|gives?|provides?|says?|offers?"
    r"|makes?|mentions?|states?|holds?|lists?) (?:no|nothing|not|none|neither|little)\b",
    r"\bno (?:\w+ ){0,2}?{topic}(?: \w+){0,6}? (?:is|was|are|were|can be|could be) (?:\w+ "
    r")?{told}\b",
    r"\bno (?:\w+ ){0,2}?{topic} (?:about|on|regarding|concerning|of|for) .{0,60}\b{source}\b",
    r"\bnothing (?:\w+ ){0,3}?(?:is|was) (?:said|mentioned|stated|given|found|written)\b",
    r"\bsilent (?:on|about|as to|when|here|there)\b",
    r"\b{source}(?:,? \w+){0,5}? (?:leaves?|left) .{0,40}\b(?:open|unanswered|unsaid|out)\b",
    r"\b{source}(?: \w+){0,3}? (?:lacks?|omits?|stops? short|fails? to|is silent|are silent)\b",
    r"\b(?:not enough|insufficient|too little|not sufficient)(?: \w+){0,2}? {topic}\b",
    r"\b(?:question|answer|that|this|it|which)(?: \w+){0,4}? (?:can|could) not be (?:\w+ "
    r")?(?:answered|determined|inferred|derived|established)\b",
    r"\b(?:the|an|any) answer(?: \w+){0,5}? (?:can|could) not be\b",
    r"\bcan not be (?:\w+ )?(?:found|determined|derived|inferred|answered|established|told|taken"
    r"|read) .{0,40}\b{source}\b",
    r"\b(?:the|that|this|any|an|such) (?:\w+ )?(?:answer|information|detail)s? (?:is|are|was"
    r"|were) (?:missing|absent|not (?:\w+ )?(?:available|there|here|given|included|provided|among"
    r"|in|part)\b)",
    # German
    r"\bich (?:\w+ )?(?:habe|kann|konnte|weiss|finde|fand|sehe|bin)(?:,? \w+){0,7}? {de_no}\b",
    r"\b(?:habe|kann|konnte|weiss|finde|fand|sehe) ich(?:,? \w+){0,7}? {de_no}\b",
    r"\b{de_source}(?: \w+){0,4}? {de_tell}\b.{0,60}\b{de_no}\b",
    r"\b{de_sources}(?: \w+){0,4}? {de_hold}\b.{0,60}\b{de_no}\b",
    r"\b(?:sagen|sagt|geben|gibt|nennen|nennt|machen|macht|verraten|enthalten|enthält|bieten"
    r"|liefern|liefert)(?: \w+){0,3}? {de_source}(?: \w+){0,2}? {de_no}\b",
    r"\b{de_source}(?: \w+){0,6}? reich\w+\b.{0,40}\bnicht\b|\breich\w+(?: \w+){0,2} "
    r"{de_source}(?: \w+)? nicht\b",
    r"\b(?:keine?[rs]?|nichts|nirgends) (?:der|in|von|aus|dieser|unter|the) (?:\w+ "
    r"){0,3}?{de_source}\b",
    r"\b(?:das|dies|es|sie) (?:steht|stehen|findet sich|wird) (?:dort|da|darin|hier) (?:\w+ "
    r")?nicht\b",
    r"\bnicht dokumentiert[.!]?$|\b{de_source}\b.{0,40}\bvergeblich\b",
    r"\b{de_source}(?: \w+){0,4}? {de_hold}\b.{0,60}\bkein\w*(?: \w+)? {de_topic}\b",
    r"\b(?:in|im|aus|anhand|auf|laut|mit|nach) (?:\w+ ){0,3}?{de_source}\b.{0,60}"
    r"\b(?:{de_no}|fehl\w+)\b",
    r"\b(?:{de_no}|fehl\w+)\b.{0,60}"
    r"\b(?:in|im|aus|anhand|auf|mit|unter) (?:\w+ ){0,3}?{de_source}\b",
    r"\b{de_source}(?: \w+){0,3}? (?:schweig\w+|l[aä]sst .{0,40}offen|lassen .{0,40}offen)\b",
    r"\b(?:dazu|darüber|hierzu|hierüber|davon|danach|darauf)\b.{0,40}\b(?:lieg\w+|gibt|find\w+"
    r"|enth\w+|steht|stehen|sag\w+|lässt|habe|kann|geben|äusser\w+"
    r"|schweig\w+)\b.{0,40}\b(?:{de_no}|fehl\w+)\b",
    r"\b(?:lieg\w+|gibt es|find\w+ sich)(?: \w+){0,4}? kein\w*(?: \w+)? {de_topic}\b",
    r"\bkein\w*(?: \w+)? {de_topic}\b.{0,60}\b(?:enthalten|vorhanden|finden|gegeben|gemacht|vor"
    r"|verfügbar)\b",
    r"\b(?:frage|antwort)\b.{0,60}\b(?:nicht|offen|unbeantwortet|fehlt)\b",
    r"\b(?:nicht|nirgends)(?: \w+){0,2}? (?:beantwort\w+|entnehmen|ersichtlich|erwähnt|hervor)\b",
    # Spanish and French
    r"\b(?:documentos?|documentación|texto|contexto|pasajes?|fragmentos?|información"
    r"|respuesta)\b.{0,40}\bno (?:se )?(?:menciona|contien|indica|especifica|dice|incluye|aparece"
    r"|figura|encuentra|responde|está|da|ofrece|proporciona|explica)",
    r"\bno (?:se )?(?:menciona|indica|especifica|dice|aparece|figura|encuentra"
    r"|hay).{0,40}\b(?:documento|documentación|texto|contexto|pasaje|fragmento|información)",
    r"\bno encuentro\b|\blos? (?:documentos?|textos?) no\b",
    r"\baucune (?:information|réponse|mention)\b.{0,60}\b(?:documents?|documentation|texte"
    r"|contexte|passages?|extraits?)\b",
    r"\bno (?:sé|lo sé|tengo|dispongo|puedo (?:responder|encontrar|contestar))\b",
    r"\b(?:documents?|documentation|textes?|contexte|passages?|extraits?|informations?"
    r"|réponse)\b.{0,40}\b(?:ne |n')(?:\w+ ){0,2}?\w+ (?:pas|rien|aucun)",
    r"\b(?:ne |n')\w+ (?:pas|rien|aucun\w*)\b.{0,50}\b(?:documents?|documentation|texte|contexte"
    r"|passages?|extraits?)\b",
    r"\bje (?:ne |n')(?:\w+ ){0,2}?(?:sais|trouve|peux|dispose|ai|suis|connais)\b",
)

_REFUSAL = any_of(_PATTERNS, _PARTS)
_IF = r"(?:if|when|whenever|unless|until|wenn|falls|sofern|solange|sobald)\b(?! (?:i|we|ich|wir)\b)"
_CONDITION = re.compile(
    rf"^(?:[-*] |\d+[.)] )?(?:(?:yes|no|but|however|ja|nein),? )?{_IF}"
    r"(?:[^,;:.]|\.(?=\w))*(?:, (?:then )?| then )(?=\w+ \w)"
    rf"|(?<=\w),? {_IF}(?:[^,;:.]|\.(?=\w))*[.!]?$"
)


def is_refusal(answer: str) -> bool:
    """Whether an answer says, in its first two sentences, that it cannot be given."""
    return any(number < OPENING for number, _ in _refusals(answer))


def _refusals(answer: str) -> Iterator[tuple[int, str]]:
    """The sentences that refuse, each with its number from 0; what is quoted does not count."""
    for number, (span, refuses) in enumerate(_judged(answer)):
        if refuses:
            yield number, answer[slice(*span)]


def _judged(answer: str) -> Iterator[tuple[tuple[int, int], bool]]:
    """The sentences of an answer, each with whether it refuses."""
    said = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), answer)
    for start, end in sentences(said):
        yield (start, end), _refuses(said[start:end])


def _refuses(sentence: str) -> bool:
    """Whether a sentence refuses, apart from a condition that it begins or ends with."""
    shown = _LONG_QUOTE.sub("x" * _QUOTE, sentence)
    asserted = _CONDITION.sub("", without_short_forms(fold(shown)))
    return bool(_REFUSAL.search(asserted))


def refusal_answerable(pair: Pair, facts: Facts) -> Finding | None:
    """Reject an answerable pair whose answer refuses; flag one that refuses further on.

    What its evidence says word for word is no refusal: the documents themselves say it.
    """
    if pair.behaviour != "answer":
        return None
    told = [_line(evidence.quote) for evidence in pair.evidence]
    own = (
        refused
        for refused in _refusals(spoken(pair))
        if not any(_line(refused[1]) in quote for quote in told)
    )
    number, sentence = next(own, (0, ""))
    if not sentence:
        return None
    if number < OPENING:
        return rejected("refusal.answerable", "the answer refuses", spans=[sentence])
    return flagged("refusal.answerable", "the answer refuses in part", spans=[sentence])


def refusing_sentences(answer: str) -> list[bool]:
    """For every sentence of an answer, whether it refuses."""
    return [refuses for _, refuses in _judged(answer)]


def refusal_unanswerable(pair: Pair, facts: Facts) -> Finding | None:
    """Reject a pair that should refuse and does not."""
    if pair.behaviour != "refuse" or is_refusal(spoken(pair)):
        return None
    return rejected("refusal.unanswerable", "the answer does not refuse", spans=[pair.answer])


def _line(text: str) -> str:
    return " ".join(text.split())
