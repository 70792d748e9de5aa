"""Remembered replies as a user handles them: looked at, carried elsewhere, thinned out."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from builder.llm import Outcome, Replies
from tests.e2e.running import RAW_DOCS, contents, environment, lines, run
from tests.endpoint import Answer, Endpoint, Seen, chat, good_model, pairs_for, serve

KEY = "sk-test-0123456789-never-written"


def _nowhere() -> str:
    """An address of this machine where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


def _build(
    home: Path, name: str, url: str, *more: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    return run(
        *("build", "docs", "-o", name, "--model", "scripted", "--base-url", url, *more),
        cwd=home,
        env=environment(home, **variables),
    )


def _replies(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return run("replies", *args, cwd=home)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with docs/ and run/, built with a server that is gone now.

    One of its requests never got a usable reply.
    """
    home = tmp_path_factory.mktemp("recorded")
    shutil.copytree(RAW_DOCS / "api", home / "docs")

    def mostly_good(seen: Seen) -> Answer:
        hopeless = seen.prompt == endpoint.requests[0].prompt
        return chat("Well.") if hopeless else good_model(seen)

    endpoint: Endpoint
    with serve(mostly_good) as endpoint:
        done = _build(home, "run", endpoint.url, OPENAI_API_KEY=KEY)
    assert done.returncode == 3, done.stderr
    return home


def test_a_recorded_run_is_replayed_elsewhere_with_no_server_and_no_key(
    recorded: Path, tmp_path: Path
) -> None:
    told = _replies(recorded, "run", "--export", str(tmp_path / "handbook.jsonl"))
    shutil.copytree(recorded / "docs", tmp_path / "docs")
    imported = _replies(tmp_path, "run", "--import", "handbook.jsonl")
    replayed = _build(tmp_path, "run", _nowhere())

    assert told.returncode == imported.returncode == 0, told.stderr + imported.stderr
    assert replayed.returncode == 3, replayed.stderr
    assert "1 failed (write: not_json)" in replayed.stdout
    assert contents(tmp_path / "run") == contents(recorded / "run")
    assert KEY not in (tmp_path / "handbook.jsonl").read_text("utf-8")
    again = _replies(tmp_path, "run", "--export", "-").stdout
    assert again == (tmp_path / "handbook.jsonl").read_text("utf-8")


def test_even_the_official_server_needs_no_key_for_what_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    shutil.copy(RAW_DOCS / "api" / "errors.md", tmp_path / "docs")
    labelled = ("--set", "model.label=recorded")
    with serve(good_model) as endpoint:
        first = _build(tmp_path, "run", endpoint.url, *labelled)
    official = "https://api.openai.com/v1"
    again = _build(tmp_path, "run", official, *labelled, "--fresh")
    other = _build(tmp_path, "other", official, *labelled)

    assert first.returncode == again.returncode == 0, again.stderr
    assert other.returncode == 2
    assert "no key" in other.stderr


def test_a_copy_of_the_file_itself_can_be_imported_too(recorded: Path, tmp_path: Path) -> None:
    before = (recorded / "run" / "replies.sqlite").read_bytes()
    source = str(recorded / "run" / "replies.sqlite")
    first = _replies(tmp_path, "shared.sqlite", "--import", source, "--json")
    again = _replies(tmp_path, "shared.sqlite", "--import", source, "--json")
    shutil.copytree(recorded / "docs", tmp_path / "docs")
    replayed = _build(tmp_path, "run", _nowhere(), "--replies", "shared.sqlite")

    (taken,) = json.loads(first.stdout).values()
    (known,) = json.loads(again.stdout).values()
    assert taken["new"] == known["known"] > 0
    assert known["new"] == known["better"] == 0
    assert (recorded / "run" / "replies.sqlite").read_bytes() == before
    assert replayed.returncode == 3, replayed.stderr
    assert contents(tmp_path / "run") == contents(recorded / "run")


def test_what_is_there_is_shown_with_the_share_that_was_remembered(
    recorded: Path, tmp_path: Path
) -> None:
    shutil.copytree(recorded, tmp_path, dirs_exist_ok=True)
    _build(tmp_path, "run", _nowhere(), "--fresh")

    shown = _replies(tmp_path, "run").stdout
    found = json.loads(_replies(tmp_path, "run", "--json").stdout)

    first, second = found["uses"]
    assert first["remembered"] == 0 < first["asked"] == second["remembered"] == second["asked"]
    assert sum(group["replies"] for group in found["groups"]) == first["asked"]
    sent = {tally["kind"]: tally["attempts"] for tally in found["attempts"]}
    assert sent["ok"] <= first["asked"] < sum(sent.values())
    assert sent["content"] == 3
    assert " 100%" in shown
    assert "scripted" in shown
    assert first["run"].startswith("run-")


def _kept(file: Path) -> dict[str, str]:
    with Replies(file) as replies, replies.transaction() as database:
        return dict(database.execute("SELECT key, reason FROM replies").fetchall())


def _made(file: Path) -> None:
    """A file with two usable replies and two failures of two models, one of each a year old."""
    with Replies(file) as replies:
        for number, reason in enumerate(("", "", "schema", "refusal")):
            outcome = Outcome(key=f"{number:016x}", reason=reason, text="{}" * 3000)
            replies.put(outcome, model=f"m{number % 2}")
        with replies.transaction() as database:
            database.execute(
                "UPDATE replies SET at = '2020-01-01T00:00:00Z'"
                " WHERE key LIKE '%2' OR key LIKE '%1'"
            )


@pytest.mark.parametrize(
    ("picks", "left"),
    [
        (("--reason", "failed"), {0, 1}),
        (("--reason", "schema"), {0, 1, 3}),
        (("--reason", "usable", "--model", "m1"), {0, 2, 3}),
        (("--model", "m0"), {1, 3}),
        (("--unused-for", "300"), {0, 3}),
        (("--unused-for", "300", "--reason", "schema"), {0, 1, 3}),
    ],
)
def test_what_is_picked_is_forgotten_once_that_is_confirmed(
    tmp_path: Path, picks: tuple[str, ...], left: set[int]
) -> None:
    file = tmp_path / "shared.sqlite"
    _made(file)

    dry = _replies(tmp_path, file.name, "--prune", *picks)
    before = _kept(file)
    done = _replies(tmp_path, file.name, "--prune", *picks, "--yes", "--json")

    assert dry.returncode == done.returncode == 0, dry.stderr + done.stderr
    assert len(before) == 4
    assert {int(key, 16) for key in _kept(file)} == left
    assert f"{4 - len(left)} replies" in dry.stdout
    assert sum(json.loads(done.stdout)["replies"].values()) == 4 - len(left)


def test_pruning_gives_space_back_and_keeps_the_record_of_what_was_paid(
    recorded: Path, tmp_path: Path
) -> None:
    shutil.copytree(recorded / "run", tmp_path / "run")
    before = json.loads(_replies(tmp_path, "run", "--json").stdout)
    done = _replies(tmp_path, "run", "--prune", "--unused-for", "1", "--yes")
    kept = json.loads(_replies(tmp_path, "run", "--json").stdout)
    assert kept["groups"] == before["groups"]  # all of it was asked for today

    done = _replies(tmp_path, "run", "--prune", "--model", "scripted", "--yes")
    after = json.loads(_replies(tmp_path, "run", "--json").stdout)

    assert done.returncode == 0, done.stderr
    assert after["groups"] == []
    assert after["attempts"] == before["attempts"]
    assert after["n_bytes"] < before["n_bytes"] / 2


def test_replies_of_other_runs_can_be_forgotten(recorded: Path, tmp_path: Path) -> None:
    shutil.copytree(recorded / "docs", tmp_path / "docs")
    source = str(recorded / "run" / "replies.sqlite")
    _replies(tmp_path, "shared.sqlite", "--import", source)
    shared = ("--replies", "shared.sqlite")
    _build(tmp_path, "small", _nowhere(), *shared, "--limit", "3", "--set", "write.two_chunks=0")
    stranger = _replies(tmp_path, "shared.sqlite", "--prune", "--unused-by", str(recorded / "run"))
    mine = _replies(tmp_path, "shared.sqlite", "--export", "-", "--used-by", "small").stdout
    _replies(tmp_path, "shared.sqlite", "--prune", "--unused-by", "small", "--yes")

    assert stranger.returncode == 1
    assert "never asked" in stranger.stderr
    assert len(mine.splitlines()) == len(_kept(tmp_path / "shared.sqlite")) == 3


GOOD = {"key": "00000000000000aa", "reason": "", "text": '{"pairs": []}'}
BAD = [
    "no json at all",
    "[1, 2]",
    '{"key": "00000000000000ab", "text": "no reason"}',
    json.dumps({**GOOD, "key": "short"}),
    json.dumps({**GOOD, "reason": "because"}),
    json.dumps({**GOOD, "reason": "fatal"}),
    json.dumps({**GOOD, "text": None}),
    json.dumps({**GOOD, "text": "\ud800"}),
    json.dumps({**GOOD, "prompt_tokens": -1}),
    json.dumps({**GOOD, "prompt_tokens": 1e99}),
    json.dumps({**GOOD, "attempts": True}),
    json.dumps({**GOOD, "at": "yesterday"}),
    "[" * 100_000,
    '{"key": "00000000000000ac", "reason"',
]


def test_bad_lines_are_named_and_keep_no_good_one_out(tmp_path: Path) -> None:
    texts = [json.dumps(GOOD)]
    for number, bad in enumerate(BAD):
        texts += [bad, json.dumps({**GOOD, "key": f"{number:016x}"})]
    file = tmp_path / "mixed.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(texts).encode() + b'\n\xff\xfe\n\n{"key": "')

    done = _replies(tmp_path, "shared.sqlite", "--import", "mixed.jsonl")

    assert done.returncode == 3
    assert f"{1 + len(BAD)} new" in done.stdout
    assert f"{2 + len(BAD)} refused" in done.stdout
    for number in range(2, 2 + 2 * len(BAD), 2):
        assert f"line {number}: " in done.stderr
    assert len(_kept(tmp_path / "shared.sqlite")) == 1 + len(BAD)


def test_what_is_known_gives_way_only_where_it_had_failed(tmp_path: Path) -> None:
    key = str(GOOD["key"])
    usable = Outcome(key="00000000000000bb", reason="", text="mine")
    with Replies(tmp_path / "shared.sqlite") as replies:
        replies.put(Outcome(key=key, reason="timeout"))
        replies.put(usable)
    more = [
        {**GOOD, "reason": "schema"},
        GOOD,
        {**GOOD, "text": "too late"},
        {**GOOD, "key": usable.key, "text": "theirs"},
    ]
    (tmp_path / "more.jsonl").write_text("\n".join(map(json.dumps, more)), "utf-8")

    done = _replies(tmp_path, "shared.sqlite", "--import", "more.jsonl", "--json")

    (taken,) = json.loads(done.stdout).values()
    assert (taken["new"], taken["better"], taken["known"]) == (0, 1, 3)
    with Replies(tmp_path / "shared.sqlite") as replies:
        assert replies.get(usable.key) == usable
        found = replies.get(key)
    assert found is not None
    assert found.text == GOOD["text"]


def test_files_that_hold_no_replies_are_refused_with_a_hint(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "notes.sqlite")) as database:
        database.execute("CREATE TABLE notes (text TEXT)")
    (tmp_path / "half.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    cases = [
        ("new.sqlite", "--import", "notes.sqlite"),
        ("new.sqlite", "--import", "half.sqlite"),
        ("new.sqlite", "--import", "missing.jsonl"),
        ("notes.sqlite",),
        ("missing.sqlite",),
        ("missing",),
        ("missing.run",),
        ("lines.jsonl",),
        ("empty.txt",),
        ("lines.jsonl", "--prune", "--reason", "failed", "--yes"),
        ("new.sqlite", "--export", "no/such/folder/x.jsonl"),
    ]
    (tmp_path / "lines.jsonl").write_text(json.dumps(GOOD) + "\n", "utf-8")
    (tmp_path / "empty.txt").touch()
    Replies(tmp_path / "new.sqlite").close()
    for args in cases:
        done = _replies(tmp_path, *args)

        assert done.returncode == 1, args
        assert "error: " in done.stderr
        assert " hint: " in done.stderr
        assert "Traceback" not in done.stderr
        assert "folder with -o" not in done.stderr
    assert (tmp_path / "empty.txt").read_bytes() == b""
    assert "--import" in _replies(tmp_path, "lines.jsonl").stderr
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_dir()) == []


def test_options_that_do_not_go_together_are_wrong_usage(tmp_path: Path) -> None:
    _made(tmp_path / "shared.sqlite")
    _made(tmp_path / "other.sqlite")
    (tmp_path / "link.jsonl").symlink_to("shared.sqlite")
    for args in (
        ("--prune",),
        ("--prune", "--yes"),
        ("--yes",),
        ("--model", "m0"),
        ("--export", "-", "--prune", "--model", "m0"),
        ("--import", "x.jsonl", "--reason", "failed"),
        ("--export", "shared.sqlite"),
        ("--export", "shared.sqlite-wal"),
        ("--export", "other.sqlite"),
        ("--export", "link.jsonl"),
        ("--prune", "--reason", "shema", "--yes"),
        ("--prune", "--reason", "fatal", "--yes"),
        ("--export", "-", "--model", "m9"),
    ):
        assert _replies(tmp_path, "shared.sqlite", *args).returncode == 2, args
    slip = _replies(tmp_path, "shared.sqlite", "--prune", "--reason", "shema").stderr
    assert "'schema'" in slip
    assert "'m0', 'm1'" in _replies(tmp_path, "shared.sqlite", "--prune", "--model", "m9").stderr
    assert _replies(tmp_path).returncode == 2
    assert len(_kept(tmp_path / "shared.sqlite")) == 4


def test_what_a_cut_reply_has_lost_is_on_record_and_in_the_report(
    recorded: Path, tmp_path: Path
) -> None:
    shutil.copytree(recorded / "docs", tmp_path / "docs")
    cut: list[str] = []

    def long_winded(seen: Seen) -> Answer:
        said = json.dumps(pairs_for(seen.prompt))
        third = said.find('"answer"', said.find('"conceptual"'))
        if third < 0 or (cut and seen.prompt != cut[0]):
            return chat(said)
        cut.append(seen.prompt)
        return chat(said[: third + 15], finish_reason="length")

    with serve(long_winded) as endpoint:
        done = _build(tmp_path, "run", endpoint.url)
    again = _build(tmp_path, "run", _nowhere(), "--fresh")

    assert done.returncode == again.returncode == 0, done.stderr
    assert len(cut) == 2  # the second time with twice the room
    failures = lines(tmp_path / "run" / "write.failures.jsonl")
    (lost,) = (row for row in failures if row["reason"] == "cut")
    assert lost["failed"] is False
    assert "after 2 complete entries" in lost["detail"]
    report = json.loads((tmp_path / "run" / "report.json").read_text("utf-8"))
    counts = {row["reason"]: row["count"] for row in report["failures"] if not row["failed"]}
    assert counts["cut"] == 1
    drafts = lines(tmp_path / "run" / "drafts.jsonl")
    kept = [d for d in drafts if d["chunk_ids"] == [lost["chunk_id"]] and d["kind"] is None]
    assert len(kept) == 2


def _docs(home: Path) -> None:
    (home / "docs").mkdir(parents=True)
    shutil.copy(RAW_DOCS / "api" / "errors.md", home / "docs")


def test_the_replies_of_a_run_are_never_overwritten_by_their_own_export(
    recorded: Path, tmp_path: Path
) -> None:
    shutil.copytree(recorded / "run", tmp_path / "run")
    file = tmp_path / "run" / "replies.sqlite"
    before = _kept(file)

    done = _replies(tmp_path, "run", "--export", "run/replies.sqlite")

    assert done.returncode == 2, done.stderr
    assert "would take its place" in done.stderr
    assert _kept(file) == before


def test_garbage_that_was_taken_in_as_usable_is_asked_again_and_replaced(tmp_path: Path) -> None:
    _docs(tmp_path)
    with serve(good_model) as endpoint:
        first = _build(tmp_path, "run", endpoint.url)
        _replies(tmp_path, "run", "--export", "good.jsonl")
        rows = lines(tmp_path / "good.jsonl")
        bad = {**rows[0], "text": '{"nothing": "of the sort"}'}
        (tmp_path / "bad.jsonl").write_text(
            "\n".join(json.dumps(row) for row in (bad, *rows[1:])), "utf-8"
        )
        shutil.copytree(tmp_path / "docs", tmp_path / "other" / "docs")
        home = tmp_path / "other"
        _replies(home, "run", "--import", str(tmp_path / "bad.jsonl"))
        poisoned = _build(home, "run", endpoint.url)
        asked = len(endpoint.requests)
        expected = json.loads(
            run(
                *("plan", "docs", "-o", "run", "--model", "scripted", "--base-url", endpoint.url),
                *("--retry-failed", "--json"),
                cwd=home,
            ).stdout
        )
        mended = _build(home, "run", endpoint.url, "--retry-failed")
        again = len(endpoint.requests)
        _build(home, "run", endpoint.url, "--fresh")

    assert first.returncode == mended.returncode == 0, mended.stderr
    assert poisoned.returncode == 3, poisoned.stderr
    assert "1 failed (write: schema)" in poisoned.stdout
    assert again - asked == sum(part["requests"] for part in expected["parts"]) == 1
    assert len(endpoint.requests) == again
    assert contents(home / "run") == contents(tmp_path / "run")


def test_a_good_reply_can_be_taken_in_for_one_that_proved_to_be_garbage(tmp_path: Path) -> None:
    _docs(tmp_path)
    with serve(good_model) as endpoint:
        _build(tmp_path, "run", endpoint.url)
    _replies(tmp_path, "run", "--export", "good.jsonl")
    with Replies(tmp_path / "run" / "replies.sqlite") as replies, replies.transaction() as database:
        database.execute("UPDATE replies SET text = 'Well.'")
    broken = _build(tmp_path, "run", _nowhere(), "--fresh")
    taken = _replies(tmp_path, "run", "--import", "good.jsonl", "--json")
    mended = _build(tmp_path, "run", _nowhere(), "--fresh")

    assert broken.returncode == 3
    (counts,) = json.loads(taken.stdout).values()
    assert counts["better"] == len(lines(tmp_path / "good.jsonl")) > 0
    assert mended.returncode == 0, mended.stderr


def test_a_shared_file_is_found_from_every_folder(tmp_path: Path) -> None:
    home, away = tmp_path / "p", tmp_path / "away"
    away.mkdir()
    _docs(home)
    (home / "builder.toml").write_text('[model]\nreplies = "mine.sqlite"\n', "utf-8")
    with serve(good_model) as endpoint:
        url = endpoint.url
        first = _build(home, "run", url)
        paid = len(endpoint.requests)
        second = run(
            *("build", home / "docs", "-o", "run2", "--config", "../p/builder.toml"),
            *("--model", "scripted", "--base-url", url),
            cwd=away,
        )
        by_variable = _build(home, "run3", url, BUILDER_MODEL_REPLIES="own.sqlite")

    assert first.returncode == second.returncode == by_variable.returncode == 0, second.stderr
    assert len(endpoint.requests) == 2 * paid
    assert not (away / "mine.sqlite").exists()
    assert (home / "own.sqlite").exists()
    shown = _replies(away, "../p/run")
    assert f"{paid} usable" in shown.stdout, shown.stderr
    assert _replies(away, "run2").stdout == shown.stdout
    assert contents(home / "run") == contents(away / "run2")

    (home / "mine.sqlite").unlink()
    for command in ("replies", "batches"):
        gone = run(command, "run2", cwd=away)
        assert gone.returncode == 1, command
        assert "mine.sqlite" in gone.stderr
        assert " hint: " in gone.stderr


def test_a_run_may_have_a_dot_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "good.jsonl").write_text(json.dumps(GOOD), "utf-8")

    into_run = _replies(tmp_path, "handbook.v2", "--import", "good.jsonl")
    into_file = _replies(tmp_path, "shared.db", "--import", "good.jsonl")

    assert into_run.returncode == into_file.returncode == 0, into_run.stderr
    assert (tmp_path / "handbook.v2" / "manifest.json").is_file()
    assert len(_kept(tmp_path / "handbook.v2" / "replies.sqlite")) == 1
    assert (tmp_path / "shared.db").is_file()


def test_a_file_where_a_run_is_meant_is_told_and_no_traceback(
    recorded: Path, tmp_path: Path
) -> None:
    for args in (
        ("batches", "run/replies.sqlite"),
        ("inspect", "run/train.jsonl"),
        ("report", "run/train.jsonl"),
    ):
        done = run(*args, cwd=recorded, env=environment(tmp_path))

        assert done.returncode == 1, done.stderr
        assert "not the folder of a run" in done.stderr
        assert "Traceback" not in done.stderr


def test_replies_are_read_where_nothing_can_be_written(recorded: Path, tmp_path: Path) -> None:
    shutil.copytree(recorded / "run", tmp_path / "kept")
    names = sorted(file.name for file in (tmp_path / "kept").iterdir())
    before = (tmp_path / "kept" / "replies.sqlite").read_bytes()
    (tmp_path / "kept" / "replies.sqlite").chmod(0o444)
    (tmp_path / "kept").chmod(0o555)
    try:
        shown = _replies(tmp_path, "kept")
        exported = _replies(tmp_path, "kept", "--export", "-")
        taken = _replies(tmp_path, "copy.sqlite", "--import", "kept/replies.sqlite")
        left = sorted(file.name for file in (tmp_path / "kept").iterdir())
    finally:
        (tmp_path / "kept").chmod(0o755)

    assert shown.returncode == exported.returncode == taken.returncode == 0, shown.stderr
    assert len(exported.stdout.splitlines()) == len(_kept(tmp_path / "copy.sqlite"))
    assert left == names
    assert (tmp_path / "kept" / "replies.sqlite").read_bytes() == before
