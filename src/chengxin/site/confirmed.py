"""This site's confirmations, from its folder: a copy of the table that every process reads at the price of one look at the file.

The table is the truth; the copy is written anew after each change and whenever the site is opened.
"""

import os
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec

from chengxin.standards.confirmed import Confirmed

NAME = "confirmed.json"


class _Row(msgspec.Struct):
    kind: str
    name: str
    since: date
    until: date | None = None


def here() -> tuple[Confirmed, ...]:
    """What was confirmed at the site that is open in this process; nothing if none is, or nothing was."""
    folder = os.environ.get("CHENGXIN_SITE")
    if not folder:
        return ()
    path = os.path.join(folder, NAME)  # noqa: PTH118 - asked with each catalogue
    try:
        stat = os.stat(path)  # noqa: PTH116
    except OSError:
        return ()
    return _read(path, stat.st_mtime_ns, stat.st_ino)


@lru_cache(maxsize=4)
def _read(path: str, _when: int, _which: int) -> tuple[Confirmed, ...]:
    rows = msgspec.json.decode(Path(path).read_bytes(), type=list[_Row])
    return tuple(Confirmed(r.kind, r.name, r.since, r.until) for r in rows)


def write(folder: Path, rows: list[Confirmed]) -> None:
    """Write the copy, all or nothing."""
    fresh = folder / f"{NAME}.new"
    fresh.write_bytes(msgspec.json.encode([_Row(r.kind, r.name, r.since, r.until) for r in rows]))
    fresh.replace(folder / NAME)
