"""English: the families of sentences that are an answer to a question one can form from them.

Each family reads one sentence that can stand alone and yields at most one candidate. The answer is
the sentence, verbatim (with the code or list that it announces); only the question is turned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from builder.records import LISTED, Block, Chunk
from builder.text import content_stems, content_words, identifiers, sentences, words
from builder.write.english_grammar import (
    CODE,
    GERUND,
    THIRD,
    Clause,
    agrees,
    as_task,
    bare_singular,
    blanked,
    clause,
    first_person,
    has_pronoun,
    is_plural,
    named,
    names_enough,
    opened,
    points_outside,
    question,
    self_sufficient,
    starts_object,
    takes_object,
    telling,
    vague,
)
from builder.write.english_words import (
    AUXILIARIES,
    NOUN_VERBS,
    PLURALS,
    PREPOSITIONS,
    STATES_OF_MIND,
    VAGUE,
    VERBS,
)
from builder.write.reading import Statement, code_place, section_place, statements
from builder.write.rule import Candidate, Corpus, Span

_MAX_ANSWER = 150  # words of a sentence with its code or list


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that can be an answer by itself."""

    text: str
    statement: Statement
    chunk: Chunk
    corpus: Corpus

    @property
    def body(self) -> str:
        """The sentence without its full stop and without "By default, "."""
        return self.text.rstrip(".:")

    @property
    def undefaulted(self) -> str:
        """The body without "By default, " at its start."""
        return re.sub(r"^By default, ", "", self.body)

    @property
    def placed(self) -> bool:
        """Whether the document is known to be about a product."""
        return bool(self.corpus.places.get(self.chunk.doc_id))


Family = Callable[[Said], Iterator[Candidate]]


