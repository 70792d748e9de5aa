"""What the rules of all languages see of a chunk: tables, sections, sentences, terms, places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from builder.records import LISTED, Block, Chunk
from builder.text import fold, sentences, words
from builder.write.rule import Corpus, Member, Noun, Span, Templates

CODE = re.compile(r"`([^`\n]+)`")
MARKER = re.compile(r"\s*(?:[-*+\u2022]|\d{1,3}[.)])\s+")
MAX_ANSWER_WORDS = 160  # of a passage that a rule takes for an answer
MAX_REPLY_WORDS = 250  # of one that its author wrote as the answer to a question

_ORDERED = re.compile(r"\s*\d{1,3}[.)]\s")
_NEWS = re.compile(  # "New in version 1.9.3: ...", often a badge before the sentence
    r"(?:New|Added|Introduced|Changed|Neu|Hinzugef\u00fcgt|Ge\u00e4ndert) (?:in|ab|seit) "
    r"(?:[\w-]+ ){0,2}?(?:[Vv]ersion|[Rr]elease) \d+(?:\.\d+)*(?:\.x|(?:a|b|rc)\d+)?"
    r"(?:[:.] ?| (?!and |or |und |oder )|(?=[A-Z]))"
)
_LABEL = re.compile(r"[A-Z\u00c4\u00d6\u00dc][\w -]{1,20}: ")
_SECTION_NUMBER = re.compile(
    r"^(?:\d{1,2}(?:\.\d{1,2})+[.:]?|\d{1,2}\.|[A-Z]\.\d{1,2}(?:\.\d{1,2})*\.?)\s+"
)
_NUMBERED_PART = re.compile(
    r"\b(?:section|chapter|figure|table|listing|example"
    r"|abschnitt|kapitel|abbildung|tabelle|beispiel) [A-Z]?\d",
    re.I,
)


def trimmed(text: str, span: Span) -> Span:
    """The span without white space at its ends."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def has_any(text: str, phrases: frozenset[str]) -> bool:
    """Whether a text holds one of the phrases, word by word."""
    folded = f" {' '.join(words(text))} "
    return any(f" {phrase} " in folded for phrase in phrases)


def points_elsewhere(text: str, templates: Templates) -> bool:
    """Whether the text of a whole section hangs on another one ("see Section 4.2", "above")."""
    return bool(_NUMBERED_PART.search(text)) or has_any(text, templates.list_of("outside"))


# Pages that are never written from


_RELEASE = re.compile(r"(?:\w+ )?v\d+\.\d+(?:\.\d+)*(?:\s*\(.*\))?|(?:\w+ ){0,2}\d+\.\d+\.\d+")


def is_skipped(chunk: Chunk, templates: Templates) -> bool:
    """Whether a page is never written from: release notes, contributing, legal, indexes."""
    titles = chunk.heading_path[:2]
    if any(
        has_any(title, templates.list_of("skip_pages")) or _RELEASE.fullmatch(title)
        for title in titles
    ):
        return True
    folders, _, name = chunk.path.lower().rpartition("/")
    stem = re.sub(r"\.\w+$", "", name)
    return (
        stem in templates.list_of("skip_files")
        or stem.endswith(("_index", "-index"))
        or stem.startswith(("design-", "design_"))  # how it was meant, for those who build it
        or not templates.list_of("skip_folders").isdisjoint(folders.split("/"))
    )


def tells_releases(chunk: Chunk, templates: Templates) -> bool:
    """Whether a page is release notes."""
    return any(has_any(title, templates.list_of("release_pages")) for title in chunk.heading_path)


# Tables


_CELL_END = re.compile(r"(?<!\\)\|")
_RULER = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")


@dataclass(frozen=True, slots=True)
class Table:
    """A pipe table: header texts, spans of the cells of each row, spans of the lines."""

    block: Block
    header: tuple[str, ...]
    rows: tuple[tuple[Span, ...], ...]
    lines: tuple[Span, ...]


def tables(chunk: Chunk) -> Iterator[Table]:
    """The tables of a chunk that have a header row; rows of another width are left out."""
    for block in chunk.blocks:
        if block.kind == "table":
            yield from _table(chunk.text, block, chunk.opening if block.start == 0 else "")


