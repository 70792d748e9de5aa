"""The command line: options in, text out. Heavy imports sit in the command that needs them."""

from __future__ import annotations

import dataclasses
import errno
import io
import json
import logging
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from builder import __version__
from builder.batchcmd import batches_command
from builder.config import Config, find_file, load, rows_of
from builder.errors import BuilderError, RunError, SettingsError
from builder.promptcmd import prompts_command
from builder.repliescmd import replies_command
from builder.text import plain

if TYPE_CHECKING:
    from builder.inspect import Found
    from builder.pipeline import Job, Outcome
    from builder.records import Pair

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 96}
_SAMPLE = 300  # characters of an answer shown
F = TypeVar("F", bound=Callable[..., Any])


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="builder")
def main() -> None:
    """Turn raw documentation into a dataset that teaches a model to answer only from its context.

    \b
    Examples:
      builder build raw_docs -o output/handbook
      builder inspect output/handbook --rejected
    """


_SETTING_OF = {  # option -> section and name of its setting
    "seed": ("run", "seed"),
    "max_cost": ("run", "max_cost"),
    "max_requests": ("run", "max_requests"),
    "include": ("ingest", "include"),
    "exclude": ("ingest", "exclude"),
    "max_tokens": ("chunk", "max_tokens"),
    "min_tokens": ("chunk", "min_tokens"),
    "count_path": ("chunk", "count_path"),
    "encoding": ("chunk", "encoding"),
    "overlap": ("chunk", "overlap"),
    "tokenizer": ("chunk", "tokenizer"),
    "split_from": ("split", "from_run"),
    "rules": ("write", "rules"),
    "model": ("model", "name"),
    "base_url": ("model", "base_url"),
    "concurrency": ("model", "concurrency"),
    "batch": ("model", "batch"),
    "replies": ("model", "replies"),
}


def _named(
    _context: click.Context, _parameter: click.Parameter, sources: tuple[str, ...]
) -> tuple[str, ...]:
    if "" in sources:  # as a path it would be this folder
        raise click.BadParameter("an empty name; this folder is called .")
    return sources


_sources_argument = click.argument(
    "sources", nargs=-1, required=True, metavar="SOURCE...", callback=_named
)


