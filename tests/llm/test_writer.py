"""The writer that asks a model: what it sends for a chunk, and what it makes of the replies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config import ModelSettings, WriteSettings
from builder.errors import SettingsError
from builder.llm import Replies, Reply, Request, Usage, ask
from builder.prompts import Prompts
from builder.records import Chunk, Draft, Failure
from builder.write.llm import Requests, write
from tests.documents import whole
from tests.endpoint import TYPES, good_model, passage_of, serve

MODEL = ModelSettings(name="small", base_url="http://127.0.0.1:9/v1")
SETTINGS = WriteSettings()
TEXT = (
    "Rill Gateway G1 stores readings for 30 days when it is offline. "
    "Set `buffer_days` in `/etc/rill/rill.toml` to change that.\n\n"
    "| Plan | History |\n| --- | --- |\n| Brook | 90 days |\n| River | unlimited |"
)
CHUNK = whole(TEXT, title="Rill Gateway")

Said = dict[str, Any]  # a reply in the shape of pairs.schema.json


def reply(**said: Any) -> Said:  # lists of entries
    return {"pairs": [], "unanswerable": [], "skipped": [], **said}


def pair(**values: Any) -> Said:  # fields of a pair
    return {
        "type": "factual",
        "evidence": ["Rill Gateway G1 stores readings for 30 days when it is offline."],
        "question": "How long does Rill Gateway G1 keep readings while it is offline?",
        "answer": "Rill Gateway G1 stores readings for 30 days.",
        **values,
    }


NEAR_MISS: Said = {
    "kind": "near_miss",
    "type": "factual",
    "about": "Rill Gateway G1",
    "attribute": "weight in grams",
    "question": "What is the weight in grams of Rill Gateway G1?",
}


def written(
    *replies: Said | Failure,
    chunks: tuple[Chunk, ...] = (CHUNK,),
    settings: WriteSettings = SETTINGS,
    model: ModelSettings = MODEL,
    prompts: Prompts | None = None,
) -> list[Draft | Failure]:
    """What the writer makes of the replies to its requests, one after the other."""

    def answer(requests: Iterable[Request]) -> Iterator[tuple[Request, Reply | Failure]]:
        for request, said in zip(requests, replies, strict=True):
            if isinstance(said, Failure):
                yield request, said
                continue
            text = json.dumps(said)
            whole_reply = Reply(
                key=request.key, text=text, finish_reason="stop", usage=Usage(), attempts=1
            )
            yield request, whole_reply

    return list(
        write(
            Requests(
                chunks,
                prompts=prompts or Prompts.find(None),
                settings=settings,
                model=model,
                seed=7,
            ),
            ask=answer,
        )
    )


def drafts(found: list[Draft | Failure]) -> list[Draft]:
    return [item for item in found if isinstance(item, Draft)]


def lost(found: list[Draft | Failure]) -> list[tuple[str, str]]:
    """Reason and detail of what was lost, without the types that nothing was said of."""
    return [
        (item.reason, item.detail)
        for item in found
        if isinstance(item, Failure) and item.reason != "missing_type"
    ]


def request_of(chunk: Chunk, **settings: Any) -> Request:  # of WriteSettings
    (request,) = (
        request
        for _, request in Requests(
            [chunk],
            prompts=Prompts.find(None),
            settings=WriteSettings(**settings),
            model=MODEL,
            seed=7,
        ).all()
    )
    return request


def prompt_of(chunk: Chunk, **settings: Any) -> str:  # of WriteSettings
    return request_of(chunk, **settings).messages[1].content


def test_good_reply_becomes_drafts_with_exact_evidence() -> None:
    row = pair(
        type="comparison",
        evidence=["| Brook | 90 days |", "| River | unlimited |"],
        question="How does the history of the plans Brook and River differ?",
        answer="Brook keeps 90 days, River is unlimited.",
    )
    skipped = [{"type": "procedural", "reason": "No steps."}]
    found = written(reply(pairs=[pair(), row], unanswerable=[NEAR_MISS], skipped=skipped))
    first, second, near_miss = drafts(found)

    assert [draft.type for draft in (first, second, near_miss)] == [
        "factual",
        "comparison",
        "factual",
    ]
    for draft in (first, second):
        assert (draft.kind, draft.behaviour, draft.lang) == (None, "answer", "en")
        assert all(TEXT[e.start : e.end] == e.quote for e in draft.evidence)
    assert [evidence.quote for evidence in second.evidence] == row["evidence"]
    assert (near_miss.kind, near_miss.behaviour) == ("near_miss", "refuse")
    assert (near_miss.answer, near_miss.evidence) == ("", ())
    assert (near_miss.key, near_miss.noun) == ("weight in grams", "Rill Gateway G1")
    assert near_miss.origin.rule == "near_miss"
    assert {draft.origin.writer for draft in drafts(found)} == {"llm"}
    assert {draft.origin.model for draft in drafts(found)} == {"small"}
    assert len({draft.id for draft in drafts(found)}) == 3


def test_skipped_types_are_known_losses_with_the_models_reason() -> None:
    skipped = [{"type": name, "reason": f"No {name}."} for name in (*TYPES, "near_miss")]
    found = written(reply(skipped=skipped))

    assert sorted(lost(found)) == sorted(
        ("skipped_type", f"{entry['type']}: No {entry['type']}.") for entry in skipped
    )
    assert not any(item.failed for item in found if isinstance(item, Failure))


def test_type_that_the_reply_passes_over_is_noted() -> None:
    found = written(reply(pairs=[pair()]))
    missing = [item.detail.partition(":")[0] for item in found if isinstance(item, Failure)]

    kinds = re.findall(r"(?m)^## (\w+):", request_of(CHUNK).messages[1].content)
    assert len(kinds) == 2
    assert sorted(missing) == sorted({*TYPES, "follow_up", *kinds} - {"factual"})


def test_failed_request_is_handed_on() -> None:
    failure = Failure(stage="write", key="k", chunk_id=CHUNK.id, reason="timeout")

    assert written(failure) == [failure]


ASKED = "How long does Rill Gateway G1 keep readings while it is offline?"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"evidence": ["The gateway stores readings for a month."]}, "quote_not_found"),
        ({"evidence": ["stores readings for 30 days", "and 3 hours"]}, "quote_not_found"),
        ({"evidence": ["Rill Gateway G1 ... offline."]}, "quote_not_found"),
        ({"evidence": []}, "no_evidence"),
        ({"evidence": ["", "  "]}, "no_evidence"),
        ({"answer": " \n"}, "empty"),
        ({"answer": "\u200b\x00"}, "empty"),
        ({"question": ""}, "empty"),
    ],
)
def test_pair_that_breaks_the_rules_is_lost_with_its_question(changes: Said, reason: str) -> None:
    found = written(reply(pairs=[pair(**changes)]))

    assert not drafts(found)
    ((said, detail),) = lost(found)
    assert said == reason
    assert changes.get("question", ASKED) in detail


@pytest.mark.parametrize(
    "quote",
    [
        "stores readings for 30 days",
        "  stores   readings\nfor 30 days ",
        '"stores readings for 30 days"',
        "„stores readings for 30 days“",
        "`buffer_days` in `/etc/rill/rill.toml`",
    ],
)
def test_quote_may_differ_in_blanks_and_quotation_marks(quote: str) -> None:
    (draft,) = drafts(written(reply(pairs=[pair(evidence=[quote])])))
    (evidence,) = draft.evidence

    assert TEXT[evidence.start : evidence.end] == evidence.quote
    assert evidence.quote in (
        "stores readings for 30 days",
        "`buffer_days` in `/etc/rill/rill.toml`",
    )


def test_repeated_questions_and_pairs_over_the_limit_are_lost() -> None:
    same = pair(question="how long does Rill Gateway G1  keep readings while it is offline?")
    others = [pair(question=f"Question {number} on Rill?") for number in range(3)]
    found = written(reply(pairs=[pair(), same, *others], unanswerable=[NEAR_MISS, NEAR_MISS]))

    assert [draft.question for draft in drafts(found)] == [
        ASKED,
        "Question 0 on Rill?",
        NEAR_MISS["question"],
    ]
    assert [reason for reason, _ in lost(found)] == [
        "duplicate",
        "over_limit",
        "over_limit",
        "duplicate",
    ]


def test_max_per_chunk_holds_over_all_samples_of_a_chunk() -> None:
    settings = WriteSettings(max_per_chunk=3)
    model = ModelSettings(name="small", base_url=MODEL.base_url, samples=2)
    samples = [
        reply(pairs=[pair(question=f"Sample {n}, number {k}?") for k in range(2)]) for n in range(2)
    ]
    found = written(*samples, settings=settings, model=model)

    assert len(drafts(found)) == 3
    assert [reason for reason, _ in lost(found)] == ["over_limit"]
    assert "At most 3 entries" in prompt_of(CHUNK, max_per_chunk=3)


def test_same_question_in_two_samples_has_two_ids() -> None:
    model = ModelSettings(name="small", base_url=MODEL.base_url, samples=2)
    first, second = drafts(written(*[reply(pairs=[pair()])] * 2, model=model))

    assert first.id != second.id


def test_invisible_characters_of_a_reply_are_dropped() -> None:
    wild = pair(
        question="What\x1b[2J is\nRill\u202e?", answer="A gateway\u200b.\r\n- one\x07\ud800"
    )
    (draft,) = drafts(written(reply(pairs=[wild])))

    assert (draft.question, draft.answer) == ("What[2J is Rill?", "A gateway.\n- one?")


def test_only_the_wanted_types_are_asked_for() -> None:
    request = request_of(CHUNK, types=("procedural", "factual"))
    system = request.messages[0].content
    types = json.loads(request.schema)["properties"]["pairs"]["items"]["properties"]["type"]

    assert types["enum"] == [
        "factual",
        "procedural",
        "false_premise",
        "two_part",
        "underspecified",
    ]
    assert "## procedural" in system
    assert "## comparison" not in system


def test_unknown_type_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="'factuel'") as caught:
        request_of(CHUNK, types=("factuel",))

    assert all(name in caught.value.hint for name in TYPES)


def test_new_type_is_a_new_file_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "prompts" / "questions"
    folder.mkdir(parents=True)
    (folder / "safety.md").write_text(
        '+++\nname = "safety"\ntitle = "A danger"\nmost = 3\n+++\nWhat may hurt the user.\n',
        encoding="utf-8",
    )
    prompts = Prompts.find(tmp_path)
    (request,) = (
        request
        for _, request in Requests(
            [CHUNK], prompts=prompts, settings=WriteSettings(), model=MODEL, seed=7
        ).all()
    )
    found = written(reply(pairs=[pair(type="safety")]), prompts=prompts)

    assert (
        "## safety: A danger (at most 3)\n\nWhat may hurt the user." in request.messages[0].content
    )
    assert "safety" in request.schema
    assert [draft.type for draft in drafts(found)] == ["safety"]


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("questions/odd.md", "What is odd?", "prompts/questions/odd.md"),
        ("questions/odd.md", '+++\nname = "odd"\nmost = "two"\n+++\nx', "`most`"),
        ("questions/odd.md", '+++\nname = "odd"\nbehaviour = "shout"\n+++\nx', "'shout'"),
        ("questions/odd.md", "+++\nname = \n+++\nx", "not valid TOML"),
        ("writer.md", "Write {questions}", "===== user ====="),
        ("writer.md", "Write {questions}\n===== user =====\nWell?", "{passage}"),
        ("schemas/pairs.schema.json", "{", "not valid JSON"),
        ("schemas/pairs.schema.json", '{"type": "object"}', "pairs"),
    ],
)
def test_prompt_file_that_is_not_right_is_named(
    tmp_path: Path, file: str, text: str, says: str
) -> None:
    (tmp_path / "prompts" / file).parent.mkdir(parents=True)
    (tmp_path / "prompts" / file).write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError) as caught:
        written(reply(), prompts=Prompts.find(tmp_path))

    assert says in caught.value.message
    assert caught.value.hint


def test_prompt_shows_product_title_section_and_language() -> None:
    chunk = Chunk(
        **{
            **{name: getattr(CHUNK, name) for name in Chunk.__slots__},
            "heading_path": ("Rill Gateway", "Power", "Power over\nEthernet"),
            "lang": "de",
        }
    )

    shown = prompt_of(chunk, product="Rill")

    assert "Product: Rill\nDocument: Rill Gateway\n" in shown
    assert "Section: Power > Power over Ethernet\nLanguage: de\n" in shown


def test_rules_are_the_same_for_every_chunk_so_that_servers_can_cache_them() -> None:
    chunks = [whole(f"Pump {number} runs.", path=f"{number}.md") for number in range(12)]
    requests = [
        request
        for _, request in Requests(
            chunks, prompts=Prompts.find(None), settings=WriteSettings(), model=MODEL, seed=7
        ).all()
    ]

    assert len({request.messages[0].content for request in requests}) == 1
    assert len({request.messages[1].content for request in requests}) == 12
    assert [request.chunk_id for request in requests] == [chunk.id for chunk in chunks]


@given(text=st.text(min_size=1).filter(str.strip))
def test_passage_cannot_close_its_own_tag(text: str) -> None:
    shown = prompt_of(whole(f"{text} </passage> {{asker}} {{source}} </passage-0>"))

    assert "</passage> {asker} {source} </passage-0>" in passage_of(shown)
    tag = shown.rpartition("between the ")[2].partition(" tags")[0]
    assert shown.count(f"<{tag}>") == shown.count(f"</{tag}>") == 1


@pytest.mark.parametrize(
    "token",
    [
        "<|im_end|>",
        "<|eot_id|>",
        "[INST]",
        "[/INST]",
        "</s>",
        "<<SYS>>",
        "<end_of_turn>",
        "</think>",
    ],
)
def test_passage_cannot_end_the_message_and_its_quotes_are_still_found(token: str) -> None:
    chunk = whole(f"The template ends with {token} in every chat.")
    shown = prompt_of(chunk)
    quoted = passage_of(shown)

    assert token not in shown
    (draft,) = drafts(written(reply(pairs=[pair(evidence=[quoted])]), chunks=(chunk,)))
    assert draft.evidence[0].quote == chunk.text


def test_asker_is_drawn_by_seed_and_varies() -> None:
    chunks = [whole(f"Pump {number} runs.", path=f"{number}.md") for number in range(30)]

    def askers(seed: int) -> list[str]:
        asked = (
            request
            for _, request in Requests(
                chunks, prompts=Prompts.find(None), settings=WriteSettings(), model=MODEL, seed=seed
            ).all()
        )
        said = [request.messages[1].content for request in asked]
        return [one.partition("The questions come from ")[2].partition(".")[0] for one in said]

    assert askers(1) == askers(1) != askers(2)
    assert len(set(askers(1))) >= 4


def test_one_request_per_chunk_over_a_real_socket(tmp_path: Path) -> None:
    texts = [
        f"The pump number {number} runs for at most {number + 3} hours without a break. "
        "After that the controller stops it for ten minutes to cool it down."
        for number in range(9)
    ]
    chunks = [whole(text, path=f"{number}.md") for number, text in enumerate(texts)]
    with serve(good_model) as endpoint, Replies(tmp_path / "replies.sqlite") as replies:
        model = ModelSettings(name="small", base_url=endpoint.url)
        runs = [
            list(
                write(
                    Requests(
                        chunks,
                        prompts=Prompts.find(None),
                        settings=WriteSettings(),
                        model=model,
                        seed=7,
                    ),
                    ask=lambda requests: ask(
                        requests, settings=model, replies=replies, api_key="no-key"
                    ),
                )
            )
            for _ in range(2)
        ]

        assert len(endpoint.requests) == 9
    assert runs[0] == runs[1]
    made = drafts(runs[0])
    assert [draft.chunk_ids[0] for draft in made if draft.kind] == [chunk.id for chunk in chunks]
    assert len(made) == 9 * 3
    assert len({draft.id for draft in made}) == len(made)
