"""Look at the pairs of a run: which were accepted, which were not, and why.

    found = select(folder, Wanted(status="rejected", reason="grounding"), limit=5)
    text(folder, found, width=80, styled=True)      or json_lines(...), or csv(...)

Text of documents is data: nothing in it steers a terminal, is markup or becomes a formula.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache, cached_property
from heapq import nsmallest
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from builder.check import CHECKS, SET_CHECKS
from builder.check.select import QUOTAS
from builder.errors import RunError, SettingsError
from builder.pipeline import SPLITS
from builder.records import Assignment, Pair, Verdict, make_id, to_json
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
FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")  # what makes a cell one; the wide forms too
NAMED = 12  # values that a hint names
BATCH = 1000  # rows of CSV made at a time
LABEL = 10  # columns for the names of fields
REASONS = (*CHECKS, *SET_CHECKS, *QUOTAS)
INDENT = 4  # columns before the text of a passage
LEAST_WIDTH = 20  # columns that text gets on the narrowest terminal
NEAR = 1  # lines beside a marked one in a brief view


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

    total: how many match; first: the number among them of the first one shown, from 1.
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
    asked = {name: value for name in _FILTERS if (value := getattr(wanted, name))}
    known: dict[str, Counter[str]] = {name: Counter() for name in asked}
    ids = []
    for pair in run.pairs():
        verdict = run.verdicts[pair.id]
        values = {name: _FILTERS[name].values(pair, verdict, run.place(pair)) for name in asked}
        for name, found in values.items():
            known[name].update(found)
        if verdict.status in STATUSES[wanted.status] and all(
            _FILTERS[name].fits(value, values[name]) for name, value in asked.items()
        ):
            ids += [pair.id] if _holds(pair, wanted.grep) else []
    _assert_known(asked, known)
    if sample is not None:
        drawn = set(nsmallest(sample, ids, key=lambda one: make_id(str(seed), one, "inspect")))
        shown = tuple(one for one in ids if one in drawn)
        return Found(ids=shown, total=len(shown), grep=wanted.grep)
    start = _start(len(ids), limit, page)
    shown = tuple(ids[start : start + limit if limit else None])
    return Found(ids=shown, total=len(ids), first=start + 1, grep=wanted.grep)


def text(
    folder: Path, found: Found, *, width: int | None, styled: bool, brief: bool = False
) -> str:
    """The pairs for reading: evidence and offending words in colour, or in [[...]] if not styled.

    width: columns to wrap at; None leaves lines as long as they are.
    brief: of the passages only the lines with a mark and those beside them.
    """
    run = _Run(folder)
    entries = list(run.entries(found.ids))
    twins = run.twins(entries)
    view = _View(width=width, styled=styled, brief=brief, grep=found.grep)
    for number, entry in enumerate(entries, found.first):
        view.add(f"{number} of {found.total}", entry, twins.get(entry.pair.twin or ""))
    return view.rendered()


def json_lines(folder: Path, found: Found) -> Iterator[str]:
    """One line of JSON for each pair: the pair, its verdict, its source and the row's messages."""
    run = _Run(folder)
    messages = _Messages(run, set(found.ids))
    for entry in run.entries(found.ids):
        row = _record(entry) | {"messages": messages.of(entry.pair.id)}
        yield _UNSEEN.sub(_escaped, json.dumps(row, ensure_ascii=False)) + "\n"


