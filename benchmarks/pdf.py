"""How truly PDF files are read, and how fast: against the Markdown that they were made from.

    python benchmarks/pdf.py make FOLDER OUT [--makers chromium,typst2] [--looks held]
                                                                          make PDFs of FOLDER/*.md
    python benchmarks/pdf.py score OUT [--show MEASURE]                   read them and compare
    python benchmarks/pdf.py speed OUT                                    pages/s beside peers

The Markdown is brought to its canonical text first; that is the truth beside every PDF. Makers
are whatever of these is installed: pandoc and soffice (LibreOffice), chromium, weasyprint, typst
(Python package), pdflatex. Looks are those of pdf_styles.py: one plain one, or two times four that
rules may be made on ("looked", "held"), four whose sizes tell little of levels ("levels"), or four
that are only scored ("fresh"). "bare" makers are the same files without outline and tags (pikepdf).
A number that a maker puts before a heading is not held against the reader, nor is a letter that the
maker had no glyph for.
"""

from __future__ import annotations

import argparse
import itertools
import re
import shutil
import subprocess
import tempfile
import time
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, get_args
from zipfile import ZipFile

import pdf_styles

from builder import ingest
from builder.records import Block, Document

Look = TypeVar("Look")
_STEP = r"(?:[IVX]+|[A-Z]|\d{1,2}|[a-z])"
_COUNTED = re.compile(
    rf"\A(?:(?:(?:Chapter|Kapitel)\s+)?(?:{_STEP}(?:\.{_STEP})*[.)]|"
    r"(?:\d{1,2}|[A-Z](?=\.))(?:\.(?:\d{1,2}|[a-z]))*)\s+)+"
)


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


@dataclass(frozen=True)
class Job:
    """One file to make: in a look of its half, chosen by the place of the document."""

    source: Path
    target: Path
    folder: Path
    half: pdf_styles.Half
    at: int

    def look(self, looks: dict[pdf_styles.Half, list[Look]]) -> Look:
        """The look of this document."""
        return looks[self.half][self.at % len(looks[self.half])]


def html_of(job: Job) -> Path:
    """A styled page of the Markdown."""
    stem = job.source.stem
    css, page = job.folder / "style.css", job.folder / f"{stem}.html"
    css.write_text(job.look(pdf_styles.CSS))
    pandoc(job.source, page, "-s", "--embed-resources", "--css", str(css), "--metadata",
           f"title={stem}", "--metadata", "lang=en")  # fmt: skip
    text = page.read_text()
    page.write_text(re.sub(r'<header id="title-block-header">.*?</header>', "", text, flags=re.S))
    return page


def reference(look: pdf_styles.Office, target: Path) -> Path:
    """pandoc's own Word template with the sizes and the face of a look."""
    own = subprocess.run(
        ["pandoc", "--print-default-data-file", "reference.docx"],  # noqa: S607
        capture_output=True,
        check=True,
    ).stdout
    target.with_suffix(".in").write_bytes(own)
    with ZipFile(target.with_suffix(".in")) as old, ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/styles.xml":
                text = data.decode()
                weight = "<w:b/>" if look.bold else '<w:b w:val="0"/>'
                face = f'<w:rFonts w:ascii="{look.face}" w:hAnsi="{look.face}"/>'
                sized = [f'{face}{weight}<w:sz w:val="{round(2 * size)}"/>' for size in look.sizes]
                for level, marks in enumerate(look.runs or sized, 1):
                    shown = f"<w:rPr>{marks}</w:rPr>"
                    text = re.sub(
                        rf'(<w:style [^>]*w:styleId="Heading{level}".*?)<w:rPr>.*?</w:rPr>',
                        lambda found, shown=shown: found[1] + shown, text, count=1, flags=re.S,
                    )  # fmt: skip
                data = text.encode()
            new.writestr(name, data)
    return target


