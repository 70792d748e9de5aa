"""How much of real sites the HTML reader gets right, and how fast it is.

    python benchmarks/html_sites.py quality SOURCES --sites FOLDER [--tools BIN] [--node FOLDER]
                                    [--sphinx alabaster,furo] [--mkdocs material]
    python benchmarks/html_sites.py speed PAGES

quality builds one site per generator from the Markdown files below SOURCES and compares what the
reader makes of every page with the syntax tree of its source. It needs pandoc; of the rest, what
is missing is left out: sphinx-build with myst-parser and themes, mkdocs and zensical in BIN,
vitepress, honkit, docusaurus, vuepress, starlight and rspress in FOLDER/node_modules, asciidoctor.
A site that FOLDER has is not built again; --built scores one that another generator made of them.

speed reads the HTML files below PAGES in one process, by turns with a bare parse of lxml, a parse
with one walk of the tree, and those peers that can be imported: an environment with builder and
benchmarks/requirements-html.txt has them all.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.ingest import read_bytes
from builder.records import Document

THEMES = (
    "alabaster furo sphinx_rtd_theme pydata_sphinx_theme sphinx_book_theme classic "
    "shibuya sphinxawesome_theme haiku agogo bizstyle piccolo_theme sphinx_nefertiti"
).split()
MKDOCS = ("material", "readthedocs", "mkdocs", "terminal")
PLAIN = "markdown_strict+pipe_tables+backtick_code_blocks-raw_html"
Path_ = tuple[str, ...]


@dataclass
class Truth:
    """What a source says. blocks: normalised text with the headings over it."""

    words: Counter[str] = field(default_factory=Counter)
    blocks: list[tuple[str, Path_]] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    rows: list[Path_] = field(default_factory=list)


def plain(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(re.findall(r"[^\W_]", text)).casefold()


def words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return re.findall(r"[^\W_]+", text.casefold())


def truth(markdown: str) -> Truth:
    """The blocks of a Markdown source, from its syntax tree."""
    from markdown_it import MarkdownIt

    found = Truth()
    above: list[tuple[int, str]] = []
    row: list[str] = []
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    for at, token in enumerate(tokens):
        if token.type in ("fence", "code_block"):
            code = token.content.strip("\n")
            found.code.append(code)
            found.words.update(words(code))
            continue
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            found.rows.append(_filled(row))
        if token.type != "inline":
            continue
        text = "".join(
            child.content
            if child.type in ("text", "code_inline")
            else " " * ("break" in child.type)
            for child in token.children or ()
        )
        found.words.update(words(text))
        opening = tokens[at - 1]
        if opening.type == "heading_open":
            level = int(opening.tag[1])
            above = [entry for entry in above if entry[0] < level] + [(level, plain(text))]
        elif opening.type in ("td_open", "th_open"):
            row.append(plain(text))
        elif plain(text):
            found.blocks.append((plain(text), tuple(name for _, name in above)))
    return found


@dataclass
class Score:
    """Counts over the pages of a site: right ones of all."""

    pages: int = 0
    said: int = 0
    found: int = 0
    given: int = 0
    path: tuple[int, int] = (0, 0)
    code: tuple[int, int] = (0, 0)
    rows: tuple[int, int] = (0, 0)
    uncounted: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, name: str, told: Truth, read: Document) -> None:
        """Compare one page with its source."""
        self.pages += 1
        blocks = [(read.text[block.start : block.end], block) for block in read.blocks]
        given: Counter[str] = Counter()
        code: Counter[str] = Counter()
        rows: Counter[Path_] = Counter()
        paths: dict[str, list[Path_]] = {}
        for text, block in blocks:
            if block.kind == "code":
                text = text.partition("\n")[2].rpartition("\n")[0]
                code[text.strip("\n")] += 1
            elif block.kind == "table":
                for line in text.split("\n"):
                    if not re.fullmatch(r"[|: -]+", line):
                        cells = re.split(r"(?<!\\)\|", line)[1:-1]
                        rows[_filled(map(plain, cells))] += 1
                text = re.sub(r"(?m)^[|: -]+$", "", text)
            else:
                text = re.sub(r"^\s*(?:[-*]|\d+\.) ", "", text)
                paths.setdefault(plain(text), []).append(tuple(map(plain, block.heading_path)))
            given.update(words(text if block.kind == "code" else text.replace("`", "")))
        kept = sum((given & told.words).values())
        self.said += sum(told.words.values())
        self.found += kept
        self.given += sum(given.values())
        right = 0
        for text, path in told.blocks:
            at = paths.get(text, [])
            if path in at:
                at.remove(path)
                right += 1
            else:
                self.faults.append(f"{name}: path {path[-2:]} {text[:60]} -> {at[:1]}")
        self.path = self.path[0] + right, self.path[1] + len(told.blocks)
        self.code = _matched(self.code, told.code, code, name, self.faults)
        self.rows = _matched(self.rows, told.rows, rows, name, self.faults)
        extra, lost = given - told.words, told.words - given
        if extra or lost:
            self.faults.append(
                f"{name}: extra {dict(extra.most_common(6))} lost {dict(lost.most_common(6))}"
            )
        dropped = sum(part.characters for part in read.dropped)
        unread = sum(
            part.characters for part in read.dropped if part.what == "text without a block"
        )
        self.uncounted += unread + max(0, dropped - (read.visible or 0))

    def line(self, name: str) -> str:
        """One row of the table of results."""
        shares = [self.found / max(1, self.said), self.found / max(1, self.given)]
        shares += [good / all_ if all_ else 1.0 for good, all_ in (self.path, self.code, self.rows)]
        cells = " ".join(f"{share:9.4f}" for share in shares)
        counts = f"{self.path[1]:6} {self.code[1]:5} {self.rows[1]:5} {self.uncounted:6}"
        return f"{name:<28} {self.pages:5} {cells} {counts}"


def _filled(cells: Iterable[str]) -> Path_:
    """The cells of a row; empty ones at its end only fill a wider table."""
    row = list(cells)
    while row and not row[-1]:
        row.pop()
    return tuple(row)


def _matched(
    before: tuple[int, int],
    told: Iterable[object],
    found: Counter[Any],
    name: str,
    faults: list[str],
) -> tuple[int, int]:
    good, total = before
    for item in told:
        total += 1
        if found[item]:
            found[item] -= 1
            good += 1
        else:
            faults.append(f"{name}: not found {str(item)[:160]!r}")
    return good, total


def prepare(sources: Path, folder: Path) -> dict[str, Truth]:
    """Plain Markdown of every source that has one title; its truth by the name of its page."""
    folder.mkdir(parents=True, exist_ok=True)
    told: dict[str, Truth] = {}
    for path in sorted(sources.rglob("*.md")):
        name = (
            re.sub(r"\W+", "-", str(path.relative_to(sources).with_suffix(""))).strip("-").lower()
        )
        target = folder / f"{name}.md"
        if not target.exists():
            target.write_text(_plain_markdown(path))
        text = target.read_text()
        prose = _without_code(text).lstrip()
        titled = prose.startswith("# ") and len(re.findall(r"(?m)^# ", prose)) == 1
        if len(text) > 500 and titled and "{{" not in text:
            told[name] = truth(text)
            continue
        target.unlink()
    (folder / "index.md").write_text("# Contents\n\n" + "".join(f"- [{n}]({n}.md)\n" for n in told))
    return told


def _without_code(text: str) -> str:
    return re.sub(r"(?ms)^ *(`{3,}).*?^ *\1", "", text)


def _plain_markdown(path: Path) -> str:
    text = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(), flags=re.S)
    text = re.sub(r"[ \t]*\{:?[ \t]*(?:[#.]|\w+=)[^{}\n]*\}", "", text)  # attribute lists
    text = re.sub(r"(?m)^> #+ ", "> ", text)
    text = re.sub(r"(?m)^> \[!\w+\][ \t]*\n", "", text)
    text = re.sub(r"(?m)^(?:!!!|\?\?\?|:::|===|--8<--).*$", "", text)
    text = re.sub(r"(?m)^(\s*```+)[ {]*(\w*).*$", r"\1\2", text)
    command = ["pandoc", "-f", "gfm-raw_html", "-t", PLAIN, "--wrap=none"]
    made = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    made = re.sub(r"!\[([^\[\]]*)\]\((?!https?:)[^()]*\)", r"\1", made)  # there are no pictures
    made = re.sub(r"\]\((?!https?:|#)[^()]*\)", "](index.md)", made)  # nor most of the other pages
    return re.sub(r"(?m)^(`{3,}) (\w)", r"\1\2", made)


def run(*command: str | Path, cwd: Path | None = None) -> None:
    """Run a generator; its last words are shown when it fails."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        print(f"  {Path(command[0]).name} failed: {(done.stderr or done.stdout)[-600:]}")