def _settings_options(command: F) -> F:
    """The options that several commands share for finding and overriding settings."""
    options = [
        click.option(
            "--config",
            "config_file",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Settings file [default: builder.toml in this folder, if there].",
        ),
        click.option(
            "--set",
            "overrides",
            multiple=True,
            metavar="SECTION.KEY=VALUE",
            help="Override any setting, such as chunk.max_tokens=384. Repeatable.",
        ),
        click.option("--seed", type=int, help="Seed of every choice by chance [default: 0]."),
        click.option("--model", metavar="NAME", help="Model that writes the pairs."),
        click.option("--base-url", metavar="URL", help="OpenAI-compatible server, up to /v1."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _source_options(command: F) -> F:
    """The options that decide what a build reads, asks and may spend."""
    options = [
        click.option(
            "--include", multiple=True, metavar="GLOB", help="Read only these files. Repeatable."
        ),
        click.option(
            "--exclude", multiple=True, metavar="GLOB", help="Leave these files out. Repeatable."
        ),
        click.option(
            "--max-tokens", type=int, metavar="N", help="Largest chunk, in tokens [default: 512]."
        ),
        click.option(
            "--concurrency",
            type=int,
            metavar="N",
            help="Most model requests in flight [default: 64].",
        ),
        click.option(
            "--batch",
            is_flag=True,
            default=None,
            help="Use the server's Batch API: cheaper, done within 24 hours.",
        ),
        click.option(
            "--replies", metavar="PATH", help="File of remembered replies, shared between runs."
        ),
        click.option(
            "--split-from", metavar="RUN", help="Keep the train/eval split of an earlier run."
        ),
        click.option(
            "--limit", type=click.IntRange(min=1), metavar="N", help="Write from N chunks only."
        ),
        click.option(
            "--max-cost",
            type=click.FloatRange(min=0),
            metavar="X",
            help="Most that this run may spend on the model in all; exit 3 when it is reached.",
        ),
        click.option(
            "--max-requests",
            type=click.IntRange(min=0),
            metavar="N",
            help="Most requests that this run may send in all, failed ones included.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@_sources_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Run folder: made, or continued when it is a run [default: output/NAME of the source].",
)
@_settings_options
@_source_options
@click.option(
    "--rules", type=click.Choice(["strict", "broad"]), help="Rules of the embedded writer."
)
@click.option(
    "--until",
    type=click.Choice(["ingest", "chunk", "split", "write", "compose", "check", "export"]),
    help="Stop after this stage.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be sent and cost, as plan does.")
@click.option("--fresh", is_flag=True, help="Redo every stage; remembered replies are kept.")
@click.option("--retry-failed", is_flag=True, help="Ask a model again what failed before.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print more of what happens.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def build(
    sources: tuple[str, ...],
    output: Path | None,
    limit: int | None,
    until: str | None,
    dry_run: bool,
    fresh: bool,
    retry_failed: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
    **settings: Any,  # the options that are settings
) -> None:
    """Build a dataset from the documents in SOURCE (folders or files).

    Without --model an embedded writer reads the structure of the documents: no key, no network.
    The same command again continues an interrupted run and changes nothing in a finished one.

    Exit codes: 0 done; 1 failed; 2 wrong usage or settings; 3 finished, but with failed items, no
    pair at all, something shared between the splits, or a limit of cost or requests reached;
    130 interrupted.

    \b
    Examples:
      builder build raw_docs -o output/handbook
      builder build raw_docs -o output/handbook --model gpt-4o-mini --max-cost 5
      builder build raw_docs -o output/handbook --model llama-3.1-8b \\
          --base-url http://localhost:8000/v1
      builder build raw_docs --dry-run
    """
    from builder import pipeline

    _log(verbose)
    config = _config(settings)
    job = pipeline.Job(
        sources=tuple(Path(source) for source in sources),
        folder=output or _default_output(sources),
        config=config,
        limit=limit,
        until=until,
        fresh=fresh,
        retry_failed=retry_failed,
        environ=os.environ,
    )
    if dry_run:
        _print_plan(job, as_json)
        return
    from builder.progress import progress

    with progress(quiet=quiet) as shown:
        outcome = pipeline.build(job, progress=shown)
    if until in (None, "export"):
        from builder import report

        report.write(outcome.folder)
    if as_json:
        _print_json(_outcome_json(outcome))
    elif not quiet:
        click.echo(_summary(outcome, config), err=False)
    sys.exit(outcome.exit_code)


@main.command("plan")
@_sources_argument
@click.option(
    "-o",
    "--output",
    "--run",
    type=click.Path(path_type=Path),
    help="Run folder, whose remembered replies cost nothing [default: as of build].",
)
@_settings_options
@_source_options
@click.option("--retry-failed", is_flag=True, help="Count what failed before as asked again.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def plan_build(
    sources: tuple[str, ...],
    output: Path | None,
    limit: int | None,
    retry_failed: bool,
    as_json: bool,
    **settings: Any,  # the options that are settings
) -> None:
    """Tell what a build of SOURCE would send to the model, and what that would cost.

    Reads and cuts the documents and makes the requests, but sends and writes nothing. The options
    are those of build: put `plan` in its place to see what a build would do.

    \b
    Examples:
      builder plan raw_docs --model gpt-4o-mini
      builder plan raw_docs -o output/handbook --model gpt-4o-mini --max-cost 5
      builder plan raw_docs --json
    """
    from builder import pipeline

    job = pipeline.Job(
        sources=tuple(Path(source) for source in sources),
        folder=output or _default_output(sources),
        config=_config(settings),
        limit=limit,
        retry_failed=retry_failed,
    )
    _print_plan(job, as_json)


@main.command("inspect")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--rejected", is_flag=True, help="Pairs that are not in the dataset, and why.")
@click.option("--surplus", is_flag=True, help="Only those that were good, but over a quota.")
@click.option("--reason", metavar="CHECK", help="Name of a check, or its beginning.")
@click.option("--kind", metavar="KIND", help="Kind of unanswerable, or answerable, unanswerable.")
@click.option("--type", "type_", metavar="TYPE", help="Question type.")
@click.option("--source", metavar="GLOB", help="Document that the pair was written from.")
@click.option("--split", metavar="SPLIT", help="train, eval or validation.")
@click.option("--id", "pair_id", metavar="ID", help="A pair by its id, or its beginning.")
@click.option("--lang", metavar="CODE", help="Language, such as en.")
@click.option("--grep", metavar="TEXT", help="Words in question, answer or passages.")
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Pairs on a page [default: 5]."
)
@click.option("--page", type=click.IntRange(min=1), metavar="K", help="Which page [default: 1].")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="N pairs by chance.")
@click.option("--seed", type=int, default=0, help="Seed of --sample [default: 0].")
@click.option("--brief", is_flag=True, help="Of passages, only the lines that matter.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines; all pairs, or --limit.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV; all pairs, or --limit.")
def inspect_run(  # one argument for every option
    run: Path,
    rejected: bool,
    surplus: bool,
    reason: str | None,
    kind: str | None,
    type_: str | None,
    source: str | None,
    split: str | None,
    pair_id: str | None,
    lang: str | None,
    grep: str | None,
    limit: int | None,
    page: int | None,
    sample: int | None,
    seed: int,
    brief: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show the pairs of RUN, and why some of them were rejected.

    Accepted pairs if not told otherwise; with --reason or --id, pairs of every status.
    The evidence is marked in its passage, and so are the words that a check objects to.

    \b
    Examples:
      builder inspect output/handbook --rejected
      builder inspect output/handbook --sample 20 --kind unanswerable --csv
    """
    from builder import inspect

    if (as_json and as_csv) or (sample and (limit or page)):
        raise click.UsageError("Give --json or --csv, and --sample or --limit with --page.")
    every = bool(reason or pair_id) and not rejected
    wanted = inspect.Wanted(
        status="surplus" if surplus else "any" if every else "rejected" if rejected else "accepted",
        reason=reason or "",
        kind=kind or "",
        type=type_ or "",
        source=source or "",
        split=split or "",
        id=pair_id or "",
        lang=lang or "",
        grep=grep or "",
    )
    limit = limit or (None if as_json or as_csv else 5)
    found = inspect.select(run, wanted, limit=limit, page=page or 1, sample=sample, seed=seed)
    if as_json or as_csv:
        _put(inspect.json_lines(run, found) if as_json else inspect.csv(run, found))
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    _paged(lambda styled: inspect.text(run, found, width=width, styled=styled, brief=brief))
    click.echo(_where(found, page or 1), err=True)


def _where(found: Found, page: int) -> str:
    """Which pairs were shown, and how to see more."""
    if not found.ids:
        return "no pair matches"
    last = found.first + len(found.ids) - 1
    more = f"; next: --page {page + 1}" if last < found.total else ""
    return f"{found.first} to {last} of {found.total}{more}"


@main.command("report")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print report.json.")
def report_run(run: Path, as_json: bool) -> None:
    """Compute the report of RUN anew and print it.

    It is written into RUN too, as report.md and report.json. Of a run that is not finished it tells
    what is there, and what is missing.

    \b
    Examples:
      builder report output/handbook
      builder report output/handbook --json
    """
    from builder import report

    report.write(run)
    text = (run / f"report.{'json' if as_json else 'md'}").read_text(encoding="utf-8")
    if as_json:
        _put([text])
    else:
        _paged(lambda _styled: text)


@main.command()
@_settings_options
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def config(as_json: bool, **settings: Any) -> None:
    """Show every setting, its value and where the value came from.

    \b
    Examples:
      builder config
      builder config --set chunk.max_tokens=384 --json
    """
    found = rows_of(_config(settings))
    if as_json:
        _print_json({name: {"value": value, "from": origin} for name, value, origin, _ in found})
        return
    width = max(len(name) for name, *_ in found)
    for name, value, origin, text in found:
        click.echo(f"{name:<{width}}  {_shown(value):<28}  {origin:<14}  {text}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    """Write a commented builder.toml into FOLDER, with every setting at its default.

    \b
    Examples:
      builder init .
      builder init handbook
    """
    file = folder / "builder.toml"
    if file.exists():
        raise SettingsError(f"{file}: is there already", "Edit it, or name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(_template(), encoding="utf-8")
    click.echo(f"wrote {file}")
    click.echo(f"next: builder build SOURCE -o output/run --config {file}", err=True)


@main.command()
@_settings_options
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def doctor(as_json: bool, **settings: Any) -> None:
    """Look whether builder can run here, and which model servers answer.

    A named model is asked one small thing. Exit codes: 0 the main job can run, 1 it cannot.

    \b
    Examples:
      builder doctor
      builder doctor --model llama-3.1-8b --base-url http://localhost:8000/v1
    """
    from builder import doctor

    loaded = _config(settings)
    notes = []
    for note in doctor.examine(loaded, os.environ, folder=Path.cwd()):
        notes.append(note)
        if not as_json:
            click.echo(doctor.shown(note, shutil.get_terminal_size().columns))
    runs = all(note.state != "fault" for note in notes)
    if as_json:
        _print_json({"runs": runs, "notes": [dataclasses.asdict(note) for note in notes]})
    else:
        click.echo("The main job can run." if runs else "The main job cannot run: see the faults.")
    sys.exit(0 if runs else 1)


main.add_command(prompts_command)
main.add_command(batches_command)
main.add_command(replies_command)


@main.command()
@_sources_argument
@_settings_options
@click.option("--include", multiple=True, metavar="GLOB", help="Read only these files. Repeatable.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave these files out. Repeatable.")
@click.option(
    "--max-tokens", type=int, metavar="N", help="Largest chunk, in tokens [default: 512]."
)
@click.option(
    "--overlap",
    type=float,
    metavar="SHARE",
    help="Text repeated from before, 0 to 0.5 [default: 0].",
)
@click.option(
    "--min-tokens",
    type=int,
    metavar="N",
    help="Smallest chunk wherever another cut is possible [default: 32].",
)
@click.option(
    "--count-path",
    is_flag=True,
    default=None,
    help="Count the heading path of a chunk in its size too.",
)
@click.option(
    "--encoding", metavar="NAME", help="Encoding that counts the tokens [default: o200k_base]."
)
@click.option(
    "--tokenizer", metavar="FILE", help="Count with a tokenizer.json instead of an encoding."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line for each document.")
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page that shows the sources with the cuts drawn in.",
)
def chunk(sources: tuple[str, ...], as_json: bool, page: Path | None, **settings: Any) -> None:
    """Show how the documents in SOURCE are read and cut: paths, counts, cuts, what is left out.

    \b
    Examples:
      builder chunk raw_docs
      builder chunk raw_docs --max-tokens 256 --overlap 0.15 --html cuts.html
      builder chunk raw_docs --json
    """
    from builder import chunkview, pipeline
    from builder.records import Skipped

    if page is not None and not page.parent.is_dir():
        raise SettingsError(f"{page}: there is no folder {page.parent}", "Make it first.")
    loaded = _config(settings, rows=False)
    job = pipeline.Job(sources=tuple(map(Path, sources)), folder=Path(), config=loaded)
    cuts: list[chunkview.Cut] = []
    skipped: list[Skipped] = []
    for got in pipeline.chunked(job):
        if isinstance(got, Skipped):
            skipped.append(got)
            continue
        document, chunks = got
        cuts.append(
            chunkview.Cut(
                document=document, chunks=tuple(chunks), max_tokens=loaded.chunk.max_tokens
            )
        )
    if page is not None:
        shown = chunkview.page(cuts, skipped)
        try:
            page.write_text(shown, encoding="utf-8")
        except OSError as err:
            said = f"{page}: cannot be written ({err.strerror})"
            raise RunError(said, "Give another file after --html.") from err
        click.echo(f"wrote {page}", err=True)
    if as_json:
        _put(f"{json.dumps(one, ensure_ascii=False)}\n" for one in chunkview.objects(cuts, skipped))
    elif page is None:
        _put(f"{one}\n" for one in chunkview.lines(cuts, skipped))


def _template() -> str:
    """builder.toml with every setting commented out at its default."""
    lines = [
        "# Settings of builder. Every value below is the default; remove a # to change one.",
        "",
    ]
    section = ""
    for name, value, _, text in rows_of(Config()):
        head, key = name.split(".")
        if head != section:
            lines += ([""] if section else []) + [f"[{head}]"]
            section = head
        lines.append(f"# {key} = {json.dumps(value)}  # {text}")
    return "\n".join(lines) + "\n"


def _config(settings: Mapping[str, Any], *, rows: bool = True) -> Config:
    """The settings that a command's options, its settings file and the environment make together.

    settings: the options of `_settings_options` and those that `_SETTING_OF` names, as given.
    rows: whether the command makes rows, or tells of them.
    """
    file, overrides = settings["config_file"], settings["overrides"]
    merged: dict[str, dict[str, Any]] = {}
    for option, (section, key) in _SETTING_OF.items():
        given = settings.get(option)
        merged.setdefault(section, {})[key] = None if given == () else given
    for text in overrides:
        name, equals, value = text.partition("=")
        section, dot, key = name.strip().partition(".")
        if not (equals and dot and key):
            raise SettingsError(
                f"--set {text}: not SECTION.KEY=VALUE", "Such as: --set chunk.max_tokens=384"
            )
        merged.setdefault(section, {})[key] = value
    config = load(file=file or find_file(Path.cwd()), flags=merged, rows=rows)
    for warning in config.warnings:
        click.echo(f"warning: {warning}", err=True)
    return config


def _default_output(sources: tuple[str, ...]) -> Path:
    return Path("output") / (Path(sources[0]).resolve().stem or "run")


def _shown(value: Any) -> str:  # any setting
    return ", ".join(value) or "-" if isinstance(value, tuple) else str(value) or "-"


def _paged(render: Callable[[bool], str]) -> None:
    """Print what render(styled) gives: styled on a terminal, paged when it is longer than that."""
    if not sys.stdout.isatty():
        _put([render(False)])
        return
    styled = os.environ.get("TERM") not in (None, "", "dumb")
    text = render(styled)
    if text.count("\n") < shutil.get_terminal_size().lines:
        click.echo(text, nl=False)
    else:
        click.echo_via_pager(render(False) if styled and not _pager_is_styled() else text)


def _pager_is_styled() -> bool:
    """Whether click leaves colours in for the pager; it takes them out for most."""
    is_less = os.environ.get("PAGER") in (None, "", "less") and shutil.which("less") is not None
    return is_less and "r" in (os.environ.get("LESS") or "R").lower()


def _put(parts: Iterable[str]) -> None:
    """Write text to a file or pipe, in UTF-8 whatever the terminal speaks."""
    try:
        for part in parts:
            sys.stdout.buffer.write(part.encode())
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as err:
        said = f"the output cannot be written ({err.strerror})"
        raise RunError(said, "Free some space, or write it elsewhere.") from err


def _print_json(value: Mapping[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=list))


def _print_plan(job: Job, as_json: bool) -> None:
    from builder import plan

    found = plan.plan(job)
    if as_json:
        _print_json(plan.facts(found))
    else:
        click.echo("\n".join(plan.lines(found)))


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "run": str(outcome.folder),
        "exit_code": outcome.exit_code,
        "stages_run": list(outcome.stages),
        "counts": dict(outcome.counts),
        "problems": list(outcome.problems),
        "notes": list(outcome.notes),
    }


def _summary(outcome: Outcome, config: Config) -> str:
    from builder import report

    lines = [*report.headline(outcome.folder), ""] if outcome.samples else []
    for pair in outcome.samples:
        lines += _sample(pair)
    lines += [f"note: {plain(note)}" for note in outcome.notes]
    lines += [f"problem: {plain(problem)}" for problem in outcome.problems]
    if outcome.samples and config.writer() == "extractive":
        lines += [
            "The embedded writer asks only what the structure of the documents gives away. A model",
            "writes better training data: add --model NAME (and --base-url URL for your server).",
        ]
    where = shlex.quote(str(outcome.folder))
    done = f"done: {where}" if outcome.stages else f"done: {where} (nothing had changed)"
    return "\n".join([*lines, "", done, f"next: builder inspect {where}"])


def _sample(pair: Pair) -> list[str]:
    kind = f" ({pair.kind})" if pair.kind else ""
    return [
        f"  Q{kind}: {plain(pair.question)}",
        f"  A: {_shortened(plain(' '.join(pair.answer.split())))}",
        "",
    ]


def _shortened(text: str) -> str:
    """The begin of a text, cut between words where it has any."""
    if len(text) <= _SAMPLE:
        return text
    begin = text[:_SAMPLE]
    words = begin.rpartition(" ")[0]
    return f"{words if 2 * len(words) > _SAMPLE else begin} ..."


def _log(verbose: bool) -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.ERROR,
        format="%(name)s: %(message)s",
    )
    if verbose:
        logging.getLogger("httpx").setLevel(logging.WARNING)


def entry() -> NoReturn:
    """Run the command line and turn errors into a message, a hint and an exit code."""
    signal.signal(signal.SIGTERM, _interrupted)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that lacks a character shows its code
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        main.main(prog_name="builder", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(0)
    except click.ClickException as err:
        err.show()
        sys.exit(2)
    except click.Abort as err:
        if not isinstance(err.__cause__ or err.__context__, KeyboardInterrupt):
            raise
        _interrupted_end()
    except KeyboardInterrupt:
        _interrupted_end()
    except BuilderError as err:
        click.echo(f"error: {plain(err.message)}", err=True)
        if err.hint:
            click.echo(f" hint: {plain(err.hint)}", err=True)
        sys.exit(err.exit_code)
    except OSError as err:
        if err.errno != errno.ENOSPC and not isinstance(err, BrokenPipeError):
            raise
        if err.errno == errno.ENOSPC:
            click.echo("error: the output cannot be written: the disk is full", err=True)
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # nobody reads it
        sys.exit(1 if err.errno == errno.ENOSPC else 0)


def _interrupted_end() -> NoReturn:
    again = shlex.join(["builder", *(arg for arg in sys.argv[1:] if arg != "--fresh")])
    click.echo(f"\ninterrupted; nothing finished is lost. To go on: {again}", err=True)
    sys.exit(130)


def _interrupted(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
