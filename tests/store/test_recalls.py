"""A batch that was recalled leaves nothing, whatever came before or after it and whoever was recalled first."""

import itertools
import json
from datetime import timedelta
from typing import Any

import pytest

from chengxin.values.errors import Refused
from tests.store.conftest import COLLEAGUE, DAY, OTHER, Desk, fined, firm, registered

LATER = DAY + timedelta(days=1)

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def registers(desk: Desk) -> Desk:
    desk.send("registration", [registered(n) for n in range(3)])
    return desk


def recall(desk: Desk, submission: Any) -> None:
    from chengxin.site.actions.recall import take_back
    from chengxin.site.actions.submissions import found

    take_back(desk.site, found(submission.id.hex), COLLEAGUE, "报错了")


def fine_of(desk: Desk, number: int) -> list[str]:
    found = desk.file(number, LATER).records.filter(resource="penalty")["content"]
    return [json.loads(text)["CF_NR"] for text in found]


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 2])))
def test_recalled_in_any_order_batches_leave_nothing(registers: Desk, order: tuple[int, ...]) -> None:
    sent = [registers.send("penalty", [fined(1, "1号", CF_NR=f"罚款{n}万元", CF_NR_FK=str(n))]) for n in (1, 2, 3)]
    gone: set[int] = set()
    for place in order:
        recall(registers, sent[place])
        gone.add(place)
        left = [f"罚款{n + 1}万元" for n in range(3) if n not in gone]
        assert fine_of(registers, 1) == left[-1:]


