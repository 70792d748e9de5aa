"""Numbers of a workbook as its cells show them: number format codes (ECMA-376 Part 1, 18.8.31).

Names of months and days are English, German where the code asks for it. What depends on the
reader's own settings is fixed: the decimal point, and ISO 8601 for the short date.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd hh:mm", 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
    49: "@",
}  # fmt: skip
MAX_DAYS = 2_958_465  # 9999-12-31, the last day that Excel knows

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>General)'
    r"|(?P<noon>AM/PM|A/P)|(?P<clock>[ymdhs]+(?:\.0+)?)|(?P<exponent>E[+-]0+)"
    r"|(?P<digits>[0#?.,]+(?:/[?#0-9]+)?)|(?P<text>@)|(?P<percent>%)|(?P<other>.)",
    re.I | re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_MONTHS = {
    "en": "January February March April May June July August September October November "
    "December".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November "
    "Dezember".split(),
}
_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(),
}

_Token = tuple[str, str]


def shown(number: float, code: str, *, from_1904: bool = False) -> str:
    """A number as a cell with this format code shows it."""
    sections = _sections(code)
    tokens, absolute = _chosen(sections, number)
    kinds = {kind for kind, _ in tokens}
    if not tokens:
        return "" if sections and any(sections) else general(number)
    if "clock" in kinds:
        return _moment(number, tokens, from_1904=from_1904)
    if "general" in kinds or "text" in kinds or not kinds & {"digits", "percent"}:
        found = general(abs(number) if absolute else number)
        plain = "general" in kinds or "text" in kinds
        return (
            "".join(found if kind in ("general", "text") else text for kind, text in tokens)
            if plain
            else "".join(text for kind, text in tokens if kind == "literal")
        )
    return _decimal(abs(number) if absolute else number, tokens)


def general(number: float) -> str:
    """A number with no format: at most 15 digits, without the noise of binary fractions."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    text = f"{number:.15g}"
    if "e" not in text:
        return text
    digits, _, power = text.partition("e")
    return f"{digits}E{int(power):+03d}"


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[tuple[_Token, ...], ...]:
    """The tokens of up to four sections, separated by semicolons outside of quotes."""
    sections: list[list[_Token]] = [[]]
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup or "skip", match[0]
        if kind == "other" and text == ";":
            sections.append([])
        elif kind in ("quoted", "escaped", "other"):
            sections[-1].append(("literal", match[kind]))
        elif kind == "bracket":
            sections[-1] += _bracket(match[kind])
        elif kind != "skip":
            sections[-1].append((kind, text))
    return tuple(map(tuple, sections))


def _bracket(text: str) -> list[_Token]:
    if text.startswith("$"):
        currency, _, locale = text[1:].partition("-")
        german = locale.casefold().removeprefix("x-sysdate") in (
            "407",
            "0407",
            "de",
            "de-de",
            "c07",
        )
        return [("literal", currency)] * bool(currency) + [("german", "")] * german
    if re.fullmatch("h+|m+|s+", text, re.I):
        return [("clock", f"[{text[0].lower()}]")]
    return [("condition", text)] if _CONDITION.fullmatch(text) else []


def _chosen(sections: tuple[tuple[_Token, ...], ...], number: float) -> tuple[list[_Token], bool]:
    """The section for a number, and whether it shows the number without its sign."""
    for at, section in enumerate(sections):
        told = next((text for kind, text in section if kind == "condition"), "")
        if told and _holds(told, number):
            return _plain(section), at > 0
    if any(kind == "condition" for section in sections for kind, _ in section):
        free = [s for s in sections if not any(kind == "condition" for kind, _ in s)]
        return _plain(free[0] if free else sections[-1]), False
    if number < 0 and len(sections) > 1:
        return _plain(sections[1]), True
    if number == 0 and len(sections) > 2:
        return _plain(sections[2]), False
    return _plain(sections[0]), False


def _plain(section: tuple[_Token, ...]) -> list[_Token]:
    return [token for token in section if token[0] != "condition"]


def _holds(told: str, number: float) -> bool:
    match = _CONDITION.fullmatch(told)
    if match is None:
        return False
    limit = float(match[2])
    return {
        "<": number < limit, ">": number > limit, "=": number == limit,
        "<=": number <= limit, ">=": number >= limit, "<>": number != limit,
    }[match[1]]  # fmt: skip


