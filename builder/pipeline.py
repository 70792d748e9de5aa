"""The one place that knows the order of the stages.

    ingest   documents.jsonl, skipped.jsonl
    chunk    chunks.jsonl
    split    splits.jsonl
    write    drafts.jsonl, write.failures.jsonl      (replies.sqlite with a model)
    compose  pairs.jsonl, compose.failures.jsonl
    check    verdicts.jsonl
    export   train.jsonl, eval.jsonl, *.meta.jsonl, rejected.jsonl, failures.jsonl,
             serving.md

Each stage has a key: the hash of its inputs, settings, prompts and the program itself. A stage
whose key and files are as they were is not run again.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from hashlib import blake2b, file_digest
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import builder
from builder import check, chunk, compose, ingest, split
from builder.config import CheckSettings, Config, SplitSettings, fingerprint, rows_of
from builder.errors import RunError, SettingsError, SourceError
from builder.export import chat, rows
from builder.export.reload import reload
from builder.prompts import Prompts
from builder.records import (
    Assignment,
    Chunk,
    Document,
    Draft,
    Failure,
    Pair,
    Skipped,
    Split,
    Verdict,
    make_id,
)
from builder.store import Run, StageWriter, by_id, line, open_run, read_manifest, read_records
from builder.tokens import digest_of, encoding_of, sizer

if TYPE_CHECKING:
    from builder.llm import Limit, Price, Replies, Request
    from builder.write.llm import Ask, Requests
    from builder.write.llm_reading import Task

STAGES = ("ingest", "chunk", "split", "write", "compose", "check", "export")
REPLIES = "replies.sqlite"  # of a run that shares them with none
UNSENT = "budget"  # the reason of a request that the limit left no room for
SPLITS: tuple[Split, ...] = ("train", "eval", "validation")

T = TypeVar("T")


class Progress(Protocol):
    """What the command line shows while a stage runs."""

    def start(self, stage: str, total: int | None) -> None:
        """A stage begins; total is its number of items, None when unknown."""

    def advance(self, count: int = 1) -> None:
        """Items are done."""

    def finish(self, note: str) -> None:
        """The stage is done; note sums it up."""

    def say(self, note: str) -> None:
        """The stage goes on; note is something to know meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to build. limit: write from that many chunks only; until: the last stage to run.

    fresh: redo every stage; retry_failed: ask a model again what it failed at before.
    """

    sources: tuple[Path, ...]
    folder: Path
    config: Config
    limit: int | None = None
    until: str | None = None
    fresh: bool = False
    retry_failed: bool = False
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A finished build. problems: why it exits with 3 rather than 0, as sentences."""

    folder: Path
    stages: tuple[str, ...]  # that ran in this call; the others were done before
    counts: Mapping[str, int]
    notes: tuple[str, ...]
    problems: tuple[str, ...]
    samples: tuple[Pair, ...] = ()

    @property
    def exit_code(self) -> int:
        """0, or 3 when items failed or a quality bar was missed."""
        return 3 if self.problems else 0


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What a build has before it, as far as that can be told without sending anything.

    chunks:  those that the writer gets; n_chunks and n_tokens count all of them.
    rounds:  the requests to a model, in their order. After each round a build looks whether
             [target] pairs is met; without such a number there is one round.
    """

    documents: int
    langs: Mapping[str, int]
    skipped: tuple[Skipped, ...]
    n_chunks: int
    n_tokens: int
    chunks: Sequence[Chunk]
    rounds: Iterator[Iterator[tuple[Task, Request]]]


def build(job: Job, *, progress: Progress) -> Outcome:
    """Run what is not done yet. Raises BuilderError; whatever was finished stays finished."""
    prompts = Prompts.find(job.config.folder)
    check.known_checks(job.config.check)
    _known_types(job.config.write.types, prompts)
    size = sizer(job.config.chunk.encoding, job.config.chunk.tokenizer)
    if job.config.writer() == "llm":
        _price(job.config)
    found = _sources(job)
    with open_run(job.folder) as run:
        if job.fresh:
            run.manifest["stages"] = {}
        if job.retry_failed:
            run.manifest["stages"].pop("write", None)
        state = _State(job=job, run=run, prompts=prompts, size=size, progress=progress)
        run.manifest.update(_about(state, found))
        for name in _until(job.until):
            _STAGES[name](state, found)
        if "export" not in run.manifest["stages"]:
            for left in ("report.json", "report.md"):
                (run.folder / left).unlink(missing_ok=True)
        return _outcome(state)


def chunked(job: Job) -> Iterator[tuple[Document, list[Chunk]] | Skipped]:
    """Every document with its chunks, and what is skipped, in order; nothing is written.

    Raises SourceError when nothing can be read.
    """
    size = sizer(job.config.chunk.encoding, job.config.chunk.tokenizer)
    for got in ingest.read_all(_sources(job), job.config.ingest):
        yield got if isinstance(got, Skipped) else (got, _cut(got, size, job.config))


def ahead(job: Job) -> Ahead:
    """What `build` would read, cut and ask; nothing is written or sent."""
    config = job.config
    langs: Counter[str] = Counter()
    skipped: list[Skipped] = []
    chunks: list[Chunk] = []
    for got in chunked(job):
        if isinstance(got, Skipped):
            skipped.append(got)
        else:
            langs[got[0].lang] += 1
            chunks += got[1]
    pinned = _pinned(config.split)
    found = split.split(chunks, settings=config.split, seed=config.run.seed, pinned=pinned)
    usable = _limited(_usable(chunks, found.assignments), job.limit, config.run.seed)
    rounds: Iterator[Iterator[tuple[Task, Request]]] = iter(())
    if config.writer() == "llm":
        rounds = _requests(config, Prompts.find(config.folder), usable, found.assignments).rounds()
    return Ahead(
        documents=langs.total(),
        langs=dict(langs),
        skipped=tuple(skipped),
        n_chunks=len(chunks),
        n_tokens=sum(c.n_tokens for c in chunks),
        chunks=usable,
        rounds=rounds,
    )


def replies_file(config: Config, folder: Path) -> Path:
    """Where the replies to a run in this folder are remembered.

    A path in builder.toml counts from the folder of that file, one of a flag or a variable from
    here.
    """
    if not config.model.replies:
        return folder / REPLIES
    in_file = config.origins.get("model.replies", "flag") not in ("flag", "environment", "default")
    start = config.folder if in_file and config.folder else Path()
    return (start / config.model.replies).resolve()


def replies_of(folder: Path, *, make: bool = False) -> Path:
    """Where a run that was begun remembers its replies; in its own folder, it may not be there yet.

    make: nor elsewhere. Raises RunError when a file that it shares with other runs is gone.
    """
    named = read_manifest(folder).get("settings", {}).get("model.replies")
    if not named:
        return folder / REPLIES
    shared = Path(named)
    if not shared.exists() and not make:
        raise RunError(
            f"{shared}: the file of replies that {folder} was built with is not there",
            "Put it back, or build again with --replies and the file as it is called now.",
        )
    return shared


def model_sizer(config: Config) -> tuple[Callable[[str], int], str]:
    """What counts the tokens of the model, and how it is called."""
    name = encoding_of(config.model.name)
    if name:
        return sizer(name), f"{name}, the encoding of {config.model.name}"
    size = sizer(config.chunk.encoding, config.chunk.tokenizer)
    used = config.chunk.tokenizer or config.chunk.encoding
    return size, f"{used}, of [chunk], as that of {config.model.name} is not known"


def writer_requests(
    config: Config, prompts: Prompts, sources: tuple[Path, ...], *, sample: int
) -> Iterator[tuple[tuple[Chunk, ...], Request]]:
    """The requests of one sample that the writer would send for these sources, with their chunks.

    Nothing is written or sent. Raises SourceError when nothing can be read.
    """
    job = Job(sources=sources, folder=Path(), config=config)
    chunks = [c for got in chunked(job) if not isinstance(got, Skipped) for c in got[1]]
    result = split.split(chunks, settings=config.split, seed=config.run.seed)
    usable = _usable(chunks, result.assignments)
    tasks = _requests(config, prompts, usable, result.assignments).all()
    for task, request in tasks:
        if task.sample == sample or len(task.chunks) > 1:
            yield task.chunks, request


@dataclass(kw_only=True)
class _State:
    """What the stages of one build share; passed: those that are done; ran: in this build."""

    job: Job
    run: Run
    prompts: Prompts
    size: Callable[[str], int]
    progress: Progress
    passed: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    _chunks: dict[str, Chunk] = field(default_factory=dict)

    @property
    def config(self) -> Config:
        return self.job.config

    @property
    def seed(self) -> int:
        return self.job.config.run.seed

    def stage(self, name: str, *parts: Any, total: int | None = None) -> Any:  # parts: plain JSON
        """A writer for a stage that must run, or None when it is done."""
        before = {stage: self.run.made(stage) for stage in self.passed}
        key = fingerprint(_program(), [before.get(stage) for stage in STAGES], *parts)
        self.passed.append(name)
        if self.run.done(name, key):
            return None
        self.ran.append(name)
        self.progress.start(name, total)
        return self.run.stage(name, key, after=before)

    def counted(self, items: Iterable[T]) -> Iterator[T]:
        """Pass items on and show that they are done."""
        for item in items:
            yield item
            self.progress.advance()

    def chunks(self) -> Mapping[str, Chunk]:
        """By id, in their order; read once, after the stage that writes them."""
        if not self._chunks:
            self._chunks = by_id(self.run.read("chunks.jsonl", Chunk))
        return self._chunks

    def assignments(self) -> dict[str, Assignment]:
        return {a.chunk_id: a for a in self.run.read("splits.jsonl", Assignment)}


def _known_types(wanted: Sequence[str], prompts: Prompts) -> None:
    names = (name for folder in ("questions", "unanswerable") for name in prompts.names(folder))
    known = sorted(Path(name).stem for name in names)
    for name in wanted:
        if name not in known:
            raise SettingsError(
                f"[write] types: there is no question type {name!r}", f"Known: {', '.join(known)}."
            )


Found = Sequence[ingest.Source | Skipped]


def _sources(job: Job) -> Found:
    settings = job.config.ingest
    found = list(
        ingest.sources(
            job.sources,
            include=settings.include,
            exclude=settings.exclude,
            max_bytes=int(settings.max_mb * 1e6),
            own=job.folder,
        )
    )
    if not any(isinstance(item, ingest.Source) for item in found):
        named = ", ".join(str(path) for path in job.sources)
        skipped = [item for item in found if isinstance(item, Skipped)]
        alone = f", {skipped[0].detail}" if len(skipped) == 1 else ""
        reasons = ", ".join(sorted({item.reason for item in skipped})) + alone
        raise SourceError(
            f"{named}: no readable document" + (f" (skipped: {reasons})" if reasons else ""),
            "Give a folder with documents (docs/formats.md lists what is read), or check --include"
            " and --exclude.",
        )
    return found


def _ingest(state: _State, found: Found) -> None:
    settings = replace(state.config.ingest, workers=0)  # they decide how fast, not what
    hash_of = cache(_hash_of)  # an archive is the file of many sources
    hashes = [
        (item.path, hash_of(item.file) if isinstance(item, ingest.Source) else item.reason)
        for item in found
        if isinstance(item, ingest.Source) or item.reason != ingest.RUN
    ]
    opened = state.stage("ingest", hashes, settings, total=len(found))
    if opened is None:
        return
    with opened as out:
        documents, skipped = _read_all(state, found)
        if not documents:
            raise SourceError(
                "no document could be read: "
                + "; ".join(f"{item.path}: {item.detail or item.reason}" for item in skipped[:5]),
                "Look at the files, or give another folder.",
            )
        by_id(documents)
        out.records("documents.jsonl", documents)
        out.records("skipped.jsonl", skipped)
        state.run.manifest["sources"] = [
            {"path": document.path, "sha256": document.sha256} for document in documents
        ]
    state.progress.finish(f"{len(documents)} documents, {len(skipped)} files skipped")


def _read_all(state: _State, found: Found) -> tuple[list[Document], list[Skipped]]:
    documents: list[Document] = []
    skipped: list[Skipped] = []
    for got in state.counted(ingest.read_all(found, state.config.ingest)):
        if isinstance(got, Skipped):
            skipped.append(got)
        else:
            documents.append(got)
    return documents, skipped


def _chunk(state: _State, _found: Found) -> None:
    settings = state.config.chunk
    vocabulary = digest_of(settings.tokenizer) if settings.tokenizer else ""
    total = state.run.counts("ingest")["documents.jsonl"]
    opened = state.stage("chunk", settings, vocabulary, total=total)
    if opened is None:
        return
    with opened as out:
        documents = state.counted(state.run.read("documents.jsonl", Document))
        chunks = [c for document in documents for c in _cut(document, state.size, state.config)]
        by_id(chunks)
        out.records("chunks.jsonl", chunks)
    tokens = sum(c.n_tokens for c in chunks)
    state.progress.finish(f"{len(chunks)} chunks, {tokens:,} tokens")


def _cut(document: Document, size: Callable[[str], int], config: Config) -> list[Chunk]:
    settings = config.chunk
    chunks = chunk.chunk(
        document,
        size=size,
        max_tokens=settings.max_tokens,
        min_tokens=settings.min_tokens,
        overlap=settings.overlap,
        count_path=settings.count_path,
    )
    return chunk.marked(chunks)


def _split(state: _State, _found: Found) -> None:
    pinned = _pinned(state.config.split)
    opened = state.stage("split", state.seed, state.config.split, sorted(pinned.items()))
    if opened is None:
        return
    with opened as out:
        chunks = list(state.chunks().values())
        result = split.split(chunks, settings=state.config.split, seed=state.seed, pinned=pinned)
        out.records("splits.jsonl", result.assignments)
        out.lines("splits.notes.txt", result.notes)
    sizes = Counter(a.split for a in result.assignments)
    state.progress.finish(", ".join(f"{sizes[name]} {name}" for name in SPLITS if sizes[name]))


def _pinned(settings: SplitSettings) -> dict[str, Split]:
    """Group -> split of the run that [split] from_run names."""
    if not settings.from_run:
        return {}
    folder = Path(settings.from_run)
    read_manifest(folder)
    chunks = by_id(read_records(folder / "chunks.jsonl", Chunk))
    pinned: dict[str, Split] = {}
    for a in read_records(folder / "splits.jsonl", Assignment):
        pinned[a.group] = a.split
        if split.SECTION not in a.group:
            pinned[chunks[a.chunk_id].path] = a.split
    return pinned


def _write(state: _State, _found: Found) -> None:
    config = state.config
    names = _writer_prompts(state.prompts, config.writer())
    prompts = state.prompts.hash(*names)
    parts = [state.seed, config.write, config.writer(), prompts, state.job.limit]
    if config.writer() == "llm":
        from builder import llm as client

        model = config.model
        parts += [model.name, client.label_of(model), model.temperature, model.body]
        parts += [model.max_output_tokens, model.samples, config.target.multi_turn > 0]
        parts += [config.target.unanswerable + config.target.unanswerable_eval > 0]
        parts += [_answer_schema(config)]
        if config.target.pairs:  # how many drafts are enough depends on what becomes of them
            names = state.prompts.names("refusals")
            parts += [config.target, config.rows, config.check, wording_hash(state.prompts)]
            parts += [state.prompts.hash(*names)]
    opened = state.stage("write", *parts)
    if opened is None:
        return
    chunks = _usable(list(state.chunks().values()), tuple(state.assignments().values()))
    chunks = _limited(chunks, state.job.limit, state.seed)
    with opened as out:
        drafts: list[Draft] = []
        failures: list[Failure] = []
        state.progress.start("write", len(chunks))
        with closing(_written(state, chunks)) as written:
            for item in written:
                if isinstance(item, Draft):
                    drafts.append(item)
                else:
                    failures.append(item)
        by_id(drafts)
        out.records("drafts.jsonl", drafts)
        out.records("write.failures.jsonl", failures)
        out.is_partial = any(failure.reason == UNSENT for failure in failures)
    failed = sum(failure.failed for failure in failures)
    state.progress.finish(f"{len(drafts)} drafts" + (f", {failed} failed" if failed else ""))


def _written(state: _State, chunks: Sequence[Chunk]) -> Generator[Draft | Failure]:
    by_rules = state.config.writer() == "extractive"
    return (_by_rules if by_rules else _by_model)(state, chunks)


def _by_rules(state: _State, chunks: Sequence[Chunk]) -> Generator[Draft | Failure]:
    from builder.write import extractive

    settings = state.config.write
    templates = map(extractive.parse_templates, _texts(state.prompts, "extractive"))
    written = extractive.write(
        list(state.counted(chunks)),
        templates={template.lang: template for template in templates},
        rules=settings.rules,
        seed=state.seed,
        product=settings.product,
        max_per_chunk=settings.max_per_chunk,
    )
    for draft in written:
        if isinstance(draft, Failure) or not settings.types or draft.type in settings.types:
            yield draft


def _by_model(state: _State, chunks: Sequence[Chunk]) -> Generator[Draft | Failure]:
    from builder import llm as client
    from builder.write import llm

    config = state.config
    store = replies_file(config, state.run.folder)
    with (
        client.Replies(store, run=state.run.id) as replies,
        _billed(state, replies),
        _batches_told(state, replies),
    ):
        asked = _requests(config, state.prompts, chunks, state.assignments().values())
        yield from llm.write(
            asked,
            ask=_asking(state, replies, len(chunks) * config.model.samples),
            missing=(lambda drafts: _missing(state, drafts)) if config.target.pairs else None,
        )


def _requests(
    config: Config, prompts: Prompts, chunks: Sequence[Chunk], assignments: Iterable[Assignment]
) -> Requests:
    """What a model is asked about these chunks."""
    from builder.write import llm

    return llm.Requests(
        chunks,
        prompts=prompts,
        settings=config.write,
        model=config.model,
        seed=config.run.seed,
        splits={assigned.chunk_id: assigned.split for assigned in assignments},
        target=config.target,
        answer_schema=_answer_schema(config),
    )


def _asking(state: _State, replies: Replies, expected: int) -> Ask:
    """How the requests of a run are answered: by whom, within which limit, and what is told."""
    from builder import llm as client

    config, progress = state.config, state.progress
    hosts = ", ".join(client.host_of(url) for url in client.endpoints_of(config.model))
    progress.finish(f"asking {config.model.name} at {hosts}")
    progress.start("write", expected)
    limit = limit_of(config, replies)
    if limit:
        progress.say(_limit_told(config, limit))
    done = 0

    def told(reached: client.Progress) -> None:
        nonlocal done
        if reached.note:
            progress.say(reached.note)
        done = min(done, reached.done)  # each round counts from 0
        progress.advance(reached.done - done)
        done = reached.done

    return partial(
        client.ask_batch if config.model.batch else client.ask_online,
        settings=config.model,
        replies=replies,
        retry_failed=state.job.retry_failed,
        api_key=lambda: client.api_key_for(config.model, config.origins, state.job.environ),
        on_progress=told,
        budget=limit,
    )


@contextmanager
def _batches_told(state: _State, replies: Replies) -> Iterator[None]:
    """Say what goes on at the server when the user stops waiting."""
    from builder import llm as client

    try:
        yield
    except KeyboardInterrupt:
        if client.has_batches(replies):
            state.progress.say(
                "the batches go on at the server, and the same command takes up what they bring. "
                f"See them: builder batches {state.run.folder}; stop them: add --cancel"
            )
        raise
    left = len(client.under_way(replies, run=state.run.id))
    if left:
        state.progress.say(
            f"a batch with {left:,} requests is still under way: builder batches {state.run.folder}"
        )


def limit_of(config: Config, replies: Replies | None) -> Limit | None:
    """The limit of what the run may spend, with what it has spent; None when there is none.

    replies: where its attempts are, if any. Raises SettingsError for a limit of cost where the
    price is not known.
    """
    from builder import llm as client

    run, model = config.run, config.model
    if run.max_cost < 0 and run.max_requests < 0:
        return None
    price = _price(config)
    return client.Limit(
        price=price,
        size=model_sizer(config)[0],
        max_cost=run.max_cost,
        max_requests=run.max_requests,
        spent=client.spent(
            client.paid(replies) if replies else (),
            _pricing(config) if run.max_cost >= 0 else lambda name, server: None,
            max_tokens=model.max_output_tokens,
        ),
        batch=model.batch,
    )


def _limit_told(config: Config, limit: Limit) -> str:
    """What the run may spend, and what it has spent before this build."""
    run, spent = config.run, limit.spent
    price = _price(config)
    parts = []
    if run.max_cost >= 0 and price:
        parts.append(f"{price.currency} {run.max_cost:g}, {spent.cost:.4f} of it spent")
    if run.max_requests >= 0:
        parts.append(f"{run.max_requests:,} requests, {spent.requests:,} of them sent")
    return f"limit of this run: {'; '.join(parts)}"


def _price(config: Config) -> Price | None:
    """What the model costs. Raises SettingsError when it is unknown and a limit of cost is set."""
    from builder import llm as client

    price = client.price_of(config.model, config.price)
    if price is None and config.run.max_cost >= 0:
        host = client.host_of(client.endpoints_of(config.model)[0])
        raise SettingsError(
            f"the price of {config.model.name} at {host} is not known, so max_cost ="
            f" {config.run.max_cost:g} cannot be kept",
            "Set [price] input and output per million tokens (--set price.input=0.15 --set"
            " price.output=0.6), or limit the requests: --max-requests N",
        )
    return price


def _pricing(config: Config) -> Callable[[str, str], Price | None]:
    from builder import llm as client

    return lambda name, server: client.price_at(name, server, config.model, config.price)


@contextmanager
def _billed(state: _State, replies: Replies) -> Iterator[None]:
    """Keep in the manifest what the run has spent, however the block ends."""
    from builder import llm as client

    since = client.last_attempt(replies)
    try:
        yield
    finally:
        config = state.config
        account = client.account(
            replies,
            price=client.price_of(config.model, config.price),
            pricing=_pricing(config),
            since=since,
            max_tokens=config.model.max_output_tokens,
        )
        state.run.note("bill", account)


def _missing(state: _State, drafts: Sequence[Draft]) -> int:
    """How many rows these drafts make too few for [target] pairs."""
    pairs = [pair for pair in _composed(state, drafts) if isinstance(pair, Pair)]
    verdicts, _ = _checked(state, pairs)
    return state.config.target.pairs - sum(v.status == "accepted" for v in verdicts)


def _answer_schema(config: Config) -> str:
    """The schema of answers = json as text, "" without one."""
    file = config.write.answer_schema
    if not file:
        return ""
    path = (config.folder or Path()) / file
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise SettingsError(
            f"[write] answer_schema: {path}: cannot be read: {err}", "Give a JSON Schema file."
        ) from err


def _writer_prompts(prompts: Prompts, writer: str) -> list[str]:
    """The names of the prompt files that decide what a writer writes."""
    if writer == "extractive":
        return prompts.names("extractive")
    from builder.write import llm

    return llm.files(prompts)


def _texts(prompts: Prompts, folder: str) -> list[str]:
    return [prompts.text(name) for name in prompts.names(folder)]


def _usable(chunks: Sequence[Chunk], assignments: Sequence[Assignment]) -> list[Chunk]:
    """The chunks that may enter a row. Joined one to one."""
    use = {a.chunk_id: a.use for a in assignments}
    if len(use) != len(chunks) or any(c.id not in use for c in chunks):
        raise RunError("chunks and splits do not match", "Run the same command with --fresh.")
    return [c for c in chunks if use[c.id]]


def _limited(chunks: Sequence[Chunk], limit: int | None, seed: int) -> list[Chunk]:
    """Limit chunks drawn by hash over all documents, in the order of the documents."""
    if limit is None:
        return list(chunks)
    drawn = sorted(chunks, key=lambda c: make_id(str(seed), c.id, "limit"))[:limit]
    kept = {c.id for c in drawn}
    return [c for c in chunks if c.id in kept]


def _compose(state: _State, _found: Found) -> None:
    config = state.config
    names = state.prompts.names("refusals")
    parts = (config.rows, config.target, wording_hash(state.prompts), state.prompts.hash(*names))
    opened = state.stage("compose", *parts)
    if opened is None:
        return
    drafts = list(by_id(state.run.read("drafts.jsonl", Draft)).values())
    with opened as out:
        pairs: list[Pair] = []
        failures: list[Failure] = []
        state.progress.start("compose", len(drafts))
        for item in _composed(state, drafts):
            if isinstance(item, Pair):
                pairs.append(item)
            else:
                failures.append(item)
            state.progress.advance(int(isinstance(item, Pair) and item.twin is None))
        by_id(pairs)
        out.records("pairs.jsonl", pairs)
        out.records("compose.failures.jsonl", failures)
    state.progress.finish(
        f"{len(pairs)} pairs, {sum(not p.answerable for p in pairs)} of them unanswerable"
    )


def _composed(state: _State, drafts: Sequence[Draft]) -> Iterator[Pair | Failure]:
    config, wording = state.config, rows.load_wording(state.prompts)

    def size_row(pair: Pair) -> int:
        messages = rows.render(pair, rows=config.rows, wording=wording, seed=state.seed)
        return rows.n_tokens(messages, state.size)

    return compose.compose(
        drafts,
        state.chunks(),
        state.assignments(),
        seed=state.seed,
        rows=config.rows,
        target=config.target,
        size_row=size_row,
        refusals=compose.load_refusals(state.prompts),
        answers=config.write.answers,
    )


def wording_hash(prompts: Prompts) -> str:
    """A hash of every file that decides how a row looks."""
    return prompts.hash("layouts.toml", *prompts.names("system"))


def _check(state: _State, _found: Found) -> None:
    opened = state.stage("check", state.config.check, state.config.target)
    if opened is None:
        return
    with opened as out:
        pairs = list(by_id(state.run.read("pairs.jsonl", Pair)).values())
        state.progress.start("check", len(pairs))
        verdicts, deficits = _checked(state, pairs, counted=True)
        out.records("verdicts.jsonl", verdicts)
        out.records("deficits.jsonl", deficits)
    kept = Counter(verdict.status for verdict in verdicts)
    state.progress.finish(
        ", ".join(f"{kept[name]} {name}" for name in ("accepted", "rejected", "surplus"))
    )


def _checked(
    state: _State, pairs: Sequence[Pair], *, counted: bool = False
) -> tuple[list[Verdict], list[check.Deficit]]:
    """The verdicts on pairs and what is missing; counted: the progress shows each."""
    settings, chunks = state.config.check, state.chunks()
    made = check.check_pairs(pairs, chunks=chunks.values(), settings=settings)
    verdicts = list(state.counted(made) if counted else made)
    verdicts = check.check_set(pairs, verdicts, settings=settings, seed=state.seed)
    return check.select(
        pairs, verdicts, target=state.config.target, settings=settings, seed=state.seed
    )


def _export(state: _State, _found: Found) -> None:
    opened = state.stage("export", wording_hash(state.prompts), state.config.rows)
    if opened is None:
        return
    with opened as out:
        items = _items(state)
        state.progress.start("export", len(items))
        expected: dict[str, int] = {}
        for name in SPLITS:
            own = _ordered((i for i in items if i.pair.split == name and _accepted(i)), state.seed)
            if own or name != "validation":
                expected |= _export_split(out, name, own)
        refused = _ordered((i for i in items if not _accepted(i)), state.seed)
        out.lines("rejected.jsonl", map(line, chat.rows("rejected", refused)))
        expected["rejected.jsonl"] = len(refused)
        failures = [
            failure
            for stage in ("write", "compose")
            for failure in state.run.read(f"{stage}.failures.jsonl", Failure)
        ]
        out.records("failures.jsonl", failures)
        wording, mode = rows.load_wording(state.prompts), state.config.write.answers
        out.text("serving.md", rows.serving(wording, state.config.rows, mode))
        reload(state.run.folder, expected)
    state.progress.finish(", ".join(f"{count} {name}" for name, count in expected.items()))


def _export_split(out: StageWriter, name: str, items: Sequence[chat.Item]) -> dict[str, int]:
    out.lines(f"{name}.jsonl", map(line, chat.rows("chat", items)))
    out.lines(f"{name}.meta.jsonl", map(line, chat.rows("meta", items)))
    return {f"{name}.jsonl": len(items), f"{name}.meta.jsonl": len(items)}


def _items(state: _State) -> list[chat.Item]:
    """Every pair with its verdict, joined one to one, and its rendered row."""
    wording, config = rows.load_wording(state.prompts), state.config
    chunks, assignments = state.chunks(), state.assignments()
    verdicts = {v.pair_id: v for v in state.run.read("verdicts.jsonl", Verdict)}
    home = {draft.id: draft.chunk_ids[0] for draft in state.run.read("drafts.jsonl", Draft)}
    items: list[chat.Item] = []
    for pair in state.run.read("pairs.jsonl", Pair):
        messages = rows.render(pair, rows=config.rows, wording=wording, seed=state.seed)
        items.append(
            chat.Item(
                pair=pair,
                verdict=verdicts.pop(pair.id),
                messages=tuple(messages),
                layout=rows.layout_of(pair, rows=config.rows, wording=wording, seed=state.seed),
                n_tokens=rows.n_tokens(messages, state.size),
                home=chunks[home[pair.draft_id]],
                chunks=chunks,
                assignments=assignments,
            )
        )
    if verdicts:
        raise RunError("verdicts without a pair", "Run the same command with --fresh.")
    return items


def _accepted(item: chat.Item) -> bool:
    return item.verdict.status == "accepted"


def _ordered(items: Iterable[chat.Item], seed: int) -> list[chat.Item]:
    return sorted(items, key=lambda item: (make_id(str(seed), item.pair.id, "order"), item.pair.id))


_STAGES: dict[str, Callable[[_State, Found], None]] = {
    "ingest": _ingest,
    "chunk": _chunk,
    "split": _split,
    "write": _write,
    "compose": _compose,
    "check": _check,
    "export": _export,
}


def _until(stage: str | None) -> tuple[str, ...]:
    if stage is None:
        return STAGES
    if stage not in STAGES:
        raise SettingsError(f"--until {stage}: no such stage", f"One of: {', '.join(STAGES)}.")
    return STAGES[: STAGES.index(stage) + 1]


def _outcome(state: _State) -> Outcome:
    """Sum up a build; only the pairs of a run that reached export are judged."""
    stages = state.run.manifest["stages"].values()
    counts = {name: count for stage in stages for name, count in stage["counts"].items()}
    exported = "export" in state.passed
    return Outcome(
        folder=state.run.folder,
        stages=tuple(state.ran),
        counts=counts,
        notes=_notes(state.run.folder),
        problems=(*_failed(state), *(_problems(state) if exported else ())),
        samples=_samples(state) if exported else (),
    )


def _notes(folder: Path) -> tuple[str, ...]:
    """What a reader must know of the split."""
    file = folder / "splits.notes.txt"
    notes = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    eval_rows = folder / "eval.jsonl"
    if eval_rows.exists() and not eval_rows.stat().st_size:
        notes.append("eval.jsonl is empty: no pair of its documents was accepted; add documents")
    return tuple(notes)


def _failed(state: _State) -> list[str]:
    """What failed in the stages that the build has passed."""
    found: list[str] = []
    failed = Counter(
        f"{f.stage}: {f.reason}"
        for stage in ("write", "compose")
        if stage in state.passed
        for f in state.run.read(f"{stage}.failures.jsonl", Failure)
        if f.failed
    )
    skipped = (item.reason for item in state.run.read("skipped.jsonl", Skipped))
    unread = Counter(f"ingest: {reason}" for reason in skipped if reason in ingest.FAILURES)
    unsent = failed.pop(f"write: {UNSENT}", 0)
    found += [f"{count} failed ({name})" for name, count in sorted((unread + failed).items())]
    if unsent:
        found.append(_stopped(state, unsent))
    if failed and state.config.writer() == "llm":
        found.append("what failed is not asked again by itself: add --retry-failed for that")
    return found


def _problems(state: _State) -> list[str]:
    """Why the build is finished, but not all is well with its pairs."""
    accepted = accepted_pairs(state.run.folder)
    found = [] if accepted else ["no pair was accepted"]
    assignments = state.assignments()
    shared = leakage(accepted, assignments, state.config.check)
    return found + [f"leakage: {count} shared {name}" for name, count in shared.items() if count]


def _stopped(state: _State, unsent: int) -> str:
    """What a run that reached its limit has spent, and how it goes on."""
    run = state.config.run
    bill = state.run.manifest["bill"]
    requests = sum(row["requests"] for row in bill["paid"])
    spent = f"{requests:,} of {run.max_requests:,} requests sent" if run.max_requests >= 0 else ""
    higher = "--max-requests"
    if run.max_cost >= 0:
        cost = sum(row["cost"] or 0 for row in bill["paid"])
        paid = f"{bill['price']['currency']} {cost:.4f} of {run.max_cost:g} spent"
        spent = ", ".join(filter(None, (paid, spent or f"{requests:,} requests sent")))
        higher = "--max-cost" if run.max_requests < 0 else "--max-cost or --max-requests"
    return (
        f"stopped at the limit: {spent}; {unsent:,} requests were not sent. To go on, run the same "
        f"command with a higher {higher}: what was answered is not paid again"
    )


def accepted_pairs(folder: Path) -> list[Pair]:
    """The accepted pairs of a run, in the order of pairs.jsonl."""
    kept = {
        verdict.pair_id
        for verdict in read_records(folder / "verdicts.jsonl", Verdict)
        if verdict.status == "accepted"
    }
    return [pair for pair in read_records(folder / "pairs.jsonl", Pair) if pair.id in kept]


def leakage(
    pairs: Sequence[Pair], assignments: Mapping[str, Assignment], settings: CheckSettings
) -> dict[str, int]:
    """What the splits of accepted pairs share; every figure must be 0."""
    shared = split.leakage(pairs, assignments)
    return {**shared, "questions": len(check.leaking_questions(pairs, settings))}


def _samples(state: _State) -> tuple[Pair, ...]:
    """Three accepted pairs to show, at least one of them unanswerable where there is one."""
    pairs = sorted(
        accepted_pairs(state.run.folder), key=lambda p: make_id(str(state.seed), p.id, "sample")
    )
    answerable = [p for p in pairs if p.answerable][:2]
    return (*answerable, *[p for p in pairs if not p.answerable][: 3 - len(answerable)])


def _about(state: _State, found: Found) -> dict[str, Any]:  # the manifest's head
    names = ("tiktoken", "openai", "datasets", "pandas", "bm25s", "lxml", "markdown-it-py")
    return {
        "builder": builder.__version__,
        "program": _program(),
        "python": sys.version.split()[0],
        "versions": {name: _version(name) for name in names},
        "seed": state.seed,
        "limit": state.job.limit,
        "settings": {
            name: list(value) if isinstance(value, tuple) else value
            for name, value, _, _ in rows_of(state.config)
        }
        | _shared_replies(state),
        "origins": dict(state.config.origins),
        "roots": [str(path) for path in state.job.sources],
        "files": len(found),
        "prompts": {
            name: state.prompts.hash(name)
            for folder in (
                "",
                "system",
                "questions",
                "unanswerable",
                "refusals",
                "extractive",
                "answers",
                "examples",
            )
            for name in (state.prompts.names(folder) if folder else ["layouts.toml"])
        },
    }


def _shared_replies(state: _State) -> dict[str, str]:
    """The shared file as it is found from any folder."""
    if not state.config.model.replies:
        return {}
    return {"model.replies": str(replies_file(state.config, state.run.folder))}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@cache
def _program() -> str:
    """A hash of the program's own code: another version re-does the stages, not the replies."""
    digest = blake2b(digest_size=8)
    root = Path(str(files("builder")))
    for file in sorted(root.rglob("*.py")):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _hash_of(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
    except OSError as err:
        return f"unreadable: {err.strerror}"
