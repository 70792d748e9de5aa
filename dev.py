#!/usr/bin/env python3
"""Start here: python3 dev.py demo, or python3 dev.py test.

Needs Python 3.11 or newer and, the first time, a network; nothing else. The packages go into .venv
beside this file: those that the lock names, each checked by its hash, through uv when that is on
the PATH, else through pip. Standard library only, and no syntax that Python 3.6 cannot parse: an
older Python shall come as far as the line that says what is wrong.
"""

import base64
import contextlib
import csv
import hashlib
import importlib.util
import io
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

USAGE = """usage: python3 dev.py TARGET [ARGUMENTS]

  demo    build a dataset from raw_docs/ with the embedded writer (arguments go to: builder build)
  test    run the tests (arguments go to: pytest)
  lint    style, formatting, types, layers
  wheel   build dist/*.whl and try it in a clean environment, from another folder
  ci      test, lint, wheel

Examples:
  python3 dev.py demo --limit 20
  python3 dev.py test -k chunk
"""


def wrong_python(version: "tuple[object, ...]") -> str:
    """One line about a Python that is too old, or nothing."""
    if tuple(version[:2]) >= (3, 11):
        return ""
    found = f"{version[0]}.{version[1]}: {sys.executable}"
    return f"error: dev.py needs Python 3.11 or newer; this is {found}"


if wrong_python(sys.version_info):
    sys.exit(wrong_python(sys.version_info))

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
RUNTIME = "requirements.txt"
DEV = "requirements-dev.txt"  # every line of RUNTIME, and more
MOST_WORKERS = 4  # that run the tests: some of them watch the clock
STAMP = "made-by-dev.txt"  # in an environment: fingerprints of what it holds; empty until finished
NO_PIP = (
    "On Debian or Ubuntu: sudo apt install python3-venv;"
    " elsewhere install a Python that has venv and pip, or uv."
)
MISLEADING = ("PYTHONHOME", "PYTHONPATH", "PIP_PREFIX", "PIP_TARGET", "PIP_USER")  # variables


class StartError(Exception):
    """Why a command could not start, and what to do about it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def main(arguments: list[str]) -> int:
    """Run a target; the exit code is that of the command behind it."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(USAGE, end="")
        return 0
    if not arguments or arguments[0] not in TARGETS:
        say(*(f"error: unknown target: {name}" for name in arguments[:1]), USAGE.rstrip())
        return 2
    try:
        return TARGETS[arguments[0]](arguments[1:])
    except StartError as err:
        say(f"error: {err}", f" hint: {err.hint}")
        return 1
    except KeyboardInterrupt:
        say("interrupted; the same command starts again")
        return 130


def demo(extra: list[str]) -> int:
    """Build output/demo from the sample documentation, by default with no model."""
    prepare(RUNTIME)
    asked = any(argument.split("=")[0] == "--model" for argument in extra)
    writer = [] if asked else ["--set", "write.writer=extractive"]
    builder = tool(VENV, "builder")
    code = run([builder, "build", "raw_docs", "-o", "output/demo", *writer, *extra])
    result = ROOT / "output" / "demo"
    if code in (0, 3) and (result / "train.jsonl").is_file():
        look = f"{Path(builder).relative_to(ROOT)} inspect output/demo"
        say("", f"The demo's dataset lies in {result}", f"Look at it: {look}")
    return code


def test(extra: list[str]) -> int:
    """Run the tests, all of them on several processors."""
    prepare(DEV)
    workers = str(min(os.cpu_count() or 1, MOST_WORKERS))
    spread = [] if extra else ["-n", workers, "--dist", "worksteal"]
    return run([tool(VENV, "python"), "-m", "pytest", *spread, *extra])


def lint(extra: list[str]) -> int:
    """Style, formatting, types, layers: each runs, whichever fails."""
    prepare(DEV)
    steps = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports"])
    return first_failure([run([tool(VENV, name), *rest, *extra]) for name, *rest in steps])


