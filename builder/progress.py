"""Progress of a build on stderr: bars on a terminal, a plain line every 30 s elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from builder.pipeline import Progress

EVERY_S = 30.0


class Silent:
    """Shows nothing."""

    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, count: int = 1) -> None: ...

    def finish(self, note: str) -> None: ...

    def say(self, note: str) -> None: ...


class Lines:
    """One line when a stage is done, and one every 30 s with rate and time left."""

    def __init__(self) -> None:
        self._stage, self._total, self._done = "", 0, 0
        self._began = self._told = 0.0

    def start(self, stage: str, total: int | None) -> None:
        self._stage, self._total, self._done = stage, total or 0, 0
        self._began = self._told = time.monotonic()

    def advance(self, count: int = 1) -> None:
        self._done += count
        now = time.monotonic()
        if now - self._told >= EVERY_S:
            self._told = now
            rate = self._done / (now - self._began)
            left = (
                f", {(self._total - self._done) / rate:.0f} s left" if self._total and rate else ""
            )
            self.say(f"{self._done}/{self._total or '?'} ({rate:.1f}/s{left})")

    def finish(self, note: str) -> None:
        self.say(note)

    def say(self, note: str) -> None:
        click.echo(f"{self._stage:<8} {note}", err=True)


class Terminal:
    """A bar with rate and time left for the stage that runs, a line for each that is done."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task: TaskID | None = None
        self._stage = ""

    def start(self, stage: str, total: int | None) -> None:
        self._drop()
        self._stage = stage
        self._task = self._bars.add_task(stage, total=total)

    def advance(self, count: int = 1) -> None:
        if self._task is not None:
            self._bars.advance(self._task, count)

    def finish(self, note: str) -> None:
        self._drop()
        self.say(note)

    def say(self, note: str) -> None:
        self._bars.console.print(f"{self._stage:<8} {note}", markup=False, highlight=False)

    def _drop(self) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """What shows the progress of a build, by what stderr is."""
    if quiet:
        yield Silent()
    elif not sys.stderr.isatty():
        yield Lines()
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (
            TextColumn("{task.description:<8}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.speed:.1f}/s", justify="right"),
            TimeRemainingColumn(),
        )
        with Bars(*columns[:3], columns[4], console=Console(stderr=True), transient=True) as bars:
            yield Terminal(bars)
