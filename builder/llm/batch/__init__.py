"""Ask by the Batch API: the contract of `ask`, at the price of a batch and at its pace.

    spool     all requests in a file: a batch wants them at once
    ledger    what was handed over, beside the replies, with claims and leases
    server    the server's side, with patience
    jobs      what each request was told, and what follows
    desk      the loop over them

Each line of a batch is claimed before its file is sent, each result is remembered before it is
acted on, and what is to be asked again goes into the next file. So a builder that is killed at any
moment goes on where it stopped: the server's side is found again by the token in the file's name
and the batch's metadata.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Unpack

from builder.config import ModelSettings
from builder.llm.access import host_of
from builder.llm.batch.desk import Desk
from builder.llm.batch.ledger import Batch, Ledger, has_answers, has_batches, under_way
from builder.llm.batch.server import BatchServer
from builder.llm.batch.spool import Spool
from builder.llm.crew import Options, ask
from builder.llm.replies import Replies
from builder.llm.request import Reply, Request
from builder.records import Failure

__all__ = ["ask_batch", "ask_online", "has_batches", "looked_at", "under_way"]


def ask_batch(
    requests: Iterable[Request], **options: Unpack[Options]
) -> Iterator[tuple[Request, Reply | Failure]]:
    """As `ask`, by batches: all requests are answered before the first result is yielded.

    Nothing is ever submitted twice, however often the program is killed, and by however many
    builders that share a file of replies. Raises ProviderError when the server cannot serve the
    run; what it has of ours stays there and is taken up by the next call.
    """
    replies = options["replies"]
    with Spool(replies.path.parent) as spool:
        spool.take(requests)
        with closing(Ledger(replies)) as ledger:
            desk = Desk(spool, ledger, **options)
            desk.work()
        for request in spool:
            yield request, desk.result(request)


def ask_online(
    requests: Iterable[Request], **options: Unpack[Options]
) -> Iterator[tuple[Request, Reply | Failure]]:
    """As `ask`, once what earlier batches have brought is taken over.

    Raises RunError when a batch under way holds some of the requests: they would be paid twice.
    """
    replies = options["replies"]
    with Spool(replies.path.parent) as spool:
        if has_batches(replies) or has_answers(replies):
            requests = spool.take(requests)
            with closing(Ledger(replies)) as ledger:
                Desk(spool, ledger, **options).take_over()
        yield from ask(requests, **options)


def looked_at(
    replies: Replies, settings: ModelSettings, api_key: str, *, cancel: bool = False
) -> Iterator[str]:
    """A line on each batch of a file of replies that is not closed; cancel: and stop it.

    A batch that goes to another server than settings names is only told of. What a cancelled batch
    has done is kept: the next build takes it over.
    """
    if not has_batches(replies):
        return
    with closing(Ledger(replies)) as ledger, BatchServer(settings, api_key) as server:
        for batch in ledger.batches():
            told = f"{batch.requests:,} requests to {batch.model}, {batch.at}: "
            if batch.server != server.url:
                yield f"{told}at {host_of(batch.server)}"
                continue
            if batch.batch:
                remote = server.look(batch.batch)
            else:
                remote = server.find(batch.token, batch.file, batch.since)
            if remote is None:
                what = f"{batch.batch} is not known there" if batch.batch else "not submitted yet"
                if batch.may_appear(settings.batch_poll_s):
                    yield f"{told}perhaps just being made; look again in a while"
                else:
                    yield told + _let_go(ledger, batch, what, cancel=cancel)
                continue
            if remote.over and not server.has_results(remote):
                what = f"{remote.told()}, without results"
                yield told + _let_go(ledger, batch, what, cancel=cancel)
                continue
            refused = server.cancel(remote.id) if cancel and not remote.over else ""
            done = f"; not cancelled: {refused}" if refused else "; cancel was asked for"
            yield told + remote.told() + (done if cancel and not remote.over else "")


def _let_go(ledger: Ledger, batch: Batch, what: str, *, cancel: bool) -> str:
    """What a batch that can bring nothing is; given up if that is wanted."""
    if not cancel:
        return what
    if not ledger.lease(batch.token):
        return f"{what}; not given up: a builder is working on it"
    ledger.end(batch.token, "given up")
    return f"{what}; given up"
