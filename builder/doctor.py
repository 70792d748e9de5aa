"""Can builder run here? What is installed, what is writable, which model servers answer.

Sends at most one small request, and only to a model that was named; no key is ever shown.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import shlex
import shutil
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from builder import llm, tokens
from builder.config import Config, ModelSettings
from builder.errors import BuilderError
from builder.export import rows
from builder.llm.access import NO_KEY
from builder.llm.client import open_client, probe
from builder.prompts import Prompts
from builder.text import plain

# Distribution -> a module of it whose import shows that it works.
PACKAGES: Mapping[str, str] = {
    "bm25s": "bm25s",
    "charset-normalizer": "charset_normalizer",
    "click": "click",
    "datasets": "datasets",
    "filelock": "filelock",
    "ftfy": "ftfy",
    "jsonschema": "jsonschema",
    "lxml": "lxml.html",
    "markdown-it-py": "markdown_it",
    "numpy": "numpy",
    "openai": "openai",
    "pandas": "pandas",
    "rich": "rich.console",
    "tiktoken": "tiktoken",
}
# Distribution -> what it is for, and what pip brings it by.
OPTIONAL: Mapping[str, tuple[str, str]] = {
    "orjson": ("less work for each reply of a model", "builder[fast]"),
    "uvloop": ("less work for each request to a model", "builder[fast]"),
    "pypdfium2": ("PDF files", "builder[pdf]"),
    "docutils": ("reStructuredText files", "builder[rst]"),
    "py3langid": ("the language of short and mixed texts", "builder[lang]"),
    "tokenizers": ("tokenizer.json files", "builder[tokenizers]"),
    "docling": ('[ingest] reader = "docling"', "builder[docling]"),
    "markitdown": ('[ingest] reader = "markitdown"', "builder[markitdown]"),
}
SERVERS: Mapping[str, int] = {
    "vLLM": 8000,
    "Ollama": 11434,
    "LM Studio": 1234,
    "llama.cpp": 8080,
    "LiteLLM": 4000,
}
LOOPBACK = "127.0.0.1"
LOCAL_TIMEOUT_S = 0.5
MAX_BYTES = 1_000_000  # read of a local server's answer
MARGIN = 17  # columns before the text of a note
LEAST_FREE_MB, LITTLE_FREE_MB = 100, 1000

_SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"answer": {"type": "integer"}},
        "required": ["answer"],
        "additionalProperties": False,
    }
)
_STRUCTURES = {
    "json_schema": "json_schema is supported",
    "json_object": "json_schema is not supported, json_object is used instead",
    "": "no structured output is supported; replies are checked all the same",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing that was looked at. state: "fault" keeps the main job from running."""

    about: str
    text: str
    state: Literal["ok", "note", "fault"] = "ok"
    hint: str = ""


