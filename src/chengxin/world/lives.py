"""What becomes of the subjects over the years: founded, renamed, given a new code, struck off; and what registrars send of it.

A registrar's first file holds all it has; each later one those that are new or have changed since.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

from chengxin.world.codes import MOST_SUBJECTS, bodies, uscc
from chengxin.world.district import District, Indexes, Parcel
from chengxin.world.registration import REGISTRARS, rows_of
from chengxin.world.roster import reporters
from chengxin.world.subjects import Days, day_series

RENAMED, RECODED = 0.15, 0.04
SUBJECTS_PER_FEED = 25  # a registrar with so many sends one more file a year
_NEVER = 10**6
_WITHIN = 30  # days between two events of a life, at least


@dataclass(frozen=True)
class Lives:
    """The days (as numbers; far in the future: never) on which subjects were renamed and got a new code, and the old code."""

    register: pl.DataFrame
    renamed: Days
    recoded: Days
    old_code: NDArray[np.object_]

    @cached_property
    def began(self) -> Days:
        """When each was founded."""
        return self.register["established_on"].dt.epoch("d").to_numpy()

    @cached_property
    def ended(self) -> Days:
        """When each was struck off."""
        return self.register["status_on"].dt.epoch("d").fill_null(_NEVER).to_numpy()

    def changed(self) -> Days:
        """All days on which something of a subject changes: one row per kind of change."""
        return np.stack([self.began, self.renamed, self.recoded, self.ended])

    def facts(self, index: Indexes, day: Days) -> pl.DataFrame:
        """What is so of the subjects on the days: name, former_names, code, former_codes, status, status_on, approved."""
        took = self.register[index.tolist()]
        renamed, recoded, ended = (at[index] <= day for at in (self.renamed, self.recoded, self.ended))
        last = np.where(self.changed()[:, index] <= day, self.changed()[:, index], -_NEVER).max(axis=0)
        frame = took.with_columns(
            pl.Series("renamed", renamed), pl.Series("recoded", recoded), pl.Series("ended", ended)
        ).with_columns(pl.Series("old_code", list(self.old_code[index]), dtype=pl.String), day_series("approved", last))
        once = pl.col("former_names").is_null() | pl.col("renamed")
        numbers = pl.concat_list(pl.when("recoded").then("old_code"), "former_codes").list.drop_nulls().list.join("；")
        facts: pl.DataFrame = frame.select(
            pl.when(once).then("name").otherwise("former_names").alias("name"),
            pl.when("renamed").then("former_names").alias("former_names"),
            pl.when(pl.col("recoded") | pl.col("old_code").is_null()).then("code").otherwise("old_code").alias("code"),
            pl.when(numbers != "").then(numbers).alias("former_codes"),
            pl.when("ended").then("status").otherwise(pl.lit("存续")).alias("status"),
            pl.when("ended").then("status_on").alias("status_on"),
            "approved",
        )
        return facts


def make_lives(rng: Generator, register: pl.DataFrame, first: int, last: int) -> Lives:
    """Draw what happens between the first and the last day. `register`: as it is on the last, each with a former name."""
    count = register.height
    began = register["established_on"].dt.epoch("d").to_numpy()
    ended = register["status_on"].dt.epoch("d").fill_null(last).to_numpy()
    renamed = _drawn(rng, began, ended, first, register["former_names"].is_not_null().to_numpy())
    recoded = _drawn(
        rng, renamed * (renamed < _NEVER) + began * (renamed == _NEVER), ended, first, rng.random(count) < RECODED
    )
    old = np.full(count, None, dtype=object)
    changed = np.flatnonzero(recoded < _NEVER)
    # The bodies of the register are a run of steps; the old codes are taken from behind it.
    start = int(rng.integers(MOST_SUBJECTS))
    taken = set(register["code"].str.slice(8, 8))
    fresh = [b for b in bodies(len(changed) + count, start) if b not in taken][: len(changed)]
    for place, body in zip(changed.tolist(), fresh, strict=True):
        code = register["code"][place]
        old[place] = uscc(code[:2], code[2:8], body)
    names = pl.Series(renamed < _NEVER)
    nothing = pl.Series([None], dtype=pl.String)
    register = register.with_columns(register["former_names"].zip_with(names, nothing))
    return Lives(register, renamed, recoded, old)


def _drawn(rng: Generator, began: Days, ended: Days, first: int, some: NDArray[np.bool_]) -> Days:
    """A day of each of `some` lives, most of them in the years that are played; never where there is no room for it."""
    low, high = np.maximum(began, first) + _WITHIN, ended - _WITHIN
    fits = some & (low < high)
    day = low + (rng.random(len(low)) * (high - low)).astype(np.int64)
    return np.where(fits, day, _NEVER)


def registrations(district: District, lives: Lives) -> list[Parcel]:
    """What each registrar sends, file by file."""
    made = []
    for department in reporters("registration"):
        mine = district.subjects["prefix"].is_in(list(REGISTRARS[department.short])).to_numpy()
        own = np.flatnonzero(mine & (lives.began < _NEVER))
        if not len(own):
            continue
        later = district.receipts(
            len(own) * district.years * district.rows_per_file // SUBJECTS_PER_FEED, "registration"
        )
        days = np.unique([district.opening("registration"), *later])
        rows = rows_of(district, department, own)
        feeds = [_feed(lives, rows, own, before, day) for before, day in zip([0, *days[:-1]], days, strict=True)]
        feeds = [feed for feed in feeds if feed.height]
        if feeds:
            made.append(Parcel(department, "registration", pl.concat(feeds)))
    return made


def _feed(lives: Lives, rows: pl.DataFrame, own: Indexes, before: int, day: int) -> pl.DataFrame:
    at = lives.changed()[:, own]
    due = np.flatnonzero(((at > before) & (at <= day)).any(axis=0) & (at[0] <= day))
    days = np.full(len(due), day, dtype=np.int64)
    facts = lives.facts(own[due], days)
    approved = facts["approved"]
    return rows[due.tolist()].with_columns(
        facts["name"].alias("DJ_MC"),
        facts["former_names"].alias("DJ_CYM"),
        facts["code"].alias("DJ_TYSHXYDM"),
        facts["former_codes"].alias("DJ_CYDM"),
        approved.dt.strftime("%Y-%m-%d").alias("DJ_HZRQ"),
        facts["status"].alias("DJ_ZT"),
        facts["status_on"].dt.strftime("%Y-%m-%d").alias("DJ_ZTRQ"),
        approved.alias("_decided"),
        day_series("_received", days),
    )
