"""What all documents together tell the rules: the product, names and how they are spoken of."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from builder.records import LISTED, Chunk
from builder.text import content_words, fold, identifiers
from builder.write.reading import called, heading_text, keys, member
from builder.write.rule import Corpus, Grammar, Member, Templates

_INSIDE = re.compile(
    r"(?<=[a-z0-9,;`)] )[A-Z][\w+-]*(?: (?:[A-Z][\w+-]*|\d+(?!\.?\w)))*(?!['\u2019/])\b"
)
_INNER_CAPITAL = re.compile(r"^(?:[^\WA-Z]*+[A-Z]){2}\w*?[a-rt-z]|^[^\Wa-z]*+[a-z]\w*?[A-Z]")
_CAMEL = re.compile(r"\b[A-Z][a-z]+[A-Z][A-Za-z]+\b(?!-)")
_WORD_INSIDE = re.compile(r"(?<=[a-z0-9,;`)] )[A-Za-z][a-z]{2,}\b")
_ACRONYM_INSIDE = re.compile(r"(?<=[a-z0-9,;`)] )[A-Z]{3,}\b")
_CODE = re.compile(r"`[^`]*`")
_NAME_AND_NOUN = re.compile(
    r"(?<=[a-z0-9,;`)] )([A-Z][\w+-]*(?: [A-Z][\w+-]*)+)(?= |[^\w\s])(?: ([a-z]+)\b)?"
)
_NO_PRODUCT = frozenset(
    "API Team Project Community User Guide Docs Documentation Manual Wiki Foundation "
    "Administration Configuration Installation Introduction Overview Reference FAQ Handbook HOWTO "
    "Tutorial Website Homepage Developers Section Chapter Appendix Figure Table Part GNU".split()
)
_KINDS_OF_TEXT = frozenset(
    """
    article book chapter concept demo doc document example exercise guide handbook howto lesson
    manual note page post recipe reference release sample section snippet topic tutorial walkthrough
    """.split()
)
_NO_NOUN = frozenset(
    "is are was has can and or to in on at of for with from by does do will must not".split()
)
_COMMON = frozenset(  # platforms, standards and formats: no documentation's own product
    """
    API ASCII AWS Apache C CLI CPU CSS CSV Chrome D-Bus DBus DNS Debian Django Docker English FTP
    Firefox GNOME GNU GUI Git GitHub GitLab HTML HTTP HTTPS I ID IMAP IP IPv4 IPv6 Internet JSON
    Java JavaScript Jupyter KDE LaTeX Markdown
    Kubernetes LDAP Linux MX MariaDB MySQL NPM Node OS PDF PHP POSIX Perl PostgreSQL Python RAM REST
    RFC Ruby Rust SMTP SQL SQLite SSH SSL TCP TLS Terraform TypeScript UDP UI URI URL USB UTF Ubuntu
    Unicode Unix VM Web Windows XML YAML iOS macOS npm
    """.split()
)
_NO_SMALL_NAMES = frozenset(
    "how what when where which why who the and for with from about into".split()
)
_NO_NAMES = frozenset("FAQ TODO HOWTO README NEWS THE AND FOR WITH GUIDE MANUAL HANDBOOK".split())
_FEW_NAMING = 4  # documents that must hold a name which no title has,
_MOST = 0.5  # or this share of all,
_MOST_COMMON = 0.7  # or this one of a platform,
_FAR_MORE = 3  # and so many times those that hold the next name
_NO_ARTICLE = 0.65  # of its places a German name stands without one,
_HYPHENS = 0.25  # and so many times as often it begins a compound with a hyphen
_GERMAN_NOUN = re.compile(
    r"(?<=[a-z\u00e4\u00f6\u00fc\u00df,;] )(?:((?i:der|die|das|de[nms]|eine?[nmrs]?|keine?[nmrs]?"
    r"|jede[nmrs]?|diese[nmrs]?|alle[nr]?|mehrere[nr]?|Ihre?[nmrs]?"
    r"|(?!(?:unter|oder|aber|au\u00dfer|hinter|\u00fcber) )"
    r"[a-z\u00e4\u00f6\u00fc\u00df]+e[nmrs])) )?"
    r"([A-Z\u00c4\u00d6\u00dc][a-z\u00e4\u00f6\u00fc\u00df]{2,}|[A-Z]{4,})(?![\w-])"
)
_HYPHENED = re.compile(
    r"\b([A-Z\u00c4\u00d6\u00dc][a-z\u00e4\u00f6\u00fc\u00df]{2,}|[A-Z]{4,})"
    r"-(?=[A-Z\u00c4\u00d6\u00dc])"
)
_REPEATED = 5  # documents
_NEARLY_ALL = 0.8  # of the documents: they are all about one product
_SPOKEN = 4  # chunks in which a document about a product names it once
_RIVALLED = 0.3  # of a folder's documents hold the product's name, though they are of another one
_LEAST_FOLDER = 3  # documents of a folder that may have a product of its own
_BOOK = 12  # chunks of a document that may have a product of its own
_BOOK_SHARE = 0.05  # of all chunks that are its own: else it is a page of something larger
_LONG = 4  # chunks of a document that would name its product somewhere
_LEAST_STARTS = 0.05  # of the titles that must start with a name in lower case
_OFTEN = 0.1  # times that a name in lower case stands alone, for each chunk
_NEARLY_ALWAYS = 0.96  # of these places it has no article
_SMALL = 0.2  # of the sentences that begin with it, where a common word has a capital
_BEGINS = r"(?:^|(?<=[.!?:] )|(?<=^[-*] ))"
_SMALL_NAME = r"(?:[a-z][a-z\d]{2,}|[a-z]+\d)(?:-[a-z\d]+)*"  # "libvirt", "i3", "rdiff-backup"
_BEGUN = re.compile(rf"{_BEGINS}({_SMALL_NAME})(?= [a-z])", re.M)
_TITLED = re.compile(rf"(?<![\w.-]){_SMALL_NAME}(?![\w-]|\.\w)")
_INSTALLED = r"\b(?:(?:un|re)?install|upgrad|updat|launch|download)(?:e|ing|ed)? "
_LEAST_SIGNS = (
    3  # times that a name is installed, and times that it has a version or owns something
)
_BEGUN_SHARE = 0.1  # of the documents that begin a sentence with a name in lower case
_PROSE = 200  # characters that tell what a document is about
_LEAST_SHARE = 0.25  # of the documents that must hold the product's name


def read_corpus(
    chunks: Sequence[Chunk],
    *,
    templates: Mapping[str, Templates],
    grammars: Mapping[str, Grammar],
    product: str,
) -> Corpus:
    """Read all chunks once. `product` is the user's own word for it, or "" to find it."""
    documents = _documents(chunks)
    own = _documents(_without_repeats(chunks))
    names = _names(own)
    lower, capital = _cases(chunks)
    given = bool(product)
    product = product or _product(own, lower) or _product(_in_words(own), lower)
    subjects = _subjects(documents, names, product, given=given)
    if not given:
        subjects |= dict.fromkeys(_in_rival_folders(own, product, lower), "")
        others = _of_other_folders(own, subjects, lower)
        if not product and (product := _of_all(own, others)):
            subjects = _subjects(documents, names, product, given=False)
        subjects |= {doc: name for doc, name in others.items() if not subjects[doc]}
        subjects |= _of_whole_books(own, subjects, lower)
    parts = _parts(documents, templates)
    subjects |= parts
    places = _places(documents, subjects, parts, templates)
    return Corpus(
        product=product,
        lower=lower,
        capital=capital,
        attested=_attested(documents),
        keys=Counter(key for chunk in chunks for key in keys(chunk)),
        doubled={doc: twice for doc, parts in documents.items() if (twice := _doubled(parts))},
        subjects=subjects,
        named=0 < len(subjects) <= 2 * sum(map(bool, subjects.values())),
        places=places,
        parts={doc: places[doc] for doc in parts},
        members={doc: found for doc, parts in documents.items() if (found := _members(parts))},
        cut=_cut(documents),
        repeated=_repeated(documents),
        opening=_opening(documents),
        templates=templates,
        grammars=grammars,
    )


