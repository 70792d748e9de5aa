"""The file of remembered replies."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from builder.errors import RunError
from builder.llm import Attempt, Outcome, Replies, Usage
from builder.llm.replies import NOTED

GOOD = Outcome(key="a", reason="", text='{"x": "größer \\u0000 🙂"}', finish_reason="stop")
LATE = Outcome(key="a", reason="timeout", detail="no answer within 5 s", attempts=5)


def test_outcome_comes_back_as_it_was_put(tmp_path: Path) -> None:
    outcome = Outcome(
        key="k",
        reason="schema",
        detail="pairs: breaks 'type'",
        text="[1]\x00",
        finish_reason="stop",
        usage=Usage(prompt_tokens=700, completion_tokens=9),
        attempts=3,
    )
    with Replies(tmp_path / "replies.sqlite") as replies:
        replies.put(outcome, model="m", endpoint="localhost")

    with Replies(tmp_path / "replies.sqlite") as replies:
        assert replies.get("k") == outcome
        assert replies.get("other") is None
        assert replies.counts() == {"schema": 1}


def test_usable_reply_is_never_replaced(tmp_path: Path) -> None:
    other = Outcome(key="a", reason="", text="{}")
    with Replies(tmp_path / "replies.sqlite") as replies:
        assert replies.put(LATE) == LATE
        assert replies.put(GOOD) == GOOD
        assert replies.put(LATE) == GOOD
        assert replies.put(other) == GOOD


def test_only_the_owner_can_read_the_files(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Replies(tmp_path / "runs" / "replies.sqlite") as replies:
            replies.put(GOOD)
            modes = {
                file.name: stat.S_IMODE(file.stat().st_mode)
                for file in (tmp_path / "runs").iterdir()
            }
    finally:
        os.umask(before)

    assert modes == {
        "replies.sqlite": 0o600,
        "replies.sqlite-wal": 0o600,
        "replies.sqlite-shm": 0o600,
    }


def test_what_is_no_file_of_replies_is_refused_and_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / "notes.sqlite"
    with sqlite3.connect(foreign) as database:
        database.execute("CREATE TABLE notes (text TEXT)")
    database.close()
    text = tmp_path / "notes.txt"
    text.write_text("These are notes and no database at all. " * 200, encoding="utf-8")

    for path in (foreign, text, tmp_path):
        before = path.read_bytes() if path.is_file() else b""
        with pytest.raises(RunError) as caught:
            Replies(path)

        assert str(path) in caught.value.message
        assert caught.value.hint
        assert (path.read_bytes() if path.is_file() else b"") == before


def test_other_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    Replies(path).close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()

    with pytest.raises(RunError, match="not a file of remembered replies of this version"):
        Replies(path)


def test_damage_found_on_the_way_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    with Replies(path) as replies:
        for number in range(2000):
            replies.put(Outcome(key=f"{number:016}", reason="", text="x" * 200))
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (path.stat().st_size - 8192))

    with pytest.raises(RunError, match="damaged"), Replies(path) as replies:
        for number in range(2000):
            replies.get(f"{number:016}")


def test_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(RunError, match="cannot be opened"):
        Replies(tmp_path / "file" / "replies.sqlite")


_WRITER = """
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from builder.llm import Outcome, Replies
name = sys.argv[2]
with Replies(Path(sys.argv[1])) as replies:
    for number in range(150):
        replies.put(Outcome(key=f"{name}{number}", reason="", text=name))
        replies.put(Outcome(key=f"shared{number}", reason="", text=name))
"""


def test_builders_that_start_at_once_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    started = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(path), name], stderr=subprocess.PIPE)
        for name in ("a", "b", "c")
    ]

    errors = [process.communicate(timeout=60)[1] for process in started]

    assert [process.returncode for process in started] == [0, 0, 0], errors
    with Replies(path) as replies:
        assert replies.counts() == {"": 4 * 150}


ATTEMPT = Attempt(key="a", number=2, kind="ok", reason="", detail="", status=200, text="{}")
VERSION_1 = """
CREATE TABLE replies (
    key TEXT PRIMARY KEY, reason TEXT NOT NULL, detail TEXT NOT NULL, text TEXT NOT NULL,
    finish_reason TEXT NOT NULL, prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL, attempts INTEGER NOT NULL, model TEXT NOT NULL,
    endpoint TEXT NOT NULL, at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) WITHOUT ROWID;
