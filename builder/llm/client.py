"""Ask one server, over the OpenAI protocol: whatever it answers becomes an Outcome.

Tried again: 408, 409, 429, 5xx, lost connections, timeouts, and an answer with status 200 that is
no chat completion. The SDK would not see the last, so its own retries are off. The reasons:

    timeout rate_limited server_error connection     no reply after all tries
    bad_request too_long content_filter refusal      the server or model will not
    truncated not_json schema                        a reply that cannot be used (see judge.py)
"""

from __future__ import annotations

import asyncio
import json
import re
import typing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from builder.config import ModelSettings
from builder.errors import ProviderError
from builder.llm.access import OFFICIAL, host_of
from builder.llm.judge import judge
from builder.llm.replies import Outcome
from builder.llm.request import Request, Usage
from builder.llm.wire import Wire

if typing.TYPE_CHECKING:
    import openai

TRANSIENT = frozenset({"timeout", "rate_limited", "server_error", "connection"})
FIRST_PAUSE_S = 0.5  # before the second try; doubles with every further one
LONGEST_PAUSE_S = 8.0
LONGEST_WAIT_S = 120.0  # a server that wants us to wait longer is given up for this request
CONNECT_S = 15.0
MAX_TEXT = 1_000_000  # characters kept of one reply
LEAST_SECRET = 8  # characters of a key that is kept out of replies
MAX_DETAIL = 300  # characters kept of a server's error message
MAX_MISFITS = 3  # forms of a request that are tried in vain before trying others ends

