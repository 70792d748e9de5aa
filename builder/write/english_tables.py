"""English: tables, lists and headings that need grammar to be asked about.

Symptoms that are clauses ("All pages are slow"), data sheets, rows asked from their description
("Which setting rejects gateways that ...?") and headings that are commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.records import Block, Chunk
from builder.text import fold, sentences, words
from builder.write.english_grammar import (
    CODE,
    GERUND,
    THIRD,
    agrees,
    bare_singular,
    blanked,
    clause,
    first_person,
    has_pronoun,
    is_plural,
    named,
    opened,
    sentence_case,
    shape,
    subject_name,
    third,
    vague,
)
from builder.write.english_words import PLURALS, PREPOSITIONS
from builder.write.reading import (
    Table,
    heading_text,
    is_code,
    name_in,
    noun_of,
    section_answer,
    section_place,
    sections,
    tables,
    terms,
)
from builder.write.rule import Candidate, Corpus, Noun, Span, Templates

# Symptoms


_TROUBLE = re.compile(
    r"\b(?:troubleshoot\w*|problems?|faults?|errors?|issues?|symptoms?|fails?|failed|implausible|wrong"
    r"|not|no|cannot|missing|rejected)\b",
    re.I,
)
_REMEDY = re.compile(
    r"\b(?:remedy|solution|cause|fix|reason|run|check|add|set|restart|replace|hold|test|register"
    r"|make sure|verify|raise|use|open|install|update|delete|move)\b",
    re.I,
)


def symptom_rows(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """Rows of symptom tables: what to do if, and the likely cause."""
    templates = corpus.templates[chunk.lang]
    for table, noun in _tables(chunk, templates):
        if noun.kind != "symptom":
            continue
        columns = [templates.columns.get(fold(title), "") for title in table.header]
        for row, line in zip(table.rows, table.lines, strict=True):
            condition = _problem(chunk.text[slice(*row[0])], chunk, corpus)
            for kind, cell in zip(columns[1:], row[1:], strict=True):
                told = len(words(chunk.text[slice(*cell)])) >= 3
                if condition and told and kind in ("action", "cause"):
                    yield _symptom(f"table.{kind}", condition, cell, line)


def symptom_terms(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """ "The level follows the weather: The vent tube is kinked ..." in a list of problems."""
    for block, key, description in terms(chunk):
        if is_code(key) or not any(_TROUBLE.search(title) for title in block.heading_path):
            continue
        condition = _problem(key, chunk, corpus)
        if condition and len(words(chunk.text[slice(*description)])) >= 6:
            yield _symptom("list.symptom", condition, description, (block.start, block.end))


def problem_headings(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A heading that is a problem ("Backups fail") in a page about problems, with all its text."""
    for section in sections(chunk, corpus):
        if section.heading is None:
            continue
        text = heading_text(chunk.text, section.heading)
        above = section.heading.heading_path[:-1]
        if text.endswith("?") or not any(_TROUBLE.search(title) for title in above):
            continue
        condition = _problem(sentence_case(text, corpus), chunk, corpus)
        answer = section_answer(chunk, section, corpus) if condition else None
        said = chunk.text[slice(*answer)] if answer else ""
        if answer and _REMEDY.search(said) and "| --- |" not in said:
            yield _symptom("heading.clause", condition, answer, answer)


def _symptom(rule: str, condition: str, answer: Span, evidence: Span) -> Candidate:
    return Candidate(
        rule=rule,
        type="troubleshooting",
        template="symptom.cause" if rule == "table.cause" else "symptom",
        slots={"condition": condition},
        answer=answer,
        evidence=evidence,
        fact=rule != "heading.clause",
    )


_DOING = re.compile(r"\w+ing\b", re.I)
_LISTS = re.compile(r"\w+ing \w+ and \w+$", re.I)  # "avoiding crashes and errors"


