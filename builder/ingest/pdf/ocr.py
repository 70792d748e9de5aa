"""Words on pages that are images: recognised by the program tesseract, if it is installed.

Switched on by [ingest] reader = ["pdf=ocr"]. tesseract (Apache-2.0) is not a Python package: it
comes with the system (Debian: tesseract-ocr, 10 MB with English; one package per language).
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from statistics import median

from builder.ingest.pdf.page import DRAWN, Page, Picture, Run

PROGRAM = "tesseract"
PAGE_S = 60.0  # most time for one page
_CERTAIN = 30.0  # per cent: words that the program is less sure of are specks
_MAX_LANGUAGES = 3
_SIZE = 0.75  # of a line's height: about the size of its letters


def available() -> bool:
    """Whether the program is installed."""
    return shutil.which(PROGRAM) is not None


def recognise(page: Page, picture: Picture) -> bool:
    """Give a page the words that its picture shows; False when none are found."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, the picture comes by stdin
            [shutil.which(PROGRAM) or PROGRAM, "stdin", "stdout", "-l", _languages(), "tsv"],
            input=b"P5 %d %d 255\n" % (picture.width, picture.height) + picture.grey,
            capture_output=True,
            timeout=PAGE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    words = list(_words(done.stdout.decode("utf-8", "replace")))
    if not words:
        return False
    scale = page.width / picture.width
    size = median(height for *_, height in words) * scale * _SIZE
    page.runs = [
        _run(text, left * scale, base * scale, width * scale, size, order)
        for order, (text, left, base, width, _) in enumerate(words)
    ]
    return True


@cache
def _languages() -> str:
    """Up to three of the installed languages, English first."""
    told = subprocess.run(  # noqa: S603 - a fixed program
        [shutil.which(PROGRAM) or PROGRAM, "--list-langs"],
        capture_output=True, text=True, timeout=PAGE_S, check=False,
    )  # fmt: skip
    found = [name for name in told.stdout.split("\n")[1:] if name.isalpha() and len(name) == 3]
    found = sorted(set(found) - {"osd", "equ"}, key=lambda name: (name != "eng", name))
    return "+".join(found[:_MAX_LANGUAGES]) or "eng"


def _words(table: str) -> Iterator[tuple[str, float, float, float, float]]:
    """Text, left, baseline, width and line height of every word, in pixels."""
    base = height = 0.0
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row["level"] == "4":  # a line
            height = float(row["height"])
            base = float(row["top"]) + height
        elif row["level"] == "5" and text and float(row["conf"]) >= _CERTAIN:
            yield text, float(row["left"]), base, float(row["width"]), height


def _run(text: str, left: float, base: float, width: float, size: float, order: int) -> Run:
    step = width / len(text)
    return Run(
        text=text,
        xs=[left + at * step for at in range(len(text))],
        x1=left + width,
        y=base,
        top=base - size,
        bottom=base,
        size=size,
        font=DRAWN,
        colour=(0, 0, 0),
        tag=-1,
        space=True,
        order=order,
    )
