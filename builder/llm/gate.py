"""How many requests may be on their way to one endpoint: as many as it bears, found by asking.

The limit starts at one, doubles per round trip until the endpoint complains, and from then on
grows by one per round trip while it is in use (additive increase, multiplicative decrease: Chiu
and Jain 1989). A complaint cuts it once: what was sent before the cut was sent by the old limit
and cuts no more. How far it cuts follows from what the endpoint really served since the last cut
(delivered requests per second x latency, as in BBR: Cardwell et al. 2016). Where cut after cut
brings nothing the breaker opens: one request at a time, ever more seldom, until one is served.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, inf

from builder.llm.outcomes import Class

START = 16  # requests at once as soon as the first has been served
LEAST_CUT, DEEPEST_CUT = 0.7, 0.4  # what a cut leaves of the limit
GROWTH = 0.05  # of the limit per round trip, at least one request
RECOVERY = 0.25  # per served request while far below the limit that was cut last
NEAR = 0.8  # of that limit: from there on it grows slowly ...
SLOWNESS = 4.0  # ... by this factor, until the old limit is passed
SMALL = 4.0  # below this limit all growth is a share of it
PACED, PACE = 6.0, 1.1  # below this limit requests are spaced, at this multiple of its speed
LEAST = 0.1  # a limit below one is one request with pauses between
FAILURES = 5  # failures in a row that cut the limit
STRIKES = 5  # complaints in a row that open the breaker
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0  # after a complaint without a time
SMOOTHING = 0.2  # weight of the newest latency

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pass:
    """A place on the way, with what was known when it was given."""

    epoch: int
    tokens: int
    at: float


class Gate:
    """The limit of one endpoint and model; knows no event loop. All times in seconds of clock."""

    def __init__(
        self,
        name: str,
        *,
        most: int,
        rpm: float = 0,
        tpm: float = 0,
        clock: Callable[[], float] = time.monotonic,
        say: Callable[[str], None] = _LOG.warning,
    ) -> None:
        self.name = name
        self.limit = 1.0
        self.busy = 0
        self._most = float(most)
        self._rpm, self._tpm = rpm, tpm
        self._clock, self._say = clock, say
        self._slow_start = True
        self._ceiling = inf  # the limit that was cut last
        self._epoch = 0
        self._paused_until = 0.0
        self._next_at = 0.0  # by rpm and tpm
        self._failures = self._strikes = 0
        self._kept = 0.0  # the limit from before the breaker opened, 0 while it is closed
        self._latency_s = 0.0
        self._served, self._since = 0, clock()  # delivered since the last cut

    @property
    def is_open(self) -> bool:
        """The breaker is open: the endpoint is only asked whether it serves again."""
        return self._kept > 0

    @property
    def free(self) -> int:
        """Places that are not taken."""
        return ceil(self.limit) - self.busy

    def wait_s(self) -> float:
        """Seconds until a request may go: 0 for now, infinite until one comes back."""
        if self.free < 1:
            return inf
        return max(0.0, self._paused_until - self._clock(), self._next_at - self._clock())

    def enter(self, tokens: int = 0) -> Pass:
        """Take a place; tokens: what the request may use, for tpm."""
        now = self._clock()
        self.busy += 1
        self._spend(now, requests=1, tokens=tokens)
        if not self._slow_start and self.limit < PACED:
            self._next_at = max(self._next_at, now + self._latency_s / self.limit / PACE)
        return Pass(self._epoch, tokens, now)

    def leave(
        self,
        place: Pass,
        kind: Class | None,
        *,
        retry_s: float | None = None,
        tokens: int = 0,
        wanted: bool = True,
    ) -> None:
        """Give the place back.

        kind:    what came of the request; None when it was given up or never sent.
        retry_s: how long the endpoint wants to be left alone, None if it does not say.
        tokens:  what the request really used.
        wanted:  somebody waits for a place; without that the limit does not grow.
        """
        wanted = wanted or self.free < 1
        busy, self.busy = self.busy, self.busy - 1
        if kind is None:
            return
        now = self._clock()
        if kind == "rate":
            self._complaint(place, busy, retry_s, now)
        elif kind == "transient":
            self._failed(place, busy, retry_s, now)
        elif kind == "permanent":  # an answer, but nothing served
            self._failures = self._strikes = 0
        else:
            if tokens:
                self._spend(now, requests=0, tokens=tokens - place.tokens)
            self._serves(now - place.at, wanted)

    def _spend(self, now: float, *, requests: int, tokens: int) -> None:
        cost_s = (60.0 * requests / self._rpm if self._rpm else 0.0) + (
            60.0 * tokens / self._tpm if self._tpm else 0.0
        )
        self._next_at = max(self._next_at, now) + cost_s if cost_s > 0 else self._next_at + cost_s

    def _serves(self, latency_s: float, wanted: bool) -> None:
        self._failures = self._strikes = 0
        self._served += 1
        weight = SMOOTHING if self._latency_s else 1.0
        self._latency_s += weight * (latency_s - self._latency_s)
        if self.is_open:
            self.limit, self._kept = max(1.0, self._kept / 2), 0.0
            self._say(f"{self.name} serves again")
        elif self._slow_start and self.limit < START:
            self.limit = min(float(START), self._most)
        elif wanted:
            self.limit = min(self._most, self.limit + self._step())

    def _step(self) -> float:
        if self._slow_start:
            return 1.0
        if self.limit < NEAR * self._ceiling:
            return RECOVERY * min(1.0, self.limit / SMALL)
        step = min(self.limit / SMALL**2, max(1.0, GROWTH * self.limit) / self.limit)
        return step / SLOWNESS if self.limit < self._ceiling else step

    def _failed(self, place: Pass, busy: int, retry_s: float | None, now: float) -> None:
        """One failure says nothing of the load; several in a row halve the limit, at most to one.

        No pause of its own: each request has its own pauses, and the last ones of a run may all be
        requests that the server can never serve.
        """
        if retry_s is not None or self.is_open:
            self._pause(now + (self._doubled_s(self._strikes) if retry_s is None else retry_s))
        self._failures += 1
        if self._failures >= FAILURES and place.epoch == self._epoch:
            self._failures = 0
            self._cut(busy, now, least=1.0)

    def _complaint(self, place: Pass, busy: int, retry_s: float | None, now: float) -> None:
        """The endpoint is asked too much: pause, and cut the limit once for what it bore."""
        if retry_s is not None:
            self._pause(now + retry_s)
        if place.epoch != self._epoch:
            return
        self._strikes += 1
        if retry_s is None or self.is_open:  # a time that proved too short five times is doubled
            before = 0 if retry_s is None else STRIKES
            self._pause(now + self._doubled_s(self._strikes - before))
        self._cut(busy, now, least=LEAST)
        if self._strikes >= STRIKES and not self.is_open:
            self._kept, self.limit = max(self._ceiling, 1.0), 1.0
            self._say(f"{self.name} serves nothing at the moment; it is asked now and then")

    def _doubled_s(self, strikes: int) -> float:
        return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** max(0, min(strikes - 1, 10)))

    def _cut(self, busy: int, now: float, *, least: float) -> None:
        used = min(self.limit, float(busy))
        delivered = self._served / max(now - self._since, 1e-3) * self._latency_s
        self._epoch += 1
        self._slow_start = False
        if self._strikes <= 1:  # further ones say nothing of what it bears
            self._ceiling = used
        if not self.is_open:
            self.limit = max(least, min(max(delivered, DEEPEST_CUT * used), LEAST_CUT * used))
        self._served, self._since = 0, now

    def _pause(self, until: float) -> None:
        self._paused_until = max(self._paused_until, until)


class Gates:
    """The gates of all endpoints of one model: whoever waits goes where there is room first."""

    def __init__(self, gates: Sequence[Gate]) -> None:
        self.gates = tuple(gates)
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def busy(self) -> int:
        """Requests on their way, over all gates."""
        return sum(gate.busy for gate in self.gates)

    async def enter(self, tokens: int = 0) -> tuple[int, Pass]:
        """Wait for a place; the number of its gate, and the place."""
        while True:
            number = self._open()
            if number is not None:
                return number, self.gates[number].enter(tokens)
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            self._wake()
            try:
                await future
            finally:
                if not future.done():
                    self._waiting.remove(future)

    def leave(
        self,
        number: int,
        place: Pass,
        kind: Class | None,
        *,
        retry_s: float | None = None,
        tokens: int = 0,
    ) -> None:
        """Give a place back; see Gate.leave."""
        wanted = bool(self._waiting)
        gate = self.gates[number]
        gate.leave(place, kind, retry_s=retry_s, tokens=tokens, wanted=wanted)
        self._wake()

    def _open(self) -> int | None:
        ready = [n for n, gate in enumerate(self.gates) if gate.wait_s() <= 0]
        return max(ready, key=lambda n: self.gates[n].free) if ready else None

    def _wake(self) -> None:
        """Let as many go on as there is room for, and come back when a pause ends."""
        waits = [gate.wait_s() for gate in self.gates]
        room = sum(gate.free for gate, s in zip(self.gates, waits, strict=True) if s <= 0)
        while self._waiting and room > 0:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(None)
                room -= 1
        soonest = min((s for s in waits if s > 0), default=inf)
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._waiting and soonest < inf:
            self._alarm = asyncio.get_running_loop().call_later(soonest, self._wake)
