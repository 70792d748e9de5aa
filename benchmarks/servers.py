"""The whole job against servers that this project did not write.

    python3 -m venv SERVERS && SERVERS/bin/pip install xllamacpp gguf mockllm 'litellm[proxy]'
    python benchmarks/servers.py SERVERS/bin/python [llama litellm mock]

- llama.cpp's own server (from the wheel xllamacpp) with a model of random weights: replies in the
  form of the schema, full of nonsense, which the checks must reject with reasons.
- the LiteLLM proxy, which wants a key and knows three models: that same llama.cpp, a server of ours
  that answers as a good model would, and a mock of its own.
- mockllm, a mock of the OpenAI protocol: it ignores what is asked and says the same sentence.

Prints what `builder doctor` says of each, and what came of a build: attempts by class, drafts,
verdicts by reason, that a second run sends nothing, and that the line which `builder doctor` prints
for a server that it finds is one that builds.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from builder import doctor  # noqa: E402  # the checkout's own
from builder.config import Config  # noqa: E402
from tests.endpoint import good_model, serve  # noqa: E402

SHOWN = 3  # accepted questions
KEY = "sk-of-the-proxy-0123456789"
MODELS = """
model_list:
  - model_name: random
    litellm_params: {{model: openai/random, api_base: "{llama}", api_key: none}}
  - model_name: good
    litellm_params: {{model: openai/good, api_base: "{good}", api_key: none}}
  - model_name: mocked
    litellm_params: {{model: openai/mocked, api_key: none, mock_response: "Two litres."}}
"""
RESPONSES = """
responses: {}
defaults:
  unknown_response: "The water tank holds two litres, as every tank of this series does."
"""


@contextmanager
def llama(python: str, folder: Path) -> Iterator[str]:
    """llama.cpp's server with the random model."""
    command = [python, str(ROOT / "benchmarks" / "random_llama.py"), str(folder / "random.gguf")]
    with (folder / "llama.log").open("w") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert process.stdin and process.stdout
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        process.stdin.close()
        process.wait(timeout=20)


@contextmanager
def litellm(python: str, folder: Path, llama_url: str, good_url: str) -> Iterator[str]:
    """The LiteLLM proxy in front of two servers."""
    config = folder / "litellm.yaml"
    config.write_text(MODELS.format(llama=llama_url, good=good_url), encoding="utf-8")
    port = free_port()
    command = [str(Path(python).with_name("litellm")), "--config", str(config)]
    offline = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MASTER_KEY": KEY}
    with (folder / "litellm.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            stdout=log,
            stderr=log,
            cwd=folder,
            env={**os.environ, **offline},
        )
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def mock(python: str, folder: Path) -> Iterator[str]:
    """mockllm on a free port."""
    (folder / "responses.yml").write_text(RESPONSES, encoding="utf-8")
    port = free_port()
    # Its command line listens on all interfaces; the app itself does as it is told.
    run = f"import uvicorn; uvicorn.run('mockllm.server:app', host='127.0.0.1', port={port})"
    environment = {**os.environ, "MOCKLLM_RESPONSES_FILE": str(folder / "responses.yml")}
    with (folder / "mock.log").open("w") as log:
        process = subprocess.Popen(
            [python, "-c", run], stdout=log, stderr=log, cwd=folder, env=environment
        )
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(timeout=20)


def free_port() -> int:
    """A port of this machine where nothing listens yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int) -> None:
    """Return as soon as something listens there."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise SystemExit(f"nothing listens on port {port}")


