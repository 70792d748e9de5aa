"""docs/checks.md says what there is: no check without its row, no row without its check."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from builder.check import CHECKS, QUOTAS, SET_CHECKS, probes
from builder.config import CheckSettings, TargetSettings
from tests.check.test_probes import rows

TEXT = (Path(__file__).parents[2] / "docs" / "checks.md").read_text(encoding="utf-8")


def first_cells(heading: str) -> list[str]:
    """The names in the first column of the table under a heading."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_every_check_has_its_row_in_order() -> None:
    assert first_cells("One pair") == list(CHECKS)
    assert first_cells("The whole set") == list(SET_CHECKS)
    assert first_cells("Quotas") == list(QUOTAS)
    assert first_cells("Probes") == [probe.name for probe in probes(rows(60))]


def test_every_limit_is_named_with_its_default() -> None:
    for item in (*fields(CheckSettings), *fields(TargetSettings)):
        assert f"{item.name}`" in TEXT

    assert "reject below 0.5 | `containment`" in TEXT
    assert CheckSettings() == CheckSettings(
        containment=0.5, near_duplicate=0.8, max_answer_words=250, max_question_words=60,
        max_opening_share=0.2,
    )  # fmt: skip
