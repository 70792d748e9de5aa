"""Text that only looks like what a theme adds: names, lists of links, legal notes, menus."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.ingest.packages import FIXTURES
from tests.ingest.reading import document, markdown

PAGES = {
    "a main part": "<nav><a href='/'>Home</a></nav><main>{0}</main><footer>Back to top</footer>",
    "nothing but a body": "{0}",
}


def as_html(source: str) -> str:
    """Markdown as a generator shows it: with headings that can be linked to."""
    made = MarkdownIt("commonmark").enable("table").render(source)
    return re.sub(r"<(h\d)>(.*?)(?=</)", _linked, made)


def _linked(heading: re.Match[str]) -> str:
    name = re.sub(r"\W+", "-", heading[2].lower())
    return f'<{heading[1]} id="{name}">{heading[2]}'


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize(
    "source", sorted((FIXTURES / "lookalikes").glob("*.md")), ids=lambda path: path.stem
)
def test_what_an_author_wrote_reads_the_same_on_the_page(source: Path, page: str) -> None:
    text = source.read_text(encoding="utf-8")

    found = document(f"<body>{page.format(as_html(text))}</body>", "text/html")

    assert found.text == markdown(text).text
