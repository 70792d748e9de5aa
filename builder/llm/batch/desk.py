"""From requests to outcomes by way of batches: one loop over the states of the ledger.

intended    lines are claimed; the file may be at the server already
uploaded    the server has the file
creating    the batch may have been made; found out by listing before it is tried again
submitted   the batch has an id; looked at until it is over, then its files are fetched
closed      every line has an answer, or is free to be claimed again
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Unpack

from builder.errors import ProviderError, RunError
from builder.llm.access import host_of
from builder.llm.batch.jobs import NO_ANSWER, Jobs, result, unknown
from builder.llm.batch.ledger import Batch, Ledger, Line
from builder.llm.batch.server import (
    GROWTH,
    PATIENCE,
    SLOWEST_LOOK,
    BatchServer,
    Full,
    Refused,
    Remote,
)
from builder.llm.batch.spool import Spool
from builder.llm.client import Answer
from builder.llm.crew import Options, Progress, result_of
from builder.llm.judge import judge
from builder.llm.outcomes import UNSENT
from builder.llm.replies import Outcome
from builder.llm.request import Reply, Request
from builder.records import Failure

CLAIMED = 200  # lines that are claimed in one transaction
ODD = 3  # looks at a batch that is lost, or over and without files, before that is believed


@dataclass(slots=True)
class _Own:
    """A batch that this builder handles.

    told:  what was last said of it; seen: whether it was under way when this builder looked.
    tries: at making it, or at getting the files of one that is over.
    """

    told: str = ""
    seen: bool = False
    tries: int = 0


@dataclass(slots=True)
class _Brought:
    """What a batch has brought.

    run:   that has sent it.
    lines: those that are not answered; last: what was said to the last one that is.
    stop, hint: what ends the run; in_vain: it was never told more than to come back later;
    served:     whether the model took any of them.
    """

    run: str
    lines: dict[str, Line]
    last: str = ""
    stop: str = ""
    hint: str = ""
    in_vain: bool = True
    served: bool = False


class Desk:
    """The requests of one call, from what is remembered to the last outcome."""

    def __init__(self, spool: Spool, ledger: Ledger, **options: Unpack[Options]) -> None:
        self._spool = spool
        self._ledger = ledger
        self._settings = options["settings"]
        self._replies = options["replies"]
        self._api_key = options["api_key"]
        self._on_progress = options.get("on_progress")
        self._retry_failed = options.get("retry_failed", False)
        self._stage = options.get("stage", "write")
        self._budget = options.get("budget")
        self._progress = Progress()
        self._theirs: set[str] = set()  # keys that other builders have claimed
        self._own: dict[str, _Own] = {}  # by token
        self._unsent: dict[str, Outcome] = {}
        self._most_lines = self._settings.batch_lines
        self._blocked_until = 0.0
        self._poll_s = self._pause_s = self._settings.batch_poll_s
        self._sends = True

    def work(self) -> None:
        """Have every request answered. Returns at once when all are remembered."""
        pending = self._recall()
        if not pending:
            return
        with self._opened() as self._server:
            self._sort(pending)
            while self._jobs.pending:
                self._take_up()
                moved = self._step()
                moved |= self._submit()
                if self._jobs.pending and not moved:
                    self._wait()
        self._jobs.settle_outage()

    def take_over(self) -> None:
        """Take what the batches have brought. Raises RunError if requests are still in one."""
        self._sends = False
        pending = self._recall()
        if not pending:
            return
        with self._opened() as self._server:
            self._sort(pending)
            self._take_up()
            while self._step() or self._is_unsure():
                time.sleep(self._poll_s if self._is_unsure() else 0.0)
        held = self._jobs.pending & self._ledger.awaited().keys()
        if held:
            told = "; ".join(own.told for own in self._own.values() if own.told)
            raise RunError(
                f"{len(held):,} of the requests are in a batch under way"
                + (f" ({told})" if told else " of another builder"),
                "Add --batch to wait for it. Or cancel it (builder batches RUN --cancel), then run "
                "this again: what is done is kept, the rest goes one by one.",
            )
        self._ledger.strike(self._jobs.pending & self._ledger.answered())

    def result(self, request: Request) -> Reply | Failure:
        """What came of a request, once `work` is done."""
        outcome = self._unsent.get(request.key) or self._replies.get(request.key)
        assert outcome is not None  # noqa: S101  # every request was settled
        return result_of(request, judge(outcome, request.schema), self._stage)

    # What is known, and who has it

    def _recall(self) -> set[str]:
        """The keys of requests that are not remembered."""
        pending = set()
        for key in self._spool.keys():  # noqa: SIM118  # no mapping
            outcome = self._recalled(key)
            if self._sends:
                self._replies.asked(key, remembered=outcome is not None)
            if outcome is None:
                pending.add(key)
            else:
                self._count(outcome, remembered=True)
        return pending

    def _recalled(self, key: str) -> Outcome | None:
        outcome = self._replies.get(key)
        if outcome is None or (outcome.reason and self._retry_failed):
            return None
        return judge(outcome, self._spool.request(key).schema)

    def _opened(self) -> BatchServer:
        key = self._api_key
        return BatchServer(self._settings, key if isinstance(key, str) else key(), self._say)

    def _sort(self, pending: set[str]) -> None:
        """Tell requests that are under way from those that nobody has claimed."""
        self._jobs = Jobs(
            self._spool,
            self._ledger,
            self._server.client,
            self._settings,
            self._stage,
            self._budget,
            self._replies.run,
        )
        self._jobs.pending = pending
        learned = self._ledger.learned(self._server.url, self._settings.name)
        if learned and self._server.client.wire.found:  # else the form was set by hand
            self._server.client.fits(learned)
        awaited = self._ledger.awaited().keys()
        self._theirs = pending & awaited
        free = pending - awaited
        self._jobs.ready.extend(key for key in self._spool.keys() if key in free)  # noqa: SIM118  # as above
        for outcome in self._jobs.renew():
            self._settle(outcome)
        self._take_up_unwanted()

    def _take_up(self) -> None:
        """Take the batches with requests of ours that no living builder handles."""
        for batch in self._ledger.batches():
            if batch.token in self._own:
                continue
            keys = {line.key for line in self._ledger.lines(batch.token).values()}
            wanted = keys & self._jobs.pending
            if keys and not wanted:
                continue
            if wanted and batch.server != self._server.url:
                raise RunError(
                    f"{len(wanted):,} of the requests are in a batch at {host_of(batch.server)}",
                    f"Give that address (--base-url {batch.server}), or cancel the batch: "
                    "builder batches RUN --cancel",
                )
            if self._ledger.lease(batch.token):
                self._adopt(batch.token)
        self._look_at_theirs()

    def _take_up_unwanted(self) -> None:
        """Take what batches of this run have brought that nobody asks for now: it was paid.

        What is under way of them is looked at once, and held against the budget.
        """
        for batch in self._ledger.batches():
            lines = self._ledger.lines(batch.token)
            wanted = self._jobs.pending & {line.key for line in lines.values()}
            if not lines or wanted or not self._is_ours(batch):
                continue
            if batch.state != "creating" and self._ledger.lease(batch.token):
                self._end_unwanted(batch)
            if self._budget:
                for line in self._ledger.lines(batch.token).values():
                    self._hold(batch, line)

    def _end_unwanted(self, batch: Batch) -> None:
        """Close a batch that is over, or was never made; else it stays as it is."""
        if batch.state != "submitted" or not self._ledger.lines(batch.token):
            self._free(batch.token, "nothing was left to do")
            return
        try:
            remote = self._server.look(batch.batch)
            over = remote if remote and remote.over and self._server.has_results(remote) else None
            if over and self._fetch(batch, _Own(), over):
                self._free(batch.token, over.told())
                return
        except ProviderError as err:  # the run needs nothing of it
            self._say(f"{batch.batch} could not be looked at: {err.message}")
        self._ledger.release(batch.token)

    def _is_ours(self, batch: Batch) -> bool:
        return batch.run == self._replies.run and batch.server == self._server.url

    def _hold(self, batch: Batch, line: Line) -> None:
        """Set aside what a line may cost that nobody asks for now; its size is a rough share."""
        assert self._budget is not None  # noqa: S101  # the caller has looked
        share = batch.tokens // max(1, batch.requests)
        held = unknown(line.key, share, self._settings.max_output_tokens)
        self._budget.settle(held, None)  # held already in an earlier round
        self._budget.admit(held)

    def _adopt(self, token: str) -> None:
        lines = self._ledger.lines(token)
        if not lines:
            self._free(token, "nothing was left to do")
            return
        self._own[token] = _Own()
        batch = self._ledger.batch(token)
        for line in lines.values():
            self._theirs.discard(line.key)
            if self._budget and self._is_ours(batch):  # it is on its way already
                if line.key in self._jobs.pending:
                    self._budget.admit(self._spool.request(line.key))
                else:
                    self._hold(batch, line)

    def _look_at_theirs(self) -> None:
        """Take what other builders have got, and what they have let go."""
        if not self._theirs:
            return
        got = sorted(self._theirs - self._ledger.awaited().keys())
        answered = self._ledger.answered() if got else set()
        for key in got:
            self._theirs.discard(key)
            outcome = self._recalled(key)
            if outcome is None and key in answered:
                outcome = self._jobs.judged(key)
            if outcome is None:
                self._jobs.ready.append(key)
            else:
                self._settle(outcome)

    # From one state of a batch to the next

    def _step(self) -> bool:
        """Bring each batch forward; has any of them changed its state?"""
        moved = False
        for token, own in list(self._own.items()):
            batch = self._ledger.batch(token)
            if batch.state == "submitted":
                moved |= self._look(batch, own)
            elif batch.state == "creating":
                moved |= self._find(batch, own)
            else:
                moved |= self._go_on(batch, own)
        return moved

    def _go_on(self, batch: Batch, own: _Own) -> bool:
        """A batch that was not made yet: its file is used, if it is there and all still wanted."""
        keys = {line.key for line in self._ledger.lines(batch.token).values()}
        wanted = self._sends and keys <= self._jobs.pending
        file = batch.file or (wanted and self._server.find_file(batch.token, batch.since))
        if wanted and file:
            self._ledger.move(batch.token, "uploaded", file=file)
            self._make(batch.token, file, own)
        else:
            self._free(batch.token, "it was not made")
        return True

    def _make(self, token: str, file: str, own: _Own) -> None:
        self._ledger.move(token, "creating")
        own.tries += 1
        if own.tries > PATIENCE:
            raise ProviderError(
                f"{self._server.client.host} failed {PATIENCE} times to make a batch",
                "Nothing was lost: run the same command again later.",
            )
        try:
            remote = self._server.create(file, token)
        except Full as err:
            self._make_room(token, str(err))
            return
        except Refused as err:
            self._free(token, err.message)
            raise
        if remote:
            self._submitted(token, remote, own)

    def _submitted(self, token: str, remote: Remote, own: _Own) -> None:
        self._ledger.move(token, "submitted", batch=remote.id)
        own.tries = 0
        self._tell(own, remote)

    def _find(self, batch: Batch, own: _Own) -> bool:
        """The batch may have been made when nobody was told of it."""
        remote = self._server.find(batch.token, batch.file, batch.since)
        if remote:
            self._submitted(batch.token, remote, own)
            return True
        return not batch.may_appear(self._poll_s) and self._go_on(batch, own)

    def _is_unsure(self) -> bool:
        return any(self._ledger.batch(token).state == "creating" for token in self._own)

    def _look(self, batch: Batch, own: _Own) -> bool:
        remote = self._server.look(batch.batch, waits=self._sends)
        if remote is None:
            own.tries += 1
            if own.tries < ODD:
                return False
            raise ProviderError(
                f"{self._server.client.host} does not know {batch.batch} any more, a batch of "
                f"{batch.requests:,} requests",
                "Give it up (builder batches RUN --cancel), then run the same command again: its "
                "requests are sent once more, and paid once more if it was worked on.",
            )
        if self._tell(own, remote):
            self._pause_s = self._poll_s
        if remote.over:
            return self._finish(batch, own, remote)
        own.seen = True
        return False

    def _make_room(self, token: str, said: str) -> None:
        """The server takes no more for now: wait, and send less at once if that is all there is."""
        requests = self._ledger.batch(token).requests
        self._free(token, f"not taken: {said}")
        if not self._own:
            if requests <= 1:
                raise ProviderError(
                    f"{self._server.client.host} takes no batch now, however small: {said}",
                    "Wait until other batches of the account are over, then run the same command "
                    "again.",
                )
            self._most_lines = max(1, requests // 2)
        self._blocked_until = time.monotonic() + self._pause_s
        self._say(f"{self._server.client.host} takes no more for now, trying later: {said}")

    # What a batch has brought

    def _finish(self, batch: Batch, own: _Own, remote: Remote) -> bool:
        """Take over what a batch that is over has brought; False when its files are not there."""
        if remote.status == "failed" and not (remote.output or remote.errors):
            self._failed(batch, remote)
            return True
        brought = self._fetch(batch, own, remote)
        if brought is None:
            return False
        if remote.status == "completed":
            for line in brought.lines.values():
                self._answered(line, NO_ANSWER, brought)
        self._free(batch.token, remote.told())
        if brought.served:
            self._ledger.learn(self._server.url, self._settings.name, self._server.client.wire)
        self._blocked_until = 0.0
        self._pause_s = self._poll_s
        if brought.stop:
            raise ProviderError(brought.stop, brought.hint)
        if self._sends:
            _refuse_to_go_on(own, remote, brought)
        return True

    def _failed(self, batch: Batch, remote: Remote) -> None:
        """The server has refused the file of a batch."""
        if remote.full and self._sends:
            self._make_room(batch.token, "; ".join(remote.faults))
            return
        said = "; ".join(remote.faults[:3]) or "it does not say why"
        more = f" and {len(remote.faults) - 3:,} more" if len(remote.faults) > 3 else ""
        self._free(batch.token, f"{remote.id} failed: {said}")
        if self._sends:
            raise ProviderError(
                f"{self._server.client.host} refused batch {remote.id} of {batch.requests:,} "
                f"requests: {said}{more}",
                "Nothing of it was worked on or paid. Mend the cause, then run the same command "
                "again; or leave out --batch to see what a single request is told.",
            )

    def _fetch(self, batch: Batch, own: _Own, remote: Remote) -> _Brought | None:
        """Act on the files of results; None when they are not there. Raises when that stays so."""
        lines = self._ledger.lines(batch.token)
        brought = _Brought(batch.run, lines, in_vain=len(lines) == batch.requests)
        named = [file for file in (remote.output, remote.errors) if file]
        for file in named:
            with TemporaryFile(dir=self._replies.path.parent) as results:
                may_be_empty = file == remote.errors or not remote.completed
                if not self._server.fetch(file, results, may_be_empty=may_be_empty):
                    break
                results.seek(0)
                for raw in results:
                    self._take(raw, brought)
        else:
            if named or remote.status != "completed" or not lines:
                return brought
        own.tries += 1
        if own.tries < ODD:
            return None
        raise ProviderError(
            f"{remote.told()}, but its results are not there",
            "They may have expired. Give the batch up (builder batches RUN --cancel), then run the "
            "same command again: its requests are sent, and paid, once more.",
        )

    def _take(self, raw: bytes, brought: _Brought) -> None:
        """Act on one line of results, unless that was done before."""
        found = result(raw)  # None: no result; its request will be found to have none
        if found and found[1] and found[0] in brought.lines:
            self._answered(brought.lines.pop(found[0]), found[1], brought)

    def _answered(self, line: Line, answer: Answer, brought: _Brought) -> None:
        reading, outcome = self._jobs.answered(line, answer, brought.run)
        self._progress.sent += 1
        self._progress.kinds = dict(self._jobs.kinds)
        brought.last = reading.outcome.detail
        brought.in_vain &= reading.outcome.reason == "rate_limited"
        brought.served |= answer.status == 200
        if reading.stop:
            brought.stop, brought.hint = reading.stop, reading.hint
        if outcome is not None and line.key in self._jobs.pending:
            self._settle(outcome)

    # What is sent

    def _submit(self) -> bool:
        """Send what is ready, as far as there is room; was anything sent?"""
        sent = False
        while self._jobs.ready and time.monotonic() >= self._blocked_until:
            waiting = sum(self._ledger.batch(token).tokens for token in self._own)
            if self._settings.batch_tokens and waiting >= self._settings.batch_tokens:
                break
            with TemporaryFile(dir=self._replies.path.parent) as file:
                token = self._written(file, self._settings.batch_tokens - waiting)
                if not token:
                    break
                sent = True
                size, lines = file.tell(), self._ledger.batch(token).requests
                self._say(f"sending {lines:,} requests, {size / 1e6:,.1f} MB")
                file_id = self._server.upload(token, file, size)
            self._ledger.move(token, "uploaded", file=file_id)
            self._make(token, file_id, self._own[token])
        return sent

    def _written(self, file: IO[bytes], room: int) -> str:
        """Claim requests for a new batch and write them into its file; "" when there are none.

        room: tokens that its prompts may have together, if there is such a limit.
        """
        token = self._ledger.intend(self._server.url, self._settings.name)
        lines = tokens = 0
        full = False
        while self._jobs.ready and not full and lines < self._most_lines:
            drawn: list[tuple[Line, bytes]] = []
            size = file.tell()
            while self._jobs.ready and len(drawn) < min(CLAIMED, self._most_lines - lines):
                line, raw, n_tokens = self._jobs.line(self._jobs.ready[0], self._server.path)
                if len(raw) > self._settings.batch_mb * 1e6:
                    self._settle(self._jobs.reject(self._jobs.ready.popleft(), len(raw)))
                    continue
                first = not lines and not drawn
                too_many = bool(self._settings.batch_tokens) and tokens + n_tokens > room
                full = size + len(raw) > self._settings.batch_mb * 1e6 or (too_many and not first)
                full = full or not self._admitted(line.key, alone=first)
                if full:
                    break
                self._jobs.ready.popleft()
                drawn.append((line, raw))
                size += len(raw)
                tokens += n_tokens
            lines += self._claimed(token, drawn, file)
        if not lines:
            self._ledger.end(token, "empty")
            return ""
        self._ledger.move(token, "intended", requests=lines, tokens=tokens)
        self._own[token] = _Own()
        return token

    def _claimed(self, token: str, drawn: list[tuple[Line, bytes]], file: IO[bytes]) -> int:
        """Write the lines that no other builder has; their number."""
        again = self._retry_failed
        got = self._ledger.claim(token, [line for line, _ in drawn], again=again)
        for (line, raw), mine in zip(drawn, got, strict=True):
            if mine:
                file.write(raw)
            else:
                self._theirs.add(line.key)
                if self._budget:
                    self._budget.settle(self._spool.request(line.key), None)
        return sum(got)

    def _admitted(self, key: str, *, alone: bool) -> bool:
        """May it be sent now? When nothing is under way that could leave room: no, never."""
        if self._budget is None or self._budget.admit(self._jobs.job(key)[0].as_sent):
            return True
        if alone and not self._own:
            detail = "not sent: the limit of cost or requests is reached"
            while self._jobs.ready:
                outcome = Outcome(key=self._jobs.ready.popleft(), reason=UNSENT, detail=detail)
                self._unsent[outcome.key] = outcome
                self._settle(outcome)
        return False

    # What is told

    def _free(self, token: str, detail: str) -> None:
        """Close a batch; its requests without an answer are ready again."""
        self._own.pop(token, None)
        open_batches = self._ledger.batches()  # without this one, if another builder has closed it
        ours = any(batch.token == token and self._is_ours(batch) for batch in open_batches)
        for key in self._ledger.end(token, detail):
            wanted = key in self._jobs.pending
            if wanted:
                self._jobs.ready.append(key)
            if self._budget and ours:
                self._budget.settle(self._spool.request(key) if wanted else unknown(key), None)

    def _settle(self, outcome: Outcome) -> None:
        """A request has its outcome."""
        self._jobs.pending.discard(outcome.key)
        self._progress.prompt_tokens += outcome.usage.prompt_tokens
        self._progress.completion_tokens += outcome.usage.completion_tokens
        self._count(outcome, remembered=False)

    def _count(self, outcome: Outcome, *, remembered: bool) -> None:
        times = self._spool.times(outcome.key)
        self._progress.done += times
        self._progress.remembered += times if remembered else 0
        self._progress.failed += times if outcome.reason else 0
        self._show()

    def _tell(self, own: _Own, remote: Remote) -> bool:
        """Say how far a batch is, if it is any further."""
        said = remote.told()
        if said == own.told:
            return False
        own.told = said
        self._say(said)
        return True

    def _say(self, said: str) -> None:
        self._progress.note = said
        self._show()
        self._progress.note = ""

    def _show(self) -> None:
        if self._on_progress and self._sends:  # else the requests are counted by who asks
            self._on_progress(self._progress)

    def _wait(self) -> None:
        """Wait until the next look, longer each time while nothing changes."""
        pause_s = self._pause_s
        if self._jobs.ready:
            pause_s = min(pause_s, max(0.0, self._blocked_until - time.monotonic()) or pause_s)
        time.sleep(pause_s)
        self._pause_s = min(GROWTH * self._pause_s, SLOWEST_LOOK * self._poll_s)


def _refuse_to_go_on(own: _Own, remote: Remote, brought: _Brought) -> None:
    """Raise ProviderError when sending the rest anew is for the user to decide."""
    if own.seen and remote.status == "cancelled":
        raise ProviderError(
            f"a batch was cancelled: {remote.told()}",
            "What is done is kept. Run the same command again to send the rest anew, or leave out "
            "--batch to send it one by one.",
        )
    if brought.in_vain and (brought.lines or brought.last) and remote.status != "cancelled":
        said = f": {brought.last}" if brought.last else ""
        raise ProviderError(
            f"the server worked on none of a batch: {remote.told()}{said}",
            "Run the same command again to send it anew, or leave out --batch.",
        )
