"""What departments send becomes versions and events; the state follows from them, whatever the order."""

import itertools
from datetime import date, timedelta
from typing import Any

import pytest

from chengxin.values.errors import Refused
from tests.store.conftest import CLERK, COLLEAGUE, DAY, OTHER, OWNER, Desk, code_of, fined, firm, registered

LATER = DAY + timedelta(days=1)


@pytest.fixture
def registers(desk: Desk) -> Desk:
    desk.send("registration", [registered(n) for n in range(4)])
    return desk


def test_a_penalty_stands_in_the_file_of_its_party_and_nowhere_else(registers: Desk) -> None:
    registers.send("penalty", [fined(1, "即市监处罚〔2026〕1号")])
    assert registers.documents(1) == ["即市监处罚〔2026〕1号"]
    assert registers.documents(2) == []


def test_the_same_rows_again_in_any_order_and_format_change_nothing(registers: Desk) -> None:
    rows = [fined(n, f"即市监处罚〔2026〕{n}号") for n in range(4)]
    registers.send("penalty", rows)
    again = registers.send("penalty", [dict(reversed(r.items())) for r in reversed(rows)], on=LATER)
    assert again.counts["unchanged"] == 4
    assert again.counts.get("added", 0) == 0


def test_identical_bytes_are_answered_from_the_receipt(registers: Desk) -> None:
    first = registers.send("penalty", [fined(1, "1号")])
    second = registers.send("penalty", [fined(1, "1号")])
    assert (second.id, second.change_set) == (first.id, first.change_set)


def test_a_correction_replaces_and_the_past_stays_known(registers: Desk) -> None:
    registers.send("penalty", [fined(1, "1号")])
    registers.send("penalty", [fined(1, "1号", CF_NR="罚款2万元", CF_NR_FK="2")], on=LATER)
    assert "罚款2万元" in registers.file(1, LATER).records.filter(resource="penalty")["content"][0]
    assert "罚款1.5万元" in registers.file(1, LATER, known=DAY).records.filter(resource="penalty")["content"][0]


def test_a_withdrawn_decision_is_gone_and_what_says_it_again_waits(registers: Desk) -> None:
    registers.send("penalty", [fined(1, "1号")])
    registers.send("penalty", [fined(1, "1号", X_CX_BJ="撤销：原决定已撤销")], on=LATER)
    assert registers.documents(1, LATER) == []
    back = registers.send("penalty", [fined(1, "1号", CF_NR="罚款1.50万元")], on=LATER)
    assert back.counts["waiting"] == 1
    assert registers.documents(1, LATER) == []


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 2])))
def test_the_sources_order_wins_whatever_the_order_of_arrival(registers: Desk, order: tuple[int, ...]) -> None:
    for place in order:
        row = fined(1, "1号", CF_NR=f"罚款{place + 1}万元", CF_NR_FK=str(place + 1))
        registers.send("penalty", [row], source_order=100 + place)
    assert "罚款3万元" in registers.file(1).records.filter(resource="penalty")["content"][0]


def test_a_full_feed_hides_what_it_no_longer_holds_and_brings_it_back(registers: Desk) -> None:
    rows = [fined(n, f"{n}号") for n in range(4)]
    registers.send("penalty", rows, mode="full")
    registers.send("penalty", rows[:3], mode="full", on=LATER)
    assert registers.documents(3, LATER) == []
    assert registers.documents(3, LATER, known=DAY) == ["3号"]
    registers.send("penalty", [*rows[:2], rows[3]], mode="full", on=LATER)
    assert registers.documents(3, LATER) == ["3号"]
    assert registers.documents(2, LATER) == []


def test_two_senders_of_one_act_make_one_record_with_two_sources(registers: Desk) -> None:
    registers.send("penalty", [fined(1, "1号")])
    row = fined(1, "1号", CF_SJLY=OTHER[1], CF_SJLYDM=OTHER[0])
    other = registers.send("penalty", [row], sender=OTHER[0])
    assert registers.documents(1) == ["1号"]
    assert (other.counts["source"], other.counts["waiting"]) == (1, 0)
    assert registers.send("penalty", [row], sender=OTHER[0], on=LATER).counts == other.counts
    again = registers.send("penalty", [row, fined(2, "2号", CF_SJLY=OTHER[1], CF_SJLYDM=OTHER[0])], sender=OTHER[0])
    assert (again.counts["unchanged"], again.counts["added"]) == (1, 1)


