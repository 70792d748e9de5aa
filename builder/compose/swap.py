"""Asking for something else: another key of the same noun in the place of the question's own.

A new key is attested in the same split and language as a key of the same noun, looks like the old
one, and is spoken of by no passage of the row. Where a draft asks about it, that draft's own
question is taken, since it says where the key belongs; a key without a draft is put into the old
question only when it stands in the same document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from builder.compose.absence import mentions
from builder.compose.library import Shelf
from builder.compose.refusals import marked
from builder.records import LISTED, Block, Chunk, Draft, Passage, make_id
from builder.text import content_stems, fold, identifiers, is_turned

_SHAPES = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("url", r"https?://.*"),
        ("flag", r"--?[A-Za-z][\w-]*"),
        ("call", r"[\w.]+\(\)"),
        ("endpoint", r"(?:GET|POST|PUT|PATCH|DELETE|HEAD) /.*"),
        ("path", r"(?:~|\.{0,2})/.*"),
        ("number", r"\d+"),
        ("version", r"v?\d+(?:\.\d+)+"),
        ("code", r"[A-Z]{1,5}-?\d+[A-Z]?"),
        ("variable", r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"),
        ("dotted", r"[a-z]\w*(?:\.\w+)+"),
        ("snake", r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+"),
        ("kebab", r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+"),
        ("camel", r"[a-z]+(?:[A-Z][a-z0-9]*)+"),
        ("pascal", r"(?:[A-Z][a-z0-9]+){2,}"),
        ("word", r"[a-z][a-z0-9]*"),
        ("name", r"[A-ZÄÖÜ]\w*(?: [A-ZÄÖÜ0-9]\w*)*"),
    )
)
_FREE = frozenset({"word", "name", "term"})  # shapes of plain words, which are no identifiers
_FILES = frozenset("toml yaml yml json conf cfg ini xml csv log md txt py js sh sql".split())
_FILE = re.compile(r"[\w./-]*\.([a-z]{1,5})")
_RULE_LINE = re.compile(r"[|: -]+")
_TERM = re.compile(r"\s*[-*+] (?:`([^`]+)`|([^`:]{1,40})): ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another key and the question about it; near: from the draft's own document."""

    key: str
    question: str
    near: bool = True


def shape(key: str) -> str:
    """What sort of thing a key looks like ("flag", "code", "snake" ...); "term" for free words."""
    file = _FILE.fullmatch(key)
    if file and file[1] in _FILES:
        return f"file.{file[1]}"
    return next((name for name, pattern in _SHAPES if pattern.fullmatch(key)), "term")


def asked_elsewhere(draft: Draft, shelf: Shelf) -> Iterator[Other]:
    """The questions of other drafts of the same rule about keys of the same noun."""
    for key in shelf.keys_like.get((draft.noun, draft.origin.rule), ()):
        near = shelf.chunks[key.chunk_id].doc_id == shelf.chunks[draft.chunk_ids[0]].doc_id
        yield Other(key=key.text, question=key.question, near=near)


def rows_elsewhere(draft: Draft, shelf: Shelf) -> Iterator[Other]:
    """The draft's own question about rows and items of the same sort in the same document."""
    own = shelf.chunks[draft.chunk_ids[0]]
    table, block = _place(draft, own)
    if not draft.noun or block is None or len(identifiers(draft.question)) > 1:
        return  # another identifier of the question says where the key belongs
    for chunk in shelf.by_document[own.doc_id]:
        for header, keys in _row_keys(chunk) if chunk.id != own.id else ():
            for key in keys if header == table else ():
                question = _replaced(draft.question, draft.key, key, draft.lang)
                if question:
                    yield Other(key=key, question=question)