def sites(args: argparse.Namespace, source: Path) -> Iterator[tuple[str, Path]]:
    """Build every site that can be built: its name and the folder of its pages."""
    folder, tools, node = args.sites, args.tools, args.node
    if (tools / "sphinx-build").exists():
        for theme in args.sphinx.split(","):
            yield (
                f"sphinx {theme}",
                _once(folder / f"sphinx-{theme}", _sphinx(theme, source, tools)),
            )
    if (tools / "mkdocs").exists():
        for theme in args.mkdocs.split(","):
            yield (
                f"mkdocs {theme}",
                _once(folder / f"mkdocs-{theme}", _mkdocs(theme, source, tools)),
            )
    if (tools / "zensical").exists():
        yield "zensical", _once(folder / "zensical", _zensical(source, tools))
    if (node / "node_modules/vitepress").exists():
        yield "vitepress", _once(folder / "vitepress", _vitepress(source, node))
    if (node / "node_modules/honkit").exists():
        yield "honkit", _once(folder / "honkit", _honkit(source, node))
    if (node / "node_modules/@docusaurus/preset-classic").exists():
        yield "docusaurus", _once(folder / "docusaurus", _docusaurus(source, node))
    if (node / "node_modules/vuepress").exists():
        yield "vuepress", _once(folder / "vuepress", _vuepress(source, node))
    if (node / "node_modules/@astrojs/starlight").exists():
        yield "starlight", _once(folder / "starlight", _starlight(source, node))
    if (node / "node_modules/rspress").exists():
        yield "rspress", _once(folder / "rspress", _rspress(source, node))
    yield "pandoc -s --toc", _once(folder / "pandoc", _pandoc(source))
    if shutil.which("asciidoctor"):
        yield "asciidoctor", _once(folder / "asciidoctor", _asciidoctor(source))
    yield from ((built.name, built) for built in args.built)


