"""Reads damaged files of every format and tells what breaks: crashes, hangs, silent losses.

    python benchmarks/fuzz.py [--inputs 10000] [--seed 1] [--limit 20] [--workers 2]
                              [--keep FOLDER] [--only SUFFIX] [FOLDER ...]

Takes the files of FOLDERs (default: tests/ingest/fixtures and raw_docs) and a small file of each
format that it makes itself, damages them (flipped bytes, cuts, splices, words of the format,
damage inside of ZIP members), and reads each in a worker with limits. Every input follows from
--seed and its number, so that a failure can be made again; failing inputs are kept.

crashed: an exception or a dead process. timeout: over --limit seconds. silent: a document without
a note that holds less than a tenth of the text that the input holds, or none in spite of it.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
import time
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from builder.engine import Local, Lost
from builder.ingest import MEDIA_TYPES, READERS, read_bytes
from builder.ingest.decode import decode
from builder.ingest.kind import DAMAGED
from builder.ingest.parsed import Refused
from builder.records import Document, Skipped, make_id

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tests.ingest.dirt import pdf  # noqa: E402  # the checkout's own

MAX_SEED = 150_000  # bytes: larger files are no better seeds
LEAST = 0.1  # of the input's letters that a document without a note must hold
FEW = 60  # letters below which nothing is called lost

WORDS = {
    "html": ["<div>", "</div>", "<p>", "<pre>", "<table>", "<td colspan=99999>", "<!--", "-->", "<script>", "&#0;", "&#xD800;", "<svg>", "<template>", "<![CDATA[", "<base href=x>", "<meta charset=utf-16>", "<details>", "</body>", "<plaintext>", "<ul><li>", "<dl><dt>", 'style="display:none"', "\x00", "\u202e"],
    "md": ["```", "~~~", "\n# ", "\n> ", "\n- ", "    ", "|a|b|\n|-|-|\n", "<!--", "<details>", ":::note\n", "!!! note\n", "---\n", "[^1]: ", "[", "](", "{{<", "{%", "$$", "\\", "&#0;", "<div>"],
    "rst": ["\n.. note::\n\n", "\n.. include:: /etc/passwd\n", "\n.. raw:: html\n\n   ", "::\n\n", "`x`_", "|x|", ".. |x| replace:: |x|\n", "====\n", "\n.. csv-table::\n", "\n.. math::\n", "*", "``", "\n.. _a: a_\n"],
    "adoc": ["\n----\n", "\n|===\n", "\n====\n", "= ", "include::/etc/passwd[]\n", ":a: {a}\n", "{a}", "<<x>>", "\n....\n", "[source]\n", "ifdef::x[]\n", "pass:[", "* " * 30],
    "csv": ['"', ",", ";", "\t", "\n", '""', "=cmd()", "," * 300],
    "ipynb": ["{", "}", "[", "]", '"cells"', "null", "1e999", '"source"', "NaN", "\\ud800", "[" * 2000],
    "pdf": ["obj", "endobj", "stream\n", "endstream", "<<", ">>", "/Length 99999999", "/Kids [3 0 R]", "/Count -1", "xref", "trailer", "/MediaBox [0 0 1e9 1e9]", "BT", "ET", "q " * 500, "Tj", "/Filter /FlateDecode"],
    "odf": ["<text:p>", "</text:p>", "<text:list>", "<text:list-item>", "<table:table-cell table:number-columns-repeated='999999999'>", "<table:table-row table:number-rows-repeated='1048576'>", "<draw:frame>", "<draw:object xlink:href='../x'/>", "<text:s text:c='999999999'/>", "<text:note>", "<!DOCTYPE x>", "&#0;", "&lt;", "<", ">", '"', "text:display='none'", "-1", "<text:section>", "<office:annotation>"],
    "xml": ["<w:p>", "</w:p>", "<w:tbl>", "<w:tr>", "<!DOCTYPE x>", "&#0;", "<a:p>", "<c r='XFD1048576'>", "gridSpan", "99999999", "-1", "&lt;", "<", ">", '"', "xmlns:w='x'"],
}  # fmt: skip


def _zipped(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


PROSE = "The level of the river rises slowly after rain, and the logger sends it. " * 4
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def _office(part: str, kind: str, main: str, more: dict[str, str] | None = None) -> bytes:
    types = f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
    rels = (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_REL}/officeDocument" Target="{part}"/></Relationships>'
    )
    return _zipped({"[Content_Types].xml": types, "_rels/.rels": rels, part: main, **(more or {})})


def _opened(kind: str, names: str, body: str) -> bytes:
    """An OpenDocument file."""
    return _zipped({
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": f'<office:document-content {names}><office:automatic-styles><style:style style:name="P1" style:family="paragraph"/><text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style></office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>',
        "styles.xml": f"<office:document-styles {names}><office:styles/></office:document-styles>",
    })  # fmt: skip


def made() -> dict[str, bytes]:
    """A small file of each format by its suffix."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    show = "http://schemas.openxmlformats.org/presentationml/2006/main"
    draw = "http://schemas.openxmlformats.org/drawingml/2006/main"
    run = f"<w:p><w:r><w:t>{PROSE}</w:t></w:r></w:p>"
    cell = f"<w:tc>{run}</w:tc>"
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{called}:1.0"'
        for name, called in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("style", "style"),
            ("draw", "drawing"),
            ("xlink", "x"),
        )
    )
    said = f"<text:p>{PROSE}</text:p>"
    grid = f'<table:table table:name="Rill"><table:table-row><table:table-cell>{said}</table:table-cell><table:table-cell table:number-columns-repeated="2"><text:p>3</text:p></table:table-cell></table:table-row></table:table>'
    listed = f'<text:list text:style-name="L"><text:list-item>{said}</text:list-item></text:list>'
    return {
        "odt": _opened("text", names, f'<text:h text:outline-level="1">Rill</text:h>{said}{listed}{grid}<text:p>a<text:s text:c="2"/><text:note><text:note-body>{said}</text:note-body></text:note></text:p>'),
        "ods": _opened("spreadsheet", names, grid),
        "odp": _opened("presentation", names, f"<draw:page><draw:frame><draw:text-box>{said}{listed}</draw:text-box></draw:frame></draw:page>"),
        "fodt": f'<office:document {names} office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>{said}{listed}</office:text></office:body></office:document>'.encode(),
        "html": f"<!DOCTYPE html><html><head><title>Rill</title></head><body><h1>Rill</h1><p>{PROSE}</p><pre><code>x = 1\n</code></pre><table><tr><th>a</th></tr><tr><td>{PROSE}</td></tr></table><ul><li>{PROSE}</li></ul></body></html>".encode(),
        "md": f"---\ntitle: Rill\n---\n# Rill\n\n{PROSE}\n\n- one\n  - two\n\n```sh\nls\n```\n\n| a | b |\n| - | - |\n| 1 | {PROSE} |\n\n> said\n".encode(),
        "txt": f"RILL\n====\n\n{PROSE}\n\n1. one\n2. two\n\n    code\n".encode(),
        "rst": f"Rill\n====\n\n{PROSE}\n\n.. note:: {PROSE}\n\n::\n\n  code\n\n- one\n- two\n\n=== ===\na   b\n=== ===\n1   2\n=== ===\n".encode(),
        "adoc": f"= Rill\n\n{PROSE}\n\n== Part\n\n* one\n** two\n\n----\ncode\n----\n\n|===\n|a |b\n|1 |{PROSE}\n|===\n\nNOTE: {PROSE}\n".encode(),
        "csv": f'name,depth\n"{PROSE}",3\n"a ""b""",4\n'.encode(),
        "ipynb": ('{"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# Rill\\n", "' + PROSE + '"]}, {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": ["print(1)"], "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1"]}]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}').encode(),
        "pdf": pdf(f"BT /F1 12 Tf 72 700 Td ({PROSE[:70]}) Tj 0 -20 Td ({PROSE[70:140]}) Tj ET"),
        "docx": _office("word/document.xml", "w", f'<w:document xmlns:w="{word}"><w:body>{run}<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl>{run}</w:body></w:document>'),
        "xlsx": _office("xl/workbook.xml", "x", f'<workbook xmlns="{sheet}" xmlns:r="{_REL}"><sheets><sheet name="Rill" sheetId="1" r:id="r1"/></sheets></workbook>', {
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{sheet}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="inlineStr"><is><t>depth</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>{PROSE}</t></is></c><c r="B2"><v>3</v></c></row></sheetData></worksheet>'}),
        "pptx": _office("ppt/presentation.xml", "p", f'<p:presentation xmlns:p="{show}" xmlns:r="{_REL}"><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>', {
            "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_REL}/slide" Target="slides/slide1.xml"/></Relationships>',
            "ppt/slides/slide1.xml": f'<p:sld xmlns:p="{show}" xmlns:a="{draw}"><p:cSld><p:spTree><p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr/><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>Rill</a:t></a:r></a:p></p:txBody></p:sp><p:sp><p:nvSpPr><p:cNvPr id="3" name="b"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:txBody><a:p><a:r><a:t>{PROSE}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>'}),
        "epub": _zipped({
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
            "book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Rill</dc:title></metadata><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>',
            "a.xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>A</title></head><body><h1>A</h1><p>{PROSE}</p></body></html>'}),
    }  # fmt: skip


Seeds = dict[str, list[tuple[str, bytes]]]  # suffix without its dot -> name and bytes


def seeds(folders: list[Path], only: str) -> Seeds:
    """The files to damage by suffix; formats come in equal shares, so rare ones count as well."""
    found: Seeds = defaultdict(list)
    for suffix, data in made().items():
        found[suffix].append((f"made.{suffix}", data))
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            suffix = file.suffix.casefold()
            wanted = suffix in MEDIA_TYPES and suffix != ".zip" and file.is_file()
            if wanted and 0 < file.stat().st_size <= MAX_SEED:
                found[suffix[1:]].append((file.name, file.read_bytes()))
    return {name: found[name] for name in sorted(found) if only in ("", name)}


def _flip(data: bytes, rng: random.Random, _: list[str]) -> bytes:
    out = bytearray(data)
    for _count in range(rng.choice((1, 2, 5, 20))):
        out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def _cut(data: bytes, rng: random.Random, _: list[str]) -> bytes:
    return data[: rng.randrange(1, len(data) + 1)]


def _remove(data: bytes, rng: random.Random, _: list[str]) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.choice((1, 10, 100, 1000)) :]


def _repeat(data: bytes, rng: random.Random, _: list[str]) -> bytes:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.choice((1, 10, 100))]
    return data[:start] + piece * rng.choice((2, 10, 200)) + data[start:]


def _insert(data: bytes, rng: random.Random, words: list[str]) -> bytes:
    for _count in range(rng.choice((1, 3, 10))):
        at = rng.randrange(len(data) + 1)
        word = rng.choice(words).encode("utf-8", "surrogatepass")
        data = data[:at] + word * rng.choice((1, 1, 1, 50)) + data[at:]
    return data


MUTATIONS: list[Callable[[bytes, random.Random, list[str]], bytes]] = [
    _flip, _cut, _remove, _repeat, _insert, _insert,
]  # fmt: skip


def _damaged(data: bytes, other: bytes, suffix: str, rng: random.Random) -> bytes:
    kind = {"htm": "html", "txt": "md", "markdown": "md", "tsv": "csv", "fodt": "odf"}.get(
        suffix, suffix
    )
    if data.startswith(b"PK") and rng.random() < 0.8:
        return _in_zip(data, rng, suffix)
    words = WORDS.get(kind, WORDS["xml"])
    if rng.random() < 0.1 and other:
        return data[: rng.randrange(len(data))] + other[rng.randrange(len(other)) :]
    for _count in range(rng.choice((1, 1, 2, 4))):
        data = rng.choice(MUTATIONS)(data, rng, words) or b"x"
    return data


def _in_zip(data: bytes, rng: random.Random, suffix: str) -> bytes:
    """An archive with one member damaged, lost, doubled or renamed; its sums are right."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError):
        return data
    at = rng.randrange(len(members))
    name, content = members[at]
    action = rng.random()
    if action < 0.75 and content:
        words = WORDS["html" if name.endswith("html") else "odf" if suffix[:2] == "od" else "xml"]
        members[at] = (name, rng.choice(MUTATIONS)(content, rng, words))
    elif action < 0.85:
        del members[at]
    elif action < 0.95:
        members[at] = (name + rng.choice(["x", "/..", "\x00"]), content)
    else:
        members.append((f"{name}2", content))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def input_of(number: int, seed: int, found: Seeds) -> tuple[str, str, bytes]:
    """Suffix, name of the seed and bytes of one damaged file."""
    rng = random.Random(make_id(str(seed), str(number), "fuzz"))
    suffix = sorted(found)[number % len(found)]
    name, data = rng.choice(found[suffix])
    _, other = rng.choice(found[suffix])
    return suffix, name, _damaged(data, other, suffix, rng)


@dataclass(frozen=True)
class Seen:
    """What became of one input. letters: of the input, and of the document with what it dropped."""

    outcome: str
    took_s: float
    letters: tuple[int, int] = (0, 0)
    notes: int = 0


def reading(seed: int, folders: tuple[Path, ...], only: str) -> Callable[[int], Seen]:
    """Reads the input of a number."""
    found = seeds(list(folders), only)
    letters_of_seed = cache(lambda suffix, data: _letters(_read(data, suffix)))

    def read(number: int) -> Seen:
        suffix, name, data = input_of(number, seed, found)
        began = time.perf_counter()
        got = _read(data, suffix)
        took = time.perf_counter() - began
        assert isinstance(got, Document | Skipped)
        outcome = "document" if isinstance(got, Document) else got.reason
        if outcome not in ("document", "no_text", "empty"):
            return Seen(outcome, took)
        if MEDIA_TYPES[f".{suffix}"] not in READERS:
            expected = _visible(data, suffix)
        elif data.startswith(b"PK") and outcome == "document":
            whole = dict(found[suffix])[name]
            expected = min(letters_of_seed(suffix, whole), _visible_in_zip(data))
        else:
            expected = 0  # what a damaged binary file holds cannot be told
        notes = len(got.notes) if isinstance(got, Document) else 0
        return Seen(outcome, took, (expected, _letters(got)), notes)

    return read


_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)


def _read(data: bytes, suffix: str) -> object:
    return read_bytes(data, path=f"docs/file.{suffix}", media_type=MEDIA_TYPES[f".{suffix}"])


def _letters(got: object) -> int:
    if not isinstance(got, Document):
        return 0
    return sum(map(str.isalpha, got.text)) + sum(item.characters for item in got.dropped)


_HIDDEN = re.compile(
    r"<(script|style|template|svg|head|noscript)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.S | re.I
)


def _visible(data: bytes, suffix: str) -> int:
    """About how many letters of a text file can be seen."""
    decoded = decode(data)
    if isinstance(decoded, Refused):
        return 0
    text = decoded.text
    if suffix in ("html", "htm", "xhtml"):
        text = re.sub(r"<[^>]*>", " ", _HIDDEN.sub(" ", text))
    elif suffix in ("md", "markdown", "mdx"):
        text = _HIDDEN.sub(" ", _FRONT_MATTER.sub("", text))
    elif suffix == "adoc" and "ifdef::" in text:
        text = ""  # what a condition leaves out is not lost
    elif suffix in ("rst", "adoc"):
        text = "\n".join(x for x in text.split("\n") if not x.lstrip().startswith(("..", "//")))
    elif suffix == "ipynb":
        text = ""
    return sum(map(str.isalpha, text))


_TEXT_PARTS = re.compile(
    r"\.x?html?$|word/document|ppt/slides/slide|xl/(?:shared|worksheets/)|^content\.xml$"
)


def _visible_in_zip(data: bytes) -> int:
    """About how many letters can be seen in the parts of an office file or book."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [archive.read(name) for name in archive.namelist() if _TEXT_PARTS.search(name)]
    except DAMAGED:
        return 0
    return sum(_visible(part, "html") for part in parts)


def main() -> None:
    """Damage, read, tell. Exit code 1 when anything broke."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=20.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=Path("output/fuzz"))
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    folders = args.folders or [ROOT / "tests/ingest/fixtures", ROOT / "raw_docs"]
    folders = [folder.resolve() for folder in folders if folder.exists()]
    found = seeds(folders, args.only)
    engine = Local(workers=args.workers, timeout_s=args.limit, memory_mb=2048)
    from fuzz import reading as make  # by its module's name, so that workers find it

    began = time.perf_counter()
    results = engine.map(make, (args.seed, tuple(folders), args.only), range(args.inputs))
    table: dict[str, Counter[str]] = defaultdict(Counter)
    bad: list[tuple[int, str, str]] = []
    slow: list[tuple[float, int, str]] = []
    for number, got in enumerate(results):
        suffix = sorted(found)[number % len(found)]
        if isinstance(got, Lost):
            table[suffix][got.reason] += 1
            bad.append((number, suffix, f"{got.reason}: {got.detail}"))
            continue
        table[suffix][got.outcome] += 1
        slow.append((got.took_s, number, suffix))
        expected, kept = got.letters
        if (
            got.outcome == "document"
            and not got.notes
            and expected > FEW
            and kept < LEAST * expected
        ):
            table[suffix]["silent"] += 1
            bad.append((number, suffix, f"silent: {kept} of {expected} letters"))
    _tell(table, bad, slow, time.perf_counter() - began)
    for number, suffix, _ in bad:
        args.keep.mkdir(parents=True, exist_ok=True)
        (args.keep / f"{args.seed}-{number}.{suffix}").write_bytes(
            input_of(number, args.seed, found)[2]
        )
    sys.exit(1 if bad else 0)


def _tell(
    table: dict[str, Counter[str]],
    bad: list[tuple[int, str, str]],
    slow: list[tuple[float, int, str]],
    took_s: float,
) -> None:
    total = sum((counts for counts in table.values()), Counter[str]())
    n = sum(count for name, count in total.items() if name != "silent")
    print(f"{n} inputs over {len(table)} formats in {took_s:.0f} s")
    for suffix, counts in [*sorted(table.items()), ("all", total)]:
        told = ", ".join(f"{count} {name}" for name, count in counts.most_common())
        print(f"{suffix:<9} {told}")
    print("slowest:", ", ".join(f"{s:.2f} s {x} #{number}" for s, number, x in sorted(slow)[-5:]))
    causes = Counter((suffix, re.sub(r"\d+ of \d+", "n of m", why)) for _, suffix, why in bad)
    first = {(x, re.sub(r"\d+ of \d+", "n of m", why)): number for number, x, why in reversed(bad)}
    for (suffix, why), count in causes.most_common(60):
        print(f"{count:5} x {suffix:<6} {why} (#{first[suffix, why]})")


if __name__ == "__main__":
    main()
