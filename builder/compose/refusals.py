"""What a row answers when its passages do not hold the answer."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.errors import SettingsError
from builder.prompts import Prompts, fill
from builder.text import identifiers

FOLDER = "refusals"
GENERIC = 0.5  # share of replies that name nothing
_TOPIC = "{topic}"
_MARKS = (("`", "`"), ('"', '"'), ("„", "“"), ("“", "”"), ("»", "«"), ("«", "»"), ("'", "'"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The refusals of one language, as prompts/refusals/LANG.toml explains them.

    names:   forms in which a topic names its noun and key.
    clauses: (question pattern, indirect question); persons: (word of the asker, word of the reply).
    """

    generic: tuple[str, ...]
    absent: tuple[str, ...]
    open: tuple[str, ...]
    clause: tuple[str, ...]
    names: tuple[str, ...]
    clauses: tuple[tuple[re.Pattern[str], str], ...]
    persons: tuple[tuple[str, str], ...]


Refusals = Mapping[str, Pool]  # by language


def load_refusals(prompts: Prompts) -> Refusals:
    """Read prompts/refusals/*.toml. Raises SettingsError when one is not in shape."""
    pools = {}
    for name in prompts.names(FOLDER):
        lang = name.rsplit("/", 1)[-1].removesuffix(".toml")
        try:
            pools[lang] = _pool(prompts.toml(name))
        except (KeyError, TypeError, ValueError, re.error) as err:
            raise SettingsError(
                f"prompts/{name}: {err!r} is missing or wrong", "Compare with the packaged file."
            ) from err
    return pools


def refusal(
    question: str, pool: Pool, chance: random.Random, *, key: str, noun: str, mentioned: bool
) -> str:
    """Draw the reply to a question that the passages do not answer.

    key, noun: what the question asks about, as in Draft. mentioned: a passage speaks of the key, so
    that a reply may not say it was never mentioned.
    """
    topic = _topic(question, key, noun, pool)
    clauses = _clause(question, pool)
    named = [form.replace(_TOPIC, clause) for clause in clauses for form in pool.clause]
    if topic:
        forms = pool.open if mentioned else (*pool.absent, *pool.open)
        named += [form.replace(_TOPIC, topic) for form in forms]
    if not named or chance.random() < GENERIC:
        return chance.choice(pool.generic)
    reply = chance.choice(named)
    return reply[:1].upper() + reply[1:]


def _pool(data: Mapping[str, Any]) -> Pool:  # parsed TOML
    pool = Pool(
        generic=_texts(data["generic"]),
        absent=_texts(data["absent"], topic=True),
        open=_texts(data["open"], topic=True),
        clause=_texts(data["clause"], topic=True),
        names=tuple(data["names"]),
        clauses=tuple((re.compile(pattern), form) for pattern, form in data["clauses"]),
        persons=tuple((said, becomes) for said, becomes in data["persons"]),
    )
    if not pool.generic:
        raise ValueError("generic is empty")
    return pool


def _texts(found: Sequence[str], *, topic: bool = False) -> tuple[str, ...]:
    wrong = [text for text in found if not text or (_TOPIC in text) != topic]
    if wrong:
        raise ValueError(f"{wrong[0]!r} {'lacks' if topic else 'holds'} {_TOPIC}")
    return tuple(found)


def sole_identifier(question: str) -> str:
    """The only identifier of a question, if it stands in backticks, or ""."""
    found = identifiers(question)
    return found[0] if len(found) == 1 and f"`{found[0]}`" in question else ""


def _topic(question: str, key: str, noun: str, pool: Pool) -> str:
    """The words of the question that name its key, with the noun where they stand together."""
    shown = marked(question, key)
    if not key or shown not in question:
        return ""
    for form in pool.names if noun else ():
        said = fill(form, noun=noun, key=shown)
        if re.search(rf"(?<!\w){re.escape(said)}(?!\w)", question):
            return said
    plain = shown == key and key.islower() and key.replace(" ", "").replace("-", "").isalpha()
    return "" if plain else shown


def marked(question: str, key: str) -> str:
    """The key with the backticks or quotes that it has in the question."""
    marked = (f"{left}{key}{right}" for left, right in _MARKS)
    return next((form for form in marked if form in question), key)


def _clause(question: str, pool: Pool) -> list[str]:
    for pattern, form in pool.clauses:
        match = pattern.fullmatch(question)
        if match:
            return [_said_to_asker(match.expand(form), pool)]
    return []


def _said_to_asker(text: str, pool: Pool) -> str:
    for said, becomes in pool.persons:
        text = re.sub(rf"(?<![\w`]){re.escape(said)}(?![\w`])", becomes, text)
    return text
