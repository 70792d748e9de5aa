"""Every prompt as it is sent, in golden files, and what of it is drawn by seed.

python -m tests.write.test_llm_prompts    # writes the golden files anew; then read the difference
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from builder.config import ModelSettings, TargetSettings, WriteSettings
from builder.errors import SettingsError
from builder.llm import Reply, Request, Usage
from builder.prompts import Prompts
from builder.records import Chunk, Draft, Failure
from builder.write.llm import Requests, write
from tests.documents import whole

GOLDEN = Path(__file__).parent.parent / "golden"
MODEL = ModelSettings(name="small", base_url="http://127.0.0.1:9/v1")
PROMPTS = Prompts.find(None)
ENGLISH = whole(
    "Rill Gateway G1 stores readings for 30 days when it is offline. "
    "Set `buffer_days` in `/etc/rill/rill.toml` to change that.\n\n"
    "| Plan | History |\n| --- | --- |\n| Brook | 90 days |\n| River | unlimited |",
    title="Rill Gateway",
)
SECOND = whole(
    "The River plan costs 12 euros per month. `buffer_days` can be at most 60 on the Brook plan.",
    path="docs/prices.md",
    title="Rill prices",
)
GERMAN = whole(
    "Das Gateway G1 speichert Messwerte 30 Tage lang, wenn es offline ist.",
    path="docs/gateway.de.md",
    title="Rill Gateway",
    lang="de",
)
ANSWER = '{"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}'
CASES: dict[str, tuple[Chunk, dict[str, Any], str]] = {  # chunk, settings, schema of the answers
    "writer": (ENGLISH, {}, ""),
    "writer_de": (GERMAN, {}, ""),
    "writer_in_german": (ENGLISH, {"languages": ("de",)}, ""),
    "writer_quotes": (ENGLISH, {"answers": "quotes"}, ""),
    "writer_json": (ENGLISH, {"answers": "json"}, ANSWER),
}


def shown(request: Request) -> str:
    said = [f"[{message.role}]\n{message.content}\n" for message in request.messages]
    return "\n".join([*said, f"[schema]\n{json.dumps(json.loads(request.schema), indent=1)}\n"])


def asked(chunk: Chunk, *, answer_schema: str = "", **settings: Any) -> list[Request]:
    """The requests about one chunk; settings are those of [write]."""
    return [
        request
        for _, request in Requests(
            [chunk],
            prompts=PROMPTS,
            settings=WriteSettings(**settings),
            model=MODEL,
            seed=7,
            answer_schema=answer_schema,
        ).all()
    ]


def about_two(lang: str = "source") -> Request:
    *_, last = (
        request
        for _, request in Requests(
            [ENGLISH, SECOND],
            prompts=PROMPTS,
            settings=WriteSettings(two_chunks=1.0, languages=(lang,)),
            model=MODEL,
            seed=7,
            splits={ENGLISH.id: "train", SECOND.id: "train"},
        ).all()
    )
    return last


def texts() -> dict[str, str]:
    """What every golden file should hold."""
    found = {}
    for name, (chunk, settings, schema) in CASES.items():
        (request,) = asked(chunk, answer_schema=schema, **settings)
        found[name] = shown(request)
    found["kinds"] = "\n\n".join(
        asked(ENGLISH, kinds=(name.split("/")[1].removesuffix(".md"),))[0].messages[1].content
        for name in PROMPTS.names("unanswerable")
    )
    found["two_chunks"] = shown(about_two())
    found["two_chunks_in_german"] = shown(about_two("de"))
    return found


@pytest.mark.parametrize("name", [*CASES, "kinds", "two_chunks", "two_chunks_in_german"])
def test_prompt_is_as_it_was_read_and_approved(name: str) -> None:
    assert texts()[name] == (GOLDEN / f"prompt_{name}.txt").read_text(encoding="utf-8")


def test_another_form_of_answers_asks_for_nothing_anew() -> None:
    assert [r.key for r in asked(ENGLISH)] == [r.key for r in asked(ENGLISH, answers="citations")]


def test_every_prompt_file_is_in_a_golden_file() -> None:
    said = "\n".join(texts().values())
    files = [
        name
        for folder in ("questions", "unanswerable", "answers", "examples", "examples/two_chunks")
        for name in PROMPTS.names(folder)
    ]

    assert len(files) >= 18
    for name in files:
        body = PROMPTS.text(name).split("+++\n")[-1].strip()
        assert body in said, name


@pytest.mark.parametrize("lang", ["en", "de"])
@pytest.mark.parametrize("folder", ["examples", "examples/two_chunks"])
def test_the_worked_example_keeps_our_own_rules(lang: str, folder: str) -> None:
    text = PROMPTS.text(f"{folder}/{lang}.md")
    before, _, reply = text.partition("Reply:\n\n")
    passages = [part.strip() for part in before.split("assage:\n\n")[1:]]
    chunks = [
        whole(part.removesuffix("Second p").strip(), path=f"{n}.md", lang=lang)
        for n, part in enumerate(passages)
    ]

    def ask(requests: Any) -> Any:  # as llm.ask
        for request in requests:
            two = "<second-" in request.messages[1].content
            mine = (
                reply
                if two == (len(chunks) > 1)
                else json.dumps({"pairs": [], "unanswerable": [], "skipped": []})
            )
            yield (
                request,
                Reply(key=request.key, text=mine, finish_reason="stop", usage=Usage(), attempts=1),
            )

    found = list(
        write(
            Requests(
                chunks,
                prompts=PROMPTS,
                settings=WriteSettings(two_chunks=1.0),
                model=MODEL,
                seed=7,
                splits={chunk.id: "train" for chunk in chunks},
            ),
            ask=ask,
        )
    )
    said = json.loads(reply)

    kept = [item for item in found if isinstance(item, Draft)]
    assert len(kept) == len(said["pairs"]) + len(said["unanswerable"])
    lost = [item for item in found if isinstance(item, Failure)]
    assert {item.reason for item in lost} <= {"skipped_type", "missing_type"}


def test_the_style_of_a_request_is_drawn_by_seed_and_changes_with_the_sample() -> None:
    chunks = [whole(f"Pump {n} runs.", path=f"{n}.md") for n in range(40)]

    def styles(seed: int, samples: int) -> list[str]:
        tasks = Requests(
            chunks,
            prompts=PROMPTS,
            settings=WriteSettings(),
            model=ModelSettings(name="small", base_url=MODEL.base_url, samples=samples),
            seed=seed,
        ).all()
        said = [request.messages[1].content for _, request in tasks]
        return [text.partition("The questions come from ")[2].split("\n")[0] for text in said]

    assert styles(1, 1) == styles(1, 1) != styles(2, 1)
    assert len(set(styles(1, 1))) > 20
    both = styles(1, 2)
    assert sum(both[n] != both[n + 1] for n in range(0, len(both), 2)) > 30


def test_kinds_take_turns_over_the_samples() -> None:
    model = ModelSettings(name="small", base_url=MODEL.base_url, samples=8)
    tasks = Requests(
        [ENGLISH], prompts=PROMPTS, settings=WriteSettings(), model=model, seed=7
    ).all()
    kinds = [task.kinds for task, _ in tasks]

    assert all(len(both) == 2 for both in kinds)
    assert {name for both in kinds for name in both} == {
        "near_miss",
        "out_of_scope",
        "false_premise",
        "two_part",
        "underspecified",
    }


def test_languages_take_turns_over_the_samples() -> None:
    model = ModelSettings(name="small", base_url=MODEL.base_url, samples=4)
    settings = WriteSettings(languages=("source", "de", "fr"))
    tasks = list(Requests([ENGLISH], prompts=PROMPTS, settings=settings, model=model, seed=7).all())

    assert {task.lang for task, _ in tasks} == {"en", "de", "fr"}
    french = next(request for task, request in tasks if task.lang == "fr")
    assert "Write questions and answers in French. Quotes" in french.messages[1].content


def test_no_follow_ups_are_asked_for_when_none_are_wanted() -> None:
    def said(target: TargetSettings) -> str:
        ((_, request),) = Requests(
            [ENGLISH], prompts=PROMPTS, settings=WriteSettings(), model=MODEL, seed=7, target=target
        ).all()
        return request.messages[0].content

    assert "## follow_up" in said(TargetSettings())
    assert "## follow_up" not in said(TargetSettings(multi_turn=0.0))


def test_nothing_unanswerable_is_asked_for_when_none_is_wanted() -> None:
    target = TargetSettings(unanswerable=0.0, unanswerable_eval=0.0)
    ((task, request),) = Requests(
        [ENGLISH], prompts=PROMPTS, settings=WriteSettings(), model=MODEL, seed=7, target=target
    ).all()

    assert task.kinds == ()
    assert "Write these on top" not in request.messages[1].content
    assert "\n\n\n" not in request.messages[1].content


def test_a_longer_chunk_is_asked_for_more_pairs() -> None:
    short, long = whole("Pump one runs."), whole("Pump one runs well. " * 100)

    def limit(chunk: Chunk, **settings: Any) -> str:
        (request,) = asked(chunk, **settings)
        return request.messages[1].content.partition("At most ")[2].split()[0]

    assert (limit(short), limit(long)) == ("3", "6")
    assert limit(long, max_per_chunk=2) == "2"


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ("{", "not valid JSON"),
        ('{"type": "array"}', "object"),
        ('{"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}}', "$ref"),
    ],
)
def test_a_schema_of_answers_that_cannot_be_used_is_refused(schema: str, says: str) -> None:
    with pytest.raises(SettingsError, match="answer_schema") as caught:
        asked(ENGLISH, answers="json", answer_schema=schema)

    assert says in caught.value.message


if __name__ == "__main__":
    for file_name, content in texts().items():
        (GOLDEN / f"prompt_{file_name}.txt").write_text(content, encoding="utf-8")
