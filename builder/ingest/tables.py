"""HTML tables as GFM pipe tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from builder.ingest.furniture import admonition_kind, has_word, is_for_ears, names_furniture
from builder.ingest.grid import spread
from builder.ingest.inline import content, has_blocks, is_inline, line, verbatim
from builder.ingest.questions import asks, is_answer_badge, is_badge, may_ask
from builder.ingest.region import leads_inside
from builder.text import whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_SPAN = 100
_FEWEST_CELLS = 4  # of a table made of other elements
_GRIDS = frozenset(("table", "grid", "treegrid"))  # ARIA roles, as those of cells
_CELLS = frozenset(("cell", "gridcell", "columnheader", "rowheader"))
_CODE = frozenset(("code", "fragment"))  # words of class names
_LINE = frozenset(("line", "loc"))
_CODE_TAGS = ("code", "tt", "samp")
_FEWEST_LINES = 2  # of code, for which a table was made
_SEVERAL = 3  # links in one cell, which lead through a site
_FEW_ROWS = 4  # of a bar of links, with those that only draw lines
_LABEL = 4  # words above or beside such links
_COLOURED = ("span", "a")
_TITLES = ("h1", "h2", "h3", "h4", "h5", "h6")
_NO_FACTS = ("table", "input", "select", "textarea", "button", *_TITLES)
_OF_TABLES = frozenset("caption col colgroup tbody td tfoot th thead tr".split())
_SHORT_CELL = 200  # characters
_FEWEST_ROWS = 3  # without a header, of a table that is said to have no meaning
_LONG_SIGNATURE = 100  # characters, from which each parameter has a line
_BEHIND = re.compile(r"[\w=;,\[\] ]{0,40}")  # what may follow the brackets: "const", "= 0", ";"
_IN_BRACKETS = re.compile(r"(\()[ \n]+|[ \n]+([),;])")
_BLOCKS = ("table", "pre", "h1", "h2", "h3", "h4", "blockquote", "dl")

_NAME = re.compile(r"[\w:~.$]+(?:\(\))?")  # of something in a program
_LONG_DECLARATION = 300  # characters
_SHORT_TITLE = 40  # characters of a title beside its text
_FEW_OF = 5  # cells, of which one may hold nothing but a table


class Table:
    """A table with its rows and their cells, of which much is asked before it is read."""

    def __init__(self, element: _Element) -> None:
        self.element = element
        self.rows = _rows(element)
        self.cells = [_cells(row) for row in self.rows]


def numbered_code(table: _Element) -> _Element | None:
    """The code of a table that only sets line numbers (or a file name) beside it, else None."""
    found = list(table.iter("pre"))
    if not 1 <= len(found) <= 2 or sum(1 for _ in table.iter("td")) > 2:
        return None
    code = found[-1]
    if next(table.iter("p", "ul", "ol", "dl"), None) is not None:
        return None
    cells = [cell for cell in table.iter("td") if code not in cell.iter()]
    beside = "".join(map(content, cells))
    return None if beside.strip(" \n\r\t0123456789") else code


def is_lined(box: _Element) -> bool:
    """Whether a box is called code, and all in it are called lines: code without a `pre`.

    Behind them may stand what is no line (Doxygen's tooltips).
    """
    label = box.get("class") if len(box) and box.keys() else None
    if not label or not has_word(label, _CODE):
        return False
    children = list(box.iterchildren("*"))
    lines = children[: len(children) - len(behind_lines(box))]
    return bool(lines) and all(
        not (child.tail or "").strip() and (_is_line(child) or _are_lines(child)) for child in lines
    )


def behind_lines(box: _Element) -> list[_Element]:
    """The elements behind the last line in a box of lines."""
    found: list[_Element] = []
    for child in reversed(list(box.iterchildren("*"))):
        if _is_line(child) or _are_lines(child):
            break
        found.append(child)
    return found


def _are_lines(box: _Element) -> bool:
    return len(box) > 0 and all(
        _is_line(child) and not (child.tail or "").strip() for child in box.iterchildren("*")
    )


def _is_line(element: _Element) -> bool:
    return has_word(element.get("class") or "", _LINE)


def code_rows(table: Table) -> str:
    """The code of a table in one column that sets each line of it in a row, or "".

    Rows that hold several lines as they are set are pieces of code of their own.
    """
    if len(table.cells) < _FEWEST_LINES or any(len(row) != 1 for row in table.cells):
        return ""
    if coloured := _coloured_lines([cell for (cell,) in table.cells]):
        return coloured
    lines = []
    for (cell,) in table.cells:
        code = [found for found in cell.iter(*_CODE_TAGS) if content(found).strip()]
        text = content(cell).strip("\n \t")
        if len(code) != 1 or content(code[0]).strip("\n \t") != text:
            return ""
        if "\n" in text and next(cell.iter("pre"), None) is not None:
            return ""
        lines.append(" ".join(content(code[0]).split("\n")).replace("\xa0", " ").rstrip())
    return "\n".join(lines)


def _coloured_lines(cells: Sequence[_Element]) -> str:
    """The code of cells in each of which a line stands in coloured parts, some indented, or ""."""
    said = [content(cell).strip("\n\t ") for cell in cells]
    if not any(line.startswith("\xa0\xa0") for line in said):
        return ""
    if any(
        cell.text or any(part.tail or part.tag not in _COLOURED for part in cell) for cell in cells
    ):
        return ""
    return "\n".join(line.replace("\xa0", " ").rstrip() for line in said)


def lined_code(table: Table) -> str:
    """The code of a table that sets lines beside their numbers without a `pre`, or ""."""
    rows = table.cells
    if not rows or any(len(cells) != 2 for cells in rows):
        return ""
    if not all(has_word(code.get("class") or "", _CODE) for _, code in rows):
        return ""
    if len(rows) == 1:
        numbers, code = rows[0]
        box = next(code.iterchildren("*"), None)
        counted = not content(numbers).strip("\n 0123456789")
        return verbatim(code) if counted and box is not None and _are_lines(box) else ""
    numbers_of = [
        content(number).strip() or number.get("data-line-number", "") for number, _ in rows
    ]
    first = whole_number(numbers_of[0])
    if numbers_of != [str(first + at) for at in range(len(rows))]:
        return ""
    return "\n".join(verbatim(code) for _, code in rows)


def signature(table: Table) -> str:
    """What a table says that sets the name, the types and the parameters of a function in cells.

    "" when it is none such: a bracket opens as a cell of its own, or at the end of the first one,
    and the last bracket closes it.
    """
    first = [content(cell).strip() for cell in table.cells[0][:2]] if table.cells else []
    if not first or not (first[0].endswith("(") or first[-1] == "("):
        return ""
    rows = [" ".join(" ".join(map(content, cells)).split()) for cells in table.cells]
    said = " ".join(rows)
    closed = said.count("(") == said.count(")")
    if not closed or not _BEHIND.fullmatch(said.rpartition(")")[2]):
        return ""
    if len(said) > _LONG_SIGNATURE:
        said = "\n    ".join(rows)
    return _IN_BRACKETS.sub(r"\1\2", said)


def declaration(table: Table, title: str) -> str:
    """What a table of one cell below a title says when it declares what the title names, or ""."""
    cells = [cell for cells in table.cells for cell in cells]
    if len(cells) != 1 or not _NAME.fullmatch(title):
        return ""
    said, name = " ".join(content(cells[0]).split()), title.partition("(")[0]
    if len(said) > _LONG_DECLARATION or next(cells[0].iter(*_BLOCKS, "p", "ul"), None) is not None:
        return ""
    signs = "_" in name or not name[0].isupper() or any(map(said.__contains__, "#*=;<"))
    named = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said) is not None
    return said if named and signs and said != name and said[-1] not in ".:?!" else ""


def is_layout(table: Table) -> bool:
    """Whether a table only arranges blocks on the page."""
    element = table.element
    if element.get("role") in ("presentation", "none") and not _is_data(table):
        return True
    if next(element.iter("th"), None) is not None:
        return bool(_inner_tables(element)) or _sets_code(table) or _sets_code_beside(table)
    if _says_one_in_row(table) or (len(table.cells) == 1 and all(map(_is_list, table.cells[0]))):
        return True
    held = list(element.iterdescendants(*_BLOCKS))
    return bool(held) and not (_is_even(table) and all(map(_is_short, held)))


def _says_one_in_row(table: Table) -> bool:
    """Whether no row says anything in a second cell, as where blank ones only indent a text."""
    return all(sum(1 for cell in cells if content(cell).strip()) < 2 for cells in table.cells)


def _sets_code(table: Table) -> bool:
    """Whether all cells below the header are code, of several lines somewhere."""
    body = [cell for cells in table.cells if not all(map(_is_header, cells)) for cell in cells]
    if any((cell.text or "").strip() for cell in body):
        return False
    held = [child for cell in body for child in cell]
    others = (child for child in held if child.tag != "pre" and not is_lined(child))
    if any(content(child).strip() for child in others):
        return False
    return any("\n" in verbatim(child).strip() for child in held)


def _sets_code_beside(table: Table) -> bool:
    """Whether titles stand beside code, of several lines somewhere."""
    if next(table.element.iter("pre"), None) is None:  # as a rule
        return False
    held = [pre for cells in table.cells for cell in cells[-1:] for pre in cell.iter("pre")]
    several = any("\n" in verbatim(pre).strip() for pre in held)
    return several and bool(titles_beside(table))


def _is_list(cell: _Element) -> bool:
    """Whether a list is all of a cell, as where a long one is set in columns."""
    alone = len(cell) == 1 and not (cell.text or "").strip()
    return alone and cell[0].tag in ("ul", "ol", "dl") and not (cell[0].tail or "").strip()


def _is_data(table: Table) -> bool:
    """Whether a table that is said to arrange a page has rows of facts all the same.

    Its cells are short, as many in every row, and headed by one row or three rows and more.
    """
    if not _is_even(table) or next(table.element.iterdescendants(*_NO_FACTS), None) is not None:
        return False
    cells = [content(cell).strip() for row in table.cells for cell in row]
    if any(len(said) > _SHORT_CELL for said in cells) or 2 * sum(map(bool, cells)) < len(cells):
        return False
    return len(table.rows) >= _FEWEST_ROWS or all(map(_is_marked, table.cells[0]))


def _is_even(table: Table) -> bool:
    """Whether a table has two rows or more, all with the same number of cells, two at least."""
    widths = set(map(len, table.cells))
    return len(table.rows) > 1 and len(widths) == 1 and widths.pop() > 1


def _is_marked(cell: _Element) -> bool:
    """Whether a cell is set as one of a header: all of it is bold."""
    bold = next(cell.iter("b", "strong"), None)
    return _is_header(cell) or (
        bold is not None and content(bold).split() == content(cell).split() != []
    )


def _is_short(block: _Element) -> bool:
    """Whether code or a quotation is no more than a line, and all of its cell."""
    cell = next(block.iterancestors("td"), None)
    said = content(block).strip()
    alone = cell is not None and content(cell).strip() == said
    return alone and block.tag in ("pre", "blockquote") and "\n" not in said


def only_leads(table: Table) -> bool:
    """Whether a table is one row of nothing but links, bracketed or not: a way through a book.

    Two of them lead to other pages of the book; one more may leave it. The title of the book may
    stand between them where the table is called navigation. Of three, one more cell may be no link:
    the name of the page itself; and the title of the book may stand in a row above them.
    """
    if len(table.rows) > _FEW_ROWS or next(table.element.iterchildren("caption"), None) is not None:
        return False
    inside = filter(leads_inside, table.element.iter("a"))
    if next(islice(inside, 1, None), None) is None:  # as a rule
        return False
    rows = [
        [(cell, *_links_in(cell)) for cell in cells if content(cell).strip() or _links_in(cell)[0]]
        for cells in table.cells
    ]
    rows = [row for row in rows if row]
    n_inside = n_named = 0
    if len(rows) == 2 and len(rows[0]) == 1 and not rows[0][0][1]:
        n_named += 1
        rows = rows[1:]
    if len(rows) != 1:
        return False
    called = names_furniture(table.element.get("class") or "")
    for cell, links, beside in rows[0]:
        if called and cell.tag == "th" and not links:
            continue
        if len(links) > 1 or (links and beside) or len(beside) > _LABEL:
            return False
        n_inside += sum(map(leads_inside, links))
        n_named += bool(beside)
    return n_inside > 1 + n_named and n_named < 2


def leads_through(table: Table) -> bool:
    """Whether a table is a bar or a column with the parts of a site, where no title is above it.

    One row with a cell of several links, and no sentence beside it; or one column of such cells
    and of nothing else, but for a word or two above the links.
    """
    said = [cell for cells in table.cells for cell in cells if content(cell).strip()]
    row = len(table.cells) == 1
    if not any(_is_choice(cell, _SEVERAL, 0 if row else _LABEL) for cell in said):
        return False
    if row:
        return not any(content(cell).rstrip().endswith((".", "!", "?")) for cell in said)
    alone = all(len(cells) == 1 for cells in table.cells)
    return alone and all(_is_choice(cell, 0, _LABEL) for cell in said)


def _is_choice(cell: _Element, least: int, most: int) -> bool:
    """Whether a cell holds at least so many links into the site and at most so many words more."""
    links, beside = _links_in(cell)
    return bool(links) and sum(map(leads_inside, links)) >= least and len(beside) <= most


def _links_in(cell: _Element) -> tuple[list[_Element], list[str]]:
    """The links of a cell, and its words beside them."""
    links = [link for link in cell.iter("a") if link.get("href")]
    beside = content(cell)
    for link in links:
        beside = beside.replace(content(link), "", 1)
    return links, [word for word in beside.split() if any(map(str.isalnum, word))]


def only_column(table: Table) -> list[tuple[_Element, str]]:
    """The cells of a table that is a list in one column without a header, as list items.

    Further columns say nothing: they are blank.
    """
    if len(table.cells) < 2 or any(cell.tag != "td" for row in table.cells for cell in row):
        return []
    cells: list[_Element] = []
    for row in table.cells:
        said = [cell for cell in row if content(cell).strip()]
        if len(said) > 1:  # as a rule
            return []
        cells += said
    if any(map(has_blocks, cells)):
        return []
    texts = [line(cell).removeprefix("\u2022").lstrip() for cell in cells]
    items = [(cell, f"- {text}") for cell, text in zip(cells, texts, strict=True) if text]
    return items if len(items) > 1 else []  # one alone is in a frame


def switches(caption: _Element) -> bool:
    """Whether a caption is mostly links that choose which rows are shown, as javadoc's are."""
    links = [a for a in caption.iter("a") if (a.get("href") or "").startswith("javascript:")]
    linked = sum(len("".join(content(link).split())) for link in links)
    return len(links) > 1 and 2 * linked >= len("".join(content(caption).split()))


def callouts(table: Table) -> list[tuple[_Element, str]]:
    """The rows, as list items, of a table that is called a list and counts its second column."""
    holder = table.element.getparent()
    named = "" if holder is None else holder.get("class") or ""
    if not any(name.endswith("list") for name in named.split()):
        return []
    found = []
    for at, cells in enumerate(table.cells, 1):
        if len(cells) != 2 or content(cells[0]).strip("\n ().") != str(at):
            return []
        found.append((cells[1], f"{at}. {line(cells[1])}"))
    return found


def questions(table: Table) -> list[tuple[_Element, _Element | None]]:
    """The cells of the questions in a table that sets one beside each answer, each with itself.

    With None its other cells that are no answers: those of its header, and the numbers of the
    questions; [] when the table is none such.
    """
    n_headers = _header_rows(table)
    cells = table.cells[n_headers:]
    first = 1 if all(len(row) == 3 and _is_number(row[0]) for row in cells) else 0
    if len(cells) < 2 or any(len(row) != first + 2 for row in cells):
        return []
    if not all(may_ask(content(row[first])) for row in cells):
        return []
    if any(not asks(line(row[first])) or asks(line(row[first + 1])) for row in cells):
        return []
    marks = [cell for row in table.cells[:n_headers] for cell in row]
    marks += [row[0] for row in cells if first]
    return [*((cell, None) for cell in marks), *((row[first], row[first]) for row in cells)]


def _is_number(cell: _Element) -> bool:
    """Whether a cell holds no more than the number of its row."""
    said = content(cell).strip()
    return bool(said) and len(said) <= 4 and not said.strip("0123456789.()#")


def labelled(table: Table) -> list[tuple[_Element, _Element | None]]:
    """The first cell of each row of a table that sets labels beside questions and their answers.

    With it the cell of the question, None where the answer stands; [] when the table is none such.
    """
    found: list[tuple[_Element, _Element | None]] = []
    asked = answered = 0
    for row, cells in zip(table.rows, table.cells, strict=True):
        if len(cells) != 2:
            if len(cells) != 1 or next(row.iterdescendants(*_TITLES), None) is None:
                return []
            continue
        label, said = content(cells[0]).strip(), cells[1]
        numbered = bool(label) and not label.strip("0123456789.() ")
        question = is_badge(label) or (numbered and asks(line(said)))
        if not question and label and not is_answer_badge(label):
            return []
        asked += question
        answered += not question
        found.append((cells[0], said if question else None))
    if asked == answered == len(table.rows) - 1 == 1:  # of a question that stands alone
        first, second = (content(cells[0]).strip() for cells in table.cells)
        return found if is_badge(first) and is_answer_badge(second) else []
    return found if asked > 1 and asked == answered else []


def headed(table: Table) -> list[tuple[_Element | None, list[_Element]]]:
    """The rows of a table under the headings that rows of their own hold; [] when none does.

    A table with header cells is one table.
    """
    if all(len(cells) != 1 for cells in table.cells):  # as a rule
        return []
    found: list[tuple[_Element | None, list[_Element]]] = [(None, [])]
    for row, cells in zip(table.rows, table.cells, strict=True):
        title = next(row.iterdescendants(*_TITLES), None) if len(cells) == 1 else None
        if title is not None and line(title) == line(cells[0]):
            found.append((title, []))
        elif next(row.iterdescendants("table", "th", *_BLOCKS), None) is not None:
            return []
        else:
            found[-1][1].append(row)
    if len(found) == 1:
        return []
    wide = any(len(_cells(row)) > 1 for _, rows in found for row in rows)
    return found if wide else []


def titles_beside(table: Table) -> list[_Element]:
    """The header cells of a table that only arranges a page, each the title of what is beside it.

    [] where there are not two, or a row is no short title and one cell.
    """
    found = []
    for cells in table.cells:
        if [cell.tag for cell in cells] != ["th", "td"]:
            return []
        title = content(cells[0]).strip()
        has_block = next(cells[0].iter(*_BLOCKS), None) is not None
        if not 0 < len(title) <= _SHORT_TITLE or has_block:
            return []
        found.append(cells[0])
    return found if len(found) > 1 else []


def render_rows(rows: list[_Element]) -> str:
    """Rows without a header as a table, "" when all their cells are empty."""
    return _written(spread(_placed(_cells(row)) for row in rows), 0)[0]


def inner(table: Table) -> list[_Element]:
    """What stands below the text of cells from a table of its own on, heading included.

    Words behind it that are in no block of their own stay with the cell. [] when the table has none
    such, no header, rows of different widths, or many cells that hold nothing but tables.
    """
    tables = set(_inner_tables(table.element))
    if not tables or not _header_rows(table) or not _is_even(table):
        return []
    found: list[_Element] = []
    n_bare = 0  # cells that hold nothing else
    for cell in (cell for row in table.cells for cell in row):
        parts = list(cell)
        held = next((at for at, one in enumerate(parts) if not tables.isdisjoint(one.iter())), None)
        if held is None:
            continue
        after = parts[held - (held > 0 and parts[held - 1].tag in _TITLES) :]
        below = [one for one in after if not is_inline(one)]
        n_bare += not line(cell, below)
        found += below
    return found if n_bare * _FEW_OF <= sum(map(len, table.cells)) else []


def _inner_tables(table: _Element) -> list[_Element]:
    """The outermost tables in the cells of a table, but for those that frame a note."""
    found: list[_Element] = []
    todo = list(table) if next(table.iterdescendants("table"), None) is not None else []
    while todo:
        one = todo.pop()
        if one.tag == "table" and not admonition_kind(one.get("class") or ""):
            found.append(one)
        elif isinstance(one.tag, str) and not admonition_kind(one.get("class") or ""):
            todo.extend(one)
    return found


def outside(table: Table) -> list[_Element]:
    """What stands in a table and in no cell of it, which browsers show before it."""
    boxes = (table.element, *table.element.iterchildren("tbody", "thead", "tfoot"), *table.rows)
    strays = (one for box in boxes for one in box if one.tag not in _OF_TABLES)
    return [one for one in strays if isinstance(one.tag, str) and content(one).strip()]


def render(table: Table, without: Sequence[_Element] = ()) -> tuple[str, int]:
    """The table with its header row first and spans expanded, and how many rows are headers.

    The text is "" when all its cells are empty. without: what of the cells is left out.
    """
    said = _said if any(map(is_for_ears, table.element.iter("span"))) else line
    rows = (_placed(cells, without, said) for cells in table.cells)
    return _written(spread(rows), _header_rows(table))


def grid_of(element: _Element) -> tuple[list[list[_Element]], int] | None:
    """The rows of cells, and how many are headers, of a table that is made of other elements.

    Told by ARIA roles; else by classes that come again with every row: a class on the first cells
    alone makes them the header, and each column has a class that the others lack.
    """
    if element.keys() and element.get("role") in _GRIDS:
        found = [
            [cell for cell in row.iter() if cell.get("role") in _CELLS] for row in _by_role(element)
        ]
        n_head = sum(all(cell.get("role") == "columnheader" for cell in row) for row in found[:1])
        rows = [row for row in found if row]
        return (rows, n_head) if rows and len(max(rows, key=len)) > 1 else None
    if len(element) < _FEWEST_CELLS:
        return None
    if not element[0].get("class") or not element[1].get("class"):  # as a rule
        return None
    cells = list(element)
    if len({cell.tag for cell in cells}) > 1 or (element.text or "").strip():
        return None
    named = [frozenset((cell.get("class") or "").split()) for cell in cells]
    width = _header_width(named)
    if width < 2 or len(cells) % width or any((cell.tail or "").strip() for cell in cells):
        return None
    columns = [named[at::width] for at in range(width)]
    own = [frozenset.intersection(*column[1:]) for column in columns]
    for at, names in enumerate(own):
        others = (column[1:] for other, column in enumerate(columns) if other != at)
        if not names.difference(*(cell for column in others for cell in column)):
            return None
    if not any(map(frozenset.intersection, named, own)):  # no column's class is on its header too
        return None
    if any(next(cell.iter(*_BLOCKS), None) is not None for cell in cells):
        return None
    return [cells[at : at + width] for at in range(0, len(cells), width)], 1


def _by_role(element: _Element) -> list[_Element]:
    return [row for row in element.iter() if row.get("role") == "row"]


def _header_width(named: list[frozenset[str]]) -> int:
    """How many cells at the begin have a class that no cell behind them has; 0 for none."""
    for name in sorted(named[0] & named[1]):
        width = next((at for at, names in enumerate(named) if name not in names), 0)
        if width and 2 * width <= len(named) and not any(name in rest for rest in named[width:]):
            return width
    return 0


def render_grid(rows: list[list[_Element]], n_head: int) -> str:
    """The table of `grid_of`, as `render` writes one."""
    said = [[_said(cell).replace("|", "\\|") for cell in row] for row in rows]
    return _written(said, n_head)[0]


def _written(grid: list[list[str]], n_head: int) -> tuple[str, int]:
    width = max((len(cells) for cells in grid), default=0)
    if not any(cell for cells in grid for cell in cells):
        return "", 0
    grid = [cells + [""] * (width - len(cells)) for cells in grid]
    head = [_merged(column) for column in zip(*grid[:n_head], strict=True)] or [""] * width
    body = [cells for cells in grid[n_head:] if any(cells)]
    return "\n".join(map(_row, [head, ["---"] * width, *body])), n_head


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


def _header_rows(table: Table) -> int:
    """How many rows the markup calls headers: those of thead, else leading rows of th alone.

    Where it names none, a first row that is set in bold is one, if no other row is.
    """
    heads = table.element.iterchildren("thead")
    marked = sum(row.tag == "tr" for head in heads for row in head)
    if marked:
        return marked
    count = 0
    for cells in table.cells[:-1]:
        named = _without_corner(cells) if not count else cells
        if not named or any(not _is_header(cell) for cell in named):
            break
        count += 1
    return count or int(_is_headed_in_bold(table))


def _is_headed_in_bold(table: Table) -> bool:
    """Whether all that the first row says is bold, and no other row is so."""
    first, *others = table.cells or [[]]
    named = _without_corner(first)
    if len(named) < 2 or not others or not all(map(_is_marked, named)):
        return False
    return not any(all(map(_is_marked, cells)) for cells in others)


def _without_corner(cells: list[_Element]) -> list[_Element]:
    """The cells of a first row without the empty one above the names of the rows."""
    cornered = len(cells) > 2 and not content(cells[0]).strip()
    return cells[1:] if cornered else cells


def _is_header(cell: _Element) -> bool:
    return cell.tag == "th"


def _said(cell: _Element, without: Sequence[_Element] = ()) -> str:
    """The text of a cell without words for ears only, but where it has no others."""
    inner = cell.iter("span") if len(cell) else ()
    unseen = frozenset(one for one in inner if is_for_ears(one))
    seen = line(cell, unseen.union(without)) if unseen else ""
    return seen or line(cell, without)


def _placed(
    cells: list[_Element],
    without: Sequence[_Element] = (),
    said: Callable[[_Element, Sequence[_Element]], str] = _said,
) -> Iterator[tuple[str, int, int]]:
    """The texts of a row's cells with the rows and columns that they span.

    said: what a cell says.
    """
    for cell in cells:
        text = said(cell, without).replace("|", "\\|")
        if cell.keys():
            yield text, _span(cell.get("rowspan")), _span(cell.get("colspan"))
        else:
            yield text, 1, 1


def _span(value: str | None) -> int:
    return min(MAX_SPAN, max(1, whole_number(value, 1))) if value else 1
