"""Settings: builder.toml, BUILDER_* variables and flags become one frozen Config.

A value's origin is, from strongest to weakest: flag, environment (`BUILDER_CHUNK_MAX_TOKENS`),
builder.toml (`[chunk] max_tokens`), default. An unknown key is an error with a suggestion.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import blake2b
from math import isfinite
from pathlib import Path
from typing import Any, Literal

from builder.errors import SettingsError

FILE_NAME = "builder.toml"
ENV_PREFIX = "BUILDER_"
NOT_SETTINGS = frozenset({"BUILDER_API_KEY"})  # read from the environment elsewhere


def _setting(default: Any, help_text: str, **limits: Any) -> Any:  # any type of setting
    return field(default=default, metadata={"help": help_text, **limits})


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """What holds for the whole run."""

    seed: int = _setting(0, "seed of every choice by chance")
    max_cost: float = _setting(
        -1.0, "most that a run may spend on a model, in the price's currency (-1: no limit)", low=-1
    )
    max_requests: int = _setting(
        -1, "most requests that a run may send, failed ones included (-1: no limit)", low=-1
    )


@dataclass(frozen=True, kw_only=True)
class IngestSettings:
    """Which files are read, and how far."""

    include: tuple[str, ...] = _setting((), "globs of files to read (empty: every known format)")
    exclude: tuple[str, ...] = _setting((), "globs of files to leave out")
    max_mb: float = _setting(32.0, "largest file that is read, in MB", low=0.001)
    lang: str = _setting("", "language of all documents (empty: detected per document)")
    reader: tuple[str, ...] = _setting(
        ("builtin",),
        "who reads: builtin, docling, markitdown, or one of a suffix: pdf=docling, pdf=ocr",
    )
    workers: int = _setting(0, "processes that read files (0: one per core)", low=0, high=256)
    timeout_s: float = _setting(
        60.0, "seconds until a file is given up; a large PDF has more", low=0.1
    )
    memory_mb: int = _setting(2048, "most memory of a process that reads, in MB", low=512)


@dataclass(frozen=True, kw_only=True)
class ChunkSettings:
    """How documents are cut."""

    max_tokens: int = _setting(512, "largest chunk, in tokens", low=16)
    min_tokens: int = _setting(32, "smallest chunk wherever another cut is possible", low=0)
    overlap: float = _setting(
        0.0, "share of max_tokens that repeats the text before", low=0.0, high=0.5
    )
    count_path: bool = _setting(False, "count the heading path in max_tokens")
    encoding: str = _setting("o200k_base", "tiktoken encoding that counts the tokens")
    tokenizer: str = _setting("", "tokenizer.json that counts them instead (Llama, Qwen, ...)")


@dataclass(frozen=True, kw_only=True)
class SplitSettings:
    """How chunks are shared out before anything is written."""

    eval: float = _setting(0.2, "share of the chunks for eval", low=0.0, high=0.9)
    validation: float = _setting(0.0, "share of the chunks for validation", low=0.0, high=0.9)
    from_run: str = _setting("", "run folder whose split is kept for known documents")


@dataclass(frozen=True, kw_only=True)
class WriteSettings:
    """Who writes the question/answer pairs, and which."""

    writer: Literal["auto", "extractive", "llm"] = _setting(
        "auto", "auto: llm when a model is named, else extractive"
    )
    rules: Literal["strict", "broad"] = _setting("strict", "rule families of the embedded writer")
    types: tuple[str, ...] = _setting((), "question types to ask for (empty: all)")
    max_per_chunk: int = _setting(0, "most pairs of one chunk (0: the writer's own limit)", low=0)
    product: str = _setting("", "name of the documented product (empty: found in the documents)")
    kinds: tuple[str, ...] = _setting(
        (), "kinds of unanswerable questions to ask a model for (empty: all)"
    )
    languages: tuple[str, ...] = _setting(
        ("source",), "languages a model writes in, taken in turns (source: that of the document)"
    )
    two_chunks: float = _setting(
        0.1, "requests about two related chunks, as a share of the chunks", low=0.0, high=2.0
    )
    answers: Literal["plain", "citations", "quotes", "json"] = _setting(
        "plain", "form of the answers; json needs answer_schema"
    )
    answer_schema: str = _setting("", "JSON Schema file of the answers (for answers = json)")


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """The OpenAI-compatible server that writes."""

    name: str = _setting("", "model name as the server knows it")
    base_url: str = _setting("https://api.openai.com/v1", "address of the server, up to /v1")
    base_urls: tuple[str, ...] = _setting(
        (), "several addresses of the same model, asked side by side (empty: base_url)"
    )
    label: str = _setting("", "name of the endpoint in remembered replies (empty: its host)")
    temperature: float = _setting(0.7, "sampling temperature", low=0.0, high=2.0)
    max_output_tokens: int = _setting(2000, "most tokens of one reply", low=16)
    concurrency: int = _setting(
        64,
        "most requests in flight at one address; how many it bears is found out",
        low=1,
        high=1024,
    )
    rpm: float = _setting(0.0, "most requests per minute at one address (0: no limit)", low=0.0)
    tpm: float = _setting(0.0, "most tokens per minute at one address (0: no limit)", low=0.0)
    timeout_s: float = _setting(120.0, "seconds until a request is given up", low=0.1)
    max_retries: int = _setting(3, "tries again after a fault of the server", low=0)
    structure: Literal["auto", "json_schema", "json_object", "text"] = _setting(
        "auto", "how the server is told the form of replies; auto: found by what it answers"
    )
    key_header: str = _setting(
        "", "header that carries the key (empty: Authorization, api-key on Azure)"
    )
    headers: tuple[str, ...] = _setting((), 'more headers of each request, as "Name: value"')
    body: str = _setting("", "more fields of each request's body, as a JSON object")
    samples: int = _setting(1, "requests for one chunk", low=1)
    replies: str = _setting("", "SQLite file of remembered replies (empty: in the run folder)")
    trust_base_url: bool = _setting(
        False, "send OPENAI_API_KEY to a base_url that comes from a file"
    )
    batch: bool = _setting(False, "hand the requests to the server's Batch API, as files")
    batch_poll_s: float = _setting(
        10.0, "seconds between two looks at a batch, at first", low=0.01, high=3600.0
    )
    batch_lines: int = _setting(50_000, "most requests of one batch", low=1)
    batch_mb: float = _setting(200.0, "largest file of one batch, in MB", low=0.001)
    batch_tokens: int = _setting(
        0, "most prompt tokens in batches under way, roughly (0: what the server takes)", low=0
    )


@dataclass(frozen=True, kw_only=True)
class PriceSettings:
    """What the model costs per million tokens, where the price table does not know better."""

    input: float = _setting(-1.0, "price of a million prompt tokens (-1: by the table)", low=-1.0)
    cached_input: float = _setting(
        -1.0, "the same for what the server has read before (-1: as input)", low=-1.0
    )
    output: float = _setting(-1.0, "price of a million reply tokens (-1: by the table)", low=-1.0)
    batch_factor: float = _setting(
        -1.0, "price of a batch as a share of the above (-1: by the table, else 1)", low=-1.0
    )
    currency: str = _setting("USD", "currency of these prices")


@dataclass(frozen=True, kw_only=True)
class TargetSettings:
    """What the dataset should hold."""

    unanswerable: float = _setting(0.25, "share of unanswerable rows in train", low=0.0, high=0.9)
    unanswerable_eval: float = _setting(0.35, "share in eval and validation", low=0.0, high=0.9)
    pairs: int = _setting(0, "rows over all splits, asked for and not exceeded (0: any)", low=0)
    multi_turn: float = _setting(
        0.1, "share of rows with an earlier turn, from a model", low=0.0, high=0.5
    )
    types: tuple[str, ...] = _setting((), 'largest shares of question types ("factual=0.4")')
    kinds: tuple[str, ...] = _setting(
        (), 'largest shares of kinds among the unanswerable rows ("near_miss=0.3")'
    )
    languages: tuple[str, ...] = _setting((), 'largest shares of languages ("de=0.5")')
    splits: tuple[str, ...] = _setting((), 'largest shares of splits ("eval=0.2")')
    samples: int = _setting(
        4, "most requests of one chunk when pairs is not met by [model] samples", low=1
    )
    round: int = _setting(200, "requests between two looks at whether pairs is met", low=1)

    def shares(self, name: Literal["types", "kinds", "languages", "splits"]) -> dict[str, float]:
        """The largest shares under a setting, by name. Raises ValueError for an unreadable one."""
        found = {}
        for text in getattr(self, name):
            of, equals, share = text.partition("=")
            if not equals or not of.strip() or not 0.0 < float(share) <= 1.0:
                raise ValueError(text)
            found[of.strip()] = float(share)
        return found


@dataclass(frozen=True, kw_only=True)
class RowSettings:
    """How a row of the dataset looks."""

    max_tokens: int = _setting(2048, "longest row, in tokens, prompt and answer", low=64)
    max_distractors: int = _setting(4, "most distractor passages of a row", low=0, high=16)
    system: str = _setting("", "your own system prompt, unvaried")
    template: str = _setting(
        "", "your own layout of the user message, with {context} and {question}, unvaried"
    )


@dataclass(frozen=True, kw_only=True)
class CheckSettings:
    """Limits of the checks, and which are off."""

    off: tuple[str, ...] = _setting((), "names of checks that do not run")
    containment: float = _setting(
        0.5, "least share of the answer found in its evidence", low=0, high=1
    )
    near_duplicate: float = _setting(
        0.8, "Jaccard of character 4-grams of equal questions", low=0.1, high=1
    )
    max_answer_words: int = _setting(250, "longest answer, in words", low=1)
    max_question_words: int = _setting(60, "longest question, in words", low=3)
    max_opening_share: float = _setting(
        0.2, "largest share of one question opening (two words)", low=0.01, high=1
    )


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting of a run; `origins` tells where each "section.key" came from."""

    run: RunSettings = field(default_factory=RunSettings)
    ingest: IngestSettings = field(default_factory=IngestSettings)
    chunk: ChunkSettings = field(default_factory=ChunkSettings)
    split: SplitSettings = field(default_factory=SplitSettings)
    write: WriteSettings = field(default_factory=WriteSettings)
    model: ModelSettings = field(default_factory=ModelSettings)
    price: PriceSettings = field(default_factory=PriceSettings)
    target: TargetSettings = field(default_factory=TargetSettings)
    rows: RowSettings = field(default_factory=RowSettings)
    check: CheckSettings = field(default_factory=CheckSettings)
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    folder: Path | None = field(default=None, compare=False)
    warnings: tuple[str, ...] = field(default=(), compare=False)

    def writer(self) -> Literal["extractive", "llm"]:
        """The writer this run uses: "auto" means llm when a model is named."""
        if self.write.writer == "auto":
            return "llm" if self.model.name else "extractive"
        return self.write.writer


