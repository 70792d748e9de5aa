"""Which elements of a page are no content: navigation, banners, forms, hidden text.

Rules go by element, landmark role and common words in class, id and label; there is no list of
site generators.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

NEVER = frozenset(
    "script style template noscript svg canvas object embed iframe video audio map area img picture "
    "select option optgroup input textarea datalist progress meter link meta title head base dialog "
    "del s strike rt rp colgroup col source track frame frameset applet param".split()
)
_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar toolbar tablist "
    "complementary progressbar status tooltip directory doc-toc doc-pagelist doc-index".split()
)
_WORDS = frozenset(
    "nav navbar navigation navi menu menubar sidebar sidenav toc breadcrumb breadcrumbs crumb crumbs "
    "cookie cookies consent gdpr pagination pager pagenav prevnext feedback helpful rating share sharing "
    "social newsletter subscribe advert advertisement ads promo searchbox searchform noprint "
    "editsection headerlink permalink anchorlink hashlink copybtn clipboard skip skiplink "
    "sitemap masthead colophon onthispage backtotop related relations relbar relbars relatedlinks sphinxsidebar localtoc".split()
)
_PAIRS = frozenset(
    {
        ("skip", "link"), ("skip", "to"), ("back", "top"), ("edit", "page"),
        ("edit", "link"), ("edit", "this"), ("page", "nav"), ("prev", "next"), ("on", "this"),
        ("site", "footer"), ("page", "footer"), ("site", "header"), ("doc", "footer"),
        ("docs", "footer"), ("global", "footer"), ("was", "helpful"), ("see", "also"),
        ("copy", "button"), ("copy", "btn"), ("header", "link"), ("hash", "link"),
        ("anchor", "link"), ("heading", "anchor"), ("header", "anchor"), ("last", "updated"),
        ("last", "modified"), ("article", "footer"), ("reading", "time"), ("nav", "bar"),
        ("side", "bar"), ("print", "only"), ("version", "switcher"), ("version", "selector"),
        ("language", "switcher"), ("language", "selector"), ("theme", "toggle"),
    }
)  # fmt: skip
_HIDDEN_WORDS = frozenset(("visuallyhidden", "sronly", "screenreader", "offscreen", "hidden"))
_HIDDEN_PAIRS = frozenset(
    (("sr", "only"), ("visually", "hidden"), ("screen", "reader"), ("d", "none"), ("show", "sr"))
)
_PANEL_WORDS = frozenset(
    "accordion collapse collapsible collapsed tab tabs tabpanel tabbed panel pane faq answer expandable "
    "expander toggle details disclosure".split()
)
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d])",
    re.I,
)
_NAV = re.compile(r"nav(?:header|footer|links?|menu|list|tree|icons?|buttons?|top|bottom)$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

ADMONITIONS = {
    word: word
    for word in (
        "note tip hint info information warning caution important danger attention error seealso "
        "success question bug example quote abstract summary failure todo notice admonition callout "
        "alert remark hinweis anmerkung tipp warnung achtung vorsicht gefahr wichtig beachten"
    ).split()
}
_SURE = frozenset(
    "note tip hint warning caution important danger attention admonition hinweis anmerkung tipp "
    "warnung achtung vorsicht gefahr wichtig callout".split()
)
_BOXES = frozenset(
    "admonition callout alert box notice message markdown block panel md bd sd".split()
)


@lru_cache(maxsize=16384)
def tokens(value: str) -> tuple[tuple[str, ...], ...]:
    """The words of every class name (or id) in an attribute: "pageNav is-open" -> (page, nav), (is, open)."""
    return tuple(
        tuple(re.findall(r"[a-zA-Z]+|\d+", _CAMEL.sub("-", name).lower())) for name in value.split()
    )


@lru_cache(maxsize=16384)
def _named_furniture(value: str) -> bool:
    for name in tokens(value):
        pairs = set(zip(name, name[1:], strict=False))
        if pairs & _PAIRS:
            return True
        if (
            name
            and name[0] not in ("no", "has", "with", "is", "without")
            and (
                name[-1] in _WORDS or (len(name) <= 2 and name[0] in _WORDS) or _NAV.match(name[0])
            )
        ):
            return True
    return False


@lru_cache(maxsize=16384)
def has_word(value: str, words: frozenset[str]) -> bool:
    """Whether any class name in an attribute holds one of words."""
    return any(word in words for name in tokens(value) for word in name)


@lru_cache(maxsize=16384)
def admonition_kind(value: str) -> str:
    """The word in a class attribute that makes an element an admonition ("warning"), or ""."""
    names = tokens(value)
    boxed = any(name and name[0] in _BOXES for name in names)
    kinds = [name[-1] for name in names if name and name[-1] in ADMONITIONS]
    kinds = [
        kind
        for kind, name in zip(kinds, (n for n in names if n and n[-1] in ADMONITIONS), strict=True)
        if (len(name) == 1 and (kind in _SURE or boxed)) or (len(name) > 1 and name[0] in _BOXES)
    ]
    plain = [kind for kind in kinds if kind not in ("admonition", "callout", "alert")]
    if plain:
        return plain[0]
    return kinds[0] if kinds and kinds[0] != "alert" else ""


@lru_cache(maxsize=16384)
def _named_hidden(value: str) -> bool:
    names = tokens(value)
    if any(":" in part or part.startswith(("show", "open", "active")) for part in value.split()):
        return False
    return any(
        (len(name) == 1 and name[0] in _HIDDEN_WORDS)
        or any(pair in _HIDDEN_PAIRS for pair in zip(name, name[1:], strict=False))
        for name in names
    )


class Furniture:
    """Judges the elements of one page. panels: ids that a button or tab opens."""

    def __init__(self, panels: frozenset[str]) -> None:
        self._panels = panels

    def hidden(self, element: _Element) -> bool:
        """Whether a reader never sees the element (an accordion's or tab's panel can be opened)."""
        get = element.get
        style = get("style")
        concealed = (
            (get("hidden") is not None and get("hidden") != "until-found")
            or get("aria-hidden") == "true"
            or (style is not None and bool(_HIDING_STYLE.search(style)))
        )
        label = get("class") or ""
        if not concealed and not (label and _named_hidden(label)):
            return False
        return not self._is_panel(element, label)

    def _is_panel(self, element: _Element, label: str) -> bool:
        if element.get("id") in self._panels or element.get("role") == "tabpanel":
            return True
        if label and has_word(label, _PANEL_WORDS):
            return True
        parent = element.getparent()
        return parent is not None and has_word(parent.get("class") or "", _PANEL_WORDS)

    def furniture(self, element: _Element) -> bool:
        """Whether the element is navigation, a form, a banner or the like."""
        tag, get = element.tag, element.get
        if tag == "nav" or tag == "footer" or get("role") in _ROLES:
            return True
        if tag in ("html", "body", "main", "pre", "code", "table", "td", "th", "tr", "tbody"):
            return False
        if get("aria-label") and _LABELLED.search(get("aria-label") or ""):
            return True
        for name in ("class", "id"):
            value = get(name)
            if value and _named_furniture(value):
                return True
        return False


_RELATED = re.compile(
    r"(?:see also|related\b.*|further (?:reading|information)|more information|learn more|next steps?|what.s next"
    r"|in this (?:section|article|topic)|on this page|(?:table of )?contents|read more|external links"
    r"|siehe auch|verwandte .*|weiterf\u00fchrende .*|weitere (?:informationen|themen|seiten)|mehr zum thema"
    r"|auf dieser seite|inhalt(?:sverzeichnis)?|n\u00e4chste schritte)\W*",
    re.I,
)
_BOILERPLATE = re.compile(
    r"(?:edit (?:this|on)\b.{0,30}|(?:page )?(?:last )?(?:updated|modified|reviewed)(?: on| by|:).{0,40}"
    r"|last (?:updated|modified|reviewed).{0,40}|was this (?:page|article|section|information) helpful.{0,40}"
    r"|did you find this .{0,40}\?.{0,20}|(?:back to|return to) top|skip to .{0,30}|print this page|share this.{0,20}"
    r"|previous|next|\u2190.{0,60}|.{0,60}\u2192|on this page|table of contents|copyright .{0,100}|(?:\u00a9|\(c\)) .{0,100}|all rights reserved.{0,20}"
    r"|powered by .{0,40}|(?:built|made|generated|created) (?:with|by|using) .{0,60}|loading\b.{0,10}|advertisement"
    r"|seite bearbeiten|auf dieser seite|inhaltsverzeichnis|zur\u00fcck|weiter|nach oben|zum seitenanfang"
    r"|zuletzt (?:aktualisiert|ge\u00e4ndert).{0,40}|(?:stand|letzte \u00e4nderung):? \d.{0,20}|war diese seite hilfreich.{0,40}"
    r"|alle rechte vorbehalten.{0,20}|seite drucken)\W*",
    re.I,
)


def is_related(heading: str) -> bool:
    """Whether a heading announces links to other pages."""
    return bool(_RELATED.fullmatch(heading))


def is_boilerplate(text: str) -> bool:
    """Whether a paragraph is a leftover of page furniture ("Edit this page", "Last updated on ...")."""
    return len(text) <= 120 and bool(_BOILERPLATE.fullmatch(text))


_LABELLED = re.compile(
    r"breadcrumb|cookie|related (?:pages|articles|links|topics)|on this page|pagination|permalink|table of contents"
    r"|link to this|skip to|brotkrumen|inhaltsverzeichnis|verwandte",
    re.I,
)
