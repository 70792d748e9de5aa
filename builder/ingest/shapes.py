"""What an element of a page is by its own looks, wherever the walk stands."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from itertools import islice, takewhile
from typing import TYPE_CHECKING
from urllib.parse import unquote

from builder.ingest.furniture import (
    ADMONITIONS,
    HEADINGS,
    admonition_kind,
    announces,
    has_word,
    is_clear_class,
    is_concealed,
    is_for_ears,
    is_list_of_links,
    is_related,
    is_unseen,
    names_furniture,
)
from builder.ingest.inline import (
    BLOCKS,
    INLINE,
    content,
    has_blocks,
    is_inline,
    line,
)
from builder.ingest.layout import tells
from builder.ingest.questions import (
    MAX_QUESTION,
    asks,
    is_answer_badge,
    is_badge,
    is_generic,
    is_one_question,
    is_title,
    is_toggle,
    may_ask,
)
from builder.ingest.region import STEPS, is_in_flow, leads_inside
from builder.text import whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

TITLES = frozenset(("title", "heading", "label", "header"))
QUESTION_WORDS = frozenset(("question", "faq"))
FOLD_WORDS = frozenset("accordion collapsible collapse expand expandable expander toggle".split())
ASKS = QUESTION_WORDS | FOLD_WORDS
_NOTE_NUMBER = re.compile(r"\(\d{1,3}\)|\[\d{1,3}\]")
_FOOTNOTES = frozenset("footnote footnotes endnotes".split())
_DIAGRAMS = frozenset(("mermaid",))
_CODE_WORDS = _DIAGRAMS | frozenset("code codeblock listing programlisting sourcecode".split())
_TOLD = ASKS | TITLES | _FOOTNOTES | _CODE_WORDS
_BOLD = ("b", "strong")
_TEXT = ("p", "ul", "ol", "dl", "pre")  # a box may hold the table that a bold line is a caption of
_WHOLE_TITLES = 3  # paragraphs all in bold that are titles of a page without headings
_FOLD_TAG = re.compile(r"accordion|collaps|details|disclosure|expand|toggle")
_LABELS = frozenset(  # of a note that is written as a quotation
    "note tip hint info information warning caution important danger attention notice remark"
    " hinweis anmerkung tipp warnung achtung vorsicht gefahr wichtig".split()
)
_BYLINES = frozenset("author authors byline editedby editor editors othercredit subtitle".split())
_MARKS = frozenset(("span", "div", "small", "ul"))  # behind a heading's words
_KINDS = frozenset(("classifier",))  # docutils' word for what a term is
_NEAR = 20  # elements on each side among which another one's like is looked for
_HEIGHT = 4  # boxes around a question that may hold nothing else
_ITEM_BOXES = frozenset("article div li section table tbody td".split())
_POPUPS = frozenset("dialog lightbox modal overlay popover popup template tooltip".split())
_MENUS = frozenset(("dropdown", "menu"))
_CONTROLS = ("input", "select", "textarea")
_NO_CONTROLS = frozenset("hidden submit button image reset".split())  # types of `input`
_TELLING = (*HEADINGS, "p", "li", "dd", "tr", "pre")
_LABEL = 3  # words of a control
_BADGED = frozenset(("span", "div", "b", "strong", "i", "em"))
_FEW = 4  # parts of a badge
_FEWEST_TOLD = 3  # words of a button that holds a text
_SENTENCE_END = re.compile(r"[.!?\u3002]$")
_BADGES = ("label", "badge", "pill", "chip")  # ends of class names
_LINES = frozenset(("div", "p"))  # that may begin a box
_PARTS = 16  # of a declaration
# A modifier, a note for the compiler or the brackets of a call.
_DECLARES = re.compile(r"@?[a-z]+\s+[\w@]|@\w|[\w.<>\[\],?@&\s]+\((?:.*\))?", re.ASCII | re.DOTALL)
_HOLDERS = frozenset(("div", "figure", "section", "td"))  # of code that has no `pre`
_FLOWS = _HOLDERS | frozenset("p body main article li dd blockquote".split())


def anchor(element: _Element) -> str:
    """The link target that leads to a heading: its own, or that of the section it opens."""
    if element.get("id"):
        return element.get("id") or ""
    for inner in element.iter("a", "span"):
        name = inner.get("id") or (inner.get("name") if inner.tag == "a" else None)
        if name:
            return name
    parent = element.getparent()
    if parent is not None and parent[0] is element:
        return parent.get("id") or ""
    return ""


def says_only_its_tag(element: _Element) -> bool:
    """Whether an element has no attribute but a class that names nothing of what is looked for."""
    told = element.items()
    if not told:
        return True
    name, label = told[0]
    return len(told) == 1 and name == "class" and _names_nothing(label)


@lru_cache(maxsize=16384)
def _names_nothing(label: str) -> bool:
    if label.endswith(_BADGES) or admonition_kind(label):
        return False
    return is_clear_class(label) and not has_word(label, _TOLD)


def beside_title(heading: _Element) -> tuple[_Element, ...]:
    """What in a heading is no part of its title: words for ears only, and what ends it and is
    called a part of the page's frame, as links to edit a section.

    Words that are all of the heading are its title, whatever they are called.
    """
    last = heading[-1]
    if last.tag == "button" and len(last) > 1:
        return tuple(part for part in list(last)[1:] if is_toggle(line(part)))
    unseen = tuple(one for one in heading.iterdescendants() if is_for_ears(one))
    if unseen and line(heading, unseen):
        return unseen
    named = last.tag in _MARKS and names_furniture(last.get("class") or "")
    named = named or (last.tag == "div" and has_any(last, "ul", "ol"))
    return (last,) if (named or _is_tool(last)) and is_said_before(last) else ()


def beside_heading(summary: _Element) -> tuple[_Element, ...]:
    """What stands in the label of a fold beside the heading in it, which is its title."""
    heading = next(summary.iterdescendants(*HEADINGS), None)
    if heading is None or not content(heading).strip():
        return ()
    around = {heading, *heading.iterancestors()}
    boxes = [box for box in summary.iter() if box in around and box is not heading]
    if any((box.text or "").strip() for box in boxes):
        return ()
    parts = [one for box in boxes for one in box if one not in around and content(one).strip()]
    return () if any((one.tail or "").strip() for one in parts) else tuple(parts)


def _is_tool(link: _Element) -> bool:
    """Whether a link leads nowhere, and tells what it does instead ("Print this article").

    A button that opens nothing is the same, and so is what says how to open something.
    """
    if link.tag == "button":
        return not (opens(link) or asks(content(link).strip()))
    if link.tag == "span":
        return " " in (said := content(link).strip()) and is_generic(said)
    leads_to = link.get("href") or ""
    nowhere = link.tag == "a" and (leads_to == "#" or leads_to.startswith("javascript:"))
    return nowhere and bool(link.get("title") or link.get("aria-label"))


def is_of_text(listed: _Element, known: dict[str, bool]) -> bool:
    """Whether a list of links into its page stands in the text as its author's lists do.

    Another list has the same class, or box of its own; or it has no name, and text follows it in
    its box, or its box is a section as those are to which it leads. A list of contents that a
    theme adds is all that is in a box of its own.

    known: for classes, whether another list has them.
    """
    listed = _outermost(listed)
    box = listed.getparent()
    alone = box is not None and _is_only_child(listed) and bool(box.get("class"))
    named = box if box is not None and alone and not listed.get("class") else listed
    if label := named.get("class"):
        if label not in known:
            root = listed.getroottree().getroot()
            alike = (one for one in root.iter(str(named.tag)) if one.get("class") == label)
            others = any(not only_jumps(one) and not only_links(one) for one in alike)
            known[label] = others and not names_furniture(label)
        return known[label]
    if listed.get("id") or box is None:
        return False
    if listed.tag != "dl" and is_in_flow(listed):
        return True
    targets = {(link.get("href") or "").partition("#")[2] for link in listed.iter("a")}
    beside = islice(box.itersiblings(str(box.tag)), _NEAR)
    return any(one.get("id") in targets for one in beside)


def is_contents_box(listed: _Element) -> bool:
    """Whether a list is all that stands in a box below a heading such as "On this page"."""
    title, box = listed.getprevious(), listed.getparent()
    if title is None or box is None or title.tag not in HEADINGS or box.tag != "div":
        return False
    alone = title.getprevious() is None and listed.getnext() is None
    return alone and announces(box, title)


def _outermost(listed: _Element) -> _Element:
    """The list around a list that is in no item of another one."""
    return next((one for one in listed.iterancestors("ul", "ol") if _is_outer(one)), listed)


def _is_outer(listed: _Element) -> bool:
    """Whether a list is in no item of another one."""
    parent = listed.getparent()
    return parent is None or parent.tag != "li"


def is_said_before(element: _Element) -> bool:
    """Whether its parent says something before an element."""
    parent = element.getparent()
    if parent is not None and (parent.text or "").strip():
        return True
    before = element.itersiblings(preceding=True)
    return any(content(one).strip() or (one.tail or "").strip() for one in before)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def struck_out(heading: _Element) -> str:
    """What a heading says that is struck through as a whole, as that of a deprecated option is.

    Its section stays, so it must not come to stand below the heading before.
    """
    struck = next(heading.iter("del", "s", "strike"), None)
    return "" if struck is None else " ".join(content(struck).split())


def is_kicker(heading: _Element) -> bool:
    """Whether a heading stands right above the page's title, as the kind of the page does."""
    after, parent = heading.getnext(), heading.getparent()
    return (
        heading.tag != "h1"
        and after is not None
        and after.tag == "h1"
        and parent is not None
        and parent.tag in ("header", "hgroup")
    )


