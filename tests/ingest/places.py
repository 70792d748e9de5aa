"""Whether the place of a block leads back to its text.

A slice of the source re-normalises to its block when the reader of the format, given the slice and
no other text of the file, finds in it the letters and digits of the block again: none missing,
none more. Two things are put beside the slice, since text stands in no slice without them:

- the definitions of the file, which no block shows by itself (link targets, substitutions,
  attributes, the titles that labels stand above);
- for a slice that is cut out of something around it, its indentation and quotation marks are taken
  off.

A block whose place lies inside the slice (the caption of a table) is taken out of what is found.

Only what Document.text adds by itself is not compared: list numbers, fences, the label of an
admonition that stands in no line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from textwrap import dedent

from builder.ingest.parsed import Parsed, Piece, Refused
from builder.records import Place

Parse = Callable[[str], Parsed | Refused]
ALONE = "alone"  # a media type without definitions


def parsed(parse: Parse, source: str) -> list[Piece]:
    """The pieces of a source that hold text."""
    found = parse(source)
    assert isinstance(found, Parsed), found
    return [piece for piece in found.pieces if piece.kind != "end"]


def lost(parse: Parse, source: str, media_type: str = ALONE) -> list[str]:
    """What each block says whose slice of the source does not re-normalise to it."""
    wrong = []
    pieces = parsed(parse, source)
    for piece in pieces:
        place = piece.place
        if place is None or place.start is None or place.end is None:
            wrong.append(f"no place: {piece.text}")
        elif letters(piece.text) and not leads_back(parse, source, piece, pieces, media_type):
            wrong.append(f"{piece.kind} {piece.text!r} from {source[place.start : place.end]!r}")
    return wrong


def leads_back(
    parse: Parse, source: str, piece: Piece, pieces: Sequence[Piece], media_type: str = ALONE
) -> bool:
    """Whether the slice of one block, among the pieces of its file, re-normalises to it."""
    assert piece.place is not None
    start, end = piece.place.start, piece.place.end
    assert start is not None and end is not None
    first = source.rfind("\n", 0, start) + 1
    blanks = source[first:start]
    cut = (blanks if not blanks.strip() else "") + source[start:end]
    told = definitions(source, first, media_type)
    inside = [letters(other.text) for other in pieces if _lies_inside(other.place, start, end)]
    wanted = letters(piece.text)
    return any(
        wanted == "".join(_without(again, inside))
        for part in _forms(cut)
        for again in _read_again(parse, told, part)
    )


def _lies_inside(place: Place | None, start: int, end: int) -> bool:
    if place is None or place.start is None or place.end is None:
        return False
    return start <= place.start and place.end <= end and (start, end) != (place.start, place.end)


def _without(said: list[str], inside: Sequence[str]) -> list[str]:
    left = list(said)
    for other in inside:
        if other in left:
            left.remove(other)
    return left


def _read_again(parse: Parse, told: str, part: str) -> Iterator[list[str]]:
    """The blocks that a slice gives, read below the definitions, and read alone."""
    for head in dict.fromkeys((told, "")):
        found = parse(head + part)
        if isinstance(found, Parsed):
            yield [
                letters(piece.text)
                for piece in found.pieces
                if piece.place is None or (piece.place.start or 0) >= len(head)
            ]


def _forms(cut: str) -> Iterator[str]:
    yield dedent(cut)
    yield cut
    unquoted = re.sub(r"^[ \t]*> ?", "", cut, flags=re.MULTILINE)
    if unquoted != cut:
        yield dedent(unquoted)


def letters(text: str) -> str:
    """The letters and digits of a block without its list number or the language of its fence."""
    text = re.sub(r"\A`{3,}.*", "", text)
    return "".join(re.findall(r"[^\W_]", re.sub(r"\A\s*\d+\. ", "", text)))


_MARKDOWN = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*\S.*$", re.MULTILINE)
_RST = re.compile(
    r"^[ \t]*\.\.[ ]+(?:\|[^|\n]+\|[ ]+\w+::|_[^\n]+:|role::|default-role::|highlight::)"
    r"[^\n]*(?:\n[ \t]+[^\n]+)*",
    re.MULTILINE,
)
_RST_TITLE = re.compile(
    r"^(?:([=\-~^\"'`#*+.:_])\1{2,}\n)?\S.*\n([=\-~^\"'`#*+.:_])\2{2,}$", re.MULTILINE
)
_ADOC_ENTRY = re.compile(r"^:!?\w[\w-]*!?:(?:[ \t].*(?:\\\n.*)*)?$", re.MULTILINE)
_ADOC_TITLE = re.compile(
    r"^(?:\[(?:\[.*\]|.*#.*)\]\n+)*(?:={1,6} \S.*|\S.*\n[=\-~^+]{2,}|\.[^\s.].*)$", re.MULTILINE
)


def definitions(source: str, before: int, media_type: str) -> str:
    """The definitions of a file, as a head to put above a slice of it.

    before: where the slice begins; attributes of AsciiDoc hold only below their line.
    """
    if media_type == "text/markdown":
        return _joined(_MARKDOWN, source)
    if media_type == "text/x-rst":
        found = [*_RST.finditer(source), *_RST_TITLE.finditer(source)]
        found.sort(key=lambda match: match.start())
        return "".join(f"{match[0]}\n\n" for match in found)
    if media_type == "text/asciidoc":
        titles = [match[0] for match in _ADOC_TITLE.finditer(source) if _is_title(match[0])]
        return "".join(f"{title}\n\n" for title in titles) + _joined(_ADOC_ENTRY, source[:before])
    return ""


def _is_title(match: str) -> bool:
    """Whether a line over a rule is as long as the rule."""
    *_, title, rule = ("", *match.split("\n"))
    if rule.strip("=-~^+"):
        return True
    return not title.startswith(("[", ".")) and abs(len(title) - len(rule)) <= 2


def _joined(pattern: re.Pattern[str], source: str) -> str:
    told = "\n".join(match[0] for match in pattern.finditer(source))
    return f"{told}\n\n" if told else ""
