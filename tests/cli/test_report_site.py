"""`chengxin report` and `chengxin verify`: issue at the counter, in a batch; verify at the site and offline."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from chengxin.cli.main import app
from chengxin.values.errors import Refused
from tests.site.conftest import DAY, Desk, code_of, desk, empty_database, fined, quick, registered

__all__ = ["desk", "empty_database", "quick"]


def run(*words: str) -> Any:
    return CliRunner().invoke(app, [*words], catch_exceptions=False)


@pytest.fixture
def site(desk: Desk, quick: None, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CHENGXIN_TODAY", DAY.isoformat())
    desk.send("registration", [registered(1), registered(2)])
    desk.send("penalty", [fined(1, "示例字〔2026〕1号"), fined(1, "示例字〔2026〕2号", X_SX_DJ="轻微")])
    return str(desk.site.folder)


def issued(site: str, out: Path, *more: str) -> Any:
    return json.loads(
        run(
            "report",
            code_of(1),
            "--purpose",
            "tender",
            "--out",
            str(out),
            "--site",
            site,
            "--by",
            "jia",
            "--json",
            *more,
        ).stdout
    )


def test_a_report_is_issued_with_a_look_and_verifies(site: str, tmp_path: Path) -> None:
    from chengxin.site.store.models import Look

    told = issued(site, tmp_path / "r.pdf")
    assert [
        i["document"] for c in told["chapters"] for s in c["sections"] for i in s["items"] if i["resource"] == "penalty"
    ] == ["示例字〔2026〕1号"]
    assert (Look.objects.get().who, Look.objects.get().outlet) == ("command:jia", "office.report")
    by_file = run("verify", str(tmp_path / "r.pdf"), "--site", site)
    assert by_file.exit_code == 0 and "是本平台出具的报告" in by_file.stdout
    by_number = run("verify", told["issue"]["number"], "--site", site, "--json")
    assert json.loads(by_number.stdout)["changed_since"] is False


def test_a_changed_file_and_an_unknown_number_end_with_one(site: str, tmp_path: Path) -> None:
    from chengxin.reports.number import new_number

    issued(site, tmp_path / "r.pdf")
    file = (tmp_path / "r.pdf").read_bytes()
    (tmp_path / "x.pdf").write_bytes(file[:5000] + bytes([file[5000] ^ 1]) + file[5001:])
    altered = run("verify", str(tmp_path / "x.pdf"), "--site", site)
    assert altered.exit_code == 1 and "被改动过" in altered.stdout
    unknown = run("verify", new_number(), "--site", site)
    assert unknown.exit_code == 1 and "没有出具过" in unknown.stdout
    with pytest.raises(Refused, match="mistyped: There is no file") as refused:
        run("verify", "nothing.pdf", "--site", site)
    assert "没有“nothing.pdf”这个文件" in refused.value.said.zh


def test_the_day_of_issue_is_the_legal_one(site: str, tmp_path: Path) -> None:
    from chengxin.site.store.models import Report

    number = issued(site, tmp_path / "r.pdf")["issue"]["number"]
    Report.objects.update(issued_at=datetime(2026, 3, 9, 17, 30, tzinfo=UTC))  # half past one in the morning
    assert "出具于 2026-03-10 01:30" in run("verify", number, "--site", site).stdout


def test_seal_and_log_are_verified_offline(desk: Desk, site: str, tmp_path: Path) -> None:
    issued(site, tmp_path / "r.pdf")
    certificate, key = str(desk.site.seal / "certificate.pem"), str(desk.site.keys.log.verifier)
    good = run("verify", str(tmp_path / "r.pdf"), "--certificate", certificate, "--log-key", key, "--json")
    told = json.loads(good.stdout)
    assert (good.exit_code, told["sealed"], told["logged"]) == (0, True, True)
    file = (tmp_path / "r.pdf").read_bytes()
    (tmp_path / "x.pdf").write_bytes(file + b"\n")
    bad = run("verify", str(tmp_path / "x.pdf"), "--certificate", certificate, "--json")
    assert bad.exit_code == 1 and json.loads(bad.stdout)["sealed"] is False
    with pytest.raises(Refused, match="certificate"):
        run("verify", str(tmp_path / "r.pdf"), "--certificate", str(tmp_path / "r.pdf"))


def test_a_batch_is_a_zip_with_a_table_that_says_what_was_not_issued_and_why(
    desk: Desk, site: str, tmp_path: Path
) -> None:
    (tmp_path / "list.txt").write_text(
        f"{code_of(1)}\n{code_of(2)}\n{code_of(9)}\nnot a code\n\n{code_of(1)}\n", "utf-8"
    )
    done = run(
        "report", "--list", str(tmp_path / "list.txt"), "--purpose", "funds", "--out", str(tmp_path / "b.zip"), "--site", site,
        "--json",
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert (told["issued"], told["not_issued"], told["file"]) == (2, 2, str(tmp_path / "b.zip"))
    with zipfile.ZipFile(tmp_path / "b.zip") as whole:
        rows = list(csv.DictReader(io.StringIO(whole.read("table.csv").decode("utf-8-sig"))))
        assert {n for n in whole.namelist() if n.endswith(".pdf")} == {f"{code_of(1)}.pdf", f"{code_of(2)}.pdf"}
        (tmp_path / "one.pdf").write_bytes(whole.read(f"{code_of(2)}.pdf"))
    assert [bool(row["报告编号 Number"]) for row in rows] == [True, True, False, False, False]
    assert [row["状态 State"] for row in rows] == ["已出具", "已出具", "没有找到", "没有找到", "重复"]
    again = run("report", "--batch", told["batch"], "--out", str(tmp_path / "again.zip"), "--site", site, "--json")
    assert json.loads(again.stdout)["issued"] == 2
    with zipfile.ZipFile(tmp_path / "again.zip") as whole:
        assert whole.read(f"{code_of(2)}.pdf") == (tmp_path / "one.pdf").read_bytes()  # none was issued a second time
    assert run("verify", str(tmp_path / "one.pdf"), "--site", site).exit_code == 0
    from chengxin.site.store.models import ChangeSet

    assert [c.events for c in ChangeSet.objects.filter(kind="report")] == [2]  # one change set for all
    certificate, key = str(desk.site.seal / "certificate.pem"), str(desk.site.keys.log.verifier)
    offline = run("verify", str(tmp_path / "one.pdf"), "--certificate", certificate, "--log-key", key, "--json")
    assert json.loads(offline.stdout)["logged"] is True


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((code_of(1), "--out", "r.pdf"), "no-use"),
        ((code_of(1), "--purpose", "tender"), "what"),
        (("--purpose", "tender", "--out", "r.pdf"), "what"),
        ((code_of(1), "--purpose", "tender", "--out", "r.pdf", "--language", "fr"), "language"),
        ((code_of(1), "--purpose", "tender", "--out", "r.pdf", "--form", "special"), "period"),
        ((code_of(9), "--purpose", "tender", "--out", "r.pdf"), "unknown-subject"),
    ],
)
def test_what_can_not_be_issued_is_refused_and_leaves_nothing(
    site: str, words: tuple[str, ...], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.store.models import Look, Report

    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused, match=code):
        run("report", *words, "--site", site)
    assert (Report.objects.count(), Look.objects.count(), list(tmp_path.glob("*.pdf"))) == (0, 0, [])
