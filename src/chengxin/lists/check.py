"""Check a subject as of a day. Any one of record, clause or day ends, and the answer is empty by itself."""

from datetime import date

import polars as pl


def in_force(day: date) -> pl.Expr:
    """True from the day of the decision to the last day, inclusive. No stored state is asked."""
    begun = (pl.col("decided_on") <= day).fill_null(False)
    return begun & (pl.col("last_day").is_null() | (pl.col("last_day") >= day))


def check(records: pl.DataFrame, code: str, day: date) -> pl.DataFrame:
    """List entries and adverse records of one subject in force on `day`, newest first (columns of registers.RECORDS).

    Penalties whose class the deciding body has not confirmed are not adverse (design, section 5), and records that rest
    on facts not yet confirmed bind nobody (design 1.6): neither appears.
    """
    own = (pl.col("subject") == code) & pl.col("adverse") & ~pl.col("draft")
    return records.filter(own & in_force(day)).sort("decided_on", descending=True)
