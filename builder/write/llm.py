"""The writer that asks a model: requests about one chunk or two, their replies become drafts.

What it asks for stands in prompts/ (see `llm_menu`), what it makes of the replies in `llm_reading`.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from math import ceil
from typing import Any

from builder.config import ModelSettings, TargetSettings, WriteSettings
from builder.llm import Message, Reply, Request, request_for
from builder.llm.repair import CUT
from builder.prompts import Prompts
from builder.records import Chunk, Draft, Failure, make_id
from builder.write import llm_menu
from builder.write.llm_menu import FRAME, FRAME_OF_TWO, OF_TWO, Menu
from builder.write.llm_reading import Reading, Task
from builder.write.related import related

Ask = Callable[[Iterable[Request]], Iterator[tuple[Request, Reply | Failure]]]
Missing = Callable[[Sequence[Draft]], int]
_Round = Iterator[tuple[Task, Request]]

ROWS_OF_DRAFT = 3  # most rows of one draft: itself and two unanswerable ones
SPENT = "budget"  # the reason of a request that the budget left no room for
NO_TARGET = TargetSettings()
files = llm_menu.files


class Requests:
    """The requests of a run in their order, each with what it is about.

    splits: chunk id -> split, without which no two chunks are asked about at once.
    """

    def __init__(
        self,
        chunks: Sequence[Chunk],
        *,
        prompts: Prompts,
        settings: WriteSettings,
        model: ModelSettings,
        seed: int,
        splits: Mapping[str, str] | None = None,
        target: TargetSettings = NO_TARGET,
        answer_schema: str = "",
    ) -> None:
        self.menu = Menu.read(prompts, settings, answer_schema)
        if not target.multi_turn:
            self.menu = replace(self.menu, follow_ups={})
        if not target.unanswerable and not target.unanswerable_eval:
            self.menu = replace(self.menu, kinds={})
        self._chunks = chunks
        self.settings = settings
        self._model = model
        self._seed = seed
        self._target = target
        self._splits = splits or {}
        self._systems: dict[tuple[str, str], str] = {}

    def all(self) -> _Round:
        """Every chunk with its samples, then the couples of chunks."""
        for chunk in self._chunks:
            for sample in range(self._model.samples):
                yield self._of_one(chunk, sample)
        yield from self._couples(0)

    def rounds(self) -> Iterator[_Round]:
        """All at once; for a target rounds over the chunks in an order drawn by seed, then over
        their next samples."""
        if not self._target.pairs:
            yield self.all()
            return
        every = self._by_sample()
        while batch := list(islice(every, self._target.round)):
            yield iter(batch)

    def _by_sample(self) -> _Round:
        ordered = sorted(self._chunks, key=lambda c: make_id(str(self._seed), c.id, "round"))
        for sample in range(max(self._model.samples, self._target.samples)):
            for chunk in ordered:
                yield self._of_one(chunk, sample)
            yield from self._couples(sample)

    def _couples(self, sample: int) -> _Round:
        share = self.settings.two_chunks if self.menu.linked else 0.0
        if share:
            for couple in related(self._chunks, self._splits, share=share, seed=self._seed):
                yield self._of_two(couple, sample)

    def _of_one(self, chunk: Chunk, sample: int) -> tuple[Task, Request]:
        lang = llm_menu.language_for(chunk, self.settings, self._seed, sample)
        user = llm_menu.user_of_one(chunk, self.menu, self.settings, lang, self._seed, sample)
        task = Task(
            chunks=(chunk,),
            lang=lang,
            sample=sample,
            types=self.menu.of_one(),
            kinds=tuple(self.menu.kinds_now(chunk, lang, self._seed, sample)),
            model=self._model.name,
        )
        return task, self._request(FRAME, user, task)

    def _of_two(self, couple: tuple[Chunk, Chunk], sample: int) -> tuple[Task, Request]:
        lang = llm_menu.language_for(couple[0], self.settings, self._seed, sample)
        user = llm_menu.user_of_two(couple, self.menu, self.settings, lang, self._seed, sample)
        task = Task(
            chunks=couple,
            lang=lang,
            sample=sample,
            types=self.menu.linked,
            kinds=(),
            model=self._model.name,
        )
        return task, self._request(FRAME_OF_TWO, user, task)

    def _request(self, frame: str, user: str, task: Task) -> Request:
        system = self._systems.get((frame, task.lang))
        if system is None:
            system = self._systems[frame, task.lang] = self.menu.system(frame, task.lang)
        return request_for(
            (
                Message(role="system", content=system),
                Message(role="user", content=user),
            ),
            schema=self.menu.schema,
            chunk_id=task.chunks[0].id,
            model=self._model,
            sample=task.sample,
        )


def write(
    asked: Requests, *, ask: Ask, missing: Missing | None = None
) -> Iterator[Draft | Failure]:
    """The drafts of all requests in their order, and a failure for whatever gave none.

    A failed request is a failure (`failed`). A pair that breaks the rules (a quote that is not in
    the chunk, an empty answer, a repeated question), a type that the model skipped and the rest of
    a reply that was cut off are known losses: failures with `failed` False.

    missing: how many rows these drafts make too few for target.pairs. No round is asked when none
             are, nor when the budget is spent.
    """
    written: Counter[str] = Counter()  # answerable drafts by chunk
    drafts: list[Draft] = []
    look_at = 0  # drafts that must be there before another look can find enough
    spent = False
    for round_of in asked.rounds():
        for found in _replies(round_of, ask, asked, written):
            if missing and isinstance(found, Draft):
                drafts.append(found)
            spent = spent or (isinstance(found, Failure) and found.reason == SPENT)
            yield found
        if spent:
            return
        if missing and len(drafts) >= look_at:
            short = missing(drafts)
            if short <= 0:
                return
            look_at = len(drafts) + ceil(short / ROWS_OF_DRAFT)


def pairs_asked(task: Task, settings: WriteSettings) -> int:
    """How many pairs a request asks for, at most, besides the questions without a plain answer."""
    return llm_menu.most_pairs(task.chunks[0], settings) if len(task.chunks) == 1 else OF_TWO


def _replies(
    round_of: _Round, ask: Ask, asked: Requests, written: Counter[str]
) -> Iterator[Draft | Failure]:
    """What the replies to these requests hold; `written` counts on."""
    waiting: deque[Task] = deque()

    def requests() -> Iterator[Request]:
        for task, request in round_of:
            waiting.append(task)
            yield request

    for request, result in ask(requests()):
        task = waiting.popleft()
        if isinstance(result, Failure):
            yield result
            continue
        value = json.loads(result.text)
        if CUT in result.repairs:
            yield _cut(request, value)
        reading = Reading(task, request, asked.menu)
        if asked.settings.max_per_chunk:
            reading.room = asked.settings.max_per_chunk - written[request.chunk_id]
        for found in reading.results(value):
            if isinstance(found, Draft) and found.kind is None:
                written[request.chunk_id] += 1
            yield found


def _cut(request: Request, value: Mapping[str, Any]) -> Failure:  # the JSON of a reply
    """The loss of what a reply would still have held; its complete entries are used."""
    kept = sum(len(entries) for entries in value.values() if isinstance(entries, list))
    return Failure(
        stage="write",
        key=make_id("cut", request.key),
        chunk_id=request.chunk_id,
        reason="cut",
        detail=f"cut off after {kept} complete entries, which are used; the rest is lost: "
        "a larger model.max_output_tokens may help",
        failed=False,
    )
