"""How truly PDF books are read that others made: against the HTML edition of the same book.

    python benchmarks/pdf_books.py fetch OUT                     get the books (apt-get, dpkg-deb)
    python benchmarks/pdf_books.py score OUT/looked [--only NAME] [--bare] [--show MEASURE]

Both editions are read by builder's own readers. "looked" books are those that rules were made on,
"held" ones are only scored. --bare: without outline and structure tree (pikepdf).

What the measures cannot tell: the editions differ. The HTML has navigation, and at times chapters
that the PDF lacks, or the other way round; quotes, dashes and numbers of sections differ, so words
are letters and digits, and titles are compared without their numbers. A page of the HTML knows
only the headings on it: a path is right when those are its last ones. Code that one edition shows
as prose, or cuts at the width of the paper, counts as missed. So no book can reach 1 everywhere;
what counts is the difference between two readers.
"""

from __future__ import annotations

import argparse
import gzip
import html
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pdf import flat, rows, share, strip

from builder import ingest
from builder.records import Block, Document

_N = 4  # words of a shingle
_KEY = 60  # letters that tell a block
_LEAST = 20  # letters of a block whose place is sure
_EDGE = 0.09  # of a page's height: where running heads and feet are looked for
_LEADERS = re.compile(r"(?:[.\u2026\u00b7] ?){4,}\s*(?:\d+|[ivxlc]+)\W*$")
_COUNT = re.compile(
    r"(?i)(?:(?:chapter|part|appendix)\s+\w+|[A-Z]?\d*(?:\.\d+)+|\d+|[A-Z](?=[.:]))[.:)]?\s+(?=\S)"
)
_TITLE = re.compile(rb"<h[1-6](?:\s[^>]*)?>(.*?)</h[1-6]>", re.I | re.S)
_NUMBERS = re.compile(r"(?:,? \d{1,4}(?:[\u2013-]\d{1,4})?)+$")


@dataclass(frozen=True)
class Book:
    """One book in Debian packages.

    maker: of the PDF. pdf, html: where the editions lie in the packages; html is a glob.
    """

    name: str
    half: Literal["looked", "held"]
    maker: str
    packages: tuple[str, ...]
    pdf: str
    html: tuple[str, ...]


