"""Phrases: regular expressions from named parts ("{source} does not {tell}") and short forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SHORT_FORMS = (
    (re.compile(r"\b(?:can't|cannot)\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'s\b"), " is"),  # of a possessive too: a small word more does no harm
    (re.compile(r"'m\b"), " am"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'ll\b"), " will"),
)
_PART = re.compile(r"\{([a-z_]+)\}")  # {2,5} is a quantifier, no part


def any_of(patterns: Iterable[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    """One expression that matches where one of the patterns does.

    For folded text. Raises KeyError when a pattern names a part that there is not.
    """
    return re.compile(
        "|".join(_PART.sub(lambda found: parts[found[1]], pattern) for pattern in patterns)
    )


def without_short_forms(folded: str) -> str:
    """Folded English with "isn't" and "what's" written out."""
    for short, full in _SHORT_FORMS:
        folded = short.sub(full, folded)
    return folded
