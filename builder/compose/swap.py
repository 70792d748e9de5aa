"""Asking for something else: another key of the same kind in the place of the question's own.

A new key comes from the same split and language, is attested there as a key of the same noun, looks
like the old one, and is spoken of by no passage of the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from builder.compose.absence import mentions
from builder.compose.library import Shelf, first_cell, first_columns
from builder.records import Chunk, Draft, Passage, make_id
from builder.text import content_stems, fold, identifiers

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
        ("name", r"[A-Z\u00c4\u00d6\u00dc]\w*(?: [A-Z\u00c4\u00d6\u00dc0-9]\w*)*"),
    )
)
_BARE = frozenset({"word", "name", "term", "number"})  # shapes that are no identifiers by themselves
_FILE = re.compile(r"[\w./-]*\.([a-z]{1,5})")
_VERSIONED = re.compile(r"version|release|ausgabe|firmware", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """A question with old replaced by new."""

    question: str
    old: str
    new: str


def shape(key: str) -> str:
    """What sort of thing a key looks like ("flag", "code", "snake" ...); "term" for free words."""
    file = _FILE.fullmatch(key)
    if file and file[1] in ("toml", "yaml", "yml", "json", "conf", "ini", "xml", "log", "md", "py"):
        return f"file.{file[1]}"
    return next((name for name, pattern in _SHAPES if pattern.fullmatch(key)), "term")


def swaps(
    draft: Draft, passages: Sequence[Passage], new_keys: Iterable[str], *, seed: str
) -> Iterator[Swap]:
    """Questions with another key that no passage speaks of, in an order drawn by seed."""
    old = old_key(draft)
    if not old:
        return
    usable = {new for new in new_keys if _alike(draft, old, new)}
    for new in sorted(usable, key=lambda key: make_id(seed, draft.id, key)):
        question = _replaced(draft.question, old, new)
        if question and not _spoken_of(passages, old, new, draft.lang):
            yield Swap(question=question, old=old, new=new)


def old_key(draft: Draft) -> str:
    """What a question asks about: its key, else its only identifier, else ""."""
    if draft.key:
        return draft.key if draft.question.count(draft.key) == 1 else ""
    found = identifiers(draft.question)
    return found[0] if len(found) == 1 and draft.question.count(found[0]) == 1 else ""


def keys_of_rows(draft: Draft, shelf: Shelf, chunk: Chunk) -> set[str]:
    """Keys of the same noun that other tables and lists of the shelf have."""
    found = {
        key.text
        for key in shelf.keys
        if key.noun == draft.noun and key.rule == draft.origin.rule and key.chunk_id != chunk.id
    }
    header = _own_header(draft, chunk)
    if header:
        found.update(shelf.first_cells.get(header, ()))
    return found


def keys_in_text(draft: Draft, shelf: Shelf) -> set[str]:
    """Names that stand beside the same noun in the text, and keys of drafts of the same rule."""
    if draft.key:
        found = {
            key.text
            for key in shelf.keys
            if key.noun == draft.noun and key.rule == draft.origin.rule
        }
        noun = fold(draft.noun).split()[-1:] if draft.noun else []
    else:
        found, noun = set(), _noun_beside(draft.question, old_key(draft))
    for word in noun:
        found.update(shelf.attested.get(word, ()))
    return found


def _noun_beside(question: str, key: str) -> list[str]:
    match = re.search(rf"(?:([^\W\d_]+) )?`{re.escape(key)}`(?: ([^\W\d_]+))?", question)
    if not match:
        return []
    return [fold(match[2])] if match[2] else []


def _own_header(draft: Draft, chunk: Chunk) -> str:
    wanted = fold(draft.key)
    for header, cells in first_columns(chunk):
        if any(fold(cell) == wanted for cell in cells):
            return header
    return ""


def in_row(draft: Draft, chunk: Chunk) -> bool:
    """Whether the key of a draft heads the table row or list item that holds its evidence."""
    for evidence in draft.evidence:
        for block in chunk.blocks:
            if not block.start <= evidence.start < block.end:
                continue
            if block.kind == "table":
                low = chunk.text.rfind("\n", 0, evidence.start) + 1
                return fold(first_cell(chunk.text[low : evidence.end])) == fold(draft.key)
            if block.kind == "list_item":
                item = chunk.text[block.start : block.end].lstrip(" -*0123456789.)`\"")
                return bool(draft.key) and item.startswith(draft.key)
    return False


def _alike(draft: Draft, old: str, new: str) -> bool:
    if fold(new) == fold(old) or fold(new) in fold(old) or fold(old) in fold(new):
        return False
    if mentions_words(draft.question, new) or shape(new) != shape(old):
        return False
    if shape(old) == "version" or (shape(old) == "number" and _VERSIONED.search(draft.noun)):
        return False
    if shape(old) in _BARE - {"number"} and not _fits_grammar(draft, old, new):
        return False
    return len(new.split()) <= len(old.split()) + 2


def mentions_words(question: str, key: str) -> bool:
    return fold(key) in fold(question)


def _fits_grammar(draft: Draft, old: str, new: str) -> bool:
    """Whether a free word can stand where another stood: same number, same article, no gender."""
    if draft.lang == "de":
        before = draft.question[: draft.question.find(old)].rstrip("`\"\u201e ").split()
        return bool(before) and not re.fullmatch(
            r"(?:de[rmns]|die|das|ein\w*|kein\w*|mein\w*|\w*(?:em|en|er|es|e))", before[-1].lower()
        )
    if old.rstrip("`").endswith("s") != new.rstrip("`").endswith("s"):
        return False
    article = re.search(rf"\b(an?) [`\"]?{re.escape(old)}", draft.question, re.IGNORECASE)
    return not article or (article[1].lower() == "an") == (new[0].lower() in "aeiou")


def _replaced(question: str, old: str, new: str) -> str:
    pattern = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])")
    return pattern.sub(lambda _: new, question) if len(pattern.findall(question)) == 1 else ""


def _spoken_of(passages: Sequence[Passage], old: str, new: str, lang: str) -> bool:
    """Whether a passage speaks of the new key; of free words, not even one may occur."""
    if any(mentions(passage, new) for passage in passages):
        return True
    if shape(new) not in _BARE - {"number"}:
        return False
    stems = set(content_stems(new, lang)) - set(content_stems(old, lang))
    if not stems:
        return True
    return any(
        stems & set(content_stems(f"{passage.title} {passage.text}", lang)) for passage in passages
    )