def _problem(text: str, chunk: Chunk, corpus: Corpus) -> str:
    """A symptom that is a clause, in the reader's words ("all pages are slow"), else ""."""
    text = opened(re.sub(r"\s*\([A-Z]+\d+\)", "", text.strip().rstrip(".")), corpus)
    split = clause(text)
    if re.search(r"[.!?] ", text) or _LISTS.match(text) or text.split(" ")[0].lower() in GERUND:
        return ""
    if split is None or not 3 <= len(words(text)) <= 16 or bare_singular(split.subject):
        return ""
    if _DOING.match(text) and not split.rest.strip(" ."):  # "debugging memory leaks"
        return ""
    if split.verb in PLURALS and split.rest.partition(" ")[0] in PREPOSITIONS:
        return ""  # "memory issues with Jest"
    if split.verb in ("is", "are") and not agrees(split.subject, split.verb):
        return ""
    spoken = named(first_person(text), chunk, corpus)
    odd = re.search(r"[;:!?|\u2013\u2014]|\b(?:this|that|which)\b", CODE.sub("x", spoken))
    if odd or has_pronoun(spoken):
        return ""
    return "" if vague(spoken) and not corpus.places.get(chunk.doc_id) else spoken


# Data sheets


def quantities(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """Rows of data sheets: "Operating temperature | -30 to +60"."""
    templates = corpus.templates[chunk.lang]
    subject = subject_name(chunk, corpus)
    for table, noun in _tables(chunk, templates):
        value = templates.columns.get(fold(table.header[-1])) == "value.quantity"
        if (
            not subject
            or len(table.header) != 2
            or noun.kind not in ("quantity", "field")
            or not value
        ):
            continue
        owner = _owner(table.block, subject)
        for row, line in zip(table.rows, table.lines, strict=True):
            key = _quantity(chunk.text[slice(*row[0])], corpus)
            if key and chunk.text[slice(*row[1])]:
                yield Candidate(
                    rule="table.value",
                    type="factual",
                    template="quantity",
                    slots={
                        "key": key,
                        "be": "are" if is_plural(key.split()[-1]) else "is",
                        "of": f"of {owner}",
                    },
                    answer=row[1],
                    evidence=line,
                    key=key,
                    noun="quantity",
                    fact=True,
                )


_PART = re.compile(r"[A-Z][\w-]*(?: [A-Z][\w-]*)* [A-Z]+\d+\b")


def _owner(block: Block, subject: str) -> str:
    """What a data sheet describes: a heading that names another part of the product wins."""
    own = _PART.search(block.heading_path[-1]) if block.heading_path else None
    return f"the {own[0]}" if own and own[0] not in subject else subject


def _quantity(cell: str, corpus: Corpus) -> str:
    if not 1 <= len(words(cell)) <= 5 or re.search(r"[`|:;?]", cell):
        return ""
    return opened(re.sub(r"\s*\([^)]*\)$", "", cell), corpus)


# Rows asked from their description


_INVERTIBLE = frozenset("setting field command metric endpoint".split())
_SETS = re.compile(
    r"(?:number|time|address|port|path|directory|folder|name|maximum|minimum|largest|smallest|longest"
    r"|shortest|greatest|lowest|highest|age|amount|format|interval|distance|size|level|language"
    r"|location|list|type|encryption|compression|treatment|duration|file|password|token|url|key)\b"
    r"(?= (?:of|for|in|on|at|that|which|to|from|under|between|after|used|with)\b"
    r"|[\w ]*\b(?:of|for|that)\b)",
    re.I,
)
_NO_PREDICATE = re.compile(r"[:;()\u2013\u2014\"!?]|\.\s|, [\w ]+ (?:must|should|is|are|has|can)\b")


def inverse_rows(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A row asked from its description: "Which setting rejects gateways that ...?"."""
    templates = corpus.templates[chunk.lang]
    for table, noun in _tables(chunk, templates):
        kinds = [templates.columns.get(fold(title), "") for title in table.header]
        if noun.kind not in _INVERTIBLE or kinds.count("description") != 1:
            continue
        column = kinds.index("description")
        place = section_place(table.block, templates)
        for row, line in zip(table.rows, table.lines, strict=True):
            asked = _predicate(chunk.text[slice(*row[column])], noun.kind)
            if asked and is_code(chunk.text[slice(*row[0])]):
                yield Candidate(
                    rule="table.inverse",
                    type="factual",
                    template="inverse",
                    slots={"noun": noun.noun, "clause": asked}
                    | ({"place": place} if place else {}),
                    answer=row[0],
                    evidence=line,
                    fact=True,
                )


def _predicate(description: str, kind: str) -> str:
    """A description as a predicate: "rejects gateways ...", "defines the number of ..."."""
    text = _first_part(description)
    plain = CODE.sub("x", text)
    if not 4 <= len(words(text)) <= 18 or has_pronoun(text) or _NO_PREDICATE.search(plain):
        return ""
    if "`" in text and kind == "endpoint":
        return ""
    first, _, rest = text.partition(" ")
    low = first.lower()
    if shape(text) == "does":
        if "," in rest and not re.match(
            r"(?:an?|the|all|any|each|every|which|that|how|whether|`)", rest
        ):
            return ""  # "notify level, if different from none"
        return f"{low if low in THIRD else third(low)} {rest}"
    return f"defines the {low} {rest}" if kind == "setting" and _SETS.match(text) else ""


def _first_part(description: str) -> str:
    """The first part of a description: what follows a semicolon or a default is cut."""
    found = re.search(
        r";|\s\(|\.(?: |(?=[A-Z][a-z]))|, (?:or|and|which|by default|e\.g)\b", blanked(description)
    )
    return (description[: found.start()] if found else description).strip().rstrip(".,")


def _tables(chunk: Chunk, templates: Templates) -> Iterator[tuple[Table, Noun]]:
    for table in tables(chunk):
        noun = noun_of(table.header[0], table.block, templates)
        if noun is not None:
            yield table, noun


# Commands


_COMMAND = re.compile(r"(?:The )?`(?P<name>[a-z]\w*(?:[ -][a-z][\w-]*)+)`(?: command)?")


_TYPED = re.compile(r"[a-z]+ (?:integer|boolean|string|flags)")  # an option: "format", of what?


def commands(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A heading that is a command, with the sentence under it that says what it does."""
    for section in sections(chunk, corpus):
        if section.heading is None or not section.blocks or section.blocks[0].kind != "paragraph":
            continue
        found = _COMMAND.fullmatch(heading_text(chunk.text, section.heading))
        block = section.blocks[0]
        first = sentences(chunk.text[block.start : block.end])[:1]
        if not found or not first:
            continue
        name = name_in(found["name"])
        if _TYPED.fullmatch(name):
            continue
        span = block.start, block.start + first[0][1]
        said = chunk.text[slice(*span)]
        if shape(said) == "does" and len(words(said)) >= 4 and said.endswith("."):
            yield Candidate(
                rule="command.page",
                type="factual",
                template="command",
                slots={"key": f"`{name}`", "place": ""},
                answer=span,
                key=name,
                noun="command" if name == found["name"] else "option",
                fact=True,
            )


# Functions


_SIGNATURE_LINE = re.compile(r"[^.!?]*\([^()]*\)[^.!?]*|`[^`]*`")
_RETURNS = re.compile(r"Returns? ")
_CODE_SPAN = re.compile(r"`[^`]*`")


def members(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """A heading that begins the description of a function, with the sentence that says its deed."""
    named = corpus.members.get(chunk.doc_id, {})
    for section in sections(chunk, corpus):
        if section.heading is None or not named:
            continue
        found = named.get(section.heading.heading_path[-1])
        block = next((one for one in section.blocks if _describes(chunk, one)), None)
        if found is None or not found.alone:
            continue
        if block is None or block.kind != "paragraph" or block.partial:
            continue
        first = sentences(chunk.text[block.start : block.end])[:1]
        span = block.start, block.start + first[0][1] if first else block.start
        said = chunk.text[slice(*span)]
        if shape(said) != "does" or len(words(said)) < 5 or not said.endswith("."):
            continue
        if re.match(r"\w+ (?:this|that|it)\b", said) or has_pronoun(said) or _is_pointer(said):
            continue
        if said[0].islower() and said.split()[0] not in THIRD:
            continue  # "mean with a given frequency": a noun
        yield Candidate(
            rule="member.does",
            type="factual",
            template="member.returns" if _RETURNS.match(said) else "member.does",
            slots={"key": f"`{found.name}`", "place": ""},
            answer=span,
            key=found.name,
            noun="function",
            fact=True,
        )


def _is_pointer(said: str) -> bool:
    """Whether a sentence is about another function: "See `run()`.", "Use `has()` to ..."."""
    return said.startswith(("See ", "Use `")) or len(words(_CODE_SPAN.sub(" ", said))) <= 1


def _describes(chunk: Chunk, block: Block) -> bool:
    """Whether a block is more than the signature that stands above a description."""
    said = chunk.text[block.start : block.end]
    return block.kind != "code" and not _SIGNATURE_LINE.fullmatch(said)
