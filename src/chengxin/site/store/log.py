"""The log of a site: the sequencer, the only writer of its order; checking it; publishing it.

Change sets enter in the order in which they were committed, each with a signed checkpoint. What was signed last stands in
a second place outside the database; a database that was set back is found out before anything is signed again.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import polars as pl
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chengxin.audit import log_folder
from chengxin.audit.checkpoint import Checkpoint as Signed
from chengxin.audit.checkpoint import open_checkpoint, sign_checkpoint
from chengxin.audit.commitments import Shown, entries, person_entries
from chengxin.audit.events import Tag
from chengxin.audit.merkle import EMPTY_ROOT, HASH, append, leaf_hashes, root
from chengxin.flow.events import EVENTS, Common, runs
from chengxin.site.keys import Keys
from chengxin.site.store.bulk import rows_where
from chengxin.site.store.models import ChangeSet, Checkpoint, Head, Tile
from chengxin.site.store.tiles import leaves_between, put_tiles, tiles
from chengxin.values.errors import Refused, Said

STATE = "log-state.json"
UNFINISHED = f"{STATE}.new"
_STEP = 65_536


class _State(msgspec.Struct):
    """What was signed last, kept outside the database."""

    size: int
    root: str


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with the log."""

    said: Said


def log_size() -> int:
    """How many events the last checkpoint counts."""
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def include(folder: Path, keys: Keys, committed: int, ready: dict[int, list[bytes]] | None = None) -> list[int]:
    """Put all change sets up to `committed` that are not in the log yet into it, each with its checkpoint; gives their numbers.

    `ready`: leaf hashes by change set, in parts, where they are at hand. Raises Refused (`log-set-back`) if the database holds less
    than what was signed.
    """
    done = []
    for change in ChangeSet.objects.filter(first_index=None, number__lte=committed).order_by("number"):
        leaves = (ready or {}).get(change.number) or (leaf_hashes(e) for e in entries_of(change))
        _append(folder, keys, change, leaves)
        done.append(change.number)
    return done


def _append(folder: Path, keys: Keys, change: ChangeSet, leaves: Iterable[bytes]) -> None:
    state = _state(folder)
    with transaction.atomic():
        total = size = log_size()
        for part in leaves:  # a large change set is never in memory as a whole
            put_tiles(append(total, tiles, part))
            total += len(part) // HASH
        top = root(total, tiles)
        if state.size > total or (state.size == total and state.root != top.hex() and total):
            raise _set_back()
        if state.size == size and state.root != root(size, tiles).hex():
            raise _set_back()
        _keep_state(folder, _State(total, top.hex()))
        if total > size:
            note = sign_checkpoint(Signed(keys.log.name, total, top), [keys.log])
            Checkpoint.objects.create(size=total, note=note, signed_at=timezone.now())
        ChangeSet.objects.filter(number=change.number).update(first_index=size)
        Head.objects.update(included=change.number)


def _set_back() -> Refused:
    return Refused(
        "log-set-back",
        Said(
            "数据库里的日志与最后一次签名不符（可能由旧备份恢复），不再签名。请先核对备份。",
            "The log in the database is not the one that was signed last (an old backup?). Nothing is signed until then.",
        ),
    )


def _state(folder: Path) -> _State:
    path = folder / STATE
    if not path.exists():
        return _State(0, EMPTY_ROOT.hex())
    return msgspec.json.decode(path.read_bytes(), type=_State)


def _keep_state(folder: Path, state: _State) -> None:
    fresh = folder / UNFINISHED
    with fresh.open("wb") as stream:
        stream.write(msgspec.json.encode(state))
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(folder / STATE)


def entries_of(change: ChangeSet) -> Iterator[list[bytes]]:
    """The entries of a change set in their order, in parts: what the log publishes of its events."""
    for start in range(0, change.events, _STEP):
        yield _entries_between(change, start, start + _STEP)


def _entries_between(change: ChangeSet, start: int, end: int) -> list[bytes]:
    events = rows_where(
        f"SELECT {', '.join(EVENTS)} FROM store_event WHERE change_set = %s AND place >= %s AND place < %s ORDER BY place",  # noqa: S608
        EVENTS,
        (change.number, start, end),
    )
    common = Common(change.item, change.authority, change.known_on)
    return [entry for run in runs(events) for entry in entries_like(run, common)]


