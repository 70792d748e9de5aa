"""Whether a question can be asked by somebody who has no text before them.

Words such as "text" or "page" may be things of the product ("the text field", "delete a page"), so
a noun alone proves nothing: it is the pointing ("the table above", "in this section") that counts.
"""

from __future__ import annotations

import re

from builder.check.facts import Facts, flagged, rejected
from builder.check.patterns import any_of
from builder.records import Finding, Pair
from builder.text import fold

_PARTS = {
    "text": r"(?:text|passage|excerpt|extract|snippet|context|paragraph|article|chapter|document"
    r"|section|page|table|figure|diagram|example|code(?: snippet| block| sample)?|list|listing"
    r"|image|screenshot|information|material|source|content|documentation|documents|passages"
    r"|tutorial)s?",
    "prose": r"(?:text|passage|excerpt|extract|snippet|context|paragraph|article|chapter|document"
    r"|section|page|documents|passages|source)s?",
    "point": r"(?:above|below|given|provided|following|preceding|previous|aforementioned|supplied"
    r"|present|quoted)",
    "said": r"(?:described|stated|mentioned|discussed|explained|outlined|presented|noted"
    r"|referenced|referred to|covered|introduced)",
    "given": r"(?:shown|listed|given|provided|defined|specified|used|depicted|highlighted|named)",
    "says": r"(?:say|mention|state|discuss|tell|claim|argue|refer|talk|write)s?",
    "de_text": r"(?:text(?:e[sn]?|s)?|textstelle|textauszug\w*|passage|auszug(?:s|es)?"
    r"|kontext(?:e?s)?|abschnitt(?:e?s)?|absatz(?:es)?|absätze[ns]?|kapitels?|artikels?"
    r"|dokument(?:e?s)?|dokumenten|seite|tabelle|abbildung|beispiels?|liste|grafik|code\w*"
    r"|bildschirmfotos?|unterlagen|passagen|dokumentation|informationen)",
    "de_prose": r"(?:text(?:e[sn]?|s)?|textstelle|textauszug\w*|passage|auszug(?:s|es)?"
    r"|kontext(?:e?s)?|abschnitt(?:e?s)?|absatz(?:es)?|kapitels?|artikels?|dokument(?:e?s)?"
    r"|dokumenten|passagen)",
    "de_point": r"(?:obige[nrms]?|oben(?:stehende[nrms]?| genannten?| stehenden?)|folgende[nrms]?"
    r"|vorliegende[nrms]?|gegebene[nrms]?|vorherige[nrms]?|vorige[nrms]?|genannte[nrms]?"
    r"|bereitgestellte[nrms]?|nachstehende[nrms]?|angegebene[nrms]?|untenstehende[nrms]?"
    r"|vorangegangene[nrms]?|abgebildete[nrms]?)",
    "de_this": r"(?:diese[nrms]?)",
    "de_said": r"(?:beschrieben\w*|erwähnt\w*|genannt\w*|erklärt\w*|erläutert\w*|dargestellt\w*"
    r"|behandelt\w*|besprochen\w*)",
    "de_says": r"(?:sagt|erwähnt|nennt|beschreibt|erklärt|berichtet|schreibt|erläutert)",
}

