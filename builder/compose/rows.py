"""Drafts -> pairs: the passages of every row, and the unanswerable rows beside the answerable."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from builder.compose.absence import holds_answer, mentions, telling
from builder.compose.answers import cited, dressed, json_refusal, plain_words
from builder.compose.library import Library
from builder.compose.mixture import Offer, chosen, wanted
from builder.compose.refusals import Pool, Refusals, refusal, sole_identifier
from builder.compose.unanswerable import (
    LOOKED_AT,
    UNANSWERABLE,
    Case,
    Made,
    in_order,
    unlike,
)
from builder.compose.written import fault_of, treats
from builder.config import RowSettings, TargetSettings
from builder.errors import IntegrityError
from builder.records import (
    AnswerMode,
    Assignment,
    Chunk,
    Draft,
    Evidence,
    Failure,
    Pair,
    Passage,
    Split,
    make_id,
)
from builder.text import fold

ANSWERABLE = "answerable"
AFTER_A_TURN = "evidence_removed"  # the kind that leaves the earlier turn true

Sizer = Callable[[Pair], int]  # tokens of the whole rendered row


def compose(
    drafts: Sequence[Draft],
    chunks: Mapping[str, Chunk],
    assignments: Mapping[str, Assignment],
    *,
    seed: int,
    rows: RowSettings,
    target: TargetSettings,
    size_row: Sizer,
    refusals: Refusals,
    answers: AnswerMode = "plain",
) -> Iterator[Pair | Failure]:
    """The rows of every draft, in the order of the drafts: the answerable, then the others.

    chunks and assignments by chunk id. Of the unanswerable rows that can be made, about 1.5 times
    the target share of each split are, at most two of one draft. Raises IntegrityError when a
    draft's evidence is not in its chunk.

    answers: the form of all answers, see Pair.mode.
    """
    library = Library(chunks, assignments, drafts)
    composer = _Composer(library, str(seed), rows, size_row, refusals, answers)
    plan = composer.plan(drafts, target)
    yield from composer.languages_without_refusals(drafts)
    for draft in drafts:
        yield from composer.rows_of(draft, plan)


class _Composer:
    def __init__(
        self,
        library: Library,
        seed: str,
        rows: RowSettings,
        size_row: Sizer,
        refusals: Refusals,
        answers: AnswerMode,
    ) -> None:
        self._library = library
        self._seed = seed
        self._rows = rows
        self._size_row = size_row
        self._refusals = refusals
        self._answers = answers
        self._cases: dict[str, Case | Failure] = {}

    def plan(self, drafts: Sequence[Draft], target: TargetSettings) -> set[tuple[str, str]]:
        """Which unanswerable rows to make, as (draft id, kind)."""
        offers: dict[Split, list[Offer]] = defaultdict(list)
        rules: dict[Split, Counter[str]] = defaultdict(Counter)
        for draft in drafts:
            if draft.kind is not None:
                continue
            case = self._cases[draft.id] = self._case(draft)
            if isinstance(case, Case):
                rules[case.pair.split][draft.origin.rule] += 1
                offers[case.pair.split].extend(self._offers(case))
        plan: set[tuple[str, str]] = set()
        for split in sorted(rules):
            share = target.unanswerable if split == "train" else target.unanswerable_eval
            number = wanted(rules[split].total(), share)
            plan |= chosen(offers[split], number, rules=rules[split], seed=self._seed)
        return plan

    def rows_of(self, draft: Draft, plan: set[tuple[str, str]]) -> Iterator[Pair | Failure]:
        if draft.kind is not None:
            yield self._written(draft)
            return
        case = self._cases.pop(draft.id)
        if isinstance(case, Failure):
            yield case
            return
        yield case.pair
        for kind in UNANSWERABLE:
            if (draft.id, kind) in plan:
                yield from self._unanswerable(case, kind)

    def languages_without_refusals(self, drafts: Sequence[Draft]) -> Iterator[Failure]:
        for lang in sorted({draft.lang for draft in drafts} - self._refusals.keys()):
            yield Failure(
                stage="compose",
                key=lang,
                chunk_id="",
                reason="no_refusals",
                detail=f"no prompts/refusals/{lang}.toml, so {lang} gets no unanswerable rows",
            )

    def _offers(self, case: Case) -> Iterator[Offer]:
        if case.draft.lang not in self._refusals or self._foreign(case.draft):
            return  # what another language asks, no search for its words can find
        for kind, make in UNANSWERABLE.items():
            if case.draft.history and kind != AFTER_A_TURN:
                continue
            made = make(case)
            if made:
                text = make_id(case.gold.id, fold(made.question))
                yield Offer(
                    draft_id=case.draft.id, rule=case.draft.origin.rule, kind=kind, text=text
                )

    def _case(self, draft: Draft) -> Case | Failure:
        """The answerable row of a draft with what its unanswerable rows are made from."""
        unused = [chunk_id for chunk_id in draft.chunk_ids if chunk_id not in self._library.chunks]
        if unused:
            return _failure(draft, "unused_chunk", "its chunk enters no row", failed=False)
        self._check_evidence(draft)
        near = self._near(draft)
        gold = tuple(self._library.passage(chunk_id, gold=True) for chunk_id in draft.chunk_ids)
        pair = self._fitting(self._pair(draft, (*gold, *self._distractors(draft, near))), draft)
        if pair is None:
            return _failure(
                draft, "too_long", f"its passage alone is over {self._rows.max_tokens} tokens"
            )
        return Case(
            draft=draft,
            pair=pair,
            near=near,
            siblings=self._library.siblings(draft),
            library=self._library,
            seed=self._seed,
        )

    def _check_evidence(self, draft: Draft) -> None:
        for evidence in draft.evidence:
            chunk = self._library.chunks[draft.chunk_ids[evidence.passage]]
            if chunk.text[evidence.start : evidence.end] != evidence.quote:
                raise IntegrityError(
                    f"draft {draft.id}: chunk {chunk.id} lacks its evidence at {evidence.start}",
                    "The drafts belong to other chunks; build again with --fresh.",
                )

    def _near(self, draft: Draft) -> tuple[str, ...]:
        """The chunks nearest to the question and its gold text, best first."""
        gold = " ".join(self._library.chunks[chunk_id].text for chunk_id in draft.chunk_ids)
        found = self._library.shelf_of(draft).index.nearest(
            f"{telling(draft.question)} {gold}", LOOKED_AT
        )
        return tuple(chunk_id for chunk_id, _ in found if chunk_id not in draft.chunk_ids)

    def _distractors(self, draft: Draft, near: Sequence[str]) -> list[Passage]:
        number = self._number_of_distractors(draft)
        quotes = [evidence.quote for evidence in draft.evidence]
        weights = self._library.weights_of(draft)
        said = plain_words(draft.answer, self._answers)
        passages: list[Passage] = []
        for chunk_id in unlike(near, draft.chunk_ids, self._library):
            if len(passages) == number:
                break
            passage = self._library.passage(chunk_id)
            if not holds_answer(draft.question, said, quotes, passage, weights=weights):
                passages.append(passage)
        return passages

    def _number_of_distractors(self, draft: Draft) -> int:
        chance = random.Random(make_id(self._seed, draft.id, "passages"))
        return chance.randint(0, self._rows.max_distractors)

    def _pair(self, draft: Draft, passages: tuple[Passage, ...]) -> Pair:
        """The answerable row; its passages are still in the order of likeness."""
        return Pair(
            id=make_id("pair", draft.id, ANSWERABLE),
            draft_id=draft.id,
            type=draft.type,
            answerable=True,
            kind=None,
            behaviour=draft.behaviour,
            lang=draft.lang,
            split=self._library.split_of(draft),
            question=draft.question,
            answer=draft.answer,
            evidence=(),
            passages=passages,
            origin=draft.origin,
            history=draft.history,
            mode=self._answers,
            context_lang=self._foreign(draft),
        )

    def _foreign(self, draft: Draft) -> str:
        """The language of the draft's chunk where it writes in another, else ""."""
        lang = self._library.chunks[draft.chunk_ids[0]].lang
        return "" if lang == draft.lang else lang

    def _fitting(self, pair: Pair, draft: Draft) -> Pair | None:
        """The row without the distractors that do not fit, in its final order."""
        kept = len(draft.chunk_ids) if draft.evidence else 1
        while self._size_row(_dressed(draft, pair)) > self._rows.max_tokens:
            if len(pair.passages) <= kept:
                return None
            pair = replace(pair, passages=pair.passages[:-1])
        purpose = pair.kind or ANSWERABLE
        pair = replace(pair, passages=in_order(pair.passages, f"{self._seed} {draft.id}", purpose))
        return _dressed(draft, pair)

    def _unanswerable(self, case: Case, kind: str) -> Iterator[Pair]:
        pool = self._refusals.get(case.draft.lang)
        made = UNANSWERABLE[kind](case) if pool else None
        if pool and made:
            pair = self._refused(case.draft, kind, made, pool, twin=case.pair.id)
            fitting = self._fitting(pair, case.draft)
            if fitting is not None:
                yield fitting

    def _refused(
        self, draft: Draft, kind: str, made: Made, pool: Pool, *, twin: str | None
    ) -> Pair:
        key = made.key or sole_identifier(made.question)
        reply = refusal(
            made.question,
            pool,
            random.Random(make_id(self._seed, draft.id, kind, "refusal")),
            key=key,
            noun=draft.noun,
            mentioned=any(mentions(passage, key) for passage in made.passages),
        )
        return Pair(
            id=make_id("pair", draft.id, kind),
            draft_id=draft.id,
            type=draft.type,
            answerable=False,
            kind=kind,
            behaviour="refuse",
            lang=draft.lang,
            split=self._library.split_of(draft),
            question=made.question,
            answer=reply,
            evidence=(),
            passages=made.passages,
            origin=draft.origin,
            history=draft.history,
            twin=twin,
            edit=made.edit,
            mode=self._answers,
            context_lang=self._foreign(draft),
        )

    def _written(self, draft: Draft) -> Pair | Failure:
        """The row of a question that a model wrote to have no plain answer."""
        pool = self._refusals.get(draft.lang)
        if pool is None and draft.behaviour == "refuse":
            return _failure(draft, "no_refusals", f"no prompts/refusals/{draft.lang}.toml")
        if any(chunk_id not in self._library.chunks for chunk_id in draft.chunk_ids):
            return _failure(draft, "unused_chunk", "its chunk enters no row", failed=False)
        self._check_evidence(draft)
        if fault := fault_of(draft, self._library):
            return _failure(draft, *fault, failed=False)
        gold = [self._library.passage(chunk_id, gold=True) for chunk_id in draft.chunk_ids]
        others = (
            self._library.passage(chunk_id)
            for chunk_id in unlike(self._near(draft), draft.chunk_ids, self._library)
        )
        kept = [passage for passage in others if not treats(draft, passage, self._library)]
        passages = (*gold, *kept[: self._number_of_distractors(draft)])
        if pool and draft.behaviour == "refuse":
            made = Made(question=draft.question, passages=passages, key=draft.key)
            pair = self._refused(draft, draft.kind or "near_miss", made, pool, twin=None)
        else:
            kind = draft.kind or draft.behaviour
            pair = self._pair(draft, passages)
            pair = replace(pair, id=make_id("pair", draft.id, kind), answerable=False, kind=kind)
        fitting = self._fitting(pair, draft)
        return fitting or _failure(draft, "too_long", "its passage alone is over the row's budget")


