"""How the PDF files of benchmarks/pdf.py are dressed: looks for every maker, in four parts.

Rules were made on "looked", on "held", whose misses were read in the end, and on "levels", looks
whose sizes tell little; "fresh" are only scored. Each document gets the look of its place among
the files, so that every look meets other documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Half = Literal["plain", "looked", "held", "fresh", "levels"]

_SCRIPTS = (("KR", "[\uac00-\ud7af]"), ("JP", "[\u3041-\u30ff]"), ("SC", "[\u4e00-\u9fff]"))
_TABLES = "table { border-collapse: collapse } th, td { border: 1px solid #888; padding: 3px 6px }"
_MONO = 'pre, code { font-family: "DejaVu Sans Mono", monospace }'
_PAGE = "@page { size: A4; margin: 2cm; %s }"
_FOOT = '@bottom-right { content: "Page " counter(page) }'
_HEAD = '@top-center { content: "The handbook" } '
CSS: dict[Half, list[str]] = {
    "plain": [
        'body { font-family: "DejaVu Serif", serif; font-size: 11pt; line-height: 1.4 }'
        "pre { background: #f4f4f4; padding: 6px; font-size: 9pt; white-space: pre-wrap }"
        f"{_MONO} {_TABLES} {_PAGE % (_HEAD + _FOOT)}"
    ],
    "looked": [
        f"pre {{ white-space: pre-wrap }} {_TABLES}",  # what browsers do by themselves
        'body { font: 10.5pt/1.5 "Liberation Sans", sans-serif; color: #24292f }'
        "h1, h2 { border-bottom: 1px solid #d0d7de; padding-bottom: .3em } h1 { font-size: 2em }"
        "h2 { font-size: 1.5em } h3 { font-size: 1.25em } h4 { font-size: 1em }"
        "pre { background: #f6f8fa; padding: 16px; font-size: 85%; white-space: pre-wrap }"
        "tr:nth-child(2n) { background: #f6f8fa } blockquote { color: #57606a; padding-left: 1em }"
        f"{_MONO} {_TABLES} {_PAGE % _FOOT}",
        'body { font: 9.5pt/1.3 "Liberation Serif", serif } h1 { font-size: 18pt }'
        "h2 { font-size: 13pt; color: #134 } h3 { font-size: 10.5pt; color: #a31 }"
        "h4 { font-size: 9.5pt; font-style: italic; color: #a31 } p { text-align: justify }"
        "pre { font-size: 8pt; border-left: 3px solid #ccc; padding-left: 8px;"
        f"white-space: pre-wrap }} {_MONO} {_TABLES} {_PAGE % _HEAD}",
        'body { font: 11pt/1.45 "DejaVu Sans", sans-serif; hyphens: auto } h1 { font-size: 24pt;'
        "font-weight: normal } h2 { font-size: 17pt; font-weight: normal } h3 { font-size: 13pt;"
        "font-weight: normal; color: #069 } h4 { font-size: 11pt; color: #069 }"
        "table { width: 100%; border-collapse: collapse } th { border-bottom: 2px solid #333;"
        "text-align: left } td { border-bottom: 1px solid #ddd } pre { font-size: 8.5pt;"
        f"white-space: pre-wrap }} {_MONO} {_PAGE % _FOOT}",
    ],
    "held": [
        'body { font: 10pt/1.55 "DejaVu Serif", serif; text-align: justify; hyphens: auto }'
        "h1 { font: bold 22pt sans-serif } h2 { font: bold 14pt sans-serif; margin-top: 1.6em }"
        "h3 { font: bold 11.5pt sans-serif } h4 { font: bold 10pt sans-serif }"
        "pre { font-size: 8pt; background: #fafafa; border: 1px solid #ccc; padding: 5px;"
        f"white-space: pre-wrap }} {_MONO} {_TABLES} {_PAGE % (_HEAD + _FOOT)}",
        'body { font: 11pt/1.4 "Liberation Serif", serif } h1, h2, h3, h4 { color: #7a1f1f }'
        "h1 { font-size: 20pt } h2 { font-size: 15pt; text-transform: uppercase;"
        "letter-spacing: .05em } h3 { font-size: 12.5pt; font-style: italic } h4 { font-size: 11pt;"
        "font-weight: normal; font-style: italic } pre { font-size: 9pt; margin-left: 2em;"
        f"white-space: pre-wrap }} {_MONO} {_TABLES} {_PAGE % _FOOT}",
        'body { font: 9pt/1.35 "Liberation Sans", sans-serif; columns: 2; column-gap: 8mm }'
        "h1 { font-size: 16pt } h2 { font-size: 12pt } h3 { font-size: 10pt } h4 { font-size: 9pt }"
        "pre { font-size: 6pt; white-space: pre-wrap; background: #eee } table { font-size: 7pt }"
        f"{_MONO} {_TABLES} {_PAGE % _FOOT}",
        'body { font: 12pt/1.6 "Liberation Sans", sans-serif; color: #333 } h1 { font-size: 26pt;'
        "color: #0b5 } h2 { font-size: 19pt; color: #0b5 } h3 { font-size: 15pt } h4 { font-size:"
        "12pt; color: #777 } thead { background: #0b5; color: white } td, th { padding: 4px 8px;"
        "border: 1px solid #ddd } pre { background: #222; color: #eee; padding: 8px; font-size:"
        f"9.5pt; white-space: pre-wrap }} {_MONO} {_PAGE % _HEAD}",
    ],
    "fresh": [
        'body { font: 10.5pt/1.45 "Liberation Serif", serif } h1, h2, h3, h4 { font-family: '
        '"Liberation Sans", sans-serif } h1 { font-size: 21pt } h2 { font-size: 15pt; background:'
        "#eef; padding: 3px } h3 { font-size: 12pt } h4 { font-size: 10.5pt; color: #225 } pre {"
        "font-size: 8.5pt; border: 1px solid #99c; padding: 8px; white-space: pre-wrap }"
        f"{_MONO} {_TABLES} {_PAGE % (_HEAD + _FOOT)}",
        'body { font: 10pt/1.4 "DejaVu Serif", serif; counter-reset: a } h1 { font-size: 17pt;'
        "text-align: center } h2 { font-size: 13pt; counter-increment: a; counter-reset: b }"
        'h2::before { content: counter(a) ". " } h3 { font-size: 11pt; counter-increment: b }'
        'h3::before { content: counter(a) "." counter(b) " " } h4 { font-size: 10pt; font-style:'
        "italic } th { background: #ddd } pre { font-size: 8pt; white-space: pre-wrap }"
        f"{_MONO} {_TABLES} {_PAGE % _FOOT}",
        'body { font: 11.5pt/1.5 "Lato", sans-serif; color: #222 } h1 { font-size: 28pt;'
        "font-weight: 300 } h2 { font-size: 20pt; font-weight: 300; border-bottom: 1px solid #999 }"
        "h3 { font-size: 14pt; font-weight: 600 } h4 { font-size: 11.5pt; font-weight: 600;"
        "color: #555 }"
        "pre { font-size: 9.5pt; background: #f2f2ee; padding: 10px; white-space: pre-wrap }"
        "table { border-collapse: collapse } td, th { border: 1px solid #ccc; padding: 6px }"
        f"{_MONO} {_PAGE % _HEAD}",
        'body { font: 9.5pt/1.4 "Liberation Serif", serif; columns: 2; column-gap: 9mm; text-align:'
        "justify; hyphens: auto } h1 { font-size: 18pt; column-span: all } h2 { font-size: 12pt;"
        "font-variant: small-caps } h3 { font-size: 10.5pt } h4 { font-size: 9.5pt; font-style:"
        "italic } pre { font-size: 6.5pt; white-space: pre-wrap; border-left: 2px solid #aaa;"
        f"padding-left: 5px }} table {{ font-size: 7.5pt }} {_MONO} {_TABLES} {_PAGE % _FOOT}",
    ],
    "levels": [
        'body { font: 10.5pt/1.6 "Liberation Sans", sans-serif; color: #404040 } h1, h2, h3, h4, h5'
        '{ font-family: "DejaVu Serif", serif; font-weight: bold; margin-bottom: .8em } h1 {'
        "font-size: 1.75em } h2 { font-size: 1.5em } h3 { font-size: 1.25em } h4 { font-size: 1.1em"
        "} h5 { font-size: 1em } code { color: #e74c3c; font-size: 75% } pre { font-size: 8pt;"
        "border: 1px solid #e1e4e5; padding: 12px; white-space: pre-wrap } pre code { color:"
        f"#404040; font-size: 8pt }} {_MONO} {_TABLES} {_PAGE % _FOOT}",
        'body { font: 10.5pt/1.35 "Liberation Serif", serif; text-align: justify; hyphens: auto }'
        "h1 { font-size: 20pt; font-weight: normal; text-align: center } h2 { font-size: 13pt;"
        "font-weight: normal; text-transform: uppercase; letter-spacing: .1em } h3 { font-size:"
        "11.5pt; font-weight: normal; font-style: italic } h4 { font-size: 10.5pt; font-variant:"
        "small-caps } h5 { font-size: 10.5pt; font-weight: normal; font-style: italic } p { margin:"
        "0 } p + p { text-indent: 1.5em } pre { font-size: 8.5pt; margin: .8em 2em; white-space:"
        "pre-wrap } table { border-collapse: collapse; margin: 1em auto } thead { border-top: 1.5px"
        "solid black; border-bottom: 1px solid black } tbody { border-bottom: 1.5px solid black }"
        f"td, th {{ padding: 2px 8px }} {_MONO} {_PAGE % (_HEAD + _FOOT)}",
        'body { font: 9pt/1.25 "Liberation Sans", sans-serif; margin-left: 14mm } h1, h2, h3, h4,'
        "h5 { margin: 1em 0 .3em } h1 { font-size: 14pt; margin-left: -14mm } h2 { font-size: 11pt;"
        "margin-left: -14mm; text-transform: uppercase } h3 { font-size: 9pt; margin-left: -14mm }"
        "h4 { font-size: 9pt; margin-left: -7mm } h5 { font-size: 9pt; font-style: italic } p {"
        "margin: .4em 0 } pre { font-size: 7.5pt; margin: .5em 0 .5em 4mm; white-space: pre-wrap }"
        "td, th { padding: 1px 6px; text-align: left } th { border-bottom: 1px solid #000 }"
        f"{_MONO} {_PAGE % _HEAD}",
        'body { font: 11pt/1.55 "Lato", sans-serif; color: #1f2937 } h1 { font-size: 24pt;'
        "font-weight: 900 } h2 { font-size: 16pt; font-weight: 700; color: #0d9488; margin-top: 2em"
        "} h3 { font-size: 12.5pt; font-weight: 700 } h4 { font-size: 9.5pt; text-transform: "
        "uppercase; letter-spacing: .08em; color: #6b7280; margin-top: 1.8em } h5 {"
        "font-size: 11pt; font-weight: 700; font-style: italic } pre { background: #111827; color: "
        "#e5e7eb; font-size: 9pt; padding: 10px; white-space: pre-wrap } code { font-size: .875em }"
        "table { border-collapse: collapse; width: 100% } td, th { padding: 5px; text-align: left;"
        f"border-bottom: 1px solid #e5e7eb }} {_MONO} {_PAGE % _FOOT}",
    ],
}

_USES = r"""\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\usepackage{lmodern,textcomp,amsmath}
\usepackage{longtable,booktabs,array,calc,graphicx,fancyvrb,xcolor}
\usepackage[hidelinks]{hyperref}
\providecommand{\tightlist}{}\newcommand{\passthrough}[1]{#1}
\makeatletter\let\LT@err\@gobbletwo\makeatother
\setlength{\emergencystretch}{3em}
"""


def script_of(text: str) -> str:
    """Which of Noto's CJK fonts a text is set in, "" where Latin ones do."""
    return next((name for name, letters in _SCRIPTS if len(re.findall(letters, text)) > 99), "")


_BARE = r"\setcounter{secnumdepth}{-10}"


def _title(name: str, level: int, above: str, below: str, look: str) -> str:
    """A LaTeX command for titles; below: the room behind them, negative where text runs in."""
    start = rf"\@startsection{{{name}}}{{{level}}}{{0pt}}{{{above}}}{{{below}}}{{{look}}}"
    return rf"\makeatletter\renewcommand\{name}{{{start}}}\makeatother"


@dataclass(frozen=True, slots=True)
class Latex:
    """A look of LaTeX; chapters: the highest headings are chapters; titled: a \\maketitle."""

    top: str
    more: str = ""
    chapters: bool = False
    titled: bool = False
    columns: int = 2

    @property
    def preamble(self) -> str:
        return f"{self.top}\n{_USES}{self.more}\n"


LATEX: dict[Half, list[Latex]] = {
    "plain": [Latex(r"\documentclass[twocolumn,10pt]{article}", _BARE + r"\pagestyle{headings}")],
    "looked": [
        Latex(r"\documentclass[twocolumn,10pt]{article}", _BARE),
        Latex(r"\documentclass[twocolumn,10pt]{scrartcl}", r"\pagestyle{headings}"),
        Latex(r"\documentclass[11pt]{report}", r"\pagestyle{headings}", chapters=True, columns=1),
        Latex(r"\documentclass[twocolumn,10pt]{article}", titled=True),
    ],
    "held": [
        Latex(r"\documentclass[conference]{IEEEtran}", titled=True),
        Latex(r"\documentclass[twocolumn,9pt]{extarticle}", _BARE + r"\pagestyle{headings}"),
        Latex(
            r"\documentclass[twocolumn,10pt]{article}",
            r"\makeatletter\renewcommand\section{\@startsection{section}{1}{0pt}{-2ex}{1ex}"
            r"{\centering\scshape\large}}\renewcommand\subsection{\@startsection{subsection}{2}"
            r"{0pt}{-1.8ex}{.8ex}{\itshape\normalsize}}\renewcommand\subsubsection"
            r"{\@startsection{subsubsection}{3}{0pt}{-1.2ex}{-1em}{\bfseries\normalsize}}"
            r"\makeatother\setcounter{secnumdepth}{3}",
        ),
        Latex(r"\documentclass[twocolumn,11pt]{scrreprt}", _BARE, chapters=True),
    ],
    "fresh": [
        Latex(r"\documentclass[twocolumn,10pt,a4paper]{article}", r"\usepackage{mathptmx}"),
        Latex(r"\documentclass[10pt,journal,compsoc]{IEEEtran}", titled=True),
        Latex(r"\documentclass[twocolumn,10pt,headings=small]{scrartcl}", titled=True),
        Latex(
            r"\documentclass[twocolumn,10pt]{article}",
            r"\makeatletter\renewcommand\section{\@startsection{section}{1}{0pt}{-2.2ex}{1ex}"
            r"{\centering\bfseries\MakeUppercase}}\renewcommand\subsection{\@startsection"
            r"{subsection}{2}{0pt}{-2ex}{.8ex}{\bfseries\normalsize}}\renewcommand\subsubsection"
            r"{\@startsection{subsubsection}{3}{0pt}{-1.4ex}{.5ex}{\bfseries\itshape\normalsize}}"
            r"\makeatother\setcounter{secnumdepth}{2}",
        ),
    ],
    "levels": [
        Latex(
            r"\documentclass[11pt,oneside,openany]{memoir}",
            r"\pagestyle{headings}\setsecnumdepth{subsection}",
            chapters=True,
            columns=1,
        ),
        Latex(
            r"\documentclass[10pt]{article}",
            r"\usepackage{palatino}"
            + _title("section", 1, "-3ex", "1.2ex", r"\sffamily\bfseries\Large")
            + _title("subsection", 2, "-2.5ex", "1ex", r"\sffamily\bfseries\large")
            + _title("subsubsection", 3, "-2ex", ".8ex", r"\sffamily\bfseries\normalsize")
            + _title("paragraph", 4, "-1.6ex", ".5ex", r"\sffamily\itshape\normalsize")
            + _BARE,
            columns=1,
        ),
        Latex(
            r"\documentclass[twocolumn,10pt]{article}",
            r"\usepackage{charter}\renewcommand\thesection{\arabic{section}.}"
            + _title("section", 1, "-3ex", "1ex", r"\bfseries\large")
            + _title("subsection", 2, "-2ex", ".6ex", r"\scshape\normalsize")
            + _title("subsubsection", 3, "-2ex", ".6ex", r"\itshape\normalsize")
            + r"\setcounter{secnumdepth}{1}",
            titled=True,
        ),
        Latex(
            r"\documentclass[12pt,a4paper]{article}",
            r"\usepackage{helvet}\renewcommand\familydefault{\sfdefault}\setlength\parindent"
            r"{0pt}\setlength\parskip{6pt}\setcounter{secnumdepth}{4}"
            + _title("paragraph", 4, "-2ex", ".6ex", r"\bfseries\normalsize"),
            columns=1,
            titled=True,
        ),
    ],
}

_TYPST = """#set page(paper: "a4", columns: {columns}, numbering: "1 / 1",
  header: [The handbook #h(1fr) draft])
#set text(size: 10pt, hyphenate: true)
#set par(justify: true)
#show raw.where(block: true): set text(size: 7pt)
#let horizontalrule = line(length: 100%)
"""
TYPST: dict[Half, list[str]] = {
    "plain": [_TYPST],
    "looked": [
        _TYPST,
        _TYPST + '#set heading(numbering: "1.1")\n',
        _TYPST + "#show heading.where(level: 3): set text(fill: rgb(0, 80, 140))\n"
        '#show heading.where(level: 4): set text(style: "italic", weight: "regular")\n',
        _TYPST + '#set text(font: "Liberation Sans", size: 9pt)\n'
        "#show heading.where(level: 1): set text(size: 20pt)\n"
        "#show heading.where(level: 2): set text(size: 14pt)\n"
        "#show heading.where(level: 3): set text(size: 11pt)\n",
    ],
    "held": [
        _TYPST + '#set heading(numbering: "1.a")\n#set text(size: 9pt)\n',
        _TYPST + '#set text(font: "DejaVu Serif", size: 9pt)\n'
        "#show heading.where(level: 1): it => align(center, smallcaps(it))\n"
        '#show heading.where(level: 2): set text(size: 12pt, weight: "regular")\n'
        '#show heading.where(level: 3): set text(size: 10pt, style: "italic")\n',
        _TYPST + "#show heading: set text(fill: rgb(120, 20, 20))\n#set par(justify: false)\n"
        "#show heading.where(level: 2): set text(size: 13pt)\n"
        "#show heading.where(level: 3): set text(size: 11pt)\n",
        _TYPST + '#set text(font: "Liberation Serif", size: 11pt)\n'
        "#show heading.where(level: 1): set text(size: 17pt)\n"
        "#show heading.where(level: 2): set text(size: 14pt)\n"
        "#show heading.where(level: 3): set text(size: 12pt)\n"
        "#show heading.where(level: 4): set text(size: 11pt)\n",
    ],
    "fresh": [
        _TYPST + '#set heading(numbering: "1.1.1")\n#set text(size: 9.5pt)\n',
        _TYPST + '#set text(font: "Liberation Serif")\n#set heading(numbering: "I.A.1)")\n'
        "#show heading.where(level: 1): it => align(center, smallcaps(text(size: 11pt, weight: "
        '"regular", it)))\n#show heading.where(level: 2): set text(size: 10pt, weight: "regular", '
        'style: "italic")\n#show heading.where(level: 3): set text(size: 10pt, weight: "regular", '
        'style: "italic")\n',
        _TYPST + '#show heading: set text(font: "Liberation Sans", fill: rgb(20, 60, 110))\n'
        "#show heading.where(level: 1): set text(size: 18pt)\n"
        "#show heading.where(level: 2): set text(size: 13pt)\n",
        _TYPST + '#set text(font: "DejaVu Sans", size: 8.5pt)\n#set par(justify: false)\n'
        '#show heading: set text(weight: "regular")\n'
        "#show heading.where(level: 1): set text(size: 19pt)\n"
        "#show heading.where(level: 2): set text(size: 14pt)\n"
        "#show heading.where(level: 3): set text(size: 11pt)\n"
        '#show heading.where(level: 4): set text(size: 8.5pt, weight: "bold")\n',
    ],
    "levels": [
        _TYPST + '#set text(font: "Libertinus Serif", size: 10.5pt)\n'
        '#show heading: set text(weight: "regular")\n'
        "#show heading.where(level: 1): it => align(center, smallcaps(text(size: 15pt, it)))\n"
        '#show heading.where(level: 2): set text(size: 12.5pt, weight: "bold")\n'
        '#show heading.where(level: 3): set text(size: 11.5pt, style: "italic")\n'
        '#show heading.where(level: 4): set text(size: 10.5pt, style: "italic")\n'
        '#show heading.where(level: 5): set text(size: 10.5pt, weight: "bold")\n',
        _TYPST + '#set text(font: "Liberation Sans", size: 9pt)\n#set heading(numbering: "1.1")\n'
        "#show heading: set text(size: 9pt)\n"
        "#show heading.where(level: 1): set text(size: 13pt)\n"
        "#show heading.where(level: 2): set text(size: 11pt)\n",
        _TYPST + '#set text(font: "Lato", size: 9.5pt)\n#set par(justify: false)\n'
        "#show heading: set text(size: 9.5pt)\n"
        "#show heading.where(level: 1): set text(size: 18pt)\n"
        '#show heading.where(level: 2): set text(size: 13pt, fill: rgb("#1d4ed8"))\n'
        '#show heading.where(level: 3): set text(size: 11pt, fill: rgb("#1d4ed8"))\n'
        '#show heading.where(level: 5): set text(style: "italic", weight: "regular")\n',
        _TYPST + '#set text(font: "Liberation Serif", size: 10pt)\n'
        "#show heading: set text(size: 10pt)\n"
        "#show heading: set block(above: 1.6em, below: .9em)\n"
        "#show heading.where(level: 1): it => align(center, upper(text(size: 12pt, it)))\n"
        "#show heading.where(level: 2): it => upper(it)\n"
        '#show heading.where(level: 4): set text(style: "italic")\n'
        '#show heading.where(level: 5): set text(style: "italic", weight: "regular")\n',
    ],
}


@dataclass(frozen=True, slots=True)
class Office:
    """A look of LibreOffice: by way of which format, the sizes of headings 1 to 4, a face.

    sizes: points; empty for what pandoc's own styles say. tagged: the PDF gets a structure tree.
    runs: instead of all these, how titles are set in WordprocessingML. numbered: "1.1" before them.
    """

    way: Literal["docx", "odt", "html"] = "docx"
    sizes: tuple[float, ...] = ()
    face: str = ""
    bold: bool = True
    tagged: bool = False
    runs: tuple[str, ...] = ()
    numbered: bool = False


_BOLD, _ITALIC, _CAPS, _SMALL = "<w:b/>", "<w:i/>", "<w:caps/>", "<w:smallCaps/>"


def _set(face: str, size: float, *more: str) -> str:
    """How a title is set: its face, size in points, and marks; six digits are a colour."""
    marks = "".join(one if "<" in one else f'<w:color w:val="{one}"/>' for one in more)
    return f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}"/>{marks}<w:sz w:val="{round(2 * size)}"/>'


