"""The help texts: as they were, in the documentation as they are, and with examples that work."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli import main

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden" / "help"
PAGE = """# Pump

The pump of the Rill station moves water from the well to the tank.

| Setting | Default | Description |
| --- | --- | --- |
| `pump_speed` | 40 | Sets the speed of the pump in percent of its maximum. |
| `pump_delay` | 5 s | Sets how long the pump waits before it starts again. |
"""


def help_of(name: str) -> str:
    args = ["--help"] if name == "builder" else [name, "--help"]
    done = CliRunner().invoke(main, args, prog_name="builder", terminal_width=80)
    assert done.exit_code == 0
    return done.stdout


@pytest.mark.parametrize("name", ["builder", *main.commands])
def test_the_help_of_every_command_reads_as_it_did(name: str) -> None:
    assert help_of(name) == (GOLDEN / f"{name}.txt").read_text("utf-8")


def test_no_help_text_is_left_of_a_command_that_is_gone() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == {"builder", *main.commands}


def test_the_documentation_is_made_from_the_help_texts() -> None:
    script = ROOT / "scripts" / "cli_docs.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def examples(name: str) -> list[list[str]]:
    """The commands under "Examples:" in a help text, without their "builder"."""
    block = help_of(name).partition("Examples:\n")[2].partition("\n\n")[0]
    lines = re.sub(r"\\\n", " ", block).strip().split("\n")
    return [shlex.split(line)[1:] for line in lines]


@pytest.mark.parametrize("name", ["builder", *main.commands])
def test_every_help_text_ends_with_two_examples_or_more(name: str) -> None:
    found = examples(name)

    assert len(found) >= 2
    if name != "builder":
        assert {words[0] for words in found} == {name}


def test_the_examples_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "raw_docs").mkdir()
    (tmp_path / "raw_docs" / "pump.md").write_text(PAGE, "utf-8")
    monkeypatch.chdir(tmp_path)
    names = ["builder", *main.commands]
    found = [words for name in sorted(names, key="build".__ne__) for words in examples(name)]
    ran = 0
    for words in found:
        if "--model" in words:  # asks a server
            continue
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, (words, done.output, done.exception)
        ran += 1

    assert ran >= 12
