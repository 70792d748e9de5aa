"""Which elements of a page are no content: navigation, banners, forms, hidden text.

Rules go by element, landmark role and common words in class, id and label; there is no list of
site generators.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

HEADINGS = {f"h{level}": level for level in range(1, 7)}

NEVER = frozenset(
    "script style template noscript svg canvas object embed iframe video audio map area img "
    "picture select option optgroup input textarea datalist progress meter link meta title head "
    "base dialog del s strike rt rp colgroup col source track frame frameset applet param".split()
)

# Attributes that tell furniture and hidden text; an element without them is judged by its name.
TELLING = frozenset("class id role hidden style aria-hidden aria-label itemtype".split())
_NAMES = frozenset(("class", "id"))
_CONCEALING = frozenset(("hidden", "style", "aria-hidden"))  # attributes
_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar toolbar tablist "
    "complementary progressbar tooltip doc-toc doc-pagelist doc-index doc-pageheader "
    "doc-pagefooter".split()
)
# Ids of other elements are targets of links, named by what is said there ("cookies").
_BOXED = frozenset("div ul ol dl section aside header form table td menu".split())
_STRUCTURE = frozenset("html body main pre code table tbody thead tr td th".split())

_WORDS = frozenset("b strong code kbd samp var".split())  # of a text that tells of a "menu"

# Class names are read word by word: "pageNav is-open" has the names (page, nav) and (is, open).
_BESIDE = frozenset(("sidebar",))
_FIRST_OR_LAST = frozenset(
    "nav navbar navigation menu menubar sidebar sidenav toc breadcrumb breadcrumbs crumbs cookie "
    "cookies consent gdpr pagination pager newsletter".split()
)
_LAST = _FIRST_OR_LAST | frozenset(
    "navi crumb pagenav prevnext feedback helpful rating vote votes share sharing social "
    "newsletter subscribe advert advertisement ads promo searchbox searchform noprint onlyprint "
    "editsection copybtn carbonads taglist votecell likes clipboard skiplink sitemap masthead "
    "colophon onthispage backtotop byline comments modal "
    "related relations relbar relbars relatedlinks localtoc".split()
)
_PAIRS = frozenset(
    tuple(pair.split())
    for pair in (
        "skip link,skip to,back top,to top,edit page,edit link,edit this,page nav,prev next,"
        "of contents,on this,site footer,page footer,doc footer,docs footer,global footer,"
        "article footer,site header,was helpful,see also,copy button,copy btn,last updated,"
        "last modified,reading time,nav bar,side bar,print only,only print,version switcher,"
        "version selector,lang selector,language switcher,language selector,theme toggle,"
        "theme switch,theme switcher,theme selector,color mode,copyright footer,global links,"
        "search results,search box,article foot,article meta,post meta,entry meta,"
        "article author,post author,post copyright,article copyright,entry copyright,"
        "comments section,comments list,comment list,comments container,comment threads,"
        "comments area,related articles,related posts,related topics,related links,related pages,"
        "related content,related questions,post tags,entry tags,tags links,label list,tag list,"
        "feedback title,feedback question,feedback response,feedback form,feedback widget,"
        "version warning,version banner,version badge,version picker,version dropdown,"
        "ad container,ad wrapper,ad unit,ad slot,ad banner,sponsored content,"
        "author box,author bio,article attachments,page metadata,"
        "vote count,voting container,post signature,share link,share button,share buttons,"
        "footer root,footer container,footer wrapper,footer wrap,footer inner"
    ).split(",")
)
# What is called so may also be what the link leads to: a box is one when it is nothing but a link.
_LINKS = frozenset("headerlink permalink anchorlink hashlink".split())
_LINK_PAIRS = frozenset(
    tuple(pair.split())
    for pair in "header link,hash link,anchor link,heading anchor,header anchor".split(",")
)
_NAV = re.compile(
    r"nav(?:header|footer|links?|menu|list|tree|icons?|buttons?|top|bottom)$"
    r"|(?:css|drop|foot|head|left|main|right|side|site|sub|top)menu$"
)
_NO_PRINT = ("no", "print")
_CONSENT = "consent"  # anywhere in a name: what asks for it has no other text
_NEGATED = frozenset(("no", "has", "with", "is", "without"))
_LABELLED = re.compile(
    r"breadcrumb|cookie|related (?:pages|articles|links|topics)|on this page|pagination|permalink"
    r"|table of contents|link to this|skip to|brotkrumen|inhaltsverzeichnis|verwandte",
    re.IGNORECASE,
)

_DRAWN = frozenset(("i", "span"))
_ICONS = frozenset("icon icons symbols".split())
_LIGATURE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")

_HIDDEN = frozenset(("visuallyhidden", "sronly", "screenreader", "offscreen", "hidden"))
_HIDDEN_PAIRS = frozenset(
    tuple(pair.split())
    for pair in (
        "sr only,visually hidden,screen reader,d none,show sr,hide text,text hide,hide link"
    ).split(",")
)
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden"
    r"|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
_PANELS = frozenset(
    "accordion collapse collapsible collapsed tab tabs tabpanel tabbed panel pane faq answer "
    "expandable expander toggle details disclosure".split()
)

ADMONITIONS = frozenset(
    "note tip hint info information warning caution important danger attention error seealso "
    "success question bug example quote abstract summary failure todo notice admonition callout "
    "alert remark hinweis anmerkung tipp warnung achtung vorsicht gefahr wichtig beachten".split()
)
CHANGES = {  # directives of Sphinx that tell since when something holds
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
    "deprecated-removed": "Deprecated since version",
    "versionremoved": "Removed in version",
}
_SURE = frozenset(  # an admonition even without a word such as "box" beside it
    "note tip hint warning caution important danger attention admonition callout hinweis anmerkung "
    "tipp warnung achtung vorsicht gefahr wichtig".split()
)
_ANNOUNCES = 5  # words of a sentence that announces a list
_BOXES = frozenset(
    "admonition callout callouts alert box notice message markdown block panel md bd".split()
)
_LANGUAGE = frozenset(("markdown", "md"))  # of which a box is made; alone it is none
_LANGUAGES = frozenset((name,) for name in _LANGUAGE)
_CALLED = frozenset(("admonition", "aside", "callout", "macro"))  # behind a product's name too
_PLAIN_BOXES = frozenset(("admonition", "callout", "alert"))

_RELATED = re.compile(
    r"(?:see also|related\b.*|further (?:reading|information)|more information|learn more"
    r"|(?:most|recently) (?:viewed|popular|read)\b.*|popular (?:articles|posts|pages)"
    r"|recent (?:articles|posts)|next steps?|what.s next|in this (?:section|article|topic)"
    r"|on this page"
    r"|(?:table of )?contents|read more|external links|siehe auch|verwandte .*"
    r"|weiterführende .*|weitere (?:informationen|themen|seiten)|mehr zum thema"
    r"|auf dieser seite|inhalt(?:sverzeichnis)?|nächste schritte)\W*",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"(?:edit (?:this|on)\b.{0,30}"
    r"|(?:page )?(?:last )?(?:updated|modified|reviewed)(?: on| by|:).{0,40}"
    r"|last (?:updated|modified|reviewed|edited).{0,40}|.{1,40} edited this page .{0,50}"
    r"|(?:updated|edited|modified|published|posted) .{0,20} ago"
    r"|was this(?: \w+)? (?:helpful|useful).{0,40}"
    r"|\d+ (?:(?:out )?of \d+ )?(?:\w+ )?found this (?:\w+ )?(?:helpful|useful)"
    r"|did you find this .{0,40}\?.{0,20}"
    r"|\W*(?:back|return) to (?:the )?(?:index|(?:table of )?contents|(?:main|home|start) ?page)\W*"
    r"|\W*(?:back|return|go) to (?:the )?top(?: of (?:the )?page)?|\[top\]|top of (?:the )?page"
    r"|\W*(?:返回|回到)(?:顶部|頂部)|\W*ページ(?:の)?(?:トップ|先頭|上部)[へに](?:戻る)?"
    r"|(?:(?:skip|jump) to .{0,30})+|print this page|share this.{0,20}"
    r"|(?:add|leave|post|write) a (?:comment|reply)|authored by .{0,80}"
    r"|submitted by .{1,40} on .{0,20}\d{4}.{0,20}"
    r"|\W*improve this (?:doc|page|article)\w*(?:\W*view source)?"
    r"|(?:(?:content|link|code) )?copied(?: to (?:the )?clipboard)?"
    r"|(?:previous|next)(?: (?:chapter|section|page|topic))?|←.{0,60}|.{0,60}→"
    r"|on this page|table of contents"
    r"|copyright .{0,100}|(?:©|\(c\)) .{0,100}|all rights reserved.{0,20}"
    r"|powered by .{0,40}|(?:(?:page|site|docs|documentation|gallery) )?"
    r"(?:built|made|generated|created) (?:with|by|using) .{0,60}"
    r"|loading(?: page| comments)?|searching|no (?:matches|results)(?: found)?"
    r"|advertisement|sponsored"
    r"|[\u2191\u21d1\u21e7\u25b2\u25b4^]\s*top"
    r"|be the first to (?:like|comment|review|rate|reply).{0,30}|share(?: on| via)?"
    r"|rate this (?:page|article|post|topic)|did this (?:page|article|topic|answer) .{0,30}\?"
    r"|how (?:helpful|useful) was this .{0,30}\?|thank(?:s| you) for your feedback"
    r"|suggest an? (?:edit|change).{0,30}"
    r"|report an? (?:issue|problem|error) (?:with|on) this .{0,20}"
    r"|found (?:a mistake|an error|a typo)(?: (?:in|on|with) this \w+)?\?.{0,60}"
    r"|(?:download|save|export) (?:as )?(?:a )?pdf"
    r"|\d+ min(?:ute)?s? read|(?:estimated )?reading time:? .{0,20}"
    r"|in this (?:article|section|page|topic|guide)"
    r"|(?:in|out) ?\[[\s\d*]*\]"  # the numbers of cells in a notebook
    r"|seite bearbeiten|auf dieser seite|inhaltsverzeichnis|zurück|weiter|nach oben"
    r"|zum seitenanfang|(?:zu[rm] \w+ springen\s*)+|zuletzt (?:aktualisiert|geändert).{0,40}"
    r"|(?:stand|letzte änderung):? \d.{0,20}|war diese seite hilfreich.{0,40}"
    r"|alle rechte vorbehalten.{0,20}|seite drucken)\W*",
    re.IGNORECASE,
)
_LOWER_BOILERPLATE = re.compile(_BOILERPLATE.pattern)
# Every rule of it that begins with a letter begins with one of these words, but for two.
_FIRST_WORDS = frozenset(
    "add advertisement all alle auf authored back be built code content copied copyright created "
    "did docs documentation download edit edited estimated export found gallery generated go how "
    "improve in inhaltsverzeichnis jump last leave letzte link loading made modified nach next no "
    "on out page post posted powered previous print published rate reading report return reviewed "
    "save searching seite share site skip sponsored stand submitted suggest table thank thanks "
    "top updated war was weiter write zuletzt zum zur zurück".split()
)
_ANYWHERE = ("edited this page", "\u2192")
_WORD = re.compile("[a-z\u00fc]+")
# Verbs with which sentences of a text begin too: what a reader is to do, what is told of a thing.
_ORDERS = re.compile(
    r"(?:edit|skip|jump|share|print|suggest|report|download|save|export)\b|\u2190", re.IGNORECASE
)
_TELLS = re.compile(
    r"(?:page )?(?:last )?(?:updated|modified|reviewed|copyright|powered|built|made|generated"
    r"|created)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FOOT = re.compile(
    r"(?:version|release|revision|rev\.?|stand|date|datum)\b:? ?v?[\d.,:\s/-]{1,30}[a-z]{0,10}\d*"
    r"|time: ?\d\d?:\d\d.{0,40}"
    r"|(?!(?:new|added|changed|deprecated|removed|available|introduced|since)\b)"
    r"(?:[\w ]{1,40} )?(?:version|release|documentation|docs) v?\d[\w.-]{0,20}"
    r"|(?:this (?:page|document|site) (?:was|is) )?(?:last )?(?:updated|modified|edited|changed"
    r"|generated|published|posted|retrieved|created)(?: on| at| by| from| with| using|:).{0,90}"
    r"|(?=.*\b(?:19|20)\d\d).{1,60}\blast (?:modified|updated|edited|changed)"
    r"(?: on| at| by|:) .{0,60}"
    r"|th(?:is|e) (?:post|page|article|work|site|wiki) is licensed under .{0,60}"
    r"|(?:released|licensed|available) under (?:the|an?) .{0,60}licen[cs]e.{0,40}",
    re.IGNORECASE,
)
_OWNED = re.compile(  # "(c) Copyright 2010-2023 Jane, 2015 John. Created using Sphinx."
    r"(?:\u00a9|\(c\)|copyright)\W{0,3}(?:copyright|\u00a9|\(c\))?\W{0,3}\d{4}\b.{0,250}",
    re.IGNORECASE,
)
_LEGAL = re.compile(r"licen[cs]|trademark|all rights", re.IGNORECASE)  # below such a line
_IMPRINT = re.compile(
    r"(?:author|written by|posted (?:on|by|in)|published(?: on)?|created|link|url|permalink|tags?"
    r"|(?:filed|tagged|licen[cs]ed) (?:in|under|with|as)|categor(?:y|ies)|licen[cs]e|copyright"
    r"|(?:related|recent|previous|next|other) (?:articles?|posts?|pages?)|archives?|comments?"
    r"|(?:no|\d+) comments?|autor(?:in)?|veröffentlicht(?: am)?|schlagw[oö]rter|kategorien?"
    r"|lizenz|kommentare?)(?:: .{0,60}|:)?"
    r"|(?:#[\w-]+\s*)+|[a-z]+://"
    r"|\d{4}-\d\d-\d\d|(?:\d\d?\. )?[^\W\d]{3,9}\.? (?:\d\d?,? )?\d{4}",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"(?:related|recent|other) (?:articles?|posts?):?", re.IGNORECASE)
_COMMENTS = re.compile(r"(?:\d+|no|one) comments?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<=[a-z])://\S+")
_SENTENCE = re.compile(r"\w[.!?](?:\s|$)|[\u3002\uff01\uff1f]")
_FOOT_LINES = 4
_TITLE = 2  # words of a button that is the title of what it shows
_AROUND = 2  # boxes around what is repeated that hold nothing else
_NEAR = 20  # elements on each side among which its like is looked for
_MAX_BOILERPLATE = 120  # characters
_FEWEST_SAID = 3  # words of a sentence

_TIP = re.compile(
    r"(?<!\S)(?:\S{0,40}[-_])?(?:annot|popover|popup|tool-?tip)[-_]{0,2}(?:text|content|container)(?!\S)"
)

Name = tuple[str, ...]


class Furniture:
    """Judges the elements of one page. panels: ids that a button or tab opens."""

    def __init__(self, panels: Iterable[str]) -> None:
        self._panels = frozenset(panels)

    def hidden(self, element: _Element) -> bool:
        """Whether a reader never sees the element; what a button can open counts as seen."""
        if not element.keys():
            return False
        if not is_unseen(element):
            return False
        if element.tag == "figcaption" and element.get("aria-hidden"):
            return False  # from ears that have the same words as those of the picture
        return not self._is_panel(element, element.get("class") or "") and not _is_default(element)

    def is_clear(self, element: _Element) -> bool:
        """Whether an element is certainly neither hidden nor furniture: most are, told quickly."""
        told = TELLING.intersection(element.keys())
        if not told:
            return True
        if not told <= _NAMES:
            return False
        label = element.get("class")
        if label and not is_clear_class(label):
            return False
        return "id" not in told or element.tag not in _BOXED

    def _is_panel(self, element: _Element, label: str) -> bool:
        if element.get("id") in self._panels or element.get("role") == "tabpanel":
            return True
        if label and has_word(label, _PANELS):
            return True
        parent = element.getparent()
        if parent is not None and has_word(parent.get("class") or "", _PANELS):
            return True
        if parent is not None and "-" in parent.tag and has_word(parent.tag, _PANELS):
            return True
        if parent is not None and parent.get("aria-expanded") is not None:
            return not is_list_of_links(element)
        return _is_unfolded(element)

    def furniture(self, element: _Element) -> bool:
        """Whether the element is navigation, a banner, a vote or the like."""
        tag, get = element.tag, element.get
        if tag in ("nav", "footer"):
            opened = get("id") in self._panels and not is_list_of_links(element)
            return _is_foot_of_page(element) if tag == "footer" else not (opened or _tells(element))
        if not element.keys():
            return False
        if (role := get("role")) in _ROLES:
            if role == "complementary":
                return not _tells(element)
            return role != "tablist" or not holds_panels(element)
        if tag in _STRUCTURE or tag in _WORDS:
            return False
        if (get("itemtype") or "").endswith("BreadcrumbList"):
            return True
        spoken, label, name = get("aria-label"), get("class"), get("id")
        if spoken and _LABELLED.search(spoken):
            return True
        if label and names_furniture(label):
            beside = has_word(label, _BESIDE) and (_tells(element) or _heads_text(element))
            return not (_holds_code(element) or beside)
        if label and tag in _DRAWN and is_drawn(element):
            return True
        if label and _names_link(label) and (tag not in _BOXED or _is_link(element)):
            return True
        if not name or tag not in _BOXED or not (name == "footer" or names_furniture(name)):
            return False
        return not _heads_section(element)


def _is_foot_of_page(footer: _Element) -> bool:
    """Whether a footer is that of a page or a part of it: that of a quotation names who said it."""
    parent = footer.getparent()
    return parent is None or parent.tag not in ("blockquote", "figure")


def _tells(box: _Element) -> bool:
    """Whether what is called navigation or a sidebar says a sentence and leads nowhere: a text."""
    if next(box.iter("a", "button", "input"), None) is not None:
        return False
    said = list(map(str, box.itertext()))  # a sentence may end with a block, or hold some marks
    return any(_SENTENCE.search(between.join(said)) for between in ("\n", ""))


def _heads_text(title: _Element) -> bool:
    """Whether a line begins a box that is called a sidebar and says a sentence all the same."""
    box = title.getparent()
    if box is None or title.tag != "p" or title.getprevious() is not None:
        return False
    return has_word(box.get("class") or "", _BESIDE) and _tells(box)


def _holds_code(element: _Element) -> bool:
    """Whether a box called by a control holds the code that it is for ("clipboard")."""
    return element.tag != "a" and next(element.iterdescendants("pre"), None) is not None


def is_drawn(element: _Element) -> bool:
    """Whether an element is called an icon and its word names one, which a font draws instead."""
    label = element.get("class")
    if not label or len(element) or not has_word(label, _ICONS):
        return False
    return bool(_LIGATURE.fullmatch((element.text or "").strip()))


def is_concealed(element: _Element) -> bool:
    """Whether an element's own attributes hide it."""
    if _CONCEALING.isdisjoint(element.keys()):  # as a rule
        return False
    hidden, style = element.get("hidden"), element.get("style")
    if (hidden is not None and hidden != "until-found") or element.get("aria-hidden") == "true":
        return True
    return style is not None and bool(_HIDING_STYLE.search(style))


