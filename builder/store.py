"""A run folder: one builder at a time, files that are whole or absent, stages that are done or not.

    manifest.json   what the run is made of, and per stage: key, files with their sha256, times
    *.jsonl         the records of each stage, written to a hidden file and renamed when complete

A stage is done when the manifest holds its key (the hash of everything it depends on) and its files
are unchanged. So a killed run continues at the first stage that is not done.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from filelock import FileLock, Timeout

from builder.errors import IntegrityError, RunError
from builder.records import from_json, to_json

FORMAT = 1  # of a run folder; another number is refused
MANIFEST = "manifest.json"

R = TypeVar("R")


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Identified = TypeVar("Identified", bound=_Identified)


class Run:
    """An open, locked run folder. Use `open_run`."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:  # manifest: plain JSON
        self.folder = folder
        self.manifest = manifest

    @property
    def id(self) -> str:
        """What this run is called where several are counted; stays when the folder is renamed."""
        name: str = self.manifest["id"]
        return name

    def done(self, stage: str, key: str) -> bool:
        """Whether a stage was finished with this key and its files are still what it wrote."""
        entry = self.manifest["stages"].get(stage)
        if not entry or entry["key"] != key or entry.get("partial"):
            return False
        return self.whole(stage)

    def whole(self, stage: str) -> bool:
        """Whether the files of a finished stage are still what it wrote."""
        files = self.manifest["stages"][stage]["files"]
        return all(_sha256(self.folder / name) == sha for name, sha in files.items())

    def made(self, stage: str) -> str:
        """What a finished stage made and from what: the stages after it go by that."""
        entry = self.manifest["stages"][stage]
        return _made(entry["key"], entry["files"])

    @contextmanager
    def stage(
        self, name: str, key: str, *, after: Mapping[str, str] | None = None
    ) -> Iterator[StageWriter]:
        """Write the files of a stage; it counts as done when the block ends without an error.

        One that is left partial is done for the stages behind it, and run again by the next build.
        after: what the stages before it made, by which `finished` tells a stale one.
        """
        writer = StageWriter(self.folder)
        before = self.manifest["stages"].pop(name, None)
        started = time.monotonic()
        with explained(self.folder):
            yield writer
            self.manifest["stages"][name] = {
                "key": key,
                "partial": writer.is_partial,
                "after": dict(after or {}),
                "files": dict(sorted(writer.files.items())),
                "counts": writer.counts,
                "seconds": round(time.monotonic() - started, 3),
                "peak_mb": peak_mb(),
            }
            self._remove_stale(name, before)
            self.save()

    def _remove_stale(
        self,
        name: str,
        before: Mapping[str, Any] | None,  # the stage's former entry
    ) -> None:
        """Remove what was made from other records than the ones that now lie beside it."""
        stages = self.manifest["stages"]
        made = self.made(name)
        later = [n for n, entry in stages.items() if entry["after"].get(name, made) != made]
        files = {
            file for entry in (before, *map(stages.pop, later)) if entry for file in entry["files"]
        }
        kept = {file for entry in stages.values() for file in entry["files"]}
        for file in files - kept:
            (self.folder / file).unlink(missing_ok=True)

    def note(self, name: str, value: Any) -> None:  # plain JSON
        """Keep a fact in the manifest at once, whatever becomes of the stage that is under way."""
        self.manifest[name] = value
        with explained(self.folder):
            kept = {**read_manifest(self.folder), name: value}
            write_atomic(self.folder / MANIFEST, _pretty(kept))

    def save(self) -> None:
        """Write the manifest, atomically."""
        with explained(self.folder):
            write_atomic(self.folder / MANIFEST, _pretty(self.manifest))

    def read(self, name: str, cls: type[R]) -> Iterator[R]:
        """The records of a JSON lines file of this run, in order."""
        return read_records(self.folder / name, cls)

    def counts(self, stage: str) -> Mapping[str, int]:
        """What a finished stage counted."""
        counts: Mapping[str, int] = self.manifest["stages"][stage]["counts"]
        return counts


class StageWriter:
    """Writes the files of one stage; `files` holds their hashes, `counts` their rows.

    is_partial: to be set where something is left for a later build to do.
    """

    def __init__(self, folder: Path) -> None:
        self.is_partial = False
        self._folder = folder
        self.files: dict[str, str] = {}
        self.counts: dict[str, int] = {}

    def records(self, name: str, records: Iterable[Any]) -> None:  # any records
        """Write records as JSON lines (UTF-8, LF, keys in the order of the fields)."""
        self.lines(name, (line(to_json(record)) for record in records))

    def lines(self, name: str, lines: Iterable[str]) -> None:
        """Write lines of text, each without its line end."""
        count = 0

        def counted() -> Iterator[bytes]:
            nonlocal count
            for text in lines:
                count += 1
                yield text.encode() + b"\n"

        self.files[name] = write_atomic(self._folder / name, counted())
        self.counts[name] = count

    def text(self, name: str, text: str) -> None:
        """Write a whole text file."""
        self.files[name] = write_atomic(self._folder / name, [text.encode()])


