"""The walk through an HTML tree: elements in, pieces out, without recursion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from builder.ingest import shapes, tables
from builder.ingest.account import Account, shown_size
from builder.ingest.clean import size
from builder.ingest.furniture import (
    ADMONITIONS,
    HEADINGS,
    NEVER,
    Furniture,
    admonition_kind,
    has_word,
    is_announcement,
    is_boilerplate,
    is_related,
)
from builder.ingest.inline import (
    BLOCKS,
    BOLD,
    BREAK,
    FORMULAS,
    INLINE,
    MARKS,
    PLAIN,
    code_language,
    code_span,
    content,
    follows_code,
    has_blocks,
    has_breaks,
    is_inline,
    is_permalink,
    language_of,
    line,
    lines,
    one_code,
    squeeze,
    superscript,
    tex,
    unmarked,
    verbatim,
)
from builder.ingest.offsets import Spans
from builder.ingest.parsed import Piece, fenced, noted
from builder.ingest.questions import (
    MAX_QUESTION,
    asks,
    asks_on,
    is_answer_badge,
    is_generic,
    is_labelled,
    is_one_question,
    may_ask,
    split_bold,
    split_labelled,
    without_answer_label,
)
from builder.ingest.region import LABEL
from builder.records import BlockKind, Place

if TYPE_CHECKING:
    from lxml.etree import _Element

Leave = Callable[[], None]
Range = tuple[int, int]  # character offsets into the source

_FOLD_TITLES = shapes.TITLES | frozenset(("toggle", "trigger", "button", "summary", "control"))
_CODE = frozenset(("code", "samp", "tt"))
_TEXTUAL = INLINE - _CODE - frozenset("a b br button label math q strong summary sup".split())
_SUSPECT = frozenset(("nav", "footer", "address", "aside", "form", "fieldset"))
_BOXES = (
    BLOCKS
    - HEADINGS.keys()
    - NEVER
    - _SUSPECT
    - frozenset("blockquote dd details dl dt figcaption li menu ol pre table ul".split())
)
_PLAIN = _TEXTUAL | _CODE | _BOXES  # read at once when no attribute says more
MUCH = 350  # characters that an element must hold to be taken for the content of its page
_NEARLY_ALL = 0.8  # share of its page's text that a form around it must hold, if it is short
_ASKING = frozenset(  # attributes without which no element but a label is taken for a question
    "itemprop class aria-expanded aria-controls data-toggle data-bs-toggle onclick".split()
)
_PARTERS = " \u00b7|"
_LICENCE = re.compile(r"licen[cs]e|lizenz|copyright|\u00a9|\(c\)|rights reserved", re.IGNORECASE)
_STEPS = frozenset("previous prev next back zur\u00fcck weiter".split())
_ON = re.compile("|".join(sorted(_STEPS)), re.IGNORECASE)
_IN_HEAD = 8  # elements of a section's head among which its heading stands
_NEAR_TOP = 5  # blocks of a page among which its title stands
_LONG_SIGNATURE = 120  # characters of a defined term, over which its parameters leave the heading


@dataclass
class _List:
    ordered: bool
    number: int = 1
    defines: bool = False
    asks: bool = False
    arranges: bool = False


@dataclass
class _Note:
    """An open admonition. start: of its element in the source; drawn: what its picture tells."""

    label: str
    start: int | None = None
    used: bool = False
    drawn: str = ""


@dataclass
class _Definitions:
    """An open definition list. level: of its headings, 0 when its terms are list items."""

    level: int = 0
    terms: list[str] = field(default_factory=list)
    start: int | None = None


class _Part(NamedTuple):
    """A stretch of inline text: before the children of an element, after it, or all of it.

    text: with marks, as the page shows it; said: as it stands in the tree, "" for a mark alone.
    """

    text: str
    element: _Element
    stands: Literal["before", "after", "whole", "begin", "end"]
    said: str = ""


class _Tab(NamedTuple):
    """An open panel of several. first: the number of its first piece."""

    panel: _Element
    label: str
    first: int


class Walker:
    """Reads a region of one page into pieces.

    panels: the elements that buttons of the page open, by id.
    faq:    the page is one of questions and answers, so that lone questions are headings.
    spans:  where the elements stand in the source.
    skipped: elements to leave out, with the reason.
    tabs:   the panels of which a reader sees one at a time, with the elements that label them.
    authored: no theme has added lists of links, as in a book: they are text like any other.
    names:  what the page's head says as its title.
    typed:  paragraphs of the page may be set in a typewriter's face.
    made:   the page was made for reading: no-break spaces in its code are blanks.
    """

    def __init__(
        self,
        furniture: Furniture,
        panels: Mapping[str, _Element],
        *,
        faq: bool = False,
        spans: Spans | None = None,
        skipped: Mapping[_Element, str] | None = None,
        tabs: Mapping[_Element, _Element] | None = None,
        authored: bool = False,
        names: Sequence[str] = (),
        typed: bool = False,
        made: bool = False,
    ) -> None:
        self._typed = typed
        self._made = made
        self._names = names
        self.pieces: list[Piece] = []
        self.emptied: set[int] = set()
        self.account = Account()
        self._spans = spans
        self._skipped = skipped or {}
        self._labels = tabs or {}
        self._told = self._skipped.keys() | self._labels.keys()
        self._open_tabs: list[_Tab] = []
        self._captions = 0
        self._now: _Element | None = None  # what the walk enters, or leaves
        self._leaving = False
        self._marked = False
        self._range: Range | None = None
        self._item_start: int | None = None
        self._furniture = furniture
        self._panels = panels
        self._faq = faq
        self._authored = authored
        self._numbered = self._titled = self._alike = False
        self._asking: set[_Element] = set()
        self._shown: set[_Element] = set()
        self._questions: set[_Element] = set()  # those taken: their words are gone
        self._asked_by: dict[tuple[str, str], bool] = {}
        self._named: dict[tuple[str, str], list[_Element]] = {}  # elements by tag and class
        self._lists_ask: dict[_Element, bool] = {}
        self._level_of: dict[_Element, int] = {}
        self._folds: list[int] = []  # the levels of the titles of open folds
        self._bold_level = 0
        self._run: list[_Part] = []
        self._marker = ""
        self._lists: list[_List] = []
        self._quotes = 0
        self._notes: list[_Note] = []
        self._definitions: list[_Definitions] = []
        self._level = 1
        self._hidden = 0
        self._region: _Element | None = None
        self._size = 0
        self._taken: set[_Element] = set()
        self._closing: dict[_Element, int] = {}

    def notes(self) -> tuple[str, ...]:
        """What was left out though a browser would have it."""
        return (f"{self._hidden} hidden elements left out",) if self._hidden else ()

    def walk(self, region: _Element, *, below: Iterable[_Element] = ()) -> list[Piece]:
        """The pieces of everything inside region. below: headings that stand above it."""
        for heading in below:
            self._heading(heading)
        self._region = region
        whole = content(region)
        self._marked = any(mark in whole for mark in MARKS)
        self._numbered = shapes.numbered_in_bold(region) >= 3
        self._titled = shapes.titles_in_bold(region) >= 2
        self._alike = shapes.asks_in_bold(region)
        self._quotes = -1000 if shapes.is_mostly_quoted(region) else 0
        stack: list[_Element | tuple[_Element, Leave]] = [region]
        leave: Leave | None
        while stack:
            top = stack.pop()
            if isinstance(top, tuple):
                element, leave = top
                self._now, self._leaving = element, True
                if leave is not _nothing:
                    leave()
                self._close(element)
            else:
                element = top
                self._now, self._leaving = element, False
                leave = self._enter(element)
                if leave is not None:
                    if (text := element.text) and (self._run or not text.isspace()):
                        self._text(text, element, "before")
                    if len(element):
                        stack.append((element, leave))
                        stack.extend(reversed(element))
                        continue
                    self._leaving = True
                    if leave is not _nothing:
                        leave()
                    self._close(element)
            text = element.tail
            if text and (self._run or not text.isspace()) and element is not region:
                self._text(text, element, "after")
        self._flush()
        while self._definitions:
            self._leave_dl()
        return self.pieces

    # Each reader below says what an element does: None when it is done with, else what to do
    # when the walk leaves it.

    def _enter(self, element: _Element) -> Leave | None:
        tag = element.tag
        if not isinstance(tag, str) or element in self._taken:
            return None
        plain = element not in self._told and shapes.says_only_its_tag(element)
        if plain and tag in _PLAIN:
            if tag in _BOXES:
                if self._typed and tag == "p" and shapes.is_set_as_code(element):
                    self._pre(element)
                    return None
                if len(element) < tables.FEWEST_CELLS and not tables.is_lined(element):
                    self._flush()
                    return self._flush
                return self._block(element)
            if tag in _CODE and not has_blocks(element):
                self._code_in_line(element)
                return None
            if tag in _TEXTUAL:
                return _nothing
        if tag in FORMULAS and (formula := tex(element)):
            self._math(element, *formula)
            return None
        if tag in NEVER:
            self.account.drop(element, "control")
            return None
        judged = not plain or tag in _SUSPECT
        if judged and element is not self._region and self._left_out(element):
            return None
        if element in self._labels:
            self._open_tab(element)
        if tag in HEADINGS or element.get("role") == "heading":
            self._heading(element)
            return None
        reader = _READERS.get(tag)
        if reader is not None:
            return reader(self, element)
        if "-" in tag and (title := shapes.told_title(element)):
            return self._told_fold(element, title)
        return self._inline(element) if is_inline(element) else self._block(element)

    def _open_tab(self, panel: _Element) -> None:
        """Says the label of a panel above it, and marks what is inside as one of several."""
        self._flush()
        self._use_label()
        title = self._labels[panel]
        self._open_tabs.append(_Tab(panel, line(title), len(self.pieces)))
        self.account.keep_in(title)
        span = self._spans[title] if self._spans else None
        self._range = (span.inside, span.close) if span else None
        self._emit("paragraph", line(title))

    def _close(self, element: _Element) -> None:
        if self._open_tabs and self._open_tabs[-1].panel is element:
            self._flush()
            inside = self.pieces[self._open_tabs.pop().first :]
            levels = [piece.level for piece in inside if piece.kind == "heading"]
            if levels:
                self.pieces.append(Piece("end", "", min(levels)))
        if self._closing and (level := self._closing.pop(element, 0)):
            self._flush()
            self.pieces.append(Piece("end", "", level))

    def _left_out(self, element: _Element) -> bool:
        reason = self._skipped.get(element) or self._reason(element, element.tag)
        if not reason:
            return False
        self._hidden += reason == "hidden"
        if reason != LABEL:
            self.account.drop(element, reason)
        if reason == "furniture" and not self._authored:
            self._empties()
        return True

    def _empties(self) -> None:
        """Notes that what stood right below the last heading was left out."""
        if not self._run and self.pieces and self.pieces[-1].kind == "heading":
            self.emptied.add(id(self.pieces[-1]))

    def _reason(self, element: _Element, tag: object) -> str:
        """Why an element is left out, "" when it is not."""
        if tag not in _SUSPECT and self._furniture.is_clear(element):
            return ""
        if element not in self._shown and self._furniture.hidden(element):
            return "" if self._answers(element) else "hidden"
        if tag in HEADINGS or tag in ("dt", "dd"):
            return ""
        out = False
        if self._furniture.furniture(element):
            out = tag in ("nav", "aside") or not self._holds_most(element)
        elif tag == "aside":
            out = shapes.only_links(element)
        elif tag == "address":
            out = _is_last(element)
        elif tag in ("form", "fieldset"):
            out = not self._holds_most(element) and not self._holds_page(element)
        return "furniture" if out else ""

    def _answers(self, hidden: _Element) -> bool:
        """Whether a hidden element unfolds below the title before it, which has no other text.

        What comes before it is a question, or one of several titles with hidden text below them;
        it becomes a heading where it is none yet.
        """
        title = hidden.getprevious()
        if title is None or not shapes.may_unfold(hidden, title):
            return False
        self._flush()
        said, last = line(title), self.pieces[-1] if self.pieces else None
        heads = last is not None and last.kind == "heading" and last.text == said
        asked = title in self._questions or (heads and asks(said))
        if not asked and not shapes.unfolds_as_others(hidden, title):
            return False
        if last is not None and last.kind == "paragraph" and last.text == said:
            level = _below(self._level)
            flags = (*last.flags, "question", "inferred")
            self.pieces[-1] = replace(last, kind="heading", level=level, flags=flags)
        return True

    def _holds_most(self, element: _Element) -> bool:
        """Whether an element that looks like furniture holds most of the text after all."""
        inside = shown_size(element)
        return inside >= MUCH and inside > 0.5 * self._size_of_region()

    def _holds_page(self, form: _Element) -> bool:
        """Whether a form stands around the page, which asks its reader for little or nothing."""
        if not shapes.tells_more_than_asks(form):
            return False
        titled = shapes.has_any(form, "h1")
        return titled or shown_size(form) > _NEARLY_ALL * self._size_of_region()

    def _size_of_region(self) -> int:
        if not self._size and self._region is not None:
            self._size = shown_size(self._region)
        return self._size

    # Headings and questions

    def _heading(self, element: _Element) -> None:
        self._flush()
        beside = shapes.beside_title(element) if len(element) else ()
        text = line(element, beside)
        self._range = self._span(element)
        left = sum(map(shown_size, beside))
        self.account.keep_in(element, shown=shown_size(element) - left if left else None)
        level = HEADINGS.get(str(element.tag)) or shapes.number(element.get("aria-level"), 2)
        level = min(6, max(1, level, self._level_of_section(element) + 1))
        self._level_of[element] = level
        note = self._notes[-1] if self._notes else None
        if note is not None and not note.used and not note.label:
            note.label = text
        elif len(text) > MAX_QUESTION or shapes.is_kicker(element):
            self._emit("paragraph", text)
        elif text and self._is_said(text):
            self.account.take_back("heading", text)
        elif text:
            self._marker = ""
            self._level = level
            text = self._as_told(text)
            self._without_number()
            for opened in self._lists:
                opened.arranges = True
            asked = asks(text) and (
                shapes.has_any(element, "button") or shapes.in_question(element)
            )
            flags = ("question",) if asked else ()
            self._add("heading", text, level, anchor=shapes.anchor(element), flags=flags)

    def _without_number(self) -> None:
        """Takes back a number that is drawn beside the heading to come, as that of a step."""
        last = self.pieces[-1] if self.pieces and not self._authored else None
        if last is not None and last.kind == "paragraph" and re.fullmatch(r"\d\d?", last.text):
            self._take_back()

    def _is_said(self, text: str) -> bool:
        """Whether a heading says again the question right above it, as in a panel below its tab."""
        last = self.pieces[-1] if self.pieces else None
        return last is not None and "question" in last.flags and last.text == text

    def _level_of_section(self, heading: _Element) -> int:
        """The level of the heading that begins the nearest section which a heading stands deep in.

        It cannot outrank that one, whatever its number: "<article><h4>f()</h4><div><h3>Types".
        """
        inner = heading.getparent()
        for section in heading.iterancestors("article", "section"):
            if section is inner or (first := next(section.iterchildren("*"), None)) is None:
                continue
            if first in self._level_of:
                return self._level_of[first]
            told = next(
                (one for one in islice(first.iter(), _IN_HEAD) if one.tag in HEADINGS), None
            )
            if told in self._level_of and content(told).split() == content(first).split():
                return self._level_of[told]
        return 0

    def _as_told(self, text: str) -> str:
        """A heading in the spelling of the page's head, where its parts are only drawn apart.

        "Gtk" "Widget" "show" beside each other are the head's "Gtk.Widget.show".
        """
        if len(self.pieces) > _NEAR_TOP or text in self._names or " " in text:
            return text
        bare = shapes.letters(text)
        return next((name for name in self._names if shapes.letters(name) == bare), text)

    def _question(
        self, text: str, level: int = 0, *, anchor: str = "", inferred: bool = False
    ) -> int:
        """Emits a heading that the markup does not call one; returns its level."""
        self._marker = ""
        level = level or _below(self._level)
        text = " ".join(text.split())
        if len(text) > MAX_QUESTION:
            self._emit("paragraph", text)
        elif text:
            flags = ("question", "inferred") if inferred else ("question",)
            self._add("heading", text, level, anchor=anchor, flags=flags)
        return level

    def _is_question(self, element: _Element) -> bool:
        """Whether class names or microdata make an element a question or the title of a fold."""
        if element in self._asking:
            return True
        told = _ASKING.intersection(element.keys())
        if not told and element.tag != "label":
            return False
        label = element.get("class") or ""
        heads_fold = bool(label) and _is_fold_title(element, label)
        says_so = heads_fold or (bool(label) and has_word(label, shapes.ASKS))
        if len(told) == 1 and label and element.tag != "label" and not says_so:
            return False  # the usual case: a class that says nothing of questions
        named = element.get("itemprop") == "name" and shapes.in_question(element)
        is_called_question = bool(label) and has_word(label, shapes.QUESTION_WORDS)
        folds = heads_fold or (has_word(label, shapes.FOLD_WORDS) and has_word(label, _FOLD_TITLES))
        opens = shapes.opens(element)
        if not (named or is_called_question or folds or opens) or shapes.has_any(
            element, *HEADINGS, "button", "p", "ul", "ol", "pre"
        ):
            return False
        if not 0 < size(content(element)) <= 2 * MAX_QUESTION:
            return False
        text = lines(element)
        if not text or "\n" in text or len(text) > MAX_QUESTION:
            return False
        if is_generic(text) or is_boilerplate(text):
            return False
        if named or asks(text) or (folds and element.getnext() is not None):
            return True
        if not opens:
            return is_called_question and self._asks_elsewhere(element)
        return self._asks_elsewhere(element) or self._shows(element)

    def _asks_elsewhere(self, element: _Element) -> bool:
        """Whether most elements of the same tag and class are questions, at least two."""
        key = str(element.tag), element.get("class") or ""
        if not self._named:
            root = element.getroottree().getroot() if self._region is None else self._region
            for one in root.iter("*"):
                name = str(one.tag), one.get("class") or ""
                self._named.setdefault(name, []).append(one)
        if key not in self._asked_by:
            alike = self._named.get(key, [])
            told = [one in self._questions or asks(line(one)) for one in alike]
            self._asked_by[key] = sum(told) > 1 and 2 * sum(told) >= len(told)
        return self._asked_by[key]

    def _is_titled_as_others_ask(self, item: _Element) -> bool:
        """Whether a list item has a title where most others of its list have a question."""
        listed = item.getparent()
        if listed is None or not shapes.is_title_item(item):
            return False
        if listed not in self._lists_ask:
            self._lists_ask[listed] = shapes.items_ask(listed)
        return self._lists_ask[listed]

    def _shows(self, element: _Element) -> bool:
        """Whether an element is a button, or clicked as one, that shows a text below it."""
        if element.get("role") != "button" and element.get("onclick") is None:
            return False
        if element.get("aria-controls") in self._panels:
            return True
        return self._unfolded(element) is not None

    def _unfolded(self, element: _Element) -> _Element | None:
        """What follows an element and is hidden only until it is clicked."""
        panel = shapes.unfolded(element)
        return None if panel is None or self._furniture.hidden(panel) else panel

    def _take_question(self, element: _Element) -> Leave:
        self._flush()
        panel = self._unfolded(element)
        if panel is not None:
            self._shown.add(panel)  # once the words of the question are taken, nothing tells it
        self._range = self._span(element)
        self.account.keep_in(element)
        text = line(element, shapes.toggle_in(element))
        self._question(text, anchor=shapes.anchor(element))
        self._questions.add(element)
        self._take_content(element)
        return _nothing

    def _take_content(self, element: _Element) -> None:
        self._taken.update(element)
        element.text = None
        for child in element:
            child.tail = None

    def _button(self, element: _Element) -> None:
        """Buttons are no text, but what opens an answer is its question."""
        text = line(element, shapes.toggle_in(element))
        named = has_word(element.get("class") or "", shapes.FOLD_WORDS | shapes.QUESTION_WORDS)
        target = element.get("aria-controls") or element.get("data-bs-target") or ""
        opens = element.get("aria-expanded") is not None or bool(target)
        opens = opens or self._unfolded(element) is not None
        says = asks(text) or (len(text.split()) > 1 and not is_generic(text))
        if not (opens or named) or not says:
            self._pressed(element, text)
            return
        self._flush()
        self._range = self._span(element)
        self.account.keep_in(element)
        panel = self._panels.get(target.lstrip("#"))
        if panel is None:
            panel = element.getnext()
        level = self._question(text)
        if panel is not None:
            self._closing[panel] = level

    def _pressed(self, button: _Element, text: str) -> None:
        """A button that shows nothing: left out, unless it holds a text of its own."""
        if not shapes.is_told_in(button):
            self.account.drop(button, "control")
            return
        self._flush()
        self._range = self._span(button)
        self.account.keep_in(button)
        self._emit_text(text)

    def _details(self, element: _Element) -> Leave | None:
        self._flush()
        if shapes.is_menu(element):
            self.account.drop(element, "furniture")
            return None
        summary = element.find("summary")
        beside = shapes.beside_heading(summary) if summary is not None else ()
        text = line(summary, beside) if summary is not None else ""
        if summary is not None:
            self._taken.add(summary)
        if admonition_kind(element.get("class") or "") and not asks(text):
            return self._note(text, element, summary)
        outer, level = self._level, _below(self._level)
        if summary is not None and is_generic(text):
            self.account.drop(summary, "control")
        elif summary is not None:
            self._range = self._span(summary)
            self.account.keep_in(summary)
            level = self._level_of_fold(summary)
            self._level = self._question(text, level, anchor=shapes.anchor(element))
            for part in beside:
                self._range = self._span(part)
                self._emit("paragraph", line(part).strip(_PARTERS))
        self._folds.append(level)

        def leave() -> None:
            self._flush()
            self._folds.pop()
            self._level = max(1, min(outer, level - 1))
            self.pieces.append(Piece("end", "", level))

        return leave

    def _level_of_fold(self, summary: _Element) -> int:
        """The level of a fold's title: that of a heading which it is, below the fold around it."""
        heading = next(summary.iterdescendants(*HEADINGS), None)
        if heading is None:
            return _below(self._level)
        around = self._folds[-1] + 1 if self._folds else 2
        return min(6, max(around, HEADINGS[str(heading.tag)]))

    def _told_fold(self, element: _Element, title: str) -> Leave:
        """A fold of which an attribute tells the title."""
        self._flush()
        outer, span = self._level, self._spans[element] if self._spans else None
        self._range = (span.start, span.inside) if span else None
        self._level = self._question(title, anchor=shapes.anchor(element))

        def leave() -> None:
            self._flush()
            self._level = outer
            self.pieces.append(Piece("end", "", _below(outer)))

        return leave

    # Containers

    def _block(self, element: _Element) -> Leave | None:
        self._flush()
        typed = self._typed and element.tag == "p" and shapes.is_set_as_code(element)
        if typed or shapes.keeps_lines(element):
            self._pre(element)
            return None
        if tables.is_lined(element):
            for tip in tables.behind_lines(element):
                self.account.drop(tip, "hidden")
                element.remove(tip)
            self._pre(element)
            return None
        folds = has_word(element.get("class") or "", shapes.FOLD_WORDS)
        grid = None if folds else tables.grid_of(element)
        if grid is not None and (text := tables.render_grid(*grid)):
            self._before_inner()
            self.account.keep_in(element)
            self._range = self._span(element)
            self._add("table", text, header_rows=grid[1])
            return None
        kind = admonition_kind(element.get("class") or "")
        boxed = kind or element.get("role") in ("note", "alert")
        if boxed and element is not self._region and not shapes.has_sections(element):
            return self._admonition(element)
        if self._is_question(element):
            return self._take_question(element)
        if element.tag != "figcaption":
            return self._flush
        self._captions += 1
        return self._leave_caption

    def _leave_caption(self) -> None:
        self._flush()
        self._captions -= 1

    def _admonition(self, element: _Element) -> Leave:
        title = shapes.title_of(element)
        label = ""
        if title is not None:
            title.attrib.pop("aria-hidden", "")  # from ears that have the box's label: it is seen
            label = line(title)
            self._taken.add(title)
        leave = self._note(label, element, title)
        self._notes[-1].drawn = "" if label else shapes.drawn_kind(element)
        return leave

    def _note(self, label: str, element: _Element, title: _Element | None) -> Leave:
        label = label.rstrip(": ")
        if label in ADMONITIONS:
            label = label.capitalize()
        if title is not None:
            self.account.keep_in(title)
        span = self._span(element)
        start = span[0] if span else None
        outer = self._notes[-1] if self._notes else None
        if outer is not None and not outer.used and not label:
            label, start, outer.used = outer.label, outer.start, True
        else:
            self._use_label()
        if self._marker.endswith(": "):  # a term of which the box is the definition
            self._emit_item("")
        self._notes.append(_Note(label, start))

        def leave() -> None:
            self._flush()
            self._use_label()
            self._notes.pop()

        return leave

    def _quote(self, element: _Element) -> Leave:
        self._flush()
        first = element[0] if len(element) else None
        titled = first is not None and has_word(first.get("class") or "", shapes.TITLES)
        if titled or admonition_kind(element.get("class") or ""):
            return self._admonition(element)
        self._quotes += 1

        def leave() -> None:
            self._flush()
            self._quotes -= 1

        return leave

    # Lists

    def _list(self, element: _Element) -> Leave | None:
        self._flush()
        if not self._authored and self._leads_about(element):
            self.account.drop(element, "links")
            return None
        self._before_inner()
        self._lists.append(_List(element.tag == "ol", shapes.number(element.get("start"), 1)))

        def leave() -> None:
            self._flush()
            self._marker = ""
            self._lists.pop()

        return leave

    def _leads_about(self, element: _Element) -> bool:
        """Whether a list of links only leads about the page or the site; empties its heading.

        What a sentence announces, or stands under a heading that can be linked to, is the author's
        own; but questions of a list that leads into the page stand again above their answers.
        """
        last = self.pieces[-1] if self.pieces else None
        if shapes.only_jumps(element):
            head = next((piece for piece in reversed(self.pieces) if piece.kind == "heading"), None)
            own = head is not None and bool(head.anchor) and "?" not in content(element)
            if own or (last is not None and is_announcement(last.text)):
                return False
            self._empties()
            return True
        if last is None or last.kind != "heading" or last.anchor or not is_related(last.text):
            return False
        if not shapes.only_links(element):
            return False
        self._take_back()
        return True

    def _take_back(self) -> None:
        """Leaves the last piece out after all."""
        piece = self.pieces.pop()
        self.account.take_back(piece.kind, piece.text)

    def _depth(self) -> int:
        """How many lists are open, those not counted that only arrange whole sections."""
        return sum(not opened.arranges for opened in self._lists)

    def _item(self, element: _Element) -> Leave:
        self._flush()
        depth = max(1, self._depth())
        top = self._lists[-1] if self._lists else _List(ordered=False)
        top.number = shapes.number(element.get("value"), top.number)
        self._marker = "  " * (depth - 1) + (f"{top.number}. " if top.ordered else "- ")
        top.number += 1
        self._item_start = self._here
        if shapes.is_question_item(element) or self._is_titled_as_others_ask(element):
            self._marker = ""
            top.asks = True
        return self._leave_item

    def _leave_item(self) -> None:
        self._flush()
        self._marker = ""

    def _before_inner(self) -> None:
        """What stands before code, a table or a list must be written before it."""
        if self._marker.endswith(": "):
            self._emit_item("")
        self._marker = ""
        self._use_label()

    # Definition lists: items "- term: definition", or headings where an entry is a section.

    def _dl(self, element: _Element) -> Leave | None:
        self._flush()
        if not self._authored and self._leads_about(element):
            self.account.drop(element, "links")
            return None
        self._before_inner()
        if not shapes.has_headings_for_terms(element):
            self._lists.append(_List(ordered=False, defines=True))
            self._definitions.append(_Definitions())
            return self._leave_dl
        outer = self._level
        self._definitions.append(_Definitions(level=_below(outer)))

        def leave() -> None:
            self._flush()
            self._definitions.pop()
            self._level = outer
            self.pieces.append(Piece("end", "", _below(outer)))

        return leave

    def _leave_dl(self) -> None:
        self._flush()
        self._emit_terms()
        self._definitions.pop()
        self._lists.pop()
        self._marker = ""

    def _dt(self, element: _Element) -> None:
        self._flush()
        text = shapes.term_text(element)
        self._range = self._span(element)
        self.account.keep_in(element)
        self._begin_definitions()
        definitions = self._definitions[-1]
        if not text:
            return
        if definitions.level:
            self._term_headings(element, text, definitions.level)
            return
        self._marker = ""
        if not definitions.terms:
            definitions.start = self._here
        definitions.terms.append(text.rstrip(":").rstrip())

    def _begin_definitions(self) -> None:
        """A term or definition outside of any list opens one that ends with the page."""
        if not self._definitions:
            self._lists.append(_List(ordered=False, defines=True))
            self._definitions.append(_Definitions())

    def _term_headings(self, element: _Element, text: str, level: int) -> None:
        """The heading of an entry, of all its terms; what is too long stands below the first."""
        more = [one for one in shapes.further_terms(element) if not self._furniture.hidden(one[0])]
        whole = ", ".join((text, *(said for _, said in more)))
        span = self._range
        for term, _ in more:
            self._taken.add(term)
            self.account.keep_in(term)
        if not more or asks(text) or len(whole) <= _LONG_SIGNATURE:
            if more and (last := self._span(more[-1][0])) and span:
                self._range = span[0], last[1]
            self._term_heading(element, whole, level)
            return
        self._term_heading(element, text, level)
        for term, said in more:
            self._range = self._span(term)
            self._emit("paragraph", said)

    def _term_heading(self, element: _Element, text: str, level: int) -> None:
        self._marker, anchor = "", shapes.anchor(element)
        name, bracket, _ = text.partition("(")
        name = name.strip("` ")
        if asks(text) or shapes.badges(element):
            self._question(text, level, anchor=anchor)
        elif len(text) > _LONG_SIGNATURE and bracket and len(name) > 1:
            signature = self._range
            self._range = self._until_bracket(element)
            self._add("heading", name, level, anchor=anchor)
            self._range = signature
            self._emit("paragraph", text)
        elif len(text) > MAX_QUESTION:
            self._emit("paragraph", text)
        else:
            self._add("heading", text, level, anchor=anchor)

    def _dd(self, element: _Element) -> Leave:
        self._flush()
        self._begin_definitions()
        definitions = self._definitions[-1]
        if definitions.level:
            outer, self._level = self._level, definitions.level

            def leave() -> None:
                self._flush()
                self._level = outer

            return leave
        terms = ", ".join(definitions.terms)
        self._item_start = definitions.start if definitions.terms else self._here
        definitions.terms = []
        self._marker = "  " * max(0, self._depth() - 1) + "- " + (f"{terms}: " if terms else "")
        return self._leave_dd

    def _leave_dd(self) -> None:
        self._flush()
        if self._marker.endswith(": "):
            self._emit_item("")
        self._marker = ""

    def _emit_terms(self) -> None:
        """Terms that no definition follows are items on their own."""
        terms = ", ".join(self._definitions[-1].terms)
        if terms:
            self._definitions[-1].terms = []
            self._item_start = self._definitions[-1].start
            self._marker = "  " * max(0, self._depth() - 1) + "- "
            self._range = None
            self._emit_item(terms)

    # Code and tables

    def _pre(self, element: _Element, whole: _Element | None = None) -> None:
        """Code. whole: the table that it stands in with its line numbers."""
        self._code(verbatim(element), element, element if whole is None else whole)

    def _code(self, code: str, element: _Element, whole: _Element) -> None:
        self._flush()
        code = code.replace("\xa0", " ") if self._made else code
        language = code_language(element)
        self.account.keep_in(whole, shown=size(code))
        if not code.strip() or shapes.numbers_next(element, code):
            return
        if self.pieces and element.getprevious() is not None:
            last = self.pieces[-1]
            if last.kind in ("paragraph", "list_item", "admonition"):
                said = re.sub(r"^\s*(?:-|\d+\.) ", "", last.text)
                if _names_language(said, element):
                    self._take_back()  # the language as a badge on the code
        self._before_inner()
        self._range = self._code_span(whole, language)
        self._add("code", fenced(code, language))

    def _table(self, element: _Element) -> Leave | None:
        self._flush()
        code = tables.numbered_code(element)
        if code is not None:
            named = self._code_name(element, code)
            self._pre(code, next(code.iterancestors("tr")) if named else element)
            return None
        table = tables.Table(element)
        if text := tables.lined_code(table) or tables.code_rows(table):
            self._code(text, element, element)
            return None
        if parts := tables.headed(table):
            self._headed(parts)
            return None
        leads = tables.only_leads(table) or (not self.pieces and tables.leads_through(table))
        if leads and not self._authored:
            self.account.drop(element, "links")
            self._empties()
            return None
        asked = tables.questions(table)
        if asked:
            self._before_inner()
            self._asked(asked)
            return None
        if told := tables.labelled(table):
            self._label(told)
            return self._flush
        items = tables.callouts(table) or ([] if self._notes else tables.only_column(table))
        if items:
            self._before_inner()
            self.account.keep_in(element)
            for cell, text in items:
                self._range = self._span(cell)
                self._add("list_item", text, 1)
            return None
        unlabelled = bool(self._notes) and not self._notes[-1].used and not self._notes[-1].label
        if unlabelled or tables.is_layout(table):
            return self._flush
        self._before_inner()
        caption = element.find("caption")
        if caption is not None:
            self._range = self._span(caption)
            self._emit("caption", line(caption))
            self._taken.add(caption)
        self.account.keep_in(element)
        text, header_rows = tables.render(table)
        if text:
            self._range = self._span(element)
            if caption is not None and self._spans and self._range:
                self._range = self._spans[caption].end, self._range[1]
            self._add("table", text, header_rows=header_rows)
        return None

    def _code_name(self, table: _Element, code: _Element) -> bool:
        """Says the name of a file above its code in a table; that of the language is none."""
        head = next((one for one in table.iter("th") if code not in one.iter()), None)
        if head is None or not (name := line(head)) or _names_language(name, code):
            return False
        self._range = self._span(head)
        self.account.keep_in(head)
        self._emit("paragraph", name)
        return True

    def _headed(self, parts: list[tuple[_Element | None, list[_Element]]]) -> None:
        """A table with headings between its rows, as tables under them."""
        for heading, rows in parts:
            if heading is not None:
                self._heading(heading)
            for row in rows:
                self.account.keep_in(row)
            if text := tables.render_rows(rows):
                self._before_inner()
                first, last = self._span(rows[0]), self._span(rows[-1])
                self._range = (first[0], last[1]) if first and last else None
                self._add("table", text)

    def _label(self, told: list[tuple[_Element, _Element | None]]) -> None:
        """Leaves out the labels of a table, which tell what of it asks."""
        for label, question in told:
            self.account.drop(label, "mark")
            self._taken.add(label)
            if question is not None:
                self._asking.add(question)
                self._told.add(question)

    def _asked(self, rows: list[tuple[_Element, _Element]]) -> None:
        """Rows of a question and its answer."""
        for question, answer in rows:
            self._range = self._span(question)
            self.account.keep_in(question)
            self._question(line(question), _below(self._level))
            self._range = self._span(answer)
            self.account.keep_in(answer)
            self._emit("paragraph", line(answer))

    def _math(self, element: _Element, formula: str, display: bool) -> None:
        """A formula as its TeX source: in the line, or as a block of its own."""
        self.account.keep_in(element, shown=size(content(element)))
        if not display:
            self._run.append(_Part(f"${formula}$", element, "whole"))
            return
        self._flush()
        self._before_inner()
        self._range = self._span(element)
        self._add("math", f"$$\n{formula}\n$$")

    # Inline elements and the text that they make up

    def _inline(self, element: _Element) -> Leave | None:
        tag = element.tag
        if tag == "br":
            self._mark(BREAK, element)
            return None
        if tag == "button" and not shapes.in_sentence(element):
            self._button(element)
            return None
        if tag in _CODE and not has_blocks(element):
            self._code_in_line(element)
            return None
        if tag == "code" and content(element).lstrip()[:1] in ("{", "["):
            self._pre(element)  # data, the levels of which are lists
            return None
        if tag == "a" and is_permalink(element):
            self.account.drop(element, "mark")
            if self._run and not (element.tail or "").strip():  # what parts it from the text
                last = self._run[-1]
                self._run[-1] = last._replace(text=last.text.rstrip(_PARTERS))
            return None
        if tag == "sup":
            self._whole(superscript(element), element)
            return None
        if tag in ("b", "strong") and not self._is_question(element):
            self._mark(BOLD, element)
            return lambda: self._mark(PLAIN, element, closing=True)
        if tag == "label" and shapes.asks_of(element):
            self.account.drop(element, "control")
            return None
        if tag == "q":
            self._mark("\u201c", element)
            return lambda: self._mark("\u201d", element, closing=True)
        if self._is_question(element):
            return self._take_question(element)
        return _nothing

    def _text(self, text: str, element: _Element, stands: Literal["before", "after"]) -> None:
        self._run.append(_Part(unmarked(text) if self._marked else text, element, stands, text))

    def _whole(self, text: str, element: _Element) -> None:
        """An element that gives its text as a whole, or is a mark that gives none."""
        if not text:
            self.account.drop(element, "mark")
            return
        self._run.append(_Part(text, element, "whole", content(element)))

    def _code_in_line(self, element: _Element) -> None:
        said = content(element)
        broken = has_breaks(element)
        if (broken or "\n" in said) and shapes.is_alone(element, broken=broken):
            self._pre(element)  # code without a `pre`
            return
        text = code_span(element, None if broken else said)
        last = self._run[-1] if self._run else None
        if last is not None and last.element is element.getprevious() and follows_code(element):
            before, text = one_code(last.text, text)
            self._run[-1] = last._replace(text=before)
        self._run.append(_Part(text, element, "whole", said))

    def _mark(self, mark: str, element: _Element, *, closing: bool = False) -> None:
        self._run.append(_Part(mark, element, "end" if closing else "begin"))

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

    def _range_of(self, parts: list[_Part], first: int, last: int | None = None) -> Range | None:
        """Where the characters first to last of the marked text of parts stand in the source.

        last: None for all that follow first.
        """
        if self._spans is None:
            return None
        if not first and last is None:
            said = [part for part in parts if part.text.strip()]  # a break is white space too
            return (self._part_start(said[0]), self._part_end(said[-1])) if said else None
        last = sum([len(part.text) for part in parts]) if last is None else last
        at = 0
        begin: tuple[_Part, int] | None = None
        ends: tuple[_Part, int] | None = None
        for part in parts:
            before, at = at, at + len(part.text)
            inside = part.text[max(0, first - before) : max(0, last - before)]
            if not inside.strip():
                continue
            begin = begin or (part, max(0, first - before))
            ends = part, max(0, at - last)
        if begin is None or ends is None:
            return None
        start, _ = self._part_range(begin[0], after=begin[1])
        _, end = self._part_range(ends[0], before=ends[1])
        return start, end

    def _part_range(self, part: _Part, *, after: int = 0, before: int = 0) -> Range:
        """Where a part stands, without so many characters of it where no entities are in it."""
        start, end = self._part_start(part), self._part_end(part)
        exact = len(part.text) == end - start
        return (start + after, end - before) if exact else (start, end)

    def _part_start(self, part: _Part) -> int:
        if self._spans is None:
            return 0
        spans, element, stands = self._spans, part.element, part.stands
        if stands == "before":
            return spans.inside(element)
        if stands == "after":
            return spans[element].end
        return spans[element].close if stands == "end" else spans.start(element)

    def _part_end(self, part: _Part) -> int:
        spans, element, stands = self._spans, part.element, part.stands
        if spans is None:
            return 0
        if stands == "before":
            return spans.text_end(element)
        if stands == "after":
            return spans.tail_end(element)
        return spans[element].inside if stands == "begin" else spans[element].end

    def _until_bracket(self, element: _Element) -> Range | None:
        """Where an element stands up to the first bracket in its text."""
        if self._spans is None:
            return None
        span = self._spans[element]
        for child in element.iter():
            text = child.text or ""
            if "(" in text:
                return span.start, self._spans[child].inside + text.index("(")
            if child is not element and "(" in (child.tail or ""):
                return span.start, self._spans[child].end + (child.tail or "").index("(")
        return span.start, span.end

    def _code_span(self, element: _Element, language: str) -> Range | None:
        """Where code stands, with the element around it that names its language."""
        if not language or language_of(element):
            return self._span(element)
        for above in element.iterancestors("div", "figure"):
            if language_of(above) == language:
                alone = content(above).strip() == content(element).strip()
                return self._span(above if alone else element)
        return self._span(element)

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
            start, end = self._range
            place = Place(start=start, end=max(start, end))
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
        self.account.keep(size(_said(run)))
        if BREAK not in marked:
            self._paragraph(run, marked)
            return
        for parts in _paragraphs(run):
            for entry in _entries(parts):
                self._paragraph(entry, "".join([part.text for part in entry]))

    def _paragraph(self, parts: list[_Part], marked: str) -> None:
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
            cut = _end_of_line(marked) if question else 0
        if not question and self._may_ask():
            first, _, rest = text.partition("\n")
            one = is_one_question(first) or bool(self._lists and asks(first) and not rest)
            one = one and not is_boilerplate(first)
            if one and (self._lists or not rest) and not asks_on(rest):
                question, text = first, rest
                cut = _end_of_line(marked) if rest else len(marked)
        if question:
            self._range = self._range_of(parts, 0, cut)
            self._question(question, inferred=True)
        if _awaits_answer(self.pieces):
            bare = without_answer_label(text)
            label = text[: len(text) - len(bare)].strip()
            cut += _end_of_label(marked[cut:], label) if label else 0
            text = "" if is_answer_badge(bare) else bare
        self._range = self._range_of(parts, cut)
        if text and self._is_page_line(text, parts):
            self.account.take_back("page line", text, shown=size(_said(parts)))
            if not self._authored and self.pieces and self.pieces[-1].kind == "heading":
                self.emptied.add(id(self.pieces[-1]))
        elif text:
            self._emit_text(text)

    def _is_page_line(self, text: str, parts: list[_Part]) -> bool:
        """Whether a text is none of the page's own; a word in a list may be ("next", a command)."""
        if self._marker and len(text.split()) == 1 and not _is_linked(parts):
            return False
        return (is_boilerplate(text) or _leads_on(text, parts)) and not self._is_licence(text)

    def _bold_title(self, parts: list[_Part], marked: str) -> int:
        """Emits the bold line that a paragraph begins with as a heading; returns its length."""
        found = _BOLD_TITLE.match(marked)
        title = squeeze(found[1]) if found else ""
        if not found or not title[:1].isupper():
            return 0
        self._level = self._bold_level = self._bold_level or _below(self._level)
        self._range = self._range_of(parts, 0, found.end())
        self._add("heading", title, self._level, flags=("inferred",))
        return found.end()

    def _is_licence(self, text: str) -> bool:
        """Whether a page line is all that stands below a heading which announces it."""
        above = self.pieces[-1] if self.pieces else None
        headed = above is not None and above.kind == "heading" and _LICENCE.search(above.text)
        return bool(headed and _LICENCE.search(text))

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
        if place is not None and self._range:
            place = replace(place, end=self._range[1])
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

    def _use_label(self) -> None:
        note = self._notes[-1] if self._notes else None
        if note is not None and not note.used:
            note.used = True
            if label := note.label or note.drawn:
                self._range = None if note.start is None else (note.start, self._here)
                self._emit("admonition", f"{label}:")

    def _emit(self, kind: BlockKind, text: str) -> None:
        if text:
            self._add(kind, text)


