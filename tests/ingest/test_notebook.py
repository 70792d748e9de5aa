"""What of a Jupyter notebook ends up in a document."""

from __future__ import annotations

import json

import pytest

from builder.ingest import read_bytes
from builder.ingest.notebook import MAX_OUTPUT, parse
from builder.ingest.parsed import Parsed, Refused
from builder.records import Document

Cell = dict[str, object]


def notebook(*cells: Cell) -> str:
    metadata = {"language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def text(*lines: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": [line + "\n" for line in lines]}


def code(source: str, *outputs: Cell) -> Cell:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(outputs)}


def shown(**data: str) -> Cell:
    named = {name.replace("_", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": named}


def read(source: str) -> Document:
    found = read_bytes(source.encode(), path="docs/n.ipynb", media_type="application/x-ipynb+json")
    assert isinstance(found, Document), found
    return found


def test_headings_reach_over_cells() -> None:
    found = read(notebook(text("# Top", "", "## Part"), text("Text."), code("x = 1\n\ny = 2")))

    assert found.text == "# Top\n\n## Part\n\nText.\n\n```python\nx = 1\n\ny = 2\n```"
    assert found.blocks[-1].heading_path == ("Top", "Part")
    assert [block.place.part for block in found.blocks if block.place] == [
        "cell 1",
        "cell 1",
        "cell 2",
        "cell 3",
    ]


def test_places_are_in_the_cell() -> None:
    cells = (text("# Top", "", "Text *a*."), code("\nx = 1\n"))
    found = read(notebook(*cells))
    sources = ["# Top\n\nText *a*.\n", "\nx = 1\n"]

    cut = []
    for block in found.blocks:
        assert block.place is not None
        cut.append(sources[int(block.place.part[5:]) - 1][block.place.start : block.place.end])

    assert cut == ["# Top", "Text *a*.", "x = 1"]


def test_results_are_code_and_tables_with_a_flag() -> None:
    page = "<table><thead><tr><th>a</th></tr></thead><tr><td>1</td></tr></table>"
    found = read(
        notebook(
            code("%%bash\nls", {"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]}),
            code("x", shown(text_plain="   a\n0  1", text_html=page)),
            code(
                "y", {"output_type": "error", "ename": "KeyError", "evalue": "'z'", "traceback": []}
            ),
        )
    )

    flagged = [found.text[b.start : b.end] for b in found.blocks if "output" in b.flags]
    assert flagged == ["```\na\nb\n```", "| a |\n| --- |\n| 1 |", "```\nKeyError: 'z'\n```"]
    assert found.text.startswith("```bash\n%%bash")


def test_a_result_that_is_shown_as_html_alone_is_read() -> None:
    page = shown(
        **{"text/html": "<p>Found <b>3</b> of 4.</p>", "text/plain": "<IPython.HTML object>"}
    )
    said = shown(**{"text/html": "<i>many</i>", "text/plain": "a value"})

    found = read(notebook(code("show()", page), code("value", said)))

    assert [found.text[block.start : block.end] for block in found.blocks[1::2]] == [
        "Found 3 of 4.",
        "```\na value\n```",
    ]
    assert found.blocks[1].flags == ("output",)


def test_long_result_is_cut_and_told() -> None:
    found = read(
        notebook(code("x", {"output_type": "stream", "name": "stdout", "text": "word " * 5000}))
    )

    assert found.blocks[1].flags == ("output", "truncated")
    assert found.blocks[1].end - found.blocks[1].start <= MAX_OUTPUT + 8
    assert "1 long result cut" in found.notes
    assert found.dropped[0].reason == "long"


def test_pictures_messages_and_raw_cells_are_counted() -> None:
    raw: Cell = {"cell_type": "raw", "metadata": {}, "source": "\\newpage"}
    warning: Cell = {"output_type": "stream", "name": "stderr", "text": "careful"}
    found = read(notebook(raw, code("x", warning, shown(image_png="aGk=", text_plain="<Figure>"))))

    assert found.text == "```python\nx\n```"
    assert found.notes == (
        "1 message on stderr left out",
        "1 picture left out",
        "1 raw cell left out",
    )


def test_format_3_is_read() -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Part"]},
        {"cell_type": "code", "language": "r", "input": "x <- 1", "outputs": [
            {"output_type": "pyout", "text": ["[1] 1"]}]},
    ]  # fmt: skip
    found = read(json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}], "metadata": {}}))

    assert found.text == "## Part\n\n```r\nx <- 1\n```\n\n```\n[1] 1\n```"


@pytest.mark.parametrize("source", ["", "{", "[1]", '{"a": 1}', "[" * 100_000, '{"cells": 5}'])
def test_what_is_no_notebook_is_refused(source: str) -> None:
    found = parse(source)

    assert isinstance(found, Refused)
    assert found.reason == "corrupt"


def test_odd_cells_do_no_harm() -> None:
    odd = '{"cells": [1, null, {"cell_type": 5, "source": {"a": 1}}, {"cell_type": "code", "outputs": [1]}]}'
    found = parse(odd)

    assert isinstance(found, Parsed)
    assert found.pieces == []


def test_input_and_output_that_the_author_takes_off_are_left_out() -> None:
    silent = {**code("secret()", shown(text_plain="shown")), "metadata": {"tags": ["remove-input"]}}
    mute = {**code("run()", shown(text_plain="noise")), "metadata": {"tags": ["remove-output"]}}
    found = read(notebook(text("# Probes"), silent, mute))

    assert "shown" in found.text
    assert "run()" in found.text
    assert "secret" not in found.text
    assert "noise" not in found.text
    assert [part.reason for part in found.dropped] == ["hidden"]


def test_titles_in_bold_stand_below_the_heading_of_a_cell_above() -> None:
    steps = [
        f"**{verb} it**\n\nTake the box and {verb.lower()} it.\n" for verb in ("Add", "Move", "Cut")
    ]
    found = read(notebook(text("#### Top"), text(*steps), text("### More", "", "Text.")))

    assert found.blocks[2].heading_path == ("Top", "Add it")
    assert found.blocks[-1].heading_path == ("Top", "More")
