"""Which servers are asked, which key they may see, and what else every request carries."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from typing import Any, Never
from urllib.parse import SplitResult, urlsplit

from builder.config import ModelSettings
from builder.errors import SettingsError

OFFICIAL = "api.openai.com"
NO_KEY = "no-key"  # for servers that need none: the protocol wants something there
_UNSAFE = re.compile(r"[^!-~]|[\\<>^`{}|\"]")  # what two parsers of addresses may read differently
AZURE = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # a name by RFC 9110 §5.6.2
_SECRET = re.compile(r"auth|cookie|key|secret|token|password", re.I)  # in a header's name
_OURS = frozenset({"model", "messages", "stream", "n", "response_format"})
_TYPED = ("flag", "environment")  # origins that the user gave, unlike a file that came along


def host_of(base_url: str) -> str:
    """The server that gets the documents, as "host" or "host:port". Raises SettingsError."""
    parts = _split(base_url)
    host = f"[{parts.hostname}]" if ":" in _name(parts) else _name(parts)
    return f"{host}:{parts.port}" if parts.port else host


def name_of(base_url: str) -> str:
    """The server without its port. Raises SettingsError."""
    return _name(_split(base_url))


def is_local(base_url: str) -> bool:
    """Whether the server runs on this machine. Raises SettingsError."""
    return _is_loopback(_split(base_url))


def endpoints_of(model: ModelSettings) -> tuple[str, ...]:
    """The addresses that are asked, each once."""
    return tuple(dict.fromkeys(model.base_urls or (model.base_url,)))


def label_of(model: ModelSettings) -> str:
    """The endpoint's name in remembered replies: the label that was set, else its (first) host."""
    return model.label or _name(_split(endpoints_of(model)[0]))


def key_header_of(model: ModelSettings, base_url: str) -> str:
    """The header that carries the key, "" for "Authorization: Bearer"."""
    if model.key_header and not _HEADER.fullmatch(model.key_header):
        raise SettingsError(
            f"key_header {model.key_header!r} is no name of a header",
            'As in: key_header = "api-key"',
        )
    azure = _name(_split(base_url)).endswith(AZURE)
    header = model.key_header or ("api-key" if azure else "")
    return "" if header.lower() == "authorization" else header


def headers_of(model: ModelSettings) -> dict[str, str]:
    """The headers that every request carries besides the key. Raises SettingsError."""
    found = {}
    for line in model.headers:
        name, colon, value = line.partition(":")
        value = value.strip()
        if not colon or not _HEADER.fullmatch(name) or not value.isprintable():
            raise SettingsError(
                f"[model] headers: {name!r} is no header", 'Write each as "Name: value".'
            )
        if _SECRET.search(name):  # files are shared and kept; keys are neither
            raise SettingsError(
                f"[model] headers: {name!r} looks like a key, and keys stand in no file",
                f"Put the key into BUILDER_API_KEY and its header's name into key_header ({name}).",
            )
        found[name] = value
    return found


def extra_of(model: ModelSettings) -> dict[str, Any]:  # JSON that the user gives
    """The fields that every request's body has besides ours. Raises SettingsError."""
    if not model.body:
        return {}
    try:
        found = json.loads(model.body)
    except ValueError as err:
        raise SettingsError(
            f"[model] body is not valid JSON: {err}", """As in: body = '{"top_k": 20}'"""
        ) from err
    if not isinstance(found, dict) or _OURS & found.keys():
        named = ", ".join(sorted(_OURS & found.keys())) if isinstance(found, dict) else "a list"
        raise SettingsError(
            f"[model] body must be an object without {', '.join(sorted(_OURS))}; it has {named}",
            "The form of replies is set by: structure.",
        )
    return found


def api_key_for(
    model: ModelSettings, origins: Mapping[str, str], environ: Mapping[str, str]
) -> str:
    """The key to send to the server. Raises SettingsError when there is none that may be sent.

    BUILDER_API_KEY goes to any server. OPENAI_API_KEY goes to the official host, to loopback and to
    an address that a flag or variable named. It goes to an address that a file named only if
    trust_base_url says so, which counts only as flag or variable: the same file could hold it.
    """
    own = _key_from(environ, "BUILDER_API_KEY")
    general = _key_from(environ, "OPENAI_API_KEY")
    urls = endpoints_of(model)
    for base_url in urls:
        _split(base_url)
    if own:
        return own
    if not general and any(_is_official(_split(base_url)) for base_url in urls):
        raise SettingsError(
            f"no key for {OFFICIAL}",
            "Set OPENAI_API_KEY, or name another server: --base-url http://localhost:8000/v1",
        )
    setting = "model.base_urls" if model.base_urls else "model.base_url"
    for base_url in urls if general and not _is_trusted(model, setting, origins) else ():
        parts = _split(base_url)
        if not _is_official(parts) and not _is_loopback(parts):
            raise SettingsError(
                f"{origins.get(setting, 'a file')} points {setting[6:]} to {host_of(base_url)}, "
                "and OPENAI_API_KEY is not sent to a server that a file names",
                "Set BUILDER_API_KEY for that server (any word if it needs none), "
                "or give the address yourself: --base-url URL",
            )
    return general or NO_KEY


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


def _is_trusted(model: ModelSettings, setting: str, origins: Mapping[str, str]) -> bool:
    asked_for = model.trust_base_url and origins.get("model.trust_base_url") in _TYPED
    return asked_for or origins.get(setting) in _TYPED


def _key_from(environ: Mapping[str, str], variable: str) -> str:
    key = environ.get(variable, "").strip()
    if not all("!" <= character <= "~" for character in key):
        raise SettingsError(
            f"{variable} holds blanks or characters that no key has", "Copy the key again."
        )
    return key
