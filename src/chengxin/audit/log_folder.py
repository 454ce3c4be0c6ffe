"""Names of the files of a log, and the bundles in which its entries lie (C2SP tlog-tiles). Names and bytes only."""

from collections.abc import Sequence

WIDEST = 256  # hashes in a full tile, entries in a full bundle
LONGEST = 0xFFFF  # bytes of an entry
CHECKPOINT = "checkpoint"


def path_of_tile(level: int, index: int, width: int) -> str:
    """`tile/0/x001/067`, or `tile/0/x001/067.p/112` for a tile of less than 256 hashes. Raises ValueError out of range."""
    if not 0 <= level <= 63:
        raise ValueError(f"no level {level}")
    return f"tile/{level}/{_number(index)}{_part(width)}"


def path_of_entries(index: int, width: int) -> str:
    """`tile/entries/x001/067`, or with `.p/112` like a tile. Raises ValueError out of range."""
    return f"tile/entries/{_number(index)}{_part(width)}"


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """1 to 256 entries, each after its length as two bytes, big end first. Raises ValueError for more, none, or one too long."""
    if not 1 <= len(entries) <= WIDEST or max(map(len, entries)) > LONGEST:
        raise ValueError(f"a bundle has 1 to {WIDEST} entries of at most {LONGEST} bytes")
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def decode_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle. Raises ValueError if it is cut off, empty, or holds more than 256."""
    entries, at = [], 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    if at != len(data) or not 1 <= len(entries) <= WIDEST:
        raise ValueError("not a whole bundle of entries")
    return entries


def _number(index: int) -> str:
    if index < 0:
        raise ValueError(f"no index {index}")
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join([*("x" + group for group in groups[:-1]), groups[-1]])


def _part(width: int) -> str:
    if not 1 <= width <= WIDEST:
        raise ValueError(f"no width {width}")
    return "" if width == WIDEST else f".p/{width}"
