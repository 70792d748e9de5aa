"""The inline marks that Markdown dialects add, resolved line by line; `code` is left alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet

ATTRIBUTE = re.compile(r"\b(\w+)=(?:\"([^\"]*)\"|'([^']*)'|\{\s*[\"'`](.*?)[\"'`]\s*\})")
CALL = re.compile(
    r"\{\{[<%]\s*+(/?)\s*+([\w./-]*+)([^{}]{0,500}?)[>%]\}\}"  # possessive: no blank is read twice
    r"|\{%-?\s*+(/?\w+)([^{}]{0,500}?)-?%\}"
)

_CODE_SPAN = re.compile(r"(\{[\w:.-]+\})?(?<!`)(`+)(?!`)(.+?)(?<!`)\2(?!`)")
_HIDDEN = "\ufdd0"  # around the number of a code span, while its line is read (Unicode 23.7)
_HIDDEN_CODE = re.compile(rf"{_HIDDEN}(\d+){_HIDDEN}")
_IMAGE = re.compile(
    r"!\[[^\]\n]{0,500}\]\((?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)(?:\{[^{}\n]{0,500}\})?"
)
_LINK_BY_NAME = re.compile(r"\[([^\[\]]{1,500})\]\[([^\[\]]{0,500})\]")
_BEHIND = re.compile(r"[A-Za-z0-9_)\]]")
_OPTION = re.compile(r"[-,:=|+.\s]")
_WIKI_LINK = re.compile(r"\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]")
_EMBED = re.compile(r"!\[\[[^\[\]\n]{1,300}\]\]")  # of Obsidian: a picture, a part of another file
_FOOTNOTE_MARK = re.compile(r"(?<!\\)\[\^[^\]\s]{1,100}\]")
_ATTRIBUTE_LIST = re.compile(
    rf"(?:^|(?<=[)\]}}>\s*_{_HIDDEN}]))"
    r"\{:?[ \t]*[#.][\w:.-]+(?:[ \t]+[^{}\n]{0,500})?\}"
    rf"|(?:^|(?<=[)\]{_HIDDEN}]))"
    r"\{:?[ \t]*[\w-]+=[^{}\n]{0,500}\}|\{:[ \t]*[^{}\n]{0,500}\}"
)
_SPAN = re.compile(r"\[([^\[\]\n]{1,500})\]\{(?:[.#]|[\w-]+=)[^{}\n]{0,500}\}")
_COMMENT = re.compile(r"\{/\*[^{}\n]{0,1000}?\*/\}")
_JSX_TAG = re.compile(
    r"<[A-Za-z][\w.]*(?:\s+[\w:-]+(?:=(?:\"[^\"]*\"|\{(?:[^{}]|\{[^{}]*\}){0,500}\}))?){1,30}\s*/?>"
)
_LINK_OUTPUT = re.compile(r"(\]\([^()\n{}]{0,500})\{\{[^{}\n]{0,500}\}\}")
_BLOCK_ID = re.compile(r"\s\^(?=[\w-]{0,50}[\d-])[A-Za-z0-9-]{4,50}$|^\^[A-Za-z0-9-]{2,50}$")
_RAISED = re.compile(r"(?<=[^\s^\\])\^([^\s^$]{1,30})\^(?!\^)")
_LOWERED = re.compile(r"(?<=[^\s~\\/])~([^\s~/$]{1,30})~(?![~/])")
_NOTE_HERE = re.compile(r"\^\[([^\[\]\n]{1,500})\](?![(\[])")
_HEADING_MARKS = re.compile(
    r"(?:(?<!\s)\s{1,20}(?:\{(?:-|docsify-[\w-]+|[.#:][^{}]{0,200}|\s{0,5}[\w-]+=[\"'][^{}]{0,200})\}"
    r"|\[#[\w-]+\]|:id=[\w-]+))+(?:\s{1,20}#+)?$"
)
_PART = re.compile(r"^(#+\s+)\((?:PART|APPENDIX)[^()]*\)\s+")
_ICON = re.compile(
    r":(?:material|octicons?|fontawesome|simple|fa|fas|fab|mdi)-[\w-]{1,80}:"
    r"(?:\{[^{}]{0,200}\})?\s?"
)
_KEYS = re.compile(r"\+\+([a-z0-9-]+(?:\+[a-z0-9-]+)*)\+\+")
_CHANGED = re.compile(  # CriticMarkup: added, deleted, replaced, marked, a remark
    r"(?<!\{)\{(?:\+\+(?P<added>[^{}\n]{1,500})\+\+|--[^{}\n]{1,500}--"
    r"|~~[^{}\n]{0,500}?~>(?P<new>[^{}\n]{0,500})~~|==(?P<marked>[^{}\n]{1,500})=="
    r"|>>[^{}\n]{1,500}<<)\}(?!\})"
)
_FORMULA = re.compile(  # TeX in the brackets of LaTeX, each behind one backslash or behind two
    r"(?<![\\\w])(\\\\?)(?:\(([^\n]{1,500}?)\1\)|\[([^\n]{1,500}?)\1\])"
)
_TEX_SIGN = re.compile(r"\\[A-Za-z]|[\w)}\]]\^[\w{(\\]")
_RELATION = re.compile(r"[=<>+]|[A-Za-z]_[\w{]")
_WORD = re.compile(r"[^\W\d_]{3}")
_HIGHLIGHT = re.compile(r"==(?=\S)([^=\n]{1,500})(?<=\S)==")
_CODE_LANGUAGE = re.compile(r"^(?:#!|:::)\w+ ")
_WORD_ROLES = frozenset("ref doc term numref any abbr kbd guilabel menuselection sub sup".split())


def without_marks(line: str, references: AbstractSet[str]) -> str:
    """A line in plain Markdown. references: the link names (case folded) the document defines."""
    if not ("`" in line or "\\(" in line or "\\[" in line):
        return _prose(line, references)
    kept: list[str] = []

    def hidden(shown: str) -> str:
        kept.append(shown)
        return f"{_HIDDEN}{len(kept) - 1}{_HIDDEN}"

    said = _CODE_SPAN.sub(lambda code: hidden(_code(code)), line.replace(_HIDDEN, ""))
    said = _FORMULA.sub(lambda found: _formula(found, hidden), said)
    return _HIDDEN_CODE.sub(lambda match: kept[int(match[1])], _prose(said, references))


def without_heading_marks(line: str) -> str:
    """A heading without the identifier and the classes that stand behind its words."""
    return _HEADING_MARKS.sub("", _PART.sub(r"\1", line.rstrip()))


def attributes(written: str) -> dict[str, str]:
    """The attributes of a tag or shortcode that are given as plain text, by name."""
    return {name: a or b or c for name, a, b, c in ATTRIBUTE.findall(written)}


def _code(match: re.Match[str]) -> str:
    """A code span; after a MyST role the words that the role shows."""
    role, fence, text = match.groups()
    if not role:
        return f"{fence}{_CODE_LANGUAGE.sub('', text)}{fence}"
    shown = re.sub(r"\s*<[^<>]*>$", "", text).lstrip("~!")
    return shown if role.strip("{}") in _WORD_ROLES else f"{fence}{shown}{fence}"


def is_tex(said: str) -> bool:
    """Whether what stands between escaped brackets is a formula: many only escape the brackets."""
    if _HIDDEN in said:
        return False
    return bool(_TEX_SIGN.search(said) or (_RELATION.search(said) and not _WORD.search(said)))


def _formula(match: re.Match[str], hidden: Callable[[str], str]) -> str:
    """A formula between dollars, hidden; what is none as it stands. A letter alone may be one."""
    said = (match[2] or match[3]).strip()
    variable = match[2] is not None and len(said) == 1 and said.isalpha()
    return hidden(f"${said}$") if said and (variable or is_tex(said)) else match[0]


def _prose(text: str, references: AbstractSet[str]) -> str:
    if "{" in text:
        text = _CHANGED.sub(lambda said: said["added"] or said["new"] or said["marked"] or "", text)
    if "[" in text:
        text = _IMAGE.sub("", _FOOTNOTE_MARK.sub("", _EMBED.sub("", text)))
        text = _WIKI_LINK.sub(lambda match: str(match[2] or match[1]), text)
        text = _LINK_BY_NAME.sub(lambda match: _resolved(match, references), text)
    if "^" in text:
        text = _NOTE_HERE.sub(r" (\1)", _BLOCK_ID.sub("", text))
        text = _RAISED.sub(r"<sup>\1</sup>", text) if "$" not in text else text
    if "~" in text and "$" not in text:
        text = _LOWERED.sub(r"<sub>\1</sub>", text)
    if "{" in text:
        text = _LINK_OUTPUT.sub(r"\1", text)
        text = CALL.sub(lambda match: attributes(match[3] or match[5] or "").get("text", ""), text)
        text = _SPAN.sub(r"\1", text)
        text = _ATTRIBUTE_LIST.sub("", _COMMENT.sub("", text))
        if "={" in text:
            text = _JSX_TAG.sub("", text)
    if ":" in text:
        text = _ICON.sub("", text)
    if "==" in text:
        text = _HIGHLIGHT.sub(r"\1", text)
    if "++" in text:
        text = _KEYS.sub(lambda match: "+".join(map(str.capitalize, match[1].split("+"))), text)
    return text


def _resolved(match: re.Match[str], references: AbstractSet[str]) -> str:
    """A link by name, as its words when the document does not define the name.

    Brackets behind a word ("f(data[, options][, callback])") and before a sign ("[-q][-v]") are
    those of what may be left out.
    """
    name = str(match[2] or match[1]).casefold()
    kept = name in references or _BEHIND.match(match.string[match.start() - 1 : match.start()])
    return str(match[0] if kept or _OPTION.match(match[2]) else match[1])
