"""The forms of an answer: plain, with citations, with quotes, or as JSON (see Pair.mode).

All but JSON are made here from the plain answer and its evidence, so a model need not count
passages that it never sees in their final order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from builder.records import Evidence, Pair
from builder.text import containment, content_stems, sentences

UNANSWERABLE = "unanswerable"  # the key of a refusal in JSON
ALSO = 0.25  # share of a sentence's words that only a second passage holds, to cite it too

_FENCE = re.compile(r"\s*(?:```|~~~)")
_TABLE_OR_INTRO = re.compile(r"\s*\||.*:\s*$|\s*$")
_END = re.compile(r"[.!?\u3002]*[\"')\]\u201c\u201d]*\s*$")
_EVEN: Mapping[str, float] = {}  # every word weighs the same


def dressed(answer: str, pair: Pair) -> str:
    """An answer in the form of the pair's mode, from the evidence of the pair as it is placed."""
    if pair.mode == "citations" and pair.behaviour != "ask":
        return _cited(answer, pair)
    if pair.mode == "quotes":
        return f"{answer}\n\n{_quoted(pair.evidence)}" if pair.evidence else answer
    return answer


def cited(turn: str, pair: Pair, passages: Sequence[int]) -> str:
    """An earlier reply in the form of the pair's mode: all of it stands on these passages."""
    if pair.mode != "citations" or not passages:
        return turn
    quotes = {number: pair.passages[number].text for number in passages}
    return "".join(
        _marked(text, quotes, pair.lang) if states else text for text, states in _units(turn)
    )


def plain_words(answer: str, mode: str) -> str:
    """What a draft's answer says, for comparing: of JSON its values without keys."""
    if mode != "json":
        return answer
    try:
        return " ".join(_values(json.loads(answer)))
    except ValueError:
        return answer


def _values(value: Any) -> Iterator[str]:  # any JSON
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _values(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def json_refusal(reply: str) -> str:
    """A refusal as the JSON object that stands for it, itself if it is one."""
    if reply.startswith("{"):
        return reply
    return json.dumps({UNANSWERABLE: reply}, ensure_ascii=False)


def _quoted(evidence: Sequence[Evidence]) -> str:
    return "\n\n".join("> " + found.quote.replace("\n", "\n> ") for found in evidence)


def _cited(answer: str, pair: Pair) -> str:
    """The answer with the passages' numbers at the end of every sentence and list item."""
    quotes: dict[int, str] = {}
    for found in pair.evidence:
        quotes[found.passage] = f"{quotes.get(found.passage, '')}\n{found.quote}"
    said = list(_units(answer))
    if pair.behaviour == "partial":  # its last sentence says what is missing
        last = max((n for n, (_, states) in enumerate(said) if states), default=-1)
        said = [(text, states and n != last) for n, (text, states) in enumerate(said)]
    if any(states for _, states in said):
        marked = (_marked(t, quotes, pair.lang) if states else t for t, states in said)
        return "".join(marked)
    first, colon, rest = answer.partition(":\n")  # code or a table, with or without a lead-in
    if colon:
        return f"{_marked(first, quotes, pair.lang)}{colon}{rest}"
    return f"{answer}\n\n{_marked('x', quotes, pair.lang).removeprefix('x ')}"


def _units(answer: str) -> Iterator[tuple[str, bool]]:
    """The answer in pieces, and whether each states something: sentences, lines of lists."""
    in_code = False
    for line in answer.splitlines(keepends=True):
        fence = bool(_FENCE.match(line))
        in_code = in_code != fence
        if fence or in_code or _TABLE_OR_INTRO.fullmatch(line.rstrip("\n")):
            yield line, False
            continue
        at = 0
        for start, end in sentences(line):
            yield line[at:start], False
            yield line[start:end], True
            at = end
        yield line[at:], False


def _marked(text: str, quotes: Mapping[int, str], lang: str) -> str:
    if not quotes or not any(map(str.isalnum, text)) or re.fullmatch(r"\d+[.)]", text):
        return text
    stems = content_stems(text, lang)
    held = {number: set(content_stems(quote, lang)) for number, quote in quotes.items()}
    best = max(sorted(held), key=lambda number: containment(stems, held[number], _EVEN))
    cited = [best]
    for number in sorted(held):
        only = set(stems) & held[number] - held[best]
        if number != best and len(only) >= ALSO * max(1, len(set(stems))):
            cited.append(number)
    marks = "".join(f"[{number + 1}]" for number in sorted(cited))
    end = _END.search(text)
    at = end.start() if end else len(text)
    return f"{text[:at]} {marks}{text[at:]}"
