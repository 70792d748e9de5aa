"""HTML to pieces: find the main part of the page, walk it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest.account import Account, shown_text, size
from builder.ingest.faqpage import answers_in, with_answers
from builder.ingest.flatten import flatten, visible_length
from builder.ingest.furniture import Furniture, is_foot, is_related
from builder.ingest.inline import content, line
from builder.ingest.offsets import Spans, Tags, stamped
from builder.ingest.parsed import Parsed, Piece
from builder.ingest.questions import is_faq, is_one_question
from builder.ingest.region import furniture_of, languages, main_region, tab_labels, text_length
from builder.ingest.walk import Walker

if TYPE_CHECKING:
    from lxml.etree import _Element

_SEPARATORS = re.compile(r"\s+(?:[|\u2013\u2014\u00b7\u2022\u00bb\u00ab-]|::)\s+")
_ROWS = re.compile(r"\s*<(?:tr|thead|tbody|tfoot|colgroup)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?:\u3002](?:\s|$)")
_SHORT = 300  # characters of prose under which a main part is doubted
_MUCH_MORE = 4  # times the prose that the rest of the page must hold then
_SEVERAL = 3  # questions in paragraphs of their own that make a page one of questions
_KEPT = 0.5  # share of the source's tags and text that a tree must hold to be trusted


def parse(text: str) -> Parsed:
    """The content of a page: furniture and hidden text left out. Places are offsets into text."""
    tree, tags = _marked_tree(text)
    if tree is None:
        return Parsed(pieces=())
    page = _Page(tree, Spans(tree, tags))
    region = main_region(tree, page.furniture)
    read = page.read(region)
    notes: tuple[str, ...] = ()
    top = tree.find("body")
    if top is not None and region is not top and _prose(read.pieces) < _SHORT:
        again = page.read(top)
        if _prose(again.pieces) > _MUCH_MORE * _prose(read.pieces) + _SHORT:
            read, notes = again, ("low coverage: the whole page was read",)
    visible = size(shown_text(tree if top is None else top))
    return Parsed(
        pieces=with_answers(read.pieces, answers_in(tree, page.spans, text), parse_fragment),
        title=page.title,
        lang=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        notes=(*notes, *read.notes),
        visible=visible,
        dropped=read.account.balance(visible),
    )


def parse_fragment(text: str, title: str = "") -> Parsed:
    """All of a piece of HTML that stands for a whole document, such as rendered Markdown."""
    tree, tags = _marked_tree(text)
    if tree is None:
        return Parsed(pieces=())
    page = _Page(tree, Spans(tree, tags))
    first = tree.find(".//h1")
    faq = is_faq(title) or (first is not None and is_faq(line(first)))
    walker = Walker(page.furniture, page.panels, faq=faq, spans=page.spans)
    pieces = walker.walk(tree)
    visible = size(shown_text(tree))
    return Parsed(
        pieces=pieces,
        notes=walker.notes(),
        visible=visible,
        dropped=walker.account.balance(visible),
    )


class _Read(NamedTuple):
    """One reading of a page."""

    pieces: list[Piece]
    account: Account
    notes: tuple[str, ...]


class _Page:
    """What is known of a page before any of its regions is read."""

    def __init__(self, tree: _Element, spans: Spans) -> None:
        self.spans = spans
        self.panels = _panels(tree)
        self.furniture = Furniture(self.panels)
        self.tabs, self.rows = tab_labels(tree)
        self.rows.update(languages(tree))
        self.title = _title(tree)

    def read(self, region: _Element) -> _Read:
        """The pieces of a region, and the account of the whole page."""
        bare = region.tag in ("body", "html")
        walker = Walker(
            self.furniture,
            self.panels,
            faq=is_faq(self.title),
            spans=self.spans,
            skipped={**self.rows, **(furniture_of(region) if bare else {})},
            tabs=self.tabs,
        )
        for outside in _outside(region):
            hidden = self.furniture.hidden(outside)
            walker.account.drop(outside, "hidden" if hidden else "furniture")
        pieces = walker.walk(region)
        kept = _without_empty_lists(pieces, walker.emptied)
        kept = _without_banner(kept) if bare else kept
        kept = _without_foot(kept)
        left = set(map(id, kept))
        for piece in pieces:
            if id(piece) not in left:
                walker.account.take_back(piece.kind, piece.text)
        return _Read(_asked(kept), walker.account, walker.notes())


def _outside(region: _Element) -> Iterator[_Element]:
    """The elements beside a region and beside what it stands in, in the order of the page."""
    above = [region, *region.iterancestors()]
    for inner, outer in pairwise(above):
        if outer.tag != "html":
            yield from (child for child in outer if child is not inner)


def _prose(pieces: Sequence[Piece]) -> int:
    """The characters of sentences and code in pieces."""
    return sum(
        len(piece.text)
        for piece in pieces
        if piece.kind == "code" or (len(piece.text.split()) > 7 and _SENTENCE.search(piece.text))
    )


def _marked_tree(text: str) -> tuple[_Element | None, Tags]:
    """The tree of a page whose elements know where they stand in text."""
    marked, tags = stamped(text)
    return _tree(f"<table>{marked}" if _ROWS.match(text) else marked), tags


def _tree(text: str) -> _Element | None:
    """The tree of a page; markup too deep for the parser is made shallow and read again."""
    tree = _parsed(text)
    if tree is not None:
        if 2 * sum(1 for _ in tree.iter()) >= _KEPT * text.count("<"):
            return tree
        if text_length(tree) >= _KEPT * visible_length(text):
            return tree
    again = _parsed(flatten(text))
    if tree is None or again is None or text_length(again) < text_length(tree):
        return again if tree is None else tree
    return again


def _parsed(text: str) -> _Element | None:
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _panels(tree: _Element) -> dict[str, _Element]:
    """The elements that buttons and tabs of the page show, by id."""
    names: set[str] = set()
    for element in tree.iter():
        for name in ("aria-controls", "data-target", "data-bs-target"):
            value = element.get(name)
            if value:
                names.update(value.replace("#", "").split())
        if element.get("data-toggle") or element.get("data-bs-toggle"):
            names.add((element.get("href") or "").lstrip("#"))
    if not names:
        return {}
    return {element.get("id", ""): element for element in tree.iter() if element.get("id") in names}


def _without_empty_lists(pieces: list[Piece], emptied: Container[int]) -> list[Piece]:
    """Pieces without headings such as "On this page" whose links were left out.

    emptied: ids of the heading pieces below which a list of links into the page stood.
    """
    if len(pieces) == 1:
        return pieces
    following = [*pieces[1:], Piece("heading", "")]
    return [
        piece
        for piece, after in zip(pieces, following, strict=False)
        if not (
            piece.kind == after.kind == "heading"
            and (is_related(piece.text) or (id(piece) in emptied and piece.level >= after.level))
        )
    ]


def _without_banner(pieces: list[Piece]) -> list[Piece]:
    """Pieces without the slogans and labels above the first heading of a page with no main."""
    first = next((at for at, piece in enumerate(pieces) if piece.kind == "heading"), 0)
    return pieces if any(map(_is_content, pieces[:first])) else pieces[first:]


def _without_foot(pieces: list[Piece]) -> list[Piece]:
    """Pieces without the version or date that themes set below the text."""
    end = len(pieces)
    while end > 1 and (pieces[end - 1].kind == "end" or is_foot(pieces[end - 1].text)):
        if pieces[end - 1].kind not in ("end", "paragraph"):
            break
        end -= 1
    return pieces[:end]


def _asked(pieces: list[Piece]) -> list[Piece]:
    """Pieces with the questions as headings of a page that sets them as paragraphs of their own.

    One or two such paragraphs may be rhetorical; three or more, each with text below, are not.
    """
    lone = {
        at
        for at, piece in enumerate(pieces[:-1])
        if piece.kind == "paragraph"
        and is_one_question(piece.text)
        and pieces[at + 1].kind not in ("heading", "end")
        and not is_one_question(pieces[at + 1].text)
    }
    if len(lone) < _SEVERAL:
        return pieces
    level = 1
    found: list[Piece] = []
    for at, piece in enumerate(pieces):
        if piece.kind == "heading":
            level = piece.level
        if at in lone:
            flags = (*piece.flags, "question", "inferred")
            piece = replace(piece, kind="heading", level=min(6, level + 1), flags=flags)
        found.append(piece)
    return found


def _is_content(piece: Piece) -> bool:
    if piece.kind in ("code", "table", "admonition", "quote") or len(piece.text) > 80:
        return True
    longest = max(len(words.split()) for words in piece.text.split("\n"))
    return longest > 5 and piece.text.endswith((".", ":", "!", "?"))


def _title(tree: _Element) -> str:
    """The title that the page's head tells, without the site's name."""
    element = tree.find(".//title")
    told = " ".join(content(element).split()) if element is not None else ""
    parts = [part.strip() for part in _SEPARATORS.split(told) if part.strip()]
    headings = [text for text in map(line, tree.iter("h1")) if text]
    return next((part for part in parts if part in headings), (parts or headings or [""])[0])
