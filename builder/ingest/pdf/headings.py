"""Which parts of a PDF file are headings, and of which level: tags, then outline, then fonts."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Sequence

from builder.ingest.pdf import cjk, code_heads, slides, terms
from builder.ingest.pdf.blocks import Part, body_size, emphasis, fits
from builder.ingest.pdf.levels import (
    by_fonts,
    find_run_in,
    is_name,
    kind_of,
    run_in_ranks,
    shared_style,
)
from builder.ingest.pdf.looks import (
    COUNTING,
    LOOK,
    SAME,
    WORDED,
    Hit,
    Looks,
    Style,
    all_bold,
    all_code,
    depth_of,
    is_caption,
    is_centred,
    made,
    style_of,
)
from builder.ingest.pdf.nesting import straighten
from builder.ingest.pdf.outline import LARGER, MAX_LEVEL, by_outline
from builder.ingest.pdf.page import Entry
from builder.ingest.pdf.run_in import MAX_CHARS, apart, text_of

_UNCOUNTED = re.compile(  # sections that seldom have a number where the others have one
    r"abstract|summary|preface|foreword|acknowledge?ments?|references|bibliography|glossary"
    r"|conflicts? of interest|funding|author contributions|data availability|further reading"
    r"|zusammenfassung|vorwort|danksagung|literatur(?:verzeichnis)?|quellen|glossar|anhang|anh\u00e4nge"
    r"|r\u00e9sum\u00e9|remerciements|r\u00e9f\u00e9rences|bibliographie|referencias|agradecimientos|resumen",
    re.IGNORECASE,
)
_CENTRED = 8.0  # points: how far the middles of what is centred may differ
_OF_COVER = 1.4  # times the size of prose: the least of a title on a cover
_MOSTLY = 0.8  # of the lines with one ornament, and of the highest levels of an outline,
_SEVERAL = 3  # if it lists so many
_COUNTED = re.compile(r"(?:\d{1,2}|[A-Z])(?:\.\d{1,2})*\.?\s")  # a section
_IS_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?")
_COUNTED_BELOW = re.compile(r"(?:\d{1,2}|[A-Z])(?:\.\d{1,2})+\.?\s")  # a section of another
_ONE_TITLE = 1.35  # times the size: the distance of the lines of a title,
_FULL_TITLE = 1.8  # or of those where the next word has no room, or a large number sets them apart


def mark(found: list[Part], outline: Sequence[Entry], wide: Collection[int] = ()) -> list[Part]:
    """Parts with their headings told; a heading in several parts becomes one.

    wide: the pages that are wider than high.
    """
    told = [part for part in found if part.kind == "heading"]
    if not told:
        _without_ornaments(found)
        _numbers_first(found)
        found = apart(_whole_titles(terms.apart(code_heads.apart(found))))
    for part in found:
        if is_caption(part):
            part.kind = "caption"
    if len(told) >= 2 or (told and not outline):
        _levels_told(told)
        _title_above(found, told)
        return found
    if outline:
        found = slides.with_sections(found, outline, wide)
        found, matched = by_outline(found, outline)
        if _is_believed(matched, outline):
            found = _labelled(found)
            _more_by_style(found, matched)
            return _filled(found)
    by_fonts(found)
    found = _filled(found)
    _cover_above(found)
    return found


def _is_believed(matched: Sequence[Part], outline: Sequence[Entry]) -> bool:
    """Whether half of an outline was found, or nearly all of some that are its highest levels.

    Those below may name what is no title, as functions whose signatures are code.
    """
    for lowest in {entry.level for entry in outline}:
        n_listed = sum(entry.level <= lowest for entry in outline)
        n_found = sum(part.level <= lowest for part in matched)
        if n_listed >= _SEVERAL and n_found >= _MOSTLY * n_listed:
            return True
    return len(matched) >= max(1, 0.5 * len(outline))


def _cover_above(found: Sequence[Part]) -> None:
    """Put the title on a cover above all others, however large those are.

    It is set unlike them, and all of the cover stands in one middle.
    """
    others = [part for part in found if part.kind == "heading" and part.page > 1]
    cover = _cover(found, others) if others else None
    if cover is None:
        return
    left = min(part.box[0] for part in found if part.page > 1)
    alike = [part for part in others if style_of(part)[:LOOK] == style_of(cover)[:LOOK]]
    alone = all(part is cover for part in found if part.page == 1)
    if any(not alone or part.box[0] > left + _CENTRED for part in alike):
        return
    if cover.kind == "heading" and cover.level < min(part.level for part in others):
        return
    boxes = [part.box for part in found if part.page == 1]
    middles = [(box[0] + box[2]) / 2 for box in boxes]
    lefts = [box[0] for box in boxes]
    if alone:  # it is inside of where the text of other pages begins
        lefts.append(left)
    if max(middles) - min(middles) > _CENTRED or max(lefts) - min(lefts) < _CENTRED:
        return
    if min(part.level for part in others) == 1:
        for part in others:
            part.level = min(MAX_LEVEL, part.level + 1)
    made(cover, 1)


def _without_ornaments(found: Sequence[Part]) -> None:
    """Make paragraphs of titles whose ornament was taken for the bullet of an item.

    All that begin with that sign are marked out, flush, and no neighbours of each other.
    """
    body = body_size(found)
    items: dict[str, list[int]] = {}
    for at, part in enumerate(found):
        if part.kind == "list_item" and part.marker == "-" and part.lines:
            items.setdefault(text_of(part)[:1], []).append(at)
    for alike in items.values():
        apart_ = all(after - before > 1 for before, after in itertools.pairwise(alike))
        n_titles = sum(_looks_like_title(found[at], body) for at in alike)
        if apart_ and len(alike) > 1 and n_titles >= _MOSTLY * len(alike):
            for at in alike:
                found[at].kind, found[at].marker = "paragraph", ""


def _numbers_first(found: list[Part]) -> None:
    """Put a chapter's number that stands right of its title, and is larger, before it."""
    for at, (part, after) in enumerate(itertools.pairwise(found)):
        if len(after.lines) != 1 or not part.lines or part.page != after.page:
            continue
        last, number = part.lines[-1], after.lines[0]
        larger = number.size > _ONE_TITLE * last.size and number.text.strip().isdecimal()
        beside = number.top - last.size < last.y < number.bottom + number.size
        if larger and beside and number.x1 > last.x1 and COUNTING.fullmatch(number.text.strip()):
            found[at], found[at + 1] = after, part


