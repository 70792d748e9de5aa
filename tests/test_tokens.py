"""Token counts are tiktoken's, and need no network, no home and no writable disk."""

from __future__ import annotations

import json
import os
import pickle
import random
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st
from tiktoken.registry import ENCODINGS

from builder.errors import SettingsError
from builder.tokens import SHIPPED, _quick, get_encoding, sizer, unpacked
from tests.pace import at_most

ROOT = Path(__file__).parents[1]
FILES = {  # sha1 of the address, as tiktoken names its cache files
    "o200k_base": "fb374d419588a4632f3f557e76b4b70aebbca790",
    "cl100k_base": "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
}
TEXT = "Größe: 12.5 kB, 漢字 😀 <|endoftext|> and\n\n\tmore"
COUNT = f"from builder.tokens import *; print(sizer('o200k_base')({TEXT!r}), end='')"

# Runs at the start of every Python below a Machine: refuses to connect, and notes who tried to
# and who changed the environment.
GUARD = """
import os, sys
def refuse(event, args, log=os.environ["GUARD_LOG"]):
    if event in ("socket.connect", "socket.getaddrinfo", "os.putenv", "os.unsetenv"):
        with open(log, "a") as file:
            file.write(event + "\\n")
        if event.startswith("socket."):
            raise OSError("no network in tests")
sys.addaudithook(refuse)
"""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A machine with an empty home and temporary folder and without a network."""

    folder: Path
    proxy: str

    @property
    def cache(self) -> Path:
        return self.folder / "home" / ".cache" / "builder" / "tiktoken"

    @property
    def events(self) -> list[str]:
        log = self.folder / "events"
        return log.read_text().split() if log.exists() else []

    def start(self, code: str, **changes: str | None) -> subprocess.Popen[str]:
        """A fresh Python that runs code; changes: to its environment, None takes away."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONPATH": os.pathsep.join([str(self.folder / "site"), str(ROOT)]),
            "PYTHONUTF8": "1",
            "GUARD_LOG": str(self.folder / "events"),
            "http_proxy": self.proxy,
            "https_proxy": self.proxy,
            **changes,
        }
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code],
            env={name: value for name, value in environment.items() if value is not None},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, code: str, **changes: str | None) -> str:
        """What code prints; it must end well and leave stderr empty."""
        return finished(self.start(code, **changes))


def finished(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)

    assert (process.returncode, err) == (0, "")
    return out


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with machine_in(tmp_path) as result:
        yield result


@contextmanager
def machine_in(folder: Path) -> Iterator[Machine]:
    for name in ("home", "tmp", "site"):
        (folder / name).mkdir()
    (folder / "site" / "sitecustomize.py").write_text(GUARD)
    with socket.socket() as closed:  # bound, so that nobody else listens there; never listening
        closed.bind(("127.0.0.1", 0))
        yield Machine(folder=folder, proxy=f"http://127.0.0.1:{closed.getsockname()[1]}")


@pytest.fixture(scope="module")
def vocabularies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tiktoken's own two files, written by builder into its cache."""
    with machine_in(tmp_path_factory.mktemp("machine")) as machine:
        machine.run(f"from builder.tokens import *; [get_encoding(name) for name in {SHIPPED}]")
        return machine.cache


@pytest.fixture(scope="module", autouse=True)
def home_left_alone(vocabularies: Path) -> Iterator[None]:
    """What is loaded in the process of the tests comes from there; no cache is written."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIKTOKEN_CACHE_DIR", str(vocabularies))
        yield


@pytest.fixture(scope="module")
def official(home_left_alone: None) -> dict[str, tiktoken.Encoding]:
    """tiktoken's encodings, loaded by tiktoken from its own files."""
    from tiktoken_ext import openai_public  # type: ignore[import-untyped]  # has no types

    return {name: tiktoken.Encoding(**getattr(openai_public, name)()) for name in SHIPPED}


@pytest.fixture(scope="module")
def expected(official: dict[str, tiktoken.Encoding]) -> str:
    """What COUNT prints."""
    return str(len(official["o200k_base"].encode_ordinary(TEXT)))


# Without a network


def test_counts_without_network_home_or_cache(machine: Machine, expected: str) -> None:
    assert machine.run(COUNT) == expected
    assert machine.events == []


