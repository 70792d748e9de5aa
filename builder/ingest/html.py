"""HTML to pieces: find the main part of the page, walk it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, islice, pairwise, repeat, takewhile
from operator import attrgetter
from string import digits
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from builder.collector import collector_paused
from builder.ingest.account import UNSEEN, Account, shown_size
from builder.ingest.clean import size
from builder.ingest.faqpage import answers_in, with_answers
from builder.ingest.flatten import flatten, visible_length
from builder.ingest.furniture import (
    HEADINGS,
    Furniture,
    has_word,
    is_clear_class,
    is_foot,
    is_imprint,
    is_related,
    tells_others,
)
from builder.ingest.inline import content, is_inline, line
from builder.ingest.offsets import Spans, Tags, aligned, edited, scanned, stamped, started
from builder.ingest.parsed import Parsed, Piece
from builder.ingest.preformatted import preformatted
from builder.ingest.questions import (
    MAX_QUESTION,
    asks,
    is_answer_badge,
    is_badge,
    is_faq,
    is_one_question,
)
from builder.ingest.region import (
    LABEL,
    Attributes,
    bylines,
    contents_again,
    furniture_of,
    hide_tips,
    languages,
    links_above,
    main_region,
    questions_apart,
    steps,
    tab_labels,
    text_length,
    tips,
    ways,
)
from builder.ingest.run import BACK
from builder.ingest.saved import restore
from builder.ingest.shapes import TITLES, beside_title, is_label, letters
from builder.ingest.uncoloured import Uncoloured, uncoloured
from builder.ingest.walk import Walker

if TYPE_CHECKING:
    from lxml.etree import HTMLParser, _Element

_SEPARATORS = re.compile(r"\s+(?:[|\u2013\u2014\u00b7\u2022\u00bb\u00ab-]|::)\s+")
_STEP = re.compile(r"\s*[>\u00bb\u203a\u2192/|]\s*")  # between the steps of a trail
_SITE = re.compile(r"\s+:\s+")  # between a page and its site, where nothing else parts them
_ROWS = re.compile(r"\s*<(?:tr|thead|tbody|tfoot|colgroup)\b", re.IGNORECASE)
_BROKEN = re.compile(r"(?<!<br>)</br(\s*)>", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?:\u3002](?:\s|$)")
_FULL_STOP = re.compile(r"(?<!\d)[.!?\u3002](?:\s|$)")
_ASIDE = frozenset(("nav", "aside", "footer", "dialog"))  # no title of a page stands in them
_WHOLE = frozenset(("html", "body"))
_FEW = 8  # words of a line that is no text
_IMPRINT = 2  # lines that surely tell of an article make an imprint
_COPYRIGHT = re.compile(r"(?:\u00a9|\(c\)) ?\d{4}\b", re.IGNORECASE)
_FOOT_TABLE = 300  # characters of a table that may be the foot of a page
_BOXES = 200  # boxes of a page, one of which may be called its title
_NAMING = TITLES | {"caption"}  # a caption is that of a page where it says what the head does
_KIND = re.compile(r"(?:\w+ ){0,2}\w+: ")  # of a page, before its title
_VAGUE = 3  # words, fewer of which may be the name of a site in a page's head
_TITLES = 20  # headings of the first level among which the title of a page is looked for
_MOST_PARTS = 6  # of the title in a page's head, more of which are no one's title
_HEADERS = 20  # of a page, one of which may name the site
_NEAR_TOP = 8  # blocks among which the name of a site and the title of its page stand
_THIN = 0.1  # visible characters for one of the source, under which a loss is looked for
_COVERED = 0.5  # share of a page's visible text under which what was read is doubted
_MUCH_MORE = 4  # times the prose that the whole page must hold then, and
_SHORT = 300  # characters more: what surrounds a good page is links, not sentences
_TAIL = attrgetter("tail")
_SEARCHES = frozenset("search suche suchen recherche buscar ricerca поиск 検索 搜索".split())
_HOW_TO_SEARCH = 500  # characters
_HEAD = 20_000  # characters in which a page says where it has moved
_MADE_FROM = re.compile(
    r"the documentation for this .{0,40} was generated from .{0,30}:", re.IGNORECASE
)
_STUB = 250  # characters, blanks apart, that the page then does not reach, with its title
_SENT_ON = re.compile(r"<meta\s[^>]*http-equiv\s*=\s*[\"']?refresh[^>]*>", re.IGNORECASE)
_NO_SCRIPT = re.compile(r"<noscript\b.*?(?:</noscript|\Z)", re.IGNORECASE | re.DOTALL)
_SENT_TO = re.compile(r"content\s*=\s*[\"']?\s*\d+\s*[;,]\s*url\s*=\s*([^\"'>]+)", re.IGNORECASE)
_FEWEST_LINES = 3  # of a list of contents
_FEWEST_BLANKS = 3  # in a sentence that is said again
_FROM = frozenset("from aus von de da di fra van".split())
_ROW = 2  # line breaks in a table of one row, below a header without names
_SEVERAL = 3  # of a kind that make a page one of them: questions, texts in short and in full
_DEEP = 2000  # elements in each other, near where the parser leaves out what is nested deeper
_KEPT = 0.5  # share of the source's tags and text that a tree must hold to be trusted


def redirect(text: str) -> str:
    """Where a page sends its reader on that says hardly more than that, "" for any other page."""
    head = text[:_HEAD]
    if not _SENT_ON.search(head):  # as a rule
        return ""
    for found in _SENT_ON.finditer(_NO_SCRIPT.sub("", head)):
        told = _SENT_TO.search(found[0])
        if told and visible_length(text) < _STUB:
            return told[1].strip()
    return ""


@collector_paused()
def parse(text: str, *, authored: bool = False) -> Parsed:
    """The content of a page: furniture and hidden text left out. Places are offsets into text.

    authored: as for Walker.
    """
    found = _read_uncoloured(text, authored=authored)
    if found is None:
        placed = _placed_tree(text)
        if placed is None:
            return Parsed(pieces=())
        found = _read_page(text, *placed, authored=authored)
    visible = found.visible or 0
    if visible >= _THIN * len(text):
        return found
    told = visible_length(text)
    if visible >= _COVERED * told:
        return found
    note = f"low coverage: the parser found {100 * visible // told} % of the text between the tags"
    second = _placed_tree(text, flat=True)
    again = _read_page(text, *second, authored=authored) if second is not None else found
    if (again.visible or 0) > visible / _COVERED:
        found, note = again, f"{note}, a second one is used"
    return replace(found, notes=(note, *found.notes))


def _read_uncoloured(text: str, *, authored: bool) -> Parsed | None:
    """What is read of a page without the elements that colour its code.

    None where there are none, where its tags are not in order, and where text as a terminal would
    show it may have been coloured.
    """
    found = uncoloured(text)
    tags = started(found.text) if found and not _ROWS.match(text) else None
    if found is None or tags is None or not tags.begin_at("pre", found.blocks):
        return None
    placed = _aligned_tree(found.text, tags, source=found.text, shorter=found)
    if placed is None:
        return None
    page = _Page(*placed, found.text, authored=authored)
    parsed = _read_whole(page)
    return None if page.shown else parsed


def _read_page(text: str, tree: _Element, spans: Spans, *, authored: bool) -> Parsed:
    return _read_whole(_Page(tree, spans, text, authored=authored))


def _read_whole(page: _Page) -> Parsed:
    tree = page.tree
    region = main_region(tree, page.told, page.furniture)
    read = page.read(region)
    notes: tuple[str, ...] = ()
    body = next(tree.iterchildren("body"), None)
    top = tree if body is None else body
    visible = shown_size(top) if read.shown is None or body is None else read.shown
    if read.account.kept < _COVERED * visible:
        prose = _prose(read.pieces)
        enough = _MUCH_MORE * prose + _SHORT
        again = page.read(top) if region is not top and visible > enough else None
        if again is not None and _prose(again.pieces) > enough:
            read, notes = again, ("low coverage: the whole page was read",)
    if read.account.kept < _COVERED * visible:
        share = 100 * read.account.kept // visible
        notes += (f"low coverage: {share} % of the visible text was kept",)
    return Parsed(
        pieces=with_answers(read.pieces, answers_in(tree, page.spans, page.text), parse_fragment),
        title=page.title,
        lang=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        notes=(*notes, *read.notes),
        visible=visible,
        dropped=read.account.balance(visible),
    )


def parse_fragment(text: str, title: str = "") -> Parsed:
    """All of a piece of HTML that stands for a whole document, such as rendered Markdown."""
    placed = _placed_tree(text)
    if placed is None:
        return Parsed(pieces=())
    tree, spans = placed
    page = _Page(tree, spans)
    first = tree.find(".//h1")
    faq = is_faq(title) or (first is not None and is_faq(line(first)))
    walker = Walker(page.furniture, page.panels, faq=faq, spans=page.spans)
    pieces = walker.walk(tree)
    visible = shown_size(tree)
    return Parsed(
        pieces=pieces,
        notes=walker.notes(),
        visible=visible,
        dropped=walker.account.balance(visible),
    )


class _Read(NamedTuple):
    """One reading of a page.

    shown: the size of the text in its body, None where it must be counted anew.
    """

    pieces: list[Piece]
    account: Account
    notes: tuple[str, ...]
    shown: int | None


class _Page:
    """What is known of a page before any of its regions is read."""

    def __init__(
        self, tree: _Element, spans: Spans, text: str = "", *, authored: bool = False
    ) -> None:
        self.tree = tree
        self.spans = spans
        self.text = text
        self.shown = False  # its text is set as a terminal would show it
        saved = restore(tree, text, spans)
        hide_tips(tree, text)
        self.authored = saved or authored
        self.told = Attributes(tree.iter() if saved else spans.elements())
        styled = bool(self.told.having("style")) and "font-family" in text
        self.typed = styled or next(tree.iter("font"), None) is not None
        self.panels = _panels(tree, self.told)
        self.tabs, self.rows = tab_labels(self.told)
        self.furniture = Furniture({*self.panels, *(panel.get("id", "") for panel in self.tabs)})
        self.rows.update(languages(self.told) | steps(self.told) | tips(self.told))
        self.apart = questions_apart(self.told, self.panels, spans) if self.panels else {}
        self.head = _head(tree)
        parts = [part.strip() for part in _SEPARATORS.split(self.head) if part.strip()]
        self.parts = _with_title_whole(parts, tree)
        tops = islice(tree.iter("h1"), _TITLES)
        self.tops = [top for top in tops if self._may_name(top)]
        named = [_words(top) for top in self.tops]
        less = (name for name in named[:1] if _is_less(name, self.parts))
        versioned = (name for name in named[:1] if _is_versioned(name, self.parts))
        told = chain((part for part in self.parts if part in named), less, versioned)
        self._title_box: _Element | None = None  # what says the title and is no heading
        self.boxed, self._labels = self._boxed_title(tree, named)
        headed = self._article_title(tree) if not self.tops else ""
        self.title = self.boxed or headed or next(told, (self.parts or named or [""])[0])

    def read(self, region: _Element) -> _Read:
        """The pieces of a region, and the account of the whole page."""
        bare = not self.authored and region.tag in ("body", "html")
        said = content(region)
        total = size(said)
        in_region = shown_size(region, total)
        shown = preformatted(region, in_region, self.spans, self.text)
        self.shown = shown is not None
        links = {} if self.authored or bare else links_above(region)
        if bare:
            links = furniture_of(region, total, self._title_box) | self._mastheads(region)
        apart = self._apart_in(region)
        labels = dict.fromkeys(apart.values(), LABEL)
        walker = Walker(
            self.furniture,
            self.panels,
            faq=is_faq(self.title),
            spans=self.spans,
            skipped=self.rows | links | bylines(region) | self._leading(region) | labels,
            tabs=self.tabs,
            apart=apart,
            authored=self.authored,
            names=self.parts,
            typed=self.typed,
            made=True,
            read=shown.read if shown else None,
        )
        if shown and shown.title and not self.tops:
            self.title = shown.title
        boxes = _said_above(region, self.furniture)
        inside = {one for box in boxes for one in box.iter(*HEADINGS)}
        above = [one for one in self._titles_above(region) if one not in inside]
        title = self.title
        if above and self._is_named(above[0]):
            title = self.title = _words(above[0])
        in_body = in_region + _size_beside(region)
        for outside in _outside(region):
            hidden = self.furniture.hidden(outside)
            reason = "hidden" if hidden else "furniture"
            in_body += walker.account.drop(outside, reason, but=(*above, *boxes))
        pieces = walker.walk(region, said=said, shown=in_region, below=above, behind=boxes)
        if above and pieces and pieces[0].text == title:
            pieces[0] = replace(pieces[0], level=1)
        kept = _without_kind(pieces) if self.authored else _said_once(_without_kind(pieces))
        kept = kept if self.authored else _without_foot(_without_contents(kept), walker.emptied)
        kept = _without_empty_lists(kept, walker.emptied, self.parts[:1])
        kept = _risen(_under_title(kept, self.boxed, self._labels) if self.boxed else kept, title)
        kept = _without_trail(kept, title, self.parts[1:])
        kept = _without_banner(self._without_site(kept)) if bare else kept
        kept = _without_running_head(kept, self.parts[:1])
        kept = [] if _only_searches(region, kept) else _without_badges(kept)
        if len(kept) < len(pieces):
            left = Counter(piece.text for piece in kept)
            for piece in pieces:
                left[piece.text] -= 1
                if piece.text and left[piece.text] < 0:
                    walker.account.take_back(piece.kind, piece.text)
        counted = None if walker.changed or not _is_shown_in_body(region) else in_body
        return _Read(_asked(kept), walker.account, walker.notes(), counted)

    def _apart_in(self, region: _Element) -> dict[_Element, _Element]:
        """The panels in a region away from their questions, which stand there too."""
        return {
            panel: opener
            for panel, opener in self.apart.items()
            if all(region in one.iterancestors() for one in (panel, opener))
        }

    def _leading(self, region: _Element) -> dict[_Element, str]:
        """What in a region only leads on, or to its own parts; authors write no such thing."""
        return {} if self.authored else ways(region) | contents_again(region)

    def _without_site(self, pieces: list[Piece]) -> list[Piece]:
        """Pieces without the name of the site above the title, where the page's head names both.

        The head names the site last, or first where its name leads to where the site starts.
        """
        names = [name for part in self.parts for name in _SITE.split(part)]
        heads = [at for at, piece in enumerate(pieces[:_NEAR_TOP]) if piece.kind == "heading"]
        if len(names) < 2 or len(heads) < 2 or pieces[heads[0]].level > 1:
            return pieces
        site, title = (pieces[at] for at in heads[:2])
        named_last = title.text == names[0] and site.text in names[1:]  # it, or a part of it
        named_first = (site.text, title.text) == (names[0], names[-1])
        leads = named_first and site.text not in map(line, self.tops)
        if not (named_last and title.level == site.level + 1) and not leads:
            return pieces
        between = pieces[heads[0] + 1 : heads[1]]
        return [*between, replace(title, level=1), *pieces[heads[1] + 1 :]]

    def _mastheads(self, region: _Element) -> dict[_Element, str]:
        """The headers that name the site above the title which the page's head tells."""
        told = letters(self.parts[0]) if self.parts else ""
        named = (top for top in self.tops if letters(_words(top)) == told)
        title = next(named, self._title_box)
        if title is None:
            return {}
        around = set(title.iterancestors())
        called = (box for box in islice(region.iter("div"), _BOXES) if _is_header(box))
        return {
            header: "furniture"
            for header in chain(islice(region.iter("header"), _HEADERS), called)
            if header not in around
            and next(header.iter("h1"), None) is not None
            and self.spans.start(header) < self.spans.start(title)
        }

    def _titles_above(self, region: _Element) -> list[_Element]:
        """The title that stands above a region without one, and what says it again there."""
        title = self._title_above(region)
        if title is None:
            return []
        between = (
            heading
            for heading in title.getroottree().iter("h1", "h2")
            if self.spans.start(title) < self.spans.start(heading) < self.spans.start(region)
        )
        again = (heading for heading in between if _names_kind(line(title), line(heading)))
        return [title, *islice(again, 1)]

    def _title_above(self, region: _Element) -> _Element | None:
        """The title of the page that stands above a region without one; a site's name is none."""
        if region.tag in ("body", "html"):
            return None
        if any(line(heading) in self.parts[:1] for heading in region.iter("h2")):
            return None
        own = next(region.iter("h1"), None)
        if own is not None and _begins_with(region, own):
            return None
        start = self.spans.start(region)
        headings = takewhile(
            lambda heading: self.spans.start(heading) < start,
            islice(region.getroottree().iter("h1", "h2"), _TITLES),
        )
        named = [heading for heading in headings if self._is_named(heading)]
        if named or own is not None:
            return named[-1] if named else None
        before = [top for top in self.tops if self.spans.start(top) < start and self._fits(top)]
        told = [top for top in before if _words(top) == self.title] or before
        return told[-1] if told else None

    def _is_named(self, heading: _Element) -> bool:
        """Whether the page's head names a heading as its title, not as that of the site.

        A site is named last; its name is a link to where it starts.
        """
        said = _words(heading).casefold()
        parts = self.parts[:1] if heading.tag == "h2" else self.parts[:-1] or self.parts
        names = [_SITE.split(part)[0].casefold() for part in parts]
        if said not in names and not any(map(_says_more, repeat(said), names)):
            return False
        return self._may_name(heading, linked=True)

    def _article_title(self, tree: _Element) -> str:
        """What the head of an article calls the page's title: a site sets its name higher."""
        for header in tree.iter("header"):
            first = next(header.iter("h2", "h3"), None)
            if first is not None and first.tag == "h2" and line(first) in self.parts:
                return line(first)
        return ""

    def _boxed_title(self, tree: _Element, named: Sequence[str]) -> tuple[str, str]:
        """What a box calls the page's title, where the head tells it, and no heading says it.

        With the labels behind it in the box ("abstract"). Both are "" where no box says it.
        The head may tell it behind a site's name ("Tern: src/clock.c File"), before the kind of
        site ("Tern Class documentation"), or only its kind ("Class Members"). named: what the
        headings say that may be it.
        """
        told = next((part for part in self.parts if ": " in part), (self.parts or [""])[0])
        site, _, kind = told.rpartition(": ")
        words = f" {kind}  {' '.join(kind.replace('/', ' ').split())} " if site else ""
        for box in islice(tree.iter("div", "p", "span"), _BOXES) if told not in named else ():
            label = box.get("class")
            if not label or not has_word(label, _NAMING):
                continue
            if not has_word(label, TITLES) and line(box) != told:
                continue
            first = box[0] if len(box) else None
            inner = first is not None and is_inline(first) and not is_label(first)
            if inner or (first is not None and not (box.text or "").strip()):
                continue
            said = line(box, tuple(box))
            same = f": {told}".endswith(f": {said}") or (kind != told and said.endswith(f" {kind}"))
            called = has_word(label, TITLES) and not said.isalpha()
            same = same or (called and told.startswith(f"{said} "))
            same = same or (" " in said and f": {self.head}".endswith(f": {said}"))
            if said and (same or f" {said} " in words) and self._may_name(box):
                self._title_box = box
                behind = takewhile(is_inline, box) if first is not None and is_label(first) else ()
                return said, " ".join(map(line, behind))
        return "", ""

    def _fits(self, title: _Element) -> bool:
        """Whether a heading is told by the page's head, or says more than a head of one name."""
        said = line(title).replace("`", "").casefold()
        told = [part.casefold() for part in self.parts]
        n_told = len(" ".join(told).split())
        vague = len(told) < 2 and n_told < min(_VAGUE, len(said.split()))
        return vague or any(said in part for part in told)

    def _may_name(self, title: _Element, *, linked: bool = False) -> bool:
        """Whether a heading may be the page's: it is seen, and no link to the start of a site.

        linked: it may be a link to a page deep in the site, as the title to its own page is.
        """
        around = (title, *title.iterancestors())
        told = len(self.parts) > 1 and line(title) == self.parts[0]
        return (
            bool(line(title))
            and not (_is_linked(title) and not (linked and _leads_deep(title)))
            and not any(
                above.tag in _ASIDE
                or (above.tag == "h1" and above is not title)
                or not (told or above.tag in _WHOLE or is_clear_class(above.get("class") or ""))
                or self.furniture.hidden(above)
                for above in around
            )
        )


