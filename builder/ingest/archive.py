"""ZIP archives of documents, exports of Confluence and Notion among them.

    export_of(names, ...)    which program has exported files of these names, zipped or not
    shown_names, left_out    what becomes of the files of an export
    listed(file, path=...)   the members that may be documents, under the paths they are shown by
    Members().read(source)   the bytes of one member
    tidied(parsed, export)   a page without what the exporting program has put around it

Nothing is unpacked to disk; names are only names. An archive is looked through by its directory,
which is checked before anything is unpacked.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from struct import error as StructError
from struct import unpack_from

from builder.ingest.kind import DAMAGED, ZIP, zip_kind
from builder.ingest.parsed import Parsed, Piece, Refused
from builder.records import Dropped, Skipped

CONFLUENCE, NOTION = "confluence", "notion"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an archive is believed.

    entries: of one archive; total: bytes of all members that are read; nested: bytes of an
    archive in an archive; depth: of archives in archives; ratio: of a member to its compressed
    form, from `floor` bytes on (deflate reaches 1,032, text 3 to 20).
    """

    entries: int = 100_000
    total: int = 2 * 1024**3
    nested: int = 256 * 1024**2
    depth: int = 2
    ratio: int = 200
    floor: int = 4 * 1024**2


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive.

    path:  as it is shown: below the archive's own path, without the numbers of an export.
    chain: its name in the archive, and those of the archives around it, outermost first.
    """

    path: str
    chain: tuple[str, ...]
    size: int
    export: str


_DIRECTORY_ENTRY = 46  # bytes at least, APPNOTE 4.3.12
_MEAN_NAME = 300  # bytes of names and extra fields per entry that a directory may have
INDEX_BYTES = 4 * 1024 * 1024  # of the list of pages of an export
_ENCRYPTED = 1  # bit 0 of an entry's flags, APPNOTE 4.4.4
_UTF8 = 0x800
_LOCAL_HEADER = 30
_UNSAFE = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HIDDEN = re.compile(r"\.[^.]|__MACOSX$")
_HEX = re.compile(r" [0-9a-f]{32}(?=$|\.|_all\.)")
_NUMBER = re.compile(r"_\d{4,}(?=\.html?$)")
_NUMBERED = re.compile(r"(?:^|_)\d{4,}\.html?$")
_PART = re.compile(r"^(?:[0-9a-f-]{36}_)?Export-[0-9a-f-]{36}(?:-Part-\d+)?\.zip$", re.I)


def listed(
    file: Path | BytesIO, *, path: str, limits: Limits = LIMITS, chain: tuple[str, ...] = ()
) -> Iterator[Member | Skipped]:
    """The members of an archive and of archives in it; what cannot be read comes as Skipped."""
    refused = _oversized(file, limits)
    if refused:
        yield Skipped(path=path, reason=refused.reason, detail=refused.detail)
        return
    try:
        with zipfile.ZipFile(file) as archive:
            yield from _members(archive, path, limits, chain)
    except DAMAGED as error:
        yield Skipped(path=path, reason="corrupt", detail=f"the archive is damaged: {error}")


def _oversized(file: Path | BytesIO, limits: Limits) -> Refused | None:
    """Whether the directory of an archive is larger than any honest one; it is not read yet."""
    tail = 128 * 1024
    try:
        if isinstance(file, Path):
            with file.open("rb") as stream:
                stream.seek(max(0, file.stat().st_size - tail))
                data = stream.read()
        else:
            data = file.getvalue()[-tail:]
        if not data:
            return Refused("empty", "the archive holds no bytes")
        end, end64 = data.rfind(b"PK\x05\x06"), data.rfind(b"PK\x06\x06")
        if end < 0:
            return Refused("corrupt", "the archive has no directory: it is cut off")
        size: int = unpack_from("<L", data, end + 12)[0]
        if size == 0xFFFFFFFF:
            size = unpack_from("<Q", data, end64 + 40)[0] if end64 >= 0 else 0
    except (OSError, StructError) as error:
        return Refused("corrupt", f"the archive is damaged: {error}")
    if size > limits.entries * (_DIRECTORY_ENTRY + _MEAN_NAME):
        return Refused("zip_bomb", f"the archive has over {limits.entries:,} entries")
    return None


def _members(
    archive: zipfile.ZipFile, path: str, limits: Limits, chain: tuple[str, ...]
) -> Iterator[Member | Skipped]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > limits.entries:
        detail = f"the archive has {len(entries):,} entries, over {limits.entries:,}"
        yield Skipped(path=path, reason="zip_bomb", detail=detail)
        return
    names = {id(entry): _name(entry) for entry in entries}
    overlapping = _overlapping(entries)
    export = _export(archive, entries, list(names.values()))
    shown = shown_names(list(names.values()), export)
    hidden = total = 0
    for entry in sorted(entries, key=lambda entry: names[id(entry)]):
        name = names[id(entry)]
        where = f"{path}/{shown[name]}"
        if any(_HIDDEN.match(part) for part in name.split("/")):
            hidden += 1
            continue
        total += entry.file_size
        again = archive.getinfo(entry.filename) is not entry
        refused = _refusal(entry, name, limits, total, overlapping, again)
        if refused:
            yield Skipped(path=where, reason=refused.reason, detail=refused.detail)
        elif name.casefold().endswith(".zip"):
            yield from _nested(archive, entry, where, limits, (*chain, entry.filename))
        elif repeats := left_out(name, export, shown):
            yield Skipped(path=where, reason=repeats.reason, detail=repeats.detail)
        else:
            yield Member(where, (*chain, entry.filename), entry.file_size, export)
    if hidden:
        detail = f"{hidden} hidden files were left out"
        yield Skipped(path=path, reason="hidden", detail=detail)


def _name(entry: zipfile.ZipInfo) -> str:
    """An entry's name with "/"; names without the UTF-8 mark that are UTF-8 are read as that."""
    name = entry.filename
    if not entry.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _refusal(
    entry: zipfile.ZipInfo,
    name: str,
    limits: Limits,
    total: int,
    overlapping: set[int],
    again: bool,
) -> Refused | None:
    if _UNSAFE.search(name):
        return Refused("unsafe_path", "the name leads out of the archive")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return Refused("link_inside", "this is a link in an archive")
    if entry.flag_bits & _ENCRYPTED:
        return Refused("encrypted", "this member of the archive needs a password")
    if again:
        return Refused("duplicate", "the archive has another member of that name")
    if entry.header_offset in overlapping:
        return Refused("zip_bomb", "this member shares its bytes with another")
    if total > limits.total:
        return Refused("zip_bomb", f"the archive holds over {limits.total / 1e6:,.0f} MB")
    if entry.file_size > max(limits.floor, limits.ratio * entry.compress_size):
        return Refused("zip_bomb", f"it unpacks to over {limits.ratio} times its size")
    return None


