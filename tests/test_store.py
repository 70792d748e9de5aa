"""Run folders: locked, whole files, stages that are done or not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from builder.errors import IntegrityError, RunError
from builder.records import Skipped, from_json, to_json
from builder.store import (
    by_id,
    finished,
    line,
    open_run,
    read_manifest,
    read_records,
    write_atomic,
)
from tests.documents import document, whole

ITEMS = [Skipped(path="a.txt", reason="empty"), Skipped(path="b.txt", reason="binary", detail="x")]


def test_a_finished_stage_is_done_until_its_key_or_a_file_changes(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with open_run(folder) as run:
        with run.stage("ingest", "k1") as out:
            out.records("skipped.jsonl", ITEMS)

        assert run.done("ingest", "k1")
        assert not run.done("ingest", "k2")
        assert run.counts("ingest") == {"skipped.jsonl": 2}
        assert list(run.read("skipped.jsonl", Skipped)) == ITEMS
    (folder / "skipped.jsonl").write_text("", encoding="utf-8")
    with open_run(folder) as run:
        assert not run.done("ingest", "k1")


def test_a_stage_that_fails_is_not_done_and_keeps_the_files_before_it(tmp_path: Path) -> None:
    with open_run(tmp_path / "run") as run:
        with run.stage("ingest", "k") as out:
            out.records("skipped.jsonl", ITEMS)
        with pytest.raises(ZeroDivisionError), run.stage("chunk", "k") as out:
            out.records("chunks.jsonl", (1 // 0 for _ in range(1)))

        assert run.done("ingest", "k")
        assert not run.done("chunk", "k")
    assert sorted(p.name for p in (tmp_path / "run").iterdir() if p.name != ".lock") == [
        "manifest.json",
        "skipped.jsonl",
    ]


def test_a_file_in_the_place_of_a_run_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text("", encoding="utf-8")

    with pytest.raises(RunError, match="is a file, not the folder of a run") as caught:
        read_manifest(tmp_path / "train.jsonl")

    assert caught.value.hint


def _partial(folder: Path, rows: int) -> str:
    """Leave a stage partial with so many rows; what it made."""
    with open_run(folder) as run:
        with run.stage("ingest", "k") as out:
            out.records("skipped.jsonl", ITEMS[:rows])
            out.is_partial = True
        assert not run.done("ingest", "k")
        return run.made("ingest")


def test_a_partial_stage_is_run_again_and_what_was_made_of_it_goes(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    first = _partial(folder, 1)
    with open_run(folder) as run, run.stage("chunk", "c", after={"ingest": first}) as out:
        out.lines("chunks.jsonl", ["{}"])

    assert _partial(folder, 1) == first
    assert (folder / "chunks.jsonl").exists()  # made of the same rows
    assert finished(folder, read_manifest(folder)) == ("chunk", "ingest")
    assert _partial(folder, 2) != first
    assert not (folder / "chunks.jsonl").exists()


def test_a_fact_is_kept_at_once_and_a_stage_under_way_is_not(tmp_path: Path) -> None:
    with open_run(tmp_path / "run") as run:
        with run.stage("ingest", "k") as out:
            out.records("skipped.jsonl", ITEMS)
        with pytest.raises(ZeroDivisionError), run.stage("ingest", "other") as out:
            run.note("bill", {"cost": 1})
            raise ZeroDivisionError
    kept = read_manifest(tmp_path / "run")

    assert kept["bill"] == {"cost": 1}
    assert kept["stages"]["ingest"]["key"] == "k"


def test_a_second_builder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    code = "import sys; from pathlib import Path; from builder.store import open_run\n"
    code += "try:\n with open_run(Path(sys.argv[1])): pass\n"
    code += "except Exception as err: print(type(err).__name__, err)"

    with open_run(folder):
        second = subprocess.run(
            [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
        )

    assert "RunError" in second.stdout
    assert "another builder" in second.stdout


def test_a_killed_builder_leaves_no_lock(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    code = "import os, sys, signal; from pathlib import Path; from builder.store import open_run\n"
    code += "with open_run(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", code, str(folder)], check=False)

    with open_run(folder) as run:
        assert run.manifest["stages"] == {}


def test_a_folder_with_other_files_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(RunError, match="no run of builder"), open_run(tmp_path):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_run_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 99}), encoding="utf-8")

    with pytest.raises(RunError, match="incompatible"), open_run(tmp_path):
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", "\udcff"])
def test_a_damaged_manifest_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(RunError):
        read_manifest(tmp_path)


def test_a_path_under_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(RunError, match="is a file"), open_run(tmp_path / "file" / "run"):
        pass


FULL_DISK = """
import resource, sys
from pathlib import Path
from builder.errors import RunError
from builder.records import Skipped
from builder.store import open_run

resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    with open_run(Path(sys.argv[1])) as run, run.stage("chunk", "k") as out:
        out.records("out.jsonl", [Skipped(path="a.txt", reason="empty")] * 5000)
except RunError as err:
    print(err)
"""


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "run")]  # its own limit, not ours

    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "disk is full" in said
    assert not list((tmp_path / "run").glob("*.jsonl"))


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "skipped.jsonl"
    file.write_text(line(to_json(ITEMS[0])) + "\n{oops\n", encoding="utf-8")

    with pytest.raises(RunError, match=r"skipped\.jsonl:2"):
        list(read_records(file, Skipped))


def test_a_duplicate_id_stops_the_build() -> None:
    page = whole("Some text.")

    with pytest.raises(IntegrityError, match=page.id):
        by_id([page, page])


def test_lines_hold_no_separator_that_breaks_readers() -> None:
    text = line({"a": "x\u2028y\u2029z\x85\n\r"})

    assert len(text.splitlines()) == 1
    assert json.loads(text) == {"a": "x\u2028y\u2029z\x85\n\r"}


def test_records_survive_the_way_through_json() -> None:
    page = document([("heading", "# A"), ("table", "| a |\n| --- |\n| 1 |")])

    assert from_json(type(page), json.loads(line(to_json(page)))) == page


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    write_atomic(file, "old")

    def failing() -> list[bytes]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomic(file, (part for _ in range(1) for part in failing()))

    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_blocks_under_one_heading_share_its_path_when_they_are_read() -> None:
    page = document([("heading", "# Stations"), ("paragraph", "One."), ("paragraph", "Two.")])

    read = from_json(type(page), json.loads(json.dumps(to_json(page))))

    assert read == page
    assert read.blocks[1].heading_path is read.blocks[2].heading_path
    assert read.blocks[1].kind is read.blocks[2].kind
