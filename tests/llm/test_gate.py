"""How many requests go at once, against simulated endpoints on a clock of their own."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from math import inf

import pytest

from builder.llm.gate import STRIKES, Gate, Pass
from builder.llm.outcomes import Class


@dataclass
class Endpoint:
    """Bears `at_once` requests, or `per_s` with a burst; answers after latency_s.

    now: the time of the simulation, in seconds.
    """

    at_once: float = inf
    per_s: float = inf
    burst: float = 20
    latency_s: float = 0.2
    says_when: bool = True
    now: float = 0.0
    limited: int = 0
    most: int = 0
    said: list[str] = field(default_factory=list)
    _busy: int = 0
    _room: float = 0.0
    _filled: float = -inf

    def gate(self, **settings: float) -> Gate:
        """A gate for this endpoint."""
        values = {"most": 64, **settings}
        return Gate(
            "here:1",
            most=int(values["most"]),
            rpm=values.get("rpm", 0.0),
            tpm=values.get("tpm", 0.0),
            clock=lambda: self.now,
            say=self.said.append,
        )

    def serve(self, gate: Gate, n_requests: int, *, tokens: int = 0) -> float:
        """Send so many through the gate until all are served; how long it took."""
        began, waiting, served, number = self.now, n_requests, 0, 0
        coming: list[tuple[float, int, Pass, bool]] = []
        while served < n_requests:
            while waiting and gate.wait_s() <= 0:
                waiting, number = waiting - 1, number + 1
                good = self._takes()
                after = self.latency_s if good else 0.003
                place = gate.enter(tokens)
                self.most = max(self.most, gate.busy)
                heapq.heappush(coming, (self.now + after, number, place, good))
            pause = gate.wait_s() if waiting else inf
            if coming and coming[0][0] <= self.now + pause:
                self.now, _, place, good = heapq.heappop(coming)
                self._busy -= good
                served, waiting = served + good, waiting + (not good)
                when = max(0.0, (1 - self._room) / self.per_s) if self.says_when else None
                gate.leave(
                    place,
                    "ok" if good else "rate",
                    retry_s=None if good else when,
                    tokens=tokens,
                    wanted=waiting > 0,
                )
            else:
                self.now += pause + 1e-9
        return self.now - began

    def _takes(self) -> bool:
        if self.per_s < inf:
            self._room = min(self.burst, self._room + (self.now - self._filled) * self.per_s)
            self._filled = self.now
        good = self._busy < self.at_once and (self.per_s == inf or self._room >= 1)
        self._room -= good
        self._busy += good
        self.limited += not good
        return good


def test_one_goes_first_and_the_limit_doubles_until_the_cap() -> None:
    endpoint = Endpoint()
    gate = endpoint.gate(most=64)

    assert gate.free == 1
    took_s = endpoint.serve(gate, 2000)

    assert endpoint.most == gate.limit == 64
    assert took_s <= 2000 / 64 * 0.2 * 1.15
    assert not endpoint.limited


@pytest.mark.parametrize("says_when", [True, False])
@pytest.mark.parametrize("latency_s", [0.05, 0.2, 1.0])
def test_rate_limit_is_met_with_few_complaints(says_when: bool, latency_s: float) -> None:
    endpoint = Endpoint(per_s=20, latency_s=latency_s, says_when=says_when)
    gate = endpoint.gate()

    took_s = endpoint.serve(gate, 1000)

    assert endpoint.limited < 0.3 * 1000
    assert took_s < (1.15 if says_when else 1.5) * (980 / 20 + latency_s)


def test_limit_of_requests_at_once_is_found() -> None:
    endpoint = Endpoint(at_once=10, says_when=False)
    gate = endpoint.gate()

    took_s = endpoint.serve(gate, 1000)

    assert endpoint.limited < 50
    assert took_s < 1.5 * 1000 / 10 * 0.2


def test_complaints_about_requests_from_before_a_cut_do_not_cut_again() -> None:
    endpoint = Endpoint()
    gate = endpoint.gate()
    endpoint.serve(gate, 200)
    places = [gate.enter() for _ in range(20)]

    before = gate.limit
    gate.leave(places[0], "rate", retry_s=0.0)
    once = gate.limit
    for place in places[1:]:
        gate.leave(place, "rate", retry_s=0.0)

    assert once < before
    assert gate.limit == once


def test_limit_does_not_grow_while_it_is_not_used() -> None:
    endpoint = Endpoint()
    gate = endpoint.gate()
    gate.leave(gate.enter(), "ok")
    before = gate.limit

    for _ in range(50):
        endpoint.now += 0.2
        gate.leave(gate.enter(), "ok", wanted=False)

    assert gate.limit == before


def test_pause_that_the_endpoint_asks_for_holds_for_everybody() -> None:
    endpoint = Endpoint()
    gate = endpoint.gate()
    endpoint.serve(gate, 100)

    gate.leave(gate.enter(), "rate", retry_s=7.0)

    assert gate.wait_s() == pytest.approx(7.0)
    endpoint.now += 7.0
    assert gate.wait_s() <= 0.1


def test_sustained_limits_open_the_breaker_which_says_so_keeps_its_state_and_closes() -> None:
    endpoint = Endpoint()
    gate = endpoint.gate()
    endpoint.serve(gate, 500)

    pauses = []
    for _ in range(STRIKES + 3):
        gate.leave(gate.enter(), "rate", retry_s=0.01)
        pauses.append(gate.wait_s())
        endpoint.now += gate.wait_s()

    assert gate.is_open
    assert gate.free == 1
    assert pauses[-1] > pauses[0]
    assert len(endpoint.said) == 1

    gate.leave(gate.enter(), "ok")
    limit_then = gate.limit

    assert limit_then >= 1
    assert endpoint.said[1] == "here:1 serves again"


def test_single_failures_do_not_cut_but_many_in_a_row_do() -> None:
    endpoint = Endpoint()
    gate = endpoint.gate()
    endpoint.serve(gate, 500)
    before = gate.limit

    kinds: list[Class] = ["transient", "ok"]
    for kind in kinds * 20:
        gate.leave(gate.enter(), kind)
    assert gate.limit >= before

    for _ in range(5):
        gate.leave(gate.enter(), "transient")
    assert 1 <= gate.limit < before


@pytest.mark.parametrize(("settings", "tokens"), [({"rpm": 600}, 0), ({"tpm": 60_000}, 100)])
def test_limits_per_minute_that_were_set_are_kept(settings: dict[str, float], tokens: int) -> None:
    endpoint = Endpoint()
    gate = endpoint.gate(**settings)

    took_s = endpoint.serve(gate, 300, tokens=tokens)

    assert 29 <= took_s <= 32


def test_place_that_was_given_up_changes_nothing() -> None:
    endpoint = Endpoint()
    gate = endpoint.gate()
    before = gate.limit

    gate.leave(gate.enter(), None)

    assert gate.busy == 0
    assert gate.limit == before