def _once(folder: Path, build: Callable[[Path], None]) -> Path:
    if not folder.exists():
        folder.mkdir(parents=True)
        build(folder)
    return folder


def _sphinx(theme: str, source: Path, tools: Path) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        conf = folder / "conf"
        conf.mkdir()
        lines = ['project = "Tern"', 'author = "Tern"', 'extensions = ["myst_parser"]']
        lines += [
            f'html_theme = "{theme}"',
            'html_last_updated_fmt = "%d %b %Y"',
            'version = "3.8"',
        ]
        (conf / "conf.py").write_text("\n".join(lines))
        run(tools / "sphinx-build", "-q", "-j2", "-c", conf, source, folder / "out")

    return build


def _mkdocs(theme: str, source: Path, tools: Path) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        extensions = ["tables", "toc", "pymdownx.superfences", "pymdownx.highlight"]
        config = {
            "site_name": "Tern",
            "docs_dir": str(source.resolve()),
            "theme": {"name": theme},
            "copyright": "Copyright 2025 Tern",
            "markdown_extensions": extensions,
        }
        (folder / "mkdocs.yml").write_text(json.dumps(config))
        run(tools / "mkdocs", "build", "-q", "-f", folder / "mkdocs.yml", "-d", "out")

    return build


def _zensical(source: Path, tools: Path) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        config = {
            "site_name": "Tern",
            "docs_dir": "docs",
            "site_dir": "out",
            "copyright": "Copyright 2026 Tern",
            "markdown_extensions": ["tables", "toc", "pymdownx.superfences", "pymdownx.highlight"],
        }
        shutil.copytree(source, folder / "docs")
        (folder / "mkdocs.yml").write_text(json.dumps(config))
        run(tools.resolve() / "zensical", "build", cwd=folder)

    return build


