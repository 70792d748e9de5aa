"""The first two commands: python3 dev.py demo and python3 dev.py test, and what they stand on."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

import builder

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(
    r"^([a-z0-9][a-z0-9.-]*)(?:\[[a-z0-9,-]+\])?==(\S+)"
    r"(?: ; ([^\\\n]+?))?((?: \\\n +--hash=\S+)*)$",
    re.M,
)

HELP = """
import sys
from builder.cli import entry
sys.argv = ["builder", "--help"]
try:
    entry()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""
OLD_PYTHON = """
import base64, csv, importlib.util, runpy, sys, sysconfig, tempfile, zipfile
sys.version_info = (3, 9, 2, "final", 0)
runpy.run_path(sys.argv[1], run_name="__main__")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with dev.py, locks of no packages, and a command that shows what it gets."""
    folder = tmp_path / "a checkout"
    package = folder / "builder"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "dev.py", folder)
    for lock in LOCKS:
        (folder / lock).write_text("# nothing\n", encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "builder"\nversion = "1.2"\ndependencies = []\n'
        'scripts = {builder = "builder.cli:entry"}\n',
        encoding="utf-8",
    )
    (package / "cli.py").write_text(
        "import sys\ndef entry():\n    print(*sys.argv[1:])\n    sys.exit(3)\n", encoding="utf-8"
    )
    return folder


