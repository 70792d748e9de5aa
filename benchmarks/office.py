"""How much of known documents the office readers give back, beside other tools.

    python benchmarks/office.py FOLDER [FOLDER ...] [--work DIR] [--limit N] [--peers PYTHON]

Every Markdown file of the folders is the truth (its pandoc tree). pandoc makes DOCX, ODT and EPUB
of it, LibreOffice turns those to DOCX and ODT once more (with an English and a German profile), and
a third DOCX has all its styles renamed to German. Workbooks, CSV files and decks are made of
truths of their own. Needs pandoc, soffice; --peers names a Python with mammoth, markitdown, ...

recall, precision  words of prose, tables and code, as bags
path               blocks whose whole heading path is right; a block that is missing is wrong
code               code blocks identical, character by character
rows               table rows with all cells right
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any  # pandoc's tree is JSON of many shapes

from builder.ingest import read_bytes
from builder.ingest.sources import media_type
from builder.records import Document

GERMAN = {
    "heading 1": "Überschrift 1",
    "heading 2": "Überschrift 2",
    "heading 3": "Überschrift 3",
    "heading 4": "Überschrift 4",
    "heading 5": "Überschrift 5",
    "Source Code": "Quelltext",
    "Verbatim Char": "HTML Code",
    "Block Text": "Zitat",
    "Title": "Titel",
    "Table Caption": "Beschriftung",
}
PEERS = {
    "mammoth": "import mammoth;print(mammoth.convert_to_markdown(open(f,'rb')).value)",
    "markitdown": "from markitdown import MarkItDown;print(MarkItDown().convert(f).text_content)",
    "docx2python": "from docx2python import docx2python as d;print(d(f).text)",
}


@dataclass
class Content:
    """What a document holds. blocks: text and heading path; rows: cells."""

    blocks: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    words: Counter[str] = field(default_factory=Counter)

    def add(self, text: str, path: Sequence[str]) -> None:
        """A block of text under a heading path."""
        if plain(text):
            self.blocks.append((plain(text), tuple(map(plain, path))))
            self.words.update(plain(text).split())


@dataclass
class Score:
    """Sums over documents: found of wanted, by measure."""

    found: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    failed: int = 0

    def line(self) -> str:
        """All measures as fractions, and how many of each were wanted."""
        parts = [
            f"{name} {self.found[name] / self.wanted[name]:.4f} ({self.wanted[name]})"
            for name in ("recall", "precision", "path", "code", "rows")
            if self.wanted[name]
        ]
        return "  ".join(parts) + (f"  failed {self.failed}" if self.failed else "")


def plain(text: str) -> str:
    """Words without the marks that tools write differently."""
    text = re.sub(r"\\([\\`*_{}\[\]()#+.!|<>~&$-])", r"\1", text)
    text = re.sub(r"[`*\u200b\u00ad]", "", text).replace("\u00a0", " ")
    return " ".join(re.sub(r"^(?:#+|[-+]|\d+[.)]|>)\s+", "", text.strip()).split())


def pandoc(*arguments: str, text: str | None = None) -> str:
    """The output of pandoc."""
    done = subprocess.run(
        ["pandoc", *arguments],  # noqa: S607
        input=text, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def words(inlines: list[Any]) -> str:
    """The text of pandoc's inline elements."""
    parts: list[str] = []
    for inline in inlines:
        kind, content = inline["t"], inline.get("c")
        if kind in ("Space", "SoftBreak", "LineBreak"):
            parts.append(" ")
        elif kind == "Str":
            parts.append(content)
        elif kind == "Code":
            parts.append(content[1])
        elif kind in ("Link", "Span", "Quoted", "Cite"):
            parts.append(words(content[1]))
        elif isinstance(content, list) and kind not in ("Image", "Note", "RawInline", "Math"):
            parts.append(words(content))
    return "".join(parts)


