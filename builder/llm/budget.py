"""What a run may spend: no request is sent that could lead above the limit.

Every attempt counts, failed ones included. Before it is sent, what it may cost at most is set
aside: its prompt, counted, and the longest reply that it allows; more, once the server has charged
more than that. So the limit is not exceeded, and the last requests before it go out one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from builder.llm.outcomes import Attempt
from builder.llm.prices import Price
from builder.llm.request import NO_USAGE, Request, Usage

UNLIMITED = -1
WAITING = 4096  # texts whose size is kept: those that wait for room are asked about again
OVERHEAD = 3  # tokens of a message besides its words and role, and of the reply's beginning
_NEARLY = 1e-9  # of a currency: what sums of floats may be off


def prompt_tokens(request: Request, size: Callable[[str], int]) -> int:
    """The tokens of a request's messages with what the protocol puts around them.

    As OpenAI counts: each message has its role and three tokens more, the reply's beginning three.
    """
    words = sum(size(said.content) + size(said.role) + OVERHEAD for said in request.messages)
    return words + OVERHEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What was spent so far: HTTP requests and money."""

    requests: int = 0
    cost: float = 0.0


class Limit:
    """A `Budget` of money and requests; `spent` grows with every attempt that is settled.

    price: None where it is not known; then no limit of cost can be kept.
    size:  text -> tokens; called for each attempt when there is a limit of cost.
    """

    def __init__(
        self,
        *,
        price: Price | None,
        size: Callable[[str], int],
        max_cost: float = UNLIMITED,
        max_requests: int = UNLIMITED,
        spent: Spent = Spent(),
        batch: bool = False,
    ) -> None:
        self.spent = spent
        self._price = price
        self._size = lru_cache(maxsize=WAITING)(size)
        self._max_cost = max_cost if price and max_cost != UNLIMITED else None
        self._max_requests = None if max_requests == UNLIMITED else max_requests
        self._batch = batch
        self._set_aside: dict[str, tuple[Usage, float]] = {}  # by key: the most it may use and cost
        self._aside = 0.0
        self._above = NO_USAGE  # how far the server has gone above the most that we reckon with

    def admit(self, request: Request) -> bool:
        """May this attempt be sent now? True sets aside what it may cost."""
        most = self._most(request)
        cost = self._cost(most + self._above, batch=self._batch)
        if not self._has_room(cost):
            return False
        self._set_aside[request.key] = (most, cost)
        self._aside += cost
        return True

    def settle(self, request: Request, attempt: Attempt | None) -> None:
        """Count an admitted attempt; one that was given up frees what was set aside for it."""
        most, freed = self._set_aside.pop(request.key, (NO_USAGE, 0.0))
        self._aside = self._aside - freed if self._set_aside else 0.0
        if attempt is None:
            return
        used = most if _is_uncounted(attempt) else attempt.usage
        cost = self._cost(used, batch=attempt.batch)
        self.spent = Spent(requests=self.spent.requests + 1, cost=self.spent.cost + cost)
        if most.prompt_tokens:
            self._above = Usage(
                prompt_tokens=max(
                    self._above.prompt_tokens, used.prompt_tokens - most.prompt_tokens
                ),
                completion_tokens=max(
                    self._above.completion_tokens, used.completion_tokens - most.completion_tokens
                ),
            )

    def _has_room(self, cost: float) -> bool:
        sent = self.spent.requests + len(self._set_aside)
        if self._max_requests is not None and sent >= self._max_requests:
            return False
        if self._max_cost is None:
            return True
        return self.spent.cost + self._aside + cost <= self._max_cost + _NEARLY

    def _most(self, request: Request) -> Usage:
        """What one attempt may use; not counted where no limit needs it."""
        if self._max_cost is None:
            return NO_USAGE
        return Usage(
            prompt_tokens=prompt_tokens(request, self._size),
            completion_tokens=request.params.max_tokens,
        )

    def _cost(self, usage: Usage, *, batch: bool) -> float:
        return self._price.cost(usage, batch=batch) if self._price else 0.0


def _is_uncounted(attempt: Attempt) -> bool:
    """Whether the server answered without saying what it used; then the most is charged."""
    used = attempt.usage
    return attempt.status == 200 and not used.prompt_tokens and not used.completion_tokens
