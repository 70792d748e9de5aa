"""A PDF file to pieces.

    page      the records: runs of glyphs, rules, tags, entries of the outline
    pdfium    the pages of a file, one by one; raw, its functions
    glyphs    glyphs as they are shown, made into words
    fonts     looks and pitch of fonts
    drawings  lines, boxes and images of a page; pictures, those that are labelled
    structure the tree of tags
    font_names names for fonts that the file draws by itself
    ligatures letters of glyphs that a font calls by their parts
    tex_codes letters of TeX's fonts of bitmaps, which have no names
    dots      sizes of letters whose font counts in dots
    signs     letters that are bullets, signs of mathematics that are code
    accents   accents that are glyphs of their own, over their letters
    furniture running heads and feet, page numbers
    contents  lists of contents and indexes
    layout    runs to lines in reading order; lines to paragraphs
    code      lines of fixed-pitch fonts to code
    bidi      lines that are written from right to left
    tables    ruled and aligned tables
    centred   tables whose cells stand in the middle of their columns
    blocks    lines and tags to parts: paragraphs, lists, code, tables
    run_in    titles that their text follows on the line
    code_heads those of them that are nothing but code
    outline   where the titles stand that the outline lists
    nesting   levels that an outline tells against the looks of its titles
    headings  which parts are headings, and of which level
    ocr       words on pages that are images
    read      a whole file, in the process that calls it

`parse` reads in a child process, since pdfium can crash or hang on a hostile file.
"""

from __future__ import annotations

from importlib.util import find_spec

from builder.ingest import child
from builder.ingest.parsed import Parsed, Refused
from builder.ingest.pdf import ocr

BYTES_PER_S = 50_000  # the slowest reading that is still believed to come to an end
LONGEST_S = 900.0  # seconds: the most that a large file gets on top
RECOGNISING = 10  # times the time: recognising words takes some seconds per page
_HEAD = 1024  # bytes in which "%PDF" must stand (PDF 1.7, implementation note 13)


def seconds(n_bytes: int, least: float, *, recognise: bool = False) -> float:
    """How long reading a file of so many bytes may take; a small one takes least at most."""
    usual = least + min(n_bytes / BYTES_PER_S, LONGEST_S)
    return usual * RECOGNISING if recognise else usual


def parse(data: bytes, password: str = "", *, recognise: bool = False) -> Parsed | Refused:
    """The content of a PDF file.

    password: of the user or of the owner. recognise: words on pages of images too.
    """
    if find_spec("pypdfium2") is None:
        return Refused("needs_extra", 'reading PDF files needs pip install "builder[pdf]"')
    if not data.strip():
        return Refused("empty", "the file is empty")
    if b"%PDF" not in data[:_HEAD]:
        return Refused("corrupt", "the file does not begin like a PDF file")
    from builder.ingest.pdf.read import read

    timeout_s = seconds(len(data), child.TIMEOUT_S, recognise=recognise)
    if not recognise:
        return child.call(read, data, password, timeout_s=timeout_s)
    if not ocr.available():
        hint = "the program tesseract is not installed (Debian: apt install tesseract-ocr)"
        return Refused("needs_extra", f"recognising words on images: {hint}")
    return child.call(read, data, password, True, timeout_s=timeout_s)
