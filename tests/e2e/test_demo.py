"""The main job on raw_docs with the embedded writer: what a user may rely on."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import RAW_DOCS, contents, lines, run

Row = dict[str, Any]  # plain JSON


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run on raw_docs; read only."""
    home = tmp_path_factory.mktemp("demo")
    done = run("build", RAW_DOCS, "-o", "run", cwd=home)
    assert done.returncode == 0, done.stderr
    return home / "run"


@pytest.fixture(scope="session")
def metas(demo: Path) -> list[Row]:
    return [row for name in ("train", "eval") for row in lines(demo / f"{name}.meta.jsonl")]


@pytest.fixture(scope="session")
def pairs(demo: Path) -> dict[str, Row]:
    return {row["id"]: row for row in lines(demo / "pairs.jsonl")}


def test_it_accepts_enough_pairs_of_every_sort(metas: list[Row]) -> None:
    kinds = {row["kind"] for row in metas if not row["answerable"]}

    assert len(metas) >= 250
    assert len(kinds) >= 5


@pytest.mark.parametrize(("split", "share"), [("train", 0.25), ("eval", 0.35)])
def test_the_unanswerable_share_holds_in_each_split(
    metas: list[Row], split: str, share: float
) -> None:
    own = [row for row in metas if row["split"] == split]
    unanswerable = sum(not row["answerable"] for row in own)

    assert own
    assert abs(unanswerable - share * len(own)) <= 1


def test_most_chunks_and_every_document_give_a_pair(
    demo: Path, pairs: dict[str, Row], metas: list[Row]
) -> None:
    chunks = {row["id"]: row for row in lines(demo / "chunks.jsonl")}
    usable = {row["chunk_id"] for row in lines(demo / "splits.jsonl") if row["use"]}
    draft = {row["id"]: row for row in lines(demo / "drafts.jsonl")}
    covered = {c for row in metas for c in draft[pairs[row["id"]]["draft_id"]]["chunk_ids"]}
    documents = {row["path"] for row in chunks.values()}
    near_duplicates = {"raw_docs/server/v4.4/backup-and-restore.md"}

    assert len(covered) >= 0.6 * len(usable)
    assert documents - {chunks[c]["path"] for c in covered} <= near_duplicates


def test_german_pages_give_german_pairs(metas: list[Row], pairs: dict[str, Row]) -> None:
    german = [row for row in metas if row["source"].startswith("raw_docs/de/")]

    assert len(german) >= 30
    assert {row["lang"] for row in german} == {"de"}
    words = re.findall(r"\w+", " ".join(pairs[row["id"]]["question"] for row in german).casefold())
    assert {"was", "wie"} & set(words)
    assert not {"what", "how", "which"} & set(words)


def test_no_question_opening_dominates(metas: list[Row], pairs: dict[str, Row]) -> None:
    openings = Counter(
        " ".join(pairs[row["id"]]["question"].casefold().split()[:2]) for row in metas
    )

    assert openings.most_common(1)[0][1] <= 0.2 * len(metas)


def test_every_quote_stands_in_its_passage_and_in_its_source(
    demo: Path, metas: list[Row], pairs: dict[str, Row]
) -> None:
    texts = {row["path"]: row["text"] for row in lines(demo / "documents.jsonl")}
    checked = 0
    for row in metas:
        pair = pairs[row["id"]]
        assert bool(row["evidence"]) == row["answerable"]
        for quote in row["evidence"]:
            passage = pair["passages"][quote["passage"]]
            assert passage["text"][quote["start"] : quote["end"]] == quote["quote"]
            assert passage["role"] == "gold"
            source = texts[quote["source"]]
            assert source[quote["source_start"] : quote["source_end"]] == quote["quote"]
            checked += 1

    assert checked >= 180


def test_no_passage_of_an_unanswerable_row_holds_its_twins_evidence(
    metas: list[Row], pairs: dict[str, Row]
) -> None:
    checked = 0
    for row in metas:
        if row["kind"] not in ("near_context", "missing_gold", "evidence_removed"):
            continue
        pair, twin = pairs[row["id"]], pairs[row["twin"]]
        assert pair["question"] == twin["question"]
        for quote in twin["evidence"]:
            for passage in pair["passages"]:
                assert quote["quote"] not in passage["text"]
                checked += 1

    assert checked > 50


def test_nothing_leaks_between_the_splits(demo: Path) -> None:
    import json

    report = json.loads((demo / "report.json").read_text(encoding="utf-8"))

    assert set(report["leakage"]) == {"groups", "documents", "passages", "contexts", "questions"}
    assert set(report["leakage"].values()) == {0}


def test_the_two_versions_of_a_page_are_in_one_split(demo: Path) -> None:
    groups = {row["doc_id"]: row["group"] for row in lines(demo / "splits.jsonl")}
    ids = {row["path"]: row["id"] for row in lines(demo / "documents.jsonl")}

    assert (
        groups[ids["raw_docs/server/backup-and-restore.md"]]
        == groups[ids["raw_docs/server/v4.4/backup-and-restore.md"]]
    )


def test_files_of_one_name_never_share_an_id(demo: Path) -> None:
    chunks = lines(demo / "chunks.jsonl")
    faqs = [row for row in chunks if row["path"].endswith("/faq.html")]

    assert len({row["doc_id"] for row in faqs}) == 3
    assert len({row["id"] for row in chunks}) == len(chunks)


def test_rows_are_messages_and_nothing_else_line_by_line_with_their_meta(
    demo: Path, pairs: dict[str, Row]
) -> None:
    for name in ("train", "eval"):
        data = (demo / f"{name}.jsonl").read_bytes()
        rows, meta = lines(demo / f"{name}.jsonl"), lines(demo / f"{name}.meta.jsonl")

        assert len(rows) == len(meta) == data.count(b"\n")
        assert not data.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in data
        for row, about in zip(rows, meta, strict=True):
            assert list(row) == ["messages"]
            roles = [message["role"] for message in row["messages"]]
            assert roles in (["system", "user", "assistant"], ["user", "assistant"])
            assert row["messages"][-1]["content"] == pairs[about["id"]]["answer"]
            assert pairs[about["id"]]["question"] in row["messages"][-2]["content"]


def test_every_reject_says_why_with_the_same_keys(demo: Path) -> None:
    rejects = lines(demo / "rejected.jsonl")

    assert rejects
    assert len({tuple(row) for row in rejects}) == 1
    assert all(row["reasons"] and row["reasons"][0]["message"] for row in rejects)


def test_skipped_files_are_named_with_a_reason(demo: Path) -> None:
    skipped = {row["path"]: row["reason"] for row in lines(demo / "skipped.jsonl")}

    assert skipped == {
        "raw_docs/cloud/placeholder.html": "empty",
        "raw_docs/logger/checksums.txt": "binary",
    }


def test_an_unchanged_rerun_writes_the_same_bytes_and_runs_no_stage(
    demo: Path, tmp_path: Path
) -> None:
    before = contents(demo)
    times = {file.name: file.stat().st_mtime_ns for file in demo.glob("*.jsonl")}

    again = run("build", RAW_DOCS, "-o", demo, "--json", cwd=demo.parent)

    assert again.returncode == 0
    assert '"stages_run": []' in again.stdout
    assert contents(demo) == before
    assert {file.name: file.stat().st_mtime_ns for file in demo.glob("*.jsonl")} == times


def test_two_runs_of_the_same_documents_are_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    other = run("build", RAW_DOCS, "-o", "run", cwd=tmp_path)

    assert other.returncode == 0
    assert contents(tmp_path / "run") == contents(demo)