def is_boxed(heading: _Element) -> bool:
    """Whether a heading is all that is said in the box around it, as a theme sets its titles."""
    box = heading.getparent()
    if box is None or (box.text or "").strip() or (heading.tail or "").strip():
        return False
    others = (one for one in box if one is not heading)
    return not any((one.tail or "").strip() or _says_any(one) for one in others)


def _says_any(element: _Element) -> bool:
    """Whether an element says anything; a large one is not read to its end."""
    if element.text and not element.text.isspace():  # as a rule
        return True
    for inner in element.iterdescendants() if len(element) else ():
        if any(text and not text.isspace() for text in (inner.text, inner.tail)):
            return True
    return False


def is_byline(heading: _Element) -> bool:
    """Whether a heading is called the title's second line: who wrote the page, what it adds."""
    return heading.tag != "h1" and has_word(heading.get("class") or "", _BYLINES)


def has_any(element: _Element, *tags: str) -> bool:
    return next(element.iterdescendants(*tags), None) is not None


def opens(element: _Element) -> bool:
    """Whether an element that is no button opens another one."""
    get = element.get
    if element.tag == "label":
        before = element.getprevious()
        return before is not None and before.tag == "input" and element.getnext() is not None
    if element.tag == "a" and not (get("href") or "#").startswith("#"):
        return False
    return (
        get("aria-expanded") is not None
        or bool(get("aria-controls"))
        or "collapse" in (get("data-toggle"), get("data-bs-toggle"))
        or (get("onclick") is not None and unfolded(element) is not None)
    )


