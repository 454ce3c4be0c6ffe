"""The steps of the feed, each carried out: which rows are told next after a cursor, as lines."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from chengxin.sharing.condition import Condition
from chengxin.sharing.feed import Place, Step, between
from chengxin.sharing.terms import as_sql
from chengxin.site.access.asked import NAMES, Asked, marks
from chengxin.site.access.cursors import Cursor
from chengxin.site.access.disputes import CHANGED
from chengxin.site.access.lines import gone_lines, put_lines, same_lines
from chengxin.site.store import checked
from chengxin.site.store.bulk import Schema, one_ahead, rows_where
from chengxin.site.store.proof import LOGGED, LOGGED_FROM, LOGGED_SQL
from chengxin.site.store.registers import WHOLE
from chengxin.site.store.sound import sound

_WITH_SUBJECT = "FROM store_record r JOIN store_subject s ON s.id = r.subject"
_GONE: Schema = {"id": pl.String, "until": pl.Int32}
_SCHEMA: Schema = {**WHOLE, **LOGGED, "until": pl.Int32, "kind": pl.String}
_FROM = f"SELECT {', '.join(f'r.{c}' for c in WHOLE)}, {LOGGED_SQL}, r.until, s.kind {_WITH_SUBJECT} {LOGGED_FROM}"
_SELECT = f"{_FROM} WHERE "
_ORDER = {Step.GONE: "until", Step.PUT: "since", Step.DUE: "decided_on", Step.PARTED: "until", Step.JOINED: "since"}
_SAME: Schema = {"id": pl.String, "since": pl.Int32, "until": pl.Int32, "subject": pl.String, "target": pl.String}
_MERGES = """SELECT m.id, m.since, m.until, m.subject, m.target FROM store_merge m
JOIN store_subject a ON a.id = m.subject JOIN store_subject b ON b.id = m.target
WHERE a.kind IN ({kinds}) AND b.kind IN ({kinds}) AND """
After = tuple[int | date, str]


@dataclass(frozen=True)
class Told:
    """Lines in order; whether the step has more, and after what (None: from its beginning); how many rows do not fit the log."""

    lines: list[bytes]
    more: bool = False
    after: After | None = None
    withheld: int = 0


def _opened(asked: Asked, rows: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The rows that fit the log; of the others, how many, it is noted that they do not, so that who holds them is told."""
    fits = sound(rows)
    good, doubted = rows if fits.all() else rows.filter(fits), checked.doubted()
    lost = [] if fits.all() else rows.filter(~fits)["id"].to_list()
    news = {i: True for i in good["id"].to_list() if i in doubted} if doubted else {}
    news |= {i: False for i in lost if i not in doubted}
    if news:
        checked.note(news)
    return good, len(lost)


def _versions(asked: Asked, cursor: Cursor, now: Place, room: int, step: Step) -> Told:
    conditions = [a.condition for a in asked.answers().values() if isinstance(a.condition, Condition)]
    where = as_sql(between(conditions, cursor.held, cursor.wanted, now)[step], NAMES)
    gone, order, values = step is Step.GONE, _ORDER[step], list[Any](where.values)
    select, schema = (f"SELECT r.id, r.until {_WITH_SUBJECT} WHERE ", _GONE) if gone else (_SELECT, _SCHEMA)
    after, last = _behind(cursor, step, f"r.{order}", "r.id")
    sql = f"{select}{where.sql}{after} ORDER BY r.{order}, r.id LIMIT %s"
    rows, more, ahead = _cut_off(rows_where(sql, schema, [*values, *last, room + 1]), cursor, step, room)
    if gone:
        return Told(gone_lines(rows["id"], rows["until"]), more, ahead)
    good, lost = _opened(asked, rows)
    return Told(put_lines(asked, good), more, ahead, lost)


