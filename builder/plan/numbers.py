"""What a build would send to a model, and what that would cost, before anything is sent.

The requests are the ones of the build, so their number and their prompts are exact. How long the
replies will be, how many rows they give and how fast they come is measured where the remembered
replies hold some of the same model and server; else it is assumed, and said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING

from builder.errors import RunError
from builder.pipeline import Job, ahead, limit_of, model_sizer, replies_file
from builder.records import Skipped, Verdict
from builder.store import finished, read_manifest, read_records

if TYPE_CHECKING:
    from builder.config import Config
    from builder.llm import Price, Replies, Request, Spent
    from builder.write.llm_reading import Task

# Assumptions about replies that nothing is known of; not measured on any model.
TOKENS_OF_PAIR = 110  # question, answer, quote and the JSON around them
TOKENS_OF_KIND = 60  # a question without a plain answer
TOKENS_BESIDES = 80  # types that are skipped, with their reasons
KEPT = 0.5  # share of the pairs asked for that are accepted
FIRST_TOKEN_S, TOKENS_PER_S = 1.0, 60.0  # how fast a reply comes

ENOUGH = 5  # replies from which on what was measured counts, not what is assumed
CACHED_FROM = 1024  # tokens of an opening from which on servers keep it (OpenAI's prompt caching)
STAGE = "write"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Requests of one sort. The tokens are of those to be sent.

    requests: to be sent; remembered: answered from the remembered replies, for nothing.
    longest:  tokens of the replies if each is as long as it may be.
    shared:   tokens of the prompts in openings that other prompts have, too.
    """

    name: str
    requests: int = 0
    remembered: int = 0
    prompt_tokens: int = 0
    output_tokens: float = 0.0
    longest: int = 0
    shared: int = 0

    def __add__(self, other: Part) -> Part:
        return Part(
            name=self.name,
            requests=self.requests + other.requests,
            remembered=self.remembered + other.remembered,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            longest=self.longest + other.longest,
            shared=self.shared + other.shared,
        )


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """How [target] pairs is reached: in `expected` of at most `most` rounds of `size` requests.

    rows:     that the expected rounds are expected to give; measured: from the run as it is now.
    """

    pairs: int
    size: int
    expected: int
    most: int
    rows: int
    measured: bool


