"""One server of the OpenAI protocol: a body in, what it answered out, read into an Outcome.

The SDK does nothing here but to carry bytes: its retries are off, and its models are not built.
Over 2,000 requests that costs a third of the processor time of its usual call.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import typing
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib import import_module
from inspect import signature
from typing import IO, Any, Literal

from builder.config import ModelSettings
from builder.errors import ProviderError
from builder.llm.access import OFFICIAL, extra_of, headers_of, host_of, key_header_of
from builder.llm.judge import judge
from builder.llm.outcomes import CLASSES, Attempt
from builder.llm.replies import Outcome
from builder.llm.request import Request, Usage
from builder.llm.wire import Wire, names_structure

if typing.TYPE_CHECKING:
    import openai

CONNECT_S = 15.0
SLOWEST = 50_000  # bytes per second that an upload may come down to
LONGEST_WAIT_S = 900.0  # a server that wants us to wait longer ends the run
MAX_TEXT = 1_000_000  # characters kept of one reply
LEAST_SECRET = 8  # characters of a key that is kept out of replies
MAX_DETAIL = 300  # characters kept of a server's error message
MAX_MISFITS = 3  # forms of a request that are tried in vain before trying others ends

_TOO_LONG = re.compile(
    r"context.{0,20}(?:length|size|window)|too (?:long|many (?:input )?tokens)", re.I
)
_TOO_LARGE = re.compile(r"request too large|larger than the .{0,20}limit", re.I)
_FILTERED = re.compile(r"content.?(?:filter|policy|management)|moderation|flagged", re.I)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_DURATION = re.compile(r"(?=\d)(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:([\d.]+)ms)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request brought: status 200 with a body, an error status, or 0 for no answer.

    body:      without an answer the words of what went wrong.
    fault:     "timeout", "connect" or "connection" when there was no answer.
    retry_s:   how long the server wants us to wait, None if it does not say.
    latency_s: from sending to the whole answer.
    """

    status: int
    body: bytes
    fault: str = ""
    retry_s: float | None = None
    latency_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as it was understood.

    stop, hint: why no further request can succeed and what to do about it, or "".
    """

    outcome: Outcome
    stop: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something could not be done: the server's words and code; stop, hint: as in Reading."""

    message: str
    code: str
    stop: str = ""
    hint: str = ""


