"""Read the written files as a trainer would, through `datasets`, and assert what came back."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from builder.errors import IntegrityError


def reload(folder: Path, expected: Mapping[str, int]) -> None:
    """Load each JSON lines file (name -> number of rows) with `datasets`, offline.

    Uses a temporary cache. Raises IntegrityError when the rows or the features differ from what was
    written: chat files hold `messages` as a list of {role, content} strings and nothing else.
    """
    with tempfile.TemporaryDirectory(prefix="builder-") as cache, _offline(cache):
        from datasets import Dataset, disable_progress_bars
        from datasets.exceptions import DatasetGenerationError

        disable_progress_bars()
        for name, n_rows in expected.items():
            if not n_rows:
                continue
            try:
                data = Dataset.from_json(str(folder / name), cache_dir=cache)
            except DatasetGenerationError as err:
                raise _reason(err, name) from err
            if data.num_rows != n_rows:
                raise IntegrityError(
                    f"{name}: {n_rows} rows were written, datasets reads {data.num_rows}",
                    "Please report this with the file.",
                )
            if name.removesuffix(".jsonl") in ("train", "eval", "validation"):
                _assert_chat(name, str(data.features))


def _reason(err: BaseException, name: str) -> OSError | IntegrityError:
    """What the disk said, when it was the disk; else that the file cannot be loaded."""
    cause: BaseException | None = err
    while cause is not None:
        if isinstance(cause, OSError):
            return cause
        cause = cause.__cause__ or cause.__context__
    return IntegrityError(f"{name}: datasets cannot load it: {err}", "Please report this.")


def _assert_chat(name: str, features: str) -> None:
    wanted = "{'messages': List({'role': Value('string'), 'content': Value('string')})}"
    older = (
        "{'messages': [{'role': Value(dtype='string', id=None), "
        "'content': Value(dtype='string', id=None)}]}"
    )
    if features not in (wanted, older):
        raise IntegrityError(
            f"{name}: datasets reads the features {features}", f"Expected {wanted}."
        )


@contextlib.contextmanager
def _offline(cache: str) -> Iterator[None]:
    """The variables that keep datasets off the network and out of the user's cache."""
    wanted = {
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HOME": cache,
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
