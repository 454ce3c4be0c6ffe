"""Objections from end to end: raised at the subject's own desk, marked at every outlet at once, decided, gone."""

import json
from typing import Any

import pytest

from tests.site.conftest import DAY, NUMBER, PERSON, Cast, Stranger, code_of, fined, on, registered
from tests.site.work import text

STATEMENT = "罚款已缴清，金额有误。"
MARK = "存在异议"


@pytest.fixture
def house(stranger: Stranger, cast: Cast) -> Cast:
    stranger.desk.send("registration", [registered(1), registered(2)])
    stranger.desk.send("penalty", [fined(1, "一号"), fined(1, "二号"), fined(2, "三号")])
    return cast


def records(house: Cast) -> dict[str, str]:
    from chengxin.site.store.models import Record

    return {r.document: r.id.hex for r in Record.objects.filter(until=None, resource="penalty")}


def objected(house: Cast, document: str = "一号", **more: str) -> Any:
    from chengxin.site.store.models import Objection

    given = {"ground": "error", "statement": STATEMENT, "shown": "yes"} | more
    answer = house("company").post(f"/wode/yiyi/xin/{records(house)[document]}/", given)
    assert answer.status_code == 302, text(answer)
    return Objection.objects.latest("raised_at")


def decided(house: Cast, objection: Any, do: str, reason: str = "核对无误") -> Any:
    answer = house("office").post(f"/xinyongban/yiyi/{objection.id.hex}/", {"do": do, "reason": reason}, follow=True)
    objection.refresh_from_db()
    return answer


def report_of(stranger: Stranger) -> Any:
    from tests.site.test_reports import issued

    return issued(stranger.desk.site)


def disputes(told: Any) -> list[tuple[str, str]]:
    items = [i for c in told.chapters for s in c.sections for i in s.items]
    return [(i.document, i.dispute.statement) for i in items if i.dispute]


def everywhere(stranger: Stranger, house: Cast) -> dict[str, bool]:
    """At which outlets the first record is marked, and its statement told."""
    record = records(house)["一号"]
    own = json.loads(text(house("company").get("/wode/dangan.json")))
    api = json.loads(stranger.get(f"/api/v1/subjects/{code_of(1)}"))
    checked = house("officer").post("/bumen/hecha/", {"subject": code_of(1), "matter": "administration/permit"})
    return {
        "subject": MARK in stranger.page(1),
        "record": MARK in stranger.get(f"/records/{record}/"),
        "record json": STATEMENT in stranger.get(f"/records/{record}.json"),
        "list": MARK in stranger.get("/lists/penalties/"),
        "list file": STATEMENT in stranger.get("/lists/penalties.csv"),
        "api": any(r["disputed"] for r in api["records"]),
        "own file": STATEMENT in json.dumps(own, ensure_ascii=False),
        "own page": MARK in text(house("company").get("/wode/")),
        "department": MARK in text(house("clerk").get(f"/bumen/xinxi/{record}/")),
        "report": ("一号", STATEMENT) in disputes(report_of(stranger).told),
        "check": MARK in text(checked) and STATEMENT in text(checked),
    }


def test_an_objection_is_marked_at_every_outlet_at_once_and_nowhere_once_it_is_rejected(
    stranger: Stranger, house: Cast
) -> None:
    assert not any(everywhere(stranger, house).values())
    objection = objected(house)
    assert [k for k, v in everywhere(stranger, house).items() if not v] == []
    assert MARK not in stranger.page(2)  # nobody else
    decided(house, objection, "reject")
    assert not any(everywhere(stranger, house).values())
    assert "异议不成立" in text(house("company").get(f"/wode/yiyi/{objection.id.hex}/"))


def test_a_statement_that_is_not_to_be_shown_is_told_to_who_decides_alone(stranger: Stranger, house: Cast) -> None:
    objection = objected(house, shown="")
    page = stranger.page(1)
    assert MARK in page and STATEMENT not in page
    assert disputes(report_of(stranger).told) == [("一号", "")]
    assert STATEMENT in text(house("office").get(f"/xinyongban/yiyi/{objection.id.hex}/"))