def _dressed(draft: Draft, pair: Pair) -> Pair:
    """The pair with its evidence where its passages stand now, its answer in the form of its mode.

    Its answer is still a plain one, or dressed by an earlier call.
    """
    home = [n for n, part in enumerate(pair.passages) if part.chunk_id == draft.chunk_ids[0]]
    history = tuple(
        replace(turn, content=cited(turn.content, pair, home)) if turn.role == "assistant" else turn
        for turn in draft.history
    )
    if pair.behaviour == "refuse":
        reply = json_refusal(pair.answer) if pair.mode == "json" else pair.answer
        return replace(pair, answer=reply, history=history)
    pair = replace(pair, evidence=_placed(draft, pair), history=history)
    return replace(pair, answer=dressed(draft.answer, pair))


def _placed(draft: Draft, pair: Pair) -> tuple[Evidence, ...]:
    """The draft's evidence in the row; ordering and dropping distractors moves it."""
    position = {passage.chunk_id: n for n, passage in enumerate(pair.passages)}
    return tuple(
        replace(evidence, passage=position[draft.chunk_ids[evidence.passage]])
        for evidence in draft.evidence
    )


def _failure(draft: Draft, reason: str, detail: str, *, failed: bool = True) -> Failure:
    return Failure(
        stage="compose",
        key=draft.id,
        chunk_id=draft.chunk_ids[0],
        reason=reason,
        detail=detail,
        failed=failed,
    )