_READERS: dict[str, Callable[[Walker, _Element], Leave | None]] = {
    "pre": Walker._pre,
    "table": Walker._table,
    "ul": Walker._list,
    "ol": Walker._list,
    "menu": Walker._list,
    "li": Walker._item,
    "dl": Walker._dl,
    "dt": Walker._dt,
    "dd": Walker._dd,
    "blockquote": Walker._quote,
    "details": Walker._details,
}


def _names_language(said: str, code: _Element) -> bool:
    """Whether words above code are no more than its language, as a badge on it."""
    told = shapes.letters(code_language(code))
    return shapes.letters(said).casefold() == (told or "textonly")


def _is_last(element: _Element) -> bool:
    """Whether nothing is said in the page behind an element right in its body."""
    parent = element.getparent()
    if parent is None or parent.tag != "body" or (element.tail or "").strip():
        return False
    return all(after.tag in NEVER for after in element.itersiblings())


def _is_fold_title(element: _Element, label: str) -> bool:
    """Whether an element is called the title of what follows it in a box that is called a fold."""
    parent = element.getparent()
    if parent is None or not has_word(label, shapes.TITLES) or element.getnext() is None:
        return False
    return has_word(parent.get("class") or "", shapes.FOLD_WORDS)


_BOLD_QUESTION = re.compile(rf"{BOLD}[^{BOLD}{PLAIN}{BREAK}]+\?\s*{PLAIN}\s*(?:{BREAK}|$)")
_BOLD_TITLE = re.compile(
    rf"\s*{BOLD}([^{BOLD}{PLAIN}{BREAK}]{{3,60}}(?<![.,;:!?\s])){PLAIN}[ \n]*(?:{BREAK}|$)"
)
_NO_MARKS = dict.fromkeys(map(ord, (BREAK, BOLD, PLAIN)))
_DISPLAY = re.compile(r"(?:\((\d[\d.]{0,9})\)\s*)?(?:\\\[(.+)\\\]|\$\$(.+)\$\$)", re.DOTALL)