@contextmanager
def open_run(folder: Path, *, create: bool = True) -> Iterator[Run]:
    """Open a run folder and hold its lock.

    Raises RunError when another builder holds it, when the folder is no run or of another version,
    and when it cannot be written.
    """
    with explained(folder):
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        manifest = read_manifest(folder) if (folder / MANIFEST).exists() else None
        if manifest is None and _holds_files(folder):
            raise RunError(
                f"{folder}: is not empty and is no run of builder",
                "Give another folder with -o, or empty this one yourself.",
            )
        with _locked(folder):
            for left in folder.glob(".*.part"):
                left.unlink()
            run = Run(folder, manifest or {"format": FORMAT, "stages": {}})
            run.manifest.setdefault("id", f"{folder.resolve().name}-{secrets.token_hex(4)}")
            run.save()
            yield run


def read_manifest(folder: Path) -> dict[str, Any]:  # plain JSON
    """The manifest of a run folder. Raises RunError when there is none, or of another version."""
    file = folder / MANIFEST
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as err:
        raise RunError(
            f"{folder}: is no run (no {MANIFEST})", "Make one: builder build SOURCE -o RUN"
        ) from err
    except NotADirectoryError as err:
        raise RunError(
            f"{folder}: is a file, not the folder of a run", "Name the folder that it lies in."
        ) from err
    except PermissionError as err:
        raise RunError(f"{file}: cannot be read ({err.strerror})", "Change its rights.") from err
    except (json.JSONDecodeError, UnicodeDecodeError) as err:
        raise RunError(f"{file}: is damaged ({err})", "Remove the file to redo the run.") from err
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise RunError(
            f"{folder}: was made by an incompatible version of builder",
            "Build into another folder with -o.",
        )
    return manifest


def finished(folder: Path, manifest: Mapping[str, Any]) -> tuple[str, ...]:  # plain JSON
    """The stages whose files are whole and made from what the stages before them hold now.

    A build that runs, or one that was stopped early with other settings, leaves stale ones.
    """
    stages: Mapping[str, Any] = manifest["stages"]
    run = Run(folder, dict(manifest))
    whole = {name for name in stages if run.whole(name)}
    return tuple(
        name
        for name in stages
        if name in whole
        and all(
            before in whole and run.made(before) == made
            for before, made in stages[name].get("after", {}).items()
        )
    )


def read_records(file: Path, cls: type[R]) -> Iterator[R]:
    """The records of a JSON lines file, in order. Raises RunError that names a bad line."""
    number = 0
    try:
        with file.open(encoding="utf-8", newline="\n") as lines:
            for number, text in enumerate(lines, 1):  # noqa: B007  # the except clause names it
                yield from_json(cls, json.loads(text))
    except FileNotFoundError as err:
        raise RunError(f"{file}: is missing", "Run the same build command again.") from err
    except (json.JSONDecodeError, KeyError, TypeError, UnicodeDecodeError) as err:
        raise RunError(
            f"{file}:{number}: is damaged ({err})", "Run the same build command again."
        ) from err


def by_id(records: Iterable[Identified]) -> dict[str, Identified]:
    """Records by their id, in order. Raises IntegrityError when two have one id."""
    found: dict[str, Identified] = {}
    for record in records:
        if record.id in found:
            raise IntegrityError(
                f"two {type(record).__name__.lower()}s have the id {record.id}",
                "Nothing was written. Please report this with the documents that led to it.",
            )
        found[record.id] = record
    return found


def line(value: Mapping[str, Any]) -> str:  # plain JSON
    """One JSON line; separators that break readers of lines are escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


def write_atomic(file: Path, parts: Iterable[bytes] | str) -> str:
    """Write a file so that it is whole or not there; returns its sha256."""
    pieces = [parts.encode()] if isinstance(parts, str) else parts
    part = file.with_name(f".{file.name}.part")
    digest = hashlib.sha256()
    try:
        with part.open("wb") as out:
            for piece in pieces:
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def peak_mb() -> float:
    """The largest memory this process has had, in MB; 0 where that is not known."""
    if sys.platform == "win32":
        return 0.0  # not told by the standard library
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = FileLock(str(folder / ".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout as err:
        raise RunError(
            f"{folder}: another builder is working on this run",
            "Wait for it, stop it, or give another folder with -o.",
        ) from err
    try:
        yield
    finally:
        lock.release()


def _holds_files(folder: Path) -> bool:
    return folder.is_dir() and any(not entry.name.startswith(".") for entry in folder.iterdir())


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as data:
            return hashlib.file_digest(data, "sha256").hexdigest()
    except OSError:
        return ""


def _made(key: str, files: Mapping[str, str]) -> str:
    told = json.dumps([key, files], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _pretty(value: Mapping[str, Any]) -> str:  # plain JSON
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the disk says into a RunError with a hint."""
    try:
        yield
    except OSError as err:
        if err.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            message, hint = "the disk is full", "Free some space and run the same command again."
        elif err.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT):
            message, hint = (
                "cannot be written",
                "Give another folder with -o, or change its rights.",
            )
        elif err.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
            message, hint = "is a file, not a folder", "Give another folder with -o."
        else:
            raise
        where = err.filename or folder
        raise RunError(f"{where}: {message} ({err.strerror})", hint) from err
