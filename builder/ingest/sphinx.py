"""What Sphinx and its extensions add to reStructuredText, as plain document nodes.

Roles show their text. Directives become nodes that docutils knows, or a `block` of a kind that
the reader tells apart by its "made" attribute. Nothing is executed, fetched or included.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives, states
from docutils.parsers.rst.directives import images

from builder.ingest.furniture import ADMONITIONS, CHANGES
from builder.text import whole_number

MAX_MARKS = 3000  # begins of inline markup in one paragraph, over which it is taken as it stands

_CLASS = re.compile(r"[\w.]*[A-Z.(]")  # of Python; without it, a class of style
_LONG_WORD = re.compile(r"\S{1000}")  # docutils looks through the rest of it at every mark in it
_START = re.compile(r"[*`|\[_]")
_NAMES_OBJECT = re.compile(r"\s<[!~]?\w+(?:\.\w+)+>$")  # for the default role, often `py:obj`
_ROLE_WORD = re.compile(r"(?s)(.+?)\s*(?<!\x00)<([^<>]*)>\s*$")
_SIGNATURE = re.compile(r"[^\s\"]+|.*[(\[<=].*|-.*|/.*")
_OPTION = re.compile(r":([\w-]+):(?:\s+(.*))?$")
_DIRECTIVE = re.compile(r"\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?([\w][\w:.+-]*?)[ \t]?::(?:\s|$)")
_CUSTOM_ROLE = re.compile(r"^[ \t]*\.\. role::\s*([\w-]+)\s*(?:\(\s*([\w:-]+)\s*\))?", re.MULTILINE)

_PROSE_ROLES = frozenset(
    "ref doc term numref any eq abbr guilabel menuselection title-reference title emphasis strong "
    "dfn pep rfc pep-reference rfc-reference sub sup subscript superscript t mailheader newsgroup "
    "index cite citation footcite issue pr user release download keyword kbd".split()
)
_LITERAL_ROLES = frozenset(
    "code literal file samp command program option envvar class func function meth method attr "
    "attribute mod module data const constant exc exception obj object property deco decorator "
    "type macro member struct enum union var mimetype makevar regexp token confval setting source "
    "src git-file variable manpage cls op dir path cmd".split()
)
_CALLED_ROLES = frozenset(("func", "meth", "function", "method"))
_TEMPLATE_ROLES = frozenset(("samp", "file", "path"))

_OTHER_OUTPUT = re.compile(r"(?:not html|(?:\s*(?:latex|pdf|man|text|texinfo|or|and)\b)+)")
_FOLDS = frozenset("dropdown collapse details toggle-header spoiler".split())
_CARD = re.compile(r"(?:grid-item-)?card")
_CARD_PART = re.compile(r"\s*(?:\^{3}|\+{3})\s*")  # below its head, above its foot
_TITLED = re.compile(r"(?:card|grid|exercise|solution|theorem|proof)(?:-[\w-]+)?")
_LINKED = frozenset(("button-ref", "button-link"))  # their argument is where they lead

_CODE = frozenset(
    "code-block code sourcecode prompt console code-cell jupyter-execute ipython doctest testcode "
    "testoutput highlight-block terminal shell-example productionlist parsed-code".split()
)
_HIDDEN = frozenset(
    "toctree contents index include raw literalinclude default-domain default-role role title "
    "currentmodule currentclass tabularcolumns sectnum section-numbering meta sectionauthor "
    "codeauthor moduleauthor highlightlang target-notes header footer testsetup testcleanup "
    "graphviz digraph graph mermaid uml plantuml plot blockdiag seqdiag inheritance-diagram "
    "autosummary automodule autoclass autofunction autodata autoattribute automethod autoexception "
    "autoproperty bibliography date tags program spelling ".split()
)
_OFF = frozenset(("include", "raw", "literalinclude"))
_CONTENT = frozenset(
    "only ifconfig container compound class rst-class cssclass hlist acks grid centered "
    "tab-set tabs tab-content parsed-content div details-content".split()
)
_QUOTES = frozenset(("epigraph", "highlights", "pull-quote"))
_TABS = frozenset(("tab", "tab-item", "group-tab", "code-tab", "md-tab-item"))
_OBJECTS = frozenset(
    "describe object option cmdoption envvar confval function class method attribute exception "
    "data macro member type enum enumerator struct union var property decorator staticmethod "
    "classmethod decoratormethod program-option opcode pdbcommand 2to3fixer django-admin "
    "django-admin-option".split()
)
_TYPED = frozenset("attribute data property variable var".split())
_KINDS_SHOWN = {"class": "class", "exception": "exception", "classmethod": "classmethod",
                "staticmethod": "static", "property": "property"}  # fmt: skip


class block(nodes.General, nodes.Element):  # named like the node classes of docutils
    """A directive's result.

    made: "note", "tab", "fold", "object", "change", "glossary", "language".
    """


class _AnyOption(dict[str, Callable[[str], object]]):
    """An option specification that takes every option."""

    def __missing__(self, name: str) -> Callable[[str], object]:
        return _as_written

    def __contains__(self, name: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


def _as_written(value: str | None) -> str:
    return value or ""


def inliner(text: str, titles: dict[str, str]) -> states.Inliner:
    """A reader of inline markup to whom no role is unknown.

    titles: the section titles of the document by their labels, for references to them.
    """
    based = {name: base or "inline" for name, base in _CUSTOM_ROLE.findall(text)}

    def interpreted(
        rawsource: str, text: str, role: str | None, lineno: int
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name = (role or "").lower()
        name = based.get(name, name)
        if name == "math":
            inner = rawsource[rawsource.index("`") + 1 : rawsource.rindex("`")]
            return [nodes.math(rawsource, inner)], []
        return [] if name == "raw" else _shown(name, rawsource, text, titles), []

    made = states.Inliner()
    read = made.parse

    def parse(
        text: str,
        lineno: int,
        memo: Any,
        parent: nodes.Element,  # Any: docutils' own memo
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        costly = len(_START.findall(text)) > MAX_MARKS  # each that never ends, a look at the rest
        if costly or _LONG_WORD.search(text):
            return [nodes.Text(text)], []
        return read(text, lineno, memo, parent)

    made.parse = parse  # type: ignore[method-assign]  # a subclass would lose its patterns
    made.interpreted = interpreted  # type: ignore[method-assign]  # a subclass would lose its patterns
    return made


def _shown(name: str, rawsource: str, text: str, titles: dict[str, str]) -> list[nodes.Node]:
    domain, _, last = name.rpartition(":")
    if last in ("sup", "superscript"):
        return [nodes.superscript(rawsource, nodes.unescape(text))]
    if last in ("code", "literal") and not domain:
        return [nodes.literal(rawsource, nodes.unescape(text, True))]
    titled = _ROLE_WORD.match(text) if name or _NAMES_OBJECT.search(text) else None
    words = nodes.unescape(titled[1] if titled else text)
    if not titled:
        words = _unmarked(domain, last, words, titles)
    code = bool(domain and domain != "std") or last in _LITERAL_ROLES
    if code and last not in _PROSE_ROLES:
        return [nodes.literal(rawsource, words)]
    return [nodes.inline(rawsource, words)]


def _unmarked(domain: str, role: str, words: str, titles: dict[str, str]) -> str:
    """The words of a role without a title of its own, as Sphinx shows them."""
    if role in ("pep", "rfc"):
        return f"{role.upper()} {words.partition('#')[0]}"
    if role in ("ref", "numref", "any", "doc"):
        return titles.get(nodes.fully_normalize_name(words), words.lstrip("/~!"))
    if role == "menuselection":
        return words.replace("-->", "\u2023").replace("&", "")
    if role == "guilabel":
        return words.replace("&", "")
    if role in _TEMPLATE_ROLES:
        return re.sub(r"(?<!\\)[{}]", "", words)
    if role in _PROSE_ROLES:
        return words
    if words.startswith("!"):
        words = words[1:]
    elif words.startswith("~"):
        words = re.split(r"\.|::", words[1:].lstrip("."))[-1] or words[1:]
    elif domain == "py" or role in _CALLED_ROLES:
        words = words.lstrip(".")
    if role in _CALLED_ROLES and words and not words.endswith(")"):
        words += "()"
    return words


class _Lenient(Directive):
    """Any directive: takes all options; what it is follows from its name."""

    option_spec = _AnyOption(name=directives.unchanged)
    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """The nodes for the directive."""
        domain, _, name = self.name.lower().rpartition(":")
        self._take_options()
        if name in CHANGES:
            return [self._change(CHANGES[name])]
        if name == "highlight":
            return [block("", made="language", language=self._argument())]
        if name in _HIDDEN or (name.startswith("auto") and name != "automaton"):
            return self._hidden(name)
        if name in _CODE:
            return self._code(name)
        if name == "math":
            return [self._placed(nodes.math_block("", "\n".join([*self.arguments, *self.content])))]
        if name in _TABS:
            return self._tab(name)
        if name == "glossary":
            return [self._glossary()]
        if name in _QUOTES:
            return [self._filled(nodes.block_quote())]
        if name == "figure":
            return [self._filled(block(self.block_text, made="figure"))]
        if name in ("admonition", "topic", "sidebar"):
            return [self._noted(self._argument())]
        if name in ("rubric", "centered", "h1", "heading"):
            titled = self._line if name == "centered" else self._title
            return [titled(self._argument()), *self._inside()]
        if name == "only" and _OTHER_OUTPUT.fullmatch(self._argument().strip()):
            return []
        if name in _CONTENT and not (
            name == "class" and (domain or _CLASS.match(self._argument()))
        ):
            return self._inside()
        if name in _FOLDS and self._argument():
            return [self._filled(block(self.block_text, made="fold", label=self._argument()))]
        return self._unknown(domain, name)

    def _unknown(self, domain: str, name: str) -> list[nodes.Node]:
        told = self._argument()
        if name in _LINKED:
            return self._inside()
        like_code = bool(_SIGNATURE.fullmatch(told.split("\n")[0].strip())) and bool(told)
        like_code = like_code and not _TITLED.fullmatch(name)
        if told and name in ("module", "namespace", "currentmodule") and not self.content:
            return []
        if told and (name in _OBJECTS or domain or (like_code and self.content)):
            kind = _KINDS_SHOWN.get(name, "") if domain in ("", "py") else ""
            return [self._object(told, name.upper() if domain == "http" else kind)]
        if told and name == "availability":
            return [self._noted_line("Availability", told), *self._inside()]
        for at, line in enumerate(self.content if _CARD.fullmatch(name) else ()):
            if _CARD_PART.fullmatch(line):
                self.content[at] = ""
        if self.content:
            lead = [self._line(told)] if told else []
            title = self.options.get("title", "") or self.options.get("summary", "")
            return [*([self._line(title)] if title else []), *lead, *self._inside()]
        prose = len(told.split()) > 1 and not like_code
        return [self._line(told)] if prose else self._hidden(name)

    # Parts

    def _take_options(self) -> None:
        """Makes options of an argument that is all options, indented deeper than the content."""
        lines = [line.strip() for line in self._argument().split("\n")]
        found = [_OPTION.match(line) for line in lines]
        if all(found):
            self.options.update({match[1]: match[2] for match in found if match})
            self.arguments = []

    def _argument(self) -> str:
        return str(self.arguments[0]) if self.arguments else ""

    def _placed(self, node: Any) -> Any:  # Any: every node class, with a line
        node.line = self.lineno
        node["first"], node["last"] = self.lineno, self.lineno + self.block_text.count("\n")
        return node

    def _filled(self, node: Any) -> Any:  # Any: every node class
        self._placed(node)
        if self.content:
            self.state.nested_parse(self.content, self.content_offset, node, match_titles=True)
        return node

    def _inside(self) -> list[nodes.Node]:
        return list(self._filled(block("")).children)

    def _line(self, text: str) -> nodes.Node:
        words, _ = self.state.inline_text(text, self.lineno)
        node = nodes.paragraph(text, "", *words)
        node.line = self.lineno
        return node

    def _title(self, text: str) -> nodes.Node:
        """A line as bold ones are, which head what is below them where they ask."""
        words, _ = self.state.inline_text(text, self.lineno)
        node = nodes.paragraph(text, "", nodes.strong("", "", *words))
        node.line = self.lineno
        return node

    def _captioned(self, text: str) -> nodes.Node:
        words, _ = self.state.inline_text(text, self.lineno)
        return nodes.caption(text, "", *words)

    def _noted(self, label: str) -> nodes.Node:
        words, _ = self.state.inline_text(label, self.lineno)
        shown = "".join(word.astext() for word in words)
        return self._filled(block(self.block_text, made="note", label=shown))  # type: ignore[no-any-return]  # a node

    def _noted_line(self, label: str, text: str) -> nodes.Node:
        made = self._placed(block(self.block_text, made="note", label=label))
        made += self._line(text)
        return made  # type: ignore[no-any-return]  # a node

    def _change(self, label: str) -> nodes.Node:
        version, *rest = self._argument().split(None, 1) or [""]
        text = "".join(rest)
        if self.name.lower() == "deprecated-removed":
            removed, _, text = text.partition(" ")
            removed, _, more = removed.partition("\n")
            version, text = f"{version}, to be removed in version {removed}", f"{more} {text}"
        made = self._placed(block(self.block_text, made="note", label=f"{label} {version}"))
        if text.strip():
            made += self._line(text)
        if self.content:
            self.state.nested_parse(self.content, self.content_offset, made)
        if not made.children:
            made["alone"] = True
        return made  # type: ignore[no-any-return]  # a node

    def _hidden(self, name: str) -> list[nodes.Node]:
        if name in _OFF:
            off = block("", made="off", what=name, text=self.block_text)
            named = isinstance(self.state, states.SubstitutionDef)  # its name stands for nothing
            return [off, nodes.inline()] if named else [off]
        if self.content and name.startswith("auto") and name != "autosummary":
            return self._inside()
        return []

    def _code(self, name: str) -> list[nodes.Node]:
        language, body = self._argument(), "\n".join(self.content)
        if name == "productionlist":
            body, language = "\n".join(filter(None, [language, body])), ""
        elif name in ("prompt", "testoutput", "console", "terminal"):
            language = {"console": "console"}.get(name, language if name == "prompt" else "")
        elif name in ("doctest", "testcode", "ipython", "jupyter-execute"):
            language = "pycon" if name == "doctest" else "python"
        made: list[nodes.Node] = []
        caption = self.options.get("caption", "")
        if caption:
            made.append(self._captioned(caption))
        language = language.split()[0] if language.split() else ""
        code = self._placed(nodes.literal_block(self.block_text, body, language=language))
        code["directive"] = True
        return [*made, code]

    def _tab(self, name: str) -> list[nodes.Node]:
        label = self._argument()
        node = self._placed(block(self.block_text, made="tab", label=label))
        if name == "code-tab":
            language, _, label = label.partition(" ")
            node["label"] = label or language
            node += self._placed(
                nodes.literal_block(
                    self.block_text, "\n".join(self.content), language=language, directive=True
                )
            )
        elif self.content:
            self.state.nested_parse(self.content, self.content_offset, node)
        return [node]

    def _object(self, told: str, kind: str) -> nodes.Node:
        joined = re.sub(r"\\\n\s*", "", told)
        shown = [
            word for word in ("abstract", "async", "classmethod", "static") if word in self.options
        ]
        lead = " ".join([*shown, kind] if kind else shown)
        signatures = [
            f"{lead} {line.strip()}".strip() for line in joined.split("\n") if line.strip()
        ]
        made = block(self.block_text, made="object", signatures=signatures)
        if len(signatures) == 1 and self.name.lower().rpartition(":")[2] in _TYPED:
            signatures[0] += self._annotation()
        else:
            told_of = [name for name in ("type", "default") if self.options.get(name)]
            made["told"] = ", ".join(f"{name}: {self._words(name)}" for name in told_of)
        lines = self.block_text.partition("\n\n")[0].split("\n")
        option = re.compile(r"\s*:(?:type|default|value):")
        written = [at for at, line in enumerate(lines) if option.match(line)]
        made["height"] = max(told.count("\n") + 1, written[-1] + 1 if written else 0)
        return self._filled(made)  # type: ignore[no-any-return]  # a node

    def _words(self, option: str) -> str:
        """The text of an option, code in backticks."""
        words, _ = self.state.inline_text(self.options[option], self.lineno)
        literal = (isinstance(word, nodes.literal) for word in words)
        return "".join(
            f"`{word.astext()}`" if code else word.astext()
            for word, code in zip(words, literal, strict=True)
        )

    def _annotation(self) -> str:
        """What options tell of an object's type and value, as Python writes it."""
        kind, value = self.options.get("type", ""), self.options.get("value", "")
        bare = (part.strip().strip("`").replace("\n", " ") for part in (kind, value))
        return "".join(mark + part for mark, part in zip((": ", " = "), bare, strict=True) if part)

    def _glossary(self) -> nodes.Node:
        """Terms on lines of their own, several for one definition."""
        made = self._placed(nodes.definition_list(self.block_text))
        terms: list[str] = []
        at, total = 0, len(self.content)
        while at < total:
            line = self.content[at]
            if not line.strip() or line.startswith(".."):
                at += 1
                continue
            if not line[0].isspace():
                terms.append(line.partition(" : ")[0])
                at += 1
                continue
            first = at
            while at < total and (not self.content[at].strip() or self.content[at][0].isspace()):
                at += 1
            made += self._entry(terms, first, at)
            terms = []
        return made  # type: ignore[no-any-return]  # a node

    def _entry(self, terms: list[str], first: int, end: int) -> nodes.Node:
        entry = nodes.definition_list_item()
        for text in terms:
            words, _ = self.state.inline_text(text, self.lineno)
            entry += nodes.term(text, "", *words)
        lines = self.content[first:end]
        indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
        lines.trim_left(min(indents))
        definition = nodes.definition()
        self.state.nested_parse(lines, self.content_offset + first, definition)
        entry += definition
        return entry


