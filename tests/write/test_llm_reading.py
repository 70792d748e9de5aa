"""Whatever a model writes in the form of the schema: drafts with true evidence, or a reason."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from builder.config import ModelSettings, WriteSettings
from builder.llm import Reply, Request, Usage
from builder.prompts import Prompts
from builder.records import Draft, Failure
from builder.write.llm import Requests, write
from tests.documents import whole

PROMPTS = Prompts.find(None)
MODEL = ModelSettings(name="small", base_url="http://127.0.0.1:9/v1")
ONE = whole("Pump P1 runs for 40 minutes. It then rests.\n\n- `C7`: empty tank", path="one.md")
TWO = whole("Pump P1 costs 12 euros. Code `C7` is cleared by Start.", path="two.md")
IN_PAIRS = (
    "factual conceptual procedural comparison numeric troubleshooting multi_fact yes_no follow_up "
    "two_chunks false_premise two_part underspecified"
).split()

words = st.one_of(
    st.sampled_from(["", " ", "Yes.", "How long?", "40 minutes", "\x00\u200b", "<|im_end|>"]),
    st.text(max_size=20),
)
cuts = st.tuples(st.sampled_from([ONE.text, TWO.text]), st.integers(0, 40), st.integers(1, 30))
quotes = st.lists(
    st.one_of(words, cuts.map(lambda cut: cut[0][cut[1] : cut[1] + cut[2]])), max_size=3
)
pairs = st.fixed_dictionaries(
    {
        "type": st.sampled_from([name for name in IN_PAIRS if name != "two_chunks"]),
        "evidence": quotes,
        "question": words,
        "answer": words,
    }
)
refused = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["near_miss", "out_of_scope"]),
        "type": st.sampled_from(["factual", "numeric"]),
        "about": words,
        "attribute": words,
        "question": words,
    }
)
skipped = st.fixed_dictionaries({"type": st.sampled_from(IN_PAIRS[:5]), "reason": words})
replies = st.fixed_dictionaries(
    {
        "pairs": st.lists(pairs, max_size=5),
        "unanswerable": st.lists(refused, max_size=3),
        "skipped": st.lists(skipped, max_size=3),
    }
)


@given(said=replies)
def test_any_reply_gives_drafts_with_true_evidence_or_reasons(said: dict[str, Any]) -> None:
    schemas: list[str] = []

    def ask(requests: Iterable[Request]) -> Iterator[tuple[Request, Reply | Failure]]:
        for request in requests:
            schemas.append(request.schema)
            yield (
                request,
                Reply(
                    key=request.key,
                    text=json.dumps(said),
                    finish_reason="stop",
                    usage=Usage(),
                    attempts=1,
                ),
            )

    found = list(
        write(
            Requests(
                [ONE, TWO],
                prompts=PROMPTS,
                settings=WriteSettings(two_chunks=1.0),
                model=MODEL,
                seed=1,
                splits={ONE.id: "train", TWO.id: "train"},
            ),
            ask=ask,
        )
    )

    entries = len(said["pairs"]) + len(said["unanswerable"])
    texts = {chunk.id: chunk.text for chunk in (ONE, TWO)}
    drafts = [item for item in found if isinstance(item, Draft)]
    lost = [item for item in found if isinstance(item, Failure)]
    assert len(drafts) + len(lost) >= entries * len(schemas)
    assert not any(failure.failed for failure in lost)
    assert all(failure.reason and failure.detail for failure in lost)
    for draft in drafts:
        assert draft.question.strip() == draft.question != ""
        assert bool(draft.evidence) == (draft.behaviour != "refuse") == bool(draft.answer)
        for quote in draft.evidence:
            text = texts[draft.chunk_ids[quote.passage]]
            assert text[quote.start : quote.end] == quote.quote
    for schema in set(schemas):
        assert not list(Draft202012Validator(json.loads(schema)).iter_errors(said))
