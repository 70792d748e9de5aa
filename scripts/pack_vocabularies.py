"""Pack tiktoken's vocabularies into builder/data, where builder/tokens.py finds them.

SOURCE is a folder with files under the names of tiktoken's cache, or a wheel that carries such
files anywhere in it (llama-index-core and litellm do). Each must have the sha256 that the installed
tiktoken pins; nothing is written unless all have.
"""

from __future__ import annotations

import hashlib
import lzma
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import click

from builder.tokens import SHIPPED, Ranks, cache_name, definition, formatted, parsed, unpacked

DATA = Path(__file__).parents[1] / "builder" / "data"


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=DATA,
    help="Folder that gets the packed files; builder/data unless told.",
)
def main(source: Path, out: Path) -> None:
    """Pack the vocabularies in SOURCE, a wheel or a folder with tiktoken's cache files.

    \b
    Examples:
      python scripts/pack_vocabularies.py llama_index_core-0.14.25-py3-none-any.whl
      python scripts/pack_vocabularies.py /tmp/data-gym-cache --out /tmp/packed
    """
    packs = {f"{name}.bin.xz": packed(vocabulary(name, source)) for name in SHIPPED}
    out.mkdir(parents=True, exist_ok=True)
    for name, content in packs.items():
        (out / name).write_bytes(content)
        click.echo(f"{out / name}: {len(content):,} bytes")


def vocabulary(name: str, source: Path) -> Ranks:
    """The ranks of an encoding; fails unless the file in source is the one that tiktoken pins."""

    def load(url: str, expected_hash: str) -> Ranks:
        content = find(cache_name(url), source)
        if hashlib.sha256(content).hexdigest() != expected_hash:
            raise click.ClickException(f"{source}: {name} does not have the sha256 tiktoken pins")
        return parsed(content)

    ranks: Ranks = definition(name, load)["mergeable_ranks"]
    return ranks


def find(file_name: str, source: Path) -> bytes:
    """The content of the first file of this name in a folder or wheel."""
    if is_zipfile(source):
        with ZipFile(source) as wheel:
            for member in wheel.namelist():
                if Path(member).name == file_name:
                    return wheel.read(member)
    for path in sorted(source.rglob(file_name)):
        return path.read_bytes()
    raise click.ClickException(f"{source}: no file named {file_name}")


def packed(ranks: Ranks) -> bytes:
    """The inverse of builder.tokens.unpacked; fails on ranks that the format cannot hold."""
    if list(ranks.values()) != list(range(len(ranks))):
        raise click.ClickException("the ranks are not 0, 1, 2, ... in the order of the file")
    if max(map(len, ranks)) > 255:
        raise click.ClickException("a token is longer than 255 bytes")
    content = b"".join(bytes([len(token)]) + token for token in ranks)
    result = lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)
    if formatted(unpacked(result)) != formatted(ranks):
        raise click.ClickException("unpacking does not give back what was packed")
    return result


if __name__ == "__main__":
    main()