def toggle_in(title: _Element) -> tuple[_Element, ...]:
    """What ends the title of a fold and only opens it ("+", "Expand")."""
    if not len(title) or (title[-1].tail or "").strip():
        return ()
    last = title[-1]
    said = content(last).strip()
    opens = last.tag in _MARKS | {"a", "button", "i"} and bool(said) and is_toggle(said)
    return (last,) if opens and is_said_before(last) else ()


def marks_in(title: _Element) -> tuple[_Element, ...]:
    """What is drawn around a question: its number or a "Q" before it, what opens it behind it."""
    first = title[0] if len(title) > 1 and not (title.text or "").strip() else None
    if first is None or first.tail or first.tag not in _BADGED:
        return toggle_in(title)
    said = content(first).strip()
    drawn = bool(said) and (is_badge(said) or not said.strip("0123456789.)"))
    return (first, *toggle_in(title)) if drawn else toggle_in(title)


def told_by_toggle(toggle: _Element) -> tuple[_Element, _Element] | None:
    """The title beside a wordless mark that unfolds what is below it, and the box of both."""
    box = toggle.getnext()
    if toggle.get("aria-expanded") is None or box is None or box.tag != "div" or len(box) < 2:
        return None
    if content(toggle).strip() or (toggle.tail or "").strip() or (box.text or "").strip():
        return None
    title = box[0]
    said = " ".join(content(title).split())
    if title.tag != "div" or not 0 < len(said) <= MAX_QUESTION or (title.tail or "").strip():
        return None
    told = has_any(title, "button", "ul", "ol", "pre", "table", *HEADINGS) or is_list_of_links(
        title
    )
    return None if told or is_list_of_links(box) else (title, box)


def ends_question(question: _Element, taken: Container[_Element] = ()) -> _Element | None:
    """The box with the end of which a question ends: its own with its answer, or that of several.

    Other questions stand in the same way in boxes beside its own, or beside it in that of several;
    what is called a fold needs no other.
    taken: questions the words of which are gone.
    """
    said = content(question).split()
    boxes = islice(question.iterancestors(), _HEIGHT)
    alone = next(reversed([*takewhile(lambda box: _says_only(box, said), boxes)]), question)
    around = alone.getparent()
    if around is None or not (around.tag in _ITEM_BOXES or "-" in around.tag):
        return None
    if has_word(around.get("class") or "", FOLD_WORDS):
        told = any(content(one).strip() for one in alone.itersiblings(*BLOCKS))
        return around if told else None
    outer = around.getparent()
    whole = around
    if outer is not None and outer.tag in _ITEM_BOXES and _is_only_child(around):
        whole = outer
    if any(_asks_alike(one, question, taken) for one in (whole.getnext(), whole.getprevious())):
        told = any(content(one).strip() for one in alone.itersiblings(*BLOCKS))
        return whole if told else None
    several = any(_asks_alike(one, question, taken) for one in _near(alone))
    return around if several else None


def _is_only_child(element: _Element) -> bool:
    return element.getprevious() is None and element.getnext() is None


def block_around(element: _Element) -> _Element:
    """An element, or the block in which it stands in a line."""
    return next((one for one in (element, *element.iterancestors()) if not is_inline(one)), element)


def _says_only(box: _Element, said: list[str]) -> bool:
    """Whether some words are all that a box says; a large one is not read to its end."""
    size, most = 0, len("".join(said))
    for text in box.itertext():
        size += len(text.strip())
        if size > 2 * most:
            return False
    return content(box).split() == said


def _asks_alike(box: _Element | None, question: _Element, taken: Container[_Element]) -> bool:
    """Whether a box is, or begins with, an element like a question that asks."""
    if box is None or not isinstance(box.tag, str):
        return False
    alike = (one for one in box.iter(question.tag) if _is_named_as(one, question))
    for like in islice(alike, _HEIGHT):
        if like in taken:
            return True
        said = content(like).strip()
        if asks(said):
            return content(box).lstrip().startswith(said)
    return False


def _is_named_as(one: _Element, other: _Element) -> bool:
    """Whether two elements have no classes, or one in common."""
    names, others = (set((each.get("class") or "").split()) for each in (one, other))
    return bool(names & others) or not (names or others)


def numbers_note(heading: _Element, text: str) -> bool:
    """Whether a heading is no more than the number of a footnote, which leads back to its text."""
    if not _NOTE_NUMBER.fullmatch(text):
        return False
    link = next(heading.iter("a"), None)
    return link is not None and (link.get("href") or "").startswith("#")


