"""Checks of what must not reach a training set: control tokens, credentials, instructions."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from math import log2

from builder.check.facts import Facts, flagged, rejected
from builder.records import Finding, Pair

LEAST_ENTROPY = 3.0  # bits per character; "xxxxxxxx" and "12341234" have less, random text more
SHOWN = 4  # characters of a credential that a finding repeats

_CONTROL = re.compile(
    r"<\|[^|<>\s]{1,40}\|>|</?s>|<<?/?SYS>>?|<\uff5c\w*"
    r"|\[/?(?:INST|SYS|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS)\]"
    r"|</?(?:start_of_turn|end_of_turn|bos|eos|pad|unk|think|tool_call|tool_response)>"
)

_SECRETS = {
    "AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "AWS secret key": re.compile(
        r"(?i)aws_?secret_?(?:access_?)?key[\"']?\s{0,3}[=:]\s{0,3}[\"']?([\w/+]{40})(?![\w/+])"
    ),
    "GitHub token": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{60,}\b"),
    "GitLab token": re.compile(r"\bgl(?:pat|dt|rt|ptt)-[\w-]{20,}"),
    "Slack token": re.compile(
        r"\bxox[abeoprs]-[\w-]{20,}|\bhooks\.slack\.com/services/T\w{8,}/B\w{8,}/\w{20,}"
    ),
    "OpenAI key": re.compile(r"\bsk-(?:(?:proj|svcacct|admin)-[\w-]{32,}|[A-Za-z0-9]{32,})"),
    "Anthropic key": re.compile(r"\bsk-ant-[\w-]{32,}"),
    "Google API key": re.compile(r"\bAIza[\w-]{35}"),
    "Stripe key": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{20,}"),
    "Hugging Face token": re.compile(r"\bhf_[A-Za-z0-9]{30,}\b"),
    "npm token": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    "PyPI token": re.compile(r"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}"),
    "private key": re.compile(
        r"-----BEGIN (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----\s+"
        r"(?:[A-Z][\w-]*:.*\s+){0,3}((?:[A-Za-z0-9+/=]{40,}\s+)+)"
    ),
    "JSON Web Token": re.compile(r"\beyJ[\w-]{10,}\.(eyJ[\w-]{10,})\.[\w-]{20,}"),
    "password in a URL": re.compile(
        r"\w://[^\s:/@<>{}$\"'`]+:(?=[^@]*\d)(?=[^@]*[a-z])(?=[^@]*[A-Z\W])([^\s:/@<>{}$\"'`]{10,})@"
        r"(?!localhost|127\.|(?:[\w-]+\.)*example\.|[\w.-]+\.(?:example|test|invalid|local)\b)"
    ),
}
_PLACEHOLDER = re.compile(
    r"(?i)example|sample|dummy|placeholder|your|change.?me|redacted|secret|passw|token|fake|test"
    r"|foo|bar|insert|x{4}|\*{3}|\.{3}|0{6}|1234567|abcdefg"
    r"|eyJzdWIiOiIxMjM0NTY3ODkw"  # the example of jwt.io
)

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override) (?:(?:all|any|every|of|the|your|my|these) ){0,3}"
    r"(?:previous|prior|above|preceding|earlier|existing|other|system) "
    r"(?:instruction|prompt|message|rule|direction|context)s?\b"
    r"|\b(?:reveal|print|repeat|show|output|leak) (?:me )?(?:your|the) (?:\w+ )?"
    r"(?:system prompt|instructions|hidden prompt)\b"
    r"|\byou are (?:now )?(?:an? )?(?:\w+ )?(?:AI|language model|assistant|chatbot|jailbroken)\b"
    r"|\bas an AI (?:language )?model\b"
    r"|\b(?:do not|don't|never) (?:tell|inform|mention (?:this )?to) the user\b"
    r"|\b(?:ignoriere|vergiss|missachte) (?:(?:alle|jede|sämtliche|deine|die|diese) ){0,3}"
    r"(?:vorherigen|bisherigen|vorigen|obigen|früheren) (?:Anweisung|Instruktion|Regel)\w*"
    r"|\bals KI(?:-| )?(?:Sprachmodell|Modell)?(?= (?:kann|habe|bin))",
    re.IGNORECASE,
)
_FLAG_EMOJI = re.compile("\U0001f3f4[\U000e0020-\U000e007f]+")
_INVISIBLE = re.compile(
    "[\U000e0000-\U000e007f\u202a-\u202e\u2066-\u2069]+"
)  # tags; text direction


def control_tokens(pair: Pair, facts: Facts) -> Finding | None:
    """Reject control tokens of chat templates in what the user or the assistant says.

    Passages are not looked at: rendering takes the meaning from such tokens there.
    """
    found = [match[0] for text in _said(pair) for match in _CONTROL.finditer(text)]
    return (
        rejected("control_tokens", "control token", spans=dict.fromkeys(found)) if found else None
    )


def secrets(pair: Pair, facts: Facts) -> Finding | None:
    """Reject a pair with a credential anywhere, passages included; the finding shows its kind."""
    texts = [*_said(pair), *(text for p in pair.passages for text in (p.title, p.text))]
    found = dict.fromkeys(secret for text in texts for secret in find_secrets(text))
    if not found:
        return None
    kinds = ", ".join(dict.fromkeys(kind for kind, _ in found))
    return rejected("secrets", kinds, spans=[f"{start}..." for _, start in found])


@lru_cache(maxsize=4096)  # a passage stands in many rows
def find_secrets(text: str) -> tuple[tuple[str, str], ...]:
    """The credentials in text as (kind, first characters); placeholders are none."""
    return tuple(
        (kind, match[0][:SHOWN])
        for kind, pattern in _SECRETS.items()
        for match in pattern.finditer(text)
        if _is_random(match[pattern.groups])
    )


def _is_random(secret: str) -> bool:
    return not _PLACEHOLDER.search(secret) and _entropy(secret) >= _least(secret)


def injection(pair: Pair, facts: Facts) -> Finding | None:
    """Flag instructions to a model, and characters that hide text from a reader.

    Of a pair that a model wrote, instructions reject: it may have followed them.
    """
    said = _said(pair)
    found = [match[0] for text in said for match in _INSTRUCTION.finditer(text)]
    hidden = [h for text in said for h in _INVISIBLE.findall(_FLAG_EMOJI.sub("", text))]
    if found:
        tell = rejected if pair.origin.writer == "llm" else flagged
        return tell("injection", "instructions to a model", spans=dict.fromkeys(found))
    if hidden:
        codes = [f"U+{ord(text[0]):04X}" for text in hidden]
        return flagged("injection", "hidden characters", spans=dict.fromkeys(codes))
    return None


def _said(pair: Pair) -> list[str]:
    turns = [turn.content for turn in pair.history]
    return [pair.question, pair.answer, *turns, *(evidence.quote for evidence in pair.evidence)]


def _entropy(text: str) -> float:
    """Bits per character (Shannon 1948)."""
    counts = Counter(text)
    return -sum(n / len(text) * log2(n / len(text)) for n in counts.values())


def _least(secret: str) -> float:
    return min(LEAST_ENTROPY, 0.75 * log2(len(secret)))