def _overlapping(entries: Sequence[zipfile.ZipInfo]) -> set[int]:
    """Where entries begin before the one in front of them has ended."""
    found, end = set(), 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            found.add(entry.header_offset)
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
    return found


def _nested(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    path: str,
    limits: Limits,
    chain: tuple[str, ...],
) -> Iterator[Member | Skipped]:
    if len(chain) > limits.depth:
        detail = f"archives are nested deeper than {limits.depth}"
        yield Skipped(path=path, reason="too_deep", detail=detail)
        return
    if entry.file_size > limits.nested:
        detail = f"the inner archive has {entry.file_size / 1e6:.0f} MB"
        yield Skipped(path=path, reason="too_large", detail=detail)
        return
    try:
        data = BytesIO(archive.read(entry))
    except DAMAGED as error:
        yield Skipped(path=path, reason="corrupt", detail=f"it cannot be unpacked: {error}")
        return
    if zip_kind(data) != ZIP:  # an office file of that name, or damaged: its reader tells
        yield Member(path, chain, entry.file_size, "")
        return
    if _PART.match(path.rpartition("/")[2]):  # a part of a Notion export: another name every time
        path = path.rpartition("/")[0]
    yield from listed(data, path=path, limits=limits, chain=chain)


def _export(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], names: list[str]) -> str:
    """Which program has exported this archive, "" when none that is known."""
    by_name = dict(zip(names, entries, strict=True))

    def beginning(name: str) -> bytes:
        try:
            with archive.open(by_name[name]) as stream:
                return stream.read(INDEX_BYTES)
        except DAMAGED:
            return b""

    return export_of(names, beginning)


def export_of(names: Sequence[str], beginning: Callable[[str], bytes]) -> str:
    """Which program has exported the files of these names, "" when none that is known.

    beginning: the first bytes of the file of a name.
    """
    pages = [name for name in names if re.search(r"\.(?:md|csv|html?)$", name)]
    if pages and sum(bool(_HEX.search(name)) for name in pages) >= 0.5 * len(pages):
        return NOTION
    index = next((name for name in names if name.rpartition("/")[2] == "index.html"), None)
    if index is None or not any(_NUMBERED.search(name.rpartition("/")[2]) for name in names):
        return ""
    return CONFLUENCE if b"confluence" in beginning(index).lower() else ""


def left_out(name: str, export: str, shown: Collection[str]) -> Refused | None:
    """Why a file of an export is not read: it repeats what others hold."""
    if export == CONFLUENCE and name.rpartition("/")[2] == "index.html":
        return Refused("contents", "this is the list of the pages of an export")
    if export == NOTION and _is_view(name, shown):
        return Refused(
            "duplicate", "this is a view of a table that is read whole from its _all.csv"
        )
    return None


