"""Limits of cost and requests: what goes out to a real server, and what stays."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from builder.config import ModelSettings, load
from builder.llm import (
    Limit,
    Message,
    Price,
    Replies,
    Reply,
    Request,
    Spent,
    Usage,
    ask,
    request_for,
)
from builder.pipeline import limit_of
from builder.records import Failure
from builder.tokens import sizer
from tests.endpoint import Answer, Endpoint, Seen, chat, error, serve
from tests.metered import Meter

KEY = "sk-secret-0123456789abcdef"
SCHEMA = '{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}'
PRICE = Price(input=1.0, cached_input=0.5, output=4.0, source="a test")
LONGEST = 200  # tokens of a reply
SIZE = sizer("o200k_base")
NOTHING = Spent()


def model(endpoint: Endpoint, **values: object) -> ModelSettings:
    given = {"name": "small", "concurrency": 8, "max_output_tokens": LONGEST, "max_retries": 2}
    return ModelSettings(base_url=endpoint.url, **{**given, **values})  # type: ignore[arg-type]  # settings of several types


def requests(settings: ModelSettings, number: int) -> list[Request]:
    return [
        request_for(
            (
                Message(role="system", content="Answer in JSON."),
                Message(role="user", content=f"Item {n}: " + "tell me of pumps and wells. " * 10),
            ),
            schema=SCHEMA,
            chunk_id=f"chunk {n}",
            model=settings,
        )
        for n in range(number)
    ]


def limit(cost: float = -1, number: int = -1, spent: Spent = NOTHING) -> Limit:
    return Limit(price=PRICE, size=SIZE, max_cost=cost, max_requests=number, spent=spent)


def talkative(seen: Seen) -> Answer:
    """Replies of 10 to 150 tokens or so."""
    length = 5 + 10 * (int(seen.prompt.split(":")[0].split()[1]) % 8)
    return chat(json.dumps({"text": "water " * length}))


def told(
    endpoint: Endpoint, budget: Limit, folder: Path, number: int = 120, **settings: object
) -> Counter[str]:
    """The reasons of what came of the requests, "" for a reply."""
    chosen = model(endpoint, **settings)
    with Replies(folder / "replies.sqlite") as replies:
        results = ask(
            requests(chosen, number),
            settings=chosen,
            replies=replies,
            api_key=KEY,
            budget=budget,
        )
        return Counter("" if isinstance(got, Reply) else got.reason for _, got in results)


def bill(meter: Meter) -> float:
    return meter.cost(PRICE.input, PRICE.cached_input, PRICE.output)


@pytest.mark.parametrize("concurrency", [1, 8, 64])
@pytest.mark.parametrize("cost", [0.002, 0.01, 0.02])
def test_a_cap_of_cost_is_never_exceeded(tmp_path: Path, cost: float, concurrency: int) -> None:
    meter = Meter(talkative, cached=20)
    budget = limit(cost)
    with serve(meter, latency_s=0.02) as endpoint:
        found = told(endpoint, budget, tmp_path, concurrency=concurrency)

    one = PRICE.cost(Usage(prompt_tokens=100, completion_tokens=LONGEST))
    assert bill(meter) <= cost
    assert bill(meter) > cost - one  # and used up, but for less than one request
    assert budget.spent.cost == pytest.approx(bill(meter))
    assert budget.spent.requests == meter.requests == found[""]
    assert found["budget"] == 120 - found[""] > 0
    assert set(found) == {"", "budget"}


def test_a_cap_of_requests_counts_each_of_them(tmp_path: Path) -> None:
    meter = Meter(talkative)
    with serve(meter, latency_s=0.02) as endpoint:
        found = told(endpoint, limit(number=37), tmp_path)

        assert len(endpoint.requests) == 37
    assert found == {"": 37, "budget": 83}


def test_failed_attempts_count(tmp_path: Path) -> None:
    """Wrong replies cost what right ones do, and errors count as requests."""

    def wrong(seen: Seen) -> Answer:
        if seen.number % 3 == 1:
            return error(500, "out of order", retry_after_ms="1")
        return talkative(seen) if seen.number % 3 else chat('{"text": 5}')

    meter = Meter(wrong)
    budget = limit(cost=0.01)
    with serve(meter, latency_s=0.005) as endpoint:
        found = told(endpoint, budget, tmp_path)

        assert budget.spent.requests == len(endpoint.requests)
    assert bill(meter) <= 0.01
    assert budget.spent.cost == pytest.approx(bill(meter))
    assert found["budget"] > 0

    meter = Meter(wrong)
    with serve(meter) as endpoint:
        told(endpoint, limit(number=20), tmp_path)

        assert len(endpoint.requests) == 20


def test_a_reply_that_is_asked_for_at_twice_the_length_is_reckoned_so(tmp_path: Path) -> None:
    """The second attempt may cost twice as much as the first, and must not break the cap."""

    def cut(seen: Seen) -> Answer:
        limit_ = seen.body["max_tokens"]
        text = "water " * (limit_ - 20)
        if limit_ == LONGEST:
            return chat('{"text": "' + text, finish_reason="length")
        return chat(json.dumps({"text": text}))

    for cost in (0.0015, 0.002, 0.0025, 0.003, 0.004):
        meter = Meter(cut)
        with serve(meter) as endpoint:
            told(endpoint, limit(cost), tmp_path / str(cost), number=5, concurrency=2)

        assert 0 < bill(meter) <= cost


def test_nothing_is_sent_when_there_is_nothing_to_spend(tmp_path: Path) -> None:
    for budget in (limit(0.0), limit(number=0), limit(0.5, spent=Spent(requests=9, cost=0.5))):
        with serve(talkative) as endpoint:
            found = told(endpoint, budget, tmp_path, number=3)

            assert endpoint.requests == []
        assert found == {"budget": 3}


def test_what_is_remembered_needs_no_budget(tmp_path: Path) -> None:
    with serve(talkative) as endpoint:
        told(endpoint, limit(), tmp_path, number=5)
        found = told(endpoint, limit(0.0), tmp_path, number=8)

        assert len(endpoint.requests) == 5
    assert found == {"": 5, "budget": 3}


def test_a_free_model_has_no_cap_of_cost(tmp_path: Path) -> None:
    free = Price(input=0.0, cached_input=0.0, output=0.0, source="a test")
    with serve(talkative) as endpoint:
        budget = Limit(price=free, size=SIZE, max_cost=0.0)

        assert told(endpoint, budget, tmp_path, number=5) == {"": 5}


def test_a_server_that_tells_no_usage_is_charged_the_most(tmp_path: Path) -> None:
    def silent(seen: Seen) -> Answer:
        answer = talkative(seen)
        del answer.body["usage"]
        return answer

    budget = limit(cost=0.005)
    with serve(silent) as endpoint:
        found = told(endpoint, budget, tmp_path)

    most = budget.spent.cost / budget.spent.requests
    assert found[""] == budget.spent.requests < 10
    assert most > PRICE.output * LONGEST / 1e6
    assert 0.005 - most < budget.spent.cost <= 0.005


def test_a_server_that_charges_more_than_can_be_counted_is_learned_from(tmp_path: Path) -> None:
    """Such as one that reads the schema into the prompt; the first request goes out alone."""
    meter = Meter(talkative)

    def dear(seen: Seen) -> Answer:
        answer = meter(seen)
        answer.body["usage"]["prompt_tokens"] += 2000
        return answer

    budget = limit(cost=0.04)
    with serve(dear, latency_s=0.02) as endpoint:
        found = told(endpoint, budget, tmp_path, concurrency=16)

        paid = bill(meter) + 2000 * len(endpoint.requests) * PRICE.input / 1e6
    assert budget.spent.cost == pytest.approx(paid)
    assert 0.03 < paid <= 0.04
    assert found["budget"] > 0


def test_what_was_not_sent_is_sent_later(tmp_path: Path) -> None:
    """No failure of the budget is remembered: with more of it the rest is asked, and only that."""
    meter = Meter(talkative)
    with serve(meter) as endpoint:
        first = told(endpoint, limit(number=10), tmp_path, number=30)
        rest = told(endpoint, limit(number=100, spent=Spent(requests=10)), tmp_path, number=30)

        assert len(endpoint.requests) == 30
    assert first == {"": 10, "budget": 20}
    assert rest == {"": 30}


def test_a_failure_of_the_budget_says_so(tmp_path: Path) -> None:
    with serve(talkative) as endpoint, Replies(tmp_path / "replies.sqlite") as replies:
        settings = model(endpoint)
        results = ask(
            requests(settings, 3),
            settings=settings,
            replies=replies,
            api_key=KEY,
            budget=limit(number=1),
        )
        failures = [got for _, got in results if isinstance(got, Failure)]

    assert [f.reason for f in failures] == ["budget", "budget"]
    assert all("limit" in f.detail and f.failed and f.chunk_id for f in failures)


@pytest.mark.parametrize("in_batch", [False, True])
def test_the_limit_of_a_batch_reckons_with_the_price_of_batches(in_batch: bool) -> None:
    flags: dict[str, dict[str, object]] = {
        "model": {"name": "gpt-4o-mini", "batch": in_batch},
        "run": {"max_cost": 0.01},
    }
    config = load(file=None, flags=flags)
    budget = limit_of(config, None)
    assert budget is not None
    (request,) = requests(replace(config.model, max_output_tokens=1_000), 1)

    admitted = sum(
        budget.admit(replace(request, key=f"{n}")) for n in range(100)
    )  # each at most 0.0006 USD and its prompt, half of that in a batch

    assert admitted == (32 if in_batch else 16)
