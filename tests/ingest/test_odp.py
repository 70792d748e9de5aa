"""OpenDocument presentations: slides in order, titles as headings, bodies as lists, notes below."""

from __future__ import annotations

from builder.records import Document
from tests.ingest.packages import document, odf_parts, odf_style, texts, zipped
from tests.ingest.reading import paths

BULLETS = (
    '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1" '
    'text:bullet-char="•"/><text:list-level-style-number text:level="2" style:num-format="1"/>'
    "</text:list-style>"
)


def frame(*inner: str, role: str = "", x: float = 0, y: float = 0, told: str = "") -> str:
    """A frame of paragraphs, or of what is XML already."""
    kind = f' presentation:class="{role}"' if role else ""
    said = "".join(one if one.startswith("<") else f"<text:p>{one}</text:p>" for one in inner)
    return (
        f'<draw:frame{kind} svg:x="{x}cm" svg:y="{y}cm" {told}><draw:text-box>{said}'
        "</draw:text-box></draw:frame>"
    )


def items(*inner: str) -> str:
    """A list with bullets."""
    each = "".join(
        f"<text:list-item>{one if one.startswith('<') else f'<text:p>{one}</text:p>'}"
        "</text:list-item>"
        for one in inner
    )
    return f'<text:list text:style-name="B">{each}</text:list>'


def slide(*shapes: str, style: str = "") -> str:
    """A slide."""
    return f'<draw:page draw:style-name="{style}">{"".join(shapes)}</draw:page>'


def read(*slides: str, own: str = "", **parts: str) -> Document:
    """The document in a deck."""
    parts_ = odf_parts("".join(slides), "presentation", own=BULLETS + own, **parts)
    return document(zipped(parts_), "odp")


def test_titles_are_headings_and_bodies_are_lists() -> None:
    found = read(
        slide(frame("Rill", role="title"), frame("For stations", role="subtitle")),
        slide(
            frame(items("one", items("first", "second"), "two"), role="outline", y=5),
            frame("Setup", role="title", y=1),
        ),
    )

    assert texts(found) == [
        "# Rill", "For stations", "## Setup", "- one", "  1. first", "  2. second", "- two",
    ]  # fmt: skip
    assert found.title == "Rill"
    assert paths(found)["- one"] == ("Setup",)
    assert [block.place.slide for block in found.blocks if block.place] == [1, 1, 2, 2, 2, 2, 2]


def test_shapes_are_read_from_the_top_left_groups_together() -> None:
    group = f"<draw:g>{frame('in a group', x=1, y=9)}{frame('with this', x=8, y=2)}</draw:g>"
    moved = frame("moved", told='draw:transform="rotate (1.5) translate (1cm 12cm)"')
    shape = '<draw:custom-shape svg:x="5cm" svg:y="1cm"><text:p>right</text:p></draw:custom-shape>'

    found = read(slide(moved, group, shape, frame("left", x=1, y=1)))

    assert texts(found) == ["left", "right", "with this", "in a group", "moved"]


def test_notes_stand_below_their_slide() -> None:
    notes = (
        "<presentation:notes><draw:page-thumbnail/>"
        + frame("Say this.", role="notes")
        + frame("3", role="page-number")
        + "</presentation:notes>"
    )

    found = read(slide(frame("Setup", role="title"), frame("seen"), notes))

    assert texts(found) == ["# Setup", "seen", "Say this."]
    assert found.blocks[-1].flags == ("notes",)


def test_margins_empty_placeholders_and_hidden_slides_are_left_out() -> None:
    own = (
        '<style:style style:name="H" style:family="drawing-page"><style:drawing-page-properties '
        'presentation:visibility="hidden"/></style:style>'
    )
    empty = frame("Click to add a title", role="title", told='presentation:placeholder="true"')

    found = read(
        slide(empty, frame("seen"), frame("foot", role="footer"), frame("1 May", role="date-time")),
        slide(frame("not seen"), style="H"),
        own=own,
    )

    assert texts(found) == ["seen"]
    assert [(part.what, part.beginning) for part in found.dropped] == [
        ("ftr", "foot"), ("dt", "1 May"), ("slide 2", "not seen"),
    ]  # fmt: skip


def test_words_in_the_middle_of_a_slide_alone_are_its_title() -> None:
    found = read(
        slide(frame("Rill", role="title"), frame("body")),
        slide(frame("Part two", role="subtitle")),
        slide(frame("Tanks", role="title"), frame("text")),
    )

    assert texts(found, "heading") == ["# Rill", "# Part two", "## Tanks"]


def test_tables_and_code_are_read() -> None:
    mono = odf_style("M", "text", words="fo:font-family=\"'Courier New'\"")
    dark, light = (
        f'<style:style style:name="{name}" style:family="table-cell"><style:graphic-properties '
        f'draw:fill="solid" draw:fill-color="{colour}"/></style:style>'
        for name, colour in (("D", "#000080"), ("E", "#e0e0e0"))
    )
    rows = "".join(
        f'<table:table-row table:default-cell-style-name="{style}">'
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
        + "</table:table-row>"
        for style, cells in (("D", ("Name", "Depth")), ("E", ("a", "3")), ("", ("b", "4")))
    )
    table = f"<draw:frame><table:table>{rows}</table:table></draw:frame>"
    code = frame(
        '<text:p><text:span text:style-name="M">def f():</text:span></text:p>',
        '<text:p><text:span text:style-name="M"><text:s text:c="4"/>return 1</text:span></text:p>',
        y=9,
    )

    found = read(slide(frame("Setup", role="title"), table, code), own=mono + dark + light)

    assert texts(found)[1:] == [
        "| Name | Depth |\n| --- | --- |\n| a | 3 |\n| b | 4 |",
        "```\ndef f():\n    return 1\n```",
    ]
    assert found.blocks[1].header_rows == 1


def test_the_largest_line_at_the_top_is_a_title_where_none_is_told() -> None:
    own = odf_style("L", "text", words='fo:font-size="40pt"')
    large = '<text:p><text:span text:style-name="L">Setup</text:span></text:p>'

    found = read(
        slide(frame("text below"), frame("first")), slide(frame(large), frame("b", y=5)), own=own
    )

    assert texts(found, "heading") == ["# Setup"]
    assert found.blocks[2].flags == ("inferred",)
