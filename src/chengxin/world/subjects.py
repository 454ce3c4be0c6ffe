"""The true register of the district: who exists, under which code and name, since when, and in what state.

Shares after the district's own figures (end of 2022: 73,100 enterprises and 220,500 sole traders; some 3,000 others).
"""

from datetime import date

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

from chengxin.values.days import EPOCH
from chengxin.world.codes import MOST_SUBJECTS, bodies, identity_number, registration_numbers, uscc
from chengxin.world.naming import Words, distinct, draw, filled, marks, persons
from chengxin.world.tables import column, shares, table

Days = NDArray[np.int64]

# Prefix of the code → share of all subjects.
SHARES = {"92": 0.737, "91": 0.245, "93": 0.008, "other": 0.010}
# 即墨市 became 即墨区 on 2017-10-30; a code keeps the region of the day it was given.
DISTRICT_SINCE = date(2017, 10, 30)
CODES_SINCE = date(2015, 10, 1)
PUBLIC_COLUMNS = [
    "code", "name", "kind", "former_names", "former_codes",
    "status", "status_on", "established_on", "street", "industry",
]  # fmt: skip
_HEAVY_TAIL = 1.15


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_series(name: str, days: Days, known: NDArray[np.bool_] | None = None) -> pl.Series:
    """Day numbers as a Date series; not known gives null."""
    series = pl.Series(name, days.astype(np.int32)).cast(pl.Date)
    return series if known is None else series.zip_with(pl.Series(known), pl.Series([None], dtype=pl.Date))


def make_subjects(rng: Generator, count: int, today: date, renamed: float = 0.05) -> pl.DataFrame:
    """The register: PUBLIC_COLUMNS and what the records need (prefix, form, trade, area, weight, representative …).

    `renamed`: the share that had another name before.
    """
    prefix = draw(rng, count, np.array(list(SHARES), dtype=object), np.array(list(SHARES.values())))
    frames = [
        make(rng, int((prefix == which).sum()), which)
        for which, make in (("92", _businesses), ("91", _businesses), ("93", _businesses), ("other", _others))
    ]
    frame = pl.concat([f for f in frames if f.height])
    mixed: pl.DataFrame = frame[rng.permutation(count).tolist()]
    frame = mixed.with_columns(_life(rng, count, today))
    return frame.with_columns(*_codes(rng, frame), *_former(rng, frame, renamed), *_people(rng, frame))


def _businesses(rng: Generator, count: int, prefix: str) -> pl.DataFrame:
    trades = table("trades")
    word = "shop" if prefix == "92" else "firm"
    if prefix == "93":
        trades = tuple(row for row in trades if row["area"] in ("farm", "sea"))
    chosen = rng.choice(len(trades), size=count, p=shares(trades, f"{word}_weight"))
    forms = [row for row in table("forms") if row["prefix"] == prefix]
    form = rng.choice(len(forms), size=count, p=shares(forms, "weight"))
    street, trade = _streets(rng, count), column(trades, word)[chosen]
    pattern = column(forms, "pattern")[form]
    names = distinct(rng, marks(rng, count), lambda mark: filled(pattern, street=street, trade=trade, mark=mark))
    return pl.DataFrame(
        {
            "prefix": [prefix] * count,
            "name": names,
            "form": column(forms, "form")[form],
            "street": street,
            "trade": trade,
            "industry": column(trades, "code")[chosen],
            "industry_name": column(trades, "industry")[chosen],
            "area": column(trades, "area")[chosen],
        },
        schema_overrides=dict.fromkeys(
            ("prefix", "name", "form", "street", "trade", "industry", "industry_name", "area"), pl.String
        ),
    )


def _others(rng: Generator, count: int, _: str) -> pl.DataFrame:
    rows = table("bodies")
    chosen = rng.choice(len(rows), size=count, p=shares(rows, "weight"))
    street, pattern = _streets(rng, count), column(rows, "pattern")[chosen]
    names = distinct(rng, marks(rng, count), lambda mark: filled(pattern, street=street, mark=mark))
    text = {
        "prefix": column(rows, "prefix")[chosen],
        "name": names,
        "form": column(rows, "word")[chosen],
        "street": street,
    }
    text |= {"trade": text["form"], "industry": column(rows, "industry")[chosen], "industry_name": text["form"]}
    text |= {"area": column(rows, "area")[chosen]}
    return pl.DataFrame(text, schema_overrides=dict.fromkeys(text, pl.String))