def content(tree: dict[str, Any], *, lined: bool = False) -> Content:
    """What a pandoc tree holds.

    lined: code blocks that follow each other are one, as in an ODT file, where every line of code
    is a paragraph and nothing stands between the last line of a block and the first of the next.
    """
    found = Content()
    path: list[tuple[int, str]] = []

    def walk(blocks: list[Any]) -> None:
        for block in _with_joined_code(blocks) if lined else blocks:
            kind, inner = block["t"], block.get("c")
            names = [name for _, name in path]
            if kind == "Header":
                while path and path[-1][0] >= inner[0]:
                    path.pop()
                path.append((inner[0], words(inner[2])))
                found.words.update(plain(words(inner[2])).split())
            elif kind in ("Para", "Plain"):
                found.add(words(inner), names)
            elif kind == "CodeBlock":
                found.code.append(inner[1].strip("\n"))
                found.add(inner[1], names)
            elif kind == "BlockQuote":
                walk(inner)
            elif kind == "BulletList":
                for item in inner:
                    walk(item)
            elif kind == "OrderedList":
                for item in inner[1]:
                    walk(item)
            elif kind == "DefinitionList":
                for _, definitions in inner:
                    for definition in definitions:
                        walk(definition)
            elif kind == "Div":
                walk(inner[1])
            elif kind == "Table":
                for row in filter(any, table_rows(inner)):  # a row of nothing but pictures has none
                    found.rows.append(tuple(map(plain, row)))
                    found.words.update(plain(" ".join(row)).split())

    walk(tree["blocks"])
    return found


def _with_joined_code(blocks: list[Any]) -> list[Any]:
    joined: list[Any] = []
    for block in blocks:
        if joined and block["t"] == joined[-1]["t"] == "CodeBlock":
            attributes, code = joined[-1]["c"]
            joined[-1] = {"t": "CodeBlock", "c": [attributes, f"{code}\n{block['c'][1]}"]}
        else:
            joined.append(block)
    return joined


def table_rows(inner: list[Any]) -> list[list[str]]:
    """The rows of a pandoc table, its header first."""
    groups = [inner[3][1], *(body[3] for body in inner[4]), inner[5][1]]
    return [
        [" ".join(words(b["c"]) for b in cell[4] if b["t"] in ("Para", "Plain")) for cell in row[1]]
        for rows in groups
        for row in rows
        if any(cell[4] for cell in row[1])
    ]


def without_pictures(node: Any) -> Any:
    """A pandoc tree without images, raw HTML and notes, which formats treat in their own ways."""
    if isinstance(node, dict):
        return {key: without_pictures(value) for key, value in node.items()}
    if isinstance(node, list):
        left_out = ("Image", "RawInline", "RawBlock", "Note", "HorizontalRule")
        return [
            without_pictures(child)
            for child in node
            if not (isinstance(child, dict) and child.get("t") in left_out)
        ]
    return node


def ours(file: Path) -> Content | None:
    """What our reader finds in a file."""
    data = file.read_bytes()
    found = read_bytes(data, path=f"docs/{file.name}", media_type=media_type(file.name))
    if not isinstance(found, Document):
        print(file, found)
        return None
    result = Content()
    for block in found.blocks:
        text = found.text[block.start : block.end]
        if block.kind == "heading":
            result.words.update(plain(text).split())
        elif block.kind == "code":
            lines = text.split("\n")[1:-1]
            result.code.append("\n".join(lines).strip("\n"))
            result.add("\n".join(lines), block.heading_path)
        elif block.kind == "table":
            rows = [cells(line) for line in text.split("\n")]
            kept = [row for at, row in enumerate(rows) if at != 1 and any(row)]
            result.rows += kept
            for row in kept:
                result.words.update(" ".join(row).split())
        elif block.kind == "definition":
            result.add(text.partition(": ")[2], block.heading_path)
        else:
            result.add(text, block.heading_path)
    return result


def cells(line: str) -> tuple[str, ...]:
    """The cells of a line of a pipe table."""
    return tuple(map(plain, re.split(r"(?<!\\)\|", line.strip())[1:-1]))


def peer(python: str, code: str) -> Callable[[Path], Content | None]:
    """A reader that runs another tool and reads its Markdown with pandoc."""

    def run(file: Path) -> Content | None:
        done = subprocess.run(
            [python, "-c", f"f={str(file)!r};{code}"], capture_output=True, text=True, check=False
        )
        if done.returncode:
            return None
        return content(json.loads(pandoc("-f", "gfm", "-t", "json", text=done.stdout)))

    return run


