"""The embedded writer: questions and answers from the documents themselves, with no model.

Rules propose (`structure.py`, `english.py`, `german.py`), this engine chooses: it words each
candidate by one of several templates, keeps one question per text and answer, limits families and
picks the best of each chunk. Same chunks, templates and seed give the same drafts.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from builder.errors import SettingsError
from builder.records import Chunk, Draft, Evidence, Failure, Origin, make_id
from builder.text import STOPWORDS, content_stems, content_words, fold, identifiers, words
from builder.write import english, german, structure
from builder.write.corpus import read_corpus
from builder.write.reading import MAX_REPLY_WORDS, has_any, is_skipped, tells_releases
from builder.write.rule import Candidate, Corpus, Grammar, Noun, Place, Rule, Templates

Rules = Literal["strict", "broad"]

GRAMMARS: Mapping[str, Grammar] = {"en": english.GRAMMAR, "de": german.GRAMMAR}
MAX_PER_CHUNK = 4
MAX_OPENING = 0.16  # share of one opening (two words) above which other wordings are tried
_MARKUP_LEFT = re.compile(
    r"\]\[|\]\(|(?<!`)``\w|\w``(?!`)|:\w+:`|\{\{|\{%|</?[a-z]+>(?=.*</)|&[a-z]+;|:::|[:;]-?\)(?:\s|$)"
)  # of a broken source
_LIKE_ANOTHER = re.compile(  # what stands before it, in the answer's own list
    r"(?:These|They|Those|It) |This (?:[\w-]+ )?(?:is|works|behaves) (?:very |much |just )?"
    r"(?:similar|identical|equivalent|like|the (?:same|opposite|reverse)) (?:to|as|of|the)\b"
    r"|(?:Like|As|Similar to|Same as|Identical to) (?:the )?`"
    r"|Diese (?:\w+ )?(?:haben|sind|werden|geben|bewirken)\b"
    r"|.*\b(?:same meaning as|same as (?:above|before)|dieselbe Bedeutung wie)\b"
)
_OF_THE_PAGE = re.compile(  # words about the page, its makers or one moment of its making
    r"^(?:our|we|my)\b|^\S*\.example\.|\blast (?:modified|updated):|\bcommit [0-9a-f]{7,}", re.I
)
_VAGUE_PLACE = re.compile(
    r"\b(?:in|of) `(?:get|post|put|patch|delete|kind|data|type|value|body|request|response|object"
    r"|params|parameters|args|arguments|config|settings)`",
    re.I,
)
_SLOT = re.compile(r"\{(\w+)\}")
_EXAMPLE = re.compile(
    r"\b(?:foo|bar|baz|qux|foobar|hello[ _-]?world|lorem|acme)\b|['\u2019]s other\b", re.I
)


# Templates


def parse_templates(text: str) -> Templates:
    """The templates of a language from its TOML file. Raises SettingsError for another shape."""
    try:
        data = tomllib.loads(text)
        return Templates(
            lang=data["lang"],
            forms={name: tuple(forms) for name, forms in data.get("templates", {}).items()},
            columns={
                fold(header): kind
                for kind, headers in data.get("columns", {}).items()
                for header in headers
            },
            nouns=dict(_nouns(data.get("nouns", {}), "headers")),
            announced=dict(_nouns(data.get("nouns", {}), "headings")),
            places=tuple(
                Place(phrase=place["phrase"], after=tuple(place["after"]))
                for place in data.get("places", [])
            ),
            words={
                name: frozenset(fold(word) for word in found)
                for name, found in data.get("words", {}).items()
            },
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as err:
        raise SettingsError(
            f"the templates of the embedded writer cannot be read: {err}",
            "compare the file with prompts/extractive/en.toml of the package",
        ) from err


_NOUN_KEYS = ("headers", "headings", "noun", "kind")


def _nouns(
    data: Mapping[str, Mapping[str, Any]],
    words_of: str,  # TOML values
) -> Iterator[tuple[str, Noun]]:
    """Each header, or each heading word (the headers where there are none), with its class."""
    for name, entry in data.items():
        phrases = {slot: phrase for slot, phrase in entry.items() if slot not in _NOUN_KEYS}
        noun = Noun(kind=entry.get("kind", name), noun=entry["noun"], phrases=phrases)
        for header in entry.get(words_of, entry["headers"]):
            yield fold(header), noun


# Writing


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A candidate with all its wordings, the preferred one first: (question, template number)."""

    chunk: Chunk
    candidate: Candidate
    wordings: tuple[tuple[str, int], ...]
    order: str

    @property
    def answer(self) -> str:
        return self.chunk.text[slice(*self.candidate.answer)]


