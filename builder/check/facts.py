"""What every check is given besides the pair."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from builder.config import CheckSettings
from builder.records import Chunk, Finding, Pair
from builder.text import idf

CITATION = re.compile(r" ?\[\d{1,2}\]")

Weights = Mapping[str, float]  # stem -> inverse document frequency


def _no_pair(pair_id: str) -> Pair | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the checks of one pair may know beyond the pair.

    weights: language -> idf of its stems over all chunks of that language.
    pair_of: the pair of an id (an unanswerable's twin), None when there is none.
    """

    settings: CheckSettings = field(default_factory=CheckSettings)
    weights: Mapping[str, Weights] = field(default_factory=dict)
    pair_of: Callable[[str], Pair | None] = _no_pair

    def weights_of(self, lang: str) -> Weights:
        """The idf weights of a language; empty (every word weighs the same) for an unknown one."""
        return self.weights.get(lang, {})


Check = Callable[[Pair, Facts], Finding | None]


def weights_of(chunks: Iterable[Chunk]) -> dict[str, Weights]:
    """The idf weights of every language of the chunks."""
    texts: dict[str, list[str]] = {}
    for chunk in chunks:
        texts.setdefault(chunk.lang, []).append(chunk.text)
    return {lang: _idf_of(found, lang) for lang, found in sorted(texts.items())}


def _idf_of(texts: list[str], lang: str) -> Weights:
    return idf(texts, lambda _: lang)


def spoken(pair: Pair) -> str:
    """What an answer says, without what its form adds: citations, quotes, the keys of JSON."""
    if pair.mode == "citations":
        return CITATION.sub("", pair.answer).rstrip()
    if pair.mode == "quotes":
        quoted = "\n\n".join("> " + e.quote.replace("\n", "\n> ") for e in pair.evidence)
        return pair.answer.removesuffix(quoted).rstrip() if quoted else pair.answer
    if pair.mode == "json":
        try:
            return "\n".join(_texts(json.loads(pair.answer)))
        except ValueError:
            return pair.answer
    return pair.answer


def _texts(value: Any) -> Iterator[str]:  # any JSON
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def rejected(
    check: str,
    message: str,
    *,
    score: float | None = None,
    threshold: float | None = None,
    spans: Iterable[str] = (),
) -> Finding:
    """A finding that rejects the pair."""
    return Finding(
        check=check,
        action="reject",
        message=message,
        score=score,
        threshold=threshold,
        spans=tuple(spans),
    )


def flagged(
    check: str,
    message: str,
    *,
    score: float | None = None,
    threshold: float | None = None,
    spans: Iterable[str] = (),
) -> Finding:
    """A finding that is reported and rejects nothing."""
    finding = rejected(check, message, score=score, threshold=threshold, spans=spans)
    return replace(finding, action="flag")
