"""Try a built wheel in an environment where it is installed, away from the checkout.

The wheel must hold every file of builder/ and prompts/, the licence and the notice, and nothing
else; and the command must build a dataset in an empty home, in another folder, with no network.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from zipfile import ZipFile

import click

ROOT = Path(__file__).parents[1]
PROMPTS = "builder/prompts_files"

# Runs first in every Python that the check starts: notes who is called, and lets nobody through.
NO_NETWORK = """
import os, sys

def refuse(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = args[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    if host not in (None, "127.0.0.1", "::1", "localhost"):
        with open(os.environ["CALLED"], "a") as file:
            print(event, host, file=file)
        raise OSError("this check has no network")

sys.addaudithook(refuse)
"""

GUIDE = """\
# Kettle Server guide

Kettle Server heats water on request and reports its state over HTTP.

## Install Kettle Server

1. Download the archive for your system.
2. Unpack it into `/opt/kettle`.
3. Run `kettle-server init` as the user who owns that folder.
4. Open port 8090 in the firewall.

## Settings

| Setting | Description | Default |
| --- | --- | --- |
| `boil_limit` | Highest temperature of the water, in degrees Celsius. | `98` |
| `idle_timeout` | Seconds without a request until the heater is switched off. | `300` |
| `log_level` | Lowest level of the messages that are written to the log file. | `info` |
| `max_cups` | Number of cups that one request may ask for. | `4` |

## Why does the server refuse a request?

The server refuses a request when the tank holds less water than the request asks for. Fill the tank
and send the request again; the server does not keep refused requests.
"""

PAGE = """\
<!DOCTYPE html>
<html lang="en"><head><title>Kettle command line</title></head><body>
<nav><a href="/">Home</a> <a href="/docs">Docs</a></nav>
<main><h1>Kettle command line</h1>
<p>The command <code>kettle</code> talks to a running server.</p>
<h2>Options</h2>
<table><tr><th>Option</th><th>Description</th></tr>
<tr><td><code>--host</code></td><td>Name or address of the server to talk to.</td></tr>
<tr><td><code>--cups</code></td><td>Number of cups to heat water for.</td></tr>
<tr><td><code>--wait</code></td><td>Return only after the water is hot enough.</td></tr>
</table>
<h2>How do I cancel a request?</h2>
<p>Run <code>kettle cancel</code> with the number of the request. A request that is already being
heated is finished first.</p>
<h2>What does exit code 7 mean?</h2>
<p>Exit code 7 means that the server was reached but its tank is empty.</p>
</main><footer>Kettle Works</footer></body></html>
"""


@click.command()
@click.argument("wheel", type=click.Path(exists=True, path_type=Path))
@click.argument("environment", type=click.Path(exists=True, path_type=Path))
def main(wheel: Path, environment: Path) -> None:
    """Check WHEEL, which is installed in ENVIRONMENT.

    \b
    Example:
      python scripts/check_wheel.py dist/builder-0.1.0-py3-none-any.whl /tmp/env
    """
    check_contents(wheel)
    with tempfile.TemporaryDirectory(prefix="builder-check-") as name:
        check_command(environment, Path(name).resolve(), version=wheel.name.split("-")[1])


def check_contents(wheel: Path) -> None:
    """Compare the names in the wheel with the files of the checkout."""
    found = set(ZipFile(wheel).namelist())
    info = next(name for name in found if name.endswith(".dist-info/METADATA")).split("/")[0]
    licences = {f"{info}/licenses/LICENSE", f"{info}/licenses/NOTICE"}
    wanted = files("builder", "builder") | files("prompts", PROMPTS) | licences
    packaged = {name for name in found if not name.startswith(info)} | found & licences
    if missing := wanted - packaged:
        raise click.ClickException(f"{wheel.name} lacks {', '.join(sorted(missing))}")
    if surplus := packaged - wanted:
        raise click.ClickException(f"{wheel.name} should not hold {', '.join(sorted(surplus))}")
    click.echo(f"{wheel.name}: {len(found)} files, {wheel.stat().st_size / 1e6:.1f} MB")


def files(folder: str, inside: str) -> set[str]:
    """The files of a folder of the checkout, by the path that they should have in the wheel."""
    paths = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return {
        f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
        for path in paths
        if "__pycache__" not in path.parts
    }


def check_command(environment: Path, scratch: Path, *, version: str) -> None:
    """Use the installed command as somebody would who has never seen the checkout."""
    (scratch / "home").mkdir()
    (scratch / "guard").mkdir()
    (scratch / "guard" / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    docs = scratch / "work" / "docs"
    docs.mkdir(parents=True)
    (docs / "guide.md").write_text(GUIDE, encoding="utf-8")
    (docs / "cli.html").write_text(PAGE, encoding="utf-8")

    where = called(environment, scratch, "python", "-c", "import builder; print(builder.__file__)")
    expect(Path(where.strip()).is_relative_to(environment), f"builder is imported from {where}")
    expect(version in called(environment, scratch, "builder", "--version"), "a wrong --version")
    expect("build" in called(environment, scratch, "builder", "--help"), "--help lacks build")
    expect("build" in called(environment, scratch, "python", "-m", "builder", "--help"), "-m fails")
    called(environment, scratch, "builder", "build", "docs", "-o", "run")
    lines = (scratch / "work" / "run" / "train.jsonl").read_text("utf-8").splitlines()
    expect(bool(lines), "train.jsonl is empty")
    expect(all(list(json.loads(line)) == ["messages"] for line in lines), "a row is no chat row")
    reached = scratch / "called"
    expect(not reached.exists(), "the network was called for")
    click.echo(f"built {len(lines)} training rows from two documents, with no network")


def called(environment: Path, scratch: Path, name: str, *arguments: str) -> str:
    """The output of a command of the environment; fails when the command does."""
    folder = environment / ("Scripts" if os.name == "nt" else "bin")
    kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "TMPDIR") if key in os.environ}
    done = subprocess.run(
        [folder / name, *arguments],
        cwd=scratch / "work",
        env=kept
        | {"HOME": str(scratch / "home"), "USERPROFILE": str(scratch / "home")}
        | {"PYTHONPATH": str(scratch / "guard"), "CALLED": str(scratch / "called")},
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode:
        click.echo(done.stdout + done.stderr, err=True)
    expect(done.returncode == 0, f"{name} {' '.join(arguments)}: exit code {done.returncode}")
    return done.stdout


def expect(holds: bool, message: str) -> None:
    """Raise ClickException unless something holds."""
    if not holds:
        raise click.ClickException(message)


if __name__ == "__main__":
    main()