_TOO_LONG = re.compile(r"context.{0,20}(?:length|size|window)|too (?:long|many tokens)", re.I)
_FILTERED = re.compile(r"content.?(?:filter|policy|management)|moderation|flagged", re.I)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request brought: status 200 with a body, an error status, or 0 for no answer.

    text:   the body; without one the words of what went wrong.
    fault:  "timeout", "connect" or "connection" when there was no answer.
    wait_s: how long the server wants us to wait, None if it does not say.
    """

    status: int
    text: str
    fault: str = ""
    wait_s: float | None = None


class Client:
    """Sends requests to one server; use `open_client`. Its repr tells no key."""

    def __init__(self, sdk: openai.AsyncOpenAI, settings: ModelSettings, api_key: str) -> None:
        self._sdk = sdk
        self._settings = settings
        self._key = api_key
        self._host = host_of(settings.base_url)
        self._wire = Wire()
        self._misfits_left = MAX_MISFITS
        self._reached = False

    @property
    def structure(self) -> str:
        """How the server holds replies to a schema: "json_schema", "json_object" or not ("")."""
        return self._wire.structure

    async def send(self, request: Request) -> Outcome:
        """The outcome of a request after all tries.

        Raises ProviderError when no request to this server can succeed: it cannot be reached from
        the start, or refuses the key, the model or the account.
        """
        sent = 0
        for tried in range(self._settings.max_retries + 1):
            answer, posts = await self._fitting(request)
            sent += posts
            outcome = self._outcome(request, answer)
            wait_s = _pause_s(tried, answer, request.key)
            if outcome.reason not in TRANSIENT or wait_s > LONGEST_WAIT_S:
                break
            if tried < self._settings.max_retries:
                await asyncio.sleep(wait_s)
        return replace(outcome, attempts=sent)

    async def _fitting(self, request: Request) -> tuple[Answer, int]:
        """The answer, in a form that the server understands, and how often it was asked."""
        wire, posts = self._wire, 1
        answer = await self._post(wire, request)
        while answer.status in (400, 422) and self._misfits_left > 0:
            error = _error_in(answer.text)
            other = None if _TOO_LONG.search(error.message) else wire.without(error.named)
            if other is None:
                break
            wire, posts = other, posts + 1
            answer = await self._post(wire, request)
        if answer.status == 200:
            self._wire = wire
        elif answer.status in (400, 422) and posts > 1:
            self._misfits_left -= 1
        return answer, posts

    async def _post(self, wire: Wire, request: Request) -> Answer:
        import openai

        body = wire.body(request, self._settings.name)
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                # As text: the SDK need not build its models, and HTML is seen for what it is.
                text = await self._sdk.post("/chat/completions", body=body, cast_to=str)
        except (openai.APITimeoutError, TimeoutError) as err:
            connecting = type(err.__cause__).__name__ == "ConnectTimeout"
            said = f"no answer within {self._settings.timeout_s:g} s"
            return Answer(0, said, fault="connect" if connecting else "timeout")
        except openai.APIStatusError as err:
            self._reached = True
            wait_s = _wait_s(err.response.headers)
            return Answer(err.status_code, self._keyless(err.response.text), wait_s=wait_s)
        except openai.APIConnectionError as err:
            connecting = type(err.__cause__).__name__ == "ConnectError"
            said = self._keyless(str(err.__cause__)) or "the connection was lost"
            return Answer(0, said, fault="connect" if connecting else "connection")
        self._reached = True
        return Answer(200, self._keyless(text))

    def _outcome(self, request: Request, answer: Answer) -> Outcome:
        if answer.status == 200:
            outcome = _completion(request.key, answer.text)
            said = self._keyless(outcome.text)  # again: a key may come escaped in the JSON
            return judge(replace(outcome, text=said), request.schema)
        if answer.fault == "connect" and not self._reached:
            raise ProviderError(
                f"{self._host} cannot be reached: {_line(answer.text)}",
                "Start the server, or mend --base-url.",
            )
        error = _error_in(answer.text)
        hint = _hint(answer.status, error, self._settings)
        if hint:
            said = self._keyless(error.message)
            raise ProviderError(f"{self._host} answers with status {answer.status}: {said}", hint)
        reason, detail = _refused(answer)
        detail = self._keyless(detail)
        return Outcome(key=request.key, reason=reason, detail=detail, text=answer.text)

    def _keyless(self, text: str) -> str:
        """What a server said, storable and without our key, should it have echoed it.

        Words as short as "ollama" are no secrets, and may well stand in a reply.
        """
        text = text[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")
        return text.replace(self._key, "[key]") if len(self._key) >= LEAST_SECRET else text


@asynccontextmanager
async def open_client(settings: ModelSettings, api_key: str) -> AsyncIterator[Client]:
    """A client with room for settings.concurrency connections; closed at the end."""
    import openai

    timeout = openai.Timeout(settings.timeout_s, connect=min(CONNECT_S, settings.timeout_s))
    limits = type(openai.DEFAULT_CONNECTION_LIMITS)(
        max_connections=settings.concurrency, max_keepalive_connections=settings.concurrency
    )
    # A redirect would carry the documents to a server that nobody named.
    options: dict[str, Any] = {"timeout": timeout, "limits": limits, "follow_redirects": False}
    try:
        http = openai.DefaultAioHttpClient(**options)
    except (AttributeError, RuntimeError):  # an older SDK; aiohttp is not installed
        http = openai.DefaultAsyncHttpxClient(**options)
    async with openai.AsyncOpenAI(
        api_key=api_key,
        base_url=settings.base_url,
        timeout=timeout,
        max_retries=0,
        http_client=http,
    ) as sdk:
        if not host_of(settings.base_url).endswith(OFFICIAL):
            sdk.organization = sdk.project = None  # from the environment; for the official host
        yield Client(sdk, settings, api_key)


@dataclass(frozen=True, slots=True)
class _Error:
    message: str  # one printable line
    code: str
    parameter: str

    @property
    def named(self) -> str:
        """What the error is about: its parameter if it says so, else its words."""
        about_limit = "max_completion_tokens" in self.message
        return self.parameter if self.parameter and not about_limit else self.message


def _completion(key: str, body: str) -> Outcome:
    """The reply in the body of a chat completion; server_error when it is none."""
    try:
        data = json.loads(body)
        choice = data["choices"][0]
        message = choice["message"]
        finish_reason = str(choice.get("finish_reason") or "")
        said, refused = _words(message.get("content")), _words(message.get("refusal"))
        usage = _usage(data.get("usage"))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        detail = f"status 200 without a chat completion: {_error_in(body).message}"
        return Outcome(key=key, reason="server_error", detail=detail[:MAX_DETAIL], text=body)
    reason, detail = "", ""
    if finish_reason == "content_filter":
        reason, detail = "content_filter", "the server's content filter cut the reply"
    elif refused and not said:
        reason, detail = "refusal", _line(refused)
    return Outcome(
        key=key,
        reason=reason,
        detail=detail,
        text=said or refused,
        finish_reason=finish_reason,
        usage=usage,
    )


def _words(content: Any) -> str:  # a text, a list of parts, or nothing, as servers please
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(part for part in parts if isinstance(part, str))
    text = content if isinstance(content, str) else ""
    return text.encode("utf-8", "replace").decode("utf-8")


def _usage(data: Any) -> Usage:  # the "usage" of a chat completion, if any
    counts = data if isinstance(data, dict) else {}
    prompt, completion = counts.get("prompt_tokens"), counts.get("completion_tokens")
    return Usage(
        prompt_tokens=prompt if isinstance(prompt, int) else 0,
        completion_tokens=completion if isinstance(completion, int) else 0,
    )


def _error_in(body: str) -> _Error:
    """The error in a body: {"error": {message, code, param}}, other shapes, or plain text."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return _Error(_line(body), "", "")
    error = data.get("error", data) if isinstance(data, dict) else data
    if not isinstance(error, dict):
        return _Error(_line(str(error)), "", "")
    message = error.get("message") or error.get("detail") or json.dumps(error)
    code, parameter = error.get("code"), error.get("param")
    return _Error(_line(str(message)), str(code or error.get("type") or ""), str(parameter or ""))


