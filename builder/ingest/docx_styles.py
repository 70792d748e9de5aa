"""What the styles, fonts and numberings of a Word file say about its paragraphs and runs.

Styles.paragraph(pPr)  the role of a paragraph: heading, code, list item ... (by outline level, by
                       style name in any language it is known in, along the chain of base styles)
Styles.run(pPr, rPr)   how a run looks: bold, monospaced, hidden, size
is_fixed(font)         whether a font is fixed-pitch by its name
Numbering.item(...)    the marker of a list item, counted on as Word does
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from builder.text import whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_CHAIN = 20  # base styles that are followed

Role = Literal[
    "body", "heading", "title", "byline", "code", "quote", "caption", "contents", "term",
    "definition",
]  # fmt: skip

_HEADING_NAMES = (
    "heading|(?:ü|u|ue)?berschrift|titre|título|titulo|titolo|encabezado|intestazione|cabeçalho|"
    "kop|rubrik|overskrift|otsikko|nagłówek|nadpis|címsor|başlık|заголовок|επικεφαλίδα|"
    "見出し|标题|標題|제목|header|chapter|kapitel"
)
_HEADING = re.compile(rf"(?:{_HEADING_NAMES})[\s_]*([1-9])")
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("caption", re.compile(r"caption|beschriftung|légende|leyenda|didascalia|bijschrift")),
    (
        "contents",
        re.compile(
            r"(?:toc|contents|verzeichnis|inhaltsverzeichnis|tm|sommario|índice|inhopg|"
            r"index|table of (?:figures|authorities)|abbildungsverzeichnis|"
            r"(?:illustration|table|object|user|figure) index|目录|目次)"
            r"(?:[\s_]*\d+| heading|[\s_]*überschrift)?|inhaltsverzeichnisüberschrift"
        ),
    ),
    (
        "term",
        re.compile(
            r"definition[\s_]*term(?: tight)?|defined[\s_]*term|definitionsbegriff|list heading"
        ),
    ),
    ("definition", re.compile(r"definition(?:[\s_]*definition(?: tight)?)?|list contents")),
    (
        "quote",
        re.compile(
            r"(?:.*\s)?(?:block)?(?:quote|quotations?|zitat|cita|citation|citaat|citazione)"
            r"(?:\s.*)?|block[\s_]*text"
        ),
    ),
    (
        "code",
        re.compile(
            r"(?:.*[\s_-])?(?:code|source[\s_]*code|pre)|code[\s_-].*|code\w*(?:block|zeile|line).*|"
            r".*(?:preformatted|vorformatiert|préformaté|preformattato|preformateado|quelltext|"
            r"quellcode|programmcode|listing|verbatim|monospace).*"
        ),
    ),
    (
        "title",
        re.compile(r"title|titel|titre|título|titolo|tytuł|titul|название|表题|標題|标题|제목"),
    ),
    (
        "byline",
        re.compile(
            r"sub-?title|untertitel|sous-titre|subtítulo|sottotitolo|ondertitel|undertitel|"
            r"podtytuł|podtitul|подзаголовок|副标题|副題|부제|author|autor|auteur|autore|date|datum"
        ),
    ),
)
_CODE_RUN = re.compile(
    r"(?:.*[\s_-])?(?:code|verbatim|teletype|typewriter|literal|monospace)(?:[\s_-]?(?:char|zeichen|inline))?|"
    r"source[\s_]*text|quelltext|quellcode|html[\s_-]*(?:code|sample|keyboard|typewriter|beispiel|"
    r"tastatur|schreibmaschine)|verbatimchar|inline[\s_-]*code|user entry|benutzereingabe"
)
_MONO = re.compile(
    r"courier|mono(?!type)|consol|menlo|monaco|typewriter|fixedsys|cascadia code|fira code|"
    r"source code|inconsolata|^hack\b|terminal|terminus|andale|letter gothic|jetbrains|"
    r"anonymous pro|ocr|cousine|iosevka|meslo|hasklig|pragmata|prestige elite|code new roman|"
    r"d2coding|fantasque|^profont|^proggy|^vt323$"
)
_LAST_DIGIT = re.compile(r"[^\d]\s?([1-9])$")  # "List Bullet 2"
BLANKS = " \t\n\u00a0\u200b\uf020\uf0a0"  # in the private area: blanks of a symbol font
_CJK_CHARSETS = frozenset(("80", "81", "82", "86", "88"))  # full-width fonts are fixed by nature


@dataclass(frozen=True, slots=True)
class Look:
    """How a run is set. size in half-points, 0 when nothing tells it. code: by a style's name."""

    bold: bool = False
    mono: bool = False
    code: bool = False
    hidden: bool = False
    raised: bool = False
    size: float = 0
    lang: str = ""