def _looks_like_title(part: Part, body: float) -> bool:
    """Whether a part is one flush line that is bold or larger than prose."""
    first, last = part.lines[0], part.lines[-1]
    flush = first.x0 - first.column[0] < 1 and abs(first.y - last.y) < 1 and not part.more
    return flush and (all_bold(part) or style_of(part).size > LARGER * body)


def _whole_titles(found: Sequence[Part]) -> list[Part]:
    """Parts with titles whole again that were taken apart where one of their lines begins."""
    body = body_size(found)
    kept: list[Part] = []
    for part in found:
        before = kept[-1] if kept else None
        if before is not None and _one_title(before, part, body):
            before.lines = before.lines + part.lines
        else:
            kept.append(part)
    return kept


def _one_title(part: Part, after: Part, body: float) -> bool:
    """Whether the lines of two parts follow each other like those of a title, and look alike."""
    parts = (part, after)
    if any(p.kind != "paragraph" or p.told or p.more or p.term or all_code(p) for p in parts):
        return False
    last, first = part.lines[-1], after.lines[0]
    if after.page != part.page or first.y < last.y or first.column != last.column:
        return False
    if _COUNTED.match(text_of(part)) and _COUNTED_BELOW.match(text_of(after)):
        return False
    number = part.lines[0].runs[0]  # may be larger than the words that it counts
    counted = number.text.isdigit() and number.size > LARGER * last.size
    if after.gap > (_ONE_TITLE if fits(last, first) and not counted else _FULL_TITLE):
        return False
    words = [run for line in part.lines for run in line.runs[line.runs[0] is number :]]
    worded = any(not run.font.fixed for run in words)
    looks = {
        (round(run.size, 1), emphasis(run), run.font.face, run.colour)
        for p in parts
        for line in p.lines
        for run in line.runs
        if not run.font.fixed and not (run is number and worded and _IS_NUMBER.fullmatch(run.text))
    }
    run = part.lines[-1].runs[-1]
    marked = any(emphasis(run)) or run.tracked or run.size > LARGER * body
    length = cjk.width(text_of(part)) + cjk.width(text_of(after))
    return len(looks) == 1 and marked and length <= MAX_CHARS