def holds_footnotes(box: _Element) -> bool:
    """Whether a box is called after the footnotes that it holds."""
    label = f"{box.get('class') or ''} {box.get('id') or ''}"
    return label != " " and has_word(label, _FOOTNOTES)


def is_menu(fold: _Element) -> bool:
    """Whether a fold holds nothing but links behind its title: what pops up, or contents."""
    shown = [child for child in fold if child.tag != "summary"]
    if has_word(fold.get("class") or "", _POPUPS | _MENUS):
        return bool(shown) and all(map(is_list_of_links, shown))
    title = fold.find("summary")
    if title is None or not is_related(" ".join(content(title).split())):
        return False
    if has_any(fold, "details"):
        return False
    leads_to = [link.get("href") or "" for one in shown for link in one.iter("a")]
    inside = len(leads_to) > 1 and all(link.startswith("#") for link in leads_to)
    return inside and all(map(is_list_of_links, shown))


def numbers_next(box: _Element, code: str) -> bool:
    """Whether code is no more than the numbers of the lines in the code right behind it."""
    after = box.getnext()
    if after is None or after.tag != box.tag:
        return False
    numbers = code.split()
    if not all(map(str.isdecimal, numbers)):
        return False
    first = whole_number(numbers[0])
    counted = [whole_number(number) for number in numbers] == [*range(first, first + len(numbers))]
    return counted and len(content(after).strip("\n").split("\n")) == len(numbers)


def names_language(badge: _Element, language: str) -> bool:
    """Whether what stands behind code says no more than its language, beside what copies it."""
    if badge.tag not in _MARKS or len(badge) > _FEW:
        return False
    return line(badge, tuple(badge.iter("button"))).casefold() == language


def asks_of(label: _Element) -> bool:
    """Whether a label names the control behind it, of which a reader chooses."""
    after = label.getnext()
    return after is not None and after.tag == "select"


def labelled_by_text(control: _Element) -> _Element | None:
    """The box of a control that says no more than its label ("Search:"), None for any other."""
    box = control.getparent()
    if control.tag not in _CONTROLS or box is None or len(box) != 1 or box.tag != "div":
        return None
    label = (box.text or "").strip()
    alone = label.endswith(":") and not (control.tail or "").strip()
    return box if alone and len(label.split()) <= _LABEL else None


def is_branch(fold: _Element) -> bool:
    """Whether a fold is all of an item and holds nothing but a list: a branch of a drawn tree."""
    item = fold.getparent()
    title = fold.find("summary")
    if item is None or item.tag != "li" or title is None or has_any(title, *HEADINGS):
        return False
    if content(item).strip() != content(fold).strip() or asks(content(title).strip()):
        return False
    inner = [one for one in fold if one is not title]
    lists = all(one.tag in ("ul", "ol") and not (one.tail or "").strip() for one in inner)
    return bool(inner) and lists and not (title.tail or "").strip()


def steps_on(link: _Element) -> bool:
    """Whether a link says in a line of its own that it leads to the page before or the next."""
    said = [" ".join(content(one).split()).casefold() for one in link if content(one).strip()]
    return len(said) > 1 and not STEPS.isdisjoint(said)


def follows_alike(one: _Element) -> bool:
    """Whether a link stands right behind another one in a box, or a label behind another.

    Each is an entry of its own.
    """
    if one.tag != "a" and not (one.get("class") or "").endswith(_BADGES):
        return False
    before, box = one.getprevious(), one.getparent()
    if before is None or before.tag != one.tag or before.tail or box is None:
        return False
    if one.tag != "a":
        return before.get("class") == one.get("class")
    return box.tag in _HOLDERS and not (box.text or "").strip()


def is_label(one: _Element) -> bool:
    """Whether an element is called a label of what stands before it, or several of them."""
    return (one.get("class") or "").rstrip("s").endswith(_BADGES)


def headed_box(mark: _Element) -> tuple[_Element, _Element] | None:
    """The line that a mark stands behind, and the box that begins with it, if the mark leads there.

    As one behind a title does: to the id of the box, or to that of a name in the line. The mark
    ends the line or is right behind it.
    """
    leads_to = unquote(mark.get("href") or "")
    line, around = mark.getprevious(), mark.getparent()
    if not leads_to.startswith("#"):
        return None
    if line is None or line.tag != "div":
        line, around = around, None if around is None else around.getparent()
        ends = mark.getnext() is None and not (mark.tail or "").strip()
        if line is None or not ends or line.getprevious() is not None:
            return None
    if around is None or line.tag not in _LINES or (line.tail or "").strip():
        return None
    if (name := around.get("id")) and leads_to == f"#{name}":
        return line, around
    targets = (one for one in islice(line.iter("a"), _NEAR) if one.get("id"))
    told = next((one for one in targets if content(one).strip()), None)
    found = told is not None and leads_to == f"#{told.get('id')}" and line.getnext() is not None
    return (line, around) if found else None


def heads_list(button: _Element) -> bool:
    """Whether a button is what an item says above the list in it, as the folders of a tree."""
    item, after = button.getparent(), button.getnext()
    if item is None or item.tag != "li" or after is None or after.tag not in ("ul", "ol"):
        return False
    first = button.getprevious() is None and not (item.text or "").strip()
    return first and not (is_list_of_links(after) or asks(content(button).strip()))