def test_a_batch_of_many_parts_leaves_nothing_either(registers: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.actions import recall as recalls
    from chengxin.site.actions import standing
    from chengxin.site.store import log

    monkeypatch.setattr(standing, "PART", 2)
    first = [fined(n % 3, f"{n}号", CF_NR="罚款1万元", CF_NR_FK="1") for n in range(7)]
    more = [fined(n % 3, f"{n}号", CF_NR="罚款2万元", CF_NR_FK="2") for n in range(2, 9)]
    registers.send("penalty", first)
    before = [fine_of(registers, n) for n in range(3)]
    sent = registers.send("penalty", more)
    told = recalls.effects(sent)
    assert (told.removed, told.restored, told.subjects, told.adverse) == (2, 5, 3, 7)
    assert recalls.take_back(registers.site, sent, COLLEAGUE, "报错了") == {"removed": 2, "restored": 5}
    assert [sorted(fine_of(registers, n)) for n in range(3)] == [sorted(fines) for fines in before]
    assert log.verify(registers.site.keys) == []


def test_what_came_late_stands_when_the_later_word_is_recalled(registers: Desk) -> None:
    later = registers.send("penalty", [fined(1, "1号", CF_NR="罚款2万元", CF_NR_FK="2")], source_order=9)
    registers.send("penalty", [fined(1, "1号", CF_NR="罚款1万元", CF_NR_FK="1")], source_order=8)
    recall(registers, later)
    assert fine_of(registers, 1) == ["罚款1万元"]


def test_a_batch_is_recalled_once(registers: Desk) -> None:
    from chengxin.site.actions.recall import take_back

    sent = registers.send("penalty", [fined(1, "1号")])
    recall(registers, sent)
    with pytest.raises(Refused) as caught:
        take_back(registers.site, sent, COLLEAGUE, "报错了")  # somebody else recalled it since it was looked up
    assert caught.value.code == "not-effective"


@pytest.mark.parametrize("mode", ["increment", "full"])
def test_what_was_recalled_can_be_sent_again_and_recalled_again(registers: Desk, mode: str) -> None:
    first = registers.send("penalty", [fined(1, "1号")], mode=mode, source_order=1)
    recall(registers, first)
    again = registers.send("penalty", [fined(1, "1号")], mode=mode, source_order=1)
    assert (again.id != first.id, again.state, fine_of(registers, 1)) == (True, "effective", ["罚款1.5万元"])
    assert registers.send("penalty", [fined(1, "1号")], mode=mode).id == again.id
    recall(registers, again)
    assert fine_of(registers, 1) == []


def test_a_review_that_comes_second_changes_nothing(registers: Desk) -> None:
    from chengxin.site.actions import submissions
    from chengxin.site.store.models import Submission

    sent = registers.send("penalty", [fined(1, "1号")], reviewed=False)
    stale = Submission.objects.get(id=sent.id)
    submissions.review(registers.site, sent.id.hex, COLLEAGUE, {})
    submissions._review(stale, "测试戊", {})
    assert (stale.state, stale.reviewed_by) == ("effective", COLLEAGUE)


THEIRS = {"CF_SJLY": OTHER[1], "CF_SJLYDM": OTHER[0]}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("mode", ["increment", "full"])
def test_what_two_batches_say_stands_until_both_are_recalled(
    registers: Desk, order: tuple[int, ...], mode: str
) -> None:
    rows = [fined(1, "1号")]
    sent = [registers.send("penalty", rows), registers.send("penalty", [*rows, fined(2, "2号")], mode=mode)]
    recall(registers, sent[order[0]])
    assert registers.documents(1, LATER) == ["1号"]
    recall(registers, sent[order[1]])
    assert registers.documents(1, LATER) == []


def test_what_another_body_said_too_stands_on_its_word(registers: Desk) -> None:
    from chengxin.site.actions.recall import effects

    mine = registers.send("penalty", [fined(1, "1号")])
    theirs = registers.send("penalty", [fined(1, "1号", **THEIRS)], sender=OTHER[0])
    told = effects(mine)
    assert (told.removed, told.restored) == (0, 1)
    recall(registers, mine)
    found = registers.file(1, LATER).records.filter(resource="penalty")
    assert found.select("document", "sender", "source").rows() == [("1号", OTHER[0], OTHER[1])]
    registers.send("penalty", [fined(1, "1号", **THEIRS), fined(1, "9号", **THEIRS)], sender=OTHER[0], on=LATER)
    recall(registers, theirs)
    assert registers.documents(1, LATER) == ["1号", "9号"]


def test_a_word_that_was_repeated_comes_back_though_its_first_batch_was_recalled(registers: Desk) -> None:
    first = registers.send("penalty", [fined(1, "1号")])
    registers.send("penalty", [fined(1, "1号"), fined(2, "2号")])
    later = registers.send("penalty", [fined(1, "1号", CF_NR="罚款2万元", CF_NR_FK="2")])
    recall(registers, first)
    assert fine_of(registers, 1) == ["罚款2万元"]
    recall(registers, later)
    assert fine_of(registers, 1) == ["罚款1.5万元"]


def test_what_was_said_before_the_correction_does_not_keep_the_correction(registers: Desk) -> None:
    registers.send("penalty", [fined(1, "1号")])
    registers.send("penalty", [fined(1, "1号"), fined(2, "2号")])
    registers.send("penalty", [fined(1, "1号", CF_NR="罚款2万元", CF_NR_FK="2")])
    back = registers.send("penalty", [fined(1, "1号"), fined(0, "0号")])
    recall(registers, back)
    assert fine_of(registers, 1) == ["罚款2万元"]


def test_what_two_whole_lists_leave_out_stays_hidden_when_one_is_recalled(registers: Desk) -> None:
    registers.send("registration", [registered(3)])
    rows = [fined(n, f"{n}号") for n in range(4)]
    registers.send("penalty", rows, mode="full")
    without = [registers.send("penalty", rows[:3], mode="full"), registers.send("penalty", rows[:2], mode="full")]
    recall(registers, without[0])
    assert registers.documents(0, LATER) == ["0号"]
    assert [registers.documents(n, LATER) for n in (2, 3)] == [[], []]
    recall(registers, without[1])
    assert [registers.documents(n, LATER) for n in (2, 3)] == [["2号"], ["3号"]]


def test_a_withdrawal_said_twice_leaves_its_mark_until_both_are_recalled(registers: Desk) -> None:
    registers.send("penalty", [fined(1, "1号")])
    taken = fined(1, "1号", X_CX_BJ="撤销：原决定已撤销")
    one = registers.send("penalty", [taken])
    two = registers.send("penalty", [taken, fined(2, "2号")])
    recall(registers, one)
    assert registers.send("penalty", [fined(1, "7号")]).counts["waiting"] == 1
    recall(registers, two)
    assert registers.send("penalty", [fined(1, "8号")]).counts["waiting"] == 0


def test_a_registration_that_was_repeated_keeps_its_subject_found(desk: Desk) -> None:
    sent = [desk.send("registration", [registered(1)]), desk.send("registration", [registered(1), registered(2)])]
    recall(desk, sent[0])
    assert desk.file(1, LATER).subject["name"] == firm(1)
    recall(desk, sent[1])
    assert (desk.file(1, LATER), desk.file(2, LATER)) == (None, None)


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 2])))
def test_names_follow_what_is_left_in_whatever_order_batches_are_recalled(desk: Desk, order: tuple[int, ...]) -> None:
    names = [firm(1), "青岛示例甲商贸有限公司", "青岛示例乙商贸有限公司"]
    sent = [desk.send("registration", [registered(1, 名称=name, 曾用名=None)]) for name in names]
    gone: set[int] = set()
    for place in order:
        recall(desk, sent[place])
        gone.add(place)
        left = [name for n, name in enumerate(names) if n not in gone]
        found = desk.file(1, LATER)
        assert (found.subject["name"] if found else None) == (left[-1] if left else None)
