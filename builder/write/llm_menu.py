"""What a model is asked for: the prompt files as a menu, and its requests as text.

prompts/writer.md is the frame of a request about one passage, two_chunks.md of one about two. Every
file of questions/ is a question type, every file of unanswerable/ a kind of question that has no
plain answer. A new file there is a new type; nothing here names one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any, get_args

from builder.config import WriteSettings
from builder.errors import SettingsError
from builder.prompts import Prompts, fill, parse
from builder.records import Behaviour, Chunk, make_id

FRAME = "writer.md"
FRAME_OF_TWO = "two_chunks.md"
SCHEMA = "schemas/pairs.schema.json"
FOLDERS = ("questions", "unanswerable", "answers", "examples", "examples/two_chunks", "schemas")
USER_LINE = "\n===== user =====\n"  # in a frame, between the system's and the user's message
SOURCE = "source"  # in [write] languages: the language of the passage
MAX_TITLE = 200  # characters shown of a title or heading
LEAST, MOST, PER_PAIR = 3, 8, 60  # pairs of one request: one for so many tokens, within these
OF_TWO = 2  # the same for two passages

# What a schema of replies must require of their entries.
_FIELDS = {
    "pairs": {"type", "evidence", "question", "answer"},
    "unanswerable": {"kind", "type", "about", "attribute", "question"},
    "skipped": {"type", "reason"},
}
_STYLE = ("askers", "registers", "lengths", "situations")  # lists of a frame's head to draw from
_STYLE_DEFAULT = {
    "askers": "a user of the product",
    "registers": "everyday words",
    "lengths": "short",
    "situations": "",
}

# What some chat template takes for the end of a message; in the prompt its first character is
# followed by a zero-width space, which find_quote does not see.
_CONTROL = re.compile(
    r"<(?=\|[^|<>\n]{1,40}\|>|/?s>|</?SYS>>|(?:start|end)_of_turn>|/?think(?:ing)?>)|\[(?=/?INST\])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A question type or a kind of question without a plain answer, from its file.

    of:      the question type that a kind looks like.
    most:    of one reply. chunks: passages that it needs, 1 or 2.
    places:  the evidence must come from that many places. follows: it continues another pair.
    number:  its answer holds a number. yes_no: its answer begins with yes or no.
    weight:  how often a kind is drawn, beside the others that are answered or refused like it.
    fact:    see Draft.fact. elsewhere: what it is about need not stand in the passage.
    """

    name: str
    title: str
    answerable: bool
    behaviour: Behaviour
    of: str
    most: int
    chunks: int
    places: int
    follows: bool
    number: bool
    yes_no: bool
    fact: bool
    elsewhere: bool
    weight: int
    template: str

    @classmethod
    def read(cls, file: str, prompts: Prompts) -> Type:
        """The type in a prompt file. Raises SettingsError when its head is not right."""
        head, template = parse(prompts.text(file))
        answerable = file.startswith("questions/")
        read = cls(
            name=str(head.get("name", "")),
            title=str(head.get("title", "")),
            answerable=answerable,
            behaviour=head.get("behaviour", "answer" if answerable else "refuse"),
            of=str(head.get("type", "factual")),
            template=template.strip(),
            **{name: head.get(name, 1) for name in ("most", "chunks", "places", "weight")},
            **{
                name: head.get(name, False) is True
                for name in ("follows", "number", "yes_no", "fact", "elsewhere")
            },
        )
        counts = (read.most, read.chunks, read.places, read.weight)
        if not re.fullmatch(r"[a-z][a-z0-9_]*", read.name) or not all(
            isinstance(number, int) and number >= 1 for number in counts
        ):
            raise SettingsError(
                f"prompts/{file}: its head lacks a name in lower case, or `most` is no number",
                'Begin the file with +++, name = "...", +++ as the other files there do.',
            )
        if read.behaviour not in get_args(Behaviour) or answerable != (read.behaviour == "answer"):
            raise SettingsError(
                f"prompts/{file}: behaviour = {read.behaviour!r} is not known there",
                f"In questions/ it is answer, in unanswerable/ one of: "
                f"{', '.join(name for name in get_args(Behaviour) if name != 'answer')}.",
            )
        return read

    @property
    def replies(self) -> bool:
        """Whether the model writes its answer; it does not write plain refusals."""
        return self.behaviour != "refuse"

    def section(self) -> str:
        """Its part of the system message."""
        return f"## {self.name}: {self.title} (at most {self.most})\n\n{self.template}"