def test_a_whole_list_that_was_overtaken_hides_nothing_that_came_later(registers: Desk) -> None:
    registers.send("penalty", [fined(1, "1号"), fined(2, "2号")], mode="full", source_order=100)
    registers.send("penalty", [fined(3, "3号")], source_order=300)
    registers.send("penalty", [fined(1, "1号")], mode="full", source_order=200)
    assert [registers.documents(n) for n in (1, 2, 3)] == [["1号"], [], ["3号"]]
    registers.send("penalty", [fined(2, "2号"), fined(0, "0号")], source_order=150)
    assert registers.documents(2) == []


def test_a_recalled_batch_leaves_nothing_and_what_it_superseded_comes_back(registers: Desk) -> None:
    from chengxin.site.actions.recall import take_back

    registers.send("penalty", [fined(1, "1号")])
    before = registers.file(1).records.filter(resource="penalty").select("content", "digest", "last_day")
    second = registers.send("penalty", [fined(1, "1号", CF_NR="罚款9万元", CF_NR_FK="9"), fined(2, "2号")])
    take_back(registers.site, second, COLLEAGUE, "报错了")
    assert registers.file(1).records.filter(resource="penalty").select("content", "digest", "last_day").equals(before)
    assert registers.documents(2) == []


def test_ids_of_untouched_subjects_never_change(registers: Desk) -> None:
    before = registers.file(3).subject["subject"]
    registers.send("registration", [registered(1, 名称="青岛示例改名商贸有限公司"), registered(7)], on=LATER)
    assert registers.file(3, LATER).subject["subject"] == before
    assert registers.file(1, LATER).subject["name"] == "青岛示例改名商贸有限公司"
    assert registers.file(1, LATER, known=DAY).subject["name"] == firm(1)


def test_an_adverse_row_about_nobody_known_waits(registers: Desk) -> None:
    sent = registers.send("penalty", [fined(9, "9号"), fined(1, "1号")])
    assert sent.counts["waiting"] == 1
    assert registers.file(9) is None


def test_without_a_second_person_nothing_has_effect(registers: Desk) -> None:
    from chengxin.site.actions.submissions import review

    sent = registers.send("penalty", [fined(1, "1号")], reviewed=False)
    assert registers.documents(1) == []
    with pytest.raises(Refused) as caught:
        review(registers.site, sent.id.hex, CLERK, {})
    assert caught.value.code == "same-person"
    review(registers.site, sent.id.hex, COLLEAGUE, {})
    assert registers.documents(1) == ["1号"]


def test_a_feed_far_below_what_it_is_known_for_is_held(registers: Desk) -> None:
    for batch in range(5):
        registers.send("penalty", [fined(1, f"{batch}-{n}号") for n in range(24)])
    sent = registers.send("penalty", [fined(1, "少1号")])
    assert sent.state == "held"
    assert "少1号" not in registers.documents(1)


def test_a_record_ends_on_its_last_day_with_no_job_run(registers: Desk) -> None:
    registers.send("penalty", [fined(1, "1号")])
    last = registers.file(1).records.filter(resource="penalty")["last_day"][0]
    assert last == date(2026, 6, 5)
    assert registers.documents(1, last) == ["1号"]
    assert registers.documents(1, last + timedelta(days=1)) == []


def test_an_unknown_authority_and_a_resource_it_is_not_listed_for_are_refused(registers: Desk) -> None:
    with pytest.raises(Refused) as caught:
        registers.send("penalty", [fined(1, "1号")], sender=code_of(5))
    assert caught.value.code == "unknown-authority"
    sent = registers.send("honour", [{"主体名称": firm(1), "荣誉名称": "示例荣誉"}], sender=OTHER[0])
    assert sent.counts["accepted"] == 0


def test_counts_add_up(registers: Desk) -> None:
    rows: list[dict[str, Any]] = [
        fined(1, "1号"),
        fined(1, "1号"),
        fined(2, "2号", CF_JDRQ="2026/02/30"),
        fined(9, "9号"),
    ]
    counts = registers.send("penalty", rows).counts
    assert counts["received"] == counts["accepted"] + counts["rejected"] + counts["duplicate"] + counts["held"]
    assert counts["accepted"] == counts["added"] + counts["waiting"]


def test_the_owner_is_named_as_the_source(registers: Desk) -> None:
    registers.send("penalty", [fined(1, "1号")])
    assert registers.file(1).records.filter(resource="penalty")["sender"].to_list() == [OWNER[0]]


def test_a_row_that_waited_is_recorded_when_its_party_registers(registers: Desk) -> None:
    registers.send("penalty", [fined(9, "9号")])
    registers.send("registration", [registered(9)])
    assert registers.documents(9) == ["9号"]