class Client:
    """Sends bodies to one server; use `open_client`. Its repr tells no key."""

    def __init__(
        self,
        sdk: openai.AsyncOpenAI,
        settings: ModelSettings,
        base_url: str,
        api_key: str,
        response: type[Any],
        options: Mapping[str, Any],
    ) -> None:
        self.host = host_of(base_url)
        self._url = f"{base_url.rstrip('/')}/chat/completions"  # whole: the SDK need not join it
        self.wire = Wire.of(settings)
        self._sdk = sdk
        self._settings = settings
        self._key = api_key
        self._misfits_left = MAX_MISFITS
        self._reached = False
        self._response = response
        self._lost: type[Exception] = _module_of(response).TransportError
        self._options: Any = options  # the SDK's RequestOptions

    @property
    def structure(self) -> str:
        """How the server holds replies to a schema: "json_schema", "json_object" or not ("")."""
        return self.wire.structure

    async def post(self, body: Mapping[str, Any]) -> Answer:  # JSON of the protocol
        """Send one body and wait for the answer, at most timeout_s; raises nothing."""
        sent = self._sdk.post(
            self._url, cast_to=self._response, options=self._options, **_encoded(body)
        )
        return await self._answer(sent, self._settings.timeout_s)

    async def call(
        self,
        method: Literal["GET", "POST"],
        path: str,
        *,
        body: Mapping[str, Any] | None = None,  # JSON of the protocol
        query: Mapping[str, str] | None = None,
        file: tuple[str, IO[bytes], int] | None = None,
    ) -> Answer:
        """Use another part of the server; as `post`, with time for a file of that size.

        file: name, stream and bytes of a file that is uploaded with body as its form's fields.
        """
        options: Any = {**self._options, "params": query or {}}  # the SDK's RequestOptions
        timeout_s = self._settings.timeout_s
        sent: Awaitable[Any]  # of the SDK's Response
        if method == "GET":
            sent = self._sdk.get(path, cast_to=self._response, options=options)
        elif file is None:
            sent = self._sdk.post(path, body=body, cast_to=self._response, options=options)
        else:
            name, stream, size = file
            form = {"Content-Type": "multipart/form-data"}
            options["headers"] = {**options.get("headers", {}), **form}
            sent = self._sdk.post(
                path,
                body=body,
                files=[("file", (name, stream, "application/jsonl"))],
                cast_to=self._response,
                options=options,
            )
            timeout_s += size / SLOWEST
        return await self._answer(sent, timeout_s)

    async def download(self, file_id: str, out: IO[bytes]) -> Answer:
        """Write the content of a file into out as it comes; the answer's body stays empty."""

        async def written() -> None:
            files = self._sdk.files.with_streaming_response
            async with files.content(
                file_id, extra_headers=self._options.get("headers")
            ) as response:
                async for part in response.iter_bytes(1 << 16):
                    out.write(part)

        answer = await self._answer(written(), None)
        return replace(answer, body=b"") if answer.status == 200 else answer

    async def _answer(self, sent: Awaitable[Any], timeout_s: float | None) -> Answer:
        """What comes of a call of the SDK; status 200 for every success."""
        import openai

        began = time.monotonic()
        try:
            async with asyncio.timeout(timeout_s):
                response = await sent
        except openai.APIStatusError as err:
            status, response = err.status_code, err.response
        except (openai.APIConnectionError, TimeoutError) as err:
            fault = _fault_of(err)
            said = str(err.__cause__ or "") or "the connection was lost"
            if fault == "timeout":
                said = f"no answer within {self._settings.timeout_s:g} s"
            return _none(fault, said, began)
        except self._lost as err:  # in the middle of a download
            return _none("connection", str(err) or "the connection was lost", began)
        else:
            status = 200
        self._reached = True
        if response is None:
            return Answer(200, b"")
        retry_s = None if status == 200 else _retry_s(response.headers)
        took_s = time.monotonic() - began
        return Answer(status, response.content, retry_s=retry_s, latency_s=took_s)

    def trouble(self, answer: Answer) -> Trouble:
        """What a server means by an answer that is no success, whatever was asked of it."""
        text = self._keyless(answer.body.decode("utf-8", "replace"))
        error = _error_in(text)
        stop, hint = self._stop(answer, error)
        return Trouble(error.message, error.code, self._keyless(stop), hint)

    def read(self, request: Request, answer: Answer) -> Reading:
        """What an answer means for its request, and whether the run can go on."""
        if answer.status == 200:
            outcome = self._completion(request.key, answer.body)
            return Reading(judge(outcome, request.schema))
        text = self._keyless(answer.body.decode("utf-8", "replace"))
        error = _error_in(text)
        reason, detail = _refused(answer, error)
        stop, hint = self._stop(answer, error)
        outcome = Outcome(
            key=request.key,
            reason="fatal" if hint and _hint(answer.status, error, self._settings) else reason,
            detail=self._keyless(detail),
            text=text,
        )
        return Reading(outcome, self._keyless(stop), hint)

    def attempt(self, number: int, answer: Answer, outcome: Outcome, stage: str) -> Attempt:
        """The record of one attempt."""
        return Attempt(
            key=outcome.key,
            number=number,
            kind=CLASSES[outcome.reason],
            reason=outcome.reason,
            detail=outcome.detail,
            status=answer.status,
            text=outcome.text,
            finish_reason=outcome.finish_reason,
            usage=outcome.usage,
            latency_s=answer.latency_s,
            model=self._settings.name,
            endpoint=self.host,
            stage=stage,
        )

    def other_wire(self, wire: Wire, answer: Answer) -> Wire | None:
        """A weaker form to try, if the answer says that the server does not know this one."""
        if answer.status not in (400, 422, 500, 501) or self._misfits_left <= 0:
            return None
        error = _error_in(answer.body.decode("utf-8", "replace"))
        if _TOO_LONG.search(error.message):
            return None
        if answer.status >= 500 and not names_structure(error.named):
            return None
        return wire.without(error.named)

    def fits(self, wire: Wire) -> None:
        """The server has taken this form: from now on all requests have it."""
        self.wire = wire

    def misfit(self) -> None:
        """A request was refused in every form: it is the request, or a server of its own kind."""
        self._misfits_left -= 1

    def _completion(self, key: str, body: bytes) -> Outcome:
        outcome = _completion(key, body)
        text = self._keyless(outcome.text)
        if text == outcome.text:
            return outcome
        return replace(outcome, text=text, detail=self._keyless(outcome.detail))

    def _stop(self, answer: Answer, error: _Error) -> tuple[str, str]:
        if answer.fault == "connect" and not self._reached:
            said = f"{self.host} cannot be reached: {error.message}"
            return said, "Start the server, or mend --base-url."
        hint = _hint(answer.status, error, self._settings)
        if hint:
            return f"{self.host} answers with status {answer.status}: {error.message}", hint
        if answer.retry_s is not None and answer.retry_s > LONGEST_WAIT_S:
            said = f"{self.host} wants us to wait for {answer.retry_s:,.0f} s: {error.message}"
            return said, "Run the same command again then: it continues here."
        return "", ""

    def _keyless(self, text: str) -> str:
        """What a server said, storable and without our key, should it have echoed it.

        Words as short as "ollama" are no secrets, and may well stand in a reply.
        """
        text = text[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")
        return text.replace(self._key, "[key]") if len(self._key) >= LEAST_SECRET else text


@asynccontextmanager
async def open_client(
    settings: ModelSettings, base_url: str, api_key: str
) -> AsyncIterator[Client]:
    """A client with room for settings.concurrency connections; closed at the end.

    Raises SettingsError for headers or body fields that cannot be.
    """
    import openai

    extra_of(settings)
    headers: dict[str, Any] = dict(headers_of(settings))
    key_header = key_header_of(settings, base_url)
    own: dict[str, Any] = {"idempotency_key": "-"}  # never sent, but drawn anew where it is missing
    if key_header:  # of each request: only there the SDK lets its own header go
        own["headers"] = {"Authorization": openai.Omit(), key_header: api_key}
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
        base_url=base_url,
        timeout=timeout,
        max_retries=0,
        http_client=http,
        default_headers=headers,
    ) as sdk:
        if not host_of(base_url).endswith(OFFICIAL):
            sdk.organization = sdk.project = None  # from the environment; for the official host
        yield Client(sdk, settings, base_url, api_key, _response_class(http), own)


