"""Whether an answer refuses ("the documents do not say"), and whether it should.

A refusal speaks of the one who answers ("I do not know") or of the sources ("the context does not
mention it"). An answer that only denies ("No, it is not supported on Windows") does not refuse.
Rules for English and German, simpler ones for Spanish and French; all are tried on every answer,
because a model may refuse in another language than it was asked in.
"""

from __future__ import annotations

import re

from builder.check.facts import Facts, flagged, rejected
from builder.records import Finding, Pair
from builder.text import fold, sentences

OPENING = 2  # a refusal says so in its first sentences

_CODE = re.compile(r"`[^`]+`")
_SHORT_FORMS = (("can't", "can not"), ("cannot", "can not"), ("won't", "will not"), ("n't", " not"))

_EN = {
    "source": r"(?:documents?|documentation|docs|contexts?|passages?|texts?|excerpts?|sources?|"
    r"materials?|pages?|sections?|articles?|guides?|manuals?|handbooks?|snippets?|extracts?|"
    r"paragraphs?|references?)",
    # a source that cannot be a thing of the product ("the document does not contain macros")
    "det": r"(?:(?:the|these|those|this|my|your|any|all|provided|given|supplied|available|above|retrieved|"
    r"attached|quoted|of) ){0,4}",
    "sources": r"(?:documents|documentation|docs|contexts?|passages?|excerpts?|sources|materials?|"
    r"snippets?|extracts?|(?:given|provided|supplied|available|retrieved|quoted|attached) \w+)",
    "topic": r"(?:information|mention|details?|answers?|indications?|statements?|guidance|figures?|"
    r"descriptions?|explanations?|word|instructions?|knowledge|references?|data|specifics?)",
    "tell": r"(?:mention|say|state|specify|tell|answer|cover|address|discuss|describe|explain|"
    r"indicate|disclose|reveal|clarify|document|touch|go into|speak|deal|settle|help|talk)",
    "hold": r"(?:contain|include|provide|give|list|have|hold|offer|show|define|name|supply|report)",
    "told": r"(?:mentioned|stated|specified|covered|provided|found|given|described|included|"
    r"documented|listed|addressed|discussed|contained|answered|explained|defined|said|named|part|"
    r"present|available|in)",
}
_DE = {
    "source": r"(?:dokument\w*|unterlagen|kontext\w*|text(?:e[ns]?|s)?|textstellen?|text\w*ausz\w+|"
    r"passagen?|abschnitt\w*|abs(?:atz|ätze)\w*|ausz(?:ug|üge)\w*|quellen?|(?:diese[rn]?|den|vorliegenden) seiten?|materiali?\w*|"
    r"handb(?:uch|ücher)\w*|artikeln?|ausschnitt\w*|textstück\w*|stellen|anleitung\w*|angaben)",
    "sources": r"(?:dokumentation\w*|dokumenten?|unterlagen|kontext\w*|passagen?|ausz(?:ug|üge)\w*|"
    r"quellen|material\w*|ausschnitt\w*|(?:gegebenen?|vorliegenden?|bereitgestellten?) \w+)",
    "topic": r"(?:angaben?|information\w*|antwort\w*|auskunft|auskünfte|hinweise?|aussagen?|"
    r"einzelheiten|details|erwähnung|aufschluss|näheres)",
    "no": r"(?:nicht|nichts|kein\w*|nirgends|nirgendwo)",
    "tell": r"(?:nenn\w+|erwähn\w+|beantworte\w+|sag\w+|beschreib\w+|verr[aä]t\w*|äusser\w+|"
    r"liefer\w+|erkl[aä]r\w+|erl[aä]uter\w+|behandel\w+|geht|gehen|gibt|geben|macht|machen|hilft|helfen)",
    "hold": r"(?:enth[aä]lt\w*|führ\w+|biet\w+|ha(?:t|ben)|list\w+|zeig\w+)",
}  # fmt: skip

