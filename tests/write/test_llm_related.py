"""Which two chunks are asked about together."""

from __future__ import annotations

from builder.records import Chunk
from builder.write.related import related
from tests.documents import whole


def page(name: str, text: str, *, lang: str = "en") -> Chunk:
    return whole(text, path=f"docs/{name}.md", lang=lang, title=name)


BUFFER = page("buffer", "Set `buffer_days` to keep readings on the gateway while it is offline.")
LIMITS = page("limits", "The largest value of `buffer_days` is sixty; more fills the card.")
MAIL = page("mail", "An alarm goes out by mail when the water stays high for ten minutes.")
CLEANING = page("cleaning", "Brush the probe with warm soap and let it dry in the sun.")
SHAFT = page("shaft", "Lower the ladder into the shaft and hook the rope to the ring.")
ALL = [BUFFER, LIMITS, MAIL, CLEANING, SHAFT]
TRAIN = {chunk.id: "train" for chunk in ALL}


def ids(couples: list[tuple[Chunk, Chunk]]) -> list[set[str]]:
    return [{one.path, other.path} for one, other in couples]


def test_chunks_that_share_an_identifier_are_asked_about_together() -> None:
    assert ids(related(ALL, TRAIN, share=1.0, seed=1)) == [{BUFFER.path, LIMITS.path}]


def test_the_chunks_of_a_couple_are_of_one_split_and_language() -> None:
    apart = {**TRAIN, LIMITS.id: "eval"}
    german = page("grenzen", "Der größte Wert von `buffer_days` ist sechzig.", lang="de")

    assert related(ALL, apart, share=1.0, seed=1) == []
    assert related([BUFFER, german], {BUFFER.id: "train", german.id: "train"},
                   share=1.0, seed=1) == []  # fmt: skip
    assert related(ALL, {}, share=1.0, seed=1) == []


def test_a_copy_is_no_partner() -> None:
    copy = page("copy", BUFFER.text + " Today.")

    found = related([BUFFER, copy, MAIL], {c.id: "train" for c in (BUFFER, copy, MAIL)},
                    share=1.0, seed=1)  # fmt: skip

    assert found == []


def test_there_are_as_many_as_asked_for_and_none_twice() -> None:
    parts = "pump valve filter motor relay heater".split()
    chunks = [
        page(f"{part}{n}", f"The {part}_mode option of machine {n} opens the {part} for a while. "
             f"Page {n * 37} tells colour {n * 91} and place {n * 53} of it.")
        for n, part in enumerate(parts * 5)
    ]  # fmt: skip
    splits = {chunk.id: "train" for chunk in chunks}
    few, many = (related(chunks, splits, share=share, seed=4) for share in (0.1, 0.8))

    assert len(few) == 3
    assert len(many) == 24
    assert many[:3] == few
    assert len({frozenset((a.id, b.id)) for a, b in many}) == 24
    assert all(a.text.split()[1] == b.text.split()[1] for a, b in few)
    assert related(chunks[::-1], splits, share=0.1, seed=4) == few
    assert related(chunks, splits, share=0.1, seed=5) != few