def _filled(found: Sequence[Part]) -> list[Part]:
    return [part for part in found if part.lines or part.table is not None]


def _labelled(found: Sequence[Part]) -> list[Part]:
    """Parts with what stands above a listed title and counts it, as "Chapter" and "One", in it."""
    body = body_size(found)
    kept: list[Part] = []
    for part in found:
        for n_parts in (2, 1) if part.kind == "heading" else ():
            above = kept[-n_parts:]
            label = " ".join(text_of(other) for other in above)
            here = all(other.page == part.page and not other.more for other in above)
            least = max(LARGER * body, style_of(part).size - SAME)
            large = [other for other in above if other.lines and style_of(other).size > least]
            counted = len(above) == len(large) == 1 and COUNTING.fullmatch(label)
            if here and (counted or WORDED.fullmatch(label)):
                part.lines = [line for other in above for line in other.lines] + part.lines
                part.gap = above[0].gap
                del kept[-n_parts:]
                break
        kept.append(part)
    return kept


def _levels_told(told: Sequence[Part]) -> None:
    unknown = [part for part in told if not part.level]
    sizes = sorted({round(part.lines[0].size, 1) for part in unknown}, reverse=True)
    for part in unknown:
        part.level = min(MAX_LEVEL, sizes.index(round(part.lines[0].size, 1)) + 1)


def _more_by_style(found: Sequence[Part], matched: Sequence[Part]) -> None:
    """Headings that the outline does not list: a title above all, and those below its entries.

    Only what is set like a listed heading, larger than prose, or runs into its text is believed.
    """
    looks = Looks(found)
    straighten(matched, found, looks)
    matched = slides.with_titles(found, matched)
    covered = _cover(found, matched) is not None
    _title_beside(matched)
    _title_above(found, matched)
    about = _below_title(found, matched)
    hits = [
        hit for hit in looks.hits()
        if hit.part.kind != "heading" and id(hit.part) not in about
        and not (covered and hit.part.page == 1)
    ]  # fmt: skip
    find_run_in(hits)
    unlisted = _Unlisted(hits, _Listed(matched), looks)
    first = next(at for at, part in enumerate(found) if part is matched[0])
    before = {id(part) for part in found[:first]}
    for hit in hits:
        if id(hit.part) in before and unlisted.is_small(hit):
            continue  # of who made it, and when
        level = unlisted.level(hit)
        if level:
            made(hit.part, level)


class _Listed:
    """What the headings of the outline tell of others.

    levels, counted, often: by style, whether all of it have a number, and how many there are.
    lowest: the deepest of their levels; deepest: of what their numbers tell.
    """

    def __init__(self, matched: Sequence[Part]) -> None:
        self.levels: dict[Style, int] = {}
        self.counted: dict[Style, bool] = {}
        self.often = Counter(map(style_of, matched))
        for part in matched:
            style = style_of(part)
            self.levels.setdefault(style, part.level)
            self.counted[style] = self.counted.get(style, True) and depth_of(text_of(part)) > 0
        self.smallest = min(style.size for style in self.levels)
        self.lowest = max(part.level for part in matched)
        self.deepest = max(depth_of(text_of(part)) for part in matched)

    def told(self, hit: Hit) -> int:
        """The level that the number of a heading tells, the lowest where it is no deeper one."""
        return self.lowest + (hit.depth - self.deepest if self.is_deeper(hit) else 0)

    def is_deeper(self, hit: Hit) -> bool:
        return 0 < self.deepest < hit.depth

    def has_beside(self, hit: Hit, n_alike: float) -> bool:
        """Whether a heading in a listed style is on its level, though it may lack the number.

        n_alike: how many lack it, of that style. No more than those that have one are sections
        that their author did not want counted; others may be what two levels share a style for.
        """
        counted = self.counted[hit.style] and not hit.depth
        few = n_alike <= self.often[hit.style]
        return not counted or few or _UNCOUNTED.fullmatch(text_of(hit.part)) is not None