def test_second_process_reads_the_cache(machine: Machine, expected: str) -> None:
    machine.run(COUNT)
    file = machine.cache / FILES["o200k_base"]
    written = file.stat()

    assert machine.run(COUNT) == expected
    assert list(machine.cache.iterdir()) == [file]
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
    assert machine.cache.stat().st_mode & 0o777 == 0o700


def test_tiktoken_itself_is_offline_afterwards(machine: Machine) -> None:
    code = "import tiktoken; from builder.tokens import *;"
    code += "print(get_encoding('cl100k_base') is tiktoken.get_encoding('cl100k_base'))"

    assert machine.run(code) == "True\n"
    assert machine.events == []


def test_tiktoken_accepts_the_cached_files(machine: Machine, vocabularies: Path) -> None:
    code = f"import tiktoken; print([tiktoken.get_encoding(n).name for n in {SHIPPED}])"

    assert machine.run(code, TIKTOKEN_CACHE_DIR=str(vocabularies)) == f"{list(SHIPPED)}\n"
    assert machine.events == []


@pytest.mark.parametrize("variable", ["TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"])
def test_users_own_tiktoken_cache_comes_first(
    machine: Machine, vocabularies: Path, expected: str, variable: str
) -> None:
    assert machine.run(COUNT, **{variable: str(vocabularies)}) == expected
    assert not machine.cache.exists()


def test_default_tiktoken_cache_comes_first(
    machine: Machine, vocabularies: Path, expected: str
) -> None:
    (machine.folder / "tmp" / "data-gym-cache").symlink_to(vocabularies)

    assert machine.run(COUNT) == expected
    assert not machine.cache.exists()


def test_switched_off_tiktoken_cache_is_not_looked_for(machine: Machine, expected: str) -> None:
    assert machine.run(COUNT, TIKTOKEN_CACHE_DIR="") == expected


def test_threads_share_one_encoding_and_the_environment_stays(machine: Machine) -> None:
    code = "from concurrent.futures import ThreadPoolExecutor; from builder.tokens import *\n"
    code += "with ThreadPoolExecutor(8) as pool:\n"
    code += "    print(len(set(map(id, pool.map(get_encoding, ['cl100k_base'] * 32)))))"

    assert machine.run(code) == "1\n"
    assert machine.events == []


def test_processes_that_start_together_leave_one_valid_file(
    machine: Machine, vocabularies: Path, expected: str
) -> None:
    name = FILES["o200k_base"]
    together = [machine.start(COUNT) for _ in range(4)]

    assert [finished(process) for process in together] == [expected] * 4
    assert [file.name for file in machine.cache.iterdir()] == [name]
    assert (machine.cache / name).read_bytes() == (vocabularies / name).read_bytes()


# Caches that cannot be used


@pytest.mark.parametrize("content", [b"", b"IQ== 0\nIg== 1\n", b"\0" * 3_613_922])
def test_damaged_cache_is_replaced(
    machine: Machine, vocabularies: Path, expected: str, content: bytes
) -> None:
    file = machine.cache / FILES["o200k_base"]
    file.parent.mkdir(parents=True)
    file.write_bytes(content)

    assert machine.run(COUNT) == expected
    assert file.read_bytes() == (vocabularies / file.name).read_bytes()


def test_damaged_file_of_the_user_is_left_alone(machine: Machine, expected: str) -> None:
    file = machine.folder / "mine" / FILES["o200k_base"]
    file.parent.mkdir()
    file.write_bytes(b"IQ== 0\n")

    assert machine.run(COUNT, TIKTOKEN_CACHE_DIR=str(file.parent)) == expected
    assert file.read_bytes() == b"IQ== 0\n"


def test_neither_pipe_nor_folder_nor_dead_link_in_the_cache_does_harm(
    machine: Machine, expected: str
) -> None:
    places: list[Callable[[Path], None]] = [os.mkfifo, Path.mkdir, lambda p: p.symlink_to("none")]
    for number, place in enumerate(places):
        file = machine.folder / str(number) / "builder" / "tiktoken" / FILES["o200k_base"]
        file.parent.mkdir(parents=True)
        place(file)

        assert machine.run(COUNT, XDG_CACHE_HOME=str(machine.folder / str(number))) == expected


