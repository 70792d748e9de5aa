"""`builder chunk`: how documents are read and cut, three ways."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.running import RAW_DOCS, run

PAGE = "# Pump\n\nThe pump starts at noon.\n\n## Faults\n\nE1 means no water. <script>x</script>\n"


def test_chunks_are_shown_with_their_counts_and_paths(tmp_path: Path) -> None:
    (tmp_path / "pump.md").write_text(PAGE, encoding="utf-8")

    done = run("chunk", "pump.md", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "pump.md  Pump  [en]" in done.stdout
    assert "1 chunk, " in done.stdout


def test_json_lines_and_a_page_come_out_together(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "pump.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "docs" / "empty.md").write_text("", encoding="utf-8")

    done = run("chunk", "docs", "--json", "--html", "cuts.html", cwd=tmp_path)

    found = [json.loads(line) for line in done.stdout.splitlines()]
    page = (tmp_path / "cuts.html").read_text(encoding="utf-8")
    assert [one["kind"] for one in found] == ["document", "skipped"]
    assert found[0]["chunks"][0]["heading_path"] == ["Pump"]
    assert "The pump starts at noon." in page
    assert "<script" not in page


def test_the_budget_and_the_overlap_are_settings(tmp_path: Path) -> None:
    done = run(
        "chunk", RAW_DOCS / "server", "--max-tokens", "128", "--overlap", "0.2", "--json",
        cwd=tmp_path,
    )  # fmt: skip

    chunks = [c for line in done.stdout.splitlines() for c in json.loads(line).get("chunks", [])]
    assert max(c["n_tokens"] for c in chunks) <= 128
    assert any(c["overlap"] for c in chunks)


def test_every_setting_of_chunks_is_an_option(tmp_path: Path) -> None:
    def counts(*options: str) -> list[int]:
        done = run("chunk", RAW_DOCS / "server", "--json", *options, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        read = map(json.loads, done.stdout.splitlines())
        return [c["n_tokens"] for one in read for c in one.get("chunks", [])]

    plain = counts("--max-tokens", "128")

    assert max(counts("--max-tokens", "128", "--count-path")) < max(plain)
    assert counts("--max-tokens", "128", "--encoding", "cl100k_base") != plain
    assert counts("--max-tokens", "128", "--min-tokens", "64") != plain


def test_chunks_may_be_larger_than_the_rows_of_a_build(tmp_path: Path) -> None:
    (tmp_path / "pump.md").write_text(PAGE, encoding="utf-8")

    shown = run("chunk", "pump.md", "--max-tokens", "4096", cwd=tmp_path)
    built = run("build", "pump.md", "--max-tokens", "4096", cwd=tmp_path)

    assert shown.returncode == 0, shown.stderr
    assert built.returncode == 2
    assert "no row could hold a chunk" in built.stderr


@pytest.mark.parametrize("page", ["nowhere/cuts.html", "pump.md/cuts.html"])
def test_a_page_that_cannot_be_written_is_said_first(tmp_path: Path, page: str) -> None:
    (tmp_path / "pump.md").write_text(PAGE, encoding="utf-8")

    done = run("chunk", "pump.md", "--html", page, cwd=tmp_path)

    assert done.returncode == 2
    assert f"error: {page}: there is no folder {page.rpartition('/')[0]}" in done.stderr


@pytest.mark.parametrize("command", ["chunk", "build", "plan"])
def test_an_empty_name_is_not_this_folder(tmp_path: Path, command: str) -> None:
    (tmp_path / "pump.md").write_text(PAGE, encoding="utf-8")

    done = run(command, "", cwd=tmp_path)

    assert done.returncode == 2
    assert "an empty name" in done.stderr


def test_a_source_that_is_missing_is_said(tmp_path: Path) -> None:
    done = run("chunk", "nowhere", cwd=tmp_path)

    assert done.returncode == 2
    assert "no such file or folder: nowhere" in done.stderr
    assert "Traceback" not in done.stderr