def _merges(asked: Asked, cursor: Cursor, now: Place, room: int, step: Step) -> Told:
    parted, held, wanted = step is Step.PARTED, cursor.held, cursor.wanted
    order = _ORDER[step]
    if parted:
        which = "m.since <= %s AND m.until > %s AND m.until <= %s"
        values = [held.included, held.committed, wanted.committed]
    else:
        which = "m.since > %s AND m.since <= %s AND (m.until IS NULL OR m.until > %s)"
        values = [held.included, wanted.included, now.committed]
    rows = _same(asked, which, values, _behind(cursor, step, f"m.{order}", "m.id"), f"m.{order}, m.id", room + 1)
    rows, more, ahead = _cut_off(rows, cursor, step, room)
    return Told(gone_lines(rows["id"], rows["until"]) if parted else same_lines(rows), more, ahead)


def _same(
    asked: Asked, which: str, values: list[Any], after: tuple[str, list[Any]], order: str, most: int
) -> pl.DataFrame:
    kinds = [kind.value for kind in asked.kinds()]
    if not kinds:
        return pl.DataFrame(schema=_SAME)
    sql = f"{_MERGES.format(kinds=marks(kinds))}{which}{after[0]} ORDER BY {order} LIMIT %s"
    return rows_where(sql, _SAME, [*kinds, *kinds, *values, *after[1], most])


def _checked(asked: Asked, cursor: Cursor, now: Place, room: int, step: Step) -> Told:
    """Words about the log: what does not fit is gone; what fits again is put, if it may still be shown."""
    begun = int(str(cursor.after[0])) if cursor.after and cursor.step is step else cursor.held.checked
    words = checked.words(begun, cursor.wanted.checked, room + 1)
    more, words = words.height > room, words.head(room)
    if words.is_empty():
        return Told([], more, (begun, ""))
    ids = words["record"].unique().to_list()
    among = f" AND r.id IN ({marks(ids)})"
    where = asked.where()
    good, lost = _opened(asked, rows_where(f"{_SELECT}{where.sql}{among}", _SCHEMA, [*where.values, *ids]))
    puts = dict(zip(good["id"].to_list(), put_lines(asked, good), strict=True))
    shown = set(_of_kinds(asked, among, ids))
    told: list[bytes] = []
    for record, fits in words.select("record", "fits").iter_rows():
        if fits and record in puts:
            told.append(puts[record])
        elif not fits and record in shown:
            told += gone_lines(pl.Series([record]), pl.Series([None], dtype=pl.Int32))
    return Told(told, more, (int(words["number"][-1]), ""), lost)


def _disputed(asked: Asked, cursor: Cursor, now: Place, room: int, step: Step) -> Told:
    """What somebody began or ceased to object to on the way is put again, as it is now; who holds nothing is told with the rest."""
    held, wanted = cursor.held, cursor.wanted
    if not held.committed:
        return Told([])
    last = str(cursor.after[1]) if cursor.after and cursor.step is step else ""
    where, on_the_way = asked.where(), [held.committed, wanted.committed] * 3
    sql = f"{_SELECT}{where.sql} AND r.since <= %s AND r.key IN ({CHANGED}) {'AND r.id > %s ' if last else ''}"
    values = [*where.values, wanted.included, *on_the_way, *([last] if last else []), room + 1]
    rows = rows_where(f"{sql}ORDER BY r.id LIMIT %s", _SCHEMA, values)
    more, rows = rows.height > room, rows.head(room)
    after = (0, str(rows["id"][-1]) if rows.height else last)
    good, lost = _opened(asked, rows)
    return Told(put_lines(asked, good), more, after, lost)


def _of_kinds(asked: Asked, among: str, ids: list[str]) -> list[str]:
    """Of these records those about subjects of whom the outlet shows anything.

    No more is asked: what was changed so that the gate no longer chooses it was told before all the same.
    """
    kinds = [kind.value for kind in asked.kinds()]
    if not kinds:
        return []
    sql = f"SELECT r.id {_WITH_SUBJECT} WHERE s.kind IN ({marks(kinds)}){among}"
    return rows_where(sql, {"id": pl.String}, [*kinds, *ids])["id"].to_list()


