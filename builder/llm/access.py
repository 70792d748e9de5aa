"""Which server is asked, and which key it may see."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Never
from urllib.parse import SplitResult, urlsplit

from builder.config import ModelSettings
from builder.errors import SettingsError

OFFICIAL = "api.openai.com"
NO_KEY = "no-key"  # for servers that need none: the protocol wants something there
_UNSAFE = re.compile(r"[^!-~]|[\\<>^`{}|\"]")  # what two parsers of addresses may read differently
_TYPED = ("flag", "environment")  # origins that the user gave, unlike a file that came along


def host_of(base_url: str) -> str:
    """The server that gets the documents, as "host" or "host:port". Raises SettingsError."""
    parts = _split(base_url)
    host = f"[{parts.hostname}]" if ":" in _name(parts) else _name(parts)
    return f"{host}:{parts.port}" if parts.port else host


def label_of(model: ModelSettings) -> str:
    """The endpoint's name in remembered replies: the label that was set, else its host."""
    return model.label or _name(_split(model.base_url))


def api_key_for(
    model: ModelSettings, origins: Mapping[str, str], environ: Mapping[str, str]
) -> str:
    """The key to send to model.base_url. Raises SettingsError when there is none that may be sent.

    BUILDER_API_KEY goes to any server. OPENAI_API_KEY goes to the official host, to loopback and to
    an address that a flag or variable named. It goes to an address that a file named only if
    trust_base_url says so, which counts only as flag or variable: the same file could hold it.
    """
    parts = _split(model.base_url)
    own = _key_from(environ, "BUILDER_API_KEY")
    if own:
        return own
    general = _key_from(environ, "OPENAI_API_KEY")
    if _is_official(parts) and not general:
        raise SettingsError(
            f"no key for {OFFICIAL}",
            "Set OPENAI_API_KEY, or name another server: --base-url http://localhost:8000/v1",
        )
    if _is_official(parts) or _is_loopback(parts) or _is_trusted(model, origins):
        return general or NO_KEY
    if not general:
        return NO_KEY
    raise SettingsError(
        f"{origins.get('model.base_url', 'a file')} points base_url to {host_of(model.base_url)}, "
        "and OPENAI_API_KEY is not sent to a server that a file names",
        "Set BUILDER_API_KEY for that server (any word if it needs none), "
        "or give the address yourself: --base-url URL",
    )


def _split(base_url: str) -> SplitResult:
    if _UNSAFE.search(base_url):
        _refuse(base_url)
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in ("http", "https") and _name(parts) and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        _refuse(base_url)
    if not usable or parts.username is not None or parts.query or parts.fragment:
        _refuse(base_url)
    return parts


def _refuse(base_url: str) -> Never:
    shown = base_url.rpartition("@")[2]  # what stands before an @ may be a password
    raise SettingsError(
        f"base_url {shown!r} is not an address of scheme, host, port and path",
        "Give one such as http://localhost:8000/v1; a key goes into BUILDER_API_KEY.",
    )


def _name(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".")


def _is_official(parts: SplitResult) -> bool:
    host = _name(parts)
    return parts.scheme == "https" and (host == OFFICIAL or host.endswith(f".{OFFICIAL}"))


def _is_loopback(parts: SplitResult) -> bool:
    host = _name(parts)
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_trusted(model: ModelSettings, origins: Mapping[str, str]) -> bool:
    asked_for = model.trust_base_url and origins.get("model.trust_base_url") in _TYPED
    return asked_for or origins.get("model.base_url") in _TYPED


def _key_from(environ: Mapping[str, str], variable: str) -> str:
    key = environ.get(variable, "").strip()
    if not all("!" <= character <= "~" for character in key):
        raise SettingsError(
            f"{variable} holds blanks or characters that no key has", "Copy the key again."
        )
    return key
