"""Which files of the given folders are read, in a fixed order, and why the others are not."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from builder.errors import SourceError
from builder.ingest import archive, kind
from builder.records import Skipped

MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".mht": kind.SAVED_PAGE,
    ".mhtml": kind.SAVED_PAGE,
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".mdown": "text/markdown",
    ".mkd": "text/markdown",
    ".mdx": "text/markdown",
    ".qmd": "text/markdown",
    ".rmd": "text/markdown",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".rst": "text/x-rst",
    ".adoc": "text/asciidoc",
    ".asciidoc": "text/asciidoc",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".ipynb": "application/x-ipynb+json",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docm": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".dotx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptm": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".ppsx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsm": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": kind.ODT,
    ".ott": kind.ODT,
    ".fodt": kind.ODT,
    ".odm": kind.ODT,
    ".odp": kind.ODP,
    ".otp": kind.ODP,
    ".fodp": kind.ODP,
    ".ods": kind.ODS,
    ".ots": kind.ODS,
    ".fods": kind.ODS,
    ".epub": "application/epub+zip",
    ".zip": "application/zip",
}
_OTHERWISE = {  # what makes files readable that no reader is for, by their suffixes
    "save it as .docx": ".doc .dot .rtf .wps .sxw .wpd .pages .abw",
    "save it as .pptx": ".ppt .pps .pot .key .sxi",
    "save it as .xlsx": ".xls .xlt .xlsb .numbers .sxc",
    "save it as .pdf": ".odg .otg .fodg .odf .odc .vsd .vsdx .pub",
    "convert it to .epub or .pdf": ".mobi .azw .azw3 .fb2 .lit .chm .hlp .djvu .ps .xps .oxps",
    "convert it to .md or .html, by pandoc say": (
        ".tex .latex .ltx .org .textile .wiki .mediawiki .creole .docbook .dbk .opml .muse .t2t"
        " .typ .pod .texi .texinfo .dita .ditamap"
    ),
    "save what man shows of it as .txt": ".1 .2 .3 .4 .5 .6 .7 .8 .9 .man .roff .mdoc",
    "save the message as .html": ".eml .msg .mbox",
    "convert its texts to .csv or .md": ".json .jsonl .ndjson .xml .yaml .yml .toml .sqlite .db",
    "name it .txt if it is to be read as prose": ".log .asc .rest .ad .ini .cfg .conf .srt .vtt",
}
_HINTS = {suffix: hint for hint, suffixes in _OTHERWISE.items() for suffix in suffixes.split()}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_KEPT_SOURCE = re.compile(r"(?:\.(?:rst|md|ipynb|txt))?\.txt$")
_PAGE_ENDS = (".html", "/index.html", ".xhtml", ".htm")
_MANIFEST_HEAD = 200  # bytes of a manifest.json that show whether it is that of a run
RUN = "run"  # the reason of a folder that is left out as a run of builder, which comes and goes
_PLAIN_NAMES = frozenset({"readme", "changelog", "changes", "news", "install", "faq", "history"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, or a member of an archive.

    path:    relative, with "/" and the source folder's own name in front; unique in a run.
    size:    in bytes.
    members: the names of a member and of the archives around it, outermost first; () for a file.
    export:  the program whose export the archive is ("confluence", "notion"), or "".
    """

    path: str
    file: Path
    media_type: str
    size: int = 0
    members: tuple[str, ...] = ()
    export: str = ""


def sources(
    roots: Sequence[Path],
    *,
    include: Sequence[str],
    exclude: Sequence[str],
    max_bytes: int,
    own: Path | None = None,
) -> Iterator[Source | Skipped]:
    """The files under roots, sorted by path; what is not read comes as Skipped with a reason.

    include, exclude: globs over the relative path and the file name; an empty include takes all.
    own: the folder of the run that reads them, which is left out without a word.
    Raises SourceError when a root is missing.
    """
    walk = _Walk(include, exclude, max_bytes, own.resolve() if own else None)
    for root in roots:
        walk.root(root)
    pages = {item.path for item in walk.found if isinstance(item, Source)}
    found = (_once(item, pages) for item in walk.found)
    yield from sorted(found, key=lambda item: (item.path, isinstance(item, Skipped)))


def _once(item: Source | Skipped, pages: Set[str]) -> Source | Skipped:
    """The item, unless it is what Sphinx keeps of the source of a page that is read too."""
    top, folder, name = item.path.rpartition("/_sources/")
    stem = _KEPT_SOURCE.sub("", name)
    if not folder or stem == name or isinstance(item, Skipped):
        return item
    page = next((p for end in _PAGE_ENDS if (p := f"{top}/{stem}{end}") in pages), "")
    if not page:
        return item
    return Skipped(
        path=item.path, reason="page_source", detail=f"this is the source of {page}, which is read"
    )


