"""Packages for the upper platform: written from its feed, answered by its receipts. The adapter here is a folder.

A package holds what the feed tells from where the last one ended. Receipts may come in any order and twice.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as field_of
from pathlib import Path
from typing import IO

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone

from chengxin.audit.notes import Verifier
from chengxin.sharing.feed import START, Entry, Place
from chengxin.sharing.package import (
    GONE,
    HEAD,
    HEADS,
    SAME,
    Header,
    Receipt,
    Terms,
    cells,
    codes_of,
    columns,
    line,
    read_receipt,
    terms_of,
    write,
)
from chengxin.site.access import feeding
from chengxin.site.access.asked import Asked, Who
from chengxin.site.access.cursors import key_of
from chengxin.site.access.exchanging import owners
from chengxin.site.actions import following
from chengxin.site.actions.authorities import Body
from chengxin.site.folder import Site
from chengxin.site.store.models import Authority, Package, Returned
from chengxin.site.work import work_folder
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id
from chengxin.values.spoken import Spoken

WHO = Who("exchange")
OUTLET = "upper.feed"
_RESTART = ("cursor-stale", "cursor-expired")  # the gate allows other things than before: all is told anew


class State(Spoken):
    """How far a package is."""

    MADE = "made", "待回执", "waits for its receipt"
    RECEIVED = "received", "已回执", "receipt read"
    REPLACED = "replaced", "已重做", "made anew"


def out(site: Site, folder: Path, again: int | None = None, to: str | None = None) -> Package | None:
    """Write what is new for the upper platform into a folder; None if there is nothing new.

    `again`: make everything from that package's beginning on anew, since it was lost on its way. Raises Refused.
    """
    _settle(folder)
    receiver = _receiver(to)
    begins = _begins(again)
    with work_folder(site.folder) as scratch:
        try:
            made = _Made(site, scratch).told(begins)
        except Refused as refusal:
            if refusal.code not in _RESTART or not begins:
                raise
            begins, made = "", _Made(site, scratch).told("")
        if not made.counts:
            return None
        return _placed(site, folder, made, receiver, begins, again)


def _placed(site: Site, folder: Path, made: "_Made", receiver: str, begins: str, again: int | None) -> Package:
    """The package in the folder and in the table: named there first, so that a crash between leaves what can be put right."""
    day, now, batch = made.place.day, timezone.now(), new_id()
    number = (Package.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    files = {name: (n, made.digest(name)) for name, n in sorted(made.counts.items())}
    header = Header(batch, number, site.keys.log.name, receiver, now, day, not begins, files)
    name = f"CX-{number:06d}-{batch}.zip"
    part = folder / f".{name}.part"
    try:
        digest = write(part, header, {name: made.path(name) for name in files}, made.terms, site.keys.log)
        with transaction.atomic():
            if again is not None:
                Package.objects.filter(number__gte=again).exclude(state=State.RECEIVED).update(state=State.REPLACED)
            package = Package.objects.create(
                id=uuid.UUID(batch), number=number, made_at=now, day=day, begins=begins, ends=made.cursor,
                place=msgspec.to_builtins(made.place), receiver=receiver, name=name, digest=digest,
                counts=dict(made.counts), state=State.MADE.value,
            )  # fmt: skip
            following.told(receiver, OUTLET, made.place)
    except IntegrityError as error:
        part.unlink(missing_ok=True)
        raise Refused(
            "in-progress", Said("另一个导出正在进行，请稍后再试。", "Another export is at work; try again.")
        ) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(folder / name)
    return package


def _settle(folder: Path) -> None:
    """Put right what a crash left: a package in the table gets its name, what is in no table goes."""
    if not folder.is_dir():
        raise Refused("no-folder", Said(f"{folder} 不是文件夹。", f"{folder} is no folder."))
    for part in folder.glob(".CX-*.zip.part"):
        name = part.name.removeprefix(".").removesuffix(".part")
        known = Package.objects.filter(name=name).first()
        with part.open("rb") as stream:
            whole = known and hashlib.file_digest(stream, "sha256").hexdigest() == known.digest
        if whole:
            part.replace(folder / name)
        else:
            part.unlink()


def _receiver(to: str | None) -> str:
    """The upper platform, by its code where there are several. Raises Refused."""
    known = Authority.objects.filter(kind=Body.UPPER.value, active=True).order_by("code")
    codes = list(known.values_list("code", flat=True))
    if to in codes:
        return str(to)
    if to is None and len(codes) == 1:
        return codes[0]
    zh = f"请用 --to 写明上级平台的代码（名录中 kind 为上级平台的机关：{'、'.join(codes) or '没有'}）。"
    en = f"Name the upper platform with --to; in the roster (kind upper): {', '.join(codes) or 'none'}."
    raise Refused("no-receiver", Said(zh, en))


def _begins(again: int | None) -> str:
    """The cursor at which the next package begins; "" for the very first. Raises Refused for a package that is not there."""
    living = Package.objects.exclude(state=State.REPLACED)
    if again is None:
        last = living.order_by("-number").first()
        return last.ends if last else ""
    wanted = living.filter(number=again).first()
    if wanted is None or wanted.state == State.RECEIVED:
        zh = f"第 {again} 个数据包不存在，或已有回执，不用重做。"
        raise Refused(
            "no-package", Said(zh, f"There is no package {again}, or its receipt was read: it need not be made anew.")
        )
    return wanted.begins


@dataclass
class _Made:
    """The data files of a package while they are written."""

    site: Site
    folder: Path
    counts: dict[str, int] = field_of(default_factory=lambda: defaultdict(int))
    cursor: str = ""
    place: Place = START
    terms: Terms = field_of(init=False)

    def told(self, begins: str) -> "_Made":
        """All that the feed tells from a cursor to now."""
        since, streams = begins or None, dict[str, IO[str]]()
        self.counts.clear()
        try:
            while True:
                asked = feeding.upward(OUTLET, WHO)
                self.terms = terms_of(asked.catalogue)
                part = feeding.changes(asked, key_of(self.site.keys.token), since, feeding.AT_ONCE)
                rows = Rows(asked)
                for name, row in rows.of(part.entries):
                    if name not in streams:
                        streams[name] = self.path(name).open("w", encoding="utf-8", newline="")
                        streams[name].write(line(rows.head(name)))
                    self.counts[name] += 1
                    streams[name].write(line([str(self.counts[name]), *row]))
                since = self.cursor = part.cursor
                if not part.more:
                    self.place = part.held
                    return self
        finally:
            for stream in streams.values():
                stream.close()

    def path(self, name: str) -> Path:
        """Where a data file is."""
        return self.folder / f"{name}.csv"

    def digest(self, name: str) -> str:
        """The digest of a data file."""
        with self.path(name).open("rb") as stream:
            return hashlib.file_digest(stream, self.terms.digest).hexdigest()


class Rows:
    """Entries of the feed as rows of data files, without their row number."""

    def __init__(self, asked: Asked) -> None:
        self.catalogue, terms = asked.catalogue, terms_of(asked.catalogue)
        fields: dict[str, set[str]] = defaultdict(set)
        for (resource, _), answer in asked.answers().items():
            fields[resource] |= answer.fields
        self.columns = {n: columns(self.catalogue.resources[n], f) for n, f in fields.items()}
        self.codes = {n: codes_of(self.catalogue.resources[n], self.catalogue, terms) for n in fields}

    def head(self, name: str) -> list[str]:
        """The first line of a data file."""
        return list(HEADS[name]) if name in HEADS else [*HEAD, *self.columns[name]]

    def of(self, entries: Iterable[Entry]) -> Iterator[tuple[str, list[str]]]:
        """The data file of each entry and its cells."""
        for entry in entries:
            change_set = "" if entry["change_set"] is None else str(entry["change_set"])
            if entry["op"] == "gone":
                yield GONE, [entry["id"], change_set]
            elif "same" in entry:
                yield SAME, [entry["id"], change_set, entry["same"]["subject"], entry["same"]["into"]]
            else:
                name = entry["record"]["resource"]
                yield name, cells(entry, self.columns[name], self.codes[name])


def take_receipt(site: Site, path: Path, key: Verifier) -> Said:
    """Read one receipt; rows that were not taken are shown to who sent them. Gives what was done. Raises Refused."""
    asked = feeding.upward(OUTLET, WHO)
    receipt = read_receipt(path, terms_of(asked.catalogue), key)
    with transaction.atomic():
        package = _package(path, receipt)
        if package.state == State.RECEIVED and package.receipt_digest == receipt.digest:
            return Said(f"{path.name}：此前已读过，没有变化。", f"{path.name}: read before, nothing changed.")
        _checked(path, package, receipt)
        known = owners([fault.id for fault in receipt.faults])
        for fault in receipt.faults:
            of = known.get(fault.id, ("", SAME))[1]
            if fault.file not in (of, GONE if fault.id in known else of):
                zh = f"{fault.file} 第 {fault.row} 行的信息标识不是这一类的"
                raise _unfit(path, zh, f"{fault.file} row {fault.row}: the id is of no such record")
        now = timezone.now()
        Returned.objects.bulk_create(
            Returned(
                id=uuid.UUID(new_id()), package=package, row=f.row, record=uuid.UUID(f.id), at=now,
                authority=known.get(f.id, ("", ""))[0], resource=known.get(f.id, ("", f.file))[1],
                field=f.field, rule=f.rule, message=f.message,
            )
            for f in receipt.faults
        )  # fmt: skip
        package.state, package.receipt_digest, package.received_at = State.RECEIVED.value, receipt.digest, now
        package.receipt = {n: getattr(receipt, n) for n in ("accepted", "rejected", "duplicates")}
        package.save(update_fields=["state", "receipt_digest", "received_at", "receipt"])
    _confirm()
    taken = f"接收 {receipt.accepted:,} 行，退回 {receipt.rejected:,} 行，重复 {receipt.duplicates:,} 行"
    zh = f"{path.name}：数据包 {package.number} {taken}。"
    return Said(
        zh, f"{path.name}: package {package.number}, {receipt.accepted:,} taken, {receipt.rejected:,} returned."
    )


def _package(path: Path, receipt: Receipt) -> Package:
    """The package that a receipt is about, locked. Raises Refused."""
    try:
        package = Package.objects.select_for_update().filter(id=uuid.UUID(receipt.batch)).first()
    except ValueError:
        package = None
    if package is None:
        zh = f"{path.name}：没有发出过批次编号为 {receipt.batch[:40]} 的数据包。请核对是否给本站的回执。"
        raise Refused(
            "unknown-package", Said(zh, f"{path.name}: no such package was sent. Is the receipt for this site?")
        )
    if receipt.package != package.digest:
        what_next = f"请核对传输，或用 --again {package.number} 重做"
        zh = f"{path.name}：对方收到的数据包 {package.number} 与发出的不同（摘要不符）。{what_next}。"
        raise Refused(
            "other-package", Said(zh, f"{path.name}: what was received is not package {package.number} as it was sent.")
        )
    if package.state == State.REPLACED:
        zh = f"{path.name}：数据包 {package.number} 已重做，这份回执不再使用；请对方处理重做的数据包。"
        raise Refused(
            "replaced-package", Said(zh, f"{path.name}: package {package.number} was made anew; this receipt is void.")
        )
    if package.state == State.RECEIVED and package.receipt_digest != receipt.digest:
        zh = f"{path.name}：数据包 {package.number} 已有另一份内容不同的回执，没有采用这一份。请与对方核对。"
        raise Refused(
            "other-receipt",
            Said(zh, f"{path.name}: package {package.number} has another receipt already; ask the sender."),
        )
    return package


def _checked(path: Path, package: Package, receipt: Receipt) -> None:
    """Raises Refused where counts or rows of a receipt can't be."""
    total = sum(package.counts.values())
    if receipt.accepted + receipt.rejected + receipt.duplicates != total:
        raise _unfit(
            path,
            f"接收、退回、重复之和不等于发出的 {total:,} 行",
            f"the counts do not add up to the {total:,} rows sent",
        )
    if len({(f.file, f.row) for f in receipt.faults}) != receipt.rejected:
        raise _unfit(
            path,
            f"错误清单的行数不等于退回的 {receipt.rejected:,} 行",
            "the errors are not as many rows as were returned",
        )
    for fault in receipt.faults:
        if not 1 <= fault.row <= package.counts.get(fault.file, 0):
            raise _unfit(
                path,
                f"数据包中没有 {fault.file[:40]} 第 {fault.row} 行",
                f"the package has no row {fault.row} of that file",
            )


def _confirm() -> None:
    """What the upper platform took without a gap from the first package on, it has confirmed."""
    last = None
    for package in Package.objects.exclude(state=State.REPLACED).order_by("number"):
        if package.state != State.RECEIVED:
            break
        last = package
    if last:
        following.confirm(last.receiver, OUTLET, msgspec.convert(last.place, Place))


def _unfit(path: Path, zh: str, en: str) -> Refused:
    return Refused(
        "bad-receipt",
        Said(f"{path.name}：{zh}。没有采用；请对方核对后重发。", f"{path.name}: {en}. Not taken; have it sent again."),
    )
