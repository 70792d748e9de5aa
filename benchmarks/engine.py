"""The request engine against its limits, beside the plain SDK and a raw aiohttp client.

    python benchmarks/engine.py                 # everything, about five minutes
    python benchmarks/engine.py speed faults    # some of: speed faults limit kill

The server is a process of its own on loopback (model_server.py), every client run is one too. All
three clients read, check and store replies with the same code; only the way they send differs:

    builder   ask(): gate, outcome classes, repair, attempts in the store
    sdk       AsyncOpenAI.chat.completions.create as it comes, N workers
    aiohttp   ClientSession.post and json, N workers, nothing tried again
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from builder.config import ModelSettings  # noqa: E402  # the checkout's own
from builder.llm import Message, Outcome, Replies, Reply, Request, ask, request_for  # noqa: E402
from builder.llm.judge import judge  # noqa: E402
from builder.llm.wire import Wire  # noqa: E402

CLIENTS = ("builder", "sdk", "aiohttp")
STRINGS = {"type": "array", "items": {"type": "string"}}
PAIR = {
    "type": "object",
    "properties": {
        "question": {"type": "string"},
        "answer": {"type": "string"},
        "evidence": STRINGS,
    },
    "required": ["question", "answer", "evidence"],
    "additionalProperties": False,
}
SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "item": {"type": "integer"},
            "pairs": {"type": "array", "items": PAIR, "minItems": 3, "maxItems": 3},
        },
        "required": ["item", "pairs"],
        "additionalProperties": False,
    }
)
PROMPT = "Write three pairs about item {item}.\n\n" + "The valve of the pump stays open. " * 90


def question(item: int, settings: ModelSettings) -> Request:
    """A request of about 4 kB."""
    rules = Message(role="system", content="Reply with one JSON object.")
    return request_for(
        (rules, Message(role="user", content=PROMPT.format(item=item))),
        schema=SCHEMA,
        chunk_id=str(item),
        model=settings,
    )


# ---- one client run, as a process of its own ----


def run_client(
    name: str, url: str, n_items: int, at_once: int, path: str, timeout_s: float
) -> None:
    """Send all items and print what it cost as one JSON line."""
    settings = ModelSettings(name="m", base_url=url, concurrency=at_once, timeout_s=timeout_s)
    began, clock = time.monotonic(), Marks()
    with Replies(Path(path)) as replies:
        if name == "builder":
            results = asked(n_items, settings, replies, clock)
        else:
            send = WithSdk if name == "sdk" else WithAiohttp
            results = asyncio.run(pooled(send, n_items, settings, replies, clock))
    own = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "wall_s": time.monotonic() - began,
                "cpu_ms": clock.cpu_ms(),
                "rss_mb": own.ru_maxrss / 1024,
                "results": results,
            }
        )
    )


class Marks:
    """Processor time between the first answer and the last, so that imports are left out."""

    def __init__(self) -> None:
        self._first: tuple[int, float] | None = None
        self._last = (0, 0.0)

    def __call__(self, done: int) -> None:
        """So many are done."""
        if self._first is None or done % 50 == 0:
            self._last = (done, time.process_time())
            self._first = self._first or self._last

    def cpu_ms(self) -> float | None:
        """Milliseconds per request."""
        if not self._first or self._last[0] == self._first[0]:
            return None
        return 1000 * (self._last[1] - self._first[1]) / (self._last[0] - self._first[0])


def asked(n_items: int, settings: ModelSettings, replies: Replies, mark: Marks) -> dict[str, int]:
    """The builder's own way."""
    found: Counter[str] = Counter()
    requests = (question(item, settings) for item in range(n_items))
    for number, (request, result) in enumerate(
        ask(requests, settings=settings, replies=replies, api_key="no-key"), 1
    ):
        if isinstance(result, Reply):
            right = json.loads(result.text)["item"] == int(request.chunk_id)
            found["ok" if right else "bad"] += 1
        else:
            found[result.reason] += 1
        mark(number)
    return dict(found)


Send = Callable[[dict[str, Any]], Awaitable[tuple[str, str]]]  # body -> what was said, how it ended


