"""Logs made for the tests: in memory, in a folder, and a plain oracle after the recursive text of RFC 6962."""

import base64
import hashlib
import importlib.util
import sys
from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType

from chengxin.audit.canonical import Content, canonical
from chengxin.audit.checkpoint import Checkpoint, sign_checkpoint
from chengxin.audit.commitments import Shown, commitments, entries
from chengxin.audit.events import Tag, content
from chengxin.audit.log_folder import CHECKPOINT, encode_bundle, path_of_entries, path_of_tile
from chengxin.audit.merkle import Tile, append, leaf_hashes, root
from chengxin.audit.notes import Signer

VECTORS = Path(__file__).parent / "vectors"
VERIFIER = Path(__file__).parents[2] / "verifier" / "verify.py"
LOG = Signer("jimo.example/events", bytes(range(32)))
DAY = date(2026, 11, 24)


class Memory:
    """A log in memory: the tiles that `append` gave back, and how many leaves they hold."""

    def __init__(self) -> None:
        self.size = 0
        self.kept: dict[Tile, bytes] = {}

    def read(self, wanted: Collection[Tile]) -> dict[Tile, bytes]:
        return {tile: self.kept[tile] for tile in wanted}

    def add(self, hashes: bytes) -> "Memory":
        self.kept |= append(self.size, self.read, hashes)
        self.size += len(hashes) // 32
        return self

    def current(self) -> dict[Tile, bytes]:
        """The tiles of this size, without narrower ones of smaller sizes."""
        return {
            (level, index, width): tile
            for (level, index, width), tile in self.kept.items()
            if width == min(256, (self.size >> 8 * level) - 256 * index)
        }

    def root(self) -> bytes:
        return root(self.size, self.read)


def leaf(number: int) -> bytes:
    return hashlib.sha256(number.to_bytes(8, "big")).digest()


def leaves(start: int, end: int) -> bytes:
    return b"".join(leaf(i) for i in range(start, end))


@cache
def plain_root(start: int, end: int) -> bytes:
    """MTH of RFC 6962, section 2.1, over `leaf(start)` … `leaf(end - 1)`."""
    if end - start < 2:
        return leaf(start) if end > start else hashlib.sha256().digest()
    middle = start + split(end - start)
    return hashlib.sha256(b"\1" + plain_root(start, middle) + plain_root(middle, end)).digest()


def plain_inclusion(index: int, start: int, end: int) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1."""
    if end - start == 1:
        return []
    middle = start + split(end - start)
    if index < middle:
        return [*plain_inclusion(index, start, middle), plain_root(middle, end)]
    return [*plain_inclusion(index, middle, end), plain_root(start, middle)]


def plain_consistency(old: int, start: int, end: int, *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2."""
    if old == end:
        return [] if whole else [plain_root(start, end)]
    middle = start + split(end - start)
    if old <= middle:
        return [*plain_consistency(old, start, middle, whole=whole), plain_root(middle, end)]
    return [*plain_consistency(old, middle, end, whole=False), plain_root(start, middle)]


def split(count: int) -> int:
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def salt(number: int) -> bytes:
    return hashlib.sha256(b"salt %d" % number).digest()


def record(number: int) -> dict[str, Content]:
    values: dict[str, Content] = {
        "record": f"r{number}",
        "version": 1,
        "subject": "91370215MXFAK0655H",
        "content": f"罚款{number}元",
    }
    common: dict[str, Content] = {
        "item": "penalty@2026-04-01",
        "authority": "11370215MXFAK0X145",
        "day": "2026-11-24",
        "previous": None,
    }
    return content(Tag.RECORD_ADDED, {**common, **values})


def made_entries(count: int) -> list[bytes]:
    committed = commitments(b"".join(map(salt, range(count))), [canonical(record(i)) for i in range(count)])
    return entries(Shown(Tag.RECORD_ADDED, "penalty@2026-04-01", "11370215MXFAK0X145", DAY), committed)


def opening(number: int) -> dict[str, Content]:
    return {"index": number, "salt": base64.b64encode(salt(number)).decode(), "content": record(number)}


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def write_bundles(folder: Path, listed: list[bytes], size: int | None = None) -> None:
    """Entries as bundles under the names that a log of `size` entries has; what is too many or too few is in the last."""
    size = len(listed) if size is None else size
    for start in range(0, size, 256):
        end = start + 256 if start + 256 < size else len(listed)
        name = path_of_entries(start // 256, min(256, size - start))
        data = b"".join(encode_bundle([entry]) for entry in listed[start:end])
        write(folder / name, data)


def write_log(folder: Path, listed: list[bytes], signers: tuple[Signer, ...] = (LOG,)) -> Memory:
    """A whole log in tlog-tiles layout."""
    log = Memory().add(leaf_hashes(listed))
    for place, tile in log.current().items():
        write(folder / path_of_tile(*place), tile)
    write_bundles(folder, listed)
    write(folder / CHECKPOINT, sign_checkpoint(Checkpoint(LOG.name, log.size, log.root()), signers))
    return log


def load_verifier() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_alone", VERIFIER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_alone"] = module
    spec.loader.exec_module(module)
    return module
