"""Pages without headings, whose parts begin with boxes that are called titles."""

from __future__ import annotations

import pytest

from tests.ingest.reading import html, kinds, titles

_TEXT = "<div class=body>It ticks once a second, night and day.</div>"


def _part(name: str, title: str, inner: str) -> str:
    head = f"<div class={name}-title>{title}</div>"
    return f"<div class={name}><div class={name}-head>{head}</div>{inner}</div>"


def test_parts_in_parts_tell_the_levels() -> None:
    inner = _part("section2", "Spoke", _TEXT) + _part("section2", "Rim", _TEXT)
    parts = _part("section1", "Wheel", inner) + _part("section1", "Clock", _TEXT)
    page = html(f"<h1>All</h1>{parts}")

    assert titles(page) == [(1, "All"), (2, "Wheel"), (3, "Spoke"), (3, "Rim"), (2, "Clock")]
    assert page.blocks[-1].heading_path == ("All", "Clock")


def test_titles_in_a_row_have_the_levels_of_their_names() -> None:
    boxes = ("chapter-title", "Wheel"), ("part-heading", "Spoke"), ("part-heading", "Rim")
    row = "".join(f"<div class={name}>{said}</div>{_TEXT}" for name, said in (*boxes, boxes[0]))
    page = html(f"<h1>Clocks</h1>{row}")

    assert titles(page) == [(1, "Clocks"), (2, "Wheel"), (3, "Spoke"), (3, "Rim"), (2, "Wheel")]


def test_the_number_beside_a_title_is_none_of_the_text_above() -> None:
    parts = "".join(
        f"<div class=part><div class=head><div class=number>{at}</div>"
        f"<div class=title>{said}</div></div>{_TEXT}</div>"
        for at, said in enumerate(("Wheel", "Does it turn?", "Clock"), 1)
    )
    page = html(parts)

    assert titles(page) == [(2, "Wheel"), (2, "Does it turn?"), (2, "Clock")]
    assert kinds(page) == ["heading", "paragraph"] * 3


@pytest.mark.parametrize(
    "box",
    [
        "<div class=part><p class=title>Table 1. Wheels</p><table><tr><td>a<td>b</table></div>",
        "<div class=figure><p class=title>A wheel</p><p>It is round.</p></div>",
        "<div class=part><div class=title>Turn it</div><pre>turn(wheel)</pre></div>",
        "<div class='admonition warning'><p class=title>Mind the wheel</p><p>It turns.</p></div>",
        "<div class=part><div class=title><a href=w.html>Wheels</a></div><p>All of them.</p></div>",
        "<div class=part><div class=title>It says all that there is to say.</div><p>Yes.</p></div>",
    ],
)
def test_other_titles_are_notitles(box: str) -> None:
    assert not titles(html(f"<p>It begins.</p>{box}<p>It goes on.</p>{box}<p>It ends.</p>"))


def test_a_page_with_headings_has_no_other_ones() -> None:
    parts = _part("card", "Wheel", _TEXT) + _part("card", "Clock", _TEXT)

    assert titles(html(f"<h1>All</h1><h2>Cards</h2>{parts}")) == [(1, "All"), (2, "Cards")]


def test_one_box_called_a_title_is_no_heading() -> None:
    assert not titles(html(f"<p>It begins.</p>{_part('card', 'Wheel', _TEXT)}"))


def _contents(names: tuple[str, ...]) -> str:
    items = "".join(f"<li><a href='#{name}'>{name.title()}</a>" for name in names)
    return f"<h2>Contents</h2><ul>{items}</ul><h2>Clocks</h2>"


_PARTS = ("wheel", "spoke", "rim")


@pytest.mark.parametrize(
    "head",
    [
        "<div class=api><b><a name={0}>  The {1}!</a></b></div><br>",
        "<a name={0}></a><p><b>The {1}!</b></p>",
        "<p id={0}><font size=4><strong>The {1}!</strong></font></p>",
        "<p><a name={0}><b>The {1}!</b></a></p>",
    ],
)
def test_lines_in_bold_that_the_contents_lead_to_are_titles(head: str) -> None:
    told = "".join(head.format(name, name.title()) + "<p>It turns.</p>" for name in _PARTS)
    page = html(f"<h1>All</h1>{_contents(_PARTS)}{told}")

    expected = [(3, "The Wheel!"), (3, "The Spoke!"), (3, "The Rim!")]
    assert [one for one in titles(page) if one[0] == 3] == expected
    assert page.blocks[-1].heading_path == ("All", "Clocks", "The Rim!")