def _table(text: str, block: Block, opening: str) -> Iterator[Table]:
    lines = [
        (block.start + match.start(), block.start + match.end())
        for match in re.finditer(r"[^\n]+", text[block.start : block.end])
    ]
    if opening.startswith("|"):  # the table began in the chunk before
        title = opening.partition("\n")[0]
        header = tuple(title[slice(*cell)] for cell in _cells(title, (0, len(title))))
    elif len(lines) < 3 or not _RULER.match(text[slice(*lines[1])]):
        return
    else:
        header = tuple(text[slice(*cell)] for cell in _cells(text, lines[0]))
        lines = lines[2:]
    rows = {line: _cells(text, line) for line in lines}
    kept = {line: cells for line, cells in rows.items() if len(cells) == len(header)}
    if any(header) and kept:
        yield Table(block, header, tuple(kept.values()), tuple(kept))


def _cells(text: str, line: Span) -> tuple[Span, ...]:
    ends = [line[0] + match.start() for match in _CELL_END.finditer(text[slice(*line)])]
    return tuple(trimmed(text, (low + 1, high)) for low, high in pairwise(ends))


# Sections


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the blocks under it, up to the next heading of any level.

    heading: None for text before the first heading of the chunk.
    whole:   all of the section is in this chunk.
    """

    heading: Block | None
    blocks: tuple[Block, ...]
    whole: bool


def sections(chunk: Chunk, corpus: Corpus) -> Iterator[Section]:
    """The sections of a chunk in order."""
    heading: Block | None = None
    blocks: list[Block] = []
    for block in chunk.blocks:
        if block.kind != "heading":
            blocks.append(block)
            continue
        if heading is not None or blocks:
            yield Section(heading, tuple(blocks), True)
        heading, blocks = block, []
    if heading is not None or blocks:
        yield Section(heading, tuple(blocks), chunk.id not in corpus.cut)


def heading_text(text: str, block: Block) -> str:
    """The words of a heading block, without a section number."""
    return _SECTION_NUMBER.sub("", text[block.start : block.end].lstrip("#").strip())


def section_answer(
    chunk: Chunk, section: Section, corpus: Corpus, most: int = MAX_ANSWER_WORDS
) -> Span | None:
    """All text of a whole section, when it has most words at most and hangs on nothing outside."""
    if not section.whole or not section.blocks or any(block.partial for block in section.blocks):
        return None
    span = section.blocks[0].start, section.blocks[-1].end
    text = chunk.text[slice(*span)]
    if not 4 <= len(words(text)) <= most or text.rstrip().endswith(":"):
        return None
    return None if points_elsewhere(text, corpus.templates[chunk.lang]) else span


# Sentences


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of running text: its span without list marker or label, and its block.

    last: nothing follows it in its block; lead: the block after its own, for the last one.
    """

    span: Span
    block: Block
    last: bool
    lead: Block | None


def statements(chunk: Chunk) -> Iterator[Statement]:
    """The sentences of paragraphs, bullets and admonitions.

    Numbered steps, in a list or not, are left out, and so is the explanation of an identifier
    ("`name`: ...") with all that follows it in its section: such sentences speak of that
    identifier, unsaid.
    """
    inside: tuple[str, ...] | None = None
    for number, block in enumerate(chunk.blocks):
        if block.kind in LISTED and _explains_code(chunk.text, block):
            inside = block.heading_path
        if block.partial or block.heading_path == inside or _ORDERED.match(chunk.text, block.start):
            continue
        if block.kind in ("paragraph", *LISTED, "admonition"):
            after = chunk.blocks[number + 1] if number + 1 < len(chunk.blocks) else None
            yield from _statements(chunk.text, block, after)


def _statements(text: str, block: Block, after: Block | None) -> Iterator[Statement]:
    start = block.start
    if block.kind in LISTED and (marker := MARKER.match(text, start)):
        start = marker.end()
    if block.kind == "admonition" and (label := _LABEL.match(text, start)):
        start = label.end()
    found = sentences(text[start : block.end])
    for number, (low, high) in enumerate(found):
        last = number == len(found) - 1
        begin, end = start + low, start + high
        if news := _NEWS.match(text, begin, end):
            begin = news.end()
        if begin < end:
            yield Statement((begin, end), block, last, after if last else None)


def is_ordered(text: str, block: Block) -> bool:
    """Whether a list item carries a number."""
    return block.kind in LISTED and bool(_ORDERED.match(text, block.start))


