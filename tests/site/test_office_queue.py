"""Whom rows are about: beside the candidates, judged by two where they are adverse, taken back; merges likewise."""

from typing import Any

import pytest

from tests.site.conftest import DAY, NUMBER, OTHER, PERSON, Cast, Stranger, code_of, fined, firm, registered
from tests.site.work import shown, text

QUEUE = "/xinyongban/rending/"
NO_CODE = {"CF_XDR_SHXYM": None, "CF_XDR_GSZC": "370215600000008"}


def waiting(stranger: Stranger) -> str:
    """An adverse row without a unified code; the address of its page."""
    from chengxin.site.store.models import Waiting

    stranger.desk.send("registration", [registered(1), registered(2)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号", **NO_CODE)])
    return f"{QUEUE}{Waiting.objects.get().id.hex}/"


def say(browser: Any, address: str, **fields: str) -> str:
    return text(browser.post(address, fields, follow=True))


def proposal() -> Any:
    from chengxin.site.store.models import Proposal

    return Proposal.objects.get()


def test_a_row_stands_beside_its_candidate_with_what_agrees_and_differs(stranger: Stranger, cast: Cast) -> None:
    address = waiting(stranger)
    assert address in text(cast("office").get(QUEUE))
    page = shown(text(cast("office").get(address)))
    assert f"名称 {firm(1)} {firm(1)} ＝ 一致" in page
    assert f"代码 — {code_of(1)} ○ 缺，不能比" in page
    assert "法定代表人（负责人） 测试丙 测试丙 ＝ 一致" in page
    other = shown(text(cast("office").post(address, {"do": "compare", "code": code_of(2).lower()})))
    assert f"名称 {firm(1)} {firm(2)} ≠ 不同" in other
    assert NUMBER not in text(cast("office").post(address, {"do": "compare", "code": NUMBER}))


def test_an_adverse_row_is_attached_when_a_second_person_confirms(stranger: Stranger, cast: Cast) -> None:
    address = waiting(stranger)
    say(cast("office"), address, verdict="same", code=code_of(1), reason="名称、法定代表人一致")
    assert "等第二人复核" in text(cast("office").get(QUEUE)) and stranger.desk.documents(1) == []
    second = f"/xinyongban/fuhe/{proposal().id.hex}/"
    assert "裁定归属的人不能复核自己的裁定" in say(cast("office"), second, do="yes")
    assert stranger.desk.documents(1) == []
    assert "已复核，生效" in say(cast("colleague"), second, do="yes")
    assert stranger.desk.documents(1) == ["示例字〔2026〕1号"]
    assert (proposal().answer, proposal().answered_by) == ("done", "colleague")
    assert "已办结" in say(cast("colleague"), second, do="yes")


def test_what_the_system_judged_is_told_in_one_language(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    stranger.desk.send("penalty", [fined(3, "示例字〔2026〕3号")])
    stranger.desk.send("registration", [registered(3)])
    assert stranger.desk.documents(3) == ["示例字〔2026〕3号"]
    page = text(cast("office").get(QUEUE))
    assert "系统：代码已登记" in page and "registered now" not in page
    page = text(cast("office").get(f"{QUEUE}?lang=en"))
    assert "The system: the code is registered now" in page and "代码已登记" not in page
    cast("office").get(f"{QUEUE}?lang=zh")


def test_a_judgement_is_taken_back_with_a_reason(stranger: Stranger, cast: Cast) -> None:
    address = waiting(stranger)
    say(cast("office"), address, verdict="same", code=code_of(1), reason="一致")
    say(cast("colleague"), f"/xinyongban/fuhe/{proposal().id.hex}/", do="yes")
    assert "请写明理由" in say(cast("office"), f"{address}chexiao/")
    assert stranger.desk.documents(1) != []
    assert "重新等待" in say(cast("office"), f"{address}chexiao/", reason="看错了")
    assert stranger.desk.documents(1) == []


def test_what_is_turned_down_has_no_effect_and_can_be_proposed_again(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.store.models import Proposal

    address = waiting(stranger)
    say(cast("office"), address, verdict="different", reason="不是")
    say(cast("colleague"), f"/xinyongban/fuhe/{proposal().id.hex}/", do="no", reason="再查")
    assert proposal().answer == "declined" and "待认定" in text(cast("office").get(QUEUE))
    say(cast("colleague"), address, verdict="same", code=code_of(1), reason="查明")
    assert "已有人提出" in say(cast("office"), address, verdict="different", reason="不是")
    assert Proposal.objects.filter(answer="").count() == 1


def test_unsure_needs_nobody_else(stranger: Stranger, cast: Cast) -> None:
    address = waiting(stranger)
    assert "已裁定" in say(cast("office"), address, verdict="unsure")
    assert "不能确定" in text(cast("office").get(QUEUE))


def test_a_look_stands_for_each_row_that_was_looked_at(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.store.models import Identifier, Look

    address = waiting(stranger)
    cast("office").get(address)
    seen = Look.objects.filter(outlet="office.record", who="office")
    assert Identifier.objects.get(value=code_of(1), until=None).subject in {look.subject for look in seen}


def test_of_a_person_a_waiting_row_shows_nothing(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.store.models import Waiting

    row = fined(1, "示例字〔2026〕9号", **PERSON, CF_XDR_ZJHM=NUMBER)
    stranger.desk.send("penalty", [row])
    told = {"CF_NR": "罚款2万元", "CF_NR_FK": "2", "CF_SJLY": OTHER[1], "CF_SJLYDM": OTHER[0]}
    stranger.desk.send("penalty", [row | told], OTHER[0])  # it differs from what the deciding body said
    assert Waiting.objects.exists()
    for held in Waiting.objects.all():
        page = text(cast("office").get(f"{QUEUE}{held.id.hex}/"))
        assert "示例字" not in page and "测试丁" not in page and NUMBER not in page


def test_two_codes_of_one_body_are_merged_by_two_people_and_split_again(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHENGXIN_TODAY", str(DAY))
    old, new = code_of(1, region="370282"), code_of(1)
    stranger.desk.send("registration", [registered(1, 统一社会信用代码=old), registered(2)])
    stranger.desk.send("registration", [registered(3, 统一社会信用代码=new)])
    pages = "/xinyongban/rending/zhuti/"
    say(cast("office"), pages, code=old, into=code_of(2), reason="核实为同一单位")
    second = f"/xinyongban/fuhe/{proposal().id.hex}/"
    assert "不能复核" in say(cast("office"), second, do="yes")
    say(cast("colleague"), second, do="yes")
    from chengxin.site.store.models import Merge

    assert Merge.objects.filter(until=None).count() == 1
    assert "已是同一主体" in say(cast("office"), pages, code=old, into=code_of(2), reason="再来")
    say(cast("office"), pages, do="split", code=old, reason="弄错了")
    assert Merge.objects.filter(until=None).count() == 0
