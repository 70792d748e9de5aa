"""Whether a question can be asked by somebody who has no text before them.

Words such as "text" or "page" may be things of the product ("the text field", "delete a page"), so a
noun alone proves nothing: it is the pointing ("the table above", "in this section") that counts.
"""

from __future__ import annotations

import re

from builder.check.facts import Facts, flagged, rejected
from builder.records import Finding, Pair
from builder.text import fold

_EN = {
    "text": r"(?:text|passage|excerpt|extract|snippet|context|paragraph|article|chapter|document|section|"
    r"page|table|figure|diagram|example|code(?: snippet| block| sample)?|list|listing|image|screenshot|"
    r"information|material|source|content|documentation|documents|passages|tutorial)s?",
    "prose": r"(?:text|passage|excerpt|extract|snippet|context|paragraph|article|chapter|document|section|"
    r"page|documents|passages|source)s?",
    "point": r"(?:above|below|given|provided|following|preceding|previous|aforementioned|supplied|present|quoted)",
    "said": r"(?:described|stated|mentioned|discussed|explained|outlined|presented|noted|referenced|"
    r"referred to|covered|introduced)",
    "given": r"(?:shown|listed|given|provided|defined|specified|used|depicted|highlighted|named)",
    "says": r"(?:say|mention|state|discuss|tell|claim|argue|refer|talk|write)s?",
}
_DE = {
    "text": r"(?:text(?:e[sn]?|s)?|textstelle|textauszug\w*|passage|auszug(?:s|es)?|kontext(?:e?s)?|abschnitt(?:e?s)?|"
    r"absatz(?:es)?|absätze[ns]?|kapitels?|artikels?|dokument(?:e?s)?|dokumenten|seite|tabelle|abbildung|beispiels?|"
    r"liste|grafik|code\w*|bildschirmfotos?|unterlagen|passagen|dokumentation|informationen)",
    "prose": r"(?:text(?:e[sn]?|s)?|textstelle|textauszug\w*|passage|auszug(?:s|es)?|kontext(?:e?s)?|abschnitt(?:e?s)?|"
    r"absatz(?:es)?|kapitels?|artikels?|dokument(?:e?s)?|dokumenten|passagen)",
    "point": r"(?:obige[nrms]?|oben(?:stehende[nrms]?| genannten?| stehenden?)|folgende[nrms]?|vorliegende[nrms]?|"
    r"gegebene[nrms]?|vorherige[nrms]?|vorige[nrms]?|genannte[nrms]?|bereitgestellte[nrms]?|nachstehende[nrms]?|"
    r"angegebene[nrms]?|untenstehende[nrms]?|vorangegangene[nrms]?|abgebildete[nrms]?)",
    "this": r"(?:diese[nrms]?)",
    "said": r"(?:beschrieben\w*|erwähnt\w*|genannt\w*|erklärt\w*|erläutert\w*|dargestellt\w*|behandelt\w*|besprochen\w*)",
    "says": r"(?:sagt|erwähnt|nennt|beschreibt|erklärt|berichtet|schreibt|erläutert)",
}

