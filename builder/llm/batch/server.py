"""The server's side of the Batch API: files and batches, with patience and without surprises.

Every call is tried again for as long as a fault may pass. The one call that must not be repeated
blindly, making a batch, tells when it cannot know whether the server has made it.

Source: the OpenAI API reference, parts "files" and "batches".
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from types import TracebackType
from typing import IO, Any, Never

from builder.config import ModelSettings
from builder.errors import ProviderError
from builder.llm.access import AZURE, endpoints_of, name_of
from builder.llm.client import Answer, Client, Trouble, open_client

PATIENCE = 10  # times that a call is tried, with growing pauses
SLOWEST_LOOK = 30  # looks are at most this many times as far apart as the first ones
GROWTH = 1.5  # of the pause from one look to the next
MAX_RESULT = 8_000_000  # bytes of a line of results
PAGE = 100  # entries of a list that are asked for at once
MAX_PAGES = 200
CLOCKS_S = 24 * 3600  # that a server's clock may be off
WINDOW_S = 24 * 3600  # in which a server promises to be done
OVER = ("completed", "expired", "cancelled", "failed")  # states that no batch leaves
PASSING = (0, 408, 409, 425, 429)  # besides 5xx: what may be different a little later
NO_BATCHES = (404, 405, 501)  # how a server says that it has no such part

_FULL = re.compile(r"enqueued|token_limit|batch_limit|too many batches", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A batch as the server tells of it.

    completed, failed, total: its requests; 0 where it does not say.
    output, errors:           ids of its files, "" for none.
    faults:                   why its file was refused, as sentences that name the line.
    full:                     it was refused because too much is waiting already.
    expires:                  when the server should be done, in seconds since 1970.
    """

    id: str
    status: str
    completed: int
    failed: int
    total: int
    output: str
    errors: str
    faults: tuple[str, ...]
    full: bool
    expires: float

    @property
    def over(self) -> bool:
        """Will it change no more?"""
        return self.status in OVER

    def told(self) -> str:
        """How far it is, in words."""
        failed = f", {self.failed:,} failed" if self.failed else ""
        late = ""
        if not self.over and time.time() > self.expires:
            late = f", past its window since {datetime.fromtimestamp(self.expires, UTC):%F %R} UTC"
        done = f"{self.completed:,} of {self.total:,} done" if self.total else "not begun"
        return f"{self.id} {self.status}: {done}{failed}{late}"


class Full(Exception):  # an answer rather than an error
    """The server takes no more batches for now; its words."""


class Refused(ProviderError):
    """The server said no to a batch: it was not made, and will not appear later."""


