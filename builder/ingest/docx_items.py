"""The paragraphs and tables of a Word file, once it is known what stands beside them, as blocks.

pieces(items, plain_size)  lines of code joined, headings told by their looks, lists nested
title(items)               the title of the document, where one style tells it
cell_text(items)           the blocks of a table's cell on one line
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from builder.ingest.grid import code_span, pipe_table
from builder.ingest.parsed import Piece, fenced
from builder.ingest.questions import (
    asks,
    is_answer_badge,
    is_badge,
    split_labelled,
    without_answer_label,
)
from builder.records import BlockKind, Place

MAX_LEVEL = 6  # of a heading
_LARGER = 1.15  # times the size of the text, from which type is that of a heading
_INDENT = 180  # twips (an eighth of an inch), from which an item is set further in
MAX_HEADING = 120  # characters of a paragraph that may be a heading by its looks

TYPED_BULLET = re.compile(r"[•▪◦‣●○■□–-]\t\s*|[•▪◦‣●]\s+")
_CODE_SPAN = re.compile("`[^`]*`")  # set in a size of its own
_INNER_LINE = re.compile(r"^\s|^[\])}]|[\[({,\\]$", re.MULTILINE)  # indented, or a bracket is open
_TYPED_HYPHEN = re.compile(r"[-*]\s+(?=\S)")
_TYPED_COUNT = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_FEW_ROWS = 3  # lines whose words tabs set below each other, from which they are a table
_MAX_CELL = 60  # characters of such a cell
_TYPED_NUMBER = re.compile(r"(\d{1,3})[.)]\t\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A paragraph, table or formula before it is known what its neighbours make of it.

    text:  inline code in backticks; raw: as it stands, for code.
    bold, size: of all its words; size in half-points.
    left:  how far it is indented, in twips.
    gap:   whether it keeps a distance to the next one.
    frame: which of the document's frames (tables of one cell) it stands in, 0 for none.
    kind "end" has no text: it closes the headings of its level or deeper.
    """

    kind: Literal[
        "blank", "paragraph", "heading", "title", "byline", "list_item", "code", "quote", "caption",
        "term", "definition", "table", "math", "piece", "end",
    ]  # fmt: skip
    part: str
    text: str = ""
    raw: str = ""
    level: int = 0
    marker: str = ""
    style: str = ""
    indent: bool = False
    left: float = 0
    bold: bool = False
    size: float = 0
    gap: bool = False
    frame: int = 0
    header_rows: int = 0
    flags: tuple[str, ...] = ()
    piece: Piece | None = None


def one_line(text: str) -> str:
    """The text with all white space as single blanks."""
    return " ".join(text.split())


def typed_item(item: Item) -> Item:
    """A paragraph, or the list item that its author made with a typed bullet or number."""
    raw = item.raw.lstrip()
    bullet, number = TYPED_BULLET.match(raw), _TYPED_NUMBER.match(raw)
    if not (bullet or number):
        return item
    marker = "-" if bullet else f"{number[1]}." if number else ""
    text = re.sub(r"^(?:[•▪◦‣●○■□–-]|\d{1,3}[.)])\s*", "", item.text)
    return replace(item, kind="list_item", marker=marker, text=text)


def is_note(item: Item) -> bool:
    return "footnote" in item.flags or "endnote" in item.flags


def cell_text(items: Sequence[Item]) -> str:
    """The blocks of a cell on one line: "one; two" for list items, code in backticks."""
    text, before = "", ""
    for item in items:
        said = _said(item)
        if not said or is_note(item):
            continue
        listed = item.kind == before == "list_item" and not text.endswith((":", ";", ",", "."))
        text += ("; " if listed else " ") * bool(text) + said
        before = item.kind
    return one_line(text)


def _said(item: Item) -> str:
    if item.kind == "code":
        return " ".join(code_span(line).strip() for line in item.raw.split("\n") if line.strip())
    if item.kind == "table":
        lines = [line for line in item.text.split("\n") if line.strip("|- ")]
        cells = (re.split(r"(?<!\\)\|", line.strip("| ")) for line in lines)
        return "; ".join(", ".join(filter(None, map(str.strip, row))) for row in cells)
    if item.kind == "math":
        return item.text.strip("$\n")
    return item.piece.text if item.piece else item.text


def pieces(items: Sequence[Item], plain_size: float) -> list[Piece]:
    """The items as blocks, once their neighbours are known."""
    items = _with_typed_lists(_with_tab_tables(_with_bylines(items)))
    items = _with_labelled(_with_inferred(_with_large_code(items), plain_size))
    items = _with_joined_code(items)
    items, shift = _with_title(items)
    depths = _Depths()
    found: list[Piece] = []
    term = ""
    for item in [*items, Item(kind="blank", part="")]:
        if term and item.kind != "definition":
            found.append(Piece("definition", f"- {term}:", place=Place(part=item.part)))
            term = ""
        if item.kind == "term":
            term = one_line(item.text)
        elif item.kind == "definition" and term:
            text = f"- {term}: {one_line(item.text)}"
            found.append(_piece(item, "definition", text))
            term = ""
        elif item.kind != "blank":
            found.append(_as_piece(item, shift, depths))
    return found


