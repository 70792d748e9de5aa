"""The command `builder replies`: what is remembered, thinned out, or carried elsewhere."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from builder.config import find_file, load
from builder.errors import RunError, SettingsError
from builder.text import plain

if TYPE_CHECKING:
    from builder.llm import Replies
    from builder.llm.archive import Group, Summary, Taken, Tally, Wanted

NAME = "replies.sqlite"  # of an empty file that stands for none
ENDINGS = (".sqlite", ".sqlite3", ".db")  # of a file that is not there yet; else a run is meant
DATABASE = b"SQLite format 3\0"  # how every file of SQLite begins
MOST_SHOWN = 20  # refused lines, and builds


@click.command("replies")
@click.argument("where", required=False, metavar="[RUN|FILE]", type=click.Path(path_type=Path))
@click.option(
    "--export",
    "export_to",
    metavar="FILE",
    type=click.Path(path_type=Path, allow_dash=True, dir_okay=False),
    help="Write the replies as JSON lines; - for standard output.",
)
@click.option(
    "--import",
    "import_from",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Take in exported lines or another file of replies. Repeatable.",
)
@click.option("--prune", is_flag=True, help="Tell what would be forgotten; with --yes, forget it.")
@click.option("--yes", is_flag=True, help="With --prune: do it.")
@click.option(
    "--reason",
    "reasons",
    multiple=True,
    metavar="CODE",
    help="Only replies that failed so, such as schema; failed for all that did, usable for the"
    " others. Repeatable.",
)
@click.option("--model", "models", multiple=True, metavar="NAME", help="Only of this model.")
@click.option(
    "--unused-for",
    "unused_d",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Only what was neither made nor asked for in so many days.",
)
@click.option("--used-by", multiple=True, metavar="RUN", help="Only what this run asked for.")
@click.option(
    "--unused-by", multiple=True, metavar="RUN", help="Only what this run never asked for."
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def replies_command(  # one argument for every option
    where: Path | None,
    export_to: Path | None,
    import_from: tuple[Path, ...],
    prune: bool,
    yes: bool,
    reasons: tuple[str, ...],
    models: tuple[str, ...],
    unused_d: float | None,
    used_by: tuple[str, ...],
    unused_by: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show what is remembered of a model's replies, in a RUN or a FILE that runs share.

    Every reply is remembered with what it cost, so a build asks and pays for nothing twice. Replies
    exported here and imported elsewhere let the same build run there with no server and no key.
    Without RUN or FILE: the file that builder.toml names as [model] replies.

    Exit codes: 0 done; 1 failed; 2 wrong usage; 3 imported, but some lines were refused.

    \b
    Examples:
      builder replies output/handbook
      builder replies output/handbook --export handbook.replies.jsonl
      builder replies output/copy --import handbook.replies.jsonl
      builder replies output/handbook --prune --reason failed
    """
    from builder.llm import archive

    picks = any([reasons, models, unused_d is not None, used_by, unused_by])
    if bool(export_to) + bool(import_from) + prune > 1:
        raise click.UsageError("Give one of --export, --import and --prune.")
    if picks and not (export_to or prune):
        raise click.UsageError("What to pick is for --export and --prune.")
    if prune and not picks:
        raise click.UsageError("Name what to forget, such as --prune --reason failed.")
    if yes and not prune:
        raise click.UsageError("--yes is for --prune.")
    file = _file(where, make=bool(import_from))
    if export_to:
        _check_target(export_to, file)
    with _opened(file, make=bool(import_from), change=bool(import_from) or yes) as replies:
        _check_picks(replies, reasons, models)
        wanted = archive.Wanted(
            reasons=reasons,
            models=models,
            unused_d=unused_d,
            asked_by=tuple(_run_id(replies, run) for run in used_by),
            not_asked_by=tuple(_run_id(replies, run) for run in unused_by),
        )
        if export_to:
            _export(replies, wanted, export_to)
        elif import_from:
            sys.exit(_import(replies, import_from, as_json=as_json))
        elif prune:
            _prune(replies, wanted, dry=not yes, as_json=as_json)
        else:
            _show(file, archive.summary(replies), as_json=as_json)


