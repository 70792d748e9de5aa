"""The writer that asks a model: one request per chunk and sample, its reply becomes drafts.

What it asks for stands in prompts/: writer.md is the frame, every file of questions/ a question
type, every file of unanswerable/ a way to ask what the passage does not answer. A new file there is
a new type; nothing here names one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any, get_args

from builder.config import ModelSettings, WriteSettings
from builder.errors import SettingsError
from builder.llm import Message, Reply, Request, request_for
from builder.prompts import Prompts, fill, parse
from builder.records import Behaviour, Chunk, Draft, Evidence, Failure, Origin, make_id
from builder.text import Span, find_quote, fold

Ask = Callable[[Iterable[Request]], Iterator[tuple[Request, Reply | Failure]]]

FRAME = "writer.md"
SCHEMA = "schemas/pairs.schema.json"
USER_LINE = "\n===== user =====\n"  # in the frame, between the system's and the user's message
STAGE = "write"
MAX_TITLE = 200  # characters shown of a title or heading
MAX_DETAIL = 300  # characters of a reply that a failure repeats

# What a schema of replies must require of their entries.
_FIELDS = {
    "pairs": {"type", "evidence", "question", "answer"},
    "unanswerable": {"kind", "type", "about", "attribute", "question"},
    "skipped": {"type", "reason"},
}

_Object = dict[str, Any]  # an object of a reply that the schema has checked

# What some chat template takes for the end of a message; in the prompt its first character is
# followed by a zero-width space, which find_quote does not see.
_CONTROL = re.compile(
    r"<(?=\|[^|<>\n]{1,40}\|>|/?s>|</?SYS>>|(?:start|end)_of_turn>|/?think(?:ing)?>)|\[(?=/?INST\])"
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def write(
    chunks: Sequence[Chunk],
    *,
    ask: Ask,
    prompts: Prompts,
    settings: WriteSettings,
    model: ModelSettings,
    seed: int,
) -> Iterator[Draft | Failure]:
    """The drafts of all chunks in order, and a failure for whatever gave none.

    A failed request is a failure (`failed`). A pair that breaks the rules (a quote that is not in
    the chunk, an empty answer, a repeated question) and a type that the model skipped are known
    losses: failures with `failed` False.
    """
    menu = _Menu.read(prompts, settings)
    by_id = {chunk.id: chunk for chunk in chunks}
    written: Counter[str] = Counter()  # answerable drafts by chunk
    for request, result in ask(_requests(chunks, menu, settings, model, seed)):
        if isinstance(result, Failure):
            yield result
            continue
        reading = _Reading(by_id[request.chunk_id], request, menu, model.name)
        if settings.max_per_chunk:
            reading.room = settings.max_per_chunk - written[request.chunk_id]
        for found in reading.results(json.loads(result.text)):
            if isinstance(found, Draft) and found.kind is None:
                written[request.chunk_id] += 1
            yield found


def requests_for(
    chunks: Iterable[Chunk],
    *,
    prompts: Prompts,
    settings: WriteSettings,
    model: ModelSettings,
    seed: int,
) -> Iterator[Request]:
    """The requests that `write` would ask, for counting them and their tokens."""
    return _requests(chunks, _Menu.read(prompts, settings), settings, model, seed)


def _requests(
    chunks: Iterable[Chunk], menu: _Menu, settings: WriteSettings, model: ModelSettings, seed: int
) -> Iterator[Request]:
    for chunk in chunks:
        for sample in range(model.samples):
            yield request_for(
                (
                    Message(role="system", content=menu.system),
                    Message(role="user", content=_user(chunk, menu, settings, seed, sample)),
                ),
                schema=menu.schema,
                chunk_id=chunk.id,
                model=model,
                sample=sample,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """A question type or a kind of unanswerable question, from its file."""

    name: str
    title: str
    answerable: bool
    behaviour: Behaviour
    most: int
    fact: bool
    template: str

    @classmethod
    def read(cls, file: str, prompts: Prompts) -> _Type:
        """The type in a prompt file. Raises SettingsError when its head is not right."""
        head, template = parse(prompts.text(file))
        read = cls(
            name=str(head.get("name", "")),
            title=str(head.get("title", "")),
            answerable=head.get("answerable", True) is True,
            behaviour=head.get("behaviour", "answer"),
            most=head.get("most", 1),
            fact=head.get("fact", False) is True,
            template=template.strip(),
        )
        counted = isinstance(read.most, int) and read.most >= 1
        if not re.fullmatch(r"[a-z][a-z0-9_]*", read.name) or not counted:
            raise SettingsError(
                f"prompts/{file}: its head lacks a name in lower case, or `most` is no number",
                'Begin the file with +++, name = "...", +++ as the other files there do.',
            )
        if read.behaviour not in get_args(Behaviour):
            raise SettingsError(
                f"prompts/{file}: behaviour = {read.behaviour!r} is not known",
                f"One of: {', '.join(get_args(Behaviour))}.",
            )
        return read

    def section(self) -> str:
        """Its part of the system message."""
        return f"## {self.name}: {self.title} (at most {self.most})\n\n{self.template}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Menu:
    """Everything that is asked for, the same for all chunks.

    types, kinds: question types and kinds of unanswerable questions by name.
    user:         template of the user's message; askers: who may be asking.
    hash:         of the prompt files.
    """

    types: dict[str, _Type]
    kinds: dict[str, _Type]
    system: str
    user: str
    askers: tuple[str, ...]
    schema: str
    hash: str

    @classmethod
    def read(cls, prompts: Prompts, settings: WriteSettings) -> _Menu:
        """The menu that the settings ask for. Raises SettingsError for an unknown type."""
        questions, unanswerable = _files(prompts, "questions"), _files(prompts, "unanswerable")
        types = _wanted(_by_name(questions, prompts), settings.types)
        kinds = _by_name(unanswerable, prompts)
        head, frame = parse(prompts.text(FRAME))
        system, line, user = frame.partition(USER_LINE)
        askers = head.get("askers") or ["a user of the product"]
        if not line or "{passage}" not in user or not isinstance(askers, list):
            raise SettingsError(
                f"prompts/{FRAME}: no line {USER_LINE.strip()!r}, no {{passage}} after it, "
                "or askers is no list",
                "Compare it with the packaged file.",
            )
        return cls(
            types=types,
            kinds=kinds,
            system=fill(
                system,
                questions=_sections(types),
                unanswerable=_sections(kinds),
                types=_listed(types),
                kinds=_listed(kinds),
            ).strip(),
            user=user.strip(),
            askers=tuple(str(asker) for asker in askers),
            schema=_schema(prompts.text(SCHEMA), types, kinds),
            hash=prompts.hash(FRAME, SCHEMA, *questions, *unanswerable),
        )


class _Reading:
    """One reply turned into drafts and failures.

    room: how many answerable drafts the chunk may still have, None for no limit.
    """

    def __init__(self, chunk: Chunk, request: Request, menu: _Menu, model: str) -> None:
        self.room: int | None = None
        self._chunk = chunk
        self._request = request
        self._menu = menu
        self._model = model
        self._asked: set[str] = set()  # folded questions of this reply
        self._counts: Counter[str] = Counter()

    def results(self, said: _Object) -> Iterator[Draft | Failure]:
        """Drafts and failures in the order of the reply, then the types that it passes over."""
        for entry in said["pairs"]:
            yield self._pair(entry)
        for entry in said["unanswerable"]:
            yield self._unanswerable(entry)
        mentioned = {entry["type"] for entry in said["pairs"]}
        mentioned |= {entry["kind"] for entry in said["unanswerable"]}
        for entry in said["skipped"]:
            if entry["type"] not in mentioned:
                yield self._skipped(entry["type"], "skipped_type", entry["reason"])
                mentioned.add(entry["type"])
        for name in (*self._menu.types, *self._menu.kinds):
            if name not in mentioned:
                yield self._skipped(name, "missing_type", "neither written nor skipped")

    def _pair(self, entry: _Object) -> Draft | Failure:
        asked = self._menu.types[entry["type"]]
        question, answer = _one_line(entry["question"]), _clean(entry["answer"])
        if not answer:
            return self._lost(asked.name, "empty", question)
        fault = self._fault(asked, question)
        if fault:
            return self._lost(asked.name, fault, question)
        spans = [_place(quote, self._chunk.text) for quote in entry["evidence"] if quote.strip()]
        if not spans:
            return self._lost(asked.name, "no_evidence", question)
        if None in spans:
            quote = entry["evidence"][spans.index(None)]
            return self._lost(asked.name, "quote_not_found", f"{question} | {_one_line(quote)}")
        if self.room is not None and self._written() >= self.room:
            return self._lost(asked.name, "over_limit", question)
        self._took(asked, question)
        found = sorted({span for span in spans if span is not None})
        return self._draft(asked, asked.name, question, answer=answer, spans=found)

    def _unanswerable(self, entry: _Object) -> Draft | Failure:
        asked = self._menu.kinds[entry["kind"]]
        question, attribute = _one_line(entry["question"]), _one_line(entry["attribute"])
        fault = self._fault(asked, question) or ("" if attribute else "empty")
        if fault:
            return self._lost(asked.name, fault, question)
        self._took(asked, question)
        about = _one_line(entry["about"])
        return self._draft(asked, entry["type"], question, key=attribute, noun=about)

    def _fault(self, asked: _Type, question: str) -> str:
        if not question:
            return "empty"
        if fold(question) in self._asked:
            return "duplicate"
        return "over_limit" if self._counts[asked.name] >= asked.most else ""

    def _took(self, asked: _Type, question: str) -> None:
        self._asked.add(fold(question))
        self._counts[asked.name] += 1

    def _written(self) -> int:
        return sum(self._counts[name] for name in self._menu.types)

    def _draft(
        self,
        asked: _Type,
        type_name: str,
        question: str,
        *,
        answer: str = "",
        spans: Sequence[Span] = (),
        key: str = "",
        noun: str = "",
    ) -> Draft:
        text = self._chunk.text
        return Draft(
            id=make_id("draft", self._chunk.id, type_name, question, str(self._request.sample)),
            chunk_ids=(self._chunk.id,),
            type=type_name,
            behaviour=asked.behaviour,
            lang=self._chunk.lang,
            question=question,
            answer=answer,
            evidence=tuple(
                Evidence(passage=0, start=start, end=end, quote=text[start:end])
                for start, end in spans
            ),
            origin=Origin(
                writer="llm", rule=asked.name, template=self._menu.hash, model=self._model
            ),
            kind=None if asked.answerable else asked.name,
            key=key,
            noun=noun,
            fact=asked.fact,
        )

    def _lost(self, name: str, reason: str, detail: str) -> Failure:
        return Failure(
            stage=STAGE,
            key=make_id("lost", self._request.key, name, reason, detail),
            chunk_id=self._chunk.id,
            reason=reason,
            detail=f"{name}: {detail}"[:MAX_DETAIL],
            failed=False,
        )

    def _skipped(self, name: str, reason: str, detail: str) -> Failure:
        return self._lost(name, reason, _one_line(detail))


def _user(chunk: Chunk, menu: _Menu, settings: WriteSettings, seed: int, sample: int) -> str:
    source, passage = _harmless(_source(chunk, settings.product)), _harmless(chunk.text)
    draw = Random(make_id(str(seed), chunk.id, f"asker {sample}"))
    most = settings.max_per_chunk
    return fill(
        menu.user,
        id=_absent(f"{source}\n{passage}"),
        source=source,
        passage=passage,
        asker=draw.choice(menu.askers),
        limit=f" At most {most} entries in `pairs`." if most else "",
    )


def _source(chunk: Chunk, product: str) -> str:
    title, *sections = (_one_line(heading)[:MAX_TITLE] for heading in chunk.heading_path)
    lines = {
        "Product": _one_line(product),
        "Document": title,
        "Section": " > ".join(sections),
        "Language": "" if chunk.lang == "und" else chunk.lang,
    }
    return "\n".join(f"{name}: {said}" for name, said in lines.items() if said)


def _absent(text: str) -> str:
    """A short word that text does not hold, so that nothing in it can pass for our tag."""
    words = (make_id("tag", text, str(attempt))[:6] for attempt in count())
    return next(word for word in words if word not in text)


def _harmless(text: str) -> str:
    """Text that cannot end a message of a chat template; quotes of it are still found."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub(lambda found: f"{found[0]}\u200b", text)


