"""A PDF file to pieces."""

from __future__ import annotations

from builder.ingest.parsed import Parsed, Refused


def parse(data: bytes) -> Parsed | Refused:
    """The content of A PDF file."""
    return Refused("unknown_format", "there is no reader for this format yet")
