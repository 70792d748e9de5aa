"""What the styles, fonts and lists of an OpenDocument file say about its paragraphs and words.

Styles.paragraph(name)   the role of a paragraph: by outline level, by the style's name in any
                         language it is known in, along the chain of its parents
Styles.look(...)         how words look: bold, monospaced, hidden, size
Styles.level(list, at)   how a level of a list is marked
Lists                    the markers of list items, counted on as ODF 1.3 part 3, 5.3 tells
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest.docx_styles import (
    BLANKS,
    MAX_CHAIN,
    Kind,
    Look,
    Role,
    is_code_run,
    is_fixed,
    level_of,
    role_of,
)  # fmt: skip
from builder.ingest.odf_package import (
    DRAW,
    FO,
    LOEXT,
    OFFICE,
    PRESENTATION,
    STYLE,
    SVG,
    TABLE,
    TEXT,
    twips,
)
from builder.text import whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_COUNT = 100_000  # of the first item of a list
_BOLD = 600  # weight, from which type is bold
_ESCAPED = re.compile("_([0-9a-f]{2,4})_")  # of a character in the name of a style
_PERCENT = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)%")
_BODY = ("Text_20_body", "Standard")


class Level(NamedTuple):
    """A level of a list. marked: False for one that shows no marker; left: indent in twips."""

    ordered: bool
    marked: bool
    start: int
    left: float


class _Style(NamedTuple):
    name: str
    shown: str  # name as it is shown, casefolded
    parent: str
    element: _Element
    own: bool  # made for single paragraphs, rather than named by an author


class Styles:
    """The styles of a file by family and name."""

    def __init__(self, *roots: _Element) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        self._defaults: dict[str, _Element] = {}
        self._lists: dict[str, dict[int, Level]] = {}
        self._fixed: dict[str, bool] = {}
        self._looks: dict[tuple[str, ...], Look] = {}
        self._kinds: dict[str, Kind] = {}
        self._chains: dict[tuple[str, str], list[_Style]] = {}
        for root in roots:
            for fonts in root.iterchildren(f"{OFFICE}font-face-decls"):
                for font in fonts.iterchildren(f"{STYLE}font-face"):
                    self._fixed.setdefault(font.get(f"{STYLE}name") or "", _is_fixed_face(font))
            for group in root.iterchildren(f"{OFFICE}automatic-styles", f"{OFFICE}styles"):
                for element in group:
                    self.add(element)

    def add(self, element: _Element) -> None:
        """Take a style, a default style or the style of a list; the first of a name counts."""
        name, family = element.get(f"{STYLE}name") or "", element.get(f"{STYLE}family") or ""
        if element.tag == f"{STYLE}style":
            self._styles.setdefault((family, name), _style(element, name))
        elif element.tag == f"{STYLE}default-style":
            self._defaults.setdefault(family, element)
        elif element.tag == f"{TEXT}list-style":
            self._lists.setdefault(name, dict(map(_level, _levels(element))))

    @cached_property
    def plain(self) -> Look:
        """How the text of the body looks."""
        named = (name for name in _BODY if ("paragraph", name) in self._styles)
        return self.look(next(named, ""))

    def level(self, name: str, at: int) -> Level | None:
        """A level of a list, from 1; None where the file does not tell it."""
        return self._lists.get(name, {}).get(at)

    def paragraph(self, name: str) -> Kind:
        """What a paragraph of a style is. num: the list that its style puts it in."""
        if name not in self._kinds:
            chain = self._chain("paragraph", name)
            role, level = _role(chain)
            left = next((at for at in map(_left, chain) if at is not None), 0)
            named = next((style.name for style in chain if not style.own), name)
            listed = _told(chain, f"{STYLE}list-style-name") or ""
            self._kinds[name] = Kind(role, level, listed, style=named, indent=left > 0, left=left)
        return self._kinds[name]

    def is_unnumbered(self, name: str) -> bool:
        """Whether a paragraph of a style shows no marker even in a list."""
        told = self._property("paragraph", name, "paragraph", f"{TEXT}enable-numbering")
        return told == "false"

    def has_gap(self, name: str) -> bool:
        """Whether a paragraph of a style keeps a distance to the next one."""
        for style in self._chain("paragraph", name):
            for properties in style.element.iterchildren(f"{STYLE}paragraph-properties"):
                if properties.get(f"{STYLE}contextual-spacing") == "true":
                    return False
                after = properties.get(f"{FO}margin-bottom") or properties.get(f"{FO}margin")
                if after is not None:
                    return (twips(after) or 0) > 0
        return False

    def look(
        self, paragraph: str, words: Sequence[str] = (), shape: tuple[str, str] = ("", "")
    ) -> Look:
        """How words look in a paragraph of a style.

        words: their own styles, outermost first. shape: family and name of the style around all.
        """
        key = (*shape, paragraph, *words)
        if key not in self._looks:
            if words:
                above = self.look(paragraph, words[:-1], shape)
                chain = self._chain("text", words[-1])
                look = self._applied(above, chain)
                code = above.code or any(is_code_run(style.shown) for style in chain)
                look = replace(look, code=code)
            else:
                chain = self._chain("paragraph", paragraph)
                look = self._base(shape)
                look = self._applied(look, chain)
            self._looks[key] = look
        return self._looks[key]

    def is_shaded(self, cell: str) -> bool:
        """Whether the style of a cell gives it a colour."""
        return self.fill(cell) not in ("", "transparent", "#ffffff")

    def fill(self, cell: str) -> str:
        """The colour of a cell by its style."""
        for style in self._chain("table-cell", cell):
            for properties in style.element:
                shape = properties.get(f"{DRAW}fill") == "solid"
                told = properties.get(f"{DRAW}fill-color" if shape else f"{FO}background-color")
                if told:
                    return told
        return ""

    def is_bold(self, cell: str) -> bool:
        """Whether the style of a cell sets its words bold."""
        return self._applied(Look(), self._chain("table-cell", cell)).bold

    def is_hidden(self, family: str, name: str) -> bool:
        """Whether a style hides a section, a sheet or a slide as a whole."""
        if family == "section":
            return self._property(family, name, "section", f"{TEXT}display") == "none"
        if family == "table":
            return self._property(family, name, "table", f"{TABLE}display") == "false"
        chain = self._chain(family, name)
        return any(
            properties.get(f"{PRESENTATION}visibility") == "hidden"
            for style in chain[:1]
            for properties in style.element
        )

    def _base(self, shape: tuple[str, str]) -> Look:
        look = Look()
        for family in ("paragraph", "graphic" if shape[0] else ""):
            default = self._defaults.get(family)
            if default is not None:
                look = self._with(look, default)
        return self._applied(look, self._chain(*shape)) if shape[0] else look

    def _applied(self, look: Look, chain: Sequence[_Style]) -> Look:
        for style in reversed(chain):
            look = self._with(look, style.element)
        return look

    def _with(self, look: Look, element: _Element) -> Look:
        """A look with the properties of a style laid over it."""
        properties = element.find(f"{STYLE}text-properties")
        if properties is None:
            return look
        weight, lang = properties.get(f"{FO}font-weight"), properties.get(f"{FO}language")
        display = properties.get(f"{TEXT}display")
        position = properties.get(f"{STYLE}text-position")
        return Look(
            bold=look.bold if weight is None else _is_bold(weight),
            mono=self._is_mono(properties, look.mono),
            code=look.code,
            hidden=look.hidden if display is None else display == "none",
            raised=look.raised if position is None else _is_raised(position),
            size=_size(properties.get(f"{FO}font-size"), look.size),
            lang=look.lang if lang is None else _lang(properties, lang),
        )

    def _is_mono(self, properties: _Element, before: bool) -> bool:
        face, family = properties.get(f"{STYLE}font-name"), properties.get(f"{FO}font-family")
        if face is None and family is None:
            return before
        if face is not None and face in self._fixed:
            return self._fixed[face]
        fixed = properties.get(f"{STYLE}font-pitch") == "fixed"
        return fixed or is_fixed((family or face or "").strip("'\" "))

    def _chain(self, family: str, name: str) -> list[_Style]:
        """A style and its parents, nearest first."""
        if (family, name) not in self._chains:
            chain: list[_Style] = []
            style = self._styles.get((family, name))
            while style is not None and len(chain) < MAX_CHAIN:
                chain.append(style)
                style = self._styles.get((family, style.parent))
            self._chains[family, name] = chain
        return self._chains[family, name]

    def _property(self, family: str, name: str, kind: str, attribute: str) -> str | None:
        """The nearest value of a property along the chain of a style."""
        for style in self._chain(family, name):
            for properties in style.element.iterchildren(f"{STYLE}{kind}-properties"):
                told = properties.get(attribute)
                if told is not None:
                    return told
        return None


def _style(element: _Element, name: str) -> _Style:
    shown = element.get(f"{STYLE}display-name") or _ESCAPED.sub(
        lambda code: chr(int(code[1], 16)), name
    )
    above = element.getparent()
    return _Style(
        name=name,
        shown=" ".join(shown.casefold().split()),
        parent=element.get(f"{STYLE}parent-style-name") or "",
        element=element,
        own=above is not None and above.tag == f"{OFFICE}automatic-styles",
    )


def _told(chain: Sequence[_Style], attribute: str) -> str | None:
    return next(
        (value for style in chain if (value := style.element.get(attribute)) is not None), None
    )


def _role(chain: Sequence[_Style]) -> tuple[Role, int]:
    """The role that the nearest telling style of a chain gives, and a heading's level.

    What is based on the title looks like it, and is none.
    """
    for at, style in enumerate(chain):
        role = role_of(style.shown)
        if role == "title" and any(not below.own for below in chain[:at]):
            return "byline", 0
        if role not in ("body", "heading"):
            return role, 0
        told = style.element.get(f"{STYLE}default-outline-level")
        if told is not None:
            level = whole_number(told, 0)
            return ("heading", level) if level else ("body", 0)
        if role == "heading":
            return role, level_of(style.shown)
    return "body", 0


def _left(style: _Style) -> float | None:
    for properties in style.element.iterchildren(f"{STYLE}paragraph-properties"):
        left = twips(properties.get(f"{FO}margin-left"))
        if left is not None:
            return left
    return None


def _is_bold(weight: str) -> bool:
    return weight == "bold" or whole_number(weight, 0) >= _BOLD


def _is_raised(position: str) -> bool:
    first = position.split(None, 1)[0] if position.strip() else ""
    return first == "super" or bool(_PERCENT.fullmatch(first) and first != "0%")


def _size(told: str | None, above: float) -> float:
    """A size in half-points; one in percent is that of the size above it."""
    share = _PERCENT.fullmatch(told or "")
    if share:
        return above * float(share[1]) / 100
    size = twips(told)
    return above if size is None else size / 10


def _lang(properties: _Element, lang: str) -> str:
    country = properties.get(f"{FO}country") or "none"
    return "" if lang in ("none", "zxx") else lang if country == "none" else f"{lang}-{country}"


def _is_fixed_face(font: _Element) -> bool:
    family = (font.get(f"{SVG}font-family") or font.get(f"{FO}font-family") or "").strip("'\" ")
    return font.get(f"{STYLE}font-pitch") == "fixed" or is_fixed(family)


def _levels(element: _Element) -> Iterator[_Element]:
    return element.iterchildren(
        *(f"{TEXT}list-level-style-{kind}" for kind in ("number", "bullet", "image"))
    )


def _level(element: _Element) -> tuple[int, Level]:
    said = "".join(element.get(f"{STYLE}num-{end}") or "" for end in ("prefix", "suffix"))
    ordered = bool(element.get(f"{STYLE}num-format")) and element.tag.endswith("number")
    if element.tag.endswith("bullet"):
        said = element.get(f"{TEXT}bullet-char") or ""
    pattern = element.get(f"{LOEXT}num-list-format")
    if ordered and pattern is not None:
        ordered = "%" in pattern
    return whole_number(element.get(f"{TEXT}level"), 1), Level(
        ordered=ordered,
        marked=ordered or bool(said.strip(BLANKS)) or element.tag.endswith("image"),
        start=min(whole_number(element.get(f"{TEXT}start-value"), 1), _MAX_COUNT),
        left=_level_left(element),
    )


def _level_left(element: _Element) -> float:
    """How far the words of a level are indented."""
    for properties in element.iterchildren(f"{STYLE}list-level-properties"):
        for aligned in properties.iterchildren(f"{STYLE}list-level-label-alignment"):
            return twips(aligned.get(f"{FO}margin-left")) or 0
        before = twips(properties.get(f"{TEXT}space-before")) or 0
        return before + (twips(properties.get(f"{TEXT}min-label-width")) or 0)
    return 0


@dataclass(slots=True, eq=False)
class OpenList:
    """A list that is being read. counts: by level, shared with the lists around it.

    said: whether its current item has said anything yet.
    """

    style: str
    at: int
    counts: dict[int, int] = field(default_factory=dict)
    said: bool = False


class Lists:
    """The lists of a file, in the order in which they are read."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._by_id: dict[str, dict[int, int]] = {}
        self._last: dict[str, dict[int, int]] = {}

    def enter(self, element: _Element, above: OpenList | None, style: str = "") -> OpenList:
        """A list (text:list) in an item of the one above. style: of the paragraphs in it."""
        named = element.get(f"{TEXT}style-name") or (above.style if above else style)
        goes_on = element.get(f"{TEXT}continue-numbering") == "true"
        if above:
            found = OpenList(named, above.at + 1, above.counts)
            if above.said and not goes_on:
                self._forget(found, found.at)
        else:
            before = self._by_id.get(element.get(f"{TEXT}continue-list") or "")
            if before is None and goes_on:
                before = self._last.get(named)
            found = OpenList(named, 1, {} if before is None else before)
            self._last[named] = found.counts
        for name in ("{http://www.w3.org/XML/1998/namespace}id", f"{TEXT}id"):
            if element.get(name):
                self._by_id[element.get(name) or ""] = found.counts
        return found

    def items(self, element: _Element, list_: OpenList) -> Iterator[tuple[_Element, str]]:
        """The items of a list, each with the marker that its first paragraph shows."""
        for item in element.iterchildren(f"{TEXT}list-item", f"{TEXT}list-header"):
            list_.said = len(item) > 0 and item[0].tag != f"{TEXT}list"
            marked = list_.said and item.tag == f"{TEXT}list-item"
            yield item, self._marker(list_, item) if marked else ""

    def numbered(self, element: _Element) -> tuple[OpenList, str]:
        """The list of a paragraph that is an item without standing in one, and its marker."""
        list_ = self.enter(element, None)
        list_.at = max(1, whole_number(element.get(f"{TEXT}level"), 1))
        return list_, self._marker(list_, element)

    def _marker(self, list_: OpenList, item: _Element) -> str:
        """The marker of an item ("-" or "3."), "" where none is shown. Counts on."""
        level = self._styles.level(list_.style, list_.at)
        self._forget(list_, list_.at + 1)
        start = item.get(f"{TEXT}start-value")
        first = level.start if level else 1
        if start is not None:
            list_.counts[list_.at] = min(whole_number(start, 1), _MAX_COUNT) - 1
        list_.counts[list_.at] = list_.counts.get(list_.at, first - 1) + 1
        if level is None:
            return "-"
        if not level.marked:
            return ""
        return f"{list_.counts[list_.at]}." if level.ordered else "-"

    def left(self, list_: OpenList) -> float:
        """How far a list is indented, in twips."""
        level = self._styles.level(list_.style, list_.at)
        return level.left if level else 0

    @staticmethod
    def _forget(list_: OpenList, first: int) -> None:
        for deeper in [at for at in list_.counts if at >= first]:
            del list_.counts[deeper]
