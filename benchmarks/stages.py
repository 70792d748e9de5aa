"""How far each hot path is from its physical limit, measured side by side in one process.

    python benchmarks/stages.py [FOLDER] [--rounds N]

Reads the documents of FOLDER (default raw_docs) and prints, per stage, its CPU time and the CPU
time of the bare primitive that it cannot do without: for HTML the parse of lxml, for Markdown
that of markdown-it, for chunking one tiktoken encode of the texts.
The best of N rounds counts; stage and primitive alternate within a round.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from builder import chunk, ingest
from builder.records import Document
from builder.tokens import get_encoding, sizer


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def side_by_side(
    name: str, ours: Callable[[], object], bare: Callable[[], object], rounds: int, unit: str
) -> None:
    """Print the best of `rounds` for both, and their ratio."""
    best = [
        min(times) for times in zip(*[(cpu(ours), cpu(bare)) for _ in range(rounds)], strict=True)
    ]
    print(f"{name:<28} {best[0] * 1e3:9.1f} {best[1] * 1e3:9.1f} {best[0] / best[1]:7.2f}  {unit}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default="raw_docs", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    found = ingest.sources([args.folder], include=(), exclude=(), max_bytes=32_000_000)
    sources = [item for item in found if isinstance(item, ingest.Source)]
    read = [ingest.read(source) for source in sources]
    documents = [document for document in read if isinstance(document, Document)]
    print(f"{len(documents)} documents, best of {args.rounds} rounds, CPU ms")
    print(f"{'stage':<28} {'ours':>9} {'bare':>9} {'ratio':>7}")
    _ingest(sources, args.rounds)
    _chunk(documents, args.rounds)


def _ingest(sources: list[ingest.Source], rounds: int) -> None:
    from lxml import html
    from markdown_it import MarkdownIt

    pages = [(s, s.file.read_bytes()) for s in sources if s.media_type == "text/html"]
    notes = [(s, s.file.read_bytes()) for s in sources if s.media_type == "text/markdown"]
    pages = [(s, data) for s, data in pages if data.strip()]
    parser = MarkdownIt("commonmark").enable("table")

    def read_all(files: list[tuple[ingest.Source, bytes]]) -> None:
        for source, data in files:
            ingest.read_bytes(data, path=source.path, media_type=source.media_type)

    side_by_side(
        f"ingest HTML ({len(pages)} pages)",
        lambda: read_all(pages),
        lambda: [html.document_fromstring(data) for _, data in pages],
        rounds,
        "lxml parse only",
    )
    side_by_side(
        f"ingest Markdown ({len(notes)} files)",
        lambda: read_all(notes),
        lambda: [parser.parse(data.decode("utf-8", "replace")) for _, data in notes],
        rounds,
        "markdown-it parse only",
    )


def _chunk(documents: list[Document], rounds: int) -> None:
    size, encoding = sizer("o200k_base"), get_encoding("o200k_base")
    side_by_side(
        "chunk (512 tokens)",
        lambda: [chunk.chunk(d, size=size, max_tokens=512) for d in documents],
        lambda: [encoding.encode_ordinary(d.text) for d in documents],
        rounds,
        "one encode of the text",
    )


if __name__ == "__main__":
    main()
