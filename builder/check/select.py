"""Selection: the shares and limits that were asked for, met by leaving good pairs out as surplus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from builder.check.facts import flagged
from builder.config import CheckSettings, TargetSettings
from builder.records import Pair, Verdict, make_id

MOST_PER_TWIN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Deficit:
    """Something that was asked for and could not be met.

    what: the quota ("target.unanswerable in train"); asked, got: shares or counts.
    """

    what: str
    asked: float
    got: float


def select(
    pairs: Sequence[Pair],
    verdicts: Sequence[Verdict],
    *,
    target: TargetSettings,
    settings: CheckSettings,
    seed: int,
) -> tuple[list[Verdict], list[Deficit]]:
    """The verdicts, in their order, with what is over a quota as surplus; and what is missing."""
    state = {verdict.pair_id: verdict for verdict in verdicts}
    order = sorted(pairs, key=lambda pair: make_id(str(seed), pair.id, "select"))
    kept = [pair for pair in order if state[pair.id].status == "accepted"]
    deficits = []
    per_twin: Counter[str] = Counter()
    for pair in list(kept):
        if pair.twin:
            per_twin[pair.twin] += 1
            if per_twin[pair.twin] > MOST_PER_TWIN:
                _surplus(state, pair, "select.twin")
                kept.remove(pair)
    for split in ("train", "eval", "validation"):
        asked = target.unanswerable if split == "train" else target.unanswerable_eval
        yes = [pair for pair in kept if pair.split == split and pair.answerable]
        no = [pair for pair in kept if pair.split == split and not pair.answerable]
        if not yes and not no:
            continue
        needed = {pair.twin for pair in no}
        yes.sort(key=lambda pair: pair.id in needed)
        want_yes = round(len(no) * (1 - asked) / asked) if asked else len(yes)
        want_no = round(len(yes) * asked / (1 - asked))
        surplus = yes[: len(yes) - want_yes] if len(yes) > want_yes else no[want_no:]
        for pair in surplus:
            _surplus(state, pair, "select.unanswerable")
    return [state[verdict.pair_id] for verdict in verdicts], deficits


def _surplus(state: dict[str, Verdict], pair: Pair, quota: str) -> None:
    verdict = state[pair.id]
    finding = flagged(quota, "over the quota")
    state[pair.id] = replace(verdict, status="surplus", findings=(*verdict.findings, finding))