_DOC = "usr/share/doc"
BOOKS = (
    Book("policy", "looked", "Sphinx, XeTeX", ("debian-policy",),
         f"{_DOC}/debian-policy/policy.pdf.gz", (f"{_DOC}/debian-policy/policy.html/*.html",)),
    Book("bashref", "looked", "Texinfo", ("bash-doc",),
         f"{_DOC}/bash/bashref.pdf", (f"{_DOC}/bash/bashref.html",)),
    Book("bash", "looked", "groff", ("bash-doc",),
         f"{_DOC}/bash/bash.pdf", (f"{_DOC}/bash/bash.html",)),
    Book("install", "looked", "dblatex", ("installation-guide-amd64",),
         f"{_DOC}/installation-guide-amd64/en/install.en.pdf.gz",
         (f"{_DOC}/installation-guide-amd64/en/*.html",)),
    Book("otp", "looked", "FOP, own stylesheet", ("erlang-doc",),
         f"{_DOC}/erlang-doc/doc/pdf/otp-system-documentation-*.pdf",
         (f"{_DOC}/erlang-doc/doc/*/*.html",)),
    Book("doxygen", "looked", "Doxygen, LaTeX", ("doxygen-doc",),
         f"{_DOC}/doxygen/doxygen_manual.pdf", (f"{_DOC}/doxygen/html/*.html",)),
    Book("gap", "looked", "GAPDoc, LaTeX", ("gap-doc",), "usr/share/gap/doc/tut/manual.pdf",
         ("usr/share/gap/doc/tut/chap[0-9A].html",)),
    Book("devref", "held", "Sphinx, pdfTeX", ("developers-reference",),
         "usr/share/developers-reference/developers-reference.pdf",
         ("usr/share/developers-reference/*.html",)),
    Book("r-exts", "held", "Texinfo", ("r-doc-pdf", "r-doc-html"),
         "usr/share/R/doc/manual/R-exts.pdf", ("usr/share/R/doc/manual/R-exts.html",)),
    Book("valgrind", "held", "FOP, DocBook XSL", ("valgrind",),
         f"{_DOC}/valgrind/valgrind_manual.pdf.gz", (f"{_DOC}/valgrind/html/*.html",)),
    Book("docbook", "held", "dblatex", ("docbook-xsl-doc-pdf", "docbook-xsl-doc-html"),
         f"{_DOC}/docbook-xsl-doc-pdf/doc/reference.pdf.gz",
         (f"{_DOC}/docbook-xsl-doc-html/doc/**/*.html",)),
    Book("cplusplus", "held", "Yodl, LaTeX", ("c++-annotations-pdf", "c++-annotations-html"),
         f"{_DOC}/c++-annotations/cplusplus.pdf", (f"{_DOC}/c++-annotations/html/*.html",)),
    Book("camlidl", "held", "LaTeX", ("camlidl-doc",),
         f"{_DOC}/camlidl/camlidl-*.pdf", (f"{_DOC}/camlidl/html/*.html",)),
    Book("drbd", "looked", "Asciidoctor PDF", ("drbd-doc",),
         f"{_DOC}/drbd-doc/drbd-users-guide.pdf*",
         (f"{_DOC}/drbd-doc/users-guide/drbd-users-guide.html",)),
    Book("krb-admin", "looked", "Sphinx, pdfTeX", ("krb5-doc",),
         f"{_DOC}/krb5-doc/admin.pdf*", (f"{_DOC}/krb5-doc/admin/**/*.html",)),
    Book("nut-user", "looked", "dblatex", ("nut-doc",),
         f"{_DOC}/nut-doc/pdf/user-manual.pdf*", (f"{_DOC}/nut-doc/html/user-manual/*.html",)),
    Book("gnucash-en", "looked", "FOP, DocBook XSL", ("gnucash-docs",),
         f"{_DOC}/gnucash-docs/gnucash-guide-en.pdf*",
         (f"{_DOC}/gnucash-docs/gnucash-guide-en/*.html",)),
    Book("systemtap", "looked", "FOP, DocBook XSL", ("systemtap-doc",),
         f"{_DOC}/systemtap-doc/SystemTap_Beginners_Guide.pdf*",
         (f"{_DOC}/systemtap-doc/SystemTap_Beginners_Guide/*.html",)),
    Book("scons", "looked", "FOP, own stylesheet", ("scons-doc",),
         f"{_DOC}/scons/PDF/scons-user.pdf*", (f"{_DOC}/scons/HTML/**/*.html",)),
    Book("apt-cacher-ng", "looked", "Halibut", ("apt-cacher-ng",),
         f"{_DOC}/apt-cacher-ng/apt-cacher-ng.pdf*", (f"{_DOC}/apt-cacher-ng/html/*.html",)),
    Book("samhain", "looked", "FOP", ("samhain",),
         f"{_DOC}/samhain/MANUAL-2_4.pdf*", (f"{_DOC}/samhain/manual.html/*.html",)),
    Book("gpsbabel", "looked", "FOP, DocBook XSL", ("gpsbabel-doc",),
         f"{_DOC}/gpsbabel/gpsbabel.pdf*", (f"{_DOC}/gpsbabel/html/*.html",)),
    Book("swig", "looked", "wkhtmltopdf", ("swig4.0-doc",),
         f"{_DOC}/swig4.0-doc/Manual/SWIGDocumentation.pdf*",
         (f"{_DOC}/swig4.0-doc/Manual/*.html",)),
    Book("xmlada", "looked", "Sphinx, pdfTeX", ("libxmlada-doc",),
         f"{_DOC}/libxmlada-doc/XMLAda.pdf*", (f"{_DOC}/libxmlada-doc/html/*.html",)),
    Book("omniorb", "looked", "LaTeX", ("omniorb-doc",),
         f"{_DOC}/omniorb/omniORB.pdf*", (f"{_DOC}/omniorb/omniORB/omniORB0*.html",)),
    Book("krb-user", "held", "Sphinx, pdfTeX", ("krb5-doc",),
         f"{_DOC}/krb5-doc/user.pdf*", (f"{_DOC}/krb5-doc/user/**/*.html",)),
    Book("nut-dev", "held", "dblatex", ("nut-doc",),
         f"{_DOC}/nut-doc/pdf/developer-guide.pdf*",
         (f"{_DOC}/nut-doc/html/developer-guide/*.html",)),
    Book("gnucash-de", "held", "FOP, DocBook XSL", ("gnucash-docs",),
         f"{_DOC}/gnucash-docs/gnucash-guide-de.pdf*",
         (f"{_DOC}/gnucash-docs/gnucash-guide-de/*.html",)),
    Book("hsqldb", "held", "FOP, DocBook XSL", ("libhsqldb-java-doc",),
         f"{_DOC}/libhsqldb-java/guide/guide.pdf*", (f"{_DOC}/libhsqldb-java/guide/*-*.html",)),
    Book("dbconfig", "held", "LaTeX", ("dbconfig-common",),
         f"{_DOC}/dbconfig-common/dbconfig-common.pdf*",
         (f"{_DOC}/dbconfig-common/dbconfig-common.html/*.html",)),
    Book("gprbuild", "held", "Sphinx, pdfTeX", ("gprbuild-doc",),
         f"{_DOC}/gprbuild/gprbuild_ug.pdf*", (f"{_DOC}/gprbuild/html/**/*.html",)),
    Book("openocd", "held", "Texinfo", ("openocd",),
         f"{_DOC}/openocd/openocd.pdf*", (f"{_DOC}/openocd/openocd.html/*.html",)),
    Book("debian-faq", "held", "dblatex, XeTeX", ("debian-faq",),
         f"{_DOC}/debian/FAQ/debian-faq.en.pdf*", (f"{_DOC}/debian/FAQ/*.en.html",)),
    Book("publican", "held", "FOP, DocBook XSL", ("publican",),
         f"{_DOC}/publican/Users_Guide/en-US/Publican/*/pdf/Users_Guide/*.pdf*",
         (f"{_DOC}/publican/Users_Guide/en-US/Publican/*/html/Users_Guide/*.html",)),
    Book("openafs", "held", "dblatex", ("openafs-doc",),
         f"{_DOC}/openafs-doc/auusg000.pdf*", (f"{_DOC}/openafs-doc/html/UserGuide/*.html",)),
    Book("stow", "held", "Texinfo", ("stow",),
         f"{_DOC}/stow/manual.pdf*", (f"{_DOC}/stow/manual-split/*.html",)),
    Book("msc", "held", "Texinfo", ("msc-generator-doc",),
         f"{_DOC}/msc-generator/msc-gen.pdf*", (f"{_DOC}/msc-generator/html/*.html",)),
    Book("mailfromd", "held", "Texinfo", ("mailfromd-doc",),
         f"{_DOC}/mailfromd/mailfromd.pdf*", (f"{_DOC}/mailfromd/html/*.html",)),
)  # fmt: skip
_NO_TEXT = re.compile(
    r"(?:genindex(?:-\w+)?|search|contents|users_guide|bookindex|blank|nyi|developers-reference"
    r"|SWIGDocumentation)\.html"
)