def told_title(element: _Element) -> str:
    """The title that an attribute of an element of its maker's own gives what is folded in it."""
    if _FOLD_TAG.search(str(element.tag)) is None or not content(element).strip():
        return ""
    told = map(element.get, ("summary", "heading", "header", "label"))
    return next((" ".join(title.split()) for title in told if title and title.strip()), "")


def alone_in(button: _Element) -> _Element:
    """The box that holds no words but those of a button, or the button itself."""
    box = button.getparent()
    if box is None or box.tag not in ("div", "span", "header"):
        return button
    return box if _says_only(box, content(button).split()) else button


def unfolded(element: _Element) -> _Element | None:
    """What follows an element and is hidden, until a click shows it maybe."""
    following = element.getnext()
    return following if following is not None and is_concealed(following) else None


def may_unfold(hidden: _Element, title: _Element) -> bool:
    """Whether a hidden element may be all that stands below the title before it."""
    if hidden.tag not in BLOCKS or hidden.get("role") not in (None, "region"):
        return False
    if title.tag == "button" or title.get("role") == "button":
        return False  # a tool of the page more often than not
    if has_word(hidden.get("class") or "", _POPUPS) or has_word(hidden.get("id") or "", _POPUPS):
        return False
    if (title.tail or "").strip() or (hidden.tail or "").strip():
        return False
    if not content(hidden).strip() or is_list_of_links(hidden):
        return False
    before, after = title.getprevious(), hidden.getnext()
    ends = after is None or after.tag in HEADINGS or _is_like(after, title)
    return ends or (before is not None and is_unseen(before))


def _is_like(after: _Element, title: _Element) -> bool:
    """Whether an element is the title of what is hidden behind it, as another one is."""
    if after.tag != title.tag or after.get("class") != title.get("class"):
        return False
    hidden = after.getnext()
    return after.tag == "dt" or (hidden is not None and is_unseen(hidden))


def unfolds_as_others(hidden: _Element, title: _Element) -> bool:
    """Whether a hidden element is one of several, each behind a title or what is clicked."""
    titled = title.tag in HEADINGS or title.tag == "dt" or _leads_nowhere(title)
    if not titled and not any(map(_is_clicked, title.iter())):
        return False
    alike = (one for one in _near(title) if _is_like(one, title))
    if next(alike, None) is not None:
        return True
    parent = hidden.getparent()
    others = () if parent is None else _near(parent)
    return any(_is_like(one, title) for other in others for one in other)


def _is_clicked(element: _Element) -> bool:
    get = element.get
    if element.tag == "button" or get("role") == "button" or get("aria-expanded"):
        return True
    return any("click" in name for name in map(str, element.attrib))  # "onclick", "@click"


def _leads_nowhere(title: _Element) -> bool:
    """Whether a title is a link that is there to be clicked, to "#" or a script."""
    leads_to = title.get("href") if title.tag == "a" else None
    return leads_to is not None and leads_to.startswith(("#", "javascript:"))


def _near(element: _Element) -> Iterator[_Element]:
    """The elements on the level of another one, a few on each side."""
    yield from islice(element.itersiblings(), _NEAR)
    yield from islice(element.itersiblings(preceding=True), _NEAR)


def in_question(element: _Element) -> bool:
    return any(
        (above.get("itemtype") or "").rstrip("/").endswith("Question")
        for above in element.iterancestors()
    )


def labelled_terms(listed: _Element) -> list[tuple[_Element, _Element | None]]:
    """The terms of a definition list that are labels of questions and their answers by turns.

    With each the question behind it, None where the answer stands; [] when the list is none such.
    """
    found: list[tuple[_Element, _Element | None]] = []
    for at, term in enumerate(listed.iterchildren("dt")):
        label, said = content(term).strip(), term.getnext()
        if said is None or said.tag != "dd" or not (is_answer_badge if at % 2 else is_badge)(label):
            return []
        if at % 2 == 0 and not asks(content(said).strip()):
            return []
        found.append((term, None if at % 2 else said))
    return found if len(found) % 2 == 0 else []


def has_sections(element: _Element) -> bool:
    """Whether an element is too rich for an admonition: it holds sections of its own."""
    found = list(element.iter(*HEADINGS))
    return len(found) > 1 or any(heading.tag in ("h1", "h2") for heading in found)


def tells_more_than_asks(form: _Element) -> bool:
    """Whether a form holds more titles, paragraphs, entries and rows than it has controls."""
    asked = sum(one.get("type") not in _NO_CONTROLS for one in form.iter(*_CONTROLS))
    told = (one for one in form.iter(*_TELLING) if not has_any(one, *_CONTROLS))
    return sum(bool(content(one).strip()) for one in told) > max(1, asked)


def is_told_in(button: _Element) -> bool:
    """Whether a button holds a text in blocks, no mere label: a sentence, or what explains it."""
    if not has_blocks(button):
        return False
    said = content(button).split()
    if len(said) < _FEWEST_TOLD:
        return False
    first = next((one for one in button if content(one).strip()), None)
    explained = first is not None and first.tag in INLINE and has_any(button, "p")
    return explained or bool(_SENTENCE_END.search(said[-1]))


_PATH = re.compile(r"\s*/[\w{][\w{}/.:-]*\s*")