class _Note(_Lenient):
    """An admonition: its text may begin on its own line."""

    optional_arguments = 0

    def run(self) -> list[nodes.Node]:
        """The admonition's node."""
        name = self.name.lower().rpartition(":")[2]
        label = {"seealso": "See also", "impl-detail": "Implementation detail"}.get(
            name, name.capitalize()
        )
        return [self._noted(label)]


class _Rows(_Lenient):
    """A table given as a list of lists or as comma-separated values; rows may differ in length."""

    def run(self) -> list[nodes.Node]:
        """The table's node, or what the content is when it holds no rows."""
        listed = self.name.lower() != "csv-table"
        rows = self._listed() if listed else self._separated()
        if not rows:
            return self._hidden("include") if not listed else self._inside()
        n_heads = max(0, whole_number(self.options.get("header-rows", "")))
        written = self.options.get("header", "")
        if written and not listed:
            header = list(self._parsed(written.split("\n")))
            rows, n_heads = [*header, *rows], n_heads + len(header)
        return [self._built(rows, min(n_heads, len(rows)))]

    def _built(self, rows: list[list[nodes.entry]], n_heads: int) -> nodes.Node:
        table = self._placed(nodes.table(self.block_text))
        if self.arguments:
            words, _ = self.state.inline_text(self._argument(), self.lineno)
            table += nodes.title(self._argument(), "", *words)
        group = nodes.tgroup(cols=max(map(len, rows)))
        table += group
        for kind, part in ((nodes.thead, rows[:n_heads]), (nodes.tbody, rows[n_heads:])):
            if part:
                group += kind("", *(nodes.row("", *entries) for entries in part))
        return table  # type: ignore[no-any-return]  # a node

    def _listed(self) -> list[list[nodes.entry]]:
        outer = next((child for child in self._inside() if _is_list(child)), None)
        rows = []
        for item in outer.children if outer is not None else ():
            inner = next((child for child in item.children if _is_list(child)), None)
            if inner is not None:
                rows.append([nodes.entry("", *cell.children) for cell in inner.children])
        return rows

    def _separated(self) -> list[list[nodes.entry]]:
        return list(self._parsed(list(self.content)))

    def _parsed(self, lines: list[str]) -> Iterator[list[nodes.entry]]:
        named = {"tab": "\t", "space": " "}
        told = self.options.get("delim", ",") or ","
        mark = named.get(told, told[0])
        quote = (self.options.get("quote", "") or '"')[0]
        if mark == quote:
            return
        source = [line + "\n" for line in lines]
        for row in csv.reader(source, delimiter=mark, quotechar=quote, skipinitialspace=True):
            if row:
                yield [nodes.entry("", self._line(cell)) for cell in row]


