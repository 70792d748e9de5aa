"""Text inside HTML elements: on one line with code in backticks, or verbatim for code blocks."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Collection, Iterator
from functools import cache, lru_cache
from itertools import islice
from operator import attrgetter, methodcaller
from typing import TYPE_CHECKING, Any

from builder.ingest.clean import encoded_size, size
from builder.ingest.furniture import NEVER, has_word, is_drawn, is_unshown

if TYPE_CHECKING:
    from lxml.etree import _Element

INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data dfn em font i ins kbd label mark math "
    "nobr output q "
    "ruby rb samp slot small span strong sub sup time tt u var wbr button summary".split()
)
# Every other element is inline when no block stands in it.
BLOCKS = frozenset(
    "address article aside blockquote body caption center col colgroup dd details dialog dir div "
    "dl dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html "
    "legend li main menu nav noframes ol optgroup option p pre search section table tbody td tfoot "
    "th thead tr ul".split()
)
FORMULAS = frozenset(("math", "script"))
_WIDE = "\u2e80-\u303f\u3041-\u30ff\u3190-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff"
_WRAPPED = re.compile(  # a line of a script without blanks that only the source ends (CSS Text 4.1)
    f"\n(?:(?<=[{_WIDE}]\n)|(?<=[{_WIDE}][\x01\x02]\n))[ \\t]{{0,200}}(?=[\x01\x02]?[{_WIDE}])"
)
_STRAY = re.compile(r"(?<=\S)\n(?=[.,](?:\s|\Z))")  # a maker's line break, after an element
BREAK = "\x0b"  # a hard line break in marked text
BOLD, PLAIN = "\x01", "\x02"  # around bold words in marked text

MARKS = "\x01\x02\x03\x04\x0b"

_NO_MARKS = dict.fromkeys(map(ord, "\x01\x02\x03\x04")) | {ord(BREAK): " "}
_CODE = frozenset(("code", "samp", "tt"))
_SPECIAL = (
    FORMULAS | NEVER | _CODE | frozenset(("a", "br", "i", "pre", "q", "sup"))
)  # may give something else
_LIST_ITEM, _BLOCK = "\x03", "\x04"
_EDGES = _BLOCK + "".join(filter(str.isspace, map(chr, range(0x3001))))  # around an item's words
_PARTING = (":", ";", ",", ".")
_PERMALINKS = frozenset(
    (
        "",
        "\u00b6",
        "#",
        "\u00a7",
        "\U0001f517",
        "\u2693",
        "\u25c6",
        "\ue157",
        "\uf0c1",
        "[edit]",
        "[#]",
        "[*]",
        "[src]",
        "[source]",
        "[view source]",
    )
)
_MARK = 20  # characters of a footnote's mark, at most
_NUMBERED_NOTE = re.compile(r"\d{1,3}\s*(?=[^\W\d_])")
_BACKLINKS = frozenset(("\u21a9", "\u21a9\ufe0e", "\u21a9\ufe0f", "^", "\u2191", "\u2934"))
_HEADING_LINKS = frozenset("headerlink permalink hashlink anchorlink anchorjs anchor hash".split())
_UNSEEN = frozenset(("aria-hidden", "hidden", "style"))  # attributes
_LINES = frozenset(("div", "p", "li", "tr"))  # what begins a line inside of code
_NOTE_LINKS = frozenset("backref footnote reversefootnote".split())
_OF_NOTES = frozenset(("role", "epub:type"))  # attributes
_NOTE_ROLES = frozenset(("doc-noteref", "noteref"))  # of DPUB-ARIA and EPUB
_ALL_LINKS = _HEADING_LINKS | _NOTE_LINKS
_TOOLS = frozenset(("source", "src", "edit", "view source"))  # links behind what they are of
_ONWARD = frozenset(("more...", "more\u2026"))  # behind the first sentence of what stands below
_TOOL = re.compile(r"source|src|edit")
_SOURCES = re.compile(r"^(?!\w+:|//)(?:.*/)?(?:src|source|_modules)/")
_OFF = re.compile(r"display\s*:\s*none")
_LINK_TEXTS = frozenset(("link", "permalink", "anchor", "direct link", "copy link", "edit"))
_LABELS = frozenset("title header label caption filename".split())  # of code
_SUPERSCRIPTS = str.maketrans(
    "0123456789+-n",
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207f",
)
_NUMBER_WORDS = frozenset(
    "lineno linenos linenumber linenumbers linenumberrows ln lnt gutter linenodiv".split()
)
_LINE_NUMBER = re.compile(r"line[-_]?n(?:o|r|um|umber)s?(?![a-z])", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language|lang|highlight|brush:?|sourceCode|src|syntax)[-\s:]+"
    r"(?:tab tab-)?(?:number(?:Source|Lines) )*(?:highlight-source-|src-)?([\w+#.-]+)"
)
_tag_of, _class_of = attrgetter("tag"), methodcaller("get", "class")
_COLOURS = frozenset(("span", "code", "a", "b", "strong", "em", "i", "font"))
_CODE_BOXES = frozenset(("div", "figure", "td", "table", "tr", "tbody"))
_MOST_AROUND = 10  # elements that are asked for the language of a code block
_NO_LANGUAGE = frozenset(
    "default none text plain plaintext txt notranslate highlight code source output "
    "nohighlight numberlines numbersource".split()
)
_LANGUAGES = frozenset(  # told from other class names when they stand alone
    "asm bash batch c c# c++ clojure cmake cpp csharp css csv dart diff dockerfile elixir erlang "
    "go graphql groovy haskell html ini java javascript js json json5 jsonc jsx julia kotlin latex "
    "less lua makefile nginx nix objc objective-c ocaml perl php powershell prolog protobuf ps1 "
    "puppet py pycon python r rb rs ruby rust sass scala scheme scss sh shell shell-session sql "
    "svelte swift tcl tex toml ts tsx typescript vb vim vue xml yaml yml zig zsh".split()
)


def content(element: _Element) -> str:
    """All text below an element as it stands, markup ignored."""
    if not len(element):
        return element.text or ""
    told: str = _tostring()(element, method="text", encoding="unicode", with_tail=False)
    return told


def content_size(element: _Element) -> int:
    """The characters of all text below an element, white space apart."""
    if not len(element):
        return size(element.text or "")
    told: bytes = _tostring()(element, method="text", encoding="utf-8", with_tail=False)
    return encoded_size(told)


def backwards(element: _Element) -> list[_Element]:
    """The children of an element, the last one first, as a stack takes them.

    A slice: `reversed` takes five times as long to begin with.
    """
    return element[::-1]  # type: ignore[index,return-value]  # the stubs know no slices


@cache
def _tostring() -> Callable[..., Any]:
    """What writes an element, imported once: to import it takes longer than most are to write."""
    from lxml.etree import tostring

    return tostring


@cache
def _iterwalk() -> Callable[..., Iterator[tuple[str, _Element]]]:
    """What walks a tree and tells where its elements end, imported once."""
    from lxml.etree import iterwalk

    walk: Callable[..., Iterator[tuple[str, _Element]]] = iterwalk
    return walk


def unmarked(text: str) -> str:
    """Text of the page without characters that would pass for marks."""
    if text.isprintable():
        return text
    return text.translate(_NO_MARKS)


def squeeze(marked: str) -> str:
    """Marked text as canonical lines: white space to one blank, breaks to newlines."""
    if "\n" in marked and not marked.isascii():
        marked = _WRAPPED.sub("", marked)
    if "\n." in marked or "\n," in marked:
        marked = _STRAY.sub("", marked)
    flat = marked.replace("\n", " ")
    if flat.isprintable():  # without any marks or white space but blanks
        return " ".join(flat.split()) if "  " in flat else flat.strip(" ")
    plain = marked.replace(BOLD, "").replace(PLAIN, "")
    if BREAK not in plain:
        return " ".join(plain.split())
    lines = (" ".join(line.split()) for line in plain.split(BREAK))
    return "\n".join(line for line in lines if line)


def line(element: _Element, without: Collection[_Element] = ()) -> str:
    """The text of an element and all below it on one line, code in backticks.

    without: elements below it that are left out.
    """
    return lines(element, without).replace("\n", " ")


def lines(element: _Element, without: Collection[_Element] = ()) -> str:
    """The text of an element and all below it, one line per hard break, code in backticks."""
    if not len(element) and element.tag not in _SPECIAL:
        alone = "" if _is_silent(element) else element.text or ""
        return squeeze(_without_edges(alone)) if alone else ""
    parts: list[str] = []
    stack: list[_Element | str] = [element]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            parts.append(top)
            continue
        tag, behind = top.tag, top.tail if top is not element else None
        whole = None
        if without and top in without:
            whole = " "
        elif tag in _SPECIAL or not _UNSEEN.isdisjoint(top.keys()):
            whole = _whole(top)
            if whole is not None and tag in _CODE and parts and follows_code(top):
                parts[-1], whole = one_code(parts[-1], whole)
        if whole is not None:
            parts.append(whole)
            if behind:
                parts.append(behind)
            continue
        if tag in INLINE and tag != "q" and not len(top):  # the usual case
            parts += top.text or "", behind or ""
            continue
        if behind:
            stack.append(behind)
        if tag == "q":
            parts.append("\u201c")
            stack.append("\u201d")
        if tag not in INLINE and top is not element and not is_inline(top):
            edge = _LIST_ITEM if tag == "li" else _BLOCK
            parts.append(edge)
            stack.append(edge)
        if len(top):
            stack += backwards(top)
        if text := top.text:
            parts.append(text)
    return squeeze(_without_edges("".join(parts)))


def _without_edges(marked: str) -> str:
    """List items of a table cell or heading become "one; two"; other blocks get blanks around."""
    if _LIST_ITEM not in marked:
        return marked.replace(_BLOCK, " ")
    first, *items = marked.split(_LIST_ITEM)
    for item in filter(None, [item.strip(_EDGES) for item in items]):
        first = first.rstrip(_EDGES)
        first += (" " if first.endswith(_PARTING) or not first else "; ") + item
    return first.replace(_BLOCK, " ")


def _whole(element: _Element) -> str | None:
    """What an element gives as a whole, None when its content is to be read."""
    tag = element.tag
    if tag not in _SPECIAL:
        unseen = _is_silent(element) or is_unshown(element) or _is_off(element)
        return "" if unseen else None
    if tag in FORMULAS and (formula := tex(element)):
        return f"${formula[0]}$"
    if tag in NEVER or _is_silent(element):
        return ""
    if tag == "br":
        return BREAK
    if tag == "i":
        return "" if is_drawn(element) or is_unshown(element) or _is_off(element) else None
    if tag in _CODE and not has_blocks(element):
        return code_span(element)
    if tag == "pre" and _is_line_in_cell(element):
        return f"{_BLOCK}{code_span(element)}{_BLOCK}"
    if tag == "sup":
        return superscript(element)
    if tag == "a" and is_permalink(element):
        return ""
    return None


def _is_silent(element: _Element) -> bool:
    """Whether an element is for eyes only: a mark, as a rule."""
    names = element.keys()  # far faster than to ask for what few have
    return "aria-hidden" in names and element.get("aria-hidden") == "true"


def _is_off(element: _Element) -> bool:
    """Whether an element's own style takes it off the page."""
    return element.tag in INLINE and bool(_OFF.search(element.get("style") or ""))


