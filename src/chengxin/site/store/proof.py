"""Opening records: each against its event, the event against the log. What does not fit is withheld, and why is told."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from chengxin.audit.canonical import Content, canonical
from chengxin.audit.commitments import Shown, commitment, entries, person_entries
from chengxin.audit.events import Tag, content
from chengxin.audit.merkle import leaf_hash
from chengxin.flow.events import BOUND, bound_digests
from chengxin.site.store.bulk import Schema, few_where, on_postgres
from chengxin.site.store.registers import WHOLE
from chengxin.site.store.tiles import leaf_tiles

Row = dict[str, Any]
# What a record's event and change set say of it, to be asked for beside its own columns.
LOGGED: Schema = {"since": pl.Int32, "known_on": pl.Date, "previous": pl.Int64, "tag": pl.String, "place": pl.Int32} | {
    "person": pl.Boolean,
    "salt": pl.Binary,
    "commitment": pl.Binary,
    "first_index": pl.Int64,
    "item": pl.String,
    "log_authority": pl.String,
}
LOGGED_SQL = "r.since, c.known_on, e.previous, e.tag, e.place, e.person, e.salt, e.commitment, c.first_index, c.item, c.authority"
LOGGED_FROM = """JOIN store_changeset c ON c.number = r.since
LEFT JOIN store_event e ON e.about = r.id AND e.change_set = r.since"""
# The leaf of each in the log, in the same statement: for a reader of one subject, who asks once.
LEAF: Schema = {"leaf": pl.Binary}
LEAF_SQL = 'substr(t.hashes, CAST((c.first_index + e.place - t."index" * 256) * 32 + 1 AS integer), 32)'
LEAF_FROM = """LEFT JOIN store_tile t ON t.level = 0 AND t."index" = (c.first_index + e.place) / 256"""
_LEAVES = """SELECT t."index", x.place, substr(t.hashes, x.place * 32 + 1, 32) FROM {asked} JOIN store_tile t
ON t.level = 0 AND t."index" = x.tile"""
_SLICES: Schema = {"index": pl.Int64, "place": pl.Int64, "hash": pl.Binary}
_MOST = 400  # places in one statement
_NEAR = 4  # places a tile from which on the whole tile is read


def opened(rows: list[Row]) -> tuple[list[Row], list[tuple[str, str]]]:
    """Rows (columns of `WHOLE` and `LOGGED`) whose event is in the log and commits to just this; the others (id, why).

    Leaves that did not come with the rows (`LEAF`) are looked up.
    """
    logged = [r for r in rows if r["first_index"] is not None and r["commitment"] is not None]
    places = [r["first_index"] + r["place"] for r in logged]
    came = bool(logged) and "leaf" in logged[0]
    leaves = {p: r["leaf"] or b"" for r, p in zip(logged, places, strict=True)} if came else _leaves(places)
    sound = {r["id"] for r, p in zip(logged, places, strict=True) if _agrees(r, leaves.get(p, b""))}
    known = {r["id"] for r in logged}
    withheld = [
        (str(r["id"]), "differs-from-the-log" if r["id"] in known else "not-in-the-log")
        for r in rows
        if r["id"] not in sound
    ]
    return [r for r in rows if r["id"] in sound], withheld


def _agrees(row: Row, leaf: bytes) -> bool:
    """True if the content fits the commitment and the entry stands in the log where it should."""
    try:
        return _fits(row, leaf)
    except ValueError:  # a tag, number or salt that no event of ours has
        return False


def _fits(row: Row, leaf: bytes) -> bool:
    tag = Tag(row["tag"])
    shown = Shown(tag, row["item"], row["log_authority"], row["known_on"])
    if row["person"]:  # about people the log shows the week alone
        (entry,) = person_entries(row["known_on"], row["commitment"])
    else:
        (entry,) = entries(shown, row["commitment"], [row["previous"]])
    return leaf_hash(entry) == leaf and any(
        _committed(row, tag, digest) == row["commitment"] for digest in _digests(row)
    )


def _committed(row: Row, tag: Tag, digest: str) -> bytes:
    said: dict[str, Content] = {
        "item": row["item"],
        "authority": row["log_authority"],
        "day": row["known_on"].isoformat(),
    }
    said |= {"previous": row["previous"], "record": row["key"], "content": digest}
    said |= {name: row[name] for name in tag.fields if name not in said}
    return commitment(row["salt"], canonical(content(tag, said)))


def _digests(row: Row) -> Iterable[str]:
    """What `flow.events.bound_digests` gives: first as quickly as it can be made, then by itself, should they differ."""
    bound = {name: v.isoformat() if isinstance(v := row[name], date) else v for name in BOUND}
    told = json.dumps(bound, ensure_ascii=False, separators=(",", ":"))
    yield hashlib.sha256(f"{told}\n{row['content']}".encode()).hexdigest()
    yield bound_digests(pl.DataFrame([{n: row[n] for n in WHOLE}], schema=WHOLE)).item()


def _leaves(places: list[int]) -> dict[int, bytes]:
    """The leaf hashes that the log holds at these places; one that is not there is left out."""
    tiles = sorted({place // 256 for place in places})
    if len(places) > _NEAR * len(tiles):
        return _within(places, tiles)
    found: dict[int, bytes] = {}
    for at in range(0, len(places), _MOST):
        pairs = [divmod(place, 256) for place in places[at : at + _MOST]]
        rows = few_where(_LEAVES.format(asked=_listed(len(pairs))), _SLICES, [n for pair in pairs for n in pair])
        found |= {row["index"] * 256 + row["place"]: row["hash"] for row in rows}
    return found


def _within(places: list[int], tiles: list[int]) -> dict[int, bytes]:
    """The same out of whole tiles: for places that lie close together, as those of a feed."""
    held = leaf_tiles(tiles)
    return {place: held.get(place // 256, b"")[place % 256 * 32 :][:32] for place in places}


def _listed(count: int) -> str:
    """A table expression with columns tile and place for `count` pairs of values."""
    pairs = ", ".join(["(%s, %s)"] * count)
    if on_postgres():
        return f"(VALUES {pairs}) AS x(tile, place)"
    return f"(SELECT column1 AS tile, column2 AS place FROM (VALUES {pairs})) AS x"  # noqa: S608 - placeholders alone
