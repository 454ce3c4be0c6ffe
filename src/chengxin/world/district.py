"""What the makers of records share: the register as arrays, the calendar, chance, and the days of sending."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

from chengxin.standards.load import Catalogue, first_day
from chengxin.world.codes import identity_number
from chengxin.world.naming import Words, persons
from chengxin.world.roster import Department
from chengxin.world.subjects import Days, birthdays, day_number

Indexes = NDArray[np.int64]
YEARS = 3
ROWS_PER_FILE = 60
CLEAN_WORKING_DAYS = 7
_NEVER = 10**6
_TRIES = 8


@dataclass(frozen=True)
class District:
    """One made-up district: the register, the calendar of its catalogue, and the generator all chance comes from."""

    rng: Generator
    today: date
    catalogue: Catalogue
    subjects: pl.DataFrame
    years: int = YEARS
    fewest_files: int = 1  # of a department and resource, if it has as many rows
    files_a_year: int = 12  # at most
    rows_per_file: int = ROWS_PER_FILE

    @cached_property
    def working_days(self) -> Days:
        """All working days as day numbers, ascending."""
        return np.asarray(self.catalogue.calendar.working_days, dtype=np.int64)

    @cached_property
    def began(self) -> Days:
        """Day number on which each subject was established."""
        return self.subjects["established_on"].dt.epoch("d").to_numpy()

    @cached_property
    def ended(self) -> Days:
        """Day number on which each subject ceased; far in the future for those that live."""
        return self.subjects["status_on"].dt.epoch("d").fill_null(_NEVER).to_numpy()

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """How often each subject meets an office (heavy tail)."""
        return self.subjects["weight"].to_numpy()

    @cached_property
    def people(self) -> tuple[Words, Words]:
        """Names and identity numbers of made-up natural persons, about one to forty subjects."""
        count = max(20, self.subjects.height // 40)
        born = birthdays(self.rng, np.full(count, day_number(self.today) - 366 * self.years))
        numbers = [identity_number(day, 500 + n % 500) for n, day in enumerate(born)]
        return persons(self.rng, count), np.array(numbers, dtype=object)

    def column(self, name: str, index: Indexes) -> Words:
        """A column of the register for chosen subjects; -1 (a person) gives the last row, to be overwritten."""
        return self.subjects[name].to_numpy(allow_copy=True)[index]

    def in_areas(self, areas: str) -> Indexes:
        """Subjects whose trade lies in one of the areas (`a;b`); an empty text means anyone."""
        chosen = (
            self.subjects["area"].is_in(areas.split(";"))
            if areas
            else pl.repeat(True, self.subjects.height, eager=True)
        )
        return np.flatnonzero(chosen.to_numpy())

    def choose(self, eligible: Indexes, days: Days) -> Indexes:
        """A subject living on each day, drawn by weight from the eligible; -1 where a few tries found none."""
        chosen = np.full(len(days), -1, dtype=np.int64)
        if not len(eligible):
            return chosen
        edges = np.cumsum(self.weight[eligible])
        for _ in range(_TRIES):
            open_ = np.flatnonzero(chosen < 0)
            if not len(open_):
                break
            draw = eligible[np.searchsorted(edges, self.rng.random(len(open_)) * edges[-1], side="right")]
            lives = (self.began[draw] <= days[open_]) & (days[open_] <= self.ended[draw])
            chosen[open_[lives]] = draw[lives]
        return chosen

    def sends(self, resource: str) -> bool:
        """True if the resource stands in the catalogue by today: nothing is sent before that."""
        return resource in self.catalogue.resources

    def opening(self, resource: str) -> int:
        """The first working day, of those that are played, on which the resource can be sent."""
        begins = max(day_number(self.today) - 365 * self.years, day_number(first_day(resource, self.catalogue.root)))
        return int(self.working_days[np.searchsorted(self.working_days, begins)])

    def receipts(self, rows: int, resource: str) -> Days:
        """The days on which a department sent its files: one for so many rows, over all years.

        A resource is not sent before the first day on which it stands in the catalogue.
        """
        last = int(np.searchsorted(self.working_days, day_number(self.today), side="right")) - 1
        first = min(int(np.searchsorted(self.working_days, self.opening(resource))), last)
        count = int(np.clip(rows // self.rows_per_file, min(self.fewest_files, rows), self.files_a_year * self.years))
        place = (np.arange(count) + self.rng.uniform(0.55, 0.95, count)) / count
        return np.asarray(self.working_days[first + (place * (last - first)).astype(np.int64)])

    def decided(self, received: Days, within: int = CLEAN_WORKING_DAYS) -> Days:
        """Working days at most `within` working days before the receipt: nothing is late unless it is made late."""
        place = np.searchsorted(self.working_days, received, side="right") - 1
        return np.asarray(self.working_days[place - self.rng.integers(0, within + 1, len(received))])

    def is_late(self, decided: Days, received: Days) -> NDArray[np.bool_]:
        """True where more than seven working days lie between decision and receipt."""
        until = np.searchsorted(self.working_days, received, side="right")
        return np.asarray(until - np.searchsorted(self.working_days, decided, side="right") > CLEAN_WORKING_DAYS)


@dataclass(frozen=True)
class Parcel:
    """The rows that one department sends of one resource, with the days on which it sent them."""

    department: Department
    resource: str
    rows: pl.DataFrame
