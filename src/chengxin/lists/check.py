"""Check a subject as of a day. Any one of record, clause or day ends, and the answer is empty by itself."""

from datetime import date

import polars as pl

from chengxin.sharing.terms import AllOf, AnyOf, AtLeast, AtMost, Empty, OneOf, Term, as_polars


def on(day: date) -> Term:
    """From the day of the decision to the last day, inclusive. No stored state is asked."""
    return AllOf((AtMost("decided_on", day), AnyOf((Empty("last_day"), AtLeast("last_day", day)))))


def burdens(day: date) -> Term:
    """List entries and adverse records in force on `day`.

    Penalties whose class the deciding body has not confirmed are not adverse (design, section 5), and records that rest
    on facts not yet confirmed bind nobody (design 1.6): neither counts.
    """
    return AllOf((OneOf("adverse", (True,)), OneOf("draft", (False,)), on(day)))


def in_force(day: date) -> pl.Expr:
    """`on` as an expression."""
    return as_polars(on(day))


def check(records: pl.DataFrame, code: str, day: date) -> pl.DataFrame:
    """The `burdens` of one subject on `day`, newest first (columns of registers.RECORDS)."""
    own = pl.col("subject") == code
    return records.filter(own & as_polars(burdens(day))).sort("decided_on", descending=True)
