"""Which parts of a PDF file are headings, and of which level: tags, then outline, then fonts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from builder.ingest.pdf.blocks import Part, body_size
from builder.ingest.pdf.layout import Line
from builder.ingest.pdf.page import Entry

MAX_LEVEL = 6
_LARGER = 1.07  # times the body's size
_APART = 1.5  # times the size: the distance to the baseline above
_COLOURED = 40  # of 255, between the strongest and the weakest of red, green and blue
_MOSTLY = 0.6  # of the letters set like a heading are in what could be headings
_MAX_CHARS = 160
_NUMBERED = re.compile(r"((?:\d{1,2}|[A-Z])(?:\.\d{1,2})*)\.?\s+\S")
_WORDED = re.compile(r"(?:chapter|part|appendix|kapitel|teil|anhang|chapitre|annexe)\s+\w+", re.I)
Style = tuple[float, bool, bool, tuple[int, int, int]]


def mark(found: list[Part], outline: Sequence[Entry]) -> list[Part]:
    """Parts with their headings told; a heading in several parts becomes one."""
    told = [part for part in found if part.kind == "heading"]
    if len(told) >= 2 or (told and not outline):
        _levels_told(told)
        return found
    if outline:
        matched = _by_outline(found, outline)
        if len(matched) >= max(1, 0.5 * len(outline)):
            _more_by_style(found, matched)
            return _joined(found)
    _by_fonts(found)
    return _joined(found)


def _levels_told(told: Sequence[Part]) -> None:
    unknown = [part for part in told if not part.level]
    sizes = sorted({round(part.lines[0].size, 1) for part in unknown}, reverse=True)
    for part in unknown:
        part.level = min(MAX_LEVEL, sizes.index(round(part.lines[0].size, 1)) + 1)


def _flat(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _text(part: Part) -> str:
    return " ".join(line.text for line in part.all_lines)


def _by_outline(found: list[Part], outline: Sequence[Entry]) -> list[Part]:
    """Make headings of the parts that the outline names, in its order."""
    matched: list[Part] = []
    at = 0
    flats = [_flat(_text(part)[:400]) if part.lines else "" for part in found]
    body = body_size(found)
    stands_out = [bool(part.lines) and _stands_out(part, body) for part in found]
    for entry in outline:
        hit = _hit(found, flats, entry, at, stands_out) or _hit(found, flats, entry, at, None)
        if hit is None:
            continue
        index, n_parts = hit
        part = found[index]
        for other in found[index + 1 : index + n_parts]:
            part.lines += other.lines
            other.lines, other.more = [], []
        wanted = _flat(entry.title)
        _split_off(found, flats, stands_out, index, wanted)
        part.kind, part.level, part.marker = "heading", min(MAX_LEVEL, entry.level), ""
        matched.append(part)
        at = index + 1
    return matched


def _hit(
    found: Sequence[Part],
    flats: Sequence[str],
    entry: Entry,
    at: int,
    only: Sequence[bool] | None,
) -> tuple[int, int] | None:
    """Where an entry's title stands: index of the part, and over how many parts it runs."""
    wanted = _flat(entry.title)
    if not wanted:
        return None
    for index in [*range(at, len(found)), *range(at)]:
        part = found[index]
        if (part.kind in ("heading", "table") and part.level) or not flats[index]:
            continue
        if only is not None and not only[index]:
            continue
        if entry.page and not entry.page - 1 <= part.page <= entry.page + 1:
            continue
        joined = ""
        for n_parts in range(1, 4):
            if index + n_parts > len(flats):
                break
            joined += flats[index + n_parts - 1]
            if _same(joined, wanted) or (n_parts == 1 and _begins(part, wanted)):
                return index, n_parts
            if len(joined) > len(wanted) + 8:
                break
    return None


def _same(text: str, wanted: str) -> bool:
    """Whether a part is a title, with or without a number before it."""
    if text == wanted:
        return True
    rest = text[: len(text) - len(wanted)] if text.endswith(wanted) else None
    if rest is None and wanted.endswith(text) and len(text) > 3:
        rest = wanted[: len(wanted) - len(text)]
    return (
        rest is not None
        and re.fullmatch(r"(?:chapter|kapitel|appendix)?[\divxa-h]{1,6}", rest) is not None
    )


def _begins(part: Part, wanted: str) -> bool:
    """Whether the first lines of a part are a title that more text follows."""
    text = ""
    if _run_in(part, wanted):
        return True
    for line in part.lines[:3]:
        text += _flat(line.text)
        if _same(text, wanted):
            return len(part.lines) > 1
    return False


def _stands_out(part: Part, body: float) -> bool:
    """Whether the first words of a part are set larger or heavier than prose."""
    run = part.lines[0].runs[0]
    return part.marker != "-" and (run.font.bold or run.size > _LARGER * body)


