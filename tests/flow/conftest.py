"""Files of the penalty cases, and a setting to judge them in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from chengxin.flow.judge import Outcome, Sender, Setting, judge
from chengxin.intake.received import Order
from chengxin.standards.load import load_catalogue
from tests.conftest import cases_of, text

BASE = cases_of("penalty")["base"]
DAY = cases_of("penalty")["day"]
SENDER = cases_of("penalty")["sender"]


def penalty(number: int = 1, **changes: Any) -> dict[str, str | None]:
    """The good row of the cases with a document number of its own."""
    row = {k: text(v) for k, v in BASE.items()} | {"CF_WSH": f"即市监处罚〔2026〕{number}号"}
    return row | {k: text(v) for k, v in changes.items()}


def csv_of(rows: list[dict[str, str | None]], path: Path) -> Path:
    pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
    return path


def setting(**order: Any) -> Setting:
    return Setting(
        catalogue=load_catalogue(DAY),
        order=Order(resource="penalty", day=DAY, token_key=b"k" * 32, **order),
        sender=Sender(SENDER["code"], SENDER["name"]),
    )


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., Outcome]:
    count = iter(range(100))

    def run(path: Path, **order: Any) -> Outcome:
        return judge(path, setting(**order), tmp_path / f"results-{next(count)}")

    return run


def rules_by_row(outcome: Outcome) -> dict[int | None, set[str]]:
    found: dict[int | None, set[str]] = {}
    for row, rule in outcome.findings().select("row", "rule").collect().iter_rows():
        found.setdefault(row, set()).add(rule.rpartition(".")[2])
    return found