_PATTERNS = (
    # English, one who answers
    r"\bi (?:do|can|could|am|was|have|did|would|will) (?:\w+ ){0,2}?not (?:\w+ ){0,3}?(?:have|know|"
    r"find|found|answer|provide|confirm|say|tell|determine|explain|advise|locate|see|give|aware|sure|"
    r"certain|able|help|do that|offer|given|told|derive|infer|identify|conclude|verify|comment|speak)\b",
    r"\bi(?: am|'m)(?: \w+)? (?:unable|unaware)\b",
    r"\bi (?:have|found|find|see|can find|could find|can see|know) (?:no|nothing|none)\b",
    r"\b(?:can|could) not (?:\w+ )?(?:tell|answer|say|find|determine|infer|derive|confirm)\b.{0,50}"
    r"\b(?:from|in|with|based on|using) (?:\w+ ){0,3}?%(source)s\b",
    r"\bnot possible to (?:tell|say|answer|determine|infer|know)\b",
    # English, the sources
    r"\b%(source)s(?: \w+){0,4}? (?:do|does|did|will|can|could) (?:\w+ )?not(?: \w+)? %(tell)s\b",
    r"\b%(sources)s(?: \w+){0,4}? (?:do|does|did|will|can|could) (?:\w+ )?not(?: \w+)? %(hold)s\b",
    r"\b%(source)s(?: \w+){0,4}? (?:do|does|did) not(?: \w+)? %(hold)s (?:\w+ ){0,4}?%(topic)s\b",
    r"\b(?:none|neither|nothing|no part|nowhere|not one) (?:of|in|within|among) %(det)s%(source)s\b",
    r"\b(?:no|neither) (?:\w+ )?%(source)s (?:here )?(?:%(tell)ss?|%(hold)ss?|gives?|states?)\b",
    r"\bnot (?:\w+ ){0,2}?%(told)s (?:(?! when | if | and ).){0,40}\b%(source)s\b",
    r"\b(?:is|are|was|were) not (?:\w+ )?(?:mentioned|stated|discussed|covered|addressed)"
    r"(?: here| there| anywhere| at all)?[.!]?$",
    r"\b(?:is|are|was|were) not (?:\w+ )?%(told)s (?:here|there)[.!]?$",
    r"\bnot (?:appear|occur|show up|come up|follow|feature|figure)\b.{0,20}\b%(source)s\b",
    r"\b(?:missing|absent|left out|omitted) (?:from|of|in) (?:\w+ ){0,3}?%(source)s\b",
    r"\bnot (?:something|anything)(?: that)? (?:the |these |those |i )",
    r"\bnot answerable\b|\bnot answered\b",
    r"\b(?:unclear|vain|unknown) (?:from|in) (?:\w+ ){0,3}?%(source)s\b|\bin %(source)s in vain\b",
    r"\bnot among\b.{0,40}\b%(source)s\b|\b%(source)s\b.{0,60}\b(?:but|though) (?:not|nothing)\b",
    r"\bi .{0,60}\b%(source)s (?:and|but) (?:\w+ )?(?:found|saw|see|find) (?:no|nothing|none)\b",
    r"\b(?:beyond|outside|not within) (?:\w+ ){0,5}?%(source)s\b",
    r"\bthere (?:is|are|was|were) (?:\w+ )?(?:no|not any|not enough|nothing)(?: \w+){0,2}? %(topic)s "
    r"(?:about|on|regarding|as to|concerning|in|of|available|given|here|for|to|that|which|how)\b",
    r"\b(?:is|are|was|were) nothing (?:\w+ )?(?:in|among|within) (?:\w+ ){0,3}?%(source)s\b",
    r"\b%(source)s(?: \w+){0,4}? (?:has|have|contains?|includes?|gives?|provides?|says?|offers?|makes?|"
    r"mentions?|states?|holds?|lists?) (?:no|nothing|not|none|neither|little)\b",
    r"\bno (?:\w+ ){0,2}?%(topic)s(?: \w+){0,6}? (?:is|was|are|were|can be|could be) (?:\w+ )?%(told)s\b",
    r"\bno (?:\w+ ){0,2}?%(topic)s (?:about|on|regarding|concerning|of|for) .{0,60}\b%(source)s\b",
    r"\bnothing (?:\w+ ){0,3}?(?:is|was) (?:said|mentioned|stated|given|found|written)\b",
    r"\bsilent (?:on|about|as to|when|here|there)\b",
    r"\b%(source)s(?: \w+){0,3}? (?:leaves?|left) .{0,40}\b(?:open|unanswered|unsaid|out)\b",
    r"\b%(source)s(?: \w+){0,3}? (?:lacks?|omits?|stops? short|fails? to|is silent|are silent)\b",
    r"\b(?:not enough|insufficient|too little|not sufficient)(?: \w+){0,2}? %(topic)s\b",
    r"\b(?:question|answer|that|this|it|which)(?: \w+){0,4}? (?:can|could) not be (?:\w+ )?(?:answered|"
    r"determined|inferred|derived|established)\b",
    r"\b(?:the|an|any) answer(?: \w+){0,5}? (?:can|could) not be\b",
    r"\bcan not be (?:\w+ )?(?:found|determined|derived|inferred|answered|established|told|taken|read)"
    r" .{0,40}\b%(source)s\b",
    r"\b(?:the|that|this|any|an|such) (?:\w+ )?(?:answer|information|detail)s? (?:is|are|was|were) "
    r"(?:missing|absent|not (?:\w+ )?(?:available|there|here|given|included|provided|among|in|part)\b)",
    # German
    r"\bich (?:\w+ )?(?:habe|kann|konnte|weiss|finde|fand|sehe|bin)(?:,? \w+){0,7}? {no}\b",
    r"\b(?:habe|kann|konnte|weiss|finde|fand|sehe) ich(?:,? \w+){0,7}? {no}\b",
    r"\b{source}(?: \w+){0,4}? {tell}\b.{0,60}\b{no}\b",
    r"\b{sources}(?: \w+){0,4}? {hold}\b.{0,60}\b{no}\b",
    r"\b(?:sag|geb|nenn|mach|verrat)en(?: \w+){0,3}? {source}(?: \w+){0,2}? {no}\b",
    r"\b{source}(?: \w+){0,3}? reich\w+\b.{0,40}\bnicht\b|\breich\w+(?: \w+){0,2} {source}(?: \w+)? nicht\b",
    r"\b(?:keine?[rs]?|nichts|nirgends) (?:der|in|von|aus|dieser|unter|the) (?:\w+ ){0,3}?{source}\b",
    r"\b(?:das|dies|es|sie) (?:steht|stehen|findet sich|wird) (?:dort|da|darin|hier) (?:\w+ )?nicht\b",
    r"\bnicht dokumentiert[.!]?$|\b{source}\b.{0,40}\bvergeblich\b",
    r"\b{source}(?: \w+){0,4}? {hold}\b.{0,60}\bkein\w*(?: \w+)? {topic}\b",
    r"\b(?:in|im|aus|anhand|auf|laut|mit|nach) (?:\w+ ){0,3}?{source}\b.{0,60}\b(?:{no}|fehl\w+)\b",
    r"\b(?:{no}|fehl\w+)\b.{0,60}\b(?:in|im|aus|anhand|auf|mit|unter) (?:\w+ ){0,3}?{source}\b",
    r"\b{source}(?: \w+){0,3}? (?:schweig\w+|l[aä]sst .{0,40}offen|lassen .{0,40}offen)\b",
    r"\b(?:dazu|darüber|hierzu|hierüber|davon|danach|darauf)\b.{0,40}\b(?:lieg\w+|gibt|find\w+|"
    r"enth\w+|steht|stehen|sag\w+|lässt|habe|kann|geben|äusser\w+|schweig\w+)\b.{0,40}\b(?:{no}|fehl\w+)\b",
    r"\b(?:lieg\w+|gibt es|find\w+ sich)(?: \w+){0,4}? kein\w*(?: \w+)? {topic}\b",
    r"\bkein\w*(?: \w+)? {topic}\b.{0,60}\b(?:enthalten|vorhanden|finden|gegeben|gemacht|vor|verfügbar)\b",
    r"\b(?:frage|antwort)\b.{0,60}\b(?:nicht|offen|unbeantwortet|fehlt)\b",
    r"\b(?:nicht|nirgends)(?: \w+){0,2}? (?:beantwort\w+|entnehmen|ersichtlich|erwähnt|hervor)\b",
    # Spanish and French
    r"\b(?:documentos?|documentación|texto|contexto|pasajes?|fragmentos?|información|respuesta)\b.{0,40}"
    r"\bno (?:se )?(?:menciona|contien|indica|especifica|dice|incluye|aparece|figura|encuentra|responde|"
    r"está|da|ofrece|proporciona|explica)",
    r"\bno (?:se )?(?:menciona|indica|especifica|dice|aparece|figura|encuentra|hay).{0,40}\b(?:documento|"
    r"documentación|texto|contexto|pasaje|fragmento|información)",
    r"\bno encuentro\b|\blos? (?:documentos?|textos?) no\b",
    r"\baucune (?:information|réponse|mention)\b.{0,60}\b(?:documents?|documentation|texte|contexte|passages?|extraits?)\b",
    r"\bno (?:sé|lo sé|tengo|dispongo|puedo (?:responder|encontrar|contestar))\b",
    r"\b(?:documents?|documentation|textes?|contexte|passages?|extraits?|informations?|réponse)\b.{0,40}"
    r"\b(?:ne |n')(?:\w+ ){0,2}?\w+ (?:pas|rien|aucun)",
    r"\b(?:ne |n')\w+ (?:pas|rien|aucun\w*)\b.{0,50}\b(?:documents?|documentation|texte|contexte|passages?|"
    r"extraits?)\b",
    r"\bje (?:ne |n')(?:\w+ ){0,2}?(?:sais|trouve|peux|dispose|ai|suis|connais)\b",
)  # fmt: skip