def write(
    chunks: Sequence[Chunk],
    *,
    templates: Mapping[str, Templates],
    rules: Rules,
    seed: int,
    product: str,
    max_per_chunk: int,
) -> Iterator[Draft | Failure]:
    """Drafts of all chunks in the order of the chunks; a Failure for each chunk without one.

    max_per_chunk: most drafts of one chunk, 0 for the writer's own limit (4).
    """
    corpus = read_corpus(chunks, templates=templates, grammars=GRAMMARS, product=product)
    limit = max_per_chunk or MAX_PER_CHUNK
    found = [_proposals(chunk, corpus, rules, seed) for chunk in chunks]
    clear = _unambiguous(found)
    picked = _capped([_pick([p for p in some if id(p) in clear], limit) for some in found])
    worded = _worded(picked)
    for chunk, proposals in zip(chunks, picked, strict=True):
        drafts = [_draft(p, *worded[id(p)]) for p in proposals if id(p) in worded]
        yield from drafts
        if not drafts:
            yield _nothing(chunk, templates)


def _nothing(chunk: Chunk, templates: Mapping[str, Templates]) -> Failure:
    if chunk.lang in templates:
        return Failure(
            stage="write",
            key=chunk.id,
            chunk_id=chunk.id,
            reason="no_rule",
            detail="no rule of the embedded writer fits this chunk",
            failed=False,
        )
    return Failure(
        stage="write",
        key=chunk.id,
        chunk_id=chunk.id,
        reason="language",
        detail=f"the embedded writer has no templates for language {chunk.lang!r}",
        failed=chunk.lang != "und",  # a page with no prose to tell its language by is no failure
    )


def _proposals(chunk: Chunk, corpus: Corpus, rules: Rules, seed: int) -> list[_Proposal]:
    templates = corpus.templates.get(chunk.lang)
    if templates is None:
        return []
    found: list[_Proposal] = []
    for rule in _rules(chunk, corpus, rules):
        for candidate in rule(chunk, corpus):
            order = make_id(
                str(seed), chunk.id, candidate.rule, candidate.template, _said(chunk, candidate)
            )
            if not (_anchored(chunk, candidate, corpus) and _sound_answer(chunk, candidate)):
                continue
            wordings = _wordings(chunk, candidate, corpus, order)
            if wordings:
                found.append(_Proposal(chunk, candidate, wordings, order))
    return found


def _rules(chunk: Chunk, corpus: Corpus, rules: Rules) -> Iterator[Rule]:
    templates, grammar = corpus.templates[chunk.lang], corpus.grammars.get(chunk.lang)
    if is_skipped(chunk, templates):
        yield from structure.ON_RELEASES if tells_releases(chunk, templates) else ()
        return
    yield from structure.STRICT
    if grammar is not None:
        yield from grammar.strict
        if rules == "broad":
            yield from grammar.broad


_NAMED = re.compile(r"(?<=\w )[A-Z][\w-]+|\b[A-Z]{2,}\b|\b[A-Z]\w*\d|\b\d")
_NAMED_IN_GERMAN = re.compile(r"\b[A-ZÄÖÜ]{2,}\b|\b[A-Za-z]+[A-Z]\w*|\b[A-Z]\w*\d|\b\d")