def test_what_is_upheld_stays_marked_until_its_source_corrects_it(stranger: Stranger, house: Cast) -> None:
    from chengxin.site.actions.objections import to_correct

    objection = objected(house)
    decided(house, objection, "uphold", "金额确有误")
    assert "异议成立，待更正" in stranger.page(1) and [o.id for o in to_correct()] == [objection.id]
    stranger.desk.send("penalty", [fined(1, "一号", CF_NR_FK="0.1")])
    page = stranger.page(1)
    assert "待更正" not in page and MARK not in page
    assert to_correct() == []
    assert "尚未更正" not in text(house("office").get("/xinyongban/yiyi/"))


def test_the_source_answers_within_its_longer_term_and_the_office_decides(stranger: Stranger, house: Cast) -> None:
    objection = objected(house)
    case = f"/bumen/yiyi/{objection.id.hex}/"
    assert house("clerk").get(case).status_code == 404  # not sent to it yet
    assert "2026-03-13" in text(house("office").get("/xinyongban/yiyi/"))
    decided(house, objection, "send")
    assert objection.state == "sent" and "2026-03-19" in text(house("office").get("/xinyongban/yiyi/"))
    assert house("neighbour").get(case).status_code == 404  # another body's
    assert STATEMENT in text(house("clerk").get(case))
    house("clerk").post(case, {"answer": "金额无误，见决定书。"})
    assert "金额无误，见决定书。" in text(house("office").get(f"/xinyongban/yiyi/{objection.id.hex}/"))
    decided(house, objection, "reject")
    assert objection.state == "rejected"