def _run_in(part: Part, wanted: str) -> int:
    """How many bold runs at the start of the first line are a title; 0 when they are not."""
    text = ""
    runs = part.lines[0].runs if part.lines else []
    for n_runs, run in enumerate(runs[:-1], 1):
        if not run.font.bold:
            return 0
        text += run.text
        if _flat(text) == wanted and not runs[n_runs].font.bold:
            return n_runs
    return 0


def _split_off(
    found: list[Part], flats: list[str], stands_out: list[bool], index: int, wanted: str
) -> None:
    """Leave the title alone in its part, the lines behind it in a part of their own."""
    part = found[index]
    text = ""
    if n_runs := _run_in(part, wanted):
        first = part.lines[0]
        head, tail = Line(first.runs[:n_runs]), Line(first.runs[n_runs:])
        for line in (head, tail):
            line.column, line.page = first.column, first.page
        part.lines[:1] = [head, tail]
    for n_lines, line in enumerate(part.lines, 1):
        text += _flat(line.text)
        if _same(text, wanted) and n_lines < len(part.lines):
            rest = Part("paragraph", part.lines[n_lines:], part.page, more=part.more, gap=1.2)
            part.lines, part.more = part.lines[:n_lines], []
            found.insert(index + 1, rest)
            flats.insert(index + 1, _flat(_text(rest)))
            stands_out.insert(index + 1, False)
            return


def _style(part: Part) -> Style:
    """How a part is set: size, bold, italic, colour of most of its letters."""
    weights: Counter[Style] = Counter()
    for line in part.lines:
        for run in line.runs:
            size = round(max(run.size for run in line.runs) * 2) / 2
            weights[size, run.font.bold, run.font.italic, run.colour] += len(run.text)
    return weights.most_common(1)[0][0]


def _bold(part: Part) -> bool:
    runs = [run for line in part.lines for run in line.runs if run.text.strip()]
    told = [run for run in runs if not run.font.fixed] or runs
    return all(run.font.bold for run in told)


def _code_size(found: Sequence[Part], body: float) -> float:
    """The size that most code is set in, inside of prose too."""
    weights: Counter[float] = Counter()
    for part in found:
        for line in part.lines:
            for run in line.runs:
                if run.font.fixed:
                    weights[round(run.size, 1)] += len(run.text)
    return weights.most_common(1)[0][0] if weights else body


def _could_be(part: Part, body: float) -> bool:
    """Whether a part may be a heading by its form."""
    if part.kind not in ("paragraph", "list_item", "code") or not part.lines or part.more:
        return False
    text = _text(part)
    if len(text) > _MAX_CHARS or len(part.lines) > 3 or not any(map(str.isalpha, text)):
        return False
    if part.kind == "list_item" and not _NUMBERED.match(text):
        return False
    if part.kind == "code":
        return len(part.lines) == 1
    return not text.rstrip().endswith((",", ";")) and not (
        text.rstrip().endswith((".", ":")) and len(text) > 60
    )


def _more_by_style(found: Sequence[Part], matched: Sequence[Part]) -> None:
    """Headings below what the outline lists: those set like the listed ones or a step smaller."""
    body = body_size(found)
    styles: dict[Style, int] = {}
    for part in matched:
        styles.setdefault(_style(part), part.level)
    lowest = max(part.level for part in matched)
    fresh: dict[Style, int] = {}
    for at, part in enumerate(found):
        if part.kind == "heading" or not _could_be(part, body):
            continue
        style = _style(part)
        plain = style[0] <= _LARGER * body and not style[1]
        if _runs_in(found, at):
            part.kind, part.level = "heading", min(MAX_LEVEL, lowest + 1)
            continue
        if style in styles and not plain:
            part.kind, part.level, part.marker = "heading", styles[style], ""
        elif style[0] > 1.12 * body and style[0] < min(known[0] for known in styles):
            fresh.setdefault(style, min(MAX_LEVEL, lowest + 1))
            part.kind, part.level, part.marker = "heading", fresh[style], ""


def _by_fonts(found: Sequence[Part]) -> None:
    """Headings by size, weight and colour; their levels by rank, or by their numbers."""
    looks = _Looks(found)
    hits: list[tuple[Part, Style]] = []
    for at, part in enumerate(found):
        style = looks.heading_style(at) if _could_be(part, looks.body) else None
        if style is not None:
            hits.append((part, style))
    for part, _ in hits:
        part.kind = "heading"
    _rank(hits, looks.code_scale)