def _behind(cursor: Cursor, step: Step, order: str, identity: str) -> tuple[str, list[Any]]:
    """The term that leaves out what the cursor has told of this step, with its values."""
    if not cursor.after or step is not cursor.step:
        return "", []
    at, last = cursor.after
    return f" AND ({order}, {identity}) > (%s, %s)", [at.isoformat() if isinstance(at, date) else at, last]


def _cut_off(rows: pl.DataFrame, cursor: Cursor, step: Step, room: int) -> tuple[pl.DataFrame, bool, After | None]:
    """At most `room` rows, whether there are more, and after what they begin."""
    if not room:
        return rows.head(0), rows.height > 0, cursor.after if cursor.step is step else None
    last = min(room, rows.height) - 1
    after = (rows[_ORDER[step]][last], str(rows["id"][last])) if rows.height else None
    return rows.head(room), rows.height > room, after


def shown_now(asked: Asked, most: int, of: str | None = None) -> Iterator[list[bytes]]:
    """The records that the outlet shows at the request's place, by id, in parts."""
    where = asked.where((lambda resource, kind: True) if of is None else (lambda resource, kind: resource == of))
    # Events are passed over with the records: else each part would begin with the first event of all.
    sql = f"{_FROM} AND e.about > %s WHERE {where.sql} AND r.id > %s ORDER BY r.id LIMIT %s"

    def after(last: pl.DataFrame | None) -> pl.DataFrame:
        begin = "0" * 32 if last is None else str(last["id"][-1])
        return rows_where(sql, _SCHEMA, [begin, *where.values, begin, most])

    for rows in one_ahead(after):
        yield put_lines(asked, _opened(asked, rows)[0])


def same_now(asked: Asked, most: int) -> Iterator[list[bytes]]:
    """The judgements that two subjects are one, as they stand at the request's place, by id."""
    which = "m.since <= %s AND (m.until IS NULL OR m.until > %s)"
    last = ""
    while True:
        after: tuple[str, list[Any]] = (" AND m.id > %s", [last]) if last else ("", [])
        rows = _same(asked, which, [asked.at.included, asked.at.committed], after, "m.id", most)
        if rows.is_empty():
            return
        last = str(rows["id"][-1])
        yield same_lines(rows)


Telling = Callable[[Asked, Cursor, Place, int], Told]


def _by(told: Callable[[Asked, Cursor, Place, int, Step], Told], step: Step) -> Telling:
    return lambda asked, cursor, now, room: told(asked, cursor, now, room, step)


TOLD: dict[Step, Telling] = {
    **{step: _by(_versions, step) for step in (Step.GONE, Step.PUT, Step.DUE)},
    **{step: _by(_merges, step) for step in (Step.PARTED, Step.JOINED)},
    Step.CHECKED: _by(_checked, Step.CHECKED),
    Step.DISPUTED: _by(_disputed, Step.DISPUTED),
}


_PARTED = (
    "SELECT m.until FROM store_merge m WHERE m.since <= %s AND m.until > %s AND m.until <= %s ORDER BY m.until LIMIT %s"
)


def lifted(asked: Asked, held: Place, now: Place, most: int) -> list[int]:
    """The change sets by which that was lifted which a reader at `held` must drop, the oldest first, at most `most`."""
    conditions = [a.condition for a in asked.answers().values() if isinstance(a.condition, Condition)]
    where = as_sql(between(conditions, held, now, now)[Step.GONE], NAMES)
    sql = f"SELECT r.until {_WITH_SUBJECT} WHERE {where.sql} ORDER BY r.until LIMIT %s"
    ended = rows_where(sql, {"until": pl.Int32}, [*where.values, most])["until"].to_list()
    parted = rows_where(_PARTED, {"until": pl.Int32}, [held.included, held.committed, now.committed, most])
    return sorted([*ended, *parted["until"].to_list()])[:most]
