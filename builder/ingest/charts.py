"""The figures of a chart in a deck or a Word file, which stand nowhere else in it.

A chart keeps the names and values that it last drew (ECMA-376 Part 1, 21.2.2): what a reader of the
slide sees as bars is a table of its categories and series.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from builder.ingest.cell_formats import general, shown

if TYPE_CHECKING:
    from lxml.etree import _Element

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
MAX_POINTS = 200  # of one series: more of them show a curve, no figures

_NUMBER = re.compile(r"-?\d{1,300}(?:\.\d+)?(?:[eE][-+]?\d{1,2})?")
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


class Chart(NamedTuple):
    """A chart as a table. rows: the names of the series first, then a row for each category."""

    title: str
    rows: list[list[str]]


def read(root: _Element | None) -> Chart:
    """The chart of a part; without rows where it keeps no values, or too many."""
    if root is None:
        return Chart("", [])
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
    places = sorted({place for column in columns for place in column})
    if not places or len(places) > MAX_POINTS:
        return Chart(" ".join(said.split()), [])
    rows = [
        [labels.get(place, ""), *(column.get(place, "") for column in columns)] for place in places
    ]
    return Chart(" ".join(said.split()), [["", *names], *rows])


def _points(series: _Element, name: str) -> dict[int, str]:
    """The texts or numbers of one part of a series, by their places."""
    part = series.find(_C + name)
    numbers = next(part.iter(f"{_C}numCache", f"{_C}numLit"), None) if part is not None else None
    code = "" if numbers is None else numbers.findtext(f"{_C}formatCode") or "General"
    found: dict[int, str] = {}
    for point in part.iter(f"{_C}pt") if part is not None else ():
        place = point.get("idx") or ""
        if place.isdecimal() and len(place) < 7:
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
