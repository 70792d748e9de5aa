"""What a rule of the embedded writer gets and gives.

A rule reads one chunk and yields candidates; the engine (`extractive.py`) words the questions by
templates, drops repeats, caps families and picks. Wording is data: prompts/extractive/LANG.toml
(`Templates`). What needs grammar is code: one `Grammar` per language (`english.py`, `german.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from builder.records import Chunk

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A question that a rule proposes, with the verbatim span that answers it.

    rule:     "family.variant" ("table.description"), recorded in the draft's origin.
    type:     question type: factual, conceptual, procedural, comparison or troubleshooting.
    template: name of the list of templates in prompts/extractive/LANG.toml that words the question.
    slots:    what the templates' {placeholders} become. A template's {place} is filled by the
              engine with the chunk's place ("in Rill Server") when the rule gives none and the
              question names no product yet; a rule that gives "place" has the last word.
    answer:   offsets into Chunk.text; the slice is the whole answer, verbatim.
    evidence: offsets of what supports it (the table row, the sentence); the answer if None.
    key:      the literal words in the question that name what is asked about, or "".
    noun:     the class of that key in the document's words ("error code"), or "".
    fact:     see Draft.fact.
    """

    rule: str
    type: str
    template: str
    slots: Mapping[str, str] = field(default_factory=dict)
    answer: Span
    evidence: Span | None = None
    key: str = ""
    noun: str = ""
    fact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A class of keys ("setting", "error code") and how it is spoken of.

    kind:    picks the templates: "table.description.KIND" before "table.description".
    noun:    the singular noun, recorded in the draft ("error code").
    phrases: slot name -> wording with {key}: {"thing": "the {key} setting"}; a language adds the
             slots its templates use ({"thing": "die Einstellung {key}", "dative": "der ..."}).
    """

    kind: str
    noun: str
    phrases: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One way to say where something is.

    phrase: with {name}: "in {name}", "on the {name}".
    after:  words that stand directly before the name in running text and vote for this phrase
            ("in", "on the"); the first place of a language without votes is its default.
    """

    phrase: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """The words of one language, parsed from prompts/extractive/LANG.toml.

    forms:    template name -> wordings with {slots}.
    columns:  folded table header -> kind of column ("description", "action", "value.default").
    nouns:    folded header of a table -> Noun.
    announced: folded words of a heading that announce such keys ("exit codes") -> Noun.
    places:   ways to say "in PRODUCT", the default first.
    words:    other lists by name, folded ("skip_pages", "dangling", "empty_cells").
    """

    lang: str
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    nouns: Mapping[str, Noun] = field(default_factory=dict)
    announced: Mapping[str, Noun] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def list_of(self, name: str) -> frozenset[str]:
        """The words of a list, folded; empty when the language has no such list."""
        return self.words.get(name, frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A function that a document describes.

    name:  as one calls it, with its type where the page tells it ("Clob.free()").
    alone: no other description in the document is of the same name, as those of overloads are.
    """

    name: str
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What the rules may know of all documents together.

    product:  the product's name, or "" when none could be told.
    lower:    words that stand in lower case in mid-sentence at least as often as capitalised
              (for turning Title Case into sentence case).
    capital:  the other words, in lower case: they stand capitalised in mid-sentence more often.
    attested: identifier -> number of documents that hold it.
    keys:     key of a table row, flag or option (folded) -> number of chunks that explain it.
    doubled:  document id -> keys that several of its chunks explain.
    subjects: document id -> what the document is about ("Rill Logger R2"), "" when unknown.
    named:    whether at least half of the documents have a subject, so that a question can tell.
    places:   document id -> that subject as a phrase ("on the Rill Logger R2"), "" when unknown.
    parts:    document id -> the place of a page about one of several parts ("in the Play plugin").
    members:  document id -> heading that begins a function's description -> that function.
    cut:      ids of chunks whose last section goes on in the next chunk of the document.
    repeated: headings (folded) that stand in several documents.
    opening:  id of a chunk -> level of the heading that begins the next chunk of its document.
    templates, grammars: by language.
    """

    product: str = ""
    lower: frozenset[str] = frozenset()
    capital: frozenset[str] = frozenset()
    attested: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[str, int] = field(default_factory=dict)
    doubled: Mapping[str, frozenset[str]] = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)
    named: bool = False
    places: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Mapping[str, Member]] = field(default_factory=dict)
    cut: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()
    opening: Mapping[str, int] = field(default_factory=dict)
    templates: Mapping[str, Templates] = field(default_factory=dict)
    grammars: Mapping[str, Grammar] = field(default_factory=dict)


Rule = Callable[[Chunk, Corpus], Iterator[Candidate]]


@dataclass(frozen=True, slots=True)
class Wording:
    """A template by name with its slots."""

    template: str
    slots: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """What the rules of structure need to know of a language beyond templates.

    task:       a heading over numbered steps -> its question ("Replace the batteries" ->
                Wording("procedure", {"task": "replace the batteries"})), None when it is no task;
                the chunk tells where it stands.
    heading:    a heading over text that is no question mark heading -> its question ("How settings
                are applied" -> "How are settings applied?"), None when it makes none.
    asks:       whether a question heading says what it is about (no "What is it?").
    spoken:     a question heading as a person would write it (no Title Case).
    shape:      what a description is: "does" (a verb phrase: "Rejects gateways"), "is" (a noun
                phrase: "Number of gateways"), "states" (a sentence), "" when not told; a template
                "NAME.SHAPE" is used before "NAME".
    step:       whether a list item is a step ("Open the lid."); most items of a procedure are.
    orders:     whether a sentence of running text tells its reader to do something.
    strict:     the language's sentence rules, commonest quality first; broad: the riskier ones.
    """

    task: Callable[[str, Corpus, Chunk], Wording | None]
    heading: Callable[[str, Corpus, Chunk], Wording | None]
    asks: Callable[[str], bool]
    spoken: Callable[[str, Corpus], str] = lambda text, corpus: text
    shape: Callable[[str], str] = lambda text: ""
    step: Callable[[str], bool] = lambda text: True
    orders: Callable[[str], bool] = lambda text: False
    strict: tuple[Rule, ...] = ()
    broad: tuple[Rule, ...] = ()