def libreoffice(job: Job) -> None:
    """Markdown by way of a file that LibreOffice opens."""
    look = job.look(pdf_styles.OFFICE)
    between = job.folder / f"{job.target.stem}.{look.way}"
    if look.way == "html":
        pandoc(job.source, between, "-s", "--metadata", f"title={job.source.stem}")
        text = between.read_text()
        text = re.sub(r'<header id="title-block-header">.*?</header>|<style>.*?</style>', "", text,
                      flags=re.S)  # fmt: skip
        between.write_text(text)
    elif look.sizes or look.runs:
        template = reference(look, job.folder / "reference.docx")
        numbers = ["--number-sections"] if look.numbered else []
        pandoc(job.source, between, "--reference-doc", str(template), *numbers)
    else:
        pandoc(job.source, between)
    filter_ = "writer_web_pdf_Export" if look.way == "html" else "writer_pdf_Export"
    tagged = ':{"UseTaggedPDF":{"type":"boolean","value":"true"}}' if look.tagged else ""
    run("soffice", f"-env:UserInstallation=file://{job.folder}/profile", "--headless",
        "--convert-to", f"pdf:{filter_}{tagged}", "--outdir", str(job.target.parent),
        str(between))  # fmt: skip


def chromium(job: Job) -> None:
    """Markdown by way of a page, printed."""
    run("chromium", "--headless", "--no-sandbox", "--disable-gpu",
        f"--print-to-pdf={job.target}", f"file://{html_of(job)}")  # fmt: skip


def weasyprint(job: Job) -> None:
    """Markdown by way of a page with running head and foot."""
    run("weasyprint", str(html_of(job)), str(job.target))


def typst(job: Job, columns: int = 2) -> None:
    """Markdown by way of Typst: justified, hyphenated, running head and foot."""
    import typst as compiler

    file = job.folder / f"{job.target.stem}.typ"
    pandoc(job.source, file)
    text = re.sub(r"#link\([^)]*\)\[", "[", file.read_text())
    text = re.sub(r"^<[\w.:-]+>$", "", text, flags=re.M)  # labels, below their headings
    look = job.look(pdf_styles.TYPST).replace("{columns}", str(columns))
    if script := pdf_styles.script_of(text):
        look += f'#set text(font: ("Libertinus Serif", "Noto Serif CJK {script}"))\n'
    file.write_text(look + text)
    try:
        compiler.compile(str(file), output=str(job.target))
    except RuntimeError as error:
        print(f"typst: {job.source.stem}: {str(error)[:300]}")


def typst_one(job: Job) -> None:
    """The same in one column."""
    typst(job, columns=1)


def _narrow(spec: re.Match[str]) -> str:
    """Columns that fit into one column of the page together."""
    n = len(spec[1])
    return "{" + rf"p{{\dimexpr(\linewidth-{2 * n}\tabcolsep)/{n}\relax}}" * n + "}"


def latex(job: Job) -> None:
    """Markdown by way of LaTeX, in two columns most of the time."""
    look = job.look(pdf_styles.LATEX)
    stem = job.target.stem
    source, body = job.folder / f"{stem}.in.md", job.folder / f"{stem}.body.tex"
    text, title = job.source.read_text(), ""
    if look.titled and (found := re.match(r"# (.*)\n", text)) and not re.search(r"\n# ", text):
        title = re.sub(r"[`*_\\]", "", found[1])
        text = text[found.end() :]
    source.write_text(text)
    options = ["--top-level-division=chapter"] if look.chapters else []
    options += ["--shift-heading-level-by=-1"] if title else []
    pandoc(source, body, "-t", "latex", "--no-highlight", "--columns=60", *options)
    text = body.read_text()
    if look.columns == 2:
        text = _in_columns(text)
    made_title = rf"\title{{{title}}}\author{{}}\date{{}}" if title else ""
    begin = "\\begin{document}\n" + ("\\maketitle\n" if title else "")
    main = job.folder / f"{stem}.tex"
    script = pdf_styles.script_of(text)
    faces = "".join(
        rf"\setCJK{kind}font{{Noto {face} CJK {script}}}"
        for kind, face in (("main", "Serif"), ("sans", "Sans"), ("mono", "Sans Mono"))
    )
    blanks = r"\xeCJKsetup{CJKspace=true}" if script == "KR" else ""
    wide = rf"\usepackage{{xeCJK}}{blanks}{faces}" if script else ""
    main.write_text(look.preamble + wide + made_title + begin + text + "\n\\end{document}\n")
    for _ in range(2):
        run(
            "xelatex" if script else "pdflatex", "-interaction=batchmode", main.name, cwd=job.folder
        )
    if (job.folder / f"{stem}.pdf").exists():
        shutil.move(job.folder / f"{stem}.pdf", job.target)


