"""The JSON object in what a model said, mended where only one reading is possible.

    fence          a code fence around it
    prose          words before or after it
    comma          a comma before a closing bracket
    escape         a backslash before a character that JSON does not escape
    cut            the end is missing: what is complete of its lists is kept, nothing is made up

Quotation marks that were forgotten, keys without any and two commas in a row have more than one
reading; what has them is no reply. A name with two values in one object is read, but marked as
`twice`, for nobody can tell which one is meant. What a model thinks before its answer is no part of
it, be it in <think> tags or in a channel of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

FENCE, PROSE, COMMA, ESCAPE, CUT = "fence", "prose", "comma", "escape", "cut"
TWICE = "twice"  # not mended: a name with two values
MOST = 20  # objects in one reply that are looked at

_THOUGHT = re.compile(
    r"\A\s*<think(?:ing)?>(?:.*?</think(?:ing)?>|.*\Z)"
    r"|\A(?!\s*(?:[{\[\"]|```)).*?</think(?:ing)?>"  # the prompt's template had opened it
    r"|\A\s*<\|.*<\|channel\|>final\b(?:(?!<\|message).){0,80}<\|message\|>",
    re.DOTALL,
)
_START = re.compile(r'\{\s*["}]')
_FENCE = re.compile(r"```[ \t]*\w*[ \t]*\n(.*?)\n[ \t]*```", re.DOTALL)
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|\s+|[^\s"{}\[\],:]+|"', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_CLOSING = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Found:
    """A JSON object in a reply, and what had to be mended to read it."""

    value: dict[str, Any]  # whatever JSON the model wrote
    repairs: tuple[str, ...] = ()


def objects(text: str) -> Iterator[Found]:
    """The objects that a reply may be, the likeliest first. An object inside another is none."""
    said = _THOUGHT.sub("", text.lstrip("\ufeff"))
    whole = _found(said)
    if whole is not None:
        yield whole
        return
    for fenced in _FENCE.findall(said):
        found = _found(fenced, FENCE)
        if found is not None:
            yield found
    yield from _scanned(said)


def parsed(text: str) -> dict[str, Any] | None:  # as Found.value
    """The object that text is, as it stands; None when it is none."""
    found = _found(text)
    return found.value if found and not found.repairs else None


def flaw(text: str) -> str:
    """Why there is no object in a reply, in words that help to mend it; nothing of the reply."""
    said = _THOUGHT.sub("", text.lstrip("\ufeff"))
    start = _START.search(said)
    try:
        if start:
            json.loads(said[start.start() :], strict=False, parse_constant=_no_number)
    except json.JSONDecodeError as err:
        if err.msg != "Extra data":
            return f"no valid JSON: {err.msg} (line {err.lineno}, column {err.colno} of it)"
    except RecursionError:
        return "no valid JSON: nested too deeply"
    except ValueError as err:
        return f"no valid JSON: {err}"
    return "no JSON object in it"


def _found(text: str, *repairs: str) -> Found | None:
    twice = False

    def pairs(entries: list[tuple[str, Any]]) -> dict[str, Any]:  # names and any JSON
        nonlocal twice
        value = dict(entries)
        if len(value) < len(entries):
            twice = twice or any(value[name] != entry for name, entry in entries)
        return value

    try:
        value = json.loads(text, strict=False, object_pairs_hook=pairs, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    return Found(value, (*repairs, TWICE) if twice else repairs)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number there")  # RFC 8259 §6


def _scanned(said: str) -> Iterator[Found]:
    position = 0
    for _ in range(MOST):
        start = _START.search(said, position)
        if not start:
            return
        scan = _Scan(said, start.start())
        around = _around(said, start.start(), scan.end)
        found = _found(scan.text, *around, *scan.repairs)
        if found is not None:
            yield found
        if CUT in scan.repairs:  # what follows stands inside the object that was cut
            return
        position = scan.end


def _around(said: str, start: int, end: int) -> tuple[str, ...]:
    outside = f"{said[:start]} {said[end:]}"
    found = (FENCE,) if "```" in outside else ()
    return (*found, PROSE) if re.sub(r"```\w*", "", outside).strip() else found


class _Scan:
    """One pass over an object, from its first brace to the last one or to where the text ends.

    text: the mended object; end: the offset behind it.
    """

    def __init__(self, said: str, start: int) -> None:
        self.repairs: list[str] = []
        self._out: list[str] = []
        self._open: list[str] = []
        self._last = ""  # the last piece that is not blank
        self._comma = -1  # where in _out it stands, if it is a comma
        self._complete = (0, "")  # up to where in _out all is complete, and what closes it there
        self.end = len(said)
        for piece in _PIECE.finditer(said, start):
            self._take(piece[0], final=piece.end() == len(said))
            if not self._open:
                self.end = piece.end()
                break
        else:
            self._cut()
        self.text = "".join(self._out)

    def _take(self, piece: str, *, final: bool) -> None:
        if piece.isspace():
            self._out.append(piece)
        elif piece in "{[":
            self._add(piece)
            self._open.append(piece)
        elif piece in "}]":
            self._close(piece)
        elif piece in ",:":
            self._add(piece)
            self._comma = len(self._out) - 1
        elif piece[0] == '"' and len(piece) > 1:
            is_key = self._open[-1] == "{" and self._last in ("{", ",")
            self._add(self._escaped(piece))
            if not is_key:
                self._completed()
        else:
            self._add(piece)
            if not final and piece != '"':
                self._completed()

    def _add(self, piece: str) -> None:
        self._out.append(piece)
        self._last = piece

    def _close(self, piece: str) -> None:
        if self._last == ",":
            del self._out[self._comma]
            self._note(COMMA)
        self._add(piece)
        self._open.pop()
        self._completed()

    def _completed(self) -> None:
        """A value is complete: remember it, should it be the last one that the reply may keep."""
        if len(self._open) == 1 or (len(self._open) == 2 and self._open[-1] == "["):
            closing = "".join(_CLOSING[bracket] for bracket in reversed(self._open))
            self._complete = (len(self._out), closing)

    def _escaped(self, string: str) -> str:
        if "\\" not in string:
            return string
        return _ESCAPE.sub(self._escape, string)

    def _escape(self, found: re.Match[str]) -> str:
        """The character alone, as in ECMAScript; but a backslash before a letter or digit is
        meant: it stands in a pattern or path (\\d, C:\\Users)."""
        said = found[1]
        if len(said) > 1 or said in '"\\/bfnrt':
            return found[0]
        self._note(ESCAPE)
        return f"\\\\{said}" if said.isalnum() else said

    def _cut(self) -> None:
        length, closing = self._complete
        self._out[length:] = [closing]
        self._note(CUT)

    def _note(self, repair: str) -> None:
        if repair not in self.repairs:
            self.repairs.append(repair)
