"""Accounts: signing in, second factors, idleness, who gives which role, keys of programs, and what a site in service refuses."""

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chengxin.values.errors import Refused
from tests.site.conftest import OWNER, PASSWORD, Cast, Stranger, registered
from tests.site.test_desks import main_of

HOUSE = Path(__file__).parents[2]
LOGIN = "/accounts/login/"
WRONG, TOO_MANY = "登录名或密码不对", "尝试次数太多"


def sign_in(browser: Any, login: str, password: str = PASSWORD, **more: Any) -> Any:
    return browser.post(LOGIN, {"login": login, "password": password, **more})


def browser() -> Any:
    from django.test import Client

    return Client(HTTP_HOST="localhost")


@pytest.fixture
def service(cast: Cast) -> Any:
    """The same site, as if in service."""
    from django.conf import settings
    from django.test import override_settings

    with override_settings(ABOUT=msgspec.structs.replace(settings.ABOUT, demo=False)):
        yield cast


def account(login: str) -> Any:
    from chengxin.site.store.models import Account

    return Account.objects.get(login=login)


def giver(login: str) -> Any:
    from chengxin.site.desks import Seat

    one = account(login)
    return Seat(one, one.authority_id or "", "", one.holds).giver


def added(login: str, roles: list[str], by: Any, body: str | None = OWNER[0], **more: Any) -> Any:
    from chengxin.sharing.roles import Role
    from chengxin.site.actions.accounts import New, add_account

    return add_account(New(login, "测试某", [Role(r) for r in roles], body, **more), more.get("password"), by)[0]


def refusal(act: Any, *given: Any, **named: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*given, **named)
    assert caught.value.said.zh and caught.value.said.en
    return caught.value.code


# Signing in


def test_each_is_led_to_its_own_desk(stranger: Stranger, cast: Cast) -> None:
    desks = {
        "clerk": "/bumen/",
        "CLERK": "/bumen/",
        "office": "/xinyongban/",
        "company": "/wode/",
        "auditor": "/xinyongban/",
    }
    for login, address in desks.items():
        answer = sign_in(browser(), login)
        assert (answer.status_code, answer.headers["Location"]) == (302, address)
        cookie = answer.cookies["session"]
        assert cookie["httponly"] and cookie["samesite"] == "Strict" and not cookie["max-age"]
    assert sign_in(stranger.client, "clerk", next="https://evil.example/").headers["Location"] == "/bumen/"


def test_a_failed_attempt_reads_the_same_whether_the_account_is_there_or_not(stranger: Stranger, cast: Cast) -> None:
    pages = [main_of(sign_in(browser(), login, "not-the-password")) for login in ("clerk", "nobody")]
    assert WRONG in pages[0]
    assert (
        pages[0].replace('value="clerk"', "").split("csrf")[0]
        == pages[1].replace('value="nobody"', "").split("csrf")[0]
    )
    assert "The login name or the password is not right" in main_of(
        browser().post(f"{LOGIN}?lang=en", {"login": "clerk", "password": "not-the-password"})
    )


def test_after_five_failed_attempts_the_right_password_waits_too(stranger: Stranger, cast: Cast) -> None:
    for login in ("clerk", "nobody"):
        for _ in range(5):
            assert WRONG in main_of(sign_in(browser(), login, "not-the-password"))
        assert TOO_MANY in main_of(sign_in(browser(), login))
    assert sign_in(browser(), "reviewer").status_code == 302


def test_a_flood_of_attempts_from_one_address_gets_a_page_that_says_wait(stranger: Stranger, cast: Cast) -> None:
    statuses = [sign_in(browser(), f"nobody{n}", "not-the-password").status_code for n in range(31)]
    assert set(statuses[:30]) == {200} and statuses[30] == 429


