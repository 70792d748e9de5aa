"""Presentation MathML (MathML Core) as text on one line, as omath.py writes Office math."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from builder.ingest.docx_items import one_line
from builder.ingest.inline import content
from builder.ingest.omath import grouped

if TYPE_CHECKING:
    from lxml.etree import _Element

_INVISIBLE = str.maketrans("", "", "\u2061\u2062\u2063\u2064")  # applied to, times, and, plus
_NO_CONTENT = frozenset(("annotation", "annotation-xml", "mphantom", "mspace", "none"))
_MAX_DEPTH = 60  # elements in each other, of a formula that a person may have written
_FUNCTION = 2  # letters, from which a name is kept apart from the next


def linear(root: _Element) -> str:
    """The formula in a math element; one that is too deep as the words in it."""
    return one_line(content(root)) if _is_deep(root) else _linear(root)


def _is_deep(root: _Element) -> bool:
    level = [root]
    for _ in range(_MAX_DEPTH):
        level = [child for element in level for child in element]
    return bool(level)


def _linear(element: _Element) -> str:
    name = _name(element)
    if name in _NO_CONTENT:
        return ""
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        return " ".join(content(element).translate(_INVISIBLE).split())
    shape = _SHAPES.get(name)
    return shape(element) if shape else _joined(map(_linear, element))


def source(element: _Element) -> str:
    """The formula as its author wrote it in TeX, "" where that is not kept."""
    for note in element.iter():
        encoding = (note.get("encoding") or "").casefold()
        if _name(note) == "annotation" and "tex" in encoding:
            return one_line(content(note))
    return ""


def noted(element: _Element) -> str:
    """The formula in whatever language its annotation is in."""
    notes = (note for note in element.iter() if _name(note) == "annotation")
    return next((one_line(content(note)) for note in notes), "")


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _joined(parts: Iterable[str]) -> str:
    """The parts of a row; a blank keeps names and numbers apart that would run together."""
    text, before = "", ""
    for part in filter(None, parts):
        close = bool(text) and text[-1].isalnum() and part[0].isalnum()
        names = len(before) >= _FUNCTION or len(part) >= _FUNCTION
        text += (" " if close and names else "") + part
        before = part
    return text


def _part(element: _Element, at: int) -> str:
    return _linear(element[at]) if at < len(element) else ""


def _fraction(element: _Element) -> str:
    return f"{grouped(_part(element, 0))}/{grouped(_part(element, 1))}"


def _scripts(*marks: str) -> Callable[[_Element], str]:
    """A base with what stands below and above it."""

    def written(element: _Element) -> str:
        texts = [(mark, _part(element, at)) for at, mark in enumerate(marks, 1)]
        return _part(element, 0) + "".join(mark + grouped(text) for mark, text in texts if text)

    return written


def _root(element: _Element) -> str:
    degree = _part(element, 1)
    return f"√({degree}&{_part(element, 0)})" if degree else f"√({_part(element, 0)})"


def _square_root(element: _Element) -> str:
    return f"√({_joined(map(_linear, element))})"


def _fenced(element: _Element) -> str:
    separator = (element.get("separators") or ",").strip()[:1]
    inner = separator.join(map(_linear, element))
    return f"{element.get('open', '(')}{inner}{element.get('close', ')')}"


def _table(element: _Element) -> str:
    rows = (" & ".join(map(_linear, row)) for row in element)
    return f"[{'; '.join(rows)}]" if len(element) > 1 else "; ".join(rows)


_SHAPES: dict[str, Callable[[_Element], str]] = {
    "mfrac": _fraction,
    "msub": _scripts("_"),
    "msup": _scripts("^"),
    "msubsup": _scripts("_", "^"),
    "munder": _scripts("_"),
    "mover": _scripts("^"),
    "munderover": _scripts("_", "^"),
    "mroot": _root,
    "msqrt": _square_root,
    "mfenced": _fenced,
    "mtable": _table,
}