def _is_line_in_cell(code: _Element) -> bool:
    """Whether a code block in the cell of a table is no more than a line."""
    several = "\n" in content(code).strip() or has_breaks(code)
    return not several and next(code.iterancestors("td", "th"), None) is not None


def is_inline(element: _Element) -> bool:
    """Whether an element stands in a line of text."""
    tag = element.tag
    return tag in INLINE or (tag not in BLOCKS and not has_blocks(element))


def has_blocks(element: _Element) -> bool:
    """Whether block elements stand below an element."""
    for child in element if len(element) else ():
        if child.tag in BLOCKS:
            return True
        if len(child):  # to set up a search for so many tags takes longer than to look at most
            return any(inner.tag in BLOCKS for inner in element.iterdescendants())
    return False


def tex(element: _Element) -> tuple[str, bool] | None:
    """The TeX source of a formula, and whether it stands on lines of its own."""
    if element.tag == "script":
        kind = element.get("type") or ""
        source = (element.text or "").strip()
        return (source, "display" in kind) if kind.startswith("math/tex") and source else None
    notes = [
        note
        for note in element.iter("annotation")
        if "tex" in (note.get("encoding") or "").casefold()
    ]
    source = " ".join(content(notes[0]).split()) if notes else (element.get("alttext") or "")
    display = element.get("display") == "block" or element.get("mode") == "display"
    return (source, display) if source else None


