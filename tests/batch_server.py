"""A model server on loopback with a Batch API: files, batches, results out of order.

    with serve_batches(good_model) as server:
        ...                                   # server.url is the base_url
        assert server.paid == {...}           # prompt -> times that it was worked on

Each line of a batch is answered by the same function as a request to /chat/completions. What the
server does besides is set by its fields; `at` is called with the name of every step, and may kill
the client there; `fault` decides what a call meets. Its state outlives any client.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from threading import RLock, Timer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from tests.endpoint import Answer, Reply, Seen
from tests.loopback import Handler, Loopback

Json = Any  # whatever the protocol puts there
Fault = Literal["", "404", "405", "429", "500", "html", "reset", "lost", "half"]

_NAME = re.compile(rb'filename="([^"]*)"')
_OVER = ("completed", "expired", "cancelled", "failed")


@dataclass(slots=True)
class Batch:
    """A batch: as the protocol tells of it, and what came of its lines."""

    told: dict[str, Json]
    lines: list[Json]
    done: int = 0


class BatchServer(Loopback):
    """A running server.

    work_s:   how long a batch takes.
    expire:   share of the lines of a batch that are not worked on, by the number of the batch.
    refuse:   why a batch fails its validation: entries of its errors, from its lines.
    full:     most lines that may be waiting in batches at once; 0 for no limit.
    drop:     whether the result of a custom_id is left out.
    make_s:   how long it takes until a batch that was asked for is there.
    at:       called with each step: "upload", "uploaded", "create", "created", "look", "download".
    fault:    what a call meets, by its method and path: "reset" before anything was done, "lost"
              after it was done, "half" in the middle of the answer.
    """

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.work_s = 0.05
        self.make_s = 0.0
        self.page = 100
        self.expire: Callable[[int], float] = lambda _number: 0.0
        self.refuse: Callable[[list[Json]], list[Json]] = lambda _lines: []
        self.full = 0
        self.drop: Callable[[str], bool] = lambda _custom_id: False
        self.at: Callable[[str], None] = lambda _step: None
        self.fault: Callable[[str, str], Fault] = lambda _method, _path: ""
        self.files: dict[str, tuple[str, bytes]] = {}
        self.batches: dict[str, Batch] = {}
        self.calls: Counter[str] = Counter()  # by method and path without ids
        self.headers: list[Mapping[str, str]] = []
        self.paid: Counter[str] = Counter()
        self.online = 0
        self.lock = RLock()
        super().__init__(_Handler)

    def chat(self, path: str, headers: Mapping[str, str], body: Json) -> Answer:
        """Work on one request."""
        with self.lock:
            seen = Seen(number=self.paid.total() + 1, path=path, headers=headers, body=body)
            self.paid[seen.prompt] += 1
        return self.reply(seen)

    def upload(self, raw: bytes) -> Json:
        """Take a file out of the form that it came in."""
        begin, end = raw.index(b"\r\n", 0), raw.rindex(b"\r\n--")
        boundary = b"\r\n" + raw[:begin]
        at = raw.index(b'name="file"')
        head = raw.index(b"\r\n\r\n", at)
        stop = raw.find(boundary, head)
        name = _NAME.search(raw, at)
        assert name is not None
        with self.lock:
            file = self._keep(name[1].decode(), raw[head + 4 : stop if stop > 0 else end])
        return self.told_of_file(file)

    def told_of_file(self, file: str) -> Json:
        """A file as the protocol tells of it."""
        name, data = self.files[file]
        told = {"id": file, "object": "file", "filename": name, "bytes": len(data)}
        return {**told, "purpose": "batch", "status": "processed"}

    def create(self, body: Json) -> Json:
        """Make a batch; it is over after work_s."""
        with self.lock:
            number = len(self.batches) + 1
            lines = [json.loads(line) for line in self.files[body["input_file_id"]][1].splitlines()]
            told = {
                "id": f"batch_{number}",
                "object": "batch",
                "endpoint": body["endpoint"],
                "input_file_id": body["input_file_id"],
                "completion_window": body["completion_window"],
                "metadata": body.get("metadata"),
                "status": "validating",
                "created_at": int(time.time()),
                "expires_at": int(time.time()) + 86400,
                "output_file_id": "",
                "error_file_id": None,
                "errors": None,
                "request_counts": {"total": 0, "completed": 0, "failed": 0},
            }
            waiting = sum(len(b.lines) for b in self.batches.values() if not self._over(b))
            batch = self.batches[told["id"]] = Batch(told, lines)
            faults = self.refuse(lines)
            if self.full and waiting + len(lines) > self.full:
                said = f"Enqueued token limit reached. Limit: {self.full} enqueued."
                faults = [{"code": "token_limit_exceeded", "message": said, "line": None}]
            if faults:
                told |= {"status": "failed", "errors": {"object": "list", "data": faults}}
                batch.lines = []
                return dict(told)
            told |= {"status": "in_progress"}
            told["request_counts"]["total"] = len(lines)
            timer = Timer(self.work_s, self._work, (batch, number))
            timer.daemon = True
            timer.start()
            return dict(told)

    def cancel(self, batch: str) -> Json:
        """Stop a batch; a half of its lines was worked on."""
        with self.lock:
            found = self.batches[batch]
            if not self._over(found):
                self._end(found, len(found.lines) // 2, "cancelled")
            return dict(found.told)

    def _over(self, batch: Batch) -> bool:
        return batch.told["status"] in _OVER

    def _work(self, batch: Batch, number: int) -> None:
        share = self.expire(number)
        with self.lock:
            if not self._over(batch):
                done = len(batch.lines) - round(share * len(batch.lines))
                self._end(batch, done, "expired" if share else "completed")

    def _end(self, batch: Batch, done: int, status: str) -> None:
        output: list[Json] = []
        errors: list[Json] = []
        for number, line in enumerate(batch.lines):
            result: Json = {"id": f"r{number}", "custom_id": line["custom_id"], "error": None}
            if number >= done:
                code = f"batch_{status}"
                said = "This request could not be executed before the batch ended."
                errors.append(
                    {**result, "response": None, "error": {"code": code, "message": said}}
                )
                continue
            answer = self.chat(line["url"], {}, line["body"])
            body = json.loads(answer.body) if isinstance(answer.body, str) else answer.body
            response = {"status_code": answer.status, "request_id": "x", "body": body}
            if not self.drop(line["custom_id"]):
                (output if answer.status == 200 else errors).append(
                    {**result, "response": response}
                )
        Random(len(output)).shuffle(output)
        counts = {"total": len(batch.lines), "completed": len(output), "failed": len(errors)}
        batch.told |= {"status": status, "request_counts": counts}
        if output:
            batch.told["output_file_id"] = self._keep("output.jsonl", _lines(output))
        if errors:
            batch.told["error_file_id"] = self._keep("errors.jsonl", _lines(errors))

    def _keep(self, name: str, data: bytes) -> str:
        file = f"file-{len(self.files) + 1}"
        self.files[file] = (name, data)
        return file


@contextmanager
def serve_batches(reply: Reply) -> Iterator[BatchServer]:
    """A server that answers by `reply` until the block ends."""
    server = BatchServer(reply)
    try:
        yield server
    finally:
        server.close()


def _lines(results: list[Json]) -> bytes:
    return b"".join(json.dumps(result).encode() + b"\n" for result in results)


class _Handler(Handler):
    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def _serve(self, method: str) -> None:
        owner: BatchServer = self.server.owner
        raw = self.body()
        address = urlsplit(self.path)
        path = address.path.removeprefix("/v1")
        name = f"{method} {re.sub(r'(?<=/)(?:file-|batch_)[0-9]+', '*', path)}"
        with owner.lock:
            owner.calls[name] += 1
            owner.headers.append({key.lower(): value for key, value in self.headers.items()})
        fault = owner.fault(method, path)
        if fault == "reset":
            self.reset()
        elif fault.isdigit():
            self._send(int(fault), {"error": {"message": "scripted", "code": None}}, "")
        elif fault == "html":
            self._send(200, "<html>a proxy says hello</html>", "")
        else:
            status, body = self._answer(method, path, parse_qs(address.query), raw)
            self._send(status, body, fault)

    def _answer(
        self, method: str, path: str, query: Mapping[str, list[str]], raw: bytes
    ) -> tuple[int, Json]:
        owner: BatchServer = self.server.owner
        match [method, *path.strip("/").split("/")]:
            case ["POST", "chat", "completions"]:
                owner.online += 1
                answer = owner.chat(path, dict(self.headers.items()), json.loads(raw))
                return answer.status, answer.body
            case ["POST", "files"]:
                owner.at("upload")
                told = owner.upload(raw)
                owner.at("uploaded")
                return 200, told
            case ["GET", "files"]:
                return 200, self._page([owner.told_of_file(file) for file in owner.files], query)
            case ["GET", "files", file] if file in owner.files:
                return 200, owner.told_of_file(file)
            case ["GET", "files", file, "content"] if file in owner.files:
                owner.at("download")
                return 200, owner.files[file][1]
            case ["POST", "batches"]:
                owner.at("create")
                time.sleep(owner.make_s)
                told = owner.create(json.loads(raw))
                owner.at("created")
                return 200, told
            case ["GET", "batches"]:
                with owner.lock:
                    return 200, self._page([b.told for b in owner.batches.values()], query)
            case ["GET", "batches", batch] if batch in owner.batches:
                owner.at("look")
                with owner.lock:
                    return 200, dict(owner.batches[batch].told)
            case ["POST", "batches", batch, "cancel"] if batch in owner.batches:
                return 200, owner.cancel(batch)
        return 404, {"error": {"message": f"no {path} here", "code": "not_found"}}

    def _page(self, entries: list[Json], query: Mapping[str, list[str]]) -> Json:
        """A page of a list, newest first."""
        entries = entries[::-1]
        ids = [each["id"] for each in entries]
        start = ids.index(query["after"][0]) + 1 if "after" in query else 0
        most = min(int(query.get("limit", ["20"])[0]), self.server.owner.page)
        page = entries[start : start + most]
        last = page[-1]["id"] if page else None
        more = start + most < len(entries)
        return {"object": "list", "data": page, "has_more": more, "last_id": last}

    def _send(self, status: int, body: Json, fault: str) -> None:
        if fault == "lost":
            self.reset()
            return
        data = body if isinstance(body, bytes) else b""
        if not isinstance(body, bytes):
            data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        if fault == "half":
            data = data[: len(data) // 2]
            self.close_connection = True
        self.wfile.write(data)
