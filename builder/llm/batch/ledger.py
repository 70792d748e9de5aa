"""The ledger of batches: what was handed to a server, so that it is handed over only once.

It lies in the file of remembered replies, so that one transaction both remembers a reply and
strikes the line that asked for it.

    batches   each file of requests: its token (in the file's name and in the batch's metadata,
              by which the server's side is found again), how far it came, the server's ids
    lines     each request in them: claimed before the file is sent, struck when it is decided;
              a line with an answer that led to asking again keeps that answer, and so does one
              that nobody wants now: who asks for it judges it
    forms     how a model takes requests: to find that out again would cost a day

A key and number are claimed by one builder only. Who handles a batch holds its lease, a lock of the
operating system, so a batch whose builder died is free to be taken up.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from builder.llm.client import Answer
from builder.llm.outcomes import Attempt
from builder.llm.replies import Outcome, Replies
from builder.llm.wire import Wire

SETTLED = 2  # after so many polls a batch that was made shows in the server's list
State = Literal["intended", "uploaded", "creating", "submitted", "closed"]

_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS batches (
        token TEXT PRIMARY KEY,
        server TEXT NOT NULL,
        model TEXT NOT NULL,
        run TEXT NOT NULL,
        state TEXT NOT NULL,
        file TEXT NOT NULL DEFAULT '',
        batch TEXT NOT NULL DEFAULT '',
        requests INTEGER NOT NULL DEFAULT 0,
        tokens INTEGER NOT NULL DEFAULT 0,
        detail TEXT NOT NULL DEFAULT '',
        since REAL NOT NULL,
        at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS lines (
        key TEXT NOT NULL,
        number INTEGER NOT NULL,
        token TEXT NOT NULL,
        form TEXT NOT NULL,
        status INTEGER,
        body BLOB,
        PRIMARY KEY (key, number)
    )
    """,
    "CREATE INDEX IF NOT EXISTS lines_of ON lines (token)",
    """
    CREATE TABLE IF NOT EXISTS forms (
        server TEXT NOT NULL,
        model TEXT NOT NULL,
        form TEXT NOT NULL,
        PRIMARY KEY (server, model)
    )
    """,
)
_SELECT = """
SELECT token, server, model, run, state, file, batch, requests, tokens, detail, since, at
FROM batches
"""
# Another builder may have got the reply since this one looked.
_CLAIM = """
INSERT INTO lines (key, number, token, form)
SELECT :key, :number, :token, :form
WHERE NOT EXISTS (SELECT 1 FROM replies WHERE key = :key AND (reason = '' OR NOT :again))
AND NOT EXISTS (SELECT 1 FROM lines WHERE key = :key AND (status IS NULL OR number >= :number))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A file of requests on its way.

    server:   the base_url it goes to; run: who sent it.
    file:     the server's id of the file; batch: of the batch; "" before there is one.
    tokens:   of its prompts, by a rough count.
    since:    when it came into its state, in seconds since 1970.
    """

    token: str
    server: str
    model: str
    run: str
    state: State
    file: str
    batch: str
    requests: int
    tokens: int
    detail: str
    since: float
    at: str

    def may_appear(self, poll_s: float) -> bool:
        """Was it asked for so lately that the server's list may not show it yet?"""
        return self.state == "creating" and time.time() <= self.since + SETTLED * poll_s


@dataclass(frozen=True, slots=True)
class Line:
    """One request in a batch; number counts the attempts at it, from 1; form: how it was sent."""

    key: str
    number: int
    form: Wire

    @property
    def custom_id(self) -> str:
        """What the server calls it by."""
        return f"{self.key}.{self.number}"