INSERT INTO replies VALUES ('old', '', '', '{"x": 1}', 'stop', 7, 9, 1, 'm', 'host', '2026-01-01');
PRAGMA application_id = 1651861868;
PRAGMA user_version = 1;
"""
ATTEMPTS_1 = """
CREATE TABLE attempts (
    key TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL,
    status INTEGER NOT NULL, text TEXT NOT NULL, finish_reason TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL, latency_s REAL NOT NULL, model TEXT NOT NULL,
    endpoint TEXT NOT NULL, at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
INSERT INTO attempts VALUES ('old', 1, 'ok', '', 200, '{}', 'stop', 7, 9, 0, 0.1, 'm', 'h', 'then');
"""


@pytest.mark.parametrize("more", ["", ATTEMPTS_1])
def test_file_of_the_first_version_is_taken_over_with_all_it_holds(
    tmp_path: Path, more: str
) -> None:
    path = tmp_path / "replies.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(VERSION_1 + more)

    with Replies(path, run="handbook") as replies:
        old = replies.get("old")
        replies.conclude(ATTEMPT, GOOD, endpoint="host")
        with replies.transaction() as database:
            attempts = database.execute("SELECT key, run FROM attempts ORDER BY key").fetchall()

    assert old == Outcome(
        key="old",
        reason="",
        text='{"x": 1}',
        finish_reason="stop",
        usage=Usage(prompt_tokens=7, completion_tokens=9),
    )
    assert attempts == [("a", "handbook"), *([("old", "")] if more else [])]
    with Replies(path) as replies:
        assert replies.counts() == {"": 2}


def test_attempt_and_what_it_decided_are_kept_together_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    Replies(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON replies BEGIN SELECT RAISE(ABORT, 'full'); END"
        )

    with Replies(path) as replies:
        with pytest.raises(RunError, match="full"):
            replies.conclude(ATTEMPT, GOOD)
        replies.attempt(replace(ATTEMPT, number=1))
        with replies.transaction() as database:
            numbers = database.execute("SELECT number FROM attempts").fetchall()

    assert numbers == [(1,)]


def test_conclusion_gives_way_to_a_usable_reply_of_another_builder(tmp_path: Path) -> None:
    with Replies(tmp_path / "replies.sqlite") as replies:
        replies.put(GOOD)

        assert replies.conclude(ATTEMPT, LATE) == GOOD
        assert replies.get("a") == GOOD


def test_every_build_counts_what_it_asked_for_and_what_was_remembered(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    with Replies(path, run="one") as replies:
        for number in range(NOTED + 7):
            replies.asked(f"k{number}", remembered=False)
        replies.asked("k0", remembered=True)  # a second round recalls what the first one asked
    with Replies(path, run="one") as replies:
        replies.asked("k0", remembered=True)
        replies.asked("new", remembered=False)
    Replies(path, run="idle").close()

    with closing(sqlite3.connect(path)) as database:
        uses = database.execute("SELECT run, asked, remembered FROM uses ORDER BY id").fetchall()
    assert uses == [("one", NOTED + 7, 0), ("one", 2, 1)]


def test_what_proved_unusable_gives_way_to_the_next_usable_reply(tmp_path: Path) -> None:
    late = replace(GOOD, text='{"x": "late"}')
    with Replies(tmp_path / "replies.sqlite") as replies:
        replies.put(GOOD)
        replies.disown(replace(late, reason="schema"))  # of a text that is there no more
        assert replies.get("a") == GOOD

        replies.disown(replace(GOOD, reason="schema", detail="x: must be of type integer"))
        found = replies.get("a")
        assert found is not None
        assert (found.reason, found.text) == ("schema", GOOD.text)
        assert replies.put(late) == late


@pytest.mark.parametrize("version", [1, 2])
def test_what_is_only_read_is_not_changed_and_leaves_nothing_beside(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / "replies.sqlite"
    if version == 1:
        with closing(sqlite3.connect(path)) as database:
            database.executescript(VERSION_1)
    else:
        with Replies(path) as replies:
            replies.put(GOOD)
    before = path.read_bytes()

    with Replies(path, read_only=True) as replies:
        with replies.transaction() as database:
            (found,) = database.execute("SELECT count(*), sum(cached_tokens) FROM replies")
        with pytest.raises(RunError, match="readonly"):
            replies.put(LATE)

    assert found == (1, 0)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["replies.sqlite"]


def test_one_reads_what_a_builder_has_just_written(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    with Replies(path) as writing:
        writing.put(GOOD)
        with Replies(path, read_only=True) as reading:
            rows = reading.each("SELECT key FROM replies ORDER BY key", {})
            writing.put(replace(GOOD, key="b"))
            assert [row["key"] for row in rows] == ["a", "b"]  # a query begins with its first row
            assert reading.get("b") == replace(GOOD, key="b")


def test_a_file_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(RunError):
        Replies(tmp_path / "none.sqlite", read_only=True)

    assert list(tmp_path.iterdir()) == []


def test_many_builders_open_a_new_file_at_once(tmp_path: Path) -> None:
    together = Barrier(8)

    def opened(path: Path) -> bool:
        together.wait()
        with Replies(path) as replies:
            return replies.counts() == {}

    with ThreadPoolExecutor(8) as pool:
        for number in range(30):
            path = tmp_path / f"{number}.sqlite"
            assert all(pool.map(opened, [path] * 8))
