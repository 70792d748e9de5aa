"""Whether a question that a model wrote to have no plain answer has none, here and elsewhere.

All checks are lexical and lean to caution. They look in the passage that the question was written
from and in the chunks of all splits that are nearest to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from builder.compose.absence import is_treated, shares, telling
from builder.compose.library import Library
from builder.records import Draft, Passage
from builder.text import content_words, sentences

LOOKED_AT = 20  # nearest chunks of the corpus that are searched
STATED = 0.9  # share of a question in one sentence that states what it takes for granted
IN_QUESTION = 0.5  # share of the missing part's words that stand in the question
POSSIBILITIES = 2

Fault = tuple[str, str]  # reason and detail

# Words that say that something is not said, in the replies that a model writes.
_DECLINING = frozenset(
    "documentation document documents docs say says said state states stated mention mentions "
    "mentioned give gives given specify specifies specified provide provides information tell "
    "contain contains include find found know unfortunately however anything cover covers answer "
    "dokumentation dokument dokumente unterlagen sagt sagen nennt nennen genannt angabe angaben "
    "enthält enthalten steht erwähnt erwähnen gibt geht hervor leider jedoch aber dazu "
    "information informationen beschreibt beschrieben".split()
)


def fault_of(draft: Draft, library: Library) -> Fault | None:
    """Why a draft of its kind is not what it should be, or None when nothing says so."""
    foreign = library.chunks[draft.chunk_ids[0]].lang != draft.lang
    if foreign and draft.behaviour != "refuse":
        return "unverifiable", "no search for its words can find what another language says"
    if draft.behaviour == "correct":
        return _premise(draft, library)
    if draft.behaviour == "ask":
        return _possibilities(draft, library)
    if draft.behaviour == "partial" and (fault := _parts(draft, library)):
        return fault
    if any(treats(draft, passage, library) for passage in _own(draft, library)):
        return "not_absent", "a sentence of its passage may answer it"
    for passage in _elsewhere(draft, library):
        if treats(draft, passage, library):
            return "answered_elsewhere", f"chunk {passage.chunk_id} may answer it"
    return None


def treats(draft: Draft, passage: Passage, library: Library) -> bool:
    """Whether a sentence of a passage may give what the draft says is nowhere.

    Of a refusal, key is the attribute asked and noun the thing; of a partial answer it is what its
    last sentence names.
    """
    weights = library.weights_of(draft)
    if draft.behaviour == "refuse":
        return is_treated(draft.question, draft.key, draft.noun, passage, weights=weights)
    if draft.behaviour == "partial":
        missing = _missing(draft)
        return is_treated(missing, missing, "", passage, weights=weights)
    return any(share >= STATED for share, _ in shares(draft.question, passage, weights=weights))


def _premise(draft: Draft, library: Library) -> Fault | None:
    """A false premise is one that the evidence does not hold and no chunk states."""
    weights = library.weights_of(draft)
    held = weights.stems(" ".join(evidence.quote for evidence in draft.evidence))
    if weights.stems(telling(draft.question)) <= held:
        return "premise_stated", "the evidence holds every word of the question"
    own = [s for p in _own(draft, library) for s, _ in shares(draft.question, p, weights=weights)]
    if max(own, default=0.0) >= STATED:
        return "premise_stated", "a sentence of its passage may state what it takes for granted"
    for passage in _elsewhere(draft, library):
        if treats(draft, passage, library):
            return "premise_elsewhere", f"chunk {passage.chunk_id} may state what it takes"
    return None


def _possibilities(draft: Draft, library: Library) -> Fault | None:
    """A question back names at least two possibilities, each from its own evidence."""
    weights = library.weights_of(draft)
    quotes = [weights.stems(evidence.quote) for evidence in draft.evidence]
    asked, reply = weights.stems(draft.question), weights.stems(draft.answer)
    named = []
    for number, quote in enumerate(quotes):
        others = frozenset[str]().union(*(q for n, q in enumerate(quotes) if n != number))
        named.append((quote - others - asked) & reply)
    if sum(map(bool, named)) < POSSIBILITIES:
        return "possibilities", "its reply does not name two possibilities of its evidence"
    names = frozenset[str]().union(*named)
    for passage in _elsewhere(draft, library):
        for share, sentence in shares(draft.question, passage, weights=weights):
            if share >= STATED and not weights.stems(sentence) & names:
                return "answered_elsewhere", f"chunk {passage.chunk_id} may answer it for all"
    return None


def _parts(draft: Draft, library: Library) -> Fault | None:
    """The last sentence of a partial answer names a part of the question, and is not all of it."""
    weights = library.weights_of(draft)
    missing = weights.stems(_missing(draft))
    if len(sentences(draft.answer)) < POSSIBILITIES or not missing:
        return "parts", "its reply does not give one part and then name the other"
    in_question = weights.mass(missing & weights.stems(draft.question))
    if in_question < IN_QUESTION * weights.mass(missing):
        return "parts", "the part that it calls missing is not in the question"
    return None


def _missing(draft: Draft) -> str:
    """What the last sentence of a partial answer says is missing."""
    *_, (start, end) = sentences(draft.answer) or [(0, 0)]
    last = content_words(draft.answer[start:end])
    return " ".join(word for word in last if word not in _DECLINING)


def _own(draft: Draft, library: Library) -> Iterator[Passage]:
    for chunk_id in draft.chunk_ids:
        yield library.passage(chunk_id, gold=True)


def _elsewhere(draft: Draft, library: Library) -> Iterator[Passage]:
    """The chunks of the corpus nearest to what is said to be missing, but for its own."""
    query = " ".join((draft.key, draft.noun, telling(draft.question)))
    barred = set(draft.chunk_ids).union(*(library.copies(own) for own in draft.chunk_ids))
    for chunk_id in library.nearest_of_all(draft, query, LOOKED_AT):
        if chunk_id not in barred:
            yield library.passage(chunk_id)
