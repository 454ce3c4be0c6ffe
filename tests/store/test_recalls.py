"""A batch that was recalled leaves nothing, whatever came before or after it and whoever was recalled first."""

import itertools
import json
from datetime import timedelta
from typing import Any

import pytest

from chengxin.values.errors import Refused
from tests.store.conftest import COLLEAGUE, DAY, Desk, fined, registered

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
    from chengxin.site.store import log

    monkeypatch.setattr(recalls, "_PART", 2)
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
