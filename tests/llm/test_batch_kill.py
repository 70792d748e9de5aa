"""A builder that is killed while its requests are in a batch: nothing is lost or paid twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.batch_server import BatchServer, Fault, serve_batches
from tests.endpoint import Answer, Seen, chat

N_REQUESTS = 300

_BUILDER = """
import sys
from pathlib import Path
from builder.config import ModelSettings
from builder.llm import Message, Replies, ask_batch, request_for

url, path, n_requests, poll_s, lines = sys.argv[1:]
model = ModelSettings(
    name="small", base_url=url, batch_poll_s=float(poll_s), batch_lines=int(lines)
)
schema = '{"type": "object", "properties": {"said": {"type": "string"}}, "required": ["said"]}'
questions = [
    request_for(
        (Message(role="user", content=str(number)),), schema=schema, chunk_id="c", model=model
    )
    for number in range(int(n_requests))
]
with Replies(Path(path)) as replies:
    for _, reply in ask_batch(questions, settings=model, replies=replies, api_key="no-key"):
        print(reply.text)
"""


def moody(seen: Seen) -> Answer:
    """Each reply is different; every tenth request is answered wrongly at first."""
    told = len(seen.body["messages"]) > 1
    wrong = int(seen.prompt) % 10 == 0 and not told
    said = f"{seen.prompt} as request {seen.number}"
    return chat(f'{{"{"told" if wrong else "said"}": "{said}"}}')


def expected(n_requests: int) -> Counter[str]:
    """How often each request is worked on when nothing goes wrong."""
    twice = [str(number) for number in range(0, n_requests, 10)]
    return Counter(str(number) for number in range(n_requests)) + Counter(twice)


class Killed:
    """A builder on a server, killed and started again."""

    def __init__(
        self, server: BatchServer, folder: Path, *, poll_s: float = 0.05, lines: int = 50_000
    ) -> None:
        self._server = server
        self._command = [sys.executable, "-c", _BUILDER, server.url, str(folder / "r.sqlite")]
        self._command += [str(N_REQUESTS), str(poll_s), str(lines)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return self._process

    def kill(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)

    def run(self) -> list[str]:
        """Run it to its end."""
        done = subprocess.run(self._command, capture_output=True, timeout=60, check=True)
        return done.stdout.decode().splitlines()


STEPS = ("upload", "uploaded", "create", "created", "look", "download")


@pytest.mark.parametrize("round_", [1, 2])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_goes_on_and_pays_nothing_twice(
    tmp_path: Path, step: str, round_: int
) -> None:
    with serve_batches(moody) as server:
        builder = Killed(server, tmp_path)
        rounds = 0

        def kill(now: str) -> None:
            nonlocal rounds
            rounds += now == "upload"  # the second is of the requests that are asked again
            if (now, rounds) == (step, round_):
                server.at = lambda _: None
                builder.kill()

        server.at = kill
        process = builder.start()
        assert process.wait(timeout=60) == -signal.SIGKILL

        assert len(builder.run()) == N_REQUESTS
        assert server.paid == expected(N_REQUESTS)
        assert [len(batch.lines) for batch in server.batches.values()] == [300, 30]
        if (step, round_) in (("uploaded", 1), ("create", 1)):
            assert server.calls["POST /files"] == 2  # what was uploaded is used


def _stored(file: Path) -> int:
    """The attempts that a builder has stored so far."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as replies:
        (count,) = replies.execute("SELECT count(*) FROM attempts").fetchone()
    return int(count)


@pytest.mark.parametrize("stored", [0, 1, 40, 150, 250])
def test_killed_while_results_are_stored_it_stores_the_rest(tmp_path: Path, stored: int) -> None:
    with serve_batches(moody) as server:
        builder = Killed(server, tmp_path)

        def kill_then() -> None:
            end = time.monotonic() + 30
            while _stored(tmp_path / "r.sqlite") < stored and time.monotonic() < end:
                time.sleep(0.001)
            builder.kill()

        def kill(now: str) -> None:
            if now == "download":
                server.at = lambda _: None
                threading.Thread(target=kill_then).start()

        server.at = kill
        assert builder.start().wait(timeout=60) == -signal.SIGKILL

        assert len(builder.run()) == N_REQUESTS
        assert server.paid == expected(N_REQUESTS)


def test_batch_that_is_made_after_its_builder_died_is_found(tmp_path: Path) -> None:
    with serve_batches(moody) as server:
        builder = Killed(server, tmp_path, poll_s=5.0)
        listed = threading.Event()

        def kill(now: str) -> None:
            if now == "create":
                server.at = lambda _: None
                builder.kill()
                assert listed.wait(timeout=30)  # the batch appears after the first look for it

        def look(method: str, path: str) -> Fault:
            if (method, path) == ("GET", "/batches"):
                threading.Timer(0.2, listed.set).start()
            return ""

        server.at, server.fault = kill, look
        builder.start().wait(timeout=60)

        assert len(builder.run()) == N_REQUESTS
        assert server.paid == expected(N_REQUESTS)


def test_killed_again_and_again_at_random_moments(tmp_path: Path) -> None:
    chance = Random(4)
    with serve_batches(moody) as server:
        server.work_s = 0.3
        server.expire = lambda number: 0.3 if number % 2 else 0.0
        builder = Killed(server, tmp_path, lines=100)
        for _ in range(10):
            process = builder.start()
            time.sleep(chance.uniform(0.3, 2.0))
            process.kill()
            process.wait(timeout=10)

        replies = builder.run()
        assert len(replies) == N_REQUESTS
        assert builder.run() == replies
        assert server.paid == expected(N_REQUESTS)
