"""Dirty files, one by one: each becomes a document with its notes, or is skipped for its reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from builder.config import IngestSettings
from builder.ingest import read_all, sources
from builder.records import Document, Skipped
from tests.ingest.dirt import DIRT, MAX_BYTES, Kept, Left, lay_out

Outcome = Document | Skipped


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[Outcome]]]:
    """What became of every dirty file, and under "expected" nothing is hidden: see EXPECTED."""
    root = tmp_path_factory.mktemp("dirt") / "docs"
    EXPECTED.update(lay_out(root))
    found: dict[str, list[Outcome]] = {}
    settings = IngestSettings(workers=2, timeout_s=60)
    listed = sources([root], include=(), exclude=(), max_bytes=MAX_BYTES)
    for outcome in read_all(listed, settings):
        found.setdefault(outcome.path, []).append(outcome)
    yield found
    (root / "sealed").chmod(0o700)


EXPECTED: dict[str, Kept | Left] = {}
PATHS = [
    "docs/zip-named.docx/a.md" if name == "zip-named.docx" else f"docs/{name}" for name in DIRT
] + [
    f"docs/{name}"
    for name in (
        "huge.html loop itself.md nowhere.md out.md away pipe.md two\ufffdlines.md gr\ufffdn.md "
        "locked.md twin-1.md twin-2.md twin-3.html"
    ).split()
]


def test_there_are_enough_of_them_and_each_has_one_outcome(
    outcomes: dict[str, list[Outcome]],
) -> None:
    assert len(PATHS) >= 160
    assert set(outcomes) == set(EXPECTED)
    assert all(len(found) == 1 for found in outcomes.values())


@pytest.mark.parametrize("path", PATHS)
def test_dirty_file_has_the_outcome_that_is_told(
    outcomes: dict[str, list[Outcome]], path: str
) -> None:
    expected, (found,) = EXPECTED[path], outcomes[path]

    if isinstance(expected, Left):
        assert isinstance(found, Skipped), found.text[:200]
        assert found.reason == expected.reason, found.detail
        assert found.detail
        return
    assert isinstance(found, Document), found
    assert expected.holds in found.text
    assert expected.lacks not in found.text
    for note in expected.notes:
        assert any(note in told for told in found.notes), found.notes
    flags = {flag for block in found.blocks for flag in block.flags}
    assert flags >= set(expected.flags)
    found.text.encode("utf-8")


def test_duplicate_names_the_file_that_is_kept(outcomes: dict[str, list[Outcome]]) -> None:
    (exact,), (alike,) = outcomes["docs/twin-2.md"], outcomes["docs/twin-3.html"]

    assert isinstance(exact, Skipped)
    assert isinstance(alike, Skipped)
    assert exact.detail == "the same bytes as docs/twin-1.md, which is kept"
    assert alike.detail == "the same text as docs/twin-1.md, which is kept"