def _is_list(node: nodes.Node) -> bool:
    return isinstance(node, (nodes.bullet_list, nodes.enumerated_list))


class _Table(_Lenient):
    """A table with a title above it."""

    def run(self) -> list[nodes.Node]:
        """The title and what the directive holds."""
        title = self._argument()
        return [*([self._captioned(title)] if title else []), *self._inside()]


class _Image(images.Image):
    option_spec = _AnyOption(alt=directives.unchanged)


_ADMONITIONS = (ADMONITIONS - {"admonition", "details"}) | frozenset(
    "attention caution danger error hint important note tip warning seealso todo "
    "impl-detail".split()
)
_OWN: dict[str, type[Directive]] = {
    "list-table": _Rows,
    "flat-table": _Rows,
    "csv-table": _Rows,
    "table": _Table,
    "image": _Image,
}
_KEPT = frozenset(("replace", "unicode", "line-block", "parsed-literal"))  # as docutils has them


def register(text: str) -> None:
    """Makes docutils take every directive that a text names.

    docutils looks directives up in a table of the process; the entries do no more than the
    classes above, whatever text they were made for.
    """
    for name in sorted(_names(text)):
        plain = name.rpartition(":")[2]
        if plain in _KEPT:
            continue
        fallback: type[Directive] = _Note if plain in _ADMONITIONS else _Lenient
        directives.register_directive(name, _OWN.get(name, fallback))


def _names(text: str) -> set[str]:
    found: Iterable[str] = _DIRECTIVE.findall(text)
    return {name.lower() for name in found}
