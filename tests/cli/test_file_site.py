"""`chengxin file --site`: what the office keeps of a subject, through the gate and with a Look."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from chengxin.cli.main import app
from chengxin.values.errors import Refused
from tests.site.conftest import DAY, Desk, code_of, desk, empty_database, fined, quick, registered

__all__ = ["desk", "empty_database", "quick"]


@pytest.fixture
def file(desk: Desk, quick: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CHENGXIN_TODAY", DAY.isoformat())
    desk.send("registration", [registered(1)])
    desk.send("penalty", [fined(1, "示例字〔2026〕1号"), fined(1, "示例字〔2026〕2号", X_SX_DJ="轻微")])

    def read(*more: str, code: str = code_of(1)) -> Any:
        return CliRunner().invoke(app, ["file", code, "--site", str(desk.site.folder), *more], catch_exceptions=False)

    return read


def test_a_file_shows_all_that_is_in_force_and_leaves_a_look(file: Any) -> None:
    from chengxin.site.store.models import Look

    told = json.loads(file("--purpose", "核对报送", "--by", "jia", "--json").stdout)
    assert sorted(r["document"] for r in told["records"] if r["resource"] == "penalty") == [
        "示例字〔2026〕1号",
        "示例字〔2026〕2号",
    ]
    assert all(r["clause"] and r["last_day"] and r["source"] for r in told["records"] if r["resource"] == "penalty")
    look = Look.objects.get()
    assert (look.who, look.outlet, look.purpose, look.case_number) == (
        "command:jia",
        "office.file",
        "stewardship",
        "核对报送",
    )
    words = file("--purpose", "核对报送").stdout
    assert "罚款" in words and "最后一日" in words


@pytest.mark.parametrize(("more", "code"), [((), "no-purpose"), (("--purpose", " "), "no-purpose")])
def test_without_a_purpose_nothing_is_read(file: Any, more: tuple[str, ...], code: str) -> None:
    from chengxin.site.store.models import Look

    with pytest.raises(Refused) as refusal:
        file(*more)
    assert (refusal.value.code, Look.objects.count()) == (code, 0)


def test_nobody_known_is_told_from_nothing_recorded(file: Any) -> None:
    with pytest.raises(Refused) as refusal:
        file("--purpose", "核对报送", code=code_of(4))
    assert refusal.value.code == "unknown-subject"
