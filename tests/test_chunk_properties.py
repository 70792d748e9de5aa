"""What must hold of every chunk of every document: random documents of all kinds of blocks."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.chunk import chunk, joined, path_line
from builder.records import Block, BlockKind, Chunk, Document, from_json, to_json
from builder.store import by_id
from builder.tokens import Sizer, sizer
from tests.documents import Part, document

SIZES = {name: sizer(name) for name in ("o200k_base", "cl100k_base")}
LATIN = """
the pump station opens at level 17 when its sensor says so über größe Straße naïve e.g. z. B.
`rill.toml` 3.5 km/h HTTP/2 //path don't {brace} [link] $x^2$ <|im_end|> --flag a_b_c \u00a0 \u2014
""".split()
JAPANESE = (
    "センサーは 水位を 測定し、 その値を ゲートウェイに 送信 します。 設定は 保存されます。".split()
)
CHINESE = "数据站 的 水位 由 传感器 测量， 结果 每小时 发送 一次。 更多 信息： 见下文".split()
SIGNS = "🙂 👩🏽‍🚀 🇩🇪 e\u0301 \u0928\u093f \ufe0f a\u200db 𝒳 \u3000 ．".split()
SCRIPTS = (LATIN, JAPANESE, CHINESE, SIGNS)


@st.composite
def _words(draw: st.DrawFn, most: int = 14) -> str:
    words = draw(st.sampled_from(SCRIPTS))
    between = " " if words is LATIN else draw(st.sampled_from(["", " "]))
    return between.join(draw(st.lists(st.sampled_from(words), min_size=1, max_size=most)))


@st.composite
def _prose(draw: st.DrawFn) -> str:
    ends = st.sampled_from([". ", "! ", "。", "? ", ": ", "\n", " "])
    said = draw(st.lists(st.tuples(_words(), ends), min_size=1, max_size=9))
    return "".join(f"{text}{end}" for text, end in said).strip() or "x"


@st.composite
def _parts(draw: st.DrawFn) -> tuple[Part, int]:
    """One block, with the level of a list item."""
    kind: BlockKind = draw(
        st.sampled_from(
            ["heading", "heading", "paragraph", "paragraph", "list_item", "list_item", "definition",
             "table", "code", "quote", "admonition", "caption", "math"]
        )
    )  # fmt: skip
    if kind == "heading":
        mark = "#" * draw(st.integers(1, 6))
        return (kind, f"{mark} {draw(_words(5))}{draw(st.sampled_from(['', '?', '？']))}"), 0
    if kind in ("list_item", "definition"):
        level = draw(st.integers(1, 4))
        return (kind, f"{'  ' * (level - 1)}- {draw(_prose())}"), level
    if kind == "table":
        rows = draw(st.lists(st.tuples(_words(6), _words(3)), max_size=12))
        return (
            kind,
            "\n".join(["| a | b |", "| --- | --- |", *(f"| {a} | {b} |" for a, b in rows)]),
        ), 0
    if kind in ("code", "math"):
        fence = "$$" if kind == "math" else "```" + draw(st.sampled_from(["", "sh", "python"]))
        lines = draw(st.lists(st.one_of(_words(9), st.just(""), st.just("    x = y")), max_size=20))
        return (kind, "\n".join([fence, *lines, fence[:3].rstrip("shpyton")])), 0
    lead = {"quote": "> ", "admonition": "> [!NOTE]\n> "}.get(kind, "")
    return (kind, lead + draw(_prose())), 0


@st.composite
def pages(draw: st.DrawFn, most: int = 30) -> Document:
    """A document of all kinds of blocks and several scripts."""
    parts = draw(st.lists(_parts(), min_size=1, max_size=most))
    page = document([part for part, _ in parts], title=draw(_words(4)))
    levels = [level for _, level in parts]
    blocks = [
        replace(block, level=level or block.level)
        for block, level in zip(page.blocks, levels, strict=True)
    ]
    return replace(page, blocks=tuple(blocks))


def _holds(page: Document, chunks: list[Chunk], size: Sizer, max_tokens: int) -> None:
    """Fits, counted exactly, verbatim, complete, with a path and with the neighbours' ids."""
    for c in chunks:
        assert c.n_tokens == size(joined(c)) <= max_tokens
        assert page.text[c.start - len(c.overlap) : c.end] == c.overlap + c.text
        assert c.heading_path
        assert c.text.strip()
    assert all(one.end <= other.start for one, other in itertools.pairwise(chunks))
    assert "".join("".join(c.text for c in chunks).split()) == "".join(page.text.split())
    ids = ["", *by_id(chunks), ""]
    assert [(c.previous, c.next) for c in chunks] == list(zip(ids, ids[2:], strict=False))