class _Looks:
    """What is usual in a document, and what stands out from it."""

    def __init__(self, found: Sequence[Part]) -> None:
        self._found = found
        self.body = body_size(found)
        self.code_scale = self.body / _code_size(found, self.body)
        self._colour = _usual_colour(found)
        letters: Counter[Style] = Counter()
        short: Counter[Style] = Counter()
        for part in found:
            if part.lines:
                style, length = _style(part), len(_text(part))
                letters[style] += length
                short[style] += length if _could_be(part, self.body) else 0
        self._prose = {style for style, n in letters.items() if short[style] < _MOSTLY * n}

    def heading_style(self, at: int) -> Style | None:
        """How the heading at this place is set; None when the part looks like none."""
        part = self._found[at]
        size, _, italic, colour = _style(part)
        bold, run_in = _bold(part), _runs_in(self._found, at)
        coloured = colour != self._colour and max(colour) - min(colour) > _COLOURED and _whole(part)
        larger = size > _LARGER * self.body and size > self.body + 0.6
        if not larger:
            apart = part.gap > _APART or run_in or (coloured and (bold or italic))
            apart = apart or (at > 0 and self._found[at - 1].kind in ("heading", "table"))
            stands_out = bold or (coloured and part.kind != "code")
            if not (apart and stands_out and at + 1 < len(self._found)):
                return None
            if part.kind == "list_item" or _sentence(part) or "://" in _text(part):
                return None
        if size < 0.75 * self.body or (_style(part) in self._prose and not run_in):
            return None
        if run_in:  # below every heading on a line of its own
            size -= 1
        shown = colour if coloured else self._colour
        return round(size * 2) / 2, bold, italic and not bold, shown


def _runs_in(found: Sequence[Part], at: int) -> bool:
    """Whether a part is bold and the next begins on the same line."""
    part, after = found[at], found[at + 1] if at + 1 < len(found) else None
    if after is None or not after.lines or len(part.lines) > 1 or part.page != after.page:
        return False
    first = after.lines[0]
    return abs(first.y - part.lines[0].y) < 1 and first.x0 > part.lines[0].x1 and _bold(part)


def _whole(part: Part) -> bool:
    return len({run.colour for line in part.lines for run in line.runs if run.text.strip()}) == 1


def _sentence(part: Part) -> bool:
    text = _text(part).rstrip()
    return text.endswith(".") or (text.endswith(":") and len(text) > 30) or len(text) > 110


def _usual_colour(found: Sequence[Part]) -> tuple[int, int, int]:
    weights: Counter[tuple[int, int, int]] = Counter()
    for part in found:
        for line in part.lines:
            for run in line.runs:
                weights[run.colour] += len(run.text)
    return weights.most_common(1)[0][0] if weights else (0, 0, 0)


def _rank(hits: Sequence[tuple[Part, Style]], code_scale: float) -> None:
    """Levels: the numbering where most headings have one, else the rank of their styles.

    code_scale: how much larger prose is than code beside it; a heading of nothing but code may be
    as large as its neighbours, or smaller by that.
    """
    numbered = {id(part): _depth(_text(part)) for part, _ in hits}
    top = _title(hits)
    counted = [part for part, _ in hits if part is not top]
    if counted and sum(bool(numbered[id(part)]) for part in counted) >= 0.8 * len(counted):
        deepest = 1
        for part in counted:
            deepest = numbered[id(part)] or deepest
            part.level = min(MAX_LEVEL, deepest + (top is not None))
        if top is not None:
            top.level = 1
        return
    prose = {style for part, style in hits if not _all_code(part)}
    styles = sorted(
        prose or {style for _, style in hits},
        key=lambda style: (-style[0], not style[1], style[2], style[3]),
    )
    ranks = _merged_ranks(styles)
    for part, style in hits:
        sizes = [style[0], style[0] * code_scale] if _all_code(part) else [style[0]]
        near = min(styles, key=lambda known: _distance(known, style, sizes))
        part.level = min(MAX_LEVEL, ranks.get(style, ranks[near]))
        part.marker = ""


def _distance(known: Style, style: Style, sizes: Sequence[float]) -> tuple[float, bool]:
    return min(abs(known[0] - size) for size in sizes), known[1] != style[1]


def _all_code(part: Part) -> bool:
    return all(line.fixed for line in part.lines)


def _merged_ranks(styles: Sequence[Style]) -> dict[Style, int]:
    """Rank by size and weight; sizes that differ by rounding share one."""
    ranks: dict[Style, int] = {}
    rank = 0
    before: Style | None = None
    for style in styles:
        if before is None or before[0] - style[0] > 0.6 or before[1:3] != style[1:3]:
            rank += 1
        ranks[style] = rank
        before = style
    return ranks


def _title(hits: Sequence[tuple[Part, Style]]) -> Part | None:
    """The document's title: the first heading, larger than every other and without a number."""
    if len(hits) < 2 or _depth(_text(hits[0][0])):
        return None
    largest = max(style[0] for _, style in hits[1:])
    return hits[0][0] if hits[0][1][0] > largest + 0.4 else None


def _depth(text: str) -> int:
    """The depth that a heading's number tells, 0 without one."""
    match = _NUMBERED.match(text)
    if match:
        return match[1].count(".") + 1
    return 1 if _WORDED.match(text) else 0


def _joined(found: list[Part]) -> list[Part]:
    """Headings that go on in the next part of the same style, joined; emptied parts left out."""
    kept: list[Part] = []
    for part in found:
        if not part.lines and part.table is None:
            continue
        kept.append(part)
    return kept
