"""The officer's desk: check before deciding, with a receipt that only the own body opens."""

import re

import pytest

from tests.site.conftest import Cast, Stranger, code_of, fined, firm, registered
from tests.store.conftest import NUMBER

PAGE = "/bumen/hecha/"
FORM = {"matter": "administration/permit", "case": ""}


@pytest.fixture
def officer(stranger: Stranger, cast: Cast) -> Cast:
    stranger.desk.send("registration", [registered(n) for n in (1, 2, 12)])
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号")])
    return cast


def receipt_in(page: str) -> str:
    return re.findall(r"/bumen/hecha/([0-9a-f]{32})/", page)[0]


@pytest.mark.parametrize("typed", [code_of(1), code_of(1).lower(), firm(1)])
def test_a_code_or_a_full_name_is_answered_with_a_receipt(officer: Cast, typed: str) -> None:
    from chengxin.site.store.models import Check, Look

    page = officer("officer").post(PAGE, FORM | {"subject": typed}).content.decode()
    assert "示例字〔2026〕1号" in page and firm(1) in page and "2026-06-05" in page
    row, look = Check.objects.get(), Look.objects.get()
    assert (row.id.hex, row.outlet, row.who, look.who) == (receipt_in(page), "authority.check", "officer", "officer")


def test_the_receipt_opens_for_its_own_body_and_tells_nothing_of_the_subject(officer: Cast) -> None:
    page = officer("officer").post(PAGE, FORM | {"subject": code_of(1)}).content.decode()
    address = f"{PAGE}{receipt_in(page)}/"
    told = officer("officer").get(address)
    assert told.status_code == 200 and code_of(1) not in told.content.decode()
    assert officer("neighbour").get(address).status_code == 404
    assert address in officer("officer").get(PAGE).content.decode()
    assert address not in officer("neighbour").get(PAGE).content.decode()


def test_a_persons_number_is_shown_nowhere_again(officer: Cast) -> None:
    answer = officer("officer").post(PAGE, FORM | {"subject": NUMBER})
    assert answer.status_code == 422 and "案件编号" in answer.content.decode() and NUMBER not in answer.content.decode()
    page = officer("officer").post(PAGE, FORM | {"subject": NUMBER, "case": "示例案〔2026〕1号"}).content.decode()
    assert "没有查到。" in page and NUMBER not in page


def test_a_mistyped_number_is_not_answered_as_if_nothing_were_there(officer: Cast) -> None:
    mistyped = NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2")
    answer = officer("officer").post(PAGE, FORM | {"subject": mistyped, "case": "示例案〔2026〕1号"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "校验码" in page and "没有查询" in page and mistyped not in page


def test_what_is_not_asked_rightly_is_said(officer: Cast) -> None:
    for form in ({"subject": code_of(9)}, {"subject": "x"}, {"subject": code_of(1), "matter": "gossip/lunch"}, {}):
        answer = officer("officer").post(PAGE, FORM | form)
        assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert officer("officer").post(PAGE, {"subject": code_of(1)}).status_code == 422


def test_a_name_that_several_have_gives_a_choice_and_asks_nothing_of_them(officer: Cast) -> None:
    from chengxin.site.store.models import Check, Look

    page = officer("officer").post(PAGE, FORM | {"subject": "青岛示例第1"}).content.decode()
    assert f"?subject={code_of(1)}" in page and f"?subject={code_of(12)}" in page and "示例字" not in page
    assert Check.objects.count() == Look.objects.count() == 0
    assert f'value="{code_of(12)}"' in officer("officer").get(f"{PAGE}?subject={code_of(12)}").content.decode()


@pytest.mark.parametrize("typed", [firm(1).replace("1号", "l号"), firm(1)[:-2], f"{firm(1)[:-1]}厂"])
def test_a_name_that_is_only_like_one_is_asked_about_even_where_one_alone_is_near(officer: Cast, typed: str) -> None:
    from chengxin.site.store.models import Check, Look

    page = officer("officer").post(PAGE, FORM | {"subject": typed}).content.decode()
    assert "示例字" not in page and Check.objects.count() == Look.objects.count() == 0
    (choice,) = re.findall(rf'href="(\?subject={code_of(1)}[^"]*)"', page)
    assert re.search(
        r'value="administration/permit" selected',
        officer("officer").get(PAGE + choice.replace("&amp;", "&")).content.decode(),
    )
