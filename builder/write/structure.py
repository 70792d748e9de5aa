"""Rules that read the structure of documents, in any language that has templates.

Tables, flags in help blocks, option and term lists, headings with the text under them and numbered
steps. Wording comes from `Templates`, the little grammar that headings need from `Grammar`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from builder.records import Block, Chunk
from builder.text import fold, sentences, words
from builder.write.rule import Candidate, Corpus, Noun, Rule, Span, Templates, Wording

_CODE = re.compile(r"`([^`\n]+)`")
_NAME = re.compile(r"[A-Z]{1,8}[-_]?\d[\w-]*|\d{3}|[\w./\[\]-]*[._/\[\]][\w./\[\]-]*|--?[a-z][\w-]*")
_CELL_END = re.compile(r"(?<!\\)\|")
_RULER = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_MARKER = re.compile(r"\s*(?:[-*+\u2022]|\d{1,3}[.)])\s+")
_ORDERED = re.compile(r"\s*\d{1,3}[.)]\s")
_LABEL = re.compile(r"[A-Z\u00c4\u00d6\u00dc][\w -]{1,20}: ")
_WEAK_KEY = re.compile(r"[a-z]{1,12}")  # a common word: it needs the name of its place

_TERM = re.compile(r"(`[^`\n]+`(?:, `[^`\n]+`)*|[^\n:`]{2,50}): (?=\S)")

MAX_ANSWER_WORDS = 160
MAX_STEPS_WORDS = 220


# Reading: what the rules of every language see of a chunk


@dataclass(frozen=True, slots=True)
class Table:
    """A pipe table: header texts, rows of cell spans (offsets into the chunk), row spans."""

    block: Block
    header: tuple[str, ...]
    rows: tuple[tuple[Span, ...], ...]
    lines: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the blocks under it, up to the next heading of any level.

    heading: None for text before the first heading of the chunk.
    whole:   all of the section is in this chunk.
    """

    heading: Block | None
    blocks: tuple[Block, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of running text: its span without list marker or label, its block, its rank there.

    last: nothing follows it in its block; lead: the block after its own, for the last one.
    """

    span: Span
    block: Block
    first: bool
    last: bool
    lead: Block | None


def heading_text(text: str, block: Block) -> str:
    """The words of a heading block, without a section number."""
    return _SECTION_NUMBER.sub("", text[block.start : block.end].lstrip("#").strip())


_SECTION_NUMBER = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}\.|[A-Z]\.\d{1,2}(?:\.\d{1,2})*\.?)\s+")


def tables(chunk: Chunk) -> Iterator[Table]:
    """The whole or first parts of tables in a chunk that have a header row."""
    for block in chunk.blocks:
        if block.kind == "table":
            yield from _table(chunk.text, block)


def _table(text: str, block: Block) -> Iterator[Table]:
    lines = [
        (block.start + match.start(), block.start + match.end())
        for match in re.finditer(r"[^\n]+", text[block.start : block.end])
    ]
    if len(lines) < 3 or not _RULER.match(text[slice(*lines[1])]):
        return
    header = tuple(text[slice(*cell)] for cell in _cells(text, lines[0]))
    kept = [(_cells(text, line), line) for line in lines[2:]]
    kept = [(cells, line) for cells, line in kept if len(cells) == len(header)]
    if any(header) and kept:
        yield Table(
            block,
            header,
            tuple(cells for cells, _ in kept),
            tuple(line for _, line in kept),
        )


def _cells(text: str, line: Span) -> tuple[Span, ...]:
    ends = [line[0] + match.start() for match in _CELL_END.finditer(text[slice(*line)])]
    return tuple(
        trimmed(text, (low + 1, high)) for low, high in zip(ends, ends[1:], strict=False)
    )


def trimmed(text: str, span: Span) -> Span:
    """The span without white space at its ends."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


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


def is_ordered(text: str, block: Block) -> bool:
    """Whether a list item carries a number."""
    return block.kind == "list_item" and bool(_ORDERED.match(text, block.start))


def statements(chunk: Chunk) -> Iterator[Statement]:
    """The sentences of paragraphs, bullets and admonitions; numbered steps are left out."""
    inside: tuple[str, ...] | None = None  # the section whose list of terms has begun
    for number, block in enumerate(chunk.blocks):
        if block.kind == "list_item" and _is_term(chunk.text, block):
            inside = block.heading_path
        if block.heading_path == inside or block.partial:
            continue
        if block.kind not in ("paragraph", "list_item", "admonition") or is_ordered(chunk.text, block):
            continue
        after = chunk.blocks[number + 1] if number + 1 < len(chunk.blocks) else None
        yield from _statements(chunk.text, block, after)


def _statements(text: str, block: Block, after: Block | None) -> Iterator[Statement]:
    start = block.start
    if block.kind == "list_item" and (marker := _MARKER.match(text, start)):
        start = marker.end()
    if block.kind == "admonition" and (label := _LABEL.match(text, start)):
        start = label.end()
    spans = [(start + low, start + high) for low, high in sentences(text[start : block.end])]
    for number, span in enumerate(spans):
        last = number == len(spans) - 1
        lead = after if last else None
        yield Statement(span, block, number == 0, last, lead)


def _is_term(text: str, block: Block) -> bool:
    """Whether a list item explains an identifier ("`name`: description")."""
    marker = _MARKER.match(text, block.start)
    found = _TERM.match(text, marker.end() if marker else block.start, block.end)
    return bool(found and is_code(found[1].split(", ")[0]))


def list_runs(section: Section) -> Iterator[tuple[Block, ...]]:
    """Runs of list items in a section with what stands inside them (code, paragraphs of an item).

    A run begins at an item of the outermost level and ends before the first block that does not
    belong to it; trailing blocks after the last item belong to it only when they are code.
    """
    run: list[Block] = []
    for block in section.blocks:
        if block.kind == "list_item":
            run.append(block)
        elif run and block.kind == "code":
            run.append(block)
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def is_skipped(chunk: Chunk, templates: Templates) -> bool:
    """Whether a page is never written from: release notes, contributing, legal, indexes."""
    titles = chunk.heading_path[:2]
    if any(_has_any(title, templates.list_of("skip_pages")) for title in titles):
        return True
    folders, _, name = chunk.path.lower().rpartition("/")
    if re.sub(r"\.\w+$", "", name) in templates.list_of("skip_files"):
        return True
    if set(folders.split("/")) & templates.list_of("skip_folders"):
        return True
    return any(_RELEASE.search(title) for title in titles)


_RELEASE = re.compile(r"^(?:[A-Z][\w ]{1,20} )?v?\d+\.\d+(?:\.\d+)*(?:\s*\(.*\))?$")  # "Hatch v1.8.0"


def _has_any(text: str, phrases: frozenset[str]) -> bool:
    folded = f" {' '.join(words(text))} "
    return any(f" {phrase} " in folded for phrase in phrases)


# Keys and places


def is_code(cell: str) -> bool:
    """Whether a cell is one identifier: in backticks, or written like one (E17, max_size, 404)."""
    return bool(_CODE.fullmatch(cell) or _NAME.fullmatch(cell))


def bare(key: str) -> str:
    """A key without its backticks."""
    return key.strip("`")


def keys(chunk: Chunk) -> Iterator[str]:
    """What rows, flags and items of a chunk explain, folded, once each (for Corpus.keys)."""
    found: dict[str, None] = {}
    for table in tables(chunk):
        found.update(dict.fromkeys(fold(bare(chunk.text[slice(*row[0])])) for row in table.rows))
    for _, key, _ in terms(chunk):
        found.setdefault(fold(bare(key)))
    yield from found


def section_place(block: Block, templates: Templates, forms: str = "place") -> str:
    """The place that the nearest heading with exactly one identifier names, worded; else "".

    forms: "place" words it behind a noun ("of `cmd`"), "with" as an adverbial ("with `cmd`"), "in" ...
    """
    for heading in reversed(block.heading_path):
        codes = _codes(heading)
        if len(codes) == 1:
            return _code_place(codes[0], templates, forms)
        if codes:
            return ""
    return ""


_MANUAL_PAGE = re.compile(r"^([a-z][\w.-]*)\([18][a-z]?\)")


def _codes(heading: str) -> list[str]:
    """The identifiers in a heading; the title of a manual page names its command."""
    page = _MANUAL_PAGE.match(heading)
    return [page[1]] if page else _CODE.findall(heading)


def _code_kind(code: str) -> str:
    """What an identifier looks like: section, endpoint, path, file, command or name."""
    if code.startswith("["):
        return "section"
    if re.match(r"(GET|POST|PUT|PATCH|DELETE|HEAD) ", code):
        return "endpoint"
    if code.startswith(("/", "~", "./")):
        return "path"
    if re.search(r"^[\w./-]+\.[a-z]{2,5}$", code):
        return "file"
    return "command" if re.fullmatch(r"[a-z]\w*([ -][a-z][\w-]*)+", code) else "name"


def _code_place(code: str, templates: Templates, forms: str = "place") -> str:
    kind = _code_kind(code)
    found = templates.forms.get(f"{forms}.{kind}") or templates.forms.get(f"place.{kind}", ())
    return found[0].replace("{code}", f"`{code}`") if found else ""


def placed(key: str, block: Block, chunk: Chunk, corpus: Corpus) -> str | None:
    """Where a key stands, worded; "" lets the engine decide; None when the key alone is ambiguous."""
    templates = corpus.templates[chunk.lang]
    place = section_place(block, templates)
    if place:
        return place
    name = bare(key)
    if corpus.keys.get(fold(name), 0) > 1 or name.startswith("-"):
        return None
    return None if is_code(key) and _WEAK_KEY.fullmatch(name) else ""


def noun_of(header: str, block: Block, templates: Templates) -> Noun | None:
    """The class of a table's or list's keys, from the header, else the nearest heading."""
    found = templates.nouns.get(fold(header))
    if found is None and fold(header) not in templates.list_of("key_headers"):
        return None
    if found is None or len(words(header)) == 1:
        near = block.heading_path[-1:] if found is None else block.heading_path[-2:]
        exact = [_noun_in(heading, templates) for heading in near]
        own = [noun for noun in exact if noun and (not found or noun.noun.endswith(f" {found.noun}"))]
        return own[-1] if own else found
    return found


def _noun_in(heading: str, templates: Templates) -> Noun | None:
    """The class of keys that a heading announces: "Exit codes", "Error codes E01 to E19"."""
    said = [fold(word) for word in re.findall(r"[^\s,;:]+", heading)]
    for size in (3, 2, 1):
        for part in (said[-size:], said[:size]):
            found = templates.announced.get(" ".join(part)) if len(said) >= size else None
            if found:
                return found
    return None


# Tables


def table_rows(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A described key: its meaning, what to do about it, its default, range, unit ..."""
    templates = corpus.templates[chunk.lang]
    for table in tables(chunk):
        columns = [templates.columns.get(fold(title), "") for title in table.header]
        noun = noun_of(table.header[0], table.block, templates)
        if noun is None or not any(columns[1:]) or not _unique(chunk.text, table):
            continue
        if noun.kind in templates.list_of("clause_kinds"):
            continue
        for row, line in zip(table.rows, table.lines, strict=True):
            for kind, cell in zip(columns[1:], row[1:], strict=True):
                if kind:
                    yield from _row(chunk, corpus, table, noun, kind, row[0], cell, line)


def _unique(text: str, table: Table) -> bool:
    found = [fold(text[slice(*row[0])]) for row in table.rows]
    return len(found) == len(set(found)) and all(found)


def _row(
    chunk: Chunk,
    corpus: Corpus,
    table: Table,
    noun: Noun,
    kind: str,
    key_span: Span,
    cell: Span,
    line: Span,
) -> Iterator[Candidate]:
    templates = corpus.templates[chunk.lang]
    cell = _without_mark(chunk.text, cell, templates)
    key, answer = chunk.text[slice(*key_span)], chunk.text[slice(*cell)]
    place = placed(key, table.block, chunk, corpus)
    if place is None or not _good_key(key) or not _good_cell(answer, kind, templates):
        return
    phrases = templates.words.get("phrase_kinds", frozenset([noun.kind]))
    if not is_code(key) and noun.kind not in phrases:
        return
    template = _template(f"table.{kind}", noun.kind, answer, chunk, corpus)
    if not template:
        return
    yield Candidate(
        rule=f"table.{kind.partition('.')[0]}",
        type="troubleshooting" if kind in ("action", "cause") else "factual",
        template=template,
        slots=_slots(key, noun, place, templates),
        answer=cell,
        evidence=line,
        key=bare(key),
        noun=noun.noun,
        fact=True,
    )


def _without_mark(text: str, cell: Span, templates: Templates) -> Span:
    """The cell without a mark at its start such as "Optional. "."""
    first, dot, _ = text[slice(*cell)].partition(". ")
    if dot and fold(first) in templates.list_of("cell_marks"):
        return trimmed(text, (cell[0] + len(first) + 1, cell[1]))
    return cell


def _template(name: str, kind: str, answer: str, chunk: Chunk, corpus: Corpus) -> str:
    """The most exact list of templates: by kind of key and shape of the answer, or ""."""
    forms, grammar = corpus.templates[chunk.lang].forms, corpus.grammars.get(chunk.lang)
    shape = grammar.shape(answer) if grammar else ""
    tried = (f"{name}.{kind}.{shape}", f"{name}.{kind}", f"{name}.{shape}", name)
    return next((found for found in tried if found in forms), "")


def _slots(key: str, noun: Noun, place: str, templates: Templates) -> dict[str, str]:
    shown = key if is_code(key) or noun.kind in templates.list_of("bare_kinds") else _quoted(key, templates)
    slots = {name: phrase.replace("{key}", shown) for name, phrase in noun.phrases.items()}
    slots |= {"key": shown, "noun": noun.noun}
    if place:
        slots["place"] = place
    return slots


def _quoted(key: str, templates: Templates) -> str:
    forms = templates.forms.get("quoted", ('"{key}"',))
    return forms[0].replace("{key}", key)


def _good_key(key: str) -> bool:
    return 0 < len(words(key)) <= 6 and "\\|" not in key and not key.endswith((".", ":", "?"))


def _good_cell(cell: str, kind: str, templates: Templates) -> bool:
    if "\\|" in cell or fold(cell) in templates.list_of("empty_cells"):
        return False
    if _has_any(cell, templates.list_of("dangling")):
        return False
    lines = cell.split("\n", 1)
    if len(lines) > 1 and len(words(lines[0])) < 4:
        return False
    if _FRAGMENT.match(cell) or cell.rstrip().endswith((":", "...", " and", " or")):
        return False
    if kind.startswith("value."):
        return bool(cell) and len(words(cell)) <= 12
    return len(words(cell)) >= 3 and not (cell[:1].islower() and len(words(cell)) < 5)


_FRAGMENT = re.compile(
    r"(?:is|are|was|were|will|would|can|must|and|or|but|that|which|of|als|und|oder|wird|ist|sind) |"
    r"(?:again|also|likewise|similarly|however|same)\b", re.I
)  # fmt: skip


# Option and term lists


def terms(chunk: Chunk) -> Iterator[tuple[Block, str, Span]]:
    """List items "`name`: description" or "Term: description" as (block, name, description)."""
    for block in chunk.blocks:
        if block.kind != "list_item" or block.partial or is_ordered(chunk.text, block):
            continue
        marker = _MARKER.match(chunk.text, block.start)
        start = marker.end() if marker else block.start
        found = _TERM.match(chunk.text, start, block.end)
        if found:
            end = len(chunk.text[: block.end].rstrip(" \n;,"))
            yield block, found[1], trimmed(chunk.text, (found.end(), end))


# Headings


def question_headings(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A heading that is a question, with all the text under it."""
    grammar = corpus.grammars.get(chunk.lang)
    for section in sections(chunk, corpus):
        if section.heading is None:
            continue
        question = heading_text(chunk.text, section.heading)
        if not question.endswith("?") or (grammar and not grammar.asks(question)):
            continue
        answer = section_answer(chunk, section, corpus)
        question = grammar.spoken(question, corpus) if grammar else question
        if answer:
            yield Candidate(
                rule="heading.question",
                type="conceptual",
                template="heading.question",
                slots=_asked(question, corpus.templates[chunk.lang]),
                answer=answer,
            )


def _asked(question: str, templates: Templates) -> dict[str, str]:
    """The question, and "asked" as it stands behind a place ("In X, how do I ...")."""
    first = fold(question.split()[0])
    if first not in templates.list_of("question_words") or ". " in question:
        return {"question": question}
    return {"question": question, "asked": question[0].lower() + question[1:]}


def section_answer(chunk: Chunk, section: Section, corpus: Corpus) -> Span | None:
    """All text of a whole section, when it is not too long and hangs on nothing outside."""
    if not section.whole or not section.blocks or any(block.partial for block in section.blocks):
        return None
    span = section.blocks[0].start, section.blocks[-1].end
    text = chunk.text[slice(*span)]
    if not 4 <= len(words(text)) <= MAX_ANSWER_WORDS or text.rstrip().endswith(":"):
        return None
    if _NUMBERED_PART.search(text):
        return None
    return None if _has_any(text, corpus.templates[chunk.lang].list_of("outside")) else span


_NUMBERED_PART = re.compile(
    r"\b(?:section|chapter|figure|table|listing|example|abschnitt|kapitel|abbildung|tabelle|beispiel) [A-Z]?\d", re.I
)  # fmt: skip


def told_headings(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A heading that the language's grammar turns into a question ("How settings are applied")."""
    grammar = corpus.grammars.get(chunk.lang)
    for section in sections(chunk, corpus) if grammar else ():
        if section.heading is None or grammar is None:
            continue
        wording = grammar.heading(heading_text(chunk.text, section.heading), corpus, chunk)
        answer = section_answer(chunk, section, corpus) if wording else None
        if wording and answer and len(words(chunk.text[slice(*answer)])) >= 15:
            yield Candidate(
                rule="heading.told",
                type="conceptual",
                template=wording.template,
                slots=wording.slots,
                answer=answer,
            )


def procedures(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A heading that names a task, over all its numbered steps."""
    grammar = corpus.grammars.get(chunk.lang)
    for section in sections(chunk, corpus) if grammar else ():
        if section.heading is None or grammar is None:
            continue
        answer = _steps(chunk, section, grammar.step)
        if answer is None:
            continue
        wording = grammar.task(heading_text(chunk.text, section.heading), corpus, chunk)
        if wording and not _NUMBERED_PART.search(chunk.text[slice(*answer)]) and not _has_any(
            chunk.text[slice(*answer)], corpus.templates[chunk.lang].list_of("outside")
        ):
            yield Candidate(
                rule="procedure.steps",
                type="procedural",
                template=wording.template,
                slots=wording.slots,
                answer=answer,
            )


def _steps(chunk: Chunk, section: Section, step: Callable[[str], bool]) -> Span | None:
    """The one numbered list of a section, from its first step to the end of its last."""
    blocks = section.blocks
    ordered = [at for at, block in enumerate(blocks) if is_ordered(chunk.text, block)]
    outer = [at for at in ordered if blocks[at].level <= 1]
    if len(outer) < 2 or any(block.partial for block in blocks):
        return None
    if sum(bool(step(chunk.text[_MARKER.match(chunk.text, blocks[at].start).end() : blocks[at].end])) for at in outer) < 0.6 * len(outer):
        return None
    numbers = [_number(chunk.text, blocks[at]) for at in outer]
    if numbers != list(range(1, len(outer) + 1)):
        return None
    end = _list_end(blocks, outer[-1])
    if end is None or (end == len(blocks) and not section.whole):
        return None
    span = blocks[outer[0]].start, blocks[end - 1].end
    text = chunk.text[slice(*span)]
    return span if len(words(text)) <= MAX_STEPS_WORDS and not text.endswith(":") else None


def _number(text: str, block: Block) -> int:
    found = re.match(r"\s*(\d{1,3})", text[block.start : block.end])
    return int(found[1]) if found else 0


def _list_end(blocks: Sequence[Block], last: int) -> int | None:
    """The index after the last step and the code that belongs to it."""
    end = last + 1
    while end < len(blocks) and (
        blocks[end].kind == "code" or (blocks[end].kind == "list_item" and blocks[end].level > 1)
    ):
        end += 1
    return end


# Flags and commands in help blocks


_FLAG = re.compile(
    r"^[ \t]*((?:-\w|--[a-z][\w-]*)(?:[ =](?:[A-Z][A-Z_|,.-]*|<[^>\n]+>))?"
    r"(?:,? +(?:-\w|--[a-z][\w-]*)(?:[ =](?:[A-Z][A-Z_|,.-]*|<[^>\n]+>))?)*)"
    r"(?: {2,}|\t+)(\S[^\n]*?)[ \t]*$",
    re.M,
)
_ACTION = re.compile(
    r"^[ \t]*([a-z][a-z-]+)((?: (?:[A-Z][A-Z_]*|<[^>\n]+>|\[[A-Z][A-Z_]*\]))*)(?: {2,}|\t+)(\S[^\n]*?)[ \t]*$", re.M
)
_USAGE = re.compile(
    r"(?:\A|^[ \t]*usage:[ \t]*\n?)[ \t]*(?:\$ )?([a-z][\w.-]*(?: [a-z][\w-]*)*)(?= +[\[<A-Z-])", re.M | re.I
)
_DEFAULT = re.compile(r"\((?:default|defaults to|Standard|Standardwert|Vorgabe)[: ]+([^(),;]+?)[),;]")


def flags(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """Lines "--flag VALUE   description" of a help block whose command is known."""
    for block in chunk.blocks:
        if block.kind != "code" or block.partial:
            continue
        command = _command(chunk, block)
        if command:
            yield from _flags(chunk, block, command, corpus)
            if re.search(rf"{re.escape(command)} [<\[]?(?:ACTION|COMMAND|SUBCOMMAND)", chunk.text[block.start : block.end], re.I):
                yield from _actions(chunk, block, command, corpus)


def _command(chunk: Chunk, block: Block) -> str:
    inside = chunk.text[block.start : block.end].split("\n", 1)[-1]
    usage = _USAGE.search(inside)
    for heading in reversed(block.heading_path):
        codes = _codes(heading)
        if len(codes) == 1 and re.fullmatch(r"[a-z][\w-]*( [a-z][\w-]*)*", codes[0]):
            return str(codes[0])
        if codes:
            break
    return usage[1] if usage and usage[1] == usage[1].lower() else ""


def _described(chunk: Chunk, block: Block, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Lines of a block that match and whose description does not go on in the next line."""
    text = chunk.text[: block.end]
    for found in pattern.finditer(text, block.start):
        start_of_text = found.start(found.lastindex or 0) - found.start()
        following = text[found.end() + 1 :].split("\n", 1)[0]
        indent = len(following) - len(following.lstrip())
        if not (following.strip() and indent >= max(8, start_of_text - 4)):
            yield found


def _flags(chunk: Chunk, block: Block, command: str, corpus: Corpus) -> Iterator[Candidate]:
    templates = corpus.templates[chunk.lang]
    for found in _described(chunk, block, _FLAG):
        names = re.findall(r"--?[A-Za-z][\w-]*", found[1])
        if not names:  # "-1   one column"
            continue
        name = max(names, key=len)
        if name in _TRIVIAL_FLAGS:
            continue
        takes = bool(re.search(r"[ =](?:[A-Z<])", found[1]))
        slots = {"key": f"`{name}`", "command": f"`{command}`", "place": ""}
        noun = templates.forms.get("noun.flag", ("flag of {command}",))[0]
        shared = {"key": name, "noun": noun.replace("{command}", command), "fact": True}
        if len(words(found[2])) >= 3:
            kind = "flag.value" if takes else "flag.switch"
            yield Candidate(
                rule=kind, type="factual", template=kind, slots=slots,
                answer=found.span(2), evidence=found.span(), **shared,
            )  # fmt: skip
        default = _DEFAULT.search(found[2])
        if default and takes and len(words(default[1])) <= 6:
            start = found.start(2) + default.start(1)
            yield Candidate(
                rule="flag.default", type="factual", template="flag.default", slots=slots,
                answer=(start, start + len(default[1])), evidence=found.span(), **shared,
            )  # fmt: skip


def _actions(chunk: Chunk, block: Block, command: str, corpus: Corpus) -> Iterator[Candidate]:
    for found in _described(chunk, block, _ACTION):
        full = f"{command} {found[1]}"
        if len(words(found[3])) >= 3 and found[1] not in command.split():
            yield Candidate(
                rule="command.action",
                type="factual",
                template="command",
                slots={"key": f"`{full}`", "place": ""},
                answer=found.span(3),
                evidence=found.span(),
                key=full,
                noun="command",
                fact=True,
            )


# Option and term lists


def options(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """Lists of "`name`: description": at least two in a row under one heading."""
    templates = corpus.templates[chunk.lang]
    found = [entry for entry in terms(chunk) if is_code(entry[1])]
    counts = Counter(entry[0].heading_path for entry in found)
    for block, key, start in found:
        description = _whole_item(chunk, block, start)
        place = _lead_place(chunk, block, templates) or placed(key, block, chunk, corpus)
        if counts[block.heading_path] < 2 or place is None or description is None:
            continue
        answer = chunk.text[slice(*description)]
        if not _good_cell(answer, "description", templates) or _odd_key(key, templates):
            continue
        wording = _option_wording(key, place, answer, block, chunk, corpus)
        if wording:
            yield Candidate(
                rule="list.option",
                type="factual",
                template=wording.template,
                slots=wording.slots,
                answer=description,
                evidence=trimmed(chunk.text, (block.start, max(block.end, description[1]))),
                key=bare(key),
                noun=wording.slots.get("noun", ""),
                fact=True,
            )


def _option_wording(
    key: str, place: str, answer: str, block: Block, chunk: Chunk, corpus: Corpus
) -> Wording | None:
    templates = corpus.templates[chunk.lang]
    noun = templates.nouns.get("flag") if key.startswith("-") else noun_of("", block, templates)
    shown = f"`{key}`" if key.startswith("-") else key
    if noun:
        template = _template("table.description", noun.kind, answer, chunk, corpus)
        return Wording(template, _slots(shown, noun, place, templates)) if template else None
    if "`" not in key and not re.search(r"[._]\w", key):
        return None
    template = _template("list.option", _code_kind(bare(key)), answer, chunk, corpus)
    place = section_place(block, templates, "in") or place
    if bare(key) in place:
        return None
    slots = {"key": shown, **({"place": place} if place else {})}
    return Wording(template, slots) if template else None


_TRIVIAL_FLAGS = frozenset(("--help", "--version", "-h", "-V", "--usage"))


def _odd_key(key: str, templates: Templates) -> bool:
    """A key that is no name: a whole command line, a placeholder, a quotation, a type."""
    name = bare(key)
    if fold(name) in templates.list_of("no_keys") or name in _TRIVIAL_FLAGS:
        return True
    return bool(re.search(r"[|\"'$&;=,]|\w<|^[^\w/.~`-]|\.\.|\s-\w", name)) or len(name.split()) > 4


def _whole_item(chunk: Chunk, block: Block, start: Span) -> Span | None:
    """A description with the paragraphs and code that belong to its item; None when not sure.

    Blocks between two items of a list belong to the first; behind the last item nobody can tell.
    """
    number = chunk.blocks.index(block)
    inner = []
    for other in chunk.blocks[number + 1 :]:
        if other.kind == "heading" or (other.kind == "list_item" and other.level <= block.level):
            break
        inner.append(other)
    if not inner:
        return start
    after = chunk.blocks[number + 1 + len(inner) : number + 2 + len(inner)]
    if not after or after[0].kind != "list_item" or after[0].level != block.level:
        return None
    end = inner[-1].end
    whole = start[0], end
    return whole if len(words(chunk.text[slice(*whole)])) <= MAX_ANSWER_WORDS else None


def _lead_place(chunk: Chunk, block: Block, templates: Templates) -> str:
    """The place that the paragraph before a list names ("... in the section `[auth.oidc]`:")."""
    before = [other for other in chunk.blocks if other.end <= block.start]
    while before and before[-1].kind == "list_item":
        before.pop()
    if not before or before[-1].kind != "paragraph":
        return ""
    codes = _CODE.findall(chunk.text[before[-1].start : before[-1].end])
    return _code_place(codes[0], templates) if len(codes) == 1 and codes[0][0] == "[" else ""


def glossary(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """Terms of a page or section that calls itself a glossary: list items, tables, headings."""
    templates = corpus.templates[chunk.lang]
    titles = templates.list_of("glossary")
    for block, key, start in terms(chunk):
        description = _whole_item(chunk, block, start)
        if description and block.level == 1 and any(_has_any(title, titles) for title in block.heading_path):
            yield from _term(chunk, key, description, (block.start, description[1]), templates)
    for section in sections(chunk, corpus):
        path = section.heading.heading_path[:-1] if section.heading else ()
        if section.heading is None or not any(_has_any(title, titles) for title in path):
            continue
        span = section_answer(chunk, section, corpus)
        if span:
            key = heading_text(chunk.text, section.heading)
            yield from _term(chunk, key, span, span, templates)


def _term(
    chunk: Chunk, key: str, description: Span, evidence: Span, templates: Templates
) -> Iterator[Candidate]:
    text = chunk.text[slice(*description)]
    if not 1 <= len(words(key)) <= 4 or len(words(text)) < 4 or re.search(r"[.:?]$|[<>(]", key):
        return
    if _has_any(text, templates.list_of("outside")):
        return
    yield Candidate(
        rule="list.term",
        type="conceptual",
        template="list.term",
        slots={"key": key, "quoted": key if is_code(key) else _quoted(key, templates)},
        answer=description,
        evidence=trimmed(chunk.text, evidence),
        key=bare(key),
        noun="term",
        fact=True,
    )


STRICT: Sequence[Rule] = (
    table_rows,
    flags,
    options,
    question_headings,
    told_headings,
    procedures,
    glossary,
)
