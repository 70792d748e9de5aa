"""What can come of one attempt at a request: six classes of trouble, and the record of it.

    rate        429: the endpoint is busy; not the request's fault, so not one of its tries
    transient   408, 409, 5xx, lost connection, timeout, status 200 without a reply: tried again
    content     not JSON, another shape than the schema's, empty: asked again, told what was wrong
    length      cut off at the output limit: asked again once, with twice the limit
    permanent   400, too long, filtered, refused: rejected at once
    fatal       401, 403, 404, no credit: no request can succeed, the run stops

A reason is the code of one failure (`timeout`), a class says what is done about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from builder.llm.request import NO_USAGE, Request, Usage

Class = Literal["ok", "rate", "transient", "content", "length", "permanent", "fatal"]

CLASSES: Mapping[str, Class] = {
    "": "ok",
    "rate_limited": "rate",
    "timeout": "transient",
    "server_error": "transient",
    "connection": "transient",
    "empty": "content",
    "not_json": "content",
    "schema": "content",
    "truncated": "length",
    "bad_request": "permanent",
    "too_long": "permanent",
    "content_filter": "permanent",
    "refusal": "permanent",
    "fatal": "fatal",
}
UNSENT = "budget"  # the reason of a request that the budget left no room for; never remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One HTTP request and what came of it.

    number:    counts the attempts at this request in this run, from 1.
    status:    of HTTP; 0 when there was no answer.
    text:      what the model said; where there was no such thing, what the server sent.
    latency_s: from sending to the whole answer; waiting for a place to send is not in it.
    endpoint:  host and port that were asked.
    stage:     of the build that asked; batch: sent in a batch, at its price.
    """

    key: str
    number: int
    kind: Class
    reason: str
    detail: str
    status: int
    text: str
    finish_reason: str = ""
    usage: Usage = NO_USAGE
    latency_s: float = 0.0
    model: str = ""
    endpoint: str = ""
    stage: str = ""
    batch: bool = False


class Budget(Protocol):
    """What may be spent. Both are called on the one thread that sends."""

    def admit(self, request: Request) -> bool:
        """May this attempt be sent now? Called before each; True reserves what it may cost."""

    def settle(self, request: Request, attempt: Attempt | None) -> None:
        """An admitted attempt is over, with its usage; None: given up without an answer."""
