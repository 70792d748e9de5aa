"""Pages that word processors have saved: what only their styles tell is made of elements again.

Word tells titles, the items of lists and code by styles, Google Docs the depth of lists by the
names of classes, both and LibreOffice a typewriter's face by their style sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest import shapes
from builder.ingest.inline import content, content_size, has_blocks
from builder.ingest.offsets import Spans

if TYPE_CHECKING:
    from lxml.etree import _Element

_SIGNS = ("font-family", "MsoNormal", "lst-kix", "LibreOffice", "OpenOffice")
_FACED = ("p", "span", "font")  # what may be set in a typewriter's face
_FACE = "font-family: monospace"
_NEARLY_ALL = 0.8  # share of a text in a typewriter's face that says nothing any more
_PROCESSOR = re.compile(r"(?:LibreOffice|OpenOffice|Microsoft Word|Google Docs)", re.IGNORECASE)
_TITLE = re.compile(r"(?:^|\s)(?:Mso)?title(?:\s|$)", re.IGNORECASE)
_FRAMES = {"header": "doc-pageheader", "footer": "doc-pagefooter"}
_REMARK = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|<!--|-->")
_CLASS = re.compile(r"(?:p|span|li|div)?\.([\w-]+)", re.IGNORECASE)
_FILLER = re.compile(r"font:\s*7(?:\.0)?pt", re.IGNORECASE)  # of the blanks behind an item's mark
_MARK = re.compile(
    r"[\W_]{1,2}|([o\u00a7\u00d8\u00fcv])\1?|\(?(?P<number>\d{1,3}|[a-z]|[ivx]{1,5})[.)]",
    re.IGNORECASE,
)
_INDENT = re.compile(r"margin-left:\s*(-?[\d.]+)\s*(pt|cm|mm|in|px)?", re.IGNORECASE)
_HEAD = 2_000  # characters in which a page says what made it
_EVEN = 1.0  # point that indents of one level may differ
_LISTS = ("ul", "ol")
_POINTS = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "px": 0.75, None: 0.75}
_DEPTH = re.compile(r"\blst-[\w-]*?-(\d)\b")


def restore(tree: _Element, text: str, spans: Spans) -> bool:
    """Gives titles, lists and typewriter faces that styles tell their elements, in place.

    spans: where the elements stand in text; those that move stay where they were.
    Returns whether a word processor has saved the page: all in it is its author's.
    """
    if not any(sign in text for sign in _SIGNS):
        return False
    _face(tree)
    if not _is_saved(tree, text):
        return False
    _head(tree)
    _frame(tree)
    _list(tree, spans)
    _unlabel(tree)
    _nest(tree, spans)
    return True


def _is_saved(tree: _Element, text: str) -> bool:
    """Whether a page says that a word processor made it, or has the class names of one."""
    if "lst-kix" in text or "MsoNormal" in text or "xhtml by LibreOffice" in text[:_HEAD]:
        return True
    return any(
        (meta.get("name") or "").casefold() == "generator"
        and _PROCESSOR.match(meta.get("content") or "")
        for meta in tree.iter("meta")
    )


def _head(tree: _Element) -> None:
    """Makes a heading of the paragraph in the style of titles that a page begins with."""
    for paragraph in tree.iter("h1", "h2", "h3", "p"):
        if content(paragraph).strip():
            if paragraph.tag == "p" and _TITLE.search(paragraph.get("class") or ""):
                paragraph.tag = "h1"
            return


def _frame(tree: _Element) -> None:
    """Calls what is titled the header or the footer of the printed pages what it is."""
    for box in tree.iterfind("body/div[@title]"):
        if role := _FRAMES.get(box.get("title") or ""):
            box.set("role", role)


# Lists of Word: paragraphs that begin with a mark and blanks in a tiny face


class _Item(NamedTuple):
    """A paragraph that is an item. indent: in points; number: "" for a bullet."""

    element: _Element
    indent: float
    number: str


def _list(tree: _Element, spans: Spans) -> None:
    run: list[_Item] = []
    for paragraph in list(tree.iter("p")):
        item = _item(paragraph)
        follows = bool(run) and paragraph.getprevious() is run[-1].element
        if run and not (item and follows):
            _listed(run, spans)
            run = []
        if item:
            run.append(item)
    if run:
        _listed(run, spans)


def _item(paragraph: _Element) -> _Item | None:
    """What a paragraph is as an item, its mark taken away; None for any other paragraph."""
    fillers = (one for one in paragraph.iter("span") if _FILLER.search(one.get("style") or ""))
    filler = next(fillers, None)
    if filler is None or content(filler).strip():
        return None
    before = list(_until(paragraph, filler))
    mark = _MARK.fullmatch("".join(text for _, _, text in before).strip())
    if mark is None:
        return None
    for element, where, _ in before:
        setattr(element, where, None)
    filler.text = None
    indent = _INDENT.search(paragraph.get("style") or "")
    points = float(indent[1]) * _POINTS[indent[2] and indent[2].lower()] if indent else 0.0
    return _Item(paragraph, points, mark["number"] or "")


def _until(paragraph: _Element, filler: _Element) -> Iterator[tuple[_Element, str, str]]:
    """The texts of a paragraph before an element in it: whose it is, text or tail, what it says."""
    around = {paragraph, *filler.iterancestors()}
    for element in paragraph.iter():
        if element is filler:
            return
        if element.text:
            yield element, "text", element.text
        if element not in around and element.tail:
            yield element, "tail", element.tail


def _listed(run: list[_Item], spans: Spans) -> None:
    """Makes a list of items that follow each other, with lists in it of those that are indented."""
    parent = run[0].element.getparent()
    if parent is None:
        return
    for item in run:
        spans.pin(item.element)
    open_lists: list[tuple[float, _Element]] = []
    at = parent.index(run[0].element)
    for item in run:
        kind = "ol" if item.number else "ul"
        while open_lists and not _goes_on(open_lists[-1], kind, item.indent):
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < item.indent - _EVEN:
            made = parent.makeelement(kind)
            spans.pin(made, as_=item.element)
            if open_lists:
                open_lists[-1][1][-1].append(made)
            else:
                parent.insert(at, made)
                at += 1
            open_lists.append((item.indent, made))
        item.element.tag = "li"
        if item.number.isdigit():
            item.element.set("value", item.number)
        open_lists[-1][1].append(item.element)


def _goes_on(opened: tuple[float, _Element], kind: str, indent: float) -> bool:
    """Whether a list goes on with an item of a kind and an indent, or with a list of it."""
    level, listed = opened
    return level < indent - _EVEN or (level <= indent + _EVEN and listed.tag == kind)


def _unlabel(tree: _Element) -> None:
    """Takes the marks of items away that are written as text beside them."""
    for item in tree.iter("li"):
        first = item[0] if len(item) and not (item.text or "").strip() else None
        if first is not None and first.tag == "p" and not (first.text or "").strip():
            first = first[0] if len(first) else None
        if first is None or first.tag != "span" or "float:left" not in (first.get("style") or ""):
            continue
        if mark := _MARK.fullmatch((first.text or "").strip()):
            first.text = None
            if (mark["number"] or "").isdigit():
                item.set("value", mark["number"])


# Lists of Google Docs: one beside the other, their depth in the names of their classes


def _nest(tree: _Element, spans: Spans) -> None:
    for listed in list(tree.iter(*_LISTS)):
        depth, above = _depth(listed), listed.getprevious()
        if not depth or above is None or above.tag not in _LISTS or not len(above):
            continue
        while (inner := _last_list(above)) is not None and _depth(inner) < depth:
            above = inner
        spans.pin(listed)
        above[-1].append(listed)


def _last_list(listed: _Element) -> _Element | None:
    """The list that the last item of a list ends with."""
    item = listed[-1]
    last = item[-1] if len(item) else None
    return last if last is not None and last.tag in _LISTS and len(last) else None


def _depth(listed: _Element) -> int:
    told = _DEPTH.search(listed.get("class") or "")
    return int(told[1]) if told else 0


# Code: paragraphs and words in a typewriter's face


def _face(tree: _Element) -> None:
    """Writes the face on each element whose class has it in the style sheet of the page."""
    names = {name for style in tree.iter("style") for name in _mono_classes(style.text or "")}
    if not names:
        return
    boxes = [box for box in tree.iter("div") if not has_blocks(box)]
    found = [
        one
        for one in (*tree.iter(*_FACED), *boxes)
        if names.intersection((one.get("class") or "").split())
    ]
    said = sum(content_size(one) for one in found if one.tag in ("p", "div"))
    if said > _NEARLY_ALL * sum(content_size(one) for one in (*tree.iter("p", "li"), *boxes)):
        return
    for one in found:
        one.tag = "p" if one.tag == "div" else one.tag
        one.set("style", f"{one.get('style') or ''};{_FACE}")


@lru_cache(maxsize=16)  # pages of a site have the same sheets
def _mono_classes(sheet: str) -> tuple[str, ...]:
    """The classes that a style sheet sets in a typewriter's face."""
    return tuple(_read_mono_classes(sheet)) if "font-family" in sheet else ()


def _read_mono_classes(sheet: str) -> Iterator[str]:
    for rule in _REMARK.sub("", sheet).split("}")[:-1]:
        before, opened, told = rule.rpartition("{") if "font-family" in rule else ("", "", "")
        if opened and "font-family" in told and shapes.is_mono(told):
            for selector in before.rpartition("{")[2].split(","):
                if named := _CLASS.fullmatch(selector.strip()):
                    yield named[1]