def _file(where: Path | None, *, make: bool) -> Path:
    """The file of replies that is meant; make: it need not be there, nor the run it lies in."""
    from builder.pipeline import replies_file, replies_of
    from builder.store import open_run

    if where is None:
        config = load(file=find_file(Path.cwd()))
        if not config.model.replies:
            raise SettingsError(
                "no run and no file of replies is named", "As in: builder replies output/handbook"
            )
        where = replies_file(config, Path())
    elif where.is_dir() or (not where.exists() and where.suffix not in ENDINGS):
        if make and not (where / "manifest.json").exists():
            with open_run(where):
                pass
        return replies_of(where, make=make)
    if not make and not where.exists():
        raise RunError(f"{where}: there is no such file", "Name a run folder or a file of replies.")
    return where


@contextmanager
def _opened(file: Path, *, make: bool, change: bool) -> Iterator[Replies]:
    """The file, or an empty one elsewhere for a run that has asked no model yet.

    change: it is to be changed; else the rights to read it are enough.
    """
    from builder.llm import Replies

    with ExitStack() as stack:
        if not file.exists() and not make:
            file = Path(stack.enter_context(TemporaryDirectory())) / NAME
            change = True
        elif file.exists() and not _is_database(file):
            raise RunError(
                f"{file}: is not a file of replies",
                "To take in what was exported to it: builder replies RUN --import FILE",
            )
        yield stack.enter_context(Replies(file, read_only=not change))