# "if no zone is specified" is said of every command
_IS_SET = re.compile(r"\b(?:is|are) (?:not )?(?:specified|given|used|set|found|present)\b")


_VALUE = re.compile(r"`(?:true|false|null|none|nil|[-+]?[\d.]+\w?)`", re.I)  # of anything


def _anchored(chunk: Chunk, candidate: Candidate, corpus: Corpus) -> bool:
    """Whether what is asked names a thing by itself, where a rule is prone to hidden context.

    "If the value is too long, what happens?" means nothing outside its section; with an identifier,
    a name, an acronym or a figure in it the question carries its context along.
    """
    asked = [text for slot, text in candidate.slots.items() if slot != "place"]
    about = set(content_stems(" ".join(_headings(chunk, candidate)), chunk.lang))
    if candidate.rule in _NEED_HEADING and not _is_headed(chunk, candidate, asked):
        return False
    if candidate.rule not in _NEED_ANCHOR:
        return not candidate.rule.startswith("sentence.") or not any(
            _points(text, chunk, about, longest=1) for text in asked
        )
    named = _NAMED_IN_GERMAN if chunk.lang == "de" else _NAMED
    if any(identifiers(_VALUE.sub("", text)) for text in asked) or "()`" in candidate.slots.get(
        "place", ""
    ):
        return True
    if any(_IS_SET.search(text) or _points(text, chunk, about) for text in asked):
        return False
    return any(
        named.search(text)
        or _names_product(text, corpus, chunk)
        or not about.isdisjoint(content_stems(text, chunk.lang))
        for text in asked
    )


_THE = re.compile(
    r"\bthe ((?:[\w'\u2019-]+ ){0,3}?[\w'\u2019-]+)(?=[,?.;)]|$|\s+(?:is|are|was|were|has|have"
    r"|can|cannot|will|would|does|do|must|may|should|for|to|in|on|at|with|from|by|as|if|when|that|which|and"
    r"|or|not|be|used?|using|fails?|beyond)\b)"
)


_DER = re.compile(r"\b(?:der|die|das|den|dem) ([A-ZÄÖÜ][a-zäöüß]{2,10})\b(?! [A-Z`\u201e\"])")


def _is_told(noun: str, about: set[str]) -> bool:
    """Whether a German noun stands in a heading, by itself or in a compound."""
    stems = content_stems(noun, "de")
    return any(stem in known for stem in stems for known in about)


def _points(text: str, chunk: Chunk, about: set[str], *, longest: int = 4) -> bool:
    """Whether "the buffer" means one that only the section tells."""
    if identifiers(text):
        return False
    if chunk.lang == "de":
        nouns = [found[1] for found in _DER.finditer(text)]
        return any(not _is_told(noun, about) for noun in nouns)
    phrases = [found[1] for found in _THE.finditer(text)]
    return any(
        len(phrase.split()) <= longest
        and not _NAMED.search(f"the {phrase}")
        and about.isdisjoint(content_stems(phrase, "en"))
        for phrase in phrases
    )


def _is_headed(chunk: Chunk, candidate: Candidate, asked: Sequence[str]) -> bool:
    """Whether a heading tells the subject or the deed, so that no remark passes for "X does"."""
    path = _path(chunk, candidate)
    titles = fold(" ".join(path))
    if any(word in titles for text in asked for word in (*identifiers(text), *content_words(text))):
        return True
    deed = content_stems(_said(chunk, candidate), chunk.lang)
    return not set(content_stems(path[-1], chunk.lang)).isdisjoint(deed)


def _path(chunk: Chunk, candidate: Candidate) -> tuple[str, ...]:
    """The headings above an answer, the document's title first."""
    start = candidate.answer[0]
    paths = [b.heading_path for b in chunk.blocks if b.start <= start < b.end] or [()]
    return (chunk.heading_path[0], *paths[0])


