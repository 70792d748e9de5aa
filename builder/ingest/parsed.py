"""What a reader makes of a text, and how that becomes a Document.

A reader yields pieces in reading order; `document` joins them to the canonical Markdown of
Document.text, with exact offsets and heading paths.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from builder.collector import collector_paused
from builder.ingest.clean import Cleaner, are_clean, fold_prose, is_plain
from builder.ingest.language import language
from builder.records import Block, BlockKind, Document, Dropped, Place, make_id

_CONTENTS = re.compile(
    r"(?:table of )?contents|inhalt(?:sverzeichnis)?|table des matières|sommaire|índice|sommario"
    r"|inhoud(?:sopgave)?|目录|目次",
    re.IGNORECASE,
)
_NAMES = frozenset(("name", "bezeichnung"))  # of the first section of a manual page
_DESCRIBED = re.compile(r"([^\s,]+(?:, [^\s,]+)*) (?:--?|\u2013|\u2014|\u2212) \S")
_FEWEST_WORDS = 6  # of a sentence before the first heading
_COUNTED = re.compile(  # the first of several chapters is no title of the book
    r"(?:part|chapter|appendix|teil|kapitel|anhang)\s+\w+\b|\d{1,2}(?:\.\d{1,2})*[.:]?\s",
    re.IGNORECASE,
)
MAX_TITLE = 200  # characters
_LISTED = ("list_item", "definition")  # lines with a marker, one below the other


@dataclass(slots=True)  # a frozen one takes seven times as long to make, and readers make many
class Piece:
    """One block as a reader found it; it is not changed.

    text:  canonical Markdown of the block, without the "#" of a heading.
    level: of a heading (1 to 6) or list item (1 is the outermost).
    kind "end" has no text: it closes every heading of its level or deeper.
    anchor: link target of a heading; marker and code_lang are told by the text itself.
    header_rows, flags, place: as in Block.
    """

    kind: BlockKind | Literal["end"]
    text: str
    level: int = 0
    anchor: str = ""
    header_rows: int = 0
    flags: tuple[str, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A whole file as pieces; title and lang are empty where it does not tell them.

    visible, dropped: as in Document.
    by_name: a file without a title is called by its name, not by its first heading (a workbook,
             whose headings are its sheets).
    over_headings: the title stands above a single heading of level 1 as well, unless both say the
             same (a book, of which that is a part).
    """

    pieces: Sequence[Piece]
    title: str = ""
    lang: str = ""
    notes: tuple[str, ...] = ()
    visible: int | None = None
    dropped: tuple[Dropped, ...] = ()
    by_name: bool = False
    over_headings: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Bytes that give no document: reason is a code of Skipped, detail a sentence."""

    reason: str
    detail: str


def with_repaired(parsed: Parsed, spans: Sequence[tuple[int, int]]) -> Parsed:
    """A parsed text whose blocks on repaired stretches of it say so."""
    if not spans:
        return parsed
    ends = [end for _, end in spans]
    return replace(parsed, pieces=[_with_repaired(piece, spans, ends) for piece in parsed.pieces])


def _with_repaired(piece: Piece, spans: Sequence[tuple[int, int]], ends: Sequence[int]) -> Piece:
    place = piece.place
    if place is None or place.start is None or place.end is None or place.part:
        return piece
    at = bisect_right(ends, place.start)
    if at == len(spans) or spans[at][0] >= place.end:
        return piece
    return replace(piece, flags=(*piece.flags, "repaired"))


def has_several_tops(pieces: Sequence[Piece]) -> bool:
    """Whether the first heading of level 1 is one of several, each over a text of its own.

    Where a title has a mark of its own, as in Word, none of them is the title then.
    """
    said = [piece for piece in pieces if piece.kind != "end"]
    tops = [at for at, piece in enumerate(said) if (piece.kind, piece.level) == ("heading", 1)]
    return len(tops) > 1 and tops[1] > tops[0] + 1


def fenced(code: str, lang: str = "") -> str:
    """Code as a fenced block; the fence is longer than any run of backticks in it."""
    longest = max(map(len, re.findall("`+", code)), default=0) if "`" in code else 0
    fence = "`" * max(3, longest + 1)
    return f"{fence}{lang}\n{code}\n{fence}"


def noted(label: str, text: str) -> str:
    """The text of an admonition behind its label, which it may begin with itself ("Note: ...")."""
    begins = text.startswith(label) and text[len(label) :].lstrip()[:1] in ":.!?-\u2013\u2014"
    return text if begins else f"{label}: {text}"


def unclosed_comment(text: str) -> Dropped:
    """What is told of the rest of a file behind the begin of a comment that nothing ends."""
    said = " ".join(text.split())
    return Dropped(
        what="unclosed comment", reason="hidden", characters=len(said), beginning=said[:80]
    )


@collector_paused()
def document(
    parsed: Parsed, *, data: bytes, path: str, media_type: str, lang: str, notes: Sequence[str]
) -> Document | None:
    """The record of a parsed text, None when no text is left. lang overrides what is detected."""
    cleaner = Cleaner()
    clean = are_clean([piece.text for piece in parsed.pieces])
    pieces = [_cleaned(piece, cleaner, clean=clean) for piece in parsed.pieces]
    pieces = [piece for piece in pieces if piece.kind == "end" or _says_something(piece)]
    pieces = [piece for at, piece in enumerate(pieces) if not _repeated(pieces, at)]
    if not any(piece.kind != "end" for piece in pieces):
        return None
    told = parsed.title or (_file_name(path) if parsed.by_name else "")
    over = told if parsed.over_headings and not _is_said(told, pieces) else ""
    title = _title(cleaner.prose(told), [] if over else pieces, path)
    text, blocks = _join(pieces, title)
    return Document(
        id=make_id("document", path),
        path=path,
        title=title,
        lang=lang or language(_prose(pieces), parsed.lang),
        media_type=media_type,
        sha256=sha256(data).hexdigest(),
        text=text,
        blocks=blocks,
        notes=(*notes, *parsed.notes, *cleaner.notes()),
        visible=parsed.visible,
        dropped=parsed.dropped,
    )


def _cleaned(piece: Piece, cleaner: Cleaner, *, clean: bool) -> Piece:
    """A piece without invisible characters, and in the form that its kind has in the text.

    clean: it holds none.
    """
    text, flags = piece.text, piece.flags
    usual = clean or is_plain(text)
    if not usual and cleaner.hides(text):
        flags = tuple(dict.fromkeys((*flags, "suspect_injection")))
    if piece.kind == "code":  # what it hides is told, but code is never altered
        text = text if usual else cleaner.controls(text)
        if text != piece.text:
            first, *body, _ = text.split("\n")
            text = fenced("\n".join(body), first.lstrip("`"))
    else:
        text = text if usual else fold_prose(cleaner.prose(text))
        if " \n" in text or "\t" in text:
            text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    if piece.kind == "heading":
        text = " ".join(text.split()).rstrip("\u00b6 ")
    text = text.rstrip() if piece.kind in _LISTED else text.strip()
    if text == piece.text and flags is piece.flags:
        return piece
    return replace(piece, text=text, flags=flags)


def _says_something(piece: Piece) -> bool:
    if piece.kind == "code":
        return bool(piece.text.strip("`\n "))
    text = piece.text
    if text[:1].isalnum() or any(map(str.isalnum, text)):
        return True
    return "`" in text and bool(text.strip("`-*> \n"))  # operators named in a list are no rule


def _repeated(pieces: Sequence[Piece], at: int) -> bool:
    """Whether the same heading stands right before (a title for print and one for the screen).

    Of two that differ in their code marks, the one with fewer is the other one again.
    """
    if pieces[at].kind != "heading":
        return False
    if at and _is_same(pieces[at - 1], pieces[at]):
        return pieces[at - 1].text.count("`") >= pieces[at].text.count("`")
    after = pieces[at + 1] if at + 1 < len(pieces) else None
    return (
        after is not None
        and _is_same(pieces[at], after)
        and after.text.count("`") > pieces[at].text.count("`")
    )


def _is_same(one: Piece, other: Piece) -> bool:
    """Whether two pieces are headings of the same level and words, code marks apart."""
    if (one.kind, one.level) != (other.kind, other.level):
        return False
    return one.text.replace("`", "") == other.text.replace("`", "")


def _title(told: str, pieces: Sequence[Piece], path: str) -> str:
    above = [piece.text for piece in pieces if piece.kind == "heading" and piece.level == 1]
    tops = [text for text in above if not _CONTENTS.fullmatch(text)]
    first = [p.text for p in pieces[:1] if p.kind == "heading" and "inferred" not in p.flags]
    if above[:1] != tops[:1]:  # no heading of a chapter is the title of the book
        first = tops = tops if len(tops) == 1 else []
    if len(tops) > 1 and (all(map(_COUNTED.match, tops[:2])) or _introduced(pieces[0])):
        first = tops = []
    found = tops[0] if len(tops) == 1 else told or next(iter(tops or first), "")
    found = _described(pieces, found) or " ".join((found or _file_name(path) or path).split())
    return found if len(found) <= MAX_TITLE else found[: MAX_TITLE - 1].rstrip() + "\u2026"


def _introduced(first: Piece) -> bool:
    """Whether a text begins with a sentence, below which all headings are those of sections."""
    said = first.text.split()
    return first.kind == "paragraph" and len(said) >= _FEWEST_WORDS and said[-1][-1] in ".:"


def _is_said(title: str, pieces: Sequence[Piece]) -> bool:
    """Whether a heading of level 1 says the title, perhaps a longer or shorter one."""
    said = _letters(title)
    tops = [_letters(p.text) for p in pieces if (p.kind, p.level) == ("heading", 1)]
    return any(said in top or (len(top) > len(said) / 3 and top in said) for top in tops)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _described(pieces: Sequence[Piece], title: str) -> str:
    """What a manual page is about, if its title is that of its first section, else ""."""
    heads = len(pieces) > 1 and pieces[0].kind == "heading" and pieces[0].text == title
    if not heads or title.casefold() not in _NAMES or pieces[1].kind != "paragraph":
        return ""
    named = _DESCRIBED.match(pieces[1].text)
    return named[1] if named else ""


def _file_name(path: str) -> str:
    """The name of a file as words."""
    name = path.rpartition("/")[2]
    return re.sub(r"[-_\s]+", " ", name.rpartition(".")[0] or name).strip()


def _join(pieces: Sequence[Piece], title: str) -> tuple[str, tuple[Block, ...]]:
    parts: list[str] = []
    blocks: list[Block] = []
    at = 0
    above: list[Piece] = []
    path, anchors = _path(title, above)
    moved = False  # under another heading
    before = ""
    for piece in pieces:
        if piece.kind in ("heading", "end"):
            moved = True
            while above and above[-1].level >= piece.level:
                above.pop()
        if piece.kind == "end":
            continue
        if piece.kind == "heading":
            above.append(piece)
        if blocks:
            gap = "\n" if before in _LISTED and piece.kind in _LISTED else "\n\n"
            parts.append(gap)
            at += len(gap)
        text = "#" * piece.level + " " + piece.text if piece.kind == "heading" else piece.text
        if moved:
            path, anchors = _path(title, above)
            moved = False
        block = Block.__new__(Block)  # the call of a class with keywords takes twice the time
        Block.__init__(
            block,
            kind=piece.kind,
            start=at,
            end=at + len(text),
            heading_path=path,
            anchors=anchors,
            level=piece.level,
            marker=text.split(maxsplit=1)[0] if piece.kind in _LISTED else "",
            code_lang=_code_lang(text) if piece.kind == "code" else "",
            header_rows=piece.header_rows,
            flags=piece.flags,
            place=piece.place,
        )
        blocks.append(block)
        parts.append(text)
        at += len(text)
        before = piece.kind
    return "".join(parts), tuple(blocks)


def _code_lang(text: str) -> str:
    return text.partition("\n")[0].lstrip("`").strip()


def _path(title: str, above: Sequence[Piece]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Texts and anchors of the headings above, the document's title first."""
    names = tuple([heading.text for heading in above])
    anchors = tuple([heading.anchor for heading in above])
    if not names or names[0].casefold() != title.casefold():
        names, anchors = (title, *names), ("", *anchors)
    return (title, *names[1:]), anchors if any(anchors) else ()


def _prose(pieces: Sequence[Piece]) -> str:
    kept = [piece.text for piece in pieces if piece.kind not in ("code", "table", "end")]
    return re.sub(r"`[^`]*`", " ", "\n".join(kept))
