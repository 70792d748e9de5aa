"""Asking by batches, against a server with files and batches on a real socket."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from builder.config import ModelSettings
from builder.errors import ProviderError, RunError
from builder.llm import (
    Message,
    Progress,
    Replies,
    Reply,
    Request,
    ask,
    ask_batch,
    ask_online,
    has_batches,
    looked_at,
    request_for,
    under_way,
)
from builder.llm.outcomes import Attempt
from builder.records import Failure
from tests.batch_server import BatchServer, Fault, serve_batches
from tests.endpoint import Answer, Seen, chat, error

KEY = "sk-secret-0123456789abcdef"
SCHEMA = '{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}'


def echo(seen: Seen) -> Answer:
    """A model that answers with the number in the prompt."""
    return chat(json.dumps({"n": int(seen.prompt)}))


@pytest.fixture
def server() -> Iterator[BatchServer]:
    with serve_batches(echo) as running:
        yield running


@pytest.fixture
def replies(tmp_path: Path) -> Iterator[Replies]:
    with Replies(tmp_path / "replies.sqlite") as opened:
        yield opened


def settings_for(server: BatchServer, **values: Any) -> ModelSettings:  # any setting
    defaults = {"name": "small", "timeout_s": 5.0, "batch_poll_s": 0.03, "max_retries": 1}
    return ModelSettings(base_url=server.url, **{**defaults, **values})


def questions(numbers: range, settings: ModelSettings, schema: str = SCHEMA) -> list[Request]:
    return [
        request_for(
            (
                Message(role="system", content="Answer in JSON."),
                Message(role="user", content=str(number)),
            ),
            schema=schema,
            chunk_id=f"chunk {number}",
            model=settings,
        )
        for number in numbers
    ]


def asked(
    numbers: range,
    settings: ModelSettings,
    replies: Replies,
    by: Any = ask_batch,  # or ask, ask_online
    **options: Any,  # of ask
) -> list[str]:
    """What came of questions: texts and reasons."""
    wanted = questions(numbers, settings)
    found = list(by(iter(wanted), settings=settings, replies=replies, api_key=KEY, **options))
    assert [request for request, _ in found] == wanted
    return [result.text if isinstance(result, Reply) else result.reason for _, result in found]


def good(numbers: range) -> list[str]:
    return [f'{{"n": {number}}}' for number in numbers]


def once(numbers: range) -> Counter[str]:
    return Counter(str(number) for number in numbers)


def first_time() -> Callable[[str], bool]:
    """Whether a word is seen for the first time."""
    seen: set[str] = set()

    def is_first(word: str) -> bool:
        new = word not in seen
        seen.add(word)
        return new

    return is_first


def test_results_out_of_order_come_back_in_the_order_asked(
    server: BatchServer, replies: Replies
) -> None:
    found = asked(range(40), settings_for(server), replies)

    assert found == good(range(40))
    assert server.paid == once(range(40))
    assert server.online == 0
    (batch,) = server.batches.values()
    assert batch.told["endpoint"] == "/v1/chat/completions"
    assert {line["url"] for line in batch.lines} == {"/v1/chat/completions"}
    assert {headers["authorization"] for headers in server.headers} == {f"Bearer {KEY}"}


def test_key_goes_into_the_header_that_the_server_wants(
    server: BatchServer, replies: Replies
) -> None:
    asked(range(2), settings_for(server, key_header="api-key"), replies)

    assert set(server.calls) == {
        "POST /files",
        "POST /batches",
        "GET /batches/*",
        "GET /files/*/content",
    }
    assert {headers["api-key"] for headers in server.headers} == {KEY}
    assert not any("authorization" in headers for headers in server.headers)


def test_rerun_calls_nobody_and_gives_the_same(server: BatchServer, replies: Replies) -> None:
    settings = settings_for(server)
    first = asked(range(5), settings, replies)
    calls = server.calls.total()

    assert asked(range(5), settings, replies) == first
    assert asked(range(5), settings, replies, by=ask_online) == first
    assert server.calls.total() == calls
    assert not has_batches(replies)


def test_half_by_batch_and_half_online(server: BatchServer, replies: Replies) -> None:
    settings = settings_for(server)
    asked(range(5), settings, replies, by=ask)

    assert asked(range(10), settings, replies) == good(range(10))
    assert asked(range(15), settings, replies, by=ask_online) == good(range(15))
    assert server.paid == once(range(15))
    assert server.online == 10


def test_equal_requests_are_sent_once(server: BatchServer, replies: Replies) -> None:
    settings = settings_for(server)
    twice = questions(range(3), settings) * 2
    done: list[int] = []

    found = list(
        ask_batch(
            twice,
            settings=settings,
            replies=replies,
            api_key=KEY,
            on_progress=lambda progress: done.append(progress.done),
        )
    )

    assert [request for request, _ in found] == twice
    assert server.paid == once(range(3))
    assert done[-1] == 6


def test_files_keep_to_the_limit_of_lines(server: BatchServer, replies: Replies) -> None:
    assert asked(range(25), settings_for(server, batch_lines=10), replies) == good(range(25))

    assert sorted(len(batch.lines) for batch in server.batches.values()) == [5, 10, 10]


def test_files_keep_to_the_limit_of_bytes(server: BatchServer, replies: Replies) -> None:
    assert asked(range(30), settings_for(server, batch_mb=0.002), replies) == good(range(30))

    sizes = [len(data) for name, data in server.files.values() if name.startswith("builder-")]
    assert len(sizes) > 3
    assert all(1_500 < size <= 2_000 for size in sizes[:-1])


def test_request_larger_than_a_whole_file_is_rejected(
    server: BatchServer, replies: Replies
) -> None:
    settings = settings_for(server, batch_mb=0.002)
    small, large = questions(range(2), settings)
    large = request_for(
        (Message(role="user", content="x" * 3_000),), schema="", chunk_id="c", model=settings
    )

    (_, first), (_, second) = ask_batch(
        [large, small], settings=settings, replies=replies, api_key=KEY
    )

    assert isinstance(first, Failure)
    assert (first.reason, "over the 0.002 MB" in first.detail) == ("too_long", True)
    assert isinstance(second, Reply)
    assert server.paid == once(range(1))


def test_wrong_replies_are_asked_again_and_told_what_was_wrong(
    server: BatchServer, replies: Replies
) -> None:
    def wrong_at_first(seen: Seen) -> Answer:
        told = len(seen.body["messages"]) > 2
        return echo(seen) if told or int(seen.prompt) % 3 else chat('{"m": 1}')

    server.reply = wrong_at_first

    assert asked(range(9), settings_for(server), replies) == good(range(9))
    assert [len(batch.lines) for batch in server.batches.values()] == [9, 3]
    assert server.paid == once(range(9)) + Counter(["0", "3", "6"])


def test_always_wrong_replies_are_rejected_after_three_attempts(
    server: BatchServer, replies: Replies
) -> None:
    server.reply = lambda seen: chat("no JSON at all") if seen.prompt == "1" else echo(seen)

    assert asked(range(3), settings_for(server), replies) == ['{"n": 0}', "not_json", '{"n": 2}']
    assert server.paid["1"] == 3


def test_cut_reply_is_asked_again_with_twice_the_limit(
    server: BatchServer, replies: Replies
) -> None:
    def short(seen: Seen) -> Answer:
        cut = seen.body["max_tokens"] < 3_000
        return chat('{"n":', finish_reason="length") if cut else echo(seen)

    server.reply = short

    assert asked(range(2), settings_for(server), replies) == good(range(2))
    assert server.paid == once(range(2)) + once(range(2))


@pytest.mark.parametrize(
    ("answer", "reason", "paid"),
    [
        (error(400, "no such parameter"), "bad_request", 1),
        (error(400, "maximum context length is 10 tokens"), "too_long", 1),
        (error(400, "flagged", code="content_filter"), "content_filter", 1),
        (chat(None, refusal="I cannot."), "refusal", 1),
        (error(500, "oops"), "server_error", 2),
        (chat(""), "empty", 3),
    ],
)
def test_each_class_of_failure_has_its_own_treatment(
    server: BatchServer, replies: Replies, answer: Answer, reason: str, paid: int
) -> None:
    server.reply = lambda seen: answer if seen.prompt == "1" else echo(seen)

    assert asked(range(3), settings_for(server), replies) == ['{"n": 0}', reason, '{"n": 2}']
    assert server.paid == Counter({"0": 1, "1": paid, "2": 1})
    again = asked(range(3), settings_for(server), replies, retry_failed=True)
    assert again[1] == reason
    assert server.paid["1"] == 2 * paid


def test_every_line_is_recorded_as_an_attempt_in_a_batch(
    server: BatchServer, replies: Replies
) -> None:
    server.reply = lambda seen: chat("no JSON") if seen.prompt == "1" else echo(seen)
    asked(range(3), settings_for(server), replies)

    with replies.transaction() as database:
        query = "SELECT kind, status, stage, batch, count(*) FROM attempts GROUP BY 1, 2, 3, 4"
        rows = database.execute(query).fetchall()
    assert rows == [("content", 200, "write", 1, 3), ("ok", 200, "write", 1, 2)]


def test_key_that_is_refused_ends_the_run(server: BatchServer, replies: Replies) -> None:
    server.reply = lambda seen: error(401, "wrong key", code="invalid_api_key")

    with pytest.raises(ProviderError, match="401") as raised:
        asked(range(3), settings_for(server), replies)

    assert "key" in raised.value.hint
    server.reply = echo
    assert asked(range(3), settings_for(server), replies) == good(range(3))


def test_outage_is_not_remembered(server: BatchServer, replies: Replies) -> None:
    server.reply = lambda seen: error(503, "overloaded")
    with pytest.raises(ProviderError, match="all 12 requests failed"):
        asked(range(12), settings_for(server), replies)
    server.reply = echo

    assert asked(range(12), settings_for(server), replies) == good(range(12))


def test_interrupted_in_an_outage_it_begins_anew(server: BatchServer, replies: Replies) -> None:
    server.reply = lambda seen: error(503, "overloaded")

    def stop(progress: Progress) -> None:
        if progress.failed == 12:
            raise KeyboardInterrupt

    settings = settings_for(server, max_retries=0)
    with pytest.raises(KeyboardInterrupt):
        asked(range(12), settings, replies, on_progress=stop)
    server.reply = echo

    assert asked(range(12), settings, replies) == good(range(12))


def test_batch_of_which_all_was_limited_ends_the_run(server: BatchServer, replies: Replies) -> None:
    server.reply = lambda seen: error(429, "slow down")

    with pytest.raises(ProviderError, match="slow down"):
        asked(range(12), settings_for(server), replies)

    assert len(server.batches) == 1


def test_form_that_the_model_refuses_is_changed(server: BatchServer, replies: Replies) -> None:
    def modern(seen: Seen) -> Answer:
        if "max_tokens" in seen.body:
            return error(400, "Use 'max_completion_tokens' instead.", param="max_tokens")
        if "temperature" in seen.body:
            return error(400, "not supported", param="temperature")
        return echo(seen)

    server.reply = modern

    assert asked(range(4), settings_for(server), replies) == good(range(4))
    assert len(server.batches) == 3
    assert asked(range(8), settings_for(server), replies) == good(range(8))
    assert len(server.batches) == 4  # it is known by now


def test_what_expired_is_sent_again_and_what_was_done_is_kept(
    server: BatchServer, replies: Replies
) -> None:
    server.expire = lambda number: {1: 0.6, 2: 0.5}.get(number, 0.0)

    assert asked(range(20), settings_for(server), replies) == good(range(20))
    assert [len(batch.lines) for batch in server.batches.values()] == [20, 12, 6]
    assert server.paid == once(range(20))


def test_batch_that_expired_with_nothing_done_ends_the_run(
    server: BatchServer, replies: Replies
) -> None:
    server.expire = lambda _: 1.0

    with pytest.raises(ProviderError, match="worked on none of a batch: batch_1 expired"):
        asked(range(5), settings_for(server), replies)

    server.expire = lambda _: 0.0
    assert asked(range(5), settings_for(server), replies) == good(range(5))
    assert server.paid == once(range(5))


def test_results_that_are_missing_are_asked_for_again(
    server: BatchServer, replies: Replies
) -> None:
    server.drop = lambda custom_id: custom_id.endswith(".1") and int(custom_id[0], 16) < 6

    assert asked(range(20), settings_for(server), replies) == good(range(20))
    assert len(server.batches) == 2


def test_file_that_is_refused_is_told_with_line_and_cause(
    server: BatchServer, replies: Replies
) -> None:
    server.refuse = lambda lines: [
        {"code": "invalid", "line": len(lines) - 1, "message": "Model not supported for batch."}
    ]

    with pytest.raises(ProviderError, match=r"line 4: Model not supported") as raised:
        asked(range(5), settings_for(server), replies)

    assert "refused batch batch_1 of 5 requests" in raised.value.message
    assert not has_batches(replies)
    server.refuse = lambda _: []
    assert asked(range(5), settings_for(server), replies) == good(range(5))
    assert server.paid == once(range(5))


@pytest.mark.parametrize("lines", [8, 100])
def test_full_queue_is_waited_for(server: BatchServer, replies: Replies, lines: int) -> None:
    server.full = 10

    found = asked(range(30), settings_for(server, batch_lines=lines), replies)

    assert found == good(range(30))
    assert server.paid == once(range(30))
    refused = [batch for batch in server.batches.values() if batch.told["status"] == "failed"]
    assert refused


def test_full_queue_that_takes_not_even_one_request_ends_the_run(
    server: BatchServer, replies: Replies
) -> None:
    said = "Enqueued token limit reached for small."
    server.refuse = lambda _: [{"code": "token_limit_exceeded", "message": said, "line": None}]

    with pytest.raises(ProviderError, match="takes no batch now, however small: Enqueued"):
        asked(range(5), settings_for(server), replies)


def test_no_more_tokens_wait_than_was_set(server: BatchServer, replies: Replies) -> None:
    most: list[int] = []

    def created(step: str) -> None:
        if step == "created":
            states = list(server.batches.values())
            most.append(sum(b.told["status"] == "in_progress" for b in states))

    server.at = created
    settings = settings_for(server, batch_tokens=12)  # the prompts have about 4 tokens each

    assert asked(range(12), settings, replies) == good(range(12))
    assert max(most) == 1
    assert len(server.batches) >= 4


@pytest.mark.parametrize("fault", ["500", "429", "html", "reset", "lost", "half"])
@pytest.mark.parametrize(
    "call", ["POST /files", "POST /batches", "GET /batches/", "GET /files/", "GET /batches"]
)
def test_fault_at_any_call_is_survived_without_paying_twice(
    server: BatchServer, replies: Replies, call: str, fault: Fault
) -> None:
    hits = iter(range(100))

    def twice(method: str, path: str) -> Fault:
        return fault if f"{method} {path}".startswith(call) and next(hits) < 2 else ""

    server.fault = twice

    assert asked(range(6), settings_for(server), replies) == good(range(6))
    assert server.paid == once(range(6))
    assert len(server.batches) == 1


def test_batch_whose_making_was_not_confirmed_is_found_on_a_later_page(
    server: BatchServer, replies: Replies
) -> None:
    server.page = 2
    others = [server.upload(_form(f"{number}.jsonl")) for number in range(5)]
    is_first = first_time()

    def lost(method: str, path: str) -> Fault:
        return "lost" if f"{method} {path}" == "POST /batches" and is_first(path) else ""

    def crowd(step: str) -> None:
        if step == "created":
            for other in others:
                server.create(
                    {"input_file_id": other["id"], "endpoint": "x", "completion_window": "24h"}
                )

    server.fault, server.at = lost, crowd

    assert asked(range(6), settings_for(server), replies) == good(range(6))
    assert server.paid == once(range(6))
    assert server.calls["POST /batches"] == 1


def _form(name: str) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return f"{head}\r\n--b--\r\n".encode()


def test_server_that_is_down_for_long_ends_the_run_and_the_next_goes_on(
    server: BatchServer, replies: Replies
) -> None:
    server.fault = lambda method, path: "500" if path.endswith("/content") else ""
    with pytest.raises(ProviderError, match="failed 10 times in a row") as raised:
        asked(range(6), settings_for(server, batch_poll_s=0.01), replies)
    server.fault = lambda method, path: ""

    assert "goes on there" in raised.value.hint
    assert asked(range(6), settings_for(server), replies) == good(range(6))
    assert server.paid == once(range(6))


def test_server_without_batches_is_told_so(server: BatchServer, replies: Replies) -> None:
    server.fault = lambda method, path: "404"

    with pytest.raises(ProviderError) as raised:
        asked(range(2), settings_for(server), replies)

    assert "has no Batch API (POST /files: status 404)" in raised.value.message
    assert "Leave out --batch" in raised.value.hint


def test_server_that_is_not_there_is_told_so(replies: Replies) -> None:
    settings = ModelSettings(name="small", base_url="http://127.0.0.1:9/v1", batch_poll_s=0.01)

    with pytest.raises(ProviderError, match="cannot be reached"):
        asked(range(2), settings, replies)


def test_batch_that_the_server_forgot_is_told_and_can_be_given_up(
    server: BatchServer, replies: Replies
) -> None:
    settings = settings_for(server)
    server.at = lambda step: server.batches.clear() if step == "created" else None
    with pytest.raises(ProviderError, match="does not know batch_1 any more"):
        asked(range(3), settings, replies)
    server.at = lambda step: None
    with pytest.raises(ProviderError, match="does not know batch_1 any more"):
        asked(range(3), settings, replies)

    (line,) = looked_at(replies, settings, KEY, cancel=True)

    assert line.endswith("batch_1 is not known there; given up")
    assert asked(range(3), settings, replies) == good(range(3))


def test_results_that_are_gone_are_told(server: BatchServer, replies: Replies) -> None:
    settings = settings_for(server)

    def gone(step: str) -> None:
        if step == "look":
            for file in [file for file, (name, _) in server.files.items() if name[0] == "o"]:
                del server.files[file]

    server.at = gone
    with pytest.raises(ProviderError, match="completed: 3 of 3 done, but its results are not"):
        asked(range(3), settings, replies)
    server.at = lambda step: None

    (line,) = looked_at(replies, settings, KEY)
    assert line.endswith("batch_1 completed: 3 of 3 done, without results")
    (line,) = looked_at(replies, settings, KEY, cancel=True)
    assert line.endswith("without results; given up")
    assert asked(range(3), settings, replies) == good(range(3))


def test_batch_that_is_cancelled_meanwhile_ends_the_run_and_keeps_what_is_done(
    server: BatchServer, replies: Replies
) -> None:
    settings = settings_for(server)
    server.work_s = 60.0
    looks = iter(range(100))
    server.at = lambda step: (
        server.cancel("batch_1") if step == "look" and next(looks) == 2 else None
    )
    with pytest.raises(ProviderError, match="was cancelled: batch_1 cancelled: 5 of 10 done"):
        asked(range(10), settings, replies)
    server.work_s = 0.0

    assert asked(range(10), settings, replies) == good(range(10))
    assert server.paid == once(range(10))
    assert [len(batch.lines) for batch in server.batches.values()] == [10, 5]


def interrupted(numbers: range, settings: ModelSettings, replies: Replies) -> None:
    """Ask by batch, and stop waiting at the first look."""

    def stop(progress: Progress) -> None:
        if "in_progress" in progress.note:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asked(numbers, settings, replies, on_progress=stop)


def test_interrupted_run_goes_on_where_it_stopped(server: BatchServer, replies: Replies) -> None:
    settings = settings_for(server)
    server.work_s = 0.3
    interrupted(range(10), settings, replies)

    assert has_batches(replies)
    assert asked(range(10), settings, replies) == good(range(10))
    assert server.paid == once(range(10))
    assert len(server.batches) == 1
    assert not has_batches(replies)


def test_going_on_without_batches_does_not_pay_twice(server: BatchServer, replies: Replies) -> None:
    settings = settings_for(server)
    server.work_s = 0.4
    interrupted(range(10), settings, replies)

    with pytest.raises(
        RunError, match=r"10 of the requests are in a batch under way \(batch_1"
    ) as e:
        asked(range(12), settings, replies, by=ask_online)
    assert "--cancel" in e.value.hint
    assert server.online == 0
    time.sleep(0.5)

    assert asked(range(12), settings, replies, by=ask_online) == good(range(12))
    assert server.paid == once(range(12))
    assert server.online == 2


def test_cancelled_batch_is_finished_online(server: BatchServer, replies: Replies) -> None:
    settings = settings_for(server)
    server.work_s = 60.0
    interrupted(range(10), settings, replies)

    (line,) = looked_at(replies, settings, KEY, cancel=True)

    assert line.startswith("10 requests to small, ")
    assert line.endswith("batch_1 in_progress: 0 of 10 done; cancel was asked for")
    assert asked(range(10), settings, replies, by=ask_online) == good(range(10))
    assert server.paid == once(range(10))
    assert server.online == 5


def test_failures_that_are_tried_again_by_batch_are_not_paid_online_too(
    server: BatchServer, replies: Replies
) -> None:
    settings = settings_for(server)
    server.reply = lambda seen: error(400, "no")
    assert asked(range(3), settings, replies) == ["bad_request"] * 3
    server.reply, server.work_s = echo, 60.0

    def stop(progress: Progress) -> None:
        if "in_progress" in progress.note:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asked(range(3), settings, replies, retry_failed=True, on_progress=stop)

    with pytest.raises(RunError, match="3 of the requests are in a batch"):
        asked(range(3), settings, replies, by=ask_online, retry_failed=True)
    assert server.online == 0


def test_other_requests_may_go_online_beside_a_batch(server: BatchServer, replies: Replies) -> None:
    settings = settings_for(server)
    server.work_s = 60.0
    interrupted(range(10), settings, replies)

    assert asked(range(10, 15), settings, replies, by=ask_online) == good(range(10, 15))
    assert server.online == 5


def test_batch_of_requests_that_are_no_longer_wanted_is_left_alone(
    server: BatchServer, replies: Replies
) -> None:
    settings = settings_for(server)
    server.work_s = 0.2
    interrupted(range(10), settings, replies)

    assert asked(range(20, 23), settings, replies) == good(range(20, 23))
    assert asked(range(5, 12), settings, replies) == good(range(5, 12))
    assert asked(range(10), settings, replies) == good(range(10))
    assert server.paid == once(range(12)) + once(range(20, 23))


def test_requests_in_a_batch_elsewhere_are_told(server: BatchServer, replies: Replies) -> None:
    with serve_batches(echo) as other:
        here = settings_for(server, label="same")
        there = settings_for(other, label="same")
        server.work_s = 60.0
        interrupted(range(3), here, replies)

        with pytest.raises(RunError, match="3 of the requests are in a batch at 127"):
            asked(range(3), there, replies)
        assert other.paid == {}


def test_two_builders_with_one_file_of_replies_do_not_both_submit(
    server: BatchServer, tmp_path: Path
) -> None:
    settings = settings_for(server, batch_lines=7)
    server.work_s = 0.2
    found: dict[int, list[str]] = {}

    def run(number: int) -> None:
        with Replies(tmp_path / "shared.sqlite") as replies:
            found[number] = asked(range(10 * number, 10 * number + 30), settings, replies)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert found == {n: good(range(10 * n, 10 * n + 30)) for n in range(3)}
    assert server.paid == once(range(50))


class Purse:
    """A budget of so many requests."""

    def __init__(self, most: int) -> None:
        self.left = most
        self.under_way = 0

    def admit(self, request: Request) -> bool:
        if self.left <= 0:
            return False
        self.left -= 1
        self.under_way += 1
        return True

    def settle(self, request: Request, attempt: Attempt | None) -> None:
        self.under_way -= 1
        self.left += attempt is None


def test_budget_bounds_what_is_sent(server: BatchServer, replies: Replies) -> None:
    settings, purse = settings_for(server), Purse(6)

    found = asked(range(10), settings, replies, budget=purse)

    assert found == [*good(range(6)), *["budget"] * 4]
    assert server.paid.total() == 6
    assert purse.under_way == 0
    assert asked(range(10), settings, replies) == good(range(10))
    assert server.paid == once(range(10))


def test_batch_past_its_window_is_told(server: BatchServer, replies: Replies) -> None:
    notes: list[str] = []

    def old(step: str) -> None:
        if step == "look":
            server.batches["batch_1"].told["expires_at"] = 1_000_000

    server.at = old
    server.work_s = 0.3

    asked(range(2), settings_for(server), replies, on_progress=lambda p: notes.append(p.note))

    assert any("past its window since 1970-01-12 13:46 UTC" in note for note in notes)


def test_progress_tells_how_far_the_batch_is(server: BatchServer, replies: Replies) -> None:
    notes: list[str] = []
    last = Progress()

    def told(progress: Progress) -> None:
        nonlocal last
        last = progress
        if progress.note:
            notes.append(progress.note)

    asked(range(4), settings_for(server), replies, on_progress=told)

    assert notes[0].startswith("sending 4 requests, 0.0 MB")
    assert notes[-1] == "batch_1 completed: 4 of 4 done"
    assert (last.done, last.sent, last.failed, last.prompt_tokens) == (4, 4, 0, 2_800)
    assert last.kinds == {"ok": 4}


@pytest.mark.parametrize("fault", ["404", "405"])
def test_server_with_files_and_no_batches_leaves_nothing_behind(
    server: BatchServer, replies: Replies, fault: Fault
) -> None:
    settings = settings_for(server)
    server.fault = lambda method, path: fault if path.startswith("/batches") else ""

    with pytest.raises(ProviderError, match=r"has no Batch API \(POST /batches: ") as raised:
        asked(range(3), settings, replies)

    assert "Leave out --batch" in raised.value.hint
    assert not has_batches(replies)
    assert asked(range(3), settings, replies, by=ask_online) == good(range(3))


@pytest.mark.parametrize("fault", ["404", "405"])
def test_batch_that_was_perhaps_made_where_none_can_be_listed_is_let_go(
    server: BatchServer, replies: Replies, fault: Fault
) -> None:
    settings = settings_for(server)

    def lost(method: str, path: str) -> Fault:
        if path == "/batches":
            return "lost" if method == "POST" else fault
        return ""

    server.fault = lost
    with pytest.raises(ProviderError, match="failed 10 times to make a batch"):
        asked(range(3), settings, replies)
    assert has_batches(replies)
    time.sleep(0.1)

    (line,) = looked_at(replies, settings, KEY, cancel=True)
    assert line.endswith("not submitted yet; given up")
    assert asked(range(3), settings, replies, by=ask_online) == good(range(3))


def emptied(server: BatchServer, field: str) -> Callable[[str], None]:
    """Names an empty file of results in every batch that is over."""

    def name_it(step: str) -> None:
        for batch in server.batches.values():
            if step == "look" and batch.told["status"] == "completed":
                batch.told[field] = "file-0"
                server.files["file-0"] = ("empty.jsonl", b"")

    return name_it


def test_empty_file_of_errors_is_no_broken_one(server: BatchServer, replies: Replies) -> None:
    server.at = emptied(server, "error_file_id")

    assert asked(range(3), settings_for(server), replies) == good(range(3))
    assert server.calls["GET /files/*/content"] == 2


def test_empty_file_of_results_is_believed_when_it_comes_twice(
    server: BatchServer, replies: Replies
) -> None:
    server.at = emptied(server, "output_file_id")

    assert asked(range(3), settings_for(server), replies) == ["server_error"] * 3
    assert server.calls["GET /files/*/content"] == 4  # of two batches


def test_server_that_is_away_while_it_is_waited_for_is_told_and_waited_for(
    server: BatchServer, replies: Replies
) -> None:
    notes: list[str] = []
    server.fault = lambda method, path: (
        "500" if path.startswith("/batches/") and server.calls["GET /batches/*"] <= 13 else ""
    )

    settings = settings_for(server, batch_poll_s=0.002)
    found = asked(range(3), settings, replies, on_progress=lambda p: notes.append(p.note))

    assert found == good(range(3))
    assert sum("tried again in" in note for note in notes) == 13
    assert any("scripted" in note for note in notes)


def charged(replies: Replies) -> dict[str, int]:
    """Attempts by the run that they are counted under."""
    return dict(replies.select("SELECT run, count(*) FROM attempts GROUP BY run"))


class Named(Purse):
    """A budget that knows whose place is taken."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.held: set[str] = set()

    def admit(self, request: Request) -> bool:
        admitted = super().admit(request)
        self.held |= {request.key} if admitted else set()
        return admitted

    def settle(self, request: Request, attempt: Attempt | None) -> None:
        if request.key in self.held:
            super().settle(request, attempt)
            self.held.discard(request.key)


