"""What is lifted, ends or does not fit the log is gone at once from page, record, list, search, count and file."""

from datetime import date

import pytest

from tests.site.conftest import OTHER, Stranger, code_of, fined, on, registered

LAST = date(2026, 6, 5)
DOCUMENT = "示例字〔2026〕1号"
EVERYWHERE = ("/lists/penalties/", "/lists/penalties.csv", "/lists/penalties.json", "/lists/penalties/?year=2026")
EVERYWHERE += ("/open-data/packages/penalties.zip", f"/subjects/{code_of(1)}.json")


@pytest.fixture
def shown(stranger: Stranger) -> Stranger:
    stranger.desk.send("registration", [registered(1)])
    return stranger


def places(stranger: Stranger, document: str = DOCUMENT) -> list[bool]:
    """Where the document stands: page, each list and file; then whether the record's count is told in a search."""
    texts = [stranger.page(1), *(stranger.get(a) for a in EVERYWHERE)]
    counted = "行政处罚 1" in stranger.get(f"/search/?q={code_of(1)}")
    return [*(document in text for text in texts), counted]


def test_a_recalled_file_is_gone_at_once(shown: Stranger) -> None:
    sent = shown.desk.send("penalty", [fined(1, DOCUMENT)])
    assert all(places(shown))
    record = shown.records(shown.get("/lists/penalties/"))[0]
    from chengxin.site.actions.recall import take_back

    take_back(shown.desk.site, sent, "测试甲", "报错了")
    assert not any(places(shown))
    shown.get(record, 404)
    shown.get(record.rstrip("/") + ".json", 404)


def test_a_revoked_decision_is_gone_at_once(shown: Stranger) -> None:
    shown.desk.send("penalty", [fined(1, DOCUMENT)])
    assert all(places(shown))
    shown.desk.send("penalty", [fined(1, DOCUMENT, X_CX_BJ="撤销")])
    assert not any(places(shown))


def test_the_day_after_the_last_it_is_gone_with_no_job_run(shown: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    shown.desk.send("penalty", [fined(1, DOCUMENT)])
    record = shown.records(shown.page(1))[-1]
    on(monkeypatch, LAST)
    assert all(places(shown))
    on(monkeypatch, date(2026, 6, 6))
    assert not any(places(shown))
    assert f"/lists/penalties/?as_of={LAST}" and DOCUMENT not in shown.get(f"/lists/penalties/?as_of={LAST}")
    assert [r for r in shown.records(shown.page(1)) if r == record] == []


def test_a_row_that_was_edited_is_withheld_and_said_so(shown: Stranger) -> None:
    shown.desk.send("penalty", [fined(1, DOCUMENT), fined(1, "示例字〔2026〕2号")])
    record = next(r for r in shown.records(shown.get("/lists/penalties/")) if DOCUMENT in shown.get(r))
    from django.core.cache import caches

    from chengxin.site.store.models import Record

    Record.objects.filter(document=DOCUMENT).update(last_day=date(2027, 12, 31))
    caches["pages"].clear()  # a copy of before the edit is the true one
    page, listed = shown.page(1), shown.get("/lists/penalties/")
    assert DOCUMENT not in page and "另有 1 条与日志不符" in page
    assert DOCUMENT not in listed and "与日志不符" in listed and "示例字〔2026〕2号" in listed
    assert DOCUMENT not in shown.get("/lists/penalties.csv")
    shown.get(record, 404)


def test_a_row_put_in_past_the_log_is_withheld(shown: Stranger) -> None:
    shown.desk.send("penalty", [fined(1, DOCUMENT)])
    from chengxin.site.store.models import Record
    from chengxin.values.ids import new_id

    forged = Record.objects.get(document=DOCUMENT)
    forged.id, forged.key, forged.document = new_id(), new_id(), "示例字〔2026〕666号"
    forged.save(force_insert=True)
    assert "666号" not in shown.page(1) + shown.get("/lists/penalties/") + shown.get("/lists/penalties.json")


def test_an_address_leads_to_the_corrected_record(shown: Stranger) -> None:
    shown.desk.send("penalty", [fined(1, DOCUMENT)])
    before = shown.records(shown.get("/lists/penalties/"))[0]
    shown.desk.send("penalty", [fined(1, DOCUMENT, CF_NR="罚款2万元", CF_NR_FK="2")])
    after = shown.records(shown.get("/lists/penalties/"))[0]
    assert after != before
    assert shown.client.get(before).headers["Location"] == after
    assert "罚款2万元" in shown.get(after) and "第 2 版" in shown.get(after)


def test_what_the_secrecy_review_keeps_back_is_not_shown(shown: Stranger) -> None:
    from chengxin.site.actions.submissions import review

    sent = shown.desk.send("penalty", [fined(1, DOCUMENT)], reviewed=False)
    assert not any(places(shown))
    review(shown.desk.site, sent.id.hex, "测试乙", {"CF_SY": "含商业秘密"})
    record = shown.records(shown.get("/lists/penalties/"))[0]
    text = shown.get(record) + shown.get(record.rstrip("/") + ".json")
    assert DOCUMENT in text and "事实清楚" not in text


def test_lists_filter_and_page_by_key(shown: Stranger) -> None:
    shown.desk.send("penalty", [fined(1, f"示例字〔2026〕{n:03}号") for n in range(1, 46)])
    shown.desk.send(
        "penalty",
        [fined(1, "执法字〔2026〕1号", CF_CFJG=OTHER[1], CF_CFJGDM=OTHER[0], CF_SJLY=OTHER[1], CF_SJLYDM=OTHER[0])],
        sender=OTHER[0],
    )
    found: list[str] = []
    address = "/lists/penalties/"
    while address:
        page = shown.get(address)
        found += [r for r in shown.records(page) if r not in found]
        link = page.partition('rel="next" href="')[2].partition('"')[0]
        address = f"/lists/penalties/{link}" if link else ""
    assert len(found) == 46
    assert len(shown.records(shown.get(f"/lists/penalties/?authority={OTHER[0]}"))) == 1
    assert len(shown.client.get("/lists/penalties.json?year=2026").json()["records"]) == 46
    assert "没有符合这些条件的信息" in shown.get("/lists/penalties/?year=2025")
    assert "没有符合这些条件、2026-03-04 及以前决定" in shown.get("/lists/penalties/?as_of=20260304")
    assert shown.records(shown.get("/lists/penalties/?as_of=2026年3月5日"))
