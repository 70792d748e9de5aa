"""Converters of others as readers: chosen by a setting, loaded only then, absent with a hint."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from builder.config import IngestSettings, load
from builder.errors import SettingsError
from builder.ingest import read_all, sources
from builder.ingest.adapters import chosen
from builder.records import Document, Skipped

MARKITDOWN = """
class MarkItDownException(Exception):
    pass

class MarkItDown:
    def __init__(self, enable_plugins):
        assert not enable_plugins

    def convert_stream(self, stream, file_extension):
        data = stream.read()
        if data == b"bad":
            raise MarkItDownException("no  converter\\nfor this")
        return type("Result", (), {"text_content": f"# From {file_extension}\\r\\n\\n- {len(data)} bytes"})
"""
DOCLING = {
    "docling/__init__.py": "",
    "docling/datamodel/__init__.py": "",
    "docling/datamodel/base_models.py": """
class DocumentStream:
    def __init__(self, name, stream):
        self.name, self.stream = name, stream
""",
    "docling/exceptions.py": "class ConversionError(Exception):\n    pass\n",
    "docling/document_converter.py": """
from docling.exceptions import ConversionError

class DocumentConverter:
    def convert(self, stream):
        data = stream.stream.read()
        if data == b"bad":
            raise ConversionError("broken")
        if data.startswith(b"%PDF-1.7"):
            raise FileNotFoundError("no snapshot folder\\nand no connection")
        text = f"## {stream.name}\\n\\nText."
        document = type("Document", (), {"export_to_markdown": lambda self: text})()
        return type("Result", (), {"document": document})
""",
}


def read_with(root: Path, *reader: str) -> list[Document | Skipped]:
    listed = sources([root], include=(), exclude=(), max_bytes=10_000)
    return list(read_all(listed, IngestSettings(reader=reader, workers=1)))


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    root = tmp_path / "docs"
    root.mkdir()
    (root / "a.pdf").write_bytes(b"%PDF-1.4 something")
    (root / "b.md").write_text("# Own\n\nText.", encoding="utf-8")
    return root


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small stand-ins for both converters, found as packages are."""
    (tmp_path / "site").mkdir()
    for name, text in {"markitdown.py": MARKITDOWN, **DOCLING}.items():
        file = tmp_path / "site" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))


def test_converter_reads_the_files_of_its_suffix(docs: Path, installed: None) -> None:
    pdf, own = read_with(docs, "pdf=markitdown")

    assert isinstance(pdf, Document)
    assert pdf.text == "# From .pdf\n\n- 18 bytes"
    assert "read by markitdown" in pdf.notes
    assert all(block.place is None for block in pdf.blocks)
    assert isinstance(own, Document)
    assert own.text == "# Own\n\nText."


def test_converter_for_all_leaves_out_a_suffix(docs: Path, installed: None) -> None:
    pdf, own = read_with(docs, "docling", ".MD=builtin")

    assert isinstance(pdf, Document)
    assert (pdf.text, pdf.title) == ("## file.pdf\n\nText.", "file.pdf")
    assert isinstance(own, Document)
    assert "read by docling" not in own.notes


@pytest.mark.parametrize("name", ["markitdown", "docling"])
def test_what_a_converter_cannot_read_is_skipped(docs: Path, installed: None, name: str) -> None:
    (docs / "a.pdf").write_bytes(b"bad")

    found = read_with(docs, f"pdf={name}")[0]

    assert isinstance(found, Skipped)
    assert found.reason == "corrupt"
    assert found.detail.startswith(f"{name} cannot read it: ")


@pytest.mark.parametrize("name", ["markitdown", "docling"])
def test_absent_converter_is_named_with_its_command(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / f"{name}.py").write_text("raise ImportError('not here')", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    for loaded in [module for module in sys.modules if module.partition(".")[0] == name]:
        monkeypatch.delitem(sys.modules, loaded)

    found = read_with(docs, f"pdf={name}")[0]

    assert isinstance(found, Skipped)
    assert found.reason == "needs_extra"
    assert f'pip install "builder[{name}]"' in found.detail


def test_absent_models_are_named_with_the_command_that_fetches_them(
    docs: Path, installed: None
) -> None:
    (docs / "a.pdf").write_bytes(b"%PDF-1.7 something")

    found = read_with(docs, "docling")[0]

    assert isinstance(found, Skipped)
    assert found.reason == "needs_extra"
    assert "`docling-tools models download`: no snapshot folder and no connection" in found.detail


@pytest.mark.parametrize("told", ["doclin", "pdf=", "=x", "pdf=builtins"])
def test_unknown_reader_is_an_error(told: str) -> None:
    with pytest.raises(SettingsError, match="there is no reader"):
        chosen((told,))


def test_reader_is_a_setting() -> None:
    config = load(file=None, environ={"BUILDER_INGEST_READER": "docling,md=builtin"})

    assert config.ingest.reader == ("docling", "md=builtin")
