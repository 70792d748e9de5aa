"""What of reStructuredText, AsciiDoc, notebooks and Markdown arrives, measured against a truth.

    python benchmarks/text_formats.py FORMAT FOLDER [--limit N] [--misses N]
    PYTHONPATH=. python benchmarks/text_formats.py FORMAT FOLDER --places [--limit N] [--misses N]

FORMAT is rst, asciidoc, ipynb or markdown; all its files below FOLDER are read. The truth:

    rst        the XML that Sphinx writes of the same files (sphinx-build on the PATH), without
               extensions, so that what they would add counts neither way
    asciidoc   the DocBook that asciidoctor writes (on the PATH)
    ipynb      the cells of the JSON; their Markdown as pandoc's tree (on the PATH)
    markdown   pandoc's tree of CommonMark with GFM extensions (on the PATH)

Figures: share of the truth's words that arrive (recall), of our words that are the truth's
(precision), of its paragraphs and items that stand under the same headings (path), of its code
blocks that are identical (code), of its table rows with the same cells (rows); n of each.

--places needs no truth: share of the blocks whose slice of the source gives their letters and
digits again, by kind (what that means is told in tests/ingest/places.py). A file is read
once more for each of its blocks. Not for notebooks, whose places are in the cells.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.ingest import MEDIA_TYPES, TEXT_READERS, read_bytes
from builder.ingest.decode import decode
from builder.ingest.parsed import Refused
from builder.records import Document


@dataclass
class Truth:
    """What a file holds. texts: words of a paragraph or item with the headings above it."""

    texts: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)  # text whose path is not compared
    codes: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)


@dataclass
class Figures:
    """Counts of one format: found and wanted by measure."""

    found: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def add(self, measure: str, found: int, wanted: int) -> None:
        """Count one file or block."""
        self.found[measure] += found
        self.wanted[measure] += wanted

    def line(self) -> str:
        """One line with every measure and its n."""
        shares = (
            f"{name} {self.found[name] / total:.4f} (n {total})"
            for name, total in self.wanted.items()
            if total
        )
        return "  ".join(shares)


def words(text: str) -> list[str]:
    """The words of a text, marks aside."""
    return re.findall(r"[^\W_]+", text.replace("`", "").casefold())


def key(text: str) -> str:
    """A text as its words."""
    return " ".join(words(text))


def cells(row: str) -> tuple[str, ...]:
    """The cells of a line of a GFM table."""
    return tuple(key(cell) for cell in re.split(r"(?<!\\)\|", row)[1:-1])


def without_inferred(document: Document) -> dict[str, list[tuple[str, ...]]]:
    """The paths of all blocks by their words, without headings that no markup calls so."""
    made = {
        key(document.text[block.start : block.end])
        for block in document.blocks
        if block.kind == "heading" and set(block.flags) & {"question", "inferred"}
    }
    found: dict[str, list[tuple[str, ...]]] = {}
    for block in document.blocks:
        if block.kind in ("heading", "code", "table"):
            continue
        text = re.sub(r"\A\s*(?:-|\d+\.|>) ", "", document.text[block.start : block.end])
        told = tuple(key(name) for name in block.heading_path)
        path = tuple(name for name in told if name not in made)
        for said in (text, text.partition(": ")[2]):
            if words(said):
                found.setdefault(key(said), []).append(path)
    return found


def compare(document: Document, truth: Truth, figures: Figures, where: str) -> None:
    """Count what of the truth the document holds."""
    ours = Counter(words(document.text))
    for block in document.blocks:  # the fence's language is no text
        ours.subtract(words(block.code_lang if block.kind == "code" else block.marker))
    theirs: Counter[str] = Counter()
    for text in [said for said, _ in truth.texts] + truth.others + truth.codes:
        theirs.update(words(text))
    for row in truth.rows:
        for cell in row:
            theirs.update(words(cell))
    both = (ours & theirs).total()
    figures.add("recall", both, theirs.total())
    figures.add("precision", both, sum(n for n in ours.values() if n > 0))
    lost, extra = theirs - ours, ours - theirs
    if lost.total() + extra.total() > 0.02 * theirs.total():
        figures.misses.append(f"{where} lost {lost.most_common(12)} extra {extra.most_common(12)}")
    paths = without_inferred(document)
    for text, path in truth.texts:
        if len(words(text)) < 4:
            continue
        wanted = tuple(key(name) for name in path)
        at = paths.get(key(text), [])
        right = any(told[-len(wanted) :] == wanted if wanted else len(told) <= 1 for told in at)
        figures.add("path", right, 1)
        if not right:
            figures.misses.append(f"{where} path {text[:70]!r} {wanted} {at[:2]}")
    codes = Counter(
        "\n".join(line.rstrip() for line in text.split("\n"))
        for block in document.blocks
        if block.kind == "code"
        and (text := document.text[block.start : block.end].split("\n", 1)[1].rpartition("\n")[0])
    )
    for code in truth.codes:
        said = "\n".join(line.rstrip() for line in code.strip("\n").split("\n")).rstrip()
        said = re.sub(r"\A(?:[ \t]*\n)+", "", said)
        if said.strip():
            right = codes[said] > 0
            codes[said] -= right
            figures.add("code", right, 1)
            if not right:
                figures.misses.append(f"{where} code {said[:90]!r}")
    rows = Counter(
        cells(line)
        for block in document.blocks
        if block.kind == "table"
        for line in document.text[block.start : block.end].split("\n")
    )
    for row in truth.rows:
        told = tuple(key(cell) for cell in row)
        if any(told):
            right = rows[told] > 0
            rows[told] -= right
            figures.add("rows", right, 1)
            if not right:
                figures.misses.append(f"{where} row {told}")


# The truths. Each gives the files with what they hold.

Truths = Iterable[tuple[Path, Truth]]


def sphinx_truth(folder: Path, files: Sequence[Path]) -> Truths:
    """Of reStructuredText: Sphinx's own XML, every file a project of its own."""
    from lxml import etree

    with ThreadPoolExecutor(2) as pool:
        for file, page in zip(files, pool.map(_sphinx_xml, files), strict=True):
            if page:
                tree = etree.fromstring(page, etree.XMLParser(huge_tree=True, recover=True))
                truth = Truth()
                _docutils(tree, (), truth)
                yield file, truth