def _headings(chunk: Chunk, candidate: Candidate) -> tuple[str, ...]:
    """The document's title and the heading right above an answer."""
    path = _path(chunk, candidate)
    return (path[0], *path[1:][-1:])


def _said(chunk: Chunk, candidate: Candidate) -> str:
    return chunk.text[slice(*candidate.answer)]


def _sound_answer(chunk: Chunk, candidate: Candidate) -> bool:
    answer = _said(chunk, candidate)
    return (
        0 < len(words(answer)) <= MAX_REPLY_WORDS
        and answer == answer.strip()
        and answer.count("`") % 2 == 0
        and not _MARKUP_LEFT.search(answer)
        and not answer.endswith(":")
        and not _OF_THE_PAGE.search(answer)
        and not re.search(r"^> ", answer, re.M)
        and not (_is_listed(candidate) and _LIKE_ANOTHER.match(answer))
        and not (_is_listed(candidate) and _letters(answer) == _letters(candidate.key))
        and not (candidate.rule == "sentence.contrast" and _goes_on(chunk, candidate))
        and not (
            answer.startswith("|") and "?" in answer
        )  # a list of questions laid out as a table
        and _is_in(answer, chunk.lang)
    )


def _letters(text: str) -> str:
    """The letters of a name however it is written: "short_name" and "Short name." are one."""
    return "".join(filter(str.isalnum, text)).casefold()


_MORE = re.compile(r"\s*(?:Also|In addition|Additionally|Further|Moreover|Auch|Außerdem|Zudem)\b")


def _is_listed(candidate: Candidate) -> bool:
    return candidate.rule.startswith(("list.", "table.", "flag."))


def _goes_on(chunk: Chunk, candidate: Candidate) -> bool:
    """Whether the next sentence adds to the answer: one difference is not the difference."""
    return bool(_MORE.match(chunk.text, candidate.answer[1]))


_CODE = re.compile(r"```.*?```|`[^`]*`", re.S)


def _is_in(answer: str, lang: str) -> bool:
    """Whether a text is in its page's language: half translated pages hold others."""
    said = words(_CODE.sub(" ", answer))
    own = STOPWORDS.get(lang, frozenset())
    others = frozenset().union(*STOPWORDS.values()) - own
    foreign = sum(word in others for word in said)
    return foreign < 3 or foreign <= sum(word in own for word in said)


# Wording


def _wordings(
    chunk: Chunk, candidate: Candidate, corpus: Corpus, order: str
) -> tuple[tuple[str, int], ...]:
    templates = corpus.templates[chunk.lang]
    forms, vague = templates.forms.get(candidate.template, ()), templates.list_of("vague_questions")
    found = []
    for number, form in enumerate(forms):
        question = _filled(
            form, candidate.slots, corpus.places.get(chunk.doc_id, ""), corpus, chunk
        )
        if not question or has_any(question, vague):
            continue
        said = _said(chunk, candidate)
        if not _is_placed(candidate, question, corpus, chunk):
            continue
        if _sound_question(question) and _replies(candidate, said, question):
            found.append((question, number))
    if candidate.rule == "heading.question":
        found = _placed(found, candidate, corpus.places.get(chunk.doc_id, ""), chunk.lang)
    start = int(order, 16) % len(found) if found else 0
    return tuple(found[start:] + found[:start])


def _placed(
    found: list[tuple[str, int]], candidate: Candidate, place: str, lang: str
) -> list[tuple[str, int]]:
    """The wordings of a question heading that say where it is asked, unless it tells that itself.

    "How many loggers ... ?" needs no "on the Rill Logger", and least of all behind it.
    """
    asked = candidate.slots["question"]
    kin = not set(content_stems(asked, lang)).isdisjoint(content_stems(place, lang))
    if kin:
        behind = f" {place}?".casefold()
        return [entry for entry in found if not entry[0].casefold().endswith(behind)] or found
    named = place and not identifiers(asked)
    return [entry for entry in found if named and place.casefold() in entry[0].casefold()] or found