def _is_header(box: _Element) -> bool:
    """Whether a box is called the header of the page, as those of older pages are."""
    return "header" in (box.get("id") or "", *(box.get("class") or "").split())


def _is_linked(title: _Element) -> bool:
    """Whether a heading is a link to somewhere else, as the name of a site is."""
    if next(title.iterancestors("a"), None) is not None:
        return True
    links = (link for link in title.iter("a") if not (link.get("href") or "#").startswith("#"))
    return any(line(link) == line(title) for link in links)


def _begins_with(region: _Element, title: _Element) -> bool:
    """Whether nothing is said in a region before its first title."""
    around = set(title.iterancestors())
    for found in region.iter():
        if found is title:
            return True
        behind = None if found in around else found.tail
        if found.tag not in UNSEEN and ((found.text or "").strip() or (behind or "").strip()):
            return False
    return False


def _leads_deep(title: _Element) -> bool:
    """Whether a heading is a link to a page that is none of those where sites start."""
    link = next(title.iter("a"), None)
    path = urlsplit((link.get("href") or "") if link is not None else "").path
    return path.strip("/").count("/") > 0 and not path.rpartition("/")[2].startswith("index")


def _words(heading: _Element) -> str:
    """The words of a heading, without what stands beside them."""
    return line(heading, beside_title(heading) if len(heading) else ())


