"""Regular expressions put together from named parts: "{source} (?:do|does) not {tell}"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_PART = re.compile(r"\{([a-z_]+)\}")  # {2,5} is a quantifier, no part


def any_of(patterns: Iterable[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    """One expression that matches where one of the patterns does.

    For folded text. Raises KeyError when a pattern names a part that there is not.
    """
    return re.compile(
        "|".join(_PART.sub(lambda found: parts[found[1]], pattern) for pattern in patterns)
    )