Sections = Mapping[str, Mapping[str, Any]]  # section -> key -> raw value
SECTIONS: Mapping[str, type] = {
    "run": RunSettings,
    "ingest": IngestSettings,
    "chunk": ChunkSettings,
    "split": SplitSettings,
    "write": WriteSettings,
    "model": ModelSettings,
    "price": PriceSettings,
    "target": TargetSettings,
    "rows": RowSettings,
    "check": CheckSettings,
}


def load(
    *,
    file: Path | None,
    environ: Mapping[str, str] | None = None,
    flags: Sections | None = None,
    rows: bool = True,
) -> Config:
    """Put the settings together. Raises SettingsError that names the key and where it stands.

    file: builder.toml, or None for none. flags: "section" -> "key" -> value; None values are unset.
    rows: whether rows are to be made, which a chunk must fit into.
    """
    layers = [
        ("default", {}),
        (str(file), _from_file(file) if file else {}),
        ("environment", _from_environment(os.environ if environ is None else environ)),
        ("flag", flags or {}),
    ]
    for name in flags or {}:
        if name not in SECTIONS:
            raise SettingsError(f"flag: unknown section {name!r}", _suggest(name, SECTIONS))
    origins: dict[str, str] = {}
    sections: dict[str, Any] = {}  # section name -> its dataclass
    for name, cls in SECTIONS.items():
        values: dict[str, Any] = {}
        for origin, layer in layers:
            for key, raw in layer.get(name, {}).items():
                if raw is None:
                    continue
                values[key] = _value(cls, name, key, raw, origin)
                origins[f"{name}.{key}"] = origin
        sections[name] = cls(**values)
    if _given(origins, "model.base_url") and not _given(origins, "model.base_urls"):
        sections["model"] = dataclasses.replace(sections["model"], base_urls=())
    config = Config(
        **sections,
        origins=origins,
        folder=file.parent if file else None,
        warnings=tuple(_unknown_variables(os.environ if environ is None else environ)),
    )
    if rows and config.rows.max_tokens < config.chunk.max_tokens:
        raise SettingsError(
            f"rows.max_tokens = {config.rows.max_tokens} is below "
            f"chunk.max_tokens = {config.chunk.max_tokens}: no row could hold a chunk",
            "Raise [rows] max_tokens, or lower [chunk] max_tokens.",
        )
    _check_together(config)
    return config