def _is_less(name: str, parts: Sequence[str]) -> bool:
    """Whether the head's only part says all of a heading of several words, and one word more."""
    said, told = name.casefold().split(), parts[0].casefold().split() if len(parts) == 1 else []
    return 1 < len(said) == len(told) - 1 and set(said) < set(told)


def _is_versioned(name: str, parts: Sequence[str]) -> bool:
    """Whether a heading says the first part of the page's head, and more in brackets behind it."""
    return bool(parts) and name.startswith(f"{parts[0]} (") and name.endswith(")")


def _says_more(said: str, name: str) -> bool:
    """Whether a heading says all of a name of several words, and a word more at most for each."""
    words, named = said.split(), name.split()
    return 1 < len(named) < len(words) <= 2 * len(named) and set(named) <= set(words)


def _outside(region: _Element) -> Iterator[_Element]:
    """The elements beside a region and beside what it stands in, in the order of the page."""
    above = [region, *region.iterancestors()]
    for inner, outer in pairwise(above):
        if outer.tag != "html":
            yield from (child for child in outer if child is not inner)


def _size_beside(region: _Element) -> int:
    """The size of the text beside a region and beside what it stands in that is in no element."""
    around = [one for one in region.iterancestors() if one.tag != "html"]
    return size("".join(text or "" for one in around for text in (one.text, *map(_TAIL, one))))


