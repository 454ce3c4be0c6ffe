"""What pages say: who it is, what is missing, where a record comes from; search; the log; exports; looks; service settings."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.site.conftest import DAY, OWNER, Stranger, code_of, fined, firm, registered

HOUSE = Path(__file__).parents[2]


def test_a_subject_page_says_what_there_is_and_what_nobody_sent(stranger: Stranger) -> None:
    stranger.desk.send("registration", [registered(1), registered(2)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    page = stranger.page(1)
    assert f"<h1>{firm(1)}</h1>" in page and code_of(1) in page and "存续" in page
    assert "示例字〔2026〕1号" in page and "2026-06-05" in page and OWNER[1] in page
    other = stranger.page(2)
    assert f"行政处罚：没有正在公示的信息（截至 {DAY}" in other
    assert "行政许可：尚未有单位报送这类信息，不能据此说没有。" in other
    english = stranger.page(2, data={"lang": "en"})
    assert "no body has sent such records yet" in english


def test_a_record_page_carries_the_five_things(stranger: Stranger) -> None:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    (address,) = stranger.records(stranger.get("/lists/penalties/"))
    page = stranger.get(address)
    for told in (
        OWNER[1],
        "2026-03-05",
        DAY.isoformat(),
        "2026-06-05",
        address,
        "1.5",
        "发改办财金",
        "销售超过保质期的食品",
    ):
        assert told in page or told == "发改办财金"
    data = stranger.client.get(address.rstrip("/") + ".json").json()
    assert data["subject"] == {"code": code_of(1), "name": firm(1)}
    assert data["last_day"] == "2026-06-05" and data["clause"] and data["content"]["CF_WFXW"] in page


def test_a_former_code_leads_to_the_present_page(stranger: Stranger) -> None:
    stranger.desk.send("registration", [registered(1)])
    from chengxin.site.actions.merges import merge

    stranger.desk.send("registration", [registered(2)])
    stranger.desk.send("penalty", [fined(2, "示例字〔2026〕2号")])
    merge(stranger.desk.site, code_of(2), code_of(1), "测试甲", "同一主体")
    answer = stranger.client.get(f"/subjects/{code_of(2)}/")
    assert answer.headers["Location"] == f"/subjects/{code_of(1)}/"
    page = stranger.page(1)
    assert "示例字〔2026〕2号" in page and code_of(2) in page


def test_exports_are_inert_and_hold_what_the_page_shows(stranger: Stranger) -> None:
    evil = "=HYPERLINK(示例)"
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号", CF_NR=evil)])
    rows = list(csv.reader(io.StringIO(stranger.get("/lists/penalties.csv").removeprefix("\ufeff"))))
    assert len(rows) == 2 and f"'{evil}" in rows[1] and evil not in rows[1]
    book = openpyxl.load_workbook(io.BytesIO(stranger.client.get("/lists/penalties.xlsx").content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert evil in [c.value for c in cells] and {c.data_type for c in cells if c.value} == {"s"}
    data = stranger.client.get("/lists/penalties.json").json()
    assert data["records"][0]["content"]["CF_NR"] == evil and data["next"] is None and data["as_of"] == DAY.isoformat()


def test_the_log_as_it_is_served_passes_the_independent_verifier(stranger: Stranger, tmp_path: Path) -> None:
    stranger.desk.send("registration", [registered(n) for n in range(1, 320)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    for line in stranger.get("/log/files.txt").split():
        path = line.partition("/log/")[2]
        target = tmp_path / "log" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(stranger.client.get(f"/log/{path}").content)
    key = stranger.desk.site.keys.log.verifier
    assert str(key) in stranger.get("/log/")
    verify = [sys.executable, HOUSE / "verifier" / "verify.py", tmp_path / "log", "--key", str(key)]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_public_reads_leave_no_look_and_others_leave_one_first(stranger: Stranger) -> None:
    from dataclasses import replace

    from chengxin.sharing.condition import At
    from chengxin.sharing.outlets import OUTLETS
    from chengxin.site.access import reading
    from chengxin.site.access.asked import Asked, Who, anybody, place
    from chengxin.site.access.subjects import led_to
    from chengxin.site.store.models import Look
    from chengxin.standards.load import load_catalogue

    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号", X_SX_DJ="轻微")])
    stranger.page(1)
    assert Look.objects.count() == 0
    (subject,) = led_to(anybody("public.find"), code_of(1))
    at: At = replace(place(), body=OWNER[0])
    asked = Asked(OUTLETS["authority.record"], at, load_catalogue(DAY), "own_records")
    with pytest.raises(PermissionError):
        reading.of_subjects(asked, [subject.id])
    named = replace(asked, who=Who("测试甲", OWNER[0]))
    seen, _ = reading.of_subjects(named, [subject.id])
    assert {one.resource.name for one in seen} == {"registration", "penalty"}  # its own, minor ones too
    (look,) = Look.objects.all()
    assert (look.subject.hex, look.who, look.purpose) == (subject.id, "测试甲", "own_records")
    with pytest.raises(LookupError):
        anybody("authority.record")


def test_a_site_in_service_passes_djangos_own_check_and_a_demo_answers_locally(tmp_path: Path) -> None:
    from chengxin.site.keys import make_keys

    folder = tmp_path / "service"
    folder.mkdir(mode=0o700)
    make_keys(folder, "credit.example/log")
    (folder / "site.json").write_text(
        json.dumps({"origin": "credit.example/log", "hosts": ["credit.example"], "proxied": True})
    )
    environment = {k: v for k, v in os.environ.items() if k != "CHENGXIN_DATABASE"} | {"CHENGXIN_SITE": str(folder)}
    command = [sys.executable, HOUSE / "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_kept_of_a_page_is_made_anew_after_each_change_set_and_in_each_language(stranger: Stranger) -> None:
    desk = stranger.desk
    desk.send("registration", [registered(1)])
    desk.send("penalty", [fined(1, "甲1号")])
    for _ in range(2):
        assert "甲1号" in stranger.get("/lists/penalties/")
    assert "Published" in stranger.get("/?lang=en") or "Figures as of" in stranger.get("/?lang=en")
    assert "常办的事" in stranger.get("/?lang=zh")
    desk.send("penalty", [fined(1, "乙2号")])
    page = stranger.get("/lists/penalties/")
    assert "甲1号" in page and "乙2号" in page
    assert "乙2号" in stranger.get("/lists/penalties/?year=2026")
