"""Run folders made by hand, from records that a test chooses.

    run = MadeRun(tmp_path / "run")
    page = run.document("docs/pump.md", "The pump stops at 3 bar.")
    run.pair(page[0], "When does the pump stop?", "The pump stops at 3 bar.")
    folder = run.write()

Pairs are what composing and checking would have written; the files are written by the store and the
exporters, so a run folder is one that every command takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.check import Deficit
from builder.config import Config, rows_of
from builder.export import chat, rows
from builder.pipeline import STAGES
from builder.prompts import Prompts
from builder.records import (
    Assignment,
    Chunk,
    Document,
    Draft,
    Evidence,
    Failure,
    Finding,
    Origin,
    Pair,
    Passage,
    Skipped,
    Split,
    Status,
    Verdict,
    make_id,
)
from builder.store import StageWriter, line, open_run
from tests.documents import whole

WORDING = rows.load_wording(Prompts.find(None))


def rejected(check: str, message: str = "it is wrong", **more: Any) -> Finding:  # Finding's fields
    return Finding(check=check, action="reject", message=message, **more)


def flagged(check: str, message: str = "it may be wrong", **more: Any) -> Finding:  # as above
    return Finding(check=check, action="flag", message=message, **more)


class MadeRun:
    """Collects records and writes them as a run of the main job, up to a stage."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = Config()
        self.limit: int | None = None
        self.documents: list[Document] = []
        self.skipped: list[Skipped] = []
        self.chunks: dict[str, Chunk] = {}
        self.assignments: list[Assignment] = []
        self.notes: list[str] = []
        self.drafts: dict[str, Draft] = {}
        self.failures: list[Failure] = []
        self.pairs: dict[str, Pair] = {}
        self.verdicts: list[Verdict] = []
        self.deficits: list[Deficit] = []

    def document(
        self,
        path: str,
        *texts: str,
        split: Split = "train",
        group: str = "",
        unused: str = "",
        notes: Sequence[str] = (),
        lang: str = "en",
    ) -> list[Chunk]:
        """A document with one chunk for each text; unused: why its chunks enter no row."""
        doc_id = make_id("document", path)
        title = path.rsplit("/", 1)[-1].partition(".")[0].capitalize()
        self.documents.append(
            Document(
                id=doc_id,
                path=path,
                title=title,
                lang=lang,
                media_type="text/markdown",
                sha256="0" * 64,
                text="\n\n".join(texts),
                blocks=(),
                notes=tuple(notes),
            )
        )
        chunks = [whole(text, path=path, title=title, lang=lang) for text in texts]
        self.chunks |= {chunk.id: chunk for chunk in chunks}
        self.assignments += [
            Assignment(
                chunk_id=chunk.id,
                doc_id=doc_id,
                group=group or path,
                split=split,
                use=not unused,
                reason=unused,
            )
            for chunk in chunks
        ]
        return chunks

    def pair(
        self,
        chunk: Chunk,
        question: str,
        answer: str,
        *findings: Finding,
        status: Status = "accepted",
        quote: str = "",
        others: Sequence[Chunk] = (),
        rule: str = "sentence.limit",
        type_: str = "factual",
        **changes: Any,  # fields of Pair
    ) -> Pair:
        """An answerable pair over its chunk and others, with its draft and its verdict."""
        draft_id = make_id("draft", chunk.id, question, answer)
        origin = Origin(writer="extractive", rule=rule)
        start = chunk.text.find(quote or answer)
        found = [
            Evidence(
                passage=0, start=start, end=start + len(quote or answer), quote=quote or answer
            )
        ] * (start >= 0)
        self.drafts[draft_id] = Draft(
            id=draft_id,
            chunk_ids=(chunk.id,),
            type=type_,
            behaviour="answer",
            lang=chunk.lang,
            question=question,
            answer=answer,
            evidence=tuple(found),
            origin=origin,
        )
        values: dict[str, Any] = {
            "id": make_id("pair", draft_id),
            "draft_id": draft_id,
            "type": type_,
            "answerable": True,
            "kind": None,
            "behaviour": "answer",
            "lang": chunk.lang,
            "split": self._assignment(chunk).split,
            "question": question,
            "answer": answer,
            "evidence": tuple(found),
            "passages": (_passage(chunk, "gold"), *(_passage(c, "distractor") for c in others)),
            "origin": origin,
        }
        return self._keep(Pair(**{**values, **changes}), status, findings)

    def twin(
        self,
        of: Pair,
        kind: str,
        answer: str,
        *findings: Finding,
        status: Status = "accepted",
        passages: Sequence[Passage] = (),
        **changes: Any,  # fields of Pair
    ) -> Pair:
        """The unanswerable twin of a pair, over the passages given or the pair's distractors."""
        without = tuple(part for part in of.passages if part.role != "gold")
        values: dict[str, Any] = {
            "id": make_id("pair", of.draft_id, kind),
            "answerable": False,
            "kind": kind,
            "behaviour": "refuse",
            "answer": answer,
            "evidence": (),
            "passages": tuple(passages) or without,
            "twin": of.id,
        }
        return self._keep(replace(of, **{**values, **changes}), status, findings)

    def write(self, until: str = "export") -> Path:
        """Write the stages up to one; each after the first names those before it."""
        made: dict[str, str] = {}
        with open_run(self.folder) as run:
            run.manifest |= {
                "builder": "0.1.0",
                "program": "p",
                "python": "3.11.0",
                "seed": 0,
                "limit": self.limit,
                "settings": {name: value for name, value, _, _ in rows_of(self.config)},
            }
            for stage in STAGES[: STAGES.index(until) + 1]:
                key = make_id(stage, str(len(self.pairs)), str(len(self.chunks)))
                with run.stage(stage, key, after=dict(made)) as out:
                    getattr(self, f"_{stage}")(out)
                made[stage] = run.made(stage)
                run.manifest["stages"][stage] |= {"seconds": 1.25, "peak_mb": 100.0}
            run.save()
        return self.folder

    def _keep(self, pair: Pair, status: Status, findings: Sequence[Finding]) -> Pair:
        self.pairs[pair.id] = pair
        self.verdicts.append(Verdict(pair_id=pair.id, status=status, findings=tuple(findings)))
        return pair

    def _assignment(self, chunk: Chunk) -> Assignment:
        return next(found for found in self.assignments if found.chunk_id == chunk.id)

    def _ingest(self, out: StageWriter) -> None:
        out.records("documents.jsonl", self.documents)
        out.records("skipped.jsonl", self.skipped)

    def _chunk(self, out: StageWriter) -> None:
        out.records("chunks.jsonl", self.chunks.values())

    def _split(self, out: StageWriter) -> None:
        out.records("splits.jsonl", self.assignments)
        out.lines("splits.notes.txt", self.notes)

    def _write(self, out: StageWriter) -> None:
        out.records("drafts.jsonl", self.drafts.values())
        out.records("write.failures.jsonl", [f for f in self.failures if f.stage == "write"])

    def _compose(self, out: StageWriter) -> None:
        out.records("pairs.jsonl", self.pairs.values())
        out.records("compose.failures.jsonl", [f for f in self.failures if f.stage == "compose"])

    def _check(self, out: StageWriter) -> None:
        out.records("verdicts.jsonl", self.verdicts)
        out.records("deficits.jsonl", self.deficits)

    def _export(self, out: StageWriter) -> None:
        items = [self._item(self.pairs[verdict.pair_id], verdict) for verdict in self.verdicts]
        for name in ("train", "eval"):
            own = [i for i in items if i.pair.split == name and i.verdict.status == "accepted"]
            out.lines(f"{name}.jsonl", map(line, chat.rows("chat", own)))
            out.lines(f"{name}.meta.jsonl", map(line, chat.rows("meta", own)))
        lost = [item for item in items if item.verdict.status != "accepted"]
        out.lines("rejected.jsonl", map(line, chat.rows("rejected", lost)))
        out.records("failures.jsonl", self.failures)

    def _item(self, pair: Pair, verdict: Verdict) -> chat.Item:
        settings = self.config.rows
        messages = rows.render(pair, rows=settings, wording=WORDING, seed=0)
        return chat.Item(
            pair=pair,
            verdict=verdict,
            messages=tuple(messages),
            layout=rows.layout_of(pair, rows=settings, wording=WORDING, seed=0),
            n_tokens=rows.n_tokens(messages, lambda text: len(text.split())),
            home=self.chunks[self.drafts[pair.draft_id].chunk_ids[0]],
            chunks=self.chunks,
            assignments={found.chunk_id: found for found in self.assignments},
        )


