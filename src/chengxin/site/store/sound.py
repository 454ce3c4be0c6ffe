"""`proof.opened` for frames: the same commitments and leaves, made for many rows at once by the functions that wrote them.

What these do not find right is asked of `proof.opened` again, row by row: its word is the one that counts.
"""

from typing import Any

import numpy as np
import polars as pl

from chengxin.audit.canonical import LARGEST
from chengxin.audit.commitments import SALT, Shown, commitments, entries
from chengxin.audit.events import Tag, contents
from chengxin.audit.merkle import HASH, leaf_hashes
from chengxin.flow.events import bound_digests
from chengxin.site.store.proof import opened
from chengxin.site.store.tiles import leaf_tiles

Truths = np.ndarray[Any, np.dtype[np.bool_]]
Hashes = np.ndarray[Any, np.dtype[np.uint8]]  # 32 bytes a row
_SAID = {"record", "version", "subject", "content"}  # what an event says of a version and its row holds
_TAGS = [str(tag) for tag in Tag if set(tag.fields) == _SAID]
_ALIKE = ("tag", "item", "log_authority", "known_on")


def sound(rows: pl.DataFrame) -> pl.Series:
    """Which rows (columns of `WHOLE` and `LOGGED`) fit the log: truths, as long as the frame."""
    placed = rows.with_row_index("_at")
    plain = placed.filter(
        pl.col("tag").is_in(_TAGS)
        & ~pl.col("person")
        & pl.col("first_index").is_not_null()
        & (pl.col("salt").bin.size() == SALT)
        & (pl.col("commitment").bin.size() == HASH)
        & pl.col("previous").fill_null(0).is_between(0, LARGEST)
    )
    fits = np.zeros(rows.height, dtype=bool)
    if plain.height:
        fits[plain["_at"].to_numpy()] = _quickly(plain)
    doubted = placed.filter(pl.Series(~fits))
    if doubted.height:
        good, _ = opened(doubted.to_dicts())
        fits[[row["_at"] for row in good]] = True
    return pl.Series(fits)


def _quickly(rows: pl.DataFrame) -> Truths:
    bound = rows.select(
        *("tag", "previous", "item", "version", "subject"),
        pl.col("log_authority").alias("authority"),
        pl.col("known_on").dt.to_string("%Y-%m-%d").alias("day"),
        pl.col("key").alias("record"),
        bound_digests(rows).alias("content"),
    ).with_row_index("_at")
    fits = np.zeros(rows.height, dtype=bool)
    salts, said = _hashes(rows["salt"]), _hashes(rows["commitment"])
    for (tag,), part in bound.group_by("tag"):
        at = part["_at"].to_numpy()
        made = commitments(salts[at].tobytes(), contents(Tag(str(tag)), part.drop("_at", "tag")))
        fits[at] = (np.frombuffer(made, np.uint8).reshape(-1, HASH) == said[at]).all(axis=1)
    return fits & _in_log(rows, said)


def _in_log(rows: pl.DataFrame, said: Hashes) -> Truths:
    """Which commitments stand in the log where they should, beside what the log shows with them."""
    places = (rows["first_index"] + rows["place"]).to_list()
    tiles = leaf_tiles({place // 256 for place in places})
    held = b"".join([tiles.get(place // 256, b"")[place % 256 * HASH :][:HASH].ljust(HASH, b"\0") for place in places])
    made = np.zeros((rows.height, HASH), dtype=np.uint8)
    numbered = rows.select(*_ALIKE, "previous").with_row_index("_at")
    for (tag, item, authority, day), part in numbered.group_by(*_ALIKE):
        at = part["_at"].to_numpy()
        previous = part["previous"].to_list() if part["previous"].null_count() < part.height else None
        shown = Shown(Tag(str(tag)), str(item), str(authority), day)
        leaves = leaf_hashes(entries(shown, said[at].tobytes(), previous))
        made[at] = np.frombuffer(leaves, np.uint8).reshape(-1, HASH)
    fits: Truths = (np.frombuffer(held, np.uint8).reshape(-1, HASH) == made).all(axis=1)
    return fits


def _hashes(column: pl.Series) -> Hashes:
    return np.frombuffer(b"".join(column.to_list()), np.uint8).reshape(-1, HASH)
