"""Roles and accounts as a team's manager and the office keep them: who may give what to whom, and from when it counts."""

from typing import Any

import pytest

from chengxin.sharing.roles import Role
from chengxin.values.errors import Refused
from tests.site.conftest import OTHER, OWNER, Cast, Stranger, fined, registered
from tests.site.test_accounts import account, added, browser, giver, refusal, sign_in
from tests.site.test_desks import main_of


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(cast: Cast) -> None:
    from chengxin.sharing.roles import Role
    from chengxin.site.actions.accounts import change_roles, set_active

    assert cast("office").get("/xinyongban/jinri/").status_code == 200
    assert cast("officer").get("/bumen/").status_code == 200
    change_roles("officer", {Role.ENTER}, giver("manager"))
    assert account("officer").holds == {Role.ENTER}
    set_active("officer", False, giver("manager"))
    assert cast("officer").get("/bumen/").status_code == 302
    assert "账号已停用" in browser().get(sign_in(browser(), "officer").headers["Location"]).content.decode()
    set_active("officer", True, giver("manager"))
    assert sign_in(browser(), "officer").status_code == 302


def test_a_body_that_is_no_longer_active_closes_its_desk(cast: Cast) -> None:
    from chengxin.site.store.models import Authority

    Authority.objects.filter(code=OWNER[0]).update(active=False)
    assert cast("clerk").get("/bumen/").status_code == 403


def test_roles_that_one_person_may_not_unite_are_refused(cast: Cast) -> None:
    from chengxin.sharing.roles import Role
    from chengxin.site.actions.accounts import COMMAND_LINE, change_roles

    for roles in (["audit", "security"], ["audit", "run"], ["run", "office"], ["audit", "office"], ["run", "security"]):
        assert refusal(added, "x-1", roles, COMMAND_LINE, None) == "roles"
    assert refusal(added, "x-1", ["enter", "office"], COMMAND_LINE) == "roles"  # two desks
    assert refusal(added, "x-1", [], COMMAND_LINE) == "roles"
    assert refusal(change_roles, "auditor", {Role.AUDIT, Role.SECURITY}, giver("office")) == "roles"
    assert refusal(change_roles, "clerk", {Role.OFFICE}, COMMAND_LINE) == "roles"
    assert added("x-1", ["enter", "review", "check"], COMMAND_LINE).holds == {Role.ENTER, Role.REVIEW, Role.CHECK}


def test_nobody_gives_a_role_to_himself_or_more_than_is_his_to_give(cast: Cast) -> None:
    from chengxin.sharing.roles import Role
    from chengxin.site.actions.accounts import change_roles, reset, set_active

    assert refusal(change_roles, "manager", {Role.MANAGE, Role.REVIEW}, giver("manager")) == "self"
    assert refusal(change_roles, "office", {Role.OFFICE, Role.SECURITY}, giver("office")) == "self"
    assert refusal(change_roles, "clerk", {Role.MANAGE}, giver("manager")) == "not-yours-to-give"
    assert refusal(added, "x-1", ["office"], giver("manager"), None) == "not-yours-to-give"
    assert refusal(added, "x-1", ["enter"], giver("manager"), OTHER[0]) == "not-yours-to-give"
    assert refusal(added, "x-1", ["enter"], giver("auditor")) == "not-yours-to-give"
    for act in (reset, set_active):
        assert refusal(act, "neighbour", None, giver("manager")) == "no-account"  # as one that is not there
        assert refusal(act, "clerk", None, giver("clerk")) in ("self", "not-yours-to-give")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"login": "x"}, "login"),
        ({"login": "有中文"}, "login"),
        ({"login": "chengxin"}, "login"),
        ({"login": "Clerk"}, "login-taken"),
        ({"body": None}, "unknown-authority"),
        ({"password": "short"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"password": "password123"}, "password"),
        ({"roles": ["subject"], "organisation": "123"}, "organisation"),
    ],
)
def test_an_account_that_can_not_be_is_refused_with_a_sentence(cast: Cast, given: dict[str, Any], code: str) -> None:
    from chengxin.sharing.roles import Role
    from chengxin.site.actions.accounts import COMMAND_LINE, New, add_account

    asked = {"login": "x-1", "roles": ["enter"], "body": OWNER[0], "organisation": "", "password": None} | given
    new = New(asked["login"], "测试某", [Role(r) for r in asked["roles"]], asked["body"], asked["organisation"])
    assert refusal(add_account, new, asked["password"], COMMAND_LINE) == code