class _Unlisted:
    """The levels of headings that the outline does not list, from the highest kind to the lowest.

    larger than prose in a listed style; between prose and listed styles in size; lone: as large as
    prose, in a style of their own; codes: the same of nothing but code; run_in, and what is set
    like a listed one in the size of prose.
    """

    def __init__(self, hits: Sequence[Hit], listed: _Listed, looks: Looks) -> None:
        self._listed, self._body = listed, looks.body
        faces = {style.face for style in listed.levels}
        small = [hit for hit in hits if hit.run_in or hit.style.size <= LARGER * looks.body]
        self._larger = set(hits) - set(small)
        self._bare = Counter(hit.style for hit in self._larger if not hit.depth)
        self._said = Counter((hit.style, text_of(hit.part)) for hit in self._larger)
        often = Counter(hit.style for hit in small if looks.belongs_below(hit.part))
        self._lone = [
            hit for hit in small
            if not hit.run_in and hit.style not in listed.levels and not hit.code
            and often[hit.style] > (not looks.is_titular(hit.style))
        ]  # fmt: skip
        codes = [hit for hit in small if hit.code and hit.style not in listed.levels]
        self._codes = _marked_codes(codes, often, looks)
        self._between = self._beside_code(
            [
                hit for hit in hits
                if hit in self._larger and hit.style not in listed.levels
                and looks.least_larger(hit.style, faces) < hit.style.size < listed.smallest
            ]
        )  # fmt: skip
        told = [
            listed.told(hit) for hit in hits if hit in self._larger or hit.style in listed.levels
        ]
        self._steps = _steps(self._between)
        self._scale = looks.body / looks.code if looks.code else 0.0
        self._floor = max([listed.lowest + len(self._steps), *told])
        styles = dict.fromkeys(hit.style for hit in [*self._lone, *self._codes])
        self._fresh = {style: self._floor + n for n, style in enumerate(styles, 1)}
        bold = {style[:LOOK] for style in listed.levels}
        self._run_in = [
            hit for hit in small if hit.run_in or (hit.style.bold and hit.style[:LOOK] in bold)
        ]
        self._below = run_in_ranks(self._run_in)

    def is_small(self, hit: Hit) -> bool:
        """Whether a hit is no larger than prose, and no part that books seldom count."""
        return hit not in self._larger and not _UNCOUNTED.fullmatch(text_of(hit.part).rstrip(".:"))

    def _beside_code(self, between: list[Hit]) -> list[Hit]:
        """Hits with the titles of nothing but code that are as large as one of them."""
        sizes = {hit.style.size for hit in between}
        known = set(between)
        return between + [
            hit for hit in self._larger - known
            if hit.code and any(abs(hit.style.size - size) <= SAME for size in sizes)
        ]  # fmt: skip

    def level(self, hit: Hit) -> int:
        """The level of one of them, 0 where nothing tells that it is a heading."""
        listed, style = self._listed, hit.style
        if listed.is_deeper(hit):
            return listed.told(hit)
        if hit in self._run_in:
            return self._floor + 1 + len(self._fresh) + self._below[kind_of(hit)]
        if hit in self._lone:
            return self._fresh[style]
        if hit.code and not hit.run_in:
            twin = shared_style(style, 0.0, self._lone, self._body)
            if size := self._beside_between(style):
                return self._step(size)
            if twin is not None or hit in self._codes:
                return self._fresh[twin or style]
        if style in listed.levels and hit in self._larger:
            again = self._said[style, text_of(hit.part)] > 1  # as "Note" above many notes
            beside = listed.has_beside(hit, math.inf if again else self._bare[style])
            return listed.levels[style] if beside else self._floor + 1
        if hit in self._between:
            return self._step(style.size)
        return 0

    def _step(self, size: float) -> int:
        """The level of titles between prose and listed ones that are so large."""
        near = min(self._steps, key=lambda step: abs(step - size))
        return self._listed.lowest + 1 + self._steps.index(near)

    def _beside_between(self, style: Style) -> float:
        """The size of such titles that code is marked like, shrunk as in prose; 0 for none."""
        size = style.size * self._scale
        return next(
            (
                hit.style.size for hit in self._between
                if not hit.code and abs(hit.style.size - size) <= SAME
                and (hit.style.bold, hit.style.italic) == (style.bold, style.italic)
            ),
            0.0,
        )  # fmt: skip


def _below_title(found: Sequence[Part], matched: Sequence[Part]) -> set[int]:
    """What stands between the title and the first listed heading: who wrote it, and when."""
    listed = {id(part) for part in matched}
    first = next(at for at, part in enumerate(found) if id(part) in listed)
    title = next((part for part in found[:first] if part.kind == "heading"), None)
    if title is None:
        return set()
    return {
        id(part)
        for part in found[:first]
        if part.page == title.page and part.lines and not _UNCOUNTED.fullmatch(text_of(part))
    }


