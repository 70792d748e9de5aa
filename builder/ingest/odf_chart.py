"""The figures of a chart in an OpenDocument file: it keeps them in a table of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.ingest.charts import MAX_POINTS, Chart
from builder.ingest.docx_items import one_line
from builder.ingest.grid import pipe_table
from builder.ingest.inline import content
from builder.ingest.odf_package import CHART, TABLE, TEXT

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_SERIES = 50


def read(root: _Element) -> Chart | None:
    """The chart of an embedded object, None for any other; without rows where it has too many."""
    chart = next(root.iter(f"{CHART}chart"), None)
    if chart is None:
        return None
    title = chart.find(f"{CHART}title")
    rows = [
        [_said(cell) for cell in row.iterchildren(f"{TABLE}table-cell")][: _MAX_SERIES + 1]
        for table in chart.iterchildren(f"{TABLE}table")
        for row in table.iter(f"{TABLE}table-row")
    ]
    fits = 1 < len(rows) <= MAX_POINTS + 1
    return Chart(_said(title) if title is not None else "", rows if fits else [])


def table(chart: Chart) -> str:
    """The figures of a chart as a table."""
    return pipe_table(chart.rows, 1) if chart.rows else ""


def _said(element: _Element) -> str:
    paragraphs = element.iterchildren(f"{TEXT}p")
    return one_line(" ".join(map(content, paragraphs)))