def test_what_a_client_says_of_its_address_is_not_believed(stranger: Stranger, cast: Cast) -> None:
    from django.test import Client

    for n in range(31):
        pretending = Client(HTTP_HOST="localhost", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
        last = sign_in(pretending, f"nobody{n}", "not-the-password").status_code
    assert last == 429


def test_nothing_of_an_attempt_is_logged(
    stranger: Stranger, cast: Cast, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(browser(), "clerk", "canary-password")
    sign_in(browser(), "clerk")
    cast("clerk").get("/xinyongban/jinri/")
    told = "".join(capfd.readouterr()) + caplog.text
    assert "clerk" not in told and "canary" not in told and PASSWORD not in told


def test_signing_in_begins_a_session_under_a_fresh_key(stranger: Stranger, cast: Cast) -> None:
    from django.contrib.sessions.backends.db import SessionStore

    planted = SessionStore()
    planted["seen"] = 1
    planted.save()
    victim = browser()
    victim.cookies["session"] = planted.session_key
    sign_in(victim, "clerk")
    assert victim.cookies["session"].value != planted.session_key
    assert not SessionStore().exists(planted.session_key)


def test_a_session_ends_after_twenty_idle_minutes_and_work_moves_its_end(cast: Cast) -> None:
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    clerk = cast("clerk")
    clerk.get("/bumen/")
    soon = timezone.now() + timedelta(minutes=2)
    session = clerk.session
    session["seen"] = 0
    session.save()
    Session.objects.update(expire_date=soon)
    assert clerk.get("/bumen/").status_code == 200
    assert Session.objects.get().expire_date > soon + timedelta(minutes=15)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    answer = clerk.get("/bumen/")
    assert answer.headers["Location"] == "/accounts/login/?next=/bumen/"


def test_a_session_ends_after_ten_hours_however_busy(cast: Cast) -> None:
    clerk = cast("clerk")
    clerk.get("/bumen/")
    session = clerk.session
    session["begun"] = int(time.time()) - 10 * 3_600 - 1
    session.save()
    assert clerk.get("/bumen/").status_code == 302
    assert clerk.get("/accounts/").status_code == 302


def test_signing_out_takes_a_form_and_ends_the_session(cast: Cast) -> None:
    clerk = cast("clerk")
    assert clerk.get("/accounts/logout/").status_code == 200
    assert clerk.get("/bumen/").status_code == 200
    assert clerk.post("/accounts/logout/").headers["Location"] == "/"
    assert clerk.get("/bumen/").status_code == 302


def test_a_password_is_changed_by_whoever_knows_it_and_other_sessions_end(stranger: Stranger, cast: Cast) -> None:
    here, there = browser(), browser()
    sign_in(here, "clerk")
    sign_in(there, "clerk")
    form = {"oldpassword": PASSWORD, "password1": "1234567890", "password2": "1234567890"}
    assert 'class="error"' in main_of(here.post("/accounts/password/", form))
    form |= {"password1": "quite-another-7", "password2": "quite-another-7"}
    assert "请填写现在的密码" in main_of(here.post("/accounts/password/", form | {"oldpassword": "wrong"}))
    assert here.post("/accounts/password/", form).headers["Location"] == "/accounts/"
    assert here.get("/bumen/").status_code == 200 and there.get("/bumen/").status_code == 302
    assert sign_in(browser(), "clerk", "quite-another-7").status_code == 302


# The second factor


def code_for(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def set_up(one: Any) -> str:
    assert one.get("/bumen/").headers["Location"] == "/accounts/second/set-up/"
    assert one.post("/accounts/again/?next=/accounts/second/set-up/", {"password": PASSWORD}).status_code == 302
    page = one.get("/accounts/second/set-up/")
    assert page.status_code == 200 and "data:" not in page.content.decode()
    picture = one.get("/accounts/second/picture.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml" and b"<svg" in picture.content
    secret = str(one.session["mfa.totp.secret"])
    assert (
        "验证码不对" in main_of(one.post("/accounts/second/set-up/", {"code": "000000"}))
        or code_for(secret) == "000000"
    )
    done = one.post("/accounts/second/set-up/", {"code": code_for(secret)})
    assert done.headers["Location"] == "/accounts/second/codes/"
    return secret


def test_staff_of_a_site_in_service_open_nothing_without_a_second_factor(service: Cast) -> None:
    for login in ("clerk", "manager", "office", "auditor"):
        for address in ("/bumen/", "/bumen/tuandui/", "/xinyongban/zhanghao/", "/accounts/"):
            assert service(login).get(address).headers.get("Location") == "/accounts/second/set-up/", (login, address)
    assert service("company").get("/wode/").status_code == 200  # a subject is no staff


def test_a_code_is_asked_for_once_the_second_factor_is_set_up_and_serves_once(service: Cast) -> None:
    from allauth.mfa.models import Authenticator

    first = browser()
    sign_in(first, "clerk")
    secret = set_up(first)
    codes = main_of(first.get("/accounts/second/codes/")).partition("<pre>")[2].partition("</pre>")[0].split()
    assert len(codes) == 10 and codes[0] not in main_of(first.get("/accounts/second/codes/"))  # shown once
    assert first.get("/bumen/").status_code == 200
    assert secret not in repr(list(Authenticator.objects.values_list("data", flat=True)))

    second, third, fourth = browser(), browser(), browser()
    for one in (second, third, fourth):
        assert sign_in(one, "clerk").headers["Location"] == "/accounts/code/"
        assert one.get("/bumen/").status_code == 302  # a password alone is not enough
    now = code_for(secret)
    assert second.post("/accounts/code/", {"code": now}).headers["Location"] == "/bumen/"
    assert "验证码不对" in main_of(third.post("/accounts/code/", {"code": now}))
    assert third.post("/accounts/code/", {"code": codes[0]}).headers["Location"] == "/bumen/"
    assert "验证码不对" in main_of(fourth.post("/accounts/code/", {"code": codes[0]}))


def test_who_lost_the_second_factor_is_set_back_by_the_manager_and_sees_it(service: Cast) -> None:
    from chengxin.site.actions.accounts import reset

    clerk = browser()
    sign_in(clerk, "clerk")
    set_up(clerk)
    _, password = reset("clerk", None, giver("manager"))
    assert clerk.get("/bumen/").status_code == 302
    again = browser()
    assert sign_in(again, "clerk", password).headers["Location"] == "/bumen/"
    assert again.get("/bumen/").headers["Location"] == "/accounts/second/set-up/"


def test_on_a_demonstration_the_second_factor_is_optional_and_the_page_says_so(cast: Cast) -> None:
    assert "演示站点可以不设" in main_of(cast("clerk").get("/accounts/second/"))
    assert cast("clerk").get("/bumen/").status_code == 200


# The command line, and sites in service


SERVICE = {"origin": "credit.example/log", "hosts": ["credit.example"], "proxied": True}


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CHENGXIN_SITE": str(folder)}
    command = [sys.executable, *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_accounts_are_kept_from_the_command_line(stranger: Stranger, quick_hash: None) -> None:
    from typer.testing import CliRunner

    from chengxin.cli.main import app

    def chengxin(*words: str, told: str = "") -> Any:
        site = str(stranger.desk.site.folder)
        done = CliRunner().invoke(
            app, ["accounts", *words, "--site", site, "--json"], input=told, catch_exceptions=False
        )
        return json.loads(done.stdout)

    made = chengxin("add", "first", "--name", "测试甲", "--role", "office")
    assert len(made["password"]) > 20 and made["roles"] == ["office"] and made["demo"]
    given = ("add", "second", "--name", "测试乙", "--role", "audit", "--password-stdin")
    assert "password" not in chengxin(*given, told="from-a-pipe-1\n")
    assert sign_in(browser(), "second", "from-a-pipe-1").status_code == 302
    assert [row["login"] for row in chengxin("list")] == ["first", "second"]
    assert chengxin("disable", "second")["active"] is False
    assert chengxin("enable", "second")["active"] is True
    assert chengxin("roles", "second", "--role", "run")["roles"] == ["run"]
    fresh = chengxin("reset", "first")["password"]
    assert fresh != made["password"] and sign_in(browser(), "first", fresh).status_code == 302
    assert refusal(chengxin, "add", "third", "--name", "测试", "--role", "king") == "role"


def test_a_demonstration_never_goes_into_service(stranger: Stranger, cast: Cast) -> None:
    folder = stranger.desk.site.folder
    (folder / "site.json").write_text(json.dumps(SERVICE))
    served = run(folder, "-m", "chengxin.cli.main", "serve", "--site", str(folder), "--port", "8097")
    assert served.returncode == 2 and "auditor、citizen、clerk" in served.stderr and "Make a new site" in served.stderr
    started = run(folder, "-c", "import chengxin.site.wsgi")
    assert started.returncode != 0 and "accounts or keys of a demonstration" in started.stderr
    check = (str(HOUSE / "manage.py"), "check", "--deploy", "--fail-level", "WARNING")
    checked = run(folder, *check)
    assert checked.returncode == 1 and "chengxin.E001" in checked.stderr and "1 issue" in checked.stderr


def test_a_site_in_service_is_clean_and_its_cookies_are_bound_to_its_host(stranger: Stranger) -> None:
    from chengxin.site.actions.accounts import COMMAND_LINE

    added("first", ["office"], COMMAND_LINE, None)
    folder = stranger.desk.site.folder
    (folder / "site.json").write_text(json.dumps(SERVICE))
    script = """
from chengxin.site.wsgi import application
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("check", deploy=True, fail_level="WARNING")
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.ALLAUTH_TRUSTED_PROXY_COUNT)
page = Client(HTTP_HOST="credit.example", HTTP_X_FORWARDED_PROTO="https").get("/accounts/login/")
print(page.status_code, "演示" in page.content.decode(), page.cookies["__Host-csrf"]["secure"])
"""
    told = run(folder, "-c", script)
    assert told.stdout.split()[-6:] == ["__Host-session", "True", "1", "200", "False", "True"], (
        told.stdout + told.stderr
    )


def test_the_sign_in_page_of_a_demonstration_names_its_accounts(stranger: Stranger) -> None:
    from chengxin.site.actions.demo_accounts import make_demo_accounts

    stranger.desk.send("registration", [registered(1)])
    made = make_demo_accounts(stranger.desk.site)
    assert {one.account.login for one in made} >= {"luru", "shencha", "hecha", "luru2", "xinyongban", "shenji"}
    assert all(one.account.demo for one in made) and len({one.password for one in made}) == len(made)
    page = stranger.get(LOGIN)
    for one in made:
        assert one.password in page
        assert sign_in(browser(), one.account.login, one.password).status_code == 302
    assert make_demo_accounts(stranger.desk.site) == made  # made once
