"""What a build is said to send and cost beside what it then really sends and is billed for."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder import plan
from builder.config import Config, load
from builder.errors import SettingsError
from builder.pipeline import Job, build
from builder.plan import Plan
from tests.e2e.running import RAW_DOCS
from tests.endpoint import Answer, Endpoint, Seen, chat, good_model, serve
from tests.metered import Meter

Sections = dict[str, dict[str, Any]]  # settings of any type
PRICES = (0.15, 0.075, 0.6)  # of gpt-4o-mini: a million tokens of input, cached input, output
NEAR = 0.03  # how far the tokens may be off


class _Quiet:
    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, count: int = 1) -> None: ...

    def finish(self, note: str) -> None: ...

    def say(self, note: str) -> None: ...


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    shutil.copytree(RAW_DOCS / "api", folder)
    shutil.copy(RAW_DOCS / "de" / "faq.html", folder)
    return folder


def job(docs: Path, endpoint: Endpoint | None, settings: Sections | None = None) -> Job:
    flags: Sections = {"model": {"name": "gpt-4o-mini", "concurrency": 8}}
    if endpoint:
        flags["model"]["base_url"] = endpoint.url
    for section, values in (settings or {}).items():
        flags[section] = {**flags.get(section, {}), **values}
    return Job(
        sources=(docs,),
        folder=docs.parent / "run",
        config=load(file=None, environ={}, flags=flags),
        environ={"BUILDER_API_KEY": "k"},
    )


def built(job_: Job) -> int:
    return build(job_, progress=_Quiet()).exit_code


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"write": {"languages": ["source", "de", "fr"], "two_chunks": 0.5}},
        {"model": {"samples": 2}, "write": {"two_chunks": 0.0}},
        {"write": {"answers": "citations", "two_chunks": 1.0}},
        {"target": {"pairs": 40}},  # reached in the first round
        {"target": {"pairs": 100_000, "round": 20, "samples": 2}},  # never reached
    ],
    ids=["plain", "languages", "samples", "citations", "first-round", "all-rounds"],
)
def test_the_plan_counts_the_tokens_that_are_then_billed(docs: Path, settings: Sections) -> None:
    meter = Meter(good_model)
    with serve(meter) as endpoint:
        wanted = job(docs, endpoint, settings)
        planned = plan.plan(wanted)
        assert meter.requests == 0
        assert not wanted.folder.exists()

        built(wanted)

    assert planned.total.requests == meter.requests
    assert planned.total.prompt_tokens == pytest.approx(meter.prompt_tokens, rel=NEAR)


def test_after_a_trial_the_plan_knows_lengths_latency_and_what_is_cached(docs: Path) -> None:
    meter = Meter(good_model, cached=1200)
    with serve(meter, latency_s=0.05) as endpoint:
        guessed = plan.plan(job(docs, endpoint))
        built(replace(job(docs, endpoint), limit=8))
        tried, output = meter.requests, meter.output_tokens
        paid = meter.cost(*PRICES)
        planned = plan.plan(job(docs, endpoint))
        built(job(docs, endpoint))

    said = meter.output_tokens - output
    assert planned.history.n == tried
    assert planned.total.output_tokens == pytest.approx(said, rel=0.25)
    assert guessed.total.output_tokens > 1.5 * meter.output_tokens
    assert planned.cost(planned.total) == pytest.approx(meter.cost(*PRICES) - paid, rel=0.15)
    assert 0.05 <= (planned.history.latency_s or 0) < 5
    assert "as measured" in _lines(planned)["time"]


def test_after_a_trial_the_plan_knows_about_how_many_rounds_it_takes(docs: Path) -> None:
    with serve(good_model) as endpoint:
        target = {"target": {"pairs": 45, "round": 5}}
        guessed = plan.plan(job(docs, endpoint, target)).rounds
        built(replace(job(docs, endpoint), limit=8))
        planned = plan.plan(job(docs, endpoint, target)).rounds
        shutil.rmtree(docs.parent / "run")
        before = len(endpoint.requests)
        built(job(docs, endpoint, target))
        rounds = (len(endpoint.requests) - before) / 5

    assert guessed is not None
    assert not guessed.measured
    assert planned is not None
    assert planned.measured
    assert abs(planned.expected - rounds) <= 1
    assert planned.most > rounds


def test_a_server_that_counts_otherwise_is_reckoned_with(docs: Path) -> None:
    """Say, one with another tokenizer: half as many tokens again as ours."""
    meter = Meter(good_model)

    def other(seen: Seen) -> Answer:
        answer = meter(seen)
        answer.body["usage"]["prompt_tokens"] = round(1.5 * answer.body["usage"]["prompt_tokens"])
        return answer

    with serve(other) as endpoint:
        first = plan.plan(job(docs, endpoint))
        built(replace(job(docs, endpoint), limit=8))
        planned = plan.plan(job(docs, endpoint))

    assert planned.history.billed == pytest.approx(1.5, rel=0.001)
    assert "1.50 prompt tokens for one of ours" in "\n".join(plan.lines(planned))
    assert first.history.billed == 1.0


def test_what_is_remembered_is_not_sent_and_costs_nothing(docs: Path) -> None:
    with serve(good_model) as endpoint:
        wanted = job(docs, endpoint)
        whole = plan.plan(wanted)
        built(replace(wanted, limit=10))
        rest = plan.plan(wanted)
        built(wanted)
        nothing = plan.plan(wanted)

    assert rest.total.remembered >= 10
    assert rest.total.requests + rest.total.remembered == whole.total.requests
    assert 0 < rest.total.prompt_tokens < whole.total.prompt_tokens
    assert nothing.total.requests == nothing.total.prompt_tokens == 0
    assert nothing.cost(nothing.total) == 0
    assert nothing.total.remembered == whole.total.requests


def test_failures_are_remembered_unless_they_are_to_be_asked_again(docs: Path) -> None:
    bad = chat("no", finish_reason="content_filter")
    with serve(lambda seen: bad if seen.number % 2 else good_model(seen)) as endpoint:
        wanted = job(docs, endpoint)
        built(wanted)

        assert plan.plan(wanted).total.requests == 0
        again = plan.plan(replace(wanted, retry_failed=True)).total
        assert 0 < again.requests < again.requests + again.remembered
        sent = len(endpoint.requests)
        built(replace(wanted, retry_failed=True))

        assert len(endpoint.requests) - sent == again.requests


def test_a_shared_file_of_replies_counts_from_another_run(docs: Path, tmp_path: Path) -> None:
    shared = {"model": {"replies": str(tmp_path / "shared.sqlite")}}
    with serve(good_model) as endpoint:
        wanted = job(docs, endpoint, shared)
        built(wanted)
        sent = len(endpoint.requests)
        other = plan.plan(replace(wanted, folder=tmp_path / "other"))

    assert other.total.requests == 0
    assert other.total.remembered == sent > 0
    assert not (tmp_path / "other").exists()


def test_the_costs_follow_from_tokens_and_price(docs: Path) -> None:
    found = plan.plan(job(docs, None))
    total, bounds = found.total, found.bounds()
    cost = found.cost(total)

    assert cost == pytest.approx(
        (total.prompt_tokens * 0.15 + round(total.output_tokens) * 0.6) / 1e6
    )
    assert cost is not None
    assert bounds["in_batch"] == pytest.approx(cost / 2)
    assert bounds["at_most"] == pytest.approx(
        (total.prompt_tokens * 0.15 + total.requests * 2000 * 0.6) / 1e6
    )
    assert bounds["if_cached"] == pytest.approx(cost - total.shared * 0.075 / 1e6)
    assert sum(found.cost(part) or 0 for part in found.parts) == pytest.approx(cost, abs=1e-6)
    in_batch = plan.plan(job(docs, None, {"model": {"batch": True}}))
    assert in_batch.cost(in_batch.total) == pytest.approx(cost / 2)


def _lines(found: Plan) -> dict[str, str]:
    """What the plan says, by the word before it."""
    return {line[:14].strip(): line[15:] for line in plan.lines(found) if line[14:15] == " "}


def test_the_plan_says_what_a_careful_user_asks(docs: Path) -> None:
    said = _lines(plan.plan(job(docs, None, {"run": {"max_cost": 0.001}})))

    assert said["model"] == "gpt-4o-mini at api.openai.com"
    assert "USD 0.15 input" in said["price"]
    assert "o200k_base, the encoding of gpt-4o-mini" in said["tokens"]
    assert said["expected"].startswith("USD 0.0")
    assert "2,000 tokens" in said["at most"]
    assert "assumed" in said["time"]
    assert "will stop there" in said["limit"]


def test_an_unknown_price_is_said_and_makes_no_cap_of_cost(docs: Path) -> None:
    unknown: Sections = {
        "model": {"name": "mystery-1", "base_url": "https://models.example.com/v1"}
    }
    found = plan.plan(job(docs, None, unknown))

    assert found.cost(found.total) is None
    assert plan.facts(found)["cost"] is None
    assert "not known: set [price]" in _lines(found)["price"]
    assert "o200k_base, of [chunk]" in _lines(found)["tokens"]
    for capped in (plan.plan, built):
        with pytest.raises(SettingsError, match=r"mystery-1 at models\.example\.com") as caught:
            capped(job(docs, None, {**unknown, "run": {"max_cost": 5.0}}))
        assert "price.input" in caught.value.hint
    own = {**unknown, "run": {"max_cost": 5.0}, "price": {"input": 1.0, "output": 2.0}}
    assert (plan.plan(job(docs, None, own)).cost(found.total) or 0) > 0


def test_a_server_on_this_machine_is_free(docs: Path) -> None:
    local = {"model": {"name": "llama-3.1-8b", "base_url": "http://127.0.0.1:8000/v1"}}
    found = plan.plan(job(docs, None, local))

    assert found.cost(found.total) == 0
    assert "free" in _lines(found)["price"]
    assert "expected" not in _lines(found)


def test_the_limits_of_a_minute_make_it_slower(docs: Path) -> None:
    free = plan.plan(job(docs, None))
    slow = plan.plan(job(docs, None, {"model": {"rpm": 2.0}}))
    slower = plan.plan(job(docs, None, {"model": {"tpm": 1000.0}}))

    assert free.time_s < slow.time_s == pytest.approx(30 * slow.total.requests)
    assert slower.time_s > slow.time_s


def test_a_pinned_split_is_planned_with(docs: Path) -> None:
    """Two chunks are asked about only within one split, so the split decides about requests."""
    with serve(good_model) as endpoint:
        pilot = job(docs, endpoint, {"split": {"eval": 0.5}})
        built(pilot)
        pinned = {"split": {"from_run": str(pilot.folder), "eval": 0.2}}
        wanted = replace(job(docs, endpoint, pinned), folder=docs.parent / "second")
        planned = plan.plan(wanted)
        sent = len(endpoint.requests)
        built(wanted)

        assert planned.total.requests == len(endpoint.requests) - sent


def test_the_embedded_writer_plans_nothing_to_send(docs: Path) -> None:
    found = plan.plan(Job(sources=(docs,), folder=docs.parent / "run", config=Config()))

    assert plan.facts(found)["requests"] == 0
    assert "costs nothing" in "\n".join(plan.lines(found))
    assert json.dumps(plan.facts(found))
