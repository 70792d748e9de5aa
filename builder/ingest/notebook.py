"""Jupyter notebooks to pieces: text through the Markdown reader, code and its results as code."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from builder.ingest import html, markdown
from builder.ingest.parsed import Parsed, Piece, Refused, fenced
from builder.records import Dropped, Place

MAX_OUTPUT = 4000  # characters of one result
MAX_OUTPUT_LINES = 80
MAX_ROWS = 60  # of a table that is a result

_MAGIC = re.compile(
    r"%%(bash|sh|html|javascript|js|latex|markdown|perl|python|ruby|sql|R|cython)\b"
)
_NO_VALUE = re.compile(  # of an object that says nothing of what it shows
    r"<[\w.]+(?: object)? at 0x[0-9a-fA-F]+>|<IPython\.[^>]*>"
)
_ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_REMOVED = frozenset(("remove-cell", "remove_cell", "hide-cell-always"))
_NO_INPUT = frozenset(("remove-input", "remove_input"))  # of Jupyter Book and nbconvert
_NO_OUTPUT = frozenset(("remove-output", "remove_output", "remove-stdout"))
_NAMES = {"ipython": "python", "ipython2": "python", "ipython3": "python", "python3": "python"}


def parse(text: str) -> Parsed | Refused:
    """The content of a notebook of format 3 or 4."""
    try:
        told: object = json.loads(text)
    except (ValueError, RecursionError):
        return Refused("corrupt", "the notebook is no valid JSON")
    cells = _cells(told)
    if cells is None:
        return Refused("corrupt", "the file is JSON but holds no notebook cells")
    reader = _Reader(_language(told))
    for number, cell in enumerate(cells, start=1):
        reader.cell(number, cell)
    metadata = _mapping(_mapping(told).get("metadata"))
    return Parsed(
        pieces=reader.pieces,
        title=reader.title or _text(metadata.get("title")),
        lang=reader.lang,
        notes=reader.notes(),
        dropped=tuple(reader.dropped),
    )


def _cells(told: object) -> list[dict[str, object]] | None:
    notebook = _mapping(told)
    found = notebook.get("cells")
    if not isinstance(found, list):
        sheets = notebook.get("worksheets")
        if not isinstance(sheets, list):
            return None
        found = []
        for sheet in sheets:
            listed = _mapping(sheet).get("cells")
            found += listed if isinstance(listed, list) else []
    return [_mapping(cell) for cell in found]


def _language(told: object) -> str:
    metadata = _mapping(_mapping(told).get("metadata"))
    for holder, name in (
        ("language_info", "name"),
        ("kernelspec", "language"),
        ("kernel_info", "name"),
    ):
        found = _text(_mapping(metadata.get(holder)).get(name))
        if found:
            return _NAMES.get(found.lower(), found.lower())
    return ""


class _Reader:
    """Reads cells in order; headings of one reach into the next."""

    def __init__(self, language: str) -> None:
        self.pieces: list[Piece] = []
        self.dropped: list[Dropped] = []
        self.title = ""
        self.lang = ""
        self._language = language
        self._level = 0  # of the last heading that the markup calls one
        self._counts: Counter[str] = Counter()
        self._notes: list[str] = []

    def notes(self) -> tuple[str, ...]:
        """What was left out or shortened."""
        counted = (
            f"{n} {what.replace('s ', ' ', 1) if n == 1 else what}"
            for what, n in sorted(self._counts.items())
        )
        return (*dict.fromkeys(self._notes), *counted)

    def cell(self, number: int, cell: dict[str, object]) -> None:
        """Reads one cell."""
        kind, part = _text(cell.get("cell_type")), f"cell {number}"
        source = _text(cell.get("source", cell.get("input")))
        named = _mapping(cell.get("metadata")).get("tags")
        tags = set(map(str, named)) if isinstance(named, list) else set[str]()
        if tags & _REMOVED:
            kind = "removed"
        if kind == "markdown":
            self._markdown(source, part)
        elif kind == "code":
            if tags & _NO_INPUT:
                self._drop(source, "hidden", part)
            kept = {**cell, "outputs": []} if tags & _NO_OUTPUT else cell
            self._code(kept, "" if tags & _NO_INPUT else source, part)
        elif kind == "heading":  # format 3
            level = cell.get("level")
            depth = level if isinstance(level, int) and 1 <= level <= 6 else 1
            place = Place(start=0, end=len(source), part=part)
            self._level = depth
            self.pieces.append(Piece("heading", " ".join(source.split()), depth, place=place))
        elif source.strip():
            self._drop(source, "hidden" if kind == "removed" else "raw", part)

    def _drop(self, source: str, reason: str, part: str) -> None:
        self._counts[f"{reason} cells left out"] += 1
        written, beginning = "".join(source.split()), source.strip()[:80]
        self.dropped.append(
            Dropped(what=part, reason=reason, characters=len(written), beginning=beginning)
        )

    def _markdown(self, source: str, part: str) -> None:
        found = markdown.parse(source)
        self.title = self.title or found.title
        self.lang = self.lang or found.lang
        self._notes += found.notes
        for piece in self._below(found.pieces):
            if piece.kind == "heading" and "inferred" not in piece.flags:
                self._level = piece.level
            place = replace(piece.place, part=part) if piece.place else Place(part=part)
            self.pieces.append(replace(piece, place=place))

    def _below(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """The pieces of a cell, titles told by their looks alone below headings of cells above."""
        told = [piece for piece in pieces if piece.kind == "heading"]
        if not told or not all("inferred" in piece.flags for piece in told):
            return pieces
        deeper = self._level + 1 - min(piece.level for piece in told)
        if deeper <= 0:
            return pieces
        return [
            replace(piece, level=min(6, piece.level + deeper))
            if piece.kind in ("heading", "end")
            else piece
            for piece in pieces
        ]

    def _code(self, cell: dict[str, object], source: str, part: str) -> None:
        magic = _MAGIC.match(source)
        language = magic[1].lower() if magic else self._language or _text(cell.get("language"))
        code = source.strip("\n").rstrip()
        if code:
            start = source.index(code[:1]) if code else 0
            place = Place(start=start, end=start + len(code), part=part)
            self.pieces.append(Piece("code", fenced(code, language), place=place))
        outputs = cell.get("outputs")
        for piece in self._results(outputs if isinstance(outputs, list) else []):
            self.pieces.append(replace(piece, place=Place(part=part)))

    # Results

    def _results(self, outputs: Sequence[object]) -> Iterator[Piece]:
        printed = ""
        for output in map(_mapping, outputs):
            kind = _text(output.get("output_type"))
            if kind == "stream":
                if "stderr" in (_text(output.get("name")), _text(output.get("stream"))):
                    self._counts["messages on stderr left out"] += 1
                else:
                    printed += _text(output.get("text"))
                continue
            yield from self._verbatim(printed)
            printed = ""
            if kind in ("error", "pyerr"):
                told = (_text(output.get("ename")), _text(output.get("evalue")))
                yield from self._verbatim(": ".join(filter(None, told)))
            else:
                yield from self._shown(output)
        yield from self._verbatim(printed)

    def _shown(self, output: dict[str, object]) -> Iterator[Piece]:
        """A result in the form that says most in text: a table, Markdown, plain text."""
        data = _mapping(output.get("data")) or output
        page = _text(data.get("text/html", data.get("html")))
        if "<table" in page:
            tables = [piece for piece in html.parse_fragment(page).pieces if piece.kind == "table"]
            yield from map(self._bounded_table, tables)
            if tables:
                return
        marked = _text(data.get("text/markdown"))
        if marked:
            yield from map(_as_output, markdown.parse(marked).pieces)
            return
        plain = _text(data.get("text/plain", data.get("text")))
        if any(name.startswith("image/") or name in ("png", "svg", "jpeg") for name in data):
            self._counts["pictures left out"] += 1
        elif plain.strip() and not _NO_VALUE.fullmatch(plain.strip()):
            yield from self._verbatim(plain)
        elif page:
            yield from (_as_output(piece) for piece in html.parse_fragment(page).pieces)

    def _verbatim(self, text: str) -> Iterator[Piece]:
        text = _ESCAPE.sub("", text)
        text = "\n".join(
            line.rpartition("\r")[2] for line in text.replace("\r\n", "\n").split("\n")
        )
        text = text.strip("\n").rstrip()
        if not text:
            return
        lines = text.split("\n")[:MAX_OUTPUT_LINES]
        kept = "\n".join(lines)[:MAX_OUTPUT]
        flags: tuple[str, ...] = ("output",)
        if len(kept) < len(text):
            flags = (*flags, "truncated")
            self._counts["long results cut"] += 1
            self.dropped.append(
                Dropped(what="result", reason="long", characters=len(text) - len(kept),
                        beginning=text[len(kept) :].strip()[:80])
            )  # fmt: skip
        yield Piece("code", fenced(kept), flags=flags)

    def _bounded_table(self, table: Piece) -> Piece:
        rows = table.text.split("\n")
        if len(rows) <= MAX_ROWS + 2:
            return _as_output(table)
        self._counts["long results cut"] += 1
        kept = "\n".join(rows[: MAX_ROWS + 2])
        return replace(table, text=kept, flags=(*table.flags, "output", "truncated"))


def _as_output(piece: Piece) -> Piece:
    return piece if piece.kind == "end" else replace(piece, flags=(*piece.flags, "output"))


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """A string, or the lines of a list of strings."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return ""
