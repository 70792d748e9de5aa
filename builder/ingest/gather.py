"""Pieces from the inline text of a page: what a paragraph is where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from builder.ingest import shapes
from builder.ingest.account import Account
from builder.ingest.clean import size
from builder.ingest.furniture import ADMONITIONS, is_boilerplate, may_be_said
from builder.ingest.inline import BOLD, BREAK, MARKS, PLAIN, content, squeeze, unmarked
from builder.ingest.offsets import Spans
from builder.ingest.parsed import Piece, noted
from builder.ingest.questions import (
    MAX_QUESTION,
    asks,
    asks_on,
    is_answer_badge,
    is_one_question,
    may_ask,
    split_bold,
    split_labelled,
    without_answer_label,
)
from builder.ingest.run import (
    BADGES,
    Part,
    Range,
    begins_linked,
    end_of_label,
    end_of_line,
    entries,
    holds_link,
    is_badged,
    is_linked,
    leads_on,
    mostly_linked,
    paragraphs,
    range_of,
    said_by,
)
from builder.records import BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element

Leave = Callable[[], None]

_ENTRY = 300  # characters of an entry in a list of links, at most
_ENDS = ".!?\u3002\uff01\uff1f"  # of sentences
_LICENCE = re.compile(r"licen[cs]e|lizenz|copyright|\u00a9|\(c\)|rights reserved", re.IGNORECASE)
_BOLD_TITLE = re.compile(
    rf"\s*{BOLD}([^{BOLD}{PLAIN}{BREAK}]{{3,60}}(?<![.,;:!?\s])){PLAIN}[ \n]*(?:{BREAK}|$)"
)
_NO_MARKS = dict.fromkeys(map(ord, (BREAK, BOLD, PLAIN)))
_DISPLAY = re.compile(r"(?:\((\d[\d.]{0,9})\)\s*)?(?:\\\[(.+)\\\]|\$\$(.+)\$\$)", re.DOTALL)


@dataclass
class OpenList:
    """An open list. defines: of definitions; asks: of questions; arranges: of whole sections."""

    ordered: bool
    number: int = 1
    defines: bool = False
    asks: bool = False
    arranges: bool = False


@dataclass
class OpenNote:
    """An open admonition. start: of its element in the source; drawn: what its picture tells.

    emptied: something in it was left out as furniture.
    """

    label: str
    start: int | None = None
    used: bool = False
    drawn: str = ""
    emptied: bool = False


class OpenTab(NamedTuple):
    """An open panel of several. first: the number of its first piece."""

    panel: _Element
    label: str
    first: int


class Gatherer:
    """Gathers the inline text of a page; the lists, boxes and quotes open say what it is.

    faq, spans, authored: as for the Walker.
    """

    def __init__(self, *, faq: bool, spans: Spans | None, authored: bool) -> None:
        self.pieces: list[Piece] = []
        self.emptied: set[int] = set()
        self.account = Account()
        self._spans = spans
        self._faq = faq
        self._authored = authored
        self._now: _Element | None = None  # what the walk enters, or leaves
        self._leaving = False
        self._range: Range | None = None  # where the piece to come stands in the source
        self._item_start: int | None = None
        self._run: list[Part] = []
        self._marked = False  # the page itself holds characters that are marks here
        self._numbered = self._titled = self._alike = False
        self._level = 1
        self._bold_level = 0
        self._ending: dict[_Element, int] = {}  # the levels that end with elements
        self._marker = ""
        self._lists: list[OpenList] = []
        self._notes: list[OpenNote] = []
        self._open_tabs: list[OpenTab] = []
        self._quotes = 0
        self._captions = 0

    def _question(
        self, text: str, level: int = 0, *, anchor: str = "", inferred: bool = False
    ) -> int:
        """Emits a heading that the markup does not call one; returns its level."""
        self._marker = ""
        level = level or level_below(self._level)
        text = " ".join(text.split())
        if len(text) > MAX_QUESTION:
            self._emit("paragraph", text)
        elif text:
            flags = ("question", "inferred") if inferred else ("question",)
            for opened in self._lists:
                opened.arranges = True  # what its items hold are answers now
            self._add("heading", text, level, anchor=anchor, flags=flags)
        return level

    def _end_with_box(
        self, question: _Element, level: int, taken: Container[_Element] = ()
    ) -> None:
        """Ends what stands below a question where the box of it or of several ends."""
        box = shapes.ends_question(question, taken)
        if box is None and (block := shapes.block_around(question)) is not question:
            box = shapes.ends_question(block, taken)
        if box is not None:
            self._ending[box] = min(level, self._ending.get(box, level))

    def _empties(self) -> None:
        """Notes that what stood right below the last heading was left out."""
        if not self._run and self.pieces and self.pieces[-1].kind == "heading":
            self.emptied.add(id(self.pieces[-1]))
        if self._notes:
            self._notes[-1].emptied = True

    def _take_back(self) -> None:
        """Leaves the last piece out after all."""
        piece = self.pieces.pop()
        self.account.take_back(piece.kind, piece.text)

    def _depth(self) -> int:
        """How many lists are open, those not counted that only arrange whole sections."""
        return sum([not opened.arranges for opened in self._lists])

    def _before_inner(self) -> None:
        """What stands before code, a table or a list must be written before it."""
        self._keep_term()
        self._marker = ""
        self._use_label()

    def _keep_term(self) -> None:
        """Emits a term that no words of its definition stand behind."""
        if self._marker.endswith(": "):
            self._emit_item("")

    def _text(self, text: str, element: _Element, stands: Literal["before", "after"]) -> None:
        self._run.append(Part(unmarked(text) if self._marked else text, element, stands, text))

    def _whole(self, text: str, element: _Element) -> None:
        """An element that gives its text as a whole, or is a mark that gives none."""
        if not text:
            self.account.drop(element, "mark")
            return
        self._run.append(Part(text, element, "whole", content(element)))

    def _mark(self, mark: str, element: _Element, *, closing: bool = False) -> None:
        self._run.append(Part(mark, element, "end" if closing else "begin"))

    # Places in the source

    def _span(self, element: _Element) -> Range | None:
        if self._spans is None:
            return None
        span = self._spans[element]
        return span.start, span.end

    @property
    def _here(self) -> int:
        """Where in the source the walk is: at the begin or the end of an element."""
        if self._spans is None or self._now is None:
            return 0
        return self._spans[self._now].close if self._leaving else self._spans.start(self._now)

    def _range_in(self, parts: list[Part], first: int, last: int | None = None) -> Range | None:
        return None if self._spans is None else range_of(parts, self._spans, first, last)

    # Pieces

    def _add(
        self,
        kind: BlockKind,
        text: str,
        level: int = 0,
        *,
        anchor: str = "",
        header_rows: int = 0,
        flags: tuple[str, ...] = (),
    ) -> None:
        """Adds a piece that stands in the source where self._range says."""
        place = None
        if self._spans is not None and self._range is not None:
            place = self._spans.place(*self._range)
        if self._open_tabs:
            flags += tuple(f"tab={tab.label}" for tab in self._open_tabs)
        self.pieces.append(Piece(kind, text, level, anchor, header_rows, flags, place))

    def _flush(self) -> None:
        """Makes blocks of the inline text gathered so far."""
        if not self._run:
            return
        run, self._run = self._run, []
        marked = "".join([part.text for part in run])
        said = marked.strip()
        if not said or (said[0] in MARKS and not said.translate(_NO_MARKS).strip()):
            return
        badged = said[0] in BADGES and is_badged(run)
        if badged:
            self.account.drop(run[0].element, "mark")
            run = run[1:]
            marked = "".join([part.text for part in run])
        self.account.keep([part.said for part in run])
        if BREAK not in marked:
            self._paragraph(run, marked, asked=badged)
            return
        for parts in paragraphs(run):
            for entry in entries(parts):
                self._paragraph(entry, "".join([part.text for part in entry]))

    def _paragraph(self, parts: list[Part], marked: str, *, asked: bool = False) -> None:
        question, text, cut, end = "", "", 0, 0
        free = not self._notes and self._quotes <= 0
        if free and BOLD in marked:
            if self._titled and not self._lists and (end := self._bold_title(parts, marked)):
                marked = " " * end + marked[end:]
            alike = self._alike or bool(self._lists and self._lists[-1].asks)
            question, rest = split_bold(marked, numbered=self._numbered, alike=alike)
            if question and self._lists:
                self._lists[-1].asks = False
            cut = max(end, len(marked) - len(rest))
            text = squeeze(rest)
        if not question:
            text = squeeze(marked)
        if free and not question and may_ask(text):
            question, text = split_labelled(text)
            cut = end_of_line(marked) if question else 0
        if not question and (asked or self._may_ask()):
            first, _, rest = text.partition("\n")
            one = is_one_question(first) or bool(self._lists and asks(first) and not rest)
            one = one and not is_boilerplate(first)
            if one and (self._lists or not rest) and not asks_on(rest):
                question, text = first, rest
                cut = end_of_line(marked) if rest else len(marked)
        if question:
            self._range = self._range_in(parts, 0, cut)
            level = self._question(question, inferred=True)
            self._end_with_box(parts[0].element, level)
        if _awaits_answer(self.pieces):
            bare = without_answer_label(text)
            label = text[: len(text) - len(bare)].strip()
            cut += end_of_label(marked[cut:], label) if label else 0
            text = "" if is_answer_badge(bare) else bare
        self._range = self._range_in(parts, cut)
        if text and self._is_page_line(text, parts):
            self.account.take_back("page line", text, shown=size(said_by(parts)))
            if not self._authored:
                self._empties()
        elif text:
            listed = bool(self._marker) and len(text) < _ENTRY
            linked = (listed or begins_linked(parts)) and mostly_linked(parts)
            self._emit_text(text)
            if linked and (last := self.pieces[-1]).kind in ("list_item", "paragraph"):
                self.pieces[-1] = replace(last, flags=(*last.flags, "link"))

    def _is_page_line(self, text: str, parts: list[Part]) -> bool:
        """Whether a text is none of the page's own; a word in a list may be ("next", a command)."""
        if self._marker and len(text.split()) == 1 and not is_linked(parts):
            return False
        if not (is_boilerplate(text) or leads_on(text, parts)) or self._is_licence(text):
            return False
        return holds_link(parts) or not may_be_said(text, listed=bool(self._marker))

    def _bold_title(self, parts: list[Part], marked: str) -> int:
        """Emits the bold line that a paragraph begins with as a heading; returns its length."""
        found = _BOLD_TITLE.match(marked)
        title = squeeze(found[1]) if found else ""
        if not found or not title[:1].isupper():
            return 0
        self._level = self._bold_level = self._bold_level or level_below(self._level)
        self._range = self._range_in(parts, 0, found.end())
        self._add("heading", title, self._level, flags=("inferred",))
        return found.end()

    def _is_licence(self, text: str) -> bool:
        """Whether a page line stands below a heading which announces it."""
        above = next((piece for piece in reversed(self.pieces) if piece.kind == "heading"), None)
        return above is not None and all(map(_LICENCE.search, (above.text, text)))

    def _may_ask(self) -> bool:
        """Whether a question that stands alone here heads what follows it."""
        if self._lists and self._lists[-1].asks:
            self._lists[-1].asks = False
            return True
        return self._faq and not self._lists

    def _emit_text(self, text: str) -> None:
        note = self._notes[-1] if self._notes else None
        bare = note and not note.used and not note.label
        if note and bare and text.rstrip(": ").casefold() in ADMONITIONS:
            note.label = text.rstrip(": ")
            return
        if self._marker:
            self._emit_item(text)
        elif self._notes:
            self._emit_note(text)
        elif self._quotes > 0:
            self._emit("quote", "\n".join(f"> {part}" for part in text.split("\n")))
        elif formula := _DISPLAY.fullmatch(text):
            tag = f" \\tag{{{formula[1]}}}" if formula[1] else ""
            self._add("math", f"$$\n{(formula[2] or formula[3]).strip()}{tag}\n$$")
        elif not self._explains(text):
            self._emit("caption" if self._captions else "paragraph", text)

    def _explains(self, text: str) -> bool:
        """Adds a text to the item before it that ends with a dash, as an argument and its kind."""
        last = self.pieces[-1] if self.pieces and self._lists else None
        if last is None or last.kind != "list_item" or last.text[-2:] not in (" \u2013", " \u2014"):
            return False
        whole = f"{last.text} {text}".replace("\n", " ")
        place = last.place
        if place is not None and self._spans and self._range:
            end = self._range[1]
            place = replace(place, end=self._spans.place(end, end).end)
        self.pieces[-1] = replace(last, text=whole, place=place)
        return True

    def _emit_note(self, text: str) -> None:
        note = self._notes[-1]
        if not note.used and (label := note.label or note.drawn):
            text = noted(label, text)
        if not note.used and note.start is not None and self._range:
            self._range = note.start, self._range[1]
        note.used = True
        self._emit("admonition", text)

    def _emit_item(self, text: str) -> None:
        marker, self._marker = self._marker, ""
        end = self._range[1] if text.strip() and self._range else self._here
        start = end if self._item_start is None else self._item_start
        self._item_start = None
        self._use_label()
        self._range = start, end
        defines = bool(self._lists) and self._lists[-1].defines
        item = (marker + text.replace("\n", " ")).rstrip()
        self._add("definition" if defines else "list_item", item, max(1, self._depth()))

    def _use_label(self, *, alone: bool = False) -> None:
        """Emits the label of a box above what is no paragraph. alone: nothing stands below it.

        Nor is it kept there where what stood below it was left out.
        """
        note = self._notes[-1] if self._notes else None
        if note is None or note.used:
            return
        note.used = True
        label = note.label or note.drawn
        if label and alone and note.emptied:
            self.account.take_back("label", label)
        elif label:
            self._range = None if note.start is None else (note.start, self._here)
            self._emit("admonition", label if alone and label[-1] in _ENDS else f"{label}:")

    def _emit(self, kind: BlockKind, text: str) -> None:
        if text:
            self._add(kind, text)


def nothing() -> None:
    return None


def level_below(level: int) -> int:
    return min(6, max(2, level + 1))


def _awaits_answer(pieces: list[Piece]) -> bool:
    """Whether the last words are a question, with nothing after them but code."""
    if not pieces or pieces[-1].kind not in ("heading", "code"):
        return False  # the usual case
    last = next((piece for piece in reversed(pieces[-4:]) if piece.kind != "code"), None)
    if last is None or last.kind != "heading":
        return False
    return asks(last.text) or "question" in last.flags