@pytest.mark.parametrize("variable", ["XDG_CACHE_HOME", "HOME", "TIKTOKEN_CACHE_DIR", "TMPDIR"])
def test_folder_below_a_regular_file_does_no_harm(
    machine: Machine, expected: str, variable: str
) -> None:
    (machine.folder / "file").write_text("in the way")

    assert machine.run(COUNT, **{variable: str(machine.folder / "file" / "below")}) == expected


@pytest.mark.parametrize("home", [None, "", "relative"])
def test_no_home_means_no_cache(machine: Machine, expected: str, home: str | None) -> None:
    assert machine.run(COUNT, HOME=home, XDG_CACHE_HOME="relative") == expected
    assert not (machine.folder / "relative").exists()


def test_full_disk_does_no_harm_and_leaves_nothing(machine: Machine, expected: str) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20));"

    assert machine.run(limit + COUNT) == expected
    assert list(machine.cache.iterdir()) == []


# Exact counts


@pytest.mark.parametrize("name", SHIPPED)
def test_encoding_is_tiktokens(name: str, official: dict[str, tiktoken.Encoding]) -> None:
    ours, theirs = get_encoding(name), official[name]

    assert ours.token_byte_values() == theirs.token_byte_values()
    assert ours._special_tokens == theirs._special_tokens
    assert ours._pat_str == theirs._pat_str


def test_known_ids() -> None:  # from OpenAI's cookbook, How to count tokens with tiktoken
    text = "tiktoken is great!"

    assert get_encoding("o200k_base").encode(text) == [83, 8251, 2488, 382, 2212, 0]
    assert get_encoding("cl100k_base").encode(text) == [83, 1609, 5963, 374, 2294, 0]


pieces = st.sampled_from(
    ["<|endoftext|>", "<|im_end|>", "'s", " ", "\n", "\r\n", "  x", "漢", "😀"]
)
any_text = st.text(st.characters(exclude_categories=()))  # lone surrogates included
texts = st.lists(pieces | any_text, max_size=30).map("".join)


@given(text=texts, name=st.sampled_from(SHIPPED))
def test_counts_are_tiktokens(text: str, name: str, official: dict[str, tiktoken.Encoding]) -> None:
    assert sizer(name)(text) == len(official[name].encode_ordinary(text))


blanks = st.sampled_from([" ", "  ", "\t", "\u3000", "/", "'LL", "1234", "e\u0301", "...\n", "Ǆ"])


@given(parts=st.lists(pieces | blanks | st.text(max_size=3), max_size=40))
def test_quick_pattern_gives_tiktokens_tokens(
    parts: list[str], official: dict[str, tiktoken.Encoding]
) -> None:
    text = "".join(parts)

    for name, theirs in official.items():
        assert _quick(name)._pat_str != theirs._pat_str
        assert _quick(name).encode_ordinary(text) == theirs.encode_ordinary(text)


@pytest.mark.parametrize("name", SHIPPED)
def test_special_tokens_count_as_text(name: str) -> None:
    size = sizer(name)

    assert all(size(token) > 1 for token in get_encoding(name).special_tokens_set)
    assert size("") == 0


@pytest.mark.parametrize("name", SHIPPED)
def test_lone_surrogate_counts_as_replacement_character(name: str) -> None:
    size = sizer(name)

    assert size("a\ud800b") == size("a\ufffdb")
    assert size("\ud83d\ude00") == size("😀")


# Long runs


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("unit", ["a", "\n", ".", "漢", "abc", "a1"])
def test_a_million_characters_without_a_break(name: str, unit: str) -> None:
    text = (unit * 1_000_000)[:1_000_000]

    with at_most(1000):  # measured: 40; quadratic would take hours
        assert 0 < sizer(name)(text) <= 2 * len(text)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_million_random_letters_without_a_blank(name: str) -> None:
    letters = random.Random(1).choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ", k=1_000_000)

    with at_most(1000):
        assert sizer(name)("".join(letters)) > 500_000