@pytest.mark.parametrize("by", [ask_batch, ask_online])
def test_batch_that_is_over_is_taken_over_though_nobody_wants_it_now(
    server: BatchServer, tmp_path: Path, by: Any
) -> None:
    settings = settings_for(server)
    server.work_s = 0.1
    with Replies(tmp_path / "replies.sqlite", run="own") as replies:
        interrupted(range(10), settings, replies)
        time.sleep(0.3)

        assert asked(range(20, 23), settings, replies, by=by) == good(range(20, 23))

        assert not has_batches(replies)
        assert charged(replies) == {"own": 13}
        assert asked(range(10), settings, replies, by=by) == good(range(10))
    assert server.paid == once(range(10)) + once(range(20, 23))


@pytest.mark.parametrize("by", [ask_batch, ask_online])
def test_requests_that_are_under_way_unwanted_count_against_the_limit(
    server: BatchServer, tmp_path: Path, by: Any
) -> None:
    settings, purse = settings_for(server), Named(12)
    with Replies(tmp_path / "replies.sqlite", run="own") as replies:
        server.work_s = 60.0
        interrupted(range(10), settings, replies)
        server.work_s = 0.0

        found = asked(range(20, 25), settings, replies, by=by, budget=purse)

        assert found == [*good(range(20, 22)), *["budget"] * 3]
        assert len(under_way(replies, run="own")) == len(purse.held) == 10


def test_batch_is_charged_to_the_run_that_sent_it(server: BatchServer, tmp_path: Path) -> None:
    settings, purse = settings_for(server), Named(100)
    server.work_s = 0.2
    with Replies(tmp_path / "shared.sqlite", run="sender") as replies:
        interrupted(range(6), settings, replies)
    with Replies(tmp_path / "shared.sqlite", run="other") as replies:
        assert asked(range(4), settings, replies, budget=purse) == good(range(4))

        assert charged(replies) == {"sender": 6}
    assert purse.left == 100


@pytest.mark.parametrize("by", [ask_batch, ask_online])
def test_what_came_unwanted_is_judged_by_the_schema_of_who_asks(
    server: BatchServer, replies: Replies, by: Any
) -> None:
    settings = settings_for(server)
    server.work_s = 0.1
    server.reply = lambda seen: chat('{"m": 1}') if seen.prompt == "1" else echo(seen)
    interrupted(range(3), settings, replies)
    time.sleep(0.3)
    asked(range(20, 21), settings, replies)
    assert server.paid["1"] == 1
    server.reply = echo

    assert asked(range(3), settings, replies, by=by) == good(range(3))
    assert server.paid == once(range(3)) + Counter(["1", "20"])
