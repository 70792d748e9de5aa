"""The walk through an HTML tree: elements in, pieces out, without recursion."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from builder.ingest import tables
from builder.ingest.furniture import ADMONITIONS, NEVER, Furniture, admonition_kind, has_word
from builder.ingest.parsed import Piece

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data dfn em font i ins kbd label mark math nobr output q "
    "ruby rb samp slot small span strong sub sup time tt u var wbr button summary".split()
)
_BREAK, _BOLD, _THIN = "\x0b", "\x01", "\x02"
_MARKS = re.compile("[\x01\x02]")
_PERMALINKS = frozenset(("", "\u00b6", "#", "\u00a7", "\U0001f517", "\u2693", "\ue157", "\uf0c1", "[edit]", "link"))
_QUESTION = re.compile(r"(?:Q|F|Question|Frage)\s?\d*\s?[:.)]\s*(?=\S)")
_ANSWER = re.compile(r"(?:A|Answer|Antwort)\s?\d*\s?[:.)]\s+")
_GENERIC = re.compile(
    r"(?:(?:click|tap)\b.*|(?:show|hide|expand|view|see)\s+(?:more|all|details|code|source|answer)|more|details|toggle"
    r"|mehr(?: anzeigen)?|anzeigen|einblenden|aufklappen)\W*",
    re.I,
)
_SUPERSCRIPTS = str.maketrans("0123456789+-n", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207f")
_MAX_HEADING = 250
_TITLES = frozenset(("title", "heading", "label", "header"))
_QUESTION_WORDS = frozenset(("question", "faq"))


def squeeze(text: str) -> str:
    """Marked inline text as canonical lines: white space to one blank, breaks to newlines."""
    lines = (" ".join(line.split()) for line in _MARKS.sub("", text).split(_BREAK))
    return "\n".join(line for line in lines if line)


@dataclass
class _List:
    ordered: bool
    number: int = 1


@dataclass
class _Note:
    label: str
    used: bool = False


@dataclass
class _Term:
    names: list[str] = field(default_factory=list)
    fresh: bool = False


class Walker:
    """Reads a region into pieces. One walker reads one page."""

    def __init__(self, furniture: Furniture) -> None:
        self.pieces: list[Piece] = []
        self.first_heading = ""
        self._furniture = furniture
        self._run: list[str] = []
        self._marker = ""
        self._lists: list[_List] = []
        self._quotes = 0
        self._notes: list[_Note] = []
        self._terms: list[_Term] = []
        self._level = 1
        self._hidden = 0
        self._region: _Element | None = None
        self._taken: set[_Element] = set()

    def notes(self) -> tuple[str, ...]:
        """What was left out on purpose."""
        return (f"{self._hidden} hidden elements left out",) if self._hidden else ()

    def walk(self, region: _Element) -> list[Piece]:
        """The pieces of everything inside region."""
        self._region = region
        stack: list[tuple[_Element, Callable[[], None] | None]] = [(region, None)]
        while stack:
            element, leave = stack.pop()
            if leave is not None:
                leave()
            else:
                opened = self._enter(element)
                if opened is not None:
                    self._text(element.text)
                    stack.append((element, opened))
                    stack.extend((child, None) for child in reversed(element))
                    continue
            if element is not region:
                self._text(element.tail)
        self._flush()
        return self.pieces

    # What an element does: None when it is done with, else what to do when leaving it.

    def _enter(self, element: _Element) -> Callable[[], None] | None:
        tag = element.tag
        if not isinstance(tag, str) or tag in NEVER or element in self._taken:
            return None
        if element is not self._region and self._left_out(element):
            return None
        if tag in _HEADINGS or element.get("role") == "heading":
            return self._heading(element)
        special = _ENTER.get(tag)
        if special is not None:
            return special(self, element)
        if tag in _INLINE:
            return self._inline(element)
        return self._block(element)

    def _left_out(self, element: _Element) -> bool:
        if self._furniture.hidden(element):
            self._hidden += 1
            return True
        if element.tag in _HEADINGS or element.tag in ("dl", "dt", "dd", "details"):
            return False
        if self._furniture.furniture(element):
            return not self._holds_most(element)
        return element.tag in ("form", "fieldset") and not self._holds_most(element)

    def _holds_most(self, element: _Element) -> bool:
        assert self._region is not None
        if element.tag == "nav":
            return False
        inside = len(inline_text(element))
        return inside > 400 and inside > 0.5 * len(inline_text(self._region))

    def _heading(self, element: _Element) -> None:
        self._flush()
        text = inline_text(element).replace("\n", " ")
        level = _HEADINGS.get(str(element.tag), 0) or _number(element.get("aria-level"), 2)
        self._heading_text(text, min(6, max(1, level)), real=True)

    def _heading_text(self, text: str, level: int, *, real: bool) -> None:
        text = " ".join(text.split())
        if not text:
            return
        if len(text) > _MAX_HEADING:
            self._emit("paragraph", text)
            return
        if self._notes and not self._notes[-1].used and not self._notes[-1].label:
            self._notes[-1].label = text
            return
        self._marker = ""
        if real:
            self._level = level
            self.first_heading = self.first_heading or text
        self.pieces.append(Piece("heading", text, level))

    def _question(self, text: str) -> None:
        self._heading_text(text, min(6, max(2, self._level + 1)), real=False)

    def _block(self, element: _Element) -> Callable[[], None]:
        self._flush()
        label = element.get("class") or ""
        kind = admonition_kind(label) if label else ""
        if kind or element.get("role") in ("note", "alert"):
            if element is not self._region and not _has_headings(element):
                return self._admonition(element, kind)
        if self._is_question(element, label):
            return self._question_block(element)
        return self._flush

    def _is_question(self, element: _Element, label: str) -> bool:
        name = element.get("itemprop") == "name" and _in_question(element)
        if not name and not (label and has_word(label, _QUESTION_WORDS)):
            return False
        text = inline_text(element)
        return 0 < len(text) <= _MAX_HEADING and "\n" not in text and (name or text.endswith("?"))

    def _question_block(self, element: _Element) -> Callable[[], None]:
        if any(child.tag in _HEADINGS or child.tag == "button" for child in element.iter()):
            return self._flush
        self._question(inline_text(element))
        self._taken.update(element)
        element.text = None
        for child in element:
            child.tail = None
        return self._flush

    def _admonition(self, element: _Element, kind: str) -> Callable[[], None]:
        title = _admonition_title(element)
        label = ""
        if title is not None:
            label = inline_text(title).rstrip(":")
            self._taken.add(title)
        self._notes.append(_Note(label))

        def leave() -> None:
            self._flush()
            self._notes.pop()

        return leave

    def _inline(self, element: _Element) -> Callable[[], None] | None:
        tag = element.tag
        if tag == "br":
            self._run.append(_BREAK)
            return None
        if tag == "button":
            return self._button(element)
        if tag in ("code", "samp", "tt") and not _has_blocks(element):
            self._run.append(_code_span(element))
            return None
        if tag == "a" and _is_permalink(element):
            return None
        if tag == "sup":
            self._run.append(_superscript(element))
            return None
        if tag in ("b", "strong"):
            self._run.append(_BOLD)
            return lambda: self._run.append(_THIN)
        if tag == "q":
            self._run.append("\u201c")
            return lambda: self._run.append("\u201d")
        if element.get("itemprop") == "name" and self._is_question(element, ""):
            self._flush()
            return self._question_block(element)
        if tag == "span" and has_word(element.get("class") or "", _QUESTION_WORDS):
            if self._is_question(element, element.get("class") or ""):
                self._flush()
                return self._question_block(element)
        return _nothing

    def _button(self, element: _Element) -> None:
        text = inline_text(element).replace("\n", " ")
        opens = element.get("aria-expanded") is not None or element.get("aria-controls")
        named = has_word(element.get("class") or "", _QUESTION_WORDS | {"accordion", "collapsible"})
        if (opens or named) and (text.endswith("?") or len(text.split()) > 1):
            self._flush()
            self._question(text)

    def _summary(self, element: _Element) -> None:
        self._flush()
        text = inline_text(element).replace("\n", " ")
        if text and not _GENERIC.fullmatch(text):
            self._question(text)

    def _details(self, element: _Element) -> Callable[[], None]:
        self._flush()
        kind = admonition_kind(element.get("class") or "")
        summary = element.find("summary")
        if kind and summary is not None and not inline_text(summary).endswith("?"):
            return self._admonition(element, kind)
        level = self._level
        if summary is not None and not _GENERIC.fullmatch(inline_text(summary)):
            text = inline_text(summary)
            self._taken.add(summary)
            self._question(text)
            self._level = min(6, max(2, level + 1))
        opened = min(6, max(2, level + 1))

        def leave() -> None:
            self._flush()
            self._level = level
            self.pieces.append(Piece("end", "", opened))

        return leave

    def _pre(self, element: _Element) -> None:
        self._flush()
        code = _verbatim(element).strip("\n")
        if not code.strip():
            return
        self._before_code()
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code) or [""]))
        self.pieces.append(Piece("code", f"{fence}{_code_language(element)}\n{code}\n{fence}"))

    def _before_code(self) -> None:
        if self._terms and self._marker and self._terms[-1].fresh:
            self._emit_item("")
        self._marker = ""
        self._use_label()

    def _table(self, element: _Element) -> Callable[[], None] | None:
        self._flush()
        code = tables.numbered_code(element)
        if code is not None:
            self._pre(code)
            return None
        if self._notes and not self._notes[-1].used or tables.is_layout(element):
            return self._flush
        caption = element.find("caption")
        if caption is not None:
            self._emit("paragraph", inline_text(caption))
        self._before_code()
        text = tables.render(element, inline_text)
        if text:
            self.pieces.append(Piece("table", text))
        return None

    def _list(self, element: _Element) -> Callable[[], None] | None:
        self._flush()
        if _only_jumps(element):
            return None
        if self._terms and self._marker and self._terms[-1].fresh:
            self._emit_item("")
        self._use_label()
        ordered = element.tag == "ol"
        self._lists.append(_List(ordered, _number(element.get("start"), 1)))
        self._marker = ""
        return self._leave_list

    def _leave_list(self) -> None:
        self._flush()
        self._marker = ""
        self._lists.pop()

    def _item(self, element: _Element) -> Callable[[], None]:
        self._flush()
        lists = self._lists or [_List(ordered=False)]
        top = lists[-1]
        top.number = _number(element.get("value"), top.number)
        self._marker = "  " * (len(lists) - 1) + (f"{top.number}. " if top.ordered else "- ")
        top.number += 1

        def leave() -> None:
            self._flush()
            self._marker = ""

        return leave

    def _dl(self, element: _Element) -> Callable[[], None]:
        self._flush()
        self._use_label()
        terms = [inline_text(term) for term in element.iter("dt")]
        questions = sum(term.endswith("?") for term in terms)
        if terms and questions >= 0.5 * len(terms) or _is_reference(element):
            element.set("data-headings", "")
            level = self._level

            def leave() -> None:
                self._flush()
                self._level = level
                self.pieces.append(Piece("end", "", min(6, max(2, level + 1))))

            return leave
        self._lists.append(_List(ordered=False))
        self._terms.append(_Term())
        return self._leave_dl

    def _leave_dl(self) -> None:
        self._leave_term()
        self._terms.pop()
        self._lists.pop()
        self._marker = ""

    def _leave_term(self) -> None:
        self._flush()
        if self._marker:
            self._emit_item("")
        if self._terms and self._terms[-1].names:
            names = ", ".join(self._terms[-1].names)
            self._terms[-1].names = []
            self._marker = "  " * (len(self._lists) - 1) + "- "
            self._emit_item(names)

    def _dt(self, element: _Element) -> None:
        self._flush()
        text = inline_text(element).replace("\n", " ")
        dl = _ancestor(element, "dl")
        if dl is not None and dl.get("data-headings") is not None:
            self._level = min(self._level, 5)
            self._question(text)
            return
        if self._terms:
            self._marker = ""
            self._terms[-1].names += [text.rstrip(":").rstrip()] if text else []

    def _dd(self, element: _Element) -> Callable[[], None]:
        self._flush()
        if not self._terms or _ancestor(element, "dl").get("data-headings") is not None:  # type: ignore[union-attr]
            return self._flush
        term = self._terms[-1]
        names = ", ".join(term.names)
        term.names = []
        self._marker = "  " * (len(self._lists) - 1) + "- " + (f"{names}: " if names else "")
        term.fresh = True

        def leave() -> None:
            self._flush()
            if self._marker:
                self._emit_item("")
            term.fresh = False

        return leave

    def _quote(self, element: _Element) -> Callable[[], None]:
        self._flush()
        if admonition_kind(element.get("class") or ""):
            return self._admonition(element, "note")
        alert = element[0] if len(element) and has_word(element[0].get("class") or "", _TITLES) else None
        if alert is not None:
            return self._admonition(element, "note")
        self._quotes += 1

        def leave() -> None:
            self._flush()
            self._quotes -= 1

        return leave

    def _text(self, text: str | None) -> None:
        if text:
            self._run.append(_MARKS.sub("", text.replace(_BREAK, " ")))

    # Inline text becomes blocks.

    def _flush(self) -> None:
        if not self._run:
            return
        text = "".join(self._run)
        self._run = []
        if not squeeze(text):
            return
        for part in re.split(rf"{_BREAK}(?:\s*{_BREAK})+", text):
            if squeeze(part):
                self._flush_part(part)

    def _flush_part(self, marked: str) -> None:
        if self._bold_question(marked) or self._labelled_question(marked):
            return
        self._emit_text(squeeze(marked))

    def _bold_question(self, marked: str) -> bool:
        match = re.match(rf"\s*{_BOLD}([^{_BOLD}{_THIN}]+\?\s*){_THIN}\s*(?:{_BREAK}|$)", marked)
        if not match or len(match[1]) > _MAX_HEADING or self._notes or self._quotes:
            return False
        self._question(squeeze(match[1]).replace("\n", " "))
        self._emit_text(squeeze(marked[match.end() :]))
        return True

    def _labelled_question(self, marked: str) -> bool:
        lines = squeeze(marked).split("\n")
        match = _QUESTION.match(lines[0])
        if match and lines[0].endswith("?") and not self._notes and not self._quotes:
            self._question(lines[0][match.end() :])
            rest = "\n".join(lines[1:])
            self._emit_text(_ANSWER.sub("", rest, count=1) if _ANSWER.match(rest) else rest)
            return True
        answer = _ANSWER.match(lines[0])
        if answer and self.pieces and self.pieces[-1].kind == "heading":
            self._emit_text("\n".join(lines)[answer.end() :])
            return True
        return False

    def _emit_text(self, text: str) -> None:
        if not text:
            return
        if self._marker:
            self._emit_item(text)
        elif self._notes:
            note = self._notes[-1]
            if not note.used and not note.label and text.rstrip(":").casefold() in ADMONITIONS:
                note.label = text.rstrip(":")
                return
            if not note.used and note.label and not text.startswith(note.label):
                text = f"{note.label}: {text}"
            note.used = True
            self._emit("admonition", text)
        elif self._quotes:
            self._emit("quote", "\n".join(f"> {line}" for line in text.split("\n")))
        else:
            self._emit("paragraph", text)

    def _emit_item(self, text: str) -> None:
        marker = self._marker
        self._marker = ""
        if not text and not marker.endswith(": "):
            return
        self._use_label()
        line = (marker + text.replace("\n", " ")).rstrip()
        self.pieces.append(Piece("list_item", line, max(1, len(self._lists))))

    def _use_label(self) -> None:
        if self._notes and not self._notes[-1].used:
            note = self._notes[-1]
            note.used = True
            if note.label:
                self._emit("admonition", f"{note.label}:")

    def _emit(self, kind: str, text: str) -> None:
        if text:
            self.pieces.append(Piece(kind, text))  # type: ignore[arg-type]


_ENTER: dict[str, Callable[[Walker, _Element], Callable[[], None] | None]] = {
    "pre": Walker._pre,
    "table": Walker._table,
    "ul": Walker._list,
    "ol": Walker._list,
    "menu": Walker._list,
    "li": Walker._item,
    "dl": Walker._dl,
    "dt": Walker._dt,
    "dd": Walker._dd,
    "blockquote": Walker._quote,
    "details": Walker._details,
    "summary": Walker._summary,
}


def _nothing() -> None:
    return None


def inline_text(element: _Element) -> str:
    """The text of an element and all below it on one line per hard break, code in backticks."""
    parts: list[str] = []
    stack: list[_Element | str] = [element]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            parts.append(top)
            continue
        inside = _inline_part(top, parts)
        if top is not element and top.tail:
            stack.append(top.tail)
        if inside:
            block = top.tag not in _INLINE and top is not element
            if block:
                parts.append(" ")
                stack.append(" ")
            for child in reversed(top):
                stack.append(child)
            if top.text:
                parts.append(top.text)
    return squeeze("".join(parts))


def _inline_part(element: _Element, parts: list[str]) -> bool:
    """Adds what an element gives as a whole; True when its content is to be read."""
    tag = element.tag
    if not isinstance(tag, str) or tag in NEVER or element.get("aria-hidden") == "true":
        return False
    if tag == "br":
        parts.append(_BREAK)
        return False
    if tag in ("code", "samp", "tt") and not _has_blocks(element):
        parts.append(_code_span(element))
        return False
    if tag == "sup":
        parts.append(_superscript(element))
        return False
    return not (tag == "a" and _is_permalink(element))


def _code_span(element: _Element) -> str:
    text = " ".join("".join(element.itertext()).split())  # type: ignore[arg-type]
    if not text:
        return " "
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _superscript(element: _Element) -> str:
    text = "".join(element.itertext()).strip()  # type: ignore[arg-type]
    links = element.find(".//a")
    if links is not None and (links.get("href") or "").startswith("#"):
        return ""
    if text and all(character in "0123456789+-n" for character in text):
        return text.translate(_SUPERSCRIPTS)
    return text


def _is_permalink(element: _Element) -> bool:
    text = "".join(element.itertext()).strip()  # type: ignore[arg-type]
    if text.casefold() in _PERMALINKS:
        return True
    if has_word(element.get("class") or "", frozenset(("headerlink", "permalink", "hashlink", "backref", "footnote"))):
        return len(text) < 20
    return text in ("\u21a9", "\u21a9\ufe0e", "^", "\u2191")


def _verbatim(element: _Element) -> str:
    parts: list[str] = []
    stack: list[_Element | str] = [element]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            parts.append(top)
            continue
        if top is not element and top.tail:
            stack.append(top.tail)
        if top.tag == "br":
            parts.append("\n")
            continue
        if top.tag in NEVER or top.tag == "button" or _is_line_number(top):
            continue
        if top.tag in ("div", "p", "li", "tr"):
            stack.append("\x0b")
        stack.extend(reversed(top))
        if top.text:
            parts.append(top.text)
    return re.sub("\n?\x0b", "\n", "".join(parts))


def _is_line_number(element: _Element) -> bool:
    label = element.get("class") or ""
    return has_word(label, frozenset(("lineno", "linenos", "linenumber", "linenumbers", "ln", "gutter"))) and (
        not "".join(element.itertext()).strip(" \n0123456789")  # type: ignore[arg-type]
    )


_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight|brush:?|sourceCode|src|syntax)[-\s:]+([\w+#.-]+)")
_NO_LANGUAGE = frozenset("default none text plain plaintext txt notranslate highlight code source output".split())


def _code_language(element: _Element) -> str:
    holders = [element, *element.iter("code")]
    parent = element.getparent()
    for _ in range(3):
        if parent is None or parent.tag not in ("div", "figure", "td", "table", "tr", "tbody"):
            break
        holders.append(parent)
        parent = parent.getparent()
    for holder in holders:
        for value in (holder.get("data-lang"), holder.get("data-language")):
            if value and re.fullmatch(r"[\w+#.-]+", value):
                return value.lower()
        match = _LANGUAGE.search(holder.get("class") or "")
        if match:
            return "" if match[1].lower() in _NO_LANGUAGE else match[1].lower()
    return ""


def _number(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,6}", value) else default


def _ancestor(element: _Element, tag: str) -> _Element | None:
    return next(iter(element.iterancestors(tag)), None)


def _in_question(element: _Element) -> bool:
    return any(
        (above.get("itemtype") or "").rstrip("/").endswith("Question")
        for above in element.iterancestors()
    )


def _has_blocks(element: _Element) -> bool:
    return any(isinstance(child.tag, str) and child.tag not in _INLINE for child in element.iterdescendants())


def _has_headings(element: _Element) -> bool:
    found = [child for child in element.iter(*_HEADINGS)]
    return len(found) > 1 or any(child.tag in ("h1", "h2") for child in found)


def _admonition_title(element: _Element) -> _Element | None:
    first = next(iter(element), None)
    while first is not None and first.tag in ("div", "header") and not has_word(
        first.get("class") or "", _TITLES
    ) and len(first):
        first = first[0]
    if first is None:
        return None
    label = first.get("class") or ""
    if has_word(label, _TITLES) or first.tag in (*_HEADINGS, "summary"):
        return first
    return None


def _only_jumps(element: _Element) -> bool:
    """Whether a list holds nothing but links into its own page."""
    links = [link for link in element.iter("a")]
    if len(links) < 2 or not all((link.get("href") or "").startswith("#") for link in links):
        return False
    text = "".join(inline_text(element).split())
    linked = "".join("".join(inline_text(link).split()) for link in links)
    return len(text) <= len(linked)


def _is_reference(element: _Element) -> bool:
    """Whether a definition list is reference documentation: entries with lists of their own."""
    return any(
        child.tag in ("dl", *_HEADINGS) for dd in element.iterchildren("dd") for child in dd.iterdescendants()
    )
