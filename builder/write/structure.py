"""Rules that read the structure of documents, in any language that has templates.

Tables, flags in help blocks, option and term lists, headings with the text under them and numbered
steps. Wording and words come from `Templates`, the grammar that headings need from `Grammar`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from builder.records import LISTED, Block, Chunk
from builder.text import content_stems, content_words, fold, is_turned, sentences, words
from builder.write.reading import (
    CODE,
    MARKER,
    MAX_ANSWER_WORDS,
    MAX_REPLY_WORDS,
    Section,
    Table,
    bare,
    code_kind,
    code_place,
    codes,
    has_any,
    heading_text,
    is_code,
    is_ordered,
    key_place,
    noun_of,
    points_elsewhere,
    section_answer,
    section_place,
    sections,
    tables,
    terms,
    trimmed,
    whole_item,
)
from builder.write.rule import Candidate, Corpus, Grammar, Noun, Rule, Span, Templates, Wording

_MAX_STEPS_WORDS = 220
_MAX_VALUE_WORDS = 12
_LEAST_ANSWER_WORDS = 8  # of a question heading: less is an item of a checklist


def _template(name: str, kind: str, answer: str, chunk: Chunk, corpus: Corpus) -> str:
    """The most exact list of templates: by kind of key and shape of the answer, or ""."""
    forms, grammar = corpus.templates[chunk.lang].forms, corpus.grammars.get(chunk.lang)
    shape = grammar.shape(answer) if grammar else ""
    tried = (f"{name}.{kind}.{shape}", f"{name}.{kind}", f"{name}.{shape}", name)
    return next((found for found in tried if found in forms), "")


def _slots(key: str, noun: Noun, place: str, templates: Templates) -> dict[str, str]:
    plain = is_code(key) or noun.kind in templates.list_of("bare_kinds")
    shown = key if plain else _quoted(key, templates)
    slots = {name: phrase.replace("{key}", shown) for name, phrase in noun.phrases.items()}
    return slots | {"key": shown, "noun": noun.noun} | ({"place": place} if place else {})


def _quoted(key: str, templates: Templates) -> str:
    return templates.forms.get("quoted", ('"{key}"',))[0].replace("{key}", key)


_REST = re.compile(r"[/|,;:.)\]}+=&>-]+(?:\s|$)")  # of a line whose first words are lost
_TYPED = re.compile(r"[A-Za-z][\w.]*(?:\[[^\]\n]*\])? = \S+:? ")  # "Dict = {}: data value ..."


def _sound(text: str, templates: Templates) -> bool:
    """Whether a description can be read alone: no fragment, nothing that hangs on other text."""
    first, _, more = text.partition("\n")
    return (
        "\\|" not in text
        and not _TYPED.match(text)
        and not _REST.match(text)
        and fold(text) not in templates.list_of("empty_cells")
        and fold(text.split(" ")[0].strip(",")) not in templates.list_of("fragment_starts")
        and not text.rstrip().endswith((":", "...", " and", " or"))
        and not (more and len(words(first)) < 4)
        and not has_any(text, templates.list_of("dangling"))
    )


def _told(text: str, templates: Templates) -> bool:
    """Whether a description says enough to be an answer, and asks nothing itself."""
    if text.rstrip().endswith("?"):
        return False
    least = 5 if text[:1].islower() else 3
    return min(len(words(text)), len(text.split())) >= least and _sound(text, templates)


# Tables


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell of a described row: the kind of its column, its span, the key, the line."""

    kind: str
    span: Span
    key: str
    line: Span
    table: Table
    noun: Noun