_LOOSE_MARK = re.compile(r"(`[^`]*`)| (?=[?,!]|\.(?:\s|$))")  # outside of code


def _filled(
    form: str, slots: Mapping[str, str], place: str, corpus: Corpus, chunk: Chunk
) -> str | None:
    """The form with its slots filled; None when the rule did not give one."""
    needed = set(_SLOT.findall(form)) - {"place"}
    if not needed <= slots.keys():
        return None
    plain = _SLOT.sub(lambda slot: slots.get(slot[1], "") if slot[1] != "place" else "", form)
    if "place" in slots:
        place = slots["place"]
    elif _names_product(plain, corpus, chunk):
        place = ""
    question = _SLOT.sub(lambda slot: place if slot[1] == "place" else slots[slot[1]], form)
    question = re.sub(r" {2,}", " ", question)
    question = _LOOSE_MARK.sub(lambda found: found[1] or "", question).strip(" ,")
    return question[:1].upper() + question[1:]


def _is_placed(candidate: Candidate, question: str, corpus: Corpus, chunk: Chunk) -> bool:
    """Whether a bare state or value ("What is the default log level?") says of what it is."""
    needed = candidate.rule in _NEED_NAME or (candidate.rule in _NEED_PLACE and corpus.named)
    if not needed:
        return True
    place = candidate.slots.get("place") or corpus.places.get(chunk.doc_id, "")
    placed = bool(place) and place.casefold() in question.casefold()
    return placed or bool(identifiers(question)) or _names_product(question, corpus, chunk)


def _names_product(question: str, corpus: Corpus, chunk: Chunk) -> bool:
    named = (corpus.product, corpus.subjects.get(chunk.doc_id, ""))
    return any(name and name.casefold() in question.casefold() for name in named)


def _sound_question(question: str) -> bool:
    return (
        3 <= len(words(question)) <= 45
        and question.endswith(("?", "."))
        and question.count("`") % 2 == 0
        and "\n" not in question
        and "  " not in question
        and not _EXAMPLE.search(question)
        and " work of `" not in question
        and not _VAGUE_PLACE.search(question)
    )


_ASKS_WHICH = re.compile(
    r"(?:what|how|which|where|when|why|who|was|wie|welche[rsnm]?|wo|wann|warum|wer|wozu)\b", re.I
)
_SAYS_YES = re.compile(r"(?:yes|no|ja|nein)\b(?! longer)", re.I)


def _replies(candidate: Candidate, answer: str, question: str) -> bool:
    """Whether an answer fits: no "Yes" to "How ...?", no story for a question, no bare name."""
    if candidate.rule == "heading.question" and re.search(r"[.!] ", question):
        return False
    if candidate.rule.startswith(("list.option", "flag.", "table.d")) and _is_bare(question):
        return False
    return not (_ASKS_WHICH.match(question) and _SAYS_YES.match(answer))


_SAYS_NOTHING = frozenset(
    """
    explain mean means meaning tell option options setting settings flag parameter value purpose
    know bedeutet bedeutung dient bewirkt steht zweck option einstellung parameter wert wofür wozu
    genau macht exactly found set
    """.split()
)


_OF_A_SAMPLE = re.compile(r"`[^`]*\w=\d[^`]*`")  # a value that one printed line happens to have


def _is_bare(question: str) -> bool:
    """Whether a question names one identifier and nothing that it belongs to ("What is `-R`?"), or
    a value out of a sample."""
    if _OF_A_SAMPLE.search(question):
        return True
    names = re.findall(r"`[^`]*`", question)
    rest = set(content_words(_CODE.sub(" ", question))) - _SAYS_NOTHING
    return len(names) == 1 and " " not in names[0] and (not rest or names[0][1:-1].isdigit())


def _opening(question: str) -> str:
    return " ".join(words(question)[:2])


# Choosing


@dataclass(frozen=True, slots=True)
class _Family:
    """rank: smaller is picked first; per_chunk: most of one chunk; share: most of all drafts."""

    rank: int
    per_chunk: int = 2
    share: float = 1.0


