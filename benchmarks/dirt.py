"""The dirty files of tests/ingest/test_dirt.py: what is expected of each, and what happens.

    PYTHONPATH=. python benchmarks/dirt.py [--peer markitdown] [--limit 60]

Prints a table in Markdown: file, expected outcome, ours, seconds, and the peer's: "text" when its
output holds the words that must be there, "lost" when it returns without them and without an
error, "junk" when it returns text for a file that has none, or the way in which it failed.
A peer is read through its adapter, each file with the same limits as ours.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from builder.engine import Local, Lost
from builder.ingest import Source, reader, sources
from builder.ingest.adapters import convert
from builder.ingest.parsed import Refused
from builder.records import Document, Skipped
from tests.ingest.dirt import MAX_BYTES, Kept, Left, lay_out

Outcome = tuple[object, float]


def ours() -> Callable[[Source], Outcome]:
    """Our reader, timed."""
    read = reader()

    def timed(source: Source) -> Outcome:
        began = time.perf_counter()
        return read(source), time.perf_counter() - began

    return timed


def theirs(name: str) -> Callable[[Source], Outcome]:
    """A peer through its adapter, timed; its exceptions are its outcome."""

    def timed(source: Source) -> Outcome:
        began = time.perf_counter()
        if source.members:
            return Refused("archive", "peers are not given members of archives"), 0.0
        parsed = convert(name, source.file.read_bytes(), source.file.suffix)
        if isinstance(parsed, Refused):
            return parsed, time.perf_counter() - began
        text = "\n\n".join(piece.text for piece in parsed.pieces)
        return text, time.perf_counter() - began

    return timed


def told(outcome: object, expected: Kept | Left) -> tuple[str, bool]:
    """An outcome in a word, and whether it is the expected one."""
    if isinstance(outcome, Lost | Skipped | Refused):
        return outcome.reason, isinstance(expected, Left) and expected.reason == outcome.reason
    text = outcome.text if isinstance(outcome, Document) else str(outcome)
    if isinstance(expected, Left):
        return ("junk" if text.strip() else "empty, no error"), False
    found = expected.holds in text and expected.lacks not in text
    return (
        "text" if found else "lost" if expected.holds not in text else "kept what must go"
    ), found


def main() -> None:
    """Lay the files out, read them, print the table. Exit code 1 when one is not as told."""
    from dirt import ours, theirs  # by its module's name, so that workers find it

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peer", default="")
    parser.add_argument("--limit", type=float, default=60.0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "docs"
        expected = lay_out(root)
        listed = list(sources([root], include=(), exclude=(), max_bytes=MAX_BYTES))
        files = [item for item in listed if isinstance(item, Source)]
        engine = Local(workers=2, timeout_s=args.limit, memory_mb=2048)
        got = dict(zip([f.path for f in files], engine.map(ours, (), files), strict=True))
        peer = (
            dict(zip([f.path for f in files], engine.map(theirs, (args.peer,), files), strict=True))
            if args.peer
            else {}
        )
    skipped = {item.path: item for item in listed if isinstance(item, Skipped)}
    counts: Counter[str] = Counter()
    print(f"| file | expected | ours | s |{f' {args.peer} | s |' if args.peer else ''}")
    print("| --- | --- | --- | --- |" + (" --- | --- |" if args.peer else ""))
    for path, outcome in sorted(expected.items()):
        wanted = outcome.reason if isinstance(outcome, Left) else "text"
        mine, good, took = _cell(skipped.get(path) or got[path], outcome)
        good = good or wanted == "duplicate"  # told by read_all, which this does not ask
        counts["ours right" if good else "ours wrong"] += 1
        mine = mine if good else f"**{mine}**"
        row = f"| {path.removeprefix('docs/')!r} | {wanted} | {mine} | {took} |"
        if args.peer:
            other, right, took = _cell(skipped.get(path) or peer[path], outcome)
            if path not in skipped:
                kind = (
                    "right"
                    if right or (wanted != "text" and other not in ("junk", "timeout"))
                    else other
                )
                counts[f"{args.peer}: {kind}"] += 1
            row += f" {other} | {took} |"
        print(row)
    print(
        f"\n{len(expected)} files: {', '.join(f'{n} {name}' for name, n in counts.most_common())}"
    )
    sys.exit(1 if counts["ours wrong"] else 0)


def _cell(outcome: object, expected: Kept | Left) -> tuple[str, bool, str]:
    if isinstance(outcome, tuple):
        result, took = outcome
        return *told(result, expected), f"{took:.2f}"
    return *told(outcome, expected), ""


if __name__ == "__main__":
    main()
