"""Look at the pairs of a run: which were accepted, which were not, and why.

    found = select(folder, Wanted(status="rejected", reason="grounding"), limit=5)
    text(folder, found, width=80, styled=True)      or json_lines(...), or csv(...)

Text of documents is data: nothing in it steers a terminal, is markup or becomes a formula.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cached_property
from heapq import nsmallest
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from builder.errors import RunError, SettingsError
from builder.pipeline import SPLITS
from builder.records import Finding, Pair, Verdict, make_id, to_json
from builder.store import finished, read_manifest, read_records
from builder.text import fold, plain

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Json = dict[str, Any]  # plain JSON
Status = Literal["accepted", "rejected", "surplus", "any"]

STATUSES: Mapping[Status, frozenset[str]] = {
    "accepted": frozenset({"accepted"}),
    "rejected": frozenset({"rejected", "surplus"}),
    "surplus": frozenset({"surplus"}),
    "any": frozenset({"accepted", "rejected", "surplus"}),
}
FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")  # what makes a cell one, the wide forms too
NAMED = 12  # values that a hint names
BATCH = 1000  # rows of CSV made at a time
LABEL = 10  # columns of the names of fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which pairs to show; an empty field asks for nothing.

    status: "rejected" is every pair that is not in the dataset, surplus included.
    reason: name of a check, or its beginning ("grounding").
    kind:   of an unanswerable pair, or "answerable" or "unanswerable".
    source: glob on the path of the document that the pair was written from, or on its end.
    id:     of the pair, or its beginning.
    grep:   words in the question, the answer or a passage; case does not matter.
    """

    status: Status = "accepted"
    reason: str = ""
    kind: str = ""
    type: str = ""
    source: str = ""
    split: str = ""
    id: str = ""
    lang: str = ""
    grep: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The pairs to show, in the order of the run.

    total: how many match; first: number of the first one shown among them, from 1.
    """

    ids: tuple[str, ...]
    total: int
    first: int = 1
    grep: str = ""


def select(
    folder: Path,
    wanted: Wanted,
    *,
    limit: int | None = None,
    page: int = 1,
    sample: int | None = None,
    seed: int = 0,
) -> Found:
    """The pairs that match: one page of `limit` (None: all), or `sample` of them by chance.

    Raises RunError when the run is not checked yet, SettingsError when no pair of the run has a
    value that is asked for, or when there is no such page.
    """
    run = _Run(folder)
    known: dict[str, Counter[str]] = {name: Counter() for name in _FIELDS}
    ids = []
    for pair in run.pairs():
        values = run.values(pair)
        for name, found in values.items():
            known[name].update(found)
        if run.verdicts[pair.id].status in STATUSES[wanted.status] and _fits(wanted, values, pair):
            ids.append(pair.id)
    _assert_known(wanted, known)
    total = len(ids)
    if sample is not None:
        drawn = set(nsmallest(sample, ids, key=lambda one: make_id(str(seed), one, "inspect")))
        return Found(ids=tuple(i for i in ids if i in drawn), total=total, grep=wanted.grep)
    limit = limit or max(1, total)
    pages = max(1, -(-total // limit))
    if page > pages:
        raise SettingsError(f"there is no page {page}", f"The last one is --page {pages}.")
    start = (page - 1) * limit
    shown = tuple(ids[start : start + limit])
    return Found(ids=shown, total=total, first=start + 1, grep=wanted.grep)


def text(folder: Path, found: Found, *, width: int | None, styled: bool) -> str:
    """The pairs for reading: evidence and offending words in colour, or in [[...]] if not styled.

    width: columns to wrap at; None leaves lines as long as they are.
    """
    run = _Run(folder)
    entries = list(run.entries(found.ids))
    twins = run.twins(entries)
    view = _View(width=width, styled=styled, grep=found.grep)
    for number, entry in enumerate(entries, found.first):
        view.add(f"{number} of {found.total}", entry, twins.get(entry.pair.twin or ""))
    return view.rendered()


def json_lines(folder: Path, found: Found) -> Iterator[str]:
    """One line of JSON for each pair: the pair, its verdict, its source and the row's messages."""
    run = _Run(folder)
    messages = _Messages(run)
    for entry in run.entries(found.ids):
        row = _record(entry) | {"messages": messages.of(entry.pair.id)}
        yield _UNPRINTABLE.sub(_escaped, json.dumps(row, ensure_ascii=False)) + "\n"


