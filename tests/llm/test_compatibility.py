"""Servers that want it another way: keys, headers, fields, several addresses, limits, faults."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.config import ModelSettings, load
from builder.errors import SettingsError
from builder.llm import Attempt, Message, Replies, Reply, Request, api_key_for, ask, request_for
from builder.llm.access import endpoints_of, extra_of, headers_of, key_header_of
from builder.llm.client import _seconds
from builder.records import Failure
from tests.endpoint import Answer, Seen, chat, error, serve

KEY = "sk-secret-0123456789abcdef"
SCHEMA = '{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}'


def echo(seen: Seen) -> Answer:
    """A model that answers with the number in the prompt."""
    return chat(f'{{"n": {seen.prompt}}}')


@pytest.fixture
def replies(tmp_path: Path) -> Iterator[Replies]:
    with Replies(tmp_path / "replies.sqlite") as opened:
        yield opened


def asked(
    n_questions: int,
    settings: ModelSettings,
    replies: Replies,
    **options: Any,  # of ask
) -> list[Reply | Failure]:
    requests = [
        request_for(
            (Message(role="user", content=str(number)),),
            schema=SCHEMA,
            chunk_id=str(number),
            model=settings,
        )
        for number in range(n_questions)
    ]
    results = ask(requests, settings=settings, replies=replies, api_key=KEY, **options)
    return [result for _, result in results]


def test_azure_gets_its_key_in_its_own_header(replies: Replies) -> None:
    with serve(echo) as endpoint:
        settings = ModelSettings(name="m", base_url=endpoint.url, key_header="api-key")
        asked(2, settings, replies)

    assert {seen.headers["api-key"] for seen in endpoint.requests} == {KEY}
    assert not any("authorization" in seen.headers for seen in endpoint.requests)
    assert key_header_of(ModelSettings(), "https://ours.openai.azure.com/openai/v1") == "api-key"
    assert key_header_of(ModelSettings(), "https://openai.azure.com.evil.example/v1") == ""


def test_headers_and_fields_of_the_settings_are_sent(replies: Replies) -> None:
    with serve(echo) as endpoint:
        settings = ModelSettings(
            name="m",
            base_url=endpoint.url,
            headers=("X-Team: docs: writers",),
            body='{"top_k": 20, "chat_template_kwargs": {"enable_thinking": false}}',
        )
        asked(1, settings, replies)

    (seen,) = endpoint.requests
    assert seen.headers["x-team"] == "docs: writers"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert seen.body["top_k"] == 20
    assert seen.body["chat_template_kwargs"] == {"enable_thinking": False}


def test_fields_decide_the_reply_and_headers_do_not() -> None:
    def key(**values: Any) -> str:  # any setting
        model = ModelSettings(name="m", **values)
        return request_for((), schema="", chunk_id="", model=model).key

    assert key() != key(body='{"top_k": 20}')
    assert key(body='{"a": 1, "b": 2}') == key(body='{"b":2,"a":1}')
    assert key() == key(headers=("X-Team: docs",), structure="text", key_header="api-key", rpm=9.0)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (ModelSettings(headers=("Authorization: Bearer abc",)), "keys stand in no file"),
        (ModelSettings(headers=("X-Api-Key: abc",)), "keys stand in no file"),
        (ModelSettings(headers=("no colon",)), "is no header"),
        (ModelSettings(headers=("X-A: b\r\nHost: c",)), "is no header"),
        (ModelSettings(body="{"), "not valid JSON"),
        (ModelSettings(body="[1]"), "a list"),
        (ModelSettings(body='{"messages": []}'), "messages"),
        (ModelSettings(key_header="a b"), "no name of a header"),
    ],
)
def test_settings_that_cannot_be_sent_are_refused(settings: ModelSettings, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as caught:
        headers_of(settings)
        extra_of(settings)
        key_header_of(settings, settings.base_url)

    assert "abc" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("structure", "sent"),
    [("json_schema", "json_schema"), ("json_object", "json_object"), ("text", None)],
)
def test_structure_that_was_set_is_used_from_the_start(
    replies: Replies, structure: Any, sent: str | None
) -> None:
    with serve(echo) as endpoint:
        asked(2, ModelSettings(name="m", base_url=endpoint.url, structure=structure), replies)

    forms = [seen.body.get("response_format", {}).get("type") for seen in endpoint.requests]
    assert forms == [sent, sent]


def test_structure_that_fails_inside_the_server_is_left_out(replies: Replies) -> None:
    def crashing(seen: Seen) -> Answer:
        told = error(501, "response_format json_schema is not implemented")
        return told if "response_format" in seen.body else echo(seen)

    with serve(crashing) as endpoint:
        results = asked(3, ModelSettings(name="m", base_url=endpoint.url), replies)

    assert all(isinstance(result, Reply) for result in results)
    assert len(endpoint.requests) == 2 + 3


def test_several_addresses_share_the_work_and_one_may_be_down(replies: Replies) -> None:
    with serve(echo, latency_s=0.02) as one, serve(echo, latency_s=0.02) as other:
        with serve(echo) as gone:
            urls = (one.url, other.url, gone.url)
        settings = ModelSettings(name="m", base_urls=urls, concurrency=4, label="ours")
        results = asked(60, settings, replies)

        assert [result.text for result in results if isinstance(result, Reply)] == [
            f'{{"n": {number}}}' for number in range(60)
        ]
        assert min(len(one.requests), len(other.requests)) >= 10
        assert max(one.most_at_once, other.most_at_once) <= 4
        assert len(one.requests) + len(other.requests) == 60


def test_flag_for_one_address_overrules_the_several_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "builder.toml"
    file.write_text('[model]\nbase_urls = ["http://a/v1", "http://b/v1"]\n', encoding="utf-8")

    several = load(file=file, environ={}).model
    one = load(file=file, environ={}, flags={"model": {"base_url": "http://c/v1"}}).model

    assert endpoints_of(several) == ("http://a/v1", "http://b/v1")
    assert endpoints_of(one) == ("http://c/v1",)


def test_one_foreign_address_among_several_keeps_the_openai_key_at_home() -> None:
    model = ModelSettings(name="m", base_urls=("http://localhost:1/v1", "http://models.example/v1"))

    with pytest.raises(SettingsError, match=r"models\.example"):
        api_key_for(model, {"model.base_urls": "builder.toml"}, {"OPENAI_API_KEY": KEY})
    assert api_key_for(model, {"model.base_urls": "flag"}, {"OPENAI_API_KEY": KEY}) == KEY


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("1s", 1), ("6m0s", 360), ("20ms", 0.02), ("1h2m3s", 3723), ("2.5", 2.5), ("soon", None)],
)
def test_time_until_a_limit_ends_is_read(said: str, seconds: float | None) -> None:
    assert _seconds(said) == (None if seconds is None else pytest.approx(seconds))


def test_end_of_the_window_is_waited_for_when_the_server_says_no_more(replies: Replies) -> None:
    moments: list[float] = []

    def busy_once(seen: Seen) -> Answer:
        moments.append(time.monotonic())
        window = {"x_ratelimit_remaining_requests": "0", "x_ratelimit_reset_requests": "300ms"}
        return error(429, "wait", **window) if seen.number == 1 else echo(seen)

    with serve(busy_once) as endpoint:
        asked(1, ModelSettings(name="m", base_url=endpoint.url), replies)

    assert moments[1] - moments[0] >= 0.3


def test_waiting_for_a_place_is_no_timeout(replies: Replies) -> None:
    with serve(echo, latency_s=0.15) as endpoint:
        settings = ModelSettings(
            name="m", base_url=endpoint.url, concurrency=1, timeout_s=0.5, max_retries=0
        )
        results = asked(8, settings, replies)

    assert all(isinstance(result, Reply) for result in results)


def test_rate_limit_loses_nothing_and_is_no_try_of_the_request(replies: Replies) -> None:
    def strict(seen: Seen) -> Answer:
        return error(429, "slow", retry_after_ms="5") if seen.number % 3 else echo(seen)

    with serve(strict) as endpoint:
        settings = ModelSettings(name="m", base_url=endpoint.url, max_retries=0, concurrency=8)
        results = asked(12, settings, replies)

    assert all(isinstance(result, Reply) for result in results)
    assert len(endpoint.requests) == 12 * 3


def test_request_above_the_whole_limit_is_rejected_alone(replies: Replies) -> None:
    def strict(seen: Seen) -> Answer:
        told = (
            "Request too large for small in organization on tokens per min: Limit 10, Requested 9"
        )
        return error(429, told, code="rate_limit_exceeded") if seen.prompt == "2" else echo(seen)

    with serve(strict) as endpoint:
        results = asked(4, ModelSettings(name="m", base_url=endpoint.url), replies)

    assert [getattr(result, "reason", "") for result in results] == ["", "", "too_long", ""]
    assert len(endpoint.requests) == 4


FIRST: dict[str, Callable[[Seen], Answer]] = {
    "429": lambda _: error(429, "busy", retry_after_ms="5"),
    "500": lambda _: error(500, "oops"),
    "503": lambda _: error(503, "oops"),
    "reset": lambda _: Answer(fault="reset"),
    "hang": lambda _: Answer(fault="hang", delay_s=1.5),
    "html": lambda _: Answer(body="<html>Bad gateway</html>"),
    "truncated": lambda _: chat('{"n":'),
    "wrong schema": lambda seen: chat(f'{{"m": {seen.prompt}}}'),
    "fenced": lambda seen: chat(f'```json\n{{"n": {seen.prompt}}}\n```'),
    "prose": lambda seen: chat(f'Here: {{"n": {seen.prompt}}} Done.'),
    "empty": lambda _: chat(""),
    "length": lambda _: chat('{"n":', finish_reason="length"),
    "content filter": lambda _: chat("", finish_reason="content_filter"),
    "refusal": lambda _: chat(None, refusal="No."),
}
FREE, FINAL = {"fenced", "prose"}, {"content filter": "content_filter", "refusal": "refusal"}


def test_each_fault_at_first_loses_nothing_and_keeps_nothing_bad(replies: Replies) -> None:
    kinds = [kind for kind in FIRST for _ in range(2)] + ["good"] * 20
    met: set[str] = set()

    def faulty(seen: Seen) -> Answer:
        first = seen.prompt not in met
        met.add(seen.prompt)
        fault = FIRST.get(kinds[int(seen.prompt)])
        return fault(seen) if first and fault else echo(seen)

    with serve(faulty) as endpoint:
        settings = ModelSettings(name="m", base_url=endpoint.url, timeout_s=1.0, concurrency=16)
        results = asked(len(kinds), settings, replies)

    for number, (kind, result) in enumerate(zip(kinds, results, strict=True)):
        if kind in FINAL:
            assert isinstance(result, Failure)
            assert result.reason == FINAL[kind]
        else:
            assert isinstance(result, Reply), kind
            assert result.text == f'{{"n": {number}}}'
    sent = Counter(kinds[int(seen.prompt)] for seen in endpoint.requests)
    assert {kind for kind, n in sent.items() if n == 2} == {*FREE, *FINAL}
    assert all(sent[kind] == 4 for kind in FIRST if kind not in {*FREE, *FINAL})


def test_what_always_fails_is_asked_no_more_than_its_class_allows(replies: Replies) -> None:
    def failing(seen: Seen) -> Answer:
        return error(500, "oops") if seen.prompt in ("3", "17", "29") else echo(seen)

    with serve(failing, latency_s=0.01) as endpoint:
        results = asked(30, ModelSettings(name="m", base_url=endpoint.url), replies)

    assert [r.reason for r in results if isinstance(r, Failure)] == ["server_error"] * 3
    assert len(endpoint.requests) == 27 + 3 * 4


def test_every_attempt_is_on_record_with_its_reply_and_what_it_cost(tmp_path: Path) -> None:
    def learning(seen: Seen) -> Answer:
        return echo(seen) if seen.correction else chat("Well.")

    path = tmp_path / "replies.sqlite"
    with serve(learning) as endpoint, Replies(path, run="handbook") as replies:
        settings = ModelSettings(name="m", base_url=endpoint.url)
        (reply,) = asked(1, settings, replies)
    with closing(sqlite3.connect(path)) as database:
        noted = database.execute(
            "SELECT number, kind, text, status, run, stage, latency_s > 0 FROM attempts"
        ).fetchall()
        (tokens,) = database.execute("SELECT sum(prompt_tokens) FROM attempts").fetchone()

    assert noted == [
        (1, "content", "Well.", 200, "handbook", "write", 1),
        (2, "ok", '{"n": 0}', 200, "handbook", "write", 1),
    ]
    assert isinstance(reply, Reply)
    assert reply.usage.prompt_tokens == tokens


class Purse:
    """A budget of so many attempts, of which each may cost two until it is settled."""

    def __init__(self, most: int) -> None:
        self.left, self.reserved = most, 0
        self.settled: list[Attempt | None] = []

    def admit(self, request: Request) -> bool:
        if self.left - self.reserved < 2:
            return False
        self.reserved += 2
        return True

    def settle(self, request: Request, attempt: Attempt | None) -> None:
        self.reserved -= 2
        self.left -= 1
        self.settled.append(attempt)


@pytest.mark.parametrize("concurrency", [1, 16])
def test_budget_stops_the_sending_and_a_larger_one_goes_on(
    replies: Replies, concurrency: int
) -> None:
    with serve(echo, latency_s=0.01) as endpoint:
        settings = ModelSettings(name="m", base_url=endpoint.url, concurrency=concurrency)
        first = asked(30, settings, replies, budget=Purse(11))
        sent = len(endpoint.requests)
        second = asked(30, settings, replies, budget=Purse(100))

    assert sent == 10
    assert Counter(getattr(result, "reason", "") for result in first) == {"": 10, "budget": 20}
    assert all(isinstance(result, Reply) for result in second)
    assert len(endpoint.requests) == 30


_BUILDER = """
import sys
from pathlib import Path
from builder.config import ModelSettings
from builder.llm import Message, Replies, ask, request_for

