"""A subject's credit file out of the store: as of a day, as known on a day, every record opened against the log."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from chengxin.site.store.bulk import Schema, few_where, rows_where
from chengxin.site.store.models import ChangeSet, Head
from chengxin.site.store.proof import LOGGED, LOGGED_FROM, LOGGED_SQL, opened
from chengxin.site.store.registers import WHOLE

_SUBJECT: Schema = {"subject": pl.String, "code": pl.String, "name": pl.String, "former_names": pl.String} | {
    "status": pl.String,
    "status_on": pl.Date,
    "kind": pl.String,
}
_ALIVE = "{0}.since <= %s AND ({0}.until IS NULL OR {0}.until > %s)"
_FIND = f"SELECT i.subject FROM store_identifier i WHERE i.value = %s AND i.kind <> 'person' AND {_ALIVE.format('i')}"  # noqa: S608
_MERGED = (
    "SELECT m.subject, m.target FROM store_merge m WHERE (m.subject = %s OR m.target = %s) "  # noqa: S608
    f"AND {_ALIVE.format('m')} ORDER BY m.id"
)
_FACTS = (
    "SELECT f.subject, f.code, f.name, CAST(f.former_names AS text), f.status, f.status_on, s.kind "  # noqa: S608
    f"FROM store_subjectfact f JOIN store_subject s ON s.id = f.subject WHERE f.subject IN ({{marks}}) AND {_ALIVE.format('f')}"
)
_RECORDS = f"""
SELECT {", ".join(f"r.{c}" for c in WHOLE)}, {LOGGED_SQL} FROM store_record r {LOGGED_FROM}
WHERE r.subject IN ({{marks}}) AND {_ALIVE.format("r")}
"""  # noqa: S608 - names of ours


@dataclass(frozen=True)
class CreditFile:
    """A subject with those judged to be the same, its records in force, and what does not fit the log (id, why)."""

    subject: dict[str, object]
    merged: list[dict[str, object]]  # subjects judged to be the same
    records: pl.DataFrame
    withheld: list[tuple[str, str]]


def position(known: date | None) -> tuple[int, int]:
    """Up to which change set burdens count and rows end: now, or as it was known at the end of a day.

    Nothing counts that came after something of a later day, whatever day it bears itself.
    """
    head = Head.objects.get()
    if known is None:
        return head.included, head.committed
    later = ChangeSet.objects.filter(known_on__gt=known, number__lte=head.included).order_by("number").first()
    last = later.number - 1 if later else head.included
    return last, last


def credit_file(code: str, on: date, known: date | None = None) -> CreditFile | None:
    """The file of the organisation that a code (present or former) leads to; None if it leads nowhere."""
    included, committed = position(known)
    at, named = (included, committed), (committed, committed)  # a name is no burden
    found = rows_where(_FIND, {"subject": pl.String}, (code, *named))
    if found.is_empty():
        return None
    group = merged_with(str(found["subject"][0]), *at)
    facts = rows_where(_FACTS.format(marks=_marks(group)), _SUBJECT, (*group, *named))
    rows = few_where(_RECORDS.format(marks=_marks(group)), {**WHOLE, **LOGGED}, (*group, *at))
    good, withheld = opened(rows)
    sound = pl.DataFrame(good, schema={**WHOLE, **LOGGED})
    in_force = (pl.col("state") == "in_force") & (pl.col("last_day").is_null() | (pl.col("last_day") >= on))
    begun = pl.col("decided_on").is_null() | (pl.col("decided_on") <= on)
    records = sound.filter(in_force & begun).sort("resource", "decided_on", descending=[False, True], nulls_last=True)
    if len(group) > 1:
        records = _once(records)
    first, *others = sorted(facts.to_dicts(), key=lambda fact: group.index(str(fact["subject"])))
    return CreditFile(first, others, records, withheld)


def merged_with(subject: str, included: int, committed: int) -> list[str]:
    """The subjects judged to be the same as this one, itself among them; first the one under whose name they are shown."""
    pairs = _pairs(subject, included, committed)
    if not pairs:
        return [subject]
    into = dict(pairs)
    while subject in into:
        subject = into[subject]
        into |= dict(_pairs(subject, included, committed))
    group = [subject]
    for one in group:  # grows while it is walked
        group += [merged for merged, target in _pairs(one, included, committed) if target == one]
    return group


def _pairs(subject: str, included: int, committed: int) -> list[tuple[str, str]]:
    """The merges that a subject is a side of: who was merged, into whom."""
    schema = {"subject": pl.String, "target": pl.String}
    rows = few_where(_MERGED, schema, (subject, subject, included, committed))
    return [(row["subject"], row["target"]) for row in rows]


def _once(records: pl.DataFrame) -> pl.DataFrame:
    """One act that stood under two codes is one act: the later word of it."""
    act = ["resource", "document", "authority_code", "decided_on"]
    named = records.filter(pl.col("document").is_not_null())
    last = named.sort("source_order").unique(act, keep="last", maintain_order=True)["id"]
    return records.filter(pl.col("document").is_null() | pl.col("id").is_in(last.implode()))


def _marks(values: list[str]) -> str:
    return ", ".join(["%s"] * len(values))
