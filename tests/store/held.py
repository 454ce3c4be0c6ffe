"""What a store holds as known at the end of a day, in the columns in which a world tells its truth."""

import json
from datetime import date
from typing import Any

import polars as pl

from chengxin.standards.load import load_catalogue
from chengxin.world.truth import Truth

_LIVES = "{t}.since <= %s AND ({t}.until IS NULL OR {t}.until > %s)"
_FACTS = f"""
SELECT f.subject, f.code, f.name, f.status, f.status_on, CAST(f.former_names AS text) FROM store_subjectfact f
WHERE {_LIVES.format(t="f")}
"""
_RECORDS = f"""
SELECT r.subject, r.key, r.resource, r.document, r.decided_on, r.last_day, r.content, r.sender FROM store_record r
WHERE {_LIVES.format(t="r")} AND r.state = 'in_force' AND r.content NOT LIKE 'sealed:%%'
"""
_SOURCES = """
SELECT DISTINCT a.key, s.authority FROM store_saidagain a
JOIN store_changeset s ON s.number = a.since AND s.number <= %s AND (s.undone_in IS NULL OR s.undone_in > %s)
JOIN store_record r ON r.key = a.key AND r.said_in = a.said_in AND r.sender <> s.authority
"""


def held(known: date) -> Truth:
    """Subjects and their records in force at that position of the store."""
    from chengxin.site.store.standpoint import position

    at = position(known)
    facts = _rows(_FACTS, ("subject", "code", "name", "status", "status_on", "former_names"), at)
    former = [json.loads(names) for names in facts["former_names"]]
    facts = facts.with_columns(pl.Series("former_names", former, dtype=pl.List(pl.String)))
    names = ("subject", "key", "resource", "document", "decided_on", "last_day", "content", "sender")
    records = _rows(_RECORDS, names, at)
    others = _rows(_SOURCES, ("key", "sender"), at).group_by("key").agg(pl.col("sender").alias("others"))
    found = records.join(facts.select("subject", "code"), on="subject").join(others, on="key", how="left")
    words = [_words(r, c) for r, c in found.select("resource", "content").iter_rows()]
    sources = [sorted({s, *(o or ())}) for s, o in found.select("sender", "others").iter_rows()]
    told = found.with_columns(
        pl.Series("words", words, dtype=pl.String), pl.Series("sources", sources, dtype=pl.List(pl.String))
    ).select("resource", "document", "decided_on", "last_day", "words", "sources", "code")
    return Truth(facts.drop("subject").sort("code"), told.sort("code", "resource", "document", "decided_on"))


def _rows(sql: str, names: tuple[str, ...], at: tuple[int, int]) -> pl.DataFrame:
    from chengxin.site.store.bulk import rows_where

    days = ("status_on", "decided_on", "last_day")
    return rows_where(sql, {n: pl.Date if n in days else pl.String for n in names}, at)


def _words(resource: str, content: str) -> str:
    said: dict[str, Any] = json.loads(content)
    roles = load_catalogue(date(2026, 11, 24)).resource(resource).roles
    parts = (said.get(roles.get(role, "")) for role in ("content", "revocation"))
    return "｜".join(str(p) for p in parts if p is not None)


def differences(true: Truth, found: Truth) -> list[dict[str, Any]]:
    """What is only in one of the two, with `side` true or held."""
    wrong = []
    for one, other in ((true.subjects, found.subjects), (true.records, found.records)):
        for side, mine, yours in (("true", one, other), ("held", other, one)):
            lists = [pl.col(c).list.join("|") for c, t in mine.schema.items() if t == pl.List]
            columns = sorted(mine.columns)
            left, right = (f.with_columns(lists).select(columns) for f in (mine, yours))
            extra = left.join(right, on=columns, how="anti", nulls_equal=True)
            wrong += [{"side": side, **row} for row in extra.to_dicts()]
        if one.height != other.height:
            wrong.append({"side": "count", "true": one.height, "held": other.height})
    return wrong
