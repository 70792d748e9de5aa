"""The words of a paragraph of an OpenDocument file, as its reader sees them.

runs(paragraph, ...) yields them in order, with what stands between them: notes, frames, and words
that are left out. White space is that of ODF 1.3 part 3, 6.1.2: what stands in the XML counts as
one blank, tabs and line breaks are elements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from builder.ingest import mathml
from builder.ingest.docx_styles import Look
from builder.ingest.odf_package import DC, DRAW, LOEXT, MATH, META, OFFICE, SVG, TEXT, XLINK
from builder.text import whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_BLANKS = 1_000  # that one element stands for
_LABEL_WORDS = 2  # before the number of a caption
_BLANK = re.compile(r"[ \t\r\n]+")
_FORMULA = "\N{OBJECT REPLACEMENT CHARACTER}"
_CLOSED = (":", ";", ",", ".", ")", "]")  # after which a blank stands
_NO_WORDS = frozenset(
    TEXT + name for name in "note-citation ruby-text tracked-changes script sequence-decls".split()
) | {f"{OFFICE}annotation-end", f"{OFFICE}event-listeners", f"{DRAW}control"}
_NO_SPEECH = frozenset(
    (f"{OFFICE}change-info", f"{SVG}title", f"{SVG}desc", f"{DC}creator", f"{DC}date")
) | {f"{META}date-string", f"{META}creator-initials"}
_PAGES = frozenset(
    TEXT + name for name in "page-number page-count page-continuation page-variable-get".split()
)
_REFERENCES = frozenset(
    TEXT + name for name in "bookmark-ref reference-ref sequence-ref note-ref".split()
)
_LOST = {
    f"{OFFICE}annotation": ("comment", "comment"),
    f"{TEXT}placeholder": ("placeholder", "placeholder"),
    f"{TEXT}note-ref": ("page reference", "page_reference"),
}


class Run(NamedTuple):
    """Words of one look; or a note, a frame, or words that are left out (of what, reason).

    "formula": words that a formula in the line says. "hidden": that the paragraph is hidden.
    """

    kind: Literal["text", "formula", "note", "frame", "lost", "hidden"]
    text: str = ""
    look: Look = Look()
    element: _Element | None = None
    lost: tuple[str, str] = ("", "")


LookOf = Callable[[tuple[str, ...]], Look]  # of the styles around words, outermost first
Embedded = Callable[["_Element"], "_Element | None"]


def runs(paragraph: _Element, look_of: LookOf, embedded: Embedded) -> Iterator[Run]:
    """The runs of a paragraph. embedded: the root of the object in a frame."""
    blank = True  # before the next word: those of the XML count as one
    before = ""  # the last character; formulas keep a distance to words
    stack: list[tuple[_Element | str, tuple[str, ...]]] = [*_inside(paragraph, ())]
    while stack:
        child, styles = stack.pop()
        if isinstance(child, str):
            text = _BLANK.sub(" ", child)
            text = text[1:] if blank and text.startswith(" ") else text
            if text:
                apart = " " * (before == _FORMULA and text[0].isalnum())
                blank, before = text.endswith(" "), text[-1]
                yield Run("text", apart + text, look_of(styles))
            continue
        white = _white(child)
        if white:
            blank, before = False, " "
            yield Run("text", white, look_of(styles))
            continue
        run = _special(child, embedded)
        if run is None:
            style = child.get(f"{TEXT}style-name") if child.tag == f"{TEXT}span" else None
            stack += _inside(child, (*styles, style) if style else styles)
        elif run.kind == "formula":
            if before.isalnum() or before in _CLOSED:
                yield Run("text", " ", look_of(()))
            blank, before = False, _FORMULA
            yield run._replace(look=look_of(()))
        elif run.text or run.kind != "lost":
            yield run


def _inside(
    element: _Element, styles: tuple[str, ...]
) -> Iterator[tuple[_Element | str, tuple[str, ...]]]:
    """What stands in an element, last first."""
    for child in reversed(element):
        if child.tail:
            yield child.tail, styles
        yield child, styles
    if element.text:
        yield element.text, styles


def _white(element: _Element) -> str:
    """The white space that an element stands for."""
    if element.tag == f"{TEXT}s":
        return " " * min(whole_number(element.get(f"{TEXT}c"), 1), _MAX_BLANKS)
    return "\t" if element.tag == f"{TEXT}tab" else "\n" * (element.tag == f"{TEXT}line-break")


def _special(element: _Element, embedded: Embedded) -> Run | None:
    """What an element is that does not only stand around words."""
    tag = str(element.tag)
    if tag.startswith(DRAW) and tag != f"{DRAW}control":
        return _drawn(element, embedded)
    if tag in _NO_WORDS or element.get(f"{TEXT}display") == "none":
        return Run("lost")
    if tag == f"{TEXT}note":
        return Run("note", element=element)
    if tag == f"{MATH}math":
        return Run("formula", formula(element))
    if tag == f"{TEXT}hidden-paragraph":
        return Run("hidden" if element.get(f"{TEXT}is-hidden") == "true" else "lost")
    if tag == f"{TEXT}hidden-text" and element.get(f"{TEXT}is-hidden") == "true":
        return Run("lost", said(element), lost=("hidden text", "hidden"))
    by_page = tag in _REFERENCES and element.get(f"{TEXT}reference-format") == "page"
    if tag in _PAGES or by_page:
        return Run("lost", said(element), lost=("page reference", "page_reference"))
    if tag in _LOST:
        return Run("lost", said(element), lost=_LOST[tag])
    if tag == f"{LOEXT}content-control" and element.get(f"{LOEXT}showing-place-holder") == "true":
        return Run("lost", said(element), lost=("placeholder", "placeholder"))
    return None


def _drawn(element: _Element, embedded: Embedded) -> Run:
    """A formula in the line, or whatever else is drawn."""
    root = embedded(element) if element.tag == f"{DRAW}frame" else None
    if root is not None and root.tag == f"{MATH}math":
        return Run("formula", formula(root))
    return Run("frame", element=element)


def formula(root: _Element) -> str:
    """A formula as its TeX source, else on one line, else as its annotation says it."""
    tex = mathml.source(root)
    return f"${tex}$" if tex else mathml.linear(root) or mathml.noted(root)


def only_leads_on(paragraph: _Element, *names: str) -> bool:
    """Whether all of a paragraph is links to other places of its document.

    names: of the elements that are links, besides those that any reader can follow.
    """
    links = [
        link
        for link in paragraph.iter(f"{TEXT}a", *names)
        if link.tag in names or (link.get(f"{XLINK}href") or "").startswith("#")
    ]
    linked = "".join(map(said, links))
    return bool(linked.strip()) and linked.split() == said(paragraph).split()


def is_listed(heading: _Element) -> bool:
    """Whether a heading only says another one, as the heading before or after it does.

    Some programs write the contents that way.
    """
    if not only_leads_on(heading, *_SAYS_ANOTHER):
        return False
    for siblings in (heading.itersiblings(), heading.itersiblings(preceding=True)):
        other = next((one for one in siblings if said(one).strip()), None)
        if other is not None and other.tag == f"{TEXT}h" and only_leads_on(other, *_SAYS_ANOTHER):
            return True
    return False


_SAYS_ANOTHER = (f"{TEXT}bookmark-ref", f"{TEXT}reference-ref")


def is_counted(paragraph: _Element) -> bool:
    """Whether a paragraph begins with a label and a number that is counted on ("Table 3"): such
    are captions, whatever their style."""
    number = next(paragraph.iter(f"{TEXT}sequence"), None)
    if number is None or next(number.iterancestors(f"{TEXT}p", f"{TEXT}h")) is not paragraph:
        return False  # or in a frame
    label = said(paragraph).partition(said(number))[0].split()
    return 0 < len(label) <= _LABEL_WORDS and any(map(str.isalpha, label[0]))


def said(element: _Element) -> str:
    """All words in an element, those about who changed it and when left out."""
    parts: list[str] = []
    stack: list[_Element | str] = [element]
    while stack:
        child = stack.pop()
        if isinstance(child, str):
            parts.append(child)
        elif child.tag not in _NO_SPEECH:
            stack += (inner for inner, _ in _inside(child, ()))
            parts.append(_white(child) or (" " if child.tag == f"{TEXT}p" else ""))
    return "".join(parts)
