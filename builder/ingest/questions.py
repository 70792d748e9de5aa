"""How questions and their answers are written in text: bold, labelled, numbered."""

from __future__ import annotations

import re

from builder.ingest.inline import BOLD, BREAK, PLAIN, squeeze

MAX_QUESTION = 250  # characters
ASKS = ("?", "\uff1f", "\u061f")  # the last in Arabic; Chinese and Japanese have one of full width

_Q = (  # labels of questions, of answers, and what parts both from what they label
    "(?:Q|F|Question|Frage|Pregunta|Domanda|Pergunta|Vraag|Вопрос|问题?|問題?|質問|질문)"
)
_A = "(?:A|Answer|Antwort|Réponse|Respuesta|Risposta|Resposta|Antwoord|Ответ|答案?|回答|답변?)"
_WIDE = "[\uff1a\uff0e]"  # with no blank behind it
_LABELLED = re.compile(rf"{_Q}\s?\d*\s?(?:[:.)]|{_WIDE})\s*(?=\S)")
_LABEL = re.compile(rf"^{_Q}\s?(?:\d{{0,3}}\s?[:\uff1a]|\d{{1,3}}\s?[.)\uff0e])\s*(?=\S)")
_ANSWER = re.compile(rf"^{_A}\s?\d*\s?(?:[:.)]\s+|{_WIDE}\s*)(?=\S)")
_ANSWERED = re.compile(rf"([^?\n]+\?)\s+(?={_A}\s?\d*\s?[:.)]\s+\S)")
_ALL_BOLD = re.compile(rf"\s*{BOLD}([^{BOLD}{PLAIN}]+){PLAIN}\s*(:?)\s*$")
_BOLD_FIRST = re.compile(rf"\s*{BOLD}([^{BOLD}{PLAIN}]+[?\uff1f]\s*){PLAIN}[\s{BREAK}]+(?=\S)")
_NUMBERED = re.compile(r"\(?\d{1,3}[.)]\s+\S")
_GENERIC = re.compile(
    r"(?:(?:click|tap)(?:\s+(?:here|me|to|on|for|the|this|below)\b.*)?"
    r"|(?:show|hide|expand|view|see)\s+(?:more|all|details|code|source(?: code)?|answer"
    r"|description)"
    r"|(?:show|hide|open|close|expand|collapse|view|see)\s+all(?:\s+\w+)?"
    r"|alle(?:s)? (?:\w+ )?(?:anzeigen|ausblenden|\u00f6ffnen|schlie\u00dfen|aufklappen)"
    r"|more|details|toggle|mehr(?: anzeigen)?|anzeigen|einblenden|aufklappen)\W*",
    re.IGNORECASE,
)
_BADGE = re.compile(rf"{_Q}\s?\d{{0,3}}\s?[:.)\uff1a]?")
_ANSWER_BADGE = re.compile(rf"{_A}\s?\d{{0,3}}\s?[:.)\uff1a]?")
_LONGEST_BADGE = 16  # characters
_TOGGLE = re.compile(
    r"(?:show|hide|open|close|expand|collapse|toggle|anzeigen|ausblenden|\u00f6ffnen|schlie\u00dfen)"
    r"(?: (?:this )?(?:section|answer))?\W*",
    re.IGNORECASE,
)
_WITHOUT_BLANKS = re.compile(  # scripts of languages that set no blanks between words, or few
    "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff1f]"
)
_FAQ = re.compile(
    r"\bFAQs?\b|frequently asked|questions and answers|häufig(?:e|e gestellte|ste)? fragen|"
    r"fragen und antworten|foire aux questions|questions (?:les plus )?fréquentes|"
    r"preguntas frecuentes|perguntas frequentes|domande frequenti|veelgestelde vragen|"
    r"часто задаваемые вопросы|вопросы и ответы|常见问题|常見問題|よくある(?:ご)?質問|"
    r"자주 ?(?:묻는|하는) ?질문|الأسئلة (?:الشائعة|المتكررة)|שאלות (?:נפוצות|ותשובות)",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether a text ends as a question does."""
    return text.endswith(ASKS)


def may_ask(text: str) -> bool:
    """A quick look whether the mark of a question stands anywhere in a text."""
    return "?" in text or "\uff1f" in text or "\u061f" in text


def is_badge(text: str) -> bool:
    """Whether a text is no more than the "Q" that is drawn beside a question."""
    said = text.strip()
    return len(said) <= _LONGEST_BADGE and bool(_BADGE.fullmatch(said))


def is_answer_badge(text: str) -> bool:
    """Whether a text is no more than the "A" that is drawn beside an answer."""
    said = text.strip()
    return len(said) <= _LONGEST_BADGE and bool(_ANSWER_BADGE.fullmatch(said))


def is_toggle(text: str) -> bool:
    """Whether a text is what opens a fold, or a mark ("Show", "+"), and none of its title."""
    return not any(map(str.isalnum, text)) or bool(_TOGGLE.fullmatch(text.strip()))


def is_faq(title: str) -> bool:
    """Whether a page's title announces questions and answers."""
    return bool(_FAQ.search(title))


def is_generic(summary: str) -> bool:
    """Whether the label of a fold says nothing ("Show more")."""
    return not summary.strip() or bool(_GENERIC.fullmatch(summary.strip()))


def split_bold(marked: str, *, numbered: bool, alike: bool = False) -> tuple[str, str]:
    """A bold question at the begin of marked text and what follows it; ("", marked) if none.

    numbered: "(3) ..." in bold counts too, though it does not end in "?".
    alike: a line all in bold counts too, since most others of the page are questions.
    """
    whole = _ALL_BOLD.match(marked)
    if whole and len(whole[1]) <= MAX_QUESTION:
        text = _LABEL.sub("", squeeze(whole[1]).replace("\n", " "))
        if asks(text) or (numbered and _NUMBERED.match(text)) or (alike and is_title(text)):
            return text, ""
    first = _BOLD_FIRST.match(marked)
    if first and len(first[1]) <= MAX_QUESTION and len(first[1].split()) > 2:
        return squeeze(first[1]).replace("\n", " "), marked[first.end() :]
    return "", marked


def is_title(text: str) -> bool:
    """Whether a line may be a title: it begins as one and ends as no sentence or label does."""
    return text[:1].isalnum() and not text[:1].islower() and text[-1:] not in ".,:;!"


def split_labelled(text: str) -> tuple[str, str]:
    """The question of "Q: ...?" and what stands on the lines after it; ("", text) if none."""
    first, _, rest = text.partition("\n")
    match = _LABELLED.match(first)
    if match and (answered := _ANSWERED.match(first, match.end())):
        return answered[1], "\n".join(filter(None, (first[answered.end() :], rest)))
    if match and asks(first) and not asks_on(rest):
        return first[match.end() :], rest
    return "", text


def asks_on(rest: str) -> bool:
    """Whether what follows a question is the next one, as in a list of them."""
    return is_labelled(rest) or is_one_question(rest.partition("\n")[0])


def is_labelled(text: str) -> bool:
    """Whether text begins as "Q: ..." does."""
    return bool(_LABELLED.match(text))


def without_answer_label(text: str) -> str:
    """ "A: Yes." without its "A: "."""
    return _ANSWER.sub("", text, count=1)


def is_one_question(text: str) -> bool:
    """Whether text is a single short question and nothing else."""
    return (
        asks(text)
        and len(text) <= 200
        and (len(text.split()) > 2 or bool(_WITHOUT_BLANKS.search(text)))
        and "\n" not in text
        and not re.search(r"[.!?]\s|[\u3002\uff1f]", text[:-1])
    )