@dataclass(frozen=True, kw_only=True)
class History:
    """What the remembered replies of the same model and server tell; n: how many there are.

    billed:    prompt tokens that the server counts for each that we count; cached: of these.
    longer:    tokens of a reply for each that is assumed.
    latency_s: of a reply, None where none is known.
    """

    n: int = 0
    billed: float = 1.0
    cached: float = 0.0
    longer: float = 1.0
    latency_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a build would do. Without a model only the first group of fields says something.

    whole: the requests of all rounds, be they expected to be needed or not.
    schema_tokens: of the schema of one reply. max_cost, max_requests: -1 for no limit.
    batch: the requests go out in batches, at the price of those.
    """

    documents: int
    skipped: tuple[Skipped, ...]
    langs: Mapping[str, int]
    chunks: int
    tokens: int
    writer: str

    model: str = ""
    server: str = ""
    counted_with: str = ""
    price: Price | None = None
    parts: tuple[Part, ...] = ()
    whole: Part = Part(name="all rounds")
    rounds: Rounds | None = None
    history: History = History()
    schema_tokens: int = 0
    max_reply: int = 0
    in_flight: int = 0
    time_s: float = 0.0
    spent: Spent | None = None
    max_cost: float = -1.0
    max_requests: int = -1
    batch: bool = False

    @property
    def total(self) -> Part:
        """All parts together."""
        return sum(self.parts, Part(name="all"))

    def cost(self, part: Part) -> float | None:
        """What a part is expected to cost; None when the price is not known."""
        cached = 0.0 if self.batch else part.prompt_tokens * self.history.cached
        return self._cost(part, cached=cached, batch=self.batch)

    def bounds(self) -> dict[str, float | None]:
        """What all of it costs if the server caches, in a batch, and at most."""
        total = self.total
        longest = replace(self.whole, output_tokens=float(self.whole.longest))
        return {
            "if_cached": self._cost(total, cached=total.shared, batch=self.batch),
            "in_batch": self._cost(total, cached=0.0, batch=True),
            "at_most": self._cost(longest, cached=0.0, batch=self.batch),
        }

    def _cost(self, part: Part, *, cached: float, batch: bool) -> float | None:
        from builder.llm import Usage

        if self.price is None:
            return None
        usage = Usage(
            prompt_tokens=round(part.prompt_tokens * self.history.billed),
            completion_tokens=round(part.output_tokens),
            cached_tokens=round(cached * self.history.billed),
        )
        return self.price.cost(usage, batch=batch)


def plan(job: Job) -> Plan:
    """What `build` would read, cut and send; nothing is written or sent.

    Raises SettingsError for a limit of cost where the price is not known.
    """
    if job.config.writer() == "llm":
        limit_of(job.config, None)  # a limit that cannot be kept is said before anything is read
    found = ahead(job)
    facts = Plan(
        documents=found.documents,
        skipped=found.skipped,
        langs=found.langs,
        chunks=found.n_chunks,
        tokens=found.n_tokens,
        writer=job.config.writer(),
    )
    if facts.writer != "llm":
        return facts
    size, counted_with = model_sizer(job.config)
    counted = lru_cache(maxsize=64)(size)  # the openings are the same few
    rounds = [[_asked(*one, counted, job.config) for one in batch] for batch in found.rounds]
    with ExitStack() as stack:
        return replace(
            _with_model(facts, job, rounds, _remembered(job, stack)), counted_with=counted_with
        )


def _remembered(job: Job, stack: ExitStack) -> Replies | None:
    """The run's file of replies, if there is one; none is made."""
    from builder.llm import Replies

    file = replies_file(job.config, job.folder)
    if not file.is_file():
        return None
    try:
        run = str(read_manifest(job.folder).get("id", ""))
    except RunError:  # not begun yet: the file is shared with other runs
        run = ""
    return stack.enter_context(Replies(file, run=run, read_only=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request as far as the plan needs it. pairs: how many it asks for, at most.

    form: the schema of its reply; schema: the tokens of that.
    """

    key: str
    form: str
    part: str
    pairs: int
    prompt_tokens: int
    shared: int
    assumed: int
    longest: int
    schema: int


def _asked(task: Task, request: Request, size: Callable[[str], int], config: Config) -> _Asked:
    from builder import llm
    from builder.write.llm import pairs_asked

    pairs = pairs_asked(task, config.write)
    opening = size(request.messages[0].content)
    again = " again" if task.sample else ""
    return _Asked(
        key=request.key,
        form=request.schema,
        part=("two chunks" if len(task.chunks) > 1 else "one chunk") + again,
        pairs=pairs,
        prompt_tokens=llm.prompt_tokens(request, size),
        shared=opening if opening >= CACHED_FROM else 0,
        assumed=min(
            pairs * TOKENS_OF_PAIR + len(task.kinds) * TOKENS_OF_KIND + TOKENS_BESIDES,
            request.params.max_tokens,
        ),
        longest=request.params.max_tokens,
        schema=size(request.schema),
    )


def _with_model(
    facts: Plan, job: Job, rounds: Sequence[Sequence[_Asked]], replies: Replies | None
) -> Plan:
    from builder import llm

    config, model = job.config, job.config.model
    every = [asked for batch in rounds for asked in batch]
    history = _history(every, config, replies)
    needed = _rounds(rounds, job, replies)
    sent = [asked for batch in rounds[: needed.expected if needed else None] for asked in batch]
    known = _known(every, job, replies)
    parts = _parts(sent, known, history)
    limit = limit_of(config, replies)
    found = replace(
        facts,
        model=model.name,
        server=", ".join(map(llm.host_of, llm.endpoints_of(model))),
        price=llm.price_of(model, config.price),
        parts=parts,
        whole=sum(_parts(every, known, history), Part(name="all rounds")),
        rounds=needed,
        history=history,
        schema_tokens=max((asked.schema for asked in every), default=0),
        max_reply=model.max_output_tokens,
        in_flight=model.concurrency * len(llm.endpoints_of(model)),
        spent=limit.spent if limit else None,
        max_cost=config.run.max_cost,
        max_requests=config.run.max_requests,
        batch=model.batch,
    )
    return replace(found, time_s=_time_s(found.total, history, config))


def _known(sent: Sequence[_Asked], job: Job, replies: Replies | None) -> set[str]:
    """The keys of the requests that will be answered from the remembered replies."""
    from builder import llm

    if replies is None:
        return set()
    found = ((asked, replies.get(asked.key)) for asked in sent)
    if not job.retry_failed:
        return {asked.key for asked, outcome in found if outcome}
    return {
        asked.key
        for asked, outcome in found
        if llm.standing(outcome, asked.form, retry_failed=True) is not None
    }


def _parts(sent: Sequence[_Asked], known: set[str], history: History) -> tuple[Part, ...]:
    parts: dict[str, Part] = {}
    for asked in sent:
        part = parts.setdefault(asked.part, Part(name=asked.part))
        if asked.key in known:
            parts[asked.part] = part + Part(name="", remembered=1)
            continue
        parts[asked.part] = part + Part(
            name="",
            requests=1,
            prompt_tokens=asked.prompt_tokens,
            output_tokens=min(asked.assumed * history.longer, asked.longest),
            longest=asked.longest,
            shared=asked.shared,
        )
    return tuple(parts.values())


def _history(every: Sequence[_Asked], config: Config, replies: Replies | None) -> History:
    """What is measured of the requests of this plan that were answered before."""
    from builder import llm

    if replies is None:
        return History()
    asked = {one.key: one for one in every}
    found = {
        one.key: one
        for url in llm.endpoints_of(config.model)
        for one in llm.measured(replies, model=config.model.name, endpoint=llm.host_of(url))
        if one.key in asked
    }
    if len(found) < ENOUGH:
        return History()
    billed = sum(one.usage.prompt_tokens for one in found.values())
    return History(
        n=len(found),
        billed=billed / sum(asked[key].prompt_tokens for key in found),
        cached=sum(one.usage.cached_tokens for one in found.values()) / billed,
        longer=sum(one.usage.completion_tokens for one in found.values())
        / sum(asked[key].assumed for key in found),
        latency_s=sum(one.latency_s for one in found.values()) / len(found),
    )


def _rounds(rounds: Sequence[Sequence[_Asked]], job: Job, replies: Replies | None) -> Rounds | None:
    """How many rounds [target] pairs is expected to take."""
    target = job.config.target
    if not target.pairs:
        return None
    measured = _rows_of_request(job, replies)
    rows, expected = 0.0, 0
    while expected < len(rounds) and rows < target.pairs:
        batch = rounds[expected]
        expected += 1
        if measured is not None:
            rows += measured * len(batch)
        else:
            rows += sum(asked.pairs for asked in batch) * KEPT / (1.0 - target.unanswerable)
    return Rounds(
        pairs=target.pairs,
        size=target.round,
        expected=expected,
        most=len(rounds),
        rows=round(rows),
        measured=measured is not None,
    )


def _rows_of_request(job: Job, replies: Replies | None) -> float | None:
    """How many rows a request gave in the run as it is now; None where that is not known."""
    from builder import llm

    if replies is None or not replies.run:
        return None
    asked = sum(used.requests for used in llm.used(replies, since=0))
    if asked < ENOUGH or "check" not in finished(job.folder, read_manifest(job.folder)):
        return None
    verdicts = read_records(job.folder / "verdicts.jsonl", Verdict)
    accepted = sum(verdict.status == "accepted" for verdict in verdicts)
    return accepted / asked if accepted else None


def _time_s(total: Part, history: History, config: Config) -> float:
    """How long it takes, by the replies' latency and the limits that are set; no less."""
    from builder import llm

    if not total.requests:
        return 0.0
    model = config.model
    servers = len(llm.endpoints_of(model))
    latency_s = history.latency_s
    if latency_s is None:
        latency_s = FIRST_TOKEN_S + total.output_tokens / total.requests / TOKENS_PER_S
    times = [latency_s * ceil(total.requests / (model.concurrency * servers))]
    if model.rpm:
        times.append(60 * total.requests / (model.rpm * servers))
    if model.tpm:
        tokens = total.prompt_tokens + total.output_tokens
        times.append(60 * tokens / (model.tpm * servers))
    return max(times)
