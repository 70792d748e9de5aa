"""Write docs/cli.md and tests/golden/help/*.txt from the help texts of the commands.

python scripts/cli_docs.py            # write them
python scripts/cli_docs.py --check    # exit 1 and name those that are not as they should be
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from builder.cli import main as builder  # noqa: E402  # the checkout's own, wherever this is run

WIDTH = 80  # columns of the terminal that the help texts are made for
ABOUT = """# Command line

Made from the help texts of the commands by `scripts/cli_docs.py`; change those, not this page.
"""


def helps() -> Mapping[str, str]:
    """The help text of every command by its name ("builder build"), `builder` itself first."""
    top = builder.make_context("builder", [], resilient_parsing=True, terminal_width=WIDTH)
    found = {"builder": builder.get_help(top)}
    for name, command in builder.commands.items():
        context = click.Context(
            command,
            info_name=name,
            parent=top,
            terminal_width=WIDTH,
            **command.context_settings,
        )
        found[f"builder {name}"] = command.get_help(context)
    return {name: text.rstrip() + "\n" for name, text in found.items()}


def texts() -> Mapping[Path, str]:
    """What every generated file should hold."""
    found = helps()
    pages = [f"## {name}\n\n```text\n{text}```\n" for name, text in found.items()]
    folder = ROOT / "tests" / "golden" / "help"
    golden = {folder / f"{name.split()[-1]}.txt": text for name, text in found.items()}
    return {ROOT / "docs" / "cli.md": "\n".join([ABOUT, *pages]), **golden}


def main(arguments: list[str]) -> int:
    """Write the files, or compare them."""
    wrong = []
    for file, text in texts().items():
        if arguments == ["--check"]:
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                wrong.append(str(file.relative_to(ROOT)))
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    if wrong:
        print(f"not as the help texts: {', '.join(wrong)}; run: python scripts/cli_docs.py")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
