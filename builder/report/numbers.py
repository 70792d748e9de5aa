"""The numbers of a run, computed from its files, as far as its stages are done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder import check, pipeline
from builder.check.questions import opening
from builder.config import CheckSettings, fingerprint
from builder.pipeline import SPLITS, STAGES
from builder.records import Assignment, Failure, Pair, Skipped, Status, Verdict
from builder.store import finished, read_manifest, read_records
from builder.text import fold, words

if TYPE_CHECKING:
    import pandas as pd

CUTS = (1024, 2048, 4096)  # tokens at which trainers cut rows by default
STEP = 64  # max_length is rounded up to a multiple of it
TOP = 10  # openings that are listed

Json = dict[str, Any]  # plain JSON


def report(folder: Path) -> Json:
    """The numbers of a run, as far as it is done. Raises RunError when the folder is no run.

    Holds the accepted pairs in memory.
    """
    data = _Data(folder)
    found: Json = {
        "run": _about(data),
        "missing": [stage for stage in STAGES if stage not in data.done],
        "funnel": _funnel(data),
    }
    if "bill" in data.manifest:
        found["bill"] = _bill(data.manifest["bill"])
    for stage, sections in _SECTIONS.items():
        if stage in data.done:
            found |= {name: make(data) for name, make in sections.items()}
    return found


def state_of(folder: Path) -> str:
    """A hash that is another one after every stage that ran; `report` keeps it as run.state."""
    manifest = read_manifest(folder)
    return fingerprint(manifest["stages"], manifest.get("program"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    id: str
    path: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    id: str
    doc_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sketch:
    id: str
    chunk_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meta:
    id: str
    split: str
    n_tokens: int
    layout: str


class _Data:
    """The files of a run, each read when it is first needed; texts are kept of accepted pairs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        self.done = finished(folder, self.manifest)

    @cached_property
    def documents(self) -> list[_Page]:
        return list(read_records(self.folder / "documents.jsonl", _Page))

    @cached_property
    def skipped(self) -> list[Skipped]:
        return list(read_records(self.folder / "skipped.jsonl", Skipped))

    @cached_property
    def doc_of(self) -> dict[str, str]:
        """Chunk id -> document id."""
        pieces = read_records(self.folder / "chunks.jsonl", _Piece)
        return {piece.id: piece.doc_id for piece in pieces}

    @cached_property
    def assignments(self) -> dict[str, Assignment]:
        return {a.chunk_id: a for a in read_records(self.folder / "splits.jsonl", Assignment)}

    @cached_property
    def splits(self) -> list[str]:
        used = {a.split for a in self.assignments.values()} | {"train", "eval"}
        return [name for name in SPLITS if name in used]

    @cached_property
    def drafts(self) -> dict[str, tuple[str, ...]]:
        """Draft id -> the chunks it was written from."""
        sketches = read_records(self.folder / "drafts.jsonl", _Sketch)
        return {sketch.id: sketch.chunk_ids for sketch in sketches}

    @cached_property
    def failures(self) -> list[Failure]:
        stages = [stage for stage in ("write", "compose") if stage in self.done]
        files = [self.folder / f"{stage}.failures.jsonl" for stage in stages]
        return [failure for file in files for failure in read_records(file, Failure)]

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        return {v.pair_id: v for v in read_records(self.folder / "verdicts.jsonl", Verdict)}

    @cached_property
    def accepted(self) -> list[Pair]:
        return [pair for pair in self._pairs() if self.verdicts[pair.id].status == "accepted"]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each accepted pair."""
        import pandas as pd

        rows = [_row(pair) for pair in self.accepted]
        return pd.DataFrame(rows, columns=_COLUMNS)

    @cached_property
    def outcomes(self) -> list[tuple[str, Verdict]]:
        """The draft and the verdict of each pair."""
        return [(pair.draft_id, self.verdicts[pair.id]) for pair in self._pairs()]

    @cached_property
    def metas(self) -> pd.DataFrame:
        """One row for each row of the dataset."""
        import pandas as pd

        written = self.manifest["stages"]["export"]["files"]
        files = [f"{name}.meta.jsonl" for name in self.splits if f"{name}.meta.jsonl" in written]
        rows = [asdict(m) for name in files for m in read_records(self.folder / name, _Meta)]
        return pd.DataFrame(rows, columns=["id", "split", "n_tokens", "layout"])

    def setting(self, name: str) -> Any:  # the value of any setting
        return self.manifest["settings"][name]

    def _pairs(self) -> Iterator[Pair]:
        return read_records(self.folder / "pairs.jsonl", Pair)


_COLUMNS = [
    "split", "answerable", "kind", "type", "behaviour", "lang", "rule", "family", "opening",
    "question_words", "answer_words", "verbatim",
]  # fmt: skip


def _row(pair: Pair) -> Json:
    gold = [fold(part.text) for part in pair.passages if part.role == "gold"]
    return {
        "split": pair.split,
        "answerable": pair.answerable,
        "kind": pair.kind or "answerable",
        "type": pair.type,
        "behaviour": pair.behaviour,
        "lang": pair.lang,
        "rule": pair.origin.rule,
        "family": pair.origin.rule.partition(".")[0],
        "opening": opening(pair.question),
        "question_words": len(words(pair.question)),
        "answer_words": len(words(pair.answer)),
        "verbatim": any(fold(pair.answer) in text for text in gold),
    }


def _about(data: _Data) -> Json:
    manifest = data.manifest
    settings = manifest.get("settings", {})
    model = settings.get("model.name", "")
    writer = settings.get("write.writer", "")
    return {
        "name": data.folder.resolve().name,
        "state": state_of(data.folder),
        "builder": manifest.get("builder", ""),
        "python": manifest.get("python", ""),
        "seed": manifest.get("seed"),
        "limit": manifest.get("limit"),
        "writer": writer if writer != "auto" else "llm" if model else "extractive",
        "model": model,
        "stages": [
            {
                "stage": name,
                **{key: manifest["stages"][name][key] for key in ("seconds", "peak_mb")},
            }
            for name in data.done
        ],
    }


def _bill(kept: Json) -> Json:
    """What the run has spent on models since it began, and what it did not pay again.

    A cost is null where no price is known. failed: attempts that gave no usable reply.
    last_build: the requests of the last build that asked for any; not sent: those remembered, with
    what they had cost; of these, from other runs: paid by a run that shares the file of replies.
    """
    rows: dict[tuple[str, str, bool], list[Json]] = defaultdict(list)
    for row in kept["paid"]:
        rows[row["stage"], row["outcome"], row["batch"]].append(row)
    lines = [
        {"stage": stage, "outcome": outcome, "batch": batch, **_sum(own)}
        | {"reasons": dict(_ranked(_by_reason(own)))}
        for (stage, outcome, batch), own in sorted(rows.items(), key=_bill_order)
    ]
    remembered = [row for row in kept["used"] if not row["now"]]
    return {
        "price": kept["price"],
        "models": sorted({row["model"] for row in kept["paid"]}),
        "lines": lines,
        "total": _sum(kept["paid"]),
        "failed": _sum([row for row in kept["paid"] if row["outcome"] != "ok"]),
        "uncounted": sum(row["uncounted"] for row in kept["paid"]),
        "last_build": {
            "requests": sum(row["requests"] for row in kept["used"]),
            "not_sent": _sum(remembered),
            "from_other_runs": _sum([row for row in remembered if not row["paid"]]),
        },
    }


def _bill_order(item: tuple[tuple[str, str, bool], list[Json]]) -> tuple[str, bool, str, bool]:
    (stage, outcome, batch), _ = item
    return stage, outcome != "ok", outcome, batch


def _by_reason(rows: Sequence[Json]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        if row["reason"]:
            found[row["reason"]] += row["requests"]
    return found


def _sum(rows: Sequence[Json]) -> Json:
    counts = ("requests", "prompt_tokens", "cached_tokens", "output_tokens")
    costs = [row["cost"] for row in rows]
    known = all(cost is not None for cost in costs)
    return {
        **{name: sum(row[name] for row in rows) for name in counts},
        "cost": round(sum(costs), 9) if known else None,
    }


def _funnel(data: _Data) -> Json:
    """How many of each there were, from the first file to the last row, as far as it went."""
    found: Json = {}
    if "ingest" in data.done:
        found["files"] = len(data.documents) + len(data.skipped)
        found |= {"skipped": len(data.skipped), "documents": len(data.documents)}
    if "split" in data.done:
        found["chunks"] = len(data.assignments)
        found["chunks_usable"] = sum(a.use for a in data.assignments.values())
    if "write" in data.done:
        found["chunks_with_draft"] = len({c for chunks in data.drafts.values() for c in chunks})
        found["drafts"] = len(data.drafts)
    if "check" in data.done:
        status = Counter(verdict.status for verdict in data.verdicts.values())
        found["pairs"] = len(data.verdicts)
        found |= {name: status[name] for name in ("accepted", "rejected", "surplus")}
        in_split = Counter[str](pair.split for pair in data.accepted)
        found |= {name: in_split[name] for name in data.splits}
    return found


def _skipped(data: _Data) -> list[Json]:
    return [asdict(item) for item in data.skipped]


def _repaired(data: _Data) -> list[Json]:
    return [{"path": page.path, "notes": list(page.notes)} for page in data.documents if page.notes]


def _unused(data: _Data) -> Json:
    """Chunks that enter no row, by reason."""
    return dict(Counter(a.reason for a in data.assignments.values() if not a.use))


def _near_duplicates(data: _Data) -> list[Json]:
    """The groups of more than one document; of sections, where documents were split at those."""
    path = {page.id: page.path for page in data.documents}
    members: dict[str, set[str]] = defaultdict(set)
    where: dict[str, str] = {}
    for a in data.assignments.values():
        members[a.group].add(path[a.doc_id])
        where[a.group] = a.split
    return [
        {"split": where[group], "documents": sorted(found)}
        for group, found in sorted(members.items())
        if len(found) > 1
    ]


def _notes(data: _Data) -> list[str]:
    file = data.folder / "splits.notes.txt"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def _failures(data: _Data) -> list[Json]:
    found: dict[tuple[str, str, bool], list[Failure]] = defaultdict(list)
    for failure in data.failures:
        found[failure.stage, failure.reason, failure.failed].append(failure)
    rows = [
        {
            "stage": stage,
            "reason": reason,
            "failed": failed,
            "count": len(all_),
            "example": all_[0].detail,
        }
        for (stage, reason, failed), all_ in found.items()
    ]
    return sorted(rows, key=lambda row: (not row["failed"], -row["count"], row["reason"]))


def _rows(data: _Data) -> Json:
    """Rows by split, and the share of unanswerable ones beside what was asked for."""
    found = {}
    for name in data.splits:
        answerable = [pair.answerable for pair in data.accepted if pair.split == name]
        wanted = "target.unanswerable" if name == "train" else "target.unanswerable_eval"
        unanswerable = answerable.count(False)
        found[name] = {
            "rows": len(answerable),
            "answerable": answerable.count(True),
            "unanswerable": unanswerable,
            "share": _share(unanswerable, len(answerable)),
            "asked": data.setting(wanted),
        }
    return found


def _reasons(data: _Data, status: Status, action: str) -> list[Json]:
    """Pairs by check; alone: those that nothing else speaks against."""
    pairs: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for verdict in data.verdicts.values():
        names = {f.check for f in verdict.findings if f.action == action}
        if verdict.status == "surplus":  # what it was left out by, not what it is flagged for
            names = {name for name in names if name.startswith("select.")} or names
        if verdict.status == status:
            pairs.update(names)
            alone.update(names if len(names) == 1 else ())
    return [{"check": n, "pairs": c, "alone": alone[n]} for n, c in _ranked(pairs)]


def _by_split(data: _Data, column: str) -> Json:
    """Accepted pairs by a column and split, the commonest value first."""
    import pandas as pd

    frame = data.metas if column == "layout" else data.frame
    if frame.empty:
        return {}
    table = pd.crosstab(frame[column], frame["split"]).reindex(columns=data.splits, fill_value=0)
    counts = {
        str(value): {name: int(row[name]) for name in data.splits}
        for value, row in table.iterrows()
    }
    return dict(sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0])))


def _words(data: _Data) -> Json:
    frame = data.frame
    known = frame["answerable"].astype(bool)
    return {
        "questions": _spread(frame["question_words"]),
        "answers": _spread(frame["answer_words"][known]),
        "refusals": _spread(frame["answer_words"][~known]),
    }


def _tokens(data: _Data) -> Json:
    metas = data.metas
    groups = {name: metas["n_tokens"][metas["split"] == name] for name in data.splits}
    return {name: _tokens_of(found) for name, found in {**groups, "all": metas["n_tokens"]}.items()}


def _tokens_of(values: pd.Series[Any]) -> Json:
    return _spread(values) | {f"over_{cut}": int((values > cut).sum()) for cut in CUTS}


def _max_length(data: _Data) -> int:
    longest = 0 if data.metas.empty else int(data.metas["n_tokens"].max())
    return -(-longest // STEP) * STEP


def _spread(values: pd.Series[Any]) -> Json:
    """Nearest-rank percentiles; only n when there is no value."""
    ordered = sorted(int(value) for value in values)
    found: Json = {"n": len(ordered)}
    if ordered:
        for name, share in (("p5", 0.05), ("p50", 0.5), ("p95", 0.95), ("max", 1.0)):
            found[name] = ordered[ceil(share * len(ordered)) - 1]
    return found


def _coverage(data: _Data) -> Json:
    covered = {chunk for pair in data.accepted for chunk in data.drafts[pair.draft_id]}
    usable = {a.chunk_id for a in data.assignments.values() if a.use}
    with_pair = {data.doc_of[chunk] for chunk in covered}
    without = [page for page in data.documents if page.id not in with_pair]
    why = _Why(data)
    return {
        "documents": len(data.documents),
        "documents_with_pair": len(with_pair),
        "chunks": len(usable),
        "chunks_with_pair": len(covered),
        "share": _share(len(covered), len(usable)),
        "without": [{"path": page.path, "reason": why.no_pair(page.id)} for page in without],
    }


class _Why:
    """Why a document has no accepted pair, in the words of the stage where it was lost."""

    def __init__(self, data: _Data) -> None:
        self._limit = data.manifest.get("limit")
        self._assignments: dict[str, list[Assignment]] = defaultdict(list)
        for a in data.assignments.values():
            self._assignments[a.doc_id].append(a)
        self._failures: dict[str, list[Failure]] = defaultdict(list)
        for failure in data.failures:
            if failure.chunk_id:
                self._failures[data.doc_of[failure.chunk_id]].append(failure)
        self._verdicts: dict[str, list[Verdict]] = defaultdict(list)
        for draft_id, verdict in data.outcomes:
            self._verdicts[data.doc_of[data.drafts[draft_id][0]]].append(verdict)

    def no_pair(self, doc_id: str) -> str:
        assignments, verdicts = self._assignments[doc_id], self._verdicts[doc_id]
        failures = self._failures[doc_id]
        if not assignments:
            return "no text to cut into chunks"
        if not any(a.use for a in assignments):
            return f"every chunk is left out ({', '.join(sorted({a.reason for a in assignments}))})"
        if verdicts:
            return _lost(verdicts)
        if failures:
            worst = max(failures, key=lambda failure: failure.failed)
            return worst.detail or worst.reason
        if self._limit is not None:
            return f"none of its chunks is among the {self._limit} of --limit"
        return "the writer wrote nothing for it"


def _lost(verdicts: Sequence[Verdict]) -> str:
    """What became of pairs of which none was accepted."""
    parts = []
    for status in ("rejected", "surplus"):
        found = [verdict for verdict in verdicts if verdict.status == status]
        checks = Counter(f.check for verdict in found for f in verdict.findings)
        names = ", ".join(name for name, _ in _ranked(checks)[:3])
        parts += [f"{len(found)} {status} ({names})"] if found else []
    return "its pairs: " + ", ".join(parts)


def _positions(data: _Data) -> Json:
    """Where in its passage the evidence stands, and where the gold passage among the others."""
    deciles = [0] * 10
    gold: dict[int, Counter[int]] = defaultdict(Counter)
    for pair in data.accepted:
        for evidence in pair.evidence:
            middle = (evidence.start + evidence.end) / 2
            deciles[min(9, int(10 * middle / len(pair.passages[evidence.passage].text)))] += 1
        gold[len(pair.passages)].update(
            number for number, part in enumerate(pair.passages, 1) if part.role == "gold"
        )
    return {
        "evidence_deciles": deciles,
        "gold": {
            str(size): {str(place): gold[size][place] for place in range(1, size + 1)}
            for size in sorted(gold)
            if gold[size]
        },
    }


def _openings(data: _Data) -> Json:
    found = Counter(data.frame["opening"])
    total = sum(found.values())
    return {
        "distinct": len(found),
        "limit": data.setting("check.max_opening_share"),
        "top": [
            {"opening": text, "pairs": count, "share": _share(count, total)}
            for text, count in _ranked(found)[:TOP]
        ],
    }


def _verbatim(data: _Data) -> float | None:
    """The share of answers that stand word for word in their gold passage."""
    known = data.frame[data.frame["answerable"].astype(bool)]
    return _share(int(known["verbatim"].sum()), len(known))


def _probes(data: _Data) -> list[Json]:
    return [asdict(probe) | {"passed": probe.passed} for probe in check.probes(data.accepted)]


def _deficits(data: _Data) -> list[Json]:
    return [asdict(found) for found in read_records(data.folder / "deficits.jsonl", check.Deficit)]


def _leakage(data: _Data) -> Json:
    settings = CheckSettings(near_duplicate=data.setting("check.near_duplicate"))
    return dict(pipeline.leakage(data.accepted, data.assignments, settings))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


# What each stage adds to the report, in the order of report.json.
_SECTIONS: Mapping[str, Mapping[str, Callable[[_Data], Any]]] = {
    "ingest": {"skipped": _skipped, "repaired": _repaired},
    "split": {"unused": _unused, "near_duplicates": _near_duplicates, "notes": _notes},
    "write": {"failures": _failures},
    "check": {
        "rows": _rows,
        "rejected": lambda data: _reasons(data, "rejected", "reject"),
        "surplus": lambda data: _reasons(data, "surplus", "flag"),
        "flagged": lambda data: _reasons(data, "accepted", "flag"),
        "kinds": lambda data: _by_split(data, "kind"),
        "types": lambda data: _by_split(data, "type"),
        "behaviours": lambda data: _by_split(data, "behaviour"),
        "languages": lambda data: _by_split(data, "lang"),
        "families": lambda data: _by_split(data, "family"),
        "rules": lambda data: _by_split(data, "rule"),
        "words": _words,
        "coverage": _coverage,
        "positions": _positions,
        "openings": _openings,
        "verbatim": _verbatim,
        "probes": _probes,
        "deficits": _deficits,
        "leakage": _leakage,
    },
    "export": {
        "layouts": lambda data: _by_split(data, "layout"),
        "tokens": _tokens,
        "max_length": _max_length,
    },
}
