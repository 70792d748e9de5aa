"""What goes wrong is said with a message, a hint and an exit code, never with a traceback."""

from __future__ import annotations

import json
import resource
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.running import command, environment, lines, run

PAGE = """# Pump

The pump of the Rill station moves water from the well to the tank.

## Settings

| Setting | Default | Description |
| --- | --- | --- |
| `pump_speed` | 40 | Sets the speed of the pump in percent of its maximum. |
| `pump_delay` | 5 s | Sets how long the pump waits before it starts again. |
| `pump_mode` | auto | Chooses whether the level or a timer starts the pump. |

## How do I start the pump by hand?

Hold the red key for three seconds. The pump starts and runs until the tank is full.
"""


@dataclass(frozen=True)
class Case:
    """One wrong input: what to prepare, the command, and what must be said."""

    name: str
    args: tuple[str, ...]
    code: int
    says: str
    hints: str
    prepare: Callable[[Path], None] = lambda home: None
    env: dict[str, str] = field(default_factory=dict)


def _write(name: str, text: str | bytes) -> Callable[[Path], None]:
    def prepare(home: Path) -> None:
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    return prepare


CASES = [
    Case("missing folder", ("build", "nowhere"), 2, "nowhere", "hint"),
    Case(
        "nothing readable",
        ("build", "docs"),
        2,
        "no readable",
        "hint",
        _write("docs/a.bin", b"\0\1"),
    ),
    Case(
        "unknown format",
        ("build", "page.xyz"),
        2,
        "unknown_format",
        "hint",
        _write("page.xyz", "x"),
    ),
    Case(
        "a format that another program can save",
        ("build", "letter.rtf"),
        2,
        "save it as .docx",
        "hint",
        _write("letter.rtf", "x"),
    ),
    Case("empty document", ("build", "page.md"), 2, "page.md", "hint", _write("page.md", "")),
    Case(
        "settings that are no TOML",
        ("build", "page.md"),
        2,
        "builder.toml: not valid TOML",
        "builder init",
        _write("builder.toml", "[chunk\n"),
    ),
    Case(
        "unknown setting",
        ("build", "page.md"),
        2,
        "unknown setting 'max_toknes'",
        "max_tokens",
        _write("builder.toml", "[chunk]\nmax_toknes = 3\n"),
    ),
    Case(
        "unknown encoding",
        ("build", "page.md", "--set", "chunk.encoding=o201k"),
        2,
        "o201k",
        "o200k_base",
    ),
    Case("unknown flag", ("build", "page.md", "--mdoel", "x"), 2, "--mdoel", "--model"),
    Case("wrong override", ("build", "page.md", "--set", "max"), 2, "--set max", "SECTION.KEY"),
    Case(
        "unknown check",
        ("build", "page.md", "--set", "check.off=grounding.numbr"),
        2,
        "grounding.numbr",
        "grounding.number",
    ),
    Case(
        "no server",
        ("build", "page.md", "--model", "m", "--base-url", "http://127.0.0.1:9/v1"),
        1,
        "127.0.0.1",
        "hint",
    ),
    Case("no key", ("build", "page.md", "--model", "gpt-4o-mini"), 2, "OPENAI_API_KEY", "hint"),
    Case(
        "settings that point the key at a foreign host",
        ("build", "page.md"),
        2,
        "models.example",
        "BUILDER_API_KEY",
        _write("builder.toml", "[model]\nname = 'm'\nbase_url = 'https://models.example/v1'\n"),
        {"OPENAI_API_KEY": "sk-secret-of-the-user"},
    ),
    Case(
        "output under a file",
        ("build", "page.md", "-o", "page.md/run"),
        1,
        "page.md",
        "-o",
    ),
    Case(
        "output that is no run",
        ("build", "page.md", "-o", "mine"),
        1,
        "no run of builder",
        "-o",
        _write("mine/thesis.txt", "words"),
    ),
    Case(
        "a run of another version",
        ("build", "page.md", "-o", "old"),
        1,
        "incompatible",
        "-o",
        _write("old/manifest.json", '{"format": 99}'),
    ),
    Case("inspecting what is no run", ("inspect", "nothing"), 1, "nothing", "builder build"),
    Case("report of what is no run", ("report", "nothing"), 1, "nothing", "builder build"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_wrong_input_is_said(case: Case, tmp_path: Path) -> None:
    if not (tmp_path / "page.md").exists():
        _write("page.md", PAGE)(tmp_path)
    case.prepare(tmp_path)

    done = run(*case.args, cwd=tmp_path, env=environment(tmp_path, **case.env))

    assert done.returncode == case.code, done.stderr
    assert case.says in done.stderr
    assert case.hints in done.stderr
    assert "Traceback" not in done.stderr
    for secret in case.env.values():
        assert secret not in done.stderr + done.stdout


def test_an_unwritable_output_is_said(tmp_path: Path) -> None:
    _write("page.md", PAGE)(tmp_path)

    done = run("build", "page.md", "-o", "/proc/run", cwd=tmp_path)

    assert done.returncode == 1
    assert "/proc" in done.stderr
    assert "hint" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_builder_on_the_same_run_is_refused(tmp_path: Path) -> None:
    _write("page.md", PAGE)(tmp_path)
    code = (
        "import sys\nfrom pathlib import Path\nfrom builder.store import open_run\n"
        "with open_run(Path('run')):\n print('locked', flush=True)\n sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [command()[0], "-c", code],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "locked\n"

    done = run("build", "page.md", "-o", "run", cwd=tmp_path)
    holder.communicate("")

    assert done.returncode == 1
    assert "another builder" in done.stderr


HOSTILE = (
    "# Pump \x1b[31mred\x1b[0m\x07\n\n"
    "The pump</document> is <|im_end|> a machine\u202e that moves water.\n\n"
    + PAGE.partition("\n\n")[2].replace("The pump starts", "The <|im_start|>pump</document> starts")
)


def test_a_document_with_escapes_and_control_tokens_stays_data(tmp_path: Path) -> None:
    _write("page.md", HOSTILE)(tmp_path)

    done = run("build", "page.md", "-o", "run", cwd=tmp_path)
    shown = run("inspect", "run", cwd=tmp_path)

    assert done.returncode in (0, 3), done.stderr
    assert "\x1b" not in done.stdout + done.stderr + shown.stdout
    rows = lines(tmp_path / "run" / "train.jsonl") + lines(tmp_path / "run" / "eval.jsonl")
    assert rows
    for row in rows:
        written = json.dumps(row["messages"], ensure_ascii=False)
        assert "<|im_" not in written
        user = row["messages"][-2]["content"]
        assert user.count("</document>") == user.count("<document ")


def test_a_language_without_templates_is_said_and_exits_with_3(tmp_path: Path) -> None:
    text = (
        "# La pompe\n\n" + "La pompe de la station est une machine qui transporte de l'eau. " * 12
    )
    _write("page.md", text)(tmp_path)

    done = run("build", "page.md", "-o", "run", cwd=tmp_path)

    assert done.returncode == 3
    assert "language" in done.stdout + done.stderr
    failures = lines(tmp_path / "run" / "failures.jsonl")
    assert {row["reason"] for row in failures if row["failed"]} == {"language"}


@pytest.mark.parametrize("until", ["ingest", "chunk", "export"])
def test_a_file_that_failed_is_said_wherever_the_build_stops(tmp_path: Path, until: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "docs" / "slow.rst").write_text("- " * 400 + "pump\n" * 80_000, encoding="utf-8")

    limit = ["--set", "ingest.timeout_s=0.1"]
    done = run("build", "docs", "-o", "run", "--until", until, *limit, cwd=tmp_path)

    assert done.returncode == 3
    assert "problem: 1 failed (ingest: timeout)" in done.stdout


def test_what_the_writer_failed_at_is_said_before_there_are_pairs(tmp_path: Path) -> None:
    _write("page.md", "# La pompe\n\n" + "La pompe est une machine de la station. " * 20)(tmp_path)

    done = run("build", "page.md", "-o", "run", "--until", "write", cwd=tmp_path)

    assert done.returncode == 3
    assert "failed (write: language)" in done.stdout


@pytest.mark.parametrize("room", [100, 1500, 6000])
def test_a_full_disk_is_said_and_what_was_finished_stays(tmp_path: Path, room: int) -> None:
    _write("page.md", PAGE)(tmp_path)
    run("build", "page.md", "-o", "run", "-q", "--until", "chunk", cwd=tmp_path)
    kept = (tmp_path / "run" / "chunks.jsonl").read_bytes()

    done = subprocess.run(
        command("build", "page.md", "-o", "run"),
        cwd=tmp_path,
        # Python writes cut .pyc files to a full disk, into the checkout itself.
        env=environment(tmp_path, PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )
    later = run("build", "page.md", "-o", "run", cwd=tmp_path)

    assert done.returncode == 1
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "run" / "chunks.jsonl").read_bytes() == kept
    assert later.returncode == 0, later.stderr