model = ModelSettings(name="small", base_url=sys.argv[1], concurrency=8)
questions = (
    request_for(
        (Message(role="user", content=str(number)),), schema="", chunk_id="c", model=model
    )
    for number in range(40)
)
with Replies(Path(sys.argv[2])) as replies:
    for _ in ask(questions, settings=model, replies=replies, api_key="no-key"):
        pass
"""


def test_interrupt_ends_at_once_and_keeps_every_answer(tmp_path: Path) -> None:
    def stuck(seen: Seen) -> Answer:
        return echo(seen) if seen.number <= 20 else replace(echo(seen), delay_s=20.0)

    path = tmp_path / "replies.sqlite"
    with serve(stuck, latency_s=0.01) as endpoint:
        command = [sys.executable, "-c", _BUILDER, endpoint.url, str(path)]
        running = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ})
        _wait_for(lambda: len(endpoint.requests) >= 24)
        time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=10)
    assert b"KeyboardInterrupt" in told
    with Replies(path) as replies:
        assert replies.counts() == {"": 20}


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)


def test_endpoint_that_is_limited_for_long_is_said(
    replies: Replies, caplog: pytest.LogCaptureFixture
) -> None:
    def limited(seen: Seen) -> Answer:
        return error(429, "busy", retry_after_ms="1") if seen.number <= 6 else echo(seen)

    with serve(limited) as endpoint:
        results = asked(3, ModelSettings(name="m", base_url=endpoint.url), replies)

    assert all(isinstance(result, Reply) for result in results)
    assert "serves nothing at the moment" in caplog.text
    assert "serves again" in caplog.text