_CONF = """
import re
from pathlib import Path
from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles
smartquotes = False
class Options(dict):
    def __missing__(self, key): return lambda value: value
    def __bool__(self): return True
class Pass(Directive):  # an extension's directive: its content
    has_content, optional_arguments, final_argument_whitespace = True, 1, True
    option_spec = Options()
    def run(self):
        if self.name in ("testcode", "testoutput", "doctest", "prompt", "ipython"):
            return [nodes.literal_block("", "\\n".join(self.content))]
        node = nodes.compound()
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node] if self.content else []
def literal(name, rawtext, text, lineno, inliner, options=None, content=()):
    titled = re.match(r"(?s)(.+?)\\s*<[^<>]*>$", text)
    return [nodes.inline(rawtext, nodes.unescape(titled[1] if titled else text))], []
def setup(app):
    text = (Path(app.srcdir) / "index.rst").read_text("utf-8")
    for name in set(re.findall(r":([a-z][a-z0-9_-]*):`", text)):
        if name not in roles._role_registry and name not in roles._roles:
            std = app.registry.domains["std"].roles, app.registry.domains["py"].roles
            if not any(name in known for known in std):
                app.add_role(name, literal, override=True)
    for name in set(re.findall(r"\\.\\. +([a-z][a-z0-9_-]*)::", text)):
        known = directives._directive_registry, directives._directives
        std = app.registry.domains["std"].directives, app.registry.domains["py"].directives
        if not any(name in table for table in (*known, *std)):
            app.add_directive(name, Pass, override=True)
"""


def _sphinx_xml(file: Path) -> bytes:
    with tempfile.TemporaryDirectory() as room:
        source, out = Path(room) / "source", Path(room) / "out"
        source.mkdir()
        (source / "index.rst").write_text(file.read_text("utf-8", "replace"), "utf-8")
        (source / "conf.py").write_text(_CONF, "utf-8")
        command = ["sphinx-build", "-q", "-b", "xml", str(source), str(out)]
        subprocess.run(command, check=False, capture_output=True)
        made = out / "index.xml"
        return made.read_bytes() if made.exists() else b""