def entries_like(run: pl.DataFrame, common: Common) -> list[bytes]:
    """The entries of events of one run: columns tag, previous, person, commitment."""
    committed = b"".join(run["commitment"].to_list())
    if run["person"][0]:
        return person_entries(common.day, committed)
    shown = Shown(Tag(run["tag"][0]), common.item, common.authority, common.day)
    return entries(shown, committed, run["previous"].to_list())


def verify(keys: Keys) -> list[Finding]:
    """Hash every event again and compare with tiles and the signed root. Nothing found: the log is whole."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        return []
    try:
        signed, _ = open_checkpoint(bytes(last.note), keys.log.verifier)
    except Refused as refusal:
        return [Finding(refusal.said)]
    found, at = [], 0
    for change in ChangeSet.objects.exclude(first_index=None).order_by("number"):
        for part in entries_of(change):
            found += _compared(part, at)
            at += len(part)
    if at != signed.size:
        said = Said("事件共 {n} 条，检查点记 {m} 条。", "{n} events, the checkpoint counts {m}.")
        found.append(Finding(said.filled(n=at, m=signed.size)))
    if root(signed.size, tiles) != signed.root:
        found.append(Finding(Said("哈希块与签名的根不符。", "The tiles do not give the signed root.")))
    return found


def _compared(part: list[bytes], at: int) -> list[Finding]:
    """What the log holds from `at` on against what it should: of each tile that differs, the first entry."""
    wanted, stored = leaf_hashes(part), leaves_between(at, at + len(part))
    if stored == wanted:
        return []
    wrong = [i for i in range(len(part)) if wanted[i * HASH :][:HASH] != stored[i * HASH :][:HASH]]
    firsts = {(at + i) // 256: at + i for i in reversed(wrong)}
    said = Said("日志第 {n} 条与事件不符。", "Entry {n} of the log does not fit its event.")
    return [Finding(said.filled(n=first)) for _, first in sorted(firsts.items())]


def publish(folder: Path) -> int:
    """Write the log as files in C2SP tlog-tiles layout; gives its size. Anyone can check it with `verifier/verify.py`."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        raise Refused("log-empty", Said("日志还没有内容。", "The log is still empty."))
    for row in Tile.objects.order_by("level", "index").iterator():
        _put(folder / log_folder.path_of_tile(row.level, row.index, len(row.hashes) // 32), bytes(row.hashes))
    bundle: list[bytes] = []
    index = 0
    for change in ChangeSet.objects.exclude(first_index=None).order_by("number"):
        for part in entries_of(change):
            bundle += part
            while len(bundle) >= log_folder.WIDEST:
                _bundle(folder, index, bundle[: log_folder.WIDEST])
                bundle, index = bundle[log_folder.WIDEST :], index + 1
    if bundle:
        _bundle(folder, index, bundle)
    _put(folder / log_folder.CHECKPOINT, bytes(last.note))
    return last.size


def signed() -> tuple[int, bytes] | None:
    """The last checkpoint: how many events it counts, and the signed note. None if the log is still empty."""
    last = Checkpoint.objects.order_by("-size").first()
    return (last.size, bytes(last.note)) if last else None


def bundle(index: int, width: int) -> bytes | None:
    """`width` entries from 256 * `index` on, as a bundle; None where the log has not so many. Only what is signed is told."""
    first, end = index * log_folder.WIDEST, index * log_folder.WIDEST + width
    if not 1 <= width <= log_folder.WIDEST or end > log_size():
        return None
    found: list[bytes] = []
    overlapping = ChangeSet.objects.filter(first_index__lt=end, first_index__gt=first - F("events")).order_by("number")
    for change in overlapping:
        place = max(0, first - (change.first_index or 0))
        found += _entries_between(change, place, min(change.events, end - (change.first_index or 0)))
    return log_folder.encode_bundle(found) if len(found) == width else None


def _bundle(folder: Path, index: int, found: list[bytes]) -> None:
    _put(folder / log_folder.path_of_entries(index, len(found)), log_folder.encode_bundle(found))


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
