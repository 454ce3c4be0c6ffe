"""No public page, list, search, count, file or header shows a natural person or a sole trader's operator."""

import pytest

from tests.site.conftest import DAY, Stranger, code_of, fined, firm, registered, text_of
from tests.store.conftest import NUMBER, PERSON

OPERATOR, HOME, OWNER_OF_FIRM = "测试经营甲乙", "即墨区虚构路7号院9单元", "测试丙"
TRADER = code_of(3, kind="92")
TAX = "37021500CANARY7"


def planted(stranger: Stranger) -> None:
    desk = stranger.desk
    desk.send("registration", [registered(1)])
    shop = {"主体类别": "个体工商户", "主体类型": "个体工商户", "经营者": OPERATOR, "法定代表人（负责人）": OPERATOR}
    desk.send("registration", [registered(3, 统一社会信用代码=TRADER, 住所=HOME, **shop)])
    person = PERSON | {"CF_XDR_MC": "测试某自然人", "CF_XDR_ZJHM": NUMBER}
    desk.send("penalty", [fined(7, "示例字〔2026〕7号", **person)])
    trader = {"CF_XDR_SHXYM": TRADER, "CF_XDR_LB": "个体工商户", "CF_FRDB": OPERATOR}
    desk.send("penalty", [fined(3, "示例字〔2026〕3号", **trader), fined(1, "示例字〔2026〕1号", CF_XDR_SWDJ=TAX)])
    desk.send("penalty", [fined(1, "示例字〔2026〕2号", X_SX_DJ="轻微"), fined(1, "示例字〔2026〕4号", X_SX_DJ="")])


def test_what_is_planted_appears_nowhere(stranger: Stranger) -> None:
    planted(stranger)
    never = ["测试某自然人", NUMBER, "示例字〔2026〕7号", OPERATOR, HOME, TAX, "示例字〔2026〕2号", "示例字〔2026〕4号"]
    asked = ("测试某自然人", NUMBER, OPERATOR, "第1号", "第3号商贸", TRADER, firm(3), TRADER[:8], TAX)
    typed = [f"/search{form}?q={q}" for q in asked for form in ("/", ".csv", ".json")]
    starts = ["/", f"/subjects/{TRADER}/", f"/subjects/{code_of(1)}/"]
    seen = stranger.walk(*starts) | {address: stranger.client.get(address) for address in typed}
    texts = {address: text_of(answer) + repr(answer.headers) for address, answer in seen.items()}
    assert "示例字〔2026〕1号" in texts["/open-data/packages/penalties.zip"]
    for address, text in texts.items():
        echoed = address.partition("?q=")[2]
        assert [n for n in never if n in text and n != echoed] == [], address


def test_a_sole_trader_is_found_by_code_and_full_name_and_stands_in_no_list(stranger: Stranger) -> None:
    planted(stranger)
    page = stranger.get(f"/subjects/{TRADER}/")
    assert firm(3) in page and "示例字〔2026〕3号" in page
    assert TRADER in stranger.get(f"/search/?q={firm(3)}")
    assert TRADER in stranger.get(f"/search/?q={TRADER}")
    for part in (TRADER[:10], firm(3)[:8], firm(3)[4:], "第3号", "di3hao", "青岛示例"):
        assert TRADER not in stranger.get(f"/search/?q={part}")
    for address in ("/lists/penalties/", "/lists/penalties.csv", "/lists/penalties.json"):
        text = stranger.get(address)
        assert "示例字〔2026〕1号" in text and "示例字〔2026〕3号" not in text
    (record,) = [r for r in stranger.records(page) if "示例字〔2026〕3号" in stranger.get(r)]
    assert OPERATOR not in stranger.get(record) and OPERATOR not in stranger.get(record.rstrip("/") + ".json")


def test_a_persons_record_is_as_if_it_were_not_there(stranger: Stranger) -> None:
    planted(stranger)
    from chengxin.site.store.models import Record, Subject

    person = Subject.objects.get(kind="person")
    hidden = Record.objects.get(subject=person.id)
    absent = stranger.get("/records/" + "0" * 32 + "/", 404)
    assert stranger.get(f"/records/{hidden.id.hex}/", 404) == absent.replace("0" * 32, hidden.id.hex)
    stranger.get(f"/records/{hidden.id.hex}.json", 404)
    text = stranger.get(f"/search/?q={NUMBER}")
    assert "不能按身份证件号码查询" in text and NUMBER not in text


def test_an_identity_number_that_was_typed_is_kept_nowhere(stranger: Stranger) -> None:
    planted(stranger)
    from django.core.cache import caches

    cache = caches["pages"]
    stranger.get(f"/search/?q={NUMBER}")
    stranger.page(1)
    kept = repr([(key, cache.get(key.split(":", 2)[2])) for key in cache._cache])
    assert NUMBER not in kept and code_of(1) not in "".join(cache._cache)
    assert DAY.isoformat() in kept


def test_counts_leave_out_people_and_small_numbers_of_traders(stranger: Stranger) -> None:
    planted(stranger)
    from chengxin.site.public.figures import figures
    from chengxin.standards.readers import Kind

    now = figures()
    assert now.subjects == {("enterprise", Kind.ORGANISATION): 1}
    assert now.records["penalty"] == 2  # the firm's and the trader's, not the person's, the minor or the unconfirmed


@pytest.mark.parametrize("number", [NUMBER, NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2"), NUMBER[:17] + "x"])
def test_a_number_in_an_address_is_repeated_nowhere(stranger: Stranger, number: str) -> None:
    assert stranger.client.get(f"/subjects/{code_of(9)}").headers["Location"] == f"/subjects/{code_of(9)}/"
    for address in (
        f"/subjects/{number}/",
        f"/subjects/{number}",
        f"/subjects/{number}.json",
        f"/nowhere/{number}/",
        f"/help/{number}",
    ):
        answer = stranger.client.get(address)
        assert answer.status_code == 404 and number not in answer.content.decode() + repr(answer.headers)
    assert number not in stranger.get(f"/catalogue/?of={number}")
    assert code_of(9) in stranger.get(f"/subjects/{code_of(9)}/", 404)
