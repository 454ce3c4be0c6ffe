"""Working days: statutory holidays excluded, make-up days included (行政处罚法 Art. 85)."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Calendar:
    """Dated facts of one country's calendar. `provisional` years have no published notice yet: weekends only."""

    holidays: frozenset[date]
    makeup_days: frozenset[date]
    published: frozenset[int]
    first_year: int
    last_year: int

    @cached_property
    def working_days(self) -> list[int]:
        """All working days, as days since 1970-01-01, ascending."""
        day, days = date(self.first_year, 1, 1), []
        while day.year <= self.last_year:
            if self.is_working_day(day):
                days.append((day - EPOCH).days)
            day += timedelta(days=1)
        return days

    def is_working_day(self, day: date) -> bool:
        """True if offices work on `day`."""
        return day in self.makeup_days or (day.weekday() < 5 and day not in self.holidays)

    def is_provisional(self, year: int) -> bool:
        """True if the holidays of `year` were not yet announced when this calendar was made."""
        return year not in self.published

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; the starting day does not count. Never below 0."""
        first = bisect_right(self.working_days, (start - EPOCH).days)
        return max(0, bisect_right(self.working_days, (end - EPOCH).days) - first)

    def add_working_days(self, start: date, count: int) -> date:
        """The last day of a term of `count` working days that begins on the day after `start`."""
        position = bisect_right(self.working_days, (start - EPOCH).days) + count - 1
        return EPOCH + timedelta(days=self.working_days[position])

    def first_day_within(self, count: int, end: date) -> date:
        """The earliest start from which at most `count` working days have passed by `end`."""
        position = bisect_right(self.working_days, (end - EPOCH).days) - count
        return EPOCH + timedelta(days=self.working_days[position - 1]) if position > 0 else date.min

    def column_between(self, start: pl.Series, end: date) -> pl.Series:
        """`working_days_between` for a Date column; null stays null."""
        days = np.asarray(self.working_days)
        until = bisect_right(self.working_days, (end - EPOCH).days)
        known = start.fill_null(end).dt.epoch("d").to_numpy()
        counts = pl.Series(np.maximum(0, until - np.searchsorted(days, known, side="right")))
        return pl.select(pl.when(start.is_not_null()).then(counts)).to_series()
