"""Remake requirements.txt and requirements-dev.txt from pyproject.toml, with a hash per file.

Needs uv on the PATH. Versions that are locked already stay unless told otherwise. The locks hold
for every supported Python on Linux, macOS and Windows, and name no package index: whoever installs
from them says which one, and the hashes say whether it gave the right files.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
HEADER = """\
# Made from pyproject.toml by scripts/lock.py. To change a version, change it there and run:
#   python scripts/lock.py
"""
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-strip-extras",  # pip takes "openai[aiohttp]" for another package than "openai"
    "--no-annotate",
    "--no-header",
    "--quiet",
)


@click.command()
@click.option("--upgrade", is_flag=True, help="Take the newest versions that fit pyproject.toml.")
def main(upgrade: bool) -> None:
    """Write the two lock files.

    \b
    Examples:
      python scripts/lock.py
      python scripts/lock.py --upgrade
    """
    runtime = ROOT / "requirements.txt"
    lock(runtime, "--extra", "pdf", "--extra", "rst", upgrade=upgrade)
    # The runtime's versions bind the other lock, which is installed on top of it.
    lock(ROOT / "requirements-dev.txt", "--extra", "dev", "-c", str(runtime), upgrade=upgrade)


def lock(target: Path, *options: str, upgrade: bool) -> None:
    """Resolve with uv, away from the settings of this machine: no extra index, no local folder."""
    environ = {name: text for name, text in os.environ.items() if not name.startswith("UV_")}
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, target.name)
        if target.exists() and not upgrade:
            made.write_bytes(target.read_bytes())
        command = ["uv", "--no-config", "pip", "compile", "pyproject.toml", *OPTIONS, *options]
        done = subprocess.run([*command, "-o", str(made)], cwd=ROOT, env=environ)
        if done.returncode:
            raise click.ClickException(f"{target.name}: uv could not resolve it (see above)")
        text = made.read_text("utf-8")
    if "://" in text:
        raise click.ClickException(f"{target.name}: a requirement names an address")
    target.write_text(HEADER + text, encoding="utf-8")
    pins = sum(line[:1].isalpha() for line in text.splitlines())
    click.echo(f"{target.name}: {pins} pins")


if __name__ == "__main__":
    main()
