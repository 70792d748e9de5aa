"""Quality and speed of chunking beside five other packages, in one process.

    builder build DOCS -o out --until ingest      # once for each set of documents
    python benchmarks/chunking.py en=out/documents.jsonl ... [--tokens 512] [--overlap 0.15]

Runs in an environment with requirements-chunking.txt. Everybody gets Document.text; structure is
taken from Document.blocks. Speed is CPU time, as a ratio to tiktoken's encode_ordinary of the same
texts, the least of some rounds. An edit puts other words in one sentence ("edited"), or one
sentence more into a paragraph ("inserted"); what counts is how many chunks are new.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from builder.chunk import chunk, joined
from builder.records import Block, Document, from_json
from builder.tokens import encoded, get_encoding, sizer

SIZE = sizer("o200k_base")
ENCODING = get_encoding("o200k_base")
INSERTED = " The setting was changed in a later release and needs a restart."


@dataclass(frozen=True)
class Piece:
    """A chunk: its own text, all that is counted, whether its heading path is told.

    told: the count that the splitter gives, 0 if it gives none.
    """

    text: str
    counted: str
    overlap: str = ""
    path: bool = False
    told: int = 0


Splitter = Callable[[Document], list[Piece]]


def ours(max_tokens: int, overlap: float) -> Splitter:
    """builder.chunk."""
    return lambda document: [
        Piece(c.text, joined(c), c.overlap, bool(c.heading_path), c.n_tokens)
        for c in chunk(document, size=SIZE, max_tokens=max_tokens, overlap=overlap)
    ]


def _plain(split: Callable[[str], Sequence[str]]) -> Splitter:
    return lambda document: [Piece(text, text) for text in split(document.text)]


def peers(max_tokens: int, overlap: float) -> dict[str, Splitter]:
    """The other packages, set to the same budget."""
    from chonkie import RecursiveChunker, SentenceChunker
    from langchain_text_splitters import MarkdownTextSplitter, RecursiveCharacterTextSplitter
    from llama_index.core import Document as Page
    from llama_index.core.node_parser import MarkdownNodeParser, SentenceSplitter
    from semantic_text_splitter import MarkdownSplitter
    from semchunk import chunkerify

    asked = round(max_tokens * overlap)
    chain = {"chunk_size": max_tokens, "chunk_overlap": asked, "length_function": SIZE}
    semantic = MarkdownSplitter.from_tiktoken_model("gpt-4o", max_tokens, asked)
    sentences = SentenceSplitter(
        chunk_size=max_tokens, chunk_overlap=asked, tokenizer=ENCODING.encode_ordinary
    )
    headed = MarkdownNodeParser()
    sem = chunkerify(lambda text: SIZE(text), max_tokens, memoize=False)

    def llama(text: str) -> list[str]:
        parts = headed.get_nodes_from_documents([Page(text=text)])
        return [text for part in parts for text in sentences.split_text(part.get_content())]

    found = {
        "semantic-text-splitter Markdown": _plain(semantic.chunks),
        "semchunk": _plain(lambda text: sem(text, overlap=overlap or None)),
        "langchain Markdown": _plain(MarkdownTextSplitter(**chain).split_text),
        "langchain Recursive": _plain(RecursiveCharacterTextSplitter(**chain).split_text),
        "llama-index Sentence": _plain(sentences.split_text),
        "llama-index Markdown+Sentence": _plain(llama),
    }
    if not overlap:
        rec = RecursiveChunker(tokenizer=ENCODING, chunk_size=max_tokens)
        found["chonkie Recursive"] = _plain(lambda text: [c.text for c in rec.chunk(text)])
    sent = SentenceChunker(tokenizer=ENCODING, chunk_size=max_tokens, chunk_overlap=asked)
    found["chonkie Sentence"] = _plain(lambda text: [c.text for c in sent.chunk(text)])
    return found


def quality(
    documents: Sequence[Document], split: Splitter, max_tokens: int, share: float
) -> dict[str, float]:
    """Shares in per cent, but for chunks, fill and overlap (tokens).

    allowed: the fill if every document had as few chunks as its tokens need, also of those that
    need two or more ("long"); possible: with the fewest chunks that break no rule; near: the
    overlaps within a tenth of what was asked, sentence: those that begin with a sentence, line or
    block. An overlap is what was told, or is found again.
    """
    count = over = small = orphan = verbatim = paths = words = wrong = 0
    asked, near, begins = max(1, round(share * max_tokens)), 0, 0
    whole = {"code": 0, "table": 0, "list_item": 0}
    cut = dict.fromkeys(whole, 0)
    fill = filled = full = lost = length = got = 0.0
    needs, wholes = [0, 0], [0, 0]  # of all documents, and of the long ones
    least = 0
    for document in documents:
        text, pieces = document.text, split(document)
        own = SIZE(text)
        large = own > max_tokens
        least += fewest(document, max_tokens) if large else 1
        for known in (0, 1)[: 1 + large]:
            needs[known] += -(-own // max_tokens)
            wholes[known] += own
        titles = {
            block.end
            for block, below in pairwise(document.blocks)
            if block.kind == "heading" and (below.kind != "heading" or below.level > block.level)
        }
        cuts, at = [], 0
        for number, piece in enumerate(pieces):
            tokens = SIZE(piece.counted)
            count += 1
            fill += tokens / max_tokens
            full += large
            filled += large * tokens / max_tokens
            over += tokens > max_tokens
            wrong += piece.told not in (0, tokens)
            small += SIZE(piece.text) < 32 <= own
            paths += piece.path
            place = text.find(piece.text, max(0, at - 4 * len(piece.text)))
            if number:
                told = piece.overlap or (text[place:at] if place >= 0 else "")
                repeated = SIZE(told)
                got += repeated
                near += abs(repeated - asked) <= asked / 10
                begins += bool(told) and _begins(text, place - len(piece.overlap))
            verbatim += place >= 0
            if place >= 0:
                if number:
                    cuts.append(place)
                words += place > 0 and _inside_word(text, place)
                at = place + len(piece.text)
                orphan += place + len(piece.text.rstrip()) in titles
        length += len(text)
        if not any(piece.overlap for piece in pieces):
            kept = sum(len("".join(piece.text.split())) for piece in pieces)
            lost += max(0, len("".join(text.split())) - kept)
        for kind, start, end in _units(document, 0.9 * max_tokens):
            whole[kind] += 1
            nearest = bisect_right(cuts, start)
            cut[kind] += nearest < len(cuts) and cuts[nearest] < end
    return {
        "chunks": count,
        "fill": fill / count,
        "possible": wholes[0] / (least * max_tokens),
        "allowed": wholes[0] / max(1, needs[0] * max_tokens),
        "long": filled / max(full, 1),
        "allowed long": wholes[1] / max(1, needs[1] * max_tokens),
        "over": 100 * over / count,
        "wrong count": 100 * wrong / count,
        "<32": 100 * small / count,
        "fence": 100 * cut["code"] / max(1, whole["code"]),
        "table": 100 * cut["table"] / max(1, whole["table"]),
        "item": 100 * cut["list_item"] / max(1, whole["list_item"]),
        "orphan": 100 * orphan / count,
        "word": 100 * words / count,
        "no path": 100 - 100 * paths / count,
        "not verbatim": 100 - 100 * verbatim / count,
        "lost": 100 * lost / length,
        "overlap": got / max(1, count - len(documents)),
        "near": 100 * near / max(1, count - len(documents)),
        "sentence": 100 * begins / max(1, count - len(documents)),
    }


def fewest(document: Document, max_tokens: int) -> int:
    """The fewest chunks with fences, tables and items that fit whole, and headings above a text.

    Cuts are anywhere else, and each as late as it may be.
    """
    text, blocks = document.text, document.blocks
    sizes = encoded(SIZE, text)
    whole = [(start, end) for _, start, end in _units(document, max_tokens)]
    near = pairwise(blocks)
    whole += [(title.start, low.start + 1) for title, low in near if title.kind == "heading"]
    count, at, last = 0, blocks[0].start, blocks[-1].end
    while at < last:
        stop = aim = last
        tokens = max_tokens
        while SIZE(text[at:stop].rstrip()) > max_tokens:
            stop = aim = sizes.position(sizes.before((at,))[0] + tokens)
            tokens -= 1
        while found := [start for start, end in whole if start < stop < end]:
            stop = min(found)
        at = stop if stop > at else max(aim, at + 1)
        while at < last and text[at].isspace():
            at += 1
        count += 1
    return count


def _begins(text: str, at: int) -> bool:
    """Whether a line, a block or a sentence begins here."""
    before = text[max(0, at - 80) : max(0, at)].rstrip(" ")
    return at == 0 or (at > 0 and before[-1:] in ("\n", *".!?:;。！？…)\"'`"))


def _inside_word(text: str, at: int) -> bool:
    left, right = text[at - 1], text[at]
    return left.isalnum() and right.isalnum() and left.isascii() and right.isascii()


def _units(document: Document, limit: float) -> Iterator[tuple[str, int, int]]:
    """Fences, tables, and items with all that is nested in them, that fit."""
    blocks = document.blocks
    for number, block in enumerate(blocks):
        last = number
        if block.kind == "list_item":
            while last + 1 < len(blocks) and _nested(blocks[last + 1], block):
                last += 1
        elif block.kind not in ("code", "table"):
            continue
        if SIZE(document.text[block.start : blocks[last].end]) <= limit:
            yield block.kind, block.start, blocks[last].end


def _nested(block: Block, above: Block) -> bool:
    return block.kind == "list_item" and block.level > above.level


def edited(document: Document, draw: random.Random, kind: str) -> Document | None:
    """The document with other words in one sentence, or with one sentence more."""
    found = [
        n for n, b in enumerate(document.blocks) if b.kind == "paragraph" and b.end - b.start > 80
    ]
    if not found:
        return None
    number = draw.choice(found)
    block = document.blocks[number]
    start, end, new = block.end, block.end, INSERTED
    if kind == "edited":
        words = list(re.finditer(r"[^\W\d_]{4,12}", document.text[block.start : block.end]))
        if not words:
            return None
        word = draw.choice(words)
        start, end = block.start + word.start(), block.start + word.end()
        new = draw.choice(["other", "quite another"])
    more = len(new) - (end - start)
    blocks = tuple(
        replace(b, start=b.start + more * (n > number), end=b.end + more * (n >= number))
        for n, b in enumerate(document.blocks)
    )
    text = document.text[:start] + new + document.text[end:]
    return replace(document, text=text, blocks=blocks)


def changed(documents: Sequence[Document], split: Splitter, kind: str, number: int) -> float:
    """The mean number of chunks that are new after one edit."""
    draw = random.Random(3)
    long = [document for document in documents if len(document.text) > 6_000]
    new, done = 0, 0
    while done < number:
        before = draw.choice(long)
        after = edited(before, draw, kind)
        if after is None:
            continue
        known = {piece.text for piece in split(before)}
        new += sum(piece.text not in known for piece in split(after))
        done += 1
    return new / number


def cpu(work: Callable[[], object], rounds: int = 3) -> float:
    """The least CPU seconds of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best