def shown_names(names: Sequence[str], export: str) -> dict[str, str]:
    """Name -> the path that it is shown by; two that would be equal keep their numbers."""
    rule = {NOTION: _HEX, CONFLUENCE: _NUMBER}.get(export)
    if rule is None:
        return {name: _clean(name) for name in names}
    alike: dict[tuple[str, str], set[str]] = {}  # (folder, short name) -> its names in the archive
    for name in names:
        for folder, part in _steps(name):
            alike.setdefault((folder, rule.sub("", part)), set()).add(part)

    def short(folder: str, part: str) -> str:
        found = rule.sub("", part)
        return found if len(alike[folder, found]) == 1 else part

    return {
        name: _clean("/".join(short(folder, part) for folder, part in _steps(name)))
        for name in names
    }


def _steps(name: str) -> Iterator[tuple[str, str]]:
    """The folders on the way to a member, each with what comes next."""
    parts = name.split("/")
    for count, part in enumerate(parts):
        yield "/".join(parts[:count]), part


def _clean(name: str) -> str:
    return _CONTROL.sub("\ufffd", name)


def _is_view(name: str, names: Collection[str]) -> bool:
    stem = name.removesuffix(".csv")
    return stem != name and f"{stem}_all.csv" in names


class Members:
    """Reads members of archives; the archive read last stays open."""

    def __init__(self) -> None:
        self._key: tuple[Path, tuple[str, ...]] | None = None
        self._archive: zipfile.ZipFile | None = None

    def read(self, file: Path, chain: tuple[str, ...]) -> bytes | Refused:
        """The bytes of the member that chain leads to."""
        try:
            archive = self._opened(file, chain[:-1])
            return archive.read(chain[-1])
        except (*DAMAGED, KeyError) as error:
            return Refused("corrupt", f"this member of the archive cannot be unpacked: {error}")

    def _opened(self, file: Path, around: tuple[str, ...]) -> zipfile.ZipFile:
        if self._archive is not None and self._key == (file, around):
            return self._archive
        self.close()
        archive = zipfile.ZipFile(file)
        for name in around:
            with archive:
                inner = BytesIO(archive.read(name))
            archive = zipfile.ZipFile(inner)
        self._archive, self._key = archive, (file, around)
        return archive

    def close(self) -> None:
        """Let go of the archive that is open."""
        if self._archive is not None:
            self._archive.close()
            self._archive = self._key = None


_BYLINE = re.compile(
    r"(?:created|added|last modified|erstellt|hinzugefügt|zuletzt|créée?|creado|creato|gemaakt)\b"
    r".{0,200}\d",
    re.I | re.S,
)
_FOOT = re.compile(r"^(?:document )?\w+ \w+ Confluence\b.{0,60}\d{4}|^Atlassian$", re.I)
_TAIL = re.compile(r"^(?:attachments|comments|anhänge|kommentare)\s*:?$", re.I)


def tidied(parsed: Parsed, export: str) -> Parsed:
    """A page of an export without breadcrumbs, byline, attachment list and the program's foot."""
    if export != CONFLUENCE:
        return parsed
    top = next((n for n, p in enumerate(parsed.pieces) if p.kind == "heading"), 0)
    space = parsed.title.partition(" : ")[0] if " : " in parsed.title else ""
    kept: list[Piece] = []
    dropped: list[Dropped] = []
    skipping = 0  # level of the heading whose section is left out
    for number, piece in enumerate(parsed.pieces):
        if skipping and piece.kind in ("heading", "end") and piece.level <= skipping:
            skipping = 0
        if piece.kind == "heading" and (
            piece.anchor in ("attachments", "comments") or _TAIL.match(piece.text)
        ):
            skipping = piece.level
        furniture = (
            skipping
            or number < top
            or (number == top + 1 and piece.kind == "paragraph" and _BYLINE.match(piece.text))
            or (piece.kind == "paragraph" and _FOOT.match(piece.text))
        )
        if furniture and piece.kind != "end":
            characters = len("".join(piece.text.split()))
            beginning = " ".join(piece.text.split())[:80]
            dropped.append(
                Dropped(
                    what="confluence",
                    reason="furniture",
                    characters=characters,
                    beginning=beginning,
                )
            )
        else:
            kept.append(_without_space(piece, space))
    title = parsed.title.removeprefix(f"{space} : ") if space else parsed.title
    return replace(parsed, pieces=kept, title=title, dropped=(*parsed.dropped, *dropped))


def _without_space(piece: Piece, space: str) -> Piece:
    if piece.kind != "heading" or not space:
        return piece
    return replace(piece, text=piece.text.removeprefix(f"{space} : "))
