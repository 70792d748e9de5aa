"""How truly PDF files are read, and how fast: against the Markdown that they were made from.

    python benchmarks/pdf.py make FOLDER OUT [--makers chromium,typst2]   make PDFs of FOLDER/*.md
    python benchmarks/pdf.py score OUT [--show MEASURE]                   read them and compare
    python benchmarks/pdf.py speed OUT                                    pages/s beside peers

The Markdown is brought to its canonical text first; that is the truth beside every PDF. Makers
are whatever of these is installed: pandoc and soffice (LibreOffice), chromium, weasyprint, typst
(Python package), pdflatex. "bare" makers are the same files without outline and tags (pikepdf).
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder import ingest
from builder.records import Block, Document

CSS = """
body { font-family: "DejaVu Serif", serif; font-size: 11pt; line-height: 1.4 }
pre { background: #f4f4f4; padding: 6px; font-size: 9pt; white-space: pre-wrap }
code { font-family: "DejaVu Sans Mono", monospace }
table { border-collapse: collapse } th, td { border: 1px solid #888; padding: 3px 6px }
@page { size: A4; margin: 2cm; @top-center { content: "The handbook" }
        @bottom-right { content: "Page " counter(page) } }
"""
TYPST = """#set page(paper: "a4", columns: {columns}, numbering: "1 / 1",
  header: [The handbook #h(1fr) draft])
#set text(size: 10pt, hyphenate: true)
#set par(justify: true)
#show raw.where(block: true): set text(size: 7pt)
#let horizontalrule = line(length: 100%)
"""
LATEX = r"""\documentclass[twocolumn,10pt]{article}
\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\usepackage{lmodern,textcomp,amsmath}
\usepackage{longtable,booktabs,array,calc,hyperref,fancyvrb,graphicx}
\providecommand{\tightlist}{}\newcommand{\passthrough}[1]{#1}
\makeatletter\let\LT@err\@gobbletwo\makeatother
\pagestyle{headings}\setcounter{secnumdepth}{-10}\setlength{\emergencystretch}{3em}
\begin{document}
"""
Truth = Document


def run(*command: str, cwd: Path | None = None, stdin: str = "") -> None:
    """Run a maker; its failure ends the benchmark with its last words."""
    done = subprocess.run(
        command, cwd=cwd, input=stdin, capture_output=True, text=True, check=False, errors="replace"
    )
    if done.returncode:
        print(f"{command[0]}: {done.returncode} {(done.stderr or done.stdout)[-500:]}")


def pandoc(source: Path, target: Path, *options: str) -> None:
    """Convert canonical Markdown to the format that target's suffix names."""
    run("pandoc", "-f", "gfm", str(source), "-o", str(target), *options)


def html_of(source: Path, folder: Path) -> Path:
    """A styled page of the Markdown."""
    css, page = folder / "style.css", folder / f"{source.stem}.html"
    css.write_text(CSS)
    title = f"title={source.stem}"
    pandoc(source, page, "-s", "--embed-resources", "--css", str(css), "-V", title,
           "--metadata", title)  # fmt: skip
    text = page.read_text()
    page.write_text(re.sub(r'<header id="title-block-header">.*?</header>', "", text, flags=re.S))
    return page


def libreoffice(source: Path, target: Path, folder: Path) -> None:
    """Markdown by way of a Word file."""
    pandoc(source, folder / f"{target.stem}.docx")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(target.parent),
        str(folder / f"{target.stem}.docx"))  # fmt: skip


def chromium(source: Path, target: Path, folder: Path) -> None:
    """Markdown by way of a page, printed."""
    run("chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={target}",
        f"file://{html_of(source, folder)}")  # fmt: skip


def weasyprint(source: Path, target: Path, folder: Path) -> None:
    """Markdown by way of a page with running head and foot."""
    run("weasyprint", str(html_of(source, folder)), str(target))


def typst(source: Path, target: Path, folder: Path, columns: int = 2) -> None:
    """Markdown by way of Typst: justified, hyphenated, two columns, running head and foot."""
    import typst as compiler

    pandoc(source, folder / f"{target.stem}.typ")
    text = (folder / f"{target.stem}.typ").read_text()
    text = re.sub(r"#link\([^)]*\)\[", "[", text)
    text = re.sub(r"<[\w.:-]+>$", "", text, flags=re.M)
    (folder / f"{target.stem}.typ").write_text(TYPST.format(columns=columns) + text)
    try:
        compiler.compile(str(folder / f"{target.stem}.typ"), output=str(target))
    except RuntimeError as error:
        print(f"typst: {source.stem}: {str(error)[:300]}")


def typst_one(source: Path, target: Path, folder: Path) -> None:
    """The same in one column."""
    typst(source, target, folder, columns=1)


def _narrow(spec: re.Match[str]) -> str:
    """Columns that fit into one column of the page together."""
    n = len(spec[1])
    return "{" + f"p{{{0.84 / n:.2f}\\linewidth}}" * n + "}"


def latex(source: Path, target: Path, folder: Path) -> None:
    """Markdown by way of two-column LaTeX."""
    body = folder / f"{target.stem}.body.tex"
    pandoc(source, body, "-t", "latex", "--no-highlight", "--columns=60")
    text = body.read_text()
    text = re.sub(
        r"\\begin\{longtable\}(?:\[\])?", r"\\begin{center}\\footnotesize\\begin{tabular}", text
    )
    text = re.sub(r"\\bottomrule\\noalign\{\}\s*\\endlastfoot", "", text)
    text = text.replace(r"\end{longtable}", r"\bottomrule\end{tabular}\end{center}")
    text = re.sub(r"\\(?:endhead|endfirsthead|endlastfoot)\b", "", text)
    text = re.sub(r"\{@\{\}([lrc]{2,})@\{\}\}", _narrow, text)
    text = text.replace(r"\begin{verbatim}", r"{\tiny\begin{verbatim}")
    text = text.replace(r"\end{verbatim}", r"\end{verbatim}}")
    text = text.replace(r"\noalign{}", "")
    main = folder / f"{target.stem}.tex"
    main.write_text(LATEX + text + "\n\\end{document}\n")
    for _ in range(2):
        run("pdflatex", "-interaction=batchmode", main.name, cwd=folder)
    if (folder / f"{target.stem}.pdf").exists():
        shutil.copy(folder / f"{target.stem}.pdf", target)


MAKERS: dict[str, Callable[[Path, Path, Path], None]] = {
    "libreoffice": libreoffice,
    "chromium": chromium,
    "weasyprint": weasyprint,
    "typst2": typst,
    "typst1": typst_one,
    "latex2": latex,
}


def strip(source: Path, target: Path) -> None:
    """The same PDF without outline and structure tree."""
    import pikepdf

    with pikepdf.open(source) as pdf:
        for key in ("/Outlines", "/StructTreeRoot", "/MarkInfo"):
            if key in pdf.Root:
                del pdf.Root[key]
        pdf.save(target)


def canonical(file: Path) -> str | None:
    """The canonical text of a Markdown file, None when there is none."""
    made = ingest.read_bytes(file.read_bytes(), path=file.name, media_type="text/markdown")
    return made.text if isinstance(made, Document) else None


def make(folder: Path, out: Path, makers: Sequence[str]) -> None:
    """PDFs of every Markdown file of a folder: OUT/<maker>/<name>.pdf and OUT/<name>.md."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        for file in sorted(folder.glob("*.md")):
            text = canonical(file)
            if text is None:
                continue
            source = out / file.name
            source.write_text(text)
            for maker in makers:
                target = out / maker / f"{file.stem}.pdf"
                target.parent.mkdir(exist_ok=True)
                MAKERS[maker](source.absolute(), target.absolute(), Path(temporary))
                bare = out / f"{maker}-bare" / target.name
                bare.parent.mkdir(exist_ok=True)
                if target.exists():
                    strip(target, bare)


def flat(text: str) -> str:
    """Letters and digits only."""
    return re.sub(r"[\W_]+", "", text).casefold()


def tokens(text: str) -> list[str]:
    """The words of canonical Markdown."""
    text = re.sub(r"(?m)^(?:\s*\d+[.)] |`{3,}.*$)", " ", text)
    return re.findall(r"[^\W_]+", text.casefold())


def body(document: Document, block: Block) -> str:
    """A block without its markup."""
    text = document.text[block.start : block.end]
    if block.kind == "code":
        return "\n".join(line.rstrip() for line in text.split("\n")[1:-1])
    return re.sub(r"^\s*(?:[-#>]+|\d+[.)]) ", "", text)


def rows(document: Document) -> Counter[tuple[str, ...]]:
    """The rows of all tables with their cells folded."""
    found: Counter[tuple[str, ...]] = Counter()
    for block in document.blocks:
        if block.kind == "table":
            for line in document.text[block.start : block.end].split("\n"):
                cells = tuple(flat(cell) for cell in re.split(r"(?<!\\)\|", line)[1:-1])
                if any(cells):
                    found[cells] += 1
    return found


def share(wanted: Counter[tuple[str, ...]], got: Counter[tuple[str, ...]]) -> float | None:
    """How much of wanted is in got; None when nothing is wanted."""
    total = sum(wanted.values())
    return sum((wanted & got).values()) / total if total else None


def headings(document: Document) -> Counter[tuple[str, ...]]:
    """The headings, folded."""
    return Counter((flat(body(document, b)),) for b in document.blocks if b.kind == "heading")


def codes(document: Document) -> Counter[tuple[str, ...]]:
    """The code blocks as they are."""
    return Counter((body(document, b),) for b in document.blocks if b.kind == "code")


def stacks(document: Document) -> list[tuple[str, ...]]:
    """The headings above every block; a title that is no heading does not count."""
    above: list[tuple[int, str]] = []
    found: list[tuple[str, ...]] = []
    for block in document.blocks:
        if block.kind == "heading":
            above = [item for item in above if item[0] < block.level]
            above.append((block.level, flat(body(document, block))))
        found.append(tuple(name for _, name in above))
    return found


def paths(truth: Document, got: Document) -> float:
    """The share of blocks of the truth that are found under the right full heading path."""
    starts = [0]
    texts = [flat(body(got, block)) for block in got.blocks]
    for text in texts:
        starts.append(starts[-1] + len(text))
    joined = "".join(texts)
    wanted_paths, got_paths = stacks(truth), stacks(got)
    right = wanted = at = 0
    for block, path in zip(truth.blocks, wanted_paths, strict=True):
        key = flat(body(truth, block))[:60]
        if block.kind == "heading" or not key:
            continue
        wanted += 1
        found = joined.find(key, max(0, at - 300))
        if found < 0:
            found = joined.find(key)
        if found >= 0:
            at = found
            right += got_paths[bisect_right(starts, found) - 1] == path
    return right / wanted if wanted else 1.0


def order(truth: Document, got: Document) -> float:
    """The share of the word groups common to both that stand in the same order."""
    wanted, found = (
        [tuple(words[i : i + 5]) for i in range(len(words) - 4)]
        for words in (tokens(truth.text), tokens(got.text))
    )
    once_w = {g for g, n in Counter(wanted).items() if n == 1}
    place = {g: at for at, g in enumerate(found)}
    once_f = {g for g, n in Counter(found).items() if n == 1}
    sequence = [place[group] for group in wanted if group in once_w and group in once_f]
    tails: list[int] = []
    for at in sequence:
        slot = bisect_left(tails, at)
        tails[slot : slot + 1] = [at]
    return len(tails) / len(sequence) if sequence else 1.0


@dataclass
class Score:
    """The measures of one file; None where the truth has nothing to measure."""

    recall: float | None
    precision: float | None
    heading: float | None
    heading_precision: float | None
    path: float | None
    code: float | None
    row: float | None
    order: float | None


def score(truth: Document, got: Document) -> Score:
    """One file against its truth."""
    wanted, found = (Counter((w,) for w in tokens(d.text)) for d in (truth, got))
    return Score(
        recall=share(wanted, found),
        precision=share(found, wanted),
        heading=share(headings(truth), headings(got)),
        heading_precision=share(headings(got), headings(truth)),
        path=paths(truth, got),
        code=share(codes(truth), codes(got)),
        row=share(rows(truth), rows(got)),
        order=order(truth, got),
    )


def show(measure: str, truth: Document, got: Document) -> None:
    """What is missing or too much, for one measure."""
    pairs = {
        "code": (codes(truth), codes(got)),
        "row": (rows(truth), rows(got)),
        "heading": (headings(truth), headings(got)),
        "word": tuple(Counter((w,) for w in tokens(d.text)) for d in (truth, got)),
    }
    wanted, found = pairs[measure]
    print("   missing:", list((wanted - found).items())[:12])
    print("   too much:", list((found - wanted).items())[:12])


def score_all(out: Path, only: str, measure: str) -> None:
    """Print the mean measures of every maker."""
    print(f"{'maker':18} {'n':>2}", *(f"{name:>9.9}" for name in Score.__annotations__))
    for folder in sorted(path for path in out.iterdir() if path.is_dir() and only in path.name):
        scores: list[Score] = []
        for file in sorted(folder.glob("*.pdf")):
            source = out / f"{file.stem}.md"
            truth = ingest.read_bytes(
                source.read_bytes(), path=source.name, media_type="text/markdown"
            )
            got = ingest.read_bytes(
                file.read_bytes(), path=source.name, media_type="application/pdf"
            )
            assert isinstance(truth, Document)
            if not isinstance(got, Document):
                print(f"   {file}: {got}")
                continue
            scores.append(score(truth, got))
            if measure:
                print("  ", folder.name, file.name, scores[-1])
                show(measure, truth, got)
        means = []
        for name in Score.__annotations__:
            values = [v for s in scores if (v := getattr(s, name)) is not None]
            means.append(f"{sum(values) / len(values):9.3f}" if values else f"{'-':>9}")
        print(f"{folder.name:18} {len(scores):2}", *means)


def speed(out: Path) -> None:
    """Print pages per second of this reader and of bare text extraction."""
    files = [path.read_bytes() for path in sorted(out.glob("*/*.pdf"))]
    from builder.ingest import pdf

    def bare(data: bytes) -> None:
        import pypdfium2

        with pypdfium2.PdfDocument(data) as document:
            for page in document:
                page.get_textpage().get_text_range()

    def miner(data: bytes) -> None:
        import io

        from pdfminer.high_level import extract_text

        extract_text(io.BytesIO(data))

    def plumber(data: bytes) -> None:
        import io

        import pdfplumber

        with pdfplumber.open(io.BytesIO(data)) as document:
            for page in document.pages:
                page.extract_text()
                page.extract_tables()

    import pypdfium2

    n_pages = sum(len(pypdfium2.PdfDocument(data)) for data in files)
    print(f"{len(files)} files, {n_pages} pages")
    works: dict[str, Callable[[bytes], object]] = {
        "builder": pdf.parse, "pypdfium2 text": bare, "pdfminer.six text": miner,
        "pdfplumber text+tables": plumber,
    }  # fmt: skip
    for name, work in works.items():
        try:
            work(files[0])
        except ImportError:
            print(f"{name:24} not installed")
            continue
        began = time.perf_counter()
        for data in files:
            work(data)
        print(f"{name:24} {n_pages / (time.perf_counter() - began):8.1f} pages/s")


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make")
    making.add_argument("folder", type=Path)
    making.add_argument("out", type=Path)
    making.add_argument("--makers", default=",".join(MAKERS))
    scoring = commands.add_parser("score")
    scoring.add_argument("out", type=Path)
    scoring.add_argument("--only", default="", help="makers whose name holds this")
    scoring.add_argument("--show", default="", choices=["", "code", "row", "heading", "word"])
    commands.add_parser("speed").add_argument("out", type=Path)
    args = parser.parse_args()
    if args.command == "make":
        make(args.folder, args.out, args.makers.split(","))
    elif args.command == "score":
        score_all(args.out, args.only, args.show)
    else:
        speed(args.out)


if __name__ == "__main__":
    main()
