"""Parallel work on this machine, in processes that can be limited and killed."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from math import inf
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TypeVar, cast

from builder.engine.worker import FULL, NOT_READY, OUT_OF_MEMORY, READY, Lost, attempt
from builder.errors import BuilderError

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[Any], Any]  # one item -> its result; any types, they are the caller's

LOOK_S = 0.05  # how often the memory of a busy worker is looked at
AHEAD = 8  # items per worker that may be done before the one whose turn it is
START_S = 120.0  # until a worker must be ready
NEARLY_ALL = 0.7  # of the memory limit: a worker that dies there had too little of it
MAX_STARTS = 3  # workers in a row that end before they are ready
_PROGRAM = (
    "import sys; sys.path[:] = {path!r}; from builder.engine.worker import serve; serve({fd})"
)


class Local:
    """An engine that works in processes of this machine.

    workers:   0 for one per core; 1 works in this process, as long as there is no limit to keep.
    timeout_s: most seconds of one item, 0 for no limit. An item over it is lost as "timeout".
    memory_mb: most memory of a worker, 0 for no limit. An item over it is lost as "memory".
    """

    def __init__(self, *, workers: int = 0, timeout_s: float = 0.0, memory_mb: int = 0) -> None:
        self.workers = workers or _cores()
        self.timeout_s, self.memory_mb = timeout_s, memory_mb

    def map(
        self,
        make: Callable[..., Callable[[Item], Result]],
        args: tuple[Any, ...],  # whatever make takes
        items: Iterable[Item],
        *,
        here: Callable[[Item], bool] | None = None,
        limit_s: Callable[[Item], float] | None = None,
    ) -> Iterator[Result | Lost]:
        """The results of items in their order, as a stream; what gave none comes as Lost.

        make: a top-level function that a worker calls once, and that returns the function of one
        item. An item whose worker dies is tried once more while nothing else runs.
        here: whether an item is done in this process, without limits, because it is too small to
        wait for a worker. limit_s: the most seconds of an item, where not all have timeout_s.
        Raises BuilderError when workers cannot be started.
        """
        if self.workers == 1 and not self.timeout_s and not self.memory_mb:
            work = make(*args)
            for item in items:
                yield attempt(work, item)
            return
        setup = pickle.dumps((self.memory_mb, make, args))
        run = _Run(self, lambda: make(*args), setup, iter(items), here, limit_s)
        try:
            yield from run.results()
        finally:
            run.stop()


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)  # Linux knows which cores are ours
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class _Slot:
    """An item with the seconds that it may take and, once it is done, its result."""

    __slots__ = ("done", "item", "limit_s", "result", "tried")

    def __init__(self, item: Any, limit_s: float) -> None:  # any item
        self.item, self.limit_s = item, limit_s
        self.result: Any = None  # any result
        self.done = self.tried = False

    def finish(self, result: Any) -> None:  # any result
        self.result, self.done = result, True


class _Worker:
    """A process and the item that it works at."""

    def __init__(self, setup: bytes) -> None:
        self.wire, theirs = Pipe()
        fd = theirs.fileno()
        self.process = subprocess.Popen(  # noqa: S603 - this program itself
            [sys.executable, "-c", _PROGRAM.format(path=sys.path, fd=fd)],
            pass_fds=[fd],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the engine alone, which ends its workers
        )
        theirs.close()
        self.ready = False
        self.seen_mb = 0.0
        self.slot: _Slot | None = None
        self.since = time.monotonic()
        self.wire.send_bytes(setup)

    def give(self, slot: _Slot) -> None:
        self.slot, self.since = slot, time.monotonic()
        self.wire.send_bytes(pickle.dumps(slot.item))

    def peak_mb(self) -> float:
        """The most memory that the process was seen with, 0 where the system does not tell."""
        try:
            pages = Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1]
        except (OSError, IndexError):
            return 0.0
        self.seen_mb = max(self.seen_mb, int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6)
        return self.seen_mb

    def end(self, grace_s: float = 0.0) -> int:
        """End the process; its exit code. It gets grace_s to end by itself."""
        until = time.monotonic() + grace_s
        while time.monotonic() < until and not _has_ended(self.process.pid):
            time.sleep(0.005)
        os.kill(self.process.pid, signal.SIGKILL)  # not collected yet, so the number is its own
        self.wire.close()
        return self.process.wait()


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


class _Run:
    """One call of map: what waits, what is being done, what is done and waits for its turn."""

    def __init__(
        self,
        engine: Local,
        make: Callable[[], Work],
        setup: bytes,
        items: Iterator[Any],  # any items
        here: Callable[[Any], bool] | None,
        limit_s: Callable[[Any], float] | None,
    ) -> None:
        self._engine, self._make, self._setup = engine, make, setup
        self._items, self._here = items, here
        self._limit_s = limit_s or (lambda item: engine.timeout_s or inf)
        self._slots: deque[_Slot] = deque()  # in the order of the items, until they are yielded
        self._todo: deque[_Slot] = deque()
        self._own: deque[_Slot] = deque()  # to be done in this process
        self._again: deque[_Slot] = deque()  # whose worker died
        self._workers: list[_Worker] = []
        self._failed_starts = 0
        self._work: Work | None = None

    def results(self) -> Iterator[Any]:  # the results of any items
        while True:
            self._refill()
            if not self._slots:
                return
            self._hand_out()
            if self._slots[0].done:
                yield self._slots.popleft().result
            elif self._own:
                self._do_one()
                self._receive(0)
            else:
                self._receive(self._patience())

    def stop(self) -> None:
        while self._workers:
            self._workers.pop().end()

    def _refill(self) -> None:
        for item in islice(self._items, AHEAD * self._engine.workers - len(self._slots)):
            slot = _Slot(item, self._limit_s(item))
            self._slots.append(slot)
            (self._own if self._here and self._here(item) else self._todo).append(slot)

    def _busy(self) -> list[tuple[_Worker, _Slot]]:
        return [(worker, worker.slot) for worker in self._workers if worker.slot]

    def _hand_out(self) -> None:
        """Give workers what they can take; an item whose worker died waits until it is alone."""
        busy = self._busy()
        if self._again:
            if not busy:
                self.stop()
                self._give(self._again.popleft())
        elif not any(slot.tried for _, slot in busy):
            for _ in range(min(len(self._todo), self._engine.workers - len(busy))):
                self._give(self._todo.popleft())

    def _give(self, slot: _Slot) -> None:
        worker = next((worker for worker in self._workers if not worker.slot), None)
        if worker is None:
            try:
                worker = _Worker(self._setup)
            except OSError as error:
                raise _no_worker(str(error)) from error
            self._workers.append(worker)
        try:
            worker.give(slot)
        except OSError:  # it died while it was idle
            self._buried(worker, slot)

    def _do_one(self) -> None:
        if self._work is None:
            self._work = self._make()
        slot = self._own.popleft()
        slot.finish(attempt(self._work, slot.item))

    def _receive(self, patience: float | None) -> None:
        """Take what workers have to say, and end those that are over time."""
        wires = {worker.wire: (worker, slot) for worker, slot in self._busy()}
        if not wires:
            return
        for wire in wait(list(wires), patience):
            self._hear(*wires[cast("Connection", wire)])
        now = time.monotonic()
        for worker, slot in self._busy():
            if self._deadline(worker, slot) <= now:
                self._overdue(worker, slot)
            elif self._engine.memory_mb and worker.peak_mb() > self._engine.memory_mb:
                self._workers.remove(worker)
                worker.end()
                self._repeat(slot, Lost(OUT_OF_MEMORY, self._too_much()))

    def _hear(self, worker: _Worker, slot: _Slot) -> None:
        try:
            said = worker.wire.recv()
        except (EOFError, OSError):
            self._buried(worker, slot)
            return
        if said == READY:
            worker.ready, worker.since, self._failed_starts = True, time.monotonic(), 0
            return
        good, result = said
        if not good and result.reason == NOT_READY:
            raise _no_worker(result.detail)
        worker.slot = None
        if good or result.reason != OUT_OF_MEMORY:
            slot.finish(result)
            return
        self._workers.remove(worker)
        worker.end()
        self._repeat(slot, Lost(OUT_OF_MEMORY, self._too_much()))

    def _buried(self, worker: _Worker, slot: _Slot) -> None:
        """A worker is dead: its item gets another chance."""
        self._workers.remove(worker)
        code = worker.end(grace_s=2.0)
        if worker.ready:
            limit = self._engine.memory_mb
            full = code == FULL or (limit and worker.seen_mb > NEARLY_ALL * limit)
            reason = OUT_OF_MEMORY if full else "crashed"
            self._repeat(slot, Lost(reason, f"the process that read it {_ended(code)}"))
            return
        self._failed_starts += 1
        if self._failed_starts >= MAX_STARTS:
            raise _no_worker(f"it {_ended(code)} before it was ready")
        (self._again if slot.tried else self._todo).appendleft(slot)

    def _too_much(self) -> str:
        return f"it needs more than {self._engine.memory_mb:,} MB of memory"

    def _repeat(self, slot: _Slot, lost: Lost) -> None:
        if slot.tried:
            slot.finish(lost)
        else:
            slot.tried = True
            self._again.append(slot)

    def _overdue(self, worker: _Worker, slot: _Slot) -> None:
        self._workers.remove(worker)
        worker.end()
        if not worker.ready:
            raise _no_worker(f"it was not ready after {START_S:g} s")
        slot.finish(Lost("timeout", f"it took longer than {slot.limit_s:.3g} s"))

    def _deadline(self, worker: _Worker, slot: _Slot) -> float:
        return worker.since + (slot.limit_s if worker.ready else START_S)

    def _patience(self) -> float | None:
        nearest = min((self._deadline(*both) for both in self._busy()), default=inf)
        if self._engine.memory_mb:
            nearest = min(nearest, time.monotonic() + LOOK_S)
        return None if nearest == inf else max(0.0, nearest - time.monotonic())


def _ended(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    names = {number.value: number.name for number in signal.Signals}
    return f"was ended by {names.get(-code, f'signal {-code}')}"


def _no_worker(why: str) -> BuilderError:
    return BuilderError(
        f"no worker process can be started: {why}",
        "Look whether python starts at all and memory is left; see workers and memory_mb.",
    )
