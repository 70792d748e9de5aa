"""Batches: kill -9 at ten random moments and at every step, and what 50,000 requests cost us.

    python benchmarks/batch.py                  # everything, about six minutes
    python benchmarks/batch.py kill size        # some of: kill steps size

The server (tests/batch_server.py) runs in this process, every builder is a process of its own. Each
reply is different, every tenth request is answered wrongly at first, and a batch of odd number
leaves a fifth of its lines undone, so a request that is worked on twice shows.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.batch_server import BatchServer, serve_batches  # noqa: E402  # the checkout's own
from tests.endpoint import Answer, Seen, chat  # noqa: E402

REQUESTS = 1_000
MANY = 50_000
STEPS = ("upload", "uploaded", "create", "created", "look", "download")
SCHEMA = '{"type": "object", "properties": {"said": {"type": "string"}}, "required": ["said"]}'


def client(url: str, path: str, n_requests: int, prompt_bytes: int) -> None:
    """One builder: asks its requests by batch; prints the replies' hash and what it needed."""
    from hashlib import blake2b

    from builder.config import ModelSettings
    from builder.llm import Message, Replies, Reply, ask_batch, request_for

    model = ModelSettings(name="small", base_url=url, batch_poll_s=0.1)
    filler = "x " * (prompt_bytes // 2)
    questions = (
        request_for(
            (
                Message(role="system", content=filler + str(number)),
                Message(role="user", content=str(number)),
            ),
            schema=SCHEMA,
            chunk_id="c",
            model=model,
        )
        for number in range(n_requests)
    )
    digest, found = blake2b(digest_size=8), 0
    with Replies(Path(path)) as replies:
        for _, reply in ask_batch(questions, settings=model, replies=replies, api_key="no-key"):
            found += isinstance(reply, Reply)
            digest.update(reply.text.encode() if isinstance(reply, Reply) else b"failed")
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "replies": found,
        "digest": digest.hexdigest(),
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,
    }
    print(json.dumps(told))


def moody(seen: Seen) -> Answer:
    """Each reply is different; every tenth request is answered wrongly at first."""
    wrong = int(seen.prompt) % 10 == 0 and len(seen.body["messages"]) == 2
    said = f"{seen.prompt} as request {seen.number}"
    return chat(json.dumps({"told" if wrong else "said": said}))


def expected(n_requests: int) -> Counter[str]:
    """How often each request is worked on when nothing goes wrong."""
    twice = Counter(str(number) for number in range(0, n_requests, 10))
    return Counter(str(number) for number in range(n_requests)) + twice


def command(server: BatchServer, folder: Path, n_requests: int, prompt_bytes: int) -> list[str]:
    """The command line of one builder."""
    own = [sys.executable, str(Path(__file__).resolve()), "client", server.url]
    return [*own, str(folder / "replies.sqlite"), str(n_requests), str(prompt_bytes)]


def finished(words: list[str]) -> Any:  # JSON of `client`
    done = subprocess.run(words, capture_output=True, text=True, timeout=3_600, check=True)
    return json.loads(done.stdout)


def killed(words: list[str], wait: Callable[[subprocess.Popen[bytes]], None]) -> bool:
    """Start a builder and kill it when `wait` returns; False when it was done before."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    wait(process)
    process.kill()
    return process.wait() == -signal.SIGKILL


def judged(server: BatchServer, words: list[str]) -> dict[str, Any]:
    """What came of a run after its kills: run it to the end, twice."""
    first, second = finished(words), finished(words)
    paid, due = server.paid, expected(REQUESTS)
    return {
        "replies": first["replies"],
        "same again": first["digest"] == second["digest"],
        "paid": paid.total(),
        "due": due.total(),
        "paid twice": (paid - due).total(),
        "lost": (due - paid).total() + REQUESTS - first["replies"],
    }


def kill_at_random(seed: int) -> dict[str, Any]:
    """Ten kills at random moments of one run, from its start to the time that it takes."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, serve_batches(moody) as server:
        server.work_s = 3.0
        server.expire = lambda number: 0.2 if number % 2 else 0.0
        words = command(server, Path(folder), REQUESTS, 200)
        kills = sum(
            killed(words, lambda _: time.sleep(chance.uniform(0.5, 2.5))) for _ in range(10)
        )
        return {"kills": kills, **judged(server, words)}


def kill_once(seed: int) -> list[dict[str, Any]]:
    """Ten runs, each killed once at a moment drawn over the length of an undisturbed one."""
    chance = random.Random(seed)
    found: list[dict[str, Any]] = []
    length_s = 0.0
    for number in range(11):
        with tempfile.TemporaryDirectory() as folder, serve_batches(moody) as server:
            server.work_s = 0.5
            server.expire = lambda number: 0.2 if number % 2 else 0.0
            words = command(server, Path(folder), REQUESTS, 200)
            began = time.monotonic()
            if number:
                at_s = chance.uniform(0.3, 0.9 * length_s)
                kill = killed(words, lambda _, at_s=at_s: time.sleep(at_s))  # type: ignore[misc]  # a default
                told = {"at_s": round(at_s, 2), "killed": kill}
                found.append({**told, **judged(server, words)})
            else:
                finished(words)
                length_s = time.monotonic() - began
    return found


def kill_at_steps() -> list[dict[str, Any]]:
    """One run for each step, killed there in its first and in its second batch."""
    found = []
    for step in STEPS:
        with tempfile.TemporaryDirectory() as folder, serve_batches(moody) as server:
            words = command(server, Path(folder), REQUESTS, 200)
            for _ in range(2):
                process = subprocess.Popen(words, stdout=subprocess.DEVNULL)

                def kill(now: str, pid: int = process.pid, step: str = step) -> None:
                    if now == step:
                        server.at = lambda _: None
                        os.kill(pid, signal.SIGKILL)

                server.at = kill
                process.wait()
            found.append({"step": step, **judged(server, words)})
    return found


def size(n_requests: int, prompt_bytes: int) -> dict[str, Any]:
    """What a builder needs for many requests."""
    with tempfile.TemporaryDirectory() as folder, serve_batches(moody) as server:
        began = time.monotonic()
        told = finished(command(server, Path(folder), n_requests, prompt_bytes))
        sent = [len(data) for name, data in server.files.values() if name.startswith("builder-")]
        return {
            "requests": n_requests,
            "sent_mb": [round(n_bytes / 1e6, 1) for n_bytes in sent],
            "peak_mb": round(told["peak_mb"]),
            "cpu_s_per_1000": round(1_000 * told["cpu_s"] / n_requests, 2),
            "wall_s": round(time.monotonic() - began),
            "paid twice": (server.paid - expected(n_requests)).total(),
        }


def main(parts: list[str]) -> None:
    """Run the parts and print what was found."""
    if "kill" in parts:
        print("ten kills in one run   ", kill_at_random(1))
        for run in kill_once(2):
            print("one kill               ", run)
    if "steps" in parts:
        for run in kill_at_steps():
            print("killed at a step, twice", run)
    if "size" in parts:
        for n_requests in (1_000, MANY // 5, MANY):
            print("size                   ", size(n_requests, 4_000))


if __name__ == "__main__":
    if sys.argv[1:2] == ["client"]:
        client(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    else:
        main(sys.argv[1:] or ["kill", "steps", "size"])
