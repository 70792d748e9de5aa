"""Levels that an outline tells, where it contradicts how its titles are set.

Some makers hang an entry below the wrong one: below its neighbour where titles have no number, or
one level too high where the document skips a level, and the next ones below it. Such an outline
still tells what the titles are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from builder.ingest.pdf.blocks import Part
from builder.ingest.pdf.levels import rank
from builder.ingest.pdf.looks import (
    SAME,
    Hit,
    Looks,
    Style,
    all_code,
    as_heading,
    depth_of,
    form_of,
    style_of,
)
from builder.ingest.pdf.outline import MAX_LEVEL
from builder.ingest.pdf.run_in import text_of

_DEEP = 3  # titles that another stands in, each in the one before, and all set like it
_SURE = 2  # titles in smaller ones


class _Look(NamedTuple):
    """How a title is set and counted."""

    style: Style
    form: str


def straighten(titles: Sequence[Part], found: Sequence[Part], looks: Looks) -> None:
    """Give titles that an outline lists the levels that they are set for. found: all parts."""
    known = {id(part): _look(part) for part in titles if not all_code(part)}
    if _contradicts(titles, known):
        rank([_hit(part) for part in titles], found, looks)
        return
    _beside_their_children(titles, known)
    _without_parents(titles, known)
    _level_with_their_like(titles, known)
    _below_displayed(titles, known)


def _look(part: Part) -> _Look:
    return _Look(style_of(part), form_of(text_of(part)))


def _hit(part: Part) -> Hit:
    depth = depth_of(text_of(part))
    return Hit(part, as_heading(part), depth, all_code(part), part.run_in)


def _open(titles: Sequence[Part]) -> Iterator[tuple[Part, list[Part]]]:
    """Titles, each with those that it stands in, highest first."""
    above: list[Part] = []
    for part in titles:
        above = [other for other in above if other.level < part.level]
        yield part, above
        above = [*above, part]


def _is_heavier(look: _Look, other: _Look) -> bool:
    """Whether a title is larger than another, or as large and bold where that one is not."""
    larger = look.style.size - other.style.size
    return larger > SAME or (larger > -SAME and look.style.bold and not other.style.bold)


def _contradicts(titles: Sequence[Part], known: dict[int, _Look]) -> bool:
    """Whether titles stand in lighter ones that stand in their like, or in a row of their like.

    Where all titles are set alike the second tells nothing.
    """
    inside: Counter[tuple[_Look, _Look]] = Counter()
    least = min(known.values(), key=lambda look: (look.style.size, look.style.bold), default=None)
    deepest: dict[_Look, int] = {}
    for part, above in _open(titles):
        own = known.get(id(part))
        over = [known[id(other)] for other in above if id(other) in known]
        if own is None:
            continue
        if part.level < MAX_LEVEL and part.level <= deepest.get(own, 0):
            return True
        if over[-_DEEP:].count(own) == _DEEP and least is not None and _is_heavier(own, least):
            deepest[own] = part.level
        inside.update({(own, other) for other in over if other != own})
    return any(
        n >= _SURE and _is_heavier(own, other) and inside[other, own]
        for (own, other), n in inside.items()
    )


def _beside_their_children(titles: Sequence[Part], known: dict[int, _Look]) -> None:
    """Move titles down that alone stand in another, with its other children inside of them.

    So the first title is nested that skips a level: its neighbours are taken for its children.
    Two at least must be so, or three in the one, and none that is set alike stand beside another on
    their level.
    """
    inside: dict[int, list[Part]] = defaultdict(list)  # the titles right below each
    for part, above in _open(titles):
        if above:
            inside[id(above[-1])].append(part)
    beside = {(known.get(id(part)), part.level) for parts in inside.values() for part in parts[1:]}
    lone: dict[_Look, list[tuple[Part, int]]] = defaultdict(list)
    many: dict[int, bool] = {}
    for parent in titles:
        first, *others = inside[id(parent)] or [parent]
        own, below = known.get(id(first)), inside[id(first)]
        if own is None or others or own == known.get(id(parent)) or (own, first.level) in beside:
            continue
        if len(below) > 1 and all(known.get(id(part)) == own for part in below):
            lone[own].append((first, below[0].level))
            many[id(first)] = len(below) >= _DEEP
    for found in lone.values():
        for part, level in found if len(found) >= _SURE or many[id(found[0][0])] else ():
            part.level = level


def _without_parents(titles: Sequence[Part], known: dict[int, _Look]) -> None:
    """Move titles down that begin a document, before the first that stands over their like.

    An outline has them on the level of that heavier one, as it has nothing to hang them below.
    """
    parents: dict[_Look, tuple[Part, int]] = {}  # the first above titles set so, their level
    for part, above in _open(titles):
        own, over = known.get(id(part)), known.get(id(above[-1])) if above else None
        if own is not None and over is not None and _is_heavier(over, own):
            parents.setdefault(own, (above[-1], part.level))
    own = next((known[id(part)] for part in titles if id(part) in known), None)
    if own is None or own not in parents:
        return
    parent, level = parents[own]
    orphans = titles[: next(at for at, part in enumerate(titles) if part is parent)]
    heavier = any(_is_heavier(known.get(id(part), own), own) for part in orphans)
    if not heavier and min(part.level for part in orphans) == parent.level < level:
        for part in orphans:
            part.level += level - parent.level


def _level_with_their_like(titles: Sequence[Part], known: dict[int, _Look]) -> None:
    """Move titles to the level of nearly all that are set like them, from one of other titles.

    Dotted numbers of one form are of one level whatever else is there. What goes on counting where
    the one before it on its level ended belongs there, as some words in a row of code.
    """
    levels: dict[_Look, Counter[int]] = defaultdict(Counter)
    for part in titles:
        if id(part) in known:
            levels[known[id(part)]][part.level] += 1
    before: dict[int, Part] = {}  # the last title of each level, as told
    for part in titles:
        own, neighbour = known.get(id(part)), before.get(part.level)
        before = {level: other for level, other in before.items() if level < part.level}
        before[part.level] = part
        if own is None or (neighbour is not None and _counts_on(neighbour, part)):
            continue
        level, n_there = levels[own].most_common(1)[0]
        n_here = levels[own][part.level]
        n_others = max((n[part.level] for look, n in levels.items() if look != own), default=0)
        dotted = "." in own.form.rstrip(".") and n_here < n_there
        if dotted or n_here < min(n_there, n_others):
            part.level = level


def _counts_on(before: Part, part: Part) -> bool:
    """Whether the letter before a title is the one behind that before another: "B.", then "C."."""
    one, other = text_of(before)[:2], text_of(part)[:2]
    lettered = all(two[:1].isalpha() and two[1:] == "." for two in (one, other))
    return lettered and ord(other[0]) == ord(one[0]) + 1


def _below_displayed(titles: Sequence[Part], known: dict[int, _Look]) -> None:
    """Put titles that run into their text below those on a line of their own, on one level."""
    often = Counter(known.get(id(part)) for part in titles if part.run_in)
    run_in = {id(part) for part in titles if often[known.get(id(part))] > 1}
    shown = {part.level for part in titles if id(part) not in run_in}
    down = {id(part) for part in titles if id(part) in run_in and part.level in shown}
    steps = [sum(id(one) in down for one in (*above, part)) for part, above in _open(titles)]
    for part, n_steps in zip(titles, steps, strict=True):
        part.level += n_steps
