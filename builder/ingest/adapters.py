"""Other people's converters as readers: they make Markdown of a file, our reader the rest.

Chosen by [ingest] reader ("docling", "pdf=markitdown"); imported only then. What they give has no
place in the source file. "pdf=ocr" is our own reader with words recognised on images.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from builder.errors import SettingsError
from builder.ingest import markdown, pdf
from builder.ingest.parsed import Parsed, Refused

if TYPE_CHECKING:
    from docling.document_converter import DocumentConverter
    from markitdown import MarkItDown

BUILTIN = "builtin"
OCR = "ocr"  # our own reader of PDF files, which also recognises words on pages of images
Adapter = Callable[[bytes], Parsed | Refused]
Converter = Callable[[bytes, str], str | Refused]  # bytes, suffix with its dot -> Markdown


def chosen(readers: Sequence[str]) -> Callable[[str], Adapter | None]:
    """Which adapter reads a path; None for our own reader.

    readers: names, or "suffix=name"; the last one that fits counts. Raises SettingsError.
    """
    default, by_suffix = BUILTIN, {}
    for told in readers:
        suffix, _, name = told.rpartition("=")
        if name not in (BUILTIN, OCR, *CONVERTERS):
            raise SettingsError(
                f"[ingest] reader: there is no reader {name!r}",
                f"Known: {', '.join((BUILTIN, OCR, *CONVERTERS))}; for one suffix: pdf=docling.",
            )
        if suffix:
            by_suffix[f".{suffix.strip().lstrip('.*').casefold()}"] = name
        else:
            default = name

    def choose(path: str) -> Adapter | None:
        suffix = PurePosixPath(path).suffix.casefold()
        name = by_suffix.get(suffix, default)
        if name == OCR:
            return (lambda data: pdf.parse(data, recognise=True)) if suffix == ".pdf" else None
        return None if name == BUILTIN else lambda data: convert(name, data, suffix)

    return choose


def convert(name: str, data: bytes, suffix: str) -> Parsed | Refused:
    """The content of a file by way of a converter's Markdown."""
    text = CONVERTERS[name](data, suffix)
    if isinstance(text, Refused):
        return text
    parsed = markdown.parse(text.replace("\r\n", "\n").replace("\r", "\n"))
    pieces = [replace(piece, place=None) for piece in parsed.pieces]
    return replace(parsed, pieces=pieces, notes=(*parsed.notes, f"read by {name}"))


@cache  # with the models that it loads, which take longer than a file
def _markitdown_converter() -> MarkItDown:
    from markitdown import MarkItDown

    return MarkItDown(enable_plugins=False)


def _markitdown(data: bytes, suffix: str) -> str | Refused:
    try:
        from markitdown import MarkItDownException
    except ImportError as error:
        return _missing("markitdown", error)
    try:
        result = _markitdown_converter().convert_stream(io.BytesIO(data), file_extension=suffix)
    except MarkItDownException as error:
        return _failed("markitdown", error)
    return str(result.text_content)


@cache  # as above
def _docling_converter() -> DocumentConverter:
    from docling.document_converter import DocumentConverter

    return DocumentConverter()


def _docling(data: bytes, suffix: str) -> str | Refused:
    try:
        from docling.datamodel.base_models import DocumentStream
        from docling.exceptions import ConversionError

        converter = _docling_converter()
    except ImportError as error:
        return _missing("docling", error)
    stream = DocumentStream(name=f"file{suffix}", stream=io.BytesIO(data))
    try:
        result = converter.convert(stream)
    except ConversionError as error:
        return _failed("docling", error)
    except OSError as error:  # where they are not yet and cannot be fetched
        detail = f"docling cannot load its models, run `docling-tools models download`: {error}"
        return Refused("needs_extra", " ".join(detail.split())[:300])
    return str(result.document.export_to_markdown())


def _missing(name: str, error: ImportError) -> Refused:
    detail = f'{name} cannot be used ({error}): pip install "builder[{name}]"'
    return Refused("needs_extra", detail)


def _failed(name: str, error: Exception) -> Refused:
    said = " ".join(str(error).split())[:200]
    return Refused("corrupt", f"{name} cannot read it: {said or type(error).__name__}")


CONVERTERS: Mapping[str, Converter] = {"docling": _docling, "markitdown": _markitdown}