def _vitepress(source: Path, node: Path) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        inner = node / "vp"
        shutil.copytree(source, inner, dirs_exist_ok=True)
        (inner / ".vitepress").mkdir(exist_ok=True)
        config = {
            "title": "Tern",
            "ignoreDeadLinks": True,
            "lastUpdated": True,
            "themeConfig": {
                "footer": {"message": "Released under the MIT License.", "copyright": "© Tern"},
                "editLink": {"pattern": "https://example.org/:path"},
                "sidebar": [
                    {"text": p.stem, "link": f"/{p.stem}"} for p in sorted(source.glob("*.md"))
                ],
            },
        }
        (inner / ".vitepress/config.mjs").write_text(f"export default {json.dumps(config)}")
        run("npx", "vitepress", "build", "vp", cwd=node)
        shutil.copytree(inner / ".vitepress/dist", folder / "out")

    return build


def _honkit(source: Path, node: Path) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        inner = node / "hk"
        shutil.copytree(source, inner, dirs_exist_ok=True)
        names = sorted(path.name for path in source.glob("*.md"))
        (inner / "SUMMARY.md").write_text(
            "# Summary\n\n" + "".join(f"* [{n.removesuffix('.md')}]({n})\n" for n in names)
        )
        (inner / "README.md").write_text("# Tern\n\nThe start page.\n")
        run("npx", "honkit", "build", "hk", (folder / "out").resolve(), cwd=node)

    return build


def _docusaurus(source: Path, node: Path) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        inner = node / "du"
        shutil.copytree(source, inner / "docs", dirs_exist_ok=True)
        docs = {"routeBasePath": "/", "editUrl": "https://example.org/", "breadcrumbs": True}
        config = {
            "title": "Tern",
            "url": "https://example.org",
            "baseUrl": "/",
            "trailingSlash": False,
            "onBrokenLinks": "ignore",
            "onBrokenAnchors": "ignore",
            "onBrokenMarkdownLinks": "ignore",
            "markdown": {"format": "md"},
            "presets": [["classic", {"docs": docs, "blog": False}]],
            "themeConfig": {
                "navbar": {"title": "Tern", "items": [{"href": "/about", "label": "About"}]},
                "footer": {"style": "dark", "copyright": "© Tern. Built with Docusaurus."},
            },
        }
        (inner / "docusaurus.config.js").write_text(f"module.exports = {json.dumps(config)}")
        (inner / "package.json").write_text('{"private": true}')
        run("npx", "docusaurus", "build", "du", "--out-dir", (folder / "out").resolve(), cwd=node)

    return build


_VUEPRESS = """
import { viteBundler } from '@vuepress/bundler-vite'
import { defaultTheme } from '@vuepress/theme-default'
const theme = defaultTheme({ repo: 'https://example.org/tern', lastUpdated: true })
export default { bundler: viteBundler(), theme, title: 'Tern', markdown: { component: false } }
"""


def _vuepress(source: Path, node: Path) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        inner = node / "vu"
        shutil.copytree(source, inner, dirs_exist_ok=True)
        (inner / ".vuepress").mkdir(exist_ok=True)
        (inner / ".vuepress/config.js").write_text(_VUEPRESS)
        run("npx", "vuepress", "build", "vu", cwd=node)
        shutil.copytree(inner / ".vuepress/dist", folder / "out")

    return build


