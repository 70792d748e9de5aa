"""Chinese, Japanese and Korean on paper: no blanks, letters of full width, two fonts in a line."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder.ingest.pdf.page import Page, Run

_IDEOGRAPHS = r"\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff9f"  # with kana and their marks
_KOREAN = r"\uac00-\ud7af"
_IDEOGRAPHIC = re.compile(f"[{_IDEOGRAPHS}]")
_FULL_WIDTH = re.compile(f"[{_IDEOGRAPHS}{_KOREAN}]")
_SPACED_OUT = re.compile(f"(?<=[{_IDEOGRAPHS}]) +(?=[{_IDEOGRAPHS}])")
_KOREAN_END, _KOREAN_START = re.compile(f"[{_KOREAN}]+$"), re.compile(f"[{_KOREAN}]+")
_KOREAN_WORD = re.compile(rf"(?<=\W)[{_KOREAN}]+(?=\W)")  # a whole one, inside of a line
_CUT = 0.05  # of line ends: where so many cut a word that is known, they cut others
_LONGEST = 40  # letters of a word that are looked at
_BELIEVED = math.log(3)  # what a known word at a line's end adds to its being whole
_OPENING = frozenset("\uff08\u3008\u300a\u300c\u300e\u3010\u3014\u3016")
_CLOSING = frozenset(
    "\uff09\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u3001\u3002\uff0c\uff0e\uff1a\uff1b"
)
_HALF = str.maketrans("\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff01\uff1f", ",.,.:;!?")
_NEVER_FIRST = (  # on a line: marks that close, small kana and the sign of a long vowel
    "\u3001\u3002\u3005\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u3041\u3043\u3045\u3047\u3049\u3063"
    "\u3083\u3085\u3087\u308e\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3\u30e3\u30e5\u30e7\u30ee\u30fb\u30fc"
    "\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
)
_FIRST = re.compile(f"[{_IDEOGRAPHS}][{_NEVER_FIRST}]*")
_STEP = r"(?:\d{1,2}|[IVX]{1,5}|[A-Za-z])"
_COUNTS = re.compile(rf"{_STEP}(?:\.{_STEP})*[.)]?")  # what may stand before a title
_CHAPTER = re.compile(  # the number of one, or of a section: "\u7b2c 2 \u7ae0"
    "\u7b2c ?[\\d\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u767e]+ ?"
    "[\u7ae0\u8282\u7bc0\u90e8\u7de8\u7f16\u7bc7\u8bb2\u56de]"
)
_ENDS_NUMBER = re.compile(  # of a title
    "[\u7ae0\u8282\u7bc0\u90e8\u7de8\u7f16\u7bc7\u8bb2\u56de]$|"
    "^[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]+[\u3001\uff0e]?$"
)
_QUARTER = 0.28  # times the size: the most room that is left between ideographs and other letters
FIRST = 0x3000  # the least code of such letters and their marks
_WIDER = 0.5  # the same where lines are stretched, and nothing but a glyph is a blank
_NO_ROOM = 0.1  # times the size: less is left beside brackets and marks
_SURE = 2  # blanks
_SELDOM = 0.1  # of the gaps
_EVEN = 0.03  # times the size: how far the widths of most of them may differ
_ENOUGH = 5  # words beside ideographs
_NEARLY_ALL = 0.9  # of them are as much larger,
_SHRUNK = 1.12  # times at least: many faces differ by a twelfth
_MOSTLY = 0.5  # of a document's letters, which is then written in such a script


def meet(before: str, after: str) -> bool:
    """Whether two texts meet in letters that no blank parts: ideographs, kana, their marks."""
    return _IDEOGRAPHIC.match(before[-1:]) is not None and _IDEOGRAPHIC.match(after) is not None


def counts(text: str) -> bool:
    """Whether a text is the number of a chapter or section alone, which a blank parts from it."""
    return _CHAPTER.fullmatch(text) is not None


def half_width(text: str) -> str:
    """A text with the marks that end sentences and their parts as Latin ones."""
    return text if text.isascii() else text.translate(_HALF)


def width(text: str) -> int:
    """How many Latin letters are about as wide as a text, and say as much."""
    return len(text) + n_wide(text)


def n_first(text: str) -> int:
    """How many ideographs or kana no line may end between at the beginning of a text; 0: none."""
    found = _FIRST.match(text)
    return len(found[0]) if found else 0


def empty_before(text: str) -> float:
    """How much of a text's first letter is empty, in times of its size: half of a bracket.

    Typesetters let that half hang out of the column.
    """
    return 0.5 if text[:1] in _OPENING else 0.0


def empty_after(text: str) -> float:
    """The same of its last letter: half of a bracket, a comma or a full stop."""
    return 0.5 if text[-1:] in _CLOSING else 0.0


def n_wide(text: str) -> int:
    """How many letters of a text are of full width."""
    return 0 if text.isascii() else len(_FULL_WIDTH.findall(text))


def closed_up(text: str, kept: list[int]) -> tuple[str, list[int]]:
    """Ideographs without the blanks between them, where more than half of them are set apart.

    kept: one number for each letter, of which those of the blanks are left out too.
    """
    blanks = {at for found in _SPACED_OUT.finditer(text) for at in range(*found.span())}
    if not blanks or 2 * len(blanks) < len(_IDEOGRAPHIC.findall(text)):
        return text, kept
    stays = [at not in blanks for at in range(len(text))]
    return "".join(itertools.compress(text, stays)), list(itertools.compress(kept, stays))


class Korean:
    """Which ends of a document's lines cut a Korean word: many makers break at any syllable."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._words = [word for line in lines for word in _KOREAN_WORD.findall(line)]
        self._known = set(self._words)
        self._odds: tuple[dict[str, float], dict[str, float]] | None = None
        ends = [found for pair in itertools.pairwise(lines) if (found := _korean_ends(*pair))]
        self._cuts = sum(one + two in self._known for one, two in ends) > _CUT * len(ends)

    def cut(self, before: str, after: str) -> bool:
        """Whether a line ends in the middle of a word that the next one goes on with.

        A word that is known tells, else how often the syllables end and begin words.
        """
        ends = _korean_ends(before, after) if self._cuts else None
        if ends is None:
            return False
        one, two = ends
        whole = [word in self._known for word in ends]
        if all(whole) or one + two in self._known:
            return one + two in self._known
        if self._odds is None:
            self._odds = _odds(self._words, -1), _odds(self._words, 0)
        believed = sum(_BELIEVED for word, known in zip(ends, whole, strict=True)
                       if known and len(word) > 1)  # fmt: skip
        last, first = self._odds
        return last.get(one[-1], 0.0) + first.get(two[0], 0.0) + believed <= 0