_REJECTS = (
    # English
    r"\b(?:according to|based on|as per|going by|judging by|in light of|from reading) (?:(?:the"
    r"|this|these|that|those|your|our) )?(?:{point} )?(?:{prose}|authors?|writer|speaker)\b(?! "
    r"(?:type|size|title|format|field|id|name)s?\b)",
    r"\b(?:according to|based on|as per) (?:the|this|these) (?:{point} )?(?:table|figure|diagram"
    r"|example|list|information|material|content|description|details|instructions)\b(?: {point}"
    r"|[,?]| what| which| how| when| who| where)",
    r"\b{said} (?:in|on|by|within) (?:the|this|that|these|a) (?:{point} )?(?:{text}|authors?"
    r"|guide|manual)\b",
    r"\b{given} (?:in|on|by|within) (?:the|this|that|these) (?:{point} )?(?:{text})(?:\?|$|,| "
    r"{point}\b)",
    r"\b(?:the|this|that|these|those|in|each|which|what) (?:\w+ )?{text}(?: \w+)? (?:above|below"
    r"|at hand)\b(?! (?:the|a|an|it)\b)",
    r"\b(?:the|this|these) {text} (?:provided|given|supplied)(?:\?|$|,)",
    r"\b(?:above|preceding|aforementioned|previous|supplied|provided|given|quoted) {prose}(?:\?|$"
    r"|,| (?:say|state|mention)\w*| above| below)",
    r"\b(?:the|these|this) (?:above|preceding|aforementioned|above-mentioned)\b",
    r"\bthe following\b(?! (?:day|week|month|year|morning|business|working|billing|calendar"
    r"|quarter|period|night|invoice|version|release|minute|hour)\b)",
    r"\bpre(?:vious|ceding) (?:{prose}|table|example)\b(?! (?:button|link|icon|of)\b)",
    r"\b(?:in|on|from|of|by|does|do|is|for|throughout) (?:this|these) (?:particular )?(?:{text}"
    r"|guide|manual|handbook|documentation|faq|post|tutorial|reference)\b(?! (?:type|field|id"
    r"|object|resource)\b)",
    r"\b(?:the|this) (?:{prose}|author|writer|speaker)s? (?:(?:also|explicitly|specifically) "
    r")?{says}\b",
    r"\b(?:does|do|did|is|are) the (?:text|passage|excerpt|author|article|paragraph)s? (?:\w+ "
    r")?(?:{says}|describe|explain|suggest|recommend|about|give|provide)\b",
    r"\b(?:in|from|of|per|by) the (?:passage|excerpt|provided \w+|given (?:text|context|document"
    r"|information))\b",
    r"\b(?:in|from|per|by) the (?:text|context|paragraph|article|chapter)(?:\?|$|,)",
    r"\b(?:mentioned|described|discussed|listed|shown|stated|explained|defined|given|seen|noted) "
    r"(?:above|below|earlier|previously|here)\b",
    r"\b(?:are|is|were|was|the|ones|things|that) (?:\w+ )?(?:mentioned|discussed|referenced)\?$",
    r"\bfig(?:ure|\.)? ?\d|\b(?:table|listing) \d+(?:\.\d+)*(?:\?|$|,)|\b(?:see|in|from|of|shown "
    r"in) (?:table|listing) \d",
    r"\b(?:documents?|passages?|excerpts?|contexts?|sources?) (?:#|\[|no\.? ?)?\d+\b(?! ?[%°\w])",
    # German
    r"\b(?:laut|gemäss|zufolge|entsprechend|basierend auf|ausgehend von|anhand|auf grundlage) "
    r"(?:(?:de[rmns]|des|diese[nrms]?|einem|einer) )?(?:{de_point} )?(?:{de_prose}|de[rms] "
    r"autor(?:in|s)?)\b",
    r"^nach (?:de[mn]|diese[mnr]) (?:{de_point} )?(?:{de_prose})\b|\b{de_prose} zufolge\b",
    r"\b(?:laut|gemäss) (?:(?:de[rmns]|diese[nrms]?) )?(?:{de_point} )?(?:tabelle|abbildung|liste"
    r"|beispiel|informationen|angaben|autor\w*)(?: oben| unten|,|\?| (?:ist|sind|wird|werden|kann"
    r"|muss|soll|darf|hat|haben)\b)",
    r"\b(?:in|im|aus|auf|laut|von|vom|zu|zum|zur|an|nach|für|mit) (?:(?:de[rmns]) )?(?:{de_point}"
    r"|{de_this}) (?:{de_text})\b",
    r"\b{de_point} (?:{de_text})\b",
    r"\b(?:im|in|aus|vom|von) (?:de[rmn] )?(?:{de_prose}) (?:oben |unten )?(?:{de_said})\b",
    r"\b(?:im|aus dem) (?:text|kontext|textauszug)(?:\?|$|,| {de_said}| erwähn| genann| beschrieb)",
    r"\b(?:{de_text}) (?:oben|unten|weiter oben|weiter unten)\b",
    r"\b(?:oben|unten|vorher|zuvor|hier) (?:genannt|erwähnt|beschrieben|aufgeführt|gezeigt"
    r"|stehend|dargestellt|abgebildet)\w*\b",
    r"\b(?:der|die|das|dieser?s?|diese) (?:text|textauszug|auszug|passage|artikel|abschnitt|autor"
    r"|autorin|absatz) {de_says}\b",
    r"\b(?:{de_says}) (?:der|die|das|dieser?s?|diese) (?:text|textauszug|auszug|passage|artikel"
    r"|abschnitt|autor|autorin|absatz|dokument)\b",
    r"\bfolgende[nrms]?\b(?! (?:tag|woche|monat|jahr|quartal|werktag|arbeitstag|abrechnungs"
    r"|rechnung|version|stunde|minute))",
    r"\babb(?:ildung|\.) ?\d|\b(?:in|aus|laut|siehe) tab(?:elle|\.) ?\d",
    # Spanish and French
    r"\b(?:según|de acuerdo con|basándose en|conforme a) (?:el|la|los|este|esta|estos) (?:\w+ "
    r")?(?:texto|documento|pasaje|contexto|fragmento|artículo|párrafo|sección|autor|tabla"
    r"|figura)s?\b",
    r"\b(?:mencionad|descrit|indicad|citad)\w+ (?:en|arriba|abajo|anteriormente)\b|\b(?:texto"
    r"|tabla|sección|documento|párrafo) (?:anterior|siguiente|proporcionad\w)\b|\b(?:en|de) "
    r"(?:este|esta) (?:texto|documento|sección|pasaje|párrafo|artículo|página)\b",
    r"\b(?:selon|d'après|d'apres|sur la base de|conformément à) (?:le|la|les|l'|ce|cet|cette|ces) "
    r"?(?:texte|document|passage|contexte|extrait|article|paragraphe|section|auteur|tableau"
    r"|figure)s?\b",
    r"\b(?:ci-dessus|ci-dessous|ci-après|susmentionné\w*)\b|\b(?:dans|de) (?:ce|cet|cette) "
    r"(?:texte|document|section|passage|paragraphe|article|page|extrait)\b|\b(?:mentionn|décrit"
    r"|cit)\w+ dans (?:le|la|l'|ce|cette) ?(?:texte|document|passage|section|extrait)\b",
)

