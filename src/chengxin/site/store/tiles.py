"""The tiles of the log as the database holds them: read all at once, put in, the leaves between two places."""

from collections.abc import Collection, Iterable, Mapping

import polars as pl
from django.db import connection

from chengxin.audit.merkle import HASH, TILE, Tile
from chengxin.site.store.bulk import Schema, one_trip

_ROW: Schema = {"level": pl.Int64, "index": pl.Int64, "hashes": pl.Binary}
_MOST = 400  # tiles in one statement


def tiles(wanted: Collection[Tile]) -> dict[Tile, bytes]:
    """Of each tile (level, index, width) its first `width` hashes; one that is not there is left out."""
    held: dict[tuple[int, int], bytes] = {}
    listed = sorted({(level, index) for level, index, _ in wanted})
    for at in range(0, len(listed), _MOST):
        held |= _stored(listed[at : at + _MOST])
    return {tile: held[tile[:2]][: tile[2] * HASH] for tile in wanted if tile[:2] in held}


def _stored(places: list[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    levels: dict[int, list[int]] = {}
    for level, index in places:
        levels.setdefault(level, []).append(index)
    each = [f'level = %s AND "index" IN ({", ".join(["%s"] * len(indexes))})' for indexes in levels.values()]
    values = [value for level, indexes in levels.items() for value in (level, *indexes)]
    sql = f'SELECT level, "index", hashes FROM store_tile WHERE {" OR ".join(each)}'  # noqa: S608 - placeholders alone
    return {(row["level"], row["index"]): row["hashes"] for row in one_trip(sql, _ROW, values)}


def leaf_tiles(indexes: Iterable[int]) -> dict[int, bytes]:
    """The hashes of tiles of leaves, by number; one that is not there is left out."""
    return {index: hashes for (_, index, _), hashes in tiles({(0, index, TILE // HASH) for index in indexes}).items()}


def leaves_between(start: int, end: int) -> bytes:
    """The leaf hashes that the log holds from one place up to another, end to end; zeros where it holds none."""
    first, last = start // 256, (end - 1) // 256
    held = leaf_tiles(range(first, last + 1))
    whole = b"".join(held.get(index, b"").ljust(TILE, b"\0") for index in range(first, last + 1))
    return whole[(start - first * 256) * HASH :][: (end - start) * HASH]


def put_tiles(changed: Mapping[Tile, bytes]) -> None:
    """Tiles that are new, or wider than the stored ones, into the database."""
    with connection.cursor() as cursor:
        cursor.executemany(
            'INSERT INTO store_tile (level, "index", hashes) VALUES (%s, %s, %s) '
            'ON CONFLICT (level, "index") DO UPDATE SET hashes = excluded.hashes',
            [(level, index, hashes) for (level, index, _), hashes in changed.items()],
        )