def _in_columns(text: str) -> str:
    """LaTeX of pandoc whose tables and code fit into a column."""
    text = re.sub(
        r"\\begin\{longtable\}(?:\[\])?", r"\\begin{center}\\footnotesize\\begin{tabular}", text
    )
    text = re.sub(r"\\bottomrule\\noalign\{\}\s*\\endlastfoot", "", text)
    text = text.replace(r"\end{longtable}", r"\bottomrule\end{tabular}\end{center}")
    text = re.sub(r"\\(?:endhead|endfirsthead|endlastfoot)\b", "", text)
    text = re.sub(r"\{@\{\}([lrc]{2,})@\{\}\}", _narrow, text)
    text = text.replace(r"\begin{verbatim}", r"{\tiny\begin{verbatim}")
    text = text.replace(r"\end{verbatim}", r"\end{verbatim}}")
    return text.replace(r"\noalign{}", "")


MAKERS: dict[str, Callable[[Job], None]] = {
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
    """The canonical text of a Markdown file, with blanks for tabs, None when there is none."""
    made = ingest.read_bytes(file.read_bytes(), path=file.name, media_type="text/markdown")
    return made.text.expandtabs(4) if isinstance(made, Document) else None


def make(folder: Path, out: Path, makers: Sequence[str], half: pdf_styles.Half) -> None:
    """PDFs of every Markdown file of a folder: OUT/<maker>/<name>.pdf and OUT/<name>.md."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        for at, file in enumerate(sorted(folder.glob("*.md"))):
            text = canonical(file)
            if text is None:
                continue
            source = out / file.name
            source.write_text(text)
            for maker in makers:
                target = out / maker / f"{file.stem}.pdf"
                target.parent.mkdir(exist_ok=True)
                MAKERS[maker](Job(source.absolute(), target.absolute(), Path(temporary), half, at))
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
    text = re.sub(r"(?m)^(#+ )(.*)", lambda found: found[1] + _COUNTED.sub("", found[2]), text)
    return re.findall(r"[^\W_]+", text.casefold())


def body(document: Document, block: Block) -> str:
    """A block without its markup."""
    text = document.text[block.start : block.end]
    if block.kind == "code":
        return "\n".join(line.rstrip() for line in text.split("\n")[1:-1]).strip("\n")
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


def title_of(document: Document, block: Block) -> str:
    """A heading folded, without the number that its maker may have put before it."""
    text = body(document, block)
    return flat(_COUNTED.sub("", text)) or flat(text)


def headings(document: Document) -> Counter[tuple[str, ...]]:
    """The headings, folded."""
    return Counter((title_of(document, b),) for b in document.blocks if b.kind == "heading")


def codes(document: Document) -> Counter[tuple[str, ...]]:
    """The code blocks as they are."""
    return Counter((body(document, b),) for b in document.blocks if b.kind == "code")


def stacks(document: Document, *, untitled: bool = False) -> list[tuple[str, ...]]:
    """The headings above every block; a title that is no heading does not count.

    untitled: the maker lost the heading that the document begins with.
    """
    above: list[tuple[int, str]] = []
    found: list[tuple[str, ...]] = []
    for at, block in enumerate(document.blocks):
        if block.kind == "heading" and not (untitled and at == 0):
            above = [item for item in above if item[0] < block.level]
            above.append((block.level, title_of(document, block)))
        found.append(tuple(name for _, name in above))
    return found


def begins_empty(data: bytes) -> bool:
    """Whether nothing is printed on the first page.

    LibreOffice's web export leaves the only h1 of a page out and prints an empty page in its place.
    """
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        return not any(True for _ in document[0].get_objects())


def printed(text: str, data: bytes) -> str:
    """A text without the letters that a PDF file holds nowhere: its fonts had none for them."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        shown = "".join(page.get_textpage().get_text_range() for page in document)
    letters = set(shown) | set(unicodedata.normalize("NFKC", shown))
    return "".join(one for one in text if one.isascii() or not one.isalpha() or one in letters)


def paths(truth: Document, got: Document, *, untitled: bool = False) -> float:
    """The share of blocks of the truth that are found under the right full heading path.

    A block is looked for by its first 60 letters; of several places the one counts that is nearest
    to where its neighbours are, which blocks that occur once in both texts tell.
    """
    keys = [flat(body(truth, block))[:60] for block in truth.blocks]
    places = list(
        itertools.accumulate((len(flat(body(truth, b))) for b in truth.blocks), initial=0)
    )
    texts = [flat(body(got, block)) for block in got.blocks]
    starts = list(itertools.accumulate(map(len, texts), initial=0))
    joined = "".join(texts)
    sure = [(0, 0)]
    for key, place in zip(keys, places, strict=False):
        at = joined.find(key) if len(key) >= 20 and keys.count(key) == 1 else -1
        if at >= 0 and joined.find(key, at + 1) < 0:
            sure.append((place, at))
    wanted_paths, got_paths = stacks(truth, untitled=untitled), stacks(got)
    right = wanted = 0
    for key, place, block, path in zip(keys, places, truth.blocks, wanted_paths, strict=False):
        if block.kind == "heading" or not key:
            continue
        wanted += 1
        before = sure[bisect_right(sure, (place, len(joined))) - 1]
        near = before[1] + place - before[0]
        hits = [found.start() for found in re.finditer(f"(?={re.escape(key)})", joined)]
        if hits:
            at = min(hits, key=lambda hit: abs(hit - near))
            right += got_paths[bisect_right(starts, at) - 1] == path
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


def score(truth: Document, got: Document, *, untitled: bool = False) -> Score:
    """One file against its truth."""
    wanted, found = (Counter((w,) for w in tokens(d.text)) for d in (truth, got))
    return Score(
        recall=share(wanted, found),
        precision=share(found, wanted),
        heading=share(headings(truth), headings(got)),
        heading_precision=share(headings(got), headings(truth)),
        path=paths(truth, got, untitled=untitled),
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
            shown = printed(source.read_text(), file.read_bytes())
            truth = ingest.read_bytes(shown.encode(), path=source.name, media_type="text/markdown")
            got = ingest.read_bytes(
                file.read_bytes(), path=source.name, media_type="application/pdf"
            )
            assert isinstance(truth, Document)
            if not isinstance(got, Document):
                print(f"   {file}: {got}")
                continue
            scores.append(score(truth, got, untitled=begins_empty(file.read_bytes())))
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
    making.add_argument("--looks", default="plain", choices=get_args(pdf_styles.Half))
    scoring = commands.add_parser("score")
    scoring.add_argument("out", type=Path)
    scoring.add_argument("--only", default="", help="makers whose name holds this")
    scoring.add_argument("--show", default="", choices=["", "code", "row", "heading", "word"])
    commands.add_parser("speed").add_argument("out", type=Path)
    args = parser.parse_args()
    if args.command == "make":
        make(args.folder, args.out, args.makers.split(","), args.looks)
    elif args.command == "score":
        score_all(args.out, args.only, args.show)
    else:
        speed(args.out)


if __name__ == "__main__":
    main()