_FLAGS = (
    r"\b(?:this|these|those) (?!(?:is|are|was|were|means?|can|will|do|does|work|works|and|or|in"
    r"|on|for)\b)[a-z]+",
    r"^(?:what|why|how|when|where|which|who|can|does|do|is|are|will|should) (?:is|are|does|do|can"
    r"|will|was|were|did)? ?(?:it|they|he|she|them|that|those)\b(?! (?:mean|take|cost|possible"
    r"|happen|safe|necessary|ok|okay|allowed|required|best|normal|recommended)\b)",
    r"\b(?:diese[nrms]?) (?!(?:ist|sind|wird|werden|kann|können)\b)[a-zäöüß]+",
    r"^(?:was|wie|warum|wann|wo|wer|wofür|wozu|kann|ist|sind) (?:ist|sind|kann|können|wird|werden"
    r"|macht|funktioniert|muss)? ?(?:es|er|sie|das|dies)(?=[?,]| (?:ist|sind|wird|kann|so|nicht"
    r"|noch|auch)\b)",
)

_POINTS = any_of(_REJECTS, _PARTS)
_OPEN = any_of(_FLAGS, _PARTS)
_CODE = re.compile(r"`[^`]+`|\"[^\"]+\"|\u201e[^\u201c]+\u201c|\u201c[^\u201d]+\u201d")


def self_contained(pair: Pair, facts: Facts) -> Finding | None:
    """Reject a question that points at a text ("the table above"); flag one with an open "this"."""
    if pair.history:
        return None
    plain = fold(_CODE.sub(" code ", pair.question))
    if found := _POINTS.search(plain):
        return rejected("question.self_contained", "points at a text", spans=[found[0]])
    if found := _OPEN.search(plain):
        return flagged("question.self_contained", "may lack what it is about", spans=[found[0]])
    return None
