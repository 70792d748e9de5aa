"""How much work something takes, in a unit that a slow or busy machine changes as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time


@contextmanager
def at_most(loops: float) -> Iterator[None]:
    """Fails if what runs inside takes more CPU time than so many loops over a million numbers.

    A loop takes some 0.03 s on a machine that a second is a second on; other processes and
    waiting do not count.
    """
    before = _loop()
    began = process_time()
    yield
    spent = process_time() - began
    taken = spent / max(before, _loop())
    assert taken <= loops, f"took the time of {taken:.0f} loops, more than {loops}"


def _loop() -> float:
    began = process_time()
    total = 0
    for number in range(1_000_000):
        total += number
    return process_time() - began
