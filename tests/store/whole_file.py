"""A credit file as the store holds it whole, past the gate: what the tests of the store look at, opened against the log."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from chengxin.site.store import standpoint
from chengxin.site.store.bulk import Schema, one_trip
from chengxin.site.store.proof import LEAF, LEAF_FROM, LEAF_SQL, LOGGED, LOGGED_FROM, LOGGED_SQL, opened
from chengxin.site.store.registers import WHOLE
from chengxin.site.store.standpoint import merged_with

_SUBJECT: Schema = {"subject": pl.String, "code": pl.String, "name": pl.String, "former_names": pl.String} | {
    "status": pl.String,
    "status_on": pl.Date,
    "kind": pl.String,
}
_ALIVE = "{0}.since <= %s AND ({0}.until IS NULL OR {0}.until > %s)"
_FIND = f"SELECT i.subject FROM store_identifier i WHERE i.value = %s AND i.kind <> 'person' AND {_ALIVE.format('i')}"
_FACTS = (
    "SELECT f.subject, f.code, f.name, CAST(f.former_names AS text), f.status, f.status_on, s.kind "
    f"FROM store_subjectfact f JOIN store_subject s ON s.id = f.subject WHERE f.subject IN ({{marks}}) AND {_ALIVE.format('f')}"
)
_RECORDS = f"""
SELECT {", ".join(f"r.{c}" for c in WHOLE)}, {LOGGED_SQL}, {LEAF_SQL} FROM store_record r {LOGGED_FROM} {LEAF_FROM}
WHERE r.subject IN ({{marks}}) AND {_ALIVE.format("r")}
"""


@dataclass(frozen=True)
class CreditFile:
    """A subject with those judged to be the same, its records in force, and what does not fit the log (id, why)."""

    subject: dict[str, object]
    merged: list[dict[str, object]]  # subjects judged to be the same
    records: pl.DataFrame
    withheld: list[tuple[str, str]]


def credit_file(code: str, on: date, known: date | None = None) -> CreditFile | None:
    """The file of the organisation that a code (present or former) leads to; None if it leads nowhere."""
    included, committed = standpoint.position(known)
    at, named = (included, committed), (committed, committed)  # a name is no burden
    found = one_trip(_FIND, {"subject": pl.String}, (code, *named))
    if not found:
        return None
    group = merged_with(found[0]["subject"], *at)
    facts = one_trip(_FACTS.format(marks=_marks(group)), _SUBJECT, (*group, *named))
    rows = one_trip(_RECORDS.format(marks=_marks(group)), {**WHOLE, **LOGGED, **LEAF}, (*group, *at))
    good, withheld = opened(rows)
    sound = pl.DataFrame(good, schema={**WHOLE, **LOGGED})
    in_force = (pl.col("state") == "in_force") & (pl.col("last_day").is_null() | (pl.col("last_day") >= on))
    begun = pl.col("decided_on").is_null() | (pl.col("decided_on") <= on)
    records = sound.filter(in_force & begun).sort("resource", "decided_on", descending=[False, True], nulls_last=True)
    if len(group) > 1:
        records = _once(records)
    first, *others = sorted(facts, key=lambda fact: group.index(fact["subject"]))
    return CreditFile(first, others, records, withheld)


def _once(records: pl.DataFrame) -> pl.DataFrame:
    """One act that stood under two codes is one act: the later word of it. A permit's number tells it from others of its document."""
    act = ["resource", "document", "authority_code", "decided_on", "number"]
    named = records.filter(pl.col("document").is_not_null()).with_columns(
        pl.col("content").str.json_path_match("$.XK_XKBH").alias("number")
    )
    last = named.sort("source_order").unique(act, keep="last", maintain_order=True)["id"]
    return records.filter(pl.col("document").is_null() | pl.col("id").is_in(last.implode()))


def _marks(values: list[str]) -> str:
    return ", ".join(["%s"] * len(values))
