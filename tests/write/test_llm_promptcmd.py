"""`builder prompts`: what a user sees of the prompt files."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner, Result

from builder.cli import main
from builder.prompts import Prompts
from tests.write.llm_world import PAGES


def run(home: Path, *args: str) -> Result:
    with chdir(home):
        return CliRunner().invoke(main, ["prompts", *args])


def docs(home: Path) -> Path:
    folder = home / "docs"
    folder.mkdir()
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_all_files_are_listed_with_those_that_are_the_users_own(tmp_path: Path) -> None:
    (tmp_path / "prompts" / "questions").mkdir(parents=True)
    (tmp_path / "prompts" / "questions" / "safety.md").write_text("+++\nname = 'safety'\n+++\nx")
    (tmp_path / "builder.toml").write_text("")

    done = run(tmp_path, "--config", str(tmp_path / "builder.toml"))
    rows = {line.split()[0]: line.split()[1] for line in done.stdout.splitlines()}

    assert done.exit_code == 0
    assert rows["questions/safety.md"] == "yours"
    assert rows["questions/factual.md"] == "packaged"
    assert rows["examples/two_chunks/de.md"] == "packaged"


def test_one_file_is_shown_as_it_is(tmp_path: Path) -> None:
    done = run(tmp_path, "questions/factual.md")

    assert done.stdout == Prompts.find(None).text("questions/factual.md") + "\n"


def test_a_request_is_rendered_for_a_chunk_of_a_folder(tmp_path: Path) -> None:
    folder = str(docs(tmp_path))
    first = run(tmp_path, "--render", folder, "--schema")
    two = run(tmp_path, "--render", folder, "--two")
    chunk_id = first.stdout.splitlines()[1].split()[0]
    again = run(tmp_path, "--render", folder, "--chunk", chunk_id[:6], "--schema")

    assert (first.exit_code, two.exit_code) == (0, 0), first.stderr + two.stderr
    assert first.stdout == again.stdout
    assert "===== system =====\nYou write question and answer pairs from one" in first.stdout
    assert "===== user =====\n<source-" in first.stdout
    assert '===== schema =====\n{"type":"object"' in first.stdout
    assert "between the first-" in two.stdout


def test_another_sample_draws_another_style(tmp_path: Path) -> None:
    folder = str(docs(tmp_path))

    assert len({run(tmp_path, "--render", folder, "--sample", n).stdout for n in "0123"}) > 1


def test_a_chunk_that_there_is_not_is_a_usage_error(tmp_path: Path) -> None:
    done = run(tmp_path, "--render", str(docs(tmp_path)), "--chunk", "zzz")

    assert done.exit_code != 0
    assert "'zzz'" in str(done.exception)