def is_unseen(element: _Element) -> bool:
    """Whether an element's own attributes or its class names hide it."""
    label = element.get("class")
    return is_concealed(element) or bool(label and _hides(label))


def is_for_ears(part: _Element) -> bool:
    """Whether a part of a line is called hidden, and no attribute of its own hides it."""
    label = part.get("class")
    return bool(label and _hides(label)) and not is_concealed(part)


def _is_unfolded(element: _Element) -> bool:
    """Whether a hidden element is the text that what stands before it shows, as one of several.

    Before it stands a button with a title, or what has a script of its own for clicks.
    """
    title, parent = element.getprevious(), element.getparent()
    if title is None or parent is None or element.get("role") or element.tag == "span":
        return False
    if title.tag != "button" and title.get("role") != "button" and not title.get("onclick"):
        return False
    if title.get("aria-haspopup") or len("".join(map(str, title.itertext())).split()) < _TITLE:
        return False
    lone = takewhile(lambda box: len(box) == 1, parent.iterancestors())
    several = any(map(_is_repeated, (title, parent, *islice(lone, _AROUND))))
    return several and not is_list_of_links(element)


def _is_repeated(element: _Element) -> bool:
    """Whether another element near it on its level has the same tag and class."""
    name = element.get("class")
    sides = (element.itersiblings(), element.itersiblings(preceding=True))
    return any(
        one.tag == element.tag and one.get("class") == name
        for side in sides
        for one in islice(side, _NEAR)
    )