class Kind(NamedTuple):
    """What a paragraph is. level: of a heading, from 1; num, ilvl: numbering, "" when none.

    depth: of a list item from 0: its ilvl, or the number in the name of its style.
    left: how far it is indented, in twips (twentieths of a point).
    """

    role: Role
    level: int = 0
    num: str = ""
    ilvl: int = 0
    style: str = ""
    indent: bool = False
    depth: int = 0
    left: float = 0


@dataclass(frozen=True, slots=True)
class _Style:
    id: str
    name: str  # casefolded
    base: str
    paragraph: _Element | None
    run: _Element | None
    header_row: bool


class Styles:
    """The styles of a document by id."""

    def __init__(self, root: _Element | None, fonts: _Element | None, numbering: Numbering) -> None:
        self._fixed = _fixed_fonts(fonts)
        self._numbering = numbering
        self._styles: dict[str, _Style] = {}
        self._default = ""
        self._looks: dict[tuple[str, str], Look] = {}
        self._kinds: dict[str, Kind] = {}
        base = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if root is not None else None
        self._base = self._applied(Look(), base)
        for element in root.iter(f"{W}style") if root is not None else ():
            style = _style(element)
            self._styles.setdefault(style.id, style)
            default = element.get(f"{W}default") in ("1", "true", "on")
            if element.get(f"{W}type") == "paragraph" and default:
                self._default = style.id

    @cached_property
    def plain(self) -> Look:
        """How the default paragraph style looks."""
        return self.run("", None)

    def paragraph(self, properties: _Element | None) -> Kind:
        """What a paragraph is by its style and its own properties (w:pPr)."""
        style = value(properties, "pStyle") or self._default
        kind = self._kinds.get(style)
        if kind is None:
            kind = self._kind(style)
            kind = kind._replace(left=self._left_of(kind, numbered=False))
            self._kinds[style] = kind
        if properties is None:
            return kind
        level = whole_number(value(properties, "outlineLvl"), -1) + 1
        if level > 0 and kind.role in ("body", "heading"):
            kind = kind._replace(role="heading" if level < 10 else "body", level=level)
        own = properties.find(f"{W}numPr")
        if own is not None:
            num, ilvl = value(own, "numId"), value(own, "ilvl")
            kind = kind._replace(
                num=(num or kind.num) if num != "0" else "",
                ilvl=whole_number(ilvl, kind.ilvl),
                depth=whole_number(ilvl, kind.depth),
            )
        left = _left(properties)
        return kind._replace(
            indent=bool(left and left > 0),
            left=self._left_of(kind, numbered=own is not None) if left is None else left,
        )

    def _left_of(self, kind: Kind, *, numbered: bool) -> float:
        """The indent that the list or the styles of a paragraph give it.

        numbered: by its own properties, so that its list comes before its style.
        """
        listed = self._numbering.left(kind.num, kind.ilvl) if kind.num else None
        styled = next(
            (
                left
                for above in self._chain(kind.style)
                if above.paragraph is not None and (left := _left(above.paragraph)) is not None
            ),
            None,
        )
        told = (listed, styled) if numbered else (styled, listed)
        return next((left for left in told if left is not None), 0)

    def run(self, style: str, properties: _Element | None) -> Look:
        """How a run with properties (w:rPr) looks in a paragraph of a style."""
        if properties is None or not len(properties):
            return self._styled(style, "")
        return self._applied(self._styled(style, value(properties, "rStyle")), properties)

    def is_header_style(self, table_style: str) -> bool:
        """Whether a table style sets its first row apart."""
        return any(style.header_row for style in self._chain(table_style))

    def has_gap(self, properties: _Element | None, style: str) -> bool:
        """Whether a paragraph keeps a distance to the next one."""
        sources = [properties, *(above.paragraph for above in self._chain(style))]
        for source in sources:
            if source is None:
                continue
            if is_on(source.find(f"{W}contextualSpacing")):
                return False
            spacing = source.find(f"{W}spacing")
            after = spacing.get(f"{W}after") if spacing is not None else None
            if after is not None:
                return _number(after) > 0
        return False

    def _styled(self, style: str, run_style: str) -> Look:
        key = (style or self._default, run_style)
        if key not in self._looks:
            look = self._base
            for above in reversed(self._chain(key[0])):
                look = self._applied(look, above.run)
            chain = self._chain(run_style)
            for above in reversed(chain):
                look = self._applied(look, above.run)
            code = any(is_code_run(above.name) for above in chain)
            self._looks[key] = replace(look, code=code)
        return self._looks[key]

    def _applied(self, look: Look, properties: _Element | None) -> Look:
        """A look with the properties of a style or run laid over it."""
        if properties is None:
            return look
        bold, mono, hidden, raised = look.bold, look.mono, look.hidden, look.raised
        size, lang = look.size, look.lang
        for child in properties:
            if child.tag == f"{W}b":
                bold = is_on(child)
            elif child.tag == f"{W}vanish":
                hidden = is_on(child)
            elif child.tag == f"{W}rFonts":
                mono = self._is_mono(child, mono)
            elif child.tag == f"{W}sz":
                size = _number(child.get(f"{W}val"))
            elif child.tag == f"{W}vertAlign":
                raised = child.get(f"{W}val") == "superscript"
            elif child.tag == f"{W}lang":
                lang = child.get(f"{W}val") or lang
        return Look(bold, mono, look.code, hidden, raised, size, lang)

    def _is_mono(self, fonts: _Element, before: bool) -> bool:
        if fonts.get(f"{W}asciiTheme") or fonts.get(f"{W}hAnsiTheme"):
            return False
        name = (fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or "").casefold()
        if not name:
            return before
        return name in self._fixed or is_fixed(name)

    def _chain(self, style: str) -> list[_Style]:
        """A style and those it is based on, nearest first."""
        chain: list[_Style] = []
        while style in self._styles and len(chain) < MAX_CHAIN:
            chain.append(self._styles[style])
            style = chain[-1].base
        return chain

    def _kind(self, style: str) -> Kind:
        role, level = self._role(style)
        num, ilvl, depth = "", 0, 0
        for above in self._chain(style):
            own = above.paragraph.find(f"{W}numPr") if above.paragraph is not None else None
            if own is None or not (value(own, "numId") or value(own, "ilvl")):
                continue
            num = num or value(own, "numId")
            ilvl = whole_number(value(own, "ilvl"), self._numbering.level_of(num, above.id))
            told_depth = _LAST_DIGIT.search(above.name)
            depth = int(told_depth[1]) - 1 if told_depth and not ilvl else ilvl
            if num:
                break
        return Kind(role, level, "" if num == "0" else num, ilvl, style, depth=depth)

    def _role(self, style: str) -> tuple[Role, int]:
        """The role that the nearest telling style of the chain gives, and a heading's level.

        What is based on the title looks like it, and is none: pandoc sets the author and the date
        so.
        """
        for above in self._chain(style) or [_Style(style, style.casefold(), "", None, None, False)]:
            if above.id == self._default != style:
                break  # what every style is made of tells none of them
            role = role_of(above.name)
            if role == "title" and above.id != style:
                return "byline", 0
            if role not in ("body", "heading"):
                return role, 0
            outline = whole_number(value(above.paragraph, "outlineLvl"), -1)
            if outline >= 0:
                return ("heading", outline + 1) if outline < 9 else ("body", 0)
            if role == "heading":
                return role, level_of(above.name)
        return "body", 0


