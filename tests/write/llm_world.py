"""A small handbook, and a model that says for each page what a test wants it to say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.config import load
from builder.pipeline import Job, Outcome, build
from builder.records import Failure, Pair, Verdict
from builder.store import read_records
from tests.endpoint import Answer, Endpoint, Reply, Seen, chat, passage_of, serve

Json = dict[str, Any]  # an entry of a reply, or settings

KEPT = "Rill Gateway G1 stores readings for 30 days while it is offline."
SENT = "After a restart the gateway sends the stored readings within 15 minutes."
BROOK = "On the Brook plan the history is kept for 90 days."
RIVER = "On the River plan the history is kept for 365 days."
PRICE = "The River plan costs 12 euros per month."
PAGES = {
    "gateway.md": f"# Rill Gateway G1\n\n{KEPT} {SENT} "
    "The status light blinks red when the server cannot be reached.\n",
    "plans.md": f"# Rill plans\n\n{BROOK} {RIVER} Every plan can be cancelled at any time.\n",
    "prices.md": f"# Rill prices\n\n{PRICE} The Brook plan costs 5 euros per month. "
    "Invoices are sent on the first working day.\n",
    "alarms.md": "# Rill alarms\n\nAn alarm is sent by mail when the water level stays above its "
    "limit for ten minutes. Muted alarms are listed under `Archive`.\n",
    "sensors.md": "# Rill sensors\n\nThe level sensor measures every five minutes. Its battery "
    "lasts four years in a dry shaft. Clean the probe with warm water twice a year.\n",
    "users.md": "# Rill users\n\nAn observer can read all stations but change none. A manager can "
    "invite other people by mail and take their rights away again.\n",
}
FACT: Json = {
    "type": "factual",
    "evidence": [KEPT],
    "question": "How long does Rill Gateway G1 store readings while it is offline?",
    "answer": KEPT,
}
LATER: Json = {
    "type": "follow_up",
    "evidence": [SENT],
    "question": "And when does it send them after a restart?",
    "answer": SENT,
}
PREMISE: Json = {
    "type": "false_premise",
    "evidence": [KEPT],
    "question": "How do I read the 60 days of readings that Rill Gateway G1 stores offline?",
    "answer": "Rill Gateway G1 does not store 60 days: it stores readings for 30 days while it is "
    "offline.",
}
TWO_PART: Json = {
    "type": "two_part",
    "evidence": [KEPT],
    "question": "How long does Rill Gateway G1 store readings offline, and how heavy is its "
    "housing?",
    "answer": f"{KEPT} The documentation does not say how heavy its housing is.",
}
ASK: Json = {
    "type": "underspecified",
    "evidence": [BROOK, RIVER],
    "question": "How long is the history kept?",
    "answer": "Which plan do you mean: Brook or River?",
}
MISS: Json = {
    "kind": "near_miss",
    "type": "factual",
    "about": "Rill Gateway G1",
    "attribute": "weight in grams",
    "question": "What is the weight in grams of Rill Gateway G1?",
}
OUTSIDE: Json = {
    "kind": "out_of_scope",
    "type": "procedural",
    "about": "rain barrel",
    "attribute": "painting the outside",
    "question": "How do I go about painting the outside of a rain barrel?",
}
BOTH: Json = {
    "type": "two_chunks",
    "evidence": [RIVER, PRICE],
    "question": "What does a Rill plan cost per month that keeps the history for 365 days?",
    "answer": "The River plan keeps the history for 365 days and costs 12 euros per month.",
}
_TWO = re.compile(r"<(first-\w+)>\n(.*)\n</\1>.*<(second-\w+)>\n(.*)\n</\3>", re.DOTALL)


def said(*pairs: Json, unanswerable: Sequence[Json] = ()) -> str:
    """A reply as text."""
    return json.dumps({"pairs": pairs, "unanswerable": list(unanswerable), "skipped": []})


def passages(seen: Seen) -> list[str]:
    """The one or two passages of a prompt."""
    found = _TWO.search(seen.prompt)
    return [found[2], found[4]] if found else [passage_of(seen.prompt)]


def scripted(replies: Mapping[str, str], both: str = "") -> Reply:
    """A model that answers by the title of the page it is shown, with nothing for other pages."""

    def answer(seen: Seen) -> Answer:
        shown = passages(seen)
        if len(shown) > 1:
            told = {PAGES["plans.md"], PAGES["prices.md"]}
            mine = {page for page in told if any(page.strip() == text for text in shown)}
            return chat(both if mine == told and both else said())
        for page, text in replies.items():
            if PAGES[page].strip() == shown[0]:
                return chat(text)
        return chat(said())

    return answer


@dataclass(frozen=True)
class Built:
    """A finished build: its outcome, and what became of every question."""

    outcome: Outcome
    folder: Path

    @property
    def pairs(self) -> dict[str, Pair]:
        """The answerable or model-written pairs by question."""
        found = read_records(self.folder / "pairs.jsonl", Pair)
        return {pair.question: pair for pair in found if pair.twin is None}

    @property
    def accepted(self) -> list[Pair]:
        kept = {
            verdict.pair_id
            for verdict in read_records(self.folder / "verdicts.jsonl", Verdict)
            if verdict.status == "accepted"
        }
        return [p for p in read_records(self.folder / "pairs.jsonl", Pair) if p.id in kept]

    def reasons(self, question: str) -> list[str]:
        """Why a question gave no row: checks that reject it, or why it was lost before."""
        by_id = {v.pair_id: v for v in read_records(self.folder / "verdicts.jsonl", Verdict)}
        pair = self.pairs.get(question)
        lost = [
            failure.reason
            for failure in read_records(self.folder / "failures.jsonl", Failure)
            if question in failure.detail
        ]
        if pair is None:
            drafts = (self.folder / "drafts.jsonl").read_text(encoding="utf-8").splitlines()
            ids = {json.loads(row)["id"] for row in drafts if question in row}
            made = read_records(self.folder / "failures.jsonl", Failure)
            return lost + [failure.reason for failure in made if failure.key in ids]
        return [f.check for f in by_id[pair.id].findings if f.action == "reject"]

    def rows(self, name: str) -> list[Json]:
        """The rows of a JSON lines file."""
        text = (self.folder / name).read_text(encoding="utf-8")
        return [json.loads(row) for row in text.splitlines()]


class _Quiet:
    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, count: int = 1) -> None: ...

    def finish(self, note: str) -> None: ...

    def say(self, note: str) -> None: ...


def built(
    home: Path,
    endpoint: Endpoint,
    *,
    pages: Mapping[str, str] = PAGES,
    concurrency: int = 4,
    settings: Mapping[str, Json] | None = None,
) -> Built:
    """Build the pages with the model at an endpoint; settings by section."""
    docs, folder = home / "docs", home / "run"
    docs.mkdir(exist_ok=True)
    for name, text in pages.items():
        (docs / name).write_text(text, encoding="utf-8")
    flags: dict[str, Json] = {
        "split": {"eval": 0.0},
        "check": {"max_opening_share": 1.0},
        "target": {"unanswerable": 0.5, "multi_turn": 0.5},
        "write": {"two_chunks": 1.0},
    }
    flags["model"] = {"name": "scripted", "base_url": endpoint.url, "concurrency": concurrency}
    for section, values in (settings or {}).items():
        flags[section] = {**flags.get(section, {}), **values}
    config = load(file=None, environ={}, flags=flags)
    job = Job(sources=(docs,), folder=folder, config=config, environ={"BUILDER_API_KEY": "k"})
    return Built(build(job, progress=_Quiet()), folder)


def told(
    home: Path,
    replies: Mapping[str, str],
    *,
    both: str = "",
    settings: Mapping[str, Json] | None = None,
) -> Built:
    """Build the pages with a model that says these replies."""
    with serve(scripted(replies, both)) as endpoint:
        return built(home, endpoint, settings=settings)
