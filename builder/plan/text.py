"""A plan as JSON for programs and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from builder.plan.numbers import KEPT, STAGE, TOKENS_PER_S, Plan, Rounds
from builder.text import plain


def facts(found: Plan) -> dict[str, Any]:  # plain JSON
    """The plan for programs. Costs are null where no price is known."""
    said: dict[str, Any] = {
        "documents": found.documents,
        "skipped": [{"path": s.path, "reason": s.reason} for s in found.skipped],
        "languages": dict(found.langs),
        "chunks": found.chunks,
        "tokens": found.tokens,
        "writer": found.writer,
        "requests": found.total.requests,
        "prompt_tokens": found.total.prompt_tokens,
    }
    if found.writer != "llm":
        return said
    total, price = found.total, found.price
    return {
        **said,
        "remembered": total.remembered,
        "output_tokens": round(total.output_tokens),
        "model": found.model,
        "server": found.server,
        "counted_with": found.counted_with,
        "schema_tokens": found.schema_tokens,
        "price": asdict(price) | {"as_of": str(price.as_of or "")} if price else None,
        "currency": price.currency if price else None,
        "cost": found.cost(total),
        **{f"cost_{name}": cost for name, cost in found.bounds().items()},
        "time_s": round(found.time_s, 1),
        "parts": [
            {
                "stage": STAGE,
                "part": part.name,
                "requests": part.requests,
                "remembered": part.remembered,
                "prompt_tokens": part.prompt_tokens,
                "output_tokens": round(part.output_tokens),
                "cost": found.cost(part),
            }
            for part in found.parts
        ],
        "rounds": asdict(found.rounds) if found.rounds else None,
        "all_rounds": {
            "requests": found.whole.requests,
            "prompt_tokens": found.whole.prompt_tokens,
            "cost": found.cost(found.whole),
        },
        "measured": asdict(found.history) if found.history.n else None,
        "spent": asdict(found.spent) if found.spent else None,
    }


def lines(found: Plan) -> Iterator[str]:
    """The plan for people."""
    yield from _facts_lines(found)
    if found.writer != "llm":
        yield "Nothing was sent or written. The embedded writer needs no model and costs nothing."
        return
    yield ""
    yield from _table(found)
    yield ""
    yield from _cost_lines(found)
    yield from _limit_lines(found)
    yield ""
    yield from _caveats(found)
    yield "Nothing was sent or written."


def _facts_lines(found: Plan) -> Iterator[str]:
    langs = ", ".join(f"{count} {lang}" for lang, count in sorted(found.langs.items()))
    yield f"documents      {found.documents} ({langs})"
    for item in found.skipped:
        yield f"  skipped      {plain(item.path)}: {item.reason}"
    yield f"chunks         {found.chunks:,} of {found.tokens:,} tokens"
    if found.writer != "llm":
        yield f"writer         {found.writer}"
        return
    yield f"model          {plain(found.model)} at {found.server}"
    yield f"price          {_price(found)}"
    yield f"tokens         counted with {plain(found.counted_with)}"


def _price(found: Plan) -> str:
    if found.price is None:
        return "not known: set [price] input and output, per million tokens"
    return plain(found.price.told(datetime.now(UTC).date()))


def _table(found: Plan) -> Iterator[str]:
    currency = found.price.currency if found.price else "cost"
    head = ("stage", "requests about", "to send", "remembered", "prompt tokens", "output tokens")
    rows = [(*head, plain(currency))]
    total = found.total
    rows += [
        (
            STAGE if part is not total else "",
            part.name,
            f"{part.requests:,}",
            f"{part.remembered:,}",
            f"{part.prompt_tokens:,}",
            f"about {round(part.output_tokens):,}",
            money(found.cost(part)),
        )
        for part in (*found.parts, *([total] if len(found.parts) != 1 else []))
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        left = [text.ljust(width) for text, width in zip(row[:2], widths[:2], strict=True)]
        right = [text.rjust(width) for text, width in zip(row[2:], widths[2:], strict=True)]
        yield "  ".join([*left, *right]).rstrip()


def _cost_lines(found: Plan) -> Iterator[str]:
    price, total, history = found.price, found.total, found.history
    if price is not None and not price.is_free and total.requests:
        bounds = found.bounds()
        yield f"expected       {_paid(found, found.cost(total))}"
        yield (
            f"at most        {_paid(found, bounds['at_most'])}, if every reply is as long as it "
            f"may be ({found.max_reply:,} tokens)"
            + (" and all rounds are needed" if found.whole.requests > total.requests else "")
        )
        if total.shared and not history.n and price.cached_input < price.input:
            share = 100 * total.shared / total.prompt_tokens
            yield (
                f"if cached      {_paid(found, bounds['if_cached'])}, if the server charges less "
                f"for the openings that prompts share ({share:.0f} %)"
            )
        if price.batch_factor < 1 and not found.batch:
            yield f"in a batch     {_paid(found, bounds['in_batch'])}"
    yield f"time           {_time(found)}"
    if found.rounds:
        yield f"rounds         {_rounds_told(found, found.rounds)}"


def _time(found: Plan) -> str:
    at_once = f"with {found.in_flight} requests in flight"
    if not found.total.requests:
        return "none: nothing has to be sent"
    if found.batch:
        return "as long as the server takes for a batch, up to 24 hours"
    if found.history.latency_s is not None:
        how = f"{found.history.latency_s:.1f} s for a reply, as measured"
    else:
        how = f"assumed: {TOKENS_PER_S:.0f} tokens a second"
    return f"about {_duration(found.time_s)} {at_once} ({how})"


def _rounds_told(found: Plan, rounds: Rounds) -> str:
    by = "measured in this run" if rounds.measured else f"assumed: {100 * KEPT:.0f} % are kept"
    if rounds.rows < rounds.pairs:
        return (
            f"all {rounds.most}, of {rounds.size} requests each; they are expected to give "
            f"{rounds.rows:,} rows, not the {rounds.pairs:,} of [target] pairs ({by})"
        )
    whole = found.cost(found.whole)
    return (
        f"{rounds.expected}, of {rounds.size} requests each, until {rounds.pairs:,} rows are "
        f"there ({by}); at most {rounds.most}: {found.whole.requests:,} requests"
        + (f", {_paid(found, whole)}" if whole else "")
    )


def _limit_lines(found: Plan) -> Iterator[str]:
    if found.spent is None:
        return
    spent = found.spent
    if found.max_cost >= 0:
        yield (
            f"limit          {_paid(found, found.max_cost)}, of which {_paid(found, spent.cost)} "
            f"are spent{_suffices(spent.cost, found.cost(found.total), found.max_cost)}"
        )
    if found.max_requests >= 0:
        yield (
            f"limit          {found.max_requests:,} requests, of which {spent.requests:,} are sent"
            f"{_suffices(spent.requests, found.total.requests, found.max_requests)}"
        )


def _suffices(spent: float, needed: float | None, limit: float) -> str:
    if needed is None or spent + needed <= limit:
        return ""
    return "; it will stop there, and go on when it is raised"


def _caveats(found: Plan) -> Iterator[str]:
    history = found.history
    if history.n:
        yield (
            f"Measured on {history.n:,} replies of this model: it counts {history.billed:.2f} "
            f"prompt tokens for one of ours, {100 * history.cached:.0f} % of them cached, and "
            f"writes {history.longer:.2f} of the tokens assumed."
        )
    else:
        yield (
            "The length of replies is assumed, not measured. Build with --limit 20 first: the next "
            "plan then measures it."
        )
    yield (
        "Not included: requests for replies that cannot be used and are asked for again, thoughts "
        "of a reasoning model,"
    )
    yield (
        f"and the schema of replies ({found.schema_tokens:,} tokens), where a server bills it with "
        "each prompt."
    )


def _paid(found: Plan, cost: float | None) -> str:
    return f"{plain(found.price.currency) if found.price else ''} {money(cost)}".strip()


def money(cost: float | None) -> str:
    """An amount with two figures behind the point, four where it is small."""
    if cost is None:
        return "?"
    return f"{cost:,.2f}" if cost >= 1 or cost == 0 else f"{cost:.4f}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