def builder(*arguments: str, key: str = "") -> subprocess.CompletedProcess[str]:
    """Run builder from this checkout."""
    command = [sys.executable, "-m", "builder", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if key:
        environment["BUILDER_API_KEY"] = key
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def show(name: str, model: str, url: str, folder: Path, *, key: str = "") -> None:
    """Doctor, build, build again."""
    named = ("--model", model, "--base-url", url)
    print(f"== {name}\n{about_model(builder('doctor', *named, key=key).stdout)}")
    run = folder / f"run-{name.partition(',')[0]}-{model}"
    settings = ("--set", "model.max_output_tokens=800", "--set", "target.pairs=0")
    command = ("build", str(ROOT / "raw_docs"), "-o", str(run), "--limit", "24", *named, *settings)
    began = time.monotonic()
    first = builder(*command, key=key)
    took_s = time.monotonic() - began
    print(f"build: exit {first.returncode} after {took_s:.0f} s")
    if first.returncode not in (0, 3):
        print(first.stderr[-2000:])
        return
    print(f"  attempts by class: {attempts(run)}")
    drafts = lines(run / "drafts.jsonl")
    print(f"  drafts: {len(drafts)}, {shown(Counter(row['type'] for row in drafts))}")
    failures = [row for row in lines(run / "failures.jsonl") if row["stage"] == "write"]
    print(f"  write failures: {shown(Counter(row['reason'] for row in failures))}")
    verdicts = lines(run / "verdicts.jsonl")
    print(f"  verdicts: {shown(Counter(row['status'] for row in verdicts))}")
    checks = Counter(
        found["check"]
        for row in verdicts
        for found in row["findings"]
        if found["action"] == "reject"
    )
    print(f"  rejected by: {shown(checks)}")
    kept = {row["pair_id"] for row in verdicts if row["status"] == "accepted"}
    accepted = [row for row in lines(run / "pairs.jsonl") if row["id"] in kept]
    for row in accepted[:SHOWN]:
        print(f"  accepted: {row['kind'] or 'answerable'}: {row['question'][:100]}")
    before = attempts(run)
    second = builder(*command, key=key)
    print(
        f"again: exit {second.returncode}, sent {'nothing' if attempts(run) == before else 'more'}"
    )


def pasted(name: str, url: str, folder: Path) -> None:
    """Build with the line that doctor prints for a server that it finds."""
    port = int(url.split(":")[2].partition("/")[0])
    notes = doctor.examine(Config(), {}, folder=folder, servers={name: port})
    line = next(note.hint for note in notes if note.about == "model" and f":{port}" in note.hint)
    run = folder / "run-pasted"
    words = shlex.split(line.replace("SOURCE", str(ROOT / "raw_docs" / "api")))
    words = [str(run) if word == "RUN" else word for word in words]
    done = builder(*words[1:], "--limit", "2", "--set", "model.max_output_tokens=800")
    print(f"pasted: {line}\n  exit {done.returncode}, attempts: {attempts(run)}")


def about_model(text: str) -> str:
    """The lines of doctor's report that are about the model."""
    return "\n".join(line for line in text.splitlines() if " model " in line)


def attempts(run: Path) -> str:
    """The attempts in a run's replies, by class."""
    with closing(sqlite3.connect(run / "replies.sqlite")) as replies:
        found = replies.execute("SELECT kind, count(*) FROM attempts GROUP BY kind ORDER BY kind")
        return ", ".join(f"{kind} {n}" for kind, n in found)


def lines(path: Path) -> list[dict]:  # rows of a run
    """The records in a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def shown(found: Counter[str]) -> str:
    """Counts in one line."""
    return ", ".join(f"{name} {n}" for name, n in found.most_common()) or "none"


def main(python: str, wanted: list[str]) -> None:
    """The servers that are wanted, one after the other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if {"llama", "litellm"} & {*wanted}:
            with llama(python, folder) as url:
                if "llama" in wanted:
                    show("llama.cpp, random weights", "random", url, folder)
                    pasted("llama.cpp", url, folder)
                if "litellm" in wanted:
                    with serve(good_model) as good, litellm(python, folder, url, good.url) as proxy:
                        for model in ("random", "good", "mocked"):
                            show("LiteLLM proxy, " + model, model, proxy, folder, key=KEY)
                        print(f"without its key: {about_model(unkeyed(proxy))}")
        if "mock" in wanted:
            with mock(python, folder) as url:
                show("mockllm", "gpt-4o-mini", url, folder)


def unkeyed(url: str) -> str:
    """What doctor says when the key is missing."""
    return builder("doctor", "--model", "good", "--base-url", url).stdout


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:] or ["llama", "litellm", "mock"])