def fetch(out: Path) -> None:
    """Every book: OUT/<half>/<name>.pdf, and OUT/<half>/<name>/*.html."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        wanted = sorted({package for book in BOOKS for package in book.packages})
        subprocess.run(["apt-get", "download", *wanted], cwd=root, check=True)  # noqa: S607
        for package in root.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(package), str(root)], check=True)  # noqa: S607
        for book in BOOKS:
            folder = out / book.half / book.name
            folder.mkdir(parents=True, exist_ok=True)
            data = next(root.glob(book.pdf)).read_bytes()
            data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
            folder.with_suffix(".pdf").write_bytes(data)
            for page in sorted(page for pattern in book.html for page in root.glob(pattern)):
                if not _NO_TEXT.fullmatch(page.name):
                    name = "_".join(page.relative_to(root).parts[-2:])
                    shutil.copyfile(page, folder / name)


@dataclass(frozen=True)
class Unit:
    """A block of a book. text: without its markup; path: the folded titles above it."""

    kind: str
    text: str
    path: tuple[str, ...]
    page: int = 0


def units(document: Document) -> Iterator[Unit]:
    """The blocks of a document."""
    above: list[tuple[int, str]] = []
    for block in document.blocks:
        if block.kind == "heading":
            above = [item for item in above if item[0] < block.level]
            above.append((block.level, title(_plain(document, block))))
        page = block.place.page if block.place and block.place.page else 0
        path = tuple(name for _, name in above)
        yield Unit(block.kind, _plain(document, block), path, page)


def _plain(document: Document, block: Block) -> str:
    text = document.text[block.start : block.end]
    if block.kind == "code":
        return "\n".join(line.rstrip() for line in text.split("\n")[1:-1]).strip("\n")
    return re.sub(r"^\s*(?:#+|>|-|\d+[.)]) ", "", text)


def title(text: str) -> str:
    """A title folded, without the number before it."""
    return flat(_COUNT.sub("", text, count=1)) or flat(text)


def told(pages: Iterable[bytes]) -> frozenset[str]:
    """The folded titles that HTML pages mark up as headings, not as terms."""
    marked = (
        found[1].decode(errors="replace") for page in pages for found in _TITLE.finditer(page)
    )
    return frozenset(title(html.unescape(re.sub(r"<[^>]*>", "", text)).strip()) for text in marked)


def shingles(found: Iterable[Unit]) -> Counter[tuple[str, ...]]:
    """The runs of words of blocks; shorter blocks have none."""
    counted: Counter[tuple[str, ...]] = Counter()
    for unit in found:
        words = re.findall(r"[^\W_]+", unit.text.casefold())
        counted.update(tuple(words[at : at + _N]) for at in range(len(words) - _N + 1))
    return counted


def joined(found: Iterable[Unit]) -> list[Unit]:
    """All blocks as one: where the other edition may part them otherwise."""
    return [Unit("paragraph", " ".join(unit.text for unit in found), ())]


def titles(found: Iterable[Unit]) -> Counter[tuple[str, ...]]:
    """The titles of headings, folded, without numbers."""
    return Counter((unit.path[-1],) for unit in found if unit.kind == "heading")


def terms(found: Iterable[Unit]) -> Counter[tuple[str, ...]]:
    """What is explained: headings, and what stands before the colon of an item."""
    ends = [
        (title(unit.text.partition(": ")[0]) if unit.kind != "heading" else unit.path[-1],)
        for unit in found
        if unit.kind in ("heading", "definition", "list_item")
    ]
    return Counter(ends)


def paths(
    truth: list[Unit], got: list[Unit], marked: frozenset[str], *, cover: bool
) -> tuple[int, int, list[str]]:
    """How many blocks that either edition has once are under the right titles, of how many.

    Terms that are headings for one of the readers do not count. Beside the numbers the wrong ones,
    for people. cover: the highest titles name the whole book, which the PDF may do on its cover.
    """
    loose = {unit.path[-1] for unit in truth if unit.kind == "heading"} - marked
    places = [_places(truth), _places(got)]
    wrong: list[str] = []
    both = [key for key in places[0] if key in places[1]]
    for key in both:
        wanted, found = (
            tuple(name for name in place[key].path if name not in loose) for place in places
        )
        wanted = wanted[1:] if cover else wanted
        if wanted and found[-len(wanted) :] != wanted:
            wrong.append(f"{key[:40]}: {' / '.join(wanted)} :: {' / '.join(found)}")
    return len(both) - len(wrong), len(both), wrong


def _places(found: Iterable[Unit]) -> dict[str, Unit]:
    """Blocks by their first letters, of which no other has the same."""
    by_key: dict[str, list[Unit]] = defaultdict(list)
    for unit in found:
        explained = unit.kind == "definition" and unit.text.partition(": ")[2]
        key = flat(explained or unit.text)[:_KEY]
        if unit.kind != "heading" and len(key) >= _LEAST:
            by_key[key].append(unit)
    return {key: same[0] for key, same in by_key.items() if len(same) == 1}


def codes(found: Iterable[Unit], *, blanks: bool) -> Counter[tuple[str, ...]]:
    """The code blocks, with the blanks in them or without."""
    texts = (unit.text for unit in found if unit.kind == "code")
    return Counter((text if blanks else "".join(text.split()),) for text in texts)


def furniture(data: bytes) -> dict[int, set[str]]:
    """The lines at the edges of each page that recur on others, but for their numbers; folded."""
    import pypdfium2

    lines: dict[int, set[str]] = {}
    seen: Counter[str] = Counter()
    with pypdfium2.PdfDocument(data) as document:
        for number, page in enumerate(document, 1):
            width, height = page.get_size()
            text = page.get_textpage()
            bands = ((1 - _EDGE) * height, height), (0, _EDGE * height)
            shown = (text.get_text_bounded(0, low, width, high) for low, high in bands)
            found = [line for band in shown for line in band.splitlines()]
            lines[number] = {flat(line) for line in found if flat(line)}
            seen.update({re.sub(r"\d+", "#", line) for line in lines[number]})
    return {
        number: {line for line in found if seen[re.sub(r"\d+", "#", line)] > 2}
        for number, found in lines.items()
    }


def leaks(got: list[Unit], edges: dict[int, set[str]], truth: list[Unit]) -> list[str]:
    """Blocks that hold such a line, or nothing but the number of a page, unlike the truth's."""
    known = "\n".join(flat(unit.text) for unit in truth if unit.kind != "heading")
    found: list[str] = []
    for unit in got:
        text = flat(unit.text)
        for line in edges.get(unit.page, ()):
            alone = text == line and (line.isdigit() or text not in known)
            held = alone or (len(line) > 8 and line in text and line not in known)
            if held and unit.kind != "heading":
                found.append(f"page {unit.page}: {unit.text[:100]}")
    return found