def test_a_late_objection_is_told_as_late(stranger: Stranger, house: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    objected(house)
    on(monkeypatch, DAY + timedelta(days=20))
    assert "已超期" in text(house("office").get("/xinyongban/yiyi/"))
    assert "其中已超期的异议" in text(house("office").get("/xinyongban/jinri/"))


def test_the_subject_takes_it_back_until_it_is_decided(stranger: Stranger, house: Cast) -> None:
    objection = objected(house)
    house("company").post(f"/wode/yiyi/{objection.id.hex}/chehui/")
    objection.refresh_from_db()
    assert objection.state == "taken_back" and MARK not in stranger.page(1)
    again = objected(house)
    decided(house, again, "reject")
    house("company").post(f"/wode/yiyi/{again.id.hex}/chehui/")
    again.refresh_from_db()
    assert again.state == "rejected"


def test_an_act_has_one_open_objection_and_nobody_objects_to_another_s(stranger: Stranger, house: Cast) -> None:
    objected(house)
    again = house("company").post(f"/wode/yiyi/xin/{records(house)['一号']}/", {"ground": "error", "statement": "再提"})
    assert again.status_code == 422 and "已有处理中的异议" in text(again)
    assert house("company").get(f"/wode/yiyi/xin/{records(house)['三号']}/").status_code == 404
    assert house("company").post(f"/wode/yiyi/xin/{records(house)['三号']}/", {"ground": "error"}).status_code == 404


def test_a_statement_with_what_may_not_be_shown_is_refused_and_nothing_is_marked(
    stranger: Stranger, house: Cast
) -> None:
    given = {"ground": "error", "statement": "请拨13800000000", "shown": "yes"}
    answer = house("company").post(f"/wode/yiyi/xin/{records(house)['一号']}/", given)
    assert answer.status_code == 422 and "电话号码" in text(answer)
    assert MARK not in stranger.page(1)


def test_who_sent_or_reviewed_the_record_does_not_decide(stranger: Stranger, house: Cast) -> None:
    from chengxin.site.actions.objections import decide
    from chengxin.site.store.models import Submission
    from chengxin.values.errors import Refused

    objection = objected(house)
    one = Submission.objects.filter(resource="penalty").get()
    for name in (one.submitted_by, one.reviewed_by):
        with pytest.raises(Refused, match="same-person"):
            decide(stranger.desk.site, objection, name, True, "理由")


def test_each_step_is_in_the_log_and_a_report_of_before_can_be_composed_again(stranger: Stranger, house: Cast) -> None:
    from chengxin.site.actions.reports import finish
    from chengxin.site.actions.verifying import by_number
    from chengxin.site.store import log
    from chengxin.site.store.models import Event
    from tests.site.test_reports import asked_as

    before = report_of(stranger)
    objection = objected(house)
    during = report_of(stranger)
    assert by_number(before.row.number).changed  # the mark is a change that whoever verifies is told of
    decided(house, objection, "reject")
    tags = list(Event.objects.filter(about=objection.id).order_by("change_set").values_list("tag", flat=True))
    assert tags == ["redress:objection:opened", "redress:objection:moved"]
    assert log.verify(stranger.desk.site.keys) == []
    asked = asked_as()
    for made in (before, during):
        assert finish(stranger.desk.site, asked, made.row, made.told.issue.address.partition("/verify/")[0]) is not None


def test_a_case_that_is_decided_opens_no_record(stranger: Stranger, house: Cast) -> None:
    from chengxin.site.store.models import Look

    objection = objected(house)
    house("office").get(f"/xinyongban/yiyi/{objection.id.hex}/")
    look = Look.objects.filter(outlet="office.case").get()
    assert look.case_number.startswith("异议") and look.purpose == "redress"
    decided(house, objection, "reject")
    assert "办结后不再查看" in text(house("office").get(f"/xinyongban/yiyi/{objection.id.hex}/"))
    assert Look.objects.filter(outlet="office.case").count() <= 2


def test_the_feed_puts_a_record_again_when_an_objection_begins_and_ends(stranger: Stranger, house: Cast) -> None:
    from chengxin.sharing.feed import fold
    from chengxin.site.access import feeding
    from chengxin.site.access.asked import Who

    key, record = b"k" * 32, records(house)["一号"]

    def told(cursor: str | None) -> tuple[list[dict[str, Any]], str]:
        part = feeding.changes(feeding.upward("upper.feed", Who("test")), key, cursor)
        assert not part.more
        return part.entries, part.cursor

    entries, cursor = told(None)
    held = fold({}, entries)
    assert not any("disputed" in entry for entry in held.values())
    objection = objected(house)
    entries, cursor = told(cursor)
    assert [entry["id"] for entry in entries] == [record]
    fold(held, entries)
    assert held[record]["disputed"] == {"since": str(DAY), "statement": STATEMENT}
    assert told(cursor)[0] == []  # nothing new, nothing told
    fresh = fold({}, told(None)[0])
    snapshot = [
        json.loads(line) for part in feeding.snapshot(feeding.upward("upper.snapshot", Who("test"))) for line in part
    ]
    assert (
        {e["id"] for e in snapshot if "disputed" in e} == {i for i, e in fresh.items() if "disputed" in e} == {record}
    )
    decided(house, objection, "reject")
    fold(held, told(cursor)[0])
    assert "disputed" not in held[record] and held == fold({}, told(None)[0])


def test_a_person_objects_at_its_own_desk_and_nothing_of_it_is_in_the_clear_or_told_to_others(
    stranger: Stranger, house: Cast
) -> None:
    from chengxin.site.access.asked import place
    from chengxin.site.access.disputes import disputes
    from chengxin.site.store import log
    from chengxin.site.store.models import Event, Objection, Record

    stranger.desk.send("penalty", [fined(1, "九号", **PERSON | {"CF_XDR_ZJHM": NUMBER})])
    record = Record.objects.get(content__startswith="sealed:", until=None)
    given = {"ground": "not_mine", "statement": "这不是我。", "shown": "yes"}
    answer = house("citizen").post(f"/wode/yiyi/xin/{record.id.hex}/", given)
    assert answer.status_code == 302, text(answer)
    objection = Objection.objects.get()
    assert not objection.shown and objection.statement.startswith("sealed:")
    assert "这不是我。" in text(house("citizen").get("/wode/"))
    assert "这不是我。" in text(house("office").get(f"/xinyongban/yiyi/{objection.id.hex}/"))
    decided(house, objection, "send")
    assert "这不是我。" in text(house("clerk").get(f"/bumen/yiyi/{objection.id.hex}/"))
    seen = text(house("clerk").get(f"/bumen/xinxi/{record.id.hex}/"))
    assert MARK in seen and "这不是我。" not in seen
    decided(house, objection, "reject", "经核对是本人。")
    assert objection.reason.startswith("sealed:")
    assert "经核对是本人。" in text(house("citizen").get(f"/wode/yiyi/{objection.id.hex}/"))
    assert disputes(place(), [{"id": record.id.hex, "key": record.key.hex, "since": record.since}]) == {}
    assert set(Event.objects.filter(about=objection.id).values_list("person", flat=True)) == {True}
    assert log.verify(stranger.desk.site.keys) == []