def _documents(chunks: Sequence[Chunk]) -> dict[str, list[Chunk]]:
    documents: dict[str, list[Chunk]] = defaultdict(list)
    for chunk in chunks:
        documents[chunk.doc_id].append(chunk)
    return {doc: sorted(parts, key=lambda part: part.start) for doc, parts in documents.items()}


def _without_repeats(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks without the blocks that stand in five or more documents (heads, navigation)."""
    homes: dict[str, set[str]] = defaultdict(set)
    for chunk in chunks:
        for block in chunk.blocks:
            homes[chunk.text[block.start : block.end]].add(chunk.doc_id)
    return [
        replace(
            chunk,
            blocks=tuple(
                block
                for block in chunk.blocks
                if len(homes[chunk.text[block.start : block.end]]) < _REPEATED
            ),
        )
        for chunk in chunks
    ]


def _parts(
    documents: Mapping[str, Sequence[Chunk]], templates: Mapping[str, Templates]
) -> dict[str, str]:
    """The parts of a product that pages in a folder of their kind are about.

    "Play Plugin" in "plugins/" is one of them where several titles end so: its settings and its
    ways are not those of the product.
    """
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for doc, inside in documents.items():
        name, _, kind = inside[0].heading_path[0].rpartition(" ")
        low, lang = kind.lower(), inside[0].lang
        worded = lang in templates and "place.part" in templates[lang].forms
        named = name and kind[0].isupper() and not re.search(r"[:,;.?!]", name)
        if (
            named
            and worded
            and low not in _KINDS_OF_TEXT
            and f"{low}s" in _folder(inside).lower().split("/")
        ):
            found[low][doc] = f"{name} {low}"
    return {
        doc: name
        for parts in found.values()
        if len(parts) >= _LEAST_FOLDER
        for doc, name in parts.items()
    }


def _cut(documents: Mapping[str, Sequence[Chunk]]) -> frozenset[str]:
    return frozenset(
        before.id
        for parts in documents.values()
        for before, after in pairwise(parts)
        if not after.blocks or after.blocks[0].kind != "heading"
    )


def _repeated(documents: Mapping[str, Sequence[Chunk]]) -> frozenset[str]:
    found = Counter(
        heading
        for parts in documents.values()
        for heading in {
            fold(heading_text(part.text, block))
            for part in parts
            for block in part.blocks
            if block.kind == "heading"
        }
    )
    return frozenset(heading for heading, count in found.items() if count > 1)


def _doubled(parts: Sequence[Chunk]) -> frozenset[str]:
    found = Counter(key for part in parts for key in keys(part))
    return frozenset(key for key, count in found.items() if count > 1)


def _opening(documents: Mapping[str, Sequence[Chunk]]) -> dict[str, int]:
    return {
        before.id: after.blocks[0].level
        for parts in documents.values()
        for before, after in pairwise(parts)
        if after.blocks and after.blocks[0].kind == "heading"
    }


def _members(parts: Sequence[Chunk]) -> dict[str, Member]:
    """The headings of a document under which one function is described."""
    title = parts[0].heading_path[0]
    names: set[str] = set().union(*(called(part.text) for part in parts))
    headings = [
        block.heading_path[-1] for part in parts for block in part.blocks if block.kind == "heading"
    ]
    told = {heading: member(heading, title, names) for heading in {title, *headings}}
    if told[title] and any(name not in ("", told[title]) for name in told.values()):
        told[title] = ""  # a library: it describes several functions, and one has its name
    count = Counter(told[heading] for heading in headings)
    return {
        heading: Member(name=name, alone=count[name] < 2)
        for heading, name in sorted(told.items())
        if name
    }


def _attested(documents: Mapping[str, Sequence[Chunk]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for parts in documents.values():
        found.update({name for part in parts for name in identifiers(part.text)})
    return found


def _cases(chunks: Sequence[Chunk]) -> tuple[frozenset[str], frozenset[str]]:
    """Words that stand in lower case, and words that stand capitalised, inside sentences."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    acronym: Counter[str] = Counter()
    for chunk in chunks:
        prose = _CODE.sub(" ", _prose(chunk))
        for word in _WORD_INSIDE.findall(prose):
            (small if word.islower() else capital)[word.lower()] += 1
        acronym.update(map(str.lower, _ACRONYM_INSIDE.findall(prose)))
    return (
        frozenset(
            word
            for word, count in small.items()
            if count >= max(capital[word], acronym[word])
            and not (capital[word] and word.capitalize() in _COMMON)
        ),
        frozenset(word for word, count in capital.items() if count > small[word]),
    )


def _prose(chunk: Chunk) -> str:
    return "\n".join(
        chunk.text[block.start : block.end]
        for block in chunk.blocks
        if block.kind in ("paragraph", *LISTED, "admonition")
    )


def _names(documents: Mapping[str, Sequence[Chunk]]) -> Counter[str]:
    """Proper names inside sentences -> number of documents; a name that is nearly always followed
    by one noun takes it in ("Rill Setup app")."""
    found: Counter[str] = Counter()
    following: dict[str, Counter[str]] = defaultdict(Counter)
    for parts in documents.values():
        found.update({name for part in parts for name in _names_of(part)})
        for part in parts:
            for name, noun in _NAME_AND_NOUN.findall(_CODE.sub(" ", _prose(part))):
                following[name][noun] += 1
    for name, nouns in following.items():
        noun, count = nouns.most_common(1)[0]
        if noun and count >= 4 and count >= 0.7 * nouns.total() and noun not in _NO_NOUN:
            found[f"{name} {noun}"] = found[name]
    return found


def _names_of(chunk: Chunk) -> Counter[str]:
    if chunk.lang == "de":  # every noun has a capital: only "LibreOffice" is surely a name
        return Counter(_CAMEL.findall(_prose(chunk)))
    found = _INSIDE.findall(_CODE.sub(" ", _prose(chunk)))
    return Counter(re.sub(r"^(?:The|An?|This|If|In|For|To) ", "", name) for name in found)


def _product(documents: Mapping[str, Sequence[Chunk]], lower: frozenset[str]) -> str:
    """The first word of names that most documents hold and titles or their folder name too, or "".

    lower: common words, which name nothing ("Functions" above every list of a reference).
    """
    heads: Counter[str] = Counter()
    for parts in documents.values():
        heads.update({name.split()[0] for part in parts for name in _names_of(part)})
    titles = _named_by_titles(documents, heads)
    least = max(2.0, _LEAST_SHARE * len(documents))
    ranked = sorted(
        (-count * (1 + titles[word] / len(documents)), word in _COMMON, word)
        for word, count in heads.items()
        if count >= least and titles[word] >= _title_share(word) * len(documents)
    )
    words = [word for *_, word in ranked]
    for at, word in enumerate(words):  # "Arrow: dates for Python" is no documentation of Python
        if word in _COMMON and any(titles[other] >= titles[word] for other in words[:at]):
            del heads[word]
    wholes = (_whole(word, documents) for word in words if word in heads)
    named = (name for name in wholes if not _names_a_thing(name, lower))
    found = _ruling_name(_in_words(documents)) or next(named, "")
    home = _home_name(documents)
    rival = found.split(" ")[0]
    if home and home != rival.lower() and _holding(home, documents) > heads[rival]:
        return home
    found = found or _small_name(documents) or _only_name(heads, documents, lower)
    return found or _compounded_name(documents)


def _named_by_titles(
    documents: Mapping[str, Sequence[Chunk]], heads: Collection[str]
) -> Counter[str]:
    """The words of titles -> number of documents; a name that all folders hold stands in all."""
    titles = Counter(
        word
        for parts in documents.values()
        for word in set(re.findall(r"[\w+-]+", parts[0].heading_path[0]))
    )
    folders = [set(re.findall(r"\w+", _folder(parts))) for parts in documents.values()]
    called = {word for word in heads if word.lower() in set.intersection(*folders)}
    for word in called - _COMMON:
        titles[word] = len(documents)
    return titles


def _only_name(
    heads: Counter[str], documents: Mapping[str, Sequence[Chunk]], lower: frozenset[str]
) -> str:
    """The name that most documents hold, and far more than any other, though no title has it.

    A platform ("Debian") needs titles too.
    """
    named = [
        (word, count)
        for word, count in heads.most_common()
        if not word.isupper() and not _names_a_thing(word, lower)
    ]
    own = [entry for entry in named if entry[0] not in _COMMON]
    rules = _ruling_head(own, least=_MOST, more=_FAR_MORE, n_documents=len(documents))
    platform = _ruling_head(named, least=_MOST_COMMON, more=2, n_documents=len(documents))
    titled = sum(platform in parts[0].heading_path[0].split() for parts in documents.values())
    if titled < max(_LEAST_FOLDER, _OFTEN * len(documents)):
        platform = ""
    word = rules or platform
    name = _whole(word, documents) if word else ""
    return "" if not name or _names_a_thing(name, lower) else name


def _ruling_head(
    ranked: Sequence[tuple[str, int]], *, least: float, more: int, n_documents: int
) -> str:
    """The first name, if that share of the documents holds it and it is far before the next."""
    (word, count), (_, next_count) = [*ranked[:2], ("", 0), ("", 0)][:2]
    return word if count >= max(_FEW_NAMING, least * n_documents, more * next_count) else ""


def _compounded_name(documents: Mapping[str, Sequence[Chunk]]) -> str:
    """The name that most German documents hold: it takes no article, and its compounds a hyphen.

    "Debian-Paket", but "Dateisystem". A platform needs titles too.
    """
    german = {doc: parts for doc, parts in documents.items() if parts[0].lang == "de"}
    holding, used, alone, compounds = (Counter[str]() for _ in range(4))
    for parts in german.values():
        prose = _CODE.sub(" ", "\n".join(map(_prose, parts)))
        found = _GERMAN_NOUN.findall(prose)
        holding.update({noun for _, noun in found})
        used.update(noun for _, noun in found)
        alone.update(noun for article, noun in found if not article)
        compounds.update(_HYPHENED.findall(prose))
    for word, count in holding.most_common():
        titled = sum(word in parts[0].heading_path[0] for parts in german.values())
        told = titled >= max(2.0, _LEAST_STARTS * len(german)) and not word.isupper()
        told = told or word not in _COMMON
        named = alone[word] >= _NO_ARTICLE * used[word] and compounds[word] >= _HYPHENS * used[word]
        if count >= max(_FEW_NAMING, _MOST * len(german)) and told and named:
            return word
    return ""


def _ruling_name(documents: Mapping[str, Sequence[Chunk]]) -> str:
    """The name in lower case that nearly all documents speak of, beside others ("borgmatic")."""
    begun: Counter[str] = Counter()
    for parts in documents.values():
        begun.update({word for part in parts for word in _BEGUN.findall(_prose(part))})
    titles = {
        word for parts in documents.values() for word in _TITLED.findall(parts[0].heading_path[0])
    }
    often = [word for word, count in begun.most_common() if count >= _BEGUN_SHARE * len(documents)]
    found = (word for word in often if word in titles)
    return next((word for word in found if _is_small_name(word, documents, _NEARLY_ALL)), "")


def _in_words(documents: Mapping[str, Sequence[Chunk]]) -> dict[str, Sequence[Chunk]]:
    """The documents that say something in prose: most pages of an index do not."""
    return {
        doc: parts
        for doc, parts in documents.items()
        if sum(len(_prose(part)) for part in parts) >= _PROSE
    }


def _names_a_thing(name: str, lower: frozenset[str]) -> bool:
    """Whether a name is a common word ("Functions") or a standard ("XML", "APIs"), no product.

    One with a capital inside is a name however often it is typed as a command ("FFmpeg").
    """
    if _INNER_CAPITAL.search(name):
        return False
    if not content_words(name.split()[0]):
        return True  # "A record", "For": the first word of a phrase
    if name.upper() in _NO_NAMES or name.endswith((" a", " an", " the")):
        return True  # "Become a Debian developer"
    common = all(
        word.lower() in lower or word.lower().removesuffix("s") in lower or word in _NO_PRODUCT
        for word in name.split()
    )
    return common or (name[-1] == "s" and name[:-1] in _COMMON)


def _small_name(documents: Mapping[str, Sequence[Chunk]]) -> str:
    """The name that is written in lower case even where a sentence begins with it ("libvirt").

    It stands in titles ("libvirt: Domain XML"), many documents speak of it, and hardly ever with an
    article ("the driver").
    """
    titled: Counter[str] = Counter()
    for parts in documents.values():
        titled.update(set(_TITLED.findall(parts[0].heading_path[0])))
    least = max(_LEAST_FOLDER, _LEAST_STARTS * len(documents))
    ranked = sorted(
        (-count, word)
        for word, count in titled.items()
        if count >= max(least, _title_share(word.capitalize()) * len(documents))
    )
    return next((word for _, word in ranked if _is_small_name(word, documents)), "")


def _is_small_name(
    word: str,
    documents: Mapping[str, Sequence[Chunk]],
    share: float = _LEAST_SHARE,
    *,
    begun_small: bool = True,
) -> bool:
    """Whether a word is a name.

    share:       of the documents that must hold it.
    begun_small: sentences must begin with it in lower case.
    """
    if word in _NO_SMALL_NAMES or word.endswith("ing"):
        return False
    articles = r"\b(an?|the|this|that|each|your|every|no|any) "
    alone = re.compile(rf"(?:{articles})?\b{word}\b{_ALONE}")
    first = re.compile(rf"{_BEGINS}({word}|{word.capitalize()})(?= [a-z])", re.M)
    said, begun, holding = list[str](), Counter[str](), 0
    for parts in documents.values():
        prose = "\n".join(map(_prose, parts))
        found = alone.findall(prose)
        holding += bool(found)
        said += found
        begun.update(first.findall(prose))
    often = len(said) >= _OFTEN * sum(map(len, documents.values()))
    named = said.count("") >= _NEARLY_ALWAYS * len(said)
    small = not begun_small or begun[word] >= max(2.0, _SMALL * begun.total())
    return often and named and small and holding >= share * len(documents)


def _home_name(documents: Mapping[str, Sequence[Chunk]]) -> str:
    """The name in lower case of the one folder that holds all documents ("beets/"), or "".

    A sentence may begin with it in capitals ("Beets needs ..."), so it must be spoken of as what
    is installed and has versions.
    """
    folders = {parts[0].path.partition("/")[0] for parts in documents.values()}
    found = re.match(_SMALL_NAME, folders.pop()) if len(folders) == 1 else None
    word = found[0] if found else ""
    prose = (
        "\n".join(_prose(part) for parts in documents.values() for part in parts) if word else ""
    )
    signs = (
        rf"(?i:{_INSTALLED}){word}(?![\w-])",
        rf"\b{word}(?:['\u2019](?!\w)|['\u2019]s\b| v?\d+\.\d)",
    )
    told = bool(word) and all(len(re.findall(sign, prose)) >= _LEAST_SIGNS for sign in signs)
    return word if told and _is_small_name(word, documents, begun_small=False) else ""


def _holding(name: str, documents: Mapping[str, Sequence[Chunk]]) -> int:
    """The number of documents whose prose holds a name."""
    spoken = re.compile(rf"\b{re.escape(name)}\b")
    return sum(any(spoken.search(_prose(part)) for part in parts) for parts in documents.values())


def _in_rival_folders(
    documents: Mapping[str, Sequence[Chunk]], product: str, lower: frozenset[str]
) -> list[str]:
    """The documents of folders in which most hold the name of another product, and few this one.

    They may name the first in passing ("results are kept with SQLAlchemy").
    """
    folders: dict[str, dict[str, Sequence[Chunk]]] = defaultdict(dict)
    for doc, parts in documents.items():
        folders[_top_folder(parts)][doc] = parts
    found: list[str] = []
    for inside in folders.values():
        if not product or len(folders) < 2 or len(inside) < _LEAST_FOLDER:
            continue
        n_product = _holding(product, inside)
        if not n_product or n_product > _RIVALLED * len(inside):
            continue
        name = _product(inside, lower)
        rival = name and name.split()[0] != product.split()[0]
        if rival and _holding(name, inside) > max(2 * n_product, _LEAST_SHARE * len(inside)):
            found += inside
    return found


def _top_folder(parts: Sequence[Chunk]) -> str:
    return "/".join(parts[0].path.split("/")[:2])


def _of_other_folders(
    documents: Mapping[str, Sequence[Chunk]], subjects: Mapping[str, str], lower: frozenset[str]
) -> dict[str, str]:
    """The products of folders, for their documents that are about nothing yet."""
    folders: dict[str, dict[str, Sequence[Chunk]]] = defaultdict(dict)
    for doc, parts in documents.items():
        if not subjects[doc]:
            folders[_top_folder(parts)][doc] = parts
    found: dict[str, str] = {}
    for inside in folders.values():
        name = _product(inside, lower) if len(inside) >= _LEAST_FOLDER else ""
        speaking = [doc for doc, parts in inside.items() if name and _speaks(parts, name)]
        if len(speaking) >= max(2, _LEAST_SHARE * len(inside)):  # not a matter of one page
            found |= dict.fromkeys(speaking, name)
    return found


def _of_all(documents: Mapping[str, Sequence[Chunk]], others: Mapping[str, str]) -> str:
    """The product of the one folder that has one, where documents beside it speak of it too."""
    names, beside = set(others.values()), documents.keys() - others.keys()
    if len(names) != 1:
        return ""
    name = names.pop()
    speaking = sum(_speaks(documents[doc], name) for doc in beside)
    return name if speaking >= _LEAST_SHARE * len(beside) else ""


def _of_whole_books(
    documents: Mapping[str, Sequence[Chunk]], subjects: Mapping[str, str], lower: frozenset[str]
) -> dict[str, str]:
    """What long documents without a product are about: a name of their title that rules them."""
    found: dict[str, str] = {}
    least = max(_BOOK, _BOOK_SHARE * sum(map(len, documents.values())))
    for doc, parts in documents.items():
        if len(parts) >= least and not subjects[doc]:
            name = (
                _product({part.id: [part] for part in parts}, lower)
                or _acronym(parts)
                or _titled_name(parts, lower)
            )
            found |= {doc: name} if name and name.split()[0] not in _COMMON else {}
    return found


def _acronym(parts: Sequence[Chunk]) -> str:
    """The acronym in a document's title that its text is full of ("FAI Guide"), or ""."""
    title = parts[0].heading_path[0]
    for name in re.findall(r"\b[A-Z][A-Z\d]{2,}\b", "" if title.isupper() else title):
        holding = sum(name in part.text for part in parts)
        if name not in _COMMON | _NO_NAMES and holding >= _LEAST_SHARE * len(parts):
            return str(name)
    return ""


def _titled_name(parts: Sequence[Chunk], lower: frozenset[str]) -> str:
    """The name in a book's title that its text is full of, as code too ("`Asymptote` reads")."""
    for name in re.findall(r"\b[A-Z][a-z]{3,}\b", parts[0].heading_path[0]):
        holding = sum(name in part.text for part in parts)
        named = name not in _COMMON and not _names_a_thing(name, lower)
        if named and holding >= _LEAST_SHARE * len(parts):
            return str(name)
    return ""


def _speaks(parts: Sequence[Chunk], name: str) -> bool:
    """Whether a document is about a product rather than naming it in passing."""
    told = sum(_mentions(parts, [name]).values())
    return name in parts[0].heading_path[0] or _SPOKEN * told >= len(parts)


def _whole(word: str, documents: Mapping[str, Sequence[Chunk]]) -> str:
    """A name's first word with the second that nearly always follows ("Open vSwitch")."""
    spoken = re.compile(rf"\b{re.escape(word)}(?!\w)(?: ([A-Za-z][\w+-]*))?")
    following = Counter(
        second
        for parts in documents.values()
        for part in parts
        for second in spoken.findall(_prose(part))
    )
    second, count = following.most_common(1)[0] if following else ("", 0)
    surely = second and second not in _NO_NOUN and count >= 0.7 * following.total()
    return f"{word} {second}" if surely else word


def _title_share(word: str) -> float:
    """The share of the titles that must name a product: half of them for "Git" or "DNS"."""
    return 0.5 if word in _COMMON or word.upper() in _COMMON else 1e-9


def _subjects(
    documents: Mapping[str, Sequence[Chunk]],
    names: Mapping[str, int],
    product: str,
    *,
    given: bool,
) -> dict[str, str]:
    """What each document is about: a name in its title, else the one that rules its text, else the
    one that its folder is called by ("logger/"), else the one that rules the folder's documents,
    else the product; the last two where the document speaks of the product or the user named it,
    or where nearly all others speak of it and the document is too short to tell."""
    if not product:
        return dict.fromkeys(documents, "")
    least = max(2.0, 0.04 * len(documents))
    own = sorted(
        (
            name
            for name, n in names.items()
            if name.startswith(f"{product} ") and n >= least and name.split()[-1] not in _NO_PRODUCT
        ),
        key=lambda name: (-len(name), name),
    )
    told = {doc: _mentions(parts, [*own, product]) for doc, parts in documents.items()}
    own = _whole_names(own, told.values())
    folders: dict[str, Counter[str]] = defaultdict(Counter)
    for doc, parts in documents.items():
        folders[_folder(parts)].update(told[doc])
    everywhere = sum(folders.values(), Counter[str]())
    speaking = {
        doc
        for doc, parts in documents.items()
        if _SPOKEN * told[doc].total() >= len(parts) or product in parts[0].heading_path[0]
    }
    one_world = len(speaking) >= _NEARLY_ALL * len(documents)
    book = _is_book(documents)
    return {
        doc: _titled(parts, own)
        or _in_folder(parts, own)
        or _ruling(told[doc], product, 3)
        or _called(parts, own)
        or (
            _ruling(folders[_folder(parts)], product, max(6, len(documents) // 8))
            or _ruling(everywhere, product, max(6, len(documents) // 8))
            or (product if given or book or doc in speaking else "")
            if given or doc in speaking or book or (one_world and len(parts) < _LONG)
            else ""
        )
        for doc, parts in documents.items()
    }


_NUMBERED_TITLE = re.compile(
    r"(?:(?:Chapter|Appendix|Part|Section|Kapitel|Anhang|Teil|Abschnitt) )?"
    r"(?:\d{1,2}|[A-Z]|[IVX]+)\.(?:\d{1,2}\.?)*\s"
)


def _is_book(documents: Mapping[str, Sequence[Chunk]]) -> bool:
    """Whether the documents are the numbered chapters of one book in one folder."""
    folders = {_folder(parts) for parts in documents.values()}
    numbered = sum(
        bool(_NUMBERED_TITLE.match(parts[0].heading_path[0])) for parts in documents.values()
    )
    return len(folders) == 1 and numbered >= _NEARLY_ALL * len(documents)


def _whole_names(own: Sequence[str], told: Iterable[Counter[str]]) -> list[str]:
    """The names without those that are the beginning of a longer, more frequent one."""
    total = sum(told, Counter[str]())
    return [
        name
        for name in own
        if not any(other.startswith(f"{name} ") and total[other] > total[name] for other in own)
    ]


def _folder(parts: Sequence[Chunk]) -> str:
    return parts[0].path.rpartition("/")[0]


def _german(name: str) -> re.Pattern[str]:
    """A name in German text: with a genitive's -s, and not the start of a longer name."""
    return re.compile(r"s? ".join(map(re.escape, name.split())) + r"s?(?![\w'\u2019-]| [A-Z\d])")


def _titled(parts: Sequence[Chunk], own: Sequence[str]) -> str:
    title = parts[0].heading_path[0]
    if parts[0].lang == "de":
        spoken = title.title() if title.isupper() else title
        return next((name for name in own if _german(name).search(spoken)), "")
    return next(
        (name for name in own if re.search(rf"{re.escape(name)}(?! [A-Z]|'|\u2019)", title)), ""
    )


def _in_folder(parts: Sequence[Chunk], own: Sequence[str]) -> str:
    """The name that a folder spells ("05-rill-cloud/" is about Rill Cloud), or ""."""
    folders = [re.sub(r"^\d+-", "", part) for part in _folder(parts).lower().split("/")]
    return next((name for name in own if "-".join(name.lower().split()) in folders), "")


def _called(parts: Sequence[Chunk], own: Sequence[str]) -> str:
    folders = set(_folder(parts).lower().split("/"))
    found = [name for name in own if folders & set(name.lower().split()[1:])]
    return found[0] if len(found) == 1 else ""


def _mentions(parts: Sequence[Chunk], own: Sequence[str]) -> Counter[str]:
    """How often each name stands in a document; a longer name hides the shorter in it."""
    found: Counter[str] = Counter()
    for part in parts:
        text = part.text
        for name in own:
            if part.lang == "de":
                text, count = _german(name).subn(" ", text)
            else:
                count, text = text.count(name), text.replace(name, " ")
            found[name] += count
    return found


def _ruling(told: Counter[str], product: str, least: int) -> str:
    """The name with three fifths of all mentions of longer names, or "".

    A name that stands far behind the bare product is a part of it that happens to be named.
    """
    ranked = sorted((-count, name) for name, count in told.items() if name != product)
    count = -ranked[0][0] if ranked else 0
    rules = count >= max(least, 0.6 * (told.total() - told[product]), 0.3 * told.total())
    return ranked[0][1] if count and rules else ""


def _places(
    documents: Mapping[str, Sequence[Chunk]],
    subjects: Mapping[str, str],
    parts: Collection[str],
    templates: Mapping[str, Templates],
) -> dict[str, str]:
    texts: dict[str, str] = {}
    for lang in templates:
        texts[lang] = "\n".join(
            part.text for parts in documents.values() for part in parts if part.lang == lang
        )
    phrases: dict[tuple[str, str], str] = {}
    found: dict[str, str] = {}
    for doc, subject in subjects.items():
        lang = documents[doc][0].lang
        if subject and lang in templates:
            if doc in parts:
                found[doc] = templates[lang].forms["place.part"][0].replace("{name}", subject)
                continue
            if (lang, subject) not in phrases:
                phrases[lang, subject] = _phrase(subject, texts[lang], templates[lang])
            found[doc] = phrases[lang, subject]
    return found


_ALONE = (  # not as part of another name ("the Rill configuration")
    r"(?=[.,;:!?)\u2019']|\s*$|\s+(?:is|are|was|has|had|can|cannot|will|would|does|do|must|may|should|and"
    r"|or|but|to|in|on|at|with|for|from|by|as|if|when|that|which|it|you|then|itself)\b)"
)


def _phrase(name: str, text: str, templates: Templates) -> str:
    """How the documents speak of a name: "in Rill Server", "on the Rill Logger R2"."""
    spoken = _german(name).pattern if templates.lang == "de" else re.escape(name) + _ALONE
    before = Counter(match[1].lower() for match in re.finditer(rf"((?:\w+ )?\w+) {spoken}", text))
    if not templates.places:
        return ""
    votes = [_votes(place.after, before) for place in templates.places]
    articles = {
        said.split()[-1] for place in templates.places for said in place.after if " " in said
    }
    with_article = sum(count for said, count in before.items() if said.split()[-1] in articles)
    wanted = with_article * 3 >= before.total() and with_article > 0
    ranked = sorted(
        (wanted != any(" " in said for said in place.after), -count, number)
        for number, (place, count) in enumerate(zip(templates.places, votes, strict=True))
    )
    return templates.places[ranked[0][2]].phrase.replace("{name}", name)


def _votes(after: Sequence[str], before: Mapping[str, int]) -> int:
    """How many speak for a preposition; what is said again and again ("work on") counts thrice."""
    return sum(
        min(count, 3)
        for said, count in before.items()
        if any(said == words or said.endswith(f" {words}") for words in after)
    )
