"""Work in parallel: order, bounded memory, limits, and workers that die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from builder.engine import Local, Lost
from builder.errors import BuilderError

ROOT = Path(__file__).parents[1]


def adder(amount: int) -> Callable[[int], int]:
    """Adds amount; slower for even numbers, so that results come in another order."""

    def work(item: int) -> int:
        time.sleep(0.01 if item % 2 == 0 else 0)
        return item + amount

    return work


def actor(folder: str) -> Callable[[str], str]:
    """Does to its own process what an item says."""

    def work(item: str) -> str:
        with (Path(folder) / "tries").open("a", encoding="utf-8") as tries:
            tries.write(f"{item}\n")
        if item == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif item == "segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        elif item == "memory":
            return str(len([b"x" * 50_000_000 for _ in range(80)]))
        elif item == "hang":
            time.sleep(100)
        elif item == "raise":
            raise ValueError("a strange file")
        elif item == "once" and not (Path(folder) / "died").exists():
            (Path(folder) / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return item.upper()

    return work


def allocator() -> Callable[[int], int]:
    """Takes as many bytes as an item says, without using them."""
    return lambda count: len(bytearray(count))


def stillborn() -> Callable[[int], int]:
    """Ends the process before it is ready."""
    os._exit(7)


def unready() -> Callable[[int], int]:
    """Raises before it is ready."""
    raise RuntimeError("no index here")


def process_of() -> Callable[[int], int]:
    """Tells which process does an item."""
    return lambda _: os.getpid()


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    engine = Local(workers=workers)

    assert list(engine.map(adder, (100,), range(60))) == [100 + n for n in range(60)]


def test_one_worker_without_limits_is_this_process() -> None:
    assert set(Local(workers=1).map(process_of, (), range(3))) == {os.getpid()}
    assert os.getpid() not in set(Local(workers=2).map(process_of, (), range(3)))


def test_small_items_are_done_here_and_keep_their_place() -> None:
    engine = Local(workers=1, timeout_s=60)

    found = list(engine.map(process_of, (), range(6), here=lambda item: item % 2 == 0))

    assert [pid == os.getpid() for pid in found] == [True, False] * 3


def test_items_are_taken_only_as_far_ahead_as_needed() -> None:
    taken = []

    def items() -> Iterator[int]:
        for n in range(1000):
            taken.append(n)
            yield n

    results = Local(workers=2).map(adder, (0,), items())
    next(results)

    assert len(taken) <= 20
    results.close()  # type: ignore[attr-defined]  # it is a generator


@pytest.mark.parametrize("workers", [1, 2])
def test_worker_that_dies_costs_only_its_item(tmp_path: Path, workers: int) -> None:
    engine = Local(workers=workers, memory_mb=500, timeout_s=30)
    items = ["a", "kill", "b", "segfault", "c", "memory", "once", "d", "raise", "e"]

    found = list(engine.map(actor, (str(tmp_path),), items))

    lost = {item: got for item, got in zip(items, found, strict=True) if isinstance(got, Lost)}
    assert {item: got.reason for item, got in lost.items()} == {
        "kill": "crashed", "segfault": "crashed", "memory": "memory", "raise": "crashed",
    }  # fmt: skip
    assert "SIGKILL" in lost["kill"].detail
    assert "SIGSEGV" in lost["segfault"].detail
    assert "ValueError: a strange file at test_engine.py" in lost["raise"].detail
    assert [got for got in found if not isinstance(got, Lost)] == ["A", "B", "C", "ONCE", "D", "E"]
    tries = (tmp_path / "tries").read_text("utf-8").split()
    assert [tries.count(item) for item in ("kill", "segfault", "memory", "once", "raise")] == [
        2, 2, 2, 2, 1,
    ]  # fmt: skip


def test_memory_that_is_taken_at_once_is_no_harm() -> None:
    engine = Local(workers=1, memory_mb=500)

    found = list(engine.map(allocator, (), [10, 20_000_000_000, 20]))

    assert found[::2] == [10, 20]
    if sys.platform == "linux":  # elsewhere memory that is not used is not counted
        assert found[1] == Lost("memory", "it needs more than 500 MB of memory")


def test_item_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    engine = Local(workers=2, timeout_s=0.5)
    began = time.monotonic()

    found = list(engine.map(actor, (str(tmp_path),), ["a", "hang", "b", "c"]))

    assert found == ["A", Lost("timeout", "it took longer than 0.5 s"), "B", "C"]
    assert time.monotonic() - began < 20


def test_a_large_item_may_take_longer(tmp_path: Path) -> None:
    engine = Local(workers=2, timeout_s=600)

    def limit_s(item: str) -> float:
        return 0.5 if item == "hang" else 60

    found = list(engine.map(actor, (str(tmp_path),), ["a", "hang", "b"], limit_s=limit_s))

    assert found == ["A", Lost("timeout", "it took longer than 0.5 s"), "B"]


def test_workers_that_never_start_are_an_error_and_no_endless_loop() -> None:
    with pytest.raises(BuilderError, match=r"no worker process.*ended with code 7"):
        list(Local(workers=2).map(stillborn, (), range(5)))


def test_worker_that_cannot_begin_says_why() -> None:
    with pytest.raises(BuilderError, match=r"RuntimeError: no index here at test_engine\.py"):
        list(Local(workers=2).map(unready, (), range(5)))


def test_closing_the_stream_ends_the_workers(tmp_path: Path) -> None:
    results = Local(workers=2).map(process_of, (), range(100))
    pid = next(results)
    assert isinstance(pid, int)
    results.close()  # type: ignore[attr-defined]  # it is a generator

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


HANGING = """
from pathlib import Path
from builder.engine import Local
from tests.test_engine import actor
for _ in Local(workers=2).map(actor, ({folder!r},), ["hang", "hang"]):
    pass
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_at_once_with_their_engine(tmp_path: Path, number: int) -> None:
    script = HANGING.format(folder=str(tmp_path))
    engine = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while not (tmp_path / "tries").exists() and time.monotonic() < until:
        time.sleep(0.02)
    workers = children(engine.pid)

    engine.send_signal(number)
    began = time.monotonic()
    engine.communicate(timeout=20)
    while any(map(alive, workers)) and time.monotonic() < began + 20:
        time.sleep(0.02)

    assert workers
    assert not any(map(alive, workers))


def children(pid: int) -> list[int]:
    """The processes that a process has started, by ps."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = [tuple(map(int, row.split())) for row in listed.stdout.splitlines()]
    return [child for child, parent in pairs if parent == pid]


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie that nobody has collected does not)."""
    shown = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(shown.stdout.strip()) and not shown.stdout.startswith("Z")
