"""Quality by department and rule; recalls by two people; versions; what an auditor sees."""

from typing import Any

import pytest

from tests.site.conftest import OWNER, Cast, Stranger, code_of, fined, firm, registered
from tests.site.work import shown, text, work

QUALITY, BATCHES, LOOKS = "/xinyongban/zhiliang/", "/xinyongban/pici/", "/xinyongban/shenji/"


def say(browser: Any, address: str, **fields: str) -> str:
    return text(browser.post(address, fields, follow=True))


def refused(stranger: Stranger) -> Any:
    stranger.desk.send("registration", [registered(1), registered(2)])
    return stranger.desk.send("penalty", [fined(1, "1号"), fined(2, "2号", CF_JDRQ="2026/02/30")])


def test_hits_are_counted_by_rule_and_department_without_a_value(stranger: Stranger, cast: Cast) -> None:
    refused(stranger)
    page = shown(text(cast("office").get(QUALITY)))
    assert f"{OWNER[1]} 2026-03 4 3 1 0 75.0%" in page and f"行政处罚 1 {OWNER[1]} 1" in page
    assert "2026/02/30" not in page and firm(2) not in page


def test_a_note_about_a_rule_is_answered_once(stranger: Stranger, cast: Cast) -> None:
    cast("clerk").post("/bumen/baosong/penalty/guize/", {"rule": "penalty.x", "text": "应当放宽"})
    from chengxin.site.store.models import RuleNote

    address = f"{QUALITY}{RuleNote.objects.get().id.hex}/dafu/"
    assert "应当放宽" in text(cast("office").get(QUALITY))
    assert "请写明答复" in say(cast("office"), address, text=" ")
    assert "已答复" in say(cast("office"), address, text="下月修改")
    assert "或已答复" in say(cast("colleague"), address, text="不改")
    assert "下月修改" in text(cast("clerk").get("/bumen/baosong/penalty/guize/"))


def test_rows_that_a_mended_rule_lets_in_come_by_a_job(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = refused(stranger)
    again = f"{QUALITY}{sent.id.hex}/chongpan/"
    assert "已排队重判" in say(cast("office"), again) and "正在重判" in say(cast("office"), again)
    work()
    sent.refresh_from_db()
    assert (sent.counts["accepted"], sent.counts["rejected"]) == (1, 1)  # the rules are the same still
    from chengxin.site.store.models import Job

    assert Job.objects.get().state == "done"


def test_a_recall_says_first_what_it_changes_and_takes_two_people(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(1, "1号", CF_NR="罚款1万元", CF_NR_FK="1")])
    sent = stranger.desk.send("penalty", [fined(1, "1号"), fined(1, "2号")])
    address = f"{BATCHES}{sent.id.hex}/"
    assert address.replace("-", "") in text(cast("office").get(BATCHES)).replace("-", "")
    page = shown(text(cast("office").get(address)))
    assert "移除的信息 1 恢复原样的信息 1 涉及主体 1 其中失信信息 2" in page
    assert "请写明理由" in say(cast("office"), address)
    say(cast("office"), address, reason="报错了")
    from chengxin.site.store.models import Proposal

    second = f"/xinyongban/fuhe/{Proposal.objects.get().id.hex}/"
    assert "提出撤回的人不能复核撤回" in say(cast("office"), second, do="yes")
    assert stranger.desk.documents(1) == ["1号", "2号"]
    say(cast("colleague"), second, do="yes")
    assert stranger.desk.documents(1) == ["1号"]
    sent.refresh_from_db()
    assert (sent.state, sent.reason) == ("recalled", "报错了")


def test_the_versions_of_two_days_are_compared(stranger: Stranger, cast: Cast) -> None:
    browser = cast("auditor")
    assert "没有差别" in text(browser.get("/xinyongban/mulu/", {"since": "2026-03-01", "until": "2026-03-01"}))
    page = text(browser.get("/xinyongban/mulu/", {"since": "2020-01-01", "until": "2026-11-01"}))
    assert "自" in page and "没有差别" not in page
    assert "先早后晚" in text(browser.get("/xinyongban/mulu/", {"since": "2026-03-02", "until": "2026-03-01"}))
    assert "先早后晚" in text(browser.get("/xinyongban/mulu/", {"since": "yesterday"}))


def test_an_auditor_sees_who_looked_and_never_at_whom_and_is_seen_too(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    cast("clerk").get("/bumen/xinxi/")
    page = shown(text(cast("auditor").get(LOOKS)))
    assert "clerk" in page and "authority.records" in page
    assert code_of(1) not in page and firm(1) not in page
    mine = shown(text(cast("auditor").get(LOOKS, {"who": "auditor", "outlet": "auditor.looks"})))
    assert "2 次请求" in mine
    assert "没有这样的留痕" in text(cast("auditor").get(LOOKS, {"since": "2030-01-01"}))


def test_a_set_look_is_one_line_with_how_many(stranger: Stranger, cast: Cast) -> None:
    from chengxin.sharing.outlets import outlet_named
    from chengxin.site.access.asked import Asked, Who, place
    from chengxin.site.access.looks import write_look
    from chengxin.standards.load import load_catalogue
    from chengxin.values.ids import new_id

    at = place()
    asked = Asked(outlet_named("office.record"), at, load_catalogue(at.day), "stewardship", who=Who("office"))
    write_look(asked, [new_id(), new_id(), new_id()])
    page = shown(text(cast("auditor").get(LOOKS, {"outlet": "office.record"})))
    assert "1 次请求" in page and "数据校核与日常管理 3" in page


def test_the_log_is_checked_on_demand(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    assert "日志完整" in say(cast("auditor"), f"{LOOKS}rizhi/")
    from chengxin.site.store.models import Event

    Event.objects.all().update(commitment=b"0" * 32)
    assert "日志第" in say(cast("auditor"), f"{LOOKS}rizhi/")