# Terms: list items "`name`: description"


_TERM = re.compile(r"(?P<key>`[^`\n]+`(?:, `[^`\n]+`)*|[^\n:`]{2,50}): (?=\S)")


def terms(chunk: Chunk) -> Iterator[tuple[Block, str, Span]]:
    """List items "`name`: description" or "Term: description" as (block, name, description)."""
    found = []
    for block in chunk.blocks:
        if block.kind in LISTED and not block.partial and not is_ordered(chunk.text, block):
            found += [(block, term) for term in (_term(chunk.text, block),) if term]
    names = Counter(_key(term["key"]) for _, term in found)
    for block, term in found:
        name, end = _key(term["key"]), len(chunk.text[: block.end].rstrip(" \n;,"))
        alone = names[name] == 1  # "--mode <fast>" and "--mode <safe>" keep what tells them apart
        yield block, name if alone else term["key"], trimmed(chunk.text, (term.end(), end))


def _term(text: str, block: Block) -> re.Match[str] | None:
    marker = MARKER.match(text, block.start)
    return _TERM.match(text, marker.end() if marker else block.start, block.end)


def _key(text: str) -> str:
    """A key as it is asked for: of "`-n`, `--lines NUMBER`" the names."""
    return CODE.sub(lambda code: f"`{name_in(code[1])}`", text)


def _explains_code(text: str, block: Block) -> bool:
    found = _term(text, block)
    return bool(found and is_code(found["key"].split(", ")[0]))


# A term of which the list was not told: "Key (string, no default)", "max_size:", "`DEL` or `C-h`"
_NAMES_ANOTHER = re.compile(
    r"`?[\w.-]+`? ?(?:\([^()\n]*\))?:?$|`[^`\n]+`(?:(?:,| or| oder|, or) `[^`\n]+`)+:?$"
)


def whole_item(chunk: Chunk, block: Block, start: Span) -> Span | None:
    """A description with the paragraphs and code that belong to its item; None when not sure.

    Blocks between two items of a list belong to the first; behind the last item nobody can tell.
    """
    number = chunk.blocks.index(block)
    inner = []
    for other in chunk.blocks[number + 1 :]:
        if other.kind == "heading" or (other.kind in LISTED and other.level <= block.level):
            break
        inner.append(other)
    if not inner:
        return start
    if any(_NAMES_ANOTHER.match(chunk.text, other.start, other.end) for other in inner):
        return None
    after = chunk.blocks[number + 1 + len(inner) : number + 2 + len(inner)]
    if not after or after[0].kind not in LISTED or after[0].level != block.level:
        return None
    whole = start[0], inner[-1].end
    return whole if len(words(chunk.text[slice(*whole)])) <= MAX_ANSWER_WORDS else None


# Keys


_IDENTIFIER = re.compile(
    r"[A-Z]{1,8}[-_]?\d[\w-]*|\d{3}|[\w./\[\]-]*[._/\[\]][\w./\[\]-]*|--?[a-z][\w-]*"
)
_COMMON_WORD = re.compile(r"[a-z]{1,12}|[A-Z]{1,12}")


def is_code(cell: str) -> bool:
    """Whether a cell is one identifier: in backticks, or written like one (E17, max_size, 404)."""
    return bool(CODE.fullmatch(cell) or _IDENTIFIER.fullmatch(cell))


def bare(key: str) -> str:
    """A key without its backticks."""
    return key.strip("`")


