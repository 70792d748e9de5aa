"""The inline markup of AsciiDoc, resolved to plain words with code in backticks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from builder.ingest.clean import unescape
from builder.ingest.emit import code_span

BREAK = "\x0b"

BUILT_IN = {
    "empty": "", "blank": "", "sp": " ", "nbsp": "\u00a0", "zwsp": "", "wj": "", "apos": "'",
    "quot": '"', "lsquo": "\u2018", "rsquo": "\u2019", "ldquo": "\u201c", "rdquo": "\u201d",
    "deg": "\u00b0", "plus": "+", "brvbar": "\u00a6", "vbar": "|", "amp": "&", "lt": "<",
    "gt": ">", "startsb": "[", "endsb": "]", "caret": "^", "asterisk": "*", "tilde": "~",
    "backslash": "\\", "backtick": "`", "two-colons": "::", "two-semicolons": ";;",
    "cpp": "C++", "cxx": "C++", "pp": "++",
}  # fmt: skip

_SOURCES = (".adoc", ".asciidoc")
_HELD = re.compile("\x02(\\d+)\x03")
_ATTRIBUTE = re.compile(r"(\\?)\{([\w][\w-]*)\}")
_COUNTER = re.compile(r"\{(?:counter2?|set):[^{}\n]{1,200}\}")
_PASS = re.compile(
    r"(?<!\\)(?:\+\+\+(.{1,2000}?)\+\+\+|\$\$(.{1,2000}?)\$\$|pass:[a-z,]*\[((?:[^\]\\]|\\.){0,2000})\])",
    re.DOTALL,
)
_TAG = re.compile(
    r"</?(?:a|b|big|br|center|code|div|em|font|hr|i|img|kbd|p|small|span|strong|sub|sup|tt|u)"
    r"(?:\s[^<>]{0,1000})?/?>"
)
_STEM = re.compile(r"\b(stem|latexmath|asciimath):[a-z,]*\[((?:[^\]\\]|\\.){1,2000})\]", re.DOTALL)
_CURVED = re.compile(r"(?<![\w\\])([\"'])`(?=\S)([^`]{1,2000}?)(?<=\S)`\1(?!\w)")
_MONO_ANY = re.compile(
    r"(?<!\\)(?:\[[^\[\]\n]{1,100}\])?``(?=\S)([^`]{1,1000}|[^`]{0,500}`[^`]{1,500})``"
)
_MONO = re.compile(
    r"(?<![\w\\`:;}])(?:\[[^\[\]\n]{1,100}\])?`(?=[^\s`])((?:[^`]|(?<=\w)`(?=\w)){1,1000}?)(?<=\S)`(?![\w`'\"])"
)
_PLUS_ANY = re.compile(r"(?<!\\)\+\+(?=\S)([^\n]{1,1000}?)\+\+")
_PLUS = re.compile(r"(?<![\w\\+])\+(?=[^\s+])([^+\n]{1,1000}?)(?<=\S)\+(?![\w+])")
_MARKED = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"(?<!\\)(?:\[[^\[\]\n]{1,100}\])?\*\*([^*]{1,2000})\*\*",
        r"(?<![\w\\*:;}])(?:\[[^\[\]\n]{1,100}\])?\*(?=[^\s*])([^*]{1,2000}?)(?<=\S)\*(?!\w)",
        r"(?<!\\)(?:\[[^\[\]\n]{1,100}\])?__([^_]{1,2000})__",
        r"(?<![\w\\_:;}])(?:\[[^\[\]\n]{1,100}\])?_(?=[^\s_])((?:[^_]|(?<=\w)_(?=\w)){1,1000}?)(?<=\S)_(?!\w)",
        r"(?<!\\)(?:\[[^\[\]\n]{1,100}\])?##([^#]{1,2000})##",
        r"(?<![\w\\#&:;}])(?:\[[^\[\]\n]{1,100}\])?#(?=[^\s#])([^#]{1,2000}?)(?<=\S)#(?!\w)",
        r"(?<!\\)\^([^\s^]{1,200})\^",
        r"(?<!\\)~([^\s~]{1,200})~",
    )
)
_QUOTED = re.compile(r"(?<![\w\\:;}'])'(?=[^\s'])([^'\n]{1,500}?)(?<=\S)'(?!\w)")
_DOUBLE_QUOTED = re.compile(r"(?<![\w`])``(?=\S)([^`']{1,500}?)(?<=\S)''(?![\w'])")
_LINK = re.compile(
    r"(?<!\\)(?:\blink:|\bmailto:|\bxref:|(?<![\w/])(?=(?:https?|ftp|irc|file)://))"
    r"(\+\+[^\s]{1,1000}?\+\+|[^\s\[\]<>]{0,1000})\[((?:[^\[\]\\]|\\.|\[[^\[\]]{0,300}\]){0,1000})\]"
)
_XREF = re.compile(
    r"(?<!\\)(?:<<|&lt;&lt;)([^<>,\n]{1,300})(?:,\s*([^<>]{0,500}?))?(?:>>|&gt;&gt;)"
)
_ANGLE_URL = re.compile(r"<((?:https?|ftp|irc)://[^\s<>]{1,1000})>")
_IMAGE = re.compile(r"(?<!\\)\b(?:image|icon):(?!:)[^\s\[\]]{1,500}\[[^\[\]]{0,500}\]")
_KEYS = re.compile(r"(?<!\\)\b(?:kbd|btn):\[((?:[^\]\\]|\\.){1,200})\]")
_MENU = re.compile(r"(?<!\\)\bmenu:([^\[\]\n]{1,200})\[([^\]\n]{0,300})\]")
_INDEX = re.compile(r"\(\(\((?:[^()]|\([^()]{0,200}\)){1,500}\)\)\)|\bindexterm:\[[^\]]{0,500}\]")
_INDEX_SHOWN = re.compile(r"\(\(([^()\s](?:[^()]{0,300})?)\)\)|\bindexterm2:\[([^\]]{0,500})\]")
_ANCHOR = re.compile(
    r"(?<!\\)\[\[\[?[\w:.-][^\[\]\n]{0,200}\]?\]\]|\banchor:[\w:.-]{1,200}\[[^\]]{0,200}\]"
)
_BIBLIOGRAPHY = re.compile(r"(?<!\\)\[\[\[([^\[\],\n]{1,200})(?:,\s*([^\[\]\n]{1,200}))?\]\]\]")
FOOTNOTE = re.compile(
    r"(?<!\\)\bfootnote(?:ref)?:([\w-]{0,100})\[((?:[^\[\]\\]|\\.|\[(?:[^\[\]]|\[[^\[\]]{0,200}\]){0,500}\]){0,3000})\]",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(?=[*_`#^~+{<\[\"']|\(\(|https?:|link:|image:|footnote:|kbd:|\.\.\.|--)")
_DASH = re.compile(r"(?<=\w)--(?=\w)| -- |(?<=\n)-- |^-- ")
_REPLACED = {"(C)": "\u00a9", "(R)": "\u00ae", "(TM)": "\u2122"}
_SUPERSCRIPTS = str.maketrans(
    "0123456789+-n",
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207f",
)


_CHARACTERS = frozenset(("specialcharacters",))
_LINKED_PLUS = re.compile(r"(\[|,)\+\+([^+\n]+)\+\+(\]|>>)")  # the words of a link
_SUBS = {  # groups and short names of substitutions, those that change words (AsciiDoc)
    "none": frozenset[str](),
    "verbatim": _CHARACTERS,
    "normal": _CHARACTERS | {"quotes", "attributes", "macros"},
    "specialchars": _CHARACTERS,
    "c": _CHARACTERS,
    "q": frozenset(("quotes",)),
    "a": frozenset(("attributes",)),
    "m": frozenset(("macros",)),
}
_SUBS |= {"n": _SUBS["normal"], "v": _SUBS["verbatim"]}


class Inline:
    """Reads inline markup. attributes and titles (of anchors) may grow while a file is read.

    old: the file uses the marks of early AsciiDoc, where +x+ is code and 'x' is stressed.
    """

    def __init__(self, attributes: Mapping[str, str], titles: Mapping[str, str]) -> None:
        self.attributes = attributes
        self.titles = titles
        self.old = False
        self.footnotes: list[str] = []  # since someone looked
        self._held: list[str] = []

    def text(self, source: str) -> str:
        """Plain words of a paragraph; "\n" at its hard breaks."""
        found = self._resolved(source)
        found = re.sub(r"[ \t]*\n[ \t]*", " ", found)
        return found.replace(BREAK, "\n")

    def filled(self, source: str) -> str:
        """A text with its {attributes} replaced; unknown ones stay."""
        if "{" not in source:
            return source
        for _ in range(3):
            found = _ATTRIBUTE.sub(self._value, _COUNTER.sub("", source))
            if found == source or len(found) > 4 * len(source) + 2000:
                break
            source = found
        return source

    def verbatim(self, line: str, subs: AbstractSet[str]) -> str:
        """A line of code after the substitutions that its block asks for (see `substitutions`)."""
        outer, self._held = self._held, []
        line = self._passed(line) if "macros" in subs else line
        line = self._marks(line) if "quotes" in subs else line
        line = self.filled(line) if "attributes" in subs else line
        line = self._macros(line) if "macros" in subs else line
        held, self._held = self._held, outer
        line = _HELD.sub(lambda match: held[int(match[1])], line) if held else line
        return line if "specialcharacters" in subs or "&" not in line else unescape(line)

    def _value(self, match: re.Match[str]) -> str:
        name = match[2].lower()
        if match[1]:
            return match[0]
        value = self.attributes.get(name, BUILT_IN.get(name))
        return match[0] if value is None else value

    def _stem(self, match: re.Match[str]) -> str:
        """A formula; TeX, but for what AsciiMath writes like words, between dollars."""
        name, formula = match[1], match[2].replace("\\]", "]").strip()
        name = self.attributes.get("stem", "") if name == "stem" else name
        return self._hold(f"${formula}$" if name in ("latexmath", "tex") else formula)

    def _resolved(self, source: str) -> str:
        outer, self._held = self._held, []
        text = source.replace("\x02", "").replace("\x03", "")
        text = re.sub(r"[ \t]\+(?=\n)|[ \t]\+$", BREAK, text)
        text = _PASS.sub(self._raw, text)
        text = _STEM.sub(self._stem, text)
        if self.old:
            text = _DOUBLE_QUOTED.sub("\u201c\\1\u201d", text)
        elif "`" in text:
            text = _CURVED.sub(self._curved, text)
        if "`" in text:
            text = _MONO_ANY.sub(self._code, text)
            text = _MONO.sub(self._code, text)
        if "+" in text:
            text = self._plus(text)
        text = self._macros(self.filled(self._marks(text)))
        text = _ESCAPED.sub("", text)
        text = _DASH.sub(lambda match: "\u2014" if match[0] == "--" else " \u2014 ", text)
        for mark, shown in _REPLACED.items():
            text = text.replace(mark, shown)
        text = unescape(text) if "&" in text else text
        held = self._held
        for _ in range(4):
            if "\x02" not in text:
                break
            text = _HELD.sub(lambda match: held[int(match[1])], text)
        self._held = outer
        return text

    def _hold(self, text: str) -> str:
        self._held.append(text)
        return f"\x02{len(self._held) - 1}\x03"

    def _raw(self, match: re.Match[str]) -> str:
        """What goes to the page as it stands: there tags are marks, unless they are escaped."""
        said = match[1] or match[2] or match[3] or ""
        shown = match[2] or re.match(
            r"pass:(?:[a-z,]*,)?(?:c|n|v|specialchar|normal|verb)", match[0]
        )
        return self._hold(said if shown else _TAG.sub("", said))

    def _curved(self, match: re.Match[str]) -> str:
        marks = "\u201c\u201d" if match[1] == '"' else "\u2018\u2019"
        return f"{marks[0]}{match[2]}{marks[1]}"

    def _code(self, match: re.Match[str]) -> str:
        inner = match[1]
        if self.old:
            return self._hold(code_span(inner))
        if len(inner) > 2 and inner[0] == inner[-1] == "+":
            return self._hold(code_span(inner.strip("+") or inner))
        inner = self.filled(inner)
        if any(mark in inner for mark in "*_#<[^~\\:&\x02("):
            inner = self._within(inner)
        return self._hold(code_span(inner))

    def _within(self, inner: str) -> str:
        """Code may hold marks and links of its own."""
        held = self._held
        inner = self._macros(self._marks(_LINKED_PLUS.sub(self._bare, inner)))
        inner = _ESCAPED.sub("", inner)
        inner = _HELD.sub(lambda match: held[int(match[1])].strip("`"), inner)
        return unescape(inner) if "&" in inner else inner

    def _passed(self, text: str) -> str:
        """Text with what stands between two plus signs each put aside."""
        return _PLUS_ANY.sub(lambda match: self._hold(match[1]), text)

    def _bare(self, match: re.Match[str]) -> str:
        return f"{match[1]}{self._hold(match[2])}{match[3]}"

    def _plus(self, text: str) -> str:
        text = _PLUS_ANY.sub(lambda match: self._hold(match[1]), text)
        if self.old:
            return _PLUS.sub(lambda match: self._hold(code_span(self._within(match[1]))), text)
        return _PLUS.sub(lambda match: self._hold(match[1]), text)

    def _marks(self, text: str) -> str:
        for pattern in _MARKED[:6]:
            text = pattern.sub(r"\1", text)
        if "^" in text:
            text = _MARKED[6].sub(lambda match: _raised(match[1]), text)
        if "~" in text:
            text = _MARKED[7].sub(r"\1", text)
        if self.old and "'" in text:
            text = _QUOTED.sub(r"\1", text)
        return text

    def _macros(self, text: str) -> str:
        if "[" in text or "((" in text:
            text = _INDEX_SHOWN.sub(lambda match: match[1] or match[2] or "", _INDEX.sub("", text))
        if "[" in text:
            text = _BIBLIOGRAPHY.sub(lambda match: f"[{match[2] or match[1]}]", text)
            text = FOOTNOTE.sub(self._footnote, text)
            text = _ANCHOR.sub("", _IMAGE.sub("", text))
            text = _KEYS.sub(lambda match: match[1].replace("\\]", "]"), text)
            text = _MENU.sub(_menu, text)
            text = _LINK.sub(self._link, text)
        if "<<" in text:
            text = _XREF.sub(self._reference, text)
        return _ANGLE_URL.sub(r"\1", text)

    def _footnote(self, match: re.Match[str]) -> str:
        said = match[2].replace("\\]", "]")
        if match[0].startswith("footnoteref:"):
            said = said.partition(",")[2]
        if said.strip():
            self.footnotes.append(self.text(said))
        return ""

    def _link(self, match: re.Match[str]) -> str:
        target, shown = match[1].strip("+"), match[2].replace("\\]", "]")
        shown = _link_text(shown)
        if shown:
            return shown
        if match[0].startswith("xref:"):
            return self._title(target)
        return self._hold(target)

    def _reference(self, match: re.Match[str]) -> str:
        return (match[2] or "").strip() or self._title(match[1])

    def _title(self, target: str) -> str:
        name = target.strip().lstrip("#")
        known = self.titles.get(name) or self.titles.get(name.rpartition("#")[2])
        if known:
            return self._marks(self.filled(known))
        file, parted, fragment = name.rpartition("#")
        if not parted and not name.endswith(_SOURCES):
            return f"[{name}]"
        page = (file or fragment).removesuffix(".asciidoc").removesuffix(".adoc")
        return f"{page}.html" if file or not parted else fragment  # the page that is made of it


def is_link(written: str) -> bool:
    """Whether a text is one link or reference and nothing else."""
    said = written.strip()
    return bool(_LINK.fullmatch(said) or _XREF.fullmatch(said))


def substitutions(written: str) -> frozenset[str]:
    """The names in the attribute `subs` of a block of code; those of any such block when blank."""
    parts = [part.strip() for part in written.split(",") if part.strip()]
    changed = any(part[0] in "+-" or part[-1] == "+" for part in parts)
    named = _SUBS["verbatim"] if changed or not parts else frozenset[str]()
    for part in parts:
        name = part.strip("+-")
        more = _SUBS.get(name, frozenset((name,)))
        named = named - more if part[0] == "-" else named | more
    return named


def _link_text(written: str) -> str:
    """What the brackets of a link show: attributes behind the text are not shown."""
    text = written.strip()
    if text.startswith('"'):
        closed = text.find('"', 1)
        if closed > 0 and (closed == len(text) - 1 or text[closed + 1] == ","):
            return text[1:closed]
    if "=" in text:
        text = re.split(
            r",\s*(?:role|window|opts|options|id|title|rel|target|xrefstyle)\s*=", text
        )[0]
        if re.match(r"(?:role|window|opts|options|id|title|rel|target|xrefstyle)=", text):
            return ""
    return text[:-1].rstrip() if text.endswith("^") else text


def _menu(match: re.Match[str]) -> str:
    parts = [match[1], *re.split(r"\s*(?:>|,)\s*", match[2])]
    return " \u203a ".join(part.strip(' "') for part in parts if part.strip(' "'))


def _raised(text: str) -> str:
    digits = all(character in "0123456789+-n" for character in text)
    return text.translate(_SUPERSCRIPTS) if digits else text
