"""Probes: can a model that never reads the context tell answerable from unanswerable rows?

If it can, a trained model can too, and learns to refuse by the look of a row. Two probes, both
logistic regressions under cross-validation: one sees the words of the question, one the shape of
the row (how many passages, how long). 0.5 is chance; above LIMIT the set betrays its label.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from builder.check.questions import opening
from builder.records import Pair, make_id
from builder.text import words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Integers = NDArray[np.int64]

LIMIT = 0.60  # balanced accuracy that no probe may exceed
FOLDS = 5
RARE = 2  # questions that must hold a word: one that stands in a single row carries over to none
BINS = 10  # equal parts that a length is cut into
STEPS = 80  # of Nesterov's accelerated gradient, about where the held-out accuracy stops moving
TELLING = 3  # features that a probe names, for each label


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one probe reached.

    name: "question" (its words) or "shape" (number and length of passages, length of the question).
    n, unanswerable: rows looked at, and how many of them are unanswerable.
    balanced_accuracy: mean recall of both labels in cross-validation; low, high: its 95 % interval.
    telling: the features that speak most for an unanswerable row.
    """

    name: str
    n: int
    unanswerable: int
    balanced_accuracy: float
    low: float
    high: float
    limit: float = LIMIT
    telling: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """At most the limit, or so few rows that it may be chance."""
        return self.balanced_accuracy <= self.limit or self.low <= 0.5


def probes(pairs: Sequence[Pair]) -> list[Probe]:
    """Both probes; none when a label has fewer than FOLDS twin groups.

    A pair and its twin stay in one fold: else a question that was learnt with one label would be
    met again with the other. Deterministic; 20,000 pairs take a few seconds.
    """
    ordered = sorted(pairs, key=lambda pair: pair.id)
    labels = [not pair.answerable for pair in ordered]
    folds = _folds(ordered)
    if folds is None:
        return []
    features = {
        "question": [_question(pair) for pair in ordered],
        "shape": _shapes(ordered),
    }
    return [_probe(name, found, labels, folds) for name, found in features.items()]


def _folds(pairs: Sequence[Pair]) -> list[int] | None:
    """The fold of every pair: twin groups shared out evenly, those with an unanswerable first."""
    group_of = [pair.twin or pair.id for pair in pairs]
    mixed = {group for group, pair in zip(group_of, pairs, strict=True) if not pair.answerable}
    plain = {group for group, pair in zip(group_of, pairs, strict=True) if pair.answerable}
    if min(len(mixed), len(plain)) < FOLDS:
        return None
    order = sorted(mixed | plain, key=lambda group: (group not in mixed, make_id("fold", group)))
    fold = {group: number % FOLDS for number, group in enumerate(order)}
    return [fold[group] for group in group_of]


def _question(pair: Pair) -> frozenset[str]:
    return frozenset([*words(pair.question), f"{opening(pair.question)} ..."])


def _shapes(pairs: Sequence[Pair]) -> list[frozenset[str]]:
    """The shape of every pair as features: the exact number of passages, lengths in deciles."""
    measured = {
        "context": [sum(len(p.text) for p in pair.passages) for pair in pairs],
        "longest passage": [max(len(p.text) for p in pair.passages) for pair in pairs],
        "shortest passage": [min(len(p.text) for p in pair.passages) for pair in pairs],
        "question": [len(pair.question) for pair in pairs],
    }
    features = [{f"{len(pair.passages)} passages"} for pair in pairs]
    for name, lengths in measured.items():
        edges = _edges(lengths)
        for found, length in zip(features, lengths, strict=True):
            part = bisect_right(edges, length)
            found.add(f"{name}: {part + 1}. tenth")
    return [frozenset(found) for found in features]