def _is_shown_in_body(region: _Element) -> bool:
    """Whether a region is the body or stands in it, and in nothing that is not shown."""
    around = [one.tag for one in (region, *region.iterancestors())]
    return "body" in around[-2:] and not any(tag in UNSEEN for tag in around)


def _said_above(region: _Element, furniture: Furniture) -> list[_Element]:
    """What stands right above a main part and begins its text: a title with sentences below it.

    That is the header of the section which it stands in, or a box with the only title of the page.
    """
    parent = region.getparent()
    if parent is None or region.tag in _WHOLE:
        return []
    headed = next(region.iter("h1"), None) is not None
    inside = parent.tag in ("section", "article")
    for box in region.itersiblings("div", "section", "header", preceding=True):
        if box.tag == "header":
            begins = inside and next(box.iter("h1", "h2", "h3"), None) is not None
        else:
            begins = not headed and next(box.iter("h1"), None) is not None
            begins = begins and next(box.iter("header", "nav", "form"), None) is None
        if begins and any(map(_says_sentence, box.iter("p", "div"))):
            return [] if furniture.hidden(box) or furniture.furniture(box) else [box]
    return []


def _says_sentence(box: _Element) -> bool:
    """Whether a paragraph, or a box by its own words, says a sentence."""
    return bool(_FULL_STOP.search(content(box) if box.tag == "p" else box.text or ""))