_PLACEHOLDER = (
    r"(?:FILE(?:NAME)?|DIR(?:ECTORY)?|PATH|NAME|N|NUM(?:BER)?|INT(?:EGER)?|STR(?:ING)?|TEXT|VAL(?:UE)?"
    r"|URL|ADDR(?:ESS)?|HOST|PORT|USER|COMMAND|CMD|SEC(?:ONDS|S)?|SIZE|COUNT|PATTERN|REGEXP?|KEY|ID"
    r"|ARGS?|<[^<>]+>|\[[^\[\]]+\])"
)
_DECLARED = re.compile(  # what a reference puts before the names that it describes
    r"^(?:(?:abstract|async|class|classmethod|exception|final|static|staticmethod) )+"
    r"(?=[A-Z_][\w.]*$|[A-Za-z_][\w.]*\()"
)
_FILLED = re.compile(r"(?P<name>--[a-z][\w-]*)[ =](?P<value>[A-Z][A-Z\d_]*)")
_USAGE = (
    re.compile(r"(?<=[\w\]]) \([^()]*\)$"),  # "interlace_type (video only)"
    re.compile(r"^(--?[A-Za-z][\w-]*)\[\S*\](?: [\w-]+)?$"),  # "-hwaccel[:stream] hwaccel"
    re.compile(rf"^(--?[A-Za-z][\w-]*) {_PLACEHOLDER}$"),  # "-o FILE"
    # "update_period update_period", "zone zonename"
    re.compile(r"(?<![^ ])([\w-]+) \1(?:[_-]?(?:name|id|number|value))?$"),
    re.compile(r"^([\w-]+[_-](\w+)) \2$"),  # "delivery_mode mode"
    re.compile(r"^([\w-]+) \1 (?=\[).*$"),  # "logout logout [n]"
    # "check-zone ZONE [narrow]"
    re.compile(r"^([a-z][\w-]*)(?: (?:[<\[{]\S[^\[\]<>{}]*[>\]}]|[A-Z][A-Z\d_-]+))+$"),
    # "const char *name", "Tcl_Obj *const objv[]", "int offset", "ClientData clientData"
    re.compile(r"^[A-Za-z_][\w ]*[ *]\*+(?:const )?\*?(\w+)(?:\[\])*$"),
    re.compile(
        r"^(?:(?:const|unsigned|signed|struct) )*(?:int|char|long|short|double|float|bool|size_t"
        r"|[A-Z][a-z]*[A-Z_]\w*) ([a-z_]\w*)$"
    ),
    re.compile(  # "row-mt boolean"
        r"^(\w+[-_.][\w.-]*)(?<!_by) (?:integer|int|string|boolean|bool|float|double|number|flags"
        r"|list|path|filename|duration)$"
    ),
)


def name_in(code: str) -> str:
    """The name in a line that shows how a thing is used: "row-mt boolean" -> "row-mt".

    A word that may be a value ("-X POST") or a part of the name ("get int") stays.
    """
    filled = _FILLED.fullmatch(code)
    if filled and filled["name"].upper().replace("-", "_").endswith(filled["value"]):
        return filled["name"]  # "--deploy-hook DEPLOY_HOOK"
    code = _DECLARED.sub("", code)
    for usage in _USAGE:
        code = usage.sub(lambda found: found[1] if found.re.groups else "", code)
    return code


def keys(chunk: Chunk) -> Iterator[str]:
    """What the rows and items of a chunk explain, folded, once each (for Corpus.keys)."""
    found: dict[str, None] = {}
    for table in tables(chunk):
        found.update(dict.fromkeys(fold(bare(chunk.text[slice(*row[0])])) for row in table.rows))
    for _, key, _ in terms(chunk):
        found.setdefault(fold(bare(key)))
    yield from found


def noun_of(header: str, block: Block, templates: Templates) -> Noun | None:
    """The class of a table's or list's keys: from the header, made exact by a heading.

    A header that says nothing ("Name", "") leaves it to the nearest heading.
    """
    found = templates.nouns.get(fold(header))
    if found is None and fold(header) not in templates.list_of("key_headers"):
        return None
    if len(words(header)) > 1:
        return found
    near = block.heading_path[-1:] if found is None else block.heading_path[-2:]
    exact = [
        noun
        for noun in (_announced(heading, templates) for heading in near)
        if noun and (found is None or noun.noun.endswith(f" {found.noun}"))
    ]
    return exact[-1] if exact else found


def _announced(heading: str, templates: Templates) -> Noun | None:
    """The class of keys that a heading announces: "Exit codes", "Error codes E01 to E19"."""
    said = [fold(word) for word in re.findall(r"[^\s,;:]+", heading)]
    for size in (3, 2, 1):
        for part in (said[-size:], said[:size]):
            found = templates.announced.get(" ".join(part)) if len(said) >= size else None
            if found:
                return found
    return None


# Places: how a key or a question says where it belongs


