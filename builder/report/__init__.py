"""A run as numbers: report.json for programs, report.md for people, a few lines for the terminal.

Everything is computed from the files of the run. A run that is not finished is reported as far as
its stages are done; `missing` names the others.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from builder.report.numbers import Json, report, state_of
from builder.report.page import bill_told, markdown, percent, unfinished
from builder.store import explained, write_atomic

__all__ = ["headline", "report", "write"]


def write(folder: Path) -> None:
    """Write report.json and report.md into the run, each whole or not at all."""
    found = report(folder)
    with explained(folder):
        write_atomic(folder / "report.json", json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        write_atomic(folder / "report.md", markdown(found))


def headline(folder: Path) -> list[str]:
    """What is worth knowing at the end of a build, in about ten lines."""
    found = _written(folder) or report(folder)
    if "rows" not in found:
        return [f"unfinished     {unfinished(found)}"]
    return [f"{name:<13}  {text}" for name, text in _headline(found)]


def _written(folder: Path) -> Json | None:
    """report.json, if it is of the run as it is now."""
    try:
        found: Json = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        return found if found["run"]["state"] == state_of(folder) else None
    except (OSError, ValueError, KeyError, TypeError):  # missing, or not what `write` wrote
        return None


def _headline(found: Json) -> Iterator[tuple[str, str]]:
    rows, funnel, coverage = found["rows"], found["funnel"], found["coverage"]
    yield "rows", ", ".join(f"{row['rows']:,} {name}" for name, row in rows.items())
    yield "unanswerable", _unanswerable(found)
    yield "pairs", _pairs(funnel, found["rejected"])
    documents = f"{coverage['documents_with_pair']} of {coverage['documents']} documents"
    chunks = f"{coverage['chunks_with_pair']} of {coverage['chunks']} chunks"
    yield "coverage", f"{documents}, {chunks} ({percent(coverage['share'])})"
    leaks = ", ".join(f"{count} {name}" for name, count in found["leakage"].items() if count)
    yield "leakage", leaks or "none"
    yield "probes", _probes(found["probes"])
    missed = [f"{d['what']}: {d['got']:g}, not {d['asked']:g}" for d in found["deficits"]]
    yield "deficits", ", ".join(missed[:3]) or "none"
    if found.get("max_length"):
        longest = found["tokens"]["all"]["max"]
        yield "max_length", f"{found['max_length']} (the longest row has {longest:,} tokens)"
    if "bill" in found:
        yield "bill", _bill(found["bill"])
    if found["skipped"]:
        yield "skipped", _skipped(found["skipped"])
    failed = [row for row in found["failures"] if row["failed"]]
    if failed:
        named = (f"{row['count']} {row['stage']}: {row['reason']}" for row in failed[:4])
        yield "failed", ", ".join(named)


def _unanswerable(found: Json) -> str:
    shares = [f"{percent(row['share'])} of {name}" for name, row in found["rows"].items()]
    kinds = [name for name in found["kinds"] if name != "answerable"]
    return ", ".join(shares) + (f", {len(kinds)} kinds" if len(kinds) != 1 else f", {kinds[0]}")


def _pairs(funnel: Json, rejected: Sequence[Json]) -> str:
    first = ", ".join(f"{row['check']} {row['pairs']}" for row in rejected[:2])
    why = f" ({first})" if first else ""
    accepted, lost, surplus = (funnel[name] for name in ("accepted", "rejected", "surplus"))
    return f"{accepted:,} accepted, {lost:,} rejected{why}, {surplus:,} surplus"


def _probes(probes: Sequence[Json]) -> str:
    if not probes:
        return "too few rows to tell"
    parts = []
    for probe in probes:
        fault = "" if probe["passed"] else " TOO HIGH"
        parts.append(f"{probe['name']} {probe['balanced_accuracy']:.2f}{fault}")
    return f"{', '.join(parts)} (0.50 is chance, the limit {probes[0]['limit']:.2f})"


def _bill(bill: Json) -> str:
    failed, last = bill["failed"]["requests"], bill["last_build"]
    remembered = last["not_sent"]["requests"]
    return (
        (bill_told(bill) if bill["total"]["requests"] else "nothing was sent")
        + (f", {failed:,} of them failed" if failed else "")
        + (f"; {remembered:,} of {last['requests']:,} replies remembered" if remembered else "")
    )


def _skipped(skipped: Sequence[Json]) -> str:
    reasons = Counter(item["reason"] for item in skipped)
    named = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common(4))
    return f"{len(skipped)} file{'s' * (len(skipped) != 1)} ({named})"
