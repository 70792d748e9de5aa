"""Python's garbage collector, kept from looking through what is only being made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """The collector rests inside, as context or decorator, and is then as it was before.

    For work that makes many objects and no cycles worth a search: every few hundred of them would
    have the collector look through all that other parts of the program hold. With large libraries
    loaded beside it, that took more time than the work (docs/decisions.md).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
