"""Pairs by hand, so that the tests of check read like the rows they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from builder.check import CHECKS, Facts, check_pair, check_set
from builder.config import CheckSettings
from builder.records import (
    Behaviour,
    Evidence,
    Finding,
    Origin,
    Pair,
    Passage,
    Role,
    Split,
    Verdict,
    make_id,
)

GATEWAY = (
    "## Memory\n\nThe gateway keeps readings for 30 days while it is offline. "
    "Set `buffer_days` to keep them longer.\n\n"
    "| Setting | Default | Meaning |\n| --- | --- | --- |\n"
    "| `buffer_days` | 30 | Days that readings are kept |\n"
    "| `port` | 8420 | Port of the web interface |\n\n"
    "- Weight: 250 g\n- Power: 12 V, 2 GB of memory\n"
)
ANSWER = "The gateway keeps readings for 30 days while it is offline."
QUESTION = "How long does the gateway keep readings while it is offline?"
REFUSAL = "The documents provided do not say."


def passage(text: str, *, role: Role = "gold", chunk: str = "", title: str = "Gateway") -> Passage:
    """A passage; its chunk's id comes from the text unless one is given."""
    cuts = ((0, 1),) if role == "reduced" else ()
    return Passage(chunk_id=chunk or make_id(text), role=role, title=title, text=text, cuts=cuts)


def answered(
    question: str = QUESTION,
    answer: str = ANSWER,
    *,
    quote: str | None = None,
    text: str = GATEWAY,
    name: str = "",
    lang: str = "en",
    split: Split = "train",
    behaviour: Behaviour = "answer",
    rule: str = "sentence.limit",
    chunk: str = "",
    title: str = "Gateway",
    others: Sequence[Passage] = (),
) -> Pair:
    """An answerable pair whose evidence is quote, or the answer where it stands in the text."""
    said = quote if quote is not None else answer if answer in text else text.split("\n")[2]
    start = text.find(said)
    return Pair(
        id=name or make_id(question, answer, text),
        draft_id=name or make_id(question, answer, text),
        type="factual",
        answerable=True,
        kind=None,
        behaviour=behaviour,
        lang=lang,
        split=split,
        question=question,
        answer=answer,
        evidence=(Evidence(passage=0, start=start, end=start + len(said), quote=said),),
        passages=(passage(text, chunk=chunk, title=title), *others),
        origin=Origin(writer="extractive", rule=rule),
    )


def refused(
    twin: Pair,
    kind: str = "missing_gold",
    *,
    answer: str = REFUSAL,
    question: str = "",
    edit: tuple[str, str] | None = None,
    passages: Sequence[Passage] = (),
    name: str = "",
) -> Pair:
    """An unanswerable pair made from an answerable one."""
    role: Role = "reduced" if kind == "evidence_removed" else "distractor"
    other = passage("The logger sends its readings every hour.", role=role, chunk=f"other {kind}")
    return replace(
        twin,
        id=name or make_id(twin.id, kind),
        answerable=False,
        kind=kind,
        behaviour="refuse",
        question=question or twin.question,
        answer=answer,
        evidence=(),
        passages=tuple(passages) or (other,),
        twin=twin.id,
        edit=edit,
    )


def findings(pair: Pair, *others: Pair, settings: CheckSettings | None = None) -> list[Finding]:
    """What all checks say of a pair; others can be its twin."""
    known = {other.id: other for other in others}
    facts = Facts(settings=settings or CheckSettings(), pair_of=known.get)
    return list(check_pair(pair, facts, CHECKS).findings)


def checks(pair: Pair, *others: Pair, settings: CheckSettings | None = None) -> list[str]:
    """The names of the checks that reject a pair."""
    found = findings(pair, *others, settings=settings)
    return [finding.check for finding in found if finding.action == "reject"]


def flags(pair: Pair) -> list[str]:
    """The names of the checks that flag a pair."""
    return [finding.check for finding in findings(pair) if finding.action == "flag"]


def accepted(pairs: Sequence[Pair]) -> list[Verdict]:
    """A good verdict on every pair."""
    return [Verdict(pair_id=pair.id, status="accepted") for pair in pairs]


def rejected_by(pairs: Sequence[Pair], settings: CheckSettings | None = None) -> dict[str, str]:
    """Pair id -> the set check that rejects it."""
    verdicts = check_set(pairs, accepted(pairs), settings=settings or CheckSettings(), seed=0)
    return {v.pair_id: v.findings[0].check for v in verdicts if v.status == "rejected"}