def _compiled() -> re.Pattern[str]:
    parts = []
    for pattern in _PATTERNS:
        english = re.sub(r"%\((\w+)\)s", lambda found: _EN[found[1]], pattern)
        parts.append(re.sub(r"\{([a-z]+)\}", lambda found: _DE[found[1]], english))
    return re.compile("|".join(parts))


_REFUSAL = _compiled()


def is_refusal(answer: str) -> bool:
    """Whether an answer says, in its first two sentences, that it cannot be given."""
    return any(_refuses(answer[start:end]) for start, end in sentences(answer)[:OPENING])


def _refuses(sentence: str) -> bool:
    plain = fold(_CODE.sub("code", sentence))
    for short, full in _SHORT_FORMS:
        plain = plain.replace(short, full)
    return bool(_REFUSAL.search(plain))


def refusal_answerable(pair: Pair, facts: Facts) -> Finding | None:
    """Reject an answerable pair whose answer refuses; flag one that refuses further on."""
    if pair.behaviour != "answer":
        return None
    found = [
        (number, pair.answer[start:end])
        for number, (start, end) in enumerate(sentences(pair.answer))
        if _refuses(pair.answer[start:end])
    ]
    if not found:
        return None
    number, sentence = found[0]
    if number < OPENING:
        return rejected("refusal.answerable", "the answer refuses", spans=[sentence])
    return flagged("refusal.answerable", "the answer refuses in part", spans=[sentence])


def refusal_unanswerable(pair: Pair, facts: Facts) -> Finding | None:
    """Reject a pair that should refuse and does not."""
    if pair.behaviour != "refuse" or is_refusal(pair.answer):
        return None
    return rejected("refusal.unanswerable", "the answer does not refuse", spans=[pair.answer])
