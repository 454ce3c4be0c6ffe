"""Whom the office lets in from outside and at its own desk: by two people, suspended and ended by one, looked at on record."""

import re
from typing import Any

from tests.site.conftest import Cast, Stranger, code_of
from tests.site.programs import Program, problem
from tests.site.test_accounts import PASSWORD, account, browser, sign_in
from tests.site.work import shown, text

BODIES = "/xinyongban/jieru/"
BANK = code_of(171)
ONE = f"{BODIES}{BANK}/"


def proposal(**about: str) -> Any:
    from chengxin.site.store.models import Proposal

    return Proposal.objects.get(answer="", **about)


def second(who: Any, do: str = "yes", **fields: str) -> str:
    return text(who.post(f"/xinyongban/fuhe/{proposal().id.hex}/", {"do": do, **fields}, follow=True))


def say(who: Any, address: str, **fields: Any) -> str:
    return text(who.post(address, fields, follow=True))


def bank(cast: Cast, kind: str = "partner") -> None:
    told = {"code": BANK.lower(), "name": "示例村镇银行（测试）", "kind": kind, "reason": "合作协议〔2026〕1号"}
    assert "等第二人复核" in say(cast("office"), BODIES, **told)
    assert "已复核，生效" in second(cast("colleague"))


def key_for(cast: Cast) -> str:
    """A key that two people gave, as the second is shown it this once."""
    told = {"do": "key", "name": "信贷系统", "resource": ["penalty", "permit"], "purpose": ["publicity"], "days": "30"}
    page = shown(say(cast("office"), ONE, **told, reason="系统上线"))
    assert "等第二人复核" in page and "信息类：行政处罚、行政许可 用途：" in page and "最后一日：2026-04-08" in page
    found = re.search(r"cx_[\w-]{43}", second(cast("colleague")))
    assert found
    return found[0]


