"""A small handbook with drafts, so that the tests of compose read like the rows they are about."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

from builder.compose import compose, load_refusals
from builder.compose.absence import Weights
from builder.config import RowSettings, TargetSettings
from builder.prompts import Prompts
from builder.records import (
    Assignment,
    Block,
    BlockKind,
    Chunk,
    Draft,
    Evidence,
    Failure,
    Origin,
    Pair,
    Passage,
    Split,
    make_id,
)

REFUSALS = load_refusals(Prompts.find(None))
Parts = Sequence[tuple[BlockKind, str]]


def chunk(
    path: str, parts: Parts, *, title: str = "Handbook", lang: str = "en", section: str = ""
) -> Chunk:
    """One chunk of blocks; its heading path is the title and the section."""
    text = ""
    blocks: list[Block] = []
    for kind, part in parts:
        tight = kind == "list_item" and blocks and blocks[-1].kind == "list_item"
        text += ("\n" if tight else "\n\n") if text else ""
        indent = len(part) - len(part.lstrip(" "))
        level = len(part) - len(part.lstrip("#")) if kind == "heading" else 0
        blocks.append(
            Block(
                kind=kind,
                start=len(text),
                end=len(text) + len(part),
                level=indent // 2 + 1 if kind == "list_item" else level,
            )
        )
        text += part
    return Chunk(
        id=make_id("chunk", path, text),
        doc_id=make_id("document", path),
        path=path,
        lang=lang,
        text=text,
        start=0,
        end=len(text),
        heading_path=(title, section) if section else (title,),
        n_tokens=len(text.split()),
        blocks=tuple(blocks),
    )


def draft(
    source: Chunk,
    question: str,
    answer: str,
    *,
    evidence: str = "",
    type: str = "factual",
    rule: str = "table.description",
    key: str = "",
    noun: str = "",
    fact: bool = False,
    kind: str | None = None,
) -> Draft:
    """A draft whose evidence (the answer, when not given) stands in the source."""
    quote = evidence or answer
    start = source.text.index(quote) if quote else 0
    return Draft(
        id=make_id("draft", source.id, question),
        chunk_ids=(source.id,),
        type=type,
        behaviour="answer" if kind is None else "refuse",
        lang=source.lang,
        question=question,
        answer=answer,
        evidence=(Evidence(passage=0, start=start, end=start + len(quote), quote=quote),)
        if quote
        else (),
        origin=Origin(writer="extractive", rule=rule),
        kind=kind,
        key=key,
        noun=noun,
        fact=fact,
    )


def assigned(
    chunks: Iterable[Chunk], splits: Mapping[str, Split] | None = None, unused: Iterable[str] = ()
) -> dict[str, Assignment]:
    """All chunks in train, but those whose path is in splits; unused: ids that enter no row."""
    gone = set(unused)
    return {
        c.id: Assignment(
            chunk_id=c.id,
            doc_id=c.doc_id,
            group=c.path,
            split=(splits or {}).get(c.path, "train"),
            use=c.id not in gone,
        )
        for c in chunks
    }


def size(pair: Pair) -> int:
    """The words of a row."""
    texts = [part.title + " " + part.text for part in pair.passages]
    return len(" ".join([*texts, pair.question, pair.answer]).split())


def composed(
    drafts: Sequence[Draft],
    chunks: Sequence[Chunk],
    *,
    assignments: Mapping[str, Assignment] | None = None,
    seed: int = 0,
    max_tokens: int = 2048,
    max_distractors: int = 4,
    share: float = 0.7,
) -> tuple[list[Pair], list[Failure]]:
    """All rows of the drafts; at share .7 every unanswerable row that the limits allow is made."""
    items = list(
        compose(
            drafts,
            {c.id: c for c in chunks},
            assigned(chunks) if assignments is None else assignments,
            seed=seed,
            rows=RowSettings(max_tokens=max_tokens, max_distractors=max_distractors),
            target=TargetSettings(unanswerable=share, unanswerable_eval=share),
            size_row=size,
            refusals=REFUSALS,
        )
    )
    pairs = [item for item in items if isinstance(item, Pair)]
    return pairs, [item for item in items if isinstance(item, Failure)]


def passage(text: str, *, title: str = "Handbook", chunk_id: str = "p") -> Passage:
    return Passage(chunk_id=chunk_id, role="distractor", title=title, text=text)


def weights(*texts: str, lang: str = "en") -> Weights:
    return Weights(texts, lang=lang)


# A generated handbook: every page has a table, a list and prose on an invented part.

_PARTS = (
    "pump valve sensor gateway battery display relay filter motor router antenna heater fan "
    "charger compressor mixer scanner printer lamp boiler"
).split()
_TRAITS = (
    "pressure voltage flow humidity torque current speed brightness temperature range weight "
    "frequency depth angle noise volume"
).split()
_VERBS = "reset open clean replace start stop measure register calibrate mount".split()
_PLACES = "cellar workshop roof laboratory garage harbour greenhouse archive kitchen tower".split()


def handbook(pages: int, seed: int = 7) -> tuple[list[Chunk], list[Draft]]:
    """Pages of random length with drafts on their tables, lists and sentences."""
    chance = random.Random(seed)
    chunks: list[Chunk] = []
    drafts: list[Draft] = []
    for number in range(pages):
        page, found = _page(number, chance)
        chunks.append(page)
        drafts.extend(found)
    return chunks, drafts


def _page(number: int, chance: random.Random) -> tuple[Chunk, list[Draft]]:
    part = f"{chance.choice(_PARTS)} {chr(65 + number % 26)}{number}"
    codes = [f"E{number}{n}" for n in range(chance.randint(3, 8))]
    rows = [f"| {code} | The {_said(chance)}. |" for code in codes]
    names = [f"{chance.choice(_TRAITS)}_{chance.choice(_PLACES)}_{number}{n}" for n in range(4)]
    items = [f"- `{name}`: Sets the {_said(chance)}." for name in names]
    facts = [
        f"The {chance.choice(_TRAITS)} of the {part} is limited to {chance.randint(2, 9999)} units "
        f"in the {_said(chance)}."
        for _ in range(2)
    ]
    filler = [
        f"Staff in the {chance.choice(_PLACES)} {chance.choice(_VERBS)} the {_said(chance)}."
        for _ in range(chance.randint(2, 14))
    ]
    parts: list[tuple[BlockKind, str]] = [
        ("heading", f"## The {part}"),
        ("paragraph", " ".join([filler[0], *facts, *filler[1:]])),
        ("heading", "## Error codes"),
        ("table", "\n".join(["| Code | Meaning |", "| --- | --- |", *rows])),
        ("heading", "## Options"),
        *(("list_item", item) for item in items),
    ]
    page = chunk(f"docs/{number:03}.md", parts, title=f"Device {number}")
    code, name = chance.choice(codes), chance.choice(names)
    row = next(row for row in rows if code in row)
    item = next(item for item in items if name in item)
    return page, [
        draft(
            page,
            f"What does error code {code} mean?",
            row.split(" | ")[1].removesuffix(" |"),
            evidence=row,
            key=code,
            noun="error code",
            fact=True,
        ),
        draft(
            page,
            f"What is the `{name}` option used for?",
            item.split(": ")[1],
            evidence=item,
            key=name,
            noun="option",
            fact=True,
            rule="list.term",
        ),
        draft(
            page,
            f"What is the {facts[0].split()[1]} of the {part} limited to?",
            facts[0],
            rule="sentence.limit",
        ),
    ]


def _said(chance: random.Random) -> str:
    return (
        f"{chance.choice(_TRAITS)} of the {chance.choice(_PARTS)} {chance.choice(_VERBS)}s the "
        f"{chance.choice(_TRAITS)} near the {chance.choice(_PLACES)} {chance.randint(10, 99)}"
    )