def _passage(chunk: Chunk, role: Any) -> Passage:  # a role
    title = " > ".join(chunk.heading_path)
    return Passage(chunk_id=chunk.id, role=role, title=title, text=chunk.text)


def handbook(folder: Path) -> MadeRun:
    """A small run with something of everything; not yet written."""
    run = MadeRun(folder)
    pump = run.document(
        "docs/pump.md",
        "The pump stops at 3 bar. It starts again after 5 minutes.",
        "Hold the red key for three seconds. The pump starts.",
    )
    valve = run.document("docs/valve.md", "The valve opens at night.", notes=["read as cp1252"])
    copy = run.document("docs/old/valve.md", "The valve opens at noon.", group="docs/valve.md")
    tank = run.document("docs/tank.md", "The tank holds 500 l of water.", split="eval")
    run.document("docs/legal.md", "All rights reserved.", unused="boilerplate")
    pages = run.document("docs/pompe.md", "La pompe transporte de l'eau.", lang="fr")
    run.skipped += [
        Skipped(path="docs/logo.png", reason="unknown_format"),
        Skipped(path="docs/empty.md", reason="empty", detail="the file holds no text"),
    ]
    run.failures += [
        Failure(
            stage="write",
            key="k",
            chunk_id=pages[0].id,
            reason="language",
            detail="the embedded writer has no templates for language 'fr'",
        )
    ]
    stops = run.pair(
        pump[0],
        "At which pressure does the pump stop?",
        "The pump stops at 3 bar.",
        others=[valve[0], pump[1]],
    )
    run.twin(stops, "missing_gold", "The documents do not say.")
    run.pair(
        pump[1],
        "How do I start the pump by hand?",
        "Hold the red key for three seconds.",
        flagged("grounding.number", "in the passages, but not in the evidence", spans=("three",)),
        rule="procedure.steps",
        type_="procedural",
    )
    run.pair(
        pump[0],
        "After how long does the pump start again?",
        "It starts again after 7 minutes.",
        rejected("grounding.number", "not in the passages", spans=("7",)),
        rejected("grounding.containment", score=0.31, threshold=0.5),
        status="rejected",
        quote="It starts again after 5 minutes.",
    )
    holds = run.pair(tank[0], "What does the tank hold?", "500 l of water", rule="sentence.holds")
    run.twin(
        holds,
        "evidence_removed",
        "I cannot tell from this.",
        passages=[
            Passage(
                chunk_id=tank[0].id, role="reduced", title="Tank", text="The tank.", cuts=((9, 30),)
            )
        ],
    )
    run.pair(
        copy[0],
        "When does the valve open?",
        "The valve opens at noon.",
        flagged("select.opening", "too many questions that begin so"),
        status="surplus",
    )
    run.deficits.append(Deficit(what="target.unanswerable in eval", asked=0.35, got=0.5))
    return run
