"""The Merkle tree of the log: RFC 6962 (RFC 9162) hashes kept in tiles of 256 (C2SP tlog-tiles, height 8).

Hashes are 32 bytes. A tile at level L holds the roots of consecutive whole subtrees of 256^L leaves; whole tiles never
change. Nothing is read or written here: `Tiles` hands tiles over, all that a step needs at once, `append` gives back the
ones to be kept. Checking proofs, which needs no tiles, is in `proofs`.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache

Tile = tuple[int, int, int]  # level, index, width
# Some tiles -> of each its first `width` hashes, end to end.
Tiles = Callable[[Collection[Tile]], Mapping[Tile, bytes]]
_Span = tuple[int, int]  # leaves from, to; the first is a multiple of a power of two that spans them

HASH = 32
TILE = 256 * HASH
EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\0" + entry).digest()


def leaf_hashes(entries: Sequence[bytes]) -> bytes:
    """`leaf_hash` of n entries, end to end: n*32 bytes."""
    sha = hashlib.sha256
    return b"".join([sha(b"\0" + entry).digest() for entry in entries])


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return hashlib.sha256(b"\1" + left + right).digest()


def append(size: int, tiles: Tiles, new: bytes) -> dict[Tile, bytes]:
    """Tiles that are new or wider after the leaf hashes `new` (n*32 bytes) were added to a tree of `size` leaves.

    Reads at most one partial tile a level. Raises ValueError if `new` or a tile is not of the right length.
    """
    if size < 0 or len(new) % HASH:
        raise ValueError("leaf hashes have 32 bytes each")
    total = size + len(new) // HASH
    levels = [level for level in range(-(-total.bit_length() // 8)) if total >> 8 * level > size >> 8 * level]
    partial = [(level, size >> 8 * level + 8, (size >> 8 * level) % 256) for level in levels]
    held = _read(tiles, [tile for tile in partial if tile[2]])
    changed: dict[Tile, bytes] = {}
    for level, first, width in partial:
        hashes = held.get((level, first, width), b"") + new
        for at in range(0, len(hashes), TILE):
            tile = hashes[at : at + TILE]
            changed[level, first + at // TILE, len(tile) // HASH] = tile
        new = _roots(hashes[: len(hashes) // TILE * TILE])
    return changed


def root(size: int, tiles: Tiles) -> bytes:
    """The root of the first `size` leaves; the tiles must be those of a tree of exactly that size."""
    return _hashes([(0, size)], size, tiles)[0] if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, tiles: Tiles) -> list[bytes]:
    """The siblings that lead from leaf `index` to the root of `size` leaves, lowest first. Raises ValueError out of range."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    low, high, path = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low = middle
    return _hashes(path[::-1], size, tiles)


def consistency_proof(old: int, size: int, tiles: Tiles) -> list[bytes]:
    """The hashes that show that the first `old` leaves of `size` were left as they were. Raises ValueError out of range."""
    if not 0 < old <= size:
        raise ValueError(f"no tree of {old} in a tree of {size}")
    low, high, path, known = 0, size, [], True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low, known = middle, False
    if not known:  # the old root is not itself a node on the way, so the proof starts with the subtree that ends it
        path.append((low, high))
    return _hashes(path[::-1], size, tiles)


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return int(1 << (count - 1).bit_length() - 1)


def _hashes(spans: Sequence[_Span], size: int, tiles: Tiles) -> list[bytes]:
    """The hash over each span of leaves. All tiles that this takes are asked for at once."""
    parts = [list(_subtrees(start, end)) for start, end in spans]
    held = _read(tiles, {_place(height, at, size)[0] for part in parts for height, at in part})
    found = []
    for part in parts:
        roots = [_subtree(height, at, size, held) for height, at in part]
        result = roots.pop()
        while roots:
            result = node_hash(roots.pop(), result)
        found.append(result)
    return found


def _subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The whole subtrees that make up a span, from the left: 2^height leaves, the number of the subtree at that height."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def _place(height: int, index: int, size: int) -> tuple[Tile, int, int]:
    """Which tile a whole subtree can be worked out from, where in it its hashes begin, and how many times they halve."""
    level, inside = divmod(height, 8)
    tile, at = divmod(index << inside, 256)
    return (level, tile, min(256, (size >> 8 * level) - 256 * tile)), at, inside


def _subtree(height: int, index: int, size: int, held: Mapping[Tile, bytes]) -> bytes:
    tile, at, inside = _place(height, index, size)
    return _root_of(held[tile][at * HASH : (at + (1 << inside)) * HASH])


@lru_cache(maxsize=1024)  # 8 MB at most: proofs of one log share their higher subtrees and its edge
def _root_of(hashes: bytes) -> bytes:
    """The root over 2^n hashes."""
    while len(hashes) > HASH:
        hashes = _pairs(hashes)
    return hashes


def _roots(whole: bytes) -> bytes:
    """The root of each whole tile, all tiles at once."""
    for _ in range(8):
        whole = _pairs(whole)
    return whole


def _pairs(hashes: bytes) -> bytes:
    sha = hashlib.sha256
    return b"".join([sha(b"\1" + hashes[i : i + 64]).digest() for i in range(0, len(hashes), 64)])


def _read(tiles: Tiles, wanted: Collection[Tile]) -> Mapping[Tile, bytes]:
    held = tiles(wanted) if wanted else {}
    for level, index, width in wanted:
        got = len(held.get((level, index, width), b""))
        if got != width * HASH:
            raise ValueError(f"tile {level}/{index} has {got} bytes, not {width * HASH}")
    return held
