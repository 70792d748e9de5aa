"""A pair as the messages of one row: system prompt, layout and passages, drawn by seed.

The draw depends on the pair's id alone, so it cannot tell answerable from unanswerable rows.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from builder.config import RowSettings
from builder.errors import SettingsError
from builder.prompts import Prompts, fill
from builder.records import AnswerMode, Pair, Passage, make_id

Message = dict[str, str]  # "role" and "content"
Sizer = Callable[[str], int]

NO_SYSTEM = 0.1  # share of rows without a system prompt
PER_MESSAGE, PER_ROW = 4, 3  # tokens that a chat template adds, about (OpenAI cookbook)

_CONTROL = re.compile(
    r"<(?=\|[^|<>\s]{1,40}\|>)|<(?=/?s>)|(?<=\[)(?=/?(?:INST|SYS)\])|<(?=<?/?SYS>>)"
    r"|<(?=(?:start|end)_of_turn>|/?(?:bos|eos|pad|unk|think|tool_call)>)|<(?=\uff5c)"
)
_CLOSING = re.compile(r"<(?=/?document\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way to lay out a row; share in percent."""

    name: str
    share: int
    passage: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of rows: layouts, the label of the question and system prompts by language.

    modes: language -> form of the answers -> the sentence of the system prompt that asks for it.
    """

    layouts: tuple[Layout, ...]
    labels: Mapping[str, str]
    systems: Mapping[str, tuple[str, ...]]
    modes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def load_wording(prompts: Prompts) -> Wording:
    """Read prompts/layouts.toml and prompts/system/*.toml. Raises SettingsError when one is off."""
    data = prompts.toml("layouts.toml")
    try:
        layouts = tuple(
            Layout(
                name=item["name"],
                share=int(item["share"]),
                passage=item["passage"].strip("\n"),
                user=item["user"].strip("\n"),
            )
            for item in data["layout"]
        )
        labels = dict(data["labels"])
        system_files = {
            name.rsplit("/", 1)[-1].removesuffix(".toml"): prompts.toml(name)
            for name in prompts.names("system")
        }
        systems = {lang: tuple(data["prompts"]) for lang, data in system_files.items()}
        modes = {lang: dict(data.get("modes", {})) for lang, data in system_files.items()}
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        raise SettingsError(
            f"prompts/layouts.toml or prompts/system: {err!r} is missing or wrong",
            "Compare with the packaged files.",
        ) from err
    return Wording(layouts=layouts, labels=labels, systems=systems, modes=modes)


def render(pair: Pair, *, rows: RowSettings, wording: Wording, seed: int) -> list[Message]:
    """The messages of a pair's row: system (nine times in ten), history, user, assistant."""
    chance = random.Random(make_id(str(seed), pair.id, "row"))
    system = _system(pair.lang, rows, wording, chance)
    system = _joined(system, _mode(pair.lang, pair.mode, wording))
    layout = _layout(rows, wording, chance)
    question = _safe(pair.question)
    turns = [Message(role=turn.role, content=_safe(turn.content)) for turn in pair.history]
    asked = turns[0]["content"] if turns else question
    user = _user(layout, pair.passages, asked, _label(pair.lang, wording))
    messages = [Message(role="system", content=system)] if system else []
    messages.append(Message(role="user", content=user))
    if turns:
        messages += [*turns[1:], Message(role="user", content=question)]
    messages.append(Message(role="assistant", content=neutral(pair.answer)))
    return messages


def layout_of(pair: Pair, *, rows: RowSettings, wording: Wording, seed: int) -> str:
    """The name of the layout that `render` draws for a pair ("own" for [rows] template)."""
    chance = random.Random(make_id(str(seed), pair.id, "row"))
    _system(pair.lang, rows, wording, chance)
    return _layout(rows, wording, chance).name


def n_tokens(messages: Sequence[Message], size: Sizer) -> int:
    """The tokens of a row: its contents and about what a chat template adds."""
    return PER_ROW + sum(PER_MESSAGE + size(message["content"]) for message in messages)


def neutral(text: str) -> str:
    """Text in which no control token of a chat template is one any more ("< |im_end|>")."""
    return _CONTROL.sub(lambda found: found[0] + " ", text)


def serving(wording: Wording, rows: RowSettings, mode: AnswerMode = "plain") -> str:
    """The exact prompt to use at inference, as Markdown for serving.md; mode: see Pair.mode."""
    layout = Layout(name="own", share=100, passage=wording.layouts[0].passage, user=rows.template)
    layout = layout if rows.template else wording.layouts[0]
    systems = {"all languages": (rows.system,)} if rows.system else wording.systems
    parts = [
        "# The prompt to use with a model trained on this dataset",
        "System prompt, exactly:",
        *(
            f"{lang}:\n\n```\n{_joined(prompts[0], _mode(lang, mode, wording))}\n```"
            for lang, prompts in systems.items()
        ),
        "User message, with every passage laid out as shown and the question in its place:",
        f"Each passage:\n\n```\n{layout.passage}\n```",
        f"The message:\n\n```\n{layout.user}\n```",
        "`{n}` counts the passages from 1, `{title}` is the heading path joined by ` > `, "
        "`{text}` the passage. Passages are joined by a blank line. "
        "Inside a passage write `&lt;` for the `<` of `</document>`, in a title `'` for `\"`.",
    ]
    return "\n\n".join(parts) + "\n"


def _system(lang: str, rows: RowSettings, wording: Wording, chance: random.Random) -> str:
    without, draw = chance.random() < NO_SYSTEM, chance.random()
    if rows.system:
        return rows.system
    variants = wording.systems.get(lang) or wording.systems["en"]
    return "" if without else variants[int(draw * len(variants))]


def _mode(lang: str, mode: AnswerMode, wording: Wording) -> str:
    """What the system prompt says of the form of the answer; a row never goes without it."""
    modes = wording.modes.get(lang) or wording.modes.get("en") or {}
    return modes.get(mode, "")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _layout(rows: RowSettings, wording: Wording, chance: random.Random) -> Layout:
    draw = chance.random() * sum(layout.share for layout in wording.layouts)
    if rows.template:
        return Layout(name="own", share=100, passage=wording.layouts[0].passage, user=rows.template)
    for layout in wording.layouts:
        draw -= layout.share
        if draw < 0:
            return layout
    return wording.layouts[0]


def _label(lang: str, wording: Wording) -> str:
    return wording.labels.get(lang, wording.labels["en"])


def _user(layout: Layout, passages: Sequence[Passage], question: str, ask: str) -> str:
    context = "\n\n".join(
        fill(
            layout.passage,
            n=str(number),
            title=_safe(passage.title).replace('"', "'"),
            text=_safe(passage.opening + passage.text),
        )
        for number, passage in enumerate(passages, 1)
    )
    return fill(layout.user, context=context, question=question, ask=ask)


def _safe(text: str) -> str:
    """A passage that cannot close its own tag or end the turn."""
    return neutral(_CLOSING.sub("&lt;", text))


def chat_row(messages: Sequence[Message]) -> dict[str, Any]:  # one JSON line
    """The row that every trainer takes: messages, and nothing else."""
    return {"messages": list(messages)}
