"""The figures of a chart in a deck or a Word file, which stand nowhere else in it.

A chart keeps the names and values that it last drew (ECMA-376 Part 1, 21.2.2): what a reader of the
slide sees as bars is a table of its categories and series. The kinds that Office 2016 added
(waterfall, funnel, treemap ...) are in a format of their own ([MS-ODRAWXML] 2.24).
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest.cell_formats import general, shown

if TYPE_CHECKING:
    from lxml.etree import _Element

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_CX = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
CHARTS = (f"{_C}chart", f"{_CX}chart")  # what a drawing refers to a chart with
MAX_POINTS = 200  # of one series: more of them show a curve, no figures
_PLACE = re.compile(r"\d{1,6}")

_NUMBER = re.compile(r"-?\d{1,300}(?:\.\d+)?(?:[eE][-+]?\d{1,2})?")
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


class Chart(NamedTuple):
    """A chart as a table. rows: the names of the series first, then a row for each category."""

    title: str
    rows: list[list[str]]


def read(root: _Element | None) -> Chart:
    """The chart of a part; without rows where it keeps no values, or too many."""
    if root is None:
        return Chart("", [])
    if root.tag.startswith(_CX):
        return _newer(root)
    title = root.find(f"{_C}chart/{_C}title")
    said = "".join(text.text or "" for text in title.iter(f"{_A}t")) if title is not None else ""
    names: list[str] = []
    columns: list[dict[int, str]] = []
    labels: dict[int, str] = {}
    for series in root.iter(f"{_C}ser"):
        values = _points(series, "val") or _points(series, "yVal")
        labels = {**(_points(series, "cat") or _points(series, "xVal")), **labels}
        names.append(next(iter(_points(series, "tx").values()), ""))
        columns.append(values)
    return _table(said, names, labels, columns)


def _newer(root: _Element) -> Chart:
    """A chart of a newer kind: its series refer to data, whose levels name each other's parts."""
    title = root.find(f"{_CX}chart/{_CX}title")
    said = title.iter(f"{_CX}v", f"{_A}t") if title is not None else ()
    data = {part.get("id") or "": part for part in root.iter(f"{_CX}data")}
    names: list[str] = []
    columns: list[dict[int, str]] = []
    labels: dict[int, str] = {}
    for series in [*root.iter(f"{_CX}series")] or [root]:
        told = series.find(f"{_CX}dataId")
        part = data.get((told.get("val") or "") if told is not None else next(iter(data), ""))
        if part is None:
            continue
        levels = [_level(level, "") for level in part.findall(f"{_CX}strDim/{_CX}lvl")]
        for place in sorted({place for level in levels for place in level}):
            parts = filter(None, (level.get(place, "") for level in reversed(levels)))
            labels.setdefault(place, ", ".join(parts))
        numbers = part.find(f"{_CX}numDim/{_CX}lvl")
        columns.append(_level(numbers, "General") if numbers is not None else {})
        names.append(series.findtext(f"{_CX}tx/{_CX}txData/{_CX}v") or "")
    return _table("".join(text.text or "" for text in said), names, labels, columns)


def _level(level: _Element, code: str) -> dict[int, str]:
    """The texts of a level of the data, or its numbers in a format, by their places."""
    code = level.get("formatCode") or code
    return {
        int(point.get("idx") or ""): _shown(point.text or "", code)
        for point in level.iter(f"{_CX}pt")
        if _PLACE.fullmatch(point.get("idx") or "")
    }


def _table(
    title: str, names: list[str], labels: dict[int, str], columns: list[dict[int, str]]
) -> Chart:
    said = " ".join(title.split())
    places = sorted({place for column in columns for place in column})
    if not places or len(places) > MAX_POINTS:
        return Chart(said, [])
    rows = [
        [labels.get(place, ""), *(column.get(place, "") for column in columns)] for place in places
    ]
    return Chart(said, [["", *names], *rows])


def _points(series: _Element, name: str) -> dict[int, str]:
    """The texts or numbers of one part of a series, by their places."""
    part = series.find(_C + name)
    numbers = next(part.iter(f"{_C}numCache", f"{_C}numLit"), None) if part is not None else None
    code = "" if numbers is None else numbers.findtext(f"{_C}formatCode") or "General"
    found: dict[int, str] = {}
    for point in part.iter(f"{_C}pt") if part is not None else ():
        place = point.get("idx") or ""
        if _PLACE.fullmatch(place):
            found[int(place)] = _shown(point.findtext(f"{_C}v") or "", code)
    return found


def _shown(text: str, code: str) -> str:
    """A text, or a number (code: its format) as its cell shows it."""
    if not code or not _NUMBER.fullmatch(text):
        return text
    number = float(text)
    if not math.isfinite(number):
        return text
    return general(number) if code == "General" else shown(number, code)
