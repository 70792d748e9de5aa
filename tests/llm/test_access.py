"""Which server is asked, and which key it may see."""

from __future__ import annotations

import pytest

from builder.config import ModelSettings
from builder.errors import SettingsError
from builder.llm import api_key_for, host_of, label_of

OPENAI = "sk-openai-0123456789"
OWN = "own-key-0123456789"
BOTH = {"OPENAI_API_KEY": OPENAI, "BUILDER_API_KEY": OWN}
ONLY_OPENAI = {"OPENAI_API_KEY": OPENAI}
FILE = "/home/ann/builder.toml"


@pytest.mark.parametrize(
    ("base_url", "origin", "environ", "key"),
    [
        ("https://api.openai.com/v1", "default", ONLY_OPENAI, OPENAI),
        ("https://api.openai.com/v1", FILE, ONLY_OPENAI, OPENAI),
        ("https://eu.api.openai.com/v1", FILE, ONLY_OPENAI, OPENAI),
        ("https://API.OpenAI.com/v1", FILE, ONLY_OPENAI, OPENAI),
        ("https://api.openai.com/v1", "default", BOTH, OWN),
        ("http://localhost:8000/v1", FILE, ONLY_OPENAI, OPENAI),
        ("http://127.0.0.1:8000/v1", FILE, {}, "no-key"),
        ("http://[::1]:8000/v1", FILE, {}, "no-key"),
        ("http://10.0.0.5:8000/v1", FILE, {}, "no-key"),
        ("http://models.example/v1", "flag", ONLY_OPENAI, OPENAI),
        ("http://models.example/v1", "environment", ONLY_OPENAI, OPENAI),
        ("http://models.example/v1", FILE, BOTH, OWN),
        ("http://models.example/v1", FILE, {"BUILDER_API_KEY": f" {OWN}\n"}, OWN),
    ],
)
def test_key_goes_where_the_user_sent_it(
    base_url: str, origin: str, environ: dict[str, str], key: str
) -> None:
    model = ModelSettings(name="m", base_url=base_url)

    assert api_key_for(model, {"model.base_url": origin}, environ) == key


@pytest.mark.parametrize(
    "base_url",
    [
        "https://models.example/v1",
        "https://api.openai.com.models.example/v1",
        "https://notapi.openai.com/v1",
        "http://api.openai.com/v1",  # not encrypted
        "http://localhost.models.example/v1",
        "http://127.0.0.1.models.example/v1",
    ],
)
def test_file_cannot_send_the_openai_key_to_a_foreign_server(base_url: str) -> None:
    model = ModelSettings(name="m", base_url=base_url)

    with pytest.raises(SettingsError) as caught:
        api_key_for(model, {"model.base_url": FILE}, ONLY_OPENAI)

    assert host_of(base_url) in caught.value.message
    assert "BUILDER_API_KEY" in caught.value.hint
    assert OPENAI not in repr(caught.value) + caught.value.hint


@pytest.mark.parametrize("origin", ["flag", "environment"])
def test_user_can_trust_the_address_of_a_file(origin: str) -> None:
    model = ModelSettings(name="m", base_url="http://models.example/v1", trust_base_url=True)
    origins = {"model.base_url": FILE, "model.trust_base_url": origin}

    assert api_key_for(model, origins, ONLY_OPENAI) == OPENAI


def test_file_cannot_trust_itself() -> None:
    model = ModelSettings(name="m", base_url="http://models.example/v1", trust_base_url=True)
    origins = {"model.base_url": FILE, "model.trust_base_url": FILE}

    with pytest.raises(SettingsError):
        api_key_for(model, origins, ONLY_OPENAI)


def test_missing_key_is_said_before_anything_is_sent() -> None:
    with pytest.raises(SettingsError, match=r"no key for api\.openai\.com") as caught:
        api_key_for(ModelSettings(name="m"), {}, {"OPENAI_API_KEY": "  "})

    assert "OPENAI_API_KEY" in caught.value.hint


def test_key_with_characters_that_no_header_carries_is_refused_without_showing_it() -> None:
    with pytest.raises(SettingsError) as caught:
        api_key_for(ModelSettings(name="m"), {}, {"OPENAI_API_KEY": "sk-größe"})

    assert "gr" not in caught.value.message + caught.value.hint.replace("again", "")


@pytest.mark.parametrize(
    ("base_url", "host", "label"),
    [
        ("https://api.openai.com/v1", "api.openai.com", "api.openai.com"),
        ("http://localhost:8000/v1/", "localhost:8000", "localhost"),
        ("http://[::1]:8000/v1", "[::1]:8000", "::1"),
    ],
)
def test_host_is_shown_with_its_port_and_labels_replies_without(
    base_url: str, host: str, label: str
) -> None:
    assert host_of(base_url) == host
    assert label_of(ModelSettings(name="m", base_url=base_url)) == label


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "localhost:8000/v1",
        "ftp://localhost/v1",
        "http://",
        "http://:8000/v1",
        "http://localhost:eighty/v1",
        "http://localhost:99999/v1",
        "http://[::1/v1",
        "http://local host/v1",
        "http://models.example\\@api.openai.com/v1",
        "http://localhost/v1?key=secret",
        "http://localhost/v1\n",
        "https://ann:password@models.example/v1",
        "https://api.openai.com@models.example/v1",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(base_url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        host_of(base_url)

    assert "http://localhost:8000/v1" in caught.value.hint
    assert "password" not in caught.value.message
