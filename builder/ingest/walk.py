"""The walk through an HTML tree: elements in, pieces out, without recursion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest import shapes, tables
from builder.ingest.account import shown_size
from builder.ingest.asking import Asking
from builder.ingest.clean import size
from builder.ingest.furniture import (
    ADMONITIONS,
    HEADINGS,
    NEVER,
    Furniture,
    admonition_kind,
    has_word,
    is_list_of_links,
)
from builder.ingest.gather import Leave, OpenNote, OpenTab, level_below, nothing
from builder.ingest.inline import (
    BLOCKS,
    BOLD,
    BREAK,
    FORMULAS,
    INLINE,
    MARKS,
    PLAIN,
    backwards,
    code_language,
    code_span,
    content,
    content_size,
    follows_code,
    has_blocks,
    has_breaks,
    holds_lines_open,
    is_inline,
    is_padded,
    is_permalink,
    language_of,
    leveled,
    line,
    marked_code,
    one_code,
    plain_code,
    printed_indent,
    superscript,
    tex,
    verbatim,
)
from builder.ingest.large_type import titles_in_type
from builder.ingest.lists import LONG_SIGNATURE, ListReader
from builder.ingest.offsets import Spans
from builder.ingest.parsed import Piece, fenced
from builder.ingest.questions import MAX_QUESTION, asks, is_generic
from builder.ingest.region import LABEL
from builder.ingest.run import Part, Range
from builder.ingest.titled_boxes import (
    titles_by_numbers,
    titles_in_boxes,
    titles_of_contents,
    titles_of_targets,
)
from builder.text import whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

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
_QUESTION = "question"  # the kind of a box that asks
_PROMPT = re.compile(r"(?:in|out)? ?\[[ \d*]{0,5}\]:", re.IGNORECASE)  # beside a notebook's cell
_COPIES = ("copy", "copy code")
_PARTERS = " \u00b7|"
_MOST_BARS = 8  # of a page that are asked whether they are all of it
_BARS = frozenset(("nav", "navbar", "navigation", "menu", "menubar"))
_ABOVE_DECLARATION = frozenset(("heading", "definition", "end", "paragraph"))
_SAYING = ("p", "li", "dd", "pre")
_IN_HEAD = 8  # elements of a section's head among which its heading stands
_SECTIONS = 20  # around a heading
_BOXES_NEAR = 4  # around a heading, and around what was left out
_LINE = 100  # characters of a line in the head of a page
_LOOKS = 20_000  # elements of a page among which headings before footnotes are looked for
_FEWEST_SAID = 3  # words of what is more than a tool
_NEAR_TOP = 5  # blocks of a page among which its title stands


class _Typed(NamedTuple):
    """The last paragraph that was read as code, the code so far, how many pieces there were."""

    paragraph: _Element
    code: str
    n_pieces: int


class Walker(ListReader):
    """Reads a region of one page into pieces.

    panels: the elements that buttons of the page open, by id.
    faq:    the page is one of questions and answers, so that lone questions are headings.
    spans:  where the elements stand in the source.
    skipped: elements to leave out, with the reason.
    tabs:   the panels of which a reader sees one at a time, with the elements that label them.
    apart:  panels that stand away from the questions that open them, with these.
    authored: no theme has added lists of links, as in a book: they are text like any other.
    names:  what the page's head says as its title.
    typed:  paragraphs of the page may be set in a typewriter's face.
    made:   the page was made for reading: no-break spaces in its code are blanks.
    read:   the pieces of elements that another reader has read.
    """

    _always_closes = False  # whether `_close` has something to do at the end of any element

    def __init__(
        self,
        furniture: Furniture,
        panels: Mapping[str, _Element],
        *,
        faq: bool = False,
        spans: Spans | None = None,
        skipped: Mapping[_Element, str] | None = None,
        tabs: Mapping[_Element, _Element] | None = None,
        apart: Mapping[_Element, _Element] | None = None,
        authored: bool = False,
        names: Sequence[str] = (),
        typed: bool = False,
        made: bool = False,
        read: Mapping[_Element, Sequence[Piece]] | None = None,
    ) -> None:
        super().__init__(
            furniture, Asking(furniture, panels), faq=faq, spans=spans, authored=authored
        )
        self.changed = False  # text was taken out of the tree
        self._typed = typed
        self._made = made
        self._names = names
        self._panels = panels
        self._skipped = skipped or {}
        self._labels = tabs or {}
        self._apart = apart or {}
        self._read = read or {}
        self._told = self._skipped.keys() | self._labels.keys() | self._read.keys()
        self._told |= self._apart.keys()
        self._shown: set[_Element] = set()
        self._level_of: dict[_Element, int] = {}
        self._folds: list[int] = []  # the levels of the titles of open folds
        self._closing: dict[_Element, int] = {}
        self._typed_last: _Typed | None = None
        self._whole_code = False
        self._indent = ""  # of all lines of code but the first
        self._padded = False  # all code stands one blank to the right
        self._shifts: dict[_Element, int] = {}  # by the panels of folds
        self._told_titles: dict[_Element, int] = {}  # no headings by tag, with their levels
        self._told_parts: dict[_Element, tuple[int, _Element]] = {}  # what some of those begin
        self._boxed: set[_Element] = set()  # what stands behind labels of questions and answers
        self._hidden = 0
        self._looks = _LOOKS
        self._n_bars = 0
        self._region: _Element | None = None
        self._size = 0

    def notes(self) -> tuple[str, ...]:
        """What was left out though a browser would have it."""
        return (f"{self._hidden} hidden elements left out",) if self._hidden else ()

    def walk(
        self,
        region: _Element,
        *,
        said: str | None = None,
        shown: int = 0,
        below: Iterable[_Element] = (),
        behind: Sequence[_Element] = (),
    ) -> list[Piece]:
        """The pieces of everything inside region.

        said, shown: its content and the size of its text, if known; below: headings that stand
        above it; behind: elements to read before it.
        """
        self._size = shown
        for heading in below:
            self._heading(heading)
        self._look_over(region, content(region) if said is None else said)
        roots = (*behind, region)
        stack: list[_Element | tuple[_Element, Leave]] = [*reversed(roots)]
        leave: Leave | None
        while stack:
            top = stack.pop()
            if isinstance(top, tuple):
                element, leave = top
            else:
                element = top
                self._now, self._leaving = element, False
                leave = self._enter(element)
                if leave is not None:
                    if (text := element.text) and (self._run or not text.isspace()):
                        self._text(text, element, "before")
                    if len(element):
                        stack.append((element, leave))
                        stack += backwards(element)
                        continue
            if leave is not None:
                self._now, self._leaving = element, True
                if leave is not nothing:
                    leave()
                if self._always_closes or self._open_tabs or self._closing or self._ending:
                    self._close(element)
            text = element.tail
            if text and (self._run or not text.isspace()) and element not in roots:
                self._text(text, element, "after")
        self._flush()
        while self._definitions:
            self._leave_dl()
        return self.pieces

    def _look_over(self, region: _Element, said: str) -> None:
        """Notes what a region tells as a whole, of which elements are headings first of all."""
        self._region = self._asking.region = region
        self._marked = any(mark in said for mark in MARKS)
        bold = list(region.iter("b", "strong"))
        self._numbered = shapes.numbered_in_bold(bold) >= 3
        self._titled = shapes.titles_in_bold(region, bold) >= 2
        self._alike = shapes.asks_in_bold(bold)
        self._told_titles = (
            titles_in_boxes(region) or titles_of_contents(region, bold) or titles_by_numbers(region)
        )
        if not self._told_titles and not self._authored:
            self._told_parts = titles_of_targets(region)
            self._told_titles = {box: level for box, (level, _) in self._told_parts.items()}
        if not self._told_titles and not self._authored:
            self._told_titles = titles_in_type(region, said, self._names)
        self._told |= self._told_titles.keys()
        self._quotes = -1000 if shapes.is_mostly_quoted(region) else 0
        typed = region.iter("p") if self._typed else ()
        self._whole_code = any(shapes.has_any(p, "br") and shapes.is_set_as_code(p) for p in typed)
        self._indent = printed_indent(region)
        self._padded = not self._authored and is_padded(region)

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
                    self._typed_code(element)
                    return None
                if len(element) and (
                    tables.is_lined(element) or tables.grid_of(element) or self._declares(element)
                ):
                    return self._block(element)
                self._flush()
                return self._flush
            if tag in _TEXTUAL:
                return nothing
            if not has_blocks(element):
                self._code_in_line(element)
                return None
        if tag in FORMULAS and (formula := tex(element)):
            self._math(element, *formula)
            return None
        if tag in NEVER:
            box = shapes.labelled_by_text(element) if self._run else None
            if box is not None:
                self._run.clear()
            self.account.drop(element if box is None else box, "control")
            return None
        judged = not plain or tag in _SUSPECT
        if judged and element is not self._region and self._left_out(element):
            return None
        if element in self._labels:
            self._open_tab(element)
        elif element in self._apart:
            self._ask_at(element)
        if element in self._read:
            self._take_over(element)
            return None
        headed = not plain and element.get("role") == "heading"
        if tag in HEADINGS or headed or element in self._told_titles:
            self._heading(element)
            return None
        reader = _READERS.get(tag)
        if reader is not None:
            return reader(self, element)
        if "-" in tag and (title := shapes.told_title(element)):
            return self._told_fold(element, title)
        return self._inline(element) if is_inline(element) else self._block(element)

    def _take_over(self, element: _Element) -> None:
        """The pieces of an element that has been read."""
        self._flush()
        pieces = self._read[element]
        self.account.keep_in(element, shown=sum(size(piece.text) for piece in pieces))
        asked = level_below(self._level)
        self.pieces += (
            replace(piece, level=asked) if "question" in piece.flags else piece for piece in pieces
        )

    def _open_tab(self, panel: _Element) -> None:
        """Says the label of a panel above it, and marks what is inside as one of several."""
        self._flush()
        self._use_label()
        title = self._labels[panel]
        self._open_tabs.append(OpenTab(panel, line(title), len(self.pieces)))
        self.account.keep_in(title)
        span = self._spans[title] if self._spans else None
        self._range = (span.inside, span.close) if span else None
        label = line(title)
        if asks(label) or self._asking.is_asked_alike(title):
            self._question(label, anchor=shapes.anchor(panel))
        else:
            self._emit("paragraph", label)

    def _ask_at(self, panel: _Element) -> None:
        """Says the question that opens a panel above it: it stands elsewhere."""
        self._flush()
        opener = self._apart[panel]
        self.account.keep_in(opener)
        self._range = self._span(opener)
        self._closing[panel] = self._question(line(opener, shapes.toggle_in(opener)))

    def _close(self, element: _Element) -> None:
        if self._open_tabs and self._open_tabs[-1].panel is element:
            self._flush()
            inside = self.pieces[self._open_tabs.pop().first :]
            levels = [piece.level for piece in inside if piece.kind == "heading"]
            if levels:
                self.pieces.append(Piece("end", "", min(levels)))
        for ends in (self._closing, self._ending):
            if level := ends.pop(element, 0):
                self._end(level)

    def _end(self, level: int) -> None:
        """Ends the sections of a level and below."""
        self._flush()
        self._level = max(1, min(self._level, level - 1))
        self.pieces.append(Piece("end", "", level))

    def _left_out(self, element: _Element) -> bool:
        reason = self._skipped.get(element) or self._reason(element, element.tag)
        if not reason:
            return False
        self._hidden += reason == "hidden"
        if reason != LABEL:
            self.account.drop(element, reason)
        if element.tag == "a" and (headed := shapes.headed_box(element)):
            self._heads_box(*headed)
        leads = reason == "furniture" and not self._authored and _leads_or_says(element)
        if leads and self._stands_by_heading(element):
            self._empties()
        return True

    def _stands_by_heading(self, element: _Element) -> bool:
        """Whether a box near the last heading holds an element: not so the bar below a page."""
        heading = next(reversed(self._level_of), None)
        if heading is None:
            return True
        near = set(islice(heading.iterancestors(), _BOXES_NEAR))
        return any(box in near for box in islice(element.iterancestors(), _BOXES_NEAR))

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
            said = tag in INLINE and shapes.in_sentence(element)
            out = tag in ("nav", "aside") or not (said or self._holds_most(element))
        elif tag == "aside":
            out = shapes.only_links(element)
        elif tag == "address":
            out = _is_last(element)
        elif tag in ("form", "fieldset"):
            asks = shapes.has_any(element, "button", "input", "select", "textarea")
            out = asks and not self._holds_most(element) and not self._holds_page(element)
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
        asked = title in self._asking.taken or (heads and asks(said))
        if not asked and not shapes.unfolds_as_others(hidden, title):
            return False
        if last is not None and last.kind in ("paragraph", "list_item") and _bare(last) == said:
            level = level_below(self._level)
            flags = (*last.flags, "question", "inferred")
            self.pieces[-1] = replace(last, kind="heading", text=said, level=level, flags=flags)
            self._end_with_box(title, level)
        return True

    def _holds_most(self, element: _Element) -> bool:
        """Whether an element that looks like furniture holds most of the text after all."""
        inside = shown_size(element)
        if inside <= 0.5 * self._size_of_region() or self._ends_titled(element):
            return False
        if has_word(element.get("class") or "", _BARS) and self._n_bars < _MOST_BARS:
            self._n_bars += 1
            if is_list_of_links(element):
                return not self._said_beside(element)
        return inside >= MUCH or self._is_titled(element)

    def _said_beside(self, bar: _Element) -> bool:
        """Whether the page's title and a paragraph of its text stand outside of a bar of links."""
        if self._region is None:
            return False
        title, within = next(self._region.iter("h1"), None), set(bar.iter(*_SAYING))
        if title is None or bar in title.iterancestors():
            return False
        beside = (one for one in self._region.iter(*_SAYING) if one not in within)
        return any(content(one).strip() and not is_list_of_links(one) for one in beside)

    def _ends_titled(self, element: _Element) -> bool:
        """Whether an element is a footer, and the page's title stands outside of it."""
        if element.tag != "footer" or self._region is None:
            return False
        title = next(self._region.iter("h1"), None)
        return title is not None and element not in title.iterancestors()

    def _is_titled(self, element: _Element) -> bool:
        """Whether a text stands in an element with the title that the page's head tells."""
        titles = islice(element.iter("h1"), _IN_HEAD)
        return shapes.has_any(element, "p") and any(line(h1) in self._names[:1] for h1 in titles)

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

    # Headings, and what unfolds below a title

    def _heading(self, element: _Element) -> None:
        self._flush()
        beside = shapes.beside_title(element) if len(element) else ()
        rows = list(element.iter("tr")) if element in self._told_parts else ()
        text = ", ".join(map(line, rows)) if rows else line(element, beside)
        text = text or shapes.struck_out(element)
        self._range = self._span(element)
        left = sum(map(shown_size, beside))
        self.account.keep_in(element, shown=shown_size(element) - left if left else None)
        told = HEADINGS.get(str(element.tag)) or self._told_titles.get(element, 0)
        level = told or whole_number(element.get("aria-level"), 2)
        level = min(6, max(1, level, self._level_of_section(element) + 1))
        level = min(6, level + self._shift(element, level))
        self._level_of[element] = level
        if element in self._told_parts:
            self._closing[self._told_parts[element][1]] = level
        note = self._notes[-1] if self._notes else None
        if note is not None and not note.used and not note.label:
            note.label = text
        elif len(text) > LONG_SIGNATURE and "(" in text and element in self._told_titles:
            self._level = level
            self._term_heading(element, text, level)
        elif len(text) > MAX_QUESTION or shapes.is_kicker(element) or self._is_byline(element):
            self._emit("paragraph", text)
        elif text and (self._is_said(text) or shapes.numbers_note(element, text)):
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
            if asks(text):
                self._end_with_box(element, level)

    def _is_byline(self, heading: _Element) -> bool:
        """Whether a heading only adds to the title above it, with no more than lines between."""
        if not shapes.is_byline(heading) or asks(line(heading)):
            return False
        above = takewhile(lambda piece: len(piece.text) <= _LINE, reversed(self.pieces))
        return any(piece.kind == "heading" for piece in islice(above, _IN_HEAD))

    def _without_number(self) -> None:
        """Takes back a number that is drawn beside the heading to come, as that of a step."""
        last = self.pieces[-1] if self.pieces and not self._authored else None
        if last is not None and last.kind == "paragraph" and re.fullmatch(r"\d\d?", last.text):
            self._take_back()

    def _is_said(self, text: str) -> bool:
        """Whether a heading says again the question right above it, as in a panel below its tab."""
        last = self.pieces[-1] if self.pieces else None
        return last is not None and "question" in last.flags and last.text == text

    def _shift(self, heading: _Element, level: int) -> int:
        """By how many levels what a button opens stands deeper than its headings tell.

        The first of them, at this level, stands below the title of the fold.
        """
        if not self._closing:  # as a rule
            return 0
        panel = next((above for above in heading.iterancestors() if above in self._closing), None)
        if panel is None:
            return 0
        return self._shifts.setdefault(panel, max(0, self._closing[panel] + 1 - level))

    def _level_of_section(self, heading: _Element) -> int:
        """The level of the heading that begins the nearest section which a heading stands deep in.

        It cannot outrank that one, whatever its number: "<article><h4>f()</h4><div><h3>Types".
        """
        inner = heading.getparent()
        for section in islice(heading.iterancestors("article", "section"), _SECTIONS):
            if section is inner or (first := next(iter(section), None)) is None:
                continue
            if inner is not None and inner.getparent() is section and shapes.is_boxed(heading):
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

    def _take_question(self, element: _Element) -> Leave:
        self._flush()
        panel = self._asking.unfolded(element)
        if panel is not None:
            self._shown.add(panel)  # once the words of the question are taken, nothing tells it
        self._range = self._span(element)
        self.account.keep_in(element)
        text = line(element, shapes.marks_in(element))
        level = self._question(text, anchor=shapes.anchor(element))
        self._end_with_box(element, level, self._asking.taken)
        self._asking.taken.add(element)
        self._take_content(element)
        return nothing

    def _take_content(self, element: _Element) -> None:
        self._taken.update(element)
        self.changed = True
        element.text = None
        for child in element:
            child.tail = None

    def _button(self, element: _Element) -> None:
        """Buttons are no text, but what opens an answer is its question."""
        text = line(element, shapes.toggle_in(element))
        named = has_word(element.get("class") or "", shapes.FOLD_WORDS | shapes.QUESTION_WORDS)
        target = element.get("aria-controls") or element.get("data-bs-target") or ""
        opens = element.get("aria-expanded") is not None or bool(target)
        opens = opens or self._asking.unfolded(element) is not None
        opens = opens or (asks(text) and self._heads_alike(element))
        says = asks(text) or (len(text.split()) > 1 and not is_generic(text))
        if not (opens or named) or not says or text in self._names:
            self._pressed(element, text)
            return
        self._flush()
        self._range = self._span(element)
        self.account.keep_in(element)
        panel = self._panels.get(target.lstrip("#"))
        if panel is None:
            panel = shapes.alone_in(element).getnext()
        level = self._question(text)
        if panel is not None and not shapes.has_any(panel, "h1"):
            self._closing[panel] = level

    def _heads_alike(self, button: _Element) -> bool:
        """Whether a button that asks stands above a text, as others like it ask."""
        below = shapes.alone_in(button).getnext()
        if below is None or below.tag not in BLOCKS or not content(below).strip():
            return False
        return self._asking.is_asked_alike(button)

    def _pressed(self, button: _Element, text: str) -> None:
        """A button that shows nothing: left out, unless it holds a text of its own."""
        if shapes.tells_path(button):
            text = " ".join(map(str, button.itertext()))
        elif not shapes.is_told_in(button):
            self.account.drop(button, "control")
            return
        self._flush()
        self._range = self._span(button)
        self.account.keep_in(button)
        self._emit_text(" ".join(text.split()))

    def _details(self, element: _Element) -> Leave | None:
        self._flush()
        if shapes.is_menu(element):
            self.account.drop(element, "furniture")
            return None
        if shapes.is_branch(element):
            return self._flush
        summary = element.find("summary")
        beside = shapes.beside_heading(summary) if summary is not None else ()
        text = line(summary, (*beside, *_drawn_in(summary))) if summary is not None else ""
        if summary is not None:
            self._taken.add(summary)
        told = summary is not None and shapes.has_any(summary, *HEADINGS)
        if admonition_kind(element.get("class") or "") and not (told or asks(text)):
            return self._note(text, element, summary)
        outer, level = self._level, level_below(self._level)
        self._keep_term()
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
            return level_below(self._level)
        around = self._folds[-1] + 1 if self._folds else 2
        return min(6, max(around, HEADINGS[str(heading.tag)]))

    def _told_fold(self, element: _Element, title: str) -> Leave:
        """A fold of which an attribute tells the title."""
        self._flush()
        span = self._spans[element] if self._spans else None
        self._range = (span.start, span.inside) if span else None
        return self._asked_box(element, title)

    def _asked_box(self, element: _Element, title: str) -> Leave:
        """A box all of which stands below a question, that is where self._range says."""
        outer = self._level
        self._level = level = self._question(title, anchor=shapes.anchor(element))

        def leave() -> None:
            self._flush()
            self._level = outer
            self.pieces.append(Piece("end", "", level))

        return leave

    def _dl(self, element: _Element) -> Leave | None:
        told = shapes.labelled_terms(element)
        if not told:
            return super()._dl(element)
        self._flush()
        self._label(told)
        self._boxed.update(element.iterchildren("dd"))
        return self._until_end(level_below(self._level))

    def _dd(self, element: _Element) -> Leave | None:
        return self._block(element) if element in self._boxed else super()._dd(element)

    # Boxes and quotations

    def _block(self, element: _Element) -> Leave | None:
        self._flush()
        if self._typed and element.tag == "p" and shapes.is_set_as_code(element):
            self._typed_code(element)
            return None
        if shapes.keeps_lines(element) or self._declares(element):
            self._pre(element)
            return None
        if tables.is_lined(element):
            for tip in tables.behind_lines(element):
                self.account.drop(tip, "hidden")
                element.remove(tip)
                self.changed = True
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
        if self._asking.is_question(element):
            return self._take_question(element)
        if told := shapes.told_by_toggle(element):
            title, box = told
            self._asking.called.add(title)
            self._told.add(title)
            self._closing[box] = level_below(self._level)
        if element.get("role") == "doc-endnotes" or shapes.holds_footnotes(element):
            self._end_sections(element)
        if element.tag != "figcaption":
            return self._flush
        self._captions += 1
        return self._leave_caption

    def _declares(self, box: _Element) -> bool:
        """Whether a box declares what the heading above it names.

        Nothing but terms that tell of it, or names, stand between them.
        """
        last = self.pieces[-1] if self.pieces and not self._run else None
        if (
            last is None
            or last.kind not in _ABOVE_DECLARATION
            or (last.kind == "paragraph" and " " in last.text)
        ):
            return False
        if box.tag != "div" or not len(box) or box[0].tag != "span":
            return False
        title = self._last_heading()
        return title is not None and shapes.is_declaration(box, title.text)

    def _end_sections(self, notes: _Element) -> None:
        """Ends the sections that stand before notes in the same box: notes are those of the box."""
        above = notes.getprevious()
        if above is None or shapes.holds_footnotes(above):
            return  # which has ended them
        near = list(islice(notes.itersiblings(preceding=True), self._looks))
        self._looks -= len(near)
        before = (heading for one in near for heading in one.iter(*HEADINGS))
        levels = [self._level_of[heading] for heading in before if heading in self._level_of]
        if levels:
            level = min(levels)
            self._end(level + (levels.count(level) == 1))  # that one is the title of the box

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
            if asks(label) and (self._faq or self._asks_as_others(element, title)):
                self._range = self._span(title)
                self.account.keep_in(title)
                return self._asked_box(element, label)
        leave = self._note(label, element, title)
        self._notes[-1].drawn = "" if label else shapes.drawn_kind(element)
        return leave

    def _asks_as_others(self, box: _Element, title: _Element) -> bool:
        """Whether a box is called a question, or most boxes have a question for a title."""
        called = admonition_kind(box.get("class") or "") == _QUESTION
        return called or self._asking.is_asked_alike(title)

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
        self._keep_term()
        self._notes.append(OpenNote(label, start))

        def leave() -> None:
            self._flush()
            self._use_label(alone=True)
            self._notes.pop()

        return leave

    def _quote(self, element: _Element) -> Leave:
        self._flush()
        first = element[0] if len(element) else None
        titled = first is not None and has_word(first.get("class") or "", shapes.TITLES)
        if titled or admonition_kind(element.get("class") or ""):
            return self._admonition(element)
        if (label := shapes.label_in_quote(element)) is not None:
            label.tail = (label.tail or "").lstrip(": ")
            self.changed = True
            self._taken.add(label)
            return self._note(line(label), element, label)
        self._quotes += 1

        def leave() -> None:
            self._flush()
            self._quotes -= 1

        return leave

    # Code, tables and formulas

    def _pre(self, element: _Element, whole: _Element | None = None) -> None:
        """Code. whole: the table that it stands in with its line numbers."""
        plain = plain_code(element)
        code = marked_code(element) if plain is None else plain
        entire = plain is not None and whole is None
        self._code(code, element, element if whole is None else whole, entire=entire)

    def _typed_code(self, paragraph: _Element) -> None:
        """Code of a paragraph; with that of the paragraphs right before it, it is one block.

        Not so on pages on which code has its line breaks inside of paragraphs.
        """
        if self._whole_code:
            self._pre(paragraph)
            return
        self._flush()
        code, before = verbatim(paragraph), self._typed_last
        follows = before is not None and paragraph.getprevious() is before.paragraph
        if before is not None and follows and len(self.pieces) == before.n_pieces:
            code = f"{before.code}\n{code}"
            if content(paragraph).strip():
                self.account.keep_in(paragraph)
                above = self.pieces.pop()
                self._range = self._span(paragraph)
                self._add("code", fenced(code.replace("\xa0", " ")))
                begun, ended = above.place, self.pieces[-1].place
                if begun and ended:
                    self.pieces[-1].place = replace(ended, start=begun.start)
        else:
            last = self.pieces[-1] if self.pieces else None
            self._pre(paragraph)
            if not self.pieces or self.pieces[-1] is last or self.pieces[-1].kind != "code":
                return
        self._typed_last = _Typed(paragraph, code, len(self.pieces))

    def _code(self, code: str, element: _Element, whole: _Element, *, entire: bool = False) -> None:
        """Code of an element that stands in whole. entire: it is all that whole says."""
        self._flush()
        code = code.replace("\xa0", " ") if self._made else code
        if self._indent and element.tag == "pre":
            code = code.replace(f"\n{self._indent}", "\n").rstrip("\n")
        elif self._padded and element.tag == "pre":
            code = re.sub("(?m)^ ", "", code)
        language = code_language(element)
        if "\n \n" in code and language != "diff" and holds_lines_open(element):
            code = re.sub("(?m)^ $", "", code)
        if _PROMPT.fullmatch(code.strip()):
            self.account.drop(whole, "mark")
            return
        if entire:
            self.account.keep((code,))
        else:
            self.account.keep_in(whole, shown=size(code))
        if not code.strip() or shapes.numbers_next(element, code):
            return
        if self.pieces and _is_badge_of(element, self.pieces[-1]):
            self._take_back()
        self._before_inner()
        self._range = self._code_span(whole, language)
        code = code.replace("\u200b", "")  # where a long line may be broken, as `wbr`
        self._add("code", fenced(code, language))
        badge = element.getnext() if language else None
        if badge is not None and shapes.names_language(badge, language):
            self.account.drop(badge, "mark")
            self._taken.add(badge)

    def _table(self, element: _Element) -> Leave | None:
        self._flush()
        code = tables.numbered_code(element)
        if code is not None:
            named = self._code_name(element, code)
            self._pre(code, next(code.iterancestors("tr"), element) if named else element)
            return None
        table = tables.Table(element)
        above = self.pieces[-1] if self.pieces else None
        title = above.text if above is not None and above.kind == "heading" else ""
        text = tables.lined_code(table) or tables.code_rows(table) or tables.signature(table)
        if text := text or tables.declaration(table, title):
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
        told = tables.questions(table) or tables.labelled(table)
        if told:
            self._label(told)
            return self._until_end(level_below(self._level))
        items = tables.callouts(table) or ([] if self._notes else tables.only_column(table))
        if items:
            self._before_inner()
            self.account.keep_in(element)
            for cell, text in items:
                self._range = self._span(cell)
                self._add("list_item", text, 1)
            return None
        inner = tables.inner(table)
        unlabelled = bool(self._notes) and not self._notes[-1].used and not self._notes[-1].label
        if unlabelled or (not inner and tables.is_layout(table)):
            titles = tables.titles_beside(table)
            level = level_below(self._level)
            self._told_titles.update(dict.fromkeys(titles, level))
            self._told.update(titles)
            return self._until_end(level) if titles else self._flush
        self._before_inner()
        return self._rows(table, inner)

    def _rows(self, table: tables.Table, inner: Sequence[_Element]) -> Leave | None:
        """The caption and the rows of a table; then what they do not hold is read.

        inner: what ends cells with tables of their own.
        """
        element, caption = table.element, next(table.element.iterchildren("caption"), None)
        if caption is not None and tables.switches(caption):
            self.account.drop(caption, "furniture")
            self._taken.add(caption)
            caption = None
        if caption is not None:
            self._range = self._span(caption)
            self._emit("caption", line(caption))
            self._taken.add(caption)
        outside = [] if inner else tables.outside(table)
        text, header_rows = tables.render(table, inner)
        said = size(text) + (shown_size(caption) if caption is not None else 0)
        left = sum(map(shown_size, (*inner, *outside)))  # which is counted when it is read
        self.account.keep_in(element, shown=said + left, later=left)
        if text:
            self._range = self._span(element)
            if caption is not None and self._spans and self._range:
                self._range = self._spans[caption].end, self._range[1]
            self._add("table", text, header_rows=header_rows)
        if inner:
            return self._only(table, inner)
        if outside:
            self._taken.update(cell for row in table.cells for cell in row)
            return self._flush
        return None

    def _only(self, table: tables.Table, inner: Sequence[_Element]) -> Leave:
        """Reads of a table whose rows are read only what stands in its cells besides."""
        for cell in (cell for row in table.cells for cell in row):
            self._taken.update(one for one in cell if one not in inner)
            cell.text = None
            self.changed = True
            for child in cell:
                child.tail = None
        return self._flush

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

    def _until_end(self, level: int) -> Leave:
        """Ends the questions of this level with what holds them."""

        def leave() -> None:
            self._flush()
            self.pieces.append(Piece("end", "", level))

        return leave

    def _label(self, told: list[tuple[_Element, _Element | None]]) -> None:
        """Leaves out the labels of a table, which tell what of it asks or do so themselves."""
        for label, question in told:
            if label is not question:
                self.account.drop(label, "mark")
                self._taken.add(label)
            if question is not None:
                self._asking.called.add(question)
                self._told.add(question)

    def _math(self, element: _Element, formula: str, display: bool) -> None:
        """A formula as its TeX source: in the line, or as a block of its own."""
        self.account.keep_in(element, shown=content_size(element))
        if not display:
            self._run.append(Part(f"${formula}$", element, "whole"))
            return
        self._flush()
        self._before_inner()
        self._range = self._span(element)
        self._add("math", f"$$\n{formula}\n$$")

    # Inline elements

    def _inline(self, element: _Element) -> Leave | None:
        tag = element.tag
        if tag == "br":
            self._mark(BREAK, element)
            return None
        if tag == "button" and not (shapes.in_sentence(element) or shapes.heads_list(element)):
            self._button(element)
            return None
        if tag in _CODE and not has_blocks(element):
            self._code_in_line(element)
            return None
        if tag == "code" and content(element).lstrip()[:1] in ("{", "["):
            self._code(leveled(element), element, element)  # data, the levels of which are lists
            return None
        if tag == "a" and is_permalink(element):
            self.account.drop(element, "mark")
            parted = element.getnext() is None or content(element)
            if parted and self._run and not (element.tail or "").strip():  # from the text
                last = self._run[-1]
                last.text = last.text.rstrip(_PARTERS)
            if headed := shapes.headed_box(element):
                self._heads_box(*headed)
            return None
        if tag == "a" and len(element) and shapes.steps_on(element):
            self.account.drop(element, "furniture")
            return None
        if shapes.follows_alike(element):
            self._run.append(Part(" ", element, "begin"))
        if tag == "sup":
            self._whole(superscript(element), element)
            return None
        if tag in ("b", "strong") and not self._asking.is_question(element):
            self._mark(BOLD, element)
            return lambda: self._mark(PLAIN, element, closing=True)
        if tag == "label" and (shapes.asks_of(element) or is_generic(content(element))):
            self.account.drop(element, "control")
            return None
        if tag == "q":
            self._mark("\u201c", element)
            return lambda: self._mark("\u201d", element, closing=True)
        if self._asking.is_question(element):
            return self._take_question(element)
        return nothing

    def _heads_box(self, title: _Element, box: _Element) -> None:
        """Makes a heading of the line before a mark, with which a box begins."""
        self._flush()
        last = self.pieces[-1] if self.pieces else None
        if last is None or last.kind != "paragraph":
            return
        if last.text not in line(title) or shapes.has_any(title, *BLOCKS - {"div"}):
            return
        around = (self._closing.get(above, 0) for above in box.iterancestors())
        self._level = level = level_below(next(filter(None, around), self._level))
        anchor = box.get("id") or ""
        self._closing[box] = level
        self.pieces[-1] = replace(last, kind="heading", level=level, anchor=anchor)
        if len(last.text) > LONG_SIGNATURE and "(" in last.text:
            self._range = self._until_bracket(title)
            self._add("heading", last.text.partition("(")[0].strip(), level, anchor=anchor)
            self.pieces[-2:] = self.pieces[-1], last

    def _code_in_line(self, element: _Element) -> None:
        said = content(element)
        broken = has_breaks(element)
        alone = (broken or "\n" in said) and shapes.is_alone(element, broken=broken)
        if alone or (broken and shapes.is_of_lines(element)):
            self._pre(element)  # code without a `pre`
            return
        text = code_span(element, None if broken else said)
        last = self._run[-1] if self._run else None
        if last is not None and last.element is element.getprevious() and follows_code(element):
            last.text, text = one_code(last.text, text)
        self._run.append(Part(text, element, "whole", said))

    def _code_span(self, element: _Element, language: str) -> Range | None:
        """Where code stands, with the element around it that names its language."""
        if not language or language_of(element):
            return self._span(element)
        for above in element.iterancestors("div", "figure"):
            if language_of(above) == language:
                alone = content(above).strip() == content(element).strip()
                return self._span(above if alone else element)
        return self._span(element)


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