def speed(documents: Sequence[Document], split: Splitter, rounds: int) -> float:
    """tiktoken's time for the texts as a share of the splitter's: the least of some rounds each,
    by turns, so that other work on the machine falls on both."""
    base = used = inf
    for _ in range(rounds):
        base = min(base, cpu(lambda: [ENCODING.encode_ordinary(d.text) for d in documents], 1))
        used = min(used, cpu(lambda: [split(d) for d in documents], 1))
    return base / used


def giants() -> dict[str, tuple[str, list[str]]]:
    """Inputs that have brought chunkers down: kind of block, and the blocks."""
    draw = random.Random(5)
    letters = "".join(draw.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=1_000_000))
    signs = "".join(chr(draw.randrange(0x4E00, 0x9FA5)) for _ in range(333_000))
    lines = "\n".join(f"    value_{n} = call({n}, 'name')" for n in range(29_000))
    rows = "\n".join(f"| name {n} | value {n * 7} | some words about it |" for n in range(5_000))
    words = "the level of a tank is read by its sensor every hour unless told otherwise".split()
    said = [" ".join(draw.choices(words, k=draw.randrange(4, 24))) for _ in range(12_500)]
    prose = " ".join(f"{sentence.capitalize()}." for sentence in said)
    japanese = "センサーは毎時間タンクの水位を測定し、その値をゲートウェイに送信します。" * 9_500
    return {
        "1 MB without a blank": ("paragraph", [letters]),
        "100,000 newlines": ("code", ["```\n" + "\n" * 100_000 + "x\n```"]),
        "100,000 short lines": ("paragraph", ["a\n" * 100_000 + "b"]),
        "1 MB of one character": ("paragraph", ["a" * 1_000_000]),
        "1 MB of full stops": ("paragraph", ["." * 1_000_000]),
        "1 MB of ideographs": ("paragraph", [signs]),
        "20,000 headings": ("heading", [f"## Heading number {n} of this" for n in range(20_000)]),
        "20,000 headings of one letter": ("heading", ["# h"] * 20_000),
        "1 MB fence": ("code", [f"```python\n{lines}\n```"]),
        "table of 5,000 rows": ("table", [f"| a | b | c |\n| --- | --- | --- |\n{rows}"]),
        "1 MB of prose in a paragraph": ("paragraph", [prose]),
        "1 MB of Japanese in a paragraph": ("paragraph", [japanese]),
        "1 MB of prose with backticks": ("paragraph", [prose.replace(" tank ", " `tank` ")]),
        "1 MB of open backticks": ("paragraph", ["`a ``b. " * 125_000]),
        "1 MB of abbreviations": ("paragraph", ["e.g. i.e. Dr. A. " * 60_000]),
        "1 MB of initials": ("paragraph", ["A. B. C. D. " * 85_000]),
        "1 MB of emoji": ("paragraph", ["👩🏽‍🚀🙂" * 41_000]),
        "1 MB of combining marks": ("paragraph", ["e" + "\u0301" * 500_000]),
        "1 MB of list items": ("list_item", [f"- {sentence}" for sentence in said]),
        "20,000 items, each in the last": (
            "list_item",
            [f"{' ' * min(n, 40)}- item {n}" for n in range(20_000)],
        ),
        "50,000 code blocks of a line": ("code", [f"```\nrun {n}\n```" for n in range(50_000)]),
        "2,000 paragraphs of short questions": ("paragraph", ["a? " * 75] * 2_000),
        "20,000 lead-ins": ("paragraph", [f"Run number {n}:" for n in range(20_000)]),
        "a line of CSV of 1 MB": ("paragraph", [",".join(f"{n},name" for n in range(90_000))]),
        "a table row of 1 MB": ("table", [f"| a |\n| --- |\n| {prose} |"]),
    }