def loaded(folder: Path) -> ModuleType:
    """dev.py of a checkout as a module."""
    spec = importlib.util.spec_from_file_location("dev_of_checkout", folder / "dev.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def started(folder: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """dev.py as typed into a terminal of its own, with no uv, no home and no settings of pip."""
    environ = {"PATH": str(folder / "nothing"), "PIP_CONFIG_FILE": os.devnull, **variables}
    return subprocess.Popen(
        [sys.executable, "dev.py", *arguments],
        cwd=folder,
        env=environ,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def finished(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def pretend_installed(folder: Path, dev: ModuleType, *locks: str) -> None:
    """An environment as dev.py leaves it when all went well, but with nothing in it."""
    python = Path(dev.tool(folder, "python"))
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
    stamps = "".join(f"{dev.fingerprint(lock)}\n" for lock in locks)
    (folder / dev.STAMP).write_text(stamps, encoding="ascii")


def pins(lock: str) -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    """Name -> (version, marker, hashes) of each of its lines in a lock."""
    found: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for name, version, marker, hashes in PIN.findall((ROOT / lock).read_text("utf-8")):
        line = (version, marker, tuple(re.findall(r"--hash=(\S+)", hashes)))
        found.setdefault(name, []).append(line)
    return found


def test_first_start_installs_and_second_start_is_instant(checkout: Path) -> None:
    code, out, err = finished(started(checkout, "demo", "--limit", "5"))

    assert (code, out.split()[:2], out.split()[-2:]) == (3, ["build", "raw_docs"], ["--limit", "5"])
    assert "Installing" in err

    for pip in (checkout / ".venv").rglob("pip"):
        shutil.rmtree(pip) if pip.is_dir() else pip.unlink()
    code, again, err = finished(started(checkout, "demo", "--limit", "5"))

    assert (code, again) == (3, out)
    assert "Installing" not in err


def test_interrupted_install_is_done_again(checkout: Path) -> None:
    lock = checkout / "requirements.txt"
    lock.write_text(f"absent==1 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as index:  # takes calls and never answers
        url = f"http://127.0.0.1:{index.getsockname()[1]}/simple"
        process = started(checkout, "demo", PIP_INDEX_URL=url)
        index.settimeout(60)
        caller, _ = index.accept()
        os.killpg(process.pid, signal.SIGINT)
        code, _, err = finished(process)
        caller.close()

    assert code == 130
    assert "interrupted" in err
    assert not loaded(checkout).ready(checkout / ".venv", "requirements.txt")

    code, _, err = finished(started(checkout, "demo", PIP_INDEX_URL=url, PIP_RETRIES="0"))

    assert code == 1
    assert "error: the packages of requirements.txt could not be installed" in err
    assert "hint: Installing needs a network" in err
    assert "Traceback" not in err
    assert not loaded(checkout).ready(checkout / ".venv", "requirements.txt")


def test_environment_is_remade_when_what_it_came_from_changes(checkout: Path) -> None:
    dev = loaded(checkout)
    pretend_installed(dev.VENV, dev, *LOCKS)

    assert dev.ready(dev.VENV, "requirements.txt")
    assert dev.ready(dev.VENV, "requirements-dev.txt")

    (checkout / "requirements-dev.txt").write_text("other==2\n", encoding="utf-8")

    assert dev.ready(dev.VENV, "requirements.txt")
    assert not dev.ready(dev.VENV, "requirements-dev.txt")

    project = checkout / "pyproject.toml"
    project.write_text(project.read_text("utf-8").replace("1.2", "1.3"), encoding="utf-8")

    assert not dev.ready(dev.VENV, "requirements.txt")


def test_environment_belongs_to_one_python_and_one_folder(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev = loaded(checkout)
    pretend_installed(dev.VENV, dev, *LOCKS)
    moved = checkout.rename(checkout.with_name("moved"))

    assert not loaded(moved).ready(moved / ".venv", "requirements.txt")

    moved.rename(checkout)

    assert dev.ready(dev.VENV, "requirements.txt")

    Path(dev.tool(dev.VENV, "python")).unlink()

    assert not dev.ready(dev.VENV, "requirements.txt")

    pretend_installed(dev.VENV, dev, *LOCKS)
    monkeypatch.setattr(sys, "version", "3.99.0")

    assert not dev.ready(dev.VENV, "requirements.txt")


def test_unfinished_environment_is_not_used(checkout: Path) -> None:
    dev = loaded(checkout)
    pretend_installed(dev.VENV, dev)

    assert not dev.ready(dev.VENV, "requirements.txt")


def test_environment_of_somebody_else_is_left_alone(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "pyvenv.cfg").write_text("", encoding="utf-8")

    code, _, err = finished(started(checkout, "demo"))

    assert code == 1
    assert "made by something else" in err
    assert (checkout / ".venv" / "pyvenv.cfg").exists()


def test_python_without_pip_gets_a_hint(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(checkout / "nothing"))
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    monkeypatch.setitem(sys.modules, "pip", None)

    code = loaded(checkout).main(["demo"])

    assert code == 1
    assert "apt install python3-venv" in capsys.readouterr().err


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_old_python_is_named_in_one_line(version: tuple[int, ...]) -> None:
    line = loaded(ROOT).wrong_python(version)

    assert f"this is {version[0]}.{version[1]}:" in line
    assert "3.11" in line
    assert "\n" not in line


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1), (4, 0, 0)])
def test_new_python_is_welcome(version: tuple[int, ...]) -> None:
    assert loaded(ROOT).wrong_python(version) == ""


def test_old_python_comes_as_far_as_that_line() -> None:
    ast.parse((ROOT / "dev.py").read_text("utf-8"), feature_version=(3, 6))

    done = subprocess.run(
        [sys.executable, "-c", OLD_PYTHON, ROOT / "dev.py"], capture_output=True, encoding="utf-8"
    )

    assert done.returncode == 1
    assert done.stderr.startswith("error: dev.py needs Python 3.11 or newer; this is 3.9:")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [[], ["tset"]])
def test_unknown_target_shows_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = loaded(ROOT).main(arguments)

    assert code == 2
    assert "usage: python3 dev.py TARGET" in capsys.readouterr().err


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_index_and_hashes_every_requirement(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    rest = PIN.sub("", text)

    assert "://" not in text
    assert "index" not in text
    assert [line for line in rest.splitlines() if line and not line.startswith("#")] == []
    assert all(hashes for lines in pins(lock).values() for _, _, hashes in lines)


def test_lock_holds_every_dependency_and_no_torch() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    needs = [("requirements.txt", need) for need in PROJECT["project"]["dependencies"]]
    needs += [("requirements-dev.txt", need) for need in (*extras["test"], *extras["dev"])]
    for lock, text in needs:
        need = Requirement(text)
        if need.name == PROJECT["project"]["name"]:
            continue  # builder[test]
        versions = [version for version, _, _ in pins(lock)[need.name.lower()]]

        assert all(need.specifier.contains(version) for version in versions), text
    assert not {"torch", "tensorflow", "jax"} & pins("requirements-dev.txt").keys()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_dependency_with_an_extra_is_locked_with_it(lock: str) -> None:
    """Else pip takes the newest version of it, finds no hash for that, and installs nothing."""
    text = (ROOT / lock).read_text("utf-8")
    needs = [Requirement(need) for need in PROJECT["project"]["dependencies"]]
    named = [f"{need.name}[{','.join(sorted(need.extras))}]" for need in needs if need.extras]

    assert named
    assert all(re.search(rf"(?m)^{re.escape(name)}==", text) for name in named)


def test_every_dependency_is_used() -> None:
    names = {"charset-normalizer": "charset_normalizer", "markdown-it-py": "markdown_it"}
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "builder").rglob("*.py"))
    imported = set(re.findall(r"^\s*(?:from|import) (\w+)", code, re.M))
    needed = {Requirement(need).name for need in PROJECT["project"]["dependencies"]}

    assert {names.get(name, name) for name in needed} <= imported


def test_both_locks_agree() -> None:
    runtime = {(name, v, h) for name, lines in pins(LOCKS[0]).items() for v, _, h in lines}
    everything = {(name, v, h) for name, lines in pins(LOCKS[1]).items() for v, _, h in lines}

    assert runtime <= everything


def test_wheel_takes_the_prompts_along() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert wheel["force-include"] == {"prompts": "builder/prompts_files"}
    assert wheel["packages"] == ["builder"]
    assert PROJECT["project"]["version"] == builder.__version__


def test_help_loads_no_heavy_package() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELP], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    modules = set(done.stderr.split())

    assert "build" in done.stdout
    assert "builder.cli" in modules
    assert not modules & {"openai", "pandas", "datasets", "tiktoken", "lxml", "numpy", "bm25s"}
