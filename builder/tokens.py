"""Sizer: the exact number of tokens of a text, with no network.

tiktoken downloads a vocabulary when it is first used and fails without a network. The two that
matter are part of this package (builder/data/NOTICE) and are checked against the sha256 that
tiktoken pins before they are used; a file with another hash is never trusted, wherever it lies.
tiktoken's other encodings are left to tiktoken, which asks the network.

Pass an encoding to another process by its name, never as an Encoding: pickled it is only a name,
which a fresh process resolves by a download. A Sizer may be pickled: it rebuilds itself there.
"""

from __future__ import annotations

import binascii
import hashlib
import os
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from types import FunctionType
from typing import TYPE_CHECKING, Any

from builder.errors import BuilderError, SettingsError

if TYPE_CHECKING:
    import tiktoken

SHIPPED = ("o200k_base", "cl100k_base")

Sizer = Callable[[str], int]  # text -> number of tokens
Ranks = dict[bytes, int]  # token -> its rank, in rank order

_HINT = f"use {' or '.join(SHIPPED)}: both come with builder and need no network"
_LOCK = threading.Lock()
_MAX_BYTES = 16_000_000  # of a vocabulary file; o200k_base has 3.6 MB

# tiktoken 0.14 panics at 1,000,000 blanks in a row: its regex keeps a way back for each of them.
_LONG_RUN = 500_000
_LONG_BLANK = re.compile(rf"(?<!\s)\s{{{_LONG_RUN}}}")  # the look-behind keeps the search linear


def sizer(name: str) -> Sizer:
    """The function that counts the tokens of a text in the encoding of this name.

    Equal to len(encode_ordinary(text)): `<|endoftext|>` and its like count as the characters they
    are, a lone surrogate as U+FFFD. About 0.1 s/MB, and 1 s/MB for one run without a break (before
    tiktoken 0.13 quadratic in such a run). Pickled it is its name, built anew where unpickled.
    Raises as get_encoding.
    """
    return _EncodingSizer(name)


class _EncodingSizer:
    __slots__ = ("_encoding", "_name")

    def __init__(self, name: str) -> None:
        self._name = name
        self._encoding = get_encoding(name)

    def __call__(self, text: str) -> int:
        return _count(self._encoding, text)

    def __reduce__(self) -> tuple[Callable[[str], Sizer], tuple[str]]:
        return sizer, (self._name,)


def _count(encoding: tiktoken.Encoding, text: str) -> int:
    if len(text) < _LONG_RUN or not _LONG_BLANK.search(text):
        try:
            return len(encoding.encode_ordinary(text))
        except BaseException as err:  # a Rust panic is no Exception, and its type has no module
            if type(err).__name__ != "PanicException":
                raise
    return len(encoding._encode_only_native_bpe(_without_surrogates(text)))


def _without_surrogates(text: str) -> str:
    """What tiktoken.Encoding.encode_ordinary makes of a text that UTF-8 cannot hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def get_encoding(name: str) -> tiktoken.Encoding:
    """tiktoken's encoding of this name; those in SHIPPED without a network.

    The first call in a process takes about 0.5 s for o200k_base. tiktoken.get_encoding(name) gives
    the same object afterwards, so libraries in this process that ask tiktoken work offline too.
    Raises SettingsError if tiktoken does not know the name or cannot load it.
    """
    from tiktoken.registry import ENCODINGS

    if name in ENCODINGS:
        return ENCODINGS[name]
    if name not in SHIPPED:
        return _from_tiktoken(name)
    with _LOCK:
        if name not in ENCODINGS:
            ENCODINGS.setdefault(name, _from_package(name))
        return ENCODINGS[name]


def _from_tiktoken(name: str) -> tiktoken.Encoding:
    import tiktoken

    if name not in tiktoken.list_encoding_names():
        raise SettingsError(f"unknown encoding {name!r}", _HINT)
    try:
        return tiktoken.get_encoding(name)
    except (OSError, ValueError) as err:  # requests' errors are OSErrors; a wrong hash, ValueError
        message = f"encoding {name!r} cannot be downloaded: {type(err).__name__}"
        raise SettingsError(message, _HINT) from err


def _from_package(name: str) -> tiktoken.Encoding:
    import tiktoken

    return tiktoken.Encoding(**definition(name, _load))


def definition(name: str, load: Callable[..., Ranks]) -> dict[str, Any]:
    """The keyword arguments of tiktoken.Encoding that tiktoken gives an encoding in SHIPPED.

    load: called once, as load(url, expected_hash=sha256), in place of tiktoken's own loader.
    tiktoken's function runs on a private copy of its globals: neither its modules nor the
    environment are touched, so other threads notice nothing.
    """
    from importlib import import_module

    module = import_module("tiktoken_ext.openai_public")
    constructor: FunctionType = module.ENCODING_CONSTRUCTORS[name]
    changed = {**constructor.__globals__, "load_tiktoken_bpe": load}
    arguments: dict[str, Any] = FunctionType(constructor.__code__, changed)()  # untyped in tiktoken
    return arguments


def _load(url: str, expected_hash: str) -> Ranks:
    """The vocabulary at url, from tiktoken's cache, else from ours, else from the package."""
    own = own_cache()
    for folder in (_tiktoken_cache(), own):
        content = folder and _verified(folder / cache_name(url), expected_hash)
        if content:
            return parsed(content)
    ranks, content = _shipped(PurePosixPath(url).stem, expected_hash)
    if own:
        _keep(content, own / cache_name(url))
    return ranks