def tells_path(button: _Element) -> bool:
    """Whether a button tells a path on a server beside how it is asked for ("get", "/users")."""
    said = [text for text in map(str, button.itertext()) if text.strip()]
    return len(said) > 1 and any(map(_PATH.fullmatch, said[1:]))


_FACES = frozenset(("font", "span", "tt", "code", "samp"))
_MONO = re.compile(
    r"courier|mono|consol|menlo|typewriter|source code|inconsolata|terminal|lucida sans typ",
    re.IGNORECASE,
)
_FAMILY = re.compile(r"font-family\s*:([^;]*)", re.IGNORECASE)
_KEPT_LINES = re.compile(r"white-space:\s*(?:(?P<pre>pre)(?!-)|pre-wrap)", re.IGNORECASE)
_LINED = frozenset(("div",))
_ENTRIES = frozenset(("li", "dd", "dt", "td", "th"))


def is_set_as_code(paragraph: _Element) -> bool:
    """Whether all of a paragraph is set in a typewriter's face, as word processors write code.

    A single line that begins an entry of a list or a table is a name there, and no block.
    """
    parent = paragraph.getparent()
    alone = parent is not None and parent.tag in _ENTRIES and paragraph.getprevious() is None
    if alone and not has_any(paragraph, "br"):
        return False
    if _has_face(paragraph):
        return not tells(content(paragraph).strip().split("\n"))
    if not len(paragraph) or paragraph[0].tag not in _FACES or (paragraph.text or "").strip():
        return False
    marked = any(_has_face(inner) for inner in paragraph.iterdescendants("font", "span"))
    return marked and all(
        (child.tag == "br" or _all_mono(child)) and not (child.tail or "").strip()
        for child in paragraph
    )


def _has_face(element: _Element) -> bool:
    """Whether an element says itself that it is set in a typewriter's face."""
    return is_mono(element.get("style") or "") or bool(_MONO.search(element.get("face") or ""))


def is_mono(style: str) -> bool:
    """Whether a style names a typewriter's face."""
    told = _FAMILY.search(style)
    return told is not None and _MONO.search(told[1]) is not None


def _all_mono(element: _Element) -> bool:
    """Whether all that an element says is set in a typewriter's face."""
    if _has_face(element):
        return True
    if (element.text or "").strip() or not len(element):
        return not content(element).strip()
    return all(_all_mono(child) and not (child.tail or "").strip() for child in element)


_TOOLS = frozenset("copy clipboard help tooltip info edit toggle trigger".split())


def in_sentence(button: _Element) -> bool:
    """Whether a button is shown as a word of a sentence ("Click [Save] to go on")."""
    before, parent, label = button.getprevious(), button.getparent(), content(button).strip()
    if parent is None or parent.tag in HEADINGS or not re.match(r"[ \n,;.)]", button.tail or ""):
        return False
    if (
        button.get("aria-label")
        or button.get("title")
        or has_word(button.get("class") or "", _TOOLS)
    ):
        return False
    said = before.tail if before is not None else parent.text
    more = (button.tail or "").strip()
    worded = len(label) > 1 and label[0].isalpha() and label.casefold() not in _TOOLS
    return worded and bool(more) and bool(re.search(r"\w[ \n(]+$|[,:] $", said or ""))


def keeps_lines(box: _Element) -> bool:
    """Whether a box is set as a `pre` is: its lines stay, and nothing but lines is in it."""
    style, label = box.get("style"), box.get("class")
    named = box.tag == "p" or box.tag in _LINED
    if named and label and has_word(label, _CODE_WORDS) and _is_drawn_in_lines(box, label):
        return True
    if box.tag not in _LINED:
        return False
    if not style or not (kept := _KEPT_LINES.search(style)):
        return False
    if not kept["pre"] and not _MONO.search(style):
        return False  # a text with the breaks that its writer made
    several = "\n" in content(box).strip() or has_any(box, "br", "div")
    return several and not has_any(box, *BLOCKS - _LINED)


def _is_drawn_in_lines(box: _Element, label: str) -> bool:
    """Whether a box that is called code has its lines as hard breaks, or is one of a diagram."""
    if not len(box):
        return has_word(label, _DIAGRAMS) and "\n" in (box.text or "").strip()
    ends = label.split()[-1].endswith(tuple(_CODE_WORDS))
    return ends and next(box.iterchildren("br"), None) is not None and not has_blocks(box)


def is_alone(element: _Element, *, broken: bool = False) -> bool:
    """Whether an element is all that is in a box of its own; broken: or in a paragraph."""
    parent = element.getparent()
    if parent is None or len(parent) != 1:
        return False
    if parent.tag not in _HOLDERS and not (broken and parent.tag == "p"):
        return False
    return not (parent.text or "").strip() and not (element.tail or "").strip()


def is_declaration(box: _Element, title: str) -> bool:
    """Whether a box declares what its title names, drawn in parts: T decode(Object json).

    Each part is a span with a class, one of them says the name and nothing stands between them.
    """
    first = next(iter(box), None)
    if first is None or first.tag != "span" or not first.get("class") or (box.text or "").strip():
        return False
    if has_blocks(box) or not _DECLARES.match(" ".join(content(box).split())):
        return False
    names = (content(part).strip() for part in islice(box.iterchildren("span"), _PARTS))
    return title.endswith(tuple(name for name in names if name.strip("()")))