def code_span(element: _Element, said: str | None = None) -> str:
    """The words of a code element in as many backticks as they need. said: its content."""
    if said is None:
        said = verbatim(element) if has_breaks(element) else content(element)
    text = " ".join(said.split())
    if not text:
        return " "
    if "`" not in text:
        return f"`{text}`"
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def has_breaks(element: _Element) -> bool:
    """Whether a hard line break stands in an element."""
    for child in element if len(element) else ():
        if child.tag == "br":
            return True
        if len(child):
            return next(element.iter("br"), None) is not None
    return False


def one_code(before: str, after: str) -> tuple[str, str]:
    """Two code spans without anything between them, so that they read as one."""
    if not before.endswith("`") or before.count("`") > 2 or after.count("`") != 2:
        return before, after
    return before[:-1], after[1:]


def follows_code(element: _Element) -> bool:
    """Whether a code element stands right behind another one."""
    before = element.getprevious()
    return before is not None and before.tag in _CODE and not before.tail


def superscript(element: _Element) -> str:
    """Raised digits as such (m²), footnote marks as nothing, other text as it is."""
    text = content(element).strip()
    link = next(element.iterdescendants("a"), None)
    parent = element.getparent()
    if parent is not None and parent.tag == "a":
        link = parent
    if link is not None and (link.get("href") or "").startswith("#"):
        return ""
    if text and all(character in "0123456789+-n" for character in text):
        return text.translate(_SUPERSCRIPTS)
    if len(text) > _MARK and (note := _NUMBERED_NOTE.match(text)):
        return f" [{text[note.end() :]}]"  # a footnote that shows where one points at its number
    return text