def _only_searches(region: _Element, pieces: Sequence[Piece]) -> bool:
    """Whether a page is called a search, and says no more than how to use its form."""
    title = pieces[0].text.casefold() if pieces and pieces[0].kind == "heading" else ""
    if title not in _SEARCHES or sum(len(piece.text) for piece in pieces) > _HOW_TO_SEARCH:
        return False
    return any(field.get("type", "text") in ("text", "search") for field in region.iter("input"))


def _prose(pieces: Sequence[Piece]) -> int:
    """The characters of sentences and code in pieces."""
    return sum(
        len(piece.text)
        for piece in pieces
        if piece.kind == "code" or (len(piece.text.split()) > 7 and _SENTENCE.search(piece.text))
    )


def _placed_tree(text: str, *, flat: bool = False) -> tuple[_Element, Spans] | None:
    """The tree of a page, and where its elements stand in text; None when it has no tree.

    flat: made of what a simpler parser of our own makes of the page.
    """
    only_rows = _ROWS.match(text)
    whole = not only_rows and not flat
    begun = started(text) if whole else None
    if begun is None and ("</br" in text or "</BR" in text):
        text = _BROKEN.sub(r"<br\1/>", text)  # as browsers read it
    tags = begun or scanned(text)
    placed = _aligned_tree(text, tags, source=text if begun else "") if whole else None
    if placed is not None:
        return placed
    tags = scanned(text) if begun else tags
    marked = stamped(text, tags)
    marked = flatten(marked) if flat else marked
    tree = _tree(f"<table>{marked}" if only_rows else marked)
    return None if tree is None else (tree, Spans(tree, tags))


def _aligned_tree(
    text: str, tags: Tags, *, source: str, shorter: Uncoloured | None = None
) -> tuple[_Element, Spans] | None:
    """The tree of a page, and where its elements stand, if every tag is in it: nothing is lost.

    source, shorter: as for Spans.
    """
    tree = _parsed(edited(text, tags))
    numbers = None if tree is None else aligned(list(tree.iter()), tags)
    if tree is None or numbers is None:
        return None
    return tree, Spans(tree, tags, numbers, source, shorter)


def _tree(text: str) -> _Element | None:
    """The tree of a page; markup too deep for the parser is made shallow and read again."""
    tree = _parsed(text)
    if tree is not None and not (text.count("<") > _DEEP and _depth(tree) >= _DEEP):
        if 2 * len(list(tree.iter())) >= _KEPT * text.count("<"):
            return tree
        if text_length(tree) >= _KEPT * visible_length(text):
            return tree
    again = _parsed(flatten(text))
    if tree is None or again is None or text_length(again) < text_length(tree):
        return again if tree is None else tree
    return again