def wheel(extra: list[str]) -> int:
    """Build the wheel and try it where the checkout cannot help it; a good one goes to dist/."""
    prepare(DEV)
    with tempfile.TemporaryDirectory(prefix="builder-wheel-") as name:
        folder = Path(name).resolve()
        python = tool(VENV, "python")
        code = run([python, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)])
        if code:
            return code
        built = next(folder.glob("*.whl"))
        create(folder / "env")
        install(folder / "env", RUNTIME, built)
        code = run([python, "scripts/check_wheel.py", str(built), str(folder / "env"), *extra])
        if not code:
            (ROOT / "dist").mkdir(exist_ok=True)
            say(f"The wheel works: {shutil.copy(built, ROOT / 'dist')}")
        return code


def ci(extra: list[str]) -> int:
    """Everything that must hold; each part runs, whichever fails."""
    return first_failure([target(extra) for target in (test, lint, wheel)])


TARGETS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "wheel": wheel,
    "ci": ci,
}


def prepare(lock: str) -> None:
    """Make .venv hold the packages of a lock and this checkout; at once when it does already."""
    try:
        if ready(VENV, lock):
            return
        with alone():
            if not ready(VENV, lock):
                refresh(lock)
    except OSError as err:
        hint = "Check the rights and the space there, or move it away; then start again."
        raise StartError(f"{VENV} cannot be made: {err}", hint) from err


def refresh(lock: str) -> None:
    """Fill .venv: on top of the runtime packages when they are there, else from nothing."""
    kept = lock == DEV and ready(VENV, RUNTIME)
    if not kept and VENV.exists():
        remove(VENV)
    create(VENV)
    with tempfile.TemporaryDirectory(prefix="builder-start-") as folder:
        install(VENV, lock, checkout_wheel(Path(folder).resolve()))
    locks = (RUNTIME, DEV) if lock == DEV else (RUNTIME,)
    finished = VENV / (STAMP + ".new")
    finished.write_text("".join(f"{fingerprint(each)}\n" for each in locks), encoding="ascii")
    finished.replace(VENV / STAMP)


def ready(folder: Path, lock: str) -> bool:
    """Whether an environment was made to the end from this lock, this Python and this checkout."""
    stamp = folder / STAMP
    runs = Path(tool(folder, "python")).exists()  # false when the Python it links to is gone
    return runs and stamp.is_file() and fingerprint(lock) in stamp.read_text("ascii").split()


def fingerprint(lock: str) -> str:
    """A hash of all that decides what an environment holds."""
    digest = hashlib.sha256((ROOT / lock).read_bytes())
    for text in (sys.version, sysconfig.get_platform(), *checkout_files().values()):
        digest.update(b"\0" + text.encode())
    return digest.hexdigest()


def remove(folder: Path) -> None:
    """Delete an environment that dev.py made; refuse any other."""
    if (folder / "pyvenv.cfg").exists() and not (folder / STAMP).exists():
        raise StartError(f"{folder} was made by something else", "Move it away, or delete it.")
    shutil.rmtree(folder)


def create(folder: Path) -> None:
    """Make an environment without packages, marked as unfinished."""
    folder.mkdir(exist_ok=True)
    (folder / STAMP).write_text("", encoding="ascii")
    if not importlib.util.find_spec("venv"):
        raise StartError(f"{sys.executable} has no venv module", NO_PIP)
    if not Path(tool(folder, "python")).exists():
        command = [base_python(), "-m", "venv", "--without-pip", str(folder)]
        if subprocess.call(command, env=clean_environment()):
            raise StartError(f"{folder} cannot be made; the reason stands above", NO_PIP)


def install(folder: Path, lock: str, wheel_file: Path) -> None:
    """Install the packages of a lock and one wheel, all checked by hash."""
    wanted = wheel_file.with_suffix(".txt")
    digest = hashlib.sha256(wheel_file.read_bytes()).hexdigest()
    project = wheel_file.name.split("-")[0]
    wanted.write_text(
        f"-r {(ROOT / lock).as_uri()}\n{project} @ {wheel_file.as_uri()} --hash=sha256:{digest}\n",
        encoding="utf-8",
    )
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    for name, command in installers(folder):
        say(f"Installing the packages of {lock} into {folder} with {name} (only this once) ...")
        arguments = [*quiet, "--require-hashes", "-r", str(wanted)]
        code = subprocess.call([*command, *arguments], env=clean_environment(), stdout=sys.stderr)
        if code == 0:
            return
        say(f"{name} ended with exit code {code}")
    raise StartError(
        f"the packages of {lock} could not be installed; the reason stands above",
        "Installing needs a network, once. Behind a proxy set HTTPS_PROXY; for a mirror of the"
        " package index set PIP_INDEX_URL. Then run the same command again.",
    )


