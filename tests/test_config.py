"""Settings: where each value comes from, and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.config import Config, fingerprint, load, rows_of
from builder.errors import SettingsError


def _file(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "builder.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_flag_goes_over_the_environment_over_the_file_over_the_default(tmp_path: Path) -> None:
    file = _file(tmp_path, "[chunk]\nmax_tokens = 100\n[run]\nseed = 1\n[split]\neval = 0.3\n")
    environ = {"BUILDER_CHUNK_MAX_TOKENS": "200", "BUILDER_RUN_SEED": "2"}

    config = load(file=file, environ=environ, flags={"run": {"seed": 3}})

    assert (config.split.eval, config.chunk.max_tokens, config.run.seed) == (0.3, 200, 3)
    assert config.target.unanswerable == 0.25
    assert config.origins["split.eval"] == str(file)
    assert config.origins["chunk.max_tokens"] == "environment"
    assert config.origins["run.seed"] == "flag"


def test_an_unset_flag_does_not_hide_the_file(tmp_path: Path) -> None:
    file = _file(tmp_path, "[run]\nseed = 7\n")

    assert load(file=file, environ={}, flags={"run": {"seed": None}}).run.seed == 7


def test_lists_may_be_given_with_commas_in_a_variable() -> None:
    config = load(file=None, environ={"BUILDER_INGEST_EXCLUDE": "a/*, *.txt"})

    assert config.ingest.exclude == ("a/*", "*.txt")


def test_the_key_is_no_setting() -> None:
    assert load(file=None, environ={"BUILDER_API_KEY": "secret"}) == Config()


@pytest.mark.parametrize(
    ("text", "says", "hints"),
    [
        ("[chunk]\nmax_token = 5\n", "unknown setting 'max_token'", "max_tokens"),
        ("[chunks]\nmax_tokens = 50\n", "unknown section [chunks]", "chunk"),
        ("[chunk\n", "not valid TOML", "builder init"),
        ("seed = 1\n", "unknown section [seed]", "run"),
        ("chunk = 1\n", "chunk is no section", "[chunk]"),
        ("[chunk]\nmax_tokens = 'many'\n", "max_tokens = 'many'", "int"),
        ("[chunk]\nmax_tokens = 1.5\n", "not a whole number", "int"),
        ("[chunk]\nmax_tokens = true\n", "not a number", "int"),
        ("[chunk]\nmax_tokens = 2\n", "out of range", "16"),
        ("[write]\nwriter = 'gpt'\n", "'gpt'", "extractive"),
        ("[write]\nwriter = 'llm'\n", "no model is named", "--model"),
        ("[split]\neval = 0.6\nvalidation = 0.5\n", "nothing for train", "Lower"),
        ("[rows]\nmax_tokens = 100\n", "no row could hold a chunk", "Raise"),
        ("[chunk]\nmin_tokens = 600\n", "is above chunk.max_tokens = 512", "Lower"),
        ("[rows]\ntemplate = 'x {context}'\n", "{question}", "It has: context"),
        ("[rows]\ntemplate = '{context} {context} {question}'\n", "each once", "context, context"),
        ("[rows]\ntemplate = '{context} {question} {foo}'\n", "no other", "foo"),
        ("[target]\nunanswerable = nan\n", "nan", "finite"),
        ("[ingest]\ninclude = [1]\n", "not a list of texts", "list"),
    ],
)
def test_a_wrong_setting_is_named_with_a_hint(
    tmp_path: Path, text: str, says: str, hints: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(file=_file(tmp_path, text), environ={})

    assert says in caught.value.message
    assert hints in caught.value.hint
    assert caught.value.exit_code == 2


def test_a_missing_settings_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load(file=tmp_path / "none.toml", environ={})


def test_the_fingerprint_follows_the_values_only() -> None:
    one = load(file=None, environ={"BUILDER_RUN_SEED": "0"})

    assert fingerprint(one.run, one.chunk) == fingerprint(Config().run, Config().chunk)
    assert fingerprint(one.run) != fingerprint(
        load(file=None, environ={"BUILDER_RUN_SEED": "1"}).run
    )


def test_every_setting_has_a_help_text() -> None:
    assert all(text for *_, text in rows_of(Config()))


def test_the_settings_file_that_init_writes_is_valid_and_holds_the_defaults(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from builder.cli import main

    done = CliRunner().invoke(main, ["init", str(tmp_path)])
    written = (tmp_path / "builder.toml").read_text(encoding="utf-8")
    uncommented = "\n".join(
        line.removeprefix("# ") if " = " in line else line for line in written.splitlines()
    )

    assert done.exit_code == 0
    assert load(file=tmp_path / "builder.toml", environ={}) == Config()
    assert load(file=_file(tmp_path, uncommented), environ={}) == Config()
    assert written == (Path(__file__).parents[1] / "builder.toml").read_text(encoding="utf-8")


def test_a_variable_or_flag_of_an_unknown_section_is_said() -> None:
    assert "BUILDER_SEED" in load(file=None, environ={"BUILDER_SEED": "5"}).warnings[0]
    with pytest.raises(SettingsError, match="unknown section 'chunks'"):
        load(file=None, environ={}, flags={"chunks": {"max_tokens": 5}})