def test_a_whole_list_that_is_again_what_it_was_brings_back_what_one_between_forgot(registers: Desk) -> None:
    rows = [fined(n, f"{n}号") for n in range(2)]
    for days, listed in enumerate((rows, rows[:1], rows)):
        registers.send("penalty", listed, mode="full", on=DAY + timedelta(days=days))
    assert registers.documents(1, DAY + timedelta(days=2)) == ["1号"]


def test_a_whole_list_that_nothing_overtook_is_answered_from_its_receipt(registers: Desk) -> None:
    rows = [fined(n, f"{n}号") for n in range(2)]
    first = registers.send("penalty", rows, mode="full")
    registers.send("penalty", rows[:1])  # an increment overtakes no list
    assert registers.send("penalty", rows, mode="full").id == first.id


def test_a_whole_list_sent_again_under_its_own_order_is_answered_from_its_receipt(registers: Desk) -> None:
    rows = [fined(n, f"{n}号") for n in range(2)]
    first = registers.send("penalty", rows, mode="full", source_order=100)
    registers.send("penalty", rows[:1], mode="full", source_order=200)
    assert registers.send("penalty", rows, mode="full", source_order=100).id == first.id
    assert registers.documents(1) == []
    assert registers.send("penalty", rows, mode="full", source_order=300).id != first.id
    assert registers.documents(1) == ["1号"]


def test_a_row_that_waited_is_known_from_the_day_on_which_its_party_is(registers: Desk) -> None:
    registers.send("penalty", [fined(9, "9号")])
    registers.send("penalty", [fined(1, "1号")], on=LATER)
    registers.send("registration", [registered(9)], on=LATER + timedelta(days=1))
    assert registers.documents(9, LATER + timedelta(days=1)) == ["9号"]
    assert registers.file(9, LATER, known=LATER) is None
    assert registers.documents(1, LATER, known=DAY) == []


def waiting_rows() -> list[Any]:
    from chengxin.site.actions import queue

    return queue.listing()


def test_a_row_under_another_partys_name_waits_with_candidates_until_a_human_judges(registers: Desk) -> None:
    from chengxin.site.actions import queue

    registers.send("penalty", [fined(1, "1号", CF_XDR_MC=firm(2))])
    found = waiting_rows()
    if not found:  # validation has handed it back already
        return
    assert found[0].candidates == [code_of(2)]
    queue.judge(registers.site, found[0].id.hex, "same", COLLEAGUE, code_of(2), second=CLERK)
    assert registers.documents(2) == ["1号"]
    queue.unjudge(registers.site, found[0].id.hex, COLLEAGUE, "看错了")
    assert registers.documents(2) == []
    assert [w.id for w in waiting_rows()] == [found[0].id]


def test_a_row_without_a_code_is_never_attached_by_its_name_but_by_a_judgement(registers: Desk) -> None:
    from chengxin.site.actions import queue

    registers.send("penalty", [fined(1, "1号", CF_XDR_SHXYM=None, CF_XDR_GSZC="370215600000008")])
    assert registers.documents(1) == []
    (waits,) = waiting_rows()
    assert (waits.reason, waits.candidates) == ("unknown_code", [code_of(1)])
    with pytest.raises(Refused):
        queue.judge(registers.site, waits.id.hex, "same", COLLEAGUE, second=CLERK)
    queue.judge(registers.site, waits.id.hex, "same", COLLEAGUE, code_of(1), second=CLERK)
    assert registers.documents(1) == ["1号"]


def test_a_replay_changes_nothing_where_the_rules_are_the_same(registers: Desk) -> None:
    from chengxin.site.actions.submissions import replay

    sent = registers.send("penalty", [fined(1, "1号"), fined(2, "2号", CF_JDRQ="2026/02/30")])
    again = replay(registers.site, sent.id.hex)
    assert (again.counts["accepted"], again.counts["rejected"]) == (1, 1)
    assert registers.documents(1) == ["1号"]


def test_an_older_number_of_a_registration_leads_to_its_subject(registers: Desk) -> None:
    registers.send("registration", [registered(5, 注册号="370215600000008"), registered(6)])
    registers.send("penalty", [fined(5, "5号", CF_XDR_SHXYM=None, CF_XDR_GSZC="370215600000008")])
    registers.send("penalty", [fined(6, "6号", CF_XDR_SHXYM=None, CF_XDR_ZZJG=code_of(6)[8:17])])
    assert (registers.documents(5), registers.documents(6)) == (["5号"], ["6号"])


