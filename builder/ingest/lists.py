"""Lists and definition lists of a page: items, or headings above what they define."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from builder.ingest import shapes
from builder.ingest.asking import Asking
from builder.ingest.furniture import Furniture, is_announcement, is_related
from builder.ingest.gather import Gatherer, Leave, OpenList, level_below
from builder.ingest.offsets import Spans
from builder.ingest.parsed import Piece
from builder.ingest.questions import MAX_QUESTION, asks
from builder.ingest.run import Range
from builder.text import whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

_TAKEN_BACK = 50  # pieces that may have been taken back or made headings, at most
LONG_SIGNATURE = 120  # characters of a defined term, over which its parameters leave the heading


@dataclass
class OpenDefinitions:
    """An open definition list.

    level: of its headings, 0 when its terms are list items; bare: it defines none of its terms.
    """

    level: int = 0
    bare: bool = False
    terms: list[str] = field(default_factory=list)
    start: int | None = None


class ListReader(Gatherer):
    """Reads lists; what is in their items is text like any other."""

    def __init__(
        self,
        furniture: Furniture,
        asking: Asking,
        *,
        faq: bool,
        spans: Spans | None,
        authored: bool,
    ) -> None:
        super().__init__(faq=faq, spans=spans, authored=authored)
        self._furniture = furniture
        self._asking = asking
        self._taken: set[_Element] = set()  # elements of which the text is used up
        self._definitions: list[OpenDefinitions] = []
        self._lists_named: dict[str, bool] = {}  # whether lists of a class are of the text
        self._contents: set[_Element] = set()  # lists of links into the page that are text
        self._seen_headings = 0, -1  # pieces looked at for headings, where the last one is

    def _list(self, element: _Element) -> Leave | None:
        self._flush()
        if not self._authored and self._leads_about(element):
            self.account.drop(element, "links")
            return None
        self._before_inner()
        self._lists.append(OpenList(element.tag == "ol", whole_number(element.get("start"), 1)))
        first = len(self.pieces)

        def leave() -> None:
            self._flush()
            self._marker = ""
            self._lists.pop()
            self._end_answers(first)

        return leave

    def _end_answers(self, first: int) -> None:
        """Ends what stands below the questions of a list that ends, but for one still to answer."""
        inside = self.pieces[first:]
        asked = [piece.level for piece in inside if piece.flags[:2] == ("question", "inferred")]
        if asked and inside[-1].kind != "heading":
            self.pieces.append(Piece("end", "", min(asked)))

    def _leads_about(self, element: _Element) -> bool:
        """Whether a list of links only leads about the page or the site; empties its heading.

        What a sentence announces, or stands under a heading that can be linked to, is the author's
        own; but a list of questions that leads into the page stands again above their answers.
        """
        last = self.pieces[-1] if self.pieces else None
        if shapes.only_jumps(element):
            if next(element.iterancestors("ul", "ol"), None) in self._contents:
                self._contents.add(element)
                return False
            if shapes.is_contents_box(element):
                self._empties()
                return True
            head = self._last_heading()
            begun = head is not None or (last is not None and last.kind == "paragraph")
            told = bool(head and head.anchor) or (
                begun and shapes.is_of_text(element, self._lists_named)
            )
            own = told and not shapes.is_asked_mostly(element)
            if own:
                self._contents.add(element)
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

    def _last_heading(self) -> Piece | None:
        """The last heading so far; of the pieces looked at before only the last few are again.

        Those may have been taken back since then.
        """
        looked, at = self._seen_headings
        if at >= 0 and not self._is_heading(at):
            looked, at = 0, -1
        low = max(0, min(looked, len(self.pieces)) - _TAKEN_BACK)
        new = range(len(self.pieces) - 1, low - 1, -1)
        at = next(filter(self._is_heading, new), at)
        self._seen_headings = len(self.pieces), at
        return self.pieces[at] if at >= 0 else None

    def _is_heading(self, at: int) -> bool:
        return at < len(self.pieces) and self.pieces[at].kind == "heading"

    def _item(self, element: _Element) -> Leave:
        self._flush()
        depth = max(1, self._depth())
        top = self._lists[-1] if self._lists else OpenList(ordered=False)
        top.number = whole_number(element.get("value"), top.number)
        self._marker = "  " * (depth - 1) + (f"{top.number}. " if top.ordered else "- ")
        top.number += 1
        self._item_start = self._here
        if self._asks(element):
            self._marker = ""
            top.asks = True
        return self._leave_item

    def _asks(self, item: _Element) -> bool:
        asking = self._asking
        return asking.asks_as_others(item, faq=self._faq) or asking.is_titled_as_others_ask(item)

    def _leave_item(self) -> None:
        self._flush()
        self._marker = ""

    # Definition lists: items "- term: definition", or headings where an entry is a section.

    def _dl(self, element: _Element) -> Leave | None:
        self._flush()
        if not self._authored and self._leads_about(element):
            self.account.drop(element, "links")
            return None
        self._before_inner()
        if not shapes.has_headings_for_terms(element):
            self._lists.append(OpenList(ordered=False, defines=True))
            bare = next(element.iterchildren("dd", "div"), None) is None
            self._definitions.append(OpenDefinitions(bare=bare))
            return self._leave_dl
        outer = self._level
        self._definitions.append(OpenDefinitions(level=level_below(outer)))

        def leave() -> None:
            self._flush()
            self._definitions.pop()
            self._level = outer
            self.pieces.append(Piece("end", "", level_below(outer)))

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
        if definitions.bare:
            self._emit_terms(self._range)

    def _begin_definitions(self) -> None:
        """A term or definition outside of any list opens one that ends with the page."""
        if not self._definitions:
            self._lists.append(OpenList(ordered=False, defines=True))
            self._definitions.append(OpenDefinitions())

    def _term_headings(self, element: _Element, text: str, level: int) -> None:
        """The heading of an entry, of all its terms; what is too long stands below the first."""
        more = [one for one in shapes.further_terms(element) if not self._furniture.hidden(one[0])]
        whole = ", ".join((text, *(said for _, said in more)))
        span = self._range
        for term, _ in more:
            self._taken.add(term)
            self.account.keep_in(term)
        if not more or asks(text) or len(whole) <= LONG_SIGNATURE:
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
        elif len(text) > LONG_SIGNATURE and bracket and len(name) > 1:
            signature = self._range
            self._range = self._until_bracket(element)
            self._add("heading", name, level, anchor=anchor)
            self._range = signature
            self._emit("paragraph", text)
        elif len(text) > MAX_QUESTION:
            self._emit("paragraph", text)
        else:
            self._add("heading", text, level, anchor=anchor)

    def _dd(self, element: _Element) -> Leave | None:
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

    def _emit_terms(self, where: Range | None = None) -> None:
        """Terms that no definition follows are items on their own. where: the last of them."""
        terms = ", ".join(self._definitions[-1].terms)
        if terms:
            self._definitions[-1].terms = []
            self._item_start = self._definitions[-1].start
            self._marker = "  " * max(0, self._depth() - 1) + "- "
            self._range = where
            self._emit_item(terms)

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
