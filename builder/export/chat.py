"""The files of a finished dataset as rows: chat rows, their meta rows, and the rejects.

`EXPORTERS` maps a file's stem to the function that makes one row of it; every row is checked
against the JSON Schema of that name in `schemas/` before it is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from builder.errors import IntegrityError
from builder.export.rows import Message
from builder.records import Assignment, Chunk, Pair, Verdict, to_json

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

Row = dict[str, Any]  # one JSON line


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Everything a row may tell of one pair.

    home: the chunk that the question was written from; n_tokens: of the rendered row.
    """

    pair: Pair
    verdict: Verdict
    messages: tuple[Message, ...]
    layout: str
    n_tokens: int
    home: Chunk
    chunks: Mapping[str, Chunk]  # of every passage
    assignments: Mapping[str, Assignment]


def chat(item: Item) -> Row:
    """The row that every trainer takes: messages, and nothing else."""
    return {"messages": list(item.messages)}


def meta(item: Item) -> Row:
    """What the chat row of the same line is made of."""
    pair = item.pair
    home = item.home
    return {
        "id": pair.id,
        "split": pair.split,
        "type": pair.type,
        "answerable": pair.answerable,
        "kind": pair.kind,
        "behaviour": pair.behaviour,
        "lang": pair.lang,
        "source": home.path,
        "heading_path": list(home.heading_path),
        "gold_positions": [
            number for number, part in enumerate(pair.passages) if part.role == "gold"
        ],
        "n_passages": len(pair.passages),
        "n_tokens": item.n_tokens,
        "evidence": [_located(item, number) for number in range(len(pair.evidence))],
        "chunk_ids": [part.chunk_id for part in pair.passages],
        "roles": [part.role for part in pair.passages],
        "twin": pair.twin,
        "group": item.assignments[home.id].group,
        "layout": item.layout,
        "mode": pair.mode,
        "n_turns": 1 + len(pair.history) // 2,
        "writer": pair.origin.writer,
        "rule": pair.origin.rule,
        "model": pair.origin.model,
    }


def rejected(item: Item) -> Row:
    """A pair that is not in the dataset, with every reason; the same keys in every row."""
    pair, home = item.pair, item.home
    return {
        "id": pair.id,
        "status": item.verdict.status,
        "reasons": [
            {
                "check": finding.check,
                "action": finding.action,
                "message": finding.message,
                "score": finding.score,
                "threshold": finding.threshold,
                "spans": list(finding.spans),
            }
            for finding in item.verdict.findings
        ],
        "split": pair.split,
        "type": pair.type,
        "answerable": pair.answerable,
        "kind": pair.kind,
        "behaviour": pair.behaviour,
        "lang": pair.lang,
        "source": home.path,
        "heading_path": list(home.heading_path),
        "question": pair.question,
        "answer": pair.answer,
        "evidence": [to_json(evidence) for evidence in pair.evidence],
        "passages": [
            {"chunk_id": part.chunk_id, "role": part.role, "title": part.title, "text": part.text}
            for part in pair.passages
        ],
        "messages": list(item.messages),
        "twin": pair.twin,
        "rule": pair.origin.rule,
        "writer": pair.origin.writer,
    }


EXPORTERS: dict[str, Callable[[Item], Row]] = {"chat": chat, "meta": meta, "rejected": rejected}


def rows(exporter: str, items: Iterable[Item]) -> Iterator[Row]:
    """The rows of one file, each checked against its schema. Raises IntegrityError on a bad one."""
    make, checked = EXPORTERS[exporter], validator(exporter)
    for item in items:
        row = make(item)
        for error in checked.iter_errors(row):
            raise IntegrityError(
                f"{exporter} row of pair {item.pair.id}: {error.json_path}: {error.message[:200]}",
                "Nothing was written. Please report this.",
            )
        yield row


@cache
def validator(name: str) -> Validator:
    """A prebuilt validator of a shipped row schema ("chat", "meta", "rejected")."""
    from jsonschema import Draft202012Validator

    text = (files("builder.export") / "schemas" / f"{name}.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def _located(item: Item, number: int) -> Row:
    """An evidence quote with its offsets in the passage and in the source document's text."""
    evidence = item.pair.evidence[number]
    part = item.pair.passages[evidence.passage]
    chunk = item.chunks[part.chunk_id]
    return {
        "passage": evidence.passage,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
        "source": chunk.path,
        "source_start": chunk.start + evidence.start,
        "source_end": chunk.start + evidence.end,
    }