def test_a_row_that_names_an_unknown_older_number_waits_until_it_is_registered(registers: Desk) -> None:
    registers.send("penalty", [fined(7, "7号", CF_XDR_SHXYM=None, CF_XDR_GSZC="370215600000008")])
    assert [w.reason for w in waiting_rows()] == ["unknown_code"]
    registers.send("registration", [registered(7, 注册号="370215600000008")])
    assert registers.documents(7) == ["7号"]


def test_the_codes_before_and_after_the_reform_of_the_district_are_one_subject(registers: Desk) -> None:
    from chengxin.site.store.models import Subject

    before = code_of(1, region="370282")
    assert before[8:17] == code_of(1)[8:17]
    registers.send("penalty", [fined(1, "1号", CF_XDR_SHXYM=before)])
    assert registers.documents(1) == ["1号"]
    subjects = Subject.objects.count()
    registers.send("registration", [registered(1, 统一社会信用代码=before, 核准日期="2026-03-09")])
    assert Subject.objects.count() == subjects
    assert registers.documents(1) == ["1号"]


def test_a_code_of_another_district_is_another_subject(registers: Desk) -> None:
    registers.send("penalty", [fined(1, "1号", CF_XDR_SHXYM=code_of(1, region="370211"))])
    assert registers.documents(1) == []
    assert [w.reason for w in waiting_rows()] == ["unknown_code"]


def test_a_new_code_keeps_the_subject_and_all_that_is_recorded_about_it(registers: Desk) -> None:
    registers.send("penalty", [fined(1, "1号")])
    before = registers.file(1).subject["subject"]
    registers.send("registration", [registered(1, 统一社会信用代码=code_of(21), 曾用代码=code_of(1))], on=LATER)
    assert registers.file(21, LATER).subject["subject"] == before
    assert registers.documents(21, LATER) == registers.documents(1, LATER) == ["1号"]
    assert registers.file(1, LATER).subject["code"] == code_of(21)
    stale = registers.send("registration", [registered(1, 名称="青岛示例旧名商贸有限公司")], on=LATER)
    assert stale.counts["former_code"] == 1
    assert registers.file(1, LATER).subject["name"] == firm(1)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_last_registration_in_the_sources_order_names_the_subject(registers: Desk, order: tuple[int, int]) -> None:
    for place in order:
        row = registered(1, 名称=f"青岛示例新名{place}商贸有限公司", 曾用名称=firm(1))
        registers.send("registration", [row], source_order=DAY.toordinal() * 100_000 + 50_000 + place)
    assert registers.file(1).subject["name"] == "青岛示例新名1商贸有限公司"


def test_a_recalled_registration_takes_its_new_code_with_it(registers: Desk) -> None:
    from chengxin.site.actions.recall import take_back

    sent = registers.send("registration", [registered(1, 统一社会信用代码=code_of(21), 曾用代码=code_of(1))])
    assert registers.file(21) is not None
    take_back(registers.site, sent, COLLEAGUE, "误报")
    assert registers.file(21) is None
    assert registers.file(1).subject["code"] == code_of(1)


def test_two_subjects_judged_to_be_one_are_shown_together_and_parted_exactly(registers: Desk) -> None:
    from chengxin.site.actions import merges

    registers.send("penalty", [fined(1, "1号"), fined(2, "2号"), fined(3, "3号")])
    before = [registers.documents(n) for n in range(4)]
    merges.merge(registers.site, code_of(2), code_of(1), COLLEAGUE, "同一主体")
    merges.merge(registers.site, code_of(1), code_of(3), COLLEAGUE, "同一主体")
    for number in (1, 2, 3):
        assert registers.documents(number) == ["1号", "2号", "3号"]
        assert registers.file(number).subject["code"] == code_of(3)
    registers.send("penalty", [fined(2, "22号")])
    assert registers.documents(3) == ["1号", "22号", "2号", "3号"]
    with pytest.raises(Refused):
        merges.merge(registers.site, code_of(3), code_of(2), COLLEAGUE, "再并")
    merges.split(registers.site, code_of(2), COLLEAGUE, "并错")
    assert (registers.documents(2), registers.documents(3)) == (["22号", "2号"], ["1号", "3号"])
    merges.split(registers.site, code_of(1), COLLEAGUE, "并错")
    assert [registers.documents(n) for n in range(4)] == [before[0], before[1], ["22号", "2号"], before[3]]


def test_an_act_that_stood_under_both_codes_is_shown_once(registers: Desk) -> None:
    from chengxin.site.actions import merges

    registers.send("penalty", [fined(1, "1号"), fined(2, "1号")])
    merges.merge(registers.site, code_of(2), code_of(1), COLLEAGUE, "同一主体")
    assert registers.documents(1) == ["1号"]


