"""Drafts of the law: seen, tried dry, confirmed by two by a document, never backwards, revoked at once."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import cases_of
from tests.site.conftest import DAY, Cast, Stranger, code_of, firm, on, registered
from tests.site.work import shown, text

DRAFTS = "/xinyongban/caoan/"
LIST, PURPOSE = f"{DRAFTS}list/L01/", f"{DRAFTS}purpose/inspection/"
WORD = {"document": "即信用办〔2026〕3号", "on": "2026-03-09", "reason": "已与上级核对原文"}


def say(browser: Any, address: str, **fields: str) -> str:
    return text(browser.post(address, fields, follow=True))


def confirmed(cast: Cast, address: str) -> str:
    from chengxin.site.store.models import Proposal

    say(cast("office"), address, **WORD)
    return say(cast("colleague"), f"/xinyongban/fuhe/{Proposal.objects.get(answer='').id.hex}/", do="yes")


def test_a_draft_shows_its_facts_and_what_it_would_touch(stranger: Stranger, cast: Cast) -> None:
    assert "失信被执行人名单" in text(cast("office").get(DRAFTS))
    page = shown(text(cast("office").get(LIST)))
    assert "草案：把握中" in page and "2013 年文本" in page and "目前没有触及的信息" in page
    page = shown(text(cast("office").get(PURPOSE)))
    assert "能用这个用途的账号 5" in page and "可查的信息类：自然人 0" in page
    assert cast("office").get(f"{DRAFTS}list/L02/").status_code == 404  # it is sure


def test_a_list_that_a_kind_of_record_is_all_about_is_touched_by_those_records(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.store.models import Authority

    base = cases_of("judgment_debtor")["base"]
    court = Authority.objects.create(code=base["SX_ZXFYDM"], name=base["SX_ZXFY"], resources=["judgment_debtor"])
    stranger.desk.send("registration", [registered(1)])
    debtor = base | {"SX_ZTMC": firm(1), "SX_TYSHXYDM": code_of(1)}
    stranger.desk.send("judgment_debtor", [debtor], sender=court.code)
    page = shown(text(cast("office").get(LIST)))
    assert "组织的信息 1" in page and "目前没有触及的信息" not in page


def test_a_draft_is_confirmed_by_two_people_by_a_document_and_binds_from_that_day(
    stranger: Stranger, cast: Cast
) -> None:
    from chengxin.site.store.models import Proposal
    from chengxin.standards.load import load_catalogue

    assert "不晚于今天" in say(cast("office"), LIST, **WORD | {"on": "2027-01-01"})
    say(cast("office"), LIST, **WORD)
    second = f"/xinyongban/fuhe/{Proposal.objects.get().id.hex}/"
    assert "确认草案须由两人" in say(cast("office"), second, do="yes")
    assert load_catalogue(DAY).tables["lists"]["lists"]["L01"]["confidence"] == "medium"
    assert "已复核" in say(cast("colleague"), second, do="yes")
    assert load_catalogue(DAY).tables["lists"]["lists"]["L01"]["confidence"] == "high"
    before = DAY - timedelta(days=1)
    assert load_catalogue(before).tables["lists"]["lists"]["L01"]["confidence"] == "medium"
    assert "即信用办〔2026〕3号" in text(cast("office").get(DRAFTS))


def test_a_confirmed_purpose_opens_and_a_revoked_one_is_shut_at_once(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.store.models import Confirmation
    from chengxin.standards.load import load_catalogue

    confirmed(cast, PURPOSE)
    assert not load_catalogue(DAY).purposes["inspection"].draft
    address = f"{DRAFTS}{Confirmation.objects.get().id.hex}/chexiao/"
    assert "请写明理由" in say(cast("office"), address)
    assert "又是草案" in say(cast("office"), address, reason="文件已废止")
    assert load_catalogue(DAY).purposes["inspection"].draft
    assert "或已撤销" in say(cast("office"), address, reason="再来")
    on(monkeypatch, DAY + timedelta(days=1))
    confirmed(cast, PURPOSE)  # it can be confirmed again
    assert Confirmation.objects.filter(revoked_on=None).count() == 1


def test_a_confirmation_is_a_change_in_the_log_and_survives_a_lost_copy(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site import confirmed as copy
    from chengxin.site.folder import open_site
    from chengxin.site.store import log
    from chengxin.standards.load import load_catalogue

    stranger.desk.send("registration", [registered(1)])
    before = log.log_size()
    confirmed(cast, LIST)
    assert log.log_size() == before + 1 and log.verify(stranger.desk.site.keys) == []
    folder = stranger.desk.site.folder
    (folder / copy.NAME).unlink()
    open_site(folder)
    assert load_catalogue(DAY).tables["lists"]["lists"]["L01"]["confidence"] == "high"