_SANS, _SERIF = "Liberation Sans", "Liberation Serif"
OFFICE: dict[Half, list[Office]] = {
    "plain": [Office()],
    "looked": [
        Office(),
        Office(way="odt"),
        Office(sizes=(18, 14, 12, 11), face="Liberation Serif"),
        Office(sizes=(20, 16, 13, 12), face="Liberation Sans", bold=False, tagged=True),
    ],
    "held": [
        Office(sizes=(16, 13, 11.5, 11), face="Liberation Sans"),
        Office(way="html"),
        Office(tagged=True),
        Office(sizes=(22, 16, 13, 11), face="DejaVu Sans", bold=False),
    ],
    "fresh": [
        Office(way="odt", tagged=True),
        Office(sizes=(15, 13, 12, 11), face="Liberation Serif"),
        Office(way="html", tagged=True),
        Office(sizes=(26, 18, 14, 12), face="Lato", bold=False),
    ],
    "levels": [
        Office(
            runs=(
                _set(_SANS, 16, _BOLD),
                _set(_SANS, 14, _BOLD, _ITALIC),
                _set(_SANS, 13, _BOLD),
                _set(_SERIF, 14, _BOLD),
                _set(_SERIF, 13, _BOLD, _ITALIC),
            )
        ),
        Office(
            runs=(
                _set("Lato", 16, "2F5496"),
                _set("Lato", 13, "2F5496"),
                _set("Lato", 12, "1F3763"),
                _set("Lato", 12, _ITALIC, "2F5496"),
                _set("Lato", 12, "2F5496"),
            )
        ),
        Office(
            runs=(
                _set(_SERIF, 14, _BOLD, _CAPS),
                _set(_SERIF, 12, _BOLD, _SMALL),
                _set(_SERIF, 12, _BOLD),
                _set(_SERIF, 12, _BOLD, _ITALIC),
                _set(_SERIF, 12, _ITALIC),
            )
        ),
        Office(runs=(_set(_SANS, 14, _BOLD), *[_set(_SANS, 12, _BOLD)] * 4), numbered=True),
    ],
}
