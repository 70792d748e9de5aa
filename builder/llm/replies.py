"""Remembered replies: what came of every request, in one SQLite file that outlives a crash.

An outcome is committed before anybody acts on it, so a killed run asks again only for what was in
flight. Failed outcomes are remembered too: an unchanged rerun asks nothing.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType

from builder.errors import RunError
from builder.llm.outcomes import Attempt
from builder.llm.request import NO_USAGE, Usage

APPLICATION = 0x6275696C  # marks the file as ours (SQLite's application_id)
VERSION = 1
BUSY_S = 60.0  # how long a builder waits for another one that is writing

_TABLE = """
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
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) WITHOUT ROWID
"""
_ATTEMPTS = """
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
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
)
"""
_NOTE = """
INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                             strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
"""
_SELECT = """
SELECT key, reason, detail, text, finish_reason, prompt_tokens, completion_tokens, attempts
FROM replies WHERE key = ?
"""
# A usable reply is never replaced: somebody may have acted on it.
_INSERT = """
INSERT INTO replies (key, reason, detail, text, finish_reason, prompt_tokens, completion_tokens,
                     attempts, model, endpoint)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    reason = excluded.reason, detail = excluded.detail, text = excluded.text,
    finish_reason = excluded.finish_reason, prompt_tokens = excluded.prompt_tokens,
    completion_tokens = excluded.completion_tokens, attempts = excluded.attempts,
    model = excluded.model, endpoint = excluded.endpoint, at = excluded.at
WHERE replies.reason <> ''
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

    def __init__(self, path: Path) -> None:
        """Open or create the file, readable by its owner only.

        Raises RunError when it cannot be opened or is not a file of replies.
        """
        self.path = path
        self._lock = Lock()
        with self._errors():
            _create_private(path)
            self._database = sqlite3.connect(
                path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
        try:
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
            self._database.close()

    def get(self, key: str) -> Outcome | None:
        """What is remembered of this request."""
        with self._lock, self._errors():
            row = self._database.execute(_SELECT, (key,)).fetchone()
        if row is None:
            return None
        key, reason, detail, text, finish_reason, prompt, completion, attempts = row
        return Outcome(
            key=key,
            reason=reason,
            detail=detail,
            text=text,
            finish_reason=finish_reason,
            usage=Usage(prompt_tokens=prompt, completion_tokens=completion),
            attempts=attempts,
        )

    def put(self, outcome: Outcome, *, model: str = "", endpoint: str = "") -> Outcome:
        """Commit an outcome and return what is remembered now: an earlier usable reply stays."""
        row = (
            outcome.key,
            outcome.reason,
            outcome.detail,
            outcome.text,
            outcome.finish_reason,
            outcome.usage.prompt_tokens,
            outcome.usage.completion_tokens,
            outcome.attempts,
            model,
            endpoint,
        )
        with self._lock, self._errors():
            changed = self._database.execute(_INSERT, row).rowcount
        return outcome if changed else self.get(outcome.key) or outcome

    def attempt(self, attempt: Attempt) -> None:
        """Commit the record of one attempt."""
        usage = attempt.usage
        row = (
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
        )
        with self._lock, self._errors():
            self._database.execute(_NOTE, row)

    def counts(self) -> dict[str, int]:
        """Number of remembered outcomes by reason; "" counts the usable replies."""
        query = "SELECT reason, count(*) FROM replies GROUP BY reason ORDER BY reason"
        with self._lock, self._errors():
            return dict(self._database.execute(query).fetchall())

    def _prepare(self) -> None:
        with self._errors():
            self._database.execute("BEGIN IMMEDIATE")  # two builders may open a new file at once
            if self._is_new():
                self._database.execute(_TABLE)
                self._database.execute(_ATTEMPTS)
                self._database.execute(f"PRAGMA application_id = {APPLICATION}")
                self._database.execute(f"PRAGMA user_version = {VERSION}")
            elif self._marks() != (APPLICATION, VERSION):
                raise RunError(
                    f"{self.path}: not a file of remembered replies of this version",
                    "Name another file as [model] replies, or move this one away.",
                )
            self._database.execute("COMMIT")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")  # survives kill -9

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


def _create_private(path: Path) -> None:
    """An empty file of mode 0600 unless there is one; SQLite gives its -wal and -shm the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    os.close(handle)
