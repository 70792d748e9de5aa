"""What a run has paid for, and what it did not pay again, from the file of remembered replies.

Only the attempts of the run itself count: a file that several runs share gives each its own bill.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from builder.errors import SettingsError
from builder.llm.budget import Spent
from builder.llm.prices import Price
from builder.llm.replies import Replies
from builder.llm.request import Usage

_PAID = """
SELECT stage, kind, reason, batch, model, endpoint, count(*), sum(prompt_tokens),
       sum(completion_tokens), sum(cached_tokens),
       sum(status = 200 AND prompt_tokens + completion_tokens = 0)
FROM attempts WHERE run = ?
GROUP BY stage, kind, reason, batch, model, endpoint
ORDER BY stage, kind, reason, batch, model, endpoint
"""
# The replies of the last build that asked for any; `paid`: by this run, `now`: in that build.
_USED = """
WITH own AS (SELECT key, max(rowid) AS last FROM attempts WHERE run = :run GROUP BY key),
     latest AS (SELECT max(use) AS use FROM asked WHERE run = :run)
SELECT own.key IS NOT NULL AS paid, coalesce(own.last, 0) > :since AS now, count(*),
       sum(prompt_tokens), sum(completion_tokens), sum(cached_tokens)
FROM asked JOIN latest USING (use) JOIN replies USING (key) LEFT JOIN own USING (key)
WHERE asked.run = :run
GROUP BY paid, now
"""
_MEASURED = """
SELECT key, prompt_tokens, completion_tokens, cached_tokens, latency_s
FROM attempts WHERE model = ? AND endpoint = ? AND kind = 'ok' AND number = 1
      AND prompt_tokens > 0 AND NOT batch
"""

Pricing = Callable[[str, str], Price | None]  # model, server -> price; None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Attempts of one outcome.

    kind, reason: as in outcomes.py. uncounted: replies of which the server did not say the usage.
    """

    stage: str
    kind: str
    reason: str
    batch: bool
    model: str
    endpoint: str
    requests: int
    usage: Usage
    uncounted: int = 0

    def cost(self, price: Price, *, max_tokens: int) -> float:
        """What they cost together; a reply of unknown usage counts as the longest one."""
        longest = Usage(completion_tokens=self.uncounted * max_tokens)
        return price.cost(self.usage + longest, batch=self.batch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Replies that the last build asked for; paid: by this run, now: in that very build."""

    paid: bool
    now: bool
    requests: int
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one reply of a server took that was usable at once."""

    key: str
    usage: Usage
    latency_s: float


def paid(replies: Replies) -> list[Paid]:
    """Every attempt that the run has sent since it began, by stage and outcome."""
    found = []
    for row in replies.select(_PAID, (replies.run,)):
        stage, kind, reason, batch, model, endpoint, requests, *tokens, uncounted = row
        found.append(
            Paid(
                stage=stage,
                kind=kind,
                reason=reason,
                batch=bool(batch),
                model=model,
                endpoint=endpoint,
                requests=requests,
                usage=_usage(*tokens),
                uncounted=uncounted,
            )
        )
    return found


def used(replies: Replies, *, since: int) -> list[Used]:
    """The replies of the run's last build. since: `last_attempt` when that build began."""
    replies.flush()
    values = {"run": replies.run, "since": since}
    return [
        Used(paid=bool(by_run), now=bool(now), requests=requests, usage=_usage(*tokens))
        for by_run, now, requests, *tokens in replies.select(_USED, values)
    ]


def measured(replies: Replies, *, model: str, endpoint: str) -> list[Measured]:
    """What a model replied usably, at once and online at a server, to all runs in the file."""
    return [
        Measured(key=key, usage=_usage(*tokens), latency_s=latency_s)
        for key, *tokens, latency_s in replies.select(_MEASURED, (model, endpoint))
    ]


def last_attempt(replies: Replies) -> int:
    """A number that is smaller than that of any later attempt."""
    ((number,),) = replies.select("SELECT coalesce(max(rowid), 0) FROM attempts")
    return int(number)


def spent(rows: Sequence[Paid], pricing: Pricing, *, max_tokens: int) -> Spent:
    """What the attempts cost together; those of unknown price count as requests only.

    Raises SettingsError when they were paid in several currencies, which have no sum.
    """
    costs = [(price, row) for row in rows if (price := pricing(row.model, row.endpoint))]
    cost = sum(row.cost(price, max_tokens=max_tokens) for price, row in costs)
    currencies = {price.currency for price, row in costs if price.cost(row.usage)}
    if len(currencies) > 1:
        raise SettingsError(
            f"this run has paid in {' and '.join(sorted(currencies))}, which have no sum",
            "Give [price] in one currency, or go on in another folder (-o).",
        )
    return Spent(requests=sum(row.requests for row in rows), cost=cost)


def account(
    replies: Replies, *, price: Price | None, pricing: Pricing, since: int, max_tokens: int
) -> dict[str, Any]:  # plain JSON
    """The bill of the run as it is kept in its manifest.

    A cost is None where no price is known, or where it is in another currency than the price.

    price: of the model that is asked now. pricing: of all that were asked in this run.
    max_tokens: of a reply.
    """
    rows = []
    for row in paid(replies):
        own = pricing(row.model, row.endpoint)
        summed = own is not None and (price is None or own.currency == price.currency)
        rows.append(_line(row, row.cost(own, max_tokens=max_tokens) if own and summed else None))
    return {
        "price": None if price is None else {**asdict(price), "as_of": str(price.as_of or "")},
        "paid": rows,
        "used": [
            {
                "paid": found.paid,
                "now": found.now,
                "requests": found.requests,
                **_tokens(found.usage),
                "cost": None if price is None else round(price.cost(found.usage), 9),
            }
            for found in used(replies, since=since)
        ],
    }


def _line(row: Paid, cost: float | None) -> dict[str, Any]:  # plain JSON
    return {
        "stage": row.stage,
        "outcome": row.kind,
        "reason": row.reason,
        "batch": row.batch,
        "model": row.model,
        "requests": row.requests,
        **_tokens(row.usage),
        "uncounted": row.uncounted,
        "cost": None if cost is None else round(cost, 9),
    }


def _tokens(usage: Usage) -> dict[str, int]:
    return {
        "prompt_tokens": usage.prompt_tokens,
        "cached_tokens": usage.cached_tokens,
        "output_tokens": usage.completion_tokens,
    }


def _usage(prompt: int, completion: int, cached: int) -> Usage:
    return Usage(prompt_tokens=prompt, completion_tokens=completion, cached_tokens=cached)