@settings(max_examples=50)
@given(
    page=pages(),
    name=st.sampled_from(sorted(SIZES)),
    max_tokens=st.integers(16, 160),
    overlap=st.sampled_from([0.0, 0.1, 0.15, 0.2, 0.5]),
    count_path=st.booleans(),
)
def test_every_chunk_fits_is_counted_exactly_and_nothing_is_lost(
    page: Document, name: str, max_tokens: int, overlap: float, count_path: bool
) -> None:
    size = SIZES[name]

    chunks = chunk(page, size=size, max_tokens=max_tokens, overlap=overlap, count_path=count_path)

    _holds(page, chunks, size, max_tokens)
    if count_path:
        for c in chunks:
            path = min(size(path_line(c.heading_path)), max_tokens // 2)
            assert c.n_tokens + path <= max_tokens


@st.composite
def crowded(draw: st.DrawFn) -> Document:
    """Nested lists and Chinese, of items that nearly fill a chunk: little room for an overlap."""
    draws = draw(st.randoms(use_true_random=False))
    words, between = draw(st.sampled_from([(LATIN[:10], " "), (CHINESE, ""), (JAPANESE, " ")]))
    parts: list[Part] = []
    levels = []
    for _ in range(draw(st.integers(3, 9))):
        level = draws.randint(1, 4)
        said = between.join(draws.choices(words, k=draws.choice([4, 20, 40, 60])))
        parts.append(("list_item", f"{'  ' * (level - 1)}- {said}."))
        levels.append(level)
    page = document(parts)
    blocks = zip(page.blocks, levels, strict=True)
    return replace(page, blocks=tuple(replace(block, level=level) for block, level in blocks))


@settings(max_examples=60)
@given(
    page=crowded(),
    spare=st.integers(3, 9),
    overlap=st.sampled_from([0.0, 0.15, 0.3, 0.5]),
    number=st.integers(1, 8),
)
def test_an_overlap_with_little_room_is_counted_as_it_is(
    page: Document, spare: int, overlap: float, number: int
) -> None:
    size = SIZES["o200k_base"]
    block = page.blocks[number % len(page.blocks)]
    max_tokens = max(16, size(page.text[block.start : block.end]) + spare)

    _holds(page, chunk(page, size=size, max_tokens=max_tokens, overlap=overlap), size, max_tokens)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Sizer:
    """A tokenizer.json with merges, that puts a blank before every text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=sorted(alphabet), show_progress=False
    )
    made.train_from_iterator([" ".join(LATIN + JAPANESE + CHINESE)] * 3, trainer)
    file = Path(tmp_path_factory.mktemp("model"), "tokenizer.json")
    made.save(str(file))
    return sizer("", str(file))


@settings(max_examples=30)
@given(page=pages(), max_tokens=st.integers(40, 300), overlap=st.sampled_from([0.0, 0.15]))
def test_the_same_holds_with_the_tokenizer_of_a_model(
    model: Sizer, page: Document, max_tokens: int, overlap: float
) -> None:
    chunks = chunk(page, size=model, max_tokens=max_tokens, overlap=overlap)

    _holds(page, chunks, model, max_tokens)


@settings(max_examples=40)
@given(page=pages(), max_tokens=st.integers(64, 200), overlap=st.sampled_from([0.0, 0.15]))
def test_no_word_is_cut_and_no_heading_ends_a_chunk(
    page: Document, max_tokens: int, overlap: float
) -> None:
    size = SIZES["o200k_base"]

    for c in chunk(page, size=size, max_tokens=max_tokens, overlap=overlap)[:-1]:
        after = page.text[c.end : c.end + 1]
        assert not re.fullmatch(r"[A-Za-z0-9_]{2}", c.text[-1] + after)
        last = c.blocks[-1]
        if last.kind == "heading":  # its text fits under it only where both fit into a chunk
            at = next(k for k, b in enumerate(page.blocks) if b.end == c.end)
            assert _whole(page, at, size) > max_tokens - 4


def _whole(page: Document, last: int, size: Sizer) -> int:
    """The tokens of all headings in a row up to this one, and of the block below them."""
    first = last
    while first and page.blocks[first - 1].kind == "heading":
        first -= 1
    while last + 1 < len(page.blocks) and page.blocks[last].kind == "heading":
        last += 1
    return size(page.text[page.blocks[first].start : page.blocks[last].end])


@settings(max_examples=40)
@given(page=pages(), max_tokens=st.integers(64, 200))
def test_what_fits_with_the_headings_above_it_is_in_one_chunk(
    page: Document, max_tokens: int
) -> None:
    size = SIZES["o200k_base"]
    starts = [c.start for c in chunk(page, size=size, max_tokens=max_tokens)][1:]

    for first, last in _fitting(page, size, 0.9 * max_tokens):
        low, high = page.blocks[first].start, page.blocks[last].end
        assert not any(low < start < high for start in starts)


def _fitting(page: Document, size: Sizer, most: float) -> Iterator[tuple[int, int]]:
    """Code, tables, and items with what is nested in them, unless that leads in to more."""
    blocks = page.blocks
    for at, block in enumerate(blocks):
        last = at
        if block.kind in ("list_item", "definition"):
            while last + 1 < len(blocks) and _is_nested(blocks[last + 1], block):
                last += 1
            if last > at and page.text[blocks[last].end - 1] in ":\uff1a":
                continue
        elif block.kind not in ("code", "table"):
            continue
        first = at
        while first and blocks[first - 1].kind == "heading":
            first -= 1
        if size(page.text[blocks[first].start : blocks[last].end]) <= most:
            yield at, last


def _is_nested(block: Block, above: Block) -> bool:
    return block.kind in ("list_item", "definition") and block.level > above.level


@settings(max_examples=30)
@given(page=pages(), max_tokens=st.integers(16, 120))
@example(page=document([("paragraph", "x")]), max_tokens=16)
def test_a_chunk_is_the_same_whoever_looks_at_its_blocks(page: Document, max_tokens: int) -> None:
    size = SIZES["o200k_base"]
    seen = chunk(page, size=size, max_tokens=max_tokens)
    again = chunk(page, size=size, max_tokens=max_tokens)

    for one, other in zip(seen, again, strict=True):
        assert "".join("".join(one.text[b.start : b.end] for b in one.blocks).split()) == "".join(
            one.text.split()
        )
        assert copy.deepcopy(other) == one
        assert one == other
        assert hash(one) == hash(other)
        assert from_json(Chunk, to_json(one)) == one


@pytest.mark.parametrize("name", sorted(SIZES))
@pytest.mark.parametrize("language", ["en", "de", "zh", "ja"])
def test_overlaps_are_as_long_as_asked_within_a_tenth(name: str, language: str) -> None:
    said = {
        "en": "The level of tank {n} is read by its sensor, and the value is sent to the gateway"
        " which keeps it until somebody asks for it. ",
        "de": "Der Füllstand des Behälters {n} wird vom Sensor gelesen, und der Wert geht an die"
        " Zentrale, die ihn aufbewahrt, bis jemand danach fragt. ",
        "zh": "传感器每小时测量一次第{n}号水箱的水位，并把结果发送到网关，网关会一直保存它。",
        "ja": "センサーは毎時間タンク{n}の水位を測定し、その値をゲートウェイに送信します。",
    }[language]
    paragraphs = [
        "".join(said.format(n=(n * 7 + k) ** (1 + n % 4)) for k in range(1 + n % 5)).strip()
        for n in range(360)
    ]
    page = document([("paragraph", text) for text in paragraphs])
    size = SIZES[name]

    _, *others = chunk(page, size=size, max_tokens=512, overlap=0.15)

    off = [abs(size(c.overlap) - 77) for c in others]
    assert len(off) > 8
    assert sum(tokens <= 7.7 for tokens in off) >= 0.85 * len(off)
    assert max(off) <= 0.25 * 77
