"""What all documents together tell the rules: the product, names and how they are spoken of."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from builder.records import Chunk
from builder.text import identifiers
from builder.write.rule import Corpus, Grammar, Templates
from builder.write.structure import keys

_INSIDE = re.compile(r"(?<=[a-z0-9,;`)] )[A-Z][\w+-]*(?: (?:[A-Z][\w+-]*|[A-Z]*\d[\w]*))*")
_WORD_INSIDE = re.compile(r"(?<=[a-z0-9,;`)] )[A-Za-z][a-z]{2,}\b")
_CODE = re.compile(r"`[^`]*`")
_LEAST_SHARE = 0.25  # of the documents that must hold the product's name


def read_corpus(
    chunks: Sequence[Chunk],
    *,
    templates: Mapping[str, Templates],
    grammars: Mapping[str, Grammar],
    product: str,
) -> Corpus:
    """Read all chunks once. `product` is the user's own word for it, or "" to find it."""
    documents = _documents(chunks)
    names = _names(documents)
    product = product or _product(documents, names)
    lower, capital = _cases(chunks)
    subjects = {doc: _subject(parts, names, product) for doc, parts in documents.items()}
    return Corpus(
        product=product,
        lower=lower,
        capital=capital,
        attested=_attested(documents),
        keys=Counter(key for chunk in chunks for key in keys(chunk)),
        subjects=subjects,
        places=_places(documents, subjects, templates),
        cut=_cut(documents),
        templates=templates,
        grammars=grammars,
    )


def _documents(chunks: Sequence[Chunk]) -> dict[str, list[Chunk]]:
    documents: dict[str, list[Chunk]] = defaultdict(list)
    for chunk in chunks:
        documents[chunk.doc_id].append(chunk)
    return {doc: sorted(parts, key=lambda part: part.start) for doc, parts in documents.items()}


def _cut(documents: Mapping[str, Sequence[Chunk]]) -> frozenset[str]:
    return frozenset(
        before.id
        for parts in documents.values()
        for before, after in zip(parts, parts[1:], strict=False)
        if not after.blocks or after.blocks[0].kind != "heading"
    )


def _attested(documents: Mapping[str, Sequence[Chunk]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for parts in documents.values():
        found.update({name for part in parts for name in identifiers(part.text)})
    return found


def _cases(chunks: Sequence[Chunk]) -> tuple[frozenset[str], frozenset[str]]:
    """Words that stand in lower case, and words that stand capitalised, inside sentences."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for chunk in chunks:
        for word in _WORD_INSIDE.findall(_CODE.sub(" ", _prose(chunk))):
            (small if word.islower() else capital)[word.lower()] += 1
    return (
        frozenset(word for word, count in small.items() if count >= capital[word]),
        frozenset(word for word, count in capital.items() if count > small[word]),
    )


def _prose(chunk: Chunk) -> str:
    return "\n".join(
        chunk.text[block.start : block.end]
        for block in chunk.blocks
        if block.kind in ("paragraph", "list_item", "admonition")
    )


def _names(documents: Mapping[str, Sequence[Chunk]]) -> Counter[str]:
    """Proper names inside sentences -> number of documents; German nouns are left out later."""
    found: Counter[str] = Counter()
    for parts in documents.values():
        found.update({name for part in parts for name in _names_of(part)})
    return found


def _names_of(chunk: Chunk) -> Counter[str]:
    if chunk.lang == "de":
        return Counter()
    return Counter(_INSIDE.findall(_CODE.sub(" ", _prose(chunk))))


def _product(documents: Mapping[str, Sequence[Chunk]], names: Mapping[str, int]) -> str:
    """The first word of names that most documents hold and titles name too, or ""."""
    heads: Counter[str] = Counter()
    for parts in documents.values():
        heads.update({name.split()[0] for part in parts for name in _names_of(part)})
    titles = Counter(
        word
        for parts in documents.values()
        for word in set(re.findall(r"[\w+-]+", parts[0].heading_path[0]))
    )
    least = max(2.0, _LEAST_SHARE * len(documents))
    ranked = sorted(
        (-count * (1 + titles[word] / len(documents)), word)
        for word, count in heads.items()
        if count >= least and titles[word] >= 1
    )
    return ranked[0][1] if ranked else ""


def _subject(parts: Sequence[Chunk], names: Mapping[str, int], product: str) -> str:
    """The most exact name of the product that the title, else most of the text, names."""
    if not product:
        return ""
    title = parts[0].heading_path[0]
    own = [name for name in names if product in name.split() and names[name] >= 2]
    in_title = sorted((name for name in own if name in title), key=lambda name: (-len(name), name))
    if in_title:
        return in_title[0]
    counts = Counter({name: sum(part.text.count(name) for part in parts) for name in own})
    longer = sorted(
        (-counts[name], name) for name in own if name != product and counts[name] >= 2
    )
    if longer and -longer[0][0] * 2 >= sum(counts[name] for name in own if name != product):
        return longer[0][1]
    return product


def _places(
    documents: Mapping[str, Sequence[Chunk]],
    subjects: Mapping[str, str],
    templates: Mapping[str, Templates],
) -> dict[str, str]:
    texts: dict[str, str] = {}
    for lang in templates:
        texts[lang] = "\n".join(
            part.text for parts in documents.values() for part in parts if part.lang == lang
        )
    phrases: dict[tuple[str, str], str] = {}
    found: dict[str, str] = {}
    for doc, subject in subjects.items():
        lang = documents[doc][0].lang
        if subject and lang in templates:
            if (lang, subject) not in phrases:
                phrases[lang, subject] = _phrase(subject, texts[lang], templates[lang])
            found[doc] = phrases[lang, subject]
    return found


def _phrase(name: str, text: str, templates: Templates) -> str:
    """How the documents speak of a name: "in Rill Server", "on the Rill Logger R2"."""
    before = Counter(
        match[1].lower() for match in re.finditer(rf"((?:\w+ )?\w+) {re.escape(name)}\b", text)
    )
    votes = {
        place.phrase: sum(
            count for said, count in before.items() for after in place.after
            if said == after or said.endswith(f" {after}")
        )
        for place in templates.places
    }
    if not votes:
        return ""
    best = max(votes, key=lambda phrase: votes[phrase])
    return best.replace("{name}", name)