def _line(text: str) -> str:
    """The text as one bounded line without control characters."""
    return _UNPRINTABLE.sub(" ", text)[:MAX_DETAIL].strip()


def _refused(answer: Answer) -> tuple[str, str]:
    """Reason and detail of an answer that is no reply, for this request alone."""
    error = _error_in(answer.text)
    detail = f"status {answer.status}: {error.message}" if answer.status else error.message
    if answer.status == 0:
        return ("timeout" if answer.fault == "timeout" else "connection"), detail
    if answer.status == 429:
        return "rate_limited", detail
    if answer.status in (408, 409) or answer.status >= 500:
        return "server_error", detail
    if _FILTERED.search(f"{error.code} {error.message}"):
        return "content_filter", detail
    return ("too_long" if _TOO_LONG.search(error.message) else "bad_request"), detail


def _hint(status: int, error: _Error, settings: ModelSettings) -> str:
    """What to do about an answer that ends the run, "" for one that does not."""
    name = settings.name
    if status in (300, 301, 302, 303, 307, 308):
        return "The server has moved: give its new address as --base-url."
    if status == 401:
        return "Check the key in BUILDER_API_KEY or OPENAI_API_KEY."
    if status == 402 or error.code == "insufficient_quota":
        return "The account has no credit left; fill it up, then run the same command again."
    if status == 403 and not _FILTERED.search(f"{error.code} {error.message}"):
        return f"This key may not use {name!r} there; check the key and the model's name."
    if status in (404, 405) or error.code == "model_not_found":
        return f"Check the model's name ({name!r}) and the address, which mostly ends in /v1."
    return ""


def _wait_s(headers: Any) -> float | None:  # the SDK's headers: a mapping of any case
    """How long the server wants us to wait: retry-after-ms, Retry-After in seconds or as a date."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers.get(name, "")) / unit)
        except ValueError:
            continue
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _pause_s(tried: int, answer: Answer, key: str) -> float:
    """The pause before the next try: what the server asks for, else doubling, spread by key."""
    if answer.wait_s is not None:
        return answer.wait_s
    spread = 0.75 + int(key[:4], 16) / 0xFFFF / 4
    return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0**tried) * spread
