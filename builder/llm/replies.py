"""Remembered replies: what came of every request, in one SQLite file that outlives a crash.

    replies    what came of each request, by its key: what `get` recalls
    attempts   every HTTP request that was sent, with what it brought and cost
    uses       each build that asked, and how many of its requests were remembered
    asked      which run asked for which reply, and in which use last

An attempt and the outcome that it led to are committed together, before anybody acts on them, so a
killed run asks again only for what was in flight. Failed outcomes are remembered too: an unchanged
rerun asks nothing.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any

from builder.errors import RunError
from builder.llm.outcomes import Attempt
from builder.llm.request import NO_USAGE, Usage

APPLICATION = 0x6275696C  # marks the file as ours (SQLite's application_id)
VERSION = 2
YIELD_S = 0.01
BUSY_S = 60.0  # how long a builder waits for another one that is writing
NOTED = 500  # requests asked for that are written down at once

NOW = "(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"
_TABLES = (
    f"""
    CREATE TABLE IF NOT EXISTS replies (
        key TEXT PRIMARY KEY,
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        text TEXT NOT NULL,
        finish_reason TEXT NOT NULL,
        prompt_tokens INTEGER NOT NULL,
        completion_tokens INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        model TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        at TEXT NOT NULL DEFAULT {NOW},
        cached_tokens INTEGER NOT NULL DEFAULT 0
    )
    """,  # with a rowid: texts among keys in random order would cost twice the time
    f"""
    CREATE TABLE IF NOT EXISTS attempts (
        key TEXT NOT NULL,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        reason TEXT NOT NULL,
        status INTEGER NOT NULL,
        text TEXT NOT NULL,
        finish_reason TEXT NOT NULL,
        prompt_tokens INTEGER NOT NULL,
        completion_tokens INTEGER NOT NULL,
        cached_tokens INTEGER NOT NULL,
        latency_s REAL NOT NULL,
        model TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        at TEXT NOT NULL DEFAULT {NOW},
        run TEXT NOT NULL DEFAULT '',
        stage TEXT NOT NULL DEFAULT '',
        batch INTEGER NOT NULL DEFAULT 0
    )
    """,
    f"""
    CREATE TABLE IF NOT EXISTS uses (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL,
        asked INTEGER NOT NULL DEFAULT 0,
        remembered INTEGER NOT NULL DEFAULT 0,
        at TEXT NOT NULL DEFAULT {NOW}
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS asked (
        key TEXT NOT NULL,
        run TEXT NOT NULL,
        use INTEGER NOT NULL,
        PRIMARY KEY (key, run)
    ) WITHOUT ROWID
    """,
)
_ADDED = (  # columns that files of version 1 lack
    ("replies", "cached_tokens INTEGER NOT NULL DEFAULT 0"),
    ("attempts", "run TEXT NOT NULL DEFAULT ''"),
    ("attempts", "stage TEXT NOT NULL DEFAULT ''"),
    ("attempts", "batch INTEGER NOT NULL DEFAULT 0"),
)
_SELECT = """
SELECT key, reason, detail, text, finish_reason, prompt_tokens, completion_tokens, cached_tokens,
       attempts
FROM replies WHERE key = ?
"""
_NOTE = """
INSERT INTO attempts (key, number, kind, reason, status, text, finish_reason, prompt_tokens,
                      completion_tokens, cached_tokens, latency_s, model, endpoint, run, stage,
                      batch)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# A usable reply is never replaced: somebody may have acted on it.
_INSERT = """
INSERT INTO replies (key, reason, detail, text, finish_reason, prompt_tokens, completion_tokens,
                     cached_tokens, attempts, model, endpoint)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    reason = excluded.reason, detail = excluded.detail, text = excluded.text,
    finish_reason = excluded.finish_reason, prompt_tokens = excluded.prompt_tokens,
    completion_tokens = excluded.completion_tokens, cached_tokens = excluded.cached_tokens,
    attempts = excluded.attempts, model = excluded.model, endpoint = excluded.endpoint,
    at = excluded.at
WHERE replies.reason <> ''
"""
_DISOWN = "UPDATE replies SET reason = ?, detail = ? WHERE key = ? AND reason = '' AND text = ?"
# Of several times that a build asks for one reply, the first counts.
_ASKED = """
INSERT INTO asked (key, run, use) VALUES (?, ?, ?)
ON CONFLICT (key, run) DO UPDATE SET use = excluded.use WHERE use <> excluded.use
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one request: a reply, usable or not, or no reply at all.

    reason: "" when usable, else the code of the failure; detail: one sentence on it.
    text:   what the model said; where there was no such thing, what the server sent.
    """

    key: str
    reason: str
    detail: str = ""
    text: str = ""
    finish_reason: str = ""
    usage: Usage = NO_USAGE
    attempts: int = 1


class Replies:
    """An open file of remembered replies; safe for threads and for several builders at once."""

    def __init__(self, path: Path, run: str = "", *, read_only: bool = False) -> None:
        """Open or create the file, readable by its owner only; one of an older version is brought
        up to date.

        run: the id of the run that asks, which its attempts are counted under.
        read_only: change nothing, not even the version; a folder without rights to write will do.
        Raises RunError when it cannot be opened or is not a file of replies.
        """
        self.path = path
        self.run = run
        self._begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
        self._lock = RLock()
        self._use = 0  # the row of this build in `uses`, once there is one
        self._asked: tuple[list[str], list[str]] = ([], [])  # sent, remembered
        with self._errors():
            if read_only:
                self._database = connected_to_read(path)
            else:
                _create_private(path)
                self._database = sqlite3.connect(
                    path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
                )
        try:
            if read_only:
                self._look()
            else:
                self._prepare()
        except RunError:
            self._database.close()
            raise

    def __enter__(self) -> Replies:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was put is already on disk."""
        with self._lock:
            try:
                self._note_asked()
            finally:
                self._database.close()

    def get(self, key: str) -> Outcome | None:
        """What is remembered of this request."""
        with self._lock, self._errors():
            row = self._database.execute(_SELECT, (key,)).fetchone()
        if row is None:
            return None
        key, reason, detail, text, finish_reason, prompt, completion, cached, attempts = row
        return Outcome(
            key=key,
            reason=reason,
            detail=detail,
            text=text,
            finish_reason=finish_reason,
            usage=Usage(prompt_tokens=prompt, completion_tokens=completion, cached_tokens=cached),
            attempts=attempts,
        )

    def put(self, outcome: Outcome, *, model: str = "", endpoint: str = "") -> Outcome:
        """Commit an outcome and return what is remembered now: an earlier usable reply stays."""
        with self._lock, self._errors():
            changed = self._database.execute(
                _INSERT, _row_of_outcome(outcome, model, endpoint)
            ).rowcount
        return outcome if changed else self.get(outcome.key) or outcome

    def disown(self, judged: Outcome) -> None:
        """Mark what is remembered as usable as the failure it was judged to be.

        From then on it can be asked again, and gives way to a usable reply. One that was replaced
        meanwhile is left alone.
        """
        values = (judged.reason, judged.detail, judged.key, judged.text)
        with self._lock, self._errors():
            self._database.execute(_DISOWN, values)

    def attempt(self, attempt: Attempt, *, run: str | None = None) -> None:
        """Commit the record of one attempt that is not the last one at its request.

        run: which it is counted under, if that is another one than this.
        """
        with self._lock, self._errors():
            self._database.execute(
                _NOTE, _row_of_attempt(attempt, self.run if run is None else run)
            )

    def conclude(self, attempt: Attempt, outcome: Outcome, *, endpoint: str = "") -> Outcome:
        """Commit an attempt together with the outcome of its request; returns as `put` does.

        endpoint: its label, by which the key of the request was made.
        """
        row = _row_of_outcome(outcome, attempt.model, endpoint)
        with self.transaction() as database:
            database.execute(_NOTE, _row_of_attempt(attempt, self.run))
            changed = database.execute(_INSERT, row).rowcount
        return outcome if changed else self.get(outcome.key) or outcome

    def asked(self, key: str, *, remembered: bool) -> None:
        """Count a request of this build, once for each key; written down now and then."""
        with self._lock:
            self._asked[remembered].append(key)
            if len(self._asked[remembered]) >= NOTED:
                self._note_asked()

    def flush(self) -> None:
        """Write down what was asked for so far, for those who count it."""
        with self._lock:
            self._note_asked()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The database, for statements that happen all together or not at all."""
        with self._lock, self._errors():
            self._database.execute(self._begin)
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:  # a full disk has ended it already
                    self._database.execute("ROLLBACK")
                raise

    def select(
        self, query: str, values: Sequence[object] | Mapping[str, object] = ()
    ) -> list[tuple[Any, ...]]:  # columns of any type
        """The rows of a query that changes nothing."""
        with self._lock, self._errors():
            return self._database.execute(query, values).fetchall()

    def each(
        self, query: str, values: Mapping[str, object]
    ) -> Iterator[dict[str, Any]]:  # columns of any type
        """The rows of a query that changes nothing, by name, as they were when it began."""
        with self._lock, self._errors():
            cursor = self._database.execute(query, values)
            names = [column[0] for column in cursor.description]
        try:
            while True:
                with self._lock, self._errors():
                    rows = cursor.fetchmany(NOTED)
                if not rows:
                    return
                for row in rows:
                    yield dict(zip(names, row, strict=True))
        finally:
            cursor.close()

    def shrink(self) -> None:
        """Give the space of what was deleted back to the disk."""
        with self._lock, self._errors():
            self._database.execute("VACUUM")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def counts(self) -> dict[str, int]:
        """Number of remembered outcomes by reason; "" counts the usable replies."""
        query = "SELECT reason, count(*) FROM replies GROUP BY reason ORDER BY reason"
        with self._lock, self._errors():
            return dict(self._database.execute(query).fetchall())

    def _note_asked(self) -> None:
        """Write down what was asked for since the last time."""
        if not any(self._asked):
            return
        with self.transaction() as database:
            if not self._use:
                made = database.execute("INSERT INTO uses (run) VALUES (?)", (self.run,))
                self._use = made.lastrowid or 0
            sent, remembered = (
                sum(database.execute(_ASKED, (key, self.run, self._use)).rowcount for key in keys)
                for keys in self._asked
            )
            database.execute(
                "UPDATE uses SET asked = asked + ?, remembered = remembered + ? WHERE id = ?",
                (sent + remembered, remembered, self._use),
            )
        for keys in self._asked:
            keys.clear()

    def _prepare(self) -> None:
        with self.transaction() as database:  # two builders may open a new file at once
            if self._is_new():
                database.execute(f"PRAGMA application_id = {APPLICATION}")
            else:
                self._check_marks()
            if self._marks() != (APPLICATION, VERSION):
                self._bring_up_to_date()
        with self._errors():
            self._write_ahead()
            self._database.execute("PRAGMA synchronous = NORMAL")  # survives kill -9

    def _write_ahead(self) -> None:
        """Keep a write-ahead log. Two that ask for it at once block each other: one must yield."""
        until = time.monotonic() + BUSY_S
        while True:
            try:
                self._database.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as err:
                busy = err.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # of whatever kind
                if not busy or time.monotonic() > until:
                    raise
            time.sleep(YIELD_S)

    def _look(self) -> None:
        """Read what the file is; one of an older version is brought up to date in memory only."""
        with self._errors():
            self._check_marks()
            if self._marks() != (APPLICATION, VERSION):
                file = self._database
                self._database = sqlite3.connect(
                    ":memory:", isolation_level=None, check_same_thread=False
                )
                with closing(file):
                    file.backup(self._database)
                self._bring_up_to_date()
            self._database.execute("PRAGMA query_only = ON")

    def _check_marks(self) -> None:
        if self._marks() not in [(APPLICATION, version) for version in (1, VERSION)]:
            raise RunError(
                f"{self.path}: not a file of remembered replies of this version",
                "Name another file as [model] replies, or move this one away.",
            )

    def _bring_up_to_date(self) -> None:
        """Make the tables, or add what an older version lacks; nothing in them is changed."""
        for table in _TABLES:
            self._database.execute(table)
        for name, column in _ADDED:
            there = {row[1] for row in self._database.execute(f"PRAGMA table_info({name})")}
            if column.partition(" ")[0] not in there:
                self._database.execute(f"ALTER TABLE {name} ADD COLUMN {column}")
        self._database.execute(f"PRAGMA user_version = {VERSION}")

    def _is_new(self) -> bool:
        (tables,) = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return not tables and self._marks() == (0, 0)

    def _marks(self) -> tuple[int, int]:
        (application,) = self._database.execute("PRAGMA application_id").fetchone()
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        return application, version

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as err:  # locked, full disk, no rights
            raise RunError(
                f"{self.path}: replies cannot be remembered: {err}",
                "Check its rights and the space on that disk, then run the same command again.",
            ) from err
        except sqlite3.DatabaseError as err:  # not a database, damaged pages
            raise RunError(
                f"{self.path}: damaged, or not a file of remembered replies: {err}",
                "Move it away; its requests will be asked again.",
            ) from err
        except OSError as err:
            raise RunError(
                f"{self.path}: cannot be opened: {err.strerror}",
                "Check that its folder exists and is writable.",
            ) from err


def _row_of_outcome(outcome: Outcome, model: str, endpoint: str) -> tuple[object, ...]:
    usage = outcome.usage
    return (
        outcome.key,
        outcome.reason,
        outcome.detail,
        outcome.text,
        outcome.finish_reason,
        usage.prompt_tokens,
        usage.completion_tokens,
        usage.cached_tokens,
        outcome.attempts,
        model,
        endpoint,
    )


def _row_of_attempt(attempt: Attempt, run: str) -> tuple[object, ...]:
    usage = attempt.usage
    return (
        attempt.key,
        attempt.number,
        attempt.kind,
        attempt.reason,
        attempt.status,
        attempt.text,
        attempt.finish_reason,
        usage.prompt_tokens,
        usage.completion_tokens,
        usage.cached_tokens,
        attempt.latency_s,
        attempt.model,
        attempt.endpoint,
        run,
        attempt.stage,
        attempt.batch,
    )


def connected_to_read(path: Path) -> sqlite3.Connection:
    """A file of SQLite, to be read: nothing is made of a file that is not there or is empty.

    Where the folder cannot be written, a file with no -wal beside it cannot change either.
    Raises sqlite3.Error.
    """
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        mode = "mode=rw"  # SQLite tidies up behind it, which it does not with mode=ro
    elif path.with_name(path.name + "-wal").exists():
        mode = "mode=ro"
    else:
        mode = "mode=ro&immutable=1"
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )


def _create_private(path: Path) -> None:
    """An empty file of mode 0600 unless there is one; SQLite gives its -wal and -shm the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    os.close(handle)