def test_a_partner_is_let_in_by_two_and_its_key_is_shown_once_to_the_second(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.store.models import ApiKey, Authority, StaffChange

    told = {"code": BANK, "name": "示例村镇银行（测试）", "kind": "partner", "reason": "合作协议"}
    assert "示例村镇银行" in say(cast("office"), BODIES, **told)
    assert not Authority.objects.filter(code=BANK).exists()
    assert "提出接入的人不能复核" in second(cast("office"))
    assert "已复核，生效" in second(cast("colleague"))
    assert StaffChange.objects.get(what="admitted").by == "office；colleague"
    key = key_for(cast)
    row = ApiKey.objects.get()
    assert (row.resources, row.purposes, row.created_by) == (["penalty", "permit"], ["publicity"], "office；colleague")
    assert key not in text(cast("colleague").get(ONE)) + text(cast("office").get(ONE))
    program = Program(stranger.client, key)
    assert program("get", "changes").status_code == 200
    problem(program("get", "snapshots/registration"), 404, "not-found")


def test_one_person_suspends_and_two_let_in_again(stranger: Stranger, cast: Cast) -> None:
    bank(cast)
    program = Program(stranger.client, key_for(cast))
    assert "已新建" not in (made := say(cast("office"), ONE, do="account", login="bank-1", name="测试信贷员甲"))
    assert re.search(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", made)
    one = account("bank-1")
    one.set_password(PASSWORD)
    one.save()
    clerk = browser()
    assert sign_in(clerk, "bank-1").status_code == 302
    assert "示例村镇银行" in text(clerk.get("/accounts/"))
    assert "请写明理由" in say(cast("office"), ONE, do="suspend")
    assert "已暂停" in say(cast("office"), ONE, do="suspend", reason="逾期未确认撤下的信息")
    problem(program("get", "changes"), 401, "wrong-key")
    assert "角色 没有" in shown(page := text(clerk.get("/accounts/"))) and "已暂停或终止" in page  # at the next request
    assert "不能这样办理" in say(
        cast("office"), ONE, do="key", name="另一把", purpose="publicity", resource="penalty", days="9", reason="x"
    )
    assert "等第二人复核" in say(cast("office"), ONE, do="resume", reason="已整改")
    problem(program("get", "changes"), 401, "wrong-key")
    assert "已复核，生效" in second(cast("colleague"))
    assert program("get", "changes").status_code == 200


def test_what_is_ended_stays_ended_until_it_is_let_in_anew_without_keys(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.store.models import ApiKey

    bank(cast)
    program = Program(stranger.client, key_for(cast))
    say(cast("office"), ONE, do="account", login="bank-1", name="测试信贷员甲")
    assert "已终止" in say(cast("office"), ONE, do="leave", reason="协议到期")
    problem(program("get", "changes"), 401, "wrong-key")
    assert ApiKey.objects.get().revoked_at and account("bank-1").ended_on
    assert "不能恢复" in text(cast("office").get(f"/xinyongban/zhanghao/{account('bank-1').id}/"))
    for do in ("enable", "reset"):
        assert "已注销" in say(cast("office"), f"/xinyongban/zhanghao/{account('bank-1').id}/", do=do)
    assert not account("bank-1").is_active
    for do in ("resume", "suspend", "leave"):
        assert "不能这样办理" in say(cast("office"), ONE, do=do, reason="x")
    bank(cast)
    problem(program("get", "changes"), 401, "wrong-key")
    assert not account("bank-1").is_active


def test_a_roster_that_is_loaded_again_lets_nobody_in_who_was_shut_out(stranger: Stranger, cast: Cast) -> None:
    from tests.site.test_changes import roster

    bank(cast)
    program = Program(stranger.client, key_for(cast))
    say(cast("office"), ONE, do="suspend", reason="核查中")
    roster(stranger, f"{BANK},示例村镇银行（测试）,,partner")
    problem(program("get", "changes"), 401, "wrong-key")


def test_what_can_not_be_let_in_is_said_at_once(stranger: Stranger, cast: Cast) -> None:
    from tests.site.conftest import OWNER

    told = {"code": BANK, "name": "示例银行", "kind": "partner", "reason": "协议"}
    for changed, why in (
        ({"code": BANK[:-1] + "0"}, "统一社会信用代码不对"),
        ({"code": OWNER[0]}, "名录中已有"),
        ({"name": " "}, "请写明单位名称"),
        ({"kind": "department"}, "请选择是合作方还是上级平台"),
        ({"reason": ""}, "请写明理由"),
    ):
        page = say(cast("office"), BODIES, **told | changed)
        assert why in page, why
        assert "等第二人复核：" not in page
    bank(cast)
    for changed, why in (
        ({"purpose": ["own_records"]}, "密钥只能用于本机关可用的用途"),
        ({"days": "4000"}, "有效天数填 1 到"),
        ({"name": ""}, "请给密钥起个名字"),
    ):
        wanted = {"do": "key", "name": "信贷", "resource": ["penalty"], "purpose": ["publicity"], "days": "30"}
        assert why in say(cast("office"), ONE, **wanted | changed, reason="x")
    assert cast("office").get(f"{BODIES}{code_of(9)}/").status_code == 404


def test_who_keeps_audits_runs_or_guards_is_let_in_by_two(stranger: Stranger, cast: Cast) -> None:
    people = "/xinyongban/zhanghao/"
    told = {"login": "audit-2", "name": "测试审计员丑", "role": ["audit"]}
    assert "请写明理由" in say(cast("office"), people, **told)
    assert "等第二人复核" in say(cast("office"), people, **told, reason="轮岗")
    assert "提出接入的人不能复核" in second(cast("office"))
    made = second(cast("colleague"))
    assert re.search(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", made)
    assert account("audit-2").listed[0].value == "audit"
    assert "等第二人复核" in say(cast("office"), people, login="run-2", name="测试运维寅", role=["run"], reason="值班")
    assert "没有同意，已办结" in second(cast("colleague"), do="no", reason="人数已够")
    assert "没有账号" not in say(cast("office"), people + "?at=office") and "run-2" not in text(
        cast("office").get(people + "?at=office")
    )


def test_nobody_takes_over_an_account_of_the_office_alone(stranger: Stranger, cast: Cast) -> None:
    address = f"/xinyongban/zhanghao/{account('auditor').id}/"
    before = account("auditor").password
    assert "请写明理由" in say(cast("office"), address, do="reset")
    assert "等第二人复核" in say(cast("office"), address, do="reset", reason="忘记密码")
    assert account("auditor").password == before
    made = second(cast("colleague"))
    assert re.search(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", made) and account("auditor").password != before
    clerk = f"/xinyongban/zhanghao/{account('clerk').id}/"
    assert re.search(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", say(cast("office"), clerk, do="reset"))


def test_an_auditor_is_told_who_opened_which_of_these_pages(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.store.models import Look

    bank(cast)
    Look.objects.all().delete()
    for who, address in (
        ("office", BODIES),
        ("office", ONE),
        ("office", "/xinyongban/zhanghao/"),
        ("office", "/xinyongban/miyao/"),
        ("auditor", "/xinyongban/biangeng/"),
        ("security", "/xinyongban/biangeng/"),
        ("manager", "/bumen/tuandui/"),
    ):
        assert cast(who).get(address).status_code == 200
        last = Look.objects.order_by("-at", "-id").first()
        assert last and (last.who, last.outlet, last.subject, last.resources) == (who, "staff.accounts", None, [])
    assert Look.objects.count() == 7
    page = text(cast("auditor").get("/xinyongban/shenji/?outlet=staff.accounts"))
    assert "账号、密钥和合作方" in page and "security" in page