def _depth(tree: _Element) -> int:
    """How deep the elements of a tree are nested."""
    depths = {tree: 1}
    for element in tree.iterdescendants():
        above = element.getparent()
        depths[element] = 1 if above is None else depths[above] + 1
    return max(depths.values())


def _parsed(text: str) -> _Element | None:
    from lxml import etree

    try:
        return etree.fromstring(text.encode("utf-8", "replace"), _parser())
    except etree.XMLSyntaxError:
        return None


@cache
def _parser() -> HTMLParser:
    """The parser of all pages: to set one up takes a fortieth of the time of a parse."""
    from lxml.etree import HTMLParser

    return HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )


def _panels(tree: _Element, told: Attributes | None = None) -> dict[str, _Element]:
    """The elements that buttons and tabs of the page show, by id."""
    told = told or Attributes(tree.iter())
    names: set[str] = set()
    for attribute in ("aria-controls", "data-target", "data-bs-target"):
        for element in told.having(attribute):
            names.update((element.get(attribute) or "").replace("#", "").split())
    for attribute in ("data-toggle", "data-bs-toggle"):
        for element in told.having(attribute):
            if element.get(attribute):
                names.add((element.get("href") or "").lstrip("#"))
    if not names:
        return {}
    return {element.get("id", ""): element for element in told.having("id", names)}


def _without_empty_lists(
    pieces: list[Piece], emptied: Container[int], names: Sequence[str]
) -> list[Piece]:
    """Pieces without headings such as "On this page" whose links were left out.

    emptied: ids of the heading pieces below which a list of links into the page stood.
    names: what the page's head says as its title.
    """
    if len(pieces) <= 1:
        return pieces
    title = next((piece for piece in pieces if piece.kind == "heading"), None)

    def is_empty(piece: Piece, after: Piece) -> bool:
        if piece.kind != "heading" or after.kind != "heading":
            return False
        related, lost_list = is_related(piece.text), id(piece) in emptied
        if piece.level < after.level:  # sections of its own stand below it
            return related and lost_list and piece is not title
        named = piece is title and any(name.startswith(piece.text) for name in names)
        return related or (lost_list and not named)

    kept, after = [], Piece("heading", "")
    for piece in reversed(pieces):
        if not is_empty(piece, after):
            kept.append(piece)
        after = after if piece.kind == "end" else piece
    return kept[::-1]


def _without_banner(pieces: list[Piece]) -> list[Piece]:
    """Pieces without the slogans and labels above the first heading of a page with no main."""
    first = next((at for at, piece in enumerate(pieces) if piece.kind == "heading"), 0)
    return pieces if any(map(_is_content, pieces[:first])) else pieces[first:]


def _without_running_head(pieces: list[Piece], names: Sequence[str]) -> list[Piece]:
    """Pieces without the rows above and below a manual page that its printed pages would have.

    The first says the page's name at both sides.
    """
    cells = _only_row(pieces[0]) if len(pieces) > _IMPRINT else []
    if len(cells) < 2 or cells[0] != cells[-1] or cells[0] not in names:
        return pieces
    last = len(pieces) - 1
    while pieces[last].kind == "end" and last > 1:
        last -= 1
    return pieces[1:last] if _only_row(pieces[last]) else pieces[1:]


def _only_row(piece: Piece) -> list[str]:
    """The cells of a table with one row, [] for any other piece."""
    if piece.kind != "table":
        return []
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in piece.text.split("\n")]
    said = [row for row in rows if any(cell.strip("-: ") for cell in row)]
    return said[0] if len(said) == 1 else []


def _under_title(pieces: list[Piece], title: str, labels: str) -> list[Piece]:
    """Pieces with a title for a heading that stands in a paragraph above all the others.

    labels: what stands behind it in that paragraph; a paragraph of its own.
    """
    first = next((at for at, piece in enumerate(pieces) if piece.kind == "heading"), len(pieces))
    said = (title, title + labels)
    at = next((at for at, piece in enumerate(pieces[:first]) if piece.text in said), None)
    if at is None:
        return pieces
    below = pieces[at + 1 :]
    if any(piece.kind == "heading" and piece.level == 1 for piece in below):
        below = [
            replace(one, level=min(6, one.level + 1)) if one.kind in ("heading", "end") else one
            for one in below
        ]
    if pieces[at].text != title:
        below = [replace(pieces[at], text=labels), *below]
    return [*pieces[:at], replace(pieces[at], kind="heading", text=title, level=1), *below]


def _risen(pieces: list[Piece], title: str) -> list[Piece]:
    """Pieces with the page's title on the first level, where it is set as one of its sections."""
    first = next((at for at, piece in enumerate(pieces) if piece.kind == "heading"), len(pieces))
    if first == len(pieces) or pieces[first].level == 1 or pieces[first].text != title:
        return pieces
    levels = [piece.level for piece in pieces[first:] if piece.kind == "heading"]
    alone = levels[0] < min(levels[1:], default=7)
    if alone or levels[0] > levels[1] or 1 in levels:
        return pieces
    return [*pieces[:first], replace(pieces[first], level=1), *pieces[first + 1 :]]


def _without_trail(pieces: list[Piece], title: str, sites: Sequence[str]) -> list[Piece]:
    """Pieces without the trail that leads to the page's title and stands above it, or right below.

    Nor with a link above it that is one of the names (sites) which the head tells behind its title,
    a line below it that says where it is from, or a table of one row above it.
    """
    first = next((at for at, piece in enumerate(pieces) if piece.kind == "heading"), None)
    if first is None:
        return pieces
    banner = pieces[first].text == title
    above = [
        piece
        for piece in pieces[:first]
        if not (_is_trail(piece, title, sites) or (banner and _is_row(piece)))
    ]
    below = first + 1
    while below < len(pieces) and _leads_back(pieces[below], sites):
        below += 1
    return [*above, *pieces[first : first + 1], *pieces[below:]]