class _Walk:
    def __init__(
        self, include: Sequence[str], exclude: Sequence[str], max_bytes: int, own: Path | None
    ) -> None:
        self.found: list[Source | Skipped] = []
        self._include, self._exclude, self._max_bytes = include, exclude, max_bytes
        self._own = own
        self._taken: set[str] = set()
        self._seen: dict[tuple[int, int], str] = {}

    def root(self, root: Path) -> None:
        try:
            real = root.resolve(strict=True)
            is_folder = real.is_dir()
        except (OSError, RuntimeError) as error:
            raise SourceError(
                f"no such file or folder: {_shown(str(root))}", "Check the path of the source."
            ) from error
        if is_folder:
            name = self._unique(_shown(real.name) or "root")
            before, self.found = self.found, []
            self._folder(real, name, real)
            self.found = [*before, *self._exported(self.found, name)]
        else:
            self._file(real, self._unique(_shown(root.name), file=True), real.stat())

    def _unique(self, name: str, *, file: bool = False) -> str:
        """The name itself, or with a number when an earlier source or file has it."""
        suffix = PurePosixPath(name).suffix if file else ""
        stem = name.removesuffix(suffix)
        chosen, number = name, 1
        while chosen in self._taken:
            number += 1
            chosen = f"{stem}-{number}{suffix}"
        self._taken.add(chosen)
        return chosen

    def _folder(self, top: Path, name: str, real: Path) -> None:
        hidden = 0
        pending = [(top, name)]
        while pending:
            folder, path = pending.pop()
            try:
                with os.scandir(folder) as entries:
                    listed = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                self._skip(path, "unreadable", f"the folder cannot be read: {error.strerror}")
                continue
            if any(entry.name == "manifest.json" and _is_run(entry) for entry in listed):
                if folder == top or folder != self._own:
                    self._skip(path, RUN, "the folder is a run of builder, by its manifest.json")
                continue
            for entry in listed:
                where = self._unique(f"{path}/{_shown(entry.name)}", file=True)
                if entry.name.startswith("."):
                    hidden += 1
                elif entry.is_symlink():
                    self._link(Path(entry.path), where, real)
                elif entry.is_dir(follow_symlinks=False):
                    pending.append((Path(entry.path), where))
                else:
                    self._entry(Path(entry.path), where)
        if hidden:
            self._skip(name, "hidden", f"{hidden} hidden files and folders were left out")

    def _exported(self, found: list[Source | Skipped], folder: str) -> list[Source | Skipped]:
        """The files of a folder; those of an export that was unpacked, as if it were an archive."""
        head = f"{folder}/"
        kept = [item for item in found if not item.path.startswith(head)]
        inside = {item.path[len(head) :]: item for item in found if item.path.startswith(head)}
        files = {name: item.file for name, item in inside.items() if isinstance(item, Source)}
        export = archive.export_of(list(files), lambda name: _beginning(files[name]))
        here = [name for name in files if "/" not in name]
        if here and (export == archive.NOTION or (export and "index.html" in here)):
            return [*kept, *self._tidied(inside, folder, export)]
        folders: dict[str, list[Source | Skipped]] = {}
        for name, item in inside.items():
            inner, slash, _ = name.partition("/")
            folders.setdefault(inner if slash else "", []).append(item)
        kept += folders.pop("", [])
        for name, items in folders.items():
            kept += self._exported(items, head + name)
        return kept

    def _tidied(
        self, inside: Mapping[str, Source | Skipped], folder: str, export: str
    ) -> Iterator[Source | Skipped]:
        shown = archive.shown_names(list(inside), export)
        for name, item in inside.items():
            path = f"{folder}/{shown[name]}"
            path = path if path == item.path else self._unique(path, file=True)
            repeats = archive.left_out(name, export, shown)
            if isinstance(item, Source) and repeats:
                yield Skipped(path=path, reason=repeats.reason, detail=repeats.detail)
            elif isinstance(item, Source):
                yield replace(item, path=path, export=export)
            else:
                yield replace(item, path=path)

    def _link(self, link: Path, where: str, real: Path) -> None:
        try:
            target = link.resolve(strict=True)
        except (OSError, RuntimeError):
            self._skip(where, "broken_link", "the link leads nowhere or in a circle")
            return
        if not target.is_relative_to(real):
            self._skip(where, "link_outside", "the link leads out of the source folder")
        elif link.is_relative_to(target):
            self._skip(where, "link_loop", "the link leads to a folder that it stands in")
        elif target.is_dir():
            self._skip(where, "link_inside", "the link leads to another folder of this source")
        elif any(part.startswith(".") for part in target.relative_to(real).parts):
            self._entry(target, where)  # its own name is hidden, so that it is not read under it
        else:
            self._skip(where, "link_inside", "the link leads to another file of this source")

    def _entry(self, file: Path, where: str) -> None:
        try:
            status = file.stat()
        except OSError as error:
            self._skip(where, "unreadable", f"the file cannot be read: {error.strerror}")
            return
        self._file(file, where, status)

    def _file(self, file: Path, where: str, status: os.stat_result) -> None:
        refusal = self._unfit(where, status)
        if refusal:
            self._skip(where, *refusal)
            return
        self._seen[status.st_dev, status.st_ino] = where
        try:
            told = _looked_at(file, media_type(where))
        except OSError as error:
            self._skip(where, "unreadable", f"the file cannot be read: {error.strerror}")
            return
        if told == kind.ZIP:
            self._archive(file, where)
        elif refusal := self._refusal(where, told, status.st_size):
            self._skip(where, *refusal)
        else:
            self.found.append(Source(where, file, told, status.st_size))

    def _archive(self, file: Path, where: str) -> None:
        for item in archive.listed(file, path=where):
            path = item.path if item.path == where else self._unique(item.path, file=True)
            if isinstance(item, Skipped):
                self._skip(path, item.reason, item.detail)
                continue
            told = media_type(path)
            refusal = self._selected(path) or self._refusal(path, told, item.size)
            if refusal:
                self._skip(path, *refusal)
            else:
                self.found.append(Source(path, file, told, item.size, item.chain, item.export))

    def _unfit(self, where: str, status: os.stat_result) -> tuple[str, str] | None:
        if not stat.S_ISREG(status.st_mode):
            return "not_a_file", "this is a device, a pipe or a socket"
        if media_type(where) != kind.ZIP and (refusal := self._selected(where)):
            return refusal
        if media_type(where) == kind.ZIP and _matches(where, self._exclude):
            return "excluded", "the exclude globs name this file"
        if (status.st_dev, status.st_ino) in self._seen:
            return (
                "same_file",
                f"this is the same file as {self._seen[status.st_dev, status.st_ino]}",
            )
        return None

    def _selected(self, where: str) -> tuple[str, str] | None:
        if _matches(where, self._exclude):
            return "excluded", "the exclude globs name this file"
        if self._include and not _matches(where, self._include):
            return "not_included", "no include glob names this file"
        return None

    def _refusal(self, where: str, told: str, n_bytes: int) -> tuple[str, str] | None:
        if not told:
            suffix = PurePosixPath(where).suffix
            hint = _HINTS.get(suffix.casefold())
            detail = f"there is no reader for {suffix or 'files without suffix'}"
            return "unknown_format", f"{detail}: {hint}" if hint else detail
        if n_bytes > self._max_bytes:
            size, limit = n_bytes / 1e6, self._max_bytes / 1e6
            return "too_large", f"the file has {size:.1f} MB, over the limit of {limit:g} MB"
        return None

    def _skip(self, path: str, reason: str, detail: str) -> None:
        self.found.append(Skipped(path=path, reason=reason, detail=detail))


