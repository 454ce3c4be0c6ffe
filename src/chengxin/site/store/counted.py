"""The cube of counts: how many versions are alike in all that the condition of a count can name.

Rows are added with the change set that makes or ends versions, and folded now and then; none is ever changed. A version that
ends leaves its cell of living ones (-n) for that of ended ones (+n), which bears the number it ended with. So the gate's
condition chooses the same of these rows as of the records, at any place in the log and on any day since they were last folded.
"""

from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from chengxin.site.store.bulk import Schema, chosen, put_rows, rows_where

# What a condition may name of a record, less whose it is: the columns of the cube that the gate knows.
NAMED: Schema = {"resource": pl.String, "kind": pl.String, "state": pl.String, "severity": pl.String} | {
    **dict.fromkeys(("adverse", "published", "draft"), pl.Boolean),
    **dict.fromkeys(("decided_on", "last_day"), pl.Date),
    **dict.fromkeys(("since", "until"), pl.Int32),
}
CUBE: Schema = {**NAMED, "prompt": pl.Boolean}
OF_SUBJECTS: Schema = {"register": pl.String, "kind": pl.String, "since": pl.Int32, "until": pl.Int32}
FOLD_AFTER = 50_000  # rows
_GONE = date(1900, 1, 1)  # a last day before the day of folding: it is over, whichever it was
_ENDING = f"""SELECT {", ".join("s.kind" if c == "kind" else f"r.{c}" for c in CUBE)}, count(*) FROM {{chosen}} c
JOIN store_record r ON r.id = c.key AND r.until IS NULL JOIN store_subject s ON s.id = r.subject
GROUP BY {", ".join(str(n + 1) for n in range(len(CUBE)))}"""  # noqa: S608 - names of ours
_UNNAMED = """SELECT s.register, s.kind, f.since, f.until, count(*) FROM {chosen} c
JOIN store_subjectfact f ON f.subject = c.key AND f.until IS NULL JOIN store_subject s ON s.id = f.subject GROUP BY 1, 2, 3, 4"""
_KINDS = "SELECT c.key, s.register, s.kind FROM {chosen} c JOIN store_subject s ON s.id = c.key"
_ALL = "SELECT {columns}, n FROM {table} WHERE id <= %s"


class Tally:
    """What a change set does to the counts, gathered while it is staged and written where it becomes visible."""

    def __init__(self, number: int, day: date) -> None:
        self.number, self.day = number, day
        self._records: list[pl.DataFrame] = []
        self._subjects: list[pl.DataFrame] = []

    def begun(self, records: pl.DataFrame) -> None:
        """Versions as they are put: with `kind`, the subject's, and `prompt`, where they are at hand."""
        if "prompt" not in records.columns:
            records = records.with_columns(pl.lit(None, pl.Boolean).alias("prompt"))
        if "kind" not in records.columns:
            kinds = _kinds(records["subject"]).select(pl.col("key").alias("subject"), "kind")
            records = records.join(kinds, on="subject", how="left")
        self._records.append(_added_up(records.with_columns(pl.lit(1, pl.Int64).alias("n")), CUBE, self.day))

    def ending(self, ids: pl.Series) -> None:
        """Living versions that are about to end with this change set."""
        ended = rows_where(_ENDING.format(chosen=chosen(ids, "uuid")), {**CUBE, "n": pl.Int64})
        self._records += [_added_up(part, CUBE, self.day) for part in self._moved(ended)]

    def named(self, facts: pl.DataFrame, born: pl.DataFrame | None) -> None:
        """Facts as they were put; `born`: the subjects that this step has made."""
        kinds = pl.DataFrame(schema={"key": pl.String, "register": pl.String, "kind": pl.String})
        if born is not None:
            kinds = born.select(pl.col("id").alias("key"), "register", "kind")
        others = facts["subject"].filter(~facts["subject"].is_in(kinds["key"].implode()))
        if others.len():
            kinds = pl.concat([kinds, _kinds(others)])
        known = facts.join(kinds, left_on="subject", right_on="key", how="left")
        self._subjects.append(_added_up(known.with_columns(pl.lit(1, pl.Int64).alias("n")), OF_SUBJECTS))

    def unnaming(self, subjects: pl.Series) -> None:
        """Subjects whose fact is about to end with this change set."""
        ended = rows_where(_UNNAMED.format(chosen=chosen(subjects, "uuid")), {**OF_SUBJECTS, "n": pl.Int64})
        self._subjects += self._moved(ended)

    def _moved(self, ended: pl.DataFrame) -> list[pl.DataFrame]:
        ends = pl.lit(self.number, pl.Int32).alias("until")
        return [ended.with_columns(-pl.col("n")), ended.with_columns(ends)]

    def write(self) -> None:
        """Add it all, and fold if there is much; in the transaction that makes the change set visible."""
        for table, columns, parts in (
            ("store_count", CUBE, self._records),
            ("store_subjectcount", OF_SUBJECTS, self._subjects),
        ):
            if parts:
                put_rows(table, _added_up(pl.concat(parts), columns))
        _do(
            "UPDATE store_head SET folded_on = %s WHERE folded_on IS NULL OR folded_on < %s",
            *[self.day.isoformat()] * 2,
        )
        _fold_if_many(self.number - 1, self.day)


