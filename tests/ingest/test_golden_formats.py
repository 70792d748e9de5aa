"""A document of every construct in each format that is text, and the blocks that are read of it.

python -m tests.ingest.test_golden_formats    # writes the blocks anew; then read the difference
"""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.ingest import MEDIA_TYPES, TEXT_READERS, read_bytes
from builder.records import Block, Document
from tests.ingest.places import lost

GOLDEN = Path(__file__).parents[1] / "golden" / "formats"
FORMATS = ("md", "rst", "adoc", "ipynb", "fodt")


def blocks(suffix: str) -> str:
    """The document's fields, and each block: where it was, what it is, what it says."""
    data = (GOLDEN / f"rich.{suffix}").read_bytes()
    found = read_bytes(data, path=f"rich.{suffix}", media_type=MEDIA_TYPES[f".{suffix}"])
    assert isinstance(found, Document), found
    head = [f"title: {found.title}", f"lang: {found.lang}"]
    head += [f"note: {note}" for note in found.notes]
    head += [f"dropped ({part.reason}) {part.what}: {part.beginning}" for part in found.dropped]
    said = [
        f"{line(block, data.decode())}\n{found.text[block.start : block.end]}"
        for block in found.blocks
    ]
    return "\n\n".join(["\n".join(head), *said]) + "\n"


def line(block: Block, source: str) -> str:
    """A block on one line: its lines or its cell in the source, kind, fields, heading path."""
    place = block.place
    told = place.part if place is not None and place.part else "nowhere"
    if told == "nowhere" and place and place.start is not None and place.end is not None:
        first, last = (1 + source.count("\n", 0, at) for at in (place.start, place.end))
        told = f"{first}-{last}"
    fields = [
        f"{name}={value}"
        for name in ("level", "marker", "code_lang", "header_rows")
        if (value := getattr(block, name))
    ]
    if block.kind == "heading" and any(block.anchors[-1:]):
        fields.append(f"#{block.anchors[-1]}")
    path = " > ".join(block.heading_path)
    return " ".join([f"[{told}]", block.kind, *fields, *block.flags, f"({path})"])


@pytest.mark.parametrize("suffix", FORMATS)
def test_rich_document_gives_the_blocks_that_were_reviewed(suffix: str) -> None:
    found = blocks(suffix)

    assert "nowhere" not in found
    assert found == (GOLDEN / f"rich.{suffix}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", ["md", "rst", "adoc"])
def test_places_of_the_rich_document_lead_back_to_its_blocks(suffix: str) -> None:
    media_type = MEDIA_TYPES[f".{suffix}"]
    source = (GOLDEN / f"rich.{suffix}").read_text(encoding="utf-8")

    assert lost(TEXT_READERS[media_type], source, media_type) == []


if __name__ == "__main__":
    for each in FORMATS:
        (GOLDEN / f"rich.{each}.txt").write_text(blocks(each), encoding="utf-8")
