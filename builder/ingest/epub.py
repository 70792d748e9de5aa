"""An EPUB book to pieces: its chapters in reading order, each read as a page of HTML.

Where the chapters' own headings do not show how they nest, the table of contents does; where no tag
shows anything, the looks of the paragraphs do. The table itself, and pages that only link to others
(an index), are left out and counted.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from builder.ingest import html, looks
from builder.ingest.container import Container, Unreadable, read, resolved
from builder.ingest.decode import decode
from builder.ingest.parsed import Parsed, Piece, Refused, with_repaired
from builder.records import Dropped, Place

if TYPE_CHECKING:
    from lxml.etree import _Element

_PACKAGE = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_OPS = "{http://www.idpf.org/2007/ops}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_LINKS = 0.7  # share of a page's text in links, from which it is a table of contents
_FEW_LINKS = 8
_LINK = re.compile(r"<a\s[^>]*href(?!\s*=\s*[\"']?[a-z]+:)[^>]*>(.*?)</a>", re.I | re.S)
_UNSEEN = re.compile(
    r"<head\b.*?</head>|<!--.*?-->|<script\b.*?</script>|<style\b.*?</style>", re.I | re.S
)
_TAG = re.compile(r"<[^>]*>")
_LOW = 0.5  # share of a page's text below which the page was not understood
_ENDING = 500  # characters in which a whole page closes its last tag
MAX_LEVEL = 6
MAX_LABEL = 200  # characters of a paragraph that is a heading by the contents
MAX_TITLE_LINES = 3


def parse(data: bytes) -> Parsed | Refused:
    """The content of an EPUB book."""
    return read(data, "an EPUB book", _parsed)


class _Entry(NamedTuple):
    """An entry of the table of contents. depth: 0 is the outermost; anchor: in its chapter."""

    depth: int
    label: str
    anchor: str = ""


def _parsed(container: Container) -> Parsed:
    name = _package_name(container)
    package = container.xml(name, doctype=True)
    folder = posixpath.dirname(name)
    members = list(_members(package, folder, container))
    if not members:
        raise Unreadable("corrupt", "the book lists no pages")
    _refuse_encrypted(container, set(members))
    notes = list(_unlisted(package, folder, members))
    by_looks = _by_looks(container, package, folder, members)
    if by_looks is not None:
        return replace(by_looks, notes=tuple(notes))
    contents = _contents(container, package, folder, notes)
    skipped = _not_read(package, folder)
    pieces: list[Piece] = []
    dropped: list[Dropped] = []
    visible = 0
    for member in members:
        decoded = decode(container.content(member))
        if isinstance(decoded, Refused):
            raise Unreadable(decoded.reason, f"{member}: {decoded.detail}")
        text = decoded.text
        notes += (f"{member}: {note}" for note in decoded.notes)
        if "</html" not in text[-_ENDING:].lower():
            notes.append(f"{member}: it ends before its last tag")
        shown = _visible(text)
        visible += _length(shown)
        if member in skipped or _only_links(text, shown):
            length = _length(shown)
            beginning = " ".join(shown.split())[:80]
            dropped.append(
                Dropped(what=member, reason="contents", characters=length, beginning=beginning)
            )
            continue
        parsed = with_repaired(html.parse(text, authored=True), decoded.repaired)
        found = sum(_length(piece.text) for piece in parsed.pieces)
        found += sum(part.characters for part in parsed.dropped)
        if found < _LOW * _length(shown) - _FEW_LINKS:
            notes.append(f"{member}: only {100 * found // _length(shown)} % of its text was found")
        dropped += (replace(part, what=f"{member}: {part.what}") for part in parsed.dropped)
        notes += parsed.notes if shown.strip() else ()  # of a picture there is no text to miss
        lost = {part.beginning for part in parsed.dropped if part.what == "heading"}
        pieces += _placed(parsed.pieces, member, contents.get(member, ()), lost)
    return Parsed(
        pieces=pieces,
        title=_title(package),
        over_headings=len(set(_headed(pieces))) > 1,
        lang=_lang(package),
        notes=tuple(dict.fromkeys(notes)),
        visible=visible,
        dropped=tuple(dropped),
    )


def _headed(pieces: Sequence[Piece]) -> Iterator[str]:
    """The names of the pages with headings."""
    return (piece.place.part for piece in pieces if piece.kind == "heading" and piece.place)


def _title(package: _Element) -> str:
    return " ".join((package.findtext(f".//{_DC}title") or "").split())


def _lang(package: _Element) -> str:
    return package.findtext(f".//{_DC}language") or ""


def _by_looks(
    container: Container, package: _Element, folder: str, members: Sequence[str]
) -> Parsed | None:
    """A book that tells its headings by nothing but type, None for any other."""
    listed = _items(package, folder).values()
    sheets = [name for name, item in listed if item.get("media-type") == "text/css"]
    if not sheets:
        return None
    skipped = _not_read(package, folder)
    try:
        pages = [
            (name, container.xml(name, doctype=True)) for name in members if name not in skipped
        ]
    except Unreadable:
        return None  # no XML: as HTML it can be read
    if not looks.told_by_looks(page for _, page in pages):
        return None
    rules = [
        container.content(name).decode("utf-8", "replace") for name in sheets if name in container
    ]
    pieces = looks.pieces(pages, "\n".join(rules))
    if not any(piece.kind == "heading" for piece in pieces):
        return None
    bodies = (body for _, page in pages for body in page.iter(f"{_XHTML}body"))
    visible = sum(_length("".join(map(str, body.itertext()))) for body in bodies)
    return Parsed(pieces=pieces, title=_title(package), lang=_lang(package), visible=visible)


def _package_name(container: Container) -> str:
    """The name of the package document, which names all others."""
    if _PACKAGE in container:
        for element in container.xml(_PACKAGE, doctype=True).iter("{*}rootfile"):
            path = posixpath.normpath(element.get("full-path") or "")
            if path in container:
                return path
    found = [name for name in container.names() if name.casefold().endswith(".opf")]
    if not found:
        raise Unreadable("unknown_format", "the archive holds no EPUB book")
    return found[0]


def _items(package: _Element, folder: str) -> dict[str, tuple[str, _Element]]:
    """The files that the package lists, by id: name in the archive and entry."""
    return {
        element.get("id") or "": (_target(folder, element.get("href") or ""), element)
        for element in package.iter(f"{_OPF}item")
    }


def _target(folder: str, reference: str) -> str:
    return resolved(folder, unquote(reference.partition("#")[0]))


def _members(package: _Element, folder: str, container: Container) -> Iterator[str]:
    """The names of the chapters in reading order, each once."""
    items = _items(package, folder)
    seen: set[str] = set()
    for element in package.iter(f"{_OPF}itemref"):
        told = element.get("idref") or ""
        name, item = items.get(told, ("", None))
        if item is None:
            raise Unreadable("corrupt", f"the book lists {told!r}, which it does not describe")
        if name in seen or (item.get("media-type") or "").startswith("image/"):
            continue
        if name not in container:
            raise Unreadable("corrupt", f"the book lists {name}, which the archive does not have")
        seen.add(name)
        yield name


def _unlisted(package: _Element, folder: str, members: Sequence[str]) -> Iterator[str]:
    """A note for every page that the reading order leaves out, so that no reader shows it."""
    known = {*members, *_not_read(package, folder)}
    for name, item in _items(package, folder).values():
        if item.get("media-type") == "application/xhtml+xml" and name not in known:
            yield f"{name}: not read, as it stands nowhere in the reading order"


def _refuse_encrypted(container: Container, members: set[str]) -> None:
    """Refuses a book whose chapters are encrypted; embedded fonts may be."""
    root = container.xml(_ENCRYPTION, doctype=True) if _ENCRYPTION in container else None
    for data in root.iter("{*}EncryptedData") if root is not None else ():
        method = next(data.iter("{*}EncryptionMethod"), None)
        if method is not None and method.get("Algorithm") in _FONTS_ONLY:
            continue
        for reference in data.iter("{*}CipherReference"):
            if posixpath.normpath(unquote(reference.get("URI") or "")) in members:
                raise Unreadable("encrypted", "the book is protected by digital rights management")


def _not_read(package: _Element, folder: str) -> set[str]:
    """The pages that the package calls its table of contents or index."""
    found = {
        name
        for name, item in _items(package, folder).values()
        if "nav" in (item.get("properties") or "").split()
    }
    for reference in package.iter(f"{_OPF}reference"):
        if (reference.get("type") or "").casefold() in ("toc", "index", "loi", "lot"):
            found.add(_target(folder, reference.get("href") or ""))
    return found


def _contents(
    container: Container, package: _Element, folder: str, notes: list[str]
) -> dict[str, list[_Entry]]:
    """The entries of the table of contents that lead to each page, the newer kind of table first.

    notes: gets one more for a table that cannot be read; the book can without it.
    """
    found: dict[str, list[_Entry]] = {}
    for entries in (_from_nav, _from_ncx):
        listed: dict[str, list[_Entry]] = {}
        try:
            for name, entry in entries(container, package, folder):
                listed.setdefault(name, []).append(entry)
        except Unreadable as error:
            if error.refused.reason != "corrupt":
                raise
            notes.append(error.refused.detail)
        found = listed | found
    return found


def _from_nav(container: Container, package: _Element, folder: str) -> Iterator[tuple[str, _Entry]]:
    for name, item in _items(package, folder).values():
        if "nav" not in (item.get("properties") or "").split() or name not in container:
            continue
        for nav in container.xml(name, doctype=True).iter(f"{_XHTML}nav"):
            if "toc" not in (nav.get(f"{_OPS}type") or "").split():
                continue
            for link in nav.iter(f"{_XHTML}a"):
                depth = sum(1 for above in link.iterancestors(f"{_XHTML}ol")) - 1
                label = " ".join("".join(map(str, link.itertext())).split())
                target = _target(posixpath.dirname(name), link.get("href") or "")
                anchor = (link.get("href") or "").partition("#")[2]
                yield target, _Entry(max(0, depth), label, anchor)


def _from_ncx(container: Container, package: _Element, folder: str) -> Iterator[tuple[str, _Entry]]:
    for name, item in _items(package, folder).values():
        if item.get("media-type") != "application/x-dtbncx+xml" or name not in container:
            continue
        for point in container.xml(name, doctype=True).iter(f"{_NCX}navPoint"):
            depth = sum(1 for _ in point.iterancestors(f"{_NCX}navPoint"))
            label = " ".join((point.findtext(f"{_NCX}navLabel/{_NCX}text") or "").split())
            content = point.find(f"{_NCX}content")
            source = (content.get("src") or "") if content is not None else ""
            anchor = source.partition("#")[2]
            yield _target(posixpath.dirname(name), source), _Entry(depth, label, anchor)


def _length(text: str) -> int:
    return len("".join(text.split()))


def _lines_that_say(label: str, found: Sequence[Piece]) -> int:
    """How many paragraphs at the top of a chapter are its name, on lines of their own."""
    said = ""
    for count, piece in enumerate(found[:MAX_TITLE_LINES], 1):
        said += _letters(piece.text)
        if piece.kind == "paragraph" and said == _letters(label):
            return count
        if piece.kind != "paragraph":
            break
    return 0


def _visible(text: str) -> str:
    return _TAG.sub(" ", _UNSEEN.sub(" ", text))


def _only_links(text: str, shown: str) -> bool:
    """Whether a page is a list of links into the book: most of its text, and more than a few."""
    links = _LINK.findall(_UNSEEN.sub(" ", text))
    if len(links) < _FEW_LINKS:
        return False
    linked = sum(len("".join(_TAG.sub("", link).split())) for link in links)
    return linked >= _LINKS * len("".join(shown.split()))


def _named_lines(found: Sequence[Piece], named: Iterable[str]) -> dict[int, str]:
    """The paragraphs that are what an entry of the contents says, once in a page; its label."""
    told = {_letters(label): label for label in named}
    lines: dict[str, list[int]] = {}
    for at, piece in enumerate(found):
        if len(piece.text) <= MAX_LABEL and (said := _letters(piece.text)) in told:
            lines.setdefault(said, []).append(at)
    alone = ((said, at[0]) for said, at in lines.items() if said and len(at) == 1)
    return {at: told[said] for said, at in alone if found[at].kind == "paragraph"}


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _placed(
    found: Sequence[Piece], member: str, entries: Sequence[_Entry], lost: set[str]
) -> Iterator[Piece]:
    """The pieces of a chapter with their place, its headings as deep as the contents have it.

    entries: of the contents that lead to the chapter. lost: the headings that a page of a site
    would have for its theme ("Next steps").
    """
    levels = [piece.level for piece in found if piece.kind == "heading"]
    if not found:
        return
    first = entries[0] if entries else None
    if first and first.label and (not levels or first.label in lost):
        place = Place(part=member)
        level = min(MAX_LEVEL, first.depth + 1)
        found = found[_lines_that_say(first.label, found) :]
        yield Piece("heading", first.label, level, flags=("inferred",), place=place)
    least = shift = max(0, first.depth + 1 - min(levels)) if first and levels else 0
    labels = Counter(entry.label for entry in entries)
    named = {entry.label: entry.depth for entry in entries[1:] if labels[entry.label] == 1}
    depths = {entry.anchor: entry.depth for entry in entries[1:] if entry.anchor}
    lines = _named_lines(found, named)
    for at, piece in enumerate(found):
        if at in lines:
            piece = replace(
                piece, kind="heading", level=named[lines[at]] + 1 - shift, flags=("inferred",)
            )
        level = piece.level
        depth = depths.get(piece.anchor, named.get(piece.text)) if piece.kind == "heading" else None
        if depth is not None:
            shift = max(least, depth + 1 - level)
        if piece.kind in ("heading", "end"):
            level = min(MAX_LEVEL, level + shift)
        yield replace(piece, level=level, place=replace(piece.place or Place(), part=member))