def is_permalink(element: _Element) -> bool:
    """Whether a link only leads to its own heading, on, to a note or back; a blank parts words."""
    named = _OF_NOTES.intersection(map(str, element.keys()))
    if any(element.get(name) in _NOTE_ROLES for name in named):
        return not any(map(str.isalpha, content(element)))
    label = element.get("class") or ""
    if not (label and has_word(label, _ALL_LINKS)) and _begins_with_word(element):
        return (element.text or "").isdecimal() and _numbers_next(element)  # mostly not
    said = content(element)
    text = said.strip()
    if said and not text:
        return False
    folded = text.casefold()
    if folded in _PERMALINKS or text in _BACKLINKS or folded in _ONWARD:
        return True
    if folded in _TOOLS and (_TOOL.search(label) or _SOURCES.search(element.get("href") or "")):
        return True
    if has_word(label, _NOTE_LINKS):
        return not any(map(str.isalpha, text)) or text.casefold() in _LINK_TEXTS
    if has_word(label, _HEADING_LINKS):
        # digits alone are a mark only behind a heading's text: "1.18.2" may be all of it
        told = str.isalnum if _is_first(element) else str.isalpha
        return not any(map(told, text)) or text.casefold() in _LINK_TEXTS
    return False


def _begins_with_word(element: _Element) -> bool:
    """A quick look whether an element begins with a letter or digit, as few of those links do."""
    first = element.text or (element[0].text if len(element) else None)
    if first is None or not first[:1].isalnum():
        return False
    said = first.strip().casefold()
    return said not in _TOOLS and said not in _ONWARD


def _numbers_next(element: _Element) -> bool:
    """Whether a link stands alone in its parent and leads to the element right below that.

    Or to the first item of the list that this is.
    """
    parent, target = element.getparent(), (element.get("href") or "").removeprefix("#")
    below = parent.getnext() if parent is not None and len(parent) == 1 else None
    if parent is None or below is None or not target:
        return False
    if target not in (one.get("id") for one in (below, *islice(below, 1))):
        return False
    return not ((parent.text or "").strip() or (element.tail or "").strip())