def compare(truth: Content, found: Content | None, score: Score) -> None:
    """Count what of the truth was found."""
    if found is None:
        score.failed += 1
        found = Content()
    both = sum((truth.words & found.words).values())
    count(score, "recall", both, truth.words.total())
    count(score, "precision", both, found.words.total())
    paths: dict[str, list[tuple[str, ...]]] = {}
    for text, path in found.blocks:
        paths.setdefault(text, []).append(path)
    right = 0
    for text, path in truth.blocks:
        options = paths.get(text, [])
        match = next((option for option in options if same_path(option, path)), None)
        if match is not None:
            options.remove(match)
            right += 1
    count(score, "path", right, len(truth.blocks))
    count(score, "code", among(truth.code, found.code), len(truth.code))
    count(score, "rows", among(truth.rows, found.rows), len(truth.rows))


def same_path(found: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether a path is the wanted one, the document's title in front or not."""
    return (
        found[-len(wanted) :] == wanted and len(found) <= len(wanted) + 1
        if wanted
        else (len(found) <= 1)
    )


def among(wanted: Iterable[Any], found: Iterable[Any]) -> int:
    """How many of the wanted things were found, each once."""
    return (Counter(wanted) & Counter(found)).total()


def count(score: Score, name: str, found: int, wanted: int) -> None:
    """Add to a measure."""
    score.found[name] += found
    score.wanted[name] += wanted


def convert(
    files: Sequence[Path], suffix: str, folder: Path, lang: str = "en-US", *, web: bool = False
) -> None:
    """The files saved once more by LibreOffice with a profile of the language."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = folder.parent / f"profile-{lang}"
    registry = profile / "user" / "registrymodifications.xcu"
    if not registry.exists():
        registry.parent.mkdir(parents=True)
        registry.write_text(
            '<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
            '<item oor:path="/org.openoffice.Office.Linguistic/General"><prop oor:name="UILocale">'
            f"<value>{lang}</value></prop></item>"
            '<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooLocale">'
            f"<value>{lang}</value></prop></item></oor:items>"
        )
    reading = ["--infilter=HTML (StarWriter)"] if web else []
    for at in range(0, len(files), 20):
        subprocess.run(
            [  # noqa: S607
                "soffice", "--headless", f"-env:UserInstallation={profile.resolve().as_uri()}",
                *reading, "--convert-to", suffix,
                "--outdir", str(folder), *map(str, files[at : at + 20]),
            ],
            capture_output=True, check=True,
        )  # fmt: skip


def with_german_styles(source: Path, target: Path) -> None:
    """A copy of a DOCX whose styles have German names and tell no outline level."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/styles.xml":
                text = data.decode()
                for english, german in GERMAN.items():
                    text = re.sub(
                        f'w:name w:val="{english}"', f'w:name w:val="{german}"', text, flags=re.I
                    )
                text = re.sub(r"<w:outlineLvl[^>]*/>", "", text)
                data = text.encode()
            new.writestr(name, data)


def documents(
    folders: Sequence[Path], work: Path, limit: int
) -> dict[str, list[tuple[Path, Content]]]:
    """The files of each kind, made from the Markdown of the folders, with their truths."""
    truths: dict[str, Content] = {}
    lined: dict[str, Content] = {}
    made: dict[str, list[Path]] = {"docx": [], "odt": [], "html": [], "epub": []}
    sources = sorted(file for folder in folders for file in folder.rglob("*.md"))[:limit]
    for number, file in enumerate(sources):
        tree = json.loads(pandoc("-f", "gfm", "-t", "json", str(file)))
        tree = without_pictures(tree)
        if not tree["blocks"]:
            continue
        name = f"{number:03d}-{re.sub('[^a-z0-9]+', '-', file.stem.lower())}"
        truths[name] = content(tree)
        lined[name] = content(tree, lined=True)
        for kind, files in made.items():
            target = work / kind / f"{name}.{kind}"
            target.parent.mkdir(parents=True, exist_ok=True)
            title = ["--metadata", f"title=Book of {file.stem}"] if kind in ("epub", "html") else []
            pandoc("-f", "json", "-s", "-o", str(target), *title, text=json.dumps(tree))
            files.append(target)
    german = work / "german"
    german.mkdir(parents=True, exist_ok=True)
    for file in made["docx"]:
        with_german_styles(file, german / file.name)
    convert(made["docx"], "docx", work / "docx-libreoffice")
    convert(made["docx"], "docx", work / "docx-libreoffice-de", "de")
    convert(made["odt"], "docx", work / "odt-libreoffice")
    convert(made["html"], "docx:MS Word 2007 XML", work / "html-libreoffice", web=True)
    convert(sorted(german.glob("*.docx")), "docx", work / "german-libreoffice-de", "de")
    convert(made["docx"], "html:HTML (StarWriter)", work / "html-saved")
    convert(made["docx"], "xhtml:XHTML Writer File", work / "xhtml-saved")
    convert(made["docx"], "odt", work / "odt-of-docx")
    convert(made["docx"], "fodt", work / "fodt-of-docx")
    convert(sorted(german.glob("*.docx")), "odt", work / "odt-of-german-de", "de")
    convert(made["html"], "odt:writer8", work / "odt-of-html", web=True)
    kinds = (
        "docx", "german", "docx-libreoffice", "docx-libreoffice-de", "odt-libreoffice",
        "html-libreoffice", "german-libreoffice-de", "html-saved", "xhtml-saved", "epub",
        "odt", "odt-of-docx", "fodt-of-docx", "odt-of-german-de", "odt-of-html",
    )  # fmt: skip
    found = {
        kind: [(file, truths[file.stem]) for file in sorted((work / kind).iterdir())]
        for kind in kinds
    }
    for kind in ("odt-libreoffice", "odt"):
        found[f"{kind}, joined"] = [(file, lined[file.stem]) for file, _ in found[kind]]
    return found


DECK = """---
title: "{title}"
---

# {section}

{slides}
"""


def decks(work: Path) -> dict[str, list[tuple[Path, Content]]]:
    """Decks of titles, bullets of two levels, numbers, tables and code."""
    folder = work / "pptx"
    folder.mkdir(parents=True, exist_ok=True)
    pairs: list[tuple[Path, Content]] = []
    for number in range(8):
        lang = "de" if number % 2 else "en"
        slides = "\n".join(slide(number, at, lang) for at in range(6))
        title = f"Rill {number}: " + ("Überblick" if lang == "de" else "Overview")
        text = DECK.format(title=title, section=f"Teil {number}", slides=slides)
        file = folder / f"deck{number}.pptx"
        pandoc("-f", "markdown-smart", "-o", str(file), text=text)
        tree = json.loads(pandoc("-f", "markdown-smart", "-t", "json", text=text))
        truth = content(tree)
        truth.words.update(plain(title).split())  # on a slide of its own
        pairs.append((file, truth))
    convert([file for file, _ in pairs], "pptx", work / "pptx-libreoffice")
    convert([file for file, _ in pairs], "odp", work / "odp-of-pptx")
    again = [(work / "pptx-libreoffice" / file.name, truth) for file, truth in pairs]
    odp = [(work / "odp-of-pptx" / f"{file.stem}.odp", truth) for file, truth in pairs]
    return {"pptx": pairs, "pptx-libreoffice": again, "odp-of-pptx": odp}


def slide(deck: int, at: int, lang: str) -> str:
    """One slide of Markdown, of a shape that changes with its number."""
    word = {"de": "Prüfwert für Größe", "en": "Reading of station"}[lang]
    title = f"## {word} {deck}.{at}\n"
    shapes = (
        f"- {word} eins {deck}{at}\n- Zwei mit `rillctl set {at}`\n    - Unterpunkt {at}\n- Drei\n",
        f"1. Schritt a{deck}{at}\n2. Schritt b{deck}{at}\n3. Schritt c{deck}{at}\n",
        f"| Name | Wert |\n|---|---|\n| a{deck} | {at} |\n| b{deck} | `x{at}` |\n",
        f"```\ndef f{deck}(x):\n    return x + {at}\n\n# end {at}\n```\n",
        f"Ein Absatz {deck}{at} über {word}.\n",
        f"- Punkt {deck}{at}\n\n::: notes\nNotiz {deck}{at} zum Vortrag.\n:::\n",
    )
    return f"{title}\n{shapes[at % len(shapes)]}"


def workbooks(work: Path) -> Score:
    """Workbooks of a title, two tables and a hidden sheet: cells, as they are shown."""
    import datetime

    import openpyxl
    from openpyxl.styles import Font

    score = Score()
    folder = work / "xlsx"
    folder.mkdir(parents=True, exist_ok=True)
    truths: dict[str, list[tuple[str, ...]]] = {}
    for number in range(12):
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = f"Messwerte {number}"
        sheet["A1"] = f"Übersicht {number}"
        header = ("Datum", "Wert", "Anteil", "Zahl", "Wort")
        shown = [header]
        sheet.append(header)
        for cell in sheet[2]:
            cell.font = Font(bold=number % 3 != 0)
        for at in range(20):
            day = datetime.date(2024, 1 + number, 1 + at)
            sheet.append((day, at * 1.25, at / 40, at * 1000, f"Wort | {at}"))
            row = sheet.max_row
            sheet.cell(row, 1).number_format = "dd.mm.yyyy"
            sheet.cell(row, 2).number_format = "0.00"
            sheet.cell(row, 3).number_format = "0.0%"
            sheet.cell(row, 4).number_format = "#,##0"
            shown.append(
                (f"{day:%d.%m.%Y}", f"{at * 1.25:.2f}", f"{at * 2.5:.1f}%", f"{at * 1000:,}",
                 f"Wort | {at}")
            )  # fmt: skip
        for at in range(4):
            for column, text in enumerate(("Code", "Meaning") if not at else (f"E{at}", f"m{at}")):
                sheet.cell(26 + at, 8 + column, text)
            shown.append(("Code", "Meaning") if not at else (f"E{at}", f"m{at}"))
        secret = book.create_sheet("Geheim")
        secret["A1"] = "secret"
        secret.sheet_state = "hidden"
        file = folder / f"book{number}.xlsx"
        book.save(file)
        truths[file.name] = [tuple(map(plain, row)) for row in shown]
    convert(sorted(folder.iterdir()), "xlsx", work / "xlsx-libreoffice")
    convert(sorted(folder.iterdir()), "ods", work / "ods-of-xlsx")
    for kind in ("xlsx", "xlsx-libreoffice", "ods-of-xlsx"):
        score = Score()
        for name, rows in truths.items():
            file = (work / kind / name).with_suffix(f".{kind[:4].strip('-')}")
            found = ours(file) or Content()
            count(score, "rows", among(rows, found.rows), len(rows))
            count(score, "precision", among(rows, found.rows), len(found.rows))
        print(f"{kind:24}", score.line())
    return score


def tables(work: Path) -> None:
    """CSV in dialects: cell by cell."""
    folder = work / "csv"
    folder.mkdir(parents=True, exist_ok=True)
    score = Score()
    for number, separator in enumerate(";,\t|" * 3):
        rows = [("Name", "Preis", "Text"), *(
            (f"Ventil {at}", f"{at},50" if separator == ";" else f"{at}.50",
             f'sagt "x", {separator} und\nmehr {at}') for at in range(30)
        )]  # fmt: skip
        out = io.StringIO()
        csv.writer(out, delimiter=separator, quoting=number % 3).writerows(rows)
        file = folder / f"t{number}.csv"
        file.write_bytes(out.getvalue().encode(("utf-8", "utf-8-sig", "cp1252")[number % 3]))
        found = ours(file) or Content()
        wanted = [tuple(map(plain, row)) for row in rows]
        count(score, "rows", among(wanted, found.rows), len(wanted))
        count(score, "precision", among(wanted, found.rows), len(found.rows))
    print(f"{'csv':24}", score.line())


def main() -> None:
    """Make the documents, read them, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--work", type=Path, default=Path("bench-office"))
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--peers", default="")
    arguments = parser.parse_args()
    shutil.rmtree(arguments.work, ignore_errors=True)
    kinds = documents(arguments.folders, arguments.work, arguments.limit) | decks(arguments.work)
    for kind, pairs in kinds.items():
        tools = {"": ours}
        if arguments.peers and kind in ("docx", "html-libreoffice", "epub", "pptx"):
            tools |= {name: peer(arguments.peers, code) for name, code in PEERS.items()}
        for name, reader in tools.items():
            if name and name != "markitdown" and not pairs[0][0].name.endswith("docx"):
                continue
            score = Score()
            for file, truth in pairs:
                compare(truth, reader(file), score)
            print(f"{kind:24}", f"{name:12}" if name else "", score.line(), flush=True)
    workbooks(arguments.work)
    tables(arguments.work)


if __name__ == "__main__":
    main()