def shown(note: Note, width: int) -> str:
    """A note in lines of at most `width` columns; its hint, often a command, stays on one line."""
    lines = textwrap.wrap(
        f"{note.state:<5}  {note.about:<8}  {plain(note.text)}",
        width=max(width, 2 * MARGIN),
        subsequent_indent=" " * MARGIN,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join([*lines, *([" " * MARGIN + plain(note.hint)] if note.hint else [])])


def examine(
    config: Config,
    environ: Mapping[str, str],
    *,
    folder: Path,
    packages: Mapping[str, str] = PACKAGES,
    optional: Mapping[str, tuple[str, str]] = OPTIONAL,
    servers: Mapping[str, int] = SERVERS,
) -> Iterator[Note]:
    """Everything the main job needs, in the order in which to mend it.

    folder:  where runs would be written.
    servers: name -> port of model servers to look for on this machine; none when a model is named.
    """
    yield Note(about="python", text=sys.version.split()[0])
    yield from _packages(packages)
    yield from _optional(optional)
    yield _prompts(config)
    yield _vocabulary(config.chunk.encoding)
    yield _cache()
    yield _disk(folder)
    yield _terminal()
    if config.model.name:
        yield from _model(config, environ)
    else:
        yield from _local(servers, environ)


def _packages(packages: Mapping[str, str]) -> Iterator[Note]:
    found = []
    for name, module in packages.items():
        try:
            import_module(module)
            found.append(f"{name} {version(name)}")
        except (ImportError, OSError, PackageNotFoundError) as err:
            yield Note(
                about="packages",
                text=f"{name} cannot be used: {err}",
                state="fault",
                hint="Install builder again: pip install --force-reinstall builder",
            )
    if found:
        yield Note(about="packages", text=", ".join(found))


def _optional(optional: Mapping[str, tuple[str, str]]) -> Iterator[Note]:
    found = []
    for name, (use, wanted) in optional.items():
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            text = f"{name} is not installed: {use}"
            yield Note(about="optional", text=text, hint=f"pip install {shlex.quote(wanted)}")
    if found:
        yield Note(about="optional", text=", ".join(found))


def _prompts(config: Config) -> Note:
    try:
        found = Prompts.find(config.folder)
        rows.load_wording(found)
    except BuilderError as err:
        return Note(about="prompts", text=err.message, state="fault", hint=err.hint)
    own = [str(folder) for folder in found.folders[:-1]]
    return Note(about="prompts", text=f"yours in {own[0]} first" if own else "those of the package")


def _vocabulary(encoding: str) -> Note:
    try:
        count = tokens.sizer(encoding)("One small sentence.")
    except BuilderError as err:
        return Note(about="tokens", text=err.message, state="fault", hint=err.hint)
    offline = "no network needed" if encoding in tokens.SHIPPED else "from tiktoken's own cache"
    return Note(about="tokens", text=f"{encoding}, {offline}" if count else f"{encoding} is empty")


def _cache() -> Note:
    folder = tokens.own_cache()
    if folder is None or not _is_writable(folder):
        text = f"{folder or 'no cache folder'}: cannot be written, so every start is 0.5 s slower"
        return Note(about="cache", text=text, state="note", hint="Set XDG_CACHE_HOME.")
    return Note(about="cache", text=f"{folder} is writable")


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _disk(folder: Path) -> Note:
    place = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
    free_mb = shutil.disk_usage(place).free // 1_000_000
    if free_mb < LEAST_FREE_MB or not os.access(place, os.W_OK):
        text = f"{free_mb:,} MB free in {place}" + (
            "" if os.access(place, os.W_OK) else ", read only"
        )
        return Note(about="disk", text=text, state="fault", hint="Build elsewhere with -o RUN.")
    state: Literal["ok", "note"] = "ok" if free_mb >= LITTLE_FREE_MB else "note"
    return Note(about="disk", text=f"{free_mb:,} MB free in {place}", state=state)


def _terminal() -> Note:
    encoding = sys.stdout.encoding or "unknown"
    if encoding.lower().replace("-", "") == "utf8":
        return Note(about="terminal", text=encoding)
    return Note(
        about="terminal",
        text=f"{encoding}: some characters show as codes; files are UTF-8 all the same",
        state="note",
        hint="Set PYTHONUTF8=1, or a UTF-8 locale such as LANG=C.UTF-8.",
    )


def _model(config: Config, environ: Mapping[str, str]) -> Iterator[Note]:
    """Ask the named model one small thing, at each of its addresses."""
    settings = config.model
    try:
        urls = llm.endpoints_of(settings)
        hosts = [llm.host_of(url) for url in urls]
        key = llm.api_key_for(settings, config.origins, environ)
    except BuilderError as err:
        yield Note(about="model", text=err.message, state="fault", hint=err.hint)
        return
    for url, host in zip(urls, hosts, strict=True):
        yield Note(about="model", text=f"asking {settings.name} at {host}")
        started = time.monotonic()
        try:
            outcome, structure = asyncio.run(_asked(settings, url, key))
        except BuilderError as err:
            yield Note(about="model", text=err.message, state="fault", hint=err.hint)
        else:
            yield _answered(outcome, structure, time.monotonic() - started, keyless=key == NO_KEY)


def _answered(outcome: llm.Outcome, structure: str, took_s: float, *, keyless: bool) -> Note:
    """What the answer to the one small thing tells; keyless: no key was sent."""
    took = f"{took_s:.1f} s"
    if not outcome.reason:
        return Note(about="model", text=f"answers in {took}; {_STRUCTURES[structure]}")
    if outcome.reason in ("empty", "not_json", "schema", "truncated"):
        ignored = structure and outcome.reason != "truncated"
        held = (
            f"it takes {structure} and does not keep to it" if ignored else _STRUCTURES[structure]
        )
        return Note(
            about="model",
            text=f"answers in {took}, but not as asked: {outcome.detail}; {held}",
            state="note",
            hint="Builds will lose replies like this one: try a larger model, "
            "or --set model.max_output_tokens=4000.",
        )
    hint = "Look at the server's own log."
    if keyless and outcome.reason == "bad_request":
        hint += " No key was sent: if it wants one, set BUILDER_API_KEY."
    return Note(about="model", text=f"{outcome.reason}: {outcome.detail}", state="fault", hint=hint)


async def _asked(settings: ModelSettings, url: str, key: str) -> tuple[llm.Outcome, str]:
    request = llm.request_for(
        (llm.Message(role="user", content='How much is 3 + 4? Reply in JSON: {"answer": number}'),),
        schema=_SCHEMA,
        chunk_id="",
        model=settings,
    )
    async with open_client(settings, url, key) as client:
        return await probe(client, request, settings.name), client.structure


def _local(servers: Mapping[str, int], environ: Mapping[str, str]) -> Iterator[Note]:
    """Model servers on this machine, each with the line to use it."""
    found = [
        (name, port, told) for name, port in servers.items() if (told := _models(port)) is not None
    ]
    for name, port, models in found:
        url = f"http://{LOOPBACK}:{port}/v1"
        named = ", ".join(models[:5]) or "without a model"
        writers = [model for model in models if "embed" not in model.lower()]
        model = shlex.quote(writers[0]) if writers else "NAME"
        yield Note(
            about="model",
            text=f"a server on port {port}, as {name} uses: {named}",
            hint=f"builder build SOURCE -o RUN --model {model} --base-url {url}",
        )
    if environ.get("OPENAI_API_KEY", "").strip():
        yield Note(
            about="model",
            text="OPENAI_API_KEY is set",
            hint="builder build SOURCE -o RUN --model gpt-4o-mini",
        )
    elif not found:
        ports = ", ".join(str(port) for port in servers.values())
        yield Note(
            about="model", text=f"none named, none on ports {ports}: the embedded writer works"
        )


def _models(port: int) -> list[str] | None:
    """The models of a server of the OpenAI protocol on this machine; None when there is none."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=LOCAL_TIMEOUT_S)
    try:
        connection.request("GET", "/v1/models")
        answer = connection.getresponse()
        if answer.status in (401, 403):  # it wants a key
            return []
        data = json.loads(answer.read(MAX_BYTES))
        return [str(model["id"]) for model in data["data"]]
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError, RecursionError):
        return None
    finally:
        connection.close()
