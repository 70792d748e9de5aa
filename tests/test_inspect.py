"""Looking at pairs: filters, pages, marks, and text of documents that stays data."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder import inspect
from builder.cli import main
from builder.errors import RunError, SettingsError
from builder.inspect import Found, Wanted, select
from builder.records import Pair, from_json, to_json
from tests.runs import MadeRun, handbook, rejected

ESCAPES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
STYLE = re.compile(r"\x1b\[[\d;]*m")
HOSTILE = "\x1b]0;owned\x07 \x1b[2J\x9b31m [bold red]big[/] \u202eright"


@pytest.fixture
def made(tmp_path: Path) -> MadeRun:
    return handbook(tmp_path / "made")


def run(*args: str | Path) -> tuple[int, str, str]:
    """Exit code, output and messages of a command that is not on a terminal."""
    done = CliRunner().invoke(main, [*map(str, args)])
    return done.exit_code, done.stdout, done.stderr


def questions(made: MadeRun, found: Found) -> list[str]:
    return [made.pairs[pair_id].question for pair_id in found.ids]


def shown(made: MadeRun, pair: Pair, *, styled: bool = False, width: int | None = None) -> str:
    found = Found(ids=(pair.id,), total=1)
    return inspect.text(made.folder, found, width=width, styled=styled)


STOPS = "At which pressure does the pump stop?"
START = "How do I start the pump by hand?"
AGAIN = "After how long does the pump start again?"
HOLDS = "What does the tank hold?"
OPENS = "When does the valve open?"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), [STOPS, STOPS, START, HOLDS, HOLDS]),
        (Wanted(status="rejected"), [AGAIN, OPENS]),
        (Wanted(status="surplus"), [OPENS]),
        (Wanted(status="any"), [STOPS, STOPS, START, AGAIN, HOLDS, HOLDS, OPENS]),
        (Wanted(status="rejected", reason="grounding"), [AGAIN]),
        (Wanted(status="any", reason="grounding.number"), [START, AGAIN]),
        (Wanted(reason="secrets"), []),
        (Wanted(kind="missing_gold"), [STOPS]),
        (Wanted(kind="unanswerable"), [STOPS, HOLDS]),
        (Wanted(kind="answerable"), [STOPS, START, HOLDS]),
        (Wanted(type="procedural"), [START]),
        (Wanted(source="docs/pump.md"), [STOPS, STOPS, START]),
        (Wanted(source="*/p*.md"), [STOPS, STOPS, START]),
        (Wanted(source="tank.md"), [HOLDS, HOLDS]),
        (Wanted(source="docs/old", status="any"), [OPENS]),
        (Wanted(split="eval"), [HOLDS, HOLDS]),
        (Wanted(split="validation"), []),
        (Wanted(lang="en", type="procedural"), [START]),
        (Wanted(grep="RED  key"), [STOPS, STOPS, START]),
        (Wanted(grep="500"), [HOLDS]),
    ],
)
def test_a_filter_keeps_what_it_names(made: MadeRun, wanted: Wanted, expected: list[str]) -> None:
    found = select(made.write(), wanted)

    assert questions(made, found) == expected
    assert found.total == len(expected)


def test_a_pair_is_found_by_the_beginning_of_its_id_whatever_its_status(made: MadeRun) -> None:
    made.write()
    for pair in made.pairs.values():
        code, out, _ = run("inspect", made.folder, "--id", pair.id[:12])

        assert code == 0
        assert pair.question in out


@pytest.mark.parametrize(
    ("wanted", "said", "hint"),
    [
        (Wanted(kind="missing_glod"), "--kind missing_glod", "Did you mean 'missing_gold'?"),
        (Wanted(type="factal"), "--type factal", "Did you mean 'factual'?"),
        (Wanted(reason="groundng.number"), "--reason groundng.number", "grounding.number (2)"),
        (Wanted(source="pmup.md"), "--source pmup.md", "docs/pump.md (4)"),
        (Wanted(lang="xx"), "--lang xx", "en (7)"),
        (Wanted(split="trian"), "--split trian", "Did you mean 'train'?"),
        (Wanted(id="zz"), "--id zz", "rejected.jsonl"),
    ],
)
def test_a_value_that_no_pair_has_is_an_error_with_the_known_ones(
    made: MadeRun, wanted: Wanted, said: str, hint: str
) -> None:
    made.write()

    with pytest.raises(SettingsError, match=re.escape(said)) as caught:
        select(made.folder, wanted)
    assert hint in caught.value.hint
    assert caught.value.exit_code == 2


def test_an_unknown_value_ends_the_command_with_2(made: MadeRun, tmp_path: Path) -> None:
    made.write()
    done = subprocess.run(
        [sys.executable, "-m", "builder", "inspect", str(made.folder), "--kind", "missing_glod"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: --kind missing_glod: no pair has it\n hint: Did you mean")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 9))
def test_the_pages_together_show_every_pair_once(made: MadeRun, limit: int) -> None:
    if not (made.folder / "pairs.jsonl").exists():
        made.write()
    every = Wanted(status="any")
    pages = -(-len(made.pairs) // limit)
    found = [select(made.folder, every, limit=limit, page=k) for k in range(1, pages + 1)]

    assert [pair_id for page in found for pair_id in page.ids] == list(made.pairs)
    assert [page.first for page in found] == list(range(1, len(made.pairs) + 1, limit))
    with pytest.raises(SettingsError, match="--page"):
        select(made.folder, every, limit=limit, page=pages + 1)


def test_a_sample_is_the_same_for_its_seed_and_another_for_another(made: MadeRun) -> None:
    made.write()
    every = Wanted(status="any")
    draws = {seed: select(made.folder, every, sample=3, seed=seed).ids for seed in range(8)}

    assert all(len(ids) == 3 and set(ids) <= set(made.pairs) for ids in draws.values())
    assert select(made.folder, every, sample=3, seed=1).ids == draws[1]
    assert len(set(draws.values())) > 3
    assert set(select(made.folder, every, sample=100).ids) == set(made.pairs)


def test_a_pair_is_shown_with_everything_that_explains_it(made: MadeRun) -> None:
    made.write()
    _, out, err = run("inspect", made.folder, "--rejected", "--limit", "1")

    pair = next(pair for pair in made.pairs.values() if pair.question == AGAIN)
    for words in (
        f"1 of 2  {pair.id}  rejected  train",
        AGAIN,
        "It starts again after [[7]] minutes.",
        "rule      sentence.limit (extractive)",
        "source    docs/pump.md",
        "grounding.number: not in the passages: 7",
        "grounding.containment: it is wrong (score 0.31, limit 0.5)",
        "[1] gold: Pump",
        "    The pump stops at 3 bar. [[It starts again after 5 minutes.]]",
    ):
        assert words in out
    assert err.strip() == "1 to 1 of 2; next: --page 2"


def test_an_unanswerable_pair_is_shown_with_the_answer_of_its_twin(made: MadeRun) -> None:
    made.write()
    _, out, _ = run("inspect", made.folder, "--kind", "missing_gold")

    assert re.search(r"twin +[0-9a-f]{16}: The pump stops at 3 bar\.", out)
    assert "[1] distractor: Valve\n    The valve opens at night." in out


def test_a_flagged_word_of_an_accepted_pair_is_marked(made: MadeRun) -> None:
    made.write()
    _, out, _ = run("inspect", made.folder, "--type", "procedural")

    assert "Hold the red key for [[three]] seconds." in out
    assert "but not in the evidence: three [flag]" in out


def test_words_are_marked_where_they_stand(tmp_path: Path) -> None:
    made = MadeRun(tmp_path / "run")
    page = made.document("docs/a.md", "The key is sk-abcdef123. Tom holds 14 keys.")[0]
    found = [
        rejected("secrets", "a key", spans=("sk-abc...",)),
        rejected("unanswerable.evidence", "a passage holds it", spans=("Tom holds 14 keys.",)),
        rejected("grounding.number", "not there", spans=("4",)),
    ]
    pair = made.pair(page, "Who holds 4 keys, not 14 or 4.5?", "A man.", *found, status="rejected")
    made.write()
    out = shown(made, pair)

    assert "Who holds [[4]] keys, not 14 or [[4]].5?" in out
    assert "The key is [[sk-abc]]def123. [[Tom holds 14 keys.]]" in out


def test_every_evidence_is_marked_even_when_two_overlap(tmp_path: Path) -> None:
    made = MadeRun(tmp_path / "run")
    page = made.document("docs/a.md", "One two three. Four five six. Seven.")[0]
    pair = made.pair(page, "What?", "One two three.")
    first = pair.evidence[0]
    spans = [(15, 29, "Four five six."), (20, 24, "five"), (30, 36, "Seven.")]
    more = [
        from_json(type(first), {**to_json(first), "start": a, "end": b, "quote": quote})
        for a, b, quote in spans
    ]
    made.pairs[pair.id] = from_json(
        Pair, {**to_json(pair), "evidence": [to_json(one) for one in (first, *more)]}
    )
    made.write()

    assert "[[One two three.]] [[Four five six.]] [[Seven.]]" in shown(made, pair)


def test_a_brief_view_keeps_the_lines_that_matter(tmp_path: Path) -> None:
    made = MadeRun(tmp_path / "run")
    lines = [f"Line {number} says something." for number in range(1, 9)]
    page = made.document("docs/a.md", "\n\n".join(lines))[0]
    other = made.document("docs/b.md", "Nothing of use.")[0]
    made.pair(page, "What is said?", "Line 5 says something.", others=[other])
    _, out, _ = run("inspect", made.write(), "--brief")

    said = out.partition("[1] gold")[2]
    assert re.findall(r"Line \d", said) == ["Line 4", "Line 5", "Line 6"]
    assert "[2] distractor: B" in said
    assert "Nothing of use." not in said


def test_text_of_documents_cannot_steer_a_terminal_or_be_markup(tmp_path: Path) -> None:
    made = MadeRun(tmp_path / "run")
    page = made.document(f"docs/{HOSTILE}.md", f"Before {HOSTILE} after.")[0]
    finding = rejected("injection", HOSTILE, spans=(HOSTILE,))
    pair = made.pair(
        page, f"Is {HOSTILE} shown?", f"Before {HOSTILE} after.", finding, status="rejected"
    )
    made.write()
    unstyled = shown(made, pair)
    styled = STYLE.sub("", shown(made, pair, styled=True, width=200))

    for text in (unstyled, styled):
        assert not ESCAPES.search(text)
        assert "[bold red]big[/]" in text
        assert r"\x1b]0;owned\x07" in text
        assert r"\u202eright" in text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(words=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_any_text_is_shown_without_control_characters(tmp_path: Path, words: str) -> None:
    made = MadeRun(tmp_path / str(len(list(tmp_path.iterdir()))))
    page = made.document("docs/a.md", f"Here: {words}")[0]
    pair = made.pair(
        page, words, f"Here: {words}", rejected("x", words, spans=(words,)), status="rejected"
    )
    made.write()
    found = Found(ids=(pair.id,), total=1)

    assert not ESCAPES.search(shown(made, pair, width=40))
    assert not ESCAPES.search(STYLE.sub("", shown(made, pair, width=40, styled=True)))
    assert not ESCAPES.search("".join(inspect.json_lines(made.folder, found)))
    assert not ESCAPES.search("".join(inspect.csv(made.folder, found)))


def test_colours_mark_the_evidence_on_a_terminal(made: MadeRun) -> None:
    pair = next(iter(made.pairs.values()))
    made.write()
    text = shown(made, pair, styled=True, width=80)

    assert re.search(r"\x1b\[1;32m[^\x1b]*The pump stops at 3 bar\.\x1b\[0m", text)
    assert "[[" not in text


@pytest.mark.parametrize("width", [20, 40, 80])
def test_lines_fit_the_terminal(made: MadeRun, width: int) -> None:
    made.write()
    pair = next(iter(made.pairs.values()))
    lines = shown(made, pair, width=width).splitlines()
    body = [line for line in lines if line.startswith(" " * 4)]

    assert body
    assert max(map(len, body)) <= max(width, 30)


def test_json_lines_hold_everything(made: MadeRun) -> None:
    made.write()
    code, out, _ = run("inspect", made.folder, "--json")
    rows = [json.loads(text) for text in out.splitlines()]
    trained = (made.folder / "train.jsonl").read_text("utf-8")

    assert code == 0
    assert len(rows) == 5
    for row in rows:
        pair = made.pairs[row["id"]]
        assert from_json(Pair, row) == pair
        assert row["status"] == "accepted"
        assert row["source"] in ("docs/pump.md", "docs/tank.md")
        assert row["heading_path"]
        assert row["messages"][-1] == {"role": "assistant", "content": pair.answer}
        line = json.dumps({"messages": row["messages"]}, ensure_ascii=False)
        assert (line in trained) == (pair.split == "train")


def test_json_lines_of_rejects_hold_the_reasons_and_messages(made: MadeRun) -> None:
    made.write()
    _, out, _ = run("inspect", made.folder, "--rejected", "--json", "--limit", "1")
    rows = [json.loads(text) for text in out.splitlines()]

    assert [row["status"] for row in rows] == ["rejected"]
    assert rows[0]["reasons"][0] == {
        "check": "grounding.number",
        "action": "reject",
        "message": "not in the passages",
        "score": None,
        "threshold": None,
        "spans": ["7"],
    }
    assert rows[0]["messages"][-1]["content"] == "It starts again after 7 minutes."


def test_a_run_that_is_checked_but_not_exported_can_be_looked_at(made: MadeRun) -> None:
    made.write(until="check")
    code, out, _ = run("inspect", made.folder, "--json")

    assert code == 0
    assert {json.loads(text)["messages"] for text in out.splitlines()} == {None}


def test_a_run_that_is_not_checked_says_so(made: MadeRun) -> None:
    made.write(until="compose")

    with pytest.raises(RunError, match="not checked yet"):
        select(made.folder, Wanted())


FORMULAS = ["=1+1", "+49 30", "-2 °C", "@SUM(A1)", "\tx", "\rx", "  =cmd|' /C calc'!A0", "＝1+1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_never_begins_as_a_formula(tmp_path: Path, text: str) -> None:
    made = MadeRun(tmp_path / "run")
    page = made.document("docs/a.md", text)[0]
    made.pair(page, text, text)
    _, out, _ = run("inspect", made.write(), "--csv")
    row = next(csv.DictReader(io.StringIO(out)))

    for name in ("question", "answer", "evidence"):
        assert row[name].startswith("'")
        assert row[name].split() == f"'{text}".split() or text.startswith(("\t", "\r"))


def test_csv_is_one_table_of_all_pairs_in_utf_8(made: MadeRun) -> None:
    page = made.document("docs/ü.md", 'Größe, "4 m"\nund mehr; 水位')[0]
    made.pair(page, "Wie groß?", 'Größe, "4 m"\nund mehr', lang="de")
    folder = made.write()
    done = CliRunner().invoke(main, ["inspect", str(folder), "--csv"])
    rows = list(csv.DictReader(io.StringIO(done.stdout_bytes.decode("utf-8"), newline="")))

    assert len(rows) == 6
    assert rows[-1]["answer"] == 'Größe, "4 m"\nund mehr'
    assert rows[-1]["source"] == "docs/ü.md"
    assert "水位" in rows[-1]["context"]
    assert {row["kind"] for row in rows} == {"", "missing_gold", "evidence_removed"}


def test_csv_of_no_pair_is_a_header(made: MadeRun) -> None:
    made.write()
    code, out, _ = run("inspect", made.folder, "--split", "validation", "--csv")

    assert code == 0
    assert out.startswith("id,status,split,")
    assert out.count("\n") == 1


def test_no_match_is_said_and_no_error(made: MadeRun) -> None:
    made.write()
    code, out, err = run("inspect", made.folder, "--grep", "no such words")

    assert (code, out, err) == (0, "", "no pair matches\n")


@pytest.mark.parametrize(
    "options",
    [["--json", "--csv"], ["--sample", "2", "--limit", "2"], ["--sample", "2", "--page", "2"]],
)
def test_options_that_exclude_each_other_are_wrong_usage(made: MadeRun, options: list[str]) -> None:
    code, out, err = run("inspect", made.write(), *options)

    assert (code, out) == (2, "")
    assert "Usage" in err


def on_a_terminal(*args: str | Path, cwd: Path, **env: str) -> str:
    """What the command shows on a terminal of 24 lines and 80 columns."""
    outside, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    variables = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(Path(__file__).parents[1]), **env}
    variables.pop("NO_COLOR", None)
    variables.pop("COLUMNS", None)
    variables.pop("LINES", None)
    started = subprocess.Popen(
        [sys.executable, "-m", "builder", *map(str, args)],
        cwd=cwd,
        env=variables,
        stdin=inside,
        stdout=inside,
        stderr=subprocess.DEVNULL,
    )
    os.close(inside)
    said = b""
    while True:
        try:
            piece = os.read(outside, 65536)
        except OSError:  # what Linux answers when the other side has closed
            break
        if not piece:
            break
        said += piece
    os.close(outside)
    assert started.wait(timeout=60) == 0
    return said.decode("utf-8").replace("\r\n", "\n")


def _pager(folder: Path) -> str:
    script = folder / "pager.py"
    script.write_text("import sys\nprint('PAGED')\nsys.stdout.write(sys.stdin.read())\n", "utf-8")
    return f"{sys.executable} {script}"


def test_only_long_views_on_a_terminal_go_through_the_pager(made: MadeRun, tmp_path: Path) -> None:
    made.write()
    pager = _pager(tmp_path)
    long = on_a_terminal("inspect", made.folder, "--limit", "5", cwd=tmp_path, PAGER=pager)
    short = on_a_terminal("inspect", made.folder, "--limit", "1", cwd=tmp_path, PAGER=pager)
    rows = on_a_terminal("inspect", made.folder, "--json", cwd=tmp_path, PAGER=pager)

    assert long.startswith("PAGED\n")
    assert "[[The pump stops at 3 bar.]]" in long  # click takes colours out for this pager
    assert "PAGED" not in short + rows
    assert len(rows.strip().split("\n")) == 5


def test_a_terminal_gets_colours_and_a_dumb_one_marks(made: MadeRun, tmp_path: Path) -> None:
    made.write()
    args = ("inspect", made.folder, "--limit", "1")
    colour = on_a_terminal(*args, cwd=tmp_path)
    dumb = on_a_terminal(*args, cwd=tmp_path, TERM="dumb")

    assert "\x1b[1;32mThe pump stops at 3 bar." in colour
    assert "[[The pump stops at 3 bar.]]" in dumb
    assert "\x1b" not in dumb
