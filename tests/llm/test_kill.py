"""A builder that is killed in the middle of asking."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.endpoint import Answer, Seen, chat, serve

N_REQUESTS = 60
CONCURRENCY = 4

_BUILDER = """
import sys
from pathlib import Path
from builder.config import ModelSettings
from builder.llm import Message, Replies, ask, request_for

url, path, n_requests, concurrency = sys.argv[1:]
model = ModelSettings(name="small", base_url=url, concurrency=int(concurrency))
questions = [
    request_for(
        (Message(role="user", content=str(number)),), schema="", chunk_id="c", model=model
    )
    for number in range(int(n_requests))
]
with Replies(Path(path)) as replies:
    for _, reply in ask(questions, settings=model, replies=replies, api_key="no-key"):
        print(reply.text)
"""


@pytest.mark.parametrize("after", [1, 17, 43])
def test_killed_run_pays_again_for_no_more_than_what_was_in_flight(
    tmp_path: Path, after: int
) -> None:
    def different(seen: Seen) -> Answer:
        return chat(f'{{"said": "{seen.prompt} as request {seen.number}"}}')

    with serve(different, latency_s=0.02) as endpoint:
        command = [sys.executable, "-c", _BUILDER, endpoint.url, str(tmp_path / "replies.sqlite")]
        command += [str(N_REQUESTS), str(CONCURRENCY)]
        killed = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while len(endpoint.requests) < after and time.monotonic() < deadline:
            time.sleep(0.005)
        killed.send_signal(signal.SIGKILL)
        killed.wait(timeout=10)
        paid_before = len(endpoint.requests)

        first = subprocess.run(command, capture_output=True, timeout=60, check=True)
        paid = Counter(seen.prompt for seen in endpoint.requests)
        second = subprocess.run(command, capture_output=True, timeout=60, check=True)

        assert after <= paid_before < N_REQUESTS
        assert set(paid) == {str(number) for number in range(N_REQUESTS)}
        assert sum(paid.values()) <= N_REQUESTS + CONCURRENCY
        assert len(endpoint.requests) == sum(paid.values())
    assert len(first.stdout.splitlines()) == N_REQUESTS
    assert second.stdout == first.stdout
