"""Elements that ask though they are no headings: questions of an FAQ, titles of folds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from builder.ingest import shapes
from builder.ingest.furniture import HEADINGS, Furniture, has_word, is_boilerplate
from builder.ingest.inline import content_size, line, lines
from builder.ingest.questions import MAX_QUESTION, asks, is_generic

if TYPE_CHECKING:
    from lxml.etree import _Element

_FOLD_TITLES = shapes.TITLES | frozenset(("toggle", "trigger", "button", "summary", "control"))
_ASKING = frozenset(  # attributes without which no element but a label is taken for a question
    "itemprop class aria-expanded aria-controls data-toggle data-bs-toggle onclick".split()
)


class Asking:
    """Judges the elements of one region of a page, each in the light of those like it.

    panels: the elements that buttons of the page open, by id.
    called: elements that the page has called questions.
    taken:  questions that have been read: their words are gone from the tree.
    """

    def __init__(self, furniture: Furniture, panels: Mapping[str, _Element]) -> None:
        self.called: set[_Element] = set()
        self.taken: set[_Element] = set()
        self.region: _Element | None = None
        self._furniture = furniture
        self._panels = panels
        self._asked_by: dict[tuple[str, str], bool] = {}
        self._named: dict[tuple[str, str], list[_Element]] = {}  # elements by tag and class
        self._lists_ask: dict[_Element, bool] = {}
        self._mostly_asks: dict[_Element, bool] = {}

    def is_question(self, element: _Element) -> bool:
        """Whether class names or microdata make an element a question or the title of a fold."""
        if element in self.called:
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
        if not 0 < content_size(element) <= 2 * MAX_QUESTION:
            return False
        text = lines(element, shapes.marks_in(element))
        if not text or "\n" in text or len(text) > MAX_QUESTION:
            return False
        if is_generic(text) or is_boilerplate(text):
            return False
        if any(map(shapes.told_by_toggle, element.iterdescendants("div"))):
            return False  # a title and what is below it
        if named or asks(text) or (folds and element.getnext() is not None):
            return True
        if not opens:
            return is_called_question and self.is_asked_alike(element)
        return self.is_asked_alike(element) or self._shows(element)

    def is_asked_alike(self, element: _Element) -> bool:
        """Whether most elements of the same tag and class are questions, at least two."""
        key = str(element.tag), element.get("class") or ""
        if not self._named:
            root = element.getroottree().getroot() if self.region is None else self.region
            for one in root.iter("*"):
                name = str(one.tag), one.get("class") or ""
                self._named.setdefault(name, []).append(one)
        if key not in self._asked_by:
            alike = self._named.get(key, [])
            told = [one in self.taken or asks(line(one, shapes.marks_in(one))) for one in alike]
            self._asked_by[key] = sum(told) > 1 and 2 * sum(told) >= len(told)
        return self._asked_by[key]

    def asks_as_others(self, item: _Element, *, faq: bool) -> bool:
        """Whether a list item asks, alone in its list or as more than half of its items do.

        faq: on a page of questions each that asks is one.
        """
        listed = item.getparent()
        if listed is None or not shapes.is_question_item(item, told=True):
            return False
        if faq and shapes.is_question_item(item):
            return True
        if listed not in self._mostly_asks:
            items = [one for one in listed if one.tag == item.tag]
            asking = sum(map(shapes.is_question_item, items))
            self._mostly_asks[listed] = 2 * asking > len(items)
        return self._mostly_asks[listed]

    def is_titled_as_others_ask(self, item: _Element) -> bool:
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
        return self.unfolded(element) is not None

    def unfolded(self, element: _Element) -> _Element | None:
        """What follows an element and is hidden only until it is clicked."""
        panel = shapes.unfolded(element)
        return None if panel is None or self._furniture.hidden(panel) else panel


def _is_fold_title(element: _Element, label: str) -> bool:
    """Whether an element is called the title of what follows it in a box that is called a fold."""
    parent = element.getparent()
    if parent is None or not has_word(label, shapes.TITLES) or element.getnext() is None:
        return False
    return has_word(parent.get("class") or "", shapes.FOLD_WORDS)
