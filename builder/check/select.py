"""Selection: meeting the shares and limits that were asked for by leaving good pairs out."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import Literal

from builder.check.facts import flagged
from builder.check.questions import opening
from builder.config import CheckSettings, TargetSettings
from builder.records import Pair, Split, Verdict, make_id

MOST_PER_TWIN = 2  # unanswerable pairs made from one answerable pair
MOST_LOST_TO_OPENINGS = 0.25  # share of the good pairs beyond which openings are left as they are
LEAST_PER_OPENING = 3  # questions with one opening that even the smallest set may hold
AIMS_ABOVE = 8  # numbers of pairs to try above the one asked for, should other quotas take some
ROUNDING = 1e-9
NEAREST = 0.5 + ROUNDING  # rows that a share may be off
SPLITS: tuple[Split, ...] = ("train", "validation", "eval")

QUOTAS: dict[str, str] = {
    "select.twin": "more than two unanswerable pairs of one answerable pair",
    "select.opening": "too many questions that begin with the same two words",
    "select.multi_turn": "over the share of rows with an earlier turn",
    "select.share": "over the largest share of its type, kind, language or split",
    "select.unanswerable": "over the share of its label in its split",
    "select.pairs": "over the number of rows asked for",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deficit:
    """Something that was asked for and could not be met.

    what:   the quota and where ("target.unanswerable in eval"); asked, got: a share or a number.
    reason: what became of the pairs that could have met it.
    """

    what: str
    asked: float
    got: float
    reason: str = ""


def select(
    pairs: Sequence[Pair],
    verdicts: Sequence[Verdict],
    *,
    target: TargetSettings,
    settings: CheckSettings,
    seed: int,
) -> tuple[list[Verdict], list[Deficit]]:
    """The verdicts in their order, with what is over a quota as surplus, and what is missing.

    Only accepted pairs are touched, and each is dropped at most once; the quotas are tried in turn
    until all hold together. The result does not depend on the order of the pairs.
    """
    state = {verdict.pair_id: verdict for verdict in verdicts}
    good = [pair for pair in pairs if state[pair.id].status == "accepted"]
    choice = _chosen(good, target, settings, seed)
    aims = range(target.pairs + 1, target.pairs + 1 + AIMS_ABOVE)
    if len(choice.kept) < target.pairs and "select.pairs" in choice.dropped.values():
        found = (_chosen(good, replace(target, pairs=aim), settings, seed) for aim in aims)
        choice = next((c for c in found if len(c.kept) == target.pairs), choice)
    for pair_id, quota in choice.dropped.items():
        finding = flagged(quota, QUOTAS[quota])
        verdict = state[pair_id]
        state[pair_id] = replace(verdict, status="surplus", findings=(*verdict.findings, finding))
    final = [state[verdict.pair_id] for verdict in verdicts]
    deficits = _deficits(choice, target, settings)
    return final, [replace(one, reason=_reason(one, pairs, final)) for one in deficits]


def _chosen(
    good: Sequence[Pair], target: TargetSettings, settings: CheckSettings, seed: int
) -> _Choice:
    """The choice in which all quotas hold; it may have somewhat fewer than target.pairs."""
    choice = _Choice(good, seed)
    choice.limit_twins()
    size = -1
    while len(choice.kept) != size:
        size = len(choice.kept)
        choice.limit_openings(settings.max_opening_share, target)
        choice.hold_limits(target)
        choice.hold_shares(target)
    return choice


class _Choice:
    """The pairs still kept, and what each of their properties counts."""

    def __init__(self, pairs: Sequence[Pair], seed: int) -> None:
        self.kept = {pair.id: pair for pair in sorted(pairs, key=lambda pair: pair.id)}
        self.dropped: dict[str, str] = {}  # id -> quota
        self._all, self._lost = len(self.kept), 0
        self._about = {pair.id: self._subject(pair) for pair in self.kept.values()}
        self._chance = {pair_id: make_id(str(seed), pair_id, "select") for pair_id in self.kept}
        self._number: Counter[tuple[str, ...]] = Counter()
        for pair in self.kept.values():
            self._number.update(self._traits(pair))

    def counts(self) -> Counter[tuple[Split, bool]]:
        return Counter((pair.split, pair.answerable) for pair in self.kept.values())

    def commonest_opening(self) -> int:
        found = Counter((pair.lang, opening(pair.question)) for pair in self.kept.values())
        return max(found.values(), default=0)

    def limit_twins(self) -> None:
        """At most MOST_PER_TWIN unanswerable pairs of one answerable pair."""
        twins: dict[str, list[Pair]] = defaultdict(list)
        for pair in self.kept.values():
            if pair.twin is not None:
                twins[pair.twin].append(pair)
        for found in twins.values():
            self._drop(found, len(found) - MOST_PER_TWIN, "select.twin")

    def limit_openings(self, most: float, target: TargetSettings) -> None:
        """No opening (of one language) over a share of the set, unless that would cost too many."""
        groups: dict[tuple[str, str], list[Pair]] = defaultdict(list)
        for pair in self.kept.values():
            groups[pair.lang, opening(pair.question)].append(pair)
        sizes = [len(same) for same in groups.values()]
        cap = _cap(sizes, most)
        lost = sum(max(0, size - cap) for size in sizes) + self._lost
        if lost > MOST_LOST_TO_OPENINGS * self._all:
            return
        self._lost = lost
        for _, same in sorted(groups.items()):
            if len(same) > cap:
                self._drop_opening(same, len(same) - cap, target)

    def hold_limits(self, target: TargetSettings) -> None:
        """No more rows with an earlier turn, of a type, kind, language or split than may be."""
        for limit in _limits(target):
            members, others = limit.counted(self.kept.values())
            if len(members) + others and limit.share < 1 and (others or not limit.share):
                most = floor(others * limit.share / (1 - limit.share) + NEAREST)
                self._drop(members, len(members) - most, limit.quota)

    def hold_shares(self, target: TargetSettings) -> None:
        """The share of unanswerable pairs in every split, then the number of pairs in all."""
        shares = {
            split: _balanced(self._labels(split), share_of(split, target)) for split in SPLITS
        }
        for split, (yes, no) in shares.items():
            self._keep(split, yes, no, "select.unanswerable")
        if target.pairs:
            for split, (yes, no) in _within(shares, target).items():
                self._keep(split, yes, no, "select.pairs")

    def _labels(self, split: Split) -> tuple[int, int]:
        counts = self.counts()
        return counts[split, True], counts[split, False]

    def _keep(self, split: Split, yes: int, no: int, quota: str) -> None:
        for answerable, number in ((False, no), (True, yes)):
            found = [
                p for p in self.kept.values() if (p.split, p.answerable) == (split, answerable)
            ]
            self._drop(found, len(found) - number, quota)

    def _drop_opening(self, same: list[Pair], number: int, target: TargetSettings) -> None:
        """Drop pairs of one opening, from all splits alike, in each from the label in excess."""
        sizes = {split: sum(pair.split == split for pair in same) for split in SPLITS}
        for split, fewer in _shared_out(number, sizes).items():
            yes, no = self._labels(split)
            mine = {
                label: [p for p in same if (p.split, p.answerable) == (split, label)]
                for label in (True, False)
            }
            drop = Counter[bool]()
            for _ in range(fewer):
                unanswerable = no - drop[False] > share_of(split, target) * (
                    yes + no - drop.total()
                )
                left = {label for label in mine if drop[label] < len(mine[label])}
                wanted = not unanswerable
                drop[wanted if wanted in left else not wanted] += 1
            for label in (False, True):
                self._drop(mine[label], drop[label], "select.opening")

    def _drop(self, pairs: Sequence[Pair], number: int, quota: str) -> None:
        """Drop a number of pairs, each time the one that the set misses least."""
        evenly = quota == "select.pairs"  # a smaller set bears fewer of each opening
        queue = [(self._worth(pair, evenly), pair.id) for pair in pairs] if number > 0 else []
        heapq.heapify(queue)
        while number > 0 and queue:
            worth, pair_id = heapq.heappop(queue)
            now = self._worth(self.kept[pair_id], evenly)
            if now != worth:  # others were dropped since, so this one is worth more
                heapq.heappush(queue, (now, pair_id))
                continue
            self._number.subtract(self._traits(self.kept.pop(pair_id)))
            self.dropped[pair_id] = quota
            number -= 1

    def _worth(self, pair: Pair, evenly: bool) -> tuple[bool, bool, bool, int, int, int, int, str]:
        """What the set loses with a pair, the least first; only grows while others are dropped.

        evenly: of the openings that are left, the commonest first.
        """
        count = {trait[0]: self._number[trait] for trait in self._traits(pair)}
        return (
            self._number["twin", pair.id] > 0,
            count["document"] == 1,
            count["chunk"] == 1,
            -count["opening"] if evenly else 0,
            -count["kind"],
            -count["rule"],
            -count["chunk"],
            self._chance[pair.id],
        )

    def _traits(self, pair: Pair) -> list[tuple[str, ...]]:
        chunk, document = self._about[pair.id]
        traits: list[tuple[str, ...]] = [
            ("document", document, str(pair.answerable)),
            ("chunk", chunk, str(pair.answerable)),
            ("kind", str(pair.kind)),
            ("rule", pair.type, pair.origin.rule, str(pair.answerable)),
            ("opening", pair.lang, opening(pair.question)),
        ]
        return [*traits, ("twin", pair.twin)] if pair.twin else traits

    def _subject(self, pair: Pair) -> tuple[str, str]:
        """The chunk that a pair, or its twin, is about, and its document (by title)."""
        source = self.kept.get(pair.twin, pair) if pair.twin else pair
        by_role = {passage.role: passage for passage in reversed(source.passages)}
        about = by_role.get("gold") or by_role.get("reduced") or source.passages[0]
        return about.chunk_id, about.title.split(" > ")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    """The largest share that rows of one kind may have.

    of: the property it looks at; name: its value; all_of: the rows that the share is of.
    """

    what: str
    quota: str
    share: float
    of: Callable[[Pair], str]
    name: str
    all_of: Callable[[Pair], bool]

    def counted(self, pairs: Iterable[Pair]) -> tuple[list[Pair], int]:
        """The rows that it limits, and the number of the others."""
        every = [pair for pair in pairs if self.all_of(pair)]
        members = [pair for pair in every if self.of(pair) == self.name]
        return members, len(every) - len(members)


_PROPERTIES: Mapping[Literal["types", "kinds", "languages", "splits"], Callable[[Pair], str]] = {
    "types": lambda pair: pair.type,
    "kinds": lambda pair: pair.kind or "",
    "languages": lambda pair: pair.lang,
    "splits": lambda pair: pair.split,
}


def _limits(target: TargetSettings) -> Iterator[_Limit]:
    yield _Limit(
        what="target.multi_turn",
        quota="select.multi_turn",
        share=target.multi_turn,
        of=lambda pair: "yes" if pair.history else "",
        name="yes",
        all_of=lambda pair: True,
    )
    for setting, of in _PROPERTIES.items():
        for name, share in target.shares(setting).items():
            yield _Limit(
                what=f"target.{setting} {name}",
                quota="select.share",
                share=share,
                of=of,
                name=name,
                all_of=_is_unanswerable if setting == "kinds" else lambda pair: True,
            )


def _is_unanswerable(pair: Pair) -> bool:
    return not pair.answerable


def share_of(split: Split, target: TargetSettings) -> float:
    """The share of unanswerable pairs that is asked for in a split."""
    return target.unanswerable if split == "train" else target.unanswerable_eval


def _balanced(labels: tuple[int, int], share: float) -> tuple[int, int]:
    """The most answerable and unanswerable pairs whose share is right to the nearest row.

    Without any pair of one label there is nothing to balance: all are kept, as a deficit.
    """
    yes, no = labels
    if not share:
        return yes, 0
    if not yes or not no:
        return yes, no
    if no < share * (yes + no):
        return min(yes, floor((no * (1 - share) + NEAREST) / share)), no
    return yes, min(no, floor((yes * share + NEAREST) / (1 - share)))


def _within(
    shares: Mapping[Split, tuple[int, int]], target: TargetSettings
) -> dict[Split, tuple[int, int]]:
    """The labels to keep of every split so that there are at most target.pairs rows in all."""
    sizes = {split: yes + no for split, (yes, no) in shares.items()}
    fewer = _shared_out(max(0, sum(sizes.values()) - target.pairs), sizes)
    kept = {}
    for split, (yes, no) in shares.items():
        size = sizes[split] - fewer[split]
        unanswerable = round(share_of(split, target) * size) if yes else no
        unanswerable = max(size - yes, min(no, unanswerable))
        kept[split] = (size - unanswerable, unanswerable)
    return kept


def _shared_out(number: int, sizes: Mapping[Split, int]) -> dict[Split, int]:
    """number, shared out in proportion to sizes (largest remainder, ties by split)."""
    total = sum(sizes.values())
    exact = {split: number * size / total if total else 0.0 for split, size in sizes.items()}
    shares = {split: floor(value) for split, value in exact.items()}
    by_remainder = sorted(shares, key=lambda split: (shares[split] - exact[split], split))
    for split in by_remainder[: number - sum(shares.values())]:
        shares[split] += 1
    return shares


def _cap(counts: Sequence[int], most: float) -> int:
    """The largest number of one opening that is at most a share of what is left with it.

    With so few openings that none can keep to the share, as near to it as they can come.
    """
    most = max(most, 1 / len(counts)) if counts else most
    low, high = LEAST_PER_OPENING, max(counts, default=0)
    while low < high:  # the numbers that keep to the share are those up to one of them
        middle = (low + high + 1) // 2
        if middle <= most * sum(min(count, middle) for count in counts) + ROUNDING:
            low = middle
        else:
            high = middle - 1
    return low


def _deficits(choice: _Choice, target: TargetSettings, settings: CheckSettings) -> list[Deficit]:
    found = []
    for split in SPLITS:
        yes, no = choice.counts()[split, True], choice.counts()[split, False]
        share = share_of(split, target)
        if yes + no and abs(no - share * (yes + no)) > 1:
            name = "target.unanswerable" if split == "train" else "target.unanswerable_eval"
            found.append(
                Deficit(what=f"{name} in {split}", asked=share, got=round(no / (yes + no), 4))
            )
    found += _missed_shares(choice, target)
    if len(choice.kept) < target.pairs:
        found.append(Deficit(what="target.pairs", asked=target.pairs, got=len(choice.kept)))
    most = choice.commonest_opening()
    if most > max(LEAST_PER_OPENING, settings.max_opening_share * len(choice.kept)):
        share = round(most / len(choice.kept), 4)
        found.append(
            Deficit(what="check.max_opening_share", asked=settings.max_opening_share, got=share)
        )
    return found


def _missed_shares(choice: _Choice, target: TargetSettings) -> Iterator[Deficit]:
    """The shares that the rows stay below by more than a row.

    Without a model nothing has an earlier turn, and nobody expects it.
    """
    by_model = any(pair.origin.writer == "llm" for pair in choice.kept.values())
    for limit in _limits(target):
        members, others = limit.counted(choice.kept.values())
        total = len(members) + others
        known = by_model or limit.quota != "select.multi_turn"
        if total and known and len(members) + 1 < limit.share * total:
            got = round(len(members) / total, 4)
            yield Deficit(what=limit.what, asked=limit.share, got=got)


def _reason(deficit: Deficit, pairs: Sequence[Pair], verdicts: Sequence[Verdict]) -> str:
    """What became of the pairs that could have met a deficit, in numbers."""
    target, _, name = deficit.what.partition(" ")
    of = next((of for n, of in _PROPERTIES.items() if target == f"target.{n}"), None)
    could = {pair.id for pair in pairs if of is None or of(pair) == name}
    if target == "target.multi_turn":
        could = {pair.id for pair in pairs if pair.history}
    if target.startswith("target.unanswerable"):
        split = name.removeprefix("in ")
        could = {pair.id for pair in pairs if not pair.answerable and pair.split == split}
    mine = [verdict for verdict in verdicts if verdict.pair_id in could]
    status = Counter(verdict.status for verdict in mine)
    checks = Counter(
        finding.check
        for verdict in mine
        if verdict.status == "rejected"
        for finding in verdict.findings
        if finding.action == "reject"
    )
    said = f"{len(mine)} written, {status['rejected']} rejected, {status['surplus']} surplus"
    if not checks:
        return said
    check, number = min(checks.items(), key=lambda entry: (-entry[1], entry[0]))
    return f"{said}; most often by {check} ({number})"
