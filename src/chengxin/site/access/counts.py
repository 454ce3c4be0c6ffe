"""Counts: of subjects and records, by the same gate and condition as what they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from chengxin.site.access.asked import Asked, marks
from chengxin.site.access.subjects import ALIVE
from chengxin.site.store.bulk import few_where
from chengxin.standards.readers import Kind

_OF_SUBJECTS = """SELECT r.subject, r.resource, substr(CAST(r.decided_on AS text), 1, 4), count(*), max(r.decided_on)
FROM store_record r JOIN store_subject s ON s.id = r.subject WHERE r.subject IN ({marks}) AND {where} GROUP BY 1, 2, 3"""
_BY_MONTH = """SELECT r.resource, s.kind, substr(CAST(r.decided_on AS text), 1, 7), count(*) FROM store_record r
JOIN store_subject s ON s.id = r.subject WHERE {where} GROUP BY 1, 2, 3"""
_REGISTERS = f"""SELECT s.register, s.kind, count(*) FROM store_subject s JOIN store_subjectfact f ON f.subject = s.id
AND {ALIVE.format("f")} WHERE s.kind IN ({{marks}}) GROUP BY 1, 2"""  # noqa: S608 - names of ours
_SENT = """SELECT resource, count(*), max(known_on) FROM store_submission WHERE state = 'effective' AND change_set <= %s
GROUP BY resource"""


@dataclass(frozen=True)
class Held:
    """How many records of one resource and year a subject has, and the day of the last. A record without a day has no year."""

    resource: str
    year: str
    number: int
    last: date | None


@dataclass(frozen=True)
class Sent:
    """How often a resource was sent, and when last."""

    times: int
    last: date


def of_subjects(asked: Asked, subjects: Sequence[str]) -> dict[str, list[Held]]:
    """Records of each subject by resource and year of the decision."""
    if not subjects:
        return {}
    where = asked.where()
    sql = _OF_SUBJECTS.format(marks=marks(subjects), where=where.sql)
    schema = {"subject": pl.String, "resource": pl.String, "year": pl.String, "n": pl.Int64, "last": pl.Date}
    found: dict[str, list[Held]] = {}
    for row in few_where(sql, schema, [*subjects, *where.values]):
        found.setdefault(row["subject"], []).append(Held(row["resource"], row["year"] or "", row["n"], row["last"]))
    return found


def by_month(asked: Asked) -> list[tuple[str, Kind, str, int]]:
    """All records: resource, kind of subject, month of the decision (YYYY-MM, empty if unknown), how many."""
    where = asked.where()
    schema = {"resource": pl.String, "kind": pl.String, "month": pl.String, "n": pl.Int64}
    rows = few_where(_BY_MONTH.format(where=where.sql), schema, where.values)
    return [(r["resource"], Kind(r["kind"]), r["month"] or "", r["n"]) for r in rows]


def registers(asked: Asked) -> list[tuple[str, Kind, int]]:
    """Subjects that have a name now: register, kind, how many."""
    kinds = [k.value for k in asked.kinds() if k is not Kind.PERSON]
    if not kinds:
        return []
    at = asked.at.committed
    schema = {"register": pl.String, "kind": pl.String, "n": pl.Int64}
    rows = few_where(_REGISTERS.format(marks=marks(kinds)), schema, [at, at, *kinds])
    return [(r["register"], Kind(r["kind"]), r["n"]) for r in rows]


def sent(asked: Asked) -> dict[str, Sent]:
    """Which resources were ever sent: of files, not of records."""
    schema = {"resource": pl.String, "n": pl.Int64, "last": pl.Date}
    return {r["resource"]: Sent(r["n"], r["last"]) for r in few_where(_SENT, schema, [asked.at.committed])}
