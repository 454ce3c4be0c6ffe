"""What the validation may know of the registers: a frame of registrations, asked by code and by folded name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from chengxin.values.text import folded_lists, folded_names

COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "code": pl.String,
    "name": pl.String,
    "former_names": pl.List(pl.String),
    "status": pl.String,
    "status_on": pl.Date,
}
ENDED = ("注销", "吊销", "撤销", "吊销，未注销", "吊销，已注销", "已注销", "吊销未注销", "吊销已注销")


@dataclass(frozen=True)
class Registration:
    """`by_code`: one row per code. `by_name`: folded current names that belong to one code only."""

    by_code: pl.DataFrame
    by_name: pl.DataFrame

    def of(self, codes: pl.Series, folds: pl.Series) -> "Registration":
        """See `Registers`."""
        return self


class Registers(Protocol):
    """Registrations, all in memory or asked for: the answers are the same."""

    def of(self, codes: pl.Series, folds: pl.Series) -> Registration:
        """Registrations in which all that is known of these codes and folded names is found."""


@dataclass(frozen=True)
class Asked:
    """Registrations that are asked for chunk by chunk: `ask` gives those with one of the codes or one of the folded names."""

    ask: Callable[[pl.Series, pl.Series], pl.DataFrame]

    def of(self, codes: pl.Series, folds: pl.Series) -> Registration:
        """See `Registers`."""
        return registration_from(self.ask(codes.drop_nulls().unique(), folds.drop_nulls().unique()))


def registration_from(frame: pl.DataFrame) -> Registration:
    """Prepare a frame with the COLUMNS above (missing ones are taken as empty)."""
    missing = [pl.lit(None, dtype=t).alias(c) for c, t in COLUMNS.items() if c not in frame.columns]
    known = frame.with_columns(missing).filter(pl.col("code").is_not_null()).unique("code", keep="last")
    known = known.with_columns(
        folded_names(known["name"]).alias("fold"), folded_lists(known["former_names"]).alias("former_folds")
    )
    by_code = known.select("code", "name", "fold", "former_folds", "status", "status_on")
    owners = known.group_by("fold").agg(pl.col("code").first().alias("owner"), pl.len().alias("n"))
    return Registration(by_code, owners.filter((pl.col("n") == 1) & pl.col("fold").is_not_null()).drop("n"))


def with_registration(table: pl.DataFrame, registers: Registers, code: str, name: str) -> pl.DataFrame:
    """`table` with the columns @name, @fold, @former_folds, @status, @status_on of its code, @own_fold and @owner of its name."""
    table = table.with_columns(pl.col(name).map_batches(folded_names, return_dtype=pl.String).alias("@own_fold"))
    coded = table.filter(pl.col(code).is_not_null())  # a name without a code, a person's too, is asked of nobody
    registration = registers.of(coded[code], coded["@own_fold"])
    by_code = registration.by_code.select("code", pl.exclude("code").name.prefix("@"))
    owners = registration.by_name.select(pl.col("fold").alias("@own_fold"), pl.col("owner").alias("@owner"))
    return table.join(by_code, left_on=code, right_on="code", how="left", maintain_order="left").join(
        owners, on="@own_fold", how="left", maintain_order="left"
    )
