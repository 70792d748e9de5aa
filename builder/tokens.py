"""Sizer: the exact number of tokens of a text, with no network.

tiktoken downloads a vocabulary when it is first used and fails without a network. The two that
matter are part of this package (builder/data/NOTICE) and are checked against the sha256 that
tiktoken pins before they are used; a file with another hash is never trusted, wherever it lies.
tiktoken's other encodings are left to tiktoken, which asks the network.

Pass an encoding to another process by its name, never as an Encoding: pickled it is only a name,
which a fresh process resolves by a download. A Sizer may be pickled: it rebuilds itself there.

`encoded(size, text)` encodes a text once; after that the size of any slice is a subtraction.
"""

from __future__ import annotations

import binascii
import hashlib
import os
import re
import threading
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from types import FunctionType
from typing import TYPE_CHECKING, Any

from builder.errors import BuilderError, SettingsError

if TYPE_CHECKING:
    import numpy as np
    import tiktoken
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

SHIPPED = ("o200k_base", "cl100k_base")
_SAME = {"o200k_harmony": "o200k_base"}  # they differ in special tokens only

Sizer = Callable[[str], int]  # text -> number of tokens
Ranks = dict[bytes, int]  # token -> its rank, in rank order

_HINT = f"use {' or '.join(SHIPPED)}: both come with builder and need no network"
_LOCK = threading.Lock()
_QUICK: dict[str, tiktoken.Encoding] = {}
_AHEAD = r"|\s+(?!\S)"  # the branch of tiktoken's patterns that looks ahead
_POSSESSIVE = re.compile(r"([?*+]|\d\})\+")
_MAX_BYTES = 16_000_000  # of a vocabulary file; o200k_base has 3.6 MB

