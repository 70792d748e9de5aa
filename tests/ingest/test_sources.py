"""Which files of the given folders are read, under which names, and why others are not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from builder.config import IngestSettings
from builder.errors import SourceError
from builder.ingest import Source, pdf, read, read_all, sources
from builder.records import Document, Skipped, to_json
from tests.ingest.paper import page, paragraph

ROOT = Path(__file__).parents[2]


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


def test_a_run_among_the_sources_is_said_but_for_the_own_one(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "a.md", "run/b.md", "own/c.md")
    for name in ("run", "own"):
        (root / name / "manifest.json").write_text('{"format": 3, "stages": {}}', encoding="utf-8")

    listed = sources([root], include=(), exclude=(), max_bytes=10**6, own=root / "own")

    assert [item.path for item in listed] == ["docs/a.md", "docs/run"]
    assert found(root / "run") == ([], {"run": "run"})


def test_a_pipe_instead_of_a_manifest_does_not_wait(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "a.md")
    os.mkfifo(root / "manifest.json")

    assert found(root)[0] == ["docs/a.md"]


def test_a_pointer_of_git_lfs_is_no_document(tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"
    for name in ("manual.pdf", "page.md", "book.docx"):
        (tmp_path / name).write_text(pointer, encoding="utf-8")

    listed = list(sources([tmp_path], include=(), exclude=(), max_bytes=10**6))
    got = [read(item) for item in listed if isinstance(item, Source)]

    assert [item.reason for item in got if isinstance(item, Skipped)] == ["lfs_pointer"] * 3


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


def test_what_no_reader_is_for_says_what_to_do(tmp_path: Path) -> None:
    hints = {
        "a.rtf": "save it as .docx",
        "b.XLS": "save it as .xlsx",
        "c.tex": "convert it to .md or .html, by pandoc say",
        "d.1": "save what man shows of it as .txt",
    }
    root = tree(tmp_path / "docs", *hints)

    details = [
        item.detail.partition(": ")[2]
        for item in sources([root], include=[], exclude=[], max_bytes=10**6)
        if isinstance(item, Skipped)
    ]

    assert details == list(hints.values())


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


def many(root: Path) -> Path:
    """A folder of small and large files of several formats."""
    for number in range(30):
        text = (
            f"# Page {number}\n\nThe level of river {number} rises.\n\n" + f"- item {number}\n" * 9
        )
        folder = root / f"part-{number % 3}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
        (folder / f"{number}.html").write_text(f"<h1>{number}</h1><p>Page {number}.", "utf-8")
    (root / "large.txt").write_text("A word and another one. " * 40_000, encoding="utf-8")
    (root / "again.txt").write_text("a word, and another one! " * 40_000, encoding="utf-8")
    return root


def test_any_number_of_workers_reads_the_same(tmp_path: Path) -> None:
    root = many(tmp_path / "docs")
    listed = list(sources([root], include=(), exclude=(), max_bytes=10**7))

    one, four = (
        [to_json(item) for item in read_all(listed, IngestSettings(workers=workers))]
        for workers in (1, 4)
    )

    assert one == four
    assert [item["path"] for item in one] == sorted(item["path"] for item in one)
    assert [item for item in one if item.get("reason")] == [
        {
            "path": "docs/large.txt",
            "reason": "duplicate",
            "detail": "the same text as docs/again.txt, which is kept",
        }
    ]


def test_few_small_texts_are_read_without_a_worker(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "a.md", "b.html", "c.txt")
    listed = sources([root], include=(), exclude=(), max_bytes=10**6)
    code = (
        "import sys, subprocess\n"
        "subprocess.Popen = None\n"
        "from pathlib import Path\n"
        "from builder.config import IngestSettings\n"
        "from builder.ingest import read_all, sources\n"
        f"listed = sources([Path({str(root)!r})], include=(), exclude=(), max_bytes=10**6)\n"
        "print(len(list(read_all(listed, IngestSettings()))))\n"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert ran.stdout == "3\n"
    assert len(list(listed)) == 3


def test_file_over_its_time_is_skipped_and_the_others_are_read(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "a.md", "c.md")
    (root / "b.html").write_text("<p>A word.</p>" * 1_500_000, encoding="utf-8")
    listed = sources([root], include=(), exclude=(), max_bytes=10**8)

    found = list(read_all(listed, IngestSettings(timeout_s=5.0, memory_mb=8000)))

    assert [type(item) for item in found] == [Document, Skipped, Document]
    assert found[1] == Skipped(
        path="docs/b.html", reason="timeout", detail="it took longer than 5 s"
    )


@pytest.mark.parametrize("readers", [("builtin",), ("pdf=ocr",)])
def test_a_pdf_file_has_the_time_that_its_size_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readers: tuple[str, ...]
) -> None:
    given: list[tuple[int, float, bool]] = []

    def seconds(n_bytes: int, least: float, *, recognise: bool = False) -> float:
        given.append((n_bytes, least, recognise))
        return 60.0

    monkeypatch.setattr(pdf, "seconds", seconds)
    data = page(paragraph(700))
    (tmp_path / "a.pdf").write_bytes(data)
    listed = sources([tmp_path], include=(), exclude=(), max_bytes=10**8)

    list(read_all(listed, IngestSettings(timeout_s=0.01, reader=readers)))

    assert given == [(len(data), 0.01, readers == ("pdf=ocr",))]


def test_file_over_its_memory_is_skipped_and_the_others_are_read(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "a.md", "c.md")
    (root / "b.html").write_text("<p>A word.</p>" * 1_500_000, encoding="utf-8")
    listed = sources([root], include=(), exclude=(), max_bytes=10**8)

    found = list(read_all(listed, IngestSettings(memory_mb=512)))

    assert [type(item) for item in found] == [Document, Skipped, Document]
    assert isinstance(found[1], Skipped)
    assert found[1].reason == "memory"


WRONG_NAMES = {
    "a page without suffix": ("page", b"<!DOCTYPE html><p>Text", "text/html"),
    "a page under a foreign suffix": ("page.aspx", b"<html><p>Text", "text/html"),
    "a PDF without suffix": ("paper", b"%PDF-1.7 ...", "application/pdf"),
    "a template": ("page.php", b"<html><?php echo 1 ?>", ""),
    "a note without suffix": ("Makefile", b"all: x", ""),
}


@pytest.mark.parametrize(("name", "data", "expected"), WRONG_NAMES.values(), ids=WRONG_NAMES)
def test_file_is_known_by_its_content(
    tmp_path: Path, name: str, data: bytes, expected: str
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / name).write_bytes(data)

    (item,) = sources([tmp_path / "docs"], include=(), exclude=(), max_bytes=10**6)

    assert item.path == f"docs/{name}"
    assert (item.media_type if isinstance(item, Source) else "") == expected


def test_line_break_in_a_name_stays_out_of_the_path(tmp_path: Path) -> None:
    root = tree(tmp_path / "docs", "two\nlines.md", "tab\t.md")

    assert found(root)[0] == ["docs/tab\ufffd.md", "docs/two\ufffdlines.md"]


def test_a_page_is_not_read_again_from_the_source_that_sphinx_keeps_of_it(tmp_path: Path) -> None:
    root = tree(
        tmp_path / "html", "a.html", "b/index.html", "_sources/a.rst.txt", "_sources/b.md.txt",
        "_sources/sub/c.rst.txt", "_sources/readme", "_sources/d.txt", "d.html", "e.html",
    )  # fmt: skip

    paths, skipped = found(root, exclude=["e.html"])

    assert paths == [
        "html/_sources/readme", "html/_sources/sub/c.rst.txt",
        "html/a.html", "html/b/index.html", "html/d.html",
    ]  # fmt: skip
    sources_of = {"_sources/a.rst.txt", "_sources/b.md.txt", "_sources/d.txt"}
    assert {path for path, why in skipped.items() if why == "page_source"} == {
        f"html/{name}" for name in sources_of
    }


def test_the_source_of_a_page_is_read_when_the_page_is_excluded(tmp_path: Path) -> None:
    root = tree(tmp_path / "html", "a.html", "_sources/a.rst.txt")

    assert found(root, exclude=["*.html"])[0] == ["html/_sources/a.rst.txt"]