def is_list_of_links(element: _Element) -> bool:
    """Whether half of an element's text or more are links."""
    said = len("".join(map(str, element.itertext())))
    linked = sum(len("".join(map(str, link.itertext()))) for link in element.iter("a"))
    return 2 * linked >= said


def holds_panels(tabs: _Element) -> bool:
    """Whether what is called a row of tabs holds what these show: it is an accordion then."""
    return next(tabs.iterdescendants("p", "ul", "ol", "pre", "table"), None) is not None


def is_unshown(element: _Element) -> bool:
    """Whether an element's `hidden` holds: it is not the default of several that a script shows."""
    hidden = element.get("hidden")
    return hidden is not None and hidden != "until-found" and not _is_default(element)


def _is_default(element: _Element) -> bool:
    """Whether an element is called the default among others of which a script shows one.

    All are hidden in the source, and nothing else stands in their place.
    """
    parent = element.getparent()
    named = f"{element.get('id') or ''} {element.get('class') or ''}".split()
    if parent is None or not any(name.lower().startswith("default") for name in named):
        return False
    alone = not (parent.text or "").strip() and all(not (one.tail or "").strip() for one in parent)
    return alone and len(parent) > 1 and all(map(is_concealed, parent))


def _heads_section(element: _Element) -> bool:
    """Whether an element is a section of the text: its id comes from its heading ("cookies")."""
    first = next((child for child in element if child.tag not in ("span", "a")), None)
    if first is not None and first.tag in HEADINGS and announces(element, first):
        return False
    if element.tag == "section" or (first is not None and first.tag in HEADINGS):
        return True
    named = set(re.findall(r"[^\W_]+", (element.get("id") or "").casefold()))
    heading = next((child for child in element if child.tag in HEADINGS), None)
    said = "" if heading is None else "".join(map(str, heading.itertext()))
    return bool(said) and named <= set(re.findall(r"[^\W_]+", said.casefold()))