def _is_first(element: _Element) -> bool:
    """Whether nothing is said in an element's parent before it."""
    parent = element.getparent()
    return parent is None or (element.getprevious() is None and not (parent.text or "").strip())


def verbatim(element: _Element) -> str:
    """The text of a code block: line breaks kept, line numbers and buttons left out."""
    plain = plain_code(element)
    return marked_code(element) if plain is None else plain


def plain_code(element: _Element) -> str | None:
    """The text of a code block of which nothing is left out, None for any other."""
    if len(element) > 1 and _below_label(element) is not None:
        return None
    if element.tag == "p" or _is_line_number(element) or not _is_plain_code(element):
        return None
    return _without_blank_lines(content(element))


def marked_code(element: _Element) -> str:
    """The text of a code block in which more is marked up than colours."""
    if len(element) > 1 and (labelled := _below_label(element)) is not None:
        return verbatim(labelled)
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
            parts.append(BREAK if element.tag == "p" or element.tag in _CODE else "\n")
            continue
        if top.tag in NEVER or top.tag == "button" or _is_line_number(top) or _numbers_row(top):
            continue
        if top.tag in _LINES and not _ends_with_parent(top, element):
            stack.append(BREAK)
        stack += backwards(top)
        if top.text:
            parts.append(top.text)
    if element.tag == "p":
        code = "".join(parts)
        code = code.lstrip(" \t\n") if code.startswith("\n") else code  # indents the markup
        return _without_blank_lines(_typed(code))
    code = "".join(parts)
    if element.tag in _CODE and BREAK in code:
        code = "\n".join(map(_without_white_lines, code.split(BREAK)))
    if element.tag == "pre":
        return _without_blank_lines(re.sub(f"\n?{BREAK}", "\n", code))
    # between boxes, white space is none; inside, no-break spaces stand for blanks
    code = re.sub(f"\n?{BREAK}\n?", "\n", code).replace("\xa0", " ")
    return textwrap.dedent(_without_blank_lines(code))


def printed_indent(region: _Element) -> str:
    """The blanks that a generator put before each line of its code but the first, "" if none.

    A printer of HTML that indents text also where white space counts puts them before empty lines
    and the end of the code too, no fewer before its begin, and the same ones everywhere on a page.
    """
    found = ""
    told = 0  # empty lines, and blocks that begin indented
    for code in region.iter("pre"):
        first, _, rest = content(code).partition("\n")
        if not rest.strip():
            continue
        *inner, last = rest.split("\n")
        if first[:1].isspace() or len(last) < 2 or last.strip(" ") or last != (found or last):
            return ""
        if not all(one.startswith(last) for one in inner):
            return ""
        found = last
        told += inner.count(last) + _text_before(code).endswith(last)
    return found if told > 1 else ""


def is_padded(region: _Element) -> bool:
    """Whether all code of a page stands one blank to the right, as qdoc prints it."""
    n_lines = 0
    for code in region.iter("pre"):
        lines = [one for one in content(code).split("\n") if one.strip()]
        if any(one[0] != " " for one in lines) or all(one[1] == " " for one in lines):
            return False
        n_lines += len(lines)
    return n_lines > 1


def _text_before(element: _Element) -> str:
    before, parent = element.getprevious(), element.getparent()
    return (before.tail if before is not None else parent.text if parent is not None else "") or ""


def leveled(code: _Element) -> str:
    """The text of data whose levels are lists: a line for each item, indented by its level."""
    parts: list[str] = []
    level, skipped = 0, None
    for event, element in _iterwalk()(code, events=("start", "end")):
        if skipped is not None and element is not skipped:
            continue
        if event == "end":
            skipped = None
            if element.tag in ("ul", "ol"):
                level -= 1
                parts.append("\n" + "  " * level)
            parts.append((element.tail or "") if element is not code else "")
        elif element.tag == "button" or element.tag in NEVER:
            skipped = element
        else:
            level += element.tag in ("ul", "ol")
            parts.append("\n" + "  " * level if element.tag == "li" else "")
            parts.append(element.text or "")
    return "".join(parts).strip().replace("\xa0", " ")


