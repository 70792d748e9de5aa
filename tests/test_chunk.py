"""Chunks: exact budgets, verbatim text, cuts where a reader would cut, stable ids."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.chunk import chunk, joined, marked, path_line
from builder.config import ChunkSettings, SplitSettings
from builder.errors import SettingsError
from builder.records import Block, BlockKind, Chunk, Document
from builder.split import split
from builder.store import by_id
from builder.tokens import encoded, sizer
from tests.documents import Part, document, documents

SIZE = sizer("o200k_base")


@settings(max_examples=150)
@given(page=documents(), max_tokens=st.integers(16, 90))
def test_chunks_fit_and_cover_the_document_verbatim(page: Document, max_tokens: int) -> None:
    chunks = chunk(page, size=SIZE, max_tokens=max_tokens)

    assert all(c.n_tokens == SIZE(joined(c)) <= max_tokens for c in chunks)
    assert all(page.text[c.start : c.end] == c.text for c in chunks)
    assert all(a.end <= b.start for a, b in itertools.pairwise(chunks))
    assert "".join("".join(c.text for c in chunks).split()) == "".join(page.text.split())
    assert all(c.heading_path for c in chunks)
    by_id(chunks)


@settings(max_examples=100)
@given(page=documents(), max_tokens=st.integers(16, 90))
def test_the_blocks_of_a_chunk_lie_where_it_says(page: Document, max_tokens: int) -> None:
    for c in chunk(page, size=SIZE, max_tokens=max_tokens):
        covered = "".join(c.text[b.start : b.end] for b in c.blocks)

        assert "".join(covered.split()) == "".join(c.text.split())
        for b in c.blocks:
            assert b.partial or any(
                page.text[o.start : o.end] == c.text[b.start : b.end] for o in page.blocks
            )


def test_a_heading_stays_with_its_text() -> None:
    parts: list[Part] = []
    for n in range(12):
        parts += [("heading", f"## Part {n}"), ("paragraph", f"Text {n} of this part is here.")]
    page = document(parts)

    chunks = chunk(page, size=SIZE, max_tokens=40)

    assert len(chunks) > 2
    assert all(c.text.startswith("## Part") for c in chunks)
    assert not any(c.text.rstrip().splitlines()[-1].startswith("#") for c in chunks)


def test_a_question_heading_stays_with_its_whole_answer() -> None:
    parts: list[Part] = []
    for n in range(6):
        parts.append(("heading", f"## Does {n} work?"))
        parts += [("paragraph", f"Sentence {part} says more of the answer.") for part in range(3)]
    page = document(parts)

    chunks = chunk(page, size=SIZE, max_tokens=90)

    assert len(chunks) > 2
    for c in chunks:
        assert c.text.count("?") * 3 == c.text.count("Sentence")


def test_small_documents_are_one_chunk_with_the_title_as_path() -> None:
    page = document([("paragraph", "One."), ("heading", "## More"), ("paragraph", "Two.")])

    (only,) = chunk(page, size=SIZE, max_tokens=64)

    assert only.heading_path == ("Page",)
    assert only.text == page.text


def test_one_section_gives_the_full_heading_path() -> None:
    page = document([("heading", "## Billing"), ("heading", "### Refunds"), ("paragraph", "Ask.")])

    (only,) = chunk(page, size=SIZE, max_tokens=64)

    assert only.heading_path == ("Page", "Billing")


def test_editing_a_sentence_changes_the_id_of_its_chunk_only() -> None:
    parts: list[Part] = []
    for n in range(30):
        said = f"The valve of station {n} opens at level {n}. It closes at night."
        parts += [("heading", f"## Section {n}"), ("paragraph", said)]
    edited = list(parts)
    edited[31] = ("paragraph", "The valve of station 15 opens by hand. It closes at night.")

    before = {c.id for c in chunk(document(parts), size=SIZE, max_tokens=128)}
    after = {c.id for c in chunk(document(edited), size=SIZE, max_tokens=128)}

    assert len(before) > 5
    assert len(before - after) == len(after - before) == 1


def test_equal_texts_in_one_document_have_different_ids() -> None:
    page = document([("paragraph", "The same words again. " * 4)] * 6)

    chunks = chunk(page, size=SIZE, max_tokens=24)

    assert len(by_id(chunks)) == len(chunks) > 5


@pytest.mark.parametrize(
    "text",
    [
        "x" * 20_000,
        "数" * 5_000,
        "\u0301" * 3_000,
        "a " * 9_000,
        "<|endoftext|>" * 900,
        "🙂" * 3_000,
    ],
)
def test_text_without_cut_points_still_fits(text: str) -> None:
    page = document([("paragraph", text.strip())])

    chunks = chunk(page, size=SIZE, max_tokens=64)

    assert all(SIZE(c.text) <= 64 for c in chunks)
    assert "".join(c.text for c in chunks).replace(" ", "") == text.replace(" ", "")


@settings(max_examples=120)
@given(
    page=documents(),
    max_tokens=st.integers(16, 120),
    overlap=st.sampled_from([0.0, 0.1, 0.3, 0.5]),
    count_path=st.booleans(),
)
def test_overlap_opening_and_path_are_in_the_budget(
    page: Document, max_tokens: int, overlap: float, count_path: bool
) -> None:
    chunks = chunk(page, size=SIZE, max_tokens=max_tokens, overlap=overlap, count_path=count_path)

    for c in chunks:
        assert c.n_tokens == SIZE(joined(c))
        path = min(SIZE(path_line(c.heading_path)), max_tokens // 2) if count_path else 0
        assert c.n_tokens + path <= max_tokens
        assert page.text[c.start - len(c.overlap) : c.end] == c.overlap + c.text
    assert "".join("".join(c.text for c in chunks).split()) == "".join(page.text.split())


@settings(max_examples=80)
@given(page=documents(), max_tokens=st.integers(16, 90))
def test_a_chunk_knows_its_neighbours(page: Document, max_tokens: int) -> None:
    chunks = chunk(page, size=SIZE, max_tokens=max_tokens)

    ids = ["", *(c.id for c in chunks), ""]
    assert [(c.previous, c.next) for c in chunks] == list(zip(ids, ids[2:], strict=False))


@settings(max_examples=60)
@given(text=st.text(max_size=400), max_tokens=st.integers(16, 40))
def test_any_text_at_all_fits(text: str, max_tokens: int) -> None:
    page = document([("paragraph", text)])

    chunks = chunk(page, size=SIZE, max_tokens=max_tokens, overlap=0.2)

    assert all(c.n_tokens == SIZE(joined(c)) <= max_tokens for c in chunks)
    assert "".join("".join(c.text for c in chunks).split()) == "".join(text.split())


@settings(max_examples=100)
@given(page=documents(), places=st.lists(st.integers(0, 10_000), min_size=2, max_size=40))
@pytest.mark.parametrize("name", ["o200k_base", "cl100k_base"])
def test_sizes_by_subtraction_are_those_of_a_fresh_encode(
    name: str, page: Document, places: list[int]
) -> None:
    text, size = page.text, sizer(name)
    whole = encoded(size, text)
    marks = sorted({p % (len(text) + 1) for p in places} | {b.start for b in page.blocks})

    for low, high in itertools.combinations(marks, 2):
        assert whole.count(low, high) == size(text[low:high])


@pytest.mark.parametrize("kind", ["code", "table", "list_item"])
def test_what_fits_is_not_cut(kind: str) -> None:
    lines = [f"line {n} of this one" for n in range(12)]
    made: dict[str, list[Part]] = {
        "code": [("code", "```\n" + "\n".join(lines) + "\n```")],
        "table": [("table", "| a |\n| --- |\n" + "\n".join(f"| {line} |" for line in lines))],
        "list_item": [("list_item", f"- {line} and more of it than that") for line in lines],
    }
    parts: list[Part] = []
    for n in range(9):
        parts += [("paragraph", f"Text {n} says something. " * n), *made[kind]]
    page = document([part for part in parts if part[1]])

    chunks = chunk(page, size=SIZE, max_tokens=130)

    assert len(chunks) > 5
    assert not any(b.partial for c in chunks for b in c.blocks if b.kind == kind)


@pytest.mark.parametrize(
    ("kind", "outer", "inner"),
    [
        ("list_item", "- Step {n} has parts:", "  - part {k} of step {n} is this"),
        ("definition", "- term {n}", "  - meaning {k} of term {n} is this"),
    ],
)
def test_what_is_nested_stays_with_its_parent(kind: BlockKind, outer: str, inner: str) -> None:
    parts: list[Part] = []
    for n in range(12):
        parts.append((kind, outer.format(n=n)))
        parts += [(kind, inner.format(k=k, n=n)) for k in range(4)]
    page = document(parts)
    nested = tuple(replace(b, level=1 if n % 5 == 0 else 2) for n, b in enumerate(page.blocks))

    chunks = chunk(replace(page, blocks=nested), size=SIZE, max_tokens=120)

    assert len(chunks) > 3
    assert all(c.text.startswith(outer[:6]) for c in chunks)


@pytest.mark.parametrize("lead", ["Run this command now:", "First comes one thing. Then run this:"])
def test_code_stays_with_the_sentence_that_leads_in_to_it(lead: str) -> None:
    code = "```sh\n" + "\n".join(f"rillctl level set {n}" for n in range(8)) + "\n```"
    parts: list[Part] = [("paragraph", lead), ("code", code)] * 8
    page = document(parts)

    chunks = chunk(page, size=SIZE, max_tokens=128)

    assert len(chunks) > 3
    assert not any(c.blocks[0].kind == "code" for c in chunks)


EXPORTER = "The exporter reads every station in turn and keeps the order of the readings."
RUN = "To export all stations, run this:"


def _script(lines: int) -> str:
    return "```sh\n" + "\n".join(f"rillctl export {n}" for n in range(lines)) + "\n```"


def _leveled(parts: list[Part], levels: list[int]) -> Document:
    page = document(parts)
    blocks = zip(page.blocks, levels, strict=True)
    return replace(page, blocks=tuple(replace(b, level=level) for b, level in blocks))


@pytest.mark.parametrize("before", range(0, 12, 3))
@pytest.mark.parametrize("sentences", [2, 4, 40])
def test_the_last_sentence_of_a_paragraph_stays_with_the_code_it_leads_in_to(
    before: int, sentences: int
) -> None:
    said = " ".join([EXPORTER] * sentences)
    parts: list[Part] = [("paragraph", f"{EXPORTER[:-1]} {n}.") for n in range(before)]
    parts += [("heading", "## Export"), ("paragraph", f"{said} {RUN}"), ("code", _script(28))]

    chunks = chunk(document(parts), size=SIZE, max_tokens=SIZE(f"{RUN}\n\n{_script(28)}") + 9)

    assert any(f"{RUN}\n\n```sh" in c.text for c in chunks)
    assert not any(c.text.endswith("## Export") for c in chunks)


@pytest.mark.parametrize("first", ["There are two ways:", "- There are two ways:"])
@pytest.mark.parametrize("lines", [18, 22, 26])
def test_the_inner_of_two_lead_ins_stays_with_its_code(first: str, lines: int) -> None:
    outer = f"{first[:-1]}, as {EXPORTER[:-1]} {EXPORTER[:-1]}:"
    kind: BlockKind = "list_item" if first[0] == "-" else "paragraph"
    parts: list[Part] = [("paragraph", EXPORTER), (kind, outer), ("paragraph", "With a script:")]
    page = document([*parts, ("code", _script(lines))])

    chunks = chunk(page, size=SIZE, max_tokens=SIZE(_script(lines)) + 12)

    assert any("With a script:\n\n```sh" in c.text for c in chunks)


@pytest.mark.parametrize("lines", range(12, 28, 3))
def test_a_nested_item_stays_with_its_code_where_the_list_does_not(lines: int) -> None:
    items = [f"- {EXPORTER} {EXPORTER}", f"  - {EXPORTER} {EXPORTER}", f"    - {RUN}"]
    parts: list[Part] = [("list_item", item) for item in items]
    page = _leveled([*parts, ("code", _script(lines))], [1, 2, 3, 0])

    chunks = chunk(page, size=SIZE, max_tokens=SIZE(f"{items[2]}\n\n{_script(lines)}") + 4)

    assert any(f"{RUN}\n\n```sh" in c.text for c in chunks)


@pytest.mark.parametrize("words", range(0, 12, 4))
def test_an_opened_paragraph_ends_with_the_code_it_leads_in_to(words: int) -> None:
    said = "x " * words + " ".join([EXPORTER] * 12)
    parts: list[Part] = [("paragraph", f"{said} {RUN}"), ("code", _script(11))]

    chunks = chunk(document([*parts, ("paragraph", EXPORTER)]), size=SIZE, max_tokens=100)

    assert any(f"{RUN}\n\n```sh" in c.text for c in chunks)


def test_a_question_under_a_question_stays_with_its_whole_answer() -> None:
    said = " ".join([EXPORTER] * 7)
    parts: list[Part] = [("paragraph", f"{EXPORTER} {EXPORTER}")]
    parts.append(("heading", "# Do you have questions?"))
    for n in range(4):
        parts.append(("heading", f"## How do I export station {n}?"))
        parts += [("paragraph", f"{said} {n} {part}.") for part in range(2)]

    chunks = chunk(document(parts), size=SIZE, max_tokens=256)

    for n in range(4):
        assert any(
            f"# How do I export station {n}?" in c.text and f" {n} 1." in c.text for c in chunks
        )


def test_a_heading_stays_with_the_deeper_one_above_a_long_text() -> None:
    said = " ".join(["Each " + "station " * 60 + "ends."] * 4)
    title = " ".join(["stations"] * 36)
    page = document([("heading", f"# {title}"), ("heading", f"## {title}"), ("paragraph", said)])

    first, *_ = chunk(page, size=SIZE, max_tokens=128)

    assert "station station" in first.text


def test_a_row_without_a_first_cell_stays_with_the_row_above_it() -> None:
    rows = "".join(
        f"| int | level_{n}() |\n|  | Tells how high gauge {n} stands. |\n" for n in range(40)
    )
    page = document([("table", f"|  |  |\n| --- | --- |\n{rows.strip()}")])

    for budget in range(80, 140, 7):
        chunks = chunk(page, size=SIZE, max_tokens=budget)

        assert len(chunks) > 2
        assert all(c.text.startswith("| int") for c in chunks[1:])


def test_rows_of_a_cut_table_come_with_its_header() -> None:
    rows = "\n".join(f"| E{n} | The pump of station {n} stands still. |" for n in range(80))
    page = document([("table", f"| Code | Meaning |\n| --- | --- |\n{rows}")])

    first, *others = chunk(page, size=SIZE, max_tokens=128)

    assert first.opening == ""
    assert len(others) > 3
    assert all(c.opening == "| Code | Meaning |\n| --- | --- |\n" for c in others)
    assert all(re.fullmatch(r"(\| E\d+ \| .* \|\n?)+", c.text) for c in others)


def test_lines_of_a_cut_fence_come_with_its_language() -> None:
    code = "\n".join(f"/opt/rill/bin/level --station {n}" for n in range(90))
    page = document([("code", f"```sh\n{code}\n```")])

    first, *others = chunk(page, size=SIZE, max_tokens=100, overlap=0.2)

    assert first.text.startswith("```sh\n/opt")
    assert len(others) > 5
    assert all(joined(c).startswith("```sh\n/opt") for c in others)
    assert all(c.n_tokens == SIZE(joined(c)) <= 100 for c in others)


def test_overlap_is_as_long_as_asked_and_starts_with_a_sentence() -> None:
    said = [f"Sentence {n} tells of valve {n * 7} and its level." for n in range(400)]
    groups = [" ".join(said[at : at + 5]) for at in range(0, 400, 5)]
    page = document([("paragraph", text) for text in groups])

    _, *others = chunk(page, size=SIZE, max_tokens=256, overlap=0.15)

    got = [SIZE(c.overlap) for c in others]
    assert len(got) > 10
    assert sum(got) / len(got) == pytest.approx(0.15 * 256, rel=0.1)
    assert all(c.overlap.startswith("Sentence") for c in others)


@pytest.mark.parametrize("spare", range(1, 9))
def test_an_overlap_without_room_leaves_the_text_as_it_is_counted(spare: int) -> None:
    said = "    - " + "The level of the tank is read every hour, " * 12 + "and sent unquestionably."
    page = document([("list_item", said)] * 4)

    chunks = chunk(page, size=SIZE, max_tokens=SIZE(said) + spare, overlap=0.3)

    assert all(c.n_tokens == SIZE(joined(c)) for c in chunks)


@pytest.mark.parametrize("max_tokens", [24, 32, 64])
@pytest.mark.parametrize("count_path", [False, True])
def test_half_of_a_small_budget_is_for_the_text(max_tokens: int, count_path: bool) -> None:
    said = [f"Sentence {n} tells of valve {n * 7} and its level." for n in range(90)]
    parts: list[Part] = [("heading", "## The stations and their valves, by number and by name")]
    parts += [("paragraph", " ".join(said[at : at + 5])) for at in range(0, 90, 5)]

    chunks = chunk(
        document(parts), size=SIZE, max_tokens=max_tokens, overlap=0.5, count_path=count_path
    )

    assert sum(SIZE(c.text) for c in chunks) > 0.25 * max_tokens * len(chunks)
    assert min(len(c.text) for c in chunks) >= 6


@pytest.mark.parametrize("max_tokens", [16, 24, 40])
def test_no_chunk_is_blank(max_tokens: int) -> None:
    lines = [" " * 90 + "x" * 40 * (n % 3) + "y" for n in range(30)]
    page = document([("code", "```\n" + "\n".join(lines) + "\n```")])

    chunks = chunk(page, size=SIZE, max_tokens=max_tokens, overlap=0.3)

    assert all(c.text.strip() for c in chunks)
    assert "".join("".join(c.text for c in chunks).split()) == "".join(page.text.split())


def test_no_word_is_cut_in_a_sentence_that_is_too_long() -> None:
    page = document([("paragraph", " ".join(f"word{n}" for n in range(3000)))])

    chunks = chunk(page, size=SIZE, max_tokens=64)

    assert " ".join(c.text for c in chunks) == page.text


def test_no_character_is_parted_from_its_marks() -> None:
    page = document([("paragraph", "\u0928\u093f" * 900 + "e\u0301" * 900)])

    chunks = chunk(page, size=SIZE, max_tokens=64)

    assert len(chunks) > 5
    assert not any(c.text[0] in "\u093f\u0301" for c in chunks)


def test_ideographs_are_cut_at_their_clauses() -> None:
    clause = "\u6570\u636e\u7ad9\u7684\u6c34\u4f4d\u7531\u4f20\u611f\u5668\u6d4b\u91cf\uff0c"
    page = document([("paragraph", clause * 300)])

    chunks = chunk(page, size=SIZE, max_tokens=64)

    assert len(chunks) > 10
    assert all(c.text.endswith("\uff0c") for c in chunks)


def test_smaller_chunks_than_wanted_are_avoided() -> None:
    parts: list[Part] = []
    for n in range(40):
        parts += [("heading", f"## Part {n}"), ("paragraph", "Some words here. " * (1 + n % 7))]
    page = document([(kind, text.strip()) for kind, text in parts])

    chunks = chunk(page, size=SIZE, max_tokens=128, min_tokens=40)

    assert len(chunks) > 5
    assert all(c.n_tokens >= 40 for c in chunks)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("paragraph", "x" * 200_000),
        ("paragraph", "\u6570" * 60_000),
        ("paragraph", "a\n" * 30_000 + "b"),
        ("code", "```\n" + "\n" * 60_000 + "x\n```"),
        ("code", "```\n" + " " * 600_000 + "x\n```"),
        ("code", "```\n" + "x = call(1)\n" * 9_000 + "```"),
        ("code", "```\n" + "x = call(1) " * 9_000 + "\n```"),
        ("table", "| a | b |\n| --- | --- |\n" + "\n".join(["| cell | other |"] * 5_000)),
        ("paragraph", "The pump opens at level nine. It closes at night, says Dr. Who. " * 3_000),
        ("paragraph", "`a ``b. " * 20_000),
        ("paragraph", "水位は毎時間測定されます。値は送信されます。" * 3_000),
        ("paragraph", "🙂" * 40_000),
        ("paragraph", "." * 200_000),
        ("paragraph", ",".join(f"{n},name" for n in range(15_000))),
    ],
)
def test_giants_fit_and_lose_nothing(kind: str, text: str) -> None:
    block = Block(kind="code", start=0, end=len(text), heading_path=("Page",))
    if kind in ("paragraph", "table"):
        block = replace(block, kind="paragraph" if kind == "paragraph" else "table")
    page = replace(document([("paragraph", "x")]), text=text, blocks=(block,))

    chunks = chunk(page, size=SIZE, max_tokens=512)

    assert all(SIZE(joined(c)) == c.n_tokens <= 512 for c in chunks)
    assert "".join("".join(c.text for c in chunks).split()) == "".join(text.split())


def test_twenty_thousand_headings_without_text_fit() -> None:
    page = document([("heading", f"## Heading {n}") for n in range(20_000)])

    chunks = chunk(page, size=SIZE, max_tokens=512)

    assert max(c.n_tokens for c in chunks) <= 512
    assert sum(len(c.blocks) for c in chunks) == 20_000


@pytest.mark.parametrize("kind", ["list_item", "definition"])
def test_twenty_thousand_items_each_in_the_last_fit(kind: BlockKind) -> None:
    page = document([(kind, f"{' ' * min(n, 40)}- item {n}") for n in range(20_000)])
    deeper = tuple(replace(block, level=n + 1) for n, block in enumerate(page.blocks))

    chunks = chunk(replace(page, blocks=deeper), size=SIZE, max_tokens=512)

    assert max(c.n_tokens for c in chunks) <= 512
    assert sum(len(c.blocks) for c in chunks) == 20_000


def test_a_giant_paragraph_is_cut_where_sentences_end() -> None:
    said = " ".join(f"The pump of station {n} opens at level {n % 7}." for n in range(4_000))
    page = document([("paragraph", said)])

    chunks = chunk(page, size=SIZE, max_tokens=128)

    assert all(c.text.startswith("The pump") and c.text.endswith(".") for c in chunks)
    assert sum(c.n_tokens for c in chunks) >= 0.85 * 128 * len(chunks)


def test_any_function_may_count_the_tokens() -> None:
    page = document([("paragraph", f"Text {n} of the page says this. " * 5) for n in range(30)])

    chunks = chunk(page, size=lambda text: len(text.split()), max_tokens=50)

    assert all(c.n_tokens == len(c.text.split()) <= 50 for c in chunks)


@settings(max_examples=25)
@given(page=documents(), overlap=st.sampled_from([0.0, 0.2]))
def test_a_models_own_tokenizer_counts(
    page: Document, overlap: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    signs = sorted(pre_tokenizers.ByteLevel.alphabet())
    made = Tokenizer(models.BPE(vocab={sign: n for n, sign in enumerate(signs)}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    file = tmp_path_factory.mktemp("model") / "tokenizer.json"
    made.save(str(file))
    size = sizer("", str(file))

    chunks = chunk(page, size=size, max_tokens=200, overlap=overlap)

    assert all(c.n_tokens == size(joined(c)) <= 200 for c in chunks)
    assert "".join("".join(c.text for c in chunks).split()) == "".join(page.text.split())


@pytest.mark.parametrize("content", [None, "", json.dumps({"version": "1.0"})])
def test_a_file_that_is_no_tokenizer_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "tokenizer.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")

    with pytest.raises(SettingsError, match=re.escape(str(file))):
        sizer("", str(file))


def test_the_settings_of_a_run_are_those_of_the_function() -> None:
    known = ChunkSettings()

    assert (known.max_tokens, known.min_tokens, known.overlap, known.count_path) == (
        512,
        32,
        0.0,
        False,
    )


@pytest.mark.parametrize(
    ("kind", "before"),
    [
        ("paragraph", "The pump runs at night. " * 30 + "It is started by hand."),
        ("paragraph", "It is started by hand at the station where the power has failed."),
        ("list_item", "- It is started by hand."),
    ],
)
def test_the_sentence_before_code_stays_with_it(kind: BlockKind, before: str) -> None:
    code = "```\n" + "start(pump)\n" * 100 + "```"
    for above in (0, 10, 20, 30, 40):
        text: list[Part] = [("paragraph", "Valves open by day. " * 5)] * above
        chunks = _cut([*text, (kind, before), ("code", code), ("paragraph", "It runs.")])
        held = next(c.text for c in chunks if "start(pump)" in c.text)

        assert "by hand" in held
        assert code in held


@pytest.mark.parametrize(
    ("max_tokens", "said"),
    [
        (
            64,
            "The pump of the station runs while the level of the water is low, and stops after it.",
        ),
        (128, "Some work (`st.title`, `st.header`, `st.button`, `st.expander`, `st.info`, etc.)."),
    ],
)
def test_a_small_overlap_begins_at_a_word_where_nothing_better_is_near(
    max_tokens: int, said: str
) -> None:
    made = document([("paragraph", said)] * 40)

    got = [SIZE(c.overlap) for c in chunk(made, size=SIZE, max_tokens=max_tokens, overlap=0.1)[1:]]

    assert min(got) > 0
    assert sum(got) >= 0.75 * round(0.1 * max_tokens) * len(got)


def _overlaps(parts: list[Part], max_tokens: int = 512) -> list[str]:
    return [
        c.overlap for c in chunk(document(parts), size=SIZE, max_tokens=max_tokens, overlap=0.15)
    ][1:]


def _near(overlaps: list[str], max_tokens: int = 512) -> float:
    """The share of overlaps within a tenth of what was asked."""
    asked = round(0.15 * max_tokens)
    return sum(abs(SIZE(said) - asked) <= asked / 10 for said in overlaps) / len(overlaps)


def test_an_overlap_in_code_begins_with_the_line_that_is_nearest_indented_or_not() -> None:
    parts: list[Part] = []
    for n in range(30):
        calls = [f"    reading_{k} = read(station, {n * k})" for k in range(20)]
        code = "\n".join(["def station():", *calls])
        parts += [("paragraph", f"Station {n}."), ("code", f"```python\n{code}\n```")]

    got = _overlaps(parts)

    assert len(got) > 10
    assert _near(got) == 1
    assert all(said.startswith(("    reading", "def ", "```python", "Station")) for said in got)


def test_an_overlap_begins_in_a_long_line_of_code_where_no_line_is_near() -> None:
    call = "level = read(station, 'the one by the river', at_night=True) or " * 3 + "None"
    parts: list[Part] = [
        part
        for n in range(12)
        for part in (
            ("paragraph", f"Station {n} tells its level."),
            ("code", f"```python\nx = {n}" + f"\n{call}" * 7 + "\n```"),
        )
    ]

    assert _near(_overlaps(parts)) == 1


def test_an_overlap_begins_with_a_cell_of_a_table_that_has_ended() -> None:
    row = "| the valve of the station | " + "which opens at level seven and closes " * 7 + "|"
    parts: list[Part] = []
    for n in range(8):
        parts.append(
            ("table", f"| Name | Use |\n| --- | --- |\n| valve {n} | opens |" + f"\n{row}" * 7)
        )
        parts.append(("paragraph", f"The stations of river {n} have pumps as well. " * 28))

    got = _overlaps(parts)

    assert len(got) > 6
    assert _near(got) == 1


def test_an_overlap_below_the_header_of_its_table_has_whole_rows() -> None:
    rows = [f"| valve {n} | " + "opens at night, and closes at noon " * 5 + "|" for n in range(60)]
    page = document([("table", "| Name | Use |\n| --- | --- |\n" + "\n".join(rows))])

    _, *others = chunk(page, size=SIZE, max_tokens=512, overlap=0.15)

    assert len(others) > 3
    for c in others:
        assert c.opening
        assert c.overlap.startswith("| valve")


@pytest.mark.parametrize("words", range(40, 60, 2))
def test_no_overlap_begins_with_the_end_of_a_fence(words: int) -> None:
    parts: list[Part] = []
    for n in range(8):
        parts.append(("heading", f"## Station {n}"))
        parts.append(("code", f"```sh\n{'/opt/rill/bin/level' * 40}\n```"))
        parts.append(("paragraph", ("level " * words).strip() + "."))

    got = _overlaps(parts, max_tokens=400)

    assert len(got) > 4
    assert not any(said.startswith("```\n") for said in got)


def test_a_small_rest_takes_the_room_of_an_overlap() -> None:
    code = "\n".join(f"read(station, {n})" for n in range(68))
    page = document(
        [
            ("paragraph", "The pump of a station is read at night. " * 30),
            ("heading", "## Reading"),
            ("code", f"```python\n{code}\n```"),
            ("heading", "## More"),
            ("paragraph", "See the manual."),
        ]
    )

    chunks = chunk(page, size=SIZE, max_tokens=512, overlap=0.15)

    assert min(SIZE(c.text) for c in chunks) >= 32
    assert [c.text.count("## ") for c in chunks] == [0, 2]
    assert SIZE(chunks[-1].text) > 512 - 77


def test_a_chunk_is_cut_earlier_so_that_its_rest_is_not_small() -> None:
    code = "\n".join(f"read(station, {n})" for n in range(60))
    page = document(
        [
            ("paragraph", "The pump of a station is read at night. " * 8),
            ("code", f"```python\n{code}\n```"),
            ("heading", "## More"),
            ("paragraph", "See the manual."),
        ]
    )

    chunks = chunk(page, size=SIZE, max_tokens=512, overlap=0.15)

    assert SIZE(page.text[: page.text.index("## More")]) < 512
    assert [SIZE(c.text) >= 32 for c in chunks] == [True, True]


def test_sections_of_three_fifths_of_the_budget_fill_their_chunks() -> None:
    parts: list[Part] = []
    for n in range(3):
        said = (f"The valve of station {n} opens at level {k}." for k in range(26))
        parts += [("heading", f"## Station {n}"), ("paragraph", " ".join(said))]
    page = document(parts)

    chunks = chunk(page, size=SIZE, max_tokens=512)

    assert 3 * 0.55 * 512 < SIZE(page.text) < 3 * 0.65 * 512
    assert len(chunks) == 2


@pytest.mark.parametrize(("heading", "count"), [("## Stations", 2), ("## What is a station?", 3)])
def test_a_paragraph_is_cut_where_that_spares_a_chunk_but_no_answer(
    heading: str, count: int
) -> None:
    item = "- " + " ".join(f"The valve of station {n} opens at level {n}." for n in range(15))
    said = " ".join(f"The pump of station {n} starts at level {n}." for n in range(8))
    parts: list[Part] = [("heading", heading), ("list_item", item)]
    page = document([*parts, ("paragraph", said), ("list_item", item)])

    chunks = chunk(page, size=SIZE, max_tokens=256)

    assert SIZE(said) < 0.4 * 256
    assert SIZE(item) + SIZE(said) > 256
    assert len(chunks) == count
    assert all(c.text.startswith(("## ", "- ", "The pump of station")) for c in chunks)
    assert all(c.text.endswith(".") for c in chunks)


def test_an_answer_does_not_end_with_a_heading_that_has_no_text() -> None:
    parts: list[Part] = [("heading", "# Which pump?"), ("paragraph", f"{EXPORTER} {EXPORTER}")]
    page = document([*parts, ("heading", "## Notes"), ("heading", "# End")])

    chunks = chunk(page, size=SIZE, max_tokens=SIZE(page.text) - 1)

    assert len(chunks) == 2
    assert not any(c.text.endswith("## Notes") for c in chunks)


def _unfit(parts: list[Part], title: str = "Page") -> list[str]:
    return [c.unfit for c in marked(_cut(parts, title))]


def _cut(parts: list[Part], title: str = "Page") -> list[Chunk]:
    return chunk(document(parts, title=title), size=SIZE, max_tokens=512)


LICENCE = [
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this software",
    "The above copyright notice and this permission notice shall be included in all copies.",
    'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND. IN NO EVENT SHALL THE AUTHORS'
    " BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY.",
]


@pytest.mark.parametrize(
    ("reason", "parts"),
    [
        ("contents", [("paragraph", f"{n}.1 Valves and pumps ........ {n}") for n in range(9)]),
        (
            "contents",
            [("heading", "## Table of contents")]
            + [("list_item", f"- Valves of kind {n}") for n in range(9)],
        ),
        (
            "contents",
            [
                ("heading", "## Inhaltsverzeichnis"),
                ("paragraph", "1 Ventile 3"),
                (
                    "table",
                    "| 1.1 Ventile . . . . . | 3 |\n| --- | --- |\n| 1.2 Pumpen . . . . . | 4 |\n"
                    "| . . . . . . . . . . | 4 |\n| 2 Rohre | 5 |\n| 2.1 Länge . . . . . . | 6 |",
                ),
                ("paragraph", "2.2 Dicken der Rohre"),
            ],
        ),
        (
            "contents",
            [("heading", "## Inhaltsverzeichnis")]
            + [("list_item", f"- Ventile der Art {n}") for n in range(9)],
        ),
        (
            "contents",
            [("heading", "## Chapter 63 - Concept Index"), ("heading", "### P")]
            + [
                part
                for n in range(4)
                for part in (
                    ("heading", f"#### pump, kind {n}"),
                    ("paragraph", "Main configuration [List of options], Log files [Pumps]"),
                )
            ],
        ),
        (
            "contents",
            [("heading", "## 20.7. Planning")]
            + [("list_item", f"- 20.7.{n}. Costs of kind {n}") for n in range(1, 8)],
        ),
        (
            "legal",
            [
                ("heading", "## Anhang A - The GNU General Public License"),
                ("heading", "### Preamble"),
                ("paragraph", "You must give the recipients all the rights that you have. " * 3),
                ("paragraph", "We protect your rights with copyright, and offer this license."),
            ],
        ),
        ("links", [("list_item", f"- Page {n}: https://example.org/{n}") for n in range(9)]),
        ("legal", [("paragraph", text) for text in LICENCE]),
        (
            "legal",
            [
                ("heading", "## Licence of the driver"),
                (
                    "code",
                    "```\n/*\n * Copyright 2003 A Pump\n *\n * Permission is hereby granted,\n"
                    " * free of charge, to anyone if this\n * copyright notice stays.\n *\n"
                    ' * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.\n */\n```',
                ),
            ],
        ),
        (
            "legal",
            [
                ("list_item", "- @license"),
                ("list_item", "- Copyright 2017 Pumps"),
                ("list_item", "- SPDX-License-Identifier: BSD-3-Clause"),
            ],
        ),
        (
            "legal",
            [
                ("heading", "## Impressum"),
                ("paragraph", "Pumpen GmbH, Am Ventil 3, 12345 Rohrbach"),
                ("paragraph", "Geschäftsführer: E. Muster"),
            ],
        ),
        (
            "legal",
            [
                ("heading", "## License"),
                ("paragraph", "Licensed under the MIT license. Copyright 2020 by A. Pump."),
            ],
        ),
        ("versions", [("list_item", f"- 1.{n}.0 (2024-03-0{n})") for n in range(1, 9)]),
        (
            "versions",
            [("heading", "# Changelog")]
            + [("list_item", f"- v1.{n}.0 - 2024-03-0{n}") for n in range(1, 9)],
        ),
        ("versions", [("list_item", f"- Version 1.{n} vom {n}. März 2024") for n in range(1, 9)]),
        ("versions", [("list_item", f"- v1.{n}.0（2024年3月{n}日）") for n in range(1, 9)]),
        (
            "versions",
            [
                (
                    "table",
                    "| Version | Released | Ends |\n| --- | --- | --- |\n"
                    + "\n".join(f"| 1.{n} | 2024-03-0{n} | 2025-03-0{n} |" for n in range(1, 7)),
                )
            ],
        ),
        (
            "contents",
            [("heading", "## Table des matières")]
            + [("list_item", f"- Chapitre {n} des pompes") for n in range(9)],
        ),
        (
            "legal",
            [
                ("paragraph", "No part of this publication may be reproduced without permission."),
                ("paragraph", "All trademarks are the property of their respective owners."),
                ("paragraph", "ISBN 978-3-16-148410-0. First published 2019."),
            ],
        ),
        (
            "versions",
            [
                part
                for n in range(1, 9)
                for part in (
                    ("heading", f"## v3.{n}.0 (2026-02-0{n})"),
                    ("list_item", f"- Update to Pump v3.{n}.1"),
                )
            ],
        ),
        (
            "contents",
            [
                ("heading", "## Guide"),
                ("paragraph", "Contents:"),
                ("heading", "### Indices and tables"),
                *(("list_item", f"- {name}") for name in ("genindex", "modindex", "search")),
            ],
        ),
        ("versions", [("heading", f"## v2.{n} - May {n}, 2023") for n in range(1, 9)]),
    ],
)
def test_chunks_that_say_nothing_are_left_out_with_the_reason(
    reason: str, parts: list[Part]
) -> None:
    assert _unfit(parts) == [reason]


def test_a_list_of_the_headings_of_a_document_is_its_contents() -> None:
    asked = [f"V{n}. My valve of kind {n} is stuck, what now?" for n in range(30)]
    listed: list[Part] = [("heading", "## Valves"), ("paragraph", "\n".join(asked))]
    answers: list[Part] = []
    for title in asked:
        answers += [
            ("heading", f"## {title}"),
            ("paragraph", f"{title[:2]} is turned by hand. " * 9),
        ]
    said: Part = ("paragraph", "Valves are made of brass. " * 60)

    assert _unfit([*listed, *answers])[:2] == ["contents", ""]
    assert _unfit(listed) == [""]
    assert _unfit([*listed[:1], ("paragraph", "\n".join(asked[:6])), said, *answers])[0] == ""


@pytest.mark.parametrize(
    "parts",
    [
        [("heading", "## Contents")]
        + [("list_item", f"- Valve {n}: opens at level {n}.") for n in range(9)],
        [("list_item", f"- Version 1.{n} reads the level of every station.") for n in range(9)],
        [("heading", "## Index"), ("heading", "### Pumps")]
        + [("paragraph", f"An index of pump {n} is made when it starts.") for n in range(9)],
        [("heading", "## 3.2. Install")]
        + [("list_item", f"- 3.2.{n}. Press the button of pump {n}.") for n in range(9)],
        [("heading", "## 3.2. Install")]
        + [("list_item", f"- 1.{n} Press the button of pump {n}") for n in range(9)],
        [("heading", "## Licence server"), ("paragraph", "It hands out a licence to each pump.")],
        [("list_item", f"- See https://example.org/{n} for how pump {n} starts") for n in range(9)],
        [
            (
                "paragraph",
                "The licence names who may use it. All rights reserved says it.",
            )
        ],
        [("paragraph", LICENCE[0]), ("code", "```\nrun(pump)\n```" * 9), ("paragraph", LICENCE[1])],
        [("code", "```\n$ cat copyright\n" + "\n".join(LICENCE) + "\n```")],
        [("code", "```\n" + "\n".join(f"-- | Opens valve {n}" for n in range(9)) + "\n```")],
        [
            ("heading", "## License"),
            (
                "paragraph",
                "The license key is set with `pump license KEY`. The license has a date.",
            ),
        ],
        [("list_item", f"- `E{n}` 1{n}.5 V") for n in range(9)],
        [("list_item", f"- 10.0.0.{n}") for n in range(9)],
        [
            ("heading", "## Privacy policy"),
            (
                "paragraph",
                "The cookie `pump_stats` counts visits for 30 days. All rights reserved.",
            ),
        ],
        [("table", "| a | b |\n| --- | --- |\n" + "\n".join(f"| {n} | 1.{n} |" for n in range(9)))],
        [("code", "```\n" + "\n".join(f"https://example.org/{n}" for n in range(9)) + "\n```")],
    ],
)
def test_chunks_that_say_something_are_kept(parts: list[Part]) -> None:
    assert _unfit(parts) == [""]


def _linked(parts: list[Part]) -> list[str]:
    """The marks of a document whose list items are links."""
    made = document(parts, title="Page")
    blocks = tuple(replace(b, flags=("link",)) if b.kind == "list_item" else b for b in made.blocks)
    return [c.unfit for c in marked(chunk(replace(made, blocks=blocks), size=SIZE, max_tokens=512))]


def test_a_list_of_links_is_left_out_but_not_what_explains_beside_it() -> None:
    above: list[Part] = [("heading", "## Further reading")]
    links: list[Part] = [("list_item", f"- The pump of station {n}") for n in range(6)]
    said: Part = ("paragraph", "A pump is started by hand where the station has no power. " * 2)
    changed: list[Part] = [("heading", "## 3.2.1 (2024-05-06)")]

    assert _linked([*above, *links]) == ["links"]
    assert _unfit([*above, *links]) == [""]
    assert _linked([*above, said, *links]) == [""]
    assert _linked([*changed, *links]) == [""]
    assert _linked(
        [("list_item", f"- Valve {n} opens when the level of it falls.") for n in "abcdef"]
    ) == [""]


def test_contents_beside_an_example_are_kept() -> None:
    titles = [f"Valves of the kind {n}" for n in range(9)]
    listed: list[Part] = [("list_item", f"- {title}") for title in titles]
    example: Part = ("code", "```\ninstall pump\n```")
    rest: list[Part] = []
    for title in titles:
        rest += [("heading", f"## {title}"), ("code", "```\n" + "turn(valve)\n" * 120 + "```")]

    assert _unfit([("heading", "## Pump"), *listed, *rest])[0] == "contents"
    assert _unfit([("heading", "## Pump"), *listed, example, *rest])[0] == ""


def test_every_part_of_a_licence_is_left_out() -> None:
    terms = "You may convey the work when you keep the notices of this license and its warranty. "
    parts: list[Part] = [("paragraph", f"{n}. {terms * 9}") for n in range(20)]
    parts += [("paragraph", f"{n}. Definition of a word. " * 60) for n in range(3)]
    parts += [("paragraph", text) for text in LICENCE]

    named = _unfit([("paragraph", "GNU AFFERO GENERAL PUBLIC LICENSE"), *parts])
    unnamed = _unfit(parts)
    without_phrases = _unfit(parts[:20])

    assert len(named) > 5 and set(named) == set(unnamed) == {"legal"}
    assert "legal" not in without_phrases


def test_a_part_between_two_parts_of_a_named_licence_is_left_out() -> None:
    def said(text: str) -> str:
        return " ".join(text.format(n) for n in range(30))

    def parts(name: str) -> list[Part]:
        terms = "You may convey work {} when you keep its notices, this license and its warranty."
        word = "A product of kind {} is what is sold to those who live in a house."
        pump: list[Part] = [
            ("paragraph", said(f"The pump of station {{}} lifts water to tank {n}."))
            for n in range(10)
        ]
        inside: list[Part] = [
            ("paragraph", f"{n}. {said(word if n == 4 else f'{n} {terms}')}") for n in range(8)
        ]
        return [("heading", "# Pump"), *pump, ("heading", f"## {name}"), *inside]

    licence = _unfit(parts("GNU General Public License"))

    assert licence.count("legal") >= 5 and "" not in licence[licence.index("legal") :]
    assert "legal" not in _unfit(parts("Who may sell it"))


def test_short_lines_count_when_chunks_are_compared() -> None:
    said = "The valves of all stations are opened by hand, and closed when the night begins. " * 3
    first: list[Part] = [("code", "```\n" + "\n".join(f"a = {n}" for n in range(60)) + "\n```")]
    second: list[Part] = [("code", "```\n" + "\n".join(f"b = {n}" for n in range(60)) + "\n```")]

    other = _unfit([("paragraph", said), *first, ("heading", "## B"), ("paragraph", said), *second])
    same = _unfit([("paragraph", said), *first, ("heading", "## B"), ("paragraph", said), *first])

    assert other == ["", ""]
    assert same == ["", "duplicate"]


def test_a_chunk_said_before_in_the_document_is_left_out_once() -> None:
    text = [
        f"The valve of station {n} opens at level {n * 3} and closes at night." for n in range(26)
    ]
    parts: list[Part] = [("heading", "## One"), ("paragraph", " ".join(text))]
    again: list[Part] = [("heading", "## Two"), ("paragraph", " ".join(text))]
    other = " ".join(line.replace("level", "hour") for line in text)

    marks = _unfit([*parts, *again, ("heading", "## Three"), ("paragraph", other)])

    assert marks == ["", "duplicate", ""]


def test_what_is_unfit_enters_no_row_and_says_why() -> None:
    page = document([("list_item", f"- Page {n}: https://example.org/{n}") for n in range(9)])
    chunks = marked(chunk(page, size=SIZE, max_tokens=512))

    (assigned,) = split(chunks, settings=SplitSettings(), seed=0).assignments

    assert not assigned.use
    assert assigned.reason == "links"
