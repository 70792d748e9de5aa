"""Work in a child process: whatever happens there, the parent gets an answer."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from builder.ingest import child
from builder.ingest.parsed import Parsed, Piece, Refused


def length(data: bytes, more: int = 0) -> int:
    return len(data) + more


def pieces(data: bytes) -> Parsed:
    return Parsed(pieces=(Piece("paragraph", data.decode()),), notes=("read",))


def process_id(data: bytes) -> int:
    return os.getpid()


def hang(data: bytes) -> int:
    time.sleep(60)
    return 0


def swallow(data: bytes) -> int:
    hoard = []
    while True:
        hoard.append(bytes([1]) * (8 << 20))
        time.sleep(0.005)


def run_out(data: bytes) -> int:
    raise MemoryError


def crash(data: bytes) -> int:
    os.abort()


def stumble(data: bytes) -> int:
    raise ValueError("a bad number")


def talk(data: bytes) -> int:
    print("noise that no protocol expects")  # noqa: T201
    os.write(1, b"more noise")
    return 7


def act(data: bytes) -> object:
    return os.getcwd  # a function: nothing that a child may send


def test_a_child_returns_what_the_function_returns() -> None:
    assert child.call(length, b"12345", 2) == 7
    assert child.call(pieces, "Grüße".encode()) == pieces("Grüße".encode())


def test_the_same_child_serves_many_files() -> None:
    ids = {child.call(process_id, b"") for _ in range(20)}

    assert len(ids) == 1
    assert os.getpid() not in ids


def test_a_megabyte_each_way_does_not_block() -> None:
    data = bytes(3_000_000)

    assert child.call(length, data) == len(data)
    assert len(child.call(pieces, data).pieces[0].text) == len(data)  # type: ignore[union-attr]  # not refused


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (hang, "timeout"),
        (swallow, "memory"),
        (run_out, "memory"),
        (crash, "crashed"),
        (stumble, "crashed"),
        (act, "crashed"),
    ],
)
def test_a_failing_child_costs_its_file_only(function: object, reason: str) -> None:
    assert callable(function)

    answer = child.call(
        function, b"x", timeout_s=1 if reason == "timeout" else 30, max_memory=300 << 20
    )

    assert isinstance(answer, Refused)
    assert answer.reason == reason
    assert answer.detail
    assert child.call(length, b"123") == 3


def test_an_exception_is_named() -> None:
    answer = child.call(stumble, b"")

    assert isinstance(answer, Refused)
    assert "ValueError: a bad number in stumble" in answer.detail


def test_what_a_library_prints_does_not_disturb() -> None:
    assert child.call(talk, b"") == 7
    assert child.call(talk, b"") == 7


def test_threads_get_their_own_answers() -> None:
    answers: dict[int, object] = {}

    def ask(n: int) -> None:
        answers[n] = child.call(length, bytes(n))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == {n: n for n in range(6)}


def test_closing_ends_the_children_and_the_next_call_starts_a_new_one() -> None:
    first = child.call(process_id, b"")
    child.close()

    assert child.call(process_id, b"") != first


def test_a_script_without_main_guard_can_use_it() -> None:
    script = "from builder.ingest import child\nprint(child.call(bytes.decode, b'ok'))"

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60
    )

    assert (done.stdout, done.stderr, done.returncode) == ("ok\n", "", 0)
