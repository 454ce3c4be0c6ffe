"""Small steps on one column that Polars would make a plan for, each a few microseconds instead of fifty."""

import re
from collections.abc import Collection
from functools import lru_cache

import polars as pl

FEW = 64  # rows; below that, one by one is quicker than whole columns


def everywhere(value: str | bool, like: pl.Series) -> pl.Series:
    """A series as long as `like` that says `value` in every cell."""
    return _alike(value, len(like)) if len(like) < FEW else pl.Series([value]).new_from_index(0, len(like))


@lru_cache(1024, typed=True)
def _alike(value: str | bool, height: int) -> pl.Series:
    """Never changed in place by whoever is given it."""
    return pl.Series([value]).new_from_index(0, height)


def nowhere(like: pl.Series) -> pl.Series:
    """A Boolean series as long as `like` that is false everywhere."""
    return everywhere(False, like)


def there(values: pl.Series) -> pl.Series:
    """Where a cell is not null."""
    if not values.null_count():
        return everywhere(True, values)
    return values.is_not_null() if values.null_count() < len(values) else nowhere(values)


def certain(mask: pl.Series, unknown: bool = False) -> pl.Series:
    """A Boolean series with `unknown` in place of null."""
    return mask.fill_null(unknown) if mask.null_count() else mask


def holds(values: pl.Series, pattern: str) -> pl.Series:
    """Where a cell holds `pattern` (written alike for Python and for Polars); null stays null."""
    if len(values) < FEW:
        found = [None if text is None else re.search(pattern, text) is not None for text in values.to_list()]
        return pl.Series(found, dtype=pl.Boolean)
    return values.str.contains(pattern)


def among(values: pl.Series, some: Collection[str]) -> pl.Series:
    """Where a cell is one of these; null stays null."""
    if len(values) < FEW:
        return pl.Series([None if text is None else text in some for text in values.to_list()], dtype=pl.Boolean)
    return values.is_in(list(some))


def put(whole: pl.Series, mask: pl.Series, part: pl.Series) -> pl.Series:
    """`whole` with the cells under `mask` taken from `part` (in order)."""
    if len(part) == len(whole):
        return part
    return whole.clone().scatter(mask.arg_true(), part) if len(part) else whole


def essence(values: pl.Series) -> pl.Series:
    """What must be looked at to have seen every value: one cell where all are alike, as an authority's name in its file."""
    if len(values) < FEW or values[0] is None or values[0] != values[FEW - 1]:
        return values
    return values.head(1) if (values == values[0]).all(ignore_nulls=False) else values
