"""Office files and books made of their XML, and how the tests read them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from builder.ingest import read_bytes
from builder.ingest.sources import media_type
from builder.records import Document, Skipped

FIXTURES = Path(__file__).parent / "fixtures"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:a="{A}" xmlns:p="{P}" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(parts: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of the parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def relations(**targets: str) -> str:
    """A part of relationships: kind of each, and its target; the id is the kind."""
    inner = "".join(
        f'<Relationship Id="{kind}" Type="{R}/{kind.rstrip("0123456789")}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{inner}</Relationships>'


def docx_parts(body: str, **parts: str) -> dict[str, str | bytes]:
    """The parts of a Word file with this body; others by the last word of their type."""
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": relations(officeDocument="word/document.xml"),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(**{kind: f"{kind}.xml" for kind in parts}),
    }
    for kind, inner in parts.items():
        root = kind.rstrip("0123456789")
        found[f"word/{kind}.xml"] = f"<w:{root} {NAMESPACES}>{inner}</w:{root}>"
    return found


def docx(body: str, **parts: str) -> bytes:
    """A Word file with this body."""
    return zipped(docx_parts(body, **parts))


def xlsx_parts(*sheets: str, names: tuple[str, ...] = (), **parts: str) -> dict[str, str | bytes]:
    """The parts of a workbook: the inner XML of its sheets, styles and sharedStrings."""
    names = names or tuple(f"Sheet{number}" for number in range(1, len(sheets) + 1))
    listed = "".join(
        f'<sheet name="{name.lstrip("!")}" sheetId="{at}" r:id="worksheet{at}"'
        + (' state="hidden"/>' if name.startswith("!") else "/>")
        for at, name in enumerate(names, 1)
    )
    targets = {
        f"worksheet{at}": f"worksheets/sheet{at}.xml" for at in range(1, len(sheets) + 1)
    } | {kind: f"{kind}.xml" for kind in parts}
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(**targets),
    }
    for at, inner in enumerate(sheets, 1):
        found[f"xl/worksheets/sheet{at}.xml"] = f'<worksheet xmlns="{S}">{inner}</worksheet>'
    roots = {"styles": "styleSheet", "sharedStrings": "sst"}
    for kind, inner in parts.items():
        found[f"xl/{kind}.xml"] = f'<{roots[kind]} xmlns="{S}">{inner}</{roots[kind]}>'
    return found


def rows(*lines: str, first: int = 1) -> str:
    """Sheet data of inline strings and numbers: cells parted by "|", "" for none."""
    written = []
    for number, line in enumerate(lines, first):
        cells = []
        for column, text in enumerate(line.split("|")):
            name = f"{chr(65 + column)}{number}"
            if text.replace(".", "", 1).isdigit():
                cells.append(f'<c r="{name}"><v>{text}</v></c>')
            elif text:
                cells.append(f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>')
        written.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f"<sheetData>{''.join(written)}</sheetData>"


def pptx_parts(*slides: str, layouts: tuple[str, ...] = (), **notes: str) -> dict[str, str | bytes]:
    """The parts of a deck: the shapes of each slide, the types of their layouts, notes1=..."""
    listed = "".join(
        f'<p:sldId id="{255 + at}" r:id="slide{at}"/>' for at in range(1, len(slides) + 1)
    )
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": relations(officeDocument="ppt/presentation.xml"),
        "ppt/presentation.xml": f"<p:presentation {NAMESPACES}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            **{f"slide{at}": f"slides/slide{at}.xml" for at in range(1, len(slides) + 1)}
        ),
    }
    for at, shapes in enumerate(slides, 1):
        hidden, shapes = (' show="0"', shapes[1:]) if shapes.startswith("!") else ("", shapes)
        found[f"ppt/slides/slide{at}.xml"] = _slide("sld", shapes, hidden)
        targets = {}
        if at <= len(layouts):
            targets["slideLayout"] = f"../slideLayouts/l{at}.xml"
            found[f"ppt/slideLayouts/l{at}.xml"] = _slide(
                "sldLayout", "", f' type="{layouts[at - 1]}"'
            )
        if f"notes{at}" in notes:
            targets["notesSlide"] = f"../notesSlides/n{at}.xml"
            found[f"ppt/notesSlides/n{at}.xml"] = _slide("notes", notes[f"notes{at}"], "")
        found[f"ppt/slides/_rels/slide{at}.xml.rels"] = relations(**targets)
    return found


def _slide(root: str, shapes: str, attributes: str) -> str:
    inner = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"
    return f"<p:{root} {NAMESPACES}{attributes}>{inner}</p:{root}>"


def shape(
    *paragraphs: str, role: str = "", index: str = "", at: tuple[int, int] | None = None
) -> str:
    """A shape of a slide: lines of text ("1:text" on level 1), or XML of paragraphs.

    at: top and left.
    """
    place = f'<p:ph type="{role}" idx="{index}"/>'.replace(' idx=""', "") if role else ""
    where = f'<a:xfrm><a:off x="{at[1]}" y="{at[0]}"/></a:xfrm>' if at else ""
    lines = []
    for text in paragraphs:
        level, _, rest = text.partition(":") if text[:1].isdigit() else ("0", "", text)
        plain = f'<a:p><a:pPr lvl="{level}"/><a:r><a:t>{rest}</a:t></a:r></a:p>'
        lines.append(text if text.startswith("<") else plain)
    return (
        f"<p:sp><p:nvSpPr><p:nvPr>{place}</p:nvPr></p:nvSpPr><p:spPr>{where}</p:spPr>"
        f"<p:txBody>{''.join(lines)}</p:txBody></p:sp>"
    )


def chart_part(title: str, names: tuple[str, ...], *series: tuple[str, tuple[str, ...]]) -> str:
    """The part of a chart: its title, its categories, and each series with its percentages."""

    def points(kind: str, texts: tuple[str, ...], code: str = "") -> str:
        inner = "".join(
            f'<c:pt idx="{at}"><c:v>{text}</c:v></c:pt>' for at, text in enumerate(texts)
        )
        told = f"<c:formatCode>{code}</c:formatCode>" if code else ""
        return f"<c:{kind}>{told}{inner}</c:{kind}>"

    written = "".join(
        f"<c:ser><c:tx>{points('strCache', (name,))}</c:tx><c:cat>{points('strCache', names)}</c:cat>"
        f"<c:val>{points('numCache', values, '0%')}</c:val></c:ser>"
        for name, values in series
    )
    return (
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        f'xmlns:a="{A}"><c:chart><c:title><a:t>{title}</a:t></c:title><c:plotArea>{written}'
        "</c:plotArea></c:chart></c:chartSpace>"
    )


CHART = (
    '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    f'xmlns:r="{R}" r:id="chart"/>'
)


def epub_parts(
    chapters: Mapping[str, str], *, nav: str = "", spine: tuple[str, ...] = (), title: str = "Book"
) -> dict[str, str | bytes]:
    """The parts of a book: bodies by file name, and the list of its table of contents."""
    items = "".join(
        f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in chapters
    )
    if nav:
        items += (
            '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        )
    order = "".join(f'<itemref idref="{name}"/>' for name in spine or tuple(chapters))
    found: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="OEBPS/content.opf"/></rootfiles></container>',
        "OEBPS/content.opf": '<package xmlns="http://www.idpf.org/2007/opf" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>{title}</dc:title><dc:language>en</dc:language></metadata>"
        f"<manifest>{items}</manifest><spine>{order}</spine></package>",
    }
    if nav:
        found["OEBPS/nav.xhtml"] = page(
            f'<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc">{nav}</nav>'
        )
    for name, body in chapters.items():
        found[f"OEBPS/{name}"] = page(body)
    return found


_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
ODF_NAMES = (
    " ".join(
        f'xmlns:{name}="{_OPEN}:{called}:1.0"'
        for name, called in {
            "office": "office", "style": "style", "text": "text", "table": "table",
            "draw": "drawing", "fo": "xsl-fo-compatible", "svg": "svg-compatible",
            "presentation": "presentation", "chart": "chart", "config": "config", "meta": "meta",
        }.items()
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    + ' xmlns:math="http://www.w3.org/1998/Math/MathML"'
)  # fmt: skip


def odf_parts(
    body: str, kind: str = "text", own: str = "", styles: str = "", margins: str = "", **parts: str
) -> dict[str, str | bytes]:
    """The parts of an OpenDocument file.

    own, styles: of its paragraphs and named ones; margins: master pages; parts: meta, settings.
    """
    found: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": f"<office:document-content {ODF_NAMES}><office:automatic-styles>{own}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {ODF_NAMES}><office:styles>{styles}</office:styles>"
        f"<office:master-styles>{margins}</office:master-styles></office:document-styles>",
    }
    for name, inner in parts.items():
        root = f"office:document-{name}"
        found[f"{name}.xml"] = f"<{root} {ODF_NAMES}>{inner}</{root}>"
    return found


def odf_style(
    name: str, family: str = "paragraph", *, parent: str = "", words: str = "", inner: str = "",
    told: str = "",
) -> str:  # fmt: skip
    """A style; words: attributes of its text properties, told: of itself."""
    above = f'style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name.replace(" ", "_20_")}" style:display-name="{name}" '
        f'style:family="{family}" {above} {told}>{inner}<style:text-properties {words}/>'
        "</style:style>"
    )


def page(body: str) -> str:
    """A page of a book."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body>{body}</body></html>'
    )


def result(data: bytes, suffix: str) -> Document | Skipped:
    """What ingest makes of a file of this suffix."""
    path = f"docs/file.{suffix}"
    return read_bytes(data, path=path, media_type=media_type(path))


def document(data: bytes, suffix: str) -> Document:
    """The document in a file; fails when it was skipped."""
    found = result(data, suffix)
    assert isinstance(found, Document), found
    return found


def texts(found: Document, kind: str = "") -> list[str]:
    """The texts of the blocks of a kind, or of all, in order."""
    return [
        found.text[block.start : block.end] for block in found.blocks if kind in ("", block.kind)
    ]
