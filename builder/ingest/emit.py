"""From the structure of a text format to pieces: open lists, notes, quotes and tabs decide.

The readers of reStructuredText and AsciiDoc say what they meet; the Emitter knows what a paragraph
is where it stands: the text of a list item, a definition, an admonition, a quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from builder.ingest.parsed import Piece, fenced, noted
from builder.records import BlockKind, Place

Span = tuple[int, int]  # start and end in the source

MAX_HEADING_LEVEL = 6
MAX_QUESTION = 250  # characters


class Emitter:
    """Collects pieces; what is open is told by open_* and close."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.level = 1
        self._open: list[str] = []  # "list", "note", "quote", "tab=LABEL"
        self._labels: list[str] = []  # of the open notes, "" once said
        self._marker = ""
        self._term = ""
        self._head: Span | None = None  # where the marker or label that waits stands

    # What is open

    def open_list(self) -> None:
        """The items that follow are one level deeper."""
        self.settle()
        self._open.append("list")

    def open_note(self, label: str, head: Span | None = None) -> None:
        """Paragraphs are of an admonition; its label stands before the first."""
        self.settle()
        self._open.append("note")
        self._labels.append(label.strip().rstrip(": "))
        self._head = head

    def open_quote(self) -> None:
        """Paragraphs are quoted."""
        self._open.append("quote")

    def open_tab(self, label: str) -> None:
        """Everything inside is one variant of several."""
        self.settle()
        self._open.append(f"tab={label}")

    def close(self) -> None:
        """Ends what was opened last."""
        self.settle()
        if self._open.pop() == "note":
            self._labels.pop()

    def item(self, marker: str, head: Span | None = None) -> None:
        """The next paragraph is a list item ("-", "3.")."""
        self.settle()
        self._marker, self._head = marker, head

    def entry(self, term: str, head: Span | None = None) -> None:
        """The next paragraph defines a term."""
        self.settle()
        self._term, self._head = one_line(term).rstrip(":").rstrip(), head

    def settle(self) -> None:
        """Writes a term or label that no text has followed; an empty item gives nothing."""
        if self._term:
            term, self._term = self._term, ""
            self._add("definition", f"{self._indent()}- {term}", self._from_head(None), self.depth)
        self._marker = ""
        if self._labels and self._labels[-1]:
            label, self._labels[-1] = self._labels[-1], ""
            self._add("admonition", f"{label}:", self._from_head(None))
        self._head = None

    @property
    def depth(self) -> int:
        """How many lists are open, at least 1."""
        return max(1, self._open.count("list"))

    # What is said

    def heading(
        self,
        text: str,
        level: int,
        span: Span | None = None,
        *,
        anchor: str = "",
        flags: tuple[str, ...] = (),
    ) -> None:
        """A heading; what follows stands below it."""
        self.settle()
        self.level = min(MAX_HEADING_LEVEL, max(1, level))
        self._heading(text, self.level, span, anchor=anchor, flags=flags)

    def question(self, text: str, span: Span | None = None, *, above: str = "") -> int:
        """A heading made of text that the markup does not call one; returns its level."""
        self.settle()
        level = min(MAX_HEADING_LEVEL, max(2, self.level + 1))
        flags = ("question",) if text.endswith("?") else ("inferred",)
        self._heading(text, level, span, anchor=above, flags=flags)
        return level

    def end(self, level: int) -> None:
        """Closes every heading of a level or deeper."""
        self.settle()
        self.pieces.append(Piece("end", "", level))

    def paragraph(self, text: str, span: Span | None = None, *, link: bool = False) -> None:
        """Text with "\n" at its hard line breaks. link: it is one link and nothing else."""
        text = squeezed(text)
        if not text:
            return
        if self._term:
            term, self._term = self._term, ""
            text = f"{self._indent()}- {term}: {one_line(text)}"
            self._add("definition", text, self._from_head(span), self.depth)
        elif self._marker:
            marker, self._marker = self._marker, ""
            if self._labels and self._labels[-1]:
                head, self._head = self._head, None
                self.settle()
                self._head = head
            text = f"{self._indent()}{marker} {one_line(text)}"
            flags = ("link",) if link else ()
            self._add("list_item", text, self._from_head(span), self.depth, flags=flags)
        elif self._innermost() == "note":
            label, self._labels[-1] = self._labels[-1], ""
            self._add("admonition", noted(label, text) if label else text, self._from_head(span))
        elif self._innermost() == "quote":
            lines = "\n".join(f"> {line}" for line in text.split("\n"))
            self._add("quote", lines, self._place(span))
        else:
            self._add("paragraph", text, self._place(span))

    def code(
        self, code: str, lang: str = "", span: Span | None = None, *, flags: tuple[str, ...] = ()
    ) -> None:
        """Verbatim text."""
        self.settle()
        code = re.sub(r"\A(?:[ \t]*\n)+", "", code).rstrip()
        if code:
            self._add("code", fenced(code, lang), self._place(span), flags=flags)

    def math(self, source: str, span: Span | None = None) -> None:
        """A displayed formula in TeX or another notation."""
        self.settle()
        if source.strip():
            self._add("math", f"$$\n{source.strip()}\n$$", self._place(span))

    def caption(self, text: str, span: Span | None = None) -> None:
        """The title of a figure, a table or code."""
        self.settle()
        if text.strip():
            self._add("caption", one_line(text), self._place(span))

    def table(
        self,
        rows: Sequence[Sequence[str]],
        header_rows: int,
        span: Span | None = None,
        flags: tuple[str, ...] = (),
    ) -> None:
        """Rows of cells in canonical inline text; several header rows become one."""
        self.settle()
        if any(cell.strip() for row in rows for cell in row):
            text = pipe_table(rows, header_rows)
            self._add("table", text, self._place(span), flags=flags, header_rows=header_rows)

    # How it is written

    def _innermost(self) -> str:
        kinds = [kind for kind in self._open if kind in ("note", "quote")]
        return kinds[-1] if kinds else ""

    def _indent(self) -> str:
        return "  " * (self.depth - 1)

    def _place(self, span: Span | None) -> Place | None:
        return Place(start=span[0], end=span[1]) if span else None

    def _from_head(self, span: Span | None) -> Place | None:
        """The place of text together with the marker or label before it."""
        head, self._head = self._head, None
        if head is None or span is None:
            return self._place(span or head)
        return Place(start=min(head[0], span[0]), end=span[1])

    def _heading(
        self, text: str, level: int, span: Span | None, *, anchor: str, flags: tuple[str, ...]
    ) -> None:
        text = one_line(text)
        if len(text) > MAX_QUESTION:
            self.paragraph(text, span)
        elif text:
            place = self._place(span)
            tabs = self._tabs()
            piece = Piece("heading", text, level, anchor=anchor, flags=flags + tabs, place=place)
            self.pieces.append(piece)

    def _tabs(self) -> tuple[str, ...]:
        return tuple(kind for kind in self._open if kind.startswith("tab="))

    def _add(
        self,
        kind: BlockKind,
        text: str,
        place: Place | None,
        level: int = 0,
        *,
        flags: tuple[str, ...] = (),
        header_rows: int = 0,
    ) -> None:
        level = level if kind in ("list_item", "definition") else 0
        piece = Piece(kind, text, level, header_rows=header_rows, flags=flags, place=place)
        self.pieces.append(replace(piece, flags=flags + self._tabs()))


def one_line(text: str) -> str:
    """Text with every white space as one blank."""
    return " ".join(text.split())


def squeezed(text: str) -> str:
    """Text with one blank between words; its line breaks stay."""
    return "\n".join(line for line in (one_line(part) for part in text.split("\n")) if line)


def pipe_table(rows: Sequence[Sequence[str]], header_rows: int) -> str:
    """Rows as a GFM table; without a header row its head is empty."""
    width = max(map(len, rows))
    grid = [[cell_text(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    head = [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*grid, strict=True)]
    if header_rows < len(grid):
        columns = zip(*grid[:header_rows], strict=True)
        merged = [" ".join(dict.fromkeys(filter(None, column))) for column in columns]
        head = merged if header_rows else [""] * width
    body = [row for row in grid[header_rows:] if any(row)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * width, *body])


def cell_text(cell: str) -> str:
    """A cell on one line, its bars escaped."""
    return one_line(cell).replace("|", "\\|")


def code_span(text: str) -> str:
    """Words of code in as many backticks as they need."""
    text = one_line(text)
    if not text:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
