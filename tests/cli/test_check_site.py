"""`chengxin check --site`: through the gate, with a Look and a receipt, or not at all."""

import json
from datetime import date
from typing import Any

import pytest
from typer.testing import CliRunner

from chengxin.cli.main import app
from chengxin.values.errors import Refused
from tests.site.conftest import DAY, OWNER, Desk, code_of, desk, empty_database, fined, quick, registered

__all__ = ["desk", "empty_database", "quick"]
FOR = ("--purpose", "administration", "--matter", "行政许可", "--as", OWNER[0])


@pytest.fixture
def asked(desk: Desk, quick: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CHENGXIN_TODAY", DAY.isoformat())
    desk.send("registration", [registered(1)])
    desk.send("penalty", [fined(1, "示例字〔2026〕1号"), fined(1, "示例字〔2026〕2号", X_SX_DJ="轻微")])

    def ask(*more: str, code: str = code_of(1)) -> Any:
        command = ["check", code, "--site", str(desk.site.folder), *more]
        return CliRunner().invoke(app, command, catch_exceptions=False)

    return ask


def test_the_answer_comes_with_the_receipt_that_was_written(asked: Any) -> None:
    from chengxin.site.store.models import Check, Look

    told = json.loads(asked(*FOR, "--json", "--by", "jia").stdout)
    assert [e["document"] for e in told["entries"]] == ["示例字〔2026〕1号"]
    row = Check.objects.get()
    assert (row.id.hex, row.who, row.body, row.matter) == (told["receipt"], "command:jia", OWNER[0], "permit")
    assert Look.objects.get().who == "command:jia"
    words = asked(*FOR).stdout
    assert "示例字〔2026〕1号" in words and "轻微" not in words and "回执" in words
    assert json.loads(asked(*FOR, "--json", "--on", str(date(2028, 1, 1))).stdout)["entries"] == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (FOR[2:], "no-purpose"),
        (("--purpose", "试用", *FOR[2:]), "no-purpose"),
        ((*FOR[:2], *FOR[4:]), "no-purpose"),
        (FOR[:4], "no-key"),
        ((*FOR[:4], "--as", code_of(5)), "unknown-authority"),
    ],
)
def test_without_purpose_matter_or_authority_nothing_is_read(asked: Any, more: tuple[str, ...], code: str) -> None:
    from chengxin.site.store.models import Check, Look

    with pytest.raises(Refused) as refusal:
        asked(*more)
    assert refusal.value.code == code
    assert Check.objects.count() == Look.objects.count() == 0