async def probe(client: Client, request: Request, model: str) -> Outcome:
    """Ask once, in the richest form that the server takes. Raises ProviderError if it cannot."""
    while True:
        answer = await client.post(client.wire.body(request, model))
        reading = client.read(request, answer)
        if reading.stop:
            raise ProviderError(reading.stop, reading.hint)
        other = client.other_wire(client.wire, answer)
        if other is None:
            return reading.outcome
        client.fits(other)


def _fault_of(err: BaseException) -> Literal["connect", "connection", "timeout"]:
    """Whether there never was a connection, it was lost, or nothing came in time.

    The SDK calls every OSError of aiohttp a timeout while connecting, so the first cause decides.
    """
    chain = [err]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(cause)
    names = {type(link).__name__ for link in chain}
    if any(name.startswith(("ClientConnector", "ConnectionTimeout")) for name in names):
        return "connect"
    if names & {"ClientOSError", "ConnectionResetError", "BrokenPipeError"}:
        return "connection"
    if names & {"ConnectError", "ConnectTimeout"}:
        return "connect"
    timed_out = any(name.endswith(("Timeout", "TimeoutError")) for name in names)
    return "timeout" if timed_out else "connection"


def _none(fault: str, said: str, began: float) -> Answer:
    return Answer(0, said.encode(), fault=fault, latency_s=time.monotonic() - began)


def _response_class(http: object) -> Any:  # a class of the library that this SDK is built on
    """What the SDK hands over as it came; its HTTP library has had several names."""
    base = next(cls for cls in type(http).__mro__ if cls.__name__ == "AsyncClient")
    return _module_of(base).Response


