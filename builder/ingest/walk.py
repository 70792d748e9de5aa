"""The walk through an HTML tree: elements in, pieces out, without recursion."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from builder.ingest import tables
from builder.ingest.furniture import (
    ADMONITIONS,
    HEADINGS,
    NEVER,
    Furniture,
    admonition_kind,
    has_word,
    is_boilerplate,
    is_related,
)
from builder.ingest.inline import (
    BOLD,
    BREAK,
    INLINE,
    PLAIN,
    code_language,
    code_span,
    has_blocks,
    is_permalink,
    line,
    lines,
    squeeze,
    superscript,
    unmarked,
    verbatim,
)
from builder.ingest.parsed import Piece, fenced
from builder.ingest.questions import (
    MAX_QUESTION,
    is_generic,
    is_one_question,
    split_bold,
    split_labelled,
    without_answer_label,
)
from builder.records import BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element

Leave = Callable[[], None]

_TITLES = frozenset(("title", "heading", "label", "header"))
_QUESTION_WORDS = frozenset(("question", "faq"))
_FOLD_WORDS = frozenset("accordion collapsible collapse expandable expander toggle".split())
_FOLD_TITLES = _TITLES | frozenset(("toggle", "trigger", "button", "summary"))
_LONG_SIGNATURE = 120  # characters of a defined term, over which its parameters leave the heading


@dataclass
class _List:
    ordered: bool
    number: int = 1


@dataclass
class _Note:
    label: str
    used: bool = False


@dataclass
class _Definitions:
    """An open definition list. level: of its headings, 0 when its terms are list items."""

    level: int = 0
    terms: list[str] = field(default_factory=list)


class Walker:
    """Reads a region of one page into pieces.

    panels: the elements that buttons of the page open, by id.
    faq:    the page is one of questions and answers, so that lone questions are headings.
    """

    def __init__(
        self, furniture: Furniture, panels: Mapping[str, _Element], *, faq: bool = False
    ) -> None:
        self.pieces: list[Piece] = []
        self._furniture = furniture
        self._panels = panels
        self._faq = faq
        self._numbered = False
        self._run: list[str] = []
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

    def walk(self, region: _Element) -> list[Piece]:
        """The pieces of everything inside region."""
        self._region = region
        self._numbered = _numbered_in_bold(region) >= 3
        self._quotes = -1000 if _is_mostly_quoted(region) else 0
        stack: list[tuple[_Element, Leave | None]] = [(region, None)]
        while stack:
            element, leave = stack.pop()
            if leave is not None:
                leave()
                self._close(element)
            else:
                leave = self._enter(element)
                if leave is not None:
                    self._text(element.text)
                    stack.append((element, leave))
                    stack.extend((child, None) for child in reversed(element))
                    continue
            if element is not region:
                self._text(element.tail)
        self._flush()
        return self.pieces

    # Each reader below says what an element does: None when it is done with, else what to do
    # when the walk leaves it.

    def _enter(self, element: _Element) -> Leave | None:
        tag = element.tag
        if not isinstance(tag, str) or tag in NEVER or element in self._taken:
            return None
        if element is not self._region and self._left_out(element):
            return None
        if tag in HEADINGS or element.get("role") == "heading":
            self._heading(element)
            return None
        reader = _READERS.get(tag)
        if reader is not None:
            return reader(self, element)
        return self._inline(element) if tag in INLINE else self._block(element)

    def _close(self, element: _Element) -> None:
        level = self._closing.pop(element, 0)
        if level:
            self._flush()
            self.pieces.append(Piece("end", "", level))

    def _left_out(self, element: _Element) -> bool:
        if self._furniture.hidden(element):
            self._hidden += 1
            return True
        if element.tag in HEADINGS or element.tag in ("dt", "dd"):
            return False
        if self._furniture.furniture(element):
            return element.tag in ("nav", "aside") or not self._holds_most(element)
        if element.tag == "aside" and _only_links(element):
            return True
        return element.tag in ("form", "fieldset") and not self._holds_most(element)

    def _holds_most(self, element: _Element) -> bool:
        """Whether an element that looks like furniture holds most of the text after all."""
        if not self._size and self._region is not None:
            self._size = len(line(self._region))
        inside = len(line(element))
        return inside > 400 and inside > 0.5 * self._size

    # Headings and questions

    def _heading(self, element: _Element) -> None:
        self._flush()
        text = line(element)
        level = HEADINGS.get(str(element.tag)) or _number(element.get("aria-level"), 2)
        level = min(6, max(1, level))
        note = self._notes[-1] if self._notes else None
        if note is not None and not note.used and not note.label:
            note.label = text
        elif len(text) > MAX_QUESTION:
            self._emit("paragraph", text)
        elif text:
            self._marker = ""
            self._level = level
            self.pieces.append(Piece("heading", text, level))

    def _question(self, text: str, level: int = 0) -> int:
        """Emits a heading that the markup does not call one; returns its level."""
        self._marker = ""
        level = level or _below(self._level)
        text = " ".join(text.split())
        if len(text) > MAX_QUESTION:
            self._emit("paragraph", text)
        elif text:
            self.pieces.append(Piece("heading", text, level))
        return level

    def _is_question(self, element: _Element) -> bool:
        """Whether class names or microdata make an element a question or the title of a fold."""
        label = element.get("class") or ""
        named = element.get("itemprop") == "name" and _in_question(element)
        asks = bool(label) and has_word(label, _QUESTION_WORDS)
        folds = bool(label) and has_word(label, _FOLD_WORDS) and has_word(label, _FOLD_TITLES)
        if not (named or asks or folds) or _has_any(
            element, *HEADINGS, "button", "p", "ul", "ol", "pre"
        ):
            return False
        text = lines(element)
        if not text or "\n" in text or len(text) > MAX_QUESTION:
            return False
        return named or text.endswith("?") or (folds and element.getnext() is not None)

    def _take_question(self, element: _Element) -> Leave:
        self._flush()
        self._question(line(element))
        self._take_content(element)
        return _nothing

    def _take_content(self, element: _Element) -> None:
        self._taken.update(element)
        element.text = None
        for child in element:
            child.tail = None

    def _button(self, element: _Element) -> None:
        """Buttons are no text, but what opens an answer is its question."""
        text = line(element)
        named = has_word(element.get("class") or "", _FOLD_WORDS | _QUESTION_WORDS)
        target = element.get("aria-controls") or element.get("data-bs-target") or ""
        opens = element.get("aria-expanded") is not None or bool(target)
        if not (opens or named) or not (text.endswith("?") or len(text.split()) > 1):
            return
        self._flush()
        panel = self._panels.get(target.lstrip("#"))
        if panel is None:
            panel = element.getnext()
        level = self._question(text)
        if panel is not None:
            self._closing[panel] = level

    def _details(self, element: _Element) -> Leave:
        self._flush()
        summary = element.find("summary")
        text = line(summary) if summary is not None else ""
        if summary is not None:
            self._taken.add(summary)
        if admonition_kind(element.get("class") or "") and not text.endswith("?"):
            return self._note(text)
        outer = self._level
        if not is_generic(text):
            self._level = self._question(text)

        def leave() -> None:
            self._flush()
            self._level = outer
            self.pieces.append(Piece("end", "", _below(outer)))

        return leave

    # Containers

    def _block(self, element: _Element) -> Leave:
        self._flush()
        kind = admonition_kind(element.get("class") or "")
        boxed = kind or element.get("role") in ("note", "alert")
        if boxed and element is not self._region and not _has_sections(element):
            return self._admonition(element)
        if self._is_question(element):
            return self._take_question(element)
        return self._flush

    def _admonition(self, element: _Element) -> Leave:
        title = _title_of(element)
        label = ""
        if title is not None:
            label = line(title)
            self._taken.add(title)
        return self._note(label)

    def _note(self, label: str) -> Leave:
        label = label.rstrip(": ")
        if label in ADMONITIONS:
            label = label.capitalize()
        self._notes.append(_Note(label))

        def leave() -> None:
            self._flush()
            self._notes.pop()

        return leave

    def _quote(self, element: _Element) -> Leave:
        self._flush()
        first = element[0] if len(element) else None
        titled = first is not None and has_word(first.get("class") or "", _TITLES)
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
        if _only_jumps(element) or self._is_related(element):
            return None
        self._before_inner()
        self._lists.append(_List(element.tag == "ol", _number(element.get("start"), 1)))

        def leave() -> None:
            self._flush()
            self._marker = ""
            self._lists.pop()

        return leave

    def _is_related(self, element: _Element) -> bool:
        """Whether a list of links stands under "See also" or the like; drops that heading too."""
        last = self.pieces[-1] if self.pieces else None
        if last is None or last.kind != "heading" or not is_related(last.text):
            return False
        if not _only_links(element):
            return False
        self.pieces.pop()
        return True

    def _item(self, element: _Element) -> Leave:
        self._flush()
        depth = max(1, len(self._lists))
        top = self._lists[-1] if self._lists else _List(ordered=False)
        top.number = _number(element.get("value"), top.number)
        self._marker = "  " * (depth - 1) + (f"{top.number}. " if top.ordered else "- ")
        top.number += 1
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

    def _dl(self, element: _Element) -> Leave:
        self._flush()
        self._before_inner()
        if not _has_headings_for_terms(element):
            self._lists.append(_List(ordered=False))
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
        text = line(element)
        if not text or not self._definitions:
            self._emit("paragraph", text)
        elif self._definitions[-1].level:
            self._term_heading(text, self._definitions[-1].level)
        else:
            self._marker = ""
            self._definitions[-1].terms.append(text.rstrip(":").rstrip())

    def _term_heading(self, text: str, level: int) -> None:
        name, bracket, _ = text.partition("(")
        if len(text) > _LONG_SIGNATURE and bracket and len(name.strip("` ")) > 1:
            self._question(name.strip("` "), level)
            self._emit("paragraph", text)
        else:
            self._question(text, level)

    def _dd(self, element: _Element) -> Leave:
        self._flush()
        if not self._definitions:
            return self._flush
        definitions = self._definitions[-1]
        if definitions.level:
            outer, self._level = self._level, definitions.level

            def leave() -> None:
                self._flush()
                self._level = outer

            return leave
        terms = ", ".join(definitions.terms)
        definitions.terms = []
        self._marker = "  " * (len(self._lists) - 1) + "- " + (f"{terms}: " if terms else "")
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
            self._marker = "  " * (len(self._lists) - 1) + "- "
            self._emit_item(terms)

    # Code and tables

    def _pre(self, element: _Element) -> None:
        self._flush()
        code, language = verbatim(element), code_language(element)
        if not code.strip():
            return
        if self.pieces and element.getprevious() is not None:
            last = self.pieces[-1]
            if last.kind == "paragraph" and last.text.casefold() == language:
                self.pieces.pop()  # the language as a badge on the code
        self._before_inner()
        self.pieces.append(Piece("code", fenced(code, language)))

    def _table(self, element: _Element) -> Leave | None:
        self._flush()
        code = tables.numbered_code(element)
        if code is not None:
            self._pre(code)
            return None
        items = tables.only_column(element)
        if items and not self._notes:
            self._before_inner()
            self.pieces += [Piece("list_item", f"- {item}", 1) for item in items]
            return None
        unlabelled = bool(self._notes) and not self._notes[-1].used and not self._notes[-1].label
        if unlabelled or tables.is_layout(element):
            return self._flush
        self._before_inner()
        caption = element.find("caption")
        if caption is not None:
            self._emit("paragraph", line(caption))
        text = tables.render(element)
        if text:
            self.pieces.append(Piece("table", text))
        return None

    # Inline elements and the text that they make up

    def _inline(self, element: _Element) -> Leave | None:
        tag = element.tag
        if tag == "br":
            self._run.append(BREAK)
            return None
        if tag == "button":
            self._button(element)
            return None
        if tag in ("code", "samp", "tt") and not has_blocks(element):
            self._run.append(code_span(element))
            return None
        if tag == "a" and is_permalink(element):
            return None
        if tag == "sup":
            self._run.append(superscript(element))
            return None
        if tag in ("b", "strong"):
            self._run.append(BOLD)
            return lambda: self._run.append(PLAIN)
        if tag == "q":
            self._run.append("\u201c")
            return lambda: self._run.append("\u201d")
        if (element.get("class") or element.get("itemprop")) and self._is_question(element):
            return self._take_question(element)
        return _nothing

    def _text(self, text: str | None) -> None:
        if text:
            self._run.append(unmarked(text))

    def _flush(self) -> None:
        """Makes blocks of the inline text gathered so far."""
        if not self._run:
            return
        marked = "".join(self._run)
        self._run = []
        if not marked.strip(f"{BOLD}{PLAIN}{BREAK} \n\t"):
            return
        for part in re.split(rf"{BREAK}(?:\s*{BREAK})+", marked):
            self._paragraph(part)

    def _paragraph(self, marked: str) -> None:
        question, rest = "", marked
        if not self._notes and self._quotes <= 0:
            question, rest = split_bold(marked, numbered=self._numbered)
        text = squeeze(rest)
        if not question and not self._notes and self._quotes <= 0:
            question, text = split_labelled(text)
        if not question and self._faq and not self._lists and is_one_question(text):
            question, text = text, ""
        if question:
            self._question(question)
        if self.pieces and self.pieces[-1].kind == "heading" and self.pieces[-1].text.endswith("?"):
            text = without_answer_label(text)
        if text and not is_boilerplate(text):
            self._emit_text(text)

    def _emit_text(self, text: str) -> None:
        if self._marker:
            self._emit_item(text)
        elif self._notes:
            self._emit_note(text)
        elif self._quotes > 0:
            self._emit("quote", "\n".join(f"> {part}" for part in text.split("\n")))
        else:
            self._emit("paragraph", text)

    def _emit_note(self, text: str) -> None:
        note = self._notes[-1]
        if not note.used and not note.label and text.rstrip(": ").casefold() in ADMONITIONS:
            note.label = text.rstrip(": ")
            return
        if not note.used and note.label and not text.startswith(note.label):
            text = f"{note.label}: {text}"
        note.used = True
        self._emit("admonition", text)

    def _emit_item(self, text: str) -> None:
        marker, self._marker = self._marker, ""
        self._use_label()
        item = (marker + text.replace("\n", " ")).rstrip()
        self.pieces.append(Piece("list_item", item, max(1, len(self._lists))))

    def _use_label(self) -> None:
        note = self._notes[-1] if self._notes else None
        if note is not None and not note.used:
            note.used = True
            if note.label:
                self._emit("admonition", f"{note.label}:")

    def _emit(self, kind: BlockKind, text: str) -> None:
        if text:
            self.pieces.append(Piece(kind, text))


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


def _nothing() -> None:
    return None


def _below(level: int) -> int:
    return min(6, max(2, level + 1))


def _number(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,6}", value) else default


def _has_any(element: _Element, *tags: str) -> bool:
    return next(element.iterdescendants(*tags), None) is not None


def _in_question(element: _Element) -> bool:
    return any(
        (above.get("itemtype") or "").rstrip("/").endswith("Question")
        for above in element.iterancestors()
    )


def _has_sections(element: _Element) -> bool:
    """Whether an element is too rich for an admonition: it holds sections of its own."""
    found = list(element.iter(*HEADINGS))
    return len(found) > 1 or any(heading.tag in ("h1", "h2") for heading in found)


def _title_of(element: _Element) -> _Element | None:
    """The element inside an admonition that holds its label."""
    first = next(iter(element), None)
    while first is not None and first.tag in ("div", "header") and len(first):
        if has_word(first.get("class") or "", _TITLES):
            break
        first = first[0]
    if first is None:
        return None
    named = has_word(first.get("class") or "", _TITLES)
    return first if named or first.tag in HEADINGS or first.tag == "summary" else None


def _only_links(element: _Element) -> bool:
    text = "".join(line(element).split())
    linked = "".join("".join(line(link).split()) for link in element.iter("a"))
    return bool(linked) and len(linked) >= 0.8 * len(text.replace(";", ""))


def _only_jumps(element: _Element) -> bool:
    """Whether a list holds nothing but links into its own page."""
    links = list(element.iter("a"))
    if len(links) < 2 or not all((link.get("href") or "").startswith("#") for link in links):
        return False
    return _only_links(element)


def _has_headings_for_terms(element: _Element) -> bool:
    """Whether the terms of a definition list head questions or whole sections."""
    terms = list(element.iter("dt"))
    if terms and sum(line(term).endswith("?") for term in terms) >= 0.5 * len(terms):
        return True
    bodies = list(element.iter("dd"))
    if any(_has_any(body, "dl", *HEADINGS) for body in bodies):
        return True
    rich = sum(len(body) > 1 and len(line(body)) > 300 for body in bodies)
    return bool(bodies) and rich > 0.5 * len(bodies)


def _numbered_in_bold(region: _Element) -> int:
    count = 0
    for bold in region.iter("b", "strong"):
        parent = bold.getparent()
        if parent is not None and parent.tag in ("p", "div") and not (parent.text or "").strip():
            count += bool(re.match(r"\(?\d{1,3}[.)]\s+\S", line(bold)))
    return count


def _is_mostly_quoted(region: _Element) -> bool:
    """Whether a page uses quotations for nothing but indenting its text."""
    quoted = sum(len(line(quote)) for quote in region.iterchildren("blockquote"))
    quoted = quoted or sum(
        len(line(quote)) for quote in region.iter("blockquote") if quote.getparent() is not None
    )
    return quoted > 1500 and quoted > 0.35 * len(line(region))