@pytest.mark.parametrize("name", SHIPPED)
def test_more_blanks_than_tiktoken_can_bear(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    n_blanks = 128 * 10_000  # both vocabularies have a token of 128 blanks

    assert sizer(name)(" " * n_blanks) == 10_000
    assert sizer(name)(" " * (n_blanks + 1) + "a") == 10_001
    assert sizer(name)(" " * (n_blanks + 1) + "\udfff") == 10_000 + sizer(name)(" \ufffd")
    assert capfd.readouterr().err == ""  # Rust would report a panic there


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("blank", [" ", "\t\u00a0"])
@pytest.mark.parametrize("frame", ["word{}word", "x.\n\n{}\n .", "\r\n{}\ud800"])
def test_long_blanks_are_counted_exactly(
    name: str, blank: str, frame: str, official: dict[str, tiktoken.Encoding]
) -> None:
    text = frame.format(blank * (600_000 // len(blank)))  # over our limit, below tiktoken's

    assert sizer(name)(text) == len(official[name].encode_ordinary(text))


def test_a_panic_elsewhere_is_survived() -> None:
    ranks = {bytes([byte]): byte for byte in range(256)}
    fragile = tiktoken.Encoding(
        "fragile", pat_str=r"(?:a(?!b))+|.", mergeable_ranks=ranks, special_tokens={}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ENCODINGS, "fragile", fragile)
        size = sizer("fragile")

        assert size("a" * 3_000_000) == 3_000_000
        assert size("abc") == 3


# By name


def test_sizer_goes_to_a_fresh_process_by_name(machine: Machine, expected: str) -> None:
    pickled = pickle.dumps(sizer("o200k_base"))
    code = f"import pickle; print(pickle.loads({pickled!r})({TEXT!r}), end='')"

    assert len(pickled) < 100
    assert machine.run(code) == expected
    assert machine.events == []


def test_unknown_encoding_is_a_settings_error() -> None:
    with pytest.raises(SettingsError) as caught:
        sizer("o200k")

    assert caught.value.message == "unknown encoding 'o200k'"
    assert all(name in caught.value.hint for name in SHIPPED)


@pytest.mark.parametrize("name", ["gpt2", "r50k_base"])
def test_encoding_that_needs_a_network_says_so(machine: Machine, name: str) -> None:
    code = "import json; from builder.tokens import *; from builder.errors import *\n"
    code += f"try:\n    sizer({name!r})\n"
    code += "except SettingsError as err:\n    print(json.dumps([err.message, err.hint]))"
    message, hint = json.loads(machine.run(code))

    assert message.startswith(f"encoding '{name}' cannot be downloaded: ")
    assert hint == "use o200k_base or cl100k_base: both come with builder and need no network"
    assert "socket.getaddrinfo" in machine.events  # so the guard does see and stop a request


def test_import_is_cheap(machine: Machine) -> None:
    code = "import sys, builder.tokens; print({'tiktoken', 'regex', 'lzma'} & set(sys.modules))"

    assert machine.run(code) == "set()\n"


# The packed files


def pack(machine: Machine, source: Path) -> tuple[int, str, Path]:
    out = machine.folder / "out"
    script = ROOT / "scripts" / "pack_vocabularies.py"
    arguments = [str(script), str(source), "--out", str(out)]
    code = (
        f"import runpy, sys; sys.argv = {arguments}; runpy.run_path(sys.argv[0], None, '__main__')"
    )
    process = machine.start(code)
    printed = "".join(process.communicate(timeout=120))
    return process.returncode, printed, out


def test_packing_tiktokens_files_gives_the_shipped_ones(
    machine: Machine, vocabularies: Path
) -> None:
    with ZipFile(machine.folder / "any.whl", "w") as wheel:
        for name in FILES.values():
            wheel.write(vocabularies / name, f"package/_static/{name}")

    for source in (vocabularies, machine.folder / "any.whl"):
        code, _, out = pack(machine, source)

        assert code == 0
        for name in SHIPPED:  # not the packed bytes: they may change with the version of xz
            shipped = ROOT / "builder" / "data" / f"{name}.bin.xz"
            packed = out / f"{name}.bin.xz"
            assert unpacked(packed.read_bytes()) == unpacked(shipped.read_bytes())


def test_packing_refuses_another_vocabulary(machine: Machine, vocabularies: Path) -> None:
    source = machine.folder / "source"
    source.mkdir()
    (source / FILES["o200k_base"]).symlink_to(vocabularies / FILES["o200k_base"])
    (source / FILES["cl100k_base"]).write_bytes(b"IQ== 0\n")
    code, printed, out = pack(machine, source)

    assert code == 1
    assert "cl100k_base does not have the sha256 tiktoken pins" in printed
    assert not out.exists()