_UNREAD = frozenset(
    "comment target substitution_definition index toctree system_message image raw problematic "
    "meta footnote_reference label docinfo compact_paragraph tabular_col_spec colspec "
    "highlightlang start_of_file only_dropped pending".split()
)
_LEAVES = frozenset(
    "paragraph term caption desc_signature attribution rubric field_name option_string classifier "
    "desc_signature_line math_block production line versionmodified".split()
)


_BOXES = frozenset("note warning tip hint important danger error caution attention seealso".split())
_FIELD_WORDS = frozenset(("Parameters", "Raises", "Variables", "Keyword Arguments"))


def _docutils_text(element: Any) -> str:
    """All text, without what shows none; a footnote mark leaves nothing."""
    if not isinstance(element.tag, str) or element.tag in _UNREAD - {"problematic"}:
        return ""
    parts = [element.text or ""]
    parts += [_docutils_text(child) + (child.tail or "") for child in element]
    gap = " " if element.tag in ("line", "paragraph", "list_item", "literal_block") else ""
    return "".join(parts) + gap


def _docutils(element: Any, path: tuple[str, ...], truth: Truth) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _UNREAD:
        return
    if tag in ("section", "document"):
        title = element.find("title")
        if title is not None:
            name = _docutils_text(title)
            truth.others.append(name)
            path = (*path, name)
        for child in element:
            if child.tag != "title":
                _docutils(child, path, truth)
    elif tag in ("literal_block", "doctest_block"):
        truth.codes.append("".join(element.itertext()))
    elif tag == "productionlist":
        truth.others.append(_docutils_text(element))
    elif (tag == "topic" and "contents" in (element.get("classes") or "")) or (
        tag == "field_list" and element.getparent().tag == "document"
    ):
        return
    elif tag == "row":
        entries = element.findall("entry")
        spans = any(entry.get("morerows") or entry.get("morecols") for entry in entries)
        texts = [_docutils_text(entry) for entry in entries]
        if spans or any(len(entry) > 1 for entry in entries):
            truth.others += texts
        else:
            truth.rows.append(tuple(texts))
    elif tag == "paragraph" and element.getparent().tag not in ("footnote", "citation"):
        text = _docutils_text(element)
        inside = {above.tag for above in element.iterancestors()}
        plain = not inside & {"entry", "desc", "versionmodified"}
        if (
            plain
            and not element.get("translated")
            and element.find("inline[@classes='versionmodified']") is None
        ):
            truth.texts.append((text, path))
        else:
            truth.others.append(text)
    elif tag == "desc_signature":
        truth.others.append(" ".join(element.itertext()))
    elif tag == "field_name" and _docutils_text(element) in _FIELD_WORDS:
        return
    elif tag == "field_body" and element.find("literal") is not None:
        truth.others.append(_docutils_text(element))  # words without a paragraph around them
    elif tag in _LEAVES or tag == "title":
        truth.others.append(_docutils_text(element))
    else:
        if tag in _BOXES:
            truth.others.append(tag.replace("seealso", "see also"))
        for child in element:
            _docutils(child, path, truth)


def asciidoctor_truth(folder: Path, files: Sequence[Path]) -> Truths:
    """Of AsciiDoc: the DocBook of asciidoctor, without the lines that include files."""
    from lxml import etree

    with ThreadPoolExecutor(2) as pool:
        for file, page in zip(files, pool.map(_docbook, files), strict=True):
            if page:
                tree = etree.fromstring(page, etree.XMLParser(huge_tree=True, recover=True))
                for element in tree.iter():
                    if isinstance(element.tag, str):
                        element.tag = etree.QName(element).localname
                _resolve(tree)
                truth = Truth()
                _docbook_blocks(tree, (), truth)
                yield file, truth


