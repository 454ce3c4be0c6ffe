"""Terms: what a condition becomes, in four forms joined by *all of* and *any of*, compiled to Polars and to SQL.

There is no *not*, and an empty cell satisfies nothing but *empty*: so a term is never half true, and the two compilers can only
agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

import polars as pl

Value = str | int | bool | date


@dataclass(frozen=True)
class OneOf:
    """The column holds one of the values."""

    column: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class AtLeast:
    """The column holds the value or more."""

    column: str
    value: int | date


@dataclass(frozen=True)
class AtMost:
    """The column holds the value or less."""

    column: str
    value: int | date


@dataclass(frozen=True)
class Empty:
    """The column holds nothing."""

    column: str


@dataclass(frozen=True)
class AllOf:
    """Each term holds; of no terms: always."""

    terms: tuple["Term", ...]


@dataclass(frozen=True)
class AnyOf:
    """One term holds at least; of no terms: never."""

    terms: tuple["Term", ...]


Term = OneOf | AtLeast | AtMost | Empty | AllOf | AnyOf
NEVER = AnyOf(())
ALWAYS = AllOf(())
# The columns a term may name. `kind` is the subject's, the others are the record's.
COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "kind": pl.String,
    "resource": pl.String,
    "subject": pl.String,
    "state": pl.String,
    "severity": pl.String,
    "adverse": pl.Boolean,
    "published": pl.Boolean,
    "draft": pl.Boolean,
    "decided_on": pl.Date,
    "last_day": pl.Date,
    "sender": pl.String,
    "authority_code": pl.String,
    "since": pl.Int32,
    "until": pl.Int32,
}


def as_polars(term: Term) -> pl.Expr:
    """The term as an expression on a frame with the columns it names (`COLUMNS`); true or false, never null."""
    match term:
        case OneOf(column, values):
            return pl.col(column).is_in(list(values)).fill_null(False)
        case AtLeast(column, value):
            return (pl.col(column) >= value).fill_null(False)
        case AtMost(column, value):
            return (pl.col(column) <= value).fill_null(False)
        case Empty(column):
            return pl.col(column).is_null()
        case AllOf(terms):
            return reduce(lambda a, b: a & b, map(as_polars, terms), pl.lit(True))
        case AnyOf(terms):
            return reduce(lambda a, b: a | b, map(as_polars, terms), pl.lit(False))


def named(term: Term) -> set[str]:
    """The columns that a term names."""
    if isinstance(term, AllOf | AnyOf):
        return {column for part in term.terms for column in named(part)}
    return {term.column}


@dataclass(frozen=True)
class Where:
    """The text after WHERE with `%s` for each value, for PostgreSQL and SQLite alike; days are written YYYY-MM-DD."""

    sql: str
    values: tuple[str | int | bool, ...]


def as_sql(term: Term, columns: Mapping[str, str] | None = None) -> Where:
    """The term as SQL. `columns`: how a query of joined tables calls a column, e.g. {"kind": 's."kind"'}."""
    names = {name: f'"{name}"' for name in COLUMNS} | dict(columns or {})
    values: list[str | int | bool] = []
    return Where(_text(term, names, values), tuple(values))


def _text(term: Term, names: Mapping[str, str], values: list[str | int | bool]) -> str:
    match term:
        case OneOf(column, among):
            values.extend(_plain(v) for v in among)
            return f"{names[column]} IN ({', '.join(['%s'] * len(among))})" if among else "1 = 0"
        case AtLeast(column, value):
            values.append(_plain(value))
            return f"{names[column]} >= %s"
        case AtMost(column, value):
            values.append(_plain(value))
            return f"{names[column]} <= %s"
        case Empty(column):
            return f"{names[column]} IS NULL"
        case AllOf(terms):
            return "(" + " AND ".join(_text(t, names, values) for t in terms) + ")" if terms else "1 = 1"
        case AnyOf(terms):
            return "(" + " OR ".join(_text(t, names, values) for t in terms) + ")" if terms else "1 = 0"


def _plain(value: Value) -> str | int | bool:
    return value.isoformat() if isinstance(value, date) else value