def announces(element: _Element, heading: _Element) -> bool:
    """Whether a heading is that of comments with their number, or of links into its own page."""
    said = "".join(map(str, heading.itertext())).strip()
    if _COMMENTS.fullmatch(said):
        return True
    leads_to = [link.get("href") or "" for link in element.iter("a") if link not in heading.iter()]
    inside = len(leads_to) > 1 and all(link.startswith("#") for link in leads_to)
    about = inside and is_related(said) and is_list_of_links(element)
    return about and not _is_one_of_sections(element, heading)


def _is_one_of_sections(element: _Element, heading: _Element) -> bool:
    """Whether another section stands near it and begins with a heading of its level.

    That is a box of the same class, or an element that is made for sections.
    """
    name = element.get("class")
    if not name and element.tag != "section":
        return False
    sides = (element.itersiblings(), element.itersiblings(preceding=True))
    alike = (one for side in sides for one in islice(side, _NEAR) if one.get("class") == name)
    return any(
        one.tag == element.tag and len(one) > 1 and one[0].tag == heading.tag for one in alike
    )


@lru_cache(maxsize=16384)
def _names(value: str) -> tuple[Name, ...]:
    """The words of every name in a class or id attribute, in lower case."""
    return tuple(
        tuple(re.findall(r"[a-z]+|\d+", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()))
        for name in value.split()
    )


