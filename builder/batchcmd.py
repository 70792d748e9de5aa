"""The command `builder batches`: what a run has at the server, and stopping it."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any

import click

from builder.config import ModelSettings
from builder.text import plain


@click.command("batches")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--cancel", is_flag=True, help="Stop them, and give up what the server lost.")
@click.option("--base-url", metavar="URL", help="Server to ask [default: as in the build].")
def batches_command(run: Path, *, cancel: bool, base_url: str | None) -> None:
    """Show the batches of RUN that are under way at the server.

    A batch goes on when the build that sent it ends. What a cancelled one has done is kept: the
    next build of RUN takes it over and asks for the rest, with --batch or without.

    \b
    Examples:
      builder batches output/handbook
      builder batches output/handbook --cancel
    """
    from builder import llm
    from builder.pipeline import replies_of
    from builder.store import read_manifest

    settings = read_manifest(run).get("settings", {})
    model = _model(settings, base_url)
    file = replies_of(run)
    told = False
    if file.exists():
        with llm.Replies(file) as replies:
            if llm.has_batches(replies):
                origin = "flag" if base_url else str(run / "manifest.json")
                origins = {"model.base_url": origin, "model.base_urls": origin}
                key = llm.api_key_for(model, origins, os.environ)
                for line in llm.looked_at(replies, model, key, cancel=cancel):
                    told = True
                    click.echo(plain(line))
    if not told:
        click.echo("no batch is under way", err=True)


def _model(settings: dict[str, Any], base_url: str | None) -> ModelSettings:  # of a manifest
    """The server that a run was built with."""
    known = {field.name for field in dataclasses.fields(ModelSettings)}
    values: dict[str, Any] = {  # of any type of setting
        name.removeprefix("model."): tuple(value) if isinstance(value, list) else value
        for name, value in settings.items()
        if name.startswith("model.") and name.removeprefix("model.") in known
    }
    if base_url:
        values |= {"base_url": base_url, "base_urls": ()}
    return ModelSettings(**values)
