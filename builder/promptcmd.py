"""The command `builder prompts`: which prompt files there are, one of them, one as it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from builder.config import Config, find_file, load
from builder.errors import SettingsError
from builder.prompts import Prompts
from builder.text import plain

TWO = "two_chunks"


@click.command("prompts")
@click.argument("name", required=False, metavar="[NAME]")
@click.option(
    "--render",
    "source",
    type=click.Path(exists=True, path_type=Path),
    help="Show the whole request for a chunk of this file or folder.",
)
@click.option("--chunk", "chunk_id", help="With --render: the id of the chunk, or its start.")
@click.option("--sample", type=click.IntRange(min=0), default=0, help="With --render: its number.")
@click.option("--two", is_flag=True, help="With --render: a request about two related chunks.")
@click.option("--schema", is_flag=True, help="With --render: the schema of the reply too.")
@click.option(
    "--config",
    "config_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Settings file instead of ./builder.toml; its folder may hold prompts/.",
)
def prompts_command(
    name: str | None,
    source: Path | None,
    chunk_id: str | None,
    sample: int,
    two: bool,
    schema: bool,
    config_file: Path | None,
) -> None:
    """List the prompt files, show one by NAME, or render what a model is sent.

    \b
    Examples:
      builder prompts
      builder prompts questions/factual.md
      builder prompts --render raw_docs --schema
    """
    file = config_file or find_file(Path.cwd())
    config = load(file=file)
    prompts = Prompts.find(config.folder)
    if source is not None:
        lines = _rendered(config, prompts, source, chunk_id or "", sample, two, schema)
    elif name:
        lines = iter([prompts.text(name.removeprefix("prompts/"))])
    else:
        lines = _listed(prompts)
    for text in lines:
        click.echo(plain(text, lines=True))


def _listed(prompts: Prompts) -> Iterator[str]:
    """Every file with the folder that it is read from and what it is for."""
    for name in _names(prompts):
        folder = next(folder for folder in prompts.folders if (folder / name).is_file())
        own = len(prompts.folders) > 1 and folder == prompts.folders[0]
        yield f"{name:<36} {'yours' if own else 'packaged':<9} {prompts.hash(name)}"


def _names(prompts: Prompts) -> list[str]:
    found = {
        file.relative_to(folder).as_posix()
        for folder in prompts.folders
        for file in folder.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.parts[-2:])
    }
    return sorted(found, key=lambda name: (name.count("/") > 0, name))


def _rendered(
    config: Config,
    prompts: Prompts,
    source: Path,
    chunk_id: str,
    sample: int,
    two: bool,
    schema: bool,
) -> Iterator[str]:
    """The messages of one request, as the writer would send it for this chunk."""
    from dataclasses import replace

    from builder.pipeline import writer_requests

    model = replace(config.model, name=config.model.name or "MODEL", samples=sample + 1)
    write = replace(config.write, two_chunks=1.0) if two else config.write
    settings = replace(config, model=model, write=write)
    for chunks, request in writer_requests(settings, prompts, (source,), sample=sample):
        if (len(chunks) > 1) != two or not chunks[0].id.startswith(chunk_id):
            continue
        yield from _said([f"{c.id} {c.path}: {' > '.join(c.heading_path)}" for c in chunks])
        for message in request.messages:
            yield f"===== {message.role} =====\n{message.content}"
        if schema:
            yield f"===== schema =====\n{request.schema}"
        return
    of = f"two chunks of {source}" if two else f"a chunk of {source}"
    raise SettingsError(
        f"no request about {of}" + (f" whose id begins with {chunk_id!r}" if chunk_id else ""),
        "The ids stand in chunks.jsonl of a run; leave --chunk out to see the first.",
    )


def _said(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield f"===== chunk =====\n{name}"