def giant(kind: str, parts: Sequence[str]) -> Document:
    """A document of blocks of one kind."""
    blocks, at = [], 0
    for number, part in enumerate(parts):
        path = ("Page", part.lstrip("# ")) if kind == "heading" else ("Page",)
        level = len(part) - len(part.lstrip("#")) if kind == "heading" else 0
        if kind == "list_item":
            level = number + 1 if part[0] == " " else 1
        data = {"kind": kind, "start": at, "end": at + len(part), "heading_path": path}
        blocks.append(from_json(Block, data | {"level": level}))
        at += len(part) + 2
    return Document(
        id="0", path="p", title="Page", lang="und", media_type="text/markdown", sha256="",
        text="\n\n".join(parts), blocks=tuple(blocks),
    )  # fmt: skip


def main() -> None:
    """Print one table per set of documents, and one of the giants."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="NAME=documents.jsonl")
    parser.add_argument("--tokens", type=int, nargs="*", default=[512, 1024])
    parser.add_argument("--overlap", type=float, nargs="*", default=[0.0, 0.15])
    parser.add_argument("--alone", action="store_true", help="builder only")
    parser.add_argument("--edits", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--giants", action="store_true")
    told = parser.parse_args()
    for name, file in (item.split("=", 1) for item in told.sets):
        with Path(file).open(encoding="utf-8") as rows:
            documents = [from_json(Document, json.loads(row)) for row in rows]
        for tokens in told.tokens:
            for overlap in told.overlap:
                table(name, documents, tokens, overlap, told)
    if told.giants:
        for name, (kind, parts) in giants().items():
            document = giant(kind, parts)
            base = cpu(lambda d=document: ENCODING.encode_ordinary(d.text), 5)
            used = cpu(lambda d=document: chunk(d, size=SIZE, max_tokens=512), 5)
            most = max(SIZE(joined(c)) for c in chunk(document, size=SIZE, max_tokens=512))
            print(f"{name:35} tiktoken {base:.3f} s  {used / base:.1f} times that  most {most}")


def table(
    name: str,
    documents: Sequence[Document],
    tokens: int,
    overlap: float,
    told: argparse.Namespace,
) -> None:
    """Print the figures of every splitter on a set."""
    splitters = {"builder": ours(tokens, overlap)}
    if not told.alone:
        splitters |= peers(tokens, overlap)
    print(f"\n{name}: {len(documents)} documents, {tokens} tokens, overlap {overlap:.0%}")
    for who, split in splitters.items():
        split(documents[0])  # vocabularies load
        figures = {"speed": speed(documents, split, told.rounds)}
        figures |= quality(documents, split, tokens, overlap)
        if not overlap:
            figures |= {k: changed(documents, split, k, told.edits) for k in ("edited", "inserted")}
        shown = "  ".join(f"{key} {value:.3g}" for key, value in figures.items())
        print(f"  {who:32} {shown}", flush=True)


if __name__ == "__main__":
    main()