def _korean_ends(before: str, after: str) -> tuple[str, str] | None:
    """The last word of a line and the first of the next, None unless both are Korean."""
    one, two = _KOREAN_END.search(before[-_LONGEST:]), _KOREAN_START.match(after[:_LONGEST])
    return (one[0], two[0]) if one and two else None


def _odds(words: Sequence[str], place: int) -> dict[str, float]:
    """How much more often syllables stand at a place of words, 0 or -1, than elsewhere (log)."""
    there = Counter(word[place] for word in words)
    all_ = Counter(itertools.chain.from_iterable(words))
    return {one: math.log((there[one] + 0.5) / (n - there[one] + 0.5)) for one, n in all_.items()}


def close_up(pages: Sequence[Page]) -> None:
    """Tell the room that typesetters leave between ideographs and Latin words from blanks.

    Of a file that writes blanks as glyphs: where some are beside ideographs, all other gaps there
    are none. TeX writes only those between Latin words of one face so: where there is no blank,
    nothing tells, but that others are between faces.
    """
    runs = [run for page in pages for run in page.runs]
    beside = [
        (one, two, _may_count(before, one))
        for before, one, two in zip([None, *runs], runs, runs[1:], strict=False)
        if abs(one.y - two.y) < 1 and 0.0 < two.x0 - one.x1 < two.size
        and _changes_script(one.text[-1], two.text[0])
    ]  # fmt: skip
    n_blanks = sum(two.blank for _, two, counts in beside if not counts)
    rooms = sorted(
        room
        for one, two, counts in beside
        if not (two.blank or counts) and (room := _room(one, two)) > _NO_ROOM
    )
    least, most = (rooms[len(rooms) // 10], rooms[-1 - len(rooms) // 10]) if rooms else (0.0, 0.0)
    even = len(rooms) > _SURE and most - least < _EVEN
    seldom = n_blanks <= _SELDOM * len(beside)
    written = _written_between(runs) or (n_blanks >= _SURE and not seldom)
    if not (written or n_blanks >= _SURE):
        return
    for one, two, counts in beside:
        room = _room(one, two)
        alike = even and abs(room - (least + most) / 2) < _EVEN
        near = room < (_WIDER if written else _QUARTER)
        two.close = not two.blank and near and (alike or not counts)
    for one, two in itertools.pairwise(runs) if written else ():
        level = abs(one.y - two.y) < 1 and 0.0 < _room(one, two) < _WIDER
        if level and meet(one.text, two.text) and not _ENDS_NUMBER.search(one.text):
            two.close = not two.blank


def _room(one: Run, two: Run) -> float:
    """How far two runs of a line are apart, in times of the larger size."""
    return (two.x0 - one.x1) / max(one.size, two.size)


def _may_count(before: Run | None, run: Run) -> bool:
    """Whether a text may be the number of a title: of figures, and the first of its line."""
    first = before is None or abs(before.y - run.y) >= 1 or before.x0 > run.x0
    return first and _COUNTS.fullmatch(run.text) is not None


def _written_between(runs: Sequence[Run]) -> bool:
    """Whether blanks between Latin words of two faces are glyphs too: then all blanks are."""
    found = Counter(
        two.blank for one, two in itertools.pairwise(runs)
        if one.font is not two.font and abs(one.y - two.y) < 1
        and 0.0 < two.x0 - one.x1 < two.size and (one.text[-1] + two.text[0]).isascii()
    )  # fmt: skip
    return found[True] > max(_SURE, found[False])


def _changes_script(before: str, after: str) -> bool:
    """Whether an ideograph or kana stands beside a Latin letter or figure."""
    wide = [_IDEOGRAPHIC.match(letter) is not None for letter in (before, after)]
    return wide[0] != wide[1] and (after if wide[0] else before).isalnum()


def unite_sizes(pages: Sequence[Page]) -> None:
    """Count Latin letters as large as the ideographs beside them, in a text of such a script.

    Makers may shrink ideographs to look as high as small letters, in titles as in prose: then the
    same word is not larger because it is written in Latin letters.
    """
    runs = [run for page in pages for run in page.runs]
    wide = [n_wide(run.text) for run in runs]
    if sum(wide) < _MOSTLY * sum(len(run.text) for run in runs if not run.font.fixed):
        return
    times: list[float] = []
    for (one, n_one), (two, n_two) in itertools.pairwise(zip(runs, wide, strict=True)):
        level = abs(one.y - two.y) < 1 and not (one.font.fixed or two.font.fixed)
        if level and bool(n_one) != bool(n_two) and min(one.size, two.size) > 0:
            latin, other = (two, one) if n_one else (one, two)
            if any(map(str.isalpha, latin.text)):
                times.append(latin.size / other.size)
    times.sort()
    usual = times[len(times) // 2] if times else 1.0
    n_usual = sum(abs(one - usual) < _EVEN * usual for one in times)
    if usual < _SHRUNK or len(times) < _ENOUGH or n_usual < _NEARLY_ALL * len(times):
        return
    for run, n in zip(runs, wide, strict=True):
        if not n and not run.font.fixed:
            run.size = round(run.size / usual, 4)


def unite_faces(pages: Sequence[Page]) -> None:
    """Count a font of Latin letters as the face that it stands beside, in a text of such a script.

    A title is set in one look, whichever of its words are written in Latin letters.
    """
    runs = [run for page in pages for run in page.runs]
    wide = [n_wide(run.text) for run in runs]
    if sum(wide) < _MOSTLY * sum(len(run.text) for run in runs if not run.font.fixed):
        return
    beside: dict[str, Counter[str]] = {}
    for (one, n_one), (two, n_two) in itertools.pairwise(zip(runs, wide, strict=True)):
        level = abs(one.y - two.y) < 1 and abs(one.size - two.size) < 1
        if level and bool(n_one) != bool(n_two) and not (one.font.fixed or two.font.fixed):
            latin, other = (two, one) if n_one else (one, two)
            beside.setdefault(latin.font.face, Counter())[other.font.face] += 1
    for font in {id(run.font): run.font for run in runs}.values():
        if font.face in beside and not font.fixed:
            font.beside = beside[font.face].most_common(1)[0][0]
