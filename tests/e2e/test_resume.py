"""Interrupted anywhere, the same command goes on and ends with the same bytes."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.running import RAW_DOCS, command, contents, environment, lines, run

DOCUMENTS = ("api", "de/faq.html", "logger/faq.html", "logger/led-and-error-codes.html")


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of raw_docs, so that many builds are quick."""
    folder = tmp_path_factory.mktemp("docs") / "docs"
    folder.mkdir()
    for name in DOCUMENTS:
        source = RAW_DOCS / name
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy)
        else:
            shutil.copy(source, copy)
    return folder


def _uninterrupted(docs: Path, home: Path) -> tuple[dict[str, bytes], float]:
    began = time.monotonic()
    done = run("build", docs, "-o", "whole", "-q", cwd=home)
    assert done.returncode == 0, done.stderr
    return contents(home / "whole"), time.monotonic() - began


def _killed_after(seconds: float, docs: Path, home: Path) -> bool:
    """Start a build, kill it after that time; whether it was still running."""
    process = subprocess.Popen(
        command("build", docs, "-o", "run", "-q"),
        cwd=home,
        env=environment(home),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    process.kill()
    _, said = process.communicate()
    assert b"Traceback" not in said
    return process.returncode == -signal.SIGKILL


def test_killed_ten_times_it_ends_with_the_same_bytes(docs: Path, tmp_path: Path) -> None:
    whole, seconds = _uninterrupted(docs, tmp_path)
    moments = random.Random(20)
    killed = attempts = 0
    while killed < 10:
        attempts += 1
        assert attempts <= 60
        if _killed_after(moments.uniform(0.1, 0.9) * seconds, docs, tmp_path):
            killed += 1
        else:  # it was done before: start over, so that there is something to interrupt
            shutil.rmtree(tmp_path / "run")

    done = run("build", docs, "-o", "run", "-q", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "run") == whole


def test_ctrl_c_says_how_to_go_on(docs: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        command("build", docs, "-o", "run"),
        cwd=tmp_path,
        env=environment(tmp_path),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    while not (tmp_path / "run" / "manifest.json").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "builder build" in said
    assert "Traceback" not in said


def test_a_changed_setting_redoes_only_what_depends_on_it(docs: Path, tmp_path: Path) -> None:
    _uninterrupted(docs, tmp_path)

    again = run(
        "build", docs, "-o", "whole", "--json", "--set", "target.unanswerable=0.2", cwd=tmp_path
    )

    assert '"ingest"' not in again.stdout.split('"counts"')[0]
    assert '"write"' not in again.stdout.split('"counts"')[0]
    assert '"check"' in again.stdout.split('"counts"')[0]


def test_editing_a_sentence_changes_one_chunk_only(docs: Path, tmp_path: Path) -> None:
    shutil.copytree(docs, tmp_path / "docs")
    run("build", "docs", "-o", "run", "-q", "--until", "chunk", cwd=tmp_path)
    before = {row["id"] for row in lines(tmp_path / "run" / "chunks.jsonl")}
    page = tmp_path / "docs" / "api" / "errors.md"
    text = page.read_text(encoding="utf-8")
    sentence = next(s for s in text.split("\n\n") if s[0].isalpha() and len(s) > 80)
    page.write_text(text.replace(sentence, sentence + " Nothing else changes."), encoding="utf-8")

    run("build", "docs", "-o", "run", "-q", "--until", "chunk", cwd=tmp_path)
    after = {row["id"] for row in lines(tmp_path / "run" / "chunks.jsonl")}

    assert len(before - after) == len(after - before) == 1


def test_a_run_inside_its_own_source_is_not_read(docs: Path, tmp_path: Path) -> None:
    shutil.copytree(docs, tmp_path / "docs")
    run("build", ".", "-q", cwd=tmp_path / "docs")
    first = contents(tmp_path / "docs" / "output" / "docs")

    again = run("build", ".", "--json", cwd=tmp_path / "docs")

    assert first
    assert '"stages_run": []' in again.stdout
    assert contents(tmp_path / "docs" / "output" / "docs") == first


def test_files_of_an_earlier_build_do_not_stay_beside_newer_ones(
    docs: Path, tmp_path: Path
) -> None:
    run("build", docs, "-o", "run", "-q", "--set", "split.validation=0.3", cwd=tmp_path)
    assert (tmp_path / "run" / "validation.jsonl").exists()

    run("build", docs, "-o", "run", "-q", cwd=tmp_path)
    names = {file.name for file in (tmp_path / "run").iterdir()}
    run("build", docs, "-o", "run", "-q", "--seed", "5", "--until", "split", cwd=tmp_path)
    left = {file.name for file in (tmp_path / "run").iterdir()}

    assert {"train.jsonl", "eval.jsonl", "report.md"} <= names
    assert not {name for name in names if name.startswith("validation")}
    assert left == {
        ".lock",
        "manifest.json",
        "documents.jsonl",
        "skipped.jsonl",
        "chunks.jsonl",
        "splits.jsonl",
        "splits.notes.txt",
    }