def media_type(path: str) -> str:
    """The media type that a file's name stands for, "" when no reader knows it."""
    pure = PurePosixPath(path)
    if not pure.suffix and pure.name.casefold() in _PLAIN_NAMES:
        return "text/plain"
    if pure.name.casefold().endswith(".rst.txt"):  # as Sphinx ships its sources
        return "text/x-rst"
    return MEDIA_TYPES.get(pure.suffix.casefold(), "")


def _looked_at(file: Path, told: str) -> str:
    """The media type of a file whose name tells none, or one that archives share."""
    if told and told not in kind.IN_ZIP:
        return told
    with file.open("rb") as stream:
        head = stream.read(kind.HEAD)
    if head.startswith(b"PK"):
        found = kind.zip_kind(file)
        if found == kind.ZIP and told == "" and file.suffix:
            return ""  # a program, a package: archives that are no documents
        return found or told
    text = head.decode("utf-8", "replace")
    if told not in ("", kind.ZIP):
        return told  # its reader, or its content, tells
    if kind.is_html(text) and not kind.is_template(text):
        return kind.HTML
    return kind.by_content(head) or told


def _beginning(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(archive.INDEX_BYTES)
    except OSError:
        return b""


def _is_run(entry: os.DirEntry[str]) -> bool:
    """Whether a manifest.json is that of a run, by its first lines."""
    try:
        if not entry.is_file():  # a pipe would wait for ever
            return False
        with Path(entry.path).open("rb") as file:
            head = file.read(_MANIFEST_HEAD)
    except OSError:
        return False
    return b'"format": ' in head and b'"stages": ' in head


def _matches(where: str, globs: Sequence[str]) -> bool:
    parts = where.split("/")
    names = {where, *parts[1:], parts[-1]}
    names.update(
        "/".join(parts[first:last]) for first in (0, 1) for last in range(2, len(parts) + 1)
    )
    return any(fnmatchcase(name, glob.rstrip("/")) for glob in globs for name in names)


def _shown(name: str) -> str:
    text = os.fsencode(name).decode("utf-8", "replace")
    return unicodedata.normalize("NFC", _CONTROL.sub("\ufffd", text))