def table_rows(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A described key: its meaning, what to do about it, its default, range, unit ..."""
    templates = corpus.templates[chunk.lang]
    for table in tables(chunk):
        noun = noun_of(table.header[0], table.block, templates)
        if noun is None or noun.kind in templates.list_of("clause_kinds"):
            continue
        if not _unique(chunk.text, table):
            continue
        for cell in _cells(chunk.text, table, noun, templates):
            yield from _described(cell, chunk, corpus)


def _unique(text: str, table: Table) -> bool:
    found = [fold(text[slice(*row[0])]) for row in table.rows]
    return len(found) == len(set(found)) and all(found)


def _cells(text: str, table: Table, noun: Noun, templates: Templates) -> Iterator[_Cell]:
    kinds = [templates.columns.get(fold(title), "") for title in table.header]
    for row, line in zip(table.rows, table.lines, strict=True):
        key = text[slice(*row[0])]
        for told, span in zip(kinds[1:], row[1:], strict=True):
            does = told == "action" and noun.kind == "command"  # what it does, no remedy
            if kind := "description" if does else told:
                yield _Cell(kind, _without_mark(text, span, templates), key, line, table, noun)


def _without_mark(text: str, cell: Span, templates: Templates) -> Span:
    """The cell without a mark at its start such as "Optional. "."""
    first, dot, _ = text[slice(*cell)].partition(". ")
    if dot and fold(first) in templates.list_of("cell_marks"):
        return trimmed(text, (cell[0] + len(first) + 1, cell[1]))
    return cell


def _described(cell: _Cell, chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    templates = corpus.templates[chunk.lang]
    answer = chunk.text[slice(*cell.span)]
    place = key_place(cell.key, cell.table.block, chunk, corpus)
    template = _template(f"table.{cell.kind}", cell.noun.kind, answer, chunk, corpus)
    if place is None or not template or not _good_key(cell.key, cell.noun, templates):
        return
    value = cell.kind.startswith("value.")
    if value and not (0 < len(words(answer)) <= _MAX_VALUE_WORDS and _sound(answer, templates)):
        return
    if value or _told(answer, templates):
        yield Candidate(
            rule=f"table.{cell.kind.partition('.')[0]}",
            type="troubleshooting" if cell.kind in ("action", "cause") else "factual",
            template=template,
            slots=_slots(cell.key, cell.noun, place, templates),
            answer=cell.span,
            evidence=cell.line,
            key=bare(cell.key),
            noun=cell.noun.noun,
            fact=True,
        )


def _good_key(key: str, noun: Noun, templates: Templates) -> bool:
    if not is_code(key) and noun.kind not in templates.words.get("phrase_kinds", (noun.kind,)):
        return False
    return 0 < len(words(key)) <= 6 and "\\|" not in key and not key.endswith((".", ":", "?"))


# Flags and commands in help blocks


_NAME = r"(?:-\w|--[a-z][\w-]*)(?:[ =](?:[A-Z][A-Z_|,.-]*|<[^>\n]+>))?"
_DESCRIPTION = r"(?: {2,}|\t+)(?P<told>\S[^\n]*?)[ \t]*$"
_FLAG = re.compile(rf"^[ \t]*(?P<names>{_NAME}(?:,? +{_NAME})*){_DESCRIPTION}", re.M)
_ARGUMENT = r"(?:[A-Z][A-Z_]*|<[^>\n]+>|\[[A-Z][A-Z_]*\])"
_ACTION = re.compile(rf"^[ \t]*(?P<names>[a-z][a-z-]+)(?: {_ARGUMENT})*{_DESCRIPTION}", re.M)
_COMMAND = re.compile(r"[a-z][\w-]*(?: [a-z][\w-]*)*")
_USAGE = re.compile(
    r"(?:\A|^[ \t]*[Uu]sage:[ \t]*\n?)[ \t]*(?:\$ )?(?P<command>[a-z][\w.-]*(?: [a-z][\w-]*)*)"
    r"(?! +\w+=)(?= +[\[<A-Z-])",
    re.M,
)
_TRIVIAL_FLAGS = frozenset(("--help", "--version", "-h", "-V", "--usage"))


def flags(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """Lines "--flag VALUE   description" of a help block whose command is known."""
    for block in chunk.blocks:
        command = "" if block.kind != "code" or block.partial else _command(chunk, block)
        if not command:
            continue
        yield from _flags(chunk, block, command, corpus)
        takes_action = rf"{re.escape(command)} [<\[]?(?:action|command|subcommand)"
        if re.search(takes_action, chunk.text[block.start : block.end], re.I):
            yield from _actions(chunk, block, command, corpus)


def _command(chunk: Chunk, block: Block) -> str:
    """The command of a help block: that of its usage line, else the nearest heading's."""
    usage = _USAGE.search(chunk.text[block.start : block.end].partition("\n")[2])
    if usage:
        return usage["command"]
    for heading in reversed(block.heading_path):
        named = codes(heading)
        if named:
            return named[0] if len(named) == 1 and _COMMAND.fullmatch(named[0]) else ""
    return ""


def _explained(chunk: Chunk, block: Block, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Lines of a block that match and whose description does not go on in the next line."""
    for found in pattern.finditer(chunk.text[: block.end], block.start):
        following = chunk.text[found.end() + 1 : block.end].partition("\n")[0]
        indent = len(following) - len(following.lstrip())
        goes_on = following.strip() and indent >= max(8, found.start("told") - found.start() - 4)
        if not goes_on:
            yield found


def _flags(chunk: Chunk, block: Block, command: str, corpus: Corpus) -> Iterator[Candidate]:
    templates = corpus.templates[chunk.lang]
    noun = templates.forms.get("noun.flag", ("flag of {command}",))[0].replace("{command}", command)
    for found in _explained(chunk, block, _FLAG):
        names = re.findall(r"--?[A-Za-z][\w-]*", found["names"])
        name = max(names, key=len, default="")
        if not name or name in _TRIVIAL_FLAGS:
            continue
        takes = bool(re.search(r"[ =][A-Z<]", found["names"]))
        value = _default_of(found, templates) if takes else None
        told = ("flag.value" if takes else "flag.switch", found.span("told"), 3)
        for rule, answer, least in (told, ("flag.default", value, 1)):
            if answer and len(words(chunk.text[slice(*answer)])) >= least:
                yield Candidate(
                    rule=rule,
                    type="factual",
                    template=rule,
                    slots={"key": f"`{name}`", "command": f"`{command}`", "place": ""},
                    answer=answer,
                    evidence=found.span(),
                    key=name,
                    noun=noun,
                    fact=True,
                )


def _default_of(found: re.Match[str], templates: Templates) -> Span | None:
    """The value in "(default VALUE)" at a flag's description."""
    said = "|".join(sorted(templates.list_of("default_words"), key=len, reverse=True)) or "default"
    value = re.search(rf"\((?:{said})[: ]+(?P<value>[^(),;]+?)[),;]", found["told"], re.I)
    if not value or len(words(value["value"])) > 6:
        return None
    start = found.start("told")
    return start + value.start("value"), start + value.end("value")


def _actions(chunk: Chunk, block: Block, command: str, corpus: Corpus) -> Iterator[Candidate]:
    templates = corpus.templates[chunk.lang]
    for found in _explained(chunk, block, _ACTION):
        full = f"{command} {found['names']}"
        if _told(found["told"], templates) and found["names"] not in command.split():
            yield Candidate(
                rule="command.action",
                type="factual",
                template="command",
                slots={"key": f"`{full}`", "place": ""},
                answer=found.span("told"),
                evidence=found.span(),
                key=full,
                noun="command",
                fact=True,
            )


# Option and term lists


def options(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """Lists of "`name`: description": at least two in a row under one heading."""
    templates = corpus.templates[chunk.lang]
    named = ((block, _longest(key), start) for block, key, start in terms(chunk))
    found = [entry for entry in named if is_code(entry[1])]
    counts = Counter(entry[0].heading_path for entry in found)
    flags = {block.heading_path for block, key, _ in found if bare(key).startswith("-")}
    for block, key, start in found:
        description = whole_item(chunk, block, start)
        if counts[block.heading_path] < 2 or description is None or _odd_key(key, templates):
            continue
        if block.heading_path in flags and not bare(key).startswith("-"):
            noun = noun_of("", block, templates)
            if noun and noun.kind == "setting":
                continue  # a file or a value that the text around the options speaks of
        answer = chunk.text[slice(*description)]
        wording = _option_wording(key, answer, block, chunk, corpus)
        place = wording.slots.get("place", "") if wording else ""
        if wording and _told(answer, templates) and _says_more(answer, f"{key} {place}"):
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


def _says_more(answer: str, key: str) -> bool:
    """Whether a description says more than the words of its key ("API_KEY": "Your API key").

    key: with its place: that "role" of "InvalidRoleError" is the invalid role is no news.
    """
    own = {fold(word)[:5] for word in re.findall(r"[A-Za-z][a-z]+|[A-Z]+", key)} | _OF_ANYTHING
    return any(fold(word)[:5] not in own for word in content_words(answer))


_OF_ANYTHING = frozenset("value data objec param argum optio field name prope".split())


def _longest(key: str) -> str:
    """The clearest of several names for one thing: "`-n NUMBER`, `--lines`" -> "`--lines`"."""
    names = key.split(", ")
    several = len(names) > 1 and all(CODE.fullmatch(name) for name in names)
    return max(names, key=lambda name: (name.startswith("`--"), len(name))) if several else key


def _option_wording(
    key: str, answer: str, block: Block, chunk: Chunk, corpus: Corpus
) -> Wording | None:
    """How to ask for an option: by the noun of its list, else by what its name looks like."""
    templates = corpus.templates[chunk.lang]
    place = _lead_place(chunk, block, templates) or key_place(key, block, chunk, corpus)
    if place is None:
        return None
    flag = bare(key).startswith("-")
    shown = f"`{bare(key)}`" if flag else key
    noun = templates.nouns.get("flag") if flag else noun_of("", block, templates)
    if noun:
        if noun.kind == "command":
            shown = _whole_command(shown, place)
            if len(bare(shown)) == 1:
                return None  # a key that one presses, in nobody knows which program
        template = _template("table.description", noun.kind, answer, chunk, corpus)
        return Wording(template, _slots(shown, noun, place, templates)) if template else None
    template = _template("list.option", code_kind(bare(key)), answer, chunk, corpus)
    members = corpus.members.get(chunk.doc_id)
    if place in ("", section_place(block, templates, members=members)):
        place = section_place(block, templates, "in", members) or place
    written_as_code = ("`" in key or re.search(r"[._]\w", key)) and re.search(r"[A-Za-z]", key)
    if not template or not written_as_code or bare(key) in place or len(words(answer)) < 5:
        return None
    if any(code in bare(key) for code in CODE.findall(place)):
        place = ""  # "`pino.levels.labels`" needs no "in `pino.levels`"
    return Wording(template, {"key": shown} | ({"place": place} if place else {}))


def _whole_command(key: str, place: str) -> str:
    """A command in the description of the one that takes it: "`npm ci`" of "`npm`"."""
    above, name = CODE.findall(place), bare(key)
    inner = len(above) == 1 and re.fullmatch(r"[a-z][\w-]*", name) and name not in above[0].split()
    return f"`{above[0]} {name}`" if inner else key


def _odd_key(key: str, templates: Templates) -> bool:
    """A key that is no name: a whole command line, a placeholder, a quotation, a type."""
    name = bare(key)
    if fold(name) in templates.list_of("no_keys") or name in _TRIVIAL_FLAGS:
        return True
    odd = re.search(
        r"^v?\d+(?:\.\d+)+\w*$|[|\"'$&;=,{}]| [<>] |%\w|\w<|^[^\w/.~`-]|\.\.|\s-\w|^www\."
        r"|\bexample\.|:$",
        name,
    )
    return odd is not None or len(name.split()) > 4


def _lead_place(chunk: Chunk, block: Block, templates: Templates) -> str:
    """The place that the paragraph before a list names ("... in the section `[auth.oidc]`:")."""
    before = [other for other in chunk.blocks if other.end <= block.start]
    while before and before[-1].kind in LISTED:
        before.pop()
    if not before or before[-1].kind != "paragraph":
        return ""
    named = CODE.findall(chunk.text[before[-1].start : before[-1].end])
    return code_place(named[0], templates) if len(named) == 1 and named[0][0] == "[" else ""


def glossary(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """Terms of a page or section that calls itself a glossary: list items and headings."""
    templates = corpus.templates[chunk.lang]
    titles = templates.list_of("glossary")
    for block, key, start in terms(chunk):
        description = whole_item(chunk, block, start)
        if description and block.level == 1 and _under(block.heading_path, titles):
            yield from _term(chunk, key, description, (block.start, description[1]), templates)
    for section in sections(chunk, corpus):
        if section.heading and _under(section.heading.heading_path[:-1], titles):
            span = section_answer(chunk, section, corpus)
            key = heading_text(chunk.text, section.heading)
            if span and len(key) > 1:  # a letter stands above the terms that begin with it
                yield from _term(chunk, key, span, span, templates)


def _under(path: Sequence[str], titles: frozenset[str]) -> bool:
    return any(has_any(title, titles) for title in path)


_SPOKEN = re.compile(r"(?<=\w) \[[^\[\]]+\]$")  # how a term is pronounced


def _term(
    chunk: Chunk, key: str, description: Span, evidence: Span, templates: Templates
) -> Iterator[Candidate]:
    text = chunk.text[slice(*description)]
    key = _SPOKEN.sub("", key)
    if is_turned(key):
        return
    odd = re.search(r"[.:?]$|[<>(]", key) or not 1 <= len(words(key)) <= 4
    if odd or len(words(text)) < 4 or has_any(text, templates.list_of("outside")):
        return
    if text.startswith("```"):  # code defines no term
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


# Headings


_ANSWER_MARK = re.compile(
    r"(?:A(?: ?\d+)?[:)]|A ?\d+\.|(?:Answer|Antwort)(?: ?\d+)?[:.)]) +(?=\w)"  # not "A. Smith"
)
_ANSWER_WORD = re.compile(r"(?:Answer|Antwort)(?: ?\d+)?: +(?=\w)")
_FAQ_MARK = re.compile(
    r"^(?:(?:\(?FAQ ?\d+[a-z]?\)?[:.)]?|(?:Q|F|Question|Frage)(?: ?\d+)?[:.)]"
    r"|[A-Z]\d{1,3}(?:\.\d{1,3})*[:.)]) +(?=\w)"
    r"|[A-Z][a-z]{3,20}: +(?=(?:What|How|Why|When|Where|Which|Who)\b))?"
    r"(?:(?:So|But|And|OK|Okay),? (?=(?:how|what|why|where|when|which|who|can|do|does|is|are)\b))?"
)


_OPTIONAL = re.compile(
    r"\?\w"
)  # "configure ?option? ?value?" is how Tcl writes what may be left out


def question_headings(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A heading that is a question, with all the text under it."""
    grammar = corpus.grammars.get(chunk.lang)
    for section, heading in _headed(chunk, corpus):
        if not heading.endswith("?") or _OPTIONAL.search(CODE.sub("", heading)):
            continue
        if grammar and not grammar.asks(heading):
            continue
        answer = _without_label(section_answer(chunk, section, corpus, MAX_REPLY_WORDS), chunk)
        said = chunk.text[slice(*answer)] if answer else ""
        if _only_points(said, corpus.templates[chunk.lang]) or _asks_reader(heading, said):
            continue
        if answer and len(words(said)) >= _LEAST_ANSWER_WORDS:
            heading = _FAQ_MARK.sub("", heading)
            heading = heading[:1].upper() + heading[1:]
            asked = grammar.spoken(heading, corpus) if grammar else heading
            yield Candidate(
                rule="heading.question",
                type="conceptual",
                template="heading.question",
                slots=_asked(asked, corpus.templates[chunk.lang]),
                answer=answer,
            )


_OF_READER = re.compile(
    r"(?:(?:is|are|was|were|does|did|has|have) your|(?:are|did|have) you"
    r"|do you (?:get|have|need|see|use|want))\b",
    re.IGNORECASE,
)
_REPLIES = re.compile(r"(?:yes|no|not|we|our|it depends)\b", re.IGNORECASE)


def _asks_reader(heading: str, said: str) -> bool:
    """Whether a heading asks what only its reader knows ("Is your pump plugged in?").

    The text below it then speaks to that reader, and does not reply.
    """
    asked = _OF_READER.match(_FAQ_MARK.sub("", heading))
    first = said[slice(*next(iter(sentences(said)), (0, 0)))]
    return bool(asked and re.search(r"\byour?\b", first, re.I) and not _REPLIES.match(said))


def _without_label(answer: Span | None, chunk: Chunk) -> Span | None:
    """An answer without the "Answer:" that it or one of its paragraphs begins with.

    What stands before that paragraph tells more of the question.
    """
    if answer is None:
        return None
    start, end = answer
    label = _ANSWER_MARK.match(chunk.text, start, end)
    for block in chunk.blocks:
        if label is None and block.kind == "paragraph" and start < block.start < end:
            label = _ANSWER_WORD.match(chunk.text, block.start, end)
    return (label.end(), end) if label else answer


def _only_points(said: str, templates: Templates) -> bool:
    """Whether an answer is one sentence that says where to read."""
    return len(sentences(said)) == 1 and has_any(said, templates.list_of("pointers"))


def _headed(chunk: Chunk, corpus: Corpus) -> Iterator[tuple[Section, str]]:
    for section in sections(chunk, corpus):
        if section.heading is not None:
            yield section, heading_text(chunk.text, section.heading)


_MAX_OPEN_WORDS = 10  # of a question that a place may follow


def _asked(question: str, templates: Templates) -> dict[str, str]:
    """The question, and "asked" as it stands behind a place ("In X, how do I ...")."""
    first = fold(question.split()[0])
    if first not in templates.list_of("question_words") or ". " in question:
        return {"question": question}
    slots = {"question": question, "asked": question[0].lower() + question[1:]}
    plain = len(question.split()) <= _MAX_OPEN_WORDS and not re.search(r"[,;:()]", question)
    return slots | ({"open": question.removesuffix("?")} if plain else {})


def told_headings(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A heading that the language's grammar turns into a question ("How settings are applied")."""
    grammar = corpus.grammars.get(chunk.lang)
    if grammar is None:
        return
    for section, heading in _headed(chunk, corpus):
        wording = grammar.heading(heading, corpus, chunk)
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
    if grammar is None:
        return
    for section, heading in _headed(chunk, corpus):
        answer = _steps(chunk, section, grammar)
        wording = grammar.task(heading, corpus, chunk) if answer else None
        if not wording or not answer:
            continue
        if not points_elsewhere(chunk.text[slice(*answer)], corpus.templates[chunk.lang]):
            yield Candidate(
                rule="procedure.steps",
                type="procedural",
                template=wording.template,
                slots=wording.slots,
                answer=answer,
            )


def told_tasks(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A heading that names a task, over a whole section of prose that tells what to do."""
    grammar, templates = corpus.grammars.get(chunk.lang), corpus.templates[chunk.lang]
    if grammar is None:
        return
    for section, heading in _headed(chunk, corpus):
        answer = section_answer(chunk, section, corpus)
        if not answer or fold(heading) in corpus.repeated or _goes_deeper(chunk, section, corpus):
            continue
        if not _is_told(chunk, section, grammar):
            continue
        wording = grammar.task(heading, corpus, chunk)
        template = f"{wording.template}.told" if wording else ""
        said = chunk.text[slice(*answer)]
        if wording and template in templates.forms and _tells_task(said, heading, chunk, templates):
            yield Candidate(
                rule="heading.task",
                type="procedural",
                template=template,
                slots=wording.slots,
                answer=answer,
            )


_NEXT_STEP = re.compile(  # of a tale that began in the section before
    r"You can also\b|Sie können auch\b"
    r"|(?:Now|Next|Then|Finally|Once|After|Afterwards|Before|Again|Also|Alternatively|Likewise|As"
    r"|And|But|So|Similarly|Instead|With (?:this|that|these|those|a fresh|everything)"
    r"|Jetzt|Nun|Danach|Anschließend|Schließlich|Zuletzt|Auch|Ebenso|Wie|Und|Aber|Dann)\b"
)
_LEAST_TASK_WORDS = 12  # of prose that tells how something is done
_POINTER_WORDS = 50  # prose of fewer words that says where to read tells nothing itself


def _tells_task(said: str, heading: str, chunk: Chunk, templates: Templates) -> bool:
    """Whether a section tells by itself how its heading's task is done.

    It is no step of a tale, no pointer to another page, and speaks of the heading's object: that
    of "Finishing touches" is none.
    """
    prose = _FENCED.sub(" ", said)
    n_words = len(words(prose))
    told = content_stems(prose, chunk.lang)
    thing = content_stems(" ".join(heading.split()[1:]), chunk.lang)
    return (
        n_words >= _LEAST_TASK_WORDS
        and not _NEXT_STEP.match(said)
        and not said[0].islower()
        and not has_any(prose, templates.list_of("tale"))
        and not (n_words < _POINTER_WORDS and has_any(prose, templates.list_of("pointers")))
        and (not thing or not set(thing).isdisjoint(told))
    )


_FENCED = re.compile(r"```.*?(?:```|\Z)", re.S)


def _is_told(chunk: Chunk, section: Section, grammar: Grammar) -> bool:
    """Whether a section says in running text what to do; numbered steps are `procedures`."""
    if any(is_ordered(chunk.text, block) for block in section.blocks):
        return False
    prose = (block for block in section.blocks if block.kind in ("paragraph", *LISTED))
    texts = (MARKER.sub("", chunk.text[block.start : block.end], count=1) for block in prose)
    return any(grammar.orders(text[low:high]) for text in texts for low, high in sentences(text))


def _goes_deeper(chunk: Chunk, section: Section, corpus: Corpus) -> bool:
    """Whether sections below a section tell the rest of it."""
    heading, end = section.heading, section.blocks[-1].end
    after = [
        block.level for block in chunk.blocks if block.kind == "heading" and block.start >= end
    ]
    level = after[0] if after else corpus.opening.get(chunk.id, 0)
    return heading is not None and level > heading.level


def _steps(chunk: Chunk, section: Section, grammar: Grammar) -> Span | None:
    """The one numbered list of a section, from its first step to the end of its last."""
    blocks, text = section.blocks, chunk.text
    outer = [at for at, block in enumerate(blocks) if is_ordered(text, block) and block.level <= 1]
    before = sum(block.kind != "heading" for block in blocks[: outer[0]]) if outer else 0
    if len(outer) < 2 or before > 2 or any(block.partial for block in blocks):
        return None
    if [_number(text, blocks[at]) for at in outer] != list(range(1, len(outer) + 1)):
        return None
    if _explains_code(text, blocks[: outer[0]], len(outer)):
        return None
    end = _list_end(blocks, outer[-1])
    steps = sum(_is_step(text, blocks[at], grammar.step) for at in outer)
    if steps < 0.6 * len(outer) or (end == len(blocks) and not section.whole):
        return None
    span = blocks[outer[0]].start, blocks[end - 1].end
    said = text[slice(*span)]
    return span if len(words(said)) <= _MAX_STEPS_WORDS and not said.endswith(":") else None


def _explains_code(text: str, before: Sequence[Block], n_items: int) -> bool:
    """Whether each number of a list marks a place in the code above it: no steps to follow."""
    if not before or before[-1].kind != "code":
        return False
    code = text[before[-1].start : before[-1].end]
    return all(f"<{n}>" in code or f"({n})" in code for n in range(1, n_items + 1))


def _is_step(text: str, block: Block, step: Callable[[str], bool]) -> bool:
    marker = MARKER.match(text, block.start)
    return step(text[marker.end() if marker else block.start : block.end])


def _number(text: str, block: Block) -> int:
    found = re.match(r"\s*(\d{1,3})", text[block.start : block.end])
    return int(found[1]) if found else 0


def _list_end(blocks: Sequence[Block], last: int) -> int:
    """The index after the last step with the code and the inner items that belong to it."""
    end = last + 1
    while end < len(blocks) and (
        blocks[end].kind == "code" or (blocks[end].kind in LISTED and blocks[end].level > 1)
    ):
        end += 1
    return end


# Releases


_VERSION = re.compile(
    r"\[?(?:(?:changes|changed|new|what['\u2019]s new|änderungen|neu|neues|neuerungen) in "
    r"(?:version |release )?|\w+ )?v?(?P<version>\d+(?:\.\d+)+)\]?(?:\s*[(\u2013\u2014-].*)?",
    re.IGNORECASE,
)


def releases(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A version in release notes, with all that is told of it: "What changed in version 4.6?"."""
    templates = corpus.templates[chunk.lang]
    name = _released(chunk.heading_path[0], templates)
    name = name or corpus.places.get(chunk.doc_id, "").partition(" ")[2]
    for number, block in enumerate(chunk.blocks):
        found = _VERSION.fullmatch(heading_text(chunk.text, block))
        if block.kind != "heading" or not found or not name:
            continue
        inside = _under_heading(chunk.blocks[number:])
        last = number + len(inside) == len(chunk.blocks) - 1
        if not inside or (last and chunk.id in corpus.cut):
            continue
        span = inside[0].start, inside[-1].end
        said = chunk.text[slice(*span)]
        listed = any(other.kind in LISTED for other in inside)
        if listed and 8 <= len(words(said)) <= MAX_ANSWER_WORDS and inside[-1].kind != "heading":
            yield Candidate(
                rule="heading.release",
                type="factual",
                template=_release_template(chunk.heading_path[0], templates),
                slots={"version": found["version"], "name": name},
                answer=span,
                key=found["version"],
                noun="version",
                fact=True,
            )


def _released(title: str, templates: Templates) -> str:
    """What a page of releases says in its title that they are of ("ODBC Release Notes"), or ""."""
    for phrase in sorted(templates.list_of("release_pages"), key=len, reverse=True):
        found = re.fullmatch(rf"(?:\d+\.? )?(?P<of>\S+(?: \S+)?) {phrase}", title, re.IGNORECASE)
        first = found["of"].split()[0] if found else "1"
        if found and not first[0].isdigit() and fold(first) not in templates.list_of("no_names"):
            return found["of"]
    return ""


def _under_heading(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks under the first heading, inner headings included."""
    for number, block in enumerate(blocks[1:], start=1):
        if block.kind == "heading" and block.level <= blocks[0].level:
            return blocks[1:number]
    return blocks[1:]


def _release_template(title: str, templates: Templates) -> str:
    firmware = has_any(title, templates.list_of("firmware"))
    return "release.firmware" if firmware else "release"


STRICT: Sequence[Rule] = (
    table_rows,
    flags,
    options,
    question_headings,
    told_headings,
    procedures,
    told_tasks,
    glossary,
)
ON_RELEASES: Sequence[Rule] = (releases, procedures)
