"""The doctor: what is missing is named with what to do, and no key is ever shown."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from builder.cli import main
from builder.config import load
from builder.doctor import OPTIONAL, PACKAGES, Note, examine, shown
from tests.endpoint import Answer, Reply, Seen, chat, error, serve

KEY = "sk-the-users-own-key"
FEW = {"click": "click"}


def notes(
    folder: Path,
    *,
    environ: Mapping[str, str] | None = None,
    packages: Mapping[str, str] = FEW,
    servers: Mapping[str, int] | None = None,
    **model: str | tuple[str, ...],
) -> list[Note]:
    """What the doctor says with settings of [model] given as flags."""
    config = load(file=None, environ={}, flags={"model": model})
    found = examine(config, environ or {}, folder=folder, packages=packages, servers=servers or {})
    return list(found)


def about(found: list[Note], name: str) -> Note:
    return [note for note in found if note.about == name][-1]


def states(found: list[Note]) -> set[str]:
    return {note.state for note in found}


def test_a_sound_installation_has_no_fault(tmp_path: Path) -> None:
    found = notes(tmp_path)

    assert "fault" not in states(found)
    assert list(dict.fromkeys(note.about for note in found)) == [
        "python", "packages", "optional", "prompts", "tokens", "cache", "disk", "terminal", "model",
    ]  # fmt: skip
    assert "o200k_base, no network needed" in about(found, "tokens").text


def test_a_missing_package_is_named_with_how_to_install_it(tmp_path: Path) -> None:
    found = notes(tmp_path, packages={**FEW, "no-such-package": "no_such_package"})
    faults = [note for note in found if note.state == "fault"]

    assert [note.about for note in faults] == ["packages"]
    assert "no-such-package cannot be used" in faults[0].text
    assert "pip install" in faults[0].hint


def test_extra_that_a_format_needs_is_named_with_its_command(tmp_path: Path) -> None:
    config = load(file=None, environ={})
    wanted = {"no-such-pdf": ("PDF files", "builder[pdf]"), "click": ("the command line", "click")}

    found = list(examine(config, {}, folder=tmp_path, packages=FEW, optional=wanted, servers={}))

    missing, there = (note for note in found if note.about == "optional")
    assert missing.text == "no-such-pdf is not installed: PDF files"
    assert missing.hint == "pip install 'builder[pdf]'"
    assert there.text.startswith("click ")
    assert "fault" not in states(found)


def test_every_extra_is_known_to_the_doctor() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    extras = set(project["project"]["optional-dependencies"])

    named = {command.partition("[")[2].rstrip("]") for _, command in OPTIONAL.values()}

    assert extras - {"test", "dev"} == named - {""}


def test_every_dependency_is_looked_at() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    names = {re.split(r"[^\w-]", text)[0] for text in project["project"]["dependencies"]}

    assert set(PACKAGES) == names


def test_prompts_that_cannot_be_read_are_a_fault(tmp_path: Path) -> None:
    (tmp_path / "builder.toml").write_text("", "utf-8")
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "layouts.toml").write_text("[[layout", "utf-8")
    config = load(file=tmp_path / "builder.toml", environ={})
    found = list(examine(config, {}, folder=tmp_path, packages=FEW, servers={}))

    assert about(found, "prompts").state == "fault"
    assert "layouts.toml" in about(found, "prompts").text


def test_an_encoding_that_is_not_known_is_a_fault(tmp_path: Path) -> None:
    config = load(file=None, environ={}, flags={"chunk": {"encoding": "o201k"}})
    found = list(examine(config, {}, folder=tmp_path, packages=FEW, servers={}))

    assert about(found, "tokens").state == "fault"
    assert "o200k_base" in about(found, "tokens").hint


def test_a_cache_that_cannot_be_written_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    found = notes(tmp_path)

    assert about(found, "cache").state == "note"
    assert "XDG_CACHE_HOME" in about(found, "cache").hint
    assert "fault" not in states(found)


def test_a_folder_that_is_not_there_yet_is_measured_above(tmp_path: Path) -> None:
    found = about(notes(tmp_path / "not" / "there"), "disk")

    assert found.state != "fault"
    assert str(tmp_path) in found.text


ANSWER = chat('{"answer": 7}')


def _no_schema(seen: Seen) -> Answer:
    kind = seen.body.get("response_format", {}).get("type")
    return error(400, "json_schema is not supported") if kind == "json_schema" else ANSWER


def _no_structure(seen: Seen) -> Answer:
    return error(400, "unknown: response_format") if "response_format" in seen.body else ANSWER


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (lambda _seen: ANSWER, "json_schema is supported"),
        (_no_schema, "json_schema is not supported, json_object is used"),
        (_no_structure, "no structured output is supported"),
    ],
)
def test_a_model_that_answers_is_said_with_what_its_server_supports(
    tmp_path: Path, reply: Reply, said: str
) -> None:
    with serve(reply) as endpoint:
        found = notes(tmp_path, name="m", base_url=endpoint.url)

    assert states(found) <= {"ok", "note"}
    assert said in about(found, "model").text
    asked = next(note for note in found if note.about == "model")
    assert asked.text == f"asking m at {endpoint.url.split('/')[2]}"


def test_a_model_is_asked_once(tmp_path: Path) -> None:
    with serve(lambda _seen: error(500, "busy")) as endpoint:
        found = notes(tmp_path, name="m", base_url=endpoint.url)

    assert len(endpoint.requests) == 1
    assert about(found, "model").state == "fault"
    assert "server_error" in about(found, "model").text


def test_a_model_that_does_not_keep_to_the_form_is_no_fault(tmp_path: Path) -> None:
    with serve(lambda _seen: chat("Seven, of course.")) as endpoint:
        found = about(notes(tmp_path, name="m", base_url=endpoint.url), "model")

    assert found.state == "note"
    assert "not as asked" in found.text
    assert "takes json_schema and does not keep to it" in found.text
    assert "larger model" in found.hint


def test_each_address_of_a_model_is_asked(tmp_path: Path) -> None:
    with serve(lambda _seen: ANSWER) as one, serve(lambda _seen: error(500, "down")) as other:
        found = notes(tmp_path, name="m", base_urls=(one.url, other.url))

    told = [note for note in found if note.about == "model"]
    assert [note.state for note in told] == ["ok", "ok", "ok", "fault"]
    assert told[2].text == f"asking m at {other.url.split('/')[2]}"
    assert len(one.requests) == len(other.requests) == 1


def test_a_server_that_may_want_a_key_in_its_own_words(tmp_path: Path) -> None:
    """As the LiteLLM proxy without a database says it."""
    with serve(lambda _seen: error(400, "No connected db.")) as endpoint:
        without = about(notes(tmp_path, name="m", base_url=endpoint.url), "model")
        environ = {"BUILDER_API_KEY": KEY}
        given = about(notes(tmp_path, environ=environ, name="m", base_url=endpoint.url), "model")

    assert without.state == given.state == "fault"
    assert "BUILDER_API_KEY" in without.hint
    assert "BUILDER_API_KEY" not in given.hint


@pytest.mark.parametrize(
    "reply",
    [
        lambda _seen: error(401, f"Incorrect API key provided: {KEY}"),
        lambda _seen: error(404, f"no model for {KEY}", code="model_not_found"),
        lambda _seen: chat(f"Your key is {KEY}"),
        lambda _seen: chat(None, refusal=f"Not with {KEY}"),
    ],
)
def test_no_key_is_shown_whatever_the_server_says(tmp_path: Path, reply: Reply) -> None:
    with serve(reply) as endpoint:
        environ = {"OPENAI_API_KEY": KEY}
        found = notes(tmp_path, environ=environ, name="m", base_url=endpoint.url)

    assert endpoint.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert about(found, "model").state in ("fault", "note")
    assert KEY not in "".join(shown(note, 80) for note in found)


def test_a_server_that_is_not_there_is_a_fault_with_a_hint(tmp_path: Path) -> None:
    with serve(lambda _seen: ANSWER) as endpoint:
        url = endpoint.url
    found = about(notes(tmp_path, name="m", base_url=url), "model")

    assert found.state == "fault"
    assert "cannot be reached" in found.text
    assert "--base-url" in found.hint


def test_a_model_without_its_key_is_a_fault_with_a_hint(tmp_path: Path) -> None:
    found = about(notes(tmp_path, name="gpt-4o-mini"), "model")

    assert found.state == "fault"
    assert "OPENAI_API_KEY" in found.hint


@contextmanager
def local_server(status: int, body: str) -> Iterator[int]:
    """A server that answers every GET so, on the port that is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode() if self.path == "/v1/models" else b"")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_server_on_this_machine_is_found_with_the_line_to_use_it(tmp_path: Path) -> None:
    models = json.dumps({"data": [{"id": "qwen2.5:7b"}, {"id": "other"}]})
    with local_server(200, models) as port:
        found = about(notes(tmp_path, servers={"Ollama": port}), "model")

    assert found.text == f"a server on port {port}, as Ollama uses: qwen2.5:7b, other"
    assert found.hint == (
        f"builder build SOURCE -o RUN --model qwen2.5:7b --base-url http://127.0.0.1:{port}/v1"
    )


