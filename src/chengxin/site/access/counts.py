"""Counts: of subjects and records, by the same gate and condition as what they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from chengxin.sharing.condition import At
from chengxin.sharing.terms import Term, Where, as_sql, named
from chengxin.site.access.asked import NAMES, Asked, marks
from chengxin.site.access.subjects import ALIVE
from chengxin.site.store.bulk import Schema, few_where
from chengxin.site.store.counted import NAMED
from chengxin.standards.readers import Kind

_OF_SUBJECTS = """SELECT r.subject, r.resource, substr(CAST(r.decided_on AS text), 1, 4), count(*), max(r.decided_on)
FROM store_record r JOIN store_subject s ON s.id = r.subject WHERE r.subject IN ({marks}) AND {where} GROUP BY 1, 2, 3"""
# What is counted stands in the cube under the names that the condition uses; where the cube can't tell, the records are counted.
_CUBE = """SELECT c.resource, c.kind, {month}, c.prompt, sum(c.n) FROM store_count c WHERE {where}
GROUP BY 1, 2, 3, 4 HAVING sum(c.n) <> 0"""
_RECORDS = """SELECT r.resource, s.kind, {month}, r.prompt, count(*) FROM store_record r
JOIN store_subject s ON s.id = r.subject WHERE {where} GROUP BY 1, 2, 3, 4"""
_MONTH = "COALESCE(substr(CAST({0}.decided_on AS text), 1, 7), '')"
_COUNTED: Schema = {"resource": pl.String, "kind": pl.String, "month": pl.String, "prompt": pl.Boolean, "n": pl.Int64}
_REGISTERS = f"""SELECT c.register, c.kind, sum(c.n) FROM store_subjectcount c WHERE {ALIVE.format("c")}
AND c.kind IN ({{marks}}) GROUP BY 1, 2 HAVING sum(c.n) <> 0"""  # noqa: S608 - names of ours
_BY_FACTS = f"""SELECT s.register, s.kind, count(*) FROM store_subject s JOIN store_subjectfact f ON f.subject = s.id
AND {ALIVE.format("f")} WHERE s.kind IN ({{marks}}) GROUP BY 1, 2"""  # noqa: S608 - names of ours
_FOLDED = "SELECT folded, folded_on FROM store_head"
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


@dataclass(frozen=True)
class Counted:
    """So many records: of a resource and kind of subject, by month of decision (YYYY-MM, empty if unknown).

    `prompt`: first told within the term of the catalogue, or not; None: no term, or not the first word of the act.
    """

    resource: str
    kind: Kind
    month: str
    prompt: bool | None
    n: int


def by_month(asked: Asked) -> list[Counted]:
    """All records that may be counted, by the very condition of the gate."""
    term = asked.term()
    found = from_cube(term) if named(term) <= set(NAMED) else None
    if found is None or not _told_apart(asked.at):
        found = from_records(term)
    return found


def from_cube(term: Term) -> list[Counted]:
    """What the condition chooses of the cube."""
    return _counted(_CUBE, "c", as_sql(term, {name: f'c."{name}"' for name in NAMED}))


def from_records(term: Term) -> list[Counted]:
    """What it chooses of the records themselves: the same, and it takes as long as there are records."""
    return _counted(_RECORDS, "r", as_sql(term, NAMES))


def _counted(sql: str, table: str, where: Where) -> list[Counted]:
    rows = few_where(sql.format(month=_MONTH.format(table), where=where.sql), _COUNTED, where.values)
    return [Counted(r["resource"], Kind(r["kind"]), r["month"], r["prompt"], int(r["n"])) for r in rows]


def registers(asked: Asked) -> list[tuple[str, Kind, int]]:
    """Subjects that have a name now: register, kind, how many."""
    found = _subjects(_REGISTERS, asked)
    return found if _told_apart(asked.at) else by_names(asked)


def by_names(asked: Asked) -> list[tuple[str, Kind, int]]:
    """The same, counted from the names themselves."""
    return _subjects(_BY_FACTS, asked)


def _subjects(sql: str, asked: Asked) -> list[tuple[str, Kind, int]]:
    kinds = [k.value for k in asked.kinds() if k is not Kind.PERSON]
    if not kinds:
        return []
    schema = {"register": pl.String, "kind": pl.String, "n": pl.Int64}
    rows = few_where(sql.format(marks=marks(kinds)), schema, [asked.at.committed, asked.at.committed, *kinds])
    return [(r["register"], Kind(r["kind"]), int(r["n"])) for r in rows]


def _told_apart(at: At) -> bool:
    """True if the cube still tells this day and place apart; asked after it was read, since it may just be folded."""
    head = few_where(_FOLDED, {"folded": pl.Int32, "folded_on": pl.Date})
    return bool(head) and at.included >= head[0]["folded"] and at.day >= (head[0]["folded_on"] or date.max)


def sent(asked: Asked) -> dict[str, Sent]:
    """Which resources were ever sent: of files, not of records."""
    schema = {"resource": pl.String, "n": pl.Int64, "last": pl.Date}
    return {r["resource"]: Sent(r["n"], r["last"]) for r in few_where(_SENT, schema, [asked.at.committed])}
