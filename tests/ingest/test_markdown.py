"""What of a Markdown file ends up in a document, dialect by dialect."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.ingest.markdown import parse
from tests.ingest.places import lost
from tests.ingest.reading import document, kinds, markdown, paths

BLOCKS = {
    "plain Markdown is already canonical": (
        "# Levels\n\nText with `code`.\n\n- one\n- two\n  1. deep\n\n```sh\nls\n```\n\n> said\n\n"
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
        "# Levels\n\nText with `code`.\n\n- one\n- two\n  1. deep\n\n```sh\nls\n```\n\n> said\n\n"
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
    ),
    "cells beyond the head of a table": (
        "| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| `x | y` | z |\n| v \\| w | u |\n| 1 | 2 | |",
        "| a | b |\n| --- | --- |\n| 1 | 2 \\| 3 |\n| `x \\| y` | z |\n| v \\| w | u |\n| 1 | 2 |",
    ),
    "a row of three with code for three columns": (
        "| a | b | c |\n|---|---|---|\n| `x | y` | z |",
        "| a | b | c |\n| --- | --- | --- |\n| `x | y` | z |",
    ),
    "soft and hard breaks": ("one\ntwo  \nthree", "one two\nthree"),
    "emphasis, links and images": (
        '**Bold**, *soft*, ~~old~~ [text](u "t"), <https://x.org> ![alt](i.png)',
        "Bold, soft, text, https://x.org",
    ),
    "links by name": (
        "See [the guide][g] and [PEP 8][].\n\n[g]: http://x.org",
        "See the guide and PEP 8.",
    ),
    "underlined headings": ("Title\n=====\n\nPart\n----\n\ntext", "# Title\n\n## Part\n\ntext"),
    "heading marks and ids": (
        "## Ports ## {#ports}\n\n### More {.x #y}\n\nt",
        "## Ports\n\n### More\n\nt",
    ),
    "code stays as it is": (
        '```python title="a.py" hl_lines="1"\n{{ x }} {: .y } <b> [^1] ++a++\n```',
        "a.py\n\n```python\n{{ x }} {: .y } <b> [^1] ++a++\n```",
    ),
    "indented code": (
        "Text:\n\n    {% if x %}\n      <tag>",
        "Text:\n\n```\n{% if x %}\n  <tag>\n```",
    ),
    "code in a list": (
        "1. Run:\n   ```\n   !!! go\n   ```\n2. Stop",
        "1. Run:\n\n```\n!!! go\n```\n\n2. Stop",
    ),
    "tables with bars": (
        "|a|b|\n|:-|-:|\n|`x\\|y`|z|",
        "| a | b |\n| --- | --- |\n| `x\\|y` | z |",
    ),
    "front matter": ("---\ntitle: Levels\nlang: de\n---\n\nText.", "Text."),
    "a comment": ("One.\n\n<!-- hidden\n\n# not a heading -->\n\nTwo.", "One.\n\nTwo."),
    "raw HTML in a line": ("Press <kbd>Ctrl</kbd><br>or <b>this</b>.", "Press Ctrl\nor this."),
    "placeholders that look like tags": (
        "Open http://<host>:<port> now.",
        "Open http://<host>:<port> now.",
    ),
    "what leads back to the top of a page": (
        "Go on.\n\n<p>(<a href='#t'>back to top</a>)</p>\n\n**[\u2b06 back to top](#t)**\n\n"
        "[\U0001f51d Back to Top](#t)\n\n[\u56de\u5230\u9876\u90e8](#t)",
        "Go on.",
    ),
    "an import of several lines": (
        "import {\n  A,\n  B,\n} from 'x';\n\nimport { it all\n\nNow.",
        "import { it all\n\nNow.",
    ),
    "pictures and parts of other notes": (
        "![[a.png|200]]\n\nGo ![[Note#Sec]] on.\n\n^the-end",
        "Go on.",
    ),
    "captions, titles and versions of MyST": (
        "```{figure} a.png\n:name: x\n\nThe *wheel*.\n\nIt turns.\n```\n\n"
        "```{list-table} The parts\n* - a\n  - b\n```\n\n"
        "```{dropdown} Why?\nIt is old.\n```\n\n"
        "```{versionadded} 1.2\nThe wheel.\n```\n\n```{deprecated} 2.0\n```",
        "The wheel.\n\nIt turns.\n\nThe parts\n\n|  |  |\n| --- | --- |\n| a | b |\n\n## Why?\n\nIt is old.\n\n"
        "Added in version 1.2: The wheel.\n\nDeprecated since version 2.0",
    ),
    "a placeholder line": ("Use:\n\n<your-name>\n\nnow", "Use:\n\n<your-name>\n\nnow"),
    "a raw table": (
        "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>",
        "| A | B |\n| --- | --- |\n| 1 | 2 |",
    ),
    "Markdown inside HTML": (
        '<div align="center">\n\n# Levels\n\nText.\n\n</div>',
        "# Levels\n\nText.",
    ),
    "Markdown inside a marked element": ("<figure markdown>\n**A** b\n</figure>", "A b"),
    "a fold": (
        "<details>\n<summary>Is it safe?</summary>\n\nYes, **very**.\n\n</details>\n\nAfter.",
        "## Is it safe?\n\nYes, very.\n\nAfter.",
    ),
    "MkDocs admonition": ("!!! warning\n    Hot.\n\n    Really.", "Warning: Hot.\n\nReally."),
    "MkDocs admonition with title": (
        '!!! note "Mind this"\n    Hot.\n\nCold.',
        "Mind this: Hot.\n\nCold.",
    ),
    "MkDocs fold": ("??? tip\n    Hot.", "Tip: Hot."),
    "MkDocs fold with a question": ('??? question "Is it hot?"\n    Yes.', "## Is it hot?\n\nYes."),
    "MkDocs admonition in a list": (
        "1. One\n\n    !!! note\n        Hot.\n\n2. Two",
        "1. One\n\nNote: Hot.\n\n2. Two",
    ),
    "MkDocs admonition with code": (
        "!!! tip\n    Run:\n\n    ```sh\n    ls\n    ```",
        "Tip: Run:\n\n```sh\nls\n```",
    ),
    "GitHub alert": ("> [!NOTE]\n> Hot.\n>\n> Very.", "Note: Hot.\n\nVery."),
    "Obsidian callout": ("> [!tip]- Mind this\n> Hot.", "Mind this: Hot."),
    "Docusaurus admonition": (":::caution\n\nHot.\n\n:::\n\nCold.", "Caution: Hot.\n\nCold."),
    "Docusaurus admonition with title": (":::tip[Mind this]\nHot.\n:::", "Mind this: Hot."),
    "VuePress admonition with title": ("::: warning Mind this\nHot.\n:::", "Mind this: Hot."),
    "VuePress fold": ("::: details Is it hot?\nYes.\n:::\nEnd.", "## Is it hot?\n\nYes.\n\nEnd."),
    "nested containers": ("::::note\nA\n:::tip\nB\n:::\n::::\nC", "Note: A\n\nTip: B\n\nC"),
    "MyST admonition": ("```{note}\n:class: x\nHot.\n```", "Note: Hot."),
    "MyST colon admonition": (":::{warning} Mind this\n:class: x\nHot.\n:::", "Mind this: Hot."),
    "MyST code": ("```{code-block} python\n:linenos:\nx = 1\n```", "```python\nx = 1\n```"),
    "MyST directives without text": ("A.\n\n```{toctree}\nx\n```\n\n(label)=\n\nB.", "A.\n\nB."),
    "MyST roles": (
        "See {ref}`the ports <ports>` and {py:func}`open`.",
        "See the ports and `open`.",
    ),
    "GitBook hint": ('{% hint style="danger" %}\nHot.\n{% endhint %}', "Danger: Hot."),
    "Hugo alert": (
        '{{% alert title="Mind this" color="warning" %}}\nHot.\n{{% /alert %}}',
        "Mind this: Hot.",
    ),
    "Hugo shortcodes": (
        'The {{< gloss text="pod" id="x" >}} runs.{{< br >}} [A]({{< ref "a.md" >}})\n\n{{< figure src="x" >}}',
        "The pod runs. A",
    ),
    "Mintlify components": (
        '<Note>\n  Hot.\n</Note>\n\n<Accordion title="Is it hot?">\n\nYes.\n\n</Accordion>',
        "Note: Hot.\n\n## Is it hot?\n\nYes.",
    ),
    "MDX": (
        "import Tabs from '@theme/Tabs';\nexport const x = {\n  a: 1,\n};\n\n# T\n\n<Tabs>\n"
        '<TabItem value="a" label="npm">\n\nRun.\n\n</TabItem>\n</Tabs>\n\n{/* note */}\n\nSee <Link to="/x">this</Link>.',
        "# T\n\nnpm\n\nRun.\n\nSee this.",
    ),
    "a component over several lines": (
        '<Card\n  title="Install"\n  href={x}\n>\nText.\n</Card>',
        "Install\n\nText.",
    ),
    "MkDocs tabs": (
        '=== "Linux"\n\n    Run.\n\n=== "macOS"\n\n    Click.',
        "Linux\n\nRun.\n\nmacOS\n\nClick.",
    ),
    "definitions of options": (
        "-a, \\--all\n:   Show all.\n\n**-q**\n:   Show none.\n",
        "- -a, --all: Show all.\n- -q: Show none.",
    ),
    "definition lists": (
        "Datum\n: A height\n  that is fixed.\n\nDrift\n\n:   A slow shift.\n\nEnd.",
        "- Datum: A height that is fixed.\n- Drift: A slow shift.\n\nEnd.",
    ),
    "task lists": ("- [x] done\n- [ ] open", "- done\n- open"),
    "footnotes": ("Text[^1].\n\n[^1]: Said elsewhere.", "Text.\n\nSaid elsewhere."),
    "includes": (
        'A.\n\n--8<-- "x.md"\n\n{!x.md!}\n\n```py\n{* x.py *}\n```\n\n[TOC]\n\nB.',
        "A.\n\nB.",
    ),
    "attribute lists": (
        "[Go](u){ .md-button } now\n{: .note }\n\n`x`{.python} and `#!py y`",
        "Go now\n\n`x` and `y`",
    ),
    "braces in prose stay": (
        "Set {name} or {a.b} in {{ site }}.",
        "Set {name} or {a.b} in {{ site }}.",
    ),
    "keys, marks and icons": (
        "++ctrl+c++ ==now== :material-check: done :smile:",
        "Ctrl+C now done :smile:",
    ),
    "comparisons and increments stay": (
        "if a == b and c == d, i++ or j++",
        "if a == b and c == d, i++ or j++",
    ),
    "wiki links": ("See [[Ports|the ports]] and [[Radio]].", "See the ports and Radio."),
    "abbreviations and kramdown lines": (
        "The LED.\n\n*[LED]: lamp\n\n{::options x=1 /}\n{:toc}",
        "The LED.",
    ),
}


@pytest.mark.parametrize(("source", "expected"), BLOCKS.values(), ids=BLOCKS.keys())
def test_markdown_reads_as(source: str, expected: str) -> None:
    assert markdown(source).text == expected


def test_front_matter_gives_title_and_language() -> None:
    found = markdown(
        '---\ntitle: "Pegel: Anleitung"\nlang: de-DE\nhero:\n  title: no\n---\n\n## Ports\n\n8420'
    )

    assert (found.title, found.lang) == ("Pegel: Anleitung", "de")
    assert paths(found) == {"8420": ("Ports",)}


def test_rule_at_the_top_is_no_front_matter() -> None:
    assert markdown("---\n\nText.\n\n---\n\nMore.").text == "Text.\n\nMore."


def test_bold_questions_head_their_answers() -> None:
    found = markdown("# Care\n\n**Is it wet?**\n\nYes.\n\n**Is it deep?**\nNo.")

    assert paths(found) == {"Yes.": ("Is it wet?",), "No.": ("Is it deep?",)}


def test_page_in_markdown_suffix_is_read_as_html() -> None:
    found = document(
        "<!DOCTYPE html><html><body><h1>T</h1><p>a<b>b</b></p></body></html>", "text/markdown"
    )

    assert (found.text, found.media_type) == ("# T\n\nab", "text/html")


VARIANTS = {
    "MkDocs": '=== "Linux"\n\n    Run.\n\nEnd.',
    "Docusaurus": '<Tabs>\n<TabItem value="l" label="Linux">\n\nRun.\n\n</TabItem>\n</Tabs>\n\nEnd.',
    "MyST": "::::{tab-set}\n:::{tab-item} Linux\nRun.\n:::\n::::\n\nEnd.",
    "Hugo": '{{< tabpane >}}\n{{< tab header="Linux" >}}\nRun.\n{{< /tab >}}\n{{< /tabpane >}}\n\nEnd.',
}


@pytest.mark.parametrize("source", VARIANTS.values(), ids=VARIANTS.keys())
def test_tabs_are_variants(source: str) -> None:
    found = markdown(source)

    flags = {found.text[block.start : block.end]: block.flags for block in found.blocks}
    assert flags == {"Linux": ("tab=Linux",), "Run.": ("tab=Linux",), "End.": ()}


def test_headings_in_a_tab_head_nothing_behind_it() -> None:
    found = markdown(
        '# A\n\n=== "One"\n\n    ## In\n\n    Text 1.\n\n=== "Two"\n\n    Text 2.\n\nEnd.'
    )

    assert {block.heading_path for block in found.blocks[-3:]} == {("A",)}


def test_definitions_and_captions_have_kinds() -> None:
    found = markdown('Datum\n:   A height.\n\n```py title="a.py"\nx\n```')

    assert kinds(found) == ["definition", "caption", "code"]


@pytest.mark.parametrize(
    "page",
    [
        "<details>\n<summary>Why?</summary>\nIt is slow.\nAnd old.\n</details>\n",
        "<details><summary>Why?</summary>\nIt is slow.\nAnd old.\n</details>\n",
        "<div>\nIt is slow.\nAnd old.\n<p>Go on.</p>\n</div>\n",
    ],
)
def test_bare_text_in_a_box_has_a_place_of_its_own(page: str) -> None:
    source = f"# Clock\n\n{page}"
    found = markdown(source)
    (block,) = [b for b in found.blocks if "slow" in found.text[b.start : b.end]]

    assert block.place is not None
    assert source[block.place.start : block.place.end] == "It is slow.\nAnd old."


def test_foot_of_a_page_belongs_to_no_answer() -> None:
    found = markdown("# Care\n\n## Is it wet?\n\nYes.\n\nVersion 3.8")

    assert found.blocks[-1].heading_path == ("Care",)


def test_heading_inside_a_quotation_heads_nothing_behind_it() -> None:
    found = markdown("# Top\n\n## Part\n\n> ### Note\n> Said.\n\nText.")

    assert found.text == "# Top\n\n## Part\n\n> Note\n\n> Said.\n\nText."
    assert found.blocks[-1].heading_path == ("Top", "Part")


def test_lists_of_links_stay() -> None:
    found = markdown("## See also\n\n- [A](a.md)\n- [B](b.md)\n\n## More\n\n- [C](#c)\n- [D](#d)")

    assert found.text == "## See also\n\n- A\n- B\n\n## More\n\n- C\n- D"


BEYOND = (  # what a slice alone cannot tell
    "code stays as it is",
    "a component over several lines",
    "MDX",
    "heading marks and ids",
)


@pytest.mark.parametrize(
    "source", [source for name, (source, _) in BLOCKS.items() if name not in BEYOND]
)
def test_places_lead_back_to_the_text(source: str) -> None:
    assert lost(parse, source, "text/markdown") == []


PARTS = st.lists(
    st.sampled_from(
        [
            "One *two* `three`.",
            "over\ntwo lines",
            "## Part",
            "Part\n----",
            "- a\n- b\n  - c\n    on\n- d",
            "1. Run:\n\n   ```sh\n   ls\n   ```\n\n   Then.\n2. Stop",
            "> Said\n> twice.",
            "> [!NOTE]\n> Hot.\n>\n> Very.",
            "```py\nx = 1\n\n  y\n```",
            "Text:\n\n    code\n      more",
            "| a | b |\n|---|---|\n| 1 | `2` |",
            "!!! note\n    Hot.\n\n    Very.",
            ":::tip\nHot.\n:::",
            '=== "Linux"\n\n    Run.\n\n    - x',
            "<details>\n<summary>Is it wet?</summary>\n\nYes.\n\n</details>",
            "Datum\n:   A height\n    that stays.",
            "<!-- hidden -->",
            "Wide\u3000\U0001f600 text.",
        ]
    ),
    max_size=8,
)


@given(parts=PARTS, head=st.sampled_from(["", "---\ntitle: T\n---\n", "\n\n"]))
@settings(max_examples=60)
def test_places_hold_wherever_a_block_stands(parts: list[str], head: str) -> None:
    assert lost(parse, head + "\n\n".join(parts), "text/markdown") == []


def test_a_comment_that_nothing_ends_is_told() -> None:
    found = markdown("# Rill\n\nIt rains.\n\n<!-- later\n\n## Flood\n\nIt rises.\n")

    assert found.text == "# Rill\n\nIt rains."
    assert [(one.what, one.beginning) for one in found.dropped] == [
        ("unclosed comment", "later ## Flood It rises.")
    ]
    assert not markdown("It rains.\n\n<!-- later -->\n").dropped
