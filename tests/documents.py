"""Documents for tests, made from blocks of canonical Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from builder.records import Block, BlockKind, Chunk, Document, make_id

Part = tuple[BlockKind, str]  # kind of block, text with its markup

WORDS = """
battery gateway level sensor water pump valve alarm report station reading limit default server
token plan month price error code über größe 数据 e.g. `rill.toml` 3.5 km/h 🙂 <|im_end|>
""".split()


def document(
    parts: Sequence[Part],
    *,
    path: str = "docs/page.md",
    title: str = "Page",
    lang: str = "en",
) -> Document:
    """A document of (kind, text with markup) parts; headings give the heading path."""
    text = ""
    blocks: list[Block] = []
    above = [(1, title)]
    for kind, part in parts:
        if text:
            tight = kind == "list_item" and blocks[-1].kind == "list_item"
            text += "\n" if tight else "\n\n"
        level = len(part) - len(part.lstrip("#")) if kind == "heading" else 0
        if kind == "heading":
            name = part.lstrip("# ")
            above = [entry for entry in above if entry[0] < level] + [(level, name)]
        blocks.append(
            Block(
                kind=kind,
                start=len(text),
                end=len(text) + len(part),
                heading_path=tuple(name for _, name in above),
                level=level or (1 if kind == "list_item" else 0),
            )
        )
        text += part
    return Document(
        id=make_id("document", path),
        path=path,
        title=title,
        lang=lang,
        media_type="text/markdown",
        sha256="0" * 64,
        text=text,
        blocks=tuple(blocks),
    )


def whole(text: str, *, path: str = "docs/page.md", lang: str = "en", title: str = "Page") -> Chunk:
    """A chunk of one paragraph."""
    return Chunk(
        id=make_id("chunk", path, text),
        doc_id=make_id("document", path),
        path=path,
        lang=lang,
        text=text,
        start=0,
        end=len(text),
        heading_path=(title,),
        n_tokens=len(text.split()),
        blocks=(Block(kind="paragraph", start=0, end=len(text), heading_path=(title,)),),
    )


def sentence() -> st.SearchStrategy[str]:
    """One sentence of documentation words, some of them awkward."""
    words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14)
    return words.map(lambda found: " ".join(found).capitalize() + ".")


def _part() -> st.SearchStrategy[Part]:
    prose = st.lists(sentence(), min_size=1, max_size=6).map(" ".join)
    rows = st.lists(
        st.lists(st.sampled_from(WORDS), min_size=2, max_size=2), min_size=1, max_size=8
    )
    table = rows.map(
        lambda found: (
            "| a | b |\n| --- | --- |\n"
            + "\n".join(f"| {left} | {right} |" for left, right in found)
        )
    )
    unbroken = st.integers(1, 400).map(lambda n: "x" * n)
    code = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(
        lambda found: "```\n" + "\n".join(found) + "\n```"
    )
    return st.one_of(
        st.tuples(
            st.just("heading"),
            st.tuples(st.integers(2, 4), st.sampled_from(WORDS)).map(
                lambda t: "#" * t[0] + " " + t[1]
            ),
        ),
        prose.map(lambda text: ("paragraph", text)),
        sentence().map(lambda text: ("list_item", f"- {text}")),
        table.map(lambda text: ("table", text)),
        code.map(lambda text: ("code", text)),
        unbroken.map(lambda text: ("paragraph", text)),
    )


def documents() -> st.SearchStrategy[Document]:
    """Random documents of every kind of block."""
    return st.lists(_part(), min_size=1, max_size=25).map(document)
