"""Checks: what the gate allows of what burdens a subject today, with a receipt that is there before the answer."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from chengxin.lists.check import check as in_force
from chengxin.values.errors import Refused
from chengxin.values.identifiers import identity_check_character
from tests.site.conftest import DAY, OTHER, OWNER, Stranger, code_of, fined, on, registered
from tests.store.conftest import NUMBER, PERSON, Desk

CASE = "示例案〔2026〕9号"
CLASSES = ("轻微", "一般", "严重", "")
MISTYPED = NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2")
NOBODY = "00000019900101002" + identity_check_character("00000019900101002")


def ask(
    desk: Desk, typed: str, case: str = "", purpose: str = "administration", body: str = OTHER[0], **more: Any
) -> Any:
    from chengxin.site.access.asked import Who
    from chengxin.site.actions.checks import Asking, check

    who = Who("officer", body, case)
    return check(desk.site, Asking("authority.check_answer", who, typed, purpose, more.pop("matter", "permit"), **more))


def documents(answer: Any) -> list[str]:
    return [entry.document for entry in answer.entries]


@pytest.fixture
def fined_desk(stranger: Stranger) -> Desk:
    desk = stranger.desk
    desk.send("registration", [registered(n) for n in (1, 2, 3)])
    rows = [
        fined(1, "示例字〔2026〕1号"),
        fined(1, "示例字〔2026〕2号", X_SX_DJ="轻微"),
        fined(1, "示例字〔2026〕3号", X_SX_DJ=""),
        fined(2, "示例字〔2026〕4号"),
    ]
    desk.send("penalty", rows)
    return desk


def test_the_answer_is_what_lists_check_finds_in_what_the_gate_allows(fined_desk: Desk) -> None:
    from chengxin.sharing.outlets import outlet_named
    from chengxin.site.access import reading
    from chengxin.site.access.asked import Asked, Who, place
    from chengxin.site.access.subjects import led_to
    from chengxin.standards.load import load_catalogue

    chance = random.Random(7)
    fined_desk.send("penalty", [any_fine(chance, n) for n in range(60)])
    columns = {"id": pl.String, "adverse": pl.Boolean, "draft": pl.Boolean, "decided_on": pl.Date, "last_day": pl.Date}
    sizes = set()
    for day in (DAY + timedelta(days=n) for n in (-400, -60, 0, 90, 300, 700, 1500)):
        at = replace(place(), day=day, body=OTHER[0])
        who = Who("x", OTHER[0])
        asked = Asked(outlet_named("authority.check"), at, load_catalogue(day), "administration", who=who)
        for number in (1, 2, 3):
            (subject,) = led_to(asked, code_of(number))
            seen, _ = reading.of_subjects(asked, [subject.id])
            allowed = pl.DataFrame([{c: s.columns[c] for c in columns} for s in seen], schema=columns)
            expected = in_force(allowed.with_columns(subject=pl.lit("x")), "x", day)["id"].to_list()
            answered = ask(fined_desk, code_of(number), day=day).entries
            assert sorted(e.id for e in answered) == sorted(expected)
            assert [e.decided_on for e in answered] == sorted((e.decided_on for e in answered), reverse=True)
            sizes.add(len(expected))
    assert len(sizes) > 5  # it was no empty promise


def any_fine(chance: random.Random, number: int) -> dict[str, Any]:
    """A penalty of any class and age, whose publicity ends some day or never says."""
    decided = DAY - timedelta(days=chance.randrange(500))
    end = decided + timedelta(days=chance.choice((90, 365, 1095)))
    days = {"CF_JDRQ": f"{decided:%Y/%m/%d}", "CF_GSJZQ": f"{end:%Y/%m/%d}"}
    return fined(chance.randint(1, 3), f"示例字〔2025〕{number}号", X_SX_DJ=chance.choice(CLASSES), **days)


def test_a_minor_or_unconfirmed_penalty_is_not_answered(fined_desk: Desk) -> None:
    answer = ask(fined_desk, code_of(1))
    assert documents(answer) == ["示例字〔2026〕1号"]
    (entry,) = answer.entries
    assert entry.last_day and entry.decided_on and entry.clause and entry.sender == OWNER[0]
    assert (answer.subject.code, answer.withheld) == (code_of(1), 0)


def test_the_receipt_and_the_look_say_who_asked_what_for(fined_desk: Desk) -> None:
    from chengxin.site.actions.checks import digest_of
    from chengxin.site.store.models import Check, Head, Look

    answer = ask(fined_desk, code_of(1), case="")
    row, look = Check.objects.get(), Look.objects.get()
    assert row.id.hex == answer.receipt and row.request == look.request and row.subject == look.subject
    assert (row.who, row.body, row.purpose, row.matter) == ("officer", OTHER[0], "administration", "permit")
    assert row.entries == [e.id for e in answer.entries] and row.digest == digest_of(answer.entries) == answer.digest
    assert (row.change_set, row.log_size) == (Head.objects.get().included, answer.log_size) and row.log_size > 0
    assert code_of(1) not in repr(row.__dict__)
    assert (look.outlet, look.who, look.body) == ("authority.check_answer", "officer", OTHER[0])


def test_the_first_check_after_a_recall_is_clean(fined_desk: Desk) -> None:
    from chengxin.site.actions.recall import take_back

    sent = fined_desk.send("penalty", [fined(3, "示例字〔2026〕5号")])
    assert documents(ask(fined_desk, code_of(3))) == ["示例字〔2026〕5号"]
    take_back(fined_desk.site, sent, "clerk", "发错了")
    assert ask(fined_desk, code_of(3)).entries == ()


def test_the_day_after_the_last_day_the_answer_is_empty(fined_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (entry,) = ask(fined_desk, code_of(1)).entries
    on(monkeypatch, entry.last_day)
    assert len(ask(fined_desk, code_of(1)).entries) == 1
    on(monkeypatch, entry.last_day + timedelta(days=1))
    assert ask(fined_desk, code_of(1)).entries == ()


def test_a_burden_that_no_checkpoint_holds_yet_is_not_answered(fined_desk: Desk) -> None:
    from chengxin.site.store.models import Head

    fined_desk.send("penalty", [fined(3, "示例字〔2026〕6号")])
    Head.objects.update(included=Head.objects.get().included - 1)
    assert ask(fined_desk, code_of(3)).entries == ()
    Head.objects.update(included=Head.objects.get().included + 1)
    assert documents(ask(fined_desk, code_of(3))) == ["示例字〔2026〕6号"]


def test_a_record_that_does_not_fit_the_log_is_withheld_and_counted(fined_desk: Desk) -> None:
    from chengxin.site.store.models import Record

    Record.objects.filter(document="示例字〔2026〕1号").update(last_day=date(2031, 1, 1))
    answer = ask(fined_desk, code_of(1))
    assert (answer.entries, answer.withheld) == ((), 1)


def test_two_that_are_one_are_answered_as_one(fined_desk: Desk) -> None:
    from chengxin.site.actions.merges import merge
    from chengxin.site.store.models import Look

    merge(fined_desk.site, code_of(2), code_of(1), "office", "同一主体")
    Look.objects.all().delete()
    for number in (1, 2):
        answer = ask(fined_desk, code_of(number))
        assert sorted(documents(answer)) == ["示例字〔2026〕1号", "示例字〔2026〕4号"]
        assert (answer.subject.code, [s.code for s in answer.same]) == (code_of(1), [code_of(2)])
    assert Look.objects.count() == 4 and len(set(Look.objects.values_list("request"))) == 2


@pytest.mark.parametrize(
    ("typed", "more", "code"),
    [
        (code_of(9), {}, "unknown-subject"),
        ("青岛示例", {}, "subject"),
        ("", {}, "subject"),
        (code_of(1), {"purpose": "curiosity"}, "no_purpose"),
        (code_of(1), {"purpose": "inspection"}, "no_matter"),
        (code_of(1), {"purpose": "inspection", "matter": "supervision"}, "no_matter"),
        (code_of(1), {"purpose": "own_records"}, "no_matter"),
        (code_of(1), {"matter": "lunch"}, "no_matter"),
        (code_of(1), {"case": "x" * 101}, "case_no"),
        (code_of(1), {"case": "急查"}, "case_no"),
        (NUMBER, {"case": "1"}, "case_no"),
        (NUMBER, {"case": "无案号"}, "case_no"),
        (NUMBER, {"case": "13800000000"}, "case_no"),
        (NUMBER, {"case": f"案{NUMBER}"}, "case_no"),
        (NUMBER, {"case": "示例案〔2026〕9号；DROP"}, "case_no"),
        (NUMBER, {}, "needs_case"),
        (MISTYPED, {"case": CASE}, "check-character"),
        (MISTYPED, {}, "check-character"),
        (f"{MISTYPED[:6]} {MISTYPED[6:14]}-{MISTYPED[14:]}", {"case": CASE}, "check-character"),
        (code_of(1)[:17] + ("0" if code_of(1)[17] != "0" else "1"), {}, "check-character"),
        (code_of(1).replace("A", "O"), {}, "check-character"),
        *((older, {}, "unknown-subject") for older in ("3702821800123", "370282000000127", "MXFA99915", "MXFA9991-5")),
    ],
)
def test_what_is_not_asked_rightly_is_refused_and_leaves_nothing(
    fined_desk: Desk, typed: str, more: dict[str, Any], code: str
) -> None:
    from chengxin.site.store.models import Check, Look

    with pytest.raises(Refused) as refusal:
        ask(fined_desk, typed, **more)
    assert refusal.value.code == code
    assert not typed or typed not in str(refusal.value.said)
    assert Check.objects.count() == Look.objects.count() == 0


def test_an_unsound_code_that_was_really_issued_is_looked_up(fined_desk: Desk) -> None:
    from chengxin.site.store.models import ConfirmedCode, Identifier

    unsound = code_of(1)[:17] + ("0" if code_of(1)[17] != "0" else "1")
    row = ConfirmedCode.objects.create(
        code=unsound, name="示例", confirmed_by="office", document="示例", confirmed_on=DAY
    )
    with pytest.raises(Refused, match="unknown-subject"):
        ask(fined_desk, unsound)
    row.delete()
    Identifier.objects.filter(value=code_of(1)).update(value=unsound)
    assert documents(ask(fined_desk, unsound)) == ["示例字〔2026〕1号"]


def test_a_person_is_answered_singly_for_a_case_and_nobody_there_looks_alike(fined_desk: Desk) -> None:
    from chengxin.site.store.models import Check, Look, Subject

    person = PERSON | {"CF_XDR_MC": "测试某自然人", "CF_XDR_ZJHM": NUMBER}
    fined_desk.send("penalty", [fined(7, "示例字〔2026〕7号", **person)])
    answer = ask(fined_desk, NUMBER.lower(), case=CASE)
    assert documents(answer) == ["示例字〔2026〕7号"] and answer.subject is None
    told = repr(answer)
    assert "测试某自然人" not in told and NUMBER not in told
    assert (
        Look.objects.get().subject == Subject.objects.get(kind="person").id and Look.objects.get().case_number == CASE
    )
    row = repr(Check.objects.get().__dict__) + repr(Look.objects.get().__dict__)
    assert NUMBER not in row
    nobody = ask(fined_desk, NOBODY, case=CASE)
    assert (nobody.entries, nobody.subject, nobody.said.zh) == ((), None, "没有查到。")


def test_a_purpose_that_is_not_for_people_answers_as_if_nobody_were_there(
    fined_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.store.models import Check, Look
    from chengxin.standards.load import load_catalogue
    from chengxin.standards.readers import Kind, Need

    fined_desk.send("penalty", [fined(7, "示例字〔2026〕7号", **PERSON | {"CF_XDR_ZJHM": NUMBER})])
    catalogue = load_catalogue(DAY)
    known = catalogue.purposes["administration"]
    firms_only = {kind: need for kind, need in known.needs.items() if kind is not Kind.PERSON}
    closed = replace(catalogue)
    closed.__dict__["purposes"] = catalogue.purposes | {"administration": replace(known, needs=firms_only)}
    monkeypatch.setattr("chengxin.site.actions.checks.load_catalogue", lambda day: closed)
    assert firms_only[Kind.ORGANISATION] is Need.NONE
    refused, nobody = (ask(fined_desk, n, case=CASE) for n in (NUMBER, NOBODY))
    for answer in (refused, nobody):
        assert (answer.entries, answer.withheld, answer.said.zh) == ((), 0, "没有查到。")
    assert {row.subject for row in Check.objects.all()} == {row.subject for row in Look.objects.all()} == {None}


def test_people_are_asked_about_a_few_times_a_day(fined_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chengxin.site.actions.checks.PERSONS_A_DAY", 2)
    for _ in range(2):
        ask(fined_desk, NUMBER, case=CASE)
    with pytest.raises(Refused, match="too_many_persons"):
        ask(fined_desk, NUMBER, case=CASE)
    ask(fined_desk, code_of(1))
    on(monkeypatch, DAY + timedelta(days=1))
    ask(fined_desk, NUMBER, case=CASE)