def _decimal(number: float, tokens: list[_Token]) -> str:
    """Fixed, grouped, scientific or percent."""
    at = next((n for n, (kind, _) in enumerate(tokens) if kind == "digits"), len(tokens))
    last = max((n for n, (kind, _) in enumerate(tokens) if kind == "digits"), default=at)
    digits = "".join(text for kind, text in tokens[at : last + 1] if kind == "digits")
    if "/" in digits:
        digits, tokens = "0.###", [*tokens[:at], ("digits", "0.###"), *tokens[last + 1 :]]
        last = at
    if any(kind == "literal" and text.strip() for kind, text in tokens[at : last + 1]):
        digits = ""  # a mask such as 000-0000
    scaled = number * 100 ** sum(kind == "percent" for kind, _ in tokens)
    power = next((text for kind, text in tokens if kind == "exponent"), "")
    body = _scientific(scaled, digits, power) if power else _fixed(scaled, digits)
    parts = [text if kind in ("literal", "percent") else "" for kind, text in tokens]
    sign = "-" if body.startswith("-") else ""
    return (
        sign + "".join(parts[:at]) + body.lstrip("-") + "".join(parts[last + 1 :])
        if digits else general(number)
    ).strip()  # fmt: skip


def _fixed(number: float, digits: str) -> str:
    whole, _, fraction = digits.partition(".")
    scale = len(whole) - len(whole.rstrip(",")) if not fraction else 0
    scale += len(fraction) - len(fraction.rstrip(","))
    grouped = "," in whole.rstrip(",")
    fraction = fraction.replace(",", "")
    try:
        rounded = (Decimal(repr(number)) / 1000**scale).quantize(
            Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP
        )
    except InvalidOperation:
        return general(number)
    text = f"{abs(rounded):,f}" if grouped else f"{abs(rounded):f}"
    left, _, right = text.partition(".")
    while right and len(right) > len(fraction.rstrip("#?")) and right.endswith("0"):
        right = right[:-1]
    least = whole.count("0")
    left = "" if left == "0" and not least else left.rjust(least, "0")
    sign = "-" if rounded < 0 else ""
    return f"{sign}{left}.{right}" if right else f"{sign}{left}"


def _scientific(number: float, digits: str, power: str) -> str:
    places = len(digits.partition(".")[2])
    mantissa, _, exponent = f"{number:.{places}E}".partition("E")
    value = int(exponent)
    sign = "-" if value < 0 else "+" if power[1] == "+" else ""
    return f"{mantissa}E{sign}{str(abs(value)).rjust(len(power) - 2, '0')}"


def _moment(number: float, tokens: list[_Token], *, from_1904: bool) -> str:
    """A date, a time or a duration."""
    if not 0 <= number <= MAX_DAYS:
        return general(number)
    german = "de" if any(kind == "german" for kind, _ in tokens) else "en"
    parts = [(kind, text.lower() if kind == "clock" else text) for kind, text in tokens]
    places = max(
        (len(text.partition(".")[2]) for kind, text in parts if kind == "clock"), default=0
    )
    step = 10 ** (6 - min(places, 6))
    micros = round(number * 86_400_000_000 / step) * step  # as the last shown digit rounds
    begin = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001  # no zone
    if not from_1904 and number < 60:
        begin += timedelta(days=1)  # Excel counts a 29 February 1900 that never was
    moment = begin + timedelta(microseconds=micros)
    half = any(kind == "noon" for kind, _ in parts)
    clocks = [text for kind, text in parts if kind == "clock"]
    written, at = [], 0
    for kind, text in parts:
        if kind == "clock":
            minutes = text in ("m", "mm") and _is_minutes(clocks, at)
            written.append(_field(text, moment, micros, german, minutes=minutes, half=half))
            at += 1
        elif kind == "noon":
            written.append("AM" if moment.hour < 12 else "PM")
        elif kind in ("literal", "digits"):
            written.append(text)
    return "".join(written).strip()


def _is_minutes(clocks: list[str], at: int) -> bool:
    before = clocks[at - 1] if at else ""
    after = clocks[at + 1] if at + 1 < len(clocks) else ""
    return before.strip("[]")[:1] == "h" or after.strip("[]")[:1] == "s"


def _field(
    text: str, moment: datetime, micros: int, lang: str, *, minutes: bool, half: bool
) -> str:
    """One field of a date or time code."""
    seconds = micros // 1_000_000
    if text.startswith("["):
        return str(seconds // {"h": 3600, "m": 60, "s": 1}[text[1]])
    name, _, fraction = text.partition(".")
    if name[0] == "y":
        return f"{moment.year:04d}" if len(name) > 2 else f"{moment.year % 100:02d}"
    if name[0] == "d" and len(name) > 2:
        day = _DAYS[lang][moment.weekday()]
        return day if len(name) > 3 else day[: 2 if lang == "de" else 3]
    if name[0] == "m" and not minutes and len(name) > 2:
        month = _MONTHS[lang][moment.month - 1]
        return month if len(name) == 4 else month[: 1 if len(name) > 4 else 3]
    hour = (moment.hour % 12 or 12) if half else moment.hour
    value = {
        "d": moment.day, "m": moment.minute if minutes else moment.month, "h": hour,
        "s": moment.second,
    }[name[0]]  # fmt: skip
    shown_value = f"{value:02d}" if len(name) > 1 else str(value)
    return (
        f"{shown_value}.{moment.microsecond:06d}"[: len(shown_value) + 1 + len(fraction)]
        if (fraction)
        else shown_value
    )
