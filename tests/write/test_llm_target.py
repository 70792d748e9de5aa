"""Forms of answers, languages, and asking until as many rows are there as are wanted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from builder.config import ModelSettings, TargetSettings, WriteSettings
from builder.errors import SettingsError
from builder.llm import Reply, Request
from builder.prompts import Prompts
from builder.records import Failure
from builder.store import read_records
from builder.write.llm import Requests, write
from tests.documents import whole
from tests.endpoint import Answer, Seen, chat, serve
from tests.write.llm_world import (
    ASK,
    BOTH,
    FACT,
    KEPT,
    LATER,
    MISS,
    PAGES,
    PREMISE,
    PRICE,
    RIVER,
    TWO_PART,
    Json,
    built,
    passages,
    said,
    told,
)

GATEWAY = said(FACT, LATER, PREMISE, TWO_PART, unanswerable=[MISS])


def test_citations_name_the_passages_of_the_row(tmp_path: Path) -> None:
    replies = {"gateway.md": GATEWAY, "plans.md": said(ASK)}
    found = told(tmp_path, replies, both=said(BOTH), settings={"write": {"answers": "citations"}})
    rows = {row["id"]: row for row in found.rows("train.meta.jsonl")}

    assert {pair.question for pair in found.accepted} >= {
        entry["question"] for entry in (FACT, LATER, BOTH, PREMISE, TWO_PART, ASK, MISS)
    }
    assert {row["mode"] for row in rows.values()} == {"citations"}
    for pair in found.accepted:
        gold = {n + 1: part.text for n, part in enumerate(pair.passages) if part.role == "gold"}
        cited = {int(mark) for mark in "123456789" if f"[{mark}]" in pair.answer}
        assert bool(cited) == (pair.behaviour not in {"refuse", "ask"})
        assert cited <= set(gold)
    both = found.pairs[BOTH["question"]]
    assert len({mark for mark in both.answer if mark in "12345"} & {"1", "2", "3", "4", "5"}) >= 2
    part = found.pairs[TWO_PART["question"]]
    assert part.answer.count("[") == 1
    assert part.answer.endswith("does not say how heavy its housing is.")
    assert "[" in found.pairs[LATER["question"]].history[1].content
    systems = [
        row["messages"][0]["content"]
        for row in found.rows("train.jsonl")
        if row["messages"][0]["role"] == "system"
    ]
    assert len(systems) == len(rows)
    assert all("in square brackets: [1]" in text for text in systems)
    serving = (found.folder / "serving.md").read_text(encoding="utf-8")
    assert "in square brackets: [1]" in serving


def test_quotes_follow_the_answer(tmp_path: Path) -> None:
    found = told(
        tmp_path, {"gateway.md": said(FACT, MISS and PREMISE)},
        settings={"write": {"answers": "quotes"}},
    )  # fmt: skip
    answer = found.pairs[FACT["question"]].answer

    assert found.reasons(FACT["question"]) == []
    assert answer == f"{KEPT}\n\n> {KEPT}"


SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "days": {"type": ["integer", "null"]}},
    "required": ["text", "days"],
    "additionalProperties": False,
}


def test_answers_as_json_follow_the_users_schema(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(SCHEMA), encoding="utf-8")
    good = {**FACT, "answer": {"text": KEPT, "days": 30}}
    wrong = {**FACT, "question": "How many days of readings does Rill Gateway G1 store offline?",
             "answer": {"text": KEPT, "days": 77}}  # fmt: skip
    settings = {"write": {"answers": "json", "answer_schema": str(file)}}
    found = told(
        tmp_path, {"gateway.md": said(good, wrong, unanswerable=[MISS])}, settings=settings
    )

    pair = found.pairs[FACT["question"]]
    assert found.reasons(FACT["question"]) == []
    assert json.loads(pair.answer) == {"text": KEPT, "days": 30}
    assert found.reasons(wrong["question"]) == ["grounding.number"]
    refused = found.pairs[MISS["question"]]
    assert found.reasons(MISS["question"]) == []
    assert list(json.loads(refused.answer)) == ["unanswerable"]


def test_an_answer_that_breaks_the_users_schema_is_a_failure(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(SCHEMA), encoding="utf-8")
    settings = {"write": {"answers": "json", "answer_schema": str(file)}}
    found = told(tmp_path, {"gateway.md": said(FACT)}, settings=settings)

    failed = [f for f in read_records(found.folder / "failures.jsonl", Failure) if f.failed]
    assert "schema" in {failure.reason for failure in failed}
    assert found.accepted == []


def test_a_schema_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    settings = {"write": {"answers": "json", "answer_schema": "nowhere.json"}}

    with pytest.raises(SettingsError, match=r"nowhere\.json"):
        told(tmp_path, {}, settings=settings)


def test_german_rows_over_an_english_page(tmp_path: Path) -> None:
    german = {
        **FACT,
        "question": "Wie lange speichert das Rill Gateway G1 Messwerte, wenn es offline ist?",
        "answer": "Das Rill Gateway G1 speichert Messwerte 30 Tage lang, wenn es offline ist.",
    }
    number = {**german, "question": "Für wie viele Tage speichert das Gateway G1 Messwerte?",
              "answer": "Das Gateway speichert sie für 44 Tage."}  # fmt: skip
    english = {**FACT, "type": "conceptual",
               "question": "How long are the readings of the gateway stored offline?"}  # fmt: skip
    miss = {**MISS, "question": "Welches Gewicht in Gramm hat das Rill Gateway G1?"}
    known = {**MISS, "attribute": "days of stored readings offline",
             "question": "Wie viele Tage bewahrt das Gateway seine Daten auf?"}  # fmt: skip
    found = told(
        tmp_path,
        {"gateway.md": said(german, number, english, unanswerable=[miss])},
        settings={"write": {"languages": ["de"]}},
    )

    pair = found.pairs[german["question"]]
    assert found.reasons(german["question"]) == found.reasons(miss["question"]) == []
    assert (pair.lang, pair.context_lang) == ("de", "en")
    assert found.reasons(number["question"]) == ["grounding.number"]
    assert found.reasons(english["question"]) == ["answer.language"]
    assert found.pairs[miss["question"]].answer
    assert {p.kind for p in found.accepted} == {None, "near_miss"}

    (tmp_path / "more").mkdir()
    more = told(
        tmp_path / "more",
        {"gateway.md": said(unanswerable=[known])},
        settings={"write": {"languages": ["de"]}},
    )
    assert more.reasons(known["question"]) == ["not_absent"]


def numbered(seen: Seen) -> Answer:
    """Another question on its page with each request, of two that hold and one that does not."""
    (shown,) = passages(seen)
    sentence = next(line for line in shown.split("\n\n")[1].split(". ") if line).rstrip(".") + "."
    title = shown.split("\n")[0].removeprefix("# ")
    number = int(seen.prompt.count("operator")) + len(seen.prompt) % 7
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
    fact = {
        "type": "factual",
        "evidence": [sentence],
        "question": f"What holds for {title} in the {words[number % 8]} place of all?",
        "answer": sentence,
    }
    bad = {**fact, "question": f"What is number {number} of {title} in its whole life?",
           "answer": f"It is {number + 7000}."}  # fmt: skip
    return chat(said(fact, bad))


WANTED: Json = {
    "write": {"two_chunks": 0.0},
    "target": {"pairs": 8, "round": 6, "samples": 5, "unanswerable": 0.0, "multi_turn": 0.0},
}


def test_it_asks_in_rounds_until_enough_rows_are_accepted(tmp_path: Path) -> None:
    with serve(numbered) as endpoint:
        found = built(tmp_path, endpoint, settings=WANTED)
        sent = len(endpoint.requests)
        again = built(tmp_path, endpoint, settings=WANTED)

        assert len(endpoint.requests) == sent
    assert len(found.accepted) == 8
    assert sent in (12, 18, 24)
    assert [p.id for p in again.accepted] == [p.id for p in found.accepted]
    assert found.rows("deficits.jsonl") == []
    assert "rejected" in {v["status"] for v in found.rows("verdicts.jsonl")}


def test_the_order_of_completion_changes_nothing(tmp_path: Path) -> None:
    def slow(seen: Seen) -> Answer:
        answer = numbered(seen)
        delay = (len(seen.prompt) * 7919 % 13) / 200
        return Answer(body=answer.body, delay_s=delay)

    made = []
    for name, reply, crew in (("one", numbered, 1), ("many", slow, 6)):
        (tmp_path / name).mkdir()
        with serve(reply) as endpoint:
            settings = {**WANTED, "model": {"label": "same"}}
            found = built(tmp_path / name, endpoint, concurrency=crew, settings=settings)
            files = ("drafts.jsonl", "pairs.jsonl", "verdicts.jsonl", "train.jsonl")
            made.append([(found.folder / file).read_bytes() for file in files])

    assert made[0] == made[1]


def test_what_cannot_be_reached_is_a_deficit_with_its_reason(tmp_path: Path) -> None:
    settings = {**WANTED, "target": {**WANTED["target"], "pairs": 500, "types": ["numeric=0.5"]}}
    with serve(numbered) as endpoint:
        found = built(tmp_path, endpoint, settings=settings)
        seen = Counter(seen.prompt for seen in endpoint.requests)

    assert sum(seen.values()) == 5 * len(PAGES)
    deficits = {row["what"]: row for row in found.rows("deficits.jsonl")}
    assert deficits["target.pairs"]["asked"] == 500
    assert deficits["target.pairs"]["got"] == len(found.accepted)
    assert "most often by grounding." in deficits["target.pairs"]["reason"]
    assert deficits["target.types numeric"]["reason"].startswith("0 written")


def test_a_spent_budget_ends_the_asking_after_its_round() -> None:
    chunks = [whole(f"Pump {n} runs well.", path=f"{n}.md") for n in range(10)]
    asked: list[str] = []

    def ask(requests: Iterable[Request]) -> Iterator[tuple[Request, Reply | Failure]]:
        for request in requests:
            asked.append(request.key)
            yield (
                request,
                Failure(stage="write", key=request.key, chunk_id=request.chunk_id, reason="budget"),
            )

    found = list(
        write(
            Requests(
                chunks,
                prompts=Prompts.find(None),
                settings=WriteSettings(),
                model=ModelSettings(name="m", base_url="http://127.0.0.1:9/v1"),
                seed=0,
                target=TargetSettings(pairs=99, round=4),
            ),
            ask=ask,
            missing=lambda drafts: 99,
        )
    )

    assert len(found) == len(asked) == 4


def test_shares_of_types_and_of_conversations_are_held(tmp_path: Path) -> None:
    replies = {
        "gateway.md": said(FACT, LATER),
        "plans.md": said({**FACT, "type": "comparison", "evidence": [RIVER], "answer": RIVER,
                          "question": "How long does the River plan keep the history?"}),
        "prices.md": said({**FACT, "type": "comparison", "evidence": [PRICE], "answer": PRICE,
                           "question": "What does the River plan of Rill cost per month?"}),
    }  # fmt: skip
    shares = {"types": ["comparison=0.4"], "multi_turn": 0.0, "unanswerable": 0.0}
    found = told(tmp_path, replies, settings={"target": shares})

    assert {pair.type for pair in found.accepted} == {"factual", "comparison"}
    assert Counter(pair.type for pair in found.accepted)["comparison"] == 1
    assert not any(pair.history for pair in found.accepted)


def test_a_share_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="types"):
        told(tmp_path, {}, settings={"target": {"types": ["factual"]}})
