"""English pages for the writer's tests, read and cut as in a run, and what is asked about them."""

from __future__ import annotations

from dataclasses import replace

from builder.chunk import chunk
from builder.ingest import read_bytes
from builder.prompts import Prompts
from builder.records import Chunk, Document, Draft, Failure
from builder.text import words
from builder.write.extractive import Rules, parse_templates, write
from builder.write.rule import Templates

TEMPLATES = parse_templates(Prompts.find(None).text("extractive/en.toml"))
FIRST = replace(TEMPLATES, forms={name: forms[:1] for name, forms in TEMPLATES.forms.items()})


def chunks_of(
    markdown: str, *, path: str = "docs/page.md", lang: str = "en", max_tokens: int = 400
) -> list[Chunk]:
    """The chunks of a Markdown page; a token is a word."""
    found = read_bytes(markdown.encode(), path=path, media_type="text/markdown", lang=lang)
    assert isinstance(found, Document)
    return chunk(found, size=lambda text: len(words(text)), max_tokens=max_tokens)


def written(
    *chunks: Chunk,
    templates: Templates = FIRST,
    rules: Rules = "strict",
    seed: int = 0,
    product: str = "",
    max_per_chunk: int = 20,
) -> list[Draft | Failure]:
    """What the writer makes of chunks; by default each question in its first wording."""
    return list(
        write(
            chunks,
            templates={templates.lang: templates},
            rules=rules,
            seed=seed,
            product=product,
            max_per_chunk=max_per_chunk,
        )
    )


def asked(markdown: str, *, product: str = "", rules: Rules = "strict") -> dict[str, str]:
    """Question -> answer for a page."""
    found = written(*chunks_of(markdown), product=product, rules=rules)
    return {draft.question: draft.answer for draft in found if isinstance(draft, Draft)}


def of_sentence(sentence: str, heading: str, *, rules: Rules = "strict") -> list[str]:
    """The questions that a sentence under a heading answers."""
    return list(asked(f"# Handbook\n\n## {heading}\n\n{sentence}\n", rules=rules))