def find_file(start: Path) -> Path | None:
    """builder.toml in start, or None."""
    candidate = start / FILE_NAME
    return candidate if candidate.is_file() else None


def fingerprint(*parts: Any) -> str:  # anything that json can write, dataclasses included
    """A hash of settings and other plain values that decide what a stage writes."""
    data = json.dumps(parts, sort_keys=True, ensure_ascii=True, default=_plain)
    return blake2b(data.encode(), digest_size=16).hexdigest()


def rows_of(config: Config) -> list[tuple[str, Any, str, str]]:
    """Every setting as (name, value, origin, help) for `builder config`."""
    found = []
    for name, cls in SECTIONS.items():
        section = getattr(config, name)
        for item in dataclasses.fields(cls):
            full = f"{name}.{item.name}"
            value = getattr(section, item.name)
            found.append((full, value, config.origins.get(full, "default"), item.metadata["help"]))
    return found


def _given(origins: Mapping[str, str], name: str) -> bool:
    return origins.get(name) in ("flag", "environment")


def _from_file(file: Path) -> Sections:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as err:
        raise SettingsError(f"{file}: no such file", "Write one with: builder init .") from err
    except OSError as err:
        raise SettingsError(
            f"{file}: cannot be read ({err.strerror})", "Check its rights."
        ) from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise SettingsError(
            f"{file}: not valid TOML: {err}", "Mend that line, or start anew: builder init DIR"
        ) from err
    for name, section in data.items():
        if name not in SECTIONS:
            raise SettingsError(f"{file}: unknown section [{name}]", _suggest(name, SECTIONS, data))
        if not isinstance(section, dict):
            raise SettingsError(f"{file}: {name} is no section", f"Write it as [{name}] with keys.")
    return data


