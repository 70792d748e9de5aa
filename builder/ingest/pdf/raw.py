"""The raw functions of pdfium, for which no types exist."""

from __future__ import annotations

import ctypes
from importlib import import_module
from typing import Any


def library() -> Any:  # a module
    import_module("pypdfium2")  # initialises the library
    return import_module("pypdfium2.raw")


def prototype(function: Any, *given: Any, gives: Any = ctypes.c_int) -> Any:  # ctypes
    """A pdfium function that takes plain addresses: called once per glyph, it must cost little."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(gives, *given)(address or 0)


def string(function: Any, *args: Any) -> str:  # a pdfium getter of UTF-16 text
    length = int(function(*args, None, 0))
    if length <= 2:
        return ""
    units = (ctypes.c_ushort * (length // 2 + 1))()
    pointer = ctypes.cast(units, function.argtypes[len(args)])
    function(*args, pointer, length)
    return bytes(units)[: length - 2].decode("utf-16-le", "replace").split("\0", 1)[0]