_REJECTS = (
    # English
    r"\b(?:according to|based on|as per|going by|judging by|in light of|from reading) (?:(?:the|this|these|that|"
    r"those|your|our) )?(?:{point} )?(?:{prose}|authors?|writer|speaker)\b(?! (?:type|size|title|format|field|id|name)s?\b)",
    r"\b(?:according to|based on|as per) (?:the|this|these) (?:{point} )?(?:table|figure|diagram|example|list|information|"
    r"material|content|description|details|instructions)\b(?: {point}|[,?]| what| which| how| when| who| where)",
    r"\b{said} (?:in|on|by|within) (?:the|this|that|these|a) (?:{point} )?(?:{text}|authors?|guide|manual)\b",
    r"\b{given} (?:in|on|by|within) (?:the|this|that|these) (?:{point} )?(?:{text})(?:\?|$|,| {point}\b)",
    r"\b(?:the|this|that|these|those|in|each|which|what) (?:\w+ )?{text}(?: \w+)? (?:above|below|at hand)\b(?! (?:the|a|an|it)\b)",
    r"\b(?:the|this|these) {text} (?:provided|given|supplied)(?:\?|$|,)",
    r"\b(?:above|preceding|aforementioned|previous|supplied|provided|given|quoted) {prose}(?:\?|$|,| (?:say|state|mention)\w*| above| below)",
    r"\b(?:the|these|this) (?:above|preceding|aforementioned|above-mentioned)\b",
    r"\bthe following\b(?! (?:day|week|month|year|morning|business|working|billing|calendar|quarter|period|night|"
    r"invoice|version|release|minute|hour)\b)",
    r"\bpre(?:vious|ceding) (?:{prose}|table|example)\b(?! (?:button|link|icon|of)\b)",
    r"\b(?:in|on|from|of|by|does|do|is|for|throughout) (?:this|these) (?:particular )?(?:{text}|guide|manual|"
    r"handbook|documentation|faq|post|tutorial|reference)\b(?! (?:type|field|id|object|resource)\b)",
    r"\b(?:the|this) (?:{prose}|author|writer|speaker)s? (?:(?:also|explicitly|specifically) )?{says}\b",
    r"\b(?:does|do|did|is|are) the (?:text|passage|excerpt|author|article|paragraph)s? (?:\w+ )?(?:{says}|describe|explain|"
    r"suggest|recommend|about|give|provide)\b",
    r"\b(?:in|from|of|per|by) the (?:passage|excerpt|provided \w+|given (?:text|context|document|information))\b",
    r"\b(?:in|from|per|by) the (?:text|context|paragraph|article|chapter)(?:\?|$|,)",
    r"\b(?:mentioned|described|discussed|listed|shown|stated|explained|defined|given|seen|noted) (?:above|below|earlier|"
    r"previously|here)\b",
    r"\b(?:are|is|were|was|the|ones|things|that) (?:\w+ )?(?:mentioned|discussed|referenced)\?$",
    r"\bfig(?:ure|\.)? ?\d|\b(?:table|listing) \d+(?:\.\d+)*(?:\?|$|,)|\b(?:see|in|from|of|shown in) (?:table|listing) \d",
    r"\b(?:documents?|passages?|excerpts?|contexts?|sources?) (?:#|\[|no\.? ?)?\d+\b(?! ?[%°\w])",
    # German
    r"\b(?:laut|gemäss|zufolge|entsprechend|basierend auf|ausgehend von|anhand|auf grundlage) (?:(?:de[rmns]|des|diese[nrms]?|"
    r"einem|einer) )?(?:{de_point} )?(?:{de_prose}|de[rms] autor(?:in|s)?)\b",
    r"^nach (?:de[mn]|diese[mnr]) (?:{de_point} )?(?:{de_prose})\b|\b{de_prose} zufolge\b",
    r"\b(?:laut|gemäss) (?:(?:de[rmns]|diese[nrms]?) )?(?:{de_point} )?(?:tabelle|abbildung|liste|beispiel|informationen|angaben|autor\w*)"
    r"(?: oben| unten|,|\?| (?:ist|sind|wird|werden|kann|muss|soll|darf|hat|haben)\b)",
    r"\b(?:in|im|aus|auf|laut|von|vom|zu|zum|zur|an|nach|für|mit) (?:(?:de[rmns]) )?(?:{de_point}|{de_this}) (?:{de_text})\b",
    r"\b{de_point} (?:{de_text})\b",
    r"\b(?:im|in|aus|vom|von) (?:de[rmn] )?(?:{de_prose}) (?:oben |unten )?(?:{de_said})\b",
    r"\b(?:im|aus dem) (?:text|kontext|textauszug)(?:\?|$|,| {de_said}| erwähn| genann| beschrieb)",
    r"\b(?:{de_text}) (?:oben|unten|weiter oben|weiter unten)\b",
    r"\b(?:oben|unten|vorher|zuvor|hier) (?:genannt|erwähnt|beschrieben|aufgeführt|gezeigt|stehend|dargestellt|abgebildet)\w*\b",
    r"\b(?:der|die|das|dieser?s?|diese) (?:text|textauszug|auszug|passage|artikel|abschnitt|autor|autorin|absatz) {de_says}\b",
    r"\b(?:{de_says}) (?:der|die|das|dieser?s?|diese) (?:text|textauszug|auszug|passage|artikel|abschnitt|autor|autorin|absatz|dokument)\b",
    r"\bfolgende[nrms]?\b(?! (?:tag|woche|monat|jahr|quartal|werktag|arbeitstag|abrechnungs|rechnung|version|stunde|minute))",
    r"\babb(?:ildung|\.) ?\d|\b(?:in|aus|laut|siehe) tab(?:elle|\.) ?\d",
    # Spanish and French
    r"\b(?:según|de acuerdo con|basándose en|conforme a) (?:el|la|los|este|esta|estos) (?:\w+ )?(?:texto|documento|pasaje|contexto|"
    r"fragmento|artículo|párrafo|sección|autor|tabla|figura)s?\b",
    r"\b(?:mencionad|descrit|indicad|citad)\w+ (?:en|arriba|abajo|anteriormente)\b|\b(?:texto|tabla|sección|documento|párrafo) (?:anterior|"
    r"siguiente|proporcionad\w)\b|\b(?:en|de) (?:este|esta) (?:texto|documento|sección|pasaje|párrafo|artículo|página)\b",
    r"\b(?:selon|d'après|d'apres|sur la base de|conformément à) (?:le|la|les|l'|ce|cet|cette|ces) ?(?:texte|document|passage|contexte|extrait|"
    r"article|paragraphe|section|auteur|tableau|figure)s?\b",
    r"\b(?:ci-dessus|ci-dessous|ci-après|susmentionné\w*)\b|\b(?:dans|de) (?:ce|cet|cette) (?:texte|document|section|passage|"
    r"paragraphe|article|page|extrait)\b|\b(?:mentionn|décrit|cit)\w+ dans (?:le|la|l'|ce|cette) ?(?:texte|document|passage|section|extrait)\b",
)  # fmt: skip

_FLAGS = (
    r"\b(?:this|these|those) (?!(?:is|are|was|were|means?|can|will|do|does|work|works|and|or|in|on|for)\b)[a-z]+",
    r"^(?:what|why|how|when|where|which|who|can|does|do|is|are|will|should) (?:is|are|does|do|can|will|was|were|did)? ?"
    r"(?:it|they|he|she|them|that|those)\b",
    r"\b(?:diese[nrms]?) (?!(?:ist|sind|wird|werden|kann|können)\b)[a-zäöüß]+",
    r"^(?:was|wie|warum|wann|wo|wer|wofür|wozu|kann|ist|sind) (?:ist|sind|kann|können|wird|werden|macht|funktioniert|muss)? ?"
    r"(?:es|er|sie|das|dies)\b",
)  # fmt: skip


def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    words = {**_EN, **{f"de_{name}": pattern for name, pattern in _DE.items()}}
    return re.compile(
        "|".join(re.sub(r"\{([a-z_]+)\}", lambda found: words[found[1]], p) for p in patterns)
    )


_POINTS = _compiled(_REJECTS)
_OPEN = _compiled(_FLAGS)
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