# "git-log(1) Manual Page", or a heading that is the name of a command: "npm-profile"
_MANUAL_PAGE = re.compile(
    r"([A-Za-z][\w.:-]*)\([1-9][a-z]*\)|([a-z]+(?:-[a-z]+)+)$|([a-z][\w-]*): [A-Z]"
)
_WRITTEN_AS_CODE = re.compile(
    r"\b[a-z]+_[a-z_]+\b|\b[a-z][\w.]*\(\)|^[A-Z]+_(?:[A-Z][a-z]+){2,}$"  # "AI_ParseError"
)


def codes(heading: str) -> list[str]:
    """The identifiers in a heading; the title of a manual page names its command."""
    page = _MANUAL_PAGE.match(heading)
    if page:
        return [found for found in page.groups() if found][:1]
    return [name_in(code) for code in CODE.findall(heading)] or _WRITTEN_AS_CODE.findall(heading)


_FILE = re.compile(
    r"[\w./-]+\.(?:toml|conf|cfg|cnf|ini|ya?ml|json|xml|md|txt|log|env|lock|service|py|js|ts|html?|css"
    r"|sh|rb|go|rs|java|sql|csv|properties|xz|gz|zip|te|list)"
)


def code_kind(code: str) -> str:
    """What an identifier looks like: section, endpoint, path, file, function, command or name."""
    if code.startswith("["):
        return "section"
    if code.endswith("()"):
        return "function"
    if re.match(r"(GET|POST|PUT|PATCH|DELETE|HEAD) ", code):
        return "endpoint"
    if code.startswith(("/", "~", "./")):
        return "path"
    if _FILE.fullmatch(code):
        return "file"
    return "command" if re.fullmatch(r"[a-z]\w*([ -][a-z][\w-]*)+", code) else "name"


_PHRASE = re.compile(r"[A-Z][a-z]+(?: [a-z]+)+")  # in code, but nobody's name


_LETTER = re.compile(r"-\w")  # an option of nobody knows which command


def code_place(code: str, templates: Templates, forms: str = "place") -> str:
    """An identifier as a place, by the language's wording of its kind."""
    if _PHRASE.fullmatch(code) or _LETTER.fullmatch(code):
        return ""
    code = _DECLARED.sub("", code)
    kind = code_kind(code)
    keys = (forms, f"{forms}.{kind}", f"place.{kind}")
    found = next((templates.forms[key] for key in keys if key in templates.forms), ())
    return found[0].replace("{code}", f"`{code}`") if found else ""


# of a signature: what goes in and comes out names no section
_ARGUMENTS = re.compile(r"(?<=\w) ?\((?!\d[a-z]*\))[^()`]*\)|(?<!\w)\[[^\[\]`]*\] ?= ?")


def section_place(
    block: Block,
    templates: Templates,
    forms: str = "place",
    members: Mapping[str, Member] | None = None,
) -> str:
    """The place that the nearest heading with exactly one identifier names, worded; else "".

    forms: "place" words it behind a noun ("of `cmd`"), "with" as an adverbial ("with `cmd`"), "in"
           as the world of a name ("in `cmd`").
    members: headings of the document that head the description of a function, as Corpus.members.
    """
    for depth, heading in reversed(list(enumerate(block.heading_path))):
        if members and heading in members:
            return code_place(members[heading].name, templates, forms)
        named = codes(_ARGUMENTS.sub("", heading))
        if len(named) == 1:
            whole_page = depth == 0 and f"{forms}.page" in templates.forms
            kind = f"{forms}.page" if whole_page else forms
            return code_place(named[0], templates, kind)
        if named:
            return ""
    return ""


# "void g_free (gpointer mem)", "QMenu::addAction(QAction *action) const", "free()"
_SIGNATURE = re.compile(
    r"(?P<type>[^()=>]*[\s*&])?(?P<name>~?[A-Za-z_$][\w$]*(?:(?:::|\.|:)~?[\w$]+)*)(?P<gap> ?)"
    r"\((?P<given>[^()]*(?:\([^()]*\)[^()]*)*)\)"
    r"(?: ?(?:const|noexcept|override|async|abstract|static|\[.*\]))*(?: ?(?:->|=>) ?\S.*)?"
)
_REMARK = re.compile(  # what stands in brackets behind a name: "(deprecated)", "(default: 30)"
    r"(?!void$)[a-z]{2,}$|[a-z]+: |(?:default|see|since|new in|formerly|was|only|optional)\b"
)
_TOKEN = re.compile(r"[A-Za-z_$][\w$]*(?:(?:::|\.)[\w$]+)*")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_CALLED = re.compile(r"([A-Za-z_$][\w$]*)( ?)\(")
_KIND_OF_TYPE = (
    r"(?:class|interface|struct(?:ure)?|enum|trait|protocol|record|object|exception|type)"
)
_TYPE = re.compile(
    rf"(?:(?P<first>[\w$.]+) {_KIND_OF_TYPE}(?: template)?(?: reference)?"
    rf"|(?:\w+ )?{_KIND_OF_TYPE} (?P<last>[\w$.]+)(?:<.*>)?)",
    re.IGNORECASE,
)
_NO_TYPE = re.compile(  # "Data structure classes", "Class Reference"
    rf"{_KIND_OF_TYPE}e?s|reference|documentation|overview|hierarchy|index|list|members|summary",
    re.IGNORECASE,
)


