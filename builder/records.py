"""The records that flow between the stages, and their form as JSON lines.

    ingest -> Document -> chunk -> Chunk -> split -> Assignment -> write -> Draft
           -> compose -> Pair -> check -> Verdict -> export

Every record is a frozen dataclass; `to_json` and `from_json` turn it into a plain object and back.
The keys of the JSON lines are the names of the fields.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from sys import intern
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass as often_made
else:

    def often_made(*, frozen: bool, **told: bool) -> Callable[[type], type]:
        """As dataclass, of records that are frozen for the type checker alone.

        That one sees all code that could change them. At run time a frozen record takes three times
        as long to make, and a page makes hundreds of some.
        """
        return dataclass(frozen=False, unsafe_hash=frozen, **told)


BlockKind = Literal[
    "heading",
    "paragraph",
    "list_item",
    "definition",
    "table",
    "code",
    "quote",
    "admonition",
    "caption",
    "math",
]
LISTED: frozenset[BlockKind] = frozenset(("list_item", "definition"))  # lines with a marker
Split = Literal["train", "eval", "validation"]
Behaviour = Literal["answer", "refuse", "correct", "ask", "partial"]
Role = Literal["gold", "reduced", "distractor"]
Status = Literal["accepted", "rejected", "surplus"]
Action = Literal["reject", "flag"]
AnswerMode = Literal["plain", "citations", "quotes", "json"]


@often_made(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a block stands in its source file; what the format does not have is None or empty.

    start, end: character offsets into the decoded text (newlines as LF); end is exclusive.
    page:       1-based, of a paged format; bbox: left, top, right, bottom on it, in points from
                the upper left corner.
    sheet, cells: of a workbook: the sheet's name and the range ("A2:C9").
    slide:      1-based, of a presentation.
    part:       of a container (EPUB, notebook): the member or cell that start and end refer to.
    """

    start: int | None = None
    end: int | None = None
    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    sheet: str = ""
    cells: str = ""
    slide: int | None = None
    part: str = ""


