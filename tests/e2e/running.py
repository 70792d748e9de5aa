"""Run the command as a user does: a process, an empty HOME, no key, no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RAW_DOCS = ROOT / "raw_docs"
UNSTABLE = {"manifest.json", "report.json", "report.md", ".lock"}  # carry times


def environment(home: Path, **more: str) -> dict[str, str]:
    """The variables of a clean user; a proxy on a closed port stands for "no network"."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    closed = "http://127.0.0.1:9"
    return {
        **kept,
        "HOME": str(home),
        "HTTP_PROXY": closed,
        "HTTPS_PROXY": closed,
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONPATH": str(ROOT),
        **more,
    }


def command(*args: str | Path) -> list[str]:
    return [sys.executable, "-m", "builder", *map(str, args)]


def run(
    *args: str | Path, cwd: Path, env: Mapping[str, str] | None = None, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run builder to its end."""
    return subprocess.run(
        command(*args),
        cwd=cwd,
        env=dict(env or environment(cwd)),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a run that must be the same bytes after every build."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name not in UNSTABLE and not file.name.startswith("replies.")
    }


def lines(file: Path) -> list[dict[str, Any]]:  # plain JSON
    """The objects of a JSON lines file."""
    return [json.loads(text) for text in file.read_text(encoding="utf-8").split("\n") if text]
