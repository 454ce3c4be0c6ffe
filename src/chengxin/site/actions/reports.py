"""Issue a report, hand it out again, withdraw it. What is issued is bound by the log before it leaves."""

import contextlib
import os
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import polars as pl
from cryptography.exceptions import InvalidTag
from django.utils import timezone

from chengxin.audit.events import Tag
from chengxin.flow.events import Common, events_of
from chengxin.flow.store import Occasion, Step
from chengxin.reports.compose import Order, checked, compose
from chengxin.reports.number import new_number
from chengxin.reports.paper import paper
from chengxin.reports.report import Issue, as_json, from_json
from chengxin.reports.report import Report as Told
from chengxin.reports.seal import Seal, digest_of, sealed, who_seals
from chengxin.sharing.condition import At
from chengxin.site.access.asked import Asked
from chengxin.site.access.reports import About, about, group_of
from chengxin.site.access.subjects import Subject
from chengxin.site.actions.seals import address_of, seal_here, stamper_here
from chengxin.site.folder import Site
from chengxin.site.keys import seal as encrypted
from chengxin.site.keys import unseal
from chengxin.site.store.models import Report
from chengxin.site.store.persons import data_key
from chengxin.site.store.proving import proof_of
from chengxin.site.store.registers import SiteStore
from chengxin.standards.load import load_catalogue
from chengxin.standards.readers import Kind, View
from chengxin.standards.reports import report_forms
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

KEEP_DAYS = 365  # for so long the sealed file can be had again; that it was issued can be verified for ever
_Both = tuple[bytes, bytes]  # JSON, sealed file
LEAST_REASON = 10  # characters of a reason why a seal is withdrawn
BY_PERSON = "person"  # in the place of the id of a wrapping key: wrapped by the data key of whom it is about
_FEW = 100  # reports of a batch are logged together; so few are worked out and written in no time
ITEM = "report"  # what the log shows of these events


@dataclass(frozen=True)
class How:
    """How a report is made beside what it says: its language, this site as its reader sees it, the batch it belongs to."""

    language: str = "zh"
    here: str = ""  # scheme and host
    batch: uuid.UUID | None = None


@dataclass(frozen=True)
class Issued:
    """A report that was issued: its row, the value, the sealed file."""

    row: Report
    told: Told
    file: bytes


def preview(site: Site, asked: Asked, group: list[Subject], order: Order, language: str = "zh") -> Told:
    """What a report would say now; it bears no number and nothing is issued. Raises Refused like `issue`."""
    may_be(order, asked, group)
    issue = Issue("—", timezone.now(), site.about.publisher, "", language, Said("未出具", "not issued"))
    found = about(asked, group)
    return compose(found.rows, order, found.known, asked.catalogue, issue)


def issue(site: Site, asked: Asked, group: list[Subject], order: Order, language: str = "zh", here: str = "") -> Issued:
    """Compose, log, set, seal and keep one report of a group. Raises Refused before anything is looked up, or for no seal."""
    (made,) = issue_together(site, [(asked, group)], order, How(language, here))
    return made


def issue_together(
    site: Site, wanted: Sequence[tuple[Asked, list[Subject]]], order: Order, how: How
) -> Iterator[Issued]:
    """The same for several groups, whose issue is one change set; each is set and sealed when it is asked for."""
    for asked, group in wanted:
        may_be(order, asked, group)
    if not wanted:
        return
    seal = seal_here(site)
    drafts = [_composed(site, asked, group, order, how, seal) for asked, group in wanted]
    rows = [row for row, _ in drafts]
    for row in rows:
        _wrapping(site, row)  # refuses before anything is in the log
    said = {"digest": [row.content for row in rows]}
    _logged(site, rows, Tag.REPORT_ISSUED, said, rows[0].issued_by, partial(_insert, rows))
    for row, told in drafts:
        yield _sealed(site, row, told, seal)


def finish(site: Site, asked: Asked, row: Report, here: str) -> Issued | None:
    """Set and seal a report whose making broke off after the log knew of it; the same number, nothing new in the log.

    None if it can't be composed again to the byte: its seal or the rules are others now.
    """
    seal, catalogue = seal_here(site), load_catalogue(row.day)
    then = replace(asked, at=At(row.day, row.included, row.committed), catalogue=catalogue)
    head = _head(site, row.number, row.issued_at, How(row.language, here), seal)
    told = replayed(then, group_of(then, row.code), row, head)
    return _sealed(site, row, told, seal) if digest_of(as_json(told)) == row.content else None


def _sealed(site: Site, row: Report, told: Told, seal: Seal) -> Issued:
    proof = proof_of(row.change_set, row.place_in_set, {"report": row.id.hex, "digest": row.content})
    file = sealed(paper(told, proof), seal, "出具公共信用信息报告", stamper_here(site))
    _keep(site, row, as_json(told), file)
    return Issued(row, told, file)


