"""Characters that no reader should see: removed or folded, and counted."""

from __future__ import annotations

import re
from collections import Counter

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_JOINERS = "\u0600-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff"
_CLASSES = {
    "control characters": r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]",
    "lone surrogates": r"[\ud800-\udfff]",
    "zero-width characters": (
        "[\u200b\u2060-\u2064\ufeff\u180e\u115f\u1160\u3164\uffa0\ufff9-\ufffb]"
        f"|(?<![{_JOINERS}])\u200c"
        f"|(?<![{_JOINERS}\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])\u200d"
    ),
    "bidirectional controls": "[\u200e\u200f\u061c\u202a-\u202e\u2066-\u206f]",
    "soft hyphens": "\u00ad",
    "Unicode tag characters": (
        "(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+|[\U000e0100-\U000e01ef]"
    ),
}
_ANY = re.compile("|".join(f"(?P<c{n}>{rule})" for n, rule in enumerate(_CLASSES.values())))
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]"
)  # whatever one of the rules could match: a quick look, since most texts hold none
_NAMES = tuple(_CLASSES)
_NEWLINES = re.compile(r"\r\n?|[\x85\u2028\u2029\x0b\x0c]")
_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
_FOLDED = str.maketrans(
    {**_LIGATURES, **dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a\u2002\u2003\u2008\u3000\t", " ")}
)
_TO_FOLD = re.compile("[\ufb00-\ufb06\u00a0\u202f\u2002-\u200a\u3000\t]")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


class Cleaner:
    """Removes invisible characters from texts and counts what it removed."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def clean(self, text: str) -> str:
        """Text with LF newlines, without controls, zero-width, bidi and tag characters."""
        if not _SUSPECT.search(text):
            return text
        text = _NEWLINES.sub("\n", text)
        if "\x1b" in text:
            text, found = _ANSI.subn("", text)
            self._counts["terminal escapes"] += found
        return _ANY.sub(self._count, text)

    def notes(self) -> tuple[str, ...]:
        """One note per kind of character removed."""
        return tuple(f"{self._counts[name]} {name} removed" for name in sorted(self._counts))

    def _count(self, match: re.Match[str]) -> str:
        self._counts[_NAMES[int((match.lastgroup or "c0")[1:])]] += len(match[0])
        return ""


def fold_prose(text: str) -> str:
    """Ligatures and special blanks as plain letters and blanks, but not inside `code`."""
    if not _TO_FOLD.search(text):
        return text
    parts: list[str] = []
    at = 0
    for match in _CODE_SPAN.finditer(text):
        parts += text[at : match.start()].translate(_FOLDED), match[0]
        at = match.end()
    parts.append(text[at:].translate(_FOLDED))
    return "".join(parts)
