"""Requests kept in a file, for work that needs all of them at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from builder.llm.request import Message, Params, Request


class Spool:
    """Requests in a file of their own, so that memory holds only their keys. Use it as a context.

    Iterates over the requests in the order taken; equal ones are kept once.
    """

    def __init__(self, folder: Path) -> None:
        self._file: IO[bytes] = TemporaryFile(dir=folder)  # noqa: SIM115  # closed by __exit__
        self._order: list[str] = []
        self._places: dict[str, int] = {}
        self._times: Counter[str] = Counter()
        self._schemas: list[str] = []

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Request]:
        return map(self.request, self._order)

    def take(self, requests: Iterable[Request]) -> Spool:
        """Add requests."""
        for request in requests:
            self._order.append(request.key)
            self._times[request.key] += 1
            if request.key not in self._places:
                self._places[request.key] = self._file.tell()
                self._file.write(json.dumps(self._plain(request)).encode() + b"\n")
        return self

    def keys(self) -> list[str]:
        """The key of each request, once, in the order taken."""
        return list(self._places)

    def times(self, key: str) -> int:
        """How many requests have this key."""
        return self._times[key]

    def request(self, key: str) -> Request:
        """The request of a key."""
        self._file.seek(self._places[key])
        messages, schema, temperature, max_tokens, extra, chunk_id, sample = json.loads(
            self._file.readline()
        )
        return Request(
            key=key,
            messages=tuple(Message(role=role, content=content) for role, content in messages),
            schema=self._schemas[schema],
            params=Params(temperature=temperature, max_tokens=max_tokens, extra=extra),
            chunk_id=chunk_id,
            sample=sample,
        )

    def _plain(self, request: Request) -> list[Any]:  # JSON
        if request.schema not in self._schemas:
            self._schemas.append(request.schema)
        params = request.params
        return [
            [[said.role, said.content] for said in request.messages],
            self._schemas.index(request.schema),
            params.temperature,
            params.max_tokens,
            params.extra,
            request.chunk_id,
            request.sample,
        ]