def _paragraphs(run: list[_Part]) -> Iterator[list[_Part]]:
    """The parts of a run between two or more hard breaks."""
    parts: list[_Part] = []
    breaks = 0
    for part in run:
        if part.text == BREAK:
            breaks += 1
        elif part.text.strip():
            if breaks > 1 and parts:
                yield parts
                parts = []
            breaks = 0
        parts.append(part)
    yield parts


def _entries(parts: list[_Part]) -> list[list[_Part]]:
    """The parts of a paragraph that holds several questions, each with its answer, by breaks;
    lines that do nothing but ask are one paragraph."""
    found, first = [], 0
    for at, part in enumerate(parts):
        if part.text == BREAK and at > first and _asks(parts[at + 1 : at + 5]):
            found.append(parts[first:at])
            first = at + 1
    found.append(parts[first:])
    answered = any(part.text in (BREAK, BOLD) for entry in found for part in entry)
    return found if answered else [parts]


def _asks(parts: list[_Part]) -> bool:
    """Whether marked text begins with "Q:" or with a question in bold."""
    text = "".join(part.text for part in parts).lstrip()
    return is_labelled(text.lstrip(BOLD)) or bool(_BOLD_QUESTION.match(text))


def _leads_on(text: str, parts: list[_Part]) -> bool:
    """Whether a text is links alone, the first of which says that it leads a step on or back."""
    if not _ON.match(text):
        return False
    first = next((part.text for part in parts if part.text.strip()), "").strip().casefold()
    if first not in _STEPS and first.partition(":")[0] not in _STEPS - {first}:
        return False
    return _is_linked(parts)


