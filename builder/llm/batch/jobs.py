"""What each request was told so far, and what follows from one more answer.

A job is rebuilt from the answers in the ledger by the same code that acts on a new one, so a
builder that takes up another's batch decides as that one would have.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import replace
from typing import Any

from builder.config import ModelSettings
from builder.errors import ProviderError
from builder.llm.access import label_of
from builder.llm.batch.ledger import Ledger, Line
from builder.llm.batch.spool import Spool
from builder.llm.client import Answer, Client, Reading
from builder.llm.crew import OUTAGE
from builder.llm.job import CHARACTERS, Job
from builder.llm.outcomes import CLASSES, Budget
from builder.llm.replies import Outcome
from builder.llm.request import Message, Params, Request
from builder.llm.wire import Wire

NO_ANSWER = Answer(
    500, b'{"error": {"message": "the batch is over and brought no answer to this request"}}'
)
_UNDONE = ("expired", "cancelled", "canceled")  # in the codes of lines that were not worked on


class Jobs:
    """The requests of one call, of which `pending` have no outcome yet.

    ready:   keys that are to be sent, oldest first.
    chained: keys that were answered, and are to be asked again.
    kinds:   the number of answers by class, as in outcomes.py.
    """

    def __init__(
        self,
        spool: Spool,
        ledger: Ledger,
        client: Client,
        settings: ModelSettings,
        stage: str,
        budget: Budget | None,
        run: str,
    ) -> None:
        self.pending: set[str] = set()
        self.ready: deque[str] = deque()
        self.chained = ledger.answered()
        self.kinds: Counter[str] = Counter()
        self._spool = spool
        self._ledger = ledger
        self._client = client
        self._settings = settings
        self._stage = stage
        self._budget = budget
        self._run = run
        self._label = label_of(settings)
        self._held: list[Outcome] = []  # failures that may be the beginning of an outage
        self._served = 0

    def job(self, key: str) -> tuple[Job, Outcome | None]:
        """A request with what was tried so far, and what that led to."""
        job, decided = Job(order=0, request=self._spool.request(key)), None
        for line, answer in self._ledger.answers(key) if key in self.chained else ():
            decided = self._after(job, line, answer, self._client.read(job.request, answer))
        return job, decided

    def line(self, key: str, path: str) -> tuple[Line, bytes, int]:
        """The next line for a request, as it goes into a file, and the tokens of its prompt."""
        job, _ = self.job(key)
        wire: Wire = job.wires.get(0, self._client.wire)
        line = Line(key, job.sent + 1, wire)
        body = wire.body(job.request, self._settings.name, more=job.more, factor=job.factor)
        said = {"custom_id": line.custom_id, "method": "POST", "url": path, "body": body}
        n_characters = sum(len(message.content) for message in job.as_sent.messages)
        return line, json.dumps(said).encode() + b"\n", n_characters // CHARACTERS

    def renew(self) -> list[Outcome]:
        """Commit usable answers that came when nobody wanted them; returns what they led to.

        Failures that were held back when a builder died are begun anew.
        """
        held, usable = [], []
        for key in [key for key in self.ready if key in self.chained]:
            outcome = self.job(key)[1]
            if outcome is not None and outcome.reason:
                held.append(key)
            elif outcome is not None:
                usable.append(self._ledger.conclude(None, outcome, endpoint=self._label))
        self._ledger.strike(held)
        self.chained -= {*held, *(outcome.key for outcome in usable)}
        done = {outcome.key for outcome in usable}
        self.ready = deque(key for key in self.ready if key not in done)
        return usable

    def judged(self, key: str) -> Outcome | None:
        """Commit what another builder was told and did not judge, if it is usable."""
        self.chained.add(key)
        outcome = self.job(key)[1]
        if outcome is None or outcome.reason:
            return None
        return self._ledger.conclude(None, outcome, endpoint=self._label)

    def answered(self, line: Line, answer: Answer, run: str) -> tuple[Reading, Outcome | None]:
        """Commit an answer with what follows from it: an outcome, or being ready again.

        run: that sent the line; only the own budget is charged, and only for the own lines.
        """
        wanted = line.key in self.pending
        request = self._spool.request(line.key) if wanted else unknown(line.key)
        reading = self._client.read(request, answer)
        made = self._client.attempt(line.number, answer, reading.outcome, self._stage)
        attempt = replace(made, batch=True)
        self.kinds[attempt.kind] += 1
        if self._budget and run == self._run:
            self._budget.settle(request, attempt)
        if reading.stop or (not wanted and reading.outcome.reason):
            self._ledger.free(line, attempt, run=run)
            return reading, None
        if not wanted:
            self._ledger.keep(line, answer, attempt, run=run)
            return reading, None
        decided = self._after(self.job(line.key)[0], line, answer, reading)
        if decided is not None and not self._is_down(decided):
            outcome = self._ledger.conclude(attempt, decided, endpoint=self._label, run=run)
            return reading, outcome
        self._ledger.keep(line, answer, attempt, run=run)
        self.chained.add(line.key)
        if decided is None:
            self.ready.append(line.key)
        else:
            self._held.append(decided)
        return reading, decided

    def reject(self, key: str, size: int) -> Outcome:
        """Commit that a request is too large for a file of its own; size: bytes of its line."""
        most = self._settings.batch_mb
        detail = f"{size:,} bytes as a line of a batch, over the {most:g} MB of a whole file"
        outcome = Outcome(key=key, reason="too_long", detail=detail, attempts=0)
        return self._ledger.conclude(None, outcome, endpoint=self._label)

    def settle_outage(self) -> None:
        """Remember failures that were held back, unless nothing but failures came.

        Raises ProviderError then, and they are forgotten.
        """
        if self._held and not self._served and len(self._held) >= OUTAGE:
            last = self._held[-1]
            self._ledger.strike(outcome.key for outcome in self._held)
            raise ProviderError(
                f"all {len(self._held):,} requests failed: {last.reason}: {last.detail}",
                "Mend the cause, then run the same command again: it continues here.",
            )
        for outcome in self._held:
            self._ledger.conclude(None, outcome, endpoint=self._label)

    def _after(self, job: Job, line: Line, answer: Answer, reading: Reading) -> Outcome | None:
        """The outcome of a request after one more answer, or None when it is to be asked again."""
        job.sent += 1
        job.usage += reading.outcome.usage
        job.since = 0
        tried = job.wires.pop(0, None)
        other = self._client.other_wire(line.form, answer)
        if other is not None:
            job.wires[0] = other
            return None
        if answer.status == 200:
            self._client.fits(line.form)
        elif tried and answer.status in (400, 422):
            self._client.misfit()
        if CLASSES[reading.outcome.reason] in ("ok", "content", "length"):
            self._served += 1
        retries = self._settings.max_retries
        return job.after(reading.outcome, max_retries=retries, served=self._served)

    def _is_down(self, outcome: Outcome) -> bool:
        """Could this failure be the server's rather than the request's?"""
        kind = CLASSES[outcome.reason]
        return not self._served and (kind == "transient" or outcome.reason == "bad_request")


def result(raw: bytes) -> tuple[str, Answer | None] | None:
    """A line of results: its custom_id and answer, None for one that was not worked on.

    None as a whole when it is no such line.
    """
    try:
        said = json.loads(raw)
        custom_id = str(said["custom_id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    response, error = said.get("response"), said.get("error")
    if isinstance(response, dict) and isinstance(response.get("status_code"), int):
        body: Any = response.get("body")  # JSON
        return custom_id, Answer(response["status_code"], json.dumps(body).encode())
    code = str(error.get("code")) if isinstance(error, dict) else ""
    if any(word in code for word in _UNDONE):
        return custom_id, None
    return custom_id, Answer(500, json.dumps({"error": error}).encode()) if error else NO_ANSWER


def unknown(key: str, n_tokens: int = 0, max_tokens: int = 0) -> Request:
    """A request of which only its size is known; what it brings is judged by who asks for it."""
    messages = (Message(role="user", content=" the" * n_tokens),)  # a word, a token
    params = Params(temperature=0.0, max_tokens=max_tokens)
    return Request(key=key, messages=messages, schema="", params=params, chunk_id="")