async def pooled(
    open_send: Any, n_items: int, settings: ModelSettings, replies: Replies, mark: Marks
) -> dict[str, int]:
    """N workers over one iterator, around one way to send."""
    items, found = iter(range(n_items)), Counter()
    async with open_send(settings) as send:

        async def work() -> None:
            for item in items:
                request = question(item, settings)
                try:
                    text, finish = await send(Wire().body(request, settings.name))
                    outcome = Outcome(key=request.key, reason="", text=text, finish_reason=finish)
                except Exception as err:  # noqa: BLE001  # whatever a client raises is a loss
                    outcome = Outcome(key=request.key, reason=type(err).__name__)
                found[replies.put(judge(outcome, SCHEMA)).reason or "ok"] += 1
                mark(found.total())

        await asyncio.gather(*(work() for _ in range(settings.concurrency)))
    return dict(found)


class WithSdk:
    """The SDK as its own documentation shows it; its two retries stay on."""

    def __init__(self, settings: ModelSettings) -> None:
        import openai

        self.sdk = openai.AsyncOpenAI(
            api_key="no-key", base_url=settings.base_url, timeout=settings.timeout_s
        )

    async def __aenter__(self) -> Send:
        async def send(body: dict[str, Any]) -> tuple[str, str]:
            got = await self.sdk.chat.completions.create(**body)
            return got.choices[0].message.content or "", got.choices[0].finish_reason

        return send

    async def __aexit__(self, *_: object) -> None:
        await self.sdk.close()