@lru_cache(maxsize=16384)
def has_word(value: str, words: frozenset[str]) -> bool:
    """Whether any name in a class attribute holds one of words."""
    return any(word in words for name in _names(value) for word in name)


@lru_cache(maxsize=16384)
def names_furniture(value: str) -> bool:
    """Whether class names tell navigation, a banner, a vote or the like."""
    return any(_is_furniture(name) for name in _names(value) if name)


@lru_cache(maxsize=4096)
def names_tip(value: str) -> bool:
    """Whether class names tell what is shown only while a pointer is on a word."""
    return _TIP.search(value) is not None


def is_clear_class(value: str) -> bool:
    """Whether class names tell neither furniture nor hidden text."""
    clear = not (_hides(value) or names_furniture(value) or _names_link(value))
    return clear and not has_word(value, _ICONS)


def _is_furniture(name: Name) -> bool:
    if name == _NO_PRINT:
        return True
    if name[0] in _NEGATED:
        return False
    if _CONSENT in name:
        return True
    if name[-1] in _LAST or name[-1].endswith("navbar"):
        return True
    if _NAV.match(name[0]) or any(pair in _PAIRS for pair in pairwise(name)):
        return True
    return len(name) == 2 and name[0] in _FIRST_OR_LAST


@lru_cache(maxsize=16384)
def _names_link(value: str) -> bool:
    """Whether class names tell a mark that links to the place where it stands."""
    return any(
        name[-1] in _LINKS or any(pair in _LINK_PAIRS for pair in pairwise(name))
        for name in _names(value)
        if name and name[0] not in _NEGATED
    )


