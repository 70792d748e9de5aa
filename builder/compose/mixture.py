"""Which unanswerable rows are made of those that could be: enough of them, of mixed kinds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from builder.compose.unanswerable import EDITS
from builder.records import make_id

MIXTURE: Mapping[str, float] = {
    "near_context": 0.25,
    "missing_gold": 0.20,
    "evidence_removed": 0.20,
    "entity_swap": 0.20,
    "absent_row": 0.15,
    "number_swap": 0.05,
}
PER_TWIN = 2  # unanswerable rows of one answerable row
SPARE = 1.5  # times what the target share needs, since the checks will reject some


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An unanswerable row that can be made. text: equal for rows that would be duplicates."""

    draft_id: str
    kind: str
    text: str


def wanted(answerable: int, share: float) -> int:
    """How many unanswerable rows give their target share of all, with some to spare."""
    return round(SPARE * answerable * share / (1 - share))


def chosen(offers: Sequence[Offer], number: int, *, seed: str) -> set[tuple[str, str]]:
    """About `number` offers as (draft id, kind): kinds as MIXTURE says, where there are enough.

    At most two of one twin, of different kinds, and only one that edits the question. The scarcest
    kind chooses first; what a kind lacks is shared out among the others.
    """
    by_kind: dict[str, list[Offer]] = defaultdict(list)
    for offer in sorted(offers, key=lambda o: make_id(seed, o.draft_id, o.kind, "choice")):
        by_kind[offer.kind].append(offer)
    order = sorted(by_kind, key=lambda kind: (len(by_kind[kind]) / MIXTURE.get(kind, 0.1), kind))
    picks = _Picks()
    total = sum(MIXTURE.get(kind, 0.1) for kind in MIXTURE)
    for kind in order:
        picks.take(by_kind[kind], round(number * MIXTURE.get(kind, 0.1) / total))
    for kind in reversed(order):
        picks.take(by_kind[kind], number - len(picks.taken))
    return picks.taken


class _Picks:
    def __init__(self) -> None:
        self.taken: set[tuple[str, str]] = set()
        self._of_draft: Counter[str] = Counter()
        self._edited: set[str] = set()
        self._texts: set[str] = set()

    def take(self, offers: Sequence[Offer], number: int) -> None:
        """Take up to number offers; from drafts that have none yet first."""
        left = number
        for limit in range(PER_TWIN):
            for offer in offers:
                if left > 0 and self._of_draft[offer.draft_id] == limit and self._fits(offer):
                    self._add(offer)
                    left -= 1

    def _fits(self, offer: Offer) -> bool:
        if (offer.draft_id, offer.kind) in self.taken:
            return False
        if offer.kind in EDITS:
            return offer.draft_id not in self._edited and offer.text not in self._texts
        return True

    def _add(self, offer: Offer) -> None:
        self.taken.add((offer.draft_id, offer.kind))
        self._of_draft[offer.draft_id] += 1
        if offer.kind in EDITS:
            self._edited.add(offer.draft_id)
            self._texts.add(offer.text)