def holds_lines_open(code: _Element) -> bool:
    """Whether the lines of code are elements, of which empty ones hold a blank."""
    return any(
        one.text == " " and not len(one) and (one.tail or "")[:1] == "\n" and _begins_line(one)
        for one in code.iterdescendants("span")
    )


def _begins_line(element: _Element) -> bool:
    before = element.getprevious()
    return before is not None and (before.tail or "").endswith("\n")


def _below_label(block: _Element) -> _Element | None:
    """The code of a block that begins with what is called its title, else None."""
    label = block[0].get("class") if block.tag == "pre" else None
    if not label or not has_word(label, _LABELS) or (block.text or "").strip():
        return None
    alone = block[1].tag == "code" and not (block[0].tail or block[1].tail or "").strip()
    return block[1] if alone and len(block) == 2 else None


def _typed(marked: str) -> str:
    """Code of a paragraph: its lines end at hard breaks, those of the source are blanks."""
    typed = re.sub(rf"{BREAK}\n\t*", BREAK, marked.strip("\n").replace("\xa0", " "))
    return re.sub(r"\n\t*", " ", typed).replace(BREAK, "\n")


def _without_white_lines(part: str) -> str:
    """What stands between two hard breaks without the lines of the source that say nothing."""
    return "\n".join(filter(str.strip, part.split("\n")))


def _ends_with_parent(element: _Element, root: _Element) -> bool:
    """Whether the line that an element ends is also that of the one around it."""
    parent = element.getparent()
    if parent is None or parent is root or parent.tag not in _LINES:
        return False
    return element.getnext() is None and not (element.tail or "").strip(" \t\r")


def _is_plain_code(element: _Element) -> bool:
    """Whether all that is inside an element is code, on the line where it begins."""
    inner = list(element.iterdescendants())
    if not _COLOURS.issuperset(map(_tag_of, inner)):
        return False
    return not any(label and names_number(label) for label in set(map(_class_of, inner)))


def _without_blank_lines(code: str) -> str:
    """Code without the empty lines before and after it."""
    said = code.rstrip()
    begin = code.rfind("\n", 0, len(code) - len(code.lstrip())) + 1
    end = code.find("\n", len(said))
    return code[begin : len(code) if end < 0 else end] if said else ""


@lru_cache(maxsize=1024)
def names_number(label: str) -> bool:
    return has_word(label, _NUMBER_WORDS) or bool(_LINE_NUMBER.search(label))


def _is_line_number(element: _Element) -> bool:
    label = element.get("class")
    if not label or not names_number(label):
        return False
    return not content(element).strip(" \n0123456789:.|")


def _numbers_row(cell: _Element) -> bool:
    """Whether the cell of a row inside of code holds no more than the number of its line."""
    if cell.tag != "td" or cell.getprevious() is not None or cell.getnext() is None:
        return False
    return content(cell).strip().isdecimal()


def code_language(element: _Element) -> str:
    """The language that class names or data attributes give a code block, or ""."""
    told = map(language_of, _around(element))
    return next((name for name in told if name is not None), "")


def _around(code: _Element) -> Iterator[_Element]:
    """A code block, and the elements in it and around it that may name its language."""
    yield code
    inner = list(code.iter("code"))
    yield from inner
    for above in islice(code.iterancestors(), max(0, _MOST_AROUND - len(inner))):
        if above.tag not in _CODE_BOXES:
            break
        yield above


def language_of(holder: _Element) -> str | None:
    """The language that one element names, "" for plain text, None when it names none."""
    named = holder.keys()
    if not named:
        return None
    if named != ["class"]:
        for value in map(holder.get, ("data-lang", "data-language", "language")):
            if value and re.fullmatch(r"[\w+#.-]+", value):
                return value.lower()
    label = holder.get("class")
    told = _language_in(label) if label else None
    if told is None and holder.tag in ("pre", "code"):
        words = f"{label or ''} {holder.get('lang', '')}".lower().split()
        return next(filter(_LANGUAGES.__contains__, words), None)
    return told


@lru_cache(maxsize=1024)
def _language_in(label: str) -> str | None:
    match = _LANGUAGE.search(label)
    if not match or match[1].lower() == "highlight":
        return None
    return "" if match[1].lower() in _NO_LANGUAGE else match[1].lower()