def _docbook(file: Path) -> bytes:
    text = file.read_text("utf-8", "replace")
    text = re.sub(r"^include::.*$", "", text, flags=re.MULTILINE)
    command = [
        "asciidoctor",
        "-S",
        "secure",
        "-a",
        "experimental",
        "-b",
        "docbook5",
        "-o",
        "-",
        "-",
    ]
    done = subprocess.run(command, input=text.encode(), check=False, capture_output=True)
    # an unknown entity, or none, would make the parser lose the known ones
    page = re.sub(r"<(?![a-zA-Z/!?])", "&lt;", done.stdout.decode("utf-8", "replace"))
    page = re.sub(r"&(?![a-zA-Z]\w*;|#)", "&amp;", page)
    known = re.sub(r"&(?!lt;|gt;|amp;|quot;|apos;|#)\w+;", lambda m: html.unescape(m[0]), page)
    return re.sub(r"&(?!lt;|gt;|amp;|quot;|apos;|#)|[\x00-\x08\x0b-\x1f]", " ", known).encode()


def _resolve(tree: Any) -> None:
    """Writes the titles of their targets into references without text."""
    name = "{http://www.w3.org/XML/1998/namespace}id"
    known = {element.get(name): element for element in tree.iter() if element.get(name)}
    for reference in list(tree.iter("xref")):
        target = known.get(reference.get("linkend"))
        title = target.find("title") if target is not None else None
        shown = reference.get("linkend") if title is None else "".join(title.itertext())
        reference.text = shown


_DOCBOOK_UNREAD = frozenset(
    "info indexterm footnote mediaobject inlinemediaobject imageobject textobject co anchor "
    "author revhistory remark colspec".split()
)


_DOCBOOK_SECTIONS = frozenset(
    "section article book chapter part appendix preface glossary bibliography colophon "
    "dedication index".split()
)


def _docbook_text(element: Any) -> str:
    if not isinstance(element.tag, str) or element.tag in _DOCBOOK_UNREAD:
        return ""
    if element.tag in ("menuchoice", "keycombo"):
        return " ".join(element.itertext())
    parts = [element.text or ""]
    parts += [_docbook_text(child) + (child.tail or "") for child in element]
    gap = " " if element.tag in ("simpara", "para", "listitem", "literallayout", "title") else ""
    return "".join(parts) + gap


def _docbook_blocks(element: Any, path: tuple[str, ...], truth: Truth) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _DOCBOOK_UNREAD - {"info"}:
        return
    if tag in ("simpara", "para"):
        for note in element.iter("footnote"):
            truth.others.append("".join(note.itertext()))
        inside = {above.tag for above in element.iterancestors()}
        said = _docbook_text(element)
        (
            truth.others.append(said)
            if inside & {"entry", "footnote"}
            else truth.texts.append((said, path))
        )
        return
    title = (
        element.find("title") if element.find("title") is not None else element.find("info/title")
    )
    if title is not None and tag not in ("info",):
        below = title.getparent().find("subtitle")  # DocBook parts a title at its last colon
        name = f"{_docbook_text(title)} {'' if below is None else _docbook_text(below)}".strip()
        if name == "Untitled" and tag == "article":
            name = ""
        truth.others.append(name)
        if name and tag in _DOCBOOK_SECTIONS and path != (name,):  # not the title over again
            path = (*path, name)
    if tag in ("note", "tip", "warning", "caution", "important") and title is None:
        truth.others.append(tag)
    if tag in ("programlisting", "screen", "literallayout"):
        text = "".join(
            (part if isinstance(part, str) else "") for part in element.xpath(".//text()")
        )
        if element.get("class") == "monospaced" or tag != "literallayout":
            truth.codes.append(text)
        else:
            truth.others.append(text)
    elif tag in ("term", "attribution", "bridgehead"):
        truth.others.append(_docbook_text(element))
    elif tag == "row":
        entries = element.findall("entry")
        spans = any(entry.get("morerows") or entry.get("namest") for entry in entries)
        texts = [_docbook_text(entry) for entry in entries]
        group = next(element.iterancestors("tgroup"))
        whole = len(texts) == int(group.get("cols", "0"))
        if spans or not whole or any(entry.find(".//table") is not None for entry in entries):
            truth.others += texts
        else:
            truth.rows.append(tuple(texts))
    elif tag not in ("title", "info"):
        for child in element:
            _docbook_blocks(child, path, truth)