def _shipped(name: str, sha256: str) -> tuple[Ranks, bytes]:
    """A packed vocabulary of ours, as ranks and as tiktoken's file.

    Raises BuilderError if it is missing, damaged or not the one that tiktoken pins.
    """
    import lzma
    from importlib.resources import files

    try:
        ranks = unpacked(files("builder").joinpath("data", f"{name}.bin.xz").read_bytes())
    except (OSError, EOFError, lzma.LZMAError) as err:
        message = f"the vocabulary {name} in this installation is missing or damaged"
        raise BuilderError(message, "install builder again") from err
    content = formatted(ranks)
    if hashlib.sha256(content).hexdigest() != sha256:
        message = f"the vocabulary {name} in this installation is not the one tiktoken pins"
        raise BuilderError(message, "install builder and tiktoken again")
    return ranks, content


def _tiktoken_cache() -> Path | None:
    """The folder where tiktoken keeps what it has downloaded (tiktoken.load.read_file_cached)."""
    import tempfile

    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in os.environ:
            folder = os.environ[variable]
            return Path(folder) if folder else None
    with suppress(OSError):  # no usable temporary folder
        return Path(tempfile.gettempdir(), "data-gym-cache")
    return None


def own_cache() -> Path | None:
    """builder/tiktoken in the user's cache folder (XDG Base Directory 0.8: a relative one is void).

    None without a home: the password database is not asked, so a service writes only where told.
    """
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE", "")
    for folder in (Path(os.environ.get("XDG_CACHE_HOME", "")), Path(home, ".cache")):
        if folder.is_absolute():
            return folder / "builder" / "tiktoken"
    return None


def _verified(path: Path, sha256: str) -> bytes | None:
    """The content of a regular file with this hash, else None."""
    try:
        if not path.is_file():  # in a folder that others can write, a pipe would wait for ever
            return None
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES)
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _keep(content: bytes, path: Path) -> None:
    """Write a cached file in one step; a cache that cannot be written is only slower."""
    from tempfile import TemporaryDirectory

    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="new-", dir=path.parent) as folder:
            new = Path(folder, path.name)
            new.write_bytes(content)
            new.replace(path)


def cache_name(url: str) -> str:
    """The name under which tiktoken caches what it downloads from url."""
    return hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()


def parsed(content: bytes) -> Ranks:
    """A file of tiktoken's, base64 of a token and its rank on each line, as ranks."""
    fields = content.split()
    tokens = map(binascii.a2b_base64, fields[::2])
    return dict(zip(tokens, map(int, fields[1::2]), strict=True))


def formatted(ranks: Ranks) -> bytes:
    """The inverse of parsed."""
    encode = binascii.b2a_base64
    return b"".join(b"%b %d\n" % (encode(t, newline=False), rank) for t, rank in ranks.items())


def unpacked(packed: bytes) -> Ranks:
    """A file in builder/data as ranks: xz over a length byte and the bytes of each token by rank.

    scripts/pack_vocabularies.py writes these files. Raises lzma.LZMAError.
    """
    import lzma

    content = lzma.decompress(packed)
    ranks: Ranks = {}
    start = 0
    while start < len(content):
        end = start + 1 + content[start]
        ranks[content[start + 1 : end]] = len(ranks)
        start = end
    return ranks