@pytest.mark.parametrize(
    "head",
    [
        "<p><b>The {1}!</b></p>",  # nothing leads to it
        "<p><b><a name={0}>The {1}!</a></b> It is round.</p>",  # a line with more in it
        "<p><b><a name={0}>Round things</a></b></p>",  # called otherwise
        "<ul><li><p><b><a name={0}>The {1}</a></b></p></ul>",
        "<p><b><a name={0}>Table 1. {1}s</a></b></p><table><tr><td>a<td>b<tr><td>c<td>d</table>",
    ],
)
def test_other_lines_in_bold_are_none(head: str) -> None:
    told = "".join(head.format(name, name.title()) + "<p>It turns.</p>" for name in _PARTS)
    page = html(f"<h1>All</h1>{_contents(_PARTS)}{told}")

    assert all(level < 3 for level, _ in titles(page))


def test_a_long_signature_that_the_contents_lead_to_is_named_in_the_heading() -> None:
    arguments = ", ".join(f"WHEEL *wheel_number_{at}" for at in range(6))
    told = "".join(
        f"<div><b>void <a name={name}>{name}</a>({arguments});</b></div>It turns."
        for name in _PARTS
    )
    links = "".join(f"<li><a href='#{name}'>{name}</a> - Turns." for name in _PARTS)
    page = html(f"<h1>All</h1><ul>{links}</ul>{told}")

    assert titles(page)[1:] == [(2, f"void {name}") for name in _PARTS]
    assert page.text.count(arguments) == len(_PARTS)


def _counted(*numbers: str, label: str = "bold") -> str:
    return "".join(f"<p class={label}><a name=n></a>{one} Of wheels</p>{_TEXT}" for one in numbers)


def test_lines_of_a_class_of_their_own_that_count_sections_are_titles() -> None:
    page = html(f"<h1>9. Clocks</h1><p>It ticks.</p>{_counted('9.1', '9.1.1', '9.2')}")

    assert titles(page) == [
        (1, "9. Clocks"), (2, "9.1 Of wheels"), (3, "9.1.1 Of wheels"), (2, "9.2 Of wheels"),
    ]  # fmt: skip
    assert page.blocks[-1].heading_path == ("9. Clocks", "9.2 Of wheels")


@pytest.mark.parametrize(
    "lines",
    [
        _counted("9.1"),
        _counted("9.2", "9.1"),  # no order of sections
        _counted("9.1", "9.2") + "<p class=bold>It ticks.</p>",
        "<p class=rule>9.1 Turn the wheel.</p><p class=rule>9.2 Turn it again.</p>",
        "<p class=to><a href=a>9.1 Wheels</a></p><p class=to><a href=b>9.2 Rims</a></p><p>It.</p>",
        "<p>9.1 Of wheels</p><p>9.2 Of rims</p>",
    ],
    ids=["one alone", "falls", "words of the class", "sentences", "links", "no class"],
)
def test_other_lines_that_begin_with_numbers_are_no_titles(lines: str) -> None:
    page = html(f"<h1>9. Clocks</h1><p>It ticks.</p>{lines}")

    assert titles(page) == [(1, "9. Clocks")]


_SUMMARY = "".join(f"<p><a href='c.html#{name}'>{name}</a>" for name in ("back", "hands", "wheels"))


def _property(*names: str, told: str = "It ticks once a second, night and day.") -> str:
    rows = "".join(
        f"<tr id={name}><td><p><a name={name}></a>{name} : int</p></tr>" for name in names
    )
    return f"<div class=item><div><div><table>{rows}</table></div></div><div>{told}</div></div>"


def test_a_table_of_names_that_links_lead_to_begins_an_entry() -> None:
    entries = _property("back") + _property("hands", "wheels")
    page = html(f"<h1>Clock</h1>{_SUMMARY}<h2>Properties</h2>{entries}")

    assert titles(page) == [
        (1, "Clock"), (2, "Properties"), (3, "back : int"), (3, "hands : int, wheels : int"),
    ]  # fmt: skip
    assert "|" not in page.text


@pytest.mark.parametrize(
    "entry",
    [
        _property("back", told=""),
        _property(*("back",) * 12),
        "<div><table><tr id=hands><td>hand</td><td>3</td></tr></table><p>It ticks.</p></div>",
        "<div><table><tr><td>hand</td></tr></table><p>It ticks.</p></div>",
        "<div>Of <table><tr id=hands><td>hand</td></tr></table><p>It ticks.</p></div>",
        _property("spokes"),
        _property("hands").replace("<p>", "<p>Of it.</p><p>"),
    ],
    ids=[
        "nothing behind",
        "a long list",
        "two cells",
        "no target",
        "words before",
        "no link",
        "two texts",
    ],
)
def test_other_tables_begin_no_entry(entry: str) -> None:
    page = html(f"<h1>Clock</h1>{_SUMMARY}<h2>Properties</h2><p>Of it.</p>{entry}")

    assert titles(page)[2:] == []
