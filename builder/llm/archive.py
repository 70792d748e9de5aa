"""What a file of remembered replies holds, thinned out, or carried elsewhere as lines of JSON.

A line holds one reply with all that `get` recalls of it, and its key was made from all that decides
the reply. So a build finds every reply it needs in a file that the lines were taken into, and sends
nothing.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from builder.errors import RunError
from builder.llm.outcomes import CLASSES
from builder.llm.replies import APPLICATION, NOW, VERSION, Replies, connected_to_read

FAILED = "failed"  # stands for every reason but ""
USABLE = "usable"  # stands for the reason ""
LONGEST_LINE = 8_000_000  # bytes of a line that is read
MOST_TOKENS = 2**53
TOGETHER = 500  # lines that are committed at once

_TEXTS = ("key", "reason", "detail", "text", "finish_reason", "model", "endpoint", "at")
_NUMBERS = ("prompt_tokens", "completion_tokens", "cached_tokens", "attempts")
_KEY = re.compile(r"[0-9a-f]{16}")
_AT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_COLUMNS = ", ".join((*_TEXTS, *_NUMBERS))
# Of two failures the one that is there stays; a usable reply is never replaced.
_TAKE = f"""
INSERT INTO replies ({_COLUMNS}) VALUES ({", ".join(f":{name}" for name in (*_TEXTS, *_NUMBERS))})
ON CONFLICT (key) DO UPDATE SET
    {", ".join(f"{name} = excluded.{name}" for name in (*_TEXTS[1:], *_NUMBERS))}
