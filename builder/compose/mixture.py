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
SLACK = 1.35  # times its share of the drafts that a rule may have of the unanswerable rows ...
ENOUGH = 0.9  # ... as long as this share of them is reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An unanswerable row that can be made.

    rule: what wrote the draft. text: equal for rows that would be duplicates.
    """

    draft_id: str
    rule: str
    kind: str
    text: str


def wanted(answerable: int, share: float) -> int:
    """How many unanswerable rows give their target share of all, with some to spare."""
    return round(SPARE * answerable * share / (1 - share))


def chosen(
    offers: Sequence[Offer], number: int, *, rules: Mapping[str, int], seed: str
) -> set[tuple[str, str]]:
    """About `number` offers as (draft id, kind): kinds as MIXTURE says, where there are enough.

    rules: how many drafts of each rule there are; the rules of the offers keep about that mixture,
    so that the wording of a question does not tell the label. At most two offers of one twin, of
    different kinds, and only one that edits the question. Kinds take turns, the one furthest behind
    its share first; each takes from drafts that have none yet, and first from those that offer
    little else, so that common kinds leave room for scarce ones.
    """
    options = Counter(offer.draft_id for offer in offers)
    turn = {offer.kind: make_id(seed, offer.kind, "turn") for offer in offers}
    waiting = sorted(
        offers, key=lambda o: (options[o.draft_id], make_id(seed, o.draft_id, o.kind)), reverse=True
    )
    whole = sum(rules.values())
    limits = {rule: max(1, round(SLACK * number * n / whole)) for rule, n in rules.items()}
    picks = _Picks(limits)
    for goal, capped in ((number, True), (round(ENOUGH * number), False)):
        for of_one in range(1, PER_TWIN + 1):
            queues: dict[str, list[Offer]] = defaultdict(list)
            for offer in waiting:
                queues[offer.kind].append(offer)
            while len(picks.taken) < goal and queues:
                kind = min(queues, key=lambda k: (picks.counts[k] / MIXTURE[k], turn[k]))
                if not picks.take_next(queues[kind], of_one=of_one, capped=capped):
                    del queues[kind]
    return picks.taken


class _Picks:
    def __init__(self, limits: Mapping[str, int]) -> None:
        self.taken: set[tuple[str, str]] = set()
        self.counts: Counter[str] = Counter()
        self._limits = limits
        self._rules: Counter[str] = Counter()
        self._of_draft: Counter[str] = Counter()
        self._edited: set[str] = set()
        self._texts: set[str] = set()

    def take_next(self, queue: list[Offer], *, of_one: int, capped: bool) -> bool:
        """Take the last offer that fits, with at most of_one of its draft; False if none does."""
        while queue:
            offer = queue.pop()
            room = not capped or self._rules[offer.rule] < self._limits[offer.rule]
            if room and self._of_draft[offer.draft_id] < of_one and self._fits(offer):
                self._add(offer)
                return True
        return False

    def _fits(self, offer: Offer) -> bool:
        if (offer.draft_id, offer.kind) in self.taken:
            return False
        if offer.kind in EDITS:
            return offer.draft_id not in self._edited and offer.text not in self._texts
        return True

    def _add(self, offer: Offer) -> None:
        self.taken.add((offer.draft_id, offer.kind))
        self.counts[offer.kind] += 1
        self._rules[offer.rule] += 1
        self._of_draft[offer.draft_id] += 1
        if offer.kind in EDITS:
            self._edited.add(offer.draft_id)
            self._texts.add(offer.text)
