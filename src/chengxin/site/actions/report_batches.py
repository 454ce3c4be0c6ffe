"""Reports for a list: a job of the credit office that reads the list, lets the office confirm, and issues them some at a time.

What was issued stands in the rows of `Report`, one a subject and batch: a worker that was killed goes on where the rows end.
"""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone

from chengxin.flow.states import JobState
from chengxin.intake.hiding import hide_in
from chengxin.reports.compose import Order, checked
from chengxin.reports.listed import MOST, Named, Row, Wanted, pasted
from chengxin.sharing.outlets import outlet_named
from chengxin.site.access.asked import Asked, Who, place
from chengxin.site.access.reports import group_of
from chengxin.site.access.subjects import Subject
from chengxin.site.actions import jobs, kept
from chengxin.site.actions.jobs import Telling
from chengxin.site.actions.report_lists import looked_up, named_in, too_many, without_persons
from chengxin.site.actions.reports import How, finish, issue_together, may_be
from chengxin.site.folder import Site
from chengxin.site.store.models import Job, Report
from chengxin.site.work import work_folder
from chengxin.standards.load import load_catalogue
from chengxin.standards.readers import View
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

RESOURCE = "report"  # of such jobs
TOGETHER = 100  # reports whose issue is one change set
LONGEST = 100  # characters of a matter
MOST_BUSY = 5  # batches of the office that wait or are under way


@dataclass(frozen=True)
class Batch:
    """What is ordered for a whole list: the report, in which matter, its language, this site as its reader sees it."""

    order: Order
    matter: str
    language: str = "zh"
    here: str = ""


def asked_by(name: str, case: str) -> Asked:
    """A request of the office for reports, in the matter of a batch or at the counter."""
    catalogue = load_catalogue(legal_today())
    (purpose,) = (p.name for p in catalogue.purposes.values() if p.view is View.KEPT)
    return Asked(outlet_named("office.report"), place(), catalogue, purpose, who=Who(name, case=case))


def from_text(site: Site, by: str, text: str, batch: Batch) -> Job:
    """A batch for a list that was pasted; a worker looks it up."""
    rows = list(without_persons(pasted(text)))
    if not 1 <= len(rows) <= MOST:
        raise too_many(len(rows))
    with work_folder(site.folder) as folder:
        path = folder / "rows.json"
        path.write_bytes(msgspec.json.encode(rows))
        job = _job(by, "", batch)
        with transaction.atomic():
            _saved(job, len(text.encode()))
            kept.keep(site, path, job, "original", legal_today())
            jobs.begin(job, "list")
    return job


def from_file(by: str, name: str, sealer: kept.Sealer, batch: Batch) -> Job:
    """A batch for a list that came as a file and was sealed while it did."""
    job = _job(by, name, batch)
    with transaction.atomic():
        _saved(job, sealer.size)
        sealer.keep(job, "original", legal_today())
        jobs.begin(job, "list")
    return job


def confirm(job: Job) -> None:
    """Let a worker issue what was found; also what a stopped or broken-off batch still lacks. Raises Refused."""
    counts = job.result.get("counts", {})
    again = job.step == "issue" and job.state in (JobState.STOPPED, JobState.FAILED, JobState.REFUSED)
    if job.state != JobState.CHECKED and not again:
        zh = "这份名单正在处理或已出具，请刷新页面。"
        raise Refused("not-checked", Said(zh, "This list is busy or was issued; load the page again."))
    if not counts.get(Row.FOUND):
        raise Refused("nothing", Said("名单中没有可以出具的主体。", "Nobody on the list can get a report."))
    jobs.begin(job, "issue")


def order_of(job: Job) -> Order:
    """What was ordered."""
    told = msgspec.convert(job.reading["order"], dict[str, Any])
    since, until = (date.fromisoformat(told[k]) if told[k] else None for k in ("since", "until"))
    return Order(told["form"], told["purpose"], since, until, tuple(told["domains"]))


def rows_of(site: Site, job: Job) -> list[Wanted]:
    """The rows of the list with what each came to. Raises Refused once they were destroyed."""
    with kept.opened(site, job, "rows", "rows.json") as path:
        return msgspec.json.decode(path.read_bytes(), type=list[Wanted])


def issued_in(job: Job) -> dict[str, Report]:
    """The reports of a batch that are out, by subject."""
    return {r.subject.hex: r for r in Report.objects.filter(batch=job.id).exclude(file="")}