def pandoc_truth(folder: Path, files: Sequence[Path]) -> Truths:
    """Of Markdown: pandoc's tree."""
    for file in files:
        truth = Truth()
        _pandoc(file.read_text("utf-8", "replace"), truth, [])
        yield file, truth


def notebook_truth(folder: Path, files: Sequence[Path]) -> Truths:
    """Of notebooks: the cells of the JSON, their Markdown as pandoc's tree."""
    for file in files:
        told = json.loads(file.read_text("utf-8", "replace"))
        if not ("cells" in told or "worksheets" in told):
            continue
        truth, above = Truth(), list[tuple[int, str]]()
        sheets = told.get("worksheets", [])
        cells_of = told.get("cells") or [c for sheet in sheets for c in sheet.get("cells", [])]
        for cell in cells_of:
            if any(
                re.match("remove.cell", tag) for tag in cell.get("metadata", {}).get("tags", [])
            ):
                continue  # the author has asked for it
            source = "".join(cell.get("source", cell.get("input", "")))
            if cell["cell_type"] == "markdown":
                above = _pandoc(source, truth, above)
            elif cell["cell_type"] == "heading":
                above = [item for item in above if item[0] < cell["level"]]
                above.append((cell["level"], source))
                truth.others.append(source)
            elif cell["cell_type"] == "code":
                truth.codes.append(source)
                truth.others += _printed(cell.get("outputs", []))
        yield file, truth


