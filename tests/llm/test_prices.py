"""What a model costs: by its server and name, as the user says, or not known."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from builder.config import ModelSettings, PriceSettings, load
from builder.errors import SettingsError
from builder.llm import Price, Usage, price_of
from builder.llm.bill import Paid, spent
from builder.llm.prices import OLD, price_at

OPENAI = "https://api.openai.com/v1"
LOCAL = "http://127.0.0.1:8000/v1"
BY_TABLE = PriceSettings()


def price(name: str, *urls: str, settings: PriceSettings = BY_TABLE) -> Price | None:
    return price_of(ModelSettings(name=name, base_urls=urls), settings)


def paid(name: str, *urls: str, settings: PriceSettings = BY_TABLE) -> tuple[float, float, float]:
    found = price(name, *urls, settings=settings)
    assert found is not None
    return found.input, found.cached_input, found.output


@pytest.mark.parametrize(
    ("name", "url", "expected"),
    [
        ("gpt-4o-mini", OPENAI, (0.15, 0.075, 0.6)),
        ("gpt-4o-mini-2024-07-18", OPENAI, (0.15, 0.075, 0.6)),
        ("gpt-4o-2024-11-20", OPENAI, (2.5, 1.25, 10.0)),
        ("gpt-4o-2024-05-13", OPENAI, (5.0, 5.0, 15.0)),  # dearer than its base
        ("gpt-4-0613", OPENAI, (30.0, 30.0, 60.0)),
        ("gpt-4o-mini", "https://mine.openai.azure.com/openai/v1", (0.15, 0.075, 0.6)),
        ("claude-haiku-4-5-20251001", "https://api.anthropic.com/v1", (1.0, 0.1, 5.0)),
        ("openai/gpt-oss-20b", "https://api.groq.com/openai/v1", (0.075, 0.0375, 0.3)),
    ],
)
def test_a_hosted_model_and_its_dated_snapshots_have_their_price(
    name: str, url: str, expected: tuple[float, float, float]
) -> None:
    assert paid(name, url) == expected


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("gpt-4o-mini-realtime", OPENAI),
        ("ft:gpt-4o-mini-2024-07-18:firm::abc", OPENAI),  # a fine-tuned model costs more
        ("gpt-4-1106-preview", OPENAI),
        ("gpt-oss-120b", "https://models.example.com/v1"),  # each host has its own price
        ("llama-3.1-8b", "http://10.0.0.5:8000/v1"),
        ("gpt-oss-120b", OPENAI),
    ],
)
def test_what_nobody_has_said_the_price_of_has_none(name: str, url: str) -> None:
    assert price(name, url) is None


def test_a_server_on_this_machine_is_free_but_for_a_proxy_to_a_hosted_model() -> None:
    own, proxied = price("llama-3.1-8b", LOCAL), price("openai/gpt-4o-mini", LOCAL)

    assert own is not None
    assert own.is_free
    assert "free" in own.told(date(2026, 1, 1))
    assert proxied is not None
    assert (proxied.input, proxied.output) == (0.15, 0.6)
    assert "proxy" in proxied.source


def test_the_users_price_goes_over_the_table() -> None:
    own = PriceSettings(input=1.0, output=4.0, currency="EUR")
    free = PriceSettings(input=0.0, output=0.0)

    assert paid("gpt-4o-mini", OPENAI, settings=own) == (1.0, 1.0, 4.0)
    assert paid("gpt-4o-mini", LOCAL, settings=free) == (0.0, 0.0, 0.0)
    found = price("a-model", "https://models.example.com/v1", settings=own)
    assert found is not None
    assert found.told(date(2026, 1, 1)).startswith("EUR 1 input, 1 cached input, 4 output")
    assert found.batch_factor == 1.0  # no discount is made up


def test_of_several_addresses_the_dearest_counts_and_all_must_be_known() -> None:
    groq, together = "https://api.groq.com/openai/v1", "https://api.together.xyz/v1"

    assert paid("openai/gpt-oss-120b", groq, together) == (0.15, 0.075, 0.6)
    assert price("openai/gpt-oss-120b", groq, "https://models.example.com/v1") is None


def test_a_model_that_the_run_asked_before_keeps_its_own_price() -> None:
    now = ModelSettings(name="gpt-4o", base_url=OPENAI)
    own = PriceSettings(input=7.0, output=7.0)

    before = price_at("gpt-4o-mini", "api.openai.com", now, own)
    asked_now = price_at("gpt-4o", "api.openai.com", now, own)

    assert before is not None
    assert before.input == 0.15
    assert asked_now is not None
    assert asked_now.input == 7.0


def test_what_was_paid_elsewhere_is_not_free_because_the_model_now_runs_here() -> None:
    now = ModelSettings(name="gpt-oss-120b", base_url="http://127.0.0.1:8000/v1")

    before = price_at("gpt-oss-120b", "api.cerebras.ai", now, PriceSettings())
    here = price_at("gpt-oss-120b", "127.0.0.1:8000", now, PriceSettings())

    assert before is not None
    assert not before.is_free
    assert here is not None
    assert here.is_free


def test_costs_in_two_currencies_have_no_sum() -> None:
    def pricing(name: str, server: str) -> Price:
        return Price(input=1, cached_input=1, output=1, currency=name, source="a test")

    rows = [
        Paid(
            stage="write", kind="ok", reason="", batch=False, model=currency, endpoint="here",
            requests=1, usage=Usage(prompt_tokens=10),
        )
        for currency in ("USD", "EUR")
    ]  # fmt: skip

    assert spent(rows[:1], pricing, max_tokens=10).cost == pytest.approx(1e-5)
    with pytest.raises(SettingsError, match="EUR and USD"):
        spent(rows, pricing, max_tokens=10)


def test_cached_tokens_and_batches_cost_less() -> None:
    found = price("gpt-4o-mini", OPENAI)
    used = Usage(prompt_tokens=1_000_000, completion_tokens=100_000, cached_tokens=600_000)

    assert found is not None
    assert found.cost(used) == pytest.approx(0.4 * 0.15 + 0.6 * 0.075 + 0.1 * 0.6)
    assert found.cost(used, batch=True) == pytest.approx(found.cost(used) / 2)


def test_a_price_tells_its_date_and_when_that_is_old() -> None:
    found = price("gpt-4o-mini", OPENAI)
    assert found is not None
    assert found.as_of is not None

    fresh = found.told(found.as_of + OLD)
    old = found.told(found.as_of + OLD + timedelta(days=1))

    assert found.as_of.isoformat() in fresh
    assert "openai.com" in fresh
    assert "over a year old" not in fresh
    assert "over a year old" in old


def test_every_line_of_the_table_is_complete() -> None:
    from builder.llm.prices import _table

    seen = set()
    for provider in _table():
        assert provider["source"].startswith("https://")
        assert isinstance(provider["date"], date)
        assert provider["hosts"]
        for name, row in provider["models"].items():
            assert set(row) <= {"input", "cached_input", "output", "batch_factor"}, name
            assert 0 < row["input"] <= row["output"], name
            assert 0 < row.get("cached_input", row["input"]) <= row["input"], name
            seen.add((provider["name"], name))

    assert len(seen) > 80


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("input = 1.0", "input alone"),
        ("output = 1.0", "output alone"),
        ("cached_input = 1.0", "cached_input alone"),
        ("input = -0.5\noutput = 1.0", "below 0"),
        ("currency = 'EUR'", "price table is in USD"),
    ],
)
def test_half_a_price_is_an_error(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "builder.toml"
    file.write_text(f"[price]\n{text}\n", encoding="utf-8")

    with pytest.raises(SettingsError, match=says):
        load(file=file, environ={})
