"""How questions and their answers are written in text: bold, labelled, numbered."""

from __future__ import annotations

import re

from builder.ingest.inline import BOLD, BREAK, PLAIN, squeeze

MAX_QUESTION = 250  # characters

_LABELLED = re.compile(r"(?:Q|F|Question|Frage)\s?\d*\s?[:.)]\s*(?=\S)")
_ANSWER = re.compile(r"^(?:A|Answer|Antwort)\s?\d*\s?[:.)]\s+(?=\S)")
_ALL_BOLD = re.compile(rf"\s*{BOLD}([^{BOLD}{PLAIN}]+){PLAIN}\s*(:?)\s*$")
_BOLD_FIRST = re.compile(rf"\s*{BOLD}([^{BOLD}{PLAIN}]+\?\s*){PLAIN}[\s{BREAK}]+(?=\S)")
_NUMBERED = re.compile(r"\(?\d{1,3}[.)]\s+\S")
_GENERIC = re.compile(
    r"(?:(?:click|tap)\b.*|(?:show|hide|expand|view|see)\s+(?:more|all|details|code|source|answer)"
    r"|more|details|toggle|mehr(?: anzeigen)?|anzeigen|einblenden|aufklappen)\W*",
    re.IGNORECASE,
)
_FAQ = re.compile(
    r"\bFAQs?\b|frequently asked|questions and answers|häufig(?:e|e gestellte|ste)? fragen|"
    r"fragen und antworten",
    re.IGNORECASE,
)


def is_faq(title: str) -> bool:
    """Whether a page's title announces questions and answers."""
    return bool(_FAQ.search(title))


def is_generic(summary: str) -> bool:
    """Whether the label of a fold says nothing ("Show more")."""
    return not summary.strip() or bool(_GENERIC.fullmatch(summary.strip()))


def split_bold(marked: str, *, numbered: bool) -> tuple[str, str]:
    """A bold question at the begin of marked text and what follows it; ("", marked) if none.

    numbered: "(3) ..." in bold counts too, though it does not end in "?".
    """
    whole = _ALL_BOLD.match(marked)
    if whole and len(whole[1]) <= MAX_QUESTION:
        text = squeeze(whole[1]).replace("\n", " ")
        if text.endswith("?") or (numbered and _NUMBERED.match(text)):
            return text, ""
    first = _BOLD_FIRST.match(marked)
    if first and len(first[1]) <= MAX_QUESTION and len(first[1].split()) > 2:
        return squeeze(first[1]).replace("\n", " "), marked[first.end() :]
    return "", marked


def split_labelled(text: str) -> tuple[str, str]:
    """The question of "Q: ...?" and what stands on the lines after it; ("", text) if none."""
    first, _, rest = text.partition("\n")
    match = _LABELLED.match(first)
    if match and first.endswith("?") and not asks_on(rest):
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
        text.endswith("?")
        and len(text) <= 200
        and len(text.split()) > 2
        and "\n" not in text
        and not re.search(r"[.!?]\s", text[:-1])
    )
