"""Which acts somebody objects to, at a place in the log: the mark is on whatever shows the record, at every outlet, at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from chengxin.flow.store import SEALED
from chengxin.sharing.condition import At
from chengxin.site.access.asked import marks
from chengxin.site.folder import site_here
from chengxin.site.store.bulk import Schema, few_where, one_trip
from chengxin.site.store.persons import unsealed
from chengxin.standards.readers import View

_OPEN = """SELECT o.id, o.key, o.subject, o.raised_on, o.statement, o.shown, o.upheld_in FROM store_objection o
WHERE o.key IN ({marks}) AND o.since <= %s AND (o.until IS NULL OR o.until > %s) ORDER BY o.since"""
_ALL = """SELECT o.id, o.key, o.subject, o.raised_on, o.statement, o.shown, o.upheld_in FROM store_objection o
WHERE o.since <= %s AND (o.until IS NULL OR o.until > %s) ORDER BY o.since"""
# The acts whose objections changed between two places: six numbers, from and to, three times.
CHANGED = """SELECT o.key FROM store_objection o WHERE (o.since > %s AND o.since <= %s)
OR (o.until > %s AND o.until <= %s) OR (o.upheld_in > %s AND o.upheld_in <= %s)"""
_ROW: Schema = {
    "id": pl.String,
    "key": pl.String,
    "subject": pl.String,
    "raised_on": pl.Date,
    "statement": pl.String,
} | {
    "shown": pl.Boolean,
    "upheld_in": pl.Int32,
}
_ALWAYS = (View.SELF, View.HANDLED)  # whose own it is, and who decides


@dataclass(frozen=True)
class Disputed:
    """Since when an act is disputed, and what its subject states; `shown`: to whoever sees the record. `upheld`: it is to be
    corrected."""

    id: str
    subject: str
    since: date
    statement: str
    shown: bool
    upheld: bool

    def as_data(self) -> dict[str, object]:
        """The mark as plain data."""
        return {"since": self.since, "statement": self.statement or None}


def disputes(at: At, rows: Sequence[Mapping[str, Any]]) -> dict[str, Disputed]:
    """The open objections to these versions (columns id, key, since), by id of the version."""
    return _marked(at, rows, _open(at, {str(row["key"]) for row in rows}))


def disputes_among(at: At, rows: pl.DataFrame) -> dict[str, Disputed]:
    """The same for many rows at once: all that is open is asked for, since it is few."""
    opened = few_where(_ALL, _ROW, [at.committed, at.committed])
    if not opened:
        return {}
    found = rows.select("id", "key", "since").filter(pl.col("key").is_in([one["key"] for one in opened]))
    return _marked(at, found.to_dicts(), opened)


def _marked(at: At, rows: Sequence[Mapping[str, Any]], opened: Sequence[dict[str, Any]]) -> dict[str, Disputed]:
    first: dict[str, dict[str, Any]] = {}
    for one in opened:
        first.setdefault(one["key"], one)
    marked = {}
    for row in rows:
        found = first.get(str(row["key"]))
        upheld = found is not None and found["upheld_in"] is not None and found["upheld_in"] <= at.committed
        if found is None or (upheld and row["since"] > found["upheld_in"]):  # corrected since
            continue
        shown = found["statement"], bool(found["shown"])
        marked[str(row["id"])] = Disputed(found["id"], found["subject"], found["raised_on"], *shown, upheld)
    return marked


def told(disputed: Disputed | None, view: View, content: bool) -> Disputed | None:
    """The mark as this view may have it: the statement as far as the content may be seen and the subject wants it shown."""
    if disputed is None or (content and disputed.shown and view not in _ALWAYS):
        return disputed
    said = clear(disputed.statement, disputed.subject, f"{disputed.id} statement") if view in _ALWAYS else ""
    return replace(disputed, statement=said)


def clear(text: str, subject: str, place: str) -> str:
    """What was said about a person, opened with that person's key; nothing once that is destroyed. Of others as it is."""
    return (unsealed(site_here().keys, subject, place, text) or "") if text.startswith(SEALED) else text


def _open(at: At, keys: Collection[str]) -> list[dict[str, Any]]:
    if not keys:
        return []
    most = 1 << (len(keys) - 1).bit_length()  # so that there are few statements to prepare
    asked = [*keys, *[next(iter(keys))] * (most - len(keys))]
    return one_trip(_OPEN.format(marks=marks(asked)), _ROW, [*asked, at.committed, at.committed])
