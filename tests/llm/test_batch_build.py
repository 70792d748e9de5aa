"""The whole job by batch, as a user runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.batch_server import BatchServer, serve_batches
from tests.endpoint import Answer, Seen, chat, good_model

ROWS = ("train.jsonl", "eval.jsonl", "rejected.jsonl", "train.meta.jsonl", "failures.jsonl")
DOCS = Path(__file__).resolve().parents[2] / "raw_docs" / "server"


def moody(seen: Seen) -> Answer:
    """A good model, one of whose replies is useless and one of whose needs a second request."""
    number = len(seen.prompt)
    if number % 7 == 0:
        return chat("I would rather not say.")
    return chat("[]") if number % 5 == 0 and not seen.correction else good_model(seen)


@pytest.fixture
def server() -> Iterator[BatchServer]:
    with serve_batches(moody) as running:
        yield running


def command(server: BatchServer, run: Path, *more: str) -> list[str]:
    words = [sys.executable, "-m", "builder", "build", str(DOCS), "-o", str(run), "--limit", "20"]
    words += ["--model", "small", "--base-url", server.url, "--set", "model.batch_poll_s=0.05"]
    return [*words, *more]


def done(
    words: list[str], returns: int | tuple[int, ...] = (0, 3)
) -> subprocess.CompletedProcess[str]:
    found = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    codes = returns if isinstance(returns, tuple) else (returns,)
    assert found.returncode in codes, found.stderr
    return found


def rows(run: Path) -> dict[str, bytes]:
    return {name: (run / name).read_bytes() for name in ROWS}


def test_online_batch_and_killed_batch_builds_write_the_same_bytes(
    server: BatchServer, tmp_path: Path
) -> None:
    done(command(server, tmp_path / "online"))
    online = server.paid.copy()
    server.paid.clear()
    done(command(server, tmp_path / "batch", "--batch"))
    by_batch = server.paid.copy()
    server.paid.clear()
    for step in ("uploaded", "created", "download"):
        process = subprocess.Popen(
            command(server, tmp_path / "killed", "--batch"), stderr=subprocess.DEVNULL
        )

        def kill(now: str, step: str = step, pid: int = process.pid) -> None:
            if now == step:
                server.at = lambda _: None
                os.kill(pid, signal.SIGKILL)

        server.at = kill
        assert process.wait(timeout=60) == -signal.SIGKILL
    done(command(server, tmp_path / "killed", "--batch"))

    assert rows(tmp_path / "batch") == rows(tmp_path / "online") == rows(tmp_path / "killed")
    assert by_batch == online == server.paid
    assert max(online.values()) == 3
    assert b"not_json" in rows(tmp_path / "batch")["failures.jsonl"]


def test_interrupted_build_says_how_to_go_on_and_how_to_cancel(
    server: BatchServer, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    server.work_s = 60.0
    process = subprocess.Popen(
        command(server, run, "--batch"),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )

    def interrupt(now: str) -> None:
        if now == "look":
            server.at = lambda _: None
            process.send_signal(signal.SIGINT)

    server.at = interrupt
    _, said = process.communicate(timeout=60)
    held = done(command(server, run), 1)
    shown = done([sys.executable, "-m", "builder", "batches", str(run)], 0)
    cancelled = done([sys.executable, "-m", "builder", "batches", str(run), "--cancel"], 0)
    done(command(server, run))

    assert process.returncode == 130
    assert "the batches go on at the server" in said
    assert f"builder batches {run}; stop them: add --cancel" in said
    assert "To go on: builder build" in said
    assert "of the requests are in a batch under way" in held.stderr
    assert "batch_1 in_progress: 0 of " in shown.stdout
    assert shown.stdout.strip().endswith("done")
    assert cancelled.stdout.strip().endswith("done; cancel was asked for")
    assert server.online > 0
    once = [len(prompt) % 7 and len(prompt) % 5 for prompt in server.paid]
    assert {paid for paid, good in zip(server.paid.values(), once, strict=True) if good} == {1}


def test_rounds_towards_a_number_of_pairs_work_by_batch(
    server: BatchServer, tmp_path: Path
) -> None:
    more = ["--set", "target.pairs=30", "--set", "target.round=15"]
    done(command(server, tmp_path / "online", *more))
    online = server.paid.copy()
    server.paid.clear()

    done(command(server, tmp_path / "batch", "--batch", *more))

    assert server.paid == online
    assert rows(tmp_path / "batch") == rows(tmp_path / "online")
    assert len(server.batches) > 1


def test_limit_of_requests_holds_by_batch_and_the_next_build_goes_on(
    server: BatchServer, tmp_path: Path
) -> None:
    done(command(server, tmp_path / "whole", "--batch"))
    server.paid.clear()

    done(command(server, tmp_path / "run", "--batch", "--max-requests", "9"), 3)

    assert server.paid.total() == 9
    done(command(server, tmp_path / "run", "--batch"))
    assert rows(tmp_path / "run") == rows(tmp_path / "whole")


def test_builder_batches_of_a_run_without_any_says_so(tmp_path: Path) -> None:
    run = tmp_path / "run"
    words = [sys.executable, "-m", "builder"]
    done([*words, "build", str(DOCS), "-o", str(run), "--limit", "3"], (0, 3))

    assert "no batch is under way" in done([*words, "batches", str(run)], 0).stderr