_STARLIGHT = """
import { defineConfig } from 'astro/config'
import starlight from '@astrojs/starlight'
const edit = { baseUrl: 'https://example.org/' }
export default defineConfig({
  srcDir: './st', integrations: [starlight({ title: 'Tern', pagefind: false, editLink: edit })],
})
"""
_STARLIGHT_CONTENT = """
import { defineCollection } from 'astro:content'
import { docsLoader } from '@astrojs/starlight/loaders'
import { docsSchema } from '@astrojs/starlight/schema'
export const collections = {
  docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }),
}
"""


def _starlight(source: Path, node: Path) -> Callable[[Path], None]:
    """Titles stand in the front matter there."""

    def build(folder: Path) -> None:
        docs = node / "st/content/docs"
        docs.mkdir(parents=True, exist_ok=True)
        for path in source.glob("*.md"):
            title, _, rest = path.read_text(encoding="utf-8").lstrip().partition("\n")
            plain_title = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", title.lstrip("# "))
            text = f"---\ntitle: {json.dumps(plain_title)}\n---\n{rest}"
            (docs / path.name).write_text(text, encoding="utf-8")
        (node / "astro.config.mjs").write_text(_STARLIGHT)
        (node / "st/content.config.ts").write_text(_STARLIGHT_CONTENT)
        for _ in range(2):  # the first leaves out what is not loaded yet
            run("npx", "astro", "build", "--outDir", (folder / "out").resolve(), cwd=node)

    return build


_RSPRESS = """
import { defineConfig } from 'rspress/config'
const markdown = { checkDeadLinks: false }
export default defineConfig({
  root: 'rs', outDir: 'rs-out', title: 'Tern', markdown,
  themeConfig: { lastUpdated: true, footer: { message: 'Released by Tern.' } },
})
"""


def _rspress(source: Path, node: Path) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        shutil.copytree(source, node / "rs", dirs_exist_ok=True)
        (node / "rspress.config.ts").write_text(_RSPRESS)
        run("npx", "rspress", "build", cwd=node)
        shutil.copytree(node / "rs-out", folder / "out")

    return build


def _pandoc(source: Path) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        (folder / "out").mkdir()
        for path in source.glob("*.md"):
            run(
                "pandoc",
                "-s",
                "--toc",
                "-f",
                "gfm",
                path,
                "-o",
                folder / "out" / f"{path.stem}.html",
            )

    return build


def docbook_truths(folder: Path) -> dict[str, Truth]:
    """What AsciiDoc sources say, from the DocBook that Asciidoctor makes of them, by page.

    Converters from Markdown alter what they convert, so the Markdown is not the truth here.
    Sources of which no well-formed XML comes are left out.
    """
    from lxml import etree

    made = folder / "docbook"
    if not made.exists():
        run("asciidoctor", "-b", "docbook5", "-D", made, *(folder / "adoc").glob("*.adoc"))
    told: dict[str, Truth] = {}
    for path in sorted(made.glob("*.xml")):
        parser = etree.XMLParser(remove_comments=True, remove_pis=True)
        try:
            tree = etree.fromstring(path.read_bytes(), parser)
        except etree.XMLSyntaxError:
            continue
        told[path.stem] = Truth()
        _docbook(tree, (), told[path.stem])
    return told


_DOCBOOK = "{http://docbook.org/ns/docbook}"
_SHOWN_AS_CODE = ("programlisting", "screen", "literallayout")


def _docbook(element: Any, above: Path_, found: Truth) -> None:  # an element of lxml
    """Adds the blocks below an element that stands under headings."""
    title = next(iter(element.iterchildren(f"{_DOCBOOK}title", f"{_DOCBOOK}info")), None)
    if title is not None and element.tag in (f"{_DOCBOOK}section", f"{_DOCBOOK}article"):
        info = title.tag == f"{_DOCBOOK}info"
        text = _docbook_text(title.find(f"{_DOCBOOK}title") if info else title)
        if info and (rest := _docbook_text(title.find(f"{_DOCBOOK}subtitle"))):
            text += f": {rest}"  # a title that holds a colon is two elements
        above = (*above, plain(text))
        found.words.update(words(text))
    for child in element:
        name = str(child.tag).removeprefix(_DOCBOOK)
        if name in ("title", "info", "mediaobject", "colspec"):
            continue
        if name in _SHOWN_AS_CODE:
            code = "".join(child.itertext()).strip("\n")
            found.code.append(code)
            found.words.update(words(code))
        elif name in ("simpara", "para", "term"):
            text = _docbook_text(child)
            found.words.update(words(text))
            if plain(text):
                found.blocks.append((plain(text), above))
        elif name == "row":
            cells = [_docbook_text(cell) for cell in child]
            found.words.update(words(" ".join(cells)))
            found.rows.append(_filled(map(plain, cells)))
        else:
            _docbook(child, above, found)


