"""Daily comparison with what the upper platform holds: counts and digests by resource and day of decision, what differs listed.

It sends a table (CSV: resource, day, rows, digest) and a note that says up to which package and of which day it is. Ours is
what the gate allowed at the end of that package, less what was over by that day, in the very lines that were sent.
"""

import csv
import hashlib
import io
import re
import uuid
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from django.utils import timezone

from chengxin.audit.notes import Verifier
from chengxin.sharing.feed import Place, standing
from chengxin.sharing.package import SAME, line, terms_of, vouched
from chengxin.site.access import feeding
from chengxin.site.actions.exchange import WHO, Rows
from chengxin.site.store.models import Package, Reconciled
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

HEAD = ["信息类", "决定日期", "行数", "摘要"]
_MOST = 1_000  # differences that are kept
_ROWS = 1_000_000  # lines of a table
Holdings = dict[tuple[str, str], tuple[int, str]]


@dataclass(frozen=True)
class Compared:
    """What came of a comparison; `again`: the same table was compared before."""

    row: Reconciled
    again: bool


def compare(path: Path, key: Verifier) -> Compared:
    """Compare a table of the upper platform with what it should hold. Raises Refused."""
    data, about, digest = vouched(path, "holdings", key)
    known = Reconciled.objects.select_related("package").filter(digest=digest).first()
    if known:
        return Compared(known, True)
    package, day = _about(path, about)
    theirs, ours = _theirs(path, data), held_above(package, day)
    differences = [
        {"resource": k[0], "day": k[1], "ours": ours.get(k), "theirs": theirs.get(k)}
        for k in sorted({*ours, *theirs})
        if ours.get(k) != theirs.get(k)
    ]
    row = Reconciled.objects.create(
        id=uuid.UUID(new_id()), at=timezone.now(), package=package, digest=digest, days=len(ours),
        rows=sum(n for n, _ in ours.values()), differences=differences[:_MOST],
    )  # fmt: skip
    return Compared(row, False)


def held_above(package: Package, day: date) -> Holdings:
    """Rows and digest by resource and day of decision of what was sent up to a package and may still be held on a day.

    The digest is that of the lines of the data files without their row numbers, in order of ids.
    """
    place = msgspec.convert(package.place, Place)
    asked = feeding.upward("upper.snapshot", WHO)
    asked = replace(asked, at=replace(asked.at, day=place.day, included=place.included, committed=place.committed))
    rows, terms = Rows(asked), terms_of(asked.catalogue)
    found: dict[tuple[str, str], Any] = defaultdict(lambda: [0, hashlib.new(terms.digest)])
    for part in feeding.snapshot(asked):
        entries = {e["id"]: e for e in map(msgspec.json.decode, part)}
        for name, cells in rows.of(standing(entries, day)):
            of_day = found[name, "" if name == SAME else cells[4]]
            of_day[0] += 1
            of_day[1].update(line(cells).encode())
    return {k: (n, said.hexdigest()) for k, (n, said) in found.items()}


def as_table(holdings: Holdings) -> bytes:
    """The table as it is exchanged."""
    return "".join([line(HEAD), *(line([*k, str(n), said]) for k, (n, said) in sorted(holdings.items()))]).encode()


def _about(path: Path, lines: list[str]) -> tuple[Package, date]:
    """The package and the day that a note names. Raises Refused."""
    try:
        batch, said = lines
        day, package = date.fromisoformat(said), Package.objects.filter(id=uuid.UUID(batch)).first()
    except ValueError:
        zh = f"{path.name} 的签名清单应写明批次编号和日期。请对方核对后重发。"
        raise Refused("bad-holdings", Said(zh, f"The note of {path.name} should name a batch and a day.")) from None
    if package is None:
        zh = f"{path.name}：没有发出过批次编号为 {batch[:40]} 的数据包。请核对是否给本站的对账表。"
        raise Refused(
            "unknown-package", Said(zh, f"{path.name}: no such package was sent. Is the table for this site?")
        )
    if not package.day <= day <= legal_today():
        zh = f"{path.name}：日期 {day} 应在数据包的日期 {package.day} 与今天之间。"
        raise Refused("bad-holdings", Said(zh, f"{path.name}: the day should be from {package.day} to today."))
    return package, day


def _theirs(path: Path, data: bytes) -> Holdings:
    """The table that came. Raises Refused with the line."""
    found: Holdings = {}
    try:
        lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[: _ROWS + 1]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unfit(path, 1) from error
    if not lines or lines[0] != HEAD:
        raise _unfit(path, 1)
    for place, row in enumerate(lines[1:], 2):
        if len(row) != len(HEAD) or not re.fullmatch("[0-9]{1,9}", row[2]) or (row[0], row[1]) in found:
            raise _unfit(path, place)
        found[row[0], row[1]] = (int(row[2]), row[3].lower())
    return found


def _unfit(path: Path, place: int) -> Refused:
    zh = f"{path.name} 第 {place} 行：应为 UTF-8 的 CSV，列：{','.join(HEAD)}，每类每日一行。"
    return Refused("bad-holdings", Said(zh, f"{path.name}, line {place}: a CSV in UTF-8, one line a resource and day."))
