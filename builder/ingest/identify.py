"""py3langid with its model in a third of the memory.

Most of the model is a table of 10 million transitions between states, in which few stretches
differ: every different one is kept once, in 6 MB instead of 42. The weights, of which a text needs
a few rows, stay in a file. The answers are the same. Layout: py3langid/modelio.py, an npz
(https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html) inside LZMA.
"""

from __future__ import annotations

import atexit
import lzma
import shutil
import struct
import tempfile
import zipfile
from array import array
from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, BinaryIO, overload

if TYPE_CHECKING:
    import numpy as np
    from py3langid.langid import LanguageIdentifier

_LOCAL_HEADER = struct.Struct("<26xHH")  # of a ZIP entry: lengths of its name and its extra field
_COPIED = 1 << 20  # bytes at a time
_BITS = 4  # a stretch has 2 ** 4 entries: of 8 to 128, the size that takes the least memory
_LENGTH = 1 << _BITS


def classify(text: str) -> str:
    """The code of the likeliest language of a text. Raises ImportError without py3langid."""
    return str(_identifier().classify(text)[0])


@cache
def _identifier() -> LanguageIdentifier:
    import numpy as np
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - its rows are read until the end
    atexit.register(file.close)
    with lzma.open(MODEL_DIR / MODEL_FILE) as packed:
        shutil.copyfileobj(packed, file, _COPIED)
    moves = _moves(file)
    weights = _Rows(file, *_table(file, "ptc.npy"))
    file.seek(0)
    with np.load(file, allow_pickle=False) as tables:
        return LanguageIdentifier(
            weights,
            tables["pc"],
            tables["classes"].tolist(),
            moves,
            array("i", tables["out_feat"].astype(np.int32).tobytes()),
            tk_row=array("I", tables["nextmove_row"].astype(np.uint32).tobytes()),
        )


def _table(file: BinaryIO, name: str) -> tuple[int, int, np.dtype[Any]]:
    """Where a table in an npz begins (none is compressed), its width, and its numbers' type."""
    with zipfile.ZipFile(file) as archive:
        at = archive.getinfo(name).header_offset
    file.seek(at)
    file.seek(at + _LOCAL_HEADER.size + sum(_LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))))
    shape, dtype = _header(file)
    return file.tell(), shape[-1], dtype


class _Rows:
    """A table in a file, of which rows are read when they are asked for."""

    def __init__(self, file: BinaryIO, at: int, width: int, dtype: np.dtype[Any]) -> None:
        self._file, self._at, self._dtype = file, at, dtype
        self._size = width * dtype.itemsize
        self._one_at_a_time = Lock()

    def __getitem__(self, rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        import numpy as np

        with self._one_at_a_time:
            read = b"".join(map(self._row, rows.tolist()))
        return np.frombuffer(read, dtype=self._dtype).reshape(len(rows), -1)

    def _row(self, row: int) -> bytes:
        self._file.seek(self._at + row * self._size)
        return self._file.read(self._size)


class _Shared(Sequence[int]):
    """A long table of numbers as the numbers of its stretches, equal ones kept once."""

    def __init__(self, stretches: array[int], which: array[int]) -> None:
        self._stretches = stretches
        self._which = which

    def __len__(self) -> int:
        return len(self._which) << _BITS

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[int]: ...
    def __getitem__(self, at: int | slice) -> int | Sequence[int]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        return self._stretches[(self._which[at >> _BITS] << _BITS) | (at & (_LENGTH - 1))]


def _moves(file: BinaryIO) -> _Shared:
    """The transitions of the model."""
    import numpy as np

    known: dict[bytes, int] = {}
    which = array("I")
    with zipfile.ZipFile(file) as archive, archive.open("nextmove.npy") as stream:
        dtype = _header(stream)[1]
        while stretch := stream.read(_LENGTH * dtype.itemsize):
            which.append(known.setdefault(stretch, len(known)))
    stretches = np.frombuffer(b"".join(known), dtype=dtype).astype(np.uint32)
    return _Shared(array("I", stretches.tobytes()), which)


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """The shape of the table that begins here, and the type of its numbers."""
    import numpy as np

    if np.lib.format.read_magic(file) == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    else:
        shape, _, dtype = np.lib.format.read_array_header_2_0(file)
    return shape, dtype