def _is_linked(parts: list[_Part]) -> bool:
    """Whether all of a text is links."""
    return all(
        part.element.tag == "a" or next(part.element.iterancestors("a"), None) is not None
        for part in parts
        if part.text.strip()
    )


def _said(parts: list[_Part]) -> str:
    """The text of parts as it stands in the tree."""
    return "".join([part.said for part in parts])


def _end_of_line(marked: str) -> int:
    """Where the first line of marked text that says something ends."""
    said = re.search(rf"[^\s{BREAK}{BOLD}{PLAIN}]", marked)
    found = marked.find(BREAK, said.end()) if said else -1
    return len(marked) if found < 0 else found


def _end_of_label(marked: str, label: str) -> int:
    """How much of marked text its first letters, those of label, take with the marks on them."""
    wanted = "".join(label.split())
    for at, character in enumerate(marked):
        if not wanted:
            return at + len(PLAIN) if character == PLAIN else at
        if character == wanted[0]:
            wanted = wanted[1:]
    return 0


def _nothing() -> None:
    return None


def _below(level: int) -> int:
    return min(6, max(2, level + 1))


def _awaits_answer(pieces: list[Piece]) -> bool:
    """Whether the last words are a question, with nothing after them but code."""
    if not pieces or pieces[-1].kind not in ("heading", "code"):
        return False  # the usual case
    last = next((piece for piece in reversed(pieces[-4:]) if piece.kind != "code"), None)
    if last is None or last.kind != "heading":
        return False
    return asks(last.text) or "question" in last.flags
