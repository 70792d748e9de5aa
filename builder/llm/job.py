"""One request on its way: what to do after each answer, until there is an outcome."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from builder.llm.judge import judged_text
from builder.llm.outcomes import CLASSES
from builder.llm.repair import CUT
from builder.llm.replies import Outcome
from builder.llm.request import NO_USAGE, Message, Request, Usage
from builder.llm.wire import Wire

ASK_AGAIN = 2  # times that a model is told what was wrong with its reply
MORE = 2  # the output limit is raised by this factor, once
SINGLED_OUT = 30  # times that a request is limited while others are served: it is too large
FIRST_PAUSE_S = 0.5  # before the second try after a fault of the server; doubles with each
LONGEST_PAUSE_S = 8.0
MAX_SHOWN = 4_000  # characters of a wrong reply that the model gets to see again
CHARACTERS = 4  # of a prompt for one token, roughly, for the limit of tokens per minute

_CORRECTION = """\
This reply cannot be used: {fault}.
Reply again with the whole JSON object in the form that was asked for, and with nothing else."""


@dataclass(slots=True, eq=False)
class Job:
    """A request with what was tried so far.

    order:   of being taken up; the smallest goes first.
    sent:    HTTP requests for it; tries: those that the server failed at.
    pause_s: how long to wait before the next one.
    wires:   forms to try next, by the number of the endpoint; the endpoint's own otherwise.
    more:    what the model is told about its last reply; factor: of the output limit.
    begun:   when its last attempt was, on the crew's count of attempts begun.
    since:   when it first failed, on the crew's count of served attempts; -1 before.
    failed:  the same on its count of attempts begun.
    """

    order: int
    request: Request
    sent: int = 0
    usage: Usage = NO_USAGE
    pause_s: float = 0.0
    wires: dict[int, Wire] = field(default_factory=dict)
    more: tuple[Message, ...] = ()
    factor: int = 1
    begun: int = 0
    since: int = -1
    failed: int = 0
    _tries: int = 0
    _asked: int = 0
    _limited: int = 0
    _kept: Outcome | None = None  # a reply of which a part can be used
    _last: Outcome | None = None  # the last one that failed by its content

    def __lt__(self, other: Job) -> bool:
        return self.order < other.order

    @property
    def tokens(self) -> int:
        """What one attempt may use, at most, by a rough count."""
        n_characters = sum(len(said.content) for said in (*self.request.messages, *self.more))
        return n_characters // CHARACTERS + self.request.params.max_tokens * self.factor

    @property
    def as_sent(self) -> Request:
        """The request with what was added to it since it failed; its key stays."""
        if not self.more and self.factor == 1:
            return self.request
        params = self.request.params
        return replace(
            self.request,
            messages=(*self.request.messages, *self.more),
            params=replace(params, max_tokens=params.max_tokens * self.factor),
        )

    def after(self, outcome: Outcome, *, max_retries: int, served: int) -> Outcome | None:
        """The outcome of the request, or None when it is to be sent again after pause_s.

        served: how many requests the server has served so far.
        """
        self.pause_s = 0.0
        kind = CLASSES[outcome.reason]
        if kind == "rate":
            self._limited += 1
            alone = self._limited > SINGLED_OUT and served - self.since > SINGLED_OUT
            return self._whole(outcome) if alone else None
        if kind == "transient":
            self._tries += 1
            self.pause_s = self._backoff_s()
            again = self._tries <= max_retries
        elif kind == "permanent":
            again = False
        elif outcome.finish_reason == "length" and self.factor == 1 and self._is_cut(outcome):
            self.factor, again = MORE, True
        elif kind == "content":
            again = self._asked < ASK_AGAIN
            self._tell(outcome)
        else:
            return self._whole(outcome)
        return None if again else self._whole(self._kept or self._last or outcome)

    def _is_cut(self, outcome: Outcome) -> bool:
        """The limit cut it; what can be kept of it is kept, should more tokens not help."""
        if outcome.reason == "truncated":
            self._last = outcome
            return True
        found = judged_text(outcome, self.request.schema).found
        if found is None or CUT not in found.repairs:
            return False
        self._kept = outcome
        return True

    def _tell(self, outcome: Outcome) -> None:
        self._last = outcome
        self._asked += 1
        if outcome.text.strip():
            fault = _CORRECTION.format(fault=outcome.detail)
            self.more = (
                Message(role="assistant", content=outcome.text[:MAX_SHOWN]),
                Message(role="user", content=fault),
            )

    def _whole(self, outcome: Outcome) -> Outcome:
        return replace(outcome, usage=self.usage, attempts=self.sent)

    def _backoff_s(self) -> float:
        spread = 0.75 + int(self.request.key[:4], 16) / 0xFFFF / 4
        return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (self._tries - 1)) * spread