_FAMILIES: Mapping[str, _Family] = {
    "procedure.steps": _Family(0),
    "heading.task": _Family(1),
    "heading.question": _Family(0, 4),
    "heading.told": _Family(1),
    "heading.release": _Family(1, 2, 0.05),
    "heading.clause": _Family(1),
    "sentence.to": _Family(2),
    "sentence.want": _Family(2),
    "sentence.can_by": _Family(3),
    "table.action": _Family(3),
    "table.description": _Family(4),
    "table.cause": _Family(5, 1),
    "table.inverse": _Family(5, 1),
    "flag.switch": _Family(4),
    "flag.value": _Family(5, 1),
    "command.page": _Family(4),
    "command.action": _Family(5),
    "member.does": _Family(5, 2, 0.5),
    "list.option": _Family(5, 2, 0.6),
    "list.term": _Family(4, 3),
    "list.symptom": _Family(2),
    "sentence.so": _Family(1),
    "sentence.to_noun": _Family(2),
    "sentence.limit": _Family(4),
    "sentence.cost": _Family(3),
    "sentence.who": _Family(3),
    "sentence.how_often": _Family(3),
    "sentence.by_default": _Family(4),
    "sentence.purpose": _Family(4),
    "sentence.verb": _Family(5, 1, 0.15),
    "sentence.does": _Family(6, 1, 0.12),
    "sentence.how_many": _Family(3),
    "sentence.how_long": _Family(3),
    "sentence.where": _Family(4),
    "sentence.cannot": _Family(4),
    "sentence.contrast": _Family(3),
    "sentence.definition": _Family(5, 1, 0.2),
    "sentence.used": _Family(6, 1, 0.1),
    "sentence.lets": _Family(6, 1, 0.12),
    "sentence.yes_no": _Family(6, 1, 0.12),
    "sentence.condition": _Family(7, 1, 0.12),
    "sentence.instruction": _Family(7, 1, 0.1),
    "sentence.because": _Family(8, 1, 0.08),
    "flag.default": _Family(9, 1, 0.05),
    "table.value": _Family(8, 1, 0.12),
}
_OTHER = _Family(6)
_NEED_ANCHOR = frozenset(
    f"sentence.{name}"
    for name in (
        *("condition", "yes_no", "instruction", "because", "does", "verb", "by_default"),
        *("used", "want", "cannot", "limit"),
    )
)
_NEED_HEADING = frozenset(f"sentence.{name}" for name in ("does", "verb", "lets"))
_NEED_PLACE = frozenset(f"sentence.{name}" for name in ("yes_no", "limit", "by_default"))
_NEED_NAME = frozenset(("heading.task",))  # even where no product is known


def _family(proposal: _Proposal) -> _Family:
    return _FAMILIES.get(proposal.candidate.rule, _OTHER)


def _unambiguous(found: Sequence[Sequence[_Proposal]]) -> set[int]:
    """Ids of proposals whose question has one answer in all documents; of equal ones the first.

    A long answer that stands in several chunks (repeated on every page) counts once too, but for
    tables: two codes may have one meaning.
    """
    answers: dict[tuple[str, ...], str] = {}
    kept: dict[tuple[str, ...], _Proposal | None] = {}
    told: set[tuple[str, str]] = set()
    for proposal in (proposal for some in found for proposal in some):
        asked = _asked(proposal)
        said = fold(proposal.answer)
        if asked not in answers:
            answers[asked] = said
            kept[asked] = None if (proposal.candidate.rule, said) in told else proposal
        elif answers[asked] != said:
            kept[asked] = None
        if len(words(said)) > 5 and not proposal.candidate.rule.startswith("table."):
            told.add((proposal.candidate.rule, said))
    return {id(proposal) for proposal in kept.values() if proposal is not None}


