"""A scripted model server on loopback: a real socket that answers by a function.

    with serve(good_model) as endpoint:
        ...                                   # endpoint.url is the base_url
        assert len(endpoint.requests) == 3

`endpoint.reply` gets each request and returns an `Answer`; slow, broken, cut and refused answers
are one call each. `good_model` writes pairs from the passage in the prompt.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal

from builder.text import content_words, fold, sentences
from tests.loopback import Handler, Loopback

Json = Any  # whatever the protocol puts there


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A request as it came in; number counts from 1, names of headers are in lower case."""

    number: int
    path: str
    headers: Mapping[str, str]
    body: Json

    @property
    def prompt(self) -> str:
        """What the user's first message says."""
        said = (each["content"] for each in self.body["messages"] if each["role"] == "user")
        return str(next(said))

    @property
    def correction(self) -> str:
        """What the model is told about its last reply, "" when it is asked for the first time."""
        *before, last = self.body["messages"]
        return str(last["content"]) if before and before[-1]["role"] == "assistant" else ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server does with a request.

    fault: "reset" closes the connection hard, "cut" sends half of the body, "hang" sends nothing
           until the client goes away or delay_s is over.
    """

    status: int = 200
    body: Json = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    fault: Literal["", "reset", "cut", "hang"] = ""


Reply = Callable[[Seen], Answer]


def chat(content: str | None, *, finish_reason: str = "stop", **message: Json) -> Answer:
    """A chat completion that says content; further words go into its message (refusal=...)."""
    said = {"role": "assistant", "content": content, **message}
    return Answer(
        body={
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "scripted",
            "choices": [{"index": 0, "message": said, "finish_reason": finish_reason}],
            "usage": {"prompt_tokens": 700, "completion_tokens": 90, "total_tokens": 790},
        }
    )


def error(status: int, message: str, *, code: str = "", param: str = "", **headers: str) -> Answer:
    """An error as OpenAI's protocol words it; headers by their names with _ for -."""
    return Answer(
        status=status,
        body={"error": {"message": message, "type": "error", "code": code, "param": param}},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


class Endpoint(Loopback):
    """A running server; `requests` is what it was asked, `most_at_once` how many at one time."""

    def __init__(self, reply: Reply, *, latency_s: float = 0.0) -> None:
        self.reply = reply
        self.latency_s = latency_s
        self.requests: list[Seen] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = Lock()
        super().__init__(_Handler)

    def take(self, path: str, headers: Mapping[str, str], body: Json) -> Seen:
        """Note a request that has begun."""
        with self._lock:
            seen = Seen(number=len(self.requests) + 1, path=path, headers=headers, body=body)
            self.requests.append(seen)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        return seen

    def done(self) -> None:
        """Note that a request has been answered."""
        with self._lock:
            self._at_once -= 1


@contextmanager
def serve(reply: Reply, *, latency_s: float = 0.0) -> Iterator[Endpoint]:
    """A server that answers by `reply` until the block ends."""
    endpoint = Endpoint(reply, latency_s=latency_s)
    try:
        yield endpoint
    finally:
        endpoint.close()


class _Handler(Handler):
    def do_POST(self) -> None:
        endpoint: Endpoint = self.server.owner
        raw = self.body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = endpoint.take(self.path, headers, json.loads(raw))
        try:
            answer = endpoint.reply(seen)
            time.sleep(endpoint.latency_s + answer.delay_s)
        finally:
            endpoint.done()
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        if answer.fault == "hang":
            self.close_connection = True
            return
        if answer.fault == "reset":
            self.reset()
            return
        raw = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        data = raw.encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if "content-type" not in {name.lower() for name in answer.headers}:
            self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        if answer.fault == "cut":
            data = data[: len(data) // 2]
            self.close_connection = True
        self.wfile.write(data)


_PASSAGE = re.compile(r"<(passage-\w+)>\n(.*)\n</\1>", re.DOTALL)
_FIELD = re.compile(r"(?m)^(Document|Section|Language): (.*)$")
_NOT_PROSE = re.compile(r"\s*(?:#|\||```|>|[-*] |\d+\. )")

# Attributes that hardly any documentation states, in the languages of the sample documents.
_MISSING = {
    "en": ("spare part number", "colour of the cable", "name of the supplier", "customs code"),
    "de": ("Ersatzteilnummer", "Kabelfarbe", "Name des Lieferanten", "Zolltarifnummer"),
}


def passage_of(prompt: str) -> str:
    """The passage in a writer's prompt, "" for another prompt."""
    found = _PASSAGE.search(prompt)
    return found[2] if found else ""


def good_model(seen: Seen) -> Answer:
    """Answers a writer's prompt from its passage; see `pairs_for`."""
    return chat(json.dumps(pairs_for(seen.prompt), ensure_ascii=False))


def pairs_for(prompt: str) -> Json:
    """A reply to a writer's prompt: sentences of the passage as answers, and a near miss.

    The first three sentences of prose give a factual (at most two) and a conceptual pair, the other
    types are skipped; a passage without prose skips all. Equal prompts get equal replies.
    """
    passage = passage_of(prompt)
    fields = dict(_FIELD.findall(prompt))
    lang = "de" if fields.get("Language") == "de" else "en"
    place = f"{fields.get('Document', '')}, {fields.get('Section', '')}".strip(", ")
    said = [passage[start:end] for start, end in sentences(passage)]
    prose = [one for one in said if not _NOT_PROSE.match(one) and len(content_words(one)) >= 5]
    types = ("factual", "factual", "conceptual")
    pairs = [
        {"type": name, "evidence": [one], "question": _question(one, place, lang), "answer": one}
        for name, one in zip(types, _different(prose), strict=False)
    ]
    missing = [attribute for attribute in _MISSING[lang] if fold(attribute) not in fold(passage)]
    near = [_near_miss(prose[0], missing[0], place, lang)] if prose and missing else []
    done = {pair["type"] for pair in pairs} | {miss["kind"] for miss in near}
    names = (*sorted(TYPES), "near_miss")
    skipped = [
        {"type": name, "reason": "The passage has no two sentences for it."}
        for name in names
        if name not in done
    ]
    return {"pairs": pairs, "unanswerable": near, "skipped": skipped}


TYPES = (
    "factual",
    "conceptual",
    "procedural",
    "comparison",
    "troubleshooting",
    "numeric",
    "multi_fact",
    "yes_no",
)


_WORDINGS = {
    "en": (
        "What has to be known about {topic} in {place}?",
        "How does {place} treat {topic}?",
        "Which rule holds for {topic} in {place}?",
        "When working with {place}, what about {topic}?",
    ),
    "de": (
        "Was ist bei {place} über {topic} zu wissen?",
        "Wie geht {place} mit {topic} um?",
        "Welche Regel gilt bei {place} für {topic}?",
        "Bei der Arbeit mit {place}: was gilt für {topic}?",
    ),
}


def _question(sentence: str, place: str, lang: str) -> str:
    wordings = _WORDINGS[lang]
    return wordings[len(sentence) % len(wordings)].format(topic=_topic(sentence), place=place)


def _near_miss(sentence: str, attribute: str, place: str, lang: str) -> Json:
    topic = _topic(sentence)
    link = "für" if lang == "de" else "for"
    return {
        "kind": "near_miss",
        "type": "factual",
        "about": topic,
        "attribute": attribute,
        "question": _question(sentence, place, lang).replace(topic, f"{attribute} {link} {topic}"),
    }


def _topic(sentence: str) -> str:
    """Up to six content words of a sentence, in its own spelling."""
    wanted = content_words(sentence)[:6]
    found = [word for word in re.findall(r"[\w'.-]*\w", sentence) if fold(word) in wanted]
    return " ".join(found[:6]) or sentence.split()[0]


def _different(texts: list[str]) -> list[str]:
    seen: dict[str, str] = {}
    for text in texts:
        seen.setdefault(fold(text), text)
    return list(seen.values())
