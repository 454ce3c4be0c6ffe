"""Verifying: genuine, altered, unknown; withdrawn, overtaken; and yes or no to whether something changed since."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.site.conftest import DAY, Cast, Stranger, code_of, fined, on
from tests.site.test_reports import filled, issued

__all__ = ["filled"]


def verdict(file: bytes) -> Any:
    from chengxin.site.actions.verifying import by_file

    return by_file(file)


def number_says(number: str) -> Any:
    from chengxin.site.actions.verifying import by_number

    return by_number(number)


def test_a_report_is_genuine_by_its_number_and_as_a_file(filled: Any) -> None:
    made = issued(filled)
    by_hand = made.row.number.lower().replace("-", " ")
    assert {number_says(made.row.number).state, number_says(by_hand).state, verdict(made.file).state} == {"genuine"}


def test_any_changed_byte_and_anything_added_makes_it_altered_or_unknown(filled: Any) -> None:
    file = issued(filled).file
    for place in range(0, len(file), len(file) // 200):
        changed = file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]
        assert verdict(changed).state == "altered", place
    assert verdict(file + b"\n").state == "altered"
    assert verdict(file[:-1]).state == "altered"


def test_the_data_file_that_the_site_hands_out_is_genuine_and_a_changed_one_is_not(filled: Any) -> None:
    from chengxin.site.actions.reports import data_of

    made = issued(filled)
    data = data_of(filled, made.row)
    told = verdict(data)
    assert (told.state, told.data, told.row.number) == ("genuine", True, made.row.number)
    assert "数据文件" in told.said.zh and not verdict(made.file).data
    assert [verdict(f).state for f in (data + b"\n", data.replace("一号".encode(), "九号".encode()))] == ["copy"] * 2


def test_a_print_or_copy_with_our_number_is_not_the_original_and_says_that_it_must_be_compared(filled: Any) -> None:
    made = issued(filled)
    for other in (f"信用报告 {made.row.number}", f"%PDF-1.7 (Title) {made.row.number} %%EOF"):
        told = verdict(other.encode())
        assert told.state == "copy" and "不是出具的原件" in told.said.zh
    unsealed = made.file[: made.file.find(b"%%EOF") + 6]  # the seal cut off
    assert b"/ByteRange" not in unsealed and verdict(unsealed).state == "altered"


def test_what_was_never_issued_is_unknown_and_a_file_without_a_number_can_not_be_read(filled: Any) -> None:
    from chengxin.reports.number import new_number
    from chengxin.values.errors import Refused

    issued(filled)
    assert number_says(new_number()).state == "unknown"
    assert verdict(f"%PDF-1.7 {new_number()}".encode()).state == "unknown"
    nothing = (b"", b"%PDF-1.7 nothing", b"0000-0000-0000-0000-0000-0000-0000" * 99, b"\x89PNG\r\n", b"text")
    assert {verdict(f).state for f in nothing} == {"unread"}
    with pytest.raises(Refused, match="mistyped"):
        number_says("ABCD")


def test_what_changed_since_is_a_yes_and_nothing_more(stranger: Stranger, filled: Any) -> None:
    first, other = issued(filled), issued(filled, code_of(2))
    assert not number_says(first.row.number).changed
    stranger.desk.send("penalty", [fined(1, "四号")])
    told = number_says(first.row.number)
    assert told.changed and not number_says(other.row.number).changed
    assert "四号" not in str(told.as_data()) and code_of(1) not in str(told.as_data())


def test_what_ends_by_itself_is_a_change_too(filled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = issued(filled)
    on(monkeypatch, DAY + timedelta(days=1))
    assert not number_says(made.row.number).changed
    on(monkeypatch, DAY + timedelta(days=400))
    assert number_says(made.row.number).changed


def test_a_change_outside_of_what_a_special_report_is_about_is_none(stranger: Stranger, filled: Any) -> None:
    about = issued(filled, form="special", since=DAY - timedelta(days=30), until=DAY, domains=("tax",))
    stranger.desk.send("penalty", [fined(1, "五号", CF_JDRQ=str(DAY - timedelta(days=5)))])  # by another domain's body
    assert not number_says(about.row.number).changed


def test_a_later_report_with_other_contents_makes_the_earlier_one_overtaken(stranger: Stranger, filled: Any) -> None:
    first, same = issued(filled), issued(filled)
    assert not number_says(first.row.number).newer  # it says the same
    stranger.desk.send("penalty", [fined(1, "四号")])
    assert not number_says(first.row.number).newer  # nobody ordered another yet
    last = issued(filled)
    said = [number_says(made.row.number).newer for made in (first, same, last)]
    assert said == [True, True, False]


def test_a_report_about_another_period_or_domain_or_in_another_form_overtakes_nothing(
    stranger: Stranger, filled: Any
) -> None:
    def special(since: str, until: date, *domains: str) -> Any:
        return issued(filled, form="special", since=date.fromisoformat(since), until=until, domains=domains)

    first = special("2024-01-01", DAY, "water")
    stranger.desk.send("penalty", [fined(1, "四号", CF_CFJG="示例市水务局", CF_JDRQ="2026-02-02")])
    for other in (
        special("2023-01-01", date(2023, 12, 31), "water"), special("2024-01-01", DAY, "tax"),
        special("2024-01-01", DAY), issued(filled),
    ):  # fmt: skip
        assert not number_says(first.row.number).newer, other.row
    special("2024-01-01", DAY, "water")
    assert number_says(first.row.number).newer


def test_up_to_the_day_of_issue_is_the_same_period_on_a_later_day(
    stranger: Stranger, filled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = date(2024, 1, 1)
    until_then = issued(filled, form="special", since=since, until=DAY)
    closed = issued(filled, form="special", since=since, until=date(2026, 1, 1))
    later = DAY + timedelta(days=3)
    on(monkeypatch, later)
    issued(filled, form="special", since=since, until=later)
    assert not number_says(until_then.row.number).newer
    stranger.desk.send("penalty", [fined(1, "四号")])
    issued(filled, form="special", since=since, until=later)
    assert number_says(until_then.row.number).newer and not number_says(closed.row.number).newer


def test_a_withdrawn_seal_is_told_with_the_file_and_the_number_and_stands_in_the_log(filled: Any) -> None:
    from chengxin.site.actions.reports import withdraw
    from chengxin.site.store import log
    from chengxin.site.store.models import Event
    from chengxin.values.errors import Refused

    made = issued(filled)
    with pytest.raises(Refused, match="no-reason"):
        withdraw(filled, made.row.number, "office", "错错错错错错错错错错错")
    withdraw(filled, made.row.number, "office", "出具有误，主体代码写错了一位")
    assert number_says(made.row.number).withdrawn and verdict(made.file).withdrawn
    assert Event.objects.filter(tag="reports:report:withdrawn", about=made.row.id).count() == 1
    assert log.verify(filled.keys) == []
    with pytest.raises(Refused, match="no-report"):
        withdraw(filled, made.row.number, "office", "出具有误，主体代码写错了一位")


def test_a_report_that_never_left_is_unknown(filled: Any, monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    from chengxin.site.actions import reports
    from chengxin.site.store.models import Report

    def breaks(*_: Any) -> bytes:
        raise RuntimeError("no paper")

    monkeypatch.setattr(reports, "paper", breaks)
    with pytest.raises(RuntimeError):
        issued(filled)
    assert number_says(Report.objects.get().number).state == "unknown"
