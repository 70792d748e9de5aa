"""What a model wrote, turned into drafts: quotes found in chunks, rules of types held.

A pair that breaks a rule is a known loss with its reason, never a draft.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from builder.llm import Request
from builder.records import Chunk, Draft, Evidence, Failure, Origin, Turn, make_id
from builder.text import find_quote, fold, numbers, sentences
from builder.write.llm_menu import Menu, Type

STAGE = "write"
MAX_DETAIL = 300  # characters of a reply that a failure repeats
POSSIBILITIES = 2  # quotes that a question back must name

Object = dict[str, Any]  # an object of a reply that the schema has checked

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_YES_NO = re.compile(
    r"\W*(?:yes|no|ja|nein|jein|oui|non|s\u00ed|si|s\u00ec|nee|sim|n\u00e3o|tak|nie)\b"
    r"|\W*(?:\u306f\u3044|\u3044\u3044\u3048|\u662f|\u5426|\u4e0d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One request: about which chunks, in which language, and what may be asked of them."""

    chunks: tuple[Chunk, ...]
    lang: str
    sample: int
    types: Mapping[str, Type]
    kinds: tuple[str, ...]
    model: str


class Reading:
    """One reply turned into drafts and failures.

    room: how many answerable drafts the chunk may still have, None for no limit.
    """

    def __init__(self, task: Task, request: Request, menu: Menu) -> None:
        self.room: int | None = None
        self._task = task
        self._request = request
        self._menu = menu
        self._asked: set[str] = set()  # folded questions of this reply
        self._counts: Counter[str] = Counter()
        self._first: Draft | None = None  # what a follow-up would continue

    def results(self, said: Object) -> Iterator[Draft | Failure]:
        """Drafts and failures in the order of the reply, then the types that it passes over."""
        for entry in said["pairs"]:
            found = self._pair(entry)
            goes_on = self._menu.follow_ups.get(entry["type"])
            if not goes_on:
                self._first = found if isinstance(found, Draft) and not found.kind else None
            yield found
        for entry in said["unanswerable"]:
            yield self._unanswerable(entry)
        mentioned = {entry["type"] for entry in said["pairs"]}
        mentioned |= {entry["kind"] for entry in said["unanswerable"]}
        for entry in said["skipped"]:
            if entry["type"] not in mentioned:
                yield self._lost(entry["type"], "skipped_type", _one_line(entry["reason"]))
                mentioned.add(entry["type"])
        for name in self._wanted():
            if name not in mentioned:
                yield self._lost(name, "missing_type", "neither written nor skipped")

    def _wanted(self) -> list[str]:
        """What the request asks for by name."""
        kinds = set(self._menu.kinds) - set(self._task.kinds)
        return [
            *(name for name in self._task.types if name not in kinds),
            *(name for name in self._task.kinds if name not in self._task.types),
        ]

    def _pair(self, entry: Object) -> Draft | Failure:
        asked = self._task.types.get(entry["type"])
        question, answer = _one_line(entry["question"]), _answer(entry["answer"])
        if asked is None:
            return self._lost(entry["type"], "not_asked", question)
        if not answer:
            return self._lost(asked.name, "empty", question)
        history = self._history() if asked.follows else ()
        if asked.follows and not history:
            return self._lost(asked.name, "no_first_turn", question)
        if fault := self._fault(asked, question):
            return self._lost(asked.name, fault, question)
        quotes = [quote for quote in entry["evidence"] if quote.strip()]
        places = [self._place(quote) for quote in quotes]
        if None in places:
            quote = quotes[places.index(None)]
            return self._lost(asked.name, "quote_not_found", f"{question} | {_one_line(quote)}")
        evidence = sorted({e for e in places if e}, key=lambda e: (e.passage, e.start, e.end))
        if fault := self._faults_of(asked, answer, evidence):
            return self._lost(asked.name, fault, question)
        if asked.answerable and self.room is not None and self._written() >= self.room:
            return self._lost(asked.name, "over_limit", question)
        self._took(asked, question)
        return replace(
            self._draft(asked, asked.name if asked.answerable else asked.of, question),
            answer=answer,
            evidence=tuple(evidence),
            history=history,
        )

    def _unanswerable(self, entry: Object) -> Draft | Failure:
        asked = self._menu.kinds.get(entry["kind"])
        question, attribute = _one_line(entry["question"]), _one_line(entry["attribute"])
        if asked is None or asked.replies or len(self._task.chunks) > 1:
            return self._lost(entry["kind"], "not_asked", question)
        if fault := self._fault(asked, question) or ("" if attribute else "empty"):
            return self._lost(asked.name, fault, question)
        self._took(asked, question)
        draft = self._draft(asked, entry["type"], question)
        return replace(draft, key=attribute, noun=_one_line(entry["about"]))

    def _history(self) -> tuple[Turn, ...]:
        if self._first is None:
            return ()
        return (
            Turn(role="user", content=self._first.question),
            Turn(role="assistant", content=self._first.answer),
        )

    def _fault(self, asked: Type, question: str) -> str:
        if not question:
            return "empty"
        if fold(question) in self._asked:
            return "duplicate"
        return "over_limit" if self._counts[asked.name] >= asked.most else ""

    def _faults_of(self, asked: Type, answer: str, evidence: Sequence[Evidence]) -> str:
        """Which rule of its type a pair breaks, "" for none."""
        if not evidence:
            return "no_evidence"
        if len({found.passage for found in evidence}) < len(self._task.chunks):
            return "one_passage"
        if self._n_places(evidence) < asked.places:
            return "one_place"
        if asked.behaviour == "ask" and len(evidence) < POSSIBILITIES:
            return "one_possibility"
        if asked.number and not numbers(answer):
            return "no_number"
        return "no_yes_or_no" if asked.yes_no and not _YES_NO.match(answer) else ""

    def _n_places(self, evidence: Sequence[Evidence]) -> int:
        """How many sentences, rows or items the quotes begin in."""
        found = set()
        for quote in evidence:
            text = self._task.chunks[quote.passage].text
            line = text.count("\n", 0, quote.start)
            ends = [end for _, end in sentences(text) if end <= quote.start]
            found.add((quote.passage, line, len(ends)))
        return len(found)

    def _took(self, asked: Type, question: str) -> None:
        self._asked.add(fold(question))
        self._counts[asked.name] += 1

    def _written(self) -> int:
        return sum(n for name, n in self._counts.items() if name not in self._menu.kinds)

    def _place(self, quote: str) -> Evidence | None:
        for number, chunk in enumerate(self._task.chunks):
            if span := _span(quote, chunk.text):
                start, end = span
                return Evidence(passage=number, start=start, end=end, quote=chunk.text[start:end])
        return None

    def _draft(self, asked: Type, type_name: str, question: str) -> Draft:
        """A draft that has its question only."""
        ids = tuple(chunk.id for chunk in self._task.chunks)
        return Draft(
            id=make_id("draft", *ids, type_name, question, str(self._task.sample)),
            chunk_ids=ids,
            type=type_name,
            behaviour=asked.behaviour,
            lang=self._task.lang,
            question=question,
            answer="",
            evidence=(),
            origin=Origin(
                writer="llm", rule=asked.name, template=self._menu.hash, model=self._task.model
            ),
            kind=None if asked.answerable else asked.name,
            fact=asked.fact,
        )

    def _lost(self, name: str, reason: str, detail: str) -> Failure:
        return Failure(
            stage=STAGE,
            key=make_id("lost", self._request.key, name, reason, detail),
            chunk_id=self._request.chunk_id,
            reason=reason,
            detail=f"{name}: {detail}"[:MAX_DETAIL],
            failed=False,
        )


def _answer(said: str | Object) -> str:
    """An answer as text: what a user's schema made an object is JSON."""
    if isinstance(said, str):
        return _clean(said)
    return _clean(json.dumps(said, ensure_ascii=False)) if said else ""


def _clean(text: str) -> str:
    """What a model wrote, without invisible and control characters."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
    return _INVISIBLE.sub("", text).strip()


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())


def _span(quote: str, text: str) -> tuple[int, int] | None:
    """Where a quote stands, with or without the quotation marks that a model may put around it."""
    return find_quote(quote.strip(), text) or find_quote(quote.strip(" \n\"'„“”‚‘’«»"), text)