def _as_piece(item: Item, shift: int, depths: _Depths) -> Piece:
    if item.piece:
        return item.piece
    if item.kind == "end":
        return Piece("end", "", min(MAX_LEVEL, item.level + shift))
    depth = depths.of(item)
    if item.kind in ("heading", "title"):
        level = 1 if item.kind == "title" else min(MAX_LEVEL, item.level + shift)
        return replace(_piece(item, "heading", one_line(item.text)), level=level)
    if item.kind == "list_item":
        text = f"{'  ' * (depth - 1)}{item.marker} {one_line(item.text)}"
        return replace(_piece(item, "list_item", text), level=depth)
    if item.kind == "quote":
        return _piece(item, "quote", "\n".join(f"> {line}" for line in item.text.split("\n")))
    if item.kind == "code":
        code = item.raw.rstrip("\n").replace("\xa0", " ")  # which keeps indents, if anything
        return _piece(item, "code", fenced(code))
    if item.kind in ("table", "math", "caption"):
        return _piece(item, item.kind, item.text)
    return _piece(item, "paragraph", item.text)


def _piece(item: Item, kind: BlockKind, text: str) -> Piece:
    return Piece(
        kind, text, header_rows=item.header_rows, flags=item.flags, place=Place(part=item.part)
    )


class _Depths:
    """The depths of list items, from the levels that their lists give them and from their indents.

    Items of one level are at two depths where a list of its own, or its author by hand, has set
    them further in.
    """

    def __init__(self) -> None:
        self._open: list[Item] = []

    def of(self, item: Item) -> int:
        """The depth of a list item; any other item may end the list."""
        if item.kind != "list_item":
            if item.kind not in ("code", "table", "math") and not (item.indent or is_note(item)):
                self._open = []
            return 0
        while self._open and not _is_deeper(item, self._open[-1]):
            self._open.pop()
        self._open.append(item)
        return len(self._open)


def _is_deeper(item: Item, above: Item) -> bool:
    if item.level != above.level:
        return item.level > above.level
    return item.left > above.left + _INDENT


def _with_joined_code(items: Sequence[Item]) -> list[Item]:
    """Code paragraphs that follow each other as one block.

    Where code of the document has its line breaks inside of a paragraph, each paragraph is a block
    of its own. Where lines of code stand close, a gap ends a block, and so does a frame.
    """
    alone = _has_whole_blocks(items)
    close = any(item.kind == "code" and not item.gap for item in items)
    groups: list[list[Item]] = []
    for item in _with_blank_code(items):
        last = groups[-1][-1] if groups else item
        parted = (
            alone or (close and last.gap) or (last.flags, last.frame) != (item.flags, item.frame)
        )
        if item.kind == last.kind == "code" and groups and not parted:
            groups[-1].append(item)
        else:
            groups.append([item])
    joined = [
        replace(group[0], raw="\n".join(item.raw for item in group).strip("\n")) for group in groups
    ]
    return [item for item in joined if item.kind != "code" or item.raw.strip()]


def _has_whole_blocks(items: Sequence[Item]) -> bool:
    """Whether a paragraph of code is a whole block: most of them have line breaks inside, or some
    have and no other begins or ends as only a line among others does."""
    whole = sum(item.kind == "code" and "\n" in item.raw.strip("\n") for item in items)
    lines = [
        one.raw + "\n" + two.raw
        for one, two in pairwise(items)
        if one.kind == two.kind == "code" and "\n" not in one.raw + two.raw
    ]
    return whole > len(lines) or (whole > 0 and not any(map(_INNER_LINE.search, lines)))


def _with_blank_code(items: Sequence[Item]) -> list[Item]:
    """The items with an empty paragraph between two lines of code of its own style as code."""
    found = list(items)
    for at in range(1, len(items) - 1):
        before, item, after = items[at - 1 : at + 2]
        inside = item.kind == "blank" and before.kind == after.kind == "code"
        if inside and before.style == item.style == after.style:
            found[at] = replace(item, kind="code")
    return found


def title(items: Sequence[Item]) -> str:
    """The title that its style tells, "" where titles stand over parts of the document."""
    at = [number for number, item in enumerate(items) if item.kind == "title"]
    if not at or any(item.kind not in ("title", "blank") for item in items[at[0] : at[-1]]):
        return ""
    return one_line(items[at[0]].text)