@jobs.step("list")
def _list(site: Site, job: Job, tell: Telling) -> None:
    order, asked = order_of(job), _asked(job)
    try:
        rows = looked_up(_named(site, job, asked), asked, order)
        if not rows:
            raise too_many(0)
    except Refused:
        kept.forget(site, job, "original")  # it will not be read again, and nobody knows what stands in it
        raise
    with work_folder(site.folder) as folder:
        path = folder / "rows.json"
        path.write_bytes(msgspec.json.encode(rows))
        kept.replace(site, path, job, "rows", legal_today())
    kept.forget(site, job, "original")
    counts = {state.value: n for state in Row if (n := sum(row.state is state for row in rows))}
    jobs.done(job, JobState.CHECKED, result={"counts": counts, "rows": len(rows)})


def _named(site: Site, job: Job, asked: Asked) -> Sequence[Named | Wanted]:
    with kept.opened(site, job, "original", job.name or "rows.json") as path:
        return named_in(site, path, asked.catalogue) if job.name else _typed(path)


def _typed(path: Path) -> list[Named | Wanted]:
    return list(msgspec.json.decode(path.read_bytes(), type=list[Named]))


@jobs.step("issue")
def _issue(site: Site, job: Job, tell: Telling) -> None:
    """Some at a time; between them it may be stopped or killed. What can't be issued says why and holds up nobody."""
    order, how = order_of(job), How(job.reading["language"], job.reading["here"], job.id)
    wanted = [row for row in rows_of(site, job) if row.state is Row.FOUND]
    _finish_broken(site, job, how)
    out, failed = set(issued_in(job)), {}
    todo = [row for row in wanted if row.subject not in out]
    for at in range(0, len(todo), TOGETHER):
        tell.counting(len(out), len(wanted))
        asked, groups = _asked(job), []
        for row in todo[at : at + TOGETHER]:
            try:
                groups.append((asked, _group(row, asked, order)))
            except Refused as refusal:
                failed[row.subject] = [refusal.said.zh, refusal.said.en]
        for made in issue_together(site, groups, order, how):
            out.add(made.row.subject.hex)
            tell.counting(len(out), len(wanted), stops=False)
    jobs.done(job, JobState.DONE, result=job.result | {"failed": failed})


def _group(row: Wanted, asked: Asked, order: Order) -> list[Subject]:
    """Whom a row is about, looked up again: since the list was read its subject may have been judged to be another."""
    group = group_of(asked, row.code)
    may_be(order, asked, group)
    if group[0].id != row.subject:
        zh, en = "名单核对之后这个主体并入了另一个，没有出具。", "It was found to be another since the list was read."
        raise Refused("moved", Said(zh, en))
    return group


def _finish_broken(site: Site, job: Job, how: How) -> None:
    """What the log knows of and was not sealed when a worker died is sealed under its own number.

    If it would say something else by now, that number stays unknown to whoever verifies it, and the subject gets another.
    """
    for row in Report.objects.filter(batch=job.id, file="").order_by("change_set", "place_in_set"):
        if finish(site, _asked(job), row, how.here) is None:
            Report.objects.filter(id=row.id).update(batch=None)


def _asked(job: Job) -> Asked:
    return asked_by(job.by, job.reading["matter"])


def _job(by: str, name: str, batch: Batch) -> Job:
    """A job that is not begun yet. Raises Refused for an order that can't be, whoever it may be about."""
    today = legal_today()
    if Job.objects.filter(resource=RESOURCE, state__in=("waiting", "running")).count() >= MOST_BUSY:
        zh = f"已有 {MOST_BUSY} 份名单在处理，请等一会再提交。"
        raise Refused("busy", Said(zh, f"{MOST_BUSY} lists are being worked on; please wait."))
    matter = hide_in(batch.matter.strip(), "text", today)
    if not matter or len(matter) > LONGEST or not matter.isprintable():
        zh = f"请写明办理事项（{LONGEST} 字以内），每个主体在“谁查过我”里看得到。"
        raise Refused("matter", Said(zh, f"Say in which matter, in {LONGEST} characters; each subject is told of it."))
    checked(batch.order, load_catalogue(today), "organisation")
    now, order = timezone.now(), asdict(batch.order)
    reading = {
        "order": order | {k: order[k].isoformat() if order[k] else "" for k in ("since", "until")},
        "matter": matter, "language": batch.language, "here": batch.here,
    }  # fmt: skip
    return Job(
        id=uuid.UUID(new_id()), by=by, resource=RESOURCE, name=hide_in(name, "text", today), reading=reading,
        made_at=now, changed_at=now, state=JobState.WAITING.value,
    )  # fmt: skip


def _saved(job: Job, size: int) -> None:
    job.size = size
    job.save(force_insert=True)
