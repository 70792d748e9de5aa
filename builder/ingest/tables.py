"""HTML tables as GFM pipe tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.ingest.inline import content, line

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_SPAN = 100
_BLOCKS = ("table", "pre", "h1", "h2", "h3", "h4", "blockquote", "dl")

def numbered_code(table: _Element) -> _Element | None:
    """The code of a table that only sets line numbers (or a file name) beside it, else None."""
    found = list(table.iter("pre"))
    if not 1 <= len(found) <= 2 or sum(1 for _ in table.iter("td")) > 2:
        return None
    code = found[-1]
    cells = [cell for cell in table.iter("td") if code not in cell.iter()]
    beside = "".join(map(content, cells))
    return None if beside.strip(" \n\r\t0123456789") else code


def is_layout(table: _Element) -> bool:
    """Whether a table only arranges blocks on the page."""
    if table.get("role") in ("presentation", "none"):
        return True
    rows = list(_rows(table))
    if any(True for _ in table.iter("th")):
        return any(True for _ in table.iterdescendants("table"))
    widths = [len(_cells(row)) for row in rows]
    return max(widths, default=0) <= 1 or any(True for _ in table.iterdescendants(*_BLOCKS))


def render(table: _Element) -> str:
    """The table, header row first; spans are expanded."""
    rows = list(_rows(table))
    grid = _grid(rows)
    n_head = _header_rows(table, rows)
    width = max((len(row) for row in grid), default=0)
    if not width or not any(cell for row in grid for cell in row):
        return ""
    padded = [row + [""] * (width - len(row)) for row in grid]
    head = [_merged(column) for column in zip(*padded[:n_head], strict=True)] if n_head else [""] * width
    body = [row for row in padded[n_head:] if any(row)]
    return "\n".join([_row(head), _row(["---"] * width), *map(_row, body)])


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _merged(column: tuple[str, ...]) -> str:
    return " ".join(dict.fromkeys(cell for cell in column if cell))


def _rows(table: _Element) -> list[_Element]:
    groups: dict[str, list[_Element]] = {"thead": [], "tbody": [], "tfoot": []}
    for child in table:
        if child.tag == "tr":
            groups["tbody"].append(child)
        elif child.tag in groups:
            groups[str(child.tag)].extend(row for row in child if row.tag == "tr")
    return [row for group in groups.values() for row in group]


def _cells(row: _Element) -> list[_Element]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _header_rows(table: _Element, rows: list[_Element]) -> int:
    marked = sum(1 for row in rows if row.getparent().tag == "thead")  # type: ignore[union-attr]
    if marked:
        return marked
    count = 0
    for row in rows:
        cells = _cells(row)
        if not cells or not all(cell.tag == "th" for cell in cells) or count == len(rows) - 1:
            break
        count += 1
    return count


def _grid(rows: list[_Element]) -> list[list[str]]:
    grid: list[list[str]] = []
    carried: dict[int, tuple[int, str]] = {}
    for row in rows:
        entries: list[str] = []
        for cell in _cells(row):
            _carry(entries, carried)
            text = line(cell).replace("|", "\\|")
            down, across = _span(cell.get("rowspan")), _span(cell.get("colspan"))
            for _ in range(across):
                if down > 1:
                    carried[len(entries)] = (down - 1, text)
                entries.append(text)
        _carry(entries, carried)
        grid.append(entries)
    return grid


def _carry(line: list[str], carried: dict[int, tuple[int, str]]) -> None:
    while len(line) in carried:
        at = len(line)
        left, text = carried.pop(at)
        line.append(text)
        if left > 1:
            carried[at] = (left - 1, text)


def _span(value: str | None) -> int:
    return min(MAX_SPAN, max(1, int(value))) if value and value.isdigit() else 1
