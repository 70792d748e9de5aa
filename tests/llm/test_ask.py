"""Asking a model server over a real socket."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.config import ModelSettings
from builder.errors import ProviderError, RunError
from builder.llm import (
    Message,
    Outcome,
    Progress,
    Replies,
    Reply,
    Request,
    ask,
    crew,
    request_for,
)
from builder.records import Failure
from tests.endpoint import Answer, Endpoint, Seen, chat, error, serve

KEY = "sk-secret-0123456789abcdef"
SCHEMA = '{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}'
GOOD = chat('{"n": 1}')
AT_ONCE = {"retry_after_ms": "1"}  # tried again without a pause


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serve(echo) as running:
        yield running


@pytest.fixture
def replies(tmp_path: Path) -> Iterator[Replies]:
    with Replies(tmp_path / "replies.sqlite") as opened:
        yield opened


def echo(seen: Seen) -> Answer:
    """A model that answers with the number in the prompt."""
    return chat(json.dumps({"n": int(seen.prompt)}))


def settings_for(endpoint: Endpoint, **values: Any) -> ModelSettings:  # any setting
    defaults = {"name": "small", "timeout_s": 5.0, "max_retries": 1, "concurrency": 4}
    return ModelSettings(base_url=endpoint.url, **{**defaults, **values})


def question(number: int, settings: ModelSettings, sample: int = 0) -> Request:
    messages = (
        Message(role="system", content="Answer in JSON."),
        Message(role="user", content=str(number)),
    )
    return request_for(
        messages, schema=SCHEMA, chunk_id=f"chunk {number}", model=settings, sample=sample
    )


def asked(
    numbers: range,
    settings: ModelSettings,
    replies: Replies,
    **options: Any,  # of ask
) -> list[Reply | Failure]:
    questions = [question(number, settings) for number in numbers]
    found = list(ask(questions, settings=settings, replies=replies, api_key=KEY, **options))
    assert [request for request, _ in found] == questions
    return [result for _, result in found]


def outcomes(results: list[Reply | Failure]) -> list[str]:
    return [result.text if isinstance(result, Reply) else result.reason for result in results]


def test_every_request_is_sent_once_and_answered_in_order(
    endpoint: Endpoint, replies: Replies
) -> None:
    def uneven(seen: Seen) -> Answer:
        return replace(echo(seen), delay_s=0.05 if int(seen.prompt) % 3 == 0 else 0.0)

    endpoint.reply = uneven
    results = asked(range(40), settings_for(endpoint), replies)

    assert outcomes(results) == [f'{{"n": {number}}}' for number in range(40)]
    assert len(endpoint.requests) == 40
    assert {seen.headers["authorization"] for seen in endpoint.requests} == {f"Bearer {KEY}"}
    assert {seen.path for seen in endpoint.requests} == {"/v1/chat/completions"}


@pytest.mark.parametrize("concurrency", [1, 3])
def test_never_more_requests_at_once_than_allowed(
    endpoint: Endpoint, replies: Replies, concurrency: int
) -> None:
    endpoint.latency_s = 0.02

    asked(range(20), settings_for(endpoint, concurrency=concurrency), replies)

    assert endpoint.most_at_once == concurrency


def test_first_request_goes_alone(endpoint: Endpoint, replies: Replies) -> None:
    at_first: list[int] = []

    def slow_first(seen: Seen) -> Answer:
        if seen.number == 1:
            time.sleep(0.1)
            at_first.append(len(endpoint.requests))
        return echo(seen)

    endpoint.reply = slow_first
    asked(range(8), settings_for(endpoint), replies)

    assert at_first == [1]


def test_rerun_sends_nothing_and_gives_the_same(endpoint: Endpoint, replies: Replies) -> None:
    settings = settings_for(endpoint)
    first = asked(range(10), settings, replies)
    second = asked(range(10), settings, replies)

    assert second == first
    assert len(endpoint.requests) == 10


def test_longer_run_pays_for_what_is_new_only(endpoint: Endpoint, replies: Replies) -> None:
    settings = settings_for(endpoint)
    asked(range(5), settings, replies)
    asked(range(3, 9), settings, replies)

    assert sorted(int(seen.prompt) for seen in endpoint.requests) == list(range(9))


def test_equal_requests_are_sent_once(endpoint: Endpoint, replies: Replies) -> None:
    settings = settings_for(endpoint)
    twice = [replace(question(7, settings), chunk_id=chunk) for chunk in ("a", "b")]

    found = list(ask(twice, settings=settings, replies=replies, api_key=KEY))

    assert [request.chunk_id for request, _ in found] == ["a", "b"]
    assert len(endpoint.requests) == 1


def test_samples_are_requests_of_their_own(endpoint: Endpoint, replies: Replies) -> None:
    settings = settings_for(endpoint)
    several = [question(7, settings, sample=sample) for sample in range(3)]

    list(ask(several, settings=settings, replies=replies, api_key=KEY))

    assert len(endpoint.requests) == 3


def test_key_of_a_request_is_made_of_what_decides_the_reply() -> None:
    model = ModelSettings(name="small", base_url="http://localhost:8000/v1")
    same = replace(model, base_url="http://localhost:9000/v1", concurrency=99, timeout_s=1.0)
    others = [
        replace(model, name="large"),
        replace(model, label="mine"),
        replace(model, base_url="http://elsewhere:8000/v1"),
        replace(model, temperature=0.1),
        replace(model, max_output_tokens=99),
    ]

    key = question(1, model).key

    assert question(1, same).key == key
    assert key not in {question(1, other).key for other in others}
    assert key not in {question(2, model).key, question(1, model, sample=1).key}


FAULTS: list[tuple[Answer, str]] = [
    (error(500, "oops", **AT_ONCE), "server_error"),
    (error(503, "oops"), "server_error"),
    (Answer(fault="reset"), "connection"),
    (replace(GOOD, fault="cut"), "connection"),
    (Answer(fault="hang", delay_s=1.5), "timeout"),
    (Answer(body="<html>Gateway</html>", headers={"content-type": "text/html"}), "server_error"),
    (Answer(body={"choices": []}), "server_error"),
    (Answer(body='{"choices": [{"mess'), "server_error"),
    (Answer(body={"error": {"message": "out of memory"}}), "server_error"),
]


def test_passing_faults_lose_nothing(endpoint: Endpoint, replies: Replies) -> None:
    met: set[str] = set()
    faults = [*(answer for answer, _ in FAULTS), error(429, "slow down", **AT_ONCE)]

    def faulty_at_first(seen: Seen) -> Answer:
        if seen.prompt in met:
            return echo(seen)
        met.add(seen.prompt)
        return faults[int(seen.prompt)]

    endpoint.reply = faulty_at_first
    settings = settings_for(endpoint, timeout_s=1.0, concurrency=16)
    results = asked(range(len(faults)), settings, replies)

    assert outcomes(results) == [f'{{"n": {number}}}' for number in range(len(faults))]
    assert len(endpoint.requests) == 2 * len(faults)
    assert {result.attempts for result in results if isinstance(result, Reply)} == {2}


def test_lasting_faults_are_recorded_once_and_asked_again_on_demand(
    endpoint: Endpoint, replies: Replies
) -> None:
    n_faults = len(FAULTS)

    def faulty(seen: Seen) -> Answer:
        number = int(seen.prompt)
        return FAULTS[number][0] if number < n_faults else echo(seen)

    endpoint.reply = faulty
    settings = settings_for(endpoint, timeout_s=1.0, concurrency=16)
    results = asked(range(n_faults + 2), settings, replies)

    assert outcomes(results)[:n_faults] == [reason for _, reason in FAULTS]
    assert outcomes(results)[n_faults:] == ['{"n": 9}', '{"n": 10}']
    assert len(endpoint.requests) == 2 * n_faults + 2
    failures = [result for result in results if isinstance(result, Failure)]
    assert {(failure.stage, failure.failed) for failure in failures} == {("write", True)}
    assert [failure.chunk_id for failure in failures] == [f"chunk {n}" for n in range(n_faults)]
    assert all(failure.detail for failure in failures)

    assert asked(range(n_faults + 2), settings, replies) == results
    assert len(endpoint.requests) == 2 * n_faults + 2  # a rerun sends nothing

    endpoint.reply = echo
    again = asked(range(n_faults + 2), settings, replies, retry_failed=True)
    assert all(isinstance(result, Reply) for result in again)
    assert len(endpoint.requests) == 3 * n_faults + 2


REFUSED: list[tuple[str, Answer, str]] = [
    ("bad request", error(400, "messages: bad"), "bad_request"),
    ("unprocessable", error(422, "messages: bad"), "bad_request"),
    ("too long", error(400, "This model's maximum context length is 512 tokens."), "too_long"),
    ("filtered prompt", error(400, "no", code="content_filter"), "content_filter"),
    ("moderated", error(403, "Your input was flagged"), "content_filter"),
    ("filtered reply", chat("", finish_reason="content_filter"), "content_filter"),
    ("refusal", chat(None, refusal="I will not."), "refusal"),
]
WRONG: list[tuple[str, Answer, str, int]] = [
    ("prose", chat("I am sorry, I cannot."), "not_json", 3),
    ("empty", chat(""), "empty", 3),
    ("nothing", chat(None), "empty", 3),
    ("invalid", chat('{"n": 1,,}'), "not_json", 3),
    ("wrong shape", chat('{"n": "one"}'), "schema", 3),
    ("truncated", chat('{"n": ', finish_reason="length"), "truncated", 2),
]


@pytest.mark.parametrize(
    ("answer", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_would_not_change_is_recorded_and_never_asked_again(
    endpoint: Endpoint, replies: Replies, answer: Answer, reason: str
) -> None:
    endpoint.reply = lambda seen: answer if seen.prompt == "1" else echo(seen)
    settings = settings_for(endpoint)

    results = asked(range(3), settings, replies)

    assert outcomes(results) == ['{"n": 0}', reason, '{"n": 2}']
    assert len(endpoint.requests) == 3
    assert asked(range(3), settings, replies) == results
    assert len(endpoint.requests) == 3


@pytest.mark.parametrize(
    ("answer", "reason", "sent"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_reply_that_stays_wrong_is_asked_for_twice_more_and_rejected(
    endpoint: Endpoint, replies: Replies, answer: Answer, reason: str, sent: int
) -> None:
    endpoint.reply = lambda seen: answer if seen.prompt == "1" else echo(seen)
    settings = settings_for(endpoint)

    results = asked(range(3), settings, replies)

    assert outcomes(results) == ['{"n": 0}', reason, '{"n": 2}']
    assert len(endpoint.requests) == 2 + sent
    assert asked(range(3), settings, replies) == results
    assert len(endpoint.requests) == 2 + sent


def test_model_is_told_what_was_wrong_with_its_reply(endpoint: Endpoint, replies: Replies) -> None:
    def learning(seen: Seen) -> Answer:
        return (
            chat('{"n": 1}') if "must be of type integer" in seen.correction else chat('{"n":"1"}')
        )

    endpoint.reply = learning
    results = asked(range(1), settings_for(endpoint), replies)

    assert outcomes(results) == ['{"n": 1}']
    first, second = (seen.body["messages"] for seen in endpoint.requests)
    assert second[: len(first)] == first
    assert second[-2] == {"role": "assistant", "content": '{"n":"1"}'}


def test_output_limit_is_raised_once(endpoint: Endpoint, replies: Replies) -> None:
    def long_winded(seen: Seen) -> Answer:
        enough = seen.body["max_tokens"] > settings.max_output_tokens
        return echo(seen) if enough else chat('{"n', finish_reason="length")

    endpoint.reply = long_winded
    settings = settings_for(endpoint)
    results = asked(range(1), settings, replies)

    assert outcomes(results) == ['{"n": 0}']
    assert [seen.body["max_tokens"] for seen in endpoint.requests] == [2000, 4000]


def test_raw_reply_of_a_failure_is_kept(endpoint: Endpoint, replies: Replies) -> None:
    endpoint.reply = lambda _: chat("I am sorry, I cannot.")
    settings = settings_for(endpoint)

    asked(range(1), settings, replies)

    kept = replies.get(question(0, settings).key)
    assert kept is not None
    assert (kept.text, kept.usage.completion_tokens) == ("I am sorry, I cannot.", 3 * 90)


@pytest.mark.parametrize(
    "content",
    ['```json\n{"n": 1}\n```', 'Here you are:\n{"n": 1}\nAnything else?', '\n{"n": 1}  '],
    ids=["fenced", "prose around", "blanks"],
)
def test_json_with_something_around_it_costs_no_second_request(
    endpoint: Endpoint, replies: Replies, content: str
) -> None:
    endpoint.reply = lambda _: chat(content)

    assert outcomes(asked(range(1), settings_for(endpoint), replies)) == ['{"n": 1}']
    assert len(endpoint.requests) == 1


def test_reply_in_parts_is_read(endpoint: Endpoint, replies: Replies) -> None:
    parts = [{"type": "text", "text": '{"n":'}, {"type": "text", "text": " 1}"}]
    answer = chat(None)
    answer.body["choices"][0]["message"]["content"] = parts
    endpoint.reply = lambda _: answer

    assert outcomes(asked(range(1), settings_for(endpoint), replies)) == ['{"n": 1}']


def test_pause_that_the_server_asks_for_is_kept(endpoint: Endpoint, replies: Replies) -> None:
    moments: list[float] = []

    def busy_once(seen: Seen) -> Answer:
        moments.append(time.monotonic())
        return error(429, "wait", retry_after="0.3") if seen.number == 1 else echo(seen)

    endpoint.reply = busy_once
    asked(range(1), settings_for(endpoint), replies)

    assert moments[1] - moments[0] >= 0.3


def test_pause_of_a_day_ends_the_run_and_the_next_one_goes_on(
    endpoint: Endpoint, replies: Replies
) -> None:
    endpoint.reply = lambda _: error(429, "come back tomorrow", retry_after="86400")

    with pytest.raises(ProviderError, match="86,400 s: come back tomorrow") as caught:
        asked(range(5), settings_for(endpoint), replies)

    assert "same command again" in caught.value.hint
    assert len(endpoint.requests) == 1
    assert replies.counts() == {}


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (error(401, "Incorrect API key provided"), "BUILDER_API_KEY"),
        (error(403, "Not for you"), "'small'"),
        (error(404, "The model `small` does not exist", code="model_not_found"), "'small'"),
        (error(400, "no such model", code="model_not_found"), "'small'"),
        (Answer(status=404, body="404 page not found"), "/v1"),
        (error(402, "Payment required"), "no credit"),
        (error(429, "You exceeded your quota", code="insufficient_quota"), "no credit"),
        (Answer(status=307, headers={"location": "http://127.0.0.1:1/v1"}), "--base-url"),
    ],
    ids=["401", "403", "404 model", "400 model", "404 path", "402", "quota", "redirect"],
)
def test_server_that_cannot_serve_is_asked_once(
    endpoint: Endpoint, replies: Replies, answer: Answer, hint: str
) -> None:
    endpoint.reply = lambda _: answer

    with pytest.raises(ProviderError) as caught:
        asked(range(20), settings_for(endpoint), replies)

    assert hint in caught.value.hint
    assert str(answer.status) in caught.value.message
    assert len(endpoint.requests) == 1
    assert replies.counts() == {}


def test_server_that_is_not_there_is_said_at_once(endpoint: Endpoint, replies: Replies) -> None:
    endpoint.close()
    began = time.monotonic()

    with pytest.raises(ProviderError, match=r"127\.0\.0\.1:\d+ cannot be reached") as caught:
        asked(range(20), settings_for(endpoint, max_retries=8), replies)

    assert "--base-url" in caught.value.hint
    assert time.monotonic() - began < 20
    assert replies.counts() == {}


def test_key_refused_in_the_middle_keeps_what_is_there(
    endpoint: Endpoint, replies: Replies
) -> None:
    endpoint.reply = lambda seen: echo(seen) if seen.number <= 6 else error(401, "expired")
    settings = settings_for(endpoint, concurrency=2)

    with pytest.raises(ProviderError):
        asked(range(20), settings, replies)
    assert replies.counts() == {"": 6}

    endpoint.reply = echo
    assert len(asked(range(20), settings, replies)) == 20
    served = {seen.prompt for seen in endpoint.requests if seen.number <= 6}
    others = {seen.prompt for seen in endpoint.requests if seen.number > 6}
    assert (len(served), len(others)) == (6, 14)
    assert not served & others  # what was paid for is not asked again
    assert len(endpoint.requests) <= 6 + 2 + 14  # two were refused at most, and no other twice


def refused_at_the_fifth(seen: Seen, together: threading.Barrier) -> Answer:
    """The fifth request is refused when those that were sent with it are there too."""
    if 2 <= seen.number <= 5:
        together.wait(timeout=10)
    return echo(seen) if seen.number <= 4 else error(401, "expired")


def test_what_is_on_its_way_when_the_server_refuses_comes_in(
    endpoint: Endpoint, replies: Replies
) -> None:
    together = threading.Barrier(4)

    def reply(seen: Seen) -> Answer:
        answer = refused_at_the_fifth(seen, together)
        return replace(answer, delay_s=0.3 if 2 <= seen.number <= 4 else 0.0)

    endpoint.reply = reply
    with pytest.raises(ProviderError, match="expired"):
        asked(range(20), settings_for(endpoint, concurrency=4), replies)

    assert replies.counts() == {"": 4}
    assert len(endpoint.requests) == 5  # and nothing more was sent meanwhile


def test_what_hangs_when_the_server_refuses_is_given_up(
    endpoint: Endpoint, replies: Replies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "GRACE_S", 0.5)
    together, ended = threading.Barrier(4), threading.Event()

    def reply(seen: Seen) -> Answer:
        answer = refused_at_the_fifth(seen, together)
        if seen.number == 3:
            ended.wait(timeout=20)
        return answer

    endpoint.reply = reply
    with pytest.raises(ProviderError, match="expired"):
        asked(range(20), settings_for(endpoint, concurrency=4, timeout_s=60.0), replies)
    ended.set()

    assert sum(replies.counts().values()) < 4


def test_outage_ends_the_run_and_is_not_remembered(endpoint: Endpoint, replies: Replies) -> None:
    down = error(503, "maintenance", **AT_ONCE)
    endpoint.reply = lambda seen: echo(seen) if seen.number <= 6 else down
    settings = settings_for(endpoint, concurrency=2)

    with pytest.raises(ProviderError, match="maintenance") as caught:
        asked(range(100), settings, replies)

    assert "same command again" in caught.value.hint
    assert len(endpoint.requests) <= 6 + 2 * (10 + 2)
    assert replies.counts() == {"": 6}

    endpoint.reply = echo
    assert all(isinstance(result, Reply) for result in asked(range(100), settings, replies))


@pytest.mark.parametrize("retries", [0, 1])
def test_what_was_under_way_when_an_outage_began_does_not_end_it(
    endpoint: Endpoint, replies: Replies, retries: int
) -> None:
    """The sixth request is served after the seventh has failed: the server is down all the same."""
    failed = threading.Event()

    def reply(seen: Seen) -> Answer:
        if seen.number > 7:
            failed.set()
        if seen.number == 6:
            failed.wait(timeout=10)
        slowly = 0.1 if seen.number > 7 else 0.0  # so that the sixth is served meanwhile
        down = replace(error(503, "maintenance", **AT_ONCE), delay_s=slowly)
        return echo(seen) if seen.number <= 6 else down

    endpoint.reply = reply

    with pytest.raises(ProviderError, match="maintenance"):
        asked(range(100), settings_for(endpoint, concurrency=2, max_retries=retries), replies)

    assert replies.counts() == {"": 6}


def test_server_that_refuses_every_request_is_not_asked_a_hundred_times(
    endpoint: Endpoint, replies: Replies
) -> None:
    endpoint.reply = lambda _: error(400, "max_tokens is over the limit of this server")

    with pytest.raises(ProviderError, match="over the limit"):
        asked(range(100), settings_for(endpoint, concurrency=2), replies)

    assert len(endpoint.requests) <= 12
    assert replies.counts() == {}


def test_key_stands_in_no_file_message_or_log(
    endpoint: Endpoint, replies: Replies, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def gossip(seen: Seen) -> Answer:
        told = f"You sent {seen.headers['authorization']}"
        answers = [
            chat(json.dumps({"n": 1, "told": told})),
            chat(f"Not JSON. {told}"),
            chat(None, refusal=told),
            error(400, told),
            error(500, told, **AT_ONCE),
            Answer(body=f"<html>{told}</html>"),
        ]
        return answers[int(seen.prompt)] if int(seen.prompt) < 6 else error(401, told)

    endpoint.reply = gossip
    settings = settings_for(endpoint, concurrency=1, max_retries=0)
    caplog.set_level(logging.DEBUG)

    results = asked(range(6), settings, replies)
    with pytest.raises(ProviderError) as caught:
        asked(range(7), settings, replies)

    said = [repr(results), repr(caught.value), caught.value.hint, repr(vars(caught.value))]
    assert sum("[key]" in result for result in map(repr, results)) >= 4
    assert KEY not in "".join(said)
    assert KEY not in caplog.text
    assert KEY not in repr(caught.value.__context__)
    for file in tmp_path.iterdir():
        assert KEY.encode() not in file.read_bytes()


def test_keys_and_names_of_another_account_stay_home(
    endpoint: Endpoint, replies: Replies, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, f"private-{name}")

    asked(range(1), settings_for(endpoint), replies)

    assert "private" not in repr(endpoint.requests)


def form(seen: Seen) -> tuple[str, bool, bool, bool]:
    body = seen.body
    return (
        body.get("response_format", {}).get("type", ""),
        "max_tokens" in body,
        "temperature" in body,
        body["messages"][0]["role"] == "system",
    )


FULL = ("json_schema", True, True, True)
LADDERS: list[tuple[str, Callable[[Seen], Answer | None], list[tuple[str, bool, bool, bool]]]] = [
    (
        "no schema",
        lambda seen: (
            error(400, "response_format.type json_schema is not supported")
            if form(seen)[0] == "json_schema"
            else None
        ),
        [FULL, ("json_object", True, True, True)],
    ),
    (
        "no response_format",
        lambda seen: (
            error(422, "Extra inputs are not permitted", param="response_format")
            if form(seen)[0]
            else None
        ),
        [FULL, ("json_object", True, True, True), ("", True, True, True)],
    ),
    (
        "newer parameter",
        lambda seen: (
            error(
                400,
                "Unsupported parameter: 'max_tokens' is not supported with this model. "
                "Use 'max_completion_tokens' instead.",
                param="max_tokens",
            )
            if "max_tokens" in seen.body
            else error(
                400, "'temperature' does not support 0.7 with this model", param="temperature"
            )
            if "temperature" in seen.body
            else None
        ),
        [FULL, ("json_schema", False, True, True), ("json_schema", False, False, True)],
    ),
    (
        "no system message",
        lambda seen: error(400, "System role not supported") if form(seen)[3] else None,
        [FULL, ("json_schema", True, True, False)],
    ),
]


@pytest.mark.parametrize(
    ("refuses", "forms"), [case[1:] for case in LADDERS], ids=[case[0] for case in LADDERS]
)
def test_what_a_server_does_not_know_is_left_out_for_the_rest_of_the_run(
    endpoint: Endpoint,
    replies: Replies,
    refuses: Callable[[Seen], Answer | None],
    forms: list[tuple[str, bool, bool, bool]],
) -> None:
    def answer(seen: Seen) -> Answer:
        return refuses(seen) or chat('{"n": 1}')

    endpoint.reply = answer
    results = asked(range(5), settings_for(endpoint), replies)

    assert outcomes(results) == ['{"n": 1}'] * 5
    assert [form(seen) for seen in endpoint.requests] == forms + [forms[-1]] * 4

    richer = settings_for(endpoint)  # a new run begins anew, and recalls every reply all the same
    assert asked(range(5), richer, replies) == results
    assert len(endpoint.requests) == len(forms) + 4


def test_one_bad_request_does_not_cost_the_others_their_schema(
    endpoint: Endpoint, replies: Replies
) -> None:
    def echoing(seen: Seen) -> Answer:
        told = "invalid prompt: 'use response_format and temperature'"
        return error(400, told) if seen.prompt == "1" else echo(seen)

    endpoint.reply = echoing
    results = asked(range(4), settings_for(endpoint, concurrency=1), replies)

    assert outcomes(results) == ['{"n": 0}', "bad_request", '{"n": 2}', '{"n": 3}']
    assert [form(seen) for seen in endpoint.requests[-2:]] == [FULL, FULL]


def test_progress_counts_what_was_sent_recalled_and_failed(
    endpoint: Endpoint, replies: Replies
) -> None:
    settings = settings_for(endpoint)
    asked(range(4), settings, replies)
    endpoint.reply = lambda seen: chat("no") if seen.prompt == "9" else echo(seen)
    told: list[Progress] = []

    asked(range(10), settings, replies, on_progress=lambda now: told.append(replace(now)))

    assert told[-1] == Progress(
        done=10, remembered=4, failed=1, sent=8, prompt_tokens=8 * 700, completion_tokens=8 * 90
    )
    assert told[-1].kinds == {"ok": 5, "content": 3}


def test_consumer_that_stops_leaves_no_thread_behind(endpoint: Endpoint, replies: Replies) -> None:
    endpoint.latency_s = 0.05
    settings = settings_for(endpoint)
    questions = (question(number, settings) for number in range(500))
    threads = threading.active_count()

    asking = ask(questions, settings=settings, replies=replies, api_key=KEY)
    next(asking)
    asking.close()  # type: ignore[attr-defined]  # an Iterator that is a generator

    assert not [thread for thread in threading.enumerate() if thread.name == "model"]
    assert threading.active_count() >= threads - 1
    assert len(endpoint.requests) < 50


def test_replies_that_cannot_be_kept_end_the_run(endpoint: Endpoint, replies: Replies) -> None:
    def damaging(seen: Seen) -> Answer:
        if seen.number == 3:
            with closing(sqlite3.connect(replies.path)) as other:
                other.execute("DROP TABLE replies")
        return echo(seen)

    endpoint.reply = damaging

    with pytest.raises(RunError, match="replies cannot be remembered"):
        asked(range(50), settings_for(endpoint, concurrency=1), replies)

    assert len(endpoint.requests) <= 4


def test_two_runs_at_once_on_one_file_agree(endpoint: Endpoint, tmp_path: Path) -> None:
    def different(seen: Seen) -> Answer:
        return replace(chat(json.dumps({"n": seen.number})), delay_s=0.01)

    endpoint.reply = different
    settings = settings_for(endpoint)
    found: dict[str, list[Reply | Failure]] = {}

    def run(name: str) -> None:
        with Replies(tmp_path / "shared.sqlite") as replies:
            found[name] = asked(range(30), settings, replies)

    threads = [threading.Thread(target=run, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes(found["a"]) == outcomes(found["b"])


def test_remembered_reply_is_judged_by_todays_rules(replies: Replies) -> None:
    settings = ModelSettings(name="small", base_url="http://127.0.0.1:9/v1")
    request = question(1, settings)
    replies.put(Outcome(key=request.key, reason="not_json", text='Well: {"n": 5}'))

    ((_, result),) = ask([request], settings=settings, replies=replies, api_key=KEY)

    assert isinstance(result, Reply)
    assert result.text == '{"n": 5}'