def test_subjects_that_say_they_are_one_are_named_for_a_judgement(registers: Desk) -> None:
    from chengxin.site.actions import merges

    assert merges.suspects(registers.site) == []
    registers.send("registration", [registered(1, 曾用代码=code_of(2))])
    assert merges.suspects(registers.site) == [(code_of(1), firm(1), code_of(2), firm(2))]
    merges.merge(registers.site, code_of(2), code_of(1), COLLEAGUE, "登记机关所述")
    assert merges.suspects(registers.site) == []


def test_withdrawn_content_under_another_number_is_held_until_a_human_says_it_stands(registers: Desk) -> None:
    from chengxin.site.actions import queue

    registers.send("penalty", [fined(1, "1号")])
    registers.send("penalty", [fined(1, "1号", X_CX_BJ="撤销：原决定已撤销")], on=LATER)
    again = registers.send("penalty", [fined(1, "9号", CF_NR="罚款1.5万元。"), fined(2, "2号")], on=LATER)
    assert (again.counts["added"], again.counts["waiting"]) == (1, 1)
    assert registers.documents(1, LATER) == []
    other = registers.send("penalty", [fined(1, "10号", CF_NR="罚款2万元", CF_NR_FK="2")], on=LATER)
    assert other.counts["added"] == 1
    (waits,) = waiting_rows()
    queue.judge(registers.site, waits.id.hex, "same", COLLEAGUE, code_of(1), second=CLERK)
    assert registers.documents(1, LATER) == ["10号", "9号"]


def test_a_recalled_withdrawal_leaves_no_mark(registers: Desk) -> None:
    from chengxin.site.actions.recall import take_back

    registers.send("penalty", [fined(1, "1号")])
    sent = registers.send("penalty", [fined(1, "1号", X_CX_BJ="撤销：原决定已撤销")], on=LATER)
    take_back(registers.site, sent, COLLEAGUE, "误报")
    assert registers.send("penalty", [fined(1, "9号")], on=LATER).counts["added"] == 1


def test_a_refused_row_is_taken_once_its_rule_is_mended_and_nothing_else_moves(registers: Desk) -> None:
    from chengxin.site.actions.submissions import replay
    from chengxin.site.store.models import ConfirmedCode

    odd = code_of(1)[:17] + ("A" if code_of(1)[17] != "A" else "B")
    sent = registers.send("penalty", [fined(1, "1号", CF_XDR_SHXYM=odd), fined(2, "2号")])
    assert (sent.counts["accepted"], sent.counts["rejected"]) == (1, 1)
    registers.send("penalty", [fined(2, "2号", CF_NR="罚款2万元", CF_NR_FK="2")], on=LATER)
    assert replay(registers.site, sent.id.hex).counts["rejected"] == 1
    ConfirmedCode.objects.create(code=odd, name=firm(1), confirmed_by=COLLEAGUE, document="营业执照", confirmed_on=DAY)
    again = replay(registers.site, sent.id.hex).counts
    assert (again["received"], again["accepted"], again["rejected"], again["waiting"]) == (2, 2, 0, 1)
    assert again == replay(registers.site, sent.id.hex).counts
    registers.send("registration", [registered(1, 统一社会信用代码=odd, 名称=firm(1))])
    assert waiting_rows() == []
    assert registers.file(2, LATER).records.filter(resource="penalty")["version"].to_list() == [2]


def test_what_the_secrecy_review_withholds_is_kept_but_not_public(registers: Desk) -> None:
    from chengxin.cli.file import readable
    from chengxin.site.actions.submissions import review
    from chengxin.standards.load import load_catalogue

    sent = registers.send("penalty", [fined(1, "1号")], reviewed=False)
    with pytest.raises(Refused):
        review(registers.site, sent.id.hex, COLLEAGUE, {"CF_NIX": "商业秘密"})
    with pytest.raises(Refused):
        review(registers.site, sent.id.hex, COLLEAGUE, {"CF_SY": ""})
    review(registers.site, sent.id.hex, COLLEAGUE, {"CF_SY": "涉及商业秘密"})
    record = registers.file(1).records.filter(resource="penalty").row(0, named=True)
    catalogue = load_catalogue(DAY)
    titles = {f.name: f.title for f in catalogue.resource("penalty").fields}
    shown = readable({**record, "subject": code_of(1)}, catalogue)
    assert titles["CF_SY"] not in shown
    assert "CF_SY" in record["content"]
    assert titles["CF_NR"] in shown