def _drawn_in(summary: _Element) -> tuple[_Element, ...]:
    """What is drawn in the label of a fold around its title, which may stand in a box."""
    title = summary
    while len(title) == 1 and not (title.text or "").strip() and not (title[0].tail or "").strip():
        title = title[0]
    return shapes.marks_in(title) if asks(line(title, shapes.marks_in(title))) else ()


def _is_badge_of(code: _Element, piece: Piece) -> bool:
    """Whether the piece above code is a badge on it: its language, or what copies it."""
    if piece.kind == "paragraph" and piece.text.casefold() in _COPIES:
        return True
    if code.getprevious() is None or piece.kind not in ("paragraph", "list_item", "admonition"):
        return False
    return _names_language(_bare(piece), code)


def _bare(piece: Piece) -> str:
    """The text of a piece without the mark of an item."""
    return re.sub(r"^\s*(?:-|\d+\.) ", "", piece.text)


def _names_language(said: str, code: _Element) -> bool:
    """Whether words above code are no more than its language."""
    told = shapes.letters(code_language(code))
    return shapes.letters(said).casefold() == (told or "textonly")


def _leads_or_says(element: _Element) -> bool:
    """Whether an element is more than a tool with a word, or a mark that leads to its place."""
    if element.tag == "a":
        return not (element.get("href") or "").startswith("#")
    n_said, links = len(content(element).split()), islice(element.iter("a"), 2)
    return n_said >= _FEWEST_SAID or len(list(links)) > (n_said == 0)


def _is_last(element: _Element) -> bool:
    """Whether nothing is said in the page behind an element right in its body."""
    parent = element.getparent()
    if parent is None or parent.tag != "body" or (element.tail or "").strip():
        return False
    return all(after.tag in NEVER for after in element.itersiblings())