def _is_trail(piece: Piece, title: str, sites: Sequence[str]) -> bool:
    if piece.kind != "paragraph":
        return False
    steps = _STEP.split(piece.text)
    named = piece.text in sites and "link" in piece.flags
    return named or (len(steps) > 1 and steps[-1] == title)


def _is_row(piece: Piece) -> bool:
    """Whether a piece is a table of one row, as the header of a site is."""
    return piece.kind == "table" and not piece.header_rows and piece.text.count("\n") == _ROW


def _leads_back(piece: Piece, sites: Sequence[str]) -> bool:
    """Whether a line below a title leads to the pages above it, or says from which site it is."""
    if piece.kind != "paragraph":
        return False
    before, _, site = piece.text.partition(" ")
    return (before.casefold() in _FROM and site in sites) or (
        "link" in piece.flags and piece.text[:1] in BACK and piece.text[1:2].isspace()
    )


def _without_kind(pieces: list[Piece]) -> list[Piece]:
    """Pieces without titles that the next heading says again: "Tutorial: Clocks", "Clocks"."""
    first = next((at for at, piece in enumerate(pieces) if piece.kind == "heading"), len(pieces))
    last = first
    while last + 1 < len(pieces) and _says_again(pieces[last], pieces[last + 1]):
        last += 1
    if last == first:
        return pieces
    level = min(piece.level for piece in pieces[first : last + 1])
    return [*pieces[:first], replace(pieces[last], level=level), *pieces[last + 1 :]]


def _said_once(pieces: list[Piece]) -> list[Piece]:
    """Pieces without the short forms of texts that right behind them are said in full.

    A page folds the one or the other, below the headings of its members: three or more.
    """
    short = {
        at + 1: full.text
        for at, (title, one, full) in enumerate(zip(pieces, pieces[1:], pieces[2:], strict=False))
        if title.kind == "heading" and _is_short_of(one, full)
    }
    if len(set(short.values())) < _SEVERAL:
        return pieces
    return [piece for at, piece in enumerate(pieces) if at not in short]


def _is_short_of(piece: Piece, full: Piece) -> bool:
    if not piece.kind == "paragraph" == full.kind or not full.text.startswith(piece.text):
        return False
    return piece.text.count(" ") >= _FEWEST_BLANKS and piece.text[-1] in ".!?\u3002"


def _says_again(title: Piece, below: Piece) -> bool:
    """Whether a heading right below a title says it again, without what kind of page it is."""
    return title.kind == below.kind == "heading" and _names_kind(title.text, below.text)


def _names_kind(title: str, again: str) -> bool:
    """Whether a title is another one with the kind of the page before it."""
    return title.endswith(again) and bool(_KIND.fullmatch(title.removesuffix(again)))


def _without_contents(pieces: list[Piece]) -> list[Piece]:
    """Pieces without lines of links half of which or more say the headings below them.

    Nor the heading above them, where nothing else stands under it.
    """
    if not any(map(_is_linked_line, pieces)):  # as a rule
        return pieces
    heads = {
        name: at
        for at, piece in enumerate(pieces)
        if piece.kind == "heading"
        for name in (_bare(piece.text), _bare(piece.text.rpartition(":")[2]))
    }
    kept: list[Piece] = []
    at = 0
    while at < len(pieces):
        behind = (step for step in range(at, len(pieces)) if not _is_linked_line(pieces[step]))
        end = next(behind, len(pieces))
        lines = [_bare(line) for piece in pieces[at:end] for line in piece.text.split("\n")]
        told = sum(heads.get(line, -1) >= end for line in lines)
        if len(lines) < _FEWEST_LINES or 2 * told < len(lines):
            end = max(end, at + 1)
            kept += pieces[at:end]
        elif (
            len(kept) > 1
            and kept[-1].kind == "heading"
            and not _goes_on(pieces, end, kept[-1].level)
        ):
            kept.pop()
        at = end
    return kept


def _is_linked_line(piece: Piece) -> bool:
    return piece.kind == "paragraph" and "link" in piece.flags


def _bare(line: str) -> str:
    """The letters of a line without its number."""
    return letters(line).lstrip(digits)


def _goes_on(pieces: list[Piece], at: int, level: int) -> bool:
    """Whether a section of a level goes on at a piece, with text or a section in it."""
    if at == len(pieces) or pieces[at].kind == "end":
        return False
    return pieces[at].kind != "heading" or pieces[at].level > level


def _without_foot(pieces: list[Piece], emptied: Container[int]) -> list[Piece]:
    """Pieces without the version or date that themes set below the text, or the list of files that
    it was made from; but what is all that stands under a heading stays.

    emptied: ids of the heading pieces below which a list of links into the page stood.
    """
    end = len(pieces)
    listed = end
    while listed > 1 and pieces[listed - 1].kind in ("list_item", "end"):
        listed -= 1
    if listed < end and _MADE_FROM.fullmatch(pieces[listed - 1].text):
        end = listed - 1
    while end > 1 and (pieces[end - 1].kind == "end" or _is_foot(pieces[end - 1])):
        end -= 1
    kept = end < len(pieces) and _is_section(pieces[end - 1]) and id(pieces[end - 1]) not in emptied
    left = pieces if kept else pieces[:end]
    while len(shorter := _without_imprint(left)) < len(left):
        left = shorter
    return left