def _is_link(box: _Element) -> bool:
    """Whether a box says nothing but what is a link."""
    said = "".join(map(str, box.itertext()))
    linked = "".join(str(text) for link in box.iter("a") for text in link.itertext())
    return said.split() == linked.split()


@lru_cache(maxsize=16384)
def _hides(value: str) -> bool:
    """Whether class names hide an element, and none shows it again at some width or state."""
    parts = value.split()
    if any(":" in part or part.startswith(("show", "open", "active")) for part in parts):
        return False
    return any(
        (len(name) == 1 and name[0] in _HIDDEN)
        or any(pair in _HIDDEN_PAIRS for pair in pairwise(name))
        for name in _names(value)
    )


@lru_cache(maxsize=16384)
def admonition_kind(value: str) -> str:
    """The word in a class attribute that makes an element an admonition ("warning"), or ""."""
    names = [name for name in _names(value) if name]
    boxed = any(
        (name[0] in _BOXES and name not in _LANGUAGES) or name[-1] in _BOXES - _LANGUAGE
        for name in names
    )
    kinds = [name[-1] for name in names if _is_admonition(name, boxed)]
    special = [kind for kind in kinds if kind not in _PLAIN_BOXES]
    return (special or [kind for kind in kinds if kind != "alert"] or [""])[0]