def csv(folder: Path, found: Found) -> Iterator[str]:
    """CSV with a header, one row for each pair, some rows at a time.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    import pandas as pd

    entries = _Run(folder).entries(found.ids)
    batch = list(islice(entries, BATCH))
    header = True
    while batch or header:
        frame = pd.DataFrame([_row(entry) for entry in batch], columns=_COLUMNS)
        yield frame.map(_cell).to_csv(index=False, header=header, lineterminator="\n")
        batch, header = list(islice(entries, BATCH)), False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    id: str
    path: str
    heading_path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sketch:
    id: str
    chunk_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A pair with its verdict and the chunk that it was written from."""

    pair: Pair
    verdict: Verdict
    place: _Place
    group: str


class _Run:
    """The files of a checked run; pairs are read one by one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.done = finished(folder, read_manifest(folder))
        if "check" not in self.done:
            raise RunError(
                f"{folder}: its pairs are not checked yet",
                "Run the same build command again: it goes on where it stopped.",
            )

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        return {v.pair_id: v for v in read_records(self.folder / "verdicts.jsonl", Verdict)}

    @cached_property
    def _places(self) -> dict[str, _Place]:
        return {place.id: place for place in read_records(self.folder / "chunks.jsonl", _Place)}

    @cached_property
    def _chunk_of(self) -> dict[str, str]:
        """Draft id -> the first chunk that it was written from."""
        sketches = read_records(self.folder / "drafts.jsonl", _Sketch)
        return {sketch.id: sketch.chunk_ids[0] for sketch in sketches}

    @cached_property
    def _groups(self) -> dict[str, str]:
        splits = read_records(self.folder / "splits.jsonl", Assignment)
        return {assignment.chunk_id: assignment.group for assignment in splits}

    def pairs(self) -> Iterator[Pair]:
        return read_records(self.folder / "pairs.jsonl", Pair)

    def place(self, pair: Pair) -> _Place:
        return self._places[self._chunk_of[pair.draft_id]]

    def entries(self, ids: Sequence[str]) -> Iterator[_Entry]:
        """What there is of the pairs of these ids, in the order of the run."""
        left = set(ids)
        for pair in self.pairs() if left else ():
            if pair.id in left:
                left.remove(pair.id)
                place = self.place(pair)
                yield _Entry(
                    pair=pair,
                    verdict=self.verdicts[pair.id],
                    place=place,
                    group=self._groups[place.id],
                )
            if not left:
                return

    def twins(self, entries: Sequence[_Entry]) -> dict[str, Pair]:
        ids = {entry.pair.twin for entry in entries} - {None}
        return {pair.id: pair for pair in self.pairs() if pair.id in ids} if ids else {}


def _values(pair: Pair, verdict: Verdict, place: _Place) -> dict[str, tuple[str, ...]]:
    """What the filters look at; `_fits` takes any of the values."""
    return {
        "reason": tuple(finding.check for finding in verdict.findings),
        "kind": (pair.kind or "answerable",) if pair.answerable else (pair.kind or "", UNANSWERABLE),
        "type": (pair.type,),
        "source": (place.path,),
        "split": (pair.split,),
        "id": (pair.id,),
        "lang": (pair.lang,),
    }


def _is_beginning(wanted: str, value: str) -> bool:
    return value.startswith(wanted)


def _is_path(wanted: str, path: str) -> bool:
    """A glob on the whole path, on its end, or a folder in it."""
    return any(
        fnmatchcase(f"/{path}", pattern)
        for pattern in (f"/{wanted}", f"*/{wanted}", f"*/{wanted.strip('/')}/*")
    )


_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "reason": _is_beginning,
    "id": _is_beginning,
    "source": _is_path,
}


def _fit(name: str, wanted: str, values: Iterable[str]) -> bool:
    test = _TESTS.get(name, str.__eq__)
    return any(test(wanted, value) for value in values)


def _holds(pair: Pair, grep: str) -> bool:
    texts = (pair.question, pair.answer, *(part.text for part in pair.passages))
    return any(fold(grep) in fold(said) for said in texts)


def _assert_known(asked: Mapping[str, str], known: Mapping[str, Counter[str]]) -> None:
    """Raise SettingsError for a value that no pair of the run has, whatever its status."""
    for name, value in asked.items():
        values = known[name]
        if values and not _fit(name, value, values):
            raise SettingsError(f"--{name} {value}: no pair of this run has it", _hint(value, values))


def _hint(value: str, known: Counter[str]) -> str:
    close = get_close_matches(value, known, n=1, cutoff=0.6)
    named = [f"{name} ({count})" for name, count in known.most_common(NAMED)]
    more = ", ..." if len(known) > NAMED else ""
    guess = f"Did you mean {close[0]!r}? " if close else ""
    return f"{guess}Known: {', '.join(named)}{more}."
