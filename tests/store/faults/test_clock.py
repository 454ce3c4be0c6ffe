"""The clock moved: the order of things is that in which they were recorded, whatever a clock said; legal days are Shanghai's."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chengxin.values import clock
from tests.store.conftest import CLERK, COLLEAGUE, DAY, Desk, code_of, fined, registered

BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def registers(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    at(monkeypatch, DAY)
    desk.send("registration", [registered(n) for n in range(3)], on=None)
    return desk


def at(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """The machine says that it is this day."""
    monkeypatch.setenv("CHENGXIN_TODAY", day.isoformat())


@pytest.mark.parametrize("moved", [BEFORE, AFTER])
def test_a_correction_counts_whatever_the_clock_says(
    registers: Desk, monkeypatch: pytest.MonkeyPatch, moved: date
) -> None:
    registers.send("penalty", [fined(1, "1号")], on=None)
    at(monkeypatch, moved)
    registers.send("penalty", [fined(1, "1号", X_CX_BJ="撤销：原决定已撤销")], on=None)
    at(monkeypatch, DAY)
    registers.send("penalty", [fined(2, "2号")], on=None)
    assert registers.documents(1) == []
    assert registers.documents(2) == ["2号"]


def test_the_log_and_the_numbers_go_on_when_the_clock_goes_back(
    registers: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.store import log
    from chengxin.site.store.models import ChangeSet

    for number, day in enumerate([AFTER, BEFORE, DAY]):
        at(monkeypatch, day)
        registers.send("penalty", [fined(1, f"{number}号")], on=None)
    places = list(ChangeSet.objects.order_by("number").values_list("number", "first_index"))
    assert places == sorted(places)
    assert log.verify(registers.site.keys) == []
    assert registers.documents(1) == ["0号", "1号", "2号"]


def test_what_a_human_judges_later_was_not_known_before(registers: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.actions import queue

    registers.send("penalty", [fined(1, "1号", CF_XDR_SHXYM=None, CF_XDR_GSZC="370215600000008")], on=None)
    registers.send("penalty", [fined(9, "9号")], on=None)
    waits = queue.listing()[0]
    at(monkeypatch, AFTER)
    registers.send("penalty", [fined(2, "2号")], on=None)
    queue.judge(registers.site, waits.id.hex, "same", COLLEAGUE, code_of(1), second=CLERK)
    registers.send("registration", [registered(9)], on=None)
    assert (registers.documents(1, AFTER), registers.documents(9, AFTER)) == (["1号"], ["9号"])
    assert [registers.documents(n, AFTER, known=DAY) for n in (1, 2, 9)] == [[], [], []]


def test_what_is_reviewed_later_was_not_known_before(registers: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.actions.submissions import review

    sent = registers.send("penalty", [fined(1, "1号")], reviewed=False, on=None)
    at(monkeypatch, AFTER)
    registers.send("penalty", [fined(2, "2号")], on=None)
    review(registers.site, sent.id.hex, COLLEAGUE, {})
    assert [registers.documents(n, AFTER) for n in (1, 2)] == [["1号"], ["2号"]]
    assert [registers.documents(n, AFTER, known=DAY) for n in (1, 2)] == [[], []]


@pytest.mark.parametrize(
    ("hour", "day"), [("2026-03-10T15:59:59", date(2026, 3, 10)), ("2026-03-10T16:00:00", date(2026, 3, 11))]
)
def test_the_legal_day_begins_at_midnight_in_shanghai(monkeypatch: pytest.MonkeyPatch, hour: str, day: date) -> None:
    class Moved(datetime):
        @classmethod
        def now(cls, tz: ZoneInfo | None = None) -> "Moved":  # type: ignore[override]
            return cls.fromisoformat(f"{hour}+00:00").astimezone(tz)

    monkeypatch.delenv("CHENGXIN_TODAY", raising=False)
    monkeypatch.setattr(clock, "datetime", Moved)
    assert clock.legal_today() == day