def _is_database(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(len(DATABASE)) == DATABASE
    except OSError as err:
        raise RunError(f"{file}: cannot be read ({err.strerror})", "Change its rights.") from err


def _check_target(to: Path, file: Path) -> None:
    """Keep an export from taking the place of remembered replies."""
    if str(to) == "-":
        return
    if not to.parent.is_dir():
        raise RunError(f"{to.parent}: there is no such folder", "Make it, or name another file.")
    same = [file.with_name(file.name + end).absolute() for end in ("", "-wal", "-shm")]
    if to.absolute() in same or (to.is_file() and _is_database(to)):
        raise click.UsageError(
            f"{plain(str(to))} is a database: an export would take its place. Name another file,"
            " such as replies.jsonl."
        )


def _check_picks(replies: Replies, reasons: Sequence[str], models: Sequence[str]) -> None:
    """Tell a slip of the pen from a pick that nothing happens to fit."""
    from builder.llm import archive

    for name, given, known in (
        ("--reason", reasons, archive.reasons(replies)),
        ("--model", models, archive.models(replies)),
    ):
        for value in given:
            if value not in known:
                there = ", ".join(map(repr, known)) or "none"
                raise click.UsageError(plain(f"{name} {value!r} is unknown; there are: {there}"))


def _run_id(replies: Replies, run: str) -> str:
    """The id of a run that is named by its folder or by the id itself. Raises RunError."""
    from builder.llm import archive
    from builder.store import read_manifest

    name = str(read_manifest(Path(run)).get("id", "")) if Path(run).is_dir() else run
    if not archive.knows_run(replies, name):
        raise RunError(
            f"run {name or run} never asked for anything in this file",
            "builder replies FILE lists the runs that did.",
        )
    return name


def _export(replies: Replies, wanted: Wanted, to: Path) -> None:
    from builder.llm import archive
    from builder.store import line, write_atomic

    number = 0

    def lines() -> Iterator[bytes]:
        nonlocal number
        for reply in archive.exported(replies, wanted):
            number += 1
            yield line(reply).encode() + b"\n"

    if str(to) == "-":
        for data in lines():
            sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        write_atomic(to, lines())
    except OSError as err:
        raise RunError(
            f"{to}: cannot be written ({err.strerror})",
            "Check the rights and the space there, or name another file.",
        ) from err
    click.echo(f"{number:,} replies in {plain(str(to))}", err=True)


def _import(replies: Replies, files: Sequence[Path], *, as_json: bool) -> int:
    """Take in files one by one and tell what came of them; returns the exit code."""
    from builder.llm import archive

    results = {str(file): archive.imported(replies, file) for file in files}
    if as_json:
        _print_json({name: dataclasses.asdict(taken) for name, taken in results.items()})
    else:
        for name, taken in results.items():
            _tell(name, taken)
    return 3 if any(taken.refused for taken in results.values()) else 0


def _tell(name: str, taken: Taken) -> None:
    parts = [
        f"{taken.new:,} new",
        f"{taken.better:,} in the place of a failure",
        f"{taken.known:,} known already",
        f"{len(taken.refused):,} refused",
    ]
    click.echo(f"{plain(name)}: {', '.join(parts)}")
    for number, why in taken.refused[:MOST_SHOWN]:
        click.echo(f"  line {number}: {plain(why)}", err=True)
    if len(taken.refused) > MOST_SHOWN:
        click.echo(f"  and {len(taken.refused) - MOST_SHOWN:,} more", err=True)


def _prune(replies: Replies, wanted: Wanted, *, dry: bool, as_json: bool) -> None:
    from builder.llm import archive

    before = archive.size_of(replies)
    found = archive.pruned(replies, wanted, dry=dry)
    after = archive.size_of(replies)
    if as_json:
        named = {reason or archive.USABLE: number for reason, number in found.items()}
        _print_json({"done": not dry, "replies": named, "bytes": [before, after]})
        return
    parts = [f"{number:,} {reason or archive.USABLE}" for reason, number in found.items()]
    total = f"{sum(found.values()):,} replies" + (f" ({', '.join(parts)})" if parts else "")
    if dry:
        click.echo(f"{total} would be forgotten: add --yes for that.")
    else:
        click.echo(f"forgot {total}; {before / 1e6:.1f} MB before, {after / 1e6:.1f} MB now")


def _show(file: Path, found: Summary, *, as_json: bool) -> None:
    if as_json:
        _print_json({"file": str(file), **dataclasses.asdict(found)})
        return
    for text in _lines(file, found):
        click.echo(text)


def _lines(path: Path, found: Summary) -> Iterator[str]:
    """A summary as text."""
    usable = sum(group.replies for group in found.groups if not group.reason)
    failed = sum(group.replies for group in found.groups if group.reason)
    yield f"{plain(str(path))}: {found.n_bytes / 1e6:,.1f} MB, {usable:,} usable, {failed:,} failed"
    if found.groups:
        oldest = min(group.oldest for group in found.groups)
        newest = max(group.newest for group in found.groups)
        yield f"from {oldest} to {newest}"
        yield ""
        yield from _table(
            ("model", "endpoint", "reason", "replies", "prompt tokens", "completion tokens"),
            ((g.model, g.endpoint, g.reason or "-", g.replies, *_tokens(g)) for g in found.groups),
        )
    if found.attempts:
        yield ""
        yield from _table(
            ("requests", "sent", "prompt tokens", "completion tokens", "mean s"),
            ((t.kind, t.attempts, *_tokens(t), f"{t.latency_s:.2f}") for t in found.attempts),
        )
    if found.uses:
        yield ""
        yield from _table(
            ("build of", "began", "asked", "remembered", "share"),
            (
                (
                    use.run or "-",
                    use.at,
                    use.asked,
                    use.remembered,
                    _share(use.remembered, use.asked),
                )
                for use in found.uses[-MOST_SHOWN:]
            ),
        )


def _tokens(counted: Group | Tally) -> tuple[int, int]:
    return counted.prompt_tokens, counted.completion_tokens


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"


def _table(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> Iterator[str]:
    """Lines of columns, numbers to the right."""
    body = [list(row) for row in rows]
    texts = [[plain(c) if isinstance(c, str) else f"{c:,}" for c in row] for row in body]
    widths = [max(map(len, column)) for column in zip(head, *texts, strict=True)]
    right = [not isinstance(cell, str) or cell[-1:] in "%0123456789" for cell in body[0]]
    for row in (head, *texts):
        cells = (
            text.rjust(width) if side else text.ljust(width)
            for text, width, side in zip(row, widths, right, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _print_json(value: Mapping[str, Any]) -> None:  # plain JSON
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
