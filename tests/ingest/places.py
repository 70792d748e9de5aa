"""Whether the place of a block leads back to its text."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import dedent

from builder.ingest.parsed import Parsed, Piece, Refused

Parse = Callable[[str], Parsed | Refused]


def parsed(parse: Parse, source: str) -> list[Piece]:
    """The pieces of a source that hold text."""
    found = parse(source)
    assert isinstance(found, Parsed), found
    return [piece for piece in found.pieces if piece.kind != "end"]


def lost(parse: Parse, source: str, but: tuple[str, ...] = ()) -> list[str]:
    """The texts whose slice of the source does not give them again.

    Indentation, list numbers and the marks of headings, quotes and fences aside.
    """
    wrong = []
    for piece in parsed(parse, source):
        place = piece.place
        if piece.kind in but:
            continue
        if place is None or place.start is None or place.end is None:
            wrong.append(f"no place: {piece.text}")
            continue
        cut = source[place.start : place.end]
        said = (
            " ".join(words(again.text) for again in parsed(parse, part)) for part in _forms(cut)
        )
        if not any(found.endswith(words(piece.text)) for found in said):
            wrong.append(f"{piece.text!r} from {cut!r}")
    return wrong


def _forms(cut: str) -> tuple[str, str]:
    return dedent(cut), cut


def words(text: str) -> str:
    """A text without the marks of blocks."""
    text = re.sub(r"^\s*(?:> |- |\d+\. )+", "", text, flags=re.MULTILINE)
    text = re.sub(r"^```+.*$", "", text, flags=re.MULTILINE)
    return " ".join(text.replace("#", "").split())
