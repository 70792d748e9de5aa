"""Bytes to text: encodings told, declared or guessed; mojibake repaired; binary data refused."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from builder.ingest.clean import (
    Cleaner,
    has_controls,
    is_blank,
    runs_beyond_ascii,
    without_usual,
)
from builder.ingest.parsed import Refused

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office file"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"RIFF", "a media file"),
    (b"OggS", "a media file"),
    (b"{\\rtf", "an RTF file"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)"""
    rb"""|\A(?:.{0,200}\n)?.{0,200}-\*-.{0,80}?coding:\s*([\w.:-]+)""",
    re.IGNORECASE,
)
_CHARSETS = re.compile(  # encodings of pages; not UTF-8 and UTF-16, which are told before
    r"cp\d+|iso8859-\d+|iso2022_\w+|koi8-\w|mac-\w+|ascii|shift_?jis\w*|euc_\w+|gb2312|gbk|gb18030"
    r"|big5\w*|hz|johab|tis-620"
)
_AS_BROWSERS = {  # what pages are read as that declare it: https://encoding.spec.whatwg.org/#names-and-labels
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# What pages are in that declare cp1252 wrongly, beside those whose letters tell: a few of the
# encodings that a guess may give, as most others it gives for signs in Western text.
_FOREIGN = re.compile(r"gb|big5|cp949|euc_|johab|shift|cp932|cp1253|cp1255|cp1256|iso8859_[678]")
_CYRILLIC = ("cp1251", "koi8-r", "iso8859-5", "cp866")
_COMMON_CYRILLIC = frozenset("оеаинтсрвлі")  # two of three letters of a text
_MOST, _MORE = 0.5, 0.2  # shares of them: in a text, and more than as the page declares
_RUN = re.compile(rb"[\x80-\xff]{4,}")  # longer than what accents make in Western words
_FEWEST_FOREIGN = 16  # bytes beyond ASCII,
_FEWEST_LETTERS = 8  # different ones,
_FEWEST_WORDS, _SENTENCE = 5, 16  # and different runs of them, or bytes where no blanks part words
_RISING = 0.8  # of the letters of an alphabet stand in order
_DRAWN = re.compile(rb"\xa0|([\x80-\xff])\1{2,}")  # blanks that do not break, lines of one sign
_WESTERN = frozenset(
    "English German French Spanish Italian Portuguese Dutch Swedish Danish Norwegian Finnish "
    "Indonesian Unknown".split()
)
_ALL_PRINTABLE = 0.98
_FEW_SHIFTS = 3  # words with letters beyond ASCII that make a text UTF-7
_SHIFTED = re.compile(rb"\+[A-Za-z0-9/]{3,}-")
_JAPANESE = (b"\x1b$B", b"\x1b$@")  # escapes of ISO-2022-JP
_ACCENTED = re.compile(  # between letters, one of which is of ASCII
    r"(?<=[A-Za-z])[^\x00-\x7f](?=[^\W\d_])|(?<=[^\W\d_])[^\x00-\x7f](?=[a-z])"
)
# Encoding, letters beyond ASCII of its language, and those that hardly another has in these places:
# as cp1252 they are signs, or letters of Icelandic, which has others besides; how many of them.
_ALPHABETS = (
    ("cp1254", "çğıöşüâîû’", "ığş", 2),
    ("cp1250", "ąćęłńóśźż", "łą", 1),
    ("iso8859_2", "ąćęłńóśźż", "łą", 1),
)
_CENTRAL = re.compile(r"cp125[0478]|iso8859_(?:2|4|10|13|16)|mac_latin2")  # guesses to confirm
_CENTRAL_LETTERS = (  # Czech, Slovak, Hungarian, Romanian, Croatian and Slovene, Polish
    "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž", "ąćęłńóśźż",
)  # fmt: skip
_WESTERN_LETTERS = "àáâãäåæçèéêëìíîïñòóôõöøœùúûüÿßÀÁÂÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØŒÙÚÛÜ"
_SIGNS = frozenset(
    b"\x80\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa7\xa9\xab\xae\xb0\xb7\xbb\xd7"
)
_FEW_TELLING = 2  # of the latter, in all
_TELLING = 0.1  # share that they have of the letters beyond ASCII
_THAI_WORD = re.compile("การ|ที่|และ|ของ|เป็น|ใน|ได้|ให้|จะ|ไม่|มี|หรือ|เพื่อ|ข้อมูล|เมื่อ|จาก|เครื่อง")
_THAI = re.compile("[\u0e00-\u0e7f]")
_FEW_THAI, _THAI_APART = 2, 60  # words of it that tell, and at most so many letters to each
_SNIFFED = 65536  # bytes looked at to tell text from binary data


class Decoded(NamedTuple):
    """The text of a file with LF newlines.

    notes:    what was repaired on the way.
    repaired: start and end of the lines of text that were mojibake.
    """

    text: str
    notes: tuple[str, ...]
    repaired: tuple[tuple[int, int], ...]


def decode(data: bytes) -> Decoded | Refused:
    """The text of a file, or why it has none."""
    if is_empty(data):
        return Refused("empty", "the file holds no text")
    kind = next((name for magic, name in _MAGIC if data.startswith(magic)), "")
    if kind:
        return Refused("binary", f"the file is {kind}, not text")
    plain = _plain(data)
    if plain is not None and not is_blank(plain):
        return Decoded(plain, (), ())
    notes: list[str] = []
    text, encoding = _by_mark(data)
    if not encoding and (told := _escaped(data)):
        text, encoding, notes = told, "iso2022_jp_ext", ["read as iso2022_jp"]
    if not encoding and _looks_binary(data):
        text, encoding = _without_zeros(data)
        if not encoding:
            return Refused("binary", "the file holds binary data, not text")
    if not encoding and (told := _utf7(data)):
        text, encoding, notes = told, "utf-7", ["read as utf-7"]
    if not encoding:
        text, notes = _without_mark(data.removeprefix(codecs.BOM_UTF8))
    notes += _undecoded(text) if "\ufffd" in text else []
    text, repaired = _without_mojibake(text, text.encode("utf-8", "surrogatepass"))
    if repaired:
        lines = "line" if len(repaired) == 1 else "lines"
        notes.append(f"mojibake repaired in {len(repaired)} {lines}")
    cleaner = Cleaner()
    text = cleaner.controls(text)
    notes += cleaner.notes()
    if is_blank(text):
        return Refused("empty", "the file holds no text")
    return Decoded(text, tuple(notes), tuple(_where(text, repaired)))


def _plain(data: bytes) -> str | None:
    """The text of UTF-8 without anything to be told of it or to be repaired, as most files are.

    A look at the few bytes that are not ASCII; None for files that take a closer one.
    """
    try:
        rare = without_usual(data).decode("utf-8")
        if not rare:
            return None if _utf7(data) else data.decode("ascii")
        if "\ufffd" in rare or has_controls(rare):
            return None
        text = data.decode("utf-8")
        if _MAY_BE_MOJIBAKE.search(rare) and _without_mojibake(text, data)[1]:
            return None
        return text
    except UnicodeDecodeError:
        return None


def _where(text: str, lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where lines stand in the cleaned text, in their order."""
    at = 0
    for line in lines:
        cleaned = Cleaner().controls(line)
        found = text.find(cleaned, at)
        if found >= 0:
            at = found + len(cleaned)
            yield found, at


def is_empty(data: bytes) -> bool:
    """Whether a file holds nothing but blanks, zeros and an encoding mark."""
    return not data.strip(b" \t\r\n\x0b\x0c\xef\xbb\xbf\x00")


def _by_mark(data: bytes) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    head = data[:_SNIFFED]
    if len(head) >= 8 and head.count(0) > 0.2 * len(head):
        for encoding, zeros in (("utf-32-le", head[3::4]), ("utf-32-be", head[0::4])):
            if not any(zeros) and (text := _strictly(data, encoding)):
                return text, encoding
        for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
            if zeros.count(0) > 0.7 * len(zeros):
                text = data.decode(encoding, "replace")
                if _printable(text[:10000]) > 0.95:
                    return text, encoding
    return "", ""


def _strictly(data: bytes, encoding: str) -> str:
    """The text of bytes, "" where they break the rules of an encoding."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _escaped(data: bytes) -> str:
    """The text of bytes that switch to Japanese by escapes (RFC 1468), else ""."""
    if not data.isascii() or not any(mark in data for mark in _JAPANESE):
        return ""
    try:
        return data.decode("iso2022_jp_ext")
    except UnicodeDecodeError:
        return ""


def _without_zeros(data: bytes) -> tuple[str, str]:
    """UTF-16 of a script whose letters have no byte of zero, such as Chinese; "" for binary data.

    Any bytes are some UTF-16, but a quarter of what chance makes cannot be printed.
    """
    for encoding in ("utf-16-le", "utf-16-be"):
        text = data.decode(encoding, "replace")
        if _printable(text[:10000]) > _ALL_PRINTABLE and re.search(r"[\s\u3001\u3002]", text):
            return text, encoding
    return "", ""


def _utf7(data: bytes) -> str:
    """The text of bytes that are UTF-7 (RFC 2152) beyond doubt, else ""."""
    if data.count(b"+") < _FEW_SHIFTS or not data.isascii():
        return ""
    if len(_SHIFTED.findall(data)) < _FEW_SHIFTS:
        return ""
    try:
        text = data.decode("utf-7")
    except UnicodeDecodeError:
        return ""
    letters = [character for character in text if not character.isascii()]
    common = sum(character < "\u0530" or "\u2010" <= character < "\u2150" for character in letters)
    return text if letters and common > _ALL_PRINTABLE * len(letters) else ""


def _undecoded(text: str) -> list[str]:
    count = text.count("\ufffd")
    return [f"{count} {'character' if count == 1 else 'characters'} could not be decoded"]


def _printable(text: str) -> float:
    return sum(c.isprintable() or c in "\n\r\t" for c in text) / max(1, len(text))


def _looks_binary(data: bytes) -> bool:
    head = data[:_SNIFFED]
    controls = len(head.translate(None, _NO_CONTROLS))
    if controls > 0.02 * len(head) + 4:
        return True
    if not _is_utf8(data) and head.count(b"\n") == 0 and len(head) > 2000:
        return sum(byte > 127 for byte in head) > 0.4 * len(head)
    return False


_CONTROLS = frozenset(range(32)) - frozenset(b"\b\t\n\r\x0b\x0c\x1b") | {127}
_NO_CONTROLS = bytes(byte for byte in range(256) if byte not in _CONTROLS)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without_mark(data: bytes) -> tuple[str, list[str]]:
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start >= 0.5 * len(data):
            whole = data[: error.start].decode("utf-8")
            if not whole.isascii() or error.end - error.start > 1:
                return whole, ["the file ends within a character"]
    declared = _declared(data)
    if declared and (likelier := _likelier(data, declared)):
        return data.decode(likelier, "replace"), [f"read as {likelier}, not {declared}"]
    if declared:
        for encoding in dict.fromkeys((_AS_BROWSERS.get(declared, declared), declared)):
            try:
                return data.decode(encoding), [f"read as {declared}"]
            except UnicodeError:
                pass
    marked = [line for line in data.splitlines() if not line.isascii()]
    good = sum(map(_is_utf8, marked))
    text = data.decode("utf-8", "surrogateescape")
    stray = sum(map(len, _STRAY.findall(text)))
    if good >= max(1, 0.1 * len(marked)) or stray < 0.5 * sum(not c.isascii() for c in text):
        bad = len(marked) - good
        return _STRAY.sub(_as_cp1252, text), [
            f"{bad} {'line' if bad == 1 else 'lines'} not UTF-8, read as cp1252"
        ]
    encoding = _guess(data)
    return data.decode(encoding, "replace"), [f"read as {encoding}"]


def _as_cp1252(run: re.Match[str]) -> str:
    return bytes(ord(c) - 0xDC00 for c in run[0]).decode("cp1252", "replace")


_STRAY = re.compile("[\udc80-\udcff]+")


def _declared(data: bytes) -> str:
    match = _DECLARED.search(data[:8192])
    if not match:
        return ""
    name = (match[1] or match[2] or match[3]).decode("ascii").lower()
    try:
        name = codecs.lookup(name).name
    except LookupError:
        return ""
    if not _CHARSETS.fullmatch(name):
        return ""
    return "cp1252" if name in ("iso8859-1", "ascii") else name


def _likelier(data: bytes, declared: str) -> str:
    """The encoding of bytes of which the declared one makes no sense, else ""."""
    sample = _DRAWN.sub(b"", data[:262144])
    beyond = [byte for byte in sample if byte > 127]
    if len(beyond) < _FEWEST_FOREIGN or len(set(beyond)) < _FEWEST_LETTERS:
        return ""
    if declared == "cp1252":
        if told := _by_letters(sample):
            return told
        runs = [run for run in _RUN.findall(sample) if not _is_alphabet(run)]
        length, several = sum(map(len, runs)), len(set(runs)) >= _FEWEST_WORDS
        if length < 0.5 * len(beyond) or not (several or length >= _SENTENCE):
            return ""
    elif declared not in _CYRILLIC:
        return ""
    shares = {encoding: _share_of_common(sample, encoding) for encoding in _CYRILLIC}
    best = max(shares, key=lambda encoding: shares[encoding])
    if shares[best] > max(_MOST, shares.get(declared, 0.0) + _MORE):
        return best
    guess = _guess(sample) if declared == "cp1252" else ""
    return guess if _FOREIGN.match(guess) else ""


def _is_alphabet(run: bytes) -> bool:
    """Whether letters stand one after another as a list of them has them."""
    rising = sum(one < other for one, other in itertools.pairwise(run))
    return rising > _RISING * (len(run) - 1)


def _share_of_common(sample: bytes, encoding: str) -> float:
    """Which share of the characters beyond ASCII are common Russian letters."""
    beyond = [c for c in sample.decode(encoding, "replace").lower() if not c.isascii()]
    return sum(c in _COMMON_CYRILLIC for c in beyond) / max(1, len(beyond))


def _guess(data: bytes) -> str:
    """The likeliest encoding; cp1252 wins over its look-alikes for Western languages."""
    from charset_normalizer import from_bytes

    sample = data[:262144]
    if told := _by_letters(sample):
        return told
    best = from_bytes(sample).best()
    if best is None:
        return "cp1252"
    if _western(sample) and (best.language in _WESTERN or not best.coherence):
        return "cp1252"
    return _by_alphabet(sample) or best.encoding if _CENTRAL.match(best.encoding) else best.encoding


def _by_alphabet(sample: bytes) -> str:
    """Which of the encodings of Central and Western Europe makes letters of its languages, else "".

    Short texts and lists of names hold too few words for a guess by pairs of letters.
    """
    beyond = bytes(byte for byte in sample if byte > 127 and byte not in _SIGNS)
    for encoding in ("cp1250", "iso8859_2"):
        letters = beyond.decode(encoding, "replace").lower()
        if any(_fits(letters, alphabet) for alphabet in _CENTRAL_LETTERS):
            return encoding
    western = _western(sample) and _fits(beyond.decode("cp1252", "replace"), _WESTERN_LETTERS)
    return "cp1252" if western else ""


def _fits(letters: str, alphabet: str) -> bool:
    known = sum(map(letters.count, alphabet))
    return known > 0 and known >= _ALL_PRINTABLE * len(letters)


def _by_letters(sample: bytes) -> str:
    """The encoding of Turkish, Polish or Thai, where letters between others or words tell it."""
    for encoding, alphabet, telling, different in _ALPHABETS:
        letters = _ACCENTED.findall(sample.decode(encoding, "replace"))
        known = sum(letter.lower() in alphabet for letter in letters)
        told = [letter for letter in letters if letter in telling]
        enough = max(_FEW_TELLING, _TELLING * len(letters))
        if known < _ALL_PRINTABLE * len(letters):
            continue
        if len(told) >= enough and len(set(told)) >= different:
            return encoding
    try:
        text = sample.decode("cp874")
    except UnicodeDecodeError:
        return ""
    words = len(_THAI_WORD.findall(text))
    is_thai = words >= _FEW_THAI and words * _THAI_APART >= len(_THAI.findall(text))
    return "cp874" if is_thai else ""


def _western(sample: bytes) -> bool:
    """Whether the bytes make sense as cp1252: few high bytes, none of the undefined ones."""
    high = sum(byte > 127 for byte in sample)
    letters = sum(byte > 64 for byte in sample)
    return high < 0.25 * letters and not any(byte in sample for byte in b"\x81\x8d\x8f\x90\x9d")


# What ftfy takes for a trace of it (its badness.py) holds one of the first of these characters, or
# two of the others in a row, not begun by one that is common (a blank, a dash, an apostrophe), nor
# both signs of paragraphs or of drawn lines: a quick look, since all of its rules take some time on
# every line.
_MAY_BE_MOJIBAKE = re.compile(
    "[\x80-\x9f\u0152\u0153\u00c2\u00c3]"
    "|(?!\u00b6\u00b6|\u00a7\u00a7|[\u2500-\u259f]{2})[\u00a1-\u00ac\u00ae-\u00b3\u00b5\u00b6\u00b8-\u0491\u2016-\u2018\u201a-\u2025\u2027-\u25ca"
    "\uf8ff\ufb01\ufb02\ufffd][\u00a0-\u0491\u2013-\u25ca\uf8ff\ufb01\ufb02\ufffd]"
)


def _without_mojibake(text: str, encoded: bytes) -> tuple[str, list[str]]:
    """UTF-8 that was once read as another encoding, repaired; and the lines that it was.

    Comes before control characters go: in mojibake of Latin-1 they are halves of letters.
    """
    if encoded.isascii() or not _MAY_BE_MOJIBAKE.search(runs_beyond_ascii(encoded)):
        return text, []
    from ftfy import fix_encoding

    repaired: list[str] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        beyond = b"" if line.isascii() else line.encode("utf-8", "surrogatepass")
        if not _MAY_BE_MOJIBAKE.search(runs_beyond_ascii(beyond)):
            continue
        fixed = fix_encoding(line)
        if fixed != line:
            lines[number] = fixed
            repaired.append(fixed)
    return ("\n".join(lines), repaired) if repaired else (text, [])
