"""The garbage collector rests while a page is read or cut, and is then as it was."""

import gc
from collections.abc import Callable

import pytest

from builder.chunk import chunk
from builder.collector import collector_paused
from builder.ingest import read_bytes
from builder.records import Document
from builder.tokens import sizer

PAGE = (
    "<title>Handbook</title><main><h1>Handbook</h1>"
    + "".join(f"<h2>Part {at}</h2><p>Text <b>number</b> {at}.</p>" for at in range(2_000))
    + "</main>"
)


def read() -> Document:
    found = read_bytes(PAGE.encode(), path="a.html", media_type="text/html")
    assert isinstance(found, Document)
    return found


def collections(work: Callable[[], object]) -> int:
    """How often the collector looks through objects during the work."""
    begun: list[str] = []

    def told(phase: str, _: dict[str, int]) -> None:
        begun.append(phase)

    gc.callbacks.append(told)
    try:
        work()
    finally:
        gc.callbacks.remove(told)
    return begun.count("start")


def test_a_large_page_is_read_and_cut_with_next_to_no_collection() -> None:
    page = read()
    size = sizer("o200k_base")
    assert len(page.blocks) > 4_000  # with a collection every 700 new objects otherwise
    assert collections(read) <= 5
    assert collections(lambda: chunk(page, size=size, max_tokens=512)) <= 5


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_afterwards_as_it_was_even_after_a_fault(on: bool) -> None:
    was_on = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        with pytest.raises(ZeroDivisionError), collector_paused():
            assert not gc.isenabled()
            _ = 1 / 0
        assert gc.isenabled() == on
    finally:
        (gc.enable if was_on else gc.disable)()