def is_of_lines(code: _Element) -> bool:
    """Whether code in the flow of text has several lines, and nothing stands behind the last."""
    parent, after = code.getparent(), code.getnext()
    if parent is None or parent.tag not in _FLOWS or (code.tail or "").strip():
        return False
    ends = after is None or after.tag == "br" or after.tag in BLOCKS
    return ends and len(list(islice(code.iter("br"), 2))) > 1


def label_in_quote(quote: _Element) -> _Element | None:
    """The bold word with a colon that a quotation begins with and that calls it a note."""
    first = quote[0] if len(quote) and not (quote.text or "").strip() else None
    if first is not None and first.tag == "p":
        first = first[0] if len(first) and not (first.text or "").strip() else None
    if first is None or first.tag not in ("b", "strong"):
        return None
    said, behind = content(first).strip(), (first.tail or "").strip()
    parted = said.endswith(":") or behind.startswith(":")
    goes_on = behind.lstrip(": ") or first.getnext() is not None
    return first if parted and goes_on and said.rstrip(": ").casefold() in _LABELS else None


def drawn_kind(box: _Element) -> str:
    """The kind of an admonition that only its picture tells, as the first thing in it, or ""."""
    for inner in box.iterdescendants():
        told = (inner.get("title") or inner.get("alt") or "").strip("[] ")
        if told.casefold() in ADMONITIONS and not content(inner).strip():
            return told.capitalize() if told.islower() else told
        if (inner.text or "").strip() or (inner.tail or "").strip():
            break
    return ""


def title_of(element: _Element) -> _Element | None:
    """The element inside an admonition that holds its label."""
    first = next(iter(element), None)
    while first is not None and first.tag in ("div", "header") and len(first):
        if has_word(first.get("class") or "", TITLES):
            break
        first = first[0]
    if first is None:
        return None
    named = has_word(first.get("class") or "", TITLES)
    return first if named or first.tag in HEADINGS or first.tag == "summary" else None


def is_question_item(item: _Element, *, told: bool = False) -> bool:
    """Whether a list item is a question with its answer in it, or a question alone in its list
    with its answer after the list.

    told: a sentence may stand before the question ("It is slow. What can I do?").
    """
    first = (item.text or "").strip()
    if not first and len(item):
        first = line(item[0]) if may_ask(content(item[0])) else ""
    elif len(item) > 1 and item[0].tag in INLINE and not may_ask(first):
        first = _asked_before_block(item)
    if not asks(first) or not (is_one_question(first) or told or _asks_above(item)):
        return False
    whole = line(item)
    if whole != first:
        return len(item) > 0 and any(child.tag in BLOCKS or child.tag == "br" for child in item)
    parent = item.getparent()
    return parent is not None and len(parent) == 1 and parent.getnext() is not None


def _asked_before_block(item: _Element) -> str:
    """What a list item says in one line before the first block in it, "" if that asks nothing."""
    block = next((child for child in item if child.tag in BLOCKS), None)
    before = block.getprevious() if block is not None else None
    if before is None or not may_ask((before.tail or "").strip() or content(before)):
        return ""
    said = [item.text or ""]
    for child in takewhile(lambda child: child is not block, item):
        said += content(child), child.tail or ""
    return " ".join("".join(said).split())


def _asks_above(item: _Element) -> bool:
    """Whether a list item's first paragraph is set off from what answers it ("Why?")."""
    said = content(item[0]).split() if len(item) > 1 and item[0].tag == "p" else []
    emphasised = bool(said) and any(content(one).split() == said for one in item[0])
    return emphasised and item[1].tag in BLOCKS


def is_title_item(item: _Element) -> bool:
    """Whether a list item begins with a title in bold that asks nothing, with blocks below it."""
    if (item.text or "").strip() or not len(item) or item[0].tag not in _BOLD:
        return False
    if (item[0].tail or "").strip() or not any(child.tag in BLOCKS for child in item):
        return False
    return not may_ask(content(item[0])) and is_title(line(item[0]))


def items_ask(listed: _Element) -> bool:
    """Whether most items of a list, at least two, begin with a question in bold."""
    firsts = [one[0] for one in listed if len(one) and not (one.text or "").strip()]
    asked = sum(one.tag in _BOLD and asks(line(one)) for one in firsts)
    return asked > 1 and 2 * asked >= len(listed)


def only_links(element: _Element) -> bool:
    text = "".join(line(element).split())
    linked = "".join(
        "".join(line(link).split()) for link in element.iter("a") if leads_inside(link)
    )
    return bool(linked) and len(linked) >= 0.8 * len(text.replace(";", ""))


def only_jumps(element: _Element) -> bool:
    """Whether a list holds nothing but links into its own page."""
    links: list[str] = []
    for link in element.iter("a"):
        links.append(link.get("href") or "")
        if "#" not in links[-1]:  # as a rule: the others are not asked
            return False
    if len(links) < 2 or set(links) == {"#"}:
        return False
    pages = {link.partition("#")[0] for link in links}
    if len(pages) > 1 or not only_links(element):
        return False
    return not pages.pop() or _are_here(element, {link.partition("#")[2] for link in links})


def is_asked_mostly(listed: _Element) -> bool:
    """Whether half of the links in a list or more are questions."""
    asked = [asks(line(link)) for link in listed.iter("a")]
    return 2 * sum(asked) >= len(asked)