class BatchServer:
    """The Batch API of one server, used from one thread. Use it as a context.

    say: told of each fault that is waited for. Its methods raise ProviderError when the server
    cannot be used at all.
    """

    def __init__(
        self,
        settings: ModelSettings,
        api_key: str,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.url = endpoints_of(settings)[0]
        self._settings = settings
        self._api_key = api_key
        self._say = say

    def __enter__(self) -> BatchServer:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        opened = open_client(self._settings, self.url, self._api_key)
        self.client: Client = self._runner.run(self._stack.enter_async_context(opened))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._runner.run(self._stack.aclose())
        finally:
            self._runner.close()

    @property
    def path(self) -> str:
        """What each request of a batch is sent to, as this server writes it."""
        azure = name_of(self.url).endswith(AZURE)
        return "/chat/completions" if azure else "/v1/chat/completions"

    def upload(self, token: str, file: IO[bytes], size: int) -> str:
        """Send a file of requests; the server's id of it."""

        def sent() -> Answer:
            file.seek(0)
            part = (f"{token}.jsonl", file, size)
            return self._run(
                self.client.call("POST", "/files", body={"purpose": "batch"}, file=part)
            )

        answer = self._patiently(sent)
        if answer.status in NO_BATCHES:
            raise self._none_here("POST /files", answer)
        made = self._object(answer, "a file was uploaded")
        self._wait_for_file(made)
        return str(made["id"])

    def find_file(self, token: str, since: float) -> str:
        """The server's id of a file that was uploaded for this token since then, "" for none."""
        for file in self._list("/files", {"purpose": "batch"}, since):
            if file.get("filename") == f"{token}.jsonl":
                return str(file["id"])
        return ""

    def create(self, file: str, token: str) -> Remote | None:
        """Make a batch of a file; None when it cannot be known whether it was made.

        Raises Full when the server takes no more for now, Refused when it was surely not made.
        """
        body = {
            "input_file_id": file,
            "endpoint": self.path,
            "completion_window": "24h",
            "metadata": {"builder": token},
        }
        answer = self._run(self.client.call("POST", "/batches", body=body))
        if answer.status == 200:
            made = _parsed(answer)
            return _remote(made) if made else None
        trouble = self.client.trouble(answer)
        if _FULL.search(f"{trouble.code} {trouble.message}"):
            raise Full(trouble.message)
        if answer.status in NO_BATCHES:
            raise self._none_here("POST /batches", answer)
        if not trouble.stop and (answer.status in PASSING or answer.status >= 500):
            return None
        return self._refuse(answer, trouble, "a batch was made")

    def find(self, token: str, file: str, since: float) -> Remote | None:
        """The batch that was made for this token, or of this file, since then."""
        for batch in self._list("/batches", {}, since):
            metadata = batch.get("metadata")
            marked = isinstance(metadata, dict) and metadata.get("builder") == token
            if marked or (file and batch.get("input_file_id") == file):
                return _remote(batch)
        return None

    def look(self, batch: str, *, waits: bool = False) -> Remote | None:
        """How far a batch is; None when the server knows no such batch.

        waits: a server that is away is waited for until it is back.
        """
        path = f"/batches/{batch}"
        answer = self._patiently(lambda: self._run(self.client.call("GET", path)), waits=waits)
        if answer.status == 404:
            return None
        return _remote(self._object(answer, "a batch was looked at"))

    def fetch(self, file: str, out: IO[bytes], *, may_be_empty: bool) -> bool:
        """Write a file of results into out; False when the server has no such file.

        may_be_empty: no bytes at all are believed at once, else when they come twice.
        """
        empty = 0

        def fetched() -> Answer:
            out.seek(0)
            out.truncate()
            return self._run(self.client.download(file, out))

        def usable(_: Answer) -> bool:
            nonlocal empty
            if out.seek(0, os.SEEK_END):
                return _is_whole(out)
            empty += 1
            return may_be_empty or empty == 2

        answer = self._patiently(fetched, usable)
        if answer.status not in (200, 404, 410):
            self._refuse(answer, self.client.trouble(answer), "a file of results was fetched")
        return answer.status == 200

    def has_results(self, remote: Remote) -> bool:
        """Whether the files of results that a batch names, if it should have any, are there."""
        named = [file for file in (remote.output, remote.errors) if file]
        missing = remote.status == "completed" and not named
        return not missing and all(self._get(f"/files/{file}").status == 200 for file in named)

    def cancel(self, batch: str) -> str:
        """Ask the server to stop a batch; what it said against it, "" for nothing."""
        path = f"/batches/{batch}/cancel"
        answer = self._patiently(lambda: self._run(self.client.call("POST", path, body={})))
        if answer.status in (401, 403):
            self._refuse(answer, self.client.trouble(answer), "a batch was cancelled")
        return "" if answer.status == 200 else self.client.trouble(answer).message

    def _run(self, call: Any) -> Answer:  # a coroutine
        answer: Answer = self._runner.run(call)
        return answer

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        return self._patiently(lambda: self._run(self.client.call("GET", path, query=query)))

    def _patiently(
        self,
        call: Callable[[], Answer],
        usable: Callable[[Answer], bool] = lambda answer: _parsed(answer) is not None,
        *,
        waits: bool = False,
    ) -> Answer:
        """The answer to a call, as soon as it is none that may pass.

        usable: whether an answer with status 200 is what was asked for, and not that of a proxy.
        waits:  it is tried until it is answered, rather than PATIENCE times.
        """
        pause_s = self._settings.batch_poll_s
        for tried in count(1):
            answer = call()
            passing = answer.status in PASSING or answer.status >= 500
            passing |= answer.status == 200 and not usable(answer)
            if not passing or answer.status == 501:
                return answer
            trouble = self.client.trouble(answer)
            if trouble.stop and (answer.status or not waits):
                raise ProviderError(trouble.stop, trouble.hint)
            if tried == PATIENCE and not waits:
                break
            wait_s = max(pause_s, answer.retry_s or 0.0)
            said = trouble.message if answer.status != 200 else "an answer that is none of its own"
            self._say(f"{self.client.host}: {said}; tried again in {wait_s:,.0f} s")
            time.sleep(wait_s)
            pause_s = min(2 * pause_s, SLOWEST_LOOK * self._settings.batch_poll_s)
        raise ProviderError(
            f"{self.client.host} failed {PATIENCE} times in a row: {trouble.message}",
            "What was handed to it goes on there: run the same command again to continue.",
        )

    def _object(self, answer: Answer, when: str) -> dict[str, Any]:  # JSON
        found = _parsed(answer) if answer.status == 200 else None
        if found is None:
            self._refuse(answer, self.client.trouble(answer), when)
        return found

    def _none_here(self, call: str, answer: Answer) -> Refused:
        return Refused(
            f"{self.client.host} has no Batch API ({call}: status {answer.status})",
            "Leave out --batch; or give the address of a server that has one: --base-url URL",
        )

    def _refuse(self, answer: Answer, trouble: Trouble, when: str) -> Never:
        surely = 400 <= answer.status < 500 and answer.status not in (408, 409, 425)
        raise (Refused if surely else ProviderError)(
            trouble.stop
            or f"{self.client.host}: status {answer.status} when {when}: {trouble.message}",
            (trouble.hint if trouble.stop else "")
            or "Is this a server with the Batch API? Without --batch the requests go one by one.",
        )

    def _list(
        self, path: str, query: Mapping[str, str], since: float
    ) -> Iterator[dict[str, Any]]:  # JSON
        """The entries of a list, newest first, page by page, until they are older than since.

        None where the server has no such list.
        """
        after: dict[str, str] = {}
        for _ in range(MAX_PAGES):
            asked = {**query, "limit": str(PAGE), **after}
            answer = self._get(path, asked)
            if answer.status in NO_BATCHES:
                return
            page = self._object(answer, f"{path} was listed")
            entries = [each for each in page.get("data") or () if isinstance(each, dict)]
            yield from entries
            oldest = _number(entries[-1].get("created_at")) if entries else 0.0
            if not page.get("has_more") or not entries or 0 < oldest < since - CLOCKS_S:
                return
            after = {"after": str(page.get("last_id") or entries[-1].get("id"))}

    def _wait_for_file(self, file: dict[str, Any]) -> None:  # JSON
        """Some servers look through a file before a batch can be made of it."""
        for _ in range(PATIENCE * SLOWEST_LOOK):
            if file.get("status") not in ("pending", "running"):
                return
            time.sleep(self._settings.batch_poll_s)
            file = self._object(self._get(f"/files/{file['id']}"), "a file was looked at")


def _parsed(answer: Answer) -> dict[str, Any] | None:  # JSON
    """The object of an answer, None when it is none with an id or a list."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    usable = isinstance(found, dict) and (isinstance(found.get("id"), str) or "data" in found)
    return found if usable else None


def _is_whole(results: IO[bytes]) -> bool:
    """Do the first and the last line of a file of results read as results? An empty one is none."""
    results.seek(0)
    first = results.readline()
    results.seek(max(0, results.seek(0, os.SEEK_END) - MAX_RESULT))
    *_, last = results.read().rstrip().rsplit(b"\n", 1)
    try:
        return all("custom_id" in json.loads(line) for line in (first, last))
    except (ValueError, TypeError, RecursionError):
        return False


def _remote(batch: Mapping[str, Any]) -> Remote:  # JSON
    counts = batch.get("request_counts")
    counts = counts if isinstance(counts, dict) else {}
    found = batch.get("errors")
    data = found.get("data") if isinstance(found, dict) else None
    faults = [each for each in data or () if isinstance(each, dict)]
    created = _number(batch.get("created_at")) or time.time()
    return Remote(
        id=str(batch.get("id")),
        status=str(batch.get("status")),
        completed=int(_number(counts.get("completed"))),
        failed=int(_number(counts.get("failed"))),
        total=int(_number(counts.get("total"))),
        output=str(batch.get("output_file_id") or ""),
        errors=str(batch.get("error_file_id") or ""),
        faults=tuple(map(_fault, faults)),
        full=any(_FULL.search(f"{each.get('code')} {each.get('message')}") for each in faults),
        expires=_number(batch.get("expires_at")) or created + WINDOW_S,
    )


def _fault(fault: Mapping[str, Any]) -> str:  # JSON
    line = f"line {fault['line']}: " if fault.get("line") is not None else ""
    return f"{line}{fault.get('message') or fault.get('code') or 'no reason given'}"[:500]


def _number(value: Any) -> float:  # what a server calls a number
    return float(value) if isinstance(value, int | float) and 0 <= value < 2**53 else 0.0
