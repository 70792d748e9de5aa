"""Levels of headings in PDF files that nothing but their fonts and places tell.

They come from the numbers that most headings have ("2.1"), else from the rank of their styles:
larger before smaller, bold before regular, and what is met first before what comes later. Where
size does not tell two styles apart, that one is the higher which opens the other.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from builder.ingest.pdf import cjk
from builder.ingest.pdf.blocks import Part
from builder.ingest.pdf.layout import Line
from builder.ingest.pdf.looks import (
    COUNTING,
    LOOK,
    NUMBERED,
    SAME,
    WORDED,
    Hit,
    Looks,
    Style,
    follows,
    form_of,
    in_middle,
    is_capitals,
    is_centred,
    made,
    number_of,
)
from builder.ingest.pdf.outline import LARGER, MAX_LEVEL
from builder.ingest.pdf.run_in import MAX_CHARS, text_of

_LABEL = 4.0  # times the size: how far below "Chapter 1" its title stands at most; twice as far
# where nothing is between them
_BOOK = 4  # pages behind its cover
_HANGING = 0.5  # times the size: how far titles hang out of the text at least
_SURE = 2  # headings that no longer skip a level
_CAPITALS = 1.5  # times the size of capitals: letters as high as they are
_NEARLY = 1.12  # times the size: letters of another face or slant may look as large
_LETTERED = re.compile(r"([A-Z]+)[.)]\s")
_NAME = re.compile(r"[A-Z]\. (?:[A-Z]\. )*[^\W\d_]+(?:[ ,-]|$)")
_PART = re.compile(r"(?:part|teil|partie|parte)\s+(?:[IVX]+|\d+)\b", re.IGNORECASE)
_ABBREVIATION = 4  # letters, at most
_SEVERAL = 2  # titles below one in capitals, and of those that have so many
_ORDERLY = 0.8  # of the numbers of headings follow from those before them
_FEW = 0.25  # of the headings with numbers
_INDENTED, _CENTRED, _UPPER, _INWARD = " ", "  ", "A", "<"  # the form of titles unlike others
_WIDER = 1.2  # times a title: the least width of a column that it does not tell by itself
_INSET = 0.5  # times the size: titles whose left edges are nearer have one left edge
_SAME_MIDDLE = 2.0  # points: how near the middles or edges of lines are that share one
_SAME_ROOM = 0.5  # points: how near the rooms below titles that are set alike are
_OF_AUTHOR = 3  # lines of a name and a place; letters of a mark behind a name
_RAISED = 0.85  # times the size: marks are smaller
_SAME_PLACE = 0.9  # of the titles of a look
_HUNG = 0.6  # of the titles, at least


def by_fonts(found: list[Part]) -> None:
    """Headings by size, weight and colour; their levels by their numbers, or rank of style."""
    looks = Looks(found)
    hits = _without_cover(_with_words(looks.hits()), found)
    rank(_without_authors(hits, found), found, looks)


def rank(hits: Sequence[Hit], found: Sequence[Part], looks: Looks) -> None:
    """Give headings the levels that their looks and numbers tell."""
    roman = find_run_in(hits)
    _below_parts(hits)
    plain = [hit for hit in hits if hit.depth > 1 or not (hit.code or hit.run_in)]
    shown = list({hit.style: hit for hit in plain}.values())  # one of each style
    scale = _likelier(_code_scale(hits, looks), hits, shown)
    scaled: list[Hit] = []
    for hit in hits:
        lone = hit.code and hit.depth <= 1
        style = shared_style(hit.style, scale, shown, looks.body) if lone else None
        if style is not None and not hit.run_in:
            hit.style = style
            scaled.append(hit)
    _hung(plain, found)
    _placed(plain)
    _capitals(plain, looks)
    ranked = {*plain, *scaled}
    ranks = _ranks([hit for hit in hits if hit in ranked], looks.body)
    titled = bool(plain) and plain[0].part is found[0]
    titled = titled and (is_centred(found[0], found) or _alone_uncounted(plain))
    if not _by_numbers(plain, ranks, looks.body, titled=titled, sure=roman):
        for hit in plain:
            hit.level = 0 if hit.run_in else ranks[hit.style]
    scaled = scaled if scale else _fitting(hits, scaled, ranks)
    highest: dict[Style, int] = {}
    for hit in plain:
        if hit.level:
            highest[hit.style] = min(hit.level, highest.get(hit.style, hit.level))
    for hit in scaled:
        hit.level = highest.get(hit.style, ranks[hit.style])
    _rest(hits)
    _again_below(hits)
    for hit in hits:
        made(hit.part, hit.level)


def _below_parts(hits: Sequence[Hit]) -> None:
    """Put what is counted below "Part I" one deeper, where chapters are counted too."""
    parts = {id(hit) for hit in hits if hit.depth == 1 and _PART.match(text_of(hit.part))}
    counted = [hit for hit in hits if hit.depth and id(hit) not in parts]
    if parts and any(WORDED.match(text_of(hit.part)) for hit in counted):
        for hit in counted:
            hit.depth += 1


def _again_below(hits: Sequence[Hit]) -> None:
    """Put titles that a section repeats below those between them that are set alike.

    So "Parameters" is below each function: sections beside each other have names of their own.
    """
    said = Counter((hit.style, text_of(hit.part)) for hit in hits)
    lowest = max((hit.level for hit in hits), default=0)
    by_section: dict[tuple[int, int], list[Hit]] = {}
    section = [0] * (MAX_LEVEL + 1)  # the place of the last title of each level
    for at, hit in enumerate(hits):
        section[hit.level :] = [at] * (len(section) - hit.level)
        by_section.setdefault((hit.level, section[hit.level - 1]), []).append(hit)
    for (level, _), beside in by_section.items():
        keys = [(hit.style, text_of(hit.part)) for hit in beside]
        here = Counter(keys)
        again = [here[key] > 1 and said[key] > _SEVERAL for key in keys]
        shares = _FEW * len(again) < sum(again) < len(again)
        shares = shares and not any(one == other for one, other in itertools.pairwise(keys))
        if level != lowest or again[0] or not shares or any(hit.depth for hit in beside):
            continue
        for hit, below in zip(beside, again, strict=True):
            hit.level += below


def _fitting(hits: Sequence[Hit], twins: Sequence[Hit], ranks: dict[Style, int]) -> list[Hit]:
    """Code that shares a style by weight and slant alone, if none of it would skip a level there.

    Makers may set two levels with one weight and slant, and code of both in one size.
    """
    known = [hit for hit in hits if hit.style in ranks]
    code = set(twins)
    wrong = {
        hit.style
        for before, hit in itertools.pairwise(known)
        if hit in code and ranks[hit.style] > ranks[before.style] + 1
    }
    return [hit for hit in twins if hit.style not in wrong]


def _placed(hits: Sequence[Hit]) -> None:
    """Tell titles apart that are set like others, but in the middle, or indented like text."""
    middle = _in_middle(hits)
    others = [hit for hit in hits if not hit.inset and id(hit) not in middle]
    flush = {hit.style for hit in others}
    begun = {(hit.style, round(_begin(hit))) for hit in others}  # a box may be around all of them
    opening = {hit.style: hit for hit in reversed(hits)}
    often = Counter((hit.style, round(_begin(hit))) for hit in hits if hit.inset)
    for hit in hits:
        alone = hit is opening.get(hit.style) and often[hit.style, round(_begin(hit))] == 1
        inset = hit.inset and not alone  # a picture may stand before the first
        inset = inset and (hit.style, round(_begin(hit))) not in begun
        if hit.style in flush and not hit.style.form and (inset or id(hit) in middle):
            hit.style = hit.style._replace(form=_CENTRED if id(hit) in middle else _INDENTED)


def _begin(hit: Hit) -> float:
    """How far from the edge of its column a title begins."""
    first = hit.part.lines[0]
    return first.x0 - first.column[0]


def _in_middle(hits: Sequence[Hit]) -> set[int]:
    """Which titles stand in the middle of their columns.

    Pages of short lines tell no right edge of a column: a title that begins well inside of it, or
    is as wide as all of it, is in the middle where another one is; one that begins well inside,
    also where another one is in a column that begins elsewhere.
    """
    middle = {id(hit) for hit in hits if in_middle(hit.part)}
    lines = [hit.part.lines[0] for hit in hits if id(hit) in middle]
    known = {round(_middle_of(line)) for line in lines}
    beside = {round(_middle_of(line) - line.column[0]) for line in lines}
    wide = {id(hit) for hit in hits if _fills(hit.part.lines[0])}
    flush = {
        hit.style for hit in hits
        if id(hit) not in wide and hit.part.lines[0].x0 - hit.part.lines[0].column[0] < 1
    }  # fmt: skip
    for hit in hits:
        first = hit.part.lines[0]
        inside = first.x0 - first.column[0] > first.size
        here, inner = round(_middle_of(first)), round(_middle_of(first) - first.column[0])
        if inside and not beside.isdisjoint((inner - 1, inner, inner + 1)):
            middle.add(id(hit))
        inside = inside or (id(hit) in wide and hit.style not in flush)
        if inside and not known.isdisjoint((here - 1, here, here + 1)):
            middle.add(id(hit))
    return middle


def _fills(line: Line) -> bool:
    """Whether a line is about as wide as its column."""
    left, _, right, _ = line.column
    return right - left < _WIDER * (line.x1 - line.x0)


def _middle_of(line: Line) -> float:
    return (line.x0 + line.x1) / 2


def _hung(hits: Sequence[Hit], found: Sequence[Part]) -> None:
    """Tell titles apart that are set alike, but hang out of the text more or less far."""
    titles = {id(hit.part) for hit in hits}
    text: dict[int, float] = {}  # where text begins, by page
    hangs: dict[int, float] = {}
    for part in reversed(found):
        if id(part) in titles and part.page in text:
            hangs[id(part)] = (text[part.page] - part.lines[0].x0) / part.lines[0].size
        elif part.kind == "paragraph" and part.lines and id(part) not in titles:
            text[part.page] = min(line.x0 for line in part.lines)
    if sum(hang > _HANGING for hang in hangs.values()) <= _HUNG * len(hits):
        return
    by_style: dict[Style, list[Hit]] = {}
    for hit in hits:
        by_style.setdefault(hit.style, []).append(hit)
    for style, alike in by_style.items():
        usual = Counter(round(hangs[id(hit.part)]) for hit in alike if id(hit.part) in hangs)
        steps = sorted((step for step, n in usual.items() if n > 1), reverse=True)
        if len(steps) < 2 or _at_one_place(alike):  # it is the text that moves
            continue
        for hit in alike:
            hang = hangs.get(id(hit.part), usual.most_common(1)[0][0])
            step = min(steps, key=lambda one: abs(one - hang))
            hit.style = style._replace(form=style.form + _INWARD * steps.index(step))


def _at_one_place(hits: Sequence[Hit]) -> bool:
    """Whether titles begin at one place of their pages, left and right ones apart."""
    places = Counter((hit.part.page % 2, round(hit.part.lines[0].x0)) for hit in hits)
    usual = [max((n for (side, _), n in places.items() if side == of), default=0) for of in (0, 1)]
    return sum(usual) >= _SAME_PLACE * len(hits)


def _capitals(hits: Sequence[Hit], looks: Looks) -> None:
    """Tell titles in capitals from others that are set like them.

    Words of them stand in the text in other letters, so they are no abbreviations; half of them
    are of several words or open others: a "NAME" or "SYNOPSIS" may stand beside mixed titles.
    """
    upper = {id(hit): words for hit in hits if (words := _in_capitals(hit.part))}
    mixed = {hit.style for hit in hits if id(hit) not in upper and not hit.code}
    of_style: dict[Style, list[Hit]] = {}
    for hit in hits:
        if id(hit) in upper and hit.style in mixed:
            of_style.setdefault(hit.style, []).append(hit)
    known = looks.mixed_words() if of_style else set()
    for style, capital in of_style.items():
        found = _without_abbreviations(capital, upper, known)
        alike = [hit for hit in hits if hit.style == style]
        opening = {id(a) for a, b in itertools.pairwise(alike) if id(b) not in upper}
        told = [
            not known.isdisjoint(words) and (len(words) > 1 or id(hit) in opening)
            for hit, words in ((hit, upper[id(hit)]) for hit in found)
        ]
        if sum(told) >= 0.5 * len(told) or _open_all(alike, upper, known):
            for hit in found:
                hit.style = style._replace(form=style.form + _UPPER)


def _without_abbreviations(
    hits: Sequence[Hit], upper: Mapping[int, list[str]], known: set[str]
) -> list[Hit]:
    """Titles in capitals without those of one short word that no text has in other letters.

    They stay where others are of one word: "NAME", "BUGS".
    """
    short = {
        id(hit) for hit in hits
        if len(words := upper[id(hit)]) == 1 and len(words[0]) <= _ABBREVIATION
        and words[0] not in known
    }  # fmt: skip
    rest = [hit for hit in hits if id(hit) not in short]
    return rest if rest and all(len(upper[id(hit)]) > 1 for hit in rest) else list(hits)


def _open_all(alike: Sequence[Hit], upper: dict[int, list[str]], known: set[str]) -> bool:
    """Whether titles in capitals stand above all others set alike, twice above several.

    upper: the words of those in capitals. The text has some of them in other letters.
    """
    groups: list[int] = []  # how many others follow each one in capitals
    for hit in alike:
        if id(hit) in upper:
            groups.append(0)
        elif not groups:
            return False
        else:
            groups[-1] += 1
    n_known = sum(not known.isdisjoint(upper[id(hit)]) for hit in alike if id(hit) in upper)
    return sum(n >= _SEVERAL for n in groups) >= _SEVERAL and n_known > 0


def _in_capitals(part: Part) -> list[str]:
    """The words of a title that is set in capitals, folded; none where it is not."""
    prose = ([run for run in line.runs if not run.font.fixed] for line in part.lines)
    text = " ".join(Line(runs).text for runs in prose if runs)
    return re.findall(r"[^\W\d_]{3,}", text.casefold()) if is_capitals(text) else []


def find_run_in(hits: Sequence[Hit]) -> bool:
    """Tell titles that would run into their text if code did not follow; True for roman numbers.

    Such a title is set like those that run in and like no other, or has a number of their form.
    In a document whose highest numbers are roman, "A." is below "I.", "1." or "1)" below it, then
    "a." or "a)". So is an "A." above the "I." that is set unlike it.
    """
    _inset_alike([hit for hit in hits if hit.run_in])
    forms = {hit.style.form for hit in hits if hit.run_in} - {""}
    looks = {(kind_of(hit), hit.style.size) for hit in hits if hit.run_in}
    coloured = {(kind_of(hit), hit.style.size, hit.style.colour) for hit in hits if hit.run_in}
    counted = {(kind_of(hit), hit.style.size) for hit in hits if hit.depth and not hit.run_in}
    shown = Counter(_whole_look(hit) for hit in hits if hit.text and not hit.run_in)
    often = Counter(_whole_look(hit) for hit in hits if hit.run_in)
    rooms = _rooms(hits)
    for hit, after in itertools.zip_longest(hits, hits[1:]):
        look, whole = (kind_of(hit), hit.style.size), _whole_look(hit)
        textless = not hit.text and often[whole] > shown[whole]
        room = rooms.get(whole)
        displayed = False
        if room is not None and hit.room is not None:
            displayed = abs(room - hit.room) < _SAME_ROOM
            textless = not (hit.text or displayed)
        if after is not None and hit.opens:
            textless = textless and whole != _whole_look(after)
        bare = look in counted and not hit.depth and not displayed
        like = look in looks and (hit.inset or textless or bare)
        like = like and not in_middle(hit.part)
        like = like and (not hit.depth or (*look, hit.style.colour) in coloured)
        like = like and not (hit is hits[0] and hit.opens)  # the title of the document
        hit.run_in = hit.run_in or hit.style.form in forms or like
    return _by_roman(hits)


def _rooms(hits: Sequence[Hit]) -> dict[tuple[object, ...], float]:
    """How much room is below titles that text follows on a line of its own, by their looks.

    Titles that run in have other room where code or a list follows: that below a line of text. It
    tells nothing where pages are stretched until they are full.
    """
    rooms: dict[tuple[object, ...], list[float]] = {}
    for hit in hits:
        if hit.text and not hit.run_in and hit.room is not None:
            rooms.setdefault(_whole_look(hit), []).append(hit.room)
    return {look: seen[0] for look, seen in rooms.items() if max(seen) - min(seen) < _SAME_ROOM}


def _inset_alike(hits: Sequence[Hit]) -> None:
    """Take those of one look that begin equally far from the edge for inset, or none of them.

    What stands below tells it of each, which may be a box.
    """
    alike: dict[tuple[object, ...], list[Hit]] = {}
    for hit in hits:
        alike.setdefault((hit.style, round(_begin(hit))), []).append(hit)
    for group in alike.values():
        inset = 2 * sum(hit.inset for hit in group) >= len(group)
        for hit in group:
            hit.inset = inset


def _whole_look(hit: Hit) -> tuple[object, ...]:
    """How a title is set, code in it aside, and whether it is indented."""
    return kind_of(hit), hit.style.size, "" if hit.code else hit.style.face


def _by_roman(hits: Sequence[Hit]) -> bool:
    """Depths where the first number is "I."; False when it is another."""
    n_roman = 0
    first = next((hit for hit in hits if re.match(r"I[.)]\s", text_of(hit.part))), None)
    depths = {"1)": 3, "a)": 4, "1.": 3, "a.": 4}
    found: list[tuple[Hit, int]] = []
    for hit in hits:
        match = _LETTERED.match(text_of(hit.part))
        reach = (1, 2, 3) if match and len(match[1]) > 1 and n_roman else (1,)
        step = next((n for n in reach if match and match[1] == _roman(n_roman + n)), 0)
        n_roman += step
        if match and not n_roman and (first is None or kind_of(first) == kind_of(hit)):
            return False
        if match:
            found.append((hit, 1 if step else 2))
        else:
            form = hit.style.form or form_of(text_of(hit.part))
            found.append((hit, depths.get(form, hit.depth)))
    if n_roman:
        for hit, depth in found:
            hit.depth = depth
    return n_roman > 0


def _roman(number: int) -> str:
    """A number below 90 as it is written before sections."""
    tens, units = divmod(number, 10)
    high = "X" * tens if tens < 4 else "XL" if tens == 4 else "L" + "X" * (tens - 5)
    return high + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[units]


def _with_words(hits: Sequence[Hit]) -> list[Hit]:
    """Hits with "Chapter 1", in one or two of them, or "One", taken into the heading below."""
    kept: list[Hit] = []
    for hit in hits:
        for n_hits in (2, 1):
            above = kept[-n_hits:]
            label = " ".join(text_of(other.part) for other in above).strip()
            told = WORDED.fullmatch(label) or (len(above) == 1 and _counts(above[0], hit))
            if told and all(map(_close, above, [*above[1:], hit])):
                hit.part.lines = [line for one in above for line in one.part.lines] + hit.part.lines
                hit.part.gap = above[0].part.gap
                hit.depth = 1
                for other in above:
                    other.part.lines = []
                del kept[-n_hits:]
                break
        kept.append(hit)
    return kept


def _counts(hit: Hit, below: Hit) -> bool:
    """Whether a heading is nothing but a number, set as large as the one below it."""
    number = COUNTING.fullmatch(text_of(hit.part)) is not None
    return number and hit.style.size > below.style.size - SAME


def _close(hit: Hit, below: Hit) -> bool:
    """Whether a heading stands right above another."""
    if not hit.part.lines or hit.part.page != below.part.page:
        return False
    most = _LABEL * (2 if hit.opens else 1) * below.style.size
    return 0 < below.part.lines[0].y - hit.part.lines[-1].y < most


def _without_cover(hits: Sequence[Hit], found: Sequence[Part]) -> list[Hit]:
    """Hits without what stands beside the title on a cover: a first page without text."""
    if not found:
        return list(hits)
    first = found[0].page
    cover = [part for part in found if part.page == first]
    shown = [hit for hit in hits if hit.part.page == first]
    plain = all(
        (part.kind == "paragraph" or is_name(part)) and cjk.width(text_of(part)) <= MAX_CHARS
        for part in cover
    )
    if found[-1].page < first + _BOOK or not plain or len(shown) < 2:
        return list(hits)
    title = max(shown, key=lambda hit: hit.style.size)
    return [hit for hit in hits if hit is title or hit.part.page != first]


def _without_authors(hits: Sequence[Hit], found: Sequence[Part]) -> list[Hit]:
    """Hits without who wrote it: what stands between the first title and all text of its page.

    It is set like no title elsewhere, and shares the title's middle, or its right edge where it is
    not at the left, or is light and begins farther inside than the title, as no other does; or it
    stands beside others on its line, or has a raised mark behind it.
    """
    if not hits:
        return []
    title = hits[0]
    page = [part for part in found if part.page == title.part.page and part.lines]
    titles = {id(hit.part) for hit in hits}
    texts = [part for part in page if id(part) not in titles and _is_text(part)]
    under, first = _text_below(title.part, texts)
    counted = Counter(hit.style for hit in hits if hit.depth)
    between = [
        hit for hit in hits
        if hit.part.page == title.part.page
        and not (hit.depth and counted[hit.style] > is_name(hit.part))
        and title.part.lines[-1].y < hit.part.lines[0].y < under
        and hit.style.size < title.style.size
    ]  # fmt: skip
    if not between:
        return list(hits)
    rest = [hit for hit in hits if hit is not title and hit not in between]
    short = [line for part in page if part not in texts for line in part.lines]
    left = min(line.x0 for part in page for line in part.lines)
    inset = title.part.box[0] - left
    beside = [hit for hit in rest if hit.part.page == title.part.page]
    flush = inset > title.style.size and not any(map(_is_inside, beside))
    gone: list[Hit] = []
    for hit in between:
        alike = [one for one in rest if one.style == hit.style]
        centred = inset > title.style.size and _share_middle(title, hit)
        inside = flush and hit.part.box[0] > left + inset and not hit.style.bold
        centred = centred or (inside and not alike)
        lone = (centred or _beneath(title, hit)) and not any(_beneath(one, hit) for one in alike)
        if lone or (not alike and hit.part.lines[0].y < first and _is_beside(hit, short)):
            gone.append(hit)
    return [hit for hit in hits if hit not in gone]


def _is_inside(hit: Hit) -> bool:
    """Whether a title begins well inside of its column."""
    return _begin(hit) > hit.style.size


def is_name(part: Part) -> bool:
    """Whether a part begins as a name may, and an item of a list: "A. Smith"."""
    return part.kind in ("paragraph", "list_item") and _NAME.match(text_of(part)) is not None


def _text_below(title: Part, texts: Sequence[Part]) -> tuple[float, float]:
    """How high the first text below a title begins: right under it, and in any column."""
    left, _, right, _ = title.box
    below = title.lines[-1].y
    under = [part.lines[0].y for part in texts if part.box[0] < right and part.box[2] > left]
    every = [line.y for part in texts for line in part.lines]
    return (
        min((y for y in under if y > below), default=math.inf),
        min((y for y in every if y > below), default=math.inf),
    )


def _is_beside(hit: Hit, short: Sequence[Line]) -> bool:
    """Whether a hit stands on one height with other short lines, or has a raised mark."""
    first = hit.part.lines[0]
    return _is_marked(first) or sum(_beside(line, first) for line in short) > 1


def _is_text(part: Part) -> bool:
    """Whether a part is too long for the name of a person or a place, or no paragraph at all."""
    n_rows = len({round(line.y) for line in part.lines})
    first = part.lines[0]
    fills = n_rows > 1 and first.x1 > first.column[2] - first.size
    return part.kind != "paragraph" or fills or n_rows > _OF_AUTHOR


def _beside(one: Line, other: Line) -> bool:
    """Whether two lines stand on one height, far apart or being the same."""
    return abs(one.y - other.y) < 1 and (
        one is other or max(one.x0 - other.x1, other.x0 - one.x1) > other.size
    )


def _is_marked(line: Line) -> bool:
    """Whether a line ends in a small raised figure or sign."""
    first, last = line.runs[0], line.runs[-1]
    return last.size < _RAISED * first.size and len(last.text.strip()) <= _OF_AUTHOR


def _beneath(hit: Hit, other: Hit) -> bool:
    """Whether two titles share their middle or their right edge, but not their left one."""
    one, two = hit.part.lines[0], other.part.lines[0]
    if abs(one.x0 - two.x0) < _INSET * two.size:
        return hit is other
    if _share_middle(hit, other):
        return True
    inside = min(line.x0 - line.column[0] - line.size for line in (one, two)) > 0
    return inside and abs(one.x1 - two.x1) < _SAME_MIDDLE


def _share_middle(hit: Hit, other: Hit) -> bool:
    middles = [_middle_of(one.part.lines[0]) for one in (hit, other)]
    return abs(middles[0] - middles[1]) < _SAME_MIDDLE


def _alone_uncounted(hits: Sequence[Hit]) -> bool:
    """Whether all titles that are set like the first one have a number, but it has none."""
    alike = [hit for hit in hits if hit.style == hits[0].style]
    counted = sum(hit.depth > 0 for hit in alike[1:])
    return not alike[0].depth and counted > max(1, 0.8 * (len(alike) - 1))


def _code_scale(hits: Sequence[Hit], looks: Looks) -> float:
    """How much larger prose is than code in one heading; 0 when code there has a size of its own.

    Makers either shrink code to a share of the text around it, or set all code alike.
    """
    for hit in hits:
        codes = [r.size for line in hit.part.lines for r in line.runs if r.font.fixed]
        mixed = codes and not hit.code and hit.style.size > 1.15 * looks.body
        if mixed and max(codes) <= looks.code + SAME:
            return 0.0
    sizes = {round(hit.style.size, 1) for hit in hits if hit.code}
    own = sizes and abs(max(sizes) - looks.code) <= SAME
    if own and looks.code < looks.body - SAME:
        return 0.0
    return looks.body / looks.code if looks.code else 0.0  # letters too small to see


def _likelier(scale: float, hits: Sequence[Hit], plain: Sequence[Hit]) -> float:
    """The scale, or 1 where more headings of code are as large as one of prose without it."""
    sizes = {hit.style.size for hit in hits if hit.code and not hit.run_in}
    fitting = {
        one: sum(bool(_as_large(size * one, plain)) for size in sizes) for one in (scale, 1.0)
    }
    return 1.0 if scale and fitting[1.0] > fitting[scale] else scale


def _as_large(size: float, plain: Sequence[Hit]) -> list[Style]:
    return [hit.style for hit in plain if abs(hit.style.size - size) < 0.04 * size]


def shared_style(style: Style, scale: float, plain: Sequence[Hit], body: float) -> Style | None:
    """The style of prose for a heading of nothing but code; None where nothing tells it.

    Where code has a size of its own, weight, slant and colour tell a style that is slanted or no
    larger than prose.
    """
    if scale:
        return _nearest(style, scale, plain)
    marks = style.bold, style.italic, style.colour
    styles = {hit.style for hit in plain}
    alike = [other for other in styles if (other.bold, other.italic, other.colour) == marks]
    one = alike[0] if len(alike) == 1 else None
    return one if one is not None and (one.italic or one.size <= LARGER * body) else None


def _nearest(style: Style, scale: float, plain: Sequence[Hit]) -> Style:
    """The style of prose that a heading of nothing but code shares, or one of its own."""
    size = style.size * scale
    near = _as_large(size, plain)
    if not near:
        return style._replace(size=round(size, 1))
    return min(near, key=lambda one: (one[1:LOOK] != style[1:LOOK], abs(one.size - size)))


def _ranks(hits: Sequence[Hit], body: float) -> dict[Style, int]:
    """Levels by size, then weight, then order of appearance.

    Among those no larger than prose the weight that is met first goes before the other.
    """
    first: dict[Style, int] = {}
    for at, hit in enumerate(hits):
        first.setdefault(hit.style, at)
    sizes = sorted({style.size for style in first}, reverse=True)
    steps: dict[float, int] = {}
    for at, size in enumerate(sizes):
        same = at and sizes[at - 1] - size < SAME
        steps[size] = steps[sizes[at - 1]] if same else at
    by_look: dict[tuple[object, ...], int] = {}
    ranks: dict[Style, int] = {}
    heavy = {style: style.bold or style.caps or style.lined for style in first}

    small = [style for style in first if style.size <= LARGER * body]
    begun = {weight: min(first[one] for one in small if heavy[one] == weight)
             for weight in {heavy[one] for one in small}}  # fmt: skip

    def rank(style: Style) -> tuple[object, ...]:
        tail = steps[style.size], not heavy[style], first[style]
        return (1, begun[heavy[style]], *tail) if style in small else (0, 0, *tail)

    for style in sorted(first, key=rank):
        look = (steps[style.size], *style[1:])
        ranks[style] = by_look.setdefault(look, len(by_look) + 1)
    return _nested(hits, ranks, body)


def _nested(hits: Sequence[Hit], ranks: dict[Style, int], body: float) -> dict[Style, int]:
    """Ranks with neighbours changed over where that makes fewer headings skip a level.

    A heading is seldom two levels below the one before it, or of a higher level right below it. So
    the rank of two looks that their size does not tell, being the same, that of two faces, or no
    larger than prose, is told by which of them opens the other.
    """
    looks = {rank: style for style, rank in reversed(ranks.items())}
    mixed = {
        ranks[hit.style]
        for hit in hits
        if not (hit.code or hit.style.caps or _in_capitals(hit.part))
    }
    order = sorted(looks)
    steps = Counter(itertools.pairwise([0, *(ranks[hit.style] for hit in hits)]))
    empty = Counter(
        (ranks[one.style], ranks[other.style])
        for one, other in itertools.pairwise(hits)
        if one.opens
    )
    n_skips = _skips(steps, empty, order)
    for _ in order:
        turned = [
            [*order[:at], lower, upper, *order[at + 2 :]]
            for at, (upper, lower) in enumerate(itertools.pairwise(order))
            if _comparable(looks[upper], looks[lower])
            or looks[upper].size <= LARGER * body >= looks[lower].size
            or (lower not in mixed and looks[upper].size < _CAPITALS * looks[lower].size)
        ]
        best = min(turned, key=lambda one: _skips(steps, empty, one), default=order)
        fewer = _skips(steps, empty, best)
        if n_skips - fewer < _SURE or n_skips < 2 * fewer:
            break
        order, n_skips = best, fewer
    places = {rank: place for place, rank in enumerate(order, 1)}
    return {style: places[rank] for style, rank in ranks.items()}


def _skips(
    steps: Counter[tuple[int, int]], empty: Counter[tuple[int, int]], order: Sequence[int]
) -> int:
    """How many headings are more than one level below the one before them; 0 is before the first.

    With them those are counted that have nothing before a heading of a higher level. steps: how
    often a rank follows another; empty: with no text between. order: the ranks, highest first.
    """
    places = {rank: place for place, rank in enumerate([0, *order])}
    skipped = sum(n for (one, other), n in steps.items() if places[other] > places[one] + 1)
    return skipped + sum(n for (one, other), n in empty.items() if places[other] < places[one])


def _comparable(one: Style, other: Style) -> bool:
    """Whether nothing but their order tells which of two looks is the higher."""
    if abs(one.size - other.size) < SAME:
        return True
    near = max(one.size, other.size) < _NEARLY * min(one.size, other.size)
    return near and (one.face, one.italic) != (other.face, other.italic)


def _by_numbers(
    plain: Sequence[Hit], ranks: dict[Style, int], body: float, *, titled: bool, sure: bool
) -> bool:
    """Levels from the numbers of headings; False when too few have one or they contradict."""
    counted = [hit for hit in plain if hit.depth]
    outlined = len(counted) < 0.5 * len(plain)
    if len(counted) < 3 or (outlined and not _is_outline(plain, body)):
        return False
    sure = sure or _in_sequence(counted, 1.0)
    depths: dict[Style, int] = {}
    own: set[Style] = set()  # of titles whose numbers count something else
    for style in sorted({hit.style for hit in counted}, key=lambda one: ranks[one]):
        told = Counter(hit.depth for hit in counted if hit.style == style)
        depth = told.most_common(1)[0][0]
        few = not sure and 1 < told.total() < _FEW * len(counted)
        few = few and not _in_turn(counted, style)
        few = few or _begins_anew(counted, style)
        if few and depth < max(depths.values(), default=0):
            own.add(style)
        else:
            depths[style] = depth
    in_rank = list(depths.values())
    if in_rank != sorted(in_rank) and not (sure or _in_sequence(counted, _ORDERLY)):
        return False
    highest = min(ranks[style] for style in depths)
    titled = titled and not plain[0].depth
    above = titled or ranks[plain[0].style] < highest
    deepest = max(depths.values())
    bare = [hit for hit in plain if not (hit.depth or (titled and hit is plain[0]))]
    over = sorted({ranks[hit.style] for hit in bare if ranks[hit.style] < highest})
    rooms = max(1, min(depths.values()) - 1 + above)  # levels above the first that is counted
    for hit in plain:
        if titled and hit is plain[0]:
            hit.level = 1
        elif hit.depth and hit.style not in own:
            hit.level = hit.depth + above
        elif hit.style in depths and hit.style.size > LARGER * body:
            hit.level = depths[hit.style] + above
        elif ranks[hit.style] < highest:
            hit.level = min(rooms, over.index(ranks[hit.style]) + 1 + titled)
        else:
            higher = [
                d
                for style, d in depths.items()
                if ranks[style] <= ranks[hit.style]
                or (outlined and style.size > hit.style.size - SAME)
            ]
            beyond = sum(ranks[style] < ranks[hit.style] for style in own)
            hit.level = max(higher, default=deepest) + 1 + above + beyond
    return True


def _is_outline(plain: Sequence[Hit], body: float) -> bool:
    """Whether few titles are counted, but these are all that are set so, of two levels or more.

    The others, which are below them, are no larger than prose.
    """
    counted = {hit.style for hit in plain if hit.depth}
    depths = {hit.depth for hit in plain if hit.depth}
    return (
        len(depths) > 1
        and all(
            hit.depth if hit.style in counted else hit.style.size <= LARGER * body for hit in plain
        )
        and _in_sequence([hit for hit in plain if hit.depth], 1.0)
    )


def _begins_anew(counted: Sequence[Hit], style: Style) -> bool:
    """Whether the numbers of titles set so begin at 0 or 1 behind a number of several steps.

    So do steps that a text counts by itself in a section: "2. Turn it" below "3.2 Use".
    """
    numbers = [number_of(text_of(hit.part)) for hit in counted]
    at = next(at for at, hit in enumerate(counted) if hit.style == style)
    before = numbers[at - 1] if at else ()
    return len(before) > 1 and numbers[at] in ((0,), (1,)) and before[0] >= numbers[at][0]


def _in_turn(counted: Sequence[Hit], style: Style) -> bool:
    """Whether the number of each title that is set so follows from the one before it."""
    numbers = [number_of(text_of(hit.part)) for hit in counted]
    return all(
        follows(before, number)
        for before, number, hit in zip([(), *numbers], numbers, counted, strict=False)
        if hit.style == style
    )


def _in_sequence(counted: Sequence[Hit], least: float) -> bool:
    """Whether so many of the numbers follow from the one before: 1.2, then 1.2.1, 1.3 or 2."""
    numbers = [number_of(text_of(hit.part)) for hit in counted]
    found = [number for number in numbers if number]
    if len(found) < sum(NUMBERED.match(text_of(hit.part)) is not None for hit in counted):
        return False
    right = sum(follows(before, after) for before, after in itertools.pairwise(found))
    return right >= least * (len(found) - 1)


def _rest(hits: Sequence[Hit]) -> None:
    """Levels of headings that their style does not tell: nothing but code, or run in.

    Code alone is beside the last such heading that is still open, else below the one before it.
    """
    lowest = max((hit.level for hit in hits), default=0)
    below = run_in_ranks([hit for hit in hits if hit.run_in and not hit.level])
    open_: list[Hit] = []
    for hit in hits:
        if not hit.level and hit.run_in:
            hit.level = lowest + 1 + below[kind_of(hit)]
        elif not hit.level:
            beside = [other.level for other in open_ if other.code]
            hit.level = beside[-1] if beside else (open_[-1].level + 1 if open_ else 1)
        hit.level = min(MAX_LEVEL, max(1, hit.level))
        while open_ and open_[-1].level >= hit.level:
            open_.pop()
        open_.append(hit)


def kind_of(hit: Hit) -> tuple[object, ...]:
    """What tells the levels of titles that run into their text apart."""
    style = hit.style
    return hit.inset, style.bold, style.italic, style.caps, style.form


def run_in_ranks(hits: Sequence[Hit]) -> dict[tuple[object, ...], int]:
    """How far below the first the kinds of titles are that run into their text."""
    return {kind: at for at, kind in enumerate(dict.fromkeys(map(kind_of, hits)))}
