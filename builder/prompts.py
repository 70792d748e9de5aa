"""Every word sent to a model or put into a row: find, parse and fill the files of prompts/.

A `prompts/` folder beside the user's builder.toml goes before the packaged one, file by file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

from builder.errors import SettingsError

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_HEAD = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prompts:
    """The prompt files in force: names are paths inside prompts/ ("system/en.toml")."""

    folders: tuple[Path, ...]  # strongest first

    @classmethod
    def find(cls, folder: Path | None) -> Prompts:
        """The packaged prompts, with those of `folder`/prompts in front when that exists."""
        own = folder / "prompts" if folder else None
        packaged = packaged_folder()
        overriding = own and own.is_dir() and own.resolve() != packaged.resolve()
        return cls((own, packaged) if own and overriding else (packaged,))

    def text(self, name: str) -> str:
        """The contents of prompts/`name`. Raises SettingsError when no folder has it."""
        for folder in self.folders:
            file = folder / name
            if file.is_file():
                return _read(file)
        raise SettingsError(f"prompts/{name}: no such file", f"Looked in {_listed(self.folders)}.")

    def names(self, folder: str) -> list[str]:
        """The names of the files directly in prompts/`folder`, sorted, of all folders together."""
        found = {
            f"{folder}/{file.name}"
            for base in self.folders
            for file in (base / folder).glob("*")
            if file.is_file() and not file.name.startswith(".")
        }
        return sorted(found)

    def hash(self, *names: str) -> str:
        """A hash of the contents of these files; changes when a word of them changes."""
        digest = blake2b(digest_size=8)
        for name in names:
            digest.update(f"{name}\0{self.text(name)}\0".encode())
        return digest.hexdigest()

    def toml(self, name: str) -> Mapping[str, Any]:
        """The contents of a TOML file of prompts/. Raises SettingsError when it is not valid."""
        try:
            return tomllib.loads(self.text(name))
        except tomllib.TOMLDecodeError as err:
            raise SettingsError(f"prompts/{name}: not valid TOML: {err}", "Mend it.") from err


def packaged_folder() -> Path:
    """The prompts that came with the program: in the wheel, or beside builder/ in a checkout."""
    inside = Path(str(files("builder"))) / "prompts_files"
    return inside if inside.is_dir() else Path(str(files("builder"))).parent / "prompts"


def parse(text: str) -> tuple[Mapping[str, Any], str]:
    """Split a prompt file into its TOML head (between +++ lines) and its template."""
    match = _HEAD.match(text)
    if not match:
        return {}, text
    try:
        return tomllib.loads(match[1]), match[2]
    except tomllib.TOMLDecodeError as err:
        raise SettingsError(f"a prompt's head is not valid TOML: {err}", "Mend it.") from err


def fill(template: str, **values: str) -> str:
    """Put values in the place of {name}; every other brace stays as it is."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as err:
        raise SettingsError(f"{file}: cannot be read: {err}", "Save it as UTF-8 text.") from err


def _listed(folders: tuple[Path, ...]) -> str:
    return " and ".join(str(folder) for folder in folders)