def _marked_codes(codes: Sequence[Hit], often: Counter[Style], looks: Looks) -> list[Hit]:
    """Titles of nothing but code, whose marks no other code has; most belong to what is below.

    often: how many of a style do. Light ones stand on something dark, which is a title's.
    """
    alike = Counter(hit.style for hit in codes)
    return [
        hit for hit in codes
        if not (hit.run_in or hit.style.form) and "://" not in text_of(hit.part)
        and (
            (looks.is_light(hit.style) and alike[hit.style] > 1)
            or (
                (hit.style.bold or hit.style.italic)
                and often[hit.style] > max(1, _MOSTLY * alike[hit.style])
            )
        )
    ]  # fmt: skip


def _steps(hits: Sequence[Hit]) -> list[float]:
    """The sizes of headings, largest first; those of code alone only where no others are."""
    sizes = {hit.style.size for hit in hits if not hit.code} or {hit.style.size for hit in hits}
    steps: list[float] = []
    for size in sorted(sizes, reverse=True):
        if not steps or steps[-1] - size > SAME:
            steps.append(size)
    return steps


def _title_above(found: Sequence[Part], matched: Sequence[Part]) -> None:
    """Make the title of the document its highest heading where outline or tags leave it out.

    It is larger than every listed heading, or begins the first page, but for what is smaller than
    prose, and is in the middle, bold or larger than prose, or bold and set like a listed heading
    where several are the highest; or it is the largest of a cover.
    """
    cover = _cover(found, matched)
    styles = [style_of(part) for part in matched]
    looks = {style[:LOOK] for style in styles}
    largest = max(style.size for style in styles)
    body = body_size(found)
    highest = min(part.level for part in matched)
    several = sum(part.level == highest for part in matched) > 1
    for at, part in enumerate(found):
        if part is matched[0] or part.page > found[0].page:
            return
        text = text_of(part)
        short = part.kind == "paragraph" and any(map(str.isalpha, text))
        short = short and cjk.width(text) <= MAX_CHARS
        if not (short or part is cover):
            continue
        style = style_of(part)
        size = style.size if short else 0.0
        above = (other for other in found[:at] if other.lines)
        first = short and not any(style_of(other).size > body - SAME for other in above)
        first = first and not cjk.half_width(text).rstrip().endswith((".", ":"))
        shown = first and (all_bold(part) or (size > LARGER * body and size > largest - SAME))
        centred = shown and is_centred(part, found) and (several or size > largest - SAME)
        alike = first and several and all_bold(part) and style[:LOOK] in looks
        larger = size > largest + SAME and size > body + SAME
        if larger or centred or alike or part is cover:
            if highest == 1:
                for other in matched:
                    other.level = min(MAX_LEVEL, other.level + 1)
            made(part, 1)
            return


def _title_beside(matched: Sequence[Part]) -> None:
    """Put all others below the title of the document where the outline lists it beside them.

    It is the first one, set larger than every other, and those are bold or of several sizes.
    """
    title, others = matched[0], matched[1:]
    beside = [style_of(part) for part in others if part.level == title.level == 1]
    if len(beside) < 2 or _UNCOUNTED.fullmatch(text_of(title)):
        return
    styles = [style_of(part) for part in others]
    marked = all(style.bold for style in beside) or len({style.size for style in styles}) > 1
    if marked and style_of(title).size > LARGER * max(style.size for style in styles):
        for part in others:
            part.level = min(MAX_LEVEL, part.level + 1)


def _cover(found: Sequence[Part], matched: Sequence[Part]) -> Part | None:
    """What is set largest on a first page that holds neither text nor a listed heading."""
    shown = [part for part in found if part.page == 1]
    plain = all(
        (part.kind in ("paragraph", "heading") or is_name(part))
        and cjk.width(text_of(part)) <= MAX_CHARS
        for part in shown
    )
    plain = plain and sum(part.kind == "heading" for part in shown) <= 1
    if not shown or not plain or matched[0].page == 1:
        return None
    largest = max(shown, key=lambda part: style_of(part).size)
    return largest if style_of(largest).size > _OF_COVER * body_size(found) else None