def drawn(
    others: Iterable[Other], draft: Draft, passages: Sequence[Passage], *, seed: str
) -> Other | None:
    """One that looks like the draft's key and that no passage speaks of: of the draft's own
    document where there is one, else of another, drawn by seed.
    """
    alike = {other.key: other for other in others if _alike(draft.key, other.key)}
    order = sorted(
        alike.values(), key=lambda other: (not other.near, make_id(seed, draft.id, other.key))
    )
    return next(
        (one for one in order if not _spoken_of(passages, draft.key, one.key, draft.lang)), None
    )


def in_row(draft: Draft, chunk: Chunk) -> bool:
    """Whether the key of a draft heads the table row or list item that holds its evidence."""
    return bool(draft.key) and _place(draft, chunk)[1] is not None


def difference(old: str, new: str) -> tuple[str, str]:
    """The words in which two questions differ, without what they share at both ends."""
    a, b = old.split(" "), new.split(" ")
    start = 0
    while start < min(len(a), len(b)) - 1 and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start - 1 and a[-1 - end] == b[-1 - end]:
        end += 1
    return " ".join(a[start : len(a) - end]), " ".join(b[start : len(b) - end])


def _place(draft: Draft, chunk: Chunk) -> tuple[str, Block | None]:
    """The header of the table (or "list") and the block whose row or item the key heads."""
    wanted = fold(draft.key)
    for block in chunk.blocks:
        if any(block.start <= evidence.start < block.end for evidence in draft.evidence):
            for header, keys in _keys_of(chunk.text[block.start : block.end], block.kind):
                if any(fold(key) == wanted for key in keys):
                    return header, block
    return "", None


def _row_keys(chunk: Chunk) -> Iterator[tuple[str, list[str]]]:
    for block in chunk.blocks:
        yield from _keys_of(chunk.text[block.start : block.end], block.kind)


def _keys_of(text: str, kind: str) -> Iterator[tuple[str, list[str]]]:
    """The keys of a table with the folded header over them, or the term of a list item."""
    lines = text.split("\n")
    if kind == "table" and len(lines) > 2 and _RULE_LINE.fullmatch(lines[1]):
        header, *cells = [_first_cell(line) for line in (lines[0], *lines[2:])]
        yield fold(header), [cell for cell in cells if cell]
    term = _TERM.match(text) if kind in LISTED else None
    if term and not is_turned(term[2] or ""):
        yield "list", [term[1] or term[2]]


def _first_cell(line: str) -> str:
    return re.split(r"(?<!\\)\|", line.strip().removeprefix("|"))[0].strip().strip("`")


def _alike(old: str, new: str) -> bool:
    if fold(new) in fold(old) or fold(old) in fold(new):
        return False
    return shape(old) == shape(new) != "version" and len(new.split()) <= len(old.split()) + 2


def _replaced(question: str, old: str, new: str, lang: str) -> str:
    """The question with the new key; "" where it does not fit in."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])")
    if len(pattern.findall(question)) != 1 or fold(new) in fold(question):
        return ""
    bare = shape(old) in _FREE and marked(question, old) == old
    if bare and (lang != "en" or not _same_grammar(question, old, new)):
        return ""  # German articles and endings depend on the word
    return pattern.sub(lambda _: new, question)


def _same_grammar(question: str, old: str, new: str) -> bool:
    """Whether an English word fits where another stood: same number, same article."""
    if old.endswith("s") != new.endswith("s"):
        return False
    article = re.search(rf"\b(an?) {re.escape(old)}", question, re.IGNORECASE)
    return not article or (article[1].lower() == "an") == (new[0].lower() in "aeiou")


def _spoken_of(passages: Sequence[Passage], old: str, new: str, lang: str) -> bool:
    """Whether a passage speaks of the new key; of plain words, not even one may occur."""
    if any(mentions(passage, new) for passage in passages):
        return True
    if shape(new) not in _FREE:
        return False
    stems = set(content_stems(new, lang)) - set(content_stems(old, lang))
    return not stems or any(
        stems & set(content_stems(f"{passage.title} {passage.text}", lang)) for passage in passages
    )