def _printed(outputs: list[dict[str, Any]]) -> list[str]:
    """The results that are plain text."""
    found: list[str] = []
    for output in outputs:
        data = output.get("data", output)
        if output["output_type"] == "stream" and "stderr" not in (
            output.get("name"),
            output.get("stream"),
        ):
            found.append("".join(output["text"]))
        elif "data" in output and not any(name.startswith("image") for name in data):
            shown = data.get("text/markdown") or data.get("text/plain") or ""
            page = "".join(data.get("text/html", ""))
            plain = re.sub(r"(?s)<(style|script).*?</\1>|<[^>]*>", " ", page)
            shown = re.sub(_OBJECT, "", "".join(shown))
            found.append(plain if "<table" in page or not shown.strip() else shown)
        elif output["output_type"] in ("error", "pyerr"):
            found.append(f"{output['ename']} {output['evalue']}")
    found = [re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", text) for text in found]
    return [text for text in found if text.strip()]


_OBJECT = re.compile(r"\A<[\w.]+( object)? at 0x.*|\A<IPython.*", re.DOTALL)  # shows no value


def _pandoc(text: str, truth: Truth, above: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Adds pandoc's blocks of a text; returns the headings that are open at its end."""
    command = ["pandoc", "-p", "-f", "gfm+yaml_metadata_block", "-t", "json"]
    done = subprocess.run(command, input=text.encode(), check=True, capture_output=True)
    for block in json.loads(done.stdout)["blocks"]:
        if block["t"] == "Header":
            level, name = block["c"][0], _inlines(block["c"][2])
            above = [*[item for item in above if item[0] < level], (level, name)]
            truth.others.append(name)
        else:
            _pandoc_block(block, tuple(name for _, name in above), truth)
    return above


def _pandoc_block(block: dict[str, Any], path: tuple[str, ...], truth: Truth) -> None:
    kind: str = block["t"]
    held: Any = block.get("c")  # of a shape for each kind
    if kind in ("Para", "Plain") and _MYST.search(text := _inlines(held)):
        truth.others.append(_MYST.sub("", text))  # roles, which pandoc takes for words
    elif kind in ("Para", "Plain"):
        truth.texts.append((text, path))
    elif kind == "CodeBlock":
        truth.codes.append(held[1])
    elif kind in ("BulletList", "OrderedList"):
        for item in held if kind == "BulletList" else held[1]:
            for inner in item:
                _pandoc_block(inner, path, truth)
    elif kind == "BlockQuote":
        for inner in held:
            _pandoc_block(inner, path, truth)
    elif kind == "Header":
        truth.others.append(_inlines(held[2]))
    elif kind == "Table":
        _, _, _, head, bodies, foot = held
        rows = [*head[1], *(row for body in bodies for row in [*body[2], *body[3]]), *foot[1]]
        for row in rows:
            truth.rows.append(tuple(" ".join(_inlines(b["c"]) for b in cell[4]) for cell in row[1]))


_MYST = re.compile(r"\{[a-z][a-z:]*\}(?=[`~.\w])")


def _inlines(held: list[Any]) -> str:
    parts = []
    for inline in held:
        kind, inner = inline["t"], inline.get("c")
        if kind == "Str":
            parts.append(inner)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            parts.append(" ")
        elif kind in ("Code", "Math"):
            parts.append(inner[1])
        elif kind in ("Link", "Span", "Quoted", "Cite"):
            parts.append(_inlines(inner[1]))
        elif kind in ("Emph", "Strong", "Strikeout", "Superscript", "Subscript", "Underline"):
            parts.append(_inlines(inner))
        elif kind == "RawInline" and not inner[1].startswith("<"):
            parts.append(inner[1])
        elif kind == "RawInline" and re.match("</?br", inner[1].lower()):
            parts.append(" ")
    return "".join(parts)


def chosen(kind: str, folder: Path, limit: int) -> list[Path]:
    """The files of a kind below a folder, about `limit` of them, evenly chosen."""
    suffixes, _ = FORMATS[kind]
    files = sorted(
        file
        for file in folder.rglob("*")
        if file.is_file() and file.name.endswith(suffixes) and file.stat().st_size < 400_000
    )
    return files[:: max(1, len(files) // limit) if limit else 1]


def measure(kind: str, folder: Path, limit: int) -> Figures:
    """Read every file of a kind below a folder and compare it."""
    _, truths = FORMATS[kind]
    figures, seconds, size = Figures(), 0.0, 0
    for file, truth in truths(folder, chosen(kind, folder, limit)):
        data = file.read_bytes()
        media_type = MEDIA_TYPES.get(file.suffix, "")
        media_type = "text/x-rst" if kind == "rst" else media_type
        began = time.process_time()
        found = read_bytes(data, path=file.name, media_type=media_type)
        seconds += time.process_time() - began
        size += len(data)
        if isinstance(found, Document):
            compare(found, truth, figures, file.name)
        elif truth.texts:
            figures.misses.append(f"{file.name} {found.reason}: {found.detail}")
    print(f"{seconds:.1f} s for {size / 1e6:.2f} MB")
    return figures


def measure_places(kind: str, folder: Path, limit: int) -> Figures:
    """The share of blocks that their places lead back to."""
    from tests.ingest.places import leads_back, letters, parsed

    media_type = {"rst": "text/x-rst", "ipynb": MEDIA_TYPES[".ipynb"]}.get(kind, f"text/{kind}")
    parse = TEXT_READERS[media_type]
    figures = Figures()
    for file in chosen(kind, folder, limit):
        decoded = decode(file.read_bytes())
        if isinstance(decoded, Refused):
            continue
        pieces = parsed(parse, decoded.text)
        for piece in pieces:
            if letters(piece.text):
                place = piece.place
                told = place is not None and place.start is not None
                right = told and leads_back(parse, decoded.text, piece, pieces, media_type)
                figures.add("all", right, 1)
                figures.add(piece.kind, right, 1)
                if not right:
                    figures.misses.append(f"{file.name} {piece.kind} {piece.text[:90]!r} {place}")
    return figures


FORMATS: dict[str, tuple[tuple[str, ...], Callable[[Path, Sequence[Path]], Truths]]] = {
    "rst": ((".rst", ".rst.txt"), sphinx_truth),
    "asciidoc": ((".adoc", ".asciidoc"), asciidoctor_truth),
    "ipynb": ((".ipynb",), notebook_truth),
    "markdown": ((".md",), pandoc_truth),
}


def main() -> None:
    """Print the figures of one format."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("format", choices=sorted(FORMATS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="about so many files, evenly chosen")
    parser.add_argument("--misses", type=int, default=0, help="print so many differences")
    parser.add_argument("--places", action="store_true", help="measure places instead")
    arguments = parser.parse_args()
    run = measure_places if arguments.places else measure
    figures = run(arguments.format, arguments.folder, arguments.limit)
    print(figures.line())
    for miss in figures.misses[: arguments.misses]:
        print(" ", miss)


if __name__ == "__main__":
    main()