def _edges(lengths: Sequence[int]) -> list[int]:
    ordered = sorted(lengths)
    return sorted({ordered[len(ordered) * part // BINS] for part in range(1, BINS)})


@dataclass(frozen=True, slots=True)
class _Matrix:
    """Rows of features, each row scaled to length 1: entry k is value[k] at row[k], column[k]."""

    row: Integers
    column: Integers
    value: Numbers
    n_rows: int
    n_columns: int

    def times(self, weights: Numbers) -> Numbers:
        import numpy as np

        scaled = self.value * weights[self.column]
        return np.bincount(self.row, scaled, self.n_rows).astype(np.float64)

    def transposed_times(self, residuals: Numbers) -> Numbers:
        import numpy as np

        scaled = self.value * residuals[self.row]
        return np.bincount(self.column, scaled, self.n_columns).astype(np.float64)


def _probe(
    name: str, features: Sequence[frozenset[str]], labels: Sequence[bool], folds: Sequence[int]
) -> Probe:
    import numpy as np

    columns = _columns(features)
    matrix = _matrix(features, columns)
    truth, fold = np.array(labels), np.array(folds)
    guessed = np.zeros(len(truth), dtype=bool)
    for number in range(FOLDS):
        weights = _fit(matrix, truth, fold != number)
        guessed[fold == number] = (matrix.times(weights) > 0)[fold == number]
    recalls = [float(np.mean(guessed[truth == label] == label)) for label in (True, False)]
    counts = [int(np.sum(truth == label)) for label in (True, False)]
    accuracy = sum(recalls) / 2
    margin = 0.98 * sqrt(sum(r * (1 - r) / n for r, n in zip(recalls, counts, strict=True)))
    everything = _fit(matrix, truth, fold >= 0)[:-1]
    best = np.lexsort((np.arange(len(columns)), -everything))[:TELLING]
    names = list(columns)
    return Probe(
        name=name,
        n=len(labels),
        unanswerable=counts[0],
        balanced_accuracy=round(accuracy, 4),
        low=round(max(0.0, accuracy - margin), 4),
        high=round(min(1.0, accuracy + margin), 4),
        telling=tuple(names[number] for number in best if everything[number] > 0),
    )


def _columns(features: Sequence[frozenset[str]]) -> dict[str, int]:
    counts = Counter(feature for found in features for feature in found)
    return {
        feature: number
        for number, feature in enumerate(sorted(f for f, n in counts.items() if n >= RARE))
    }


def _matrix(features: Sequence[frozenset[str]], columns: Mapping[str, int]) -> _Matrix:
    """One entry per known feature and one for the bias (the last column)."""
    import numpy as np

    known = [
        [*sorted(columns[f] for f in found if f in columns), len(columns)] for found in features
    ]
    sizes = np.array([len(found) for found in known])
    return _Matrix(
        np.repeat(np.arange(len(known)), sizes),
        np.array([number for found in known for number in found], dtype=np.int64),
        np.repeat(1 / np.sqrt(sizes), sizes),
        len(known),
        len(columns) + 1,
    )


def _fit(matrix: _Matrix, truth: NDArray[np.bool_], used: NDArray[np.bool_]) -> Numbers:
    """Weights of a logistic regression in which both labels weigh the same.

    Ridge penalty 1/n; rows have length 1, so the gradient's Lipschitz constant is below 1/4 times
    the largest row weight (Nesterov 1983).
    """
    import numpy as np

    sign = np.where(truth, 1.0, -1.0)
    share = np.where(truth, np.sum(truth & used), np.sum(~truth & used))
    importance = np.where(used, 0.5 / np.maximum(share, 1), 0.0)
    penalty = 1 / max(1, int(np.sum(used)))
    step = 1 / (0.25 + penalty)
    weights = previous = np.zeros(matrix.n_columns)
    for number in range(STEPS):
        ahead = weights + number / (number + 3) * (weights - previous)
        pull = importance * sign / (1 + np.exp(sign * matrix.times(ahead)))
        previous, weights = (
            weights,
            ahead + step * (matrix.transposed_times(pull) - penalty * ahead),
        )
    return weights
