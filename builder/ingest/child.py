"""One function on bytes in a child process that can be killed.

A native library can hang, eat all memory or crash on a hostile file; here that costs the file, not
the run. `call` always returns: the function's result, or Refused with reason "timeout", "memory"
or "crashed". Children are plain Python processes (nothing is forked, `__main__` is not imported
again) that stay warm: a file costs about a millisecond beside its work. Any number of threads may
call at once; each has a child of its own for the time of its call.
"""

from __future__ import annotations

import atexit
import dataclasses
import importlib
import io
import os
import pickle  # only between this process and its own children; replies are restricted
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, TypeVar

from builder.engine import worker
from builder.ingest.parsed import Refused

T = TypeVar("T")

TIMEOUT_S = 60.0
MAX_MEMORY = 2 << 30  # bytes
MAX_FILES = 200  # files per child: what leaks in a native library ends with it
_OUT_OF_MEMORY = 77  # exit code
_LOOK_S = 0.05  # how often a child looks at its own memory
_HEADER = struct.Struct("<Q")
_START = "import sys; sys.path[:] = {path!r}; from builder.ingest.child import serve; serve()"


def call(
    function: Callable[..., T],
    data: bytes,
    *args: object,
    timeout_s: float = TIMEOUT_S,
    max_memory: int = MAX_MEMORY,
) -> T | Refused:
    """function(data, *args) in a child process.

    function must stand at the top level of a module; args and what it returns are plain values or
    dataclasses of this program. max_memory: bytes of resident memory. In a worker of the engine
    the function is called as it is: the engine keeps time and memory.
    """
    if worker.serving:  # this process is one that can be killed, with limits of its own
        return function(data, *args)
    child = _take()
    answer: T | Refused = child.ask((function, data, args, max_memory), timeout_s)
    if child.usable:
        _give_back(child)
    else:
        child.end()
    return answer


class _Child:
    """A process that runs `serve`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [sys.executable, "-c", _START.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.owner = os.getpid()
        self.usable = True
        self._n_files = 0

    def ask(self, request: tuple[object, ...], timeout_s: float) -> Any:  # what the function gives
        late = threading.Event()
        timer = threading.Timer(timeout_s, self._kill, (late,))
        timer.daemon = True
        self._n_files += 1
        self.usable = self._n_files < MAX_FILES
        timer.start()
        try:
            return self._exchange(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
        except (OSError, EOFError, pickle.UnpicklingError):
            self.usable = False
            return self._why(late.is_set(), timeout_s)
        finally:
            timer.cancel()

    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Kill the process and close its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what it still held can no longer be sent

    def _exchange(self, request: bytes) -> Any:  # what the function gives
        if self._process.stdin is None or self._process.stdout is None:
            raise EOFError
        _write(self._process.stdin, request)
        ok, answer = _Restricted(io.BytesIO(_read(self._process.stdout))).load()
        self.usable = self.usable and ok
        return answer

    def _kill(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def _why(self, late: bool, timeout_s: float) -> Refused:
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            code = 0
        if late:
            return Refused("timeout", f"reading took longer than {timeout_s:.0f} seconds")
        if code == _OUT_OF_MEMORY:
            return Refused("memory", "reading needed more memory than is allowed for a file")
        return Refused("crashed", f"the process that read the file ended with exit code {code}")


class _Restricted(pickle.Unpickler):
    """Unpickles plain values and dataclasses of this program, nothing that could act."""

    def find_class(self, module: str, name: str) -> Any:  # a class
        if module.partition(".")[0] in ("builder", "tests"):
            found = getattr(importlib.import_module(module), name, None)
            if isinstance(found, type) and dataclasses.is_dataclass(found):
                return found
        raise pickle.UnpicklingError(f"a child may not send {module}.{name}")


_idle: list[_Child] = []
_lock = threading.Lock()


def _take() -> _Child:
    """An idle child of this process, or a new one."""
    with _lock:
        while _idle:
            child = _idle.pop()
            if child.owner == os.getpid() and child.alive():
                return child
            if child.owner == os.getpid():
                child.end()
    return _Child()


def _give_back(child: _Child) -> None:
    with _lock:
        _idle.append(child)


@atexit.register
def close() -> None:
    """End the idle children; they also end by themselves when this process does."""
    with _lock:
        while _idle:
            child = _idle.pop()
            if child.owner == os.getpid():
                child.end()


def _write(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(_HEADER.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    """The next message. Raises EOFError when the other side is gone."""
    (length,) = _HEADER.unpack(_exactly(pipe, _HEADER.size))
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found


def serve() -> None:
    """The life of a child: answer requests on standard input until it closes."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the replies
    limit = _Limit()
    threading.Thread(target=limit.watch, daemon=True).start()
    sys.excepthook = _Confess(replies)
    while True:
        try:
            request = _read(sys.stdin.buffer)
        except EOFError:
            return
        function, data, args, limit.bytes = pickle.loads(request)  # noqa: S301 - from our parent
        _write(replies, pickle.dumps((True, function(data, *args)), pickle.HIGHEST_PROTOCOL))


class _Confess:
    """Tells the parent which exception ends this process."""

    def __init__(self, replies: IO[bytes]) -> None:
        self._replies = replies

    def __call__(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, MemoryError):
            refused = Refused("memory", "reading needed more memory than is allowed for a file")
        else:
            while trace and trace.tb_next:
                trace = trace.tb_next
            at = f" in {trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}" if trace else ""
            refused = Refused("crashed", f"{kind.__name__}: {str(error)[:200]}{at}")
        _write(self._replies, pickle.dumps((False, refused), pickle.HIGHEST_PROTOCOL))


class _Limit:
    """Ends this process when it holds too much memory, or when its parent is gone."""

    def __init__(self) -> None:
        self.bytes = MAX_MEMORY
        self._parent = os.getppid()

    def watch(self) -> None:
        while os.getppid() == self._parent:
            if _resident() > self.bytes:
                os._exit(_OUT_OF_MEMORY)
            time.sleep(_LOOK_S)
        os._exit(1)


def _resident() -> int:
    """Bytes of memory that this process holds now (its peak where the system tells no more)."""
    statm = Path("/proc/self/statm")
    try:
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        if sys.platform == "win32":
            return 0
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
