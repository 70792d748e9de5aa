"""What the readers of text documents (Word, OpenDocument) share.

Story.say     words that a reader of the printed document sees, or those that are hidden
Story.item    the block that a paragraph is by its style, its numbering and its looks
Story.table   the blocks that a table is
Story.lose    words that are left out, for a reason
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from builder.ingest import docx_tables
from builder.ingest.docx_items import Item, is_note, one_line, typed_item
from builder.ingest.docx_styles import Kind, Look
from builder.ingest.docx_tables import Row
from builder.ingest.grid import code_span, pipe_table, raised
from builder.records import Dropped

_FIRST = 80  # characters of a dropped region that are shown
_NO_TITLE = re.compile(
    r"(?:microsoft )?(?:word|office word)?\s*-?\s*(?:document|dokument|untitled|unbenannt)?\s*\d*"
    r"(?:\.(?:docx?|odt))?",
    re.I,
)


class Span(NamedTuple):
    """Words of one look."""

    text: str
    look: Look


class Story:
    """Collects what a document says and what is left out of it. level: of the last heading."""

    def __init__(self) -> None:
        self.kept = 0
        self.level = 0
        self._lost: dict[tuple[str, str], list[str]] = {}
        self._langs: Counter[str] = Counter()
        self._frames = 0

    def say(self, spans: list[Span], text: str, look: Look) -> None:
        """Add words to a paragraph, unless they are hidden."""
        if look.hidden:
            self.lose("hidden text", "hidden", text)
            return
        self.kept += length(text)
        self._langs[look.lang] += length(text)
        spans.append(Span(text, look))

    def lose(self, what: str, reason: str, text: str, *, counted: bool = False) -> None:
        """Leave words out. counted: they were taken for kept ones before."""
        if text.strip():
            self._lost.setdefault((what, reason), []).append(text)
        if counted:
            self.kept -= length(text)

    def item(
        self,
        kind: Kind,
        spans: Sequence[Span],
        part: str,
        *,
        marker: str,
        gap: bool,
        fixed: bool | None,
    ) -> Item:
        """The item that a paragraph is by its style, numbering and looks.

        marker: of a list item, "" for any other paragraph.
        fixed: whether a paragraph is set as code; None where its words tell.
        """
        raw = "".join(span.text for span in spans)
        text = inline(spans, code=kind.role == "code")
        said = [span.look for span in spans if span.text.strip()]
        item = Item(
            kind="paragraph",
            part=part,
            text=text,
            raw=raw,
            style=kind.style,
            indent=kind.indent or bool(kind.num),
            left=kind.left,
            bold=bool(said) and all(look.bold for look in said),
            size=max((look.size for look in said), default=0),
            gap=gap,
        )
        if fixed is None:
            fixed = all(look.mono and not look.code for look in said)
        if kind.role == "body" and not marker and fixed:
            return replace(item, kind="code" if said else "blank")
        if kind.role == "code" and not marker:
            return replace(item, kind="code")
        if not raw.strip():
            return replace(item, kind="blank")
        if kind.role in ("body", "code", "quote", "definition") and marker:
            return replace(item, kind="list_item", marker=marker, level=kind.depth)
        if kind.role == "heading":
            self.level = kind.level
            return replace(item, kind="heading", level=kind.level, text=one_line(text))
        if kind.role == "contents":
            self.lose("table of contents", "contents", raw, counted=True)
            return replace(item, kind="blank")
        if kind.role == "body" or kind.role == "code":
            return typed_item(item)
        return replace(item, kind=kind.role)

    def table(
        self, rows: Sequence[Row], texts: Sequence[Sequence[str]], n_head: int, part: str
    ) -> Iterator[Item]:
        """The blocks that a table is: itself, or what it only arranges; then the notes to it.

        texts: of its cells, merged ones repeated.
        """
        layout = docx_tables.arranged(rows, n_head)
        if layout:
            self._frames += 1
            self.lose("line numbers", "line_numbers", layout.numbers, counted=True)
            yield from (replace(item, frame=item.frame or self._frames) for item in layout.items)
            return
        text = pipe_table(texts, n_head)
        if text:
            yield Item(kind="table", part=part, text=text, header_rows=n_head)
        for row in rows:
            yield from (item for cell in row.cells for item in cell.items if is_note(item))

    def dropped(self) -> tuple[Dropped, ...]:
        """What was left out, one region per kind."""
        found = []
        for (what, reason), texts in self._lost.items():
            text = "".join(texts)
            beginning = " ".join(text.split())[:_FIRST]
            n_characters = length(text)
            found.append(
                Dropped(what=what, reason=reason, characters=n_characters, beginning=beginning)
            )
        return tuple(found)

    def visible(self) -> int:
        """How many characters the document shows, kept or dropped."""
        return self.kept + sum(region.characters for region in self.dropped())

    def lang(self) -> str:
        """The language that most of the text is marked with, "" when none is."""
        return next((name for name, _ in self._langs.most_common(1) if name), "")

    def notes(self) -> tuple[str, ...]:
        """What was left out, one note per kind."""
        lines = (f"{len(texts)} × {what} left out" for (what, _), texts in self._lost.items())
        return tuple(sorted(lines))


def length(text: str) -> int:
    """The characters of a text that are no white space."""
    return len("".join(text.split()))


def told_title(told: str | None) -> str:
    """The title in a file's properties, "" for one that a program made up."""
    title = one_line(told or "")
    return "" if _NO_TITLE.fullmatch(title) else title


def inline(spans: Sequence[Span], *, code: bool) -> str:
    """The text of a paragraph, one line per hard break; monospaced words in backticks."""
    parts: list[str] = []
    run: list[str] = []
    for span in _with_joined_raised(spans):
        is_code = (span.look.mono or span.look.code) and not code
        if is_code and not (not run and not span.look.code and _goes_on(parts, span.text)):
            run.append(span.text)
            continue
        parts += map(code_span, _joined(run))
        run = []
        parts.append(raised(span.text) if span.look.raised else span.text)
    parts += map(code_span, _joined(run))
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _with_joined_raised(spans: Sequence[Span]) -> Iterator[Span]:
    """The spans; those above the line that follow each other as one if they are a number."""
    for raised_, group in groupby(spans, lambda span: span.look.raised and not span.look.mono):
        together = list(group)
        whole = "".join(span.text for span in together)
        if raised_ and raised(whole) != whole:
            yield Span(whole, together[0].look)
        else:
            yield from together


def _goes_on(parts: Sequence[str], text: str) -> bool:
    """Whether a text goes on in the middle of a word, of which its font has other letters."""
    before = parts[-1][-1:] if parts else ""
    return before.isalpha() and text[:1].isalpha()


def _joined(run: Sequence[str]) -> list[str]:
    """The lines of neighbouring runs of code, with their breaks."""
    return re.split("(?<=\n)|(?=\n)", "".join(run)) if run else []