def _from_environment(environ: Mapping[str, str]) -> Sections:
    found: dict[str, dict[str, str]] = {}
    for variable, value in environ.items():
        if not variable.startswith(ENV_PREFIX) or variable in NOT_SETTINGS:
            continue
        name, _, key = variable[len(ENV_PREFIX) :].lower().partition("_")
        if name in SECTIONS:
            found.setdefault(name, {})[key] = value
    return found


def _unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each BUILDER_ variable that sets nothing; it may belong to something else."""
    found = []
    for variable in sorted(environ):
        section = variable[len(ENV_PREFIX) :].lower().partition("_")[0]
        if section not in SECTIONS and _is_ours(variable):
            found.append(f"{variable} sets nothing: write BUILDER_SECTION_KEY")
    return found


def _is_ours(variable: str) -> bool:
    return variable.startswith(ENV_PREFIX) and variable not in NOT_SETTINGS


def _value(cls: type, section: str, key: str, raw: Any, origin: str) -> Any:  # any setting
    items = {item.name: item for item in dataclasses.fields(cls)}
    if key not in items:
        raise SettingsError(
            f"{origin}: unknown setting {key!r} in [{section}]", _suggest(key, items, SECTIONS)
        )
    hint = typing.get_type_hints(cls)[key]
    value = _converted(hint, raw, f"[{section}] {key}", origin)
    limits = items[key].metadata
    if isinstance(value, float) and not isfinite(value):
        raise SettingsError(f"{origin}: [{section}] {key} = {value}", "Give a finite number.")
    if ("low" in limits and value < limits["low"]) or ("high" in limits and value > limits["high"]):
        low, high = limits.get("low"), limits.get("high")
        ranged = f"of {low} or more" if high is None else f"from {low} to {high}"
        raise SettingsError(
            f"{origin}: [{section}] {key} = {value} is out of range", f"Give a value {ranged}."
        )
    return value


def _converted(hint: Any, raw: Any, name: str, origin: str) -> Any:  # one raw value by its type
    try:
        if typing.get_origin(hint) is Literal:
            if raw in typing.get_args(hint):
                return raw
            choices = ", ".join(typing.get_args(hint))
            raise SettingsError(f"{origin}: {name} = {raw!r} is not known", f"One of: {choices}.")
        if typing.get_origin(hint) is tuple:
            return _texts(raw)
        if hint is bool:
            return _boolean(raw)
        if hint is str and not isinstance(raw, str):
            raise ValueError("not a text")
        if hint in (int, float) and isinstance(raw, bool):
            raise ValueError("not a number")
        if hint is int and isinstance(raw, float):
            raise ValueError("not a whole number")
        return hint(raw)
    except (ValueError, TypeError) as err:
        kind = (
            getattr(hint, "__name__", "list of texts")
            if not isinstance(hint, types.GenericAlias)
            else "list"
        )
        raise SettingsError(
            f"{origin}: {name} = {raw!r} is not valid ({err})", f"Expected: {kind}."
        ) from err


def _texts(raw: Any) -> tuple[str, ...]:  # a list, or words with commas
    parts = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError("not a list of texts")
    return tuple(part.strip() for part in parts if part.strip())


def _boolean(raw: Any) -> bool:  # true/false, or their spellings in variables
    if isinstance(raw, bool):
        return raw
    spelled = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if str(raw).lower() in spelled:
        return spelled[str(raw).lower()]
    raise ValueError("not true or false")


def _suggest(word: str, known: Mapping[str, Any], _context: Any = None) -> str:  # keys only
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    if close:
        return f"Did you mean {close[0]!r}? See all with: builder config"
    return f"Known: {', '.join(known)}."


def _check_together(config: Config) -> None:
    if config.split.eval + config.split.validation >= 1.0:
        raise SettingsError(
            "split.eval and split.validation leave nothing for train",
            "Lower one of them under [split].",
        )
    cut = config.chunk
    if cut.min_tokens > cut.max_tokens and "chunk.min_tokens" in config.origins:
        raise SettingsError(
            f"chunk.min_tokens = {cut.min_tokens} is above chunk.max_tokens = {cut.max_tokens}",
            "Lower [chunk] min_tokens: up to half of max_tokens is heeded.",
        )
    template = config.rows.template
    placeholders = sorted(name for name in re.findall(r"\{([a-z_]+)\}", template) if name != "ask")
    if template and placeholders != ["context", "question"]:
        raise SettingsError(
            "rows.template must hold {context} and {question}, each once, and no other placeholder",
            f"It has: {', '.join(placeholders) or 'none'}.",
        )
    _check_shares(config.target)
    _check_money(config)
    if (config.write.answers == "json") != bool(config.write.answer_schema):
        raise SettingsError(
            f"write.answers = {config.write.answers}, write.answer_schema = "
            f"{config.write.answer_schema or 'none'}: one needs the other",
            'Set answers = "json" and answer_schema = "FILE.json" under [write], or neither.',
        )
    if config.write.answers == "json" and config.writer() != "llm":
        raise SettingsError(
            "write.answers = json needs a model that fills the schema",
            "Name one: --model NAME, or take another form of answers.",
        )
    if config.write.writer == "llm" and not config.model.name:
        raise SettingsError(
            "write.writer = llm, but no model is named", "Name one: --model NAME [--base-url URL]"
        )


def _check_shares(target: TargetSettings) -> None:
    for name in ("types", "kinds", "languages", "splits"):
        try:
            target.shares(name)
        except ValueError as err:
            raise SettingsError(
                f"[target] {name}: {err} is no share", 'Write them as: ["NAME=0.3", "OTHER=0.2"]'
            ) from err


def _check_money(config: Config) -> None:
    price = config.price
    prices = {n: getattr(price, n) for n in ("input", "cached_input", "output", "batch_factor")}
    amounts = {f"price.{n}": value for n, value in prices.items()}
    for name, value in {**amounts, "run.max_cost": config.run.max_cost}.items():
        if -1 < value < 0:
            raise SettingsError(f"{name} = {value:g} is below 0", "Give 0 or more, or -1 for none.")
    given = [n for n, value in prices.items() if value >= 0]
    if (price.input < 0) != (price.output < 0) or (given and price.input < 0):
        raise SettingsError(
            f"[price] sets {', '.join(given)} alone",
            "Set input and output together, per million tokens.",
        )
    if price.input < 0 and price.currency != PriceSettings.currency:
        raise SettingsError(
            f"price.currency = {price.currency}, but the price table is in USD",
            "Set [price] input and output in that currency.",
        )


def _plain(value: Any) -> Any:  # what json cannot write itself
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value) if f.compare}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"no fingerprint for {type(value).__name__}")