def _clean(text: str) -> str:
    """What a model wrote, without invisible and control characters."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
    return _INVISIBLE.sub("", text).strip()


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())


def _place(quote: str, text: str) -> Span | None:
    """Where a quote stands, with or without the quotation marks that a model may put around it."""
    return find_quote(quote.strip(), text) or find_quote(quote.strip(" \n\"'„“”‚‘’«»"), text)


def _files(prompts: Prompts, folder: str) -> list[str]:
    return [name for name in prompts.names(folder) if name.endswith(".md")]


def _by_name(files: list[str], prompts: Prompts) -> dict[str, _Type]:
    return {read.name: read for read in (_Type.read(file, prompts) for file in files)}


def _wanted(types: dict[str, _Type], names: tuple[str, ...]) -> dict[str, _Type]:
    unknown = [name for name in names if name not in types]
    if unknown:
        raise SettingsError(
            f"[write] types: no question type {unknown[0]!r}", f"Known: {', '.join(types)}."
        )
    return {name: found for name, found in types.items() if not names or name in names}


def _sections(types: dict[str, _Type]) -> str:
    return "\n\n".join(found.section() for found in types.values())


def _listed(types: dict[str, _Type]) -> str:
    return ", ".join(f'"{name}"' for name in types)


def _schema(template: str, types: dict[str, _Type], kinds: dict[str, _Type]) -> str:
    """The schema of the reply with the names filled in, as compact JSON text."""
    named = template.replace('"{types}"', _listed(types)).replace('"{kinds}"', _listed(kinds))
    try:
        schema = json.loads(named)
        for name, fields in _FIELDS.items():
            of_entry = schema["properties"][name]["items"]["required"]
            if name not in schema["required"] or not fields <= set(of_entry):
                raise KeyError(name)
    except json.JSONDecodeError as err:
        raise SettingsError(f"prompts/{SCHEMA}: not valid JSON: {err}", "Mend it.") from err
    except (KeyError, TypeError) as err:
        raise SettingsError(
            f"prompts/{SCHEMA}: does not require pairs, unanswerable and skipped with their fields",
            "Compare it with the packaged file.",
        ) from err
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
