"""What of a page's visible text is kept and what is left out, in characters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from builder.ingest.clean import size
from builder.ingest.inline import backwards, content, content_size
from builder.records import Dropped

if TYPE_CHECKING:
    from lxml.etree import _Element

UNSEEN = ("script", "style", "template", "noscript", "svg", "head", "title")
_UNSEEN = frozenset(UNSEEN)
_BEGINNING = 80  # characters


def shown_size(element: _Element, total: int | None = None) -> int:
    """The characters of `shown_text`, white space apart. total: the size of all its content."""
    if element.tag in _UNSEEN:
        return 0
    total = content_size(element) if total is None else total
    if _may_hold_unseen(element):
        inside: set[_Element] = set()  # what is unseen already, with what is around it
        for unseen in element.iterdescendants(*UNSEEN):
            if unseen not in inside:
                total -= content_size(unseen)
                inside.update(unseen.iterdescendants() if len(unseen) else ())
    return total


def _may_hold_unseen(element: _Element) -> bool:
    """A quick look, since to set up a search takes longer than most elements need."""
    for child in element if len(element) else ():  # noqa: SIM110 - it is asked of every block
        if len(child) or child.tag in _UNSEEN:
            return True
    return False


def shown_text(element: _Element) -> str:
    """The text below an element, that of scripts and styles left out."""
    text = content(element)
    if not _may_hold_unseen(element) or next(element.iterdescendants(*UNSEEN), None) is None:
        return text if element.tag not in _UNSEEN else ""
    parts: list[str] = []
    stack: list[_Element | str] = [element]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            parts.append(top)
            continue
        if top is not element and top.tail:
            stack.append(top.tail)
        if top.tag in _UNSEEN:
            continue
        stack += backwards(top)
        if top.text:
            parts.append(top.text)
    return "".join(parts)


class Account:
    """Counts the text of one page."""

    def __init__(self) -> None:
        self._kept = 0
        self._texts: list[str] = []  # which went into blocks and are not counted yet
        self.dropped: list[Dropped] = []

    @property
    def kept(self) -> int:
        """Characters in the blocks, white space apart."""
        if self._texts:
            self._kept += size("".join(self._texts))  # one long text is counted faster than many
            self._texts = []
        return self._kept

    def keep(self, texts: Iterable[str]) -> None:
        """Counts texts that went into a block."""
        self._texts += texts

    def keep_in(self, element: _Element, *, shown: int | None = None, later: int = 0) -> None:
        """Counts an element that became a block; shown: what of it did, when it is not all.

        later: how much of that is counted when it is read.
        """
        total = shown_size(element)
        held = total if shown is None else min(shown, total)
        self._kept += held - later
        if total > held:
            self._add(_selector(element), "mark", total - held, "")

    def drop(self, element: _Element, reason: str, *, but: Iterable[_Element] = ()) -> int:
        """Counts an element that is left out. but: elements that are kept, maybe in it.

        Returns the size of all its text.
        """
        text = shown_text(element)
        left = shown = size(text)
        for kept in but:
            if kept is element or element in kept.iterancestors():
                left -= shown_size(kept)
        if left > 0:
            beginning = " ".join(text.split(maxsplit=_BEGINNING)[:_BEGINNING])[:_BEGINNING]
            self._add(_selector(element), reason, left, beginning)
        return shown

    def take_back(self, what: str, text: str, *, shown: int | None = None) -> None:
        """Counts a block that is left out after all."""
        shown = min(self.kept, size(text) if shown is None else shown)
        self._kept -= shown
        self._add(what, "furniture", shown, text[:_BEGINNING])

    def balance(self, visible: int) -> tuple[Dropped, ...]:
        """What was dropped, so that it adds up to visible together with what was kept."""
        rest = visible - self.kept - sum(part.characters for part in self.dropped)
        if rest > 0:
            self._add("text without a block", "mark", rest, "")
        return tuple(self.dropped)

    def _add(self, what: str, reason: str, characters: int, beginning: str) -> None:
        self.dropped.append(
            Dropped(what=what, reason=reason, characters=characters, beginning=beginning)
        )


def _selector(element: _Element) -> str:
    """A short name of an element: "nav#toc", "div.sidebar"."""
    if element.get("id"):
        return f"{element.tag}#{element.get('id')}"
    names = (element.get("class") or "").split()
    return f"{element.tag}.{names[0]}" if names else str(element.tag)