@often_made(frozen=True, slots=True, kw_only=True)
class Block:
    """One structural piece of a text.

    start, end:   character offsets into the text of the record that holds the block
                  (Document.text or Chunk.text); end is exclusive. The slice includes the markup
                  ("## ", "- ", fences).
    heading_path: the headings above the block, outermost first; a heading's path ends with itself.
    anchors:      the link targets of those headings, "" where one has none; empty when none has.
    level:        depth of a heading (1 to 6) or of a list item (1 is the outermost); else 0.
    marker:       of a list item, as it stands in the text ("-", "3.").
    code_lang:    of a code block, "" when it is not told.
    header_rows:  of a table: how many of its rows are headers in the source.
    flags:        "question" (a heading made from question markup), "inferred" (a heading told by
                  its looks), "link" (an item or paragraph that is mostly links), "tab=LABEL"
                  (one variant of several), "suspect_injection", "truncated", "repaired", "notes"
                  (a speaker's), "footnote", "endnote", "ocr" (words recognised on an image).
    place:        where the block stands in the source file.
    partial:      the block was cut: its other part is in a neighbouring chunk.
    """

    kind: BlockKind
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    level: int = 0
    marker: str = ""
    code_lang: str = ""
    header_rows: int = 0
    flags: tuple[str, ...] = ()
    place: Place | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A region of a source file that is not in the document's text.

    what:       the region as its format names it ("nav.sidebar", "page foot", "div#cookie").
    reason:     why: "furniture", "hidden", "repeated", "running_head", ...
    characters: length of its visible text.
    beginning:  its first characters, at most 80.
    """

    what: str
    reason: str
    characters: int
    beginning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A source file as canonical Markdown text with its blocks in order.

    path:   relative path with "/" and the name of its source folder in front; unique in a run.
    lang:   two-letter code ("en", "de"), "und" when it could not be told.
    sha256: of the bytes of the file.
    notes:  what was repaired or dropped on the way ("mojibake repaired in 12 lines").
    visible: characters of visible text in the source, white space apart; None when the format
            cannot tell. What the text holds and what was dropped add up to it.
    dropped: the regions that were left out.
    """

    id: str
    path: str
    title: str
    lang: str
    media_type: str
    sha256: str
    text: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    visible: int | None = None
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A source file that gave no document, and why (reason is a code, detail a sentence)."""

    path: str
    reason: str
    detail: str = ""


class _Late:
    """Makes the blocks of a chunk when somebody looks at them.

    They are most of what a chunk consists of, and a third of the work of cutting a document.
    make_blocks: gives the blocks of a chunk; looked at only where `blocks` was left empty.
    """

    __slots__ = ("make_blocks",)

    if not typing.TYPE_CHECKING:  # a checker would take every misspelt name for a field

        def __getattr__(self, name: str) -> Any:  # asked only where a slot is empty
            if name != "blocks":
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            blocks = self.make_blocks(self)
            object.__setattr__(self, "blocks", blocks)
            return blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk(_Late):
    """A stretch of one document that fits the token budget.

    start, end:   character offsets into Document.text; end is exclusive.
    heading_path: the headings that all of the chunk stands under, outermost first; its first
                  item is the document's title. Never empty.
    n_tokens:     exact length in the run's encoding of builder.chunk.joined(chunk), which is its
                  opening, its overlap and its text.
    blocks:       the blocks inside, with offsets into this chunk's text.
    overlap:      the end of the text before, repeated on request; not in text.
    opening:      what makes a cut block readable: its table's header rows, its code's fence.
    previous, next: ids of the neighbours in the document, "" at its ends.
    unfit:        why nothing is written from this chunk ("contents", "links", ...); "" when it is
                  fit.
    """

    id: str
    doc_id: str
    path: str
    lang: str
    text: str
    start: int
    end: int
    heading_path: tuple[str, ...]
    n_tokens: int
    blocks: tuple[Block, ...]
    overlap: str = ""
    opening: str = ""
    previous: str = ""
    next: str = ""
    unfit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where a chunk was sent before anything was written.

    group: the smallest path (or section) of the near-duplicate group that stays together.
    use:   False for a chunk that enters no row (boilerplate repeated over documents).
    """

    chunk_id: str
    doc_id: str
    group: str
    split: Split
    use: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An earlier turn of a conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A verbatim quote that supports an answer.

    passage:    index into Draft.chunk_ids or Pair.passages.
    start, end: character offsets into the text of that chunk or passage; text[start:end] == quote.
    """

    passage: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What wrote a draft: writer ("extractive" or "llm"), rule ("table.description") or question
    prompt, template or reply key, and model (empty without one)."""

    writer: str
    rule: str
    template: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A question and answer written from chunks, with evidence offsets into the chunks.

    type: the question type (factual, conceptual, procedural, comparison, troubleshooting, ...).
    kind: None when answerable, else how the writer made it unanswerable (near_miss, two_part, ...).
    history: the earlier turns; answer and evidence are those of the last one.
    key:  the literal words of the question that name what it asks about ("E17"), or ""; of a
          refusal that a model wrote, what is asked of the thing.
    noun: the class of that key as the document calls it ("error code", "flag of rillctl"), or "";
          of such a refusal, the thing.
    fact: the question asks for one fact of one thing (a value, a meaning), so a sibling passage
          of the same section cannot answer it without naming the thing.
    """

    id: str
    chunk_ids: tuple[str, ...]
    type: str
    behaviour: Behaviour
    lang: str
    question: str
    answer: str
    evidence: tuple[Evidence, ...]
    origin: Origin
    kind: str | None = None
    history: tuple[Turn, ...] = ()
    key: str = ""
    noun: str = ""
    fact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One document of a row's context.

    role: gold (holds the evidence), reduced (gold with the evidence cut out) or distractor.
    cuts: what was cut from a reduced passage, as (start, end) offsets into the chunk's text.
    opening: as in Chunk; it stands before the text in a row, and no offset counts it.
    """

    chunk_id: str
    role: Role
    title: str
    text: str
    cuts: tuple[tuple[int, int], ...] = ()
    opening: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question over its passages with the expected reply: one row of the dataset.

    id:     from the draft and the kind, not from passages or split.
    group:  the draft this pair was made from; twins share it.
    answer: the expected reply (a refusal for behaviour "refuse").
    twin:   id of the answerable pair that an unanswerable one was made from, else None.
    edit:   (old, new) words of the question that a swap replaced, else None.
    mode:   form of the answer. citations: every sentence ends in the numbers of its passages, [1]
            being the first; quotes: the evidence follows as "> " lines; json: one JSON object.
    context_lang: language of the gold passage where it is not that of the question, else "".
    """

    id: str
    draft_id: str
    type: str
    answerable: bool
    kind: str | None
    behaviour: Behaviour
    lang: str
    split: Split
    question: str
    answer: str
    evidence: tuple[Evidence, ...]
    passages: tuple[Passage, ...]
    origin: Origin
    history: tuple[Turn, ...] = ()
    twin: str | None = None
    edit: tuple[str, str] | None = None
    mode: AnswerMode = "plain"
    context_lang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check says of one pair.

    score, threshold: the measured value and the limit it missed, None for checks without one.
    spans: offending words, as quoted from the question or answer.
    """

    check: str
    action: Action
    message: str
    score: float | None = None
    threshold: float | None = None
    spans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The decision on a pair with every finding that led to it."""

    pair_id: str
    status: Status
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An item of any stage that gave no result.

    reason: a short code (`timeout`, `schema`, `skipped_type`, `language`); detail: one sentence.
    failed: False for a known skip (the passage does not support that question type).
    """

    stage: str
    key: str
    chunk_id: str
    reason: str
    detail: str = ""
    failed: bool = True