def strict(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """The candidates of the families that are right often enough to be written by default."""
    for said in _said(chunk, corpus):
        yield from _to_do(said)
        if said.text.endswith("."):
            for family in _STRICT:
                yield from family(said)


def broad(chunk: Chunk, corpus: Corpus) -> Iterator[Candidate]:
    """The candidates of the riskier families: what to do if, why."""
    for said in _said(chunk, corpus):
        if said.text.endswith("."):
            for family in _BROAD:
                yield from family(said)


def _said(chunk: Chunk, corpus: Corpus) -> Iterator[Said]:
    for statement in statements(chunk):
        text = chunk.text[slice(*statement.span)]
        if self_sufficient(text) and not _names_a_letter(text, statement, chunk, corpus):
            yield Said(text, statement, chunk, corpus)


def _names_a_letter(text: str, statement: Statement, chunk: Chunk, corpus: Corpus) -> bool:
    """Whether all that a sentence names is an option of one letter, and nothing its command."""
    named = CODE.findall(text)
    letters = bool(named) and all(_LETTER.fullmatch(code) for code in named)
    return letters and not section_place(statement.block, corpus.templates[chunk.lang], "with")


# Candidates


def _candidate(
    said: Said,
    rule: str,
    kind: str,
    template: str,
    slots: dict[str, str],
    *,
    answer: Span | None = None,
    fact: bool = False,
) -> Candidate:
    if "place" not in slots:
        slots = {**slots, **_place(said, " ".join(slots.values()), rule)}
    return Candidate(
        rule=f"sentence.{rule}",
        type=kind,
        template=template,
        slots=slots,
        answer=answer or said.statement.span,
        fact=fact,
    )


_WAYS = frozenset(("to", "want", "can_by"))
_NAMING = frozenset(("used", "lets", "version", "where", "who", "contrast"))  # say what they are of
_KIND = r"(?:function|method|command|class|procedure|option|macro|module|program)"
_SAID_WHAT = re.compile(rf"{_KIND} `[^`]*`|`[^`]*` {_KIND}")  # named for what it is: no parameter
CODE_NAME = re.compile(r"`([^`]*)`")
_LOCAL = re.compile(r"`[a-z_]\w*`")  # a parameter, as a rule


def _place(said: Said, asked: str, rule: str) -> dict[str, str]:
    """The command or function of the section, none for a question that names enough."""
    if rule != "definition":
        templates = said.corpus.templates[said.chunk.lang]
        place = _member_place(said, asked, rule)
        if place:
            return {"place": place}
        if _in_member(said):
            return names_enough(asked)
        if rule in _NAMING and identifiers(asked):
            return {"place": ""}
        place = section_place(said.statement.block, templates, "with")
        if said.corpus.product in CODE_NAME.findall(place):
            return names_enough(asked)  # a title in code names the product itself
        if _names_a_sister(asked, place):
            return {"place": ""}
        known = said.text if rule in _WAYS else asked  # a way is not told by its question
        if place and not any(code in f"{known} {asked}" for code in CODE.findall(place)):
            return {"place": place}
    return names_enough(asked)


def _in_member(said: Said) -> bool:
    """Whether a sentence stands in the description of a function."""
    members = said.corpus.members.get(said.chunk.doc_id, {})
    return any(heading in members for heading in said.statement.block.heading_path)


def _names_a_sister(asked: str, place: str) -> bool:
    """Whether a question names what its page is about, or another of that family.

    "Does Tcl_PanicVA return?" needs no "with `Tcl_Panic`".
    """
    for code in re.findall("`([^`]*)`", place):
        of, mark, _ = code.partition("_")
        family = rf"{re.escape(of)}_\w" if mark else rf"{re.escape(code)}\b"
        if of and re.search(rf"\b{family}", asked):
            return True
    return False


def _member_place(said: Said, asked: str, rule: str) -> str:
    """The function that the section describes, where the question does not stand without it.

    "If `bytes` is empty" holds of one function; "What is `GBytes` used for?" of all.
    """
    members = said.corpus.members.get(said.chunk.doc_id)
    if not members:
        return ""
    found = CODE.findall(_SAID_WHAT.sub("", asked))
    local = any(_LOCAL.fullmatch(code) for code in found)
    enough = bool(names_enough(asked) or _SAID_WHAT.search(asked))
    enough = enough or (rule in _WAYS and said.placed)
    if not local and enough and rule in _WAYS | _NAMING:
        return ""
    path = said.statement.block.heading_path
    whole = next((members[one].name for one in reversed(path) if one in members), "")
    of, _, name = whole.removesuffix("()").rpartition(".")
    if name and not re.search(rf"\b{re.escape(name)}\b", asked):
        return code_place(whole, said.corpus.templates[said.chunk.lang], "with")
    return code_place(of, said.corpus.templates[said.chunk.lang], "in") if of else ""


def _ask(
    said: Said, rule: str, kind: str, asked: str, *, fact: bool = False
) -> Iterator[Candidate]:
    """A candidate for a question that is complete but for "?" and place."""
    spoken = named(first_person(asked), said.chunk, said.corpus)
    sound = 3 <= len(words(spoken)) <= 24 and not _ASKED_BADLY.search(CODE.sub("x", spoken))
    sound = sound and not _VARIABLE.search(CODE.sub("Code", spoken))
    if sound and not vague(spoken) and on_topic(spoken, said):
        yield _candidate(said, rule, kind, "ask", {"question": spoken}, fact=fact)


_ASKED_BADLY = re.compile(
    r"[;:\u2013\u2014()\[\]\"]|--| - |\b(?:it|that|them|either|too|at all)$"
    r"|\b(?:yet|also|certain|various|currently|necessarily|actually|just|e\.g"
    r"|for example|this|these|those|therefore|thus|however|that is)\b",
    re.I,
)


# What a sentence is about


_LETTER = re.compile(r"`-\w`")
_EMPTY_CODE = re.compile(r"`(?:[A-Za-z]{1,3}|\d+|<[^`]*>)`")
_LABEL = re.compile(
    r"(?:[A-Z][\w-]* )+(?=(?:button|tab|control|option|field|box|dialog|slider|menu|list|icon"
    r"|checkbox|item|entry|window|panel|tool)s?\b)"
)
_NAME = re.compile(r"\b[A-Z]{2,}\b|\b[A-Z]\w*[A-Z0-9]\w*|(?<=[a-z] )[A-Z][a-z]+")
_CONCRETE = re.compile(r"`[^`]{4,}`|\w (?:\u2192|>) [A-Z]|\b[A-Z][a-z]+[A-Z]\w*")


def on_topic(text: str, said: Said) -> bool:
    """Whether a text speaks of what its section is about, or names code or a proper name.

    A sentence about something that no heading names is an aside or an example.
    """
    if any(not _EMPTY_CODE.fullmatch(code) for code in CODE.findall(text)):
        return True
    product = said.corpus.product or "\0"
    plain = _LABEL.sub(" ", CODE.sub(" ", text)).replace(product, "")
    titles = " ".join(said.statement.block.heading_path).replace(product, "")
    return bool(_NAME.search(plain)) or bool(_roots(plain) & _roots(titles))


def _roots(text: str) -> set[str]:
    """The beginnings of content words: "authenticate" and "Authentication" share one."""
    said = [*content_words(text), *content_stems(text)]
    return {word[:6] for word in said} - _EVERYWHERE


_EVERYWHERE = frozenset(
    "option button dialog tool menu use using introd overvi descri settin file window tab".split()
)


def _fitting_task(text: str, way: str, said: Said) -> str:
    """The task, when it belongs to its section or is done in a way that is named exactly."""
    done = as_task(text, said.chunk, said.corpus)
    if _TWO_DEEDS.search(CODE.sub("x", done)):
        return ""
    if done and not said.placed and not on_topic(done, said):
        return ""  # no product will tell where the nodes are that one removes
    if not done or _VAGUE_WAY.search(way) or _SECOND_WAY.search(f"{text} {way}"):
        return ""
    return done if on_topic(done, said) or _CONCRETE.search(way) else ""


# "find the types in x or implement my own type": two questions
_TWO_DEEDS = re.compile(
    r"^(?:\S+ ){4,}or (?:add|build|create|define|implement|make|set|use|write) "
)
# "also", "instead": one way of several, and the others stand elsewhere.
_SECOND_WAY = re.compile(r"\b(?:also|as well|too|instead(?! of)|of course|alternatively|again)\b")
_VAGUE_WAY = re.compile(
    r"\bthe (?:[a-z]+ )?(?:button|icon|link|tab|menu|dialog|tool|option|key)s?\b"
    r"(?! (?:`|[\"\u201c]|of|in|for|at|on|next))|\b(?:ones?|it)\b(?! |$)|\bon one\b"
    r"|^in the (?:[a-z]+ )?(?:cases?|events?|same|future|past|following)\b"
    r"|\b(?:two|three|several|various) (?:\w+ )?(?:ways|methods)\b"
)
_BAD_STARTS = PREPOSITIONS | frozenset(
    """
    some many certain several various other few often usually sometimes normally generally typically
    currently while although though since because unlike whereas until each every always never only
    not as similar typical most one
    """.split()
)
_PRONOUN_SUBJECT = re.compile(
    r"all other\b|(?:i|one|others?|both|all|any|none|nothing|everything|what|which|who)\b"
    r"(?! [a-z`])",
    re.I,
)
_NOT_IN_SUBJECT = re.compile(
    r"\b(?:red|green|blue|black|white|yellow|gr[ae]y|orange|pink) "
    r"(?!led|light|lamp|wire|cable|button|flash|blink|list)"
    r"|[,;:()\u2013\u2014\"!?]"
    r"|\b(?:that|which|who|if|when|because|but|also|now|then|just|first|however|whether)\b",
    re.I,
)


def _good_subject(subject: str, *, longest: int = 8, alone: bool = True) -> bool:
    """Whether a subject names something: no pronoun, no vague noun, no clause, not too long.

    alone: it stands in the question, where "the certificate" would not say which.
    """
    plain = CODE.sub("Code", subject)
    said = words(plain)
    return (
        0 < len(said) <= longest
        and said[-1] != "means"  # "0 means do not ..."
        and said[0] not in _BAD_STARTS
        and (said[0] not in VERBS or said[0] in NOUN_VERBS)
        and not _holds_a_verb(said)
        and plain.lower() not in VAGUE
        and not bare_singular(subject)
        and not (alone and re.fullmatch(r"[Tt]he [a-z]+", plain))
        and not has_pronoun(plain)
        and not _PRONOUN_SUBJECT.match(plain)
        and not _NOT_IN_SUBJECT.search(plain)
        and not vague(subject)
    )


def _holds_a_verb(subject: Sequence[str]) -> bool:
    """Whether a subject is a clause of its own: "a file is opened and all data", "defines how".

    Its last word is no verb but a noun: "failed retries".
    """
    return any(
        (at and word in AUXILIARIES) or word == "please" or (word in THIRD and word not in PLURALS)
        for at, word in enumerate(subject[:-1])
    )


def _own_subject(subject: str, said: Said) -> bool:
    """Whether a subject that is a name is one that the documents are about."""
    name = re.fullmatch(r"[A-Z]\w*(?: [A-Z\d][\w.]*)*", subject)
    if not name or subject.lower() in said.corpus.lower:
        return True
    product = said.corpus.product
    known = (product, said.corpus.subjects.get(said.chunk.doc_id, ""))
    titles = said.statement.block.heading_path
    return subject.split()[0] == product or any(subject in name for name in (*known, *titles))


_AND_VERB = re.compile(
    r",? and (?:(?:then|also|is|are|has|have|was|were|can|cannot|will|does|do|must|never) "
    r"|(?P<verb>[a-z]+) )"
)
_TAIL = re.compile(
    r"\s*(?:[;:(\u2013\u2014]| because | so that | since | although | even (?:if|though) | whereas "
    r"| but | in order to | as long as |, "
    r"|(?<! not)(?<! is)(?<! are)(?<! do) so (?!(?:that|as|on|far|\w+ that)\b)).*$",
    re.S,
)


def _short(text: str) -> str:
    """The main part of a clause: what follows a comma, a reason or a second verb is cut."""
    text = re.sub(r"(?:^| )\([^()]*\)(?=[ .,;]|$)", "", text)
    found = _TAIL.search(blanked(text))
    text = text[: found.start()] if found else text
    for second in _AND_VERB.finditer(blanked(text)):
        verb, after = second["verb"], text[second.end() :].split(" ")[0]
        if verb is None or (verb in THIRD and (verb not in PLURALS or starts_object(after))):
            text = text[: second.start()]
            break
    return text.strip().rstrip(".,")


# "To X, do Y", "If you want to X, do Y", "You can X by Y"


_TO = re.compile(
    r"(?:In order to|To) "
    r"(?P<task>[a-z][^,]+(?:, (?:[\w-]+ )*(?:and|or) (?:[^\s,]+ ){0,2}[^\s,]+)?), (?P<main>.+)",
    re.S,
)
_WANT = re.compile(
    r"(?:If|When|Whenever|Should) you(?: only| also| just)? "
    r"(?:want|need|wish|would like|have|intend|plan)(?: to)? (?P<task>[a-z][^,]+), (?P<main>.+)",
    re.S,
)
_YOU_DO = re.compile(
    r"you (?:can|must|should|need to|have to|may|could|will need to|only need to)\b"
)
_YOU_READ = re.compile(
    r"you (?:\w+ )+?(?:to )?(?:have|be|proceed|take a look|see|read|refer|contact|consider)\b"
)
_IMPERATIVE = re.compile(
    r"(?:(?:first|simply|just|always|either|then|please) )?"
    r"(?P<verb>[a-z]+(?:-[a-z]+)?) (?P<rest>.+)",
    re.S,
)
_NO_INSTRUCTION = frozenset(
    "proceed see refer contact consider note look consult visit keep remember be try ensure".split()
)
_SOMETIMES = frozenset("check make read take".split())


def _instructs(main: str) -> bool:
    """Whether a main clause tells what to do: an imperative, "you can", "you must"."""
    if _YOU_DO.match(main):
        return not _YOU_READ.match(main)
    if main.rstrip(":") in VERBS:  # "run:" with the code behind it
        return main.endswith(":")
    found = _IMPERATIVE.match(main)
    if not found or found["verb"] not in VERBS | _SOMETIMES or found["verb"] in _NO_INSTRUCTION:
        return False
    if found["verb"] in _SOMETIMES:
        return bool(re.match(r"the |an? (?!look)|`", found["rest"]))
    return takes_object(found["verb"], found["rest"].split())


_BEFORE_ORDER = re.compile(
    r"(?:(?:First|Then|Next|Finally|Now|Alternatively|Optionally|Instead|Afterwards|After that),? "
    r"|(?:To|In order to|If|When|Once|After|Before|On|For|From|In|With) [^,.]+, (?:then )?"
    r"|Please |Just |Simply )?"
)


def orders(sentence: str) -> bool:
    """Whether a sentence of running text tells its reader to do something."""
    main = sentence[_BEFORE_ORDER.match(sentence).end() :]  # type: ignore[union-attr]  # "" matches
    return bool(main) and _instructs(main[0].lower() + main[1:].rstrip("."))


def _to_do(said: Said) -> Iterator[Candidate]:
    for rule, pattern in (("to", _TO), ("want", _WANT)):
        found = pattern.fullmatch(said.text)
        if found and _instructs(found["main"]):
            yield from _how(said, rule, found["task"], found["main"])


def _how(said: Said, rule: str, text: str, way: str) -> Iterator[Candidate]:
    done, answer = _fitting_task(text, way, said), _instruction_span(said)
    if done and answer:
        yield _candidate(said, rule, "procedural", "how", {"task": done}, answer=answer)


_CAN_BY = re.compile(
    r"(?:(?:In|With|On|From) [^,]{3,40}, )?[Yy]ou can (?:either |easily )?(?P<task>[a-z].+?) "
    r"(?:either |both )?(?:by (?P<gerund>[a-z]+ing) |using |through |via "
    r"|with (?=`|the `|the (?!default|same)[\w-]+ (?:command|option|flag|setting|button|key)))"
    r"(?P<way>.+)",
    re.S,
)
_PASSIVE_BY = re.compile(
    r"(?P<subject>.+?) can (?:only )?be (?!found|seen|read|downloaded|used|obtained)"
    r"(?P<verb>\w+(?:ed|en|t|d|n|un)) (?P<way>(?:by [a-z]+ing|with `|with an? |with the |using "
    r"|through |via |under |in the |in `|over ).+)",
    re.S,
)


_CUT_TASK = re.compile(  # "with" belongs to these; "click to drag" is the way
    r"^click\b|\b(?:begin|start|end|deal|comply|cope|agree|interact|communicate|connect|match|work|and|or)$"
)


def _can_by(said: Said) -> Iterator[Candidate]:
    found = _CAN_BY.fullmatch(said.text)
    if found and _CUT_TASK.search(found["task"]):
        return
    if found and (not found["gerund"] or found["gerund"] in GERUND):
        yield from _how(said, "can_by", found["task"], found["way"])


def _passive_by(said: Said) -> Iterator[Candidate]:
    found = _PASSIVE_BY.fullmatch(said.body)
    if not found or _VAGUE_WAY.search(found["way"]) or clause(f"{found['subject']} x"):
        return
    if _good_subject(found["subject"]):
        subject = opened(found["subject"], said.corpus)
        asks = "where" if re.match(r"(?:in|under) (?:the )?`", found["way"]) else "how"
        yield from _ask(said, "can_by", "procedural", f"{asks} can {subject} be {found['verb']}")


# The whole of an instruction


_GOES_ON = re.compile(
    r"(?:Then|Next|After that|Afterwards|Finally|Now|And then|After this"
    r"|Once (?:this is )?done)\b,? "
)
_INCLUDED = re.compile(r"\{[!%{]|--8<--|^\s*\.\.\. *$|literalinclude|:::", re.M)


def _instruction_span(said: Said) -> Span | None:
    """The sentence with what belongs to it: announced code or list, code behind, next steps."""
    lead = said.statement.lead
    if said.text.endswith(":"):
        if re.search(r"\beither\b[^,;]*:$", said.text):
            return None  # the other way stands behind the code
        return _with_lead(said, lead)
    if not said.statement.last:
        return _with_next(said)
    if lead is not None and lead.kind == "code" and not lead.partial:
        return _within(said, lead.end)
    return said.statement.span


def _with_lead(said: Said, lead: Block | None) -> Span | None:
    if lead is None or lead.partial or lead.kind not in ("code", *LISTED):
        return None
    end = lead.end if lead.kind == "code" else _end_of_list(said.chunk, lead, said.corpus)
    return _within(said, end) if end else None


def _with_next(said: Said) -> Span | None:
    """An instruction with the sentence of its block that goes on with it ("Then click Save.")."""
    start, end = said.statement.span
    text = said.chunk.text
    for low, high in sentences(text[end : said.statement.block.end])[:1]:
        following = text[end + low : end + high]
        if _GOES_ON.match(following):
            unsure = following.endswith(":") or points_outside(following)
            return None if unsure else _within(said, end + high)
    return start, end


def _within(said: Said, end: int) -> Span | None:
    """From the sentence to an end, unless that is too long or shows code that is not there."""
    start = said.statement.span[0]
    text = said.chunk.text[start:end]
    return None if len(words(text)) > _MAX_ANSWER or _INCLUDED.search(text) else (start, end)


def _end_of_list(chunk: Chunk, first: Block, corpus: Corpus) -> int:
    """The end of the list that begins with a block; 0 when it may go on in the next chunk."""
    blocks = [block for block in chunk.blocks if block.start >= first.start]
    run: list[Block] = []
    for block in blocks:
        if block.kind not in ("code", *LISTED):
            break
        run.append(block)
    items = sum(block.kind in LISTED for block in run)
    goes_on = len(run) == len(blocks) and chunk.id in corpus.cut
    return 0 if items < 2 or goes_on or any(block.partial for block in run) else run[-1].end


# What cannot be done, what is not so, what is supported


_CANNOT = re.compile(
    r"You (?:cannot|can['\u2019]t|can not|must not|mustn['\u2019]t) (?P<task>.+)", re.S
)
_IS_NOT = re.compile(
    r"not (?:possible|supported|allowed|available|required|necessary|needed|included|deleted"
    r"|counted|stored|part|reversible|covered|encrypted)\b"
)
_EMPTY_VERB = re.compile(
    r"not (?:\w+ly )?(?:all|need|have|want|like|mean|matter|know|care|make|seem|exist|do|get|look"
    r"|try|tend)\b"
)


_CANNOT_ASK = re.compile(r"only\b|be [a-z]+ing\b|.* - ")


def _i_cannot(said: Said) -> Iterator[Candidate]:
    found = _CANNOT.fullmatch(said.body)
    task = _short(found["task"]) if found else ""
    done = "" if _CANNOT_ASK.match(task) else as_task(task, said.chunk, said.corpus)
    if done and not _ASKED_BADLY.search(done) and not done.startswith("tell "):
        yield _candidate(said, "cannot", "factual", "ask", {"question": f"can I {done}"})


def _yes_no(said: Said) -> Iterator[Candidate]:
    split = clause(said.body)
    if split is None or not _good_subject(split.subject) or not _own_subject(split.subject, said):
        return
    if bare_singular(opened(split.subject, said.corpus)):
        return  # "List of roles is not supported"
    subject, rest = opened(split.subject, said.corpus), _short(split.rest)
    verb, denied = split.verb.lower().replace("\u2019", "'"), rest.removeprefix("not ")
    if verb in ("cannot", "can't") and rest:
        yield from _ask(said, "cannot", "factual", f"can {subject} {rest}")
    elif denied == rest:
        yield from _supports(said, split, subject, rest)
    elif verb in ("can", "must") and not _CANNOT_ASK.match(denied):
        yield from _ask(said, "cannot", "factual", f"can {subject} {denied}")
    elif _denies(verb, rest):
        yield from _ask(said, "yes_no", "factual", f"{verb} {subject} {denied}")


def _denies(verb: str, rest: str) -> bool:
    """Whether "is not ..." or "does not ..." denies something that one would ask about."""
    if verb in ("does", "do"):
        return not _EMPTY_VERB.match(rest)
    return verb in ("is", "are") and bool(_IS_NOT.match(rest)) and " nor " not in rest


def _supports(said: Said, split: Clause, subject: str, rest: str) -> Iterator[Candidate]:
    """ "X supports Y", unless Y is the first of a list."""
    listed = re.search(rf"{re.escape(rest)}, (?!so|but|which)", split.rest)
    thin = re.match(
        r"(?:an? (?:[\w-]+ )?(?:variety|number|range|set|list)|several|many|multiple|different"
        r"|(?:one )?other|two|three|four|five|six|seven|eight|nine|ten|\d+)\b(?!-)",
        rest,
    )
    if split.base != "support" or split.adverb or thin or listed or rest.startswith("for "):
        return  # "Supplies support for ...": a noun
    if 0 < len(words(rest)) <= 12:
        helper = "do" if split.verb == split.base else "does"
        yield from _ask(said, "yes_no", "factual", f"{helper} {subject} support {rest}")


# What holds by default, limits


_DEFAULT_STATE = re.compile(
    r"(?:not )?(?:(?:turned|switched) )?(?:on|off|kept|shown|hidden|active|enabled|disabled"
    r"|included|excluded|deleted|stored|saved|encrypted|compressed|allowed|permitted|rejected|accepted"
    r"|inherited|applied|shared|required|supported|installed|loaded|created|logged|ignored|skipped"
    r"|preserved|removed|cached|displayed|sent|run|started|open|closed|read-only)\b"
)
_LIMIT = re.compile(
    r"The (?P<what>(?:maximum|minimum|default|largest|smallest|longest|shortest|highest|lowest"
    r"|recommended|rated|usual|typical|total|initial|expected|minimal|maximal|greatest) [^,;:]+?) "
    r"(?P<verb>is|are) (?P<value>.+)",
    re.S,
)
_OF = re.compile(
    r"The (?P<what>[a-z][\w -]*? (?:of|for) (?:an?|the|`|[A-Z])[^,;:]*?) "
    r"(?P<verb>is|are) (?P<value>.+)",
    re.S,
)
_VALUE = re.compile(
    r"[-\u2212]?\d|`|\"|(?:about |around |up to |at least |at most |approximately )?"
    r"(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b"
)
_LIMITED = re.compile(r"(?P<subject>.+?) (?P<verb>is|are) limited to (?P<value>.+)", re.S)
_DEFAULTS = re.compile(r"(?P<subject>[^,;]*`[^,;]*?) defaults to .+", re.S)


_VALUE_FOR = re.compile(r"\w+ (?:value|setting) (?:for|in|of|with|on) [^`]*\d")  # of what?

_PLURAL = re.compile(
    r"(?:(?!of |for |in |on |to |from )[\w-]+ )*?"
    r"[a-z-]+[^\Wsuia]s(?= (?:of|for|in|on|to|from) |$)"
)


def _by_default(said: Said) -> Iterator[Candidate]:
    split = clause(said.undefaulted) if said.undefaulted != said.body else None
    if split is None or split.verb not in ("is", "are") or not _good_subject(split.subject):
        return
    rest = _short(split.rest)
    if _DEFAULT_STATE.match(rest) and not split.subject.lower().startswith("no "):
        state = rest.removeprefix("not ")
        subject = opened(split.subject, said.corpus)
        yield from _ask(said, "by_default", "factual", f"{split.verb} {subject} {state} by default")


def _limit(said: Said) -> Iterator[Candidate]:
    found = _LIMIT.fullmatch(said.body) or _OF.fullmatch(said.body)
    if not found or not _VALUE.match(found["value"]) or _VALUE_FOR.match(found["what"]):
        return
    what = found["what"]
    if found["verb"] == "is" and _PLURAL.match(what):
        return  # "The default HTTPS ports is 5986."
    if len(what.split()) > 2 and clause(f"The {what}") is None:
        yield from _ask(said, "limit", "factual", f"what {found['verb']} the {what}", fact=True)


def _limited(said: Said) -> Iterator[Candidate]:
    found = _LIMITED.fullmatch(said.body)
    if not found or not re.search(r"\d|`", found["value"]):
        return
    subject = found["subject"]
    stated = clause(f"{subject} x") is not None or re.search(r"\b(?:min|max|limit|allow)", subject)
    if _good_subject(subject) and not stated:
        asked = f"what {found['verb']} {opened(subject, said.corpus)} limited to"
        yield from _ask(said, "limit", "factual", asked, fact=True)


def _defaults(said: Said) -> Iterator[Candidate]:
    found = _DEFAULTS.fullmatch(said.body)
    subject = found["subject"] if found else ""
    if subject and _good_subject(subject) and not re.search(r"\b(?:is|are|and)\b", subject):
        asked = f"what does {opened(subject, said.corpus)} default to"
        yield from _ask(said, "limit", "factual", asked, fact=True)


# How many, how long, how often, where, who


_COUNT = (
    r"(?:\d[\d.,\u202f]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty"
    r"|sixty)"
)
_TIME = r"(?:milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|nights?)"
_FOR = (
    r"(?:(?:about|around|roughly|approximately|up to|at most|at least|less than|more than|only"
    rf"|between) )?{_COUNT} {_TIME}\b.*"
)
_UNITS = frozenset(
    """
    ms s sec second seconds minute minutes hour hours day days week weeks month months year years
    percent % kb mb gb tb kib mib gib bytes byte bit bits mm cm m km metre metres meter meters mv v
    ma a mah w kw hz khz mhz ghz kg g nm bar degrees eur usd mbar characters db dbm words
    """.split()
)
_UP_TO = re.compile(
    r"(?P<subject>.+?) (?P<verb>can (?:\w+ )?[a-z]+|may [a-z]+|[a-z]+s) "
    rf"(?:up to|at most|no more than|a maximum of|exactly|at least) {_COUNT} "
    r"(?P<noun>(?:[a-z-]+ )?[a-z-]+s)(?<! as)\b(?P<rest>.*)",
    re.S,
)
_NO_OBJECT = re.compile(r"\s*(?:of|to|as|and|or|at least|\d|long|old|wide|high|deep)\b")


def _how_many(said: Said) -> Iterator[Candidate]:
    found = _UP_TO.fullmatch(said.body)
    if not found or not _good_subject(found["subject"]) or found["noun"].split()[-1] in _UNITS:
        return
    rest = _short(found["rest"])
    helper, _, base = found["verb"].partition(" ")
    if helper not in ("can", "may"):
        helper, base = "does", THIRD.get(found["verb"], "")
    if base and base != "be" and not _NO_OBJECT.match(rest):
        subject = opened(found["subject"], said.corpus)
        asked = f"how many {found['noun']} {helper} {subject} {base} {rest}".strip()
        yield from _ask(said, "how_many", "factual", asked, fact=True)


_HOW_LONG = tuple(
    (re.compile(pattern, re.S), form)
    for pattern, form in (
        (rf"(?P<s>.+?) (?:is|are|stays?|remains?) valid for {_FOR}", "how long {be} {s} valid"),
        (rf"(?P<s>.+?) expires? (?:after|in) {_FOR}", "when {do} {s} expire"),
        (rf"(?P<s>.+?) takes? {_FOR}", "how long {do} {s} take"),
        (rf"(?P<s>.+?) lasts? (?:for )?{_FOR}", "how long {do} {s} last"),
        (
            r"(?P<s>.+?) (?P<v>is|are) (?P<p>kept|stored|retained|cached|available|locked) "
            rf"for {_FOR}",
            "how long {v} {s} {p}",
        ),
        (
            r"(?P<s>.+?) (?P<k>keeps|stores|retains|caches|holds) (?P<o>[^,;]+?) " rf"for {_FOR}",
            "how long does {s} {k} {o}",
        ),
        (
            r"(?P<s>.+?) (?P<v>is|are) (?P<p>\w+ed|sent|run|taken|written|read) "
            rf"(?:every {_COUNT} {_TIME}|once (?:a|per|every) \w+|daily|hourly|weekly|monthly"
            r"|every (?:day|hour|minute|night|week|month))\b.*",
            "how often {v} {s} {p}",
        ),
    )
)


def _how_long(said: Said) -> Iterator[Candidate]:
    for pattern, form in _HOW_LONG:
        found = pattern.fullmatch(said.undefaulted)
        if not found:
            continue
        subject = found["s"]
        if _good_subject(subject):
            plural = is_plural(words(subject)[-1])
            parts = {name: part or "" for name, part in found.groupdict().items()}
            parts |= {"be": "are" if plural else "is", "do": "do" if plural else "does"}
            parts |= {"s": opened(subject, said.corpus), "k": THIRD.get(parts.get("k", ""), "")}
            yield from _ask(said, "how_long", "factual", form.format_map(parts), fact=True)
        return


_OFTEN = re.compile(
    r"(?P<s>.+?) (?P<verb>[a-z]+s) (?P<o>[^,;]*?) ?"
    rf"(?:every (?:{_COUNT} {_TIME}|day|hour|minute|night|week|month|second)"
    r"|once (?:a|per|every) (?:day|hour|minute|week|month|second|year))\b.*",
    re.S,
)


def _how_often(said: Said) -> Iterator[Candidate]:
    found = _OFTEN.fullmatch(said.undefaulted)
    if not found or found["verb"] not in THIRD or not _good_subject(found["s"]):
        return
    asides = re.search(r"\b(?:when|if|and|it|they|again)\b", found["o"])
    if not asides and not is_plural(words(found["s"])[-1]):
        subject, base = opened(found["s"], said.corpus), THIRD[found["verb"]]
        asked = f"how often does {subject} {base} {found['o']}".strip()
        yield from _ask(said, "how_long", "factual", asked, fact=True)


_WHERE = re.compile(
    r"(?P<s>.+?) (?P<v>is|are) (?:always |only |also |usually )?(?P<p>stored|kept|located|saved"
    r"|written|recorded|logged|defined|set|installed|placed|found|configured|listed|shown|displayed"
    r"|printed) (?:only )?(?:in|under|at|(?<!set )to|on|inside) (?P<place>.+)",
    re.S,
)
_IS_PLACE = re.compile(
    r"(?:the )?(?:file |directory |folder |table |section |database )?`[^`]*[/.\[_][^`]*`"
    r"|(?:the|an?) (?:[\w-]+ ){0,3}(?:file|directory|folder|database|menu|journal|log|store|server"
    r"|disk|tab|list|page|table|registry|keychain|dialog|settings|lid|housing|holder)\b"
)


_OTHER_PAGE = re.compile(r"README|\b(?:man|manual|web) ?pages?\b")


def _where(said: Said) -> Iterator[Candidate]:
    found = _WHERE.fullmatch(said.undefaulted)
    if not found or not _IS_PLACE.match(found["place"]) or _OTHER_PAGE.search(found["place"]):
        return
    if not agrees(found["s"], found["v"]) or found["s"].split()[0].lower() in GERUND:
        return  # "Using `make`, the page is stored in ..."
    if found["s"].endswith((" and", " or", " but")):
        return  # "Entries represent neighbors and are stored in ..."
    if _good_subject(found["s"].replace(",", ""), longest=12):
        asked = f"where {found['v']} {opened(found['s'], said.corpus)} {found['p']}"
        yield from _ask(said, "where", "factual", asked, fact=True)


_WHO = re.compile(
    r"Only (?P<who>(?:an? |the )?(?:[\w-]+ ){0,2}(?:owner|user|admin|administrator|manager|member"
    r"|operator|root|account|customer|developer)s?\b[^,;]*?|people) (?:can|may) (?P<task>.+)",
    re.S,
)


def _who(said: Said) -> Iterator[Candidate]:
    found = _WHO.fullmatch(said.body)
    done = as_task(_short(found["task"]), said.chunk, said.corpus) if found else ""
    if done:
        yield from _ask(said, "who", "factual", f"who can {done}", fact=True)


# What something is, is for, since when, unlike what


_IS_A = re.compile(r"(?P<subject>.+?) is (?P<article>an?|the) (?P<what>.+)", re.S)
_NO_KIND = re.compile(
    r"(?:(?:\w+ )?problem|quite|core|key|vital|essential|integral|fundamental|important"
    r"|way|place|thing|good|great|common|list|set of|example|lot|bit|problem|mistake|reason"
    r"|result|first|second|third|last|same|only|best|one|case|matter|must|better|new|normal|subject"
    r"|prerequisite|possibility|difference|requirement|few|number|recommended|default|preferred"
    r"|most|easiest|simplest|next|main)\b"
)
_OPINION_KIND = re.compile(
    r"\b(?:do|does) (?:just |exactly )?that$"
    r"|^(?:option|parameter|setting|variable|directive|command|file|function|field) (?:in|of|for) "
    r"\S+(?: \S+){0,3}$|\bthank|, so\b"
    r"|^.{0,50}\b(?:relatively|rapidly|very|mature|popular|famous|generic)\b",
    re.S,
)
_NO_TERM = re.compile(
    r"(?:one|chief|first|another|part|much|all|next|previous|other|same|result|goal|idea|reason"
    r"|purpose|difference|problem|advantage|default)\b"
    r"|.*\b(?:to|by|with|for|in|on|at|from|how|why|not|never|worth|among|noting|called|named"
    r"|known)\b|.*\b(?:case|example|way|thing|problem|alternative|approach|solution|idea|word|kind"
    r"|sort|type)$"
    r"|.*\d|\w+ed\b",
    re.I,
)


def _definition(said: Said) -> Iterator[Candidate]:
    found = _IS_A.fullmatch(said.body)
    if not found or len(words(found["what"])) < 5:
        return
    if _NO_KIND.match(found["what"]) or _OPINION_KIND.search(found["what"]):
        return
    subject = found["subject"]
    if is_plural(_plain(subject).split()[-1].lower()) and _plain(subject)[1:].islower():
        return  # "virtual domains is the practice of ..."
    if not _is_term(subject, found["article"], said) or not _is_topic(subject, said):
        return
    if _is_of_this_page(subject, said):
        return
    product = (said.corpus.product, said.corpus.subjects.get(said.chunk.doc_id))
    own = subject in product or _proper(_plain(subject), said.corpus)
    key = _OF_A_KIND.sub("the ", _whole_name(opened(subject, said.corpus), said))
    slots = {"key": key} | ({"place": ""} if own else {})
    yield _candidate(said, "definition", "conceptual", "definition", slots)


_ONE_NOUN = re.compile(r"(?:An?|The) (?:[a-z]+|[A-Z]+)")
_OF_A_KIND = re.compile(r"^(?=(?:class|interface|function|method|module) `[^`]+`$)")


def _is_of_this_page(subject: str, said: Said) -> bool:
    """Whether a noun alone ("a document") means that of its page only, which nothing tells.

    No product is known or a class is described, and no heading has the noun.
    """
    local = not said.placed or bool(said.corpus.members.get(said.chunk.doc_id))
    titles = " ".join(said.statement.block.heading_path)
    if _in_member(said) and re.search(rf"\([^()]*\b{re.escape(subject)}\b", titles):
        return True  # a parameter of the function
    return local and bool(_ONE_NOUN.fullmatch(subject)) and not _roots(subject) & _roots(titles)


def _whole_name(subject: str, said: Said) -> str:
    """A property with the type that the page's title names before it ("TDataset.FileName")."""
    title = said.chunk.heading_path[0]
    of, mark, name = title.rpartition(".")
    own = mark and name.casefold() == subject.casefold() and re.fullmatch(r"[\w.]+", of)
    return f"`{title}`" if own else subject


def _plain(subject: str) -> str:
    return re.sub(r"^(?:An?|The) ", "", subject)


def _is_term(subject: str, article: str, said: Said) -> bool:
    """Whether "What is SUBJECT?" asks for a definition, not for the value of a description."""
    plain = _plain(subject)
    if (
        len(plain) == 1
        or not _good_subject(subject, longest=6)
        or _NO_TERM.match(CODE.sub("x", plain))
    ):
        return False
    if plain.split()[0].lower() in GERUND:
        return False
    if subject.startswith("The "):
        return ("`" in subject or plain[:1].isupper()) and not (
            " of " in subject and article == "the"
        )
    bare = plain == subject and len(words(subject)) == 1 and article == "the"
    return not bare or subject == said.corpus.product


def _is_topic(subject: str, said: Said) -> bool:
    """Whether the page is about a name: a heading or several sentences speak of it."""
    low = _plain(subject).lower()
    titles = " ".join(said.statement.block.heading_path).lower()
    person = re.fullmatch(r"[A-Z][a-z]+", subject)  # of an example ("Gwen is a user with ...")
    return low in titles or (not person and said.chunk.text.lower().count(low) > 2)


def _proper(name: str, corpus: Corpus) -> bool:
    parts = name.split()
    titled = len(parts) > 1 and all(part[:1].isupper() for part in parts)
    return (
        "`" in name
        or titled
        or any(part[:1].isupper() and part.lower() not in corpus.lower for part in parts)
    )


_LETS = re.compile(
    r"(?P<s>.+?) (?:already |also |then )?"
    r"(?:lets you|allows you to|enables you to|helps you to|helps you) [a-z].+",
    re.S,
)
_USED = re.compile(
    r"(?P<s>.+?) (?P<v>is|are) (?:mainly |only |typically |usually )?used "
    r"(?:to(?! \w+ing\b)|for|as) (?P<for>.+)",  # who is "used to doing" it is no tool
    re.S,
)


def _lets(said: Said) -> Iterator[Candidate]:
    found = _LETS.fullmatch(said.body)
    subject = found["s"] if found else ""
    product = (said.corpus.product, said.corpus.subjects.get(said.chunk.doc_id, ""))
    if not _good_subject(subject, longest=6) or subject in product:
        return
    if not re.match(r"(?:The|An?|Your|`)", subject) or re.search(r"\d\.\d", subject):
        return
    spoken = named(opened(subject, said.corpus), said.chunk, said.corpus)
    if on_topic(spoken, said):
        yield _candidate(said, "lets", "conceptual", "lets", {"key": spoken})


def _used(said: Said) -> Iterator[Candidate]:
    found = _USED.fullmatch(said.body)
    if not found or len(words(found["for"])) < 3 or not agrees(found["s"], found["v"]):
        return
    if _good_subject(found["s"], longest=6) and not _is_of_this_page(found["s"], said):
        asked = f"what {found['v']} {opened(found['s'], said.corpus)} used for"
        yield from _ask(said, "used", "conceptual", asked)


_VERSIONED = re.compile(
    r"(?P<s>.+?) (?P<v>was|were|has been|have been) "
    r"(?P<p>added|introduced|removed|deprecated|renamed|replaced) (?:in|with|since|as of) (?:the )?"
    r"(?:[A-Z][\w.]* )?(?:version |release |v)?\d+(?:\.\d+)+.*",
    re.S,
)


def _version(said: Said) -> Iterator[Candidate]:
    found = _VERSIONED.fullmatch(said.body)
    if found and _good_subject(found["s"]):
        verb = "were" if found["v"] in ("were", "have been") else "was"
        asked = f"in which version {verb} {opened(found['s'], said.corpus)} {found['p']}"
        yield from _ask(said, "version", "factual", asked, fact=True)


_UNLIKE = re.compile(
    r"(?:Unlike|In contrast to|Compared to|Compared with) (?P<other>[^,]+), (?P<main>.+)", re.S
)
_NOBODY = re.compile(r"\b(?:any|other|previous|others|most|many|all)\b")


def _contrast(said: Said) -> Iterator[Candidate]:
    found = _UNLIKE.fullmatch(said.body)
    split = clause(found["main"]) if found else None
    if not found or not split or not _good_subject(split.subject, longest=6):
        return
    other = found["other"]
    if not _good_subject(other, longest=7) or _NOBODY.search(f"{split.subject} {other}".lower()):
        return
    one = named(opened(split.subject, said.corpus), said.chunk, said.corpus)
    plural = is_plural(one.split()[-1].lower()) and split.verb not in ("is", "has", "does")
    slots = {"one": one, "do": "do" if plural else "does"}
    # "between X and Y and Z" cannot be read: another slot, another wording
    slots["others" if " and " in other else "other"] = other
    yield _candidate(said, "contrast", "comparison", "contrast", slots)


# Conditions and reasons


_IF = re.compile(
    r"(?P<conjunction>If|When|Whenever|Once|As soon as) "
    r"(?P<condition>[^,`(]*(?:(?:`[^`]*`|\([^)]*\))[^,`(]*)*), (?:then )?(?P<main>.+)",
    re.S,
)
_MAIN_IF = re.compile(
    r"(?P<main>[^,;]+?) (?P<conjunction>when|whenever|once|as soon as) (?P<condition>[^;]+)", re.S
)
_NO_CONDITION = re.compile(
    rf"\b(?:had|were|would|could|might|should|must|do|does (?!not)"
    rf"|or not|please|then|e\.g|again|as well|too|instead|otherwise"
    rf"|already|still|anyway|{'|'.join(STATES_OF_MIND)})\b|[;:\u2013\u2014]"
    r"|\b(?:will|can|may|shall|is|are|was|has|have)\Z",  # the comma begins an insertion
    re.I,
)
_LOOSE = re.compile(
    r"\b(?:I (?:want|need|like|do not|don't|have|use|choose|prefer|see|are|am)"
    r"|just|that|another|one|same|other|both)\b"
)


_OWN = re.compile(r"\b(?:its|their) ")  # of the subject of the condition itself


def _condition_of(text: str, said: Said) -> str:
    """A condition in the reader's words when it says what it is about, else ""."""
    split = clause(text)
    if split is None or not 4 <= len(words(text)) <= 22:
        return ""
    spoken = named(first_person(opened(text, said.corpus)), said.chunk, said.corpus)
    plain = CODE.sub("x", spoken)
    if _EXAMPLE.search(spoken) or _VARIABLE.search(CODE.sub("Code", spoken)):
        return ""
    if vague(spoken) or has_pronoun(_OWN.sub("", spoken)) or _NO_CONDITION.search(plain):
        return ""
    if bare_singular(opened(split.subject, said.corpus)) and not split.subject.startswith("you"):
        return ""
    if "`" not in spoken and (_LOOSE.search(plain) or (not said.placed and _anybody(split))):
        return ""
    known = telling(spoken) or said.placed
    return spoken if known and on_topic(spoken, said) else ""


_VARIABLE = re.compile(r"(?<![\w'\u2019.-])[b-hj-z](?![\w'\u2019.-])")  # of nobody knows what
_EXAMPLE = re.compile(r"\bexample\.(?:com|org|net)\b")  # hosts of nobody


def _anybody(split: Clause) -> bool:
    """ "A file", "an error": an indefinite subject that could be any."""
    said = words(split.subject)
    return len(said) == 2 and said[0] in ("a", "an") and said[1] in VAGUE


def _slots(condition: str, conjunction: str) -> dict[str, str]:
    low = conjunction.lower()
    return {"condition": condition, "conjunction": low, "Conjunction": low.capitalize()}


_SIGN = re.compile(
    r"\b(?:shows?|reports?|displays?|prints?|appears?|blinks?|flashes|lights?|ends with|fails with"
    r"|answers with|reason is|code is|says)\b"
)
_STATIVE = re.compile(
    r"(?:is|are|was|were|has|have|cannot|does not|do not|belongs?|means?|lies?|contains?|points?"
    r"|lacks?)\b"
)


def _condition(said: Said) -> Iterator[Candidate]:
    """ "If A, B." asks what happens if A, or what it means if A shows."""
    found = _IF.fullmatch(said.body)
    condition = _condition_of(found["condition"], said) if found else ""
    if not found or not condition or not _consequence(found["main"], condition, said):
        return
    split = clause(opened(found["main"], said.corpus))
    stative = split is not None and _STATIVE.match(f"{split.verb} {split.rest}")
    sign = _SIGN.search(condition) and stative and found["conjunction"] in ("If", "When")
    slots = _slots(condition, found["conjunction"])
    yield _candidate(said, "condition", "conceptual", "sign" if sign else "condition", slots)


_ORDER = re.compile(
    r"(?:then |just |simply |first |please )?(?P<verb>[a-z]+) "
    r"(?:the|a|an|your|whether|if|that|for|all|any|`|it|this|out)\b"
)
_ADVICE = re.compile(
    r"(?:you|there|make sure|we|this|that|please)\b"
    r"|(?:\w+ ){1,6}(?:is|are) (?:recommended|possible|necessary|required|important|useful|best"
    r"|likely)\b"
)


# The rest of an enumeration that began before the comma ("If `-a`, `-s`, and `-u` are absent").
_LISTED = re.compile(r"(?:[^\s,]+ ){0,2}[^\s,]+, (?:[^\s,]+(?: [^\s,]+){0,2}, )*(?:and|or)\b")


# What no main clause begins with here: "Once A is B C cannot be changed, as ..." has it before.
_NO_MAIN = re.compile(
    r"(?:it|they|but|and|or|otherwise|not|as|because|since|which|whereas|unless|so that)\b"
)


def _consequence(main: str, condition: str, said: Said) -> bool:
    """Whether a main clause says what happens (not what one may, should or must do)."""
    split, plain = clause(opened(main, said.corpus)), main.lower()
    if split is None or _instructs(main) or len(words(main)) < 5 or _ADVICE.match(plain):
        return False
    if re.search(r"\b(?:allows?|lets?|specific|certain|some)\b", plain):
        return False
    if split.verb.lower() in ("should", "must", "may", "might", "could", "would", "can"):
        return False
    if _NO_MAIN.match(main) or _LISTED.match(main):
        return False
    if re.match(r"(?:its|their)\b", main) and not re.search(r"\b(?:an?|the) ", condition):
        return False
    first, order = plain.split()[0], _ORDER.match(plain)
    if first in THIRD and _GOES_ON_LISTING.search(plain):  # "When A does b, does c, or does d, it"
        return False
    return (first not in VERBS or first in NOUN_VERBS) and not (order and order["verb"] in VERBS)


# A main clause before "when" that makes it a question ("tells when"), a limit or a reservation.
_EMBEDS = re.compile(
    r"\b(?:only|even|except|than|as|and|or|not|unlike|successful|possible|useful|necessary|required"
    r"|works?|applies|apply|holds?|helps?|valid)$"
    r"|\b(?:check|checks|see|sees|whether|decides?|states?|says?|tells?|shows?|defines?|determines?"
    r"|knows?|specif(?:y|ies)|indicates?|counts?|prefers?|expects?|assumes?|requires?)\b",
    re.I,
)


_GOES_ON_LISTING = re.compile(r", (?:or|and) [a-z]+s\b")


def _condition_last(said: Said) -> Iterator[Candidate]:
    """ "B when A." asks what happens when A."""
    found = _MAIN_IF.fullmatch(said.body)
    if not found or _EMBEDS.search(found["main"].strip()):
        return
    split = clause(found["main"])
    if split is None or not split.base or not _good_subject(split.subject, alone=False):
        return
    condition = _condition_of(_short(found["condition"]), said)
    if condition and not _instructs(opened(found["main"], said.corpus)):
        slots = _slots(condition, found["conjunction"])
        yield _candidate(said, "condition", "conceptual", "condition", slots)


def _what_to_do(said: Said) -> Iterator[Candidate]:
    """ "If A, do B." asks what to do."""
    found = _IF.fullmatch(said.body)
    condition = _condition_of(found["condition"], said) if found else ""
    if found and condition and _instructs(found["main"]):
        slots = _slots(condition, found["conjunction"])
        yield _candidate(said, "instruction", "troubleshooting", "instruction", slots)


_BECAUSE = re.compile(r"(?P<main>[^,;:]+),? because (?P<reason>.+)", re.S)
_NO_WHY = re.compile(
    r"(?:If|When|To|Because|Only|In|On|For|Do|Use|By|With)\b"
    r"|.*\b(?:may|might|should|probably|not only|also|been|no longer)\b"
)


def _because(said: Said) -> Iterator[Candidate]:
    found = _BECAUSE.fullmatch(said.body)
    if not found or has_pronoun(found["main"]) or _NO_WHY.match(found["main"]):
        return
    split = clause(found["main"])
    if split is None or not _good_subject(split.subject) or len(words(found["main"])) > 16:
        return
    if len(words(found["reason"])) >= 4:
        subject = opened(split.subject, said.corpus)
        asked = question(Clause(subject, split.adverb, split.verb, split.base, split.rest))
        yield from _ask(said, "because", "conceptual", f"why {asked}")


_STRICT: tuple[Family, ...] = (
    _can_by, _passive_by, _i_cannot, _yes_no, _by_default, _limit, _limited, _defaults, _how_many,
    _how_long, _how_often, _where, _who, _definition, _lets, _used, _version, _contrast, _condition,
    _condition_last,
)  # fmt: skip
_BROAD: tuple[Family, ...] = (_what_to_do, _because)