def role_of(name: str) -> Role:
    """The role that the casefolded name of a style tells."""
    if _HEADING.fullmatch(name):
        return "heading"
    return next((role for role, rule in _ROLES if rule.fullmatch(name)), "body")


def level_of(name: str) -> int:
    """The level that the casefolded name of a style of headings tells, 0 for other names."""
    found = _HEADING.fullmatch(name)
    return int(found[1]) if found else 0


def is_code_run(name: str) -> bool:
    """Whether words of a style are code by its casefolded name."""
    return bool(_CODE_RUN.fullmatch(name))


class _Level(NamedTuple):
    ordered: bool
    marked: bool  # False for the further paragraphs of an item, which show no marker
    start: int
    style: str
    left: float | None


class Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self, root: _Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is None:
            return
        by_style: dict[str, str] = {}
        links: dict[str, str] = {}
        for element in root.iter(f"{W}abstractNum"):
            name = element.get(f"{W}abstractNumId") or ""
            self._levels[name] = dict(map(_level, element.findall(f"{W}lvl")))
            by_style.setdefault(value(element, "styleLink"), name)
            links[name] = value(element, "numStyleLink")
        for element in root.iter(f"{W}num"):
            name = element.get(f"{W}numId") or ""
            abstract = value(element, "abstractNumId")
            if links.get(abstract):
                abstract = by_style.get(links[abstract], abstract)
            self._abstract[name] = abstract
            self._override(name, element)

    def _override(self, name: str, element: _Element) -> None:
        for override in element.findall(f"{W}lvlOverride"):
            level = int(_number(override.get(f"{W}ilvl")))
            start = whole_number(value(override, "startOverride"), -1)
            if start >= 0:
                self._starts[name, level] = start
            own = override.find(f"{W}lvl")
            if own is not None:
                self._levels[f"{name}*"] = {**self._levels_of(name), level: _level(own)[1]}
                self._levels.setdefault(self._abstract[name], {})

    def _levels_of(self, num: str) -> dict[int, _Level]:
        """The levels of a list: those of its kind, each unless the list has one of its own."""
        return self._levels.get(f"{num}*") or self._levels.get(self._abstract.get(num, ""), {})

    def level_of(self, num: str, style: str) -> int:
        """The level of a list that a paragraph style is linked with."""
        levels = self._levels.get(self._abstract.get(num, ""), {})
        return next((at for at, level in levels.items() if level.style == style), 0)

    def left(self, num: str, ilvl: int) -> float | None:
        """How far a level of a list is indented, in twips; None where it does not say."""
        levels = self._levels_of(num)
        return levels[ilvl].left if ilvl in levels else None

    def item(self, num: str, ilvl: int) -> str | None:
        """The marker of the next item ("-" or "3."), "" for one that shows none.

        None when the document does not define the list.
        """
        abstract = self._abstract.get(num)
        if abstract is None:
            return None
        level = self._levels_of(num).get(ilvl)
        if level is None:
            return "-"
        if not level.marked:
            return ""
        counts = self._counts.setdefault(abstract, {})
        for deeper in [at for at in counts if at > ilvl]:
            del counts[deeper]
        if (num, ilvl) in self._starts and (num, ilvl) not in self._begun:
            counts[ilvl] = self._starts[num, ilvl] - 1
        self._begun.add((num, ilvl))
        counts[ilvl] = counts.get(ilvl, level.start - 1) + 1
        return f"{counts[ilvl]}." if level.ordered else "-"


