"""The whole job with a model: a scripted server on a real socket."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.running import RAW_DOCS, command, contents, environment, lines, run
from tests.endpoint import Answer, Endpoint, Seen, chat, error, good_model, passage_of, serve

KEY = "sk-test-0123456789-never-written"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    shutil.copytree(RAW_DOCS / "api", folder)
    shutil.copy(RAW_DOCS / "de" / "faq.html", folder)
    return folder


def _build(home: Path, endpoint: Endpoint, *more: str) -> subprocess.CompletedProcess[str]:
    return run(
        *("build", "docs", "-o", "run", "--model", "scripted", "--base-url", endpoint.url),
        *more,
        cwd=home,
        env=environment(home, OPENAI_API_KEY=KEY),
    )


def _key_is_nowhere(home: Path, done: subprocess.CompletedProcess[str]) -> None:
    assert KEY not in done.stdout + done.stderr
    for file in home.rglob("*"):
        assert not file.is_file() or KEY.encode() not in file.read_bytes(), file


def test_one_request_per_chunk_gives_pairs_and_near_misses(docs: Path, tmp_path: Path) -> None:
    with serve(good_model) as endpoint:
        done = _build(tmp_path, endpoint)
        sent = len(endpoint.requests)
        again = _build(tmp_path, endpoint)

        assert done.returncode == 0, done.stderr
        assert again.returncode == 0
        assert len(endpoint.requests) == sent
        about_one = [seen for seen in endpoint.requests if passage_of(seen.prompt)]
        assert len(about_one) == len(lines(tmp_path / "run" / "chunks.jsonl"))
        assert {
            seen.headers.get("Authorization", seen.headers.get("authorization"))
            for seen in endpoint.requests
        } == {f"Bearer {KEY}"}
    rows = lines(tmp_path / "run" / "train.meta.jsonl") + lines(
        tmp_path / "run" / "eval.meta.jsonl"
    )
    kinds = Counter(row["kind"] for row in rows)
    assert kinds["near_miss"] >= 3
    assert kinds[None] >= 20
    assert {row["writer"] for row in rows} == {"llm"}
    assert {row["model"] for row in rows} == {"scripted"}
    _key_is_nowhere(tmp_path, done)


def test_a_near_miss_that_the_passage_answers_is_not_kept(docs: Path, tmp_path: Path) -> None:
    asked = "What is the rate limit per minute of a token in API v2?"

    def careless(seen: Seen) -> Answer:
        near_miss = {
            "kind": "near_miss",
            "type": "factual",
            "about": "token",
            "attribute": "rate limit",
            "question": asked,
        }
        said = [near_miss] if "ate limit" in seen.prompt else []
        return chat(json.dumps({"pairs": [], "unanswerable": said, "skipped": []}))

    with serve(careless) as endpoint:
        done = _build(tmp_path, endpoint)

    assert "Traceback" not in done.stderr
    drafts = lines(tmp_path / "run" / "drafts.jsonl")
    assert asked in {row["question"] for row in drafts}
    pairs = lines(tmp_path / "run" / "pairs.jsonl")
    kept = {
        row["pair_id"]
        for row in lines(tmp_path / "run" / "verdicts.jsonl")
        if row["status"] == "accepted"
    }
    assert not [row for row in pairs if row["question"] == asked and row["id"] in kept]


FAULTS = {
    1: lambda _: chat("I would rather write prose."),
    2: lambda _: error(400, "this prompt is not to my taste"),
    3: lambda _: chat(None, finish_reason="content_filter"),
    4: lambda _: error(500, "out of order"),
    5: lambda _: chat('{"pairs": "many"}'),
}


def test_each_failure_is_recorded_and_a_rerun_sends_nothing(docs: Path, tmp_path: Path) -> None:
    seen_prompts: dict[str, int] = {}

    def faulty(seen: Seen) -> Answer:
        number = seen_prompts.setdefault(seen.prompt, len(seen_prompts) + 1)
        return FAULTS[number](seen) if number in FAULTS else good_model(seen)

    with serve(faulty) as endpoint:
        done = _build(tmp_path, endpoint, "--set", "model.max_retries=1", "--concurrency", "1")
        sent = len(endpoint.requests)
        again = _build(tmp_path, endpoint, "--set", "model.max_retries=1", "--concurrency", "1")

        assert len(endpoint.requests) == sent
    assert done.returncode == again.returncode == 3, done.stderr
    failed = [row for row in lines(tmp_path / "run" / "failures.jsonl") if row["failed"]]
    assert len({row["chunk_id"] for row in failed}) == len(FAULTS)
    assert len({row["reason"] for row in failed}) >= 4
    assert all(row["detail"] for row in failed)
    assert lines(tmp_path / "run" / "train.jsonl")
    _key_is_nowhere(tmp_path, done)


@pytest.mark.parametrize(
    ("answer", "says"),
    [(error(401, "no such key"), "401"), (error(404, "no such model"), "scripted")],
)
def test_a_server_that_refuses_stops_the_run_with_a_hint(
    docs: Path, tmp_path: Path, answer: Answer, says: str
) -> None:
    with serve(lambda _: answer) as endpoint:
        done = _build(tmp_path, endpoint, "--concurrency", "2")

        assert len(endpoint.requests) <= 4
    assert done.returncode == 1
    assert says in done.stderr
    assert "hint" in done.stderr
    assert "Traceback" not in done.stderr
    _key_is_nowhere(tmp_path, done)


def test_killed_while_asking_it_pays_again_only_what_was_in_flight(
    docs: Path, tmp_path: Path
) -> None:
    with serve(good_model) as endpoint:
        whole = _build(tmp_path, endpoint, "--concurrency", "2")
        chunks = len(endpoint.requests)
    assert whole.returncode == 0, whole.stderr
    expected = contents(tmp_path / "run")
    shutil.rmtree(tmp_path / "run")
    with serve(good_model, latency_s=0.1) as endpoint:
        args = ("build", "docs", "-o", "run", "--model", "scripted", "--base-url", endpoint.url)
        process = subprocess.Popen(
            command(*args, "--concurrency", "2"),
            cwd=tmp_path,
            env=environment(tmp_path, OPENAI_API_KEY=KEY),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while len(endpoint.requests) < chunks // 2:
            time.sleep(0.01)
        process.kill()
        process.wait()
        done = _build(tmp_path, endpoint, "--concurrency", "2")

        assert len(endpoint.requests) <= chunks + 2
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "run") == expected


def test_replies_are_shared_between_runs(docs: Path, tmp_path: Path) -> None:
    with serve(good_model) as endpoint:
        _build(tmp_path, endpoint, "--replies", "shared.sqlite")
        sent = len(endpoint.requests)
        shutil.rmtree(tmp_path / "run")
        done = _build(tmp_path, endpoint, "--replies", "shared.sqlite")

        assert len(endpoint.requests) == sent
    assert done.returncode == 0
    assert (tmp_path / "shared.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_dry_run_counts_the_requests_and_sends_none(docs: Path, tmp_path: Path) -> None:
    with serve(good_model) as endpoint:
        done = _build(tmp_path, endpoint, "--dry-run", "--json")

        assert done.returncode == 0
        assert endpoint.requests == []
        assert not (tmp_path / "run").exists()

        _build(tmp_path, endpoint)

    assert json.loads(done.stdout)["requests"] == len(endpoint.requests)


def test_what_is_asked_again_with_success_ends_up_in_the_dataset(
    docs: Path, tmp_path: Path
) -> None:
    with serve(good_model) as endpoint:
        done = _build(tmp_path, endpoint)
    assert done.returncode == 0, done.stderr
    whole = contents(tmp_path / "run")
    shutil.rmtree(tmp_path / "run")
    broken = True

    def mended(seen: Seen) -> Answer:
        fails = broken and len(seen.prompt) % 4 == 0
        return error(400, "not to my taste") if fails else good_model(seen)

    with serve(mended) as endpoint:
        first = _build(tmp_path, endpoint)
        failed = [row for row in lines(tmp_path / "run" / "failures.jsonl") if row["failed"]]
        broken = False
        second = _build(tmp_path, endpoint)
        third = _build(tmp_path, endpoint, "--retry-failed")

    assert failed
    assert first.returncode == second.returncode == 3
    assert third.returncode == 0, third.stderr
    again = contents(tmp_path / "run")
    for name in ("train.jsonl", "eval.jsonl", "rejected.jsonl", "train.meta.jsonl"):
        assert again[name] == whole[name], name
