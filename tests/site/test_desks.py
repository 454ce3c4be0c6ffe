"""Desks: who may open what, what each sees, and that a stranger sees nothing."""

import pytest

from tests.site.conftest import OWNER, Cast, Stranger, registered
from tests.site.desks import ALL, OPEN_TO_STRANGERS, OPENS, PLACES


def addresses() -> dict[str, str]:
    from django.urls import reverse

    return {name: reverse(name, kwargs=PLACES.get(name, {})) for name in OPENS}


def test_each_of_the_cast_opens_what_its_roles_open_and_nothing_else(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    for name, address in addresses().items():
        for login in sorted(ALL):
            status = cast(login).get(address).status_code
            assert status == OPENS[name].get(login, 403), (login, address, status)


def test_a_stranger_sees_no_desk_page(stranger: Stranger, cast: Cast) -> None:
    for name, address in addresses().items():
        for method in ("get", "head", "post", "put", "delete"):
            answer = getattr(stranger.client, method)(address)
            if method == "get" and name in OPEN_TO_STRANGERS:
                assert answer.status_code == OPEN_TO_STRANGERS[name], address
            elif answer.status_code == 302:
                assert answer.headers["Location"].startswith(("/accounts/login/", "/")), address
            else:
                assert answer.status_code in (200, 404, 405) and b'class="sign"' not in answer.content, address
        if OPENS[name].get("company") != 200 and name not in OPEN_TO_STRANGERS:
            assert stranger.client.get(address).status_code == 302, address


@pytest.mark.parametrize(("login", "sees"), [("clerk", True), ("neighbour", False), ("office", False)])
def test_a_submission_is_listed_for_its_own_body_alone(stranger: Stranger, cast: Cast, login: str, sees: bool) -> None:
    stranger.desk.send("registration", [registered(1)], reviewed=False)
    page = cast(login).get("/xinyongban/jinri/" if login == "office" else "/bumen/").content.decode()
    assert ("待保密审查" in page) is sees
    assert (OWNER[1] in page) is (login != "neighbour")  # the office is told who sent, and how much


def test_desk_pages_are_kept_by_nobody_and_hold_no_script(cast: Cast) -> None:
    for login, address in (("clerk", "/bumen/"), ("office", "/xinyongban/jinri/"), ("company", "/wode/")):
        answer = cast(login).get(address)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<script" not in answer.content.decode() and " style=" not in answer.content.decode()
