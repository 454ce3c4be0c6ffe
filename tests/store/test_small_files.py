"""A small file is judged against what it names, a large one against all subjects in memory: the answers are the same."""

import itertools
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.store.conftest import DAY, NUMBER, OWNER, PERSON, Desk, code_of, fined, firm, registered

FORMER = "青岛示例旧名商贸有限公司"
SHARED = "青岛示例同名商贸有限公司"
NAMES = (firm(1), firm(2), FORMER, SHARED, firm(3).replace("商贸", "（商贸）"), "青岛示例无人登记100%商贸有限公司")
CODES = (code_of(1), code_of(2), code_of(3), code_of(4), code_of(9), code_of(1, region="370282"), "91汉字'}--")


@pytest.fixture
def registers(desk: Desk) -> Desk:
    rows = [
        registered(1, 曾用名称=FORMER),
        registered(2),
        registered(3, 名称=firm(3).replace("商贸", "(商贸)"), 登记状态="注销", 核准日期="2026-03-01"),
        registered(4, 名称=SHARED),
        registered(5, 名称=SHARED),
    ]
    desk.send("registration", rows)
    return desk


def rows() -> list[dict[str, Any]]:
    pairs = enumerate(itertools.product(NAMES, CODES))
    found = [fined(0, f"{n}号", CF_XDR_MC=name, CF_XDR_SHXYM=code) for n, (name, code) in pairs]
    return [*found, fined(1, "人1号", **PERSON, CF_XDR_ZJHM=NUMBER)]


def written(desk: Desk, name: str, made: list[dict[str, Any]]) -> Path:
    path = desk.folder / f"{name}.csv"
    pl.DataFrame(made, infer_schema_length=None).write_csv(path)
    return path


def judged(desk: Desk, path: Path, at_once: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Accepted rows and findings, with all subjects known at once or asked for."""
    from chengxin.flow.judge import judge
    from chengxin.site.actions.judging import Sending, setting_for
    from chengxin.site.store.known import all_known
    from chengxin.site.store.models import Authority
    from chengxin.standards.load import load_catalogue

    known = all_known() if at_once else None
    sending, sender = Sending("penalty", path, OWNER[0], "测试甲"), Authority.objects.get(code=OWNER[0])
    setting = setting_for(desk.site, sending, sender, load_catalogue(DAY), DAY, known)
    outcome = judge(path, setting, desk.folder / f"judged-{at_once}")
    return outcome.accepted_rows().collect(), outcome.findings().collect()


def test_both_ways_find_the_same_in_every_pair_of_name_and_code(registers: Desk) -> None:
    path = written(registers, "pairs", rows())
    asked, known = (judged(registers, path, at_once) for at_once in (False, True))
    assert asked[0].equals(known[0])
    assert asked[1].equals(known[1])
    rules = set(known[1]["rule"])
    assert {r for r in rules if "name" in r}, rules  # the registers were looked at


@pytest.mark.usefixtures("quick")
def test_both_ways_come_to_the_same_state(registers: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.actions import judging
    from chengxin.site.actions.recall import take_back
    from chengxin.site.store.bulk import rows_where

    states = []
    for size in (judging.SMALL_FILE, -1):
        monkeypatch.setattr(judging, "SMALL_FILE", size)
        sent = registers.send_file("penalty", written(registers, "pairs", rows()))
        sql = """SELECT r.document, r.subject, r.severity, r.last_day FROM store_record r WHERE r.until IS NULL"""
        state = rows_where(sql, dict.fromkeys(("document", "subject", "severity"), pl.String) | {"last_day": pl.Date})
        waits = "SELECT code, reason, CAST(candidates AS text) FROM store_waiting WHERE verdict = ''"
        waiting = rows_where(waits, dict.fromkeys(("code", "reason", "candidates"), pl.String))
        counts = sent.counts | {"new_subjects": 0}  # a person stays known
        states.append((state.sort(pl.all()).rows(), sorted(waiting.rows(), key=str), counts))
        take_back(registers.site, sent, "测试乙", "再来一次")
    assert states[0][0]
    assert states[0][1]
    assert states[0] == states[1]


@pytest.mark.parametrize(("way", "streamed"), [("command", 20 << 30), ("desk", 50 << 20), ("api", 50 << 20)])
def test_what_comes_by_http_is_held_to_the_bounds_of_an_upload(registers: Desk, way: str, streamed: int) -> None:
    from chengxin.site.actions.judging import Sending, setting_for
    from chengxin.site.store.models import Authority
    from chengxin.standards.load import load_catalogue

    sending = Sending("penalty", registers.folder / "any.csv", OWNER[0], "测试甲", way=way)
    body = Authority.objects.get(code=OWNER[0])
    bounds = setting_for(registers.site, sending, body, load_catalogue(DAY), DAY, None).order.bounds
    assert bounds.streamed_upload == streamed
    assert (bounds.streamed_rows is None) == (way == "command")