def _head(site: Site, number: str, at: datetime, how: How, seal: Seal) -> Issue:
    address = address_of(site, number, how.here)
    return Issue(number, at, site.about.publisher, address, how.language, who_seals(seal.certificate))


def _insert(rows: Sequence[Report]) -> None:
    for row in rows:
        row.save(force_insert=True)


def _composed(
    site: Site, asked: Asked, group: list[Subject], order: Order, how: How, seal: Seal
) -> tuple[Report, Told]:
    head = _head(site, new_number(), timezone.now().replace(microsecond=0), how, seal)
    found = about(asked, group)
    told = compose(found.rows, order, found.known, asked.catalogue, head)
    row = _row(asked, found, order, told)
    row.batch = how.batch
    return row, told


def replayed(asked: Asked, group: list[Subject], row: Report, head: Issue) -> Told:
    """The report of a row composed again; `asked` is at its day and place. Its JSON has the digest `row.content`."""
    found = about(asked, group)
    return compose(found.rows, order_of(row), found.known, asked.catalogue, head)


def order_of(row: Report) -> Order:
    """What a report was ordered as."""
    return Order(row.kind, row.purpose, row.since, row.until, tuple(row.domains))


def to_withdraw(number: str) -> Report:
    """The report of this number whose seal can be withdrawn. Raises Refused."""
    row = Report.objects.filter(number=number).exclude(file="").first()
    if row is None or row.withdrawn_at is not None:
        raise Refused("no-report", Said("没有这份报告，或已撤销。", "There is no such report, or it was withdrawn."))
    return row


def withdrawal_reason(reason: str) -> str:
    """The reason for a withdrawal. Raises Refused for one that tells its subject nothing."""
    reason = reason.strip()
    if len(reason) < LEAST_REASON or len(set(reason)) < LEAST_REASON // 2:
        zh = f"请写明撤销的理由，至少 {LEAST_REASON} 个字：报告哪里有误、怎么发现的。主体看得到。"
        en = f"Say in {LEAST_REASON} characters at least why it is withdrawn: what is wrong, how it was found. The subject sees it."
        raise Refused("no-reason", Said(zh, en))
    return reason


def withdraw(site: Site, number: str, by: str, reason: str) -> Report:
    """Withdraw the seal of a report: whoever verifies it is told so from now on. Raises Refused."""
    row, reason = to_withdraw(number), withdrawal_reason(reason)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = timezone.now(), by, reason
    fields = ["withdrawn_at", "withdrawn_by", "withdrawn_reason"]
    issued_in = row.change_set, row.place_in_set
    _logged(site, [row], Tag.REPORT_WITHDRAWN, {"reason": [reason]}, by, lambda: row.save(update_fields=fields))
    row.change_set, row.place_in_set = issued_in
    return row


def file_of(site: Site, row: Report) -> bytes:
    """The sealed file as it was issued. Raises Refused like `told_of`."""
    return _opened(site, row)[1]


def told_of(site: Site, row: Report) -> Told:
    """What it says. Raises Refused if its days are over or it was changed."""
    return from_json(data_of(site, row))


def data_of(site: Site, row: Report) -> bytes:
    """The same as JSON, byte for byte as it is attached. Raises Refused like `told_of`."""
    return _opened(site, row)[0]


def _opened(site: Site, row: Report) -> tuple[bytes, bytes]:
    """JSON and sealed file. Raises Refused if its days are over or it was changed."""
    path = _place(site, row)
    if not row.kept or not path.exists():
        zh = "报告文件已按期销毁，请重新申请；原编号仍可核验。"
        raise Refused(
            "not-kept", Said(zh, "The file was destroyed when its days were over; its number can still be verified.")
        )
    key = _key_of(site, row)
    with contextlib.suppress(InvalidTag, Refused):
        content, file = msgspec.msgpack.decode(unseal(key, path.read_bytes(), f"report-file {row.id.hex}"), type=_Both)
        if (digest_of(content), digest_of(file)) == (row.content, row.file):
            return content, file
    raise Refused("kept-changed", Said("留存的报告已损坏，请重新申请。", "The kept report was damaged; order it anew."))


def file_name(row: Report) -> str:
    """What a report is called on a disk, without the end; of a person's nothing but that it is one."""
    return f"{row.code or 'report'}-{row.day}-{row.number[:4]}"


def sweep(site: Site, today: date) -> int:
    """Destroy the files of reports whose days are over; gives how many."""
    return destroy_files(site, Report.objects.filter(kept=True, destroy_on__lt=today))