def _module_of(cls: type[Any]) -> Any:  # the HTTP library of this SDK
    return import_module(cls.__module__.partition(".")[0])


@cache
def _takes_bytes() -> bool:
    """Does this SDK send bytes as they are? It spends 0.07 ms on copying and encoding others."""
    import openai

    return "content" in signature(openai.AsyncOpenAI.post).parameters


def _encoded(body: Mapping[str, Any]) -> dict[str, Any]:  # JSON; an argument of the SDK
    if not _takes_bytes():
        return {"body": body}
    try:
        return {"content": _fast("dumps")(body)}
    except TypeError:  # orjson refuses half characters and very large numbers
        return {"content": json.dumps(body).encode()}


@cache
def _fast(name: Literal["dumps", "loads"]) -> Callable[[Any], Any]:  # JSON to bytes or back
    """orjson's function, where it is installed."""
    try:
        found: Callable[[Any], Any] = getattr(import_module("orjson"), name)
    except ImportError:
        return json.loads if name == "loads" else lambda value: json.dumps(value).encode()
    return found


def _loads(body: bytes) -> Any:  # any JSON
    """The JSON of a body, with orjson where it is installed; equal with and without it."""
    try:
        return _fast("loads")(body)
    except ValueError:  # orjson is stricter than what servers send
        return json.loads(body)


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


def _completion(key: str, body: bytes) -> Outcome:
    """The reply in the body of a chat completion; server_error when it is none."""
    try:
        data = _loads(body)
        choice = data["choices"][0]
        message = choice["message"]
        finish_reason = str(choice.get("finish_reason") or "")
        said, refused = _words(message.get("content")), _words(message.get("refusal"))
        usage = _usage(data.get("usage"))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        text = body[:MAX_TEXT].decode("utf-8", "replace")
        detail = f"status 200 without a chat completion: {_error_in(text).message}"
        return Outcome(key=key, reason="server_error", detail=detail[:MAX_DETAIL], text=text)
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
    details = counts.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else None
    return Usage(
        prompt_tokens=_count(counts.get("prompt_tokens")),
        completion_tokens=_count(counts.get("completion_tokens")),
        cached_tokens=_count(cached),
    )


def _count(number: Any) -> int:  # what a server calls a number
    return number if isinstance(number, int) and 0 <= number < 2**53 else 0


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


def _refused(answer: Answer, error: _Error) -> tuple[str, str]:
    """Reason and detail of an answer that is no reply, for this request alone."""
    detail = f"status {answer.status}: {error.message}" if answer.status else error.message
    if answer.status == 0:
        return ("timeout" if answer.fault == "timeout" else "connection"), detail
    if answer.status == 429:  # one request above the whole limit never passes
        return ("too_long" if _TOO_LARGE.search(error.message) else "rate_limited"), detail
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


def _retry_s(headers: Any) -> float | None:  # the SDK's headers: a mapping of any case
    """How long the server wants us to wait, in seconds; None if it does not say.

    retry-after-ms, Retry-After in seconds or as a date, else the end of the window that is used up.
    """
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers.get(name, "")) / unit)
        except ValueError:
            continue
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return _reset_s(headers)
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _reset_s(headers: Any) -> float | None:  # as _retry_s
    found = [_seconds(headers.get("x-ratelimit-reset", ""))]
    found.extend(
        _seconds(headers.get(f"x-ratelimit-reset-{what}", ""))
        for what in ("requests", "tokens")
        if headers.get(f"x-ratelimit-remaining-{what}", "").strip() in ("0", "-1")
    )
    return max((seconds for seconds in found if seconds is not None), default=None)


def _seconds(said: str) -> float | None:
    """A time to wait, as servers write it: "6m0s", "20ms", "3.5", or a moment since 1970."""
    try:
        number = float(said)
    except ValueError:
        found = _DURATION.fullmatch(said.strip().lower())
        if not found:
            return None
        parts = (float(part or 0) for part in found.groups())
        return sum(n * unit for n, unit in zip(parts, (3600, 60, 1, 0.001), strict=True))
    if number > 1e9:
        moment = number / 1000 if number > 1e11 else number
        return max(0.0, moment - datetime.now(UTC).timestamp())
    return max(0.0, number)