def csv(folder: Path, found: Found) -> Iterator[str]:
    """CSV with a header, one row for each pair, some rows at a time.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    import pandas as pd

    entries = _Run(folder).entries(found.ids)
    batch, header = list(islice(entries, BATCH)), True
    while batch or header:
        frame = pd.DataFrame([_row(entry) for entry in batch], columns=_COLUMNS)
        yield frame.map(_cell).to_csv(index=False, header=header, lineterminator="\n")
        batch, header = list(islice(entries, BATCH)), False


# The files of a run


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
class _Meta:
    id: str


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
        self.manifest = read_manifest(folder)
        self.done = finished(folder, self.manifest)
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
        """What there is of the pairs with these ids, in the order of the run."""
        left = set(ids)
        for pair in self.pairs() if left else ():
            if pair.id in left:
                left.remove(pair.id)
                place = self.place(pair)
                verdict, group = self.verdicts[pair.id], self._groups[place.id]
                yield _Entry(pair=pair, verdict=verdict, place=place, group=group)
            if not left:
                return

    def twins(self, entries: Iterable[_Entry]) -> dict[str, Pair]:
        ids = {entry.pair.twin for entry in entries} - {None}
        return {pair.id: pair for pair in self.pairs() if pair.id in ids} if ids else {}


class _Messages:
    """The messages of exported rows, found by pair id and read when they are asked for."""

    def __init__(self, run: _Run, ids: set[str]) -> None:
        self._at: dict[str, tuple[Path, int]] = {}
        if "export" not in run.done:
            return
        written = run.manifest["stages"]["export"]["files"]
        for name in SPLITS:
            if f"{name}.jsonl" in written:
                metas = read_records(run.folder / f"{name}.meta.jsonl", _Meta)
                self._note(run.folder / f"{name}.jsonl", (meta.id for meta in metas), ids)
        rejected = run.folder / "rejected.jsonl"
        self._note(rejected, (meta.id for meta in read_records(rejected, _Meta)), ids)

    def of(self, pair_id: str) -> list[Json] | None:
        """None when the run is not exported."""
        if pair_id not in self._at:
            return None
        file, offset = self._at[pair_id]
        with file.open("rb") as data:
            data.seek(offset)
            messages: list[Json] = json.loads(data.readline())["messages"]
        return messages

    def _note(self, file: Path, ids_of_lines: Iterable[str], wanted: set[str]) -> None:
        offset = 0
        with file.open("rb") as lines:
            for line, pair_id in zip(lines, ids_of_lines, strict=True):
                if pair_id in wanted:
                    self._at[pair_id] = file, offset
                offset += len(line)


# Filters


@dataclass(frozen=True, slots=True)
class _Filter:
    """values: what a pair has of one property; test: whether one of them is meant."""

    values: Callable[[Pair, Verdict, _Place], Sequence[str]]
    test: Callable[[str, str], bool] = str.__eq__
    always: Sequence[str] = ()  # values that are no mistake where no pair has them

    def fits(self, wanted: str, values: Iterable[str]) -> bool:
        return any(self.test(wanted, value) for value in values)


def _is_beginning(wanted: str, value: str) -> bool:
    return value.startswith(wanted)


def _is_path(wanted: str, path: str) -> bool:
    """A glob on the whole path or on its end, or the name of a folder in it."""
    patterns = (f"*/{wanted}", f"*/{wanted.rstrip('/')}/*")
    return any(fnmatchcase(f"/{path}", pattern) for pattern in patterns)


def _kinds(pair: Pair, _verdict: Verdict, _place: _Place) -> Sequence[str]:
    return ("answerable",) if pair.answerable else (pair.kind or "", "unanswerable")


_FILTERS: Mapping[str, _Filter] = {
    "reason": _Filter(
        lambda _p, verdict, _c: [f.check for f in verdict.findings], _is_beginning, REASONS
    ),
    "kind": _Filter(_kinds, always=("answerable", "unanswerable")),
    "type": _Filter(lambda pair, _v, _c: (pair.type,)),
    "source": _Filter(lambda _p, _v, place: (place.path,), _is_path),
    "split": _Filter(lambda pair, _v, _c: (pair.split,), always=SPLITS),
    "id": _Filter(lambda pair, _v, _c: (pair.id,), _is_beginning),
    "lang": _Filter(lambda pair, _v, _c: (pair.lang,)),
}


def _holds(pair: Pair, grep: str) -> bool:
    said = (pair.question, pair.answer, *(part.text for part in pair.passages))
    return not grep or any(fold(grep) in fold(one) for one in said)


def _assert_known(asked: Mapping[str, str], known: Mapping[str, Counter[str]]) -> None:
    """Raise SettingsError for a value that no pair of the run has, whatever its status."""
    for name, value in asked.items():
        possible = [*known[name], *_FILTERS[name].always]
        if possible and not _FILTERS[name].fits(value, possible):
            raise SettingsError(
                f"--{name} {value}: no pair has it", _hint(name, value, known[name])
            )


def _hint(name: str, value: str, known: Counter[str]) -> str:
    if name == "id":
        return "The ids stand in *.meta.jsonl and rejected.jsonl; a beginning is enough."
    possible = [*known, *_FILTERS[name].always]
    close = get_close_matches(value, possible, n=1, cutoff=0.6)
    guess = f"Did you mean {close[0]!r}? " if close else ""
    named = ", ".join(f"{one} ({count})" for one, count in known.most_common(NAMED))
    return f"{guess}This run has: {named}{', ...' if len(known) > NAMED else ''}"


def _start(total: int, limit: int | None, page: int) -> int:
    pages = max(1, -(-total // limit)) if limit else 1
    if page > pages:
        raise SettingsError(f"--page {page}: there is none", f"The last one is --page {pages}.")
    return (page - 1) * limit if limit else 0


# For programs

_UNSEEN = re.compile(r"[\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_COLUMNS = [
    "id", "status", "split", "type", "answerable", "kind", "behaviour", "lang", "question",
    "answer", "evidence", "reasons", "source", "heading_path", "n_passages", "twin", "writer",
    "rule", "model", "context",
]  # fmt: skip


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _record(entry: _Entry) -> Json:
    pair, verdict, place = entry.pair, entry.verdict, entry.place
    return {
        "id": pair.id,
        "status": verdict.status,
        "reasons": to_json(verdict)["findings"],
        "source": place.path,
        "heading_path": list(place.heading_path),
        "group": entry.group,
        **{name: value for name, value in to_json(pair).items() if name != "id"},
    }


def _row(entry: _Entry) -> Json:
    pair = entry.pair
    parts = enumerate(pair.passages, 1)
    return {
        **{name: getattr(pair, name) for name in _COLUMNS if hasattr(pair, name)},
        "status": entry.verdict.status,
        "kind": pair.kind or "",
        "twin": pair.twin or "",
        "evidence": "\n".join(evidence.quote for evidence in pair.evidence),
        "reasons": "\n".join(_reasons(entry.verdict)),
        "source": entry.place.path,
        "heading_path": " > ".join(entry.place.heading_path),
        "n_passages": len(pair.passages),
        "writer": pair.origin.writer,
        "rule": pair.origin.rule,
        "model": pair.origin.model,
        "context": "\n\n".join(f"[{n}] {p.role}: {p.title}\n{p.text}" for n, p in parts),
    }


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    risky = value.lstrip().startswith(FORMULA) or value[:1] in ("\t", "\r", "\n")
    return "'" * risky + plain(value, lines=True)


# For reading

_EVIDENCE, _OFFENDING, _GREP = "bold green", "bold red", "bold yellow"


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    style: str


class _View:
    """The lines of pairs, wrapped at width, with the marked words styled or in [[...]]."""

    def __init__(self, *, width: int | None, styled: bool, brief: bool, grep: str) -> None:
        self._width = width
        self._brief = brief
        self._styled = styled
        self._grep = grep
        self._lines: list[Text] = []

    def add(self, number: str, entry: _Entry, twin: Pair | None) -> None:
        """Show one pair."""
        pair, verdict = entry.pair, entry.verdict
        words = [word for finding in verdict.findings for word in finding.spans]
        said: list[tuple[str, str]] = [(turn.role, turn.content) for turn in pair.history]
        said += [("question", pair.question), ("answer", pair.answer)]
        self._head(f"{number}  {pair.id}  {verdict.status}  {pair.split}", "reverse")
        for label, text_ in said:
            self._put(label, text_, _marks(text_, words, _OFFENDING))
        for label, text_ in _facts(entry, twin):
            self._put(label, text_)
        found = {word for word in words for _, text_ in said if _marks(text_, [word], "")}
        for position, part in enumerate(pair.passages):
            self._head(f"[{position + 1}] {part.role}: {part.title}", "bold")
            marks = [
                _Mark(e.start, e.end, _EVIDENCE) for e in pair.evidence if e.passage == position
            ]
            marks += _marks(part.text, [word for word in words if word not in found], _OFFENDING)
            self._put("", part.text, marks, indent=INDENT)
        self._lines += [_styled("")]

    def rendered(self) -> str:
        """All lines as one text."""
        from rich.console import Console

        said = StringIO()
        console = Console(
            file=said,
            force_terminal=self._styled,
            color_system="standard" if self._styled else None,
            highlight=False,
        )
        for line in self._lines:
            console.print(line, soft_wrap=True)
        return said.getvalue()

    def _head(self, text_: str, style: str) -> None:
        if style == "bold" and not self._brief:
            self._lines.append(_styled(""))
        self._lines.append(_styled(plain(text_), style))

    def _put(
        self, label: str, text_: str, marks: Sequence[_Mark] = (), *, indent: int = LABEL
    ) -> None:
        """Text with a label before its first line, indented and wrapped."""
        body = self._marked(text_, [*marks, *_marks(text_, [self._grep], _GREP)])
        lines: Sequence[Text] = list(body.split("\n", allow_blank=True))
        if self._brief and not label:
            lines = _near_marks([line for line in lines if line.plain.strip()])
        if self._width:
            room = max(LEAST_WIDTH, self._width - indent)
            lines = [part for line in lines for part in line.wrap(_console(), room)]
        for number, line in enumerate(lines):
            start = f"{label if not number else '':<{indent}}" if line or not number else ""
            self._lines.append(_styled("").append(start, "dim").append_text(line))

    def _marked(self, text_: str, marks: Sequence[_Mark]) -> Text:
        found, at = _styled(""), 0
        for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
            if mark.start < at:
                continue  # inside another mark
            found.append(plain(text_[at : mark.start], lines=True))
            words = plain(text_[mark.start : mark.end], lines=True)
            found.append(words if self._styled else f"[[{words}]]", mark.style)
            at = mark.end
        return found.append(plain(text_[at:], lines=True))


def _near_marks(lines: Sequence[Text]) -> list[Text]:
    """The lines with a mark and their neighbours, "..." for others; nothing without a mark."""
    marked = [number for number, line in enumerate(lines) if line.spans]
    if not marked:
        return []
    found: list[Text] = []
    left_out = False
    for number, line in enumerate(lines):
        if any(abs(number - other) <= NEAR for other in marked):
            found += [_styled("..."), line] if left_out else [line]
            left_out = False
        else:
            left_out = True
    return [*found, _styled("...")] if left_out else found


def _styled(text_: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(text_, style=style)


@cache
def _console() -> Console:
    """What rich wants to know the width of characters from."""
    from rich.console import Console

    return Console()


def _marks(text_: str, words: Iterable[str], style: str) -> list[_Mark]:
    """Where whole words stand in text; a secret is named by its beginning ("sk-ab...")."""
    found = []
    for word in filter(None, words):
        start = r"(?<!\w)" if word[0].isalnum() else ""
        end = r"(?!\w)" if word[-1].isalnum() else ""
        pattern = f"{start}{re.escape(word.removesuffix('...'))}{end}"
        found += [
            _Mark(*match.span(), style) for match in re.finditer(pattern, text_, re.IGNORECASE)
        ]
    return found


def _facts(entry: _Entry, twin: Pair | None) -> Iterator[tuple[str, str]]:
    pair, origin = entry.pair, entry.pair.origin
    yield "kind", ", ".join([pair.kind or "answerable", pair.behaviour, pair.type, pair.lang])
    yield "rule", f"{origin.rule} ({origin.model or origin.writer})"
    if pair.edit:
        yield "edit", " -> ".join(pair.edit)
    if twin:
        yield "twin", f"{twin.id}: {twin.answer}"
    yield "source", f"{entry.place.path}\n{' > '.join(entry.place.heading_path)}"
    if entry.verdict.findings:
        yield "reasons", "\n".join(_reasons(entry.verdict))


def _reasons(verdict: Verdict) -> list[str]:
    """What each check said, with what it measured."""
    found = []
    for finding in verdict.findings:
        spans = f": {', '.join(finding.spans)}" if finding.spans else ""
        limit = "" if finding.threshold is None else f", limit {finding.threshold:.3g}"
        score = "" if finding.score is None else f" (score {finding.score:.3g}{limit})"
        only = finding.action == "flag" and not finding.check.startswith("select.")
        found.append(f"{finding.check}: {finding.message}{spans}{score}{' [flag]' * only}")
    return found