def destroy_files(site: Site, rows: Iterable[Report]) -> int:
    """Destroy the kept files of these reports, whose rows stay; gives how many."""
    rows = list(rows)
    for row in rows:
        _place(site, row).unlink(missing_ok=True)
        row.kept = False
        row.save(update_fields=["kept"])
    return len(rows)


def may_be(order: Order, asked: Asked, group: list[Subject]) -> None:
    """Refuses an order about nobody, or one that can't be.

    Of a person only the person orders: anywhere but at an outlet of the subject's own it raises LookupError, a mistake of ours.
    """
    if not group:
        raise Refused("unknown-subject", Said("登记信息中没有这个主体。", "No such subject is registered."))
    if asked.outlet.view is not View.SELF and any(one.kind is Kind.PERSON for one in group):
        raise LookupError("only the person orders a report about a person")
    checked(order, asked.catalogue, group[0].kind.value)


def _row(asked: Asked, found: About, order: Order, told: Told) -> Report:
    identity = uuid.UUID(new_id())
    return Report(
        id=identity,
        number=told.issue.number,
        form=told.form,
        kind=order.form,
        language=told.issue.language,
        subject=uuid.UUID(found.group[0].id),
        person=found.group[0].kind is Kind.PERSON,
        code=found.group[0].code,
        purpose=order.purpose,
        since=order.since,
        until=order.until,
        domains=list(order.domains),
        day=told.day,
        included=told.included,
        committed=told.committed,
        catalogue=told.rules,
        content=digest_of(as_json(told)),
        wrapped=b"",
        wrapped_by="",
        outlet=asked.outlet.name,
        issued_by=asked.who.name if asked.who else "",
        issued_at=told.issue.issued_at,
        destroy_on=told.day + timedelta(days=KEEP_DAYS),
        change_set=0,
        items=told.items,
    )


def _logged(
    site: Site, rows: Sequence[Report], tag: Tag, said: dict[str, list[str]], by: str, finish: Callable[[], None]
) -> None:
    """One change set with an event for each row, and the rows with it; all are about persons or none is."""
    day, ids, person = legal_today(), [row.id.hex for row in rows], rows[0].person
    told = pl.DataFrame({"about": ids, "report": ids, **said}).with_columns(
        pl.lit(None, dtype=pl.Int64).alias("previous"), pl.lit(person).alias("person")
    )
    events, leaves = events_of(tag, told, Common(ITEM, "", day))
    occasion = Occasion("report", by, ITEM, "", day, said.get("reason", [""])[0])
    with SiteStore(site.folder, site.keys).begin(occasion, at_once=len(rows) <= _FEW) as change:
        change.stage(Step({}, {}, events, leaves))
        places = {about: place for place, about in enumerate(events["about"])}  # those about persons lie among blanks
        for row in rows:
            row.change_set, row.place_in_set = change.number, places[row.id.hex]
        change.finish = finish


def _keep(site: Site, row: Report, content: bytes, file: bytes) -> None:
    """The file encrypted under a key of its own, on the disk; then the row says that it is out."""
    key = secrets.token_bytes(32)
    path = _place(site, row)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as stream:
        stream.write(encrypted(key, msgspec.msgpack.encode((content, file)), f"report-file {row.id.hex}"))
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
    row.wrapped, row.wrapped_by = _wrapping(site, row)(key)
    row.file, row.kept = digest_of(file), True
    row.save(update_fields=["wrapped", "wrapped_by", "file", "kept"])


def _wrapping(site: Site, row: Report) -> Callable[[bytes], tuple[bytes, str]]:
    """What wraps the key of a report's file: the site, or of a person that person's own data key. Raises Refused (`erased`)."""
    about = f"report {row.id.hex}"
    if not row.person:
        return lambda key: site.keys.wrap(key, about)
    own = _own_key(site, row)
    return lambda key: (encrypted(own, key, about), BY_PERSON)


def _key_of(site: Site, row: Report) -> bytes:
    """The key of a report's file. Raises Refused (`erased`) once the person's key was destroyed."""
    about = f"report {row.id.hex}"
    if row.wrapped_by == BY_PERSON:
        return unseal(_own_key(site, row), bytes(row.wrapped), about)
    return site.keys.unwrap(bytes(row.wrapped), row.wrapped_by, about)


def _own_key(site: Site, row: Report) -> bytes:
    key = data_key(site.keys, row.subject.hex)
    if key is None:
        zh = "关于本人的信息已经销毁，不能再出具或打开报告。"
        raise Refused("erased", Said(zh, "What was held about the person was erased: no report can be made or opened."))
    return key


def _place(site: Site, row: Report) -> Path:
    return site.folder / "reports" / row.id.hex


def forms_on(day: date) -> dict[str, Said]:
    """The forms that may be ordered on a day, by name."""
    return {name: form.title for name, form in report_forms(load_catalogue(day)).on(day).items()}
