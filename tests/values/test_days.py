"""Working days: holidays, make-up days, years that no notice covers yet, and columns that agree with single days."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengxin.standards.load import load_catalogue
from chengxin.values.days import Calendar

CALENDAR = load_catalogue(date(2026, 3, 10)).calendar
DAYS = st.dates(date(2015, 1, 1), date(2028, 12, 31))


def counted(start: date, end: date) -> int:
    """Day by day, the plain way."""
    return sum(CALENDAR.is_working_day(start + timedelta(days=i)) for i in range(1, (end - start).days + 1))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 3, 10), True),  # a Tuesday
        (date(2026, 3, 8), False),  # a Sunday
        (date(2026, 2, 17), False),  # Spring Festival
        (date(2026, 2, 28), True),  # a Saturday worked in its place
        (date(2025, 10, 11), True),
        (date(2024, 2, 9), True),  # New Year's Eve 2024 was no statutory holiday
        (date(2025, 10, 6), False),
    ],
)
def test_holidays_rest_and_make_up_days_work(day: date, works: bool) -> None:
    assert CALENDAR.is_working_day(day) is works


def test_no_day_is_both_a_holiday_and_a_make_up_day() -> None:
    assert CALENDAR.holidays & CALENDAR.makeup_days == frozenset()
    assert all(day.weekday() >= 5 for day in CALENDAR.makeup_days)


def test_the_starting_day_does_not_count() -> None:
    assert CALENDAR.working_days_between(date(2026, 3, 9), date(2026, 3, 10)) == 1
    assert CALENDAR.working_days_between(date(2026, 3, 10), date(2026, 3, 10)) == 0
    assert CALENDAR.working_days_between(date(2026, 3, 11), date(2026, 3, 10)) == 0


def test_a_term_over_spring_festival_leaves_the_holidays_out() -> None:
    # 2026-02-14 (Saturday) is worked, 15 to 23 are free, 28 (Saturday) is worked again.
    assert CALENDAR.working_days_between(date(2026, 2, 13), date(2026, 2, 28)) == 6
    assert CALENDAR.add_working_days(date(2026, 2, 13), 7) == date(2026, 3, 2)


def test_years_without_a_notice_are_provisional() -> None:
    assert not CALENDAR.is_provisional(2026)
    assert CALENDAR.is_provisional(2027)
    assert CALENDAR.is_provisional(2040)


@given(DAYS, DAYS)
def test_counting_agrees_with_going_day_by_day(start: date, end: date) -> None:
    assert CALENDAR.working_days_between(start, end) == counted(start, end)


@given(st.lists(st.one_of(st.none(), DAYS), max_size=20), DAYS)
def test_a_column_counts_as_single_days_do(starts: list[date | None], end: date) -> None:
    column = CALENDAR.column_between(pl.Series(starts, dtype=pl.Date), end)
    assert column.to_list() == [None if s is None else CALENDAR.working_days_between(s, end) for s in starts]


@given(st.dates(date(2016, 1, 1), date(2028, 12, 31)), st.integers(1, 30))
def test_the_first_day_within_a_term_is_the_earliest_that_keeps_it(end: date, count: int) -> None:
    first = CALENDAR.first_day_within(count, end)
    assert CALENDAR.working_days_between(first, end) <= count
    assert CALENDAR.working_days_between(first - timedelta(days=1), end) > count


@given(st.dates(date(2015, 1, 1), date(2028, 6, 1)), st.integers(1, 30))
def test_the_last_day_of_a_term_is_a_working_day_that_ends_it(start: date, count: int) -> None:
    last = CALENDAR.add_working_days(start, count)
    assert CALENDAR.is_working_day(last)
    assert CALENDAR.working_days_between(start, last) == count


def test_a_start_before_the_calendar_begins_is_always_late() -> None:
    small = Calendar(frozenset(), frozenset(), frozenset({2026}), 2026, 2026)
    assert small.first_day_within(7, date(2026, 1, 2)) == date.min