T = TypeVar("T")


def make_id(*parts: str) -> str:
    """A 16 hex digit id of parts; equal on every machine (blake2b, parts joined unambiguously)."""
    return id_of(framed(*parts))


def framed(*parts: str) -> bytes:
    """The bytes of parts that an id is made of; those of several together are the bytes of all."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join([len(data).to_bytes(8, "big") + data for data in encoded])


def id_of(whole: bytes) -> str:
    """The id of what `framed` has made."""
    return blake2b(whole, digest_size=8).hexdigest()


def to_json(record: Any) -> dict[str, Any]:  # any record of this module
    """The record as a plain object: tuples become lists, nested records become objects.

    Blocks and places are many and have many fields: those at their default are left out.
    """
    sparse = isinstance(record, (Block, Place))
    return {
        field.name: _plain(value)
        for field, value in _values(record)
        if not sparse or value != field.default
    }


def from_json(cls: type[T], data: Mapping[str, Any]) -> T:
    """The record that `to_json` wrote. Raises KeyError or TypeError when the shape is another."""
    return cls(
        **{
            name: make(data[name])
            for name, make in _makers(typing.cast("Any", cls))
            if name in data
        }
    )


def _values(record: Any) -> Iterator[tuple[dataclasses.Field[Any], Any]]:  # any record
    for field in dataclasses.fields(record):
        yield field, getattr(record, field.name)


def _plain(value: Any) -> Any:  # the values of a record: scalars, tuples, records
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return to_json(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _makers(cls: Any) -> tuple[tuple[str, Any], ...]:  # a record class
    hints = typing.get_type_hints(cls)
    return tuple((field.name, _maker(hints[field.name])) for field in dataclasses.fields(cls))


def _maker(hint: Any) -> Any:  # a type annotation -> function from JSON value to field value
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return lambda value: from_json(hint, value)
    if typing.get_origin(hint) is typing.Literal:
        return intern  # the words of the program: one object each, quick to compare
    if isinstance(hint, types.UnionType):
        (inner,) = (_maker(arg) for arg in hint.__args__ if arg is not types.NoneType)
        return lambda value: None if value is None else inner(value)
    if typing.get_origin(hint) is tuple:
        return _tuple_maker(typing.get_args(hint))
    return lambda value: value


def _tuple_maker(args: tuple[Any, ...]) -> Any:  # args of a tuple annotation
    if len(args) == 2 and args[1] is Ellipsis:
        if args[0] is str:
            return _shared_maker()
        item = _maker(args[0])
        return lambda value: tuple(item(entry) for entry in value)
    return lambda value: tuple(value)


def _shared_maker() -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Makes tuples that are one object where equal ones follow each other, as of blocks that stand
    under one heading: most of the memory of a document was its heading paths.
    """
    last: tuple[str, ...] = ()

    def made(value: Sequence[str]) -> tuple[str, ...]:
        nonlocal last
        new, known = tuple(value), last  # another thread may change it
        if new == known:
            return known
        last = new
        return new

    return made
