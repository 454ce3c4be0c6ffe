"""The feed of changes and the snapshot: the gate's condition told in parts of bounded size, every record opened and cut.

Of a version that is gone only its id is told, and only if the outlet could ever have shown it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import polars as pl

from chengxin.sharing.condition import Condition
from chengxin.sharing.feed import Place, Step, between
from chengxin.sharing.outlets import outlet_named
from chengxin.sharing.terms import as_sql
from chengxin.site.access.asked import NAMES, Asked, Who, place
from chengxin.site.access.cursors import Cursor, first, given, taken
from chengxin.site.access.looks import write_look
from chengxin.site.access.reading import cut
from chengxin.site.store.bulk import Schema, few_where
from chengxin.site.store.proof import LOGGED, LOGGED_FROM, LOGGED_SQL, Row, opened
from chengxin.site.store.registers import WHOLE
from chengxin.standards.load import load_catalogue

MOST = 5_000  # entries in one part
_UPWARD = "upper_platform"
_WITH_SUBJECT = "FROM store_record r JOIN store_subject s ON s.id = r.subject"
_GONE: Schema = {"id": pl.String, "until": pl.Int32}
_SCHEMA: Schema = {**WHOLE, **LOGGED, "until": pl.Int32, "kind": pl.String}
_SELECT = f"""SELECT {", ".join(f"r.{c}" for c in WHOLE)}, {LOGGED_SQL}, r.until, s.kind {_WITH_SUBJECT} {LOGGED_FROM}
WHERE """
_ORDER = {Step.GONE: "until", Step.PUT: "since", Step.DUE: "decided_on"}


@dataclass(frozen=True)
class Part:
    """Some entries of the feed in order, the cursor after them, whether more is to be told now, how many do not fit the log."""

    entries: list[dict[str, Any]]
    cursor: str
    more: bool
    withheld: int


def upward(outlet: str, who: Who) -> Asked:
    """A request by the upper platform at one of its outlets, now."""
    at = place()
    return Asked(outlet_named(outlet), at, load_catalogue(at.day), _UPWARD, who=who)


def allows(asked: Asked) -> str:
    """A digest of what the gate allows at an outlet: another one, and a feed can't be told on from where it was."""
    said = sorted(
        (resource, kind.value, sorted(a.fields), sorted(a.columns), repr(a.condition))
        for (resource, kind), a in asked.answers().items()
    )
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]


def changes(asked: Asked, key: bytes, since: str | None = None, most: int = MOST) -> Part:
    """The next entries of the feed after a cursor, at most `most`; without one from the beginning.

    Raises Refused (`cursor-bad`, `cursor-stale`, `cursor-ahead`).
    """
    now, may = Place(asked.at.included, asked.at.committed, asked.at.day), allows(asked)
    name = asked.outlet.name
    cursor = taken(since, key, name, may, now) if since else first(name, may)
    if cursor.held == cursor.wanted:  # nothing is half told: the way leads to now
        cursor = _way(cursor, cursor.held, now)
    write_look(asked, [])
    entries: list[dict[str, Any]] = []
    withheld = 0
    steps = list(Step)
    for step in steps[steps.index(cursor.step) :]:
        room = most - len(entries)
        rows = _rows(asked, cursor, now, step, room + 1)
        told, lost = _told(asked, rows[:room], step)
        entries, withheld = entries + told, withheld + lost
        if len(rows) > room:
            last = rows[room - 1] if room else None
            after = (last[_ORDER[step]], str(last["id"])) if last else cursor.after
            cursor = msgspec.structs.replace(cursor, step=step, after=after)
            return Part(entries, given(cursor, key), True, withheld)
        cursor = msgspec.structs.replace(cursor, step=step, after=None)
    return Part(entries, given(_way(cursor, cursor.wanted, cursor.wanted), key), cursor.wanted != now, withheld)


def _way(cursor: Cursor, held: Place, wanted: Place) -> Cursor:
    """The cursor at the beginning of another way."""
    return msgspec.structs.replace(cursor, held=held, wanted=wanted, step=Step.GONE, after=None)


def snapshot(asked: Asked, most: int = MOST) -> Iterator[list[dict[str, Any]]]:
    """All that the outlet shows at the request's place, by id, in parts of at most `most`: what the feed folds to."""
    write_look(asked, [])
    where, last = asked.where(), ""
    while True:
        after, values = (" AND r.id > %s", [last]) if last else ("", [])
        sql = f"{_SELECT}{where.sql}{after} ORDER BY r.id LIMIT %s"
        rows = few_where(sql, _SCHEMA, [*where.values, *values, most])
        if not rows:
            return
        last = str(rows[-1]["id"])
        yield [_put(asked, row) for row in opened(rows)[0]]


def _rows(asked: Asked, cursor: Cursor, now: Place, step: Step, most: int) -> list[Row]:
    conditions = [a.condition for a in asked.answers().values() if isinstance(a.condition, Condition)]
    where = as_sql(between(conditions, cursor.held, cursor.wanted, now)[step], NAMES)
    order, values = _ORDER[step], list[Any](where.values)
    select, schema = (
        (f"SELECT r.id, r.until {_WITH_SUBJECT} WHERE ", _GONE) if step is Step.GONE else (_SELECT, _SCHEMA)
    )
    after = ""
    if cursor.after and step is cursor.step:
        place_in, identity = cursor.after
        after = f" AND (r.{order}, r.id) > (%s, %s)"
        values += [place_in.isoformat() if isinstance(place_in, date) else place_in, identity]
    return few_where(f"{select}{where.sql}{after} ORDER BY r.{order}, r.id LIMIT %s", schema, [*values, most])


def _told(asked: Asked, rows: list[Row], step: Step) -> tuple[list[dict[str, Any]], int]:
    if step is Step.GONE:
        return [{"op": "gone", "id": row["id"], "change_set": row["until"]} for row in rows], 0
    sound, withheld = opened(rows)
    return [_put(asked, row) for row in sound], len(withheld)


def _put(asked: Asked, row: Row) -> dict[str, Any]:
    seen = cut(asked, row | {"code": None, "name": None})  # what its subject is called now is no part of a version
    said = {"op": "put", "id": row["id"], "last_day": row["last_day"], "change_set": row["since"]}
    return said | {"record": seen.columns, "content": seen.content}