def _streets(rng: Generator, count: int) -> Words:
    return draw(rng, count, column(table("streets"), "street"), shares(table("streets"), "weight"))


def _life(rng: Generator, count: int, today: date) -> list[pl.Series]:
    """When each began and what became of it. The young are many, as in any register."""
    now = day_number(today)
    age = np.minimum(rng.exponential(2300, count).astype(np.int64) + 5, 31 * 365)
    began = now - age
    fate = rng.choice(3, size=count, p=[0.905, 0.085, 0.01])
    ended = began + (age * rng.uniform(0.3, 1.0, count)).astype(np.int64)
    # Weighted by a Pareto law: most subjects meet an office once or never, a few hundreds of times.
    weight = np.minimum(rng.pareto(_HEAVY_TAIL, count) + 0.05, 20 + count / 1500)
    return [
        day_series("established_on", began),
        pl.Series("status", np.array(["存续", "注销", "吊销"], dtype=object)[fate], dtype=pl.String),
        day_series("status_on", ended, fate > 0),
        pl.Series("weight", weight),
    ]


def _codes(rng: Generator, frame: pl.DataFrame) -> list[pl.Series]:
    count = frame.height
    old = (frame["established_on"] < DISTRICT_SINCE).to_numpy() & (rng.random(count) < 0.8)
    body = bodies(count, int(rng.integers(MOST_SUBJECTS)))
    code = [
        uscc(prefix, "370282" if was else "370215", b)
        for prefix, was, b in zip(frame["prefix"], old.tolist(), body, strict=True)
    ]
    kind = np.where(frame["prefix"].to_numpy() == "92", "sole_trader", "organisation").astype(object)
    return [pl.Series("code", code, dtype=pl.String), pl.Series("kind", kind, dtype=pl.String)]


def _former(rng: Generator, frame: pl.DataFrame, share: float) -> list[pl.Series]:
    """Former names (some had several) and the number that stood before the unified code."""
    count = frame.height
    names = frame["name"].to_numpy()
    renamed = (rng.random(count) < share) & ~np.isin(frame["prefix"].to_numpy(), ["11", "12"])
    earlier = distinct(rng, marks(rng, count), lambda mark: filled(_with_mark(names), mark=mark))
    taken = frame["name"].implode()
    free = ~pl.Series(earlier, dtype=pl.String).is_in(taken).to_numpy()
    has_number = (frame["established_on"] < CODES_SINCE).to_numpy() & frame["prefix"].is_in(
        ["91", "92", "93"]
    ).to_numpy()
    first = np.where(frame["prefix"].to_numpy() == "92", 60_000_000, 20_000_000)
    numbers = registration_numbers((first + np.arange(count)).tolist())
    return [
        _known("former_names", earlier, renamed & free),
        _known("former_codes", np.array(numbers, dtype=object), has_number),
    ]


def _with_mark(names: Words) -> Words:
    """The names with the trade name after 示例 made a place to fill; only its first two characters change."""
    return pl.Series(names, dtype=pl.String).str.replace("示例..", "示例{mark}").to_numpy()


def _known(name: str, words: Words, known: NDArray[np.bool_]) -> pl.Series:
    series = pl.Series(name, words, dtype=pl.String)
    return series.zip_with(pl.Series(known), pl.Series([None], dtype=pl.String))


def _people(rng: Generator, frame: pl.DataFrame) -> list[pl.Series]:
    """The legal representative or operator of each, with an identity number of nobody."""
    count = frame.height
    born = birthdays(rng, frame["established_on"].dt.epoch("d").to_numpy())
    numbers = [identity_number(day, n) for n, day in enumerate(born)]
    return [
        pl.Series("representative", persons(rng, count), dtype=pl.String),
        pl.Series("representative_number", numbers, dtype=pl.String),
        pl.Series("index", np.arange(count)),
    ]


def birthdays(rng: Generator, when: Days) -> list[date]:
    """Birth dates of persons who were 22 to 50 years old on the given days."""
    return day_series("born", when - rng.integers(22 * 366, 50 * 365, len(when))).to_list()