def _is_admonition(name: Name, boxed: bool) -> bool:
    if name[-1] not in ADMONITIONS:
        return False
    if len(name) == 1:
        return name[-1] in _SURE or boxed
    sure = name[-1] in _SURE or name[-2:] == ("macro", "information")
    return name[0] in _BOXES or (sure and not _CALLED.isdisjoint(name[:-1]))


def is_announcement(text: str) -> bool:
    """Whether a text announces what follows it; fewer words are a label ("See also:")."""
    words = text.split()
    return len(words) >= _ANNOUNCES and words[-1].endswith(":")


def is_related(heading: str) -> bool:
    """Whether a heading announces links to other pages."""
    return bool(_RELATED.fullmatch(heading))


def is_boilerplate(text: str) -> bool:
    """Whether a paragraph is left over from page furniture ("Last updated on ...")."""
    if len(text) > _MAX_BOILERPLATE:
        return False
    lower = text.lower()
    word = _WORD.match(lower)
    if word and word[0] not in _FIRST_WORDS and not any(map(lower.__contains__, _ANYWHERE)):
        return False  # as a rule
    if text.isascii():  # a pattern that knows of case is far faster
        return bool(_LOWER_BOILERPLATE.fullmatch(lower))
    return bool(_BOILERPLATE.fullmatch(text))


def may_be_said(line: str, *, listed: bool = False) -> bool:
    """Whether what reads as page furniture may be text: "Skip to step 4.", "Built with care."

    That is an order or a statement that ends as a sentence and tells no year; as an item of a
    list (listed) it has no need of an end. Where furniture says so, it is a link.
    """
    begins = _ORDERS.match(line) or _TELLS.match(line)
    return bool(begins) and (listed or _is_sentence(line)) and not _YEAR.search(line)


def _is_sentence(line: str) -> bool:
    return line[-1] in ".:" and len(line.split()) >= _FEWEST_SAID


def _is_order(line: str) -> bool:
    return bool(_ORDERS.match(line)) and _is_sentence(line)


def is_foot(text: str) -> bool:
    """Whether the last paragraph of a page only tells its version, date, maker or licence."""
    lines = _ADDRESS.sub("://", text).split("\n")
    owned = bool(_OWNED.fullmatch(lines[0]))
    return len(lines) <= _FOOT_LINES and all(
        _is_line_of_foot(line) or (owned and _LEGAL.search(line)) for line in lines
    )


def _is_line_of_foot(line: str) -> bool:
    if _OWNED.fullmatch(line):
        return True
    if len(line) > _MAX_BOILERPLATE or _is_order(line):
        return False
    return bool(_FOOT.fullmatch(line)) or is_boilerplate(line)


def is_imprint(text: str) -> bool:
    """Whether a line tells the author, date, address, tags or licence of an article."""
    return bool(_IMPRINT.fullmatch(_ADDRESS.sub("://", text)))


def tells_others(text: str) -> bool:
    """Whether a line announces the names of other articles."""
    return bool(_OTHERS.fullmatch(text))