class Ledger:
    """The batches and lines in a file of replies. Use `close` to give up the leases."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies
        self._leases: dict[str, FileLock] = {}
        with replies.transaction() as database:
            for table in _TABLES:
                database.execute(table)

    def close(self) -> None:
        """Give up all leases; what is under way may be taken up by another builder."""
        for token in list(self._leases):
            self._leases.pop(token).release()

    def lease(self, token: str) -> bool:
        """Take the lease of a batch; False while a living builder holds it."""
        if token in self._leases:
            return True
        lock = FileLock(str(self._lock_file(token)), timeout=0)
        try:
            lock.acquire()
        except Timeout:
            return False
        self._leases[token] = lock
        return True

    def release(self, token: str) -> None:
        """Give up the lease of a batch."""
        lock = self._leases.pop(token, None)
        if lock:
            lock.release()

    def intend(self, server: str, model: str) -> str:
        """A new batch with its lease, not sent yet; returns its token."""
        token = f"builder-{secrets.token_hex(12)}"
        self.lease(token)
        with self._replies.transaction() as database:
            database.execute(
                "INSERT INTO batches (token, server, model, run, state, since)"
                " VALUES (?, ?, ?, ?, 'intended', ?)",
                (token, server, model, self._replies.run, time.time()),
            )
        return token

    def claim(self, token: str, lines: Iterable[Line], *, again: bool) -> list[bool]:
        """Take these lines for a batch; False for one that another builder has, or has decided.

        again: a remembered failure does not count as decided.
        """
        with self._replies.transaction() as database:
            return [
                bool(
                    database.execute(
                        _CLAIM,
                        {
                            "key": line.key,
                            "number": line.number,
                            "token": token,
                            "form": json.dumps(asdict(line.form)),
                            "again": again,
                        },
                    ).rowcount
                )
                for line in lines
            ]

    def move(self, token: str, state: State, **values: str | int) -> None:
        """A batch came into a state; values: its columns that are known now."""
        columns = "".join(f", {name} = :{name}" for name in values)
        with self._replies.transaction() as database:
            database.execute(
                f"UPDATE batches SET state = :state, since = :since{columns}"  # noqa: S608  # names
                " WHERE token = :token",
                {"state": state, "since": time.time(), "token": token, **values},
            )

    def end(self, token: str, detail: str) -> list[str]:
        """A batch is over: lines without an answer are free again; returns their keys."""
        with self._replies.transaction() as database:
            where = "WHERE token = ? AND status IS NULL"
            keys = [key for (key,) in database.execute(f"SELECT key FROM lines {where}", (token,))]  # noqa: S608  # ours
            database.execute(f"DELETE FROM lines {where}", (token,))  # noqa: S608  # ours
            database.execute(
                "UPDATE batches SET state = 'closed', detail = ?, since = ? WHERE token = ?",
                (detail, time.time(), token),
            )
            database.execute("DELETE FROM batches WHERE token = ? AND requests = 0", (token,))
        lock = self._leases.pop(token, None)
        if lock:
            lock.release()
            with suppress(OSError):  # a lock file that lies about harms nothing
                self._lock_file(token).unlink()
        return keys

    def batches(self) -> list[Batch]:
        """The batches under way, oldest first."""
        with self._replies.transaction() as database:
            query = f"{_SELECT} WHERE state <> 'closed' ORDER BY rowid"
            return [_batch(row) for row in database.execute(query).fetchall()]

    def batch(self, token: str) -> Batch:
        """A batch under way as it stands now. Raises KeyError when there is none."""
        with self._replies.transaction() as database:
            query = f"{_SELECT} WHERE token = ? AND state <> 'closed'"
            row = database.execute(query, (token,)).fetchone()
        if row is None:
            raise KeyError(token)
        return _batch(row)

    def lines(self, token: str) -> dict[str, Line]:
        """The lines of a batch that have no answer yet, by their custom_id."""
        query = """
            SELECT key, number, form FROM lines WHERE token = ? AND status IS NULL ORDER BY rowid
        """
        with self._replies.transaction() as database:
            rows = database.execute(query, (token,)).fetchall()
        found = (Line(key, number, _wire(form)) for key, number, form in rows)
        return {line.custom_id: line for line in found}

    def awaited(self) -> dict[str, str]:
        """Key -> token of every line without an answer."""
        with self._replies.transaction() as database:
            rows = database.execute("SELECT key, token FROM lines WHERE status IS NULL")
            return dict(rows.fetchall())

    def answered(self) -> set[str]:
        """The keys that are to be asked again after an answer."""
        with self._replies.transaction() as database:
            rows = database.execute("SELECT DISTINCT key FROM lines WHERE status IS NOT NULL")
            return {key for (key,) in rows}

    def answers(self, key: str) -> Iterator[tuple[Line, Answer]]:
        """What a request was answered so far, oldest first."""
        query = """
            SELECT number, form, status, body FROM lines
            WHERE key = ? AND status IS NOT NULL ORDER BY number
        """
        with self._replies.transaction() as database:
            rows = database.execute(query, (key,)).fetchall()
        for number, form, status, body in rows:
            yield Line(key, number, _wire(form)), Answer(status, body)

    def keep(self, line: Line, answer: Answer, attempt: Attempt, *, run: str) -> None:
        """Commit an answer after which the request is asked again, or that nobody judged yet.

        run: that sent the line, and is charged.
        """
        with self._replies.transaction() as database:
            self._replies.attempt(attempt, run=run)
            database.execute(
                "UPDATE lines SET status = ?, body = ? WHERE key = ? AND number = ?",
                (answer.status, answer.body, line.key, line.number),
            )

    def free(self, line: Line, attempt: Attempt, *, run: str) -> None:
        """Commit an answer that led to nothing: the request is to be asked as if it never was."""
        with self._replies.transaction() as database:
            self._replies.attempt(attempt, run=run)
            database.execute(
                "DELETE FROM lines WHERE key = ? AND number = ?", (line.key, line.number)
            )

    def conclude(
        self, attempt: Attempt | None, outcome: Outcome, *, endpoint: str, run: str = ""
    ) -> Outcome:
        """Commit the outcome of a request with its last attempt, that of run; lines are struck."""
        with self._replies.transaction() as database:
            if attempt:
                self._replies.attempt(attempt, run=run)
            model = attempt.model if attempt else ""
            found = self._replies.put(outcome, model=model, endpoint=endpoint)
            database.execute("DELETE FROM lines WHERE key = ?", (outcome.key,))
        return found

    def strike(self, keys: Iterable[str]) -> None:
        """Forget the answers of requests, which are asked from the start again."""
        with self._replies.transaction() as database:
            database.executemany(
                "DELETE FROM lines WHERE key = ? AND status IS NOT NULL", [(key,) for key in keys]
            )

    def learn(self, server: str, model: str, form: Wire) -> None:
        """Note the form in which a model has taken requests."""
        with self._replies.transaction() as database:
            database.execute(
                "INSERT OR REPLACE INTO forms (server, model, form) VALUES (?, ?, ?)",
                (server, model, json.dumps(asdict(form))),
            )

    def learned(self, server: str, model: str) -> Wire | None:
        """The form in which a model took requests last, if that is known."""
        query = "SELECT form FROM forms WHERE server = ? AND model = ?"
        with self._replies.transaction() as database:
            row = database.execute(query, (server, model)).fetchone()
        return _wire(row[0]) if row else None

    def _lock_file(self, token: str) -> Path:
        return self._replies.path.parent / f".{token}.lock"


def has_batches(replies: Replies) -> bool:
    """Is any batch of this file under way? Makes no tables."""
    with replies.transaction() as database:
        there = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'batches'").fetchone()
        if not there:
            return False
        query = "SELECT 1 FROM batches WHERE state <> 'closed' LIMIT 1"
        return database.execute(query).fetchone() is not None


def under_way(replies: Replies, *, run: str | None = None) -> set[str]:
    """The keys of requests that are in batches under way, of a run or of all. Makes no tables."""
    if not has_batches(replies):
        return set()
    rows = replies.select(
        "SELECT key FROM lines JOIN batches USING (token)"
        " WHERE status IS NULL AND state <> 'closed' AND (:run IS NULL OR run = :run)",
        {"run": run},
    )
    return {key for (key,) in rows}


def has_answers(replies: Replies) -> bool:
    """Does this file hold answers that are to be judged by who asks for them? Makes no tables."""
    with replies.transaction() as database:
        there = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'lines'").fetchone()
        query = "SELECT 1 FROM lines WHERE status IS NOT NULL LIMIT 1"
        return bool(there) and database.execute(query).fetchone() is not None


def _batch(row: tuple[Any, ...]) -> Batch:  # a row of _SELECT
    return Batch(**dict(zip(Batch.__slots__, row, strict=True)))


@cache
def _wire(form: str) -> Wire:
    fields: Mapping[str, str | bool] = json.loads(form)
    return Wire(**fields)  # type: ignore[arg-type]  # it was written from one