def installers(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Ways to install into an environment, best first; the next is for when one has failed."""
    python = tool(folder, "python")
    uv = shutil.which("uv")
    if uv:
        yield "uv", [uv, "pip", "install", "--python", python]
    yield "pip", [*pip_for(python), "install", "--disable-pip-version-check", "--no-input"]


def pip_for(python: str) -> list[str]:
    """A pip for the environment of python: its own, else that of the Python that runs this file."""
    if importlib.util.find_spec("ensurepip"):
        command = [python, "-Im", "ensurepip", "--default-pip"]
        if not subprocess.call(command, env=clean_environment(), stdout=subprocess.DEVNULL):
            return [python, "-m", "pip"]
    if importlib.util.find_spec("pip"):
        return [base_python(), "-m", "pip", f"--python={python}"]
    raise StartError(f"{base_python()} has no ensurepip module and no pip", NO_PIP)


def checkout_wheel(folder: Path) -> Path:
    """Write a wheel that holds no code but a path to this checkout, so that edits count at once.

    It is what an editable install makes (PEP 660), without needing the build backend for it.
    """
    files = checkout_files()
    info = next(iter(files)).split("/")[0]
    lines = io.StringIO()
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        csv.writer(lines).writerow([name, f"sha256={digest.decode()}", len(text.encode())])
    csv.writer(lines).writerow([f"{info}/RECORD", "", ""])
    target = folder / f"{info[: -len('.dist-info')]}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": lines.getvalue()}.items():
            archive.writestr(name, text)
    return target


def checkout_files() -> dict[str, str]:
    """What checkout_wheel holds, by path; made from pyproject.toml."""
    import tomllib  # Python 3.11

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    info = f"{project['name']}-{project['version']}.dist-info"
    needs = "".join(f"Requires-Dist: {need}\n" for need in project["dependencies"])
    commands = "".join(f"{name} = {entry}\n" for name, entry in project["scripts"].items())
    head = f"Name: {project['name']}\nVersion: {project['version']}\n"
    return {
        f"{info}/METADATA": f"Metadata-Version: 2.1\n{head}{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{commands}",
        f"{project['name']}-checkout.pth": f"{ROOT}\n",
    }


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait for another dev.py that is installing into the same folder; not on Windows."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with Path(__file__).open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another dev.py that is installing ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run(command: list[str]) -> int:
    """Run a command in the checkout; its exit code, 128 + N for one that signal N ended.

    Ctrl-C reaches the command as well: it ends in its own way, and is waited for.
    """
    with subprocess.Popen(command, cwd=ROOT, env=clean_environment()) as process:
        before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        code = None
        while code is None:
            with contextlib.suppress(KeyboardInterrupt):
                code = process.wait()
        signal.signal(signal.SIGTERM, before)
    return code if code >= 0 else 128 - code


def first_failure(codes: list[int]) -> int:
    """The first exit code that is not 0, else 0."""
    return next((code for code in codes if code), 0)


def clean_environment() -> dict[str, str]:
    """The variables for commands: .venv first, nothing that leads Python, pip or builder astray."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in MISLEADING and (not name.startswith("BUILDER_") or name.endswith("_KEY"))
    }
    folders = [str(Path(tool(VENV, "python")).parent), kept.get("PATH", os.defpath)]
    return {**kept, "VIRTUAL_ENV": str(VENV), "PATH": os.pathsep.join(folders)}


def tool(folder: Path, name: str) -> str:
    """The path of a command in an environment."""
    if os.name == "nt":
        return str(folder / "Scripts" / f"{name}.exe")
    return str(folder / "bin" / name)


def base_python() -> str:
    """The Python behind the one that runs this file: it is still there when .venv goes."""
    return getattr(sys, "_base_executable", "") or sys.executable


def say(*lines: str) -> None:
    """Tell the user; standard output belongs to the commands."""
    print(*lines, sep="\n", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
