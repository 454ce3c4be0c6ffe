"""Where one is signed in: two at once for staff, each ended by its owner alone; second factors that come and go are told."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.site.conftest import PASSWORD, Cast, Stranger
from tests.site.test_accounts import account, browser, sign_in
from tests.site.work import shown, text

PAGE = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(login: str, agent: str = FIREFOX) -> Any:
    from django.test import Client

    one = Client(HTTP_HOST="localhost", HTTP_USER_AGENT=agent)
    assert sign_in(one, login).status_code == 302
    return one


def open_in(one: Any, address: str = "/bumen/") -> bool:
    return bool(one.get(address).status_code == 200)


def test_of_a_third_session_the_oldest_ends(stranger: Stranger, cast: Cast) -> None:
    first, second, third = (signed_in("clerk") for _ in range(3))
    assert [open_in(one) for one in (first, second, third)] == [False, True, True]
    other = signed_in("reviewer")
    assert open_in(second) and open_in(other)  # nobody else's
    company = [signed_in("company") for _ in range(3)]
    assert all(open_in(one, "/wode/") for one in company)


def test_one_sees_ones_own_and_ends_any_of_them(stranger: Stranger, cast: Cast) -> None:
    from allauth.usersessions.models import UserSession

    first, second = signed_in("clerk"), signed_in("clerk", "Mozilla/5.0 (iPhone) AppleWebKit Version/18 Safari/604")
    neighbour = signed_in("neighbour")
    page = shown(text(second.get(PAGE)))
    assert "Firefox · Linux" in page and "Safari · iPhone" in page and page.count("就是这里") == 1
    theirs = UserSession.objects.get(user=account("neighbour"))
    for wrong in (str(theirs.id), "0", "x", "9" * 30, "-1"):
        assert "已退出 0 处" in text(second.post(PAGE, {"end": wrong}))
    assert open_in(neighbour) and open_in(first)
    identity = re.findall(r'name="end" value="(\d+)"', text(second.get(PAGE)))
    assert "已退出 1 处" in text(second.post(PAGE, {"end": identity[0]}))
    assert not open_in(first) and open_in(second)
    third = signed_in("clerk")
    assert "已退出 1 处" in text(third.post(PAGE, {"end": "others"}))
    assert not open_in(second) and open_in(third)
    assert browser().get(PAGE).status_code == 302


def test_what_is_over_is_forgotten(stranger: Stranger, cast: Cast) -> None:
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    one = signed_in("clerk")
    one.post("/accounts/logout/")
    signed_in("reviewer")
    Session.objects.update(expire_date=Session.objects.get().expire_date - timedelta(days=2))
    assert UserSession.objects.filter(user=account("clerk")).count() == 0
    signed_in("officer")
    assert [s.user.login for s in UserSession.objects.all()] == ["officer"]


def test_whoever_acts_for_a_subject_is_signed_out_after_two_hours(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site import desks

    company, clerk = signed_in("company"), signed_in("clerk")
    assert open_in(company, "/wode/") and open_in(clerk)
    now = desks.time.time()
    monkeypatch.setattr(desks.time, "time", lambda: now + 2 * 3_600 + 60)
    assert not open_in(company, "/wode/") and open_in(clerk)


def test_a_second_factor_that_is_set_up_or_removed_stands_among_the_changes(stranger: Stranger, cast: Cast) -> None:
    from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time

    one = signed_in("clerk")
    one.get("/accounts/second/set-up/")
    one.post("/accounts/again/", {"password": PASSWORD})
    secret = re.search(r'class="code">([A-Z2-7]+)<', text(one.get("/accounts/second/set-up/")))
    assert secret
    code = hotp_value(secret[1], next(yield_hotp_counters_from_time()))
    one.post("/accounts/second/set-up/", {"code": f"{code:06}"})
    one.post("/accounts/second/remove/")
    assert "设置第二因素" in (page := text(one.get("/accounts/"))) and "移除第二因素" in page


def test_a_passkey_is_offered_and_what_is_no_passkey_is_refused(stranger: Stranger, cast: Cast) -> None:
    from allauth.mfa.models import Authenticator

    one = signed_in("clerk")
    assert "添加通行密钥" in text(one.get("/accounts/second/"))
    assert "还没有通行密钥" in text(one.get("/accounts/second/passkeys/"))
    one.get("/accounts/second/passkeys/add/")
    one.post("/accounts/again/", {"password": PASSWORD})
    page = text(one.get("/accounts/second/passkeys/add/"))
    assert "challenge" in page and "passkey.js" in page and "不用脚本的，请用验证器" in page
    for wrong in ("", "{}", '{"id": "x"}', "[]", "null"):
        answer = one.post("/accounts/second/passkeys/add/", {"name": "x", "credential": wrong})
        assert answer.status_code == 200, wrong
    assert not Authenticator.objects.exists()
    other = browser()
    assert "passkey.js" not in text(other.get("/accounts/login/"))
