"""What runs in a worker process, and what is said between it and its engine.

Engine to worker: (memory_mb, make, args) once, then items. Worker to engine: READY, or (False,
Lost) when it cannot begin; then for each item (True, result) or (False, Lost). All is pickled.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

READY = "ready"
NOT_READY = "not ready"
OUT_OF_MEMORY = "memory"
BACKSTOP, BACKSTOP_MB = 3, 1024  # address space: so many times the memory, and what libraries map
FULL = 77  # exit code of a worker that has found itself over its memory
serving = False  # whether this process is a worker: it can be killed, and its limits are kept


@dataclass(frozen=True, slots=True)
class Lost:
    """An item that gave no result: reason is "crashed", "timeout" or "memory"."""

    reason: str
    detail: str


def attempt(work: Callable[[Any], Any], item: Any) -> Any:  # any item, any result
    """The result of one item, or how it was lost."""
    try:
        return work(item)
    except MemoryError:
        return Lost(OUT_OF_MEMORY, "it needs more memory than it may have")
    except Exception as error:  # noqa: BLE001 - the fault of one item must not end the others
        return Lost("crashed", f"{_told(error)} (a fault of builder: please report it)")


def serve(fd: int) -> None:
    """Work until the engine hangs up; a dead engine ends a busy worker too."""
    global serving
    serving = True
    wire = Connection(fd)
    inbox = _inbox(wire)
    try:
        memory_mb, make, args = pickle.loads(inbox.get())  # noqa: S301 - from our own parent
        if memory_mb:
            _limit(memory_mb)
        work = make(*args)
        gc.freeze()  # what is loaded now stays: to look through it takes 5 % of reading a page
    except Exception as error:  # noqa: BLE001 - nobody sees what this process prints
        wire.send((False, Lost(NOT_READY, _told(error))))
        return
    wire.send(READY)
    while True:
        result = attempt(work, pickle.loads(inbox.get()))  # noqa: S301 - from our own parent
        wire.send((not isinstance(result, Lost), result))
        if isinstance(result, Lost) and result.reason == OUT_OF_MEMORY:
            os._exit(0)  # whatever is left of its heap is not to be trusted


def _inbox(wire: Connection) -> queue.SimpleQueue[bytes]:
    """What the engine sends, read by a thread, so that its end is seen in the midst of work."""
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def receive() -> None:
        while True:
            try:
                inbox.put(wire.recv_bytes())
            except (EOFError, OSError):
                os._exit(0)

    threading.Thread(target=receive, daemon=True).start()
    return inbox


def _limit(memory_mb: int) -> None:
    """A limit far above, for what grows faster than the engine can look.

    It is no limit by itself: libraries that run into it may call the file broken, or empty.
    """
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    size = (BACKSTOP * memory_mb + BACKSTOP_MB) * 1024 * 1024
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        size = min(size, most)
    resource.setrlimit(resource.RLIMIT_AS, (size, most))
    if not Path("/proc/self/statm").exists():  # the engine cannot look from outside
        unit = 1 if sys.platform == "darwin" else 1024
        threading.Thread(target=_watch, args=(memory_mb * 1e6 / unit,), daemon=True).start()


def _watch(most: float) -> None:
    """End this process when its memory has been over most, in the unit of getrusage."""
    import resource

    while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss <= most:
        time.sleep(0.05)
    os._exit(FULL)


def _told(error: Exception) -> str:
    """An exception and where it was raised, in one line."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    said = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}{': ' if said else ''}{said}{where}"