def called(text: str) -> set[str]:
    """The names that a text calls or declares: a bracket is right behind, in code after a blank."""
    code = re.findall(r"```.*?(?:```|\Z)", text, re.S)
    found = {name for name, gap in _CALLED.findall(text) if not gap}
    return found | {name for part in code for name, _ in _CALLED.findall(part)}


def member(heading: str, title: str, names: Collection[str]) -> str:
    """The function whose description a heading begins ("Clob.free()"), or "".

    It is a signature, or one name that the document calls; one of a type gets the type of the
    page before it. names: see `called`.
    """
    plain = heading.replace("`", "").strip()
    name = ""
    signature = _SIGNATURE.fullmatch(plain)
    if signature and not re.fullmatch(r"\d\w*", signature["given"]):  # a manual page: "tar(1)"
        odd = signature["gap"] and (
            _WORD.fullmatch(signature["name"]) or _REMARK.match(signature["given"])
        )
        spoken = re.match(r"[A-Z][a-z]+ ", signature["type"] or "")
        name = "" if odd or spoken else signature["name"]
    elif _TOKEN.fullmatch(plain) and not re.fullmatch(r"[A-Z][a-z]+", plain):
        last = re.split(r"::|\.", plain)[-1]
        own = last in names or ("." in plain and any(one.endswith(f"_{last}") for one in names))
        name = plain if own else ""
    if not name:
        return ""
    page = _TYPE.fullmatch(title.replace("`", "").strip())
    of = (page["last"] or page["first"]) if page else ""
    of = "" if _NO_TYPE.fullmatch(of) else of
    told = name.replace("_", "").lower().startswith(of.lower())  # "gtk_widget_show" of GtkWidget
    return f"{name}()" if told or re.search(r"[.:]", name) else f"{of}.{name}()"


def _item_above(chunk: Chunk, block: Block) -> str:
    """What the item explains that an item stands in, as it is written; "" for none."""
    before = [other for other in chunk.blocks if other.end <= block.start]
    outer = (
        other for other in reversed(before) if other.kind == "heading" or _is_over(other, block)
    )
    found = next(outer, None)
    term = _term(chunk.text, found) if found and found.kind in LISTED else None
    return _key(term["key"]).split(", ")[-1] if term else ""


def _is_over(other: Block, block: Block) -> bool:
    return other.kind in LISTED and other.level < block.level


def key_place(key: str, block: Block, chunk: Chunk, corpus: Corpus) -> str | None:
    """Where a key stands, worded; "" lets the engine decide, None: the key alone is ambiguous."""
    members = corpus.members.get(chunk.doc_id)
    twice = fold(bare(key)) in corpus.doubled.get(chunk.doc_id, ())
    if twice and not any(codes(heading) for heading in block.heading_path[1:]):
        return None  # "prefer" of two directives of one page
    above = _item_above(chunk, block) if block.level > 1 else ""
    if is_code(above):
        return code_place(bare(above), corpus.templates[chunk.lang], "in")
    if above[:1].islower():
        return None  # "ptp" of "rxfilter filter"
    place = section_place(block, corpus.templates[chunk.lang], members=members)
    if place:
        return place
    name = bare(key)
    ambiguous = corpus.keys.get(fold(name), 0) > 1 or name.startswith(("-", "_"))
    if ambiguous or (is_code(key) and _COMMON_WORD.fullmatch(name)):
        return corpus.parts.get(chunk.doc_id)
    return ""