def test_a_model_that_only_embeds_is_not_the_one_to_use(tmp_path: Path) -> None:
    models = json.dumps({"data": [{"id": "text-embedding-small"}, {"id": "llama-3.1-8b"}]})
    with local_server(200, models) as port:
        found = about(notes(tmp_path, servers={"LM Studio": port}), "model")

    assert "--model llama-3.1-8b " in found.hint


def test_a_server_that_wants_a_key_is_found_too(tmp_path: Path) -> None:
    with local_server(401, "no") as port:
        found = about(notes(tmp_path, servers={"vLLM": port}), "model")

    assert f"a server on port {port}" in found.text
    assert "--model NAME" in found.hint


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", '{"data": 3}', '{"data": [{}]}', "[" * 100_000, '{"data": [null]}']
)
def test_something_else_on_a_port_is_no_model_server(tmp_path: Path, body: str) -> None:
    with local_server(200, body) as port:
        found = about(notes(tmp_path, servers={"LM Studio": port}), "model")

    assert found.text.startswith("none named")
    assert found.state == "ok"


def test_names_of_models_are_data(tmp_path: Path) -> None:
    models = json.dumps({"data": [{"id": "a\x1b[2J; rm -rf $HOME"}]})
    with local_server(200, models) as port:
        found = about(notes(tmp_path, servers={"vLLM": port}), "model")

    assert "\x1b" not in shown(found, 80)
    assert "--model 'a\\x1b[2J; rm -rf $HOME' --base-url" in shown(found, 80)