def _asked(proposal: _Proposal) -> tuple[str, ...]:
    first = min(proposal.wordings, key=lambda wording: wording[1])[0]
    asked = _WHEN.sub("if ", fold(first))
    return proposal.chunk.lang, proposal.candidate.template, asked


_WHEN = re.compile(r"\b(?:when|whenever|once|as soon as|sobald|falls|wenn) ")  # or "if": the same


def _pick(proposals: Sequence[_Proposal], limit: int) -> list[_Proposal]:
    """The best of a chunk: one of each family by rank, then second ones; no overlapping answers."""
    seen: Counter[str] = Counter()
    rounds: list[tuple[int, int, str, _Proposal]] = []
    for proposal in sorted(proposals, key=lambda p: p.order):
        rule = proposal.candidate.rule
        rounds.append((seen[rule], _family(proposal).rank, proposal.order, proposal))
        seen[rule] += 1
    picked: list[_Proposal] = []
    for turn, _, _, proposal in sorted(rounds, key=lambda entry: entry[:3]):
        wanted = len(picked) < limit and turn < _family(proposal).per_chunk
        if wanted and not any(_overlap(proposal, other) for other in picked):
            picked.append(proposal)
    return picked


def _capped(picked: list[list[_Proposal]]) -> list[list[_Proposal]]:
    """Without what exceeds a family's share of all; chunks with other drafts lose theirs first."""
    while True:
        excess = _excess(picked)
        if not excess:
            return picked
        picked = [[p for p in some if id(p) not in excess] for some in picked]


_FEW = 10  # drafts of one family that a small set may hold whatever their share


def _excess(picked: Sequence[Sequence[_Proposal]]) -> set[int]:
    """Ids of the proposals over the share of the first family that exceeds its own."""
    total = sum(len(some) for some in picked)
    for rule, family in _FAMILIES.items():
        own = [(some, p) for some in picked for p in some if p.candidate.rule == rule]
        if family.share == 1.0:
            continue
        allowed = max(_FEW, int(family.share / (1 - family.share) * (total - len(own))))
        own.sort(key=lambda entry: (len(entry[0]) == 1, entry[1].order))
        if len(own) > allowed:
            return {id(proposal) for _, proposal in own[: len(own) - allowed]}
    return set()


def _overlap(one: _Proposal, two: _Proposal) -> bool:
    a, b = one.candidate.answer, two.candidate.answer
    return a[0] < b[1] and b[0] < a[1]


def _worded(picked: Sequence[Sequence[_Proposal]]) -> dict[int, tuple[str, int]]:
    """id of proposal -> its wording: the preferred one unless its opening or text is used up."""
    proposals = sorted((p for some in picked for p in some), key=lambda p: p.order)
    most = max(3, int(MAX_OPENING * len(proposals)))
    openings: Counter[str] = Counter()
    used: set[str] = set()
    found: dict[int, tuple[str, int]] = {}
    for proposal in proposals:
        free = [wording for wording in proposal.wordings if fold(wording[0]) not in used]
        if not free:
            continue
        fitting = [wording for wording in free if openings[_opening(wording[0])] < most]
        wording = (fitting or free)[0]
        openings[_opening(wording[0])] += 1
        used.add(fold(wording[0]))
        found[id(proposal)] = wording
    return found


def _draft(proposal: _Proposal, question: str, number: int) -> Draft:
    chunk, candidate = proposal.chunk, proposal.candidate
    start, end = candidate.evidence or candidate.answer
    return Draft(
        id=make_id("draft", chunk.id, candidate.type, question, "0"),
        chunk_ids=(chunk.id,),
        type=candidate.type,
        behaviour="answer",
        lang=chunk.lang,
        question=question,
        answer=proposal.answer,
        evidence=(Evidence(passage=0, start=start, end=end, quote=chunk.text[start:end]),),
        origin=Origin(
            writer="extractive", rule=candidate.rule, template=f"{candidate.template}.{number}"
        ),
        key=candidate.key,
        noun=candidate.noun,
        fact=candidate.fact,
    )
