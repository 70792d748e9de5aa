"""Ask many requests at once: a bounded crew on its own thread, outcomes in the order asked.

A worker takes the oldest job, waits at the gates for a place, sends it once, has the attempt and
what it decided remembered, and either hands over the outcome or puts the job back. So no worker
sleeps for a job, waiting is never part of a request's timeout, and no more jobs are held than can
be answered.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count, islice
from queue import SimpleQueue
from threading import Event, Thread
from typing import NotRequired, TypedDict

from builder.config import ModelSettings
from builder.errors import ProviderError
from builder.llm.access import endpoints_of, label_of
from builder.llm.client import Answer, Client, open_client
from builder.llm.gate import Gate, Gates, Pass
from builder.llm.job import Job
from builder.llm.judge import recalled, reply_of
from builder.llm.outcomes import CLASSES, UNSENT, Attempt, Budget
from builder.llm.replies import Outcome, Replies
from builder.llm.request import Reply, Request
from builder.llm.wire import Wire
from builder.records import Failure

AHEAD = 1024  # requests that may be answered before the next one in order
OUTAGE = 10  # requests in a row that failed, with none served meanwhile: the server is down
GRACE_S = 30.0  # when the server ends the run: for what is on its way, which may be paid


@dataclass(slots=True)
class Progress:
    """How far it is; sent counts every HTTP request, tries again included.

    done counts requests with an outcome, of which `remembered` were not sent and `failed` failed.
    kinds counts the attempts by class, as in outcomes.py. note is something to tell at once.
    """

    done: int = 0
    remembered: int = 0
    failed: int = 0
    sent: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict, compare=False)
    note: str = field(default="", compare=False)


class Options(TypedDict):
    """What `ask` takes beside the requests, to hand on."""

    settings: ModelSettings
    replies: Replies
    api_key: str | Callable[[], str]
    on_progress: NotRequired[Callable[[Progress], None] | None]
    retry_failed: NotRequired[bool]
    stage: NotRequired[str]
    budget: NotRequired[Budget | None]


def ask(
    requests: Iterable[Request],
    *,
    settings: ModelSettings,
    replies: Replies,
    api_key: str | Callable[[], str],
    on_progress: Callable[[Progress], None] | None = None,
    retry_failed: bool = False,
    stage: str = "write",
    budget: Budget | None = None,
) -> Iterator[tuple[Request, Reply | Failure]]:
    """What came of each request, in the order of the requests.

    What `replies` remembers is not sent again, failures included unless `retry_failed`; everything
    else is committed there before it is yielded. The first request goes alone, so that a server
    that cannot serve at all is asked once. Raises ProviderError when the server cannot serve the
    run or stops answering: what was answered is remembered, the failures of the outage are not.
    What the budget leaves no room for is a failure with the reason `budget`, never remembered.
    An api_key that is a function is called before the first request is sent: a run of which all is
    remembered needs none.
    """
    crew = _Crew(settings, replies, api_key, budget, stage)
    window = _Window(crew, replies, retry_failed, on_progress)
    source = iter(requests)
    try:
        while True:
            for request in islice(source, AHEAD + 4 * crew.size - len(window)):
                window.admit(request)
            if not window:
                break
            request, outcome = window.next()
            yield request, result_of(request, outcome, stage)
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
        elif self._waiting[request.key] == 1:
            recalled = self._recall(request)
            self._replies.asked(request.key, remembered=recalled)
            if not recalled:
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
            self._progress.kinds = dict(self._crew.kinds)
            self._count(outcome, requests=self._waiting[outcome.key], remembered=0)
        self._requests.popleft()
        self._waiting[request.key] -= 1
        outcome = self._known[request.key]
        if not self._waiting[request.key]:
            del self._known[request.key], self._waiting[request.key]
        return request, outcome

    def _recall(self, request: Request) -> bool:
        outcome = recalled(
            self._replies, request.key, request.schema, retry_failed=self._retry_failed
        )
        if outcome is None:
            return False
        self._known[request.key] = outcome
        self._count(outcome, requests=1, remembered=1)
        return True

    def _count(self, outcome: Outcome, *, requests: int, remembered: int) -> None:
        self._progress.done += requests
        self._progress.remembered += remembered
        self._progress.failed += requests if outcome.reason else 0
        if self._on_progress:
            self._on_progress(self._progress)


def result_of(request: Request, outcome: Outcome, stage: str) -> Reply | Failure:
    """What the outcome of a request is to who asked."""
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
    """Workers on a thread with its own event loop, started when needed."""

    def __init__(
        self,
        settings: ModelSettings,
        replies: Replies,
        api_key: str | Callable[[], str],
        budget: Budget | None,
        stage: str,
    ) -> None:
        self.size = settings.concurrency * len(endpoints_of(settings))
        self.kinds: Counter[str] = Counter()
        self._settings = settings
        self._replies = replies
        self._api_key = api_key
        self._stage = stage
        self._label = label_of(settings)
        self._budget = _Till(budget) if budget else None
        self._results: SimpleQueue[Outcome | asyncio.Task[None]] = SimpleQueue()
        self._unsettled: list[tuple[Job, Outcome]] = []
        self._sending: set[int] = set()  # workers whose request is on its way
        self._refused = False  # the server ends the run: nothing more is sent
        self._orders = count()
        self._begun = 0  # attempts
        self._served = 0  # attempts that the server answered as asked
        self._up = 0  # of the attempts begun, the last one that was served
        self._failed = 0  # requests in a row, none served meanwhile
        self._thread: Thread | None = None

    def submit(self, request: Request) -> None:
        """Hand a request to the crew."""
        if self._thread is None:
            self._start()
        job = Job(order=next(self._orders), request=request)
        with suppress(RuntimeError):  # the loop has ended: `next` tells why
            self._loop.call_soon_threadsafe(self._jobs.put_nowait, job)

    def next(self) -> Outcome:
        """The next outcome in the order of completion; raises what ended the crew, if so."""
        found = self._results.get()
        if isinstance(found, Outcome):
            return found
        found.result()
        raise AssertionError("a crew ends by an error or by close()")

    def settle(self) -> None:
        """Remember the failures that may still have been the beginning of an outage."""
        self._settle(self._unsettled)
        self._unsettled = []

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
        self._key = self._api_key if isinstance(self._api_key, str) else self._api_key()
        ready = Event()
        self._thread = Thread(target=self._run, args=(ready,), name="model", daemon=True)
        self._thread.start()
        ready.wait()

    def _run(self, ready: Event) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            self._jobs: asyncio.PriorityQueue[Job] = asyncio.PriorityQueue()
            self._task = asyncio.create_task(self._serve())
            ready.set()
            await asyncio.wait([self._task])  # whatever it ends with is raised by `next`

        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(serve())
        self._results.put(self._task)

    async def _serve(self) -> None:
        urls = endpoints_of(self._settings)
        async with AsyncExitStack() as stack:
            self._clients = [
                await stack.enter_async_context(open_client(self._settings, url, self._key))
                for url in urls
            ]
            self._gates = Gates([_gate(client, self._settings) for client in self._clients])
            workers = [asyncio.create_task(self._work(own)) for own in range(self.size)]
            try:
                await asyncio.gather(*workers)
            except ProviderError:
                await self._come_in(workers)
                raise
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)

    async def _come_in(self, workers: Sequence[asyncio.Task[None]]) -> None:
        """Send nothing more, and wait for what is on its way."""
        sending = {workers[own] for own in self._sending}
        for worker in set(workers) - sending:
            worker.cancel()
        if sending:
            await asyncio.wait(sending, timeout=GRACE_S)

    async def _work(self, own: int) -> None:
        while not self._refused:
            job = await self._jobs.get()
            number, place = await self._gates.enter(job.tokens)
            if self._budget is None or await self._budget.admits(job.as_sent):
                with self._under_way(own):
                    await self._send(job, number, place)
            else:
                self._gates.leave(number, place, None)
                detail = "not sent: the limit of cost or requests is reached"
                self._results.put(Outcome(key=job.request.key, reason=UNSENT, detail=detail))

    @contextmanager
    def _under_way(self, worker: int) -> Iterator[None]:
        self._sending.add(worker)
        try:
            yield
        except ProviderError:
            self._refused = True
            raise
        finally:
            self._sending.remove(worker)

    async def _send(self, job: Job, number: int, place: Pass) -> None:
        """One attempt: whatever comes of it is remembered before it is acted on."""
        client, wire = self._clients[number], job.wires.get(number, self._clients[number].wire)
        attempt: Attempt | None = None
        self._begun += 1
        job.begun = self._begun
        try:
            body = wire.body(job.request, self._settings.name, more=job.more, factor=job.factor)
            answer = await client.post(body)
            job.sent += 1
            reading = client.read(job.request, answer)
            attempt = client.attempt(job.sent, answer, reading.outcome, self._stage)
            job.usage += attempt.usage
            if reading.stop and (len(self._clients) == 1 or answer.status):  # another may be up
                self._replies.attempt(attempt)
                raise ProviderError(reading.stop, reading.hint)  # its place stays taken
            other_form = self._in_another_form(job, number, wire, answer)
            outcome = None if other_form else self._decided(job, reading.outcome)
            known = self._remembered(job, attempt, outcome)
        finally:
            if self._budget:
                self._budget.settle(job.request, attempt)
        self.kinds[attempt.kind] += 1
        used = attempt.usage.prompt_tokens + attempt.usage.completion_tokens
        self._gates.leave(number, place, attempt.kind, retry_s=answer.retry_s, tokens=used)
        if known is not None:
            self._results.put(known)
        elif job.pause_s and answer.retry_s is None and not other_form:
            asyncio.get_running_loop().call_later(job.pause_s, self._jobs.put_nowait, job)
        else:  # at once; the gate is closed for as long as the server wants
            self._jobs.put_nowait(job)

    def _in_another_form(self, job: Job, number: int, wire: Wire, answer: Answer) -> bool:
        """Is the job to be sent again in another form? What was learned of the form is kept."""
        client, tried = self._clients[number], job.wires.pop(number, None)
        other = client.other_wire(wire, answer)
        if other is not None:
            if tried or wire == client.wire:
                job.wires[number] = other
            return True  # else the client has learned of a form since
        if tried and answer.status == 200:
            client.fits(tried)
        elif tried and answer.status in (400, 422):
            client.misfit()
        return False

    def _decided(self, job: Job, outcome: Outcome) -> Outcome | None:
        """The outcome of the request, or None when it is to be sent again."""
        if CLASSES[outcome.reason] in ("ok", "content", "length"):
            self._served += 1
            self._up, self._failed = max(self._up, job.begun), 0
        elif job.since < 0:
            job.since, job.failed = self._served, self._begun
        return job.after(outcome, max_retries=self._settings.max_retries, served=self._served)

    def _remembered(self, job: Job, attempt: Attempt, outcome: Outcome | None) -> Outcome | None:
        """Commit an attempt with what it decided, and return what is remembered of the request.

        Failures of an outage are held back until the server serves what was sent after them: what
        was under way already, and is served, does not tell that the server is up.
        """
        if outcome is None:
            self._replies.attempt(attempt)
            return None
        kind = CLASSES[outcome.reason]
        down = kind == "transient" and job.failed >= self._up
        if down or (outcome.reason == "bad_request" and not self._served):
            self._replies.attempt(attempt)
            self._unsettled.append((job, outcome))
            self._stop_in_outage(outcome)
            return outcome
        if kind in ("ok", "content", "length"):
            self._settle([held for held in self._unsettled if held[0].failed < self._up])
            self._unsettled = [held for held in self._unsettled if held[0].failed >= self._up]
        return self._replies.conclude(attempt, outcome, endpoint=self._label)

    def _settle(self, held: Iterable[tuple[Job, Outcome]]) -> None:
        for _, outcome in held:
            self._replies.put(outcome, model=self._settings.name, endpoint=self._label)

    def _stop_in_outage(self, last: Outcome) -> None:
        self._failed += 1
        if self._failed >= OUTAGE:
            raise ProviderError(
                f"the last {self._failed} requests all failed: {last.reason}: {last.detail}",
                "Mend or restart the server, then run the same command again: it continues here.",
            )


class _Till:
    """A budget that is asked again after each attempt, and closed when nothing is under way."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._under_way = 0
        self._closed = False
        self._settled = asyncio.Event()

    async def admits(self, request: Request) -> bool:
        """May this attempt be sent? Waits while an attempt under way may leave room for it."""
        while not self._closed:
            if self._budget.admit(request):
                self._under_way += 1
                return True
            if not self._under_way:
                self._closed = True
                self._settled.set()
                break
            self._settled.clear()
            await self._settled.wait()
        return False

    def settle(self, request: Request, attempt: Attempt | None) -> None:
        """An attempt is over."""
        self._budget.settle(request, attempt)
        self._under_way -= 1
        self._settled.set()


def _gate(client: Client, settings: ModelSettings) -> Gate:
    return Gate(client.host, most=settings.concurrency, rpm=settings.rpm, tpm=settings.tpm)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, where it is installed."""
    try:
        factory: Callable[[], asyncio.AbstractEventLoop] = import_module("uvloop").new_event_loop
    except ImportError:
        return None
    return factory