def test_a_key_that_is_set_is_mentioned_and_not_shown(tmp_path: Path) -> None:
    found = notes(tmp_path, environ={"OPENAI_API_KEY": KEY})

    assert "OPENAI_API_KEY is set" in about(found, "model").text
    assert KEY not in str(found)


def test_long_texts_are_wrapped_and_commands_are_not() -> None:
    note = Note(about="model", text="many words " * 20, hint="builder build " + "x " * 60)
    *text, hint = shown(note, 60).split("\n")

    assert max(map(len, text)) <= 60
    assert text[0].startswith("ok     model     many words")
    assert all(line.startswith(" " * 17) for line in [*text[1:], hint])
    assert hint.strip() == note.hint.strip()


@pytest.mark.parametrize(("says", "code"), [("answer", 0), ("refuse", 1)])
def test_the_exit_code_tells_whether_the_main_job_can_run(says: str, code: int) -> None:
    reply = ANSWER if says == "answer" else error(401, "no")
    with serve(lambda _seen: reply) as endpoint:
        args = ["doctor", "--model", "m", "--base-url", endpoint.url]
        done = CliRunner().invoke(main, args)
        as_json = CliRunner().invoke(main, [*args, "--json"])

    assert done.exit_code == as_json.exit_code == code
    assert ("The main job can run." in done.stdout) == (code == 0)
    found = json.loads(as_json.stdout)
    assert found["runs"] == (code == 0)
    assert {note["about"] for note in found["notes"]} >= {"python", "packages", "model"}