def _docbook_text(element: Any) -> str:  # an element of lxml
    """The words of a DocBook paragraph: what stands for an image is not shown."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for child in element:
        name = str(child.tag).removeprefix(_DOCBOOK)
        if name not in ("inlinemediaobject", "mediaobject"):
            gap = " " if name in ("simpara", "para") else ""
            parts += gap, _docbook_text(child), gap
        parts.append(child.tail or "")
    return "".join(parts)


def _asciidoctor(source: Path) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        (folder / "adoc").mkdir()
        for path in source.glob("*.md"):
            target = folder / "adoc" / f"{path.stem}.adoc"
            shift = "--shift-heading-level-by=-1"
            run(
                "pandoc",
                "-s",
                shift,
                "-f",
                "gfm",
                "-t",
                "asciidoc",
                "--wrap=none",
                path,
                "-o",
                target,
            )
        for path in (folder / "adoc").glob("*.adoc"):  # without ids that asciidoctor refuses
            path.write_text(re.sub(r"(?m)^\[\[[\w-]+\]\]\n", "", path.read_text()))
        pages = list((folder / "adoc").glob("*.adoc"))
        run("asciidoctor", "-a", "toc=left", "-a", "sectanchors", "-D", folder / "out", *pages)

    return build


def quality(args: argparse.Namespace) -> None:
    """Build, read and compare; print a row per generator."""
    source = args.sites / "source"
    told = prepare(args.sources, source)
    print(f"{len(told)} sources, {sum(sum(t.words.values()) for t in told.values())} words")
    print(f"{'site':<28} {'pages':>5}    recall precision      path      code      rows", end="")
    print("      n  code  rows  uncounted")
    for name, folder in sites(args, source):
        if args.only and args.only not in name:
            continue
        score = Score()
        own = docbook_truths(folder) if name == "asciidoctor" else {}
        for page, truth_ in (own or told).items():
            found = _page(folder / "out", page)
            if found is None:
                score.faults.append(f"{page}: no page")
                continue
            read = read_bytes(found.read_bytes(), path=f"{page}.html", media_type="text/html")
            if isinstance(read, Document):
                score.add(page, truth_, read)
            else:
                score.faults.append(f"{page}: {read.reason}")
        print(score.line(name), flush=True)
        for fault in score.faults[: args.faults]:
            print("   ", fault)


def _page(folder: Path, name: str) -> Path | None:
    found = (folder / f"{name}.html", folder / name / "index.html")
    return next((path for path in found if path.exists()), None)


ROUNDS = 5  # by turns, of which the best counts: what is loaded once is not counted
Read = Callable[[bytes], object]


def _lxml() -> Read:
    from lxml import etree

    return lambda data: etree.fromstring(data, etree.HTMLParser(encoding="utf-8", huge_tree=True))


def _walk() -> Read:
    parse: Callable[[bytes], Any] = _lxml()  # the tree of a page
    return lambda data: [(e.tag, e.text, e.tail) for e in parse(data).iter()]


def _builder() -> Read:
    return lambda data: read_bytes(data, path="a.html", media_type="text/html")


def _trafilatura() -> Read:
    from trafilatura import extract

    return lambda data: extract(data, output_format="markdown", include_tables=True)


def _markitdown() -> Read:
    from markitdown import MarkItDown

    made = MarkItDown()
    return lambda data: made.convert_stream(io.BytesIO(data), file_extension=".html")


def _docling() -> Read:
    from docling.datamodel.base_models import DocumentStream
    from docling.document_converter import DocumentConverter

    made = DocumentConverter()

    def read(data: bytes) -> object:
        stream = DocumentStream(name="a.html", stream=io.BytesIO(data))
        return made.convert(stream).document.export_to_markdown()

    return read


def _docling_slim() -> Read:
    """Its HTML backend and Markdown, without the pipeline around them, which needs torch."""
    from docling.backend.html_backend import HTMLDocumentBackend
    from docling.datamodel.base_models import InputFormat
    from docling.datamodel.document import InputDocument

    def read(data: bytes) -> object:
        made = InputDocument(
            path_or_stream=io.BytesIO(data),
            format=InputFormat.HTML,
            backend=HTMLDocumentBackend,
            filename="a.html",
        )
        return made._backend.convert().export_to_markdown()

    return read


READERS = {
    "lxml, bare parse": _lxml,
    "parse and one walk": _walk,
    "builder": _builder,
    "trafilatura": _trafilatura,
    "markitdown": _markitdown,
    "docling": _docling,
    "docling-slim": _docling_slim,
}


def _cpu(read: Read, texts: list[bytes]) -> float:
    began = time.process_time()
    for data in texts:
        read(data)
    return time.process_time() - began


def _by_page(readers: dict[str, Read], texts: list[bytes]) -> dict[str, float]:
    """The seconds of each reader when every page goes to one after the other, once.

    So a reader also pays for the collector where it looks through what the others have left.
    """
    used = dict.fromkeys(readers, 0.0)
    for data in texts:
        for name, read in readers.items():
            used[name] += _cpu(read, [data])
    return used


def speed(args: argparse.Namespace) -> None:
    """Pages of 40 kB per second and core, of all readers that can be imported, by turns."""
    found = [
        path
        for path in sorted(args.pages.rglob("*.html"))
        if 15_000 < path.stat().st_size < 150_000
    ]
    found = found[:: max(1, len(found) // args.limit)][: args.limit]
    texts = [path.read_bytes() for path in found]
    units = sum(map(len, texts)) / 40_000
    readers: dict[str, Read] = {}
    for name, load in READERS.items():
        try:
            readers[name] = load()
        except ImportError as error:
            print(f"{name}: not measured, {error}")
    for read in readers.values():
        read(texts[0])
    if args.by_page:
        used = _by_page(readers, texts)
    else:
        gc.freeze()  # as a worker does, for all of them
        used = dict.fromkeys(readers, float("inf"))
        for _ in range(ROUNDS):
            for name, read in readers.items():
                used[name] = min(used[name], _cpu(read, texts))
    print(f"{len(texts)} pages, {units / 25:.1f} MB")
    for name, seconds in used.items():
        ratio = seconds / used["builder"]
        print(f"{name:<20} {units / seconds:8.1f} pages/s  {ratio:6.2f} x builder's time")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("quality")
    one.add_argument("sources", type=Path)
    one.add_argument("--sites", type=Path, required=True)
    one.add_argument("--tools", type=Path, default=Path(sys.executable).parent)
    one.add_argument("--node", type=Path, default=Path())
    one.add_argument("--sphinx", default=",".join(THEMES), help="Themes, by their names.")
    one.add_argument("--mkdocs", default=",".join(MKDOCS))
    one.add_argument(
        "--built", type=Path, action="append", default=[], help="Score FOLDER/out too."
    )
    one.add_argument("--only", default="")
    one.add_argument("--faults", type=int, default=0, help="Show the first N of each site.")
    one.set_defaults(work=quality)
    two = commands.add_parser("speed")
    two.add_argument("pages", type=Path)
    two.add_argument("--limit", type=int, default=200)
    two.add_argument("--by-page", action="store_true", help="All readers by turns, once.")
    two.set_defaults(work=speed)
    args = parser.parse_args()
    args.work(args)


if __name__ == "__main__":
    main()