Types = dict[str, Type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Everything that can be asked for.

    types: of one passage; linked: of two; follow_ups: what continues a pair; kinds: questions
    without a plain answer. All by name. hash: of the prompt files.
    """

    types: Types
    linked: Types
    follow_ups: Types
    kinds: Types
    schema: str
    hash: str
    frames: Mapping[str, Frame]
    examples: Mapping[str, Mapping[str, str]]
    answers: str
    languages: Mapping[str, str]

    @classmethod
    def read(cls, prompts: Prompts, settings: WriteSettings, answer_schema: str = "") -> Menu:
        """The menu that the settings ask for. Raises SettingsError for an unknown type.

        answer_schema: JSON Schema of the answers as text, for answers = json.
        """
        asked = _wanted(_by_name("questions", prompts), settings.types, "types")
        kinds = _wanted(_by_name("unanswerable", prompts), settings.kinds, "kinds")
        plain = {n: t for n, t in asked.items() if t.chunks == 1 and not t.follows}
        follow_ups = {n: t for n, t in asked.items() if t.follows}
        if settings.answers == "json":
            kinds = {name: kind for name, kind in kinds.items() if not kind.replies}
        if settings.answers == "quotes":
            follow_ups = {}
        head, _ = parse(prompts.text(FRAME))
        linked = {n: t for n, t in asked.items() if t.chunks > 1}
        in_pairs = {**plain, **linked, **follow_ups, **_with_reply(kinds)}
        examples = {
            frame: {} if settings.answers == "json" else _examples(folder, prompts)
            for frame, folder in ((FRAME, "examples"), (FRAME_OF_TWO, "examples/two_chunks"))
        }
        return cls(
            types=plain,
            linked=linked,
            follow_ups=follow_ups,
            kinds=kinds,
            schema=_schema(
                prompts.text(SCHEMA), plain, in_pairs, _without_reply(kinds), answer_schema
            ),
            hash=prompts.hash(*files(prompts)),
            frames={name: Frame.read(name, prompts) for name in (FRAME, FRAME_OF_TWO)},
            examples=examples,
            answers=prompts.text(
                "answers/json.md" if settings.answers == "json" else "answers/plain.md"
            ).strip(),
            languages={str(k): str(v) for k, v in dict(head.get("languages", {})).items()},
        )

    def of_one(self) -> Types:
        """What may stand in `pairs` of a reply about one passage."""
        return {**self.types, **self.follow_ups, **_with_reply(self.kinds)}

    def kinds_now(self, chunk: Chunk, lang: str, seed: int, sample: int) -> list[str]:
        """One kind that is refused and one that is replied to, drawn by seed.

        No reply in another language than the chunk's: no search could tell whether it is true.
        """
        found = []
        for replies in (False, True) if lang == chunk.lang else (False,):
            names = [n for n, k in sorted(self.kinds.items()) if k.replies == replies]
            names = [name for name in names for _ in range(self.kinds[name].weight)]
            Random(make_id(str(seed), chunk.id, f"kinds {replies}")).shuffle(names)
            found += [names[sample % len(names)]] if names else []
        return found

    def system(self, frame: str, lang: str) -> str:
        """The system message of a frame: equal for all passages that are written in lang."""
        types = self.types if frame == FRAME else self.linked
        examples = self.examples[frame]
        return fill(
            self.frames[frame].system,
            questions=_sections(types),
            follow_up=_sections(self.follow_ups),
            unanswerable=_sections(self.kinds),
            answers=self.answers,
            types=_listed(types),
            asked=_listed(self.of_one()),
            kinds=_listed(_without_reply(self.kinds)),
            example=examples.get(lang) or examples.get("en") or "None.",
        ).strip()

    def language(self, lang: str) -> str:
        """How a language is called in a prompt."""
        return self.languages.get(lang, lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The two messages of a request as templates, and what the style of a request is drawn from."""

    system: str
    user: str
    style: Mapping[str, tuple[str, ...]]
    also: str
    other_language: str

    @classmethod
    def read(cls, name: str, prompts: Prompts) -> Frame:
        """A frame from its file. Raises SettingsError when it lacks what a frame must have."""
        head, text = parse(prompts.text(name))
        style_head = head if name == FRAME else parse(prompts.text(FRAME))[0]
        system, line, user = text.partition(USER_LINE)
        needed = "{passage}" if name == FRAME else "{second}"
        style = {key: style_head.get(key) or [_STYLE_DEFAULT[key]] for key in _STYLE}
        if not line or needed not in user or not all(isinstance(v, list) for v in style.values()):
            raise SettingsError(
                f"prompts/{name}: no line {USER_LINE.strip()!r}, no {needed} after it, "
                "or askers is no list",
                "Compare it with the packaged file.",
            )
        said = {key: tuple(map(str, values)) for key, values in style.items()}
        return cls(
            system=system,
            user=user.strip(),
            style=said,
            also=str(style_head.get("also", "{unanswerable}")).strip(),
            other_language=str(style_head.get("other_language", "")),
        )

    def drawn(self, draw: Random) -> dict[str, str]:
        """One entry of each list, for the placeholders {asker}, {register}, ..."""
        return {key.removesuffix("s"): draw.choice(values) for key, values in self.style.items()}


def files(prompts: Prompts) -> list[str]:
    """The names of all prompt files that decide what is asked."""
    names = [name for folder in FOLDERS for name in prompts.names(folder)]
    return [FRAME, FRAME_OF_TWO, *(name for name in names if name.endswith((".md", ".json")))]


def language_for(chunk: Chunk, settings: WriteSettings, seed: int, sample: int) -> str:
    """The language to write in about a chunk; several languages take turns over the samples."""
    names = settings.languages or (SOURCE,)
    first = int(make_id(str(seed), chunk.id, "language"), 16)
    name = names[(first + sample) % len(names)]
    return chunk.lang if name == SOURCE else name


def most_pairs(chunk: Chunk, settings: WriteSettings) -> int:
    """How many pairs to ask for: more of a longer chunk."""
    most = min(MOST, max(LEAST, chunk.n_tokens // PER_PAIR))
    return min(most, settings.max_per_chunk) if settings.max_per_chunk else most


def user_of_one(
    chunk: Chunk, menu: Menu, settings: WriteSettings, lang: str, seed: int, sample: int
) -> str:
    """The user's message about one chunk."""
    frame = menu.frames[FRAME]
    source, passage = _harmless(_source(chunk, settings.product)), _harmless(chunk.text)
    kinds = {name: menu.kinds[name] for name in menu.kinds_now(chunk, lang, seed, sample)}
    return _filled(
        frame.user,
        id=_absent(f"{source}\n{passage}"),
        source=source,
        passage=passage,
        also=fill(frame.also, unanswerable=_sections(kinds)) if kinds else "",
        limit=str(most_pairs(chunk, settings)),
        **_language(lang, chunk.lang, menu),
        **frame.drawn(Random(make_id(str(seed), chunk.id, f"asker {sample}"))),
    )


def user_of_two(
    chunks: tuple[Chunk, Chunk],
    menu: Menu,
    settings: WriteSettings,
    lang: str,
    seed: int,
    sample: int,
) -> str:
    """The user's message about two related chunks."""
    frame = menu.frames[FRAME_OF_TWO]
    sources = [_harmless(_source(chunk, settings.product)) for chunk in chunks]
    texts = [_harmless(chunk.text) for chunk in chunks]
    draw = Random(make_id(str(seed), *(chunk.id for chunk in chunks), f"asker {sample}"))
    return _filled(
        frame.user,
        id=_absent("\n".join([*sources, *texts])),
        source_first=sources[0],
        source_second=sources[1],
        first=texts[0],
        second=texts[1],
        limit=str(OF_TWO),
        **_language(lang, chunks[0].lang, menu),
        **frame.drawn(draw),
    )


def _filled(template: str, **values: str) -> str:
    """fill, without the blanks and empty lines that empty values leave; passages stay as are."""
    empty = {name: "" for name, value in values.items() if not value}
    said = re.sub(r"[ \t]+(?=\n)|\n(?=\n\n)", "", fill(template, **empty))
    return fill(said, **values)


def _language(lang: str, source: str, menu: Menu) -> dict[str, str]:
    other = "" if lang == source else menu.frames[FRAME].other_language
    return {"language": menu.language(lang), "other_language": other}


def _source(chunk: Chunk, product: str) -> str:
    title, *sections = (" ".join(heading.split())[:MAX_TITLE] for heading in chunk.heading_path)
    lines = {
        "Product": " ".join(product.split()),
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


def _examples(folder: str, prompts: Prompts) -> dict[str, str]:
    return {
        name.rsplit("/", 1)[-1].removesuffix(".md"): prompts.text(name).strip()
        for name in prompts.names(folder)
        if name.endswith(".md")
    }


def _by_name(folder: str, prompts: Prompts) -> Types:
    names = (name for name in prompts.names(folder) if name.endswith(".md"))
    return {read.name: read for read in (Type.read(name, prompts) for name in names)}


def _wanted(types: Types, names: Sequence[str], setting: str) -> Types:
    unknown = [name for name in names if name not in types]
    if unknown:
        raise SettingsError(
            f"[write] {setting}: there is no {unknown[0]!r}", f"Known: {', '.join(types)}."
        )
    return {name: found for name, found in types.items() if not names or name in names}


def _with_reply(kinds: Types) -> Types:
    return {name: kind for name, kind in kinds.items() if kind.replies}


def _without_reply(kinds: Types) -> Types:
    return {name: kind for name, kind in kinds.items() if not kind.replies}


def _sections(types: Types) -> str:
    return "\n\n".join(found.section() for found in types.values())


def _listed(types: Types) -> str:
    return ", ".join(f'"{name}"' for name in types)


def _schema(template: str, types: Types, asked: Types, kinds: Types, answer: str) -> str:
    """The schema of the reply with the names filled in, as compact JSON text."""
    named = template
    for name, found in (("types", types or asked), ("asked", asked), ("kinds", kinds)):
        named = named.replace(f'"{{{name}}}"', _listed(found) or '""')
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
    if answer:
        schema["properties"]["pairs"]["items"]["properties"]["answer"] = _answer_schema(answer)
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"))


def _answer_schema(text: str) -> Any:  # a JSON Schema
    try:
        schema = json.loads(text)
    except json.JSONDecodeError as err:
        raise SettingsError(f"[write] answer_schema: not valid JSON: {err}", "Mend it.") from err
    if not isinstance(schema, dict) or schema.get("type") != "object" or '"$ref"' in text:
        raise SettingsError(
            '[write] answer_schema: not of "type": "object", or with a "$ref"',
            "Give the schema of one object, with everything written out in place.",
        )
    return {name: value for name, value in schema.items() if name != "$schema"}
