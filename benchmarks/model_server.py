"""A model server for benchmarks, as a process of its own: fixed latency, limits and faults.

    python benchmarks/model_server.py '{"latency_s": 0.2}'

prints its port and serves until its standard input ends. The settings are those of `Script`. A
prompt holds "item N", which decides about its faults; GET /stats tells what was seen. It speaks
just enough HTTP/1.1, on asyncio's protocols, to need about 0.1 ms of processor time per request.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

ITEM = re.compile(rb"item (\d+)")
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
LIMIT = re.compile(rb'"max_(?:completion_)?tokens": ?(\d+)')

WIRE = ("429", "500", "503", "reset", "hang", "html")
CONTENT = ("truncated", "wrong_schema", "fenced", "prose", "wrong_count", "empty", "length")
REFUSED = ("content_filter", "refusal")
KINDS = (*WIRE, *CONTENT, *REFUSED)


@dataclass(frozen=True, slots=True)
class Script:
    """How the server behaves.

    at_once:    requests in flight from which on the ramp-up counts as over.
    rpm, burst: above this rate it answers 429 with Retry-After; 0 for no limit.
    faults:     share of the items that meet each kind of fault at their first request.
    always:     kind of fault -> items that always meet it.
    items:      number of items that the faults are spread over.
    """

    latency_s: float = 0.2
    at_once: int = 64
    rpm: float = 0
    burst: int = 20
    faults: float = 0.0
    always: dict[str, list[int]] = field(default_factory=dict)
    items: int = 400
    seed: int = 0


class Server:
    """What is shared by all connections."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: Counter[int] = Counter()
        self.statuses: Counter[str] = Counter()
        self.busy = self.answered = self.most = 0
        self.first = self.full = self.last = 0.0
        self.answered_at_full = 0
        self._tokens, self._filled = float(script.burst), 0.0
        self._fault = self._faults()

    def _faults(self) -> dict[int, str]:
        items = list(range(self.script.items))
        Random(self.script.seed).shuffle(items)
        each = round(self.script.faults * self.script.items)
        found = {item: KINDS[n // each] for n, item in enumerate(items[: each * len(KINDS)])}
        return found | {item: kind for kind, own in self.script.always.items() for item in own}

    def begin(self, item: int) -> str:
        """Note a request; the kind of fault that it meets, or ""."""
        now = time.monotonic()
        self.first = self.first or now
        self.requests[item] += 1
        if self.script.rpm and not self._admitted(now):
            return "limited"
        self.busy += 1
        self.most = max(self.most, self.busy)
        if not self.full and self.busy >= 0.95 * self.script.at_once:
            self.full, self.answered_at_full = now, self.answered
        always = any(item in own for own in self.script.always.values())
        return self._fault.get(item, "") if always or self.requests[item] == 1 else ""

    def end(self, status: str) -> None:
        """Note an answer."""
        self.statuses[status] += 1
        self.busy -= status != "limited"
        self.answered += 1
        self.last = time.monotonic()

    def retry_s(self) -> float:
        """Seconds until the next request is admitted."""
        return max(0.0, (1 - self._tokens) * 60 / self.script.rpm)

    def _admitted(self, now: float) -> bool:
        rate = self.script.rpm / 60
        elapsed = now - (self._filled or now)
        self._tokens = min(self.script.burst, self._tokens + elapsed * rate)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def stats(self) -> dict[str, Any]:  # JSON
        """What was seen; times in seconds."""
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "requests": sum(self.requests.values()),
            "by_item": self.requests,
            "statuses": self.statuses,
            "most": self.most,
            "span_s": self.last - self.first,
            "ramp_s": self.full - self.first if self.full else None,
            "steady_s": self.last - self.full if self.full else None,
            "steady_n": self.answered - self.answered_at_full,
            "cpu_s": usage.ru_utime + usage.ru_stime,
        }


class Connection(asyncio.Protocol):
    """One connection; requests come one after the other."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport: Any = transport  # a TCP transport

    def data_received(self, data: bytes) -> None:
        """Collect a request; answer it when it is whole."""
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        found = LENGTH.search(self.buffer[: head + 2])
        end = head + 4 + (int(found[1]) if found else 0)
        if len(self.buffer) < end:
            return
        request, self.buffer = self.buffer[:end], self.buffer[end:]
        if request.startswith(b"GET"):
            self._write(200, json.dumps(self.server.stats()).encode())
            return
        item = int((ITEM.search(request) or [b"", b"0"])[1])
        limit = int((LIMIT.search(request) or [b"", b"0"])[1])
        fault = self.server.begin(item)
        loop = asyncio.get_running_loop()
        if fault == "limited":
            loop.call_soon(self._limited)
        elif fault == "hang":
            loop.call_later(60, self.transport.close)
            self.server.end("hang")
        else:
            loop.call_later(self.server.script.latency_s, self._answer, item, fault, limit)

    def _limited(self) -> None:
        seconds = self.server.retry_s()
        self.server.end("limited")
        more = f"retry-after-ms: {seconds * 1000:.0f}\r\nretry-after: {seconds:.3f}\r\n"
        self._write(429, b'{"error": {"message": "slow down"}}', more)

    def _answer(self, item: int, fault: str, limit: int) -> None:
        self.server.end(fault or "ok")
        if self.transport.is_closing():
            return
        if fault == "reset":
            self.transport.abort()
        elif fault in ("429", "500", "503", "400"):
            more = "retry-after-ms: 100\r\n" if fault == "429" else ""
            self._write(int(fault), b'{"error": {"message": "scripted"}}', more)
        elif fault == "html":
            self._write(200, b"<html><body>Bad gateway</body></html>")
        else:
            self._write(200, completion(item, fault, limit))

    def _write(self, status: int, body: bytes, more: str = "") -> None:
        kind = "text/html" if body.startswith(b"<") else "application/json"
        head = f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\n{more}content-length: {len(body)}"
        self.transport.write(f"{head}\r\n\r\n".encode() + body)


def reply_text(item: int) -> str:
    """The right reply for an item, of about 1 kB."""
    pairs = [
        {
            "question": f"What does setting {n} of item {item} do when the pump starts?",
            "answer": f"Setting {n} of item {item} holds the valve open. " * 3,
            "evidence": [f"Setting {n} of item {item} holds the valve open."],
        }
        for n in range(3)
    ]
    return json.dumps({"item": item, "pairs": pairs})


def completion(item: int, fault: str, limit: int) -> bytes:
    """A chat completion with the right reply, or with what the fault makes of it."""
    right = reply_text(item)
    wrong: dict[str, Callable[[], str]] = {
        "truncated": lambda: right[: len(right) // 2],
        "wrong_schema": lambda: right.replace('"answer"', '"reply"'),
        "fenced": lambda: f"```json\n{right}\n```",
        "prose": lambda: f"Here you are:\n{right}\nAnything else?",
        "wrong_count": lambda: json.dumps(
            json.loads(right) | {"pairs": json.loads(right)["pairs"][:2]}
        ),
        "empty": lambda: "",
        "length": lambda: right[:300],
        "content_filter": lambda: "",
        "refusal": lambda: "",
    }
    content = wrong[fault]() if fault in wrong else right
    message: dict[str, Any] = {"role": "assistant", "content": content}
    reason = {"length": "length", "content_filter": "content_filter"}.get(fault, "stop")
    if fault == "refusal":
        message |= {"content": None, "refusal": "I would rather not."}
    return json.dumps(
        {
            "id": f"chatcmpl-{item}",
            "object": "chat.completion",
            "created": 1,
            "model": "scripted",
            "choices": [{"index": 0, "message": message, "finish_reason": reason}],
            "usage": {"prompt_tokens": 900, "completion_tokens": min(limit or 250, 250)},
        }
    ).encode()


async def serve(script: Script) -> None:
    """Serve until standard input ends; the port is printed first."""
    loop = asyncio.get_running_loop()
    shared = Server(script)
    server = await loop.create_server(lambda: Connection(shared), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(Script(**json.loads(sys.argv[1]))))