def _with_title(items: list[Item]) -> tuple[list[Item], int]:
    """The items and how far their headings go down: a title stands above all other headings.

    Beside them where they use all six levels, so that none of them are run together.
    """
    title = next((item for item in items if item.kind == "title"), None)
    if title is None:
        return items, 0
    first = next((item for item in items if item.kind == "heading"), None)
    if first and one_line(first.text).casefold() == one_line(title.text).casefold():
        return [item for item in items if item is not title], 0
    deepest = max((item.level for item in items if item.kind == "heading"), default=0)
    return items, int(deepest < MAX_LEVEL)


def boxed(items: Sequence[Item], level: int) -> list[Item]:
    """The items of a text box that stands below a heading of a level, 0 for none.

    What headings of the box head is in it: they end with it, and stand below the heading around it.
    A heading alone, which a frame only decorates, heads what follows.
    """
    said = [item for item in items if item.kind != "blank"]
    levels = [item.level for item in said if item.kind == "heading"]
    if not levels or said[-1].kind == "heading":
        return list(items)
    shift = max(0, level + 1 - min(levels))
    deeper = [
        replace(item, level=min(MAX_LEVEL, item.level + shift)) if item.kind == "heading" else item
        for item in items
    ]
    return [
        *deeper,
        Item(kind="end", part=said[-1].part, level=min(MAX_LEVEL, min(levels) + shift)),
    ]


def _with_tab_tables(items: Sequence[Item]) -> list[Item]:
    """The items with tables that their authors have set with tabs as such."""
    found: list[Item] = []
    rows: list[list[str]] = []
    for item in [*items, Item(kind="blank", part="")]:
        cells = _tab_cells(item)
        if rows and len(cells) != len(rows[0]):
            if len(rows) >= _FEW_ROWS:
                found[-len(rows) :] = [_tab_table(found[-len(rows) :], rows)]
            rows = []
        rows += [cells] if cells else []
        found.append(item)
    return found[:-1]


def _tab_cells(item: Item) -> list[str]:
    """The words between the tabs of a line, [] for any paragraph that is no row of short cells."""
    if item.kind != "paragraph" or item.flags or "`" in item.text or "\n" in item.raw.strip():
        return []
    cells = [one_line(cell) for cell in re.split(r"\t[\t ]*", item.raw.strip())]
    short = all(any(map(str.isalnum, cell)) and len(cell) <= _MAX_CELL for cell in cells)
    labelled = is_badge(cells[0]) or is_answer_badge(cells[0])
    return cells if short and len(cells) > 1 and not labelled else []


def _tab_table(lines: Sequence[Item], rows: Sequence[Sequence[str]]) -> Item:
    n_head = int(lines[0].bold and not any(line.bold for line in lines[1:]))
    text = pipe_table(rows, n_head)
    return Item(kind="table", part=lines[0].part, text=text, header_rows=n_head)


def _with_typed_lists(items: Sequence[Item]) -> list[Item]:
    """The items with lines that follow each other behind typed hyphens or numbers as list items."""
    found = list(items)
    for at, item in enumerate(items):
        beside = [*items[max(0, at - 1) : at], *items[at + 1 : at + 2]]
        mark = _typed_mark(item)
        if not mark or not any(_goes_on(item, other) for other in beside):
            continue
        text = re.sub(r"^(?:[-*]|\d{1,3}[.)])\s*", "", item.text)
        found[at] = replace(item, kind="list_item", marker=mark, text=text)
    return found


def _typed_mark(item: Item) -> str:
    """The marker that the line of a list begins with, "" for other items."""
    raw = item.raw.lstrip()
    if item.kind != "paragraph" or item.bold or item.flags:
        return ""
    number = _TYPED_COUNT.match(raw)
    return f"{number[1]}." if number else "-" if _TYPED_HYPHEN.match(raw) else ""


def _goes_on(item: Item, other: Item) -> bool:
    """Whether two lines are of one list: both behind hyphens, or behind numbers in their order."""
    one, two = sorted((_typed_mark(item), _typed_mark(other)), key=lambda mark: mark.zfill(5))
    if not (one and two) or "-" in (one, two):
        return one == two != ""
    return int(two[:-1]) == int(one[:-1]) + 1


def _with_bylines(items: Sequence[Item]) -> list[Item]:
    """The items with lines of a byline's style as paragraphs, but for those below the title.

    These are large and no headings; elsewhere, authors take the style of subtitles for headings.
    """
    found: list[Item] = []
    below = False
    for item in items:
        plain = item.kind == "byline" and not below
        found.append(replace(item, kind="paragraph") if plain else item)
        below = item.kind == "title" or (below and item.kind in ("byline", "blank"))
    return found


