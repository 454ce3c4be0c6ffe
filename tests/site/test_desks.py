"""Desks: who may open what, what each sees, and that a stranger sees nothing."""

import re
from typing import Any

import pytest

from tests.site.conftest import OWNER, Cast, Stranger, registered
from tests.site.desks import ALL, OPEN_TO_STRANGERS, OPENS, TAKES, addresses_of_desks

METHODS = ("get", "head", "post", "put", "patch", "delete")


@pytest.fixture
def addresses(stranger: Stranger, cast: Cast) -> dict[str, str]:
    return addresses_of_desks(stranger.desk.send("registration", [registered(1)]))


def main_of(answer: Any) -> str:
    return str(answer.content.decode()).partition("<main")[2].partition("</main>")[0]


def test_each_of_the_cast_opens_what_its_roles_open_and_nothing_else(cast: Cast, addresses: dict[str, str]) -> None:
    for name, opens in OPENS.items():
        for login in sorted(ALL):
            answer = cast(login).get(addresses[name])
            assert answer.status_code == opens.get(login, 403), (login, name, answer.status_code)
            assert answer.status_code != 403 or "没有打开这一页的角色" in answer.content.decode()
            assert login in opens or cast(login).post(addresses[name]).status_code in (403, 405), (login, name)


def test_each_of_the_cast_sends_what_its_roles_send_and_nothing_else(cast: Cast, addresses: dict[str, str]) -> None:
    for name, takes in TAKES.items():
        for login in sorted(ALL):
            status = cast(login).post(addresses[name]).status_code
            assert status == takes.get(login, 403), (login, name, status)
            assert cast(login).get(addresses[name]).status_code == (405 if login in takes else 403), (login, name)


def test_a_stranger_sees_no_desk_page(stranger: Stranger, addresses: dict[str, str]) -> None:
    for name, address in addresses.items():
        for method in METHODS:
            answer = getattr(stranger.client, method)(address)
            if method == "get":
                assert answer.status_code == OPEN_TO_STRANGERS.get(name, 302), address
            if answer.status_code == 302:
                assert answer.headers["Location"].partition("?")[0] in ("/accounts/login/", "/accounts/again/", "/")
            else:
                assert answer.status_code in (200, 403, 404, 405), (method, address)
            assert b'class="sign"' not in answer.content, address


def test_a_form_without_the_mark_of_its_page_is_refused(cast: Cast) -> None:
    from django.test import Client

    browser = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")
    browser.cookies = cast("manager").cookies
    answer = browser.post("/bumen/tuandui/", {"login": "planted", "name": "测试", "role": "review"})
    assert answer.status_code == 403 and "表单可能已过期" in answer.content.decode()


def test_every_link_of_every_desk_leads_somewhere(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)], reviewed=False)
    starts = {"clerk": "/bumen/", "manager": "/bumen/tuandui/", "office": "/xinyongban/jinri/", "auditor": "/accounts/"}
    for login, start in starts.items():
        todo, seen = [start], set()
        while todo:
            address = todo.pop()
            if address in seen or (login, address[:15]) == ("manager", "/bumen/baosong/"):
                continue  # it is shown what is owed, with links that are for who enters
            seen.add(address)
            answer = cast(login).get(address)
            assert answer.status_code in (200, 302), (login, address, answer.status_code)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                todo += re.findall(r'href="(/(?:accounts|bumen|xinyongban|wode)/[^"?#]*)', answer.content.decode())
        assert len(seen) > 2, login


def test_the_menu_holds_what_may_be_opened(cast: Cast) -> None:
    assert "/bumen/tuandui/" in cast("manager").get("/bumen/").content.decode()
    assert "/bumen/tuandui/" not in cast("clerk").get("/bumen/").content.decode()


@pytest.mark.parametrize(("login", "sees"), [("clerk", True), ("neighbour", False), ("office", False)])
def test_a_submission_is_listed_for_its_own_body_alone(stranger: Stranger, cast: Cast, login: str, sees: bool) -> None:
    sent = stranger.desk.send("registration", [registered(1)], reviewed=False)
    page = main_of(cast(login).get("/xinyongban/jinri/" if login == "office" else "/bumen/"))
    assert (sent.id.hex in page.replace("-", "")) is sees
    assert (OWNER[1] in page) is (login == "office")  # the office is told who sent, and how much


def test_desk_pages_are_kept_by_nobody_and_hold_no_script(cast: Cast) -> None:
    for login, address in (("clerk", "/bumen/"), ("office", "/xinyongban/zhanghao/"), ("company", "/wode/")):
        answer = cast(login).get(address)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "<script" not in answer.content.decode() and " style=" not in answer.content.decode()


def test_titles_and_addresses_name_nobody(cast: Cast, addresses: dict[str, str]) -> None:
    for address in ("/bumen/tuandui/", addresses["team_member"], "/accounts/"):
        answer = cast("manager").get(address)
        title = answer.content.decode().partition("<title>")[2].partition("</title>")[0]
        assert "测试" not in title and "clerk" not in title + address


def test_public_pages_are_the_same_for_whoever_is_signed_in_and_look_at_no_session(
    stranger: Stranger, cast: Cast
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    stranger.desk.send("registration", [registered(1)])
    clerk = cast("clerk")
    for address in ("/", "/search/?q=青岛示例", "/lists/permits/", "/help/", "/nowhere/"):
        alone = stranger.client.get(address)
        with CaptureQueriesContext(connection) as asked:
            signed_in = clerk.get(address)
        assert signed_in.content == alone.content, address
        assert "Cookie" not in alone.headers.get("Vary", "") and "Cookie" not in signed_in.headers.get("Vary", "")
        assert not any(t in q["sql"] for q in asked for t in ("django_session", "store_account")), address