def test_a_manager_makes_an_account_on_the_page_and_the_change_is_written_down(cast: Cast) -> None:
    from chengxin.site.store.models import StaffChange

    form = {"login": "fresh", "name": "测试新人", "role": ["enter", "check"], "authority": OTHER[0]}
    page = main_of(cast("manager").post("/bumen/tuandui/", form))
    password = page.partition('<b class="code">')[2].partition("</b>")[0]
    assert account("fresh").authority_id == OWNER[0]  # the manager's own body, whatever the form said
    assert password not in main_of(cast("manager").get("/bumen/tuandui/"))
    assert sign_in(browser(), "fresh", password).headers["Location"] == "/bumen/"
    row = StaffChange.objects.get(about="fresh")
    assert (row.by, row.what, row.detail) == ("manager", "added", {"roles": ["check", "enter"]})
    assert password not in repr(list(StaffChange.objects.values()))
    assert "fresh" in main_of(cast("auditor").get("/xinyongban/biangeng/"))
    refused = main_of(cast("manager").post("/bumen/tuandui/", form | {"login": "fresh2", "role": ["manage"]}))
    assert "您不能授予或收回这些角色" in refused and "测试新人" in refused  # what was typed stays


def test_an_account_is_managed_on_its_page(cast: Cast) -> None:
    from chengxin.sharing.roles import Role

    address = f"/bumen/tuandui/{account('clerk').id}/"
    assert "角色已变更" in main_of(cast("manager").post(address, {"do": "roles", "role": ["enter", "check"]}))
    assert account("clerk").holds == {Role.ENTER, Role.CHECK}
    assert "没有这个角色" in main_of(cast("manager").post(address, {"do": "roles", "role": ["king"]}))
    assert "没有这个操作" in main_of(cast("manager").post(address, {"do": "delete"}))
    password = (
        main_of(cast("manager").post(address, {"do": "reset"})).partition('<b class="code">')[2].partition("</b>")[0]
    )
    clerk = browser()
    assert sign_in(clerk, "clerk", password).status_code == 302
    assert "manager" in main_of(clerk.get("/accounts/"))  # it sees who set it back
    cast("manager").post(address, {"do": "disable"})
    assert clerk.get("/bumen/").status_code == 302
    assert cast("neighbour").post(address, {"do": "enable"}).status_code == 404
    own = f"/bumen/tuandui/{account('manager').id}/"
    assert "不能给自己授予角色" in main_of(cast("manager").post(own, {"do": "roles", "role": ["review"]}))


def test_who_set_a_password_is_not_a_second_person_until_its_owner_chose_another(
    stranger: Stranger, cast: Cast
) -> None:
    from chengxin.site.actions.accounts import Giver, reset
    from chengxin.site.actions.submissions import review
    from chengxin.site.store.models import Submission

    stranger.desk.send("registration", [registered(1)])
    _, password = reset("reviewer", None, Giver("neighbour", frozenset(Role)))
    sent = stranger.desk.send("penalty", [fined(1, "1号")], reviewed=False)
    Submission.objects.filter(id=sent.id).update(submitted_by="neighbour")
    with pytest.raises(Refused) as caught:
        review(stranger.desk.site, sent.id.hex, "reviewer", {})
    assert caught.value.code == "same-person" and "先修改密码" in caught.value.said.zh
    own, here = "quite-another-7", browser()
    sign_in(here, "reviewer", password)
    here.post("/accounts/password/", {"oldpassword": password, "password1": own, "password2": own})
    assert review(stranger.desk.site, sent.id.hex, "reviewer", {}).state == "effective"