def _with_large_code(items: Sequence[Item]) -> list[Item]:
    """The items with lines of code that are bold and larger than other code as paragraphs.

    They are headings that name a function.
    """
    sizes: Counter[float] = Counter()
    for item in items:
        if item.kind == "code" and not item.bold:
            sizes[item.size] += len(item.raw)
    usual = sizes.most_common(1)[0][0] if sizes else 0
    return [
        replace(item, kind="paragraph", raw="")
        if item.kind == "code" and item.bold and item.size >= _LARGER * usual > 0
        else item
        for item in items
    ]


def _with_inferred(items: Sequence[Item], plain_size: float) -> list[Item]:
    """The items with paragraphs that only look like headings made such.

    Where styles tell headings, only a question or a paragraph in larger type is one more.
    """
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    for item in items:
        if item.kind in ("paragraph", "list_item"):
            sizes[item.size] += len(_CODE_SPAN.sub("", item.text))
            bold[item.bold] += len(item.text)
    body = sizes.most_common(1)[0][0] if sizes else plain_size
    styled = any(item.kind == "heading" for item in items)
    bold_tells = 3 * bold[False] > bold[True]
    listed = _asked_in_list(items) if bold_tells else set()
    found = {
        at
        for before, at, after in _neighbours(items)
        if at in listed
        or (
            _looks_like_heading(before, items[at], after, body, bold_tells=bold_tells)
            and (not styled or items[at].size > body + 1 or items[at].text.endswith("?"))
        )
    }
    ranks = sorted({(-items[at].size, not items[at].bold) for at in found})
    result = list(items)
    level = 0
    for at, item in enumerate(items):
        if item.kind == "heading":
            level = item.level
        elif item.kind == "end":
            level = item.level - 1
        elif at in found:
            rank = ranks.index((-item.size, not item.bold)) + 1
            flags = ("inferred", *(("question",) if item.text.endswith("?") else ()))
            result[at] = replace(
                item,
                kind="heading",
                level=min(MAX_LEVEL, level + 1 if styled else rank),
                flags=flags,
            )
    return result


def _asked_in_list(items: Sequence[Item]) -> set[int]:
    """The bold questions that are items of a list, two at least, each with its answer below."""
    found = {
        at
        for _, at, after in _neighbours(items)
        if _asks_in_list(items[at]) and after is not None and not _asks_in_list(after)
    }
    return found if len(found) > 1 else set()


def _asks_in_list(item: Item) -> bool:
    return item.kind == "list_item" and item.bold and not item.flags and asks(item.text)


def _with_labelled(items: Sequence[Item]) -> list[Item]:
    """The items with the questions of "Q: ...?" and "A: ..." as headings, labels left out."""
    questions: dict[int, tuple[str, str]] = {}
    for _, at, after in _neighbours(items):
        item = items[at]
        if item.kind == "paragraph" and not item.flags:
            question, rest = split_labelled(item.text)
            below = after.text if after is not None and after.kind == "paragraph" else ""
            if question and without_answer_label(rest or below) != (rest or below):
                questions[at] = question, rest
    found: list[Item] = []
    level, asked = 0, False
    for at, item in enumerate(items):
        if at in questions:
            question, rest = questions[at]
            flags = ("question", "inferred")
            found.append(replace(item, kind="heading", level=level + 1, text=question, flags=flags))
            found += [replace(item, text=without_answer_label(rest))] if rest else []
            asked = not rest
            continue
        if asked and item.kind == "paragraph":
            item = replace(item, text=without_answer_label(item.text))
        asked = asked and item.kind == "blank"
        if item.kind in ("heading", "end"):
            asks_alike = item.kind == "heading" and "question" in item.flags
            level = item.level - int(item.kind == "end" or asks_alike)
        found.append(item)
    return found


def _neighbours(items: Sequence[Item]) -> Iterator[tuple[Item | None, int, Item | None]]:
    """The number of each item that is not blank, between the items before and after it."""
    said = [at for at, item in enumerate(items) if item.kind != "blank"]
    for place, at in enumerate(said):
        before = items[said[place - 1]] if place else None
        after = items[said[place + 1]] if place + 1 < len(said) else None
        yield before, at, after


def _looks_like_heading(
    before: Item | None, item: Item, after: Item | None, body: float, *, bold_tells: bool
) -> bool:
    """Whether a paragraph is short and stands out, with something to head after it.

    body: the size of most text, in half-points.
    """
    if after is None or after.kind == "end" or item.kind not in ("paragraph", "list_item"):
        return False
    if item.flags:
        return False
    in_list = after.kind == "list_item" or (before is not None and before.kind == "list_item")
    if item.kind == "list_item" and in_list:
        return False
    large = item.size >= _LARGER * body > 0
    if not (large or (item.bold and bold_tells and item.size >= body)):
        return False
    text = item.text
    if text.endswith(":") and not large:
        return False  # what leads to the next block
    if "\n" in text or len(text) > MAX_HEADING or text.endswith((".", ",", ";", "!")):
        return False
    return any(map(str.isalpha, text))