WHERE replies.reason <> '' AND excluded.reason = ''
"""  # noqa: S608  # names of ours

_Line = dict[str, Any]  # a reply as JSON: texts and numbers by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which replies are meant: those that all of these hold for; the default means every one.

    reasons:   codes, FAILED or USABLE; models: names.
    unused_d:  neither made nor asked for within so many days.
    asked_by:  ids of runs, one of which has asked for it; not_asked_by: none of which has.
    """

    reasons: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    unused_d: float | None = None
    asked_by: tuple[str, ...] = ()
    not_asked_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Replies of one model, endpoint and reason ("" for usable ones), with times in UTC."""

    model: str
    endpoint: str
    reason: str
    replies: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    oldest: str
    newest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """HTTP requests of one class, as in outcomes.py; latency_s: their mean."""

    kind: str
    attempts: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    latency_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One build: requests that it asked for, and how many of them were remembered."""

    run: str
    at: str
    asked: int
    remembered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a file of replies holds; n_bytes: on disk."""

    n_bytes: int
    groups: tuple[Group, ...]
    attempts: tuple[Tally, ...]
    uses: tuple[Use, ...]


@dataclass(slots=True)
class Taken:
    """What came of lines that were read: counts, and each that was refused as (number, why).

    new: not there before; better: in the place of a failure; known: there already, and left alone.
    """

    new: int = 0
    better: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def summary(replies: Replies) -> Summary:
    """Count what is there; builds in the order in which they began."""
    groups = """
        SELECT model, endpoint, reason, count(*) AS replies, sum(prompt_tokens) AS prompt_tokens,
               sum(completion_tokens) AS completion_tokens, sum(cached_tokens) AS cached_tokens,
               min(at) AS oldest, max(at) AS newest
        FROM replies GROUP BY model, endpoint, reason ORDER BY model, endpoint, reason
    """
    tallies = """
        SELECT kind, count(*) AS attempts, sum(prompt_tokens) AS prompt_tokens,
               sum(completion_tokens) AS completion_tokens, sum(cached_tokens) AS cached_tokens,
               avg(latency_s) AS latency_s
        FROM attempts GROUP BY kind ORDER BY kind
    """
    uses = "SELECT run, at, asked, remembered FROM uses ORDER BY id"
    with replies.transaction() as database:
        return Summary(
            n_bytes=size_of(replies),
            groups=tuple(Group(**row) for row in _rows(database, groups)),
            attempts=tuple(Tally(**row) for row in _rows(database, tallies)),
            uses=tuple(Use(**row) for row in _rows(database, uses)),
        )


def size_of(replies: Replies) -> int:
    """Bytes of a file of replies with what SQLite keeps beside it."""
    path = replies.path
    beside = (path.with_name(path.name + end) for end in ("", "-wal"))
    return sum(file.stat().st_size for file in beside if file.exists())


def exported(replies: Replies, wanted: Wanted) -> Iterator[Mapping[str, Any]]:  # as _Line
    """Every reply that is meant, by key: the same lines from the same replies."""
    where, values = _where(wanted)
    return replies.each(f"SELECT {_COLUMNS} FROM replies {where} ORDER BY key", values)  # noqa: S608  # ours


def pruned(replies: Replies, wanted: Wanted, *, dry: bool) -> Mapping[str, int]:
    """Forget the replies that are meant, and give the space back; returns their number by reason.

    What was paid stays on record: of their attempts only the texts go. dry: only count.
    """
    where, values = _where(wanted)
    with replies.transaction() as database:
        rows = database.execute(
            f"SELECT reason, count(*) FROM replies {where} GROUP BY reason ORDER BY reason",  # noqa: S608  # ours
            values,
        ).fetchall()
        if not dry:
            database.execute(f"DELETE FROM replies {where}", values)  # noqa: S608  # ours
            for statement in (
                "UPDATE attempts SET text = '' WHERE text <> '' AND key NOT IN"
                " (SELECT key FROM replies)",
                "DELETE FROM asked WHERE key NOT IN (SELECT key FROM replies)",
            ):
                database.execute(statement)
    if not dry:
        replies.shrink()
    return dict(rows)


def models(replies: Replies) -> tuple[str, ...]:
    """The models whose replies are there."""
    return tuple(
        name for (name,) in replies.select("SELECT DISTINCT model FROM replies ORDER BY 1")
    )


def reasons(replies: Replies) -> tuple[str, ...]:
    """What replies can be picked by: every code of a failure, FAILED and USABLE."""
    codes = {code for code, kind in CLASSES.items() if kind not in ("ok", "fatal")}
    return (FAILED, USABLE, *sorted(codes | (set(replies.counts()) - {""})))


def knows_run(replies: Replies, run: str) -> bool:
    """Has this run ever asked for a reply of this file?"""
    query = "SELECT 1 FROM asked WHERE run = :run UNION SELECT 1 FROM attempts WHERE run = :run"
    with replies.transaction() as database:
        return database.execute(query, {"run": run}).fetchone() is not None


def imported(replies: Replies, file: Path) -> Taken:
    """Take in the replies of a file: lines of JSON, or another file of remembered replies.

    A usable reply that is there stays as it is; a failure gives way to a usable reply only. A line
    that is none is refused, and keeps none of the others out. Raises RunError when the file cannot
    be read at all.
    """
    taken = Taken()
    try:
        with file.open("rb") as stream:
            is_database = stream.read(16) == b"SQLite format 3\0"
            stream.seek(0)
            found = _of_database(file) if is_database else _of_lines(stream)
            _take(replies, found, taken)
    except OSError as err:
        raise RunError(f"{file}: cannot be read: {err.strerror}", "Name a file.") from err
    return taken


def _take(replies: Replies, found: Iterable[tuple[int, _Line | str]], taken: Taken) -> None:
    batch: list[_Line] = []
    for number, line in found:
        if isinstance(line, str):
            taken.refused.append((number, line))
            continue
        batch.append(line)
        if len(batch) == TOGETHER:
            _commit(replies, batch, taken)
            batch.clear()
    _commit(replies, batch, taken)


def _commit(replies: Replies, lines: Iterable[_Line], taken: Taken) -> None:
    counted: Counter[str] = Counter()
    with replies.transaction() as database:
        (now,) = database.execute(f"SELECT {NOW}").fetchone()
        for line in lines:
            line["at"] = line["at"] or now
            there = database.execute("SELECT 1 FROM replies WHERE key = :key", line).fetchone()
            changed = database.execute(_TAKE, line).rowcount
            counted["known" if not changed else "better" if there else "new"] += 1
    taken.new += counted["new"]
    taken.better += counted["better"]
    taken.known += counted["known"]


def _of_lines(stream: IO[bytes]) -> Iterator[tuple[int, _Line | str]]:
    """Each line by its number from 1, as a reply or as what is wrong with it."""
    number = 0
    while data := stream.readline(LONGEST_LINE):
        number += 1
        if len(data) == LONGEST_LINE and not data.endswith(b"\n"):
            while (more := stream.readline(LONGEST_LINE)) and not more.endswith(b"\n"):
                pass
            yield number, f"longer than {LONGEST_LINE:,} bytes"
        elif data.strip():
            try:
                yield number, _checked(json.loads(data.decode("utf-8-sig")))
            except (ValueError, RecursionError) as err:
                yield number, str(err) if isinstance(err, _BadLineError) else "not JSON"


class _BadLineError(ValueError):
    """A line that is JSON but no reply; says why."""


def _checked(found: Any) -> _Line:  # any JSON
    """A reply from one line; a field that may be missing gets its default. Raises ValueError."""
    if not isinstance(found, dict):
        raise _BadLineError("not an object")
    line = {"detail": "", "finish_reason": "", "model": "", "endpoint": "", "at": "", **found}
    line = {**dict.fromkeys(_NUMBERS, 0), "attempts": 1, **line}
    for name in _TEXTS:
        value = line.get(name)
        if not isinstance(value, str):
            raise _BadLineError(f"{name!r} is missing" if value is None else f"{name!r} is no text")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise _BadLineError(f"{name!r} holds half a character")
    for name in _NUMBERS:
        value = line[name]
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MOST_TOKENS:
            raise _BadLineError(f"{name!r} is no count")
    if not _KEY.fullmatch(line["key"]):
        raise _BadLineError("'key' is not the key of a request")
    if line["reason"] not in CLASSES or CLASSES[line["reason"]] == "fatal":
        raise _BadLineError("'reason' is unknown")
    if line["at"] and not _AT.fullmatch(line["at"]):
        raise _BadLineError("'at' is no time such as 2026-01-31T12:00:00Z")
    return line


def _of_database(file: Path) -> Iterator[tuple[int, _Line | str]]:
    """The replies of another file, by number; it is not changed, not even to a newer version."""
    try:
        with closing(connected_to_read(file)) as other:
            other.execute("PRAGMA query_only = ON")
            marks = [
                other.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("application_id", "user_version")
            ]
            if marks[0] != APPLICATION or not 1 <= marks[1] <= VERSION:
                raise RunError(f"{file}: not a file of remembered replies", "Name another file.")
            for number, row in enumerate(_rows(other, "SELECT * FROM replies ORDER BY key"), 1):
                try:
                    yield number, _checked(row)
                except _BadLineError as err:
                    yield number, str(err)
    except sqlite3.Error as err:
        raise RunError(
            f"{file}: cannot be read: {err}",
            "Copy it into a folder that can be written, together with its -wal file.",
        ) from err


def _where(wanted: Wanted) -> tuple[str, dict[str, str]]:
    """The condition in SQL and its values."""
    values: dict[str, str] = {}

    def named(texts: Iterable[str]) -> str:
        names = []
        for text in texts:
            names.append(f"v{len(values)}")
            values[names[-1]] = text
        return ", ".join(f":{name}" for name in names)

    conditions = ["TRUE"]
    if wanted.reasons:
        reasons = [reason for reason in wanted.reasons if reason not in (FAILED, USABLE)]
        if USABLE in wanted.reasons:
            reasons.append("")
        failed = " OR reason <> ''" if FAILED in wanted.reasons else ""
        conditions.append(f"(reason IN ({named(reasons)}){failed})")
    if wanted.models:
        conditions.append(f"model IN ({named(wanted.models)})")
    if wanted.unused_d is not None:
        then = f"strftime('%Y-%m-%dT%H:%M:%SZ', 'now', {named([f'-{wanted.unused_d} days'])})"
        used = "SELECT key FROM asked JOIN uses ON uses.id = asked.use WHERE uses.at >="
        conditions.append(f"at < {then} AND key NOT IN ({used} {then})")
    for runs, negated in ((wanted.asked_by, ""), (wanted.not_asked_by, "NOT")):
        if runs:
            among = named(runs)
            asked = " UNION ".join(
                f"SELECT key FROM {table} WHERE run IN ({among})"  # noqa: S608  # names of ours
                for table in ("asked", "attempts")
            )
            conditions.append(f"key {negated} IN ({asked})")
    return f"WHERE {' AND '.join(conditions)}", values


def _rows(
    database: sqlite3.Connection, query: str, values: Mapping[str, Any] | None = None
) -> Iterator[_Line]:
    cursor = database.execute(query, values or {})
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)