# tiktoken 0.14 panics at 1,000,000 blanks in a row: its regex keeps a way back for each of them.
_LONG_RUN = 500_000
_SAFE_RUN = 100_000  # characters that are encoded at a time where the whole cannot be
_SURROGATE = re.compile("[\ud800-\udfff]")
_STEP = 1_000
_LONG_BLANK, _MANY_BLANK = (  # the look-behind keeps the search linear
    re.compile(rf"(?<!\s)\s{{{run}}}") for run in (_LONG_RUN, _LONG_RUN // _STEP)
)

_NEWLINE_ENDS = ("cl100k_base", "o200k_base")  # whose patterns Encoded knows
_BREAKS = frozenset('\n!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~、。，：；！？（）「」『』《》“”…—')
_REACH = 80  # characters in which a sync point is looked for
_FEW = 6  # positions for which numpy takes longer than a search for each
_REMEMBERED = 50_000  # short pieces whose size a sizer keeps


def sizer(name: str, tokenizer: str = "") -> Sizer:
    """The function that counts the tokens of a text in the encoding of this name.

    Equal to len(encode_ordinary(text)): `<|endoftext|>` and its like count as the characters they
    are, a lone surrogate as U+FFFD. About 0.1 s/MB, and 1 s/MB for one run without a break (before
    tiktoken 0.13 quadratic in such a run). Pickled it is its name, built anew where unpickled.
    tokenizer: path of a tokenizer.json (Llama, Mistral, Qwen, ...) that counts instead, without
    the special tokens a model adds. Raises as get_encoding; SettingsError for a file that cannot
    be read, or when the package `tokenizers` is not installed.
    """
    return _FileSizer(tokenizer) if tokenizer else _EncodingSizer(name)


class _EncodingSizer:
    __slots__ = ("_encoding", "_lengths", "_name", "_short")

    def __init__(self, name: str) -> None:
        self._name = name
        self._encoding = _quick(name) if name in SHIPPED else get_encoding(name)
        self._lengths: NDArray[np.int32] | None = None
        self._short: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return _count(self._encoding, text)

    def __reduce__(self) -> tuple[Callable[[str], Sizer], tuple[str]]:
        return sizer, (self._name,)

    def encode(self, text: str) -> Encoded:
        """The text with the places where its tokens end."""
        import numpy as np  # takes a while, and changes the environment as it loads

        exact = self._name in _NEWLINE_ENDS
        tokens = None if _long_blank(text) else _tokens(self._encoding, text)
        if tokens is None:
            exact = False
            text = _SURROGATE.sub("\ufffd", text)
            parts = (text[at : at + _SAFE_RUN] for at in range(0, len(text), _SAFE_RUN))
            tokens = np.concatenate([np.zeros(0, np.uint32), *map(self._part, parts)])
        ends = self._token_lengths().take(tokens, mode="clip").cumsum(dtype=np.int32)
        return Encoded(self, text, ends, short=self._short if exact else None)

    def _part(self, text: str) -> NDArray[np.uint32]:
        import numpy as np

        tokens = _tokens(self._encoding, text)
        if tokens is None:
            tokens = np.array(self._encoding._encode_only_native_bpe(text), np.uint32)
        return tokens

    def _token_lengths(self) -> NDArray[np.int32]:
        """The characters that begin in every token, by its rank.

        A token that ends inside a character has that character, so those that end before a place
        between characters are the same ones, counted in characters or in bytes.
        """
        import numpy as np

        if self._lengths is None:
            ranks = self._encoding._mergeable_ranks
            # as signed numbers, the bytes that continue a character are those below -64
            begins = np.frombuffer(b"".join(ranks), np.int8) >= -64
            places = np.cumsum([0, *map(len, ranks)])[:-1]
            lengths = np.zeros(self._encoding.n_vocab, np.int32)
            lengths[list(ranks.values())] = np.add.reduceat(begins, places, dtype=np.int32)
            self._lengths = lengths
        return self._lengths


class _FileSizer:
    __slots__ = ("_path", "_tokenizer")

    def __init__(self, path: str) -> None:
        self._path = path
        self._tokenizer = _tokenizer(path)

    def __call__(self, text: str) -> int:
        return len(self._tokenizer.encode(_without_surrogates(text), add_special_tokens=False).ids)

    def __reduce__(self) -> tuple[Callable[[str, str], Sizer], tuple[str, str]]:
        return sizer, ("", self._path)

    def encode(self, text: str) -> Encoded:
        """The text with the places where its tokens end, as the tokenizer tells them."""
        import numpy as np

        text = _SURROGATE.sub("\ufffd", text)
        offsets = self._tokenizer.encode(text, add_special_tokens=False).offsets
        told = np.array([0, *(end for _, end in offsets)], np.int32)
        ends = np.maximum.accumulate(told)[1:]
        return Encoded(self, text, ends)


def encoding_of(model: str) -> str:
    """The encoding of a model as far as tiktoken knows it and it needs no network, else ""."""
    from tiktoken.model import encoding_name_for_model

    try:
        name = encoding_name_for_model(model.rpartition("/")[2])
    except KeyError:
        return ""
    name = _SAME.get(name, name)
    return name if name in SHIPPED else ""


def digest_of(path: str) -> str:
    """The sha256 of a tokenizer.json. Raises SettingsError when it cannot be read."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError as err:
        raise SettingsError(f"{path}: {err.strerror}", "Give the tokenizer.json.") from err


def _tokenizer(path: str) -> Tokenizer:
    try:
        from tokenizers import Tokenizer
    except ImportError as err:
        message = "a tokenizer.json needs the package tokenizers"
        raise SettingsError(message, 'pip install "builder[tokenizers]"') from err
    if not Path(path).is_file():
        raise SettingsError(f"{path}: no such file", "Give the tokenizer.json of the model.")
    try:
        found = Tokenizer.from_file(path)
    except Exception as err:
        if type(err) is not Exception:  # tokenizers raises nothing narrower
            raise
        message = f"{path}: not a tokenizer.json ({str(err)[:120]})"
        raise SettingsError(message, "Give the tokenizer.json of the model.") from err
    found.no_truncation()
    found.no_padding()
    return found


class Encoded:
    """A text that was encoded once, for the sizes of many of its slices.

    heads and tails give a number and a sync point for every position. With head (a, v) at s and
    tail (b, w) at e, `b - a` tokens are in text[s:e]: exactly when v <= w, else about as many.
    A sync point is a position where every text with these characters around it has the border of
    a pre-token, so the tokens of both sides do not know of each other; only what is between a
    position and its sync point is encoded again. True for the patterns of cl100k_base and
    o200k_base: behind a newline (but for "/"), between a letter or digit and what is neither
    letter, digit, mark nor apostrophe, and before a blank behind anything but white space.
    """

    __slots__ = ("_ends", "_short", "_size", "text")

    def __init__(
        self,
        size: Sizer,
        text: str,
        ends: NDArray[np.int32],
        *,
        short: dict[str, int] | None = None,
    ) -> None:
        self.text = text
        self._size = size
        self._ends = ends
        self._short = short  # remembered sizes; None: no sync points are known for this encoding

    def before(self, positions: Sequence[int]) -> list[int]:
        """How many tokens end at or before each position; one cut by it is not counted."""
        if len(positions) <= _FEW:
            view = self._ends.data
            return [bisect_right(view, at) for at in positions]
        import numpy as np

        wanted = np.array(positions, np.int32)  # as _ends, which is copied else
        found: list[int] = self._ends.searchsorted(wanted, side="right").tolist()
        return found

    def positions(self, tokens: Sequence[int]) -> list[int]:
        """The first character position at which so many tokens have ended, for each number."""
        last = len(self._ends)
        wanted = [0 if n < 2 else n - 1 if n < last else last - 1 for n in tokens]
        ends: list[int] = self._ends.take(wanted).tolist()
        return [at if n > 0 else 0 for n, at in zip(tokens, ends, strict=True)]

    def position(self, token: int) -> int:
        """The first character position at which so many tokens have ended."""
        return self.positions((token,))[0] if len(self._ends) else 0

    def heads(self, positions: Sequence[int]) -> tuple[list[int], list[int]]:
        """For slices that start at each position: the tokens before it and its sync point."""
        text, fast = self.text, self._short is not None
        syncs = [
            at
            if fast and text[at - 1 : at] == "\n" and text[at : at + 1].isalnum()
            else self._sync_after(at)
            for at in positions
        ]
        known = [at if sync is None else sync for at, sync in zip(positions, syncs, strict=True)]
        tokens = self.before(known)
        for number, at in enumerate(positions):
            if known[number] > at:
                tokens[number] -= self._size_of(text[at : known[number]])
        never = len(text) + 1
        return tokens, [never if sync is None else sync for sync in syncs]

    def tails(self, positions: Sequence[int]) -> tuple[list[int], list[int]]:
        """For slices that end at each position: the tokens before it and its sync point."""
        text, fast = self.text, self._short is not None
        syncs = [
            at
            if fast and text[at : at + 1] == "\n" and text[at - 1].isalnum()
            else self._sync_before(at)
            for at in positions
        ]
        known = [at if sync is None else sync for at, sync in zip(positions, syncs, strict=True)]
        tokens = self.before(known)
        for number, at in enumerate(positions):
            if known[number] < at:
                tokens[number] += self._size_of(text[known[number] : at])
        return tokens, [-1 if sync is None else sync for sync in syncs]

    def _size_of(self, piece: str) -> int:
        """The tokens of a few characters that come again and again."""
        known = self._short
        if known is None:
            return 0
        if piece not in known:
            if len(known) >= _REMEMBERED:
                return self._size(piece)
            known[piece] = self._size(piece)
        return known[piece]

    def count(self, start: int, end: int) -> int:
        """The tokens of text[start:end], encoded again where that is needed."""
        if self._short is not None and end - start == len(self.text):
            return len(self._ends)
        (low,), (sync,) = self.heads((start,))
        (high,), (last,) = self.tails((end,))
        return high - low if sync <= last else self._size(self.text[start:end])

    def _sync_after(self, at: int) -> int | None:
        if self._short is None:
            return None
        text = self.text
        if at == 0 or (text[at - 1] == "\n" and _opens_line(text, at)):
            return at
        if text[at : at + _REACH].isalnum():
            return None
        for place in range(at + 1, min(at + _REACH, len(text))):
            if _is_sync(text, place):
                return place
        return None

    def _sync_before(self, at: int) -> int | None:
        if self._short is None:
            return None
        text = self.text
        if at == len(text) or (text[at] == "\n" and text[at - 1].isalnum()):
            return at
        if text[max(at - _REACH, 0) : at + 1].isalnum():
            return 0 if at <= _REACH else None
        right = text[at]
        for place in range(at, max(at - _REACH, 0), -1):
            left = text[place - 1]
            if left == "\n":
                if right != "/" and not right.isspace():
                    return place
            elif right in " \t":
                if not left.isspace():
                    return place
            elif left.isalnum() and right in _BREAKS:
                return place
            right = left
        return 0 if at <= _REACH else None


def _opens_line(text: str, at: int) -> bool:
    """Whether a line starts here that is not empty, nor begins with what a newline may take on."""
    if text[at : at + 1] == "/":
        return False
    end = min(at + _REACH, len(text))
    while at < end and text[at] in " \t":
        at += 1
    return at < end and not text[at].isspace()


def _is_sync(text: str, at: int) -> bool:
    """Whether both sides of a position inside text are encoded alike whatever is on the other."""
    left, right = text[at - 1], text[at]
    if left == "\n":
        return right != "/" and not right.isspace()
    if right in " \t":
        return not left.isspace()
    return right in _BREAKS and left.isalnum()


def encoded(size: Sizer, text: str) -> Encoded:
    """The text encoded once by size; by any function, word for word, if it is not of `sizer`."""
    import numpy as np

    if isinstance(size, _EncodingSizer | _FileSizer):
        return size.encode(text)
    ends = [m.end() for m in re.finditer(r"\S+", text) for _ in range(size(m[0]))]
    return Encoded(size, text, np.array(ends, np.int32))


def _tokens(encoding: tiktoken.Encoding, text: str) -> NDArray[np.uint32] | None:
    """The tokens of a text, None where tiktoken cannot encode it as it is."""
    try:
        return encoding.encode_to_numpy(text, disallowed_special=())
    except UnicodeEncodeError:
        return None
    except BaseException as err:  # a Rust panic is no Exception, and its type has no module
        if type(err).__name__ != "PanicException":
            raise
        return None


def _long_blank(text: str) -> bool:
    """Whether a run of white space is too long for tiktoken: few characters show it of most texts,
    as such a run has many of them in a row."""
    if len(text) < _LONG_RUN or not _MANY_BLANK.search(text[::_STEP]):
        return False
    return bool(_LONG_BLANK.search(text))


def _count(encoding: tiktoken.Encoding, text: str) -> int:
    if not _long_blank(text):
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


def _quick(name: str) -> tiktoken.Encoding:
    """An encoding in SHIPPED that gives the same tokens in less time; one per process.

    tiktoken's engine tries the branches of a pattern one after the other, as one of them looks
    ahead. Those before it are found in one search where they stand in a group without possessive
    quantifiers, of which these patterns have none that matters: what follows one never begins
    with what it has taken.
    """
    import tiktoken

    with _LOCK:
        if name not in _QUICK:
            told = definition(name, _load)
            plain, ahead, rest = told["pat_str"].partition(_AHEAD)
            plain = _POSSESSIVE.sub(r"\1", plain)
            told["pat_str"] = f"(?:{plain}){ahead}{rest}"
            _QUICK[name] = tiktoken.Encoding(**told)
        return _QUICK[name]


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