def listings(got: list[Unit], truth: list[Unit]) -> list[str]:
    """Blocks of contents lists and indexes: a title or words, and numbers of pages."""
    known = "\n".join(flat(unit.text) for unit in truth)
    found: list[str] = []
    for unit in got:
        if unit.kind in ("heading", "code"):
            continue
        for line in unit.text.split("\n"):
            listed = _LEADERS.search(line) or (len(line) < 90 and _NUMBERS.search(line))
            if listed and flat(line) not in known:
                found.append(f"page {unit.page}: {line[:100]}")
    return found


@dataclass
class Score:
    """The measures of one book; None where the truth has nothing to measure.

    term: the share of what definition lists explain that heads something here. both: the share of
    the truth's blocks that are blocks here. leak, list_: blocks per 100 pages.
    """

    recall: float | None
    precision: float | None
    heading: float | None
    heading_precision: float | None
    term: float | None
    both: float | None
    path: float | None
    code: float | None
    code_alike: float | None
    row: float | None
    leak: float
    list_: float


def score(data: bytes, pages: list[Path], measure: str) -> Score | None:
    """One book; measure: what is wrong by it is printed."""
    read = ingest.read_bytes(data, path="book.pdf", media_type="application/pdf")
    marked = told(page.read_bytes() for page in pages)
    made = [
        ingest.read_bytes(page.read_bytes(), path=page.name, media_type="text/html")
        for page in pages
    ]
    if not isinstance(read, Document):
        print(f"   {read}")
        return None
    documents = [one for one in made if isinstance(one, Document)]
    truth = [unit for document in documents for unit in units(document)]
    got = list(units(read))
    edges = furniture(data)
    n_right, n_both, wrong = paths(truth, got, marked, cover=len(pages) == 1)
    of_truth, of_got = _places(truth), _places(got)
    leaked, listed = leaks(got, edges, truth), listings(got, truth)
    explained = (unit for unit in truth if unit.kind == "definition" or (
        unit.kind == "heading" and unit.path[-1] not in marked))  # fmt: skip
    wanted_terms = terms(explained)
    wanted_titles = titles(unit for unit in truth if unit.path and unit.path[-1] in marked)
    table_rows = sum(map(rows, documents), Counter[tuple[str, ...]]())
    if measure:
        _show(measure, {
            "recall": (shingles(truth), shingles(joined(got))),
            "precision": (shingles(joined(truth)), shingles(got)),
            "heading": (wanted_titles, titles(got)), "term": (wanted_terms, terms(got)),
            "code": (codes(truth, blanks=True), codes(got, blanks=True)),
            "row": (table_rows, rows(read)),
        }, {"path": wrong, "leak": leaked, "list": listed,
            "both": [key for key in of_truth if key not in of_got]})  # fmt: skip
    return Score(
        recall=share(shingles(truth), shingles(joined(got))),
        precision=share(shingles(got), shingles(joined(truth))),
        heading=share(wanted_titles, titles(got)),
        heading_precision=share(titles(got), titles(truth)),
        term=share(wanted_terms, terms(got)),
        both=n_both / len(of_truth) if of_truth else None,
        path=n_right / n_both if n_both else None,
        code=share(codes(truth, blanks=True), codes(got, blanks=True)),
        code_alike=share(codes(truth, blanks=False), codes(got, blanks=False)),
        row=share(table_rows, rows(read)),
        leak=100 * len(leaked) / len(edges),
        list_=100 * len(listed) / len(edges),
    )


