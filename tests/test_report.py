"""The report: numbers of a run for programs, for people and for the end of a build."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.cells import cell_len

from builder import report
from builder.cli import main
from builder.records import Failure, Skipped
from builder.report.page import markdown, percent
from tests.runs import MadeRun, flagged, handbook, rejected

GOLDEN = Path(__file__).parent / "golden" / "report.md"


@pytest.fixture
def made(tmp_path: Path) -> MadeRun:
    return handbook(tmp_path / "made")


def test_the_report_reads_as_it_did(made: MadeRun) -> None:
    report.write(made.write())

    assert (made.folder / "report.md").read_text("utf-8") == GOLDEN.read_text("utf-8")


def test_both_files_tell_the_same_numbers(made: MadeRun) -> None:
    report.write(made.write())
    written = json.loads((made.folder / "report.json").read_text("utf-8"))

    assert written == report.report(made.folder)
    assert markdown(written) == (made.folder / "report.md").read_text("utf-8")


def test_nothing_is_lost_between_files_and_rows(made: MadeRun) -> None:
    funnel = report.report(made.write())["funnel"]

    assert funnel["files"] == funnel["documents"] + funnel["skipped"] == 8
    assert funnel["pairs"] == 7
    assert funnel["accepted"] + funnel["rejected"] + funnel["surplus"] == funnel["pairs"]
    assert funnel["train"] + funnel["eval"] == funnel["accepted"]


def test_a_pair_with_two_reasons_counts_for_both_and_alone_for_none(made: MadeRun) -> None:
    page = made.chunks[made.assignments[0].chunk_id]
    made.pair(page, "Is 4 right?", "4 bar.", rejected("grounding.number"), status="rejected")
    made.pair(
        page,
        "Is 5 right?",
        "5 bar.",
        flagged("injection"),
        flagged("select.opening"),
        status="surplus",
    )
    found = report.report(made.write())

    assert found["rejected"] == [
        {"check": "grounding.number", "pairs": 2, "alone": 1},
        {"check": "grounding.containment", "pairs": 1, "alone": 0},
    ]
    assert found["surplus"] == [{"check": "select.opening", "pairs": 2, "alone": 2}]
    assert found["flagged"] == [{"check": "grounding.number", "pairs": 1, "alone": 1}]


def test_a_trainers_max_length_holds_the_longest_row(made: MadeRun) -> None:
    long = made.document("docs/long.md", "The list is long. " + "word " * 3000)
    made.pair(long[0], "How long is the list?", "The list is long.")
    found = report.report(made.write())

    tokens = found["tokens"]["all"]
    assert found["max_length"] % 64 == 0
    assert 0 <= found["max_length"] - tokens["max"] < 64
    assert (tokens["over_1024"], tokens["over_2048"], tokens["over_4096"]) == (1, 1, 0)
    assert found["tokens"]["eval"]["over_1024"] == 0


def _boilerplate(run: MadeRun) -> None:
    run.document("docs/x.md", "Text.", unused="boilerplate")


def _empty(run: MadeRun) -> None:
    run.document("docs/x.md")


def _failed(run: MadeRun) -> None:
    chunk = run.document("docs/x.md", "Text.")[0]
    known = Failure(stage="write", key="a", chunk_id=chunk.id, reason="no_rule", failed=False)
    worse = Failure(stage="write", key="b", chunk_id=chunk.id, reason="timeout", detail="60 s")
    run.failures += [known, worse]


def _rejected(run: MadeRun) -> None:
    chunk = run.document("docs/x.md", "Text.")[0]
    for question in ("Why is it so?", "How is it so?"):
        run.pair(chunk, question, "So.", rejected("answer.length"), status="rejected")


def _silent(run: MadeRun) -> None:
    run.document("docs/x.md", "Text.")


def _limited(run: MadeRun) -> None:
    run.document("docs/x.md", "Text.")
    run.limit = 3


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (_boilerplate, "every chunk is left out (boilerplate)"),
        (_empty, "no text to cut into chunks"),
        (_failed, "60 s"),
        (_rejected, "its pairs: 2 rejected (answer.length)"),
        (_silent, "the writer wrote nothing for it"),
        (_limited, "none of its chunks is among the 3 of --limit"),
    ],
)
def test_a_document_without_a_pair_is_listed_with_the_reason(
    made: MadeRun, prepare: object, reason: str
) -> None:
    assert callable(prepare)
    prepare(made)
    coverage = report.report(made.write())["coverage"]

    assert {"path": "docs/x.md", "reason": reason} in coverage["without"]
    covered = coverage["documents"] - len(coverage["without"])
    assert coverage["documents_with_pair"] == covered


def test_evidence_is_placed_in_the_tenth_where_its_middle_stands(tmp_path: Path) -> None:
    run = MadeRun(tmp_path / "run")
    text = "First. " + "x" * 84 + " Last one."
    chunk = run.document("docs/a.md", text)[0]
    run.pair(chunk, "What is first?", "First.")
    run.pair(chunk, "What is last?", "Last one.")
    deciles = report.report(run.write())["positions"]["evidence_deciles"]

    assert deciles == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]


def test_the_place_of_the_gold_passage_is_counted_by_number_of_passages(made: MadeRun) -> None:
    first = next(iter(made.pairs.values()))
    chunk = made.chunks[first.passages[0].chunk_id]
    made.pair(chunk, "Why?", "The pump", passages=tuple(reversed(first.passages)))
    found = report.report(made.write())["positions"]["gold"]

    assert found["3"] == {"1": 1, "2": 0, "3": 1}


def test_text_that_two_splits_share_shows_as_leakage(made: MadeRun) -> None:
    copied = made.document("docs/copy.md", "The tank  holds 500 l of WATER.")
    made.pair(copied[0], "What does the tank hold?", "500 l")
    found = report.report(made.write())

    assert found["leakage"]["contexts"] == 1
    assert found["leakage"]["questions"] >= 1
    assert any(
        line.startswith("leakage") and "1 contexts" in line for line in report.headline(made.folder)
    )


def test_near_duplicates_are_named_with_their_split(made: MadeRun) -> None:
    found = report.report(made.write())["near_duplicates"]

    assert found == [{"split": "train", "documents": ["docs/old/valve.md", "docs/valve.md"]}]


def test_a_run_without_a_single_pair_has_a_report(tmp_path: Path) -> None:
    run = MadeRun(tmp_path / "run")
    run.document("docs/a.md", "Nothing to ask.")
    report.write(run.write())
    found = json.loads((run.folder / "report.json").read_text("utf-8"))

    assert found["funnel"]["accepted"] == 0
    assert found["max_length"] == 0
    assert found["verbatim"] is None
    assert "No row." in (run.folder / "report.md").read_text("utf-8")
    assert len(report.headline(run.folder)) >= 6


@pytest.mark.parametrize("stage", ["ingest", "chunk", "split", "write", "compose", "check"])
def test_an_unfinished_run_tells_what_is_missing(made: MadeRun, stage: str) -> None:
    done = CliRunner().invoke(main, ["report", str(made.write(until=stage))])

    assert done.exit_code == 0
    missing = re.search(r"not finished:\*\* not done: ([a-z, ]+);", done.stdout)
    assert missing
    assert missing[1].split(", ")[-1] == "export"
    assert stage not in missing[1].split(", ")
    assert ("## Coverage" in done.stdout) == (stage == "check")
    assert "max_length" not in done.stdout


def test_stages_that_another_build_has_overtaken_do_not_count(made: MadeRun) -> None:
    made.write()
    made.document("docs/new.md", "A new page.")
    made.write(until="chunk")

    assert report.report(made.folder)["missing"] == ["split", "write", "compose", "check", "export"]


def test_a_file_that_was_changed_by_hand_makes_its_stage_missing(made: MadeRun) -> None:
    file = made.write() / "pairs.jsonl"
    file.write_bytes(file.read_bytes().replace(b"3 bar", b"4 bar"))

    assert report.report(made.folder)["missing"] == ["compose", "check", "export"]


def test_the_summary_is_short_and_of_the_run_as_it_is(made: MadeRun) -> None:
    report.write(made.write())
    before = report.headline(made.folder)
    made.pair(next(iter(made.chunks.values())), "What is new?", "The pump")
    made.write()
    after = report.headline(made.folder)

    assert 6 <= len(before) <= 12
    assert before[0] == "rows           3 train, 2 eval"
    assert after[0] == "rows           4 train, 2 eval"
    assert any("target.unanswerable in eval: 0.5, not 0.35" in text for text in before)
    assert any("1 write: language" in text for text in before)


HOSTILE = "a | b \\| c\n# d <b>e</b> `f` [g](http://h) ![i](j) *k* &lt; \x1b[31ml\u202e"


def test_what_documents_say_cannot_break_the_page(made: MadeRun) -> None:
    made.document(f"docs/{HOSTILE}.md", "Text.", notes=[HOSTILE])
    made.skipped.append(Skipped(path=HOSTILE, reason=HOSTILE, detail=HOSTILE))
    made.notes.append(HOSTILE)
    chunk = made.document("docs/y.md", "Some words.")[0]
    made.pair(chunk, HOSTILE, "words", rule=HOSTILE, type_=HOSTILE)
    found = report.report(made.write())
    text = markdown(found)

    assert _shape(text) == _shape(markdown(report.report(handbook(made.folder / "other").write())))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(words=st.text(min_size=1, max_size=60) | st.text("_*~`\\|[]()<>!#-+1. a", min_size=1))
@example("__init__")
@example("~~a~~ _b_")
@example("1. a")
@example("- a")
def test_any_text_stays_in_its_cell(made: MadeRun, words: str) -> None:
    found = _numbers(made)
    plain_page = _shape(markdown(found))
    found["openings"]["top"] = [{"opening": words, "pairs": 3, "share": 0.5}] * 3
    found["skipped"] = [{"path": words, "reason": words, "detail": words}] * 2

    assert _shape(markdown(found)) == plain_page


def _numbers(made: MadeRun) -> report.numbers.Json:
    if not (made.folder / "report.json").exists():
        report.write(made.write())
    found: report.numbers.Json = json.loads((made.folder / "report.json").read_text("utf-8"))
    return found


def _shape(text: str) -> list[str]:
    """The structure of a Markdown page: its blocks and inline elements, rows of tables counted."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    inline = {child.type for token in tokens for child in token.children or ()}
    assert inline <= {"text", "softbreak", "strong_open", "strong_close", "text_special"}, inline
    return [t.type for t in tokens if t.type in ("table_open", "heading_open", "bullet_list_open")]


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (None, "-"),
        (0.0, "0 %"),
        (0.0001, "0.1 %"),
        (0.25, "25 %"),
        (0.9999, "99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_all(share: float | None, shown: str) -> None:
    assert percent(share) == shown


def test_tables_are_aligned_in_a_terminal_of_80_columns(made: MadeRun) -> None:
    report.write(made.write())
    text = (made.folder / "report.md").read_text("utf-8")
    tables = [part.split("\n") for part in text.strip().split("\n\n") if part.startswith("|")]

    assert len(tables) > 10
    for table in tables:
        assert len({len(line) for line in table}) == 1
        assert len(table[0]) <= 80


def test_wide_characters_take_two_columns(made: MadeRun) -> None:
    found = _numbers(made)
    found["openings"]["top"] = [
        {"opening": text, "pairs": 1, "share": 0.5} for text in ("水位 は", "what is")
    ]
    table = next(part for part in markdown(found).split("\n\n") if "水位" in part)

    assert len({cell_len(line) for line in table.split("\n")}) == 1


def test_the_command_prints_and_writes_both_files(made: MadeRun) -> None:
    folder = made.write()
    shown = CliRunner().invoke(main, ["report", str(folder)])
    as_json = CliRunner().invoke(main, ["report", str(folder), "--json"])

    assert shown.stdout == (folder / "report.md").read_text("utf-8")
    assert json.loads(as_json.stdout) == json.loads((folder / "report.json").read_text("utf-8"))
