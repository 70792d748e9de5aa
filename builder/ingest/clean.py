"""Characters that no reader should see: removed or folded, and counted."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable

_HUGE_NUMBER = re.compile(r"&#\d{9,};?")  # of no character
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# Bold and underlined words of a typewriter: a letter, a step back, and the letter or a line.
_STRUCK = re.compile(r"_\x08(?=[^\n])|\+\x08(?=o)|([^\n])\x08(?=\1)")
_STRUCK_BELOW = re.compile(r"([^\n\x08])\x08_")
_JOINERS = "\u0600-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff"
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CONTROLS = {
    "control characters": r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]",
    "lone surrogates": r"[\ud800-\udfff]",
    "byte order marks": "\ufeff",
}
_INVISIBLE = {
    "zero-width characters": (
        "[\u200b\u2060-\u2064\u180e\u115f\u1160\u3164\uffa0\ufff9-\ufffb]"
        f"|(?<![{_JOINERS}])\u200c"
        f"|(?<![{_JOINERS}\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])\u200d"
    ),
    "bidirectional controls": "[\u200e\u200f\u061c\u202a-\u202e\u2066-\u206f]",
    "soft hyphens": "\u00ad",
    "Unicode tag characters": (
        "(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+"
        f"|(?<![{_IDEOGRAPHS}])[\U000e0100-\U000e01ef]+"
    ),
}


def _any(classes: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<c{n}>{rule})" for n, rule in enumerate(classes.values())))


_CLASSES = {**_CONTROLS, **_INVISIBLE}
_NAMES = tuple(_CLASSES)
_ANY_CONTROL, _ANY = _any(_CONTROLS), _any(_CLASSES)
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]"
)  # whatever one of the rules could match: a quick look, since most texts hold none
_SUSPECT_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]")
_LONG = 200  # characters
_WHITE = b" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
_ASCII = bytes(range(128))
_ALL_BUT_INK = _WHITE + bytes(range(128, 256))  # without it: what of ASCII is seen
_BLANKED = bytes(32 if byte < 128 else byte for byte in range(256))
_PLAIN = bytes((*b"\n", *range(32, 127)))
_USUAL = _PLAIN + b"\t"
_HIDDEN = re.compile(f"{_INVISIBLE['Unicode tag characters']}|[\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_NEWLINES = re.compile(r"[\x85\u2028\u2029\x0b\x0c]")  # besides those with \r
_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
_FOLDED = str.maketrans(
    {**_LIGATURES, **dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a\u2002\u2003\u2008\u3000\t", " ")}
)
_TO_FOLD = re.compile("[\ufb00-\ufb06\u00a0\u202f\u2002-\u200a\u3000\t]")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def without(text: str, characters: bytes) -> str:
    """A text without some characters of ASCII; far faster than looking at each."""
    left = text.encode("utf-8", "surrogatepass").translate(None, characters)
    return left.decode("utf-8", "surrogatepass")


def unescape(text: str) -> str:
    """As html.unescape, which fails at a number of more than 4,300 digits."""
    return html.unescape(_HUGE_NUMBER.sub("\ufffd", text))


def size(text: str) -> int:
    """The characters of a text, white space apart."""
    if not text.isascii() and len(text) <= _LONG:
        return len("".join(text.split()))
    return encoded_size(text.encode("utf-8", "surrogatepass"))


def encoded_size(encoded: bytes) -> int:
    """The same of UTF-8: bytes of ASCII are counted by a far faster way than characters are."""
    if encoded.isascii():
        return len(encoded.translate(None, _WHITE))
    beyond = encoded.translate(None, _ASCII).decode("utf-8", "surrogatepass")
    return len(encoded.translate(None, _ALL_BUT_INK)) + len("".join(beyond.split()))


def beyond_ascii(text: str) -> str:
    """The characters of a text that are not in ASCII."""
    return without(text, _ASCII)


def runs_beyond_ascii(encoded: bytes) -> str:
    """The same of UTF-8, with a blank between those that do not follow one another."""
    runs = encoded.translate(_BLANKED).split()
    return b" ".join(runs).decode("utf-8", "surrogatepass")


def without_usual(encoded: bytes) -> bytes:
    """UTF-8 without tabs, newlines and what of ASCII can be printed."""
    return encoded.translate(None, _USUAL)


def is_plain(text: str) -> bool:
    """Whether a text is of newlines and what of ASCII can be printed: there is nothing to clean."""
    return text.isascii() and not text.encode().translate(None, _PLAIN)


def are_clean(texts: Iterable[str]) -> bool:
    """Whether nothing of some texts is hidden, to be removed or to be folded; asked at once, as
    each alone takes longer.
    """
    unusual = without("".join(texts), _PLAIN)
    return not (_SUSPECT.search(unusual) or _TO_FOLD.search(unusual))


def has_controls(text: str) -> bool:
    """Whether a text holds anything that `Cleaner.controls` may take out of it or change."""
    return _SUSPECT_CONTROL.search(text) is not None


class Cleaner:
    """Removes characters that cannot be seen from texts, and counts what it removed."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._hidden = 0

    def controls(self, text: str, newline: str = "\n") -> str:
        """Text with LF newlines, without control characters; what only hides is left in it."""
        unusual = without(text, _USUAL)
        if not _SUSPECT_CONTROL.search(unusual):
            return text
        if "\r" in unusual:
            text = text.replace("\r\n", newline).replace("\r", newline)
            if not _SUSPECT_CONTROL.search(unusual.replace("\r", "")):  # as a rule
                return text
        text = _NEWLINES.sub(newline, text)
        if "\x1b" in text:
            text, found = _ANSI.subn("", text)
            if found:
                self._counts["terminal escapes"] += found
        if "\b" in text:
            text, found = _STRUCK.subn("", text)
            text, below = _STRUCK_BELOW.subn(r"\1", text)
            if found + below:
                self._counts["overstruck characters"] += found + below
        return _ANY_CONTROL.sub(self._count, text)

    def prose(self, text: str) -> str:
        """Prose without anything that cannot be seen: zero-width, direction and tag characters."""
        if not _SUSPECT.search(text):
            return text
        lines = text.split("\n")  # other newlines came from entities, and would break the block
        text = "\n".join(self.controls(line, " ") for line in lines)
        return _ANY.sub(self._count, text)

    def hides(self, text: str) -> bool:
        """Whether a block holds characters that hide text from the reader of the page.

        Tag characters do; marks of direction do where nothing is written from right to left.
        """
        if not _SUSPECT.search(text):
            return False
        found = _HIDDEN.search(text)
        if not found or (found[0] < "\U000e0000" and _RIGHT_TO_LEFT.search(text)):
            return False
        self._hidden += 1
        return True

    def notes(self) -> tuple[str, ...]:
        """One note per kind of character removed."""
        removed = [f"{self._counts[name]} {name} removed" for name in sorted(self._counts)]
        if self._hidden:
            blocks = "block" if self._hidden == 1 else "blocks"
            removed.append(f"hidden characters in {self._hidden} {blocks}: suspect_injection")
        return tuple(removed)

    def _count(self, match: re.Match[str]) -> str:
        self._counts[_NAMES[int((match.lastgroup or "c0")[1:])]] += len(match[0])
        return ""


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen."""
    if "\x1b" not in text and _PLAINLY_SEEN.search(text):
        return False  # the usual case, told by the first letter
    return not text.strip(_BLANKS) or not Cleaner().prose(text).strip()


_PLAINLY_SEEN = re.compile("[A-Za-z0-9]")
_BLANKS = " \t\n\u200b\u2060\ufeff\u00ad\u202e\u202c"


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
