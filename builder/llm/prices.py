"""What a model costs: from [price] in the settings, else by its server and name from prices.toml.

A server on loopback costs nothing, unless a model that is known to run elsewhere only answers there
through a proxy. What is neither set nor known has no price, and nothing is made up.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from builder.config import ModelSettings, PriceSettings
from builder.llm.access import endpoints_of, host_of, is_local, name_of
from builder.llm.request import Usage

TABLE = "prices.toml"
OLD = timedelta(days=365)  # prices of an earlier date are said to be old
_MILLION = 1_000_000
_SNAPSHOT = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{4})$")  # the date at the end of a name
_VENDORS = ("openai/", "azure/", "anthropic/", "google/", "gemini/", "x-ai/", "xai/")  # of proxies


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a million tokens cost.

    cached_input: of a prompt that the server has read before.
    batch_factor: what a request costs in a batch, as a share of the price.
    source:       where the price is from, in words; as_of: when it was looked up there.
    """

    input: float
    cached_input: float
    output: float
    batch_factor: float = 1.0
    currency: str = "USD"
    source: str
    as_of: date | None = None

    @property
    def is_free(self) -> bool:
        """Whether nothing ever costs anything."""
        return not (self.input or self.cached_input or self.output)

    def cost(self, usage: Usage, *, batch: bool = False) -> float:
        """What so many tokens cost, in the currency."""
        cached = min(usage.cached_tokens, usage.prompt_tokens)
        whole = (
            (usage.prompt_tokens - cached) * self.input
            + cached * self.cached_input
            + usage.completion_tokens * self.output
        )
        return whole * (self.batch_factor if batch else 1.0) / _MILLION

    def told(self, today: date) -> str:
        """The price in words, with its source, and whether that is old."""
        if self.is_free:
            return f"free ({self.source})"
        old = self.as_of is not None and today - self.as_of > OLD
        dated = f", {self.as_of.isoformat()}" if self.as_of else ""
        return (
            f"{self.currency} {self.input:g} input, {self.cached_input:g} cached input, "
            f"{self.output:g} output per million tokens ({self.source}{dated}"
            f"{': over a year old, check it' if old else ''})"
        )


def price_of(model: ModelSettings, settings: PriceSettings) -> Price | None:
    """What the model costs at its server; None when that is neither set nor known.

    Of several addresses the dearest one counts. Raises SettingsError for an unusable address.
    """
    if settings.input >= 0:
        return Price(
            input=settings.input,
            cached_input=settings.input if settings.cached_input < 0 else settings.cached_input,
            output=settings.output,
            batch_factor=1.0 if settings.batch_factor < 0 else settings.batch_factor,
            currency=settings.currency,
            source="[price] of the settings",
        )
    found = [_known(model.name, base_url) for base_url in endpoints_of(model)]
    prices = [price for price in found if price is not None]
    if len(prices) < len(found):
        return None
    return max(prices, key=lambda price: (price.output, price.input))


def price_at(name: str, server: str, model: ModelSettings, settings: PriceSettings) -> Price | None:
    """What a model cost that a run has asked at a server ("host:port"), be it the one of now."""
    if name == model.name and server in map(host_of, endpoints_of(model)):
        return price_of(model, settings)
    return _known(name, f"http://{server}")


def _known(name: str, base_url: str) -> Price | None:
    host = name_of(base_url)
    for provider in _table():
        if any(host == own or (own[0] == "." and host.endswith(own)) for own in provider["hosts"]):
            return _listed(provider, name)
    bare = next((name.removeprefix(v) for v in _VENDORS if name.startswith(v)), name)
    for provider in _table():
        price = _listed(provider, bare) if provider.get("closed") else None
        if price is not None:
            return replace(price, source=f"as if behind a proxy, {price.source}")
    if is_local(base_url):
        return Price(input=0.0, cached_input=0.0, output=0.0, source="a server on this machine")
    return None


def _listed(provider: Mapping[str, Any], name: str) -> Price | None:  # provider: TOML
    models = provider["models"]
    row = models.get(name) or models.get(_SNAPSHOT.sub("", name))
    if row is None:
        return None
    return Price(
        input=row["input"],
        cached_input=row.get("cached_input", row["input"]),
        output=row["output"],
        batch_factor=row.get("batch_factor", provider.get("batch_factor", 1.0)),
        source=f"{provider['name']}: {provider['source']}",
        as_of=provider["date"],
    )


@cache
def _table() -> tuple[dict[str, Any], ...]:  # TOML
    text = files("builder").joinpath("llm", TABLE).read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["provider"])
