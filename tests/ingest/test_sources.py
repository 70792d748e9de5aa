"""Which files of the given folders are read, under which names, and why others are not."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from builder.errors import SourceError
from builder.ingest import Source, read, sources
from builder.records import Document, Skipped


def tree(root: Path, *names: str) -> Path:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {name}\n\nText of {name}.\n", encoding="utf-8")
    return root


def found(
    *roots: Path, include: Sequence[str] = (), exclude: Sequence[str] = (), max_bytes: int = 10**6
) -> tuple[list[str], dict[str, str]]:
    """The paths of the files to read, and the reasons of the skipped ones by path."""
    listed = list(sources(roots, include=include, exclude=exclude, max_bytes=max_bytes))
    skipped = {item.path: item.reason for item in listed if isinstance(item, Skipped)}
    assert all(item.detail for item in listed if isinstance(item, Skipped))
    return [item.path for item in listed if isinstance(item, Source)], skipped


def test_files_come_sorted_by_path_with_the_folder_in_front(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "b.md", "a/z.txt", "a-b.html", "a/b/c.markdown", "README")

    paths, skipped = found(root)

    assert paths == [
        "docs/README", "docs/a-b.html", "docs/a/b/c.markdown", "docs/a/z.txt", "docs/b.md",
    ]  # fmt: skip
    assert skipped == {}


def test_folders_of_one_name_stay_apart(tmp_path: Path) -> None:
    one, two = tree(tmp_path / "x/docs", "a.md"), tree(tmp_path / "y/docs", "a.md")
    three = tree(tmp_path / "z/docs-2", "a.md")

    assert found(one, two, three)[0] == ["docs-2-2/a.md", "docs-2/a.md", "docs/a.md"]


def test_single_file_is_named_by_itself(tmp_path: Path) -> None:
    tree(tmp_path, "x/a.md", "y/a.md")

    assert found(tmp_path / "x/a.md", tmp_path / "y/a.md")[0] == ["a-2.md", "a.md"]


def test_current_folder_has_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree(tmp_path / "docs", "a.md"))

    assert found(Path())[0] == ["docs/a.md"]


def test_missing_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere"):
        found(tmp_path / "nowhere")


def test_hidden_files_and_folders_are_only_counted(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "a.md", ".git/config.txt", ".hidden.md")

    listed = list(sources([root], include=(), exclude=(), max_bytes=10**6))

    assert [item.path for item in listed] == ["docs", "docs/a.md"]
    assert listed[0] == Skipped(
        path="docs", reason="hidden", detail="2 hidden files and folders were left out"
    )


SELECTIONS = {
    "a suffix": (["*.md"], [], ["docs/a.md", "docs/old/b.md"]),
    "a folder": (["old/*"], [], ["docs/old/b.md", "docs/old/c.txt"]),
    "a folder by name": (["old"], [], ["docs/old/b.md", "docs/old/c.txt"]),
    "a folder with a slash": ([], ["old/"], ["docs/a.md"]),
    "two stars": (["**/*.txt"], [], ["docs/old/c.txt"]),
    "with the source folder": (["docs/old/*.txt"], [], ["docs/old/c.txt"]),
    "a file name anywhere": ([], ["b.md"], ["docs/a.md", "docs/old/c.txt"]),
    "both": (["*.md"], ["old/*"], ["docs/a.md"]),
}


@pytest.mark.parametrize(("include", "exclude", "expected"), SELECTIONS.values(), ids=SELECTIONS)
def test_globs_select(
    tmp_path: Path, include: list[str], exclude: list[str], expected: list[str]
) -> None:
    root = tree(tmp_path / "docs", "a.md", "old/b.md", "old/c.txt")

    paths, skipped = found(root, include=include, exclude=exclude)

    assert paths == expected
    assert set(skipped.values()) <= {"excluded", "not_included"}
    assert len(paths) + len(skipped) == 3


def test_unknown_and_large_files_are_skipped_with_a_reason(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "a.md", "b.xyz", "c")
    (root / "d.txt").write_text("x" * 2000, encoding="utf-8")

    paths, skipped = found(root, max_bytes=1000)

    assert paths == ["docs/a.md"]
    assert skipped == {
        "docs/b.xyz": "unknown_format", "docs/c": "unknown_format", "docs/d.txt": "too_large",
    }  # fmt: skip


def test_links_are_never_followed_out_or_round(tmp_path: Path) -> None:
    tree(tmp_path, "secret.md")
    root = tree(tmp_path / "docs", "a.md", "sub/b.md", ".store/c.md")
    (root / "out.md").symlink_to(tmp_path / "secret.md")
    (root / "away").symlink_to(tmp_path)
    (root / "sub/loop").symlink_to(root)
    (root / "self").symlink_to(root / "self")
    (root / "twice.md").symlink_to(root / "a.md")
    (root / "again").symlink_to(root / "sub")
    (root / "c.md").symlink_to(root / ".store/c.md")

    paths, skipped = found(root)

    assert paths == ["docs/a.md", "docs/c.md", "docs/sub/b.md"]
    assert skipped == {
        "docs": "hidden",
        "docs/again": "link_inside",
        "docs/away": "link_outside",
        "docs/out.md": "link_outside",
        "docs/self": "broken_link",
        "docs/sub/loop": "link_loop",
        "docs/twice.md": "link_inside",
    }


def test_folder_given_twice_is_read_once(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "sub/b.md")

    paths, skipped = found(root, root / "sub")

    assert paths == ["docs/sub/b.md"]
    assert skipped == {"sub/b.md": "same_file"}


def test_pipe_is_not_read(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "a.md")
    os.mkfifo(root / "pipe.md")

    assert found(root) == (["docs/a.md"], {"docs/pipe.md": "not_a_file"})


def test_file_name_that_is_no_utf8_still_gives_a_clean_path(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "a.md")
    for name in (b"gr\xfc.md", b"gr\xdf.md"):
        (root / os.fsdecode(name)).write_text("# Hallo", encoding="utf-8")

    paths, _ = found(root)

    assert paths == ["docs/a.md", "docs/gr\ufffd-2.md", "docs/gr\ufffd.md"]


def test_file_that_vanished_is_skipped_with_a_reason(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "a.md")
    (source,) = sources([root], include=(), exclude=(), max_bytes=10**6)
    assert isinstance(source, Source)
    source.file.unlink()

    found = read(source)

    assert isinstance(found, Skipped)
    assert found.reason == "unreadable"


def test_read_document_carries_path_and_hash(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "a.md")
    (source,) = sources([root], include=(), exclude=(), max_bytes=10**6)
    assert isinstance(source, Source)

    found = read(source, lang="de")

    assert isinstance(found, Document)
    assert (found.path, found.title, found.lang) == ("docs/a.md", "a.md", "de")
    assert found.media_type == "text/markdown"
    assert len(found.sha256) == 64
