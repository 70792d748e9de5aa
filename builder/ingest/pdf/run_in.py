"""Titles that their text follows on the line: "1.2 *Rotor.* It turns at one speed".

They are set unlike the text behind them, and have a number, or room above and behind, which words
that are only stressed have not.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median_low

from builder.ingest.pdf.blocks import Emphasis, Part, body_size, emphasis
from builder.ingest.pdf.layout import Line
from builder.ingest.pdf.page import Run
from builder.records import BlockKind

MAX_CHARS = 160  # of a heading
COUNT = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})+[.)]?|\d{1,2}[.)]|[A-Za-z][.)]|[IVXL]{1,6}[.)])(?=\s|$)"
)
BARE_LABEL = re.compile(  # of a caption, without its words: no title
    r"(?:table|figure|fig\.?|tab\.|tabelle|abbildung|abb\.|tableau|tabla|figura|[\u8868\u56fe\u56f3\u5716])"
    r"\s*(?:[A-Z]\.?)?\d+(?:[.-]\d+)*\s*[.:]?",
    re.IGNORECASE,
)
BRACKETED = re.compile(r"(?:(\d{1,2})|[a-z])\)\s")
_RUN_IN_GAP = 0.42  # times the size: the least gap between a title without number and its text
_QUAD = 0.8  # times the size: that behind one of code and a colon, such as names an option
_RUN_IN_ABOVE = 0.3  # times the size: how much more room is above it than above a paragraph
_INDENT = 0.8  # times the size: how far the first line of a paragraph is indented at least
_MOSTLY = 0.6  # of the paragraphs
_WIDER = 1.3  # times the room before code in a title: what is behind it
_LARGER = 1.07  # times the size of prose: that of a title
_OPEN = ("-", "\u2013", "\u2014", "(")  # how no title ends
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2})+[.)]?")
_WORD = re.compile(r"[^\W\d_]{2}")
_OFTEN = 3  # lines of a few marked words with a full stop are titles, if more are set like them
_N_LINES = 4  # that a title runs over, and its text begins on


class _Document:
    """What is usual in a document, and which of its parts begin with a title."""

    def __init__(self, found: Sequence[Part]) -> None:
        self._found = found
        self._usual = usual_gaps(found)
        self._face = usual_face(found)
        self._size = body_size(found)
        self._indented = _indents(found)

    def ends(self) -> dict[int, tuple[int, int]]:
        """Where titles end, by the places of their parts.

        A title without a number must be set like another that has more room above it than text.
        One with a full stop needs no room if it is set like two others with one.
        """
        ends: dict[int, tuple[int, int]] = {}
        close: dict[int, tuple[int, int]] = {}
        sure: Counter[Emphasis] = Counter()
        unsure: dict[int, Emphasis] = {}
        for at, part in enumerate(self._found):
            end = _head_end(part)
            if end is None:
                continue
            head = [run for line in part.lines[: end[0]] for run in line.runs]
            head += part.lines[end[0]].runs[: end[1]]
            if not _counted(head):
                if part.marker or _begins_sentence(part, end, head):
                    continue
                if not self._set_apart(at, end, head):
                    close[at] = end
                    continue
                unsure[at] = emphasis(head[-1])
                sure[unsure[at]] += _apart_from_text(part, end, self._above(at, head))
            ends[at] = end
        ends = {at: end for at, end in ends.items() if at not in unsure or sure[unsure[at]] > 1}
        heads = Counter(_closed(self._found[at], end) for at, end in ends.items() if at in unsure)
        del heads[None]
        ends |= {at: end for at, end in close.items() if heads[_closed(self._found[at], end)] > 1}
        return ends

    def _above(self, at: int, head: Sequence[Run]) -> float | None:
        """How much room is usual above a part; None where its face or a title above is enough."""
        odd = head[-1].font.face != self._face and head[-1].font.bold
        if odd or not at or self._is_title(self._found[at - 1]):
            return None
        return self._usual.get(self._found[at - 1].kind)

    def _is_title(self, part: Part) -> bool:
        """Whether a part is larger than prose as a whole, or bold and counted."""
        runs = [run for line in part.lines for run in line.runs if not run.font.fixed]
        if part.kind != "paragraph" or not runs or len(text_of(part)) > MAX_CHARS:
            return False
        larger = all(run.size > _LARGER * self._size for run in runs)
        return larger or (all(run.font.bold for run in runs) and _counted(runs))

    def _set_apart(self, at: int, end: tuple[int, int], head: Sequence[Run]) -> bool:
        """Whether there is room around a title, or it alone of the paragraphs is not indented."""
        first = self._found[at].lines[0]
        flush = self._indented and first.x0 - first.column[0] < 1
        return _apart_from_text(self._found[at], end, None if flush else self._above(at, head))


def apart(found: Sequence[Part]) -> list[Part]:
    """Parts with the titles that run into their text in parts of their own."""
    ends = _Document(found).ends()
    heads = Counter(look for at, end in ends.items() if (look := _closed(found[at], end)))
    lone = _lone(found)
    cut: list[Part] = []
    for at, part in enumerate(found):
        if at in ends:
            cut += cut_at(part, *ends[at])
        else:
            alike = heads[_look(part)] > 1 or _look(part) in lone
            part.run_in = part.run_in or _stays_alone(part) or (alike and _is_closed(part))
            cut.append(part)
    return cut


def _lone(found: Sequence[Part]) -> set[tuple[object, ...]]:
    """How titles with a full stop are set that no text follows on its own line, but code or lists.

    Text would have run in; what has some below it is a sentence that is shown.
    """
    often: Counter[tuple[object, ...]] = Counter()
    for part, after in itertools.pairwise(found):
        if _is_closed(part) and len(part.lines) == 1:
            texts = after.kind == "paragraph" and not _is_closed(after)
            often[_look(part)] += -len(found) if texts else 1
    return {look for look, n in often.items() if n > _OFTEN}


def _indents(found: Sequence[Part]) -> bool:
    """Whether paragraphs below paragraphs are indented in this document."""
    insets = [
        part.lines[0].x0 - part.lines[0].column[0] > _INDENT * part.lines[0].size
        for before, part in itertools.pairwise(found)
        if part.kind == before.kind == "paragraph" and len(part.lines) > 1
        and not any(emphasis(part.lines[0].runs[0]))
    ]  # fmt: skip
    return sum(insets) > _MOSTLY * len(insets)


def _stays_alone(part: Part) -> bool:
    """Whether a part is a title with a bracketed number that another follows before any text."""
    if part.kind not in ("paragraph", "list_item") or part.told or len(part.lines) > 2:
        return False
    runs = [run for line in part.lines for run in line.runs]
    marked = all(map(any, map(emphasis, runs))) and not runs[0].font.fixed
    return marked and BRACKETED.match(text_of(part)) is not None and text_of(part)[-1:] in ":."


def _closed(part: Part, end: tuple[int, int]) -> tuple[object, ...] | None:
    """How a title is set that ends with a full stop where its text begins; None for others."""
    head = [run for line in part.lines[: end[0]] for run in line.runs]
    head += part.lines[end[0]].runs[: end[1]]
    return _look(part) if head[-1].text.rstrip().endswith(".") else None


def _look(part: Part) -> tuple[object, ...]:
    """How a part begins."""
    runs = [run for line in part.lines[:1] for run in line.runs]
    return (*emphasis(runs[0]), round(runs[0].size, 1), runs[0].font.face) if runs else ()


def _is_closed(part: Part) -> bool:
    """Whether a part is nothing but short words that are marked out and end with a full stop."""
    if part.kind != "paragraph" or part.told or len(text_of(part)) > MAX_CHARS / 2:
        return False
    runs = [run for line in part.lines for run in line.runs]
    marked = all(any(emphasis(run)) and emphasis(run) == emphasis(runs[0]) for run in runs)
    return marked and not runs[0].font.fixed and text_of(part).endswith(".")


def usual_gaps(found: Sequence[Part]) -> dict[BlockKind, float]:
    """The usual distance of a paragraph from what is above it, by the kind of that."""
    gaps: dict[BlockKind, list[float]] = {}
    for before, part in itertools.pairwise(found):
        if part.kind != "paragraph" or not part.lines or part.page != before.page:
            continue
        if not any(emphasis(part.lines[0].runs[0])):
            gaps.setdefault(before.kind, []).append(part.gap)
    return {kind: median_low(values) for kind, values in gaps.items()}


def _head_end(part: Part) -> tuple[int, int] | None:
    """Where words end that begin a part and are set unlike what follows them on their line.

    Code belongs to them where words set like them follow it, or more room than before it; a number
    such as "1.2" may have nothing but code behind it, and bold code a bold full stop.
    """
    if part.kind not in ("paragraph", "list_item") or part.told or part.figure:
        return None
    marked: Emphasis | None = None
    end: tuple[int, int] | None = None  # where code begins that the text may begin with
    length = 0
    for at, line in enumerate(part.lines[:_N_LINES]):
        for n_runs, run in enumerate(line.runs):
            if marked is None:
                if n_runs == 0 and COUNT.fullmatch(run.text.strip()) and len(line.runs) > 1:
                    continue
                if run.font.fixed and _SECTION.fullmatch(line.runs[0].text.strip()) and not at:
                    continue
                if run.font.fixed and (run.font.bold or run.font.italic) and not at:
                    length += len(run.text)
                    continue
                marked = emphasis(run)
                if not any(marked) or run.font.fixed:
                    return None
            elif run.font.fixed:
                end = end or (at, n_runs)
            elif emphasis(run) == marked:
                end = None
            elif any(emphasis(run)):
                return None
            else:
                at, n_runs = (
                    end if end and not _ends_in_code(part, end, (at, n_runs)) else (at, n_runs)
                )
                head = [run for line in part.lines[:at] for run in line.runs]
                head += part.lines[at].runs[:n_runs]
                if BARE_LABEL.fullmatch("".join(run.text for run in head).strip()):
                    return None
                if not any(run.font.bold or _WORD.search(run.text) for run in head):
                    return None  # one side of a formula
                if length > (MAX_CHARS if _counted(head) else MAX_CHARS / 2):
                    return None
                return (at, n_runs) if n_runs else (at - 1, len(part.lines[at - 1].runs))
            length += len(run.text)
    return None


def _ends_in_code(part: Part, end: tuple[int, int], text: tuple[int, int]) -> bool:
    """Whether code between a title and its text is nearer to the title, or ends its words.

    end, text: where code and text begin, on one height; wide gaps may have made lines of it.
    """
    runs = [
        run for at, line in enumerate(part.lines[: text[0] + 1])
        for run in line.runs[: text[1] if at == text[0] else None]
    ]  # fmt: skip
    n_before = sum(len(line.runs) for line in part.lines[: end[0]]) + end[1]
    after = part.lines[text[0]].runs[text[1]]
    if not 0 < n_before < len(runs) or abs(runs[n_before - 1].y - after.y) > 1:
        return False
    before, code = runs[n_before - 1 : n_before + 1]
    if before.text.rstrip().endswith(_OPEN):
        return True
    behind = after.x0 - runs[-1].x1
    return behind > max(_RUN_IN_GAP * code.size, _WIDER * (code.x0 - before.x1))


def _counted(head: Sequence[Run]) -> bool:
    """Whether a title that runs into its text has a number that no item of a list has."""
    text = "".join(run.text for run in head).lstrip()
    found = COUNT.match(" ".join(run.text.strip() for run in head))
    if found is None or not any(map(str.isalpha, text[len(found[0]) :])):
        return False
    return any(emphasis(head[0])) or re.match(r"\d{1,2}\.\d", found[0]) is not None


def _begins_sentence(part: Part, end: tuple[int, int], head: Sequence[Run]) -> bool:
    """Whether the words behind marked ones go on in small letters: they are of one sentence."""
    behind = [run for run in part.lines[end[0]].runs[end[1] :] if run.text.strip()]
    behind += [run for line in part.lines[end[0] + 1 : end[0] + 2] for run in line.runs]
    words = behind[0].text.split() if behind else []
    closed = head[-1].text.rstrip().endswith((".", ":", "?", "!"))
    if closed or not words or behind[0].font.fixed:
        return False
    return len(words) > 1 and all(word.isalpha() and word.islower() for word in words[:2])


def _apart_from_text(part: Part, end: tuple[int, int], usual: float | None) -> bool:
    """Whether a title without a number has room behind and above it."""
    runs = part.lines[end[0]].runs
    if end[1] == len(runs):
        after = part.lines[end[0] + 1]
        if after.runs[0].y - runs[-1].y > 1:
            return False
        runs = [*runs, after.runs[0]]
    last, rest = runs[end[1] - 1], runs[end[1]]
    text = last.text.rstrip()
    named = text == ":" and end[1] > 1 and all(run.font.fixed for run in runs[: end[1] - 1])
    behind = rest.x0 - last.x1 > (_QUAD if named else _RUN_IN_GAP) * last.size
    above = usual is None or part.gap > usual + _RUN_IN_ABOVE
    return behind and above and (named or not text.endswith((":", ",")))


def cut_at(part: Part, at: int, n_runs: int) -> Iterator[Part]:
    """A title and the text that follows it on its line."""
    mixed = part.lines[at]
    pieces = [Line(runs) for runs in (mixed.runs[:n_runs], mixed.runs[n_runs:]) if runs]
    for line in pieces:
        line.column, line.page = mixed.column, mixed.page
    head = [*part.lines[:at], pieces[0]]
    yield Part("paragraph", head, part.page, gap=part.gap, run_in=True)
    rest = [*pieces[1:], *part.lines[at + 1 :]]
    yield Part("paragraph", rest, part.page, more=part.more, note=part.note, gap=9.0)


def text_of(part: Part) -> str:
    """All words of a part."""
    return " ".join(line.text for line in part.all_lines)


def usual_face(found: Sequence[Part], *, fixed: bool = False) -> str:
    """The face that most of the prose is set in, or of the code."""
    weights: Counter[str] = Counter()
    for part in found:
        for line in part.lines:
            for run in line.runs:
                if run.font.fixed == fixed:
                    weights[run.font.face] += len(run.text)
    return weights.most_common(1)[0][0] if weights else ""
