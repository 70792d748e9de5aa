"""Ask many requests at once: a bounded crew on its own thread, outcomes in the order asked."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue
from threading import Event, Thread

from builder.config import ModelSettings
from builder.errors import ProviderError
from builder.llm.access import label_of
from builder.llm.client import TRANSIENT, Client, open_client
from builder.llm.judge import judge, reply_of
from builder.llm.replies import Outcome, Replies
from builder.llm.request import Reply, Request
from builder.records import Failure

AHEAD = 1024  # requests that may be answered before the next one in order


@dataclass(slots=True)
class Progress:
    """How far it is; sent counts every HTTP request, tries again included.

    done counts requests with an outcome, of which `remembered` were not sent and `failed` failed.
    """

    done: int = 0
    remembered: int = 0
    failed: int = 0
    sent: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


def ask(
    requests: Iterable[Request],
    *,
    settings: ModelSettings,
    replies: Replies,
    api_key: str,
    on_progress: Callable[[Progress], None] | None = None,
    retry_failed: bool = False,
    stage: str = "write",
) -> Iterator[tuple[Request, Reply | Failure]]:
    """What came of each request, in the order of the requests.

    What `replies` remembers is not sent again, failures included unless `retry_failed`; everything
    else is committed there before it is yielded. The first request goes alone, so that a server
    that cannot serve at all is asked once. Raises ProviderError when the server cannot serve the
    run or stops answering: what was answered is remembered, the failures of the outage are not.
    """
    crew = _Crew(settings, replies, api_key)
    window = _Window(crew, replies, retry_failed, on_progress)
    source = iter(requests)
    try:
        while True:
            for request in islice(source, AHEAD + 4 * crew.size - len(window)):
                window.admit(request)
            if not window:
                break
            request, outcome = window.next()
            yield request, _result(request, outcome, stage)
        crew.settle()
    finally:
        crew.close()


class _Window:
    """The requests that were taken up and not yet yielded, with what is known of them."""

    def __init__(
        self,
        crew: _Crew,
        replies: Replies,
        retry_failed: bool,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self._crew = crew
        self._replies = replies
        self._retry_failed = retry_failed
        self._on_progress = on_progress
        self._progress = Progress()
        self._requests: deque[Request] = deque()
        self._waiting: Counter[str] = Counter()  # requests by key: equal ones are sent once
        self._known: dict[str, Outcome] = {}

    def __len__(self) -> int:
        return len(self._requests)

    def admit(self, request: Request) -> None:
        """Take up a request: recall its outcome, or have it sent."""
        self._requests.append(request)
        self._waiting[request.key] += 1
        if request.key in self._known:
            self._count(self._known[request.key], requests=1, remembered=1)
        elif self._waiting[request.key] == 1 and not self._recall(request):
            self._crew.submit(request)

    def next(self) -> tuple[Request, Outcome]:
        """The oldest request with its outcome, as soon as that is there."""
        request = self._requests[0]
        while request.key not in self._known:
            outcome = self._crew.next()
            self._known[outcome.key] = outcome
            self._progress.sent += outcome.attempts
            self._progress.prompt_tokens += outcome.usage.prompt_tokens
            self._progress.completion_tokens += outcome.usage.completion_tokens
            self._count(outcome, requests=self._waiting[outcome.key], remembered=0)
        self._requests.popleft()
        self._waiting[request.key] -= 1
        outcome = self._known[request.key]
        if not self._waiting[request.key]:
            del self._known[request.key], self._waiting[request.key]
        return request, outcome

    def _recall(self, request: Request) -> bool:
        outcome = self._replies.get(request.key)
        if outcome is None or (outcome.reason and self._retry_failed):
            return False
        self._known[request.key] = judge(outcome, request.schema)
        self._count(self._known[request.key], requests=1, remembered=1)
        return True

    def _count(self, outcome: Outcome, *, requests: int, remembered: int) -> None:
        self._progress.done += requests
        self._progress.remembered += remembered
        self._progress.failed += requests if outcome.reason else 0
        if self._on_progress:
            self._on_progress(self._progress)


def _result(request: Request, outcome: Outcome, stage: str) -> Reply | Failure:
    if not outcome.reason:
        return reply_of(outcome, request)
    return Failure(
        stage=stage,
        key=request.key,
        chunk_id=request.chunk_id,
        reason=outcome.reason,
        detail=outcome.detail,
    )


class _Crew:
    """settings.concurrency workers on a thread with its own event loop, started when needed."""

    def __init__(self, settings: ModelSettings, replies: Replies, api_key: str) -> None:
        self.size = settings.concurrency
        self._settings = settings
        self._replies = replies
        self._api_key = api_key
        self._results: SimpleQueue[Outcome | asyncio.Task[None]] = SimpleQueue()
        self._unsettled: list[Outcome] = []
        self._served = False
        self._thread: Thread | None = None

    def submit(self, request: Request) -> None:
        """Hand a request to the crew."""
        if self._thread is None:
            self._start()
        with suppress(RuntimeError):  # the loop has ended: `next` tells why
            self._loop.call_soon_threadsafe(self._jobs.put_nowait, request)

    def next(self) -> Outcome:
        """The next outcome in the order of completion; raises what ended the crew, if so."""
        found = self._results.get()
        if isinstance(found, Outcome):
            return found
        found.result()
        raise AssertionError("a crew ends by an error or by close()")

    def settle(self) -> None:
        """Remember the failures that may still have been the beginning of an outage."""
        for outcome in self._unsettled:
            self._put(outcome)
        self._unsettled.clear()

    def close(self) -> None:
        """Give up what is in flight and end the thread."""
        if self._thread is None:
            return
        with suppress(RuntimeError):  # the loop has ended already
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()
        if not self._task.cancelled():
            self._task.exception()  # seen: asyncio need not report it

    def _start(self) -> None:
        ready = Event()
        self._thread = Thread(target=self._run, args=(ready,), name="model", daemon=True)
        self._thread.start()
        ready.wait()

    def _run(self, ready: Event) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            self._jobs: asyncio.Queue[Request] = asyncio.Queue()
            self._opened = asyncio.Event()
            self._task = asyncio.create_task(self._serve())
            ready.set()
            await asyncio.wait([self._task])  # whatever it ends with is raised by `next`

        asyncio.run(serve())
        self._results.put(self._task)

    async def _serve(self) -> None:
        async with open_client(self._settings, self._api_key) as client:
            workers = [asyncio.create_task(self._work(client, n)) for n in range(self.size)]
            try:
                await asyncio.gather(*workers)
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, client: Client, number: int) -> None:
        if number:
            await self._opened.wait()  # the first worker has had an answer
        while True:
            outcome = await client.send(await self._jobs.get())
            self._opened.set()
            self._results.put(self._kept(outcome))

    def _kept(self, outcome: Outcome) -> Outcome:
        """The outcome, committed; failures of an outage are held back until the server serves."""
        holds_back = TRANSIENT if self._served else TRANSIENT | {"bad_request"}
        if outcome.reason in holds_back:
            self._unsettled.append(outcome)
            self._stop_in_outage(outcome)
            return outcome
        self._served = self._served or not outcome.reason
        self.settle()
        return self._put(outcome)

    def _stop_in_outage(self, last: Outcome) -> None:
        if len(self._unsettled) >= max(10, 2 * self.size):
            number = len(self._unsettled)
            raise ProviderError(
                f"the last {number} requests all failed: {last.reason}: {last.detail}",
                "Mend or restart the server, then run the same command again: it continues here.",
            )

    def _put(self, outcome: Outcome) -> Outcome:
        return self._replies.put(
            outcome, model=self._settings.name, endpoint=label_of(self._settings)
        )