class WithAiohttp:
    """The least that can be done."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings

    async def __aenter__(self) -> Send:
        import aiohttp

        url = f"{self.settings.base_url}/chat/completions"
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=self.settings.timeout_s),
        )

        async def send(body: dict[str, Any]) -> tuple[str, str]:
            async with self.session.post(url, json=body) as answer:
                answer.raise_for_status()
                choice = (await answer.json())["choices"][0]
                return choice["message"]["content"] or "", choice["finish_reason"]

        return send

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()


# ---- servers and client processes ----


@dataclass(frozen=True)
class Running:
    """A server process."""

    url: str

    def stats(self) -> dict[str, Any]:
        """What it has seen."""
        with urllib.request.urlopen(f"{self.url}/stats") as answer:  # noqa: S310  # loopback
            return json.load(answer)


@contextmanager
def server(**script: Any) -> Iterator[Running]:
    """A server process until the block ends."""
    command = [sys.executable, str(HERE / "model_server.py"), json.dumps(script)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    try:
        yield Running(f"http://127.0.0.1:{int(process.stdout.readline())}/v1")
    finally:
        process.stdin.close()
        process.wait(timeout=10)


def client(
    name: str, url: str, n_items: int, at_once: int, *, path: Path, timeout_s: float = 30.0
) -> dict[str, Any]:
    """What one client run printed."""
    command = [sys.executable, __file__, "client", name, url, str(n_items), str(at_once)]
    done = subprocess.run(
        [*command, str(path), str(timeout_s)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


# ---- what is shown ----


def speed(folder: Path) -> None:
    """Wall and processor time of 2,000 requests at 200 ms."""
    n_items, latency_s = 2000, 0.2
    print(f"\n{n_items:,} requests at {latency_s * 1000:.0f} ms, 4 kB out, 1 kB back")
    print(f"the server alone bears {ceiling():,.0f} requests/s on one core")
    print("client   at once  ramp-up s  steady/ideal  whole/ideal  CPU s/1,000  peak RSS MB")
    for at_once in (64, 256):
        for name in CLIENTS:
            with server(latency_s=latency_s, at_once=at_once) as running:
                path = folder / f"{name}-{at_once}.sqlite"
                got = client(name, running.url, n_items, at_once, path=path)
                seen = running.stats()
            assert got["results"] == {"ok": n_items}, got["results"]
            steady = seen["steady_s"] / (seen["steady_n"] / at_once * latency_s)
            whole = seen["span_s"] / (n_items / at_once * latency_s)
            print(
                f"{name:8} {at_once:7} {seen['ramp_s']:10.2f} {steady:13.2f} {whole:12.2f} "
                f"{got['cpu_ms']:12.2f} {got['rss_mb']:12.0f}"
            )
    print("memory of builder at 256 at once, 20 ms: ", end="")
    for n_items in (2000, 10_000):
        with server(latency_s=0.02, at_once=256) as running:
            path = folder / f"memory-{n_items}.sqlite"
            got = client("builder", running.url, n_items, 256, path=path)
        print(f"{n_items:,} requests {got['rss_mb']:.0f} MB", end="; ")
    print()


def faults(folder: Path) -> None:
    """400 items, 2 % of each kind of fault at first; then items that always fail."""
    print("\n400 items, 8 of each of 15 kinds of fault on the first try, 32 at once, timeout 5 s")
    for name in CLIENTS:
        with server(at_once=32, faults=0.02) as running:
            path = folder / f"faults-{name}.sqlite"
            got = client(name, running.url, 400, 32, path=path, timeout_s=5)
            seen = running.stats()
        print(f"{name:8} {seen['requests']:5} sent  {shown(got['results'])}")
    unlucky = random.Random(1).sample(range(400), 50)
    kinds = ("400", "content_filter", "refusal", "500", "503")
    always = {kind: unlucky[10 * n : 10 * n + 10] for n, kind in enumerate(kinds)}
    print("400 items, 10 each that always meet 400, filter, refusal, 500, 503: sent per such item")
    for name in CLIENTS:
        with server(at_once=32, always=always) as running:
            path = folder / f"always-{name}.sqlite"
            got = client(name, running.url, 400, 32, path=path, timeout_s=5)
            by_item = running.stats()["by_item"]
        sent = {
            kind: sum(by_item[str(item)] for item in own) / len(own) for kind, own in always.items()
        }
        print(f"{name:8} {shown(sent)}   {shown(got['results'])}")


def limit(folder: Path) -> None:
    """A rate limit at a third of what is offered."""
    n_items = 240
    print(f"\n{n_items} requests, 64 at once, limit 1,200/min with a burst of 20")
    for name in CLIENTS:
        with server(rpm=1200, burst=20, at_once=64) as running:
            got = client(name, running.url, n_items, 64, path=folder / f"limit-{name}.sqlite")
            seen = running.stats()
        ideal = (n_items - 20) / 20 + 0.2
        limited = seen["statuses"].get("limited", 0)
        print(
            f"{name:8} span/ideal {seen['span_s'] / ideal:5.2f}  429s {limited:4} "
            f"({limited / n_items:.0%} of the items)  {shown(got['results'])}"
        )


def kill(folder: Path) -> None:
    """kill -9 at ten random moments, then the same command to its end."""
    n_items, at_once, chance = 1000, 64, random.Random(os.urandom(8))
    path = folder / "kill.sqlite"
    with server(latency_s=0.1, at_once=at_once) as running:
        command = [sys.executable, __file__, "client", "builder", running.url, str(n_items)]
        command += [str(at_once), str(path), "30"]
        moments = []
        for _ in range(10):
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            moments.append(chance.uniform(0.6, 2.2))
            time.sleep(moments[-1])
            process.kill()
            process.wait()
        killed_at = running.stats()["requests"]
        got = client("builder", running.url, n_items, at_once, path=path)
        seen = running.stats()
    twice = sum(n - 1 for n in seen["by_item"].values())
    print(f"\n{n_items:,} items, {at_once} at once, killed ten times, {killed_at} sent by then")
    print(f"{shown(got['results'])}; paid twice {twice}, in flight at the kills <= {10 * at_once}")


def ceiling() -> float:
    """Requests per second of processor time that the server needs no more than."""
    n_items, at_once = 10_000, 64
    with server(latency_s=0.0, at_once=at_once) as running:
        asyncio.run(blast(running.url, n_items, at_once))
        seen = running.stats()
    return n_items / seen["cpu_s"]


async def blast(url: str, n_items: int, at_once: int) -> None:
    """Send one prepared request again and again, as fast as sockets go."""
    body = json.dumps(Wire().body(question(1, ModelSettings(name="m")), "m")).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
    port = int(url.split(":")[2].partition("/")[0])

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(n_items // at_once):
            writer.write(head.encode() + body)
            got = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(got.rpartition(b"content-length: ")[2]))
        writer.close()

    await asyncio.gather(*(work() for _ in range(at_once)))


def shown(found: dict[str, Any]) -> str:
    """Counts in one line."""
    return ", ".join(
        f"{name} {value:g}" for name, value in sorted(found.items(), key=lambda each: -each[1])
    )


def main(wanted: list[str]) -> None:
    """Show what is wanted, everything by default."""
    parts = {"speed": speed, "faults": faults, "limit": limit, "kill": kill}
    named = []
    for name in ("openai", "aiohttp", "uvloop", "orjson"):
        try:
            named.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            named.append(f"no {name}")
    print(f"Python {platform.python_version()}, {', '.join(named)}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        for part in wanted or parts:
            parts[part](Path(folder))


if __name__ == "__main__":
    if sys.argv[1:2] == ["client"]:
        name, url, n_items, at_once, path, timeout_s = sys.argv[2:]
        run_client(name, url, int(n_items), int(at_once), path, float(timeout_s))
    else:
        main(sys.argv[1:])