def _show(
    measure: str,
    counted: dict[str, tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]],
    told: dict[str, list[str]],
) -> None:
    """What is missing or too much by one measure."""
    for line in told.get(measure, ()):
        print("   ", line)
    if measure in counted:
        wanted, got = counted[measure]
        for sign, rest in (("-", wanted - got), ("+", got - wanted)):
            for item, n in rest.items():
                print("   ", sign, n, " | ".join(item))


def score_all(folder: Path, only: str, measure: str, *, bare: bool) -> None:
    """Print the measures of every book and their means."""
    print(f"{'book':10} {'s':>4}", *(f"{name:>9.9}" for name in Score.__annotations__))
    scores: list[Score] = []
    for file in sorted(folder.glob(f"*{only}*.pdf" if only else "*.pdf")):
        with tempfile.TemporaryDirectory() as temporary:
            source = Path(temporary) / file.name
            (strip if bare else shutil.copyfile)(file, source)
            data = source.read_bytes()
        began = time.perf_counter()
        made = score(data, sorted(file.with_suffix("").glob("*.html")), measure)
        if made is not None:
            scores.append(made)
            _print(file.stem, time.perf_counter() - began, [made])
    _print("mean", 0.0, scores)


def _print(name: str, seconds: float, scores: list[Score]) -> None:
    cells = []
    for field in Score.__annotations__:
        values = [v for one in scores if (v := getattr(one, field)) is not None]
        cells.append(f"{sum(values) / len(values):9.3f}" if values else f"{'-':>9}")
    print(f"{name:10} {seconds:4.0f}", *cells, flush=True)


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("fetch").add_argument("out", type=Path)
    scoring = commands.add_parser("score")
    scoring.add_argument("folder", type=Path)
    scoring.add_argument("--only", default="", help="books whose name holds this")
    scoring.add_argument("--bare", action="store_true", help="without outline and tags")
    scoring.add_argument("--show", default="", help="print what is wrong by a measure: recall, "
                         "precision, heading, term, path, both, code, row, leak, list")  # fmt: skip
    args = parser.parse_args()
    if args.command == "fetch":
        fetch(args.out)
    else:
        score_all(args.folder, args.only, args.show, bare=args.bare)


if __name__ == "__main__":
    main()
