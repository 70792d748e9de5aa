"""Limits and bills of whole builds, against a server that keeps its own bill."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import RAW_DOCS, command, contents, environment, lines, run
from tests.endpoint import Answer, Endpoint, Seen, chat, error, good_model, serve
from tests.metered import Meter

PRICES = (0.15, 0.075, 0.6)  # of gpt-4o-mini: a million tokens of input, cached input, output
CAP = 0.006


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    shutil.copytree(RAW_DOCS / "api", folder)
    shutil.copy(RAW_DOCS / "de" / "faq.html", folder)
    return folder


def _args(endpoint: Endpoint, *more: str) -> list[str]:
    model = ("--model", "gpt-4o-mini", "--base-url", endpoint.url, "--concurrency", "8")
    return ["build", "docs", *model, *(more if "-o" in more else ("-o", "run", *more))]


def _build(home: Path, endpoint: Endpoint, *more: str) -> subprocess.CompletedProcess[str]:
    env = environment(home, BUILDER_API_KEY="a-key-of-this-test")
    return run(*_args(endpoint, *more), cwd=home, env=env)


def _report(folder: Path) -> Any:  # plain JSON
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


TARGET = ("--set", "target.pairs=40", "--set", "target.round=15")


@pytest.mark.parametrize("more", [(), TARGET], ids=["all", "target"])
def test_a_capped_run_goes_on_later_and_ends_like_an_uncapped_one(
    docs: Path, tmp_path: Path, more: tuple[str, ...]
) -> None:
    uncapped = Meter(good_model)
    with serve(uncapped) as endpoint:
        whole = _build(tmp_path, endpoint, *more)
    assert whole.returncode == 0, whole.stderr
    expected = contents(tmp_path / "run")
    shutil.rmtree(tmp_path / "run")

    meter = Meter(good_model)
    with serve(meter, latency_s=0.1) as endpoint:
        capped = _build(tmp_path, endpoint, "--max-cost", str(CAP), *more)
        first = meter.cost(*PRICES)
        again = _build(tmp_path, endpoint, "--max-cost", str(CAP), *more)

        assert capped.returncode == again.returncode == 3, capped.stderr
        assert CAP * 0.5 < first <= CAP
        assert first <= meter.cost(*PRICES) <= CAP  # what is left may do for a small request
        partial = contents(tmp_path / "run")
        assert lines(tmp_path / "run" / "train.jsonl")

        higher = _build(tmp_path, endpoint, "--max-cost", str(CAP * 1.5), *more)
        second = meter.cost(*PRICES)
        assert higher.returncode == 3
        assert first < second <= CAP * 1.5
        assert contents(tmp_path / "run") != partial

        done = _build(tmp_path, endpoint, *more)

    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "run") == expected
    assert meter.prompt_tokens == uncapped.prompt_tokens  # nothing was paid twice
    assert meter.requests == uncapped.requests


def test_a_run_that_reached_its_limit_says_what_was_spent_and_how_to_go_on(
    docs: Path, tmp_path: Path
) -> None:
    meter = Meter(good_model)
    with serve(meter, latency_s=0.05) as endpoint:
        done = _build(tmp_path, endpoint, "--max-cost", str(CAP), "--max-requests", "500")

    unsent = [f for f in lines(tmp_path / "run" / "failures.jsonl") if f["reason"] == "budget"]
    assert all(row["failed"] and row["chunk_id"] and row["stage"] == "write" for row in unsent)
    (said,) = re.findall(r"problem: stopped at the limit: .*", done.stdout)
    assert f"USD {meter.cost(*PRICES):.4f} of {CAP:g} spent" in said
    assert f"{meter.requests} of 500 requests sent" in said
    assert f"{len(unsent)} requests were not sent" in said
    assert "higher --max-cost" in said
    assert "--retry-failed" not in done.stdout
    failures = _report(tmp_path / "run")["failures"]
    assert {"budget": len(unsent)}.items() <= {f["reason"]: f["count"] for f in failures}.items()


def test_a_limit_of_requests_holds_over_several_builds(docs: Path, tmp_path: Path) -> None:
    def busy(seen: Seen) -> Answer:
        if seen.number in (2, 5):
            return error(500, "out of order", retry_after_ms="1")
        return good_model(seen)

    with serve(busy, latency_s=0.05) as endpoint:
        first = _build(tmp_path, endpoint, "--max-requests", "7")
        assert len(endpoint.requests) == 7
        second = _build(tmp_path, endpoint, "--max-requests", "12", "--limit", "15")
        assert len(endpoint.requests) == 12
        none = _build(tmp_path, endpoint, "--max-requests", "0")
        assert len(endpoint.requests) == 12

    assert first.returncode == second.returncode == none.returncode == 3
    assert "7 of 7 requests sent" in first.stdout


def test_a_shared_file_of_replies_charges_each_run_its_own(docs: Path, tmp_path: Path) -> None:
    shared = ("--replies", "shared.sqlite")
    meter = Meter(good_model)
    with serve(meter, latency_s=0.05) as endpoint:
        one = _build(tmp_path, endpoint, "-o", "one", "--limit", "12", *shared)
        paid = meter.cost(*PRICES)
        two = _build(tmp_path, endpoint, "-o", "two", "--max-cost", str(CAP / 2), *shared)
        rest = meter.cost(*PRICES) - paid

    assert one.returncode == 0
    assert two.returncode == 3
    assert paid > CAP / 2 >= rest > 0
    first, second = _report(tmp_path / "one")["bill"], _report(tmp_path / "two")["bill"]
    assert first["total"]["cost"] == pytest.approx(paid)
    assert second["total"]["cost"] == pytest.approx(rest)
    last = second["last_build"]
    assert last["not_sent"] == last["from_other_runs"]
    assert last["not_sent"]["requests"] >= 12
    assert 0 < last["not_sent"]["cost"] <= paid * 1.0001
    assert first["last_build"]["not_sent"]["requests"] == 0


def test_what_a_killed_build_spent_counts(docs: Path, tmp_path: Path) -> None:
    meter = Meter(good_model)
    env = environment(tmp_path, BUILDER_API_KEY="a-key-of-this-test")
    with serve(meter, latency_s=0.3) as endpoint:
        args = _args(endpoint, "--max-requests", "12", "--set", "model.concurrency=2")
        process = subprocess.Popen(
            command(*args),
            cwd=tmp_path,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 120
        while len(endpoint.requests) < 7 and time.monotonic() < end:
            time.sleep(0.01)
        process.kill()
        process.wait()
        done = run(*args, cwd=tmp_path, env=env)

        assert 12 <= len(endpoint.requests) <= 12 + 2  # what was in flight is not known of
    assert done.returncode == 3, done.stderr


def test_the_bill_is_the_servers_and_stays_right(docs: Path, tmp_path: Path) -> None:
    """By outcome, failed attempts included; the same after builds that send nothing."""

    def faulty(seen: Seen) -> Answer:
        if seen.number == 3:
            return error(500, "out of order", retry_after_ms="1")
        if seen.number == 4:
            return error(429, "slow down", retry_after_ms="1")
        if seen.number in (5, 6):
            return chat('{"pairs": "many"}')
        return good_model(seen)

    meter = Meter(faulty, cached=1024)
    with serve(meter) as endpoint:
        _build(tmp_path, endpoint, "--limit", "10")
        first = _report(tmp_path / "run")["bill"]
        cost = meter.cost(*PRICES)
        _build(tmp_path, endpoint, "--limit", "10")
        unchanged = _report(tmp_path / "run")["bill"]
        _build(tmp_path, endpoint, "--limit", "10", "--fresh")
        fresh = _report(tmp_path / "run")["bill"]
        sent = meter.requests
        _build(tmp_path, endpoint)
        later = _report(tmp_path / "run")["bill"]

    assert first["total"]["cost"] == pytest.approx(cost)
    outcomes = {line["outcome"]: line for line in first["lines"]}
    assert set(outcomes) == {"ok", "transient", "rate", "content"}
    assert outcomes["content"]["requests"] == 2
    assert outcomes["content"]["reasons"] == {"schema": 2}
    assert outcomes["content"]["cost"] > 0
    assert outcomes["rate"]["cost"] == 0
    assert first["failed"]["requests"] == 4
    assert first["failed"]["cost"] == pytest.approx(outcomes["content"]["cost"])
    assert {line["stage"] for line in first["lines"]} == {"write"}
    assert unchanged == first
    assert fresh["lines"] == first["lines"]
    last = fresh["last_build"]
    assert last["requests"] == last["not_sent"]["requests"] == sent - 4
    assert last["not_sent"]["cost"] == pytest.approx(cost, rel=0.01)
    assert last["from_other_runs"]["requests"] == 0
    total = later["total"]
    assert total["cost"] == pytest.approx(meter.cost(*PRICES))
    assert (total["requests"], total["prompt_tokens"]) == (meter.requests, meter.prompt_tokens)
    assert (total["cached_tokens"], total["output_tokens"]) == (
        meter.cached_tokens,
        meter.output_tokens,
    )
    page = (tmp_path / "run" / "report.md").read_text(encoding="utf-8")
    assert "## Bill" in page
    assert f"USD {meter.cost(*PRICES):.4f} for {meter.requests} requests" in page
    assert "content (schema 2)" in page


def test_a_run_with_two_models_has_the_price_of_each(docs: Path, tmp_path: Path) -> None:
    small, large = Meter(good_model), Meter(good_model)
    with serve(small) as endpoint:
        _build(tmp_path, endpoint, "--limit", "4")
    with serve(large) as endpoint:
        _build(tmp_path, endpoint, "--limit", "4", "--model", "gpt-4o")

    total = _report(tmp_path / "run")["bill"]["total"]
    assert total["cost"] == pytest.approx(small.cost(*PRICES) + large.cost(2.5, 1.25, 10.0))


def test_no_cap_of_cost_without_a_price(docs: Path, tmp_path: Path) -> None:
    done = run(
        *("build", "docs", "-o", "run", "--model", "mystery-1", "--max-cost", "5"),
        *("--base-url", "http://models.example.com/v1"),
        cwd=tmp_path,
        env=environment(tmp_path, BUILDER_API_KEY="a-key-of-this-test"),
    )

    assert done.returncode == 2
    assert "mystery-1 at models.example.com is not known" in done.stderr
    assert "price.input" in done.stderr
    assert "--max-requests" in done.stderr
    assert not (tmp_path / "run").exists()