def _level(element: _Element) -> tuple[int, _Level]:
    text = value(element, "lvlText")
    kind = value(element, "numFmt") or "decimal"
    start = value(element, "start")
    picture = element.find(f"{W}lvlPicBulletId") is not None
    return int(_number(element.get(f"{W}ilvl"))), _Level(
        ordered=kind not in ("bullet", "none") and "%" in text,
        marked=bool(text.strip(BLANKS)) or picture,
        start=whole_number(start, 1),
        style=value(element, "pStyle"),
        left=_left(element.find(f"{W}pPr")),
    )


def is_fixed(font: str) -> bool:
    """Whether a font is a fixed-pitch one by its name."""
    return bool(_MONO.search(font.casefold()))


def value(parent: _Element | None, name: str) -> str:
    """The w:val of a child element, "" without one."""
    child = parent.find(W + name) if parent is not None else None
    return (child.get(f"{W}val") or "") if child is not None else ""


def is_on(element: _Element | None) -> bool:
    """Whether an on/off element (ECMA-376 Part 1, 17.17.4) says yes; a bare one does."""
    if element is None:
        return False
    return (element.get(f"{W}val") or "1") not in ("0", "false", "off", "none")


def _style(element: _Element) -> _Style:
    return _Style(
        id=element.get(f"{W}styleId") or "",
        name=" ".join(value(element, "name").casefold().split()),
        base=value(element, "basedOn"),
        paragraph=element.find(f"{W}pPr"),
        run=element.find(f"{W}rPr"),
        header_row=any(
            part.get(f"{W}type") == "firstRow" and len(part)
            for part in element.findall(f"{W}tblStylePr")
        ),
    )


def _fixed_fonts(fonts: _Element | None) -> frozenset[str]:
    """The fonts that the font table calls fixed-pitch, casefolded."""
    if fonts is None:
        return frozenset()
    return frozenset(
        (font.get(f"{W}name") or "").casefold()
        for font in fonts.iter(f"{W}font")
        if value(font, "pitch") == "fixed" and value(font, "charset").upper() not in _CJK_CHARSETS
    )


def _left(properties: _Element | None) -> float | None:
    """The indent that properties tell, None where they tell none."""
    for indent in properties.findall(f"{W}ind") if properties is not None else ():
        told = indent.get(f"{W}left") or indent.get(f"{W}start")
        if told is not None:
            return _number(told)
    return None


def _number(text: str | None) -> float:
    return float(text) if text and re.fullmatch(r"-?\d{1,9}(?:\.\d{1,9})?", text) else 0
