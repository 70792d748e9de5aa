"""Markup nested deeper than a tree parser goes, made shallow."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

MAX_DEPTH = 100
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


class _Flattener(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._depth = 0
        self._raw = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.parts.append(f"<{tag}>")
            return
        self._depth += 1
        if self._depth <= MAX_DEPTH:
            written = "".join(
                f' {name}="{escape(value or "")}"'
                for name, value in attrs
                if len(value or "") < 1000 and name.replace("-", "").isalnum()
            )
            self.parts.append(f"<{tag}{written}>")
        else:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._depth <= MAX_DEPTH:
            self.parts.append(f"</{tag}>")
        else:
            self.parts.append(" ")
        self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        self.parts.append(data if self.cdata_elem else escape(data, quote=False))


def flatten(text: str) -> str:
    """The same page with tags below a depth of 100 left out."""
    parser = _Flattener()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts)
