"""Office math (ECMA-376 Part 1, 22.1) as text on one line: "(a+b)/2", "x_(i)^2", "√(x)"."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VALUE = f"{M}val"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS = frozenset(
    _W + name for name in ("ins", "moveTo", "sdt", "sdtContent", "smartTag", "customXml")
)


def linear(element: _Element) -> str:
    """The formula in an oMath element, or any part of one."""
    tag = str(element.tag)
    if not tag.startswith(M):
        return "".join(map(linear, element)) if tag in _WRAPPERS else ""
    name = tag.removeprefix(M)
    if name == "t":
        return element.text or ""
    if name.endswith("Pr"):
        return ""
    shape = _SHAPES.get(name)
    return shape(element) if shape else "".join(map(linear, element))


def _part(element: _Element, name: str) -> str:
    found = element.find(M + name)
    return linear(found) if found is not None else ""


def _setting(element: _Element, name: str, default: str) -> str:
    """The value of a property; an empty one means no character, a missing one the default."""
    found = element.find(f"{element.tag}Pr/{M}{name}")
    return default if found is None else found.get(_VALUE) or ""


def grouped(text: str) -> str:
    """The text in parentheses unless it is one word, number or group already."""
    if (
        text.isalnum()
        or len(text) == 1
        or (text.startswith("(") and text.find(")") == len(text) - 1)
    ):
        return text
    return f"({text})"


def _fraction(element: _Element) -> str:
    return f"{grouped(_part(element, 'num'))}/{grouped(_part(element, 'den'))}"


def _script(element: _Element) -> str:
    low, high = _part(element, "sub"), _part(element, "sup")
    marks = (f"_{grouped(low)}" if low else "") + (f"^{grouped(high)}" if high else "")
    return _part(element, "e") + marks


def _before(element: _Element) -> str:
    return f"_{grouped(_part(element, 'sub'))}^{grouped(_part(element, 'sup'))}" + _part(
        element, "e"
    )


def _root(element: _Element) -> str:
    degree = _part(element, "deg")
    return f"√({degree}&{_part(element, 'e')})" if degree else f"√({_part(element, 'e')})"


def _sum(element: _Element) -> str:
    low, high = _part(element, "sub"), _part(element, "sup")
    marks = (f"_{grouped(low)}" if low else "") + (f"^{grouped(high)}" if high else "")
    return f"{_setting(element, 'chr', '∫')}{marks} {_part(element, 'e')}"


def _delimited(element: _Element) -> str:
    inner = _setting(element, "sepChr", "|").join(map(linear, element.findall(f"{M}e")))
    return f"{_setting(element, 'begChr', '(')}{inner}{_setting(element, 'endChr', ')')}"


def _function(element: _Element) -> str:
    argument = _part(element, "e")
    name = _part(element, "fName")
    return f"{name}{argument}" if argument.startswith("(") else f"{name} {argument}"


def _limit(mark: str) -> Callable[[_Element], str]:
    return lambda element: f"{_part(element, 'e')}{mark}{grouped(_part(element, 'lim'))}"


def _accent(element: _Element) -> str:
    return _part(element, "e") + _setting(element, "chr", "\u0302")


def _rows(element: _Element) -> str:
    rows = [" & ".join(map(linear, row.findall(f"{M}e"))) for row in element.findall(f"{M}mr")]
    return f"[{'; '.join(rows)}]"


def _lines(element: _Element) -> str:
    return "; ".join(map(linear, element.findall(f"{M}e")))


_SHAPES: dict[str, Callable[[_Element], str]] = {
    "f": _fraction,
    "sSub": _script,
    "sSup": _script,
    "sSubSup": _script,
    "sPre": _before,
    "rad": _root,
    "nary": _sum,
    "d": _delimited,
    "func": _function,
    "limLow": _limit("_"),
    "limUpp": _limit("^"),
    "acc": _accent,
    "m": _rows,
    "eqArr": _lines,
}