def _is_foot(piece: Piece) -> bool:
    """Whether a piece is the last paragraph of a page and no more, or a table set as one."""
    if piece.kind != "table" or len(piece.text) > _FOOT_TABLE:
        return piece.kind == "paragraph" and is_foot(piece.text)
    cells = map(str.strip, piece.text.split("|"))
    return is_foot("\n".join(cell for cell in cells if cell.strip("-") and "://" not in cell))


def _without_imprint(pieces: list[Piece]) -> list[Piece]:
    """Pieces without the lines below an article that tell its author, date, tags and the like.

    Several short lines that are no sentences, from the first of them that is surely one; or the
    names of other articles below a line that announces these.
    """
    first = len(pieces)
    while first > 1 and _is_short(pieces[first - 1]):
        first -= 1
    told = [at for at in range(first, len(pieces)) if is_imprint(pieces[at].text)]
    others = bool(told) and tells_others(pieces[told[0]].text) and told[0] + _IMPRINT < len(pieces)
    if (len(told) < _IMPRINT and not others) or _is_section(pieces[told[0] - 1]):
        return pieces
    title = next((piece.text for piece in pieces if piece.kind == "heading"), "")
    again = pieces[told[0] - 1].kind == "paragraph" and pieces[told[0] - 1].text == title
    return pieces[: told[0] - again]


def _is_section(piece: Piece) -> bool:
    """Whether a piece is a heading below the title of a page."""
    return piece.kind == "heading" and piece.level > 1


def _is_short(piece: Piece) -> bool:
    """Whether a piece is a line of few words and no sentence, or says nothing."""
    if piece.kind != "paragraph":
        return piece.kind == "end"
    return len(piece.text.split()) <= _FEW and not _FULL_STOP.search(piece.text)


def _without_badges(pieces: list[Piece]) -> list[Piece]:
    """Pieces with the questions as headings that a "Q" stands above, and an "A" below."""
    kinds = [
        "" if piece.kind != "paragraph" else
        "Q" if is_badge(piece.text) else "A" if is_answer_badge(piece.text) else "text"
        for piece in pieces
    ]  # fmt: skip
    asked = {
        at + 1
        for at, three in enumerate(zip(kinds, kinds[1:], kinds[2:], strict=False))
        if three == ("Q", "text", "A") and len(pieces[at + 1].text) <= MAX_QUESTION
    }
    found = _raised(pieces, asked, "question")
    badges = {at + step for at in asked for step in (-1, 1)}
    return [piece for at, piece in enumerate(found) if at not in badges]


def _asked(pieces: list[Piece]) -> list[Piece]:
    """Pieces with the questions as headings of a page that sets them as paragraphs of their own.

    One or two such paragraphs may be rhetorical; three or more, each with text below, are not.
    What stands below a declaration says what it is for: "Should names be quoted?".
    """
    lone = {
        at
        for at, piece in enumerate(pieces[:-1])
        if piece.kind == "paragraph"
        and is_one_question(piece.text)
        and pieces[at + 1].kind not in ("heading", "end")
        and not is_one_question(pieces[at + 1].text)
        and not _is_declared(pieces, at)
    }
    return pieces if len(lone) < _SEVERAL else _raised(pieces, lone, "question", "inferred")


def _is_declared(pieces: list[Piece], at: int) -> bool:
    """Whether right above a piece there is nothing but code between it and a heading."""
    if at < 2 or pieces[at - 1].kind != "code":
        return False
    return pieces[at - 2].kind == "heading" and not asks(pieces[at - 2].text)


def _raised(pieces: list[Piece], asked: Container[int], *flags: str) -> list[Piece]:
    """Pieces with some of them as headings one level below the heading above them."""
    if not asked:
        return pieces
    level = 1
    found: list[Piece] = []
    for at, piece in enumerate(pieces):
        if piece.kind == "heading":
            level = piece.level
        if at in asked:
            told = (*piece.flags, *flags)
            piece = replace(piece, kind="heading", level=min(6, level + 1), flags=told)
        found.append(piece)
    return found


def _is_content(piece: Piece) -> bool:
    if piece.kind == "paragraph" and _COPYRIGHT.search(piece.text) and len(piece.text) < 120:
        return False
    if piece.kind in ("code", "table", "admonition", "quote") or len(piece.text) > 80:
        return True
    longest = max(len(words.split()) for words in piece.text.split("\n"))
    return longest > 5 and piece.text.endswith((".", ":", "!", "?"))


def _head(tree: _Element) -> str:
    """What the page's head tells as its title; the name of the site may stand beside it."""
    element = next(tree.iter("title"), None)
    return " ".join(content(element).split()) if element is not None else ""


def _with_title_whole(parts: list[str], tree: _Element) -> list[str]:
    """The parts of a head, of which the first several are one where a title says them all.

    A title may hold what otherwise stands between a page and its site.
    """
    if not 1 < len(parts) <= _MOST_PARTS:
        return parts
    boxes = islice(tree.iter("div", "p", "span"), _BOXES)
    called = (box for box in boxes if not len(box) and has_word(box.get("class") or "", TITLES))
    for title in chain(islice(tree.iter("h1"), _TITLES), called):
        said = _words(title)
        if said == parts[0]:  # as a rule
            break
        for n in range(2, len(parts) + 1):
            if said and letters(said) == letters("".join(parts[:n])):
                return [said, *parts[n:]]
    return parts