def _kinds(subjects: pl.Series) -> pl.DataFrame:
    return rows_where(
        _KINDS.format(chosen=chosen(subjects, "uuid")), dict.fromkeys(("key", "register", "kind"), pl.String)
    )


def _added_up(rows: pl.DataFrame, columns: Schema, day: date | None = None) -> pl.DataFrame:
    """Alike rows as one with their sum `n`; days of decision up to `day` as the first of their month."""
    if day:
        decided = pl.col("decided_on")
        rows = rows.with_columns(
            pl.when(decided <= day).then(decided.dt.truncate("1mo")).otherwise(decided).alias("decided_on")
        )
    return rows.group_by(*columns, maintain_order=True).agg(pl.col("n").sum()).filter(pl.col("n") != 0)


def _fold_if_many(place: int, day: date) -> None:
    last = _one("SELECT coalesce(max(id), 0) FROM store_count")
    counted = _one("SELECT counted FROM store_head")
    if last - counted <= FOLD_AFTER:
        return
    fold(place, day)


def fold(place: int, day: date) -> None:
    """Make the cube small: from now on places before `place` and days before `day` are no longer told apart.

    `place` must be included in the log, so that no new reader stands before it.
    """
    last = _one("SELECT coalesce(max(id), 0) FROM store_count")
    earlier = [
        pl.when(pl.col(c) <= place).then(place).otherwise(pl.col(c)).cast(pl.Int32).alias(c) for c in ("since", "until")
    ]
    over = pl.when(pl.col("last_day") < day).then(pl.lit(_GONE)).otherwise("last_day").alias("last_day")
    whole = rows_where(_ALL.format(columns=", ".join(CUBE), table="store_count"), {**CUBE, "n": pl.Int64}, (last,))
    put_rows("store_count", _added_up(whole.with_columns(*earlier, over), CUBE, day))
    _do("DELETE FROM store_count WHERE id <= %s", last)
    named = _one("SELECT coalesce(max(id), 0) FROM store_subjectcount")
    columns = ", ".join(OF_SUBJECTS)
    whole = rows_where(
        _ALL.format(columns=columns, table="store_subjectcount"), {**OF_SUBJECTS, "n": pl.Int64}, (named,)
    )
    put_rows("store_subjectcount", _added_up(whole.with_columns(*earlier), OF_SUBJECTS))
    _do("DELETE FROM store_subjectcount WHERE id <= %s", named)
    _do("UPDATE store_head SET counted = (SELECT coalesce(max(id), 0) FROM store_count), folded = %s", place)


def _one(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _do(sql: str, *values: int | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