def _are_here(element: _Element, targets: set[str]) -> bool:
    """Whether links that name a file are questions, and all their targets stand in the page."""
    asked = sum(asks(line(link)) for link in element.iter("a"))
    if 2 * asked < len(targets):
        return False
    root = element.getroottree().getroot()
    here = {found.get("id") or found.get("name") for found in root.iter("a", "section", *HEADINGS)}
    return targets <= here


def has_headings_for_terms(element: _Element) -> bool:
    """Whether the terms of a definition list head questions or whole sections."""
    terms = list(element.iter("dt"))
    asked = (term for term in terms if may_ask(content(term)))
    if terms and sum(asks(line(term)) for term in asked) >= 0.5 * len(terms):
        return True
    if any(map(badges, terms)):
        return True
    bodies = list(element.iter("dd"))
    if any(has_any(body, "dl", *HEADINGS) for body in bodies):
        return True
    wide = [body for body in bodies if len(body) > 1]
    if len(wide) <= 0.5 * len(bodies):
        return False
    return sum(len(line(body)) > 300 for body in wide) > 0.5 * len(bodies)


def badges(term: _Element) -> tuple[_Element, ...]:
    """The "Q" that is drawn before the question in a term."""
    if len(term) < 1 or (term.text or "").strip() or not is_badge(content(term[0])):
        return ()
    return () if is_badge(content(term)) else (term[0],)  # a letter of an index asks nothing


def term_text(element: _Element) -> str:
    """The text of a term, without what parts it from a kind that is not named (": sort (list)")."""
    kinds = [one for one in element.iterchildren("span") if _is_kind(one)]
    text = " : ".join((line(element, (*badges(element), *kinds)), *map(line, kinds)))
    return text[1:].lstrip() if text.startswith(": ") else text


def _is_kind(part: _Element) -> bool:
    """Whether a part of a term is its kind, parted by a colon that only a style sheet draws."""
    before, parent = part.getprevious(), part.getparent()
    said = before.tail if before is not None else parent.text if parent is not None else ""
    drawn = not (said or (before is not None and content(before)) or "").rstrip().endswith(":")
    return drawn and has_word(part.get("class") or "", _KINDS)


def further_terms(term: _Element) -> list[tuple[_Element, str]]:
    """The terms with their text that share the definition of a term before them."""
    found: list[tuple[_Element, str]] = []
    after = term.getnext()
    while after is not None and after.tag == "dt" and not (term.tail or "").strip():
        if said := term_text(after):
            found.append((after, said))
        term, after = after, after.getnext()
    return found


_NUMBERED = re.compile(r"\(?\d{1,3}[.)]\s+\S")


def numbered_in_bold(found: Iterable[_Element]) -> int:
    count = 0
    for bold in found:
        parent = bold.getparent()
        if parent is not None and parent.tag in ("p", "div") and not (parent.text or "").strip():
            count += bool(_NUMBERED.match(content(bold).lstrip()) and _NUMBERED.match(line(bold)))
    return count


def asks_in_bold(found: Iterable[_Element]) -> bool:
    """Whether most of the lines in bold that stand for themselves are questions."""
    asked = others = 0
    for bold in found:
        parent = bold.getparent()
        if parent is None or parent.tag != "p" or len(parent) > 1 or (parent.text or "").strip():
            continue
        if not (bold.tail or "").strip():
            ends = asks(line(bold))
            asked += ends
            others += not ends
    return asked > 1 and asked >= others


def titles_in_bold(region: _Element, found: Iterable[_Element]) -> int:
    """How many paragraphs of a page without headings but its title begin with a line in bold.

    found: all that is bold in it. Those that are bold from end to end count from three on, and
    where others follow them.
    """
    if len(list(islice(region.iter(*HEADINGS), 2))) > 1:
        return 0
    count = whole = 0
    for bold in found:
        after, before, parent = bold.getnext(), bold.getprevious(), bold.getparent()
        led = parent is None or bool((parent.text or "").strip())
        if before is not None:  # the target of a link, as a rule
            led = led or bool(content(before).strip() or (before.tail or "").strip())
        ends = not (bold.tail or "").strip()
        count += after is not None and after.tag == "br" and ends and not led
        whole += after is None and ends and not led and _heads_others(parent)
    return count + (whole if whole >= _WHOLE_TITLES else 0)


def _heads_others(paragraph: _Element | None) -> bool:
    """Whether text follows a paragraph that is all bold, and not another such paragraph."""
    after = paragraph.getnext() if paragraph is not None and paragraph.tag == "p" else None
    if after is None or after.tag not in _TEXT:
        return False
    first = after[0] if len(after) == 1 and not (after.text or "").strip() else None
    return first is None or first.tag not in _BOLD or bool((first.tail or "").strip())


def is_mostly_quoted(region: _Element) -> bool:
    """Whether a page uses quotations for nothing but indenting its text."""
    quotes = [quote for quote in region.iter("blockquote") if quote.getparent() is not None]
    quoted = sum(len(line(quote)) for quote in quotes if quote.getparent() is region)
    quoted = quoted or sum(len(line(quote)) for quote in quotes)
    return quoted > 1500 and quoted > 0.35 * len(line(region))
